//! The functions of the server at hand against the policy's list of ways out and in.

use pgwarden_policy::{WAYS, WayClass, harmless, way};
use testkit::{Cluster, Function, functions};

/// `cargo xtask functions` writes it.
const KNOWN: &str = include_str!("../../../pgwarden-policy/src/ways/functions.tsv");

/// What the file has is held against the list by a test of the policy. What this server has besides, as minor versions do bring
/// functions, must be in the list or among the harmless ones. Extensions that the file hasn't aren't PostgreSQL's.
#[test]
fn the_server_has_no_function_that_nobody_judged() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let major = database
        .scalar("select current_setting('server_version_num')::int / 10000")
        .unwrap();
    let major: u32 = major.parse().unwrap();
    let known: Vec<Vec<&str>> = KNOWN
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .filter(|columns: &Vec<&str>| {
            let (first, last) = columns[0].split_once('-').unwrap();
            (first.parse().unwrap()..=last.parse().unwrap()).contains(&major)
        })
        .collect();
    assert!(
        !known.is_empty(),
        "PostgreSQL {major} is not in ways/functions.tsv: add its package to xtask and run cargo xtask functions"
    );

    let found = functions(&database).unwrap();
    assert!(found.len() > 3000, "the server has {} functions", found.len());
    let unknown: Vec<&Function> = found
        .iter()
        .filter(|function| known.iter().any(|columns| columns[1] == function.extension))
        .filter(|function| !known.iter().any(|columns| is_same(columns, function)))
        .filter(|function| !is_judged(function))
        .collect();
    assert!(unknown.is_empty(), "in none of the lists of ways: {unknown:#?}");
}

/// So it is by its name alone that a way can be called, until somebody defines something over it.
#[test]
fn nothing_calls_a_way_under_another_name() {
    let database = Cluster::shared().unwrap().database().unwrap();
    // Creates the extensions.
    functions(&database).unwrap();
    let ways: Vec<&str> = WAYS
        .iter()
        .filter(|way| !matches!(way.class, WayClass::Harmless(_)))
        .map(|way| way.name)
        .collect();
    let (quoted, pattern) = (ways.join("', '"), ways.join("|"));
    let sql = format!(
        "with way as (select oid, proname from pg_proc where proname in ('{quoted}')),
              code as materialized (
                  select 'view' as kind, oid::regclass::text as name, pg_get_viewdef(oid) as text from pg_class where relkind = 'v'
                  union all
                  select 'function', p.oid::regprocedure::text, coalesce(nullif(prosrc, ''), pg_get_functiondef(p.oid))
                  from pg_proc p join pg_language l on l.oid = prolang where lanname = 'sql')
         select 'operator', oprname, proname from pg_operator join way on way.oid = oprcode
         union all select 'cast', format_type(casttarget, null), proname from pg_cast join way on way.oid = castfunc
         union all select 'type', typname, proname from pg_type join way
             on way.oid in (typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze)
         union all select 'aggregate', aggfnoid::text, proname from pg_aggregate join way
             on way.oid in (aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn)
         union all select 'access method', amproc::text, proname from pg_amproc join way on way.oid = amproc
         union all select 'conversion', conname, proname from pg_conversion join way on way.oid = conproc
         union all select 'trigger', tgname, proname from pg_trigger join way on way.oid = tgfoid
         union all select kind, name, (regexp_match(text, '\\m({pattern})\\M *\\('))[1] from code
             where text ~ '\\m({pattern})\\M *\\('"
    );
    let found = database
        .cluster()
        .superuser(database.name())
        .unwrap()
        .rows(&sql)
        .unwrap();
    let is_a_way = |row: &&Vec<String>| {
        row[1]
            .split_once('(')
            .is_some_and(|(name, _)| way(name.as_bytes()).is_some())
    };
    let found: Vec<_> = found.iter().filter(|row| !is_a_way(row)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

fn is_judged(function: &Function) -> bool {
    let extension = Some(function.extension.as_str()).filter(|name| !name.is_empty());
    harmless(extension, &function.name).is_some()
        || way(function.name.as_bytes()).is_some_and(|way| way.extension == extension)
}

/// Extensions that can't be created everywhere are known by names alone.
fn is_same(columns: &[&str], function: &Function) -> bool {
    if columns[1..3] != [&function.extension, &function.name] {
        return false;
    }
    match (&function.overload, columns.get(3..9)) {
        (Some(overload), Some(known)) => {
            let oid = overload.oid.map(|oid| oid.to_string()).unwrap_or_default();
            *known
                == [
                    &overload.arguments,
                    &overload.result,
                    &overload.language,
                    &overload.symbol,
                    &overload.volatility,
                    &oid,
                ]
        }
        (None, _) | (_, None) => true,
    }
}
