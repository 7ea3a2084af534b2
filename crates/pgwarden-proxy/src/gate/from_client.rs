//! The client's messages.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use pgwarden_policy::{NameEffect, StatementKind, Verdict, judge_function_call};
use pgwarden_wire::frontend::{self, Bind, Target};
use pgwarden_wire::limits::SMALL_MESSAGE_BYTES_MAX;
use pgwarden_wire::{Frame, FrontendMessage, FrontendType, HEADER_BYTES, Header};

use super::copy_guard::Approvals;
use super::names::{Name, NameError, PREPARED_NAMES_MAX, Prepared};
use super::pipeline::{Entry, Request, Script};
use super::refusal::{Nonce, PendingRefusal, Refused, StandIn};
use super::secrets::SECRETS_MAX;
use super::text::{Certainty, Judgement, Passed, Text};
use super::{Action, Flow, Framing, Gate, Outcome, Passage, push_range};

/// What is decided of one message.
enum Decision {
    Pass(Request),
    Refuse(Arc<Refused>),
    /// It can't be decided before the server has answered.
    Wait,
}

/// What is decided of a text.
enum Ruling {
    Pass(Pass),
    Refuse(Arc<Refused>),
    Wait,
}

/// A text that may go on.
struct Pass {
    passed: Passed,
    /// What prepared statements that it runs by SQL EXECUTE may begin.
    executes: Approvals,
    outcome: Outcome,
}

/// A whole message of the client.
#[derive(Clone, Copy)]
struct Held<'a> {
    message: FrontendMessage<'a>,
    /// Where its frame stands in the input.
    at: usize,
    bytes: usize,
    now: Instant,
}

impl Held<'_> {
    fn range(self) -> Range<usize> {
        self.at..self.at.saturating_add(self.bytes)
    }
}

impl Gate {
    /// Deals with as many of the client's bytes as can be dealt with now, and says how many.
    pub(crate) fn handle_frontend(&mut self, input: &[u8], now: Instant) -> usize {
        if self.waits_for_ending(now) {
            return 0;
        }
        if self.waits_for_ready && !self.pipeline.is_settled() && self.pipeline.ends_with_ready() {
            return 0;
        }
        let mut at = 0;
        self.client_waits = false;
        self.waits_for_ready = false;
        while !self.over && at < input.len() {
            let holdback = self.secrets.holdback_bytes();
            let streamed = Gate::stream(&mut self.from_client, &mut self.actions, holdback, input, &mut at);
            let flow = match streamed {
                Some(flow) => flow,
                None => self.client_frame(input, &mut at, now),
            };
            if flow == Flow::Stop {
                break;
            }
        }
        at
    }

    fn client_frame(&mut self, input: &[u8], at: &mut usize, now: Instant) -> Flow {
        let rest = input.get(*at..).unwrap_or_default();
        let Some(&tag) = rest.first() else {
            return Flow::Stop;
        };
        // A secret can't be awaited here, and must not be recorded.
        let known = FrontendType::from_tag(tag).filter(|kind| *kind != FrontendType::Password);
        let Some(kind) = known else {
            return self.unknown_type(at);
        };
        let header = match Header::parse(rest) {
            Ok(Some(header)) => header,
            Ok(None) => return Flow::Stop,
            Err(_) => return self.invalid_length(),
        };
        let limit = match kind {
            // It streams through.
            FrontendType::CopyData => return self.client_data(header),
            FrontendType::Query | FrontendType::Parse | FrontendType::Bind | FrontendType::FunctionCall => {
                self.max_message
            }
            FrontendType::Execute
            | FrontendType::Describe
            | FrontendType::Close
            | FrontendType::Flush
            | FrontendType::Sync
            | FrontendType::Terminate
            | FrontendType::CopyDone
            | FrontendType::CopyFail
            | FrontendType::Password => {
                if header.body_bytes > SMALL_MESSAGE_BYTES_MAX {
                    return self.invalid_length();
                }
                usize::MAX
            }
        };
        let frame = match Frame::split_first(rest, limit) {
            Ok(Some(frame)) => frame,
            Ok(None) => return Flow::Stop,
            Err(error) => return self.terminate_for_frame(error),
        };
        let message = match FrontendMessage::parse(frame) {
            Ok(message) => message,
            // Within COPY the server drops it unread, else it fails and answers as a Sync does.
            Err(_) if kind == FrontendType::Sync => FrontendMessage::Sync,
            Err(malformed) => return self.malformed(malformed, frame, at, now),
        };
        let held = Held {
            message,
            at: *at,
            bytes: frame.bytes.len(),
            now,
        };
        let flow = self.client_message(held);
        if flow == Flow::Next {
            *at = held.range().end;
            self.flush_asked = false;
        }
        flow
    }

