use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;

use anyhow::Context as _;
use pgwarden_recording::export_jsonl;

use super::play;
use crate::cli::{ExportArgs, ExportFormat};
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &ExportArgs) -> anyhow::Result<Exit> {
    let mut reader = play::open(&args.config, &args.session)?;
    let mut out: Box<dyn Write> = match &args.output {
        None => Box::new(output::stdout()),
        Some(path) => {
            // What a recording holds is nobody else's business.
            let file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path);
            Box::new(BufWriter::new(
                file.with_context(|| format!("create {}", path.display()))?,
            ))
        }
    };
    match args.format {
        ExportFormat::Jsonl => export_jsonl(&mut reader, &mut out)?,
    }
    out.flush()?;
    Ok(Exit::Done)
}
