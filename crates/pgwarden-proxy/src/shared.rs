//! What all sessions of the process share: the configuration that holds, the sessions that live, keys and metrics.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pgwarden_records::{Secret, ServerConfig, Snapshot};
use pgwarden_wire::{ErrorResponse, sqlstate};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use zeroize::Zeroizing;

use crate::cancel::Cancels;
use crate::held_memory::HeldMemory;
use crate::listener::Entrance;
use crate::log_throttle::LogThrottle;
use crate::login_counts::{LoginCounts, Origin};
use crate::metrics::{LoginFailure, Metrics};
use crate::scram_client::ScramKeys;
use crate::tls::ListenerTls;

/// What all sessions of the process share.
pub(crate) struct Shared {
    current: RwLock<Arc<Versioned>>,
    /// The epoch of `current`, for those who only want to know whether it is still theirs.
    epoch: AtomicU64,
    /// Keys the mock salts of people who don't exist.
    pub(crate) login_key: Secret<[u8; LOGIN_KEY_BYTES]>,
    /// Where cancel requests lead.
    pub(crate) cancels: Cancels,
    /// Derived keys of injected logins.
    pub(crate) scram_keys: ScramKeys,
    /// What is counted.
    pub(crate) metrics: Metrics,
    /// The sessions that live.
    pub(crate) sessions: Sessions,
    /// What they may hold of messages.
    pub(crate) held_memory: HeldMemory,
    /// For lines about connections that were refused before anything was known of them.
    pub(crate) refusal_log: LogThrottle,
}

/// A configuration, and which one since the start: a reload makes the next epoch.
#[derive(Debug)]
pub(crate) struct Versioned {
    /// Counts from 1.
    pub(crate) epoch: u64,
    /// The configuration.
    pub(crate) snapshot: Snapshot,
    /// TLS of each of its `listen`.
    listeners: Vec<ListenerTls>,
}

impl Versioned {
    fn new(epoch: u64, snapshot: Snapshot) -> Self {
        let listeners = snapshot.server.listen.iter();
        Versioned {
            epoch,
            listeners: listeners.map(|listen| ListenerTls::new(&listen.tls)).collect(),
            snapshot,
        }
    }

    /// TLS of a listener as this configuration has it. One that it doesn't have any more keeps what it had, until the restart.
    pub(crate) fn tls_of<'a>(&'a self, entrance: &'a Entrance) -> &'a ListenerTls {
        if entrance.is_unix {
            return &entrance.tls;
        }
        let same = |number: usize| {
            let listen = self.snapshot.server.listen.get(number)?;
            let tls = self.listeners.get(number)?;
            listen.is_same_place(&entrance.listen).then_some(tls)
        };
        // The number first: of listeners at port 0 there may be several of the same.
        same(entrance.number)
            .or_else(|| (0..self.listeners.len()).find_map(same))
            .unwrap_or(&entrance.tls)
    }
}

impl Shared {
    /// The state of a process that starts with this configuration.
    pub(crate) fn new(
        snapshot: Snapshot,
        login_key: Secret<[u8; LOGIN_KEY_BYTES]>,
        cancels: Cancels,
        scram_keys: ScramKeys,
        metrics: Metrics,
    ) -> Self {
        metrics.prepare(snapshot.records());
        metrics.config.loaded();
        Shared {
            refusal_log: LogThrottle::default(),
            held_memory: HeldMemory::new(snapshot.server.max_held_memory),
            current: RwLock::new(Arc::new(Versioned::new(1, snapshot))),
            epoch: AtomicU64::new(1),
            login_key,
            cancels,
            scram_keys,
            metrics,
            sessions: Sessions::default(),
        }
    }

    /// The configuration that holds now. Takes a lock for as long as it takes to count a reference: meant for the
    /// start of a session and for wake-ups, while [`Shared::epoch`] is for every message.
    pub(crate) fn current(&self) -> Arc<Versioned> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The epoch of the configuration that holds now. A session that finds another than it knows reads
    /// [`Shared::current`], which is then at least as new.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// From now on `snapshot` holds, for live sessions too: they are woken and told nothing else.
    pub(crate) fn replace(&self, snapshot: Snapshot) -> Arc<Versioned> {
        // Zero before it can be counted.
        self.metrics.prepare(snapshot.records());
        self.held_memory.set_limit(snapshot.server.max_held_memory);
        let newer = {
            let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
            let newer = Arc::new(Versioned::new(current.epoch.saturating_add(1), snapshot));
            *current = Arc::clone(&newer);
            // Under the lock, so that the two never go backwards against each other.
            self.epoch.store(newer.epoch, Ordering::Release);
            newer
        };
        self.sessions.wake_all();
        newer
    }
}

