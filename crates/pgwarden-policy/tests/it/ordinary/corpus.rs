//! The corpus of ordinary statements: one file for each source, headed by how it came to be.
//!
//! A file opens with lines of `#`. Each text follows a line `====`, which says the number of its statements if it is
//! not one, and the setting that refuses it if one does: `==== 3`, `==== opaque_code`, `==== 2 opaque_code`.

use std::fs;
use std::path::Path;

/// A text as a client sent it.
pub(crate) struct Text {
    /// The file and the line where it begins.
    pub(crate) place: String,
    pub(crate) sql: String,
    /// How many statements PostgreSQL's own grammar finds in it.
    pub(crate) statements: usize,
    /// The setting that refuses it by default, as the file says.
    pub(crate) refused_by: Option<String>,
}

/// Every text of the directory of corpora.
pub(crate) fn ordinary() -> Vec<Text> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pgwarden-policy/tests/it/ordinary");
    let mut paths: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "sql"))
        .collect();
    paths.sort();
    paths.iter().flat_map(|path| read(path)).collect()
}

fn read(path: &Path) -> Vec<Text> {
    let file = path.file_name().unwrap().to_str().unwrap();
    let whole = fs::read_to_string(path).unwrap();
    let mut texts: Vec<Text> = Vec::new();
    for (number, line) in (1..).zip(whole.split_inclusive('\n')) {
        if let Some(marks) = line.strip_prefix("====") {
            let (count, setting): (Vec<_>, Vec<_>) = marks
                .split_whitespace()
                .partition(|word| word.starts_with(|first: char| first.is_ascii_digit()));
            texts.push(Text {
                place: format!("{file}:{number}"),
                sql: String::new(),
                statements: count.first().map_or(1, |count| count.parse().unwrap()),
                refused_by: setting.first().map(|&setting| setting.to_owned()),
            });
        } else if let Some(text) = texts.last_mut() {
            text.sql.push_str(line);
        } else {
            assert!(
                line.starts_with("# "),
                "{file}:{number}: how the texts were captured comes first"
            );
        }
    }
    for text in &mut texts {
        assert_eq!(text.sql.pop(), Some('\n'), "{}", text.place);
    }
    texts
}
