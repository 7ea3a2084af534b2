//! Conversations through the gate. `F` and `B` lines are what client and server send; `>` and `<` lines are what
//! server and client get, `!` lines what else was decided. Each is run with all bytes of a message at once and
//! with one byte at a time.

#![expect(
    clippy::needless_pass_by_value,
    clippy::arithmetic_side_effects,
    clippy::wildcard_enum_match_arm,
    reason = "tests read better without"
)]

mod budgets;
mod held_texts;
mod replication;

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use pgwarden_policy::{Enforcement, FactsCache, Settings};
use pgwarden_wire::{
    BackendMessage, ErrorResponse, Frame, FrontendMessage, TransactionStatus, field, frames, frontend,
};

use super::{Action, Gate, GateOptions, Hour, Outcome, Rules};

/// What the message of a budget begins with; its detail is shown too.
const ENDED: &str = "ended by pgwarden: ";

const NONCE: &str = "pgwarden_refused_070707070707070707070707";

fn rules(settings: Settings, epoch: u64) -> Rules {
    Rules {
        record: "orders".to_owned(),
        settings: Arc::new(settings),
        epoch,
    }
}

fn gate(settings: Settings) -> Gate {
    Gate::new(GateOptions {
        rules: rules(settings, 1),
        facts: Arc::new(FactsCache::new(1 << 20)),
        max_message: 1 << 20,
        replication: false,
        hour: Arc::new(Hour::new(Instant::now())),
        nonces: || [7; 12],
    })
}

fn closed() -> Settings {
    Settings::default()
}

fn exporter() -> Settings {
    Settings {
        can_export_csv: true,
        ..Settings::default()
    }
}

fn importer() -> Settings {
    Settings {
        can_import_csv: true,
        ..Settings::default()
    }
}

fn open() -> Settings {
    Settings {
        can_export_csv: true,
        can_import_csv: true,
        ..Settings::default()
    }
}

fn monitor() -> Settings {
    Settings {
        enforcement: Enforcement::Monitor,
        ..Settings::default()
    }
}

/// Runs the `F` and `B` lines of a trace and compares all lines.
#[track_caller]
fn check_trace(settings: Settings, trace: &str) {
    check_gate(&|| gate(settings.clone()), trace);
}

#[track_caller]
fn check_gate(make: &dyn Fn() -> Gate, trace: &str) {
    let lines: Vec<&str> = trace
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let expected = lines.join("\n");
    for chunk in [usize::MAX, 1] {
        let mut run = Run::new(make());
        for line in &lines {
            match line.split_once(' ') {
                Some(("F", message)) => run.feed_client(line, &client_message(message.trim()), chunk),
                Some(("B", message)) => run.feed_server(line, &server_message(message.trim()), chunk),
                Some(("R", settings)) => run.reload(line, settings),
                Some(("K", _)) => run.end_cancel(line),
                _ => {}
            }
        }
        if chunk == usize::MAX {
            assert_eq!(run.transcript.trim(), expected, "\n{}", run.transcript);
        }
        // Byte by byte, one direction may be ahead of where the other's message ends.
        for direction in ['>', '<', '!'] {
            let of = |text: &str| -> Vec<String> {
                text.lines()
                    .filter(|line| line.starts_with(direction))
                    .map(str::to_owned)
                    .collect()
            };
            assert_eq!(
                of(&run.transcript),
                of(&expected),
                "in pieces of {chunk} bytes\n{}",
                run.transcript
            );
        }
    }
}

/// A gate, what is kept before it, and what came of it.
struct Run {
    gate: Gate,
    client_input: Vec<u8>,
    server_input: Vec<u8>,
    to_server: Vec<u8>,
    to_client: Vec<u8>,
    epoch: u64,
    transcript: String,
}

impl Run {
    fn new(gate: Gate) -> Self {
        Run {
            gate,
            client_input: Vec::new(),
            server_input: Vec::new(),
            to_server: Vec::new(),
            to_client: Vec::new(),
            epoch: 1,
            transcript: String::new(),
        }
    }

    fn feed_client(&mut self, line: &str, bytes: &[u8], chunk: usize) {
        self.say(line);
        for piece in bytes.chunks(chunk.min(bytes.len())) {
            self.client_input.extend_from_slice(piece);
            self.pump();
        }
    }

    fn feed_server(&mut self, line: &str, bytes: &[u8], chunk: usize) {
        self.say(line);
        for piece in bytes.chunks(chunk.min(bytes.len())) {
            self.server_input.extend_from_slice(piece);
            self.pump();
        }
    }

    fn reload(&mut self, line: &str, settings: &str) {
        self.say(line);
        self.epoch += 1;
        let settings = match settings {
            "closed" => closed(),
            "three_rows" => budgets::rows(3),
            "five_rows" => budgets::rows(5),
            "exporter" => exporter(),
            other => panic!("settings {other}"),
        };
        self.gate.apply_rules(rules(settings, self.epoch));
    }

    /// The server has closed the connection of the cancel request.
    fn end_cancel(&mut self, line: &str) {
        self.say(line);
        self.gate.cancel_ended();
        self.pump();
    }

    fn say(&mut self, line: &str) {
        writeln!(self.transcript, "{line}").unwrap();
    }

    /// As the relay does: the server's bytes, then the client's.
    fn pump(&mut self) {
        loop {
            let done = self.gate.handle_backend(&self.server_input, Instant::now());
            let mut out = self.drain(&self.server_input.clone());
            self.to_client.append(&mut out);
            self.server_input.drain(..done);
            self.print();
            let also = self.gate.handle_frontend(&self.client_input, Instant::now());
            let mut out = self.drain(&self.client_input.clone());
            self.to_server.append(&mut out);
            self.client_input.drain(..also);
            self.print();
            if done + also == 0 && !self.gate.has_word_for_server() {
                return;
            }
        }
    }

