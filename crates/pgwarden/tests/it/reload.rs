//! Changes that hold at once, for live sessions too; and stopping without taking anything out of anyone's hands.

use testkit::{Cluster, Proxy, RawClient, Record, TestDb, frontend, trace, wait_for};

fn database() -> TestDb {
    let database = Cluster::shared().unwrap().database().unwrap();
    database
        .execute("create table t (a int); insert into t values (1)")
        .unwrap();
    database
}

const EXPORT: &str = "copy t to stdout";

fn is_allowed(client: &mut RawClient) -> bool {
    match client.query(EXPORT).unwrap()[0].tag {
        b'H' => true,
        b'E' => false,
        other => panic!("{other}"),
    }
}

#[test]
fn settings_hold_for_live_sessions() {
    let database = database();
    let mut proxy = Proxy::before(&database)
        .record(Record::new("orders").setting("can_export_csv", false))
        .start()
        .unwrap();
    let (off, on) = ("can_export_csv = false", "can_export_csv = true");
    let mut idle = proxy.client("alice", "orders").unwrap();
    let mut in_block = proxy.client("alice", "orders").unwrap();
    in_block.query("begin").unwrap();
    assert!(!is_allowed(&mut idle));
    for _ in 0..3 {
        proxy.reconfigure(off, on).unwrap();
        let mut new = proxy.client("alice", "orders").unwrap();
        assert!(is_allowed(&mut new) && is_allowed(&mut idle) && is_allowed(&mut in_block));
        proxy.reconfigure(on, off).unwrap();
        assert!(!is_allowed(&mut new) && !is_allowed(&mut idle) && !is_allowed(&mut in_block));
        // The refusal failed the block, and the session lives.
        assert_eq!(
            trace(&in_block.query("rollback; begin").unwrap()),
            "B  CommandComplete \"ROLLBACK\"\nB  CommandComplete \"BEGIN\"\nB  ReadyForQuery InTransaction\n"
        );
    }
    drop((idle, in_block));
    proxy.assert_idle();
}

/// A copy that was approved goes on to its end; the next one is refused.
#[test]
fn a_running_copy_ends_under_the_rules_that_it_began_under() {
    let database = database();
    let mut proxy = Proxy::before(&database)
        .record(Record::new("orders").setting("can_import_csv", true))
        .start()
        .unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    client.send(&frontend::query("copy t from stdin")).unwrap();
    client.receive_until(b'G').unwrap();
    client.send(&frontend::copy_data("2\n")).unwrap();
    proxy
        .reconfigure("can_import_csv = true", "can_import_csv = false")
        .unwrap();
    client
        .send(&[frontend::copy_data("3\n"), frontend::copy_done()].concat())
        .unwrap();
    assert_eq!(
        trace(&client.receive_ready().unwrap()),
        "B  CommandComplete \"COPY 2\"\nB  ReadyForQuery Idle\n"
    );
    assert_eq!(
        client.query("copy t from stdin").unwrap()[0]
            .sqlstate()
            .as_deref(),
        Some("42501")
    );
    drop(client);
    proxy.assert_idle();
}

#[test]
fn an_invalid_file_changes_nothing() {
    let database = database();
    let mut proxy = Proxy::before(&database)
        .record(Record::new("orders").setting("can_export_csv", true))
        .start()
        .unwrap();
    let good = proxy.config_text().to_owned();
    let reloads = |proxy: &Proxy, result: &str| {
        proxy
            .metric("pgwarden_config_reload_total", &[("result", result)])
            .unwrap()
    };
    let success = |proxy: &Proxy| proxy.metric("pgwarden_config_last_reload_success", &[]).unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    assert_eq!(success(&proxy), 1.0);
    for (number, bad) in [
        "this is not TOML".to_owned(),
        "# caught while it is written".to_owned(),
        good.replace("can_export_csv = true", "can_export_cvs = false"),
        good.replace("can_export_csv = true", "can_export_csv = \"no\""),
        good.replace("users = [\"alice\"]", "users = [\"nobody\"]"),
    ]
    .into_iter()
    .enumerate()
    {
        proxy.reload(&bad).unwrap();
        assert_eq!(
            reloads(&proxy, "invalid"),
            f64::from(u32::try_from(number).unwrap() + 1)
        );
        assert_eq!(success(&proxy), 0.0);
        assert!(is_allowed(&mut client));
        assert!(is_allowed(&mut proxy.client("alice", "orders").unwrap()));
    }
    assert!(proxy.log().contains("can_export_cvs"), "{}", proxy.log());
    proxy
        .reload(&good.replace("can_export_csv = true", "can_export_csv = false"))
        .unwrap();
    assert_eq!((reloads(&proxy, "applied"), success(&proxy)), (1.0, 1.0));
    assert!(!is_allowed(&mut client));
    drop(client);
    proxy.assert_idle();
}

