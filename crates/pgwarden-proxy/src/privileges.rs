//! What the injected logins may do in their databases that undoes settings: the third of the three layers.
//!
//! ```text
//!  Snapshot ─> targets ─> catalogue (logs in as a session would, asks) ─> questions ─> findings ─> undoing (which settings)
//! ```
//!
//! Each record's databases are looked at as its own login sees them, in a read-only transaction; nothing is changed. What is found depends on
//! what the catalogue says alone: which functions there are that could be more than they seem is beyond it, and docs/policy.md says so.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::Arc;

use pgwarden_policy::Setting;
use pgwarden_records::{Host, Record, RecordName, ServerConfig, Snapshot};
use tokio::runtime;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::backend_login::{BackendLoginError, ScramKeys};

mod catalogue;
mod findings;
mod questions;
#[cfg(test)]
mod tests;
mod undoing;

use catalogue::{Catalogue, QuestionError};
use undoing::Undone;

/// Databases that are looked at at the same time, so that a few silent ones don't make the whole take their time one after the other, and
/// a server of many records isn't flooded with logins.
const TARGETS_AT_ONCE: usize = 8;

/// Functions, relations and the like that one finding names; it says how many more there are.
pub const NAMED_MAX: usize = 20;

/// What became of looking at one record, or at one of its databases.
#[derive(Debug)]
pub enum Inspection {
    /// The record is disabled, so nobody comes through it, and it was not looked at.
    Disabled(RecordName),
    /// A database of it was, or couldn't be.
    Database {
        /// Which, and as whom.
        place: InspectedPlace,
        /// What was found, the worst first; empty if the login has nothing that undoes a setting.
        outcome: Result<Vec<Finding>, InspectError>,
    },
}

/// A database as a record's login sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectedPlace {
    /// The record.
    pub record: RecordName,
    /// The database.
    pub database: String,
    /// The role that is injected.
    pub login: String,
}

impl fmt::Display for InspectedPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let InspectedPlace {
            record,
            database,
            login,
        } = self;
        write!(
            f,
            "record \"{record}\", database \"{}\", login \"{}\"",
            database.escape_debug(),
            login.escape_debug()
        )
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It undoes a setting.
    Warning,
    /// It undoes none, but should be known.
    Note,
}

/// Something that a login has and should not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether it undoes a setting.
    pub weight: Weight,
    /// What the login has, to stand behind its name: `is a superuser`.
    pub privilege: String,
    /// The settings that are off, or on as `read_only` is, and that it undoes. Empty for notes.
    pub undoes: Vec<Setting>,
    /// What takes it away: statements for a superuser in that database.
    pub sql: Vec<String>,
    /// Whether all databases of the server have it in common.
    of_server: bool,
}

impl Finding {
    /// As `pgwarden check` shows it, in the form of the configuration's own diagnostics.
    pub fn shown(&self, place: &InspectedPlace) -> String {
        let word = match self.weight {
            Weight::Warning => "warning",
            Weight::Note => "note",
        };
        let undone: Vec<_> = self.undoes.iter().map(|setting| setting.as_str()).collect();
        let undone = if undone.is_empty() {
            String::new()
        } else {
            format!(", which undoes {}", undone.join(", "))
        };
        let hint = if self.sql.is_empty() { "" } else { "\nhint: " };
        let sql = self.sql.join("\n      ");
        format!(
            "{word}: the login {}{undone}\n  --> {place}{hint}{sql}",
            self.privilege
        )
    }
}

