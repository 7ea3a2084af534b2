//! The header by which a balancer says for whom it connects (PROXY protocol, versions 1 and 2), before everything else on the
//! connection, TLS included.

use std::io;
use std::net::SocketAddr;
use std::time::Instant;

use proxy_header::{ParseConfig, Protocol, ProxyHeader};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::time::timeout;
use tracing::warn;

use crate::listener::{Entrance, tell_refused};
use crate::metrics::LoginFailure;
use crate::sessions::ConnectionGuard;
use crate::shared::Shared;
use crate::stream::{ClientAddress, Stream};

/// Begins version 2. No line of version 1 begins so, nor does anything a client sends.
const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// What follows it: version and command, address family and protocol, length of the rest.
const PREFIX_BYTES: usize = SIGNATURE.len() + 4;
/// Longest rest: addresses take 36 bytes, or 216 for unix sockets; what extensions (TLVs) follow is skipped. The specification asks for room for
/// 536 bytes in all; a certificate among the extensions can take more.
const REST_BYTES_MAX: usize = 4_096;
/// Longest line of version 1, its end included.
const LINE_BYTES_MAX: usize = 107;
/// Version 2, command LOCAL: the balancer connects for itself, to see whether somebody answers. Whatever addresses follow say nothing.
const LOCAL: u8 = 0x20;

/// Why a connection isn't one of a balancer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProxyHeaderError {
    #[error("{0} is not among proxy_protocol_from")]
    NotTrusted(ClientAddress),
    #[error("the connection does not begin with a PROXY header")]
    Missing,
    #[error("the PROXY header is malformed")]
    Malformed,
    #[error("the PROXY header is longer than {REST_BYTES_MAX} bytes")]
    TooLong,
    #[error("the PROXY header did not come within login_timeout")]
    Timeout,
    #[error("the connection failed")]
    Io(#[from] io::Error),
}

/// Learns from where a client really comes, where the listener asks for it, and counts its connection there. `None`: it has been closed, and that
/// is logged.
pub(crate) async fn arrive(
    mut stream: Stream,
    from: ClientAddress,
    entrance: &Entrance,
    connection: &mut ConnectionGuard,
    shared: &Shared,
) -> Option<(Stream, ClientAddress)> {
    let Some(balancers) = &entrance.listen.proxy_protocol else {
        return Some((stream, from));
    };
    let current = shared.current();
    let server = &current.snapshot.server;
    let header = if balancers.trusts(from.ip()) {
        timeout(server.login_timeout, read(&mut stream))
            .await
            .unwrap_or(Err(ProxyHeaderError::Timeout))
    } else {
        Err(ProxyHeaderError::NotTrusted(from))
    };
    let client = match header {
        Ok(Some(client)) => ClientAddress::tcp(client),
        Ok(None) => from,
        // Looking whether somebody listens is no failure.
        Err(ProxyHeaderError::Io(error)) if error.kind() == io::ErrorKind::UnexpectedEof => return None,
        Err(error) => {
            shared.metrics.logins.failed(LoginFailure::ProxyHeader);
            if let Some(left_out) = shared.refusal_log.pass(Instant::now()) {
                warn!(balancer = %from, %error, others_before = left_out, "connection closed");
            }
            return None;
        }
    };
    if let Some(origin) = client.origin()
        && let Err(refusal) = connection.count_from(origin, server)
    {
        tell_refused(&mut stream, client, &refusal, shared).await;
        return None;
    }
    Some((stream, client))
}

/// Reads a header and nothing behind it. `None`: it names no address, and that of the socket counts.
async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Result<Option<SocketAddr>, ProxyHeaderError> {
    let mut header = vec![0; SIGNATURE.len()];
    stream.read_exact(&mut header).await?;
    if header == SIGNATURE {
        return read_binary(stream, header).await;
    }
    if header.starts_with(b"PROXY ") {
        return read_line(stream, header).await;
    }
    Err(ProxyHeaderError::Missing)
}

