//! What the analyser says beside demands.

use pgwarden_policy::{
    CopyDirection, Encoding, NameEffect, Reading, STATEMENTS_MAX, SecretLiteral, StatementKind,
    UnreadableCause, analyse,
};

use crate::read;

#[track_caller]
fn check_statements(text: &str, expected: &[(&str, &str)]) {
    let facts = read(text);
    let found: Vec<_> = facts
        .statements
        .iter()
        .map(|statement| (statement.kind.as_str(), &text[statement.range.clone()]))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn statements_are_those_with_a_command_complete() {
    check_statements("", &[]);
    check_statements(" ; -- x\n ;", &[]);
    check_statements(
        " select 1 ; ; select 2 -- x",
        &[("select", "select 1"), ("select", "select 2")],
    );
    check_statements(
        "begin;/* a */ COPY t FROM STDIN /* b */;\n1\t2",
        &[
            ("begin", "begin"),
            ("copy_from", "COPY t FROM STDIN"),
            ("unknown", "1\t2"),
        ],
    );
    check_statements(
        "create function f() returns int begin atomic select 1; end; select 2",
        &[
            (
                "create_function",
                "create function f() returns int begin atomic select 1; end",
            ),
            ("select", "select 2"),
        ],
    );
    check_statements(
        "create rule r as on insert to t do (select 1; select 2); select 3",
        &[
            (
                "create",
                "create rule r as on insert to t do (select 1; select 2)",
            ),
            ("select", "select 3"),
        ],
    );
    check_statements(
        "select 'a;'';b' ; x",
        &[("select", "select 'a;'';b'"), ("unknown", "x")],
    );
}

#[track_caller]
fn check_kind(expected: &str, texts: &[&str]) {
    for text in texts {
        let kinds: Vec<_> = read(text)
            .statements
            .iter()
            .map(|statement| statement.kind.as_str())
            .collect();
        assert_eq!(kinds, [expected], "{text}");
    }
}

#[test]
fn kinds() {
    check_kind(
        "select",
        &[
            "SELECT 1",
            "TABLE t",
            "(SELECT 1)",
            "((TABLE t))",
            "WITH a AS (SELECT 1) SELECT 1",
        ],
    );
    check_kind(
        "select",
        &["WITH insert AS (VALUES (1)), b (c) AS NOT MATERIALIZED (SELECT 1) (SELECT 1)"],
    );
    check_kind("values", &["VALUES (1)", "((VALUES (1)))"]);
    check_kind(
        "insert",
        &[
            "INSERT INTO t VALUES (1)",
            "WITH a AS (DELETE FROM t RETURNING 1) INSERT INTO t SELECT 1",
        ],
    );
    check_kind(
        "update",
        &["WITH RECURSIVE a AS (SELECT 1) CYCLE a SET b USING c UPDATE t SET a = 1"],
    );
    check_kind("delete", &["DELETE FROM t"]);
    check_kind(
        "merge",
        &["MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE"],
    );
    check_kind("copy_to", &["COPY t TO STDOUT", "COPY"]);
    check_kind("copy_from", &["COPY t FROM STDIN"]);
    check_kind("do", &["DO $$ $$"]);
    check_kind("explain", &["EXPLAIN SELECT 1", "EXPLAIN COPY t TO STDOUT"]);
    check_kind("prepare", &["PREPARE a AS SELECT 1"]);
    check_kind("prepare_transaction", &["PREPARE TRANSACTION 'a'"]);
    check_kind(
        "create_role",
        &[
            "CREATE ROLE a",
            "CREATE USER a",
            "CREATE GROUP a",
            "CREATE USER mapping",
        ],
    );
    check_kind(
        "create_user_mapping",
        &[
            "CREATE USER MAPPING FOR a SERVER b",
            "CREATE USER MAPPING IF NOT EXISTS FOR a SERVER b",
        ],
    );
    check_kind(
        "alter_role",
        &[
            "ALTER ROLE a SET b = c",
            "ALTER USER a LOGIN",
            "ALTER GROUP a ADD USER b",
        ],
    );
    check_kind("alter_system", &["ALTER SYSTEM RESET ALL"]);
    check_kind(
        "create_function",
        &["CREATE OR REPLACE FUNCTION f() RETURNS int RETURN 1"],
    );
    check_kind("create_procedure", &["CREATE PROCEDURE f() LANGUAGE sql AS ''"]);
    check_kind("create_extension", &["CREATE EXTENSION x"]);
    check_kind(
        "create_language",
        &["CREATE OR REPLACE TRUSTED PROCEDURAL LANGUAGE x"],
    );
    check_kind(
        "create",
        &["CREATE TABLE t ()", "CREATE OR REPLACE VIEW v AS SELECT 1"],
    );
    check_kind("reset", &["RESET ALL"]);
    check_kind("commit", &["COMMIT", "END"]);
    check_kind("rollback", &["ROLLBACK", "ABORT"]);
    check_kind("unknown", &["\"select\" 1", "é", "1", "START_REPLICATION"]);
}

#[test]
fn names_of_kinds_are_unique() {
    let mut names: Vec<_> = StatementKind::ALL.iter().map(|kind| kind.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), StatementKind::ALL.len());
}

