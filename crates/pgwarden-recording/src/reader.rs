//! Reading a recording, as far as it goes.

use std::{
    fs::{File, TryLockError},
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use crate::{
    Counts, Event, FileHeaderError, SessionEnd, SessionFacts, Stream, Timestamp,
    format::{
        CHUNK_HEADER_BYTES, CHUNK_PAYLOAD_BYTES_MAX, ChunkHeader, FILE_HEADER_BYTES, FOOTER_PAYLOAD_BYTES,
        FileHeader, MAGIC, codec, entry_kind, kind, stream_of_kind, take_varint,
    },
    writer::EndRecord,
};

/// Why a recording can't be read, or not further.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file system failed.
    #[error("{operation} {path}")]
    Io {
        /// What was tried.
        operation: &'static str,
        /// The recording.
        path: PathBuf,
        /// As the system says it.
        source: io::Error,
    },
    /// Its first bytes are not those of a recording that this version reads.
    #[error("can't read {path}: {error}")]
    FileHeader {
        /// The recording.
        path: PathBuf,
        /// What is wrong.
        error: FileHeaderError,
    },
    /// It was cut before the session's facts were written.
    #[error("{path} was cut before the session's facts were written")]
    NoFacts {
        /// The recording.
        path: PathBuf,
    },
    /// Bytes were changed, or are no recording.
    #[error("{path} is damaged at byte {offset}: {damage}")]
    Damaged {
        /// The recording.
        path: PathBuf,
        /// Where the damaged chunk begins.
        offset: u64,
        /// What is wrong with it.
        damage: Damage,
    },
    /// A newer pgwarden wrote something that must not be passed over.
    #[error(
        "{path} holds a chunk of kind {kind:#04x} and codec {codec} at byte {offset}, \
         which this pgwarden does not know; a newer one is needed"
    )]
    UnknownChunk {
        /// The recording.
        path: PathBuf,
        /// Where the chunk begins.
        offset: u64,
        /// Its kind.
        kind: u8,
        /// Its codec.
        codec: u8,
    },
}

/// What is wrong with a chunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Damage {
    /// The header's checksum does not match.
    #[error("the chunk's header does not match its checksum")]
    Header,
    /// The payload's checksum does not match.
    #[error("the chunk's payload does not match its checksum")]
    Payload,
    /// The chunk is longer than any may be.
    #[error("the chunk is {0} bytes long, and {CHUNK_PAYLOAD_BYTES_MAX} are allowed")]
    TooLong(u32),
    /// The payload is whole, but is not what its kind says.
    #[error("the chunk's payload is malformed")]
    Malformed,
    /// Chunks are out of order.
    #[error("the chunk is out of place")]
    OutOfPlace,
    /// Something lies behind the end.
    #[error("bytes follow the end of the session")]
    AfterEnd,
}

/// One entry with its time.
#[derive(Debug)]
pub struct TimedEntry<'a> {
    /// When it was written.
    pub at: Timestamp,
    /// What it is.
    pub content: Content<'a>,
}

/// What a recorded entry is.
#[derive(Debug)]
pub enum Content<'a> {
    /// Bytes of a stream.
    Frames {
        /// Whose.
        stream: Stream,
        /// Split anywhere; [`Messages`](crate::Messages) joins them.
        bytes: &'a [u8],
    },
    /// Something that is not a message.
    Event(RecordedEvent),
}

/// An event as it is found in a recording.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RecordedEvent {
    /// One that this version knows.
    Known(Event),
    /// One that it does not: its JSON text.
    Unknown(String),
}

/// How a recording ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// The session's end is recorded.
    Ended(SessionEnd, Counts),
    /// The session goes on: its writer holds the file.
    Live,
    /// The recording was cut, by a crash or a failure: it is readable up to its last whole chunk.
    Cut {
        /// Bytes up to there.
        readable_bytes: u64,
        /// Bytes of a torn chunk behind that.
        torn_bytes: u64,
    },
}

/// Reads a recording entry by entry. Holds one chunk at a time.
#[derive(Debug)]
pub struct Reader<R = BufReader<File>> {
    chunks: ChunkReader<R>,
    facts: SessionFacts,
    /// Payload of the current entries chunk; entries before `position` were given out.
    position: usize,
    /// Time of the last entry that was given out.
    at: Timestamp,
    ending: Option<Ending>,
}

