//! `cargo xtask matrix --integration`: pgwarden's own tests against each server.

use anyhow::{Result, bail};
use testkit::PgBin;

use super::server::{self, Column};
use crate::step;

/// Crates whose tests meet a server.
const CRATES: [&str; 2] = ["pgwarden", "testkit"];

/// All but those that load the machine, where one version is as good as another.
const LIGHT: &str = "not test(/(^|::)heavy::/)";

/// Runs them against each server; those of TLS start servers of their own under TLS.
pub(super) fn run(columns: &[Column]) -> Result<()> {
    let mut failed = Vec::new();
    for column in columns.iter().filter(|column| !column.tls) {
        step::title(&format!("pgwarden's tests with PostgreSQL {column}"));
        let programs = server::programs(column.major)?;
        let mut command = step::cargo(&["nextest", "run", "--no-fail-fast", "-E", LIGHT]);
        for name in CRATES {
            command.args(["--package", name]);
        }
        command.env(PgBin::OVERRIDE, programs.directory());
        if step::run(&mut command).is_err() {
            failed.push(column.to_string());
        }
    }
    if !failed.is_empty() {
        bail!("tests fail with PostgreSQL {}", failed.join(", "));
    }
    step::holds("pgwarden's tests pass with every server");
    Ok(())
}
