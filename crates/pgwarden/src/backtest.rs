//! What a new configuration changes, counted over recorded statements.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::rc::Rc;
use std::time::SystemTime;

use pgwarden_proxy::{ReplayVerdict, Replayed};
use pgwarden_recording::render::neutralised;
use pgwarden_recording::{SessionFacts, SessionId};
use serde::Serialize;

/// Most different changes that are kept apart: each takes about a kilobyte, and nobody reads more.
pub(crate) const GROUPS_MAX: usize = 10_000;

/// Most pairs of person and record without access that are kept apart.
const WITHOUT_ACCESS_MAX: usize = 1_000;

/// How a verdict changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(crate) enum Change {
    /// It passed, and would be refused.
    #[serde(rename = "newly_refused")]
    Refused,
    /// It was refused, and would pass.
    #[serde(rename = "newly_allowed")]
    Allowed,
    /// It passed without a word, and monitor mode would note it.
    #[serde(rename = "newly_observed")]
    Observed,
}

impl Change {
    const ALL: [Self; 3] = [Self::Refused, Self::Allowed, Self::Observed];

    fn heading(self) -> &'static str {
        match self {
            Self::Refused => "newly refused",
            Self::Allowed => "newly allowed",
            Self::Observed => "newly observed by monitor mode",
        }
    }
}

/// The change from one verdict to the other, and the setting that makes it.
fn change(then: &ReplayVerdict, now: &ReplayVerdict) -> Option<(Change, String)> {
    match (then, now) {
        (ReplayVerdict::Refused(_), ReplayVerdict::Refused(_))
        | (ReplayVerdict::Allowed | ReplayVerdict::Observed(_), ReplayVerdict::Allowed)
        | (ReplayVerdict::Observed(_), ReplayVerdict::Observed(_)) => None,
        (ReplayVerdict::Allowed | ReplayVerdict::Observed(_), ReplayVerdict::Refused(setting)) => {
            Some((Change::Refused, setting.clone()))
        }
        (ReplayVerdict::Refused(setting), ReplayVerdict::Allowed | ReplayVerdict::Observed(_)) => {
            Some((Change::Allowed, setting.clone()))
        }
        (ReplayVerdict::Allowed, ReplayVerdict::Observed(setting)) => {
            Some((Change::Observed, setting.clone()))
        }
    }
}

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    change: Change,
    record: Rc<str>,
    person: Rc<str>,
    setting: String,
    shape: Rc<str>,
}

#[derive(Debug)]
struct Group {
    count: u64,
    first: SystemTime,
    last: SystemTime,
    /// The last one in which it happened.
    session: SessionId,
}

/// Sessions of people who would not get in any more.
#[derive(Debug, Default)]
struct WithoutAccess {
    why: String,
    sessions: u64,
}

/// The counts so far.
#[derive(Debug, Default)]
pub(crate) struct Backtest {
    groups: HashMap<Key, Group>,
    /// Statements whose change was one too many.
    left_out: BTreeMap<Change, u64>,
    without_access: BTreeMap<(String, String), WithoutAccess>,
    without_access_left_out: u64,
    summary: Summary,
}

/// What was judged, and what could not be.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Summary {
    /// Sessions that were judged.
    pub(crate) sessions: u64,
    /// Statements that were judged.
    pub(crate) statements: u64,
    newly_refused: u64,
    newly_allowed: u64,
    newly_observed: u64,
    /// Of these, the ones that are not listed, as there are too many different ones.
    not_listed: u64,
    /// Sessions of people who have no access any more; they are not judged.
    sessions_without_access: u64,
    /// Statements whose text was masked for the sake of a password so that it can't be judged.
    pub(crate) masked_statements: u64,
    /// Sessions that could only be judged up to some point.
    pub(crate) incomplete_sessions: u64,
    /// Recordings that could not be read at all.
    pub(crate) unreadable_recordings: u64,
}

impl Backtest {
    pub(crate) fn summary_mut(&mut self) -> &mut Summary {
        &mut self.summary
    }

