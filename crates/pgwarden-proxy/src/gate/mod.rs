//! What becomes of each message: a sans-io state machine above the wire and the policy.
//!
//! ```text
//!   client's bytes ──> handle_frontend ──┐
//!                                        ├──> poll_action: Forward, Withhold, Send … until None
//!   server's bytes ──> handle_backend ───┘
//! ```
//!
//! * [`Gate::handle_frontend`] and [`Gate::handle_backend`] take what has been read and say how many bytes of it
//!   are dealt with; the rest is given again, with more behind it. A message that must be judged is dealt with
//!   when it is whole, all others as they stream through.
//! * [`Gate::poll_action`] says what to do with those bytes, in this order, until `None`.
//! * [`Gate::apply_rules`] changes the rules of a live session.
//!
//! The gate never answers in the server's stead, never counts Syncs and never models the transaction status:
//! what is refused is replaced by something that the server itself refuses at the same place ([`refusal`]), and
//! the gate finds its place again with what the server sends ([`pipeline`]).

#![warn(clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)]

mod budget;
mod copy_guard;
mod ending;
#[cfg(test)]
mod fixtures;
mod from_client;
mod from_server;
#[cfg(any(test, fuzzing))]
mod fuzz;
mod held_texts;
mod hour;
mod names;
mod pipeline;
mod refusal;
mod replay;
mod secrets;
#[cfg(test)]
mod tests;
mod text;
mod violation;

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use pgwarden_policy::{FactsCache, Settings, StatementKind};
use pgwarden_wire::sqlstate;
use pgwarden_wire::{ErrorResponse, FrameError, TransactionStatus};

use budget::Budgets;
use copy_guard::Copy;
use ending::Ending;
#[cfg(any(test, fuzzing))]
pub use fuzz::fuzz_gate;
use held_texts::HeldTexts;
pub(crate) use hour::Hour;
use names::Names;
use pipeline::{Entry, Pipeline, Request};
pub(crate) use refusal::Refused;
pub use replay::{REPLAY_BYTES_MAX, Replay, ReplayEnd, ReplayVerdict, Replayed};
pub(crate) use secrets::{Secrets, mask};
use text::{Passed, ServerReading, Text};

/// What the caller does next, in this order. Ranges are of the bytes given to the `handle_*` before.
#[derive(Debug)]
pub(crate) enum Action {
    /// Pass these bytes on as they came.
    Forward(Range<usize>),
    /// The other side must not see these bytes.
    Withhold(Range<usize>),
    /// Send this of pgwarden's own to the side that the bytes were for.
    Send(Vec<u8>),
    /// Record these bytes of the input masked.
    Mask(Range<usize>),
    /// A statement was judged.
    Judged { kind: StatementKind, outcome: Outcome },
    /// A refusal, or what would have been one.
    Verdict { refused: Arc<Refused>, outcome: Outcome },
    /// A query or an execution took this long.
    Completed(Duration),
    /// Cancel what runs, by a request of pgwarden's own. When the server has closed that connection, or it couldn't be made,
    /// [`Gate::cancel_ended`] is to be called.
    Cancel,
    /// The server began a copy that nobody approved.
    GuardTripped,
    /// The client took its leave (Terminate): nothing more comes from it.
    Leave,
    /// The client broke the protocol: nothing more is taken from it. The server is told that nothing follows, and ends when it has
    /// answered what came before. Then the client is told this, where the server itself says nothing.
    Finish(Option<Box<ErrorResponse>>),
    /// Tell the client, cancel what runs, close both sides.
    Terminate(Box<ErrorResponse>),
}

/// What a verdict came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Allowed,
    Observed,
    Refused,
}

/// What holds for a session.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) record: String,
    pub(crate) settings: Arc<Settings>,
    /// Grows with every reload.
    pub(crate) epoch: u64,
}

