//! Deny lists, `read_only`, and how much may be pasted.

use pgwarden_policy::{
    DeniedName, NAMES_MAX, OpaqueCode, Reading, Settings, StatementKind, Verdict, analyse, judge,
    judge_function_call, judge_parameter,
};

use crate::read;

#[track_caller]
fn check(settings: &Settings, refused: Option<&str>, texts: &[&str]) {
    for text in texts {
        let setting = match judge(&read(text), settings) {
            Verdict::Allow => None,
            Verdict::Refuse(refusal) => Some(refusal.setting_name()),
            Verdict::Observe(_) => panic!("the settings do not monitor"),
        };
        assert_eq!(setting, refused, "{text}");
    }
}

fn names(names: &[&str]) -> Vec<DeniedName> {
    names.iter().map(|name| DeniedName::new(name).unwrap()).collect()
}

#[test]
fn denied_relations() {
    let settings = Settings {
        deny_relations: names(&["hr.salaries"]),
        ..Settings::default()
    };
    check(
        &settings,
        Some("deny_relations"),
        &[
            "select * from salaries",
            "select * from hr.salaries",
            "select * from db.hr.salaries",
            "SELECT 1 FROM \"hr\" . \"salaries\" x",
            "select 1 from U&\"s\\0061laries\"",
            "select 1 from U&\"s!0061laries\" uescape '!'",
            "select 1 from a, salaries",
            "select 1 from a join b on a.x = b.x, salaries",
            "select 1 from (a join (salaries natural join b) on true)",
            "select (select 1 from salaries)",
            "table salaries",
            "select 1 from only (salaries)",
            "with q as (select 1 from salaries) select 1",
            "select 1 union table salaries",
            "insert into t select * from salaries",
            "insert into salaries values (1)",
            "update t set a = 1 from b, salaries",
            "delete from t using b, salaries",
            "merge into t using salaries s on true when matched then delete",
            "explain analyze select 1 from salaries",
            "prepare p as select 1 from salaries",
            "declare c cursor for select 1 from salaries",
            "create view v as select 1 from salaries",
            "create table t as table salaries",
            "create table t (like salaries)",
            "create rule r as on insert to t do instead select 1 from salaries",
            "alter table salaries rename to s",
            "alter schema hr rename to x",
            "lock table a, salaries",
            "truncate salaries",
            "drop table salaries",
            "grant select on salaries to public",
            "comment on table hr.salaries is ''",
            "do $$ begin perform 1 from salaries; end $$",
            "do $$ begin execute 'select 1 from salaries'; end $$",
            "create function f() returns int language sql begin atomic select 1 from salaries; end",
            "create function f() returns bigint language sql as 'select count(*) from salaries'",
            "select * from crosstab('select 1 from salaries') as t(a int)",
            "select a as distinct from salaries",
            "select a distinct from salaries",
            "select a as delete from t, salaries",
            "select a delete from t, salaries",
            "select 1 as not, 2 as is from t, salaries",
        ],
    );
    check(
        &settings,
        None,
        &[
            "select salaries from t",
            "select t.salaries from t",
            "select 1 as salaries",
            "select 'salaries'",
            "select * from public.salaries",
            "select salaries(1)",
            "update t set salaries = 1",
            "select salaries is distinct from a, b is not distinct from salaries",
        ],
    );
}

#[test]
fn denied_functions() {
    let settings = Settings {
        deny_functions: names(&["leak", "pg_sleep*"]),
        ..Settings::default()
    };
    check(
        &settings,
        Some("deny_functions"),
        &[
            "select leak(1)",
            "select a.LEAK /* */ (1)",
            "select \"leak\"(1)",
            "select * from leak()",
            "select t.leak from t",
            "select (row(1)::t).leak",
            "select (array[t])[1].leak from t",
            "select (t) /**/ . /**/ leak from t",
            "call leak()",
            "select pg_sleep_for('1s')",
            "alter function leak rename to x",
            "create operator ## (procedure = leak, leftarg = int)",
            "create view v as select leak(1)",
            "do $$ begin perform leak(1); end $$",
            "create table t (a int default leak(1))",
            "execute p(leak(1))",
        ],
    );
    check(
        &settings,
        None,
        &["select leak from t", "select 'leak(1)'", "select sleep(1)"],
    );
    let everything = Settings {
        can_copy_to_clipboard: true,
        can_paste_from_clipboard: true,
        ..settings
    };
    // It may be any function.
    assert!(matches!(
        judge_function_call(99_999, &everything),
        Verdict::Refuse(_)
    ));
    assert_eq!(judge_function_call(954, &everything), Verdict::Allow);
}