    fn client_message(&mut self, held: Held<'_>) -> Flow {
        if self.pipeline.is_full() && self.takes_place(held.message) {
            return self.wait();
        }
        let query = if self.replication {
            StandIn::ReplicationQuery
        } else {
            StandIn::Query
        };
        let (decision, stand_in) = match held.message {
            FrontendMessage::Query { sql } => (self.query(sql, held), query),
            FrontendMessage::Parse { statement, sql, .. } => {
                (self.parse(statement, sql, held), StandIn::Parse { statement })
            }
            FrontendMessage::Bind(bind) => (self.bind(bind, held.now), StandIn::Bind),
            FrontendMessage::Execute { portal, .. } => (self.execute(portal), StandIn::Execute),
            FrontendMessage::FunctionCall { function, arguments } => {
                (self.function_call(function, arguments, held.now), query)
            }
            FrontendMessage::Close(Target::Statement(name)) => (
                Decision::Pass(Request::CloseStatement(Name::new(name))),
                StandIn::Query,
            ),
            FrontendMessage::Close(Target::Portal(name)) => (
                Decision::Pass(Request::ClosePortal(Name::new(name))),
                StandIn::Query,
            ),
            FrontendMessage::Sync => {
                let doubtful = self.copy.takes_data();
                (Decision::Pass(Request::Sync { doubtful }), StandIn::Query)
            }
            FrontendMessage::Describe(_) => (Decision::Pass(Request::Describe), StandIn::Query),
            FrontendMessage::Flush => {
                self.pipeline.touch();
                push_range(&mut self.actions, Passage::Forward, held.range());
                return Flow::Next;
            }
            FrontendMessage::Terminate => {
                push_range(&mut self.actions, Passage::Forward, held.range());
                self.actions.push_back(Action::Leave);
                self.over = true;
                return Flow::Next;
            }
            FrontendMessage::CopyDone | FrontendMessage::CopyFail { .. } => {
                return self.client_data_end(held);
            }
            FrontendMessage::CopyData(_) | FrontendMessage::Password => {
                debug_assert!(false, "client_frame deals with these before they are whole");
                return self.invalid_length();
            }
        };
        match decision {
            Decision::Pass(request) => {
                push_range(&mut self.actions, Passage::Forward, held.range());
                self.pipeline.push(Entry {
                    request,
                    refusal: None,
                    sent: held.now,
                });
                Flow::Next
            }
            Decision::Refuse(refused) => {
                self.refuse(held, refused, stand_in);
                Flow::Next
            }
            Decision::Wait => self.wait(),
        }
    }

    /// Whether it needs a place in the queue of what is in flight. Syncs within COPY are dropped by the server, so
    /// no answer would make room for them.
    fn takes_place(&self, message: FrontendMessage<'_>) -> bool {
        match message {
            FrontendMessage::Query { .. }
            | FrontendMessage::Parse { .. }
            | FrontendMessage::Bind(_)
            | FrontendMessage::Execute { .. }
            | FrontendMessage::FunctionCall { .. }
            | FrontendMessage::Describe(_)
            | FrontendMessage::Close(_) => true,
            FrontendMessage::Sync => !self.copy.takes_data(),
            FrontendMessage::Flush
            | FrontendMessage::Terminate
            | FrontendMessage::CopyData(_)
            | FrontendMessage::CopyDone
            | FrontendMessage::CopyFail { .. }
            | FrontendMessage::Password => false,
        }
    }

    /// The next message waits. Where no `ReadyForQuery` is due, a Flush makes the server send what it has to
    /// say; during COPY the server ignores it (`CopyGetData`, commands/copyfromparse.c).
    pub(super) fn wait(&mut self) -> Flow {
        self.client_waits = true;
        if !self.flush_asked && !self.pipeline.ends_with_ready() {
            self.flush_asked = true;
            let mut flush = Vec::new();
            frontend::bare(&mut flush, FrontendType::Flush);
            self.actions.push_back(Action::Send(flush));
        }
        Flow::Stop
    }

    fn refuse(&mut self, held: Held<'_>, refused: Arc<Refused>, stand_in: StandIn<'_>) {
        let nonce = Nonce::new((self.nonces)());
        push_range(&mut self.actions, Passage::Withhold, held.range());
        self.actions.push_back(Action::Send(stand_in.encode(&nonce)));
        self.actions.push_back(Action::Verdict {
            refused: Arc::clone(&refused),
            outcome: Outcome::Refused,
        });
        let ends_with_ready = match stand_in {
            StandIn::Query | StandIn::ReplicationQuery => true,
            StandIn::Parse { .. } | StandIn::Bind | StandIn::Execute => false,
        };
        let refusal = Some(Box::new(PendingRefusal { nonce, refused }));
        self.pipeline.push(Entry {
            request: Request::StandIn { ends_with_ready },
            refusal,
            sent: held.now,
        });
    }

