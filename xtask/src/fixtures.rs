//! `cargo xtask fixtures`: what real clients and a real server say to each other, kept for the gate's tests.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use futures_util::{SinkExt as _, TryStreamExt as _};
use testkit::{Cluster, ClusterOptions, ServerAuth, TestDb, psql_path};
use tokio_postgres::NoTls;
use tokio_postgres::types::ToSql;

use crate::{install, step, tree};

/// One conversation to capture.
struct Scenario {
    name: &'static str,
    about: &'static str,
    program: Program,
    arguments: &'static [&'static str],
    input: &'static str,
}

#[derive(Clone, Copy)]
enum Program {
    Psql,
    Pgbench,
    /// The crate, in this process.
    TokioPostgres,
}

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "psql-describe",
        about: "psql's questions to the catalogue",
        program: Program::Psql,
        arguments: &["-X", "-q"],
        input: "\\d\n\\d+ things\n\\dt\n\\di\n\\df f\n\\du\n\\dn\n\\dT\n\\dp\n\\sf f\n\\dx\n\\conninfo\n",
    },
    Scenario {
        name: "psql-script",
        about: "transactions, errors, notices, several statements in one query, savepoints, an empty query",
        program: Program::Psql,
        arguments: &["-X", "-q"],
        input: "begin;\nselect 1\\; select 2\\; select 1/0;\nselect 3;\nrollback;\n\
                do $$ begin raise notice 'seen'; end $$;\n\
                begin;\nsavepoint a;\nselect nothing;\nrollback to a;\nselect 'fine';\ncommit;\n\
                ;\nset client_encoding = 'LATIN1';\nselect 'x' as y \\gdesc\n\
                prepare p as select $1::int;\nexecute p(7);\ndeallocate p;\n\
                declare c cursor with hold for select generate_series(1, 5);\nfetch 2 from c;\nclose c;\n\
                listen news;\nnotify news, 'paper';\nselect pg_notify('news', 'radio');\n\
                select 'a\\b', E'a\\\\b', $x$a\\b$x$, 'it''s';\n\
                select 1 as one union all select 2 \\bind \\g\n",
    },
    Scenario {
        name: "psql-copy",
        about: "COPY in both directions, one that fails, one that the client gives up",
        program: Program::Psql,
        arguments: &["-X", "-q"],
        input: "create table copied (a int, b text);\n\\copy copied from stdin csv\n1,one\n2,\"two\"\n\\.\n\
                \\copy copied to stdout csv header\n\\copy (select a from copied) to stdout\n\
                \\copy copied from stdin csv\nx,y\n\\.\n\\copy nothing to stdout\n\
                copy copied to stdout;\nselect count(*) from copied;\ndrop table copied;\n",
    },
    Scenario {
        name: "pgbench-initialise",
        about: "pgbench -i without its data, which is made on the server",
        program: Program::Pgbench,
        arguments: &["-i", "-q", "-I", "dtGvp", "-s", "1"],
        input: "",
    },
    Scenario {
        name: "pgbench-simple",
        about: "pgbench by simple queries",
        program: Program::Pgbench,
        arguments: &["-M", "simple", "-n", "-t", "10"],
        input: "",
    },
    Scenario {
        name: "pgbench-extended",
        about: "pgbench by the extended protocol, everything unnamed",
        program: Program::Pgbench,
        arguments: &["-M", "extended", "-n", "-t", "10"],
        input: "",
    },
    Scenario {
        name: "pgbench-prepared",
        about: "pgbench by prepared statements",
        program: Program::Pgbench,
        arguments: &["-M", "prepared", "-n", "-S", "-t", "20"],
        input: "",
    },
    Scenario {
        name: "pgbench-pipeline",
        about: "pgbench with pipelines, one of them failing",
        program: Program::Pgbench,
        arguments: &["-M", "prepared", "-n", "-t", "3", "-f", "PIPELINE"],
        input: "",
    },
    Scenario {
        name: "rust-client",
        about: "typed parameters, pipelined queries, a portal read in parts, COPY in both directions, an error",
        program: Program::TokioPostgres,
        arguments: &[],
        input: "",
    },
];

