//! A client of the matrix: its manifest, its installation, its commands.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::server::Column;
use crate::{install, tree};

/// What a scenario may take by default.
const TIMEOUT_SECONDS: u64 = 120;

/// `client.toml`, as xtask/matrix/README.md describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    name: String,
    what: String,
    run: Vec<String>,
    #[serde(default)]
    version: Vec<String>,
    #[serde(default)]
    build: Vec<Vec<String>>,
    #[serde(default)]
    refused: bool,
    #[serde(default)]
    refused_servers: Servers,
    #[serde(default)]
    servers: Servers,
    tls: Option<bool>,
    timeout_seconds: Option<u64>,
    #[serde(default)]
    install: Packages,
    #[serde(default)]
    env: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Servers {
    min: Option<u32>,
    max: Option<u32>,
}

impl Servers {
    fn include(&self, column: Column) -> bool {
        self.min.is_none_or(|min| column.major >= min) && self.max.is_none_or(|max| column.major <= max)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Packages {
    apt: Vec<String>,
    pip: Vec<String>,
    npm: Vec<String>,
}

/// A directory of xtask/matrix.
pub(super) struct Client {
    /// The directory's name, which the command line uses.
    key: String,
    directory: PathBuf,
    /// Kept between runs, under the target directory.
    work: PathBuf,
    manifest: Manifest,
}

/// What came of an installation.
pub(super) enum Installed {
    Version(String),
    NotAvailable(String),
}

impl Client {
    /// The clients of these names, or all.
    pub(super) fn load(keys: &[String]) -> Result<Vec<Self>> {
        let root = tree::root().join("xtask/matrix");
        let mut clients = Vec::new();
        for entry in fs::read_dir(&root).context("list the matrix's clients")? {
            let directory = entry.context("list the matrix's clients")?.path();
            let path = directory.join("client.toml");
            let Some(key) = directory.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let wanted = keys.is_empty() || keys.iter().any(|wanted| wanted == key);
            if !path.is_file() || !wanted {
                continue;
            }
            let text = fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
            let manifest = toml::from_str(&text).with_context(|| format!("read {}", path.display()))?;
            clients.push(Self {
                key: key.to_owned(),
                work: tree::target()?.join("matrix/clients").join(key),
                directory,
                manifest,
            });
        }
        if let Some(unknown) = keys
            .iter()
            .find(|key| !clients.iter().any(|client| client.key == **key))
        {
            bail!("there is no client {unknown} in {}", root.display());
        }
        clients.sort_by(|one, other| one.key.cmp(&other.key));
        Ok(clients)
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn name(&self) -> &str {
        &self.manifest.name
    }

    /// What its scenario exercises.
    pub(super) fn what(&self) -> &str {
        &self.manifest.what
    }

    /// Whether it has a refused scenario.
    pub(super) fn is_refused(&self) -> bool {
        self.manifest.refused
    }

    /// Whether the refused scenario runs with a server of this column.
    pub(super) fn is_refused_by(&self, column: Column) -> bool {
        self.manifest.refused && self.manifest.refused_servers.include(column)
    }

    /// What the refused scenario must show.
    pub(super) fn refused_path(&self) -> PathBuf {
        self.directory.join("refused.txt")
    }

    pub(super) fn timeout(&self) -> std::time::Duration {
        std::time::Duration::from_secs(self.manifest.timeout_seconds.unwrap_or(TIMEOUT_SECONDS))
    }

    /// Whether it speaks with a server of this column.
    pub(super) fn speaks_with(&self, column: Column) -> bool {
        self.manifest.servers.include(column) && (!column.tls || self.manifest.tls.unwrap_or(true))
    }

    /// Installs what is missing and asks for the version.
    pub(super) fn install(&self) -> Installed {
        match self.try_install() {
            Ok(version) => Installed::Version(version),
            Err(error) => Installed::NotAvailable(format!("{error:#}")),
        }
    }

    fn try_install(&self) -> Result<String> {
        let Packages { apt, pip, npm } = &self.manifest.install;
        fs::create_dir_all(&self.work).context("make the client's directory")?;
        install::debian_packages(apt)?;
        // What pip and npm installed is not looked at again until the manifest asks for something else.
        let stamp = self.work.join("installed");
        let wanted = format!("{pip:?} {npm:?}\n");
        if fs::read_to_string(&stamp).ok().as_ref() != Some(&wanted) {
            if !pip.is_empty() {
                self.install_with_pip(pip)?;
            }
            if !npm.is_empty() {
                install::npm(&self.work, npm)?;
            }
            fs::write(&stamp, wanted).context("note what was installed")?;
        }
        for argv in &self.manifest.build {
            quiet(self.command(argv)?.current_dir(&self.work))?;
        }
        self.version()
    }

    fn version(&self) -> Result<String> {
        if self.manifest.version.is_empty() {
            return Ok(String::new());
        }
        let mut command = self.command(&self.manifest.version)?;
        let output = command
            .current_dir(&self.work)
            .output()
            .with_context(|| format!("start {}", command.get_program().display()))?;
        // Some say it and exit with a failure all the same.
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .chain(String::from_utf8_lossy(&output.stderr).lines())
            .map(str::trim)
            .find(|line| !line.is_empty())
            .map(str::to_owned)
            .context("find its version")
    }

    fn install_with_pip(&self, packages: &[String]) -> Result<()> {
        let venv = self.work.join("venv");
        if quiet(Command::new("python3").args(["-m", "venv"]).arg(&venv)).is_err() {
            install::debian_packages(&["python3-venv".to_owned()])?;
            quiet(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        }
        quiet(
            Command::new(venv.join("bin/python"))
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
                .args(packages),
        )?;
        Ok(())
    }

    /// The scenario.
    pub(super) fn scenario(&self) -> Result<Command> {
        self.command(&self.manifest.run)
    }

    /// A command of the manifest, placeholders filled in, without what the caller's environment says of PostgreSQL.
    fn command(&self, argv: &[String]) -> Result<Command> {
        let mut words = argv.iter().map(|word| self.fill_in(word));
        let program = words.next().context("a command of client.toml is empty")??;
        let mut command = Command::new(program);
        for word in words {
            command.arg(word?);
        }
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        command.env("NODE_PATH", self.work.join("node_modules"));
        for (name, value) in &self.manifest.env {
            command.env(name, self.fill_in(value)?);
        }
        Ok(command)
    }

    fn fill_in(&self, text: &str) -> Result<String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after
                .split_once('}')
                .with_context(|| format!("a placeholder of {text:?} has no end"))?;
            let value = match name {
                "dir" => self.directory.clone(),
                "work" => self.work.clone(),
                "node_modules" => self.work.join("node_modules"),
                "python" => self.python(),
                "site_packages" => self.site_packages()?,
                "postgresql_bin" => testkit::client_path("psql")
                    .parent()
                    .map(Path::to_owned)
                    .unwrap_or_default(),
                _ => bail!("there is no placeholder {{{name}}}"),
            };
            filled.push_str(before);
            filled.push_str(&value.to_string_lossy());
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn python(&self) -> PathBuf {
        if self.manifest.install.pip.is_empty() {
            "python3".into()
        } else {
            self.work.join("venv/bin/python")
        }
    }

    /// Where pip put packages: `lib/python3.x/site-packages`.
    fn site_packages(&self) -> Result<PathBuf> {
        fs::read_dir(self.work.join("venv/lib"))
            .context("look into the client's venv")?
            .flatten()
            .map(|entry| entry.path().join("site-packages"))
            .find(|path| path.is_dir())
            .context("find site-packages")
    }
}

/// Runs a command that must succeed and gives its standard output; the error has the last line that it said.
fn quiet(command: &mut Command) -> Result<String> {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let output = command.output().with_context(|| format!("start {program}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    let said = text(&output.stderr) + &text(&output.stdout);
    let last = said
        .lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or_default();
    bail!("{program} failed: {}", last.trim())
}
