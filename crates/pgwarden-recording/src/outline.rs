//! What can be said about a recording without reading all of it.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use crate::{
    Counts, EVENT_BYTES_MAX, Ending, ReadError, SessionFacts, Timestamp,
    chunks::ChunkReader,
    format::{CHUNK_HEADER_BYTES, FOOTER_PAYLOAD_BYTES, codec, entry_kind, kind, take_varint},
    writer::EndRecord,
};

/// The head and the end of a recording.
pub(crate) struct Outline {
    pub(crate) facts: SessionFacts,
    pub(crate) ending: Ending,
    /// Time of its last chunk, where the end is not recorded.
    pub(crate) last: Timestamp,
    /// Its verdicts, where the end, which has them, is not recorded.
    pub(crate) verdicts: Counts,
    pub(crate) bytes: u64,
}

impl Outline {
    /// Reads the head and the end; where there is no end, the headers of all chunks and entries, and the events.
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
                verdicts: Counts::default(),
                bytes,
            });
        }
        let (last, verdicts) = chunks.walk()?;
        let ending = chunks.unfinished();
        Ok(Self {
            facts,
            ending,
            last,
            verdicts,
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

    /// Goes from header to header, of chunks and of their entries, and reads nothing but events. Time of the last whole chunk of entries, and
    /// the verdicts.
    fn walk(&mut self) -> Result<(Timestamp, Counts), ReadError> {
        let file_bytes = {
            let source = &mut self.source;
            let resume = self.offset;
            source
                .seek(SeekFrom::End(0))
                .and_then(|end| source.seek(SeekFrom::Start(resume)).map(|_| end))
        };
        let file_bytes = file_bytes.map_err(|source| self.io("seek in", source))?;
        let (mut last, mut verdicts) = (Timestamp::START, Counts::default());
        // What is damaged is told when the recording is read; a list shows what it can.
        while let Ok(Some(header)) = self.next_header() {
            let length = u64::from(header.length);
            self.advance(header);
            if self.offset > file_bytes {
                self.offset = self.chunk_offset;
                break;
            }
            let mut payload = Payload {
                source: &mut self.source,
                left: length,
            };
            let walked = if header.kind == kind::ENTRIES && header.codec == codec::RAW {
                payload.walk(&mut last, &mut verdicts)
            } else {
                Ok(())
            };
            match walked.and_then(|()| payload.skip(payload.left)) {
                // Its writer is cutting back what it could not write whole.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                walked => walked.map_err(|source| self.io("read", source))?,
            }
        }
        Ok((last, verdicts))
    }
}

/// The payload of a chunk that is not read as a whole.
struct Payload<'a, R> {
    source: &'a mut R,
    left: u64,
}

impl<R: Read + Seek> Payload<'_, R> {
    /// Walks the entries, up to where they don't make sense.
    fn walk(&mut self, last: &mut Timestamp, verdicts: &mut Counts) -> io::Result<()> {
        let Some(at) = self.varint()? else { return Ok(()) };
        *last = (*last).max(Timestamp::from_micros(at));
        while let Some(entry_kind) = self.byte()? {
            let (Some(_delta), Some(length)) = (self.varint()?, self.varint()?) else {
                return Ok(());
            };
            if length > self.left {
                return Ok(());
            }
            match usize::try_from(length) {
                Ok(length) if entry_kind == entry_kind::EVENT && length <= EVENT_BYTES_MAX => {
                    let mut json = vec![0; length];
                    self.read(&mut json)?;
                    if let Ok(event) = serde_json::from_slice(&json) {
                        verdicts.add(&event);
                    }
                }
                _ => self.skip(length)?,
            }
        }
        Ok(())
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        if self.left == 0 {
            return Ok(None);
        }
        let mut byte = [0];
        self.read(&mut byte)?;
        let [byte] = byte;
        Ok(Some(byte))
    }

    fn varint(&mut self) -> io::Result<Option<u64>> {
        let mut bytes = [0; VARINT_BYTES_MAX];
        let mut used: usize = 0;
        for place in &mut bytes {
            let Some(byte) = self.byte()? else { return Ok(None) };
            *place = byte;
            used = used.saturating_add(1);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Ok(take_varint(&mut bytes.get(..used).unwrap_or_default()))
    }

    fn read(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        let wanted = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.left = self.left.saturating_sub(wanted);
        self.source.read_exact(bytes)
    }

    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        self.left = self.left.saturating_sub(bytes);
        // Within the buffer this costs no system call.
        self.source
            .seek_relative(i64::try_from(bytes).unwrap_or(i64::MAX))
    }
}
