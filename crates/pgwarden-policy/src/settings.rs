//! The connection settings that are policy.

use crate::deny::DeniedName;
use crate::kind::StatementKind;

/// What may be done through a record. The default is the secure one: all switches off.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Every `COPY … TO`, to the client, a file or a program.
    pub can_export_csv: bool,
    /// Every `COPY … FROM`.
    pub can_import_csv: bool,
    /// Bulk ways out that are not COPY, and results of any size.
    pub can_copy_to_clipboard: bool,
    /// Bulk ways in that are not COPY, and statements of any size.
    pub can_paste_from_clipboard: bool,
    /// Replication connections and commands.
    pub can_replicate: bool,
    /// `COPY … PROGRAM`, `LOAD`, `ALTER SYSTEM`, untrusted languages.
    pub can_run_server_programs: bool,
    /// Changing and reading passwords, taking another identity.
    pub can_change_credentials: bool,
    /// DO blocks, function bodies, dynamic EXECUTE.
    pub opaque_code: OpaqueCode,
    /// Nothing may be written.
    pub read_only: bool,
    /// Functions that may not be called, besides the built-in lists.
    pub deny_functions: Vec<DeniedName>,
    /// Relations that may not be touched.
    pub deny_relations: Vec<DeniedName>,
    /// Kinds of statement that may not be run, also within others.
    pub deny_statements: Vec<StatementKind>,
    /// Rows that one result may have without `can_copy_to_clipboard`.
    pub copy_rows: u64,
    /// Bytes that one result may have without `can_copy_to_clipboard`.
    pub copy_bytes: u64,
    /// Rows that all results of a session may have without `can_copy_to_clipboard`.
    pub copy_rows_per_session: u64,
    /// Bytes that all results of a session may have without `can_copy_to_clipboard`, with what errors and notifications say.
    pub copy_bytes_per_session: u64,
    /// Rows that a person may read in an hour without `can_copy_to_clipboard`, over all sessions on the record; `None`: any number.
    pub copy_rows_per_hour: Option<u64>,
    /// Bytes of results that a person may read in an hour without `can_copy_to_clipboard`; `None`: any number.
    pub copy_bytes_per_hour: Option<u64>,
    /// Bytes that a statement or its parameters may have without `can_paste_from_clipboard`.
    pub paste_bytes: u64,
    /// Bytes of statements and parameters that a person may send in an hour without `can_paste_from_clipboard`; `None`: any number.
    pub paste_bytes_per_hour: Option<u64>,
    /// Rows that a VALUES list may have without `can_paste_from_clipboard`.
    pub paste_rows: u64,
    /// Statements that one query may have without `can_paste_from_clipboard`.
    pub paste_statements: u64,
    /// Whether refusals are carried out.
    pub enforcement: Enforcement,
    /// Whom to ask, in the words of whoever administers pgwarden: the HINT of refusals. At most
    /// [`REFUSAL_HINT_BYTES_MAX`](crate::REFUSAL_HINT_BYTES_MAX) bytes.
    pub refusal_hint: Option<String>,
}

/// What to do with code in literals: DO blocks, CREATE FUNCTION and PROCEDURE, dynamic EXECUTE.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum OpaqueCode {
    /// Refuse all of it.
    Refuse,
    /// Read it for what the other settings forbid, and refuse what can't be read.
    #[default]
    Scan,
    /// Don't look into it.
    Allow,
}

impl OpaqueCode {
    /// The value as a configuration spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Scan => "scan",
            Self::Allow => "allow",
        }
    }
}

/// Whether refusals are carried out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Enforcement {
    /// They are.
    #[default]
    Enforce,
    /// They are counted, logged and recorded, and the statement passes.
    Monitor,
}

impl Enforcement {
    /// The value as a configuration spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Monitor => "monitor",
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            can_export_csv: false,
            can_import_csv: false,
            can_copy_to_clipboard: false,
            can_paste_from_clipboard: false,
            can_replicate: false,
            can_run_server_programs: false,
            can_change_credentials: false,
            opaque_code: OpaqueCode::Scan,
            read_only: false,
            deny_functions: Vec::new(),
            deny_relations: Vec::new(),
            deny_statements: Vec::new(),
            copy_rows: 10_000,
            copy_bytes: 8 * 1024 * 1024,
            copy_rows_per_session: 100_000,
            copy_bytes_per_session: 80 * 1024 * 1024,
            copy_rows_per_hour: None,
            copy_bytes_per_hour: None,
            paste_bytes: 64 * 1024,
            paste_bytes_per_hour: None,
            paste_rows: 1_000,
            paste_statements: 20,
            enforcement: Enforcement::Enforce,
            refusal_hint: None,
        }
    }
}

