//! What a session's terminal would have shown, message by message.

use std::{collections::VecDeque, fmt::Write as _, rc::Rc};

use pgwarden_wire::{
    BackendMessage, BackendType, ErrorFields, FrontendMessage, FrontendType, MalformedMessage,
    TransactionStatus, backend::CopyFormat, field,
};

use crate::{
    Event, Message, RecordedEvent, Sender, SessionFacts, Stream,
    conversation::{Conversation, Prepared, Shown},
    copy_view::{CopyDirection, CopyView},
    error_view::{Report, error_lines},
    result_view::{OutputEnd, ResultView},
    statement_view::{PARAMETER_BYTES_MAX, parameters_line, put_statement},
    terminal::{Colour, Tone, clip, neutralised, word},
    unit::{Answer, Portal, Text, Unit, bind_unit, close_unit, describe_unit, type_oids},
};

/// Bytes of a statement that is shown on one line.
const STATEMENT_LINE_BYTES_MAX: usize = 500;

/// Refusals that wait for their error to be shown; of more, the oldest are shown at once.
const VERDICTS_WAITING_MAX: usize = 1_000;

/// Statements that were prepared and may be shown as that; more are not.
const PREPARED_WAITING_MAX: usize = 1_000;

/// The terminal. It takes what happened, in order, and gives the text for it.
#[derive(Debug)]
pub(crate) struct Screen {
    text: String,
    colour: Colour,
    database: String,
    status: TransactionStatus,
    conversation: Conversation,
    result: Option<ResultView>,
    copy: Option<CopyView>,
    /// Setting and message of refusals whose error has not come yet.
    verdicts: VecDeque<(String, String)>,
    /// Statements that were prepared since `ReadyForQuery`, and not bound.
    prepared: Vec<(Rc<[u8]>, Rc<Text>)>,
    /// Copy data of the client that no copy wanted.
    stray_copy_bytes: u64,
    /// Text of the statement that runs now, for pointing into it.
    running: Option<Rc<Text>>,
}

impl Screen {
    pub(crate) fn new(facts: &SessionFacts, colour: Colour) -> Self {
        let database = facts.database.as_deref().unwrap_or(&facts.record);
        Self {
            text: String::new(),
            colour,
            database: neutralised(database.as_bytes()),
            status: TransactionStatus::Idle,
            conversation: Conversation::default(),
            result: None,
            copy: None,
            verdicts: VecDeque::new(),
            prepared: Vec::new(),
            stray_copy_bytes: 0,
            running: None,
        }
    }

