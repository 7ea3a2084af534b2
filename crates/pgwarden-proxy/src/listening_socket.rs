//! Sockets that clients connect to: made here, or passed by the service manager.

use std::fs::{self, File, Permissions};
use std::io;
use std::net::{SocketAddr, TcpListener as StdTcpListener, TcpStream as StdTcpStream};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener as StdUnixListener, UnixStream as StdUnixStream};
use std::path::{Path, PathBuf};

use pgwarden_records::{ListenAddress, ServerConfig};
use socket2::{Domain, Protocol, SockAddr, Socket, Type};
use tokio::net::{TcpListener, UnixListener, UnixStream};

use crate::passed_sockets::{Passed, PassedSockets};
use crate::stream::{ClientAddress, PeerCredentials};

/// Connections that the kernel keeps for us until they are accepted. Linux caps it at `net.core.somaxconn`, 4,096 by
/// default. A pool of clients that reconnects at once should fit.
const BACKLOG: i32 = 1_024;

/// Connections that are still taken when the listening ends: as many as a full queue may hold, and those that come meanwhile.
const QUEUE_MAX: usize = 8_192;

/// Why an address can't be listened at.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The system refused.
    #[error("can't listen on {address}")]
    Bind {
        /// As configured.
        address: ListenAddress,
        /// What the system said.
        source: io::Error,
    },
    /// Another process listens on the unix socket.
    #[error("can't listen on {address}: another process does")]
    InUse {
        /// As configured.
        address: ListenAddress,
    },
    /// What is there is not ours to replace.
    #[error(
        "can't listen on {address}: there is something that is not a socket; remove it or choose another path"
    )]
    NotASocket {
        /// As configured.
        address: ListenAddress,
    },
    /// The service manager passed no socket of this name.
    #[error(
        "can't listen on {address}: no socket of this name was passed (LISTEN_FDNAMES, FileDescriptorName=)"
    )]
    NotPassed {
        /// As configured.
        address: ListenAddress,
    },
}

/// What of `[server]` says how to listen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SocketOptions {
    /// Whether another process of the same user may listen at the same address. The kernel spreads connections over them, so that a new version
    /// can start beside the old; without it, the second of two that were started by mistake says so and ends.
    pub(crate) reuse_port: bool,
    /// Mode of socket files.
    pub(crate) unix_permissions: u32,
}

impl From<&ServerConfig> for SocketOptions {
    fn from(server: &ServerConfig) -> Self {
        SocketOptions {
            reuse_port: server.reuse_port,
            unix_permissions: server.unix_socket_permissions,
        }
    }
}

/// A socket that clients connect to. Dropping it stops the listening and removes a socket file.
#[derive(Debug)]
pub(crate) struct ListeningSocket {
    address: ListenAddress,
    kind: Kind,
    /// The service manager keeps it, and what waits in its queue is the next process's.
    passed: bool,
    /// `reuse_port`
    reused: bool,
}

#[derive(Debug)]
enum Kind {
    Tcp(TcpListener),
    Unix {
        listener: UnixListener,
        /// `None`: the file is the service manager's.
        file: Option<SocketFile>,
    },
}

/// A client's socket on its way from the runtime that accepted it to the one that carries it.
#[derive(Debug)]
pub(crate) enum Accepted {
    Tcp(StdTcpStream),
    Unix(StdUnixStream),
}

impl ListeningSocket {
    /// Listens at an address; at several sockets where the service manager passed several of the name. To be called within a runtime, which then
    /// carries them.
    pub(crate) fn open(
        address: &ListenAddress,
        options: SocketOptions,
        passed: &mut PassedSockets,
    ) -> Result<Vec<Self>, ListenError> {
        let failed = |source| ListenError::Bind {
            address: address.clone(),
            source,
        };
        let one = |address, kind| {
            vec![ListeningSocket {
                address,
                kind,
                passed: false,
                reused: options.reuse_port,
            }]
        };
        match address {
            ListenAddress::Tcp(tcp) => {
                let listener = bind_tcp(*tcp, options).map_err(failed)?;
                let bound = listener.local_addr().map_err(failed)?;
                Ok(one(ListenAddress::Tcp(bound), Kind::Tcp(listener)))
            }
            ListenAddress::Unix(path) => {
                let (listener, file) = bind_unix(path, address, options)?;
                Ok(one(
                    address.clone(),
                    Kind::Unix {
                        listener,
                        file: Some(file),
                    },
                ))
            }
            ListenAddress::Systemd(name) => {
                let sockets = passed.take(name);
                if sockets.is_empty() {
                    return Err(ListenError::NotPassed {
                        address: address.clone(),
                    });
                }
                sockets
                    .into_iter()
                    .map(|socket| Self::adopt(socket).map_err(failed))
                    .collect()
            }
        }
    }

