//! The walk over all functions, and the lookups.

use std::collections::BTreeMap;

use super::harmless::{HARMLESS, Harmless};
use super::*;

/// `cargo xtask functions` writes it.
const FUNCTIONS: &str = include_str!("functions.tsv");

/// The major versions that it is about.
const MAJORS: std::ops::RangeInclusive<u8> = 13..=18;

/// A function, or one overload of it.
#[derive(Debug)]
struct Function {
    majors: std::ops::RangeInclusive<u8>,
    extension: Option<&'static str>,
    name: &'static str,
    overload: Option<Overload>,
}

#[derive(Debug)]
struct Overload {
    arguments: &'static str,
    result: &'static str,
    language: &'static str,
    symbol: &'static str,
    volatility: &'static str,
    oid: Option<u32>,
}

fn functions() -> Vec<Function> {
    let lines = FUNCTIONS.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            let (first, last) = columns[0].split_once('-').unwrap();
            let overload = (columns.len() > 3).then(|| Overload {
                arguments: columns[3],
                result: columns[4],
                language: columns[5],
                symbol: columns[6],
                volatility: columns[7],
                oid: columns[8].parse().ok(),
            });
            Function {
                majors: first.parse().unwrap()..=last.parse().unwrap(),
                extension: Some(columns[1]).filter(|name| !name.is_empty()),
                name: columns[2],
                overload,
            }
        })
        .collect()
}

/// Words that a function's name, its name in C or its arguments have where it reads or writes files, large objects, other servers,
/// pages or the log, or runs SQL.
const WORDS: &[&str] = &[
    "_ls_", "auth", "blob", "command", "connect", "copy", "crosstab", "decod", "dump", "exec", "export",
    "fetch", "file", "http", "import", "large", "load", "logical", "page", "passw", "program", "query",
    "read", "remote", "rewrite", "secret", "server", "slot", "sql", "url", "wal", "write", "xml", "xpath",
    "xslt",
];

/// Words that hold one of those and are about something else: a type, the greater of two, inner parts.
const OTHER_WORDS: &[&str] = &["enlarge", "tsquery", "lquery", "larger", "internal"];

/// Types that only the server itself hands around, so that no text can call what takes or gives them.
const UNCALLABLE: &[&str] = &[
    "internal",
    "language_handler",
    "fdw_handler",
    "index_am_handler",
    "table_am_handler",
    "tsm_handler",
];

/// Why the function may be a way, if it may.
fn suspicion(function: &Function) -> Option<String> {
    let Some(overload) = &function.overload else {
        return Some("nothing but its name is known".to_owned());
    };
    let takes_internal = overload
        .arguments
        .split([' ', ',', '[', ']'])
        .any(|word| word == "internal");
    if takes_internal || UNCALLABLE.contains(&overload.result) {
        return None;
    }
    // Its definition's arguments are free text to it.
    if overload.result == "trigger" || overload.result == "event_trigger" {
        return Some("it is a trigger".to_owned());
    }
    // What writes, or reads from outside of the database, is volatile by PostgreSQL's own rule (XFUNC-VOLATILITY).
    if overload.volatility == "v" {
        return Some("it is volatile".to_owned());
    }
    // What reads tables by SQL is stable.
    if overload.volatility == "s" && overload.language == "c" {
        return Some("it is stable and in C".to_owned());
    }
    let mut words = [function.name, overload.symbol, overload.arguments]
        .join(" ")
        .to_lowercase();
    for other in OTHER_WORDS {
        words = words.replace(other, "");
    }
    let word = WORDS.iter().find(|word| words.contains(**word))?;
    Some(format!("it has to do with {word:?}"))
}

fn way_of(function: &Function) -> Option<&'static Way> {
    way(function.name.as_bytes()).filter(|way| way.extension == function.extension)
}

#[test]
fn every_function_that_could_be_a_way_is_in_a_list() {
    let mut missing = BTreeMap::new();
    for function in functions() {
        let Some(why) = suspicion(&function) else { continue };
        if way_of(&function).is_none() && harmless(function.extension, function.name).is_none() {
            let extension = function.extension.unwrap_or("built in");
            missing.insert(format!("{} ({extension})", function.name), why);
        }
    }
    assert!(
        missing.is_empty(),
        "ways (table.rs) or harmless (harmless.rs)? {missing:#?}"
    );
}

