//! Records, people and grants: from the configuration file to a checked [`Snapshot`] that answers who may go where, with which settings.
//!
//! This crate reads the configuration and the secrets that it names. It knows nothing of sockets, of the protocol, or of SQL: it is given names,
//! addresses and times, and gives decisions back as values.
//!
//! ```text
//! pgwarden.toml ──► load ──► Snapshot ──► route:  who, to which record, to which database
//!   + include         │                └► access: may they, and with which settings
//!                     └──► Diagnostics: all that is wrong, with file:line:column
//! ```
//!
//! Start from [`load`], [`Snapshot`] and [`Access`].

mod certificate;
pub use certificate::{Certificate, CertificateError, CertificateIdentity};
mod config;
pub use config::{
    CaseSettings, Expected, POLICY_CASES_MAX, PolicyCase, SQL_FILE_BYTES_MAX, load, load_policy_cases,
    override_settings,
};
mod diagnostic;
pub use diagnostic::{Diagnostic, Diagnostics, Place, Severity};
mod grant;
pub use grant::{Access, AccessError, View};
mod pattern;
mod person;
pub use person::{NAME_BYTES_MAX, Person, PersonName, ScramVerifier, VerifierError};
mod record;
pub use record::{Host, Record, RecordName};
mod secret;
pub use secret::{PASSWORD_BYTES_MAX, PASSWORD_COMMAND_TIMEOUT, PasswordSource, Secret, SecretError};
mod sockets;
pub use sockets::{ProxyProtocol, TcpSettings};
mod snapshot;
pub use snapshot::{
    Listen, ListenAddress, RecordingConfig, RecordingMode, Results, Route, ServerConfig, Snapshot,
};
mod tls;
pub use tls::{
    ALPN_POSTGRESQL, ChannelBinding, DatabaseTls, DatabaseTlsClient, ListenTls, Negotiation, ServerIdentity,
    Verification, server_name,
};
