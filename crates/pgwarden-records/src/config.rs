//! The configuration file: TOML text to [`Snapshot`], with everything that is wrong reported at once.

mod connection;
mod expectations;
mod include;
mod people;
mod quantity;
mod recording;
mod secret_file;
mod section;
mod server;
mod sockets;
mod source;
mod targets;
mod tls;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pgwarden_policy::Settings;
use toml::Spanned;
use toml::de::DeTable;

pub use self::expectations::{
    CaseSettings, Expected, POLICY_CASES_MAX, PolicyCase, SQL_FILE_BYTES_MAX, load_policy_cases,
};
use self::section::{Field, Section};
use self::server::Asking;
use self::source::{Problems, Source};
use self::targets::Targets;
use crate::diagnostic::nearest;
use crate::person::NameError;
use crate::{Diagnostic, Diagnostics, RecordingConfig, ServerConfig, Snapshot};

/// Reads and checks a configuration file and all that it includes. Gives the snapshot and the warnings, or everything that is wrong.
///
/// Besides the configuration it reads the files that hold SCRAM verifiers, and looks at the permissions of password files. Passwords are read later,
/// for each login ([`crate::PasswordSource::read`]).
pub fn load(path: &Path) -> Result<(Snapshot, Vec<Diagnostic>), Diagnostics> {
    let problems = Problems::default();
    let mut sources = vec![path.to_owned()];
    let snapshot = Source::read(path, 0, &problems).and_then(|main| read(&main, &mut sources, &problems));
    finish(snapshot, sources, problems)
}

/// Overrides settings by those that a TOML text names, as a grant does. For `pgwarden policy explain`.
///
/// ```
/// let base = pgwarden_policy::Settings::default();
/// let settings = pgwarden_records::override_settings(&base, "can_export_csv = true")?;
/// assert!(settings.can_export_csv);
/// # Ok::<(), pgwarden_records::Diagnostics>(())
/// ```
pub fn override_settings(base: &Settings, toml: &str) -> Result<Settings, Diagnostics> {
    let problems = Problems::default();
    let source = Source::from_text("settings", Path::new(""), toml);
    let settings = source.parse(&problems).map(|document| {
        let mut section = Section::new(&source, &problems, &document, "");
        let overrides = connection::Overrides::take(&mut section);
        section.finish();
        let mut settings = base.clone();
        overrides.apply(&mut settings);
        settings
    });
    finish(settings, Vec::new(), problems).map(|(settings, _)| settings)
}

fn finish<T>(
    value: Option<T>,
    sources: Vec<PathBuf>,
    problems: Problems,
) -> Result<(T, Vec<Diagnostic>), Diagnostics> {
    let failed = problems.has_errors();
    let diagnostics = problems.into_sorted();
    match value {
        Some(value) if !failed => Ok((value, diagnostics)),
        _ => Err(Diagnostics::new(diagnostics, sources)),
    }
}

/// Adds what is read to `sources`, which begin with the main file.
fn read(main: &Source, sources: &mut Vec<PathBuf>, problems: &Problems) -> Option<Snapshot> {
    let document = main.parse(problems)?;
    let mut included = include::sources(main, &document, problems);
    sources.append(&mut included.paths);
    sources.append(&mut included.directories);
    let documents: Vec<_> = included
        .sources
        .iter()
        .map(|source| (source, source.parse(problems)))
        .collect();
    let mut all = vec![(main, &document)];
    for (source, document) in &documents {
        match document {
            Some(document) => all.push((*source, document)),
            // The others are checked all the same, so that everything is said at once.
            None => problems.set_incomplete(),
        }
    }
    let mut snapshot = Tables::collect(&all, problems).check(main);
    sources.append(&mut snapshot.sources);
    snapshot.sources.clone_from(sources);
    Some(snapshot)
}

/// The tables of all files, by what they are.
#[derive(Default)]
struct Tables<'a> {
    server: Option<Section<'a>>,
    recording: Option<Section<'a>>,
    configurations: Vec<Section<'a>>,
    pam_users: Vec<Section<'a>>,
    databases: Vec<Section<'a>>,
    people: Vec<Section<'a>>,
    grants: Vec<Section<'a>>,
}

