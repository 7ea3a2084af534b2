//! Exporting a recording for programs.

use std::{
    io::{self, Read, Write},
    path::Path,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use pgwarden_wire::{
    BackendMessage, BackendType, ErrorFields, FrontendMessage, FrontendType, TransactionStatus,
    backend::{Authentication, CopyFormat},
    frontend::{Bind, Target},
};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::{
    Content, Ending, FORMAT_VERSION, Item, Message, Messages, Reader, RecordedEvent, Sender, SessionFacts,
    Timestamp,
    conversation::Conversation,
    render::PlayError,
    session::rfc3339_text,
    terminal::clip,
    unit::{Answer, Text, Unit, bind_unit, close_unit, describe_unit, type_oids},
    values::{FORMAT_TEXT, Value, decode, row_values},
};

/// Bytes of a message's body that are exported where it is none that its type says.
const MALFORMED_BYTES_MAX: usize = 4 * 1024;

/// Writes a recording as JSON lines: the session's start, then each message and event in order, then the session's end.
///
/// `docs/recording-format.md` lists the fields. A recording that is cut or damaged is exported as far as it can be read,
/// and its last line says so; damage is an error, too.
pub fn export_jsonl<R: Read>(reader: &mut Reader<R>, output: &mut impl Write) -> Result<(), PlayError> {
    let mut export = Export {
        facts: reader.facts().clone(),
        output,
        conversation: Conversation::default(),
    };
    let facts = export.facts.clone();
    export.put(&Start {
        kind: "session_start",
        format_version: FORMAT_VERSION,
        facts: &facts,
    })?;
    let mut messages = Messages::new();
    let mut last = Timestamp::START;
    let read = loop {
        match reader.next_entry() {
            Err(error) => break Err(error),
            Ok(None) => break Ok(()),
            Ok(Some(entry)) => {
                last = entry.at;
                match entry.content {
                    Content::Event(event) => export.put_event(entry.at, &event)?,
                    Content::Frames { stream, bytes } => {
                        messages.push(entry.at, stream, bytes, |item| export.put_item(item))?;
                    }
                }
            }
        }
    };
    for partial in messages.partial() {
        let fields = fields(json!({
            "stream": partial.stream, "tag": tag(partial.tag), "recorded_bytes": partial.recorded_bytes,
        }));
        export.put_timed("partial_message", last, None, None, fields)?;
    }
    let (at, kind, fields) = match (&read, reader.ending()) {
        (Err(error), _) => (last, "damaged", fields(json!({ "error": error.to_string() }))),
        (Ok(()), Some(Ending::Ended(end, counts))) => {
            let fields = fields(json!({ "reason": end.reason, "sqlstate": end.sqlstate, "counts": counts }));
            (end.at, "session_end", fields)
        }
        (Ok(()), Some(Ending::Live)) => (last, "session_live", Map::new()),
        (
            Ok(()),
            Some(Ending::Cut {
                readable_bytes,
                torn_bytes,
            }),
        ) => (
            last,
            "recording_cut",
            fields(json!({ "readable_bytes": readable_bytes, "torn_bytes": torn_bytes })),
        ),
        (Ok(()), None) => (last, "recording_cut", Map::new()),
    };
    export.put_timed(kind, at, None, None, fields)?;
    export.output.flush().map_err(PlayError::Output)?;
    read.map_err(PlayError::Read)
}

#[derive(Serialize)]
struct Start<'a> {
    kind: &'static str,
    format_version: u16,
    #[serde(flatten)]
    facts: &'a SessionFacts,
}

#[derive(Serialize)]
struct Line<'a> {
    kind: &'static str,
    at_us: Timestamp,
    time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<&'a str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    message_type: Option<&'a str>,
    #[serde(flatten)]
    fields: Map<String, Json>,
}

struct Export<'a, W> {
    facts: SessionFacts,
    output: &'a mut W,
    /// Knows what the columns of rows and the parameters of Binds are.
    conversation: Conversation,
}

