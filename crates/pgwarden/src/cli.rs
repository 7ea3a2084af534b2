//! Arguments and their help.

#![expect(
    clippy::doc_markdown,
    reason = "doc comments here are the help, read in a terminal"
)]

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// PostgreSQL access proxy: log in as yourself, inject credentials, refuse bulk export and import, record everything
#[derive(Debug, Parser)]
#[command(
    name = "pgwarden",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(ServeArgs),
    Check(CheckArgs),
    HashPassword(HashPasswordArgs),
    /// Ask the policy about statements
    Policy {
        #[command(subcommand)]
        command: PolicyCommand,
    },
    Sessions(SessionsArgs),
    Play(PlayArgs),
    Export(ExportArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    Explain(ExplainArgs),
    Test(PolicyTestArgs),
    Backtest(BacktestArgs),
}

/// Where the configuration is.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConfigArgs {
    /// Configuration file [default: ./pgwarden.toml, then /etc/pgwarden/pgwarden.toml]
    #[arg(long, value_name = "FILE", env = "PGWARDEN_CONFIG")]
    pub(crate) config: Option<PathBuf>,
}

/// Run the proxy
///
/// Logs go to standard error. One line `listening on ADDRESS` for each listener goes to standard output once it is ready. SIGHUP reloads
/// the configuration, SIGTERM drains and ends.
///
/// Example: pgwarden serve --config /etc/pgwarden/pgwarden.toml
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Form of the log; what is logged is set by $PGWARDEN_LOG ("debug", "warn" …)
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// Check the configuration
///
/// Says everything that is wrong, with file, line and column, and what isn't carried out yet. Exits with 0, or with 1 if the configuration
/// can't be used.
///
/// With --connect it also logs in to the databases of every record, and warns of what the injected logins may do that undoes settings, with
/// the SQL that takes it away. A database that can't be logged in to is an error (exit 1), what is found there is not.
///
/// Example: pgwarden check --config pgwarden.toml --connect
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Log in to every database, and look for privileges that undo settings
    #[arg(long)]
    pub(crate) connect: bool,
}

/// Make the verifier of a password, for `scram` of a `[[user]]`
///
/// The password is asked for on a terminal; elsewhere it is the first line of standard input.
///
/// Example: pgwarden hash-password
#[derive(Debug, Args)]
pub(crate) struct HashPasswordArgs {
    /// Iterations of PBKDF2; more make guessing and logging in slower
    #[arg(long, value_name = "N", default_value = "4096")]
    pub(crate) iterations: NonZeroU32,
}

/// Show what statements do and whether they are allowed
///
/// Nothing is run. Each statement is shown with what is known of it, then the verdict, with carets under the words that decided it.
///
/// Without SQL, standard input is read. With --jsonl each line is an object such as
/// {"id": 1, "sql": "…", "settings": {"…": true}, "replication": false}, of which all but sql may be absent; settings override the record's.
/// Each is answered by a line.
///
/// Example: pgwarden policy explain --record orders 'copy customers to stdout'
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Record whose settings hold
    #[arg(long, value_name = "RECORD")]
    pub(crate) record: String,
    /// Person whose grant may override them
    #[arg(long, value_name = "PERSON")]
    pub(crate) user: Option<String>,
    /// Address that the person comes from, for grants with `from` [default: a unix socket]
    #[arg(long, value_name = "ADDRESS", requires = "user")]
    pub(crate) from: Option<IpAddr>,
    /// Read and write lines of JSON
    #[arg(long, conflicts_with = "sql")]
    pub(crate) jsonl: bool,
    /// Statements to explain
    #[arg(value_name = "SQL")]
    pub(crate) sql: Option<String>,
}

/// Check what becomes of statements against a file of expectations
///
/// FILE is TOML: `[[case]]` with name, sql or sql_file, expect ("allow", "refuse", "observe" or "no_access"), and by choice setting, statements, record,
/// user, from, settings, replication and standard_conforming_strings; `[defaults]` has those for all. Cases with a record are judged by the
/// configuration, others by their settings alone. Exits with 0, or with 1 if a case fails.
///
/// Example: pgwarden policy test --config pgwarden.toml policy-tests.toml
#[derive(Debug, Args)]
pub(crate) struct PolicyTestArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Files of expectations
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
}

