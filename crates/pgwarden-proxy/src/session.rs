//! One client connection from its first byte to its last: login, the database's login, relay, end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use pgwarden_policy::{Refusal, Setting, Settings, Verdict, judge_replication};
use pgwarden_recording::{
    ClientProcess, EndReason as Reason, Mode, SessionFacts, SessionId, SessionWriter, TlsUsed,
};
use pgwarden_records::{Access, AccessError, Certificate, RecordName, RecordingMode};
use pgwarden_wire::{ErrorResponse, sqlstate};
use tracing::{Instrument as _, field};

use crate::backend_login::{self, Backend};
use crate::cancel::{self, Ahead, CancelTarget, Registration, Requested};
use crate::channel::TlsFacts;
use crate::drain::NEWCOMER_TIMEOUT;
use crate::gate::{Gate, GateOptions, Rules};
use crate::listener::Arrival;
use crate::login::{FirstContact, Login, LoginContext, first_contact};
use crate::metrics::{OpenSession, RecordMetrics, SessionOutcome};
use crate::recorder::Recorder;
use crate::relay::{End, Halt, Relay};
use crate::shared::{Command, EndReason, SessionControl, Shared, Versioned};
use crate::stream::{ClientAddress, Stream, last_words};

/// How long a side may take to accept what is sent to it last.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// A cancel request does nothing to a server that has not begun to read what was sent to it last, or that is between two messages of a
/// pipeline. So it is repeated after this long, in which it will have begun.
const CANCEL_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Longest time to the next look at the clock where nothing else is due; tokio's timers end somewhere.
const FAR_AWAY: Duration = Duration::from_hours(24);

/// Serves one connection. Returns when nothing of it is left.
pub(crate) async fn run(stream: Stream, arrival: Arrival, shared: Arc<Shared>) {
    let from = arrival.from;
    let id = match SessionId::random() {
        Ok(id) => id,
        Err(error) => {
            tracing::error!(%error, "no random bytes for a session id");
            return;
        }
    };
    let span = tracing::info_span!(
        "session", session = %id, client = %from, peer = field::Empty, person = field::Empty, record = field::Empty, tls = field::Empty);
    if let Some(peer) = from.peer() {
        span.record("peer", peer.to_string());
    }
    serve(id, stream, &arrival, &shared).instrument(span).await;
}