/// The connections and sessions that live, and how many there may be.
#[derive(Clone, Default)]
pub(crate) struct Sessions(Arc<SessionsState>);

#[derive(Default)]
struct SessionsState {
    counts: Mutex<Counts>,
    /// Told whenever a session or connection is gone, or a connection has become a session.
    gone: Notify,
}

#[derive(Default)]
struct Counts {
    /// Every client connection, logged in or not.
    connections: usize,
    /// The same by where they come from.
    by_origin: LoginCounts,
    /// Those that are logged in, by a number of no meaning.
    live: HashMap<u64, Arc<SessionControl>>,
    next: u64,
    /// Of `live`; nobody has an entry of 0.
    by_person: HashMap<String, usize>,
    admission: Admission,
}

/// Who is let in.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Everybody, within the limits.
    #[default]
    Open,
    /// Who has connected may log in; who connects may cancel what runs.
    Draining,
    /// Nobody logs in any more.
    Closed,
}

/// Why a session can't begin. The client gets [`AdmissionError::to_client`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AdmissionError {
    #[error("max_sessions = {limit} sessions are open")]
    TooManySessions { limit: usize },
    #[error("max_sessions_per_user = {limit} sessions of this person are open")]
    TooManySessionsOfPerson { limit: usize },
    #[error("max_logins = {limit} connections that have not logged in are open")]
    TooManyLogins { limit: usize },
    #[error("max_logins_per_address = {limit} connections of this address that have not logged in are open")]
    TooManyLoginsOfAddress { limit: usize },
    #[error("pgwarden is shutting down")]
    ShuttingDown,
}

impl AdmissionError {
    /// What the client is told. The limits are the operator's business.
    pub(crate) fn to_client(&self) -> ErrorResponse {
        match self {
            // As the server words it (InitProcess, storage/lmgr/proc.c).
            AdmissionError::TooManySessions { .. } | AdmissionError::TooManyLogins { .. } => {
                ErrorResponse::fatal(sqlstate::TOO_MANY_CONNECTIONS, "sorry, too many clients already")
                    .with_detail("pgwarden has as many sessions as it may have.")
                    .with_hint("Try again later, or close sessions that are not in use.")
            }
            AdmissionError::TooManyLoginsOfAddress { .. } => {
                ErrorResponse::fatal(sqlstate::TOO_MANY_CONNECTIONS, "sorry, too many clients already")
                    .with_detail(
                        "Your address has as many connections that have not logged in as it may have.",
                    )
                    .with_hint("Try again later.")
            }
            AdmissionError::TooManySessionsOfPerson { .. } => {
                ErrorResponse::fatal(sqlstate::TOO_MANY_CONNECTIONS, "too many sessions of this person")
                    .with_detail("You have as many sessions through pgwarden as a person may have.")
                    .with_hint("Close sessions that are not in use.")
            }
            AdmissionError::ShuttingDown => EndReason::Shutdown.to_client(),
        }
    }

    /// For the metric.
    pub(crate) fn kind(&self) -> LoginFailure {
        match self {
            AdmissionError::TooManySessions { .. } | AdmissionError::TooManySessionsOfPerson { .. } => {
                LoginFailure::TooManySessions
            }
            AdmissionError::TooManyLogins { .. } | AdmissionError::TooManyLoginsOfAddress { .. } => {
                LoginFailure::TooManyLogins
            }
            AdmissionError::ShuttingDown => LoginFailure::ShuttingDown,
        }
    }
}

