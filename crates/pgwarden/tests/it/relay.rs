//! What is allowed passes unseen: every byte of the server's answers is what a direct connection gets.

use testkit::frontend::{self, sync};
use testkit::{Cluster, Message, Proxy, RawClient, Record, TestDb, wait_for};

use crate::conversation::{Pace, Step, extended, hold};
use crate::trickle;

/// A server, and pgwarden before it.
pub(crate) struct Sides {
    pub(crate) database: TestDb,
    pub(crate) proxy: Proxy,
}

impl Sides {
    pub(crate) fn new() -> Self {
        let database = Cluster::shared().unwrap().database().unwrap();
        database
            .execute(
                "create table t (a int primary key, b text check (b <> 'no')); \
                 insert into t select i, 'row ' || i from generate_series(1, 5) i; \
                 create table sink (a int, b text)",
            )
            .unwrap();
        let proxy = Proxy::before(&database)
            .record(Record::open("orders"))
            .record(Record::open("trickle").at("127.0.0.1", trickle::before(database.cluster().address())))
            .socket_listener()
            .start()
            .unwrap();
        Sides { database, proxy }
    }

    /// Holds the conversation directly, through pgwarden, and through pgwarden byte by byte, either side's: all the same.
    #[track_caller]
    pub(crate) fn check(&self, steps: &[Step]) {
        let expected = self.answers(self.database.client().unwrap(), steps, Pace::Whole);
        for (record, pace) in [
            ("orders", Pace::Whole),
            ("orders", Pace::Bytewise),
            ("trickle", Pace::Whole),
        ] {
            let client = self.proxy.client("alice", record).unwrap();
            let answers = self.answers(client, steps, pace);
            let different = answers
                .iter()
                .zip(&expected)
                .find(|(ours, theirs)| ours != theirs);
            let shown = different.map(|(ours, theirs)| {
                let [ours, theirs] = [ours, theirs].map(|message| message.bytes().escape_ascii().to_string());
                (ours, theirs)
            });
            assert_eq!(answers, expected, "{record}, {pace:?}: {shown:?}");
        }
        self.proxy.assert_idle();
    }

    #[track_caller]
    fn answers(&self, mut client: RawClient, steps: &[Step], pace: Pace) -> Vec<Message> {
        let (pid, _) = client.backend_key().unwrap();
        let mut answers = hold(&mut client, steps, pace);
        for message in &mut answers {
            // The notifying server process is our own.
            if message.tag == b'A' {
                assert_eq!(message.body[..4], pid.to_be_bytes());
                message.body[..4].fill(0);
            }
        }
        client.send(&frontend::terminate()).unwrap();
        answers.extend(client.receive_to_end().unwrap());
        wait_for("the client's connection at the server to end", || {
            self.database.backends().unwrap() == 0
        });
        self.database.execute("truncate sink").unwrap();
        answers
    }
}

