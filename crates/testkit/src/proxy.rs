//! A running pgwarden.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use memchr::memmem;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::cluster::Cluster;
use crate::config::{Config, PassedSocket};
use crate::database::TestDb;
use crate::process;
use crate::program::{self, Output};
use crate::raw_client::{Endpoint, RawClient};
use crate::unique::free_port;
use crate::wait::{DEADLINE, wait_for, wait_until};

const CONFIG_FILE: &str = "pgwarden.toml";
const STDOUT_FILE: &str = "pgwarden.out";
const LOG_FILE: &str = "pgwarden.log";

/// How much of either end of a long recording is searched for passwords: a 1 GiB result takes too long.
const SEARCHED_BYTES: u64 = 32 * 1024 * 1024;

/// A pgwarden process before a test's database. Dropping it kills it, and fails the test if a password is found in
/// its log or recordings.
pub struct Proxy {
    directory: Arc<TempDir>,
    /// Ends the names of its files of output.
    suffix: String,
    child: Child,
    cluster: Cluster,
    injected_login: String,
    people: BTreeMap<String, String>,
    environment: Vec<(String, String)>,
    passed: Option<Arc<PassedSocket>>,
    binary: PathBuf,
    secrets: Vec<String>,
    config_text: String,
    listener_count: usize,
    listeners: Vec<Endpoint>,
    admin: SocketAddr,
    descriptors_at_start: usize,
}

impl Proxy {
    /// Begins the configuration of a pgwarden before `database`, which becomes the target of its records.
    pub fn before(database: &TestDb) -> Config {
        Config::before(database)
    }

    pub(crate) fn start(config: Config) -> Result<Self> {
        let admin: SocketAddr = (Ipv4Addr::LOCALHOST, free_port()?).into();
        let (config, config_text) = config.finish(admin)?;
        fs::write(config.directory.path().join(CONFIG_FILE), &config_text).context("write pgwarden.toml")?;
        let listener_count = config.listener_count();
        let binary = config.binary.clone().map_or_else(pgwarden_binary, Ok)?;
        let passed = config.passed.map(Arc::new);
        let child = spawn(
            &binary,
            config.directory.path(),
            "",
            &config.environment,
            passed.as_deref(),
        )?;
        let mut proxy = Self {
            binary,
            listener_count,
            child,
            cluster: config.cluster,
            injected_login: config.injected_login,
            people: config.people.into_iter().collect(),
            environment: config.environment,
            secrets: config.secrets,
            directory: Arc::new(config.directory),
            suffix: String::new(),
            passed,
            config_text,
            listeners: Vec::new(),
            admin,
            descriptors_at_start: 0,
        };
        proxy.await_listeners()?;
        Ok(proxy)
    }

    /// Starts it again, after [`Proxy::terminate`] or [`Proxy::kill`], with the configuration as it is now. Its
    /// ports change.
    pub fn start_again(&mut self) -> Result<()> {
        if self.is_running()? {
            bail!("pgwarden still runs");
        }
        self.child = self.spawn()?;
        self.await_listeners()
    }

    /// Starts another one beside it, with the same configuration: it has to say `reuse_port = true`. The admin listener is answered by either.
    pub fn start_beside(&self) -> Result<Self> {
        let suffix = format!("{}.beside", self.suffix);
        let child = spawn(
            &self.binary,
            self.directory.path(),
            &suffix,
            &self.environment,
            self.passed.as_deref(),
        )?;
        let mut beside = Self {
            directory: Arc::clone(&self.directory),
            suffix,
            child,
            cluster: self.cluster.clone(),
            injected_login: self.injected_login.clone(),
            people: self.people.clone(),
            environment: self.environment.clone(),
            passed: self.passed.clone(),
            binary: self.binary.clone(),
            secrets: self.secrets.clone(),
            config_text: self.config_text.clone(),
            listener_count: self.listener_count,
            listeners: Vec::new(),
            admin: self.admin,
            descriptors_at_start: 0,
        };
        beside.await_listeners()?;
        Ok(beside)
    }