#[test]
fn denied_statements() {
    let settings = Settings {
        deny_statements: vec![StatementKind::Delete, StatementKind::Truncate],
        ..Settings::default()
    };
    check(
        &settings,
        Some("deny_statements"),
        &[
            "delete from t",
            "with d as (delete from t returning *) select * from d",
            "explain analyze delete from t",
            "explain (analyze) delete from t",
            "prepare p as delete from t",
            "merge into t using s on true when matched then delete",
            "create rule r as on insert to t do also delete from u",
            "do $$ begin delete from t; end $$",
            "do $$ begin if true then truncate t; end if; end $$",
            "create function f() returns void language sql as 'delete from t'",
            "create function f() returns void begin atomic delete from t; end",
            "select 1; truncate t",
        ],
    );
    check(
        &settings,
        None,
        &[
            "select delete from t",
            "select delete(h, 'a') from t",
            "create trigger r before delete on t for each row execute function f()",
            "alter table t add foreign key (a) references u on delete cascade",
            "grant delete on t to r",
        ],
    );
}

#[test]
fn read_only() {
    let settings = Settings {
        read_only: true,
        opaque_code: OpaqueCode::Allow,
        can_import_csv: true,
        can_export_csv: true,
        can_copy_to_clipboard: true,
        can_paste_from_clipboard: true,
        can_run_server_programs: true,
        can_change_credentials: true,
        ..Settings::default()
    };
    check(
        &settings,
        Some("read_only"),
        &[
            "insert into t values (1)",
            "with x as (update t set a = 1 returning 1) select 1",
            "explain analyze delete from t",
            "prepare p as insert into t select 1",
            "select 1 into t",
            "create table t as select 1",
            "copy t from stdin",
            "copy t to '/f'",
            "copy (delete from t returning 1) to stdout",
            "call p()",
            "do $$ begin insert into t values (1); end $$",
            "do $$ begin set transaction read write; end $$",
            "begin read write",
            "start transaction isolation level serializable, read write",
            "set transaction read write",
            "set session characteristics as transaction read write",
            "set default_transaction_read_only = off",
            "set local transaction_read_only to 'off'",
            "set \"Transaction_Read_Only\" = false",
            "select set_config('transaction_read_only', 'off', false)",
            "select set_config('default_transaction_read_only', $1, false)",
            "select lo_export(1, '/f')",
            "select heap_force_kill('t'::regclass, array['(0,1)']::tid[])",
            "select pg_drop_replication_slot('s')",
            "vacuum t",
            "grant select on t to r",
            "select 1; drop table t",
        ],
    );
    check(
        &settings,
        None,
        &[
            "select 1 from t for update",
            "begin",
            "begin read only",
            "set transaction isolation level repeatable read, read only",
            "set session characteristics as transaction read only",
            "set default_transaction_read_only = on",
            "select set_config('transaction_read_only', 'on', true)",
            "reset all",
            "discard all",
            "copy t to stdout",
            "explain select 1",
            "do $$ begin perform 1; end $$",
            "show transaction_read_only",
            "select update from t",
        ],
    );
    check(&settings, Some("opaque_code"), &["do $$ begin execute x; end $$"]);
    for (name, value, refused) in [
        ("default_transaction_read_only", "off", true),
        ("Default_Transaction_Read_Only", "0", true),
        ("default_transaction_read_only", "on", false),
        ("options", "-c transaction_read_only=off", true),
        ("options", "--transaction-read-only=on", false),
    ] {
        let verdict = judge_parameter(name.as_bytes(), value.as_bytes(), &settings);
        assert_eq!(matches!(verdict, Verdict::Refuse(_)), refused, "{name} {value}");
    }
}

