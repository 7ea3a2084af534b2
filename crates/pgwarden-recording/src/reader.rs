//! Reading a recording, as far as it goes.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use crate::{
    CHUNK_PAYLOAD_BYTES_MAX, Counts, Event, FileHeaderError, SessionEnd, SessionFacts, Stream, Timestamp,
    chunks::ChunkReader,
    format::{codec, entry_kind, kind, stream_of_kind, take_varint},
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
