//! Why a login failed, for the client, the log and the metrics.

use std::io;
use std::time::Duration;

use pgwarden_policy::Refusal;
use pgwarden_records::AccessError;
use pgwarden_wire::{ErrorResponse, FrameError, MalformedMessage, StartupError, sqlstate};

use super::Encryption;
use super::options::OptionsError;
use super::request::shown;
use crate::metrics::LoginFailure;
use crate::scram::ScramViolation;
use crate::sessions::EndReason;
use crate::stream::ConversationError;

/// `query_canceled`, with which PostgreSQL too ends a login that takes too long.
const QUERY_CANCELED: sqlstate::SqlState = "57014";
/// `undefined_object`: no setting of this name.
const UNDEFINED_OBJECT: sqlstate::SqlState = "42704";

/// Why nobody was logged in. Its text is for the log, and says what the client may not know.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoginError {
    #[error("the client did not log in within {limit:?}")]
    Timeout { limit: Duration },
    #[error("the connection failed")]
    Io(#[source] io::Error),
    #[error("the client closed the connection in the middle of the login")]
    Incomplete,
    #[error("{0}")]
    Startup(#[from] StartupError),
    #[error("unencrypted bytes came along with the request for encryption: {0:?}")]
    EarlyBytes(Encryption),
    #[error("the TLS handshake failed: {0}")]
    Tls(io::Error),
    #[error("TLS began without the name of PostgreSQL's protocol (ALPN)")]
    NoProtocolNamed,
    #[error("the client did not ask for TLS, which is required here")]
    TlsRequired,
    #[error("a message of type {tag:#04x} came where a SASL response was expected")]
    UnexpectedMessage { tag: u8 },
    #[error("{0}")]
    MessageLength(#[from] FrameError),
    #[error("{0}")]
    MessageFormat(#[from] MalformedMessage),
    #[error("{0}")]
    Scram(#[from] ScramViolation),
    #[error("no person is called as user {user:?} says")]
    UnknownPerson { user: String },
    #[error("the person of user {user:?} has no password")]
    NoPassword { user: String },
    #[error("the password of user {user:?} is wrong")]
    WrongPassword { user: String },
    #[error("the person of user {user:?} has to show a certificate, and {}", shown_certificate(.shown.as_deref()))]
    WrongCertificate {
        user: String,
        /// The subject of the certificate that was shown.
        shown: Option<String>,
    },
    #[error("person {person:?} named no record")]
    NoRecordNamed { person: String },
    #[error("person {person:?} has no access to record {record:?}: {cause}")]
    NoAccess {
        person: String,
        record: String,
        cause: AccessError,
    },
    #[error("person {person:?} has no access to database {} of record {record:?}: {cause}", .database.as_deref().unwrap_or("(default)"))]
    NoDatabase {
        person: String,
        record: String,
        database: Option<String>,
        cause: AccessError,
    },
    #[error("the value {value:?} of startup parameter \"replication\" means nothing")]
    ReplicationValue { value: String },
    #[error("startup parameter \"options\" on record {record:?}: {error}")]
    Options { record: String, error: OptionsError },
    #[error("{refused:?} is refused on record {record:?}: {}", .refusal.reason())]
    Refused {
        record: String,
        refused: Refused,
        refusal: Box<Refusal>,
    },
    #[error("pgwarden is shutting down")]
    ShuttingDown,
    #[error("no random numbers: {0}")]
    Random(getrandom::Error),
}

/// What of a startup packet was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// A replication connection.
    Replication,
    /// A parameter, as the SET that it is.
    Parameter,
}

impl From<getrandom::Error> for LoginError {
    fn from(error: getrandom::Error) -> Self {
        LoginError::Random(error)
    }
}

impl LoginError {
    pub(super) fn of_conversation(error: ConversationError, limit: Duration) -> Self {
        match error {
            ConversationError::Deadline => LoginError::Timeout { limit },
            ConversationError::Io(error) => LoginError::Io(error),
        }
    }

    /// The only place where a failed login becomes a message. Equal texts for what must look equal.
    /// `None`: the client is gone.
    pub(crate) fn to_client(&self) -> Option<ErrorResponse> {
        let violation = |text: &str| ErrorResponse::fatal(sqlstate::PROTOCOL_VIOLATION, text);
        let forbidden = |text: String| {
            ErrorResponse::fatal(sqlstate::INVALID_AUTHORIZATION_SPECIFICATION, text)
                .with_hint("Ask whoever administers pgwarden for a grant.")
        };
        Some(match self {
            // Nobody is there; or TLS has said it in its own way; or it isn't known to be PostgreSQL's protocol that the client speaks.
            LoginError::Io(_) | LoginError::Incomplete | LoginError::Tls(_) | LoginError::NoProtocolNamed => {
                return None;
            }
            // Whoever cancels is told nothing, as by PostgreSQL (`ProcessCancelRequestPacket`, tcop/backend_startup.c).
            LoginError::Startup(StartupError::CancelKey(_)) => return None,
            LoginError::ShuttingDown => EndReason::Shutdown.to_client(),
            LoginError::TlsRequired => {
                ErrorResponse::fatal(sqlstate::INVALID_AUTHORIZATION_SPECIFICATION, "TLS is required")
                    .with_detail("The connection is not encrypted, and pgwarden lets nobody log in here without TLS.")
                    .with_hint("Connect with sslmode=require or, better, sslmode=verify-full.")
            }
            LoginError::Timeout { limit } => {
                ErrorResponse::fatal(QUERY_CANCELED, "canceling authentication due to timeout")
                    .with_detail(format!("The login was not complete after {limit:?} (login_timeout)."))
            }
            LoginError::Startup(error) => ErrorResponse::fatal(sqlstate_of(*error), error.to_string()),
            LoginError::EarlyBytes(encryption) => violation(match encryption {
                Encryption::Ssl => "received unencrypted data after SSL request",
                Encryption::Gss => "received unencrypted data after GSSAPI encryption request",
            })
            .with_detail(
                "This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.",
            ),
            LoginError::UnexpectedMessage { tag } => {
                violation(&format!("expected SASL response, got message type {tag}"))
            }
            LoginError::MessageLength(_) => violation("invalid message length"),
            LoginError::MessageFormat(_) => violation("invalid message format"),
            LoginError::Scram(violation) => violation.to_client(),
            LoginError::UnknownPerson { user }
            | LoginError::NoPassword { user }
            | LoginError::WrongPassword { user }
            | LoginError::WrongCertificate { user, shown: _ } => ErrorResponse::fatal(
                sqlstate::INVALID_PASSWORD,
                format!("password authentication failed for user \"{user}\""),
            ),
            LoginError::NoRecordNamed { person } => ErrorResponse::fatal(
                sqlstate::INVALID_AUTHORIZATION_SPECIFICATION,
                format!("no record was named for \"{person}\""),
            )
            .with_hint(format!("Connect as user \"{person}@RECORD\", or give the name of the record as the database.")),
            LoginError::NoAccess { person, record, cause: _ } => {
                forbidden(format!("no access to record \"{record}\" for \"{person}\""))
            }
            LoginError::NoDatabase { person, record, database: Some(database), cause: _ } => {
                forbidden(format!("no access to database \"{database}\" of record \"{record}\" for \"{person}\""))
            }
            // The default may be named after the injected login.
            LoginError::NoDatabase { person, record, database: None, cause: _ } => {
                forbidden(format!("no access to the default database of record \"{record}\" for \"{person}\""))
            }
            LoginError::ReplicationValue { value } => ErrorResponse::fatal(
                sqlstate::INVALID_PARAMETER_VALUE,
                format!("invalid value for parameter \"replication\": \"{value}\""),
            )
            .with_hint("Valid values are: \"false\", 0, \"true\", 1, \"database\"."),
            LoginError::Options { record, error } => options_to_client(record, error),
            LoginError::Refused {
                record,
                refused: _,
                refusal,
            } => {
                ErrorResponse::fatal(refusal.sqlstate(), refusal.message(record))
                    .with_detail(refusal.detail())
                    .with_hint(refusal.hint())
            }
            LoginError::Random(_) => {
                ErrorResponse::fatal(sqlstate::INTERNAL_ERROR, "could not generate random numbers")
            }
        })
    }

    /// The kind, as a metric label.
    pub(crate) fn kind(&self) -> LoginFailure {
        match self {
            LoginError::Timeout { .. } => LoginFailure::TimedOut,
            LoginError::Io(_) | LoginError::Incomplete => LoginFailure::ClientLost,
            LoginError::Tls(_) | LoginError::NoProtocolNamed => LoginFailure::TlsFailed,
            LoginError::TlsRequired => LoginFailure::TlsRequired,
            LoginError::ShuttingDown => LoginFailure::ShuttingDown,
            LoginError::Startup(StartupError::Version { .. })
            | LoginError::Scram(ScramViolation::AuthorizationIdentity | ScramViolation::Extension) => {
                LoginFailure::NotSupported
            }
            LoginError::Startup(_)
            | LoginError::EarlyBytes(_)
            | LoginError::UnexpectedMessage { .. }
            | LoginError::MessageLength(_)
            | LoginError::MessageFormat(_)
            | LoginError::Scram(_)
            | LoginError::ReplicationValue { .. } => LoginFailure::ProtocolViolation,
            LoginError::UnknownPerson { .. } | LoginError::NoPassword { .. } => LoginFailure::UnknownPerson,
            LoginError::WrongPassword { .. } => LoginFailure::WrongPassword,
            LoginError::WrongCertificate { .. } => LoginFailure::WrongCertificate,
            LoginError::NoRecordNamed { .. } => LoginFailure::NoRecord,
            LoginError::NoAccess { cause, .. } | LoginError::NoDatabase { cause, .. } => match cause {
                AccessError::UnknownPerson => LoginFailure::UnknownPerson,
                AccessError::UnknownRecord => LoginFailure::UnknownRecord,
                AccessError::RecordDisabled => LoginFailure::RecordDisabled,
                AccessError::NotGranted => LoginFailure::NotGranted,
                AccessError::DatabaseNotAllowed => LoginFailure::DatabaseNotAllowed,
            },
            LoginError::Refused {
                refused: Refused::Replication,
                ..
            } => LoginFailure::ReplicationRefused,
            LoginError::Options { .. }
            | LoginError::Refused {
                refused: Refused::Parameter,
                ..
            } => LoginFailure::ParameterRefused,
            LoginError::Random(_) => LoginFailure::Internal,
        }
    }
}

fn shown_certificate(subject: Option<&str>) -> String {
    subject.map_or_else(
        || "showed none".to_owned(),
        |subject| format!("showed that of {subject:?}"),
    )
}

fn sqlstate_of(error: StartupError) -> sqlstate::SqlState {
    match error {
        StartupError::Length(_) | StartupError::Layout | StartupError::CancelKey(_) => {
            sqlstate::PROTOCOL_VIOLATION
        }
        StartupError::Version { .. } => sqlstate::FEATURE_NOT_SUPPORTED,
        StartupError::NoUser => sqlstate::INVALID_AUTHORIZATION_SPECIFICATION,
    }
}

fn options_to_client(record: &str, error: &OptionsError) -> ErrorResponse {
    match error {
        OptionsError::Switch(switch) => ErrorResponse::fatal(
            sqlstate::INSUFFICIENT_PRIVILEGE,
            format!(
                "refused by pgwarden: switch \"{}\" in options is not allowed on record \"{record}\"",
                shown(switch)
            ),
        )
        .with_hint("In options, use only \"-c name=value\" and \"--name=value\"."),
        OptionsError::NoArgument => ErrorResponse::fatal(
            sqlstate::SYNTAX_ERROR,
            "switch \"-c\" in options requires an argument",
        ),
        OptionsError::NoValue(switch) => ErrorResponse::fatal(
            sqlstate::SYNTAX_ERROR,
            format!("switch \"{}\" in options requires a value", shown(switch)),
        ),
        OptionsError::NoSetting(name) => ErrorResponse::fatal(
            UNDEFINED_OBJECT,
            format!("unrecognized configuration parameter \"{}\"", shown(name)),
        ),
    }
}
