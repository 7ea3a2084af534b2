//! Texts that must not pass.

use pgwarden_policy::{Encoding, Reading, Settings, Verdict, analyse, judge};

use crate::refused_by;

#[track_caller]
fn check(setting: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(refused_by(text), Some(setting), "{text}");
    }
}

#[test]
fn copy_out_in_every_spelling() {
    check(
        "can_export_csv",
        &[
            "COPY t TO STDOUT",
            "copy t to stdout",
            "CoPy t tO sTdOuT;",
            "COPY t TO STDIN",
            "  \t\r\n\x0b\x0cCOPY t TO STDOUT",
            "COPY\x0bt\x0bTO\x0bSTDOUT",
            "COPY/**/t/**/TO/**/STDOUT",
            "COPY/* /* */ */t TO STDOUT",
            "/* a */ -- b\n COPY t TO STDOUT",
            "--\rCOPY t TO STDOUT",
            "/*/*/**/*/*/COPY t TO STDOUT",
            "/**//**/COPY t TO STDOUT",
            "COPY--\nt--\nTO--\nSTDOUT--",
            "COPY \"t\" TO STDOUT",
            "COPY\"t\"TO STDOUT",
            "COPY U&\"\\0074\" TO STDOUT",
            "COPY U&\"d!0061t!+000061\" UESCAPE '!' TO STDOUT",
            "COPY s.t TO STDOUT",
            "COPY \"s\".\"t\" TO STDOUT",
            "COPY s . t TO STDOUT",
            "COPY c.s.t TO STDOUT",
            "COPY public.to TO STDOUT",
            "COPY public.from TO STDOUT",
            "COPY \"from\" TO STDOUT",
            "COPY \"to\" TO STDOUT",
            "COPY stdin TO STDOUT",
            "COPY program TO STDOUT",
            "COPY t(a, b) TO STDOUT",
            "COPY t (\"from\") TO STDOUT",
            "COPY t (a) TO STDOUT WITH (FORMAT csv, HEADER)",
            "COPY t TO STDOUT CSV HEADER",
            "COPY t TO STDOUT WITH CSV HEADER QUOTE AS '\"'",
            "COPY t TO STDOUT (FORMAT binary)",
            "COPY BINARY t TO STDOUT",
            "COPY BINARY t (a) TO STDOUT",
            "COPY t TO STDOUT BINARY",
            "COPY t TO STDOUT USING DELIMITERS '|'",
            "COPY t USING DELIMITERS '|' TO STDOUT",
            "COPY t TO STDOUT DELIMITERS ','",
            "COPY t TO STDOUT WITH DELIMITER ',' NULL ''",
            "COPY t WITH OIDS TO STDOUT",
            "COPY (SELECT 1) TO STDOUT",
            "COPY(SELECT 1)TO STDOUT",
            "COPY (SELECT * FROM t) TO STDOUT WITH CSV",
            "COPY (TABLE t) TO STDOUT",
            "COPY (VALUES (1), (2)) TO STDOUT",
            "COPY ((SELECT 1)) TO STDOUT",
            "COPY (WITH a AS (SELECT 1) SELECT * FROM a) TO STDOUT",
            "COPY (SELECT ')' FROM t) TO STDOUT",
            "COPY (SELECT E'\\')' FROM t) TO STDOUT",
            "COPY (SELECT $$)$$ FROM t) TO STDOUT",
            "COPY (SELECT 1 /* ) */) TO STDOUT",
            "COPY (SELECT a FROM b) TO STDOUT",
            "COPY (DELETE FROM t RETURNING *) TO STDOUT",
            "COPY (INSERT INTO t SELECT 1 RETURNING *) TO STDOUT",
            "COPY (UPDATE t SET a = 1 RETURNING a) TO STDOUT",
            "COPY (SELECT extract(year from d) FROM t) TO STDOUT",
            "COPY t TO '/tmp/x'",
            "COPY t TO E'/tmp/x'",
            "COPY t TO $$/tmp/x$$",
            "COPY t TO U&'/tmp/x'",
            "COPY t TO '/tmp'\n'/x'",
            "COPY t TO PROGRAM 'gzip > /tmp/x'",
            "COPY (SELECT 1) TO PROGRAM 'sh'",
            "COPY t TO",
            "COPY",
            "COPY t",
            "COPY (SELECT 1",
            "COPY (SELECT 1)",
            "COPY t TO x",
            "COPY t TO program",
            "EXPLAIN COPY t TO STDOUT",
            "EXPLAIN (ANALYZE) COPY t TO STDOUT",
            "EXPLAIN ANALYZE VERBOSE COPY t TO STDOUT",
            "PREPARE p AS COPY t TO STDOUT",
            "PREPARE p (int) AS COPY (SELECT $1) TO STDOUT",
            "DECLARE c CURSOR FOR COPY t TO STDOUT",
        ],
    );
}

