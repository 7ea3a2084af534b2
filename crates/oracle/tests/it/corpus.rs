//! Texts to begin with.

use std::path::{Path, PathBuf};

use pg_query::Error;

/// Longest statement of a script, in lines.
const LINES_MAX: usize = 120;

/// The statements of PostgreSQL's regression tests that its parser accepts, as the lines that hold them.
pub(crate) fn regress() -> Vec<String> {
    files("corpus/regress", "sql")
        .iter()
        .flat_map(|path| statements(path))
        .collect()
}

/// The queries and statements that real clients sent.
pub(crate) fn captured() -> Vec<String> {
    let mut texts = Vec::new();
    for path in files("../../proto-fixtures", "txt") {
        let lines = std::fs::read_to_string(path).unwrap();
        for bytes in lines.lines().filter_map(|line| line.strip_prefix("F ")) {
            queries(&unescape(bytes), &mut texts);
        }
    }
    texts
}

/// The ordinary statements of the policy's own tests.
pub(crate) fn ordinary() -> Vec<String> {
    let mut texts = Vec::new();
    for path in files("../pgwarden-policy/tests/it/ordinary", "sql") {
        let text = std::fs::read_to_string(path).unwrap();
        texts.extend(text.split("\n====\n").map(str::to_owned));
    }
    texts
}

/// What lexers and splitters stumble over, each rule of the grammar that matters to them.
pub(crate) fn seeds() -> Vec<String> {
    include_str!("../../corpus/seeds.sql")
        .split("\n====\n")
        .map(|text| text.trim_end().to_owned())
        .collect()
}

/// Files under a directory of this crate, in order.
fn files(directory: &str, extension: &str) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(path.to_str().unwrap(), extension));
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Those of a script for psql. Its own commands, variables and data of COPY are passed over.
fn statements(script: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(script).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if line.trim().is_empty() || line.starts_with('\\') || line.trim_start().starts_with("--") {
            at += 1;
            continue;
        }
        let mut statement = String::new();
        let mut behind = at + 1;
        for (next, line) in lines.iter().enumerate().skip(at).take(LINES_MAX) {
            if line.starts_with('\\') {
                break;
            }
            statement.push_str(line);
            statement.push('\n');
            if !line.contains(';') {
                continue;
            }
            match pg_query::parse(&statement, 0) {
                Ok(_) => {
                    found.push(statement.trim_end().to_owned());
                    behind = next + 1;
                    break;
                }
                // Within a body or a literal.
                Err(Error::Parse(message))
                    if message.contains("unterminated") || message.contains("end of input") => {}
                Err(_) => break,
            }
        }
        at = behind;
    }
    found
}

/// As `u8::escape_ascii` writes them.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next().unwrap() {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'x' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    bytes
}

/// The texts of Query and Parse messages.
fn queries(mut messages: &[u8], texts: &mut Vec<String>) {
    while let Some((&kind, rest)) = messages.split_first() {
        let Some((length, _)) = rest.split_first_chunk::<4>() else {
            return;
        };
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap();
        let Some(body) = rest.get(4..length) else { return };
        let mut strings = body.split(|&byte| byte == 0);
        let text = match kind {
            b'Q' => strings.next(),
            b'P' => strings.nth(1),
            _ => None,
        };
        texts.extend(text.and_then(|text| String::from_utf8(text.to_vec()).ok()));
        messages = &rest[length..];
    }
}
