//! The recording: everything, before it is passed on, and no password.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use pgwarden_recording::{Content, EndReason, Ending, Event, Item, Messages, Reader, RecordedEvent, Stream};
use testkit::{Cluster, Message, Proxy, RawClient, Record, TestDb, frontend, trace, wait_for};

use crate::conversation::extended;

fn database() -> TestDb {
    let database = Cluster::shared().unwrap().database().unwrap();
    database
        .execute("create table t (a int, b text); insert into t values (1, 'one')")
        .unwrap();
    database
}

/// What one recording holds.
#[derive(Debug)]
struct Recording {
    /// Whole messages in the order in which they were recorded.
    messages: Vec<(Stream, Message)>,
    events: Vec<Event>,
    ending: Ending,
}

impl Recording {
    fn read(path: &Path) -> Self {
        let mut reader = Reader::open(path).unwrap();
        let mut joined = Messages::new();
        let (mut messages, mut events) = (Vec::new(), Vec::new());
        while let Some(entry) = reader.next_entry().unwrap() {
            match entry.content {
                Content::Frames { stream, bytes } => joined
                    .push(entry.at, stream, bytes, |item| {
                        let Item::Message(message) = item else {
                            return Err("a stream of no messages");
                        };
                        messages.push((
                            message.stream,
                            Message {
                                tag: message.tag,
                                body: message.body.to_vec(),
                            },
                        ));
                        Ok(())
                    })
                    .unwrap(),
                Content::Event(RecordedEvent::Known(event)) => events.push(event),
                Content::Event(RecordedEvent::Unknown(text)) => panic!("{text}"),
            }
        }
        Recording {
            messages,
            events,
            ending: reader.ending().unwrap().clone(),
        }
    }

    fn of(&self, streams: &[Stream]) -> Vec<Message> {
        self.messages
            .iter()
            .filter(|(stream, _)| streams.contains(stream))
            .map(|(_, message)| message.clone())
            .collect()
    }
}

/// All recordings of a proxy, the oldest first.
fn recordings(proxy: &Proxy) -> Vec<Recording> {
    let mut paths = Vec::new();
    let mut directories = vec![proxy.recordings()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                directories.push(entry.path());
            } else {
                paths.push((entry.metadata().unwrap().modified().unwrap(), entry.path()));
            }
        }
    }
    paths.sort();
    paths.iter().map(|(_, path)| Recording::read(path)).collect()
}

