//! What is wrong with a configuration, where, and what to do.

use std::fmt;
use std::path::PathBuf;

/// How much it matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The configuration can't be used.
    Error,
    /// It can, but someone should look.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// A place in a configuration file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Place {
    /// The file, as it was named on the command line or found by `include`.
    pub file: String,
    /// From 1. 0: the file as a whole.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The table in words: `[pam_database.connection] of record "orders"`. Empty at the top of the file.
    pub table: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        if !self.table.is_empty() {
            write!(f, ", {}", self.table)?;
        }
        Ok(())
    }
}

/// One thing that is wrong. Its texts hold names and wrong values, and never a secret.
///
/// ```text
/// error: unknown key `can_export_cvs`
///   --> pgwarden.toml:31:1, [pam_database.connection] of record "orders"
/// hint: did you mean `can_export_csv`?
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, and what is allowed.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What to do.
    pub hint: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  --> {}", self.severity, self.message, self.place)?;
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

/// All that is wrong with a configuration that can't be used, errors and warnings, in the order of the files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    sources: Vec<PathBuf>,
}

impl Diagnostics {
    pub(crate) fn new(all: Vec<Diagnostic>, sources: Vec<PathBuf>) -> Self {
        Self { all, sources }
    }

    /// What was read, as [`crate::Snapshot::sources`]: once one of these changes, the configuration may be right. Without the files of verifiers
    /// when the main file can't be read.
    pub fn sources(&self) -> &[PathBuf] {
        &self.sources
    }

    /// Each of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.all.iter()
    }

    /// How many are errors; at least one.
    pub fn errors(&self) -> usize {
        self.iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .count()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Diagnostics {
    /// One under the other, an empty line between.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.all.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// The candidate that was probably meant by `word`, if one is near enough.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (edits(word, candidate), candidate))
        .filter(|&(distance, candidate)| {
            // A third of it may be wrong: `can_export` is near `can_export_csv`, and `tls` not near `port`.
            distance <= word.chars().count().max(candidate.chars().count()) / 3
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Longest word that is compared: nobody misspells longer ones by a letter, and the work grows with the square.
const WORD_CHARS_MAX: usize = 80;

/// How many letters to insert, remove, change or swap with their neighbour to make one word of another (optimal string alignment).
fn edits(a: &str, b: &str) -> usize {
    let letters = |word: &str| {
        word.chars()
            .map(|c| c.to_ascii_lowercase())
            .take(WORD_CHARS_MAX)
            .collect::<Vec<_>>()
    };
    let (a, b) = (letters(a), letters(b));
    let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let change = at(&previous, j) + usize::from(from != to);
            let mut least = change.min(at(&previous, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(to) && b.get(j - 1) == Some(from);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut previous, row);
    }
    at(&previous, b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edit_distances() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("abc", "ABC", 0),
            ("csv", "cvs", 1),
            ("can_export_cvs", "can_export_csv", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(edits(a, b), expected, "{a} {b}");
            assert_eq!(edits(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn near_words() {
        let words = ["enable", "port", "can_export_csv", "can_import_csv"];
        for (word, expected) in [
            ("enabled", Some("enable")),
            ("can_export", Some("can_export_csv")),
            ("can_imprt_csv", Some("can_import_csv")),
            ("prot", Some("port")),
            ("tls", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, words), expected, "{word}");
        }
    }
}