#[track_caller]
fn check_effect(text: &str, expected: impl Into<Option<NameEffect>>) {
    let facts = read(text);
    assert_eq!(facts.statements.len(), 1, "{text}");
    assert_eq!(facts.statements[0].effect, expected.into(), "{text}");
}

#[test]
fn effects_on_names() {
    let name = |name: &str| name.as_bytes().to_vec();
    check_effect("PREPARE Abc AS SELECT 1", Some(NameEffect::Prepare(name("abc"))));
    check_effect(
        "PREPARE \"Abc\" (int) AS SELECT 1",
        Some(NameEffect::Prepare(name("Abc"))),
    );
    check_effect(
        "PREPARE \"a\"\"b\" AS SELECT 1",
        Some(NameEffect::Prepare(name("a\"b"))),
    );
    check_effect(
        "PREPARE U&\"a\\0062\\+000063\" AS SELECT 1",
        Some(NameEffect::Prepare(name("abc"))),
    );
    check_effect(
        "PREPARE U&\"a!0062!!\" UESCAPE '!' AS SELECT 1",
        Some(NameEffect::Prepare(name("ab!"))),
    );
    check_effect(
        "PREPARE U&\"\\d83d\\de00\" AS SELECT 1",
        Some(NameEffect::Prepare(name("😀"))),
    );
    check_effect("PREPARE ÄÖ AS SELECT 1", Some(NameEffect::Prepare(name("ÄÖ"))));
    check_effect(
        "PREPARE transaction AS SELECT 1",
        Some(NameEffect::Prepare(name("transaction"))),
    );
    check_effect("PREPARE TRANSACTION 'x'", None);
    check_effect("EXECUTE s", Some(NameEffect::Execute(name("s"))));
    check_effect("EXECUTE \"S\"(1, 2)", Some(NameEffect::Execute(name("S"))));
    check_effect("EXPLAIN ANALYZE EXECUTE s", Some(NameEffect::Execute(name("s"))));
    check_effect(
        "EXPLAIN (COSTS off) EXECUTE s(1)",
        Some(NameEffect::Execute(name("s"))),
    );
    check_effect(
        "CREATE TEMP TABLE t AS EXECUTE s(1) WITH NO DATA",
        Some(NameEffect::Execute(name("s"))),
    );
    check_effect(
        "EXPLAIN CREATE TABLE t (a) AS EXECUTE s",
        Some(NameEffect::Execute(name("s"))),
    );
    check_effect("CREATE TABLE t (execute int)", None);
    check_effect("DEALLOCATE s", Some(NameEffect::Deallocate(name("s"))));
    check_effect("DEALLOCATE PREPARE s", Some(NameEffect::Deallocate(name("s"))));
    check_effect(
        "DEALLOCATE prepare",
        Some(NameEffect::Deallocate(name("prepare"))),
    );
    check_effect("DEALLOCATE \"all\"", Some(NameEffect::Deallocate(name("all"))));
    check_effect("DEALLOCATE ALL", Some(NameEffect::DeallocateAll));
    check_effect("DEALLOCATE PREPARE all", Some(NameEffect::DeallocateAll));
    check_effect("DISCARD ALL", Some(NameEffect::DiscardAll));
    check_effect("DISCARD PLANS", None);
    check_effect(
        "DECLARE c CURSOR FOR SELECT 1",
        Some(NameEffect::DeclareCursor(name("c"))),
    );
    check_effect("FETCH c", Some(NameEffect::Fetch(name("c"))));
    check_effect("FETCH ALL FROM c", Some(NameEffect::Fetch(name("c"))));
    check_effect("FETCH BACKWARD 5 IN \"C\"", Some(NameEffect::Fetch(name("C"))));
    check_effect(
        "FETCH -1 U&\"!0063\" UESCAPE '!'",
        Some(NameEffect::Fetch(name("c"))),
    );
    check_effect("MOVE NEXT c", Some(NameEffect::Fetch(name("c"))));
    check_effect("FETCH next", Some(NameEffect::Fetch(name("next"))));
    check_effect("CLOSE c", Some(NameEffect::CloseCursor(name("c"))));
    check_effect("CLOSE ALL", Some(NameEffect::CloseAll));
    // 63 bytes are kept, and no half of a character.
    let (long, kept) = ("x".repeat(70), "x".repeat(63));
    check_effect(&format!("EXECUTE {long}"), Some(NameEffect::Execute(name(&kept))));
    check_effect(
        &format!("EXECUTE \"{kept}\""),
        Some(NameEffect::Execute(name(&kept))),
    );
    check_effect(
        &format!("EXECUTE {}éé", "x".repeat(62)),
        Some(NameEffect::Execute(name(&"x".repeat(62)))),
    );
}

