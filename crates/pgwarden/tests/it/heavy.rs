//! What takes the whole machine: gigabytes through little memory, and a thousand sessions at once.

use std::sync::Barrier;
use std::thread;

use testkit::{Cluster, Proxy, RawClient, Record, TestDb, frontend, process, wait_for};

use crate::conversation::extended;

/// pgwarden may hold this much, whatever passes.
const MEMORY_BYTES_MAX: u64 = 64 << 20;

/// Bytes in one row or message of copy data, besides its frame; 1,024 of them are a GiB.
const ROW_BYTES: usize = 1 << 20;
const ROWS: usize = 1_024;

fn start(server: &str) -> (TestDb, Proxy) {
    let database = Cluster::shared().unwrap().database().unwrap();
    let proxy = Proxy::before(&database)
        .record(Record::open("orders"))
        .server(server)
        .start()
        .unwrap();
    (database, proxy)
}

#[track_caller]
fn assert_little_memory(proxy: &Proxy) {
    let peak = process::peak_resident_bytes(proxy.pid()).unwrap();
    assert!(peak < MEMORY_BYTES_MAX, "pgwarden took {} MiB", peak >> 20);
}

/// Reads to `ReadyForQuery`, and gives how many messages of type `tag` came, and how many bytes were in them.
fn count(client: &mut RawClient, tag: u8) -> (usize, usize) {
    let (mut messages, mut bytes) = (0, 0);
    loop {
        let message = client.receive().unwrap().unwrap();
        match message.tag {
            b'E' => panic!("{message:?}"),
            b'Z' => return (messages, bytes),
            own if own == tag => {
                messages += 1;
                bytes += message.body.len();
            }
            _ => {}
        }
    }
}

#[test]
fn a_gibibyte_of_rows() {
    let (_database, proxy) = start("");
    let mut client = proxy.client("alice", "orders").unwrap();
    client
        .send(&frontend::query(format!(
            "select repeat('x', {ROW_BYTES}) from generate_series(1, {ROWS})"
        )))
        .unwrap();
    // Number of columns and length of the value.
    assert_eq!(count(&mut client, b'D'), (ROWS, ROWS * (ROW_BYTES + 6)));
    drop(client);
    proxy.assert_idle();
    assert_little_memory(&proxy);
}

/// A message larger than all the memory that pgwarden may have.
#[test]
fn one_large_row_each_way() {
    let bytes = 256 * ROW_BYTES;
    let (_database, proxy) = start("");
    let mut client = proxy.client("alice", "orders").unwrap();
    client
        .send(&frontend::query(format!("select repeat('x', {bytes})")))
        .unwrap();
    assert_eq!(count(&mut client, b'D'), (1, bytes + 6));
    client
        .send(&frontend::query(
            "create temp table t (a text); copy t from stdin where false",
        ))
        .unwrap();
    client.receive_until(b'G').unwrap();
    client.send(&frontend::copy_data(vec![b'x'; bytes])).unwrap();
    client
        .send(&[frontend::copy_data("\n"), frontend::copy_done()].concat())
        .unwrap();
    assert_eq!(count(&mut client, b'C'), (1, b"COPY 0\0".len()));
    drop(client);
    proxy.assert_idle();
    assert_little_memory(&proxy);
}

#[test]
fn a_gibibyte_of_copy_each_way() {
    let (database, proxy) = start("");
    database.execute("create table t (a text)").unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    client
        .send(&frontend::query(format!(
            "copy (select repeat('x', {}) from generate_series(1, {ROWS})) to stdout",
            ROW_BYTES - 1
        )))
        .unwrap();
    assert_eq!(count(&mut client, b'd'), (ROWS, ROWS * ROW_BYTES));

    // None of it is stored, as the way there is what matters.
    client
        .send(&frontend::query("copy t from stdin where false"))
        .unwrap();
    client.receive_until(b'G').unwrap();
    let row = frontend::copy_data([&vec![b'x'; ROW_BYTES - 1][..], b"\n"].concat());
    for _ in 0..ROWS {
        client.send(&row).unwrap();
    }
    client.send(&frontend::copy_done()).unwrap();
    assert_eq!(count(&mut client, b'C'), (1, b"COPY 0\0".len()));
    drop(client);
    proxy.assert_idle();
    assert_little_memory(&proxy);
}

/// A slow reader holds the server up, and doesn't fill pgwarden.
#[test]
fn a_reader_that_does_not_keep_up() {
    let (database, proxy) = start("");
    let mut slow: Vec<RawClient> = (0..20)
        .map(|_| proxy.client("alice", "orders").unwrap())
        .collect();
    for client in &mut slow {
        client
            .send(&frontend::query(
                "select repeat('x', 1000) from generate_series(1, 40000)",
            ))
            .unwrap();
    }
    let blocked = format!(
        "select count(*) from pg_stat_activity where usename = '{}' and wait_event = 'ClientWrite'",
        database.login()
    );
    let mut superuser = database.cluster().superuser("postgres").unwrap();
    wait_for("the server to wait for all of them", || {
        superuser.rows(&blocked).unwrap() == [["20"]]
    });
    assert_little_memory(&proxy);
    for client in &mut slow {
        assert_eq!(count(client, b'D').0, 40_000);
    }
    drop(slow);
    proxy.assert_idle();
}

/// They come together, stay in every state there is, and leave in every way there is.
#[test]
fn a_thousand_sessions() {
    const THREADS: usize = 8;
    const EACH: usize = 125;
    let (database, proxy) = start("max_sessions_per_user = 1000");
    database.execute("create table t (a int)").unwrap();
    for _ in 0..2 {
        let arrived = Barrier::new(THREADS + 1);
        let seen = Barrier::new(THREADS + 1);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    let mut clients: Vec<RawClient> = (0..EACH)
                        .map(|_| proxy.client("alice", "orders").unwrap())
                        .collect();
                    for (number, client) in clients.iter_mut().enumerate() {
                        assert_eq!(client.rows("select 1").unwrap(), [["1"]]);
                        match number % 5 {
                            0 => {}
                            1 => {
                                client.query("begin; insert into t values (1)").unwrap();
                            }
                            2 => client.send(&frontend::query("select pg_sleep(600)")).unwrap(),
                            3 => {
                                client.send(&frontend::query("copy t from stdin")).unwrap();
                                client.receive_until(b'G').unwrap();
                                client.send(&frontend::copy_data("2\n")).unwrap();
                            }
                            _ => client.send(&extended("s", "select 1")[..20]).unwrap(),
                        }
                    }
                    arrived.wait();
                    seen.wait();
                    for (number, client) in clients.iter_mut().enumerate() {
                        if number % 10 == 0 {
                            client.send(&frontend::terminate()).unwrap();
                        }
                    }
                });
            }
            arrived.wait();
            assert_eq!(
                proxy
                    .metric("pgwarden_sessions", &[("record", "orders")])
                    .unwrap(),
                1_000.0
            );
            assert_eq!(database.backends().unwrap(), 1_000);
            seen.wait();
        });
        proxy.assert_idle();
    }
    assert_eq!(database.scalar("select count(*) from t").unwrap(), "0");
    assert_little_memory(&proxy);
}
