use anyhow::Context as _;
use pgwarden_proxy::privileges::{self, Inspection, Weight};
use pgwarden_records::Snapshot;

use super::configuration;
use crate::cli::CheckArgs;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<Exit> {
    let path = configuration::path(&args.config)?;
    match pgwarden_records::load(&path) {
        Ok((snapshot, warnings)) => {
            for warning in &warnings {
                output::say(&format!("{warning}\n"));
            }
            output::say(&format!(
                "{} is valid (records: {}, people: {}, warnings: {})",
                path.display(),
                snapshot.records().count(),
                snapshot.people().count(),
                warnings.len()
            ));
            if args.connect {
                connect(&snapshot)
            } else {
                Ok(Exit::Done)
            }
        }
        Err(errors) => {
            output::say(&format!("{errors}\n"));
            output::say(&format!(
                "{} can't be used (errors: {})",
                path.display(),
                errors.errors()
            ));
            Ok(Exit::No)
        }
    }
}

/// Looks at the databases. Whoever runs this before a deployment wants to hear of a record that nobody could use, so that is a no; privileges
/// that undo settings are warnings, like those of the file.
fn connect(snapshot: &Snapshot) -> anyhow::Result<Exit> {
    let inspections = privileges::inspect(snapshot).context("look at the databases")?;
    let (mut databases, mut disabled, mut warnings, mut errors) = (0_usize, 0_usize, 0_usize, 0_usize);
    output::say("");
    for inspection in &inspections {
        match inspection {
            Inspection::Disabled(record) => {
                disabled += 1;
                output::say(&format!(
                    "note: record \"{record}\" is disabled, and was not looked at\n"
                ));
            }
            Inspection::Database { place, outcome } => {
                databases += 1;
                match outcome {
                    Ok(findings) => {
                        for finding in findings {
                            warnings += usize::from(finding.weight == Weight::Warning);
                            output::say(&format!("{}\n", finding.shown(place)));
                        }
                    }
                    Err(error) => {
                        errors += 1;
                        output::say(&format!("error: {error}\n  --> {place}\n"));
                    }
                }
            }
        }
    }
    output::say(&format!(
        "databases looked at: {} of {databases} (disabled records: {disabled}, warnings: {warnings}, errors: {errors})",
        databases.saturating_sub(errors)
    ));
    Ok(if errors == 0 { Exit::Done } else { Exit::No })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::ConfigArgs;

    fn check(text: &str, expected: Exit) {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pgwarden.toml");
        std::fs::write(&file, text).unwrap();
        let args = CheckArgs {
            config: ConfigArgs { config: Some(file) },
            connect: false,
        };
        assert_eq!(run(&args).unwrap(), expected, "{text}");
    }

    #[test]
    fn only_errors_are_a_no() {
        check("", Exit::Done);
        check("[server]\nmax_sessions = 1\n", Exit::Done);
        // A warning: the admin port asks for no password.
        check("[server]\nadmin_listen = \"0.0.0.0:9432\"\n", Exit::Done);
        check("[server]\nmax_sessions = 0\n", Exit::No);
        check("[server]\nmax_sesions = 1\n", Exit::No);
        check("[server\n", Exit::No);
    }

    #[test]
    fn a_file_that_is_not_there_is_a_no_too() {
        let directory = tempfile::tempdir().unwrap();
        let config = Some(directory.path().join("pgwarden.toml"));
        let args = CheckArgs {
            config: ConfigArgs { config },
            connect: false,
        };
        assert_eq!(run(&args).unwrap(), Exit::No);
    }
}
