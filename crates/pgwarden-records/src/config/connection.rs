//! `[pam_database.connection]`, and the same keys as overrides in `[[grant]]`.

use std::ops::RangeInclusive;

use pgwarden_policy::{
    DeniedName, Enforcement, OpaqueCode, REFUSAL_HINT_BYTES_MAX, Setting, Settings, StatementKind,
};

use super::section::{Field, Section};
use super::server::ENFORCEMENTS;

/// A budget of 0 could be meant as none or as unlimited, so it is neither; the other end keeps sums of budgets far from overflow.
const BUDGET: RangeInclusive<u64> = 1..=1_000_000_000_000;
const BUDGET_BYTES: RangeInclusive<u64> = 1..=1 << 40;
const PORTS: RangeInclusive<u64> = 1..=65_535;

/// How many results of `copy_rows` and `copy_bytes` a session may read unless `copy_rows_per_session` and
/// `copy_bytes_per_session` say.
const RESULTS_PER_SESSION: u64 = 10;

/// Connection settings as written; `None` where they aren't.
#[derive(Clone, Default, Debug)]
pub(super) struct Connection {
    pub(super) enable: Option<bool>,
    pub(super) port: Option<u16>,
    pub(super) default_database: Option<String>,
    pub(super) databases: Option<Vec<String>>,
    pub(super) text_session_recording: Option<bool>,
    pub(super) overrides: Overrides,
    /// Settings that ask for something that isn't done and are no policy.
    not_done: Vec<&'static str>,
}

impl Connection {
    /// Takes all connection settings out of a table.
    pub(super) fn take(section: &mut Section<'_>) -> Self {
        if let Some(protocol) = section.take("protocol") {
            // The one protocol there is, so the answer is either none needed or an error.
            protocol.choice(&[("postgresql", ())]);
        }
        let flag = |field: Option<Field<'_>>| field.and_then(|field| field.boolean());
        let enable = flag(section.take("enable"));
        let port = section.take("port").and_then(|field| port(&field));
        let default_database = section
            .take("default_database")
            .and_then(|field| database(&field))
            .map(ToOwned::to_owned);
        let databases = section.take("databases").and_then(|field| {
            let names = field.some_texts()?;
            Some(
                names
                    .iter()
                    .filter_map(|(_, item)| database(item))
                    .map(ToOwned::to_owned)
                    .collect(),
            )
        });
        let recorded = section.take("text_session_recording");
        let text_session_recording = recorded.as_ref().and_then(Field::boolean);
        if let Some(field) = recorded.filter(|_| text_session_recording == Some(false)) {
            field.warning(
                "sessions are recorded all the same, as this version records all or none",
                Some("`mode = \"off\"` in [recording] records none".to_owned()),
            );
        }
        let mut not_done = Vec::new();
        for key in ["graphical_session_recording", "include_key_events"] {
            if flag(section.take(key)) == Some(true) {
                not_done.push(key);
            }
        }
        Self {
            enable,
            port,
            default_database,
            databases,
            text_session_recording,
            overrides: Overrides::take(section),
            not_done,
        }
    }

    /// Whether anything is written that makes a grant's view of a record another than the record's own.
    pub(super) fn is_empty(&self) -> bool {
        let Self {
            enable: _,
            port,
            default_database,
            databases,
            text_session_recording,
            overrides,
            not_done: _,
        } = self;
        port.is_none()
            && default_database.is_none()
            && databases.is_none()
            && text_session_recording.is_none()
            && *overrides == Overrides::default()
    }

    /// What holds for the people of a grant.
    pub(super) fn overridden_by(&self, grant: &Self) -> Self {
        let Self {
            enable,
            port,
            default_database,
            databases,
            text_session_recording,
            overrides,
            not_done,
        } = grant;
        Self {
            enable: enable.or(self.enable),
            port: port.or(self.port),
            default_database: default_database.clone().or_else(|| self.default_database.clone()),
            databases: databases.clone().or_else(|| self.databases.clone()),
            text_session_recording: text_session_recording.or(self.text_session_recording),
            overrides: self.overrides.overridden_by(overrides),
            not_done: not_done.clone(),
        }
    }

    /// Whether whoever asks for no database may have the one that is meant for them.
    pub(super) fn default_is_allowed(&self) -> bool {
        match (&self.default_database, &self.databases) {
            (Some(default), Some(allowed)) => allowed.contains(default),
            _ => true,
        }
    }

    /// What is asked for and not done by this version.
    pub(super) fn not_done(&self) -> &[&'static str] {
        &self.not_done
    }
}

/// A port that can be connected to.
pub(super) fn port(field: &Field<'_>) -> Option<u16> {
    field.integer(&PORTS).and_then(|port| u16::try_from(port).ok())
}