    fn spawn(&self) -> Result<Child> {
        spawn(
            &self.binary,
            self.directory.path(),
            &self.suffix,
            &self.environment,
            self.passed.as_deref(),
        )
    }

    /// The first listener's address.
    pub fn address(&self) -> SocketAddr {
        self.listeners
            .iter()
            .find_map(|listener| match listener {
                Endpoint::Tcp(address) => Some(*address),
                Endpoint::Unix(_) => None,
            })
            .unwrap_or_else(|| panic!("pgwarden listens on no TCP port: {:?}", self.listeners))
    }

    /// All listeners' addresses, in the order of the configuration.
    pub fn listeners(&self) -> &[Endpoint] {
        &self.listeners
    }

    /// The admin listener's address.
    pub fn admin_address(&self) -> SocketAddr {
        self.admin
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The directory of its configuration, log and recordings.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The directory of its recordings.
    pub fn recordings(&self) -> PathBuf {
        self.directory.path().join("recordings")
    }

    /// The configuration file.
    pub fn config_path(&self) -> PathBuf {
        self.directory.path().join(CONFIG_FILE)
    }

    /// The configuration as it was last written.
    pub fn config_text(&self) -> &str {
        &self.config_text
    }

    /// A person's password.
    pub fn password(&self, person: &str) -> Result<&str> {
        self.people
            .get(person)
            .map(String::as_str)
            .with_context(|| format!("no person {person}"))
    }

    /// A connection string of libpq's form, for tokio-postgres. The database is the record's default.
    pub fn connection_string(&self, person: &str, record: &str) -> Result<String> {
        let address = self.address();
        Ok(format!(
            "host={} port={} user={person}@{record} password={}",
            address.ip(),
            address.port(),
            self.password(person)?
        ))
    }

    /// Runs psql as `person@record` with `sql` on its standard input, in the record's default database.
    pub fn psql(&self, person: &str, record: &str, sql: &str, args: &[&str]) -> Result<Output> {
        self.psql_as(
            &format!("{person}@{record}"),
            None,
            self.password(person)?,
            sql,
            args,
        )
    }

    /// Runs psql as any user, on any database (`None`: psql's default), with any password.
    pub fn psql_as(
        &self,
        user: &str,
        database: Option<&str>,
        password: &str,
        sql: &str,
        args: &[&str],
    ) -> Result<Output> {
        let address = self.address();
        let host = address.ip().to_string();
        let mut command = program::psql(OsStr::new(&host), address.port(), user, password, database, args);
        program::run(command.current_dir(self.directory.path()), sql.as_bytes())
    }

    /// A wire connection, logged in as `person@record`.
    pub fn client(&self, person: &str, record: &str) -> Result<RawClient> {
        let mut client = RawClient::connect(self.address())?;
        client.login(&[("user", &format!("{person}@{record}"))], self.password(person)?)?;
        Ok(client)
    }

    /// The program that runs.
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// Runs a command of pgwarden with this configuration: `proxy.cli(&["play", "last", "--no-wait"])`.
    pub fn cli(&self, args: &[&str]) -> Result<Output> {
        self.cli_with_input(args, "")
    }

    /// As [`Proxy::cli`], with text on its standard input.
    pub fn cli_with_input(&self, args: &[&str], input: &str) -> Result<Output> {
        let mut command = Command::new(&self.binary);
        command
            .args(args)
            .arg("--config")
            .arg(self.config_path())
            .current_dir(self.directory.path());
        program::run(&mut command, input.as_bytes())
    }

    /// Replaces the configuration file, without telling pgwarden.
    pub fn write_config(&mut self, text: &str) -> Result<()> {
        text.clone_into(&mut self.config_text);
        fs::write(self.config_path(), text).context("write pgwarden.toml")
    }

    /// Replaces `from` by `to` in the configuration and reloads it; `from` must occur.
    pub fn reconfigure(&mut self, from: &str, to: &str) -> Result<()> {
        if !self.config_text.contains(from) {
            bail!("the configuration has no {from:?}:\n{}", self.config_text);
        }
        self.reload(&self.config_text.replace(from, to))
    }

    /// Replaces the configuration, sends SIGHUP and waits until pgwarden has taken or rejected it.
    pub fn reload(&mut self, text: &str) -> Result<()> {
        let reloads = |proxy: &Self| {
            proxy
                .metric("pgwarden_config_reload_total", &[])
                .unwrap_or_default()
        };
        let before = reloads(self);
        self.write_config(text)?;
        self.signal(Signal::HUP)?;
        if !wait_until(DEADLINE, || reloads(self) > before) {
            bail!("no reload was counted within {DEADLINE:?}");
        }
        Ok(())
    }

    /// Sends SIGHUP, and waits for nothing.
    pub fn hang_up(&self) -> Result<()> {
        self.signal(Signal::HUP)
    }

    /// Sends SIGTERM, and waits for nothing: it drains.
    pub fn begin_shutdown(&self) -> Result<()> {
        self.signal(Signal::TERM)
    }

    /// Sends SIGTERM and waits for its end.
    pub fn terminate(&mut self) -> Result<ExitStatus> {
        self.begin_shutdown()?;
        self.await_end()
    }

    /// Kills it, as a crash would, and waits for its end.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill().context("kill pgwarden")?;
        self.child.wait().context("wait for pgwarden")?;
        Ok(())
    }

