//! What is seen when a recording is played.

use std::time::Duration;

use insta::assert_snapshot;
use pgwarden_recording::{
    Event, Reader,
    render::{Colour, Playback, play},
};

use crate::script::{
    Script, bare, complete, copy_data, copy_fail, copy_response, data_row, error, function_call,
    function_result, notice, notification, plain_error, query, ready, row_description, text_row,
};

const INT4: u32 = 23;
const TEXT: u32 = 25;

#[test]
fn a_whole_session() {
    let mut script = Script::new();
    script
        .client(&[query("select id, name from customers limit 2;")])
        .server(&[
            row_description(&[("id", INT4), ("name", TEXT)]),
            text_row(&["1", "Ada"]),
            text_row(&["20", "Grace"]),
        ])
        .server(&[complete("SELECT 2"), ready(b'I')])
        .refused(
            query("copy customers to stdout"),
            query("pgwarden_refused_1"),
            "copy customers to stdout",
        )
        .refusal_shown()
        .server(&[ready(b'I')])
        .client(&[bare(b'X')])
        .after(Duration::from_millis(12_300))
        .end();
    assert_snapshot!(script.played_with(Colour::Off), @r#"
    -- session 0123456789abcdef: alice on record "orders", database "orders"
    -- started 2026-11-24 08:24:13Z, from 10.1.2.3:50123, by psql, to PostgreSQL 18.1
    orders=> select id, name from customers limit 2;
     id | name  
    ----+-------
      1 | Ada
     20 | Grace
    (2 rows)

    orders=> copy customers to stdout
    -- REFUSED by pgwarden: can_export_csv
    ERROR:  refused by pgwarden: COPY TO is not allowed on record "orders" (can_export_csv is off)
    DETAIL:  The statement copies table customers to the client.
    HINT:  Ask whoever grants record "orders" for can_export_csv.
    -- ended after 12.301 s: the client closed it
    -- 2 statements, 1 refusal (can_export_csv 1)
    "#);
}

#[test]
fn wide_characters_line_up() {
    let mut script = Script::new();
    script
        .client(&[query("select * from städte;")])
        .server(&[row_description(&[
            ("näme", TEXT),
            ("einwohner", INT4),
            ("emoji", TEXT),
        ])])
        .server(&[
            text_row(&["東京", "13960000", "🗼"]),
            text_row(&["Köln", "1", "é"]),
            text_row(&["x", "22", "y"]),
        ])
        .server(&[complete("SELECT 3"), ready(b'I')]);
    assert_snapshot!(script.played(), @r"
    orders=> select * from städte;
     näme | einwohner | emoji 
    ------+-----------+-------
     東京 |  13960000 | 🗼
     Köln |         1 | é
     x    |        22 | y
    (3 rows)
    ");
}

#[test]
fn null_is_not_empty() {
    let mut script = Script::new();
    script
        .client(&[query("select a, b, c from t;")])
        .server(&[row_description(&[("a", TEXT), ("b", INT4), ("c", TEXT)])])
        .server(&[
            data_row(&[None, None, Some(b"")]),
            data_row(&[Some(b""), Some(b"7"), None]),
        ])
        .server(&[complete("SELECT 2"), ready(b'I')]);
    assert_snapshot!(script.played(), @r"
    orders=> select a, b, c from t;
       a    |   b    |   c    
    --------+--------+--------
     <null> | <null> | 
            |      7 | <null>
    (2 rows)
    ");
}

#[test]
fn values_of_several_lines() {
    let mut script = Script::new();
    script
        .client(&[query("select\n\t'a' as \"two\nlines\",\n\t1;")])
        .server(&[row_description(&[
            ("two\nlines", TEXT),
            ("n", INT4),
            ("last", TEXT),
        ])])
        .server(&[
            text_row(&["x\nyy", "1", "tab\there"]),
            text_row(&["one", "22", "p\n\nq"]),
            text_row(&["", "3", ""]),
        ])
        .server(&[complete("SELECT 3"), ready(b'I')]);
    assert_snapshot!(script.played(), @r#"
    orders=> select
    orders->         'a' as "two
    orders-> lines",
    orders->         1;
      two +| n  |     last     
     lines |    |              
    -------+----+--------------
     x    +|  1 | tab     here
     yy    |    | 
     one   | 22 | p           +
           |    |             +
           |    | q
           |  3 | 
    (3 rows)
    "#);
}

#[test]
fn all_results_of_one_query() {
    let mut script = Script::new();
    script
        .client(&[query(
            "begin; insert into t values (1) returning id; select 1 where false; select;",
        )])
        .server(&[
            complete("BEGIN"),
            row_description(&[("id", INT4)]),
            text_row(&["1"]),
            complete("INSERT 0 1"),
        ])
        .server(&[row_description(&[("?column?", INT4)]), complete("SELECT 0")])
        .server(&[
            row_description(&[]),
            data_row(&[]),
            complete("SELECT 1"),
            ready(b'T'),
        ])
        .client(&[query("commit")])
        .server(&[complete("COMMIT"), ready(b'I')]);
    assert_snapshot!(script.played(), @r"
    orders=> begin; insert into t values (1) returning id; select 1 where false; select;
    BEGIN
     id 
    ----
      1
    (1 row)

    INSERT 0 1
     ?column? 
    ----------
    (0 rows)

    --
    (1 row)

    orders=*> commit
    COMMIT
    ");
}

#[test]
fn errors_and_transaction_states() {
    let mut script = Script::new();
    script
        .client(&[query("begin;")])
        .server(&[complete("BEGIN"), ready(b'T')])
        .client(&[query("select 1,\n       nosuch\nfrom t;")])
        .server(&[
            error(&[
                (b'S', "ERROR"),
                (b'V', "ERROR"),
                (b'C', "42703"),
                (b'M', "column \"nosuch\" does not exist"),
                (b'D', "It is not there."),
                (b'H', "Perhaps you meant another.\nOr none."),
                (b'P', "18"),
            ]),
            ready(b'E'),
        ])
        .client(&[query("select 1;")])
        .server(&[
            plain_error("current transaction is aborted, commands ignored until end of transaction block"),
            ready(b'E'),
        ])
        .client(&[query("rollback;")])
        .server(&[complete("ROLLBACK"), ready(b'I')])
        .client(&[query("")])
        .server(&[bare(b'I'), ready(b'I')]);
    assert_snapshot!(script.played(), @r#"
    orders=> begin;
    BEGIN
    orders=*> select 1,
    orders-*>        nosuch
    orders-*> from t;
    ERROR:  column "nosuch" does not exist
    LINE 2:        nosuch
                   ^
    DETAIL:  It is not there.
    HINT:  Perhaps you meant another.
            Or none.
    orders=!> select 1;
    ERROR:  current transaction is aborted, commands ignored until end of transaction block
    orders=!> rollback;
    ROLLBACK
    orders=>
    "#);
}

#[test]
fn an_error_within_a_result() {
    let mut script = Script::new();
    script.client(&[query("select 1/x from t;")]).server(&[
        row_description(&[("?column?", INT4)]),
        text_row(&["1"]),
        plain_error("division by zero"),
        ready(b'I'),
    ]);
    assert_snapshot!(script.played(), @r"
    orders=> select 1/x from t;
     ?column? 
    ----------
            1
    (1 row so far)

    ERROR:  division by zero
    ");
}

#[test]
fn what_monitor_mode_lets_through() {
    let mut script = Script::new();
    script
        .event(&Event::Verdict {
            refused: false,
            setting: "can_export_csv".to_owned(),
            message:
                "refused by pgwarden: COPY TO is not allowed on record \"orders\" (can_export_csv is off)"
                    .to_owned(),
            statement: None,
        })
        .client(&[query("copy t to stdout")])
        .server(&[
            copy_response(b'H', 0),
            copy_data(b"1\tx\n"),
            bare(b'c'),
            complete("COPY 1"),
            ready(b'I'),
        ]);
    assert_snapshot!(script.played(), @r#"
    -- monitor mode: let through what would have been: refused by pgwarden: COPY TO is not allowed on record "orders" (can_export_csv is off)
    orders=> copy t to stdout
      1       x
    COPY 1
    "#);
}

#[test]
fn copy_out_and_in() {
    let mut script = Script::new();
    script
        .client(&[query("copy t to stdout csv")])
        .server(&[
            copy_response(b'H', 0),
            copy_data(b"1,one\n"),
            copy_data(b"2,"),
            copy_data(b"two\n3,three\n"),
        ])
        .server(&[bare(b'c'), complete("COPY 3"), ready(b'I')])
        .client(&[query("copy t from stdin")])
        .server(&[copy_response(b'G', 0)])
        .client(&[copy_data(b"4\tfour\n5\tfive"), bare(b'c')])
        .server(&[complete("COPY 2"), ready(b'I')])
        .client(&[query("copy t from stdin")])
        .server(&[copy_response(b'G', 0)])
        .client(&[copy_data(b"6\tsix\n"), copy_fail("canceled by user")])
        .server(&[
            plain_error("COPY from stdin failed: canceled by user"),
            ready(b'I'),
        ])
        .client(&[query("copy t to stdout binary")])
        .server(&[
            copy_response(b'H', 1),
            copy_data(b"PGCOPY\n\xff\r\n\0"),
            copy_data(&[0; 30]),
            bare(b'c'),
            complete("COPY 1"),
        ])
        .server(&[ready(b'I')]);
    assert_snapshot!(script.played(), @r"
    orders=> copy t to stdout csv
      1,one
      2,two
      3,three
    COPY 3
    orders=> copy t from stdin
      4       four
      5       five
    COPY 2
    orders=> copy t from stdin
      6       six
    -- the client gives the copy up: canceled by user
    ERROR:  COPY from stdin failed: canceled by user
    orders=> copy t to stdout binary
    -- 41 bytes of copy data in 2 messages
    COPY 1
    ");
}

#[test]
fn notices_notifications_and_function_calls() {
    let mut script = Script::new();
    script
        .client(&[query("do $$ begin raise notice 'hi'; end $$")])
        .server(&[notice(&[
            (b'S', "NOTICE"),
            (b'M', "hi"),
            (b'W', "PL/pgSQL function inline_code_block line 1 at RAISE"),
        ])])
        .server(&[
            complete("DO"),
            ready(b'I'),
            notification("jobs", ""),
            notification("jobs", "42"),
        ])
        .client(&[function_call(2026)])
        .server(&[function_result(b"1234"), ready(b'I')]);
    assert_snapshot!(script.played(), @r#"
    orders=> do $$ begin raise notice 'hi'; end $$
    NOTICE:  hi
    DO
    Asynchronous notification "jobs" received from server process with PID 77.
    Asynchronous notification "jobs" with payload "42" received from server process with PID 77.
    -- function call: object id 2026, 6 bytes of arguments
    '1234'
    "#);
}

#[test]
fn events_are_remarks() {
    let mut script = Script::new();
    script
        .event(&Event::Reload {
            changed: [("can_export_csv".to_owned(), "true".to_owned())].into(),
        })
        .client(&[query("select pg_sleep(100)")])
        .event(&Event::Cancel {
            client_address: Some("10.1.2.3:50999".to_owned()),
        })
        .server(&[
            plain_error("canceling statement due to user request"),
            ready(b'I'),
        ])
        .event(&Event::GuardTrip {
            message: "a copy that no verdict approved".to_owned(),
        })
        .event(&Event::Note {
            text: "drained".to_owned(),
        });
    assert_snapshot!(script.played(), @r"
    -- settings reloaded: can_export_csv = true
    orders=> select pg_sleep(100)
    -- cancel request from 10.1.2.3:50999
    ERROR:  canceling statement due to user request
    -- COPY GUARD: a copy that no verdict approved
    -- drained
    ");
}

#[test]
fn colours_only_where_they_are_wanted() {
    let mut script = Script::new();
    script
        .client(&[query("select null")])
        .server(&[
            row_description(&[("x", TEXT)]),
            data_row(&[None]),
            complete("SELECT 1"),
            ready(b'I'),
        ])
        .end();
    let coloured = script.played_with(Colour::On);
    assert!(
        coloured.contains("\x1b[36morders=>\x1b[0m \x1b[1mselect null\x1b[0m\n"),
        "{coloured:?}"
    );
    assert!(coloured.contains(" \x1b[2m<null>\x1b[0m\n"), "{coloured:?}");
    assert!(!script.played_with(Colour::Off).contains('\x1b'));
}

#[test]
fn pauses_are_those_of_the_session() {
    let mut script = Script::new();
    script
        .after(Duration::from_secs(2))
        .client(&[query("select 1")])
        .after(Duration::from_mins(1))
        .server(&[complete("SELECT 1"), ready(b'I')])
        .end();
    let mut pauses = Vec::new();
    let playback = Playback {
        speed: 2.0,
        max_idle: Some(Duration::from_secs(5)),
        wait: true,
    };
    let mut reader = Reader::open(script.path()).unwrap();
    play(&mut reader, &mut Vec::new(), Colour::Off, playback, |pause| {
        pauses.push(pause);
    })
    .unwrap();
    assert_eq!(
        pauses,
        [
            Duration::from_micros(1_000_050),
            Duration::from_secs(5),
            Duration::from_micros(50)
        ]
    );
}

#[test]
fn a_cut_recording_says_where() {
    let mut script = Script::new();
    script
        .client(&[query("select 'before the crash'")])
        .server(&[row_description(&[("x", TEXT)]), text_row(&["before the crash"])])
        .kill();
    assert_snapshot!(script.played_with(Colour::Off), @r#"
    -- session 0123456789abcdef: alice on record "orders", database "orders"
    -- started 2026-11-24 08:24:13Z, from 10.1.2.3:50123, by psql, to PostgreSQL 18.1
    orders=> select 'before the crash'
            x         
    ------------------
     before the crash
    (1 row so far)

    -- the recording was cut here, without an end of the session: 405 bytes are whole
    "#);
}

#[test]
fn a_live_recording_is_played_so_far() {
    let mut script = Script::new();
    script.client(&[query("select 1")]);
    let text = script.played_with(Colour::Off);
    assert!(
        text.ends_with("orders=> select 1\n-- the session goes on; this is what is recorded so far\n"),
        "{text}"
    );
}
