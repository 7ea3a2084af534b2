//! `[recording]`

use super::section::{Field, Section};
use super::source::Source;
use crate::{RecordingConfig, RecordingMode, Results};

const DIRECTORY: &str = "recordings";

/// What `head` would be by default. It is without effect as long as `results` can only be `full`.
const HEAD_BYTES: u64 = 64 * 1024;

impl RecordingConfig {
    /// What holds without `[recording]`.
    pub(super) fn default_in(source: &Source) -> Self {
        Self {
            directory: source.resolve(DIRECTORY),
            mode: RecordingMode::Required,
            results: Results::Full,
        }
    }
}

pub(super) fn read(mut section: Section<'_>, main: &Source) -> RecordingConfig {
    let mut recording = RecordingConfig::default_in(main);
    if let Some(path) = section.take("directory").and_then(|field| field.text()) {
        recording.directory = section.source().resolve(path);
    }
    let modes = [
        ("required", RecordingMode::Required),
        ("best_effort", RecordingMode::BestEffort),
        ("off", RecordingMode::Off),
    ];
    if let Some(mode) = section.take("mode").and_then(|field| field.choice(&modes)) {
        recording.mode = mode;
    }
    let results = [("full", Some(Results::Full)), ("head", None), ("none", None)];
    if let Some(results) = section.take("results").and_then(|field| built(&field, &results)) {
        recording.results = results;
    }
    if let Some(field) = section.take("durability") {
        built(&field, &[("process", Some(())), ("disk", None)]);
    }
    if let Some(field) = section.take("head")
        && field.size(&(0..=u64::MAX)).is_some_and(|size| size != HEAD_BYTES)
    {
        field.not_supported();
    }
    if let Some(recipients) = section.take("recipients")
        && recipients
            .items()
            .is_some_and(|recipients| !recipients.is_empty())
    {
        recipients.not_supported();
    }
    section.not_supported(&["signing_key", "retention", "upload", "catalogue"]);
    section.finish();
    recording
}

/// One of some words, of which those without a value are known and can't be done yet.
fn built<T: Copy>(field: &Field<'_>, options: &[(&'static str, Option<T>)]) -> Option<T> {
    let choice = field.choice(options)?;
    if choice.is_none() {
        let word = field.as_str().unwrap_or_default();
        let hint = options
            .iter()
            .find(|(_, value)| value.is_some())
            .map_or("", |(name, _)| *name);
        field.error_with_hint(
            format!("`{} = \"{word}\"` is not supported by this version", field.key()),
            format!("write \"{hint}\", or leave it out"),
        );
    }
    choice
}
