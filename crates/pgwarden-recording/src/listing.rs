//! The recordings of a directory: listing them, and finding one by what a person typed.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use serde::Serialize;

use crate::{
    EndReason, Ending, ReadError, SessionFacts, SessionId,
    outline::Outline,
    render::neutralised,
    session::rfc3339_text,
    table::{Align, Table},
    writer::FILE_EXTENSION,
};

/// Whether a session's recording is complete.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// The session ended, and that is recorded.
    Ended,
    /// The session goes on.
    Live,
    /// The recording was cut, by a crash or a failure.
    Cut,
}

impl SessionState {
    /// Its name in lists.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Live => "live",
            Self::Cut => "cut",
        }
    }
}

/// What a list shows of a session, without its recording being read through.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SessionSummary {
    /// Facts of the start.
    #[serde(flatten)]
    pub facts: SessionFacts,
    /// Whether it is complete.
    pub state: SessionState,
    /// From the start to the end; for a live session or one that was cut, to what was recorded last.
    #[serde(rename = "duration_us", serialize_with = "microseconds")]
    pub duration: Duration,
    /// Why it ended, if it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<EndReason>,
    /// SQLSTATE of the FATAL that ended it, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sqlstate: Option<String>,
    /// Query and Execute messages; known once it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statements: Option<u64>,
    /// Refusals so far.
    pub refusals: u64,
    /// What monitor mode would have refused so far.
    pub observations: u64,
    /// The refusals by the name of what refused. `None`: the recording is of before that was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<BTreeMap<String, u64>>,
    /// The observations likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<BTreeMap<String, u64>>,
    /// Length of the recording.
    pub bytes: u64,
    /// The recording.
    pub path: PathBuf,
}

fn microseconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
}

impl SessionSummary {
    /// The summary of one recording.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let Outline {
            facts,
            ending,
            last,
            verdicts,
            bytes,
        } = Outline::read(path)?;
        let mut summary = Self {
            facts,
            state: SessionState::Live,
            duration: last.since_start(),
            end_reason: None,
            sqlstate: None,
            statements: None,
            refusals: 0,
            observations: 0,
            refused: None,
            observed: None,
            bytes,
            path: path.to_owned(),
        };
        let counts = match ending {
            Ending::Live => verdicts,
            Ending::Cut { .. } => {
                summary.state = SessionState::Cut;
                verdicts
            }
            Ending::Ended(end, counts) => {
                summary.state = SessionState::Ended;
                summary.duration = end.at.since_start();
                summary.end_reason = Some(end.reason);
                summary.sqlstate = end.sqlstate;
                summary.statements = Some(counts.statements);
                counts
            }
        };
        summary.refusals = counts.refusals;
        summary.observations = counts.observations;
        let known =
            |by_setting: BTreeMap<_, _>, count| (count == 0 || !by_setting.is_empty()).then_some(by_setting);
        summary.refused = known(counts.refused, counts.refusals);
        summary.observed = known(counts.observed, counts.observations);
        Ok(summary)
    }
}

/// The recordings of a directory.
#[derive(Debug, Default)]
pub struct Listing {
    /// By start, oldest first.
    pub sessions: Vec<SessionSummary>,
    /// Recordings that can't be read; the others are listed all the same.
    pub unreadable: Vec<ReadError>,
}

/// Lists the recordings of a directory, reading heads and ends only. A directory that is missing has none.
pub fn list(directory: &Path) -> io::Result<Listing> {
    let mut listing = Listing::default();
    for candidate in candidates(directory)? {
        match SessionSummary::read(&candidate.path) {
            Ok(summary) => listing.sessions.push(summary),
            // Its writer is just beginning, or never got further: there is no session to show.
            Err(ReadError::NoFacts { .. }) => {}
            Err(error) => listing.unreadable.push(error),
        }
    }
    listing
        .sessions
        .sort_by_key(|session| (session.facts.started, session.facts.id));
    Ok(listing)
}

/// No recording, or not one, goes by what was given.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// The directory can't be read.
    #[error("read directory {directory}")]
    Directory {
        /// The recordings' directory.
        directory: PathBuf,
        /// As the system says it.
        source: io::Error,
    },
    /// There are no recordings.
    #[error("there is no recording in {directory}")]
    Empty {
        /// The recordings' directory.
        directory: PathBuf,
    },
    /// Nothing matches.
    #[error(
        "no recording in {directory} matches \"{session}\"; a session is an id or its beginning, a file, or \"last\""
    )]
    NotFound {
        /// The recordings' directory.
        directory: PathBuf,
        /// What was given.
        session: String,
    },
    /// Several ids begin with it.
    #[error("\"{session}\" is the beginning of {} sessions: {}", matches.len(), shown(matches))]
    Ambiguous {
        /// What was given.
        session: String,
        /// The ids.
        matches: Vec<SessionId>,
    },
}

/// Most ids in the text of an error.
const SHOWN_MATCHES_MAX: usize = 10;