/// The name of a database: a zero byte would end it early in the startup message.
fn database<'a>(field: &Field<'a>) -> Option<&'a str> {
    let name = field.text()?;
    if name.contains('\0') {
        field.error(format!("`{}` can't hold a zero byte", field.key()));
        return None;
    }
    Some(name)
}

/// Whom to ask about what was refused: it goes to clients as it is, and from there to terminals.
pub(super) fn refusal_hint(field: &Field<'_>) -> Option<String> {
    let hint = field.text()?;
    if hint.len() > REFUSAL_HINT_BYTES_MAX {
        field.error(format!(
            "`{}` is {} bytes long, and {REFUSAL_HINT_BYTES_MAX} are allowed",
            field.key(),
            hint.len()
        ));
        return None;
    }
    if !is_printable(hint) {
        field.error(format!(
            "`{}` must be one line of characters that can be seen, without control characters and marks of direction",
            field.key()
        ));
        return None;
    }
    Some(hint.to_owned())
}

/// Nothing that terminals obey, or that shows text in another order than it has; and something besides white space.
fn is_printable(text: &str) -> bool {
    let unseen = |character: char| {
        character.is_control()
            || matches!(
                character,
                '\u{61c}'
                    | '\u{200b}'..='\u{200f}'
                    | '\u{2028}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}'
                    | '\u{feff}'
                    | '\u{fff9}'..='\u{fffb}'
                    | '\u{e0000}'..='\u{e0fff}'
            )
    };
    !text.chars().any(unseen) && !text.trim().is_empty()
}

/// The settings that are policy, as written.
#[derive(Clone, Default, PartialEq, Debug)]
pub(super) struct Overrides {
    can_export_csv: Option<bool>,
    can_import_csv: Option<bool>,
    can_copy_to_clipboard: Option<bool>,
    can_paste_from_clipboard: Option<bool>,
    can_replicate: Option<bool>,
    can_run_server_programs: Option<bool>,
    can_change_credentials: Option<bool>,
    opaque_code: Option<OpaqueCode>,
    read_only: Option<bool>,
    deny_functions: Option<Vec<DeniedName>>,
    deny_relations: Option<Vec<DeniedName>>,
    deny_statements: Option<Vec<StatementKind>>,
    copy_rows: Option<u64>,
    copy_bytes: Option<u64>,
    copy_rows_per_session: Option<u64>,
    copy_bytes_per_session: Option<u64>,
    copy_rows_per_hour: Option<u64>,
    copy_bytes_per_hour: Option<u64>,
    paste_bytes: Option<u64>,
    paste_bytes_per_hour: Option<u64>,
    paste_rows: Option<u64>,
    paste_statements: Option<u64>,
    enforcement: Option<Enforcement>,
    refusal_hint: Option<String>,
}

impl Overrides {
    /// Takes the settings that are policy out of a table.
    pub(super) fn take(section: &mut Section<'_>) -> Self {
        let mut written = Self::default();
        for setting in Setting::ALL {
            if let Some(field) = section.take(setting.as_str()) {
                written.read(*setting, &field);
            }
        }
        written
    }

    fn read(&mut self, setting: Setting, field: &Field<'_>) {
        const OPAQUE_CODES: &[(&str, OpaqueCode)] = &[
            ("refuse", OpaqueCode::Refuse),
            ("scan", OpaqueCode::Scan),
            ("allow", OpaqueCode::Allow),
        ];
        let names = || {
            let read = |(text, item): (&str, Field<'_>)| {
                DeniedName::new(text)
                    .inspect_err(|error| item.error(format!("`{text}` {error}")))
                    .ok()
            };
            Some(field.texts()?.into_iter().filter_map(read).collect())
        };
        let kinds = || {
            let known: Vec<_> = StatementKind::ALL
                .iter()
                .map(|kind| (kind.as_str(), *kind))
                .collect();
            let items = field.texts()?;
            Some(items.iter().filter_map(|(_, item)| item.choice(&known)).collect())
        };
        match setting {
            Setting::CanExportCsv => self.can_export_csv = field.boolean(),
            Setting::CanImportCsv => self.can_import_csv = field.boolean(),
            Setting::CanCopyToClipboard => self.can_copy_to_clipboard = field.boolean(),
            Setting::CanPasteFromClipboard => self.can_paste_from_clipboard = field.boolean(),
            Setting::CanReplicate => self.can_replicate = field.boolean(),
            Setting::CanRunServerPrograms => self.can_run_server_programs = field.boolean(),
            Setting::CanChangeCredentials => self.can_change_credentials = field.boolean(),
            Setting::OpaqueCode => self.opaque_code = field.choice(OPAQUE_CODES),
            Setting::ReadOnly => self.read_only = field.boolean(),
            Setting::DenyFunctions => self.deny_functions = names(),
            Setting::DenyRelations => self.deny_relations = names(),
            Setting::DenyStatements => self.deny_statements = kinds(),
            Setting::CopyRows => self.copy_rows = field.integer(&BUDGET),
            Setting::CopyBytes => self.copy_bytes = field.size(&BUDGET_BYTES),
            Setting::CopyRowsPerSession => self.copy_rows_per_session = field.integer(&BUDGET),
            Setting::CopyBytesPerSession => self.copy_bytes_per_session = field.size(&BUDGET_BYTES),
            Setting::CopyRowsPerHour => self.copy_rows_per_hour = field.integer(&BUDGET),
            Setting::CopyBytesPerHour => self.copy_bytes_per_hour = field.size(&BUDGET_BYTES),
            Setting::PasteBytes => self.paste_bytes = field.size(&BUDGET_BYTES),
            Setting::PasteBytesPerHour => self.paste_bytes_per_hour = field.size(&BUDGET_BYTES),
            Setting::PasteRows => self.paste_rows = field.integer(&BUDGET),
            Setting::PasteStatements => self.paste_statements = field.integer(&BUDGET),
            Setting::Enforcement => self.enforcement = field.choice(ENFORCEMENTS),
            Setting::RefusalHint => self.refusal_hint = refusal_hint(field),
        }
    }