#[track_caller]
fn the_recording(proxy: &Proxy) -> Recording {
    let mut all = recordings(proxy);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// Both sides' messages, byte for byte; of a refusal what was asked, what was sent instead, and both errors.
#[test]
fn everything_is_in_it() {
    let database = database();
    let proxy = Proxy::before(&database)
        .record(
            Record::new("orders")
                .setting("can_import_csv", true)
                .setting("can_paste_from_clipboard", true)
                .setting("can_export_csv", false),
        )
        .start()
        .unwrap();
    let mut client = RawClient::connect(proxy.address()).unwrap();
    let mut heard = client
        .login(&[("user", "alice@orders")], proxy.password("alice").unwrap())
        .unwrap();
    // The key would let its reader cancel.
    heard.retain(|message| message.tag != b'K');
    let mut said = Vec::new();
    let copy = [frontend::copy_data("2\ttwo\n"), frontend::copy_done()].concat();
    for (messages, readies) in [
        (vec![frontend::query("select * from t; select 1/0")], 1),
        (vec![frontend::query("copy t to stdout")], 1),
        (
            vec![
                extended("s", "copy t to stdout"),
                extended("", "select 1"),
                frontend::sync(),
            ],
            1,
        ),
        (vec![frontend::query("copy t from stdin"), copy], 1),
        // Dropped, and recorded.
        (
            vec![
                frontend::copy_data("stray"),
                frontend::query("listen x; notify x"),
            ],
            1,
        ),
        (
            vec![frontend::query(format!("select '{}'", "x".repeat(300_000)))],
            1,
        ),
    ] {
        client.send(&messages.concat()).unwrap();
        said.extend(messages.concat());
        for _ in 0..readies {
            heard.extend(client.receive_ready().unwrap());
        }
    }
    client.send(&frontend::terminate()).unwrap();
    said.extend(frontend::terminate());
    heard.extend(client.receive_to_end().unwrap());
    proxy.assert_idle();

    let recording = the_recording(&proxy);
    let bytes = |messages: &[Message]| messages.iter().flat_map(Message::bytes).collect::<Vec<u8>>();
    assert!(bytes(&recording.of(&[Stream::ClientForwarded, Stream::ClientWithheld])) == said);
    assert_eq!(
        recording.of(&[Stream::ServerForwarded, Stream::ClientBound]),
        heard
    );
    let withheld = recording.of(&[Stream::ClientWithheld]);
    assert_eq!(
        withheld.iter().map(|message| message.tag).collect::<Vec<_>>(),
        b"QPd"
    );
    let stand_ins = recording.of(&[Stream::ServerBound]);
    let server_errors = recording.of(&[Stream::ServerWithheld]);
    let shown = recording.of(&[Stream::ClientBound]);
    assert_eq!((stand_ins.len(), server_errors.len(), shown.len()), (2, 2, 2));
    for (stand_in, error) in stand_ins.iter().zip(&server_errors) {
        let text = String::from_utf8_lossy(&stand_in.body);
        let nonce = text.trim_matches('\0').trim_start_matches("s\0").to_owned();
        assert!(nonce.starts_with("pgwarden_refused_"), "{nonce:?}");
        assert!(error.field(b'M').unwrap().contains(&nonce), "{error:?}");
    }
    let verdicts: Vec<&Event> = recording
        .events
        .iter()
        .filter(|event| matches!(event, Event::Verdict { refused: true, setting, .. } if setting == "can_export_csv"))
        .collect();
    assert_eq!(verdicts.len(), 2);
    let Ending::Ended(end, _) = recording.ending else {
        panic!("{:?}", recording.ending)
    };
    assert_eq!(end.reason, EndReason::ClientTerminated);
}

/// Whatever the server has seen is in the recording, however suddenly pgwarden died; and whatever the client has.
#[test]
fn a_crash_loses_nothing_that_was_passed_on() {
    let database = database();
    let mut proxy = Proxy::before(&database)
        .record(Record::open("orders"))
        .start()
        .unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    let mut reader = proxy.client("alice", "orders").unwrap();
    let (answered, rows_read) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let read = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            // Until the connection breaks.
            for number in 0.. {
                let sql = format!("select {number}, repeat('x', 2000)");
                if client
                    .send(&[frontend::query(&sql), frontend::query(&sql)].concat())
                    .is_err()
                    || client.receive_ready().is_err()
                    || client.receive_ready().is_err()
                {
                    break;
                }
                answered.fetch_add(1, Ordering::Relaxed);
            }
        });
        let reading = scope.spawn(|| {
            let mut read = Vec::new();
            reader
                .send(&frontend::query(
                    "select i, repeat('y', 1000) from generate_series(1, 1000000) i",
                ))
                .unwrap();
            while let Ok(Some(message)) = reader.receive() {
                if message.tag == b'D' {
                    read.push(message.columns()[0].clone().unwrap());
                    rows_read.fetch_add(1, Ordering::Relaxed);
                }
            }
            read
        });
        wait_for("some answers", || {
            answered.load(Ordering::Relaxed) > 100 && rows_read.load(Ordering::Relaxed) > 1_000
        });
        proxy.kill().unwrap();
        writer.join().unwrap();
        reading.join().unwrap()
    });
    wait_for("the server's connections to end", || {
        database.backends().unwrap() == 0
    });

    let mut queries = Vec::new();
    let mut rows = Vec::new();
    for recording in recordings(&proxy) {
        assert!(
            matches!(recording.ending, Ending::Cut { .. }),
            "{:?}",
            recording.ending
        );
        for message in recording.of(&[Stream::ClientForwarded]) {
            queries.push(
                String::from_utf8_lossy(&message.body)
                    .trim_end_matches('\0')
                    .to_owned(),
            );
        }
        for message in recording.of(&[Stream::ServerForwarded]) {
            if message.tag == b'D' && message.columns()[1].as_ref().unwrap().starts_with('y') {
                rows.push(message.columns()[0].clone().unwrap());
            }
        }
    }
    let executed: Vec<String> = database
        .statements()
        .unwrap()
        .into_iter()
        .filter(|sql| sql.contains("repeat("))
        .collect();
    assert!(executed.len() > 200);
    for sql in &executed {
        let times = |all: &[String]| all.iter().filter(|other| *other == sql).count();
        assert!(times(&queries) >= times(&executed), "{sql} ran unrecorded");
    }
    assert_eq!(
        rows[..read.len()],
        read[..],
        "the client saw rows that aren't recorded"
    );
}

