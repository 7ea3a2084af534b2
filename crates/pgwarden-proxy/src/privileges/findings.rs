//! What the catalogue's answers mean.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{QuestionError, Row};
use super::undoing::{self, Undoes, Undone};
use super::{Finding, NAMED_MAX, Weight};

/// What was found so far.
pub(super) struct Findings<'a> {
    undone: &'a Undone,
    version: u32,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(undone: &'a Undone, version: u32) -> Self {
        Findings {
            undone,
            version,
            found: Vec::new(),
        }
    }

    pub(super) fn into_found(self) -> Vec<Finding> {
        self.found
    }

    /// Adds a finding, unless all that it undoes is allowed anyway.
    fn add(&mut self, scope: Scope, undoes: Undoes, privilege: String, sql: Vec<String>) {
        let weight = match undoes {
            Undoes::Nothing => Weight::Note,
            Undoes::All | Undoes::These(_) => Weight::Warning,
        };
        let undoes = self.undone.of(undoes);
        if weight == Weight::Note || !undoes.is_empty() {
            self.found.push(Finding {
                weight,
                privilege,
                undoes,
                sql,
                of_server: scope == Scope::Server,
            });
        }
    }

    pub(super) fn attributes(&mut self, rows: &[Row]) -> Result<(), QuestionError> {
        for [role, attribute, itself, remedy] in read(rows)? {
            let (effect, undoes) = undoing::attribute(attribute, self.version);
            let privilege = if itself == "t" {
                effect.to_owned()
            } else {
                format!("may become role \"{role}\", which {effect}")
            };
            self.add(Scope::Server, undoes, privilege, vec![remedy.to_owned()]);
        }
        Ok(())
    }

    pub(super) fn predefined_roles(&mut self, rows: &[Row]) -> Result<(), QuestionError> {
        for [role, through, remedy] in read(rows)? {
            let Some((effect, undoes)) = undoing::predefined_role(role) else {
                continue;
            };
            let through = if through.is_empty() {
                String::new()
            } else {
                format!(" through {through}")
            };
            let privilege = format!("is a member of {role}{through}: it may {effect}");
            self.add(Scope::Server, undoes, privilege, vec![remedy.to_owned()]);
        }
        Ok(())
    }

    pub(super) fn administered_roles(&mut self, rows: &[Row]) -> Result<(), QuestionError> {
        for [role, through, remedy] in read(rows)? {
            let through = if through.is_empty() {
                String::new()
            } else {
                format!(", as member of {through}")
            };
            let privilege = format!("may give role \"{role}\" to others and to itself{through}");
            self.add(
                Scope::Server,
                undoing::ADMINISTERING,
                privilege,
                vec![remedy.to_owned()],
            );
        }
        Ok(())
    }

    pub(super) fn parameters(&mut self, rows: &[Row]) -> Result<(), QuestionError> {
        for [parameter, privilege, remedy] in read(rows)? {
            let known = undoing::PARAMETERS.iter().find(|(name, ..)| *name == parameter);
            let (effect, undoes) = match (privilege, known) {
                ("ALTER SYSTEM", _) => ("change the configuration of the server", undoing::SERVER_PROGRAMS),
                (_, Some((_, effect, undoes))) => (*effect, *undoes),
                (_, None) => continue,
            };
            let privilege = format!("has {privilege} on parameter {parameter}: it may {effect}");
            self.add(Scope::Server, undoes, privilege, vec![remedy.to_owned()]);
        }
        Ok(())
    }

    pub(super) fn database(&mut self, rows: &[Row]) -> Result<(), QuestionError> {
        for [how, extensions, remedy] in read(rows)? {
            let how = match how {
                "owner" => "owns the database",
                _ => "has CREATE on the database",
            };
            let privilege = format!(
                "{how}: it may install trusted extensions that run SQL or code of a text ({extensions})"
            );
            self.add(
                Scope::Database,
                undoing::TRUSTED_EXTENSIONS,
                privilege,
                vec![remedy.to_owned()],
            );
        }
        Ok(())
    }

    pub(super) fn catalogue(&mut self, rows: &[Row]) -> Result<(), QuestionError> {
        for [what, name, remedy] in read(rows)? {
            let (privilege, undoes) = match what {
                "schema" => (
                    format!(
                        "has CREATE on schema {name}: it may give functions the names of PostgreSQL's own"
                    ),
                    undoing::CATALOGUE_NAMES,
                ),
                "pg_largeobject" => (
                    format!("may read column {name} of {what}: all large objects"),
                    undoing::LARGE_OBJECTS,
                ),
                _ => (
                    format!("may read column {name} of {what}: passwords"),
                    undoing::PASSWORDS,
                ),
            };
            self.add(Scope::Database, undoes, privilege, vec![remedy.to_owned()]);
        }
        Ok(())
    }

    pub(super) fn foreign(&mut self, rows: &[Row]) -> Result<(), QuestionError> {
        for [what, name, remedy, _] in read(rows)? {
            let (privilege, undoes) = match what {
                "wrapper" => (
                    format!(
                        "has USAGE on foreign data wrapper \"{name}\": it may define servers to read from and write to"
                    ),
                    undoing::OTHER_SERVERS,
                ),
                "server" => (
                    format!(
                        "has USAGE on foreign server \"{name}\": it may define tables of it, and a login of its own there"
                    ),
                    undoing::OTHER_SERVERS,
                ),
                _ => (
                    format!(
                        "has a user mapping for foreign server \"{name}\", and may read the password in it"
                    ),
                    undoing::PASSWORDS,
                ),
            };
            self.add(Scope::Database, undoes, privilege, vec![remedy.to_owned()]);
        }
        Ok(())
    }

    pub(super) fn known_functions(&mut self, rows: &[Row]) -> Result<(), QuestionError> {
        let mut groups: BTreeMap<(&str, &str), (BTreeSet<&str>, Routines<'_>)> = BTreeMap::new();
        for [extension, function, signature, grantees] in read(rows)? {
            let group = if extension.is_empty() {
                ("", function)
            } else {
                let of = undoing::EXTENSIONS.iter().find(|(name, ..)| *name == extension);
                if of.is_some_and(|(_, names, ..)| !names.is_empty() && !names.contains(&function)) {
                    continue;
                }
                (extension, "")
            };
            let (names, routines) = groups.entry(group).or_default();
            names.insert(function);
            routines.add(signature, grantees);
        }
        for ((extension, function), (names, routines)) in groups {
            let known = undoing::FUNCTIONS.iter().find(|(name, ..)| *name == function);
            let of = undoing::EXTENSIONS.iter().find(|(name, ..)| *name == extension);
            let (privilege, undoes) = match (known, of) {
                (Some((_, effect, undoes)), _) => (format!("may {effect}, by {function}"), *undoes),
                (None, Some((_, _, effect, undoes))) => (
                    format!(
                        "may {effect}, by {} (extension {extension})",
                        Vec::from_iter(names).join(", ")
                    ),
                    *undoes,
                ),
                (None, None) => return Err(QuestionError::Answer),
            };
            self.add(Scope::Database, undoes, privilege, routines.remedy());
        }
        Ok(())
    }

    pub(super) fn unknown_functions(&mut self, rows: &[Row]) -> Result<(), QuestionError> {
        let mut groups: Vec<((&str, &str), Routines<'_>)> = Vec::new();
        for [kind, detail, signature, grantees] in read(rows)? {
            match groups.last_mut() {
                Some((group, routines)) if *group == (kind, detail) => routines.add(signature, grantees),
                _ => {
                    let mut routines = Routines::default();
                    routines.add(signature, grantees);
                    groups.push(((kind, detail), routines));
                }
            }
        }
        for ((kind, detail), routines) in groups {
            let names = routines.names();
            let (privilege, undoes, sql) = match kind {
                "definer" => (
                    format!(
                        "may call functions that act as role \"{detail}\" (SECURITY DEFINER), whatever they do: {names}"
                    ),
                    Undoes::All,
                    routines.remedy(),
                ),
                "language" => (
                    format!(
                        "may call functions in the untrusted language {detail}, whatever they do: {names}"
                    ),
                    undoing::SERVER_PROGRAMS,
                    routines.remedy(),
                ),
                _ => (
                    format!(
                        "may change what others run as role \"{detail}\" (SECURITY DEFINER functions that it owns): {names}"
                    ),
                    Undoes::Nothing,
                    routines.each("ALTER ROUTINE", "SECURITY INVOKER"),
                ),
            };
            self.add(Scope::Database, undoes, privilege, sql);
        }
        Ok(())
    }

    pub(super) fn writable(&mut self, rows: &[Row]) -> Result<(), QuestionError> {
        let mut relations = Routines::default();
        let mut owned = false;
        for [_, _, relation, is_owned, writers, _] in read(rows)? {
            if !writers.is_empty() {
                relations.add(relation, writers);
                owned |= is_owned == "t";
            }
        }
        let privileges = "INSERT, UPDATE, DELETE, TRUNCATE ON";
        self.relations(
            "may write to tables",
            undoing::WRITING,
            privileges,
            &relations,
            owned,
        );
        Ok(())
    }

    pub(super) fn denied_relations(&mut self, rows: &[Row]) -> Result<(), QuestionError> {
        let mut relations = Routines::default();
        let mut owned = false;
        for [schema, name, relation, is_owned, _, holders] in read(rows)? {
            if self.undone.denies_relation(schema, name) {
                relations.add(relation, holders);
                owned |= is_owned == "t";
            }
        }
        self.relations(
            "has privileges on denied relations",
            undoing::DENIED_RELATIONS,
            "ALL ON",
            &relations,
            owned,
        );
        Ok(())
    }

    fn relations(
        &mut self,
        what: &str,
        undoes: Undoes,
        privileges: &str,
        relations: &Routines<'_>,
        owned: bool,
    ) {
        if relations.all.is_empty() {
            return;
        }
        let mut sql = relations.revoke(privileges);
        if owned {
            sql.push("-- it owns some of them, and can give itself the privileges again: ALTER TABLE … OWNER TO another role".to_owned());
        }
        let privilege = format!("{what}: {}", relations.names());
        self.add(Scope::Database, undoes, privilege, sql);
    }

    pub(super) fn denied_functions(&mut self, rows: &[Row]) -> Result<(), QuestionError> {
        let mut routines = Routines::default();
        for [schema, name, signature, grantees] in read(rows)? {
            if self.undone.denies_function(schema, name) {
                routines.add(signature, grantees);
            }
        }
        if !routines.all.is_empty() {
            let privilege = format!("may call denied functions: {}", routines.names());
            self.add(
                Scope::Database,
                undoing::DENIED_FUNCTIONS,
                privilege,
                routines.remedy(),
            );
        }
        Ok(())
    }
}

/// Whether databases of a server have it in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Server,
    Database,
}

