//! Results and values within their budgets, and beyond.

use super::*;

/// So many rows, and no other budget in reach.
pub(super) fn rows(copy_rows: u64) -> Settings {
    Settings {
        copy_rows,
        ..Settings::default()
    }
}

/// The errors of `copy_rows`, in full: the placeholders are what all of them have in common.
fn with_errors(copy_rows: u64, trace: &str) -> String {
    let message = |quote: &str| {
        format!(
            "54000 \"ended by pgwarden: the result exceeds copy_rows ({copy_rows}) on record {quote}orders{quote}\""
        )
    };
    trace
        .replace("ROWS", &message("\""))
        .replace("FATAL", &message("\\\""))
        .replace(
            "COMPLETED",
            "; the statement had completed; outside a transaction block its effects stand.\"",
        )
        .replace("CUT", "; the statement had not completed.\"")
}

#[track_caller]
fn check(settings: Settings, trace: &str) {
    let trace = with_errors(settings.copy_rows, trace);
    check_trace(settings, &trace);
}

#[test]
fn exactly_the_budget_passes() {
    check(
        rows(3),
        r#"
        F Query "select 1"
        > Query "select 1"
        B RowDescription
        < RowDescription
        B DataRow x
        < DataRow
        B DataRow x
        < DataRow
        B DataRow x
        < DataRow
        B CommandComplete "SELECT 3"
        < CommandComplete "SELECT 3"
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "select 2"
        > Query "select 2"
        B DataRow x
        < DataRow
        "#,
    );
}

#[test]
fn one_more_is_cancelled_and_its_error_is_the_budgets() {
    check(
        rows(3),
        r#"
        F Query "select 1"
        > Query "select 1"
        B DataRow x
        < DataRow
        B DataRow x
        < DataRow
        B DataRow x
        < DataRow
        B DataRow x
        ! refused copy_rows
        ! cancel
        B DataRow x
        F Query "select 2"
        B ErrorResponse 57014 "canceling statement due to user request"
        < ErrorResponse ROWS "3 rows had passedCUT
        B ReadyForQuery E
        < ReadyForQuery E
        K ended
        > Query "select 2"
        B DataRow x
        < DataRow
        "#,
    );
}

#[test]
fn what_completes_all_the_same_is_failed_by_the_server() {
    check(
        rows(3),
        r#"
        F Query "delete from t returning 1"
        > Query "delete from t returning 1"
        B DataRow x
        < DataRow
        B DataRow x
        < DataRow
        B DataRow x
        < DataRow
        B DataRow x
        ! refused copy_rows
        ! cancel
        F Query "select 2"
        B CommandComplete "DELETE 4"
        B ParameterStatus TimeZone UTC
        < ParameterStatus
        B ReadyForQuery T
        K ended
        > Query "NONCE"
        B ErrorResponse 42601 "syntax error at or near NONCE"
        < ErrorResponse ROWS "3 rows had passedCOMPLETED
        > Query "select 2"
        B ReadyForQuery E
        < ReadyForQuery E
        "#,
    );
}

#[test]
fn a_cancel_request_that_comes_late_hits_no_more_than_the_stand_in() {
    check(
        rows(3),
        r#"
        F Query "select 1"
        > Query "select 1"
        B DataRow x
        < DataRow
        B DataRow x
        < DataRow
        B DataRow x
        < DataRow
        B DataRow x
        ! refused copy_rows
        ! cancel
        B CommandComplete "SELECT 4"
        K ended
        B ReadyForQuery T
        > Query "NONCE"
        B ErrorResponse 57014 "canceling statement due to user request"
        < ErrorResponse ROWS "3 rows had passedCOMPLETED
        B ReadyForQuery E
        < ReadyForQuery E
        "#,
    );
}

#[test]
fn something_in_flight_behind_ends_the_session() {
    check(
        rows(3),
        r#"
        F Query "select 1"
        > Query "select 1"
        F Query "insert into t values (1)"
        > Query "insert into t values (1)"
        B DataRow x
        < DataRow
        B DataRow x
        < DataRow
        B DataRow x
        < DataRow
        B DataRow x
        ! refused copy_rows
        B CommandComplete "SELECT 4"
        ! terminate FATAL "3 rows had passedCOMPLETED
        "#,
    );
}

