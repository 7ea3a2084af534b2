//! What is seen of the extended protocol: parameters, portals, pipelines.

use insta::assert_snapshot;

use crate::script::{
    Script, bare, bind, complete, copy_data, copy_response, data_row, describe, error, execute,
    parameter_description, parse, plain_error, query, ready, row_description, sync, text_row,
};

const INT4: u32 = 23;
const TEXT: u32 = 25;
const BYTEA: u32 = 17;

#[test]
fn refused_in_the_middle_of_a_pipeline() {
    let mut script = Script::new();
    script
        .client(&[
            parse("", "select 1", &[]),
            bind("", "", 0, &[], 0),
            describe("P", ""),
            execute("", 0),
        ])
        .refused(
            parse("", "copy customers to stdout", &[]),
            parse("", "pgwarden_refused_1", &[]),
            "copy customers to stdout",
        )
        .client(&[bind("", "", 0, &[], 0), execute("", 0)])
        .client(&[
            parse("", "select 3", &[]),
            bind("", "", 0, &[], 0),
            execute("", 0),
            sync(),
        ])
        .server(&[
            bare(b'1'),
            bare(b'2'),
            row_description(&[("one", INT4)]),
            text_row(&["1"]),
            complete("SELECT 1"),
        ])
        .refusal_shown()
        .server(&[ready(b'I')])
        .client(&[query("select 'goes on'")])
        .server(&[
            row_description(&[("x", TEXT)]),
            text_row(&["goes on"]),
            complete("SELECT 1"),
            ready(b'I'),
        ]);
    assert_snapshot!(script.played(), @r#"
    orders=> select 1
     one 
    -----
       1
    (1 row)

    orders=> copy customers to stdout
    -- REFUSED by pgwarden: can_export_csv
    ERROR:  refused by pgwarden: COPY TO is not allowed on record "orders" (can_export_csv is off)
    DETAIL:  The statement copies table customers to the client.
    HINT:  Ask whoever grants record "orders" for can_export_csv.
    orders=> select 3
    -- did not run: an error came before it in the pipeline
    orders=> select 'goes on'
        x    
    ---------
     goes on
    (1 row)
    "#);
}

#[test]
fn a_refusal_that_another_error_came_before() {
    let mut script = Script::new();
    script
        .client(&[
            parse("", "select 1/0", &[]),
            bind("", "", 0, &[], 0),
            execute("", 0),
        ])
        .refused(
            parse("", "copy customers to stdout", &[]),
            parse("", "pgwarden_refused_1", &[]),
            "copy customers to stdout",
        )
        .client(&[bind("", "", 0, &[], 0), execute("", 0), sync()])
        .server(&[
            bare(b'1'),
            bare(b'2'),
            plain_error("division by zero"),
            ready(b'I'),
        ]);
    assert_snapshot!(script.played(), @r#"
    orders=> select 1/0
    ERROR:  division by zero
    orders=> copy customers to stdout
    -- did not run: an error came before it in the pipeline
    -- REFUSED by pgwarden: can_export_csv: refused by pgwarden: COPY TO is not allowed on record "orders" (can_export_csv is off)
    "#);
}

#[test]
fn parameters_text_and_binary() {
    let mut script = Script::new();
    script
        .client(&[
            parse("s1", "select $1::text, $2::int4", &[]),
            describe("S", "s1"),
            sync(),
        ])
        .server(&[
            bare(b'1'),
            parameter_description(&[TEXT, INT4]),
            row_description(&[("text", TEXT), ("int4", INT4)]),
        ])
        .server(&[ready(b'I')])
        .client(&[
            bind("", "s1", 0, &[Some(b"it's"), None], 0),
            execute("", 0),
            sync(),
        ])
        .server(&[
            bare(b'2'),
            text_row(&["it's", ""]),
            complete("SELECT 1"),
            ready(b'I'),
        ])
        .client(&[
            bind("", "s1", 1, &[Some(b""), Some(&42i32.to_be_bytes())], 1),
            execute("", 0),
            sync(),
        ])
        .server(&[
            bare(b'2'),
            data_row(&[Some(b""), Some(&42i32.to_be_bytes())]),
            complete("SELECT 1"),
            ready(b'I'),
        ])
        .client(&[
            parse("", "select $1", &[BYTEA]),
            bind("", "", 1, &[Some(&[0, 255])], 1),
            execute("", 0),
            sync(),
        ])
        .server(&[
            bare(b'1'),
            bare(b'2'),
            data_row(&[Some(&[0, 255])]),
            complete("SELECT 1"),
            ready(b'I'),
        ]);
    assert_snapshot!(script.played(), @r#"
    -- prepared "s1": select $1::text, $2::int4
    orders=> select $1::text, $2::int4
      ($1 = 'it''s', $2 = NULL)
     text | int4 
    ------+------
     it's |     
    (1 row)

    orders=> select $1::text, $2::int4
      ($1 = '', $2 = '42')
     text | int4 
    ------+------
          |   42
    (1 row)

    orders=> select $1
      ($1 = '\x00ff')
     column 1 
    ----------
     \x00\xFF
    (1 row)
    "#);
}

#[test]
fn portals_with_names() {
    let mut script = Script::new();
    script
        .client(&[
            parse("", "select g from generate_series(1,3) g", &[]),
            bind("p", "", 0, &[], 0),
            describe("P", "p"),
        ])
        .client(&[execute("p", 2), bare(b'H')])
        .server(&[
            bare(b'1'),
            bare(b'2'),
            row_description(&[("g", INT4)]),
            text_row(&["1"]),
            text_row(&["2"]),
            bare(b's'),
        ])
        .client(&[execute("p", 0), sync()])
        .server(&[text_row(&["3"]), complete("SELECT 1"), ready(b'I')])
        .client(&[execute("cursor_of_sql", 0), sync()])
        .server(&[text_row(&["4"]), complete("FETCH 1"), ready(b'I')])
        .client(&[bind("", "of_sql", 0, &[Some(b"1")], 0), execute("", 0), sync()])
        .server(&[bare(b'2'), complete("UPDATE 1"), ready(b'I')]);
    assert_snapshot!(script.played(), @r#"
    orders=> select g from generate_series(1,3) g
     g 
    ---
     1
     2
    (2 rows)

    -- suspended: the client asked for no more rows yet
    -- more of portal "p"
     g 
    ---
     3
    (1 row)

    -- runs portal "cursor_of_sql", whose Bind is not in the recording
     column 1 
    ----------
     4
    (1 row)

    -- runs statement "of_sql", whose Parse is not in the recording
      ($1 = '1')
    UPDATE 1
    "#);
}

#[test]
fn pipelines_are_shown_answer_by_answer() {
    let mut script = Script::new();
    script
        .client(&[parse("i", "insert into t values ($1)", &[INT4])])
        .client(&[
            bind("", "i", 0, &[Some(b"1")], 0),
            execute("", 0),
            bind("", "i", 0, &[Some(b"2")], 0),
            execute("", 0),
            sync(),
        ])
        .client(&[
            bind("", "i", 0, &[Some(b"x")], 0),
            execute("", 0),
            bind("", "i", 0, &[Some(b"4")], 0),
            execute("", 0),
            sync(),
        ])
        .client(&[query("select count(*) from t")])
        .server(&[
            bare(b'1'),
            bare(b'2'),
            complete("INSERT 0 1"),
            bare(b'2'),
            complete("INSERT 0 1"),
            ready(b'I'),
        ])
        .server(&[
            plain_error("invalid input syntax for type integer: \"x\""),
            ready(b'I'),
        ])
        .server(&[
            row_description(&[("count", 20)]),
            text_row(&["2"]),
            complete("SELECT 1"),
            ready(b'I'),
        ]);
    assert_snapshot!(script.played(), @r#"
    orders=> insert into t values ($1)
      ($1 = '1')
    INSERT 0 1
    orders=> insert into t values ($1)
      ($1 = '2')
    INSERT 0 1
    orders=> insert into t values ($1)
      ($1 = 'x')
    ERROR:  invalid input syntax for type integer: "x"
    orders=> insert into t values ($1)
      ($1 = '4')
    -- did not run: an error came before it in the pipeline
    orders=> select count(*) from t
     count 
    -------
         2
    (1 row)
    "#);
}

#[test]
fn a_statement_is_shown_before_its_answer_comes() {
    let mut script = Script::new();
    script.client(&[
        parse("", "select pg_sleep($1)", &[]),
        bind("", "", 0, &[Some(b"9")], 0),
        execute("", 0),
        sync(),
    ]);
    assert_snapshot!(script.played(), @r"
    orders=> select pg_sleep($1)
      ($1 = '9')
    ");
}

#[test]
fn what_was_only_prepared_is_said() {
    let mut script = Script::new();
    script
        .client(&[parse("unused", "delete from t\nwhere id = $1", &[]), sync()])
        .server(&[bare(b'1'), ready(b'I')])
        .client(&[parse("bad", "selec", &[]), sync()])
        .server(&[
            error(&[
                (b'S', "ERROR"),
                (b'M', "syntax error at or near \"selec\""),
                (b'P', "1"),
            ]),
            ready(b'I'),
        ]);
    assert_snapshot!(script.played(), @r#"
    -- prepared "unused": delete from t\nwhere id = $1
    orders=> selec
    ERROR:  syntax error at or near "selec"
    LINE 1: selec
            ^
    "#);
}

#[test]
fn sync_within_a_copy_is_not_waited_for() {
    let mut script = Script::new();
    script
        .client(&[
            parse("", "copy t from stdin", &[]),
            bind("", "", 0, &[], 0),
            execute("", 0),
            sync(),
        ])
        .server(&[bare(b'1'), bare(b'2'), copy_response(b'G', 0)])
        .client(&[copy_data(b"1\n"), bare(b'c'), sync()])
        .server(&[complete("COPY 1"), ready(b'I')])
        .client(&[query("select 1")])
        .server(&[complete("SELECT 1"), ready(b'I')])
        .client(&[query("select 2")]);
    assert_snapshot!(script.played(), @r"
    orders=> copy t from stdin
      1
    COPY 1
    orders=> select 1
    SELECT 1
    orders=> select 2
    ");
}