async fn serve(id: SessionId, mut stream: Stream, arrival: &Arrival, shared: &Shared) {
    let Arrival {
        from,
        entrance,
        admission,
    } = arrival;
    let (from, admission) = (*from, *admission);
    let current = shared.current();
    let limit = current.snapshot.server.login_timeout;
    let begun = Instant::now();
    let deadline = tokio::time::Instant::from_std(begun).checked_add(limit);
    let context = LoginContext {
        snapshot: &current.snapshot,
        login_key: &shared.login_key,
        listener: entrance.listen.record.as_ref(),
        tls: current.tls_of(entrance),
        from,
        now: SystemTime::now(),
        admission,
        deadline: deadline.unwrap_or_else(|| tokio::time::Instant::now() + FAR_AWAY),
        limit,
    };
    let deadline = context.deadline;
    let login = match first_contact(&mut stream, context).await {
        Ok(FirstContact::Login(login)) => login,
        Ok(FirstContact::Closed) => return,
        Ok(FirstContact::Cancel { process_id, secret }) => {
            let requested = Requested {
                process_id,
                secret: &secret,
                from,
            };
            let server = &current.snapshot.server;
            let outcome = shared.cancels.serve(requested, server, &mut stream).await;
            shared.metrics.cancels.count(&outcome);
            outcome.log(process_id);
            return;
        }
        Err(error) => {
            shared.metrics.logins.failed(error.kind());
            tracing::info!(reason = error.kind().as_str(), error = %Causes(&error), "login failed");
            return;
        }
    };
    let span = tracing::Span::current();
    span.record("person", &*login.person);
    span.record("record", login.access.record.name.as_str());
    if let Some(tls) = &login.tls {
        span.record("tls", tls.facts.to_string());
    }
    let guard = match shared
        .sessions
        .admit(&login.person, from.ip(), &current.snapshot.server)
    {
        Ok(guard) => guard,
        Err(error) => {
            shared.metrics.logins.failed(error.kind());
            tracing::warn!(reason = error.kind().as_str(), %error, "login failed");
            tell(&mut stream, &error.to_client()).await;
            return;
        }
    };
    let metrics = shared.metrics.record(&login.access.record.name);
    let open = metrics.open();
    let connecting = Instant::now();
    let connected = tokio::select! {
        biased;
        () = told_to_end(guard.control()) => {
            tell(&mut stream, &EndReason::Shutdown.to_client()).await;
            open.finish(SessionOutcome::Shutdown);
            return;
        }
        connected = backend_login::connect(
            &login,
            &shared.scram_keys,
            &current.snapshot.server.tcp,
            current.snapshot.server.connect_timeout,
            deadline,
        ) => connected,
    };
    let backend = match connected {
        Ok(backend) => backend,
        Err(error) => {
            shared.metrics.logins.failed(error.kind());
            tracing::warn!(reason = error.kind().as_str(), error = %Causes(&error), "login failed");
            last_words(&mut stream, &error.to_client()).await;
            open.finish(SessionOutcome::BackendLoginFailed);
            return;
        }
    };
    metrics
        .backend_login_seconds
        .observe(connecting.elapsed().as_secs_f64());
    let session = Session {
        id,
        from,
        listener: entrance.listen.record.clone(),
        begun,
        current,
        login: *login,
        metrics,
        open,
    };
    session.relay(stream, backend, guard.control(), shared).await;
}

/// A session that has not begun ends when it is told to. To be drained it has to begin, so that nobody is sent away who was let in.
async fn told_to_end(control: &SessionControl) {
    while !matches!(control.command(), Command::End(_)) {
        control.notified().await;
    }
}

/// A session whose both sides have logged in.
struct Session {
    id: SessionId,
    from: ClientAddress,
    listener: Option<RecordName>,
    begun: Instant,
    /// The configuration that it knows.
    current: Arc<Versioned>,
    login: Login,
    metrics: RecordMetrics,
    open: OpenSession,
}

/// How a session ended, for each who wants to know.
struct Finish {
    reason: Reason,
    to_client: Option<ErrorResponse>,
}

