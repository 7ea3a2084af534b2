//! Text for a terminal out of bytes that nobody can trust.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

/// `bytes` as text in which nothing can steer a terminal: control characters, escape sequences, directional overrides
/// and invalid UTF-8 are written as escapes, as psql writes them in tables (`\x1B`, `\r`, `\u202E`). Line ends too (`\n`).
pub fn neutralised(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    put_neutralised(&mut text, bytes);
    text
}

/// A severity or command tag, which stands at the start of a line: of letters, digits and spaces, so that none can pass
/// for a prompt or a remark.
pub(crate) fn word(bytes: &[u8]) -> String {
    let harmless = |character: char| character.is_alphanumeric() || matches!(character, ' ' | '_' | '\\');
    neutralised(bytes)
        .chars()
        .map(|character| if harmless(character) { character } else { '?' })
        .collect()
}

/// Appends `bytes`, neutralised.
fn put_neutralised(text: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            put_character(text, character);
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
}

fn put_character(text: &mut String, character: char) {
    match character {
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        '\0'..' ' | '\x7f' => {
            let _ = write!(text, "\\x{:02X}", u32::from(character));
        }
        _ if is_unprintable(character) => {
            let _ = write!(text, "\\u{:04X}", u32::from(character));
        }
        _ => text.push(character),
    }
}

/// Beyond ASCII: what some terminals obey (C1 controls), or what shows text in another order than it has.
fn is_unprintable(character: char) -> bool {
    matches!(
        character,
        '\u{80}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Columns that a neutralised text takes on a terminal.
pub fn width(text: &str) -> usize {
    text.chars()
        .map(|character| character.width().unwrap_or(0))
        .fold(0, usize::saturating_add)
}

/// The lines of a value as psql's aligned format shows them: split at line ends, tabs as spaces up to the next
/// multiple of eight, the rest neutralised.
pub(crate) fn lines(bytes: &[u8]) -> Vec<String> {
    bytes.split(|byte| *byte == b'\n').map(line).collect()
}

/// One line: tabs as spaces up to the next multiple of eight, the rest neutralised.
pub fn line(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for (index, part) in bytes.split(|byte| *byte == b'\t').enumerate() {
        if index > 0 {
            let column = width(&text) % TAB_STOP;
            text.extend(std::iter::repeat_n(' ', TAB_STOP.saturating_sub(column)));
        }
        put_neutralised(&mut text, part);
    }
    text
}

const TAB_STOP: usize = 8;

/// At most `max` bytes of `bytes`, not cut within a character of UTF-8, and how many bytes are left out.
pub(crate) fn clip(bytes: &[u8], max: usize) -> (&[u8], usize) {
    if bytes.len() <= max {
        return (bytes, 0);
    }
    let is_start = |index: &usize| bytes.get(*index).is_none_or(|byte| byte & 0xc0 != 0x80);
    let end = (max.saturating_sub(3)..=max).rev().find(is_start).unwrap_or(max);
    (
        bytes.get(..end).unwrap_or_default(),
        bytes.len().saturating_sub(end),
    )
}

/// Whether texts are coloured. Nothing is said by colour alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Colour {
    /// Plain text, for pipes, files and `NO_COLOR`.
    #[default]
    Off,
    /// ANSI colours.
    On,
}

/// What a text is, which decides its colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tone {
    Prompt,
    Statement,
    Remark,
    Error,
    Refusal,
    Notice,
    Null,
}

impl Colour {
    /// `text` in the colour of `tone`.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Prompt => "36",
            Tone::Statement => "1",
            Tone::Remark | Tone::Null => "2",
            Tone::Error => "31",
            Tone::Refusal => "1;31",
            Tone::Notice => "33",
        };
        match self {
            Self::Off => text.to_owned(),
            Self::On => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(neutralised(bytes), expected);
    }

    #[test]
    fn nothing_steers_the_terminal() {
        check(b"plain", "plain");
        check("Grüße 東京 🦀".as_bytes(), "Grüße 東京 🦀");
        check(b"\x1b[2J\x1b]0;title\x07", "\\x1B[2J\\x1B]0;title\\x07");
        check(b"a\rb\tc\nd\x7f\0", "a\\rb\\tc\\nd\\x7F\\x00");
        check(
            "\u{9b}2J \u{202e}txt.exe\u{2066} \u{feff}".as_bytes(),
            "\\u009B2J \\u202Etxt.exe\\u2066 \\uFEFF",
        );
        check(b"\xff\xc3(\x9b", "\\xFF\\xC3(\\x9B");
    }

    #[test]
    fn tabs_go_to_the_next_stop() {
        assert_eq!(
            lines(b"a\tb\n\t|\n12345678\tx"),
            ["a       b", "        |", "12345678        x"]
        );
    }

    #[test]
    fn clipping_keeps_characters_whole() {
        for (text, max, kept) in [
            ("abcd", 4, "abcd"),
            ("abcde", 4, "abcd"),
            ("aü", 2, "a"),
            ("a🦀", 4, "a"),
            ("🦀🦀", 4, "🦀"),
        ] {
            assert_eq!(
                clip(text.as_bytes(), max),
                (kept.as_bytes(), text.len() - kept.len()),
                "{text} {max}"
            );
        }
        assert_eq!(clip(&[0x80; 9], 4).0.len(), 4);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!((width("東京"), width("é"), width("e\u{301}")), (4, 1, 1));
    }
}
