//! What a client has sent before its cancel request is to be ahead of it at the server.

use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

/// How long a session may take to pass on what has arrived. It has no more to do than to read and write once.
const AHEAD_TIMEOUT: Duration = Duration::from_secs(1);

/// A cancel request comes by a connection of its own, and so may overtake the statement that it is for. PostgreSQL ignores one that finds nothing
/// running, so a client that cancels at once would then wait for the end of the statement.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    asked: Notify,
    done: Notify,
}

impl Ahead {
    /// Waits until the session has passed on what had arrived from its client, unless that takes long: it may be waiting for the server's word.
    pub(super) async fn passed_on(&self) {
        let done = self.done.notified();
        self.asked.notify_one();
        let _ = timeout(AHEAD_TIMEOUT, done).await;
    }

    /// Resolves when somebody waits. Cancel safe.
    pub(crate) async fn asked(&self) {
        self.asked.notified().await;
    }

    /// What had arrived has been passed on, or never will be.
    pub(crate) fn done(&self) {
        self.done.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_request_waits_for_its_session_but_not_for_long() {
        let ahead = Ahead::default();
        let begun = tokio::time::Instant::now();
        tokio::join!(ahead.passed_on(), async {
            ahead.asked().await;
            ahead.done();
        });
        assert_eq!(begun.elapsed(), Duration::ZERO);
        ahead.passed_on().await;
        assert_eq!(begun.elapsed(), AHEAD_TIMEOUT);
    }
}
