//! The configuration that a test's pgwarden runs with.

use std::fmt::Write as _;
use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::cluster::Cluster;
use crate::database::TestDb;
use crate::proxy::Proxy;
use crate::scram_verifier;
use crate::unique::random_password;

/// Every connection setting that lets something through.
const PERMISSIONS: [&str; 7] = [
    "can_export_csv",
    "can_import_csv",
    "can_copy_to_clipboard",
    "can_paste_from_clipboard",
    "can_replicate",
    "can_run_server_programs",
    "can_change_credentials",
];

/// One record: a test's database under the settings that are being tested.
#[derive(Debug, Clone)]
pub struct Record {
    name: String,
    settings: String,
    target: Option<Target>,
    database_lines: String,
    user_lines: String,
}

impl Record {
    /// A record that allows nothing, as an operator would get who sets nothing.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            settings: String::new(),
            target: None,
            database_lines: String::new(),
            user_lines: String::new(),
        }
    }

    /// A record that allows everything.
    pub fn open(name: &str) -> Self {
        PERMISSIONS
            .iter()
            .fold(Self::new(name), |record, permission| {
                record.setting(permission, true)
            })
            .with("opaque_code = \"allow\"")
    }

    /// Sets one connection setting; a string needs its quotes.
    #[must_use]
    pub fn setting(self, key: &str, value: impl std::fmt::Display) -> Self {
        self.with(&format!("{key} = {value}"))
    }

    /// Adds lines to `[pam_database.connection]`.
    #[must_use]
    pub fn with(mut self, lines: &str) -> Self {
        self.settings.push_str(lines);
        self.settings.push('\n');
        self
    }

    /// Adds lines to `[[pam_database]]` itself, say its own `tls`.
    #[must_use]
    pub fn database(mut self, lines: &str) -> Self {
        self.database_lines.push_str(lines);
        self.database_lines.push('\n');
        self
    }

    /// Adds lines to its `[[pam_user]]`.
    #[must_use]
    pub fn user(mut self, lines: &str) -> Self {
        self.user_lines.push_str(lines);
        self.user_lines.push('\n');
        self
    }

    /// Points it at another database than the configuration's.
    #[must_use]
    pub fn on(mut self, database: &TestDb) -> Self {
        self.target = Some(Target::of(database));
        self
    }

    /// Points it at another host (or socket directory) and port, login and database staying as they are.
    #[must_use]
    pub fn at(mut self, host: &str, port: u16) -> Self {
        self.target = Some(Target {
            address: Some((host.to_owned(), port)),
            ..self.target.unwrap_or_default()
        });
        self
    }

    /// Injects another login; `password` is what stands behind `password =`, say `{ env = "ORDERS_PASSWORD" }` or a
    /// quoted literal.
    #[must_use]
    pub fn login(mut self, login: &str, password: &str) -> Self {
        self.target = Some(Target {
            login: Some((login.to_owned(), Password::Toml(password.to_owned()))),
            ..self.target.unwrap_or_default()
        });
        self
    }
}

/// Where a record leads, as far as it differs from the configuration's database.
#[derive(Debug, Clone, Default)]
struct Target {
    address: Option<(String, u16)>,
    login: Option<(String, Password)>,
    database: Option<String>,
}

#[derive(Debug, Clone)]
enum Password {
    /// Goes into a file beside the configuration.
    Text(String),
    /// Stands in the configuration as it is.
    Toml(String),
}

impl Target {
    fn of(database: &TestDb) -> Self {
        Self {
            address: Some(("127.0.0.1".to_owned(), database.cluster().port())),
            login: Some((
                database.login().to_owned(),
                Password::Text(database.password().to_owned()),
            )),
            database: Some(database.name().to_owned()),
        }
    }
}

/// What [`Config::passed_listener`] passes.
pub(crate) struct PassedSocket {
    pub(crate) name: String,
    pub(crate) socket: OwnedFd,
}

/// A configuration being put together; [`Config::start`] runs pgwarden with it.
pub struct Config {
    pub(crate) directory: TempDir,
    pub(crate) cluster: Cluster,
    pub(crate) injected_login: String,
    pub(crate) people: Vec<(String, String)>,
    /// Further lines of people, by name.
    people_lines: Vec<(String, String)>,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) passed: Option<PassedSocket>,
    pub(crate) binary: Option<PathBuf>,
    /// What must be found nowhere.
    pub(crate) secrets: Vec<String>,
    target: Target,
    listeners: Vec<String>,
    server: String,
    recording: String,
    records: Vec<Record>,
    grants: Vec<String>,
    extra: String,
}

