//! Whole protocol messages out of the bytes of their streams.

use pgwarden_wire::{BackendType, Frame, FrontendType, HEADER_BYTES, Header};

use crate::{Sender, Stream, Timestamp};

/// Bytes of a message's body that are kept for showing; of longer ones the rest is counted only. It bounds what is held
/// for each of the six streams.
pub const BODY_BYTES_KEPT: usize = 1024 * 1024;

/// One message of a stream.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// When its last byte was recorded.
    pub at: Timestamp,
    /// Who sent it and whom it reached.
    pub stream: Stream,
    /// Its type byte.
    pub tag: u8,
    /// Its body, or the first [`BODY_BYTES_KEPT`] bytes of it.
    pub body: &'a [u8],
    /// How long the body is.
    pub body_bytes: usize,
}

impl<'a> Message<'a> {
    /// Whether `body` is all of it.
    pub fn is_whole(&self) -> bool {
        self.body.len() == self.body_bytes
    }

    /// The protocol's name of its type.
    pub fn name(&self) -> Option<&'static str> {
        match self.stream.sender() {
            Sender::Frontend => FrontendType::from_tag(self.tag).map(FrontendType::name),
            Sender::Backend => BackendType::from_tag(self.tag).map(BackendType::name),
        }
    }

    /// For the typed views of the wire crate, which fail where the body is not whole.
    pub(crate) fn frame(&self) -> Frame<'a> {
        Frame {
            tag: self.tag,
            body: self.body,
            bytes: self.body,
        }
    }
}

/// What the bytes of a stream turn out to be.
#[derive(Clone, Copy, Debug)]
pub enum Item<'a> {
    /// A message.
    Message(Message<'a>),
    /// Bytes that are no message: what follows in this stream can't be read. Given once.
    Unreadable {
        /// When they were recorded.
        at: Timestamp,
        /// The stream.
        stream: Stream,
    },
}

/// Joins the recorded bytes of each stream to messages, at any split.
#[derive(Debug, Default)]
pub struct Messages {
    streams: [Assembly; Stream::ALL.len()],
}

/// One stream's message under way.
#[derive(Debug, Default)]
struct Assembly {
    header: [u8; HEADER_BYTES],
    header_bytes: usize,
    body: Vec<u8>,
    /// Bytes of the body that have arrived.
    body_arrived: usize,
    unreadable: bool,
}

/// A message that the recording has only a part of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PartialMessage {
    /// Its stream.
    pub stream: Stream,
    /// Its type byte.
    pub tag: u8,
    /// Bytes of it that were recorded, type and length included.
    pub recorded_bytes: usize,
}

impl Messages {
    /// No stream has begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of a stream and gives each message that they complete to `each`, until that fails.
    pub fn push<E>(
        &mut self,
        at: Timestamp,
        stream: Stream,
        bytes: &[u8],
        mut each: impl FnMut(Item<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rest = bytes;
        let Some(assembly) = self.assembly(stream) else {
            return Ok(());
        };
        while !rest.is_empty() && !assembly.unreadable {
            assembly.push(at, stream, &mut rest, &mut each)?;
        }
        Ok(())
    }

    /// Messages whose last bytes are missing.
    pub fn partial(&self) -> impl Iterator<Item = PartialMessage> {
        Stream::ALL
            .into_iter()
            .zip(&self.streams)
            .filter(|(_, assembly)| assembly.header_bytes > 0)
            .map(|(stream, assembly)| {
                let [tag, ..] = assembly.header;
                let recorded_bytes = assembly.header_bytes.saturating_add(assembly.body_arrived);
                PartialMessage {
                    stream,
                    tag,
                    recorded_bytes,
                }
            })
    }

    fn assembly(&mut self, stream: Stream) -> Option<&mut Assembly> {
        let index = Stream::ALL.iter().position(|other| *other == stream)?;
        self.streams.get_mut(index)
    }
}

impl Assembly {
    /// Takes bytes off the front of `rest`, at least one and at most up to the end of a message.
    fn push<E>(
        &mut self,
        at: Timestamp,
        stream: Stream,
        rest: &mut &[u8],
        each: &mut impl FnMut(Item<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let part = take(rest, HEADER_BYTES.saturating_sub(self.header_bytes));
        for byte in part {
            if let Some(place) = self.header.get_mut(self.header_bytes) {
                *place = *byte;
            }
            self.header_bytes = self.header_bytes.saturating_add(1);
        }
        if self.header_bytes < HEADER_BYTES {
            return Ok(());
        }
        let Ok(Some(Header { tag, body_bytes })) = Header::parse(&self.header) else {
            self.unreadable = true;
            self.header_bytes = 0;
            return each(Item::Unreadable { at, stream });
        };
        let part = take(rest, body_bytes.saturating_sub(self.body_arrived));
        self.body_arrived = self.body_arrived.saturating_add(part.len());
        // A message that lies whole in these bytes is not copied.
        let in_place = part.len() == body_bytes;
        if !in_place {
            let room = BODY_BYTES_KEPT.saturating_sub(self.body.len());
            self.body
                .extend_from_slice(part.get(..room.min(part.len())).unwrap_or_default());
        }
        if self.body_arrived < body_bytes {
            return Ok(());
        }
        let kept = if in_place {
            part.get(..BODY_BYTES_KEPT.min(part.len())).unwrap_or_default()
        } else {
            &self.body
        };
        let result = each(Item::Message(Message {
            at,
            stream,
            tag,
            body: kept,
            body_bytes,
        }));
        self.header_bytes = 0;
        self.body_arrived = 0;
        self.body.clear();
        // One huge message is no reason to hold on to its room.
        self.body.shrink_to(BODY_BYTES_RETAINED);
        result
    }
}

/// Room for a body that is kept between messages.
const BODY_BYTES_RETAINED: usize = 64 * 1024;

fn take<'a>(rest: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (head, tail) = rest.split_at(count.min(rest.len()));
    *rest = tail;
    head
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// Type, kept body, length.
    type Found = (u8, Vec<u8>, usize);

