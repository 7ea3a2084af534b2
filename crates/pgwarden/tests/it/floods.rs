//! More connections, and more of messages, than there is room for.

use std::net::{IpAddr, SocketAddr};

use testkit::{Cluster, Config, Endpoint, Proxy, RawClient, TestDb, frontend, trace, wait_for};

const SORRY: &str = "B  ErrorResponse FATAL 53300 \"sorry, too many clients already\"\n";

fn start(server: &str, more: impl FnOnce(Config) -> Config) -> (TestDb, Proxy) {
    let database = Cluster::shared().unwrap().database().unwrap();
    let proxy = more(Proxy::before(&database).server(server)).start().unwrap();
    (database, proxy)
}

fn from(source: &str, address: SocketAddr) -> RawClient {
    let source: IpAddr = source.parse().unwrap();
    RawClient::connect_from(source, address).unwrap()
}

fn log_in(proxy: &Proxy, client: &mut RawClient) {
    client
        .login(&[("user", "alice@orders")], proxy.password("alice").unwrap())
        .unwrap();
    assert_eq!(client.rows("select 1").unwrap(), [["1"]]);
}

#[track_caller]
fn check_refused(mut client: RawClient) {
    // Its reset may overtake what it would be told, as it sends nothing to be read before.
    assert_eq!(trace(&client.receive_to_end().unwrap()), SORRY);
}

fn refused_logins(proxy: &Proxy) -> f64 {
    proxy
        .metric("pgwarden_login_failures_total", &[("reason", "too_many_logins")])
        .unwrap()
}

#[test]
fn one_address_does_not_keep_the_others_out() {
    let (_database, proxy) = start(
        "max_logins = 30\nmax_logins_per_address = 20",
        Config::socket_listener,
    );
    let address = proxy.address();
    let mut early = from("127.0.0.1", address);
    log_in(&proxy, &mut early);

    let mut flood: Vec<RawClient> = (0..20).map(|_| from("127.0.0.1", address)).collect();
    check_refused(from("127.0.0.1", address));
    for _ in 0..200 {
        check_refused(from("127.0.0.1", address));
    }
    assert_eq!(refused_logins(&proxy), 201.0);
    let lines = proxy.log().matches("connection refused").count();
    assert!((1..100).contains(&lines), "{lines} lines of 201 refusals");
    // Others log in, and who has stays.
    log_in(&proxy, &mut from("127.0.0.2", address));
    let [_, Endpoint::Unix(path)] = proxy.listeners() else {
        panic!("{:?}", proxy.listeners());
    };
    log_in(&proxy, &mut RawClient::connect(path.clone()).unwrap());
    assert_eq!(early.rows("select 2").unwrap(), [["2"]]);
    // A login makes room for the next one, once it is through.
    log_in(&proxy, &mut flood[0]);
    let mut last = from("127.0.0.1", address);
    check_refused(from("127.0.0.1", address));

    // Together they reach the limit of all; a unix socket counts there, too.
    wait_for("the sessions of others to end", || {
        proxy.metric("pgwarden_sessions", &[]).unwrap() == 2.0
    });
    let mut others = Vec::new();
    wait_for("all room to be taken", || {
        others.push(from("127.0.0.3", address));
        let mut one_more = from("127.0.0.3", address);
        one_more.send(b"\0").is_ok() && refused_logins(&proxy) > 202.0
    });
    check_refused(from("127.0.0.4", address));
    check_refused(RawClient::connect(path.clone()).unwrap());
    assert_eq!(early.rows("select 3").unwrap(), [["3"]]);

    // The limits are read again.
    drop((flood, others));
    wait_for("room", || {
        let mut client = from("127.0.0.1", address);
        client
            .try_login(&[("user", "alice@orders")], proxy.password("alice").unwrap())
            .is_ok_and(|messages| messages.last().is_some_and(|message| message.tag == b'Z'))
    });
    log_in(&proxy, &mut last);
    drop((last, early));
    proxy.assert_idle();
}

#[test]
fn a_reload_changes_the_room() {
    let (_database, mut proxy) = start("max_logins_per_address = 2", |config| config);
    let address = proxy.address();
    let held = [from("127.0.0.1", address), from("127.0.0.1", address)];
    check_refused(from("127.0.0.1", address));
    proxy
        .reconfigure("max_logins_per_address = 2", "max_logins_per_address = 3")
        .unwrap();
    log_in(&proxy, &mut from("127.0.0.1", address));
    drop(held);
    proxy.assert_idle();
}

/// Half of a long message is kept until its end comes; all that is kept by all sessions has a bound.
#[test]
fn messages_that_are_held_by_all_together() {
    let (_database, proxy) = start(
        "max_held_memory = \"4MiB\"\nmax_message = \"4MiB\"\nworker_threads = 1",
        |config| config,
    );
    let half = |bytes: usize| {
        let whole = frontend::query([b"select 1 -- ".as_slice(), &vec![b'x'; bytes]].concat());
        let rest = whole[whole.len() - 10..].to_vec();
        (whole[..whole.len() - 10].to_vec(), rest)
    };
    let mut other = proxy.client("alice", "orders").unwrap();
    let mut first = proxy.client("alice", "orders").unwrap();
    let (half_of_first, rest_of_first) = half(512 << 10);
    first.send(&half_of_first).unwrap();
    // Read by the time that this is answered, since there is one worker; what was not yet is counted later.
    assert_eq!(other.rows("select 1").unwrap(), [["1"]]);

    let mut second = proxy.client("alice", "orders").unwrap();
    let (too_much, _) = half((4 << 20) - 1_000);
    // It is ended before all of it is sent.
    let _ = second.send(&too_much);
    let told = second.receive_to_end().unwrap_or_default();
    assert_eq!(
        trace(&told),
        "B  ErrorResponse FATAL 53200 \"out of memory for messages (max_held_memory)\"\n"
    );
    // The others go on, the one with its half among them, and there is room again.
    assert_eq!(other.rows("select 2").unwrap(), [["2"]]);
    first.send(&rest_of_first).unwrap();
    assert_eq!(first.receive_ready().unwrap().last().unwrap().tag, b'Z');
    let mut third = proxy.client("alice", "orders").unwrap();
    let (half_of_third, rest_of_third) = half(1 << 20);
    third.send(&half_of_third).unwrap();
    third.send(&rest_of_third).unwrap();
    assert_eq!(third.receive_ready().unwrap().last().unwrap().tag, b'Z');
    drop((other, first, second, third));
    proxy.assert_idle();
}
