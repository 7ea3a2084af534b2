//! Replicas behind a balancer, which brings a cancel request to any of them.

use std::fs;
use std::net::{SocketAddr, TcpListener};

use testkit::{Cluster, Proxy, RawClient, Record, TestDb, cancel, frontend, trace, wait_for};

use crate::fake_server::{Answer, FakeServer, greeting_with};

const SLEEP: &str = "insert into t select 1 from pg_sleep(600)";

const CANCELED: &str = "B  ErrorResponse ERROR 57014 \"canceling statement due to user request\"\n\
                        B  ReadyForQuery Idle\n";

const SHUTDOWN: &str =
    "B  ErrorResponse FATAL 57P01 \"terminating connection due to administrator command\"\n";

/// Two replicas before one database.
struct Scene {
    database: TestDb,
    one: Proxy,
    other: Proxy,
    shared_files: tempfile::TempDir,
}

impl Scene {
    fn new(server: &str) -> Self {
        let database = Cluster::shared().unwrap().database().unwrap();
        database.execute("create table t (a int)").unwrap();
        let shared_files = tempfile::tempdir().unwrap();
        let start = |peers: &str| {
            let key = shared_files.path().join("login.key").display().to_string();
            Proxy::before(&database)
                .record(Record::open("orders"))
                .server(&format!(
                    "login_key = {{ file = \"{key}\" }}\npeers = [{peers}]\n{server}"
                ))
                .start()
                .unwrap()
        };
        let mut one = start("");
        let other = start(&quoted(one.address()));
        // Each has both in its list, as when all of them have the same.
        let both = format!("{}, {}", quoted(one.address()), quoted(other.address()));
        one.reconfigure("peers = []", &format!("peers = [{both}]"))
            .unwrap();
        Scene {
            database,
            one,
            other,
            shared_files,
        }
    }

    /// A session through `proxy` that speaks this version, and its key.
    fn session(proxy: &Proxy, version: u32) -> (RawClient, u32, Vec<u8>) {
        let mut client = RawClient::connect(proxy.address()).unwrap();
        let password = proxy.password("alice").unwrap();
        client
            .try_login_by(version, &[("user", "alice@orders")], password)
            .unwrap();
        let (process_id, secret) = client.backend_key().unwrap();
        let secret = secret.to_vec();
        (client, process_id, secret)
    }

    fn sleeping(&self) -> usize {
        let sql = format!(
            "select count(*) from pg_stat_activity where usename = '{}' and state = 'active' and wait_event = 'PgSleep'",
            self.database.login()
        );
        let mut superuser = self.database.cluster().superuser("postgres").unwrap();
        superuser.rows(&sql).unwrap()[0][0].parse().unwrap()
    }

    #[track_caller]
    fn await_sleeping(&self, sessions: usize) {
        wait_for("statements to sleep", || self.sleeping() == sessions);
    }

    #[track_caller]
    fn assert_idle(&self) {
        assert_eq!(self.database.scalar("select count(*) from t").unwrap(), "0");
        self.one.assert_idle();
        self.other.assert_idle();
    }
}

fn quoted(address: SocketAddr) -> String {
    format!("\"{address}\"")
}

fn requests(proxy: &Proxy, from: &str, result: &str) -> f64 {
    let labels = [("from", from), ("result", result)];
    proxy.metric("pgwarden_cancel_requests_total", &labels).unwrap()
}

/// They are counted when the client has been closed.
#[track_caller]
fn await_requests(proxy: &Proxy, from: &str, result: &str, count: f64) {
    wait_for(&format!("{count} {result} requests of a {from}"), || {
        requests(proxy, from, result) == count
    });
}