    pub(crate) fn add(&mut self, facts: &SessionFacts, replayed: Vec<Replayed>) {
        let (record, person): (Rc<str>, Rc<str>) =
            (facts.record.as_str().into(), facts.person.as_str().into());
        for Replayed { at, shape, then, now } in replayed {
            self.summary.statements = self.summary.statements.saturating_add(1);
            let Some((change, setting)) = change(&then, &now) else {
                continue;
            };
            let total = match change {
                Change::Refused => &mut self.summary.newly_refused,
                Change::Allowed => &mut self.summary.newly_allowed,
                Change::Observed => &mut self.summary.newly_observed,
            };
            *total = total.saturating_add(1);
            let time = facts.time_of(at);
            let key = Key {
                change,
                record: Rc::clone(&record),
                person: Rc::clone(&person),
                setting,
                shape,
            };
            if let Some(group) = self.groups.get_mut(&key) {
                group.count = group.count.saturating_add(1);
                group.first = group.first.min(time);
                if time >= group.last {
                    (group.last, group.session) = (time, facts.id);
                }
            } else if self.groups.len() < GROUPS_MAX {
                let group = Group {
                    count: 1,
                    first: time,
                    last: time,
                    session: facts.id,
                };
                self.groups.insert(key, group);
            } else {
                let left_out = self.left_out.entry(change).or_default();
                *left_out = left_out.saturating_add(1);
                self.summary.not_listed = self.summary.not_listed.saturating_add(1);
            }
        }
    }

    pub(crate) fn add_without_access(&mut self, facts: &SessionFacts, why: String) {
        self.summary.sessions_without_access = self.summary.sessions_without_access.saturating_add(1);
        let key = (facts.record.clone(), facts.person.clone());
        if self.without_access.len() >= WITHOUT_ACCESS_MAX && !self.without_access.contains_key(&key) {
            self.without_access_left_out = self.without_access_left_out.saturating_add(1);
            return;
        }
        let entry = self.without_access.entry(key).or_default();
        entry.sessions = entry.sessions.saturating_add(1);
        entry.why = why;
    }

    /// What changes most often first.
    fn sorted(&self, change: Change) -> Vec<(&Key, &Group)> {
        let mut groups: Vec<_> = self
            .groups
            .iter()
            .filter(|(key, _)| key.change == change)
            .collect();
        groups.sort_by(|(a_key, a), (b_key, b)| b.count.cmp(&a.count).then_with(|| a_key.cmp(b_key)));
        groups
    }

    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let shown = |text: &str| neutralised(text.as_bytes());
        for change in Change::ALL {
            let groups = self.sorted(change);
            if groups.is_empty() {
                continue;
            }
            writeln!(out, "{}:", change.heading())?;
            for (key, group) in groups {
                writeln!(
                    out,
                    "{:>7}  {} for {} on {}, {}, session {}\n         {}",
                    group.count,
                    key.setting,
                    shown(&key.person),
                    shown(&key.record),
                    times(group),
                    group.session,
                    shown(&key.shape)
                )?;
            }
            if let Some(count) = self.left_out.get(&change) {
                writeln!(
                    out,
                    "{count:>7}  of other kinds, which are not listed: {GROUPS_MAX} are at most (GROUPS_MAX)"
                )?;
            }
            writeln!(out)?;
        }
        if !self.without_access.is_empty() {
            writeln!(out, "sessions that would not begin any more:")?;
            for ((record, person), WithoutAccess { why, sessions }) in &self.without_access {
                writeln!(
                    out,
                    "{sessions:>7}  {} on {}: {why}",
                    shown(person),
                    shown(record)
                )?;
            }
            if self.without_access_left_out > 0 {
                writeln!(out, "{:>7}  of others", self.without_access_left_out)?;
            }
            writeln!(out)?;
        }
        self.summary.write(out)
    }

    pub(crate) fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        for change in Change::ALL {
            for (key, group) in self.sorted(change) {
                put_json(
                    out,
                    &GroupLine {
                        change,
                        record: &key.record,
                        person: &key.person,
                        setting: &key.setting,
                        statement: &key.shape,
                        count: group.count,
                        first: time_text(group.first),
                        last: time_text(group.last),
                        session: group.session,
                    },
                )?;
            }
        }
        for ((record, person), WithoutAccess { why, sessions }) in &self.without_access {
            put_json(
                out,
                &WithoutAccessLine {
                    change: "no_access",
                    record,
                    person,
                    reason: why,
                    sessions: *sessions,
                },
            )?;
        }
        put_json(
            out,
            &SummaryLine {
                summary: &self.summary,
            },
        )
    }
}

impl Summary {
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let Self {
            sessions,
            statements,
            newly_refused,
            newly_allowed,
            newly_observed,
            not_listed: _,
            sessions_without_access,
            masked_statements,
            incomplete_sessions,
            unreadable_recordings,
        } = self;
        write!(
            out,
            "{statements} statements of {sessions} sessions judged: {newly_refused} newly refused, {newly_allowed} newly allowed"
        )?;
        if *newly_observed > 0 {
            write!(out, ", {newly_observed} newly observed")?;
        }
        writeln!(out)?;
        for (count, what) in [
            (
                sessions_without_access,
                "sessions not judged, as they would not begin any more",
            ),
            (
                masked_statements,
                "statements not judged, as what they do is masked with a password",
            ),
            (
                incomplete_sessions,
                "sessions judged in part, as their recordings can't be followed to the end",
            ),
            (unreadable_recordings, "recordings not read"),
        ] {
            if *count > 0 {
                writeln!(out, "{count} {what}")?;
            }
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct GroupLine<'a> {
    change: Change,
    record: &'a str,
    person: &'a str,
    setting: &'a str,
    statement: &'a str,
    count: u64,
    first: String,
    last: String,
    session: SessionId,
}

#[derive(Serialize)]
struct WithoutAccessLine<'a> {
    change: &'static str,
    record: &'a str,
    person: &'a str,
    reason: &'a str,
    sessions: u64,
}

