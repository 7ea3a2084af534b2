//! Sockets of clients and servers as one type, and a conversation over one of them that has to end in time.

use std::fmt;
use std::io::{self, IoSlice};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pgwarden_records::TcpSettings;
use pgwarden_wire::ErrorResponse;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::{Instant, timeout, timeout_at};

use crate::channel::Channel;
use crate::login_counts::Origin;

/// A connection to a client or to a server.
pub(crate) type Stream = Channel<Transport>;

/// What a connection's bytes go through.
#[derive(Debug)]
pub(crate) enum Transport {
    /// TCP, without Nagle's delay and with keepalive.
    Tcp(TcpStream),
    /// A unix socket.
    Unix(UnixStream),
}

impl Transport {
    /// A TCP connection set up for the protocol: what is written goes out at once, since messages are already batched, and the kernel
    /// notices when the other side's machine is gone, as PostgreSQL asks it to (`tcp_keepalives_idle`).
    pub(crate) fn tcp(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        SockRef::from(&stream).set_keepalive(true)?;
        Ok(Transport::Tcp(stream))
    }

    /// How the kernel notices that the other side is gone.
    pub(crate) fn configure(&self, settings: &TcpSettings) -> io::Result<()> {
        let Transport::Tcp(stream) = self else {
            return Ok(());
        };
        let TcpSettings {
            keepalives_idle,
            keepalives_interval,
            keepalives_count,
            user_timeout,
        } = *settings;
        let mut keepalive = TcpKeepalive::new();
        if let Some(idle) = keepalives_idle {
            keepalive = keepalive.with_time(idle);
        }
        if let Some(interval) = keepalives_interval {
            keepalive = keepalive.with_interval(interval);
        }
        if let Some(count) = keepalives_count {
            keepalive = keepalive.with_retries(count);
        }
        let socket = SockRef::from(stream);
        socket.set_tcp_keepalive(&keepalive)?;
        socket.set_tcp_user_timeout(user_timeout)
    }
}

impl Stream {
    /// Closes it at once, whatever is on its way, so that the other side can send nothing any more: over TCP by a reset.
    pub(crate) fn break_off(&mut self) {
        if let Some(Transport::Tcp(socket)) = self.socket() {
            // Without it the other side finds out with its second send.
            let _ = SockRef::from(socket).set_linger(Some(Duration::ZERO));
        }
        *self = Channel::Gone;
    }
}

impl AsyncRead for Transport {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Transport::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Transport::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Transport {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Transport::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            Transport::Unix(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Transport::Tcp(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Transport::Unix(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Transport::Tcp(stream) => stream.is_write_vectored(),
            Transport::Unix(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Transport::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Transport::Unix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Transport::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Transport::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// Where a client connects from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientAddress {
    /// From this address and port.
    Tcp(SocketAddr),
    /// From this machine, over a unix socket, by a process of which the kernel says this.
    Unix(Option<PeerCredentials>),
}

/// Who connected to a unix socket, as the kernel noted at that moment (`SO_PEERCRED`, unix(7)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PeerCredentials {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    /// `None`: of another process namespace.
    pub(crate) pid: Option<i32>,
}

impl PeerCredentials {
    /// `None`: the kernel doesn't say.
    pub(crate) fn of(stream: &UnixStream) -> Option<Self> {
        let peer = stream.peer_cred().ok()?;
        Some(PeerCredentials {
            uid: peer.uid(),
            gid: peer.gid(),
            pid: peer.pid().filter(|pid| *pid > 0),
        })
    }
}

impl fmt::Display for PeerCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "uid {} gid {}", self.uid, self.gid)?;
        match self.pid {
            Some(pid) => write!(f, " pid {pid}"),
            None => Ok(()),
        }
    }
}

impl ClientAddress {
    /// A client of IPv4 is one, also where the socket is of IPv6 and takes both.
    pub(crate) fn tcp(address: SocketAddr) -> Self {
        ClientAddress::Tcp(SocketAddr::new(address.ip().to_canonical(), address.port()))
    }

