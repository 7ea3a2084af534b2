//! COPY, decided by its tokens alone.

use crate::facts::{CopyDirection, CopyEnd, DemandKind};
use crate::lexer::TokenKind;
use crate::words::{Cursor, Words};

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