    // === Copy data ===

    fn client_data(&mut self, header: Header) -> Flow {
        let passage = if self.copy.takes_data() {
            Passage::Forward
        } else if self.pipeline.may_take_data() {
            return self.wait();
        } else {
            // As the server does outside COPY (PostgresMain, tcop/postgres.c: "Accept but ignore").
            Passage::Withhold
        };
        self.from_client = Framing::Inside {
            remaining: header.frame_bytes(),
            passage,
        };
        Flow::Next
    }

    fn client_data_end(&mut self, held: Held<'_>) -> Flow {
        if self.copy.takes_data() {
            self.copy = self.copy.client_done();
            push_range(&mut self.actions, Passage::Forward, held.range());
        } else if self.pipeline.may_take_data() {
            return self.wait();
        } else {
            push_range(&mut self.actions, Passage::Withhold, held.range());
        }
        Flow::Next
    }

    // === Texts ===

    fn query(&mut self, sql: &[u8], held: Held<'_>) -> Decision {
        let text = self.read(sql);
        let takes_names = text.takes_names();
        if takes_names && self.held_texts.is_full() {
            self.count(&text, Outcome::Refused);
            return Decision::Refuse(Refused::too_many_prepared_bytes(&self.rules.record));
        }
        let sql_at = held.at.saturating_add(HEADER_BYTES);
        let Pass {
            passed,
            executes,
            outcome,
        } = match self.judge(&text, sql_at) {
            Ruling::Pass(pass) => pass,
            Ruling::Refuse(refused) => {
                self.count(&text, Outcome::Refused);
                return Decision::Refuse(refused);
            }
            Ruling::Wait => return Decision::Wait,
        };
        if let Err(refused) = self.send_text(&text, sql.len(), held.now) {
            self.count(&text, Outcome::Refused);
            return Decision::Refuse(refused);
        }
        self.count(&text, outcome);
        let text = if takes_names {
            self.held(text)
        } else {
            Gate::kept(text)
        };
        Decision::Pass(Request::Query(Script {
            text,
            passed: Some(passed),
            next: 0,
            copies_from: 0,
            executes,
        }))
    }

    fn parse(&mut self, statement: &[u8], sql: &[u8], held: Held<'_>) -> Decision {
        match self.statements.check(statement) {
            Ok(()) => {}
            Err(NameError::Busy) => return Decision::Wait,
            Err(NameError::TooMany) => {
                return Decision::Refuse(Refused::too_many_names(&self.rules.record, PREPARED_NAMES_MAX));
            }
        }
        if self.held_texts.is_full() {
            // Answers to what is under way may free some.
            if !self.pipeline.is_empty() {
                return Decision::Wait;
            }
            return Decision::Refuse(Refused::too_many_prepared_bytes(&self.rules.record));
        }
        let text = self.read(sql);
        let sql_at = held
            .at
            .saturating_add(HEADER_BYTES)
            .saturating_add(statement.len())
            .saturating_add(1);
        let passed = match self.judge(&text, sql_at) {
            Ruling::Pass(pass) => pass.passed,
            Ruling::Refuse(refused) => {
                self.count(&text, Outcome::Refused);
                return Decision::Refuse(refused);
            }
            Ruling::Wait => return Decision::Wait,
        };
        if let Err(refused) = self.send_text(&text, sql.len(), held.now) {
            self.count(&text, Outcome::Refused);
            return Decision::Refuse(refused);
        }
        let kind = text
            .facts()
            .statements
            .first()
            .map_or(StatementKind::Unknown, |statement| statement.kind);
        let text = self.held(text);
        let prepared = Prepared {
            text,
            statement: 0,
            kind,
            passed,
            others: Approvals::NONE,
            epoch: self.rules.epoch,
            known: true,
        };
        let statement = Name::new(statement);
        if !self.pipeline.is_skipping() {
            self.statements.await_answer(&statement, prepared.clone());
        }
        Decision::Pass(Request::Parse { statement, prepared })
    }

    pub(super) fn read(&self, sql: &[u8]) -> Text {
        Text::read(sql, self.server, self.certainty(), &self.facts)
    }