#[track_caller]
fn check_copy(text: &str, expected: Option<CopyDirection>) {
    assert_eq!(read(text).statements[0].copy, expected, "{text}");
}

#[test]
fn direction_is_that_towards_the_client() {
    check_copy("COPY t TO STDOUT", Some(CopyDirection::Out));
    check_copy("COPY t TO STDIN", Some(CopyDirection::Out));
    check_copy("COPY t FROM STDIN", Some(CopyDirection::In));
    check_copy("COPY t FROM STDOUT", Some(CopyDirection::In));
    check_copy("COPY (SELECT 1) TO STDOUT", Some(CopyDirection::Out));
    check_copy("COPY t TO '/x'", None);
    check_copy("COPY t FROM PROGRAM 'x'", None);
    check_copy("DO $$ BEGIN COPY t TO STDOUT; END $$", None);
}

const REPLICATION: Reading = Reading {
    utf8: true,
    standard_conforming_strings: true,
    encoding: Encoding::ServerSafe,
    replication: true,
};

/// A replication command: what it is called, the copy that it begins, and its words.
#[track_caller]
fn check_command(text: &str, kind: &str, copy: Option<CopyDirection>, words: &str) {
    let facts = analyse(text.as_bytes(), REPLICATION);
    let [statement] = facts.statements.as_slice() else {
        panic!("{text}: {facts:?}");
    };
    assert!(statement.kind.is_replication(), "{text}");
    assert_eq!(
        (
            statement.kind.as_str(),
            statement.copy,
            &text[statement.range.clone()]
        ),
        (kind, copy, words),
        "{text}"
    );
    assert_eq!((facts.unreadable, facts.secrets.len()), (None, 0), "{text}");
}

