//! pgwarden as a process: from the configuration file to listening, through reloads, to the last session's end.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use pgwarden_records::{
    Diagnostic, Diagnostics, Listen, RecordingConfig, RecordingMode, ServerConfig, Severity, Snapshot,
};
use prometheus::Registry;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, info, warn};

use crate::admin::{Admin, Readiness, ReadinessCell};
use crate::cancel::Cancels;
use crate::config_watch::{ConfigWatch, LOOK_INTERVAL};
use crate::drain::drain;
use crate::listener::{Listener, Workers};
use crate::listening_socket::ListenError;
use crate::login_key::{LoginKeyError, login_key};
use crate::metrics::{Metrics, ReloadResult};
use crate::passed_sockets::PassedSockets;
use crate::scram_client::ScramKeys;
use crate::service_manager;
use crate::session;
use crate::shared::Shared;

/// What `pgwarden serve` is told.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The configuration file.
    pub config: PathBuf,
}

/// Why pgwarden can't run. The sources say what the system said.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The configuration file is wrong; everything that is wrong with it, ready to be printed.
    #[error(transparent)]
    Configuration(Diagnostics),
    /// The login key can't be had.
    #[error(transparent)]
    LoginKey(#[from] LoginKeyError),
    /// Sessions have to be recorded and can't be.
    #[error("recording directory {directory} can't be written to, and [recording] mode is \"required\"")]
    RecordingDirectory {
        /// The directory.
        directory: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A listener for clients failed.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The admin listener failed.
    #[error("admin_listen: can't listen on {address}")]
    AdminListen {
        /// As configured.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The system gives no thread, no signal handler, no event queue.
    #[error("can't start {what}")]
    System {
        /// What was to be started.
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The service manager passed something that is no listening socket.
    #[error("passed sockets can't be taken (LISTEN_FDS)")]
    Passed(#[source] io::Error),
    /// A defect of pgwarden: two metrics of one name.
    #[error("metrics can't be registered")]
    Metrics(#[from] prometheus::Error),
}

/// Runs until SIGTERM or SIGINT, and then until the last session has ended or `drain_timeout` has passed. SIGHUP and changes of the
/// file reload the configuration. Blocks.
///
/// Prints `listening on ADDRESS` to standard output for each listener once all of them listen.
pub fn run(options: &ServeOptions) -> Result<(), ServeError> {
    // Before there are threads.
    let mut passed = PassedSockets::from_env().map_err(ServeError::Passed)?;
    // From here on, so that whatever the file says next is noticed.
    let mut watch = ConfigWatch::new(&options.config);
    let (snapshot, warnings) = pgwarden_records::load(&options.config).map_err(ServeError::Configuration)?;
    log_warnings(&warnings);
    watch.set_files(snapshot.sources().to_vec());

    let login_key = login_key(&snapshot.server.login_key)?;
    let scram_keys = ScramKeys::default();
    check_recording_directory(&snapshot.recording)?;
    let metrics = Metrics::new(Registry::new(), env!("CARGO_PKG_VERSION"))?;
    let server = snapshot.server.clone();
    let cancels = Cancels::new(&login_key).map_err(|error| ServeError::System {
        what: "the random number generator",
        source: io::Error::other(error),
    })?;
    let shared = Arc::new(Shared::new(snapshot, login_key, cancels, scram_keys, metrics));

    let readiness = ReadinessCell::default();
    let admin = match server.admin_listen {
        Some(address) => Some(
            Admin::start(address, (&server).into(), Arc::clone(&shared), readiness.clone())
                .map_err(|source| ServeError::AdminListen { address, source })?,
        ),
        None => None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| ServeError::System {
            what: "the main event loop",
            source,
        })?;
    let result = runtime.block_on(serve(
        &options.config,
        &server,
        admin,
        &readiness,
        &shared,
        watch,
        &mut passed,
    ));
    // A reload may still be reading its file; it changes nothing any more.
    runtime.shutdown_background();
    result
}

async fn serve(
    config: &Path,
    server: &ServerConfig,
    admin: Option<Admin>,
    readiness: &ReadinessCell,
    shared: &Arc<Shared>,
    mut watch: ConfigWatch,
    passed: &mut PassedSockets,
) -> Result<(), ServeError> {
    let mut stop = StopSignals::new()?;
    let mut hangup = handler(SignalKind::hangup())?;
    let listeners = Listener::open_all(server, passed)?;
    std::mem::take(passed).warn_of_rest();
    let threads = worker_threads(server);
    let workers = Workers::start(threads, shared, session::run).map_err(|source| ServeError::System {
        what: "the worker threads",
        source,
    })?;
    let workers = Arc::new(workers);
    warn_of_few_descriptors(server);
    announce(&listeners, admin.as_ref());
    info!(
        version = env!("CARGO_PKG_VERSION"),
        threads,
        pid = std::process::id(),
        "ready"
    );

    let (mut staying, mut handing_over) = (JoinSet::new(), JoinSet::new());
    let (_stay, never) = watch::channel(());
    let (hand_over, handed_over) = watch::channel(());
    for listener in listeners {
        let (set, stop) = if listener.is_shared() {
            (&mut handing_over, &handed_over)
        } else {
            (&mut staying, &never)
        };
        set.spawn(listener.run(Arc::clone(&workers), Arc::clone(shared), stop.clone()));
    }
    readiness.set(Readiness::Ready);
    service_manager::ready();
    // On this runtime, of which it tells, and through the drain.
    tokio::spawn(service_manager::watchdog());

    let mut look = interval(LOOK_INTERVAL);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            signal = stop.received() => {
                info!(signal, "stopping");
                break;
            }
            _ = hangup.recv() => {
                watch.seen();
                service_manager::reloading();
                reload(config, server, shared, &mut watch).await;
                service_manager::ready();
            }
            _ = look.tick() => {
                if watch.has_changed() {
                    reload(config, server, shared, &mut watch).await;
                }
            }
        }
    }

    readiness.set(Readiness::Draining);
    service_manager::stopping();
    // Closes the sockets that a successor listens at too, or will.
    drop(hand_over);
    while handing_over.join_next().await.is_some() {}
    // Whoever asks whether somebody is ready is to hear it from the process that is.
    let _admin = admin.filter(|_| !server.reuse_port);
    // At the others nobody can log in from here on, but what runs may still be cancelled, by clients and by peers.
    let limit = shared.current().snapshot.server.drain_timeout;
    drain(&shared.sessions, limit, async || {
        let signal = stop.received().await;
        warn!(signal, "asked again to stop");
    })
    .await;
    // Closes the listening sockets, and gives back their shares of the workers.
    staying.shutdown().await;
    shared.cancels.finish().await;
    if let Some(workers) = Arc::into_inner(workers) {
        workers.stop().await;
    }
    info!("stopped");
    Ok(())
}

fn worker_threads(server: &ServerConfig) -> usize {
    match server.worker_threads {
        0 => thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    }
}

/// The lines that scripts wait for. The log has them too.
fn announce(listeners: &[Listener], admin: Option<&Admin>) {
    for listener in listeners {
        info!(address = %listener.address(), "listening");
    }
    if let Some(admin) = admin {
        info!(address = %admin.address(), "admin listening");
    }
    // Whoever closed it doesn't want to know.
    let _ = announce_to(&mut io::stdout().lock(), listeners, admin);
}

fn announce_to(out: &mut impl Write, listeners: &[Listener], admin: Option<&Admin>) -> io::Result<()> {
    for listener in listeners {
        writeln!(out, "listening on {}", listener.address())?;
    }
    if let Some(admin) = admin {
        writeln!(out, "listening on {} (admin)", admin.address())?;
    }
    out.flush()
}

fn handler(kind: SignalKind) -> Result<Signal, ServeError> {
    signal(kind).map_err(|source| ServeError::System {
        what: "a signal handler",
        source,
    })
}

/// The signals that stop a service, and a program on a terminal.
struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    fn new() -> Result<Self, ServeError> {
        Ok(StopSignals {
            terminate: handler(SignalKind::terminate())?,
            interrupt: handler(SignalKind::interrupt())?,
        })
    }

    /// Cancel safe.
    async fn received(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

/// Why a new configuration changed nothing.
#[derive(Debug, thiserror::Error)]
enum ReloadError {
    /// It names no record, as a file caught while it is written does, and would put everybody out.
    #[error("it has no [[pam_database]], so every session would end; restart pgwarden if that is meant")]
    Empty,
    #[error("the file is invalid")]
    Configuration(Diagnostics),
    #[error("recording directory {directory} can't be written to: {source}")]
    RecordingDirectory { directory: PathBuf, source: io::Error },
    #[error("the file was not read to its end")]
    Interrupted,
}

/// Reads the file and lets it hold if it is valid.
async fn reload(config: &Path, started_with: &ServerConfig, shared: &Arc<Shared>, watch: &mut ConfigWatch) {
    let path = config.to_owned();
    // File systems can be slow, and clients go on connecting.
    let read = tokio::task::spawn_blocking(move || read_config(&path)).await;
    match read.unwrap_or(Err(ReloadError::Interrupted)) {
        Ok((snapshot, warnings)) => {
            log_warnings(&warnings);
            warn_of_restart(started_with, &snapshot.server);
            watch.set_files(snapshot.sources().to_vec());
            let newer = shared.replace(snapshot);
            shared.metrics.config.reloaded(ReloadResult::Applied);
            info!(
                epoch = newer.epoch,
                sessions = shared.sessions.live(),
                "configuration reloaded"
            );
        }
        Err(failure) => {
            shared.metrics.config.reloaded(ReloadResult::Invalid);
            match &failure {
                ReloadError::Configuration(diagnostics) => {
                    log_diagnostics(diagnostics);
                    // One of them is wrong, and may be one that is included only now.
                    watch.set_files(diagnostics.sources().to_vec());
                }
                ReloadError::Empty | ReloadError::RecordingDirectory { .. } | ReloadError::Interrupted => {}
            }
            error!(file = %config.display(), reason = %failure, "configuration not reloaded; the one before still holds");
        }
    }
}

fn read_config(path: &Path) -> Result<(Snapshot, Vec<Diagnostic>), ReloadError> {
    let (snapshot, warnings) = pgwarden_records::load(path).map_err(ReloadError::Configuration)?;
    if snapshot.records().next().is_none() {
        return Err(ReloadError::Empty);
    }
    match check_recording_directory(&snapshot.recording) {
        Ok(()) => Ok((snapshot, warnings)),
        Err(RecordingDirectoryError { directory, source }) => {
            Err(ReloadError::RecordingDirectory { directory, source })
        }
    }
}

fn log_warnings(warnings: &[Diagnostic]) {
    warnings.iter().for_each(log_diagnostic);
}

fn log_diagnostics(diagnostics: &Diagnostics) {
    diagnostics.iter().for_each(log_diagnostic);
}

fn log_diagnostic(
    Diagnostic {
        severity,
        message,
        place,
        hint,
    }: &Diagnostic,
) {
    let hint = hint.as_deref();
    match severity {
        Severity::Error => error!(%place, problem = message, hint, "configuration error"),
        Severity::Warning => warn!(%place, problem = message, hint, "configuration warning"),
    }
}

/// What can't change while sockets and threads stand.
fn warn_of_restart(started_with: &ServerConfig, newer: &ServerConfig) {
    for key in needs_restart(started_with, newer) {
        warn!(key, "[server] key has changed and holds only after a restart");
    }
}

fn needs_restart(started_with: &ServerConfig, newer: &ServerConfig) -> Vec<&'static str> {
    // Whole, so that a new key is thought of here.
    let ServerConfig {
        listen,
        admin_listen,
        worker_threads,
        login_key,
        // Read where they are needed, from the configuration that holds then.
        max_sessions: _,
        max_sessions_per_user: _,
        max_message: _,
        login_timeout: _,
        connect_timeout: _,
        max_cancels_per_second: _,
        max_cancels_per_second_per_address: _,
        peers: _,
        idle_timeout: _,
        max_session_duration: _,
        drain_timeout: _,
        enforcement: _,
        refusal_hint: _,
        max_logins: _,
        max_logins_per_address: _,
        max_held_memory: _,
        tcp: _,
        facts_cache,
        reuse_port,
        unix_socket_permissions,
    } = newer;
    [
        ("listen", !are_same_places(listen, &started_with.listen)),
        ("admin_listen", *admin_listen != started_with.admin_listen),
        ("worker_threads", *worker_threads != started_with.worker_threads),
        ("facts_cache", *facts_cache != started_with.facts_cache),
        ("login_key", *login_key != started_with.login_key),
        ("reuse_port", *reuse_port != started_with.reuse_port),
        (
            "unix_socket_permissions",
            *unix_socket_permissions != started_with.unix_socket_permissions,
        ),
    ]
    .into_iter()
    .filter_map(|(key, changed)| changed.then_some(key))
    .collect()
}

/// TLS is looked up for each client, so it may change.
fn are_same_places(some: &[Listen], others: &[Listen]) -> bool {
    some.len() == others.len()
        && some
            .iter()
            .zip(others)
            .all(|(one, other)| one.is_same_place(other))
}

struct RecordingDirectoryError {
    directory: PathBuf,
    source: io::Error,
}

impl From<RecordingDirectoryError> for ServeError {
    fn from(RecordingDirectoryError { directory, source }: RecordingDirectoryError) -> Self {
        ServeError::RecordingDirectory { directory, source }
    }
}

/// Makes the directory, and finds out now rather than at the first login whether sessions can be recorded. Only mode `required`
/// makes it an error that they can't.
fn check_recording_directory(recording: &RecordingConfig) -> Result<(), RecordingDirectoryError> {
    let RecordingConfig {
        directory,
        mode,
        results: _,
    } = recording;
    match mode {
        RecordingMode::Required => try_to_write(directory).map_err(|source| RecordingDirectoryError {
            directory: directory.clone(),
            source,
        }),
        RecordingMode::BestEffort => {
            if let Err(error) = try_to_write(directory) {
                warn!(directory = %directory.display(), %error, "sessions can't be recorded, and go on all the same");
            }
            Ok(())
        }
        RecordingMode::Off => {
            warn!("sessions are not recorded");
            Ok(())
        }
    }
}

fn try_to_write(directory: &Path) -> io::Result<()> {
    // Recordings hold what people saw: for nobody else to read.
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let probe = directory.join(format!(".probe-{}", std::process::id()));
    let written = File::create(&probe).and_then(|mut file| file.write_all(b"pgwarden can write here\n"));
    let removed = fs::remove_file(&probe);
    written.and(removed)
}

/// Descriptors that a session holds: the client, the server, the recording.
const DESCRIPTORS_PER_SESSION: usize = 3;

/// Descriptors of the process itself: listeners, event queues, standard streams, admin connections; rounded up.
const DESCRIPTORS_OF_PROCESS: usize = 128;

/// Past the limit of open files no client could connect, however many sessions are allowed.
fn warn_of_few_descriptors(server: &ServerConfig) {
    let needed = server
        .max_sessions
        .saturating_mul(DESCRIPTORS_PER_SESSION)
        .saturating_add(server.max_logins)
        .saturating_add(DESCRIPTORS_OF_PROCESS);
    let Some(limit) = fs::read_to_string("/proc/self/limits")
        .ok()
        .as_deref()
        .and_then(open_files_limit)
    else {
        return;
    };
    if limit < needed {
        warn!(
            limit,
            needed,
            max_sessions = server.max_sessions,
            "the limit of open files is too low for max_sessions; raise it (LimitNOFILE=, ulimit -n)"
        );
    }
}

/// The soft limit in the text of `/proc/self/limits` (proc(5)). `None`: unlimited, or in other words.
fn open_files_limit(limits: &str) -> Option<usize> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::shared::tests::{config, shared, snapshot};

    fn metric(shared: &Shared, name: &str) -> String {
        let text = shared.metrics.render().unwrap();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).to_owned()
    }

    fn record_names(shared: &Shared) -> Vec<String> {
        shared
            .current()
            .snapshot
            .records()
            .map(ToString::to_string)
            .collect()
    }

    #[tokio::test]
    async fn a_valid_file_holds_and_an_invalid_one_changes_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pgwarden.toml");
        let shared = shared();
        let server = shared.current().snapshot.server.clone();
        let mut watch = ConfigWatch::new(&file);
        assert_eq!(metric(&shared, "pgwarden_config_last_reload_success"), "1");

        fs::write(&file, "[server]\nlisten = 5\n").unwrap();
        reload(&file, &server, &shared, &mut watch).await;
        assert_eq!(
            (shared.epoch(), record_names(&shared)),
            (1, vec!["orders".to_owned()])
        );
        assert_eq!(metric(&shared, "pgwarden_config_last_reload_success"), "0");
        assert_eq!(
            metric(&shared, r#"pgwarden_config_reload_total{result="invalid"}"#),
            "1"
        );

        fs::write(&file, config("invoices", "")).unwrap();
        reload(&file, &server, &shared, &mut watch).await;
        assert_eq!(
            (shared.epoch(), record_names(&shared)),
            (2, vec!["invoices".to_owned()])
        );
        assert_eq!(metric(&shared, "pgwarden_config_last_reload_success"), "1");
        assert_eq!(
            metric(&shared, r#"pgwarden_config_reload_total{result="applied"}"#),
            "1"
        );
        assert_eq!(
            metric(&shared, r#"pgwarden_config_reload_total{result="invalid"}"#),
            "1"
        );
    }

    #[tokio::test]
    async fn included_files_are_watched_too() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pgwarden.toml");
        let included = directory.path().join("conf.d");
        fs::create_dir(&included).unwrap();
        fs::write(
            &file,
            format!("include = [\"conf.d/*.toml\"]\n{}", config("invoices", "")),
        )
        .unwrap();
        // File systems keep times in steps of some milliseconds, and what follows is faster.
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_hours(1);
        fs::File::open(&included).unwrap().set_modified(long_ago).unwrap();
        let shared = shared();
        let server = shared.current().snapshot.server.clone();
        let mut watch = ConfigWatch::new(&file);
        reload(&file, &server, &shared, &mut watch).await;
        assert!(!watch.has_changed());

        let more = |record: &str| {
            format!(
                "[[pam_database]]\nname = \"{record}\"\npam_configuration = \"local\"\nhost = \"127.0.0.1\"\npam_user = \"app\"\n"
            )
        };
        fs::write(included.join("more.toml"), more("ledger")).unwrap();
        // The second look finds it as the first did, so nobody is writing it any more.
        assert_eq!([watch.has_changed(), watch.has_changed()], [false, true]);
        reload(&file, &server, &shared, &mut watch).await;
        assert_eq!(record_names(&shared), ["invoices", "ledger"]);

        fs::write(included.join("more.toml"), more("journal")).unwrap();
        assert_eq!([watch.has_changed(), watch.has_changed()], [false, true]);
        reload(&file, &server, &shared, &mut watch).await;
        assert_eq!(record_names(&shared), ["invoices", "journal"]);
        assert!(!watch.has_changed());
    }

    #[tokio::test]
    async fn an_included_file_that_was_wrong_from_the_start_is_noticed_when_it_is_mended() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pgwarden.toml");
        let more = directory.path().join("more.toml");
        let text = |include: &str| format!("include = [{include}]\n{}", config("invoices", ""));
        fs::write(&file, text("")).unwrap();
        let shared = shared();
        let server = shared.current().snapshot.server.clone();
        let mut watch = ConfigWatch::new(&file);
        reload(&file, &server, &shared, &mut watch).await;

        fs::write(&more, "[[pam_user]]\nname = \"more\"\n").unwrap();
        fs::write(&file, text("\"more.toml\"")).unwrap();
        assert_eq!([watch.has_changed(), watch.has_changed()], [false, true]);
        reload(&file, &server, &shared, &mut watch).await;
        assert_eq!(metric(&shared, "pgwarden_config_last_reload_success"), "0");
        assert!(!watch.has_changed());

        fs::write(&more, "[[pam_user]]\nname = \"more\"\nlogin = \"more\"\n").unwrap();
        assert_eq!([watch.has_changed(), watch.has_changed()], [false, true]);
        reload(&file, &server, &shared, &mut watch).await;
        assert_eq!(metric(&shared, "pgwarden_config_last_reload_success"), "1");
    }

    #[tokio::test]
    async fn a_file_whose_recordings_have_no_place_changes_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pgwarden.toml");
        fs::write(directory.path().join("recordings"), "not a directory").unwrap();
        fs::write(&file, config("invoices", "")).unwrap();
        let shared = shared();
        let server = shared.current().snapshot.server.clone();
        reload(&file, &server, &shared, &mut ConfigWatch::new(&file)).await;
        assert_eq!(
            (shared.epoch(), record_names(&shared)),
            (1, vec!["orders".to_owned()])
        );
        assert_eq!(metric(&shared, "pgwarden_config_last_reload_success"), "0");
    }

    #[test]
    fn changes_that_need_a_restart() {
        let before = snapshot("orders").server;
        let mut after = before.clone();
        after.max_sessions += 1;
        assert!(needs_restart(&before, &after).is_empty());
        after.listen.clear();
        after.worker_threads += 1;
        after.admin_listen = Some("127.0.0.1:9432".parse().unwrap());
        after.login_key.push("other");
        assert_eq!(
            needs_restart(&before, &after),
            ["listen", "admin_listen", "worker_threads", "login_key"]
        );
    }

    #[test]
    fn recordings_need_a_place_where_they_are_required() {
        let directory = tempfile::tempdir().unwrap();
        let blocked = directory.path().join("file");
        fs::write(&blocked, "").unwrap();
        let check = |directory: &Path, mode: RecordingMode| {
            let results = pgwarden_records::Results::Full;
            check_recording_directory(&RecordingConfig {
                directory: directory.to_owned(),
                mode,
                results,
            })
            .is_ok()
        };
        let possible = directory.path().join("a/b");
        assert!(check(&possible, RecordingMode::Required));
        assert_eq!(
            fs::read_dir(&possible).unwrap().count(),
            0,
            "nothing of the check is left"
        );
        assert_eq!(fs::metadata(&possible).unwrap().mode() & 0o777, 0o700);
        assert!(!check(&blocked.join("c"), RecordingMode::Required));
        assert!(!check(&blocked, RecordingMode::Required));
        assert!(check(&blocked, RecordingMode::BestEffort));
        assert!(check(&blocked, RecordingMode::Off));
        let unused = directory.path().join("unused");
        assert!(check(&unused, RecordingMode::Off));
        assert!(!unused.exists());
    }

    #[test]
    fn limits_of_open_files() {
        let text = |value: &str| {
            format!(
                "Limit                     Soft Limit           Hard Limit           Units     \n\
                 Max processes             7823                 7823                 processes \n\
                 Max open files            {value}                 524288               files     \n"
            )
        };
        assert_eq!(open_files_limit(&text("1024")), Some(1024));
        assert_eq!(open_files_limit(&text("unlimited")), None);
        assert_eq!(open_files_limit(""), None);
        let own = fs::read_to_string("/proc/self/limits").unwrap();
        assert!(open_files_limit(&own).is_none_or(|limit| limit > 0));
    }

    #[tokio::test]
    async fn each_listener_is_announced() {
        let directory = tempfile::tempdir().unwrap();
        let unix = directory.path().join(".s.PGSQL.6432");
        let listen = |address: String| {
            let address = match address.strip_prefix("unix:") {
                Some(path) => pgwarden_records::ListenAddress::Unix(path.into()),
                None => pgwarden_records::ListenAddress::Tcp(address.parse().unwrap()),
            };
            Listener::bind(
                0,
                &pgwarden_records::Listen {
                    address,
                    record: None,
                    tls: pgwarden_records::ListenTls::Disable,
                    proxy_protocol: None,
                },
            )
            .unwrap()
        };
        let listeners = [
            listen("127.0.0.1:0".to_owned()),
            listen(format!("unix:{}", unix.display())),
        ];
        let admin = Admin::start(
            "127.0.0.1:0".parse().unwrap(),
            (&snapshot("orders").server).into(),
            shared(),
            ReadinessCell::default(),
        )
        .unwrap();
        let mut out = Vec::new();
        announce_to(&mut out, &listeners, Some(&admin)).unwrap();
        let expected = format!(
            "listening on {}\nlistening on unix:{}\nlistening on {} (admin)\n",
            listeners[0].address(),
            unix.display(),
            admin.address()
        );
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