/// What pgbench runs in the pipelined scenario.
const PIPELINE: &str = "\\startpipeline\nselect 1;\nselect abalance from pgbench_accounts where aid = 3;\nbegin;\n\
                        update pgbench_tellers set tbalance = 1 where tid = 1;\nend;\n\\endpipeline\n";

pub(crate) fn run() -> Result<()> {
    install::postgresql()?;
    step::title("Starting PostgreSQL");
    let cluster = Cluster::private(&ClusterOptions {
        auth: ServerAuth::Trust,
        ..ClusterOptions::default()
    })?;
    let database = cluster.database_named("fixtures", "fixtures_app")?;
    database.execute(
        "create table things (id int primary key, name text not null default 'x', made timestamptz);
         create index on things (name);
         create function f(a int) returns int language sql as 'select a + 1';",
    )?;
    let directory = tree::root().join("proto-fixtures");
    let server = database.scalar("show server_version")?;
    for scenario in SCENARIOS {
        let path = directory.join(format!("{}.txt", scenario.name));
        let captured = capture(scenario, &cluster, &database)?;
        let text = format!(
            "# {}\n# captured by: {}\n# server: PostgreSQL {server}\n{captured}",
            scenario.about,
            scenario.command_line(),
        );
        std::fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
        step::holds(&format!("{} is written", path.display()));
    }
    Ok(())
}

impl Scenario {
    fn command_line(&self) -> String {
        let program = match self.program {
            Program::Psql => "psql",
            Program::Pgbench => "pgbench",
            Program::TokioPostgres => "the crate tokio-postgres",
        };
        [&[program][..], self.arguments].concat().join(" ")
    }
}

fn capture(scenario: &Scenario, cluster: &Cluster, database: &TestDb) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").context("listen")?;
    let port = listener.local_addr().context("learn the port")?.port();
    let server = cluster.address();
    let conversation = Arc::new(Mutex::new(String::new()));
    let written = Arc::clone(&conversation);
    // It ends with the process: a listener that nobody connects to any more.
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            if relay(&client, server, &written).is_err() {
                break;
            }
        }
    });
    match scenario.program {
        Program::Psql => run_program(&psql_path(), scenario, port, database)?,
        Program::Pgbench => run_program(&psql_path().with_file_name("pgbench"), scenario, port, database)?,
        Program::TokioPostgres => run_crate(port, database)?,
    }
    let text = conversation
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    if text.is_empty() {
        bail!("{} said nothing", scenario.command_line());
    }
    Ok(text)
}

fn run_program(program: &Path, scenario: &Scenario, port: u16, database: &TestDb) -> Result<()> {
    let script = tempfile::NamedTempFile::new().context("make a script")?;
    std::fs::write(script.path(), PIPELINE).context("write a script")?;
    let mut command = Command::new(program);
    for argument in scenario.arguments {
        match *argument {
            "PIPELINE" => command.arg(script.path()),
            other => command.arg(other),
        };
    }
    command
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-U", database.login()])
        .env("PGSSLMODE", "disable")
        .env("PGGSSENCMODE", "disable")
        .env("PGDATABASE", database.name())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command
        .spawn()
        .with_context(|| format!("run {}", scenario.command_line()))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin
            .write_all(scenario.input.as_bytes())
            .context("write the input")?;
    }
    // That it fails is part of some scenarios.
    child.wait().context("wait for the client")?;
    Ok(())
}

