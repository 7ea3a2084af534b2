//! Who, what, when: the facts at a session's start and at its end.

use std::{
    collections::BTreeMap,
    fmt,
    str::FromStr,
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{Event, Timestamp};

/// Names a session: 64 random bits, shown as 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SessionId(u64);

impl SessionId {
    /// A new id from the operating system's random source.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bits = [0; 8];
        getrandom::fill(&mut bits)?;
        Ok(Self(u64::from_be_bytes(bits)))
    }

    /// The id with these bits.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The id's bits.
    pub const fn bits(self) -> u64 {
        self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Not 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a session id is 16 hexadecimal digits")]
pub struct ParseSessionIdError;

impl FromStr for SessionId {
    type Err = ParseSessionIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 16 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ParseSessionIdError);
        }
        u64::from_str_radix(text, 16)
            .map(Self)
            .map_err(|_| ParseSessionIdError)
    }
}

impl Serialize for SessionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SessionId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

/// What is known when a session begins; the first chunk of its recording.
///
/// Never a secret: no password, no key, not the login that is injected into the database.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SessionFacts {
    /// Names the session in logs, file names and commands.
    pub id: SessionId,
    /// When the session began. All other times of a recording are relative to this one. Kept to the microsecond.
    #[serde(with = "rfc3339")]
    pub started: SystemTime,
    /// Who logged in.
    pub person: String,
    /// The record that the person came through.
    pub record: String,
    /// The database on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// Address and port of the client (of a balancer's header, if it sent one), or `local` over a unix socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_address: Option<String>,
    /// The process at the other end of a unix socket, as the kernel knew it when it connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_process: Option<ClientProcess>,
    /// `application_name` of the client's startup message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_name: Option<String>,
    /// `server_version` as the server reported it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_version: Option<String>,
    /// The address that the client connected to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listener: Option<String>,
    /// What a replication connection asked for: `true` (of the server) or `database`. `None`: it isn't one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replication: Option<String>,
    /// TLS with the client. `None`: the connection was in plain text, or a unix socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsUsed>,
    /// TLS with the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_tls: Option<TlsUsed>,
    /// Version of the pgwarden that wrote the recording.
    #[serde(default)]
    pub pgwarden_version: String,
    /// The connection settings in force at the start, by name, with their values as in the configuration.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, String>,
}

/// Who connected to a unix socket.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ClientProcess {
    /// Effective user id.
    pub uid: u32,
    /// Effective group id.
    pub gid: u32,
    /// Process id. `None`: the process belongs to another namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<i32>,
}

/// What a connection was protected by.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TlsUsed {
    /// As PostgreSQL names it: `TLSv1.3`.
    pub version: String,
    /// The cipher suite by its IANA name: `TLS_AES_256_GCM_SHA384`.
    pub cipher: String,
    /// Subject of the certificate that the client showed, and that was verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<String>,
}

impl SessionFacts {
    /// The least that is known of a session; the other fields are public and can be set afterwards.
    pub fn new(id: SessionId, started: SystemTime, person: &str, record: &str) -> Self {
        Self {
            id,
            started: to_microseconds(started),
            person: person.to_owned(),
            record: record.to_owned(),
            database: None,
            client_address: None,
            client_process: None,
            application_name: None,
            server_version: None,
            listener: None,
            replication: None,
            tls: None,
            server_tls: None,
            pgwarden_version: String::new(),
            settings: BTreeMap::new(),
        }
    }

    /// The time of day of something that happened `at` after the start.
    pub fn time_of(&self, at: Timestamp) -> SystemTime {
        self.started.checked_add(at.since_start()).unwrap_or(self.started)
    }
}

/// What is known when a session ends; the last of its recording.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SessionEnd {
    /// When it ended.
    #[serde(rename = "at_us")]
    pub at: Timestamp,
    /// Why.
    pub reason: EndReason,
    /// SQLSTATE of the FATAL that the client was sent, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sqlstate: Option<String>,
}

/// Why a session ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The client said good-bye with Terminate.
    ClientTerminated,
    /// The client's connection went away without Terminate.
    ClientVanished,
    /// The server closed its connection, or went away.
    ServerClosed,
    /// The database could not be reached, or did not accept the injected login.
    BackendLoginFailed,
    /// A copy that no verdict had approved.
    CopyGuard,
    /// A limit of the record or of the server was passed.
    LimitExceeded,
    /// The client or the server broke the protocol.
    ProtocolViolation,
    /// The record was disabled.
    RecordDisabled,
    /// The grant was revoked, or ran out.
    GrantRevoked,
    /// An administrator ended it.
    Killed,
    /// pgwarden was shutting down.
    Shutdown,
    /// Nothing happened for `idle_timeout`.
    IdleTimeout,
    /// The session lasted `max_session_duration`.
    MaxDuration,
    /// The recording could not go on.
    RecordingFailed,
    /// A fault of pgwarden itself.
    InternalError,
    /// A reason that a newer pgwarden wrote and this one has no name for.
    #[serde(other)]
    Other,
}

