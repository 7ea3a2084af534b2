//! Listing and finding recordings, and their export.

use std::time::Duration;

use insta::assert_snapshot;
use pgwarden_recording::{
    EndReason, Event, FindError, Mode, SessionEnd, SessionFacts, SessionId, SessionState, SessionWriter,
    Timestamp, find, list, sessions_table,
};

use crate::script::{
    Script, bind, complete, data_row, error, execute, facts, parse, query, ready, row_description, sync,
    text_row,
};

#[test]
fn sessions_are_listed_by_their_heads_and_ends() {
    let mut ended = Script::new();
    ended
        .client(&[query("select 1")])
        .refused(
            query("copy t to stdout"),
            query("pgwarden_refused_1"),
            "copy t to stdout",
        )
        .refusal_shown()
        .after(Duration::from_millis(61_500))
        .end();
    let directory = ended.directory();
    let with = |id: u64, person: &str, after: u64| {
        let started = facts().started + Duration::from_secs(after);
        SessionWriter::create(
            directory,
            &SessionFacts::new(SessionId::from_bits(id), started, person, "reports"),
            Mode::Required,
        )
    };
    let mut cut = with(2, "bob", 10).unwrap();
    let note = Event::Note { text: "x".to_owned() };
    let verdict = |refused, setting: &str| Event::Verdict {
        refused,
        setting: setting.to_owned(),
        message: String::new(),
        statement: None,
    };
    let (refused, observed) = (verdict(true, "can_import_csv"), verdict(false, "opaque_code"));
    let frames = pgwarden_recording::Entry::Frames {
        stream: pgwarden_recording::Stream::ServerForwarded,
        bytes: &[0; 10_000],
    };
    let [refused, observed, note] = [&refused, &observed, &note].map(pgwarden_recording::Entry::Event);
    let _recorded = cut
        .append(
            Timestamp::from_micros(2_500_000),
            &[frames, observed, note, frames, observed],
        )
        .unwrap();
    drop(cut);
    let mut live = with(3, "eve\x1b[2J", 20).unwrap();
    for _ in 0..2 {
        let _recorded = live
            .append(Timestamp::START, &[refused, frames, observed])
            .unwrap();
    }
    std::fs::write(directory.join("junk.pgwr"), b"nothing of the kind").unwrap();
    std::fs::write(
        directory.join("20261124T082413.123456Z-00000000000000aa.pgwr"),
        b"nor this, if its name says so",
    )
    .unwrap();
    std::fs::write(
        directory.join("20261124T082413.123456Z-00000000000000ab.pgwr"),
        b"\x89PGWR",
    )
    .unwrap();
    std::fs::write(directory.join("catalogue.db"), b"").unwrap();

    let listing = list(directory).unwrap();
    assert_snapshot!(sessions_table(&listing.sessions), @r"
    SESSION           STARTED               DURATION  PERSON      RECORD   DATABASE  FROM            STATEMENTS  REFUSED  OBSERVED  STATE
    0123456789abcdef  2026-11-24 08:24:13Z      1:01  alice       orders   orders    10.1.2.3:50123           2        1         0  ended
    0000000000000002  2026-11-24 08:24:23Z   2.500 s  bob         reports  -         -                        -        0         2  cut
    0000000000000003  2026-11-24 08:24:33Z   0.000 s  eve\x1B[2J  reports  -         -                        -        2         2  live
    ");
    let states: Vec<_> = listing.sessions.iter().map(|session| session.state).collect();
    assert_eq!(
        states,
        [SessionState::Ended, SessionState::Cut, SessionState::Live]
    );
    let unreadable: Vec<_> = listing
        .unreadable
        .iter()
        .map(|error| error.to_string().replace(directory.to_str().unwrap(), ""))
        .collect();
    assert_eq!(
        unreadable,
        ["can't read /20261124T082413.123456Z-00000000000000aa.pgwr: it is not a recording of pgwarden"]
    );
    let json = serde_json::to_string_pretty(&listing.sessions[0]).unwrap();
    assert_snapshot!(json.replace(directory.to_str().unwrap(), "DIRECTORY"), @r#"
    {
      "id": "0123456789abcdef",
      "started": "2026-11-24T08:24:13.000250Z",
      "person": "alice",
      "record": "orders",
      "database": "orders",
      "client_address": "10.1.2.3:50123",
      "application_name": "psql",
      "server_version": "18.1",
      "pgwarden_version": "0.1.0",
      "state": "ended",
      "duration_us": 61500700,
      "end_reason": "client_terminated",
      "statements": 2,
      "refusals": 1,
      "observations": 0,
      "refused": {
        "can_export_csv": 1
      },
      "observed": {},
      "bytes": 1131,
      "path": "DIRECTORY/20261124T082413.000250Z-0123456789abcdef.pgwr"
    }
    "#);
    let by_setting: Vec<_> = listing
        .sessions
        .iter()
        .map(|session| format!("{:?} {:?}", session.refused, session.observed))
        .collect();
    assert_eq!(
        by_setting,
        [
            "Some({\"can_export_csv\": 1}) Some({})",
            "Some({}) Some({\"opaque_code\": 2})",
            "Some({\"can_import_csv\": 2}) Some({\"opaque_code\": 2})",
        ]
    );
    drop(live);
}

#[test]
fn a_directory_that_is_missing_has_no_sessions() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing");
    assert!(list(&missing).unwrap().sessions.is_empty());
    assert!(matches!(find(&missing, "last"), Err(FindError::Empty { .. })));
    assert!(matches!(find(&missing, "0123"), Err(FindError::NotFound { .. })));
}

#[test]
fn a_session_is_found_by_what_a_person_types() {
    let directory = tempfile::tempdir().unwrap();
    let path = |id: u64, after: u64| {
        let started = facts().started + Duration::from_secs(after);
        let facts = SessionFacts::new(SessionId::from_bits(id), started, "alice", "orders");
        let writer = SessionWriter::create(directory.path(), &facts, Mode::Required).unwrap();
        let path = writer.path().to_owned();
        writer
            .finish(&SessionEnd {
                at: Timestamp::START,
                reason: EndReason::Shutdown,
                sqlstate: None,
            })
            .unwrap();
        path
    };
    let newest = path(0xab12_0000_0000_0000, 100);
    let older = path(0xab13_0000_0000_0000, 10);
    let oldest = path(0x0100_0000_0000_0000, 0);
    let found = |session: &str| find(directory.path(), session).map_err(|error| error.to_string());

    assert_eq!(found("last"), Ok(newest.clone()));
    assert_eq!(found("ab12"), Ok(newest.clone()));
    assert_eq!(found("AB13000000000000"), Ok(older.clone()));
    assert_eq!(found("01"), Ok(oldest.clone()));
    assert_eq!(found(older.to_str().unwrap()), Ok(older.clone()));
    assert_eq!(found(older.file_name().unwrap().to_str().unwrap()), Ok(older));
    assert_eq!(
        found("ab1")
            .unwrap_err()
            .split_once(": ")
            .map(|(what, _)| what.to_owned()),
        Some("\"ab1\" is the beginning of 2 sessions".to_owned())
    );
    for nothing in ["ff", "", "xyz", "ab12000000000000f"] {
        assert!(found(nothing).unwrap_err().contains("matches"), "{nothing}");
    }
    // What was renamed goes by its header.
    std::fs::rename(&oldest, directory.path().join("evidence.pgwr")).unwrap();
    assert_eq!(found("01"), Ok(directory.path().join("evidence.pgwr")));
}

#[test]
fn export_has_a_line_for_each_message_and_event() {
    let mut script = Script::new();
    script
        .client(&[query("select 'ü', null")])
        .server(&[
            row_description(&[("a", 25), ("b", 25)]),
            data_row(&[Some("ü".as_bytes()), None]),
            data_row(&[Some(b"\xff"), Some(b"")]),
        ])
        .server(&[complete("SELECT 2"), ready(b'I')])
        .client(&[
            parse("s", "select $1", &[23]),
            bind("", "s", 1, &[Some(&7i32.to_be_bytes())], 0),
            execute("", 0),
            sync(),
        ])
        .refused(
            query("copy t to stdout"),
            query("pgwarden_refused_1"),
            "copy t to stdout",
        )
        .refusal_shown()
        .server(&[
            error(&[(b'S', "ERROR"), (b'C', "XX000"), (b'M', "x"), (b'z', "new")]),
            ready(b'E'),
            text_row(&["late"]),
        ])
        .end();
    let exported = script.exported();
    for line in exported.lines() {
        assert!(
            serde_json::from_str::<serde_json::Value>(line)
                .unwrap()
                .is_object()
        );
    }
    assert_snapshot!(exported, @r#"
    {"kind":"session_start","format_version":1,"id":"0123456789abcdef","started":"2026-11-24T08:24:13.000250Z","person":"alice","record":"orders","database":"orders","client_address":"10.1.2.3:50123","application_name":"psql","server_version":"18.1","pgwarden_version":"0.1.0"}
    {"kind":"message","at_us":100,"time":"2026-11-24T08:24:13.000350Z","stream":"client_forwarded","type":"Query","sql":"select 'ü', null"}
    {"kind":"message","at_us":200,"time":"2026-11-24T08:24:13.000450Z","stream":"server_forwarded","type":"RowDescription","columns":[{"format":"text","name":"a","type_oid":25},{"format":"text","name":"b","type_oid":25}]}
    {"kind":"message","at_us":200,"time":"2026-11-24T08:24:13.000450Z","stream":"server_forwarded","type":"DataRow","values":["ü",null]}
    {"kind":"message","at_us":200,"time":"2026-11-24T08:24:13.000450Z","stream":"server_forwarded","type":"DataRow","values":[{"base64":"/w=="},""]}
    {"kind":"message","at_us":300,"time":"2026-11-24T08:24:13.000550Z","stream":"server_forwarded","type":"CommandComplete","tag":"SELECT 2"}
    {"kind":"message","at_us":300,"time":"2026-11-24T08:24:13.000550Z","stream":"server_forwarded","type":"ReadyForQuery","status":"idle"}
    {"kind":"message","at_us":400,"time":"2026-11-24T08:24:13.000650Z","stream":"client_forwarded","type":"Parse","parameter_types":[23],"sql":"select $1","statement":"s"}
    {"kind":"message","at_us":400,"time":"2026-11-24T08:24:13.000650Z","stream":"client_forwarded","type":"Bind","parameters":[{"base64":"AAAABw==","text":"7"}],"portal":"","statement":"s"}
    {"kind":"message","at_us":400,"time":"2026-11-24T08:24:13.000650Z","stream":"client_forwarded","type":"Execute","portal":"","rows_max":0}
    {"kind":"message","at_us":400,"time":"2026-11-24T08:24:13.000650Z","stream":"client_forwarded","type":"Sync"}
    {"kind":"event","at_us":500,"time":"2026-11-24T08:24:13.000750Z","event":"verdict","message":"refused by pgwarden: COPY TO is not allowed on record \"orders\" (can_export_csv is off)","refused":true,"setting":"can_export_csv","statement":"copy t to stdout"}
    {"kind":"message","at_us":600,"time":"2026-11-24T08:24:13.000850Z","stream":"client_withheld","type":"Query","sql":"copy t to stdout"}
    {"kind":"message","at_us":700,"time":"2026-11-24T08:24:13.000950Z","stream":"server_bound","type":"Query","sql":"pgwarden_refused_1"}
    {"kind":"message","at_us":800,"time":"2026-11-24T08:24:13.001050Z","stream":"server_withheld","type":"ErrorResponse","fields":{"message":"syntax error at or near \"pgwarden_refused_1\"","severity_localized":"ERROR","sqlstate":"42601"}}
    {"kind":"message","at_us":900,"time":"2026-11-24T08:24:13.001150Z","stream":"client_bound","type":"ErrorResponse","fields":{"detail":"The statement copies table customers to the client.","hint":"Ask whoever grants record \"orders\" for can_export_csv.","message":"refused by pgwarden: COPY TO is not allowed on record \"orders\" (can_export_csv is off)","severity":"ERROR","severity_localized":"ERROR","sqlstate":"42501"}}
    {"kind":"message","at_us":1000,"time":"2026-11-24T08:24:13.001250Z","stream":"server_forwarded","type":"ErrorResponse","fields":{"message":"x","severity_localized":"ERROR","sqlstate":"XX000","z":"new"}}
    {"kind":"message","at_us":1000,"time":"2026-11-24T08:24:13.001250Z","stream":"server_forwarded","type":"ReadyForQuery","status":"failed"}
    {"kind":"message","at_us":1000,"time":"2026-11-24T08:24:13.001250Z","stream":"server_forwarded","type":"DataRow","values":["late"]}
    {"kind":"session_end","at_us":1100,"time":"2026-11-24T08:24:13.001350Z","counts":{"observations":0,"refusals":1,"refused":{"can_export_csv":1},"statements":3},"reason":"client_terminated","sqlstate":null}
    "#);
}

#[test]
fn no_secret_of_a_login_is_exported() {
    let mut script = Script::new();
    script
        .client(&[b"p\0\0\0\x0bsecret\0".to_vec()])
        .server(&[
            b"K\0\0\0\x0c\0\0\0\x07keys".to_vec(),
            b"R\0\0\0\x0c\0\0\0\x05salt".to_vec(),
        ])
        .end();
    for text in [
        script.exported(),
        script.played_with(pgwarden_recording::render::Colour::Off),
    ] {
        for secret in ["secret", "keys", "salt", "a2V5cw", "c2Fsd", "c2VjcmV0"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
