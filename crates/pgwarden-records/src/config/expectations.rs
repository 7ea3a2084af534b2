//! A file of expectations for `pgwarden policy test`: what is to become of statements.

use std::io::Read as _;
use std::net::IpAddr;
use std::path::Path;

use pgwarden_policy::{Setting, Settings, StatementKind};

use super::connection::Overrides;
use super::section::{Field, Section};
use super::source::{Problems, Source};
use super::{Names, finish, only_one};
use crate::Diagnostics;
use crate::diagnostic::nearest;
use crate::person::check_name;

/// Most cases of one file; each is judged in microseconds, so that it bounds what is printed.
pub const POLICY_CASES_MAX: usize = 10_000;

/// Largest file that `sql_file` names, in bytes: as long as the longest statement that pgwarden takes by default (`max_message`).
pub const SQL_FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What refuses without being a connection setting: texts that can't be read to their end, and switches in the startup parameter `options`.
const OTHER_CAUSES: &[&str] = &["unreadable", "options"];

/// What is expected of a statement.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Expected {
    /// It passes.
    Allow,
    /// It passes in monitor mode, and would have been refused.
    Observe,
    /// It is refused.
    Refuse,
    /// The person doesn't get to the record at all.
    NoAccess,
}

impl Expected {
    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Observe => "observe",
            Self::Refuse => "refuse",
            Self::NoAccess => "no_access",
        }
    }
}

const EXPECTED: &[(&str, Expected)] = &[
    ("allow", Expected::Allow),
    ("observe", Expected::Observe),
    ("refuse", Expected::Refuse),
    ("no_access", Expected::NoAccess),
];

/// One expectation, with the file's defaults put in.
#[derive(Clone, Debug)]
pub struct PolicyCase {
    /// What it is called; no other case of the file is.
    pub name: String,
    /// Where it stands, as `file:line:column`.
    pub place: String,
    /// The text to judge. Empty where nobody gets to send one.
    pub sql: Vec<u8>,
    /// The record that it is sent to. `None`: no configuration is needed.
    pub record: Option<String>,
    /// Who sends it. `None`: anybody whose grant overrides nothing.
    pub user: Option<String>,
    /// From where. `None`: a unix socket.
    pub from: Option<IpAddr>,
    /// What is laid over the record's settings, or over the defaults where there is no record.
    pub settings: CaseSettings,
    /// On a replication connection.
    pub replication: bool,
    /// As the session has it.
    pub standard_conforming_strings: bool,
    /// What is to become of it.
    pub expected: Expected,
    /// What is to refuse it. `None`: whatever does.
    pub setting: Option<String>,
    /// The kinds of its statements. `None`: any.
    pub statements: Option<Vec<String>>,
}

/// Settings as a case writes them.
#[derive(Clone, Default, Debug)]
pub struct CaseSettings(Overrides);

impl CaseSettings {
    /// The settings that hold where these hold else.
    pub fn over(&self, base: &Settings) -> Settings {
        let mut settings = base.clone();
        self.0.apply(&mut settings);
        settings
    }
}

/// Reads and checks a file of expectations. Gives its cases, or everything that is wrong with it.
pub fn load_policy_cases(path: &Path) -> Result<Vec<PolicyCase>, Diagnostics> {
    let problems = Problems::default();
    let cases = Source::read(path, 0, &problems).and_then(|source| read(&source, &problems));
    finish(cases, vec![path.to_owned()], problems).map(|(cases, _)| cases)
}

fn read(source: &Source, problems: &Problems) -> Option<Vec<PolicyCase>> {
    let document = source.parse(problems)?;
    let mut top = Section::new(source, problems, &document, "");
    let mut defaults = None;
    only_one(&mut defaults, top.take("defaults"), "[defaults]");
    let mut sections = Vec::new();
    match top.require("case") {
        None => {}
        Some(cases) if !cases.is_array() => {
            cases.error_with_hint("`case` must be a list of tables", "write [[case]]");
        }
        Some(cases) => {
            let items = cases.items().unwrap_or_default();
            if items.len() > POLICY_CASES_MAX {
                cases.error(format!(
                    "there are {} cases, and {POLICY_CASES_MAX} are allowed in one file (POLICY_CASES_MAX)",
                    items.len()
                ));
                return None;
            }
            sections.extend(items.iter().filter_map(|item| item.section("[[case]]")));
        }
    }
    top.finish();
    let defaults = defaults.map_or_else(Circumstances::default, |mut section| {
        let circumstances = Circumstances::take(&mut section);
        section.finish();
        circumstances
    });
    let mut names = Names::new("case");
    Some(
        sections
            .into_iter()
            .filter_map(|section| case(section, &defaults, &mut names))
            .collect(),
    )
}

/// Under which the text is judged.
#[derive(Clone, Default)]
struct Circumstances {
    record: Option<String>,
    user: Option<String>,
    from: Option<IpAddr>,
    settings: Overrides,
    replication: Option<bool>,
    standard_conforming_strings: Option<bool>,
}

impl Circumstances {
    fn take(section: &mut Section<'_>) -> Self {
        let name = |field: Option<Field<'_>>| field.and_then(|field| field.text().map(ToOwned::to_owned));
        Self {
            record: name(section.take("record")),
            user: name(section.take("user")),
            from: section.take("from").and_then(|field| address(&field)),
            settings: section
                .take("settings")
                .and_then(|field| field.section("settings"))
                .map(|mut settings| {
                    let overrides = Overrides::take(&mut settings);
                    settings.finish();
                    overrides
                })
                .unwrap_or_default(),
            replication: section.take("replication").and_then(|field| field.boolean()),
            standard_conforming_strings: section
                .take("standard_conforming_strings")
                .and_then(|field| field.choice(&[("on", true), ("off", false)])),
        }
    }

