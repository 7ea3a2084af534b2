//! What a recorded session would come to under other settings: its messages go through a gate again that lets everything pass and says what it
//! would have refused.
//!
//! ```text
//!   recording ──> entry() ──┬─ client's messages, forwarded and withheld ──> handle_frontend ──┐
//!                           ├─ server's messages ─────────────────────────> handle_backend  ──┴─> what would be refused now
//!                           └─ verdicts ──────────────────────────────────> what was refused then
//! ```
//!
//! A refused message was replaced by one that fails at the same place, so to this gate the server's answers are those of a message that failed. What
//! would have come after something that is refused only now can't be known: the rest is judged as it happened.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use pgwarden_policy::{Enforcement, FactsCache, Settings, shape, unmasked};
use pgwarden_recording::{Content, Event, RecordedEvent, Stream, Timestamp};
use pgwarden_wire::frontend::Target;
use pgwarden_wire::{Frame, FrontendMessage, FrontendType, HEADER_BYTES, Header};

use super::names::PREPARED_NAMES_MAX;
use super::{Action, Gate, GateOptions, Hour, Rules};

/// Longest message that is judged again, and most bytes of messages that wait for the server's word: the default of `max_message`.
pub const REPLAY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A verdict, then or now.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ReplayVerdict {
    /// It passed.
    Allowed,
    /// It passed in monitor mode, and this setting would have refused it.
    Observed(String),
    /// This setting refused it.
    Refused(String),
}

/// A statement of the recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// When it was sent.
    pub at: Timestamp,
    /// Its text without its literals ([`shape`]).
    pub shape: Rc<str>,
    /// What became of it.
    pub then: ReplayVerdict,
    /// What would.
    pub now: ReplayVerdict,
}

/// How far a recording could be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayEnd {
    /// To its end.
    Whole,
    /// Up to something that could not be told.
    Lost,
}

/// One recorded session being judged again. Sans-io: entries in, statements out.
#[derive(Debug)]
pub struct Replay {
    gate: Gate,
    enforcement: Enforcement,
    begun: Instant,
    /// The time of the entry, as hourly budgets reckon with it.
    now: Instant,
    forwarded: Frames,
    withheld: Frames,
    /// Bytes of the server that the gate has not dealt with.
    server: Vec<u8>,
    /// Messages of the client that the gate has not dealt with.
    waiting: VecDeque<Sent>,
    waiting_bytes: usize,
    /// Refused then; by what, the next event says.
    unsettled: Option<Sent>,
    /// What monitor mode said then of the client's next message.
    observed_then: Option<String>,
    statements: HashMap<Vec<u8>, Named>,
    portals: HashMap<Vec<u8>, Named>,
    running: Option<Running>,
    replayed: Vec<Replayed>,
    /// Statements that can't be judged, as what they did was masked for the sake of a password.
    masked: u64,
    /// A message was seen: verdicts before are those of the login.
    any_seen: bool,
    /// The client has left, or was told to.
    over: bool,
    lost: bool,
}

/// A message of the client, and what became of it.
#[derive(Debug)]
struct Sent {
    at: Timestamp,
    frame: Vec<u8>,
    then: ReplayVerdict,
}

/// What stands behind a name.
#[derive(Debug, Clone)]
struct Named(Rc<NamedText>);

#[derive(Debug)]
struct NamedText {
    at: Timestamp,
    shape: Rc<str>,
    then: ReplayVerdict,
    now: ReplayVerdict,
    executed: std::cell::Cell<bool>,
}

/// What was sent to be run last: refusals of results are its own.
#[derive(Debug)]
struct Running {
    at: Timestamp,
    shape: Rc<str>,
    then: Option<ReplayVerdict>,
    now: Option<ReplayVerdict>,
}

