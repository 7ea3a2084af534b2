//! Tables as psql's aligned format prints them (`print_aligned_text`, `fe_utils/print.c`, border 1).

use crate::terminal::{Colour, Tone, lines, width};

/// Which side of its column a value stands on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Align {
    Left,
    Right,
}

/// One value, ready to be shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Cell {
    Null,
    Lines(Vec<String>),
}

/// How NULL is shown. An empty string is empty.
pub(crate) const NULL_TEXT: &str = "<null>";

impl Cell {
    fn width(&self) -> usize {
        match self {
            Self::Null => width(NULL_TEXT),
            Self::Lines(lines) => lines.iter().map(|line| width(line)).max().unwrap_or(0),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Null => NULL_TEXT.len(),
            Self::Lines(lines) => lines.iter().map(String::len).fold(0, usize::saturating_add),
        }
    }

    fn line(&self, index: usize) -> Option<&str> {
        match self {
            Self::Null => (index == 0).then_some(NULL_TEXT),
            Self::Lines(lines) => lines.get(index).map(String::as_str),
        }
    }
}

/// Widest row, all columns together, that is padded.
const ALIGNED_WIDTH_MAX: usize = 10_000;

/// A table that is printed slab by slab: widths are those of the slabs so far, so rows of a long result line up as well
/// as can be known when they are printed.
#[derive(Debug)]
pub(crate) struct Table {
    names: Vec<Vec<String>>,
    aligns: Vec<Align>,
    widths: Vec<usize>,
    /// All of them together.
    row_width: usize,
    header_printed: bool,
}

impl Table {
    pub(crate) fn new<'a>(columns: impl IntoIterator<Item = (&'a [u8], Align)>) -> Self {
        let (names, aligns): (Vec<_>, Vec<_>) = columns
            .into_iter()
            .map(|(name, align)| (lines(name), align))
            .unzip();
        let widths: Vec<usize> = names
            .iter()
            .map(|lines| lines.iter().map(|line| width(line)).max().unwrap_or(0))
            .collect();
        let row_width = widths.iter().copied().fold(0, usize::saturating_add);
        Self {
            names,
            aligns,
            widths,
            row_width,
            header_printed: false,
        }
    }

    /// A table for lists: names, then rows, columns two spaces apart.
    pub(crate) fn plain<const N: usize>(
        columns: &[(&str, Align); N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> String {
        let names = columns.map(|(name, _)| name.to_owned());
        let rows: Vec<[String; N]> = std::iter::once(names).chain(rows).collect();
        let mut widths = [0; N];
        for row in &rows {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = width(cell).max(*widest);
            }
        }
        let mut text = String::new();
        for row in &rows {
            let start = text.len();
            for ((cell, widest), (_, align)) in row.iter().zip(widths).zip(columns) {
                if text.len() > start {
                    text.push_str("  ");
                }
                put_padded(&mut text, cell, cell, widest, *align);
            }
            let end = text.trim_end().len();
            text.truncate(end);
            text.push('\n');
        }
        text
    }

    /// Makes room for a row that will be printed.
    pub(crate) fn widen(&mut self, row: &[Cell]) {
        for (widest, cell) in self.widths.iter_mut().zip(row) {
            let wider = cell.width().max(*widest);
            self.row_width = self.row_width.saturating_add(wider.saturating_sub(*widest));
            *widest = wider;
        }
    }

    /// About how many bytes a row takes when it is printed.
    pub(crate) fn printed_bytes(&self, row: &[Cell]) -> usize {
        let padded = if self.is_aligned() { self.row_width } else { 0 };
        let line = padded.saturating_add(self.widths.len().saturating_mul(3));
        let texts = row.iter().map(Cell::bytes).fold(0, usize::saturating_add);
        texts.saturating_add(line.saturating_mul(height(row)))
    }

    /// Prints rows that the table was widened for, and the header before the first.
    pub(crate) fn put_slab(&mut self, text: &mut String, rows: &[Vec<Cell>], colour: Colour) {
        if !self.header_printed {
            self.header_printed = true;
            self.put_header(text);
        }
        for row in rows {
            self.put_row(text, row, colour);
        }
    }

    /// Rows that are wider than any screen are not padded: it helps nobody, and a few long values would blow up all rows.
    fn is_aligned(&self) -> bool {
        self.row_width <= ALIGNED_WIDTH_MAX
    }

    /// Width of each column as it is printed, and its alignment.
    fn columns(&self) -> impl Iterator<Item = (usize, Align)> {
        let aligned = self.is_aligned();
        let widths = self
            .widths
            .iter()
            .map(move |width| if aligned { *width } else { 0 });
        widths.zip(self.aligns.iter().copied())
    }

    fn put_header(&self, text: &mut String) {
        let height = self.names.iter().map(Vec::len).max().unwrap_or(0);
        let last = self.names.len().saturating_sub(1);
        for index in 0..height {
            for (column, (name, (column_width, _))) in self.names.iter().zip(self.columns()).enumerate() {
                text.push(' ');
                let line = name.get(index).map_or("", String::as_str);
                let space = column_width.saturating_sub(width(line));
                put_spaces(text, space / 2);
                text.push_str(line);
                put_spaces(text, space.div_ceil(2));
                text.push(if index.saturating_add(1) < name.len() {
                    '+'
                } else {
                    ' '
                });
                if column < last {
                    text.push('|');
                }
            }
            text.push('\n');
        }
        for (column, (column_width, _)) in self.columns().enumerate() {
            if column > 0 {
                text.push('+');
            }
            text.extend(std::iter::repeat_n('-', column_width.saturating_add(2)));
        }
        // As psql: two dashes for a result without columns.
        text.push_str(if self.widths.is_empty() { "--\n" } else { "\n" });
    }

    fn put_row(&self, text: &mut String, row: &[Cell], colour: Colour) {
        let last = self.widths.len().saturating_sub(1);
        for index in 0..height(row) {
            for (column, (column_width, align)) in self.columns().enumerate() {
                let cell = row.get(column);
                let line = cell.and_then(|cell| cell.line(index)).unwrap_or("");
                let goes_on = cell.and_then(|cell| cell.line(index.saturating_add(1))).is_some();
                text.push(' ');
                // The last column is padded only for a mark behind it.
                let padded = if column < last || goes_on || align == Align::Right {
                    column_width
                } else {
                    0
                };
                match cell {
                    Some(Cell::Null) if index == 0 => {
                        put_padded(text, line, &colour.paint(Tone::Null, line), padded, align);
                    }
                    _ if line.is_empty() && column == last && !goes_on && index > 0 => {}
                    _ => put_padded(text, line, line, padded, align),
                }
                if goes_on {
                    text.push('+');
                } else if column < last {
                    text.push(' ');
                }
                if column < last {
                    text.push('|');
                }
            }
            text.push('\n');
        }
    }
}

/// Lines that a row takes.
fn height(row: &[Cell]) -> usize {
    let lines = |cell: &Cell| {
        if let Cell::Lines(lines) = cell {
            lines.len()
        } else {
            1
        }
    };
    row.iter().map(lines).max().unwrap_or(0)
}

/// Pushes `shown`, which takes the columns of `line`, padded to `column_width`.
fn put_padded(text: &mut String, line: &str, shown: &str, column_width: usize, align: Align) {
    let space = column_width.saturating_sub(width(line));
    match align {
        Align::Left => {
            text.push_str(shown);
            put_spaces(text, space);
        }
        Align::Right => {
            put_spaces(text, space);
            text.push_str(shown);
        }
    }
}

fn put_spaces(text: &mut String, count: usize) {
    text.extend(std::iter::repeat_n(' ', count));
}
