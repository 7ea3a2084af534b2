//! What people reach through the proxy.

use std::borrow::Borrow;
use std::fmt;

use crate::person::{NameError, check_name};
use crate::{DatabaseTls, PasswordSource};

/// The name of a record of the configuration: as a person's, without `@`, `*` and `?`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RecordName(String);

impl RecordName {
    pub(crate) fn new(name: &str) -> Result<Self, NameError> {
        check_name(name)?;
        if name.contains('@') {
            return Err(NameError::At);
        }
        if name.contains(['*', '?']) {
            return Err(NameError::Pattern);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name as written in the configuration.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for RecordName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One place to try when connecting to a record's server.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Host {
    /// A host name, an IP address without brackets, or, with a leading `/`, the directory of a unix socket.
    pub host: String,
    /// The TCP port, or the number in the socket's name `.s.PGSQL.<port>`.
    pub port: u16,
}

impl Host {
    /// Whether the host is the directory of a unix socket.
    pub fn is_unix(&self) -> bool {
        self.host.starts_with('/')
    }
}

/// A record (`[[pam_database]]`) with its PAM user resolved, as one grant sees it.
#[derive(Clone, Debug)]
pub struct Record {
    /// The name people use.
    pub name: RecordName,
    /// Tried in this order; never empty.
    pub hosts: Vec<Host>,
    /// The name of the PAM user, for logs; the client never sees it.
    pub pam_user: String,
    /// How the connection is protected, unless it goes over a unix socket.
    pub tls: DatabaseTls,
    /// The PostgreSQL role that is injected.
    pub login: String,
    /// `None`: the server is expected to trust the login.
    pub password: Option<PasswordSource>,
    /// The database of a client that asks for none.
    pub default_database: Option<String>,
    /// The databases that may be asked for. `None`: any.
    pub databases: Option<Vec<String>>,
    /// Whether sessions are recorded.
    pub text_session_recording: bool,
}
