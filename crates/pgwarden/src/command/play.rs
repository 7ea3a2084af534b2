use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use pgwarden_recording::render::{Playback, play};
use pgwarden_recording::{Reader, find};

use super::configuration;
use crate::cli::{ConfigArgs, PlayArgs};
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &PlayArgs) -> anyhow::Result<Exit> {
    let mut reader = open(&args.config, &args.session)?;
    let playback = Playback {
        speed: args.speed,
        max_idle: args.max_idle,
        wait: !args.no_wait,
    };
    // Unbuffered beyond a part, so that each part is seen when it is due.
    let mut out = std::io::stdout().lock();
    play(
        &mut reader,
        &mut out,
        output::colour(),
        playback,
        std::thread::sleep,
    )?;
    out.flush()?;
    Ok(Exit::Done)
}

/// Opens the recording that SESSION names. A file needs no configuration.
pub(crate) fn open(config: &ConfigArgs, session: &str) -> anyhow::Result<Reader> {
    let path: PathBuf = if Path::new(session).is_file() {
        session.into()
    } else {
        find(&configuration::recordings(config)?, session)?
    };
    Reader::open(&path).with_context(|| format!("read recording {}", path.display()))
}