    fn certainty(&self) -> Certainty {
        if self.pipeline.is_settled() {
            Certainty::Certain
        } else {
            Certainty::Unsure
        }
    }

    /// Keeps a text: what is plain now may be forbidden by the settings of later.
    fn kept(mut text: Text) -> Arc<Text> {
        text.forget_secrets();
        Arc::new(text)
    }

    /// As [`Gate::kept`], for a text that may come to stand behind names.
    fn held(&self, mut text: Text) -> Arc<Text> {
        text.hold(&self.held_texts);
        Gate::kept(text)
    }

    /// What the policy says of a text, and of what it runs by name; what SQL EXECUTE in it may begin.
    fn judge(&mut self, text: &Text, sql_at: usize) -> Ruling {
        let judgement = text.judge(&self.rules.settings);
        let may_wait =
            text.is_ambiguous() && self.certainty() == Certainty::Unsure && self.pipeline.ends_with_ready();
        let passed = match judgement {
            Judgement::Refuse(_) if may_wait => {
                self.waits_for_ready = true;
                return Ruling::Wait;
            }
            Judgement::Allow(passed) => Ok((passed, None)),
            Judgement::Observe(passed, refusal) => {
                Ok((passed, Some(Refused::by_policy(&refusal, &self.rules.record))))
            }
            Judgement::Refuse(refusal) => Err(Refused::by_policy(&refusal, &self.rules.record)),
        };
        if !self.mask_secrets(text, sql_at) {
            return Ruling::Refuse(Refused::too_many_secrets(&self.rules.record, SECRETS_MAX));
        }
        match passed {
            Ok((passed, observed)) => {
                let mut outcome = Outcome::Allowed;
                if let Some(refused) = observed {
                    outcome = Outcome::Observed;
                    self.observe(refused);
                }
                match self.judge_names(text) {
                    Ok(executes) => Ruling::Pass(Pass {
                        passed,
                        executes,
                        outcome,
                    }),
                    Err(refused) => Ruling::Refuse(refused),
                }
            }
            Err(refused) => Ruling::Refuse(refused),
        }
    }

    pub(super) fn observe(&mut self, refused: Arc<Refused>) {
        self.actions.push_back(Action::Verdict {
            refused,
            outcome: Outcome::Observed,
        });
    }

    /// Passwords in the text are masked where they stand, and remembered. `false`: there are too many.
    pub(super) fn mask_secrets(&mut self, text: &Text, sql_at: usize) -> bool {
        let mut room = true;
        for secret in text.readings().flat_map(|facts| &facts.secrets) {
            let range = secret.range();
            let range = sql_at.saturating_add(range.start)..sql_at.saturating_add(range.end);
            self.actions.push_back(Action::Mask(range));
            room &= !self.secrets.is_full();
            if room {
                self.secrets.remember(secret);
            }
        }
        room
    }

    /// Judges what the text runs by name (SQL EXECUTE, FETCH).
    fn judge_names(&mut self, text: &Text) -> Result<Approvals, Arc<Refused>> {
        let mut executes = Approvals::NONE;
        let effects: Vec<NameEffect> = text
            .readings()
            .flat_map(|facts| {
                facts
                    .statements
                    .iter()
                    .filter_map(|statement| statement.effect.clone())
            })
            .collect();
        for effect in effects {
            match effect {
                NameEffect::Execute(name) => {
                    executes = executes.and(self.run_by_name(Kind::Statement, &name)?);
                }
                NameEffect::Fetch(name) => {
                    self.run_by_name(Kind::Portal, &name)?;
                }
                NameEffect::Prepare(_)
                | NameEffect::Deallocate(_)
                | NameEffect::DeallocateAll
                | NameEffect::DiscardAll
                | NameEffect::DeclareCursor(_)
                | NameEffect::DeclareHeldCursor(_)
                | NameEffect::CloseCursor(_)
                | NameEffect::CloseAll => {}
            }
        }
        Ok(executes)
    }

