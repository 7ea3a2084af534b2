//! Real parts for tests: PostgreSQL servers, a running pgwarden, and clients that see every byte.
//!
//! It knows nothing of pgwarden's own crates, so that a mistake in them can't hide in the tests: it drives
//! the binary by the names that users have, and talks to either side with a wire client of its own.
//!
//! Start from [`Cluster::shared`] (one server for a whole test run, a database of its own for each test),
//! [`Proxy`] (pgwarden before that database) and [`RawClient`] (bytes in, messages out).
//!
//! ```no_run
//! # fn main() -> anyhow::Result<()> {
//! use testkit::{Cluster, Proxy, Record};
//!
//! let database = Cluster::shared()?.database()?;
//! database.execute("create table customers (id int primary key, name text)")?;
//! let proxy = Proxy::before(&database).record(Record::new("orders")).start()?;
//!
//! let output = proxy.psql("alice", "orders", "copy customers to stdout", &[])?;
//! assert!(output.stderr.contains("can_export_csv is off"));
//! proxy.assert_idle();
//! # Ok(())
//! # }
//! ```
//!
//! Nothing here outlives its use: a dropped [`Proxy`] is killed, and each server has a watcher that ends it
//! when the last process that uses it is gone, however that process ended.

mod certificate;
mod cluster;
mod config;
mod database;
mod functions;
mod message;
mod postgres;
pub mod process;
mod program;
mod proxy;
mod raw_client;
mod unique;
mod wait;

pub use certificate::{Authority, Identity, Signature};
pub use cluster::{Cluster, ClusterOptions, ServerAuth, ServerTls};
pub use config::{Config, Record};
pub use database::TestDb;
pub use functions::{Function, Overload, functions};
pub use message::{Message, backend_type_name, frontend, trace};
pub use postgres::{PgBin, client_path, psql_path};
pub use postgres_protocol::password::scram_sha_256;
pub use program::Output;
pub use proxy::{Proxy, pgwarden_binary};
pub use raw_client::{Endpoint, RawClient, TlsClient, cancel};
pub use unique::{free_port, random_password};
pub use wait::{DEADLINE, wait_for, wait_until};

/// The verifier that PostgreSQL would store for this password: `SCRAM-SHA-256$4096:<salt>$<StoredKey>:<ServerKey>`.
///
/// Each call takes a new salt.
pub fn scram_verifier(password: &str) -> String {
    scram_sha_256(password.as_bytes())
}