#[test]
fn an_error_of_the_server_spares_what_is_behind() {
    check(
        rows(3),
        r#"
        F Query "select 1"
        > Query "select 1"
        F Query "select 2"
        > Query "select 2"
        B DataRow x
        < DataRow
        B DataRow x
        < DataRow
        B DataRow x
        < DataRow
        B DataRow x
        ! refused copy_rows
        B ErrorResponse 22012 "division by zero"
        < ErrorResponse ROWS "3 rows had passedCUT
        B ReadyForQuery I
        < ReadyForQuery I
        B DataRow x
        < DataRow
        "#,
    );
}

#[test]
fn an_extended_query_is_failed_by_a_bind() {
    check(
        rows(1),
        r#"
        F Parse "" "select 1"
        > Parse "" "select 1"
        F Bind "" ""
        > Bind "" ""
        F Execute ""
        > Execute ""
        F Sync
        > Sync
        B ParseComplete
        < ParseComplete
        B BindComplete
        < BindComplete
        B DataRow x
        < DataRow
        B DataRow x
        ! refused copy_rows
        ! cancel
        K ended
        B CommandComplete "SELECT 2"
        B ReadyForQuery I
        > Bind "" "NONCE"
        > Sync
        B ErrorResponse 26000 "prepared statement NONCE does not exist"
        < ErrorResponse ROWS "1 rows had passedCOMPLETED
        B ReadyForQuery I
        < ReadyForQuery I
        F Bind "" ""
        > Bind "" ""
        "#,
    );
}

#[test]
fn without_a_sync_the_pipeline_is_skipped_to_it() {
    check(
        rows(1),
        r#"
        F Parse "" "select 1"
        > Parse "" "select 1"
        F Bind "" ""
        > Bind "" ""
        F Execute ""
        > Execute ""
        F Flush
        > Flush
        B ParseComplete
        < ParseComplete
        B BindComplete
        < BindComplete
        B DataRow x
        < DataRow
        B DataRow x
        ! refused copy_rows
        ! cancel
        > Flush
        B CommandComplete "SELECT 2"
        F Sync
        K ended
        > Bind "" "NONCE"
        > Flush
        B ErrorResponse 26000 "prepared statement NONCE does not exist"
        < ErrorResponse ROWS "1 rows had passedCOMPLETED
        > Sync
        B ReadyForQuery I
        < ReadyForQuery I
        "#,
    );
}

#[test]
fn a_portal_counts_over_its_life() {
    check(
        rows(3),
        r#"
        F Parse "s" "select 1"
        > Parse "s" "select 1"
        F Bind "p" "s"
        > Bind "p" "s"
        F Execute "p"
        > Execute "p"
        F Sync
        > Sync
        B ParseComplete
        < ParseComplete
        B BindComplete
        < BindComplete
        B DataRow x
        < DataRow
        B DataRow x
        < DataRow
        B PortalSuspended
        < PortalSuspended
        B ReadyForQuery T
        < ReadyForQuery T
        F Execute "p"
        > Execute "p"
        F Sync
        > Sync
        B DataRow x
        < DataRow
        B DataRow x
        ! refused copy_rows
        ! cancel
        B PortalSuspended
        B ReadyForQuery T
        K ended
        > Bind "" "NONCE"
        > Sync
        B ErrorResponse 26000 "prepared statement NONCE does not exist"
        < ErrorResponse ROWS "3 rows had passedCOMPLETED
        B ReadyForQuery E
        < ReadyForQuery E
        "#,
    );
}

/// The rest of a statement of which the fourth row has come.
const FAILED: &str = r#"
        ! refused copy_rows
        ! cancel
        K ended
        B ErrorResponse 57014 "canceling statement due to user request"
        < ErrorResponse ROWS "3 rows had passedCUT
        B ReadyForQuery E
        < ReadyForQuery E
