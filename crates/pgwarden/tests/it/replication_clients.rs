//! What replicates in practice: PostgreSQL's own tools, and a subscription.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use testkit::{Cluster, ClusterOptions, Config, Output, PgBin, Proxy, Record, TestDb, wait_for};

/// A server of the test's own: base backups and WAL are of the whole of it.
fn database() -> (Cluster, TestDb) {
    let cluster = Cluster::private(&ClusterOptions {
        max_connections: 30,
        ..ClusterOptions::default()
    })
    .unwrap();
    let database = cluster.database_named("orders", "orders_app").unwrap();
    database.grant_replication().unwrap();
    database
        .execute("create table t (a int primary key, b text); insert into t values (1, 'one'), (2, 'two')")
        .unwrap();
    (cluster, database)
}

/// Record `orders` lets replicate, record `closed` doesn't.
fn proxy(database: &TestDb) -> Config {
    Proxy::before(database)
        .record(Record::new("orders").setting("can_replicate", true))
        .record(Record::new("closed"))
}

/// Runs one of PostgreSQL's tools as alice on a record.
fn tool(name: &str, proxy: &Proxy, record: &str, args: &[&str]) -> Output {
    let address = proxy.address();
    let output = Command::new(PgBin::find().unwrap().program(name))
        .args(["-h", &address.ip().to_string(), "-p", &address.port().to_string()])
        .args(["-U", &format!("alice@{record}"), "--no-password"])
        .args(args)
        .env("PGPASSWORD", proxy.password("alice").unwrap())
        .current_dir(proxy.directory())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    output.into()
}

#[track_caller]
fn check_refused(output: &Output) {
    assert_eq!(output.status, Some(1), "{output:?}");
    assert!(
        output.stderr.contains(
            "FATAL:  refused by pgwarden: a replication connection is not allowed on record \"closed\" (can_replicate is off)"
        ),
        "{output:?}"
    );
}

fn files_in(directory: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(directory)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect()
}

/// Compares answers but for the position of the WAL, which moves.
#[test]
fn psql() {
    let (_cluster, database) = database();
    let proxy = proxy(&database).start().unwrap();
    for (kind, sql) in [
        (
            "database",
            "IDENTIFY_SYSTEM;\nselect 1;\nSHOW server_version;\n\\conninfo\nTIMELINE_HISTORY 7;\nselect count(*) from t;\n",
        ),
        ("true", "IDENTIFY_SYSTEM;\nselect 1;\nSHOW data_directory_mode;\n"),
    ] {
        let through = proxy
            .psql_as(
                "alice@orders",
                Some(&format!("replication={kind}")),
                proxy.password("alice").unwrap(),
                sql,
                &[],
            )
            .unwrap();
        let direct = database
            .psql(sql, &["-d", &format!("replication={kind} dbname=orders")])
            .unwrap();
        let comparable = |output: &Output| -> Vec<String> {
            output
                .stdout
                .lines()
                .filter(|line| !line.contains("You are connected"))
                .map(|line| {
                    line.split('|')
                        .filter(|field| !field.contains('/'))
                        .collect::<Vec<_>>()
                        .join("|")
                })
                .collect()
        };
        assert_eq!(comparable(&through), comparable(&direct));
        assert!(comparable(&through).len() > 1, "{through:?}");
        assert_eq!((through.status, &through.stderr), (direct.status, &direct.stderr));
        let refused = proxy
            .psql_as(
                "alice@closed",
                Some(&format!("replication={kind}")),
                proxy.password("alice").unwrap(),
                sql,
                &[],
            )
            .unwrap();
        assert!(refused.stderr.contains("(can_replicate is off)"), "{refused:?}");
        assert_eq!(refused.stdout, "");
    }
    proxy.assert_idle();
}

