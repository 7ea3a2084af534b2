//! Reading a recording chunk by chunk.

use std::{
    fs::{File, TryLockError},
    io::{self, Read},
    path::{Path, PathBuf},
};

use crate::{
    Damage, Ending, ReadError, SessionFacts,
    format::{
        CHUNK_HEADER_BYTES, CHUNK_PAYLOAD_BYTES_MAX, ChunkHeader, FILE_HEADER_BYTES, FileHeader, MAGIC,
        codec, kind,
    },
};

/// Reads a recording chunk by chunk, checking each.
#[derive(Debug)]
pub(crate) struct ChunkReader<R> {
    pub(crate) source: R,
    pub(crate) path: PathBuf,
    header: FileHeader,
    /// Offset of the chunk that comes next.
    pub(crate) offset: u64,
    /// Offset of the chunk in `payload`.
    pub(crate) chunk_offset: u64,
    pub(crate) payload: Vec<u8>,
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
    pub(crate) fn next_header(&mut self) -> Result<Option<ChunkHeader>, ReadError> {
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
    pub(crate) fn advance(&mut self, header: ChunkHeader) {
        let header_bytes = u64::try_from(CHUNK_HEADER_BYTES).unwrap_or(0);
        self.chunk_offset = self.offset;
        self.offset = self
            .offset
            .saturating_add(header_bytes)
            .saturating_add(u64::from(header.length));
    }

    pub(crate) fn torn(&mut self, bytes: usize) {
        self.torn_bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    }

    /// A chunk that this version has no use for.
    pub(crate) fn pass_over(&self, header: ChunkHeader) -> Result<(), ReadError> {
        if header.is_skippable() {
            Ok(())
        } else {
            Err(self.unknown(header))
        }
    }

    /// Behind the end there may be chunks that this version does not know, if they say so, and the footer.
    pub(crate) fn check_after_end(&mut self) -> Result<(), ReadError> {
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
    pub(crate) fn unfinished(&self) -> Ending {
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

    pub(crate) fn io(&self, operation: &'static str, source: io::Error) -> ReadError {
        ReadError::Io {
            operation,
            path: self.path.clone(),
            source,
        }
    }

    pub(crate) fn damaged(&self, offset: u64, damage: Damage) -> ReadError {
        ReadError::Damaged {
            path: self.path.clone(),
            offset,
            damage,
        }
    }

    pub(crate) fn unknown(&self, header: ChunkHeader) -> ReadError {
        ReadError::UnknownChunk {
            path: self.path.clone(),
            offset: self.chunk_offset,
            kind: header.kind,
            codec: header.codec,
        }
    }
}

/// Whether a file of these bytes may become a recording: its writer was just beginning.
fn is_start_of_magic(bytes: &[u8]) -> bool {
    let length = bytes.len().min(MAGIC.len());
    bytes.get(..length) == MAGIC.get(..length)
}

/// Fills the buffer, or as much of it as there is. Says how much that was.
pub(crate) fn read_full(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
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