impl EndReason {
    /// For people: completes "session ended: …".
    pub const fn describe(self) -> &'static str {
        match self {
            Self::ClientTerminated => "the client closed it",
            Self::ClientVanished => "the client's connection went away",
            Self::ServerClosed => "the server closed it",
            Self::BackendLoginFailed => "no login to the database",
            Self::CopyGuard => "stopped by the copy guard",
            Self::LimitExceeded => "a limit was exceeded",
            Self::ProtocolViolation => "the protocol was violated",
            Self::RecordDisabled => "the record was disabled",
            Self::GrantRevoked => "the grant was revoked or ran out",
            Self::Killed => "ended by an administrator",
            Self::Shutdown => "pgwarden was shutting down",
            Self::IdleTimeout => "idle for too long",
            Self::MaxDuration => "its longest duration was reached",
            Self::RecordingFailed => "the recording could not go on",
            Self::InternalError => "an internal error",
            Self::Other => "for another reason",
        }
    }
}

/// Most settings that verdicts are counted by: pgwarden has some thirty, and a file may name any.
const COUNTED_SETTINGS_MAX: usize = 64;

/// What was counted while a recording was written.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Query and Execute messages that the client sent, refused ones included.
    pub statements: u64,
    /// Verdicts that refused.
    pub refusals: u64,
    /// Verdicts of monitor mode: what would have been refused.
    pub observations: u64,
    /// The refusals by the name of what refused: a setting, or a limit. Empty in files of before it was counted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refused: BTreeMap<String, u64>,
    /// The observations likewise.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub observed: BTreeMap<String, u64>,
}

impl Counts {
    /// Counts an event, if it is a verdict.
    pub(crate) fn add(&mut self, event: &Event) {
        let (count, by_setting, setting) = match event {
            Event::Verdict {
                refused: true,
                setting,
                ..
            } => (&mut self.refusals, &mut self.refused, setting),
            Event::Verdict {
                refused: false,
                setting,
                ..
            } => (&mut self.observations, &mut self.observed, setting),
            Event::Reload { .. } | Event::Cancel { .. } | Event::GuardTrip { .. } | Event::Note { .. } => {
                return;
            }
        };
        *count = count.saturating_add(1);
        if let Some(of_setting) = by_setting.get_mut(setting) {
            *of_setting = of_setting.saturating_add(1);
        } else if by_setting.len() < COUNTED_SETTINGS_MAX {
            by_setting.insert(setting.clone(), 1);
        }
    }
}

/// `time` cut to whole microseconds, the resolution of recordings.
pub(crate) fn to_microseconds(time: SystemTime) -> SystemTime {
    from_unix_micros(unix_micros(time)).unwrap_or(time)
}

/// Microseconds since 1970; saturated where the range ends, negative before.
pub(crate) fn unix_micros(time: SystemTime) -> i64 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_micros()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, i64::saturating_neg),
    }
}

/// The time so many microseconds after (or before) 1970, unless the system can't express it.
pub(crate) fn from_unix_micros(micros: i64) -> Option<SystemTime> {
    let distance = Duration::from_micros(micros.unsigned_abs());
    if micros < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    }
}

/// RFC 3339 in UTC with microseconds.
pub(crate) fn rfc3339_text(time: SystemTime) -> String {
    // humantime's Display fails for times before 1970 and after 9999, and `to_string` would panic on that.
    let seconds = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .map(|since| since.as_secs());
    match seconds {
        Ok(0..=253_402_300_799) => humantime::format_rfc3339_micros(time).to_string(),
        Ok(_) => "9999-12-31T23:59:59.999999Z".to_owned(),
        Err(_) => "1970-01-01T00:00:00.000000Z".to_owned(),
    }
}

mod rfc3339 {
    use super::{Deserialize, Deserializer, Serializer, SystemTime, rfc3339_text};
    use serde::de::Error as _;

    pub(super) fn serialize<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&rfc3339_text(*time))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SystemTime, D::Error> {
        humantime::parse_rfc3339(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
