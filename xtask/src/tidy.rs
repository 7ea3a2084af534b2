//! `cargo xtask ci`: the repository's own rules, those that no lint knows.

use anyhow::{Result, bail};

use crate::tree::{self, TextFile};
use crate::{command_names, crate_graph, step};

/// Words that stand for unfinished work; put together here, so that this file does not hold them.
const UNFINISHED: [&str; 4] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("X", "XX"),
    concat!("dbg", "!"),
];

/// Beginnings of paths that only some machine has.
const MACHINE_PATHS: [&str; 3] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/tmp/", "target"),
];

pub(crate) fn run() -> Result<()> {
    let files = tree::text_files()?;
    let commands = command_names();
    let mut breaches = crate_graph::breaches()?;
    for file in &files {
        breaches.extend(breaches_of(file, &commands));
    }
    if breaches.is_empty() {
        step::holds("the repository's own rules hold");
        return Ok(());
    }
    for breach in &breaches {
        step::error(breach);
    }
    bail!("{} of the repository's own rules are broken", breaches.len())
}

fn breaches_of(file: &TextFile, commands: &[String]) -> Vec<String> {
    let path = file.path.as_str();
    let mut breaches = Vec::new();
    if is_crate_root(path) && !file.text.starts_with("//!") {
        breaches.push(format!(
            "{path}:1: a crate opens with `//!`: what it does, and what it does not know"
        ));
    }
    for (number, line) in (1..).zip(file.text.lines()) {
        let mut breach = |what: String| breaches.push(format!("{path}:{number}: {what}"));
        if !is_generated(path) {
            for word in UNFINISHED.iter().filter(|word| has_word(line, word)) {
                breach(format!(
                    "`{word}` marks unfinished work; an issue is the place for it"
                ));
            }
            for prefix in MACHINE_PATHS.iter().filter(|prefix| line.contains(**prefix)) {
                breach(format!("`{prefix}` is a path of one machine"));
            }
        }
        if is_gate(path) && code(line).contains("tokio") {
            breach("the gate decides without I/O and never names tokio".to_owned());
        }
        if is_markdown(path) {
            for command in
                xtask_commands(line).filter(|command| !commands.iter().any(|known| known == command))
            {
                breach(format!("there is no `cargo xtask {command}`"));
            }
            for target in local_links(line).filter(|target| !exists_beside(path, target)) {
                breach(format!("the link to `{target}` leads nowhere"));
            }
        }
    }
    breaches
}

fn is_crate_root(path: &str) -> bool {
    path.ends_with("src/lib.rs") || path.ends_with("src/main.rs")
}

/// Written by a program, or a text that is not ours.
fn is_generated(path: &str) -> bool {
    matches!(path, "Cargo.lock" | "LICENSE")
        || path.starts_with("proto-fixtures/")
        || path.starts_with("fuzz/corpus/")
        || path.starts_with("crates/oracle/corpus/")
}

fn is_gate(path: &str) -> bool {
    path.starts_with("crates/pgwarden-proxy/src/gate")
}

fn is_markdown(path: &str) -> bool {
    path.rsplit('.').next() == Some("md")
}

/// The line without its comment.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

/// Whether `word` stands in `line` with no letter or digit against it.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(start, _)| {
        let before = line.get(..start).and_then(|text| text.chars().next_back());
        let after = line
            .get(start + word.len()..)
            .and_then(|text| text.chars().next());
        let joins =
            |neighbour: Option<char>| neighbour.is_some_and(|char| char.is_alphanumeric() || char == '_');
        !joins(before) && !joins(after)
    })
}

/// The words that follow `cargo xtask`.
fn xtask_commands(line: &str) -> impl Iterator<Item = &str> {
    line.split("cargo xtask ").skip(1).filter_map(|rest| {
        let end = rest
            .find(|char: char| !char.is_ascii_lowercase() && char != '-')
            .unwrap_or(rest.len());
        rest.get(..end).filter(|command| !command.is_empty())
    })
}

/// Targets of Markdown links to files of this repository, without their anchors.
fn local_links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split(')').next()?.split('#').next()?;
        (!target.is_empty() && !target.contains(':') && !target.contains(' ')).then_some(target)
    })
}

fn exists_beside(path: &str, target: &str) -> bool {
    let file = tree::root().join(path);
    file.parent()
        .is_some_and(|directory| directory.join(target).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, expected: &[&str]) {
        let file = TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let commands = ["test".to_owned(), "demo".to_owned()];
        assert_eq!(breaches_of(&file, &commands), expected);
    }

    #[test]
    fn each_rule_finds_its_breach_and_nothing_else() {
        check("crates/x/src/lib.rs", "//! Docs.\n", &[]);
        check(
            "crates/x/src/lib.rs",
            "mod a;\n",
            &["crates/x/src/lib.rs:1: a crate opens with `//!`: what it does, and what it does not know"],
        );
        let unfinished = UNFINISHED[0];
        check(
            "docs/a.md",
            &format!("x\n{unfinished}: y\n"),
            &[&format!(
                "docs/a.md:2: `{unfinished}` marks unfinished work; an issue is the place for it"
            )],
        );
        check("docs/a.md", &format!("{unfinished}S"), &[]);
        check("Cargo.lock", unfinished, &[]);
        let machine = MACHINE_PATHS[0];
        check(
            "a.rs",
            &format!("{machine}x"),
            &[&format!("a.rs:1: `{machine}` is a path of one machine")],
        );
        check("crates/pgwarden-proxy/src/gate/mod.rs", "// no tokio here\n", &[]);
        check(
            "crates/pgwarden-proxy/src/gate.rs",
            "use tokio::net;\n",
            &["crates/pgwarden-proxy/src/gate.rs:1: the gate decides without I/O and never names tokio"],
        );
        check(
            "README.md",
            "`cargo xtask demo --keep`, then cargo xtask test.",
            &[],
        );
        check(
            "README.md",
            "`cargo xtask dmeo`",
            &["README.md:1: there is no `cargo xtask dmeo`"],
        );
        check(
            "README.md",
            "[a](Cargo.toml#x) [b](https://example.com) [c](#here)",
            &[],
        );
        check(
            "README.md",
            "[a](nowhere.md)",
            &["README.md:1: the link to `nowhere.md` leads nowhere"],
        );
    }
}
