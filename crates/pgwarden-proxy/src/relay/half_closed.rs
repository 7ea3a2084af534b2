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

use super::passage::{Parting, Way};
use super::side::{ReadEnd, Reading};
use super::{End, Relay};

/// How long after its end a client is first asked. Most answers come sooner, and tell as much.
const FIRST_QUESTION_AFTER: Duration = Duration::from_millis(100);

/// Longest pause between two questions; each is twice as long as the one before.
const QUESTION_PAUSE_MAX: Duration = Duration::from_secs(10);

/// When to ask.
#[derive(Debug)]
pub(super) struct HalfClosed {
    timer: Pin<Box<Sleep>>,
    pause: Duration,
}

impl HalfClosed {
    pub(super) fn new() -> Self {
        HalfClosed {
            timer: Box::pin(sleep(FIRST_QUESTION_AFTER)),
            pause: FIRST_QUESTION_AFTER,
        }
    }

    /// Ready when it is time to ask.
    pub(super) fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        ready!(self.timer.as_mut().poll(cx));
        let next = Instant::now().checked_add(self.pause);
        self.pause = self.pause.saturating_mul(2).min(QUESTION_PAUSE_MAX);
        self.timer.as_mut().reset(next.unwrap_or_else(Instant::now));
        Poll::Ready(())
    }
}

impl Relay {
    /// Notes that nothing more is taken from the client. Says whether that is so.
    pub(super) fn note_parting(&mut self, parting: Option<Parting>) -> bool {
        let Some(parting) = parting else {
            return false;
        };
        self.client.input = Vec::new();
        match parting {
            Parting::Left => self.client.reading = Reading::Closed,
            Parting::Violation(farewell) => {
                self.client.reading = Reading::Discarding;
                self.farewell = farewell;
                self.server.end_writing();
            }
        }
        true
    }

    /// The client has ended its sending. What it has sent is done, if it is still there to hear of it.
    pub(super) fn client_ended(&mut self) -> Result<bool, End> {
        let nothing_comes = !self.passage.gate.is_busy() && self.client.output.is_empty();
        if nothing_comes && self.client.reading == Reading::Open {
            return Err(End::ClientLost);
        }
        self.client.reading = Reading::Ended;
        self.half_closed = Some(HalfClosed::new());
        Ok(true)
    }

    /// Reads what nobody wants any more, so that the client's end is seen.
    pub(super) fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool, End>> {
        let read = ready!(self.client.poll_read(cx, |_, bytes| Ok::<_, End>(bytes.len())));
        Poll::Ready(match read {
            Ok(_) => Ok(true),
            Err(ReadEnd::Closed) => self.client_ended(),
            Err(ReadEnd::Lost(_) | ReadEnd::Other(_)) => Err(End::ClientLost),
        })
    }

    /// Asks a client that has ended its sending whether it is still there, when it is time to. All that was for it has been sent.
    pub(super) fn poll_question(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool, End>> {
        let Some(half_closed) = &mut self.half_closed else {
            return Poll::Pending;
        };
        ready!(half_closed.poll_due(cx));
        if !self.passage.gate.client_is_at_boundary() {
            return Poll::Ready(Ok(true));
        }
        let Some(question) = &self.question else {
            return Poll::Ready(Err(End::ClientLost));
        };
        let recorded = self
            .passage
            .record_own(Way::ToClient, question.clone())
            .map_err(End::Unrecorded)?;
        self.client.send(cx, question, &recorded);
        Poll::Ready(Ok(true))
    }
}

/// What to ask with, out of what the server said at the login. Nothing of it ever changes.
pub(super) fn question(greeting: &[u8]) -> Option<Vec<u8>> {
    frames(greeting)
        .find(|frame| {
            frame.tag == BackendType::ParameterStatus.tag() && frame.body.starts_with(b"server_version\0")
        })
        .map(|frame| frame.bytes.to_vec())
}