    /// The settings that both write, the other's first.
    pub(super) fn overridden_by(&self, other: &Self) -> Self {
        macro_rules! either {
            ($($setting:ident),* $(,)?) => {
                Self { $($setting: other.$setting.clone().or_else(|| self.$setting.clone())),* }
            };
        }
        either!(
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
            copy_rows_per_hour,
            copy_bytes_per_hour,
            paste_bytes,
            paste_bytes_per_hour,
            paste_rows,
            paste_statements,
            enforcement,
            refusal_hint,
        )
    }

    /// Puts what is written in the place of what holds.
    pub(super) fn apply(&self, settings: &mut Settings) {
        fn put<T: Clone>(place: &mut T, written: Option<&T>) {
            if let Some(value) = written {
                *place = value.clone();
            }
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
            copy_rows_per_hour,
            copy_bytes_per_hour,
            paste_bytes,
            paste_bytes_per_hour,
            paste_rows,
            paste_statements,
            enforcement,
            refusal_hint,
        } = self;
        put(&mut settings.can_export_csv, can_export_csv.as_ref());
        put(&mut settings.can_import_csv, can_import_csv.as_ref());
        put(
            &mut settings.can_copy_to_clipboard,
            can_copy_to_clipboard.as_ref(),
        );
        put(
            &mut settings.can_paste_from_clipboard,
            can_paste_from_clipboard.as_ref(),
        );
        put(&mut settings.can_replicate, can_replicate.as_ref());
        put(
            &mut settings.can_run_server_programs,
            can_run_server_programs.as_ref(),
        );
        put(
            &mut settings.can_change_credentials,
            can_change_credentials.as_ref(),
        );
        put(&mut settings.opaque_code, opaque_code.as_ref());
        put(&mut settings.read_only, read_only.as_ref());
        put(&mut settings.deny_functions, deny_functions.as_ref());
        put(&mut settings.deny_relations, deny_relations.as_ref());
        put(&mut settings.deny_statements, deny_statements.as_ref());
        put(&mut settings.copy_rows, copy_rows.as_ref());
        put(&mut settings.copy_bytes, copy_bytes.as_ref());
        let per_session = copy_rows.map(|rows| rows.saturating_mul(RESULTS_PER_SESSION));
        put(
            &mut settings.copy_rows_per_session,
            copy_rows_per_session.as_ref().or(per_session.as_ref()),
        );
        let per_session = copy_bytes.map(|bytes| bytes.saturating_mul(RESULTS_PER_SESSION));
        put(
            &mut settings.copy_bytes_per_session,
            copy_bytes_per_session.as_ref().or(per_session.as_ref()),
        );
        settings.copy_rows_per_hour = copy_rows_per_hour.or(settings.copy_rows_per_hour);
        settings.copy_bytes_per_hour = copy_bytes_per_hour.or(settings.copy_bytes_per_hour);
        put(&mut settings.paste_bytes, paste_bytes.as_ref());
        settings.paste_bytes_per_hour = paste_bytes_per_hour.or(settings.paste_bytes_per_hour);
        put(&mut settings.paste_rows, paste_rows.as_ref());
        put(&mut settings.paste_statements, paste_statements.as_ref());
        put(&mut settings.enforcement, enforcement.as_ref());
        if refusal_hint.is_some() {
            settings.refusal_hint.clone_from(refusal_hint);
        }
    }
}
