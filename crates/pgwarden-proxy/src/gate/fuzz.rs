//! Sequences of messages of both sides, made of arbitrary bytes.

#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a panic is what fuzzing looks for"
)]

use std::sync::Arc;
use std::time::Instant;

use pgwarden_policy::{FactsCache, Settings};

use super::{Action, Framing, Gate, GateOptions, Hour, Passage, Rules};

/// Bytes of input that are kept unfinished before the run is over.
const KEPT_BYTES_MAX: usize = 1 << 16;

/// Steps of a conversation. More find nothing that fewer don't.
const STEPS_MAX: usize = 1 << 10;

/// Feeds the gate a conversation that `data` describes: its first byte chooses the settings and the kind of connection,
/// each two that follow say whose message comes next, of what kind and with what text, or that the settings change.
///
/// # Panics
///
/// When the gate passes on bytes that it was not given, twice, or out of order, or leaves some out; when a copy passes
/// that no setting has allowed, or its data where no copy is under way; when more rows pass than a statement or the session may have; or when the same bytes in other pieces come to
/// something else.
pub fn fuzz_gate(data: &[u8]) {
    let whole = converse(data, usize::MAX);
    for chunk in [1, 7] {
        let split = converse(data, chunk);
        let same = if whole.gate.terminated {
            // What the client did wrong may show when half of a message for it has passed, which then ends there.
            whole.to_client.all.starts_with(&split.to_client.all)
        } else {
            split.to_client.all == whole.to_client.all
        };
        assert!(same, "in pieces of {chunk} bytes the client gets something else");
        assert!(
            split.to_server.all == whole.to_server.all,
            "in pieces of {chunk} bytes the server gets something else"
        );
        assert_eq!(split.gate.terminated, whole.gate.terminated);
    }
}

fn converse(data: &[u8], chunk: usize) -> Conversation {
    let (&first, rest) = data.split_first().unwrap_or((&0, &[]));
    let mut conversation = Conversation::new(first);
    for pair in rest.chunks(2).take(STEPS_MAX) {
        conversation.step(pair[0], pair.get(1).copied().unwrap_or_default(), chunk);
        let kept = conversation.from_client.len().max(conversation.from_server.len());
        if conversation.gate.terminated || kept > KEPT_BYTES_MAX {
            break;
        }
    }
    conversation
}

/// A gate, what is kept before it, and what came of it.
struct Conversation {
    gate: Gate,
    epoch: u64,
    guard: Guard,
    from_client: Vec<u8>,
    from_server: Vec<u8>,
    to_client: Out,
    to_server: Out,
}

impl Conversation {
    fn new(choice: u8) -> Self {
        let replication = choice & 1 == 1;
        let mut guard = Guard {
            allowed: Allowed::default(),
            replication,
            copying: false,
            giving: false,
            rows: 0,
            session_rows: 0,
        };
        Conversation {
            gate: Gate::new(GateOptions {
                rules: rules(1, guard.allowed.choose(choice >> 1)),
                facts: Arc::new(FactsCache::new(1 << 20)),
                max_message: 1 << 12,
                replication,
                hour: Arc::new(Hour::new(Instant::now())),
                nonces: || [7; 12],
            }),
            epoch: 1,
            guard,
            from_client: Vec::new(),
            from_server: Vec::new(),
            to_client: Out::default(),
            to_server: Out::default(),
        }
    }

    fn step(&mut self, step: u8, argument: u8, chunk: usize) {
        if step == RELOAD {
            self.epoch += 1;
            self.gate
                .apply_rules(rules(self.epoch, self.guard.allowed.choose(argument)));
            // What waited may pass now; if only the next piece told, its size would matter.
            self.turn();
            return;
        }
        if step == CANCEL_ENDED {
            self.gate.cancel_ended();
            self.turn();
            return;
        }
        let by_client = step & 1 == 0;
        let message = if by_client {
            client_message(step >> 1, argument)
        } else {
            server_message(step >> 1, argument)
        };
        for piece in message.chunks(chunk) {
            if by_client {
                self.from_client.extend_from_slice(piece);
            } else {
                self.from_server.extend_from_slice(piece);
            }
            self.turn();
        }
    }