/// So what made each way known to us would make its next kin known too.
#[test]
fn every_way_looks_like_one() {
    let functions = functions();
    for way in WAYS {
        let overloads: Vec<&Function> = functions
            .iter()
            .filter(|function| function.name == way.name && function.extension == way.extension)
            .collect();
        assert!(
            overloads.is_empty() || overloads.iter().any(|function| suspicion(function).is_some()),
            "{} went unnoticed",
            way.name
        );
    }
}

#[test]
fn the_list_says_of_each_function_what_the_catalogues_say() {
    let functions = functions();
    for way in WAYS {
        let overloads: Vec<&Function> = functions
            .iter()
            .filter(|function| function.name == way.name && function.extension == way.extension)
            .collect();
        if overloads.is_empty() {
            assert!(
                way.extension.is_some_and(|extension| {
                    !functions
                        .iter()
                        .any(|function| function.extension == Some(extension))
                }),
                "PostgreSQL has no {}",
                way.name
            );
            continue;
        }
        let mut oids: Vec<u32> = overloads
            .iter()
            .filter_map(|function| function.overload.as_ref()?.oid)
            .collect();
        oids.sort_unstable();
        oids.dedup();
        assert_eq!(way.oids, oids, "OIDs of {}", way.name);

        let first = overloads
            .iter()
            .map(|function| *function.majors.start())
            .min()
            .unwrap();
        let since: u8 = way.since.split('.').next().unwrap().parse().unwrap();
        assert_eq!(since.max(*MAJORS.start()), first, "first version of {}", way.name);
        let last = overloads
            .iter()
            .map(|function| *function.majors.end())
            .max()
            .unwrap();
        let until = way.until.unwrap_or(*MAJORS.end());
        assert_eq!(until, last, "last version of {}", way.name);
    }
}

#[test]
fn no_function_is_in_both_lists_and_no_entry_is_idle() {
    let functions = functions();
    for harmless in HARMLESS {
        for name in harmless.names {
            let one = Harmless {
                extension: harmless.extension,
                names: std::slice::from_ref(name),
                reason: harmless.reason,
            };
            let mut about = functions
                .iter()
                .filter(|function| one.is_about(function.extension, function.name))
                .peekable();
            assert!(about.peek().is_some(), "no function is called {name}");
            for function in about {
                assert_eq!(way_of(function), None, "{name} is among the harmless ones");
            }
        }
    }
}

/// The same number was given to different functions in different versions. Whoever calls by number is judged by the way among them.
#[test]
fn numbers_of_ways_are_known_to_be_theirs() {
    for function in functions() {
        if let Some(oid) = function.overload.as_ref().and_then(|overload| overload.oid)
            && let Some(way) = way_of_oid(oid)
            && way.name != function.name
        {
            assert_eq!((oid, function.name), (4100, "pg_get_shmem_allocations_numa"));
            assert_eq!(way.name, "pg_read_file_old");
        }
    }
}

#[test]
fn the_list_is_in_order() {
    assert!(WAYS.is_sorted_by(|way, next| way.name < next.name));
}

#[test]
fn every_name_is_found_and_no_ordinary_word() {
    for entry in WAYS {
        assert_eq!(way(entry.name.as_bytes()), Some(entry));
        assert!(may_be_way(entry.name.to_uppercase().as_bytes()));
        for &oid in entry.oids {
            assert_eq!(way_of_oid(oid), Some(entry));
        }
    }
    for word in [
        "",
        "_",
        "lo_ge",
        "lo_gett",
        "LO_GET",
        "coalesce",
        "nextval",
        &"x".repeat(1000),
    ] {
        assert_eq!(way(word.as_bytes()), None, "{word}");
    }
    assert_eq!(way_of_oid(0), None);
    let ordinary = [
        "select", "from", "where", "and", "insert", "into", "values", "update", "set", "delete", "count",
        "sum", "join", "order", "by", "limit", "group", "having", "create", "table", "id", "name", "as",
        "on", "not", "null", "left", "case", "when",
    ];
    for word in ordinary {
        assert!(!may_be_way(word.as_bytes()), "{word} costs a search");
    }
}

/// The page in docs is written from the lists: with `INSTA_UPDATE=always`, as snapshots are.
#[test]
fn the_page_says_what_the_lists_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ways.md");
    let page = page();
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(path, &page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == page,
        "docs/ways.md is not what the lists say; write it with INSTA_UPDATE=always"
    );
}

const INTRODUCTION: &str = "\
# Ways out and in that are not COPY

