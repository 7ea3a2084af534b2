//! Tables and values as they were written, taken key by key. What is wrong is reported where it stands; nothing falls back to a default.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};
use toml::value::Datetime;

use super::quantity;
use super::source::{Problems, Source};
use crate::Severity;
use crate::diagnostic::nearest;

/// A table. Each key that is taken becomes a known one; [`Section::finish`] reports the rest.
pub(super) struct Section<'a> {
    origin: Origin<'a>,
    /// Where the table begins.
    span: Range<usize>,
    fields: BTreeMap<&'a str, (Range<usize>, &'a Spanned<DeValue<'a>>)>,
    known: Vec<&'static str>,
}

/// A value, with what is needed to say where it stands.
#[derive(Clone)]
pub(super) struct Field<'a> {
    origin: Origin<'a>,
    /// The key, or the key of the list that it is an item of.
    key: Rc<str>,
    value: &'a Spanned<DeValue<'a>>,
}

#[derive(Clone)]
struct Origin<'a> {
    source: &'a Source,
    problems: &'a Problems,
    /// The table in words.
    table: Rc<str>,
}

impl<'a> Section<'a> {
    pub(super) fn new(
        source: &'a Source,
        problems: &'a Problems,
        table: &'a Spanned<DeTable<'a>>,
        words: &str,
    ) -> Self {
        let origin = Origin {
            source,
            problems,
            table: words.into(),
        };
        Self::of(origin, table.span(), table.get_ref())
    }