impl Replay {
    /// A session at its beginning, to be judged by these settings. `now` stands for the time at which it began. Hourly budgets count this
    /// session alone.
    pub fn new(record: &str, settings: &Settings, replication: bool, now: Instant) -> Self {
        let mut watching = settings.clone();
        watching.enforcement = Enforcement::Monitor;
        let gate = Gate::new(GateOptions {
            rules: Rules {
                record: record.to_owned(),
                settings: Arc::new(watching),
                epoch: 0,
            },
            facts: Arc::new(FactsCache::new(1 << 20)),
            max_message: REPLAY_BYTES_MAX,
            replication,
            hour: Arc::new(Hour::new(now)),
            // Nothing that is made of them is sent.
            nonces: || [0; 12],
        });
        Self {
            gate,
            enforcement: settings.enforcement,
            begun: now,
            now,
            forwarded: Frames::default(),
            withheld: Frames::default(),
            server: Vec::new(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            unsettled: None,
            observed_then: None,
            statements: HashMap::new(),
            portals: HashMap::new(),
            running: None,
            replayed: Vec::new(),
            masked: 0,
            any_seen: false,
            over: false,
            lost: false,
        }
    }

    /// The next entry of the recording.
    pub fn entry(&mut self, at: Timestamp, content: &Content<'_>) {
        if self.lost {
            return;
        }
        self.now = self.begun.checked_add(at.since_start()).unwrap_or(self.now);
        match content {
            Content::Frames { stream, bytes } => {
                self.any_seen = true;
                match stream {
                    Stream::ClientForwarded | Stream::ClientWithheld => self.client(at, *stream, bytes),
                    Stream::ServerForwarded | Stream::ServerWithheld => self.server(bytes),
                    // Stand-ins, and what was said instead.
                    Stream::ServerBound | Stream::ClientBound => {}
                }
            }
            Content::Event(RecordedEvent::Known(Event::Verdict { refused, setting, .. }))
                if self.any_seen =>
            {
                self.verdict_of_then(*refused, setting);
            }
            Content::Event(_) => {}
        }
    }

    /// What has been judged since the last time.
    pub fn take(&mut self) -> Vec<Replayed> {
        std::mem::take(&mut self.replayed)
    }

    /// No more entries follow. What is left, how many statements could not be judged as they were masked, and whether all could be followed.
    pub fn finish(mut self) -> (Vec<Replayed>, u64, ReplayEnd) {
        self.settle(String::new());
        let names: Vec<Named> = self
            .statements
            .drain()
            .chain(self.portals.drain())
            .map(|(_, named)| named)
            .collect();
        for named in names {
            self.forget(&named);
        }
        self.end_running();
        let end = if self.lost || !self.waiting.is_empty() {
            ReplayEnd::Lost
        } else {
            ReplayEnd::Whole
        };
        (self.replayed, self.masked, end)
    }

    // === What happened then ===

    fn verdict_of_then(&mut self, refused: bool, setting: &str) {
        if !refused && is_of_results(setting) {
            if let Some(running) = &mut self.running {
                running.then = Some(ReplayVerdict::Observed(setting.to_owned()));
            }
        } else if !refused {
            self.observed_then = Some(setting.to_owned());
        } else if self.unsettled.is_some() {
            self.settle(setting.to_owned());
        } else if let Some(running) = &mut self.running {
            running.then = Some(ReplayVerdict::Refused(setting.to_owned()));
        }
    }

    /// Now it is known what refused.
    fn settle(&mut self, setting: String) {
        if let Some(mut sent) = self.unsettled.take() {
            sent.then = ReplayVerdict::Refused(setting);
            self.send(sent);
        }
    }

    // === The two sides ===

    fn client(&mut self, at: Timestamp, stream: Stream, bytes: &[u8]) {
        let withheld = stream == Stream::ClientWithheld;
        let frames = if withheld {
            &mut self.withheld
        } else {
            &mut self.forwarded
        };
        let Ok(frames) = frames.push(bytes) else {
            self.lost = true;
            return;
        };
        for (kind, frame) in frames {
            self.settle(String::new());
            let is_judged = matches!(
                kind,
                FrontendType::Query
                    | FrontendType::Parse
                    | FrontendType::Bind
                    | FrontendType::Execute
                    | FrontendType::FunctionCall
            );
            let then = match self.observed_then.take_if(|_| is_judged) {
                Some(setting) => ReplayVerdict::Observed(setting),
                None => ReplayVerdict::Allowed,
            };
            let sent = Sent { at, frame, then };
            if withheld && is_judged {
                self.unsettled = Some(sent);
            } else if !withheld {
                self.send(sent);
            }
        }
    }

    fn server(&mut self, bytes: &[u8]) {
        // What the gate deals with at once is not copied.
        if self.server.is_empty() {
            let done = self.gate.handle_backend(bytes, self.now);
            self.server
                .extend_from_slice(bytes.get(done..).unwrap_or_default());
        } else {
            self.server.extend_from_slice(bytes);
            let done = self.gate.handle_backend(&self.server, self.now);
            self.server.drain(..done.min(self.server.len()));
        }
        if let Some(setting) = self.drain_actions()
            && let Some(running) = &mut self.running
        {
            running.now = Some(verdict(self.enforcement, setting));
        }
        if self.server.len() > REPLAY_BYTES_MAX {
            self.lost = true;
        }
        self.process();
    }

    /// Puts a message through the gate, behind those that wait.
    fn send(&mut self, sent: Sent) {
        if self.over {
            return;
        }
        self.waiting_bytes = self.waiting_bytes.saturating_add(sent.frame.len());
        if self.waiting_bytes > REPLAY_BYTES_MAX.saturating_mul(2) {
            self.lost = true;
            return;
        }
        self.waiting.push_back(sent);
        self.process();
    }

    fn process(&mut self) {
        while let Some(mut sent) = self.waiting.pop_front() {
            let judgeable = unmask(&mut sent.frame, self.gate.server.standard_conforming_strings());
            let done = self.gate.handle_frontend(&sent.frame, self.now);
            let setting = self.drain_actions();
            if done == 0 && !self.over && !self.lost {
                self.waiting.push_front(sent);
                return;
            }
            self.waiting_bytes = self.waiting_bytes.saturating_sub(sent.frame.len());
            if self.lost {
                return;
            }
            if judgeable {
                let now = setting.map(|setting| verdict(self.enforcement, setting));
                self.judged(&sent, now);
            } else {
                self.masked = self.masked.saturating_add(1);
            }
        }
    }

    /// The setting that would have refused, if one would.
    fn drain_actions(&mut self) -> Option<&'static str> {
        let mut setting = None;
        while let Some(action) = self.gate.poll_action() {
            match action {
                Action::Verdict { refused, .. } => setting = setting.or(Some(refused.setting)),
                Action::Leave | Action::Finish(_) => self.over = true,
                Action::Terminate(_) => self.lost = true,
                Action::Forward(_)
                | Action::Withhold(_)
                | Action::Send(_)
                | Action::Mask(_)
                | Action::Judged { .. }
                | Action::Completed(_)
                | Action::Cancel
                | Action::GuardTripped => {}
            }
        }
        setting
    }

