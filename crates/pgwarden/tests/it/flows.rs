//! The rarer ways through the protocol: what the server itself answers, byte for byte, and how either side ends.

use testkit::{Endpoint, Message, RawClient, frontend, trace};

use crate::conversation::{Pace, Step, extended, hold};
use crate::relay::Sides;

fn sync() -> Vec<u8> {
    frontend::sync()
}

/// Type and body of messages that have not the form of their type.
const MALFORMED: &[(u8, &[u8])] = &[
    (b'Q', b""),
    (b'Q', b"select 1"),
    (b'Q', b"select 1\0; select 2\0"),
    (b'Q', b"select 1\0 "),
    (b'P', b""),
    (b'P', b"s"),
    (b'P', b"s\0"),
    (b'P', b"s\0select 1"),
    (b'P', b"s\0select 1\0"),
    (b'P', b"s\0select 1\0\0"),
    (b'P', b"s\0select 1\0\0\x01\0\0"),
    (b'P', b"s\0select 1\0\0\0x"),
    (b'P', b"s\0select 1\0\x7f\xff"),
    (b'B', b""),
    (b'B', b"\0"),
    (b'B', b"\0\0"),
    (b'B', b"\0missing\0"),
    (b'B', b"\0known\0\0\0\0\x01\0\0\0\x09short\0\0"),
    (b'B', b"\0known\0\0\0\xff\xff\0\0"),
    (b'B', b"\0known\0\0\0\0\x01\xff\xff\xff\xfe\0\0"),
    (b'B', b"\0known\0\0\0\0\x01\0\0\0\x011\0\0x"),
    (b'B', b"\0known\0\0\0\0\x01\0\0\0\x01x\0\0x"),
    (b'B', b"p\0known\0\0\0\0\x01\0\0\0\x011\0\x02\0\0"),
    (b'E', b""),
    (b'E', b"p"),
    (b'E', b"p\0"),
    (b'E', b"p\0\0\0"),
    (b'E', b"p\0\0\0\0\0x"),
    (b'D', b""),
    (b'D', b"S"),
    (b'D', b"Sx"),
    (b'D', b"X\0"),
    (b'D', b"S\0x"),
    (b'C', b""),
    (b'C', b"S"),
    (b'C', b"Q\0"),
    (b'C', b"P\0x"),
    (b'S', b"x"),
    (b'H', b"x"),
    (b'F', b""),
    (b'F', b"\0\0"),
    (b'F', b"\0\0\0\xb1\0"),
    (b'F', b"\0\0\0\xb1\0\0\0\x02\0\0\0\x012\0\0\0\x013\0\0x"),
];

/// After a malformed message the server reports an error and goes on; what comes behind it in a pipeline is skipped or not as after
/// any other error.
#[test]
fn malformed_messages() {
    let sides = Sides::new();
    let known = [
        frontend::parse("known", "select $1::int"),
        frontend::bind("p", "known", &[Some(b"7")]),
    ]
    .concat();
    let mut steps = Vec::new();
    for (tag, body) in MALFORMED {
        let malformed = frontend::message(*tag, body);
        let own = usize::from(matches!(tag, b'Q' | b'F' | b'S'));
        let pipelined = [
            extended("", "select 'before'"),
            malformed.clone(),
            extended("", "select 'behind'"),
            sync(),
            frontend::query("select 'after'"),
        ];
        steps.push(Step::ready(1, &[frontend::close_statement("known"), sync()]));
        steps.push(Step::ready(own + 1, &[known.clone(), malformed.clone(), sync()]));
        steps.push(Step::ready(own + 2, &pipelined));
        steps.push(Step::ready(
            own + 3,
            &[
                frontend::query("insert into sink values (1)"),
                malformed.clone(),
                sync(),
                frontend::query("select count(*) from sink"),
            ],
        ));
        steps.push(Step::query("begin"));
        steps.push(Step::ready(own + 2, &pipelined));
        // In a failed block.
        steps.push(Step::ready(own + 1, &[malformed, sync()]));
        steps.push(Step::query("rollback"));
    }
    sides.check(&steps);
}

/// Holds what `begin` says, then sends `last`, and gives all that comes up to the close.
fn to_the_end(mut client: RawClient, begin: &[Step], last: &[u8]) -> Vec<Message> {
    hold(&mut client, begin, Pace::Whole);
    client.send(last).unwrap();
    client.receive_to_end().unwrap()
}

/// Both sides end with the same words; gives them.
#[track_caller]
fn check_end(sides: &Sides, begin: &[Step], last: &[u8]) -> Vec<Message> {
    let theirs = to_the_end(sides.database.client().unwrap(), begin, last);
    let ours = to_the_end(sides.proxy.client("alice", "orders").unwrap(), begin, last);
    assert_eq!(ours, theirs, "{}", last.escape_ascii());
    let bytes = |messages: &[Message]| messages.iter().flat_map(Message::bytes).collect::<Vec<u8>>();
    assert_eq!(bytes(&ours), bytes(&theirs), "{}", last.escape_ascii());
    ours
}

