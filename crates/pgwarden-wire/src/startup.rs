//! Packets before the login: they have no type byte, and the code where the version stands says what they are
//! (PROTOCOL-MESSAGE-FORMATS: `StartupMessage`, `SSLRequest`, `GSSENCRequest`, `CancelRequest`).

use thiserror::Error;

use crate::body::{Body, MalformedMessage};
use crate::frame::{put, put_string, put_untagged};
use crate::limits::{CANCEL_KEY_BYTES_MAX, CANCEL_KEY_BYTES_MIN, STARTUP_BYTES_MAX, STARTUP_BYTES_MIN};

/// Major 1234, minor 5678 (`CANCEL_REQUEST_CODE`, libpq/pqcomm.h).
pub const CANCEL_REQUEST_CODE: u32 = 80_877_102;
/// `NEGOTIATE_SSL_CODE`.
pub const SSL_REQUEST_CODE: u32 = 80_877_103;
/// `NEGOTIATE_GSS_CODE`.
pub const GSSENC_REQUEST_CODE: u32 = 80_877_104;
/// Protocol 3.0, which everybody speaks.
pub const PROTOCOL_3_0: u32 = 0x0003_0000;
/// Protocol 3.2, the newest (`PG_PROTOCOL_LATEST` of PostgreSQL 18). It changes nothing but how long cancel keys may be. 3.1 was never made,
/// and who asks for it gets what it would have been: 3.0 by another number.
pub const PROTOCOL_3_2: u32 = 0x0003_0002;

/// What a packet before the login can be wrong in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StartupError {
    /// Length outside of [`STARTUP_BYTES_MIN`] to [`STARTUP_BYTES_MAX`].
    #[error("invalid length of startup packet: {0}, allowed are 8 to 10004 bytes")]
    Length(u32),
    /// Not a list of names and values that an empty name ends.
    #[error("invalid startup packet layout: expected terminator as last byte")]
    Layout,
    /// A major version other than 3.
    #[error("unsupported frontend protocol {major}.{minor}: server supports 3.0 to 3.2")]
    Version {
        /// Major version asked for.
        major: u16,
        /// Minor version asked for.
        minor: u16,
    },
    /// A cancel request whose key is shorter or longer than any key, in bytes. Nobody is told of it.
    #[error("invalid length of cancel key: {0}, allowed are 4 to 256 bytes")]
    CancelKey(usize),
    /// No user name, or an empty one.
    #[error("no PostgreSQL user name specified in startup packet")]
    NoUser,
}

/// The first packet of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartupPacket<'a> {
    /// The client wants a session.
    Startup(StartupMessage<'a>),
    /// The client wants TLS.
    SslRequest,
    /// The client wants GSSAPI encryption.
    GssEncRequest,
    /// Another connection's statement is to be cancelled.
    CancelRequest {
        /// Process id as `BackendKeyData` gave it.
        process_id: u32,
        /// Secret as `BackendKeyData` gave it: 4 bytes in protocol 3.0, [`CANCEL_KEY_BYTES_MIN`] to [`CANCEL_KEY_BYTES_MAX`] in 3.2.
        secret: &'a [u8],
    },
}

impl<'a> StartupPacket<'a> {
    /// Reads the packet at the start of `bytes`, and how long it is; `None` while it is incomplete. The length
    /// is checked as soon as its four bytes are there.
    pub fn split_first(bytes: &'a [u8]) -> Result<Option<(StartupPacket<'a>, usize)>, StartupError> {
        let Some((word, _)) = bytes.split_first_chunk::<4>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*word);
        let whole = usize::try_from(length)
            .ok()
            .filter(|whole| (STARTUP_BYTES_MIN..=STARTUP_BYTES_MAX).contains(whole))
            .ok_or(StartupError::Length(length))?;
        let Some((packet, _)) = bytes.split_at_checked(whole) else {
            return Ok(None);
        };
        let mut body = Body::new(packet);
        let fixed = |_: MalformedMessage| StartupError::Length(length);
        body.u32().map_err(fixed)?;
        let code = body.u32().map_err(fixed)?;
        let packet = match code {
            SSL_REQUEST_CODE if body.rest().is_empty() => StartupPacket::SslRequest,
            GSSENC_REQUEST_CODE if body.rest().is_empty() => StartupPacket::GssEncRequest,
            SSL_REQUEST_CODE | GSSENC_REQUEST_CODE => return Err(StartupError::Length(length)),
            CANCEL_REQUEST_CODE => {
                let process_id = body.u32().map_err(|_| StartupError::CancelKey(0))?;
                let secret = body.rest();
                if !(CANCEL_KEY_BYTES_MIN..=CANCEL_KEY_BYTES_MAX).contains(&secret.len()) {
                    return Err(StartupError::CancelKey(secret.len()));
                }
                StartupPacket::CancelRequest { process_id, secret }
            }
            version => StartupPacket::Startup(StartupMessage::parse(version, body.rest())?),
        };
        Ok(Some((packet, whole)))
    }
}

