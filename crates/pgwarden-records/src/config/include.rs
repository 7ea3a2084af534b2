//! `include = ["conf.d/*.toml"]`: patterns of further files.

use std::path::{Component, Path, PathBuf};

use toml::Spanned;
use toml::de::DeTable;

use super::section::Section;
use super::source::{Problems, Source};
use crate::pattern;

/// What `include` brings in.
pub(super) struct Included {
    /// Those that can be read.
    pub(super) sources: Vec<Source>,
    /// All of them.
    pub(super) paths: Vec<PathBuf>,
    /// Where patterns were looked for: a new file in one of these may be another source.
    pub(super) directories: Vec<PathBuf>,
}

/// Reads the files that the main one includes, in the order of its list, sorted within a pattern.
pub(super) fn sources(main: &Source, document: &Spanned<DeTable<'_>>, problems: &Problems) -> Included {
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut directories = Vec::new();
    let main_file = main.path().canonicalize().ok();
    // Borrowed apart from the section that looks at all keys, as the files must be read before that can begin.
    let include = Section::new(main, problems, document, "").take("include");
    for (text, field) in include.and_then(|field| field.texts()).unwrap_or_default() {
        match expand(main.directory(), Path::new(text), &mut directories) {
            Ok(found) => {
                for path in found {
                    // Two patterns may match one file, and one may match the main file.
                    let is_main = main_file.is_some() && path.canonicalize().ok() == main_file;
                    if !is_main && !paths.contains(&path) {
                        paths.push(path);
                    }
                }
            }
            Err(error) => {
                field.error(format!("\"{}\" can't be included: {error}", text.escape_debug()));
                problems.set_incomplete();
            }
        }
    }
    directories.sort();
    directories.dedup();
    let sources: Vec<Source> = paths
        .iter()
        .enumerate()
        .filter_map(|(index, path)| Source::read(path, index + 1, problems))
        .collect();
    if sources.len() < paths.len() {
        problems.set_incomplete();
    }
    Included {
        sources,
        paths,
        directories,
    }
}

/// The paths that a pattern matches, sorted; relative ones start from `base`, whose own name is no pattern. A path without `*` and `?` has to
/// exist. Adds the directories that were looked through.
fn expand(base: &Path, pattern: &Path, directories: &mut Vec<PathBuf>) -> std::io::Result<Vec<PathBuf>> {
    // An absolute pattern replaces it, as `Path::join` does.
    let mut found = vec![base.to_owned()];
    let mut exact = true;
    for component in pattern.components() {
        let Component::Normal(name) = component else {
            for base in &mut found {
                base.push(component);
            }
            continue;
        };
        let name = name.to_string_lossy();
        if !name.contains(['*', '?']) {
            for base in &mut found {
                base.push(&*name);
            }
            continue;
        }
        exact = false;
        let mut next = Vec::new();
        for base in &found {
            let readable = readable(base);
            directories.push(readable.to_owned());
            next.extend(children(base, readable, &name)?);
        }
        next.sort();
        found = next;
    }
    if exact {
        for path in &found {
            path.metadata()?;
        }
    } else {
        found.retain(|path| path.is_file());
    }
    Ok(found)
}

/// A path without a directory is in the current one.
fn readable(directory: &Path) -> &Path {
    if directory.as_os_str().is_empty() {
        Path::new(".")
    } else {
        directory
    }
}

/// The entries of a directory that a pattern matches; none if there is no such directory. As in a shell, `*` doesn't match a leading dot:
/// editors leave such files behind.
fn children(directory: &Path, readable: &Path, name: &str) -> std::io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(readable) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut children = Vec::new();
    for entry in entries {
        let entry = entry?.file_name();
        let text = entry.to_string_lossy();
        if pattern::matches(name, &text) && (name.starts_with('.') || !text.starts_with('.')) {
            children.push(directory.join(&entry));
        }
    }
    Ok(children)
}
