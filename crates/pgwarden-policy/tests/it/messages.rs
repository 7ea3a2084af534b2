//! What people read.

use pgwarden_policy::{
    DeniedName, Enforcement, OpaqueCode, Reading, Refusal, Setting, Settings, Verdict, analyse, judge,
    judge_function_call, judge_parameter, judge_replication,
};

use crate::read;

fn everything_on() -> Settings {
    Settings {
        can_export_csv: true,
        can_import_csv: true,
        can_copy_to_clipboard: true,
        can_paste_from_clipboard: true,
        can_replicate: true,
        can_run_server_programs: true,
        can_change_credentials: true,
        ..Settings::default()
    }
}

#[track_caller]
fn refusal(verdict: Verdict) -> Refusal {
    match verdict {
        Verdict::Refuse(refusal) => refusal,
        Verdict::Allow | Verdict::Observe(_) => panic!("{verdict:?}"),
    }
}

fn show(refusal: &Refusal) -> String {
    format!(
        "ERROR {}: {}\nDETAIL: {}\nHINT: {}",
        refusal.sqlstate(),
        refusal.message("orders"),
        refusal.detail(),
        refusal.hint()
    )
}

#[track_caller]
fn shown(text: &str) -> String {
    show(&refusal(judge(&read(text), &Settings::default())))
}

