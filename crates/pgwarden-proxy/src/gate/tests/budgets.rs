//! Results and values within their budgets, and beyond.

mod accounts;

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
        paste_bytes: 30,
        ..Settings::default()
    };
    let prepare =
        "F Parse \"s\" \"insert into t values ($1)\"\n> Parse \"s\" \"insert into t values ($1)\"\n";
    check(
        settings.clone(),
        &[
            prepare,
            r#"
        F BindValue "" "s" 30
        > Bind "" "s"
        F BindValue "" "s" 31
        ! refused paste_bytes
        > Bind "" "NONCE"
        F Sync
        > Sync
        B ParseComplete
        < ParseComplete
        B BindComplete
        < BindComplete
        B ErrorResponse 26000 "prepared statement NONCE does not exist"
        < ErrorResponse 42501 "refused by pgwarden: bound parameters of 31 bytes are not allowed on record "orders" (paste_bytes is 30)"
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
        &[prepare, "F BindValue \"\" \"s\" 31\n> Bind \"\" \"s\"\n"].concat(),
    );
}