    /// Waits for its end.
    pub fn await_end(&mut self) -> Result<ExitStatus> {
        let mut status = None;
        wait_until(DEADLINE, || {
            status = self.child.try_wait().ok().flatten();
            status.is_some()
        });
        status.with_context(|| format!("pgwarden did not end within {DEADLINE:?}:\n{}", self.log()))
    }

    /// Whether it runs.
    pub fn is_running(&mut self) -> Result<bool> {
        Ok(self
            .child
            .try_wait()
            .context("look whether pgwarden runs")?
            .is_none())
    }

    /// What it wrote to standard error.
    pub fn log(&self) -> String {
        read_lossy(&self.directory.path().join(format!("{LOG_FILE}{}", self.suffix)))
    }

    /// What it wrote to standard output.
    pub fn stdout(&self) -> String {
        read_lossy(
            &self
                .directory
                .path()
                .join(format!("{STDOUT_FILE}{}", self.suffix)),
        )
    }

    /// Status and body of a GET on the admin listener.
    pub fn get(&self, path: &str) -> Result<(u16, String)> {
        let mut stream =
            TcpStream::connect_timeout(&self.admin, DEADLINE).context("connect to the admin listener")?;
        stream
            .set_read_timeout(Some(DEADLINE))
            .context("set a read timeout")?;
        // HTTP/1.0: the answer ends with the connection, and none is left open for assert_idle to find.
        write!(stream, "GET {path} HTTP/1.0\r\nHost: {}\r\n\r\n", self.admin).context("send a request")?;
        let mut response = Vec::new();
        stream.read_to_end(&mut response).context("read the response")?;
        let response = String::from_utf8_lossy(&response);
        let (head, body) = response
            .split_once("\r\n\r\n")
            .context("find the end of the response's head")?;
        let status = head
            .split(' ')
            .nth(1)
            .context("find the status")?
            .parse()
            .context("read the status")?;
        Ok((status, body.to_owned()))
    }

    /// The text of `/metrics`.
    pub fn metrics(&self) -> Result<String> {
        let (status, body) = self.get("/metrics")?;
        if status != 200 {
            bail!("/metrics answered {status}: {body}");
        }
        Ok(body)
    }

