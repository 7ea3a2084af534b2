//! What is counted together.

use super::*;

#[test]
fn a_portal_counts_over_its_life() {
    let trace = r#"
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
        "#;
    check(rows(3), trace);
    check(rows(3), &trace.replace("\"p\"", "\"\""));
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
fn notices_of_a_commit_have_a_budget_too() {
    let settings = Settings {
        copy_bytes: 60,
        ..Settings::default()
    };
    // A notice of two letters has 25 bytes.
    let insert = extended("", "", "insert into t values (1)", 0, "INSERT 0 1")
        .replace("B ReadyForQuery T\n< ReadyForQuery T\n", "");
    let notice = "B Notice ab\n< NoticeResponse\n";
    let ready = "B ReadyForQuery I\n< ReadyForQuery I\n";
    check(
        settings,
        &[
            &[insert.as_str(), &notice.repeat(2), ready].concat().repeat(3),
            insert.as_str(),
            &notice.repeat(2),
            r#"
        B Notice ab
        ! refused copy_bytes
        ! cancel
        K ended
        B ReadyForQuery I
        > Bind "" "NONCE"
        > Sync
        B ErrorResponse 26000 "prepared statement NONCE does not exist"
        < ErrorResponse 54000 "ended by pgwarden: the result exceeds copy_bytes (60) on record "orders"" "0 rows of 50 bytes had passedCOMPLETED
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
                rules: super::super::rules(settings.clone(), 1),
                facts: Arc::new(FactsCache::new(1 << 20)),
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
