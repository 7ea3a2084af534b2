//! Running one step of a command, and saying so.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a development command speaks to its terminal"
)]

use std::io::IsTerminal as _;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// A headline.
pub(crate) fn title(text: &str) {
    println!("\n{}", bold(&format!("== {text}")));
}

/// A line of explanation.
pub(crate) fn say(text: &str) {
    println!("{text}");
}

/// Something that holds.
pub(crate) fn holds(text: &str) {
    println!("{} {text}", coloured("ok", "32"));
}

/// Why a command failed.
pub(crate) fn error(text: &str) {
    eprintln!("{} {text}", coloured("error:", "31"));
}

/// Something that the reader should know but that fails nothing.
pub(crate) fn warning(text: &str) {
    eprintln!("{} {text}", coloured("warning:", "33"));
}

/// Runs a command with its output shown; anything but success is an error that names it.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = command_line(command);
    println!("{}", bold(&format!("$ {line}")));
    let start = Instant::now();
    let status = command.status().with_context(|| format!("start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    let seconds = start.elapsed().as_secs();
    if seconds >= 10 {
        println!("  {seconds} s");
    }
    Ok(())
}

/// Standard output of a command that must succeed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let line = command_line(command);
    let output = command.output().with_context(|| format!("start `{line}`"))?;
    if !output.status.success() {
        bail!(
            "`{line}` failed ({}): {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("read what `{line}` prints"))
}

/// Whether a program can be started at all.
pub(crate) fn has_program(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .output()
        .is_ok_and(|output| output.status.success())
}

/// Cargo, in the repository's root, as if called by hand: what Cargo told us about our own package must not reach it.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(crate::tree::root());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_BIN_NAME" {
            command.env_remove(name);
        }
    }
    command
}

/// Whether to use colour on standard output.
pub(crate) fn colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn bold(text: &str) -> String {
    coloured(text, "1")
}

fn coloured(text: &str, code: &str) -> String {
    if colour() {
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

fn command_line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
