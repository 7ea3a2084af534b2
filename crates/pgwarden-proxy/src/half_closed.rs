//! A client that has ended its sending: gone, or half-closed and waiting for its answers?
//!
//! A close and a half-close look the same (TCP sends FIN for both), until something is sent: only a closed socket answers that with a
//! reset. PostgreSQL finds out with its next answer; until then the statement of a client that has vanished goes on. pgwarden has
//! to know sooner, as it cancels that statement, and so sends what any client takes at any time and what tells it nothing new:
//! `ParameterStatus` of the server's version (PROTOCOL-ASYNC).

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pgwarden_wire::{BackendType, frames};
use tokio::time::{Instant, Sleep, sleep};

/// How long after its end a client is first asked. Most answers come sooner, and tell as much.
const FIRST_QUESTION_AFTER: Duration = Duration::from_millis(100);

/// Longest pause between two questions; each is twice as long as the one before.
const QUESTION_PAUSE_MAX: Duration = Duration::from_secs(10);

/// When to ask.
#[derive(Debug)]
pub(crate) struct HalfClosed {
    timer: Pin<Box<Sleep>>,
    pause: Duration,
}

impl HalfClosed {
    pub(crate) fn new() -> Self {
        HalfClosed {
            timer: Box::pin(sleep(FIRST_QUESTION_AFTER)),
            pause: FIRST_QUESTION_AFTER,
        }
    }

    /// Ready when it is time to ask.
    pub(crate) fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        ready!(self.timer.as_mut().poll(cx));
        let next = Instant::now().checked_add(self.pause);
        self.pause = self.pause.saturating_mul(2).min(QUESTION_PAUSE_MAX);
        self.timer.as_mut().reset(next.unwrap_or_else(Instant::now));
        Poll::Ready(())
    }
}

/// What to ask with, out of what the server said at the login. Nothing of it ever changes.
pub(crate) fn question(greeting: &[u8]) -> Option<Vec<u8>> {
    frames(greeting)
        .find(|frame| {
            frame.tag == BackendType::ParameterStatus.tag() && frame.body.starts_with(b"server_version\0")
        })
        .map(|frame| frame.bytes.to_vec())
}
