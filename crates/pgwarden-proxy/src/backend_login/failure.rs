//! Why a database could not be logged in to, for the client, the log and the metrics.

use std::fmt::Write as _;
use std::io;

use pgwarden_records::{Record, RecordName, SecretError};
use pgwarden_wire::limits::STARTUP_BYTES_MAX;
use pgwarden_wire::{ErrorFields, ErrorResponse, FrameError, MalformedMessage, field, sqlstate};

use crate::backend_tls::BackendTlsError;
use crate::causes::Causes;
use crate::metrics::LoginFailure;
use crate::scram_client::ScramClientError;
use crate::stream::ConversationError;

/// `cannot_connect_now`: the server is starting up or shutting down.
const CANNOT_CONNECT_NOW: &[u8] = b"57P03";

/// Why there is no connection to a record's database. Its text is for the log, and names what the client may not know.
#[derive(Debug, thiserror::Error)]
#[error("the database of record {record} could not be logged in to: {cause}")]
pub(crate) struct BackendLoginError {
    record: RecordName,
    /// What no text for the client may hold: the injected login, and where the server is.
    hidden: Vec<String>,
    cause: Cause,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Cause {
    #[error("its startup packet would have {bytes} bytes, and it takes {STARTUP_BYTES_MAX} at most")]
    StartupTooLong { bytes: usize },
    #[error("it can't be reached{}", listed(.0))]
    Unreachable(Vec<(String, io::Error)>),
    #[error("it can't be reached: {0}")]
    NotConnected(io::Error),
    /// Before it asked for a password; the next attempt asks for the oldest version.
    #[error("it refuses this version of the protocol: {0}")]
    VersionRefused(Box<Cause>),
    #[error("it negotiates the version of the protocol in a way that makes no sense")]
    Negotiation,
    #[error("its cancel key has {bytes} bytes, and 4 to 256 are allowed")]
    KeyLength { bytes: usize },
    #[error("{0}")]
    Tls(BackendTlsError),
    #[error("it does not bind its login to the TLS channel, which channel_binding = \"require\" asks for")]
    NotBound,
    #[error("it did not answer in time")]
    Silent,
    #[error("it closed the connection during the login")]
    Closed,
    #[error("the connection failed: {0}")]
    Io(io::Error),
    #[error("it says: {0}")]
    Server(ServerError),
    #[error("it asks for a password, and the record's pam_user has none")]
    NoPassword,
    #[error("the password can't be had: {}", Causes(.0))]
    Password(SecretError),
    #[error("the task that reads the password ended early")]
    PasswordTask,
    #[error(
        "it asks for the password in clear, and it isn't known who it is; use scram-sha-256 in its pg_hba.conf, a unix socket, or tls = {{ mode = \"verify-full\" }}"
    )]
    CleartextOverTcp,
    #[error(
        "it asks for authentication by method {code}, which is not supported; use scram-sha-256 in its pg_hba.conf"
    )]
    UnsupportedMethod { code: u32 },
    #[error("it offers no SASL mechanism but those that need TLS or are unknown")]
    NoKnownMechanism,
    #[error("its SCRAM exchange failed: {0}")]
    Scram(#[from] ScramClientError),
    #[error("it sent an authentication request out of order")]
    OutOfOrder,
    #[error("it sent a message of type {tag:#04x} during the login")]
    Unexpected { tag: u8 },
    #[error("what it sends is not PostgreSQL's protocol: {0}")]
    Frame(#[from] FrameError),
    #[error("what it sends is not PostgreSQL's protocol: {0}")]
    Malformed(#[from] MalformedMessage),
}

impl Cause {
    pub(super) fn of_conversation(error: ConversationError) -> Self {
        match error {
            ConversationError::Deadline => Cause::Silent,
            ConversationError::Io(error) => Cause::Io(error),
        }
    }
}

fn listed(attempts: &[(String, io::Error)]) -> String {
    let mut text = String::new();
    for (place, error) in attempts {
        // Writing to a string can't fail.
        let _ = write!(text, "; {place}: {error}");
    }
    text
}

/// A server's refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServerError {
    /// Codes and values, all of them: drivers read more than the text (the routine, for one), and the error is mostly about what the client asked for.
    fields: Vec<(u8, Vec<u8>)>,
}

impl ServerError {
    pub(crate) fn read(fields: ErrorFields<'_>) -> Self {
        ServerError {
            fields: fields
                .iter()
                .map(|(code, value)| (code, value.to_vec()))
                .collect(),
        }
    }

    fn field(&self, code: u8) -> &[u8] {
        self.fields
            .iter()
            .find(|&&(c, _)| c == code)
            .map_or(&[], |(_, value)| value)
    }

    pub(super) fn is_cannot_connect_now(&self) -> bool {
        self.field(field::SQLSTATE) == CANNOT_CONNECT_NOW
    }

    /// What servers and poolers answer a version that they don't speak: `feature_not_supported` (`ProcessStartupPacket`) and
    /// `protocol_violation`. If it is about something else, it comes again.
    pub(super) fn may_be_about_version(&self) -> bool {
        matches!(self.field(field::SQLSTATE), b"0A000" | b"08P01")
    }

    /// Class 28 is about who logs in: the injected login, not the person.
    fn is_about_credential(&self) -> bool {
        self.field(field::SQLSTATE).starts_with(b"28")
    }

    fn names_any(&self, hidden: &[String]) -> bool {
        self.fields.iter().any(|(_, value)| {
            hidden
                .iter()
                .any(|word| !word.is_empty() && memchr::memmem::find(value, word.as_bytes()).is_some())
        })
    }

    fn encode(&self, out: &mut Vec<u8>) {
        encode_fields(
            self.fields.iter().map(|(code, value)| (*code, value.as_slice())),
            out,
        );
    }

    /// The same SQLSTATE with a text that gives nothing away.
    fn encode_generic(&self, record: &RecordName, out: &mut Vec<u8>) {
        let message = format!("database of record \"{record}\" refused the connection");
        let severity = b"FATAL".as_slice();
        let fields = [
            (field::SEVERITY, severity),
            (field::SEVERITY_NONLOCALIZED, severity),
            (field::SQLSTATE, self.field(field::SQLSTATE)),
            (field::MESSAGE, message.as_bytes()),
        ];
        encode_fields(fields.into_iter(), out);
    }
}

impl std::fmt::Display for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |code| String::from_utf8_lossy(self.field(code));
        write!(
            f,
            "{} {}: {}",
            text(field::SEVERITY),
            text(field::SQLSTATE),
            text(field::MESSAGE)
        )?;
        for code in [field::DETAIL, field::HINT] {
            if !self.field(code).is_empty() {
                write!(f, " {}", text(code))?;
            }
        }
        Ok(())
    }
}