    /// What is to be printed since the last time.
    pub(crate) fn take_text(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// How much there is to be printed.
    pub(crate) fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// A line about the recording rather than of it. `text` is neutralised already.
    pub(crate) fn remark(&mut self, text: &str) {
        self.put_line(Tone::Remark, &format!("-- {text}"));
    }

    /// Shows what is held back, as nothing comes any more.
    pub(crate) fn finish(&mut self) {
        self.end_output_as(OutputEnd::Broken);
        self.show_verdicts();
    }

    pub(crate) fn event(&mut self, event: &RecordedEvent) {
        let remark = match event {
            RecordedEvent::Known(Event::Verdict {
                refused: true,
                setting,
                message,
                ..
            }) => {
                if self.verdicts.len() >= VERDICTS_WAITING_MAX
                    && let Some((setting, message)) = self.verdicts.pop_front()
                {
                    self.show_verdict(&setting, &message);
                }
                self.verdicts.push_back((setting.clone(), message.clone()));
                return;
            }
            RecordedEvent::Known(Event::Verdict {
                refused: false,
                message,
                ..
            }) => {
                format!(
                    "monitor mode: let through what would have been: {}",
                    neutralised(message.as_bytes())
                )
            }
            RecordedEvent::Known(Event::Reload { changed }) => {
                let changed: Vec<String> = changed
                    .iter()
                    .map(|(name, value)| format!("{name} = {value}"))
                    .collect();
                format!(
                    "settings reloaded: {}",
                    neutralised(changed.join(", ").as_bytes())
                )
            }
            RecordedEvent::Known(Event::Cancel { client_address }) => {
                let from = client_address
                    .as_deref()
                    .map(|address| format!(" from {}", neutralised(address.as_bytes())));
                format!("cancel request{}", from.unwrap_or_default())
            }
            RecordedEvent::Known(Event::GuardTrip { message }) => {
                let line = format!("-- COPY GUARD: {}", neutralised(message.as_bytes()));
                self.put_line(Tone::Refusal, &line);
                return;
            }
            RecordedEvent::Known(Event::Note { text }) => neutralised(text.as_bytes()),
            RecordedEvent::Unknown(json) => format!("event: {}", neutralised(clip(json.as_bytes(), 1_000).0)),
        };
        self.remark(&remark);
    }

    pub(crate) fn message(&mut self, message: Message<'_>) {
        // What pgwarden and the server said to each other is in exports.
        if !message.stream.seen_by_client() {
            return;
        }
        match message.stream.sender() {
            Sender::Frontend => self.frontend(message),
            Sender::Backend => self.backend(message),
        }
    }

    fn frontend(&mut self, message: Message<'_>) {
        let unit = match FrontendMessage::parse(message.frame()) {
            Ok(parsed) => match parsed {
                FrontendMessage::Query { sql } => Unit::Query {
                    sql: Rc::new(Text::new(sql, 0)),
                },
                FrontendMessage::Parse {
                    statement,
                    sql,
                    parameter_types,
                } => Unit::Parse {
                    name: statement.into(),
                    sql: Rc::new(Text::new(sql, 0)),
                    types: type_oids(parameter_types),
                },
                FrontendMessage::Bind(bind) => bind_unit(bind),
                FrontendMessage::Execute { portal, rows_max: _ } => Unit::Execute {
                    portal: portal.into(),
                },
                FrontendMessage::Describe(target) => describe_unit(target),
                FrontendMessage::Close(target) => close_unit(target),
                FrontendMessage::FunctionCall { function, arguments } => Unit::FunctionCall {
                    function,
                    argument_bytes: arguments.len(),
                },
                FrontendMessage::CopyData(data) => {
                    return self.copy_data(
                        data,
                        message.body_bytes.saturating_sub(data.len()),
                        CopyDirection::In,
                    );
                }
                FrontendMessage::CopyDone => {
                    self.end_copy_in();
                    Unit::CopyEnd
                }
                FrontendMessage::CopyFail { message } => {
                    self.end_copy_in();
                    self.remark(&format!("the client gives the copy up: {}", neutralised(message)));
                    Unit::CopyEnd
                }
                FrontendMessage::Sync => Unit::Sync,
                FrontendMessage::Flush | FrontendMessage::Terminate | FrontendMessage::Password => return,
            },
            Err(error) => match cut_unit(message) {
                Some(unit) => unit,
                None => return self.malformed(message, error),
            },
        };
        let runs = unit.runs();
        if let Some(skipped) = self.conversation.send(unit) {
            self.show_skipped(&skipped);
        } else if runs {
            self.show_next();
        }
    }

    fn backend(&mut self, message: Message<'_>) {
        if message.tag == BackendType::DataRow.tag() {
            return self.data_row(message);
        }
        let parsed = match BackendMessage::parse(message.frame()) {
            Ok(parsed) => parsed,
            Err(error) => return self.malformed(message, error),
        };
        let answer = Answer::of(&parsed);
        if let Some(answer) = answer {
            self.answer_begins(answer);
        }
        self.show_answer(&parsed, message);
        if let Some(answer) = answer {
            match self.conversation.complete(&parsed, answer) {
                Some(Prepared::Statement { name, sql }) if self.prepared.len() < PREPARED_WAITING_MAX => {
                    self.prepared.push((name, sql));
                }
                Some(Prepared::Used { name }) => self.prepared.retain(|(prepared, _)| *prepared != name),
                Some(Prepared::Statement { .. }) | None => {}
            }
            if answer == Answer::Ready {
                self.ready();
            }
            self.show_next();
        }
    }

    /// Shows what the answer leaves unanswered, and what it answers.
    fn answer_begins(&mut self, answer: Answer) {
        for unanswered in self.conversation.receive(answer) {
            self.show_unit(&unanswered);
        }
        if !matches!(answer, Answer::Ready | Answer::Failed) {
            self.show_next();
        }
    }

    fn show_answer(&mut self, parsed: &BackendMessage<'_>, message: Message<'_>) {
        match parsed {
            // Its rows have no need of the view.
            BackendMessage::DataRow(_) => self.data_row(message),
            BackendMessage::CommandComplete { tag } => self.command_complete(tag),
            BackendMessage::RowDescription(_)
            | BackendMessage::EmptyQueryResponse
            | BackendMessage::NoData => {
                self.end_output();
            }
            BackendMessage::PortalSuspended => {
                self.end_output();
                self.remark("suspended: the client asked for no more rows yet");
            }
            BackendMessage::ErrorResponse(fields) => self.error(*fields, message.stream),
            BackendMessage::NoticeResponse(fields) => self.put_fields(*fields, Tone::Notice),
            BackendMessage::NotificationResponse {
                process_id,
                channel,
                payload,
            } => {
                let payload = if payload.is_empty() {
                    String::new()
                } else {
                    format!(" with payload \"{}\"", neutralised(payload))
                };
                let line = format!(
                    "Asynchronous notification \"{}\"{payload} received from server process with PID {process_id}.",
                    neutralised(channel)
                );
                self.put_line(Tone::Notice, &line);
            }
            BackendMessage::CopyOutResponse(format) => self.begin_copy(CopyDirection::Out, *format),
            BackendMessage::CopyInResponse(format) => self.begin_copy(CopyDirection::In, *format),
            BackendMessage::CopyBothResponse(format) => self.begin_copy(CopyDirection::Both, *format),
            BackendMessage::CopyData(data) => {
                self.copy_data(
                    data,
                    message.body_bytes.saturating_sub(data.len()),
                    CopyDirection::Out,
                );
            }
            BackendMessage::FunctionCallResponse(value) => {
                let value = value.map_or_else(
                    || "NULL".to_owned(),
                    |value| format!("'{}'", neutralised(clip(value, PARAMETER_BYTES_MAX).0)),
                );
                let _ = writeln!(self.text, "{value}");
            }
            BackendMessage::ReadyForQuery(status) => {
                self.end_output();
                self.status = *status;
            }
            BackendMessage::Authentication(_)
            | BackendMessage::BackendKeyData { .. }
            | BackendMessage::BindComplete
            | BackendMessage::CloseComplete
            | BackendMessage::CopyDone
            | BackendMessage::NegotiateProtocolVersion { .. }
            | BackendMessage::ParameterDescription { .. }
            | BackendMessage::ParameterStatus { .. }
            | BackendMessage::ParseComplete => {}
        }
    }

    fn data_row(&mut self, message: Message<'_>) {
        if self.result.is_none() {
            self.answer_begins(Answer::Output);
        }
        let columns = || {
            self.conversation
                .columns()
                .map(|columns| ResultView::new(&columns))
        };
        let mut result = self
            .result
            .take()
            .or_else(columns)
            .unwrap_or_else(|| ResultView::undescribed(message.body));
        result.push(message.body, &mut self.text, self.colour);
        self.result = Some(result);
    }

    /// A command tag. As psql, none is shown for rows unless they are what a change gave back.
    fn command_complete(&mut self, tag: &[u8]) {
        let described = self.conversation.columns();
        let result = self
            .result
            .take()
            .or_else(|| described.map(|columns| ResultView::new(&columns)));
        let had_rows = result.is_some();
        self.result = result;
        self.end_output();
        let changes = [&b"INSERT"[..], b"UPDATE", b"DELETE", b"MERGE"]
            .iter()
            .any(|verb| tag.starts_with(verb));
        if !had_rows || changes {
            let tag = word(tag);
            let _ = writeln!(self.text, "{tag}");
        }
    }

    /// The rows or the copy that came until now are over.
    fn end_output(&mut self) {
        self.end_output_as(OutputEnd::Whole);
    }

    fn end_output_as(&mut self, end: OutputEnd) {
        if let Some(result) = self.result.take() {
            result.finish(end, &mut self.text, self.colour);
        }
        if let Some(copy) = self.copy.take() {
            copy.finish(&mut self.text, self.colour);
        }
    }

    fn ready(&mut self) {
        for (name, sql) in std::mem::take(&mut self.prepared) {
            let name = if name.is_empty() {
                "unnamed".to_owned()
            } else {
                format!("\"{}\"", neutralised(&name))
            };
            let (sql, _) = clip(&sql.bytes, STATEMENT_LINE_BYTES_MAX);
            self.remark(&format!("prepared {name}: {}", neutralised(sql)));
        }
        if self.stray_copy_bytes > 0 {
            self.remark(&format!(
                "{} bytes of copy data outside a copy",
                self.stray_copy_bytes
            ));
            self.stray_copy_bytes = 0;
        }
        if self.conversation.is_idle() {
            self.show_verdicts();
        }
        self.running = None;
    }

    fn error(&mut self, fields: ErrorFields<'_>, stream: Stream) {
        let (culprit, skipped) = self.conversation.fail();
        if let Some(culprit) = culprit {
            self.show_unit(&culprit);
        }
        self.end_output_as(OutputEnd::Broken);
        let mut tone = Tone::Error;
        if stream == Stream::ClientBound {
            tone = Tone::Refusal;
            let message = fields.field(field::MESSAGE).unwrap_or_default();
            let verdict = self
                .verdicts
                .iter()
                .position(|(_, expected)| expected.as_bytes() == message);
            match verdict.and_then(|index| self.verdicts.remove(index)) {
                Some((setting, _)) => {
                    let line = format!("-- REFUSED by pgwarden: {}", neutralised(setting.as_bytes()));
                    self.put_line(tone, &line);
                }
                None => self.put_line(tone, "-- from pgwarden:"),
            }
        }
        self.put_fields(fields, tone);
        for unit in &skipped {
            self.show_skipped(unit);
        }
    }

    fn put_fields(&mut self, fields: ErrorFields<'_>, tone: Tone) {
        let report = if tone == Tone::Notice {
            Report::Notice
        } else {
            Report::Error
        };
        for line in error_lines(fields, report, self.running.as_deref()) {
            self.put_line(tone, &line);
        }
    }

    fn begin_copy(&mut self, direction: CopyDirection, format: CopyFormat<'_>) {
        self.end_output();
        self.copy = Some(CopyView::new(direction, format.overall != 0));
    }

    fn copy_data(&mut self, data: &[u8], missing: usize, direction: CopyDirection) {
        match &mut self.copy {
            Some(copy) if copy.direction() == direction || copy.direction() == CopyDirection::Both => {
                copy.push(data, missing, &mut self.text);
            }
            _ => {
                let bytes = u64::try_from(data.len().saturating_add(missing)).unwrap_or(u64::MAX);
                self.stray_copy_bytes = self.stray_copy_bytes.saturating_add(bytes);
            }
        }
    }

    fn end_copy_in(&mut self) {
        if self
            .copy
            .as_ref()
            .is_some_and(|copy| copy.direction() != CopyDirection::Out)
        {
            self.end_output();
        }
    }

    fn malformed(&mut self, message: Message<'_>, error: MalformedMessage) {
        if message.is_whole() {
            self.remark(&format!("malformed message {}: {error}", tag_text(message.tag)));
        } else {
            let name = message.name().unwrap_or("message");
            self.remark(&format!(
                "{name} of {} bytes, too long to be shown",
                message.body_bytes
            ));
        }
    }

    fn show_next(&mut self) {
        if let Some(shown) = self.conversation.show() {
            self.show_unit(&shown);
        }
    }

    fn show_skipped(&mut self, unit: &Shown) {
        self.show_unit(unit);
        self.remark("did not run: an error came before it in the pipeline");
    }

    fn show_verdicts(&mut self) {
        for (setting, message) in std::mem::take(&mut self.verdicts) {
            self.show_verdict(&setting, &message);
        }
    }

    /// A refusal that the client was not told of, as another error came before it.
    fn show_verdict(&mut self, setting: &str, message: &str) {
        let line = format!(
            "-- REFUSED by pgwarden: {}: {}",
            neutralised(setting.as_bytes()),
            neutralised(message.as_bytes())
        );
        self.put_line(Tone::Refusal, &line);
    }

    fn show_unit(&mut self, unit: &Shown) {
        self.end_output();
        self.running = None;
        match unit {
            Shown::Query(sql) | Shown::Parse(sql) => self.put_statement(sql),
            Shown::Execute {
                portal, bound: None, ..
            } => {
                self.remark(&format!(
                    "runs portal \"{}\", whose Bind is not in the recording",
                    neutralised(portal)
                ));
            }
            Shown::Execute {
                portal,
                bound: Some(_),
                continued: true,
            } => {
                self.remark(&format!("more of portal \"{}\"", neutralised(portal)));
            }
            Shown::Execute {
                bound: Some(bound),
                continued: false,
                ..
            }
            | Shown::Bind(bound) => self.put_bound(bound),
            Shown::FunctionCall {
                function,
                argument_bytes,
            } => {
                self.remark(&format!(
                    "function call: object id {function}, {argument_bytes} bytes of arguments"
                ));
            }
        }
    }

    fn put_bound(&mut self, bound: &Portal) {
        match &bound.statement {
            Some(statement) => self.put_statement(&statement.sql),
            None => self.remark(&format!(
                "runs statement \"{}\", whose Parse is not in the recording",
                neutralised(&bound.statement_name)
            )),
        }
        if let Some(line) = parameters_line(bound) {
            self.put_line(Tone::Remark, &line);
        }
    }

    fn put_statement(&mut self, sql: &Rc<Text>) {
        self.running = Some(Rc::clone(sql));
        put_statement(&mut self.text, sql, &self.database, self.status, self.colour);
    }

    fn put_line(&mut self, tone: Tone, line: &str) {
        let _ = writeln!(self.text, "{}", self.colour.paint(tone, line));
    }
}

/// The printable form of a message's type byte.
pub(crate) fn tag_text(tag: u8) -> String {
    format!("'{}'", neutralised(&[tag]))
}

/// A message that is too long to be held whole: what its beginning says.
fn cut_unit(message: Message<'_>) -> Option<Unit> {
    if message.is_whole() {
        return None;
    }
    let missing = message.body_bytes.saturating_sub(message.body.len());
    match FrontendType::from_tag(message.tag)? {
        FrontendType::Query => Some(Unit::Query {
            sql: Rc::new(Text::new(message.body, missing)),
        }),
        FrontendType::Parse => {
            let end = message.body.iter().position(|byte| *byte == 0)?;
            let (name, sql) = message.body.split_at_checked(end)?;
            let sql = sql.split_first()?.1;
            Some(Unit::Parse {
                name: name.into(),
                sql: Rc::new(Text::new(sql, missing)),
                types: Rc::new([]),
            })
        }
        FrontendType::FunctionCall => {
            let function = u32::from_be_bytes(*message.body.first_chunk()?);
            Some(Unit::FunctionCall {
                function,
                argument_bytes: message.body_bytes.saturating_sub(4),
            })
        }
        FrontendType::Bind
        | FrontendType::Close
        | FrontendType::CopyData
        | FrontendType::CopyDone
        | FrontendType::CopyFail
        | FrontendType::Describe
        | FrontendType::Execute
        | FrontendType::Flush
        | FrontendType::Password
        | FrontendType::Sync
        | FrontendType::Terminate => None,
    }
}