/// What ends a session at once, though it says nothing.
#[test]
fn access_that_is_taken_away() {
    let database = database();
    for (from, to) in [
        ("enable = true", "enable = false"),
        ("users = [\"alice\", \"bob\"]", "users = [\"bob\"]"),
        (
            "users = [\"alice\", \"bob\"]",
            "users = [\"alice\", \"bob\"]\nfrom = [\"192.0.2.0/24\"]",
        ),
        (
            "users = [\"alice\", \"bob\"]",
            "users = [\"alice\", \"bob\"]\nvalid_until = \"2020-01-01T00:00:00Z\"",
        ),
    ] {
        let mut proxy = Proxy::before(&database)
            .person("alice")
            .person("bob")
            .grant(&["alice", "bob"], &["*"], "")
            .start()
            .unwrap();
        let mut idle = proxy.client("alice", "orders").unwrap();
        let mut in_block = proxy.client("alice", "orders").unwrap();
        in_block.query("begin; insert into t values (9)").unwrap();
        proxy.reconfigure(from, to).unwrap();
        for client in [&mut idle, &mut in_block] {
            assert_eq!(
                trace(&client.receive_to_end().unwrap()),
                "B  ErrorResponse FATAL 57P01 \"terminating connection due to administrator command\"\n",
                "{to}"
            );
        }
        let mut again = RawClient::connect(proxy.address()).unwrap();
        let refused = again
            .try_login(&[("user", "alice@orders")], proxy.password("alice").unwrap())
            .unwrap();
        assert_eq!(refused[0].sqlstate().as_deref(), Some("28000"));
        drop(again);
        proxy.assert_idle();
        assert_eq!(database.scalar("select count(*) from t").unwrap(), "1");
    }
}

/// Those who keep their access notice nothing.
#[test]
fn others_go_on() {
    let database = database();
    let mut proxy = Proxy::before(&database)
        .record(Record::new("orders"))
        .record(Record::new("sales"))
        .person("alice")
        .person("bob")
        .grant(&["alice"], &["*"], "")
        .grant(&["bob"], &["orders"], "")
        .start()
        .unwrap();
    let mut alice = proxy.client("alice", "sales").unwrap();
    let mut bob = proxy.client("bob", "orders").unwrap();
    alice.query("begin; insert into t values (2)").unwrap();
    proxy
        .reconfigure(
            "users = [\"bob\"]\nrecords = [\"orders\"]",
            "users = [\"bob\"]\nrecords = [\"sales\"]",
        )
        .unwrap();
    assert_eq!(
        bob.receive_to_end().unwrap()[0].sqlstate().as_deref(),
        Some("57P01")
    );
    assert_eq!(
        trace(&alice.query("commit").unwrap()),
        "B  CommandComplete \"COMMIT\"\nB  ReadyForQuery Idle\n"
    );
    drop(alice);
    proxy.assert_idle();
}

const SHUTDOWN: &str =
    "B  ErrorResponse FATAL 57P01 \"terminating connection due to administrator command\"\n";

#[test]
fn a_shutdown_lets_statements_and_transactions_end() {
    let database = database();
    let mut proxy = Proxy::before(&database).start().unwrap();
    let mut holder = database.client().unwrap();
    holder.query("select pg_advisory_lock(7)").unwrap();
    let mut idle = proxy.client("alice", "orders").unwrap();
    let mut running = proxy.client("alice", "orders").unwrap();
    let mut in_block = proxy.client("alice", "orders").unwrap();
    running
        .send(&frontend::query(
            "insert into t select 2 from pg_advisory_lock(7)",
        ))
        .unwrap();
    in_block.query("begin; insert into t values (3)").unwrap();
    let waiting = format!(
        "select count(*) from pg_stat_activity where usename = '{}' and wait_event = 'advisory'",
        database.login()
    );
    let mut superuser = database.cluster().superuser("postgres").unwrap();
    wait_for("the statement to run", || {
        superuser.rows(&waiting).unwrap() == [["1"]]
    });

    assert_eq!(proxy.get("/readyz").unwrap().0, 200);
    proxy.begin_shutdown().unwrap();
    assert_eq!(trace(&idle.receive_to_end().unwrap()), SHUTDOWN);
    // The balancer is told, nobody new comes in, and what runs goes on.
    wait_for("readiness to go", || {
        proxy.get("/readyz").is_ok_and(|(status, _)| status == 503)
    });
    if let Ok(mut late) = RawClient::connect(proxy.address()) {
        let _ = late.send(&frontend::startup(&[("user", "alice@orders")]));
        let words = late.receive_to_end().unwrap_or_default();
        assert!(
            words
                .iter()
                .all(|message| message.sqlstate().as_deref() == Some("57P01")),
            "{}",
            trace(&words)
        );
    }
    assert!(proxy.is_running().unwrap());
    in_block.query("insert into t values (4)").unwrap();
    assert_eq!(
        trace(&in_block.query("commit").unwrap()),
        "B  CommandComplete \"COMMIT\"\nB  ReadyForQuery Idle\n"
    );
    assert_eq!(trace(&in_block.receive_to_end().unwrap()), SHUTDOWN);
    drop(holder);
    assert_eq!(
        trace(&running.receive_to_end().unwrap()),
        format!("B  CommandComplete \"INSERT 0 1\"\nB  ReadyForQuery Idle\n{SHUTDOWN}")
    );
    assert!(proxy.await_end().unwrap().success());
    assert_eq!(
        database
            .scalar("select string_agg(a::text, ' ' order by a) from t")
            .unwrap(),
        "1 2 3 4"
    );
    wait_for("the server's connections to end", || {
        database.backends().unwrap() == 0
    });
}

/// It starts again where it was, and a new session finds everything as it was left.
#[test]
fn a_restart() {
    let database = database();
    let mut proxy = Proxy::before(&database).start().unwrap();
    proxy
        .client("alice", "orders")
        .unwrap()
        .query("select 1")
        .unwrap();
    for kill in [false, true] {
        if kill {
            proxy.kill().unwrap();
        } else {
            assert!(proxy.terminate().unwrap().success());
        }
        proxy.start_again().unwrap();
        proxy
            .client("alice", "orders")
            .unwrap()
            .query("select 1")
            .unwrap();
        proxy.assert_idle();
    }
}
