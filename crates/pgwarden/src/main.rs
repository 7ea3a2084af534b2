//! The command line of pgwarden: reads arguments, calls the crates below, picks exit codes. Nothing else.

mod backtest;
mod caret;
mod cli;
mod command;
mod exit;
mod explanation;
mod output;

use std::process::ExitCode;

use clap::Parser as _;

use cli::{Cli, Command, PolicyCommand};
use exit::Exit;

fn main() -> ExitCode {
    // Usage errors exit with 2 by themselves, as clap does.
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Serve(args) => command::serve::run(&args),
        Command::Check(args) => command::check::run(&args),
        Command::HashPassword(args) => command::hash_password::run(&args),
        Command::Policy {
            command: PolicyCommand::Explain(args),
        } => command::explain::run(&args),
        Command::Policy {
            command: PolicyCommand::Test(args),
        } => command::policy_test::run(&args),
        Command::Policy {
            command: PolicyCommand::Backtest(args),
        } => command::backtest::run(&args),
        Command::Sessions(args) => command::sessions::run(&args),
        Command::Play(args) => command::play::run(&args),
        Command::Export(args) => command::export::run(&args),
    };
    match outcome {
        Ok(exit) => exit.into(),
        // Whoever reads the output has seen enough.
        Err(error) if output::is_closed_pipe(&error) => Exit::Done.into(),
        Err(error) => {
            output::error(&format!("{error:#}"));
            Exit::CouldNotRun.into()
        }
    }
}
