//! Cancelling: by the client's request, by its end, by pgwarden's decision. It hits what it is meant for and nothing else.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use testkit::{Cluster, Proxy, RawClient, Record, TestDb, cancel, frontend, trace, wait_for};

use crate::conversation::extended;
use crate::fake_server::greeting;

/// Taken by the test, so that whoever else wants it waits for as long as the test likes.
const LOCK: &str = "select pg_advisory_lock(7)";

struct Scene {
    database: TestDb,
    proxy: Proxy,
}

impl Scene {
    fn new() -> Self {
        Self::with("")
    }

    fn with(server: &str) -> Self {
        let database = Cluster::shared().unwrap().database().unwrap();
        database.execute("create table t (a int)").unwrap();
        let proxy = Proxy::before(&database)
            .record(Record::open("orders"))
            .server(server)
            .start()
            .unwrap();
        Scene { database, proxy }
    }

    /// A connection past pgwarden that holds the lock.
    fn holder(&self) -> RawClient {
        let mut holder = self.database.client().unwrap();
        holder.query(LOCK).unwrap();
        holder
    }

    fn client(&self) -> RawClient {
        self.proxy.client("alice", "orders").unwrap()
    }

    /// Sends what will wait for the lock, and waits until it does.
    #[track_caller]
    fn begin(&self, client: &mut RawClient, messages: &[u8]) {
        client.send(messages).unwrap();
        self.await_waiting(1);
    }

    fn waiting(&self) -> usize {
        let sql = format!(
            "select count(*) from pg_stat_activity where usename = '{}' and state = 'active' and wait_event = 'advisory'",
            self.database.login()
        );
        let mut superuser = self.database.cluster().superuser("postgres").unwrap();
        superuser.rows(&sql).unwrap()[0][0].parse().unwrap()
    }

    #[track_caller]
    fn await_waiting(&self, sessions: usize) {
        wait_for("a statement to wait for the lock", || self.waiting() == sessions);
    }

    /// A client that vanishes while what it sent waits for the lock has done nothing.
    #[track_caller]
    fn check_vanishing(&self, messages: &[u8]) {
        let holder = self.holder();
        let mut client = self.client();
        self.begin(&mut client, messages);
        drop(client);
        self.assert_undone(holder);
    }

    /// Nothing of what waited for the lock was done, now and after the lock is free.
    #[track_caller]
    fn assert_undone(&self, holder: RawClient) {
        self.await_waiting(0);
        drop(holder);
        self.proxy.assert_idle();
        assert_eq!(self.database.scalar("select count(*) from t").unwrap(), "0");
    }
}

fn insert() -> Vec<u8> {
    frontend::query("insert into t select 1 from pg_advisory_lock(7)")
}

const CANCELED: &str = "B  ErrorResponse ERROR 57014 \"canceling statement due to user request\"\n\
                        B  ReadyForQuery Idle\n";

#[test]
fn a_request_cancels_the_statement_and_no_other() {
    let scene = Scene::new();
    let holder = scene.holder();
    let (mut first, mut second) = (scene.client(), scene.client());
    scene.begin(&mut first, &insert());
    second.send(&insert()).unwrap();
    scene.await_waiting(2);
    let (pid, secret) = first.backend_key().unwrap();
    cancel(scene.proxy.address(), pid, secret).unwrap();
    assert_eq!(trace(&first.receive_ready().unwrap()), CANCELED);
    assert_eq!(scene.waiting(), 1);
    first.query("select 1").unwrap();
    let (pid, secret) = second.backend_key().unwrap();
    cancel(scene.proxy.address(), pid, secret).unwrap();
    assert_eq!(trace(&second.receive_ready().unwrap()), CANCELED);
    drop((first, second));
    scene.assert_undone(holder);
}

/// Nobody is told whether a key was right, and a wrong one does nothing.
#[test]
fn wrong_keys_are_answered_with_silence() {
    let scene = Scene::new();
    let holder = scene.holder();
    let mut client = scene.client();
    scene.begin(&mut client, &insert());
    let (pid, secret) = client.backend_key().unwrap();
    let (secret, mut other) = (secret.to_vec(), secret.to_vec());
    other[3] ^= 1;
    for (pid, secret) in [
        (pid, &other[..]),
        (pid, &[0, 0, 0, 0]),
        (pid, &secret[..3]),
        (pid + 1, &secret),
        (0, &secret),
    ] {
        cancel(scene.proxy.address(), pid, secret).unwrap();
    }
    // The server doesn't know pgwarden's secret either.
    cancel(scene.database.cluster().address(), pid, &secret).unwrap();
    assert_eq!(scene.waiting(), 1);
    cancel(scene.proxy.address(), pid, &secret).unwrap();
    assert_eq!(trace(&client.receive_ready().unwrap()), CANCELED);
    // A key is good for as long as its session lives.
    drop(client);
    wait_for("the session to end", || {
        scene.proxy.metric("pgwarden_sessions", &[]).unwrap() == 0.0
    });
    cancel(scene.proxy.address(), pid, &secret).unwrap();
    scene.assert_undone(holder);
}