    fn drain(&mut self, input: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        while let Some(action) = self.gate.poll_action() {
            match action {
                Action::Forward(range) => out.extend_from_slice(&input[range]),
                Action::Send(bytes) => out.extend_from_slice(&bytes),
                Action::Withhold(_) | Action::Judged { .. } | Action::Completed(_) => {}
                Action::Mask(range) => self.say(&format!("! mask {}", show(&input[range]))),
                Action::Verdict {
                    refused,
                    outcome: Outcome::Observed,
                } => {
                    self.say(&format!("! observed {}", refused.setting));
                }
                Action::Verdict { refused, .. } => self.say(&format!("! refused {}", refused.setting)),
                Action::Cancel => self.say("! cancel"),
                Action::GuardTripped => self.say("! guard"),
                Action::Leave => self.say("! leave"),
                Action::Finish(None) => self.say("! finish"),
                Action::Finish(Some(error)) => {
                    self.say(&format!("! finish {} {:?}", error.sqlstate, error.message));
                }
                Action::Terminate(error) => {
                    let mut line = format!("! terminate {} {:?}", error.sqlstate, error.message);
                    if let Some(detail) = error.detail.filter(|_| error.message.contains(ENDED)) {
                        write!(line, " {detail:?}").unwrap();
                    }
                    self.say(&line);
                }
            }
        }
        out
    }

    /// Whole messages that have come out.
    fn print(&mut self) {
        let server: Vec<String> = frames(&self.to_server)
            .map(|frame| show_client_message(frame))
            .collect();
        let length: usize = frames(&self.to_server).map(|frame| frame.bytes.len()).sum();
        self.to_server.drain(..length);
        for line in server {
            self.say(&format!("> {line}"));
        }
        let client: Vec<String> = frames(&self.to_client)
            .map(|frame| show_server_message(frame))
            .collect();
        let length: usize = frames(&self.to_client).map(|frame| frame.bytes.len()).sum();
        self.to_client.drain(..length);
        for line in client {
            self.say(&format!("< {line}"));
        }
    }
}

/// Words and quoted strings.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut rest) = (Vec::new(), line.trim());
    while !rest.is_empty() {
        let (word, tail) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').expect("a closing quote"),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word.replace("\\n", "\n").replace("NONCE", NONCE));
        rest = tail.trim_start();
    }
    words
}

fn frame(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap();
    [&[tag][..], &length.to_be_bytes(), body].concat()
}

fn client_message(line: &str) -> Vec<u8> {
    let words = words(line);
    let arg = |index: usize| words.get(index).map_or(&b""[..], |word| word.as_bytes());
    let mut out = Vec::new();
    match words[0].as_str() {
        "Query" => frontend::query(&mut out, arg(1)),
        "Parse" => frontend::parse(&mut out, arg(1), arg(2)),
        "Bind" => frontend::bind(&mut out, arg(1), arg(2)),
        "Execute" => frontend::execute(&mut out, arg(1)),
        "Describe" => out = frame(b'D', &[b"S", arg(1), b"\0"].concat()),
        "Close" => out = frame(b'C', &[b"S", arg(1), b"\0"].concat()),
        "ClosePortal" => out = frame(b'C', &[b"P", arg(1), b"\0"].concat()),
        "BindValue" => {
            let value = vec![b'x'; words[3].parse().unwrap()];
            let length = u32::try_from(value.len()).unwrap().to_be_bytes();
            let names = [arg(1), b"\0", arg(2), b"\0"].concat();
            out = frame(
                b'B',
                &[&names, &b"\0\0\0\x01"[..], &length, &value, b"\0\0"].concat(),
            );
        }
        "Sync" => out = frame(b'S', b""),
        "Flush" => out = frame(b'H', b""),
        "Terminate" => out = frame(b'X', b""),
        "CopyData" => out = frame(b'd', arg(1)),
        "CopyDone" => out = frame(b'c', b""),
        "CopyFail" => out = frame(b'f', b"why\0"),
        "FunctionCall" => out = frame(b'F', b"\0\0\x03\xe8\0\0\0\0\0\0"),
        "Password" => out = frame(b'p', b"hunter2\0"),
        "Raw" => out = frame(arg(1)[0], arg(2)),
        other => panic!("client message {other}"),
    }
    out
}

fn server_message(line: &str) -> Vec<u8> {
    let words = words(line);
    let arg = |index: usize| words.get(index).map_or(&b""[..], |word| word.as_bytes());
    match words[0].as_str() {
        "ParseComplete" => frame(b'1', b""),
        "BindComplete" => frame(b'2', b""),
        "CloseComplete" => frame(b'3', b""),
        "PortalSuspended" => frame(b's', b""),
        "RowDescription" => frame(b'T', b"\0\0"),
        "FunctionCallResponse" => frame(b'V', &[&b"\0\0\0\x10"[..], arg(1)].concat()),
        "Fatal" => {
            let mut out = Vec::new();
            ErrorResponse::fatal("57P01", "terminating connection").encode(&mut out);
            out
        }
        "Notice" => frame(b'N', &[b"SNOTICE\0C00000\0M", arg(1), b"\0\0"].concat()),
        "NoData" => frame(b'n', b""),
        "CommandComplete" => frame(b'C', &[arg(1), b"\0"].concat()),
        "ReadyForQuery" => frame(b'Z', arg(1)),
        "DataRow" => frame(b'D', &[&b"\0\x01\0\0\0\x01"[..], arg(1)].concat()),
        "CopyInResponse" => frame(b'G', b"\0\0\0"),
        "CopyOutResponse" => frame(b'H', b"\0\0\0"),
        "CopyBothResponse" => frame(b'W', b"\0\0\0"),
        "CopyData" => frame(b'd', arg(1)),
        "CopyDone" => frame(b'c', b""),
        "ParameterStatus" => frame(b'S', &[arg(1), b"\0", arg(2), b"\0"].concat()),
        "ErrorResponse" => {
            let mut out = Vec::new();
            let message = String::from_utf8(arg(2).to_vec()).unwrap();
            let sqlstate: &'static str = String::from_utf8(arg(1).to_vec()).unwrap().leak();
            ErrorResponse::error(sqlstate, message).encode(&mut out);
            out
        }
        "Raw" => frame(arg(1)[0], arg(2)),
        other => panic!("server message {other}"),
    }
}

