//! SQLSTATEs by their condition names in PostgreSQL's `errcodes.txt` (Appendix A of the manual).

/// A five-character SQLSTATE.
pub type SqlState = &'static str;

/// 01000.
pub const WARNING: SqlState = "01000";
/// `08P01`.
pub const PROTOCOL_VIOLATION: SqlState = "08P01";
/// 08001.
pub const SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION: SqlState = "08001";
/// 08006.
pub const CONNECTION_FAILURE: SqlState = "08006";
/// 0A000.
pub const FEATURE_NOT_SUPPORTED: SqlState = "0A000";
/// 22023.
pub const INVALID_PARAMETER_VALUE: SqlState = "22023";
/// 28000.
pub const INVALID_AUTHORIZATION_SPECIFICATION: SqlState = "28000";
/// `28P01`.
pub const INVALID_PASSWORD: SqlState = "28P01";
/// 42501.
pub const INSUFFICIENT_PRIVILEGE: SqlState = "42501";
/// 42601.
pub const SYNTAX_ERROR: SqlState = "42601";
/// 53200.
pub const OUT_OF_MEMORY: SqlState = "53200";
/// 53300.
pub const TOO_MANY_CONNECTIONS: SqlState = "53300";
/// 54000.
pub const PROGRAM_LIMIT_EXCEEDED: SqlState = "54000";
/// `57P01`.
pub const ADMIN_SHUTDOWN: SqlState = "57P01";
/// `57P05`.
pub const IDLE_SESSION_TIMEOUT: SqlState = "57P05";
/// 58030.
pub const IO_ERROR: SqlState = "58030";
/// XX000.
pub const INTERNAL_ERROR: SqlState = "XX000";
