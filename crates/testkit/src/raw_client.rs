//! A client that sends any bytes and shows every message: for what a driver would hide.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use postgres_protocol::authentication::md5_hash;
use postgres_protocol::authentication::sasl::{ChannelBinding, SCRAM_SHA_256, ScramSha256};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme, StreamOwned,
};
use socket2::{Domain, Socket, Type};

use crate::certificate::Identity;
use crate::message::{Message, backend_type_name, frontend};

/// How long one read waits before it fails, so that a silent peer fails a test rather than hangs it.
const READ_DEADLINE: Duration = Duration::from_secs(30);

/// Where something listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// An IP address and port.
    Tcp(SocketAddr),
    /// A socket file.
    Unix(PathBuf),
}

impl From<SocketAddr> for Endpoint {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address)
    }
}

impl From<PathBuf> for Endpoint {
    fn from(path: PathBuf) -> Self {
        Self::Unix(path)
    }
}

impl From<&Self> for Endpoint {
    fn from(endpoint: &Self) -> Self {
        endpoint.clone()
    }
}

enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
    /// A handshake failed.
    Gone,
}

/// How a [`RawClient`] speaks TLS. Certificates are taken as they come, unless `authority` is given.
#[derive(Debug, Clone, Default)]
pub struct TlsClient {
    /// Who has to vouch for the server, in DER, and the name that it has to have.
    pub authority: Option<(Vec<u8>, String)>,
    /// What the client shows if it is asked.
    pub identity: Option<Identity>,
    /// Names of application protocols (ALPN).
    pub protocols: Vec<&'static str>,
    /// TLS 1.2 and not later.
    pub tls12: bool,
}

impl TlsClient {
    fn config(&self) -> Result<ClientConfig> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let versions: &[_] = if self.tls12 { &[&TLS12] } else { &[&TLS13, &TLS12] };
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .context("choose versions of TLS")?;
        let builder = match &self.authority {
            Some((authority, _)) => {
                let mut roots = RootCertStore::empty();
                roots
                    .add(authority.clone().into())
                    .context("trust an authority")?;
                builder.with_root_certificates(roots)
            }
            None => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Anybody(
                    provider.signature_verification_algorithms,
                ))),
        };
        let mut config = match &self.identity {
            Some(identity) => builder
                .with_client_auth_cert(
                    vec![identity.certificate_der().to_vec().into()],
                    PrivateKeyDer::Pkcs8(identity.key_der().to_vec().into()),
                )
                .context("use a client's certificate")?,
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = self
            .protocols
            .iter()
            .map(|protocol| protocol.as_bytes().to_vec())
            .collect();
        Ok(config)
    }
}

