//! Which settings a privilege undoes: tables of PostgreSQL's roles, attributes, functions and extensions.

use Setting::{
    CanChangeCredentials, CanCopyToClipboard, CanExportCsv, CanImportCsv, CanPasteFromClipboard,
    CanReplicate, CanRunServerPrograms, DenyFunctions, DenyRelations, DenyStatements, OpaqueCode as Opaque,
    ReadOnly,
};
use pgwarden_policy::{DeniedName, OpaqueCode, Setting, Settings};

/// What a privilege undoes, if it is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undoes {
    /// Whatever can be set.
    All,
    /// These.
    These(&'static [Setting]),
    /// None, and it should be known all the same.
    Nothing,
}

/// The settings that refuse something to somebody, in the order of [`Setting::ALL`]. Whether refusals are carried out yet doesn't matter: who tries
/// settings in monitor mode wants to know what would undo them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Undone {
    settings: Vec<Setting>,
    denied_functions: Vec<DeniedName>,
    denied_relations: Vec<DeniedName>,
}

impl Undone {
    pub(super) fn by(settings: &Settings) -> Self {
        let mut undone = Self::default();
        undone.add(settings);
        undone
    }

    /// Those of others too.
    pub(super) fn add(&mut self, settings: &Settings) {
        let of = |setting: &&Setting| self.settings.contains(setting) || refuses(**setting, settings);
        self.settings = Setting::ALL.iter().filter(of).copied().collect();
        self.denied_functions
            .extend(settings.deny_functions.iter().cloned());
        self.denied_relations
            .extend(settings.deny_relations.iter().cloned());
    }

    pub(super) fn contains(&self, setting: Setting) -> bool {
        self.settings.contains(&setting)
    }

    /// Whether calls of a function are refused by its name.
    pub(super) fn denies_function(&self, schema: &str, name: &str) -> bool {
        self.denied_functions
            .iter()
            .any(|denied| denied.is_of(schema, name))
    }

    /// Whether a relation may not be touched.
    pub(super) fn denies_relation(&self, schema: &str, name: &str) -> bool {
        self.denied_relations
            .iter()
            .any(|denied| denied.is_of(schema, name))
    }

    /// The ones that a privilege undoes.
    pub(super) fn of(&self, undoes: Undoes) -> Vec<Setting> {
        match undoes {
            Undoes::All => self.settings.clone(),
            Undoes::These(settings) => {
                let of = |setting: &&Setting| settings.contains(setting);
                self.settings.iter().filter(of).copied().collect()
            }
            Undoes::Nothing => Vec::new(),
        }
    }
}

/// Whether a setting is at a value that refuses something.
fn refuses(setting: Setting, settings: &Settings) -> bool {
    match setting {
        Setting::CanExportCsv => !settings.can_export_csv,
        Setting::CanImportCsv => !settings.can_import_csv,
        Setting::CanCopyToClipboard => !settings.can_copy_to_clipboard,
        Setting::CanPasteFromClipboard => !settings.can_paste_from_clipboard,
        Setting::CanReplicate => !settings.can_replicate,
        Setting::CanRunServerPrograms => !settings.can_run_server_programs,
        Setting::CanChangeCredentials => !settings.can_change_credentials,
        Setting::OpaqueCode => settings.opaque_code != OpaqueCode::Allow,
        Setting::ReadOnly => settings.read_only,
        Setting::DenyFunctions => !settings.deny_functions.is_empty(),
        Setting::DenyRelations => !settings.deny_relations.is_empty(),
        Setting::DenyStatements => !settings.deny_statements.is_empty(),
        // Budgets hold while the clipboard settings are off, which are named already.
        Setting::CopyRows
        | Setting::CopyBytes
        | Setting::CopyRowsPerSession
        | Setting::CopyBytesPerSession
        | Setting::CopyRowsPerHour
        | Setting::CopyBytesPerHour
        | Setting::PasteBytes
        | Setting::PasteBytesPerHour
        | Setting::PasteRows
        | Setting::PasteStatements
        | Setting::Enforcement
        | Setting::RefusalHint => false,
    }
}

/// SQL made from a text, that the analyser sees as a text.
const SQL_OF_TEXT: &[Setting] = &[
    CanCopyToClipboard,
    Opaque,
    DenyFunctions,
    DenyRelations,
    DenyStatements,
];

/// Reading files of the server: also those of its data directory, where every table and every password is.
pub(super) const READING_FILES: Undoes = Undoes::These(&[
    CanImportCsv,
    CanCopyToClipboard,
    CanPasteFromClipboard,
    CanChangeCredentials,
    DenyRelations,
]);

