use std::path::{Path, PathBuf};

use anyhow::Context as _;
use pgwarden_records::{Diagnostic, Snapshot};

use crate::cli::ConfigArgs;

/// Where the configuration is looked for when nothing says where it is.
const DEFAULT_FILES: [&str; 2] = ["pgwarden.toml", "/etc/pgwarden/pgwarden.toml"];

/// The file that the arguments name, or the first default that exists.
pub(crate) fn path(args: &ConfigArgs) -> anyhow::Result<PathBuf> {
    match &args.config {
        Some(path) => Ok(path.clone()),
        None => default_in(Path::new("")),
    }
}

/// The first default that exists, for who works in a directory.
fn default_in(directory: &Path) -> anyhow::Result<PathBuf> {
    let mut files = DEFAULT_FILES.iter().map(|file| directory.join(file));
    files.find(|file| file.exists()).with_context(|| {
        format!(
            "there is no configuration\nhint: name it by --config or $PGWARDEN_CONFIG, or put it at {}",
            DEFAULT_FILES.join(" or ")
        )
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_argument_comes_before_the_defaults() {
        let args = ConfigArgs {
            config: Some("elsewhere.toml".into()),
        };
        assert_eq!(path(&args).unwrap(), Path::new("elsewhere.toml"));
    }

    #[test]
    fn the_file_of_the_current_directory_comes_before_that_of_the_machine() {
        let directory = tempfile::tempdir().unwrap();
        let own = directory.path().join("pgwarden.toml");
        std::fs::write(&own, "").unwrap();
        assert_eq!(default_in(directory.path()).unwrap(), own);

        std::fs::remove_file(&own).unwrap();
        // What the machine has, if anything.
        match default_in(directory.path()) {
            Ok(found) => assert_eq!(found, Path::new("/etc/pgwarden/pgwarden.toml")),
            Err(error) => assert!(error.to_string().contains("--config"), "{error}"),
        }
    }

    #[test]
    fn what_is_wrong_is_all_in_the_error() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pgwarden.toml");
        std::fs::write(&file, "[server]\nmax_sesions = 1\nlisten = []\n").unwrap();
        let error = load(&ConfigArgs { config: Some(file) }).unwrap_err();
        let text = format!("{error:#}");
        for part in [
            "read configuration",
            ":2:1",
            "did you mean `max_sessions`?",
            ":3:10",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
