//! The table of a benchmark.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context, Result};

use super::connections;
use super::pgbench::{Protocol, Sample};

const TRANSACTIONS: f64 = 100_000.0;

/// Medians of one contender.
pub(crate) struct Row {
    name: &'static str,
    protocol: Protocol,
    per_second: f64,
    /// Seconds of processor time of the proxy for each 100,000 transactions.
    cpu_seconds: Option<f64>,
}

impl Row {
    pub(crate) fn of(name: &'static str, protocol: Protocol, samples: &[Sample]) -> Self {
        let cpu: Option<Vec<f64>> = samples
            .iter()
            .map(|sample| Some(sample.proxy_cpu_seconds? / sample.transactions * TRANSACTIONS))
            .collect();
        Self {
            name,
            protocol,
            per_second: median(samples.iter().map(|sample| sample.per_second).collect()),
            cpu_seconds: cpu.map(median),
        }
    }
}

pub(crate) struct Report {
    pub(crate) rows: Vec<Row>,
    pub(crate) logins: Vec<connections::Logins>,
    pub(crate) idle: Vec<connections::Idle>,
    pub(crate) rounds: u32,
    pub(crate) run: Duration,
    pub(crate) scale: u32,
    pub(crate) clients: u32,
    pub(crate) server: String,
    pub(crate) pgbouncer: String,
}

impl Report {
    pub(crate) fn markdown(&self) -> Result<String> {
        let cores = std::thread::available_parallelism().context("count cores")?;
        let mut text = format!(
            "# pgbench\n\n\
             `cargo xtask bench` on {cores} cores that pgbench, server and proxy share: PostgreSQL {}, {}, \
             pgwarden {} (recording required, results full), pgbench scale {}, {} clients, \
             medians of {} interleaved rounds of {} s.\n\
             The ratios are what to look at; the absolute figures are this machine's, on that day.\n\n\
             ## Select-only\n\n\
             | protocol | way | transactions/s | of direct | of pgbouncer | proxy CPU s per 100,000 | of pgbouncer |\n\
             |---|---|---:|---:|---:|---:|---:|\n",
            self.server,
            self.pgbouncer,
            env!("CARGO_PKG_VERSION"),
            self.scale,
            self.clients,
            self.rounds,
            self.run.as_secs(),
        );
        for row in &self.rows {
            let peer = |name: &str| {
                self.rows
                    .iter()
                    .find(|peer| peer.name == name && peer.protocol == row.protocol)
            };
            let of = |value: f64, whole: Option<f64>| {
                whole.map_or("–".to_owned(), |whole| format!("{:.2}", value / whole))
            };
            let bouncer = peer("pgbouncer");
            // Writing to a String can't fail.
            let _ = writeln!(
                text,
                "| {} | {} | {:.0} | {} | {} | {} | {} |",
                row.protocol.name(),
                row.name,
                row.per_second,
                of(row.per_second, peer("direct").map(|direct| direct.per_second)),
                of(row.per_second, bouncer.map(|bouncer| bouncer.per_second)),
                row.cpu_seconds
                    .map_or("–".to_owned(), |seconds| format!("{seconds:.2}")),
                row.cpu_seconds.map_or("–".to_owned(), |seconds| of(
                    seconds,
                    bouncer.and_then(|row| row.cpu_seconds)
                )),
            );
        }
        text.push('\n');
        text.push_str(&connections::markdown(&self.logins, &self.idle));
        Ok(text)
    }
}

/// The middle value; of an even number, the upper of the two in the middle. 0 of none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[f64], expected: f64) {
        assert!(
            (median(values.to_vec()) - expected).abs() < f64::EPSILON,
            "{values:?}"
        );
    }

    #[test]
    fn the_median_is_the_middle_value() {
        check(&[3.0, 1.0, 2.0], 2.0);
        check(&[5.0], 5.0);
        check(&[], 0.0);
    }

    #[test]
    fn the_table_compares_within_a_protocol() {
        let sample = |per_second, cpu: Option<f64>| Sample {
            per_second,
            transactions: 50_000.0,
            proxy_cpu_seconds: cpu,
        };
        let report = Report {
            rows: vec![
                Row::of("direct", Protocol::Simple, &[sample(2000.0, None)]),
                Row::of("pgwarden", Protocol::Simple, &[sample(1500.0, Some(2.0))]),
                Row::of("pgbouncer", Protocol::Simple, &[sample(1000.0, Some(1.0))]),
            ],
            logins: Vec::new(),
            idle: Vec::new(),
            rounds: 1,
            run: Duration::from_secs(1),
            scale: 1,
            clients: 8,
            server: "15".to_owned(),
            pgbouncer: "PgBouncer".to_owned(),
        };
        let text = report.markdown().unwrap();
        assert!(
            text.contains("| simple | direct | 2000 | 1.00 | 2.00 | – | – |"),
            "{text}"
        );
        assert!(
            text.contains("| simple | pgwarden | 1500 | 0.75 | 1.50 | 4.00 | 2.00 |"),
            "{text}"
        );
    }
}