fn run_crate(port: u16, database: &TestDb) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("start a runtime")?;
    runtime.block_on(async {
        let (mut client, connection) = tokio_postgres::Config::new()
            .host("127.0.0.1")
            .port(port)
            .user(database.login())
            .dbname(database.name())
            .connect(NoTls)
            .await?;
        let connection = tokio::spawn(connection);
        client
            .batch_execute("create table crate_table (a int, b text, c float8, d bytea)")
            .await?;
        let insert = client
            .prepare("insert into crate_table values ($1, $2, $3, $4)")
            .await?;
        let rows: [(i32, Option<&str>, f64, &[u8]); 2] =
            [(1, Some("o'ne\\"), 1.5, b"\0\x81"), (2, None, -2.0, b"")];
        for (a, b, c, d) in rows {
            client.execute(&insert, &[&a, &b, &c, &d]).await?;
        }
        let select = client
            .prepare("select a, b from crate_table where a = any($1)")
            .await?;
        let (one, both) = (vec![1], vec![1, 2]);
        let first: [&(dyn ToSql + Sync); 1] = [&one];
        let second: [&(dyn ToSql + Sync); 1] = [&both];
        let (first, second) = tokio::join!(client.query(&select, &first), client.query(&select, &second));
        ensure!(
            (first?.len(), second?.len()) == (1, 2),
            "the crate read other rows than were there"
        );
        let transaction = client.transaction().await?;
        let portal = transaction.bind("select generate_series(1, 5)", &[]).await?;
        while !transaction.query_portal(&portal, 2).await?.is_empty() {}
        ensure!(
            transaction.query("select 1 / 0", &[]).await.is_err(),
            "division by zero succeeded"
        );
        transaction.rollback().await?;
        let sink = client
            .copy_in::<_, &[u8]>("copy crate_table (a, b) from stdin")
            .await?;
        let mut sink = std::pin::pin!(sink);
        sink.send(b"3\tthree\n").await?;
        sink.send(b"4\tfour\n").await?;
        ensure!(sink.finish().await? == 2, "other rows were copied than were sent");
        let copied = client
            .copy_out("copy crate_table to stdout (format binary)")
            .await?;
        let copied: Vec<_> = copied.try_collect().await?;
        ensure!(!copied.is_empty(), "nothing was copied");
        drop(client);
        connection.await.context("join the connection")??;
        Ok(())
    })
}

/// Passes one connection on, and writes down what is said behind the login. Returns when both have closed.
fn relay(client: &TcpStream, server: SocketAddr, conversation: &Mutex<String>) -> Result<()> {
    let server = TcpStream::connect(server).context("connect to the server")?;
    conversation
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push_str("= connection\n");
    let begun = Mutex::new(Login::default());
    thread::scope(|scope| {
        scope.spawn(|| pump(client, &server, 'F', &begun, conversation));
        pump(&server, client, 'B', &begun, conversation);
    });
    Ok(())
}

/// The server's bytes up to its first `ReadyForQuery`, which ends the login.
#[derive(Default)]
struct Login {
    bytes: Vec<u8>,
    over: bool,
}

impl Login {
    /// What of the server's bytes comes behind the login.
    fn behind(&mut self, bytes: &[u8]) -> Vec<u8> {
        if self.over {
            return bytes.to_vec();
        }
        self.bytes.extend_from_slice(bytes);
        let mut at = 0;
        while let Some(&[tag, a, b, c, d]) = self.bytes.get(at..).and_then(<[u8]>::first_chunk::<5>) {
            at += 1 + usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
            if tag == b'Z' {
                self.over = true;
                return self.bytes.get(at..).unwrap_or_default().to_vec();
            }
        }
        Vec::new()
    }
}

fn pump(
    mut from: &TcpStream,
    mut to: &TcpStream,
    side: char,
    login: &Mutex<Login>,
    conversation: &Mutex<String>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count) = from.read(&mut buffer) {
        let bytes = buffer.get(..count).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        let said = {
            let mut login = login.lock().unwrap_or_else(PoisonError::into_inner);
            match side {
                'B' => login.behind(bytes),
                _ if login.over => bytes.to_vec(),
                _ => Vec::new(),
            }
        };
        if !said.is_empty() {
            let mut conversation = conversation.lock().unwrap_or_else(PoisonError::into_inner);
            // Writing to a string can't fail.
            let _ = writeln!(conversation, "{side} {}", said.escape_ascii());
        }
        if to.write_all(bytes).is_err() {
            break;
        }
    }
    // The other side may be gone already.
    let _ = to.shutdown(Shutdown::Write);
}
