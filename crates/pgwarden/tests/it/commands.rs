//! The other commands, on what a running pgwarden has left, and what it shows of itself.

use testkit::{Cluster, Proxy, Record};

/// The main story: work, a refusal, work; then all of it as it happened.
fn with_a_session(then: impl FnOnce(&Proxy)) {
    let database = Cluster::shared().unwrap().database().unwrap();
    database
        .execute(
            "create table customers (id int, name text); insert into customers values (1, 'Ann'), (2, 'Bob')",
        )
        .unwrap();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders"))
        .start()
        .unwrap();
    let output = proxy
        .psql(
            "alice",
            "orders",
            "select * from customers order by id limit 3;\n\\copy customers to 'x.csv' csv header\nselect 'goes on';\n",
            &[],
        )
        .unwrap();
    assert_eq!(output.expect_success(), "1|Ann\n2|Bob\ngoes on\n");
    proxy.assert_idle();
    then(&proxy);
}

#[test]
fn play_shows_what_happened() {
    with_a_session(|proxy| {
        let output = proxy.cli(&["play", "last", "--no-wait"]).unwrap();
        let played = output.expect_success();
        let mut rest = played;
        for line in [
            "select * from customers order by id limit 3;",
            " id | name ",
            "----+------",
            "  1 | Ann",
            "  2 | Bob",
            "(2 rows)",
            "COPY  customers TO STDOUT csv header",
            "ERROR:  refused by pgwarden: COPY TO is not allowed on record \"orders\" (can_export_csv is off)",
            "goes on",
        ] {
            let (_, behind) = rest
                .split_once(line)
                .unwrap_or_else(|| panic!("no {line:?} in its place in\n{played}"));
            rest = behind;
        }
    });
}

#[test]
fn sessions_and_export_name_it() {
    with_a_session(|proxy| {
        let output = proxy.cli(&["sessions", "--json"]).unwrap();
        let sessions: Vec<serde_json::Value> = output
            .expect_success()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(sessions.len(), 1);
        let text = sessions[0].to_string();
        assert!(text.contains("alice") && text.contains("orders"), "{text}");
        let output = proxy.cli(&["export", "last", "--format", "jsonl"]).unwrap();
        let lines: Vec<serde_json::Value> = output
            .expect_success()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert!(lines.len() > 10);
        assert!(output.stdout.contains("can_export_csv") && output.stdout.contains("limit 3"));
    });
}

#[test]
fn check_accepts_what_serve_runs() {
    with_a_session(|proxy| {
        proxy.cli(&["check"]).unwrap().expect_success();
        let output = proxy
            .cli(&[
                "policy",
                "explain",
                "--record",
                "orders",
                "--user",
                "alice",
                "copy customers to stdout",
            ])
            .unwrap();
        assert!(output.stdout.contains("can_export_csv"), "{output:?}");
    });
}

/// Every metric is there from the start, and no label tells who it was or what they said.
#[test]
fn metrics() {
    with_a_session(|proxy| {
        let metrics = proxy.metrics().unwrap();
        for name in [
            "sessions{record=\"orders\"} 0",
            "sessions_total{",
            "login_seconds_count",
            "login_failures_total{reason=",
            "statements_total{kind=\"copy_to\",record=\"orders\",verdict=\"refuse\"} 1",
            "refusals_total{record=\"orders\",setting=\"can_export_csv\"} 1",
            "guard_trips_total 0",
            "bytes_total{direction=",
            "statement_seconds_count{record=\"orders\"}",
            "backend_login_seconds_count{record=\"orders\"} 1",
            "recording_bytes_total{stage=",
            "recording_lag_bytes",
            "recording_errors_total{kind=",
            "config_reload_total{result=",
            "config_last_reload_success 1",
            "build_info{",
        ] {
            assert!(
                metrics.contains(&format!("pgwarden_{name}")),
                "no {name} in\n{metrics}"
            );
        }
        for word in ["alice", "customers", "limit 3"] {
            assert!(!metrics.contains(word), "{word} stands in\n{metrics}");
        }
        assert_eq!(proxy.get("/healthz").unwrap().0, 200);
        assert_eq!(proxy.get("/readyz").unwrap().0, 200);
        assert_eq!(proxy.get("/").unwrap().0, 404);
        // The log says who, and not what.
        let log = proxy.log();
        assert!(log.contains("alice") && log.contains("orders"), "{log}");
        assert!(!log.contains("limit 3"), "{log}");
    });
}
