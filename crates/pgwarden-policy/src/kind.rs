//! What a statement is called.

/// What a statement is. The names are those of metric labels, of `policy explain` and of `deny_statements`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum StatementKind {
    /// `SELECT`, `TABLE`, and `WITH` around them.
    Select,
    /// `VALUES`.
    Values,
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
    /// `MERGE`.
    Merge,
    /// `COPY … TO`.
    CopyTo,
    /// `COPY … FROM`.
    CopyFrom,
    /// `CALL`.
    Call,
    /// `DO`.
    Do,
    /// `EXPLAIN`.
    Explain,
    /// `PREPARE`.
    Prepare,
    /// `EXECUTE`.
    Execute,
    /// `DEALLOCATE`.
    Deallocate,
    /// `DISCARD`.
    Discard,
    /// `DECLARE … CURSOR`.
    Declare,
    /// `FETCH`.
    Fetch,
    /// `MOVE`.
    Move,
    /// `CLOSE`.
    Close,
    /// `BEGIN`, `START TRANSACTION`.
    Begin,
    /// `COMMIT`, `END`, `COMMIT PREPARED`.
    Commit,
    /// `ROLLBACK`, `ABORT`, `ROLLBACK TO`, `ROLLBACK PREPARED`.
    Rollback,
    /// `SAVEPOINT`.
    Savepoint,
    /// `RELEASE`.
    Release,
    /// `PREPARE TRANSACTION`.
    PrepareTransaction,
    /// `SET`.
    Set,
    /// `RESET`.
    Reset,
    /// `SHOW`.
    Show,
    /// `LISTEN`.
    Listen,
    /// `NOTIFY`.
    Notify,
    /// `UNLISTEN`.
    Unlisten,
    /// `LOCK`.
    Lock,
    /// `TRUNCATE`.
    Truncate,
    /// `CREATE` of anything that has no kind of its own.
    Create,
    /// `CREATE FUNCTION`.
    CreateFunction,
    /// `CREATE PROCEDURE`.
    CreateProcedure,
    /// `CREATE ROLE`, `USER`, `GROUP`.
    CreateRole,
    /// `CREATE USER MAPPING`.
    CreateUserMapping,
    /// `CREATE EXTENSION`.
    CreateExtension,
    /// `CREATE LANGUAGE`.
    CreateLanguage,
    /// `ALTER` of anything that has no kind of its own.
    Alter,
    /// `ALTER ROLE`, `USER`, `GROUP`.
    AlterRole,
    /// `ALTER USER MAPPING`.
    AlterUserMapping,
    /// `ALTER SYSTEM`.
    AlterSystem,
    /// `DROP`.
    Drop,
    /// `COMMENT`.
    Comment,
    /// `SECURITY LABEL`.
    SecurityLabel,
    /// `GRANT`.
    Grant,
    /// `REVOKE`.
    Revoke,
    /// `REASSIGN OWNED`.
    Reassign,
    /// `VACUUM`.
    Vacuum,
    /// `ANALYZE`.
    Analyze,
    /// `CLUSTER`, `REPACK`.
    Cluster,
    /// `REINDEX`.
    Reindex,
    /// `REFRESH MATERIALIZED VIEW`.
    Refresh,
    /// `CHECKPOINT`.
    Checkpoint,
    /// `LOAD`.
    Load,
    /// `IMPORT FOREIGN SCHEMA`.
    ImportForeignSchema,
    /// `IDENTIFY_SYSTEM` of the replication protocol.
    IdentifySystem,
    /// `READ_REPLICATION_SLOT` of the replication protocol.
    ReadReplicationSlot,
    /// `BASE_BACKUP` of the replication protocol.
    BaseBackup,
    /// `CREATE_REPLICATION_SLOT` of the replication protocol.
    CreateReplicationSlot,
    /// `ALTER_REPLICATION_SLOT` of the replication protocol.
    AlterReplicationSlot,
    /// `DROP_REPLICATION_SLOT` of the replication protocol.
    DropReplicationSlot,
    /// `START_REPLICATION` of the replication protocol.
    StartReplication,
    /// `TIMELINE_HISTORY` of the replication protocol.
    TimelineHistory,
    /// `UPLOAD_MANIFEST` of the replication protocol.
    UploadManifest,
    /// Nothing that is known; the server will most likely refuse it.
    Unknown,
}

