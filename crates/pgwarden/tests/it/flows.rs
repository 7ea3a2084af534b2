//! The rarer ways through the protocol: what the server itself answers, byte for byte, and how either side ends.

use testkit::frontend::{self, sync};
use testkit::{Endpoint, Message, RawClient, trace, wait_for};

use crate::conversation::{Pace, Step, extended, hold};
use crate::relay::Sides;

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

#[test]
fn savepoints() {
    let sides = Sides::new();
    sides.check(&[
        Step::query("begin; savepoint a; insert into sink values (1); savepoint b; selekt"),
        Step::query("begin"),
        Step::query("savepoint a"),
        Step::query("select 1/0"),
        Step::query("select 'failed block'"),
        Step::query("rollback to a"),
        Step::ready(
            1,
            &[
                frontend::parse("s", "select 's'"),
                frontend::bind("p", "s", &[]),
                sync(),
            ],
        ),
        Step::query("savepoint b"),
        Step::ready(
            1,
            &[frontend::bind("q", "s", &[]), frontend::execute("q", 0), sync()],
        ),
        Step::query("declare c cursor for table t"),
        Step::query("insert into sink values (2)"),
        Step::ready(
            1,
            &[
                extended("", "select 1/0"),
                extended("", "select 'skipped'"),
                sync(),
            ],
        ),
        Step::ready(1, &[extended("", "rollback to b"), sync()]),
        // What was made behind the savepoint is gone, what was before it is not.
        Step::ready(1, &[frontend::execute("p", 0), sync()]),
        Step::ready(1, &[frontend::execute("q", 0), sync()]),
        Step::query("rollback to b"),
        Step::query("fetch 1 from c"),
        Step::query("rollback to savepoint b; select count(*) from sink; release a"),
        Step::ready(
            1,
            &[frontend::bind("", "s", &[]), frontend::execute("", 0), sync()],
        ),
        Step::query("commit; select count(*) from sink"),
        Step::query("rollback to a"),
        // A pipeline whose block ends half-way.
        Step::ready(
            2,
            &[
                extended("", "begin"),
                extended("", "savepoint x"),
                extended("", "select 1/0"),
                sync(),
                extended("", "rollback to x"),
                extended("", "commit"),
                sync(),
            ],
        ),
        Step::query("begin; declare c cursor for select 1; commit; fetch c"),
        Step::query("commit and chain"),
        Step::query("begin; rollback and chain"),
        Step::query("rollback"),
    ]);
}

#[test]
fn notices_and_settings_within() {
    let sides = Sides::new();
    let notice = "do $$ begin raise notice 'n'; raise warning 'w'; raise info 'i'; perform set_config('datestyle', 'german', false); end $$";
    sides.check(&[
        Step::query(notice),
        Step::ready(1, &[extended("", notice), extended("", "select now() - now()"), sync()]),
        Step::query("drop table if exists none; create table if not exists t (a int); rollback"),
        Step::query("set client_min_messages to debug1; create table x (a serial primary key); drop table x; reset client_min_messages"),
        Step::until(b'1', 1, &[frontend::parse("", notice), frontend::flush()]),
        Step::until(b'C', 1, &[frontend::bind("", "", &[]), frontend::execute("", 0), frontend::flush()]),
        Step::ready(1, &[sync()]),
        Step::query("begin; set local timezone to 'Asia/Tokyo'; set application_name to 'in'; select 1/0"),
        Step::query("rollback"),
        Step::ready(
            3,
            &[
                frontend::query("set timezone to 'UTC'"),
                extended("", "set timezone to 'Asia/Tokyo'"),
                sync(),
                frontend::query("set client_encoding to latin1; select 'gr\u{fc}n'"),
            ],
        ),
        Step::query("set client_encoding to utf8; set standard_conforming_strings to off; set standard_conforming_strings to on"),
        Step::ready(2, &[extended("", "set session characteristics as transaction read only"), sync(), sync()]),
        Step::query("create table nowhere ()"),
        Step::query("set session characteristics as transaction read write; reset all"),
        // A trigger's notice within a copy.
        Step::query(
            "create function say() returns trigger language plpgsql as $$ begin raise notice 'row %', new.a; return new; end $$; \
             create trigger say before insert on sink for each row execute function say()",
        ),
        Step::until(b'G', 1, &[frontend::query("copy sink from stdin")]),
        Step::ready(1, &[frontend::copy_data("1\tone\n2\ttwo\n"), frontend::copy_done()]),
        Step::query("drop trigger say on sink; drop function say()"),
        // An error that comes with the commit.
        Step::query("create table d (a int unique deferrable initially deferred)"),
        Step::query("begin; insert into d values (1), (1); commit"),
        Step::ready(2, &[extended("", "insert into d values (1), (1)"), sync(), extended("", "select 1"), sync()]),
        Step::query("begin; insert into d values (1), (1)"),
        Step::ready(1, &[extended("", "commit"), extended("", "select 'skipped'"), sync()]),
        Step::query("rollback; drop table d"),
        Step::query(""),
        Step::query(" ; -- nothing\n ;;"),
        Step::ready(1, &[extended("", ";"), extended("", "/* nothing */"), sync()]),
        Step::ready(1, &[frontend::parse("e", ""), frontend::describe_statement("e"), frontend::close_statement("e"), sync()]),
    ]);
}

