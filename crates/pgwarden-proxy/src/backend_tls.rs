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

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;
    use std::time::SystemTime;

    use pgwarden_records::{Access, ServerIdentity};
    use testkit::Authority;
    use tokio::io::duplex;
    use tokio::net::TcpListener;

    use super::*;
    use crate::stream::{Stream, Transport};

    /// A database's side of TLS, and what pgwarden's configuration says of it.
    pub(crate) struct Scene {
        identity: Arc<ServerIdentity>,
        pub(crate) database: DatabaseTls,
        pub(crate) host: Host,
    }

    impl Scene {
        /// pgwarden trusts the database.
        pub(crate) fn new() -> Self {
            Self::with("{ mode = \"verify-full\", ca = \"root.crt\" }")
        }

        pub(crate) fn with(tls: &str) -> Self {
            let directory = tempfile::tempdir().unwrap();
            let authority = Authority::new("authority").unwrap();
            authority.write(&directory.path().join("root.crt")).unwrap();
            let server = authority.server(&["localhost"]).unwrap();
            server.write(directory.path(), "server").unwrap();
            let file = directory.path().join("pgwarden.toml");
            let text = format!(
                "[server]\nlisten = [\"127.0.0.1:0\"]\ntls = {{ cert = \"server.crt\", key = \"server.key\" }}\n\
                 [[pam_configuration]]\nname = \"c\"\ntls = {tls}\n[[pam_user]]\nname = \"u\"\nlogin = \"u\"\n\
                 [[pam_database]]\nname = \"orders\"\npam_configuration = \"c\"\nhost = \"localhost\"\npam_user = \"u\"\n\
                 [[user]]\nname = \"alice\"\nscram = \"{}\"\n[[grant]]\nusers = [\"alice\"]\nrecords = [\"orders\"]\n",
                testkit::scram_verifier("unused")
            );
            std::fs::write(&file, text).unwrap();
            let (snapshot, _) = pgwarden_records::load(&file).unwrap_or_else(|errors| panic!("{errors}"));
            let Access { record, .. } = snapshot
                .access("alice", "orders", None, SystemTime::now())
                .unwrap();
            Scene {
                identity: Arc::clone(snapshot.server.listen[0].tls.identity().unwrap()),
                database: record.tls.clone(),
                host: record.hosts[0].clone(),
            }
        }

        /// Takes a connection and begins TLS on it, as a database does that has TLS.
        pub(crate) async fn serve(&self, listener: &TcpListener) -> io::Result<Stream> {
            let (socket, _) = listener.accept().await?;
            let mut channel = Channel::Plain(Transport::tcp(socket)?);
            let mut request = [0; 8];
            channel.read_exact(&mut request).await?;
            assert_eq!(request, *b"\0\0\0\x08\x04\xd2\x16\x2f");
            channel.write_all(b"S").await?;
            channel.accept_tls(self.identity.config(), b"").await?;
            Ok(channel)
        }

        /// The way to a database at `localhost`.
        fn route(&self) -> TlsRoute {
            let (DatabaseTls::Prefer(client) | DatabaseTls::Require(client)) = &self.database else {
                panic!("there is no TLS");
            };
            TlsRoute {
                client: Arc::clone(client),
                name: server_name("localhost").unwrap(),
            }
        }
    }

    /// What becomes of a connection whose database answers the request for TLS with these bytes.
    async fn answered(tls: &str, answer: &[u8]) -> Result<bool, String> {
        let scene = Scene::with(tls);
        let (ours, mut theirs) = duplex(1024);
        let mut ours = Channel::Plain(ours);
        theirs.write_all(answer).await.unwrap();
        let address = ServerAddress::Tcp(([127, 0, 0, 1], 5432).into());
        let database = async {
            let mut discarded = [0; 8];
            theirs.read_exact(&mut discarded).await.unwrap();
            assert_eq!(discarded, *b"\0\0\0\x08\x04\xd2\x16\x2f");
            theirs.shutdown().await.unwrap();
            while theirs.read(&mut discarded).await.unwrap_or(0) > 0 {}
        };
        let protecting = async {
            let outcome = protect(&mut ours, &scene.database, &scene.host, &address).await;
            drop(ours);
            outcome
        };
        let (outcome, ()) = tokio::join!(protecting, database);
        outcome
            .map(|(channel, route)| {
                assert_eq!(channel.tls.is_some(), route.is_some());
                channel.tls.is_some()
            })
            .map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn answers_to_the_request_for_tls() {
        let required = "\"require\"";
        let not_offered = "it offers no TLS, which is required (ssl = on in its postgresql.conf)";
        assert_eq!(answered("\"prefer\"", b"N").await, Ok(false));
        assert_eq!(answered(required, b"N").await, Err(not_offered.to_owned()));
        for tls in ["\"prefer\"", required] {
            for (answer, expected) in [
                (&b"E"[..], "it answered the request for TLS with the byte 0x45"),
                (b"\0", "it answered the request for TLS with the byte 0x00"),
                (b"", "the connection failed when TLS was asked for: "),
                // What is sent behind the answer in plain text is read as TLS.
                (b"SR\0\0\0\x08\0\0\0\0", "the TLS handshake failed: "),
                (b"S", "the TLS handshake failed: "),
            ] {
                let error = answered(tls, answer).await.unwrap_err();
                assert!(error.starts_with(expected), "{tls} {answer:?}: {error}");
            }
        }
    }

    #[tokio::test]
    async fn tls_may_begin_directly() {
        let scene = Scene::with("{ mode = \"verify-full\", ca = \"root.crt\", negotiation = \"direct\" }");
        let (ours, theirs) = duplex(1 << 16);
        let (mut ours, mut theirs) = (Channel::Plain(ours), Channel::Plain(theirs));
        let route = scene.route();
        let (begun, accepted) = tokio::join!(
            begin(&mut ours, &route),
            theirs.accept_tls(scene.identity.config(), b"")
        );
        begun.unwrap();
        accepted.unwrap();
        assert_eq!(theirs.application_protocol(), Some(ALPN_POSTGRESQL));

        // Some other server that has the certificate.
        let mut config = rustls::ServerConfig::clone(scene.identity.config());
        config.alpn_protocols.clear();
        let (ours, theirs) = duplex(1 << 16);
        let (mut ours, mut theirs) = (Channel::Plain(ours), Channel::Plain(theirs));
        let config = Arc::new(config);
        let (begun, _) = tokio::join!(begin(&mut ours, &route), theirs.accept_tls(&config, b""));
        assert!(
            matches!(begun, Err(BackendTlsError::NoProtocolNamed)),
            "{begun:?}"
        );
    }
}