/// What a gate needs to know at the start of a session.
#[derive(Debug)]
pub(crate) struct GateOptions {
    pub(crate) rules: Rules,
    /// Where facts of texts are kept, for all sessions.
    pub(crate) facts: Arc<FactsCache>,
    /// Longest message that is held, in bytes, header included.
    pub(crate) max_message: usize,
    /// The session is a replication connection.
    pub(crate) replication: bool,
    /// What the person has read and sent on the record in the last hour.
    pub(crate) hour: Arc<Hour>,
    /// Source of nonces.
    pub(crate) nonces: fn() -> [u8; 12],
}

/// Where in a stream of frames the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    /// At a header.
    Header,
    /// Inside a frame that needs no judging; this many bytes of it are to come.
    Inside { remaining: usize, passage: Passage },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Passage {
    Forward,
    Withhold,
}

/// Whether the next message can be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// This one is dealt with.
    Next,
    /// Nothing more until more bytes or the other side's word has come.
    Stop,
}

/// The state of one session.
#[derive(Debug)]
pub(crate) struct Gate {
    rules: Rules,
    facts: Arc<FactsCache>,
    max_message: usize,
    replication: bool,
    nonces: fn() -> [u8; 12],
    server: ServerReading,
    pipeline: Pipeline,
    held_texts: HeldTexts,
    statements: Names,
    portals: Names,
    copy: Copy,
    budgets: Budgets,
    ending: Option<Ending>,
    /// As last reported; nothing but the end of a draining session rests on it.
    status: TransactionStatus,
    secrets: Secrets,
    /// A reload took something away, so names that pgwarden hasn't seen prepared may stand for it.
    took_away: bool,
    from_client: Framing,
    from_server: Framing,
    /// The client's next message waits for the server's word.
    client_waits: bool,
    /// It is a text that can be read with certainty once nothing is in flight: until then it isn't read again.
    waits_for_ready: bool,
    /// A Flush was sent on that account, so that the word comes.
    flush_asked: bool,
    /// The client said goodbye, or `Finish` or `Terminate` was given out: nothing more is taken from it.
    over: bool,
    /// `Terminate` was given out: nothing more is taken from the server either.
    terminated: bool,
    plain: (Arc<Text>, Passed),
    actions: VecDeque<Action>,
}

impl Gate {
    /// A gate at the first `ReadyForQuery` of a session.
    pub(crate) fn new(options: GateOptions) -> Self {
        let GateOptions {
            rules,
            facts,
            max_message,
            replication,
            hour,
            nonces,
        } = options;
        Gate {
            budgets: Budgets::new(&rules.settings, hour),
            ending: None,
            rules,
            facts,
            max_message,
            replication,
            nonces,
            server: ServerReading::new(replication),
            pipeline: Pipeline::default(),
            held_texts: HeldTexts::default(),
            statements: Names::default(),
            portals: Names::default(),
            copy: Copy::None,
            status: TransactionStatus::Idle,
            secrets: Secrets::default(),
            took_away: false,
            from_client: Framing::Header,
            from_server: Framing::Header,
            client_waits: false,
            waits_for_ready: false,
            flush_asked: false,
            over: false,
            terminated: false,
            plain: text::plain(),
            actions: VecDeque::new(),
        }
    }

    /// A setting that the server reported at the login.
    pub(crate) fn note_parameter(&mut self, name: &[u8], value: &[u8]) {
        self.server.note(name, value);
    }

    /// From the next message on, these rules hold.
    pub(crate) fn apply_rules(&mut self, rules: Rules) {
        self.took_away |= self.rules.settings.takes_away(&rules.settings);
        self.budgets.apply(&rules.settings);
        self.rules = rules;
        self.waits_for_ready = false;
    }

    /// What to do next.
    pub(crate) fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// Whether the client's next message waits for the server, so that reading more from it serves nothing.
    pub(crate) fn client_waits(&self) -> bool {
        self.client_waits || self.ending.is_some()
    }

    /// Whether nothing is under way and no transaction open, as far as the server has said.
    pub(crate) fn is_idle(&self) -> bool {
        !self.is_busy() && self.status == TransactionStatus::Idle
    }

