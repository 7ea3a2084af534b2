//! What stands between the two sides: bytes go through the gate, into the recording, and on.

use std::ops::Range;
use std::task::Context;
use std::time::Instant;

use pgwarden_recording::{Event, Recorded, RecordingError, Stream as RecordedStream};
use pgwarden_wire::ErrorResponse;

use super::End;
use super::cancelling::Cancelling;
use super::side::Side;
use crate::gate::{Action, Gate, Outcome, Refused};
use crate::metrics::{Metrics, RecordMetrics, RecordingMetrics, RecordingStage, StatementVerdict};
use crate::recorder::{Piece, Recorder};

/// What bytes go through: apart from the sides, so that both can be borrowed.
pub(super) struct Passage {
    pub(super) gate: Gate,
    pub(super) recorder: Recorder,
    record: RecordMetrics,
    to_server: prometheus::IntCounter,
    to_client: prometheus::IntCounter,
    guard_trips: prometheus::IntCounter,
    recorded_bytes: prometheus::IntCounter,
    recording: RecordingMetrics,
    pub(super) guard_tripped: bool,
    pub(super) cancelling: Cancelling,
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
pub(super) enum Way {
    ToServer,
    ToClient,
}

impl Way {
    /// Where bytes of this way are recorded: passed on, withheld, and pgwarden's own.
    pub(super) fn streams(self) -> [RecordedStream; 3] {
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

/// What became of some input.
pub(super) struct Done {
    pub(super) bytes: usize,
    /// Something was sent.
    pub(super) said: bool,
    /// Nothing more is taken from the client.
    pub(super) parting: Option<Parting>,
}

/// Why nothing more is taken from a client.
pub(super) enum Parting {
    /// It said goodbye.
    Left,
    /// It broke the protocol; what it is told when the server has closed.
    Violation(Option<Box<ErrorResponse>>),
}

impl Passage {
    pub(super) fn new(
        gate: Gate,
        recorder: Recorder,
        cancelling: Cancelling,
        record: RecordMetrics,
        metrics: &Metrics,
    ) -> Self {
        Passage {
            gate,
            recorder,
            record,
            to_server: metrics.sessions.bytes_to_server.clone(),
            to_client: metrics.sessions.bytes_to_client.clone(),
            guard_trips: metrics.statements.guard_trips.clone(),
            recorded_bytes: metrics.recording.bytes(RecordingStage::Written),
            recording: metrics.recording.clone(),
            guard_tripped: false,
            cancelling,
            pieces: Vec::new(),
            masked: Vec::new(),
        }
    }

    /// Puts bytes through the gate, records what it says, and sends what is to be sent, in this order.
    pub(super) fn deal_with(
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
                Action::Verdict { refused, outcome } => {
                    let event = self.verdict(&refused, outcome);
                    self.pieces.push(Piece::Event(event));
                }
                Action::Completed(took) => self.record.statement_seconds.observe(took.as_secs_f64()),
                Action::Cancel => {
                    if !self.cancelling.begin() {
                        self.gate.cancel_ended();
                    }
                }
                Action::GuardTripped => self.guard_tripped(),
                Action::Leave => parting = Some(Parting::Left),
                Action::Finish(error) => parting = Some(Parting::Violation(error)),
                Action::Terminate(error) => end = Some(End::Terminated(error)),
            }
        }
        let mut said = false;
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
            said = sent > 0;
            counter.inc_by(u64::try_from(sent).unwrap_or(u64::MAX));
        }
        match end {
            Some(end) => Err(end),
            None => Ok(Done { bytes, said, parting }),
        }
    }

    /// Records words of pgwarden's own that go this way.
    pub(super) fn record_own(&mut self, way: Way, bytes: Vec<u8>) -> Result<Recorded, RecordingError> {
        let [.., stream] = way.streams();
        let piece = Piece::Own { stream, bytes };
        self.recorder
            .append(Instant::now(), &[], &[piece], &[], self.gate.secrets())
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

    /// Counts and logs a verdict. What is given back is to be recorded.
    pub(super) fn verdict(&self, refused: &Refused, outcome: Outcome) -> Event {
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
        Event::Verdict {
            refused: is_refused,
            setting: refused.setting.to_owned(),
            message: refused.message.clone(),
            statement: None,
        }
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
