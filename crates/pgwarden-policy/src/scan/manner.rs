//! How the names of a statement are read, by its kind.

use crate::kind::StatementKind;
use crate::split::Language;
use crate::words::Cursor;

/// How the names of a statement are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Manner {
    /// It names nothing but what its first words say.
    Nothing,
    /// By clauses.
    Query,
    /// By clauses, and every other name may be a relation too.
    Definition,
    /// As `Definition`, and a function may be named without being called.
    FunctionDefinition,
    /// It names functions only to drop, describe or grant them.
    Privileges,
}

impl Manner {
    /// Of a statement whose kind is known. `behind` stands behind its first word.
    pub(crate) fn of(kind: StatementKind, language: Language, behind: Cursor<'_>) -> Self {
        use StatementKind as Kind;
        let manner = match kind {
            Kind::Select
            | Kind::Values
            | Kind::Insert
            | Kind::Update
            | Kind::Delete
            | Kind::Merge
            | Kind::CopyTo
            | Kind::CopyFrom
            | Kind::Call
            | Kind::Explain
            | Kind::Prepare
            | Kind::Execute
            | Kind::Declare => Self::Query,
            Kind::Create
            | Kind::CreateFunction
            | Kind::CreateProcedure
            | Kind::Alter
            | Kind::CreateLanguage => {
                if names_functions(behind) {
                    Self::FunctionDefinition
                } else {
                    Self::Definition
                }
            }
            Kind::Lock
            | Kind::Truncate
            | Kind::Vacuum
            | Kind::Analyze
            | Kind::Cluster
            | Kind::Reindex
            | Kind::Refresh
            | Kind::ImportForeignSchema
            | Kind::Unknown => Self::Definition,
            Kind::Drop
            | Kind::Comment
            | Kind::SecurityLabel
            | Kind::Grant
            | Kind::Revoke
            | Kind::Reassign => Self::Privileges,
            Kind::Do
            | Kind::Deallocate
            | Kind::Discard
            | Kind::Fetch
            | Kind::Move
            | Kind::Close
            | Kind::Begin
            | Kind::Commit
            | Kind::Rollback
            | Kind::Savepoint
            | Kind::Release
            | Kind::PrepareTransaction
            | Kind::Set
            | Kind::Reset
            | Kind::Show
            | Kind::Listen
            | Kind::Notify
            | Kind::Unlisten
            | Kind::CreateRole
            | Kind::CreateUserMapping
            | Kind::CreateExtension
            | Kind::AlterRole
            | Kind::AlterUserMapping
            | Kind::AlterSystem
            | Kind::Checkpoint
            | Kind::Load
            | Kind::IdentifySystem
            | Kind::ReadReplicationSlot
            | Kind::BaseBackup
            | Kind::CreateReplicationSlot
            | Kind::AlterReplicationSlot
            | Kind::DropReplicationSlot
            | Kind::StartReplication
            | Kind::TimelineHistory
            | Kind::UploadManifest => Self::Nothing,
        };
        match (language, manner, kind) {
            // A variable may be called like any of these, and be assigned to; a piece of it may be the rest of an expression.
            (Language::PlPgSql, Self::Nothing, _) | (Language::PlPgSql, _, Kind::Unknown) => Self::Query,
            _ => manner,
        }
    }
}

/// Whether CREATE or ALTER of this may name a function without parentheses behind it: `CREATE OPERATOR … (FUNCTION = f)`.
fn names_functions(mut behind: Cursor<'_>) -> bool {
    if behind.eat("or") {
        behind.eat("replace");
    }
    [
        "access",
        "aggregate",
        "cast",
        "constraint",
        "conversion",
        "default",
        "domain",
        "event",
        "foreign",
        "function",
        "language",
        "operator",
        "procedural",
        "procedure",
        "routine",
        "text",
        "transform",
        "trigger",
        "trusted",
        "type",
    ]
    .iter()
    .any(|word| behind.is_next(word))
}
