//! Recordings of sessions: written while a session runs, read back to be listed, played and exported.
//!
//! A recording is one file with every protocol message of one session in both directions, what pgwarden sent or
//! withheld in its own right, and the verdicts. The format is described in `docs/recording-format.md`.
//!
//! ```text
//!  SessionWriter::append ──► file ──► Reader ──► Messages ──┬─► render::play      (for a terminal)
//!    one write(2) each                entries   whole       └─► export::export_jsonl
//!                                               messages
//! ```
//!
//! Start from [`SessionWriter`] (its [`append`](SessionWriter::append) gives the [`Recorded`] that sending needs),
//! [`Reader`] and [`render::play`].
//!
//! What this crate does not know: sockets, tasks and the clock (times are arguments), who may do what, and what SQL
//! means. It shows what was sent.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::{Duration, SystemTime};
//! use pgwarden_recording::{EndReason, Entry, Mode, SessionEnd, SessionFacts, SessionId, SessionWriter, Stream, Timestamp};
//!
//! # let directory = tempfile::tempdir()?;
//! let started = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
//! let facts = SessionFacts::new(SessionId::from_bits(7), started, "alice", "orders");
//! let mut writer = SessionWriter::create(directory.path(), &facts, Mode::Required)?;
//! let query = b"Q\0\0\0\x0dselect 1\0";
//! let recorded = writer.append(Timestamp::from_micros(15), &[Entry::Frames { stream: Stream::ClientForwarded, bytes: query }])?;
//! # drop(recorded); // only now may the message be sent
//! writer.finish(&SessionEnd { at: Timestamp::from_micros(99), reason: EndReason::ClientTerminated, sqlstate: None })?;
//! # Ok(()) }
//! ```
#![cfg_attr(
    not(test),
    warn(clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)
)]

mod chunks;
mod conversation;
mod copy_view;
mod entry;
mod error_view;
mod export;
mod format;
mod listing;
mod messages;
mod names;
mod outline;
mod playback;
mod reader;
mod recording_error;
pub mod render;
mod result_view;
mod screen;
mod session;
mod statement_count;
mod statement_view;
mod table;
mod terminal;
mod unit;
mod values;
mod writer;

pub use entry::{EVENT_BYTES_MAX, Entry, Event, Sender, Stream, Timestamp};
pub use export::{export_jsonl, fuzz_export};
pub use format::{CHUNK_PAYLOAD_BYTES_MAX, FORMAT_VERSION, FileHeaderError};
pub use listing::{FindError, Listing, SessionState, SessionSummary, find, list, sessions_table};
pub use messages::{BODY_BYTES_KEPT, Item, Message, Messages, PartialMessage};
pub use reader::{Content, Damage, Ending, ReadError, Reader, RecordedEvent, TimedEntry};
pub use recording_error::{RecordingError, RecordingErrorKind};
pub use session::{
    ClientProcess, Counts, EndReason, ParseSessionIdError, SessionEnd, SessionFacts, SessionId, TlsUsed,
};
pub use writer::{Mode, Recorded, SessionWriter};