impl Reader {
    /// Opens a recording and reads the session's facts.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let io_error = |source| ReadError::Io {
            operation: "open",
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(io_error)?;
        let handle = file.try_clone().map_err(io_error)?;
        Self::begin(BufReader::with_capacity(64 * 1024, file), path, Some(handle))
    }
}

impl<R: Read> Reader<R> {
    /// Reads a recording that is not a file, or not only. `name` stands for the path in errors.
    pub fn new(source: R, name: &Path) -> Result<Self, ReadError> {
        Self::begin(source, name, None)
    }

    fn begin(source: R, path: &Path, handle: Option<File>) -> Result<Self, ReadError> {
        let mut chunks = ChunkReader::begin(source, path, handle)?;
        let facts = chunks.facts()?;
        Ok(Self {
            position: usize::MAX,
            chunks,
            facts,
            at: Timestamp::START,
            ending: None,
        })
    }

    /// The session's facts.
    pub fn facts(&self) -> &SessionFacts {
        &self.facts
    }

    /// The recording's path, or the name that was given.
    pub fn path(&self) -> &Path {
        &self.chunks.path
    }

    /// How the recording ends; known once [`next_entry`](Self::next_entry) has given `None`.
    pub fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// The next entry; `None` after the last one that can be read. After an error there are no more.
    pub fn next_entry(&mut self) -> Result<Option<TimedEntry<'_>>, ReadError> {
        while self.position >= self.chunks.payload.len() {
            if self.ending.is_some() || !self.next_entries_chunk()? {
                return Ok(None);
            }
        }
        let offset = self.chunks.chunk_offset;
        let mut rest = self.chunks.payload.get(self.position..).unwrap_or_default();
        let Some((kind, delta, length)) =
            take_entry(&mut rest).map(|(kind, delta, bytes)| (kind, delta, bytes.len()))
        else {
            self.give_up();
            return Err(self.chunks.damaged(offset, Damage::Malformed));
        };
        self.position = self.chunks.payload.len().saturating_sub(rest.len());
        let bytes = self
            .chunks
            .payload
            .get(self.position.saturating_sub(length)..self.position)
            .unwrap_or_default();
        self.at = Timestamp::from_micros(self.at.as_micros().saturating_add(delta));
        let content = if kind == entry_kind::EVENT {
            let event = serde_json::from_slice(bytes).map(RecordedEvent::Known);
            Content::Event(
                event.unwrap_or_else(|_| RecordedEvent::Unknown(String::from_utf8_lossy(bytes).into_owned())),
            )
        } else if let Some(stream) = stream_of_kind(kind) {
            Content::Frames { stream, bytes }
        } else {
            // Entries of a later version come in chunks of another kind if they must not be missed.
            Content::Event(RecordedEvent::Unknown(
                String::from_utf8_lossy(bytes).into_owned(),
            ))
        };
        Ok(Some(TimedEntry { at: self.at, content }))
    }

    /// Reads up to the next chunk of entries. False, with `ending` set, if there is none.
    fn next_entries_chunk(&mut self) -> Result<bool, ReadError> {
        let result = self.find_entries_chunk();
        if result.is_err() {
            self.give_up();
        }
        result
    }

    fn find_entries_chunk(&mut self) -> Result<bool, ReadError> {
        loop {
            let offset = self.chunks.offset;
            let Some(header) = self.chunks.next_chunk()? else {
                self.ending = Some(self.chunks.unfinished());
                return Ok(false);
            };
            if header.codec != codec::RAW {
                self.chunks.pass_over(header)?;
                continue;
            }
            match header.kind {
                kind::ENTRIES => {
                    let mut rest = self.chunks.payload.as_slice();
                    let at = take_varint(&mut rest)
                        .ok_or_else(|| self.chunks.damaged(offset, Damage::Malformed))?;
                    // A clock can't be trusted to go forwards on every machine; what is read does.
                    self.at = self.at.max(Timestamp::from_micros(at));
                    self.position = self.chunks.payload.len().saturating_sub(rest.len());
                    return Ok(true);
                }
                kind::END => {
                    let end: EndRecord = serde_json::from_slice(&self.chunks.payload)
                        .map_err(|_| self.chunks.damaged(offset, Damage::Malformed))?;
                    self.chunks.check_after_end()?;
                    self.ending = Some(Ending::Ended(end.end, end.counts));
                    return Ok(false);
                }
                kind::SESSION => return Err(self.chunks.damaged(offset, Damage::OutOfPlace)),
                _ => self.chunks.pass_over(header)?,
            }
        }
    }

    /// Nothing is read any more.
    fn give_up(&mut self) {
        self.position = usize::MAX;
        self.ending.get_or_insert(Ending::Cut {
            readable_bytes: self.chunks.chunk_offset,
            torn_bytes: 0,
        });
    }
}

