//! The table, on the terminal and in docs/compatibility.md.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};

use super::Row;
use super::client::Client;
use super::scene::Cell;
use super::server::Column;
use crate::{step, tree};

const DOCUMENT: &str = "docs/compatibility.md";

/// Lines of a difference that are shown.
const SHOWN_LINES: usize = 60;

/// What became of one cell, as soon as it is known.
pub(super) fn say(client: &Client, cell: &Cell) {
    let name = client.name();
    match cell {
        Cell::Same => step::holds(name),
        Cell::NotSpoken => step::say(&format!("-- {name}: not for this server")),
        Cell::NotAvailable => {}
        Cell::Differs { lines, diff } => {
            step::error(&format!("{name}: {lines} lines differ\n{}", head(diff)));
        }
        Cell::RefusedDiffers { lines, diff } => {
            step::error(&format!("{name}, refused: {lines} lines differ\n{}", head(diff)));
        }
        Cell::Unsteady { diff } => {
            step::error(&format!("{name}: two direct runs differ\n{}", head(diff)));
        }
        Cell::DirectFails(said) => {
            step::error(&format!("{name} fails without pgwarden too:\n{}", tail(said)));
        }
        Cell::Failed(why) => step::error(&format!("{name}: {why}")),
    }
}

fn head(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().take(SHOWN_LINES).collect();
    if text.lines().count() > SHOWN_LINES {
        lines.push("...");
    }
    lines.join("\n")
}

fn tail(text: &str) -> String {
    let skipped = text.lines().count().saturating_sub(SHOWN_LINES / 2);
    text.lines().skip(skipped).collect::<Vec<_>>().join("\n")
}

/// The table on the terminal.
pub(super) fn print(rows: &[Row], columns: &[Column]) {
    step::title("Through pgwarden as directly?");
    step::say(&table(rows, columns));
}

/// The table in the document, with what can't be had below it.
pub(super) fn write(rows: &[Row], columns: &[Column], versions: &BTreeMap<Column, String>) -> Result<()> {
    let mut text = String::from("Servers: PostgreSQL ");
    let mut names: Vec<&str> = versions.values().map(String::as_str).collect();
    names.dedup();
    text.push_str(&names.join(", "));
    text.push_str(".\n\n");
    text.push_str(&table(rows, columns));
    text.push_str("\n| client | its scenario |\n|---|---|\n");
    for row in rows {
        // Writing to a String can't fail, here and below.
        let _ = write!(text, "| {} | {}", row_name(row), row.client.what());
        if let Err(why) = &row.installed {
            let _ = write!(text, " Not available: {}", why.replace('|', "\\|"));
        }
        text.push_str(" |\n");
    }
    fill_in("matrix", &text)
}

fn table(rows: &[Row], columns: &[Column]) -> String {
    let mut lines = vec![
        std::iter::once("client".to_owned())
            .chain(columns.iter().map(ToString::to_string))
            .chain(["refusals".to_owned()])
            .collect::<Vec<_>>(),
    ];
    for row in rows {
        let mut line = vec![row_name(row)];
        line.extend(
            columns
                .iter()
                .map(|column| row.cells.get(column).map_or_else(String::new, mark)),
        );
        line.push(refusals(row));
        lines.push(line);
    }
    let mut widths: Vec<usize> = Vec::new();
    for line in &lines {
        for (column, cell) in line.iter().enumerate() {
            match widths.get_mut(column) {
                Some(width) => *width = (*width).max(cell.chars().count()),
                None => widths.push(cell.chars().count().max(3)),
            }
        }
    }
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        for (cell, width) in line.iter().zip(&widths) {
            let _ = write!(text, "| {cell:width$} ");
        }
        text.push_str("|\n");
        if number == 0 {
            for width in &widths {
                let _ = write!(text, "|{:-<1$}", "", width + 2);
            }
            text.push_str("|\n");
        }
    }
    text
}

/// The client's name and the number in what it says of its version.
fn row_name(row: &Row) -> String {
    let name = row.client.name();
    let version = row.installed.as_deref().unwrap_or_default();
    version
        // cargo writes a package as name@version.
        .split(|char: char| char.is_whitespace() || char == '@')
        .map(|word| word.trim_start_matches('v').trim_end_matches([',', ')', ';']))
        .find(|word| word.starts_with(|char: char| char.is_ascii_digit()))
        .map_or_else(|| name.to_owned(), |number| format!("{name} {number}"))
}

fn mark(cell: &Cell) -> String {
    match cell {
        // The refused scenario, which comes after one that was the same, has a column of its own.
        Cell::Same | Cell::RefusedDiffers { .. } => "same".to_owned(),
        Cell::Differs { lines, .. } => format!("{lines} lines differ"),
        Cell::Unsteady { .. } => "unsteady".to_owned(),
        Cell::DirectFails(_) => "fails directly".to_owned(),
        Cell::Failed(_) => "failed".to_owned(),
        Cell::NotSpoken => "–".to_owned(),
        Cell::NotAvailable => "not available".to_owned(),
    }
}

fn refusals(row: &Row) -> String {
    let differing = row
        .cells
        .iter()
        .filter(|(_, cell)| matches!(cell, Cell::RefusedDiffers { .. }))
        .map(|(column, _)| column.to_string())
        .collect::<Vec<_>>();
    let seen = row.cells.values().any(|cell| matches!(cell, Cell::Same));
    match (row.client.is_refused(), differing.is_empty()) {
        (true, false) => format!("differ with {}", differing.join(", ")),
        (true, true) if seen => "as expected".to_owned(),
        _ => String::new(),
    }
}

/// Replaces what stands between the document's markers of this name.
pub(crate) fn fill_in(name: &str, text: &str) -> Result<()> {
    let path = tree::root().join(DOCUMENT);
    let document = fs::read_to_string(&path).with_context(|| format!("read {DOCUMENT}"))?;
    let (begin, end) = (
        format!("<!-- {name}: begin -->\n"),
        format!("<!-- {name}: end -->"),
    );
    let filled = document
        .split_once(&begin)
        .and_then(|(before, rest)| {
            let (_, after) = rest.split_once(&end)?;
            Some(format!("{before}{begin}{text}{end}{after}"))
        })
        .with_context(|| format!("find {begin:?} and {end:?} in {DOCUMENT}"))?;
    fs::write(&path, filled).with_context(|| format!("write {DOCUMENT}"))
}