#[test]
fn portals_and_names() {
    let sides = Sides::new();
    let rows = "select i from generate_series(1, 7) i";
    sides.check(&[
        Step::query("begin"),
        Step::ready(
            1,
            &[
                frontend::parse("r", rows),
                frontend::bind("p", "r", &[]),
                frontend::bind("q", "r", &[]),
                frontend::execute("p", 3),
                frontend::execute("q", 2),
                frontend::describe_portal("p"),
                frontend::execute("p", 1),
                frontend::execute("q", 0),
                frontend::execute("q", 1),
                sync(),
            ],
        ),
        Step::ready(1, &[frontend::execute("p", 3), frontend::execute("p", 1), sync()]),
        Step::query("fetch 2 from q; move backward all in q; fetch 1 from q; close p"),
        Step::ready(1, &[frontend::execute("p", 0), sync()]),
        Step::query("rollback"),
        // No limit, by every number that says so.
        Step::ready(
            1,
            &[
                frontend::bind("", "r", &[]),
                frontend::execute("", u32::MAX),
                frontend::bind("", "r", &[]),
                frontend::execute("", 0x8000_0000),
                frontend::bind("", "r", &[]),
                frontend::execute("", 0x7fff_ffff),
                frontend::bind("", "r", &[]),
                frontend::execute("", 7),
                frontend::execute("", 7),
                sync(),
            ],
        ),
        // A suspended portal ends with its transaction.
        Step::ready(
            1,
            &[frontend::bind("p", "r", &[]), frontend::execute("p", 1), sync()],
        ),
        Step::ready(1, &[frontend::execute("p", 1), sync()]),
        // One name, taken and freed in every way.
        Step::ready(1, &[frontend::parse("r", "select 'taken'"), sync()]),
        Step::query("prepare r as select 'taken'"),
        Step::ready(
            1,
            &[
                frontend::close_statement("r"),
                frontend::parse("r", "select 'closed'"),
                extended("", "execute r"),
                sync(),
            ],
        ),
        Step::query("deallocate r; prepare r (int) as select $1; execute r(1)"),
        Step::ready(
            1,
            &[
                frontend::bind("", "r", &[Some(b"2")]),
                frontend::execute("", 0),
                sync(),
            ],
        ),
        Step::query("deallocate all; execute r"),
        Step::ready(
            1,
            &[frontend::parse("r", rows), frontend::parse("r2", rows), sync()],
        ),
        Step::query("discard all"),
        Step::ready(1, &[frontend::bind("", "r", &[]), sync()]),
        Step::ready(
            1,
            &[
                frontend::parse("r", "select 'discarded'"),
                frontend::describe_statement("r"),
                sync(),
            ],
        ),
        Step::query("begin; discard all"),
        Step::query("rollback"),
        Step::ready(
            2,
            &[
                extended("", "discard all"),
                sync(),
                frontend::bind("", "r", &[]),
                sync(),
            ],
        ),
        Step::query("discard plans; discard temp; deallocate prepare all; discard sequences"),
        // The unnamed ones.
        Step::ready(
            1,
            &[
                frontend::parse("", "select 1"),
                frontend::parse("", "select $1::int, $2::text"),
                frontend::describe_statement(""),
                frontend::bind("", "", &[Some(b"1"), None]),
                frontend::describe_portal(""),
                frontend::close_statement(""),
                frontend::execute("", 0),
                frontend::close_portal(""),
                frontend::execute("", 0),
                sync(),
            ],
        ),
        Step::ready(1, &[frontend::describe_statement(""), sync()]),
        Step::ready(
            1,
            &[
                frontend::parse("", "selec"),
                sync(),
                frontend::describe_statement(""),
            ],
        ),
        Step::ready(1, &[sync()]),
        Step::ready(1, &[frontend::bind("n\u{e4}me", "missing", &[]), sync()]),
        Step::ready(1, &[extended(&"x".repeat(200), "select 'a long name'"), sync()]),
    ]);
}

