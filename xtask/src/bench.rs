//! `cargo xtask bench`: pgbench directly, through pgwarden and through pgbouncer, side by side; and what connections cost.
//!
//! Contenders take turns within each round, so that whatever else the machine does hits all of them; what counts is
//! the median of the rounds, and above all the ratios.

mod connections;
mod contender;
mod pgbench;
mod policy;
mod report;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use testkit::{Authority, Cluster, ClusterOptions, Proxy, Record, TestDb, wait_until};

use crate::{install, step, tree};
use connections::Protection;
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

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Subject {
    /// Statements through pgwarden and through its peers
    Pgbench,
    /// What reading and judging a text costs, beside parsers of SQL
    Policy,
}

pub(crate) fn run(subject: Subject, quick: bool) -> Result<()> {
    match subject {
        Subject::Pgbench => run_pgbench(quick),
        Subject::Policy => policy::run(quick),
    }
}

fn run_pgbench(quick: bool) -> Result<()> {
    let plan = if quick { QUICK } else { FULL };
    let postgresql = install::postgresql()?;
    install::pgbouncer()?;
    step::run(&mut step::cargo(&["build", "--release", "--package", "pgwarden"]))?;

    step::title("Starting PostgreSQL, pgwarden and pgbouncer");
    // A log entry for each statement would be most of what is measured.
    let extra = "log_statement = none\nlog_connections = off\nshared_buffers = '256MB'".to_owned();
    let cluster = Cluster::private(&ClusterOptions {
        max_connections: 1_200,
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
    let proxy = start_pgwarden(&database, &release)?;
    let pgbouncer = PgBouncer::start(&database, "")?;
    let logging_in = PgBouncer::start(&database, "server_lifetime = 0")?;
    let all = [
        Contender::direct(&database),
        Contender::pgwarden(&proxy, "alice", "bench")?,
        Contender::pgbouncer("pgbouncer", &pgbouncer, &database),
        // For logins alone.
        Contender::pgbouncer("pgbouncer, logging in", &logging_in, &database),
    ];
    let [contenders @ .., _] = &all;

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
    step::title(&format!("Logins, {} rounds", plan.rounds));
    let logins = connections::log_in(&all, &pgbench, plan.rounds)?;
    // pgbouncer keeps its connections to the server; pgwarden must have none.
    drop((pgbouncer, logging_in));
    proxy.assert_idle();
    drop(proxy);

    step::title("Idle sessions");
    let mut idle = Vec::new();
    for protection in Protection::ALL {
        let proxy = start_pgwarden(&database, &release)?;
        idle.push(connections::hold(
            &Contender::pgwarden(&proxy, "alice", "bench")?,
            protection,
        )?);
        drop(proxy);
        await_free_server(&database)?;
        let pgbouncer = PgBouncer::start(&database, "")?;
        idle.push(connections::hold(
            &Contender::pgbouncer("pgbouncer", &pgbouncer, &database),
            protection,
        )?);
        drop(pgbouncer);
        await_free_server(&database)?;
    }

    let report = Report {
        rows,
        logins,
        idle,
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

fn start_pgwarden(database: &TestDb, release: &Path) -> Result<Proxy> {
    // Results are counted, and are within their budgets however long the benchmark runs.
    let record = Record::new("bench").with("copy_rows = 1_000_000_000\ncopy_bytes = 1_000_000_000_000");
    let config = Proxy::before(database).record(record);
    Authority::new("authority")?
        .server(&["localhost"])?
        .write(config.directory(), "server")?;
    config
        .server(
            "tls = { mode = \"prefer\", cert = \"server.crt\", key = \"server.key\" }\nmax_sessions_per_user = 2000",
        )
        .binary(release)
        .start()
}

/// pgbouncer waits long before it tries again when the server had no connection left.
fn await_free_server(database: &TestDb) -> Result<()> {
    if wait_until(testkit::DEADLINE, || {
        database.backends().is_ok_and(|count| count == 0)
    }) {
        Ok(())
    } else {
        bail!("connections to the server remain")
    }
}
