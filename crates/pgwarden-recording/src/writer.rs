//! Writing a recording while its session runs.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, IoSlice, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use serde::Serialize;

use crate::{
    Counts, Entry, RecordingError, SessionEnd, SessionFacts, Timestamp,
    entry::EVENT_BYTES_MAX,
    format::{
        CHUNK_HEADER_BYTES, CHUNK_PAYLOAD_BYTES_MAX, ChunkHeader, FLAG_SKIPPABLE, FileHeader, codec,
        entry_kind, frames_kind, kind, put_varint,
    },
    statement_count::StatementCount,
};

/// How much a session depends on its recording.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// What can't be recorded must not be sent: a failed append gives no [`Recorded`].
    Required,
    /// The session goes on without its recording; errors are counted.
    BestEffort,
    /// Nothing is written.
    Off,
}

/// The recording has dealt with these bytes as its mode demands. Made by [`SessionWriter::append`] alone; sending needs it.
#[must_use = "the proof that sending needs"]
#[derive(Debug)]
pub struct Recorded(());

/// Most entries of one chunk, and so of one write: the slices for them are on the stack, and their number
/// (two for each, and one) stays far below `IOV_MAX` (1024). A longer batch takes a write for each so many.
const ENTRIES_PER_CHUNK: usize = 24;

/// The slices of one write: the chunk's header with the first entry's, then bytes and headers in turn.
const SLICES_PER_CHUNK: usize = ENTRIES_PER_CHUNK * 2;

/// Longest header of one entry: kind, two varints.
const ENTRY_HEADER_BYTES_MAX: usize = 1 + 10 + 10;

/// What the headers of a chunk's payload take at most: its time, and one header for each entry.
const HEADERS_BYTES_MAX: usize = 10 + ENTRIES_PER_CHUNK * ENTRY_HEADER_BYTES_MAX;

/// Most bytes of entries in one chunk.
const CHUNK_ENTRY_BYTES_MAX: usize = CHUNK_PAYLOAD_BYTES_MAX - HEADERS_BYTES_MAX;

const _: () = assert!(EVENT_BYTES_MAX <= CHUNK_ENTRY_BYTES_MAX);

/// One session's recording being written: a file `<directory>/<UTC start>-<id>.pgwr`, locked as long as it is written.
///
/// Nothing is buffered in the process: once [`append`](Self::append) returns, its bytes are the kernel's and survive
/// `kill -9`. When the writer is dropped without [`finish`](Self::finish), the recording stays as one that was cut.
#[derive(Debug)]
pub struct SessionWriter {
    mode: Mode,
    path: PathBuf,
    /// `None` in mode off, and once an append has failed.
    file: Option<File>,
    /// Length of the file up to the last whole chunk.
    bytes_written: u64,
    errors: u64,
    first_error: Option<RecordingError>,
    counts: Counts,
    statements: StatementCount,
    /// Headers of the chunk being written; kept for its capacity.
    headers: Vec<u8>,
    /// Events of the batch being written, as JSON; kept for its capacity.
    events: Vec<u8>,
}

impl SessionWriter {
    /// Makes the file (mode 0640; the directory, mode 0750, too if it is missing) and writes the facts into it.
    ///
    /// In mode best effort a file that can't be made gives a writer that has failed already, see [`errors`](Self::errors).
    /// In mode off nothing is made.
    pub fn create(directory: &Path, facts: &SessionFacts, mode: Mode) -> Result<Self, RecordingError> {
        match mode {
            Mode::Off => Ok(Self::off()),
            Mode::Required => Self::begin(directory, facts, mode),
            Mode::BestEffort => Self::begin(directory, facts, mode).or_else(|error| {
                let mut writer = Self::empty(directory.join(file_name(facts)), mode);
                writer.count_error(error);
                Ok(writer)
            }),
        }
    }

    /// A writer that writes nothing and hands out every proof.
    pub fn off() -> Self {
        Self::empty(PathBuf::new(), Mode::Off)
    }