impl<W: Write> Export<'_, W> {
    fn put(&mut self, line: &impl Serialize) -> Result<(), PlayError> {
        let mut text = serde_json::to_vec(line).map_err(|error| PlayError::Output(error.into()))?;
        text.push(b'\n');
        self.output.write_all(&text).map_err(PlayError::Output)
    }

    fn put_timed(
        &mut self,
        kind: &'static str,
        at: Timestamp,
        stream: Option<&str>,
        message_type: Option<&str>,
        fields: Map<String, Json>,
    ) -> Result<(), PlayError> {
        let time = rfc3339_text(self.facts.time_of(at));
        self.put(&Line {
            kind,
            at_us: at,
            time,
            stream,
            message_type,
            fields,
        })
    }

    fn put_event(&mut self, at: Timestamp, event: &RecordedEvent) -> Result<(), PlayError> {
        let fields = match event {
            RecordedEvent::Known(event) => serde_json::to_value(event).map(fields).unwrap_or_default(),
            RecordedEvent::Unknown(text) => {
                let known = serde_json::from_str(text).unwrap_or_else(|_| json!({ "text": text }));
                fields(json!({ "event": "unknown", "content": known }))
            }
        };
        self.put_timed("event", at, None, None, fields)
    }

    fn put_item(&mut self, item: Item<'_>) -> Result<(), PlayError> {
        match item {
            Item::Unreadable { at, stream } => {
                self.put_timed("unreadable_stream", at, Some(stream.as_str()), None, Map::new())
            }
            Item::Message(message) => {
                let fields = match message.stream.sender() {
                    Sender::Frontend => self.frontend(message),
                    Sender::Backend => self.backend(message),
                };
                let known = message.name();
                let unknown = tag(message.tag);
                let message_type = known.unwrap_or(&unknown);
                self.put_timed(
                    "message",
                    message.at,
                    Some(message.stream.as_str()),
                    Some(message_type),
                    fields,
                )
            }
        }
    }

    fn frontend(&mut self, message: Message<'_>) -> Map<String, Json> {
        let Ok(parsed) = FrontendMessage::parse(message.frame()) else {
            return malformed(message);
        };
        let (fields, unit) = match parsed {
            FrontendMessage::Query { sql } => (
                json!({ "sql": text(sql) }),
                Some(Unit::Query {
                    sql: Text::default().into(),
                }),
            ),
            FrontendMessage::Parse {
                statement,
                sql,
                parameter_types,
            } => {
                let types = type_oids(parameter_types);
                let unit = Unit::Parse {
                    name: statement.into(),
                    sql: Text::default().into(),
                    types: std::rc::Rc::clone(&types),
                };
                (
                    json!({ "statement": text(statement), "sql": text(sql), "parameter_types": &*types }),
                    Some(unit),
                )
            }
            FrontendMessage::Bind(bind) => (self.bind(bind), Some(bind_unit(bind))),
            FrontendMessage::Execute { portal, rows_max } => (
                json!({ "portal": text(portal), "rows_max": rows_max }),
                Some(Unit::Execute {
                    portal: portal.into(),
                }),
            ),
            FrontendMessage::Describe(name) => (target(name), Some(describe_unit(name))),
            FrontendMessage::Close(name) => (target(name), Some(close_unit(name))),
            FrontendMessage::FunctionCall { function, arguments } => (
                json!({ "function": function, "arguments": base64(arguments) }),
                Some(Unit::FunctionCall {
                    function,
                    argument_bytes: arguments.len(),
                }),
            ),
            FrontendMessage::CopyData(data) => (copy_data(data, message), None),
            FrontendMessage::CopyDone => (json!({}), Some(Unit::CopyEnd)),
            FrontendMessage::CopyFail { message } => {
                (json!({ "message": text(message) }), Some(Unit::CopyEnd))
            }
            FrontendMessage::Sync => (json!({}), Some(Unit::Sync)),
            FrontendMessage::Flush | FrontendMessage::Terminate | FrontendMessage::Password => {
                (json!({}), None)
            }
        };
        if let Some(unit) = unit
            && message.stream.seen_by_client()
        {
            let _skipped = self.conversation.send(unit);
        }
        self::fields(fields)
    }

    fn bind(&self, bind: Bind<'_>) -> Json {
        let types = self.conversation.parameter_types(bind.statement);
        let parameters: Vec<Json> = bind
            .parameters()
            .enumerate()
            .map(|(index, (format, bytes))| {
                let type_oid = types
                    .as_ref()
                    .and_then(|types| types.get(index))
                    .copied()
                    .unwrap_or(0);
                value(Value { bytes, missing: 0 }, type_oid, format)
            })
            .collect();
        json!({ "portal": text(bind.portal), "statement": text(bind.statement), "parameters": parameters })
    }

    fn backend(&mut self, message: Message<'_>) -> Map<String, Json> {
        if message.tag == BackendType::DataRow.tag() {
            return fields(self.data_row(message));
        }
        let Ok(parsed) = BackendMessage::parse(message.frame()) else {
            return malformed(message);
        };
        if message.stream.seen_by_client() {
            self.follow(&parsed);
        }
        fields(match parsed {
            BackendMessage::Authentication(request) => json!({ "method": authentication(request) }),
            // The key is a secret.
            BackendMessage::BackendKeyData {
                process_id,
                secret: _,
            } => json!({ "process_id": process_id }),
            BackendMessage::CommandComplete { tag } => json!({ "tag": text(tag) }),
            BackendMessage::CopyData(data) => copy_data(data, message),
            BackendMessage::CopyInResponse(format)
            | BackendMessage::CopyOutResponse(format)
            | BackendMessage::CopyBothResponse(format) => copy_format(format),
            BackendMessage::DataRow(_) => self.data_row(message),
            BackendMessage::ErrorResponse(error) | BackendMessage::NoticeResponse(error) => {
                error_fields(error)
            }
            BackendMessage::FunctionCallResponse(bytes) => {
                json!({ "value": bytes.map_or(Json::Null, base64) })
            }
            BackendMessage::NegotiateProtocolVersion {
                newest,
                unknown_options: _,
            } => json!({ "newest": newest }),
            BackendMessage::NotificationResponse {
                process_id,
                channel,
                payload,
            } => {
                json!({ "process_id": process_id, "channel": text(channel), "payload": text(payload) })
            }
            BackendMessage::ParameterDescription { types } => {
                json!({ "parameter_types": &*type_oids(types) })
            }
            BackendMessage::ParameterStatus { name, value } => {
                json!({ "name": text(name), "value": text(value) })
            }
            BackendMessage::ReadyForQuery(status) => json!({ "status": match status {
                TransactionStatus::Idle => "idle",
                TransactionStatus::InTransaction => "in_transaction",
                TransactionStatus::Failed => "failed",
            }}),
            BackendMessage::RowDescription(columns) => {
                let columns: Vec<Json> = columns
                    .iter()
                    .map(|column| {
                        json!({ "name": text(column.name), "type_oid": column.type_oid, "format": format_name(column.format) })
                    })
                    .collect();
                json!({ "columns": columns })
            }
            BackendMessage::BindComplete
            | BackendMessage::CloseComplete
            | BackendMessage::CopyDone
            | BackendMessage::EmptyQueryResponse
            | BackendMessage::NoData
            | BackendMessage::ParseComplete
            | BackendMessage::PortalSuspended => json!({}),
        })
    }

    fn follow(&mut self, parsed: &BackendMessage<'_>) {
        if let Some(answer) = Answer::of(parsed) {
            let _unanswered = self.conversation.receive(answer);
            // A portal counts as executed once it is shown.
            let _shown = self.conversation.show();
            if answer == Answer::Failed {
                let _failed = self.conversation.fail();
            }
            let _prepared = self.conversation.complete(parsed, answer);
        }
    }

    fn data_row(&mut self, message: Message<'_>) -> Json {
        let columns = if message.stream.seen_by_client() {
            let _unanswered = self.conversation.receive(Answer::Output);
            self.conversation.columns()
        } else {
            None
        };
        let values: Vec<Json> = row_values(message.body)
            .enumerate()
            .map(|(index, bytes)| {
                let column = columns.as_ref().and_then(|columns| columns.get(index));
                let (type_oid, format) =
                    column.map_or((0, FORMAT_TEXT), |column| (column.type_oid, column.format));
                value(bytes, type_oid, format)
            })
            .collect();
        json!({ "values": values })
    }
}

