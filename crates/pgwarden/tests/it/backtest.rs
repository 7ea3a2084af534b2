//! `policy backtest`: recordings of real sessions under configurations that they did not have.

use std::process::Command;

use serde_json::Value;
use testkit::{Output, Proxy, Record, TestDb, frontend};

use crate::conversation::extended;

fn database() -> TestDb {
    let database = super::database();
    database
        .execute("create table customers (id int, name text); insert into customers values (1, 'Ann')")
        .unwrap();
    database
}

/// Judges under the proxy's configuration with something in it replaced.
fn backtest(proxy: &Proxy, changes: &[(&str, &str)], args: &[&str]) -> Output {
    let mut text = proxy.config_text().to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "no {from:?} in {text}");
        text = text.replace(from, to);
    }
    let path = proxy.directory().join("new.toml");
    std::fs::write(&path, text).unwrap();
    let output = Command::new(proxy.binary())
        .args(["policy", "backtest", "--config"])
        .arg(&path)
        .args(args)
        .output()
        .unwrap();
    Output {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// `change setting person count statement`, and the summary.
#[track_caller]
fn changes(proxy: &Proxy, changes: &[(&str, &str)], args: &[&str]) -> (Vec<String>, Value) {
    let output = backtest(proxy, changes, &[args, &["--json"]].concat());
    let mut lines: Vec<Value> = output
        .expect_success()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let summary = lines.pop().unwrap()["summary"].clone();
    let shown = |line: &Value| {
        let word = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let (count, rest) = match line["change"].as_str() {
            Some("no_access") => (&line["sessions"], word("reason")),
            _ => (
                &line["count"],
                format!("{}: {}", word("setting"), word("statement")),
            ),
        };
        format!(
            "{} {} {} on {}, {rest}",
            word("change"),
            count,
            word("person"),
            word("record")
        )
    };
    (lines.iter().map(shown).collect(), summary)
}

/// Sessions of two people: what passes, what is refused, simple and extended, prepared once and executed often.
fn recorded(database: &TestDb) -> Proxy {
    let proxy = Proxy::before(database)
        .record(Record::new("orders").with("can_export_csv = false\nopaque_code = \"scan\""))
        .person("alice")
        .person("bob")
        .grant(&["alice"], &["*"], "can_import_csv = true")
        .grant(&["bob"], &["*"], "")
        .start()
        .unwrap();
    let mut alice = proxy.client("alice", "orders").unwrap();
    for sql in [
        "select * from customers where id = 1",
        "copy customers to stdout",
        "COPY  customers TO stdout",
        "begin; copy customers to stdout; commit",
        "do $$ begin perform 1; end $$",
        "do $$ begin perform 2; end $$",
    ] {
        alice.query(sql).unwrap();
    }
    // Parsed once, run three times.
    let insert = "copy customers from stdin";
    alice
        .send(&[frontend::parse("s", insert), frontend::sync()].concat())
        .unwrap();
    alice.receive_ready().unwrap();
    for _ in 0..3 {
        let run = [
            frontend::bind("", "s", &[]),
            frontend::execute("", 0),
            frontend::copy_data("2\tBob\n"),
            frontend::copy_done(),
            frontend::sync(),
        ];
        alice.send(&run.concat()).unwrap();
        alice.receive_ready().unwrap();
    }
    // Refused when it was parsed; what follows it in the pipeline did not run.
    alice
        .send(&[extended("", "copy customers to stdout"), frontend::sync()].concat())
        .unwrap();
    alice.receive_ready().unwrap();
    // Read as the session's settings say.
    alice.query("set standard_conforming_strings = off").unwrap();
    alice
        .query("select 'a\\' , '; copy customers to stdout; --'")
        .unwrap();
    alice.send(&frontend::function_call(1610, &[])).unwrap();
    alice.receive_ready().unwrap();
    drop(alice);
    let mut bob = proxy.client("bob", "orders").unwrap();
    bob.query("copy customers to stdout").unwrap();
    bob.query(insert).unwrap();
    bob.query("do $$ begin perform 1; end $$").unwrap();
    drop(bob);
    proxy.assert_idle();
    proxy
}

#[test]
fn nothing_changes_under_the_configuration_that_held() {
    let proxy = recorded(&database());
    let (found, summary) = changes(&proxy, &[], &[]);
    assert_eq!(found, [""; 0]);
    assert_eq!(
        (
            &summary["sessions"],
            &summary["statements"],
            &summary["incomplete_sessions"]
        ),
        (&2.into(), &16.into(), &0.into()),
        "{summary}"
    );
}

#[test]
fn what_is_given_and_what_is_taken_away() {
    let proxy = recorded(&database());
    let exports = [("can_export_csv = false", "can_export_csv = true")];
    let (found, _) = changes(&proxy, &exports, &[]);
    assert_eq!(
        found,
        [
            "newly_allowed 3 alice on orders, can_export_csv: copy customers to stdout",
            "newly_allowed 1 alice on orders, can_export_csv: begin; copy customers to stdout; commit",
            "newly_allowed 1 alice on orders, can_export_csv: select ?; copy customers to stdout",
            "newly_allowed 1 bob on orders, can_export_csv: copy customers to stdout",
        ]
    );
    let (found, summary) = changes(
        &proxy,
        &[
            ("opaque_code = \"scan\"", "opaque_code = \"refuse\""),
            ("can_import_csv = true", "can_import_csv = false"),
        ],
        &[],
    );
    assert_eq!(
        found,
        [
            "newly_refused 3 alice on orders, can_import_csv: copy customers from stdin",
            "newly_refused 2 alice on orders, opaque_code: do ?",
            "newly_refused 1 bob on orders, opaque_code: do ?",
        ]
    );
    assert_eq!(summary["newly_refused"], 6);
    // Of some only.
    let (found, _) = changes(&proxy, &exports, &["--user", "bob", "--since", "1h"]);
    assert_eq!(
        found,
        ["newly_allowed 1 bob on orders, can_export_csv: copy customers to stdout"]
    );
    for filter in [["--record", "reports"], ["--user", "nobody"], ["--since", "0s"]] {
        let (found, summary) = changes(&proxy, &exports, &filter);
        assert_eq!((found.len(), &summary["sessions"]), (0, &0.into()), "{filter:?}");
    }
}

#[test]
fn monitor_mode_would_only_note() {
    let proxy = recorded(&database());
    let (found, _) = changes(
        &proxy,
        &[(
            "opaque_code = \"scan\"",
            "opaque_code = \"refuse\"\nenforcement = \"monitor\"",
        )],
        &["--user", "bob"],
    );
    assert_eq!(
        found,
        [
            "newly_allowed 1 bob on orders, can_export_csv: copy customers to stdout",
            "newly_allowed 1 bob on orders, can_import_csv: copy customers from stdin",
            "newly_observed 1 bob on orders, opaque_code: do ?",
        ]
    );
}

#[test]
fn people_read_it_too() {
    let proxy = recorded(&database());
    let changes = [("can_import_csv = true", "can_import_csv = false")];
    let output = backtest(&proxy, &changes, &[]);
    let shown = output.expect_success();
    assert!(
        shown.starts_with("newly refused:\n      3  can_import_csv for alice on orders, "),
        "{shown}"
    );
    assert!(
        shown.contains("\n         copy customers from stdin\n"),
        "{shown}"
    );
    assert!(
        shown.ends_with("16 statements of 2 sessions judged: 3 newly refused, 0 newly allowed\n"),
        "{shown}"
    );
    // The session that it names can be played.
    let (_, session) = shown.lines().nth(1).unwrap().rsplit_once(' ').unwrap();
    let played = proxy.cli(&["play", session, "--no-wait"]).unwrap();
    assert!(
        played.expect_success().contains("copy customers from stdin"),
        "{played:?}"
    );
}

#[test]
fn who_would_not_get_in_is_listed_apart() {
    let proxy = recorded(&database());
    let grant = "[[grant]]\nusers = [\"bob\"]";
    let (found, summary) = changes(&proxy, &[(grant, "[[grant]]\nusers = [\"alice\"]")], &[]);
    assert_eq!(
        found,
        ["no_access 1 bob on orders, no grant gives the person this record"]
    );
    assert_eq!(summary["sessions_without_access"], 1);
    let (found, _) = changes(
        &proxy,
        &[(grant, "[[grant]]\nfrom = [\"10.0.0.0/8\"]\nusers = [\"bob\"]")],
        &[],
    );
    assert_eq!(
        found,
        ["no_access 1 bob on orders, no grant gives the person this record"]
    );
    let (found, _) = changes(&proxy, &[("name = \"orders\"", "name = \"sales\"")], &[]);
    assert_eq!(
        found,
        [
            "no_access 1 alice on orders, the record is not in the configuration",
            "no_access 1 bob on orders, the record is not in the configuration"
        ]
    );
}

/// Passwords are masked in recordings, and read as literals all the same; code around one is not told.
#[test]
fn masked_passwords() {
    let database = database();
    database.grant_superuser().unwrap();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders").with("can_change_credentials = true"))
        .secret("hunter2")
        .start()
        .unwrap();
    let role = format!("r_{}", database.name());
    let mut client = proxy.client("alice", "orders").unwrap();
    client
        .query(format!("create role {role} password 'hunter2'"))
        .unwrap();
    client
        .query(format!(
            "do $$ begin alter role {role} password 'hunter2'; end $$"
        ))
        .unwrap();
    client.query(format!("drop role {role}")).unwrap();
    drop(client);
    proxy.assert_idle();
    let (found, summary) = changes(
        &proxy,
        &[("can_change_credentials = true", "can_change_credentials = false")],
        &[],
    );
    assert_eq!(
        found,
        [format!(
            "newly_refused 1 alice on orders, can_change_credentials: create role {role} password ?"
        )]
    );
    assert_eq!(summary["masked_statements"], 1);
}

#[test]
fn replication_connections() {
    let database = database();
    database.grant_replication().unwrap();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders").with("can_replicate = true"))
        .start()
        .unwrap();
    let mut client = testkit::RawClient::connect(proxy.address()).unwrap();
    client
        .login(
            &[("user", "alice@orders"), ("replication", "database")],
            proxy.password("alice").unwrap(),
        )
        .unwrap();
    client.query("IDENTIFY_SYSTEM").unwrap();
    client.query("select 1").unwrap();
    drop(client);
    proxy.assert_idle();
    let (found, _) = changes(&proxy, &[("can_replicate = true", "can_replicate = false")], &[]);
    assert_eq!(
        found,
        [
            "newly_refused 1 alice on orders, can_replicate: (a replication connection)",
            "newly_refused 1 alice on orders, can_replicate: identify_system",
        ]
    );
}

#[test]
fn recordings_that_cannot_be_read() {
    let proxy = recorded(&database());
    let exports = [("can_export_csv = false", "can_export_csv = true")];
    let mut paths: Vec<_> = std::fs::read_dir(proxy.recordings())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let [first, second] = &paths[..] else {
        panic!("{paths:?}")
    };
    // Damaged in the middle: what comes before counts.
    let mut bytes = std::fs::read(first).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(first, &bytes).unwrap();
    let (found, summary) = changes(&proxy, &exports, &[]);
    assert!(!found.is_empty());
    assert_eq!(
        (&summary["sessions"], &summary["incomplete_sessions"]),
        (&2.into(), &1.into()),
        "{summary}"
    );
    // From the beginning: the others count.
    std::fs::write(first, b"nothing of the kind").unwrap();
    let output = backtest(&proxy, &exports, &[]);
    assert!(
        output.expect_success().contains("1 recordings not read"),
        "{output:?}"
    );
    assert!(
        output.stderr.contains("it is not a recording of pgwarden"),
        "{output:?}"
    );
    std::fs::write(second, b"nothing of the kind").unwrap();
    let output = backtest(&proxy, &exports, &[]);
    assert_eq!(output.status, Some(3), "{output:?}");
    // None at all is an answer.
    let empty = proxy.directory().join("empty");
    let output = backtest(&proxy, &exports, &["--recordings", empty.to_str().unwrap()]);
    assert_eq!(
        output.expect_success(),
        "0 statements of 0 sessions judged: 0 newly refused, 0 newly allowed\n"
    );
}

/// Rows that were recorded are counted again; of a result that was ended, nobody knows how long it would have been.
#[test]
fn budgets_of_results() {
    let database = database();
    let proxy = Proxy::before(&database)
        .record(
            Record::new("orders").with("can_copy_to_clipboard = false\ncopy_rows = 50\npaste_bytes = 1000"),
        )
        .start()
        .unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    for rows in [5, 30, 60] {
        client
            .query(format!("select generate_series(1, {rows}) as r{rows}"))
            .unwrap();
    }
    client
        .query(format!("select length('{}')", "x".repeat(500)))
        .unwrap();
    drop(client);
    proxy.assert_idle();
    let (found, _) = changes(&proxy, &[], &[]);
    assert_eq!(found, [""; 0]);
    let (found, _) = changes(
        &proxy,
        &[
            ("copy_rows = 50", "copy_rows = 20"),
            ("paste_bytes = 1000", "paste_bytes = 100"),
        ],
        &[],
    );
    assert_eq!(
        found,
        [
            "newly_refused 1 alice on orders, copy_rows: select generate_series(?, …) as r30",
            "newly_refused 1 alice on orders, paste_bytes: select length(?)",
        ]
    );
    let (found, _) = changes(
        &proxy,
        &[("can_copy_to_clipboard = false", "can_copy_to_clipboard = true")],
        &[],
    );
    assert_eq!(
        found,
        ["newly_allowed 1 alice on orders, copy_rows: select generate_series(?, …) as r60"]
    );
}
