//! Moves bytes between one client and one server, as the gate says and after they are recorded.
//!
//! One task owns both sockets. What is read goes through the gate at once; what the other side can't take yet is
//! kept, and nothing more is read for it until it is gone. So backpressure works both ways, and what is kept is
//! bounded by one read and by the longest message that is held (`max_message`). An idle session holds no buffer:
//! reads go to a buffer of the thread, and only an unfinished message is kept.

mod half_closed;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use pgwarden_recording::{Event, Recorded, RecordingError, Stream as RecordedStream};
use pgwarden_wire::{ErrorResponse, FrontendType};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::gate::{Action, Gate, Outcome, Refused, Rules};
use crate::held_memory::{Held, HeldMemory};
use crate::metrics::{RecordMetrics, RecordingMetrics, RecordingStage, StatementVerdict};
use crate::recorder::{Piece, Recorder};
use crate::shared::Shared;
use crate::stream::Stream;

use half_closed::HalfClosed;

/// Bytes taken by one read. A pgbench transaction fits many times; for bulk data larger reads gain little.
const READ_BYTES: usize = 64 * 1024;

/// What one side keeps while messages pass as they come: the rest of one read, and a read's room behind an unfinished message. Bounded by the number
/// of sessions, and so not part of `max_held_memory`.
const PASSING_BYTES: usize = 2 * READ_BYTES;

thread_local! {
    /// Where reads go: shared by the sessions of a worker thread, as none keeps it beyond a poll.
    static READ_BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

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

/// One side of a relay.
#[derive(Debug)]
struct Side {
    stream: Stream,
    /// Bytes read and not dealt with: at most an unfinished message, or what waits for the other side.
    input: Vec<u8>,
    /// Bytes that the stream has not taken yet.
    output: Vec<u8>,
    /// The stream has taken bytes that may not have reached the socket: TLS keeps what it has encrypted.
    unflushed: bool,
    reading: Reading,
    /// The part of `max_held_memory` that the two take.
    held: Held,
    /// Writing failed: what is for this side is dropped. Reading may still give its last words.
    deaf: bool,
    writing: Writing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Open,
    /// What comes is thrown away: the other side broke the protocol.
    Discarding,
    /// The other side has ended its sending, or vanished; it may still receive.
    Ended,
    /// Nothing more is read.
    Closed,
}

/// Whether more is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    Open,
    /// Once all that is kept is sent, the other side is to be told that nothing follows.
    Ending,
    Ended,
}

impl Side {
    fn new(stream: Stream, input: Vec<u8>, memory: &HeldMemory) -> Self {
        Side {
            held: memory.share(),
            stream,
            input,
            output: Vec::new(),
            unflushed: false,
            reading: Reading::Open,
            deaf: false,
            writing: Writing::Open,
        }
    }

    /// Counts what is kept beyond what passing on takes.
    fn hold(&mut self) -> Result<(), End> {
        let kept = self.input.capacity().saturating_add(self.output.capacity());
        self.held
            .set(kept.saturating_sub(PASSING_BYTES))
            .map_err(|refusal| End::Terminated(Box::new(refusal.into())))
    }

    /// Sends bytes, keeping what the stream does not take. They have been recorded. [`Side::poll_flush`] is to follow.
    fn send(&mut self, cx: &mut Context<'_>, bytes: &[u8], _: &Recorded) {
        let mut rest = bytes;
        while self.output.is_empty() && !self.deaf && !rest.is_empty() {
            match Pin::new(&mut self.stream).poll_write(cx, rest) {
                Poll::Ready(Ok(0) | Err(_)) => self.deaf = true,
                Poll::Ready(Ok(taken)) => {
                    self.unflushed = true;
                    rest = rest.get(taken..).unwrap_or_default();
                }
                Poll::Pending => break,
            }
        }
        if !self.deaf {
            self.output.extend_from_slice(rest);
        }
    }