impl Session {
    async fn relay(self, mut client: Stream, backend: Backend, control: &SessionControl, shared: &Shared) {
        let Session {
            id,
            from,
            listener,
            begun,
            current,
            login,
            metrics,
            open,
        } = self;
        let Backend {
            stream: server,
            tls: server_tls,
            cancel,
            greeting,
            parameters,
            ready,
            unread,
        } = backend;
        let facts = facts(id, &current, &login, from, listener.as_ref(), &parameters);
        let facts = SessionFacts {
            server_tls: server_tls.as_ref().map(recorded_tls),
            ..facts
        };
        let recording = &current.snapshot.recording;
        let writer = match SessionWriter::create(&recording.directory, &facts, mode(recording.mode)) {
            Ok(writer) => writer,
            Err(error) => {
                shared.metrics.recording.failed(error.kind());
                tracing::error!(error = %Causes(&error), "session can't be recorded");
                tell(&mut client, &recording_failed()).await;
                open.finish(SessionOutcome::RecordingFailed);
                return;
            }
        };
        let mut gate = Gate::new(GateOptions {
            rules: rules(&current, &login.access),
            max_message: current.snapshot.server.max_message,
            replication: login.replication.is_some(),
            nonces,
        });
        for (name, value) in &parameters {
            gate.note_parameter(name, value);
        }
        let registration = cancel
            .clone()
            .map(|target| shared.cancels.register(target, login.version))
            .transpose();
        let registration = match registration {
            Ok(registration) => registration,
            Err(error) => {
                tracing::error!(%error, "no random bytes for a cancel key");
                open.finish(SessionOutcome::InternalError);
                return;
            }
        };
        let mut key = Vec::new();
        if let Some(registration) = &registration {
            registration.backend_key_data(&mut key);
        }
        let recorder = Recorder::new(writer, begun);
        let mut relay = Relay::new(
            (client, login.unread.clone()),
            (server, unread),
            gate,
            recorder,
            metrics,
            shared,
        );
        let certificate = login.tls.as_ref().and_then(|tls| tls.certificate.as_ref());
        tracing::info!(
            user = login.user,
            database = login.database,
            certificate = certificate.map(Certificate::subject),
            server_tls = server_tls.map(|tls| tls.to_string()),
            "session begins"
        );
        shared
            .metrics
            .logins
            .seconds
            .observe(begun.elapsed().as_secs_f64());
        for refusal in &login.observed {
            relay.observed(refusal, login.access.record.name.as_str());
        }
        let mut watch = Watch {
            ahead: registration.as_ref().map(Registration::ahead).unwrap_or_default(),
            shared,
            control,
            current,
            login: &login,
            from,
            begun,
        };
        let finish = match relay.greet(&login.reply, &greeting, &key, &ready) {
            Ok(()) => watch.until_end(&mut relay).await,
            Err(end) => finish_of(end, &relay),
        };
        drop(registration);
        close(relay, cancel.as_ref(), &finish, shared).await;
        tracing::info!(
            outcome = SessionOutcome::from(finish.reason).as_str(),
            seconds = begun.elapsed().as_secs_f64(),
            "session ends"
        );
        open.finish(finish.reason.into());
    }
}

/// What a running session keeps an eye on besides its two sides.
struct Watch<'a> {
    /// Where cancel requests ask for what was sent before them.
    ahead: Arc<Ahead>,
    shared: &'a Shared,
    control: &'a SessionControl,
    current: Arc<Versioned>,
    login: &'a Login,
    from: ClientAddress,
    begun: Instant,
}