    // === Statements ===

    fn judged(&mut self, sent: &Sent, now: Option<ReplayVerdict>) {
        let Ok(Some(frame)) = Frame::split_first(&sent.frame, usize::MAX) else {
            return;
        };
        let Ok(message) = FrontendMessage::parse(frame) else {
            return;
        };
        match message {
            FrontendMessage::Query { sql } => {
                self.run(sent, self.shape_of(sql), sent.then.clone(), now);
            }
            FrontendMessage::FunctionCall { function, .. } => {
                let shape = Rc::from(format!("(call of the function with OID {function})"));
                self.run(sent, shape, sent.then.clone(), now);
            }
            FrontendMessage::Parse { statement, sql, .. } => {
                let named = Named(Rc::new(NamedText {
                    at: sent.at,
                    shape: self.shape_of(sql),
                    then: sent.then.clone(),
                    now: now.unwrap_or(ReplayVerdict::Allowed),
                    executed: std::cell::Cell::new(false),
                }));
                if let Some(old) = put(&mut self.statements, statement, named) {
                    self.forget(&old);
                }
            }
            FrontendMessage::Bind(bind) => {
                let Some(named) = self.statements.get(bind.statement).cloned() else {
                    if let Some(old) = self.portals.remove(bind.portal) {
                        self.forget(&old);
                    }
                    return;
                };
                if let ReplayVerdict::Refused(_) = sent.then {
                    named.0.executed.set(true);
                    let now = now.unwrap_or_else(|| named.0.now.clone());
                    self.push(sent.at, Rc::clone(&named.0.shape), sent.then.clone(), now);
                }
                if let Some(old) = put(&mut self.portals, bind.portal, named) {
                    self.forget(&old);
                }
            }
            FrontendMessage::Execute { portal, .. } => {
                let Some(named) = self.portals.get(portal).cloned() else {
                    return;
                };
                let NamedText {
                    shape,
                    then,
                    executed,
                    ..
                } = &*named.0;
                // What was refused when it was parsed did not run.
                if matches!(then, ReplayVerdict::Refused(_)) {
                    return;
                }
                executed.set(true);
                let then = match &sent.then {
                    ReplayVerdict::Allowed => then.clone(),
                    ReplayVerdict::Observed(_) | ReplayVerdict::Refused(_) => sent.then.clone(),
                };
                let now = now.unwrap_or_else(|| named.0.now.clone());
                self.run(sent, Rc::clone(shape), then, Some(now));
            }
            FrontendMessage::Close(Target::Statement(name)) => {
                if let Some(old) = self.statements.remove(name) {
                    self.forget(&old);
                }
            }
            FrontendMessage::Close(Target::Portal(name)) => {
                if let Some(old) = self.portals.remove(name) {
                    self.forget(&old);
                }
            }
            FrontendMessage::Sync
            | FrontendMessage::Flush
            | FrontendMessage::Describe(_)
            | FrontendMessage::Terminate
            | FrontendMessage::CopyData(_)
            | FrontendMessage::CopyDone
            | FrontendMessage::CopyFail { .. }
            | FrontendMessage::Password => {}
        }
    }