/// No password that a statement sets, and no echo of one, whoever says it again.
#[test]
fn passwords_are_masked() {
    let secrets = [
        "Xk4-plain-literal",
        "Xk4-escaped-literal",
        "Xk4-dollar-quoted",
        "Xk4-continued-literal",
        "Xk4-unicode-literal",
        "Xk4-in-a-block",
        "Xk4-by-parse",
    ];
    let database = database();
    database.grant_superuser().unwrap();
    let role = format!("{}_role", database.login());
    database.execute(&format!("create role {role}")).unwrap();
    let proxy = secrets
        .iter()
        .fold(
            Proxy::before(&database).record(Record::open("orders")),
            |config, secret| config.secret(secret),
        )
        .start()
        .unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    // The server sends its own log to the client, statements and all.
    client
        .query("set client_min_messages to log; set log_error_verbosity to verbose; set log_duration to on")
        .unwrap();
    let mut heard = Vec::new();
    let mut say = |messages: Vec<u8>| {
        client.send(&messages).unwrap();
        heard.extend(client.receive_ready().unwrap());
    };
    for sql in [
        format!("alter role {role} password 'Xk4-plain-literal'"),
        format!(
            "select 1; ALTER ROLE {role} WITH ENCRYPTED PassWord E'Xk4\\x2descaped\\055literal'; select 2"
        ),
        format!("create user {role}2 password $$Xk4-dollar-quoted$$; drop role {role}2"),
        format!("alter role {role} password/**/'Xk4-continued'\n  '-literal'"),
        format!("alter role {role} password U&'Xk4-unicode!002dliteral' uescape '!'"),
        format!("do $$ begin execute 'select 1'; alter role {role} password 'Xk4-in-a-block'; end $$"),
        // Errors quote the statement they stand in.
        format!("alter role {role}x password 'Xk4-plain-literal'"),
        "select 'Xk4-plain-literal', 'Xk4-escaped-literal' || 1/0".to_owned(),
        "do $$ begin perform 'Xk4-dollar-quoted'; perform 1/0; end $$".to_owned(),
        "select query from pg_stat_activity where query like '%Xk4-continued-literal%'".to_owned(),
        "select 'Xk4-unicode-literal', 'Xk4-in-a-block'".to_owned(),
        // In one message with rows before and behind.
        "select repeat('.', 70000) || 'Xk4-plain-literal' || repeat('.', 70000)".to_owned(),
        "copy (select 'Xk4-plain-literal') to stdout".to_owned(),
    ] {
        say(frontend::query(sql));
    }
    say([
        extended("s", &format!("alter role {role} password 'Xk4-by-parse'")),
        frontend::sync(),
    ]
    .concat());
    // Bound, and given back.
    say([
        frontend::parse("", "select $1::text, length($2)"),
        frontend::bind("", "", &[Some(b"Xk4-by-parse"), Some(b"Xk4-by-parse")]),
        frontend::execute("", 0),
        frontend::sync(),
    ]
    .concat());
    // The client itself is shown what there is.
    let shown = heard.iter().flat_map(Message::bytes).collect::<Vec<u8>>();
    let shown = String::from_utf8_lossy(&shown).into_owned();
    for secret in ["Xk4-plain-literal", "Xk4-in-a-block", "Xk4-by-parse"] {
        assert!(shown.contains(secret), "{secret}");
    }
    drop(client);
    // Looks for them all.
    proxy.assert_idle();
    let recording = the_recording(&proxy);
    let texts: Vec<String> = recording
        .of(&[Stream::ClientForwarded])
        .iter()
        .map(|message| {
            String::from_utf8_lossy(&message.body)
                .trim_end_matches('\0')
                .to_owned()
        })
        .collect();
    assert!(
        texts
            .iter()
            .any(|text| text.starts_with(&format!("alter role {role} password *****"))),
        "{texts:?}"
    );
    database.execute(&format!("drop role {role}")).unwrap();
}