fn shown(matches: &[SessionId]) -> String {
    let mut text = matches
        .iter()
        .take(SHOWN_MATCHES_MAX)
        .map(SessionId::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    if matches.len() > SHOWN_MATCHES_MAX {
        text.push_str(", …");
    }
    text
}

/// Finds the recording of a session: a file, `last` (the one that started last), an id, or the beginning of an id that
/// no other session shares.
pub fn find(directory: &Path, session: &str) -> Result<PathBuf, FindError> {
    let as_path = Path::new(session);
    if session.contains('/') || as_path.is_file() {
        return Ok(as_path.to_owned());
    }
    let not_found = || FindError::NotFound {
        directory: directory.to_owned(),
        session: session.to_owned(),
    };
    let mut candidates = candidates(directory).map_err(|source| FindError::Directory {
        directory: directory.to_owned(),
        source,
    })?;
    if session == "last" {
        candidates.sort_by_key(|candidate| (candidate.started, candidate.id));
        let newest = candidates
            .iter()
            .rev()
            .find(|candidate| SessionSummary::read(&candidate.path).is_ok());
        return newest
            .map(|newest| newest.path.clone())
            .ok_or_else(|| FindError::Empty {
                directory: directory.to_owned(),
            });
    }
    if let Some(named) = candidates
        .iter()
        .find(|candidate| candidate.path.file_name() == Some(as_path.as_os_str()))
    {
        return Ok(named.path.clone());
    }
    let wanted = session.to_ascii_lowercase();
    if wanted.is_empty() || !wanted.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(not_found());
    }
    candidates.retain(|candidate| candidate.id.to_string().starts_with(&wanted));
    match candidates.as_slice() {
        [] => Err(not_found()),
        [one] => Ok(one.path.clone()),
        several => Err(FindError::Ambiguous {
            session: session.to_owned(),
            matches: several.iter().map(|candidate| candidate.id).collect(),
        }),
    }
}

/// A file that is a recording by its name or its header.
struct Candidate {
    path: PathBuf,
    started: SystemTime,
    id: SessionId,
}

fn candidates(directory: &Path) -> io::Result<Vec<Candidate>> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == FILE_EXTENSION)
            && let Some((started, id)) = from_name(&path).or_else(|| from_header(&path))
        {
            found.push(Candidate { path, started, id });
        }
    }
    Ok(found)
}

/// Start and id from `20261124T082413.123456Z-0123456789abcdef.pgwr`.
fn from_name(path: &Path) -> Option<(SystemTime, SessionId)> {
    let (time, id) = path.file_stem()?.to_str()?.split_once('-')?;
    let (date, clock) = time.split_once('T')?;
    let (year, date) = date.split_at_checked(4)?;
    let (month, day) = date.split_at_checked(2)?;
    let (hour, clock) = clock.split_at_checked(2)?;
    let (minute, second) = clock.split_at_checked(2)?;
    let started = humantime::parse_rfc3339(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}")).ok()?;
    Some((started, id.parse().ok()?))
}

/// Start and id of a recording that somebody has renamed.
fn from_header(path: &Path) -> Option<(SystemTime, SessionId)> {
    let outline = Outline::read(path).ok()?;
    Some((outline.facts.started, outline.facts.id))
}

/// Sessions as a table for people, in the order given.
pub fn sessions_table(sessions: &[SessionSummary]) -> String {
    let columns = [
        ("SESSION", Align::Left),
        ("STARTED", Align::Left),
        ("DURATION", Align::Right),
        ("PERSON", Align::Left),
        ("RECORD", Align::Left),
        ("DATABASE", Align::Left),
        ("FROM", Align::Left),
        ("STATEMENTS", Align::Right),
        ("REFUSED", Align::Right),
        ("OBSERVED", Align::Right),
        ("STATE", Align::Left),
    ];
    let count = |number: Option<u64>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
    let rows = sessions.iter().map(|session| {
        let SessionSummary {
            facts,
            state,
            duration,
            end_reason,
            sqlstate,
            statements,
            refusals,
            observations,
            ..
        } = session;
        let mut state = state.as_str().to_owned();
        if let Some(reason) = end_reason.filter(|reason| *reason != EndReason::ClientTerminated) {
            let _ = write!(state, ": {}", reason.describe());
        }
        if let Some(sqlstate) = sqlstate {
            let _ = write!(state, " ({})", neutralised(sqlstate.as_bytes()));
        }
        [
            facts.id.to_string(),
            started_text(facts.started),
            duration_text(*duration),
            neutralised(facts.person.as_bytes()),
            neutralised(facts.record.as_bytes()),
            neutralised(facts.database.as_deref().unwrap_or("-").as_bytes()),
            neutralised(facts.client_address.as_deref().unwrap_or("-").as_bytes()),
            count(*statements),
            refusals.to_string(),
            observations.to_string(),
            state,
        ]
    });
    Table::plain(&columns, rows)
}

/// To the second: `2026-11-24 08:24:13Z`.
pub(crate) fn started_text(started: SystemTime) -> String {
    let text = rfc3339_text(started);
    let second = text.get(..19).unwrap_or(&text).replace('T', " ");
    format!("{second}Z")
}

/// `0.0123 s`, `12.3 s`, `5:07`, `3:05:07`.
pub(crate) fn duration_text(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match seconds {
        0..60 => format!("{:.3} s", duration.as_secs_f64()),
        60..3600 => format!("{minutes}:{:02}", seconds % 60),
        _ => format!("{hours}:{minutes:02}:{:02}", seconds % 60),
    }
}
