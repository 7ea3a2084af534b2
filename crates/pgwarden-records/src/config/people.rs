//! `[[user]]` and `[[grant]]`: who logs in, and what they may reach.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use ipnet::IpNet;
use zeroize::Zeroizing;

use super::connection::Connection;
use super::section::{Field, Section};
use super::targets::{Targets, check_databases, warn_not_done};
use super::tls::Files;
use super::{Names, quantity, secret_file, unknown_name};
use crate::grant::Grant;
use crate::{CertificateIdentity, Person, PersonName, RecordName, ScramVerifier, pattern};

/// What PostgreSQL makes: `scram_iterations`, and `SCRAM_DEFAULT_SALT_LEN` of common/scram-common.h.
const DEFAULT_SCRAM_PARAMETERS: (u32, usize) = (4096, 16);

/// Longest file of a verifier: far above the longest verifier that is accepted.
const VERIFIER_FILE_BYTES_MAX: u64 = 16 * 1024;

pub(super) struct People<'a> {
    pub(super) names: Names<'a>,
    pub(super) by_name: BTreeMap<String, Person>,
    groups: BTreeSet<String>,
}

impl People<'_> {
    /// `asking`: where clients are asked for certificates. Who checks certificates for nobody has forgotten something.
    pub(super) fn warn_of_nobody_with_certificate(&self, asking: &Field<'_>) {
        let mut people = self.by_name.values().peekable();
        if people.peek().is_some() && people.all(|person| person.certificate.is_none()) {
            asking.warning(
                "`client_ca` has no effect, as no person's login rests on a certificate",
                Some("write certificate = { cn = \"…\" } in [[user]], or leave `client_ca` out".to_owned()),
            );
        }
    }
}

/// What has to be shown to log in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Certificate,
    Scram,
    Both,
}

const METHODS: &[(&str, Method)] = &[
    ("certificate", Method::Certificate),
    ("scram", Method::Scram),
    ("both", Method::Both),
];

/// `asks_for_certificate`: whether any listener does.
pub(super) fn read<'a>(
    sections: Vec<Section<'a>>,
    asks_for_certificate: bool,
    files: &mut Files,
) -> People<'a> {
    let mut all = People {
        names: Names::new("user"),
        by_name: BTreeMap::new(),
        groups: BTreeSet::new(),
    };
    for mut section in sections {
        let name = all.names.take(&mut section, PersonName::new);
        let proofs = Proofs::take(&mut section, asks_for_certificate, files);
        let groups = section
            .take("groups")
            .and_then(|field| field.texts())
            .unwrap_or_default();
        let groups: BTreeSet<String> = groups.into_iter().map(|(name, _)| name.to_owned()).collect();
        section.finish();
        all.groups.extend(groups.iter().cloned());
        if let Some(name) = name {
            all.by_name.insert(
                name.as_str().to_owned(),
                Person {
                    name,
                    verifier: proofs.verifier,
                    certificate: proofs.certificate,
                    groups,
                },
            );
        }
    }
    all
}

/// What a person has to show.
#[derive(Default)]
struct Proofs {
    verifier: Option<ScramVerifier>,
    certificate: Option<CertificateIdentity>,
}

impl Proofs {
    fn take(section: &mut Section<'_>, asks_for_certificate: bool, files: &mut Files) -> Self {
        let (scram, certificate) = (section.take("scram"), section.take("certificate"));
        let login = section.take("login");
        let written = match (&scram, &certificate) {
            (Some(_), Some(_)) => Method::Both,
            (Some(_), None) => Method::Scram,
            (None, Some(_)) => Method::Certificate,
            (None, None) => {
                section.error("key `scram` or `certificate` is missing".to_owned(), None);
                return Self::default();
            }
        };
        let proofs = Self {
            verifier: scram.as_ref().and_then(|field| verifier(field, files)),
            certificate: certificate.as_ref().and_then(identity),
        };
        let Some(method) = login
            .as_ref()
            .map_or(Some(written), |field| field.choice(METHODS))
        else {
            return Self::default();
        };
        let missing = match (method, written) {
            (Method::Certificate | Method::Both, Method::Scram) => Some("certificate"),
            (Method::Scram | Method::Both, Method::Certificate) => Some("scram"),
            _ => None,
        };
        if let (Some(field), Some(missing)) = (&login, missing) {
            field.error(format!("this way to log in needs the key `{missing}`"));
        }
        let unused = match (method, written) {
            (Method::Scram, Method::Both) => certificate.as_ref(),
            (Method::Certificate, Method::Both) => scram.as_ref(),
            _ => None,
        };
        if let Some(unused) = unused {
            unused.warning(
                format!("`{}` has no effect with this `login`", unused.key()),
                Some("write login = \"both\" to have both asked for".to_owned()),
            );
        }
        if method != Method::Scram
            && !asks_for_certificate
            && let Some(certificate) = &certificate
        {
            certificate.warning(
                "no listener asks for certificates, so this person can't log in",
                Some("write `client_ca` in `tls` of [server]".to_owned()),
            );
        }
        Self {
            verifier: proofs.verifier.filter(|_| method != Method::Certificate),
            certificate: proofs.certificate.filter(|_| method != Method::Scram),
        }
    }
}

