//! PostgreSQL servers that live as long as someone uses them.
//!
//! A server's directory holds two lock files. Whoever starts, stops or replaces the server holds `start.lock`;
//! whoever uses it holds `users.lock` shared, which the kernel gives back however that process ends. A watcher, one
//! small shell loop a server, ends the server once nobody has held `users.lock` for a while.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::certificate::Identity;
use crate::database::TestDb;
use crate::postgres::{PgBin, give_to_owner};
use crate::raw_client::{Endpoint, RawClient};
use crate::unique::{free_port, random_hex};
use crate::wait::wait_until;

/// The server's superuser. It comes in by the socket file alone, without a password.
pub(crate) const SUPERUSER: &str = "postgres";

/// The server that most tests share.
const SHARED: &str = "shared";

/// The server for tests that could harm others.
const PROVING_GROUND: &str = "proving-ground";

/// How long a shared server outlives its last user, so that a run of short tests starts it once.
const SHARED_GRACE_SECONDS: u32 = 30;

/// A test of 1,000 sessions fits in beside the others.
const MAX_CONNECTIONS: u32 = 1200;

/// Tries to start a server, each on another port: between our asking the kernel for a port and the server's
/// binding it, somebody else may take it.
const START_ATTEMPTS: u32 = 3;

/// How long a server may take to end after SIGQUIT.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// Arguments: directory, run (the server's directory in it), seconds of grace, what to remove at the end.
const WATCHER: &str = r#"
cd "$1" || exit 0
idle=0
while [ -d "$2" ]; do
  sleep 1
  if flock --nonblock users.lock true; then idle=$((idle + 1)); else idle=0; fi
  [ "$idle" -gt "$3" ] || continue
  flock --nonblock start.lock flock --nonblock users.lock sh -c '
    pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" && tries=0 &&
    while [ -e "$1/data/postmaster.pid" ] && [ "$tries" -lt 20 ]; do sleep 0.5; tries=$((tries + 1)); done
    rm -rf "$2"' sh "$2" "$4" && exit 0
  idle=0
done
"#;

/// How a server of its own checks passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerAuth {
    /// `scram-sha-256`, PostgreSQL's default.
    ScramSha256,
    /// `md5`, with passwords stored as md5.
    Md5,
    /// `password`: in clear text.
    Password,
    /// `trust`: everyone may be anyone.
    Trust,
}

/// What differs in a server of a test's own.
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// How logins over TCP and the socket file are checked.
    pub auth: ServerAuth,
    /// `max_connections`.
    pub max_connections: u32,
    /// Lines added to postgresql.conf.
    pub extra: String,
    /// TLS, on if it is given.
    pub tls: Option<ServerTls>,
    /// Lines of `pg_hba.conf` that come before those of `auth`.
    pub hba: String,
    /// Whose programs; those that [`PgBin::find`] finds if none are given.
    pub programs: Option<PgBin>,
}

/// What a server of a test's own shows to clients.
#[derive(Debug, Clone)]
pub struct ServerTls {
    /// Its certificate.
    pub identity: Identity,
    /// Who vouches for certificates of clients, in PEM.
    pub client_ca: Option<String>,
}

impl Default for ClusterOptions {
    fn default() -> Self {
        Self {
            auth: ServerAuth::ScramSha256,
            max_connections: MAX_CONNECTIONS,
            extra: String::new(),
            tls: None,
            hba: String::new(),
            programs: None,
        }
    }
}

impl ClusterOptions {
    fn programs(&self) -> Result<PgBin> {
        self.programs.clone().map_or_else(PgBin::find, Ok)
    }
}

/// A running PostgreSQL server: `fsync` off, `wal_level` logical, every statement in its log.
#[derive(Clone)]
pub struct Cluster(Arc<Inner>);

struct Inner {
    lifetime: Lifetime,
    programs: PgBin,
    run: PathBuf,
    port: u16,
    /// Held shared as long as we use the server: keeps its watcher from ending it.
    _users: File,
}

enum Lifetime {
    /// Ends with its watcher.
    Shared,
    /// Ends with us; the directory goes too.
    Private(PathBuf),
}

impl Cluster {
    /// The server that all tests of this target directory share: started by whoever comes first, in any process.
    pub fn shared() -> Result<Self> {
        Self::shared_as(SHARED, &ClusterOptions::default())
    }

    /// A second one, shared by tests that could harm others on their server: they run as superuser what may crash a
    /// backend, and with it all others.
    pub fn shared_proving_ground() -> Result<Self> {
        Self::shared_as(
            PROVING_GROUND,
            &ClusterOptions {
                // Its tests connect thousands of times, and a SCRAM exchange takes longer than what they try.
                auth: ServerAuth::Trust,
                max_connections: 100,
                extra: "autovacuum = off\nmax_replication_slots = 40\nmax_wal_senders = 40\n".to_owned(),
                ..ClusterOptions::default()
            },
        )
    }