/// `repl_gram.y` of 13 to 18.
#[test]
fn replication_commands_are_read_as_such() {
    use CopyDirection::{Both, In, Out};
    for (text, kind, copy) in [
        ("IDENTIFY_SYSTEM", "identify_system", None),
        ("READ_REPLICATION_SLOT s", "read_replication_slot", None),
        ("BASE_BACKUP", "base_backup", Some(Out)),
        (
            "BASE_BACKUP ( LABEL 'it''s; COPY',  PROGRESS,  CHECKPOINT 'fast',  MANIFEST 'yes')",
            "base_backup",
            Some(Out),
        ),
        (
            "BASE_BACKUP LABEL 'x' PROGRESS FAST NOWAIT",
            "base_backup",
            Some(Out),
        ),
        (
            "CREATE_REPLICATION_SLOT \"s\" TEMPORARY PHYSICAL RESERVE_WAL",
            "create_replication_slot",
            None,
        ),
        (
            "CREATE_REPLICATION_SLOT s LOGICAL pgoutput (SNAPSHOT 'nothing')",
            "create_replication_slot",
            None,
        ),
        (
            "ALTER_REPLICATION_SLOT s (FAILOVER)",
            "alter_replication_slot",
            None,
        ),
        ("DROP_REPLICATION_SLOT s WAIT", "drop_replication_slot", None),
        (
            "START_REPLICATION SLOT s 0/3000000 TIMELINE 1",
            "start_replication",
            Some(Both),
        ),
        (
            "START_REPLICATION SLOT \"s\" LOGICAL 0/0 (proto_version '3', publication_names '\"p\\\"')",
            "start_replication",
            Some(Both),
        ),
        ("TIMELINE_HISTORY 2", "timeline_history", None),
        ("UPLOAD_MANIFEST", "upload_manifest", Some(In)),
    ] {
        check_command(text, kind, copy, text);
        check_command(&format!(" \t\n\r\x0b\x0c{text} ;\n"), kind, copy, text);
        // Read as SQL, it is none.
        let facts = read(text);
        assert!(
            !facts.statements.iter().any(|it| it.kind.is_replication()),
            "{text}"
        );
    }
    // What the grammar doesn't take makes it no SQL.
    check_command(
        "BASE_BACKUP; COPY t TO 'x'",
        "base_backup",
        Some(Out),
        "BASE_BACKUP; COPY t TO 'x'",
    );
    check_command(
        "TIMELINE_HISTORY'open",
        "timeline_history",
        None,
        "TIMELINE_HISTORY'open",
    );
}

/// Case, comments, quotes and other white space make SQL of it (`repl_scanner.l`).
#[test]
fn what_does_not_begin_as_a_replication_command_is_sql() {
    for text in [
        "base_backup",
        "Identify_System",
        "\"BASE_BACKUP\"",
        "/* */ BASE_BACKUP",
        "-- \nBASE_BACKUP",
        "; BASE_BACKUP",
        "(BASE_BACKUP)",
        "\u{a0}BASE_BACKUP",
        "BASE_BACKUPS",
        "BASE_BACKUP$",
        "BASE_BACKUP\u{e9}",
        "BASE_BACKUP1",
        "TIMELINE 1",
        "SLOT s",
        "SHOW server_version",
        "SHOW a; COPY t TO STDOUT",
        "select 1; BASE_BACKUP",
        "COPY t TO STDOUT; BASE_BACKUP",
        "",
    ] {
        assert_eq!(analyse(text.as_bytes(), REPLICATION), read(text), "{text}");
    }
}