#[test]
fn copy_in_in_every_spelling() {
    check(
        "can_import_csv",
        &[
            "COPY t FROM STDIN",
            "copy t from stdout",
            "COPY t FROM STDIN WITH (FORMAT csv)",
            "COPY t (a, b) FROM STDIN CSV",
            "COPY t(\"to\")FROM STDIN",
            "COPY public.to FROM STDIN",
            "COPY \"to\" FROM STDIN",
            "COPY BINARY t FROM STDIN",
            "COPY t FROM STDIN WHERE a > 1",
            "COPY t FROM STDIN (FREEZE)",
            "COPY t FROM '/etc/passwd'",
            "COPY t FROM E'/etc/\\x70asswd'",
            "COPY t FROM PROGRAM 'id'",
            "COPY t FROM $p$/etc/passwd$p$",
            "COPY/*to stdout*/t FROM STDIN",
            "COPY t -- to stdout\nFROM STDIN",
            "COPY t FROM STDIN DELIMITER ',' CSV",
            "COPY pg_temp.x FROM STDIN",
        ],
    );
}

#[test]
fn copy_among_other_statements() {
    check(
        "can_export_csv",
        &[
            "SELECT 1; COPY t TO STDOUT",
            "SELECT 1;COPY t TO STDOUT;SELECT 2",
            ";;COPY t TO STDOUT",
            "BEGIN; COPY t TO STDOUT; COMMIT",
            "SELECT ';' ; COPY t TO STDOUT",
            "SELECT ''';'; COPY t TO STDOUT",
            "SELECT \"a;\"\"b\"; COPY t TO STDOUT",
            "SELECT $$;$$; COPY t TO STDOUT",
            "SELECT $a$ $$ ; $a$; COPY t TO STDOUT",
            "SELECT $a$$b$a$; COPY t TO STDOUT; --$a$",
            "SELECT a$$; COPY t TO STDOUT; --$$",
            "SELECT 1$1; COPY t TO STDOUT",
            "SELECT '\\'; COPY t TO STDOUT; --'",
            "SELECT E'\\''; COPY t TO STDOUT",
            "SELECT E'\\\\'; COPY t TO STDOUT; --'",
            "SELECT e'a''b\\'c'; COPY t TO STDOUT",
            "SELECT E'a'\n'\\''; COPY t TO STDOUT; --'",
            "SELECT 'a'\n'b\\'; COPY t TO STDOUT; --'",
            "SELECT 'a' --x\n --y\n 'b'; COPY t TO STDOUT",
            "SELECT ae'\\'; COPY t TO STDOUT; --'",
            "SELECT n'\\'; COPY t TO STDOUT; --'",
            "SELECT B'1'; COPY t TO STDOUT",
            "SELECT b''';'; COPY t TO STDOUT",
            "SELECT x'1F'; COPY t TO STDOUT",
            "SELECT U&'\\'; COPY t TO STDOUT; --'",
            "SELECT U&\"\\\"; COPY t TO STDOUT; --\"",
            "SELECT u&'!0041' UESCAPE '!'; COPY t TO STDOUT",
            "SELECT 1 /* ; */; COPY t TO STDOUT",
            "SELECT 1 -- ;\n; COPY t TO STDOUT",
            "SELECT 1 --\r; COPY t TO STDOUT",
            "SELECT 1 +/* ' */ 2; COPY t TO STDOUT; --'",
            "SELECT 1 +-- '\n 2; COPY t TO STDOUT; --'",
            "SELECT 1 */* ' */ 2; COPY t TO STDOUT; --'",
            "SELECT @-- '\n 2; COPY t TO STDOUT; --'",
            "SELECT 1 <-/* \" */ 2; COPY t TO STDOUT; --\"",
            "SELECT '/*'; COPY t TO STDOUT; --*/",
            "SELECT \"--\"; COPY t TO STDOUT",
            "SELECT (1; COPY t TO STDOUT",
            "SELECT 1); COPY t TO STDOUT",
            "SELECT [1; COPY t TO STDOUT",
            "CREATE TABLE r (a int); COPY t TO STDOUT",
            "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); COPY t TO STDOUT",
            "CREATE OR REPLACE RULE r AS ON INSERT TO t DO ALSO (SELECT 1;); COPY t TO STDOUT",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; COPY t TO STDOUT",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END; COPY t TO STDOUT",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS end; SELECT 2; END; COPY t TO STDOUT",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 case; SELECT 2; END; COPY t TO STDOUT",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC END; COPY t TO STDOUT",
            "CREATE OR REPLACE PROCEDURE f() BEGIN ATOMIC SELECT t.end FROM t; END; COPY t TO STDOUT",
            "CREATE FUNCTION f(begin atomic) RETURNS int LANGUAGE sql AS 'select 1'; COPY t TO STDOUT",
            "CREATE FUNCTION atomic() RETURNS int LANGUAGE sql AS 'select 1'; COPY t TO STDOUT",
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; END; END; COPY t TO STDOUT",
            "BEGIN; SELECT 1; COPY t TO STDOUT",
            "SELECT 0x; COPY t TO STDOUT",
            "SELECT 0xFF e'\\''; COPY t TO STDOUT",
            "SELECT 1_000; COPY t TO STDOUT",
            "SELECT 1.5e; COPY t TO STDOUT",
            "SELECT $1; COPY t TO STDOUT",
            "SELECT $é$;$é$; COPY t TO STDOUT",
            "SELECT é'; ' ; COPY t TO STDOUT",
            "\u{feff}SELECT 1; COPY t TO STDOUT",
            "SELECT a ? 'b', a ?| 'c', a @> 'd'; COPY t TO STDOUT",
        ],
    );
    // psql takes what follows for data; the server runs it.
    check(
        "can_import_csv",
        &[
            "COPY t FROM STDIN;\nCOPY u TO STDOUT",
            "SELECT 1; COPY t FROM STDIN;\n1\t2\n\\.",
        ],
    );
}

