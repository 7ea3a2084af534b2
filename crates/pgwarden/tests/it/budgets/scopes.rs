//! What budgets hold over: sessions, hours, values that are sent; monitor mode and reloads.

use testkit::wait_for;

use super::*;

#[test]
fn a_session_has_a_budget_too() {
    let (_database, proxy) = proxy(many_times_five_rows().setting("copy_rows_per_session", 12));
    let mut client = proxy.client("alice", "orders").unwrap();
    for _ in 0..2 {
        assert_eq!(rows(&client.query("select a from n limit 5").unwrap()), 5);
    }
    let third = client.query("select a from n limit 5").unwrap();
    assert_eq!(rows(&third), 2);
    assert_eq!(
        errors(&third),
        [
            "ERROR 54000 ended by pgwarden: the results of the session exceed copy_rows_per_session (12) on record \"orders\" | \
          2 rows had passed, and 12 in the session; the statement had completed; outside a transaction block its effects stand."
        ]
    );
    for _ in 0..3 {
        let messages = client.query("select 1").unwrap();
        assert_eq!(
            (rows(&messages), errors(&messages).len(), status(&messages)),
            (0, 1, "I".to_owned())
        );
        client
            .send(&[extended("", "", "select 1"), frontend::sync()].concat())
            .unwrap();
        let messages = client.receive_ready().unwrap();
        assert_eq!(
            (rows(&messages), errors(&messages).len(), status(&messages)),
            (0, 1, "I".to_owned())
        );
    }
    for sql in [
        "begin",
        "insert into w values (1)",
        "set work_mem = '1MB'",
        "select 1 where false",
        "commit",
    ] {
        assert_eq!(errors(&client.query(sql).unwrap()), [""; 0], "{sql}");
    }
    // Another session has its own.
    assert_eq!(
        rows(
            &proxy
                .client("alice", "orders")
                .unwrap()
                .query("select 1")
                .unwrap()
        ),
        1
    );
    drop(client);
    proxy.assert_idle();
}

/// Who gives connections to others, as pgbouncer does, resets them in between.
#[test]
fn a_reset_gives_new_cursors_and_no_new_session() {
    let (_database, proxy) = proxy(many_times_five_rows().setting("copy_rows_per_session", 16));
    let mut client = proxy.client("alice", "orders").unwrap();
    for expected in [5, 5, 5, 1, 0] {
        client
            .query("begin; declare h cursor with hold for select a from n; commit")
            .unwrap();
        let messages = client.query("fetch 6 from h").unwrap();
        assert_eq!(
            (rows(&messages), errors(&messages).len()),
            (expected, 1),
            "{}",
            trace(&messages)
        );
        assert_eq!(errors(&client.query("discard all").unwrap()), [""; 0]);
    }
    drop(client);
    proxy.assert_idle();
}

