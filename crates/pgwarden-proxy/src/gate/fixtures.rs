//! Captured conversations of real clients (proto-fixtures) through the gate.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use pgwarden_policy::{FactsCache, Settings};
use proptest::prelude::*;

use super::{Action, Gate, GateOptions, Hour, Outcome, Rules};

/// What one read brought.
struct Said {
    by_client: bool,
    bytes: Vec<u8>,
}

/// One connection of a fixture.
type Conversation = Vec<Said>;

fn fixtures() -> Vec<(String, Vec<Conversation>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto-fixtures");
    let mut fixtures = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            fixtures.push((name, read(&std::fs::read_to_string(path).unwrap())));
        }
    }
    assert!(fixtures.len() >= 8, "{} fixtures", fixtures.len());
    fixtures.sort_by(|(a, _), (b, _)| a.cmp(b));
    fixtures
}

fn read(text: &str) -> Vec<Conversation> {
    let mut conversations: Vec<Conversation> = Vec::new();
    for line in text.lines() {
        match line.split_at(1) {
            ("#", _) => {}
            ("=", _) => conversations.push(Vec::new()),
            (side @ ("F" | "B"), escaped) => {
                let said = Said {
                    by_client: side == "F",
                    bytes: unescaped(escaped.strip_prefix(' ').unwrap()),
                };
                conversations.last_mut().unwrap().push(said);
            }
            other => panic!("{other:?}"),
        }
    }
    conversations
}

/// The inverse of `escape_ascii`.
fn unescaped(text: &str) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((&first, behind)) = rest.split_first() {
        rest = behind;
        if first != b'\\' {
            bytes.push(first);
            continue;
        }
        let (&escape, behind) = rest.split_first().unwrap();
        rest = behind;
        bytes.push(match escape {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'x' => {
                let (digits, behind) = rest.split_at(2);
                rest = behind;
                u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap()
            }
            same => same,
        });
    }
    bytes
}

/// What came of a conversation.
#[derive(Default)]
struct Outcomes {
    to_server: Vec<u8>,
    to_client: Vec<u8>,
    refused: Vec<&'static str>,
    terminated: Option<String>,
}

/// Runs a conversation up to its first refusal, from where on the captured answers don't fit any more.
fn replay(settings: &Settings, conversation: &Conversation, mut chunk: impl FnMut() -> usize) -> Outcomes {
    let rules = Rules {
        record: "orders".to_owned(),
        settings: Arc::new(settings.clone()),
        epoch: 1,
    };
    let nonces = || [7; 12];
    let mut gate = Gate::new(GateOptions {
        rules,
        facts: Arc::new(FactsCache::new(1 << 20)),
        max_message: 1 << 24,
        replication: false,
        hour: Arc::new(Hour::new(Instant::now())),
        nonces,
    });
    let (mut from_client, mut from_server) = (Vec::new(), Vec::new());
    let mut outcomes = Outcomes::default();
    for said in conversation {
        let mut rest = said.bytes.as_slice();
        while !rest.is_empty() {
            let (piece, behind) = rest.split_at(chunk().clamp(1, rest.len()));
            rest = behind;
            if said.by_client {
                &mut from_client
            } else {
                &mut from_server
            }
            .extend_from_slice(piece);
            loop {
                let server = gate.handle_backend(&from_server, Instant::now());
                take(&mut gate, &from_server, &mut outcomes, false);
                from_server.drain(..server);
                let client = gate.handle_frontend(&from_client, Instant::now());
                take(&mut gate, &from_client, &mut outcomes, true);
                from_client.drain(..client);
                if (server, client) == (0, 0) {
                    break;
                }
            }
            if outcomes.terminated.is_some() || !outcomes.refused.is_empty() {
                return outcomes;
            }
        }
    }
    assert_eq!((from_client.len(), from_server.len()), (0, 0), "bytes are left");
    outcomes
}

fn take(gate: &mut Gate, input: &[u8], outcomes: &mut Outcomes, by_client: bool) {
    while let Some(action) = gate.poll_action() {
        let out = if by_client {
            &mut outcomes.to_server
        } else {
            &mut outcomes.to_client
        };
        match action {
            Action::Forward(range) => out.extend_from_slice(&input[range]),
            Action::Send(bytes) => out.extend_from_slice(&bytes),
            Action::Verdict {
                refused,
                outcome: Outcome::Refused,
            } => outcomes.refused.push(refused.setting),
            Action::Verdict { .. }
            | Action::Withhold(_)
            | Action::Mask(_)
            | Action::Judged { .. }
            | Action::Completed(_)
            | Action::Cancel
            | Action::Leave => {}
            Action::Finish(_) => outcomes.terminated = Some("violation".to_owned()),
            Action::GuardTripped => outcomes.terminated = Some("guard".to_owned()),
            Action::Terminate(error) => outcomes.terminated = Some(error.message),
        }
    }
}

fn all_on() -> Settings {
    Settings {
        can_export_csv: true,
        can_import_csv: true,
        can_copy_to_clipboard: true,
        can_paste_from_clipboard: true,
        can_run_server_programs: true,
        can_change_credentials: true,
        ..Settings::default()
    }
}

/// With everything allowed, what goes in comes out.
#[track_caller]
fn check_unchanged(name: &str, conversation: &Conversation, chunk: impl FnMut() -> usize) {
    let outcomes = replay(&all_on(), conversation, chunk);
    let said = |by_client| -> Vec<u8> {
        let of = conversation.iter().filter(|said| said.by_client == by_client);
        of.flat_map(|said| said.bytes.iter().copied()).collect()
    };
    assert_eq!((outcomes.terminated, outcomes.refused), (None, vec![]), "{name}");
    assert!(
        outcomes.to_server == said(true),
        "{name}: the server got other bytes"
    );
    assert!(
        outcomes.to_client == said(false),
        "{name}: the client got other bytes"
    );
}

#[test]
fn every_byte_passes_where_everything_is_allowed() {
    for (name, conversations) in fixtures() {
        for conversation in &conversations {
            for chunk in [usize::MAX, 1, 2, 5, 64, 1000] {
                check_unchanged(&name, conversation, || chunk);
            }
        }
    }
}

#[test]
fn nothing_but_copy_is_refused_by_default() {
    for (name, conversations) in fixtures() {
        let mut refused = Vec::new();
        for conversation in &conversations {
            let outcomes = replay(&Settings::default(), conversation, || usize::MAX);
            assert_eq!(outcomes.terminated, None, "{name}");
            refused.extend(outcomes.refused);
        }
        let copies = ["psql-copy", "rust-client"].contains(&name.as_str());
        let expected: &[&str] = if copies { &["can_import_csv"] } else { &[] };
        assert_eq!(refused, expected, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn every_byte_passes_however_it_is_split(sizes in proptest::collection::vec(1usize..200, 1..50)) {
        for (name, conversations) in fixtures() {
            for conversation in &conversations {
                let mut sizes = sizes.iter().copied().cycle();
                check_unchanged(&name, conversation, || sizes.next().unwrap());
            }
        }
    }
}
