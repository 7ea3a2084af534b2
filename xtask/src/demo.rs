//! `cargo xtask demo`: what pgwarden is for, shown with real programs, each step checked.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use testkit::{Cluster, ClusterOptions, Proxy, Record, TestDb};

use crate::{install, step};

const CUSTOMERS: &str = "
    create table customers (id int primary key, name text not null, city text not null);
    insert into customers
    select id,
           (array['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara'])[1 + id % 5] || ' ' || id,
           (array['Oslo', 'Lagos', 'Lima', 'Kyoto'])[1 + id % 4]
    from generate_series(1, 250) id;
";

/// One line that a person types into psql, and what must come of it.
struct Typed {
    what: &'static str,
    line: &'static str,
    answer: &'static str,
}

const SESSION: [Typed; 4] = [
    Typed {
        what: "A query goes through",
        line: "select * from customers order by id limit 3;",
        answer: "Grace 1",
    },
    Typed {
        what: "An export is refused",
        line: r"\copy customers to 'customers.csv' csv header",
        answer: r#"refused by pgwarden: COPY TO is not allowed on record "orders" (can_export_csv is off)"#,
    },
    Typed {
        what: "An import is refused",
        line: r"\copy customers from 'more.csv' csv header",
        answer: r#"refused by pgwarden: COPY FROM is not allowed on record "orders" (can_import_csv is off)"#,
    },
    Typed {
        what: "The session goes on, and nothing was imported",
        line: "select count(*) as customers from customers;",
        answer: "250",
    },
];

pub(crate) fn run(keep: bool) -> Result<()> {
    install::postgresql()?;
    step::run(&mut step::cargo(&["build", "--package", "pgwarden"]))?;

    step::title("Starting a throwaway PostgreSQL and pgwarden before it");
    let cluster = Cluster::private(&ClusterOptions {
        max_connections: 50,
        ..ClusterOptions::default()
    })?;
    let database = cluster.database_named("orders", "orders_rw")?;
    database.execute(CUSTOMERS)?;
    let proxy = Proxy::before(&database)
        .record(Record::new("orders"))
        .person("alice")
        .start()?;
    step::say(&format!(
        "PostgreSQL on {}, where the login orders_rw owns the database orders",
        cluster.address()
    ));
    step::say(&format!(
        "pgwarden on {}, where alice may use the record orders",
        proxy.address()
    ));

    step::title("alice opens psql with her own password; she never sees that of orders_rw");
    step::say(&format!("$ psql \"{}\"", connection(&proxy)));
    talk(&proxy, &database)?;
    proxy.assert_idle();

    step::title("The recording, as it happened");
    show_recording(&proxy)?;

    step::title("What the metrics counted");
    show_metrics(&proxy)?;

    if keep {
        wait_for_visitor(&proxy)?;
    }
    step::say("");
    step::holds("every step did what it says");
    Ok(())
}

/// Runs the session in one psql and checks each answer where it stands.
fn talk(proxy: &Proxy, database: &TestDb) -> Result<()> {
    let files = tempfile::tempdir().context("make a directory for psql")?;
    std::fs::write(
        files.path().join("more.csv"),
        "id,name,city\n9001,Mallory,Nowhere\n",
    )
    .context("write more.csv")?;
    let transcript = psql(proxy, files.path())?;

    let mut rest = transcript.as_str();
    for (number, typed) in SESSION.iter().enumerate() {
        let Some((_, after)) = rest.split_once(typed.line) else {
            bail!("psql never got to {:?}:\n{transcript}", typed.line);
        };
        let end = SESSION
            .get(number + 1)
            .and_then(|next| after.find(next.line))
            .unwrap_or(after.len());
        let (answer, after) = after.split_at(end);
        step::say("");
        step::say(&format!("orders=> {}", typed.line));
        step::say(answer.trim());
        if !answer.contains(typed.answer) {
            bail!(
                "expected {:?} in the answer to {:?}, got: {}",
                typed.answer,
                typed.line,
                answer.trim()
            );
        }
        step::holds(typed.what);
        rest = after;
    }

    let exported = std::fs::read(files.path().join("customers.csv")).unwrap_or_default();
    if !exported.is_empty() {
        bail!("the refused export wrote {} bytes", exported.len());
    }
    let copies: Vec<String> = database
        .statements()?
        .into_iter()
        .filter(|statement| statement.to_lowercase().contains("copy"))
        .collect();
    if !copies.is_empty() {
        bail!("the server was sent what pgwarden refused: {copies:?}");
    }
    let imported = database.scalar("select count(*) from customers where id = 9001")?;
    if imported != "0" {
        bail!("the refused import stored {imported} rows");
    }
    step::holds("No row left, none came in, and the server's log has no COPY");
    Ok(())
}

