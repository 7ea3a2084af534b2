//! `cargo xtask regress`: PostgreSQL's own suites directly, directly again and through pgwarden.
//!
//! What two direct runs show alike must be shown through pgwarden too, where everything is allowed and recorded.

mod source;
mod suite;

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, anyhow, bail};

use crate::difference::difference;
use crate::matrix::report;
use crate::{step, tree};
use source::Source;
use suite::{Outputs, Run, Suite, Way};

/// Lines of each difference that are shown.
const SHOWN_LINES: usize = 40;

/// The runs: two that must agree, and the one that is compared with them.
const WAYS: [(&str, Way); 3] = [
    ("directly", Way::Directly),
    ("directly, again", Way::Directly),
    ("through pgwarden", Way::ThroughPgwarden),
];

/// A test that printed something else through pgwarden.
struct Differing {
    suite: Suite,
    test: String,
    diff: String,
}

/// What came of a suite.
struct Compared {
    suite: Suite,
    tests: usize,
    /// How many printed what PostgreSQL expects, directly; `libpq_pipeline` has no such count.
    passed: Option<usize>,
    unsteady: Vec<String>,
}

pub(crate) fn run(write: bool) -> Result<()> {
    let source = Source::prepare()?;
    step::run(&mut step::cargo(&["build", "--package", "pgwarden"]))?;
    let directory = tree::target()?.join("regress/runs");
    if directory.exists() {
        fs::remove_dir_all(&directory).context("remove earlier runs")?;
    }
    step::title(&format!(
        "PostgreSQL {}'s suites: directly, directly again, through pgwarden",
        source.version
    ));
    // At the same time, each on a server of its own: most of what they do is to wait.
    let runs = std::thread::scope(|scope| {
        WAYS.map(|(name, way)| {
            let (source, files) = (&source, directory.join(name.replace([' ', ','], "-")));
            scope.spawn(move || suite::run(source, way, &files))
        })
        .map(|worker| {
            worker
                .join()
                .unwrap_or_else(|_| Err(anyhow!("a run ended early; see above")))
        })
    });
    let mut done = Vec::new();
    for (run, (name, _)) in runs.into_iter().zip(WAYS) {
        let run = run.with_context(|| format!("run the suites {name}"))?;
        for suite in Suite::ALL {
            step::say(&format!("{name}, {}: {}", suite.name(), count(&run, suite)));
        }
        done.push(run);
    }
    let [first, second, through] = done.as_slice() else {
        bail!("there were not three runs");
    };
    let mut results = Vec::new();
    let mut differing = Vec::new();
    for suite in Suite::ALL {
        let outputs = |run: &Run| run.outputs.get(&suite).cloned().unwrap_or_default();
        let mut compared = compare(
            suite,
            [&outputs(first), &outputs(second), &outputs(through)],
            &mut differing,
        );
        compared.passed = first.passed.get(&suite).copied();
        results.push(compared);
    }

    step::title("Through pgwarden as directly?");
    for found in &differing {
        let shown: Vec<&str> = found.diff.lines().take(SHOWN_LINES).collect();
        step::error(&format!(
            "{} of the {}:\n{}",
            found.test,
            found.suite.name(),
            shown.join("\n")
        ));
    }
    let table = table(&results, &differing);
    step::say(&table);
    if write {
        report::fill_in(
            "regress",
            &format!(
                "PostgreSQL {}, from Debian's source package.\n\n{table}\n",
                source.version
            ),
        )?;
    }
    if !differing.is_empty() {
        bail!("{} tests show something else through pgwarden", differing.len());
    }
    step::holds("through pgwarden, PostgreSQL's suites show what they show directly");
    Ok(())
}

fn count(run: &Run, suite: Suite) -> String {
    let tests = run.outputs.get(&suite).map_or(0, Outputs::len);
    match run.passed.get(&suite) {
        Some(passed) => format!("{tests} tests, {passed} as PostgreSQL expects"),
        None => format!("{tests} tests"),
    }
}

/// Compares the runs of a suite test by test.
fn compare(
    suite: Suite,
    [first, second, through]: [&Outputs; 3],
    differing: &mut Vec<Differing>,
) -> Compared {
    let mut result = Compared {
        suite,
        tests: first.len(),
        passed: None,
        unsteady: Vec::new(),
    };
    let missing = String::from("(the test did not run)");
    let names = first
        .keys()
        .chain(through.keys().filter(|name| !first.contains_key(*name)));
    for name in names {
        let output = |outputs: &Outputs| outputs.get(name).unwrap_or(&missing).clone();
        let (direct, again, proxied) = (output(first), output(second), output(through));
        if direct == proxied || again == proxied {
            continue;
        }
        if direct != again {
            result.unsteady.push(name.clone());
            continue;
        }
        if let Some(found) = difference(("directly", &direct), ("through pgwarden", &proxied)) {
            differing.push(Differing {
                suite,
                test: name.clone(),
                diff: found.text,
            });
        }
    }
    result
}

fn table(results: &[Compared], differing: &[Differing]) -> String {
    let mut text = String::from(
        "| suite | tests | as PostgreSQL expects, directly | same through pgwarden | differ | two direct runs differ too |\n\
         |---|---|---|---|---|---|\n",
    );
    for result in results {
        let differ: Vec<&str> = differing
            .iter()
            .filter(|found| found.suite == result.suite)
            .map(|found| found.test.as_str())
            .collect();
        // Writing to a String can't fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            result.suite.name(),
            result.tests,
            result
                .passed
                .map_or_else(String::new, |passed| passed.to_string()),
            result.tests.saturating_sub(differ.len() + result.unsteady.len()),
            list(&differ),
            list(&result.unsteady.iter().map(String::as_str).collect::<Vec<_>>()),
        );
    }
    text
}

fn list(names: &[&str]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