/// What follows the copy that is allowed must be judged too.
#[test]
fn inline_data_is_no_data() {
    let settings = Settings {
        can_import_csv: true,
        ..Settings::default()
    };
    let facts = crate::read("COPY t FROM STDIN;\nCOPY u TO STDOUT;\n\\.\n");
    let Verdict::Refuse(refusal) = judge(&facts, &settings) else {
        panic!("{facts:?}");
    };
    assert_eq!(refusal.setting_name(), "can_export_csv");
}

#[track_caller]
fn refused_when_read(sql: &str, reading: Reading) -> Option<&'static str> {
    match judge(&analyse(sql.as_bytes(), reading), &Settings::default()) {
        Verdict::Refuse(refusal) => Some(refusal.setting_name()),
        Verdict::Allow | Verdict::Observe(_) => None,
    }
}

#[test]
fn backslashes_as_the_session_reads_them() {
    let off = Reading {
        standard_conforming_strings: false,
        ..Reading::default()
    };
    let hidden_when_on = "SELECT 'a\\' , '; COPY t TO STDOUT; --'";
    assert_eq!(refused_when_read(hidden_when_on, Reading::default()), None);
    assert_eq!(refused_when_read(hidden_when_on, off), Some("can_export_csv"));
    assert!(crate::read(hidden_when_on).sensitive.standard_conforming_strings);

    let hidden_when_off = "SELECT 'a\\'; COPY t TO STDOUT; --'";
    assert_eq!(
        refused_when_read(hidden_when_off, Reading::default()),
        Some("can_export_csv")
    );
    assert_eq!(refused_when_read(hidden_when_off, off), None);
    assert!(
        analyse(hidden_when_off.as_bytes(), off)
            .sensitive
            .standard_conforming_strings
    );

    let national = "SELECT N'a\\' , '; COPY t TO STDOUT; --'";
    assert_eq!(refused_when_read(national, off), Some("can_export_csv"));
    // E'' and U&'' read alike both ways.
    for same in [
        "SELECT E'\\''; COPY t TO STDOUT",
        "SELECT U&'\\'; COPY t TO STDOUT; --'",
    ] {
        assert_eq!(
            refused_when_read(same, Reading::default()),
            refused_when_read(same, off),
            "{same}"
        );
    }
}

