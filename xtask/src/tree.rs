//! The repository's files.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::step;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    // Cargo says at run time where the package is; what was compiled in serves a call without Cargo.
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_owned)
}

/// Cargo's target directory, which this program was built into.
pub(crate) fn target() -> Result<PathBuf> {
    let executable = std::env::current_exe().context("find the running program")?;
    // Cargo marks it so.
    executable
        .ancestors()
        .find(|path| path.join("CACHEDIR.TAG").is_file())
        .map(Path::to_owned)
        .context("find the target directory")
}

/// A tracked file that holds text.
pub(crate) struct TextFile {
    /// Path from the root.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// All files of text that git tracks and that exist.
pub(crate) fn text_files() -> Result<Vec<TextFile>> {
    let list = step::output(Command::new("git").args(["ls-files", "-z"]).current_dir(root()))?;
    let mut files = Vec::new();
    for path in list.split('\0').filter(|path| !path.is_empty()) {
        let absolute = root().join(path);
        if !absolute.is_file() {
            continue;
        }
        let bytes = std::fs::read(&absolute).with_context(|| format!("read {path}"))?;
        // What is not UTF-8 is no text: captured bytes, corpora.
        if let Ok(text) = String::from_utf8(bytes) {
            files.push(TextFile {
                path: path.to_owned(),
                text,
            });
        }
    }
    Ok(files)
}