#[test]
fn pasting_at_the_edges() {
    let settings = Settings {
        paste_bytes: 100,
        paste_rows: 3,
        paste_statements: 2,
        ..Settings::default()
    };
    let sized = |bytes: usize| format!("select '{}'", "x".repeat(bytes - 9));
    check(&settings, None, &[&sized(100), "select 1; select 2"]);
    check(&settings, Some("paste_bytes"), &[&sized(101)]);
    check(
        &settings,
        Some("paste_statements"),
        &["select 1; select 2; select 3"],
    );
    check(
        &settings,
        None,
        &[
            "insert into t values (1), (2), (3)",
            "insert into t (a) values ((1)), ((select 1)), (f(1, (2)))",
            "select values from t",
        ],
    );
    check(
        &settings,
        Some("paste_rows"),
        &[
            "insert into t values (1), (2), (3), (4)",
            "values (1), (2), (3), (4)",
            "select * from (values (1), (2)) a, (values (1), (2)) b",
            "do $$ begin insert into t values (1), (2); insert into t values (1), (2); end $$",
        ],
    );
    let free = Settings {
        can_paste_from_clipboard: true,
        ..settings
    };
    check(
        &free,
        None,
        &[
            &sized(101),
            "values (1), (2), (3), (4)",
            "select 1; select 2; select 3",
        ],
    );
}

#[test]
fn more_names_than_are_kept() {
    let settings = Settings {
        can_paste_from_clipboard: true,
        deny_relations: names(&["salaries"]),
        ..Settings::default()
    };
    let joined = |count: usize| {
        let tables: Vec<String> = (0..count).map(|number| format!("t{number}")).collect();
        format!("select 1 from {}", tables.join(", "))
    };
    check(&settings, None, &[&joined(NAMES_MAX)]);
    check(&settings, Some("deny_relations"), &[&joined(NAMES_MAX + 1)]);
    check(
        &Settings {
            can_paste_from_clipboard: true,
            ..Settings::default()
        },
        None,
        &[&joined(NAMES_MAX + 1)],
    );
}

#[test]
fn relations_named_by_literals() {
    let settings = Settings {
        can_copy_to_clipboard: true,
        can_paste_from_clipboard: true,
        deny_relations: names(&["hr.salaries"]),
        ..Settings::default()
    };
    check(
        &settings,
        Some("deny_relations"),
        &[
            "select table_to_xml('salaries', true, true, '')",
            "select table_to_xml(' HR . \"salaries\" '::text, true, true, '')",
            "select table_to_xml(1260, true, true, '')",
            "select table_to_xml('16385', true, true, '')",
            "select table_to_xml($1, true, true, '')",
            "select schema_to_xml('public', true, true, '')",
            "select get_raw_page('salaries', 0)",
            "select * from xpath_table('id', 'doc', 'salaries', '/a', 'true') as t(a text)",
            "select * from connectby('salaries', 'a', 'b', '1', 0) as t(a text)",
        ],
    );
    check(&settings, None, &["select table_to_xml('t', true, true, '')"]);
}

#[test]
fn names_in_another_encoding() {
    let settings = Settings {
        deny_relations: names(&["jéwels"]),
        ..Settings::default()
    };
    let judged = |sql: &[u8], utf8: bool| {
        let reading = Reading {
            utf8,
            ..Reading::default()
        };
        matches!(judge(&analyse(sql, reading), &settings), Verdict::Refuse(_))
    };
    assert!(judged("select 1 from jéwels".as_bytes(), true));
    assert!(judged("select 1 from JÉWELS".as_bytes(), true));
    assert!(!judged("select 1 from bijoux_é".as_bytes(), true));
    assert!(judged(b"select 1 from \"j\xe9wels\"", false));
    assert!(judged(b"select 1 from j\xc3\xa9wels", false));
    assert!(!judged(b"select '\xe9' from jewels", false));
}
