//! Who gets where: routing, grants, limits, and what is said to those who don't.

use testkit::{Endpoint, Proxy, RawClient, Record, free_port, frontend, trace, wait_for};

use crate::database;

/// Logs in, and gives what the session is in: the database's name.
fn arrive(proxy: &Proxy, endpoint: &Endpoint, parameters: &[(&str, &str)], person: &str) -> String {
    let mut client = RawClient::connect(endpoint).unwrap();
    let messages = client
        .try_login(parameters, proxy.password(person).unwrap())
        .unwrap();
    let last = messages.last().unwrap();
    if last.tag == b'E' {
        assert!(client.receive().unwrap().is_none(), "refused, but not closed");
        return trace(std::slice::from_ref(last)).trim_end().to_owned();
    }
    client.rows("select current_database()").unwrap()[0][0].clone()
}

#[test]
fn by_user_by_database_by_listener() {
    let (orders, other) = (database(), database());
    let cluster = orders.cluster();
    let second = format!("{}_second", orders.name());
    cluster
        .execute("postgres", &format!("create database {second}"))
        .unwrap();
    let proxy = Proxy::before(&orders)
        .record(Record::new("orders"))
        .record(Record::new("sales").on(&other))
        .person("alice")
        .person("bob@example.com")
        .listener_of("sales")
        .socket_listener()
        .start()
        .unwrap();
    let [tcp, of_sales, socket] = proxy.listeners() else {
        panic!("{:?}", proxy.listeners())
    };
    let (orders_db, sales_db) = (orders.name(), other.name());
    for (endpoint, user, asked, arrived) in [
        (tcp, "alice@orders", None, orders_db),
        (tcp, "alice@sales", None, sales_db),
        (tcp, "alice", Some("orders"), orders_db),
        (tcp, "alice", Some("sales"), sales_db),
        (socket, "alice", Some("sales"), sales_db),
        (of_sales, "alice", None, sales_db),
        // libpq fills in the database with the user's name.
        (tcp, "alice@orders", Some("alice@orders"), orders_db),
        (tcp, "alice@orders", Some("alice"), orders_db),
        (tcp, "alice@orders", Some(""), orders_db),
        (of_sales, "alice", Some("alice"), sales_db),
        // Asked for, it is kept.
        (tcp, "alice@orders", Some(&second), &second),
        // The last @ splits; a person's own name may hold one.
        (tcp, "bob@example.com@orders", None, orders_db),
        (tcp, "bob@example.com", Some("sales"), sales_db),
        (of_sales, "bob@example.com", None, sales_db),
    ] {
        let mut parameters = vec![("user", user)];
        parameters.extend(asked.map(|asked| ("database", asked)));
        let person = if user.starts_with("bob") {
            "bob@example.com"
        } else {
            "alice"
        };
        assert_eq!(
            arrive(&proxy, endpoint, &parameters, person),
            arrived,
            "{user} {asked:?} on {endpoint:?}"
        );
    }
    let output = proxy
        .psql_as(
            "alice@orders",
            None,
            proxy.password("alice").unwrap(),
            "select current_database()",
            &[],
        )
        .unwrap();
    assert_eq!(output.expect_success().trim(), orders_db);
    proxy.assert_idle();
    cluster
        .execute("postgres", &format!("drop database {second} with (force)"))
        .unwrap();
}

#[test]
fn what_may_not_be_used_looks_the_same() {
    let database = database();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders"))
        .record(Record::new("off").setting("enable", false))
        .record(Record::new("others"))
        .person("alice")
        .person("bob")
        .grant(&["alice", "bob"], &["orders", "off"], "")
        .grant(&["bob"], &["others"], "")
        .grant(&["alice"], &["others"], "from = [\"192.0.2.0/24\"]")
        .grant(&["alice"], &["others"], "valid_until = \"2020-01-01T00:00:00Z\"")
        .start()
        .unwrap();
    let tcp = &proxy.listeners()[0];
    for record in ["off", "others", "unknown"] {
        for parameters in [
            vec![("user", format!("alice@{record}"))],
            vec![("user", "alice".to_owned()), ("database", record.to_owned())],
        ] {
            let parameters: Vec<(&str, &str)> = parameters
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            assert_eq!(
                arrive(&proxy, tcp, &parameters, "alice"),
                format!(
                    "B  ErrorResponse FATAL 28000 \"no access to record \\\"{record}\\\" for \\\"alice\\\"\""
                )
            );
        }
    }
    assert_eq!(
        arrive(&proxy, tcp, &[("user", "bob@others")], "bob"),
        database.name()
    );
    for (reason, count) in [
        ("unknown_record", 2.0),
        ("record_disabled", 2.0),
        ("not_granted", 2.0),
    ] {
        assert_eq!(
            proxy
                .metric("pgwarden_login_failures_total", &[("reason", reason)])
                .unwrap(),
            count,
            "{reason}"
        );
    }
    proxy.assert_idle();
}