/// `{ cn = "…", san = "…" }`
fn identity(field: &Field<'_>) -> Option<CertificateIdentity> {
    let Some(mut section) = field.as_table() else {
        field.unfit(
            "a table such as { cn = \"alice\" } or { san = \"alice@example.com\" }",
            None,
        );
        return None;
    };
    let (common_name, alternative_name) = (section.take("cn"), section.take("san"));
    if common_name.is_none() && alternative_name.is_none() && section.is_empty() {
        section.error("key `cn` or `san` is missing".to_owned(), None);
    }
    section.finish();
    let text = |field: Option<Field<'_>>| match field {
        // A value that is wrong makes the whole so.
        Some(field) => field.text().map(|text| Some(text.to_owned())),
        None => Some(None),
    };
    Some(CertificateIdentity {
        common_name: text(common_name)?,
        alternative_name: text(alternative_name)?,
    })
}

fn verifier(field: &Field<'_>, files: &mut Files) -> Option<ScramVerifier> {
    if let Some(text) = field.as_str() {
        return parse_verifier(field, text);
    }
    let Some(mut section) = field.as_table() else {
        field.unfit_secret("a SCRAM verifier, or { file = \"…\" }");
        return None;
    };
    let file = section.require("file");
    section.finish();
    let file = file?;
    let path = file.source().resolve(file.text()?);
    files.push(path.clone());
    secret_file::warn_of_readers(&file, &path);
    let read = || -> std::io::Result<Zeroizing<String>> {
        use std::io::Read as _;
        let mut text = Zeroizing::new(String::new());
        std::fs::File::open(&path)?
            .take(VERIFIER_FILE_BYTES_MAX)
            .read_to_string(&mut text)?;
        Ok(text)
    };
    match read() {
        Ok(text) => parse_verifier(&file, text.trim_end_matches(['\r', '\n'])),
        Err(error) => {
            file.error(format!("{} can't be read: {error}", path.display()));
            None
        }
    }
}

fn parse_verifier(field: &Field<'_>, text: &str) -> Option<ScramVerifier> {
    match ScramVerifier::parse(text) {
        Ok(verifier) => Some(verifier),
        Err(error) => {
            field.error_with_hint(
                format!("this is not a SCRAM-SHA-256 verifier: {error}"),
                "`pgwarden hash-password` makes one, and pg_authid.rolpassword holds those of PostgreSQL",
            );
            None
        }
    }
}

/// What follows the last `@` in the names of people.
pub(super) fn domains(people: &People<'_>) -> BTreeSet<String> {
    let names = people.by_name.keys();
    names
        .filter_map(|name| name.rsplit_once('@'))
        .map(|(_, domain)| domain.to_owned())
        .collect()
}

/// Iteration count and salt length of most people; of those that are as common, the least.
pub(super) fn most_common_scram_parameters(people: &People<'_>) -> (u32, usize) {
    let mut counts: BTreeMap<(u32, usize), usize> = BTreeMap::new();
    for verifier in people
        .by_name
        .values()
        .filter_map(|person| person.verifier.as_ref())
    {
        *counts
            .entry((verifier.iterations, verifier.salt.len()))
            .or_default() += 1;
    }
    // `max_by_key` gives the last of equals, so the order is turned around.
    counts
        .into_iter()
        .rev()
        .max_by_key(|&(_, count)| count)
        .map_or(DEFAULT_SCRAM_PARAMETERS, |(most, _)| most)
}

/// Reads all grants, each with the connection settings that it overrides.
pub(super) fn read_grants<'a>(
    sections: Vec<Section<'a>>,
    people: &People<'a>,
    targets: &Targets<'a>,
) -> Vec<(Grant, Connection)> {
    sections
        .into_iter()
        .map(|section| read_grant(section, people, targets))
        .collect()
}

