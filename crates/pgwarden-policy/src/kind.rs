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
    /// Whether a statement of this kind changes data, definitions or statistics by itself. CALL may: a procedure can begin a
    /// transaction that isn't read-only, as functions can't.
    pub fn writes(self) -> bool {
        matches!(
            self,
            Self::Call
                | Self::Insert
                | Self::Update
                | Self::Delete
                | Self::Merge
                | Self::CopyFrom
                | Self::Truncate
                | Self::Create
                | Self::CreateFunction
                | Self::CreateProcedure
                | Self::CreateRole
                | Self::CreateUserMapping
                | Self::CreateExtension
                | Self::CreateLanguage
                | Self::Alter
                | Self::AlterRole
                | Self::AlterUserMapping
                | Self::AlterSystem
                | Self::Drop
                | Self::Comment
                | Self::SecurityLabel
                | Self::Grant
                | Self::Revoke
                | Self::Reassign
                | Self::Vacuum
                | Self::Analyze
                | Self::Cluster
                | Self::Reindex
                | Self::Refresh
                | Self::ImportForeignSchema
        )
    }

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

    /// Whether it can read no more of a relation than its size and statistics, changes none of its rows, and holds no expression.
    pub(crate) fn only_maintains(self) -> bool {
        matches!(
            self,
            Self::Vacuum | Self::Analyze | Self::Reindex | Self::Cluster | Self::Lock
        )
    }

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

    /// The kind of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// The words for people: `COPY TO`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Values => "VALUES",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Merge => "MERGE",
            Self::CopyTo => "COPY TO",
            Self::CopyFrom => "COPY FROM",
            Self::Call => "CALL",
            Self::Do => "DO",
            Self::Explain => "EXPLAIN",
            Self::Prepare => "PREPARE",
            Self::Execute => "EXECUTE",
            Self::Deallocate => "DEALLOCATE",
            Self::Discard => "DISCARD",
            Self::Declare => "DECLARE",
            Self::Fetch => "FETCH",
            Self::Move => "MOVE",
            Self::Close => "CLOSE",
            Self::Begin => "BEGIN",
            Self::Commit => "COMMIT",
            Self::Rollback => "ROLLBACK",
            Self::Savepoint => "SAVEPOINT",
            Self::Release => "RELEASE",
            Self::PrepareTransaction => "PREPARE TRANSACTION",
            Self::Set => "SET",
            Self::Reset => "RESET",
            Self::Show => "SHOW",
            Self::Listen => "LISTEN",
            Self::Notify => "NOTIFY",
            Self::Unlisten => "UNLISTEN",
            Self::Lock => "LOCK",
            Self::Truncate => "TRUNCATE",
            Self::Create => "CREATE",
            Self::CreateFunction => "CREATE FUNCTION",
            Self::CreateProcedure => "CREATE PROCEDURE",
            Self::CreateRole => "CREATE ROLE",
            Self::CreateUserMapping => "CREATE USER MAPPING",
            Self::CreateExtension => "CREATE EXTENSION",
            Self::CreateLanguage => "CREATE LANGUAGE",
            Self::Alter => "ALTER",
            Self::AlterRole => "ALTER ROLE",
            Self::AlterUserMapping => "ALTER USER MAPPING",
            Self::AlterSystem => "ALTER SYSTEM",
            Self::Drop => "DROP",
            Self::Comment => "COMMENT",
            Self::SecurityLabel => "SECURITY LABEL",
            Self::Grant => "GRANT",
            Self::Revoke => "REVOKE",
            Self::Reassign => "REASSIGN",
            Self::Vacuum => "VACUUM",
            Self::Analyze => "ANALYZE",
            Self::Cluster => "CLUSTER",
            Self::Reindex => "REINDEX",
            Self::Refresh => "REFRESH",
            Self::Checkpoint => "CHECKPOINT",
            Self::Load => "LOAD",
            Self::ImportForeignSchema => "IMPORT FOREIGN SCHEMA",
            Self::IdentifySystem => "IDENTIFY_SYSTEM",
            Self::ReadReplicationSlot => "READ_REPLICATION_SLOT",
            Self::BaseBackup => "BASE_BACKUP",
            Self::CreateReplicationSlot => "CREATE_REPLICATION_SLOT",
            Self::AlterReplicationSlot => "ALTER_REPLICATION_SLOT",
            Self::DropReplicationSlot => "DROP_REPLICATION_SLOT",
            Self::StartReplication => "START_REPLICATION",
            Self::TimelineHistory => "TIMELINE_HISTORY",
            Self::UploadManifest => "UPLOAD_MANIFEST",
            Self::Unknown => "an unknown statement",
        }
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

/// A set of kinds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct KindSet(u128);

impl KindSet {
    /// Puts a kind in.
    pub fn add(&mut self, kind: StatementKind) {
        self.0 |= Self::bit(kind);
    }

    /// Puts all of another set in.
    pub fn add_all(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether a kind is in it.
    pub fn contains(self, kind: StatementKind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    /// The kinds in it, in the order of [`StatementKind::ALL`].
    pub fn iter(self) -> impl Iterator<Item = StatementKind> {
        StatementKind::ALL
            .iter()
            .copied()
            .filter(move |kind| self.contains(*kind))
    }

    fn bit(kind: StatementKind) -> u128 {
        const {
            assert!(StatementKind::ALL.len() <= 128, "each kind needs a bit");
        }
        #[expect(clippy::as_conversions, reason = "discriminants count up from 0, as ALL does")]
        let index = kind as u32;
        1_u128.checked_shl(index).unwrap_or(0)
    }
}
