//! TLS towards databases: asking for it, and what the answer has to be.

use std::io;

use pgwarden_records::{
    ALPN_POSTGRESQL, Certificate, ChannelBinding, DatabaseTls, DatabaseTlsClient, Host, Negotiation,
    Verification, server_name,
};
use pgwarden_wire::startup;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio_rustls::rustls;

use crate::channel::{Channel, TlsFacts};
use crate::stream::ServerAddress;

/// Why a connection to a database can't be protected as it has to be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BackendTlsError {
    #[error("it offers no TLS, which is required (ssl = on in its postgresql.conf)")]
    NotOffered,
    #[error("it answered the request for TLS with the byte {0:#04x}")]
    Answer(u8),
    #[error("its name \"{0}\" can't stand in a certificate")]
    Name(String),
    #[error("the connection failed when TLS was asked for: {0}")]
    Io(io::Error),
    #[error("the TLS handshake failed: {0}")]
    Handshake(io::Error),
    #[error("it did not name PostgreSQL's protocol (ALPN), as TLS that begins directly has to")]
    NoProtocolNamed,
    #[error("nothing is known of the TLS channel")]
    Unknown,
}

/// What is known of a database's channel before anything is sent on it.
#[derive(Debug, Clone)]
pub(crate) struct ServerChannel {
    /// What protects it. `None`: nothing but its being a unix socket, if it is.
    pub(crate) tls: Option<TlsFacts>,
    /// Whether it is known who listens at the other end: a verified certificate, or a socket of this machine.
    pub(crate) is_trusted: bool,
    /// What SCRAM can be bound to.
    pub(crate) end_point: Option<Vec<u8>>,
    /// Whether it is to be.
    pub(crate) binding: ChannelBinding,
}

impl ServerChannel {
    /// A connection in plain text.
    pub(crate) fn plain(address: &ServerAddress) -> Self {
        ServerChannel {
            tls: None,
            is_trusted: address.is_unix(),
            end_point: None,
            binding: ChannelBinding::Disable,
        }
    }
}

/// How TLS was begun with a database: what it takes to begin it again, for a cancel request.
#[derive(Debug, Clone)]
pub(crate) struct TlsRoute {
    client: std::sync::Arc<DatabaseTlsClient>,
    name: ServerName<'static>,
}

/// Protects a connection that has just been opened, as the record wants it. The route is `None` where it stays in plain text.
pub(crate) async fn protect<S: AsyncRead + AsyncWrite + Unpin>(
    channel: &mut Channel<S>,
    tls: &DatabaseTls,
    host: &Host,
    address: &ServerAddress,
) -> Result<(ServerChannel, Option<TlsRoute>), BackendTlsError> {
    let client = match tls {
        // As with libpq, `sslmode` is about TCP alone.
        DatabaseTls::Disable => return Ok((ServerChannel::plain(address), None)),
        _ if address.is_unix() => return Ok((ServerChannel::plain(address), None)),
        DatabaseTls::Prefer(client) | DatabaseTls::Require(client) => client,
    };
    let route = TlsRoute {
        client: std::sync::Arc::clone(client),
        name: name_of(client, host, address)?,
    };
    match (begin(channel, &route).await, tls) {
        (Ok(()), _) => {}
        (Err(BackendTlsError::NotOffered), DatabaseTls::Prefer(_)) => {
            return Ok((ServerChannel::plain(address), None));
        }
        (Err(error), _) => return Err(error),
    }
    let end_point = channel
        .peer_certificate()
        .and_then(|der| Certificate::read(der).ok())
        .and_then(|certificate| certificate.end_point().map(<[u8]>::to_vec));
    let protected = ServerChannel {
        tls: Some(channel.tls().ok_or(BackendTlsError::Unknown)?),
        is_trusted: client.verification != Verification::None,
        end_point,
        binding: client.channel_binding,
    };
    Ok((protected, Some(route)))
}

/// Begins TLS as it was begun before; there is no other way for a connection of this route.
pub(crate) async fn begin<S: AsyncRead + AsyncWrite + Unpin>(
    channel: &mut Channel<S>,
    route: &TlsRoute,
) -> Result<(), BackendTlsError> {
    let TlsRoute { client, name } = route;
    if client.negotiation == Negotiation::Postgres {
        let mut request = Vec::new();
        startup::ssl_request(&mut request);
        let asked = async {
            channel.write_all(&request).await?;
            channel.flush().await?;
            // One byte and no more: what follows it in plain text is not to be taken for the server's word (CVE-2021-23222).
            channel.read_u8().await
        };
        match asked.await.map_err(BackendTlsError::Io)? {
            b'S' => {}
            b'N' => return Err(BackendTlsError::NotOffered),
            byte => return Err(BackendTlsError::Answer(byte)),
        }
    }
    channel
        .connect_tls(client.config(), name.clone())
        .await
        .map_err(BackendTlsError::Handshake)?;
    // Whatever else speaks TLS at that port must not be taken for a database (`negotiation = "direct"`, as with libpq).
    if client.negotiation == Negotiation::Direct && channel.application_protocol() != Some(ALPN_POSTGRESQL) {
        return Err(BackendTlsError::NoProtocolNamed);
    }
    Ok(())
}

/// What the certificate has to name: the host as configured, never what it resolves to.
fn name_of(
    client: &DatabaseTlsClient,
    host: &Host,
    address: &ServerAddress,
) -> Result<ServerName<'static>, BackendTlsError> {
    match (server_name(&host.host), address) {
        (Some(name), _) => Ok(name),
        // No name is verified, but rustls wants one.
        (None, ServerAddress::Tcp(address)) if client.verification != Verification::ChainAndName => {
            Ok(ServerName::IpAddress(address.ip().into()))
        }
        (None, _) => Err(BackendTlsError::Name(host.host.clone())),
    }
}