impl Sessions {
    /// A client connected, from this address if it has one and it is known yet. Its connection counts until the guard is dropped, after that of
    /// its session.
    pub(crate) fn connect(
        &self,
        from: Option<IpAddr>,
        server: &ServerConfig,
    ) -> Result<ConnectionGuard, AdmissionError> {
        let mut counts = self.0.counts();
        if counts.connections.saturating_sub(counts.live.len()) >= server.max_logins {
            return Err(AdmissionError::TooManyLogins {
                limit: server.max_logins,
            });
        }
        let origin = from
            .map(|address| counts.count_from(address, server))
            .transpose()?;
        counts.connections = counts.connections.saturating_add(1);
        Ok(ConnectionGuard {
            sessions: Arc::clone(&self.0),
            origin,
        })
    }

    /// A person has logged in on a connection from this address and wants a session, by the limits of `server`.
    pub(crate) fn admit(
        &self,
        person: &str,
        from: Option<IpAddr>,
        server: &ServerConfig,
    ) -> Result<SessionGuard, AdmissionError> {
        let mut counts = self.0.counts();
        if counts.admission == Admission::Closed {
            return Err(AdmissionError::ShuttingDown);
        }
        if counts.live.len() >= server.max_sessions {
            return Err(AdmissionError::TooManySessions {
                limit: server.max_sessions,
            });
        }
        let of_person = counts.by_person.get(person).copied().unwrap_or(0);
        if of_person >= server.max_sessions_per_user {
            return Err(AdmissionError::TooManySessionsOfPerson {
                limit: server.max_sessions_per_user,
            });
        }
        let number = counts.next;
        counts.next = counts.next.wrapping_add(1);
        let control = Arc::new(SessionControl::default());
        if counts.admission == Admission::Draining {
            control.send(Command::Drain);
        }
        let origin = from.map(Origin::of);
        if let Some(origin) = origin {
            counts.by_origin.session_begins(origin);
        }
        counts.live.insert(number, Arc::clone(&control));
        counts
            .by_person
            .insert(person.to_owned(), of_person.saturating_add(1));
        self.0.gone.notify_waiters();
        Ok(SessionGuard {
            sessions: Arc::clone(&self.0),
            number,
            person: person.to_owned(),
            origin,
            control,
        })
    }

    /// Every session looks up whether something has changed for it.
    pub(crate) fn wake_all(&self) {
        for control in self.0.counts().live.values() {
            control.wake.notify_one();
        }
    }

    /// What a client may do that connects now.
    pub(crate) fn admission(&self) -> Admission {
        self.0.counts().admission
    }

    /// From now on every session ends once it has nothing under way. Who has connected may still log in: nobody whom the kernel has let in is
    /// sent away.
    pub(crate) fn drain(&self) {
        let mut counts = self.0.counts();
        counts.admission = Admission::Draining;
        for control in counts.live.values() {
            control.send(Command::Drain);
        }
    }

    /// From now on no session is taken on.
    pub(crate) fn close(&self) {
        self.0.counts().admission = Admission::Closed;
    }

    /// Every session ends now, and none is taken on.
    pub(crate) fn end_all(&self, reason: EndReason) {
        self.close();
        for control in self.0.counts().live.values() {
            control.send(Command::End(reason));
        }
    }

    /// How many sessions live.
    pub(crate) fn live(&self) -> usize {
        self.0.counts().live.len()
    }

    /// How many client connections there are, logged in or not.
    #[cfg(test)]
    pub(crate) fn connections(&self) -> usize {
        self.0.counts().connections
    }

    /// Waits until no session lives. Cancel safe.
    pub(crate) async fn wait_empty(&self) {
        self.wait(|counts| counts.live.is_empty()).await;
    }

    /// Waits until nobody is logging in. Cancel safe.
    pub(crate) async fn wait_logged_in(&self) {
        self.wait(|counts| counts.connections <= counts.live.len()).await;
    }

    /// Waits until no client is connected. Cancel safe.
    #[cfg(test)]
    pub(crate) async fn wait_disconnected(&self) {
        self.wait(|counts| counts.connections == 0).await;
    }

    async fn wait(&self, reached: impl Fn(&Counts) -> bool) {
        loop {
            let mut gone = pin!(self.0.gone.notified());
            // Listen first, then look: what goes in between is heard.
            gone.as_mut().enable();
            if reached(&self.0.counts()) {
                return;
            }
            gone.await;
        }
    }
}

