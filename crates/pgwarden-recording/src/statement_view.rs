//! Statements behind psql's prompts, and the parameters they are run with.

use std::fmt::Write as _;

use pgwarden_wire::TransactionStatus;

use crate::{
    terminal::{Colour, Tone, clip, line, neutralised},
    unit::{Parameter, Portal, Text},
    values::shown,
};

/// Bytes of a statement that are shown.
const STATEMENT_BYTES_MAX: usize = 64 * 1024;

/// Bytes of a parameter, or of what a function returns, that are shown.
pub(crate) const PARAMETER_BYTES_MAX: usize = 500;

/// Appends the statement as it was sent, its first line behind `database=>` and the others behind `database->`.
pub(crate) fn put_statement(
    text: &mut String,
    sql: &Text,
    database: &str,
    status: TransactionStatus,
    colour: Colour,
) {
    let mark = match status {
        TransactionStatus::Idle => "",
        TransactionStatus::InTransaction => "*",
        TransactionStatus::Failed => "!",
    };
    let (kept, cut) = clip(&sql.bytes, STATEMENT_BYTES_MAX);
    for (index, part) in kept.split(|byte| *byte == b'\n').enumerate() {
        let first = if index == 0 { '=' } else { '-' };
        let prompt = format!("{database}{first}{mark}>");
        let statement = colour.paint(Tone::Statement, &line(part));
        let _ = writeln!(text, "{} {statement}", colour.paint(Tone::Prompt, &prompt));
    }
    let missing = cut.saturating_add(sql.missing);
    if missing > 0 {
        let remark = format!("-- … {missing} more bytes of this statement");
        let _ = writeln!(text, "{}", colour.paint(Tone::Remark, &remark));
    }
}

/// `  ($1 = 'x', $2 = NULL)`; `None` where there are no parameters.
pub(crate) fn parameters_line(bound: &Portal) -> Option<String> {
    if bound.parameters.is_empty() {
        return None;
    }
    let types = bound
        .statement
        .as_ref()
        .map(|statement| &*statement.types)
        .unwrap_or_default();
    let mut line = String::from("  (");
    for (index, parameter) in bound.parameters.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        let _ = write!(line, "{separator}${} = ", index.saturating_add(1));
        put_parameter(&mut line, parameter, types.get(index).copied().unwrap_or(0));
    }
    line.push(')');
    Some(line)
}

fn put_parameter(text: &mut String, parameter: &Parameter, type_oid: u32) {
    let Some(value) = &parameter.value else {
        text.push_str("NULL");
        return;
    };
    let whole = shown(type_oid, parameter.format, &value.bytes);
    let (kept, cut) = clip(&whole, PARAMETER_BYTES_MAX);
    let _ = write!(text, "'{}'", neutralised(kept).replace('\'', "''"));
    let missing = cut.saturating_add(value.missing);
    if missing > 0 {
        let _ = write!(text, " … ({missing} more bytes)");
    }
}