/// Each secret as what is masked, what is remembered as written, and its value.
#[track_caller]
fn check_secrets(text: &str, expected: &[(&str, &str, &str)]) {
    let facts = read(text);
    let text_of = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let found: Vec<_> = facts
        .secrets
        .iter()
        .map(|secret: &SecretLiteral| {
            (
                text[secret.range()].to_owned(),
                text_of(secret.raw()),
                text_of(secret.value()),
            )
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(masked, raw, value)| ((*masked).to_owned(), (*raw).to_owned(), (*value).to_owned()))
        .collect();
    assert_eq!(found, expected, "{text}");
    assert!(!format!("{facts:?}").contains("hunter"), "{facts:?}");
}

#[test]
fn secrets() {
    let literal = |written: &'static str, value: &'static str| (written, written, value);
    check_secrets(
        "ALTER ROLE bob PASSWORD 'hunter2'",
        &[literal("'hunter2'", "hunter2")],
    );
    check_secrets(
        "ALTER USER bob PASSWORD'hunter''2'VALID UNTIL 'x'",
        &[literal("'hunter''2'", "hunter'2")],
    );
    check_secrets(
        "ALTER GROUP bob ENCRYPTED PASSWORD E'hunter\\x32'",
        &[literal("E'hunter\\x32'", "hunter2")],
    );
    check_secrets(
        "CREATE ROLE bob PASSWORD $$hunter2$$ LOGIN",
        &[literal("$$hunter2$$", "hunter2")],
    );
    check_secrets(
        "CREATE USER bob PASSWORD 'hun'\n -- x\n 'ter2'",
        &[literal("'hun'\n -- x\n 'ter2'", "hunter2")],
    );
    check_secrets(
        "CREATE ROLE bob PASSWORD U&'hunter!0032' UESCAPE '!' LOGIN",
        &[literal("U&'hunter!0032' UESCAPE '!'", "hunter2")],
    );
    check_secrets(
        "CREATE ROLE bob PASSWORD /* x */ 'hunter2'",
        &[literal("'hunter2'", "hunter2")],
    );
    check_secrets(
        "SELECT 1; ALTER ROLE a PASSWORD 'hunter1'; ALTER ROLE b PASSWORD 'hunter2'",
        &[literal("'hunter1'", "hunter1"), literal("'hunter2'", "hunter2")],
    );
    check_secrets("ALTER ROLE bob PASSWORD NULL", &[]);
    check_secrets("ALTER ROLE password LOGIN", &[]);
    check_secrets("SELECT password FROM t WHERE password = 'x'", &[]);
    check_secrets(
        "CREATE USER MAPPING FOR bob SERVER s OPTIONS (user 'u', password 'hunter2')",
        &[literal("'hunter2'", "hunter2")],
    );
    check_secrets(
        "ALTER SERVER s OPTIONS (SET \"password\" 'hunter2')",
        &[literal("'hunter2'", "hunter2")],
    );
    // Not what the server takes, but what people type.
    check_secrets(
        "ALTER ROLE bob PASSWORD hunter2",
        &[literal("hunter2", "hunter2")],
    );
    check_secrets(
        "ALTER ROLE bob PASSWORD = 'hunter2'",
        &[literal("'hunter2'", "hunter2")],
    );
    check_secrets(
        "ALTER ROLE bob PASSWORD \"hunter2\" LOGIN",
        &[literal("\"hunter2\" LOGIN", "\"hunter2\" LOGIN")],
    );
    check_secrets(
        "ALTER ROLE bob PASSWORD 'hunter' || '2'",
        &[literal("'hunter' || '2'", "'hunter' || '2'")],
    );
    check_secrets(
        "ALTR ROLE bob PASSWORD 'hunter2'",
        &[literal("'hunter2'", "hunter2")],
    );
    // What can't be read to its end.
    // What can't be read to its end: whatever was read, and everything behind the word.
    check_secrets(
        "ALTER ROLE bob PASSWORD 'hunter2",
        &[
            literal("'hunter2", "'hunter2"),
            (" 'hunter2", "'hunter2", "'hunter2"),
        ],
    );
    let rest = "'x'; ALTER ROLE b password 'hunter2";
    check_secrets(
        &format!("ALTER ROLE a PASSWORD {rest}"),
        &[
            literal("'x'", "x"),
            literal("'hunter2", "'hunter2"),
            (&format!(" {rest}"), rest, rest),
        ],
    );
    check_secrets(
        "CREATE ROLE a /* PASSWORD 'hunter2'",
        &[(" 'hunter2'", "'hunter2'", "'hunter2'")],
    );
    check_secrets("SELECT 'password", &[]);
}

#[test]
fn secrets_in_code_mask_the_literal_around_them() {
    let body = "$$ BEGIN ALTER ROLE bob PASSWORD 'hunter2'; END $$";
    let code = body.trim_matches('$');
    check_secrets(
        &format!("DO {body}"),
        &[(body, "'hunter2'", "hunter2"), (body, code, code)],
    );
    let body = "'BEGIN EXECUTE ''ALTER ROLE bob PASSWORD ''''hunter2''''''; END'";
    let code = "BEGIN EXECUTE 'ALTER ROLE bob PASSWORD ''hunter2'''; END";
    check_secrets(
        &format!("DO {body}"),
        &[(body, "'hunter2'", "hunter2"), (body, code, code)],
    );
    // Built from strings, it can't be told where it is.
    let body = "$$ BEGIN EXECUTE 'alter user bob ' || 'password ' || quote_literal('hunter2'); END $$";
    let code = body.trim_matches('$');
    check_secrets(&format!("DO {body}"), &[(body, code, code)]);
    check_secrets("DO $$ BEGIN UPDATE users SET password = 'x'; END $$", &[]);
    check_secrets(
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT password FROM users'",
        &[],
    );
}

#[test]
fn sensitivity() {
    let off = Reading {
        standard_conforming_strings: false,
        ..Reading::default()
    };
    for (text, expected) in [
        ("SELECT 'a'", false),
        ("SELECT 'a\\b'", true),
        ("SELECT N'a\\b'", true),
        ("SELECT E'a\\b', U&'\\0061', $$\\$$, \"\\\"", false),
        ("SELECT 1 -- \\", false),
        ("DO $$ BEGIN x := 'a\\b'; END $$", false),
        ("SELECT 'open\\'", true),
    ] {
        assert_eq!(
            read(text).sensitive.standard_conforming_strings,
            expected,
            "{text}"
        );
        assert_eq!(
            analyse(text.as_bytes(), off)
                .sensitive
                .standard_conforming_strings,
            expected,
            "{text}"
        );
    }
    for text in [
        "SELECT 'é', é, \"é[\"",
        "SELECT '表\\'",
        "SELECT é + 1",
        "SELECT 'a' || 'é'",
    ] {
        assert!(!read(text).sensitive.encoding, "{text}");
    }
    assert!(read("SELECT é[1]").sensitive.encoding);
}

#[test]
fn plain_is_what_nothing_cares_about() {
    for text in [
        "SELECT 1",
        "BEGIN; UPDATE t SET a = 'x'; COMMIT",
        "",
        "CREATE TABLE t (a int)",
    ] {
        assert!(read(text).is_plain(), "{text}");
    }
    for text in [
        "COPY t TO STDOUT",
        "PREPARE a AS SELECT 1",
        "FETCH c",
        "SELECT 'a\\b'",
        "SELECT 'open",
        "DO $$ $$",
    ] {
        assert!(!read(text).is_plain(), "{text}");
    }
}

#[test]
fn statements_are_limited() {
    let at_limit = "a;".repeat(STATEMENTS_MAX);
    let facts = read(&at_limit);
    assert_eq!((facts.statements.len(), facts.unreadable), (STATEMENTS_MAX, None));
    let facts = read(&(at_limit.clone() + "a"));
    assert_eq!(facts.statements.len(), STATEMENTS_MAX);
    let unreadable = facts.unreadable.unwrap();
    assert_eq!(
        (unreadable.cause, unreadable.offset),
        (UnreadableCause::TooManyStatements, at_limit.len())
    );
}