#[test]
fn any_replica_cancels_the_right_statement_and_no_other() {
    let scene = Scene::new("");
    for version in [frontend::PROTOCOL_3_0, frontend::PROTOCOL_3_2] {
        let (mut first, pid, secret) = Scene::session(&scene.one, version);
        let (mut second, second_pid, second_secret) = Scene::session(&scene.other, version);
        first.send(&frontend::query(SLEEP)).unwrap();
        second.send(&frontend::query(SLEEP)).unwrap();
        scene.await_sleeping(2);
        // Keys of the one with what belongs to the other are nobody's.
        cancel(scene.one.address(), second_pid, &secret).unwrap();
        cancel(scene.other.address(), pid, &second_secret).unwrap();
        assert_eq!(scene.sleeping(), 2);

        cancel(scene.other.address(), pid, &secret).unwrap();
        assert_eq!(trace(&first.receive_ready().unwrap()), CANCELED);
        assert_eq!(scene.sleeping(), 1);
        // The statement after it is never hit: the client's end comes after the server's.
        first.send(&frontend::query("select 'innocent'")).unwrap();
        assert!(trace(&first.receive_ready().unwrap()).contains("innocent"));

        cancel(scene.one.address(), second_pid, &second_secret).unwrap();
        assert_eq!(trace(&second.receive_ready().unwrap()), CANCELED);
    }
    for proxy in [&scene.one, &scene.other] {
        await_requests(proxy, "client", "passed_on", 2.0);
        await_requests(proxy, "client", "delivered", 0.0);
        await_requests(proxy, "client", "unknown_key", 2.0);
        await_requests(proxy, "peer", "delivered", 2.0);
    }
    scene.assert_idle();
}

/// A peer that is gone, and one that accepts and says nothing.
#[test]
fn a_peer_that_is_down_keeps_no_other_from_being_asked() {
    let mut scene = Scene::new("");
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = testkit::free_port().unwrap();
    let listed = format!(
        "peers = [\"127.0.0.1:{gone}\", {}, \"no-such-host.invalid:6432\", {}]",
        quoted(silent.local_addr().unwrap()),
        quoted(scene.one.address()),
    );
    let before = format!("peers = [{}]", quoted(scene.one.address()));
    scene.other.reconfigure(&before, &listed).unwrap();
    for version in [frontend::PROTOCOL_3_0, frontend::PROTOCOL_3_2] {
        let (mut client, pid, secret) = Scene::session(&scene.one, version);
        client.send(&frontend::query(SLEEP)).unwrap();
        scene.await_sleeping(1);
        cancel(scene.other.address(), pid, &secret).unwrap();
        assert_eq!(trace(&client.receive_ready().unwrap()), CANCELED);
    }
    drop(silent);
    scene.assert_idle();
    // With the one that it belongs to gone too, the client is answered with silence all the same.
    let (_client, pid, secret) = Scene::session(&scene.one, frontend::PROTOCOL_3_2);
    scene.one.kill().unwrap();
    cancel(scene.other.address(), pid, &secret).unwrap();
    await_requests(&scene.other, "client", "failed", 1.0);
    scene.other.assert_idle();
}

/// What may still run when pgwarden stops may still be cancelled, from near and from afar.
#[test]
fn cancel_requests_are_taken_while_draining() {
    let mut scene = Scene::new("");
    let mut sessions =
        [frontend::PROTOCOL_3_0, frontend::PROTOCOL_3_2].map(|version| Scene::session(&scene.one, version));
    for (client, ..) in &mut sessions {
        client.send(&frontend::query(SLEEP)).unwrap();
    }
    scene.await_sleeping(2);
    scene.one.begin_shutdown().unwrap();
    wait_for("the drain to begin", || {
        scene.one.get("/readyz").is_ok_and(|(status, _)| status == 503)
    });
    let mut late = RawClient::connect(scene.one.address()).unwrap();
    late.send(&frontend::startup(&[("user", "alice@orders")]))
        .unwrap();
    assert_eq!(trace(&late.receive_to_end().unwrap()), SHUTDOWN);
    for ((client, pid, secret), at) in sessions.iter_mut().zip([&scene.one, &scene.other]) {
        cancel(at.address(), *pid, secret).unwrap();
        assert_eq!(
            trace(&client.receive_to_end().unwrap()),
            format!("{CANCELED}{SHUTDOWN}")
        );
    }
    assert!(scene.one.await_end().unwrap().success());
    await_requests(&scene.other, "client", "passed_on", 1.0);
    assert_eq!(scene.database.scalar("select count(*) from t").unwrap(), "0");
    scene.other.assert_idle();
}