    /// Sends what is kept. Ready when nothing is, neither here nor by the stream.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut sent = 0;
        while !self.deaf && sent < self.output.len() {
            let rest = self.output.get(sent..).unwrap_or_default();
            match Pin::new(&mut self.stream).poll_write(cx, rest) {
                Poll::Ready(Ok(0) | Err(_)) => self.deaf = true,
                Poll::Ready(Ok(taken)) => {
                    self.unflushed = true;
                    sent = sent.saturating_add(taken);
                }
                Poll::Pending => {
                    self.output.drain(..sent);
                    return Poll::Pending;
                }
            }
        }
        if !self.output.is_empty() {
            self.output = Vec::new();
        }
        if self.unflushed && !self.deaf {
            match ready!(Pin::new(&mut self.stream).poll_flush(cx)) {
                Ok(()) => self.unflushed = false,
                Err(_) => self.deaf = true,
            }
        }
        if self.writing == Writing::Ending {
            // A side that can't be told has gone, which reading tells.
            let _ = ready!(Pin::new(&mut self.stream).poll_shutdown(cx));
            self.writing = Writing::Ended;
        }
        Poll::Ready(())
    }

    /// Nothing more is to be sent.
    fn end_writing(&mut self) {
        if self.writing == Writing::Open {
            self.writing = Writing::Ending;
        }
    }

    /// Reads once. Bytes that were kept stand before the new ones in what `deal_with` gets; it says how many of
    /// them are done.
    fn poll_read<E>(
        &mut self,
        cx: &mut Context<'_>,
        deal_with: impl FnOnce(&mut Context<'_>, &[u8]) -> Result<usize, E>,
    ) -> Poll<Result<usize, ReadEnd<E>>> {
        let mut buffer = READ_BUFFER.take();
        let kept = self.input.len();
        let in_place = kept > 0;
        let target = if in_place { &mut self.input } else { &mut buffer };
        let start = if in_place { kept } else { 0 };
        // The thread's buffer is as long as it ever gets; a kept message grows as its bytes come.
        if target.len() < start.saturating_add(READ_BYTES) {
            target.resize(start.saturating_add(READ_BYTES), 0);
        }
        let mut read = ReadBuf::new(target.get_mut(start..).unwrap_or_default());
        let polled = Pin::new(&mut self.stream).poll_read(cx, &mut read);
        let filled = read.filled().len();
        let outcome = match polled {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(error)) => Poll::Ready(Err(ReadEnd::Lost(error))),
            Poll::Ready(Ok(())) if filled == 0 => Poll::Ready(Err(ReadEnd::Closed)),
            Poll::Ready(Ok(())) => {
                let bytes = target.get(..start.saturating_add(filled)).unwrap_or_default();
                Poll::Ready(deal_with(cx, bytes).map_err(ReadEnd::Other))
            }
        };
        let done = match &outcome {
            Poll::Ready(Ok(done)) => *done,
            Poll::Ready(Err(_)) | Poll::Pending => 0,
        };
        if in_place {
            self.input.truncate(start.saturating_add(filled));
            self.forget(done);
        } else if let Some(rest) = buffer.get(done..filled)
            && !rest.is_empty()
        {
            self.input = rest.to_vec();
        }
        READ_BUFFER.set(buffer);
        outcome
    }

    /// Drops the first bytes of what is kept.
    fn forget(&mut self, done: usize) {
        if done >= self.input.len() {
            self.input = Vec::new();
        } else {
            self.input.drain(..done);
        }
    }
}

enum ReadEnd<E> {
    Closed,
    Lost(io::Error),
    Other(E),
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

/// What bytes go through: apart from the sides, so that both can be borrowed.
struct Passage {
    gate: Gate,
    recorder: Recorder,
    record: RecordMetrics,
    to_server: prometheus::IntCounter,
    to_client: prometheus::IntCounter,
    guard_trips: prometheus::IntCounter,
    recorded_bytes: prometheus::IntCounter,
    recording: RecordingMetrics,
    guard_tripped: bool,
    pieces: Vec<Piece>,
    masked: Vec<Range<usize>>,
}

impl std::fmt::Debug for Passage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passage")
            .field("gate", &self.gate)
            .finish_non_exhaustive()
    }
}

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    ToServer,
    ToClient,
}

impl Way {
    /// Where bytes of this way are recorded: passed on, withheld, and pgwarden's own.
    fn streams(self) -> [RecordedStream; 3] {
        match self {
            Way::ToServer => [
                RecordedStream::ClientForwarded,
                RecordedStream::ClientWithheld,
                RecordedStream::ServerBound,
            ],
            Way::ToClient => [
                RecordedStream::ServerForwarded,
                RecordedStream::ServerWithheld,
                RecordedStream::ClientBound,
            ],
        }
    }
}

