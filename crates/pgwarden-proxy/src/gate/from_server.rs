//! The server's messages.

use std::sync::Arc;
use std::time::Instant;

use pgwarden_policy::{CopyDirection, Enforcement, NameEffect};
use pgwarden_wire::{BackendMessage, BackendType, ErrorResponse, Frame, Header, TransactionStatus, sqlstate};

use super::budget::Tally;
use super::copy_guard::{Approvals, Copy};
use super::names::Prepared;
use super::pipeline::Request;
use super::{Action, Flow, Framing, Gate, Passage, forget, push_range};

impl Gate {
    /// Deals with as many of the server's bytes as can be dealt with now, and says how many.
    pub(crate) fn handle_backend(&mut self, input: &[u8], now: Instant) -> usize {
        let mut at = 0;
        while !self.terminated && at < input.len() {
            let holdback = self.secrets.holdback_bytes();
            let streamed = Gate::stream(&mut self.from_server, &mut self.actions, holdback, input, &mut at);
            let flow = match streamed {
                Some(flow) => flow,
                None => self.server_frame(input, &mut at, now),
            };
            if flow == Flow::Stop {
                break;
            }
        }
        at
    }

    fn server_frame(&mut self, input: &[u8], at: &mut usize, now: Instant) -> Flow {
        let rest = input.get(*at..).unwrap_or_default();
        let header = match Header::parse(rest) {
            Ok(Some(header)) => header,
            Ok(None) => return Flow::Stop,
            Err(_) => return self.terminate_for_server("A message had an invalid length"),
        };
        let Some(kind) = BackendType::from_tag(header.tag) else {
            return self.terminate_for_server("A message was of an unknown type");
        };
        match kind {
            BackendType::ReadyForQuery | BackendType::ParameterStatus | BackendType::CommandComplete => {
                self.server_whole(rest, at, now)
            }
            BackendType::ErrorResponse if self.pipeline.awaits_refusal() || self.swallows() => {
                self.server_whole(rest, at, now)
            }
            BackendType::ErrorResponse => {
                self.statement_failed();
                if let Some(instead) = self.error_over_budget(bytes_of(header), now) {
                    self.actions.push_back(Action::Send(instead));
                    return self.begin_as(header, Passage::Withhold);
                }
                self.begin(header)
            }
            BackendType::CopyInResponse => self.copy_response(header, CopyDirection::In),
            BackendType::CopyOutResponse => self.copy_response(header, CopyDirection::Out),
            BackendType::CopyBothResponse => self.copy_response(header, CopyDirection::Both),
            BackendType::CopyData | BackendType::CopyDone if self.copy.gives_data() => self.begin(header),
            BackendType::CopyData | BackendType::CopyDone => self.trip_guard("COPY TO"),
            BackendType::ParseComplete => {
                self.parsed();
                self.begin(header)
            }
            BackendType::BindComplete => {
                self.bound();
                self.begin(header)
            }
            BackendType::CloseComplete => {
                self.closed();
                self.begin(header)
            }
            BackendType::RowDescription | BackendType::NoData => {
                self.described();
                self.begin(header)
            }
            BackendType::EmptyQueryResponse | BackendType::PortalSuspended => {
                self.execution_ended(now);
                self.begin(header)
            }
            BackendType::DataRow => {
                self.give(header, 1, now);
                self.begin(header)
            }
            // Notices are a way for whatever a statement can read.
            BackendType::FunctionCallResponse | BackendType::NoticeResponse => {
                self.give(header, 0, now);
                self.begin(header)
            }
            BackendType::NotificationResponse => match self.notification(bytes_of(header), now) {
                Some(flow) => flow,
                None => self.begin_as(header, Passage::Forward),
            },
            BackendType::ParameterDescription => self.begin(header),
            BackendType::Authentication
            | BackendType::BackendKeyData
            | BackendType::NegotiateProtocolVersion => {
                self.terminate_for_server("A message of the login came after it")
            }
        }
    }

    /// Counts what is about to be passed on of a result.
    fn give(&mut self, header: Header, rows: u64, now: Instant) {
        let more = Tally {
            rows,
            bytes: bytes_of(header),
        };
        if !self.swallows()
            && let Err(exceeded) = self.count_result(more, now)
        {
            self.exceed(exceeded);
        }
    }