Functions by which much gets out of or into the database at once, or that run texts as SQL, with what a call of each needs.
The page is written from the list that pgwarden judges by (`crates/pgwarden-policy/src/ways`), and a test holds the list against every
function of PostgreSQL 13 to 18 and of its extensions: whatever is volatile, a trigger, in C and stable, or has to do by its name with
files, large objects, other servers, pages, the log or SQL is either here or [among those that pass](#functions-that-pass).

What is not here: functions of other extensions than these, and your own. They do what they do; revoke them from the injected
role, or name them in `deny_functions`.

## Functions that need a setting

";

const NOTES: &str = "
* **SQL** says which arguments the function runs as SQL. What is written there is read like any text and held to the same settings; where it
  is computed, `opaque_code` decides.
* **Calls by number** (message FunctionCall, by which libpq, pgjdbc and psqlODBC reach large objects) are judged by the same list: reading needs
  `can_copy_to_clipboard`, writing `can_paste_from_clipboard`, and opening one of the two. A function that is not in the list, or that an
  extension or you have made, needs both, as its number doesn't tell what it does. Where arguments would have to be read, `opaque_code` decides.
* **Since** and **until** are versions of PostgreSQL; 6 stands for that and everything before, 13 for all that pgwarden supports where the
  extension isn't PostgreSQL's own.

## Functions that pass

A star stands for anything.

";

/// The page in Markdown.
fn page() -> String {
    let ways = WAYS
        .iter()
        .filter(|way| !matches!(way.class, WayClass::Harmless(_)));
    let ways = ways.map(|way| {
        let (needs, medium) = needs(way.class);
        [
            format!("`{}`", way.name),
            way.extension.unwrap_or("PostgreSQL").to_owned(),
            way.since.to_owned(),
            way.until.map(|until| until.to_string()).unwrap_or_default(),
            needs.to_owned(),
            medium.map(Medium::as_str).unwrap_or_default().to_owned(),
            sql(way.sql),
        ]
    });
    let by_number = WAYS.iter().filter_map(|way| {
        let WayClass::Harmless(reason) = way.class else {
            return None;
        };
        Some([
            format!("`{}`", way.name),
            "PostgreSQL".to_owned(),
            reason.to_owned(),
        ])
    });
    let others = HARMLESS.iter().map(|harmless| {
        [
            format!("`{}`", harmless.names.join("` `")),
            harmless.extension.unwrap_or("PostgreSQL").to_owned(),
            harmless.reason.to_owned(),
        ]
    });
    [
        INTRODUCTION.to_owned(),
        table(
            [
                "function",
                "of",
                "since",
                "until",
                "needs",
                "data goes through",
                "SQL",
            ],
            ways,
        ),
        NOTES.to_owned(),
        table(["functions", "of", "why"], by_number.chain(others)),
    ]
    .concat()
}

fn table<const COLUMNS: usize>(
    heads: [&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let heads = line(&heads.map(str::to_owned));
    let rule = line(&[const { "---" }; COLUMNS].map(str::to_owned));
    [heads, rule]
        .into_iter()
        .chain(rows.map(|row| line(&row)))
        .collect()
}

fn needs(class: WayClass) -> (&'static str, Option<Medium>) {
    match class {
        WayClass::Out(medium) => ("`can_copy_to_clipboard`", Some(medium)),
        WayClass::In(medium) => ("`can_paste_from_clipboard`", Some(medium)),
        WayClass::OutAndIn(medium) => (
            "`can_copy_to_clipboard`, `can_paste_from_clipboard`",
            Some(medium),
        ),
        WayClass::OutOrIn(medium) => (
            "`can_copy_to_clipboard` or `can_paste_from_clipboard`",
            Some(medium),
        ),
        WayClass::OutAndProgram(medium) => {
            ("`can_copy_to_clipboard`, `can_run_server_programs`", Some(medium))
        }
        WayClass::InAndProgram(medium) => (
            "`can_paste_from_clipboard`, `can_run_server_programs`",
            Some(medium),
        ),
        WayClass::Program(medium) => ("`can_run_server_programs`", Some(medium)),
        WayClass::DynamicSql => ("what its SQL needs", None),
        WayClass::Setting => ("what SET of that setting needs", None),
        WayClass::Harmless(_) => ("", None),
    }
}

fn sql(sql: Sql) -> String {
    match sql {
        Sql::None => String::new(),
        Sql::At(places) => {
            let places: Vec<String> = places.iter().map(u8::to_string).collect();
            places.join(", ")
        }
        Sql::AtOf { place, arguments } => format!("{place} of {arguments}"),
        Sql::All => "all".to_owned(),
    }
}
