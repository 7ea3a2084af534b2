//! The data of a COPY, its first lines as text and the rest as counts.

use std::fmt::Write as _;

use crate::terminal::{Colour, Tone, clip, line};

/// Lines of a copy that are shown; the rest is counted.
const LINES_SHOWN_MAX: u64 = 50;

/// Bytes of a line that are shown.
const LINE_BYTES_MAX: usize = 2_000;

/// Which way the data goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CopyDirection {
    Out,
    In,
    Both,
}

/// The copy that is under way.
#[derive(Debug)]
pub(crate) struct CopyView {
    direction: CopyDirection,
    binary: bool,
    lines: u64,
    messages: u64,
    bytes: u64,
    /// The line that has no end yet, its first bytes.
    line: Vec<u8>,
    line_bytes: usize,
}

impl CopyView {
    pub(crate) fn new(direction: CopyDirection, binary: bool) -> Self {
        Self {
            direction,
            binary,
            lines: 0,
            messages: 0,
            bytes: 0,
            line: Vec::new(),
            line_bytes: 0,
        }
    }

    pub(crate) fn direction(&self) -> CopyDirection {
        self.direction
    }

    /// The data of a `CopyData` message, of which `missing` bytes are not there.
    pub(crate) fn push(&mut self, data: &[u8], missing: usize, text: &mut String) {
        self.messages = self.messages.saturating_add(1);
        let bytes = u64::try_from(data.len().saturating_add(missing)).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(bytes);
        if self.binary || self.direction == CopyDirection::Both {
            return;
        }
        // A message may hold several lines, and a line several messages.
        for part in data.split_inclusive(|byte| *byte == b'\n') {
            let (content, ended) = part
                .strip_suffix(b"\n")
                .map_or((part, false), |content| (content, true));
            if self.lines < LINES_SHOWN_MAX {
                let room = LINE_BYTES_MAX.saturating_sub(self.line.len()).min(content.len());
                self.line
                    .extend_from_slice(content.get(..room).unwrap_or_default());
                self.line_bytes = self.line_bytes.saturating_add(content.len());
            }
            if ended {
                self.end_line(text);
            }
        }
        self.line_bytes = self.line_bytes.saturating_add(missing);
    }

    /// The copy is over, or the recording of it.
    pub(crate) fn finish(mut self, text: &mut String, colour: Colour) {
        if self.line_bytes > 0 {
            self.end_line(text);
        }
        let remark = if self.direction == CopyDirection::Both || self.binary {
            format!(
                "-- {} of copy data in {}",
                count(self.bytes, "byte"),
                count(self.messages, "message")
            )
        } else if let Some(more) = self.lines.checked_sub(LINES_SHOWN_MAX).filter(|more| *more > 0) {
            format!(
                "-- … {}, {} in all",
                count(more, "more line"),
                count(self.bytes, "byte")
            )
        } else {
            return;
        };
        let _ = writeln!(text, "{}", colour.paint(Tone::Remark, &remark));
    }

    fn end_line(&mut self, text: &mut String) {
        self.lines = self.lines.saturating_add(1);
        if self.lines <= LINES_SHOWN_MAX {
            // Set in, so that data can't pass for a prompt or a remark.
            let (shown, _) = clip(&self.line, LINE_BYTES_MAX);
            let _ = write!(text, "  {}", line(shown));
            let missing = self.line_bytes.saturating_sub(shown.len());
            let _ = if missing > 0 {
                writeln!(text, "… ({missing} more bytes)")
            } else {
                writeln!(text)
            };
        }
        self.line.clear();
        self.line_bytes = 0;
    }
}

/// `1 row`, `2 rows`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
