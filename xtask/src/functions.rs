//! `cargo xtask functions`: the functions of each version of PostgreSQL and of its extensions, kept for the test of the policy's
//! list of ways out and in.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, bail};
use testkit::{Cluster, ClusterOptions, Function, ServerAuth, functions};

use crate::matrix::server::{self, PACKAGES};
use crate::{install, step, tree};

const FILE: &str = "crates/pgwarden-policy/src/ways/functions.tsv";

const HEAD: &str = "\
# The functions of PostgreSQL and of its extensions, written by `cargo xtask functions`. Columns, parted by tabs:
# versions, extension, name, arguments, result, language, symbol in C, volatility, fixed OID.
# Only a script of the extension names those that have no more than a name.
";

pub(crate) fn run() -> Result<()> {
    install::postgresql()?;
    let mut versions: BTreeMap<Function, Vec<u32>> = BTreeMap::new();
    for (major, _) in PACKAGES {
        step::title(&format!("PostgreSQL {major}"));
        let cluster = Cluster::private(&ClusterOptions {
            auth: ServerAuth::Trust,
            programs: Some(server::programs_of_package(major)?),
            ..ClusterOptions::default()
        })?;
        let found = functions(&cluster.database()?)?;
        step::say(&format!("{} functions", found.len()));
        for function in found {
            versions.entry(function).or_default().push(major);
        }
    }
    let mut text = HEAD.to_owned();
    for (function, majors) in &versions {
        text.push_str(&line(function, majors)?);
    }
    let path = tree::root().join(FILE);
    fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
    step::holds(&format!("{FILE} is written"));
    Ok(())
}

fn line(function: &Function, majors: &[u32]) -> Result<String> {
    let (Some(first), Some(last)) = (majors.first(), majors.last()) else {
        bail!("{} is of no version", function.name);
    };
    if usize::try_from(last - first) != Ok(majors.len() - 1) {
        bail!(
            "{} went and came back, which the file has no words for",
            function.name
        );
    }
    let mut line = format!("{first}-{last}\t{}\t{}", function.extension, function.name);
    if let Some(overload) = &function.overload {
        let oid = overload.oid.map(|oid| oid.to_string()).unwrap_or_default();
        write!(
            line,
            "\t{}\t{}\t{}\t{}\t{}\t{oid}",
            overload.arguments, overload.result, overload.language, overload.symbol, overload.volatility
        )?;
    }
    line.push('\n');
    Ok(line)
}