/// Writing files of the server, `postgresql.auto.conf` and `pg_hba.conf` among them.
pub(super) const WRITING_FILES: Undoes = Undoes::These(&[
    CanExportCsv,
    CanCopyToClipboard,
    CanRunServerPrograms,
    CanChangeCredentials,
]);

/// Going to other servers.
pub(super) const OTHER_SERVERS: Undoes = Undoes::These(&[CanCopyToClipboard, CanPasteFromClipboard]);

/// Who owns a database, or may create in it, may install the extensions that are trusted.
pub(super) const TRUSTED_EXTENSIONS: Undoes = Undoes::These(SQL_OF_TEXT);

/// Reading passwords.
pub(super) const PASSWORDS: Undoes = Undoes::These(&[CanChangeCredentials]);

/// Reading the pages of all large objects.
pub(super) const LARGE_OBJECTS: Undoes = Undoes::These(&[CanCopyToClipboard]);

/// What the server loads and runs.
pub(super) const SERVER_PROGRAMS: Undoes = Undoes::These(&[CanRunServerPrograms]);

/// Functions under names that are PostgreSQL's own.
pub(super) const CATALOGUE_NAMES: Undoes = Undoes::These(SQL_OF_TEXT);

/// Writing.
pub(super) const WRITING: Undoes = Undoes::These(&[ReadOnly]);

/// Functions that are denied.
pub(super) const DENIED_FUNCTIONS: Undoes = Undoes::These(&[DenyFunctions]);

/// Relations that are denied.
pub(super) const DENIED_RELATIONS: Undoes = Undoes::These(&[DenyRelations]);

/// Giving roles to others, and so taking another identity.
pub(super) const ADMINISTERING: Undoes = PASSWORDS;

/// What comes with an attribute of a role (`CREATE ROLE`), in words, and what that undoes. `version`: `server_version_num`.
pub(super) fn attribute(name: &str, version: u32) -> (&'static str, Undoes) {
    match name {
        "SUPERUSER" => ("is a superuser", Undoes::All),
        // Until version 16 it gives every role that is no superuser, pg_execute_server_program too (release notes of 16).
        "CREATEROLE" if version < 160_000 => (
            "has CREATEROLE: it may give itself every role but superusers",
            Undoes::All,
        ),
        "CREATEROLE" => (
            "has CREATEROLE: it may create roles and change their passwords",
            PASSWORDS,
        ),
        // Of a database of its own it is the owner.
        "CREATEDB" => (
            "has CREATEDB: it may create databases, and install trusted extensions in them",
            TRUSTED_EXTENSIONS,
        ),
        "REPLICATION" => (
            "has REPLICATION: it may read all changes, and with a base backup all data",
            Undoes::These(&[
                CanCopyToClipboard,
                CanReplicate,
                CanChangeCredentials,
                DenyRelations,
            ]),
        ),
        "BYPASSRLS" => (
            "has BYPASSRLS: it is not held to row-level security",
            Undoes::Nothing,
        ),
        _ => ("has an attribute that pgwarden does not know", Undoes::All),
    }
}

/// What a role that PostgreSQL comes with may do (PREDEFINED-ROLES), and what that undoes. `None`: nothing that matters here.
pub(super) fn predefined_role(name: &str) -> Option<(&'static str, Undoes)> {
    Some(match name {
        "pg_execute_server_program" => ("run programs as the server's own user", Undoes::All),
        "pg_read_server_files" => ("read files of the server", READING_FILES),
        "pg_write_server_files" => ("write files of the server", WRITING_FILES),
        // pg_authid and pg_largeobject are among the tables (`pg_class_aclmask`, catalog/aclchk.c).
        "pg_read_all_data" => (
            "read all tables, those with passwords too",
            Undoes::These(&[CanCopyToClipboard, CanChangeCredentials, DenyRelations]),
        ),
        "pg_write_all_data" => ("write to all tables", Undoes::These(&[ReadOnly, DenyRelations])),
        "pg_maintain" => ("maintain all tables, REFRESH MATERIALIZED VIEW included", WRITING),
        "pg_create_subscription" => (
            "have the server fetch tables from other servers",
            Undoes::These(&[
                CanImportCsv,
                CanCopyToClipboard,
                CanPasteFromClipboard,
                CanReplicate,
            ]),
        ),
        "pg_signal_backend" => ("end sessions and statements of other logins", Undoes::Nothing),
        "pg_monitor" | "pg_read_all_stats" => (
            "see the statements of all sessions, with what passwords they hold",
            Undoes::Nothing,
        ),
        // What pg_database_owner may is found as what it owns and is granted; the others look at states, or keep the server going.
        "pg_database_owner"
        | "pg_read_all_settings"
        | "pg_stat_scan_tables"
        | "pg_checkpoint"
        | "pg_use_reserved_connections"
        | "pg_signal_autovacuum_worker" => return None,
        _ => (
            "do what pgwarden does not know, as the role is newer",
            Undoes::All,
        ),
    })
}

