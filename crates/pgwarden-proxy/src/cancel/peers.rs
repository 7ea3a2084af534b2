//! Replicas pass cancel requests on to each other, at the port where clients connect and as it looks from outside: a cancel request whose key is
//! wrong.
//!
//! ```text
//!  asks    CancelRequest of process 0, its key: random A │ MAC(h, A)
//!  asked   random B │ MAC(c, A, B)
//!  asks    process id │ digest = MAC(k, A, B, process id, secret) │ MAC(r, A, B, process id, digest)
//!  asked   what came of it │ its replica id │ MAC(a, A, B, …)          when the server has dealt with it
//! ```
//!
//! The MACs are of a key that is derived from `login_key`. Who doesn't have it gets no answer to the first message, so can't tell that there
//! are peers. The asked one draws B, so what was overheard is of no use a second time; and a secret itself never crosses, only a digest to
//! compare with, so it is of none a first time either. That is why no TLS is needed here.
//!
//! Who is asked looks among its own sessions and asks nobody, so nothing goes round in circles.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pgwarden_records::{Host, Secret};
use pgwarden_wire::startup;
use subtle::ConstantTimeEq as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, lookup_host};
use tokio::sync::{AcquireError, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tracing::warn;

use super::CANCEL_TIMEOUT;
use super::key::{CancelKeys, MAC_BYTES, Origin, ReplicaId, mac};

/// How long a peer may take over each step but the last. It has nothing to do in them.
const STEP_TIMEOUT: Duration = Duration::from_secs(2);

/// How long passing on may take in all: one peer's last step, which waits for a server, and time for the steps before it and for finding the
/// one to ask.
const PASS_ON_TIMEOUT: Duration = Duration::from_secs(10);
const _: () = assert!(CANCEL_TIMEOUT.as_secs() + 2 * STEP_TIMEOUT.as_secs() < PASS_ON_TIMEOUT.as_secs());

/// For how long a name isn't resolved again, nor a peer asked again that could not be: a flood of wrong keys must not become one of these.
const REST: Duration = Duration::from_secs(5);

/// Connections to peers at a time. Those past it wait for their turn.
const PEER_CONNECTIONS_MAX: usize = 256;

/// Addresses of peers that are asked. A name may stand for many.
const PEER_ADDRESSES_MAX: usize = 256;

const RANDOM_BYTES: usize = 16;
type Random = [u8; RANDOM_BYTES];

/// What each MAC is of: a byte at its beginning, so that none can be taken for another.
mod step {
    pub(super) const HELLO: &[u8] = b"h";
    pub(super) const CHALLENGE: &[u8] = b"c";
    pub(super) const KEY: &[u8] = b"k";
    pub(super) const REQUEST: &[u8] = b"r";
    pub(super) const ANSWER: &[u8] = b"a";
}

/// What a replica says of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// None of its sessions has it.
    Unknown,
    /// The server has dealt with the request.
    Delivered,
    /// The server could not be asked.
    Failed,
}

impl Found {
    fn code(self) -> u8 {
        match self {
            Found::Unknown => 0,
            Found::Delivered => 1,
            Found::Failed => 2,
        }
    }

    fn of_code(code: u8) -> Option<Self> {
        [Found::Unknown, Found::Delivered, Found::Failed]
            .into_iter()
            .find(|found| found.code() == code)
    }
}

/// Why a peer said nothing of use.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PeerError {
    #[error("it did not answer in time")]
    Silent,
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("it closed without a word: it is no pgwarden, or its login_key is another")]
    Closed,
    #[error("what it says is not authentic")]
    NotAuthentic,
    #[error("no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

/// The process id that no server has, in the requests of peers.
const NO_PROCESS: u32 = 0;

/// The first message of a peer.
#[derive(Debug)]
pub(super) struct Hello(Random);

