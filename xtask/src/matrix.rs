//! `cargo xtask matrix`: each client against each PostgreSQL version, directly and through pgwarden.
//!
//! What a client is and what its scenario may do is in xtask/matrix/README.md.

mod client;
mod integration;
pub(crate) mod report;
mod scene;
pub(crate) mod server;
mod transcript;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, bail};

use crate::{install, step};
use client::{Client, Installed};
use scene::{Cell, Scene};
use server::Column;

/// Clients that run at the same time, each in a database of its own. They wait more than they work.
const WORKERS: usize = 4;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only these servers: major versions, `18-tls` for that version under TLS
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    servers: Vec<Column>,
    /// Only these clients: directories of xtask/matrix
    #[arg(
        long,
        value_name = "CLIENT",
        value_delimiter = ',',
        conflicts_with = "integration"
    )]
    clients: Vec<String>,
    /// Write the table into docs/compatibility.md; needs all servers and clients
    #[arg(long, conflicts_with_all = ["servers", "clients", "integration"])]
    write: bool,
    /// Take what the refused scenarios show for what they should show
    #[arg(long, conflicts_with = "integration")]
    bless: bool,
    /// Run pgwarden's own tests against each server instead
    #[arg(long)]
    integration: bool,
}

/// What became of one client.
struct Row {
    client: Client,
    /// Its version, or why it couldn't be installed.
    installed: Result<String, String>,
    cells: BTreeMap<Column, Cell>,
}

/// Clients of the fast subset, which `cargo xtask test` runs with the machine's own server.
const FAST: [&str; 2] = ["psql", "psycopg3"];

/// The fast subset.
pub(crate) fn run_fast() -> Result<()> {
    let major = server::installed_major()?;
    let Ok(column) = major.to_string().parse() else {
        step::warning(&format!("PostgreSQL {major} is not in the matrix"));
        return Ok(());
    };
    run(&Options {
        servers: vec![column],
        clients: FAST.map(str::to_owned).to_vec(),
        write: false,
        bless: false,
        integration: false,
    })
}

pub(crate) fn run(options: &Options) -> Result<()> {
    install::postgresql()?;
    step::run(&mut step::cargo(&["build", "--package", "pgwarden"]))?;
    let columns = if options.servers.is_empty() {
        Column::all()
    } else {
        options.servers.clone()
    };
    if options.integration {
        return integration::run(&columns);
    }

    let clients = Client::load(&options.clients)?;
    step::title("Installing clients");
    let mut rows = Vec::new();
    for client in clients {
        let installed = match client.install() {
            Installed::Version(version) => {
                step::holds(&format!("{}: {version}", client.name()));
                Ok(version)
            }
            Installed::NotAvailable(why) => {
                step::warning(&format!("{} is not available: {why}", client.name()));
                Err(why)
            }
        };
        rows.push(Row {
            client,
            installed,
            cells: BTreeMap::new(),
        });
    }

    let mut versions = BTreeMap::new();
    for column in &columns {
        step::title(&format!("PostgreSQL {column}"));
        let scene = Scene::new(*column, options.bless)?;
        step::say(scene.server_version());
        versions.insert(*column, scene.server_version().to_owned());
        let cells = run_column(&scene, &rows);
        for (row, cell) in rows.iter_mut().zip(cells) {
            row.cells.insert(*column, cell);
        }
    }
    report::print(&rows, &columns);
    if options.write {
        report::write(&rows, &columns, &versions)?;
    }
    let failed = rows
        .iter()
        .flat_map(|row| row.cells.values())
        .filter(|cell| cell.is_failure())
        .count();
    if failed > 0 {
        bail!("{failed} cells of the matrix failed");
    }
    step::holds("through pgwarden, every client showed what it showed directly");
    Ok(())
}

/// The cells of one column, in the order of the rows.
fn run_column(scene: &Scene, rows: &[Row]) -> Vec<Cell> {
    let next = AtomicUsize::new(0);
    let cells: Vec<Mutex<Option<Cell>>> = rows.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        // The counter is all that the workers share.
        while let Some((row, slot)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            rows.get(index).zip(cells.get(index))
        } {
            let cell = match &row.installed {
                Ok(_) => scene.run(&row.client),
                Err(_) => Cell::NotAvailable,
            };
            report::say(&row.client, &cell);
            if let Ok(mut slot) = slot.lock() {
                *slot = Some(cell);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(work);
        }
    });
    cells
        .into_iter()
        .map(|slot| {
            slot.into_inner()
                .ok()
                .flatten()
                .unwrap_or_else(|| Cell::Failed("its worker ended early".to_owned()))
        })
        .collect()
}