    /// What is written here, and the other's where it isn't.
    fn or(self, defaults: &Self) -> Self {
        Self {
            record: self.record.or_else(|| defaults.record.clone()),
            user: self.user.or_else(|| defaults.user.clone()),
            from: self.from.or(defaults.from),
            settings: defaults.settings.overridden_by(&self.settings),
            replication: self.replication.or(defaults.replication),
            standard_conforming_strings: self
                .standard_conforming_strings
                .or(defaults.standard_conforming_strings),
        }
    }
}

fn address(field: &Field<'_>) -> Option<IpAddr> {
    let address = field.as_str().and_then(|text| text.parse().ok());
    if address.is_none() {
        field.unfit("an IP address", None);
    }
    address
}

fn case<'a>(mut section: Section<'a>, defaults: &Circumstances, names: &mut Names<'a>) -> Option<PolicyCase> {
    let place = section.location();
    let name = names.take(&mut section, |name| check_name(name).map(|()| name.to_owned()));
    let written = Circumstances::take(&mut section);
    let Circumstances {
        record,
        user,
        from,
        settings,
        replication,
        standard_conforming_strings,
    } = written.or(defaults);
    let expected = section.require("expect").and_then(|field| field.choice(EXPECTED));
    let text = section.take("sql");
    let file = section.take("sql_file");
    let setting = section.take("setting");
    if let Some(field) = setting
        .as_ref()
        .filter(|_| !matches!(expected, None | Some(Expected::Refuse | Expected::Observe)))
    {
        field.error("`setting` names what refuses, so `expect` must be \"refuse\" or \"observe\"");
    }
    let setting = setting.as_ref().and_then(cause);
    let statements = section.take("statements").as_ref().and_then(kinds);
    if user.is_some() && record.is_none() {
        section.error("`user` needs a `record`".to_owned(), None);
    }
    if from.is_some() && user.is_none() {
        section.error("`from` needs a `user`".to_owned(), None);
    }
    if expected == Some(Expected::NoAccess) && user.is_none() {
        section.error(
            "`expect = \"no_access\"` needs a `user` and a `record`".to_owned(),
            None,
        );
    }
    let sql = match (&text, &file) {
        (Some(_), Some(file)) => {
            file.error("`sql` is given too; write one of them");
            None
        }
        (Some(text), None) => sql_text(text),
        (None, Some(file)) => sql_file(file),
        (None, None) if expected == Some(Expected::NoAccess) => Some(Vec::new()),
        (None, None) => {
            section.error("key `sql` or `sql_file` is missing".to_owned(), None);
            None
        }
    };
    section.finish();
    Some(PolicyCase {
        name: name?,
        place,
        sql: sql?,
        record,
        user,
        from,
        settings: CaseSettings(settings),
        replication: replication.unwrap_or(false),
        standard_conforming_strings: standard_conforming_strings.unwrap_or(true),
        expected: expected?,
        setting,
        statements,
    })
}

/// May be empty, as a query may.
fn sql_text(field: &Field<'_>) -> Option<Vec<u8>> {
    let text = field.as_str();
    if text.is_none() {
        field.unfit("a string", None);
    }
    text.map(|text| text.as_bytes().to_vec())
}

fn sql_file(field: &Field<'_>) -> Option<Vec<u8>> {
    let path = field.source().resolve(field.text()?);
    let mut sql = Vec::new();
    let read = std::fs::File::open(&path).and_then(|file| {
        file.take(SQL_FILE_BYTES_MAX.saturating_add(1))
            .read_to_end(&mut sql)
    });
    match read {
        Err(error) => {
            field.error(format!("{} can't be read: {error}", path.display()));
            None
        }
        Ok(bytes) if u64::try_from(bytes).is_ok_and(|bytes| bytes <= SQL_FILE_BYTES_MAX) => Some(sql),
        Ok(_) => {
            field.error(format!(
                "{} is larger than {SQL_FILE_BYTES_MAX} bytes (SQL_FILE_BYTES_MAX)",
                path.display()
            ));
            None
        }
    }
}

/// The name of what refuses.
fn cause(field: &Field<'_>) -> Option<String> {
    let name = field.text()?;
    let settings = Setting::ALL.iter().map(|setting| setting.as_str());
    one_of(
        field,
        "setting",
        name,
        settings.chain(OTHER_CAUSES.iter().copied()),
    )
}

fn kinds(field: &Field<'_>) -> Option<Vec<String>> {
    let names = field.texts()?;
    let kinds = || StatementKind::ALL.iter().map(|kind| kind.as_str());
    Some(
        names
            .iter()
            .filter_map(|(name, item)| one_of(item, "kind of statement", name, kinds()))
            .collect(),
    )
}

fn one_of<'n>(
    field: &Field<'_>,
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'n str> + Clone,
) -> Option<String> {
    if known.clone().any(|known| known == name) {
        return Some(name.to_owned());
    }
    let message = format!("there is no {what} \"{}\"", name.escape_debug());
    match nearest(name, known) {
        Some(near) => field.error_with_hint(message, format!("did you mean \"{near}\"?")),
        None => field.error(message),
    }
    None
}
