//! Real clients: what people have, through pgwarden.

use std::pin::pin;
use std::process::Command;

use futures_util::{SinkExt as _, StreamExt as _, TryStreamExt as _};
use testkit::{Cluster, Output, Proxy, Record, TestDb, wait_for};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};

fn database() -> TestDb {
    let database = Cluster::shared().unwrap().database().unwrap();
    database
        .execute(
            "create table customers (id int primary key, name text); \
             insert into customers values (1, 'Ann'), (2, 'Bob')",
        )
        .unwrap();
    database
}

#[test]
fn psql() {
    let database = database();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders"))
        .record(
            Record::new("both")
                .setting("can_export_csv", true)
                .setting("can_import_csv", true),
        )
        .start()
        .unwrap();
    // Everything that psql asks the server for itself.
    for command in [
        "\\d",
        "\\d customers",
        "\\d+",
        "\\dt+",
        "\\l",
        "\\du",
        "\\df",
        "\\dn",
        "\\dx",
        "\\conninfo",
        "\\set",
        "\\timing on",
        "\\encoding",
        "\\x",
        "\\gdesc",
        "select 1 \\gdesc",
        "select 'x' \\gset",
    ] {
        let through = proxy.psql("alice", "orders", command, &[]).unwrap();
        let direct = database.psql(command, &[]).unwrap();
        assert_eq!(through.status, direct.status, "{command}");
        assert_eq!(through.stderr, direct.stderr, "{command}");
        if !["\\conninfo", "\\set"].contains(&command) {
            assert_eq!(through.stdout, direct.stdout, "{command}");
        }
    }

    let file = proxy.directory().join("customers.csv");
    let file = file.to_str().unwrap();
    let export = format!("\\copy customers to '{file}' csv header\nselect 'goes on';\n");
    let import = format!("\\copy customers from '{file}' csv header\nselect 'goes on';\n");
    let refused = |output: &Output, what: &str| {
        assert_eq!(output.stdout, "goes on\n", "{}", output.stderr);
        assert!(
            output
                .stderr
                .starts_with(&format!("ERROR:  refused by pgwarden: {what}")),
            "{}",
            output.stderr
        );
    };
    refused(
        &proxy.psql("alice", "orders", &export, &[]).unwrap(),
        "COPY TO is not allowed on record \"orders\" (can_export_csv is off)",
    );
    let exported = proxy.psql("alice", "both", &export, &[]).unwrap();
    assert_eq!(exported.expect_success(), "COPY 2\ngoes on\n");
    assert_eq!(std::fs::read_to_string(file).unwrap(), "id,name\n1,Ann\n2,Bob\n");
    database.execute("truncate customers").unwrap();
    refused(
        &proxy.psql("alice", "orders", &import, &[]).unwrap(),
        "COPY FROM is not allowed on record \"orders\" (can_import_csv is off)",
    );
    assert_eq!(database.scalar("select count(*) from customers").unwrap(), "0");
    let imported = proxy.psql("alice", "both", &import, &[]).unwrap();
    assert_eq!(imported.expect_success(), "COPY 2\ngoes on\n");

    // Of a file of statements in one transaction, what stood before the refused one is rolled back.
    let script = "insert into customers values (3, 'Cid');\ncopy customers to stdout;\nselect 1;\n";
    let output = proxy
        .psql("alice", "orders", script, &["-1", "-v", "ON_ERROR_STOP=1"])
        .unwrap();
    assert_eq!(output.status, Some(3), "{output:?}");
    assert_eq!(database.scalar("select count(*) from customers").unwrap(), "2");
    proxy.assert_idle();
}

/// Runs pgbench as alice on a record.
fn pgbench(proxy: &Proxy, record: &str, args: &[&str]) -> Output {
    let address = proxy.address();
    let output = Command::new(testkit::client_path("pgbench"))
        .args(["-h", &address.ip().to_string(), "-p", &address.port().to_string()])
        .args(["-U", &format!("alice@{record}"), "-d", &format!("alice@{record}")])
        .args(args)
        .env("PGPASSWORD", proxy.password("alice").unwrap())
        .output()
        .unwrap();
    output.into()
}