async fn read_binary<S: AsyncRead + Unpin>(
    stream: &mut S,
    mut header: Vec<u8>,
) -> Result<Option<SocketAddr>, ProxyHeaderError> {
    header.resize(PREFIX_BYTES, 0);
    let prefix = header.get_mut(SIGNATURE.len()..).unwrap_or_default();
    stream.read_exact(prefix).await?;
    let &mut [command, _, high, low] = prefix else {
        return Err(ProxyHeaderError::Malformed);
    };
    let rest = usize::from(u16::from_be_bytes([high, low]));
    if rest > REST_BYTES_MAX {
        return Err(ProxyHeaderError::TooLong);
    }
    header.resize(PREFIX_BYTES.saturating_add(rest), 0);
    stream
        .read_exact(header.get_mut(PREFIX_BYTES..).unwrap_or_default())
        .await?;
    if command == LOCAL {
        return Ok(None);
    }
    source(&header)
}

async fn read_line<S: AsyncRead + Unpin>(
    stream: &mut S,
    mut header: Vec<u8>,
) -> Result<Option<SocketAddr>, ProxyHeaderError> {
    // Byte by byte, as what follows the line is not ours to read; it is at hand, since it is sent in one piece.
    while !header.ends_with(b"\r\n") {
        if header.len() >= LINE_BYTES_MAX {
            return Err(ProxyHeaderError::Malformed);
        }
        header.push(stream.read_u8().await?);
    }
    source(&header)
}

/// Whom a whole header names.
fn source(header: &[u8]) -> Result<Option<SocketAddr>, ProxyHeaderError> {
    let config = ParseConfig {
        include_tlvs: false,
        ..ParseConfig::default()
    };
    match ProxyHeader::parse(header, config) {
        Ok((parsed, bytes)) if bytes == header.len() => match parsed.proxied_address() {
            None => Ok(None),
            Some(address) if address.protocol == Protocol::Stream => Ok(Some(address.source)),
            Some(_) => Err(ProxyHeaderError::Malformed),
        },
        Ok(_) | Err(_) => Err(ProxyHeaderError::Malformed),
    }
}

