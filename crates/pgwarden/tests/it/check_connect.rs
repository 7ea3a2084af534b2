//! `check --connect`: what it finds in real databases, and that the SQL it shows takes that away.

use testkit::{Cluster, ClusterOptions, Proxy, Record, TestDb};

const PASSWORD: &str = "a password of all logins here";

/// What there is to be found, by the login that has it. `{…}` is left out where the server has no such thing.
const ROLES: &str = "
create role bare login;
create role root superuser login;
create role boss superuser;
create role climber login;
grant boss to climber;
create role attributes login createrole createdb replication bypassrls;
create role files;
grant pg_read_server_files to files;
create role member login;
grant files, pg_write_server_files, pg_execute_server_program, pg_signal_backend, pg_monitor to member;
create role team;
create role leader login;
grant team to leader with admin option;
create role functions login;
create role foreigner login;
create role reader login;
create role creator login;
create role owner login;
create database owned owner owner;
";

/// The same in the database `shop`.
const OBJECTS: &str = r#"
grant execute on function pg_read_file(text), lo_import(text), lo_export(oid, text) to functions;
create extension dblink;
revoke execute on function dblink(text, text), dblink(text, text, boolean), dblink(text), dblink(text, boolean),
  dblink_exec(text, text), dblink_exec(text, text, boolean), dblink_exec(text), dblink_exec(text, boolean),
  dblink_connect(text), dblink_connect(text, text) from public;
grant execute on function dblink_connect(text), dblink(text, text) to functions;
create function "Definer of all"(text) returns text language sql security definer as 'select $1';
create function absolute(integer) returns integer language internal as 'int4abs';
create function own() returns integer language sql security definer as 'select 1';
alter function own() owner to functions;
revoke execute on function "Definer of all"(text), absolute(integer) from public;
grant execute on function "Definer of all"(text), absolute(integer) to functions;
create extension postgres_fdw;
create server elsewhere foreign data wrapper postgres_fdw;
create server theirs foreign data wrapper postgres_fdw;
grant usage on foreign data wrapper postgres_fdw to foreigner;
grant usage on foreign server elsewhere to foreigner;
create user mapping for foreigner server elsewhere options (user 'a', password 'b');
alter server theirs owner to foreigner;
grant select on pg_authid to reader;
grant select (data) on pg_largeobject to reader;
grant update on pg_proc to reader;
create table customers (id int);
create schema hr;
create table hr.salaries (id int);
create table hr.holidays (id int);
create function hr.pay(int) returns int language sql as 'select 1';
create function hr.holiday(int) returns int language sql as 'select 1';
grant usage on schema hr to reader;
grant select on hr.salaries, hr.holidays to reader;
grant select, insert, update (id) on customers to reader;
grant create on database shop to creator;
grant create on schema pg_catalog to creator;
"#;

const LOGINS: [&str; 10] = [
    "attributes",
    "bare",
    "climber",
    "creator",
    "foreigner",
    "functions",
    "leader",
    "member",
    "owner",
    "reader",
];

/// A server of which the database `shop` and all roles are this test's.
fn shop() -> (Cluster, TestDb, u32) {
    let cluster = Cluster::private(&ClusterOptions::default()).unwrap();
    let database = cluster.database_named("shop", "shopkeeper").unwrap();
    let version = database
        .scalar("select current_setting('server_version_num')::int / 10000")
        .unwrap()
        .parse()
        .unwrap();
    for statement in ROLES.split(';').filter(|statement| !statement.trim().is_empty()) {
        cluster.execute("postgres", statement).unwrap();
    }
    for login in LOGINS.iter().chain(&["root"]) {
        let sql = format!("alter role {login} password '{PASSWORD}'");
        cluster.execute("postgres", &sql).unwrap();
    }
    cluster.execute("shop", OBJECTS).unwrap();
    let mut extra = vec![];
    if version >= 14 {
        extra.push("grant pg_read_all_data, pg_write_all_data to reader");
    }
    if version >= 15 {
        extra.push("grant set on parameter session_preload_libraries, log_statement to creator");
        extra.push("grant alter system on parameter archive_command to creator");
    }
    if version >= 16 {
        extra.push("grant pg_create_subscription to reader");
        // Neither SET nor INHERIT: nothing comes of it.
        extra.push("grant boss to bare with inherit false, set false");
        // Granted by somebody in particular.
        extra.push("grant pg_read_server_files to attributes with admin option");
        extra.push("set role attributes; grant pg_read_server_files to reader; reset role");
    }
    if version >= 17 {
        extra.push("grant pg_maintain to reader");
    }
    for sql in extra {
        cluster.execute("shop", sql).unwrap();
    }
    (cluster, database, version)
}

fn record(login: &str) -> Record {
    let record = Record::new(login).login(login, &format!("{PASSWORD:?}"));
    if login == "owner" {
        record.with("default_database = \"owned\"")
    } else {
        record
    }
}

