//! A result as psql prints it, slab by slab.

use std::fmt::Write as _;

use crate::{
    table::{Align, Cell, Table},
    terminal::{Colour, clip, lines},
    unit::Columns,
    values::{FORMAT_TEXT, Value, is_numeric, row_values, shown},
};

/// Rows that are held to find out how wide columns are. More are printed in slabs of so many.
const SLAB_ROWS: usize = 10_000;

/// Bytes that the held rows take when printed, padding included.
const SLAB_BYTES: usize = 8 * 1024 * 1024;

/// Bytes of one value that are shown.
const CELL_BYTES_MAX: usize = 2_000;

/// Lines of one value that are shown.
const CELL_LINES_MAX: usize = 100;

/// Bytes of a column's name that are shown. PostgreSQL's have 63 at most.
const NAME_BYTES_MAX: usize = 256;

/// Whether a result ended as it should.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum OutputEnd {
    Whole,
    /// By an error, or the end of the recording.
    Broken,
}

/// The result whose rows come now.
#[derive(Debug)]
pub(crate) struct ResultView {
    table: Table,
    /// Type and format of each column.
    types: Vec<(u32, i16)>,
    rows: Vec<Vec<Cell>>,
    held_bytes: usize,
    row_count: u64,
}

impl ResultView {
    pub(crate) fn new(columns: &Columns) -> Self {
        let table = Table::new(columns.iter().map(|column| {
            let align = if is_numeric(column.type_oid) {
                Align::Right
            } else {
                Align::Left
            };
            (clip(&column.name, NAME_BYTES_MAX).0, align)
        }));
        let types = columns
            .iter()
            .map(|column| (column.type_oid, column.format))
            .collect();
        Self {
            table,
            types,
            rows: Vec::new(),
            held_bytes: 0,
            row_count: 0,
        }
    }

    /// A result whose description was not recorded: as many columns as its first row has.
    pub(crate) fn undescribed(first_row: &[u8]) -> Self {
        let names: Vec<String> = (1..=row_values(first_row).count())
            .map(|number| format!("column {number}"))
            .collect();
        let types = names.iter().map(|_| (0, FORMAT_TEXT)).collect();
        let table = Table::new(names.iter().map(|name| (name.as_bytes(), Align::Left)));
        Self {
            table,
            types,
            rows: Vec::new(),
            held_bytes: 0,
            row_count: 0,
        }
    }

    /// The body of a `DataRow`, or its beginning.
    pub(crate) fn push(&mut self, body: &[u8], text: &mut String, colour: Colour) {
        let row: Vec<Cell> = row_values(body)
            .zip(self.types.iter())
            .map(|(value, (type_oid, format))| cell(value, *type_oid, *format))
            .collect();
        self.table.widen(&row);
        self.held_bytes = self.held_bytes.saturating_add(self.table.printed_bytes(&row));
        self.row_count = self.row_count.saturating_add(1);
        self.rows.push(row);
        if self.rows.len() >= SLAB_ROWS || self.held_bytes >= SLAB_BYTES {
            self.put_slab(text, colour);
        }
    }

    /// Prints what is held and the count; where the result was broken off, that it is not all.
    pub(crate) fn finish(mut self, end: OutputEnd, text: &mut String, colour: Colour) {
        self.put_slab(text, colour);
        let rows = if self.row_count == 1 { "row" } else { "rows" };
        let so_far = match end {
            OutputEnd::Whole => "",
            OutputEnd::Broken => " so far",
        };
        let _ = writeln!(text, "({} {rows}{so_far})\n", self.row_count);
    }

    fn put_slab(&mut self, text: &mut String, colour: Colour) {
        self.table.put_slab(text, &self.rows, colour);
        self.rows.clear();
        self.held_bytes = 0;
    }
}

fn cell(value: Value<'_>, type_oid: u32, format: i16) -> Cell {
    let Some(bytes) = value.bytes else {
        return Cell::Null;
    };
    let whole = shown(type_oid, format, bytes);
    let (kept, cut) = clip(&whole, CELL_BYTES_MAX);
    let line_ends = kept.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let end = line_ends
        .map(|(index, _)| index)
        .nth(CELL_LINES_MAX.saturating_sub(1));
    let (kept, behind) = kept.split_at(end.unwrap_or(kept.len()));
    let missing = value.missing.saturating_add(cut).saturating_add(behind.len());
    let mut lines = lines(kept);
    if missing > 0
        && let Some(last) = lines.last_mut()
    {
        let _ = write!(last, "… ({missing} more bytes)");
    }
    Cell::Lines(lines)
}
