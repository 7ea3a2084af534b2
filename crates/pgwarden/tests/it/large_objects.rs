//! Large objects by the fast path, as libpq and its kin reach them: reading needs `can_copy_to_clipboard`, writing
//! `can_paste_from_clipboard`, and each works without the other.

use testkit::{Cluster, Proxy, RawClient, Record, TestDb, frontend, trace};

/// The numbers of the functions (`pg_proc.dat`), as libpq finds them by name.
const LO_OPEN: u32 = 952;
const LO_CLOSE: u32 = 953;
const LOREAD: u32 = 954;
const LOWRITE: u32 = 955;
const LO_LSEEK: u32 = 956;
const LO_CREAT: u32 = 957;
const LO_TELL: u32 = 958;
const LO_UNLINK: u32 = 964;
const LO_TRUNCATE: u32 = 1004;
const LO_FROM_BYTEA: u32 = 3457;
const LO_GET: u32 = 3458;
const LO_PUT: u32 = 3460;
const SET_CONFIG: u32 = 2078;

/// `INV_READ | INV_WRITE` (libpq/libpq-fs.h).
const READ_WRITE: &[u8] = b"393216";

const OBJECT: &[u8] = b"4711";

fn start() -> (TestDb, Proxy) {
    let database = Cluster::shared().unwrap().database().unwrap();
    database.execute("select lo_from_bytea(4711, 'jewel')").unwrap();
    let proxy = Proxy::before(&database)
        .record(Record::new("closed"))
        .record(Record::new("reader").setting("can_copy_to_clipboard", true))
        .record(Record::new("writer").setting("can_paste_from_clipboard", true))
        .record(
            Record::new("both")
                .setting("can_copy_to_clipboard", true)
                .setting("can_paste_from_clipboard", true),
        )
        .start()
        .unwrap();
    (database, proxy)
}

/// Calls a function; what it gave, or the error's message.
fn call(client: &mut RawClient, oid: u32, arguments: &[&[u8]]) -> Result<Vec<u8>, String> {
    client.send(&frontend::function_call(oid, arguments)).unwrap();
    let answers = client.receive_ready().unwrap();
    if let Some(error) = answers.iter().find(|message| message.tag == b'E') {
        return Err(error.field(b'M').unwrap());
    }
    let result = answers.iter().find(|message| message.tag == b'V');
    let result = result.unwrap_or_else(|| panic!("no result: {}", trace(&answers)));
    // A length word, then the value.
    Ok(result.body[4..].to_vec())
}

/// In a transaction of its own, with the object opened first where that may be.
fn call_opened(client: &mut RawClient, oid: u32, arguments: &[&[u8]]) -> Result<Vec<u8>, String> {
    client.rows("begin").unwrap();
    let answer = call(client, LO_OPEN, &[OBJECT, READ_WRITE]).and_then(|_| call(client, oid, arguments));
    client.rows("rollback").unwrap();
    answer
}