/// Takes any certificate.
#[derive(Debug)]
struct Anybody(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

/// A connection to pgwarden or to a server, so that what the two answer can be compared.
pub struct RawClient {
    stream: Stream,
    /// What has arrived and has not been taken yet.
    buffer: Vec<u8>,
    /// Process id and secret of `BackendKeyData`, once it has come.
    key: Option<(u32, Vec<u8>)>,
}

impl RawClient {
    /// Connects; sends nothing.
    pub fn connect(endpoint: impl Into<Endpoint>) -> Result<Self> {
        let endpoint = endpoint.into();
        let stream = match &endpoint {
            Endpoint::Tcp(address) => {
                let stream = TcpStream::connect_timeout(address, READ_DEADLINE)
                    .with_context(|| format!("connect to {address}"))?;
                stream.set_nodelay(true).context("set TCP_NODELAY")?;
                stream
                    .set_read_timeout(Some(READ_DEADLINE))
                    .context("set a read timeout")?;
                Stream::Tcp(stream)
            }
            Endpoint::Unix(path) => {
                let stream =
                    UnixStream::connect(path).with_context(|| format!("connect to {}", path.display()))?;
                stream
                    .set_read_timeout(Some(READ_DEADLINE))
                    .context("set a read timeout")?;
                Stream::Unix(stream)
            }
        };
        Ok(Self {
            stream,
            buffer: Vec::new(),
            key: None,
        })
    }

    /// Connects from this address of the machine, say one of 127.0.0.0/8.
    pub fn connect_from(source: IpAddr, address: SocketAddr) -> Result<Self> {
        let socket =
            Socket::new(Domain::for_address(address), Type::STREAM, None).context("make a socket")?;
        socket
            .bind(&SocketAddr::new(source, 0).into())
            .with_context(|| format!("bind to {source}"))?;
        socket
            .connect_timeout(&address.into(), READ_DEADLINE)
            .with_context(|| format!("connect to {address}"))?;
        socket.set_tcp_nodelay(true).context("set TCP_NODELAY")?;
        socket
            .set_read_timeout(Some(READ_DEADLINE))
            .context("set a read timeout")?;
        Ok(Self {
            stream: Stream::Tcp(socket.into()),
            buffer: Vec::new(),
            key: None,
        })
    }

    /// Asks for TLS and begins it. An answer other than `S` is an error.
    pub fn start_tls(&mut self, tls: &TlsClient) -> Result<()> {
        self.send(&frontend::ssl_request())?;
        match self.receive_byte()? {
            Some(b'S') => self.handshake(tls),
            other => bail!("server answered SSLRequest with {other:?}"),
        }
    }

    /// Begins TLS without asking.
    pub fn handshake(&mut self, tls: &TlsClient) -> Result<()> {
        if !self.buffer.is_empty() {
            bail!("bytes came before the handshake: {:?}", self.buffer);
        }
        let Stream::Tcp(mut socket) = std::mem::replace(&mut self.stream, Stream::Gone) else {
            bail!("TLS begins on a TCP connection only");
        };
        let name = tls.authority.as_ref().map_or("localhost", |(_, name)| name);
        let name = ServerName::try_from(name.to_owned()).context("name the server")?;
        let mut connection =
            ClientConnection::new(Arc::new(tls.config()?), name).context("begin a handshake")?;
        while connection.is_handshaking() {
            connection.complete_io(&mut socket).context("shake hands")?;
        }
        self.stream = Stream::Tls(Box::new(StreamOwned::new(connection, socket)));
        Ok(())
    }

    /// The server's certificate, in DER.
    pub fn server_certificate(&self) -> Option<Vec<u8>> {
        match &self.stream {
            Stream::Tls(stream) => stream.conn.peer_certificates()?.first().map(|der| der.to_vec()),
            Stream::Tcp(_) | Stream::Unix(_) | Stream::Gone => None,
        }
    }

    /// Connects and logs in; see [`RawClient::login`].
    pub fn log_in(endpoint: impl Into<Endpoint>, user: &str, database: &str, password: &str) -> Result<Self> {
        let mut client = Self::connect(endpoint)?;
        client.login(&[("user", user), ("database", database)], password)?;
        Ok(client)
    }

    /// Sends the `StartupMessage`, answers whatever the server asks (SCRAM-SHA-256, md5, cleartext) and reads to the
    /// first `ReadyForQuery`. Gives back all messages after authentication; an `ErrorResponse` is an error that shows it.
    pub fn login(&mut self, parameters: &[(&str, &str)], password: &str) -> Result<Vec<Message>> {
        let messages = self.try_login(parameters, password)?;
        match messages.last() {
            Some(message) if message.tag == b'Z' => Ok(messages),
            last => bail!("login ended with {last:?}"),
        }
    }

    /// As [`RawClient::login`], but a refused login is an answer: its messages end with the `ErrorResponse`.
    pub fn try_login(&mut self, parameters: &[(&str, &str)], password: &str) -> Result<Vec<Message>> {
        self.try_login_by(frontend::PROTOCOL_3_0, parameters, password)
    }

    /// As [`RawClient::try_login`], asking for this version of the protocol.
    pub fn try_login_by(
        &mut self,
        version: u32,
        parameters: &[(&str, &str)],
        password: &str,
    ) -> Result<Vec<Message>> {
        self.send(&frontend::startup_version(version, parameters))?;
        let user = parameters
            .iter()
            .find(|(name, _)| *name == "user")
            .map_or("", |(_, value)| value);
        let mut scram: Option<ScramSha256> = None;
        let mut messages = Vec::new();
        loop {
            let message = self
                .receive()?
                .context("server closed the connection during login")?;
            match message.tag {
                b'R' => self.authenticate(&message.body, user, password, &mut scram)?,
                b'E' | b'Z' => {
                    messages.push(message);
                    return Ok(messages);
                }
                _ => messages.push(message),
            }
        }
    }

    fn authenticate(
        &mut self,
        body: &[u8],
        user: &str,
        password: &str,
        scram: &mut Option<ScramSha256>,
    ) -> Result<()> {
        let (code, rest) = body
            .split_first_chunk::<4>()
            .context("read an authentication request")?;
        match u32::from_be_bytes(*code) {
            0 => Ok(()),
            3 => self.send(&password_message(password.as_bytes())),
            5 => {
                let salt = rest.first_chunk::<4>().context("read the salt of md5")?;
                self.send(&password_message(
                    md5_hash(user.as_bytes(), password.as_bytes(), *salt).as_bytes(),
                ))
            }
            10 => {
                let exchange = scram.insert(ScramSha256::new(
                    password.as_bytes(),
                    ChannelBinding::unsupported(),
                ));
                let mut response = SCRAM_SHA_256.as_bytes().to_vec();
                response.push(0);
                let first = exchange.message();
                response.extend(u32::try_from(first.len())?.to_be_bytes());
                response.extend(first);
                self.send(&frontend::message(b'p', &response))
            }
            11 => {
                let exchange = scram
                    .as_mut()
                    .context("server continues a SCRAM exchange that it never began")?;
                exchange
                    .update(rest)
                    .context("read the server's first SCRAM message")?;
                let response = frontend::message(b'p', exchange.message());
                self.send(&response)
            }
            12 => {
                let exchange = scram
                    .as_mut()
                    .context("server ends a SCRAM exchange that it never began")?;
                exchange
                    .finish(rest)
                    .context("check the server's SCRAM signature")
            }
            other => bail!("server asks for authentication {other}"),
        }
    }

    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.stream {
            Stream::Tcp(stream) => stream.write_all(bytes),
            Stream::Unix(stream) => stream.write_all(bytes),
            Stream::Tls(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
            Stream::Gone => Err(io::ErrorKind::NotConnected.into()),
        }
        .context("send")
    }

    /// Sends bytes one at a time, each in a segment of its own.
    pub fn send_bytewise(&mut self, bytes: &[u8]) -> Result<()> {
        bytes.iter().try_for_each(|byte| self.send(&[*byte]))
    }

    /// Closes the sending half, as a client that has said everything: under TLS with `close_notify` before it.
    pub fn shutdown_write(&mut self) -> Result<()> {
        match &mut self.stream {
            Stream::Tcp(stream) => stream.shutdown(Shutdown::Write),
            Stream::Unix(stream) => stream.shutdown(Shutdown::Write),
            Stream::Tls(stream) => {
                stream.conn.send_close_notify();
                stream
                    .flush()
                    .and_then(|()| stream.sock.shutdown(Shutdown::Write))
            }
            Stream::Gone => Err(io::ErrorKind::NotConnected.into()),
        }
        .context("shut down the sending half")
    }

    /// The next message; `None` once the peer has closed. Half a message before the close is an error.
    pub fn receive(&mut self) -> Result<Option<Message>> {
        loop {
            if let Some(message) = self.take_message()? {
                return Ok(Some(message));
            }
            if self.read_more()? == 0 {
                if self.buffer.is_empty() {
                    return Ok(None);
                }
                bail!(
                    "peer closed within a message, after {} bytes of it",
                    self.buffer.len()
                );
            }
        }
    }

    /// The next single byte: the answer to `SSLRequest` and `GSSENCRequest`. `None` once the peer has closed.
    pub fn receive_byte(&mut self) -> Result<Option<u8>> {
        while self.buffer.is_empty() {
            if self.read_more()? == 0 {
                return Ok(None);
            }
        }
        Ok(Some(self.buffer.remove(0)))
    }

    /// Messages up to and including the first of type `tag`.
    pub fn receive_until(&mut self, tag: u8) -> Result<Vec<Message>> {
        let mut messages = Vec::new();
        loop {
            let Some(message) = self.receive()? else {
                bail!(
                    "peer closed while {} was awaited, after {messages:?}",
                    backend_type_name(tag)
                );
            };
            let found = message.tag == tag;
            messages.push(message);
            if found {
                return Ok(messages);
            }
        }
    }

    /// Messages up to and including the next `ReadyForQuery`.
    pub fn receive_ready(&mut self) -> Result<Vec<Message>> {
        self.receive_until(b'Z')
    }

    /// Messages up to the peer's close. A reset counts as a close: a peer that closes with our bytes unread sends one.
    pub fn receive_to_end(&mut self) -> Result<Vec<Message>> {
        let mut messages = Vec::new();
        while let Some(message) = self.receive()? {
            messages.push(message);
        }
        Ok(messages)
    }

    /// Sends a Query and gives back its answer, `ReadyForQuery` included.
    pub fn query(&mut self, sql: impl AsRef<[u8]>) -> Result<Vec<Message>> {
        self.send(&frontend::query(sql))?;
        self.receive_ready()
    }

    /// Runs SQL that must succeed and gives back its rows, NULL as an empty string.
    pub fn rows(&mut self, sql: &str) -> Result<Vec<Vec<String>>> {
        let messages = self.query(sql)?;
        if let Some(error) = messages.iter().find(|message| message.tag == b'E') {
            bail!("{error:?} for: {sql}");
        }
        Ok(messages
            .iter()
            .filter(|message| message.tag == b'D')
            .map(|row| row.columns().into_iter().map(Option::unwrap_or_default).collect())
            .collect())
    }

    /// Process id and secret of `BackendKeyData`, if the server sent them.
    pub fn backend_key(&self) -> Option<(u32, &[u8])> {
        self.key
            .as_ref()
            .map(|(process_id, secret)| (*process_id, secret.as_slice()))
    }

    fn take_message(&mut self) -> Result<Option<Message>> {
        let Some((header, rest)) = self.buffer.split_first_chunk::<5>() else {
            return Ok(None);
        };
        let [tag, length @ ..] = *header;
        let Some(body_bytes) = usize::try_from(u32::from_be_bytes(length))?.checked_sub(4) else {
            bail!("peer sent a message of type {tag:#x} whose length is below 4");
        };
        let Some(body) = rest.get(..body_bytes) else {
            return Ok(None);
        };
        let message = Message {
            tag,
            body: body.to_vec(),
        };
        self.buffer.drain(..5 + body_bytes);
        if message.tag == b'K'
            && let Some((process_id, secret)) = message.body.split_first_chunk::<4>()
        {
            self.key = Some((u32::from_be_bytes(*process_id), secret.to_vec()));
        }
        Ok(Some(message))
    }

    fn read_more(&mut self) -> Result<usize> {
        let mut chunk = [0_u8; 16 * 1024];
        let read = match &mut self.stream {
            Stream::Tcp(stream) => stream.read(&mut chunk),
            Stream::Unix(stream) => stream.read(&mut chunk),
            Stream::Tls(stream) => stream.read(&mut chunk),
            Stream::Gone => Err(io::ErrorKind::NotConnected.into()),
        };
        let count = match read {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => 0,
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("read, with {} bytes of a message at hand", self.buffer.len()));
            }
        };
        self.buffer.extend(chunk.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// Sends a `CancelRequest` on a connection of its own and waits until the peer closes it.
pub fn cancel(endpoint: impl Into<Endpoint>, process_id: u32, secret: &[u8]) -> Result<()> {
    let mut client = RawClient::connect(endpoint)?;
    client.send(&frontend::cancel_request(process_id, secret))?;
    match client.receive_byte()? {
        None => Ok(()),
        Some(byte) => bail!("a CancelRequest was answered with the byte {byte:#x}"),
    }
}

fn password_message(password: &[u8]) -> Vec<u8> {
    let mut body = password.to_vec();
    body.push(0);
    frontend::message(b'p', &body)
}