/// What psql shows, both its streams in one, with the lines that it was given.
fn psql(proxy: &Proxy, directory: &Path) -> Result<String> {
    let (mut output, output_end) = std::io::pipe().context("make a pipe")?;
    let mut script = SESSION.map(|typed| typed.line).join("\n");
    script.push('\n');
    let script_path = directory.join("script.sql");
    std::fs::write(&script_path, script).context("write psql's script")?;
    let mut command = Command::new(testkit::psql_path());
    command
        .args(["-X", "--echo-all"])
        .arg(connection(proxy))
        .env("PGPASSWORD", proxy.password("alice")?)
        .current_dir(directory)
        // Not --file: psql would then put the script's name before each error.
        .stdin(File::open(&script_path).context("open psql's script")?)
        .stdout(output_end.try_clone().context("share the pipe")?)
        .stderr(output_end);
    let mut child = command.spawn().context("start psql")?;
    // It holds the pipe's other end, and the output ends only when nobody does.
    drop(command);
    let mut transcript = String::new();
    output
        .read_to_string(&mut transcript)
        .context("read what psql shows")?;
    let status = child.wait().context("wait for psql")?;
    if !status.success() {
        bail!("psql ended with {status}:\n{transcript}");
    }
    Ok(transcript)
}

fn show_recording(proxy: &Proxy) -> Result<()> {
    step::say("$ pgwarden play last --no-wait");
    let played = proxy.cli(&["play", "last", "--no-wait"])?;
    if !played.success() {
        bail!("play failed: {}{}", played.stdout, played.stderr);
    }
    step::say(played.stdout.trim_end());
    for expected in [
        "select * from customers",
        "Grace 1",
        "can_export_csv is off",
        "can_import_csv is off",
        "250",
    ] {
        if !played.stdout.contains(expected) {
            bail!("the recording does not show {expected:?}");
        }
    }
    step::holds("The recording shows the statements, their results and both refusals");
    Ok(())
}

fn show_metrics(proxy: &Proxy) -> Result<()> {
    step::say(&format!("$ curl http://{}/metrics", proxy.admin_address()));
    for line in proxy.metrics()?.lines() {
        let counted = !line.ends_with(" 0");
        if counted
            && ["pgwarden_refusals_total", "pgwarden_statements_total"]
                .iter()
                .any(|name| line.starts_with(name))
        {
            step::say(line);
        }
    }
    for setting in ["can_export_csv", "can_import_csv"] {
        let count = proxy.metric(
            "pgwarden_refusals_total",
            &[("record", "orders"), ("setting", setting)],
        )?;
        if (count - 1.0).abs() > f64::EPSILON {
            bail!("expected one refusal by {setting} in the metrics, got {count}");
        }
    }
    step::holds("Each refusal was counted once");
    Ok(())
}

fn wait_for_visitor(proxy: &Proxy) -> Result<()> {
    step::title("Yours to try");
    step::say(&format!(
        "PGPASSWORD={} psql \"{}\"",
        proxy.password("alice")?,
        connection(proxy)
    ));
    step::say("");
    step::say(&format!("configuration  {}", proxy.config_path().display()));
    step::say(&format!(
        "recordings     {} play last --config {}",
        proxy.binary().display(),
        proxy.config_path().display()
    ));
    step::say(&format!(
        "metrics        http://{}/metrics",
        proxy.admin_address()
    ));
    step::say(&format!("after a change kill -HUP {}", proxy.pid()));
    step::say("");
    step::say("Ctrl-C ends and removes everything.");
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("start a runtime")?
        .block_on(tokio::signal::ctrl_c())
        .context("wait for Ctrl-C")
}

fn connection(proxy: &Proxy) -> String {
    let address = proxy.address();
    format!(
        "host={} port={} user=alice@orders dbname=orders",
        address.ip(),
        address.port()
    )
}
