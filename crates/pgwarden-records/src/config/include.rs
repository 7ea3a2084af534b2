//! `include = ["conf.d/*.toml"]`: patterns of further files.

use std::path::{Component, Path, PathBuf};

use toml::Spanned;
use toml::de::DeTable;

use super::section::Section;
use super::source::{Problems, Source};
use crate::pattern;

/// What the main file includes.
pub(super) struct Included {
    /// In the order of its list, sorted within a pattern.
    pub(super) sources: Vec<Source>,
    /// The files, and the directories in which patterns look for more.
    pub(super) paths: Vec<PathBuf>,
}

/// Reads the files that the main one includes.
pub(super) fn read(main: &Source, document: &Spanned<DeTable<'_>>, problems: &Problems) -> Included {
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut directories = Vec::new();
    // Borrowed apart from the section that looks at all keys, as the files must be read before that can begin.
    let include = Section::new(main, problems, document, "").take("include");
    for (text, field) in include.and_then(|field| field.texts()).unwrap_or_default() {
        let path = main.resolve(text);
        if pattern::is_pattern(text)
            && let Some(directory) = path.parent()
        {
            directories.push(directory.to_owned());
        }
        match expand(&path) {
            Ok(found) => {
                for path in found {
                    // Two patterns may match one file.
                    if !paths.contains(&path) {
                        paths.push(path);
                    }
                }
            }
            Err(error) => field.error(format!("\"{}\" can't be included: {error}", text.escape_debug())),
        }
    }
    let sources = paths
        .iter()
        .enumerate()
        .filter_map(|(index, path)| Source::read(path, index + 1, problems))
        .collect();
    paths.extend(directories);
    Included { sources, paths }
}

/// The paths that a pattern matches, sorted. A path without `*` and `?` has to exist.
fn expand(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = vec![PathBuf::new()];
    let mut exact = true;
    for component in path.components() {
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
            next.extend(children(base, &name)?);
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

/// The entries of a directory that a pattern matches; none if there is no such directory. As in a shell, `*` doesn't match a leading dot:
/// editors leave such files behind.
fn children(directory: &Path, name: &str) -> std::io::Result<Vec<PathBuf>> {
    let readable = if directory.as_os_str().is_empty() {
        Path::new(".")
    } else {
        directory
    };
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
