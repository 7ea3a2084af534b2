//! Sequences of messages of both sides, made of arbitrary bytes.

#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a panic is what fuzzing looks for"
)]

use std::sync::Arc;
use std::time::Instant;

use pgwarden_policy::Settings;
use pgwarden_wire::frames;

use super::{Action, Gate, GateOptions, Rules};

/// Bytes of input that are kept unfinished before the run is over.
const KEPT_BYTES_MAX: usize = 1 << 16;

/// Feeds the gate a conversation that `data` describes: each step is a byte that says whose message it is, of what kind,
/// with what text and in how many pieces, or raw bytes, or a reload.
///
/// # Panics
///
/// When the gate forwards bytes that it was not given, twice, or out of order, or when copy data passes it although no
/// setting allows a copy.
pub fn fuzz_gate(data: &[u8]) {
    let rules = |epoch, settings| Rules {
        record: "orders".to_owned(),
        settings: Arc::new(settings),
        epoch,
    };
    let options = GateOptions {
        rules: rules(1, Settings::default()),
        max_message: 1 << 12,
        replication: data.first().is_some_and(|byte| byte & 1 == 1),
        nonces: || [7; 12],
    };
    let mut gate = Gate::new(options);
    let (mut from_client, mut from_server) = (Vec::new(), Vec::new());
    let (mut to_client, mut to_server) = (Out::default(), Out::default());
    let mut epoch = 1;
    let mut steps = data.iter().copied().skip(1);
    while let Some(step) = steps.next() {
        let argument = steps.next().unwrap_or_default();
        if step == 0xff {
            epoch += 1;
            gate.apply_rules(rules(epoch, Settings::default()));
            continue;
        }
        let message = if step & 1 == 0 {
            client_message(step >> 1, argument)
        } else {
            server_message(step >> 1, argument)
        };
        let pieces = if argument & 0x80 == 0 {
            message.len().max(1)
        } else {
            1
        };
        for piece in message.chunks(pieces) {
            if step & 1 == 0 {
                &mut from_client
            } else {
                &mut from_server
            }
            .extend_from_slice(piece);
            let done = gate.handle_backend(&from_server, Instant::now());
            to_client.obey(&mut gate, &from_server, done, b"GHWdc");
            from_server.drain(..done);
            let done = gate.handle_frontend(&from_client, Instant::now());
            to_server.obey(&mut gate, &from_client, done, b"dcf");
            from_client.drain(..done);
        }
        if gate.terminated || from_client.len().max(from_server.len()) > KEPT_BYTES_MAX {
            return;
        }
    }
}

/// What came out towards one side, as far as its last message is unfinished.
#[derive(Default)]
struct Out(Vec<u8>);

impl Out {
    /// Checks what the gate says of the bytes that it has dealt with. `forbidden` are types of messages that no setting
    /// allows to come out.
    fn obey(&mut self, gate: &mut Gate, input: &[u8], done: usize, forbidden: &[u8]) {
        let mut at = 0;
        while let Some(action) = gate.poll_action() {
            match action {
                Action::Forward(range) => {
                    assert!(
                        at <= range.start && range.start <= range.end && range.end <= done,
                        "{at} {range:?} {done}"
                    );
                    at = range.end;
                    self.0.extend_from_slice(&input[range]);
                }
                Action::Withhold(range) => {
                    assert!(
                        at <= range.start && range.start <= range.end && range.end <= done,
                        "{at} {range:?} {done}"
                    );
                    at = range.end;
                }
                Action::Send(bytes) => self.0.extend_from_slice(&bytes),
                Action::Mask(range) => assert!(range.end <= input.len(), "{range:?}"),
                Action::Verdict { .. }
                | Action::Judged { .. }
                | Action::Completed(_)
                | Action::GuardTripped
                | Action::Leave
                | Action::Terminate(_) => {}
            }
        }
        let mut whole = 0;
        for frame in frames(&self.0) {
            assert!(
                !forbidden.contains(&frame.tag),
                "a message of type {} came out",
                frame.tag
            );
            whole += frame.bytes.len();
        }
        self.0.drain(..whole);
        assert!(
            !self.0.first().is_some_and(|tag| forbidden.contains(tag)),
            "copy data came out"
        );
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
    "start_replication 0/0",
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
    use proptest::prelude::*;

    use super::fuzz_gate;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn any_conversation_is_taken(data in proptest::collection::vec(any::<u8>(), 0..400)) {
            fuzz_gate(&data);
        }
    }
}
