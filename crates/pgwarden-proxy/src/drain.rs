//! How pgwarden stops without taking anything out of anyone's hands.

use std::time::Duration;

use tokio::time::timeout;
use tracing::{info, warn};

use crate::sessions::{EndReason, Sessions};

/// How long sessions may take to end once they are told to end now: a cancel request is given 5 s, and then
/// the client's last words have to be sent and the recording closed.
const END_TIMEOUT: Duration = Duration::from_secs(7);

/// How long somebody may take to log in whom the kernel let in before the listening ended, and then, without a word from the client, a session may
/// wait for its first statement. So a client that connects while one process takes over from another is served by the one or the other.
pub(crate) const NEWCOMER_TIMEOUT: Duration = Duration::from_secs(3);

/// How the sessions came to their ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drained {
    /// Each when it was idle.
    Idle,
    /// Some had to be ended.
    Ended,
    /// Some didn't end even then, or nobody wanted to wait; this many are dropped.
    Abandoned(usize),
}

/// Lets sessions finish what is under way, for up to `limit`; then ends them. Each `hurry` shortens it by one stage: the first
/// ends the sessions, the second stops waiting for that.
///
/// Who has connected may still log in for [`NEWCOMER_TIMEOUT`]. The caller either has stopped listening or goes on for those who cancel what runs,
/// and can do nothing else. Not cancel safe: sessions keep the orders
/// that they got.
pub(crate) async fn drain(sessions: &Sessions, limit: Duration, mut hurry: impl AsyncFnMut()) -> Drained {
    info!(sessions = sessions.live(), ?limit, "draining");
    sessions.drain();
    let all_over = async {
        let _ = timeout(NEWCOMER_TIMEOUT, sessions.wait_logged_in()).await;
        sessions.close();
        sessions.wait_empty().await;
    };
    if stage(all_over, limit, &mut hurry).await == Stage::Empty {
        info!("drained");
        return Drained::Idle;
    }
    warn!(sessions = sessions.live(), "ending the sessions that are left");
    sessions.end_all(EndReason::Shutdown);
    if stage(sessions.wait_empty(), END_TIMEOUT, &mut hurry).await == Stage::Empty {
        return Drained::Ended;
    }
    let left = sessions.live();
    warn!(sessions = left, "dropping the sessions that did not end");
    Drained::Abandoned(left)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// No session lives.
    Empty,
    /// Time is up, or nobody wants to wait.
    Over,
}

async fn stage(all_over: impl Future<Output = ()>, limit: Duration, hurry: &mut impl AsyncFnMut()) -> Stage {
    tokio::select! {
        biased;
        empty = timeout(limit, all_over) => match empty {
            Ok(()) => Stage::Empty,
            Err(_) => Stage::Over,
        },
        () = hurry() => Stage::Over,
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;
    use crate::sessions::{Command, SessionGuard};
    use crate::shared::Shared;
    use crate::shared::tests::{DEADLINE, shared, within};

    fn session(shared: &Shared) -> SessionGuard {
        shared
            .sessions
            .admit("alice", None, &shared.current().snapshot.server)
            .unwrap()
    }

    /// Lives until it is told this.
    fn until(session: SessionGuard, command: Command) -> tokio::task::JoinHandle<()> {
        tokio::spawn(async move {
            while session.control().command() < command {
                session.control().notified().await;
            }
        })
    }

    #[tokio::test]
    async fn sessions_end_when_they_are_idle() {
        let shared = shared();
        let sessions = [session(&shared), session(&shared)].map(|session| until(session, Command::Drain));
        let drained = within("the drain", drain(&shared.sessions, DEADLINE, pending)).await;
        assert_eq!(drained, Drained::Idle);
        for session in sessions {
            session.await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_statement_may_finish() {
        let shared = shared();
        let busy = session(&shared);
        let draining = {
            let sessions = shared.sessions.clone();
            tokio::spawn(async move { drain(&sessions, DEADLINE, pending).await })
        };
        within("the order", busy.control().notified()).await;
        assert_eq!(busy.control().command(), Command::Drain);
        assert!(!draining.is_finished());
        drop(busy);
        assert_eq!(within("the drain", draining).await.unwrap(), Drained::Idle);
    }

    #[tokio::test]
    async fn what_is_not_idle_in_time_is_ended() {
        let shared = shared();
        let busy = until(session(&shared), Command::End(EndReason::Shutdown));
        let drained = within("the drain", drain(&shared.sessions, Duration::ZERO, pending)).await;
        assert_eq!(drained, Drained::Ended);
        busy.await.unwrap();
    }

    #[tokio::test]
    async fn a_second_signal_ends_and_a_third_does_not_wait() {
        let shared = shared();
        let deaf = session(&shared);
        let drained = within("the drain", drain(&shared.sessions, DEADLINE, async || {})).await;
        assert_eq!(drained, Drained::Abandoned(1));
        assert_eq!(deaf.control().command(), Command::End(EndReason::Shutdown));
    }
}
