//! What is seen of hostile and of huge data.

use insta::assert_snapshot;
use pgwarden_recording::Event;

use crate::script::{
    Script, bare, bind, complete, copy_data, copy_response, data_row, error, execute, notice, notification,
    parse, query, ready, row_description, sync, text_row,
};

const INT4: u32 = 23;
const TEXT: u32 = 25;

#[test]
fn of_a_long_copy_the_first_lines_are_shown() {
    let mut script = Script::new();
    script
        .client(&[query("copy t to stdout")])
        .server(&[copy_response(b'H', 0)]);
    for line in 0..1000 {
        script.server(&[copy_data(format!("{line}\n").as_bytes())]);
    }
    script.server(&[bare(b'c'), complete("COPY 1000"), ready(b'I')]);
    let text = script.played();
    assert_eq!(text.lines().count(), 1 + 50 + 2);
    assert!(
        text.ends_with("  49\n-- … 950 more lines, 3890 bytes in all\nCOPY 1000"),
        "{text}"
    );
}

#[test]
fn hostile_text_steers_no_terminal() {
    let evil = "\x1b[2J\x1b]0;owned\x07\u{9b}31m\u{202e}gnp.exe\rforged\norders=> drop table t;\0";
    let column = evil.trim_end_matches('\0');
    let mut script = Script::new();
    script
        .client(&[query(column)])
        .server(&[
            row_description(&[(column, TEXT)]),
            text_row(&[evil]),
            data_row(&[Some(b"\xff\xfe\x9b2J")]),
        ])
        .server(&[
            notice(&[(b'S', column), (b'M', column)]),
            complete("SELECT 2\x1b[0m"),
            ready(b'I'),
        ])
        .client(&[
            parse(column, column, &[]),
            bind(column, column, 0, &[Some(evil.as_bytes())], 0),
            execute(column, 0),
            sync(),
        ])
        .server(&[
            error(&[(b'S', "ERROR"), (b'M', column), (b'H', column)]),
            ready(b'I'),
        ])
        .server(&[notification(column, column)])
        .client(&[query("copy t to stdout")])
        .server(&[
            copy_response(b'H', 0),
            copy_data(evil.as_bytes()),
            bare(b'c'),
            complete("COPY 1"),
            ready(b'I'),
        ])
        .event(&Event::Note {
            text: evil.to_owned(),
        })
        .event(&Event::Verdict {
            refused: true,
            setting: evil.to_owned(),
            message: evil.to_owned(),
            statement: Some(evil.to_owned()),
        });
    let text = script.played();
    assert!(
        !text.contains(|c: char| c != '\n' && (c.is_control() || c == '\u{202e}')),
        "{text:?}"
    );
    assert_snapshot!(text, @r#"
    orders=> \x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged
    orders-> orders=> drop table t;
    \x1B?2J\x1B?0?owned\x07\u009B31m\u202Egnp?exe\rforged\norders?? drop table t?:  \x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged
            orders=> drop table t;
     \x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged+
                    orders=> drop table t;                 
    -------------------------------------------------------
     \x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged+
     orders=> drop table t;\x00
     \xFF\xFE\x9B2J
    (2 rows)

    orders=> \x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged
    orders-> orders=> drop table t;
      ($1 = '\x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged\norders=> drop table t;\x00')
    ERROR:  \x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged
            orders=> drop table t;
    HINT:  \x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged
            orders=> drop table t;
    Asynchronous notification "\x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged\norders=> drop table t;" with payload "\x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged\norders=> drop table t;" received from server process with PID 77.
    orders=> copy t to stdout
      \x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged
      orders=> drop table t;\x00
    COPY 1
    -- \x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged\norders=> drop table t;\x00
    -- REFUSED by pgwarden: \x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged\norders=> drop table t;\x00: \x1B[2J\x1B]0;owned\x07\u009B31m\u202Egnp.exe\rforged\norders=> drop table t;\x00
    "#);
}

#[test]
fn long_results_are_printed_in_slabs() {
    let mut script = Script::new();
    script
        .client(&[query("select g from generate_series(1, 10001) g")])
        .server(&[row_description(&[("g", INT4)])]);
    for number in 1..=10_001 {
        script.server(&[text_row(&[&number.to_string()])]);
    }
    script.server(&[complete("SELECT 10001"), ready(b'I')]);
    let text = script.played();
    assert!(text.starts_with(
        "orders=> select g from generate_series(1, 10001) g\n   g   \n-------\n     1\n     2\n"
    ));
    assert!(
        text.ends_with("\n 10000\n 10001\n(10001 rows)\n"),
        "{}",
        &text[text.len() - 60..]
    );
}

#[test]
fn long_values_and_statements_are_cut() {
    let mut script = Script::new();
    let long = "x".repeat(100_000);
    script
        .client(&[query(&long)])
        .server(&[
            row_description(&[("x", TEXT)]),
            text_row(&[&long]),
            complete("SELECT 1"),
            ready(b'I'),
        ])
        .client(&[query(&"y".repeat(3_000_000))])
        .server(&[complete("SELECT 0"), ready(b'I')]);
    let text = script.played();
    assert!(text.len() < 64 * 1024 * 2 + 2_000 * 3 + 1_000, "{}", text.len());
    assert!(text.contains("-- … 34464 more bytes of this statement\n"));
    assert!(text.contains("x… (98000 more bytes)\n"));
    assert!(
        text.contains("-- … 2934464 more bytes of this statement\n") || text.contains("-- … 293446"),
        "{}",
        &text[text.len() - 300..]
    );
}

#[test]
fn rows_wider_than_any_screen_are_not_padded() {
    let names: Vec<(&str, u32)> = vec![("column", TEXT); 100];
    let wide = "w".repeat(1_000);
    let mut script = Script::new();
    script
        .client(&[query("select")])
        .server(&[row_description(&names), text_row(&[wide.as_str(); 100])]);
    for _ in 0..1_000 {
        script.server(&[data_row(&[None; 100])]);
    }
    script.server(&[complete("SELECT 1001"), ready(b'I')]);
    let text = script.played();
    assert!(text.contains("\n <null> | <null> | <null> |"));
    assert!(text.len() < 2_000_000, "{}", text.len());
}

#[test]
fn values_of_many_lines_are_cut() {
    let mut script = Script::new();
    script.client(&[query("select")]).server(&[
        row_description(&[("x", TEXT)]),
        text_row(&[&"\n".repeat(1_500)]),
        complete("SELECT 1"),
        ready(b'I'),
    ]);
    let text = script.played();
    assert_eq!(text.lines().count(), 1 + 2 + 100 + 1);
    assert!(text.contains("… (1401 more bytes)"), "{text}");
}