#[test]
fn databases_of_a_record() {
    let database = database();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders").with(&format!("databases = [\"{}\"]", database.name())))
        .start()
        .unwrap();
    let tcp = &proxy.listeners()[0];
    let ask = |name: &str| {
        arrive(
            &proxy,
            tcp,
            &[("user", "alice@orders"), ("database", name)],
            "alice",
        )
    };
    assert_eq!(ask(database.name()), database.name());
    assert_eq!(
        ask("postgres"),
        "B  ErrorResponse FATAL 28000 \"no access to database \\\"postgres\\\" of record \\\"orders\\\" for \\\"alice\\\"\""
    );
    proxy.assert_idle();
}

/// Grants override the record's settings for their people.
#[test]
fn a_grant_opens_more() {
    let database = database();
    database.execute("create table t (a int)").unwrap();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders"))
        .person("alice")
        .person("bob")
        .grant(&["alice"], &["ord*"], "can_export_csv = true")
        .grant(&["bob"], &["*"], "")
        .start()
        .unwrap();
    for (person, first) in [("alice", b'H'), ("bob", b'E')] {
        let mut client = proxy.client(person, "orders").unwrap();
        assert_eq!(
            client.query("copy t to stdout").unwrap()[0].tag,
            first,
            "{person}"
        );
    }
    proxy.assert_idle();
}

#[test]
fn a_silent_client_is_sent_away() {
    let database = database();
    let proxy = Proxy::before(&database)
        .server("login_timeout = \"1s\"")
        .start()
        .unwrap();
    let connect = || RawClient::connect(proxy.address()).unwrap();
    let mut silent = connect();
    let mut halfway = connect();
    halfway
        .send(&frontend::startup(&[("user", "alice@orders")]))
        .unwrap();
    let mut mid_packet = connect();
    mid_packet
        .send(&frontend::startup(&[("user", "alice@orders")])[..9])
        .unwrap();
    for client in [&mut silent, &mut halfway, &mut mid_packet] {
        let messages = client.receive_to_end().unwrap();
        let last = messages.last().unwrap();
        assert_eq!(last.field(b'V').as_deref(), Some("FATAL"));
        assert_eq!(last.sqlstate().as_deref(), Some("57014"));
    }
    wait_for("the failures to be counted", || {
        proxy
            .metric("pgwarden_login_failures_total", &[("reason", "timed_out")])
            .unwrap()
            == 3.0
    });
    proxy.assert_idle();
}

/// Idle ones and old ones end; one that is at work is not idle.
#[test]
fn sessions_that_last_too_long() {
    let database = database();
    let fatal = |sqlstate: &str, message: &str| format!("B  ErrorResponse FATAL {sqlstate} \"{message}\"\n");
    let proxy = Proxy::before(&database)
        .server("idle_timeout = \"1s\"")
        .start()
        .unwrap();
    let mut holder = database.client().unwrap();
    holder.query("select pg_advisory_lock(7)").unwrap();
    let mut busy = proxy.client("alice", "orders").unwrap();
    busy.send(&frontend::query("select pg_advisory_lock_shared(7)"))
        .unwrap();
    // It comes later, so that when its time is up the busy one has been at work for longer than that.
    let mut idle = proxy.client("alice", "orders").unwrap();
    assert_eq!(
        trace(&idle.receive_to_end().unwrap()),
        fatal("57P05", "terminating connection due to idle_timeout")
    );
    drop(holder);
    assert_eq!(busy.receive_ready().unwrap().last().unwrap().tag, b'Z');
    assert_eq!(
        trace(&busy.receive_to_end().unwrap()),
        fatal("57P05", "terminating connection due to idle_timeout")
    );
    proxy.assert_idle();

    let proxy = Proxy::before(&database)
        .server("max_session_duration = \"1s\"")
        .start()
        .unwrap();
    let mut idle = proxy.client("alice", "orders").unwrap();
    let mut busy = proxy.client("alice", "orders").unwrap();
    busy.send(&frontend::query("select pg_sleep(600)")).unwrap();
    for client in [&mut idle, &mut busy] {
        assert_eq!(
            trace(&client.receive_to_end().unwrap()[..1]),
            fatal("57P01", "terminating connection due to max_session_duration")
        );
    }
    proxy.assert_idle();
}

#[test]
fn no_more_sessions_than_allowed() {
    let database = database();
    let proxy = Proxy::before(&database)
        .person("alice")
        .person("bob")
        .server("max_sessions = 3\nmax_sessions_per_user = 2")
        .start()
        .unwrap();
    let refused = |person: &str| {
        let mut client = RawClient::connect(proxy.address()).unwrap();
        let messages = client
            .try_login(
                &[("user", &format!("{person}@orders"))],
                proxy.password(person).unwrap(),
            )
            .unwrap();
        assert!(client.receive().unwrap().is_none());
        trace(&messages)
    };
    let first = proxy.client("alice", "orders").unwrap();
    let second = proxy.client("alice", "orders").unwrap();
    assert_eq!(
        refused("alice"),
        "B  ErrorResponse FATAL 53300 \"too many sessions of this person\"\n"
    );
    let third = proxy.client("bob", "orders").unwrap();
    assert_eq!(
        refused("bob"),
        "B  ErrorResponse FATAL 53300 \"sorry, too many clients already\"\n"
    );
    assert_eq!(proxy.metric("pgwarden_sessions", &[]).unwrap(), 3.0);
    assert_eq!(database.backends().unwrap(), 3);
    drop(second);
    wait_for("a session to end", || {
        proxy.metric("pgwarden_sessions", &[]).unwrap() == 2.0
    });
    let mut again = None;
    wait_for("room for another session", || {
        again = proxy.client("alice", "orders").ok();
        again.is_some()
    });
    drop((first, third, again));
    proxy.assert_idle();
}

