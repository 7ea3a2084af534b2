//! Monitor mode of the server, a record and a grant: everything passes as if pgwarden were not there, and everything that would have been
//! refused is logged, counted, recorded and listed.

use std::collections::BTreeMap;

use testkit::{Config, Proxy, Record, TestDb, frontend};

use crate::conversation::{Pace, Step, extended, hold};

const MONITOR: &str = "enforcement = \"monitor\"";
const ENFORCE: &str = "enforcement = \"enforce\"";

fn database() -> TestDb {
    let database = super::database();
    database
        .execute("create table customers (id int, name text); insert into customers values (1, 'Ann')")
        .unwrap();
    database
}

/// Each kind of message that can be refused, in a transaction block and out of it.
fn conversation() -> Vec<Step> {
    vec![
        Step::query("copy customers to stdout; select 1"),
        Step::query("begin"),
        Step::ready(1, &[extended("", "copy customers to stdout"), frontend::sync()]),
        Step::ready(
            1,
            &[
                frontend::query("copy customers from stdin"),
                frontend::copy_data("2\tBob\n"),
                frontend::copy_done(),
            ],
        ),
        Step::query("commit"),
        Step::query("do $$ begin execute 'insert into customers ' || 'values (3, ''Eve'')'; end $$"),
        // pg_backend_pid() differs, pi() doesn't.
        Step::ready(1, &[frontend::function_call(1610, &[])]),
        Step::query("select 'open"),
        Step::query("select count(*) from customers"),
    ]
}

/// What of it would have been refused.
fn observed() -> BTreeMap<String, u64> {
    [
        ("can_export_csv", 2),
        ("can_import_csv", 1),
        ("opaque_code", 1),
        ("can_copy_to_clipboard", 1),
        ("unreadable", 1),
    ]
    .map(|(setting, count)| (setting.to_owned(), count))
    .into()
}