/// Text as a string, or as an object with `base64` where it is not UTF-8.
fn text(bytes: &[u8]) -> Json {
    std::str::from_utf8(bytes).map_or_else(|_| base64(bytes), |text| Json::String(text.to_owned()))
}

fn base64(bytes: &[u8]) -> Json {
    json!({ "base64": STANDARD.encode(bytes) })
}

/// NULL as null, text as [`text`], binary as an object with `base64` and, for types that are known here, `text`.
fn value(value: Value<'_>, type_oid: u32, format: i16) -> Json {
    let Some(bytes) = value.bytes else {
        return Json::Null;
    };
    if value.missing > 0 {
        return json!({ "base64": STANDARD.encode(bytes), "missing_bytes": value.missing });
    }
    if format == FORMAT_TEXT {
        return text(bytes);
    }
    let mut object = base64(bytes);
    if let (Some(decoded), Some(object)) = (decode(type_oid, bytes), object.as_object_mut())
        && let Ok(decoded) = std::str::from_utf8(&decoded)
    {
        object.insert("text".to_owned(), decoded.into());
    }
    object
}

fn copy_data(data: &[u8], message: Message<'_>) -> Json {
    let missing = message.body_bytes.saturating_sub(data.len());
    if missing == 0 {
        json!({ "data": text(data) })
    } else {
        json!({ "data": text(data), "missing_bytes": missing })
    }
}

