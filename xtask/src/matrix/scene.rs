//! One server, and what becomes of clients that run against it.

use std::fs;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use testkit::{
    Authority, Cluster, ClusterOptions, Config, DEADLINE, Proxy, Record, ServerTls, TestDb, wait_until,
};

use super::client::Client;
use super::server::{self, Column};
use super::transcript::Transcript;
use crate::difference::difference;
use crate::tree;

/// What the refused scenario finds.
const CUSTOMERS: &str = "create table customers (id int primary key, name text); \
                         insert into customers select id, 'customer ' || id from generate_series(1, 10) id";

/// The person who comes through pgwarden, and the record.
const PERSON: &str = "alice";
const RECORD: &str = "matrix";

/// What became of one client with one server.
pub(super) enum Cell {
    /// Through pgwarden as directly.
    Same,
    /// Not so.
    Differs { lines: usize, diff: String },
    /// The refused scenario showed something else than it should.
    RefusedDiffers { lines: usize, diff: String },
    /// Two direct runs differ, so nothing can be said.
    Unsteady { diff: String },
    /// It doesn't work directly either.
    DirectFails(String),
    /// pgwarden kept something of it, or something else went wrong.
    Failed(String),
    /// The client doesn't speak with this server.
    NotSpoken,
    /// The client couldn't be installed.
    NotAvailable,
}

impl Cell {
    pub(super) fn is_failure(&self) -> bool {
        match self {
            Cell::Same | Cell::NotSpoken | Cell::NotAvailable => false,
            Cell::Differs { .. }
            | Cell::RefusedDiffers { .. }
            | Cell::Unsteady { .. }
            | Cell::DirectFails(_)
            | Cell::Failed(_) => true,
        }
    }
}

/// One server.
pub(super) struct Scene {
    column: Column,
    cluster: Cluster,
    version: String,
    authority: Option<Authority>,
    /// What refused scenarios show is what they should show.
    bless: bool,
    transcripts: PathBuf,
}

impl Scene {
    pub(super) fn new(column: Column, bless: bool) -> Result<Self> {
        let authority = column.tls.then(|| Authority::new("matrix")).transpose()?;
        let tls = authority
            .as_ref()
            .map(|authority| {
                anyhow::Ok(ServerTls {
                    identity: authority.server(&["localhost", "127.0.0.1"])?,
                    client_ca: None,
                })
            })
            .transpose()?;
        let cluster = Cluster::private(&ClusterOptions {
            max_connections: 100,
            tls,
            programs: Some(server::programs(column.major)?),
            ..ClusterOptions::default()
        })?;
        let version = cluster
            .superuser("postgres")?
            .rows("show server_version")?
            .concat()
            .concat();
        let transcripts = tree::target()?.join("matrix/transcripts");
        fs::create_dir_all(&transcripts).context("make the directory of transcripts")?;
        Ok(Self {
            column,
            cluster,
            version,
            authority,
            bless,
            transcripts,
        })
    }

    pub(super) fn server_version(&self) -> &str {
        &self.version
    }

    /// Runs a client's scenarios.
    pub(super) fn run(&self, client: &Client) -> Cell {
        if !client.speaks_with(self.column) {
            return Cell::NotSpoken;
        }
        self.compare(client)
            .unwrap_or_else(|error| Cell::Failed(format!("{error:#}")))
    }

    fn compare(&self, client: &Client) -> Result<Cell> {
        let direct = self.directly(client)?;
        if !direct.success {
            return Ok(Cell::DirectFails(format!("{}{}", direct.text, direct.stderr)));
        }
        let through = self.through(client, Record::open(RECORD), None)?;
        if let Some(found) = difference(("directly", &direct.text), ("through pgwarden", &through.text)) {
            let again = self.directly(client)?;
            if let Some(unsteady) = difference(("directly", &direct.text), ("directly, again", &again.text)) {
                return Ok(Cell::Unsteady { diff: unsteady.text });
            }
            return Ok(Cell::Differs {
                lines: found.lines,
                diff: found.text + &through.stderr,
            });
        }
        if client.is_refused_by(self.column) {
            return self.refuse(client);
        }
        Ok(Cell::Same)
    }

    fn refuse(&self, client: &Client) -> Result<Cell> {
        // Not even the scenarios of large results and values are to be refused for their size.
        let refusing = Record::new(RECORD)
            .with("copy_rows = 1_000_000_000\ncopy_bytes = 1_000_000_000_000\npaste_bytes = 1_000_000_000\npaste_statements = 1_000");
        let refused = self.through(client, refusing, Some(CUSTOMERS))?;
        let path = client.refused_path();
        if self.bless {
            fs::write(&path, &refused.text).with_context(|| format!("write {}", path.display()))?;
        }
        let expected = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
        Ok(
            match difference(("refused.txt", &expected), ("through pgwarden", &refused.text)) {
                None => Cell::Same,
                Some(found) => Cell::RefusedDiffers {
                    lines: found.lines,
                    diff: found.text + &refused.stderr,
                },
            },
        )
    }

