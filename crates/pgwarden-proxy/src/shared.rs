//! What all sessions of the process share: the configuration that holds, the sessions that live, keys and metrics.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use pgwarden_policy::FactsCache;
use pgwarden_records::{Secret, Snapshot};

use crate::cancel::Cancels;
use crate::held_memory::HeldMemory;
use crate::hours::Hours;
use crate::listener::Entrance;
use crate::log_throttle::LogThrottle;
use crate::login_key::LOGIN_KEY_BYTES;
use crate::metrics::Metrics;
use crate::scram_client::ScramKeys;
use crate::sessions::Sessions;
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
    /// What people have read and sent in the last hour.
    pub(crate) hours: Hours,
    /// What they may hold of messages.
    pub(crate) held_memory: HeldMemory,
    /// What texts do, by text.
    pub(crate) facts: Arc<FactsCache>,
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
            facts: Arc::new(FactsCache::new(snapshot.server.facts_cache)),
            held_memory: HeldMemory::new(snapshot.server.max_held_memory),
            current: RwLock::new(Arc::new(Versioned::new(1, snapshot))),
            epoch: AtomicU64::new(1),
            login_key,
            cancels,
            scram_keys,
            metrics,
            sessions: Sessions::default(),
            hours: Hours::default(),
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

    /// All metrics in Prometheus' text format.
    pub(crate) fn render_metrics(&self) -> Result<String, prometheus::Error> {
        self.metrics.facts_cache.show(self.facts.statistics());
        self.metrics.render()
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

#[cfg(test)]
pub(crate) mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::time::Duration;

    use pgwarden_policy::Enforcement;
    use pgwarden_records::ServerConfig;
    use prometheus::Registry;
    use tokio::time::timeout;

    use super::*;
    use crate::sessions::Command;

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
            facts_cache: 1 << 20,
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
            refusal_hint: None,
            login_key: PathBuf::new(),
            max_logins: 100,
            max_logins_per_address: 10,
            max_held_memory: 1 << 30,
            tcp: pgwarden_records::TcpSettings::default(),
            reuse_port: false,
            unix_socket_permissions: 0o777,
        }
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
}
