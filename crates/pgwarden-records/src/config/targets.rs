//! `[[pam_configuration]]`, `[[pam_user]]` and `[[pam_database]]`: what people reach, and with which login.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use pgwarden_policy::{Setting, Settings};
use rustls::sign::CertifiedKey;

use super::connection::{self, Connection};
use super::section::{Field, Section, listed};
use super::tls::{self, DatabaseDraft, Files};
use super::{Names, secret_file};
use crate::grant::{Entry, Grant, View};
use crate::person::check_name;
use crate::secret::PASSWORD_BYTES_MAX;
use crate::{DatabaseTls, Host, PasswordSource, Record, RecordName, Secret, ServerConfig};

/// PostgreSQL's own (`DEF_PGPORT`).
const DEFAULT_PORT: u16 = 5432;

/// Longest host name (RFC 1035).
const HOST_BYTES_MAX: usize = 253;

/// Longest directory that leaves room for the longest name of a socket in `sun_path` (unix(7): 108 bytes with a zero byte).
const SOCKET_DIRECTORY_BYTES_MAX: usize = 107 - "/.s.PGSQL.65535".len();

/// Hosts of one record; they are tried one after the other while the client waits.
const HOSTS_MAX: usize = 16;

/// All records, with what is needed to see them as a grant does.
pub(super) struct Targets<'a> {
    names: Names<'a>,
    records: BTreeMap<RecordName, Draft>,
}

/// A record as written.
struct Draft {
    hosts: Vec<(String, Option<u16>)>,
    port: Option<u16>,
    tls: DatabaseTls,
    pam_user: String,
    login: String,
    password: Option<PasswordSource>,
    connection: Connection,
}

struct PamUser {
    login: String,
    password: Option<PasswordSource>,
    /// What it logs in with besides, or instead.
    certificate: Option<Arc<CertifiedKey>>,
}

/// Reads all three lists.
pub(super) fn read<'a>(
    configurations: Vec<Section<'a>>,
    pam_users: Vec<Section<'a>>,
    databases: Vec<Section<'a>>,
    files: &mut Files,
) -> Targets<'a> {
    let mut user_names = Names::new("pam_user");
    let mut users = BTreeMap::new();
    for section in pam_users {
        if let Some((name, user)) = read_user(section, &mut user_names, files) {
            users.insert(name, user);
        }
    }
    let mut configuration_names = Names::new("pam_configuration");
    let mut configuration_tls = BTreeMap::new();
    for section in configurations {
        if let Some((name, tls)) = read_configuration(section, &mut configuration_names, files) {
            configuration_tls.insert(name, tls);
        }
    }
    let mut targets = Targets {
        names: Names::new("pam_database"),
        records: BTreeMap::new(),
    };
    for section in databases {
        let context = (&configuration_names, &configuration_tls, &user_names, &users);
        if let Some((name, draft)) = read_database(section, &mut targets.names, context, files) {
            targets.records.insert(name, draft);
        }
    }
    targets
}

fn plain_name(name: &str) -> Result<String, crate::person::NameError> {
    check_name(name).map(|()| name.to_owned())
}

/// `tls` as far as it is known: what isn't written, what is wrong and was reported, what is right.
#[derive(Clone)]
enum WrittenTls {
    Absent,
    Wrong,
    Draft(DatabaseDraft),
}

impl WrittenTls {
    fn read(field: Option<&Field<'_>>, files: &mut Files) -> Self {
        match field {
            None => Self::Absent,
            Some(field) => tls::read_database(field, files).map_or(Self::Wrong, Self::Draft),
        }
    }
}

fn read_configuration<'a>(
    mut section: Section<'a>,
    names: &mut Names<'a>,
    files: &mut Files,
) -> Option<(String, WrittenTls)> {
    let name = names.take(&mut section, plain_name);
    let tls = WrittenTls::read(section.take("tls").as_ref(), files);
    section.not_supported(&["administrative_credential"]);
    section.finish();
    Some((name?, tls))
}

