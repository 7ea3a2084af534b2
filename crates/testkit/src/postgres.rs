//! Where PostgreSQL's programs are, and as whom its server runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// A PostgreSQL installation's directory of programs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PgBin(PathBuf);

impl PgBin {
    /// Where to look instead: names a directory that holds `initdb` and `postgres`.
    pub const OVERRIDE: &'static str = "PGWARDEN_TEST_PG_BIN";

    /// Finds the server's programs: `PGWARDEN_TEST_PG_BIN`, else the newest under `/usr/lib/postgresql`
    /// (Debian keeps them off the path), else where `pg_config` says.
    pub fn find() -> Result<Self> {
        if let Some(directory) = std::env::var_os(Self::OVERRIDE) {
            return Self::at(directory).with_context(|| format!("read {}", Self::OVERRIDE));
        }
        if let Some(bin) = debian_installations().find(Self::has_server) {
            return Ok(bin);
        }
        if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
            let bin = Self(String::from_utf8_lossy(&output.stdout).trim().into());
            if bin.has_server() {
                return Ok(bin);
            }
        }
        bail!(
            "no PostgreSQL server found: install Debian's package `postgresql` (`cargo xtask test` does), \
             or set {} to the directory that holds initdb",
            Self::OVERRIDE
        )
    }

    /// The server's programs in this directory.
    pub fn at(directory: impl Into<PathBuf>) -> Result<Self> {
        let bin = Self(directory.into());
        if !bin.has_server() {
            bail!("{} has no initdb and postgres", bin.0.display());
        }
        Ok(bin)
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.0
    }

    /// The path of one program, say `pgbench`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn has_server(&self) -> bool {
        self.program("initdb").is_file() && self.program("postgres").is_file()
    }

    /// A command that runs `name` as the server's owner. PostgreSQL refuses to run as root, so root hands over to that user.
    pub(crate) fn as_owner(&self, name: &str) -> Command {
        let program = self.program(name);
        let mut command = match owner() {
            Owner::Ourselves => Command::new(program),
            Owner::Other(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", &user, "--"]).arg(program);
                command
            }
        };
        crate::program::clear_pg_environment(&mut command);
        // The caller's directory may be closed to the owner, which makes initdb complain.
        command.current_dir("/");
        command
    }
}

/// psql; see [`client_path`].
pub fn psql_path() -> PathBuf {
    client_path("psql")
}

/// A client program, say `pgbench`: beside the server that tests use, else Debian's newest, else from the path, as
/// servers and clients may be installed without each other.
pub fn client_path(name: &str) -> PathBuf {
    PgBin::find()
        .into_iter()
        .chain(debian_installations())
        .map(|bin| bin.program(name))
        .find(|program| program.is_file())
        .unwrap_or_else(|| name.into())
}

/// What Debian's packages installed, the newest version first.
fn debian_installations() -> impl Iterator<Item = PgBin> {
    let mut versions: Vec<(u32, PgBin)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, PgBin(entry.path().join("bin"))))
        })
        .collect();
    versions.sort_by_key(|(version, _)| *version);
    versions.into_iter().rev().map(|(_, bin)| bin)
}

enum Owner {
    Ourselves,
    Other(String),
}

fn owner() -> Owner {
    if !rustix::process::geteuid().is_root() {
        return Owner::Ourselves;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let has = |user: &str| users.lines().any(|line| line.split(':').next() == Some(user));
    Owner::Other(if has("postgres") { "postgres" } else { "nobody" }.to_owned())
}

/// Gives `path` to the server's owner.
pub(crate) fn give_to_owner(path: &Path) -> Result<()> {
    let Owner::Other(user) = owner() else {
        return Ok(());
    };
    let status = Command::new("chown")
        .arg(&user)
        .arg(path)
        .status()
        .context("run chown")?;
    if !status.success() {
        bail!("chown {user} {} failed", path.display());
    }
    Ok(())
}
