//! Commands of the replication protocol (`repl_scanner.l`, `repl_gram.y`).

use crate::facts::{CopyDirection, DemandKind};
use crate::kind::StatementKind;
use crate::lexer::TokenKind;
use crate::statement::Found;
use crate::words::{Cursor, Words};

/// The words that begin a command, and the copy that it starts. SHOW is one too, but tells nothing that its SQL form doesn't.
const COMMANDS: &[(&str, Option<CopyDirection>)] = &[
    ("alter_replication_slot", None),
    ("base_backup", Some(CopyDirection::Out)),
    ("create_replication_slot", None),
    ("drop_replication_slot", None),
    ("identify_system", None),
    ("read_replication_slot", None),
    ("start_replication", Some(CopyDirection::Both)),
    ("timeline_history", None),
    ("upload_manifest", Some(CopyDirection::In)),
];

/// Whether the text is such a command. It is then one command as a whole.
pub(crate) fn read(mut cursor: Cursor<'_>, found: &mut Found) -> bool {
    let text = cursor.text();
    let Some(token) = cursor.next().filter(|token| token.kind == TokenKind::Word) else {
        return false;
    };
    let Some((_, copy)) = COMMANDS.iter().find(|(word, _)| text.is(token, word)) else {
        return false;
    };
    found.kind = StatementKind::Replication;
    found.copy = *copy;
    found.demand(DemandKind::Replication, token.start..token.end);
    true
}
