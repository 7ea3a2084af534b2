//! The checked configuration as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use pgwarden_policy::{Enforcement, Settings};

use crate::grant::{Entry, Grant};
use crate::{Host, ListenTls, Person, ProxyProtocol, RecordName, TcpSettings};

/// Everything that the configuration says, checked. It never changes: a reload makes a new one.
#[derive(Debug)]
pub struct Snapshot {
    /// `[server]`.
    pub server: ServerConfig,
    /// `[recording]`.
    pub recording: RecordingConfig,
    pub(crate) records: BTreeMap<RecordName, Entry>,
    pub(crate) people: BTreeMap<String, Person>,
    /// What follows the last `@` in the names of people: see [`Snapshot::route`].
    pub(crate) domains: BTreeSet<String>,
    /// In the order of the file: the first that matches decides.
    pub(crate) grants: Vec<Grant>,
    /// Shown by mock verifiers: see [`Snapshot::mock_scram_parameters`].
    pub(crate) mock_scram: (u32, usize),
    pub(crate) sources: Vec<PathBuf>,
}

/// `[server]`: where to listen and how much to take on.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Where clients connect; never empty.
    pub listen: Vec<Listen>,
    /// Where metrics, health and the admin API answer.
    pub admin_listen: Option<SocketAddr>,
    /// Threads that carry sessions; 0: one per core.
    pub worker_threads: usize,
    /// Sessions at a time, of all people.
    pub max_sessions: usize,
    /// Sessions at a time of one person.
    pub max_sessions_per_user: usize,
    /// Connections at a time that have not logged in.
    pub max_logins: usize,
    /// The same, from one address.
    pub max_logins_per_address: usize,
    /// Bytes of unfinished and waiting messages, of all sessions together.
    pub max_held_memory: usize,
    /// What the facts of texts, kept for all sessions, may take, in bytes; 0: none are kept.
    pub facts_cache: usize,
    /// Largest message that is held for a verdict, in bytes.
    pub max_message: usize,
    /// From accept to the end of the login.
    pub login_timeout: Duration,
    /// How long one address of a database may take from connecting to the end of the injected login.
    pub connect_timeout: Duration,
    /// Cancel requests that are dealt with in a second.
    pub max_cancels_per_second: u32,
    /// Of these, the ones from one client address.
    pub max_cancels_per_second_per_address: u32,
    /// Where the other replicas listen; this one may be among them.
    pub peers: Vec<Host>,
    /// Without a message from the client. `None`: no limit.
    pub idle_timeout: Option<Duration>,
    /// `None`: no limit.
    pub max_session_duration: Option<Duration>,
    /// How long sessions may go on after SIGTERM.
    pub drain_timeout: Duration,
    /// Holds where neither the record nor the grant says otherwise.
    pub enforcement: Enforcement,
    /// The HINT of refusals where neither the record nor the grant says otherwise.
    pub refusal_hint: Option<String>,
    /// The file that keys mock salts and cancel keys. Made at the first start if it doesn't exist.
    pub login_key: PathBuf,
    /// How connections that have gone dead are noticed, to clients and to databases.
    pub tcp: TcpSettings,
    /// Whether another process of the same user may listen at the same addresses.
    pub reuse_port: bool,
    /// Mode of the files of unix sockets; who may not write one can't connect.
    pub unix_socket_permissions: u32,
}

/// One place where clients connect.
#[derive(Clone, Debug)]
pub struct Listen {
    /// The address.
    pub address: ListenAddress,
    /// The record of clients that name none.
    pub record: Option<RecordName>,
    /// How clients are protected there; changes with the configuration while the place stays.
    pub tls: ListenTls,
    /// The header that a balancer sends before everything else. `None`: clients connect themselves.
    pub proxy_protocol: Option<ProxyProtocol>,
}

impl Listen {
    /// Whether both are one listener, for all that can't change while it listens.
    pub fn is_same_place(&self, other: &Self) -> bool {
        self.address == other.address
            && self.record == other.record
            && self.proxy_protocol == other.proxy_protocol
    }
}

