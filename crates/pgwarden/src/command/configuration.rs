use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context as _, anyhow};
use pgwarden_policy::Settings;
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

/// The settings of a record, as the person's grant sees them from an address (`None`: from this machine, over a unix socket); without a person,
/// as grants see them that override nothing.
pub(crate) fn settings(
    snapshot: &Snapshot,
    record: &str,
    user: Option<&str>,
    from: Option<IpAddr>,
) -> anyhow::Result<Settings> {
    let Some(user) = user else {
        return snapshot
            .record_settings(record)
            .cloned()
            .ok_or_else(|| anyhow!("record \"{record}\" is not in the configuration"));
    };
    let access = snapshot
        .access(user, record, from, SystemTime::now())
        .with_context(|| {
            let place = from.map_or_else(|| "a unix socket".to_owned(), |from| from.to_string());
            format!("\"{user}\" has no access to record \"{record}\" from {place}")
        })?;
    Ok((*access.settings).clone())
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