    fn of(origin: Origin<'a>, span: Range<usize>, table: &'a DeTable<'a>) -> Self {
        let fields = table
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), (key.span(), value)))
            .collect();
        Self {
            origin,
            span,
            fields,
            known: Vec::new(),
        }
    }

    /// Says what the table is called from now on, once its name is known.
    pub(super) fn rename(&mut self, words: &str) {
        self.origin.table = words.into();
    }

    /// The file that it is written in.
    pub(super) fn source(&self) -> &'a Source {
        self.origin.source
    }

    /// The value of a key, which is a known key from now on.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Field<'a>> {
        self.known.push(key);
        let (_, value) = self.fields.remove(key)?;
        Some(Field {
            origin: self.origin.clone(),
            key: key.into(),
            value,
        })
    }

    /// The value of a key that has to be there.
    pub(super) fn require(&mut self, key: &'static str) -> Option<Field<'a>> {
        let field = self.take(key);
        if field.is_none() {
            self.error(format!("key `{key}` is missing"), None);
        }
        field
    }

    /// Reports keys whose feature this version lacks, whatever their value.
    pub(super) fn not_supported(&mut self, keys: &[&'static str]) {
        for key in keys {
            if let Some(field) = self.take(key) {
                field.not_supported();
            }
        }
    }

    /// A problem of the table as a whole.
    pub(super) fn error(&self, message: String, hint: Option<String>) {
        self.origin
            .report(Severity::Error, self.span.clone(), message, hint);
    }

    /// Something to look at in the table as a whole.
    pub(super) fn warning(&self, message: String, hint: Option<String>) {
        self.origin
            .report(Severity::Warning, self.span.clone(), message, hint);
    }

    /// Whether all keys are taken.
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Where the table begins, as `file:line:column`.
    pub(super) fn location(&self) -> String {
        self.origin.source.locate(&self.span)
    }

    /// Reports all keys that nobody has taken.
    pub(super) fn finish(self) {
        self.finish_with(|_| None);
    }

    /// The same, with a hint for keys that belong elsewhere.
    pub(super) fn finish_with(self, elsewhere: impl Fn(&str) -> Option<String>) {
        for (key, (span, _)) in &self.fields {
            let near =
                || nearest(key, self.known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
            let hint = elsewhere(key).or_else(near).or_else(|| {
                let mut known = self.known.clone();
                known.sort_unstable();
                Some(format!(
                    "the keys allowed here are {}",
                    listed(known.iter().map(|key| format!("`{key}`")), "and")
                ))
            });
            let key = key.escape_debug();
            self.origin.report(
                Severity::Error,
                span.clone(),
                format!("unknown key `{key}`"),
                hint,
            );
        }
    }
}

impl<'a> Field<'a> {
    pub(super) fn error(&self, message: impl Into<String>) {
        self.origin
            .report(Severity::Error, self.value.span(), message.into(), None);
    }

    pub(super) fn error_with_hint(&self, message: impl Into<String>, hint: impl Into<String>) {
        self.origin.report(
            Severity::Error,
            self.value.span(),
            message.into(),
            Some(hint.into()),
        );
    }

    pub(super) fn warning(&self, message: impl Into<String>, hint: Option<String>) {
        self.origin
            .report(Severity::Warning, self.value.span(), message.into(), hint);
    }

    /// The feature of the key isn't there.
    pub(super) fn not_supported(&self) {
        self.error_with_hint(
            format!("`{}` is not supported by this version", self.key),
            "remove it, as what it asks for would not happen",
        );
    }

    /// Whether a name that isn't found doesn't exist, rather than be in a file that can't be looked at.
    pub(super) fn are_all_names_known(&self) -> bool {
        self.origin.problems.are_all_names_known()
    }

    /// Where the value stands, as `file:line:column`.
    pub(super) fn location(&self) -> String {
        self.origin.source.locate(&self.value.span())
    }

    /// The key, for messages.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// The file that it is written in.
    pub(super) fn source(&self) -> &'a Source {
        self.origin.source
    }

    /// Reports that the value is not what it must be. Shows the value; not to be used for secrets.
    pub(super) fn unfit(&self, allowed: &str, hint: Option<String>) {
        let message = format!(
            "`{}` must be {allowed}, not {}",
            self.key,
            shown(self.value.get_ref())
        );
        self.origin
            .report(Severity::Error, self.value.span(), message, hint);
    }

    /// The same for a value that may be a secret: shows its type.
    pub(super) fn unfit_secret(&self, allowed: &str) {
        let kind = kind(self.value.get_ref());
        let message = format!("`{}` must be {allowed}, not {kind}", self.key);
        self.origin
            .report(Severity::Error, self.value.span(), message, None);
    }

    /// The string, if it is one.
    pub(super) fn as_str(&self) -> Option<&'a str> {
        self.value.get_ref().as_str()
    }

    pub(super) fn as_datetime(&self) -> Option<&'a Datetime> {
        self.value.get_ref().as_datetime()
    }

    /// The table, if it is one, by the name of the table that it stands in.
    pub(super) fn as_table(&self) -> Option<Section<'a>> {
        let table = self.value.get_ref().as_table()?;
        Some(Section::of(self.origin.clone(), self.value.span(), table))
    }

    pub(super) fn is_array(&self) -> bool {
        self.value.get_ref().is_array()
    }

    /// A string that isn't empty.
    pub(super) fn text(&self) -> Option<&'a str> {
        match self.as_str() {
            Some("") | None => {
                self.unfit("a string that is not empty", None);
                None
            }
            text => text,
        }
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        let value = self.value.get_ref().as_bool();
        if value.is_none() {
            let hint = match self.as_str() {
                Some(word @ ("true" | "false")) => Some(format!("write {word} without quotes")),
                Some("yes" | "on") => Some("write true".to_owned()),
                Some("no" | "off") => Some("write false".to_owned()),
                _ => None,
            };
            self.unfit("true or false", hint);
        }
        value
    }

    /// A whole number within a range.
    pub(super) fn integer(&self, range: &RangeInclusive<u64>) -> Option<u64> {
        let number = self
            .value
            .get_ref()
            .as_integer()
            .and_then(number)
            .filter(|number| range.contains(number));
        if number.is_none() {
            self.unfit(
                &format!("a whole number from {} to {}", range.start(), range.end()),
                None,
            );
        }
        number
    }

    /// A number of bytes within a range.
    pub(super) fn size(&self, range: &RangeInclusive<u64>) -> Option<u64> {
        let size = match self.value.get_ref() {
            DeValue::String(text) => quantity::parse_size(text),
            DeValue::Integer(integer) => number(integer),
            _ => None,
        };
        let size = size.filter(|size| range.contains(size));
        if size.is_none() {
            let (least, most) = (quantity::Size(*range.start()), quantity::Size(*range.end()));
            self.unfit(
                &format!("a size from {least} to {most}, such as \"64KiB\" or a number of bytes"),
                None,
            );
        }
        size
    }

    /// A duration within a range.
    pub(super) fn duration(&self, range: &RangeInclusive<Duration>) -> Option<Duration> {
        self.duration_or_none(range, false)
    }

    /// A duration within a range, or 0 for no limit.
    pub(super) fn limit(&self, range: &RangeInclusive<Duration>) -> Option<Duration> {
        self.duration_or_none(range, true)
    }

    fn duration_or_none(&self, range: &RangeInclusive<Duration>, zero: bool) -> Option<Duration> {
        let duration = self
            .as_str()
            .and_then(quantity::parse_duration)
            .filter(|duration| range.contains(duration) || (zero && duration.is_zero()));
        if duration.is_none() {
            let (least, most) = (
                quantity::shown_duration(*range.start()),
                quantity::shown_duration(*range.end()),
            );
            let none = if zero { ", or \"0s\" for no limit" } else { "" };
            let hint = self
                .value
                .get_ref()
                .as_integer()
                .map(|integer| format!("write the unit, as in \"{}s\"", integer.as_str()));
            self.unfit(
                &format!("a duration from {least} to {most} such as \"1h30m\"{none}"),
                hint,
            );
        }
        duration
    }

    /// One of some words.
    pub(super) fn choice<T: Copy>(&self, options: &[(&'static str, T)]) -> Option<T> {
        let word = self.as_str();
        let found = options
            .iter()
            .find(|(name, _)| word == Some(*name))
            .map(|&(_, value)| value);
        if found.is_none() {
            let hint = word
                .and_then(|word| nearest(word, options.iter().map(|&(name, _)| name)))
                .map(|near| format!("did you mean \"{near}\"?"));
            self.unfit(
                &listed(options.iter().map(|(name, _)| format!("\"{name}\"")), "or"),
                hint,
            );
        }
        found
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Option<Vec<Field<'a>>> {
        let DeValue::Array(array) = self.value.get_ref() else {
            let hint = self
                .as_str()
                .map(|text| format!("write [\"{}\"]", text.escape_debug()));
            self.unfit("a list", hint);
            return None;
        };
        Some(
            array
                .iter()
                .map(|value| Field {
                    value,
                    ..self.clone()
                })
                .collect(),
        )
    }

    /// The items of a list of strings that are not empty; those that are wrong are reported and left out.
    pub(super) fn texts(&self) -> Option<Vec<(&'a str, Field<'a>)>> {
        let items = self.items()?;
        Some(
            items
                .into_iter()
                .filter_map(|item| Some((item.text()?, item)))
                .collect(),
        )
    }

    /// The same, of at least one item.
    pub(super) fn some_texts(&self) -> Option<Vec<(&'a str, Field<'a>)>> {
        if self
            .value
            .get_ref()
            .as_array()
            .is_some_and(|array| array.is_empty())
        {
            self.unfit("a list of at least one string", None);
            return None;
        }
        self.texts()
    }

    /// A table.
    pub(super) fn section(&self, words: &str) -> Option<Section<'a>> {
        let Some(mut section) = self.as_table() else {
            self.unfit("a table", None);
            return None;
        };
        section.rename(words);
        Some(section)
    }
}

impl Origin<'_> {
    fn report(&self, severity: Severity, span: Range<usize>, message: String, hint: Option<String>) {
        self.source
            .report(self.problems, severity, span, &self.table, message, hint);
    }
}

fn number(integer: &DeInteger<'_>) -> Option<u64> {
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// Longest wrong value that is shown whole.
const SHOWN_CHARS_MAX: usize = 60;

fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if text.chars().count() <= SHOWN_CHARS_MAX => {
            format!("\"{}\"", text.escape_debug())
        }
        DeValue::String(_) => "a longer string".to_owned(),
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().to_owned(),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => kind(value).to_owned(),
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(text) if text.is_empty() => "an empty string",
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// `a, b or c`
pub(super) fn listed(words: impl IntoIterator<Item = String>, last: &str) -> String {
    let mut words: Vec<String> = words.into_iter().collect();
    match words.pop() {
        Some(end) if words.is_empty() => end,
        Some(end) => format!("{} {last} {end}", words.join(", ")),
        None => String::new(),
    }
}
