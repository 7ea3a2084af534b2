//! Installing what a command needs, where it is missing.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use testkit::PgBin;

use crate::step;

/// Where Debian's packages of PostgreSQL read whether to create and start a server at installation.
const CREATE_CLUSTER: &str = "/etc/postgresql-common/createcluster.conf";

/// PostgreSQL's server and client programs.
pub(crate) fn postgresql() -> Result<PgBin> {
    if let Ok(bin) = PgBin::find()
        && ["psql", "pgbench"]
            .iter()
            .all(|program| bin.program(program).is_file())
    {
        return Ok(bin);
    }
    step::title("Installing PostgreSQL");
    apt_update()?;
    // First the common package alone: it asks no server to be there, and its file keeps the next one from starting a
    // server that nobody asked for.
    apt_install(&["postgresql-common"])?;
    no_main_cluster()?;
    apt_install(&["postgresql"])?;
    PgBin::find().context("find PostgreSQL after its installation")
}

/// pgbouncer, a peer to measure against.
pub(crate) fn pgbouncer() -> Result<()> {
    if step::has_program("pgbouncer", &["--version"]) {
        return Ok(());
    }
    step::title("Installing pgbouncer");
    apt_update()?;
    apt_install(&["pgbouncer"])
}

/// A balancer that tests stand pgwarden behind.
pub(crate) fn haproxy() -> Result<()> {
    if step::has_program("haproxy", &["-v"]) {
        return Ok(());
    }
    step::title("Installing HAProxy");
    apt_update()?;
    apt_install(&["haproxy"])
}

/// What compiles PostgreSQL's parser and reads its header, for the tests that hold the analyser against it.
pub(crate) fn c_compiler() -> Result<()> {
    let compiles = step::has_program("cc", &["--version"]);
    if compiles && step::has_program("clang", &["--version"]) {
        return Ok(());
    }
    debian_packages(&["gcc", "libc6-dev", "clang", "libclang-dev"].map(str::to_owned))
}

/// A Cargo subcommand, from crates.io.
pub(crate) fn cargo_tool(subcommand: &str, package: &str) -> Result<()> {
    if step::has_program("cargo", &[subcommand, "--version"]) {
        return Ok(());
    }
    step::title(&format!("Installing {package}"));
    step::run(&mut step::cargo(&["install", "--locked", package]))
}

/// Packages of Debian's, those of them that are missing.
pub(crate) fn debian_packages(packages: &[String]) -> Result<()> {
    let missing: Vec<&str> = packages
        .iter()
        .map(String::as_str)
        .filter(|package| !is_installed(package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    step::say(&format!("Installing {}", missing.join(", ")));
    apt_update()?;
    apt_install(&missing)
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status}", package])
        .output()
        .is_ok_and(|output| output.status.success() && output.stdout == b"installed")
}

/// Packages of npm's, into `directory`. Their installation scripts don't run.
pub(crate) fn npm(directory: &Path, packages: &[String]) -> Result<()> {
    if !step::has_program("npm", &["--version"]) {
        debian_packages(&["npm".to_owned()])?;
    }
    // npm puts packages into the nearest directory above that has this file, so there must be one.
    let manifest = directory.join("package.json");
    std::fs::write(&manifest, "{ \"private\": true }\n")
        .with_context(|| format!("write {}", manifest.display()))?;
    let mut command = Command::new("npm");
    command
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--loglevel=error",
        ])
        .args(packages)
        .current_dir(directory);
    step::output(&mut command)?;
    Ok(())
}

fn apt_update() -> Result<()> {
    if !step::has_program("apt-get", &["--version"]) {
        bail!(
            "this is no Debian: install PostgreSQL (server, psql, pgbench) yourself; {} may name its directory",
            PgBin::OVERRIDE
        );
    }
    step::run(&mut as_root("apt-get", &["update", "-qq"])?)
}

fn apt_install(packages: &[&str]) -> Result<()> {
    let mut command = as_root(
        "env",
        &[
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "-o",
            "Dpkg::Options::=--force-confold",
            "-o",
            "DPkg::Lock::Timeout=120",
        ],
    )?;
    step::run(command.args(packages))
}

/// Tells Debian's packages not to create a server of their own, unless the machine already has some.
fn no_main_cluster() -> Result<()> {
    let has_server = std::fs::read_dir("/etc/postgresql").is_ok_and(|mut versions| versions.next().is_some());
    if has_server || !Path::new(CREATE_CLUSTER).is_file() {
        return Ok(());
    }
    let line = "s/^#*\\s*create_main_cluster.*/create_main_cluster = false/";
    step::run(&mut as_root("sed", &["-i", line, CREATE_CLUSTER])?)
}

/// A command run as root: by sudo for everyone else.
fn as_root(program: &str, arguments: &[&str]) -> Result<Command> {
    let is_root = step::output(Command::new("id").arg("-u"))?.trim() == "0";
    let mut command = if is_root {
        Command::new(program)
    } else if step::has_program("sudo", &["--version"]) {
        let mut command = Command::new("sudo");
        command.arg(program);
        command
    } else {
        bail!(
            "installing needs root, and there is no sudo: run `{program} {}` as root",
            arguments.join(" ")
        );
    };
    command.args(arguments);
    Ok(command)
}