fn show(bytes: &[u8]) -> String {
    format!(
        "\"{}\"",
        String::from_utf8_lossy(bytes)
            .replace(NONCE, "NONCE")
            .replace('\n', "\\n")
    )
}

fn show_client_message(frame: Frame<'_>) -> String {
    let name = pgwarden_wire::FrontendType::from_tag(frame.tag).unwrap().name();
    let Ok(message) = FrontendMessage::parse(frame) else {
        return format!("{name} malformed");
    };
    let rest = match message {
        FrontendMessage::Query { sql } => show(sql),
        FrontendMessage::Parse { statement, sql, .. } => format!("{} {}", show(statement), show(sql)),
        FrontendMessage::Bind(bind) => format!("{} {}", show(bind.portal), show(bind.statement)),
        FrontendMessage::Execute { portal, .. } => show(portal),
        FrontendMessage::CopyData(data) => show(data),
        _ => String::new(),
    };
    format!("{name} {rest}").trim().to_owned()
}

fn show_server_message(frame: Frame<'_>) -> String {
    let name = pgwarden_wire::BackendType::from_tag(frame.tag).unwrap().name();
    let rest = match BackendMessage::parse(frame).unwrap() {
        BackendMessage::CommandComplete { tag } => show(tag),
        BackendMessage::CopyData(data) => show(data),
        BackendMessage::ReadyForQuery(TransactionStatus::Idle) => "I".to_owned(),
        BackendMessage::ReadyForQuery(TransactionStatus::InTransaction) => "T".to_owned(),
        BackendMessage::ReadyForQuery(TransactionStatus::Failed) => "E".to_owned(),
        BackendMessage::ErrorResponse(error) => {
            let (sqlstate, message) = (
                error.field(field::SQLSTATE).unwrap(),
                error.field(field::MESSAGE).unwrap(),
            );
            let detail = error
                .field(field::DETAIL)
                .filter(|_| message.starts_with(ENDED.as_bytes()))
                .map(show)
                .unwrap_or_default();
            format!("{} {} {detail}", String::from_utf8_lossy(sqlstate), show(message))
        }
        _ => String::new(),
    };
    format!("{name} {rest}").trim().to_owned()
}

#[test]
fn an_ordinary_query_passes() {
    check_trace(
        closed(),
        r#"
        F Query "select 1"
        > Query "select 1"
        B DataRow x
        < DataRow
        B CommandComplete "SELECT 1"
        < CommandComplete "SELECT 1"
        B ReadyForQuery I
        < ReadyForQuery I
        "#,
    );
}

#[test]
fn a_refused_query_is_refused_by_the_server() {
    check_trace(
        closed(),
        r#"
        F Query "COPY t TO STDOUT"
        ! refused can_export_csv
        > Query "NONCE"
        B ErrorResponse 42601 "Syntaxfehler bei »NONCE«"
        < ErrorResponse 42501 "refused by pgwarden: COPY TO is not allowed on record \"orders\" (can_export_csv is off)"
        B ReadyForQuery T
        < ReadyForQuery T
        F Query "select 1"
        > Query "select 1"
        "#
        .replace("\\\"", "\"")
        .as_str(),
    );
}

#[test]
fn another_error_at_the_place_of_a_refusal_passes() {
    check_trace(
        closed(),
        r#"
        F Query "COPY t FROM STDIN"
        ! refused can_import_csv
        > Query "NONCE"
        B ErrorResponse 57014 "canceling statement due to user request"
        < ErrorResponse 57014 "canceling statement due to user request"
        B ReadyForQuery I
        < ReadyForQuery I
        "#,
    );
}

#[test]
fn a_refusal_ends_at_ready_for_query() {
    check_trace(
        closed(),
        r#"
        F Query "COPY t TO STDOUT"
        ! refused can_export_csv
        > Query "NONCE"
        B ErrorResponse 57014 "canceling statement due to user request"
        < ErrorResponse 57014 "canceling statement due to user request"
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "select error('NONCE')"
        > Query "select error('NONCE')"
        B ErrorResponse P0001 "NONCE"
        < ErrorResponse P0001 "NONCE"
        "#,
    );
}

#[test]
fn a_refused_parse_in_the_middle_of_a_pipeline() {
    check_trace(
        closed(),
        r#"
        F Parse a "select 1"
        > Parse "a" "select 1"
        F Bind "" a
        > Bind "" "a"
        F Execute ""
        > Execute ""
        F Parse b "copy t to stdout"
        ! refused can_export_csv
        > Parse "b" "NONCE"
        F Bind "" b
        > Bind "" "b"
        F Execute ""
        > Execute ""
        F Sync
        > Sync
        B ParseComplete
        < ParseComplete
        B BindComplete
        < BindComplete
        B CommandComplete "SELECT 1"
        < CommandComplete "SELECT 1"
        B ErrorResponse 42601 "syntax error at or near NONCE"
        < ErrorResponse 42501 "refused by pgwarden: COPY TO is not allowed on record "orders" (can_export_csv is off)"
        B ReadyForQuery I
        < ReadyForQuery I
        "#,
    );
}