/// Replicas believe each other by `login_key` alone.
#[test]
fn a_replica_of_another_login_key_gets_nothing() {
    let mut scene = Scene::new("");
    let (mut client, pid, secret) = Scene::session(&scene.one, frontend::PROTOCOL_3_0);
    client.send(&frontend::query(SLEEP)).unwrap();
    scene.await_sleeping(1);
    let port = scene.other.address().port();
    scene.other.terminate().unwrap();
    fs::remove_file(scene.shared_files.path().join("login.key")).unwrap();
    scene.other.start_again().unwrap();
    assert_ne!(scene.other.address().port(), port);
    cancel(scene.other.address(), pid, &secret).unwrap();
    await_requests(&scene.other, "client", "failed", 1.0);
    await_requests(&scene.one, "peer", "delivered", 0.0);
    assert_eq!(scene.sleeping(), 1);
    assert!(
        scene.other.log().contains("its login_key is another"),
        "{}",
        scene.other.log()
    );
    cancel(scene.one.address(), pid, &secret).unwrap();
    assert_eq!(trace(&client.receive_ready().unwrap()), CANCELED);
    drop(client);
    scene.assert_idle();
}

/// Who floods loses their requests, and keeps nobody from logging in.
#[test]
fn too_many_requests_are_dropped() {
    let scene = Scene::new("max_cancels_per_second_per_address = 1");
    let (mut client, pid, secret) = Scene::session(&scene.one, frontend::PROTOCOL_3_2);
    client.send(&frontend::query(SLEEP)).unwrap();
    scene.await_sleeping(1);
    let mut wrong = secret.clone();
    wrong[31] ^= 1;
    wait_for("requests to be dropped", || {
        cancel(scene.one.address(), pid, &wrong).unwrap();
        cancel(scene.one.address(), pid, &wrong).unwrap();
        requests(&scene.one, "client", "dropped") > 0.0
    });
    assert!(
        scene.one.log().contains("max_cancels_per_second_per_address = 1"),
        "{}",
        scene.one.log()
    );
    scene
        .one
        .client("alice", "orders")
        .unwrap()
        .query("select 1")
        .unwrap();
    // The next one is dealt with as before.
    wait_for("a request to be delivered", || {
        cancel(scene.one.address(), pid, &secret).unwrap();
        requests(&scene.one, "client", "delivered") > 0.0
    });
    assert_eq!(trace(&client.receive_ready().unwrap()), CANCELED);
    drop(client);
    scene.assert_idle();
}

/// A server's key is used whole, however long it is, and no client sees it.
#[test]
fn a_key_of_256_bytes_is_the_servers_own() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let key: Vec<u8> = [7_u32.to_be_bytes().to_vec(), (0..=255).collect()].concat();
    let server = FakeServer::with_greeting(greeting_with(&key), |_| Answer::Bytes(Vec::new()));
    let proxy = Proxy::before(&database)
        .record(server.record("orders"))
        .start()
        .unwrap();
    for version in [frontend::PROTOCOL_3_0, frontend::PROTOCOL_3_2] {
        let (client, pid, secret) = Scene::session(&proxy, version);
        assert_eq!(pid, 7);
        assert_eq!(
            secret.len(),
            if version == frontend::PROTOCOL_3_0 { 4 } else { 32 }
        );
        cancel(proxy.address(), pid, &secret).unwrap();
        assert_eq!(server.seen().cancels.last(), Some(&key));
        drop(client);
    }
    proxy.assert_idle();
}
