//! What the relay hands to the recording: nothing is sent without its proof.

use std::borrow::Cow;
use std::ops::Range;
use std::time::Instant;

use pgwarden_recording::{
    Entry, Event, Recorded, RecordingError, SessionEnd, SessionWriter, Stream, Timestamp,
};

use crate::gate::{Secrets, mask};

/// The recording of a running session.
#[derive(Debug)]
pub(crate) struct Recorder {
    writer: SessionWriter,
    begun: Instant,
}

/// A part of a batch, in the order in which things happened.
#[derive(Debug)]
pub(crate) enum Piece {
    /// These bytes of the input.
    Input { stream: Stream, range: Range<usize> },
    /// Bytes of pgwarden's own.
    Own { stream: Stream, bytes: Vec<u8> },
    /// Something that is no message.
    Event(Event),
}

impl Recorder {
    pub(crate) fn new(writer: SessionWriter, begun: Instant) -> Self {
        Recorder { writer, begun }
    }

    pub(crate) fn bytes_written(&self) -> u64 {
        self.writer.bytes_written()
    }

    /// Batches that mode `best_effort` went on without.
    pub(crate) fn failures(&self) -> u64 {
        self.writer.errors()
    }

    /// Records a batch. `masked` are the ranges of the input that hold passwords.
    pub(crate) fn append(
        &mut self,
        now: Instant,
        input: &[u8],
        pieces: &[Piece],
        masked: &[Range<usize>],
        secrets: &Secrets,
    ) -> Result<Recorded, RecordingError> {
        let at = self.timestamp(now);
        let input = without_secrets(input, masked, secrets);
        if let [Piece::Input { stream, range }] = pieces {
            let bytes = input.get(range.clone()).unwrap_or_default();
            return self.writer.append(
                at,
                &[Entry::Frames {
                    stream: *stream,
                    bytes,
                }],
            );
        }
        let entries: Vec<Entry<'_>> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Input { stream, range } => Entry::Frames {
                    stream: *stream,
                    bytes: input.get(range.clone()).unwrap_or_default(),
                },
                Piece::Own { stream, bytes } => Entry::Frames {
                    stream: *stream,
                    bytes,
                },
                Piece::Event(event) => Entry::Event(event),
            })
            .collect();
        self.writer.append(at, &entries)
    }

    /// What the first of them failed at.
    pub(crate) fn failure(&self) -> Option<&RecordingError> {
        self.writer.first_error()
    }

    pub(crate) fn event(&mut self, now: Instant, event: &Event) -> Result<Recorded, RecordingError> {
        let at = self.timestamp(now);
        self.writer.append(at, &[Entry::Event(event)])
    }

    pub(crate) fn finish(
        self,
        now: Instant,
        reason: pgwarden_recording::EndReason,
        sqlstate: Option<&str>,
    ) -> Result<(), RecordingError> {
        let at = self.timestamp(now);
        self.writer.finish(&SessionEnd {
            at,
            reason,
            sqlstate: sqlstate.map(str::to_owned),
        })
    }

    fn timestamp(&self, now: Instant) -> Timestamp {
        Timestamp::from_elapsed(now.saturating_duration_since(self.begun))
    }
}

/// The bytes as they may be recorded: copied only where there is something to mask.
fn without_secrets<'a>(input: &'a [u8], masked: &[Range<usize>], secrets: &Secrets) -> Cow<'a, [u8]> {
    if masked.is_empty() && secrets.is_empty() {
        return Cow::Borrowed(input);
    }
    let mut copy = input.to_vec();
    for range in masked {
        mask(&mut copy, range.clone());
    }
    secrets.mask_echoes(&mut copy);
    Cow::Owned(copy)
}
