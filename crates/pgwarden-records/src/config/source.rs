//! The text of one file, and places in it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::io::Read as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeTable;
use zeroize::Zeroizing;

use crate::{Diagnostic, Place, Severity};

/// Largest configuration file. A thousand records with all settings written take about 1 MiB.
pub(super) const FILE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A configuration file. Its text may hold literal passwords, so it is overwritten in the end.
pub(super) struct Source {
    path: PathBuf,
    /// As shown to people.
    name: String,
    /// What relative paths in it start from.
    directory: PathBuf,
    /// The order of files: the main one first.
    order: usize,
    text: Zeroizing<String>,
    /// Where each line but the first begins, in bytes. Large files may have much to say, so no line is looked for twice.
    later_lines: Vec<usize>,
}

/// All that was found wrong so far. Shared by everything that reads the files.
#[derive(Default)]
pub(super) struct Problems {
    found: RefCell<Vec<(Position, Diagnostic)>>,
    /// Whether a file is missing from what is checked.
    incomplete: Cell<bool>,
}

/// What problems are sorted by: the order of the file, line, column.
type Position = (usize, usize, usize);

impl Problems {
    /// Everything in the order of the files, errors and warnings.
    pub(super) fn into_sorted(self) -> Vec<Diagnostic> {
        let mut problems = self.found.into_inner();
        problems.sort_by_key(|(position, _)| *position);
        problems.into_iter().map(|(_, diagnostic)| diagnostic).collect()
    }

    pub(super) fn has_errors(&self) -> bool {
        self.found
            .borrow()
            .iter()
            .any(|(_, diagnostic)| diagnostic.severity == Severity::Error)
    }

    /// A file can't be looked at, which was reported. From now on a name that isn't found may be in there.
    pub(super) fn set_incomplete(&self) {
        self.incomplete.set(true);
    }

    /// Whether a name that isn't found doesn't exist.
    pub(super) fn are_all_names_known(&self) -> bool {
        !self.incomplete.get()
    }

    fn push(&self, order: usize, diagnostic: Diagnostic) {
        let position = (order, diagnostic.place.line, diagnostic.place.column);
        self.found.borrow_mut().push((position, diagnostic));
    }
}

impl Source {
    /// Reads a file. What prevents it is a problem of `from`, who asked for the file, or of the file itself.
    pub(super) fn read(path: &Path, order: usize, problems: &Problems) -> Option<Self> {
        let mut source = Self {
            path: path.to_owned(),
            name: path.display().to_string(),
            directory: path.parent().map(Path::to_owned).unwrap_or_default(),
            order,
            text: Zeroizing::default(),
            later_lines: Vec::new(),
        };
        let bytes = match read_limited(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                source.whole(problems, format!("the file can't be read: {error}"));
                return None;
            }
        };
        if bytes.len() > FILE_BYTES_MAX {
            source.whole(
                problems,
                format!("the file is larger than {FILE_BYTES_MAX} bytes"),
            );
            return None;
        }
        match std::str::from_utf8(&bytes) {
            Ok(text) => {
                source.set_text(text);
                Some(source)
            }
            Err(error) => {
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let valid = std::str::from_utf8(valid).unwrap_or_default();
                source.set_text(valid);
                let end = valid.len();
                source.report(
                    problems,
                    Severity::Error,
                    end..end,
                    "",
                    "the file is not valid UTF-8 from here on".to_owned(),
                    None,
                );
                None
            }
        }
    }

    /// A text that is in no file.
    pub(super) fn from_text(name: &str, directory: &Path, text: &str) -> Self {
        let mut source = Self {
            path: PathBuf::from(name),
            name: name.to_owned(),
            directory: directory.to_owned(),
            order: 0,
            text: Zeroizing::default(),
            later_lines: Vec::new(),
        };
        source.set_text(text);
        source
    }

    fn set_text(&mut self, text: &str) {
        self.text = Zeroizing::new(text.to_owned());
        self.later_lines = text.match_indices('\n').map(|(newline, _)| newline + 1).collect();
    }

    /// The document, or `None` when it isn't TOML. A text with syntax errors says nothing reliable about the rest, so that isn't looked at.
    pub(super) fn parse(&self, problems: &Problems) -> Option<Spanned<DeTable<'_>>> {
        let (document, errors) = DeTable::parse_recoverable(&self.text);
        // What the parser makes of the rest of a line that it has stumbled in is no help.
        let mut lines = BTreeSet::new();
        for error in &errors {
            let span = error.span().unwrap_or_default();
            if !lines.insert(self.position(span.start).0) {
                continue;
            }
            // The parser's own first line only; it never holds the text around the error, which may be a secret.
            let reason = error.message().lines().next().unwrap_or_default();
            self.report(
                problems,
                Severity::Error,
                span,
                "",
                format!("this is not TOML: {reason}"),
                None,
            );
        }
        errors.is_empty().then_some(document)
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What relative paths in this file start from. Empty: the current directory.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// A path written in this file.
    pub(super) fn resolve(&self, path: &str) -> PathBuf {
        self.directory.join(path)
    }

    /// `file:line:column` of a place, for hints.
    pub(super) fn locate(&self, span: &Range<usize>) -> String {
        let (line, column) = self.position(span.start);
        format!("{}:{line}:{column}", self.name)
    }

    pub(super) fn report(
        &self,
        problems: &Problems,
        severity: Severity,
        span: Range<usize>,
        table: &str,
        message: String,
        hint: Option<String>,
    ) {
        let (line, column) = self.position(span.start);
        let place = Place {
            file: self.name.clone(),
            line,
            column,
            table: table.to_owned(),
        };
        let diagnostic = Diagnostic {
            severity,
            message,
            place,
            hint,
        };
        problems.push(self.order, diagnostic);
    }

    fn whole(&self, problems: &Problems, message: String) {
        let place = Place {
            file: self.name.clone(),
            line: 0,
            column: 0,
            table: String::new(),
        };
        let diagnostic = Diagnostic {
            severity: Severity::Error,
            message,
            place,
            hint: None,
        };
        problems.push(self.order, diagnostic);
    }

    /// Line and column of a byte, from 1.
    fn position(&self, offset: usize) -> (usize, usize) {
        let earlier_lines = self.later_lines.partition_point(|&start| start <= offset);
        let line_start = earlier_lines
            .checked_sub(1)
            .and_then(|last| self.later_lines.get(last))
            .map_or(0, |&start| start);
        let bytes = self.text.as_bytes();
        let before = bytes.get(line_start..offset.min(bytes.len())).unwrap_or_default();
        // Continuation bytes of UTF-8 (10xxxxxx) don't start a character.
        let characters = before
            .iter()
            .filter(|&&byte| byte & 0b1100_0000 != 0b1000_0000)
            .count();
        (earlier_lines + 1, characters + 1)
    }
}

/// Reads one byte more than allowed at most. Room for the whole file is made first, as a buffer that moves leaves copies behind.
fn read_limited(path: &Path) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let file = std::fs::File::open(path)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(FILE_BYTES_MAX);
    let mut bytes = Zeroizing::new(Vec::with_capacity(length.min(FILE_BYTES_MAX) + 1));
    let limit = u64::try_from(FILE_BYTES_MAX + 1).unwrap_or(u64::MAX);
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
