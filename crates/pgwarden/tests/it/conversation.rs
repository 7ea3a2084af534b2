//! What a client says step by step, held with pgwarden and with the server itself, so that the answers can be compared.

use std::fmt::Write as _;

use testkit::{Message, RawClient, frontend};

/// Bytes to send at once, and the message whose coming ends the wait for the answer.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    bytes: Vec<u8>,
    until: u8,
    times: usize,
}

impl Step {
    /// Until so many `ReadyForQuery` have come.
    pub(crate) fn ready(times: usize, messages: &[Vec<u8>]) -> Self {
        Self::until(b'Z', times, messages)
    }

    /// Until so many messages of this type have come.
    pub(crate) fn until(tag: u8, times: usize, messages: &[Vec<u8>]) -> Self {
        Step {
            bytes: messages.concat(),
            until: tag,
            times,
        }
    }

    /// A Query, to its end.
    pub(crate) fn query(sql: impl AsRef<[u8]>) -> Self {
        Self::ready(1, &[frontend::query(sql)])
    }
}

/// How bytes are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Each step in one piece.
    Whole,
    /// Each byte by itself.
    Bytewise,
}

/// Says the steps, and gives every message that came back.
#[track_caller]
pub(crate) fn hold(client: &mut RawClient, steps: &[Step], pace: Pace) -> Vec<Message> {
    let mut answers = Vec::new();
    for step in steps {
        match pace {
            Pace::Whole => client.send(&step.bytes).unwrap(),
            Pace::Bytewise => client.send_bytewise(&step.bytes).unwrap(),
        }
        for _ in 0..step.times {
            answers.extend(client.receive_until(step.until).unwrap());
        }
    }
    answers
}

/// The messages without the texts of errors: types, rows, command tags and transaction status stay.
pub(crate) fn shape(messages: &[Message]) -> String {
    let mut text = String::new();
    for message in messages {
        // Writing to a String can't fail.
        let _ = match message.tag {
            b'E' => writeln!(text, "ErrorResponse {}", message.field(b'V').unwrap_or_default()),
            _ => writeln!(text, "{message:?}"),
        };
    }
    text
}

/// An extended query of a named or unnamed statement by the portal of the same name, without its Sync.
pub(crate) fn extended(name: &str, sql: &str) -> Vec<u8> {
    [
        frontend::parse(name, sql),
        frontend::bind(name, name, &[]),
        frontend::describe_portal(name),
        frontend::execute(name, 0),
    ]
    .concat()
}
