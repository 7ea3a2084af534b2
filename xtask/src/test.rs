//! `cargo xtask test`: what CI runs.

use anyhow::{Context, Result};

use crate::{deny, install, matrix, step, tidy};

pub(crate) fn run() -> Result<()> {
    install::postgresql()?;
    install::haproxy()?;
    install::c_compiler()?;

    step::title("Formatting, lints, the repository's rules");
    step::run(&mut step::cargo(&["fmt", "--all", "--check"]))?;
    step::run(&mut step::cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    tidy::run()?;
    deny::run_if_installed()?;

    step::title("Documentation");
    step::run(step::cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))?;
    step::run(&mut step::cargo(&["test", "--doc", "--workspace"]))?;

    step::title("The program and its example configuration");
    // Tests of other crates drive the program too, and Cargo builds it by itself only for its own crate's.
    step::run(&mut step::cargo(&["build", "--package", "pgwarden"]))?;
    check_example_configuration()?;

    step::title("Tests");
    let tests = run_tests();
    testkit::Cluster::stop_shared().context("stop the tests' PostgreSQL")?;
    tests?;

    step::title("Clients, directly and through pgwarden");
    matrix::run_fast()?;
    step::say("");
    step::holds("everything that CI checks holds");
    Ok(())
}

fn run_tests() -> Result<()> {
    if step::has_program("cargo", &["nextest", "--version"]) {
        let profile = if std::env::var_os("CI").is_some() {
            "ci"
        } else {
            "default"
        };
        return step::run(&mut step::cargo(&[
            "nextest",
            "run",
            "--workspace",
            "--profile",
            profile,
        ]));
    }
    step::warning("cargo-nextest is not installed; `cargo test` runs the same tests, more slowly");
    step::run(&mut step::cargo(&[
        "test",
        "--workspace",
        "--lib",
        "--bins",
        "--tests",
    ]))
}

fn check_example_configuration() -> Result<()> {
    let example = crate::tree::root().join("deploy/pgwarden.toml");
    step::run(
        std::process::Command::new(testkit::pgwarden_binary()?)
            .args(["check", "--config"])
            .arg(example)
            .current_dir(crate::tree::root()),
    )
}
