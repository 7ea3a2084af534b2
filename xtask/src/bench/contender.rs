//! What is measured side by side.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use testkit::{Authority, Proxy, RawClient, TestDb, process, wait_until};

use super::connections::Protection;
use super::pgbench::{Login, PgBench, Protocol, Sample};
use crate::step;

/// A way from pgbench to the server.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    login: Login,
    /// The proxy's process; `None` without one.
    proxy: Option<u32>,
}

impl Contender {
    pub(crate) fn direct(database: &TestDb) -> Self {
        Self {
            name: "direct",
            login: owner_login(database, database.cluster().port()),
            proxy: None,
        }
    }

    pub(crate) fn pgwarden(proxy: &Proxy, person: &str, record: &str) -> Result<Self> {
        let user = format!("{person}@{record}");
        Ok(Self {
            name: "pgwarden",
            login: Login {
                port: proxy.address().port(),
                database: user.clone(),
                user,
                password: proxy.password(person)?.to_owned(),
            },
            proxy: Some(proxy.pid()),
        })
    }

    pub(crate) fn pgbouncer(name: &'static str, pgbouncer: &PgBouncer, database: &TestDb) -> Self {
        Self {
            name,
            login: owner_login(database, pgbouncer.port),
            proxy: Some(pgbouncer.pid),
        }
    }

    /// The proxy's process, if there is one.
    pub(crate) fn proxy(&self) -> Option<u32> {
        self.proxy
    }

    pub(crate) fn login(&self) -> &Login {
        &self.login
    }

    /// One run of pgbench through it, with what the proxy used meanwhile.
    pub(crate) fn measure(&self, pgbench: &PgBench, protocol: Protocol) -> Result<Sample> {
        self.with_cpu(|| pgbench.select_only(&self.login, protocol))
    }

    /// One run of pgbench that connects for each statement.
    pub(crate) fn measure_logins(&self, pgbench: &PgBench, protection: Protection) -> Result<Sample> {
        self.with_cpu(|| pgbench.logins(&self.login, protection))
    }

    fn with_cpu(&self, run: impl FnOnce() -> Result<Sample>) -> Result<Sample> {
        let used = || self.proxy.map(process::cpu_seconds).transpose();
        let before = used()?;
        let mut sample = run()?;
        sample.proxy_cpu_seconds = before.zip(used()?).map(|(before, after)| after - before);
        Ok(sample)
    }
}

fn owner_login(database: &TestDb, port: u16) -> Login {
    Login {
        port,
        user: database.login().to_owned(),
        password: database.password().to_owned(),
        database: database.name().to_owned(),
    }
}

/// A running pgbouncer in session mode: SCRAM on both sides, as pgwarden has it. Ends when dropped.
pub(crate) struct PgBouncer {
    child: Child,
    pid: u32,
    port: u16,
    _directory: TempDir,
}

impl PgBouncer {
    /// `settings` go into its configuration.
    pub(crate) fn start(database: &TestDb, settings: &str) -> Result<Self> {
        let directory = tempfile::Builder::new()
            .prefix("pgwarden-pgbouncer-")
            .tempdir()
            .context("make a directory for pgbouncer")?;
        let path = directory.path();
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).context("open pgbouncer's directory")?;
        let port = testkit::free_port()?;
        fs::write(
            path.join("users.txt"),
            format!("\"{}\" \"{}\"\n", database.login(), database.password()),
        )
        .context("write pgbouncer's users")?;
        let (_, key) = Authority::new("authority")?
            .server(&["localhost"])?
            .write(path, "server")?;
        // pgbouncer runs as somebody else.
        fs::set_permissions(key, fs::Permissions::from_mode(0o644)).context("open pgbouncer's key")?;
        let settings = format!(
            "[databases]\n{name} = host=127.0.0.1 port={server} dbname={name}\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             pool_mode = session\nauth_type = scram-sha-256\nauth_file = {directory}/users.txt\n\
             client_tls_sslmode = allow\nclient_tls_cert_file = {directory}/server.crt\n\
             client_tls_key_file = {directory}/server.key\nserver_tls_sslmode = disable\n\
             max_client_conn = 2000\ndefault_pool_size = 1100\n{settings}\nlogfile = {directory}/pgbouncer.log\n\
             pidfile = {directory}/pgbouncer.pid\nignore_startup_parameters = extra_float_digits\n",
            name = database.name(),
            server = database.cluster().port(),
            directory = path.display(),
        );
        let file = path.join("pgbouncer.ini");
        fs::write(&file, settings).context("write pgbouncer.ini")?;
        let mut child = command()
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("start pgbouncer")?;

        let answers = || {
            let address = ([127, 0, 0, 1], port).into();
            let address: std::net::SocketAddr = address;
            RawClient::log_in(address, database.login(), database.name(), database.password()).is_ok()
        };
        if !wait_until(testkit::DEADLINE, answers) {
            let _ = child.kill();
            let _ = child.wait();
            bail!(
                "pgbouncer did not let us in: {}",
                fs::read_to_string(path.join("pgbouncer.log")).unwrap_or_default()
            );
        }
        // Where another user runs it, our child is the program that handed over to that user.
        let pid = fs::read_to_string(path.join("pgbouncer.pid"))
            .context("read pgbouncer's process id")?
            .trim()
            .parse()
            .context("read pgbouncer's process id")?;
        Ok(Self {
            child,
            pid,
            port,
            _directory: directory,
        })
    }

    pub(crate) fn version() -> Result<String> {
        let text = step::output(Command::new(program()).arg("--version"))?;
        Ok(text.lines().next().unwrap_or_default().to_owned())
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        // SIGINT ends pgbouncer at once or after its last query; the program between us and it then ends too.
        let _ = Command::new("kill")
            .args(["-INT", &self.pid.to_string()])
            .status();
        let _ = self.child.wait();
    }
}

/// pgbouncer refuses to run as root, and `runuser` takes the limit of open files down to its default.
fn command() -> Command {
    let is_root = step::output(Command::new("id").arg("-u")).is_ok_and(|uid| uid.trim() == "0");
    let mut command = if is_root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    command
        .args(["-c", "ulimit -n $(ulimit -Hn) && exec \"$0\" \"$@\""])
        .arg(program());
    command
}

/// Debian puts it where not everyone's path leads.
fn program() -> PathBuf {
    let debian = PathBuf::from("/usr/sbin/pgbouncer");
    if debian.is_file() {
        debian
    } else {
        "pgbouncer".into()
    }
}
