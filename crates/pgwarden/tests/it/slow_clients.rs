//! Clients that are slow, stop half-way, or don't read; and the machines of clients that are gone.

use std::fs;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use testkit::{Authority, Proxy, RawClient, Record, frontend, trace, wait_for};

use crate::database;

fn connect(proxy: &Proxy) -> RawClient {
    RawClient::connect(proxy.address()).unwrap()
}

/// `SASLInitialResponse` of SCRAM-SHA-256.
fn initial_response() -> Vec<u8> {
    let data = b"n,,n=,r=fyko+d2lbbFgONRv9qkxdawL";
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let body = [b"SCRAM-SHA-256\0", &length[..], data].concat();
    let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
    [&b"p"[..], &length, &body].concat()
}

/// `login_timeout` is one time for all of a login, so a byte now and then buys none.
#[test]
fn before_the_login() {
    let database = database();
    let config = Proxy::before(&database).server(
        "login_timeout = \"2s\"\nworker_threads = 1\n\
         tls = { mode = \"prefer\", cert = \"server.crt\", key = \"server.key\" }",
    );
    let server = Authority::new("authority")
        .unwrap()
        .server(&["localhost"])
        .unwrap();
    server.write(config.directory(), "server").unwrap();
    let proxy = config.start().unwrap();
    let begun = Instant::now();
    let startup = frontend::startup(&[("user", "alice@orders")]);

    // A byte every 50 ms, as a slow line would bring them: the packet alone would take longer than the timeout.
    let mut trickling = connect(&proxy);
    let padded = frontend::startup(&[("user", "alice@orders"), ("application_name", &"x".repeat(200))]);
    let trickle = thread::spawn(move || {
        for byte in padded {
            if trickling.send(&[byte]).is_err() || begun.elapsed() > Duration::from_secs(10) {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        trickling
    });
    let mut half_packet = connect(&proxy);
    half_packet.send(&startup[..9]).unwrap();
    let mut before_scram = connect(&proxy);
    before_scram.send(&startup).unwrap();
    let mut half_scram = connect(&proxy);
    half_scram.send(&startup).unwrap();
    half_scram.send(&initial_response()).unwrap();
    let mut half_message = connect(&proxy);
    half_message.send(&startup).unwrap();
    half_message.send(&initial_response()[..20]).unwrap();
    let mut half_handshake = connect(&proxy);
    half_handshake.send(&frontend::ssl_request()).unwrap();
    assert_eq!(half_handshake.receive_byte().unwrap(), Some(b'S'));
    // The beginning of a ClientHello that announces more.
    half_handshake
        .send(&[0x16, 3, 1, 1, 0, 1, 0, 0, 252, 3, 3])
        .unwrap();

    // On the same worker another gets in at once and works.
    let mut quick = proxy.client("alice", "orders").unwrap();
    assert_eq!(quick.rows("select 1").unwrap(), [["1"]]);

    for client in [
        &mut half_packet,
        &mut before_scram,
        &mut half_scram,
        &mut half_message,
    ] {
        let messages = client.receive_to_end().unwrap();
        let last = messages.last().unwrap();
        assert_eq!(
            (last.field(b'V').as_deref(), last.sqlstate().as_deref()),
            (Some("FATAL"), Some("57014"))
        );
    }
    // In the middle of a handshake nothing can be said.
    assert_eq!(half_handshake.receive_byte().unwrap_or(None), None);
    let mut trickling = trickle.join().unwrap();
    let told = trickling.receive_to_end().unwrap_or_default();
    assert!(
        told.iter()
            .all(|message| message.sqlstate().as_deref() == Some("57014")),
        "{}",
        trace(&told)
    );
    wait_for("all of them to be counted", || {
        proxy
            .metric("pgwarden_login_failures_total", &[("reason", "timed_out")])
            .unwrap()
            == 6.0
    });
    drop(quick);
    proxy.assert_idle();
}

/// Half a message is no work, so `idle_timeout` ends its session; others on the same worker go on meanwhile.
#[test]
fn half_a_message() {
    let database = database();
    let proxy = Proxy::before(&database)
        .server("idle_timeout = \"1s\"\nworker_threads = 1")
        .start()
        .unwrap();
    let mut half = proxy.client("alice", "orders").unwrap();
    let query = frontend::query("select 1");
    half.send(&query[..query.len() - 1]).unwrap();
    let mut header = proxy.client("alice", "orders").unwrap();
    header.send(&query[..3]).unwrap();
    let mut other = proxy.client("alice", "orders").unwrap();
    assert_eq!(other.rows("select 2").unwrap(), [["2"]]);
    for client in [&mut half, &mut header] {
        assert_eq!(
            trace(&client.receive_to_end().unwrap()),
            "B  ErrorResponse FATAL 57P05 \"terminating connection due to idle_timeout\"\n"
        );
    }
    drop(other);
    proxy.assert_idle();
}

/// `tcp_user_timeout` ends who doesn't take what is sent. Without it such a session stays, and costs one read.
#[test]
fn a_client_that_never_reads() {
    let database = database();
    let proxy = Proxy::before(&database)
        .record(Record::open("orders"))
        .server("tcp_user_timeout = \"1s\"\nworker_threads = 1")
        .start()
        .unwrap();
    let mut deaf = proxy.client("alice", "orders").unwrap();
    let mut other = proxy.client("alice", "orders").unwrap();
    deaf.send(&frontend::query(
        "select repeat('x', 100000) from generate_series(1, 1000)",
    ))
    .unwrap();
    wait_for("the session to end", || {
        assert_eq!(other.rows("select 1").unwrap(), [["1"]]);
        proxy.metric("pgwarden_sessions", &[]).unwrap() == 1.0
    });
    wait_for("its statement to be cancelled", || {
        database.backends().unwrap() == 1
    });
    assert_eq!(
        proxy
            .metric("pgwarden_sessions_total", &[("outcome", "client_vanished")])
            .unwrap(),
        1.0
    );
    drop((deaf, other));
    proxy.assert_idle();
}

/// What runs on the timer of an established connection (`/proc/net/tcp`, proc(5)): which timer, and the seconds left.
fn timer(local: SocketAddr, remote: SocketAddr) -> Option<(u32, u64)> {
    let hex = |address: SocketAddr| match address {
        SocketAddr::V4(address) => format!(
            "{:08X}:{:04X}",
            u32::from_ne_bytes(address.ip().octets()),
            address.port()
        ),
        SocketAddr::V6(_) => String::new(),
    };
    let table = fs::read_to_string("/proc/net/tcp").unwrap();
    let line = table.lines().find(|line| {
        let mut columns = line.split_whitespace().skip(1);
        columns.next() == Some(&hex(local)) && columns.next() == Some(&hex(remote))
    })?;
    let (timer, left) = line.split_whitespace().nth(5)?.split_once(':')?;
    // In hundredths of a second (USER_HZ).
    Some((
        u32::from_str_radix(timer, 16).ok()?,
        u64::from_str_radix(left, 16).ok()? / 100,
    ))
}

const KEEPALIVE_TIMER: u32 = 2;

/// Both connections of a session are probed after `tcp_keepalives_idle`.
#[test]
fn dead_machines_are_noticed_on_both_sides() {
    let database = database();
    let proxy = Proxy::before(&database)
        .server("tcp_keepalives_idle = \"30s\"")
        .start()
        .unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    let rows = client
        .rows("select host(inet_client_addr()), inet_client_port(), host(inet_server_addr()), inet_server_port()")
        .unwrap();
    let address = |host: usize| {
        format!("{}:{}", rows[0][host], rows[0][host + 1])
            .parse()
            .unwrap()
    };
    let (own, server) = (address(0), address(2));
    let near: SocketAddr = proxy
        .log()
        .lines()
        .find_map(|line| {
            let (_, rest) = line.split_once("client=")?;
            line.contains("session begins").then_some(())?;
            rest.split([' ', '}']).next()?.trim_matches('"').parse().ok()
        })
        .unwrap();
    for (side, local, remote) in [("client", proxy.address(), near), ("server", own, server)] {
        wait_for(&format!("the keepalive timer towards the {side}"), || {
            timer(local, remote).is_some_and(|(timer, left)| timer == KEEPALIVE_TIMER && left <= 30)
        });
    }
    drop(client);
    proxy.assert_idle();
}
