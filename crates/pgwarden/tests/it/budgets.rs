//! A result within its budget passes whole. One beyond it is ended with an error at the first row too many, whatever it came by, and the session goes
//! on in the state that the server reports.

mod paging;
mod scopes;

use testkit::{Message, Proxy, RawClient, Record, TestDb, frontend, trace};

use crate::clients::with_client;
use crate::database;

/// A record on which five rows may be read at a time.
fn five_rows() -> Record {
    many_times_five_rows().setting("copy_rows_per_session", 1_000_000)
}

/// The same, with as many in a session as the test says.
fn many_times_five_rows() -> Record {
    Record::new("orders").setting("copy_rows", 5)
}

/// A database with a hundred numbers, and pgwarden before it.
fn proxy(record: Record) -> (TestDb, Proxy) {
    let database = database();
    database
        .execute("create table n as select g as a from generate_series(1, 100) g; create table w (a int)")
        .unwrap();
    let proxy = Proxy::before(&database).record(record).start().unwrap();
    (database, proxy)
}

fn rows(messages: &[Message]) -> usize {
    messages.iter().filter(|message| message.tag == b'D').count()
}

/// The errors, in short: severity, SQLSTATE, message and detail.
fn errors(messages: &[Message]) -> Vec<String> {
    let errors = messages.iter().filter(|message| message.tag == b'E');
    errors
        .map(|error| {
            let field = |code| error.field(code).unwrap_or_default();
            format!(
                "{} {} {} | {}",
                field(b'V'),
                field(b'C'),
                field(b'M'),
                field(b'D')
            )
        })
        .collect()
}

fn status(messages: &[Message]) -> String {
    let ready = messages.iter().rev().find(|message| message.tag == b'Z');
    String::from_utf8_lossy(&ready.unwrap().body).into_owned()
}

/// Five rows and the error of `copy_rows`.
#[track_caller]
fn check_ended(messages: &[Message], completed: &str, expected_status: &str) {
    let shown = trace(messages);
    assert_eq!(rows(messages), 5, "{shown}");
    let errors = errors(messages);
    assert_eq!(errors.len(), 1, "{shown}");
    let begin = "ERROR 54000 ended by pgwarden: the result exceeds copy_rows (5) on record \"orders\" | 5 rows had passed; the statement had ";
    let rest = errors[0]
        .strip_prefix(begin)
        .unwrap_or_else(|| panic!("{errors:?}"));
    assert!(rest.starts_with(completed), "{errors:?}");
    assert_eq!(status(messages), expected_status, "{shown}");
}

/// A statement works that has nothing to do with what was before.
#[track_caller]
fn check_next(client: &mut RawClient) {
    let messages = client.query("select 'next'").unwrap();
    assert_eq!((rows(&messages), errors(&messages)), (1, vec![]));
}

const COMPLETED: &str = "completed; outside a transaction block its effects stand.";

#[test]
fn so_many_rows_pass_and_no_more() {
    let (_database, proxy) = proxy(five_rows());
    let mut client = proxy.client("alice", "orders").unwrap();
    for sql in [
        "select a from n limit 5",
        "select a from n limit 5; select a from n limit 5",
        "values (1), (2), (3), (4), (5)",
        "explain select 1",
        "show work_mem",
    ] {
        let messages = client.query(sql).unwrap();
        assert_eq!(errors(&messages), [""; 0], "{sql}");
    }
    for sql in [
        "select a from n limit 6",
        "select a from n",
        "select generate_series(1, 10000000)",
        "values (1), (2), (3), (4), (5), (6)",
        "explain (costs off) select 1 from n union all select 2 from n union all select 3 from n union all select 4 from n union all select 5 from n",
        "show all",
        "select 'after', a from n limit 6; select 1",
    ] {
        let messages = client.query(sql).unwrap();
        check_ended(&messages, "", "I");
        check_next(&mut client);
    }
    let messages = client.query("select 1; select a from n; select 2").unwrap();
    assert_eq!(
        (rows(&messages), errors(&messages).len()),
        (6, 1),
        "{}",
        trace(&messages)
    );
    check_next(&mut client);
    drop(client);
    proxy.assert_idle();
}