"#;

const ROW: &str = "B DataRow x\n< DataRow\n";

fn query(sql: &str, rows: usize, tag: &str, status: &str) -> String {
    format!(
        "F Query \"{sql}\"\n> Query \"{sql}\"\n{}B CommandComplete \"{tag}\"\n< CommandComplete \"{tag}\"\n\
         B ReadyForQuery {status}\n< ReadyForQuery {status}\n",
        ROW.repeat(rows)
    )
}

/// A query of which one row more comes than may.
fn query_over(sql: &str, rows: usize) -> String {
    format!(
        "F Query \"{sql}\"\n> Query \"{sql}\"\n{}B DataRow x\n{FAILED}",
        ROW.repeat(rows)
    )
}

/// Parse, Bind and Execute to their end.
fn extended(portal: &str, statement: &str, sql: &str, rows: usize, tag: &str) -> String {
    format!(
        "F Parse \"{statement}\" \"{sql}\"\n> Parse \"{statement}\" \"{sql}\"\nB ParseComplete\n< ParseComplete\n{}",
        bound(portal, statement, rows, tag)
    )
}

fn bound(portal: &str, statement: &str, rows: usize, tag: &str) -> String {
    format!(
        "F Bind \"{portal}\" \"{statement}\"\n> Bind \"{portal}\" \"{statement}\"\nF Execute \"{portal}\"\n> Execute \"{portal}\"\n\
         F Sync\n> Sync\nB BindComplete\n< BindComplete\n{}\
         B CommandComplete \"{tag}\"\n< CommandComplete \"{tag}\"\nB ReadyForQuery T\n< ReadyForQuery T\n",
        ROW.repeat(rows)
    )
}

#[test]
fn a_cursor_counts_over_its_life() {
    let declare = "declare c cursor for select 1";
    let held = "declare c cursor with hold for select 1";
    let fetch = |rows| query("fetch 2 from c", rows, "FETCH", "T");
    let over = query_over("fetch 2 from c", 1);
    for (name, trace) in [
        (
            "in a block",
            [query(declare, 0, "DECLARE CURSOR", "T"), fetch(2), over.clone()].concat(),
        ),
        ("unseen", [fetch(2), over.clone()].concat()),
        (
            "held over transactions",
            [
                query(held, 0, "DECLARE CURSOR", "T"),
                fetch(2),
                query("commit", 0, "COMMIT", "I"),
                over.clone(),
            ]
            .concat(),
        ),
        (
            "unseen over transactions",
            [fetch(2), query("commit", 0, "COMMIT", "I"), over.clone()].concat(),
        ),
        (
            "a new one of the name in each transaction",
            [
                query(declare, 0, "DECLARE CURSOR", "T"),
                fetch(2),
                query("commit", 0, "COMMIT", "I"),
                fetch(2),
                query(declare, 0, "DECLARE CURSOR", "T"),
                fetch(2),
                query("close c", 0, "CLOSE CURSOR", "T"),
                fetch(2),
                query("close all", 0, "CLOSE CURSOR ALL", "T"),
                fetch(3),
            ]
            .concat(),
        ),
        (
            "each by itself",
            [
                fetch(3),
                query("fetch 3 from d", 3, "FETCH 3", "T"),
                query_over("fetch 1 from d", 0),
            ]
            .concat(),
        ),
        (
            "of a script",
            [
                "F Query \"fetch 2 from c; fetch 2 from c\"\n> Query \"fetch 2 from c; fetch 2 from c\"\n"
                    .to_owned(),
                ROW.repeat(2),
                "B CommandComplete \"FETCH 2\"\n< CommandComplete \"FETCH 2\"\n".to_owned(),
                ROW.to_owned(),
                format!("B DataRow x\n{FAILED}"),
            ]
            .concat(),
        ),
        (
            "by a portal that is a FETCH, anew each time",
            [
                extended("", "f", "fetch 2 from c", 2, "FETCH 2"),
                bound("p", "f", 1, "FETCH 1"),
                query_over("fetch 2 from c", 0),
            ]
            .concat(),
        ),
        (
            "by an EXECUTE of a FETCH",
            [
                extended("", "f", "fetch 2 from c", 2, "FETCH 2"),
                query("execute f", 1, "FETCH 1", "T"),
                query_over("execute f", 0),
            ]
            .concat(),
        ),
        (
            "a portal that is fetched from",
            [
                extended("p", "s", "select 1", 2, "SELECT 2"),
                query_over("fetch 2 from p", 1),
            ]
            .concat(),
        ),
        (
            "a cursor that is executed",
            [
                query(declare, 0, "DECLARE CURSOR", "T"),
                fetch(2),
                "F Execute \"c\"\n> Execute \"c\"\nF Sync\n> Sync\n".to_owned(),
                ROW.to_owned(),
                format!("B DataRow x\n{FAILED}"),
            ]
            .concat(),
        ),
        (
            "names that encodings tell apart are one",
            [
                query("fetch 2 from \u{e9}", 2, "FETCH 2", "T"),
                query_over("fetch 2 from \u{e8}", 1),
            ]
            .concat(),
        ),
    ] {
        println!("{name}");
        check(rows(3), &trace);
    }
}