#[test]
fn encodings_that_take_two_bytes() {
    let client_only = Reading {
        encoding: Encoding::ClientOnly,
        ..Reading::default()
    };
    let cases: &[(&[u8], bool)] = &[
        (b"SELECT E'\xbf\x5c'; COPY t TO STDOUT; --'", true),
        (b"SELECT E'\x83\x5c'; COPY t TO STDOUT; --'", true),
        (b"SELECT \x83\x5b1", true),
        (b"SELECT U&'\x83\x5c0041'", true),
        // What SHIFT_JIS_2004 turns into a backslash, and into a tilde.
        (b"SELECT E'\x81\x5f\\' ; COPY t TO STDOUT; --'", true),
        (b"SELECT '\x81\xb0E'", true),
        (b"SELECT '\x81\x60'", false),
        (b"SELECT '\x83\x5c'", false),
        (b"SELECT \"\x83\x5c\"", false),
        (b"SELECT $$\x83\x5c$$", false),
        (b"SELECT 1 -- \x83\x5c", false),
        (b"SELECT \x83\x41", false),
    ];
    for (text, sensitive) in cases {
        let facts = analyse(text, Reading::default());
        assert_eq!(facts.sensitive.encoding, *sensitive, "{}", text.escape_ascii());
        let facts = analyse(text, client_only);
        assert_eq!(facts.unreadable.is_some(), *sensitive, "{}", text.escape_ascii());
    }
    // Within a body it is the body that can't be read, which the settings decide on.
    let body: &[u8] = b"DO $$ BEGIN PERFORM E'\x83\x5c'; END $$";
    assert!(analyse(body, Reading::default()).sensitive.encoding);
    assert!(matches!(
        judge(&analyse(body, client_only), &Settings::default()),
        Verdict::Refuse(_)
    ));
}

#[test]
fn copy_in_code() {
    check(
        "can_export_csv",
        &[
            "DO $$ BEGIN COPY t TO '/tmp/x'; END $$",
            "DO $$BEGIN COPY t TO STDOUT; END$$",
            "DO 'BEGIN COPY t TO ''/tmp/x''; END'",
            "DO E'BEGIN COPY t TO \\'/tmp/x\\'; END'",
            "DO E'BEGIN \\x43OPY t TO STDOUT; END'",
            "DO E'BEGIN \\103OPY t TO STDOUT; END'",
            "DO E'BEGIN \\u0043OPY t TO STDOUT; END'",
            "DO U&'BEGIN \\0043OPY t TO STDOUT; END'",
            "DO U&'BEGIN !0043OPY t TO STDOUT; END' UESCAPE '!'",
            "DO U&'BEGIN !+000043OPY t TO STDOUT; END' UESCAPE $$!$$",
            "DO 'BEGIN CO'\n'PY t TO STDOUT; END'",
            "DO $x$ BEGIN EXECUTE $$COPY t TO STDOUT$$; END $x$",
            "DO $x$ BEGIN EXECUTE 'CO'\n'PY t TO STDOUT'; END $x$",
            "DO $x$ BEGIN EXECUTE E'\\x43OPY t TO STDOUT'; END $x$",
            "DO $x$ BEGIN EXECUTE 'SELECT 1; COPY t TO ''/x'''; END $x$",
            "DO $x$ DECLARE r record; BEGIN FOR r IN EXECUTE 'COPY t TO STDOUT' LOOP END LOOP; END $x$",
            "DO $x$ BEGIN EXECUTE 'DO $y$ BEGIN COPY t TO ''/x''; END $y$'; END $x$",
            "DO $x$ BEGIN DO $y$ BEGIN EXECUTE 'COPY t TO ''/x'''; END $y$; END $x$",
            "DO $$ BEGIN IF true THEN COPY t TO '/x'; END IF; END $$",
            "DO $$ BEGIN IF a THEN NULL; ELSE COPY t TO '/x'; END IF; END $$",
            "DO $$ BEGIN LOOP COPY t TO '/x'; END LOOP; END $$",
            "DO $$ BEGIN <<l>> COPY t TO '/x'; END $$",
            "DO $$ BEGIN NULL; EXCEPTION WHEN others THEN COPY t TO '/x'; END $$",
            "DO $$ BEGIN CASE a WHEN 1 THEN COPY t TO '/x'; END CASE; END $$",
            "DO $$ BEGIN COPY (SELECT CASE WHEN a THEN 1 ELSE 2 END FROM t) TO '/x'; END $$",
            "DO $$ BEGIN COPY (SELECT 1 >> 2) TO '/x'; END $$",
            "DO $$ BEGIN/**/COPY/**/t/**/TO/**/'/x'; END $$",
            "DO $$ BEGIN BEGIN COPY t TO PROGRAM 'cat'; END; END $$",
            "DO $$ DECLARE copy text; BEGIN COPY t TO '/x'; END $$",
            "DO LANGUAGE plpgsql $$ BEGIN COPY t TO '/x'; END $$",
            "DO $$ BEGIN COPY t TO '/x'; END $$ LANGUAGE plpgsql",
            "DO LANGUAGE 'plpgsql' $$ BEGIN COPY t TO '/x'; END $$",
            "DO LANGUAGE \"plpgsql\" $$ BEGIN COPY t TO '/x'; END $$",
            "DO LANGUAGE U&\"\\0070lpgsql\" $$ BEGIN COPY t TO '/x'; END $$",
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'COPY t TO ''/x'''",
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ SELECT 1; COPY t TO '/x'; $$",
            "CREATE FUNCTION f() RETURNS void AS $$ BEGIN COPY t TO '/x'; END $$ LANGUAGE plpgsql",
            "CREATE OR REPLACE FUNCTION s.f(a text DEFAULT 'x') RETURNS void AS 'BEGIN COPY t TO ''/x''; END' LANGUAGE plpgsql",
            "CREATE PROCEDURE f() LANGUAGE plpgsql AS $$ BEGIN COPY t TO '/x'; END $$",
            "CREATE FUNCTION f() RETURNS void AS $$ BEGIN COPY t TO '/x'; END $$",
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN COPY t TO PROGRAM 'x'; RETURN NEW; END $$",
            "CREATE FUNCTION language() RETURNS void LANGUAGE sql AS 'COPY t TO ''/x'''",
            "SELECT 1; DO $$ BEGIN COPY t TO '/x'; END $$; SELECT 2",
            // Read with standard_conforming_strings off, as the function may be called then.
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ SELECT 'a\\' , '; COPY t TO ''/x''; --' $$",
        ],
    );
    check(
        "can_import_csv",
        &[
            "DO $$ BEGIN COPY t FROM '/etc/passwd'; END $$",
            "DO $$ BEGIN COPY t FROM PROGRAM 'id'; END $$",
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'COPY t FROM PROGRAM ''id'''",
        ],
    );
}