#[derive(Serialize)]
struct SummaryLine<'a> {
    summary: &'a Summary,
}

fn put_json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)
}

/// One time, or from the first to the last.
fn times(group: &Group) -> String {
    let (first, last) = (time_text(group.first), time_text(group.last));
    if first == last {
        first
    } else {
        format!("{first} to {last}")
    }
}

/// To the second: `2026-11-24T08:24:13Z`.
fn time_text(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    // What humantime writes ends with the year 9999, and it panics behind.
    let seconds = since.as_secs().min(253_402_300_799);
    let time = SystemTime::UNIX_EPOCH
        .checked_add(std::time::Duration::from_secs(seconds))
        .unwrap_or(SystemTime::UNIX_EPOCH);
    humantime::format_rfc3339_seconds(time).to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use pgwarden_recording::Timestamp;

    use super::*;

    fn facts(id: u64, person: &str) -> SessionFacts {
        let started = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000 + id * 60);
        SessionFacts::new(SessionId::from_bits(id), started, person, "orders")
    }

    fn replayed(seconds: u64, shape: &str, then: &str, now: &str) -> Replayed {
        let verdict = |text: &str| match text.split_at_checked(1) {
            Some(("-", setting)) => ReplayVerdict::Refused(setting.to_owned()),
            Some(("~", setting)) => ReplayVerdict::Observed(setting.to_owned()),
            _ => ReplayVerdict::Allowed,
        };
        Replayed {
            at: Timestamp::from_micros(seconds * 1_000_000),
            shape: shape.into(),
            then: verdict(then),
            now: verdict(now),
        }
    }

    fn shown(backtest: &Backtest) -> String {
        let mut out = Vec::new();
        backtest.write(&mut out).unwrap();
        out.extend_from_slice(b"----\n");
        backtest.write_json(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn reports_read_well() {
        let mut backtest = Backtest::default();
        let copy = "copy t to stdout";
        backtest.add(
            &facts(1, "alice"),
            vec![
                replayed(1, "select ?", "", ""),
                replayed(2, copy, "", "-can_export_csv"),
                replayed(3, copy, "~can_export_csv", "-can_export_csv"),
                replayed(4, copy, "-can_export_csv", "-opaque_code"),
                replayed(5, "load ?", "-can_run_server_programs", ""),
                replayed(6, "do ?", "", "~opaque_code"),
                replayed(7, "do ?", "~opaque_code", "~opaque_code"),
                replayed(8, "copy \u{1b}[2J from stdin", "", "-can_import_csv"),
            ],
        );
        backtest.add(&facts(2, "alice"), vec![replayed(9, copy, "", "-can_export_csv")]);
        backtest.add(&facts(3, "bob"), vec![replayed(9, copy, "", "-can_export_csv")]);
        backtest.add_without_access(
            &facts(4, "eve"),
            "the person is not in the configuration".to_owned(),
        );
        backtest.summary_mut().sessions = 3;
        backtest.summary_mut().unreadable_recordings = 1;
        insta::assert_snapshot!(shown(&backtest));
        insta::assert_snapshot!(shown(&Backtest::default()), @r#"
        0 statements of 0 sessions judged: 0 newly refused, 0 newly allowed
        ----
        {"summary":{"sessions":0,"statements":0,"newly_refused":0,"newly_allowed":0,"newly_observed":0,"not_listed":0,"sessions_without_access":0,"masked_statements":0,"incomplete_sessions":0,"unreadable_recordings":0}}
        "#);
    }

    #[test]
    fn what_is_too_much_is_counted() {
        let mut backtest = Backtest::default();
        let many = (0..GROUPS_MAX + 2).map(|number| replayed(0, &number.to_string(), "", "-opaque_code"));
        backtest.add(&facts(1, "alice"), many.collect());
        backtest.add(&facts(1, "alice"), vec![replayed(0, "0", "", "-opaque_code")]);
        let shown = shown(&backtest);
        assert!(shown.contains("      2  of other kinds, which are not listed: 10000 are at most"));
        assert!(shown.contains("\"newly_refused\":10003"), "{shown}");
    }
}