/// Functions (or relations), each with those from whom it has to be taken.
#[derive(Debug, Default)]
pub(super) struct Routines<'a> {
    all: Vec<(&'a str, &'a str)>,
}

impl<'a> Routines<'a> {
    pub(super) fn add(&mut self, signature: &'a str, grantees: &'a str) {
        self.all.push((signature, grantees));
    }

    /// As many as are named, and how many there are besides.
    pub(super) fn names(&self) -> String {
        let names: Vec<_> = self.all.iter().take(NAMED_MAX).map(|(name, _)| *name).collect();
        let more = self.more();
        let names = names.join(", ");
        if more == 0 {
            names
        } else {
            format!("{names} and {more} more")
        }
    }

    fn more(&self) -> usize {
        self.all.len().saturating_sub(NAMED_MAX)
    }

    pub(super) fn remedy(&self) -> Vec<String> {
        self.revoke("EXECUTE ON ROUTINE")
    }

    /// Statements that take them away, one for each list of those who have them. Of those that are named.
    fn revoke(&self, what: &str) -> Vec<String> {
        let mut by_grantees: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, grantees) in self.all.iter().take(NAMED_MAX) {
            by_grantees.entry(grantees).or_default().push(name);
        }
        let statements = by_grantees
            .iter()
            .map(|(grantees, names)| format!("REVOKE {what} {} FROM {grantees};", names.join(", ")));
        self.and_more(statements)
    }

    /// So that nobody takes what is shown for all that is needed.
    fn and_more(&self, statements: impl Iterator<Item = String>) -> Vec<String> {
        let more = self.more();
        let rest = (more > 0).then(|| format!("-- and {more} more, shown once these are gone"));
        statements.chain(rest).collect()
    }

    /// A statement for each of those that are named.
    fn each(&self, before: &str, behind: &str) -> Vec<String> {
        let named = self.all.iter().take(NAMED_MAX);
        self.and_more(named.map(|(name, _)| format!("{before} {name} {behind};")))
    }
}

/// The rows of an answer, each with as many columns as were asked for; NULL as an empty text.
pub(super) fn read<const COLUMNS: usize>(rows: &[Row]) -> Result<Vec<[&str; COLUMNS]>, QuestionError> {
    rows.iter()
        .map(|row| {
            let values: Vec<_> = row
                .iter()
                .map(|value| value.as_deref().unwrap_or_default())
                .collect();
            values.try_into().map_err(|_| QuestionError::Answer)
        })
        .collect()
}
