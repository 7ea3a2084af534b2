//! Bad input after the login: a clear FATAL and a closed socket; the others don't notice.

use testkit::{Cluster, Message, Proxy, RawClient, Record, TestDb, frontend, trace, wait_for};

use crate::conversation::extended;

const MAX_MESSAGE: usize = 64 * 1024;

fn start() -> (TestDb, Proxy) {
    let database = Cluster::shared().unwrap().database().unwrap();
    let proxy = Proxy::before(&database)
        .record(Record::open("orders"))
        .server("max_message = \"64KiB\"")
        .start()
        .unwrap();
    (database, proxy)
}

#[track_caller]
fn check(proxy: &Proxy, bytes: &[u8], sqlstate: &str, message: &str) {
    for in_flight in [&b""[..], &frontend::query("select 1")] {
        let mut client = proxy.client("alice", "orders").unwrap();
        client.send(&[in_flight, bytes].concat()).unwrap();
        let answers = client
            .receive_to_end()
            .unwrap_or_else(|error| panic!("{}: {error:#}", bytes.escape_ascii()));
        let last = answers.last().unwrap();
        assert_eq!(
            trace(std::slice::from_ref(last)),
            format!("B  ErrorResponse FATAL {sqlstate} {message:?}\n"),
            "{}",
            bytes
                .escape_ascii()
                .to_string()
                .chars()
                .take(200)
                .collect::<String>()
        );
    }
}

#[test]
fn messages_that_are_none() {
    let (_database, proxy) = start();
    let mut other = proxy.client("alice", "orders").unwrap();
    other.query("begin").unwrap();
    let violation = |bytes: &[u8], message: &str| check(&proxy, bytes, "08P01", message);
    for tag in [0, 1, b'A', b'R', b'Z', b'q', b'v', 0x80, 0xff, b'p', b'N', b'T'] {
        violation(
            &frontend::message(tag, b"x"),
            &format!("invalid frontend message type {tag}"),
        );
    }
    // A second startup packet, HTTP, TLS.
    violation(
        &frontend::startup(&[("user", "alice@orders")]),
        "invalid frontend message type 0",
    );
    violation(b"GET / HTTP/1.1\r\n\r\n", "invalid frontend message type 71");
    violation(b"\x16\x03\x01\x02\x00\x01", "invalid frontend message type 22");
    for length in [0, 1, 3, 0x8000_0000_u32, u32::MAX] {
        for tag in b"QPBEDCHSFdcfX" {
            let bytes = [&[*tag][..], &length.to_be_bytes()].concat();
            violation(&bytes, "invalid message length");
        }
    }
    // Longer than messages of these types ever are.
    for tag in b"EDCHScfX" {
        violation(
            &[&[*tag][..], &0x4000_0000_u32.to_be_bytes()].concat(),
            "invalid message length",
        );
    }
    assert_eq!(
        trace(&other.query("select 'still here'").unwrap()),
        "B  RowDescription\nB  DataRow \"still here\"\nB  CommandComplete \"SELECT 1\"\nB  ReadyForQuery InTransaction\n"
    );
    drop(other);
    assert!(!proxy.log().contains("panicked"));
    proxy.assert_idle();
}