    /// What grants are held against; `None` for a unix socket.
    pub(crate) fn ip(self) -> Option<IpAddr> {
        match self {
            ClientAddress::Tcp(address) => Some(address.ip()),
            ClientAddress::Unix(_) => None,
        }
    }

    /// Whom its connections count for. `None`: the kernel doesn't say.
    pub(crate) fn origin(self) -> Option<Origin> {
        match self {
            ClientAddress::Tcp(address) => Some(Origin::of(address.ip())),
            ClientAddress::Unix(peer) => peer.map(|peer| Origin::User(peer.uid)),
        }
    }

    /// The process at the other end of a unix socket.
    pub(crate) fn peer(self) -> Option<PeerCredentials> {
        match self {
            ClientAddress::Tcp(_) => None,
            ClientAddress::Unix(peer) => peer,
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientAddress::Tcp(address) => address.fmt(f),
            ClientAddress::Unix(_) => f.write_str("local"),
        }
    }
}

/// Where a server really was reached, names resolved: a cancel request has to go to the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ServerAddress {
    /// This address and port.
    Tcp(SocketAddr),
    /// This socket file.
    Unix(PathBuf),
}

impl ServerAddress {
    /// Connects. Cancel safe: nothing is left when the future is dropped.
    pub(crate) async fn connect(&self) -> io::Result<Stream> {
        match self {
            ServerAddress::Tcp(address) => {
                Transport::tcp(TcpStream::connect(address).await?).map(Channel::Plain)
            }
            ServerAddress::Unix(path) => {
                Ok(Channel::Plain(Transport::Unix(UnixStream::connect(path).await?)))
            }
        }
    }

    /// Whether nobody but this machine's kernel carries the bytes.
    pub(crate) fn is_unix(&self) -> bool {
        matches!(self, ServerAddress::Unix(_))
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServerAddress::Tcp(address) => address.fmt(f),
            ServerAddress::Unix(path) => path.display().fmt(f),
        }
    }
}

/// Why a conversation can't go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConversationError {
    /// The deadline passed while the other side was awaited.
    #[error("the other side did not answer in time")]
    Deadline,
    /// The socket failed.
    #[error("the connection failed")]
    Io(#[from] io::Error),
}

/// Room that one [`Conversation::receive`] makes, in bytes: a startup packet is at most 10,000 bytes, and most are below 1 KiB.
const RECEIVE_BYTES: usize = 4096;

/// Reads and writes of a login, each of them bounded by one deadline. What is received stays until it is consumed, so a caller that finds
/// a message incomplete receives more and looks again; it checks the length that a message announces first, and so bounds the buffer.
#[derive(Debug)]
pub(crate) struct Conversation<S> {
    stream: S,
    received: Vec<u8>,
    deadline: Instant,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Conversation<S> {
    pub(crate) fn new(stream: S, deadline: Instant) -> Self {
        Conversation {
            stream,
            received: Vec::new(),
            deadline,
        }
    }

    /// One that goes on where another ended: with what had arrived and was not consumed.
    pub(crate) fn resume(stream: S, received: Vec<u8>, deadline: Instant) -> Self {
        Conversation {
            stream,
            received,
            deadline,
        }
    }

    /// What has arrived and has not been consumed.
    pub(crate) fn received(&self) -> &[u8] {
        &self.received
    }

    /// What is left until the deadline; nothing once it has passed.
    pub(crate) fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Forgets the first `bytes` of what has arrived.
    pub(crate) fn consume(&mut self, bytes: usize) {
        self.received.drain(..bytes.min(self.received.len()));
    }

    /// Waits for more bytes. `false`: the other side has closed, and no more will come. Cancel safe.
    pub(crate) async fn receive(&mut self) -> Result<bool, ConversationError> {
        self.received.reserve(RECEIVE_BYTES);
        let read = self.stream.read_buf(&mut self.received);
        let count = timeout_at(self.deadline, read)
            .await
            .map_err(|_| ConversationError::Deadline)??;
        Ok(count > 0)
    }

    /// Sends all of `bytes`. Not cancel safe.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<(), ConversationError> {
        let write = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout_at(self.deadline, write)
            .await
            .map_err(|_| ConversationError::Deadline)??;
        Ok(())
    }

