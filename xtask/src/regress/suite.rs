//! One run of PostgreSQL's suites on a server of its own, directly or through pgwarden.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use testkit::{Cluster, ClusterOptions, Proxy, Record, TestDb};

use super::source::Source;
use crate::step;

/// Rows that `libpq_pipeline`'s tests insert, as PostgreSQL's own run of them has it.
const PIPELINE_ROWS: &str = "700";

/// Tests of a parallel group that run at the same time.
const CONNECTIONS: u32 = 8;

/// How the suites come to their server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Directly,
    ThroughPgwarden,
}

/// The three suites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Suite {
    Regress,
    Isolation,
    Pipeline,
}

impl Suite {
    pub(super) const ALL: [Suite; 3] = [Suite::Regress, Suite::Isolation, Suite::Pipeline];

    /// As PostgreSQL calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Suite::Regress => "parallel schedule",
            Suite::Isolation => "isolation schedule",
            Suite::Pipeline => "libpq_pipeline",
        }
    }
}

/// What the tests of a suite printed, by name.
pub(super) type Outputs = BTreeMap<String, String>;

/// What came of one run.
pub(super) struct Run {
    pub(super) outputs: BTreeMap<Suite, Outputs>,
    /// Tests of the two schedules that printed what PostgreSQL expects.
    pub(super) passed: BTreeMap<Suite, usize>,
}

/// Where a suite finds its database.
struct Target<'a> {
    port: u16,
    user: &'a str,
    password: &'a str,
}

/// Runs all suites on a fresh server; their files go to `directory`.
pub(super) fn run(source: &Source, way: Way, directory: &Path) -> Result<Run> {
    let cluster = Cluster::private(&ClusterOptions {
        max_connections: 100,
        programs: Some(source.programs.clone()),
        extra: "log_statement = none".to_owned(),
        ..ClusterOptions::default()
    })?;
    // The login's name is that of pg_regress's user, in both ways; all databases are reached through one record.
    let database = cluster.database_named("regress_home", "regress_super")?;
    database.grant_superuser()?;
    for name in ["regression", "isolation_regression"] {
        make_database(&database, name)?;
    }
    let proxy = match way {
        Way::Directly => None,
        Way::ThroughPgwarden => Some(
            Proxy::before(&database)
                .record(Record::open("regress"))
                .person("alice")
                .recording("mode = \"required\"")
                .start()?,
        ),
    };
    let target = match &proxy {
        None => Target {
            port: cluster.port(),
            user: database.login(),
            password: database.password(),
        },
        Some(proxy) => Target {
            port: proxy.address().port(),
            user: "alice@regress",
            password: proxy.password("alice")?,
        },
    };

    let mut run = Run {
        outputs: BTreeMap::new(),
        passed: BTreeMap::new(),
    };
    for suite in Suite::ALL {
        let files = directory.join(suite.name().replace(' ', "-"));
        make_open_directory(&files)?;
        let outputs = match suite {
            Suite::Regress => schedule(
                source,
                &target,
                &files,
                &Schedule {
                    tests: "regress",
                    driver: "pg_regress",
                    file: "parallel_schedule",
                    database: "regression",
                },
            )?,
            Suite::Isolation => schedule(
                source,
                &target,
                &files,
                &Schedule {
                    tests: "isolation",
                    driver: "pg_isolation_regress",
                    file: "isolation_schedule",
                    database: "isolation_regression",
                },
            )?,
            Suite::Pipeline => (pipeline(source, &target, &files)?, None),
        };
        let (outputs, passed) = outputs;
        run.outputs.insert(suite, outputs);
        if let Some(passed) = passed {
            run.passed.insert(suite, passed);
        }
    }
    if let Some(proxy) = proxy {
        proxy.assert_idle();
    }
    Ok(run)
}

/// A database as `pg_regress` would make it.
fn make_database(home: &TestDb, name: &str) -> Result<()> {
    let statements = [
        format!("create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"),
        format!("alter database {name} set lc_messages to 'C'"),
        format!("alter database {name} set lc_monetary to 'C'"),
        format!("alter database {name} set lc_numeric to 'C'"),
        format!("alter database {name} set lc_time to 'C'"),
        format!("alter database {name} set bytea_output to 'hex'"),
        format!("alter database {name} set timezone_abbreviations to 'Default'"),
    ];
    for statement in statements {
        home.execute(&statement)?;
    }
    Ok(())
}

struct Schedule {
    /// Directory of the tests in the source.
    tests: &'static str,
    driver: &'static str,
    file: &'static str,
    database: &'static str,
}

