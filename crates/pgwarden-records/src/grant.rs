//! Who may use which record, when, from where, and with which settings.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::SystemTime;

use ipnet::IpNet;
use pgwarden_policy::Settings;

use crate::{Person, Record, RecordName, Snapshot};

/// A record and what holds in it.
#[derive(Debug)]
pub(crate) struct Entry {
    /// `enable`: when off, nobody gets in, whatever a grant says.
    pub(crate) enabled: bool,
    /// For grants that override nothing.
    pub(crate) plain: View,
}

/// A record as one grant sees it.
#[derive(Clone, Debug)]
pub struct View {
    /// Where it leads.
    pub record: Arc<Record>,
    /// What statements are judged by.
    pub settings: Arc<Settings>,
}

/// A `[[grant]]`, checked.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) users: BTreeSet<String>,
    pub(crate) groups: BTreeSet<String>,
    /// Its patterns, resolved.
    pub(crate) records: BTreeSet<RecordName>,
    /// `None`: from anywhere, unix sockets included.
    pub(crate) from: Option<Vec<IpNet>>,
    pub(crate) valid_from: Option<SystemTime>,
    /// The first moment at which it doesn't hold any more.
    pub(crate) valid_until: Option<SystemTime>,
    pub(crate) enabled: bool,
    /// The records that it sees otherwise than others do.
    pub(crate) views: BTreeMap<RecordName, View>,
}

/// The leave to use a record, and what holds meanwhile.
#[derive(Clone, Debug)]
pub struct Access {
    /// The record, as the grant sees it.
    pub record: Arc<Record>,
    /// What statements are judged by.
    pub settings: Arc<Settings>,
    /// From this moment on the answer may be another, so it has to be asked for again. `None`: not before the next reload.
    pub valid_until: Option<SystemTime>,
}

/// Why a person may not use a record. All are the same for the client; the log says which.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AccessError {
    /// No person of this name is in the configuration (any more).
    #[error("the person is not in the configuration")]
    UnknownPerson,
    /// No record of this name is in the configuration.
    #[error("the record is not in the configuration")]
    UnknownRecord,
    /// `enable` is off, of the record or of the person's grant.
    #[error("the record is disabled")]
    RecordDisabled,
    /// No grant gives this person this record now and from this address.
    #[error("no grant gives the person this record")]
    NotGranted,
    /// The database isn't among `databases`.
    #[error("the database is not among those allowed on the record")]
    DatabaseNotAllowed,
}

impl Snapshot {
    /// Whether a person may use a record, from an address (`None`: a unix socket), at a time.
    ///
    /// Grants are tried in the order of the file, and the first one that names the person and the record and holds now and from there decides
    /// alone, as in `pg_hba.conf`: later ones neither add to it nor take from it.
    pub fn access(
        &self,
        person: &str,
        record: &str,
        from: Option<IpAddr>,
        now: SystemTime,
    ) -> Result<Access, AccessError> {
        let person = self.people.get(person).ok_or(AccessError::UnknownPerson)?;
        let (name, entry) = self
            .records
            .get_key_value(record)
            .ok_or(AccessError::UnknownRecord)?;
        if !entry.enabled {
            return Err(AccessError::RecordDisabled);
        }
        let mut changes = None;
        for grant in self
            .grants
            .iter()
            .filter(|grant| grant.is_about(person, name, from))
        {
            match grant.validity(now) {
                Validity::Over => {}
                Validity::NotYet(start) => changes = earlier(changes, Some(start)),
                Validity::Now(_) if !grant.enabled => return Err(AccessError::RecordDisabled),
                Validity::Now(until) => {
                    let view = grant.views.get(name).unwrap_or(&entry.plain);
                    return Ok(Access {
                        record: Arc::clone(&view.record),
                        settings: Arc::clone(&view.settings),
                        valid_until: earlier(changes, until),
                    });
                }
            }
        }
        Err(AccessError::NotGranted)
    }

    /// In which ways a record may be seen, whoever it is and whenever: as it is written, and as each grant sees it that is on and overrides
    /// something, in the order of the file. None if the record is disabled, or doesn't exist.
    pub fn views(&self, record: &str) -> Vec<&View> {
        let Some(entry) = self.records.get(record).filter(|entry| entry.enabled) else {
            return Vec::new();
        };
        let grants = self.grants.iter().filter(|grant| grant.enabled);
        let overriding = grants.filter_map(|grant| grant.views.get(record));
        std::iter::once(&entry.plain).chain(overriding).collect()
    }
}

impl Access {
    /// The database to connect to, given what the client really asked for ([`crate::Route::database`]). Without a `default_database` it is the
    /// one named like the login, as for every client of PostgreSQL.
    pub fn database<'a>(&'a self, asked: Option<&'a str>) -> Result<&'a str, AccessError> {
        let record = &self.record;
        let database = asked
            .or(record.default_database.as_deref())
            .unwrap_or(&record.login);
        match &record.databases {
            Some(allowed) if !allowed.iter().any(|name| name == database) => {
                Err(AccessError::DatabaseNotAllowed)
            }
            _ => Ok(database),
        }
    }
}

/// How a grant stands to a moment.
enum Validity {
    NotYet(SystemTime),
    /// Until then; `None`: for good.
    Now(Option<SystemTime>),
    Over,
}

impl Grant {
    fn is_about(&self, person: &Person, record: &RecordName, from: Option<IpAddr>) -> bool {
        let person_matches = self.users.contains(person.name.as_str())
            || person.groups.iter().any(|group| self.groups.contains(group));
        person_matches && self.records.contains(record) && self.holds_from(from)
    }

    fn holds_from(&self, from: Option<IpAddr>) -> bool {
        let Some(networks) = &self.from else { return true };
        // A dual-stack listener sees IPv4 clients as ::ffff:a.b.c.d.
        from.map(|address| address.to_canonical())
            .is_some_and(|address| networks.iter().any(|network| network.contains(&address)))
    }

    fn validity(&self, now: SystemTime) -> Validity {
        match (self.valid_from, self.valid_until) {
            (_, Some(until)) if now >= until => Validity::Over,
            (Some(start), _) if now < start => Validity::NotYet(start),
            (_, until) => Validity::Now(until),
        }
    }
}

fn earlier(a: Option<SystemTime>, b: Option<SystemTime>) -> Option<SystemTime> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
