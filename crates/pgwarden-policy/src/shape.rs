//! Statements without what makes each of them another: for counting alike ones together, and for reading texts that were masked.

use std::borrow::Cow;

use crate::lexer::{Lexer, Token, TokenKind};
use crate::words::Words as _;

/// Longest shape of a statement, in bytes: enough to know it again.
pub const SHAPE_BYTES_MAX: usize = 500;

/// What stands for a literal, a number or a parameter.
const VALUE: &str = "?";

/// The text with its literals, numbers and parameters as `?`, keywords and names without quotes in lower case, white space and comments drawn
/// together, and lists of values cut to their first. At most [`SHAPE_BYTES_MAX`] bytes. It holds no secret: those are literals.
///
/// ```
/// assert_eq!(
///     pgwarden_policy::shape(b"SELECT * FROM t -- all\n WHERE id IN (1, 2, 3) AND name = 'Ann';", true),
///     "select * from t where id in (?, …) and name = ?"
/// );
/// ```
pub fn shape(sql: &[u8], standard_conforming_strings: bool) -> String {
    let mut lexer = Lexer::new(sql, standard_conforming_strings);
    let mut words = String::new();
    let mut gap = false;
    let mut list = List::None;
    while let Some(token) = lexer.next_token()
        && words.len() <= SHAPE_BYTES_MAX
    {
        if matches!(token.kind, TokenKind::Space | TokenKind::Comment) {
            gap = true;
            continue;
        }
        let bytes = sql.get(token.start..token.end).unwrap_or_default();
        let value = is_value(token, bytes);
        match list {
            List::Comma { cut } if value => {
                if !cut {
                    words.push_str(", …");
                }
                list = List::Value { cut: true };
                gap = false;
                continue;
            }
            List::Value { cut } if token.kind == TokenKind::Comma => {
                list = List::Comma { cut };
                gap = false;
                continue;
            }
            List::Comma { .. } => words.push(','),
            List::None | List::Value { .. } => {}
        }
        if gap && !words.is_empty() {
            words.push(' ');
        }
        gap = false;
        if value {
            words.push_str(VALUE);
            list = List::Value { cut: false };
            continue;
        }
        list = List::None;
        let text = String::from_utf8_lossy(bytes);
        if token.kind == TokenKind::Word {
            words.push_str(&text.to_ascii_lowercase());
        } else {
            words.push_str(&text);
        }
    }
    let mut shape = words.trim_end_matches([';', ' ']).to_owned();
    if shape.len() > SHAPE_BYTES_MAX {
        shape.truncate(shape.floor_char_boundary(SHAPE_BYTES_MAX.saturating_sub('…'.len_utf8())));
        shape.push('…');
    }
    shape
}

/// How far a list of values has come.
#[derive(Clone, Copy)]
enum List {
    None,
    /// Behind a value, of which those before it may have been left out.
    Value {
        cut: bool,
    },
    /// Behind the comma behind it, which is not shown yet.
    Comma {
        cut: bool,
    },
}

fn is_value(token: Token, bytes: &[u8]) -> bool {
    matches!(
        token.kind,
        TokenKind::String(_) | TokenKind::Number | TokenKind::Parameter | TokenKind::Unterminated(_)
    ) || is_mask(token, bytes)
}

/// What a literal was masked by in a recording: a `*` for each of its bytes. No operator of PostgreSQL is spelled so.
fn is_mask(token: Token, bytes: &[u8]) -> bool {
    token.kind == TokenKind::Operator && bytes.len() > 1 && bytes.iter().all(|&byte| byte == b'*')
}

/// A text as it was recorded, with literals of the same length where passwords were masked, so that it reads as it did. `None`: something else
/// was masked too, such as the code around a password, and what it did can't be told any more.
pub fn unmasked(sql: &[u8], standard_conforming_strings: bool) -> Option<Cow<'_, [u8]>> {
    if memchr::memmem::find(sql, b"**").is_none() {
        return Some(Cow::Borrowed(sql));
    }
    let mut lexer = Lexer::new(sql, standard_conforming_strings);
    let mut text = Cow::Borrowed(sql);
    let mut behind_password = false;
    while let Some(token) = lexer.next_significant() {
        let bytes = sql.get(token.start..token.end).unwrap_or_default();
        if is_mask(token, bytes) {
            if !behind_password {
                return None;
            }
            let text = text.to_mut();
            for quote in [token.start, token.end.saturating_sub(1)] {
                if let Some(byte) = text.get_mut(quote) {
                    *byte = b'\'';
                }
            }
        }
        behind_password = sql.is(token, "password");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        for (sql, expected) in [
            ("", ""),
            (" ; ", ""),
            ("SELECT 1", "select ?"),
            ("select  'a' , $1,2;", "select ?, …"),
            ("select 1,a, 2,3 ,b", "select ?,a, ?, …,b"),
            (
                "insert into t values (1, 'a', null), (2, E'b', null)",
                "insert into t values (?, …, null), (?, …, null)",
            ),
            ("select a.B, \"C\" from T", "select a.b, \"C\" from t"),
            ("do $$ begin copy t to stdout; end $$", "do ?"),
            ("copy/**/t to STDOUT", "copy t to stdout"),
            ("create role r password *********", "create role r password ?"),
            ("select 'open", "select ?"),
            ("select f(1,g(2,3),4)", "select f(?,g(?, …),?)"),
        ] {
            assert_eq!(shape(sql.as_bytes(), true), expected, "{sql}");
        }
        let long = shape("select a, ".repeat(1000).as_bytes(), true);
        assert!(long.len() <= SHAPE_BYTES_MAX && long.ends_with('…'), "{long}");
        shape(&[0xff; 5000], true);
    }

    #[test]
    fn passwords_that_were_masked_read_as_literals_again() {
        for (sql, expected) in [
            ("select 1", Some("select 1")),
            ("select 2 * 3 /* ** */", Some("select 2 * 3 /* ** */")),
            (
                "alter role r password ***** createdb",
                Some("alter role r password '***' createdb"),
            ),
            ("do ************", None),
        ] {
            let found = unmasked(sql.as_bytes(), true);
            assert_eq!(found.as_deref(), expected.map(str::as_bytes), "{sql}");
        }
    }
}