/// Kind, microseconds since the entry before, bytes.
fn take_entry<'a>(rest: &mut &'a [u8]) -> Option<(u8, u64, &'a [u8])> {
    let (&kind, behind) = rest.split_first()?;
    *rest = behind;
    let delta = take_varint(rest)?;
    let length = usize::try_from(take_varint(rest)?).ok()?;
    let (bytes, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some((kind, delta, bytes))
}

/// Reads a recording chunk by chunk, checking each.
#[derive(Debug)]
pub(crate) struct ChunkReader<R> {
    source: R,
    path: PathBuf,
    header: FileHeader,
    /// Offset of the chunk that comes next.
    offset: u64,
    /// Offset of the chunk in `payload`.
    chunk_offset: u64,
    payload: Vec<u8>,
    /// Bytes of a torn chunk at the file's end.
    torn_bytes: u64,
    /// For asking whether the writer still holds the file.
    handle: Option<File>,
}

impl<R: Read> ChunkReader<R> {
    pub(crate) fn begin(mut source: R, path: &Path, handle: Option<File>) -> Result<Self, ReadError> {
        let mut bytes = [0; FILE_HEADER_BYTES];
        let read = read_full(&mut source, &mut bytes).map_err(|source| ReadError::Io {
            operation: "read",
            path: path.to_owned(),
            source,
        })?;
        let header = match FileHeader::decode(&bytes) {
            Ok(header) => header,
            Err(_)
                if read < FILE_HEADER_BYTES && is_start_of_magic(bytes.get(..read).unwrap_or_default()) =>
            {
                return Err(ReadError::NoFacts {
                    path: path.to_owned(),
                });
            }
            Err(error) => {
                return Err(ReadError::FileHeader {
                    path: path.to_owned(),
                    error,
                });
            }
        };
        let offset = u64::try_from(FILE_HEADER_BYTES).unwrap_or(u64::MAX);
        Ok(Self {
            source,
            path: path.to_owned(),
            header,
            offset,
            chunk_offset: offset,
            payload: Vec::new(),
            torn_bytes: 0,
            handle,
        })
    }
}

impl<R: Read> ChunkReader<R> {
    /// The session's facts, from the first chunk.
    pub(crate) fn facts(&mut self) -> Result<SessionFacts, ReadError> {
        let offset = self.offset;
        let Some(header) = self.next_chunk()? else {
            return Err(ReadError::NoFacts {
                path: self.path.clone(),
            });
        };
        if header.kind != kind::SESSION {
            return Err(self.damaged(offset, Damage::OutOfPlace));
        }
        if header.codec != codec::RAW {
            return Err(self.unknown(header));
        }
        let mut facts: SessionFacts =
            serde_json::from_slice(&self.payload).map_err(|_| self.damaged(offset, Damage::Malformed))?;
        // What names the session is what the file header says.
        facts.id = self.header.id;
        facts.started = self.header.started;
        Ok(facts)
    }

    /// Reads the next chunk whole into `payload`. `None` where the file ends, even within a chunk.
    pub(crate) fn next_chunk(&mut self) -> Result<Option<ChunkHeader>, ReadError> {
        let Some(header) = self.next_header()? else {
            return Ok(None);
        };
        self.payload.clear();
        let length = u64::from(header.length);
        // `take` and `read_to_end` hold what is there, not what a length promises.
        let mut source = Read::by_ref(&mut self.source).take(length);
        let read = source
            .read_to_end(&mut self.payload)
            .map_err(|source| self.io("read", source))?;
        if u64::try_from(read).unwrap_or(u64::MAX) < length {
            self.torn(read.saturating_add(CHUNK_HEADER_BYTES));
            return Ok(None);
        }
        if crc32fast::hash(&self.payload) != header.payload_crc {
            return Err(self.damaged(self.offset, Damage::Payload));
        }
        self.advance(header);
        Ok(Some(header))
    }

    /// Reads the next chunk's header. `None` where the file ends, even within the header.
    fn next_header(&mut self) -> Result<Option<ChunkHeader>, ReadError> {
        let mut bytes = [0; CHUNK_HEADER_BYTES];
        let read = read_full(&mut self.source, &mut bytes).map_err(|source| self.io("read", source))?;
        if read < CHUNK_HEADER_BYTES {
            self.torn(read);
            return Ok(None);
        }
        if bytes == [0; CHUNK_HEADER_BYTES] {
            // A file system may have kept the file's new length but not the bytes when its machine crashed.
            self.torn(read);
            return Ok(None);
        }
        let header = ChunkHeader::decode(&bytes).ok_or_else(|| self.damaged(self.offset, Damage::Header))?;
        match usize::try_from(header.length) {
            Ok(length) if length <= CHUNK_PAYLOAD_BYTES_MAX => Ok(Some(header)),
            _ => Err(self.damaged(self.offset, Damage::TooLong(header.length))),
        }
    }

    /// `offset` is behind this chunk now.
    fn advance(&mut self, header: ChunkHeader) {
        let header_bytes = u64::try_from(CHUNK_HEADER_BYTES).unwrap_or(0);
        self.chunk_offset = self.offset;
        self.offset = self
            .offset
            .saturating_add(header_bytes)
            .saturating_add(u64::from(header.length));
    }

    fn torn(&mut self, bytes: usize) {
        self.torn_bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    }

    /// A chunk that this version has no use for.
    fn pass_over(&self, header: ChunkHeader) -> Result<(), ReadError> {
        if header.is_skippable() {
            Ok(())
        } else {
            Err(self.unknown(header))
        }
    }

    /// Behind the end there may be chunks that this version does not know, if they say so, and the footer.
    fn check_after_end(&mut self) -> Result<(), ReadError> {
        loop {
            let offset = self.offset;
            let Some(header) = self.next_chunk()? else {
                return Ok(());
            };
            if !header.is_skippable() {
                return Err(self.damaged(offset, Damage::AfterEnd));
            }
        }
    }

    /// How it ends where no end is recorded.
    fn unfinished(&self) -> Ending {
        match self.handle.as_ref().map(File::try_lock_shared) {
            Some(Err(TryLockError::WouldBlock)) => Ending::Live,
            locked => {
                if let (Some(Ok(())), Some(handle)) = (&locked, &self.handle) {
                    // Closing the file gives the lock back as well, if later.
                    let _unlocked = handle.unlock();
                }
                Ending::Cut {
                    readable_bytes: self.offset,
                    torn_bytes: self.torn_bytes,
                }
            }
        }
    }

    fn io(&self, operation: &'static str, source: io::Error) -> ReadError {
        ReadError::Io {
            operation,
            path: self.path.clone(),
            source,
        }
    }

    fn damaged(&self, offset: u64, damage: Damage) -> ReadError {
        ReadError::Damaged {
            path: self.path.clone(),
            offset,
            damage,
        }
    }

    fn unknown(&self, header: ChunkHeader) -> ReadError {
        ReadError::UnknownChunk {
            path: self.path.clone(),
            offset: self.chunk_offset,
            kind: header.kind,
            codec: header.codec,
        }
    }
}

/// What can be said about a recording without reading all of it.
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

/// Whether a file of these bytes may become a recording: its writer was just beginning.
fn is_start_of_magic(bytes: &[u8]) -> bool {
    let length = bytes.len().min(MAGIC.len());
    bytes.get(..length) == MAGIC.get(..length)
}

/// Fills the buffer, or as much of it as there is. Says how much that was.
fn read_full(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled: usize = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(count) => filled = filled.saturating_add(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
