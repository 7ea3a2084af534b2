//! One client connection from its first byte to its last: login, the database's login, relay, end.

mod facts;
mod finish;
mod watch;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use pgwarden_recording::{Mode, SessionId, SessionWriter};
use pgwarden_records::{Access, Certificate, RecordName, RecordingMode};
use tracing::{Instrument as _, field};

use crate::backend_login::{self, Backend};
use crate::cancel::{Registration, Requested};
use crate::causes::Causes;
use crate::gate::{Gate, GateOptions, Rules};
use crate::listener::Arrival;
use crate::login::{FirstContact, Login, LoginContext, first_contact};
use crate::metrics::{OpenSession, RecordMetrics, SessionOutcome};
use crate::recorder::Recorder;
use crate::relay::{End, Relay};
use crate::sessions::{Command, EndReason, SessionControl};
use crate::shared::{Shared, Versioned};
use crate::stream::{ClientAddress, Stream, last_words, tell};

use facts::facts;
use finish::{close, finish_of, recording_failed};
use watch::Watch;

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
        .admit(&login.person, from.origin(), &current.snapshot.server)
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
        let facts = facts(
            id,
            &current,
            &login,
            from,
            listener.as_ref(),
            &parameters,
            server_tls.as_ref(),
        );
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
            facts: Arc::clone(&shared.facts),
            max_message: current.snapshot.server.max_message,
            replication: login.replication.is_some(),
            hour: shared
                .hours
                .of(&login.person, login.access.record.name.as_str(), Instant::now()),
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
            cancel.clone(),
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
        let record = login.access.record.name.as_str();
        let noted = login
            .observed
            .iter()
            .try_for_each(|refusal| relay.observed(refusal, record));
        let mut watch = Watch {
            ahead: registration.as_ref().map(Registration::ahead).unwrap_or_default(),
            shared,
            control,
            current,
            login: &login,
            from,
            begun,
        };
        let greeted = noted
            .map_err(End::Unrecorded)
            .and_then(|()| relay.greet(&login.reply, &greeting, &key, &ready));
        let finish = match greeted {
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