/// The client sees its request closed and sends the next statement at once: a late request must not hit that one.
#[test]
fn the_next_statement_is_never_hit() {
    let scene = Scene::new();
    let holder = scene.holder();
    let mut client = scene.client();
    let (pid, secret) = client.backend_key().unwrap();
    let secret = secret.to_vec();
    for _ in 0..50 {
        scene.begin(&mut client, &insert());
        cancel(scene.proxy.address(), pid, &secret).unwrap();
        client.send(&frontend::query("select 'innocent'")).unwrap();
        assert_eq!(trace(&client.receive_ready().unwrap()), CANCELED);
        assert_eq!(
            trace(&client.receive_ready().unwrap()),
            "B  RowDescription\nB  DataRow \"innocent\"\nB  CommandComplete \"SELECT 1\"\nB  ReadyForQuery Idle\n"
        );
    }
    drop(client);
    scene.assert_undone(holder);
}

/// A server goes on with the statement of a client that is gone, and commits it. pgwarden cancels it.
#[test]
fn a_client_that_vanishes() {
    let scene = Scene::new();
    let waiting = "insert into t select 1 from pg_advisory_lock(7)";
    for messages in [
        insert(),
        [extended("", waiting), frontend::sync()].concat(),
        [extended("", waiting), frontend::flush()].concat(),
    ] {
        scene.check_vanishing(&messages);
    }
}

/// What it has sent behind the statement that runs isn't begun: the lock is free for it, and it would be done at once.
#[test]
fn a_client_that_vanishes_with_more_in_the_pipeline() {
    let scene = Scene::new();
    let quick = "insert into t values (2)";
    let more = frontend::query(quick);
    for messages in [
        [insert(), more.clone()].concat(),
        [insert(), more.repeat(1000)].concat(),
        [insert(), extended("", quick), frontend::sync()].concat(),
        [
            extended("", "insert into t select 1 from pg_advisory_lock(7)"),
            frontend::sync(),
            extended("", quick),
            frontend::sync(),
            more.clone(),
        ]
        .concat(),
        // Each waits for the lock.
        insert().repeat(20),
        [
            frontend::query("begin"),
            insert(),
            frontend::query("commit"),
            more,
        ]
        .concat(),
    ] {
        scene.check_vanishing(&messages);
    }
}

/// Whatever it was sent is not begun either when pgwarden ends the session.
#[test]
fn a_pipeline_of_a_record_that_is_disabled() {
    let mut scene = Scene::new();
    let holder = scene.holder();
    let mut client = scene.client();
    let messages = [insert(), frontend::query("insert into t values (2)")].concat();
    scene.begin(&mut client, &messages);
    scene
        .proxy
        .reconfigure("enable = true", "enable = false")
        .unwrap();
    let answers = client.receive_to_end().unwrap();
    assert_eq!(answers.last().unwrap().sqlstate().as_deref(), Some("57P01"));
    scene.assert_undone(holder);
}

/// Gone before the server has read what it sent: the first request to cancel may come before the statement has begun.
#[test]
fn a_client_that_vanishes_at_once() {
    let scene = Scene::new();
    let holder = scene.holder();
    let mut superuser = scene.database.cluster().superuser("postgres").unwrap();
    for messages in [
        insert(),
        [
            extended("", "insert into t select 1 from pg_advisory_lock(7)"),
            frontend::sync(),
        ]
        .concat(),
    ] {
        for _ in 0..20 {
            let mut client = scene.client();
            // With an answer unread, its end is a reset and is known at once.
            client.send(&frontend::query("select 1 as unread")).unwrap();
            let (pid, _) = client.backend_key().unwrap();
            let answered = format!("select state, query from pg_stat_activity where pid = {pid}");
            wait_for("the first query to be answered", || {
                superuser.rows(&answered).unwrap() == [["idle", "select 1 as unread"]]
            });
            client.send(&messages).unwrap();
            drop(client);
        }
    }
    scene.assert_undone(holder);
}

/// In the middle of a copy, and with half a message.
#[test]
fn a_client_that_vanishes_within_a_copy() {
    let scene = Scene::new();
    for data in [
        frontend::copy_data("1\n2\n"),
        [frontend::copy_data("1\n"), b"d\0\0\x10\0more".to_vec()].concat(),
    ] {
        let mut client = scene.client();
        client.send(&frontend::query("copy t from stdin")).unwrap();
        client.receive_until(b'G').unwrap();
        client.send(&data).unwrap();
        drop(client);
        scene.proxy.assert_idle();
        assert_eq!(scene.database.scalar("select count(*) from t").unwrap(), "0");
    }
}