/// A connection that begins with arbitrary bytes: nothing behind a header is read, and nothing less than a header is one.
///
/// # Panics
/// If that doesn't hold.
#[cfg(any(test, fuzzing))]
#[expect(clippy::expect_used, reason = "a panic is what fuzzing looks for")]
pub fn fuzz_proxy_header(data: &[u8]) {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    let read_all = |mut bytes: &[u8]| {
        let given = bytes.len();
        let polled = pin!(read(&mut bytes)).poll(&mut Context::from_waker(Waker::noop()));
        let Poll::Ready(found) = polled else {
            unreachable!("bytes at hand are read at once");
        };
        found
            .ok()
            .map(|client| (client, given.saturating_sub(bytes.len())))
    };
    let Some((client, length)) = read_all(data) else {
        return;
    };
    let header = data.get(..length).expect("no more is read than there is");
    assert_eq!(read_all(header), Some((client, length)));
    let cut = header.split_last().expect("a header is not empty").1;
    assert_eq!(read_all(cut), None);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::tests::within;

    /// A header of version 2.
    fn binary(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [&SIGNATURE[..], &[command, family], &length, rest].concat()
    }

    const V4: [u8; 12] = [192, 0, 2, 7, 10, 0, 0, 1, 0x12, 0x34, 0x19, 0x20];

    /// `Ok("-")`: no address. The header is followed by what a client sends, of which nothing may be read.
    #[track_caller]
    fn check(header: &[u8], expected: Result<&str, &str>) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let shown = header.escape_ascii().to_string();
        let followed = [header, b"client"].concat();
        let mut rest = &followed[..];
        let found = runtime.block_on(within("the header", read(&mut rest)));
        let found = match found {
            Ok(Some(address)) => Ok(address.to_string()),
            Ok(None) => Ok("-".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(found, expected, "{shown}");
        if expected.is_ok() {
            assert_eq!(rest, b"client", "{shown}");
        }
    }

    #[test]
    fn headers() {
        let v6 = [
            &std::net::Ipv6Addr::from_bits(0x2001_0db8 << 96 | 5).octets()[..],
            &[0; 16],
            &[0, 80, 0x19, 0x20],
        ]
        .concat();
        let malformed = Err("the PROXY header is malformed");
        let missing = Err("the connection does not begin with a PROXY header");
        check(&binary(0x21, 0x11, &V4), Ok("192.0.2.7:4660"));
        check(&binary(0x21, 0x21, &v6), Ok("[2001:db8::5]:80"));
        // Extensions, also such as make no sense: they are skipped.
        check(
            &binary(0x21, 0x11, &[&V4[..], &[0x20, 0, 1, 7]].concat()),
            Ok("192.0.2.7:4660"),
        );
        check(
            &binary(0x21, 0x11, &[&V4[..], &[1, 0xff]].concat()),
            Ok("192.0.2.7:4660"),
        );
        let longest = [&V4[..], &vec![0; REST_BYTES_MAX - 12]].concat();
        check(&binary(0x21, 0x11, &longest), Ok("192.0.2.7:4660"));
        let longer = [&longest[..], &[0]].concat();
        check(
            &binary(0x21, 0x11, &longer),
            Err("the PROXY header is longer than 4096 bytes"),
        );
        // The balancer itself, with addresses or without; and families that say nothing.
        check(&binary(LOCAL, 0, &[]), Ok("-"));
        check(&binary(LOCAL, 0x11, &V4), Ok("-"));
        check(&binary(LOCAL, 0x11, &[]), Ok("-"));
        check(&binary(0x21, 0, &[]), Ok("-"));
        check(&binary(0x21, 0x31, &[b'/'; 216]), Ok("-"));
        // Datagrams, unknown commands and versions, addresses that are cut.
        check(&binary(0x21, 0x12, &V4), malformed);
        check(&binary(0x22, 0x11, &V4), malformed);
        check(&binary(0x11, 0x11, &V4), malformed);
        check(&binary(0x21, 0x41, &V4), malformed);
        check(&binary(0x21, 0x11, &V4[..11]), malformed);

        check(
            b"PROXY TCP4 192.0.2.7 10.0.0.1 4660 6432\r\n",
            Ok("192.0.2.7:4660"),
        );
        check(b"PROXY TCP6 2001:db8::5 ::1 80 6432\r\n", Ok("[2001:db8::5]:80"));
        check(b"PROXY UNKNOWN\r\n", Ok("-"));
        check(b"PROXY UNKNOWN whatever it is\r\n", Ok("-"));
        check(b"PROXY TCP4 192.0.2.7 10.0.0.1 4660\r\n", malformed);
        check(b"PROXY TCP4 2001:db8::5 ::1 80 6432\r\n", malformed);
        check(b"PROXY TCP4 192.0.2.7 10.0.0.1 4660 66432\r\n", malformed);
        check(b"PROXY UDP4 192.0.2.7 10.0.0.1 4660 6432\r\n", malformed);
        check(&[&b"PROXY UNKNOWN "[..], &[b'x'; 91], b"\r\n"].concat(), Ok("-"));
        check(
            &[&b"PROXY UNKNOWN "[..], &[b'x'; 92], b"\r\n"].concat(),
            malformed,
        );

        check(&[0, 0, 0, 8, 4, 210, 22, 47, 0, 0, 0, 9], missing);
        check(b"proxy TCP4 192.0.2.7 10.0.0.1 4660 6432\r\n", missing);
        check(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00", missing);
    }

    #[test]
    fn cut_headers() {
        let whole = binary(0x21, 0x11, &V4);
        let line = b"PROXY TCP4 192.0.2.7 10.0.0.1 4660 6432\r\n";
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for header in [&whole[..], line] {
            for length in 0..header.len() {
                let mut cut = &header[..length];
                let error = runtime.block_on(read(&mut cut)).unwrap_err();
                assert!(matches!(error, ProxyHeaderError::Io(_)), "{length}: {error}");
            }
        }
    }

    #[test]
    fn corpus_replays() {
        let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/proxy_header");
        let mut replayed = 0;
        for entry in std::fs::read_dir(corpus).unwrap() {
            fuzz_proxy_header(&std::fs::read(entry.unwrap().path()).unwrap());
            replayed += 1;
        }
        assert!(replayed > 0, "the corpus is empty");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_behind_a_signature(rest in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            fuzz_proxy_header(&rest);
            fuzz_proxy_header(&[&SIGNATURE[..], &[0x21, 0x11, 0, 12], &rest].concat());
            fuzz_proxy_header(&[&b"PROXY "[..], &rest].concat());
        }
    }
}