/// What `check --connect` says of the databases, and whether it exits with 0.
fn check(proxy: &Proxy) -> (bool, String) {
    let output = proxy.cli(&["check", "--connect"]).unwrap();
    assert_eq!(output.stdout, "");
    assert!(!output.stderr.contains(PASSWORD), "{}", output.stderr);
    let (_, of_databases) = output
        .stderr
        .split_once(" is valid (")
        .and_then(|(_, rest)| rest.split_once("\n\n"))
        .unwrap_or_else(|| panic!("{output:?}"));
    (output.success(), of_databases.to_owned())
}

/// The SQL of each finding, and the database to run it in.
fn remedies(shown: &str) -> Vec<(String, String)> {
    let mut remedies = Vec::new();
    let mut database = String::new();
    for line in shown.lines() {
        if let Some((_, rest)) = line.split_once(", database \"") {
            rest.split('"').next().unwrap().clone_into(&mut database);
        }
        let sql = line
            .strip_prefix("hint: ")
            .or_else(|| line.strip_prefix("      "));
        if let Some(sql) = sql {
            remedies.push((database.clone(), sql.to_owned()));
        }
    }
    remedies
}

/// With every category there is, on every version; how it reads is fixed for one, as roles and extensions differ.
#[test]
fn whatever_undoes_a_setting_is_found_and_the_sql_takes_it_away() {
    let (cluster, database, version) = shop();
    let mut config = Proxy::before(&database).secret(PASSWORD);
    for login in LOGINS {
        config = config.record(
            record(login)
                .with("read_only = true\ndeny_relations = [\"hr.sal*\"]\ndeny_functions = [\"pay\"]"),
        );
    }
    let proxy = config.record(record("root")).start().unwrap();
    let (is_done, shown) = check(&proxy);
    assert!(is_done, "{shown}");
    for part in [
        "is a superuser, which undoes can_export_csv, can_import_csv, ",
        "may become role \"boss\", which is a superuser",
        "has CREATEROLE",
        "has CREATEDB",
        "has REPLICATION",
        "note: the login has BYPASSRLS",
        "member of pg_read_server_files through files",
        "member of pg_write_server_files: it may",
        "member of pg_execute_server_program: it may",
        "note: the login is a member of pg_signal_backend",
        "note: the login is a member of pg_monitor",
        "may give role \"team\" to others",
        "by pg_read_file,",
        "by lo_import,",
        "by lo_export,",
        "by dblink, dblink_connect (extension dblink)",
        "act as role \"postgres\" (SECURITY DEFINER), whatever they do: public.\"Definer of all\"(text)",
        "untrusted language internal, whatever they do: public.absolute(integer)",
        "note: the login may change what others run as role \"functions\"",
        "USAGE on foreign data wrapper \"postgres_fdw\"",
        "USAGE on foreign server \"elsewhere\"",
        "hint: ALTER SERVER theirs OWNER TO postgres;",
        "hint: DROP USER MAPPING FOR foreigner SERVER elsewhere;",
        "may read column rolpassword of pg_authid",
        "may read column data of pg_largeobject",
        "may write to tables: public.customers, which undoes read_only",
        "may call denied functions: hr.pay(integer), which undoes deny_functions",
        "has privileges on denied relations: hr.salaries, which undoes deny_relations",
        "has CREATE on schema pg_catalog",
        "has CREATE on the database",
        "owns the database",
    ] {
        assert!(shown.contains(part), "no {part:?} in\n{shown}");
    }
    for (since, part) in [
        (14, "member of pg_read_all_data"),
        (14, "member of pg_write_all_data"),
        (15, "has SET on parameter session_preload_libraries"),
        (15, "has ALTER SYSTEM on parameter archive_command"),
        (16, "member of pg_create_subscription"),
        (
            16,
            "REVOKE pg_read_server_files FROM reader GRANTED BY attributes;",
        ),
        (17, "member of pg_maintain"),
    ] {
        assert_eq!(shown.contains(part), version >= since, "{part:?} in\n{shown}");
    }
    assert!(
        !shown.contains("log_statement") && !shown.contains("record \"bare\""),
        "{shown}"
    );
    if version == 15 {
        insta::assert_snapshot!(without_extensions(&shown));
    }

    // A superuser's other privileges show only once it is none.
    let mut rounds = 0;
    let mut left = shown;
    while left.contains("warning: ") {
        rounds += 1;
        assert!(rounds <= 3, "after {rounds} rounds is left\n{left}");
        for (database, sql) in remedies(&left) {
            cluster
                .execute(&database, &sql)
                .unwrap_or_else(|error| panic!("{sql}: {error:#}"));
        }
        left = check(&proxy).1;
    }
    assert!(!left.contains("note: "), "{left}");
    proxy.assert_idle();
}

