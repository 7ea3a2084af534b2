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

/// What is out of order is the server's to refuse, and it does.
#[test]
fn messages_out_of_order() {
    let (database, proxy) = start();
    let sync = frontend::sync();
    for messages in [
        frontend::execute("", 0),
        frontend::bind("", "", &[]),
        frontend::describe_portal("nothing"),
        frontend::copy_done(),
        [frontend::bind("p", "", &[]), frontend::parse("", "select 1")].concat(),
        [frontend::flush(), frontend::flush()].concat(),
        [
            frontend::parse("", "select 1; select 2"),
            frontend::bind("", "", &[]),
        ]
        .concat(),
    ] {
        let [ours, theirs] = [proxy.client("alice", "orders"), database.client()].map(|client| {
            let mut client = client.unwrap();
            client.send(&[&messages[..], &sync].concat()).unwrap();
            client.receive_ready().unwrap()
        });
        assert_eq!(ours, theirs, "{}", messages.escape_ascii());
    }
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