#[test]
fn an_hour_is_shared_by_the_sessions_of_a_person() {
    let (_database, mut proxy) = {
        let database = database();
        let record = Record::new("orders")
            .setting("copy_rows_per_hour", 1000)
            .with("paste_bytes_per_hour = \"4KiB\"");
        let proxy = Proxy::before(&database)
            .record(record)
            .person("alice")
            .person("bob")
            .start()
            .unwrap();
        (database, proxy)
    };
    let got: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let proxy = &proxy;
                scope.spawn(move || {
                    let mut client = proxy.client("alice", "orders").unwrap();
                    (0..4)
                        .map(|_| rows(&client.query("select generate_series(1, 200)").unwrap()))
                        .sum::<usize>()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(got, 1000, "exactly the budget, over four sessions");
    let mut client = proxy.client("alice", "orders").unwrap();
    let messages = client.query("select 1").unwrap();
    assert!(
        errors(&messages)[0].contains("the results of an hour exceed copy_rows_per_hour (1000)"),
        "{}",
        trace(&messages)
    );
    let nearly_all = format!("set application_name = '{}'", "x".repeat(3580));
    assert_eq!(errors(&client.query(nearly_all).unwrap()), [""; 0]);
    let long = format!("set application_name = '{}'", "x".repeat(4096));
    let messages = client.query(&long).unwrap();
    assert!(
        errors(&messages)[0].contains("42501 refused by pgwarden: statements of 4121 bytes are not allowed on record \"orders\" (paste_bytes_per_hour is 4096)"),
        "{}",
        trace(&messages)
    );
    for sql in ["begin", "insert into pg_temp.none values (1)"] {
        assert!(
            errors(&client.query(sql).unwrap())[0].contains("paste_bytes_per_hour"),
            "{sql}"
        );
    }
    let messages = client.query("rollback").unwrap();
    assert_eq!(
        errors(&messages),
        [""; 0],
        "a way out of a transaction is always there"
    );
    assert_eq!(
        rows(&proxy.client("bob", "orders").unwrap().query("select 1").unwrap()),
        1,
        "bob has an hour of his own"
    );
    // A reload that takes the budgets away holds at once.
    proxy
        .reconfigure("copy_rows_per_hour = 1000\npaste_bytes_per_hour = \"4KiB\"\n", "")
        .unwrap();
    wait_for("the reload", || rows(&client.query("select 1").unwrap()) == 1);
    drop(client);
    proxy.assert_idle();
}

#[test]
fn values_that_are_bound() {
    let (database, proxy) = proxy(Record::new("orders").with("paste_bytes = \"1KiB\""));
    let mut client = proxy.client("alice", "orders").unwrap();
    client
        .send(
            &[
                frontend::parse("s", "select length($1::text) + coalesce(length($2::text), 0)"),
                frontend::sync(),
            ]
            .concat(),
        )
        .unwrap();
    client.receive_ready().unwrap();
    let bind = |first: usize, second: Option<usize>| {
        let (first, second) = ("x".repeat(first), second.map(|length| "y".repeat(length)));
        [
            frontend::bind(
                "",
                "s",
                &[Some(first.as_bytes()), second.as_deref().map(str::as_bytes)],
            ),
            frontend::execute("", 0),
            frontend::sync(),
        ]
        .concat()
    };
    for (first, second) in [(1024, None), (1000, Some(24))] {
        client.send(&bind(first, second)).unwrap();
        let messages = client.receive_ready().unwrap();
        assert_eq!((rows(&messages), errors(&messages)), (1, vec![]));
    }
    for (first, second) in [(1025, None), (1000, Some(25)), (70_000, None)] {
        client.send(&bind(first, second)).unwrap();
        let messages = client.receive_ready().unwrap();
        let bytes = first + second.unwrap_or(0);
        assert_eq!(
            errors(&messages),
            [format!(
                "ERROR 42501 refused by pgwarden: bound parameters of {bytes} bytes are not allowed on record \"orders\" \
                 (paste_bytes is 1024) | Nothing of the message was passed on."
            )]
        );
        check_next(&mut client);
    }
    assert!(
        !database
            .log()
            .unwrap()
            .iter()
            .any(|line| line.contains("yyyyy") && line.contains(&"x".repeat(1025)))
    );
    drop(client);
    proxy.assert_idle();
}

#[test]
fn monitor_mode_counts_and_passes() {
    let (_database, proxy) = proxy(five_rows().with("enforcement = \"monitor\""));
    let mut client = proxy.client("alice", "orders").unwrap();
    for _ in 0..3 {
        let messages = client.query("select a from n; select a from n limit 5").unwrap();
        assert_eq!((rows(&messages), errors(&messages)), (105, vec![]));
    }
    let metric = |name| {
        proxy
            .metric(name, &[("record", "orders"), ("setting", "copy_rows")])
            .unwrap()
    };
    assert_eq!(metric("pgwarden_observed_refusals_total"), 3.0);
    assert_eq!(metric("pgwarden_refusals_total"), 0.0);
    drop(client);
    proxy.assert_idle();
}

#[test]
fn a_reload_changes_the_budget_of_live_sessions() {
    let (_database, mut proxy) = proxy(five_rows());
    let mut client = proxy.client("alice", "orders").unwrap();
    check_ended(&client.query("select a from n").unwrap(), "", "I");
    proxy.reconfigure("copy_rows = 5\n", "copy_rows = 50\n").unwrap();
    wait_for("the reload", || {
        rows(&client.query("select a from n").unwrap()) == 50
    });
    proxy
        .reconfigure(
            "copy_rows = 50\n",
            "copy_rows = 50\ncan_copy_to_clipboard = true\n",
        )
        .unwrap();
    wait_for("the reload", || {
        rows(&client.query("select a from n").unwrap()) == 100
    });
    drop(client);
    proxy.assert_idle();
}
