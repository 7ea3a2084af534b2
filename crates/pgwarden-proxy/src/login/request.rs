//! What a startup packet asks for.

use pgwarden_policy::{Refusal, Settings, judge_parameter};
use pgwarden_records::{RecordName, Route, Snapshot};
use pgwarden_wire::startup::PROTOCOL_3_2;
use pgwarden_wire::{StartupMessage, startup};

use super::options::{self, Assignment};
use super::{LoginError, Refused, heed};

/// A startup packet, taken apart. Of duplicates the last counts.
#[derive(Debug)]
pub(super) struct Request {
    /// Never empty.
    pub(super) user: Vec<u8>,
    database: Option<Vec<u8>>,
    pub(super) replication: Option<Replication>,
    options: Option<Vec<u8>>,
    /// The other parameters, which are settings of the session, in order.
    settings: Vec<Assignment>,
    /// The version of the protocol that was asked for.
    version: u32,
    /// Options of the protocol itself, none of which is known.
    protocol_options: Vec<Vec<u8>>,
}

/// What kind of replication connection is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Replication {
    /// Of the whole server.
    Physical,
    /// In one database, where SQL can be used too.
    Database,
}

/// Where a request wants to go, after its user has been authenticated.
#[derive(Debug)]
pub(super) struct Asked {
    /// `None`: it names nothing at all.
    pub(super) record: Option<String>,
    /// What is really asked for, if anything; or, as an error, how to show a name that can't be one as it is not UTF-8.
    pub(super) database: Result<Option<String>, String>,
}

impl Request {
    /// Takes the packet apart, as `ProcessStartupPacket` does.
    pub(super) fn read(message: StartupMessage<'_>) -> Result<Self, LoginError> {
        let mut request = Request {
            user: message.user()?.to_vec(),
            database: None,
            replication: None,
            options: None,
            settings: Vec::new(),
            version: message.version,
            protocol_options: Vec::new(),
        };
        let mut in_database = false;
        for (name, value) in message.parameters() {
            match name {
                b"user" => {}
                b"database" => request.database = Some(value.to_vec()),
                b"options" => request.options = Some(value.to_vec()),
                b"replication" => {
                    request.replication = Replication::parse(value)?;
                    in_database |= request.replication == Some(Replication::Database);
                }
                name if options::is_reserved(name) => request.protocol_options.push(name.to_vec()),
                name => request.settings.push((name.to_vec(), value.to_vec())),
            }
        }
        // Of the two flags that the server makes of it, a later value takes back one alone.
        if in_database && request.replication.is_some() {
            request.replication = Some(Replication::Database);
        }
        Ok(request)
    }

    /// Who it is and where to. `None`: the user's name is not UTF-8, so it is nobody's.
    pub(super) fn route(&self, snapshot: &Snapshot, listener: Option<&RecordName>) -> Option<Route> {
        let user = std::str::from_utf8(&self.user).ok()?;
        // A database that is not UTF-8 is no record's name, so the person doesn't depend on it.
        let database = self
            .database
            .as_deref()
            .and_then(|name| std::str::from_utf8(name).ok());
        Some(snapshot.route(user, database, listener))
    }

    pub(super) fn asked(&self, snapshot: &Snapshot, listener: Option<&RecordName>) -> Asked {
        let route = self.route(snapshot, listener);
        let (record, database) = route.map_or((None, None), |route| (route.record, route.database));
        let is_physical = self.replication == Some(Replication::Physical);
        match self.database.as_deref().map(std::str::from_utf8) {
            // The server forgets the name that comes with it, which is "replication" where libpq's tools fill it in.
            _ if is_physical && record.is_some() => Asked {
                record,
                database: Ok(None),
            },
            Some(Err(_)) => {
                let shown = shown(self.database.as_deref().unwrap_or_default());
                Asked {
                    record: record.or_else(|| Some(shown.clone())),
                    database: Err(shown),
                }
            }
            // A name that is no record's is answered as that of a record that may not be used.
            Some(Ok(_)) | None => Asked {
                record: record.or_else(|| database.clone()),
                database: Ok(database),
            },
        }
    }

    /// The user's name for people to read.
    pub(super) fn user_shown(&self) -> String {
        shown(&self.user)
    }

    /// The version of the protocol that is spoken: the one asked for, as long as there is one (`ProcessStartupPacket`).
    pub(super) fn spoken_version(&self) -> u32 {
        self.version.min(PROTOCOL_3_2)
    }