/// The counts of a metric of the record, without the zeros.
fn counted(proxy: &Proxy, metric: &str) -> BTreeMap<String, u64> {
    let prefix = format!("pgwarden_{metric}{{record=\"orders\",setting=\"");
    let metrics = proxy.metrics().unwrap();
    let counts = metrics
        .lines()
        .filter_map(|line| line.strip_prefix(&prefix)?.split_once("\"} "));
    counts
        .map(|(setting, count)| (setting.to_owned(), count.parse().unwrap()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// The one session of the listing, and its counts by setting.
fn listed(proxy: &Proxy) -> (serde_json::Value, [BTreeMap<String, u64>; 2]) {
    let output = proxy.cli(&["sessions", "--json"]).unwrap();
    let lines: Vec<&str> = output.expect_success().lines().collect();
    assert_eq!(lines.len(), 1, "{output:?}");
    let session: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
    let counts =
        ["refused", "observed"].map(|key| serde_json::from_value(session[key].clone()).unwrap_or_default());
    (session, counts)
}

#[track_caller]
fn check_monitors(configure: impl Fn(Config) -> Config) {
    let database = database();
    let expected = {
        let direct = self::database();
        let mut client = direct.client().unwrap();
        hold(&mut client, &conversation(), Pace::Whole)
    };
    let proxy = configure(Proxy::before(&database)).start().unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    let answers = hold(&mut client, &conversation(), Pace::Whole);
    assert_eq!(answers, expected, "nothing differs on the wire");
    assert_eq!(database.scalar("select count(*) from customers").unwrap(), "3");

    let none = BTreeMap::new();
    assert_eq!(counted(&proxy, "refusals_total"), none);
    assert_eq!(counted(&proxy, "observed_refusals_total"), observed());
    let refused = proxy.metric("pgwarden_statements_total", &[("verdict", "refuse")]);
    assert_eq!(refused.unwrap(), 0.0);
    // Of the live session, then of the one that has ended.
    let (session, counts) = listed(&proxy);
    assert_eq!(session["state"], "live", "{session}");
    assert_eq!(counts, [none.clone(), observed()], "{session}");
    drop(client);
    proxy.assert_idle();
    let (session, counts) = listed(&proxy);
    assert_eq!(
        (&session["state"], &session["refusals"], &session["observations"]),
        (&"ended".into(), &0.into(), &6.into()),
        "{session}"
    );
    assert_eq!(counts, [none, observed()], "{session}");

    let table = proxy.cli(&["sessions"]).unwrap();
    let columns: Vec<&str> = table.expect_success().split_whitespace().collect();
    assert!(
        columns.contains(&"OBSERVED") && columns.contains(&"6"),
        "{table:?}"
    );
    let played = proxy.cli(&["play", "last", "--no-wait"]).unwrap();
    let played = played.expect_success();
    for remark in [
        "-- monitor mode: let through what would have been: refused by pgwarden: COPY TO is not allowed on record \"orders\" \
         (can_export_csv is off)",
        "(opaque_code is scan)",
        "6 let through by monitor mode (can_copy_to_clipboard 1, can_export_csv 2, can_import_csv 1, opaque_code 1, unreadable 1)",
    ] {
        assert!(played.contains(remark), "no {remark:?} in\n{played}");
    }
    let exported = proxy.cli(&["export", "last", "--format", "jsonl"]).unwrap();
    let verdicts = exported
        .expect_success()
        .lines()
        .filter(|line| line.contains("\"event\":\"verdict\"") && line.contains("\"refused\":false"));
    assert_eq!(verdicts.count(), 6);
    let log = proxy.log();
    assert_eq!(log.matches("would have been refused").count(), 6, "{log}");
}

#[test]
fn of_the_server() {
    check_monitors(|config| config.server(MONITOR));
}

#[test]
fn of_a_record() {
    check_monitors(|config| config.record(Record::new("orders").with(MONITOR)));
}

#[test]
fn of_a_grant() {
    check_monitors(|config| {
        config
            .person("alice")
            .record(Record::new("orders").with(ENFORCE))
            .grant(&["alice"], &["*"], MONITOR)
    });
}

/// What is asked for at the login is noted too, in the recording as well.
#[test]
fn of_what_is_asked_for_at_the_login() {
    let database = database();
    database.grant_superuser().unwrap();
    let proxy = Proxy::before(&database).server(MONITOR).start().unwrap();
    let mut client = testkit::RawClient::connect(proxy.address()).unwrap();
    let parameters = [
        ("user", "alice@orders"),
        ("options", "-c session_preload_libraries="),
    ];
    client
        .login(&parameters, proxy.password("alice").unwrap())
        .unwrap();
    client.query("select 1").unwrap();
    drop(client);
    proxy.assert_idle();
    let expected: BTreeMap<_, _> = [("can_run_server_programs".to_owned(), 1)].into();
    assert_eq!(counted(&proxy, "observed_refusals_total"), expected);
    let (session, [_, observed]) = listed(&proxy);
    assert_eq!(observed, expected, "{session}");
}

/// The narrowest place counts, so that one grant can be let off, or held to what the others are let off.
#[test]
fn the_narrowest_counts() {
    let database = database();
    let proxy = Proxy::before(&database)
        .server(MONITOR)
        .record(Record::new("orders"))
        .record(Record::new("strict").with(ENFORCE))
        .person("alice")
        .person("bob")
        .grant(&["alice"], &["*"], "")
        .grant(&["bob"], &["*"], ENFORCE)
        .start()
        .unwrap();
    for (person, record, refused) in [
        ("alice", "orders", false),
        ("alice", "strict", true),
        ("bob", "orders", true),
        ("bob", "strict", true),
    ] {
        let mut client = proxy.client(person, record).unwrap();
        let answers = client.query("copy customers to stdout").unwrap();
        assert_eq!(answers[0].tag == b'E', refused, "{person} {record}");
    }
    proxy.assert_idle();
    let (refused, observed) = (
        counted(&proxy, "refusals_total"),
        counted(&proxy, "observed_refusals_total"),
    );
    assert_eq!((refused["can_export_csv"], observed["can_export_csv"]), (1, 1));
}