#[test]
fn code_that_cannot_be_read() {
    check(
        "opaque_code",
        &[
            "DO $$ BEGIN EXECUTE 'CO' || 'PY t TO STDOUT'; END $$",
            "DO $$ BEGIN EXECUTE format('COPY %I TO STDOUT', 't'); END $$",
            "DO $$ BEGIN EXECUTE q; END $$",
            "DO $$ BEGIN EXECUTE ('COPY t TO STDOUT'); END $$",
            "DO $$ BEGIN EXECUTE 'COPY t TO STDOUT'::text; END $$",
            "DO $$ BEGIN EXECUTE N'COPY t TO STDOUT'; END $$",
            "DO $$ BEGIN EXECUTE $1; END $$",
            "DO $$ DECLARE function text; BEGIN EXECUTE function; END $$",
            "DO $$ BEGIN execute(q); END $$",
            "DO $$ BEGIN RETURN QUERY EXECUTE q; END $$",
            "DO $$ BEGIN OPEN c FOR EXECUTE q; END $$",
            "DO $$ BEGIN FOR r IN EXECUTE q LOOP NULL; END LOOP; END $$",
            "DO $$ BEGIN EXECUTE CASE WHEN true THEN 'COPY t TO ''/x''' END; END $$",
            "DO $$ BEGIN EXECUTE 'EXECUTE s'; END $$",
            "DO $$ BEGIN CREATE TABLE x AS EXECUTE s; END $$",
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'EXECUTE s'",
            "CREATE FUNCTION f(q text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE q; END $$",
            "CREATE FUNCTION f() RETURNS void LANGUAGE plperl AS $$ spi_exec_query('COPY t TO STDOUT') $$",
            "CREATE FUNCTION f() RETURNS void LANGUAGE pltcl AS $$ spi_exec {COPY t TO STDOUT} $$",
            "DO LANGUAGE plperl $$ spi_exec_query('COPY t TO STDOUT') $$",
            "DO $$ BEGIN PERFORM 'open; END $$",
            "DO $$ /* $$",
            "DO $$ BEGIN SET standard_conforming_strings = off; END $$",
            "DO $$ BEGIN PERFORM set_config('standard_conforming_strings', 'off', false); END $$",
            "DO $$ BEGIN RESET standard_conforming_strings; END $$",
            "DO $$ BEGIN RESET ALL; END $$",
            "SELECT set_config('session_' || 'authorization', 'bob', false)",
            "SELECT set_config($1, $2, false)",
            "SELECT set_config(name, 'x', false) FROM pg_settings",
            "SELECT set_config(name, 'x', false) FROM pg_settings WHERE name = 'work_mem' OR true",
            "SELECT set_config(name, 'x', false) FROM other WHERE name = 'work_mem'",
            "SELECT pg_catalog . set_config (a, b, c) FROM t",
            "SELECT \"set_config\"(name, 'x', false) FROM t",
            "SELECT U&\"\\0073et_config\"(name, 'x', false) FROM t",
            "UPDATE pg_settings SET setting = 'x' WHERE name = 'y'",
            "UPDATE ONLY pg_catalog.pg_settings SET setting = 'x' WHERE name = 'y'",
        ],
    );
}