#[test]
fn a_record_that_is_disabled_while_its_statement_runs() {
    let mut scene = Scene::new();
    let holder = scene.holder();
    let mut client = scene.client();
    scene.begin(&mut client, &insert());
    scene
        .proxy
        .reconfigure("enable = true", "enable = false")
        .unwrap();
    let answers = client.receive_to_end().unwrap();
    assert_eq!(
        answers.last().unwrap().sqlstate().as_deref(),
        Some("57P01"),
        "{}",
        trace(&answers)
    );
    assert_eq!(answers.last().unwrap().field(b'V').as_deref(), Some("FATAL"));
    scene.assert_undone(holder);
}

#[test]
fn what_does_not_end_in_time_when_pgwarden_stops() {
    let mut scene = Scene::with("drain_timeout = \"1s\"");
    let holder = scene.holder();
    let mut client = scene.client();
    scene.begin(&mut client, &insert());
    assert!(scene.proxy.terminate().unwrap().success());
    let answers = client.receive_to_end().unwrap();
    assert_eq!(
        answers.last().unwrap().sqlstate().as_deref(),
        Some("57P01"),
        "{}",
        trace(&answers)
    );
    scene.await_waiting(0);
    drop(holder);
    wait_for("the server's connections to end", || {
        scene.database.backends().unwrap() == 0
    });
    assert_eq!(scene.database.scalar("select count(*) from t").unwrap(), "0");
}

/// The server's end of a session that runs something while its client reads nothing.
#[test]
fn a_client_that_reads_nothing() {
    let scene = Scene::new();
    let mut client = scene.client();
    client
        .send(&frontend::query(
            "select repeat('x', 1000) from generate_series(1, 1000000)",
        ))
        .unwrap();
    let blocked = format!(
        "select count(*) from pg_stat_activity where usename = '{}' and wait_event = 'ClientWrite'",
        scene.database.login()
    );
    let mut superuser = scene.database.cluster().superuser("postgres").unwrap();
    wait_for("the server to wait for its reader", || {
        superuser.rows(&blocked).unwrap() == [["1"]]
    });
    drop(client);
    scene.proxy.assert_idle();
}

/// Control-C in psql.
#[test]
fn psql_is_interrupted() {
    let scene = Scene::new();
    let holder = scene.holder();
    let address = scene.proxy.address();
    let psql = std::process::Command::new(testkit::psql_path())
        .args([
            "-XAtq",
            "-h",
            &address.ip().to_string(),
            "-p",
            &address.port().to_string(),
        ])
        .args(["-U", "alice@orders", "-c"])
        .arg("insert into t select 1 from pg_advisory_lock(7)")
        .env("PGPASSWORD", scene.proxy.password("alice").unwrap())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    scene.await_waiting(1);
    kill_process(Pid::from_child(&psql), Signal::INT).unwrap();
    let output = psql.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        errors.contains("canceling statement due to user request"),
        "{errors}"
    );
    scene.assert_undone(holder);
}

/// A packet without a type, as those are that begin connections.
fn packet(stream: &mut TcpStream) -> Vec<u8> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut packet = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap() - 4];
    stream.read_exact(&mut packet).unwrap();
    packet
}

/// The two come by connections of their own, and PostgreSQL ignores a request that finds nothing running.
#[test]
fn a_request_does_not_overtake_its_statement() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders").at("127.0.0.1", port))
        .start()
        .unwrap();
    let process = Pid::from_raw(i32::try_from(proxy.pid()).unwrap()).unwrap();
    for _ in 0..20 {
        let (mut client, mut server) = thread::scope(|scope| {
            let server = scope.spawn(|| {
                let (mut server, _) = listener.accept().unwrap();
                packet(&mut server);
                server.write_all(&greeting()).unwrap();
                server
            });
            let client = proxy.client("alice", "orders").unwrap();
            (client, server.join().unwrap())
        });
        let (process_id, secret) = client.backend_key().unwrap();
        let (process_id, secret) = (process_id, secret.to_vec());
        // Both are there before pgwarden has a look at either.
        kill_process(process, Signal::STOP).unwrap();
        client.send(&frontend::query("select 1")).unwrap();
        let mut request = TcpStream::connect(proxy.address()).unwrap();
        request
            .write_all(&frontend::cancel_request(process_id, &secret))
            .unwrap();
        kill_process(process, Signal::CONT).unwrap();
        let (mut cancel, _) = listener.accept().unwrap();
        packet(&mut cancel);
        server.set_nonblocking(true).unwrap();
        let mut statement = [0; 64];
        let bytes = server
            .read(&mut statement)
            .expect("the statement is here before the request");
        assert_eq!(statement[..bytes], frontend::query("select 1"));
    }
    wait_for("the sessions to end", || {
        proxy
            .metric("pgwarden_sessions", &[("record", "orders")])
            .unwrap()
            .abs()
            < 0.5
    });
}