/// At the limit a message passes; one byte more, and its header is enough to refuse it.
#[test]
fn the_longest_message() {
    let (database, proxy) = start();
    let text = |bytes: usize| {
        format!(
            "select length('{}')",
            "x".repeat(bytes - "select length('')".len())
        )
    };
    // Type, length, text, zero.
    let query = |frame: usize| frontend::query(text(frame - 6));
    let parse = |frame: usize| frontend::parse("", text(frame - 9));
    let bind = |frame: usize| frontend::bind("", "", &[Some(&vec![b'x'; frame - 17])]);
    assert_eq!(query(MAX_MESSAGE).len(), MAX_MESSAGE);
    assert_eq!(parse(MAX_MESSAGE).len(), MAX_MESSAGE);
    assert_eq!(bind(MAX_MESSAGE).len(), MAX_MESSAGE);

    let mut client = proxy.client("alice", "orders").unwrap();
    for messages in [
        query(MAX_MESSAGE),
        [parse(MAX_MESSAGE), frontend::sync()].concat(),
        [
            frontend::parse("", "select $1::text"),
            bind(MAX_MESSAGE),
            frontend::sync(),
        ]
        .concat(),
    ] {
        client.send(&messages).unwrap();
        let answers = client.receive_ready().unwrap();
        assert!(
            !answers.iter().any(|message| message.tag == b'E'),
            "{}",
            trace(&answers)
        );
    }
    let before = database.statements().unwrap().len();
    let expected = format!(
        "message of {} bytes exceeds max_message ({MAX_MESSAGE} bytes)",
        MAX_MESSAGE + 1
    );
    for messages in [
        query(MAX_MESSAGE + 1),
        parse(MAX_MESSAGE + 1),
        bind(MAX_MESSAGE + 1),
        query(MAX_MESSAGE + 1)[..5].to_vec(),
    ] {
        check(&proxy, &messages, "54000", &expected);
    }
    let after = database.statements().unwrap();
    assert!(after[before..].iter().all(|sql| sql == "select 1"));
    check(
        &proxy,
        &[&b"Q"[..], &0x7fff_ffff_u32.to_be_bytes()].concat(),
        "54000",
        &format!("message of 2147483648 bytes exceeds max_message ({MAX_MESSAGE} bytes)"),
    );
    drop(client);
    proxy.assert_idle();
}

/// A client that dies in the middle of anything leaves nothing behind, and what it hadn't finished does not run.
#[test]
fn messages_cut_by_a_close() {
    let (database, proxy) = start();
    database.execute("create table t (a int)").unwrap();
    let insert = frontend::query("insert into t values (1)");
    let parse = extended("s", "insert into t values (2)");
    for (whole, cut) in [
        (Vec::new(), &insert[..1]),
        (Vec::new(), &insert[..3]),
        (Vec::new(), &insert[..5]),
        (Vec::new(), &insert[..insert.len() - 1]),
        (frontend::query("select 1"), &insert[..10]),
        (Vec::new(), &parse[..20]),
        (frontend::parse("", "select 1"), &parse[..7]),
        (
            frontend::query("copy t from stdin"),
            &frontend::copy_data("3\n")[..],
        ),
        (
            frontend::query("copy t from stdin"),
            &frontend::copy_data("3\n")[..6],
        ),
        (frontend::query("copy t from stdin"), &b"d\0\x10\0\0zzzz"[..]),
    ] {
        for polite in [false, true] {
            let mut client = proxy.client("alice", "orders").unwrap();
            client.send(&[&whole, cut].concat()).unwrap();
            if polite {
                client.shutdown_write().unwrap();
                let _ = client.receive_to_end();
            }
        }
    }
    proxy.assert_idle();
    assert_eq!(database.scalar("select count(*) from t").unwrap(), "0");
}

/// Says the messages and a Sync, directly and through pgwarden, and holds that the server's answers are the same.
#[track_caller]
fn check_like_the_server(database: &TestDb, proxy: &Proxy, messages: &[u8]) {
    let end = [frontend::sync(), frontend::query("select 'the end'")].concat();
    let [ours, theirs] = [proxy.client("alice", "orders"), database.client()].map(|client| {
        let mut client = client.unwrap();
        client.send(&[messages, &end].concat()).unwrap();
        let mut answers: Vec<Message> = Vec::new();
        while !answers
            .iter()
            .any(|answer| answer.columns() == [Some("the end".to_owned())])
        {
            answers.extend(client.receive_ready().unwrap());
        }
        answers
    });
    assert_eq!(ours, theirs, "{}", messages.escape_ascii());
}