    /// As the relay does: the server's bytes, then the client's.
    fn turn(&mut self) {
        let guard = &mut self.guard;
        let done = self.gate.handle_backend(&self.from_server, Instant::now());
        let from = (self.gate.from_server, self.from_server.as_slice(), done);
        self.to_client
            .obey(&mut self.gate, from, |begun| guard.begins_for_client(begun));
        self.from_server.drain(..done);
        let done = self.gate.handle_frontend(&self.from_client, Instant::now());
        let from = (self.gate.from_client, self.from_client.as_slice(), done);
        self.to_server
            .obey(&mut self.gate, from, |begun| guard.begins_for_server(begun));
        self.from_client.drain(..done);
    }
}

fn rules(epoch: u64, settings: Settings) -> Rules {
    Rules {
        record: "orders".to_owned(),
        settings: Arc::new(settings),
        epoch,
    }
}

/// The step that is a reload.
const RELOAD: u8 = 0xff;

/// The step at which the server has dealt with a cancel request, if there was one.
const CANCEL_ENDED: u8 = 0xfd;

/// What the settings have allowed so far: a statement that passed before a reload runs on.
#[derive(Debug, Default, Clone, Copy)]
struct Allowed {
    export: bool,
    import: bool,
    replicate: bool,
    copy_rows: u64,
    copy_rows_per_session: u64,
}

impl Allowed {
    fn choose(&mut self, choice: u8) -> Settings {
        let settings = Settings {
            can_export_csv: choice & 1 == 1,
            can_import_csv: choice & 2 == 2,
            can_replicate: choice & 4 == 4,
            can_copy_to_clipboard: choice & 0x18 == 0x18,
            copy_rows: u64::from(choice >> 5),
            copy_rows_per_session: if choice & 8 == 8 { 4 } else { 1000 },
            copy_bytes: if choice & 0x10 == 0x10 { 30 } else { 1 << 20 },
            ..Settings::default()
        };
        if settings.can_copy_to_clipboard {
            (self.copy_rows, self.copy_rows_per_session) = (u64::MAX, u64::MAX);
        }
        self.copy_rows = self.copy_rows.max(settings.copy_rows);
        self.copy_rows_per_session = self.copy_rows_per_session.max(settings.copy_rows_per_session);
        self.export |= settings.can_export_csv;
        self.import |= settings.can_import_csv;
        self.replicate |= settings.can_replicate;
        settings
    }
}

/// Whose copy data may pass, judged by nothing but what has come out.
#[derive(Debug)]
struct Guard {
    allowed: Allowed,
    replication: bool,
    /// The client has been asked for data and has not ended it.
    copying: bool,
    /// The client has been told that data comes.
    giving: bool,
    /// Rows that it has got of the statement.
    rows: u64,
    /// Rows that it has got in all.
    session_rows: u64,
}

impl Guard {
    /// A message begins to come out to the client.
    fn begins_for_client(&mut self, begun: Begun<'_>) {
        match begun.tag {
            b'D' => {
                self.rows += 1;
                self.session_rows += 1;
                // Replication commands are not counted, and the gate alone can tell them.
                assert!(
                    self.replication || self.rows <= self.allowed.copy_rows,
                    "more rows than a statement may have"
                );
                assert!(
                    self.replication || self.session_rows <= self.allowed.copy_rows_per_session,
                    "more rows than a session may have"
                );
            }
            // Also by what the server says of the next: a new portal of the name, or none.
            b's' | b'I' | b'2' | b'3' => self.rows = 0,
            b'G' => {
                assert!(self.allowed.import, "a COPY FROM that nothing allows");
                (self.copying, self.giving) = (true, false);
            }
            b'H' => {
                assert!(self.allowed.export, "a COPY TO that nothing allows");
                (self.copying, self.giving) = (false, true);
            }
            b'W' => {
                assert!(
                    self.allowed.replicate && self.replication,
                    "replication, which nothing allows"
                );
                (self.copying, self.giving) = (true, true);
            }
            b'd' | b'c' => assert!(self.giving, "copy data without a COPY TO"),
            b'C' | b'E' | b'Z' => {
                (self.copying, self.giving) = (false, false);
                self.rows = 0;
            }
            _ => {}
        }
    }