#[test]
fn the_guard_says_whom_to_ask() {
    for (refusal_hint, expected) in [
        (None, "Report the statement to whoever administers pgwarden."),
        (Some("ask #data-access"), "ask #data-access"),
    ] {
        let mut gate = gate(Settings {
            refusal_hint: refusal_hint.map(str::to_owned),
            ..closed()
        });
        gate.handle_backend(b"H\0\0\0\x07\0\0\0", Instant::now());
        let hint = std::iter::from_fn(|| gate.poll_action()).find_map(|action| match action {
            Action::Terminate(error) => error.hint,
            _ => None,
        });
        assert_eq!(hint.as_deref(), Some(expected));
    }
}

#[test]
fn an_unapproved_copy_trips_the_guard() {
    check_trace(
        closed(),
        r#"
        F Query "select f()"
        > Query "select f()"
        B CopyOutResponse
        ! guard
        ! terminate 42501 "terminated by pgwarden: COPY TO was not approved on record \"orders\""
        "#,
    );
    check_trace(
        exporter(),
        r#"
        F Query "copy t to stdout"
        > Query "copy t to stdout"
        B CopyInResponse
        ! guard
        ! terminate 42501 "terminated by pgwarden: COPY FROM was not approved on record \"orders\""
        "#,
    );
    check_trace(
        closed(),
        r#"
        F Query "select f()"
        > Query "select f()"
        B CopyData x
        ! guard
        ! terminate 42501 "terminated by pgwarden: COPY TO was not approved on record \"orders\""
        "#,
    );
}

#[test]
fn an_approval_serves_once_and_for_its_statement() {
    check_trace(
        exporter(),
        r#"
        F Query "copy t to stdout; select 1"
        > Query "copy t to stdout; select 1"
        B CopyOutResponse
        < CopyOutResponse
        B CopyData x
        < CopyData "x"
        B CopyDone
        < CopyDone
        B CommandComplete "COPY 1"
        < CommandComplete "COPY 1"
        B CopyOutResponse
        ! guard
        ! terminate 42501 "terminated by pgwarden: COPY TO was not approved on record \"orders\""
        "#,
    );
    check_trace(
        exporter(),
        r#"
        F Query "copy t to stdout"
        > Query "copy t to stdout"
        B ErrorResponse 42P01 "no such table"
        < ErrorResponse 42P01 "no such table"
        B CopyOutResponse
        ! guard
        ! terminate 42501 "terminated by pgwarden: COPY TO was not approved on record \"orders\""
        "#,
    );
}

#[test]
fn copy_data_waits_for_the_approved_response() {
    check_trace(
        importer(),
        r#"
        F Query "copy t from stdin"
        > Query "copy t from stdin"
        F CopyData 1\n
        F CopyDone
        F Query "select 1"
        B CopyInResponse
        < CopyInResponse
        > CopyData "1\n"
        > CopyDone
        > Query "select 1"
        B CommandComplete "COPY 1"
        < CommandComplete "COPY 1"
        B ReadyForQuery I
        < ReadyForQuery I
        "#,
    );
}

#[test]
fn copy_data_of_a_refused_copy_goes_nowhere() {
    check_trace(
        closed(),
        r#"
        F Query "copy t from stdin"
        ! refused can_import_csv
        > Query "NONCE"
        F CopyData 1\n
        F CopyDone
        F Query "select 1"
        > Query "select 1"
        "#,
    );
}

#[test]
fn copy_data_after_a_failed_copy_is_swallowed() {
    check_trace(
        importer(),
        r#"
        F Query "copy t from stdin"
        > Query "copy t from stdin"
        B CopyInResponse
        < CopyInResponse
        F CopyData x
        > CopyData "x"
        B ErrorResponse 22P02 "invalid input"
        < ErrorResponse 22P02 "invalid input"
        F CopyData y
        F CopyDone
        B ReadyForQuery I
        < ReadyForQuery I
        F CopyData z
        F Query "select 1"
        > Query "select 1"
        "#,
    );
}

#[test]
fn a_sync_within_a_failed_copy_hides_nothing_in_flight() {
    // The second ReadyForQuery is the Sync's if the server had found the bad data before it read the Sync.
    check_trace(
        importer(),
        r#"
        F Query "copy t from stdin"
        > Query "copy t from stdin"
        B CopyInResponse
        < CopyInResponse
        F CopyData x
        > CopyData "x"
        F Sync
        > Sync
        F Query "select pg_sleep(1); set standard_conforming_strings to off"
        > Query "select pg_sleep(1); set standard_conforming_strings to off"
        B ErrorResponse 22P02 "invalid input"
        < ErrorResponse 22P02 "invalid input"
        B ReadyForQuery I
        < ReadyForQuery I
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "select 'a\' , '; copy t to stdout; --'"
        ! refused can_export_csv
        > Query "NONCE"
        "#,
    );
}