/// An address to listen at.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ListenAddress {
    /// Port 0 lets the kernel choose.
    Tcp(SocketAddr),
    /// The path of the socket itself, such as `/run/pgwarden/.s.PGSQL.6432`.
    Unix(PathBuf),
    /// Sockets that the service manager listens at and passes on, by their name (`FileDescriptorName=` of systemd.socket(5)).
    Systemd(String),
}

impl std::fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Systemd(name) => write!(f, "systemd:{name}"),
        }
    }
}

/// `[recording]`: where recordings go.
#[derive(Clone, Debug)]
pub struct RecordingConfig {
    /// Created if it doesn't exist.
    pub directory: PathBuf,
    /// What happens when a session can't be recorded.
    pub mode: RecordingMode,
    /// How much of results is kept.
    pub results: Results,
}

/// What happens when a session can't be recorded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RecordingMode {
    /// Nothing reaches the server that isn't recorded; a session that can't be recorded ends.
    Required,
    /// The session goes on, and metrics say that the recording is incomplete.
    BestEffort,
    /// Nothing is recorded.
    Off,
}

/// How much of results is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Results {
    /// Every row.
    Full,
}

/// Who wants to log in, and where to, by what the client's startup packet says. Nothing in it is checked yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// The name of the person, known or not.
    pub person: String,
    /// The record as it was asked for, known or not. `None`: nothing names one.
    pub record: Option<String>,
    /// The database, if the client really asked for one.
    pub database: Option<String>,
}

impl Snapshot {
    /// Reads the user and the database of a startup packet, and the record that the listener is bound to.
    ///
    /// Person names may hold `@` (e-mail addresses), so the last one splits if what follows names a record, or if no person's name ends so. It
    /// hangs on the end alone: what is shown before the password is checked hangs on the person (mock salts), so if only the names of known
    /// people were taken whole, a second attempt with another end would tell who is known.
    ///
    /// libpq fills in the database with the user name; such a database doesn't count as asked for.
    pub fn route(&self, user: &str, database: Option<&str>, listener: Option<&RecordName>) -> Route {
        let (person, named) = match user.rsplit_once('@') {
            Some((person, record)) if self.records.contains_key(record) || !self.domains.contains(record) => {
                (person, Some(record))
            }
            _ => (user, None),
        };
        let asked = database.filter(|&asked| !asked.is_empty() && asked != user && asked != person);
        let (record, database) = match (named, asked) {
            (Some(record), asked) => (Some(record), asked),
            (None, Some(asked)) if self.records.contains_key(asked) => (Some(asked), None),
            (None, asked) => (listener.map(RecordName::as_str), asked),
        };
        Route {
            person: person.to_owned(),
            record: record.map(ToOwned::to_owned),
            database: database.map(ToOwned::to_owned),
        }
    }

    /// What the configuration was read from: the main file, the included ones, the directories that patterns of `include` were looked for in
    /// (where a new file may be another to include), and the files of verifiers. A change of any of them may make another snapshot. Some may
    /// not exist.
    pub fn sources(&self) -> &[PathBuf] {
        &self.sources
    }

    /// The person of this name.
    pub fn person(&self, name: &str) -> Option<&Person> {
        self.people.get(name)
    }

    /// The names of all people, sorted.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// The names of all records, sorted.
    pub fn records(&self) -> impl Iterator<Item = &RecordName> {
        self.records.keys()
    }

    /// The settings of a record for people whose grant overrides nothing. `None`: no such record.
    pub fn record_settings(&self, record: &str) -> Option<&Settings> {
        self.records.get(record).map(|entry| &*entry.plain.settings)
    }

    /// The iteration count and the salt length, in bytes, of most people's verifiers: an exchange that is held with nobody in particular shows
    /// these, so as to look like the others. PostgreSQL's defaults if there are no people.
    pub fn mock_scram_parameters(&self) -> (u32, usize) {
        self.mock_scram
    }
}
