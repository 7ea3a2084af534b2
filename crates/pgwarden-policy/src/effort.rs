//! How much a text makes the lexer do: what shows that time is linear, without a clock.

use std::cell::Cell;

thread_local! {
    static BYTES: Cell<u64> = const { Cell::new(0) };
}

/// So many bytes have become a token.
pub(crate) fn add(bytes: usize) {
    BYTES.set(BYTES.get().saturating_add(bytes.try_into().unwrap_or(u64::MAX)));
}

/// How many bytes the lexer reads in `work`, each counted as often as it is read.
pub(crate) fn of(work: impl FnOnce()) -> u64 {
    let before = BYTES.get();
    work();
    BYTES.get().saturating_sub(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::Lexer;
    use crate::split::{Language, Pieces};
    use crate::{CODE_BYTES_FACTOR, Reading, SECRETS_MAX, analyse};

    /// What is written again and again, and meant to make the analyser look ahead from each place to the end. Whoever adds to
    /// the analyser something that looks ahead adds what would make it do so for nothing.
    const UNITS: &[&str] = &[
        // Nothing closes, or too much does.
        "(",
        ")",
        "((",
        "()",
        "(),",
        "[",
        "'",
        "''",
        "\"",
        "\"\"",
        "$",
        "$$",
        "$a$",
        "$a",
        "/*",
        "*/",
        "/**/",
        "--",
        "--\n",
        "E'",
        "E'\\",
        "E'\\'",
        "U&'",
        "U&\"",
        "B'",
        "'a'\n",
        "'a'\n--\n",
        "'a' --\n ",
        "'\n'",
        // Operators that hold comments.
        "+/**/",
        "+--\n",
        "*/**/-",
        "=-",
        "-",
        "/",
        "@",
        // Numbers and parameters that may go on.
        "1_",
        "1_0",
        "0x1",
        "0x1g",
        "1e",
        "1e1.",
        "1.",
        ".1",
        "$1",
        "1_0$a$",
        "1$$",
        // Statements.
        ";",
        "a;",
        "select;",
        "copy;",
        "do;",
        "set;",
        "create;",
        "with;",
        "values(1),",
        "select 1;",
        "copy ",
        "copy(",
        "copy t ",
        "copy t to ",
        "copy copy to copy from ",
        "then copy ",
        "then ",
        "else copy t ",
        "loop ",
        "create ",
        "create function ",
        "create function f() ",
        "create function f() begin atomic ",
        "begin atomic ",
        "create function f() begin atomic copy ",
        "create rule ",
        "create rule r do (",
        "end;",
        "case end ",
        "begin ",
        "language ",
        "language sql ",
        "language 'c' ",
        "as '' ",
        "as 'x', ",
        "returns ",
        "create or replace function f ",
        "with ",
        "with a ",
        "with a(",
        "with a()(",
        "with a as (",
        "with a as () ",
        "with recursive a() ",
        "(with a()",
        "a(),",
        "explain ",
        "explain(",
        "prepare ",
        "prepare a as ",
        "prepare a(",
        "execute ",
        "execute '' ",
        "execute 'execute ' ",
        "deallocate prepare ",
        "declare ",
        "declare a cursor for ",
        "fetch ",
        "fetch a ",
        "fetch u&\"a\" ",
        "close ",
        "set ",
        "set a",
        "set a.",
        "set set.",
        ".set",
        "set session authorization ",
        "set local ",
        "reset ",
        "reset set ",
        "set_config(",
        "set_config(name ",
        "set_config(name, (",
        "set_config('a'::text ",
        "set_config('a', ",
        "set_config ",
        "pg_settings ",
        "update pg_settings ",
        "pg_authid ",
        "pg_authid.",
        "u&\"pg_settings\" ",
        "\"pg_authid\"",
        "u&\"\" uescape ",
        "u&\"\" uescape '!' ",
        "u&\"\"",
        "uescape ",
        "uescape 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' ",
        "password ",
        "password '' ",
        "password = ",
        "\"password\" x ",
        "create role ",
        "alter role a password ",
        "alter role a set ",
        "alter user mapping ",
        "user ",
        "mapping for ",
        "role ",
        "load ",
        "load '' ",
        "load 'a';",
        "grant execute on ",
        "on ",
        "into ",
        "using ",
        "from ",
        "to ",
        "to program ",
        "from pg_settings where name = 'a' ",
        "a.",
        "a.b(",
        ".",
        "..",
        "::",
        "::text",
        ":=",
        ",",
        "<<",
        ">>",
        "<<a>>",
        "\\",
        "{",
        "\u{e9}",
        "\0",
        "\x0b",
        "do '' ",
        "do ''''",
        "do $$",
        "do $a$ ",
        "do e'\\''",
        "do language ",
        "do language sql '' ",
        "execute do ",
        "if a then copy ",
        "as execute ",
        "create table a as execute ",
        "for ",
        "for copy ",
        "move ",
        "all ",
        "fetch all from ",
        "lo_import(",
        "query_to_xml(",
        "from a, ",
        "join a on ",
        "values ",
        "values (1), ",
        "insert into a values (",
        "create operator (procedure = ",
        "create cast (a as b) with function ",
        "operator(pg_catalog.+) ",
        "table ",
        "only ",
        "create extension ",
        "create server ",
        "create event trigger ",
        "returning ",
        "cast(a as ",
        "array[",
        "a[",
        "lateral ",
    ];

    const AROUND: &[(&str, &str)] = &[
        ("", ""),
        ("do '", "'"),
        ("do $x$", "$x$"),
        ("create function f() language sql as $x$", "$x$"),
        ("create function f() begin atomic ", ""),
        ("create function ", ""),
        ("create rule r as on insert to t do (", ")"),
        ("alter role a ", ""),
        ("create role a password ", ""),
        ("select set_config(name", ")"),
        ("with a ", ""),
        ("insert into t values ", ""),
        ("select 'x\\'; do '", "'"),
    ];

    fn written(around: (&str, &str), unit: &str, bytes: usize) -> String {
        [around.0, &unit.repeat(bytes.div_ceil(unit.len())), around.1].concat()
    }

    fn effort(text: &str) -> u64 {
        of(|| {
            analyse(text.as_bytes(), Reading::default());
        })
    }

    /// Twice the text takes no more than twice the reading, and each byte is read so many times at most.
    #[test]
    fn effort_is_linear() {
        const BYTES: usize = 1_024;
        // Code is read for itself once in each language and in each reading of strings, and each statement by several readers.
        let readings_max = 12 * u64::try_from(CODE_BYTES_FACTOR).unwrap();
        let mut excesses = Vec::new();
        for &around in AROUND {
            for unit in UNITS {
                let once = effort(&written(around, unit, BYTES));
                let text = written(around, unit, 2 * BYTES);
                let twice = effort(&text);
                if twice > 2 * once + once / 4 + 1_000
                    || twice > readings_max * u64::try_from(text.len()).unwrap()
                {
                    excesses.push(format!("{around:?} {unit:?}: {once}, {twice}"));
                }
            }
        }
        assert!(excesses.is_empty(), "{}", excesses.join("\n"));
    }

    /// The depth of the stack doesn't grow with the text: a test's thread has 2 MiB.
    #[test]
    fn depth_is_bounded() {
        for unit in [
            "(",
            "[",
            "with a()(",
            "with a as (",
            "begin atomic ",
            "/*",
            "case ",
            "explain ",
            "create function f() begin atomic ",
        ] {
            for around in [
                ("", ""),
                ("select ", ""),
                ("with a() ", ""),
                ("create function f() begin atomic ", ""),
            ] {
                analyse(written(around, unit, 1 << 18).as_bytes(), Reading::default());
            }
        }
    }

    /// Ordinary statements are lexed and split without an allocation.
    #[test]
    fn splitting_does_not_allocate() {
        for text in [
            "SELECT abalance FROM pgbench_accounts WHERE aid = 4711;",
            "SELECT \"a\"\"b\", U&'\\0041', E'a\\'b' 'c'\n'd', $$;$$, 1_000, $1 /* ; */ FROM t -- ;\n WHERE a @> '{}'; SELECT 2",
            "BEGIN; UPDATE t SET a = a + 1 WHERE b = 'x' RETURNING c; COMMIT",
            "INSERT INTO t (a, b) VALUES (1, 'a'), (2, 'b')",
        ] {
            for standard_conforming_strings in [true, false] {
                let mut pieces = 0;
                let allocations = allocation_counter::measure(|| {
                    let lexer = Lexer::new(text.as_bytes(), standard_conforming_strings);
                    pieces = Pieces::new(lexer, Language::Sql).count();
                });
                assert!(pieces > 0, "{text}");
                assert_eq!(allocations.count_total, 0, "{text}");
            }
        }
    }

    /// A `;` is no statement, and a statement takes the same whatever its length.
    #[test]
    fn memory_is_bounded_by_statements_and_secrets() {
        const BYTES: usize = 1 << 18;
        for unit in [
            "(",
            ";",
            "/**/",
            "'a' ",
            "a.",
            "a(",
            "password ",
            "password '' ",
            "set_config('a') ",
            "copy ",
            "u&\"a\" ",
        ] {
            for around in [("", ""), ("select ", ""), ("alter role a ", "")] {
                let text = written(around, unit, BYTES);
                let allocations = allocation_counter::measure(|| {
                    analyse(text.as_bytes(), Reading::default());
                });
                assert!(
                    allocations.bytes_max < 4 * u64::try_from(BYTES).unwrap(),
                    "{around:?} {unit:?}: {allocations:?}"
                );
            }
        }
        let text = "alter role a password 'x';".repeat(SECRETS_MAX + 1);
        let facts = analyse(text.as_bytes(), Reading::default());
        assert_eq!(facts.statements.len(), SECRETS_MAX);
        assert!(facts.unreadable.is_some());
        let text = "alter role a password 'x';".repeat(SECRETS_MAX - 1);
        assert_eq!(analyse(text.as_bytes(), Reading::default()).unreadable, None);
    }
}