    fn shared_as(name: &str, options: &ClusterOptions) -> Result<Self> {
        let programs = PgBin::find()?;
        let directory = shared_directory(&programs, name)?;
        let start_lock = open_lock(&directory, "start.lock")?;
        start_lock.lock().context("lock the start of the shared server")?;
        let users = open_lock(&directory, "users.lock")?;
        users
            .lock_shared()
            .context("register as a user of the shared server")?;

        let state = directory.join("state");
        if let Some((run, port)) = read_state(&state)
            && is_answering(&directory.join(&run), port)
        {
            let run = directory.join(run);
            return Ok(Self(Arc::new(Inner {
                lifetime: Lifetime::Shared,
                programs,
                run,
                port,
                _users: users,
            })));
        }
        end_stale(&directory)?;
        let run_name = format!("run-{}", random_hex(4));
        let run = directory.join(&run_name);
        let port = start_server(&run, options)?;
        fs::write(&state, format!("{run_name} {port}\n")).context("write the shared server's state")?;
        watch(&directory, &run_name, SHARED_GRACE_SECONDS, Path::new(&run_name))?;
        Ok(Self(Arc::new(Inner {
            lifetime: Lifetime::Shared,
            programs,
            run,
            port,
            _users: users,
        })))
    }

    /// A server of the test's own, for what the shared one can't be: other authentication, few connections, restarts.
    pub fn private(options: &ClusterOptions) -> Result<Self> {
        let directory = tempfile::Builder::new()
            .prefix("pgwarden-cluster-")
            .tempdir()
            .context("make a directory for a server")?
            .keep();
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).context("open the directory")?;
        let users = open_lock(&directory, "users.lock")?;
        users.lock_shared().context("register as a user of the server")?;
        let run = directory.join("run");
        let port = start_server(&run, options)?;
        watch(&directory, "run", 0, &directory)?;
        Ok(Self(Arc::new(Inner {
            lifetime: Lifetime::Private(directory),
            programs: options.programs()?,
            run,
            port,
            _users: users,
        })))
    }

    /// Ends the shared servers at once, whoever uses them; no error if there are none.
    pub fn stop_shared() -> Result<()> {
        for name in [SHARED, PROVING_GROUND] {
            let directory = shared_directory(&PgBin::find()?, name)?;
            let start_lock = open_lock(&directory, "start.lock")?;
            start_lock.lock().context("lock the start of a shared server")?;
            end_stale(&directory)?;
        }
        Ok(())
    }

    /// A database with a login of its own, which owns it. Both go when the value is dropped.
    pub fn database(&self) -> Result<TestDb> {
        TestDb::create(self.clone())
    }

    /// As [`Cluster::database`], with names that a reader sees; for a server of one's own, where they are free.
    pub fn database_named(&self, name: &str, login: &str) -> Result<TestDb> {
        TestDb::create_named(self.clone(), name.to_owned(), login.to_owned())
    }

    /// The port, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.0.port
    }

    /// The address.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.0.port).into()
    }

    /// The directory of the socket file, as `host` of a connection string.
    pub fn socket_directory(&self) -> &Path {
        &self.0.run
    }

    /// The socket file.
    pub fn socket(&self) -> Endpoint {
        Endpoint::Unix(socket_path(&self.0.run, self.0.port))
    }

    /// A connection as superuser.
    pub fn superuser(&self, database: &str) -> Result<RawClient> {
        RawClient::log_in(self.socket(), SUPERUSER, database, "")
    }

    /// Runs SQL as superuser; an error of the server is an error.
    pub fn execute(&self, database: &str, sql: &str) -> Result<()> {
        self.superuser(database)?.rows(sql)?;
        Ok(())
    }

    /// The server's log file, of all databases.
    pub fn log_path(&self) -> PathBuf {
        self.0.run.join("server.log")
    }

    /// Ends the server as a crash of its machine would (`immediate`), keeping its data for [`Cluster::start`].
    /// Only for a server of the test's own.
    pub fn crash(&self) -> Result<()> {
        self.must_be_private()?;
        end_server(&self.0.run)
    }

    /// Starts the server again after [`Cluster::crash`], on the same port.
    pub fn start(&self) -> Result<()> {
        self.must_be_private()?;
        launch(&self.0.programs, &self.0.run)
            .with_context(|| format!("start the server in {}", self.0.run.display()))
    }

    fn must_be_private(&self) -> Result<()> {
        match self.0.lifetime {
            Lifetime::Private(_) => Ok(()),
            Lifetime::Shared => bail!("the shared server is not this test's to stop"),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        match &self.lifetime {
            Lifetime::Shared => {}
            Lifetime::Private(directory) => {
                // What fails here is left to the watcher.
                if end_server(&self.run).is_ok() {
                    let _ = fs::remove_dir_all(directory);
                }
            }
        }
    }
}