#[test]
fn a_malformed_flush_within_a_copy_leaves_nothing_behind() {
    // The server drops it unread. An entry for it would be taken for what failed, and hide the queries behind.
    check_trace(
        importer(),
        r#"
        F Query "copy t from stdin"
        > Query "copy t from stdin"
        F Raw H x
        B CopyInResponse
        < CopyInResponse
        F CopyDone
        > CopyDone
        B CommandComplete "COPY 0"
        < CommandComplete "COPY 0"
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "selec"
        > Query "selec"
        B ErrorResponse 42601 "syntax error"
        < ErrorResponse 42601 "syntax error"
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "select 1"
        > Query "select 1"
        F Sync
        > Sync
        F Query "select pg_sleep(1); set standard_conforming_strings to off"
        > Query "select pg_sleep(1); set standard_conforming_strings to off"
        B CommandComplete "SELECT 1"
        < CommandComplete "SELECT 1"
        B ReadyForQuery I
        < ReadyForQuery I
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "select 'a\' , '; copy t to stdout; --'"
        B CommandComplete "SELECT 1"
        < CommandComplete "SELECT 1"
        B CommandComplete "SET"
        < CommandComplete "SET"
        B ParameterStatus standard_conforming_strings off
        < ParameterStatus
        B ReadyForQuery I
        < ReadyForQuery I
        ! refused can_export_csv
        > Query "NONCE"
        "#,
    );
}

#[test]
fn waiting_copy_data_in_an_extended_query_asks_for_the_servers_word() {
    check_trace(
        importer(),
        r#"
        F Parse "" "copy t from stdin"
        > Parse "" "copy t from stdin"
        F Bind "" ""
        > Bind "" ""
        F Execute ""
        > Execute ""
        F CopyData x
        > Flush
        F CopyDone
        F Sync
        B ParseComplete
        < ParseComplete
        B BindComplete
        < BindComplete
        B CopyInResponse
        < CopyInResponse
        > CopyData "x"
        > CopyDone
        > Sync
        B CommandComplete "COPY 1"
        < CommandComplete "COPY 1"
        B ReadyForQuery I
        < ReadyForQuery I
        "#,
    );
}

#[test]
fn a_sync_that_copy_in_swallows_does_not_shift_what_follows() {
    // libpq's PQexecParams sends Sync behind the Execute, and another behind CopyDone.
    check_trace(
        importer(),
        r#"
        F Parse "" "copy t from stdin"
        > Parse "" "copy t from stdin"
        F Bind "" ""
        > Bind "" ""
        F Execute ""
        > Execute ""
        F Sync
        > Sync
        B ParseComplete
        < ParseComplete
        B BindComplete
        < BindComplete
        B CopyInResponse
        < CopyInResponse
        F CopyData x
        > CopyData "x"
        F CopyDone
        > CopyDone
        F Sync
        > Sync
        B CommandComplete "COPY 1"
        < CommandComplete "COPY 1"
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "copy t from stdin"
        > Query "copy t from stdin"
        B CopyInResponse
        < CopyInResponse
        F CopyData y
        > CopyData "y"
        "#,
    );
}

#[test]
fn several_copies_in_one_script() {
    check_trace(
        open(),
        r#"
        F Query "copy a from stdin; copy b from stdin; copy c to stdout"
        > Query "copy a from stdin; copy b from stdin; copy c to stdout"
        B CopyInResponse
        < CopyInResponse
        F CopyData 1
        > CopyData "1"
        F CopyDone
        > CopyDone
        F CopyData 2
        B CommandComplete "COPY 1"
        < CommandComplete "COPY 1"
        B CopyInResponse
        < CopyInResponse
        > CopyData "2"
        F CopyDone
        > CopyDone
        B CommandComplete "COPY 1"
        < CommandComplete "COPY 1"
        B CopyOutResponse
        < CopyOutResponse
        B CommandComplete "COPY 1"
        < CommandComplete "COPY 1"
        B ReadyForQuery I
        < ReadyForQuery I
        "#,
    );
}

#[test]
fn a_prepared_copy_run_by_sql_execute_is_approved() {
    check_trace(
        exporter(),
        r#"
        F Parse s "copy t to stdout"
        > Parse "s" "copy t to stdout"
        F Sync
        > Sync
        B ParseComplete
        < ParseComplete
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "execute s"
        > Query "execute s"
        B CopyOutResponse
        < CopyOutResponse
        "#,
    );
}

#[test]
fn after_a_reload_what_was_prepared_is_judged_anew() {
    check_trace(
        exporter(),
        r#"
        F Parse s "copy t to stdout"
        > Parse "s" "copy t to stdout"
        F Parse n "select 1"
        > Parse "n" "select 1"
        F Sync
        > Sync
        B ParseComplete
        < ParseComplete
        B ParseComplete
        < ParseComplete
        B ReadyForQuery I
        < ReadyForQuery I
        R closed
        F Bind "" n
        > Bind "" "n"
        F Execute ""
        > Execute ""
        F Bind "" s
        ! refused can_export_csv
        > Bind "" "NONCE"
        F Sync
        > Sync
        B BindComplete
        < BindComplete
        B CommandComplete "SELECT 1"
        < CommandComplete "SELECT 1"
        B ErrorResponse 26000 "prepared statement NONCE does not exist"
        < ErrorResponse 42501 "refused by pgwarden: COPY TO is not allowed on record "orders" (can_export_csv is off)"
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "execute s"
        ! refused can_export_csv
        > Query "NONCE"
        B ErrorResponse 42601 "NONCE"
        < ErrorResponse 42501 "refused by pgwarden: COPY TO is not allowed on record "orders" (can_export_csv is off)"
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "execute unseen"
        ! refused unknown_name
        > Query "NONCE"
        B ErrorResponse 42601 "NONCE"
        < ErrorResponse 42501 "refused by pgwarden: "unseen" was not prepared in the sight of pgwarden on record "orders""
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "discard all"
        > Query "discard all"
        B CommandComplete "DISCARD ALL"
        < CommandComplete "DISCARD ALL"
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "execute unseen"
        > Query "execute unseen"
        "#,
    );
}