    /// The messages, whether the rest is unreadable, and what is left.
    fn messages(bytes: &[u8], split: usize) -> (Vec<Found>, bool, Vec<PartialMessage>) {
        let (mut joined, mut found, mut unreadable) = (Messages::new(), Vec::new(), false);
        for part in bytes.chunks(split) {
            let Ok(()) = joined.push(Timestamp::START, Stream::ServerForwarded, part, |item| {
                match item {
                    Item::Message(message) => {
                        found.push((message.tag, message.body.to_vec(), message.body_bytes));
                    }
                    Item::Unreadable { .. } => {
                        assert!(!unreadable, "said once");
                        unreadable = true;
                    }
                }
                Ok::<(), Infallible>(())
            });
        }
        (found, unreadable, joined.partial().collect())
    }

    #[test]
    fn any_split_gives_the_same_messages() {
        let bytes = b"1\0\0\0\x04C\0\0\0\x0dSELECT 1\0Z\0\0\0\x05ID\0\0\0\x06\0";
        let expected = vec![
            (b'1', vec![], 0),
            (b'C', b"SELECT 1\0".to_vec(), 9),
            (b'Z', b"I".to_vec(), 1),
        ];
        let left = PartialMessage {
            stream: Stream::ServerForwarded,
            tag: b'D',
            recorded_bytes: 6,
        };
        for split in 1..=bytes.len() {
            assert_eq!(
                messages(bytes, split),
                (expected.clone(), false, vec![left]),
                "split {split}"
            );
        }
    }

    #[test]
    fn of_a_huge_message_the_first_bytes_are_kept() {
        let body = vec![7; BODY_BYTES_KEPT + 10];
        let mut bytes = vec![b'd'];
        bytes.extend_from_slice(&u32::try_from(body.len() + 4).unwrap().to_be_bytes());
        bytes.extend_from_slice(&body);
        bytes.extend_from_slice(b"Z\0\0\0\x05I");
        for split in [1000, 65_536, bytes.len()] {
            let (found, ..) = messages(&bytes, split);
            assert_eq!(
                (found[0].1.len(), found[0].2),
                (BODY_BYTES_KEPT, BODY_BYTES_KEPT + 10)
            );
            assert_eq!(found[1], (b'Z', b"I".to_vec(), 1));
        }
    }

    #[test]
    fn after_bytes_that_are_no_message_the_stream_is_given_up() {
        for split in 1..12 {
            let (found, unreadable, partial) = messages(b"1\0\0\0\x04Z\0\0\0\x03Z\0\0\0\x05I", split);
            assert_eq!(
                (found.len(), unreadable, partial),
                (1, true, vec![]),
                "split {split}"
            );
        }
    }
}
