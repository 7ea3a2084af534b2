//! Development commands: `cargo xtask COMMAND`.
//!
//! Everything that a developer or CI does with this repository beyond plain Cargo is a command here, so that both
//! do the same. Each command installs what it needs and says so. None of this is part of the product.

mod bench;
mod crate_graph;
mod demo;
mod deny;
mod difference;
mod fixtures;
mod functions;
mod fuzz;
mod install;
mod matrix;
mod regress;
mod step;
mod test;
mod tidy;
mod tree;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Development commands of pgwarden",
    max_term_width = 100
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check everything that CI checks: formatting, lints, docs, tidiness, all tests
    Test,
    /// Check the repository's own rules (crate graph, documentation, words, paths); part of `test`
    Ci,
    /// Show pgwarden at work: a throwaway PostgreSQL, real psql, refusals, the recording, the metrics
    Demo {
        /// Leave it running, to be tried by hand, until Ctrl-C
        #[arg(long)]
        keep: bool,
    },
    /// Measure pgbench directly, through pgwarden and through pgbouncer, in interleaved rounds; or what the policy costs for a text
    Bench {
        /// What is measured
        #[arg(value_enum, default_value_t = bench::Subject::Pgbench)]
        subject: bench::Subject,
        /// Short rounds: about two minutes in all, for a first impression
        #[arg(long)]
        quick: bool,
    },
    /// Compare what clients show directly and through pgwarden, with each version of PostgreSQL
    Matrix(matrix::Options),
    /// Run PostgreSQL's own test suites directly and through pgwarden, and compare
    Regress {
        /// Write the result into docs/compatibility.md
        #[arg(long)]
        write: bool,
    },
    /// Capture the conversations in proto-fixtures anew, with the clients of this machine
    Fixtures,
    /// List the functions of each version of PostgreSQL anew, for the policy's list of ways out and in
    Functions,
    /// Run each fuzz target for a while
    Fuzz {
        /// Seconds for each target
        #[arg(long, default_value_t = 30, value_name = "N")]
        seconds: u32,
    },
    /// Check licences, sources and banned crates of all dependencies
    Deny,
    /// Check all dependencies against the database of security advisories (fetches it)
    Advisories,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Test => test::run(),
        Command::Ci => tidy::run(),
        Command::Demo { keep } => demo::run(keep),
        Command::Bench { subject, quick } => bench::run(subject, quick),
        Command::Matrix(options) => matrix::run(&options),
        Command::Regress { write } => regress::run(write),
        Command::Fixtures => fixtures::run(),
        Command::Functions => functions::run(),
        Command::Fuzz { seconds } => fuzz::run(seconds),
        Command::Deny => deny::run(),
        Command::Advisories => deny::advisories(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            step::error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// The names of all commands, for the check that documents name no other.
fn command_names() -> Vec<String> {
    Arguments::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
        assert!(command_names().contains(&"demo".to_owned()));
    }
}