/// Neither where the database is nor as whom pgwarden would log in.
#[test]
fn databases_that_cannot_be_had() {
    let database = database();
    let port = free_port().unwrap();
    let proxy = Proxy::before(&database)
        .record(Record::new("gone").at("127.0.0.1", port))
        .record(Record::new("nowhere").at("/nonexistent/directory", 5432))
        .record(Record::new("unknown").at("host.invalid", 5432))
        .record(Record::new("wrong").login(database.login(), "\"not the password\""))
        .record(Record::new("nobody").login("no_such_role", "\"x\""))
        .record(Record::new("absent").with("default_database = \"no_such_database\""))
        .start()
        .unwrap();
    for (record, sqlstate) in [
        ("gone", "08001"),
        ("nowhere", "08001"),
        ("unknown", "08001"),
        ("wrong", "28000"),
        ("nobody", "28000"),
        ("absent", "3D000"),
    ] {
        let mut client = RawClient::connect(proxy.address()).unwrap();
        let messages = client
            .try_login(
                &[("user", &format!("alice@{record}"))],
                proxy.password("alice").unwrap(),
            )
            .unwrap();
        assert_eq!(messages.len(), 1, "{record}: {}", trace(&messages));
        let error = &messages[0];
        assert_eq!(error.field(b'V').as_deref(), Some("FATAL"), "{record}");
        assert_eq!(error.sqlstate().as_deref(), Some(sqlstate), "{record}: {error:?}");
        let text = String::from_utf8_lossy(&error.body).into_owned();
        for hidden in [
            "127.0.0.1",
            &port.to_string(),
            "/nonexistent",
            "host.invalid",
            database.login(),
            "no_such_role",
            "not the password",
        ] {
            assert!(!text.contains(hidden), "{record} tells {hidden:?}: {text:?}");
        }
        assert!(client.receive().unwrap().is_none(), "{record}: not closed");
    }
    assert!(proxy.log().contains("no_such_role") || proxy.log().contains("28P01"));
    proxy.assert_idle();
}

/// Startup parameters are SETs in disguise.
#[test]
fn startup_parameters_are_judged() {
    let database = database();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders"))
        .record(Record::open("open"))
        .start()
        .unwrap();
    let log_in = |record: &str, name: &str, value: &str| {
        let mut client = RawClient::connect(proxy.address()).unwrap();
        let messages = client
            .try_login(
                &[("user", &format!("alice@{record}")), (name, value)],
                proxy.password("alice").unwrap(),
            )
            .unwrap();
        messages.last().unwrap().sqlstate()
    };
    for (name, value, sqlstate) in [
        ("role", "postgres", Some("42501")),
        ("ROLE", "postgres", Some("42501")),
        ("session_authorization", "postgres", Some("42501")),
        ("options", "-c role=postgres", Some("42501")),
        ("options", "-crole=postgres", Some("42501")),
        ("options", "--role=postgres", Some("42501")),
        ("options", "-c\tROLE=postgres", Some("42501")),
        ("options", "-c work_mem=1MB\u{b}-c role=postgres", Some("42501")),
        ("options", "-c ro\\le=postgres", Some("42501")),
        ("options", "-Pc role=postgres", Some("42501")),
        ("options", "-d5", Some("42501")),
        ("session_preload_libraries", "evil", Some("42501")),
        ("options", "-c session_preload_libraries=evil", Some("42501")),
        ("local_preload_libraries", "evil", Some("42501")),
        ("options", "-c", Some("42601")),
        ("replication", "maybe", Some("22023")),
        ("replication", "off", None),
        ("options", "-c work_mem=1MB --search_path=x", None),
        ("work_mem", "2MB", None),
        ("no_such_setting", "x", Some("42704")),
        ("work_mem", "a lot", Some("22023")),
    ] {
        assert_eq!(
            log_in("orders", name, value).as_deref(),
            sqlstate,
            "{name}={value}"
        );
    }
    // Where it is allowed the server decides.
    assert_eq!(log_in("open", "role", database.login()), None);
    assert_eq!(log_in("open", "role", "postgres").as_deref(), Some("42501"));
    assert_eq!(log_in("open", "options", "-d5").as_deref(), Some("42501"));
    proxy.assert_idle();
}