    fn adopt(socket: Passed) -> io::Result<Self> {
        let (address, kind) = match socket {
            Passed::Tcp(listener) => {
                let address = ListenAddress::Tcp(listener.local_addr()?);
                listener.set_nonblocking(true)?;
                (address, Kind::Tcp(TcpListener::from_std(listener)?))
            }
            Passed::Unix(listener) => {
                let address = listener.local_addr()?;
                let path = address.as_pathname().unwrap_or(Path::new("?")).to_owned();
                listener.set_nonblocking(true)?;
                let listener = UnixListener::from_std(listener)?;
                (ListenAddress::Unix(path), Kind::Unix { listener, file: None })
            }
        };
        Ok(ListeningSocket {
            address,
            kind,
            passed: true,
            reused: false,
        })
    }

    /// Where it listens, the port chosen by the kernel if it was 0.
    pub(crate) fn address(&self) -> &ListenAddress {
        &self.address
    }

    /// Whether another process has it too, or may have.
    pub(crate) fn is_shared(&self) -> bool {
        self.passed || self.reused
    }

    /// Cancel safe.
    pub(crate) async fn accept(&self) -> io::Result<(Accepted, ClientAddress)> {
        match &self.kind {
            Kind::Tcp(listener) => {
                let (stream, from) = listener.accept().await?;
                Ok((Accepted::Tcp(stream.into_std()?), ClientAddress::tcp(from)))
            }
            Kind::Unix { listener, file: _ } => {
                let (stream, _) = listener.accept().await?;
                let from = ClientAddress::Unix(PeerCredentials::of(&stream));
                Ok((Accepted::Unix(stream.into_std()?), from))
            }
        }
    }

    /// Stops listening. Gives the clients that the kernel has let in meanwhile, which a closed socket would reset; those of a passed socket stay in
    /// its queue. What comes between the last look and the close is still reset, unless `net.ipv4.tcp_migrate_req` gives it to another process that
    /// listens.
    pub(crate) fn close(self) -> Vec<(Accepted, ClientAddress)> {
        let mut queue = Vec::new();
        if self.passed {
            return queue;
        }
        // Registered with no event queue any more, so that nothing is to be done but to close.
        match self.kind {
            Kind::Tcp(listener) => {
                let Ok(listener) = listener.into_std() else {
                    return queue;
                };
                take_queue(&mut queue, || {
                    let (stream, from) = listener.accept()?;
                    stream.set_nonblocking(true)?;
                    Ok((Accepted::Tcp(stream), ClientAddress::tcp(from)))
                });
            }
            Kind::Unix { listener, file } => {
                // Nobody finds the way any more, or finds the next process.
                drop(file);
                let Ok(listener) = listener.into_std() else {
                    return queue;
                };
                take_queue(&mut queue, || {
                    let (stream, _) = listener.accept()?;
                    stream.set_nonblocking(true)?;
                    let stream = UnixStream::from_std(stream)?;
                    let from = ClientAddress::Unix(PeerCredentials::of(&stream));
                    Ok((Accepted::Unix(stream.into_std()?), from))
                });
            }
        }
        queue
    }
}

fn take_queue<T>(queue: &mut Vec<T>, mut accept: impl FnMut() -> io::Result<T>) {
    while queue.len() < QUEUE_MAX {
        match accept() {
            Ok(accepted) => queue.push(accepted),
            Err(error) if concerns_one_client(&error) => {}
            Err(_) => return,
        }
    }
}

/// The client hung up before it was accepted (accept(2) on Linux passes on what had happened to the connection).
pub(crate) fn concerns_one_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::Interrupted
    )
}