fn read_user<'a>(
    mut section: Section<'a>,
    names: &mut Names<'a>,
    files: &mut Files,
) -> Option<(String, PamUser)> {
    let name = names.take(&mut section, plain_name);
    let login = section.require("login").and_then(|field| {
        let login = field.text()?;
        if login.contains('\0') {
            field.error("`login` can't hold a zero byte");
        }
        Some(login.to_owned())
    });
    let password = section.take("password").and_then(|field| read_password(&field));
    let certificate = match (section.take("client_cert"), section.take("client_key")) {
        (None, None) => None,
        (Some(certificate), Some(key)) => tls::certified_key(&certificate, &key, files),
        (Some(_), None) => {
            section.error("key `client_key` is missing".to_owned(), None);
            None
        }
        (None, Some(_)) => {
            section.error("key `client_cert` is missing".to_owned(), None);
            None
        }
    };
    section.finish();
    Some((
        name?,
        PamUser {
            login: login?,
            password,
            certificate,
        },
    ))
}

fn read_password(field: &Field<'_>) -> Option<PasswordSource> {
    const ALLOWED: &str =
        "a string that is not empty, or one of { file = \"…\" }, { env = \"…\" } and { exec = [\"…\"] }";
    if let Some(text) = field.as_str() {
        if text.is_empty() || text.len() > PASSWORD_BYTES_MAX || text.contains('\0') {
            let limit = format!("a string of 1 to {PASSWORD_BYTES_MAX} bytes without zero bytes");
            field.unfit_secret(&limit);
            return None;
        }
        field.warning(
            "the password is written in the configuration, where everyone who may read it sees it",
            Some("move it to a file and write password = { file = \"…\" }".to_owned()),
        );
        return Some(PasswordSource::Literal(Secret::new(text.as_bytes().to_owned())));
    }
    let Some(mut section) = field.as_table() else {
        field.unfit_secret(ALLOWED);
        return None;
    };
    let mut later = false;
    for key in ["vault", "ksm"] {
        if let Some(source) = section.take(key) {
            source.not_supported();
            later = true;
        }
    }
    let mut sources = Vec::new();
    if let Some(file) = section.take("file") {
        sources.push(file.text().map(|path| {
            let path = file.source().resolve(path);
            secret_file::warn_of_readers(&file, &path);
            if let Err(error) = path.metadata() {
                // It may come later: it is read for each login.
                file.warning(format!("{} can't be read now: {error}", path.display()), None);
            }
            PasswordSource::File(path)
        }));
    }
    if let Some(variable) = section.take("env") {
        sources.push(variable.text().and_then(|name| environment(&variable, name)));
    }
    if let Some(command) = section.take("exec") {
        sources.push(read_command(&command));
    }
    if sources.len() > 1 {
        field.unfit_secret("one of { file }, { env } and { exec }");
    }
    if sources.is_empty() && section.is_empty() && !later {
        field.unfit_secret(ALLOWED);
    }
    section.finish();
    sources.into_iter().next().flatten()
}

fn read_command(field: &Field<'_>) -> Option<PasswordSource> {
    if !field.is_array() {
        // A whole command line, which may hold a secret.
        field.unfit_secret("a list of a program and its arguments");
        return None;
    }
    let mut words = Vec::new();
    for (word, item) in field.some_texts()? {
        if word.contains('\0') {
            item.error("an argument can't hold a zero byte");
        }
        words.push(word.to_owned());
    }
    if let Some(program) = words.first_mut().filter(|program| program.contains('/')) {
        *program = field.source().resolve(program).to_string_lossy().into_owned();
    }
    Some(PasswordSource::Command(words))
}

fn environment(field: &Field<'_>, name: &str) -> Option<PasswordSource> {
    if name.contains(['=', '\0']) {
        field.unfit_secret("the name of an environment variable");
        return None;
    }
    if std::env::var_os(name).is_none() {
        field.warning(
            format!("environment variable {} is not set", name.escape_debug()),
            None,
        );
    }
    Some(PasswordSource::Environment(name.to_owned()))
}