impl Config {
    pub(crate) fn before(database: &TestDb) -> Self {
        // Without a directory for temporary files no test can run, so there is nothing to hand to the caller.
        let directory = tempfile::Builder::new()
            .prefix("pgwarden-")
            .tempdir()
            .unwrap_or_else(|error| panic!("make a directory for pgwarden: {error}"));
        Self {
            directory,
            cluster: database.cluster().clone(),
            injected_login: database.login().to_owned(),
            people: Vec::new(),
            people_lines: Vec::new(),
            environment: Vec::new(),
            passed: None,
            binary: None,
            secrets: vec![database.password().to_owned()],
            target: Target::of(database),
            listeners: vec!["\"127.0.0.1:0\"".to_owned()],
            server: String::new(),
            recording: String::new(),
            records: Vec::new(),
            grants: Vec::new(),
            extra: String::new(),
        }
    }

    /// Adds a record. Without any, there is `orders`, which allows nothing.
    #[must_use]
    pub fn record(mut self, record: Record) -> Self {
        self.records.push(record);
        self
    }

    /// Adds a person with a password of its own. Without any, there is `alice`.
    #[must_use]
    pub fn person(mut self, name: &str) -> Self {
        let password = random_password();
        self.secrets.push(password.clone());
        self.people.push((name.to_owned(), password));
        self
    }

    /// Adds a person with a password and these lines, say a certificate.
    #[must_use]
    pub fn person_with(mut self, name: &str, lines: &str) -> Self {
        self.people_lines.push((name.to_owned(), lines.to_owned()));
        self.person(name)
    }

    /// The directory of the configuration, where files that it names may be put.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Adds a grant: `people` may use `records` (globs allowed), with more lines of `[[grant]]`, say overrides.
    /// Without any, everyone may use every record.
    #[must_use]
    pub fn grant(mut self, people: &[&str], records: &[&str], lines: &str) -> Self {
        self.grants.push(format!(
            "[[grant]]\nusers = {people:?}\nrecords = {records:?}\n{lines}\n"
        ));
        self
    }

    /// Adds lines to `[server]`.
    #[must_use]
    pub fn server(mut self, lines: &str) -> Self {
        self.server.push_str(lines);
        self.server.push('\n');
        self
    }

    /// Adds lines to `[recording]`.
    #[must_use]
    pub fn recording(mut self, lines: &str) -> Self {
        self.recording.push_str(lines);
        self.recording.push('\n');
        self
    }

    /// Adds text to the end of the file.
    #[must_use]
    pub fn extra(mut self, text: &str) -> Self {
        self.extra.push_str(text);
        self.extra.push('\n');
        self
    }

    /// Adds a listener on a socket file, named as libpq looks for it: `-h` the directory, `-p 6432`.
    #[must_use]
    pub fn socket_listener(mut self) -> Self {
        self.listeners.push(format!(
            "\"unix:{}/.s.PGSQL.6432\"",
            self.directory.path().display()
        ));
        self
    }

    /// Adds a listener as it is written in `listen`, say `{ address = "127.0.0.1:0", tls = "disable" }`.
    #[must_use]
    pub fn listener(mut self, toml: &str) -> Self {
        self.listeners.push(toml.to_owned());
        self
    }

    /// Adds a listener on a port of its own whose connections all lead to `record`.
    #[must_use]
    pub fn listener_of(mut self, record: &str) -> Self {
        self.listeners
            .push(format!("{{ address = \"127.0.0.1:0\", record = \"{record}\" }}"));
        self
    }