fn bind_tcp(address: SocketAddr, options: SocketOptions) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // After a restart, connections of the process before may still be in TIME_WAIT.
    socket.set_reuse_address(true)?;
    if options.reuse_port {
        socket.set_reuse_port(true)?;
    }
    if address.is_ipv6() {
        // As PostgreSQL (pqcomm.c), so that 0.0.0.0 and [::] can both be listed, and IPv4 clients have IPv4 addresses.
        socket.set_only_v6(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&SockAddr::from(address))?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(StdTcpListener::from(socket))
}

/// The same for the admin listener, of which a process that shares its address closes its own when it begins to drain.
pub(crate) fn bind_admin(address: SocketAddr, options: SocketOptions) -> io::Result<StdTcpListener> {
    if !options.reuse_port {
        return StdTcpListener::bind(address);
    }
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.bind(&SockAddr::from(address))?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Made under another name and then given its own, so that nobody connects before the mode is set, and, where the process before still
/// listens, there is always a socket at the path.
fn bind_unix(
    path: &Path,
    address: &ListenAddress,
    options: SocketOptions,
) -> Result<(UnixListener, SocketFile), ListenError> {
    let failed = |source| ListenError::Bind {
        address: address.clone(),
        source,
    };
    let lock = claim(path, address, options)?;
    let unfinished = path.with_file_name(format!(".{}.new", std::process::id()));
    // Of a process of the same number, long ago.
    let _ = fs::remove_file(&unfinished);
    let made = (|| {
        let listener = StdUnixListener::bind(&unfinished)?;
        fs::set_permissions(&unfinished, Permissions::from_mode(options.unix_permissions))?;
        let found = fs::symlink_metadata(&unfinished)?;
        listener.set_nonblocking(true)?;
        fs::rename(&unfinished, path)?;
        Ok((UnixListener::from_std(listener)?, (found.dev(), found.ino())))
    })();
    match made {
        Ok((listener, identity)) => Ok((
            listener,
            SocketFile {
                path: path.to_owned(),
                identity,
                lock,
            },
        )),
        Err(source) => {
            let _ = fs::remove_file(&unfinished);
            Err(failed(source))
        }
    }
}

/// The path of a unix socket that is ours as long as this lives.
#[derive(Debug)]
struct SocketFile {
    path: PathBuf,
    /// Device and inode: by now another process may have put its own socket there.
    identity: (u64, u64),
    /// As PostgreSQL's `.s.PGSQL.5432.lock`: of two processes that start at once only one finds a dead socket and
    /// replaces it. The file stays, since removing it would let a third lock another file of the same name.
    lock: File,
}

/// Locks the path: for this process alone, or, with `reuse_port`, for all that want to share it. Anything but a socket that nobody listens at, or
/// that such another does, is an error.
fn claim(path: &Path, address: &ListenAddress, options: SocketOptions) -> Result<File, ListenError> {
    let failed = |source| ListenError::Bind {
        address: address.clone(),
        source,
    };
    let in_use = || ListenError::InUse {
        address: address.clone(),
    };
    let mut lock_path = path.as_os_str().to_owned();
    lock_path.push(".lock");
    let lock = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&lock_path)
        .map_err(failed)?;
    let mut shared = false;
    let mut locked = lock.try_lock();
    if options.reuse_port {
        if let Err(fs::TryLockError::WouldBlock) = locked {
            shared = true;
        }
        // Also where it is locked for us alone as yet, so that the next one can come.
        locked = lock.try_lock_shared();
    }
    match locked {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => return Err(in_use()),
        Err(fs::TryLockError::Error(source)) => return Err(failed(source)),
    }
    match fs::symlink_metadata(path) {
        Ok(found) if !found.file_type().is_socket() => {
            return Err(ListenError::NotASocket {
                address: address.clone(),
            });
        }
        Ok(_) if shared => {}
        Ok(_) => match StdUnixStream::connect(path) {
            // Something that doesn't know of our lock.
            Ok(_) => return Err(in_use()),
            // Of a process that is gone; ours takes its place.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
            Err(source) => return Err(failed(source)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(failed(source)),
    }
    Ok(lock)
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Who shares the path has replaced our socket, or is about to.
        if self.lock.try_lock().is_err() {
            return;
        }
        let is_ours =
            fs::symlink_metadata(&self.path).is_ok_and(|found| (found.dev(), found.ino()) == self.identity);
        if is_ours {
            // The next start replaces it if this fails.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use super::*;

    const ALONE: SocketOptions = SocketOptions {
        reuse_port: false,
        unix_permissions: 0o700,
    };
    const SHARED: SocketOptions = SocketOptions {
        reuse_port: true,
        ..ALONE
    };

    fn open(address: &ListenAddress, options: SocketOptions) -> Result<ListeningSocket, ListenError> {
        ListeningSocket::open(address, options, &mut PassedSockets::default())
            .map(|mut sockets| sockets.remove(0))
    }

    fn any_port() -> ListenAddress {
        ListenAddress::Tcp("127.0.0.1:0".parse().unwrap())
    }

    fn connect(address: &ListenAddress) -> io::Result<StdTcpStream> {
        match address {
            ListenAddress::Tcp(address) => StdTcpStream::connect(address),
            other => panic!("{other}"),
        }
    }

    #[tokio::test]
    async fn who_waits_in_the_queue_is_taken_when_the_listening_ends() {
        let socket = open(&any_port(), ALONE).unwrap();
        let address = socket.address().clone();
        let mut clients = [(); 5].map(|()| connect(&address).unwrap());
        let queue = socket.close();
        assert!(connect(&address).is_err(), "nobody listens any more");
        assert_eq!(queue.len(), clients.len());
        for ((accepted, from), client) in queue.into_iter().zip(&mut clients) {
            assert_eq!(from, ClientAddress::tcp(client.local_addr().unwrap()));
            let Accepted::Tcp(mut accepted) = accepted else {
                panic!("{accepted:?}");
            };
            accepted.write_all(b"x").unwrap();
            client.read_exact(&mut [0]).unwrap();
        }

        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".s.PGSQL.6432");
        let socket = open(&ListenAddress::Unix(path.clone()), ALONE).unwrap();
        let mut client = StdUnixStream::connect(&path).unwrap();
        let queue = socket.close();
        assert!(!path.exists());
        let [(Accepted::Unix(accepted), from)] = queue.as_slice() else {
            panic!("{queue:?}");
        };
        assert!(from.peer().is_some());
        let mut accepted: &StdUnixStream = accepted;
        accepted.write_all(b"x").unwrap();
        client.read_exact(&mut [0]).unwrap();
    }

    /// The next process takes them.
    #[tokio::test]
    async fn who_waits_in_the_queue_of_a_passed_socket_stays_there() {
        let listener = StdTcpListener::bind("127.0.0.1:0").unwrap();
        let passed = Passed::Tcp(listener.try_clone().unwrap());
        let socket = ListeningSocket::adopt(passed).unwrap();
        let client = connect(socket.address()).unwrap();
        assert!(socket.close().is_empty());
        // It doesn't block since it was passed; the client is there already.
        let (_, from) = listener.accept().unwrap();
        assert_eq!(from, client.local_addr().unwrap());
    }

    #[tokio::test]
    async fn a_port_is_shared_by_those_who_say_so() {
        let first = open(&any_port(), SHARED).unwrap();
        let second = open(first.address(), SHARED).unwrap();
        assert!(open(first.address(), ALONE).is_err());
        drop((first, second));
        let alone = open(&any_port(), ALONE).unwrap();
        assert!(open(alone.address(), SHARED).is_err());
    }

    #[tokio::test]
    async fn a_file_is_handed_over_by_those_who_say_so() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(".s.PGSQL.6432");
        let address = ListenAddress::Unix(path.clone());
        let first = open(&address, SHARED).unwrap();
        let _waiting = StdUnixStream::connect(&path).unwrap();
        let second = open(&address, SHARED).unwrap();
        assert!(matches!(open(&address, ALONE), Err(ListenError::InUse { .. })));
        let _late = StdUnixStream::connect(&path).unwrap();
        // Each has the one that came in its time, and the end of the first takes nothing from the second.
        assert_eq!(first.close().len(), 1);
        assert!(path.exists());
        assert_eq!(second.close().len(), 1);
        assert!(!path.exists());

        // What doesn't know of the lock is left alone, and what is dead replaced.
        let foreign = StdUnixListener::bind(&path).unwrap();
        assert!(matches!(open(&address, SHARED), Err(ListenError::InUse { .. })));
        drop(foreign);
        let again = open(&address, SHARED).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        drop(again);
        assert!(!path.exists());
        let names: Vec<_> = fs::read_dir(directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, [".s.PGSQL.6432.lock"]);
    }
}