    fn run(&mut self, sent: &Sent, shape: Rc<str>, then: ReplayVerdict, now: Option<ReplayVerdict>) {
        self.end_running();
        self.push(
            sent.at,
            Rc::clone(&shape),
            then,
            now.unwrap_or(ReplayVerdict::Allowed),
        );
        self.running = Some(Running {
            at: sent.at,
            shape,
            then: None,
            now: None,
        });
    }

    /// What became of the result of what ran last.
    fn end_running(&mut self) {
        let Some(Running { at, shape, then, now }) = self.running.take() else {
            return;
        };
        if then.is_some() || now.is_some() {
            self.push(
                at,
                shape,
                then.unwrap_or(ReplayVerdict::Allowed),
                now.unwrap_or(ReplayVerdict::Allowed),
            );
        }
    }

    /// A name stands for something else now: what was prepared and not run counts once.
    fn forget(&mut self, Named(text): &Named) {
        if !text.executed.replace(true) {
            self.push(
                text.at,
                Rc::clone(&text.shape),
                text.then.clone(),
                text.now.clone(),
            );
        }
    }

    fn shape_of(&self, sql: &[u8]) -> Rc<str> {
        Rc::from(shape(sql, self.gate.server.standard_conforming_strings()))
    }

    fn push(&mut self, at: Timestamp, shape: Rc<str>, then: ReplayVerdict, now: ReplayVerdict) {
        self.replayed.push(Replayed { at, shape, then, now });
    }
}

/// Puts literals where passwords were masked. `false`: what the text does can't be told.
fn unmask(frame: &mut Vec<u8>, standard_conforming_strings: bool) -> bool {
    let Some(range) = sql_of(frame) else { return true };
    let Some(sql) = frame.get(range.clone()) else {
        return true;
    };
    match unmasked(sql, standard_conforming_strings) {
        None => false,
        Some(std::borrow::Cow::Borrowed(_)) => true,
        Some(std::borrow::Cow::Owned(text)) => {
            frame.splice(range, text);
            true
        }
    }
}

fn verdict(enforcement: Enforcement, setting: &str) -> ReplayVerdict {
    match enforcement {
        Enforcement::Enforce => ReplayVerdict::Refused(setting.to_owned()),
        Enforcement::Monitor => ReplayVerdict::Observed(setting.to_owned()),
    }
}

/// Whether a setting judges what comes back: it is then that its verdict falls, not when the statement is sent.
fn is_of_results(setting: &str) -> bool {
    setting.starts_with("copy_")
}

/// Puts something behind a name, and gives what stood there. More names than the gate keeps track of are not kept.
fn put(names: &mut HashMap<Vec<u8>, Named>, name: &[u8], text: Named) -> Option<Named> {
    if names.len() >= PREPARED_NAMES_MAX && !names.contains_key(name) {
        return Some(text);
    }
    names.insert(name.to_vec(), text)
}

/// Where the SQL of a Query or Parse stands in its frame.
fn sql_of(frame: &[u8]) -> Option<std::ops::Range<usize>> {
    let whole = Frame::split_first(frame, usize::MAX).ok()??;
    let (start, sql) = match FrontendMessage::parse(whole).ok()? {
        FrontendMessage::Query { sql } => (HEADER_BYTES, sql),
        FrontendMessage::Parse { statement, sql, .. } => (
            HEADER_BYTES.saturating_add(statement.len()).saturating_add(1),
            sql,
        ),
        FrontendMessage::Bind(_)
        | FrontendMessage::Execute { .. }
        | FrontendMessage::FunctionCall { .. }
        | FrontendMessage::Close(_)
        | FrontendMessage::Sync
        | FrontendMessage::Flush
        | FrontendMessage::Describe(_)
        | FrontendMessage::Terminate
        | FrontendMessage::CopyData(_)
        | FrontendMessage::CopyDone
        | FrontendMessage::CopyFail { .. }
        | FrontendMessage::Password => return None,
    };
    Some(start..start.saturating_add(sql.len()))
}

