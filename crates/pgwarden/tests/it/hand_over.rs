//! A new process beside the old, and the old one's end, of which no client notices anything but those who stay longer than they may.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use testkit::{Endpoint, Proxy, RawClient, free_port, frontend, trace, wait_for};

use crate::database;

const SHUTDOWN: &str =
    "B  ErrorResponse FATAL 57P01 \"terminating connection due to administrator command\"\n";

/// What clients come by, in turn: a TCP port, and a socket file.
fn endpoints(proxy: &Proxy) -> [Endpoint; 2] {
    let [_, tcp, unix] = proxy.listeners() else {
        panic!("{:?}", proxy.listeners());
    };
    [tcp.clone(), unix.clone()]
}

fn visit(endpoint: &Endpoint, password: &str) -> anyhow::Result<()> {
    let mut client = RawClient::log_in(endpoint, "alice@orders", "", password)?;
    let rows = client.rows("select 1")?;
    anyhow::ensure!(rows == [["1"]], "{rows:?}");
    client.send(&frontend::terminate())
}

#[test]
fn nobody_is_refused_while_one_process_takes_over_from_another() {
    let database = database();
    let port = free_port().unwrap();
    let mut old = Proxy::before(&database)
        .server("reuse_port = true")
        .listener(&format!("\"127.0.0.1:{port}\""))
        .socket_listener()
        .start()
        .unwrap();
    let mut running = old.client("alice", "orders").unwrap();
    running.query("begin").unwrap();
    let idle = old.client("alice", "orders").unwrap();

    let endpoints = endpoints(&old);
    let password = old.password("alice").unwrap().to_owned();
    let (visits, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let go_on = || {
        let seen = visits.load(Ordering::Relaxed);
        wait_for("more visits", || visits.load(Ordering::Relaxed) > seen + 20);
    };
    let new = thread::scope(|scope| {
        let visitors: Vec<_> = endpoints
            .iter()
            .map(|endpoint| {
                scope.spawn(|| {
                    while !done.load(Ordering::Relaxed) {
                        visit(endpoint, &password)?;
                        visits.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok::<_, anyhow::Error>(())
                })
            })
            .collect();
        go_on();
        let new = old.start_beside().unwrap();
        go_on();
        old.begin_shutdown().unwrap();
        // The old one's own socket is gone by now, and its clients come to the new one.
        go_on();
        assert!(old.is_running().unwrap());
        running.query("select 1").unwrap();
        go_on();
        running.query("commit").unwrap();
        assert_eq!(trace(&running.receive_to_end().unwrap()), SHUTDOWN);
        assert!(old.await_end().unwrap().success());
        go_on();
        done.store(true, Ordering::Relaxed);
        for visitor in visitors {
            visitor.join().unwrap().unwrap();
        }
        new
    });
    drop((idle, old));
    for endpoint in &endpoints {
        visit(endpoint, &password).unwrap();
    }
    new.assert_idle();
}

/// Without `reuse_port` the second of two says so, and the first has not lost anything.
#[test]
fn two_by_mistake() {
    let database = database();
    let port = free_port().unwrap();
    let first = Proxy::before(&database)
        .listener(&format!("\"127.0.0.1:{port}\""))
        .start()
        .unwrap();
    let second = Proxy::before(&database)
        .server("reuse_port = true")
        .listener(&format!("\"127.0.0.1:{port}\""))
        .start();
    let error = format!("{:#}", second.err().unwrap());
    assert!(
        error.contains(&format!("can't listen on 127.0.0.1:{port}")),
        "{error}"
    );
    first.client("alice", "orders").unwrap();

    let first = Proxy::before(&database).socket_listener().start().unwrap();
    let Endpoint::Unix(path) = first.listeners()[1].clone() else {
        panic!("{:?}", first.listeners());
    };
    let second = |server: &str| {
        let second = Proxy::before(&database)
            .server(server)
            .listener(&format!("\"unix:{}\"", path.display()))
            .start();
        format!("{:#}", second.err().unwrap())
    };
    for server in ["", "reuse_port = true"] {
        let error = second(server);
        assert!(error.contains("another process does"), "{error}");
    }
    assert!(Path::new(&path).exists());
    visit(&Endpoint::Unix(path), first.password("alice").unwrap()).unwrap();
    first.assert_idle();
}

/// Who was let in before the end of the listening is served, once.
#[test]
fn a_login_that_was_under_way() {
    let database = database();
    let mut proxy = Proxy::before(&database)
        .server("reuse_port = true")
        .start()
        .unwrap();
    let mut newcomer = RawClient::connect(proxy.address()).unwrap();
    newcomer
        .send(&frontend::startup(&[("user", "alice@orders")]))
        .unwrap();
    let asked = newcomer.receive().unwrap().unwrap();
    assert_eq!(asked.tag, b'R');
    let mut late = RawClient::connect(proxy.address()).unwrap();
    proxy.begin_shutdown().unwrap();
    wait_for("the sockets to be closed", || {
        RawClient::connect(proxy.address()).is_err()
    });
    let password = proxy.password("alice").unwrap().to_owned();
    late.login(&[("user", "alice@orders")], &password).unwrap();
    assert_eq!(late.rows("select 1").unwrap(), [["1"]]);
    assert_eq!(trace(&late.receive_to_end().unwrap()), SHUTDOWN);
    // The other one doesn't go on, and is not waited for.
    assert!(proxy.await_end().unwrap().success());
    wait_for("the server's connections to end", || {
        database.backends().unwrap() == 0
    });
}

/// At the end of `drain_timeout`, or at once after a second signal.
#[test]
fn what_still_runs_is_ended() {
    let database = database();
    for (server, is_hurried) in [
        ("drain_timeout = \"1s\"", false),
        ("drain_timeout = \"24h\"", true),
        ("drain_timeout = \"0s\"", false),
    ] {
        let mut proxy = Proxy::before(&database).server(server).start().unwrap();
        let mut running = proxy.client("alice", "orders").unwrap();
        running.send(&frontend::query("select pg_sleep(600)")).unwrap();
        let mut in_block = proxy.client("alice", "orders").unwrap();
        in_block.query("begin").unwrap();
        let sleeping = format!(
            "select count(*) from pg_stat_activity where usename = '{}' and wait_event = 'PgSleep'",
            database.login()
        );
        let mut superuser = database.cluster().superuser("postgres").unwrap();
        wait_for("the statement to run", || {
            superuser.rows(&sleeping).unwrap() == [["1"]]
        });
        proxy.begin_shutdown().unwrap();
        if is_hurried {
            wait_for("readiness to go", || {
                proxy.get("/readyz").is_ok_and(|(status, _)| status == 503)
            });
            assert_eq!(in_block.rows("select 1").unwrap(), [["1"]]);
            proxy.begin_shutdown().unwrap();
        }
        assert_eq!(trace(&in_block.receive_to_end().unwrap()), SHUTDOWN, "{server}");
        assert_eq!(trace(&running.receive_to_end().unwrap()), SHUTDOWN, "{server}");
        assert!(proxy.await_end().unwrap().success(), "{server}");
        wait_for("what ran to be cancelled", || database.backends().unwrap() == 0);
    }
}