    /// Judges everything that may stand behind a name under the rules of now.
    fn run_by_name(&mut self, kind: Kind, name: &[u8]) -> Result<Approvals, Arc<Refused>> {
        let names = match kind {
            Kind::Statement => &self.statements,
            Kind::Portal => &self.portals,
        };
        let mut approvals = Approvals::NONE;
        let mut found = false;
        let mut observed = None;
        for prepared in names.candidates(name) {
            found = true;
            if prepared.epoch != self.rules.epoch {
                if !prepared.known && self.took_away {
                    return Err(Refused::unknown_name(&self.rules.record, name));
                }
                match prepared.text.judge(&self.rules.settings) {
                    Judgement::Allow(_) => {}
                    Judgement::Observe(_, refusal) => observed = Some(refusal),
                    Judgement::Refuse(refusal) => {
                        return Err(Refused::by_policy(&refusal, &self.rules.record));
                    }
                }
            }
            approvals = approvals
                .and(prepared.text.approvals_at(prepared.statement, prepared.passed))
                .and(prepared.others);
        }
        // Under another client_encoding the same bytes are another name.
        if self.took_away && (!found || !name.is_ascii()) {
            return Err(Refused::unknown_name(&self.rules.record, name));
        }
        if let Some(refusal) = observed {
            self.observe(Refused::by_policy(&refusal, &self.rules.record));
        }
        Ok(approvals)
    }

    fn count(&mut self, text: &Text, outcome: Outcome) {
        for statement in &text.facts().statements {
            self.actions.push_back(Action::Judged {
                kind: statement.kind,
                outcome,
            });
        }
    }

    // === Names ===

    fn bind(&mut self, bind: Bind<'_>, now: Instant) -> Decision {
        match self.portals.check(bind.portal) {
            Ok(()) => {}
            Err(NameError::Busy) => return Decision::Wait,
            Err(NameError::TooMany) => {
                return Decision::Refuse(Refused::too_many_names(&self.rules.record, PREPARED_NAMES_MAX));
            }
        }
        let others = match self.run_by_name(Kind::Statement, bind.statement) {
            Ok(approvals) => approvals,
            Err(refused) => return Decision::Refuse(refused),
        };
        if let Err(refused) = self.send_values("bound parameters", bind.parameter_bytes(), now) {
            return Decision::Refuse(refused);
        }
        let epoch = self.rules.epoch;
        let is_certain = self.statements.candidates(bind.statement).count() == 1;
        let prepared = if let Some(prepared) = self.statements.latest(bind.statement) {
            Prepared {
                epoch,
                others,
                known: prepared.known && is_certain,
                ..prepared.clone()
            }
        } else {
            let (text, passed) = self.plain.clone();
            let kind = StatementKind::Unknown;
            Prepared {
                text,
                statement: 0,
                kind,
                passed,
                others,
                epoch,
                known: false,
            }
        };
        let portal = Name::new(bind.portal);
        if !self.pipeline.is_skipping() {
            self.portals.await_answer(&portal, prepared.clone());
        }
        Decision::Pass(Request::Bind {
            portal,
            statement: Name::new(bind.statement),
            prepared,
        })
    }

    fn execute(&mut self, portal: &[u8]) -> Decision {
        let approvals = match self.run_by_name(Kind::Portal, portal) {
            Ok(approvals) => approvals,
            Err(refused) => return Decision::Refuse(refused),
        };
        let latest = self.portals.latest(portal);
        let kind = latest.map_or(StatementKind::Unknown, |prepared| prepared.kind);
        let prepared = latest.filter(|prepared| !prepared.text.is_plain()).cloned();
        // What is executed may itself run a prepared statement by SQL EXECUTE.
        let nested = match &prepared {
            Some(prepared) => match self.judge_names(&Arc::clone(&prepared.text)) {
                Ok(nested) => nested,
                Err(refused) => return Decision::Refuse(refused),
            },
            None => Approvals::NONE,
        };
        self.actions.push_back(Action::Judged {
            kind,
            outcome: Outcome::Allowed,
        });
        Decision::Pass(Request::Execute {
            portal: Name::new(portal),
            prepared,
            approvals: approvals.and(nested),
        })
    }

    fn function_call(&mut self, function: u32, arguments: &[u8], now: Instant) -> Decision {
        let (refusal, outcome) = match judge_function_call(function, &self.rules.settings) {
            Verdict::Allow => (None, Outcome::Allowed),
            Verdict::Observe(refusal) => (Some(refusal), Outcome::Observed),
            Verdict::Refuse(refusal) => (Some(refusal), Outcome::Refused),
        };
        self.actions.push_back(Action::Judged {
            kind: StatementKind::Unknown,
            outcome,
        });
        let refused = refusal.map(|refusal| Refused::by_policy(&refusal, &self.rules.record));
        match (refused, outcome) {
            (Some(refused), Outcome::Refused) => return Decision::Refuse(refused),
            (Some(refused), Outcome::Allowed | Outcome::Observed) => self.observe(refused),
            (None, _) => {}
        }
        if let Err(refused) = self.send_values("arguments", arguments.len(), now) {
            return Decision::Refuse(refused);
        }
        Decision::Pass(Request::FunctionCall)
    }
}

/// Which name space a name is of.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Statement,
    Portal,
}