/// What a record may refer to: names of PAM configurations and their `tls`, names of PAM users and their logins.
type Context<'c, 'a> = (
    &'c Names<'a>,
    &'c BTreeMap<String, WrittenTls>,
    &'c Names<'a>,
    &'c BTreeMap<String, PamUser>,
);

fn read_database<'a>(
    mut section: Section<'a>,
    names: &mut Names<'a>,
    (configurations, configuration_tls, user_names, users): Context<'_, 'a>,
    files: &mut Files,
) -> Option<(RecordName, Draft)> {
    let name = names.take(&mut section, RecordName::new);
    let configuration = section.require("pam_configuration").and_then(|field| {
        let name = field.text()?;
        configurations.check_known(&field, name);
        Some(name)
    });
    let own_tls = section.take("tls");
    let mut tls = WrittenTls::read(own_tls.as_ref(), files);
    if let WrittenTls::Absent = tls {
        // A PAM configuration that doesn't exist was reported; what it might say about TLS isn't known.
        tls = configuration
            .and_then(|name| configuration_tls.get(name))
            .cloned()
            .unwrap_or(WrittenTls::Wrong);
    }
    let hosts = section.require("host").map(|field| hosts(&field, &tls));
    let port = section.take("port").and_then(|field| connection::port(&field));
    let user = section.require("pam_user").and_then(|field| {
        let name = field.text()?;
        user_names.check_known(&field, name);
        Some((name.to_owned(), users.get(name)?))
    });
    let every_host_has_its_own = hosts
        .as_ref()
        .is_some_and(|hosts| hosts.iter().all(|(_, port)| port.is_some()));
    let mut connection = Connection::default();
    if let Some(field) = section.take("connection") {
        let of = name
            .as_ref()
            .map(|name| format!(" of record \"{name}\""))
            .unwrap_or_default();
        if let Some(mut section) = field.section(&format!("[pam_database.connection]{of}")) {
            connection = Connection::take(&mut section);
            section.finish();
        }
    }
    if every_host_has_its_own && (port.is_some() || connection.port.is_some()) {
        section.warning("`port` has no effect, as each host has its own".to_owned(), None);
    }
    if let Some(name) = &name {
        check_databases(&section, &connection);
        warn_not_done(&section, &format!("on record \"{name}\""), connection.not_done());
    }
    let tls = user
        .as_ref()
        .and_then(|(pam_user, user)| complete_tls(&section, tls, pam_user, user));
    section.finish_with(|key| {
        let setting = Setting::ALL.iter().any(|setting| setting.as_str() == key);
        let other = [
            "protocol",
            "enable",
            "default_database",
            "databases",
            "text_session_recording",
        ]
        .contains(&key);
        (setting || other).then(|| format!("write `{key}` under [pam_database.connection]"))
    });
    let (pam_user, user) = user?;
    let draft = Draft {
        hosts: hosts?,
        tls: tls?,
        port,
        pam_user,
        login: user.login.clone(),
        password: user.password.clone(),
        connection,
    };
    Some((name?, draft))
}

/// TLS of a record that logs in as `user`. `None`: what is wrong was reported.
fn complete_tls(section: &Section<'_>, tls: WrittenTls, name: &str, user: &PamUser) -> Option<DatabaseTls> {
    let tls = match tls {
        // Hosts on other machines were reported.
        WrittenTls::Absent => DatabaseDraft::LOCAL,
        WrittenTls::Draft(draft) => draft,
        WrittenTls::Wrong => return None,
    };
    if tls.is_disabled() && user.certificate.is_some() {
        section.warning(
            format!(
                "`client_cert` of pam_user \"{}\" has no effect without TLS",
                name.escape_debug()
            ),
            None,
        );
    }
    match tls.complete(user.certificate.clone()) {
        Ok(tls) => Some(tls),
        Err(error) => {
            section.error(format!("TLS can't be set up for it: {error}"), None);
            None
        }
    }
}