/// What is out of order is the server's to refuse, and it does.
#[test]
fn messages_out_of_order() {
    let (database, proxy) = start();
    for messages in [
        frontend::execute("", 0),
        frontend::execute("never bound", 5),
        frontend::bind("", "", &[]),
        frontend::bind("", "never parsed", &[]),
        frontend::describe_portal("nothing"),
        frontend::describe_statement("nothing"),
        frontend::close_portal("nothing"),
        frontend::copy_done(),
        frontend::copy_data("nowhere"),
        frontend::copy_fail("nothing"),
        [frontend::bind("p", "", &[]), frontend::parse("", "select 1")].concat(),
        [frontend::execute("", 0), frontend::parse("", "select 1")].concat(),
        [frontend::flush(), frontend::flush()].concat(),
        [frontend::sync(), frontend::flush(), frontend::sync()].concat(),
        [
            frontend::parse("", "select 1; select 2"),
            frontend::bind("", "", &[]),
        ]
        .concat(),
        // Skipped up to the Sync, a simple query too.
        [
            frontend::execute("nothing", 0),
            frontend::query("select 'skipped'"),
            frontend::copy_data("skipped"),
            frontend::message(b'P', b"skipped and malformed"),
        ]
        .concat(),
        [extended("p", "select 1"), extended("p", "select 2")].concat(),
        [
            frontend::parse("", "select 1"),
            frontend::query("select 2"),
            frontend::bind("", "", &[]),
        ]
        .concat(),
    ] {
        check_like_the_server(&database, &proxy, &messages);
    }
    proxy.assert_idle();
}

/// Well-formed, and yet nothing that could be done.
#[test]
fn messages_that_make_no_sense() {
    let (database, proxy) = start();
    let parsed = |sql: &str, body: &[u8]| [frontend::parse("s", sql), frontend::message(b'B', body)].concat();
    let two = "select $1::int, $2::text";
    for messages in [
        // Parameters, formats and results that don't match in number or kind.
        parsed(two, b"\0s\0\0\0\0\0\0\0"),
        parsed(two, b"\0s\0\0\0\0\x01\0\0\0\x011\0\0"),
        parsed(two, b"\0s\0\0\x03\0\0\0\0\0\0\0\x02\0\0\0\x011\0\0\0\x012\0\0"),
        parsed(two, b"\0s\0\0\x01\0\x07\0\x02\0\0\0\x011\0\0\0\x012\0\0"),
        parsed(two, b"\0s\0\0\x01\0\x01\0\x02\0\0\0\x011\0\0\0\x012\0\0"),
        parsed(two, b"\0s\0\0\0\0\x02\0\0\0\x01x\xff\xff\xff\xff\0\0"),
        parsed(
            two,
            b"\0s\0\0\0\0\x02\0\0\0\x011\xff\xff\xff\xff\0\x03\0\0\0\0\0\0",
        ),
        parsed(two, b"\0s\0\0\0\0\x02\0\0\0\x011\xff\xff\xff\xff\0\x01\0\x09"),
        parsed("select $1::text", b"\0s\0\0\0\0\x01\0\0\0\x03a\0b\0\0"),
        parsed("select $1::text", b"\0s\0\0\0\0\x01\0\0\0\x02\xff\xfe\0\0"),
        // Types that there are not.
        frontend::message(b'P', b"\0select $1\0\0\x01\xff\xff\xff\xff"),
        frontend::message(b'P', b"\0select 1\0\0\x02\0\0\0\x17\0\0\0\0"),
        frontend::parse("", "select $0"),
        frontend::parse("", "select $99999"),
        // Not in the client's encoding, wherever text may be.
        frontend::query(b"select '\xff'"),
        frontend::query(b"\xc3"),
        frontend::query(b"select 1 as \xe9"),
        frontend::parse(b"\xff", b"select 1"),
        frontend::parse("", b"select '\xc3\x28'"),
        frontend::bind(b"\xff", "", &[]),
        frontend::execute(b"\xc0\x80", 0),
        frontend::describe_statement(b"\xff"),
        frontend::close_portal(b"\xff"),
        // Functions.
        frontend::function_call(0, &[]),
        frontend::function_call(177, &[]),
        frontend::function_call(177, &[b"1", b"2", b"3"]),
        frontend::message(
            b'F',
            b"\0\0\0\xb1\0\x03\0\0\0\0\0\0\0\x02\0\0\0\x011\0\0\0\x012\0\0",
        ),
        frontend::message(b'F', b"\0\0\0\xb1\0\0\0\x02\xff\xff\xff\xff\xff\xff\xff\xff\0\0"),
        frontend::message(b'F', b"\0\0\0\xb1\0\0\0\x02\xff\xff\xff\xf0\0\0\0\x012\0\0"),
        frontend::message(b'F', b"\0\0\0\xb1\0\0\0\x02\0\0\0\x011\0\0\0\x012\0\x05"),
    ] {
        check_like_the_server(&database, &proxy, &messages);
    }
    proxy.assert_idle();
}