#[test]
fn copies_that_fail() {
    let sides = Sides::new();
    let (data, done, fail) = (frontend::copy_data, frontend::copy_done, frontend::copy_fail);
    let begin = || Step::until(b'G', 1, &[frontend::query("copy sink from stdin")]);
    let execute = || {
        Step::until(
            b'G',
            1,
            &[
                frontend::parse("", "copy sink from stdin"),
                frontend::bind("", "", &[]),
                frontend::execute("", 0),
                frontend::flush(),
            ],
        )
    };
    let mut steps = Vec::new();
    for block in [false, true] {
        let enter = |steps: &mut Vec<Step>| {
            if block {
                steps.push(Step::query("begin"));
            }
        };
        for end in [
            vec![fail("no")],
            vec![data("1\tone\n"), fail("no")],
            vec![data("1\tone\n"), fail("")],
            vec![data("1\tone\n"), frontend::message(b'f', b"no end")],
            vec![data("1\tone\n"), frontend::message(b'f', b"no\0more")],
            vec![data("1\tone\n"), frontend::message(b'c', b"body")],
            vec![data("bad\n"), data("2\ttwo\n"), done()],
            vec![data("bad\n"), fail("late")],
            vec![data("1\tone"), done()],
            vec![data("\\.\n"), data("2\ttwo\n"), done()],
            vec![data(""), data(""), done()],
            vec![done()],
        ] {
            enter(&mut steps);
            steps.push(begin());
            steps.push(Step::ready(
                2,
                &[&end[..], &[frontend::query("select 'next'")]].concat(),
            ));
            steps.push(Step::query("rollback"));
            enter(&mut steps);
            steps.push(execute());
            steps.push(Step::ready(
                2,
                &[&end[..], &[sync(), frontend::query("select 'next'")]].concat(),
            ));
            steps.push(Step::query("rollback"));
        }
    }
    steps.push(Step::query("copy sink from stdin where; select 1"));
    steps.push(Step::query("copy (select 1/0) to stdout"));
    steps.push(Step::query(
        "copy (select 1 / (3 - i) from generate_series(1, 5) i) to stdout; select 'not run'",
    ));
    steps.push(Step::ready(
        1,
        &[
            extended(
                "",
                "copy (select 1 / (3 - i) from generate_series(1, 5) i) to stdout",
            ),
            extended("", "select 'skipped'"),
            sync(),
        ],
    ));
    sides.check(&steps);
}

