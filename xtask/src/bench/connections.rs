//! What a connection costs: how many a second log in, and what an idle one takes of memory, in plain text and under TLS.

use std::fmt::Write as _;
use std::net::SocketAddr;

use anyhow::{Context, Result};
use testkit::{RawClient, TlsClient, process};

use super::contender::Contender;
use super::pgbench::{PgBench, Sample};
use super::report::median;
use crate::step;

/// Connections that are held at the same time when their memory is measured.
const IDLE: u32 = 1_000;

/// What the cost of logins is given for.
const LOGINS: f64 = 1_000.0;

/// How a client's connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protection {
    None,
    Tls,
}

impl Protection {
    pub(crate) const ALL: [Self; 2] = [Self::None, Self::Tls];

    fn name(self) -> &'static str {
        match self {
            Self::None => "plain",
            Self::Tls => "TLS",
        }
    }

    /// For libpq.
    pub(crate) fn sslmode(self) -> &'static str {
        match self {
            Self::None => "disable",
            Self::Tls => "require",
        }
    }
}

/// What logging in through one contender costs: medians.
pub(crate) struct Logins {
    name: &'static str,
    protection: Protection,
    per_second: f64,
    /// Of the proxy, for each 1,000.
    cpu_seconds: Option<f64>,
}

/// What an idle session through one contender costs.
pub(crate) struct Idle {
    name: &'static str,
    protection: Protection,
    bytes: u64,
}

impl Idle {
    #[expect(
        clippy::cast_precision_loss,
        clippy::as_conversions,
        reason = "a few kibibytes"
    )]
    fn kibibytes(&self) -> f64 {
        self.bytes as f64 / 1024.0
    }
}

/// Logs in over and over through each of the contenders in turn.
pub(crate) fn log_in(contenders: &[Contender], pgbench: &PgBench, rounds: u32) -> Result<Vec<Logins>> {
    let ways: Vec<(&Contender, Protection)> = Protection::ALL
        .into_iter()
        .flat_map(|protection| contenders.iter().map(move |contender| (contender, protection)))
        // The server is measured as others see it through a proxy: without TLS.
        .filter(|(contender, protection)| contender.proxy().is_some() || *protection == Protection::None)
        .collect();
    let mut samples: Vec<Vec<Sample>> = ways.iter().map(|_| Vec::new()).collect();
    for round in 1..=rounds {
        for ((contender, protection), samples) in ways.iter().zip(&mut samples) {
            let sample = contender.measure_logins(pgbench, *protection)?;
            step::say(&format!(
                "round {round}  {:<20} {:<5} {:>6.0} logins/s",
                contender.name,
                protection.name(),
                sample.per_second
            ));
            samples.push(sample);
        }
    }
    let medians = ways
        .iter()
        .zip(&samples)
        .map(|((contender, protection), samples)| {
            let cpu: Option<Vec<f64>> = samples
                .iter()
                .map(|sample| Some(sample.proxy_cpu_seconds? / sample.transactions * LOGINS))
                .collect();
            Logins {
                name: contender.name,
                protection: *protection,
                per_second: median(samples.iter().map(|sample| sample.per_second).collect()),
                cpu_seconds: cpu.map(median),
            }
        });
    Ok(medians.collect())
}

/// Holds many connections through a proxy that has just been started, as memory that was used once is not given back.
pub(crate) fn hold(contender: &Contender, protection: Protection) -> Result<Idle> {
    let proxy = contender.proxy().context("there is no proxy to measure")?;
    let way = format!("{}, {}", contender.name, protection.name());
    let bytes = idle_bytes(contender, proxy, protection)
        .with_context(|| format!("hold {IDLE} connections: {way}"))?;
    step::say(&format!("{way}: {bytes} bytes for each of {IDLE}"));
    Ok(Idle {
        name: contender.name,
        protection,
        bytes,
    })
}

/// What the proxy's memory grows by for each connection that does nothing.
fn idle_bytes(contender: &Contender, proxy: u32, protection: Protection) -> Result<u64> {
    let login = contender.login();
    let address: SocketAddr = ([127, 0, 0, 1], login.port).into();
    let connect = || -> Result<RawClient> {
        let mut client = RawClient::connect(address)?;
        if protection == Protection::Tls {
            client.start_tls(&TlsClient::default())?;
        }
        client.login(
            &[("user", &login.user), ("database", &login.database)],
            &login.password,
        )?;
        // What a first statement needs is part of it.
        client.rows("select 1")?;
        Ok(client)
    };
    // Not what the first connection of all brings with it.
    drop(connect()?);
    let before = process::resident_bytes(proxy)?;
    let held = (0..IDLE).map(|_| connect()).collect::<Result<Vec<_>>>()?;
    let grown = process::resident_bytes(proxy)?.saturating_sub(before);
    drop(held);
    Ok(grown / u64::from(IDLE))
}

/// Both tables.
pub(crate) fn markdown(logins: &[Logins], idle: &[Idle]) -> String {
    let mut text = "## Logins\n\n\
         pgbench `--connect`: a statement a connection. SCRAM on both sides, towards the server without TLS. pgbouncer keeps its \
         connections to the server and hands them to the next client; with `server_lifetime = 0` it logs in anew for each, as pgwarden \
         does. Most of the time goes into the client's own part of SCRAM and the server's new process.\n\n\
         | clients | way | logins/s | proxy CPU s per 1,000 |\n|---|---|---:|---:|\n"
        .to_owned();
    for row in logins {
        let cpu = row
            .cpu_seconds
            .map_or("–".to_owned(), |seconds| format!("{seconds:.2}"));
        // Writing to a String can't fail.
        let _ = writeln!(
            text,
            "| {} | {} | {:.0} | {cpu} |",
            row.protection.name(),
            row.name,
            row.per_second,
        );
    }
    let _ = write!(
        text,
        "\n## Idle sessions\n\nWhat the proxy's resident memory grows by for each of {IDLE} sessions that have run one statement.\n\n\
         | clients | way | KiB |\n|---|---|---:|\n"
    );
    for row in idle {
        let _ = writeln!(
            text,
            "| {} | {} | {:.1} |",
            row.protection.name(),
            row.name,
            row.kibibytes()
        );
    }
    text
}
