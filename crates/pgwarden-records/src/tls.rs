//! TLS as the configuration wants it: what listeners show to clients, and what databases have to show.
//!
//! Everything here is made of files that were read with the configuration, and so changes with it as a whole.

use std::fmt;
use std::sync::{Arc, LazyLock};

use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};

mod verify;
pub(crate) use verify::Authorities;
use verify::{DatabaseVerifier, Trust};

/// The only application protocol that is spoken (`PG_ALPN_PROTOCOL`, libpq/pqcomm.h).
pub const ALPN_POSTGRESQL: &[u8] = b"postgresql";

/// As PostgreSQL's `ssl_min_protocol_version`, whose default is the same.
const VERSIONS: &[&SupportedProtocolVersion] = &[&TLS13, &TLS12];

static PROVIDER: LazyLock<Arc<CryptoProvider>> =
    LazyLock::new(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()));

/// What signs and checks.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::clone(&PROVIDER)
}

/// TLS of a listener, towards clients.
#[derive(Clone, Debug, Default)]
pub enum ListenTls {
    /// There is none, and clients that ask are told so.
    #[default]
    Disable,
    /// Clients that ask for it get it.
    Prefer(Arc<ServerIdentity>),
    /// Clients get in with it alone; only cancel requests come in plain text.
    Require(Arc<ServerIdentity>),
}

impl ListenTls {
    /// What is shown to clients that ask for TLS.
    pub fn identity(&self) -> Option<&Arc<ServerIdentity>> {
        match self {
            Self::Disable => None,
            Self::Prefer(identity) | Self::Require(identity) => Some(identity),
        }
    }

    /// Whether there is no login without it.
    pub fn is_required(&self) -> bool {
        match self {
            Self::Disable | Self::Prefer(_) => false,
            Self::Require(_) => true,
        }
    }
}

/// What clients are shown, and what they may show in turn.
pub struct ServerIdentity {
    config: Arc<rustls::ServerConfig>,
    certificate: CertificateDer<'static>,
    asks_for_certificate: bool,
}

impl ServerIdentity {
    /// `clients` is who vouches for certificates of clients; without it none are asked for.
    pub(crate) fn new(
        certified: Arc<CertifiedKey>,
        clients: Option<Arc<RootCertStore>>,
    ) -> Result<Self, ServerIdentityError> {
        let certificate = certified
            .end_entity_cert()
            .map_err(ServerIdentityError::Tls)?
            .clone()
            .into_owned();
        let asks_for_certificate = clients.is_some();
        let builder = rustls::ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(VERSIONS)
            .map_err(ServerIdentityError::Tls)?;
        let builder = match clients {
            // Whether a client needs one is decided for each person.
            Some(roots) => builder.with_client_cert_verifier(
                WebPkiClientVerifier::builder_with_provider(roots, provider())
                    .allow_unauthenticated()
                    .build()
                    .map_err(|_| ServerIdentityError::Authorities)?,
            ),
            None => builder.with_no_client_auth(),
        };
        let mut config = builder.with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
        config.alpn_protocols = vec![ALPN_POSTGRESQL.to_vec()];
        // No resumption, as with PostgreSQL (be_tls_init, libpq/be-secure-openssl.c): sessions are long, and a resumed one would rest on a
        // certificate that was looked at under a configuration of before.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self {
            config: Arc::new(config),
            certificate,
            asks_for_certificate,
        })
    }

    /// For handshakes with clients.
    pub fn config(&self) -> &Arc<rustls::ServerConfig> {
        &self.config
    }

    /// The certificate itself, without those that vouch for it, in DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Whether clients are asked for certificates.
    pub fn asks_for_certificate(&self) -> bool {
        self.asks_for_certificate
    }
}

impl fmt::Debug for ServerIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerIdentity")
            .field("asks_for_certificate", &self.asks_for_certificate)
            .finish_non_exhaustive()
    }
}

/// Why files that could be read are no identity.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServerIdentityError {
    #[error("{0}")]
    Tls(rustls::Error),
    #[error("no certificate in it can vouch for others")]
    Authorities,
}

/// TLS towards a database, with libpq's meaning of the words (`sslmode`). Over unix sockets there is none, as with libpq.
#[derive(Clone, Debug)]
pub enum DatabaseTls {
    /// Never.
    Disable,
    /// If the database offers it.
    Prefer(Arc<DatabaseTlsClient>),
    /// Nothing is sent without it. What of the certificate is verified is the client's to know.
    Require(Arc<DatabaseTlsClient>),
}

/// What is checked of a database's certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verification {
    /// Nothing.
    None,
    /// That a trusted authority vouches for it.
    Chain,
    /// That, and that it is in the host's name.
    ChainAndName,
}

/// Whether SCRAM is bound to the TLS channel, so that nobody in between can pass it on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChannelBinding {
    /// Never.
    Disable,
    /// If the database offers it.
    Prefer,
    /// A database that doesn't do it is not logged in to.
    Require,
}

/// How TLS begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Negotiation {
    /// By an `SSLRequest`, which every version understands.
    Postgres,
    /// At once, which PostgreSQL does since 17.
    Direct,
}

/// How to begin TLS with a database, and what it has to show.
pub struct DatabaseTlsClient {
    config: Arc<ClientConfig>,
    /// What is verified.
    pub verification: Verification,
    /// What SCRAM is bound to.
    pub channel_binding: ChannelBinding,
    /// How it begins.
    pub negotiation: Negotiation,
}

impl DatabaseTlsClient {
    /// Without `authorities` nothing passes a verification.
    pub(crate) fn new(
        verification: Verification,
        authorities: Option<Arc<Authorities>>,
        own: Option<Arc<CertifiedKey>>,
        channel_binding: ChannelBinding,
        negotiation: Negotiation,
    ) -> Result<Self, rustls::Error> {
        let trust = match (verification, authorities) {
            (Verification::None, _) => Trust::Anything,
            (Verification::Chain, authorities) => Trust::Chain(authorities.unwrap_or_else(nobody)),
            (Verification::ChainAndName, authorities) => {
                Trust::ChainAndName(authorities.unwrap_or_else(nobody))
            }
        };
        let builder = ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(VERSIONS)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(DatabaseVerifier::new(trust)));
        let mut config = match own {
            Some(certified) => builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(certified))),
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = vec![ALPN_POSTGRESQL.to_vec()];
        // PostgreSQL gives out nothing that could be resumed.
        config.resumption = Resumption::disabled();
        Ok(Self {
            config: Arc::new(config),
            verification,
            channel_binding,
            negotiation,
        })
    }

    /// For handshakes with the database.
    pub fn config(&self) -> &Arc<ClientConfig> {
        &self.config
    }
}

impl fmt::Debug for DatabaseTlsClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            config: _,
            verification,
            channel_binding,
            negotiation,
        } = self;
        f.debug_struct("DatabaseTlsClient")
            .field("verification", verification)
            .field("channel_binding", channel_binding)
            .field("negotiation", negotiation)
            .finish_non_exhaustive()
    }
}

fn nobody() -> Arc<Authorities> {
    Arc::new(Authorities {
        roots: RootCertStore::empty(),
        pinned: Vec::new(),
    })
}

/// What a database's certificate has to name. `None`: the host's name can't stand in a certificate.
pub fn server_name(host: &str) -> Option<ServerName<'static>> {
    ServerName::try_from(host.to_owned()).ok()
}
