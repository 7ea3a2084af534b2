//! What is written where: data to standard output, all else to standard error.

use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write as _};

use pgwarden_recording::render::{Colour, PlayError};

/// Standard output for data. To be flushed at the end, so that a failed write is seen.
pub(crate) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

/// Colour on terminals only, unless `NO_COLOR` is set to anything (no-color.org).
pub(crate) fn colour() -> Colour {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if io::stdout().is_terminal() && !unwanted {
        Colour::On
    } else {
        Colour::Off
    }
}

/// Says on standard error what went wrong.
pub(crate) fn error(message: &str) {
    say(&format!("error: {message}"));
}

/// Writes a line to standard error. If that is closed, there is nobody to tell.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Whether an error is only that nobody reads the output any more.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        let play = cause.downcast_ref::<PlayError>();
        io.is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
            || matches!(play, Some(PlayError::Output(io)) if io.kind() == io::ErrorKind::BrokenPipe)
    })
}
