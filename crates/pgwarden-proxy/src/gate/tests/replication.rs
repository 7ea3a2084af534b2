//! Replication connections.

use super::*;

#[track_caller]
fn check(settings: Settings, trace: &str) {
    let make = || {
        Gate::new(GateOptions {
            rules: rules(settings.clone(), 1),
            facts: Arc::new(FactsCache::new(1 << 20)),
            max_message: 1 << 20,
            replication: true,
            hour: Arc::new(Hour::new(Instant::now())),
            nonces: || [7; 12],
        })
    };
    check_gate(&make, trace);
}

fn replicator() -> Settings {
    Settings {
        can_replicate: true,
        ..Settings::default()
    }
}

#[test]
fn a_stream_runs_both_ways() {
    check(
        replicator(),
        r#"
        F Query "START_REPLICATION SLOT s LOGICAL 0/0 (proto_version '1')"
        > Query "START_REPLICATION SLOT s LOGICAL 0/0 (proto_version '1')"
        F CopyData r1
        B CopyBothResponse
        < CopyBothResponse
        > CopyData "r1"
        B CopyData k1
        < CopyData "k1"
        F CopyData r2
        > CopyData "r2"
        B CopyData w1
        < CopyData "w1"
        F CopyDone
        > CopyDone
        F CopyData late
        B CopyData w2
        < CopyData "w2"
        B CopyDone
        < CopyDone
        B CommandComplete "COPY 0"
        < CommandComplete "COPY 0"
        B CommandComplete "START_REPLICATION"
        < CommandComplete "START_REPLICATION"
        B ReadyForQuery I
        < ReadyForQuery I
        F CopyData stray
        F Query "IDENTIFY_SYSTEM"
        > Query "IDENTIFY_SYSTEM"
        "#,
    );
}

/// At the end of a timeline the server ends first, and has a row to give (`StartReplication`, replication/walsender.c).
#[test]
fn a_stream_that_the_server_ends_has_a_result() {
    check(
        replicator(),
        r#"
        F Query "START_REPLICATION 0/3000000 TIMELINE 1"
        > Query "START_REPLICATION 0/3000000 TIMELINE 1"
        B CopyBothResponse
        < CopyBothResponse
        B CopyDone
        < CopyDone
        F CopyData r
        > CopyData "r"
        F CopyDone
        > CopyDone
        B DataRow 2
        < DataRow
        B CommandComplete "START_STREAMING"
        < CommandComplete "START_STREAMING"
        B CommandComplete "START_REPLICATION"
        < CommandComplete "START_REPLICATION"
        B ReadyForQuery I
        < ReadyForQuery I
        "#,
    );
}

#[test]
fn a_stream_that_fails_takes_no_more_data() {
    check(
        replicator(),
        r#"
        F Query "START_REPLICATION 0/3000000"
        > Query "START_REPLICATION 0/3000000"
        B CopyBothResponse
        < CopyBothResponse
        B ErrorResponse 58P01 "requested WAL segment has already been removed"
        < ErrorResponse 58P01 "requested WAL segment has already been removed"
        F CopyData r
        B ReadyForQuery I
        < ReadyForQuery I
        F CopyData r
        F CopyDone
        F Query "IDENTIFY_SYSTEM"
        > Query "IDENTIFY_SYSTEM"
        "#,
    );
}

/// From 15 on it is two results, one copy, another result.
#[test]
fn a_base_backup_has_several_results() {
    check(
        replicator(),
        r#"
        F Query "BASE_BACKUP (LABEL 'x')"
        > Query "BASE_BACKUP (LABEL 'x')"
        B DataRow 0
        < DataRow
        B CommandComplete "SELECT"
        < CommandComplete "SELECT"
        B CommandComplete "SELECT"
        < CommandComplete "SELECT"
        B CopyOutResponse
        < CopyOutResponse
        F CopyData unasked
        B CopyData n
        < CopyData "n"
        B CopyDone
        < CopyDone
        B CommandComplete "SELECT"
        < CommandComplete "SELECT"
        B CommandComplete "BASE_BACKUP"
        < CommandComplete "BASE_BACKUP"
        B ReadyForQuery I
        < ReadyForQuery I
        B CopyOutResponse
        ! guard
        ! terminate 42501 "terminated by pgwarden: COPY TO was not approved on record \"orders\""
        "#,
    );
}

/// Up to 14 it is a copy for each tablespace.
#[test]
fn a_base_backup_has_several_copies() {
    check(
        replicator(),
        r#"
        F Query "BASE_BACKUP LABEL 'x'"
        > Query "BASE_BACKUP LABEL 'x'"
        B CommandComplete "SELECT"
        < CommandComplete "SELECT"
        B CopyOutResponse
        < CopyOutResponse
        B CopyData a
        < CopyData "a"
        B CopyDone
        < CopyDone
        B CopyOutResponse
        < CopyOutResponse
        B CopyDone
        < CopyDone
        B CommandComplete "SELECT"
        < CommandComplete "SELECT"
        B ReadyForQuery I
        < ReadyForQuery I
        "#,
    );
}

