//! What a scenario printed.

use std::io::Read as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};
use testkit::wait_until;

/// What a scenario printed.
pub(super) struct Transcript {
    /// Standard output, with how it ended as the last line, if not with 0: this is compared.
    pub(super) text: String,
    /// Standard error, to be shown when something fails.
    pub(super) stderr: String,
    pub(super) success: bool,
}

impl Transcript {
    /// Runs a scenario to its end, or ends it and all it started when its time is over.
    pub(super) fn of(command: &mut Command, limit: Duration) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .context("start the scenario")?;
        let group = Pid::from_child(&child);
        let (mut stdout, mut stderr) = (
            child.stdout.take().context("take standard output")?,
            child.stderr.take().context("take standard error")?,
        );
        let reader = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            // What came before an error is shown all the same.
            let _ = stderr.read_to_end(&mut bytes);
            bytes
        });
        let watched = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stdout.read_to_end(&mut bytes);
            bytes
        });
        let mut status = None;
        wait_until(limit, || {
            status = child.try_wait().ok().flatten();
            status.is_some()
        });
        // Also when it ended by itself: what it left running would hold its pipes open. Without any, there is no such group.
        let _ = kill_process_group(group, Signal::KILL);
        let _ = child.wait();
        let mut text = lossy(&watched.join().unwrap_or_default());
        let stderr = lossy(&reader.join().unwrap_or_default());
        let ending = match status {
            Some(status) if status.success() => String::new(),
            Some(status) => format!("\n[ended with {status}]\n"),
            None => format!("\n[did not end within {limit:?}]\n"),
        };
        text.push_str(&ending);
        Ok(Self {
            text,
            stderr,
            success: ending.is_empty(),
        })
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_scenario_ended_is_part_of_it() {
        let limit = Duration::from_secs(20);
        let ended = Transcript::of(Command::new("sh").args(["-c", "echo one; exit 3"]), limit).unwrap();
        assert_eq!(ended.text, "one\n\n[ended with exit status: 3]\n");
        let endless = Transcript::of(
            Command::new("sh").args(["-c", "sleep 1000 & echo one; wait"]),
            Duration::from_millis(300),
        )
        .unwrap();
        assert_eq!(endless.text, "one\n\n[did not end within 300ms]\n");
    }
}