/// Judge recorded statements under a new configuration
///
/// Shows what would be refused that was not, and the other way round, by record, person, setting and statement, with counts and a session to play. Nothing is
/// run. Each person is judged by the grant that would hold for them now, from where they came.
///
/// Example: pgwarden policy backtest --config new.toml --recordings /var/lib/pgwarden/recordings --since 30d
#[derive(Debug, Args)]
pub(crate) struct BacktestArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Directory of the recordings [default: that of the configuration]
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) recordings: Option<PathBuf>,
    /// Only sessions that began within this time, such as 30d or 12h
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub(crate) since: Option<Duration>,
    /// Only this person's
    #[arg(long, value_name = "PERSON")]
    pub(crate) user: Option<String>,
    /// Only those through this record
    #[arg(long, value_name = "RECORD")]
    pub(crate) record: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// List sessions, the newest last
///
/// Example: pgwarden sessions --user alice
#[derive(Debug, Args)]
pub(crate) struct SessionsArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Only those that are still going on
    #[arg(long)]
    pub(crate) live: bool,
    /// Only this person's
    #[arg(long, value_name = "PERSON")]
    pub(crate) user: Option<String>,
    /// Only those through this record
    #[arg(long, value_name = "RECORD")]
    pub(crate) record: Option<String>,
    /// Only those that began within this time, such as 30d or 12h
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub(crate) since: Option<Duration>,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// Play a session's recording as its terminal would have shown it
///
/// SESSION is a session id or its beginning, a file, or "last".
///
/// Example: pgwarden play last --max-idle 2s
#[derive(Debug, Args)]
pub(crate) struct PlayArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Session to play
    #[arg(value_name = "SESSION")]
    pub(crate) session: String,
    /// Times as fast as it was; 0.5 is half as fast
    #[arg(long, value_name = "N", default_value = "1", value_parser = speed)]
    pub(crate) speed: f64,
    /// Show everything at once
    #[arg(long)]
    pub(crate) no_wait: bool,
    /// Longest pause, such as 2s or 500ms [default: as long as it was]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub(crate) max_idle: Option<Duration>,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if speed.is_finite() && speed > 0.0 {
        Ok(speed)
    } else {
        Err("must be above 0".to_owned())
    }
}

/// Write a session's recording in another format
///
/// SESSION is a session id or its beginning, a file, or "last".
///
/// Example: pgwarden export last --format jsonl -o session.jsonl
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Session to export
    #[arg(value_name = "SESSION")]
    pub(crate) session: String,
    /// Format to write; jsonl: a JSON object a line, for each message and event
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: ExportFormat,
    /// File to write; it must not exist [default: standard output]
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    Jsonl,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn each(command: &clap::Command, path: &str, check: &mut dyn FnMut(&str, &clap::Command)) {
        let path = format!("{path} {}", command.get_name());
        check(path.trim(), command);
        for sub in command.get_subcommands() {
            each(sub, &path, check);
        }
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_and_argument_has_help_and_each_value_a_name() {
        each(&Cli::command(), "", &mut |path, command| {
            assert!(command.get_about().is_some(), "{path}");
            for argument in command.get_arguments() {
                let id = argument.get_id();
                assert!(argument.get_help().is_some(), "{path} {id}");
                if argument.get_action().takes_values() {
                    assert!(argument.get_value_names().is_some(), "{path} {id}");
                }
            }
        });
    }

    #[test]
    fn every_leaf_has_an_example() {
        each(&Cli::command(), "", &mut |path, command| {
            if !command.has_subcommands() {
                let about = command
                    .get_long_about()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                assert!(about.contains("Example: pgwarden "), "{path}");
            }
        });
    }

    #[test]
    fn help_fits_a_screen() {
        let mut shown = String::new();
        each(&Cli::command(), "", &mut |path, command| {
            let help = command.clone().term_width(100).render_help().to_string();
            assert!(help.lines().count() <= 40, "{path}");
            shown.extend(["== ", path, "\n", &help, "\n"]);
        });
        insta::assert_snapshot!(shown);
    }
}
