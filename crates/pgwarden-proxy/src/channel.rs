//! A connection in plain text or under TLS, and its way from the one to the other.

use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, CommonState, ProtocolVersion, ServerConfig};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::{TlsAcceptor, TlsConnector, client, rustls, server};

use crate::stream::last_words;

/// What bytes go through.
pub(crate) enum Channel<S> {
    /// As they are.
    Plain(S),
    /// TLS, whose server is pgwarden.
    WithClient(Box<server::TlsStream<S>>),
    /// TLS, whose client is pgwarden.
    WithServer(Box<client::TlsStream<S>>),
    /// Nothing any more: a handshake failed, or was given up.
    Gone,
}

/// What a channel is protected by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TlsFacts {
    /// As PostgreSQL names it in `pg_stat_ssl`: `TLSv1.3`.
    pub(crate) version: &'static str,
    /// By its IANA name: `TLS_AES_256_GCM_SHA384`.
    pub(crate) cipher: String,
}

impl std::fmt::Display for TlsFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.version, self.cipher)
    }
}

impl<S> std::fmt::Debug for Channel<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Channel::Plain(_) => "Plain",
            Channel::WithClient(_) => "WithClient",
            Channel::WithServer(_) => "WithServer",
            Channel::Gone => "Gone",
        })
    }
}

impl<S> Channel<S> {
    fn state(&self) -> Option<&CommonState> {
        match self {
            Channel::Plain(_) | Channel::Gone => None,
            Channel::WithClient(stream) => Some(stream.get_ref().1),
            Channel::WithServer(stream) => Some(stream.get_ref().1),
        }
    }

    /// The socket beneath.
    pub(crate) fn socket(&self) -> Option<&S> {
        match self {
            Channel::Plain(socket) => Some(socket),
            Channel::WithClient(stream) => Some(stream.get_ref().0),
            Channel::WithServer(stream) => Some(stream.get_ref().0),
            Channel::Gone => None,
        }
    }

    /// What it is protected by; `None` in plain text.
    pub(crate) fn tls(&self) -> Option<TlsFacts> {
        let state = self.state()?;
        let version = match state.protocol_version() {
            Some(ProtocolVersion::TLSv1_3) => "TLSv1.3",
            Some(ProtocolVersion::TLSv1_2) => "TLSv1.2",
            _ => "TLS",
        };
        let cipher = state
            .negotiated_cipher_suite()
            .and_then(|suite| suite.suite().as_str())
            .unwrap_or_default();
        // rustls alone puts the version into the names of TLS 1.3.
        Some(TlsFacts {
            version,
            cipher: cipher.replacen("TLS13_", "TLS_", 1),
        })
    }

    /// The certificate that the other side has shown and proven to have the key of, in DER.
    pub(crate) fn peer_certificate(&self) -> Option<&[u8]> {
        let chain = self.state()?.peer_certificates()?;
        chain.first().map(AsRef::as_ref)
    }

    /// The protocol that both sides have named (ALPN).
    pub(crate) fn application_protocol(&self) -> Option<&[u8]> {
        self.state()?.alpn_protocol()
    }

    fn take_plain(&mut self) -> io::Result<S> {
        match std::mem::replace(self, Channel::Gone) {
            Channel::Plain(socket) => Ok(socket),
            Channel::WithClient(_) | Channel::WithServer(_) | Channel::Gone => {
                Err(io::ErrorKind::NotConnected.into())
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Channel<S> {
    /// Goes over to TLS as its server. `received` has arrived before and is the beginning of the handshake. When this fails, or is dropped
    /// half-way, nothing can be said on the channel any more: not in plain text either.
    pub(crate) async fn accept_tls(&mut self, config: &Arc<ServerConfig>, received: &[u8]) -> io::Result<()> {
        let socket = self.take_plain()?;
        let mut early = Ok(());
        let acceptor = TlsAcceptor::from(Arc::clone(config));
        let handshake = acceptor.accept_with(socket, |connection| {
            let mut rest = received;
            while !rest.is_empty() && early.is_ok() {
                early = connection.read_tls(&mut rest).map(drop).and_then(|()| {
                    connection
                        .process_new_packets()
                        .map(drop)
                        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
                });
            }
        });
        let mut handshake = pin!(handshake.into_fallible());
        if early.is_err() {
            // Sends the alert. The rest of the handshake would wait for more bytes before it reports the error.
            std::future::poll_fn(|cx| {
                let _ = handshake.as_mut().poll(cx);
                Poll::Ready(())
            })
            .await;
            return early;
        }
        match handshake.await {
            Ok(stream) => {
                *self = Channel::WithClient(Box::new(stream));
                Ok(())
            }
            Err((error, mut socket)) => {
                // The alert has been sent; a reset must not overtake it.
                last_words(&mut socket, b"").await;
                Err(error)
            }
        }
    }

    /// Goes over to TLS as its client. The same holds when this fails.
    pub(crate) async fn connect_tls(
        &mut self,
        config: &Arc<ClientConfig>,
        name: ServerName<'static>,
    ) -> io::Result<()> {
        let socket = self.take_plain()?;
        let connector = TlsConnector::from(Arc::clone(config));
        let stream = connector.connect(name, socket).await?;
        *self = Channel::WithServer(Box::new(stream));
        Ok(())
    }
}

fn gone<T>() -> Poll<io::Result<T>> {
    Poll::Ready(Err(io::ErrorKind::NotConnected.into()))
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Channel<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Channel::Plain(socket) => Pin::new(socket).poll_read(cx, buf),
            Channel::WithClient(stream) => Pin::new(stream).poll_read(cx, buf),
            Channel::WithServer(stream) => Pin::new(stream).poll_read(cx, buf),
            Channel::Gone => gone(),
        }
    }
}

/// Under TLS a write that is ready has been encrypted; that the socket has taken it is known after a flush.
impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Channel<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Channel::Plain(socket) => Pin::new(socket).poll_write(cx, buf),
            Channel::WithClient(stream) => Pin::new(stream).poll_write(cx, buf),
            Channel::WithServer(stream) => Pin::new(stream).poll_write(cx, buf),
            Channel::Gone => gone(),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Channel::Plain(socket) => Pin::new(socket).poll_write_vectored(cx, bufs),
            Channel::WithClient(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Channel::WithServer(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Channel::Gone => gone(),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Channel::Plain(socket) => socket.is_write_vectored(),
            Channel::WithClient(stream) => stream.is_write_vectored(),
            Channel::WithServer(stream) => stream.is_write_vectored(),
            Channel::Gone => false,
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Channel::Plain(socket) => Pin::new(socket).poll_flush(cx),
            Channel::WithClient(stream) => Pin::new(stream).poll_flush(cx),
            Channel::WithServer(stream) => Pin::new(stream).poll_flush(cx),
            Channel::Gone => gone(),
        }
    }

    /// Under TLS says first that nothing follows (`close_notify`).
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Channel::Plain(socket) => Pin::new(socket).poll_shutdown(cx),
            Channel::WithClient(stream) => Pin::new(stream).poll_shutdown(cx),
            Channel::WithServer(stream) => Pin::new(stream).poll_shutdown(cx),
            Channel::Gone => gone(),
        }
    }
}