impl Hello {
    /// `None`: it comes from no peer.
    pub(super) fn read(keys: &CancelKeys, process_id: u32, secret: &[u8]) -> Option<Self> {
        let (a, proof) = secret.split_first_chunk::<RANDOM_BYTES>()?;
        let expected = mac(&keys.peers, &[step::HELLO, a]);
        (process_id == NO_PROCESS && bool::from(expected.ct_eq(proof))).then_some(Hello(*a))
    }

    /// Goes through the exchange up to what is asked for. Not cancel safe.
    pub(super) async fn challenge<S: AsyncRead + AsyncWrite + Unpin>(
        self,
        keys: &CancelKeys,
        peer: &mut S,
    ) -> Result<PassedOn, PeerError> {
        let a = self.0;
        let b = random()?;
        in_time(send(peer, &[&b, &mac(&keys.peers, &[step::CHALLENGE, &a, &b])])).await?;
        let request = async { Ok((receive(peer).await?, receive(peer).await?, receive(peer).await?)) };
        let (process_id, digest, proof): ([u8; 4], [u8; MAC_BYTES], [u8; MAC_BYTES]) =
            in_time(request).await?;
        let expected = mac(&keys.peers, &[step::REQUEST, &a, &b, &process_id, &digest]);
        if !bool::from(expected.ct_eq(&proof)) {
            return Err(PeerError::NotAuthentic);
        }
        let process_id = u32::from_be_bytes(process_id);
        Ok(PassedOn {
            a,
            b,
            process_id,
            digest,
        })
    }
}

/// What a peer asks for, of which it is known that it is one and asks now.
#[derive(Debug)]
pub(super) struct PassedOn {
    a: Random,
    b: Random,
    pub(super) process_id: u32,
    digest: [u8; MAC_BYTES],
}

impl PassedOn {
    /// Whether it is asked for this secret.
    pub(super) fn is_of(&self, keys: &CancelKeys, secret: &[u8]) -> bool {
        digest(keys, &self.a, &self.b, self.process_id, secret)
            .ct_eq(&self.digest)
            .into()
    }

    /// Says what came of it.
    pub(super) async fn answer<S: AsyncWrite + Unpin>(
        &self,
        keys: &CancelKeys,
        peer: &mut S,
        found: Found,
    ) -> Result<(), PeerError> {
        let replica = keys.replica.0;
        let proof = mac(
            &keys.peers,
            &[step::ANSWER, &self.a, &self.b, &[found.code()], &replica],
        );
        in_time(send(peer, &[&[found.code()], &replica, &proof])).await
    }
}

fn digest(keys: &CancelKeys, a: &Random, b: &Random, process_id: u32, secret: &[u8]) -> [u8; MAC_BYTES] {
    mac(&keys.peers, &[step::KEY, a, b, &process_id.to_be_bytes(), secret])
}

fn random() -> Result<Random, PeerError> {
    let mut random = [0; RANDOM_BYTES];
    getrandom::fill(&mut random)?;
    Ok(random)
}

async fn in_time<T>(step: impl Future<Output = Result<T, PeerError>>) -> Result<T, PeerError> {
    timeout(STEP_TIMEOUT, step)
        .await
        .unwrap_or(Err(PeerError::Silent))
}

async fn send<S: AsyncWrite + Unpin>(peer: &mut S, parts: &[&[u8]]) -> Result<(), PeerError> {
    peer.write_all(&parts.concat()).await?;
    peer.flush().await?;
    Ok(())
}

async fn receive<S: AsyncRead + Unpin, const N: usize>(peer: &mut S) -> Result<[u8; N], PeerError> {
    let mut bytes = [0; N];
    match peer.read_exact(&mut bytes).await {
        Ok(_) => Ok(bytes),
        Err(error) if super::is_end(&error) => Err(PeerError::Closed),
        Err(error) => Err(error.into()),
    }
}