/// Whole messages of a stream of the client's. Copy data, which changes no verdict and may be gigabytes, is passed over.
#[derive(Debug, Default)]
struct Frames {
    held: Vec<u8>,
    /// Bytes of copy data that are to be passed over.
    passing: usize,
}

/// The stream can't be read any further.
struct Unreadable;

impl Frames {
    fn push(&mut self, mut bytes: &[u8]) -> Result<Vec<(FrontendType, Vec<u8>)>, Unreadable> {
        let mut frames = Vec::new();
        while !bytes.is_empty() {
            let passed = self.passing.min(bytes.len());
            self.passing = self.passing.saturating_sub(passed);
            bytes = bytes.get(passed..).unwrap_or_default();
            let wanted = match Header::parse(&self.held) {
                Ok(Some(header)) => header.frame_bytes(),
                Ok(None) => HEADER_BYTES,
                Err(_) => return Err(Unreadable),
            };
            let taken = wanted.saturating_sub(self.held.len()).min(bytes.len());
            let (part, rest) = bytes.split_at(taken);
            self.held.extend_from_slice(part);
            bytes = rest;
            let Ok(header) = Header::parse(&self.held) else {
                return Err(Unreadable);
            };
            let Some(header) = header else { continue };
            let Some(kind) = FrontendType::from_tag(header.tag) else {
                return Err(Unreadable);
            };
            if kind == FrontendType::CopyData {
                self.passing = header.frame_bytes().saturating_sub(self.held.len());
                self.held.clear();
            } else if header.frame_bytes() > REPLAY_BYTES_MAX {
                return Err(Unreadable);
            } else if self.held.len() >= header.frame_bytes() {
                frames.push((kind, std::mem::take(&mut self.held)));
            }
        }
        Ok(frames)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use pgwarden_wire::frontend;

    fn replay(settings: &Settings) -> Replay {
        Replay::new("orders", settings, false, Instant::now())
    }

    fn frames(stream: Stream, bytes: &[u8]) -> Content<'_> {
        Content::Frames { stream, bytes }
    }

    #[test]
    fn copy_data_is_passed_over_and_messages_are_whole_at_any_split() {
        let mut bytes = Vec::new();
        frontend::query(&mut bytes, b"select 1");
        bytes.extend_from_slice(b"d\0\0\0\x0810\t1d\0\0\0\x04c\0\0\0\x04");
        frontend::query(&mut bytes, b"select 2");
        for split in 1..=bytes.len() {
            let mut joined = Frames::default();
            let mut kinds = Vec::new();
            for part in bytes.chunks(split) {
                let Ok(found) = joined.push(part) else {
                    panic!("split {split}");
                };
                kinds.extend(found.into_iter().map(|(kind, _)| kind));
            }
            assert_eq!(
                kinds,
                [FrontendType::Query, FrontendType::CopyDone, FrontendType::Query],
                "split {split}"
            );
        }
        assert!(Frames::default().push(b"?\0\0\0\x04").is_err());
        assert!(Frames::default().push(b"Q\0\0\0\x03").is_err());
        assert!(Frames::default().push(b"Q\x7f\xff\xff\xff").is_err());
    }

    /// What was refused by its result then is told apart from what is refused when it is sent.
    #[test]
    fn refusals_of_results_are_the_last_statements() {
        let mut query = Vec::new();
        frontend::query(&mut query, b"select * from t");
        let mut replay = replay(&Settings::default());
        replay.entry(Timestamp::START, &frames(Stream::ClientForwarded, &query));
        let event = Event::Verdict {
            refused: true,
            setting: "copy_rows".to_owned(),
            message: String::new(),
            statement: None,
        };
        replay.entry(Timestamp::START, &Content::Event(RecordedEvent::Known(event)));
        let (replayed, ..) = replay.finish();
        let then: Vec<_> = replayed.into_iter().map(|replayed| replayed.then).collect();
        assert_eq!(
            then,
            [
                ReplayVerdict::Allowed,
                ReplayVerdict::Refused("copy_rows".to_owned())
            ]
        );
    }

    proptest! {
        /// A recording may hold anything.
        #[test]
        fn nothing_breaks_it(
            entries in prop::collection::vec(
                (0..6usize, prop::collection::vec(prop::sample::select(b"QPBEFSHXdcfDC\0\x04\x08ZTI1 ;'*".to_vec()), 0..40)),
                0..20,
            )
        ) {
            let mut replay = replay(&Settings::default());
            for (stream, bytes) in &entries {
                replay.entry(Timestamp::START, &frames(Stream::ALL[*stream], bytes));
            }
            let _ = replay.finish();
        }
    }
}