#[test]
fn a_portal_bound_before_a_reload_is_refused_at_execute() {
    check_trace(
        exporter(),
        r#"
        F Parse "" "copy t to stdout"
        > Parse "" "copy t to stdout"
        F Bind p ""
        > Bind "p" ""
        R closed
        F Execute p
        ! refused can_export_csv
        > Execute "NONCE"
        "#,
    );
}

#[test]
fn a_name_keeps_its_text_when_the_new_one_fails() {
    check_trace(
        exporter(),
        r#"
        F Parse s "copy t to stdout"
        > Parse "s" "copy t to stdout"
        F Sync
        > Sync
        B ParseComplete
        < ParseComplete
        B ReadyForQuery I
        < ReadyForQuery I
        F Parse s "select 1"
        > Parse "s" "select 1"
        F Sync
        > Sync
        R closed
        F Bind "" s
        ! refused can_export_csv
        > Bind "" "NONCE"
        "#,
    );
}

#[test]
fn monitor_mode_lets_through_and_tells() {
    check_trace(
        monitor(),
        r#"
        F Query "copy t to stdout"
        ! observed can_export_csv
        > Query "copy t to stdout"
        B CopyOutResponse
        < CopyOutResponse
        B CopyData x
        < CopyData "x"
        B CommandComplete "COPY 1"
        < CommandComplete "COPY 1"
        B ReadyForQuery I
        < ReadyForQuery I
        "#,
    );
}

#[test]
fn a_text_that_two_readings_tell_apart_waits_for_certainty() {
    // With standard_conforming_strings off, a COPY stands behind the first literal.
    check_trace(
        closed(),
        r#"
        F Query "select turn_strings_off()"
        > Query "select turn_strings_off()"
        F Query "SELECT 'a\' , '; COPY t TO STDOUT; --'"
        B CommandComplete "SELECT 1"
        < CommandComplete "SELECT 1"
        B ParameterStatus standard_conforming_strings off
        < ParameterStatus
        B ReadyForQuery I
        < ReadyForQuery I
        ! refused can_export_csv
        > Query "NONCE"
        "#,
    );
    check_trace(
        closed(),
        r#"
        F Query "select 1"
        > Query "select 1"
        F Query "SELECT 'a\' , '; COPY t TO STDOUT; --'"
        B CommandComplete "SELECT 1"
        < CommandComplete "SELECT 1"
        B ReadyForQuery I
        < ReadyForQuery I
        > Query "SELECT 'a\' , '; COPY t TO STDOUT; --'"
        "#,
    );
}

#[test]
fn within_a_pipeline_the_stricter_reading_counts() {
    check_trace(
        closed(),
        r#"
        F Parse "" "select 1"
        > Parse "" "select 1"
        F Parse "" "SELECT 'a\' , '; COPY t TO STDOUT; --'"
        ! refused can_export_csv
        > Parse "" "NONCE"
        "#,
    );
}

#[test]
fn function_calls_need_both_clipboard_settings() {
    check_trace(
        closed(),
        r#"
        F FunctionCall
        ! refused can_copy_to_clipboard
        > Query "NONCE"
        "#,
    );
    check_trace(
        Settings {
            can_copy_to_clipboard: true,
            can_paste_from_clipboard: true,
            ..closed()
        },
        r"
        F FunctionCall
        > FunctionCall
        ",
    );
}

