use std::io::IsTerminal as _;

use pgwarden_proxy::serve::{self, ServeError, ServeOptions};
use tracing_subscriber::EnvFilter;

use super::configuration;
use crate::cli::{LogFormat, ServeArgs};
use crate::exit::Exit;
use crate::output;

/// Which events are logged; as `RUST_LOG` of other programs.
const LOG_VARIABLE: &str = "PGWARDEN_LOG";

pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<Exit> {
    let config = configuration::path(&args.config)?;
    log(args.log_format)?;
    match serve::run(&ServeOptions { config }) {
        Ok(()) => Ok(Exit::Done),
        Err(ServeError::Configuration(errors)) => {
            output::say(&errors.to_string());
            Ok(Exit::CouldNotRun)
        }
        Err(error) => Err(error.into()),
    }
}

fn log(format: LogFormat) -> anyhow::Result<()> {
    let filter = match std::env::var(LOG_VARIABLE) {
        Ok(filter) => EnvFilter::try_new(filter)?,
        Err(_) => EnvFilter::new("info"),
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}
