//! Sockets of files, and sockets that a service manager passes.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::time::Instant;

use testkit::{DEADLINE, Endpoint, Proxy, RawClient, wait_for};

use crate::database;

fn log_in(proxy: &Proxy, endpoint: impl Into<Endpoint>) -> RawClient {
    let password = proxy.password("alice").unwrap();
    RawClient::log_in(endpoint, "alice@orders", "", password).unwrap()
}

#[test]
fn who_came_through_a_file() {
    let database = database();
    let proxy = Proxy::before(&database)
        .socket_listener()
        .server("unix_socket_permissions = \"0750\"")
        .start()
        .unwrap();
    let Endpoint::Unix(path) = proxy.listeners()[1].clone() else {
        panic!("{:?}", proxy.listeners());
    };
    let metadata = fs::metadata(&path).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o7777, 0o750);
    let mut client = log_in(&proxy, path.clone());
    assert_eq!(client.rows("select 1").unwrap(), [["1"]]);
    drop(client);
    proxy.assert_idle();
    let (uid, gid, pid) = (metadata.uid(), metadata.gid(), std::process::id());
    let recorded = proxy.cli(&["export", "last", "--format", "jsonl"]).unwrap();
    let expected = format!(
        "\"client_address\":\"local\",\"client_process\":{{\"uid\":{uid},\"gid\":{gid},\"pid\":{pid}}}"
    );
    assert!(
        recorded.expect_success().contains(&expected),
        "{}",
        recorded.stdout
    );
    let logged = format!("peer=\"uid {uid} gid {gid} pid {pid}\"");
    assert!(proxy.log().contains(&logged), "{}", proxy.log());
}

/// What connects while pgwarden is restarted waits, and is served.
#[test]
fn a_passed_socket_outlives_the_process() {
    let database = database();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let mut proxy = Proxy::before(&database)
        .passed_listener("clients", listener)
        .start()
        .unwrap();
    assert_eq!(proxy.listeners()[1], Endpoint::Tcp(address));
    assert_eq!(log_in(&proxy, address).rows("select 1").unwrap(), [["1"]]);
    proxy.assert_idle();

    assert!(proxy.terminate().unwrap().success());
    let mut waiting = RawClient::connect(address).unwrap();
    waiting
        .send(&testkit::frontend::startup(&[("user", "alice@orders")]))
        .unwrap();
    proxy.start_again().unwrap();
    let first = waiting.receive().unwrap().unwrap();
    assert_eq!(first.tag, b'R', "{first:?}");
    drop(waiting);
    proxy.assert_idle();
}

#[test]
fn a_passed_unix_socket() {
    let database = database();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(".s.PGSQL.6432");
    let listener = UnixListener::bind(&path).unwrap();
    let mut proxy = Proxy::before(&database)
        .server("tls = { mode = \"disable\" }")
        .passed_listener("clients", listener)
        .start()
        .unwrap();
    assert_eq!(log_in(&proxy, path.clone()).rows("select 1").unwrap(), [["1"]]);
    proxy.assert_idle();
    assert!(proxy.terminate().unwrap().success());
    assert!(path.exists(), "it belongs to who made it");
}

#[test]
fn a_socket_that_was_not_passed() {
    let database = database();
    let config = Proxy::before(&database).listener("{ address = \"systemd:clients\", tls = \"disable\" }");
    let error = format!("{:#}", config.start().err().unwrap());
    assert!(
        error.contains("can't listen on systemd:clients: no socket of this name was passed"),
        "{error}"
    );
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = Proxy::before(&database)
        .passed_listener("clients", listener.try_clone().unwrap())
        .start()
        .unwrap();
    assert!(!proxy.log().contains("no `listen` names"));
}

/// systemd with `Type=notify` and `WatchdogSec=`.
#[test]
fn the_service_manager_is_told() {
    let database = database();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(DEADLINE)).unwrap();
    let mut proxy = Proxy::before(&database)
        .environment("NOTIFY_SOCKET", path.to_str().unwrap())
        .environment("WATCHDOG_USEC", "200000")
        .start()
        .unwrap();
    let mut told = String::new();
    let mut hear = |what: &str| {
        let begun = Instant::now();
        while !told.contains(what) {
            assert!(begun.elapsed() < DEADLINE, "waited for {what:?}, heard {told:?}");
            let mut buffer = [0; 1024];
            let bytes = socket.recv(&mut buffer).unwrap();
            told.push_str(std::str::from_utf8(&buffer[..bytes]).unwrap());
        }
        let (before, rest) = told.split_once(what).unwrap();
        let before = before.to_owned();
        told = rest.to_owned();
        before
    };
    assert_eq!(hear("READY=1\n"), "");
    hear("WATCHDOG=1\n");
    hear("WATCHDOG=1\n");
    proxy.hang_up().unwrap();
    hear("RELOADING=1\nMONOTONIC_USEC=");
    hear("READY=1\n");
    // It goes on while it drains.
    let mut open = proxy.client("alice", "orders").unwrap();
    open.query("begin").unwrap();
    proxy.begin_shutdown().unwrap();
    hear("STOPPING=1\n");
    hear("WATCHDOG=1\n");
    hear("WATCHDOG=1\n");
    open.query("commit").unwrap();
    assert!(proxy.await_end().unwrap().success());
    wait_for("the server's connections to end", || {
        database.backends().unwrap() == 0
    });
}
