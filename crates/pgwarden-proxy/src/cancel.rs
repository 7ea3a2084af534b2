//! Cancel requests: whose key is whose, and passing them on to the server that runs the statement.
//!
//! A client gets the server's process id with a secret of the proxy's own (GATE §6), so the server's never leaves, and a key of one server
//! can't be taken for that of another whose process id happens to be the same. Behind a TCP balancer the request may reach another replica
//! than the session did, which then passes it on.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pgwarden_records::{Secret, ServerConfig};
use pgwarden_wire::startup;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;
use tracing::{info, warn};

use crate::backend_tls::{self, TlsRoute};
use crate::metrics::{CancelOrigin, CancelResult};
use crate::stream::{ClientAddress, ServerAddress};

mod ahead;
mod key;
mod pace;
mod peers;
mod registry;
#[cfg(test)]
mod tests;

pub(crate) use ahead::Ahead;
use key::{CancelKeys, Origin};
pub(crate) use pace::TooMany;
use pace::{CancelPace, Rates};
use peers::{Asked, Found, Hello, PeerError, Peers};
pub(crate) use registry::Registration;
use registry::{CancelRegistry, Cancelled};

/// How long a server may take over a cancel request. It handles one in milliseconds, and closes the connection when the signal is sent.
pub(crate) const CANCEL_TIMEOUT: Duration = Duration::from_secs(5);

/// What it takes to cancel a session's statement at its server.
#[derive(Debug, Clone)]
pub(crate) struct CancelTarget {
    /// The very address that the session is connected to: a name may resolve to another server by now.
    pub(crate) address: ServerAddress,
    /// TLS as the session has it, with the same checks, so that the server's secret is seen by no more than saw the session. `None`: it is in
    /// plain text.
    pub(crate) tls: Option<TlsRoute>,
    /// The server's process.
    pub(crate) process_id: u32,
    /// The server's secret for it.
    pub(crate) secret: Secret<Vec<u8>>,
}

/// What a cancel request says, and who says it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Requested<'a> {
    /// Process id of the key.
    pub(crate) process_id: u32,
    /// Secret of the key.
    pub(crate) secret: &'a [u8],
    /// Where it comes from.
    pub(crate) from: ClientAddress,
}

/// What became of a cancel request. Who sent it isn't told, as PostgreSQL doesn't either.
#[derive(Debug)]
pub(crate) enum CancelOutcome {
    /// The server has dealt with it.
    Delivered,
    /// The server has dealt with it for another replica.
    PassedOn,
    /// No live session has this key, here or at a peer.
    UnknownKey,
    /// The server could not be asked, or did not answer in time.
    Failed(io::Error),
    /// A peer could not be asked, or its server could not.
    PeerFailed,
    /// It was dropped unread.
    Dropped(TooMany),
    /// A peer asked for a session of ours.
    ForPeer(Result<Found, PeerError>),
}

impl CancelOutcome {
    /// What it counts as.
    pub(crate) fn labels(&self) -> (CancelOrigin, CancelResult) {
        let result = match self {
            CancelOutcome::Delivered => CancelResult::Delivered,
            CancelOutcome::PassedOn => CancelResult::PassedOn,
            CancelOutcome::UnknownKey => CancelResult::UnknownKey,
            CancelOutcome::Failed(_) | CancelOutcome::PeerFailed => CancelResult::Failed,
            CancelOutcome::Dropped(_) => CancelResult::Dropped,
            CancelOutcome::ForPeer(answer) => {
                let result = match answer {
                    Ok(Found::Delivered) => CancelResult::Delivered,
                    Ok(Found::Unknown) => CancelResult::UnknownKey,
                    Ok(Found::Failed) | Err(_) => CancelResult::Failed,
                };
                return (CancelOrigin::Peer, result);
            }
        };
        (CancelOrigin::Client, result)
    }

    /// Says it in the log of the connection.
    pub(crate) fn log(&self, process_id: u32) {
        match self {
            CancelOutcome::Delivered => info!(process_id, "cancel request delivered"),
            CancelOutcome::PassedOn => info!(process_id, "cancel request delivered by a peer"),
            CancelOutcome::UnknownKey => info!(process_id, "cancel request with an unknown key"),
            CancelOutcome::Failed(error) => {
                warn!(process_id, %error, "cancel request could not be delivered");
            }
            CancelOutcome::PeerFailed => {
                warn!(
                    process_id,
                    "cancel request with a key that may be of a peer that could not deliver it"
                );
            }
            CancelOutcome::Dropped(reason) => warn!(process_id, %reason, "cancel request dropped"),
            CancelOutcome::ForPeer(Ok(found)) => info!(?found, "cancel request of a peer"),
            CancelOutcome::ForPeer(Err(error)) => warn!(%error, "a peer did not get to its cancel request"),
        }
    }
}

/// Whatever is needed to serve cancel requests. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Cancels {
    keys: Arc<CancelKeys>,
    registry: CancelRegistry,
    pace: CancelPace,
    peers: Peers,
}

impl Cancels {
    /// Of a process whose replicas have the same `login_key`.
    pub(crate) fn new(login_key: &Secret<[u8; 32]>) -> Result<Self, getrandom::Error> {
        Ok(Cancels {
            keys: Arc::new(CancelKeys::new(login_key)?),
            registry: CancelRegistry::default(),
            pace: CancelPace::default(),
            peers: Peers::default(),
        })
    }

