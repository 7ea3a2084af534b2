//! Names, rows and inner statements that the analyser finds.

use pgwarden_policy::MentionRole;

use crate::read;

/// The mentions of all statements, each with a letter for its role.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let facts = read(text);
    let mentions = facts.statements.iter().flat_map(|statement| &statement.mentions);
    let found: Vec<_> = mentions
        .map(|mention| {
            let role = match mention.role {
                MentionRole::Function => "f",
                MentionRole::Attribute => "a",
                MentionRole::Read => "r",
                MentionRole::Written => "w",
                MentionRole::Object => "o",
                MentionRole::ObjectOrFunction => "of",
                MentionRole::Role => "role",
                MentionRole::Setting => "set",
            };
            let place = if mention.in_body { " in body" } else { "" };
            format!("{role} {mention}{place}")
        })
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn relations_of_queries() {
    check("select a from t", &["r t"]);
    check(
        "select * from only (t) x, lateral f(x) y, s.u",
        &["r t", "f f", "r s.u"],
    );
    check(
        "select 1 from a join b on a.x = b.x, c natural join d where e = f",
        &["r a", "r b", "a a.x", "a b.x", "r c", "r d"],
    );
    check(
        "select 1 from a join b on case when true then true end, c",
        &["r a", "r b", "r c"],
    );
    check(
        "select 1 from (a join (b cross join c) using (k)) j, d",
        &["r a", "r b", "r c", "r d"],
    );
    check(
        "select extract(year from d), trim(both from x) from t",
        &["f extract", "f trim", "r t"],
    );
    check("select a is distinct from b from t", &["r t"]);
    check(
        "select array(select x from t), exists (select from u)",
        &["r t", "r u"],
    );
    check("table t union table only u", &["r t", "r u"]);
    check("with q as (select 1 from t) select * from q", &["r t", "r q"]);
    check(
        "select 1 from update, lock k, key, values v",
        &["r update", "r lock", "r key", "r values"],
    );
    check("select 1 from a set, b", &["r a", "r b"]);
    check(
        "select 1 from a tablesample system (1) repeatable (2), b",
        &["r a", "f system", "f repeatable", "r b"],
    );
    check(
        "select collation for (x) from a join b on collation for (y) = 'C', c",
        &["r a", "r b", "r c"],
    );
    check(
        "select 1 from \"T\" as x (a, b), U&\"\\0074\"",
        &["r T", "f x", "r t"],
    );
    check(
        "select t.copy, count(*) from t order by lower(a)",
        &["a t.copy", "f count", "r t", "f lower"],
    );
    check("select 1 from t for update of t, u", &["r t", "r u"]);
}

#[test]
fn relations_that_are_written() {
    check("insert into t (a, b) select a, b from s.u", &["w t", "r s.u"]);
    check(
        "insert into t as x values (1) on conflict (a) do update set b = excluded.b",
        &["w t", "f conflict", "a excluded.b"],
    );
    check(
        "update only (t) set a = 1 from u, v where t.a = u.a returning *",
        &["w t", "r u", "r v", "a t.a", "a u.a"],
    );
    check("update set set set = 1", &["w set"]);
    check(
        "delete from t using u, v join w using (k) where 1 = 1",
        &["w t", "r u", "r v", "r w", "r k"],
    );
    check(
        "merge into t using (select 1 from u) s on true when matched then update set a = 1 when not matched then insert values (1)",
        &["w t", "r u"],
    );
    check(
        "with d as (delete from t returning *) insert into u select * from d",
        &["w t", "w u", "r d"],
    );
    check("select 1 into temp table t from u", &["w t", "r u"]);
    check("select 1 into t from u", &["w t", "r u"]);
    check("copy t (a) from stdin", &["w t"]);
    check("copy (select a from t) to stdout", &["r t"]);
    check("copy (table t) to stdout", &["r t"]);
    check("explain (analyze) delete from t", &["w t"]);
    check("prepare p (int) as update t set a = $1", &["f p", "w t"]);
    check("declare c cursor for select 1 from t", &["r t"]);
}

#[test]
fn names_of_definitions() {
    check(
        "create table t (id int references u (id), n text default f())",
        &[
            "f t", "w t", "o id", "o int", "f u", "o u", "o n", "o text", "f f", "o f",
        ],
    );
}
