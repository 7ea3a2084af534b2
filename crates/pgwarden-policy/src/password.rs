//! Secrets in statements, which must never be recorded.

use std::ops::Range;

use memchr::memmem;

use crate::facts::{Credentials, DemandKind, SecretLiteral};
use crate::kind::StatementKind;
use crate::lexer::{Token, TokenKind};
use crate::split::Piece;
use crate::statement::Found;
use crate::words::{Cursor, Words};

/// Most secrets of one statement that are kept apart: each is kept three times over and looked at when excerpts are cut.
const SECRETS_MAX: usize = 100;

/// Looks for secrets behind the word PASSWORD.
///
/// In `CREATE` and `ALTER ROLE` everything counts that may stand there in place of a literal, since people forget quotes;
/// elsewhere (`OPTIONS (password '…')`, a misspelled ALTER) a literal right behind the word.
pub(crate) fn read(mut cursor: Cursor<'_>, piece: &Piece, found: &mut Found) {
    let text = cursor.text();
    let of_role = matches!(found.kind, StatementKind::CreateRole | StatementKind::AlterRole);
    if of_role {
        // CREATE ROLE name: a role may be called password.
        for _ in 0..3 {
            cursor.next();
        }
    }
    while let Some(token) = cursor.next() {
        let quoted = text.get(token.start..token.end) == Some(br#""password""#);
        if !quoted && !text.is(token, "password") {
            continue;
        }
        if of_role {
            found.demand(
                DemandKind::Credentials(Credentials::Password),
                piece.range.clone(),
            );
            while cursor.is_next_kind(TokenKind::Operator) {
                cursor.next();
            }
        }
        let Some(secret) = cursor.peek() else { return };
        // Beyond so many, what follows is one: no statement that the server takes has more.
        if found.secrets.len() >= SECRETS_MAX {
            found.secrets.push(written(text, secret.start..piece.range.end));
            return;
        }
        if matches!(secret.kind, TokenKind::String(_)) {
            cursor.next();
            let value = cursor.string(secret);
            let end = cursor.position();
            if of_role && cursor.peek().is_some_and(goes_on) {
                found.secrets.push(written(text, secret.start..piece.range.end));
                return;
            }
            let raw = text.get(secret.start..end).unwrap_or_default().to_vec();
            found
                .secrets
                .push(SecretLiteral::new(secret.start..end, raw, value));
        } else if of_role && !text.is(secret, "null") {
            found.secrets.push(written(text, secret.start..piece.range.end));
            return;
        }
    }
}

/// Whether an expression goes on with this behind a literal. The server takes none there, but has read the text by then.
/// The next option may stand between quotes (`"createdb"`).
fn goes_on(token: Token) -> bool {
    !token.is_name() && !matches!(token.kind, TokenKind::Comma | TokenKind::Close)
}

/// A secret that is no literal: it is what it looks like.
fn written(text: &[u8], range: Range<usize>) -> SecretLiteral {
    let bytes = text.get(range.clone()).unwrap_or_default();
    SecretLiteral::new(range, bytes.to_vec(), bytes.to_vec())
}

/// In a text that can't be read to its end: everything behind the word, if a role may be meant.
pub(crate) fn of_unreadable(text: &[u8]) -> Option<SecretLiteral> {
    let lower = text.to_ascii_lowercase();
    let verb = [b"alter".as_slice(), b"create"]
        .iter()
        .filter_map(|verb| memmem::find(&lower, verb))
        .min()?;
    let word = b"password";
    let found = memmem::find(lower.get(verb..)?, word)?;
    let start = verb.saturating_add(found).saturating_add(word.len());
    let range = start..text.len();
    let bytes = text.get(range.clone())?.trim_ascii();
    (!bytes.is_empty()).then(|| SecretLiteral::new(range, bytes.to_vec(), bytes.to_vec()))
}

/// Whether code may set a password by SQL that it builds: a verb, right behind it a role, and somewhere behind them the word.
pub(crate) fn may_be_built(code: &[u8]) -> bool {
    let lower = code.to_ascii_lowercase();
    let Some(word) = memmem::rfind(&lower, b"password") else {
        return false;
    };
    let head = lower.get(..word).unwrap_or_default();
    ["alter", "create"].iter().any(|verb| {
        memmem::find_iter(head, verb).any(|at| {
            let object = head
                .get(at.saturating_add(verb.len())..)
                .unwrap_or_default()
                .trim_ascii_start();
            ["role", "user", "group"]
                .iter()
                .any(|word| object.starts_with(word.as_bytes()))
        })
    })
}