impl StatementKind {
    /// All kinds, for metrics that start at zero and for checking names in a configuration.
    pub const ALL: &[Self] = &[
        Self::Select,
        Self::Values,
        Self::Insert,
        Self::Update,
        Self::Delete,
        Self::Merge,
        Self::CopyTo,
        Self::CopyFrom,
        Self::Call,
        Self::Do,
        Self::Explain,
        Self::Prepare,
        Self::Execute,
        Self::Deallocate,
        Self::Discard,
        Self::Declare,
        Self::Fetch,
        Self::Move,
        Self::Close,
        Self::Begin,
        Self::Commit,
        Self::Rollback,
        Self::Savepoint,
        Self::Release,
        Self::PrepareTransaction,
        Self::Set,
        Self::Reset,
        Self::Show,
        Self::Listen,
        Self::Notify,
        Self::Unlisten,
        Self::Lock,
        Self::Truncate,
        Self::Create,
        Self::CreateFunction,
        Self::CreateProcedure,
        Self::CreateRole,
        Self::CreateUserMapping,
        Self::CreateExtension,
        Self::CreateLanguage,
        Self::Alter,
        Self::AlterRole,
        Self::AlterUserMapping,
        Self::AlterSystem,
        Self::Drop,
        Self::Comment,
        Self::SecurityLabel,
        Self::Grant,
        Self::Revoke,
        Self::Reassign,
        Self::Vacuum,
        Self::Analyze,
        Self::Cluster,
        Self::Reindex,
        Self::Refresh,
        Self::Checkpoint,
        Self::Load,
        Self::ImportForeignSchema,
        Self::IdentifySystem,
        Self::ReadReplicationSlot,
        Self::BaseBackup,
        Self::CreateReplicationSlot,
        Self::AlterReplicationSlot,
        Self::DropReplicationSlot,
        Self::StartReplication,
        Self::TimelineHistory,
        Self::UploadManifest,
        Self::Unknown,
    ];

    /// Whether it is a command of the replication protocol, of which the server takes one a query and gives several results to some.
    pub fn is_replication(self) -> bool {
        matches!(
            self,
            Self::IdentifySystem
                | Self::ReadReplicationSlot
                | Self::BaseBackup
                | Self::CreateReplicationSlot
                | Self::AlterReplicationSlot
                | Self::DropReplicationSlot
                | Self::StartReplication
                | Self::TimelineHistory
                | Self::UploadManifest
        )
    }

    /// The name: `copy_to`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Values => "values",
            Self::Insert => "insert",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Merge => "merge",
            Self::CopyTo => "copy_to",
            Self::CopyFrom => "copy_from",
            Self::Call => "call",
            Self::Do => "do",
            Self::Explain => "explain",
            Self::Prepare => "prepare",
            Self::Execute => "execute",
            Self::Deallocate => "deallocate",
            Self::Discard => "discard",
            Self::Declare => "declare",
            Self::Fetch => "fetch",
            Self::Move => "move",
            Self::Close => "close",
            Self::Begin => "begin",
            Self::Commit => "commit",
            Self::Rollback => "rollback",
            Self::Savepoint => "savepoint",
            Self::Release => "release",
            Self::PrepareTransaction => "prepare_transaction",
            Self::Set => "set",
            Self::Reset => "reset",
            Self::Show => "show",
            Self::Listen => "listen",
            Self::Notify => "notify",
            Self::Unlisten => "unlisten",
            Self::Lock => "lock",
            Self::Truncate => "truncate",
            Self::Create => "create",
            Self::CreateFunction => "create_function",
            Self::CreateProcedure => "create_procedure",
            Self::CreateRole => "create_role",
            Self::CreateUserMapping => "create_user_mapping",
            Self::CreateExtension => "create_extension",
            Self::CreateLanguage => "create_language",
            Self::Alter => "alter",
            Self::AlterRole => "alter_role",
            Self::AlterUserMapping => "alter_user_mapping",
            Self::AlterSystem => "alter_system",
            Self::Drop => "drop",
            Self::Comment => "comment",
            Self::SecurityLabel => "security_label",
            Self::Grant => "grant",
            Self::Revoke => "revoke",
            Self::Reassign => "reassign",
            Self::Vacuum => "vacuum",
            Self::Analyze => "analyze",
            Self::Cluster => "cluster",
            Self::Reindex => "reindex",
            Self::Refresh => "refresh",
            Self::Checkpoint => "checkpoint",
            Self::Load => "load",
            Self::ImportForeignSchema => "import_foreign_schema",
            Self::IdentifySystem => "identify_system",
            Self::ReadReplicationSlot => "read_replication_slot",
            Self::BaseBackup => "base_backup",
            Self::CreateReplicationSlot => "create_replication_slot",
            Self::AlterReplicationSlot => "alter_replication_slot",
            Self::DropReplicationSlot => "drop_replication_slot",
            Self::StartReplication => "start_replication",
            Self::TimelineHistory => "timeline_history",
            Self::UploadManifest => "upload_manifest",
            Self::Unknown => "unknown",
        }
    }
}