/// Which extensions can be installed hangs on what else the machine has.
fn without_extensions(shown: &str) -> String {
    let mut parts = shown.split("code of a text (");
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let (_, rest) = part.split_once(')').unwrap();
        text.push_str("code of a text (…)");
        text.push_str(rest);
    }
    text
}

/// Nobody is warned of what they allow. A grant that is stricter than its record counts, one that allows more doesn't.
#[test]
fn only_what_is_off_for_somebody_is_undone() {
    let (_cluster, database, _) = shop();
    let open = |name: &str| {
        let record = Record::open(name).login("root", &format!("{PASSWORD:?}"));
        record.with("default_database = \"shop\"")
    };
    let proxy = Proxy::before(&database)
        .secret(PASSWORD)
        .person("alice")
        .record(open("everything"))
        .record(open("programs"))
        .record(record("root").with("can_export_csv = true"))
        .grant(&["alice"], &["everything", "root"], "can_export_csv = true")
        .grant(&["alice"], &["programs"], "can_run_server_programs = false")
        .start()
        .unwrap();
    let (is_done, shown) = check(&proxy);
    assert!(is_done);
    insta::assert_snapshot!(shown);
    proxy.assert_idle();
}

/// What can't be looked at is an error that says why, and what is common to the databases of a server is said once.
#[test]
fn databases_that_cannot_be_logged_in_to_are_errors() {
    let (cluster, database, _) = shop();
    cluster.execute("postgres", "alter role bare createdb").unwrap();
    cluster
        .execute("shop", "grant select on pg_authid to bare")
        .unwrap();
    let proxy = Proxy::before(&database)
        .secret(PASSWORD)
        .secret("not the password")
        .record(
            record("bare")
                .with("databases = [\"shop\", \"missing\", \"owned\"]\ndefault_database = \"owned\""),
        )
        .record(Record::new("closed").at("127.0.0.1", 1))
        .record(Record::new("disabled").with("enable = false"))
        .record(Record::new("refused").login("bare", "\"not the password\""))
        .start()
        .unwrap();
    let (is_done, shown) = check(&proxy);
    assert!(!is_done);
    insta::assert_snapshot!(shown);
    proxy.assert_idle();
}

/// The login changes nothing, and runs nothing of the database's own.
#[test]
fn it_only_reads() {
    let database = crate::database();
    database
        .execute("create schema authorization current_user; create function has_function_privilege(oid, oid, text) returns boolean language sql as 'select true'")
        .unwrap();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders"))
        .start()
        .unwrap();
    let before = database.statements().unwrap().len();
    check(&proxy);
    let statements = database.statements().unwrap().split_off(before);
    assert!(
        statements[0].starts_with("BEGIN TRANSACTION READ ONLY; SET LOCAL search_path = pg_catalog;"),
        "{statements:?}"
    );
    let elsewhere = statements[1..]
        .iter()
        .find(|sql| !(sql.starts_with("SELECT current_setting") || sql.starts_with("WITH RECURSIVE acting")));
    assert_eq!(elsewhere, None);
    proxy.assert_idle();
}

/// The SQL of docs/policy.md, as it stands there, makes a login of which nothing is said.
#[test]
fn the_documented_role_has_nothing_that_undoes_a_setting() {
    let (_, section) = include_str!("../../../../docs/policy.md")
        .split_once("\n## Least privilege\n")
        .unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let blocks: Vec<&str> = section
        .split("```sql\n")
        .skip(1)
        .map(|block| block.split_once("```").unwrap().0)
        .collect();
    let [of_server, of_database, read_only] = blocks[..] else {
        panic!("{} blocks", blocks.len());
    };
    let cluster = Cluster::private(&ClusterOptions::default()).unwrap();
    let database = cluster.database_named("orders", "owner_of_before").unwrap();
    database
        .execute(
            "create table customers (id int); create function f() returns int language sql as 'select 1'",
        )
        .unwrap();
    cluster.execute("postgres", of_server).unwrap();
    cluster.execute("orders", of_database).unwrap();
    let logs_in = |name: &str| Record::new(name).login("orders_rw", "\"change me\"");
    let check_says_nothing = |record: Record| {
        let proxy = Proxy::before(&database).record(record).start().unwrap();
        let (is_done, shown) = check(&proxy);
        assert!(
            is_done && !shown.contains("warning:") && !shown.contains("note:"),
            "{shown}"
        );
        // It is of use all the same.
        let output = proxy
            .psql("alice", "orders", "select count(*) from customers", &[])
            .unwrap();
        assert_eq!(output.expect_success(), "0\n");
        proxy.assert_idle();
    };
    check_says_nothing(logs_in("orders"));
    cluster.execute("orders", read_only).unwrap();
    check_says_nothing(logs_in("orders").with("read_only = true"));
}