/// The default has to be allowed, else whoever asks for nothing is always refused.
pub(super) fn check_databases(section: &Section<'_>, connection: &Connection) {
    if let Some(default) = &connection.default_database
        && !connection.default_is_allowed()
    {
        let default = default.escape_debug();
        section.error(
            format!("`default_database` is \"{default}\", which is not among `databases`"),
            Some(format!("add \"{default}\" to `databases`")),
        );
    }
}

pub(super) fn warn_not_done(section: &Section<'_>, place: &str, settings: &[&str]) {
    if !settings.is_empty() {
        let names = listed(settings.iter().map(|name| format!("`{name}`")), "and");
        section.warning(
            format!("{place}, this version does not carry out {names} yet"),
            None,
        );
    }
}

fn hosts(field: &Field<'_>, tls: &WrittenTls) -> Vec<(String, Option<u16>)> {
    let items = if field.is_array() {
        field.some_texts().unwrap_or_default()
    } else {
        field
            .text()
            .map(|text| (text, field.clone()))
            .into_iter()
            .collect()
    };
    if items.len() > HOSTS_MAX {
        field.error(format!("`host` lists more than {HOSTS_MAX} hosts"));
    }
    let mut hosts = Vec::new();
    for (text, item) in items {
        let Some((host, port)) = parse_host(text) else {
            let hint = text
                .contains(',')
                .then(|| "write several hosts as a list: [\"a\", \"b:5433\"]".to_owned());
            item.unfit("a host name, an IP address or a socket directory, such as \"db1\", \"db1:5433\", \"[::1]:5433\" or \"/run/postgresql\"", hint);
            continue;
        };
        if matches!(tls, WrittenTls::Absent) && !stays_on_this_machine(&host) {
            item.error_with_hint(
                format!(
                    "\"{}\" is another machine, and nothing says how what passes is protected",
                    host.escape_debug()
                ),
                tls::DATABASE_HINT,
            );
        }
        hosts.push((host, port));
    }
    hosts
}

/// Splits `host`, `host:port`, `[address]:port`, `address` and `/directory`.
pub(super) fn parse_host(text: &str) -> Option<(String, Option<u16>)> {
    if text.len() > HOST_BYTES_MAX || text.chars().any(char::is_control) {
        return None;
    }
    if text.starts_with('/') {
        return (text.len() <= SOCKET_DIRECTORY_BYTES_MAX).then(|| (text.to_owned(), None));
    }
    if text.parse::<IpAddr>().is_ok() {
        return Some((text.to_owned(), None));
    }
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            let port = if after.is_empty() {
                None
            } else {
                Some(after.strip_prefix(':')?)
            };
            (address, port)
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let port = match port {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().ok().filter(|&port| port > 0)?)
        }
        Some(_) => return None,
        None => None,
    };
    let is_name = |host: &str| {
        host.chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
    };
    (!host.is_empty() && (is_name(host) || text.starts_with('['))).then(|| (host.to_owned(), port))
}

fn stays_on_this_machine(host: &str) -> bool {
    host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback())
}

impl<'a> Targets<'a> {
    /// Reports a value that names a record that doesn't exist.
    pub(super) fn check_known(&self, field: &Field<'a>) {
        if let Some(name) = field.as_str() {
            self.names.check_known(field, name);
        }
    }

    /// Whether a record of this name is written, right or wrong.
    pub(super) fn is_written(&self, record: &str) -> bool {
        self.names.fields.contains_key(record)
    }

    /// Whether the name of any record that is written, right or wrong, is like this.
    pub(super) fn is_any_written(&self, like: impl Fn(&str) -> bool) -> bool {
        self.names.fields.keys().any(|name| like(name))
    }

    /// Whether nobody gets in.
    pub(super) fn is_disabled(&self, record: &RecordName) -> bool {
        self.records
            .get(record)
            .is_some_and(|draft| draft.connection.enable == Some(false))
    }

