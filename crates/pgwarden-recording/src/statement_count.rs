//! Counting statements as they pass, without looking at more than the headers of messages.

use crate::{Stream, format::frames_kind};

/// Query and Execute messages in the streams that the client sends.
#[derive(Debug, Default)]
pub(crate) struct StatementCount {
    forwarded: FrameWalk,
    withheld: FrameWalk,
}

impl StatementCount {
    /// The next bytes of the stream with this entry kind.
    pub(crate) fn add(&mut self, entry_kind: u8, bytes: &[u8]) {
        if entry_kind == frames_kind(Stream::ClientForwarded) {
            self.forwarded.add(bytes);
        } else if entry_kind == frames_kind(Stream::ClientWithheld) {
            self.withheld.add(bytes);
        }
    }

    pub(crate) fn count(&self) -> u64 {
        self.forwarded.statements.saturating_add(self.withheld.statements)
    }
}

/// Message type and length.
const HEADER_BYTES: usize = 5;

#[derive(Debug, Default)]
struct FrameWalk {
    header: [u8; HEADER_BYTES],
    header_bytes: usize,
    /// Bytes of the current message's body that are still to come.
    body_left: usize,
    statements: u64,
}

impl FrameWalk {
    fn add(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let body = self.body_left.min(bytes.len());
            self.body_left = self.body_left.saturating_sub(body);
            bytes = bytes.get(body..).unwrap_or_default();
            let wanted = HEADER_BYTES.saturating_sub(self.header_bytes).min(bytes.len());
            let (part, rest) = bytes.split_at(wanted);
            bytes = rest;
            for byte in part {
                if let Some(place) = self.header.get_mut(self.header_bytes) {
                    *place = *byte;
                    self.header_bytes = self.header_bytes.saturating_add(1);
                }
            }
            if self.header_bytes == HEADER_BYTES {
                self.header_bytes = 0;
                let [tag, length @ ..] = self.header;
                // The length counts itself. Shorter ones never get here: the relay ends such sessions.
                self.body_left = usize::try_from(u32::from_be_bytes(length))
                    .unwrap_or(usize::MAX)
                    .saturating_sub(4);
                if tag == QUERY || tag == EXECUTE {
                    self.statements = self.statements.saturating_add(1);
                }
            }
        }
    }
}

const QUERY: u8 = b'Q';
const EXECUTE: u8 = b'E';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_counted_at_any_split() {
        let bytes = b"Q\0\0\0\x05\0P\0\0\0\x08a\0\0\0E\0\0\0\x09\0\0\0\0\0S\0\0\0\x04Q\0\0\0\x06Q\0";
        for split in 1..bytes.len() {
            let mut count = StatementCount::default();
            for part in bytes.chunks(split) {
                count.add(frames_kind(Stream::ClientForwarded), part);
                count.add(frames_kind(Stream::ServerForwarded), part);
            }
            assert_eq!(count.count(), 3, "split {split}");
        }
    }
}
