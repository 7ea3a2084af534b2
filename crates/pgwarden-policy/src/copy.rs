//! COPY, decided by its tokens alone.

use crate::facts::{CopyDirection, CopyEnd, CopyFacts, CopySource, DemandKind};
use crate::lexer::TokenKind;
use crate::words::{Cursor, Words};

/// How much is kept of what is written for a format.
const FORMAT_BYTES_MAX: usize = 63;

/// What a COPY does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Copy {
    /// None where no direction is to be found; the server then refuses it.
    pub(crate) direction: Option<CopyDirection>,
    /// The side that is not a relation or query.
    pub(crate) end: CopyEnd,
}

/// Reads what stands behind the word COPY.
///
/// The direction is the first TO or FROM outside of parentheses. Both are reserved, so a name without quotes is spelled
/// like that only behind a dot (`COPY public.to TO STDOUT`). STDIN and STDOUT are the same to the grammar.
pub(crate) fn read(mut cursor: Cursor<'_>) -> Copy {
    let text = cursor.text();
    let mut behind_dot = false;
    let direction = loop {
        if cursor.eat_parentheses() {
            behind_dot = false;
            continue;
        }
        let Some(token) = cursor.next() else { break None };
        if !behind_dot && text.is(token, "to") {
            break Some(CopyDirection::Out);
        }
        if !behind_dot && text.is(token, "from") {
            break Some(CopyDirection::In);
        }
        behind_dot = token.kind == TokenKind::Dot;
    };
    let end = match cursor.next() {
        Some(token) if direction.is_none() || matches!(token.kind, TokenKind::Unterminated(_)) => {
            CopyEnd::Unclear
        }
        Some(token) if text.is(token, "stdin") || text.is(token, "stdout") => CopyEnd::Client,
        Some(token) if text.is(token, "program") => CopyEnd::Program,
        Some(token) if matches!(token.kind, TokenKind::String(_)) => CopyEnd::ServerFile,
        Some(_) | None => CopyEnd::Unclear,
    };
    Copy { direction, end }
}

/// What is copied, of a COPY that reads as one. `cursor` stands behind the word.
pub(crate) fn facts(mut cursor: Cursor<'_>, copy: Copy) -> Option<CopyFacts> {
    copy.direction?;
    let text = cursor.text();
    let start = cursor.peek()?.start;
    let binary = { cursor }.eat("binary");
    let source = if cursor.eat_parentheses() {
        CopySource::Query(start..cursor.position())
    } else {
        CopySource::Relation
    };
    let mut format = if binary { "binary" } else { "text" }.to_owned();
    let mut behind_dot = false;
    // The options stand behind the other end; FORMAT is in parentheses there, CSV and BINARY are not.
    let mut ended = false;
    while let Some(token) = cursor.next() {
        if !ended {
            ended = !behind_dot && (text.is(token, "to") || text.is(token, "from"));
            behind_dot = token.kind == TokenKind::Dot;
        } else if text.is(token, "csv") || text.is(token, "binary") {
            format = String::from_utf8_lossy(text.get(token.start..token.end)?).to_ascii_lowercase();
        } else if text.is(token, "format") {
            format = String::from_utf8_lossy(&cursor.eat_name_or_string()?).into_owned();
            break;
        } else if text.is(token, "where") {
            break;
        }
    }
    format.truncate(format.floor_char_boundary(FORMAT_BYTES_MAX));
    Some(CopyFacts {
        source,
        end: copy.end,
        format,
    })
}

impl Copy {
    /// Whether it is more than a name spelled `copy` with something behind it.
    pub(crate) fn is_certain(self) -> bool {
        self.direction.is_some() && self.end != CopyEnd::Unclear
    }

    /// What it asks for, and the direction of what it starts with the client.
    pub(crate) fn demands(self) -> (Vec<DemandKind>, Option<CopyDirection>) {
        let Self { direction, end } = self;
        let mut demands = match direction {
            Some(CopyDirection::Out) => vec![DemandKind::CopyTo { target: end }],
            Some(CopyDirection::In) => vec![DemandKind::CopyFrom { source: end }],
            Some(CopyDirection::Both) | None => {
                vec![
                    DemandKind::CopyTo { target: end },
                    DemandKind::CopyFrom { source: end },
                ]
            }
        };
        if end == CopyEnd::Program {
            demands.push(DemandKind::CopyProgram);
        }
        let client = direction.filter(|_| matches!(end, CopyEnd::Client | CopyEnd::Unclear));
        (demands, client)
    }
}
