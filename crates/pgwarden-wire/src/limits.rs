//! What PostgreSQL itself bounds on the wire.

/// Longest startup packet, length word included. PostgreSQL refuses a longer one: `MAX_STARTUP_PACKET_LENGTH` is 10,000 without
/// the length word (libpq/pqcomm.h, `ProcessStartupPacket`).
pub const STARTUP_BYTES_MAX: usize = 10_004;

/// Shortest startup packet: length and code (`ProcessStartupPacket`, postmaster/postmaster.c).
pub const STARTUP_BYTES_MIN: usize = 8;

/// Longest message of an authentication exchange (`PG_MAX_AUTH_TOKEN_LENGTH` and `PG_MAX_SASL_MESSAGE_LENGTH`
/// are below it, libpq/auth.h, libpq/auth-sasl.h).
pub const AUTHENTICATION_BYTES_MAX: usize = 65_535;

/// Longest body that the server takes for messages that carry data: `PQ_LARGE_MESSAGE_LIMIT` is
/// `MaxAllocSize - 1`, 1 GiB less one (libpq/libpq.h).
pub const LARGE_MESSAGE_BYTES_MAX: usize = 0x3fff_fffe;

/// Longest body of the short frontend messages (Describe, Close, Execute, Flush, Sync, Terminate, `CopyDone`,
/// `CopyFail`): `PQ_SMALL_MESSAGE_LIMIT` (libpq/libpq.h).
pub const SMALL_MESSAGE_BYTES_MAX: usize = 10_000;

/// Longest identifier in bytes; the server truncates longer ones (`NAMEDATALEN - 1`, `pg_config_manual.h`).
pub const IDENTIFIER_BYTES_MAX: usize = 63;

/// Shortest cancel key, the only length that protocol 3.0 knows, in bytes (PROTOCOL-MESSAGE-FORMATS, `BackendKeyData`).
pub const CANCEL_KEY_BYTES_MIN: usize = 4;

/// Longest cancel key that protocol 3.2 allows, in bytes (PROTOCOL-MESSAGE-FORMATS, `BackendKeyData`).
pub const CANCEL_KEY_BYTES_MAX: usize = 256;