impl Settings {
    /// Whether no statement of any kind could be refused for what it does. `opaque_code = "scan"` forbids nothing by itself.
    /// Does not depend on `enforcement`.
    pub fn forbids_nothing(&self) -> bool {
        // Whole, so that a new setting has to be thought of here. Budgets bind only while the clipboard settings are off.
        let Self {
            can_export_csv,
            can_import_csv,
            can_copy_to_clipboard,
            can_paste_from_clipboard,
            can_replicate,
            can_run_server_programs,
            can_change_credentials,
            opaque_code,
            read_only,
            deny_functions,
            deny_relations,
            deny_statements,
            copy_rows: _,
            copy_bytes: _,
            copy_rows_per_session: _,
            copy_bytes_per_session: _,
            copy_rows_per_hour: _,
            copy_bytes_per_hour: _,
            paste_bytes: _,
            paste_bytes_per_hour: _,
            paste_rows: _,
            paste_statements: _,
            enforcement: _,
            refusal_hint: _,
        } = self;
        *can_export_csv
            && *can_import_csv
            && *can_copy_to_clipboard
            && *can_paste_from_clipboard
            && *can_replicate
            && *can_run_server_programs
            && *can_change_credentials
            && *opaque_code != OpaqueCode::Refuse
            && !*read_only
            && deny_functions.is_empty()
            && deny_relations.is_empty()
            && deny_statements.is_empty()
    }

    /// Whether the server, too, is to keep the session's transactions read-only. It is asked at the login, so a session that began
    /// otherwise can't be relied on: what existing functions write isn't seen in any text.
    pub fn makes_server_read_only(&self) -> bool {
        self.read_only && self.enforcement == Enforcement::Enforce
    }

    /// How strictly code is looked at. Where nothing may be written, it is read at the least: code that isn't could switch that off.
    pub(crate) fn opaque_code_in_force(&self) -> OpaqueCode {
        match self.opaque_code {
            OpaqueCode::Allow if self.read_only => OpaqueCode::Scan,
            OpaqueCode::Refuse | OpaqueCode::Scan | OpaqueCode::Allow => self.opaque_code,
        }
    }

    /// Whether `newer` may refuse something that `self` allowed, so that what was allowed before has to be judged again.
    pub fn takes_away(&self, newer: &Settings) -> bool {
        if newer.enforcement == Enforcement::Monitor {
            return false;
        }
        if self.enforcement == Enforcement::Monitor {
            return !newer.forbids_nothing();
        }
        let Self {
            can_export_csv,
            can_import_csv,
            can_copy_to_clipboard,
            can_paste_from_clipboard,
            can_replicate,
            can_run_server_programs,
            can_change_credentials,
            opaque_code,
            read_only,
            deny_functions,
            deny_relations,
            deny_statements,
            copy_rows,
            copy_bytes,
            copy_rows_per_session,
            copy_bytes_per_session,
            // What passes by the hour is counted as it passes, whatever was judged before.
            copy_rows_per_hour: _,
            copy_bytes_per_hour: _,
            paste_bytes,
            paste_bytes_per_hour: _,
            paste_rows,
            paste_statements,
            enforcement: _,
            refusal_hint: _,
        } = self;
        (*can_export_csv && !newer.can_export_csv)
            || (*can_import_csv && !newer.can_import_csv)
            || (*can_copy_to_clipboard && !newer.can_copy_to_clipboard)
            || (*can_paste_from_clipboard && !newer.can_paste_from_clipboard)
            || (*can_replicate && !newer.can_replicate)
            || (*can_run_server_programs && !newer.can_run_server_programs)
            || (*can_change_credentials && !newer.can_change_credentials)
            || *opaque_code > newer.opaque_code
            || (!*read_only && newer.read_only)
            || newly_denied(deny_functions, &newer.deny_functions)
            || newly_denied(deny_relations, &newer.deny_relations)
            || newly_denied(deny_statements, &newer.deny_statements)
            || *copy_rows > newer.copy_rows
            || *copy_bytes > newer.copy_bytes
            || *copy_rows_per_session > newer.copy_rows_per_session
            || *copy_bytes_per_session > newer.copy_bytes_per_session
            || *paste_bytes > newer.paste_bytes
            || *paste_rows > newer.paste_rows
            || *paste_statements > newer.paste_statements
    }
}

