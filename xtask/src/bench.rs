//! `cargo xtask bench`: pgbench directly, through pgwarden and through pgbouncer, side by side.
//!
//! Contenders take turns within each round, so that whatever else the machine does hits all of them; what counts is
//! the median of the rounds, and above all the ratios.

mod contender;
mod pgbench;
mod report;

use std::time::Duration;

use anyhow::{Context, Result};
use testkit::{Cluster, ClusterOptions, Proxy, Record};

use crate::{install, step, tree};
use contender::{Contender, PgBouncer};
use pgbench::{PgBench, Protocol};
use report::{Report, Row};

/// Clients of each run of pgbench.
const CLIENTS: u32 = 8;

struct Plan {
    rounds: u32,
    run: Duration,
    /// pgbench's scale: 100,000 rows each.
    scale: u32,
}

const FULL: Plan = Plan {
    rounds: 7,
    run: Duration::from_secs(5),
    scale: 10,
};
const QUICK: Plan = Plan {
    rounds: 5,
    run: Duration::from_secs(2),
    scale: 5,
};

pub(crate) fn run(quick: bool) -> Result<()> {
    let plan = if quick { QUICK } else { FULL };
    let postgresql = install::postgresql()?;
    install::pgbouncer()?;
    step::run(&mut step::cargo(&["build", "--release", "--package", "pgwarden"]))?;

    step::title("Starting PostgreSQL, pgwarden and pgbouncer");
    // A log entry for each statement would be most of what is measured.
    let extra = "log_statement = none\nlog_connections = off\nshared_buffers = '256MB'".to_owned();
    let cluster = Cluster::private(&ClusterOptions {
        max_connections: 100,
        extra,
        ..ClusterOptions::default()
    })?;
    let database = cluster.database_named("bench", "bench_app")?;
    let pgbench = PgBench::new(&postgresql, CLIENTS, plan.run);
    pgbench.initialise(&database, plan.scale)?;
    let release = testkit::pgwarden_binary()?;
    let release = release
        .parent()
        .and_then(|profile| profile.parent())
        .context("find the target directory")?
        .join("release/pgwarden");
    let proxy = Proxy::before(&database)
        .record(Record::new("bench"))
        .binary(release)
        .start()?;
    let pgbouncer = PgBouncer::start(&database)?;
    let contenders = [
        Contender::direct(&database),
        Contender::pgwarden(&proxy, "alice", "bench")?,
        Contender::pgbouncer(&pgbouncer, &database),
    ];

    let mut rows = Vec::new();
    for protocol in [Protocol::Simple, Protocol::Prepared] {
        step::title(&format!(
            "pgbench -S -c {CLIENTS}, {} protocol, {} rounds",
            protocol.name(),
            plan.rounds
        ));
        let mut samples: Vec<Vec<pgbench::Sample>> = contenders.iter().map(|_| Vec::new()).collect();
        for round in 1..=plan.rounds {
            for (contender, samples) in contenders.iter().zip(&mut samples) {
                let sample = contender.measure(&pgbench, protocol)?;
                step::say(&format!(
                    "round {round}  {:<10} {:>8.0} tps",
                    contender.name, sample.per_second
                ));
                samples.push(sample);
            }
        }
        for (contender, samples) in contenders.iter().zip(&samples) {
            rows.push(Row::of(contender.name, protocol, samples));
        }
    }
    // pgbouncer keeps its connections to the server; pgwarden must have none.
    drop(contenders);
    drop(pgbouncer);
    proxy.assert_idle();

    let report = Report {
        rows,
        rounds: plan.rounds,
        run: plan.run,
        scale: plan.scale,
        clients: CLIENTS,
        server: database.scalar("show server_version")?,
        pgbouncer: PgBouncer::version()?,
    };
    let text = report.markdown()?;
    step::say("");
    step::say(&text);
    let directory = tree::root().join("benches/results");
    std::fs::create_dir_all(&directory).context("make benches/results")?;
    std::fs::write(directory.join("latest.md"), text).context("write benches/results/latest.md")?;
    step::holds("benches/results/latest.md is written");
    Ok(())
}
