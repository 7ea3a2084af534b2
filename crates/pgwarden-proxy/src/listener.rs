//! Where clients connect, and which worker carries whom.
//!
//! ```text
//!  main runtime:  Listener ── accept ──> Sessions::connect (bounded) ──> the worker with the fewest connections
//!  worker thread: its own runtime, its own connections: a session never moves, and a panic ends one only
//! ```

use std::future::Future;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pgwarden_records::{Listen, ListenAddress, ListenTls, ServerConfig, TcpSettings};
use pgwarden_wire::ErrorResponse;
use pgwarden_wire::limits::STARTUP_BYTES_MAX;
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;
use tracing::{error, info, warn};

use crate::channel::Channel;
#[cfg(test)]
use crate::listening_socket::SocketOptions;
use crate::listening_socket::{Accepted, ListenError, ListeningSocket, concerns_one_client};
use crate::passed_sockets::PassedSockets;
use crate::proxy_protocol;
use crate::sessions::{Admission, AdmissionError, ConnectionGuard};
use crate::shared::Shared;
use crate::stream::{ClientAddress, Stream, Transport, tell};
use crate::tls::ListenerTls;

/// How long accepting rests after it failed: the usual reason is that the process has no file descriptor left, and then
/// the next attempt fails at once too.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long a worker may take to drop its connections when it is stopped.
const WORKER_STOP_TIMEOUT: Duration = Duration::from_secs(1);

/// A socket that clients connect to. Dropping it stops the listening and removes a socket file.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: ListeningSocket,
    entrance: Arc<Entrance>,
}

/// Where a client came in.
#[derive(Debug)]
pub(crate) struct Entrance {
    /// Which of `listen`, from 0.
    pub(crate) number: usize,
    /// As it was configured when it began to listen.
    pub(crate) listen: Listen,
    /// Its TLS by that configuration.
    pub(crate) tls: ListenerTls,
    /// It is a unix socket, which never has TLS.
    pub(crate) is_unix: bool,
}

/// How a client came in.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// From where.
    pub(crate) from: ClientAddress,
    pub(crate) entrance: Arc<Entrance>,
    /// What was allowed then.
    pub(crate) admission: Admission,
}

impl Listener {
    /// All of the configuration. To be called within a runtime, which then carries them.
    pub(crate) fn open_all(
        server: &ServerConfig,
        passed: &mut PassedSockets,
    ) -> Result<Vec<Self>, ListenError> {
        let mut listeners = Vec::new();
        for (number, listen) in server.listen.iter().enumerate() {
            for socket in ListeningSocket::open(&listen.address, server.into(), passed)? {
                listeners.push(Listener::new(number, listen, socket));
            }
        }
        Ok(listeners)
    }

    /// `number` says which of `listen` it is.
    fn new(number: usize, listen: &Listen, socket: ListeningSocket) -> Self {
        // Over a unix socket there is no TLS, and of a passed one it is known only now that it is one.
        let is_unix = matches!(socket.address(), ListenAddress::Unix(_));
        let tls = if is_unix {
            ListenTls::Disable
        } else {
            listen.tls.clone()
        };
        Listener {
            socket,
            entrance: Arc::new(Entrance {
                number,
                tls: ListenerTls::new(&tls),
                is_unix,
                listen: listen.clone(),
            }),
        }
    }

    #[cfg(test)]
    pub(crate) fn bind(number: usize, listen: &Listen) -> Result<Self, ListenError> {
        let options = SocketOptions {
            reuse_port: false,
            unix_permissions: 0o777,
        };
        let mut sockets = ListeningSocket::open(&listen.address, options, &mut PassedSockets::default())?;
        Ok(Listener::new(number, listen, sockets.remove(0)))
    }

    /// Where it listens, the port chosen by the kernel if it was 0.
    pub(crate) fn address(&self) -> &ListenAddress {
        self.socket.address()
    }

    /// Whether another process listens at the same socket, or may: it takes over when this one stops.
    pub(crate) fn is_shared(&self) -> bool {
        self.socket.is_shared()
    }