    /// Makes a key for the target: its process id, with a new secret as long as this version of the protocol has it. The key is good until
    /// the registration is dropped.
    pub(crate) fn register(
        &self,
        target: CancelTarget,
        version: u32,
    ) -> Result<Registration, getrandom::Error> {
        let process_id = target.process_id;
        self.registry
            .register(target, || self.keys.make(process_id, version))
    }

    /// Waits until no cancel request is under way, for as long as a server may take over one: the session that it was for has ended before it.
    pub(crate) async fn finish(&self) {
        if timeout(CANCEL_TIMEOUT, self.pace.wait_idle()).await.is_err() {
            warn!("cancel requests are dropped that are still under way");
        }
    }

    /// Serves a cancel request, and closes the connection when the server has closed its own: a client that sees its request's end may send
    /// the next statement, which a request still on its way would hit (GATE §6). `client` is shut down in any case, and is told nothing.
    pub(crate) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        requested: Requested<'_>,
        server: &ServerConfig,
        client: &mut S,
    ) -> CancelOutcome {
        let outcome = match self.pace.begin() {
            Ok(_under_way) => self.serve_in_time(requested, server, client).await,
            Err(too_many) => CancelOutcome::Dropped(too_many),
        };
        // The client is closed by being dropped at the latest.
        let _ = client.shutdown().await;
        outcome
    }

    async fn serve_in_time<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        requested: Requested<'_>,
        server: &ServerConfig,
        client: &mut S,
    ) -> CancelOutcome {
        let Requested {
            process_id,
            secret,
            from,
        } = requested;
        let rates = Rates {
            in_all: server.max_cancels_per_second,
            per_address: server.max_cancels_per_second_per_address,
        };
        if let Some(hello) = Hello::read(&self.keys, process_id, secret) {
            return CancelOutcome::ForPeer(self.serve_peer(hello, rates, client).await);
        }
        if let Err(too_many) = self.pace.of_client(from, rates, Instant::now()) {
            return CancelOutcome::Dropped(too_many);
        }
        // What is known here is never looked for elsewhere, and what is made here is known nowhere else.
        if let Some(session) = self.registry.find(process_id, secret) {
            return match session.cancel().await {
                Ok(()) => CancelOutcome::Delivered,
                Err(error) => CancelOutcome::Failed(error),
            };
        }
        let origin = self.keys.origin(process_id, secret);
        match origin {
            Origin::Nowhere => return CancelOutcome::UnknownKey,
            Origin::Replica(replica) if replica == self.keys.replica => return CancelOutcome::UnknownKey,
            Origin::Anywhere | Origin::Replica(_) => {}
        }
        let asked = Asked {
            process_id,
            secret: Secret::new(secret.to_vec()),
            origin,
        };
        match self.peers.pass_on(&self.keys, &server.peers, asked).await {
            Found::Delivered => CancelOutcome::PassedOn,
            Found::Unknown => CancelOutcome::UnknownKey,
            Found::Failed => CancelOutcome::PeerFailed,
        }
    }

    /// Serves a peer: from the sessions here alone.
    async fn serve_peer<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        hello: Hello,
        rates: Rates,
        peer: &mut S,
    ) -> Result<Found, PeerError> {
        let passed_on = hello.challenge(&self.keys, peer).await?;
        let is_it = |secret: &Secret<Vec<u8>>| passed_on.is_of(&self.keys, secret.expose());
        let found = match self.registry.find_by(passed_on.process_id, is_it) {
            None => Found::Unknown,
            Some(_) if self.pace.of_peer(rates, Instant::now()).is_err() => Found::Failed,
            Some(session) => match session.cancel().await {
                Ok(()) => Found::Delivered,
                Err(error) => {
                    warn!(process_id = passed_on.process_id, %error, "cancel request of a peer could not be delivered");
                    Found::Failed
                }
            },
        };
        passed_on.answer(&self.keys, peer, found).await?;
        Ok(found)
    }
}

impl Cancelled {
    /// Cancels what the session runs, what its client has just sent included.
    async fn cancel(&self) -> io::Result<()> {
        self.ahead.passed_on().await;
        cancel_backend(&self.target).await
    }
}

/// Cancels what the target runs, and waits until its server has dealt with the request: up to [`CANCEL_TIMEOUT`] in all.
pub(crate) async fn cancel_backend(target: &CancelTarget) -> io::Result<()> {
    let mut request = Vec::new();
    startup::cancel_request(&mut request, target.process_id, target.secret.expose());
    let exchange = async {
        let mut server = target.address.connect().await?;
        if let Some(route) = &target.tls {
            backend_tls::begin(&mut server, route)
                .await
                .map_err(io::Error::other)?;
        }
        server.write_all(&request).await?;
        server.flush().await?;
        let mut answer = [0; 64];
        // The server answers nothing, and closes once the signal is sent (PROTOCOL-FLOW-CANCELING-REQUESTS). Reset is closed too.
        loop {
            match server.read(&mut answer).await {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                // Under TLS a server may close without a word about it.
                Err(error) if is_end(&error) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    };
    timeout(CANCEL_TIMEOUT, exchange)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

fn is_end(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof
    )
}