/// The server has the last word, after the answers to what came before.
#[test]
fn types_that_there_are_not() {
    let sides = Sides::new();
    let begins = [
        vec![],
        vec![Step::query("begin")],
        vec![Step::until(b'G', 1, &[frontend::query("copy sink from stdin")])],
        vec![Step::until(
            b'1',
            1,
            &[
                frontend::parse("", "selec"),
                sync(),
                frontend::parse("", "select"),
                frontend::flush(),
            ],
        )],
    ];
    for begin in &begins {
        for last in [
            frontend::message(b'z', b"x"),
            b"z".to_vec(),
            b"GET / HTTP/1.1\r\n\r\n".to_vec(),
            frontend::message(b'p', b"a password\0"),
            frontend::message(b'R', b"\0\0\0\0"),
            frontend::startup(&[("user", "alice@orders")]),
            frontend::ssl_request(),
        ] {
            let last = [&last[..], &frontend::query("insert into sink values (1)")].concat();
            let ours = check_end(&sides, begin, &last);
            assert_eq!(ours.last().unwrap().field(b'V').as_deref(), Some("FATAL"));
        }
    }
    for before in [
        frontend::query("select pg_sleep(0.2), 'before'"),
        [extended("", "select 'before'"), sync()].concat(),
        [extended("", "select 'before'"), frontend::flush()].concat(),
        [frontend::parse("", "selec"), extended("", "select 1")].concat(),
    ] {
        check_end(&sides, &[], &[&before[..], b"z"].concat());
    }
    assert_eq!(sides.database.scalar("select count(*) from sink").unwrap(), "0");
    sides.proxy.assert_idle();
}

/// What a client that has ended its sending is told to see whether it is still there.
fn is_question(message: &Message) -> bool {
    message.tag == b'S' && message.body.starts_with(b"server_version\0")
}

/// The server has the rest of the session when the client ends its sending: it is answered to the end.
#[test]
fn a_half_closed_client_gets_its_answers() {
    let sides = Sides::new();
    let socket = sides
        .proxy
        .listeners()
        .iter()
        .find(|end| matches!(end, Endpoint::Unix(_)));
    let half_closed = |mut client: RawClient, begin: &[Step], last: &[u8]| {
        hold(&mut client, begin, Pace::Whole);
        client.send(last).unwrap();
        client.shutdown_write().unwrap();
        client.receive_to_end().unwrap()
    };
    let copy = [Step::until(b'G', 1, &[frontend::query("copy sink from stdin")])];
    let block = [Step::query("begin")];
    let select = frontend::query("select repeat('x', 1000) from generate_series(1, 5000)");
    for (begin, last) in [
        (&[][..], frontend::query("select 1")),
        (&[], select.clone()),
        (&[], [select.clone(), select].concat()),
        (
            &[],
            [extended("", "select 1"), sync(), extended("", "select 2"), sync()].concat(),
        ),
        // Without a Sync the answer is never sent.
        (&[], [extended("", "select 1"), frontend::flush()].concat()),
        (&[], extended("", "select 1")),
        (
            &[],
            [frontend::query("select 1"), b"Q\0\0\0\x10sel".to_vec()].concat(),
        ),
        (&[], b"z".to_vec()),
        (&block, frontend::query("select 1")),
        (
            &copy,
            [frontend::copy_data("1\tone\n"), frontend::copy_done()].concat(),
        ),
        (&copy, frontend::copy_data("1\tone\n")),
        (&copy, b"d\0\0\x10\0more".to_vec()),
        (&[], frontend::query("copy t to stdout")),
        // The copy's data waits for the server's word.
        (
            &[],
            [
                frontend::query("copy sink from stdin"),
                frontend::copy_data("2\ttwo\n"),
                frontend::copy_done(),
            ]
            .concat(),
        ),
    ] {
        let theirs = half_closed(sides.database.client().unwrap(), begin, &last);
        let mut clients = vec![sides.proxy.client("alice", "orders").unwrap()];
        clients.extend(socket.map(|socket| {
            let password = sides.proxy.password("alice").unwrap();
            RawClient::log_in(socket, "alice@orders", "", password).unwrap()
        }));
        for client in clients {
            let mut ours = half_closed(client, begin, &last);
            // On a busy machine it may have taken as long as it takes to be asked.
            ours.retain(|message| !is_question(message));
            assert_eq!(ours, theirs, "{}", last.escape_ascii());
        }
    }
    assert_eq!(
        sides
            .database
            .scalar("select count(*) from sink where a = 2")
            .unwrap(),
        "3"
    );
    sides.proxy.assert_idle();
}

/// A statement that takes its time is waited for. Meanwhile the client is told what it knows, so that pgwarden finds out whether it lives.
#[test]
fn a_half_closed_client_waits_for_a_long_statement() {
    let sides = Sides::new();
    let mut holder = sides.database.client().unwrap();
    holder.query("select pg_advisory_lock(7)").unwrap();
    let mut client = sides.proxy.client("alice", "orders").unwrap();
    client
        .send(&frontend::query(
            "insert into sink select 1 from pg_advisory_lock(7)",
        ))
        .unwrap();
    client.shutdown_write().unwrap();
    for _ in 0..2 {
        assert!(is_question(&client.receive().unwrap().unwrap()));
    }
    drop(holder);
    let mut answers = client.receive_to_end().unwrap();
    answers.retain(|message| !is_question(message));
    assert_eq!(
        trace(&answers),
        "B  CommandComplete \"INSERT 0 1\"\nB  ReadyForQuery Idle\n"
    );
    assert_eq!(sides.database.scalar("select count(*) from sink").unwrap(), "1");
    sides.proxy.assert_idle();
}