    /// Writes the entries as one chunk with one `writev(2)`, and returns the proof that sending them needs.
    ///
    /// The bytes are not copied, and nothing is allocated once the writer is warm. Batches of more than 24 entries or
    /// close to [`CHUNK_PAYLOAD_BYTES_MAX`] take several chunks and writes. `at` must not go backwards.
    ///
    /// When it fails the file is cut back to its last whole chunk and every later append fails, too. In mode best
    /// effort the failure is counted in [`errors`](Self::errors) instead, and the proof is given all the same.
    pub fn append(&mut self, at: Timestamp, entries: &[Entry<'_>]) -> Result<Recorded, RecordingError> {
        match self.mode {
            Mode::Off => Ok(Recorded(())),
            Mode::Required => self.write_entries(at, entries).map(Recorded),
            Mode::BestEffort => {
                // An error for each of them would allocate for nothing.
                if self.file.is_none() {
                    self.errors = self.errors.saturating_add(1);
                } else if let Err(error) = self.write_entries(at, entries) {
                    self.count_error(error);
                }
                Ok(Recorded(()))
            }
        }
    }

    /// Writes the end and closes the file. A recording that failed before stays cut where it failed.
    pub fn finish(mut self, end: &SessionEnd) -> Result<(), RecordingError> {
        match self.mode {
            Mode::Off => Ok(()),
            Mode::BestEffort if self.file.is_none() => Ok(()),
            Mode::Required | Mode::BestEffort => self.write_end(end),
        }
    }

    /// The file; empty in mode off.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How much the session depends on it.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Length of the file so far.
    pub fn bytes_written(&self) -> u64 {
        self.bytes_written
    }

    /// In mode best effort: how many times something was not recorded. More than 0 means that the recording is incomplete.
    pub fn errors(&self) -> u64 {
        self.errors
    }

    /// In mode best effort: the first of these errors, for the log.
    pub fn first_error(&self) -> Option<&RecordingError> {
        self.first_error.as_ref()
    }

    /// What was counted so far.
    pub fn counts(&self) -> Counts {
        Counts {
            statements: self.statements.count(),
            ..self.counts.clone()
        }
    }

    fn empty(path: PathBuf, mode: Mode) -> Self {
        Self {
            mode,
            path,
            file: None,
            bytes_written: 0,
            errors: 0,
            first_error: None,
            counts: Counts::default(),
            statements: StatementCount::default(),
            headers: Vec::new(),
            events: Vec::new(),
        }
    }

    fn begin(directory: &Path, facts: &SessionFacts, mode: Mode) -> Result<Self, RecordingError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o750)
            .create(directory)
            .map_err(|source| RecordingError::from_io("make the directory of", directory, source))?;
        let path = directory.join(file_name(facts));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o640)
            .open(&path)
            .map_err(|source| RecordingError::from_io("create", &path, source))?;
        // Only tells readers that the session is live. Some file systems have no locks; there it looks cut meanwhile.
        let _locked = file.try_lock().is_ok();
        let mut writer = Self::empty(path, mode);
        writer.file = Some(file);
        let header = FileHeader {
            id: facts.id,
            started: facts.started,
        }
        .encode();
        let json = writer.json(facts)?;
        let chunk = chunk_header(kind::SESSION, 0, &[&json])?.encode();
        writer.write(&mut [IoSlice::new(&header), IoSlice::new(&chunk), IoSlice::new(&json)])?;
        Ok(writer)
    }

    fn json(&self, value: &impl Serialize) -> Result<Vec<u8>, RecordingError> {
        serde_json::to_vec(value).map_err(|source| RecordingError::Encode {
            path: self.path.clone(),
            source,
        })
    }

    fn write_end(&mut self, end: &SessionEnd) -> Result<(), RecordingError> {
        let json = self.json(&EndRecord {
            end: end.clone(),
            counts: self.counts(),
        })?;
        let chunk = chunk_header(kind::END, 0, &[&json])?.encode();
        let mut offsets = [0; crate::format::FOOTER_PAYLOAD_BYTES];
        if let Some(end_offset) = offsets.first_chunk_mut() {
            *end_offset = self.bytes_written.to_be_bytes();
        }
        let footer = chunk_header(kind::FOOTER, FLAG_SKIPPABLE, &[&offsets])?.encode();
        self.write(&mut [&chunk[..], &json, &footer, &offsets].map(IoSlice::new))
    }

    fn count_error(&mut self, error: RecordingError) {
        self.errors = self.errors.saturating_add(1);
        self.first_error.get_or_insert(error);
    }

    fn write_entries(&mut self, at: Timestamp, entries: &[Entry<'_>]) -> Result<(), RecordingError> {
        if self.file.is_none() {
            return Err(RecordingError::Failed {
                path: self.path.clone(),
            });
        }
        for batch in entries.chunks(ENTRIES_PER_CHUNK) {
            self.write_batch(at, batch)?;
        }
        Ok(())
    }

    /// At most [`ENTRIES_PER_CHUNK`] entries; several chunks only if they are too long for one.
    fn write_batch(&mut self, at: Timestamp, entries: &[Entry<'_>]) -> Result<(), RecordingError> {
        let mut headers = std::mem::take(&mut self.headers);
        let mut events = std::mem::take(&mut self.events);
        let result = self.encode_events(entries, &mut events).and_then(|()| {
            let mut pieces = Pieces {
                entries,
                events: &events,
                rest: &[],
            };
            while self.write_chunk(at, &mut pieces, &mut headers)? {}
            Ok(())
        });
        self.headers = headers;
        self.events = events;
        // One long event is no reason to hold on to its room.
        self.events.shrink_to(EVENT_BYTES_RETAINED);
        result
    }

    /// The events' JSON texts one after the other, each behind its length.
    fn encode_events(&mut self, entries: &[Entry<'_>], events: &mut Vec<u8>) -> Result<(), RecordingError> {
        events.clear();
        for entry in entries {
            let Entry::Event(event) = entry else { continue };
            self.counts.add(event);
            let length_at = events.len();
            events.extend_from_slice(&[0; 8]);
            let text_at = events.len();
            let mut written = serde_json::to_writer(&mut *events, event);
            if events.len().saturating_sub(text_at) > EVENT_BYTES_MAX {
                events.truncate(text_at);
                written = serde_json::to_writer(&mut *events, &event.clipped(CLIPPED_TEXT_BYTES_MAX));
            }
            written.map_err(|source| RecordingError::Encode {
                path: self.path.clone(),
                source,
            })?;
            let length = u64::try_from(events.len().saturating_sub(text_at)).unwrap_or(u64::MAX);
            if let Some(place) = events
                .get_mut(length_at..)
                .and_then(|tail| tail.first_chunk_mut())
            {
                *place = length.to_be_bytes();
            }
        }
        Ok(())
    }

    /// Writes as many pieces as one chunk takes. False if there were none.
    fn write_chunk(
        &mut self,
        at: Timestamp,
        pieces: &mut Pieces<'_, '_>,
        headers: &mut Vec<u8>,
    ) -> Result<bool, RecordingError> {
        headers.clear();
        headers.extend_from_slice(&[0; CHUNK_HEADER_BYTES]);
        put_varint(headers, at.as_micros());
        // Where the headers before each piece end, and the piece.
        let mut parts: [(usize, &[u8]); ENTRIES_PER_CHUNK] = [(0, &[]); ENTRIES_PER_CHUNK];
        let mut used: usize = 0;
        let mut room = CHUNK_ENTRY_BYTES_MAX;
        for part in &mut parts {
            let Some((entry_kind, bytes)) = pieces.next(room) else {
                break;
            };
            self.statements.add(entry_kind, bytes);
            headers.push(entry_kind);
            put_varint(headers, 0);
            put_varint(headers, u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            *part = (headers.len(), bytes);
            used = used.saturating_add(1);
            room = room.saturating_sub(bytes.len());
        }
        let parts = parts.get(..used).unwrap_or_default();
        if parts.is_empty() {
            return Ok(false);
        }
        self.seal_chunk(headers, parts)?;
        let mut slices = [IoSlice::new(&[]); SLICES_PER_CHUNK];
        let mut targets = slices.iter_mut();
        for slice in interleaved(headers, 0, parts) {
            if let Some(target) = targets.next() {
                *target = IoSlice::new(slice);
            }
        }
        let slices = slices
            .get_mut(..parts.len().saturating_mul(2))
            .unwrap_or_default();
        self.write(slices)?;
        Ok(true)
    }

    /// Puts the chunk's header in front of the other headers.
    fn seal_chunk(&self, headers: &mut [u8], parts: &[(usize, &[u8])]) -> Result<(), RecordingError> {
        let mut crc = crc32fast::Hasher::new();
        let mut length: usize = 0;
        for slice in interleaved(headers, CHUNK_HEADER_BYTES, parts) {
            crc.update(slice);
            length = length.saturating_add(slice.len());
        }
        let header = ChunkHeader {
            kind: kind::ENTRIES,
            codec: codec::RAW,
            flags: 0,
            length: payload_length(length, &self.path)?,
            payload_crc: crc.finalize(),
        };
        if let Some(place) = headers.first_chunk_mut() {
            *place = header.encode();
        }
        Ok(())
    }

    /// Writes one chunk, or several that belong together. After an error the file ends where it did before.
    fn write(&mut self, slices: &mut [IoSlice<'_>]) -> Result<(), RecordingError> {
        let Some(file) = &mut self.file else {
            return Err(RecordingError::Failed {
                path: self.path.clone(),
            });
        };
        match write_all_vectored(file, slices) {
            Ok(written) => {
                self.bytes_written = self.bytes_written.saturating_add(written);
                Ok(())
            }
            Err(source) => {
                // A torn chunk is no harm to readers, so a failure here changes nothing.
                let _cut = file.set_len(self.bytes_written);
                self.file = None;
                Err(RecordingError::from_io("write to", &self.path, source))
            }
        }
    }
}

/// Room for events that is kept between batches.
const EVENT_BYTES_RETAINED: usize = 4 * 1024;

/// Clips each text of an event so that its JSON text is below [`EVENT_BYTES_MAX`] even if each byte is escaped to six.
const CLIPPED_TEXT_BYTES_MAX: usize = 3_000;

/// What the end chunk holds.
#[derive(Serialize, serde::Deserialize)]
pub(crate) struct EndRecord {
    #[serde(flatten)]
    pub(crate) end: SessionEnd,
    #[serde(default)]
    pub(crate) counts: Counts,
}

/// The bytes of a batch, in order and cut where a chunk is full.
struct Pieces<'b, 'e> {
    entries: &'b [Entry<'e>],
    /// Events as JSON, each behind its length.
    events: &'b [u8],
    /// What is left of the first entry, frames that were cut.
    rest: &'b [u8],
}

impl<'b> Pieces<'b, '_> {
    /// The next entry, or the next part of one, of at most `room` bytes. `None` if the chunk is full or nothing is left.
    fn next(&mut self, room: usize) -> Option<(u8, &'b [u8])> {
        loop {
            match *self.entries.first()? {
                Entry::Event(_) => {
                    let (length, behind) = self.events.split_first_chunk()?;
                    let length = usize::try_from(u64::from_be_bytes(*length)).ok()?;
                    if length > room {
                        return None;
                    }
                    let (text, behind) = behind.split_at_checked(length)?;
                    self.events = behind;
                    self.advance();
                    return Some((entry_kind::EVENT, text));
                }
                Entry::Frames { stream, bytes } => {
                    let bytes = if self.rest.is_empty() { bytes } else { self.rest };
                    if bytes.is_empty() {
                        self.advance();
                        continue;
                    }
                    if room == 0 {
                        return None;
                    }
                    let (piece, rest) = bytes.split_at(bytes.len().min(room));
                    if rest.is_empty() {
                        self.advance();
                    } else {
                        self.rest = rest;
                    }
                    return Some((frames_kind(stream), piece));
                }
            }
        }
    }

    fn advance(&mut self) {
        self.entries = self.entries.split_first().map_or(&[], |(_first, rest)| rest);
        self.rest = &[];
    }
}

/// Headers from offset `start` on and pieces in turn, as they lie in the file.
fn interleaved<'a>(
    headers: &'a [u8],
    start: usize,
    parts: &'a [(usize, &'a [u8])],
) -> impl Iterator<Item = &'a [u8]> {
    let mut from = start;
    parts.iter().flat_map(move |(to, piece)| {
        let header = headers.get(from..*to).unwrap_or_default();
        from = *to;
        [header, *piece]
    })
}