/// Asks the one at the other end for the session that has this key.
async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    keys: &CancelKeys,
    peer: &mut S,
    process_id: u32,
    secret: &[u8],
) -> Result<(ReplicaId, Found), PeerError> {
    let a = random()?;
    let mut hello = Vec::new();
    let proof = mac(&keys.peers, &[step::HELLO, &a]);
    startup::cancel_request(&mut hello, NO_PROCESS, &[&a[..], &proof].concat());
    in_time(send(peer, &[&hello])).await?;
    let b: Random = in_time(receive(peer)).await?;
    let proof: [u8; MAC_BYTES] = in_time(receive(peer)).await?;
    if !bool::from(mac(&keys.peers, &[step::CHALLENGE, &a, &b]).ct_eq(&proof)) {
        return Err(PeerError::NotAuthentic);
    }
    let process = process_id.to_be_bytes();
    let digest = digest(keys, &a, &b, process_id, secret);
    let proof = mac(&keys.peers, &[step::REQUEST, &a, &b, &process, &digest]);
    in_time(send(peer, &[&process, &digest, &proof])).await?;
    // Its server takes its time, and `PASS_ON_TIMEOUT` bounds it.
    let [code]: [u8; 1] = receive(peer).await?;
    let replica: [u8; 4] = receive(peer).await?;
    let proof: [u8; MAC_BYTES] = receive(peer).await?;
    let expected = mac(&keys.peers, &[step::ANSWER, &a, &b, &[code], &replica]);
    match Found::of_code(code) {
        Some(found) if expected.ct_eq(&proof).into() => Ok((ReplicaId(replica), found)),
        _ => Err(PeerError::NotAuthentic),
    }
}

/// What is known of the other replicas. Clones are the same.
#[derive(Debug, Clone)]
pub(super) struct Peers(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    known: Mutex<Known>,
    /// A name takes a thread for as long as its resolver does, so one request at a time has names resolved; who waited finds it done.
    resolving: Semaphore,
    /// Of [`PEER_CONNECTIONS_MAX`].
    connections: Semaphore,
}

#[derive(Debug, Default)]
struct Known {
    met: HashMap<SocketAddr, Met>,
    resolved: Option<Resolved>,
}

/// Who is where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Met {
    /// A replica.
    Replica(ReplicaId),
    /// Nobody who is of use, at that time.
    Nobody(Instant),
}

#[derive(Debug, Clone)]
struct Resolved {
    peers: Vec<Host>,
    addresses: Vec<SocketAddr>,
    at: Instant,
}

impl Default for Peers {
    fn default() -> Self {
        Peers(Arc::new(Shared {
            known: Mutex::default(),
            resolving: Semaphore::new(1),
            connections: Semaphore::new(PEER_CONNECTIONS_MAX),
        }))
    }
}

/// What is passed on.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) process_id: u32,
    pub(super) secret: Secret<Vec<u8>>,
    pub(super) origin: Origin,
}

impl Peers {
    /// Passes a request on to the replica that its key comes from, or to all of them while that one isn't known or the key doesn't say. Ends
    /// as soon as one has the key; those that can't be reached are logged, and keep nobody from asking the others.
    pub(super) async fn pass_on(&self, keys: &Arc<CancelKeys>, peers: &[Host], asked: Asked) -> Found {
        let passing = async {
            let addresses = self.addresses(peers).await?;
            let owner = match asked.origin {
                Origin::Replica(replica) => self.place_of(replica).map(|address| (address, replica)),
                Origin::Anywhere | Origin::Nowhere => None,
            };
            if let Some((address, replica)) = owner
                && let Ok((met, found)) = self.ask_at(keys, address, &asked).await
                && met == replica
            {
                return Ok(found);
            }
            Ok(self.ask_all(keys, addresses, &asked).await)
        };
        match timeout(PASS_ON_TIMEOUT, passing).await {
            Ok(Ok(found)) => found,
            Ok(Err(AcquireError { .. })) | Err(_) => Found::Failed,
        }
    }