/// Nothing but startup packets that ask for encryption, and parameters without an end.
#[test]
fn startups_without_end() {
    let (_database, proxy) = start();
    let fatal = |answers: &[Message]| {
        answers
            .last()
            .is_some_and(|last| last.field(b'V').as_deref() == Some("FATAL"))
    };
    let mut client = RawClient::connect(proxy.address()).unwrap();
    for _ in 0..2 {
        let _ = client.send(&frontend::ssl_request());
        let _ = client.receive_byte();
    }
    let _ = client.send(&frontend::ssl_request().repeat(1000));
    let _ = client.receive_to_end();
    // Many small ones fit below the limit of the packet, and are refused for what they are.
    let names: Vec<String> = (0..600).map(|number| format!("x{number}")).collect();
    let many: Vec<(&str, &str)> = std::iter::once(("user", "alice@orders"))
        .chain(names.iter().map(|name| (name.as_str(), "y")))
        .collect();
    let mut client = RawClient::connect(proxy.address()).unwrap();
    let answers = client.try_login(&many, proxy.password("alice").unwrap()).unwrap();
    assert!(fatal(&answers), "{answers:?}");
    // The packet's length is refused as soon as it is there, whatever follows.
    let mut client = RawClient::connect(proxy.address()).unwrap();
    let endless = [
        &0x7fff_ffff_u32.to_be_bytes()[..],
        &frontend::PROTOCOL_3_0.to_be_bytes(),
    ]
    .concat();
    client.send(&endless).unwrap();
    for _ in 0..1000 {
        if client.send(b"name\0value\0").is_err() {
            break;
        }
    }
    let _ = client.receive_to_end();
    assert!(!proxy.log().contains("panicked"), "{}", proxy.log());
    proxy.assert_idle();
}

/// Bytes of no meaning, many times, from a generator that gives the same ones in each run.
#[test]
fn random_bytes() {
    let (_database, proxy) = start();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let tags = b"QPBEDCHSFdcfX";
    for round in 0..150 {
        let mut bytes = Vec::new();
        for _ in 0..=random() % 6 {
            let body: Vec<u8> = (0..random() % 40)
                .map(|_| u8::try_from(random() % 256).unwrap())
                .collect();
            if round % 3 == 0 {
                bytes.extend(body);
            } else {
                let tag = tags[usize::try_from(random() % 13).unwrap()];
                bytes.extend(frontend::message(tag, &body));
            }
        }
        let mut client = if round % 2 == 0 {
            proxy.client("alice", "orders").unwrap()
        } else {
            RawClient::connect(proxy.address()).unwrap()
        };
        let _ = client.send(&bytes);
        let _ = client.shutdown_write();
        let answers: Vec<Message> = client
            .receive_to_end()
            .unwrap_or_else(|error| panic!("{}: {error:#}", bytes.escape_ascii()));
        if let Some(last) = answers.last().filter(|last| last.tag == b'E') {
            assert!(last.sqlstate().is_some());
        }
    }
    assert!(!proxy.log().contains("panicked"), "{}", proxy.log());
    wait_for("every session to be gone", || {
        proxy.metric("pgwarden_sessions", &[]).unwrap() == 0.0
    });
    proxy.client("alice", "orders").unwrap();
    proxy.assert_idle();
}