#[test]
fn a_statement_whose_text_was_in_doubt_when_it_was_bound() {
    // The second Parse of `f` fails, so what is bound is the FETCH.
    let doubtful = |portal: &str| {
        format!(
            r#"
        F Parse "f" "select 1"
        > Parse "f" "select 1"
        F Sync
        > Sync
        F Bind "{portal}" "f"
        > Bind "{portal}" "f"
        F Execute "{portal}"
        > Execute "{portal}"
        F Sync
        > Sync
        B ErrorResponse 42P05 "prepared statement f already exists"
        < ErrorResponse 42P05 "prepared statement f already exists"
        B ReadyForQuery I
        < ReadyForQuery I
        B BindComplete
        < BindComplete
        B DataRow x
        < DataRow
        B CommandComplete "FETCH 1"
        < CommandComplete "FETCH 1"
        B ReadyForQuery I
        < ReadyForQuery I
        "#
        )
    };
    check(
        rows(3),
        &[
            extended("", "f", "fetch 1 from c", 1, "FETCH 1"),
            doubtful("p"),
            doubtful("q"),
            query_over("fetch 1 from c", 0),
        ]
        .concat(),
    );
}

#[test]
fn a_session_has_a_budget_too() {
    let settings = Settings {
        copy_rows_per_session: 4,
        ..rows(3)
    };
    let message = "54000 \"ended by pgwarden: the results of the session exceed copy_rows_per_session (4) on record \"orders\"\"";
    let over = |rows: usize| {
        query_over("select 1", rows)
            .replace("refused copy_rows", "refused copy_rows_per_session")
            .replace("ROWS", message)
            .replace(
                "3 rows had passed",
                &format!("{rows} rows had passed, and 4 in the session"),
            )
    };
    check(
        settings,
        &[
            query("select 1", 3, "SELECT 3", "I"),
            over(1),
            over(0),
            query("rollback", 0, "ROLLBACK", "I"),
            query("set a = 1", 0, "SET", "I"),
            over(0),
        ]
        .concat(),
    );
}