#[test]
fn too_much_code() {
    let mut text = "SELECT 1".to_owned();
    for depth in 0..20 {
        text = format!("DO $d{depth}$ BEGIN {text}; END $d{depth}$");
    }
    assert_eq!(refused_by(&text), Some("opaque_code"));
    // Read in two ways at each level.
    let mut text = "NULL".to_owned();
    for depth in 0..7 {
        text = format!("DO $d{depth}$ BEGIN PERFORM '\\x'; {text}; END $d{depth}$");
    }
    assert_eq!(refused_by(&text), Some("opaque_code"));
}

#[test]
fn programs_on_the_server() {
    check(
        "can_run_server_programs",
        &[
            "LOAD 'plpgsql'",
            "load E'x'",
            "LOAD $$x$$",
            "ALTER SYSTEM SET work_mem = '1GB'",
            "ALTER/**/SYSTEM RESET ALL",
            "CREATE LANGUAGE plpython3u",
            "CREATE OR REPLACE PROCEDURAL LANGUAGE plperlu",
            "CREATE TRUSTED LANGUAGE \"plpython3u\"",
            "CREATE LANGUAGE mine HANDLER h",
            "CREATE EXTENSION plpython3u",
            "CREATE EXTENSION IF NOT EXISTS plperlu",
            "CREATE EXTENSION \"plpython3u\" SCHEMA x",
            "CREATE EXTENSION jsonb_plperlu CASCADE",
            "CREATE EXTENSION pltclu",
            "CREATE EXTENSION plsh",
            "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'x', 'y'",
            "CREATE FUNCTION f() RETURNS int LANGUAGE C AS 'x', 'y'",
            "CREATE FUNCTION f() RETURNS int LANGUAGE 'c' AS 'x', 'y'",
            "CREATE FUNCTION f() RETURNS int AS 'x', 'y' LANGUAGE \"c\"",
            "CREATE FUNCTION f(int) RETURNS int LANGUAGE internal AS 'lo_import'",
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS $$ return 1 $$",
            "CREATE PROCEDURE f() LANGUAGE plperlu AS $$ $$",
            "DO LANGUAGE plpython3u $$ import os $$",
            "DO $$ import os $$ LANGUAGE plpythonu",
            "SET session_preload_libraries = 'x'",
            "SET SESSION local_preload_libraries TO 'x'",
            "SET LOCAL dynamic_library_path = 'x'",
            "SET \"Dynamic_Library_Path\" = 'x'",
            "SET plperl.on_init = 'x'",
            "ALTER ROLE bob SET session_preload_libraries = 'x'",
            "ALTER ROLE bob IN DATABASE d SET local_preload_libraries = 'x'",
            "ALTER DATABASE d SET session_preload_libraries TO 'x'",
            "ALTER FUNCTION f() SET dynamic_library_path = 'x'",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET dynamic_library_path = 'x' AS 'select 1'",
            "SELECT set_config('dynamic_library_path', 'x', false)",
            "SELECT set_config('dynamic_library_path'::text, 'x', false)",
            "SELECT pg_catalog.set_config(E'dynamic\\x5flibrary_path', 'x', false)",
            "DO $$ BEGIN LOAD 'x'; END $$",
            "DO $$ BEGIN EXECUTE 'ALTER SYSTEM SET a = 1'; END $$",
            "SELECT 1; LOAD 'x'",
        ],
    );
    // The csv setting alone is not enough.
    let settings = Settings {
        can_export_csv: true,
        can_import_csv: true,
        ..Settings::default()
    };
    for text in [
        "COPY t TO PROGRAM 'x'",
        "COPY t FROM PROGRAM 'x'",
        "DO $$ BEGIN COPY t TO PROGRAM 'x'; END $$",
    ] {
        let Verdict::Refuse(refusal) = judge(&crate::read(text), &settings) else {
            panic!("{text}");
        };
        assert_eq!(refusal.setting_name(), "can_run_server_programs", "{text}");
    }
}