fn chunk_header(kind: u8, flags: u16, payload: &[&[u8]]) -> Result<ChunkHeader, RecordingError> {
    let mut crc = crc32fast::Hasher::new();
    let mut length: usize = 0;
    for part in payload {
        crc.update(part);
        length = length.saturating_add(part.len());
    }
    Ok(ChunkHeader {
        kind,
        codec: codec::RAW,
        flags,
        length: payload_length(length, Path::new(""))?,
        payload_crc: crc.finalize(),
    })
}

fn payload_length(length: usize, path: &Path) -> Result<u32, RecordingError> {
    u32::try_from(length)
        .ok()
        .filter(|_| length <= CHUNK_PAYLOAD_BYTES_MAX)
        .ok_or_else(|| RecordingError::Io {
            operation: "write an overlong chunk to",
            path: path.to_owned(),
            source: io::ErrorKind::InvalidInput.into(),
        })
}

/// Writes everything, however often the system writes less or is interrupted. Says how much that was.
fn write_all_vectored(file: &mut impl Write, mut slices: &mut [IoSlice<'_>]) -> io::Result<u64> {
    let mut written: u64 = 0;
    // As write_all_vectored of std, which is unstable. The first call drops empty slices at the front.
    IoSlice::advance_slices(&mut slices, 0);
    while !slices.is_empty() {
        match file.write_vectored(slices) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => {
                written = written.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
                IoSlice::advance_slices(&mut slices, count);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(written)
}

/// `20261124T082413.123456Z-0123456789abcdef.pgwr`: sorted by name is sorted by start.
pub(crate) fn file_name(facts: &SessionFacts) -> String {
    let time: String = crate::session::rfc3339_text(facts.started)
        .chars()
        .filter(|c| !matches!(c, '-' | ':'))
        .collect();
    format!("{time}-{}.{FILE_EXTENSION}", facts.id)
}

/// Of every recording's file name.
pub(crate) const FILE_EXTENSION: &str = "pgwr";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EndReason, RecordingErrorKind, SessionId, Stream};

    /// Takes a few bytes at a time, and is interrupted in between.
    struct Reluctant {
        taken: Vec<u8>,
        interrupt: bool,
    }

    impl Write for Reluctant {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.interrupt = !self.interrupt;
            if self.interrupt {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let count = bytes.len().min(3);
            self.taken.extend_from_slice(&bytes[..count]);
            Ok(count)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn short_and_interrupted_writes_go_on() {
        let mut file = Reluctant {
            taken: Vec::new(),
            interrupt: false,
        };
        let written = write_all_vectored(
            &mut file,
            &mut [&b""[..], b"one", b"", b"twenty", b""].map(IoSlice::new),
        );
        assert_eq!(
            (written.ok(), file.taken.as_slice()),
            (Some(9), &b"onetwenty"[..])
        );
        let mut nowhere: &mut [u8] = &mut [0; 4];
        let error =
            write_all_vectored(&mut nowhere, &mut [IoSlice::new(b"12345")]).map_err(|error| error.kind());
        assert_eq!(error.err(), Some(io::ErrorKind::WriteZero));
    }

    fn facts() -> SessionFacts {
        SessionFacts::new(
            SessionId::from_bits(1),
            std::time::SystemTime::UNIX_EPOCH,
            "alice",
            "orders",
        )
    }

    /// A writer whose file can't be written any more.
    fn failing(directory: &Path, mode: Mode) -> SessionWriter {
        let mut writer = SessionWriter::create(directory, &facts(), mode).unwrap();
        writer.file = Some(File::open(writer.path()).unwrap());
        writer
    }

    const ENTRY: &[Entry<'static>] = &[Entry::Frames {
        stream: Stream::ClientForwarded,
        bytes: b"x",
    }];

    #[test]
    fn after_a_failed_append_there_are_no_more_proofs() {
        let directory = tempfile::tempdir().unwrap();
        let mut writer = failing(directory.path(), Mode::Required);
        let before = writer.bytes_written();
        let kinds = [0, 1].map(|_| {
            writer
                .append(Timestamp::START, ENTRY)
                .map_err(|error| error.kind())
                .err()
        });
        assert_eq!(
            kinds,
            [Some(RecordingErrorKind::Io), Some(RecordingErrorKind::Failed)]
        );
        assert_eq!(writer.bytes_written(), before);
        let end = SessionEnd {
            at: Timestamp::START,
            reason: EndReason::RecordingFailed,
            sqlstate: None,
        };
        assert!(writer.finish(&end).is_err());
    }

    #[test]
    fn best_effort_counts_what_it_could_not_record() {
        let directory = tempfile::tempdir().unwrap();
        let mut writer = failing(directory.path(), Mode::BestEffort);
        for _ in 0..3 {
            let _recorded = writer.append(Timestamp::START, ENTRY).unwrap();
        }
        assert_eq!(writer.errors(), 3);
        assert_eq!(
            writer.first_error().map(RecordingError::kind),
            Some(RecordingErrorKind::Io)
        );
    }

    #[test]
    fn a_full_disk_is_told_from_other_failures() {
        // ENOSPC, EDQUOT, EFBIG; EIO.
        for (code, kind) in [
            (28, RecordingErrorKind::Full),
            (122, RecordingErrorKind::Full),
            (27, RecordingErrorKind::Full),
            (5, RecordingErrorKind::Io),
        ] {
            let error =
                RecordingError::from_io("write to", Path::new("x"), io::Error::from_raw_os_error(code));
            assert_eq!(error.kind(), kind, "{error}");
        }
    }
}