    /// Hands every client to a worker, until `stop` is closed; then those that the kernel has let in already. Not cancel safe: when dropped it
    /// closes over them.
    pub(crate) async fn run(self, workers: Arc<Workers>, shared: Arc<Shared>, mut stop: watch::Receiver<()>) {
        loop {
            let accepted = tokio::select! {
                biased;
                _ = stop.changed() => break,
                accepted = self.socket.accept() => accepted,
            };
            match accepted {
                Ok((stream, from)) => take_on(stream, from, &self.entrance, &workers, &shared),
                Err(error) if concerns_one_client(&error) => {}
                Err(error) => {
                    error!(listener = %self.socket.address(), %error, "connection not accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
        for (stream, from) in self.socket.close() {
            take_on(stream, from, &self.entrance, &workers, &shared);
        }
    }
}

fn take_on(
    stream: Accepted,
    from: ClientAddress,
    entrance: &Arc<Entrance>,
    workers: &Workers,
    shared: &Arc<Shared>,
) {
    let current = shared.current();
    let server = &current.snapshot.server;
    // Of a balancer's connection it isn't known yet for whom it is.
    let origin = match entrance.listen.proxy_protocol {
        Some(_) => None,
        None => from.origin(),
    };
    match shared.sessions.connect(origin, server) {
        Ok(connection) => workers.hand_over(stream, from, Arc::clone(entrance), connection),
        Err(refusal) => turn_away(stream, from, &refusal, shared),
    }
}

impl Accepted {
    /// To be called within the runtime that is to carry it.
    fn into_stream(self, settings: &TcpSettings) -> io::Result<Stream> {
        let transport = match self {
            Accepted::Tcp(stream) => Transport::tcp(TcpStream::from_std(stream)?)?,
            Accepted::Unix(stream) => Transport::Unix(UnixStream::from_std(stream)?),
        };
        transport.configure(settings)?;
        Ok(Channel::Plain(transport))
    }
}

/// Tells a client that nobody has time for it, if that takes no time: it may be one of a flood.
fn turn_away(stream: Accepted, from: ClientAddress, refusal: &AdmissionError, shared: &Shared) {
    note_refusal(from, refusal, shared);
    match stream {
        Accepted::Tcp(mut socket) => {
            say(&mut socket, &refusal.to_client());
            let _ = socket.shutdown(Shutdown::Write);
        }
        Accepted::Unix(mut socket) => {
            say(&mut socket, &refusal.to_client());
            let _ = socket.shutdown(Shutdown::Write);
        }
    }
}

fn note_refusal(from: ClientAddress, refusal: &AdmissionError, shared: &Shared) {
    shared.metrics.logins.failed(refusal.kind());
    if let Some(left_out) = shared.refusal_log.pass(Instant::now()) {
        warn!(client = %from, reason = %refusal, others_before = left_out, "connection refused");
    }
}

/// The same over a stream that a worker carries already.
pub(crate) async fn tell_refused(
    stream: &mut Stream,
    from: ClientAddress,
    refusal: &AdmissionError,
    shared: &Shared,
) {
    note_refusal(from, refusal, shared);
    tell(stream, &refusal.to_client()).await;
}

/// The socket doesn't block, so this takes what is there and sends what fits.
fn say(socket: &mut (impl Read + Write), message: &ErrorResponse) {
    // A socket that is closed over unread bytes is reset, and a reset may overtake the message.
    let mut unread = [0; STARTUP_BYTES_MAX];
    let _ = socket.read(&mut unread);
    let mut bytes = Vec::new();
    message.encode(&mut bytes);
    let _ = socket.write_all(&bytes);
}

/// The threads that carry the sessions.
#[derive(Debug)]
pub(crate) struct Workers(Vec<Worker>);

#[derive(Debug)]
struct Worker {
    /// Connections that it carries or is about to.
    load: Arc<AtomicUsize>,
    /// Never long: what waits here counts as a connection and is bounded with them.
    queue: mpsc::UnboundedSender<HandedOver>,
    /// Resolves when the thread is done.
    done: oneshot::Receiver<()>,
}

/// A client that a worker is to carry.
struct HandedOver {
    stream: Accepted,
    from: ClientAddress,
    entrance: Arc<Entrance>,
    connection: ConnectionGuard,
    load: Load,
}

/// Counts as long as it lives.
struct Load(Arc<AtomicUsize>);

impl Load {
    fn new(load: &Arc<AtomicUsize>) -> Self {
        load.fetch_add(1, Ordering::Relaxed);
        Load(Arc::clone(load))
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Workers {
    /// Starts `count` threads, each of which runs `session` for every client that it is handed.
    pub(crate) fn start<S, F>(count: usize, shared: &Arc<Shared>, session: S) -> io::Result<Self>
    where
        S: Fn(Stream, Arrival, Arc<Shared>) -> F + Clone + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let start = |number: usize| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let (queue, handed_over) = mpsc::unbounded_channel();
            let (finished, done) = oneshot::channel();
            let (shared, session) = (Arc::clone(shared), session.clone());
            thread::Builder::new()
                .name(format!("worker-{number}"))
                .spawn(move || {
                    runtime.block_on(carry(handed_over, shared, session));
                    // A password command may still run on a blocking thread; nobody waits for its answer any more.
                    runtime.shutdown_background();
                    let _ = finished.send(());
                })?;
            Ok(Worker {
                load: Arc::default(),
                queue,
                done,
            })
        };
        (0..count.max(1))
            .map(start)
            .collect::<io::Result<_>>()
            .map(Workers)
    }

    fn hand_over(
        &self,
        stream: Accepted,
        from: ClientAddress,
        entrance: Arc<Entrance>,
        connection: ConnectionGuard,
    ) {
        let Some(worker) = self
            .0
            .iter()
            .min_by_key(|worker| worker.load.load(Ordering::Relaxed))
        else {
            return;
        };
        let load = Load::new(&worker.load);
        if worker
            .queue
            .send(HandedOver {
                stream,
                from,
                entrance,
                connection,
                load,
            })
            .is_err()
        {
            error!("a worker has ended; its client is dropped");
        }
    }

    /// Drops the connections that are left, and waits for the threads, for up to a second.
    pub(crate) async fn stop(self) {
        // All of them first, so that they stop side by side.
        let done: Vec<_> = self
            .0
            .into_iter()
            .map(
                |Worker {
                     load: _,
                     queue: _,
                     done,
                 }| done,
            )
            .collect();
        let all = async {
            for worker in done {
                let _ = worker.await;
            }
        };
        if timeout(WORKER_STOP_TIMEOUT, all).await.is_err() {
            warn!(limit = ?WORKER_STOP_TIMEOUT, "workers did not stop");
        }
    }
}

/// A worker's life: until there are no more senders, and then what it carries is dropped.
async fn carry<S, F>(mut queue: mpsc::UnboundedReceiver<HandedOver>, shared: Arc<Shared>, session: S)
where
    S: Fn(Stream, Arrival, Arc<Shared>) -> F + Clone + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let mut carried = JoinSet::new();
    loop {
        tokio::select! {
            next = queue.recv() => {
                let Some(HandedOver { stream, from, entrance, connection, load }) = next else {
                    return;
                };
                match stream.into_stream(&shared.current().snapshot.server.tcp) {
                    Ok(stream) => {
                        let (session, shared) = (session.clone(), Arc::clone(&shared));
                        carried.spawn(async move {
                            // Counted until the session is over, whichever way.
                            let (mut connection, _load) = (connection, load);
                            let arrived =
                                proxy_protocol::arrive(stream, from, &entrance, &mut connection, &shared).await;
                            if let Some((stream, from)) = arrived {
                                let arrival = Arrival { from, entrance, admission: connection.admission };
                                session(stream, arrival, shared).await;
                            }
                        });
                    }
                    Err(error) => info!(client = %from, %error, "connection lost before it was served"),
                }
            }
            Some(ended) = carried.join_next() => {
                if let Err(error) = ended {
                    ended_badly(error, &shared);
                }
            }
        }
    }
}

fn ended_badly(error: JoinError, shared: &Shared) {
    let Ok(payload) = error.try_into_panic() else {
        return;
    };
    shared.metrics.sessions.panics.inc();
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a payload that is no text");
    error!(panic = message, "a session panicked; the others go on");
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use std::fs;
    use std::net::SocketAddr;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::path::Path;

    use pgwarden_wire::{ErrorFields, Frame, field};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::shared::tests::{shared, within};

    fn loopback() -> Listen {
        Listen {
            address: ListenAddress::Tcp("127.0.0.1:0".parse().unwrap()),
            record: None,
            tls: ListenTls::Disable,
            proxy_protocol: None,
        }
    }

    fn at(path: &Path) -> Listen {
        Listen {
            address: ListenAddress::Unix(path.to_owned()),
            record: None,
            tls: ListenTls::Disable,
            proxy_protocol: None,
        }
    }

    fn tcp_address(listener: &Listener) -> SocketAddr {
        match listener.address() {
            ListenAddress::Tcp(address) => *address,
            other => panic!("{other}"),
        }
    }

    /// Sends back what it reads, behind the name of its thread. Panics at `!`.
    async fn echo(mut stream: Stream, _: Arrival, _: Arc<Shared>) {
        let thread = thread::current().name().unwrap().to_owned();
        while let Ok(byte) = stream.read_u8().await {
            assert_ne!(byte, b'!', "on purpose");
            let answer = [thread.as_bytes(), &[byte]].concat();
            stream.write_all(&answer).await.unwrap();
        }
    }

    async fn say_and_hear(client: &mut TcpStream, byte: u8) -> String {
        client.write_all(&[byte]).await.unwrap();
        let mut answer = vec![0; "worker-0?".len()];
        within("the answer", client.read_exact(&mut answer))
            .await
            .unwrap();
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test]
    async fn connections_spread_over_the_workers_and_go_on_beside_a_panic() {
        let shared = shared();
        let workers = Arc::new(Workers::start(2, &shared, echo).unwrap());
        let (stop, stopped) = watch::channel(());
        let listener = Listener::bind(0, &loopback()).unwrap();
        let address = tcp_address(&listener);
        let accepting = tokio::spawn(listener.run(Arc::clone(&workers), Arc::clone(&shared), stopped));

        let mut clients = Vec::new();
        let mut threads = Vec::new();
        for _ in 0..10 {
            let mut client = TcpStream::connect(address).await.unwrap();
            threads.push(say_and_hear(&mut client, b'a').await);
            clients.push(client);
        }
        threads.sort();
        assert_eq!(threads, [["worker-0a"; 5], ["worker-1a"; 5]].concat());
        assert_eq!(shared.sessions.connections(), 10);

        let mut unlucky = clients.pop().unwrap();
        unlucky.write_all(b"!").await.unwrap();
        assert_eq!(within("the end", unlucky.read(&mut [0])).await.unwrap_or(0), 0);
        for client in &mut clients {
            assert!(say_and_hear(client, b'b').await.ends_with('b'));
        }
        let mut next = TcpStream::connect(address).await.unwrap();
        assert!(say_and_hear(&mut next, b'c').await.ends_with('c'));
        assert_eq!(shared.sessions.connections(), 10);
        assert_eq!(shared.metrics.sessions.panics.get(), 1);

        drop((clients, next));
        within("the disconnections", shared.sessions.wait_disconnected()).await;
        for worker in &workers.0 {
            // The count of the load is dropped with that of the connection, a moment later.
            let idle = async {
                while worker.load.load(Ordering::Relaxed) > 0 {
                    tokio::task::yield_now().await;
                }
            };
            within("an idle worker", idle).await;
        }
        drop(stop);
        accepting.await.unwrap();
        within("the workers' end", Arc::into_inner(workers).unwrap().stop()).await;
    }

    #[tokio::test]
    async fn stopping_drops_what_is_left() {
        let shared = shared();
        let workers = Arc::new(Workers::start(1, &shared, echo).unwrap());
        let (stop, stopped) = watch::channel(());
        let listener = Listener::bind(0, &loopback()).unwrap();
        let address = tcp_address(&listener);
        let accepting = tokio::spawn(listener.run(Arc::clone(&workers), Arc::clone(&shared), stopped));
        let mut client = TcpStream::connect(address).await.unwrap();
        say_and_hear(&mut client, b'a').await;
        drop(stop);
        accepting.await.unwrap();
        assert!(
            TcpStream::connect(address).await.is_err(),
            "nobody listens any more"
        );
        assert!(
            say_and_hear(&mut client, b'b').await.ends_with('b'),
            "who is in stays in"
        );
        within("the workers' end", Arc::into_inner(workers).unwrap().stop()).await;
        assert_eq!(within("the end", client.read(&mut [0])).await.unwrap_or(0), 0);
        assert_eq!(shared.sessions.connections(), 0);
    }

    #[tokio::test]
    async fn who_has_no_room_is_told() {
        let shared = shared();
        let workers = Arc::new(Workers::start(1, &shared, echo).unwrap());
        let (_stop, stopped) = watch::channel(());
        let listener = Listener::bind(0, &loopback()).unwrap();
        let address = tcp_address(&listener);
        tokio::spawn(listener.run(workers, Arc::clone(&shared), stopped));
        let current = shared.current();
        let server = &current.snapshot.server;
        let mut others: Vec<_> = (1..server.max_logins)
            .map(|_| shared.sessions.connect(None, server).unwrap())
            .collect();

        let mut last = TcpStream::connect(address).await.unwrap();
        say_and_hear(&mut last, b'a').await;
        let mut bytes = Vec::new();
        let mut refused = TcpStream::connect(address).await.unwrap();
        within("the refusal", refused.read_to_end(&mut bytes))
            .await
            .unwrap();
        let frame = Frame::split_first(&bytes, 10_000).unwrap().unwrap();
        let fields = ErrorFields::parse(frame.body).unwrap();
        assert_eq!(fields.field(field::SQLSTATE), Some(&b"53300"[..]));

        others.pop();
        let mut next = TcpStream::connect(address).await.unwrap();
        say_and_hear(&mut next, b'b').await;
    }

    #[tokio::test]
    async fn clients_of_a_unix_socket_and_its_record() {
        let shared = shared();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".s.PGSQL.6432");
        let record = shared.current().snapshot.records().next().cloned();
        assert!(record.is_some());
        let met = Arc::new(Mutex::new(Vec::new()));
        let note = Arc::clone(&met);
        let session = move |_: Stream, arrival: Arrival, _: Arc<Shared>| {
            let Arrival { from, entrance, .. } = arrival;
            note.lock().unwrap().push((from, entrance.listen.record.clone()));
            std::future::ready(())
        };
        let workers = Arc::new(Workers::start(1, &shared, session).unwrap());
        let listener = Listener::bind(
            0,
            &Listen {
                record: record.clone(),
                ..at(&path)
            },
        )
        .unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o777);
        let (_stop, stopped) = watch::channel(());
        tokio::spawn(listener.run(workers, Arc::clone(&shared), stopped));
        let mut client = UnixStream::connect(&path).await.unwrap();
        within("the end", client.read(&mut [0])).await.unwrap();
        let met = met.lock().unwrap().clone();
        let [(from, of)] = met.as_slice() else {
            panic!("{met:?}");
        };
        let peer = from.peer().unwrap();
        assert_eq!(
            (from.to_string(), of, peer.uid),
            ("local".to_owned(), &record, fs::metadata(&path).unwrap().uid())
        );
        assert_eq!(peer.pid, i32::try_from(std::process::id()).ok());
    }

    #[tokio::test]
    async fn a_dead_socket_is_replaced_and_an_own_one_removed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".s.PGSQL.6432");
        // Closing it leaves the file, as a crash does.
        drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
        assert!(path.exists());
        let listener = Listener::bind(0, &at(&path)).unwrap();
        assert!(UnixStream::connect(&path).await.is_ok());
        drop(listener);
        assert!(!path.exists());
        Listener::bind(0, &at(&path)).unwrap();
    }

    #[tokio::test]
    async fn a_socket_in_use_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".s.PGSQL.6432");
        let own = Listener::bind(0, &at(&path)).unwrap();
        assert!(matches!(
            Listener::bind(0, &at(&path)),
            Err(ListenError::InUse { .. })
        ));
        assert!(UnixStream::connect(&path).await.is_ok());
        drop(own);

        let _foreign = std::os::unix::net::UnixListener::bind(&path).unwrap();
        assert!(matches!(
            Listener::bind(0, &at(&path)),
            Err(ListenError::InUse { .. })
        ));
        assert!(path.exists());
    }

    #[tokio::test]
    async fn what_is_no_socket_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".s.PGSQL.6432");
        fs::write(&path, "precious").unwrap();
        let error = Listener::bind(0, &at(&path)).unwrap_err();
        assert!(matches!(error, ListenError::NotASocket { .. }), "{error:?}");
        assert_eq!(fs::read(&path).unwrap(), b"precious");
    }

    #[tokio::test]
    async fn a_port_in_use_is_an_error() {
        let first = Listener::bind(0, &loopback()).unwrap();
        let again = Listen {
            address: first.address().clone(),
            record: None,
            tls: ListenTls::Disable,
            proxy_protocol: None,
        };
        let error = Listener::bind(0, &again).unwrap_err();
        assert!(
            error.to_string().starts_with("can't listen on 127.0.0.1:"),
            "{error}"
        );
        assert!(
            matches!(error, ListenError::Bind { source, .. } if source.kind() == io::ErrorKind::AddrInUse)
        );
    }
}