#[test]
fn each_record_does_what_it_may() {
    let (database, proxy) = start();
    let of_reading: [(&str, u32, &[&[u8]]); 2] =
        [("loread", LOREAD, &[b"0", b"5"]), ("lo_get", LO_GET, &[OBJECT])];
    let of_writing: [(&str, u32, &[&[u8]]); 6] = [
        ("lowrite", LOWRITE, &[b"0", b"paste"]),
        ("lo_truncate", LO_TRUNCATE, &[b"0", b"1"]),
        ("lo_creat", LO_CREAT, &[b"-1"]),
        ("lo_unlink", LO_UNLINK, &[OBJECT]),
        ("lo_from_bytea", LO_FROM_BYTEA, &[b"0", b"paste"]),
        ("lo_put", LO_PUT, &[OBJECT, b"0", b"paste"]),
    ];
    let of_neither: [(&str, u32, &[&[u8]]); 3] = [
        ("lo_lseek", LO_LSEEK, &[b"0", b"2", b"0"]),
        ("lo_tell", LO_TELL, &[b"0"]),
        ("lo_close", LO_CLOSE, &[b"0"]),
    ];
    for (record, may_read, may_write) in [
        ("closed", false, false),
        ("reader", true, false),
        ("writer", false, true),
        ("both", true, true),
    ] {
        let mut client = proxy.client("alice", record).unwrap();
        let mut check = |name: &str, oid, arguments, refused_by: Option<&str>| {
            let answer = call_opened(&mut client, oid, arguments);
            let Some(setting) = refused_by else {
                assert!(answer.is_ok(), "{name} through {record}: {answer:?}");
                return;
            };
            let text = answer.expect_err("must be refused");
            assert_eq!(
                text,
                format!(
                    "refused by pgwarden: a call of {name} by protocol message is not allowed on record \"{record}\" ({setting} is off)"
                )
            );
        };
        if !may_read && !may_write {
            check(
                "lo_open",
                LO_OPEN,
                &[OBJECT, READ_WRITE],
                Some("can_copy_to_clipboard"),
            );
            continue;
        }
        for (name, oid, arguments) in of_reading {
            check(
                name,
                oid,
                arguments,
                (!may_read).then_some("can_copy_to_clipboard"),
            );
        }
        for (name, oid, arguments) in of_writing {
            check(
                name,
                oid,
                arguments,
                (!may_write).then_some("can_paste_from_clipboard"),
            );
        }
        for (name, oid, arguments) in of_neither {
            check(name, oid, arguments, None);
        }
    }

    // What was allowed did happen, and nothing else.
    let mut reader = proxy.client("alice", "reader").unwrap();
    assert_eq!(
        call_opened(&mut reader, LOREAD, &[b"0", b"5"]).unwrap(),
        b"\\x6a6577656c"
    );
    let mut writer = proxy.client("alice", "writer").unwrap();
    call(&mut writer, LO_PUT, &[OBJECT, b"0", b"paste"]).unwrap();
    assert_eq!(
        database
            .scalar("select convert_from(lo_get(4711), 'UTF8')")
            .unwrap(),
        "paste"
    );
    assert_eq!(
        database
            .scalar("select count(*) from pg_largeobject_metadata where lomowner = current_user::regrole")
            .unwrap(),
        "1"
    );
    drop((reader, writer));
    proxy.assert_idle();
}

/// The same through libpq, which looks the numbers up by name and reads and writes in pieces.
#[test]
fn psql_exports_and_imports_as_the_record_allows() {
    let (database, proxy) = start();
    let file = |name: &str| proxy.directory().join(name);
    std::fs::write(file("in"), "pasted").unwrap();

    let export = proxy
        .psql("alice", "reader", "\\lo_export 4711 out", &[])
        .unwrap();
    assert_eq!(export.stderr, "");
    assert_eq!(std::fs::read(file("out")).unwrap(), b"jewel");
    let import = proxy.psql("alice", "reader", "\\lo_import in", &[]).unwrap();
    assert!(
        import.stderr.contains("a call of lo_creat by protocol message"),
        "{}",
        import.stderr
    );
    assert!(
        import.stderr.contains("can_paste_from_clipboard is off"),
        "{}",
        import.stderr
    );

    let import = proxy
        .psql("alice", "writer", "\\lo_import in\n\\echo :LASTOID", &["-At"])
        .unwrap();
    assert_eq!(import.stderr, "");
    let oid = import.stdout.lines().last().unwrap();
    assert_eq!(
        database
            .scalar(&format!("select convert_from(lo_get({oid}), 'UTF8')"))
            .unwrap(),
        "pasted"
    );
    let export = proxy
        .psql("alice", "writer", "\\lo_export 4711 out2", &[])
        .unwrap();
    assert!(
        export.stderr.contains("a call of loread by protocol message"),
        "{}",
        export.stderr
    );
    assert!(std::fs::read(file("out2")).unwrap_or_default().is_empty());
    proxy.assert_idle();
}

/// Arguments of a call are read by nobody, so a setting set by one could be any.
#[test]
fn settings_are_not_set_by_number() {
    let (_database, proxy) = start();
    let mut client = proxy.client("alice", "both").unwrap();
    let answer = call(
        &mut client,
        SET_CONFIG,
        &[b"session_authorization", b"postgres", b"f"],
    );
    assert_eq!(
        answer.expect_err("must be refused"),
        "refused by pgwarden: a call of set_config by protocol message is not allowed on record \"both\" (opaque_code is scan)"
    );
    drop(client);
    proxy.assert_idle();
}
