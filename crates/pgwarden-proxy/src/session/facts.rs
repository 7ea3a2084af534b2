//! What a recording says of its session before anything happens.

use std::collections::BTreeMap;
use std::time::SystemTime;

use pgwarden_policy::{DeniedName, Setting, Settings};
use pgwarden_recording::{ClientProcess, SessionFacts, SessionId, TlsUsed};
use pgwarden_records::RecordName;

use crate::channel::TlsFacts;
use crate::login::Login;
use crate::shared::Versioned;
use crate::stream::ClientAddress;

pub(super) fn facts(
    id: SessionId,
    current: &Versioned,
    login: &Login,
    from: ClientAddress,
    listener: Option<&RecordName>,
    parameters: &[(Vec<u8>, Vec<u8>)],
    server_tls: Option<&TlsFacts>,
) -> SessionFacts {
    let version = parameters.iter().find(|(name, _)| name == b"server_version");
    let mut facts = SessionFacts::new(
        id,
        SystemTime::now(),
        &login.person,
        login.access.record.name.as_str(),
    );
    facts.database = Some(login.database.clone());
    facts.client_address = Some(from.to_string());
    facts.client_process = from.peer().map(|peer| ClientProcess {
        uid: peer.uid,
        gid: peer.gid,
        pid: peer.pid,
    });
    facts.application_name.clone_from(&login.application_name);
    facts.server_version = version.map(|(_, value)| String::from_utf8_lossy(value).into_owned());
    facts.listener = listener.map(|record| record.as_str().to_owned());
    facts.replication = login.replication.map(str::to_owned);
    env!("CARGO_PKG_VERSION").clone_into(&mut facts.pgwarden_version);
    facts.settings = settings_text(&login.access.settings);
    facts.tls = login.tls.as_ref().map(|tls| TlsUsed {
        client_certificate: tls
            .certificate
            .as_ref()
            .map(|certificate| certificate.subject().to_owned()),
        ..recorded_tls(&tls.facts)
    });
    facts.server_tls = server_tls.map(recorded_tls);
    facts
        .settings
        .insert("epoch".to_owned(), current.epoch.to_string());
    facts
}

fn recorded_tls(facts: &TlsFacts) -> TlsUsed {
    TlsUsed {
        version: facts.version.to_owned(),
        cipher: facts.cipher.clone(),
        client_certificate: None,
    }
}

/// The settings as the configuration writes them.
pub(super) fn settings_text(settings: &Settings) -> BTreeMap<String, String> {
    Setting::ALL
        .iter()
        .map(|setting| (setting.as_str().to_owned(), value_of(settings, *setting)))
        .collect()
}

fn value_of(settings: &Settings, setting: Setting) -> String {
    let budget = |budget: Option<u64>| budget.map_or_else(|| "none".to_owned(), |budget| budget.to_string());
    let list = |items: Vec<&str>| format!("[{}]", items.join(", "));
    let names = |names: &[DeniedName]| list(names.iter().map(DeniedName::as_str).collect());
    match setting {
        Setting::CanExportCsv => settings.can_export_csv.to_string(),
        Setting::CanImportCsv => settings.can_import_csv.to_string(),
        Setting::CanCopyToClipboard => settings.can_copy_to_clipboard.to_string(),
        Setting::CanPasteFromClipboard => settings.can_paste_from_clipboard.to_string(),
        Setting::CanReplicate => settings.can_replicate.to_string(),
        Setting::CanRunServerPrograms => settings.can_run_server_programs.to_string(),
        Setting::CanChangeCredentials => settings.can_change_credentials.to_string(),
        Setting::OpaqueCode => settings.opaque_code.as_str().to_owned(),
        Setting::ReadOnly => settings.read_only.to_string(),
        Setting::DenyFunctions => names(&settings.deny_functions),
        Setting::DenyRelations => names(&settings.deny_relations),
        Setting::DenyStatements => list(
            settings
                .deny_statements
                .iter()
                .map(|kind| kind.as_str())
                .collect(),
        ),
        Setting::CopyRows => settings.copy_rows.to_string(),
        Setting::CopyBytes => settings.copy_bytes.to_string(),
        Setting::CopyRowsPerSession => settings.copy_rows_per_session.to_string(),
        Setting::CopyBytesPerSession => settings.copy_bytes_per_session.to_string(),
        Setting::CopyRowsPerHour => budget(settings.copy_rows_per_hour),
        Setting::CopyBytesPerHour => budget(settings.copy_bytes_per_hour),
        Setting::PasteBytes => settings.paste_bytes.to_string(),
        Setting::PasteBytesPerHour => budget(settings.paste_bytes_per_hour),
        Setting::PasteRows => settings.paste_rows.to_string(),
        Setting::PasteStatements => settings.paste_statements.to_string(),
        Setting::Enforcement => settings.enforcement.as_str().to_owned(),
        Setting::RefusalHint => settings.refusal_hint.clone().unwrap_or_default(),
    }
}