impl Watch<'_> {
    async fn until_end(&mut self, relay: &mut Relay) -> Finish {
        let mut valid_until = self.login.access.valid_until;
        let ahead = Arc::clone(&self.ahead);
        let mut awaited = false;
        loop {
            if let Some(finish) = self.commanded(relay) {
                return finish;
            }
            if self.shared.epoch() != self.current.epoch || is_past(valid_until) {
                match self.look_up(relay) {
                    Ok(until) => valid_until = until,
                    Err(finish) => return finish,
                }
            }
            if let Some(finish) = self.timed_out(relay) {
                return finish;
            }
            let epoch = self.current.epoch;
            let shared = self.shared;
            let draining = self.control.command() == Command::Drain;
            let next_look = self.next_look(relay, valid_until);
            let newcomer = self.newcomer_for().is_some();
            let is_current = |gate: &Gate, is_used: bool| {
                shared.epoch() == epoch && !(draining && gate.is_at_rest() && (is_used || !newcomer))
            };
            let relayed = std::future::poll_fn(|cx| {
                let polled = relay.poll(cx, is_current);
                if std::mem::take(&mut awaited) {
                    ahead.done();
                }
                polled
            });
            tokio::select! {
                biased;
                halt = relayed => match halt {
                    Halt::Stale => {}
                    Halt::End(end) => return finish_of(end, relay),
                },
                () = self.control.notified() => {}
                () = ahead.asked() => {
                    // The runtime looks at all sockets before it comes back to who yields, so what has arrived is read then.
                    tokio::task::yield_now().await;
                    awaited = true;
                }
                () = tokio::time::sleep(next_look) => {}
            }
        }
    }

    /// What it is told to do.
    fn commanded(&self, relay: &Relay) -> Option<Finish> {
        let reason = match self.control.command() {
            Command::GoOn => return None,
            Command::Drain if !relay.gate().is_at_rest() => return None,
            Command::Drain if !relay.is_used() && self.newcomer_for().is_some() => return None,
            Command::Drain => EndReason::Shutdown,
            Command::End(reason) => reason,
        };
        Some(Finish {
            reason: Reason::Shutdown,
            to_client: Some(reason.to_client()),
        })
    }

    /// For how long yet it may wait for its first statement although pgwarden drains.
    fn newcomer_for(&self) -> Option<Duration> {
        NEWCOMER_TIMEOUT
            .checked_sub(self.begun.elapsed())
            .filter(|left| !left.is_zero())
    }

    /// The configuration has changed, or a grant has run out: what holds now?
    fn look_up(&mut self, relay: &mut Relay) -> Result<Option<SystemTime>, Finish> {
        self.current = self.shared.current();
        let record = &self.login.access.record.name;
        let snapshot = &self.current.snapshot;
        let access = snapshot.access(
            &self.login.person,
            record.as_str(),
            self.from.ip(),
            SystemTime::now(),
        );
        let access = match access {
            Ok(access) if access.database(Some(&self.login.database)).is_ok() => access,
            Ok(_) => return Err(self.revoked(AccessError::DatabaseNotAllowed)),
            Err(error) => return Err(self.revoked(error)),
        };
        let valid_until = access.valid_until;
        let allowed = judge_replication(relay.gate().settings()) == Verdict::Allow;
        let observed = match judge_replication(&access.settings) {
            Verdict::Refuse(refusal) if self.login.replication.is_some() => {
                return Err(self.replication_taken_away(&refusal));
            }
            Verdict::Observe(refusal) if self.login.replication.is_some() && allowed => Some(refusal),
            Verdict::Allow | Verdict::Observe(_) | Verdict::Refuse(_) => None,
        };
        let rules = rules(&self.current, &access);
        relay
            .apply_rules(rules, settings_text(&access.settings))
            .map_err(|error| {
                tracing::error!(error = %Causes(&error), "reload can't be recorded");
                unrecorded()
            })?;
        tracing::info!(epoch = self.current.epoch, "new settings hold");
        if let Some(refusal) = observed {
            relay.observed(&refusal, record.as_str());
        }
        Ok(valid_until)
    }

    /// What streams is one statement that never ends, so the settings of now can't wait for the next one.
    fn replication_taken_away(&self, refusal: &Refusal) -> Finish {
        tracing::info!(setting = refusal.setting_name(), "replication taken away");
        let record = self.login.access.record.name.as_str();
        Finish {
            reason: Reason::GrantRevoked,
            to_client: Some(
                ErrorResponse::fatal(
                    sqlstate::ADMIN_SHUTDOWN,
                    "terminating connection due to administrator command",
                )
                .with_detail(format!(
                    "Replication connections are no longer allowed on record \"{record}\" (can_replicate is off)."
                ))
                .with_hint(refusal.hint()),
            ),
        }
    }

    fn revoked(&self, error: AccessError) -> Finish {
        tracing::info!(%error, "access revoked");
        let record = self.login.access.record.name.as_str();
        let reason = match error {
            AccessError::UnknownRecord | AccessError::RecordDisabled => Reason::RecordDisabled,
            AccessError::UnknownPerson | AccessError::NotGranted | AccessError::DatabaseNotAllowed => {
                Reason::GrantRevoked
            }
        };
        Finish {
            reason,
            to_client: Some(
                ErrorResponse::fatal(
                    sqlstate::ADMIN_SHUTDOWN,
                    "terminating connection due to administrator command",
                )
                .with_detail(format!("Access to record \"{record}\" was taken away."))
                .with_hint("Ask whoever administers pgwarden."),
            ),
        }
    }

    /// `idle_timeout` and `max_session_duration`.
    fn timed_out(&self, relay: &Relay) -> Option<Finish> {
        let server = &self.current.snapshot.server;
        let passed =
            |limit: Option<Duration>, since: Instant| limit.is_some_and(|limit| since.elapsed() >= limit);
        if passed(server.max_session_duration, self.begun) {
            return Some(Finish {
                reason: Reason::MaxDuration,
                to_client: Some(
                    ErrorResponse::fatal(
                        sqlstate::ADMIN_SHUTDOWN,
                        "terminating connection due to max_session_duration",
                    )
                    .with_hint("Connect again."),
                ),
            });
        }
        if passed(server.idle_timeout, relay.last_activity()) && !relay.gate().is_busy() {
            return Some(Finish {
                reason: Reason::IdleTimeout,
                to_client: Some(ErrorResponse::fatal(
                    sqlstate::IDLE_SESSION_TIMEOUT,
                    "terminating connection due to idle_timeout",
                )),
            });
        }
        None
    }

    /// How long nothing can come due.
    fn next_look(&self, relay: &Relay, valid_until: Option<SystemTime>) -> Duration {
        let server = &self.current.snapshot.server;
        let until = |limit: Option<Duration>, since: Instant| {
            limit.map(|limit| limit.saturating_sub(since.elapsed()))
        };
        let grant = valid_until.map(|until| until.duration_since(SystemTime::now()).unwrap_or_default());
        // A busy session that is past its idle timeout is looked at again after another.
        let idle = until(server.idle_timeout, relay.last_activity()).map(|left| {
            if left.is_zero() {
                server.idle_timeout.unwrap_or(FAR_AWAY)
            } else {
                left
            }
        });
        let newcomer = self
            .newcomer_for()
            .filter(|_| self.control.command() == Command::Drain);
        [
            until(server.max_session_duration, self.begun),
            idle,
            grant,
            newcomer,
        ]
        .into_iter()
        .flatten()
        .fold(FAR_AWAY, Duration::min)
    }
}