    /// Passes a frame on as it streams in, unless its statement is being ended.
    fn begin(&mut self, header: Header) -> Flow {
        if !self.swallows() {
            return self.begin_as(header, Passage::Forward);
        }
        match self.after_swallowing(false) {
            Some(flow) => flow,
            None => self.begin_as(header, Passage::Withhold),
        }
    }

    fn begin_as(&mut self, header: Header, passage: Passage) -> Flow {
        self.from_server = Framing::Inside {
            remaining: header.frame_bytes(),
            passage,
        };
        Flow::Next
    }

    fn server_whole(&mut self, rest: &[u8], at: &mut usize, now: Instant) -> Flow {
        let frame = match Frame::split_first(rest, self.max_message) {
            Ok(Some(frame)) => frame,
            Ok(None) => return Flow::Stop,
            Err(_) => return self.terminate_for_server("A message was longer than max_message"),
        };
        let Ok(message) = BackendMessage::parse(frame) else {
            return self.terminate_for_server("A message had an invalid format");
        };
        let range = *at..at.saturating_add(frame.bytes.len());
        let mut instead = None;
        let mut passage = Passage::Forward;
        let swallows = self.swallows();
        let is_ready = matches!(message, BackendMessage::ReadyForQuery(_));
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "server_frame hands over these four alone"
        )]
        match message {
            BackendMessage::ErrorResponse(error) => {
                instead = if swallows {
                    self.ended_by(error)
                } else {
                    let mut refusals = self.pipeline.refusals();
                    refusals.find_map(|refusal| refusal.rewrite(error))
                };
                self.statement_failed();
            }
            BackendMessage::ReadyForQuery(status) => {
                self.ready(status, now);
                passage = self.passage_of_results();
            }
            BackendMessage::CommandComplete { tag } => {
                self.statement_succeeded(tag, now);
                passage = self.passage_of_results();
            }
            BackendMessage::ParameterStatus { name, value } => self.server.note(name, value),
            _ => {}
        }
        *at = range.end;
        match instead {
            None => push_range(&mut self.actions, passage, range),
            Some(error) => {
                push_range(&mut self.actions, Passage::Withhold, range);
                self.actions.push_back(Action::Send(error));
            }
        }
        if passage == Passage::Forward {
            return Flow::Next;
        }
        self.after_swallowing(is_ready).unwrap_or(Flow::Next)
    }

    fn passage_of_results(&self) -> Passage {
        if self.swallows() {
            Passage::Withhold
        } else {
            Passage::Forward
        }
    }

    // === Copies ===

    fn copy_response(&mut self, header: Header, direction: CopyDirection) -> Flow {
        if self.swallows() {
            // It belongs to a statement behind one that is being ended, and would wait for a client that waits.
            return self.end_session_over_budget();
        }
        let Gate {
            pipeline,
            statements,
            portals,
            ..
        } = self;
        let approved = pipeline.use_approval(direction, |entry| forget(statements, portals, entry));
        if approved {
            self.copy = Copy::begin(direction);
            return self.begin(header);
        }
        match self.rules.settings.enforcement {
            Enforcement::Monitor => {
                self.actions.push_back(Action::GuardTripped);
                self.copy = Copy::begin(direction);
                self.begin(header)
            }
            Enforcement::Enforce => self.trip_guard(match direction {
                CopyDirection::Out => "COPY TO",
                CopyDirection::In => "COPY FROM",
                CopyDirection::Both => "replication",
            }),
        }
    }

    fn trip_guard(&mut self, what: &str) -> Flow {
        self.actions.push_back(Action::GuardTripped);
        let record = &self.rules.record;
        let hint = match &self.rules.settings.refusal_hint {
            Some(hint) => hint.clone(),
            None => "Report the statement to whoever administers pgwarden.".to_owned(),
        };
        self.terminate(
            ErrorResponse::fatal(
                sqlstate::INSUFFICIENT_PRIVILEGE,
                format!("terminated by pgwarden: {what} was not approved on record \"{record}\""),
            )
            .with_detail(
                "The database began a copy that was not seen in any statement. None of its data was passed on; \
                 its effects on the server may stand.",
            )
            .with_hint(hint),
        )
    }

    // === What became of what was sent ===

    fn parsed(&mut self) {
        let Gate {
            pipeline,
            statements,
            portals,
            ..
        } = self;
        let is_parse = |request: &Request| matches!(request, Request::Parse { .. });
        if pipeline
            .answer(is_parse, |entry| forget(statements, portals, entry))
            .is_none()
        {
            return;
        }
        if let Some(Request::Parse { statement, prepared }) = pipeline.pop().map(|entry| entry.request) {
            statements.succeeded(&statement, prepared, None);
        }
    }

    fn bound(&mut self) {
        let Gate {
            pipeline,
            statements,
            portals,
            ..
        } = self;
        let is_bind = |request: &Request| matches!(request, Request::Bind { .. });
        if pipeline
            .answer(is_bind, |entry| forget(statements, portals, entry))
            .is_none()
        {
            return;
        }
        if let Some(Request::Bind {
            portal,
            statement,
            prepared,
        }) = pipeline.pop().map(|entry| entry.request)
        {
            // What was in doubt when it was bound has been answered by now.
            let bound = statements
                .current(statement.as_bytes())
                .filter(|_| !prepared.known);
            let exact = bound.map(|bound| Prepared {
                text: Arc::clone(&bound.text),
                statement: bound.statement,
                kind: bound.kind,
                ..prepared.clone()
            });
            portals.succeeded(&portal, prepared, exact);
            self.budgets.forget(portal.as_bytes());
        }
    }

    fn closed(&mut self) {
        let Gate {
            pipeline,
            statements,
            portals,
            ..
        } = self;
        let is_close =
            |request: &Request| matches!(request, Request::CloseStatement(_) | Request::ClosePortal(_));
        if pipeline
            .answer(is_close, |entry| forget(statements, portals, entry))
            .is_none()
        {
            return;
        }
        match pipeline.pop().map(|entry| entry.request) {
            Some(Request::CloseStatement(name)) => statements.remove(name.as_bytes()),
            Some(Request::ClosePortal(name)) => {
                portals.remove(name.as_bytes());
                self.budgets.forget(name.as_bytes());
            }
            Some(
                Request::Query(_)
                | Request::FunctionCall
                | Request::Parse { .. }
                | Request::Bind { .. }
                | Request::Execute { .. }
                | Request::Describe
                | Request::Sync { .. }
                | Request::StandIn { .. },
            )
            | None => {}
        }
    }

    /// The answer to a Describe, or the beginning of a query's rows.
    fn described(&mut self) {
        let Gate {
            pipeline,
            statements,
            portals,
            ..
        } = self;
        let is_described = |request: &Request| matches!(request, Request::Describe | Request::Query(_));
        let answered = pipeline.answer(is_described, |entry| forget(statements, portals, entry));
        if answered.is_some_and(|entry| matches!(entry.request, Request::Describe)) {
            pipeline.pop();
        }
    }

    fn statement_succeeded(&mut self, tag: &[u8], now: Instant) {
        self.budgets.end_statement();
        self.note_completion();
        if self.copy != Copy::None {
            self.copy = Copy::None;
            self.pipeline.copy_succeeded();
        }
        let Gate {
            pipeline,
            statements,
            portals,
            ..
        } = self;
        let is_running = |request: &Request| matches!(request, Request::Query(_) | Request::Execute { .. });
        let Some(entry) = pipeline.answer(is_running, |entry| forget(statements, portals, entry)) else {
            return;
        };
        let done = if let Request::Query(script) = &mut entry.request {
            let index = script.step();
            let passed = script.passed;
            passed.filter(|_| !script.text.is_plain()).map(|passed| Prepared {
                text: Arc::clone(&script.text),
                statement: index,
                kind: script.text.kind_of(index),
                passed,
                others: Approvals::NONE,
                epoch: self.rules.epoch,
                known: true,
            })
        } else {
            let entry = pipeline.pop();
            if let Some(entry) = &entry {
                self.actions
                    .push_back(Action::Completed(now.saturating_duration_since(entry.sent)));
            }
            match entry.map(|entry| entry.request) {
                Some(Request::Execute { prepared, .. }) => prepared,
                Some(
                    Request::Query(_)
                    | Request::FunctionCall
                    | Request::Parse { .. }
                    | Request::Bind { .. }
                    | Request::Describe
                    | Request::CloseStatement(_)
                    | Request::ClosePortal(_)
                    | Request::Sync { .. }
                    | Request::StandIn { .. },
                )
                | None => None,
            }
        };
        if let Some(done) = done.filter(|done| done.known) {
            self.note_effects(&done);
        }
        self.note_tag(tag);
    }

    /// An Execute ended without a command tag: the statement was empty, or its row limit was reached.
    fn execution_ended(&mut self, now: Instant) {
        self.budgets.end_statement();
        self.note_completion();
        let Gate {
            pipeline,
            statements,
            portals,
            ..
        } = self;
        let is_running = |request: &Request| matches!(request, Request::Query(_) | Request::Execute { .. });
        match pipeline.answer(is_running, |entry| forget(statements, portals, entry)) {
            Some(entry) if matches!(entry.request, Request::Execute { .. }) => {
                let took = now.saturating_duration_since(entry.sent);
                self.actions.push_back(Action::Completed(took));
                pipeline.pop();
            }
            Some(_) | None => {}
        }
    }

    /// What a completed statement did to the names of the session.
    fn note_effects(&mut self, done: &Prepared) {
        if let Ok(Some(
            NameEffect::DeclareCursor(name)
            | NameEffect::DeclareHeldCursor(name)
            | NameEffect::CloseCursor(name),
        )) = done.text.effect_at(done.statement)
        {
            self.budgets.forget(name);
        }
        let effects = done
            .text
            .readings()
            .filter_map(|facts| facts.statements.get(done.statement));
        for effect in effects.filter_map(|statement| statement.effect.as_ref()) {
            match effect {
                NameEffect::Prepare(name) => self.statements.set(name, done.clone()),
                NameEffect::DeclareCursor(name) | NameEffect::DeclareHeldCursor(name) => {
                    self.portals.set(name, done.clone());
                }
                NameEffect::Deallocate(name) => self.statements.remove(name),
                NameEffect::CloseCursor(name) => self.portals.remove(name),
                // Told by the command tag.
                NameEffect::DeallocateAll
                | NameEffect::CloseAll
                | NameEffect::DiscardAll
                | NameEffect::Execute(_)
                | NameEffect::Fetch(_) => {}
            }
        }
    }

    /// What frees all names is known by the server's own word, so that nothing that the client has prepared under
    /// a name that is taken can pass for it.
    fn note_tag(&mut self, tag: &[u8]) {
        match tag {
            b"DISCARD ALL" => {
                self.statements.clear();
                self.portals.clear();
                self.budgets.forget_all();
                self.took_away = false;
            }
            b"DEALLOCATE ALL" => self.statements.clear(),
            b"CLOSE CURSOR ALL" => {
                self.portals.clear();
                self.budgets.forget_all();
            }
            _ => {}
        }
    }

    fn statement_failed(&mut self) {
        self.copy = Copy::None;
        self.budgets.end_statement();
        let Gate {
            pipeline,
            statements,
            portals,
            ..
        } = self;
        pipeline.fail(|entry| forget(statements, portals, entry));
    }

    fn ready(&mut self, status: TransactionStatus, now: Instant) {
        self.copy = Copy::None;
        self.status = status;
        self.budgets.end_statement();
        let Gate {
            pipeline,
            statements,
            portals,
            actions,
            ..
        } = self;
        pipeline.ready(|entry| {
            if let Request::Query(_) | Request::FunctionCall = entry.request {
                actions.push_back(Action::Completed(now.saturating_duration_since(entry.sent)));
            }
            forget(statements, portals, entry);
        });
        if status == TransactionStatus::Idle {
            // Portals end with their transaction. Cursors WITH HOLD outlive it, and are taken for unknown.
            self.portals.clear();
            self.budgets.end_transaction();
        }
    }
}

/// Bytes of the whole message.
fn bytes_of(header: Header) -> u64 {
    u64::try_from(header.frame_bytes()).unwrap_or(u64::MAX)
}