    /// The sum of a metric over all its series that have these labels; 0 if there are none.
    pub fn metric(&self, name: &str, labels: &[(&str, &str)]) -> Result<f64> {
        sum_metric(&self.metrics()?, name, labels)
    }

    /// Waits until nothing of any session is left: no session in the metrics, no connection of the injected login at
    /// the server, no descriptor beyond those of the start. Then looks for passwords; see
    /// [`Proxy::assert_no_secrets`].
    ///
    /// # Panics
    /// Past the deadline, saying what is left.
    #[track_caller]
    pub fn assert_idle(&self) {
        wait_for("pgwarden_sessions to be 0 on all records", || {
            self.metric("pgwarden_sessions", &[])
                .is_ok_and(|sessions| sessions == 0.0)
        });
        let backends = format!(
            "select count(*) from pg_stat_activity where usename = '{}'",
            self.injected_login
        );
        wait_for("the server to have no connection of the injected login", || {
            self.cluster
                .superuser("postgres")
                .and_then(|mut client| client.rows(&backends))
                .is_ok_and(|rows| rows == [["0"]])
        });
        let mut now = 0;
        let returned = wait_until(DEADLINE, || {
            now = process::descriptors(self.pid()).unwrap_or(usize::MAX);
            now <= self.descriptors_at_start
        });
        assert!(
            returned,
            "pgwarden has {now} descriptors open, at its start it had {}:\n{}",
            self.descriptors_at_start,
            list_descriptors(self.pid())
        );
        self.assert_no_secrets();
    }

    /// Looks for each password that the test knows, in the log, the recordings and (while it runs) the metrics. Of a
    /// recording above 64 MiB, only its first and last 32 MiB are searched.
    ///
    /// # Panics
    /// If one is found.
    #[track_caller]
    pub fn assert_no_secrets(&self) {
        self.assert_clean("the log", self.log().as_bytes());
        self.assert_clean("standard output", self.stdout().as_bytes());
        if let Ok(metrics) = self.metrics() {
            self.assert_clean("the metrics", metrics.as_bytes());
        }
        for path in files_below(&self.recordings()) {
            let searched =
                read_ends(&path).unwrap_or_else(|error| panic!("search {}: {error:#}", path.display()));
            for part in searched {
                self.assert_clean(&format!("the recording {}", path.display()), &part);
            }
        }
    }

    #[track_caller]
    fn assert_clean(&self, place: &str, bytes: &[u8]) {
        for secret in &self.secrets {
            assert!(
                memmem::find(bytes, secret.as_bytes()).is_none(),
                "the password {secret:?} stands in {place}"
            );
        }
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        kill_process(Pid::from_child(&self.child), signal).context("send pgwarden a signal")
    }

    fn await_listeners(&mut self) -> Result<()> {
        let ended = wait_until(DEADLINE, || {
            self.listeners = listening_on(&self.stdout(), self.admin);
            self.listeners.len() >= self.listener_count || !matches!(self.child.try_wait(), Ok(None))
        });
        if self.listeners.len() < self.listener_count {
            let what = if ended {
                "ended at its start"
            } else {
                "did not say what it listens on"
            };
            bail!(
                "pgwarden {what}\n--- standard output\n{}\n--- log\n{}\n--- configuration\n{}",
                self.stdout(),
                self.log(),
                self.config_text
            );
        }
        // The admin listener may come after the others, and is among the descriptors that the start is judged by.
        if !wait_until(DEADLINE, || {
            self.get("/healthz").is_ok_and(|(status, _)| status == 200)
        }) {
            bail!(
                "/healthz did not answer 200 within {DEADLINE:?}\n--- log\n{}",
                self.log()
            );
        }
        self.descriptors_at_start = settled_descriptors(self.pid())?;
        Ok(())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            // A failed test's log is the first thing its reader wants; the runner shows standard error of failures.
            let _ = writeln!(std::io::stderr(), "--- pgwarden's log\n{}", self.log());
        } else {
            self.assert_no_secrets();
        }
    }
}