/// The server's own FATAL, and what it said before, whatever the session was at.
#[test]
fn a_backend_is_terminated_in_every_state() {
    let sides = Sides::new();
    let mut holder = sides.database.client().unwrap();
    holder.query("select pg_advisory_lock(7)").unwrap();
    let mut superuser = sides.database.cluster().superuser("postgres").unwrap();
    let waits = "case when i = 3 then pg_advisory_lock(7) end from generate_series(1, 5) i";
    // What is begun, what is sent last, and what the server then is at.
    for (begin, last, state) in [
        (vec![], vec![], "idle"),
        (vec![Step::query("begin")], vec![], "idle in transaction"),
        (
            vec![
                Step::query("begin; selekt"),
                Step::query("begin"),
                Step::query("selekt"),
            ],
            vec![],
            "idle in transaction (aborted)",
        ),
        (vec![], frontend::query("select pg_advisory_lock(7)"), "active"),
        (vec![], frontend::query(format!("select i, {waits}")), "active"),
        (
            vec![],
            [
                frontend::query("select pg_advisory_lock(7)"),
                frontend::query("select 'never run'"),
            ]
            .concat(),
            "active",
        ),
        (
            vec![],
            [extended("", "select pg_advisory_lock(7)"), sync()].concat(),
            "active",
        ),
        (
            vec![],
            [
                extended("", "select 'first'"),
                extended("", "select pg_advisory_lock(7)"),
                sync(),
                extended("", "select 'never'"),
                sync(),
            ]
            .concat(),
            "active",
        ),
        (
            vec![Step::until(
                b'2',
                1,
                &[
                    frontend::parse("", "select 1"),
                    frontend::bind("", "", &[]),
                    frontend::flush(),
                ],
            )],
            vec![],
            "active",
        ),
        (
            vec![Step::until(
                b's',
                1,
                &[
                    frontend::parse("", "table t"),
                    frontend::bind("", "", &[]),
                    frontend::execute("", 1),
                    frontend::flush(),
                ],
            )],
            vec![],
            "active",
        ),
        (
            vec![
                Step::query("begin"),
                Step::ready(
                    1,
                    &[
                        frontend::parse("s", "table t"),
                        frontend::bind("p", "s", &[]),
                        frontend::execute("p", 1),
                        sync(),
                    ],
                ),
            ],
            vec![],
            "idle in transaction",
        ),
        (
            vec![
                Step::until(b'1', 1, &[frontend::parse("", "select 1"), frontend::flush()]),
                Step::until(b'E', 1, &[frontend::parse("", "selec"), frontend::flush()]),
            ],
            vec![],
            "active",
        ),
        (
            vec![Step::until(b'G', 1, &[frontend::query("copy sink from stdin")])],
            vec![],
            "active",
        ),
        (
            vec![Step::until(b'G', 1, &[frontend::query("copy sink from stdin")])],
            b"d\0\0\x10\0some".to_vec(),
            "active",
        ),
        (
            vec![],
            frontend::query(format!("copy (select i, {waits}) to stdout")),
            "active",
        ),
        (vec![Step::query("listen news")], vec![], "idle"),
    ] {
        let mut end = |mut client: RawClient| {
            hold(&mut client, &begin, Pace::Whole);
            client.send(&last).unwrap();
            let (pid, _) = client.backend_key().unwrap();
            let look = format!("select state, wait_event from pg_stat_activity where pid = {pid}");
            wait_for(&format!("the server to be {state}"), || {
                let rows = superuser.rows(&look).unwrap();
                let waits = rows[0][1] == "advisory" || rows[0][1] == "ClientRead";
                waits && rows[0][0] == state
            });
            superuser
                .rows(&format!("select pg_terminate_backend({pid})"))
                .unwrap();
            client.receive_to_end().unwrap()
        };
        let theirs = end(sides.database.client().unwrap());
        let ours = end(sides.proxy.client("alice", "orders").unwrap());
        assert_eq!(ours, theirs, "{state}: {}", last.escape_ascii());
        let last = ours.last().unwrap();
        assert_eq!(last.sqlstate().as_deref(), Some("57P01"));
    }
    drop(holder);
    assert_eq!(sides.database.scalar("select count(*) from sink").unwrap(), "0");
    sides.proxy.assert_idle();
}

