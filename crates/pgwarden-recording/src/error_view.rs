//! Errors and notices as psql shows them, with its default verbosity.

use pgwarden_wire::{ErrorFields, field};

use crate::{
    terminal::{line, width, word},
    unit::Text,
};

/// Codes of error fields that pgwarden's own errors have no use for (PROTOCOL-ERROR-FIELDS).
const POSITION: u8 = b'P';
const INTERNAL_QUERY: u8 = b'q';
const CONTEXT: u8 = b'W';

/// What the fields are of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Report {
    Error,
    /// Its CONTEXT is not shown, as psql's `SHOW_CONTEXT` is `errors`.
    Notice,
}

/// Severity and message, the place in the statement, and the fields that are for people.
pub(crate) fn error_lines(fields: ErrorFields<'_>, report: Report, statement: Option<&Text>) -> Vec<String> {
    let get = |code| fields.field(code).unwrap_or_default();
    let mut lines = vec![format!(
        "{}:  {}",
        word(get(field::SEVERITY)),
        message_text(get(field::MESSAGE))
    )];
    if let Some(pointer) = statement.and_then(|statement| pointer(statement, get(POSITION))) {
        lines.extend(pointer);
    }
    for (code, label) in [
        (field::DETAIL, "DETAIL"),
        (field::HINT, "HINT"),
        (INTERNAL_QUERY, "QUERY"),
        (CONTEXT, "CONTEXT"),
    ] {
        let value = get(code);
        let wanted = code != CONTEXT || report == Report::Error;
        if wanted && !value.is_empty() {
            lines.push(format!("{label}:  {}", message_text(value)));
        }
    }
    lines
}

/// A text of several lines: those after the first are set in, so that none can pass for a prompt or a remark.
fn message_text(bytes: &[u8]) -> String {
    let lines: Vec<String> = bytes.split(|byte| *byte == b'\n').map(line).collect();
    lines.join("\n        ")
}

/// Characters before and after an error's place that are shown of a line.
const POINTER_CHARACTERS: usize = 60;

/// `LINE 2: …` and a caret below.
fn pointer(statement: &Text, position: &[u8]) -> Option<[String; 2]> {
    let position: usize = std::str::from_utf8(position).ok()?.parse().ok()?;
    let sql = std::str::from_utf8(&statement.bytes).ok()?;
    let (offset, _) = sql.char_indices().nth(position.checked_sub(1)?)?;
    let (before, after) = sql.split_at(offset);
    let number = before.matches('\n').count().saturating_add(1);
    let line_before = before.rsplit('\n').next().unwrap_or_default();
    let line_after = after.split('\n').next().unwrap_or_default();
    // Long lines are cut around the place, as libpq does.
    let cut = line_before.chars().count().saturating_sub(POINTER_CHARACTERS);
    let shown_before: String = line_before.chars().skip(cut).collect();
    let shown_after: String = line_after.chars().take(POINTER_CHARACTERS).collect();
    let before = format!(
        "LINE {number}: {}{}",
        if cut > 0 { "..." } else { "" },
        line(shown_before.as_bytes())
    );
    let marker = format!("{}^", " ".repeat(width(&before)));
    Some([before + &line(shown_after.as_bytes()), marker])
}
