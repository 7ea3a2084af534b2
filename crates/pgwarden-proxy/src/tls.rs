//! TLS towards clients: what a listener offers, and what is then known of a client.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use pgwarden_records::{ALPN_POSTGRESQL, Certificate, ListenTls, ServerIdentity};
use pgwire::api::auth::sasl::scram::ScramServerAuth;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::channel::{Channel, TlsFacts};

/// TLS of one listener, under one configuration.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListenerTls {
    /// As configured.
    pub(crate) tls: ListenTls,
    /// Binds SCRAM exchanges to its certificate. `None`: without TLS, and for certificates whose signature pgwire knows no hash function of.
    bound: Option<ScramServerAuth>,
}

impl ListenerTls {
    pub(crate) fn new(tls: &ListenTls) -> Self {
        ListenerTls {
            tls: tls.clone(),
            bound: tls.identity().and_then(|identity| bound(identity.certificate())),
        }
    }

    /// A handshake with a client, which begins with what has been `received` of it.
    pub(crate) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        identity: &ServerIdentity,
        channel: &mut Channel<S>,
        received: &[u8],
    ) -> std::io::Result<ClientTls> {
        channel.accept_tls(identity.config(), received).await?;
        let certificate = match channel.peer_certificate() {
            None => None,
            // What rustls has verified and this can't read is nobody's.
            Some(der) => Certificate::read(der).ok(),
        };
        Ok(ClientTls {
            facts: channel.tls().ok_or(std::io::ErrorKind::NotConnected)?,
            certificate,
            names_protocol: channel.application_protocol() == Some(ALPN_POSTGRESQL),
            bound: self.bound.clone(),
        })
    }
}

/// Exchanges that are bound to a certificate in DER.
pub(crate) fn bound(certificate: &[u8]) -> Option<ScramServerAuth> {
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        BASE64.encode(certificate)
    );
    let mut exchange = ScramServerAuth::new();
    match exchange.configure_certificate(pem.as_bytes()) {
        Ok(()) => Some(exchange),
        Err(error) => {
            tracing::warn!(%error, "SCRAM can't be bound to the TLS certificate; clients that require channel binding can't log in");
            None
        }
    }
}

/// What is known of a client under TLS.
#[derive(Debug, Clone)]
pub(crate) struct ClientTls {
    /// Version and cipher.
    pub(crate) facts: TlsFacts,
    /// The client's own certificate, verified.
    pub(crate) certificate: Option<Certificate>,
    /// Whether the client asked for PostgreSQL's protocol by name (ALPN).
    pub(crate) names_protocol: bool,
    /// Binds SCRAM exchanges to the channel, if that can be offered.
    pub(crate) bound: Option<ScramServerAuth>,
}