#[test]
fn an_error_ends_the_approvals_of_a_base_backup() {
    check(
        replicator(),
        r#"
        F Query "BASE_BACKUP"
        > Query "BASE_BACKUP"
        B CopyOutResponse
        < CopyOutResponse
        B ErrorResponse 57014 "canceling statement due to user request"
        < ErrorResponse 57014 "canceling statement due to user request"
        B CopyOutResponse
        ! guard
        ! terminate 42501 "terminated by pgwarden: COPY TO was not approved on record \"orders\""
        "#,
    );
}

#[test]
fn a_manifest_is_taken_once() {
    check(
        replicator(),
        r#"
        F Query "UPLOAD_MANIFEST"
        > Query "UPLOAD_MANIFEST"
        B CopyInResponse
        < CopyInResponse
        F CopyData m
        > CopyData "m"
        F CopyDone
        > CopyDone
        F CopyData late
        B CommandComplete "UPLOAD_MANIFEST"
        < CommandComplete "UPLOAD_MANIFEST"
        B CopyInResponse
        ! guard
        ! terminate 42501 "terminated by pgwarden: COPY FROM was not approved on record \"orders\""
        "#,
    );
}

/// A command approves its own copy and no other, and what only looks like one approves none.
#[test]
fn no_copy_but_that_of_the_command_passes() {
    for (query, response, copy) in [
        ("IDENTIFY_SYSTEM", "CopyBothResponse", "replication"),
        ("TIMELINE_HISTORY 1", "CopyOutResponse", "COPY TO"),
        ("BASE_BACKUP", "CopyBothResponse", "replication"),
        ("START_REPLICATION 0/0", "CopyOutResponse", "COPY TO"),
        ("UPLOAD_MANIFEST", "CopyOutResponse", "COPY TO"),
        ("start_replication 0/0", "CopyBothResponse", "replication"),
        ("/* */ BASE_BACKUP", "CopyOutResponse", "COPY TO"),
        ("SHOW x", "CopyOutResponse", "COPY TO"),
    ] {
        check(
            replicator(),
            &format!(
                r#"
                F Query "{query}"
                > Query "{query}"
                B {response}
                ! guard
                ! terminate 42501 "terminated by pgwarden: {copy} was not approved on record \"orders\""
                "#
            ),
        );
    }
}

/// Where commands are let pass, SQL is judged as ever.
#[test]
fn sql_is_judged_as_ever() {
    check(
        replicator(),
        r#"
        F Query "SHOW x; COPY t TO STDOUT"
        ! refused can_export_csv
        > Query "SHOW NONCE"
        B ErrorResponse 42704 "unrecognized configuration parameter «NONCE»"
        < ErrorResponse 42501 "refused by pgwarden: COPY TO is not allowed on record "orders" (can_export_csv is off)"
        B ReadyForQuery I
        < ReadyForQuery I
        F FunctionCall
        ! refused can_copy_to_clipboard
        > Query "SHOW NONCE"
        "#,
    );
}

#[test]
fn commands_are_refused_like_texts() {
    for command in [
        "IDENTIFY_SYSTEM",
        "START_REPLICATION 0/0",
        "BASE_BACKUP",
        "UPLOAD_MANIFEST",
    ] {
        check(
            closed(),
            &format!(
                r#"
                F Query "{command}"
                ! refused can_replicate
                > Query "SHOW NONCE"
                F CopyData ignored
                B ErrorResponse 42704 "unrecognized configuration parameter NONCE"
                < ErrorResponse 42501 "refused by pgwarden: a replication command is not allowed on record "orders" (can_replicate is off)"
                B ReadyForQuery I
                < ReadyForQuery I
                "#
            ),
        );
    }
}

#[test]
fn monitor_mode_lets_them_pass() {
    check(
        monitor(),
        r#"
        F Query "START_REPLICATION 0/0"
        ! observed can_replicate
        > Query "START_REPLICATION 0/0"
        B CopyBothResponse
        < CopyBothResponse
        F CopyData r
        > CopyData "r"
        B CopyData w
        < CopyData "w"
        "#,
    );
}

/// A stream never ends by itself, so a draining session doesn't wait for it; it waits for whole messages.
#[test]
fn a_stream_is_at_rest_between_messages() {
    let mut run = Run::new(Gate::new(GateOptions {
        rules: rules(replicator(), 1),
        facts: Arc::new(FactsCache::new(1 << 20)),
        max_message: 1 << 20,
        replication: true,
        hour: Arc::new(Hour::new(Instant::now())),
        nonces: || [7; 12],
    }));
    assert!(run.gate.is_at_rest());
    run.feed_client(
        "F",
        &client_message("Query \"START_REPLICATION 0/0\""),
        usize::MAX,
    );
    assert!(!run.gate.is_at_rest());
    run.feed_server("B", &server_message("CopyBothResponse"), usize::MAX);
    assert!(run.gate.is_at_rest() && run.gate.is_busy());
    let data = server_message("CopyData wal");
    run.feed_server("B", &data[..6], usize::MAX);
    assert!(!run.gate.is_at_rest());
    run.feed_server("B", &data[6..], usize::MAX);
    assert!(run.gate.is_at_rest());
}