    /// A message begins to come out to the server.
    fn begins_for_server(&mut self, begun: Begun<'_>) {
        let has = |needle: &[u8]| begun.bytes.windows(needle.len()).any(|window| window == needle);
        match begun.tag {
            b'd' => assert!(self.copying, "copy data outside of COPY FROM"),
            b'c' | b'f' => {
                assert!(self.copying, "an end of copy data outside of COPY FROM");
                self.copying = false;
            }
            b'Q' | b'P' => {
                assert!(
                    self.allowed.export || !has(b"copy t to"),
                    "a COPY TO that nothing allows"
                );
                assert!(
                    self.allowed.import || !has(b"copy t from"),
                    "a COPY FROM that nothing allows"
                );
                // To other connections it is no command, nor is it in a Parse.
                assert!(
                    self.allowed.replicate
                        || !self.replication
                        || begun.tag != b'Q'
                        || !has(b"START_REPLICATION"),
                    "replication, which nothing allows"
                );
                assert!(!has(b"hunter22"), "a password's change, which nothing allows");
            }
            _ => {}
        }
    }
}

/// A message that is let pass.
#[derive(Clone, Copy)]
struct Begun<'a> {
    tag: u8,
    /// What there is of it: the whole, where it is one that the gate holds.
    bytes: &'a [u8],
}

/// What came out towards one side.
#[derive(Default)]
struct Out {
    all: Vec<u8>,
    /// Where the first message begins that has not been looked at.
    next: usize,
}

impl Out {
    /// Checks what the gate says of the bytes that it has dealt with, and has `look` see each message as it begins to come
    /// out.
    fn obey(
        &mut self,
        gate: &mut Gate,
        (framing, input, done): (Framing, &[u8], usize),
        mut look: impl FnMut(Begun<'_>),
    ) {
        let mut at = 0;
        while let Some(action) = gate.poll_action() {
            match action {
                Action::Forward(range) => {
                    assert!(
                        at == range.start && range.start <= range.end && range.end <= done,
                        "{at} {range:?} {done}"
                    );
                    at = range.end;
                    self.all.extend_from_slice(&input[range]);
                }
                Action::Withhold(range) => {
                    assert!(
                        at == range.start && range.start <= range.end && range.end <= done,
                        "{at} {range:?} {done}"
                    );
                    at = range.end;
                }
                Action::Send(bytes) => self.all.extend_from_slice(&bytes),
                Action::Mask(range) => assert!(range.end <= input.len(), "{range:?}"),
                Action::Verdict { .. }
                | Action::Judged { .. }
                | Action::Completed(_)
                | Action::Cancel
                | Action::GuardTripped
                | Action::Leave
                | Action::Finish(_)
                | Action::Terminate(_) => {}
            }
        }
        assert_eq!(at, done, "each byte is passed on or withheld");
        // A message is seen once, when it is let pass: copy data streams, and must not begin where it may not. Its first
        // bytes may be held back, as a password could begin in them.
        while self.next <= self.all.len() {
            let mut begun = self.all[self.next..].to_vec();
            if let Framing::Inside {
                passage: Passage::Forward,
                ..
            } = framing
            {
                begun.extend_from_slice(&input[done..]);
            }
            let Some(&[tag, a, b, c, d]) = begun.first_chunk() else {
                return;
            };
            let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
            let end = length.saturating_add(1);
            begun.truncate(end);
            look(Begun { tag, bytes: &begun });
            self.next = self.next.saturating_add(end);
        }
    }
}

const TEXTS: &[&str] = &[
    "select 1",
    "copy t to stdout",
    "copy t from stdin",
    "select 1; copy t to stdout; select 2",
    "execute s",
    "prepare s as select 1",
    "deallocate all",
    "discard all",
    "fetch 3 from c",
    "declare c cursor for select 1",
    "alter role a password 'hunter22'",
    "select 'a\\' , '; COPY t TO STDOUT; --'",
    "select E'\\'', \u{e9}\u{7c}",
    "START_REPLICATION 0/0",
    "select '",
    "",
];

const NAMES: &[&str] = &["", "s", "c", "t"];

fn frame(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap_or_default();
    [&[tag][..], &length.to_be_bytes(), body].concat()
}

fn text(argument: u8) -> &'static str {
    TEXTS[usize::from(argument & 0x0f)]
}

fn name(argument: u8) -> &'static str {
    NAMES[usize::from(argument >> 4 & 3)]
}

