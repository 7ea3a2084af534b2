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

    fn line(&self, index: usize) -> Option<&str> {
        match self {
            Self::Null => (index == 0).then_some(NULL_TEXT),
            Self::Lines(lines) => lines.get(index).map(String::as_str),
        }
    }
}

/// A table that is printed slab by slab: widths are those of the slabs so far, so rows of a long result line up as well
/// as can be known when they are printed.
#[derive(Debug)]
pub(crate) struct Table {
    names: Vec<Vec<String>>,
    aligns: Vec<Align>,
    widths: Vec<usize>,
    header_printed: bool,
}

impl Table {
    pub(crate) fn new<'a>(columns: impl IntoIterator<Item = (&'a [u8], Align)>) -> Self {
        let (names, aligns): (Vec<_>, Vec<_>) = columns
            .into_iter()
            .map(|(name, align)| (lines(name), align))
            .unzip();
        let widths = names
            .iter()
            .map(|lines| lines.iter().map(|line| width(line)).max().unwrap_or(0))
            .collect();
        Self {
            names,
            aligns,
            widths,
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

    /// Prints rows, and the header before the first.
    pub(crate) fn put_slab(&mut self, text: &mut String, rows: &[Vec<Cell>], colour: Colour) {
        for row in rows {
            for (widest, cell) in self.widths.iter_mut().zip(row) {
                *widest = cell.width().max(*widest);
            }
        }
        if !self.header_printed {
            self.header_printed = true;
            self.put_header(text);
        }
        for row in rows {
            self.put_row(text, row, colour);
        }
    }

    fn put_header(&self, text: &mut String) {
        let height = self.names.iter().map(Vec::len).max().unwrap_or(0);
        let last = self.names.len().saturating_sub(1);
        for index in 0..height {
            for (column, (name, column_width)) in self.names.iter().zip(&self.widths).enumerate() {
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
        for (column, column_width) in self.widths.iter().enumerate() {
            if column > 0 {
                text.push('+');
            }
            text.extend(std::iter::repeat_n('-', column_width.saturating_add(2)));
        }
        // As psql: two dashes for a result without columns.
        text.push_str(if self.widths.is_empty() { "--\n" } else { "\n" });
    }

    fn put_row(&self, text: &mut String, row: &[Cell], colour: Colour) {
        let height = row
            .iter()
            .map(|cell| {
                if let Cell::Lines(lines) = cell {
                    lines.len()
                } else {
                    1
                }
            })
            .max();
        let last = self.widths.len().saturating_sub(1);
        for index in 0..height.unwrap_or(0) {
            for (column, (column_width, align)) in self.widths.iter().zip(&self.aligns).enumerate() {
                let cell = row.get(column);
                let line = cell.and_then(|cell| cell.line(index)).unwrap_or("");
                let goes_on = cell.and_then(|cell| cell.line(index.saturating_add(1))).is_some();
                text.push(' ');
                // The last column is padded only for a mark behind it.
                let padded = if column < last || goes_on || *align == Align::Right {
                    *column_width
                } else {
                    0
                };
                match cell {
                    Some(Cell::Null) if index == 0 => {
                        put_padded(text, line, &colour.paint(Tone::Null, line), padded, *align);
                    }
                    _ if line.is_empty() && column == last && !goes_on && index > 0 => {}
                    _ => put_padded(text, line, line, padded, *align),
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
