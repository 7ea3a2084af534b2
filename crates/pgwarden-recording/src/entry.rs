//! What a recording consists of: bytes of protocol streams, and events.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Microseconds since the session's start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The session's start.
    pub const START: Self = Self(0);

    /// So many microseconds after the start.
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// The time that has passed since the start, saturating after half a million years.
    pub fn from_elapsed(elapsed: Duration) -> Self {
        Self(u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX))
    }

    /// Microseconds since the start.
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Time since the start.
    pub const fn since_start(self) -> Duration {
        Duration::from_micros(self.0)
    }
}

/// Whose bytes they are and whom they reached. The bytes of each stream, joined, are whole protocol messages: a message
/// belongs to one stream from its first to its last byte. Startup packets and authentication are in none of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// The client sent it and the server got it as it was.
    ClientForwarded,
    /// The client sent it and the server did not get it: refused, or swallowed.
    ClientWithheld,
    /// pgwarden's own, sent to the server in the client's place.
    ServerBound,
    /// The server sent it and the client got it as it was.
    ServerForwarded,
    /// The server sent it and the client did not get it as it was.
    ServerWithheld,
    /// pgwarden's own, shown to the client in the server's place.
    ClientBound,
}

/// Who wrote a message, in the protocol's words: what message types mean depends on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sender {
    /// The client, or pgwarden in its place.
    Frontend,
    /// The server, or pgwarden in its place.
    Backend,
}

impl Stream {
    /// All streams, in the order of their numbers in the format.
    pub const ALL: [Self; 6] = [
        Self::ClientForwarded,
        Self::ClientWithheld,
        Self::ServerBound,
        Self::ServerForwarded,
        Self::ServerWithheld,
        Self::ClientBound,
    ];

    /// Its name in exports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientForwarded => "client_forwarded",
            Self::ClientWithheld => "client_withheld",
            Self::ServerBound => "server_bound",
            Self::ServerForwarded => "server_forwarded",
            Self::ServerWithheld => "server_withheld",
            Self::ClientBound => "client_bound",
        }
    }

    /// Which side's message types it carries.
    pub const fn sender(self) -> Sender {
        match self {
            Self::ClientForwarded | Self::ClientWithheld | Self::ServerBound => Sender::Frontend,
            Self::ServerForwarded | Self::ServerWithheld | Self::ClientBound => Sender::Backend,
        }
    }

    /// Whether the client took part in it: sent it, or was shown it.
    pub const fn seen_by_client(self) -> bool {
        match self {
            Self::ClientForwarded | Self::ClientWithheld | Self::ServerForwarded | Self::ClientBound => true,
            Self::ServerBound | Self::ServerWithheld => false,
        }
    }
}

/// What is given to [`SessionWriter::append`](crate::SessionWriter::append).
#[derive(Clone, Copy, Debug)]
pub enum Entry<'a> {
    /// Bytes of a protocol stream, split anywhere.
    Frames {
        /// Whose they are.
        stream: Stream,
        /// The next bytes of that stream.
        bytes: &'a [u8],
    },
    /// Something that is not a message.
    Event(&'a Event),
}

/// Something that happened in a session and is not a message of the protocol.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A statement was refused, or would have been.
    Verdict {
        /// False in monitor mode, when it was let through.
        refused: bool,
        /// Name of the setting, or cause, that refused.
        setting: String,
        /// The message as the client gets it.
        message: String,
        /// The text that was judged, secrets masked; absent where there is none. It is also in the stream.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        statement: Option<String>,
    },
    /// The session's settings were replaced while it ran.
    Reload {
        /// What changed, by setting name, with the new value.
        #[serde(default)]
        changed: std::collections::BTreeMap<String, String>,
    },
    /// The client asked for its running statement to be cancelled, on another connection.
    Cancel {
        /// Where that request came from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_address: Option<String>,
    },
    /// The copy guard ended the session.
    GuardTrip {
        /// The FATAL message.
        message: String,
    },
    /// Anything else that an auditor should read.
    Note {
        /// A sentence.
        text: String,
    },
}

/// Longest JSON text of one event; longer ones are written with their texts clipped. The statement of a verdict is
/// whole in its stream anyway.
pub const EVENT_BYTES_MAX: usize = 64 * 1024;

impl Event {
    /// The same with each text cut to at most `max` bytes.
    pub(crate) fn clipped(&self, max: usize) -> Self {
        let clip = |text: &str| clip_text(text, max);
        match self {
            Self::Verdict {
                refused,
                setting,
                message,
                statement,
            } => Self::Verdict {
                refused: *refused,
                setting: clip(setting),
                message: clip(message),
                statement: statement.as_deref().map(clip),
            },
            Self::Reload { changed } => Self::Reload {
                changed: changed
                    .iter()
                    .take(128)
                    .map(|(name, value)| (clip_text(name, 32), clip_text(value, 32)))
                    .collect(),
            },
            Self::Cancel { client_address } => Self::Cancel {
                client_address: client_address.as_deref().map(clip),
            },
            Self::GuardTrip { message } => Self::GuardTrip {
                message: clip(message),
            },
            Self::Note { text } => Self::Note { text: clip(text) },
        }
    }
}

/// The longest whole-character prefix of at most `max` bytes, with a mark where something is missing.
fn clip_text(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(max);
    let mut clipped = text.get(..end).unwrap_or_default().to_owned();
    clipped.push('…');
    clipped
}
