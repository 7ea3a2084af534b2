//! PostgreSQL's source, of the server that Debian installed, and what is built from it.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use testkit::PgBin;

use crate::{install, step, tree};

/// A server with its test suites.
pub(super) struct Source {
    /// The server's programs.
    pub(super) programs: PgBin,
    /// Of the source, say `15.18`; the server's last number may be another.
    pub(super) version: String,
    /// The source's root.
    root: PathBuf,
    /// What was built: `regress.so`, `libpq_pipeline`.
    pub(super) built: PathBuf,
    /// Where Debian's development package keeps `pg_regress` and the isolation tester.
    pgxs: PathBuf,
}

impl Source {
    /// Fetches and builds what is missing.
    pub(super) fn prepare() -> Result<Self> {
        let programs = install::postgresql()?;
        let major = programs
            .directory()
            .parent()
            .and_then(Path::file_name)
            .and_then(|name| name.to_str())
            .filter(|name| name.parse::<u32>().is_ok())
            .with_context(|| format!("{} is not of Debian's packages", programs.directory().display()))?
            .to_owned();
        let packages = [format!("postgresql-server-dev-{major}"), "libpq-dev".to_owned()];
        let tools = ["gcc", "libc6-dev", "bzip2", "xz-utils"].map(str::to_owned);
        install::debian_packages(&[packages.as_slice(), tools.as_slice()].concat())?;

        let directory = tree::target()?.join("regress");
        fs::create_dir_all(&directory).context("make a directory for the source")?;
        if extracted(&directory, &major)?.is_none() {
            fetch(&directory, &major)?;
        }
        let root = extracted(&directory, &major)?.context("find the source after its extraction")?;
        let version = root
            .file_name()
            .and_then(|name| name.to_str()?.strip_prefix("postgresql-"))
            .context("read the source's version")?
            .to_owned();
        let source = Self {
            pgxs: pg_config(&programs, "--pkglibdir")?.join("pgxs"),
            built: directory.join(format!("built-{version}")),
            programs,
            version,
            root,
        };
        source.build()?;
        Ok(source)
    }

    /// A directory of the tests: `regress`, `isolation`.
    pub(super) fn tests(&self, name: &str) -> PathBuf {
        self.root.join("src/test").join(name)
    }

    /// A program that Debian's development package carries, of `regress` or `isolation`.
    pub(super) fn driver(&self, suite: &str, program: &str) -> PathBuf {
        self.pgxs.join("src/test").join(suite).join(program)
    }

    fn build(&self) -> Result<()> {
        fs::create_dir_all(&self.built).context("make a directory for what is built")?;
        let include = |option| anyhow::Ok(format!("-I{}", pg_config(&self.programs, option)?.display()));
        let libraries = pg_config(&self.programs, "--libdir")?;
        let library = self.built.join("regress.so");
        if !library.is_file() {
            step::run(
                Command::new("gcc")
                    .args(["-shared", "-fPIC", "-O1", "-w"])
                    .arg(include("--includedir-server")?)
                    .arg("-o")
                    .arg(&library)
                    .arg(self.tests("regress").join("regress.c")),
            )?;
        }
        // Of contrib/spi; the tests look for them beside their own library.
        for name in ["autoinc.so", "refint.so"] {
            let link = self.built.join(name);
            if !link.exists() {
                symlink(pg_config(&self.programs, "--pkglibdir")?.join(name), link)
                    .context("link contrib/spi")?;
            }
        }
        let pipeline = self.built.join("libpq_pipeline");
        if !pipeline.is_file() {
            step::run(
                Command::new("gcc")
                    .args(["-O1", "-w"])
                    .arg(include("--includedir-server")?)
                    .arg(include("--includedir")?)
                    .arg("-o")
                    .arg(&pipeline)
                    .arg(self.tests("modules/libpq_pipeline").join("libpq_pipeline.c"))
                    .arg(format!("-L{}", libraries.display()))
                    // The server's own copies of its small libraries, for pg_strcasecmp and the like.
                    .arg(format!(
                        "-L{}",
                        pg_config(&self.programs, "--pkglibdir")?.display()
                    ))
                    .args(["-lpq", "-lpgcommon", "-lpgport", "-lm"]),
            )?;
        }
        Ok(())
    }
}

fn pg_config(programs: &PgBin, option: &str) -> Result<PathBuf> {
    let text = step::output(Command::new(programs.program("pg_config")).arg(option))?;
    Ok(text.trim().into())
}

