//! Replication connections on the wire: what is a command and what is SQL, and when a stream ends.

use std::fmt::Write as _;

use testkit::{Cluster, Config, Message, Proxy, RawClient, Record, TestDb, frontend, trace, wait_for};

use crate::conversation::{Pace, Step, hold};

fn database() -> TestDb {
    let database = Cluster::shared().unwrap().database().unwrap();
    database.grant_replication().unwrap();
    database.execute("create table t (a int)").unwrap();
    database
}

fn replicators(database: &TestDb) -> Config {
    Proxy::before(database).record(Record::new("orders").setting("can_replicate", true))
}

fn log_in(proxy: &Proxy, replication: &str) -> RawClient {
    let mut client = RawClient::connect(proxy.address()).unwrap();
    client
        .login(
            &[("user", "alice@orders"), ("replication", replication)],
            proxy.password("alice").unwrap(),
        )
        .unwrap();
    client
}

fn log_in_directly(database: &TestDb, replication: &str) -> RawClient {
    let mut client = RawClient::connect(database.cluster().address()).unwrap();
    client
        .login(
            &[
                ("user", database.login()),
                ("database", database.name()),
                ("replication", replication),
            ],
            database.password(),
        )
        .unwrap();
    client
}

/// Starts streaming what is decoded, by a slot that ends with the connection.
fn start_streaming(client: &mut RawClient, database: &TestDb) {
    // Slots are the server's, which other tests use too.
    let slot = database.name();
    client
        .rows(&format!(
            "CREATE_REPLICATION_SLOT {slot} TEMPORARY LOGICAL test_decoding NOEXPORT_SNAPSHOT"
        ))
        .unwrap();
    client
        .send(&frontend::query(format!(
            "START_REPLICATION SLOT {slot} LOGICAL 0/0"
        )))
        .unwrap();
    let answer = client.receive_until(b'W').unwrap();
    assert_eq!(trace(&answer), "B  CopyBothResponse\n");
}

/// Reads on until this text is streamed.
fn await_streamed(client: &mut RawClient, text: &str) {
    loop {
        let message = client.receive().unwrap().unwrap();
        assert_eq!(message.tag, b'd', "{message:?}");
        if String::from_utf8_lossy(&message.body).contains(text) {
            return;
        }
    }
}

fn trace_to_end(client: &mut RawClient) -> Vec<Message> {
    let mut answers = client.receive_to_end().unwrap();
    answers.retain(|message| message.tag != b'd');
    answers
}

#[test]
fn both_kinds_answer_as_the_server_does() {
    let database = database();
    let proxy = replicators(&database).start().unwrap();
    let steps = [
        Step::query("SHOW server_version"),
        Step::query("show server_version"),
        Step::query("SELECT 1; SELECT 2"),
        Step::query("READ_REPLICATION_SLOT nope"),
        Step::query("DROP_REPLICATION_SLOT nope"),
        Step::query("START_REPLICATION SLOT nope LOGICAL 0/0"),
        Step::query("START_REPLICATION SLOT nope LOGICAL"),
        Step::query("TIMELINE_HISTORY 77"),
        Step::query("CREATE_REPLICATION_SLOT \"Nope\" LOGICAL test_decoding"),
        Step::query("BASE_BACKUP (nonsense)"),
        Step::query("BASE_BACKUP; SELECT 1"),
        Step::query("BASE_BACKUP 'open"),
        Step::query("base_backup"),
        Step::query("/* */ BASE_BACKUP"),
        Step::query(";"),
        Step::query(""),
        Step::query("begin"),
        Step::query("TIMELINE_HISTORY 77"),
        Step::query("SHOW server_version"),
        Step::query("rollback"),
        // The extended protocol is the server's to refuse.
        Step::ready(1, &[frontend::parse("", "select 1"), frontend::sync()]),
        Step::ready(1, &[frontend::execute("", 0), frontend::sync()]),
        Step::ready(1, &[frontend::copy_data("stray"), frontend::sync()]),
        Step::query("SELECT 3"),
    ];
    for replication in ["true", "database"] {
        for pace in [Pace::Whole, Pace::Bytewise] {
            let mut ours = log_in(&proxy, replication);
            let mut theirs = log_in_directly(&database, replication);
            let answers = hold(&mut ours, &steps, pace);
            assert_eq!(answers, hold(&mut theirs, &steps, pace), "{replication}");
            let errors = answers.iter().filter(|message| message.tag == b'E').count();
            assert!(errors > 12, "{errors}");
        }
    }
    proxy.assert_idle();
}