/// A script that runs pgwarden with files of at most 256 KiB, so that a recording fails as on a full disk.
fn small_files(directory: &Path) -> PathBuf {
    let script = directory.join("small-files");
    let binary = testkit::pgwarden_binary().unwrap();
    // Ignored, so that the write fails instead of the process.
    let text = format!(
        "#!/bin/sh\ntrap '' XFSZ\nulimit -f 512\nexec '{}' \"$@\"\n",
        binary.display()
    );
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    script
}

#[test]
fn what_cannot_be_recorded_is_not_passed_on() {
    let database = database();
    let directory = tempfile::tempdir().unwrap();
    let proxy = Proxy::before(&database)
        .binary(small_files(directory.path()))
        .start()
        .unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    let mut other = proxy.client("alice", "orders").unwrap();
    let padding = "x".repeat(1_000);
    let mut last_words = None;
    let mut asked = 0;
    for number in 0..1_000 {
        asked = number;
        client
            .send(&frontend::query(format!(
                "insert into t values ({number}, '{padding}')"
            )))
            .unwrap();
        if let Err(error) = client.receive_ready() {
            last_words = Some(format!("{error:#}"));
            break;
        }
    }
    let last_words = last_words.unwrap();
    assert!(
        last_words.contains("FATAL 58030 \"session can't be recorded\""),
        "{last_words}"
    );
    // The other session is a file of its own.
    other.query("select 1").unwrap();
    drop((client, other));
    proxy.assert_idle();
    let mut recorded = 0;
    for recording in recordings(&proxy) {
        recorded += recording
            .of(&[Stream::ClientForwarded])
            .iter()
            .filter(|message| message.body.starts_with(b"insert"))
            .count();
    }
    let ran: usize = database
        .statements()
        .unwrap()
        .iter()
        .filter(|sql| sql.starts_with("insert into t values (") && sql.len() > 1_000)
        .count();
    assert!(ran <= recorded, "{ran} ran, {recorded} are recorded");
    assert!(asked >= ran - 1 && ran > 10);
    assert!(proxy.metric("pgwarden_recording_errors_total", &[]).unwrap() >= 1.0);
    assert_eq!(
        proxy
            .metric("pgwarden_sessions_total", &[("outcome", "recording_failed")])
            .unwrap(),
        1.0
    );
}

/// The answer is too long for what room is left: the client gets none of it that isn't recorded.
#[test]
fn an_answer_that_cannot_be_recorded() {
    let database = database();
    let directory = tempfile::tempdir().unwrap();
    let proxy = Proxy::before(&database)
        .record(Record::open("orders"))
        .binary(small_files(directory.path()))
        .start()
        .unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    client
        .send(&frontend::query(
            "select i, repeat('y', 1000) from generate_series(1, 100000) i",
        ))
        .unwrap();
    let mut seen = Vec::new();
    // It may end within a row, behind which there can be no error.
    while let Ok(Some(message)) = client.receive() {
        seen.push(message);
    }
    if let Some(error) = seen.iter().find(|message| message.tag == b'E') {
        assert_eq!(error.sqlstate().as_deref(), Some("58030"));
    }
    proxy.assert_idle();
    let recording = the_recording(&proxy);
    let rows = |messages: &[Message]| messages.iter().filter(|message| message.tag == b'D').count();
    let recorded = rows(&recording.of(&[Stream::ServerForwarded]));
    assert!(
        rows(&seen) <= recorded && rows(&seen) < 100_000,
        "{} {recorded}",
        rows(&seen)
    );
}