fn newly_denied<T: PartialEq>(old: &[T], new: &[T]) -> bool {
    new.iter().any(|name| !old.contains(name))
}

/// The name of a connection setting.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Setting {
    /// Every `COPY … TO`.
    CanExportCsv,
    /// Every `COPY … FROM`.
    CanImportCsv,
    /// Bulk ways out that are not COPY.
    CanCopyToClipboard,
    /// Bulk ways in that are not COPY.
    CanPasteFromClipboard,
    /// Replication connections and commands.
    CanReplicate,
    /// `COPY … PROGRAM`, `LOAD`, `ALTER SYSTEM`, untrusted languages.
    CanRunServerPrograms,
    /// Changing and reading passwords, taking another identity.
    CanChangeCredentials,
    /// What to do with code in literals.
    OpaqueCode,
    /// Nothing may be written.
    ReadOnly,
    /// Functions that may not be called.
    DenyFunctions,
    /// Relations that may not be touched.
    DenyRelations,
    /// Kinds of statement that may not be run.
    DenyStatements,
    /// Rows that a result may have without `can_copy_to_clipboard`.
    CopyRows,
    /// Bytes that a result may have without `can_copy_to_clipboard`.
    CopyBytes,
    /// Rows that a session may read without `can_copy_to_clipboard`.
    CopyRowsPerSession,
    /// Bytes that a session may read without `can_copy_to_clipboard`.
    CopyBytesPerSession,
    /// Rows that a person may read in an hour without `can_copy_to_clipboard`.
    CopyRowsPerHour,
    /// Bytes of results that a person may read in an hour without `can_copy_to_clipboard`.
    CopyBytesPerHour,
    /// Bytes that a statement may have without `can_paste_from_clipboard`.
    PasteBytes,
    /// Bytes that a person may send in an hour without `can_paste_from_clipboard`.
    PasteBytesPerHour,
    /// Rows that a VALUES list may have without `can_paste_from_clipboard`.
    PasteRows,
    /// Statements that a query may have without `can_paste_from_clipboard`.
    PasteStatements,
    /// Whether refusals are carried out or only reported.
    Enforcement,
    /// The HINT of refusals.
    RefusalHint,
}

impl Setting {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::CanExportCsv,
        Self::CanImportCsv,
        Self::CanCopyToClipboard,
        Self::CanPasteFromClipboard,
        Self::CanReplicate,
        Self::CanRunServerPrograms,
        Self::CanChangeCredentials,
        Self::OpaqueCode,
        Self::ReadOnly,
        Self::DenyFunctions,
        Self::DenyRelations,
        Self::DenyStatements,
        Self::CopyRows,
        Self::CopyBytes,
        Self::CopyRowsPerSession,
        Self::CopyBytesPerSession,
        Self::CopyRowsPerHour,
        Self::CopyBytesPerHour,
        Self::PasteBytes,
        Self::PasteBytesPerHour,
        Self::PasteRows,
        Self::PasteStatements,
        Self::Enforcement,
        Self::RefusalHint,
    ];

    /// The key in a configuration, and the metric label: `can_export_csv`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CanExportCsv => "can_export_csv",
            Self::CanImportCsv => "can_import_csv",
            Self::CanCopyToClipboard => "can_copy_to_clipboard",
            Self::CanPasteFromClipboard => "can_paste_from_clipboard",
            Self::CanReplicate => "can_replicate",
            Self::CanRunServerPrograms => "can_run_server_programs",
            Self::CanChangeCredentials => "can_change_credentials",
            Self::OpaqueCode => "opaque_code",
            Self::ReadOnly => "read_only",
            Self::DenyFunctions => "deny_functions",
            Self::DenyRelations => "deny_relations",
            Self::DenyStatements => "deny_statements",
            Self::CopyRows => "copy_rows",
            Self::CopyBytes => "copy_bytes",
            Self::CopyRowsPerSession => "copy_rows_per_session",
            Self::CopyBytesPerSession => "copy_bytes_per_session",
            Self::CopyRowsPerHour => "copy_rows_per_hour",
            Self::CopyBytesPerHour => "copy_bytes_per_hour",
            Self::PasteBytes => "paste_bytes",
            Self::PasteBytesPerHour => "paste_bytes_per_hour",
            Self::PasteRows => "paste_rows",
            Self::PasteStatements => "paste_statements",
            Self::Enforcement => "enforcement",
            Self::RefusalHint => "refusal_hint",
        }
    }
}
