//! Moves bytes between one client and one server, as the gate says and after they are recorded.
//!
//! One task owns both sockets. What is read goes through the gate at once; what the other side can't take yet is
//! kept, and nothing more is read for it until it is gone. So backpressure works both ways, and what is kept is
//! bounded by one read and by the longest message that is held (`max_message`). An idle session holds no buffer:
//! reads go to a buffer of the thread, and only an unfinished message is kept.

mod cancelling;
mod half_closed;
mod passage;
mod side;

use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use pgwarden_recording::{Event, Recorded, RecordingError};
use pgwarden_wire::{ErrorResponse, FrontendType};
use tokio::io::AsyncWrite;

use crate::cancel::CancelTarget;
use crate::gate::{Gate, Outcome, Refused, Rules};
use crate::metrics::RecordMetrics;
use crate::recorder::{Piece, Recorder};
use crate::shared::Shared;
use crate::stream::Stream;

use cancelling::Cancelling;
use half_closed::HalfClosed;
use passage::{Passage, Way};
use side::{ReadEnd, Reading, Side, Writing};

/// How long a side may take to accept what is sent to it last.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a relay stopped.
#[derive(Debug)]
pub(crate) enum Halt {
    /// What held doesn't any more: look it up, and go on.
    Stale,
    /// It is over.
    End(End),
}

/// Why a relay ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The client said goodbye, and the server has closed.
    ClientLeft,
    /// The client vanished.
    ClientLost,
    /// The server closed, or vanished.
    ServerClosed,
    /// The client broke the protocol, and the server ended the session with a word about it.
    ProtocolViolated,
    /// The gate ended it.
    Terminated(Box<ErrorResponse>),
    /// What can't be recorded isn't passed on.
    Unrecorded(RecordingError),
}

/// A running session's two sides and what stands between them.
#[derive(Debug)]
pub(crate) struct Relay {
    client: Side,
    server: Side,
    passage: Passage,
    last_activity: Instant,
    /// A message of the client has been dealt with.
    is_used: bool,
    half_closed: Option<HalfClosed>,
    /// `ParameterStatus` of what never changes, as the server sent it.
    question: Option<Vec<u8>>,
    /// What the client is told when the server has closed.
    farewell: Option<Box<ErrorResponse>>,
}

impl Relay {
    /// A relay between two sides that have logged in. `client_input` and `server_input` were read early.
    pub(crate) fn new(
        (client, client_input): (Stream, Vec<u8>),
        (server, server_input): (Stream, Vec<u8>),
        gate: Gate,
        recorder: Recorder,
        cancel: Option<CancelTarget>,
        record: RecordMetrics,
        shared: &Shared,
    ) -> Self {
        let Shared {
            metrics, held_memory, ..
        } = shared;
        Relay {
            client: Side::new(client, client_input, held_memory),
            server: Side::new(server, server_input, held_memory),
            passage: Passage::new(gate, recorder, Cancelling::new(cancel), record, metrics),
            last_activity: Instant::now(),
            is_used: false,
            half_closed: None,
            question: None,
            farewell: None,
        }
    }

    /// Says the first words to the client: recorded as the server's, and sent with `reply` before them.
    pub(crate) fn greet(
        &mut self,
        reply: &[u8],
        greeting: &[u8],
        key: &[u8],
        ready: &[u8],
    ) -> Result<(), End> {
        let recorded = [greeting, ready].concat();
        let [stream, ..] = Way::ToClient.streams();
        let piece = Piece::Input {
            stream,
            range: 0..recorded.len(),
        };
        let Passage { recorder, gate, .. } = &mut self.passage;
        let _: Recorded = recorder
            .append(Instant::now(), &recorded, &[piece], &[], gate.secrets())
            .map_err(End::Unrecorded)?;
        for bytes in [reply, greeting, key, ready] {
            self.client.output.extend_from_slice(bytes);
        }
        self.question = half_closed::question(greeting);
        Ok(())
    }