/// What pgwarden takes for a command is exactly what the server does, which tells by its error: the grammar of replication names no place.
#[test]
fn the_server_draws_the_same_line() {
    let database = database();
    let proxy = replicators(&database).start().unwrap();
    let mut server = log_in_directly(&database, "database");
    let version: u32 = database
        .scalar("show server_version_num")
        .unwrap()
        .parse()
        .unwrap();
    let mut texts = Vec::new();
    for keyword in [
        "ALTER_REPLICATION_SLOT",
        "BASE_BACKUP",
        "CREATE_REPLICATION_SLOT",
        "DROP_REPLICATION_SLOT",
        "IDENTIFY_SYSTEM",
        "READ_REPLICATION_SLOT",
        "START_REPLICATION",
        "TIMELINE_HISTORY",
        "UPLOAD_MANIFEST",
        "TIMELINE",
        "SLOT",
        "PHYSICAL",
        "SELECT",
    ] {
        let unknown = match keyword {
            "ALTER_REPLICATION_SLOT" | "UPLOAD_MANIFEST" => version < 170_000,
            "READ_REPLICATION_SLOT" => version < 150_000,
            _ => false,
        };
        if unknown {
            continue;
        }
        let mixed = format!("{}{}", &keyword[..1], keyword[1..].to_lowercase());
        for word in [keyword.to_owned(), keyword.to_lowercase(), mixed] {
            for before in [
                "", " ", "\t", "\n", "\r", "\x0b", "\x0c", " \n\t", ";", "(", ",", "/**/", "--\n", "-", "1",
                "_", "\u{e9}", "\u{a0}", "$", "$$", "''", "\"\"", "E", "A/",
            ] {
                // Up to 16 a vertical tab is no white space to the scanner of replication commands.
                if before == "\x0b" && version < 170_000 {
                    continue;
                }
                texts.push(format!("{before}{word}\n) ("));
            }
            for behind in [
                "S", "_", "1", "$", "\u{e9}", ";", ".", "/", "'", "\"", "(", "--", "/*", "\x0b", "\\", "/1",
            ] {
                texts.push(format!("{word}{behind}\n) ("));
            }
        }
    }
    let mut questions = String::new();
    for text in &texts {
        let json: String = text
            .chars()
            .flat_map(|it| format!("\\u{:04x}", u32::from(it)).into_bytes())
            .map(char::from)
            .collect();
        writeln!(questions, "{{\"sql\": \"{json}\", \"replication\": true}}").unwrap();
    }
    let explained = proxy
        .cli_with_input(
            &["policy", "explain", "--record", "orders", "--jsonl"],
            &questions,
        )
        .unwrap();
    let mut commands = 0;
    for (text, line) in texts.iter().zip(explained.stdout.lines()) {
        let answer: serde_json::Value = serde_json::from_str(line).unwrap();
        let kinds: Vec<&str> = answer["statements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|statement| statement["kind"].as_str().unwrap())
            .collect();
        let ours = [
            "identify_system",
            "base_backup",
            "start_replication",
            "timeline_history",
            "replication_slot",
            "upload_manifest",
        ]
        .iter()
        .any(|kind| kinds.iter().any(|found| found.ends_with(kind)));
        let answer = server.query(text).unwrap();
        let error = answer.iter().find(|message| message.tag == b'E').unwrap();
        assert_eq!(error.sqlstate().as_deref(), Some("42601"), "{text:?}");
        // A quote that stays open is an error before it is decided what the text is.
        if !ours && error.field(b'M').as_deref() == Some("unterminated quoted string") {
            continue;
        }
        let theirs = error.field(b'P').is_none();
        assert_eq!(ours, theirs, "{text:?}: {error:?}");
        commands += usize::from(ours);
    }
    assert_eq!(explained.stdout.lines().count(), texts.len());
    assert!(commands > 70, "{commands}");
    drop(server);
    proxy.assert_idle();
}

/// Both sides' data passes, and is in the recording as that of a COPY is.
#[test]
fn a_stream_is_relayed_and_recorded() {
    let database = database();
    let proxy = replicators(&database).start().unwrap();
    let mut client = log_in(&proxy, "database");
    start_streaming(&mut client, &database);
    database.execute("insert into t values (42)").unwrap();
    await_streamed(&mut client, "INSERT: a[integer]:42");
    // Standby status update: nothing is written, flushed or applied yet, and an answer is wanted.
    let status = [b"r".as_slice(), &[0; 32], &[1]].concat();
    client.send(&frontend::copy_data(&status)).unwrap();
    loop {
        let message = client.receive().unwrap().unwrap();
        if message.body.first() == Some(&b'k') {
            break;
        }
    }
    client.send(&frontend::copy_done()).unwrap();
    let mut end = client.receive_ready().unwrap();
    end.retain(|message| message.tag != b'd');
    assert_eq!(
        trace(&end),
        "B  CopyDone\nB  CommandComplete \"COPY 0\"\nB  CommandComplete \"START_REPLICATION\"\nB  ReadyForQuery Idle\n"
    );
    assert_eq!(client.rows("SELECT 'and goes on'").unwrap(), [["and goes on"]]);
    drop(client);
    proxy.assert_idle();

    let statements = |kind: &str| {
        proxy
            .metric("pgwarden_statements_total", &[("kind", kind)])
            .unwrap()
    };
    assert_eq!(statements("start_replication"), 1.0);
    assert_eq!(statements("create_replication_slot"), 1.0);
    let exported = proxy.cli(&["export", "last", "--format", "jsonl"]).unwrap();
    let lines: Vec<&str> = exported.expect_success().lines().collect();
    let has = |words: &[&str]| {
        lines
            .iter()
            .any(|line| words.iter().all(|word| line.contains(word)))
    };
    assert!(has(&["START_REPLICATION SLOT "]), "{lines:#?}");
    assert!(has(&["CopyBothResponse"]), "{lines:#?}");
    assert!(
        has(&["CopyData", "client"]) && has(&["CopyData", "server"]),
        "{lines:#?}"
    );
    let played = proxy.cli(&["play", "last", "--no-wait"]).unwrap();
    let played = played.expect_success();
    assert!(played.contains("START_REPLICATION SLOT "), "{played}");
    assert!(played.contains("of copy data in"), "{played}");
    assert!(played.contains("and goes on"), "{played}");
}

/// A stream is one statement that never ends, so taking the permission away ends the session.
#[test]
fn taking_the_permission_away_ends_a_stream() {
    let database = database();
    let mut proxy = replicators(&database).start().unwrap();
    let (on, off) = ("can_replicate = true", "can_replicate = false");
    let mut streaming = log_in(&proxy, "database");
    start_streaming(&mut streaming, &database);
    let mut waiting = log_in(&proxy, "true");
    let mut ordinary = proxy.client("alice", "orders").unwrap();
    // What changes nothing here ends nothing.
    proxy
        .reconfigure(
            "can_replicate = true",
            "can_replicate = true\ncan_export_csv = true",
        )
        .unwrap();
    database.execute("insert into t values (1)").unwrap();
    await_streamed(&mut streaming, "INSERT: a[integer]:1");
    assert_eq!(
        waiting.query("SHOW server_version").unwrap().last().unwrap().tag,
        b'Z'
    );

    proxy.reconfigure(on, off).unwrap();
    for client in [&mut streaming, &mut waiting] {
        let answers = trace_to_end(client);
        assert_eq!(
            trace(&answers),
            "B  ErrorResponse FATAL 57P01 \"terminating connection due to administrator command\"\n"
        );
        assert_eq!(
            answers[0].field(b'D').as_deref(),
            Some(
                "Replication connections are no longer allowed on record \"orders\" (can_replicate is off)."
            )
        );
        assert!(answers[0].field(b'H').unwrap().contains("can_replicate"));
    }
    assert_eq!(ordinary.rows("select 1").unwrap(), [["1"]]);
    let mut refused = RawClient::connect(proxy.address()).unwrap();
    let answers = refused
        .try_login(
            &[("user", "alice@orders"), ("replication", "on")],
            proxy.password("alice").unwrap(),
        )
        .unwrap();
    assert_eq!(answers.last().unwrap().sqlstate().as_deref(), Some("42501"));
    drop((streaming, waiting, ordinary, refused));
    proxy.assert_idle();
    assert_eq!(
        database
            .scalar("select count(*) from pg_replication_slots where database = current_database()")
            .unwrap(),
        "0"
    );
}

#[test]
fn monitor_mode_notes_replication() {
    let database = database();
    let mut proxy = Proxy::before(&database)
        .record(Record::new("orders").with("enforcement = \"monitor\"\ncan_replicate = false"))
        .start()
        .unwrap();
    let observed = |proxy: &Proxy| {
        proxy
            .metric(
                "pgwarden_observed_refusals_total",
                &[("setting", "can_replicate")],
            )
            .unwrap()
    };
    let mut client = log_in(&proxy, "database");
    assert_eq!(observed(&proxy), 1.0);
    start_streaming(&mut client, &database);
    assert_eq!(observed(&proxy), 3.0);
    // Given and taken away again, in monitor mode: noted, and nothing ends.
    proxy
        .reconfigure("can_replicate = false", "can_replicate = true")
        .unwrap();
    database.execute("insert into t values (1)").unwrap();
    await_streamed(&mut client, "INSERT: a[integer]:1");
    proxy
        .reconfigure("can_replicate = true", "can_replicate = false")
        .unwrap();
    wait_for("the reload to be noted", || observed(&proxy) == 4.0);
    database.execute("insert into t values (2)").unwrap();
    await_streamed(&mut client, "INSERT: a[integer]:2");
    proxy.reconfigure("\"monitor\"", "\"enforce\"").unwrap();
    assert_eq!(trace_to_end(&mut client)[0].sqlstate().as_deref(), Some("57P01"));
    drop(client);
    proxy.assert_idle();
}

/// A stream would outlast any `drain_timeout`, so draining doesn't wait for it.
#[test]
fn draining_ends_a_stream_at_once() {
    let database = database();
    let mut proxy = replicators(&database)
        .server("drain_timeout = \"1h\"")
        .start()
        .unwrap();
    let mut client = log_in(&proxy, "database");
    start_streaming(&mut client, &database);
    proxy.begin_shutdown().unwrap();
    assert_eq!(
        trace(&trace_to_end(&mut client)),
        "B  ErrorResponse FATAL 57P01 \"terminating connection due to administrator command\"\n"
    );
    assert!(proxy.await_end().unwrap().success());
    wait_for("the walsender's end", || database.backends().unwrap() == 0);
}

/// A stream in which nothing moves is no idle session, but has its time like any other.
#[test]
fn time_limits_of_a_stream() {
    let database = database();
    let proxy = replicators(&database)
        .server("idle_timeout = \"1s\"\nmax_session_duration = \"3s\"")
        .start()
        .unwrap();
    let mut client = log_in(&proxy, "database");
    start_streaming(&mut client, &database);
    assert_eq!(
        trace(&trace_to_end(&mut client)),
        "B  ErrorResponse FATAL 57P01 \"terminating connection due to max_session_duration\"\n"
    );
    drop(client);
    proxy.assert_idle();
}

/// Refused where it can't be undone: the library would be loaded, the copy made.
#[test]
fn what_else_is_refused_on_a_replication_connection() {
    let database = database();
    database.grant_superuser().unwrap();
    let proxy = replicators(&database).start().unwrap();
    let mut client = log_in(&proxy, "database");
    let target = proxy.directory().join("stolen");
    for (text, setting) in [
        (
            "CREATE_REPLICATION_SLOT s TEMPORARY LOGICAL \"/tmp/no-such-library\"".to_owned(),
            "can_run_server_programs",
        ),
        (format!("COPY t TO '{}'", target.display()), "can_export_csv"),
        (
            format!("SHOW server_version; COPY t TO '{}'", target.display()),
            "can_export_csv",
        ),
        (
            format!("COPY t FROM PROGRAM 'touch {}'", target.display()),
            "can_import_csv",
        ),
        ("COPY t TO STDOUT".to_owned(), "can_export_csv"),
    ] {
        let answers = client.query(&text).unwrap();
        let [error, ready] = answers.as_slice() else {
            panic!("{text}: {answers:?}");
        };
        assert_eq!(
            (error.sqlstate().as_deref(), ready.tag),
            (Some("42501"), b'Z'),
            "{text}"
        );
        assert!(error.field(b'M').unwrap().contains(setting), "{text}: {error:?}");
        assert_eq!(client.rows("SELECT 1").unwrap(), [["1"]], "{text}");
    }
    assert!(!target.exists());
    let log = database.log().unwrap().join("\n");
    assert!(!log.contains("no-such-library"), "{log}");
    drop(client);
    proxy.assert_idle();
}