    /// Sets a variable of pgwarden's environment.
    #[must_use]
    pub fn environment(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Passes pgwarden a socket as systemd does, and listens at it. Whoever connects while pgwarden doesn't run waits.
    #[must_use]
    pub fn passed_listener(mut self, name: &str, socket: impl Into<OwnedFd>) -> Self {
        self.listeners.push(format!(
            "{{ address = \"systemd:{name}\", tls = {{ mode = \"disable\" }} }}"
        ));
        self.passed = Some(PassedSocket {
            name: name.to_owned(),
            socket: socket.into(),
        });
        self
    }

    /// Runs this program instead of the one that [`crate::pgwarden_binary`] finds.
    #[must_use]
    pub fn binary(mut self, path: impl Into<PathBuf>) -> Self {
        self.binary = Some(path.into());
        self
    }

    /// Names a password that must be found in no log, metric or recording, besides those made here.
    #[must_use]
    pub fn secret(mut self, secret: &str) -> Self {
        self.secrets.push(secret.to_owned());
        self
    }

    /// Writes the configuration and starts pgwarden with it.
    pub fn start(self) -> Result<Proxy> {
        Proxy::start(self)
    }

    pub(crate) fn listener_count(&self) -> usize {
        self.listeners.len()
    }

    /// Fills in what the test left out, writes the files of passwords, and gives the configuration's text.
    pub(crate) fn finish(mut self, admin: std::net::SocketAddr) -> Result<(Self, String)> {
        if self.records.is_empty() {
            self = self.record(Record::new("orders"));
        }
        if self.people.is_empty() {
            self = self.person("alice");
        }
        if self.grants.is_empty() {
            let people: Vec<String> = self.people.iter().map(|(name, _)| name.clone()).collect();
            let people: Vec<&str> = people.iter().map(String::as_str).collect();
            self = self.grant(&people, &["*"], "");
        }
        let text = self.text(admin)?;
        Ok((self, text))
    }

    fn text(&self, admin: std::net::SocketAddr) -> Result<String> {
        let mut text = format!(
            "[server]\nlisten = [{}]\nadmin_listen = \"{admin}\"\n{}\n\
             [recording]\ndirectory = \"recordings\"\n{}\n\
             [[pam_configuration]]\nname = \"local\"\ntls = {{ mode = \"disable\" }}\n",
            self.listeners.join(", "),
            self.server,
            self.recording
        );
        for record in &self.records {
            self.write_record(&mut text, record)?;
        }
        for (name, password) in &self.people {
            // Writing to a String can't fail, here and below.
            let _ = write!(
                text,
                "\n[[user]]\nname = {name:?}\nscram = \"{}\"\n",
                scram_verifier(password)
            );
            for (_, lines) in self.people_lines.iter().filter(|(person, _)| person == name) {
                let _ = writeln!(text, "{lines}");
            }
        }
        for grant in &self.grants {
            let _ = write!(text, "\n{grant}");
        }
        text.push_str(&self.extra);
        Ok(text)
    }

    fn write_record(&self, text: &mut String, record: &Record) -> Result<()> {
        let own = record.target.clone().unwrap_or_default();
        let (host, port) = own
            .address
            .as_ref()
            .or(self.target.address.as_ref())
            .context("find a record's host")?;
        let (login, password) = own
            .login
            .as_ref()
            .or(self.target.login.as_ref())
            .context("find a record's login")?;
        let database = own
            .database
            .as_ref()
            .or(self.target.database.as_ref())
            .context("find a record's database")?;
        let name = &record.name;
        let password = match password {
            Password::Toml(toml) => toml.clone(),
            Password::Text(secret) => {
                let file = format!("{name}.password");
                write_secret(&self.directory.path().join(&file), secret)?;
                format!("{{ file = \"{file}\" }}")
            }
        };
        let settings = &record.settings;
        let (database_lines, user_lines) = (&record.database_lines, &record.user_lines);
        // What a test sets itself must not stand twice.
        let default = |key: &str, value: String| {
            if settings.lines().any(|line| line.trim_start().starts_with(key)) {
                String::new()
            } else {
                value
            }
        };
        let enable = default("enable", "enable = true\n".to_owned());
        let default_database = default("default_database", format!("default_database = \"{database}\"\n"));
        let _ = write!(
            text,
            "\n[[pam_user]]\nname = \"{name}-app\"\nlogin = \"{login}\"\npassword = {password}\n{user_lines}\
             \n[[pam_database]]\nname = \"{name}\"\npam_configuration = \"local\"\nhost = \"{host}\"\nport = {port}\n\
             pam_user = \"{name}-app\"\n{database_lines}[pam_database.connection]\nprotocol = \"postgresql\"\n\
             {enable}{default_database}{settings}"
        );
        Ok(())
    }
}

fn write_secret(path: &Path, secret: &str) -> Result<()> {
    fs::write(path, format!("{secret}\n")).context("write a file of a password")?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).context("close a file of a password")
}
