//! The copy guard: whatever made the server begin a copy that nobody approved, none of its data passes.
//! No real server begins one that the analyser hasn't seen, so a fake one does.

use testkit::{Message, Proxy, RawClient, Record, frontend, trace, wait_for};

use crate::conversation::extended;
use crate::database;
use crate::fake_server::{Answer, FakeServer, complete, copy_response, ready};

const SECRET_ROW: &str = "1\tthe crown jewels\n";

/// A server that answers every Query and Sync with these bytes.
fn server(answer: Vec<u8>) -> FakeServer {
    FakeServer::start(move |message| {
        Answer::Bytes(match message.tag {
            b'Q' | b'S' => answer.clone(),
            _ => Vec::new(),
        })
    })
}

fn copy_out() -> Vec<u8> {
    [
        copy_response(b'H'),
        frontend::copy_data(SECRET_ROW),
        frontend::copy_done(),
        complete("COPY 1"),
        ready(),
    ]
    .concat()
}

/// Sends `messages` and checks that the guard ends the session with one FATAL that names `what`, that nothing of the
/// copy came along, that the server was told to cancel, and never got a byte of copy data.
#[track_caller]
fn check_trip(server: &FakeServer, record: Record, what: &str, messages: &[u8]) {
    let database = database();
    let proxy = Proxy::before(&database).record(record).start().unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    client.send(messages).unwrap();
    let answers = client.receive_to_end().unwrap();
    let (fatal, before) = answers.split_last().unwrap();
    assert_eq!(
        trace(std::slice::from_ref(fatal)),
        format!(
            "B  ErrorResponse FATAL 42501 \"terminated by pgwarden: {what} was not approved on record \\\"orders\\\"\"\n"
        )
    );
    assert!(
        fatal
            .field(b'D')
            .unwrap()
            .contains("effects on the server may stand"),
        "{:?}",
        fatal.field(b'D')
    );
    assert!(
        !before
            .iter()
            .any(|message| matches!(message.tag, b'H' | b'G' | b'W' | b'd')),
        "{}",
        trace(before)
    );
    wait_for("the server's session to end", || server.seen().ended == 1);
    let seen = server.seen();
    assert!(!seen.cancels.is_empty());
    assert!(seen.cancels.iter().all(|key| *key == crate::fake_server::key()));
    assert!(
        !seen
            .messages
            .iter()
            .any(|message| matches!(message.tag, b'd' | b'c' | b'f')),
        "{:?}",
        seen.messages
    );
    assert_eq!(proxy.metric("pgwarden_guard_trips_total", &[]).unwrap(), 1.0);
    wait_for("the session to be counted", || {
        let labels = [("record", "orders"), ("outcome", "copy_guard")];
        proxy.metric("pgwarden_sessions_total", &labels).unwrap() == 1.0
    });
    proxy.assert_idle();
}

#[test]
fn data_out_of_a_select() {
    for messages in [
        frontend::query("select 1"),
        [extended("", "select 1"), frontend::sync()].concat(),
    ] {
        let server = server(copy_out());
        check_trip(&server, server.record("orders"), "COPY TO", &messages);
    }
}

#[test]
fn data_out_of_code_that_nobody_looks_into() {
    let server = server(copy_out());
    let record = server.record("orders").with("opaque_code = \"allow\"");
    check_trip(
        &server,
        record,
        "COPY TO",
        &frontend::query("do 'begin perform f(); end'"),
    );
}

#[test]
fn data_without_any_response_before_it() {
    let server = server([frontend::copy_data(SECRET_ROW), complete("SELECT 1"), ready()].concat());
    check_trip(
        &server,
        server.record("orders"),
        "COPY TO",
        &frontend::query("select 1"),
    );
}

/// The data and its end stand in one segment with the statement: the server gets neither.
#[test]
fn data_in_behind_a_select() {
    for first in [
        frontend::query("select 1"),
        [extended("", "select 1"), frontend::sync()].concat(),
    ] {
        for last in [frontend::copy_done(), frontend::copy_fail("no")] {
            let server = server(copy_response(b'G'));
            let messages = [
                first.clone(),
                frontend::copy_data(SECRET_ROW),
                last,
                frontend::sync(),
            ];
            check_trip(&server, server.record("orders"), "COPY FROM", &messages.concat());
        }
    }
}

#[test]
fn data_both_ways() {
    let server = server(copy_response(b'W'));
    let messages = [frontend::query("select 1"), frontend::copy_data(SECRET_ROW)].concat();
    check_trip(&server, server.record("orders"), "replication", &messages);
}

/// An approval is for a direction, and for one statement.
#[test]
fn approvals_cover_nothing_else() {
    let export = |server: &FakeServer| server.record("orders").setting("can_export_csv", true);
    // The other direction.
    let other = server(copy_response(b'G'));
    let messages = [
        frontend::query("copy t to stdout"),
        frontend::copy_data(SECRET_ROW),
    ]
    .concat();
    check_trip(&other, export(&other), "COPY FROM", &messages);
    // The next statement of the script.
    let next = server([copy_out(), copy_out()].concat());
    check_trip_after_approved(&next, export(&next), &frontend::query("copy t to stdout"));
    let stale = server([complete("COPY 0"), copy_out()].concat());
    check_trip(
        &stale,
        export(&stale),
        "COPY TO",
        &frontend::query("copy t to stdout; select 1"),
    );
}