    /// Whether the session is at a point where it can end without cutting anything off: a replication stream has no end to wait for.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.is_idle() || (matches!(self.copy, Copy::Both { .. }) && self.client_is_at_boundary())
    }

    /// What is allowed.
    pub(crate) fn settings(&self) -> &Settings {
        &self.rules.settings
    }

    /// Whether the server may be at work for this session.
    pub(crate) fn is_busy(&self) -> bool {
        !self.pipeline.is_empty() || self.copy != Copy::None || self.ending.is_some()
    }

    /// Whether what the client has received ends with a whole message, so that an error may follow.
    pub(crate) fn client_is_at_boundary(&self) -> bool {
        !matches!(
            self.from_server,
            Framing::Inside {
                passage: Passage::Forward,
                ..
            }
        )
    }

    /// Passwords that must not be recorded.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Takes bytes inside a frame off the input; `None` at a header.
    fn stream(
        framing: &mut Framing,
        actions: &mut VecDeque<Action>,
        holdback: usize,
        input: &[u8],
        at: &mut usize,
    ) -> Option<Flow> {
        let Framing::Inside { remaining, passage } = *framing else {
            return None;
        };
        let available = input.len().saturating_sub(*at);
        let mut taken = remaining.min(available);
        if taken < remaining {
            // A password's echo must not be cut by the edge of a read.
            taken = taken.saturating_sub(holdback);
        }
        let end = at.saturating_add(taken);
        if taken > 0 {
            push_range(actions, passage, *at..end);
        }
        *at = end;
        match remaining.saturating_sub(taken) {
            0 => {
                *framing = Framing::Header;
                Some(Flow::Next)
            }
            remaining => {
                *framing = Framing::Inside { remaining, passage };
                Some(Flow::Stop)
            }
        }
    }

    fn terminate(&mut self, error: ErrorResponse) -> Flow {
        self.over = true;
        self.terminated = true;
        self.actions.push_back(Action::Terminate(Box::new(error)));
        Flow::Stop
    }

    fn terminate_for_frame(&mut self, error: FrameError) -> Flow {
        match error {
            FrameError::Invalid { .. } => self.invalid_length(),
            FrameError::TooLong { bytes, limit, .. } => self.terminate(
                ErrorResponse::fatal(
                    sqlstate::PROGRAM_LIMIT_EXCEEDED,
                    format!("message of {bytes} bytes exceeds max_message ({limit} bytes)"),
                )
                .with_hint("Whoever administers pgwarden can raise max_message."),
            ),
        }
    }

    /// The server broke the protocol; the client is told no more than that.
    fn terminate_for_server(&mut self, what: &str) -> Flow {
        self.terminate(
            ErrorResponse::fatal(
                sqlstate::PROTOCOL_VIOLATION,
                "unexpected message from the database",
            )
            .with_detail(format!("{what}.")),
        )
    }
}

/// Joins what is dealt with alike, so that a run of messages is passed on in one piece.
fn push_range(actions: &mut VecDeque<Action>, passage: Passage, range: Range<usize>) {
    match (actions.back_mut(), passage) {
        (Some(Action::Forward(last)), Passage::Forward)
        | (Some(Action::Withhold(last)), Passage::Withhold)
            if last.end == range.start =>
        {
            last.end = range.end;
        }
        (_, Passage::Forward) => actions.push_back(Action::Forward(range)),
        (_, Passage::Withhold) => actions.push_back(Action::Withhold(range)),
    }
}

/// A message will not be answered: what it would have named isn't.
fn forget(statements: &mut Names, portals: &mut Names, entry: Entry) {
    match entry.request {
        Request::Parse { statement, prepared } => statements.failed(&statement, &prepared),
        Request::Bind { portal, prepared, .. } => portals.failed(&portal, &prepared),
        Request::Query(_)
        | Request::FunctionCall
        | Request::Execute { .. }
        | Request::Describe
        | Request::CloseStatement(_)
        | Request::ClosePortal(_)
        | Request::Sync { .. }
        | Request::StandIn { .. } => {}
    }
}