impl SessionsState {
    /// Nothing that holds the lock can panic half-way through a change.
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn count_from(&mut self, address: IpAddr, server: &ServerConfig) -> Result<Origin, AdmissionError> {
        let origin = Origin::of(address);
        if self.by_origin.logins(origin) >= server.max_logins_per_address {
            return Err(AdmissionError::TooManyLoginsOfAddress {
                limit: server.max_logins_per_address,
            });
        }
        self.by_origin.connected(origin);
        Ok(origin)
    }
}

/// A client connection that counts.
#[must_use]
pub(crate) struct ConnectionGuard {
    sessions: Arc<SessionsState>,
    /// Where it is counted besides.
    origin: Option<Origin>,
}

impl ConnectionGuard {
    /// It has turned out where it comes from.
    pub(crate) fn count_from(
        &mut self,
        address: IpAddr,
        server: &ServerConfig,
    ) -> Result<(), AdmissionError> {
        let mut counts = self.sessions.counts();
        if let Some(before) = self.origin.take() {
            counts.by_origin.disconnected(before);
        }
        self.origin = Some(counts.count_from(address, server)?);
        Ok(())
    }
}

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        {
            let mut counts = self.sessions.counts();
            counts.connections = counts.connections.saturating_sub(1);
            if let Some(origin) = self.origin {
                counts.by_origin.disconnected(origin);
            }
        }
        self.sessions.gone.notify_waiters();
    }
}

/// A session that counts and can be told what to do.
#[must_use]
pub(crate) struct SessionGuard {
    sessions: Arc<SessionsState>,
    number: u64,
    person: String,
    origin: Option<Origin>,
    control: Arc<SessionControl>,
}

impl SessionGuard {
    /// What the session is told.
    pub(crate) fn control(&self) -> &SessionControl {
        &self.control
    }
}

impl Drop for SessionGuard {
    fn drop(&mut self) {
        {
            let mut counts = self.sessions.counts();
            counts.live.remove(&self.number);
            if let Some(origin) = self.origin {
                counts.by_origin.session_ends(origin);
            }
            if let Some(of_person) = counts.by_person.get_mut(&self.person) {
                *of_person = of_person.saturating_sub(1);
                if *of_person == 0 {
                    counts.by_person.remove(&self.person);
                }
            }
        }
        self.sessions.gone.notify_waiters();
    }
}

/// What a session is told to do, by growing urgency. It never becomes less urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Command {
    /// Go on.
    GoOn,
    /// End as soon as nothing is under way.
    Drain,
    /// End now: cancel what runs, tell the client, close.
    End(EndReason),
}

/// Why sessions are told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EndReason {
    /// pgwarden is being stopped.
    Shutdown,
}

impl EndReason {
    /// What the client is told.
    pub(crate) fn to_client(self) -> ErrorResponse {
        match self {
            // As the server words it (ProcessInterrupts, tcop/postgres.c): clients and pools know it.
            EndReason::Shutdown => ErrorResponse::fatal(
                sqlstate::ADMIN_SHUTDOWN,
                "terminating connection due to administrator command",
            )
            .with_detail("pgwarden is shutting down.")
            .with_hint("Connect again."),
        }
    }
}

impl Command {
    const fn code(self) -> u8 {
        match self {
            Command::GoOn => 0,
            Command::Drain => 1,
            Command::End(EndReason::Shutdown) => 2,
        }
    }
}

/// What one session is told.
#[derive(Default)]
pub(crate) struct SessionControl {
    /// A [`Command::code`]; only grows.
    command: AtomicU8,
    wake: Notify,
}

impl SessionControl {
    /// What to do now.
    pub(crate) fn command(&self) -> Command {
        match self.command.load(Ordering::Acquire) {
            0 => Command::GoOn,
            1 => Command::Drain,
            _ => Command::End(EndReason::Shutdown),
        }
    }

    /// Resolves once there is something to look up: [`SessionControl::command`] and [`Shared::epoch`]. A wake-up that
    /// comes while nobody waits is kept for the next one. To be held pinned across rounds and made anew after it
    /// resolved; only one at a time. Cancel safe.
    pub(crate) fn notified(&self) -> Notified<'_> {
        self.wake.notified()
    }

    fn send(&self, command: Command) {
        self.command.fetch_max(command.code(), Ordering::AcqRel);
        self.wake.notify_one();
    }
}