#[test]
fn pg_basebackup() {
    let (_cluster, database) = database();
    let proxy = proxy(&database).start().unwrap();
    let closed = proxy.directory().join("closed");
    check_refused(&tool(
        "pg_basebackup",
        &proxy,
        "closed",
        &["-D", closed.to_str().unwrap()],
    ));
    assert_eq!(files_in(&closed), Vec::<PathBuf>::new());

    // From 17 on, an incremental backup sends the manifest of the one before (UPLOAD_MANIFEST).
    let version: u32 = database
        .scalar("show server_version_num")
        .unwrap()
        .parse()
        .unwrap();
    let incremental = version >= 170_000;
    if incremental {
        database
            .execute_as_superuser("alter system set summarize_wal = on")
            .unwrap();
        database.execute_as_superuser("select pg_reload_conf()").unwrap();
    }
    // WAL comes over a second connection, by a slot of its own.
    let backup = proxy.directory().join("backup");
    let backup = backup.to_str().unwrap();
    tool(
        "pg_basebackup",
        &proxy,
        "orders",
        &["-D", backup, "-X", "stream", "-c", "fast", "--no-sync"],
    )
    .expect_success();
    let verified = Command::new(PgBin::find().unwrap().program("pg_verifybackup"))
        .arg(backup)
        .output()
        .unwrap();
    assert!(verified.status.success(), "{verified:?}");
    if incremental {
        database.execute("insert into t values (3, 'three')").unwrap();
        let manifest = format!("--incremental={backup}/backup_manifest");
        let next = proxy.directory().join("incremental");
        tool(
            "pg_basebackup",
            &proxy,
            "orders",
            &[
                "-D",
                next.to_str().unwrap(),
                "-X",
                "fetch",
                "-c",
                "fast",
                "--no-sync",
                &manifest,
            ],
        )
        .expect_success();
        assert_eq!(
            proxy
                .metric("pgwarden_statements_total", &[("kind", "upload_manifest")])
                .unwrap(),
            1.0
        );
    }
    proxy.assert_idle();
    let count = |kind: &str| {
        proxy
            .metric(
                "pgwarden_statements_total",
                &[("kind", kind), ("record", "orders")],
            )
            .unwrap()
    };
    let backups = if incremental { 2.0 } else { 1.0 };
    assert_eq!((count("base_backup"), count("start_replication")), (backups, 1.0));
}

/// A standby is made from a base backup, and kept by streaming, both through pgwarden.
#[test]
fn standby() {
    let (_primary, database) = database();
    let proxy = proxy(&database).start().unwrap();
    let standby = Cluster::private(&ClusterOptions {
        max_connections: 30,
        ..ClusterOptions::default()
    })
    .unwrap();
    standby.crash().unwrap();
    let data = standby.socket_directory().join("data");
    let configuration = std::fs::read(data.join("postgresql.conf")).unwrap();
    std::fs::remove_dir_all(&data).unwrap();
    let directory = data.to_str().unwrap();
    tool(
        "pg_basebackup",
        &proxy,
        "orders",
        &["-D", directory, "-R", "-X", "fetch", "-c", "fast", "--no-sync"],
    )
    .expect_success();
    std::fs::write(data.join("postgresql.conf"), configuration).unwrap();
    let owner = format!("--reference={}", standby.socket_directory().display());
    let given = Command::new("chown")
        .args(["-R", &owner, directory])
        .status()
        .unwrap();
    assert!(given.success());
    standby.start().unwrap();
    database.execute("insert into t values (3, 'three')").unwrap();
    let rows = |sql: &str| standby.superuser("orders").unwrap().rows(sql).unwrap();
    wait_for("the row at the standby", || {
        rows("select count(*) from t") == [["3"]]
    });
    assert_eq!(
        rows("select pg_is_in_recovery(), status from pg_stat_wal_receiver"),
        [["t", "streaming"]]
    );
    standby.crash().unwrap();
    proxy.assert_idle();
}

#[test]
fn pg_receivewal() {
    let (cluster, database) = database();
    let proxy = proxy(&database).start().unwrap();
    let received = proxy.directory().join("wal");
    std::fs::create_dir(&received).unwrap();
    let directory = received.to_str().unwrap();
    let until = cluster
        .superuser("postgres")
        .unwrap()
        .rows("select pg_current_wal_flush_lsn()")
        .unwrap()[0][0]
        .clone();
    // It ends once it has what lies behind.
    database.execute("insert into t values (3, 'three')").unwrap();
    let args = ["-D", directory, "--no-loop", "--endpos", &until, "--no-sync"];
    check_refused(&tool("pg_receivewal", &proxy, "closed", &args));
    assert_eq!(files_in(&received), Vec::<PathBuf>::new());

    tool(
        "pg_receivewal",
        &proxy,
        "orders",
        &["--slot", "s", "--create-slot"],
    )
    .expect_success();
    tool(
        "pg_receivewal",
        &proxy,
        "orders",
        &[&args[..], &["--slot", "s"]].concat(),
    )
    .expect_success();
    let files = files_in(&received);
    let [file] = files.as_slice() else {
        panic!("{files:?}");
    };
    // What has come of the segment is the server's own, byte for byte.
    let name = file.file_stem().unwrap();
    let ours = std::fs::read(file).unwrap();
    let theirs = std::fs::read(cluster.socket_directory().join("data/pg_wal").join(name)).unwrap();
    let (_, offset) = until.split_once('/').unwrap();
    let bytes = usize::from_str_radix(offset, 16).unwrap() % (16 << 20);
    assert!(bytes > 10_000, "{until}");
    assert!(ours[..bytes] == theirs[..bytes]);
    tool("pg_receivewal", &proxy, "orders", &["--slot", "s", "--drop-slot"]).expect_success();
    proxy.assert_idle();
}