/// A client asks for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartupMessage<'a> {
    /// The version asked for, of major version 3: [`PROTOCOL_3_0`], or any later one.
    pub version: u32,
    /// Names and values, checked to be complete.
    parameters: &'a [u8],
}

impl<'a> StartupMessage<'a> {
    fn parse(version: u32, parameters: &'a [u8]) -> Result<Self, StartupError> {
        let [a, b, c, d] = version.to_be_bytes();
        let (major, minor) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        if major != 3 {
            return Err(StartupError::Version { major, minor });
        }
        let mut body = Body::new(parameters);
        loop {
            let name = body.string().map_err(|_| StartupError::Layout)?;
            if name.is_empty() {
                break;
            }
            body.string().map_err(|_| StartupError::Layout)?;
        }
        body.end().map_err(|_| StartupError::Layout)?;
        Ok(StartupMessage { version, parameters })
    }

    /// Names and values in the order they came, duplicates included.
    pub fn parameters(self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let mut body = Body::new(self.parameters);
        std::iter::from_fn(move || {
            let name = body.string().ok().filter(|name| !name.is_empty())?;
            Some((name, body.string().ok()?))
        })
    }

    /// The value of a parameter; of duplicates the last counts, as on the server (`ProcessStartupPacket`).
    pub fn parameter(self, name: &[u8]) -> Option<&'a [u8]> {
        self.parameters()
            .filter(|&(n, _)| n == name)
            .last()
            .map(|(_, value)| value)
    }

    /// The user name.
    pub fn user(self) -> Result<&'a [u8], StartupError> {
        self.parameter(b"user")
            .filter(|user| !user.is_empty())
            .ok_or(StartupError::NoUser)
    }
}

/// Appends a startup message to `out` that asks for this version, such as [`PROTOCOL_3_2`].
pub fn startup_message<'a>(
    out: &mut Vec<u8>,
    version: u32,
    parameters: impl IntoIterator<Item = (&'a [u8], &'a [u8])>,
) {
    put_untagged(out, |out| {
        out.extend_from_slice(&version.to_be_bytes());
        for (name, value) in parameters {
            put_string(out, name);
            put_string(out, value);
        }
        out.push(0);
    });
}

/// Appends a cancel request to `out`.
pub fn cancel_request(out: &mut Vec<u8>, process_id: u32, secret: &[u8]) {
    put_untagged(out, |out| {
        out.extend_from_slice(&CANCEL_REQUEST_CODE.to_be_bytes());
        out.extend_from_slice(&process_id.to_be_bytes());
        out.extend_from_slice(secret);
    });
}

/// Appends a request for TLS to `out`; the answer is one byte.
pub fn ssl_request(out: &mut Vec<u8>) {
    put_untagged(out, |out| out.extend_from_slice(&SSL_REQUEST_CODE.to_be_bytes()));
}