#[test]
fn the_greeting() {
    let sides = Sides::new();
    let parameters = [
        ("application_name", "it"),
        ("client_encoding", "LATIN1"),
        ("options", "-c DateStyle=German --search_path=pg_catalog"),
        ("statement_timeout", "12345"),
        ("TimeZone", "Europe/Vienna"),
    ];
    let mut ours = RawClient::connect(sides.proxy.address()).unwrap();
    let mut theirs = RawClient::connect(sides.database.cluster().address()).unwrap();
    let login = |client: &mut RawClient, who: &[(&'static str, &str)], password: &str| {
        let all: Vec<(&str, &str)> = who.iter().copied().chain(parameters).collect();
        client.login(&all, password).unwrap()
    };
    let mut greetings = [
        login(
            &mut ours,
            &[("user", "alice@orders")],
            sides.proxy.password("alice").unwrap(),
        ),
        login(
            &mut theirs,
            &[
                ("user", sides.database.login()),
                ("database", sides.database.name()),
            ],
            sides.database.password(),
        ),
    ];
    for (greeting, client) in greetings.iter_mut().zip([&mut ours, &mut theirs]) {
        let (pid, secret) = client.backend_key().unwrap();
        assert_eq!(secret.len(), 4);
        assert_eq!(
            client.rows("select pg_backend_pid()").unwrap(),
            [[pid.to_string()]],
            "BackendKeyData names the server's process"
        );
        assert_eq!(
            client
                .rows("select current_setting('statement_timeout'), current_setting('search_path')")
                .unwrap(),
            [["12345ms", "pg_catalog"]]
        );
        greeting.retain(|message| message.tag != b'K');
    }
    let [ours_said, theirs_said] = greetings;
    assert_eq!(ours_said, theirs_said);
    let [ours_key, theirs_key] = [&ours, &theirs].map(|client| client.backend_key().unwrap());
    assert_ne!(ours_key, theirs_key);
    drop((ours, theirs));
    sides.proxy.assert_idle();
}

#[test]
fn simple_queries() {
    let sides = Sides::new();
    sides.check(&[
        Step::query("select 1 as one, null; select * from t; table t limit 0"),
        Step::query(""),
        Step::query(";;"),
        Step::query("-- nothing\n/* at all */"),
        Step::query("select 1; select 1/0; select 2"),
        Step::query("selekt"),
        Step::query("select * from missing"),
        Step::query("insert into t values (1, 'again')"),
        Step::query("insert into t values (9, 'no')"),
        Step::query("commit"),
        Step::query("begin; begin; insert into sink values (1, 'x') returning *, a + 1"),
        Step::query("savepoint s; selekt"),
        Step::query("rollback to s; select 'back'"),
        Step::query("release s; commit"),
        Step::query(
            "drop table if exists missing; do $$ begin raise notice 'heard'; raise warning 'too'; end $$",
        ),
        Step::query(
            "do $$ begin raise exception 'no' using errcode = '42501', detail = 'd', hint = 'h', \
                     schema = 's', table = 't', column = 'c', datatype = 'y', constraint = 'n'; end $$",
        ),
        Step::query("select E'\\xe4\\xf6', U&'\\0041', $$x$$, 'ä'"),
    ]);
}

#[test]
fn several_queries_in_flight() {
    let sides = Sides::new();
    sides.check(&[
        Step::ready(
            4,
            &[
                frontend::query("select 1"),
                frontend::query("select 1/0"),
                frontend::query(""),
                frontend::query("begin; select 2"),
            ],
        ),
        Step::ready(
            3,
            &[
                frontend::query("selekt"),
                frontend::query("select 3"),
                frontend::query("rollback"),
            ],
        ),
    ]);
}

#[test]
fn extended_queries() {
    let sides = Sides::new();
    sides.check(&[
        Step::ready(1, &[extended("", "select 1 as one"), sync()]),
        Step::ready(1, &[extended("", "insert into sink values (1, 'x')"), sync()]),
        Step::ready(1, &[extended("", ""), sync()]),
        Step::ready(1, &[sync()]),
        Step::ready(3, &[sync(), sync(), sync()]),
        Step::ready(
            1,
            &[
                frontend::parse("s", "select * from t where a > $1::int order by a"),
                frontend::describe_statement("s"),
                frontend::bind("p", "s", &[Some(b"1")]),
                frontend::describe_portal("p"),
                frontend::execute("p", 2),
                frontend::execute("p", 1),
                frontend::execute("p", 0),
                frontend::execute("p", 0),
                frontend::close_portal("p"),
                frontend::close_portal("never there"),
                frontend::bind("p", "s", &[None]),
                frontend::execute("p", 0),
                sync(),
            ],
        ),
        // Errors at each stage, and what comes behind them.
        Step::ready(
            1,
            &[frontend::parse("s", "select 1"), extended("", "select 2"), sync()],
        ),
        Step::ready(
            1,
            &[frontend::parse("", "selekt"), frontend::execute("", 0), sync()],
        ),
        Step::ready(1, &[frontend::bind("", "missing", &[]), sync()]),
        Step::ready(1, &[frontend::execute("missing", 0), sync()]),
        Step::ready(1, &[frontend::describe_statement("missing"), sync()]),
        Step::ready(1, &[frontend::bind("", "s", &[Some(b"not a number")]), sync()]),
        Step::ready(1, &[extended("", "select 1/0"), sync()]),
        Step::ready(
            3,
            &[
                extended("", "select 1"),
                sync(),
                extended("", "select 1/0"),
                extended("", "select 'skipped'"),
                frontend::close_statement("s"),
                sync(),
                extended("", "select 3"),
                sync(),
            ],
        ),
        Step::ready(
            1,
            &[
                frontend::close_statement("s"),
                frontend::close_statement("s"),
                sync(),
            ],
        ),
        // In a block.
        Step::query("begin"),
        Step::ready(1, &[extended("a", "select 1"), extended("b", "select 2"), sync()]),
        Step::ready(1, &[frontend::execute("a", 0), frontend::execute("b", 0), sync()]),
        Step::ready(1, &[frontend::parse("c", "selekt"), sync()]),
        Step::ready(1, &[extended("", "select 1"), sync()]),
        Step::ready(1, &[extended("", "rollback"), sync()]),
    ]);
}

#[test]
fn flushes() {
    let sides = Sides::new();
    let flush = frontend::flush;
    sides.check(&[
        Step::until(
            b'1',
            1,
            &[frontend::parse("s", "select * from t order by a"), flush()],
        ),
        Step::until(b'T', 1, &[frontend::describe_statement("s"), flush()]),
        Step::until(b'2', 1, &[frontend::bind("p", "s", &[]), flush()]),
        Step::until(b's', 1, &[frontend::execute("p", 2), flush()]),
        Step::until(b'C', 1, &[frontend::execute("p", 0), flush()]),
        Step::until(b'3', 1, &[frontend::close_portal("p"), flush()]),
        Step::until(b'E', 1, &[frontend::parse("", "selekt"), flush()]),
        Step::ready(1, &[sync()]),
        // A Query ends what was begun.
        Step::ready(1, &[extended("", "select 1"), frontend::query("select 2")]),
        Step::ready(1, &[sync()]),
    ]);
}

#[test]
fn copies_out() {
    let sides = Sides::new();
    sides.check(&[
        Step::query("copy t to stdout"),
        Step::query("copy t to stdout (format binary)"),
        Step::query("copy (select * from t order by a desc) to stdout with csv header"),
        Step::query("copy t (b) to stdout; select 1; copy t to stdout"),
        Step::query("copy missing to stdout"),
        Step::query("copy (select 1 / (3 - a) from t order by a) to stdout"),
        Step::ready(1, &[extended("", "copy t to stdout"), sync()]),
        Step::ready(
            1,
            &[
                extended("", "select 1"),
                extended("c", "copy t to stdout"),
                extended("", "select 2"),
                sync(),
            ],
        ),
        Step::ready(
            1,
            &[
                extended("", "copy (select 1 / (3 - a) from t order by a) to stdout"),
                sync(),
            ],
        ),
        Step::query("begin; copy t to stdout; commit"),
    ]);
}

#[test]
fn copies_in() {
    let sides = Sides::new();
    let (data, done) = (frontend::copy_data, frontend::copy_done);
    let begin = |sql: &str| Step::until(b'G', 1, &[frontend::query(sql)]);
    sides.check(&[
        // Waiting for the server's word, as libpq does, and not.
        begin("copy sink from stdin"),
        Step::ready(1, &[data("1\tone\n"), data("2\tt"), data("wo\n"), done()]),
        Step::ready(
            1,
            &[
                frontend::query("copy sink from stdin"),
                data("3\tthree\n"),
                done(),
            ],
        ),
        begin("copy sink from stdin (format csv)"),
        Step::ready(1, &[data("4,four\n5,five"), done()]),
        begin("copy sink from stdin"),
        Step::ready(1, &[frontend::copy_fail("changed my mind")]),
        begin("copy sink from stdin"),
        Step::ready(1, &[done()]),
        // An error in the data: the rest is dropped.
        begin("copy sink from stdin"),
        Step::ready(
            2,
            &[
                data("x\ty\n"),
                data("6\tsix\n"),
                done(),
                frontend::query("select 1"),
            ],
        ),
        // Several in a script.
        begin("copy sink from stdin; select 1; copy sink from stdin"),
        Step::until(b'G', 1, &[data("7\tseven\n"), done()]),
        Step::ready(1, &[data("8\teight\n"), done()]),
        // Flush and Sync within the data mean nothing.
        begin("copy sink from stdin"),
        Step::ready(
            1,
            &[
                data("9\tnine\n"),
                frontend::flush(),
                sync(),
                data("10\tten\n"),
                done(),
            ],
        ),
        Step::query("select * from sink order by a"),
    ]);
}

#[test]
fn copies_in_by_the_extended_protocol() {
    let sides = Sides::new();
    let (data, done) = (frontend::copy_data, frontend::copy_done);
    let sql = "copy sink from stdin";
    let begin = || {
        Step::until(
            b'G',
            1,
            &[
                frontend::parse("", sql),
                frontend::bind("", "", &[]),
                frontend::execute("", 0),
                frontend::flush(),
            ],
        )
    };
    sides.check(&[
        begin(),
        Step::ready(1, &[data("1\tone\n"), done(), sync()]),
        begin(),
        Step::ready(1, &[frontend::copy_fail("no"), sync()]),
        begin(),
        Step::ready(1, &[data("bad\n"), data("2\ttwo\n"), done(), sync()]),
        // As libpq sends it: with a Sync that the copy swallows, and another behind the data.
        Step::until(b'G', 1, &[extended("", sql), sync()]),
        Step::ready(1, &[data("3\tthree\n"), done(), sync()]),
        Step::until(b'G', 1, &[extended("", sql), sync()]),
        Step::ready(
            2,
            &[data("bad\n"), done(), sync(), extended("", "select 1"), sync()],
        ),
        Step::query("begin"),
        begin(),
        Step::ready(1, &[data("4\tfour\n"), done(), extended("", "select 1"), sync()]),
        Step::query("commit"),
        Step::query("select * from sink order by a"),
    ]);
}

#[test]
fn data_outside_a_copy_is_ignored() {
    let sides = Sides::new();
    sides.check(&[
        Step::ready(
            1,
            &[
                frontend::copy_data("1\tone\n"),
                frontend::copy_done(),
                frontend::copy_fail("x"),
                frontend::query("select 1"),
            ],
        ),
        Step::ready(
            1,
            &[
                extended("", "select 1"),
                frontend::copy_data("x"),
                frontend::copy_done(),
                sync(),
            ],
        ),
    ]);
}

#[test]
fn settings_and_cursors() {
    let sides = Sides::new();
    sides.check(&[
        Step::query("set timezone to 'Asia/Tokyo'; set application_name to 'x'; set datestyle to german"),
        Step::query("begin; set timezone to 'UTC'; set client_encoding to latin1; rollback"),
        Step::query("set standard_conforming_strings to off"),
        Step::query("select 'a\\'b'"),
        Step::query("set standard_conforming_strings to on; select 'a\\'"),
        Step::query("set client_encoding to sjis"),
        Step::query("select 'ab', length('\u{3042}')"),
        Step::query("reset all"),
        Step::query(
            "begin; declare c cursor for select * from t order by a; declare h cursor with hold for table t",
        ),
        Step::query("fetch 2 from c; move 1 in c; fetch all from c"),
        Step::ready(
            1,
            &[frontend::execute("c", 0), frontend::describe_portal("c"), sync()],
        ),
        Step::query("commit; fetch all from h; close h"),
        Step::query("prepare s (int) as select * from t where a = $1; execute s(2); deallocate s"),
        Step::ready(1, &[frontend::parse("s", "select 1"), sync()]),
        Step::query("execute s; deallocate all; discard all"),
        Step::query("execute s"),
    ]);
}

#[test]
fn function_calls() {
    let sides = Sides::new();
    // int4pl and a function that there isn't.
    sides.check(&[
        Step::ready(1, &[frontend::function_call(177, &[b"2", b"3"])]),
        Step::ready(1, &[frontend::function_call(1, &[])]),
        Step::ready(1, &[frontend::function_call(177, &[b"2", b"x"])]),
        Step::query("begin"),
        Step::ready(
            2,
            &[
                frontend::function_call(177, &[b"2"]),
                frontend::function_call(177, &[b"2", b"3"]),
            ],
        ),
        Step::query("rollback"),
    ]);
}

#[test]
fn large_messages() {
    let sides = Sides::new();
    let large = "x".repeat(3 * 1024 * 1024);
    let steps = [
        Step::query(format!("select length('{large}'), repeat('y', 3000000)")),
        Step::ready(
            1,
            &[
                frontend::parse("", "select $1::text, length($1)"),
                frontend::bind("", "", &[Some(large.as_bytes())]),
                frontend::execute("", 0),
                sync(),
            ],
        ),
        Step::until(b'G', 1, &[frontend::query("copy sink (b) from stdin")]),
        Step::ready(
            1,
            &[
                frontend::copy_data(&large),
                frontend::copy_data("\n"),
                frontend::copy_done(),
            ],
        ),
        Step::query("copy sink to stdout"),
        Step::query(format!(
            "do $$ begin raise notice '{}'; end $$",
            "n".repeat(1024 * 1024)
        )),
    ];
    let expected = sides.answers(sides.database.client().unwrap(), &steps, Pace::Whole);
    let answers = sides.answers(
        sides.proxy.client("alice", "orders").unwrap(),
        &steps,
        Pace::Whole,
    );
    assert!(answers == expected);
    sides.proxy.assert_idle();
}

/// The server gives a connection up that sends something else in the middle of its data; that of PostgreSQL 13 only fails
/// the copy.
#[test]
fn a_query_within_the_data() {
    let sides = Sides::new();
    let last_words = [
        sides.database.client().unwrap(),
        sides.proxy.client("alice", "orders").unwrap(),
    ]
    .map(|mut client| {
        hold(
            &mut client,
            &[Step::until(b'G', 1, &[frontend::query("copy sink from stdin")])],
            Pace::Whole,
        );
        client
            .send(&[frontend::copy_data("1\tone\n"), frontend::query("select 1")].concat())
            .unwrap();
        let mut messages = Vec::new();
        while let Some(message) = client.receive().unwrap() {
            let ready = message.tag == b'Z';
            messages.push(message);
            if ready {
                break;
            }
        }
        messages
    });
    assert_eq!(last_words[0].len(), 2);
    assert_eq!(last_words[0], last_words[1]);
    sides.proxy.assert_idle();
}

/// What the server says unasked comes at once, not with the next answer.
#[test]
fn notifications_while_idle() {
    let sides = Sides::new();
    let mut listener = sides.proxy.client("alice", "orders").unwrap();
    listener.query("listen news").unwrap();
    let mut notifier = sides.proxy.client("alice", "orders").unwrap();
    let (pid, _) = notifier.backend_key().unwrap();
    notifier.query("notify news, 'heard'").unwrap();
    let heard = listener.receive().unwrap().unwrap();
    assert_eq!(heard.bytes(), {
        let mut body = pid.to_be_bytes().to_vec();
        body.extend(b"news\0heard\0");
        frontend::message(b'A', &body)
    });
    drop((listener, notifier));
    sides.check(&[
        Step::query("listen news; notify news, 'own'"),
        Step::query("begin; notify news"),
        Step::query("commit"),
    ]);
}

/// The server's last words reach the client, and then its close does.
#[test]
fn the_server_ends_the_session() {
    let sides = Sides::new();
    let mut client = sides.proxy.client("alice", "orders").unwrap();
    client
        .send(&frontend::query("select pg_terminate_backend(pg_backend_pid())"))
        .unwrap();
    let last = client.receive_to_end().unwrap().pop().unwrap();
    assert_eq!(last.sqlstate().as_deref(), Some("57P01"));
    assert!(last.field(b'F').is_some(), "it is the server's own");
    let mut idle = sides.proxy.client("alice", "orders").unwrap();
    let (pid, _) = idle.backend_key().unwrap();
    sides
        .database
        .execute_as_superuser(&format!("select pg_terminate_backend({pid})"))
        .unwrap();
    let messages = idle.receive_to_end().unwrap();
    assert_eq!(messages.last().unwrap().sqlstate().as_deref(), Some("57P01"));
    sides.proxy.assert_idle();
}

/// The commonest clients send nothing but Terminate and close at once.
#[test]
fn what_was_sent_before_the_close_is_done() {
    let sides = Sides::new();
    let mut client = sides.proxy.client("alice", "orders").unwrap();
    client
        .send(
            &[
                frontend::query("insert into sink values (1, 'left')"),
                frontend::terminate(),
            ]
            .concat(),
        )
        .unwrap();
    drop(client);
    wait_for("the row of a client that said goodbye", || {
        sides.database.scalar("select count(*) from sink").unwrap() == "1"
    });
    sides.proxy.assert_idle();
}