fn is_past(time: Option<SystemTime>) -> bool {
    time.is_some_and(|time| time <= SystemTime::now())
}

fn finish_of(end: End, relay: &Relay) -> Finish {
    let (reason, to_client) = match end {
        End::ClientLeft => (Reason::ClientTerminated, None),
        End::ClientLost => (Reason::ClientVanished, None),
        End::ServerClosed => (Reason::ServerClosed, None),
        End::ProtocolViolated => (Reason::ProtocolViolation, None),
        End::Terminated(error) => {
            let reason = if relay.guard_tripped() {
                Reason::CopyGuard
            } else if [sqlstate::PROGRAM_LIMIT_EXCEEDED, sqlstate::OUT_OF_MEMORY].contains(&error.sqlstate) {
                Reason::LimitExceeded
            } else {
                Reason::ProtocolViolation
            };
            tracing::warn!(
                sqlstate = error.sqlstate,
                message = error.message,
                "session terminated"
            );
            (reason, Some(*error))
        }
        End::Unrecorded(error) => {
            tracing::error!(error = %Causes(&error), "session can't be recorded any further");
            return unrecorded();
        }
    };
    Finish { reason, to_client }
}

fn unrecorded() -> Finish {
    Finish {
        reason: Reason::RecordingFailed,
        to_client: Some(recording_failed()),
    }
}

fn recording_failed() -> ErrorResponse {
    ErrorResponse::fatal(sqlstate::IO_ERROR, "session can't be recorded")
        .with_detail("What can't be recorded is not passed on.")
        .with_hint("Tell whoever administers pgwarden: its log says what failed.")
}