/// Appends `NegotiateProtocolVersion`: this version is spoken, and these options are not known.
pub fn negotiate_protocol_version(out: &mut Vec<u8>, version: u32, unknown_options: &[&[u8]]) {
    put(out, b'v', |out| {
        out.extend_from_slice(&version.to_be_bytes());
        let count = u32::try_from(unknown_options.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&count.to_be_bytes());
        for option in unknown_options {
            put_string(out, option);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packet(code: u32, body: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        put_untagged(&mut out, |out| {
            out.extend_from_slice(&code.to_be_bytes());
            out.extend_from_slice(body);
        });
        out
    }

    #[track_caller]
    fn check(bytes: &[u8], expected: Result<Option<StartupPacket<'_>>, StartupError>) {
        let parsed = StartupPacket::split_first(bytes).map(|packet| packet.map(|(packet, _)| packet));
        assert_eq!(parsed, expected, "{bytes:02x?}");
    }

    #[test]
    fn kinds() {
        check(b"", Ok(None));
        check(b"\0\0\0", Ok(None));
        check(b"\0\0\0\x08\0\0", Ok(None));
        check(
            &packet(SSL_REQUEST_CODE, b""),
            Ok(Some(StartupPacket::SslRequest)),
        );
        check(
            &packet(GSSENC_REQUEST_CODE, b""),
            Ok(Some(StartupPacket::GssEncRequest)),
        );
        check(&packet(SSL_REQUEST_CODE, b"x"), Err(StartupError::Length(9)));
        check(
            &packet(CANCEL_REQUEST_CODE, b"\0\0\0\x07abcd"),
            Ok(Some(StartupPacket::CancelRequest {
                process_id: 7,
                secret: b"abcd",
            })),
        );
        check(
            &packet(CANCEL_REQUEST_CODE, b"\0\0"),
            Err(StartupError::CancelKey(0)),
        );
        check(
            &packet(0x0002_0000, b"\0"),
            Err(StartupError::Version { major: 2, minor: 0 }),
        );
        check(b"GET / HTTP/1.1\r\n", Err(StartupError::Length(0x4745_5420)));
    }

    #[test]
    fn lengths_at_their_edges() {
        check(b"\0\0\0\x07", Err(StartupError::Length(7)));
        check(&10_004u32.to_be_bytes(), Ok(None));
        check(&10_005u32.to_be_bytes(), Err(StartupError::Length(10_005)));
        check(&u32::MAX.to_be_bytes(), Err(StartupError::Length(u32::MAX)));
    }

    #[test]
    fn cancel_keys_at_their_edges() {
        for (bytes, fits) in [
            (0, false),
            (3, false),
            (4, true),
            (32, true),
            (256, true),
            (257, false),
        ] {
            let secret = vec![b'x'; bytes];
            let packet = packet(CANCEL_REQUEST_CODE, &[b"\0\0\0\x07", &secret[..]].concat());
            let request = StartupPacket::CancelRequest {
                process_id: 7,
                secret: &secret,
            };
            check(
                &packet,
                if fits {
                    Ok(Some(request))
                } else {
                    Err(StartupError::CancelKey(bytes))
                },
            );
        }
    }

    #[test]
    fn parameters_keep_order_and_the_last_duplicate_counts() {
        let bytes = packet(0x0003_0002, b"user\0a\0database\0x\0database\0y\0\0");
        let Some((StartupPacket::Startup(message), whole)) = StartupPacket::split_first(&bytes).unwrap()
        else {
            panic!("a startup message");
        };
        assert_eq!(whole, bytes.len());
        assert_eq!(message.version, PROTOCOL_3_2);
        assert_eq!(message.user(), Ok(&b"a"[..]));
        assert_eq!(message.parameter(b"database"), Some(&b"y"[..]));
        assert_eq!(message.parameters().count(), 3);
    }

    #[test]
    fn layouts_that_the_server_refuses() {
        for body in [
            &b""[..],
            b"user",
            b"user\0",
            b"user\0a",
            b"user\0a\0",
            b"user\0a\0\0\0",
            b"\0x",
        ] {
            check(&packet(PROTOCOL_3_0, body), Err(StartupError::Layout));
        }
        let bytes = packet(PROTOCOL_3_0, b"user\0\0\0");
        let Some((StartupPacket::Startup(message), _)) = StartupPacket::split_first(&bytes).unwrap() else {
            panic!("a startup message");
        };
        assert_eq!(message.user(), Err(StartupError::NoUser));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = StartupPacket::split_first(&bytes);
        }
    }
}
