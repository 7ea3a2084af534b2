//! Commands of the replication protocol.
//!
//! On a replication connection the server looks at the first token of a simple query with a scanner of its own. Where that is one
//! of the keywords below, the text as a whole is one command of the replication grammar; where it isn't, the text as a whole is SQL
//! (`replication_scanner_is_replication_command`, `replication/repl_scanner.l`). That scanner knows upper case only and no comments.
//!
//! No SQL statement begins with one of these words. So a server that doesn't know a word yet finds a syntax error in the whole text, and runs
//! nothing of it. SHOW, which is a keyword too, is an SQL statement as well, and is left to be read as one: what may stand behind
//! it in SQL is then judged even though the replication grammar takes nothing there.

use crate::excerpt::excerpt;
use crate::facts::{CopyDirection, Demand, DemandKind, Facts, ServerProgram, StatementFacts};
use crate::kind::StatementKind;

/// A keyword that makes a text a replication command, its kind, and the copy that the command begins.
const COMMANDS: &[(&str, StatementKind, Option<CopyDirection>)] = &[
    (
        "ALTER_REPLICATION_SLOT",
        StatementKind::AlterReplicationSlot,
        None,
    ),
    ("BASE_BACKUP", StatementKind::BaseBackup, Some(CopyDirection::Out)),
    (
        "CREATE_REPLICATION_SLOT",
        StatementKind::CreateReplicationSlot,
        None,
    ),
    ("DROP_REPLICATION_SLOT", StatementKind::DropReplicationSlot, None),
    ("IDENTIFY_SYSTEM", StatementKind::IdentifySystem, None),
    ("READ_REPLICATION_SLOT", StatementKind::ReadReplicationSlot, None),
    (
        "START_REPLICATION",
        StatementKind::StartReplication,
        Some(CopyDirection::Both),
    ),
    ("TIMELINE_HISTORY", StatementKind::TimelineHistory, None),
    (
        "UPLOAD_MANIFEST",
        StatementKind::UploadManifest,
        Some(CopyDirection::In),
    ),
];

/// The facts of a replication command; `None` for what the server reads as SQL, and for SHOW.
pub(crate) fn read(text: &[u8]) -> Option<Facts> {
    let start = text.iter().position(|&byte| !is_space(byte))?;
    let word_end = text
        .iter()
        .skip(start)
        .position(|&byte| !continues_word(byte))
        .map_or(text.len(), |bytes| start.saturating_add(bytes));
    let word = text.get(start..word_end)?;
    let (_, kind, copy) = COMMANDS.iter().find(|(keyword, ..)| keyword.as_bytes() == word)?;
    let range = start..end_of_command(text).max(word_end);
    let demand = |kind| Demand {
        kind,
        span: start..word_end,
        in_body: false,
        excerpt: excerpt(text, &range, &(start..word_end), &[]),
    };
    let mut demands = vec![demand(DemandKind::Replication)];
    // A slot's name and the options of the command hold no slash, so it stands in the name of the output plugin, which the server then loads
    // from wherever that says (`expand_dynamic_library_name`, utils/fmgr/dfmgr.c).
    if *kind == StatementKind::CreateReplicationSlot && memchr::memchr(b'/', text).is_some() {
        demands.push(demand(DemandKind::ServerProgram(ServerProgram::OutputPlugin)));
    }
    Some(Facts {
        statements: vec![StatementFacts {
            demands,
            copy: *copy,
            ..StatementFacts::new(*kind, range)
        }],
        bytes: text.len(),
        ..Facts::default()
    })
}

/// Where the command ends, without the semicolon that may follow it.
fn end_of_command(text: &[u8]) -> usize {
    let trimmed = |text: &[u8]| {
        text.iter()
            .rposition(|&byte| !is_space(byte))
            .map_or(0, |last| last.saturating_add(1))
    };
    let end = trimmed(text);
    match text.get(..end).unwrap_or_default().split_last() {
        Some((b';', before)) => trimmed(before),
        _ => end,
    }
}

/// `space` of `repl_scanner.l`, to which the vertical tab belongs from 17 on.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// `ident_cont` of `repl_scanner.l`.
fn continues_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..)
}
