use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use pgwarden_records::{Diagnostic, Snapshot};

use crate::cli::ConfigArgs;

/// Where the configuration is looked for when nothing says where it is.
const DEFAULT_FILES: [&str; 2] = ["pgwarden.toml", "/etc/pgwarden/pgwarden.toml"];

/// The file that the arguments name, or the first default that exists.
pub(crate) fn path(args: &ConfigArgs) -> anyhow::Result<PathBuf> {
    if let Some(path) = &args.config {
        return Ok(path.clone());
    }
    match DEFAULT_FILES.iter().map(Path::new).find(|path| path.exists()) {
        Some(path) => Ok(path.to_owned()),
        None => bail!(
            "there is no configuration\nhint: name it by --config or $PGWARDEN_CONFIG, or put it at {}",
            DEFAULT_FILES.join(" or ")
        ),
    }
}

/// The configuration, for commands that need one and aren't about it.
pub(crate) fn load(args: &ConfigArgs) -> anyhow::Result<(Snapshot, Vec<Diagnostic>)> {
    let path = path(args)?;
    pgwarden_records::load(&path)
        .map_err(|errors| anyhow::Error::msg(errors.to_string()))
        .with_context(|| format!("read configuration {}", path.display()))
}

/// The directory that the configuration names for recordings.
pub(crate) fn recordings(args: &ConfigArgs) -> anyhow::Result<PathBuf> {
    Ok(load(args)?.0.recording.directory)
}
