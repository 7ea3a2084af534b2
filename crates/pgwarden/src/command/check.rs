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