/// One directory for each server's name, target directory, PostgreSQL and user, under a short path: a socket file's path has 107 bytes at most.
fn shared_directory(programs: &PgBin, name: &str) -> Result<PathBuf> {
    let executable = std::env::current_exe().context("find the running program")?;
    // Cargo marks its target directory so.
    let target = executable
        .ancestors()
        .find(|path| path.join("CACHEDIR.TAG").is_file())
        .unwrap_or(&executable);
    let mut hasher = DefaultHasher::new();
    target.hash(&mut hasher);
    programs.hash(&mut hasher);
    name.hash(&mut hasher);
    let uid = rustix::process::geteuid().as_raw();
    let directory =
        std::env::temp_dir().join(format!("pgwarden-testkit-{uid}-{:08x}", hasher.finish() >> 32));
    fs::create_dir_all(&directory).with_context(|| format!("make {}", directory.display()))?;
    // Its name can be guessed, so somebody else could have made it to lead our commands astray.
    if fs::metadata(&directory)
        .context("look at the shared server's directory")?
        .uid()
        != uid
    {
        bail!("{} belongs to somebody else", directory.display());
    }
    Ok(directory)
}

fn open_lock(directory: &Path, name: &str) -> Result<File> {
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(directory.join(name))
        .with_context(|| format!("open {name}"))
}

fn read_state(path: &Path) -> Option<(String, u16)> {
    let text = fs::read_to_string(path).ok()?;
    let (run, port) = text.trim().split_once(' ')?;
    Some((run.to_owned(), port.parse().ok()?))
}

fn is_answering(run: &Path, port: u16) -> bool {
    let socket = Endpoint::Unix(socket_path(run, port));
    RawClient::log_in(socket, SUPERUSER, "postgres", "")
        .and_then(|mut client| client.rows("select 1"))
        .is_ok()
}

/// Ends every server that an earlier run may have left in the shared directory.
fn end_stale(directory: &Path) -> Result<()> {
    let _ = fs::remove_file(directory.join("state"));
    for entry in fs::read_dir(directory)
        .context("list the shared server's directory")?
        .flatten()
    {
        if entry.file_name().to_string_lossy().starts_with("run-") {
            end_server(&entry.path())?;
            fs::remove_dir_all(entry.path()).context("remove a server's directory")?;
        }
    }
    Ok(())
}