#[test]
fn passwords_are_masked_where_they_stand_and_where_they_echo() {
    let mut run = Run::new(gate(Settings {
        can_change_credentials: true,
        ..exporter()
    }));
    let query = client_message(r#"Query "alter role a password 'hunter22'""#);
    run.feed_client("F", &query, usize::MAX);
    assert!(
        run.transcript.contains("! mask \"'hunter22'\""),
        "{}",
        run.transcript
    );
    let mut echo = b"value hunter22 elsewhere".to_vec();
    run.gate.secrets().mask_echoes(&mut echo);
    assert_eq!(echo, b"value ******** elsewhere");
    for message in ["CommandComplete \"ALTER ROLE\"", "ReadyForQuery I"] {
        run.feed_server("B", &server_message(message), usize::MAX);
    }
    run.feed_client("F", &client_message("Query \"copy t to stdout\""), usize::MAX);
    run.feed_server("B", &server_message("CopyOutResponse"), usize::MAX);
    // Of an unfinished message so much is kept back that no echo is cut.
    let data = frame(b'd', &[b'x'; 100]);
    let (begin, end) = data.split_at(50);
    run.feed_server("B", begin, usize::MAX);
    assert!(
        !run.server_input.is_empty() && run.server_input.len() < 10,
        "{}",
        run.transcript
    );
    run.feed_server("B", end, usize::MAX);
    assert!(run.server_input.is_empty());
}

#[test]
fn what_is_no_protocol_ends_the_session() {
    for line in ["Raw z", "Password"] {
        let mut run = Run::new(gate(closed()));
        let bytes = client_message(line);
        run.feed_client(line, &bytes, usize::MAX);
        assert_eq!(run.transcript.lines().last(), Some("! finish"));
        // The server says what is wrong, at the type byte alone.
        assert_eq!(run.to_server, bytes[..1]);
        run.feed_client("F", &client_message("Query \"select 1\""), usize::MAX);
        assert_eq!(run.to_server, bytes[..1]);
        run.feed_server("B", &server_message("ErrorResponse 08P01 \"no\""), usize::MAX);
        assert!(
            run.transcript.ends_with("< ErrorResponse 08P01 \"no\"\n"),
            "{}",
            run.transcript
        );
    }
    for (line, message) in [
        ("Raw ? x", "of an unknown type"),
        ("Raw R xxxx", "the login came after it"),
    ] {
        let mut run = Run::new(gate(closed()));
        run.feed_server("B", &server_message(line), usize::MAX);
        assert!(run.transcript.contains("08P01"), "{message}: {}", run.transcript);
    }
}

#[test]
fn limits_of_lengths_at_their_edges() {
    let check = |bytes: &[u8], expected: &str| {
        let mut run = Run::new(gate(closed()));
        run.feed_client("F", bytes, usize::MAX);
        let last = run.transcript.lines().last().unwrap_or_default();
        assert!(last.contains(expected), "{last}");
    };
    let limit = 1u32 << 20;
    check(&[&b"Q"[..], &(limit - 1).to_be_bytes()].concat(), "F");
    check(
        &[&b"Q"[..], &limit.to_be_bytes()].concat(),
        "exceeds max_message (1048576 bytes)",
    );
    check(&[&b"E"[..], &10_004u32.to_be_bytes()].concat(), "F");
    check(
        &[&b"E"[..], &10_005u32.to_be_bytes()].concat(),
        "! finish 08P01 \"invalid message length\"",
    );
    check(
        &[&b"Q"[..], &3u32.to_be_bytes()].concat(),
        "invalid message length",
    );
    check(
        &[&b"d"[..], &u32::MAX.to_be_bytes()].concat(),
        "invalid message length",
    );
}

/// What goes to the server for a message whose body is malformed.
#[test]
fn malformed_bodies_are_the_servers_to_refuse() {
    let as_it_is: &[(u8, &[u8])] = &[
        (b'B', b"p\0s\0"),
        (b'D', b"X\0"),
        (b'C', b"S"),
        (b'H', b"x"),
        (b'S', b"x"),
        (b'F', b"\0"),
    ];
    let emptied: &[(u8, &[u8], &[u8])] = &[
        (b'Q', b"copy t to stdout", b""),
        (b'Q', b"copy t to stdout\0x", b"\0\0"),
        (b'P', b"s\0copy t to stdout", b""),
        (b'P', b"s\0copy t to stdout\0\0", b"\0\0"),
        (b'P', b"s\0copy t to stdout\0\0\0x", b"\0\0\0\0\0"),
        (b'E', b"p", b""),
        (b'E', b"p\0\0\0\0", b"\0\0\0"),
        (b'E', b"p\0\0\0\0\0x", b"\0\0\0\0\0\0"),
    ];
    let same = as_it_is.iter().map(|(tag, body)| (tag, body, body));
    for (tag, body, expected) in emptied
        .iter()
        .map(|(tag, body, sent)| (tag, body, sent))
        .chain(same)
    {
        for chunk in [usize::MAX, 1] {
            let mut gate = gate(closed());
            let (mut input, mut sent) = (Vec::new(), Vec::new());
            for piece in frame(*tag, body).chunks(chunk) {
                input.extend_from_slice(piece);
                let done = gate.handle_frontend(&input, Instant::now());
                while let Some(action) = gate.poll_action() {
                    match action {
                        Action::Forward(range) => sent.extend_from_slice(&input[range]),
                        Action::Send(bytes) => sent.extend(bytes),
                        Action::Withhold(_) | Action::Mask(_) => {}
                        other => panic!("{other:?}"),
                    }
                }
                input.drain(..done);
            }
            assert_eq!(sent, frame(*tag, expected), "{}", body.escape_ascii());
            assert!(gate.is_busy());
        }
    }
}

/// After the error of a malformed message the server skips, or not, as after any other.
#[test]
fn what_follows_a_malformed_message_keeps_its_place() {
    check_trace(
        exporter(),
        r#"
        F Raw Q
        > Query malformed
        F Query "copy t to stdout"
        > Query "copy t to stdout"
        B ErrorResponse 08P01 "invalid string in message"
        < ErrorResponse 08P01 "invalid string in message"
        B ReadyForQuery I
        < ReadyForQuery I
        B CopyOutResponse
        < CopyOutResponse
        "#,
    );
}

/// What may have been meant as a password isn't recorded, wherever in a malformed text it stands.
#[test]
fn passwords_in_malformed_texts_are_masked() {
    for (tag, body) in [
        (b'Q', "alter role a password 'hunter22'"),
        (b'Q', "select 1\0alter role a password 'hunter22'\0"),
        (b'Q', "a\0b\0c\0alter role a password 'hunter22'\0"),
        (b'P', "s\0alter role a password 'hunter22'"),
        (b'P', "s\0alter role a password 'hunter22'\0x"),
    ] {
        let mut gate = gate(open());
        let input = frame(tag, body.as_bytes());
        gate.handle_frontend(&input, Instant::now());
        let mut recorded = input.clone();
        while let Some(action) = gate.poll_action() {
            if let Action::Mask(range) = action {
                super::mask(&mut recorded, range);
            }
        }
        assert!(!String::from_utf8_lossy(&recorded).contains("hunter22"), "{body}");
    }
}

#[test]
fn a_full_pipeline_waits_and_goes_on() {
    let mut run = Run::new(gate(closed()));
    let sync = client_message("Sync");
    let many = sync.repeat(super::pipeline::PIPELINE_MESSAGES_MAX + 1);
    run.feed_client("F", &many, usize::MAX);
    assert_eq!(run.client_input, sync);
    assert!(run.gate.client_waits());
    run.feed_server("B", &server_message("ReadyForQuery I"), usize::MAX);
    assert!(run.client_input.is_empty());
}

#[test]
fn nothing_is_taken_after_goodbye() {
    check_trace(
        closed(),
        r#"
        F Terminate
        ! leave
        > Terminate
        F Query "select 1"
        "#,
    );
}

#[test]
fn what_the_server_skips_after_a_failed_describe_leaves_nothing_behind() {
    // The last text is read with certainty, or it would wait for a ReadyForQuery that never comes.
    check_trace(
        closed(),
        r#"
        F Describe nope
        > Describe
        F Flush
        > Flush
        B ErrorResponse 26000 "does not exist"
        < ErrorResponse 26000 "does not exist"
        F Query "select 1"
        > Query "select 1"
        F Sync
        > Sync
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "select 'a\' , '; copy t to stdout; --'"
        > Query "select 'a\' , '; copy t to stdout; --'"
        "#,
    );
}

#[test]
fn a_statement_bound_behind_a_failing_parse_of_its_name_keeps_its_approval() {
    check_trace(
        exporter(),
        r#"
        F Parse s "COPY t TO STDOUT"
        > Parse "s" "COPY t TO STDOUT"
        F Sync
        > Sync
        B ParseComplete
        < ParseComplete
        B ReadyForQuery I
        < ReadyForQuery I
        F Parse s "select 1"
        > Parse "s" "select 1"
        F Sync
        > Sync
        F Bind "" s
        > Bind "" "s"
        F Execute ""
        > Execute ""
        B ErrorResponse 42P05 "already exists"
        < ErrorResponse 42P05 "already exists"
        B ReadyForQuery I
        < ReadyForQuery I
        B BindComplete
        < BindComplete
        B CopyOutResponse
        < CopyOutResponse
        "#,
    );
}

#[test]
fn a_statement_that_was_not_the_one_prepared_frees_no_names() {
    // The server still has "u" as select 1, so that nothing was discarded.
    check_trace(
        exporter(),
        r#"
        F Parse u "select 1"
        > Parse "u" "select 1"
        F Parse s "COPY t TO '/tmp/t'"
        > Parse "s" "COPY t TO '/tmp/t'"
        F Sync
        > Sync
        B ParseComplete
        < ParseComplete
        B ParseComplete
        < ParseComplete
        B ReadyForQuery I
        < ReadyForQuery I
        R closed
        F Parse u "DISCARD ALL"
        > Parse "u" "DISCARD ALL"
        F Sync
        > Sync
        F Bind "" u
        > Bind "" "u"
        F Execute ""
        > Execute ""
        F Sync
        > Sync
        B ErrorResponse 42P05 "already exists"
        < ErrorResponse 42P05 "already exists"
        B ReadyForQuery I
        < ReadyForQuery I
        B BindComplete
        < BindComplete
        B CommandComplete "SELECT 1"
        < CommandComplete "SELECT 1"
        B ReadyForQuery I
        < ReadyForQuery I
        F Bind "" s
        ! refused can_export_csv
        > Bind "" "NONCE"
        "#,
    );
}

#[test]
fn after_a_reload_names_that_depend_on_the_encoding_are_unknown() {
    check_trace(
        exporter(),
        r#"
        F Parse é "select 1"
        > Parse "é" "select 1"
        F Sync
        > Sync
        B ParseComplete
        < ParseComplete
        B ReadyForQuery I
        < ReadyForQuery I
        R closed
        F Bind "" é
        ! refused unknown_name
        > Bind "" "NONCE"
        "#,
    );
}

#[test]
fn syncs_within_a_copy_do_not_fill_the_pipeline() {
    let mut run = Run::new(gate(importer()));
    run.feed_client("copy", &client_message("Query \"COPY t FROM STDIN\""), usize::MAX);
    run.feed_server("in", &server_message("CopyInResponse"), usize::MAX);
    let syncs = client_message("Sync").repeat(super::pipeline::PIPELINE_MESSAGES_MAX + 1);
    run.feed_client("syncs", &syncs, usize::MAX);
    run.feed_client("done", &client_message("CopyDone"), usize::MAX);
    assert!(!run.gate.client_waits());
    assert!(run.transcript.ends_with("> CopyDone\n"));
}

#[test]
fn characters_that_become_ascii_ones_are_not_judged_by_their_bytes() {
    let mut run = Run::new(gate(closed()));
    run.feed_server(
        "encoding",
        &server_message("ParameterStatus client_encoding SHIFT_JIS_2004"),
        usize::MAX,
    );
    // To the server the literal is E'\\', and the COPY stands behind it.
    let query = b"select E'\x81\x5f\\' ; copy t to '/tmp/t'; --'";
    run.feed_client("query", &frame(b'Q', &[&query[..], b"\0"].concat()), usize::MAX);
    assert!(
        run.transcript.contains("! refused unreadable\n> Query \"NONCE\""),
        "{}",
        run.transcript
    );
}

#[test]
fn more_passwords_than_are_remembered_are_refused() {
    let mut run = Run::new(gate(Settings {
        can_change_credentials: true,
        ..closed()
    }));
    for number in 0..=super::secrets::SECRETS_MAX {
        assert!(!run.transcript.contains("! refused"), "{}", run.transcript);
        let query = format!("Query \"alter role a password 'secret-{number}'\"");
        run.feed_client("F", &client_message(&query), usize::MAX);
    }
    assert!(run.transcript.contains("! refused secrets_max"));
    // One of them is the beginning of the other.
    let mut echo = b"secret-1, secret-17.".to_vec();
    run.gate.secrets().mask_echoes(&mut echo);
    assert_eq!(echo, b"********, *********.");
}