    /// The stream, and what has arrived and was not consumed.
    pub(crate) fn into_parts(self) -> (S, Vec<u8>) {
        (self.stream, self.received)
    }
}

/// How long a client may take to receive the last message: it is at hand and fits into the socket's buffer, unless the client does not read.
const LAST_WORDS_TIMEOUT: Duration = Duration::from_secs(1);

/// Tells the other side `bytes`, then that nothing follows, and waits for it to close, up to a second in all. A socket that is closed
/// while received bytes are unread is reset, and a reset may overtake the message that says why.
pub(crate) async fn last_words<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, bytes: &[u8]) {
    let (mut from, mut to) = tokio::io::split(stream);
    let tell = async {
        to.write_all(bytes).await?;
        to.shutdown().await
    };
    // At the same time, as the other side may not read before it has written all it wants to.
    let discard = async {
        let mut discarded = [0; 1024];
        while from.read(&mut discarded).await? > 0 {}
        Ok::<_, io::Error>(())
    };
    let farewell = async { tokio::join!(tell, discard) };
    // Whether the other side heard it or is gone already, there is nothing more to say.
    let _ = timeout(LAST_WORDS_TIMEOUT, farewell).await;
}

/// An error as the [`last_words`].
pub(crate) async fn tell(stream: &mut Stream, error: &ErrorResponse) {
    let mut bytes = Vec::new();
    error.encode(&mut bytes);
    last_words(stream, &bytes).await;
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn clients_of_ipv4_are_shown_as_such() {
        let shown = |address: &str| ClientAddress::tcp(address.parse().unwrap()).to_string();
        assert_eq!(shown("[::ffff:192.0.2.1]:5"), "192.0.2.1:5");
        assert_eq!(shown("[2001:db8::1]:5"), "[2001:db8::1]:5");
        assert_eq!(shown("192.0.2.1:5"), "192.0.2.1:5");
    }

    #[tokio::test]
    async fn the_kernel_is_told_how_to_notice() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let connect = async || {
            let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            Transport::tcp(stream).unwrap()
        };
        let told = |transport: &Transport| {
            let Transport::Tcp(stream) = transport else {
                panic!("{transport:?}");
            };
            let socket = SockRef::from(stream);
            assert!(socket.keepalive().unwrap());
            (
                socket.tcp_keepalive_time().unwrap(),
                socket.tcp_keepalive_interval().unwrap(),
                socket.tcp_keepalive_retries().unwrap(),
                socket.tcp_user_timeout().unwrap(),
            )
        };
        let as_the_system_does = told(&connect().await);
        let transport = connect().await;
        transport.configure(&TcpSettings::default()).unwrap();
        assert_eq!(told(&transport), as_the_system_does);

        let seconds = Duration::from_secs;
        for (time, count, user_timeout) in [(1, 1, seconds(1)), (32_767, 127, Duration::from_hours(24))] {
            let transport = connect().await;
            transport
                .configure(&TcpSettings {
                    keepalives_idle: Some(seconds(time)),
                    keepalives_interval: Some(seconds(time)),
                    keepalives_count: Some(count),
                    user_timeout: Some(user_timeout),
                })
                .unwrap();
            assert_eq!(
                told(&transport),
                (seconds(time), seconds(time), count, Some(user_timeout))
            );
        }
        let (unix, _other) = UnixStream::pair().unwrap();
        Transport::Unix(unix).configure(&TcpSettings::default()).unwrap();
    }
}
