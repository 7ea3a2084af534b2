//! The connections and sessions that live: how many there may be, and what they are told.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pgwarden_records::ServerConfig;
use pgwarden_wire::{ErrorResponse, sqlstate};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::login_counts::{LoginCounts, Origin};
use crate::metrics::LoginFailure;

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
    /// A client connected, of this origin if it is known yet. Its connection counts until the guard is dropped, after that of
    /// its session.
    pub(crate) fn connect(
        &self,
        origin: Option<Origin>,
        server: &ServerConfig,
    ) -> Result<ConnectionGuard, AdmissionError> {
        let mut counts = self.0.counts();
        if counts.connections.saturating_sub(counts.live.len()) >= server.max_logins {
            return Err(AdmissionError::TooManyLogins {
                limit: server.max_logins,
            });
        }
        if let Some(origin) = origin {
            counts.count_from(origin, server)?;
        }
        counts.connections = counts.connections.saturating_add(1);
        Ok(ConnectionGuard {
            admission: counts.admission,
            sessions: Arc::clone(&self.0),
            origin,
        })
    }

    /// A person has logged in on a connection of this origin and wants a session, by the limits of `server`.
    pub(crate) fn admit(
        &self,
        person: &str,
        origin: Option<Origin>,
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
    fn count_from(&mut self, origin: Origin, server: &ServerConfig) -> Result<(), AdmissionError> {
        if self.by_origin.logins(origin) >= server.max_logins_per_address {
            return Err(AdmissionError::TooManyLoginsOfAddress {
                limit: server.max_logins_per_address,
            });
        }
        self.by_origin.connected(origin);
        Ok(())
    }
}

/// A client connection that counts.
#[must_use]
pub(crate) struct ConnectionGuard {
    sessions: Arc<SessionsState>,
    /// Where it is counted besides.
    origin: Option<Origin>,
    /// What its client may do, who connected when this held.
    pub(crate) admission: Admission,
}

impl ConnectionGuard {
    /// It has turned out where it comes from.
    pub(crate) fn count_from(&mut self, origin: Origin, server: &ServerConfig) -> Result<(), AdmissionError> {
        let mut counts = self.sessions.counts();
        if let Some(before) = self.origin.take() {
            counts.by_origin.disconnected(before);
        }
        counts.count_from(origin, server)?;
        self.origin = Some(origin);
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

    /// Resolves once there is something to look up: [`SessionControl::command`] and [`crate::shared::Shared::epoch`]. A wake-up that
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

#[cfg(test)]
mod tests {
    use pgwarden_wire::{ErrorFields, Frame, field};

    use super::*;
    use crate::shared::tests::{server, within};

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
        let address = |text: &str| Some(Origin::of(text.parse().unwrap()));
        let connect = |from: &str| sessions.connect(address(from), &server);
        let mut connections: Vec<_> = (0..server.max_logins_per_address)
            .map(|_| connect("192.0.2.1").unwrap())
            .collect();
        let error = connect("192.0.2.1").err().unwrap();
        assert_eq!(error, AdmissionError::TooManyLoginsOfAddress { limit: 10 });
        check_told(&error, "53300", LoginFailure::TooManyLogins);
        let other = connect("192.0.2.2").unwrap();
        // A user of this machine is as good as an address.
        let of_user = |uid| sessions.connect(Some(Origin::User(uid)), &server);
        let local: Vec<_> = (0..server.max_logins_per_address)
            .map(|_| of_user(7).unwrap())
            .collect();
        assert_eq!(of_user(7).err().unwrap(), error);
        drop((local, of_user(8).unwrap()));
        let session = sessions.admit("alice", address("192.0.2.1"), &server).unwrap();
        connections.push(connect("192.0.2.1").unwrap());
        assert!(connect("192.0.2.1").is_err());

        // A balancer's connection turns out to be of an address, or of another one.
        let mut balanced = sessions.connect(None, &server).unwrap();
        let mut move_to = |to: &str| balanced.count_from(Origin::of(to.parse().unwrap()), &server);
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
        // It may be a cancel request.
        let connection = sessions.connect(None, &server).unwrap();
        assert_eq!(connection.admission, Admission::Draining);
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
}