/// The newest source of this major version that lies in `directory`.
fn extracted(directory: &Path, major: &str) -> Result<Option<PathBuf>> {
    let prefix = format!("postgresql-{major}.");
    let mut found: Vec<PathBuf> = fs::read_dir(directory)
        .context("list sources")?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.is_dir()
                && path
                    .file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with(&prefix))
        })
        .collect();
    found.sort();
    Ok(found.pop())
}

/// Downloads and extracts Debian's source package of the server, of the installed version if it is still to be had.
fn fetch(directory: &Path, major: &str) -> Result<()> {
    step::title(&format!("Fetching the source of PostgreSQL {major}"));
    let options = source_lists(directory)?;
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(&options).args(arguments).current_dir(directory);
        command
    };
    step::run(&mut apt(&["update", "-qq"]))?;
    let package = format!("postgresql-{major}");
    let installed =
        step::output(Command::new("dpkg-query").args(["-W", "-f", "${source:Version}", &package]))?;
    let mut show = Command::new("apt-cache");
    show.args(&options).args(["showsrc", "--only-source", &package]);
    let listed = step::output(&mut show)?;
    let versions: BTreeSet<&str> = listed
        .lines()
        .filter_map(|line| line.strip_prefix("Version: "))
        .collect();
    // A mirror may list what it no longer has, or not yet.
    let found = std::iter::once(installed.as_str())
        .chain(versions.into_iter().rev().filter(|version| *version != installed))
        .find(|version| {
            let exactly = format!("{package}={version}");
            step::run(&mut apt(&[
                "source",
                "-qq",
                "--download-only",
                "--only-source",
                &exactly,
            ]))
            .is_ok()
        })
        .with_context(|| format!("the mirror has no source of {package}"))?;
    if found != installed {
        step::warning(&format!(
            "the server is {installed}, but the tests are those of {found}"
        ));
    }
    let prefix = format!("{package}_");
    let archive = fs::read_dir(directory)
        .context("list what was downloaded")?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(&prefix) && name.contains(".orig.tar.") && !name.ends_with(".asc")
        })
        .context("find the source among what was downloaded")?;
    // Debian's changes concern its packaging and paths, none of the tests.
    step::run(
        Command::new("tar")
            .arg("--extract")
            .arg("--no-same-owner")
            .arg("--file")
            .arg(archive)
            .current_dir(directory),
    )
}

/// Options of apt's that make it look at the sources of the packages which the machine's own configuration names, and keep
/// its lists to itself: few machines have sources configured.
fn source_lists(directory: &Path) -> Result<Vec<String>> {
    let entries = step::output(Command::new("apt-get").args([
        "indextargets",
        "--format",
        "$(SOURCESENTRY)",
        "Created-By: Packages",
        "Origin: Debian",
    ]))?;
    // An entry is a file and the number of a line or paragraph in it.
    let files: BTreeSet<&str> = entries
        .lines()
        .filter_map(|entry| entry.rsplit_once(':').map(|(file, _)| file))
        .collect();
    if files.is_empty() {
        bail!("apt has no package lists of Debian's: `apt-get update` makes them");
    }
    let parts = directory.join("apt/sources.list.d");
    let lists = directory.join("apt/lists");
    for path in [&parts, &lists.join("partial")] {
        fs::create_dir_all(path).context("make a directory for apt")?;
    }
    for file in files {
        let path = Path::new(file);
        let text = fs::read_to_string(path).with_context(|| format!("read {file}"))?;
        let name = path.file_name().context("read the name of a list of sources")?;
        fs::write(parts.join(name), as_sources(&text)).context("write a list of sources")?;
    }
    let options = [
        "Dir::Etc::SourceList=/dev/null".to_owned(),
        format!("Dir::Etc::SourceParts={}", parts.display()),
        format!("Dir::State::Lists={}", lists.display()),
        // Its usual user may not be let into our directory.
        "APT::Sandbox::User=root".to_owned(),
    ];
    Ok(options
        .into_iter()
        .flat_map(|option| ["-o".to_owned(), option])
        .collect())
}

/// The same list, of sources instead of packages; both of apt's forms.
fn as_sources(list: &str) -> String {
    let mut text = String::new();
    for line in list.lines() {
        if line.starts_with("Types:") {
            text.push_str("Types: deb-src");
        } else if let Some(rest) = line.strip_prefix("deb ") {
            text.push_str("deb-src ");
            text.push_str(rest);
        } else {
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_packages_become_lists_of_sources() {
        assert_eq!(
            as_sources("# a\nTypes: deb\nURIs: x\ndeb [a=b] x y\ndeb-src x y\n"),
            "# a\nTypes: deb-src\nURIs: x\ndeb-src [a=b] x y\ndeb-src x y\n"
        );
    }
}