fn start_server(run: &Path, options: &ClusterOptions) -> Result<u16> {
    fs::create_dir(run).with_context(|| format!("make {}", run.display()))?;
    // Its socket file lets the superuser in without a password, so nobody else may reach it.
    fs::set_permissions(run, fs::Permissions::from_mode(0o700)).context("close the server's directory")?;
    give_to_owner(run)?;
    let programs = options.programs()?;
    let output = programs
        .as_owner("initdb")
        .args([
            "--no-sync",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--username",
            SUPERUSER,
            "-D",
        ])
        .arg(run.join("data"))
        .output()
        .context("run initdb")?;
    if !output.status.success() {
        bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    fs::write(
        run.join("data/pg_hba.conf"),
        format!("{}\n{}", options.hba, hba(options.auth)),
    )
    .context("write pg_hba.conf")?;
    if let Some(tls) = &options.tls {
        write_tls(&run.join("data"), tls)?;
    }
    let configuration = run.join("data/postgresql.conf");
    let defaults = fs::read_to_string(&configuration).context("read postgresql.conf")?;
    let mut attempt = 1;
    loop {
        let port = free_port()?;
        fs::write(&configuration, defaults.clone() + &settings(run, port, options))
            .context("write postgresql.conf")?;
        match launch(&programs, run) {
            Ok(()) => return Ok(port),
            Err(_) if attempt < START_ATTEMPTS => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}

fn hba(auth: ServerAuth) -> String {
    let method = match auth {
        ServerAuth::ScramSha256 => "scram-sha-256",
        ServerAuth::Md5 => "md5",
        ServerAuth::Password => "password",
        ServerAuth::Trust => "trust",
    };
    format!(
        "local all {SUPERUSER} trust\n\
         local all all {method}\n\
         local replication all {method}\n\
         host all all 127.0.0.1/32 {method}\n\
         host replication all 127.0.0.1/32 {method}\n"
    )
}

fn write_tls(data: &Path, tls: &ServerTls) -> Result<()> {
    let (certificate, key) = tls.identity.write(data, "server")?;
    give_to_owner(&certificate)?;
    give_to_owner(&key)?;
    if let Some(pem) = &tls.client_ca {
        let path = data.join("clients.crt");
        fs::write(&path, pem).context("write who vouches for clients")?;
        give_to_owner(&path)?;
    }
    Ok(())
}

fn settings(run: &Path, port: u16, options: &ClusterOptions) -> String {
    let encryption = if options.auth == ServerAuth::Md5 {
        "md5"
    } else {
        "scram-sha-256"
    };
    format!(
        "\n\
         port = {port}\n\
         listen_addresses = '127.0.0.1'\n\
         unix_socket_directories = '{}'\n\
         max_connections = {}\n\
         password_encryption = '{encryption}'\n\
         fsync = off\n\
         wal_level = logical\n\
         max_prepared_transactions = 10\n\
         log_statement = all\n\
         log_line_prefix = '%m [%p] %q%u@%d '\n\
         {}\n{}\n",
        run.display(),
        options.max_connections,
        match &options.tls {
            None => "",
            Some(ServerTls { client_ca: None, .. }) => "ssl = on",
            Some(ServerTls {
                client_ca: Some(_), ..
            }) => "ssl = on\nssl_ca_file = 'clients.crt'",
        },
        options.extra
    )
}

/// Starts the server in `run` and waits until it takes connections.
fn launch(programs: &PgBin, run: &Path) -> Result<()> {
    let output = programs
        .as_owner("pg_ctl")
        .args(["--wait", "--silent", "--timeout=60", "-D"])
        .arg(run.join("data"))
        .arg("-l")
        .arg(run.join("server.log"))
        .arg("start")
        .output()
        .context("run pg_ctl")?;
    if !output.status.success() {
        let log = fs::read_to_string(run.join("server.log")).unwrap_or_default();
        bail!(
            "PostgreSQL did not start: {}\n{log}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

/// Starts the watcher of the server in `directory/run`.
fn watch(directory: &Path, run: &str, grace_seconds: u32, remove: &Path) -> Result<()> {
    Command::new("sh")
        .args(["-c", WATCHER, "pgwarden-testkit-watcher"])
        .arg(directory)
        .arg(run)
        .arg(grace_seconds.to_string())
        .arg(remove)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // A group of its own: a runner that ends a test's whole group must not end the watcher with it.
        .process_group(0)
        .spawn()
        .context("start the server's watcher")?;
    Ok(())
}

/// Ends the server in `run`, if one runs, and waits for its end.
fn end_server(run: &Path) -> Result<()> {
    let Some(pid) = fs::read_to_string(run.join("data/postmaster.pid"))
        .ok()
        .and_then(|text| text.lines().next()?.parse().ok())
        .and_then(Pid::from_raw)
    else {
        return Ok(());
    };
    if kill_process(pid, Signal::QUIT).is_err() {
        return Ok(());
    }
    if !wait_until(STOP_LIMIT, || test_kill_process(pid).is_err() || is_zombie(pid)) {
        bail!("PostgreSQL (process {pid}) did not end within {STOP_LIMIT:?}");
    }
    Ok(())
}

/// Ended, but not yet waited for by its parent.
fn is_zombie(pid: Pid) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        stat.rsplit(')')
            .next()
            .is_some_and(|rest| rest.trim_start().starts_with('Z'))
    })
}

fn socket_path(run: &Path, port: u16) -> PathBuf {
    run.join(format!(".s.PGSQL.{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wait_for;

    #[test]
    fn every_user_gets_the_same_shared_server() {
        let (first, second) = (Cluster::shared().unwrap(), Cluster::shared().unwrap());
        assert_eq!(first.port(), second.port());
    }

    #[test]
    fn a_private_server_authenticates_as_asked_and_ends_when_dropped() {
        for auth in [ServerAuth::Md5, ServerAuth::Password, ServerAuth::Trust] {
            let options = ClusterOptions {
                auth,
                max_connections: 20,
                ..ClusterOptions::default()
            };
            let cluster = Cluster::private(&options).unwrap();
            let directory = cluster.socket_directory().to_owned();
            let database = cluster.database().unwrap();
            assert_eq!(database.scalar("select 1").unwrap(), "1", "{auth:?}");
            drop(database);
            drop(cluster);
            assert!(!directory.exists(), "{auth:?}");
        }
    }

    #[test]
    fn a_crashed_server_starts_again_on_its_port() {
        let cluster = Cluster::private(&ClusterOptions {
            max_connections: 20,
            ..ClusterOptions::default()
        })
        .unwrap();
        let mut client = cluster.superuser("postgres").unwrap();
        cluster.crash().unwrap();
        wait_for("the connection to end", || {
            client.receive().is_ok_and(|message| message.is_none())
        });
        assert!(cluster.superuser("postgres").is_err());
        cluster.start().unwrap();
        assert_eq!(
            cluster.superuser("postgres").unwrap().rows("select 1").unwrap(),
            [["1"]]
        );
    }

    #[test]
    fn the_shared_server_is_not_to_be_stopped_by_a_test() {
        assert!(Cluster::shared().unwrap().crash().is_err());
    }
}
