//! How pgwarden logs in to databases of every kind, and what becomes of sessions whose database goes away.

use testkit::{
    Cluster, ClusterOptions, Proxy, RawClient, Record, ServerAuth, TestDb, free_port, trace, wait_for,
};

fn private(auth: ServerAuth) -> (Cluster, TestDb) {
    let cluster = Cluster::private(&ClusterOptions {
        auth,
        max_connections: 20,
        extra: String::new(),
        ..ClusterOptions::default()
    })
    .unwrap();
    let database = cluster.database().unwrap();
    (cluster, database)
}

/// Logs in as alice, and says as whom the server took it, or how it was refused.
fn log_in(proxy: &Proxy, record: &str) -> String {
    let mut client = RawClient::connect(proxy.address()).unwrap();
    let answers = client
        .try_login(
            &[("user", &format!("alice@{record}"))],
            proxy.password("alice").unwrap(),
        )
        .unwrap();
    let last = answers.last().unwrap();
    if last.tag == b'E' {
        return trace(std::slice::from_ref(last)).trim_end().to_owned();
    }
    client.rows("select current_user").unwrap()[0][0].clone()
}

fn check(auth: ServerAuth, by_tcp: Result<(), &str>) {
    let (cluster, database) = private(auth);
    let socket = cluster.socket_directory().to_str().unwrap().to_owned();
    let proxy = Proxy::before(&database)
        .record(Record::new("tcp"))
        .record(Record::new("socket").at(&socket, cluster.port()))
        .record(Record::new("variable").login(database.login(), "{ env = \"TEST_PASSWORD\" }"))
        .record(Record::new("program").at(&socket, cluster.port()).login(
            database.login(),
            &format!("{{ exec = [\"echo\", \"{}\"] }}", database.password()),
        ))
        .record(Record::new("literal").login(database.login(), &format!("\"{}\"", database.password())))
        .environment("TEST_PASSWORD", database.password())
        .start()
        .unwrap();
    let refused = |record: &str| {
        format!(
            "B  ErrorResponse FATAL 28000 \"database of record \\\"{record}\\\" refused the login of pgwarden\""
        )
    };
    // Twice: the second time by what was kept of the first.
    for _ in 0..2 {
        for record in ["tcp", "variable", "literal"] {
            let expected = match by_tcp {
                Ok(()) => database.login().to_owned(),
                Err(_) => refused(record),
            };
            assert_eq!(log_in(&proxy, record), expected, "{auth:?}");
        }
        for record in ["socket", "program"] {
            assert_eq!(log_in(&proxy, record), database.login(), "{auth:?}");
        }
    }
    if let Err(why) = by_tcp {
        assert!(proxy.log().contains(why), "{}", proxy.log());
    }
    proxy.assert_idle();
}

#[test]
fn by_scram() {
    check(ServerAuth::ScramSha256, Ok(()));
}

#[test]
fn by_md5() {
    check(ServerAuth::Md5, Ok(()));
}

#[test]
fn by_trust() {
    check(ServerAuth::Trust, Ok(()));
}

/// A password in clear goes over a socket file, never over a network without encryption.
#[test]
fn by_cleartext() {
    check(ServerAuth::Password, Err("asks for the password in clear"));
}

/// The password changes at the server and in its file: what was kept of the old one must not stand in the way.
#[test]
fn a_password_that_changes() {
    let (cluster, database) = private(ServerAuth::ScramSha256);
    let proxy = Proxy::before(&database)
        .secret("another-password")
        .start()
        .unwrap();
    assert_eq!(log_in(&proxy, "orders"), database.login());
    cluster
        .execute(
            "postgres",
            &format!("alter role {} password 'another-password'", database.login()),
        )
        .unwrap();
    let refused = log_in(&proxy, "orders");
    assert!(refused.contains("FATAL 28000"), "{refused}");
    std::fs::write(proxy.directory().join("orders.password"), "another-password\n").unwrap();
    // Read at each login, so that it takes no reload.
    assert_eq!(log_in(&proxy, "orders"), database.login());
    proxy.assert_idle();
}

#[test]
fn several_hosts_are_tried_in_order() {
    let (cluster, database) = private(ServerAuth::ScramSha256);
    let mut proxy = Proxy::before(&database).start().unwrap();
    let closed = free_port().unwrap();
    let text = proxy.config_text().replace(
        "host = \"127.0.0.1\"",
        &format!(
            "host = [\"127.0.0.1:{closed}\", \"/nonexistent\", \"127.0.0.1:{}\"]",
            cluster.port()
        ),
    );
    proxy.reload(&text).unwrap();
    assert_eq!(log_in(&proxy, "orders"), database.login());
    proxy.assert_idle();
}

/// The server dies under its sessions, and comes back.
#[test]
fn a_server_that_crashes() {
    let (cluster, database) = private(ServerAuth::ScramSha256);
    let proxy = Proxy::before(&database).start().unwrap();
    let mut idle = proxy.client("alice", "orders").unwrap();
    let mut busy = proxy.client("alice", "orders").unwrap();
    busy.send(&testkit::frontend::query("select pg_sleep(600)"))
        .unwrap();
    wait_for("the statement to run", || {
        cluster
            .superuser("postgres")
            .and_then(|mut superuser| {
                superuser.rows("select count(*) from pg_stat_activity where wait_event = 'PgSleep'")
            })
            .is_ok_and(|rows| rows == [["1"]])
    });
    cluster.crash().unwrap();
    for client in [&mut idle, &mut busy] {
        let words = client.receive_to_end().unwrap();
        // The server's last words, if it had time for any.
        if let Some(last) = words.last() {
            assert!(
                last.sqlstate().is_some_and(|code| code.starts_with("57P")),
                "{}",
                trace(&words)
            );
        }
    }
    assert_eq!(
        log_in(&proxy, "orders"),
        "B  ErrorResponse FATAL 08001 \"database of record \\\"orders\\\" cannot be reached\""
    );
    cluster.start().unwrap();
    assert_eq!(log_in(&proxy, "orders"), database.login());
    proxy.assert_idle();
}

/// What the server itself says about too many of its own connections reaches the client.
#[test]
fn a_server_that_is_full() {
    let cluster = Cluster::private(&ClusterOptions {
        max_connections: 5,
        extra: "superuser_reserved_connections = 3".to_owned(),
        ..ClusterOptions::default()
    })
    .unwrap();
    let database = cluster.database().unwrap();
    let proxy = Proxy::before(&database).start().unwrap();
    let clients = [(); 2].map(|()| proxy.client("alice", "orders").unwrap());
    let refused = log_in(&proxy, "orders");
    assert!(refused.starts_with("B  ErrorResponse FATAL 53300"), "{refused}");
    drop(clients);
    proxy.assert_idle();
}
