//! The file format, version 1, as `docs/recording-format.md` describes it: numbers, headers, limits.
//!
//! All integers are big-endian, as in PostgreSQL's protocol.

use std::time::SystemTime;

use crate::{
    SessionId, Stream,
    session::{from_unix_micros, unix_micros},
};

/// First bytes of each recording. A byte above 0x7F and a line end, so that a transfer as text is noticed.
pub(crate) const MAGIC: [u8; 8] = *b"\x89PGWR\r\n\x1a";

/// The version that is written, and the newest that is read.
pub const FORMAT_VERSION: u16 = 1;

/// Length of the file header.
pub(crate) const FILE_HEADER_BYTES: usize = 32;

/// Length of a chunk's header.
pub(crate) const CHUNK_HEADER_BYTES: usize = 16;

/// Longest payload of a chunk as stored. What is longer is split over several. It bounds what a reader must hold.
pub const CHUNK_PAYLOAD_BYTES_MAX: usize = 1024 * 1024;

/// What a chunk holds.
pub(crate) mod kind {
    /// [`SessionFacts`](crate::SessionFacts) as JSON; always the first chunk.
    pub(crate) const SESSION: u8 = 0x01;
    /// Entries.
    pub(crate) const ENTRIES: u8 = 0x02;
    /// [`SessionEnd`](crate::SessionEnd) and counts as JSON; nothing of the session follows it.
    pub(crate) const END: u8 = 0x03;
    /// Where the end chunk is; of fixed length and the last of a finished file.
    pub(crate) const FOOTER: u8 = 0x7f;
}

/// How a chunk's payload is stored.
pub(crate) mod codec {
    /// As it is.
    pub(crate) const RAW: u8 = 0;
}

/// A reader that does not know a chunk's kind or codec may pass over the chunk.
pub(crate) const FLAG_SKIPPABLE: u16 = 0x0001;

/// Length of the footer's payload: offset of the end chunk, offset of an index (0: none).
pub(crate) const FOOTER_PAYLOAD_BYTES: usize = 16;

/// Kinds of entries within an entries chunk.
pub(crate) mod entry_kind {
    /// Frames of stream `n` are `FRAMES + n`.
    pub(crate) const FRAMES: u8 = 0x10;
    /// An [`Event`](crate::Event) as JSON.
    pub(crate) const EVENT: u8 = 0x20;
}

/// Number of the entry kind for frames of a stream.
pub(crate) const fn frames_kind(stream: Stream) -> u8 {
    match stream {
        Stream::ClientForwarded => entry_kind::FRAMES,
        Stream::ClientWithheld => entry_kind::FRAMES | 1,
        Stream::ServerBound => entry_kind::FRAMES | 2,
        Stream::ServerForwarded => entry_kind::FRAMES | 3,
        Stream::ServerWithheld => entry_kind::FRAMES | 4,
        Stream::ClientBound => entry_kind::FRAMES | 5,
    }
}

/// The stream whose frames an entry kind stands for.
pub(crate) fn stream_of_kind(kind: u8) -> Option<Stream> {
    Stream::ALL
        .into_iter()
        .find(|stream| frames_kind(*stream) == kind)
}

/// The first 32 bytes of a recording.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FileHeader {
    pub(crate) id: SessionId,
    pub(crate) started: SystemTime,
}

/// What is wrong with a file header.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FileHeaderError {
    /// The first bytes are others.
    #[error("it is not a recording of pgwarden")]
    NotARecording,
    /// Written by a newer pgwarden.
    #[error(
        "its format is version {found}, and this pgwarden reads up to version {FORMAT_VERSION}; a newer pgwarden is needed"
    )]
    NewerVersion {
        /// The version in the file.
        found: u16,
    },
    /// The checksum of the file header does not match.
    #[error("its file header is damaged")]
    Damaged,
}

impl FileHeader {
    pub(crate) fn encode(self) -> [u8; FILE_HEADER_BYTES] {
        let mut writer = FixedWriter::<FILE_HEADER_BYTES>::default();
        writer.put(&MAGIC);
        writer.put(&FORMAT_VERSION.to_be_bytes());
        writer.put(&0u16.to_be_bytes());
        writer.put(&self.id.bits().to_be_bytes());
        writer.put(&unix_micros(self.started).to_be_bytes());
        let crc = crc32fast::hash(writer.written());
        writer.put(&crc.to_be_bytes());
        writer.bytes
    }

    pub(crate) fn decode(bytes: &[u8; FILE_HEADER_BYTES]) -> Result<Self, FileHeaderError> {
        let (checked, crc) = bytes.split_at(FILE_HEADER_BYTES - 4);
        let mut fields = FixedReader { rest: bytes };
        if fields.take::<8>() != MAGIC {
            return Err(FileHeaderError::NotARecording);
        }
        // The version is looked at before the checksum: a newer header may have another one.
        let version = u16::from_be_bytes(fields.take());
        if version > FORMAT_VERSION {
            return Err(FileHeaderError::NewerVersion { found: version });
        }
        if crc != crc32fast::hash(checked).to_be_bytes() || version == 0 {
            return Err(FileHeaderError::Damaged);
        }
        let _flags: [u8; 2] = fields.take();
        let id = SessionId::from_bits(u64::from_be_bytes(fields.take()));
        let started = from_unix_micros(i64::from_be_bytes(fields.take())).ok_or(FileHeaderError::Damaged)?;
        Ok(Self { id, started })
    }
}

/// The 16 bytes before each chunk's payload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ChunkHeader {
    pub(crate) kind: u8,
    pub(crate) codec: u8,
    pub(crate) flags: u16,
    pub(crate) length: u32,
    pub(crate) payload_crc: u32,
}