/// As long as the digest that it keys (HMAC-SHA-256).
pub(crate) const LOGIN_KEY_BYTES: usize = 32;

/// Longest login key file that is read: the key in base64 and white space.
const LOGIN_KEY_FILE_BYTES_MAX: usize = 256;

/// Why there is no login key.
#[derive(Debug, thiserror::Error)]
pub enum LoginKeyError {
    /// It is there and can't be read.
    #[error("login key {path} can't be read")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It isn't there and can't be made.
    #[error("login key {path} does not exist and can't be made")]
    Create {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It holds something else.
    #[error(
        "{path} is no login key: it must hold 32 random bytes in base64, as `openssl rand -base64 32` gives them. \
         Removing it lets pgwarden make a new one; salts that strangers are shown then change once"
    )]
    Malformed {
        /// The file.
        path: PathBuf,
    },
}

/// Reads the key that makes the mock salts of people who don't exist, or makes it if there is no such file.
///
/// The file holds [`LOGIN_KEY_BYTES`] bytes in base64, so that it can be copied to other replicas, and is made with mode 0600.
pub(crate) fn login_key(path: &Path) -> Result<Secret<[u8; LOGIN_KEY_BYTES]>, LoginKeyError> {
    match read_login_key(path) {
        Err(LoginKeyError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
        read => return read,
    }
    match create_login_key(path) {
        Ok(()) => {}
        // Another process was faster: its key is as good.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(source) => {
            return Err(LoginKeyError::Create {
                path: path.to_owned(),
                source,
            });
        }
    }
    read_login_key(path)
}

fn read_login_key(path: &Path) -> Result<Secret<[u8; LOGIN_KEY_BYTES]>, LoginKeyError> {
    let malformed = || LoginKeyError::Malformed {
        path: path.to_owned(),
    };
    // One more than is allowed, so that more can be told from as much.
    let mut text = Zeroizing::new(Vec::with_capacity(2 * LOGIN_KEY_FILE_BYTES_MAX));
    let limit = u64::try_from(LOGIN_KEY_FILE_BYTES_MAX + 1).unwrap_or(u64::MAX);
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut text))
        .map_err(|source| LoginKeyError::Read {
            path: path.to_owned(),
            source,
        })?;
    if text.len() > LOGIN_KEY_FILE_BYTES_MAX {
        return Err(malformed());
    }
    let bytes = Zeroizing::new(
        BASE64_STANDARD
            .decode(text.trim_ascii())
            .map_err(|_| malformed())?,
    );
    let key: [u8; LOGIN_KEY_BYTES] = bytes.as_slice().try_into().map_err(|_| malformed())?;
    Ok(Secret::new(key))
}

/// Written elsewhere and then given its name, so that nobody ever sees half a key.
fn create_login_key(path: &Path) -> io::Result<()> {
    let mut key = Zeroizing::new([0; LOGIN_KEY_BYTES]);
    getrandom::fill(&mut *key).map_err(io::Error::other)?;
    let mut text = Zeroizing::new(BASE64_STANDARD.encode(*key));
    text.push('\n');
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(format!(".{}.new", std::process::id()));
    let unfinished = PathBuf::from(unfinished);
    let written = (|| {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        // Unlike a rename, it fails if the name is taken.
        fs::hard_link(&unfinished, path)
    })();
    // What is left over does no harm: its name holds the process id.
    let _ = fs::remove_file(&unfinished);
    written
}