fn read_grant<'a>(
    mut section: Section<'a>,
    people: &People<'a>,
    targets: &Targets<'a>,
) -> (Grant, Connection) {
    let users = section.take("users");
    let groups = section.take("groups");
    if users.is_none() && groups.is_none() {
        section.error("key `users` or `groups` is missing".to_owned(), None);
    }
    let users = users.and_then(|field| field.some_texts()).unwrap_or_default();
    for (name, field) in &users {
        people.names.check_known(field, name);
    }
    let groups = groups.and_then(|field| field.some_texts()).unwrap_or_default();
    for (name, field) in &groups {
        if !people.groups.contains(*name) {
            unknown_name(field, "group", name, people.groups.iter().map(String::as_str));
        }
    }
    let records = section
        .require("records")
        .and_then(|field| field.some_texts())
        .unwrap_or_default();
    let records = records
        .iter()
        .flat_map(|(text, field)| matching(text, field, targets))
        .collect();
    let from = section
        .take("from")
        .and_then(|field| field.some_texts())
        .map(|networks| {
            networks
                .iter()
                .filter_map(|(text, field)| network(text, field))
                .collect::<Vec<_>>()
        });
    let valid_from = section.take("valid_from").and_then(|field| time(&field));
    let until = section.take("valid_until");
    let valid_until = until.as_ref().and_then(time);
    if let (Some(field), Some(start), Some(end)) = (until, valid_from, valid_until)
        && start >= end
    {
        field.error("`valid_until` is not after `valid_from`, so the grant would never hold");
    }
    let connection = Connection::take(&mut section);
    let grant = Grant {
        users: users.iter().map(|(name, _)| (*name).to_owned()).collect(),
        groups: groups.iter().map(|(name, _)| (*name).to_owned()).collect(),
        records,
        from,
        valid_from,
        valid_until,
        enabled: connection.enable.unwrap_or(true),
        views: BTreeMap::new(),
    };
    check_overrides(&section, &grant, &connection, targets);
    section.finish();
    (grant, connection)
}

fn check_overrides<'a>(section: &Section<'a>, grant: &Grant, connection: &Connection, targets: &Targets<'a>) {
    if connection.default_database.is_some() || connection.databases.is_some() {
        // One error is enough, however many records the grant names.
        let combined = grant
            .records
            .iter()
            .filter_map(|record| targets.combined(record, connection));
        if let Some(wrong) = combined
            .into_iter()
            .find(|combined| !combined.default_is_allowed())
        {
            check_databases(section, &wrong);
        }
    }
    if connection.enable == Some(true)
        && let Some(disabled) = grant.records.iter().find(|record| targets.is_disabled(record))
    {
        section.warning(
            format!("`enable = true` has no effect on record \"{disabled}\", which is disabled for everyone"),
            None,
        );
    }
    warn_not_done(section, "of this grant", connection.not_done());
}

/// The records that a name or a pattern stands for.
fn matching<'a>(text: &str, field: &Field<'a>, targets: &Targets<'a>) -> Vec<RecordName> {
    if !pattern::is_pattern(text) {
        targets.check_known(field);
        return targets.record_name(text).cloned().into_iter().collect();
    }
    if field.are_all_names_known() && !targets.is_any_written(|name| pattern::matches(text, name)) {
        field.warning(format!("\"{}\" matches no record", text.escape_debug()), None);
    }
    targets
        .record_names()
        .filter(|name| pattern::matches(text, name.as_str()))
        .cloned()
        .collect()
}

/// A network in CIDR notation, or a single address.
pub(super) fn network(text: &str, field: &Field<'_>) -> Option<IpNet> {
    let network = text
        .parse::<IpNet>()
        .or_else(|_| text.parse().map(|address: std::net::IpAddr| address.into()));
    let Ok(network) = network else {
        field.unfit("a network such as \"10.0.0.0/8\", or an IP address", None);
        return None;
    };
    // Clients of IPv4 are taken as such, however they come, so this would match nobody.
    if let IpNet::V6(mapped) = network
        && let Some(inner) = mapped.addr().to_ipv4_mapped()
        && let Some(bits) = mapped.prefix_len().checked_sub(96)
    {
        field.error_with_hint(
            format!("{network} is a network of IPv4 in the notation of IPv6"),
            format!("write \"{inner}/{bits}\""),
        );
        return None;
    }
    if network != network.trunc() {
        field.warning(
            format!(
                "{network} names an address within a network, and stands for all of {}",
                network.trunc()
            ),
            Some(format!(
                "write \"{}\", or \"{}\" for the one address",
                network.trunc(),
                network.addr()
            )),
        );
    }
    Some(network.trunc())
}

fn time(field: &Field<'_>) -> Option<SystemTime> {
    // TOML has times of its own, which are written without quotes.
    let time = match (field.as_str(), field.as_datetime()) {
        (Some(text), _) => quantity::system_time(text),
        (None, Some(datetime)) => quantity::system_time_of(datetime),
        (None, None) => None,
    };
    if time.is_none() {
        field.unfit(
            "a time such as \"2026-12-31T18:00:00Z\", with its offset from UTC",
            None,
        );
    }
    time
}