impl ChunkHeader {
    pub(crate) fn encode(self) -> [u8; CHUNK_HEADER_BYTES] {
        let mut writer = FixedWriter::<CHUNK_HEADER_BYTES>::default();
        writer.put(&[self.kind, self.codec]);
        writer.put(&self.flags.to_be_bytes());
        writer.put(&self.length.to_be_bytes());
        writer.put(&self.payload_crc.to_be_bytes());
        let crc = crc32fast::hash(writer.written());
        writer.put(&crc.to_be_bytes());
        writer.bytes
    }

    /// `None` if the header's own checksum does not match.
    pub(crate) fn decode(bytes: &[u8; CHUNK_HEADER_BYTES]) -> Option<Self> {
        let (checked, crc) = bytes.split_at(CHUNK_HEADER_BYTES - 4);
        if crc != crc32fast::hash(checked).to_be_bytes() {
            return None;
        }
        let mut fields = FixedReader { rest: bytes };
        let [kind] = fields.take();
        let [codec] = fields.take();
        Some(Self {
            kind,
            codec,
            flags: u16::from_be_bytes(fields.take()),
            length: u32::from_be_bytes(fields.take()),
            payload_crc: u32::from_be_bytes(fields.take()),
        })
    }

    pub(crate) const fn is_skippable(self) -> bool {
        self.flags & FLAG_SKIPPABLE != 0
    }
}

/// Fills an array front to back; what does not fit is dropped (callers put what their layout says).
struct FixedWriter<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Default for FixedWriter<N> {
    fn default() -> Self {
        Self {
            bytes: [0; N],
            length: 0,
        }
    }
}

impl<const N: usize> FixedWriter<N> {
    fn put(&mut self, field: &[u8]) {
        let end = self.length.saturating_add(field.len());
        let target = self.bytes.get_mut(self.length..end);
        debug_assert!(target.is_some(), "layout longer than the array");
        if let Some(target) = target {
            target.copy_from_slice(field);
            self.length = end;
        }
    }

    fn written(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Takes fields from the front of an array; zeros past its end (callers take what their layout says).
struct FixedReader<'a> {
    rest: &'a [u8],
}

impl FixedReader<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let Some((field, rest)) = self.rest.split_first_chunk::<N>() else {
            debug_assert!(false, "layout longer than the array");
            return [0; N];
        };
        self.rest = rest;
        *field
    }
}

/// Appends an unsigned LEB128 number: seven bits a byte, least significant first, the high bit says that more follow.
pub(crate) fn put_varint(target: &mut Vec<u8>, mut value: u64) {
    loop {
        let [.., low] = value.to_be_bytes();
        value >>= 7;
        if value == 0 {
            target.push(low & 0x7f);
            return;
        }
        target.push(low | 0x80);
    }
}

/// Takes such a number off the front. `None` if it is cut, or longer than 64 bits.
pub(crate) fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value: u64 = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let part = u64::from(byte & 0x7f);
        let shifted = part << shift;
        if shifted >> shift != part {
            return None;
        }
        value |= shifted;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_come_back() {
        for value in [
            0,
            1,
            127,
            128,
            16_383,
            16_384,
            u64::from(u32::MAX),
            u64::MAX - 1,
            u64::MAX,
        ] {
            let mut bytes = Vec::new();
            put_varint(&mut bytes, value);
            let mut rest = bytes.as_slice();
            assert_eq!((take_varint(&mut rest), rest), (Some(value), &[][..]), "{value}");
        }
    }

    #[test]
    fn varints_that_are_cut_or_too_long_are_refused() {
        for bytes in [
            &[][..],
            &[0x80],
            &[0xff; 9],
            &[0xff; 11],
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
        ] {
            assert_eq!(take_varint(&mut &*bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn headers_come_back() {
        let header = FileHeader {
            id: SessionId::from_bits(0x0123_4567_89ab_cdef),
            started: from_unix_micros(1_790_000_000_000_001).unwrap(),
        };
        assert_eq!(FileHeader::decode(&header.encode()), Ok(header));
        let header = ChunkHeader {
            kind: kind::ENTRIES,
            codec: codec::RAW,
            flags: FLAG_SKIPPABLE,
            length: 77,
            payload_crc: 0xdead_beef,
        };
        assert_eq!(ChunkHeader::decode(&header.encode()), Some(header));
    }

    #[test]
    fn each_flipped_bit_of_a_header_is_noticed() {
        let good = FileHeader {
            id: SessionId::from_bits(5),
            started: from_unix_micros(7).unwrap(),
        }
        .encode();
        for bit in 0..good.len() * 8 {
            let mut bad = good;
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(FileHeader::decode(&bad).is_err(), "bit {bit}");
        }
        let good = ChunkHeader {
            kind: 2,
            codec: 0,
            flags: 0,
            length: 9,
            payload_crc: 1,
        }
        .encode();
        for bit in 0..good.len() * 8 {
            let mut bad = good;
            bad[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(ChunkHeader::decode(&bad), None, "bit {bit}");
        }
    }

    #[test]
    fn a_newer_version_is_named() {
        let mut bytes = FileHeader {
            id: SessionId::from_bits(5),
            started: from_unix_micros(7).unwrap(),
        }
        .encode();
        bytes[9] = 2;
        assert_eq!(
            FileHeader::decode(&bytes),
            Err(FileHeaderError::NewerVersion { found: 2 })
        );
    }

    #[test]
    fn streams_have_kinds_of_their_own() {
        for stream in Stream::ALL {
            assert_eq!(stream_of_kind(frames_kind(stream)), Some(stream));
        }
        assert_eq!(stream_of_kind(entry_kind::EVENT), None);
    }
}