#[test]
fn a_running_statement_is_cancelled() {
    let (database, proxy) = proxy(five_rows());
    let mut client = proxy.client("alice", "orders").unwrap();
    // It would run for hours.
    let endless = "select generate_series(1, 1000000000000)";
    let messages = client.query(endless).unwrap();
    check_ended(&messages, "not completed.", "I");
    check_next(&mut client);
    let begin = client.query("begin").unwrap();
    assert_eq!(status(&begin), "T");
    check_ended(&client.query(endless).unwrap(), "not completed.", "E");
    let messages = client.query("rollback").unwrap();
    assert_eq!(status(&messages), "I");
    check_next(&mut client);
    assert!(
        database
            .log()
            .unwrap()
            .iter()
            .any(|line| line.contains("canceling statement due to user request")),
        "the server was asked to cancel"
    );
    drop(client);
    proxy.assert_idle();
}

#[test]
fn what_completes_before_it_can_be_cancelled() {
    let (database, proxy) = proxy(five_rows());
    let mut client = proxy.client("alice", "orders").unwrap();
    let insert = "insert into w select a from n returning a";
    let count = || database.scalar("select count(*) from w").unwrap();
    // In a block nothing stays.
    client.query("begin").unwrap();
    check_ended(&client.query(insert).unwrap(), COMPLETED, "E");
    let refused = client.query("select 1").unwrap();
    assert!(errors(&refused)[0].contains("25P02"), "{}", trace(&refused));
    client.query("commit").unwrap();
    assert_eq!(count(), "0");
    // A savepoint is a way back, as from any error.
    client.query("begin; savepoint s").unwrap();
    check_ended(&client.query(insert).unwrap(), COMPLETED, "E");
    let messages = client
        .query("rollback to s; insert into w values (1); commit")
        .unwrap();
    assert_eq!((errors(&messages), status(&messages)), (vec![], "I".to_owned()));
    assert_eq!(count(), "1");
    // Outside it stands, and the error says so.
    check_ended(&client.query(insert).unwrap(), COMPLETED, "I");
    assert_eq!(count(), "101");
    check_ended(
        &client.query("delete from w where a > 1 returning a").unwrap(),
        COMPLETED,
        "I",
    );
    assert_eq!(count(), "2");
    check_next(&mut client);
    drop(client);
    proxy.assert_idle();
}

/// Parse, Bind, Describe, Execute of a statement, without the Sync.
fn extended(portal: &str, statement: &str, sql: &str) -> Vec<u8> {
    [
        frontend::parse(statement, sql),
        frontend::bind(portal, statement, &[]),
        frontend::describe_portal(portal),
        frontend::execute(portal, 0),
    ]
    .concat()
}

#[test]
fn extended_queries() {
    let (database, proxy) = proxy(five_rows());
    let mut client = proxy.client("alice", "orders").unwrap();
    let select = |client: &mut RawClient, sql: &str| {
        client
            .send(&[extended("", "", sql), frontend::sync()].concat())
            .unwrap();
        client.receive_ready().unwrap()
    };
    let messages = select(&mut client, "select a from n limit 5");
    assert_eq!((rows(&messages), errors(&messages)), (5, vec![]));
    check_ended(&select(&mut client, "select a from n limit 6"), COMPLETED, "I");
    check_ended(
        &select(&mut client, "select generate_series(1, 10000000000)"),
        "not completed.",
        "I",
    );
    // The unnamed statement is still there, as it is after any error.
    let again = [
        frontend::bind("", "", &[]),
        frontend::execute("", 0),
        frontend::sync(),
    ]
    .concat();
    client.send(&again).unwrap();
    check_ended(&client.receive_ready().unwrap(), "not completed.", "I");
    check_ended(&select(&mut client, "select a from n limit 6"), COMPLETED, "I");
    client.send(&again).unwrap();
    check_ended(&client.receive_ready().unwrap(), COMPLETED, "I");
    // In a block.
    client.query("begin").unwrap();
    check_ended(
        &select(&mut client, "insert into w select a from n returning a"),
        COMPLETED,
        "E",
    );
    client.query("rollback").unwrap();
    // Without a Sync nothing is committed, so nothing stays either.
    let insert = extended("", "", "insert into w select a from n returning a");
    client.send(&[insert, frontend::flush()].concat()).unwrap();
    let mut messages = client.receive_until(b'E').unwrap();
    client
        .send(&[frontend::execute("", 0), frontend::sync()].concat())
        .unwrap();
    messages.extend(client.receive_ready().unwrap());
    check_ended(&messages, COMPLETED, "I");
    assert_eq!(database.scalar("select count(*) from w").unwrap(), "0");
    check_next(&mut client);
    // What stands before the Sync is skipped with it.
    let both = [
        extended("", "", "select a from n limit 6"),
        extended("", "", "insert into w values (7)"),
        frontend::sync(),
    ];
    client.send(&both.concat()).unwrap();
    check_ended(&client.receive_ready().unwrap(), COMPLETED, "I");
    check_next(&mut client);
    drop(client);
    proxy.assert_idle();
}