#[test]
fn pgbench_fills_and_queries() {
    let database = database();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders"))
        .record(Record::new("import").setting("can_import_csv", true))
        .start()
        .unwrap();
    // It fills its tables by COPY.
    let refused = pgbench(&proxy, "orders", &["-i", "-q"]);
    assert!(!refused.success());
    assert!(
        refused.stderr.contains("can_import_csv is off"),
        "{}",
        refused.stderr
    );
    pgbench(&proxy, "import", &["-i", "-q"]).expect_success();
    assert_eq!(
        database.scalar("select count(*) from pgbench_accounts").unwrap(),
        "100000"
    );
    for protocol in ["simple", "extended", "prepared"] {
        let output = pgbench(
            &proxy,
            "orders",
            &["-n", "-S", "-M", protocol, "-c", "4", "-t", "100"],
        );
        let report = output.expect_success();
        assert!(
            report.contains("number of transactions actually processed: 400/400"),
            "{report}"
        );
        let output = pgbench(&proxy, "orders", &["-n", "-M", protocol, "-c", "2", "-t", "20"]);
        output.expect_success();
    }
    // A pipeline of its own.
    let script = proxy.directory().join("pipeline.sql");
    std::fs::write(
        &script,
        "\\startpipeline\nselect 1;\nselect 2;\nbegin;\nselect 3;\nend;\n\\endpipeline\n",
    )
    .unwrap();
    pgbench(
        &proxy,
        "orders",
        &["-n", "-M", "extended", "-t", "20", "-f", script.to_str().unwrap()],
    )
    .expect_success();
    assert_eq!(
        database.scalar("select count(*) from pgbench_history").unwrap(),
        "120"
    );
    proxy.assert_idle();
}

/// Runs a test with tokio-postgres, its connection beside it.
pub(crate) fn with_client<F: Future<Output = ()>>(connection_string: &str, test: impl FnOnce(Client) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(connection_string, NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        test(client).await;
        connection.await.unwrap().unwrap();
    });
}

#[test]
fn tokio_postgres_works() {
    let database = database();
    let proxy = Proxy::before(&database)
        .record(
            Record::new("orders")
                .setting("can_export_csv", true)
                .setting("can_import_csv", true),
        )
        .start()
        .unwrap();
    with_client(
        &proxy.connection_string("alice", "orders").unwrap(),
        async |mut client| {
            let rows = client
                .query("select * from customers where id > $1 order by id", &[&0])
                .await
                .unwrap();
            assert_eq!(rows.len(), 2);
            assert_eq!(rows[1].get::<_, String>("name"), "Bob");
            let statement = client
                .prepare("select name from customers where id = $1")
                .await
                .unwrap();
            // In flight together.
            let (first, second) = tokio::join!(
                client.query_one(&statement, &[&1]),
                client.query_one(&statement, &[&2])
            );
            assert_eq!(first.unwrap().get::<_, &str>(0), "Ann");
            assert_eq!(second.unwrap().get::<_, &str>(0), "Bob");
            client
                .batch_execute("create temp table own (a int); drop table own")
                .await
                .unwrap();

            let transaction = client.transaction().await.unwrap();
            transaction
                .execute("insert into customers values (3, 'Cid')", &[])
                .await
                .unwrap();
            let portal = transaction
                .bind("select id from customers order by id", &[])
                .await
                .unwrap();
            assert_eq!(transaction.query_portal(&portal, 2).await.unwrap().len(), 2);
            assert_eq!(transaction.query_portal(&portal, 2).await.unwrap().len(), 1);
            transaction.rollback().await.unwrap();

            let out = client.copy_out("copy customers to stdout").await.unwrap();
            let bytes: Vec<u8> = out.map(|chunk| chunk.unwrap().to_vec()).concat().await;
            assert_eq!(bytes, b"1\tAnn\n2\tBob\n");
            let sink = client.copy_in("copy customers from stdin").await.unwrap();
            let mut sink = pin!(sink);
            sink.send(&b"4\tDan\n5\t"[..]).await.unwrap();
            sink.send(&b"Eve\n"[..]).await.unwrap();
            assert_eq!(sink.as_mut().finish().await.unwrap(), 2);
            // Dropped half-way: nothing of it stays.
            {
                let sink = client
                    .copy_in::<_, &[u8]>("copy customers from stdin")
                    .await
                    .unwrap();
                let mut sink = pin!(sink);
                sink.send(&b"6\tFay\n"[..]).await.unwrap();
            }
            let count = client
                .query_one("select count(*) from customers", &[])
                .await
                .unwrap();
            assert_eq!(count.get::<_, i64>(0), 4);
        },
    );
    proxy.assert_idle();
}