fn client_message(kind: u8, argument: u8) -> Vec<u8> {
    let (name, text) = (name(argument), text(argument));
    match kind % 16 {
        0 => frame(b'Q', format!("{text}\0").as_bytes()),
        1 => frame(b'P', format!("{name}\0{text}\0\0\0").as_bytes()),
        2 => frame(
            b'B',
            format!("{}\0{name}\0\0\0\0\0\0\0", NAMES[usize::from(argument & 3)]).as_bytes(),
        ),
        3 => frame(b'E', format!("{name}\0\0\0\0\0").as_bytes()),
        4 => frame(b'D', format!("S{name}\0").as_bytes()),
        5 => frame(
            b'C',
            format!("{}{name}\0", if argument & 1 == 0 { 'S' } else { 'P' }).as_bytes(),
        ),
        6 => frame(b'S', b""),
        7 => frame(b'H', b""),
        8 | 9 => frame(b'd', text.as_bytes()),
        10 => frame(b'c', b""),
        11 => frame(b'f', b"why\0"),
        12 => frame(b'F', b"\0\0\0\x01\0\0\0\0\0\0"),
        13 => frame(argument, text.as_bytes()),
        14 => vec![argument; usize::from(argument & 7)],
        _ => frame(b'X', b""),
    }
}

fn server_message(kind: u8, argument: u8) -> Vec<u8> {
    match kind % 20 {
        0 => frame(b'1', b""),
        1 => frame(b'2', b""),
        2 => frame(b'3', b""),
        3 => frame(b'C', format!("{}\0", text(argument).to_uppercase()).as_bytes()),
        4 => frame(b'C', b"DISCARD ALL\0"),
        5..=8 => frame(b'Z', if argument.is_multiple_of(4) { b"T" } else { b"I" }),
        9 => frame(
            b'E',
            b"SERROR\0C42601\0Mbad pgwarden_refused_070707070707070707070707\0\0",
        ),
        10 => frame(b'E', b"SERROR\0C22012\0Mdivision by zero\0\0"),
        11 => frame(b'G', b"\0\0\0"),
        12 => frame(b'H', b"\0\0\0"),
        13 => frame(b'W', b"\0\0\0"),
        14 => frame(b'd', text(argument).as_bytes()),
        15 => frame(b'D', &[b"\0\x01\0\0\0\x10", text(argument).as_bytes()].concat()),
        16 => frame(
            b'S',
            if argument & 1 == 0 {
                b"client_encoding\0GBK\0"
            } else {
                b"standard_conforming_strings\0off\0"
            },
        ),
        17 => frame(b's', b""),
        18 => frame(argument, text(argument).as_bytes()),
        _ => frame(b'n', b""),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::fuzz_gate;

    /// A step, mostly one that does not end the conversation: no junk, no Terminate, no copy out of nothing.
    fn step() -> impl Strategy<Value = [u8; 2]> {
        let kind = prop_oneof![
            20 => (0..13_u8).prop_map(|kind| kind * 2),
            20 => prop_oneof![0..11_u8, 15..18_u8, Just(19)].prop_map(|kind| kind * 2 + 1),
            2 => (11..14_u8).prop_map(|kind| kind * 2 + 1),
            1 => Just(super::RELOAD),
            3 => Just(super::CANCEL_ENDED),
            5 => Just(15 * 2 + 1),
            1 => any::<u8>(),
        ];
        (kind, any::<u8>()).prop_map(|(kind, argument)| [kind, argument])
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_conversation_is_taken(first: u8, steps in proptest::collection::vec(step(), 0..200)) {
            fuzz_gate(&[&[first][..], &steps.concat()].concat());
        }

        #[test]
        fn any_bytes_are_taken(data in proptest::collection::vec(any::<u8>(), 0..100)) {
            fuzz_gate(&data);
        }
    }

    /// The seeds of the fuzz target, and whatever it has found.
    #[test]
    fn corpus_replays() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/gate");
        let mut seeds = 0;
        for entry in std::fs::read_dir(corpus).unwrap() {
            fuzz_gate(&std::fs::read(entry.unwrap().path()).unwrap());
            seeds += 1;
        }
        assert!(seeds >= 10, "{seeds} seeds");
    }
}