#[test]
fn pg_recvlogical() {
    let (cluster, database) = database();
    let proxy = proxy(&database).start().unwrap();
    let in_slot = ["--slot", "s", "-d", "alice@orders"];
    let run =
        |record: &str, args: &[&str]| tool("pg_recvlogical", &proxy, record, &[&in_slot[..], args].concat());
    let refused = tool(
        "pg_recvlogical",
        &proxy,
        "closed",
        &["--slot", "s", "-d", "alice@closed", "--create-slot"],
    );
    check_refused(&refused);
    run("orders", &["--create-slot", "-P", "test_decoding"]).expect_success();
    database
        .execute("insert into t values (3, 'three'); update t set b = 'zwei' where a = 2; delete from t where a = 1")
        .unwrap();
    let until = cluster
        .superuser("postgres")
        .unwrap()
        .rows("select pg_current_wal_lsn()")
        .unwrap()[0][0]
        .clone();
    let expected: Vec<String> = cluster
        .superuser("orders")
        .unwrap()
        .rows("select data from pg_logical_slot_peek_changes('s', null, null)")
        .unwrap()
        .concat();
    assert!(expected.len() >= 5, "{expected:?}");
    let streamed = run("orders", &["--start", "-f", "-", "--endpos", &until, "--no-loop"]);
    assert_eq!(streamed.expect_success().lines().collect::<Vec<_>>(), expected);
    run("orders", &["--drop-slot"]).expect_success();
    proxy.assert_idle();
}

/// Initial copy and stream of a subscription come through pgwarden. Its initial copy is a COPY TO like any other.
#[test]
fn subscription() {
    let (_cluster, database) = database();
    database
        .execute_as_superuser("create publication p for table t")
        .unwrap();
    let mut proxy = proxy(&database)
        .record(
            Record::new("copies")
                .setting("can_replicate", "true # stream")
                .setting("can_export_csv", true),
        )
        .start()
        .unwrap();
    let cluster = Cluster::private(&ClusterOptions {
        max_connections: 30,
        extra: "wal_retrieve_retry_interval = '100ms'".to_owned(),
        ..ClusterOptions::default()
    })
    .unwrap();
    let subscriber = cluster.database().unwrap();
    subscriber
        .execute("create table t (a int primary key, b text)")
        .unwrap();
    let subscribe = |name: &str, record: &str| {
        let address = proxy.address();
        subscriber.execute_as_superuser(&format!(
            "create subscription {name} connection 'host={} port={} user=alice@{record} password={} application_name={name}' publication p",
            address.ip(),
            address.port(),
            proxy.password("alice").unwrap()
        ))
    };
    let refused = subscribe("a", "closed").unwrap_err().to_string();
    assert!(refused.contains("(can_replicate is off)"), "{refused}");
    let rows = || {
        subscriber
            .scalar("select coalesce(string_agg(a::text, ' ' order by a), '') from t")
            .unwrap()
    };
    let log = || std::fs::read_to_string(cluster.log_path()).unwrap();

    // Streaming is allowed, the initial copy isn't.
    subscribe("b", "orders").unwrap();
    wait_for("the initial copy to be refused", || {
        log().contains(
            "refused by pgwarden: COPY TO is not allowed on record \"orders\" (can_export_csv is off)",
        )
    });
    assert_eq!(rows(), "");
    subscriber.execute_as_superuser("drop subscription b").unwrap();

    subscribe("c", "copies").unwrap();
    wait_for("the initial copy", || rows() == "1 2");
    database.execute("insert into t values (3, 'three')").unwrap();
    wait_for("the stream", || rows() == "1 2 3");

    proxy
        .reconfigure("can_replicate = true # stream", "can_replicate = false # stream")
        .unwrap();
    wait_for("the stream's end, and that it can't begin again", || {
        log().contains("(can_replicate is off)") && database.backends().unwrap() == 0
    });
    database.execute("insert into t values (4, 'four')").unwrap();
    assert_eq!(rows(), "1 2 3");
    proxy
        .reconfigure("can_replicate = false # stream", "can_replicate = true # stream")
        .unwrap();
    wait_for("the stream to go on", || rows() == "1 2 3 4");
    subscriber.execute_as_superuser("drop subscription c").unwrap();
    proxy.assert_idle();
}