impl<'a> Tables<'a> {
    fn collect(documents: &[(&'a Source, &'a Spanned<DeTable<'a>>)], problems: &'a Problems) -> Self {
        let mut tables = Self::default();
        for (index, (source, document)) in documents.iter().enumerate() {
            let mut top = Section::new(source, problems, document, "");
            let include = top.take("include");
            if let Some(include) = include.filter(|_| index > 0) {
                include.error("an included file can't include others");
            }
            only_one(&mut tables.server, top.take("server"), "[server]");
            only_one(&mut tables.recording, top.take("recording"), "[recording]");
            append(
                &mut tables.configurations,
                top.take("pam_configuration"),
                "[[pam_configuration]]",
            );
            append(&mut tables.pam_users, top.take("pam_user"), "[[pam_user]]");
            append(
                &mut tables.databases,
                top.take("pam_database"),
                "[[pam_database]]",
            );
            append(&mut tables.people, top.take("user"), "[[user]]");
            append(&mut tables.grants, top.take("grant"), "[[grant]]");
            top.finish();
        }
        tables
    }

    fn check(self, main: &Source) -> Snapshot {
        let mut files = Vec::new();
        let (server, listeners, asking) = match self.server {
            Some(section) => server::read(section, main, &mut files),
            None => (ServerConfig::default_in(main), Vec::new(), Asking::default()),
        };
        let recording = match self.recording {
            Some(section) => recording::read(section, main),
            None => RecordingConfig::default_in(main),
        };
        let targets = targets::read(self.configurations, self.pam_users, self.databases, &mut files);
        for listener in listeners {
            targets.check_known(&listener);
        }
        let people = people::read(self.people, asking.is_asked, &mut files);
        if let Some(field) = &asking.by {
            people.warn_of_nobody_with_certificate(field);
        }
        let mut grants = people::read_grants(self.grants, &people, &targets);
        warn_of_ambiguous_names(&people.names, &targets);
        for (grant, connection) in &mut grants {
            targets.resolve_views(grant, connection, &server);
        }
        Snapshot {
            domains: people::domains(&people),
            records: targets.into_entries(&server),
            mock_scram: people::most_common_scram_parameters(&people),
            people: people.by_name,
            sources: files,
            grants: grants.into_iter().map(|(grant, _)| grant).collect(),
            server,
            recording,
        }
    }
}

fn only_one<'a>(table: &mut Option<Section<'a>>, field: Option<Field<'a>>, words: &str) {
    let Some(section) = field.and_then(|field| field.section(words)) else {
        return;
    };
    match table {
        Some(first) => section.error(
            format!("{words} is already given"),
            Some(format!("the first is at {}", first.location())),
        ),
        None => *table = Some(section),
    }
}

fn append<'a>(tables: &mut Vec<Section<'a>>, field: Option<Field<'a>>, words: &str) {
    let Some(field) = field else { return };
    if !field.is_array() {
        field.error_with_hint(
            format!("`{}` must be a list of tables", field.key()),
            format!("write {words}"),
        );
        return;
    }
    let items = field.items().unwrap_or_default();
    tables.extend(items.iter().filter_map(|item| item.section(words)));
}

/// A person's name that ends in `@` and the name of a record is read as the person before it and the record ([`Snapshot::route`]).
fn warn_of_ambiguous_names(people: &Names<'_>, targets: &Targets<'_>) {
    for (name, field) in &people.fields {
        if let Some((before, record)) = name.rsplit_once('@')
            && targets.is_written(record)
        {
            let (name, before, record) = (name.escape_debug(), before.escape_debug(), record.escape_debug());
            field.warning(
                format!("`user={name}` logs in \"{before}\" to record \"{record}\", and not the person of this name"),
                Some(format!("this person has to name a record, as in `user={name}@{record}`; or rename the record")),
            );
        }
    }
}

/// Names of one kind, each with where it was given, so that a second use can point at the first.
struct Names<'a> {
    kind: &'static str,
    fields: BTreeMap<&'a str, Field<'a>>,
}

impl<'a> Names<'a> {
    fn new(kind: &'static str) -> Self {
        Self {
            kind,
            fields: BTreeMap::new(),
        }
    }

    /// Takes the name of a table, which is called by it from then on.
    fn take<T>(
        &mut self,
        section: &mut Section<'a>,
        parse: impl Fn(&str) -> Result<T, NameError>,
    ) -> Option<T> {
        let field = section.require("name")?;
        let text = field.text()?;
        section.rename(&format!("[[{}]] \"{}\"", self.kind, text.escape_debug()));
        if let Some(first) = self.fields.get(text) {
            let hint = format!("the first is at {}", first.location());
            field.error_with_hint(
                format!("there is already a {} \"{}\"", self.kind, text.escape_debug()),
                hint,
            );
            return None;
        }
        let name = parse(text);
        if let Err(error) = &name {
            field.error(format!("\"{}\" can't be a name: {error}", text.escape_debug()));
        }
        // Also when it can't be a name, so that those who refer to it aren't reported too.
        self.fields.insert(text, field);
        name.ok()
    }

    /// Reports a reference to a name that doesn't exist.
    fn check_known(&self, field: &Field<'a>, name: &str) {
        if !self.fields.contains_key(name) {
            self.unknown(field, name);
        }
    }

    fn unknown(&self, field: &Field<'a>, name: &str) {
        unknown_name(field, self.kind, name, self.fields.keys().copied());
    }
}

fn unknown_name<'n>(field: &Field<'_>, kind: &str, name: &str, known: impl IntoIterator<Item = &'n str>) {
    if !field.are_all_names_known() {
        return;
    }
    let message = format!("there is no {kind} \"{}\"", name.escape_debug());
    match nearest(name, known) {
        Some(near) => field.error_with_hint(message, format!("did you mean \"{}\"?", near.escape_debug())),
        None => field.error(message),
    }
}