    fn place_of(&self, replica: ReplicaId) -> Option<SocketAddr> {
        let known = self.lock();
        let mut met = known.met.iter();
        met.find(|(_, met)| **met == Met::Replica(replica))
            .map(|(address, _)| *address)
    }

    async fn ask_all(&self, keys: &Arc<CancelKeys>, addresses: Vec<SocketAddr>, asked: &Asked) -> Found {
        let mut asking = JoinSet::new();
        let mut outcome = Found::Unknown;
        for address in addresses {
            match self.lock().met.get(&address) {
                Some(Met::Replica(replica)) if *replica == keys.replica => continue,
                Some(Met::Nobody(at)) if at.elapsed() < REST => {
                    // It may be the one.
                    outcome = Found::Failed;
                    continue;
                }
                Some(Met::Replica(_) | Met::Nobody(_)) | None => {}
            }
            let (peers, keys, asked) = (self.clone(), Arc::clone(keys), asked.clone());
            asking.spawn(async move { peers.ask_at(&keys, address, &asked).await });
        }
        while let Some(answer) = asking.join_next().await {
            match answer {
                Ok(Ok((_, Found::Unknown))) | Err(_) => {}
                Ok(Ok((_, found @ (Found::Delivered | Found::Failed)))) => return found,
                Ok(Err(_)) => outcome = Found::Failed,
            }
        }
        outcome
    }

    async fn ask_at(
        &self,
        keys: &CancelKeys,
        address: SocketAddr,
        asked: &Asked,
    ) -> Result<(ReplicaId, Found), PeerError> {
        // Never closed, so always given in the end.
        let _permit = self.0.connections.acquire().await;
        let asking = async {
            let mut peer = in_time(async { Ok(TcpStream::connect(address).await?) }).await?;
            peer.set_nodelay(true)?;
            ask(keys, &mut peer, asked.process_id, asked.secret.expose()).await
        };
        let answer = asking.await;
        let met = match &answer {
            Ok((replica, _)) => Met::Replica(*replica),
            Err(error) => {
                warn!(peer = %address, %error, rest = ?REST, "a peer could not be asked for a cancel key");
                Met::Nobody(Instant::now())
            }
        };
        self.lock().met.insert(address, met);
        answer
    }

    /// What the names stand for now, or did a moment ago: replicas come and go.
    async fn addresses(&self, peers: &[Host]) -> Result<Vec<SocketAddr>, AcquireError> {
        let _permit = self.0.resolving.acquire().await?;
        if let Some(resolved) = &self.lock().resolved
            && resolved.peers == peers
            && resolved.at.elapsed() < REST
        {
            return Ok(resolved.addresses.clone());
        }
        let addresses = resolve(peers).await;
        let mut known = self.lock();
        known.met.retain(|address, _| addresses.contains(address));
        known.resolved = Some(Resolved {
            peers: peers.to_vec(),
            addresses: addresses.clone(),
            at: Instant::now(),
        });
        Ok(addresses)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        // Nothing that holds the lock can panic half-way through a change.
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Those that can't be resolved are logged and left out.
async fn resolve(peers: &[Host]) -> Vec<SocketAddr> {
    let mut resolving = JoinSet::new();
    for Host { host, port } in peers.iter().cloned() {
        resolving.spawn(async move {
            let resolved =
                in_time(async { Ok(lookup_host((host.as_str(), port)).await?.collect::<Vec<_>>()) }).await;
            resolved.inspect_err(|error| warn!(peer = host, %error, "the name of a peer can't be resolved"))
        });
    }
    let mut addresses = Vec::new();
    while let Some(resolved) = resolving.join_next().await {
        if let Ok(Ok(resolved)) = resolved {
            addresses.extend(resolved);
        }
    }
    addresses.sort_unstable();
    addresses.dedup();
    addresses.truncate(PEER_ADDRESSES_MAX);
    addresses
}
