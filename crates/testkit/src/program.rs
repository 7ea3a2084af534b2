//! Running programs and what they answered.

use std::ffi::OsStr;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

/// What a program answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Exit code; `None` when a signal ended it.
    pub status: Option<i32>,
    /// Standard output; bytes that are not UTF-8 show as U+FFFD.
    pub stdout: String,
    /// Standard error; bytes that are not UTF-8 show as U+FFFD.
    pub stderr: String,
}

impl Output {
    /// Whether it exited with 0.
    pub fn success(&self) -> bool {
        self.status == Some(0)
    }

    /// Standard output of a program that must have succeeded.
    ///
    /// # Panics
    /// If it exited with anything but 0; the message shows both streams.
    #[track_caller]
    pub fn expect_success(&self) -> &str {
        assert!(
            self.success(),
            "exit status {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.status,
            self.stdout,
            self.stderr
        );
        &self.stdout
    }
}

impl From<std::process::Output> for Output {
    fn from(output: std::process::Output) -> Self {
        Self {
            status: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Runs `command` with `input` on its standard input and waits for its end.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Result<Output> {
    let program = command.get_program().to_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("start {}", program.display()))?;
    let mut stdin = child.stdin.take().context("take standard input")?;
    let input = input.to_vec();
    // Written by a thread of its own: a program that answers while it reads would else fill its pipe and stop both.
    let writer = std::thread::spawn(move || {
        // A program that ends before it has read everything is no failure of ours: its exit code tells.
        let _ = stdin.write_all(&input);
    });
    let output = child
        .wait_with_output()
        .with_context(|| format!("wait for {}", program.display()))?;
    let _ = writer.join();
    Ok(Output::from(output))
}

/// psql without start-up file, unaligned, tuples only; on `host`:`port`, as `user` with `password`.
pub(crate) fn psql(
    host: &OsStr,
    port: u16,
    user: &str,
    password: &str,
    database: Option<&str>,
    args: &[&str],
) -> Command {
    let mut command = Command::new(crate::psql_path());
    clear_pg_environment(&mut command);
    command
        .arg("-XAt")
        .arg("-h")
        .arg(host)
        .args(["-p", &port.to_string(), "-U", user]);
    if let Some(database) = database {
        command.args(["-d", database]);
    }
    command
        .args(args)
        .env("PGPASSWORD", password)
        .env("PGCONNECT_TIMEOUT", "30");
    command
}

/// Settings of whoever runs the tests must not reach the programs under test.
pub(crate) fn clear_pg_environment(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PG") && name != "PGWARDEN_TEST_PG_BIN" {
            command.env_remove(name);
        }
    }
}