/// Functions of PostgreSQL that only superusers may call unless somebody grants them (`catalog/system_functions.sql`), in words, and what they undo.
/// `pg_logical_*` and `*_to_xml` are not among them: everybody may call those; the former need REPLICATION, the latter read what a SELECT reads.
pub(super) const FUNCTIONS: &[(&str, &str, Undoes)] = &[
    ("lo_export", "write files of the server", WRITING_FILES),
    ("lo_import", "read files of the server", READING_FILES),
    (
        "pg_ls_dir",
        "list directories of the server",
        Undoes::These(&[CanCopyToClipboard]),
    ),
    (
        "pg_read_binary_file",
        "read files of the server's data directory",
        READING_FILES,
    ),
    (
        "pg_read_file",
        "read files of the server's data directory",
        READING_FILES,
    ),
];

/// Extensions whose functions are ways out, in or round, in words, and what they undo. All of their functions count, unless the list names some.
pub(super) const EXTENSIONS: &[(&str, &[&str], &str, Undoes)] = &[
    ("adminpack", &[], "write files of the server", WRITING_FILES),
    ("aws_lambda", &[], "send data elsewhere", OTHER_SERVERS),
    ("aws_s3", &[], "copy tables from and to S3", AWS_S3),
    ("azure_storage", &[], "send data elsewhere", OTHER_SERVERS),
    (
        "dblink",
        // The others need a connection that one of these made.
        &["dblink", "dblink_connect", "dblink_connect_u", "dblink_exec"],
        "run SQL on other servers, and on this one as another role",
        DBLINK,
    ),
    ("http", &[], "send data elsewhere", OTHER_SERVERS),
    (
        "pg_background",
        &[],
        "run SQL that is made from a text",
        Undoes::These(SQL_OF_TEXT),
    ),
    (
        "pg_cron",
        &[],
        "have SQL run later, past pgwarden",
        Undoes::These(&[
            CanExportCsv,
            CanImportCsv,
            CanCopyToClipboard,
            CanPasteFromClipboard,
            Opaque,
            ReadOnly,
            DenyFunctions,
            DenyRelations,
            DenyStatements,
        ]),
    ),
    ("pg_net", &[], "send data elsewhere", OTHER_SERVERS),
    (
        "pg_walinspect",
        &[],
        "read the changes of all tables",
        Undoes::These(&[CanCopyToClipboard, DenyRelations]),
    ),
    (
        "tablefunc",
        &["connectby", "crosstab", "crosstab2", "crosstab3", "crosstab4"],
        "run SQL that is made from a text",
        Undoes::These(SQL_OF_TEXT),
    ),
    (
        "xml2",
        &["xpath_table"],
        "run SQL that is made from a text",
        Undoes::These(SQL_OF_TEXT),
    ),
];

const AWS_S3: Undoes = Undoes::These(&[
    CanExportCsv,
    CanImportCsv,
    CanCopyToClipboard,
    CanPasteFromClipboard,
]);

const DBLINK: Undoes = Undoes::These(&[
    CanExportCsv,
    CanImportCsv,
    CanCopyToClipboard,
    CanPasteFromClipboard,
    CanChangeCredentials,
    Opaque,
    ReadOnly,
    DenyFunctions,
    DenyRelations,
    DenyStatements,
]);

/// Extensions that run SQL or code that is made from a text, if somebody installs them, besides those of [`EXTENSIONS`].
pub(super) const LANGUAGE_EXTENSIONS: &[&str] = &["plperl", "pltcl", "plv8"];

/// Parameters whose privilege SET matters (`PGC_SUSET` of `utils/misc/guc_tables.c`), in words, and what it undoes.
pub(super) const PARAMETERS: &[(&str, &str, Undoes)] = &[
    (
        "allow_system_table_mods",
        "open the catalogue to changes",
        Undoes::All,
    ),
    (
        "dynamic_library_path",
        "say where libraries are loaded from",
        SERVER_PROGRAMS,
    ),
    (
        "lo_compat_privileges",
        "read and write all large objects",
        Undoes::These(&[CanCopyToClipboard, CanPasteFromClipboard]),
    ),
    (
        "session_preload_libraries",
        "say which libraries are loaded",
        SERVER_PROGRAMS,
    ),
];