#[test]
fn something_in_flight_behind_ends_the_session() {
    let (_database, proxy) = proxy(five_rows());
    for pipeline in [
        [
            frontend::query("select a from n"),
            frontend::query("insert into w values (1)"),
        ]
        .concat(),
        [
            extended("", "", "select a from n"),
            frontend::sync(),
            extended("", "", "insert into w values (1)"),
            frontend::sync(),
        ]
        .concat(),
    ] {
        let mut client = proxy.client("alice", "orders").unwrap();
        client.send(&pipeline).unwrap();
        let messages = client.receive_to_end().unwrap();
        assert_eq!(rows(&messages), 5, "{}", trace(&messages));
        assert_eq!(
            errors(&messages),
            [format!(
                "FATAL 54000 ended by pgwarden: the result exceeds copy_rows (5) on record \"orders\" | \
                 5 rows had passed; the statement had {COMPLETED}"
            )]
        );
        drop(client);
        proxy.assert_idle();
    }
}

#[test]
fn an_error_of_the_server_spares_what_is_in_flight_behind() {
    let (_database, proxy) = proxy(five_rows());
    let mut client = proxy.client("alice", "orders").unwrap();
    let failing = "select 1 / (50 - a) from generate_series(1, 100) a";
    client
        .send(&[frontend::query(failing), frontend::query("select 'behind'")].concat())
        .unwrap();
    check_ended(&client.receive_ready().unwrap(), "not completed.", "I");
    let messages = client.receive_ready().unwrap();
    assert_eq!((rows(&messages), errors(&messages)), (1, vec![]));
    drop(client);
    proxy.assert_idle();
}

#[test]
fn bytes_are_counted_before_they_pass() {
    let (_database, proxy) = proxy(Record::new("orders").with("copy_bytes = \"64KiB\""));
    let mut client = proxy.client("alice", "orders").unwrap();
    // A DataRow of one value has 11 bytes more.
    let within = client.query("select repeat('x', 65525)").unwrap();
    assert_eq!((rows(&within), errors(&within)), (1, vec![]));
    for sql in [
        "select repeat('x', 65526)",
        "select repeat('x', 50000000)",
        "do $$ begin for i in 1..1000 loop raise notice '%', repeat('x', 1000); end loop; end $$",
    ] {
        client.send(&frontend::query(sql)).unwrap();
        let mut bytes = 0;
        let messages = client.receive_ready().unwrap();
        for message in &messages {
            bytes += message.body.len() + 5;
        }
        assert!(bytes < 66_000, "{bytes} bytes came: {sql}");
        let errors = errors(&messages);
        assert_eq!(errors.len(), 1, "{}", trace(&messages));
        assert!(
            errors[0].contains("54000 ended by pgwarden: the result exceeds copy_bytes (65536)"),
            "{errors:?}"
        );
        assert!(errors[0].contains("rows of"), "{errors:?}");
        check_next(&mut client);
    }
    // An error is a way out as well.
    let messages = client
        .query("do $$ begin raise exception '%', repeat('x', 100000); end $$")
        .unwrap();
    assert!(
        messages.iter().all(|message| message.body.len() < 1000),
        "{}",
        trace(&messages)
    );
    assert!(
        errors(&messages)[0].starts_with("ERROR 54000"),
        "{}",
        trace(&messages)
    );
    drop(client);
    proxy.assert_idle();
}