/// Closes both sides. What still runs at the server is cancelled first, as closing alone would let it go on; what it was sent and has not
/// begun is kept from beginning.
async fn close(mut relay: Relay, cancel: Option<&CancelTarget>, finish: &Finish, shared: &Shared) {
    let leaves_something = relay.gate().is_busy() && !relay.server_has_closed();
    let running = cancel.filter(|_| leaves_something && finish.reason != Reason::ClientTerminated);
    if let Some(target) = running {
        relay.break_off_server();
        cancel_what_runs(target).await;
    }
    relay.close_client(finish.to_client.as_ref(), CLOSE_TIMEOUT).await;
    if let Some(target) = running {
        tokio::time::sleep(CANCEL_AGAIN_AFTER).await;
        cancel_what_runs(target).await;
    } else {
        relay.close_server(CLOSE_TIMEOUT).await;
    }
    let sqlstate = finish.to_client.as_ref().map(|error| error.sqlstate);
    if let Err(error) = relay
        .into_recorder()
        .finish(Instant::now(), finish.reason, sqlstate)
    {
        shared.metrics.recording.failed(error.kind());
        tracing::error!(error = %Causes(&error), "end of the recording can't be written");
    }
}

async fn cancel_what_runs(target: &CancelTarget) {
    if let Err(error) = cancel::cancel_backend(target).await {
        tracing::warn!(%error, "what runs could not be cancelled");
    }
}

async fn tell(stream: &mut Stream, error: &ErrorResponse) {
    let mut bytes = Vec::new();
    error.encode(&mut bytes);
    last_words(stream, &bytes).await;
}

fn rules(current: &Versioned, access: &Access) -> Rules {
    Rules {
        record: access.record.name.as_str().to_owned(),
        settings: Arc::clone(&access.settings),
        epoch: current.epoch,
    }
}

fn mode(mode: RecordingMode) -> Mode {
    match mode {
        RecordingMode::Required => Mode::Required,
        RecordingMode::BestEffort => Mode::BestEffort,
        RecordingMode::Off => Mode::Off,
    }
}

fn nonces() -> [u8; 12] {
    let mut nonce = [0; 12];
    #[expect(
        clippy::expect_used,
        reason = "the system's random source has served this session before"
    )]
    getrandom::fill(&mut nonce).expect("the system gives random bytes");
    nonce
}

fn facts(
    id: SessionId,
    current: &Versioned,
    login: &Login,
    from: ClientAddress,
    listener: Option<&RecordName>,
    parameters: &[(Vec<u8>, Vec<u8>)],
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
    env!("CARGO_PKG_VERSION").clone_into(&mut facts.pgwarden_version);
    facts.settings = settings_text(&login.access.settings);
    facts.tls = login.tls.as_ref().map(|tls| TlsUsed {
        client_certificate: tls
            .certificate
            .as_ref()
            .map(|certificate| certificate.subject().to_owned()),
        ..recorded_tls(&tls.facts)
    });
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
fn settings_text(settings: &Settings) -> BTreeMap<String, String> {
    Setting::ALL
        .iter()
        .map(|setting| (setting.as_str().to_owned(), value_of(settings, *setting)))
        .collect()
}

fn value_of(settings: &Settings, setting: Setting) -> String {
    let list = |items: &[String]| format!("[{}]", items.join(", "));
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
        Setting::DenyFunctions => list(&settings.deny_functions),
        Setting::DenyRelations => list(&settings.deny_relations),
        Setting::DenyStatements => list(&settings.deny_statements),
        Setting::CopyRows => settings.copy_rows.to_string(),
        Setting::CopyBytes => settings.copy_bytes.to_string(),
        Setting::CopyRowsPerSession => settings.copy_rows_per_session.to_string(),
        Setting::PasteBytes => settings.paste_bytes.to_string(),
        Setting::PasteRows => settings.paste_rows.to_string(),
        Setting::PasteStatements => settings.paste_statements.to_string(),
        Setting::Enforcement => settings.enforcement.as_str().to_owned(),
    }
}

/// An error and what caused it, in one line.
struct Causes<'a>(&'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}
