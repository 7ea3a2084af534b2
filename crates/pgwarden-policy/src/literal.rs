//! What literals and names stand for.

use memchr::memchr;

use crate::lexer::{Lexer, Quoting, StringKind, Token, TokenKind, continuation, dollar_delimiter};

/// Longest name that the server keeps, in bytes: NAMEDATALEN less its zero byte (`pg_config_manual.h`).
const NAME_BYTES_MAX: usize = 63;

/// The escape character of `U&`, in the client's encoding. The server takes one byte in its own encoding, into which it has converted
/// the text before: what is one character here may be that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct UnicodeEscape {
    bytes: [u8; Self::BYTES_MAX],
    len: usize,
}

impl UnicodeEscape {
    /// Longest character of any encoding that a client can have (`pg_wchar_table`).
    const BYTES_MAX: usize = 4;

    /// Without `UESCAPE`.
    pub(crate) const BACKSLASH: Self = Self {
        bytes: [b'\\', 0, 0, 0],
        len: 1,
    };

    /// The character that a literal behind `UESCAPE` names; none where the server would refuse it (`check_uescapechar`, parser.c).
    pub(crate) fn new(value: &[u8]) -> Option<Self> {
        let valid = match value {
            [] => false,
            [byte] => {
                !byte.is_ascii_hexdigit()
                    && !matches!(
                        byte,
                        b'+' | b'\'' | b'"' | b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c
                    )
            }
            // Of bytes that a conversion could make one of.
            bytes => bytes.len() <= Self::BYTES_MAX && bytes.iter().all(|byte| *byte >= 0x80),
        };
        if !valid {
            return None;
        }
        let mut bytes = [0; Self::BYTES_MAX];
        bytes.get_mut(..value.len())?.copy_from_slice(value);
        Some(Self {
            bytes,
            len: value.len(),
        })
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// The value of a string literal. `escape` is the character that `UESCAPE` names.
pub(crate) fn string_value(lexer: &Lexer<'_>, token: Token, escape: UnicodeEscape) -> Vec<u8> {
    let literal = lexer.text().get(token.start..token.end).unwrap_or_default();
    let TokenKind::String(kind) = token.kind else {
        return Vec::new();
    };
    let open = match kind {
        StringKind::Dollar => {
            let delimiter = dollar_delimiter(literal).map_or(0, <[u8]>::len);
            let end = literal.len().saturating_sub(delimiter);
            return literal.get(delimiter..end).unwrap_or_default().to_vec();
        }
        StringKind::Plain => 1,
        StringKind::National | StringKind::Escape | StringKind::Bits => 2,
        StringKind::Unicode => 3,
    };
    let quoting = lexer.quoting(kind);
    let mut value = Vec::with_capacity(literal.len());
    let mut at = open;
    while let Some(inside) = literal.get(at..) {
        let Some(len) = quoting.end(inside) else { break };
        let segment = inside.get(..len.saturating_sub(1)).unwrap_or_default();
        // An escape ends with its segment: E'\1' continued by '2' is the two characters 0x01 and 2.
        match quoting {
            Quoting::Doubled => undouble(segment, b'\'', &mut value),
            Quoting::Backslash => unescape(segment, &mut value),
            Quoting::Bare => value.extend_from_slice(segment),
        }
        at = at.saturating_add(len);
        match literal.get(at..).and_then(continuation) {
            Some(next) => at = at.saturating_add(next),
            None => break,
        }
    }
    // Those of U& are undone in the literal as a whole (`str_udeescape`, by `base_yylex`).
    if kind == StringKind::Unicode {
        value = unescape_unicode(&value, escape);
    }
    value
}

/// A name as the server keeps it: folded unless quoted, escapes undone, cut.
pub(crate) fn name_value(text: &[u8], token: Token, escape: UnicodeEscape) -> Vec<u8> {
    let written = text.get(token.start..token.end).unwrap_or_default();
    let inside = |open: usize| {
        written
            .get(open..written.len().saturating_sub(1))
            .unwrap_or_default()
    };
    let undoubled = |open: usize| {
        let mut name = Vec::with_capacity(written.len());
        undouble(inside(open), b'"', &mut name);
        name
    };
    let name = if token.kind == TokenKind::QuotedName {
        undoubled(1)
    } else if token.kind == TokenKind::UnicodeName {
        unescape_unicode(&undoubled(3), escape)
    } else {
        // As `downcase_identifier` for multibyte encodings: bytes from 0x80 on stay. Where the server's encoding has single bytes it
        // may fold them by its locale, which isn't known here: no name that matters by itself has any, and the gate takes
        // no name with them for certain.
        written.to_ascii_lowercase()
    };
    truncate(name)
}

/// As `truncate_identifier`: cut at a character, which for names that are not UTF-8 is any byte.
fn truncate(mut name: Vec<u8>) -> Vec<u8> {
    if name.len() > NAME_BYTES_MAX {
        let cut = match std::str::from_utf8(&name) {
            Ok(text) => text.floor_char_boundary(NAME_BYTES_MAX),
            Err(_) => NAME_BYTES_MAX,
        };
        name.truncate(cut);
    }
    name
}

fn undouble(inside: &[u8], quote: u8, value: &mut Vec<u8>) {
    let mut rest = inside;
    while let Some(found) = memchr(quote, rest) {
        let (head, tail) = rest
            .split_at_checked(found.saturating_add(1))
            .unwrap_or((rest, &[]));
        value.extend_from_slice(head);
        rest = tail.strip_prefix(&[quote]).unwrap_or(tail);
    }
    value.extend_from_slice(rest);
}

/// `{xeescape}`, `{xeoctesc}`, `{xehexesc}`, `{xeunicode}`. What the server refuses is left as it stands.
fn unescape(inside: &[u8], value: &mut Vec<u8>) {
    let mut pair = None;
    let mut rest = inside;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'\\' {
            value.push(first);
            if first == b'\'' {
                rest = rest.strip_prefix(b"'").unwrap_or(rest);
            }
            continue;
        }
        let Some((&escape, after)) = rest.split_first() else {
            break;
        };
        rest = after;
        match escape {
            b'b' => value.push(8),
            b'f' => value.push(12),
            b'n' => value.push(b'\n'),
            b'r' => value.push(b'\r'),
            b't' => value.push(b'\t'),
            b'v' => value.push(11),
            b'0'..=b'7' => {
                let (code, len) = digits(rest, 2, 8);
                let code = u32::from(escape.wrapping_sub(b'0'))
                    .wrapping_mul(8_u32.pow(len))
                    .wrapping_add(code);
                value.push(low_byte(code));
                rest = skip(rest, len);
            }
            b'x' => match digits(rest, 2, 16) {
                (_, 0) => value.push(b'x'),
                (code, len) => {
                    value.push(low_byte(code));
                    rest = skip(rest, len);
                }
            },
            b'u' | b'U' => {
                let wanted = if escape == b'u' { 4 } else { 8 };
                match digits(rest, wanted, 16) {
                    (code, len) if len == wanted => {
                        push_unicode(value, &mut pair, code);
                        rest = skip(rest, len);
                    }
                    _ => value.push(escape),
                }
            }
            other => value.push(other),
        }
    }
}

/// As `str_udeescape`. What the server refuses is left as it stands.
fn unescape_unicode(inside: &[u8], escape: UnicodeEscape) -> Vec<u8> {
    let escape = escape.as_bytes();
    let mut value = Vec::with_capacity(inside.len());
    let mut pair = None;
    let mut rest = inside;
    while let Some((&first, after)) = rest.split_first() {
        let Some(behind) = rest.strip_prefix(escape) else {
            value.push(first);
            rest = after;
            continue;
        };
        rest = behind;
        if let Some(tail) = rest.strip_prefix(escape) {
            value.extend_from_slice(escape);
            rest = tail;
            continue;
        }
        let (from, wanted) = match rest.strip_prefix(b"+") {
            Some(tail) => (tail, 6),
            None => (rest, 4),
        };
        match digits(from, wanted, 16) {
            (code, len) if len == wanted => {
                push_unicode(&mut value, &mut pair, code);
                rest = skip(from, len);
            }
            _ => value.extend_from_slice(escape),
        }
    }
    value
}

/// Adds a code point; two halves of a surrogate pair make one.
fn push_unicode(value: &mut Vec<u8>, pair: &mut Option<u32>, code: u32) {
    let code = match (pair.take(), code) {
        (_, 0xd800..=0xdbff) => {
            *pair = Some(code);
            return;
        }
        (Some(high), 0xdc00..=0xdfff) => (high & 0x3ff)
            .wrapping_shl(10)
            .wrapping_add(code & 0x3ff)
            .wrapping_add(0x1_0000),
        (_, code) => code,
    };
    if let Some(character) = char::from_u32(code) {
        value.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// The number that at most `most` digits make, and how many there are.
fn digits(rest: &[u8], most: u32, base: u32) -> (u32, u32) {
    let mut code = 0_u32;
    let mut len = 0_u32;
    for &byte in rest {
        let Some(digit) = char::from(byte).to_digit(base) else {
            break;
        };
        if len == most {
            break;
        }
        code = code.wrapping_mul(base).wrapping_add(digit);
        len = len.wrapping_add(1);
    }
    (code, len)
}

fn skip(rest: &[u8], len: u32) -> &[u8] {
    usize::try_from(len)
        .ok()
        .and_then(|len| rest.get(len..))
        .unwrap_or_default()
}

fn low_byte(code: u32) -> u8 {
    let [low, ..] = code.to_le_bytes();
    low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Cursor;

    #[track_caller]
    fn check(text: impl AsRef<[u8]>, expected: impl AsRef<[u8]>) {
        check_read(text.as_ref(), true, expected.as_ref());
    }

    /// The value of the first token, with its `UESCAPE`, which must be the whole text.
    #[track_caller]
    fn check_read(text: &[u8], standard_conforming_strings: bool, expected: &[u8]) {
        let mut cursor = Cursor::new(Lexer::new(text, standard_conforming_strings), text.len());
        let token = cursor.next().unwrap();
        let value = if token.is_name() {
            cursor.name(token)
        } else {
            cursor.string(token)
        };
        let readable = |bytes: &[u8]| bytes.escape_ascii().to_string();
        assert_eq!(readable(&value), readable(expected), "{}", readable(text));
        assert_eq!(cursor.peek(), None, "{}", readable(text));
    }

    #[test]
    fn strings() {
        check("'a''b'", "a'b");
        check("'a'\n'b'--\n''", "ab");
        check("N'a\\'", "a\\");
        check("B'10'\n'01'", "1001");
        check("$a$'\\$a$", "'\\");
        check("''", "");
        check_read(b"'a\\'b\\n'", false, b"a'b\n");
        check_read(b"N'a\\'b'", false, b"a'b");
        check_read(b"$$\\'$$", false, b"\\'");
    }

    #[test]
    fn escapes() {
        check(r"E'\b\f\n\r\t\v\q\\\''", b"\x08\x0c\n\r\t\x0bq\\'");
        check(r"E'\1\12\123\1234\08\400'", b"\x01\nSS4\x008\x00");
        check(r"E'\x4\x41\x411\xg'", b"\x04AA1xg");
        check(r"E'\u0041\U00000042\ud83d\ude00'", "AB\u{1f600}");
        // An escape ends with its part of the literal.
        check("E'\\1'\n'2'", b"\x012");
        check("E'\\12'\n'7'", b"\n7");
        check("E'\\x4'\n'1'", b"\x041");
        check("E'\\x'\n'41'", b"x41");
        check("E'a''\\''\n''''", "a'''");
        check_read(b"'\\12'\n'7'", false, b"\n7");
    }

    #[test]
    fn unicode() {
        check(r"U&'\0041\+000042\\'", r"AB\");
        check(r"U&'\D83D\DE00'", "\u{1f600}");
        check("U&'a''b'", "a'b");
        // Here it is undone in the literal as a whole.
        check("U&'\\00'\n'41'", "A");
        check("U&'\\D83D'\n'\\DE00'", "\u{1f600}");
        check("U&'!0041\\' UESCAPE '!'", "A\\");
        check("U&'!0041!!'/*x*/uescape--\n'!'", "A!");
        check("U&'z0041' UESCAPE E'z'", "A");
        check("U&'\u{e9}0041' UESCAPE '\u{e9}'", "A");
        check(b"U&'\xe90041\xe9\xe9' UESCAPE '\xe9'", b"A\xe9");
        check("U&'!0041' UESCAPE $$!$$", "A");
        check("U&'!0041' UESCAPE ''\n'!'", "A");
    }

    #[test]
    fn what_the_server_refuses_behind_uescape_is_not_stepped_over() {
        for escape in [
            "'a'", "'F'", "'0'", "'+'", "''''", "'\"'", "' '", "''", "'!!'", "N'!'", "x", "B'1'",
        ] {
            let text = format!("U&\"a\\0062\" UESCAPE {escape}");
            let mut cursor = Cursor::new(Lexer::new(text.as_bytes(), true), text.len());
            let token = cursor.next().unwrap();
            assert_eq!(cursor.name(token), b"ab", "{text}");
            assert!(cursor.is_next("uescape"), "{text}");
        }
    }

    #[test]
    fn names() {
        check("aBc$1\u{c9}", "abc$1\u{c9}");
        check("\"aBc\"\"d\"", "aBc\"d");
        check("U&\"p\\0067_\\+000061uthid\"", "pg_authid");
        check("U&\"!0041\\\"\"\" UESCAPE '!'", "A\\\"");
    }

    /// `truncate_identifier`: 63 bytes, whole characters.
    #[test]
    fn names_are_cut() {
        let a = |count: usize| "a".repeat(count);
        check(a(63), a(63));
        check(a(64), a(63));
        check(format!("\"{}\"", a(64)), a(63));
        check(format!("{}\u{e9}", a(61)), format!("{}\u{e9}", a(61)));
        check(format!("{}\u{e9}", a(62)), a(62));
        check(format!("{}\u{1f600}b", a(60)), a(60));
        check(format!("U&\"{}\\00e9\"", a(62)), a(62));
        check(format!("U&\"{}\\0061\"", a(70)), a(63));
        // In another encoding than UTF-8 it isn't known where characters end.
        check(
            [a(62).as_bytes(), b"\xe9\xe9"].concat(),
            [a(62).as_bytes(), b"\xe9"].concat(),
        );
    }
}
