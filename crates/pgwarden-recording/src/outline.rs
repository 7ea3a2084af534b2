//! What can be said about a recording without reading all of it.

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use crate::{
    Ending, ReadError, SessionFacts, Timestamp,
    chunks::{ChunkReader, read_full},
    format::{CHUNK_HEADER_BYTES, FOOTER_PAYLOAD_BYTES, codec, kind, take_varint},
    writer::EndRecord,
};

/// The head and the end of a recording.
pub(crate) struct Outline {
    pub(crate) facts: SessionFacts,
    pub(crate) ending: Ending,
    /// Time of its last chunk, where the end is not recorded.
    pub(crate) last: Timestamp,
    pub(crate) bytes: u64,
}

impl Outline {
    /// Reads the head and the end; where there is no end, the headers of all chunks.
    pub(crate) fn read(path: &Path) -> Result<Self, ReadError> {
        let io_error = |source| ReadError::Io {
            operation: "open",
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(io_error)?;
        let bytes = file.metadata().map_err(io_error)?.len();
        let handle = file.try_clone().map_err(io_error)?;
        let mut chunks = ChunkReader::begin(BufReader::new(file), path, Some(handle))?;
        let facts = chunks.facts()?;
        if let Some(ended) = chunks.end_by_footer(bytes) {
            let last = match &ended {
                Ending::Ended(end, _) => end.at,
                Ending::Live | Ending::Cut { .. } => Timestamp::START,
            };
            return Ok(Self {
                facts,
                ending: ended,
                last,
                bytes,
            });
        }
        let last = chunks.last_time()?;
        let ending = chunks.unfinished();
        Ok(Self {
            facts,
            ending,
            last,
            bytes,
        })
    }
}

/// Longest varint of 64 bits.
const VARINT_BYTES_MAX: usize = 10;

impl<R: Read + Seek> ChunkReader<R> {
    /// The end, if the file's last bytes are a footer that points at it. Leaves the position after the first chunk.
    fn end_by_footer(&mut self, file_bytes: u64) -> Option<Ending> {
        let resume = self.offset;
        let ending = self.read_footer(file_bytes);
        self.source.seek(SeekFrom::Start(resume)).ok()?;
        self.offset = resume;
        ending
    }

    fn read_footer(&mut self, file_bytes: u64) -> Option<Ending> {
        let footer_bytes = u64::try_from(CHUNK_HEADER_BYTES.saturating_add(FOOTER_PAYLOAD_BYTES)).ok()?;
        self.offset = file_bytes.checked_sub(footer_bytes)?;
        self.source.seek(SeekFrom::Start(self.offset)).ok()?;
        self.next_chunk()
            .ok()
            .flatten()
            .filter(|header| header.kind == kind::FOOTER)?;
        self.offset = u64::from_be_bytes(*self.payload.first_chunk()?);
        self.source.seek(SeekFrom::Start(self.offset)).ok()?;
        self.next_chunk()
            .ok()
            .flatten()
            .filter(|header| header.kind == kind::END && header.codec == codec::RAW)?;
        let end: EndRecord = serde_json::from_slice(&self.payload).ok()?;
        Some(Ending::Ended(end.end, end.counts))
    }

    /// Goes from header to header, without reading payloads. Time of the last whole chunk of entries.
    fn last_time(&mut self) -> Result<Timestamp, ReadError> {
        let file_bytes = {
            let source = &mut self.source;
            let resume = self.offset;
            source
                .seek(SeekFrom::End(0))
                .and_then(|end| source.seek(SeekFrom::Start(resume)).map(|_| end))
        };
        let file_bytes = file_bytes.map_err(|source| self.io("seek in", source))?;
        let mut last = Timestamp::START;
        // What is damaged is told when the recording is read; a list shows what it can.
        while let Ok(Some(header)) = self.next_header() {
            let length = u64::from(header.length);
            self.advance(header);
            if self.offset > file_bytes {
                self.offset = self.chunk_offset;
                break;
            }
            let mut head = [0; VARINT_BYTES_MAX];
            let wanted = head.len().min(usize::try_from(length).unwrap_or(usize::MAX));
            let head = head.get_mut(..wanted).unwrap_or_default();
            let read = read_full(&mut self.source, head).map_err(|source| self.io("read", source))?;
            if header.kind == kind::ENTRIES
                && header.codec == codec::RAW
                && let Some(at) = take_varint(&mut &*head)
            {
                last = last.max(Timestamp::from_micros(at));
            }
            let rest = length.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
            // Within the buffer this costs no system call.
            let seek = self.source.seek_relative(i64::try_from(rest).unwrap_or(i64::MAX));
            seek.map_err(|source| self.io("seek in", source))?;
        }
        Ok(last)
    }
}
