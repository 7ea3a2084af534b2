//! The lines of a text that hold some words of it, with carets under the words, as psql points at an error.

use std::fmt::Write as _;
use std::ops::Range;

use pgwarden_recording::render::{line, width};

/// Characters of a line that are shown before the words, and behind them.
const CONTEXT_CHARACTERS: usize = 40;

/// Characters of the words that are shown of one line.
const WORDS_CHARACTERS: usize = 120;

/// Lines that are shown of words that go over several: of more, the first ones and the last.
const LINES_MAX: usize = 4;

/// What stands for the rest.
const ELLIPSIS: char = '…';

/// The number of the line that holds a byte, from 1.
pub(crate) fn line_number(text: &[u8], offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    before.split(|&byte| byte == b'\n').count()
}

/// The lines that hold the span, each with carets below. A span of nothing has one caret at its place.
///
/// Tabs are expanded as psql does, wide characters take two columns, long lines are cut, and nothing can steer a terminal.
pub(crate) fn carets(text: &[u8], span: &Range<usize>) -> String {
    let span = span.start.min(text.len())..span.end.clamp(span.start.min(text.len()), text.len());
    let first = line_number(text, span.start);
    let mut start = text
        .get(..span.start)
        .unwrap_or_default()
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at.saturating_add(1));
    // A span that ends with a line's end does not begin another line.
    let inside = text.get(span.clone()).unwrap_or_default();
    let inside = inside.strip_suffix(b"\n").unwrap_or(inside);
    let lines = inside.split(|&byte| byte == b'\n').count();
    let mut shown = String::new();
    let label_width = format!("LINE {}: ", first.saturating_add(lines).saturating_sub(1)).len();
    for index in 0..lines {
        let rest = text.get(start..).unwrap_or_default();
        let end = start.saturating_add(rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len()));
        let last = index.saturating_add(1) == lines;
        if index.saturating_add(1) < LINES_MAX || last || lines <= LINES_MAX {
            let label = format!("LINE {}: ", first.saturating_add(index));
            put_line(
                &mut shown,
                &format!("{label:<label_width$}"),
                text,
                start..end,
                &span,
            );
        } else if index.saturating_add(1) == LINES_MAX {
            let _ = writeln!(shown, "{:label_width$}{ELLIPSIS}", "");
        }
        start = end.saturating_add(1);
    }
    shown
}

fn put_line(shown: &mut String, label: &str, text: &[u8], range: Range<usize>, span: &Range<usize>) {
    let whole = text.get(range.clone()).unwrap_or_default();
    let whole = whole.strip_suffix(b"\r").unwrap_or(whole);
    let at = |offset: usize| offset.saturating_sub(range.start).min(whole.len());
    let (mut from, to) = (at(span.start), at(span.end));
    if span.start < range.start {
        // Of a line that is all within the words, what it is set in by belongs to no word.
        let blank = whole.iter().position(|byte| !byte.is_ascii_whitespace());
        from = blank.unwrap_or(0).min(to);
    }
    let before = last_characters(whole.get(..from).unwrap_or_default(), CONTEXT_CHARACTERS);
    let words = first_characters(whole.get(from..to).unwrap_or_default(), WORDS_CHARACTERS);
    let words_cut = words.len() < to.saturating_sub(from);
    let after = first_characters(whole.get(to..).unwrap_or_default(), CONTEXT_CHARACTERS);
    let after_cut = to.saturating_add(after.len()) < whole.len();

    let lead = if before.len() < from {
        ELLIPSIS.to_string()
    } else {
        String::new()
    };
    // Where a tab goes depends on what stands before it, so widths are those of beginnings.
    let beginning = |parts: &[&[u8]]| line(&parts.concat());
    let indent = width(&beginning(&[before]));
    let caret_end = width(&beginning(&[before, words]));
    let seen = if words_cut {
        format!("{}{ELLIPSIS}", beginning(&[before, words]))
    } else {
        let tail = if after_cut {
            ELLIPSIS.to_string()
        } else {
            String::new()
        };
        format!("{}{tail}", beginning(&[before, words, after]))
    };
    let _ = writeln!(shown, "{label}{lead}{seen}");
    let pad = width(label).saturating_add(width(&lead)).saturating_add(indent);
    let carets = caret_end.saturating_sub(indent).max(1);
    let _ = writeln!(shown, "{}{}", " ".repeat(pad), "^".repeat(carets));
}

/// Longest character of UTF-8.
const CHARACTER_BYTES_MAX: usize = 4;

/// The first characters; a byte that belongs to none counts as one.
fn first_characters(bytes: &[u8], most: usize) -> &[u8] {
    let near = bytes
        .get(..most.saturating_mul(CHARACTER_BYTES_MAX))
        .unwrap_or(bytes);
    let end = boundaries(near).nth(most).unwrap_or(near.len());
    bytes.get(..end).unwrap_or_default()
}

/// The last ones.
fn last_characters(bytes: &[u8], most: usize) -> &[u8] {
    let near_start = bytes
        .len()
        .saturating_sub(most.saturating_mul(CHARACTER_BYTES_MAX));
    let near = bytes.get(near_start..).unwrap_or_default();
    let count = boundaries(near).count();
    let start = boundaries(near).nth(count.saturating_sub(most)).unwrap_or(0);
    near.get(start..).unwrap_or_default()
}

/// Where characters begin.
fn boundaries(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let mut at = 0_usize;
    bytes
        .utf8_chunks()
        .flat_map(|chunk| {
            let valid = chunk.valid().chars().map(char::len_utf8);
            valid.chain(chunk.invalid().iter().map(|_| 1))
        })
        .map(move |length| {
            let start = at;
            at = at.saturating_add(length);
            start
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines with carets below the words between `«` and `»`.
    fn pointed(marked: &str) -> String {
        let start = marked.find('«').unwrap();
        let text = marked.replacen('«', "", 1);
        let end = text.find('»').unwrap();
        let text = text.replacen('»', "", 1);
        carets(text.as_bytes(), &(start..end))
    }

    #[test]
    fn words_are_pointed_at() {
        let long = "x, ".repeat(100);
        let mut shown = String::new();
        for marked in [
            "«copy t to stdout»",
            "select 1;\n  «copy t to stdout»; select 2\nselect 3",
            "select '«»",
            "select 1;\n\t«copy\tt to stdout»\t; x",
            "select '東京', «load 'Grüße🦀'», 'é'",
            &format!("select {long}«copy t to stdout», {long}"),
            &format!("«copy ({long}) to stdout»"),
            "select 1; «do $$\r\n  begin\r\n    copy t to stdout;\r\n  end\r\n$$»; select 2\r\n",
            "«copy t\nto\nstdout»\n",
            "«select 1\n»select 2",
            "a\x1b[2J «copy\x07» \u{202e}b",
        ] {
            shown.push_str(&pointed(marked));
            shown.push('\n');
        }
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn nothing_breaks_it() {
        for text in [
            &b""[..],
            b"\n",
            b"\xff\xfe",
            b"\xc3\n\xa4",
            b"\n\n\n",
            &[0x80; 1000],
        ] {
            for start in 0..=text.len().min(10) + 2 {
                for end in 0..=text.len() + 2 {
                    let shown = carets(text, &(start..end));
                    assert!(shown.contains('^'), "{text:?} {start}..{end}");
                }
            }
        }
    }

    #[test]
    fn lines_count_from_one() {
        assert_eq!([0, 1, 2, 9].map(|at| line_number(b"a\nb\n", at)), [1, 1, 2, 3]);
    }
}