/// Runs a schedule: what its tests printed, and how many printed what was expected.
fn schedule(
    source: &Source,
    target: &Target<'_>,
    files: &Path,
    schedule: &Schedule,
) -> Result<(Outputs, Option<usize>)> {
    let tests = source.tests(schedule.tests);
    let mut command = Command::new(source.driver(schedule.tests, schedule.driver));
    clear_environment(&mut command);
    let option = |name: &str, value: &Path| format!("--{name}={}", value.display());
    command
        .args(["--use-existing", "--host=127.0.0.1"])
        .arg(format!("--port={}", target.port))
        .arg(format!("--user={}", target.user))
        .arg(format!("--dbname={}", schedule.database))
        .arg(format!("--max-connections={CONNECTIONS}"))
        .arg(option("inputdir", &tests))
        .arg(option("outputdir", files))
        .arg(option("dlpath", &source.built))
        .arg(option("bindir", source.programs.directory()))
        .arg(option("schedule", &tests.join(schedule.file)))
        .env("PGPASSWORD", target.password)
        .current_dir(files);
    // It exits with 1 when a test fails, as some do on any server that is not set up as they expect.
    let output = command.output().context("start pg_regress")?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    fs::write(files.join("said.txt"), &said).context("keep what pg_regress said")?;
    let passed = said
        .lines()
        .filter(|line| line.contains("... ok") || line.starts_with("ok "))
        .count();
    let outputs = read_outputs(&files.join("results"))?;
    if passed == 0 || outputs.is_empty() {
        bail!(
            "{} ran no test: {said}{}",
            schedule.driver,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok((outputs, Some(passed)))
}

/// Runs `libpq_pipeline`'s tests: what each said, and the trace of its messages.
fn pipeline(source: &Source, target: &Target<'_>, files: &Path) -> Result<Outputs> {
    let program = source.built.join("libpq_pipeline");
    let tests = step::output(Command::new(&program).arg("tests"))?;
    let mut outputs = Outputs::new();
    for test in tests.split_whitespace() {
        let trace = files.join(format!("{test}.trace"));
        let mut command = Command::new(&program);
        clear_environment(&mut command);
        let output = command
            .args(["-r", PIPELINE_ROWS, "-t"])
            .arg(&trace)
            .arg(test)
            .arg(format!(
                "host=127.0.0.1 port={} dbname=regression user={}",
                target.port, target.user
            ))
            .env("PGPASSWORD", target.password)
            .output()
            .context("start libpq_pipeline")?;
        let messages = fs::read_to_string(&trace).unwrap_or_default();
        // PostgreSQL compares the traces of those tests alone in which what is sent does not hang on what has been received.
        let known = source
            .tests("modules/libpq_pipeline/traces")
            .join(format!("{test}.trace"));
        let messages = if known.is_file() {
            messages
        } else {
            by_direction(&messages)
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&target.port.to_string(), "PORT");
        outputs.insert(
            test.to_owned(),
            format!(
                "{}\n{}{}\n{}",
                output.status,
                text(&output.stdout),
                text(&output.stderr),
                messages
            ),
        );
    }
    Ok(outputs)
}

/// A trace with all that the client sent first, then all that the server did.
fn by_direction(trace: &str) -> String {
    let (frontend, backend): (Vec<&str>, Vec<&str>) = trace.lines().partition(|line| line.starts_with('F'));
    [frontend, backend].concat().join("\n")
}

fn read_outputs(directory: &Path) -> Result<Outputs> {
    let mut outputs = Outputs::new();
    for entry in fs::read_dir(directory).context("list what the tests printed")? {
        let path = entry.context("list what the tests printed")?.path();
        let Some(name) = path
            .file_name()
            .and_then(|name| name.to_str()?.strip_suffix(".out"))
            .map(str::to_owned)
        else {
            continue;
        };
        let bytes = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
        outputs.insert(name, String::from_utf8_lossy(&bytes).into_owned());
    }
    Ok(outputs)
}

/// The server, another user, writes files beside those of the tests.
fn make_open_directory(path: &Path) -> Result<()> {
    fs::create_dir_all(path.join("results")).context("make a directory for a suite")?;
    fs::create_dir_all(path.join("testtablespace")).context("make a directory for a suite")?;
    for directory in [path.to_owned(), path.join("results"), path.join("testtablespace")] {
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o777))
            .context("open a directory to the server")?;
    }
    Ok(())
}

fn clear_environment(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
}
