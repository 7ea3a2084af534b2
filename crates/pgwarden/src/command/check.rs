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
            Ok(Exit::Done)
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
        };
        assert_eq!(run(&args).unwrap(), Exit::No);
    }
}