#[test]
fn bytes_are_counted_at_the_header() {
    // A row of one letter has 12 bytes.
    let settings = Settings {
        copy_bytes: 24,
        ..Settings::default()
    };
    let over = r#"
        ! refused copy_bytes
        ! cancel
        K ended
        B ErrorResponse 57014 "canceling statement due to user request"
        < ErrorResponse 54000 "ended by pgwarden: the result exceeds copy_bytes (24) on record "orders"" "N rows of BYTES bytes had passed; the statement had not completed."
        B ReadyForQuery I
        < ReadyForQuery I
    "#;
    let over = |rows: &str, bytes: &str| {
        over.replace("N rows", &format!("{rows} rows"))
            .replace("BYTES", bytes)
    };
    let begin = "F Query \"select 1\"\n> Query \"select 1\"\n";
    check(
        settings.clone(),
        &[
            query("select 1", 2, "SELECT 2", "I"),
            begin.into(),
            ROW.repeat(2),
            "B DataRow x\n".into(),
            over("2", "24"),
        ]
        .concat(),
    );
    check(
        settings.clone(),
        &[begin.into(), "B DataRow abcdefghijklmn\n".into(), over("0", "0")].concat(),
    );
    check(
        settings.clone(),
        &[
            begin.into(),
            ROW.into(),
            "B Notice abcdefgh\n".into(),
            over("1", "12"),
        ]
        .concat(),
    );
    // An error is a way out as well.
    check(
        settings,
        &[
            begin,
            r#"
        B ErrorResponse P0001 "abc"
        ! refused copy_bytes
        < ErrorResponse 54000 "ended by pgwarden: the result exceeds copy_bytes (24) on record "orders"" "The statement had not completed: it failed, with an error of that size."
        B ReadyForQuery I
        < ReadyForQuery I
        "#,
        ]
        .concat(),
    );
}

#[test]
fn a_function_call_has_bytes() {
    let settings = Settings {
        copy_bytes: 24,
        enforcement: Enforcement::Monitor,
        ..Settings::default()
    };
    check(
        settings,
        r"
        F FunctionCall
        ! observed can_copy_to_clipboard
        > FunctionCall
        B FunctionCallResponse abcdefghijklmnop
        ! observed copy_bytes
        < FunctionCallResponse
        B ReadyForQuery I
        < ReadyForQuery I
        ",
    );
}

#[test]
fn nothing_is_counted_where_copying_is_allowed() {
    let settings = Settings {
        can_copy_to_clipboard: true,
        ..rows(1)
    };
    check(settings, &query("select 1", 5, "SELECT 5", "I"));
}

#[test]
fn monitor_mode_reports_once_a_statement() {
    let settings = Settings {
        enforcement: Enforcement::Monitor,
        ..rows(3)
    };
    let over = [
        "F Query \"select 1\"\n> Query \"select 1\"\n",
        &ROW.repeat(3),
        "B DataRow x\n! observed copy_rows\n< DataRow\n",
        &ROW.repeat(3),
        "B CommandComplete \"SELECT 7\"\n< CommandComplete \"SELECT 7\"\nB ReadyForQuery I\n< ReadyForQuery I\n",
    ]
    .concat();
    check(settings, &over.repeat(2));
}

#[test]
fn a_reload_holds_from_the_next_row_on() {
    let begin = "F Query \"select 1\"\n> Query \"select 1\"\n";
    let five = "54000 \"ended by pgwarden: the result exceeds copy_rows (5) on record \"orders\"\"";
    let failed = FAILED.replace("ROWS \"3", &format!("{five} \"5"));
    check(
        rows(3),
        &[
            begin,
            &ROW.repeat(3),
            "R five_rows\n",
            &ROW.repeat(2),
            "B DataRow x\n",
            &failed,
        ]
        .concat(),
    );
    check(
        rows(5),
        &[
            begin,
            &ROW.repeat(3),
            "R three_rows\n",
            "B DataRow x\n",
            &FAILED.replace("ROWS", &five.replace("(5)", "(3)")),
        ]
        .concat(),
    );
}

#[test]
fn the_end_of_the_server_stays_what_it_is() {
    let begin = "F Query \"select 1\"\n> Query \"select 1\"\n";
    check(
        rows(1),
        &[
            begin,
            ROW,
            "B DataRow x\n! refused copy_rows\n! cancel\nB Fatal\n< ErrorResponse 57P01 \"terminating connection\"\n",
        ]
        .concat(),
    );
}

#[test]
fn a_copy_behind_a_result_that_is_ended_ends_the_session() {
    let settings = Settings {
        can_import_csv: true,
        ..rows(1)
    };
    check(
        settings,
        r#"
        F Query "select 1; copy t from stdin"
        > Query "select 1; copy t from stdin"
        B DataRow x
        < DataRow
        B DataRow x
        ! refused copy_rows
        ! cancel
        B CommandComplete "SELECT 2"
        B CopyInResponse
        ! terminate FATAL "1 rows had passedCOMPLETED
        "#,
    );
}