#[test]
fn a_cancel_never_hits_what_comes_next() {
    let (_database, proxy) = proxy(five_rows());
    let mut client = proxy.client("alice", "orders").unwrap();
    for round in 0..50 {
        // Long enough that the request may come before the end, while it runs, or after it.
        let many = 10 + round * 400;
        let sql = format!("insert into w select generate_series(1, {many}) returning a");
        client
            .send(&frontend::query(if round % 2 == 0 {
                sql
            } else {
                format!("select generate_series(1, {many})")
            }))
            .unwrap();
        check_ended(&client.receive_ready().unwrap(), "", "I");
        for _ in 0..3 {
            let next = client
                .query("select count(*) from generate_series(1, 20000)")
                .unwrap();
            assert_eq!((rows(&next), errors(&next)), (1, vec![]), "in round {round}");
        }
    }
    drop(client);
    proxy.assert_idle();
}

#[test]
fn it_is_counted_and_recorded() {
    let (_database, proxy) = proxy(five_rows());
    let mut client = proxy.client("alice", "orders").unwrap();
    check_ended(&client.query("select a from n").unwrap(), "", "I");
    let labels = [("record", "orders"), ("setting", "copy_rows")];
    assert_eq!(proxy.metric("pgwarden_refusals_total", &labels).unwrap(), 1.0);
    client.send(&frontend::terminate()).unwrap();
    drop(client);
    proxy.assert_idle();
    let exported = proxy.cli(&["export", "last", "--format", "jsonl"]).unwrap();
    let text = exported.stdout;
    assert!(
        text.contains("ended by pgwarden: the result exceeds copy_rows (5) on record"),
        "{text}"
    );
    let played = proxy.cli(&["play", "last", "--no-wait"]).unwrap();
    let text = played.stdout;
    assert!(
        text.contains("ended by pgwarden: the result exceeds copy_rows (5)"),
        "{text}"
    );
    assert!(text.contains("5\n") && !text.contains("6\n"), "{text}");
}

#[test]
fn psql_shows_it() {
    let (_database, proxy) = proxy(five_rows());
    let shown = proxy
        .psql("alice", "orders", "select a from n; select 'next'", &["-At"])
        .unwrap();
    assert_eq!(
        shown.stdout, "next\n",
        "psql shows no rows of a result that failed"
    );
    assert!(
        shown
            .stderr
            .contains("ERROR:  ended by pgwarden: the result exceeds copy_rows (5) on record \"orders\""),
        "{}",
        shown.stderr
    );
    assert!(
        shown.stderr.contains("HINT:  Ask for less, or ask whoever administers pgwarden to raise copy_rows, or switch on can_copy_to_clipboard, for you on this record."),
        "{}",
        shown.stderr
    );
    proxy.assert_idle();
}

#[test]
fn tokio_postgres_is_told() {
    let (_database, proxy) = proxy(five_rows());
    with_client(
        &proxy.connection_string("alice", "orders").unwrap(),
        async |client| {
            let statement = client.prepare("select a from n limit $1").await.unwrap();
            for _ in 0..3 {
                assert_eq!(client.query(&statement, &[&5_i64]).await.unwrap().len(), 5);
                let error = client.query(&statement, &[&6_i64]).await.unwrap_err();
                assert_eq!(error.code().unwrap().code(), "54000", "{error:?}");
            }
        },
    );
    proxy.assert_idle();
}

#[test]
fn protocol_3_2() {
    let (_database, proxy) = proxy(five_rows());
    let mut client = RawClient::connect(proxy.address()).unwrap();
    let password = proxy.password("alice").unwrap();
    client
        .try_login_by(0x0003_0002, &[("user", "alice@orders")], password)
        .unwrap();
    check_ended(&client.query("select a from n").unwrap(), "", "I");
    check_next(&mut client);
    drop(client);
    proxy.assert_idle();
}
