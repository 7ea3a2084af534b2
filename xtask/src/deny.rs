//! `cargo xtask deny` and `advisories`: what our dependencies bring with them.

use anyhow::Result;

use crate::{install, step};

/// Licences, banned crates and sources: decided by files in this repository alone.
const OFFLINE_CHECKS: [&str; 3] = ["licenses", "bans", "sources"];

pub(crate) fn run() -> Result<()> {
    install::cargo_tool("deny", "cargo-deny")?;
    check(&OFFLINE_CHECKS)
}

/// As [`run`], but where cargo-deny is missing it is left out: building it takes minutes, which a test run should not.
pub(crate) fn run_if_installed() -> Result<()> {
    if step::has_program("cargo", &["deny", "--version"]) {
        return check(&OFFLINE_CHECKS);
    }
    step::say(
        "cargo-deny is not installed, so licences and sources are not checked; `cargo xtask deny` does both",
    );
    Ok(())
}

pub(crate) fn advisories() -> Result<()> {
    install::cargo_tool("deny", "cargo-deny")?;
    check(&["advisories"])
}

fn check(checks: &[&str]) -> Result<()> {
    step::run(step::cargo(&["deny", "--workspace", "check"]).args(checks))
}