    /// A database that no client was in before, named the same in each of a client's runs.
    fn database(&self, client: &Client) -> Result<TestDb> {
        let name = format!("matrix_{}", client.key().replace('-', "_"));
        self.cluster.database_named(&name, &format!("{name}_owner"))
    }

    fn directly(&self, client: &Client) -> Result<Transcript> {
        let database = self.database(client)?;
        let transcript = self.transcript(
            client,
            self.cluster.address(),
            database.login(),
            database.password(),
            &database,
            None,
        )?;
        self.keep(client, "direct", &transcript)?;
        self.free(&database)?;
        Ok(transcript)
    }

    /// Does away with what would keep the database from being dropped, and made again for the next run.
    fn free(&self, database: &TestDb) -> Result<()> {
        if !wait_until(DEADLINE, || {
            database.backends().is_ok_and(|backends| backends == 0)
        }) {
            bail!("the scenario left a connection at the server");
        }
        let mut superuser = self.cluster.superuser(database.name())?;
        let prepared = "select quote_literal(gid) from pg_prepared_xacts where database = current_database()";
        for gid in superuser.rows(prepared)?.concat() {
            superuser.rows(&format!("rollback prepared {gid}"))?;
        }
        Ok(())
    }

    /// Runs the scenario through pgwarden; `prepare` is SQL for the refused one.
    fn through(&self, client: &Client, record: Record, prepare: Option<&str>) -> Result<Transcript> {
        let database = self.database(client)?;
        if let Some(sql) = prepare {
            database.execute(sql)?;
        }
        let proxy = self.proxy(&database, record)?;
        let transcript = self.transcript(
            client,
            proxy.address(),
            &format!("{PERSON}@{RECORD}"),
            proxy.password(PERSON)?,
            &database,
            prepare,
        )?;
        let which = if prepare.is_some() { "refused" } else { "through" };
        self.keep(client, which, &transcript)?;
        // Both tell by a panic, as tests want it.
        catch_unwind(AssertUnwindSafe(|| {
            proxy.assert_idle();
            drop(proxy);
        }))
        .map_err(|_| anyhow!("pgwarden kept something of the client; see above"))?;
        self.free(&database)?;
        Ok(transcript)
    }

    fn proxy(&self, database: &TestDb, record: Record) -> Result<Proxy> {
        let config = Proxy::before(database).person(PERSON);
        let Some(authority) = &self.authority else {
            return config.record(record).start();
        };
        let directory = config.directory().to_owned();
        authority.write(&directory.join("root.crt"))?;
        authority
            .server(&["localhost", "127.0.0.1"])?
            .write(&directory, "server")?;
        Config::start(
            config
                .server("tls = { cert = \"server.crt\", key = \"server.key\", mode = \"require\" }")
                .record(record.database("tls = { mode = \"verify-full\", ca = \"root.crt\" }")),
        )
    }

    fn transcript(
        &self,
        client: &Client,
        address: SocketAddr,
        user: &str,
        password: &str,
        database: &TestDb,
        refused: Option<&str>,
    ) -> Result<Transcript> {
        // A fresh directory, and one's own home: no start-up files, no password files.
        let scratch = tempfile::tempdir().context("make a directory for the scenario")?;
        let mut command = client.scenario()?;
        command
            .current_dir(scratch.path())
            .env("HOME", scratch.path())
            .env("TMPDIR", scratch.path())
            .env("LC_ALL", "C.UTF-8")
            .env("TZ", "UTC")
            .env("PGPORT", address.port().to_string())
            .env("PGUSER", user)
            .env("PGPASSWORD", password)
            .env("PGDATABASE", database.name());
        if refused.is_some() {
            command.env("PGWARDEN_MATRIX_REFUSED", "1");
        }
        match &self.authority {
            // Certificates are for names, which older clients don't find among the addresses of one.
            Some(authority) => {
                let root = scratch.path().join("root.crt");
                authority.write(&root)?;
                command
                    .env("PGHOST", "localhost")
                    .env("PGSSLMODE", "verify-full")
                    .env("PGSSLROOTCERT", root);
            }
            None => {
                command
                    .env("PGHOST", address.ip().to_string())
                    .env("PGSSLMODE", "disable");
            }
        }
        Transcript::of(&mut command, client.timeout())
    }

    fn keep(&self, client: &Client, which: &str, transcript: &Transcript) -> Result<()> {
        let column = self.column.to_string().replace(' ', "-").to_lowercase();
        let path = self
            .transcripts
            .join(format!("{}-{column}-{which}", client.key()));
        write(&path.with_extension("txt"), &transcript.text)?;
        write(&path.with_extension("err"), &transcript.stderr)
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("write {}", path.display()))
}