/// As [`check_trip`], where the first copy is approved and passes.
#[track_caller]
fn check_trip_after_approved(server: &FakeServer, record: Record, messages: &[u8]) {
    let database = database();
    let proxy = Proxy::before(&database).record(record).start().unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    client.send(messages).unwrap();
    let answers = client.receive_to_end().unwrap();
    let count = |tag: u8| answers.iter().filter(|message| message.tag == tag).count();
    assert_eq!(
        (count(b'H'), count(b'd'), count(b'E')),
        (1, 1, 1),
        "{}",
        trace(&answers)
    );
    assert_eq!(server.seen().messages.iter().filter(|m| m.tag == b'd').count(), 0);
    assert_eq!(proxy.metric("pgwarden_guard_trips_total", &[]).unwrap(), 1.0);
    proxy.assert_idle();
}

#[test]
fn monitor_mode_counts_and_lets_pass() {
    let server = server(copy_out());
    let database = database();
    let proxy = Proxy::before(&database)
        .record(server.record("orders").with("enforcement = \"monitor\""))
        .start()
        .unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    let answers = client.query("select 1").unwrap();
    assert_eq!(
        trace(&answers),
        "B  CopyOutResponse\nB  CopyData \"1\\tthe crown jewels\\n\"\nB  CopyDone\nB  CommandComplete \"COPY 1\"\n\
         B  ReadyForQuery Idle\n"
    );
    assert_eq!(proxy.metric("pgwarden_guard_trips_total", &[]).unwrap(), 1.0);
    drop(client);
    proxy.assert_idle();
}

/// What is no protocol at all ends the session as well, with an error that follows whole messages only.
#[test]
fn a_server_that_breaks_the_protocol() {
    for (answer, fatal) in [
        (b"\x01\x00\x00\x00\x04".to_vec(), true),
        (b"Z\x00\x00\x00\x03".to_vec(), true),
        (b"Z\xff\xff\xff\xff".to_vec(), true),
        (frontend::message(b'Z', b"?"), true),
        (frontend::message(b'Z', b""), true),
        (frontend::message(b'R', &0_u32.to_be_bytes()), true),
        (frontend::message(b'K', b"12345678"), true),
    ] {
        let shown = answer.escape_ascii().to_string();
        let server = server(answer);
        let database = database();
        let proxy = Proxy::before(&database)
            .record(server.record("orders"))
            .start()
            .unwrap();
        let mut client = proxy.client("alice", "orders").unwrap();
        client.send(&frontend::query("select 1")).unwrap();
        let answers = client.receive_to_end().unwrap();
        if fatal {
            assert_eq!(
                answers.iter().map(Message::sqlstate).collect::<Vec<_>>(),
                [Some("08P01".to_owned())],
                "{shown}: {}",
                trace(&answers)
            );
        }
        proxy.assert_idle();
    }
}

/// Half a message, then silence for ever: nothing may be put behind it.
#[test]
fn a_server_that_closes_within_a_row() {
    let row = frontend::message(b'D', &[&b"\0\x01\0\0\x03\xe8"[..], &[b'x'; 1000]].concat());
    let cut = row[..500].to_vec();
    let server = FakeServer::start(move |_| Answer::Close(cut.clone()));
    let database = database();
    let proxy = Proxy::before(&database)
        .record(server.record("orders"))
        .start()
        .unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    client.send(&frontend::query("select 1")).unwrap();
    assert!(
        client.receive_to_end().is_err(),
        "the client was given a whole message"
    );
    proxy.assert_idle();
}

/// A login that the server answers with something else is one that can't be had; the client learns no more.
#[test]
fn a_server_that_greets_with_rubbish() {
    for (greeting, sqlstate) in [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), "08001"),
        (b"R\x00\x00\x00\x03".to_vec(), "08001"),
        (frontend::message(b'R', &99_u32.to_be_bytes()), "28000"),
        (frontend::message(b'R', b""), "08001"),
        (frontend::message(b'Z', b"I"), "08001"),
    ] {
        let shown = greeting.escape_ascii().to_string();
        let server = FakeServer::with_greeting(greeting, |_| Answer::Bytes(Vec::new()));
        let database = database();
        let proxy = Proxy::before(&database)
            .record(server.record("orders"))
            .start()
            .unwrap();
        let mut client = RawClient::connect(proxy.address()).unwrap();
        let answers = client
            .try_login(&[("user", "alice@orders")], proxy.password("alice").unwrap())
            .unwrap();
        assert_eq!(
            answers.iter().map(Message::sqlstate).collect::<Vec<_>>(),
            [Some(sqlstate.to_owned())],
            "{shown}: {}",
            trace(&answers)
        );
        assert!(client.receive().unwrap().is_none());
        proxy.assert_idle();
    }
}