#[test]
fn credentials() {
    check(
        "can_change_credentials",
        &[
            "ALTER ROLE bob PASSWORD 'x'",
            "ALTER ROLE bob WITH PASSWORD 'x'",
            "ALTER ROLE bob WITH ENCRYPTED PASSWORD 'x'",
            "ALTER USER bob PASSWORD NULL",
            "alter user \"bob\" password'x'",
            "ALTER ROLE CURRENT_USER LOGIN PASSWORD E'x'",
            "ALTER USER password PASSWORD 'x'",
            "CREATE ROLE bob LOGIN PASSWORD 'x'",
            "CREATE USER bob PASSWORD $$x$$",
            "CREATE GROUP g PASSWORD 'x'",
            "CREATE USER MAPPING FOR bob SERVER s OPTIONS (user 'u', password 'p')",
            "ALTER USER MAPPING FOR bob SERVER s OPTIONS (SET password 'p')",
            "SELECT * FROM pg_authid",
            "SELECT * FROM pg_catalog.pg_shadow",
            "SELECT * FROM \"pg_authid\"",
            "SELECT * FROM PG_AUTHID",
            "SELECT * FROM pg_catalog . \"pg_authid\"",
            "SELECT * FROM U&\"pg\\005fauthid\"",
            "SELECT * FROM U&\"pg!005fauthid\" UESCAPE '!'",
            "TABLE pg_authid",
            "WITH a AS (SELECT * FROM pg_shadow) SELECT * FROM a",
            "CREATE VIEW v AS SELECT * FROM pg_authid",
            "GRANT SELECT ON pg_authid TO bob",
            "SELECT (SELECT rolpassword FROM pg_authid LIMIT 1)",
            "DO $$ BEGIN PERFORM rolpassword FROM pg_authid; END $$",
            "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT rolpassword FROM pg_authid'",
            "CREATE FUNCTION f() RETURNS text RETURN (SELECT rolpassword FROM pg_authid LIMIT 1)",
            "CREATE FUNCTION f() RETURNS text BEGIN ATOMIC SELECT rolpassword FROM pg_authid; END",
            "SET SESSION AUTHORIZATION bob",
            "SET SESSION AUTHORIZATION 'bob'",
            "SET LOCAL SESSION AUTHORIZATION bob",
            "SET SESSION SESSION AUTHORIZATION bob",
            "SET session_authorization = bob",
            "SET SESSION_AUTHORIZATION TO 'bob'",
            "SET LOCAL \"session_authorization\" = 'bob'",
            "SET U&\"session\\005fauthorization\" = 'bob'",
            "SELECT set_config('session_authorization', 'bob', false)",
            "SELECT set_config(name, 'bob', false) FROM pg_catalog.pg_settings WHERE name = 'session_authorization'",
            "ALTER ROLE bob SET session_authorization = 'x'",
            "DO $$ BEGIN ALTER ROLE bob PASSWORD 'x'; END $$",
            "DO $$ BEGIN EXECUTE 'ALTER ROLE bob PASSWORD ''x'''; END $$",
        ],
    );
}

#[test]
fn what_cannot_be_read_to_its_end() {
    check(
        "unreadable",
        &[
            "SELECT 'open",
            "SELECT E'open\\'",
            "SELECT \"open",
            "SELECT U&\"open",
            "SELECT $$open",
            "SELECT $a$open$$",
            "SELECT $a$open$A$",
            "SELECT /* open",
            "SELECT /* /* */",
            "SELECT 'a' 'b",
            "SELECT 'a'\n'b",
            "COPY t TO STDOUT; SELECT 'open",
            "SELECT b'1''; COPY t TO STDOUT",
        ],
    );
}

#[test]
fn replication_commands() {
    let replication = Reading {
        replication: true,
        ..Reading::default()
    };
    for text in [
        "START_REPLICATION SLOT s LOGICAL 0/0",
        "START_REPLICATION 0/0 TIMELINE 1",
        "BASE_BACKUP",
        "BASE_BACKUP (LABEL 'x')",
        "IDENTIFY_SYSTEM",
        "CREATE_REPLICATION_SLOT s PHYSICAL",
        "DROP_REPLICATION_SLOT s",
        "ALTER_REPLICATION_SLOT s (FAILOVER)",
        "READ_REPLICATION_SLOT s",
        "TIMELINE_HISTORY 1",
        "UPLOAD_MANIFEST",
    ] {
        let Verdict::Refuse(refusal) = judge(&analyse(text.as_bytes(), replication), &Settings::default())
        else {
            panic!("{text}");
        };
        assert_eq!(refusal.setting_name(), "can_replicate", "{text}");
        // Elsewhere they are a syntax error, and nothing to us.
        assert_eq!(refused_by(text), None, "{text}");
    }
    // The library of an output plugin is loaded, from where its name says if that is a path.
    let settings = Settings {
        can_replicate: true,
        ..Settings::default()
    };
    for (plugin, refused) in [
        ("pgoutput", None),
        ("\"test_decoding\" (SNAPSHOT 'export')", None),
        ("\"/tmp/mine\"", Some("can_run_server_programs")),
        ("\"$libdir/plugins/x\"", Some("can_run_server_programs")),
    ] {
        let text = format!("CREATE_REPLICATION_SLOT s TEMPORARY LOGICAL {plugin}");
        let found = match judge(&analyse(text.as_bytes(), replication), &settings) {
            Verdict::Refuse(refusal) => Some(refusal.setting_name()),
            Verdict::Allow | Verdict::Observe(_) => None,
        };
        assert_eq!(found, refused, "{text}");
    }
    // SQL runs there too.
    let Verdict::Refuse(refusal) = judge(&analyse(b"COPY t TO STDOUT", replication), &Settings::default())
    else {
        panic!("a copy on a replication connection");
    };
    assert_eq!(refusal.setting_name(), "can_export_csv");
}