#[test]
fn tokio_postgres_is_refused() {
    let database = database();
    let proxy = Proxy::before(&database).start().unwrap();
    with_client(
        &proxy.connection_string("alice", "orders").unwrap(),
        async |mut client| {
            let error = client.copy_out("copy customers to stdout").await.err().unwrap();
            let error = error.as_db_error().unwrap();
            assert_eq!(error.code(), &SqlState::INSUFFICIENT_PRIVILEGE);
            assert_eq!(
                error.message(),
                "refused by pgwarden: COPY TO is not allowed on record \"orders\" (can_export_csv is off)"
            );
            assert!(error.detail().is_some() && error.hint().is_some());
            let error = client
                .copy_in::<_, &[u8]>("copy customers from stdin")
                .await
                .err()
                .unwrap();
            assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));
            // Requests in flight behind a refused one are not touched by it.
            let (refused, first, second) = tokio::join!(
                client.query("copy customers to stdout", &[]),
                client.query_one("select 1", &[]),
                client.query_one("select 2", &[]),
            );
            assert_eq!(
                refused.unwrap_err().code(),
                Some(&SqlState::INSUFFICIENT_PRIVILEGE)
            );
            assert_eq!(first.unwrap().get::<_, i32>(0), 1);
            assert_eq!(second.unwrap().get::<_, i32>(0), 2);

            let transaction = client.transaction().await.unwrap();
            assert!(transaction.copy_out("copy customers to stdout").await.is_err());
            let error = transaction.query_one("select 1", &[]).await.unwrap_err();
            assert_eq!(error.code(), Some(&SqlState::IN_FAILED_SQL_TRANSACTION));
            transaction.rollback().await.unwrap();
            let one = client.query_one("select 1", &[]).await.unwrap();
            assert_eq!(one.get::<_, i32>(0), 1);
            let stream = client.query_raw("select 1", Vec::<i32>::new()).await.unwrap();
            assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap().len(), 1);
        },
    );
    proxy.assert_idle();
}

#[test]
fn tokio_postgres_cancels() {
    let database = database();
    let proxy = Proxy::before(&database).start().unwrap();
    with_client(
        &proxy.connection_string("alice", "orders").unwrap(),
        async |client| {
            let token = client.cancel_token();
            let sleeping = format!(
                "select count(*) from pg_stat_activity where usename = '{}' and wait_event = 'PgSleep'",
                database.login()
            );
            let mut superuser = database.cluster().superuser("postgres").unwrap();
            let (slept, ()) = tokio::join!(client.query("select pg_sleep(600)", &[]), async {
                // The query must be polled meanwhile.
                tokio::task::yield_now().await;
                let awaited = tokio::task::spawn_blocking(move || {
                    wait_for("the statement to run", || {
                        superuser.rows(&sleeping).unwrap() == [["1"]]
                    });
                });
                awaited.await.unwrap();
                token.cancel_query(NoTls).await.unwrap();
            });
            assert_eq!(slept.unwrap_err().code(), Some(&SqlState::QUERY_CANCELED));
            client.query_one("select 1", &[]).await.unwrap();
        },
    );
    proxy.assert_idle();
}