/// Timeouts of the server's own.
#[test]
fn the_server_loses_patience() {
    let sides = Sides::new();
    for (begin, last, sqlstate) in [
        (
            "set idle_in_transaction_session_timeout to 1; begin",
            vec![],
            "25P03",
        ),
        ("set idle_session_timeout to 1", vec![], "57P05"),
        (
            "set idle_in_transaction_session_timeout to 1",
            [
                frontend::parse("", "begin"),
                frontend::bind("", "", &[]),
                frontend::execute("", 0),
                sync(),
            ]
            .concat(),
            "25P03",
        ),
    ] {
        let end = |mut client: RawClient| {
            client
                .send(&[&frontend::query(begin)[..], &last].concat())
                .unwrap();
            client.receive_to_end().unwrap()
        };
        let theirs = end(sides.database.client().unwrap());
        let ours = end(sides.proxy.client("alice", "orders").unwrap());
        assert_eq!(ours, theirs, "{begin}");
        assert_eq!(ours.last().unwrap().sqlstate().as_deref(), Some(sqlstate));
    }
    sides.check(&[
        Step::query("set statement_timeout to 200"),
        Step::query("select pg_sleep(10)"),
        Step::ready(
            1,
            &[
                extended("", "select pg_sleep(10)"),
                extended("", "select 'skipped'"),
                sync(),
            ],
        ),
        Step::query("reset statement_timeout"),
    ]);
    sides.proxy.assert_idle();
}

/// Goodbye at any place.
#[test]
fn the_client_takes_its_leave() {
    let sides = Sides::new();
    let copy = [Step::until(b'G', 1, &[frontend::query("copy sink from stdin")])];
    for (begin, last) in [
        (&[][..], vec![]),
        (&[], frontend::query("select 1")),
        (&[], [extended("", "select 1"), sync()].concat()),
        (&[], [extended("", "select 1"), frontend::flush()].concat()),
        (&[], extended("", "select 1")),
        (
            &[],
            [extended("", "select 1/0"), extended("", "select 2")].concat(),
        ),
        (&[], frontend::query("begin; insert into sink values (1)")),
        (&copy, vec![]),
        (
            &copy,
            [frontend::copy_data("1\tone\n"), frontend::copy_done()].concat(),
        ),
        (
            &copy,
            [frontend::copy_data("bad\n"), frontend::copy_data("more\n")].concat(),
        ),
    ] {
        for goodbye in [frontend::terminate(), frontend::message(b'X', b"junk")] {
            // What comes behind it is nobody's.
            for behind in [&b""[..], &frontend::query("insert into sink values (3)")] {
                check_end(&sides, begin, &[&last[..], &goodbye, behind].concat());
            }
        }
    }
    assert_eq!(
        sides
            .database
            .scalar("select count(*) from sink where a = 3")
            .unwrap(),
        "0"
    );
    sides.proxy.assert_idle();
}

/// More in one piece than pgwarden keeps track of, and than the server's buffers hold.
#[test]
fn thousands_of_tiny_messages() {
    let sides = Sides::new();
    let many = 20_000;
    let answers = |mut client: RawClient| {
        let mut bytes = Vec::new();
        for (messages, times) in [
            (sync(), many),
            (frontend::flush(), many),
            (frontend::copy_data(""), many),
            (frontend::copy_done(), many),
            (frontend::close_statement("none"), many),
            (frontend::query(""), 5_000),
            (frontend::query("x"), 500),
            (
                [frontend::parse("", "select 1"), frontend::bind("", "", &[])].concat(),
                1_000,
            ),
        ] {
            let ready = if matches!(messages[0], b'S' | b'Q') {
                times
            } else {
                0
            };
            client.send(&[messages.repeat(times), sync()].concat()).unwrap();
            for _ in 0..=ready {
                bytes.extend(client.receive_ready().unwrap().iter().flat_map(Message::bytes));
            }
        }
        bytes
    };
    let theirs = answers(sides.database.client().unwrap());
    let ours = answers(sides.proxy.client("alice", "orders").unwrap());
    assert!(ours == theirs);
    sides.proxy.assert_idle();
}