    /// Relays until it ends, or until `is_current` says no, which is asked before each message, with whether there was one of the client. Can be dropped and polled
    /// again: all state is kept.
    pub(crate) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        is_current: impl Fn(&Gate, bool) -> bool,
    ) -> Poll<Halt> {
        match ready!(self.poll_end(cx, is_current)) {
            Ok(()) => Poll::Ready(Halt::Stale),
            Err(end) => Poll::Ready(Halt::End(end)),
        }
    }

    fn poll_end(
        &mut self,
        cx: &mut Context<'_>,
        is_current: impl Fn(&Gate, bool) -> bool,
    ) -> Poll<Result<(), End>> {
        loop {
            let mut moved = false;
            let server_flushed = self.server.poll_flush(cx).is_ready();
            let client_flushed = self.client.poll_flush(cx).is_ready();
            if self.client.deaf && self.client.reading != Reading::Closed {
                return Poll::Ready(Err(End::ClientLost));
            }
            self.client.hold()?;
            self.server.hold()?;
            if !is_current(&self.passage.gate, self.is_used) {
                return Poll::Ready(Ok(()));
            }
            if self.passage.cancelling.poll_done(cx).is_ready() {
                self.passage.gate.cancel_ended();
                moved = true;
            }
            match self.client.reading {
                Reading::Open | Reading::Ended if server_flushed => {
                    moved |= ready_or_false(self.poll_client(cx))?;
                }
                Reading::Discarding => moved |= ready_or_false(self.poll_discard(cx))?,
                Reading::Open | Reading::Ended | Reading::Closed => {}
            }
            if client_flushed && self.server.reading == Reading::Open {
                moved |= ready_or_false(self.poll_server(cx))?;
            }
            if self.server.reading == Reading::Closed && self.client.output.is_empty() {
                return Poll::Ready(Err(match (self.farewell.take(), self.client.reading) {
                    (Some(error), _) => End::Terminated(error),
                    (None, Reading::Open) => End::ServerClosed,
                    (None, Reading::Discarding) => End::ProtocolViolated,
                    (None, Reading::Ended) => End::ClientLost,
                    (None, Reading::Closed) => End::ClientLeft,
                }));
            }
            if client_flushed {
                moved |= ready_or_false(self.poll_question(cx))?;
            }
            if !moved {
                return Poll::Pending;
            }
        }
    }

    /// Moves what the client sent. Ready(true) when something was moved.
    fn poll_client(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool, End>> {
        let Relay {
            client,
            server,
            passage,
            ..
        } = self;
        // What is kept may have waited for the server's word.
        if !client.input.is_empty() || passage.gate.has_word_for_server() {
            let done = passage.deal_with(cx, Way::ToServer, &client.input, server)?;
            client.forget(done.bytes);
            let parted = self.note_parting(done.parting);
            if done.bytes > 0 {
                self.is_used = true;
            }
            if parted || done.bytes > 0 || done.said {
                return Poll::Ready(Ok(true));
            }
        }
        if self.passage.gate.client_waits() {
            return Poll::Ready(Ok(false));
        }
        if self.client.reading == Reading::Ended {
            // The rest is a message that never became whole. The server is to see the end as well: it does what was sent, then ends.
            self.client.input = Vec::new();
            let is_new = self.server.writing == Writing::Open;
            self.server.end_writing();
            return Poll::Ready(Ok(is_new));
        }
        let Relay {
            client,
            server,
            passage,
            ..
        } = self;
        let mut parting = None;
        let read = ready!(client.poll_read(cx, |cx, bytes| {
            let done = passage.deal_with(cx, Way::ToServer, bytes, server)?;
            parting = done.parting;
            Ok(done.bytes)
        }));
        self.last_activity = Instant::now();
        self.note_parting(parting);
        Poll::Ready(match read {
            Ok(done) => {
                self.is_used |= done > 0;
                Ok(true)
            }
            Err(ReadEnd::Other(end)) => Err(end),
            Err(ReadEnd::Closed) => self.client_ended(),
            Err(ReadEnd::Lost(error)) => {
                tracing::debug!(%error, "client connection lost");
                Err(End::ClientLost)
            }
        })
    }

    /// Moves what the server sent. Ready(true) when something was moved.
    fn poll_server(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool, End>> {
        let Relay {
            client,
            server,
            passage,
            ..
        } = self;
        if !server.input.is_empty() {
            let done = passage.deal_with(cx, Way::ToClient, &server.input, client)?;
            server.forget(done.bytes);
            if done.bytes > 0 {
                return Poll::Ready(Ok(true));
            }
        }
        let read = ready!(server.poll_read(cx, |cx, bytes| {
            passage
                .deal_with(cx, Way::ToClient, bytes, client)
                .map(|done| done.bytes)
        }));
        self.last_activity = Instant::now();
        Poll::Ready(match read {
            Ok(_) => Ok(true),
            Err(ReadEnd::Other(end)) => Err(end),
            Err(ReadEnd::Closed) => {
                self.server.reading = Reading::Closed;
                Ok(true)
            }
            Err(ReadEnd::Lost(error)) => {
                tracing::debug!(%error, "server connection lost");
                self.server.reading = Reading::Closed;
                Ok(true)
            }
        })
    }

    /// Whether a message of the client has been dealt with.
    pub(crate) fn is_used(&self) -> bool {
        self.is_used
    }

    /// When a byte last came from either side.
    pub(crate) fn last_activity(&self) -> Instant {
        self.last_activity
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.passage.gate
    }

    /// Whether the copy guard ended the session.
    pub(crate) fn guard_tripped(&self) -> bool {
        self.passage.guard_tripped
    }

    /// Notes what monitor mode let pass that is no statement: at the login, or at a reload.
    pub(crate) fn observed(
        &mut self,
        refusal: &pgwarden_policy::Refusal,
        record: &str,
    ) -> Result<(), RecordingError> {
        let refused = Refused::by_policy(refusal, record);
        let event = self.passage.verdict(&refused, Outcome::Observed);
        let _: Recorded = self.passage.recorder.event(Instant::now(), &event)?;
        Ok(())
    }

    /// New rules hold from the client's next message on.
    pub(crate) fn apply_rules(
        &mut self,
        rules: Rules,
        changed: BTreeMap<String, String>,
    ) -> Result<(), RecordingError> {
        self.passage.gate.apply_rules(rules);
        let event = Event::Reload { changed };
        let _: Recorded = self.passage.recorder.event(Instant::now(), &event)?;
        Ok(())
    }

    /// Tells the client why its session ends, if whole messages were sent before, and closes its side. What is
    /// still on its way to the client goes first; all of it has [`CLOSE_TIMEOUT`].
    pub(crate) async fn close_client(&mut self, error: Option<&ErrorResponse>) {
        let mut last_words = Vec::new();
        if error.is_some() && !self.passage.gate.client_is_at_boundary() {
            // No error can follow half a message.
            tracing::warn!("the client is not told, as it has received only part of a message");
        } else if let Some(error) = error {
            error.encode(&mut last_words);
            // The session ends anyway; that it can't be recorded is reported by whoever ends the recording.
            let _ = self.passage.record_own(Way::ToClient, last_words.clone());
        }
        self.client.output.extend_from_slice(&last_words);
        let client = &mut self.client;
        let flushed = std::future::poll_fn(|cx| {
            ready!(client.poll_flush(cx));
            Pin::new(&mut client.stream).poll_shutdown(cx)
        });
        // Whether it was heard can't be known, nor helped.
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, flushed).await;
    }

    /// Whether the server has closed its side.
    pub(crate) fn server_has_closed(&self) -> bool {
        self.server.reading == Reading::Closed
    }

    /// Breaks the connection to the server off, so that it does nothing more of what it was sent but what it is at: it ends when it finds
    /// that an answer can't be sent (`internal_flush`, libpq/pqcomm.c), before it reads the next message.
    pub(crate) fn break_off_server(&mut self) {
        self.server.stream.break_off();
        self.server.deaf = true;
    }

    /// Takes leave of a server that waits for the next message, and closes its side.
    pub(crate) async fn close_server(&mut self) {
        let server = &mut self.server;
        if !self.passage.gate.is_busy() && server.output.is_empty() && server.writing == Writing::Open {
            pgwarden_wire::frontend::bare(&mut server.output, FrontendType::Terminate);
        }
        let closed = std::future::poll_fn(|cx| {
            ready!(server.poll_flush(cx));
            Pin::new(&mut server.stream).poll_shutdown(cx)
        });
        // A server that takes nothing any more finds out when the socket is closed.
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, closed).await;
    }

    /// Gives up the two sides and hands out the recording.
    pub(crate) fn into_recorder(self) -> Recorder {
        self.passage.recorder
    }
}

/// Pending moves nothing.
fn ready_or_false(poll: Poll<Result<bool, End>>) -> Result<bool, End> {
    match poll {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => Ok(false),
    }
}