#[test]
fn who_has_taken_leave_gets_no_error_but_an_end() {
    check(
        rows(1),
        r#"
        F Query "select 1"
        > Query "select 1"
        F Terminate
        ! leave
        > Terminate
        B DataRow x
        < DataRow
        B DataRow x
        ! refused copy_rows
        B CommandComplete "SELECT 2"
        ! terminate FATAL "1 rows had passedCOMPLETED
        "#,
    );
}

#[test]
fn a_server_that_does_not_fail_what_it_must_ends_the_session() {
    check(
        rows(1),
        r#"
        F Query "select 1"
        > Query "select 1"
        B DataRow x
        < DataRow
        B DataRow x
        ! refused copy_rows
        ! cancel
        K ended
        B CommandComplete "SELECT 2"
        B ReadyForQuery I
        > Query "NONCE"
        B ReadyForQuery I
        ! terminate FATAL "1 rows had passedCOMPLETED
        "#,
    );
}

#[test]
fn values_are_as_long_as_a_paste_may_be() {
    let settings = Settings {
        paste_bytes: 10,
        ..Settings::default()
    };
    let prepare =
        "F Parse \"s\" \"insert into t values ($1)\"\n> Parse \"s\" \"insert into t values ($1)\"\n";
    check(
        settings.clone(),
        &[
            prepare,
            r#"
        F BindValue "" "s" 10
        > Bind "" "s"
        F BindValue "" "s" 11
        ! refused paste_bytes
        > Bind "" "NONCE"
        F Sync
        > Sync
        B ParseComplete
        < ParseComplete
        B BindComplete
        < BindComplete
        B ErrorResponse 26000 "prepared statement NONCE does not exist"
        < ErrorResponse 42501 "refused by pgwarden: bound parameters of 11 bytes are not allowed on record "orders" (paste_bytes is 10)"
        "#,
        ]
        .concat(),
    );
    let paster = Settings {
        can_paste_from_clipboard: true,
        ..settings
    };
    check(
        paster,
        &[prepare, "F BindValue \"\" \"s\" 11\n> Bind \"\" \"s\"\n"].concat(),
    );
}

#[test]
fn hours_are_shared_between_sessions() {
    let settings = Settings {
        copy_rows_per_hour: Some(3),
        paste_bytes_per_hour: Some(20),
        ..rows(3)
    };
    // Another session has had two rows and sent 8 bytes.
    let make = || {
        let hour = Arc::new(Hour::new(Instant::now()));
        let gate = || {
            Gate::new(GateOptions {
                rules: super::rules(settings.clone(), 1),
                max_message: 1 << 20,
                replication: false,
                hour: Arc::clone(&hour),
                nonces: || [7; 12],
            })
        };
        let mut other = Run::new(gate());
        other.feed_client("", &client_message("Query \"select 1\""), usize::MAX);
        other.feed_server("", &server_message("DataRow x"), usize::MAX);
        other.feed_server("", &server_message("DataRow x"), usize::MAX);
        gate()
    };
    let over = query_over("select 1", 1)
        .replace("refused copy_rows", "refused copy_rows_per_hour")
        .replace("the result exceeds copy_rows", "")
        .replace(
            "ROWS",
            "54000 \"ended by pgwarden: the results of an hour exceed copy_rows_per_hour (3) on record \"orders\"\"",
        )
        .replace("3 rows had", "1 rows had");
    let refused = r#"
        F Query "select 45"
        ! refused paste_bytes_per_hour
        > Query "NONCE"
        B ErrorResponse 42601 "syntax error at or near NONCE"
        < ErrorResponse 42501 "refused by pgwarden: statements of 9 bytes are not allowed on record "orders" (paste_bytes_per_hour is 20)"
        B ReadyForQuery I
        < ReadyForQuery I
        F Query "end;"
        > Query "end;"
    "#;
    check_gate(&make, &with_errors(3, &[&over, refused].concat()));
}