#[cfg(test)]
pub(crate) mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    use pgwarden_policy::Enforcement;
    use pgwarden_wire::{ErrorFields, Frame, field};
    use prometheus::Registry;
    use tokio::time::timeout;

    use super::*;

    /// How long what must happen may take.
    pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

    /// Waits for what must happen, and says what it was if it doesn't.
    #[track_caller]
    pub(crate) fn within<F: Future>(what: &str, future: F) -> impl Future<Output = F::Output> {
        let what = what.to_owned();
        let caller = std::panic::Location::caller();
        async move {
            let Ok(output) = timeout(DEADLINE, future).await else {
                panic!("{caller}: {what} did not happen within {DEADLINE:?}");
            };
            output
        }
    }

    /// The text of a configuration with this record, and these lines in `[server]`.
    pub(crate) fn config(record: &str, server: &str) -> String {
        format!(
            "[server]\nlisten = [\"127.0.0.1:0\"]\n{server}\n\
             [recording]\ndirectory = \"recordings\"\n\
             [[pam_configuration]]\nname = \"local\"\ntls = {{ mode = \"disable\" }}\n\
             [[pam_user]]\nname = \"app\"\nlogin = \"app_rw\"\npassword = \"none\"\n\
             [[pam_database]]\nname = \"{record}\"\npam_configuration = \"local\"\nhost = \"127.0.0.1\"\npam_user = \"app\"\n\
             [pam_database.connection]\nprotocol = \"postgresql\"\nenable = true\n"
        )
    }

    pub(crate) fn snapshot(record: &str) -> Snapshot {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pgwarden.toml");
        fs::write(&file, config(record, "")).unwrap();
        pgwarden_records::load(&file).unwrap().0
    }

    /// The state of a process whose only record is "orders".
    pub(crate) fn shared() -> Arc<Shared> {
        let metrics = Metrics::new(Registry::new(), "1.2.3").unwrap();
        let login_key = Secret::new([7; LOGIN_KEY_BYTES]);
        let cancels = Cancels::new(&login_key).unwrap();
        Arc::new(Shared::new(
            snapshot("orders"),
            login_key,
            cancels,
            ScramKeys::default(),
            metrics,
        ))
    }

    /// `[server]` of little more than these limits.
    pub(crate) fn server(max_sessions: usize, max_sessions_per_user: usize) -> ServerConfig {
        ServerConfig {
            listen: Vec::new(),
            admin_listen: None,
            worker_threads: 0,
            max_sessions,
            max_sessions_per_user,
            max_message: 1 << 20,
            login_timeout: DEADLINE,
            connect_timeout: DEADLINE,
            max_cancels_per_second: 1,
            max_cancels_per_second_per_address: 1,
            peers: Vec::new(),
            idle_timeout: None,
            max_session_duration: None,
            drain_timeout: DEADLINE,
            enforcement: Enforcement::Enforce,
            login_key: PathBuf::new(),
            max_logins: 100,
            max_logins_per_address: 10,
            max_held_memory: 1 << 30,
            tcp: pgwarden_records::TcpSettings::default(),
            reuse_port: false,
            unix_socket_permissions: 0o777,
        }
    }

    #[track_caller]
    fn check_told(error: &AdmissionError, sqlstate: &str, kind: LoginFailure) {
        let mut bytes = Vec::new();
        error.to_client().encode(&mut bytes);
        let frame = Frame::split_first(&bytes, 10_000).unwrap().unwrap();
        let fields = ErrorFields::parse(frame.body).unwrap();
        assert_eq!(fields.field(field::SEVERITY), Some(&b"FATAL"[..]));
        assert_eq!(fields.field(field::SQLSTATE), Some(sqlstate.as_bytes()));
        assert_eq!(error.kind(), kind);
    }

    #[test]
    fn as_many_sessions_as_allowed_and_no_more() {
        let sessions = Sessions::default();
        let server = server(3, 3);
        let mut open: Vec<_> = ["alice", "bob", "carol"]
            .map(|person| sessions.admit(person, None, &server).unwrap())
            .into();
        let error = sessions.admit("dave", None, &server).err().unwrap();
        assert_eq!(error, AdmissionError::TooManySessions { limit: 3 });
        check_told(&error, "53300", LoginFailure::TooManySessions);
        open.pop();
        assert_eq!(sessions.live(), 2);
        let _fourth = sessions.admit("dave", None, &server).unwrap();
        assert!(sessions.admit("erin", None, &server).is_err());
    }

    #[test]
    fn as_many_sessions_of_a_person_as_allowed_and_no_more() {
        let sessions = Sessions::default();
        let server = server(100, 2);
        let first = sessions.admit("alice", None, &server).unwrap();
        let _second = sessions.admit("alice", None, &server).unwrap();
        let error = sessions.admit("alice", None, &server).err().unwrap();
        assert_eq!(error, AdmissionError::TooManySessionsOfPerson { limit: 2 });
        check_told(&error, "53300", LoginFailure::TooManySessions);
        let _other = sessions.admit("bob", None, &server).unwrap();
        drop(first);
        let _third = sessions.admit("alice", None, &server).unwrap();
        assert!(sessions.admit("alice", None, &server).is_err());
    }

    #[test]
    fn nobody_is_remembered_who_has_no_session() {
        let sessions = Sessions::default();
        drop(sessions.admit("alice", None, &server(1, 1)).unwrap());
        assert!(sessions.0.counts().by_person.is_empty());
        assert!(sessions.0.counts().live.is_empty());
    }

    #[test]
    fn logins_are_bounded_apart_from_sessions() {
        let sessions = Sessions::default();
        let server = server(10, 10);
        let connect = || sessions.connect(None, &server);
        let mut connections: Vec<_> = (0..server.max_logins).map(|_| connect().unwrap()).collect();
        let error = connect().err().unwrap();
        assert_eq!(error, AdmissionError::TooManyLogins { limit: 100 });
        check_told(&error, "53300", LoginFailure::TooManyLogins);
        // One of them logs in, and makes room for one who has yet to.
        let session = sessions.admit("alice", None, &server).unwrap();
        connections.push(connect().unwrap());
        assert!(connect().is_err());
        drop(session);
        connections.pop();
        assert!(connect().is_err());
        connections.pop();
        let _next = connect().unwrap();
        assert_eq!(sessions.connections(), server.max_logins);
    }

    #[test]
    fn logins_of_an_address_leave_room_for_others() {
        let sessions = Sessions::default();
        let server = server(10, 10);
        let address = |text: &str| Some(text.parse().unwrap());
        let connect = |from: &str| sessions.connect(address(from), &server);
        let mut connections: Vec<_> = (0..server.max_logins_per_address)
            .map(|_| connect("192.0.2.1").unwrap())
            .collect();
        let error = connect("192.0.2.1").err().unwrap();
        assert_eq!(error, AdmissionError::TooManyLoginsOfAddress { limit: 10 });
        check_told(&error, "53300", LoginFailure::TooManyLogins);
        let other = connect("192.0.2.2").unwrap();
        let _unix = sessions.connect(None, &server).unwrap();
        let session = sessions.admit("alice", address("192.0.2.1"), &server).unwrap();
        connections.push(connect("192.0.2.1").unwrap());
        assert!(connect("192.0.2.1").is_err());

        // A balancer's connection turns out to be of an address, or of another one.
        let mut balanced = sessions.connect(None, &server).unwrap();
        let mut move_to = |to: &str| balanced.count_from(to.parse().unwrap(), &server);
        assert_eq!(move_to("192.0.2.1"), Err(error));
        assert_eq!(move_to("192.0.2.2"), Ok(()));
        drop((session, connections, other, balanced));
        assert!(sessions.0.counts().by_origin.is_empty());
    }

    #[test]
    fn who_has_connected_may_log_in_while_draining() {
        let sessions = Sessions::default();
        let server = server(10, 10);
        sessions.drain();
        assert_eq!(sessions.admission(), Admission::Draining);
        // It may be a cancel request.
        let _connection = sessions.connect(None, &server).unwrap();
        let session = sessions.admit("alice", None, &server).unwrap();
        assert_eq!(session.control().command(), Command::Drain);
        sessions.close();
        let error = sessions.admit("alice", None, &server).err().unwrap();
        check_told(&error, "57P01", LoginFailure::ShuttingDown);
    }

    #[test]
    fn orders_never_become_less_urgent() {
        let sessions = Sessions::default();
        let session = sessions.admit("alice", None, &server(1, 1)).unwrap();
        assert_eq!(session.control().command(), Command::GoOn);
        sessions.drain();
        assert_eq!(session.control().command(), Command::Drain);
        sessions.end_all(EndReason::Shutdown);
        sessions.drain();
        assert_eq!(session.control().command(), Command::End(EndReason::Shutdown));
    }

    #[tokio::test]
    async fn an_order_is_heard_by_who_listens_later() {
        let sessions = Sessions::default();
        let session = sessions.admit("alice", None, &server(1, 1)).unwrap();
        sessions.drain();
        within("the wake-up", session.control().notified()).await;
        assert_eq!(session.control().command(), Command::Drain);
    }

    #[tokio::test]
    async fn waits_end_with_the_last() {
        let sessions = Sessions::default();
        within("nothing to wait for", sessions.wait_empty()).await;
        let connection = sessions.connect(None, &server(1, 1)).unwrap();
        let session = sessions.admit("alice", None, &server(1, 1)).unwrap();
        let waiting = {
            let sessions = sessions.clone();
            tokio::spawn(async move {
                sessions.wait_empty().await;
                sessions.connections()
            })
        };
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(session);
        assert_eq!(within("the session's end", waiting).await.unwrap(), 1);
        drop(connection);
        within("the connection's end", sessions.wait_disconnected()).await;
    }

    #[tokio::test]
    async fn a_reload_holds_at_once_and_wakes_sessions() {
        let shared = shared();
        let before = shared.current();
        let session = shared
            .sessions
            .admit("alice", None, &before.snapshot.server)
            .unwrap();
        assert_eq!((shared.epoch(), before.epoch), (1, 1));

        let newer = shared.replace(snapshot("invoices"));
        within("the wake-up", session.control().notified()).await;
        assert_eq!(session.control().command(), Command::GoOn);
        assert_eq!((shared.epoch(), newer.epoch, shared.current().epoch), (2, 2, 2));
        let names = |versioned: &Versioned| {
            versioned
                .snapshot
                .records()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&shared.current()), ["invoices"]);
        assert_eq!(
            names(&before),
            ["orders"],
            "who still holds the one before sees it whole"
        );
        let text = shared.metrics.render().unwrap();
        assert!(
            text.contains(r#"pgwarden_sessions{record="invoices"} 0"#),
            "{text}"
        );
    }

    #[test]
    fn the_login_key_is_made_once() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("login.key");
        let made = login_key(&path).unwrap();
        assert!(made.ct_eq(login_key(&path).unwrap().expose()));
        assert!(!made.ct_eq(&[0; LOGIN_KEY_BYTES]));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let files: Vec<_> = fs::read_dir(directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(files, ["login.key"], "nothing else is left");
        let other = login_key(&directory.path().join("other.key")).unwrap();
        assert!(!made.ct_eq(other.expose()));
    }

    #[test]
    fn a_login_key_of_another_process_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("login.key");
        create_login_key(&path).unwrap();
        let key = fs::read(&path).unwrap();
        let error = create_login_key(&path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), key);
    }

    #[track_caller]
    fn check_login_key(text: &[u8], expected: Option<u8>) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("login.key");
        fs::write(&path, text).unwrap();
        match (login_key(&path), expected) {
            (Ok(key), Some(byte)) => assert!(key.ct_eq(&[byte; LOGIN_KEY_BYTES])),
            (Err(LoginKeyError::Malformed { .. }), None) => {}
            (result, _) => panic!("{:?}: {result:?}", text.escape_ascii().to_string()),
        }
        assert_eq!(
            fs::read(&path).unwrap(),
            text,
            "a file that is there is never changed"
        );
    }

    #[test]
    fn login_key_files() {
        let encoded = |bytes: &[u8]| BASE64_STANDARD.encode(bytes).into_bytes();
        check_login_key(&encoded(&[3; 32]), Some(3));
        check_login_key(&[&encoded(&[3; 32])[..], b"\r\n"].concat(), Some(3));
        check_login_key(&encoded(&[3; 31]), None);
        check_login_key(&encoded(&[3; 33]), None);
        check_login_key(b"", None);
        check_login_key(&[0xff; 32], None);
        check_login_key(&vec![b'A'; 1 << 20], None);
        let padded = |bytes: usize| [encoded(&[3; 32]), vec![b' '; bytes - 44]].concat();
        check_login_key(&padded(LOGIN_KEY_FILE_BYTES_MAX), Some(3));
        check_login_key(&padded(LOGIN_KEY_FILE_BYTES_MAX + 1), None);
    }

    #[test]
    fn login_keys_that_cannot_be_had() {
        let directory = tempfile::tempdir().unwrap();
        let missing = login_key(&directory.path().join("no/such/login.key"));
        assert!(
            matches!(missing, Err(LoginKeyError::Create { .. })),
            "{missing:?}"
        );
        let is_directory = login_key(directory.path());
        assert!(
            matches!(is_directory, Err(LoginKeyError::Read { .. })),
            "{is_directory:?}"
        );
    }
}