/// An `ErrorResponse` of a server's own fields, whose SQLSTATE is any.
fn encode_fields<'a>(fields: impl Iterator<Item = (u8, &'a [u8])>, out: &mut Vec<u8>) {
    let mut body = Vec::new();
    for (code, value) in fields {
        body.push(code);
        // Values come from zero-terminated strings, and hold no zero bytes.
        body.extend_from_slice(value);
        body.push(0);
    }
    body.push(0);
    // The fields are part of a message that was bounded, so this never saturates.
    let length = u32::try_from(body.len().saturating_add(4)).unwrap_or(u32::MAX);
    out.push(pgwarden_wire::BackendType::ErrorResponse.tag());
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&body);
}

impl BackendLoginError {
    pub(super) fn new(record: &Record, cause: Cause) -> Self {
        let mut hidden = vec![record.login.clone()];
        hidden.extend(record.hosts.iter().map(|host| host.host.clone()));
        BackendLoginError {
            record: record.name.clone(),
            hidden,
            cause,
        }
    }

    /// The message for the client, complete. What a server says passes on as worded, unless it is about the injected login or names what
    /// a client may not see.
    pub(crate) fn to_client(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let record = &self.record;
        match &self.cause {
            // No figures: they would tell how long the injected login is.
            Cause::StartupTooLong { .. } => ErrorResponse::fatal(
                sqlstate::PROGRAM_LIMIT_EXCEEDED,
                format!("startup parameters are too long for the database of record \"{record}\""),
            )
            .with_hint("Set them by SET once the session has begun.")
            .encode(&mut out),
            Cause::Server(error) if !error.is_about_credential() => {
                if error.names_any(&self.hidden) {
                    error.encode_generic(record, &mut out);
                } else {
                    error.encode(&mut out);
                }
            }
            Cause::Server(_)
            | Cause::NoPassword
            | Cause::Password(_)
            | Cause::PasswordTask
            | Cause::CleartextOverTcp
            | Cause::UnsupportedMethod { .. }
            | Cause::NoKnownMechanism
            | Cause::NotBound
            | Cause::Scram(_)
            | Cause::OutOfOrder => ErrorResponse::fatal(
                sqlstate::INVALID_AUTHORIZATION_SPECIFICATION,
                format!("database of record \"{record}\" refused the login of pgwarden"),
            )
            .with_hint("Whoever administers pgwarden finds the reason in its log.")
            .encode(&mut out),
            Cause::Unreachable(_)
            | Cause::NotConnected(_)
            | Cause::VersionRefused(_)
            | Cause::Negotiation
            | Cause::KeyLength { .. }
            | Cause::Tls(_)
            | Cause::Silent
            | Cause::Closed
            | Cause::Io(_)
            | Cause::Unexpected { .. }
            | Cause::Frame(_)
            | Cause::Malformed(_) => ErrorResponse::fatal(
                sqlstate::SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION,
                format!("database of record \"{record}\" cannot be reached"),
            )
            .with_hint("Whoever administers pgwarden finds the reason in its log.")
            .encode(&mut out),
        }
        out
    }

    /// The kind, as a metric label.
    pub(crate) fn kind(&self) -> LoginFailure {
        match &self.cause {
            Cause::Server(error) if error.is_about_credential() => LoginFailure::BackendCredential,
            Cause::Server(_) | Cause::StartupTooLong { .. } => LoginFailure::BackendRefused,
            Cause::NoPassword
            | Cause::Password(_)
            | Cause::PasswordTask
            | Cause::CleartextOverTcp
            | Cause::UnsupportedMethod { .. }
            | Cause::NoKnownMechanism
            | Cause::NotBound
            | Cause::Scram(_)
            | Cause::OutOfOrder => LoginFailure::BackendCredential,
            Cause::Tls(_) => LoginFailure::BackendTls,
            Cause::Unreachable(_)
            | Cause::NotConnected(_)
            | Cause::VersionRefused(_)
            | Cause::Negotiation
            | Cause::KeyLength { .. }
            | Cause::Silent
            | Cause::Closed
            | Cause::Io(_)
            | Cause::Unexpected { .. }
            | Cause::Frame(_)
            | Cause::Malformed(_) => LoginFailure::BackendUnreachable,
        }
    }
}
