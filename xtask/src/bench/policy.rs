//! What the policy costs for a text: runs `benches/policy.rs` and makes a table of what Criterion found.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::{step, tree};

/// One measurement, `benchmark.json` of Criterion.
#[derive(Deserialize)]
struct Benchmark {
    group_id: String,
    value_str: String,
    throughput: Option<Throughput>,
}

#[derive(Deserialize)]
struct Throughput {
    #[serde(rename = "Bytes")]
    bytes: u64,
}

/// Of `estimates.json`, in nanoseconds.
#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

/// What is measured of each text, in the order of the columns.
const COLUMNS: [&str; 5] = ["analyse", "cache hit", "judge", "sqlparser", "pg_query"];

/// Measured apart: texts of which none comes twice.
const FLOOD: &str = "texts that never come again";

type Figures = BTreeMap<(u64, String), BTreeMap<String, f64>>;

pub(super) fn run(quick: bool) -> Result<()> {
    step::title("What the policy costs for a text");
    let found = tree::root().join("benches/target/criterion");
    if found.exists() {
        fs::remove_dir_all(&found).context("remove the figures of the last time")?;
    }
    let manifest = tree::root().join("benches/Cargo.toml");
    let mut bench = step::cargo(&["bench", "--manifest-path"]);
    bench.arg(manifest).env("CRITERION_HOME", &found);
    if quick {
        bench.args(["--", "--warm-up-time", "0.2", "--measurement-time", "0.5"]);
    }
    step::run(&mut bench)?;
    let text = markdown(&figures(&found)?)?;
    step::say("");
    step::say(&text);
    fs::write(tree::root().join("benches/results/policy.md"), text)
        .context("write benches/results/policy.md")?;
    step::holds("benches/results/policy.md is written");
    Ok(())
}

/// The medians of all measurements, by length and name of the text.
fn figures(directory: &Path) -> Result<Figures> {
    let mut figures = Figures::new();
    for group in fs::read_dir(directory).context("list what was measured")? {
        for measurement in fs::read_dir(group?.path())? {
            let new = measurement?.path().join("new");
            if !new.join("benchmark.json").exists() {
                continue;
            }
            let read = |name: &str| {
                let path = new.join(name);
                fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))
            };
            let benchmark: Benchmark = serde_json::from_str(&read("benchmark.json")?)?;
            let estimates: Estimates = serde_json::from_str(&read("estimates.json")?)?;
            let bytes = benchmark.throughput.map_or(0, |throughput| throughput.bytes);
            figures
                .entry((bytes, benchmark.group_id))
                .or_default()
                .insert(benchmark.value_str, estimates.median.point_estimate);
        }
    }
    Ok(figures)
}

fn markdown(figures: &Figures) -> Result<String> {
    let mut out = String::from(
        "# The policy\n\n`cargo xtask bench policy`: medians of Criterion, single thread. `analyse` is what a text costs that the cache doesn't know, \
         `judge` comes on top of it and of a cache hit. sqlparser and pg_query parse the same bytes to their trees, the latter in C and \
         handed over as protobuf.\n\n| text | bytes |",
    );
    for column in COLUMNS {
        write!(out, " {column} |")?;
    }
    out.push_str("\n|---|---:|---:|---:|---:|---:|---:|\n");
    for ((bytes, name), row) in figures.iter().filter(|((_, name), _)| name != FLOOD) {
        write!(out, "| {name} | {bytes} |")?;
        for column in COLUMNS {
            let figure = row
                .get(column)
                .with_context(|| format!("find {column} of {name}"))?;
            write!(out, " {} |", duration(*figure))?;
        }
        out.push('\n');
    }
    let flood = figures
        .iter()
        .find_map(|((_, name), row)| (name == FLOOD).then_some(row))
        .with_context(|| format!("find {FLOOD}"))?;
    let of = |name: &str| {
        let figure = flood.get(name);
        figure.copied().with_context(|| format!("find {name} of {FLOOD}"))
    };
    writeln!(
        out,
        "\nTexts that never come again (the first of the table with another number each time) cost {} without the cache and {} with it.",
        duration(of("analyse")?),
        duration(of("cache miss")?)
    )?;
    Ok(out)
}

/// With three figures, in the unit that suits.
fn duration(nanoseconds: f64) -> String {
    if nanoseconds < 1_000.0 {
        format!("{nanoseconds:.0} ns")
    } else {
        format!("{:.1} µs", nanoseconds / 1_000.0)
    }
}