/// The program under test: `PGWARDEN_BIN`, else what Cargo or nextest names, else the one in the target directory of
/// the running test.
pub fn pgwarden_binary() -> Result<PathBuf> {
    for variable in [
        "PGWARDEN_BIN",
        "NEXTEST_BIN_EXE_pgwarden",
        "CARGO_BIN_EXE_pgwarden",
    ] {
        if let Some(path) = std::env::var_os(variable) {
            return Ok(path.into());
        }
    }
    let executable = std::env::current_exe().context("find the running program")?;
    // A test is target/debug/deps/NAME-HASH, another program target/debug/NAME.
    executable
        .ancestors()
        .skip(1)
        .take(2)
        .map(|directory| directory.join("pgwarden"))
        .find(|path| path.is_file())
        .with_context(|| {
            format!(
                "no pgwarden near {}: run `cargo build -p pgwarden`",
                executable.display()
            )
        })
}

fn spawn(
    binary: &Path,
    directory: &Path,
    suffix: &str,
    environment: &[(String, String)],
    passed: Option<&PassedSocket>,
) -> Result<Child> {
    let open = |name: &str| -> Result<File> {
        File::options()
            .create(true)
            .append(true)
            .open(directory.join(format!("{name}{suffix}")))
            .with_context(|| format!("open {name}"))
    };
    // Only this run's lines say where it listens.
    fs::write(directory.join(format!("{STDOUT_FILE}{suffix}")), "")
        .context("empty pgwarden's standard output")?;
    let mut command = match passed {
        None => Command::new(binary),
        Some(PassedSocket { name, .. }) => {
            // As `sd_listen_fds(3)` has it: from descriptor 3 on, and with the process id of whom they are for.
            let mut shell = Command::new("sh");
            shell
                .args([
                    "-c",
                    "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" \"$@\" 3<&0 </dev/null",
                ])
                .arg(binary)
                .env("LISTEN_FDNAMES", name);
            shell
        }
    };
    command
        .args(["serve", "--config"])
        .arg(directory.join(CONFIG_FILE))
        .current_dir(directory)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(match passed {
            None => Stdio::null(),
            Some(PassedSocket { socket, .. }) => socket.try_clone().context("copy a socket")?.into(),
        })
        .stdout(open(STDOUT_FILE)?)
        .stderr(open(LOG_FILE)?)
        .spawn()
        .context("start pgwarden")
}

/// The addresses of the `listening on ADDRESS` lines, the admin listener's left out.
fn listening_on(stdout: &str, admin: SocketAddr) -> Vec<Endpoint> {
    let complete = stdout.rsplit_once('\n').map_or("", |(lines, _)| lines);
    complete
        .lines()
        .filter_map(|line| line.strip_prefix("listening on ")?.split_whitespace().next())
        .filter_map(|address| match address.strip_prefix("unix:") {
            Some(path) => Some(Endpoint::Unix(path.into())),
            None => address
                .parse()
                .ok()
                .filter(|address| *address != admin)
                .map(Endpoint::Tcp),
        })
        .collect()
}

fn sum_metric(metrics: &str, name: &str, labels: &[(&str, &str)]) -> Result<f64> {
    let mut sum = 0.0;
    for line in metrics.lines() {
        let Some(rest) = line.strip_prefix(name) else {
            continue;
        };
        let (series_labels, value) = match rest.strip_prefix('{') {
            Some(rest) => rest.rsplit_once("} ").with_context(|| format!("read {line:?}"))?,
            None => match rest.strip_prefix(' ') {
                Some(value) => ("", value),
                // Another metric whose name begins the same.
                None => continue,
            },
        };
        if labels
            .iter()
            .all(|(label, wanted)| series_labels.contains(&format!("{label}=\"{wanted}\"")))
        {
            sum += value
                .trim()
                .parse::<f64>()
                .with_context(|| format!("read {line:?}"))?;
        }
    }
    Ok(sum)
}