fn copy_format(format: CopyFormat<'_>) -> Json {
    json!({ "format": format_name(i16::from(format.overall)), "columns": format.columns.len() / 2 })
}

fn format_name(format: i16) -> Json {
    match format {
        0 => "text".into(),
        1 => "binary".into(),
        other => other.into(),
    }
}

fn target(target: Target<'_>) -> Json {
    match target {
        Target::Statement(name) => json!({ "target": "statement", "name": text(name) }),
        Target::Portal(name) => json!({ "target": "portal", "name": text(name) }),
    }
}

/// Names of requests only: what they carry belongs to an exchange of secrets.
fn authentication(request: Authentication<'_>) -> Json {
    match request {
        Authentication::Ok => "ok".into(),
        Authentication::CleartextPassword => "cleartext_password".into(),
        Authentication::Md5Password { salt: _ } => "md5_password".into(),
        Authentication::Sasl { mechanisms: _ } => "sasl".into(),
        Authentication::SaslContinue(_) => "sasl_continue".into(),
        Authentication::SaslFinal(_) => "sasl_final".into(),
        Authentication::Other(code) => code.into(),
    }
}

/// Fields by their names in PROTOCOL-ERROR-FIELDS; those without one by their code.
fn error_fields(error: ErrorFields<'_>) -> Json {
    let fields = error.iter().map(|(code, value)| {
        let name = match code {
            b'S' => "severity_localized",
            b'V' => "severity",
            b'C' => "sqlstate",
            b'M' => "message",
            b'D' => "detail",
            b'H' => "hint",
            b'P' => "position",
            b'p' => "internal_position",
            b'q' => "internal_query",
            b'W' => "where",
            b's' => "schema",
            b't' => "table",
            b'c' => "column",
            b'd' => "data_type",
            b'n' => "constraint",
            b'F' => "file",
            b'L' => "line",
            b'R' => "routine",
            _ => return (tag(code), text(value)),
        };
        (name.to_owned(), text(value))
    });
    json!({ "fields": fields.collect::<Map<String, Json>>() })
}

/// A message that is not what its type says, or not whole.
fn malformed(message: Message<'_>) -> Map<String, Json> {
    // A body that may be a password is not shown, in whatever state it is.
    if message.stream.sender() == Sender::Frontend && message.tag == FrontendType::Password.tag() {
        return Map::new();
    }
    let missing = message.body_bytes.saturating_sub(message.body.len());
    let is_query = message.stream.sender() == Sender::Frontend && message.tag == FrontendType::Query.tag();
    if missing > 0 && is_query {
        return fields(
            json!({ "sql": text(clip(message.body, message.body.len().saturating_sub(4)).0), "missing_bytes": missing }),
        );
    }
    let (kept, cut) = clip(message.body, MALFORMED_BYTES_MAX);
    fields(json!({ "malformed": true, "body": base64(kept), "missing_bytes": missing.saturating_add(cut) }))
}

/// A type byte as a character if it is one, else as a number.
fn tag(tag: u8) -> String {
    if tag.is_ascii_graphic() {
        char::from(tag).to_string()
    } else {
        format!("{tag:#04x}")
    }
}

fn fields(object: Json) -> Map<String, Json> {
    match object {
        Json::Object(fields) => fields,
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => Map::new(),
    }
}

/// For fuzzing: reads and exports anything.
pub fn fuzz_export(bytes: &[u8]) {
    if let Ok(mut reader) = Reader::new(bytes, Path::new("fuzz")) {
        let _exported = export_jsonl(&mut reader, &mut io::sink());
    }
}