    /// The name of a record, unless it was reported.
    pub(super) fn record_name(&self, name: &str) -> Option<&RecordName> {
        self.records.get_key_value(name).map(|(name, _)| name)
    }

    /// The names of records that weren't reported.
    pub(super) fn record_names(&self) -> impl Iterator<Item = &RecordName> {
        self.records.keys()
    }

    /// The settings of a record together with those of a grant.
    pub(super) fn combined(&self, record: &RecordName, grant: &Connection) -> Option<Connection> {
        Some(self.records.get(record)?.connection.overridden_by(grant))
    }

    /// Makes the grant's own view of each of its records, if it has one.
    pub(super) fn resolve_views(&self, grant: &mut Grant, connection: &Connection, server: &ServerConfig) {
        if connection.is_empty() {
            return;
        }
        for name in &grant.records {
            if let (Some(draft), Some(combined)) = (self.records.get(name), self.combined(name, connection)) {
                grant
                    .views
                    .insert(name.clone(), draft.view(name, &combined, server));
            }
        }
    }

    /// The records, checked.
    pub(super) fn into_entries(self, server: &ServerConfig) -> BTreeMap<RecordName, Entry> {
        let entry = |(name, draft): (RecordName, Draft)| {
            let enabled = draft.connection.enable.unwrap_or(true);
            let plain = draft.view(&name, &draft.connection, server);
            (name, Entry { enabled, plain })
        };
        self.records.into_iter().map(entry).collect()
    }
}

impl Draft {
    /// The record with these connection settings. Where they don't say, `enforcement` and `refusal_hint` of `[server]` hold.
    fn view(&self, name: &RecordName, connection: &Connection, server: &ServerConfig) -> View {
        let port = connection.port.or(self.port).unwrap_or(DEFAULT_PORT);
        let hosts = self.hosts.iter();
        let hosts = hosts
            .map(|(host, own)| Host {
                host: host.clone(),
                port: own.unwrap_or(port),
            })
            .collect();
        let mut settings = Settings {
            enforcement: server.enforcement,
            refusal_hint: server.refusal_hint.clone(),
            ..Settings::default()
        };
        connection.overrides.apply(&mut settings);
        View {
            record: Arc::new(Record {
                name: name.clone(),
                hosts,
                tls: self.tls.clone(),
                pam_user: self.pam_user.clone(),
                login: self.login.clone(),
                password: self.password.clone(),
                default_database: connection.default_database.clone(),
                databases: connection.databases.clone(),
                text_session_recording: connection.text_session_recording.unwrap_or(true),
            }),
            settings: Arc::new(settings),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_hosts() {
        for (longest, host) in [
            (HOST_BYTES_MAX, "x".repeat(HOST_BYTES_MAX)),
            (92, format!("/{}", "x".repeat(91))),
        ] {
            assert_eq!(host.len(), longest);
            assert!(parse_host(&host).is_some(), "{longest}");
            assert!(parse_host(&format!("{host}x")).is_none(), "{longest}");
        }
    }

    #[test]
    fn hosts_as_written() {
        for (text, expected) in [
            ("127.0.0.1", Some(("127.0.0.1", None))),
            ("127.0.0.1:5433", Some(("127.0.0.1", Some(5433)))),
            ("db1.example.com", Some(("db1.example.com", None))),
            ("b:5433", Some(("b", Some(5433)))),
            ("::1", Some(("::1", None))),
            ("[::1]", Some(("::1", None))),
            ("[::1]:5433", Some(("::1", Some(5433)))),
            ("/run/postgresql", Some(("/run/postgresql", None))),
            ("", None),
            (":5432", None),
            ("b:", None),
            ("b:0", None),
            ("b:65536", None),
            ("b:+1", None),
            ("a,b", None),
            ("a b", None),
            ("[b]:1", None),
            ("[::1", None),
            ("[::1]5433", None),
            ("postgres://b", None),
            ("a\nb", None),
        ] {
            assert_eq!(
                parse_host(text),
                expected.map(|(host, port)| (host.to_owned(), port)),
                "{text}"
            );
        }
    }
}