/// The number of descriptors once it no longer changes: the admin connection that asked whether it is up may still be
/// closing.
fn settled_descriptors(pid: u32) -> Result<usize> {
    const SAME_LOOKS: u32 = 10;
    let mut last = process::descriptors(pid)?;
    let mut same = 0;
    wait_until(Duration::from_secs(5), || {
        let now = process::descriptors(pid).unwrap_or(last);
        same = if now == last { same + 1 } else { 0 };
        last = now;
        same >= SAME_LOOKS
    });
    Ok(last)
}

fn list_descriptors(pid: u32) -> String {
    fs::read_dir(format!("/proc/{pid}/fd"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some(fs::read_link(entry.path()).ok()?.display().to_string()))
        .collect::<Vec<_>>()
        .join("\n")
}

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                directories.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files
}

/// A file's content, or of a long file its first and its last [`SEARCHED_BYTES`].
fn read_ends(path: &Path) -> Result<Vec<Vec<u8>>> {
    let mut file = File::open(path).context("open a recording")?;
    let length = file.metadata().context("look at a recording")?.len();
    let mut read = |start: u64, limit: u64| -> Result<Vec<u8>> {
        file.seek(SeekFrom::Start(start)).context("seek in a recording")?;
        let mut bytes = Vec::new();
        (&mut file)
            .take(limit)
            .read_to_end(&mut bytes)
            .context("read a recording")?;
        Ok(bytes)
    };
    if length <= 2 * SEARCHED_BYTES {
        return Ok(vec![read(0, u64::MAX)?]);
    }
    Ok(vec![
        read(0, SEARCHED_BYTES)?,
        read(length - SEARCHED_BYTES, u64::MAX)?,
    ])
}

fn read_lossy(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_are_read_from_whole_lines() {
        let admin = "127.0.0.1:9432".parse().unwrap();
        let stdout = "listening on 127.0.0.1:40001\nlistening on unix:/run/x/.s.PGSQL.6432\n\
                      listening on 127.0.0.1:9432 (admin)\nlistening on 127.0.0.1:4";
        assert_eq!(
            listening_on(stdout, admin),
            [
                Endpoint::Tcp("127.0.0.1:40001".parse().unwrap()),
                Endpoint::Unix("/run/x/.s.PGSQL.6432".into())
            ]
        );
    }

    #[track_caller]
    fn check_metric(name: &str, labels: &[(&str, &str)], expected: f64) {
        let metrics = "# HELP a_total x\na_total{record=\"orders\",kind=\"select\"} 3\n\
                       a_total{record=\"sales\",kind=\"select\"} 4\na_total_other 9\nb 2.5\n";
        let sum = sum_metric(metrics, name, labels).unwrap();
        assert!((sum - expected).abs() < f64::EPSILON, "{name} {labels:?}: {sum}");
    }

    #[test]
    fn metrics_are_summed_by_label() {
        check_metric("a_total", &[], 7.0);
        check_metric("a_total", &[("record", "orders")], 3.0);
        check_metric("a_total", &[("record", "orders"), ("kind", "insert")], 0.0);
        check_metric("b", &[], 2.5);
        check_metric("c", &[], 0.0);
    }

    #[test]
    fn a_long_file_is_searched_at_both_ends() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("recording");
        let file = File::create(&path).unwrap();
        file.set_len(2 * SEARCHED_BYTES).unwrap();
        assert_eq!(read_ends(&path).unwrap().len(), 1);
        file.set_len(2 * SEARCHED_BYTES + 1).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, b"end", 2 * SEARCHED_BYTES - 2).unwrap();
        let parts = read_ends(&path).unwrap();
        assert_eq!(parts.len(), 2);
        assert!(
            parts
                .iter()
                .all(|part| u64::try_from(part.len()).unwrap() == SEARCHED_BYTES)
        );
        assert!(parts.last().unwrap().ends_with(b"end"));
    }
}