impl Relay {
    /// A relay between two sides that have logged in. `client_input` and `server_input` were read early.
    pub(crate) fn new(
        (client, client_input): (Stream, Vec<u8>),
        (server, server_input): (Stream, Vec<u8>),
        gate: Gate,
        recorder: Recorder,
        record: RecordMetrics,
        shared: &Shared,
    ) -> Self {
        let Shared {
            metrics, held_memory, ..
        } = shared;
        Relay {
            client: Side::new(client, client_input, held_memory),
            server: Side::new(server, server_input, held_memory),
            passage: Passage {
                gate,
                recorder,
                record,
                to_server: metrics.sessions.bytes_to_server.clone(),
                to_client: metrics.sessions.bytes_to_client.clone(),
                guard_trips: metrics.statements.guard_trips.clone(),
                recorded_bytes: metrics.recording.bytes(RecordingStage::Written),
                recording: metrics.recording.clone(),
                guard_tripped: false,
                pieces: Vec::new(),
                masked: Vec::new(),
            },
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
        if !client.input.is_empty() {
            let done = passage.deal_with(cx, Way::ToServer, &client.input, server)?;
            client.forget(done.bytes);
            let parted = self.note_parting(done.parting);
            if done.bytes > 0 {
                self.is_used = true;
            }
            if parted || done.bytes > 0 {
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
    pub(crate) fn observed(&mut self, refusal: &pgwarden_policy::Refusal, record: &str) {
        self.passage
            .verdict(&Refused::by_policy(refusal, record), Outcome::Observed);
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
    /// still on its way to the client goes first; all of it has until `limit`.
    pub(crate) async fn close_client(&mut self, error: Option<&ErrorResponse>, limit: Duration) {
        let mut last_words = Vec::new();
        if error.is_some() && !self.passage.gate.client_is_at_boundary() {
            // No error can follow half a message.
            tracing::warn!("the client is not told, as it has received only part of a message");
        } else if let Some(error) = error {
            error.encode(&mut last_words);
            let [.., own] = Way::ToClient.streams();
            let piece = Piece::Own {
                stream: own,
                bytes: last_words.clone(),
            };
            let Passage { recorder, gate, .. } = &mut self.passage;
            // The session ends anyway; that it can't be recorded is reported by whoever ends the recording.
            let _ = recorder.append(Instant::now(), &[], &[piece], &[], gate.secrets());
        }
        self.client.output.extend_from_slice(&last_words);
        let client = &mut self.client;
        let flushed = std::future::poll_fn(|cx| {
            ready!(client.poll_flush(cx));
            Pin::new(&mut client.stream).poll_shutdown(cx)
        });
        // Whether it was heard can't be known, nor helped.
        let _ = tokio::time::timeout(limit, flushed).await;
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
    pub(crate) async fn close_server(&mut self, limit: Duration) {
        let server = &mut self.server;
        if !self.passage.gate.is_busy() && server.output.is_empty() && server.writing == Writing::Open {
            pgwarden_wire::frontend::bare(&mut server.output, FrontendType::Terminate);
        }
        let closed = std::future::poll_fn(|cx| {
            ready!(server.poll_flush(cx));
            Pin::new(&mut server.stream).poll_shutdown(cx)
        });
        // A server that takes nothing any more finds out when the socket is closed.
        let _ = tokio::time::timeout(limit, closed).await;
    }

    /// Gives up the two sides and hands out the recording.
    pub(crate) fn into_recorder(self) -> Recorder {
        self.passage.recorder
    }
}

/// What became of some input.
struct Done {
    bytes: usize,
    /// Nothing more is taken from the client.
    parting: Option<Parting>,
}

/// Why nothing more is taken from a client.
enum Parting {
    /// It said goodbye.
    Left,
    /// It broke the protocol; what it is told when the server has closed.
    Violation(Option<Box<ErrorResponse>>),
}

impl Passage {
    /// Puts bytes through the gate, records what it says, and sends what is to be sent, in this order.
    fn deal_with(
        &mut self,
        cx: &mut Context<'_>,
        way: Way,
        input: &[u8],
        to: &mut Side,
    ) -> Result<Done, End> {
        let now = Instant::now();
        let bytes = match way {
            Way::ToServer => self.gate.handle_frontend(input, now),
            Way::ToClient => self.gate.handle_backend(input, now),
        };
        let [forwarded, withheld, own] = way.streams();
        let mut parting = None;
        let mut end = None;
        self.pieces.clear();
        self.masked.clear();
        while let Some(action) = self.gate.poll_action() {
            match action {
                Action::Forward(range) => self.push_input(forwarded, range),
                Action::Withhold(range) => self.push_input(withheld, range),
                Action::Send(bytes) => self.pieces.push(Piece::Own { stream: own, bytes }),
                Action::Mask(range) => self.masked.push(range),
                Action::Judged { kind, outcome } => self.record.statement(kind, verdict_label(outcome)),
                Action::Verdict { refused, outcome } => self.verdict(&refused, outcome),
                Action::Completed(took) => self.record.statement_seconds.observe(took.as_secs_f64()),
                Action::GuardTripped => self.guard_tripped(),
                Action::Leave => parting = Some(Parting::Left),
                Action::Finish(error) => parting = Some(Parting::Violation(error)),
                Action::Terminate(error) => end = Some(End::Terminated(error)),
            }
        }
        if !self.pieces.is_empty() {
            let (bytes_before, failures_before) = (self.recorder.bytes_written(), self.recorder.failures());
            let recorded = self
                .recorder
                .append(now, input, &self.pieces, &self.masked, self.gate.secrets())
                .map_err(|error| {
                    self.recording.failed(error.kind());
                    End::Unrecorded(error)
                })?;
            self.recorded_bytes
                .inc_by(self.recorder.bytes_written().saturating_sub(bytes_before));
            if self.recorder.failures() != failures_before
                && let Some(error) = self.recorder.failure()
            {
                self.recording.failed(error.kind());
            }
            let mut sent: usize = 0;
            for piece in &self.pieces {
                let bytes = match piece {
                    Piece::Input { stream, range } if *stream == forwarded => {
                        input.get(range.clone()).unwrap_or_default()
                    }
                    Piece::Own { bytes, .. } => bytes,
                    Piece::Input { .. } | Piece::Event(_) => continue,
                };
                to.send(cx, bytes, &recorded);
                sent = sent.saturating_add(bytes.len());
            }
            let counter = match way {
                Way::ToServer => &self.to_server,
                Way::ToClient => &self.to_client,
            };
            counter.inc_by(u64::try_from(sent).unwrap_or(u64::MAX));
        }
        match end {
            Some(end) => Err(end),
            None => Ok(Done { bytes, parting }),
        }
    }

    /// Joins what is dealt with alike, so that a batch is one entry and one send.
    fn push_input(&mut self, stream: RecordedStream, range: Range<usize>) {
        match self.pieces.last_mut() {
            Some(Piece::Input {
                stream: last,
                range: before,
            }) if *last == stream && before.end == range.start => {
                before.end = range.end;
            }
            Some(_) | None => self.pieces.push(Piece::Input { stream, range }),
        }
    }

    fn verdict(&mut self, refused: &Refused, outcome: Outcome) {
        let is_refused = outcome == Outcome::Refused;
        if is_refused {
            self.record.refused(refused.setting);
            tracing::info!(setting = refused.setting, reason = refused.reason, "refused");
        } else {
            self.record.observed(refused.setting);
            tracing::info!(
                setting = refused.setting,
                reason = refused.reason,
                "would have been refused"
            );
        }
        self.pieces.push(Piece::Event(Event::Verdict {
            refused: is_refused,
            setting: refused.setting.to_owned(),
            message: refused.message.clone(),
            statement: None,
        }));
    }

    fn guard_tripped(&mut self) {
        self.guard_tripped = true;
        self.guard_trips.inc();
        tracing::error!("a copy began that no statement was seen to ask for");
        let message = "a copy began that no statement was seen to ask for".to_owned();
        self.pieces.push(Piece::Event(Event::GuardTrip { message }));
    }
}

fn verdict_label(outcome: Outcome) -> StatementVerdict {
    match outcome {
        Outcome::Allowed => StatementVerdict::Allow,
        Outcome::Observed => StatementVerdict::Observe,
        Outcome::Refused => StatementVerdict::Refuse,
    }
}

/// Pending moves nothing.
fn ready_or_false(poll: Poll<Result<bool, End>>) -> Result<bool, End> {
    match poll {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => Ok(false),
    }
}