    /// Appends `NegotiateProtocolVersion`, if the client asks for more than there is, as the server does: the version that is spoken, and
    /// the options of the protocol, none of which is known.
    pub(super) fn negotiate_protocol_version(&self, out: &mut Vec<u8>) {
        let spoken = self.spoken_version();
        if self.version > spoken || !self.protocol_options.is_empty() {
            let names: Vec<&[u8]> = self.protocol_options.iter().map(Vec::as_slice).collect();
            startup::negotiate_protocol_version(out, spoken, &names);
        }
    }

    /// The settings to start the session with, each of them judged as the SET that it is. Those of `options` come first, as the server
    /// applies them so, and only the last of each name.
    pub(super) fn judged_parameters(
        &self,
        settings: &Settings,
        record: &str,
        observed: &mut Vec<Refusal>,
    ) -> Result<Vec<Assignment>, LoginError> {
        let options = self.options.as_deref().unwrap_or_default();
        let mut assignments = options::settings(options).map_err(|error| LoginError::Options {
            record: record.to_owned(),
            error,
        })?;
        assignments.extend_from_slice(&self.settings);
        let assignments = last_of_each(assignments);
        for (name, value) in &assignments {
            heed(
                judge_parameter(name, value, settings),
                Refused::Parameter,
                record,
                observed,
            )?;
        }
        Ok(assignments)
    }
}

/// Names of settings know no case (`guc_name_compare`, utils/misc/guc.c).
fn last_of_each(assignments: Vec<Assignment>) -> Vec<Assignment> {
    let mut kept: Vec<Assignment> = Vec::with_capacity(assignments.len());
    let mut names = std::collections::HashSet::new();
    for (name, value) in assignments.into_iter().rev() {
        if names.insert(name.to_ascii_lowercase()) {
            kept.push((name, value));
        }
    }
    kept.reverse();
    kept
}

impl Replication {
    /// As `ProcessStartupPacket` reads the value. `None`: no replication.
    fn parse(value: &[u8]) -> Result<Option<Self>, LoginError> {
        if value == b"database" {
            return Ok(Some(Replication::Database));
        }
        match parse_bool(value) {
            Some(true) => Ok(Some(Replication::Physical)),
            Some(false) => Ok(None),
            None => Err(LoginError::ReplicationValue { value: shown(value) }),
        }
    }

    /// The one way in which it is sent on.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Replication::Physical => "true",
            Replication::Database => "database",
        }
    }
}

/// As `parse_bool` (utils/adt/bool.c): any case, and beginnings of the words as long as they can't be both.
fn parse_bool(value: &[u8]) -> Option<bool> {
    let value = value.to_ascii_lowercase();
    let begins = |word: &[u8], least: usize| value.len() >= least && word.starts_with(&value);
    if begins(b"true", 1) || begins(b"yes", 1) || value == b"on" || value == b"1" {
        Some(true)
    } else if begins(b"false", 1) || begins(b"no", 1) || begins(b"off", 2) || value == b"0" {
        Some(false)
    } else {
        None
    }
}

/// For messages to people only, where a byte that is no text becomes a replacement character.
pub(super) fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_replication(value: &str, expected: Result<Option<Replication>, ()>) {
        assert_eq!(
            Replication::parse(value.as_bytes()).map_err(|_| ()),
            expected,
            "{value}"
        );
    }

    #[test]
    fn replication_is_read_as_the_server_reads_it() {
        use Replication::{Database, Physical};
        for value in ["1", "on", "ON", "t", "tr", "true", "TRUE", "y", "ye", "yes"] {
            check_replication(value, Ok(Some(Physical)));
        }
        for value in ["0", "of", "off", "OFF", "f", "false", "n", "no"] {
            check_replication(value, Ok(None));
        }
        check_replication("database", Ok(Some(Database)));
        for value in [
            "", "o", "maybe", "Database", "databas", "truer", "10", " on", "on ",
        ] {
            check_replication(value, Err(()));
        }
    }

    #[test]
    fn the_last_of_each_name_is_kept_where_it_stands() {
        let text = |list: &[(&str, &str)]| -> Vec<Assignment> {
            list.iter()
                .map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec()))
                .collect()
        };
        let given = text(&[
            ("role", "a"),
            ("DateStyle", "iso"),
            ("Role", "b"),
            ("ROLE", "c"),
            ("x", "1"),
        ]);
        assert_eq!(
            last_of_each(given),
            text(&[("DateStyle", "iso"), ("ROLE", "c"), ("x", "1")])
        );
    }
}
