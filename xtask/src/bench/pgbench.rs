//! Running pgbench and reading what it prints.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use testkit::{PgBin, TestDb};

use super::connections::Protection;
use crate::step;

/// How pgbench sends its statements (`-M`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Simple,
    Prepared,
}

impl Protocol {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::Prepared => "prepared",
        }
    }
}

/// Where to connect, and as whom.
pub(crate) struct Login {
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) database: String,
}

/// One run of pgbench.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sample {
    /// Transactions a second, without the time to connect unless each of them does.
    pub(crate) per_second: f64,
    pub(crate) transactions: f64,
    /// Seconds of processor time that the proxy used meanwhile; `None` where there is no proxy.
    pub(crate) proxy_cpu_seconds: Option<f64>,
}

pub(crate) struct PgBench {
    program: PathBuf,
    clients: u32,
    run: Duration,
}

impl PgBench {
    pub(crate) fn new(postgresql: &PgBin, clients: u32, run: Duration) -> Self {
        Self {
            program: postgresql.program("pgbench"),
            clients,
            run,
        }
    }

    /// Makes pgbench's tables, directly at the server.
    pub(crate) fn initialise(&self, database: &TestDb, scale: u32) -> Result<()> {
        let login = Login {
            port: database.cluster().port(),
            user: database.login().to_owned(),
            password: database.password().to_owned(),
            database: database.name().to_owned(),
        };
        step::output(self.command(&login, Protection::None).args([
            "--initialize",
            "--quiet",
            "--scale",
            &scale.to_string(),
        ]))?;
        Ok(())
    }

    /// Runs the select-only script.
    pub(crate) fn select_only(&self, login: &Login, protocol: Protocol) -> Result<Sample> {
        let output = step::output(
            self.command(login, Protection::None)
                .args(["--no-vacuum", "--select-only", "--jobs=2"])
                .arg(format!("--protocol={}", protocol.name()))
                .arg(format!("--client={}", self.clients))
                .arg(format!("--time={}", self.run.as_secs())),
        )?;
        read_sample(&output)
    }

    /// Connects anew for each statement.
    pub(crate) fn logins(&self, login: &Login, protection: Protection) -> Result<Sample> {
        let output = step::output(
            self.command(login, protection)
                .args(["--no-vacuum", "--select-only", "--connect", "--jobs=2"])
                .arg(format!("--client={}", self.clients))
                .arg(format!("--time={}", self.run.as_secs())),
        )?;
        read_sample(&output)
    }

    fn command(&self, login: &Login, protection: Protection) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args([
                "--host=127.0.0.1",
                &format!("--port={}", login.port),
                &format!("--username={}", login.user),
            ])
            .arg(&login.database)
            .env("PGPASSWORD", &login.password)
            .env("PGSSLMODE", protection.sslmode());
        command
    }
}

fn read_sample(output: &str) -> Result<Sample> {
    let number = |before: &str| -> Result<f64> {
        output
            .lines()
            .find_map(|line| line.strip_prefix(before))
            .and_then(|rest| rest.split([' ', '/']).next()?.parse().ok())
            .with_context(|| format!("find {before:?} in what pgbench printed:\n{output}"))
    };
    Ok(Sample {
        per_second: number("tps = ")?,
        transactions: number("number of transactions actually processed: ")?,
        proxy_cpu_seconds: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_that_pgbench_prints() {
        let output = "pgbench (15.18)\ntransaction type: <builtin: select only>\n\
                      number of transactions actually processed: 23456\nnumber of failed transactions: 0 (0.000%)\n\
                      latency average = 0.7 ms\ninitial connection time = 20.1 ms\n\
                      tps = 11728.123456 (without initial connection time)\n";
        let sample = read_sample(output).unwrap();
        assert_eq!(
            sample,
            Sample {
                per_second: 11_728.123_456,
                transactions: 23_456.0,
                proxy_cpu_seconds: None
            }
        );
        assert!(read_sample("nothing").is_err());
    }
}