#[test]
fn all_code_where_opaque_code_is_refuse() {
    let settings = Settings {
        opaque_code: pgwarden_policy::OpaqueCode::Refuse,
        ..Settings::default()
    };
    for text in [
        "DO $$ BEGIN END $$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION f() RETURNS int RETURN 1",
        "CREATE OR REPLACE PROCEDURE f() BEGIN ATOMIC END",
        "DO $$ BEGIN EXECUTE q; END $$",
    ] {
        let Verdict::Refuse(refusal) = judge(&crate::read(text), &settings) else {
            panic!("{text}");
        };
        assert_eq!(refusal.setting_name(), "opaque_code", "{text}");
    }
}

#[test]
fn functions_that_run_texts() {
    check(
        "can_copy_to_clipboard",
        &[
            "select * from ts_stat('select lo_get(1)')",
            "select * from xpath_table('a', 'b', 'c', '/a', 'lo_get(1) > 0') as t(a text)",
            "select * from connectby('(select lo_get(1)) x', 'a', 'b', '1', 0) as t(a text)",
            "select * from ts_stat($$select pg_read_file('x')$$, 'a')",
            "select ts_rewrite('a'::tsquery, 'select lo_export(1, ''f'')')",
            "select * from crosstab('select lo_get(1)') as t(a text)",
            "select * from crosstab(source_sql => 'select lo_get(1)') as t(a text)",
        ],
    );
    check(
        "opaque_code",
        &[
            "select * from ts_stat($1)",
            "select * from ts_stat('select ' || $1)",
            "select * from crosstab('select 1', x) as t(a text)",
            "create operator ~~~ (function = ts_stat, rightarg = text)",
        ],
    );
}

#[test]
fn ways_by_other_names() {
    check(
        "can_copy_to_clipboard",
        &[
            "select U&\"!0070g_read_file\" uescape '!'('/f')",
            "select U&\"!0070g_read_file\" /* a */ uescape /* b */ '!' /* c */ ('/f')",
            "select \"pg_read_file\" ('/f')",
            "select pg_catalog . PG_READ_FILE /**/ ('/f')",
            "alter function pg_catalog.lo_get(oid) rename to harmless",
            "alter function lo_get set schema public",
            "create aggregate agg (text) (sfunc = textcat, stype = text, finalfunc = pg_read_file)",
            "create operator ### (leftarg = oid, \"function\" = lo_get)",
            "create foreign data wrapper x handler file_fdw_handler",
            "create server s foreign data wrapper file_fdw",
            "create foreign table t (a text) server s options (filename '/f')",
            "import foreign schema s from server x into y",
            "create extension if not exists dblink",
            "create extension postgres_fdw",
            "select * from pg_largeobject",
        ],
    );
    check(
        "can_run_server_programs",
        &[
            "alter language sql rename to sql_old",
            "create access method m type table handler f",
            "update pg_proc set prosrc = 'x'",
            "create rule r as on insert to t do update pg_proc set prosrc = 'x'",
            "create rule r as on insert to t do also update pg_proc set prosrc = 'x'",
            "with x as (update pg_catalog.pg_proc set prosrc = 'x' returning 1) select 1",
            "merge into only pg_language using (select 1) s on true when matched then do nothing",
            "create temp view v as select * from pg_proc where oid in (select 1 from pg_class)",
            "set allow_system_table_mods = on",
        ],
    );
    check(
        "opaque_code",
        &[
            "update only (pg_settings) set setting = '/x'",
            "alter view pg_settings rename to harmless",
        ],
    );
    check("can_change_credentials", &["table pg_user_mapping"]);
    check(
        "can_paste_from_clipboard",
        &[
            "select lo_put(1, 0, 'x')",
            "create subscription s connection 'x' publication p",
        ],
    );
}
