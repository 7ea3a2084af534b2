//! What takes the whole machine: gigabytes through little memory, and a thousand sessions at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use testkit::{Cluster, ClusterOptions, Proxy, RawClient, Record, TestDb, frontend, process, wait_for};

use crate::conversation::extended;

/// pgwarden may hold this much, whatever passes.
const MEMORY_BYTES_MAX: u64 = 64 << 20;

/// Bytes in one row or message of copy data, besides its frame; 1,024 of them are a GiB.
const ROW_BYTES: usize = 1 << 20;
const ROWS: usize = 1_024;

fn start(server: &str) -> (TestDb, Proxy) {
    start_on(&Cluster::shared().unwrap(), server)
}

fn start_on(cluster: &Cluster, server: &str) -> (TestDb, Proxy) {
    let database = cluster.database().unwrap();
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
                "select repeat('x', 100000) from generate_series(1, 200)",
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
        assert_eq!(count(client, b'D').0, 200);
    }
    drop(slow);
    proxy.assert_idle();
}

/// A server that doesn't keep up holds its client up, and pgwarden isn't filled either.
#[test]
fn a_server_that_does_not_keep_up() {
    let (database, proxy) = start("");
    // Each row waits for the lock, and is not stored.
    database
        .execute(
            "create table t (a text); \
             create function wait() returns trigger language plpgsql as \
             $$ begin perform pg_advisory_xact_lock_shared(7); return null; end $$; \
             create trigger wait before insert on t for each row execute function wait()",
        )
        .unwrap();
    let mut holder = database.client().unwrap();
    holder.query("select pg_advisory_lock(7)").unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    client.send(&frontend::query("copy t from stdin")).unwrap();
    client.receive_until(b'G').unwrap();
    let row = frontend::copy_data([&vec![b'x'; ROW_BYTES - 1][..], b"\n"].concat());
    let sent = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..256 {
                client.send(&row).unwrap();
                sent.fetch_add(1, Ordering::Relaxed);
            }
            client.send(&frontend::copy_done()).unwrap();
            assert_eq!(count(&mut client, b'C'), (1, b"COPY 0\0".len()));
        });
        // Until the sender has got no further for many looks.
        let (mut last, mut same) = (0, 0);
        wait_for("the sender to be held up", || {
            let now = sent.load(Ordering::Relaxed);
            same = if now == last { same + 1 } else { 0 };
            last = now;
            now > 0 && same > 100
        });
        assert!(last < 256, "all of it was taken");
        assert_little_memory(&proxy);
        drop(holder);
    });
    drop(client);
    proxy.assert_idle();
    assert_little_memory(&proxy);
}

/// They come together, stay in every state there is, and leave in every way there is.
#[test]
fn a_thousand_sessions() {
    const THREADS: usize = 8;
    const EACH: usize = 125;
    // A server of its own: they would leave no connection to whoever shares one.
    let cluster = Cluster::private(&ClusterOptions {
        max_connections: 1_020,
        ..ClusterOptions::default()
    })
    .unwrap();
    let (database, proxy) = start_on(&cluster, "max_sessions_per_user = 1000");
    database.execute("create table t (a int)").unwrap();
    for _ in 0..2 {
        // Joined rather than met at a barrier, which would wait for ever for a thread that panicked.
        let mut groups: Vec<Vec<RawClient>> = thread::scope(|scope| {
            let come = || {
                let mut clients: Vec<RawClient> = (0..EACH)
                    .map(|_| proxy.client("alice", "orders").unwrap())
                    .collect();
                for (number, client) in clients.iter_mut().enumerate() {
                    occupy(client, number);
                }
                clients
            };
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(come)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(
            proxy
                .metric("pgwarden_sessions", &[("record", "orders")])
                .unwrap(),
            1_000.0
        );
        assert_eq!(database.backends().unwrap(), 1_000);
        thread::scope(|scope| {
            for mut clients in groups.drain(..) {
                scope.spawn(move || {
                    for client in clients.iter_mut().step_by(10) {
                        client.send(&frontend::terminate()).unwrap();
                    }
                });
            }
        });
        proxy.assert_idle();
    }
    assert_eq!(database.scalar("select count(*) from t").unwrap(), "0");
    assert_little_memory(&proxy);
}

/// Leaves a session in one of five states.
fn occupy(client: &mut RawClient, number: usize) {
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
