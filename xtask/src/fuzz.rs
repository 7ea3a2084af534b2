//! `cargo xtask fuzz`: each fuzz target for a while.

use anyhow::{Context, Result, bail};

use crate::{install, step, tree};

/// Longest input, so that time goes into many inputs rather than into long ones.
const INPUT_BYTES_MAX: u32 = 16 * 1024;

pub(crate) fn run(seconds: u32) -> Result<()> {
    let targets = targets()?;
    install::cargo_tool("fuzz", "cargo-fuzz")?;
    install::c_compiler()?;
    for target in &targets {
        step::title(&format!("Fuzzing {target} for {seconds} s"));
        // What is found on the way stays apart from the seeds, which tests replay, and is begun with the next time.
        let found = tree::root().join("fuzz/target/found").join(target);
        std::fs::create_dir_all(&found).with_context(|| format!("create {}", found.display()))?;
        step::run(
            step::cargo(&["fuzz", "run", target])
                .arg(&found)
                .arg(tree::root().join("fuzz/corpus").join(target))
                .arg("--")
                .arg(format!("-max_total_time={seconds}"))
                .arg(format!("-max_len={INPUT_BYTES_MAX}"))
                // Sanitizers are an unstable option of the compiler; this lets the stable one take it.
                .env("RUSTC_BOOTSTRAP", "1"),
        )?;
    }
    step::holds(&format!(
        "{} fuzz targets found nothing in {seconds} s each",
        targets.len()
    ));
    Ok(())
}

fn targets() -> Result<Vec<String>> {
    let directory = tree::root().join("fuzz/fuzz_targets");
    let mut targets: Vec<String> = std::fs::read_dir(&directory)
        .with_context(|| format!("list {}", directory.display()))?
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".rs")?.to_owned()))
        .collect();
    targets.sort();
    if targets.is_empty() {
        bail!("{} has no targets", directory.display());
    }
    Ok(targets)
}