#[test]
fn copy() {
    insta::assert_snapshot!(shown("copy customers to stdout csv header"), @r#"
    ERROR 42501: refused by pgwarden: COPY TO is not allowed on record "orders" (can_export_csv is off)
    DETAIL: The statement is: copy customers to stdout csv header.
    HINT: Ask whoever administers pgwarden to switch on can_export_csv for you on this record.
    "#);
    insta::assert_snapshot!(shown("select 1; copy customers\n\tfrom stdin; select 2"), @r#"
    ERROR 42501: refused by pgwarden: COPY FROM is not allowed on record "orders" (can_import_csv is off)
    DETAIL: The statement is: copy customers from stdin. Nothing of the query ran.
    HINT: Ask whoever administers pgwarden to switch on can_import_csv for you on this record.
    "#);
    insta::assert_snapshot!(shown(&format!("copy (select {}) to stdout", "a, ".repeat(60))), @r#"
    ERROR 42501: refused by pgwarden: COPY TO is not allowed on record "orders" (can_export_csv is off)
    DETAIL: The statement is: copy (select a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, ….
    HINT: Ask whoever administers pgwarden to switch on can_export_csv for you on this record.
    "#);
}

#[test]
fn code() {
    insta::assert_snapshot!(shown("do $$ begin copy t to '/tmp/x'; end $$"), @r#"
    ERROR 42501: refused by pgwarden: COPY TO is not allowed on record "orders" (can_export_csv is off)
    DETAIL: The code in the statement has: copy t to '/tmp/x'.
    HINT: Ask whoever administers pgwarden to switch on can_export_csv for you on this record.
    "#);
    insta::assert_snapshot!(shown("do $$ begin execute q; end $$"), @r#"
    ERROR 42501: refused by pgwarden: dynamic EXECUTE is not allowed on record "orders" (opaque_code is scan)
    DETAIL: The code in the statement has: execute q.
    HINT: Write the statement without building SQL from strings, or ask whoever administers pgwarden to set opaque_code to allow for you on this record.
    "#);
    let settings = Settings {
        opaque_code: OpaqueCode::Refuse,
        ..Settings::default()
    };
    insta::assert_snapshot!(show(&refusal(judge(&read("do $$ begin end $$"), &settings))), @r#"
    ERROR 42501: refused by pgwarden: DO is not allowed on record "orders" (opaque_code is refuse)
    DETAIL: The statement is: do $$ begin end $$.
    HINT: Ask whoever administers pgwarden to set opaque_code to scan or allow for you on this record.
    "#);
}

#[test]
fn secrets_are_masked() {
    let shown = shown("ALTER ROLE bob WITH PASSWORD 'hunter2' VALID UNTIL 'tomorrow'");
    insta::assert_snapshot!(shown, @r#"
    ERROR 42501: refused by pgwarden: setting a role's PASSWORD is not allowed on record "orders" (can_change_credentials is off)
    DETAIL: The statement is: ALTER ROLE bob WITH PASSWORD *** VALID UNTIL 'tomorrow'.
    HINT: Ask whoever administers pgwarden to switch on can_change_credentials for you on this record.
    "#);
    let shown = self::shown("DO $$ BEGIN ALTER ROLE bob PASSWORD 'hunter2'; END $$");
    insta::assert_snapshot!(shown, @r#"
    ERROR 42501: refused by pgwarden: setting a role's PASSWORD is not allowed on record "orders" (can_change_credentials is off)
    DETAIL: The code in the statement has: ALTER ROLE bob PASSWORD ***.
    HINT: Ask whoever administers pgwarden to switch on can_change_credentials for you on this record.
    "#);
    let shown = self::shown("SELECT 1; ALTER ROLE bob PASSWORD 'hunter2");
    insta::assert_snapshot!(shown, @r#"
    ERROR 42601: refused by pgwarden: unterminated quoted string on record "orders"
    DETAIL: It begins at byte 34 of the query. Nothing of the query ran.
    HINT: Close what is left open and send the statement again.
    "#);
}

#[test]
fn others() {
    insta::assert_snapshot!(shown("select 'open"), @r#"
    ERROR 42601: refused by pgwarden: unterminated quoted string on record "orders"
    DETAIL: It begins at byte 7 of the query. Nothing of the query ran.
    HINT: Close what is left open and send the statement again.
    "#);
    insta::assert_snapshot!(shown("select rolpassword from pg_authid"), @r#"
    ERROR 42501: refused by pgwarden: reading stored passwords is not allowed on record "orders" (can_change_credentials is off)
    DETAIL: The statement is: select rolpassword from pg_authid.
    HINT: Ask whoever administers pgwarden to switch on can_change_credentials for you on this record.
    "#);
    insta::assert_snapshot!(shown("alter system set a = b"), @r#"
    ERROR 42501: refused by pgwarden: ALTER SYSTEM is not allowed on record "orders" (can_run_server_programs is off)
    DETAIL: The statement is: alter system set a = b.
    HINT: Ask whoever administers pgwarden to switch on can_run_server_programs for you on this record.
    "#);
    insta::assert_snapshot!(show(&refusal(judge_replication(&Settings::default()))), @r#"
    ERROR 42501: refused by pgwarden: a replication connection is not allowed on record "orders" (can_replicate is off)
    DETAIL: The startup packet asks for replication.
    HINT: Ask whoever administers pgwarden to switch on can_replicate for you on this record.
    "#);
    insta::assert_snapshot!(show(&refusal(judge_function_call(954, &Settings::default()))), @r#"
    ERROR 42501: refused by pgwarden: a call of loread by protocol message is not allowed on record "orders" (can_copy_to_clipboard is off)
    DETAIL: The message calls the function with OID 954.
    HINT: Ask whoever administers pgwarden to switch on can_copy_to_clipboard for you on this record.
    "#);
    insta::assert_snapshot!(show(&refusal(judge_function_call(16_384, &Settings::default()))), @r#"
    ERROR 42501: refused by pgwarden: a function call by protocol message is not allowed on record "orders" (can_copy_to_clipboard is off)
    DETAIL: The message calls the function with OID 16384.
    HINT: Ask whoever administers pgwarden to switch on can_copy_to_clipboard for you on this record.
    "#);
    insta::assert_snapshot!(show(&refusal(judge_parameter(b"Session_Authorization", b"bob", &Settings::default()))), @r#"
    ERROR 42501: refused by pgwarden: SET SESSION AUTHORIZATION is not allowed on record "orders" (can_change_credentials is off)
    DETAIL: The startup packet sets Session_Authorization.
    HINT: Ask whoever administers pgwarden to switch on can_change_credentials for you on this record.
    "#);
    insta::assert_snapshot!(show(&refusal(judge_parameter(b"options", b"-P", &Settings::default()))), @r#"
    ERROR 42501: refused by pgwarden: a switch in the startup parameter options is not allowed on record "orders"
    DETAIL: The startup parameter options holds something other than settings.
    HINT: In options, use only "-c name=value" and "--name=value".
    "#);
    let facts = read(&"a;".repeat(pgwarden_policy::STATEMENTS_MAX + 1));
    insta::assert_snapshot!(show(&refusal(judge(&facts, &everything_on()))), @r#"
    ERROR 54000: refused by pgwarden: more statements in one query than can be read on record "orders"
    DETAIL: The query has more than 100000 statements. Nothing of it ran.
    HINT: Send at most 100000 statements in one query.
    "#);
}

/// Every cause that a text can have, with the words of whoever administers pgwarden behind the hint of our own.
#[test]
fn every_cause() {
    let causes = [
        "copy t to stdout",
        "copy t from '/tmp/x'",
        "copy t to program 'gzip'",
        "load 'x'",
        "alter system set a = b",
        "create function f() returns int language c as 'x'",
        "create language plperlu",
        "set session_preload_libraries = x",
        "alter role bob password 'hunter2'",
        "select * from pg_shadow",
        "create user mapping for bob server s",
        "set session authorization bob",
        "do $$ begin copy t to stdout; end $$",
        "do $$ begin execute q; end $$",
        "do language plv8 $$ x $$",
        "select set_config(a || b, 'x', false)",
        "select lo_get(1)",
        "select lo_put(1, 0, 'x')",
        "select pg_read_file('/etc/passwd')",
        "select query_to_xml('select 1', true, true, '')",
        "create extension dblink",
        "create server s foreign data wrapper file_fdw",
        "create subscription s connection '' publication p",
        "select * from pg_largeobject",
        "insert into pg_largeobject values (1, 0, '')",
        "insert into t values (1), (2), (3)",
        "drop table t",
        "select f(1)",
        "select * from hr.payroll",
        "create table u (a int)",
        "select 1; select 2; select 3; select 4; select 5; select 6",
        "select 'a text of more than sixty bytes, which is all that may be pasted here' || 'so'",
        "select 1; copy t to stdout",
        "select 'open",
        "select $a$open",
        "select \"open",
        "select /* open",
    ];
    let name = |name| pgwarden_policy::DeniedName::new(name).unwrap();
    let strict = Settings {
        deny_functions: vec![name("f")],
        deny_relations: vec![name("payroll")],
        deny_statements: vec![pgwarden_policy::StatementKind::Drop],
        paste_rows: 2,
        paste_bytes: 60,
        paste_statements: 5,
        ..Settings::default()
    };
    let read_only = Settings {
        read_only: true,
        ..strict.clone()
    };
    let mut shown = String::new();
    for cause in causes {
        // What only writes is refused by read_only alone.
        let settings = if judge(&read(cause), &strict) == Verdict::Allow {
            &read_only
        } else {
            &strict
        };
        let asking = Settings {
            refusal_hint: Some("ask #data-access".to_owned()),
            ..settings.clone()
        };
        let refusal = refusal(judge(&read(cause), settings));
        let asked = self::refusal(judge(&read(cause), &asking));
        shown.extend([cause, "\n", &show(&refusal), "\n"]);
        if asked.hint() != refusal.hint() {
            shown.extend(["HINT: ", &asked.hint(), "\n"]);
        }
        shown.push('\n');
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn the_hint_of_the_configuration_is_in_every_refusal_that_someone_can_lift() {
    let asking = Settings {
        refusal_hint: Some("ask #data-access".to_owned()),
        ..Settings::default()
    };
    for verdict in [
        judge(&read("copy t to stdout"), &asking),
        judge_replication(&asking),
        judge_function_call(767, &asking),
        judge_parameter(b"session_authorization", b"bob", &asking),
        judge_parameter(b"options", b"-c session_preload_libraries=x", &asking),
    ] {
        assert_eq!(refusal(verdict).hint(), "ask #data-access");
    }
    // Only the client can help itself.
    assert_eq!(
        refusal(judge_parameter(b"options", b"-P", &asking)).hint(),
        "In options, use only \"-c name=value\" and \"--name=value\"."
    );
}

#[test]
fn startup_parameters() {
    let settings = Settings::default();
    for (name, value) in [
        ("application_name", "psql"),
        ("role", "bob"),
        ("client_encoding", "UTF8"),
        ("options", ""),
        ("options", "-c search_path=a,b -c work_mem=1MB"),
        ("options", "--search-path=a\\ b"),
        ("options", "-csearch_path=a"),
        ("options", "  -c\u{b}geqo=off\t"),
    ] {
        assert_eq!(
            judge_parameter(name.as_bytes(), value.as_bytes(), &settings),
            Verdict::Allow,
            "{name} {value}"
        );
    }
    for (name, value, setting) in [
        ("session_authorization", "bob", "can_change_credentials"),
        ("session_preload_libraries", "x", "can_run_server_programs"),
        ("LOCAL_preload_libraries", "x", "can_run_server_programs"),
        (
            "options",
            "-c session_preload_libraries=x",
            "can_run_server_programs",
        ),
        (
            "options",
            "--session-preload-libraries=x",
            "can_run_server_programs",
        ),
        ("options", "-csession_authorization=bob", "can_change_credentials"),
        (
            "options",
            "-c a=b\u{b}-c\tsession\\_authorization=bob",
            "can_change_credentials",
        ),
        ("options", "-P", "options"),
        ("options", "-Pc session_authorization=bob", "options"),
        ("options", "-c", "options"),
        ("options", "-c a", "options"),
        ("options", "--a", "options"),
        ("options", "a=b", "options"),
        ("options", "-c a=b -d 5", "options"),
        ("options", "\\-c a=b -s", "options"),
    ] {
        let refusal = refusal(judge_parameter(name.as_bytes(), value.as_bytes(), &settings));
        assert_eq!(refusal.setting_name(), setting, "{name} {value}");
    }
}

#[test]
fn function_calls_need_both_clipboard_settings() {
    for (copy, paste, setting) in [
        (false, false, Some("can_copy_to_clipboard")),
        (true, false, Some("can_paste_from_clipboard")),
        (false, true, Some("can_copy_to_clipboard")),
        (true, true, None),
    ] {
        let settings = Settings {
            can_copy_to_clipboard: copy,
            can_paste_from_clipboard: paste,
            ..Settings::default()
        };
        match judge_function_call(767, &settings) {
            Verdict::Allow => assert_eq!(None, setting),
            Verdict::Refuse(refusal) => assert_eq!(Some(refusal.setting_name()), setting),
            Verdict::Observe(_) => panic!("not monitoring"),
        }
    }
}

#[test]
fn monitoring_lets_through_and_tells() {
    let settings = Settings {
        enforcement: Enforcement::Monitor,
        ..Settings::default()
    };
    let Verdict::Observe(observed) = judge(&read("COPY t TO STDOUT"), &settings) else {
        panic!("only observed");
    };
    assert_eq!(
        observed,
        refusal(judge(&read("COPY t TO STDOUT"), &Settings::default()))
    );
    assert_eq!(judge(&read("SELECT 1"), &settings), Verdict::Allow);
    assert!(matches!(judge_replication(&settings), Verdict::Observe(_)));
}

#[test]
fn first_refusal_in_the_order_of_statements() {
    let settings = Settings {
        can_import_csv: true,
        ..Settings::default()
    };
    let text = "COPY t FROM STDIN; LOAD 'x'; COPY t TO STDOUT";
    let refusal = refusal(judge(&read(text), &settings));
    assert_eq!(refusal.setting_name(), "can_run_server_programs");
    assert_eq!(&text[refusal.span().unwrap()], "LOAD 'x'");
}

#[test]
fn nothing_is_refused_where_nothing_is_forbidden() {
    let settings = everything_on();
    assert!(settings.forbids_nothing());
    for text in [
        "COPY t TO PROGRAM 'x'",
        "DO $$ BEGIN EXECUTE q; END $$",
        "SELECT 'open",
        "ALTER ROLE a PASSWORD 'x'",
        "LOAD 'x'",
    ] {
        assert_eq!(judge(&read(text), &settings), Verdict::Allow, "{text}");
    }
    let replication = Reading {
        replication: true,
        ..Reading::default()
    };
    assert_eq!(
        judge(&analyse(b"IDENTIFY_SYSTEM", replication), &settings),
        Verdict::Allow
    );
    assert!(
        !Settings {
            opaque_code: OpaqueCode::Refuse,
            ..everything_on()
        }
        .forbids_nothing()
    );
    assert!(
        !Settings {
            deny_functions: vec![DeniedName::new("f").unwrap()],
            ..everything_on()
        }
        .forbids_nothing()
    );
    assert!(!Settings::default().forbids_nothing());
}

#[test]
fn what_a_reload_takes_away() {
    let off = Settings::default();
    let on = everything_on();
    assert!(on.takes_away(&off));
    assert!(!off.takes_away(&on));
    assert!(!off.takes_away(&off));
    let monitor = Settings {
        enforcement: Enforcement::Monitor,
        ..Settings::default()
    };
    assert!(monitor.takes_away(&off));
    assert!(!monitor.takes_away(&on));
    assert!(!on.takes_away(&monitor));
    assert!(off.takes_away(&Settings {
        opaque_code: OpaqueCode::Refuse,
        ..Settings::default()
    }));
    assert!(!off.takes_away(&Settings {
        opaque_code: OpaqueCode::Allow,
        ..Settings::default()
    }));
    assert!(off.takes_away(&Settings {
        read_only: true,
        ..Settings::default()
    }));
    assert!(off.takes_away(&Settings {
        copy_rows: 1,
        ..Settings::default()
    }));
    assert!(!off.takes_away(&Settings {
        copy_rows: 100_000,
        ..Settings::default()
    }));
    let denied = Settings {
        deny_relations: vec![DeniedName::new("t").unwrap()],
        ..Settings::default()
    };
    assert!(off.takes_away(&denied));
    assert!(!denied.takes_away(&off));
}

#[test]
fn opaque_code_allow_does_not_look_into_bodies() {
    let settings = Settings {
        opaque_code: OpaqueCode::Allow,
        ..Settings::default()
    };
    assert_eq!(
        judge(&read("DO $$ BEGIN COPY t TO '/x'; EXECUTE q; END $$"), &settings),
        Verdict::Allow
    );
    // What is outside of them counts.
    for text in [
        "COPY t TO STDOUT",
        "DO LANGUAGE plpython3u $$ $$",
        "DO $$ $$; LOAD 'x'",
    ] {
        refusal(judge(&read(text), &settings));
    }
}

#[test]
fn settings_by_name() {
    let names: Vec<_> = Setting::ALL.iter().map(|setting| setting.as_str()).collect();
    insta::assert_snapshot!(names.join(" "), @"can_export_csv can_import_csv can_copy_to_clipboard can_paste_from_clipboard can_replicate can_run_server_programs can_change_credentials opaque_code read_only deny_functions deny_relations deny_statements copy_rows copy_bytes copy_rows_per_session copy_bytes_per_session copy_rows_per_hour copy_bytes_per_hour paste_bytes paste_bytes_per_hour paste_rows paste_statements enforcement refusal_hint");
}