/// Why a database could not be looked at. Its text is for whoever administers pgwarden, and holds no password.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct InspectError(Cause);

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error(transparent)]
    Login(#[from] BackendLoginError),
    #[error("its catalogue could not be read: {0}")]
    Question(#[from] QuestionError),
    #[error("looking at it ended early")]
    Task,
}

/// Looks at every database that the configuration names: of each record that is enabled its `default_database`, and each of its
/// `databases`. In the order of records' names, and of the databases as they are written. Blocks; each database takes `login_timeout` at most, and
/// eight are looked at at the same time.
///
/// # Errors
/// When the system gives no event queue.
pub fn inspect(snapshot: &Snapshot) -> io::Result<Vec<Inspection>> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let mut inspections = Vec::new();
    let mut targets = Vec::new();
    for name in snapshot.records() {
        let of_record = targets_of(snapshot, name);
        if of_record.is_empty() {
            inspections.push((name.clone(), Inspection::Disabled(name.clone())));
        }
        targets.extend(of_record);
    }
    let found = runtime.block_on(inspect_all(&targets, &snapshot.server));
    let mut known: BTreeMap<ServerLogin, Vec<Finding>> = BTreeMap::new();
    for (target, outcome) in targets.into_iter().zip(found) {
        let known = known.entry(target.server_login()).or_default();
        let outcome = outcome.map(|mut findings| {
            // What all databases of a server have in common is said once.
            findings.retain(|finding| !known.contains(finding));
            known.extend(findings.iter().filter(|finding| finding.of_server).cloned());
            findings
        });
        let record = target.place.record.clone();
        inspections.push((
            record,
            Inspection::Database {
                place: target.place,
                outcome: outcome.map_err(InspectError),
            },
        ));
    }
    // Stable, so databases of a record stay in their order.
    inspections.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(inspections
        .into_iter()
        .map(|(_, inspection)| inspection)
        .collect())
}

/// What names a server and a login of one record.
type ServerLogin = (RecordName, Vec<(String, u16)>, String);

/// A database to be looked at.
#[derive(Debug, Clone)]
struct Target {
    place: InspectedPlace,
    record: Arc<Record>,
    /// What somebody who reaches it is held to.
    undone: Undone,
}

impl Target {
    fn server_login(&self) -> ServerLogin {
        let hosts = self.record.hosts.iter();
        let hosts = hosts.map(|Host { host, port }| (host.clone(), *port)).collect();
        (self.place.record.clone(), hosts, self.place.login.clone())
    }
}

/// The databases of a record, each with what the strictest of those who reach it are held to. None if it is disabled.
fn targets_of(snapshot: &Snapshot, name: &RecordName) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    for view in snapshot.views(name.as_str()) {
        let record = &view.record;
        let default = record.default_database.as_ref();
        let mut databases: Vec<&String> = default
            .into_iter()
            .chain(record.databases.iter().flatten())
            .collect();
        if databases.is_empty() {
            // As for every client of PostgreSQL.
            databases.push(&record.login);
        }
        for database in databases {
            let same = |target: &&mut Target| {
                target.record.hosts == record.hosts && target.place.database == *database
            };
            match targets.iter_mut().find(same) {
                Some(target) => target.undone.add(&view.settings),
                None => targets.push(Target {
                    place: InspectedPlace {
                        record: name.clone(),
                        database: database.clone(),
                        login: record.login.clone(),
                    },
                    record: Arc::clone(record),
                    undone: Undone::by(&view.settings),
                }),
            }
        }
    }
    targets
}

async fn inspect_all(targets: &[Target], server: &ServerConfig) -> Vec<Result<Vec<Finding>, Cause>> {
    let keys = Arc::new(ScramKeys::default());
    let places = Arc::new(Semaphore::new(TARGETS_AT_ONCE));
    let mut tasks = JoinSet::new();
    for (number, target) in targets.iter().enumerate() {
        let (target, server) = (target.clone(), server.clone());
        let (keys, places) = (Arc::clone(&keys), Arc::clone(&places));
        tasks.spawn(async move {
            // Never closed, so there is always a place at some time.
            let _place = places.acquire().await;
            (number, inspect_one(&target, &keys, &server).await)
        });
    }
    let mut found: Vec<_> = targets.iter().map(|_| Err(Cause::Task)).collect();
    while let Some(ended) = tasks.join_next().await {
        if let Ok((number, outcome)) = ended
            && let Some(place) = found.get_mut(number)
        {
            *place = outcome;
        }
    }
    found
}

async fn inspect_one(
    target: &Target,
    keys: &ScramKeys,
    server: &ServerConfig,
) -> Result<Vec<Finding>, Cause> {
    let deadline = Instant::now() + server.login_timeout;
    let Target {
        place,
        record,
        undone,
    } = target;
    let mut catalogue = Catalogue::open(record, &place.database, keys, server, deadline).await?;
    let findings = questions::ask(&mut catalogue, undone).await;
    catalogue.close().await;
    Ok(findings?)
}