#[test]
fn without_a_recording_there_is_no_session() {
    let database = database();
    let proxy = Proxy::before(&database).start().unwrap();
    proxy.client("alice", "orders").unwrap();
    proxy.assert_idle();
    // Root may write anywhere, so that a closed directory would stop nobody.
    std::fs::remove_dir_all(proxy.recordings()).unwrap();
    std::fs::write(proxy.recordings(), "in the way").unwrap();
    let mut client = RawClient::connect(proxy.address()).unwrap();
    let answers = client
        .try_login(&[("user", "alice@orders")], proxy.password("alice").unwrap())
        .unwrap();
    assert_eq!(
        trace(&answers),
        "B  ErrorResponse FATAL 58030 \"session can't be recorded\"\n"
    );
    assert!(client.receive().unwrap().is_none());
    std::fs::remove_file(proxy.recordings()).unwrap();
    std::fs::create_dir(proxy.recordings()).unwrap();
    proxy.client("alice", "orders").unwrap();
    proxy.assert_idle();
}

#[test]
fn best_effort_goes_on_and_says_so() {
    let database = database();
    let directory = tempfile::tempdir().unwrap();
    let proxy = Proxy::before(&database)
        .recording("mode = \"best_effort\"")
        .binary(small_files(directory.path()))
        .start()
        .unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    let answers = client
        .query("select repeat('y', 1000) from generate_series(1, 1000)")
        .unwrap();
    assert_eq!(
        answers.iter().filter(|message| message.tag == b'D').count(),
        1_000
    );
    client.query("select 1").unwrap();
    assert!(proxy.metric("pgwarden_recording_errors_total", &[]).unwrap() >= 1.0);
    drop(client);
    proxy.assert_idle();
}

#[test]
fn off_leaves_no_file() {
    let database = database();
    let proxy = Proxy::before(&database)
        .recording("mode = \"off\"")
        .start()
        .unwrap();
    proxy
        .client("alice", "orders")
        .unwrap()
        .query("select 1")
        .unwrap();
    proxy.assert_idle();
    let files = std::fs::read_dir(proxy.recordings()).map_or(0, Iterator::count);
    assert_eq!(files, 0);
}

/// How each session ended is told from within its recording.
#[test]
fn endings() {
    let database = database();
    let mut proxy = Proxy::before(&database)
        .record(Record::new("orders"))
        .server("max_message = \"8KiB\"")
        .start()
        .unwrap();
    let ending = |proxy: &Proxy| {
        let mut recordings = recordings(proxy);
        let last = recordings.pop().unwrap();
        match last.ending {
            Ending::Ended(end, _) => (end.reason, end.sqlstate),
            other => panic!("{other:?}"),
        }
    };
    let mut clients = Vec::new();
    drop(proxy.client("alice", "orders").unwrap());
    proxy.assert_idle();
    assert_eq!(ending(&proxy), (EndReason::ClientVanished, None));
    let mut client = proxy.client("alice", "orders").unwrap();
    client.send(&frontend::query("x".repeat(10_000))).unwrap();
    client.receive_to_end().unwrap();
    proxy.assert_idle();
    assert_eq!(
        ending(&proxy),
        (EndReason::LimitExceeded, Some("54000".to_owned()))
    );
    let mut client = proxy.client("alice", "orders").unwrap();
    client.send(b"\0\0\0\0\0").unwrap();
    client.receive_to_end().unwrap();
    proxy.assert_idle();
    // The FATAL was the server's.
    assert_eq!(ending(&proxy), (EndReason::ProtocolViolation, None));
    let mut client = proxy.client("alice", "orders").unwrap();
    client.send(b"Q\0\0\0\0").unwrap();
    client.receive_to_end().unwrap();
    proxy.assert_idle();
    assert_eq!(
        ending(&proxy),
        (EndReason::ProtocolViolation, Some("08P01".to_owned()))
    );
    clients.push(proxy.client("alice", "orders").unwrap());
    proxy.reconfigure("enable = true", "enable = false").unwrap();
    clients[0].receive_to_end().unwrap();
    proxy.assert_idle();
    assert_eq!(
        ending(&proxy),
        (EndReason::RecordDisabled, Some("57P01".to_owned()))
    );
    proxy.reconfigure("enable = false", "enable = true").unwrap();
    clients[0] = proxy.client("alice", "orders").unwrap();
    proxy.terminate().unwrap();
    assert_eq!(ending(&proxy), (EndReason::Shutdown, Some("57P01".to_owned())));
}
