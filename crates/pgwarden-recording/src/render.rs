//! Playing a recording for a terminal: statements, results, notices and errors as psql shows them.
//!
//! What differs from psql, on purpose: NULL is `<null>`, as an empty string is empty; whatever could steer the terminal
//! is escaped everywhere; COPY data and the further lines of messages are set in, so that no data can pass for a prompt;
//! only the first lines of a COPY and the first bytes of a long value are shown; lines that begin with `--` are remarks of pgwarden.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, Read, Write},
    time::Duration,
};

use crate::{
    Content, Counts, Ending, Item, Messages, ReadError, Reader, SessionEnd, SessionFacts, Timestamp,
    copy_view::count,
    listing::{duration_text, started_text},
    screen::{Screen, tag_text},
};
pub use crate::{
    playback::Playback,
    terminal::{Colour, line, neutralised, width},
};

/// Why playing stopped before the end.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The recording can't be read further; what comes before was played.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The output can't be written. A closed pipe is `BrokenPipe`.
    #[error("write the output")]
    Output(#[source] io::Error),
}

/// Plays a recording: writes what its session's terminal would have shown, and calls `pause` with the time to wait
/// before each part. A recording that was cut is played up to there, and that is said.
pub fn play<R: Read>(
    reader: &mut Reader<R>,
    output: &mut impl Write,
    colour: Colour,
    playback: Playback,
    mut pause: impl FnMut(Duration),
) -> Result<(), PlayError> {
    let mut screen = Screen::new(reader.facts(), colour);
    let mut messages = Messages::new();
    let mut pace = Pace {
        shown_at: Timestamp::START,
        playback,
        pause: &mut pause,
    };
    put_start(&mut screen, reader.facts());
    pace.write(Timestamp::START, &mut screen, output)?;
    let read = loop {
        match reader.next_entry() {
            Err(error) => break Err(error),
            Ok(None) => break Ok(()),
            Ok(Some(entry)) => {
                match entry.content {
                    Content::Event(event) => screen.event(&event),
                    Content::Frames { stream, bytes } => messages.push(entry.at, stream, bytes, |item| {
                        put_item(&mut screen, item);
                        // What one entry shows together appears together, unless it is much.
                        if screen.text_bytes() < TEXT_BYTES_HELD {
                            return Ok(());
                        }
                        pace.write(entry.at, &mut screen, output)
                    })?,
                }
                pace.write(entry.at, &mut screen, output)?;
            }
        }
    };
    screen.finish();
    for partial in messages.partial() {
        screen.remark(&format!(
            "of a message {} in stream {}, {} bytes are recorded",
            tag_text(partial.tag),
            partial.stream.as_str(),
            partial.recorded_bytes
        ));
    }
    let mut end_at = pace.shown_at;
    match reader.ending() {
        Some(Ending::Ended(end, counts)) => {
            pace.write(end_at, &mut screen, output)?;
            end_at = end.at;
            put_end(&mut screen, end, counts);
        }
        Some(Ending::Live) => screen.remark("the session goes on; this is what is recorded so far"),
        Some(Ending::Cut {
            readable_bytes,
            torn_bytes,
        }) if read.is_ok() => screen.remark(&format!(
            "the recording was cut here, without an end of the session: {readable_bytes} bytes are whole{}",
            if *torn_bytes > 0 {
                format!(", {torn_bytes} bytes behind them are torn")
            } else {
                String::new()
            }
        )),
        Some(Ending::Cut { .. }) | None => screen.remark("the recording can't be read further"),
    }
    pace.write(end_at, &mut screen, output)?;
    output.flush().map_err(PlayError::Output)?;
    read.map_err(PlayError::Read)
}

/// Text that is held back at most while an entry is gone through.
const TEXT_BYTES_HELD: usize = 1024 * 1024;

/// Writes what is shown when it is time for it.
struct Pace<'a> {
    /// Time in the session of what was written last.
    shown_at: Timestamp,
    playback: Playback,
    pause: &'a mut dyn FnMut(Duration),
}

impl Pace<'_> {
    fn write(
        &mut self,
        at: Timestamp,
        screen: &mut Screen,
        output: &mut impl Write,
    ) -> Result<(), PlayError> {
        if screen.text_bytes() == 0 {
            return Ok(());
        }
        let delay = self.playback.delay(self.shown_at, at);
        self.shown_at = at.max(self.shown_at);
        if delay > Duration::ZERO {
            output.flush().map_err(PlayError::Output)?;
            (self.pause)(delay);
        }
        output
            .write_all(screen.take_text().as_bytes())
            .map_err(PlayError::Output)
    }
}

fn put_item(screen: &mut Screen, item: Item<'_>) {
    match item {
        Item::Message(message) => screen.message(message),
        Item::Unreadable { stream, .. } => screen.remark(&format!(
            "stream {} can't be read from here on: what follows is no message",
            stream.as_str()
        )),
    }
}

fn put_start(screen: &mut Screen, facts: &SessionFacts) {
    let shown = |text: &str| neutralised(text.as_bytes());
    let mut line = format!(
        "session {}: {} on record \"{}\"",
        facts.id,
        shown(&facts.person),
        shown(&facts.record)
    );
    if let Some(database) = &facts.database {
        let _ = write!(line, ", database \"{}\"", shown(database));
    }
    screen.remark(&line);
    let mut line = format!("started {}", started_text(facts.started));
    for (label, value) in [
        ("from ", &facts.client_address),
        ("by ", &facts.application_name),
        ("to PostgreSQL ", &facts.server_version),
    ] {
        if let Some(value) = value {
            let _ = write!(line, ", {label}{}", shown(value));
        }
    }
    screen.remark(&line);
}

fn put_end(screen: &mut Screen, end: &SessionEnd, counts: &Counts) {
    let mut line = format!(
        "ended after {}: {}",
        duration_text(end.at.since_start()),
        end.reason.describe()
    );
    if let Some(sqlstate) = &end.sqlstate {
        let _ = write!(line, " ({})", neutralised(sqlstate.as_bytes()));
    }
    screen.remark(&line);
    let mut line = format!(
        "{}, {}",
        count(counts.statements, "statement"),
        count(counts.refusals, "refusal")
    );
    put_by_setting(&mut line, &counts.refused);
    if counts.observations > 0 {
        let _ = write!(line, ", {} let through by monitor mode", counts.observations);
        put_by_setting(&mut line, &counts.observed);
    }
    screen.remark(&line);
}

/// ` (can_export_csv 2, can_import_csv 1)`
fn put_by_setting(line: &mut String, counts: &BTreeMap<String, u64>) {
    if !counts.is_empty() {
        let counts = counts
            .iter()
            .map(|(setting, count)| format!("{} {count}", neutralised(setting.as_bytes())));
        let _ = write!(line, " ({})", counts.collect::<Vec<_>>().join(", "));
    }
}

/// For fuzzing: reads and plays anything.
pub fn fuzz_play(bytes: &[u8]) {
    if let Ok(mut reader) = Reader::new(bytes, std::path::Path::new("fuzz")) {
        let _played = play(
            &mut reader,
            &mut io::sink(),
            Colour::On,
            Playback {
                wait: false,
                ..Playback::default()
            },
            |_| {},
        );
    }
}
