//! Cancel requests: whose key is whose, and passing them on to the server that runs the statement.
//!
//! A client gets the server's process id with a secret of the proxy's own (GATE §6), so the server's never leaves, and a key of one server
//! can't be taken for that of another whose process id happens to be the same.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pgwarden_records::Secret;
use pgwarden_wire::startup;
use tokio::io::{AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::backend_tls::{self, TlsRoute};
use crate::stream::ServerAddress;

/// How long a server may take over a cancel request. It handles one in milliseconds, and closes the connection when the signal is sent.
pub(crate) const CANCEL_TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes of a secret in protocol 3.0, the only version that is spoken with clients.
const SECRET_BYTES: usize = 4;

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

#[derive(Debug)]
struct Entry {
    secret: Secret<[u8; SECRET_BYTES]>,
    target: CancelTarget,
}

/// By process id. More than one where servers have processes of the same number.
type Entries = HashMap<u32, Vec<Entry>>;

/// The keys that clients of live sessions were given. Clones are the same registry.
#[derive(Debug, Clone, Default)]
pub(crate) struct CancelRegistry {
    entries: Arc<Mutex<Entries>>,
}

impl CancelRegistry {
    /// Makes a key for the target: its process id, with a new secret. The key is good until the registration is dropped.
    pub(crate) fn register(&self, target: CancelTarget) -> Result<Registration, getrandom::Error> {
        let process_id = target.process_id;
        let mut entries = self.lock();
        let same_process = entries.entry(process_id).or_default();
        let secret = loop {
            let mut secret = [0; SECRET_BYTES];
            if let Err(error) = getrandom::fill(&mut secret) {
                if same_process.is_empty() {
                    entries.remove(&process_id);
                }
                return Err(error);
            }
            // All zero looks like no key to some clients; and a key must name one session.
            if secret != [0; SECRET_BYTES] && !same_process.iter().any(|entry| entry.secret.ct_eq(&secret)) {
                break Secret::new(secret);
            }
        };
        same_process.push(Entry {
            secret: secret.clone(),
            target,
        });
        drop(entries);
        Ok(Registration {
            registry: self.clone(),
            process_id,
            secret,
        })
    }

    /// The target of a key. Takes a time that does not depend on how much of the secret is right.
    fn find(&self, process_id: u32, secret: &[u8]) -> Option<CancelTarget> {
        let entries = self.lock();
        let same_process = entries.get(&process_id)?;
        let mut found = None;
        for entry in same_process {
            if entry.secret.ct_eq(secret) {
                found = Some(&entry.target);
            }
        }
        found.cloned()
    }

    /// How many keys are good.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.lock().values().map(Vec::len).sum()
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        // Each change of the map is one call, so a panic can't have left it half changed.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A key that is good as long as this lives.
#[derive(Debug)]
pub(crate) struct Registration {
    registry: CancelRegistry,
    process_id: u32,
    secret: Secret<[u8; SECRET_BYTES]>,
}

impl Registration {
    /// What the client is shown: `BackendKeyData` of the server's process id and our secret.
    pub(crate) fn backend_key_data(&self, out: &mut Vec<u8>) {
        pgwarden_wire::backend::backend_key_data(out, self.process_id, self.secret.expose());
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut entries = self.registry.lock();
        if let Some(same_process) = entries.get_mut(&self.process_id) {
            same_process.retain(|entry| !entry.secret.ct_eq(self.secret.expose()));
            if same_process.is_empty() {
                entries.remove(&self.process_id);
            }
        }
    }
}

/// What became of a client's cancel request.
#[derive(Debug)]
pub(crate) enum CancelOutcome {
    /// The server has dealt with it.
    Delivered,
    /// No live session has this key. The client isn't told, as PostgreSQL doesn't either.
    UnknownKey,
    /// The server could not be asked, or did not answer in time.
    Failed(io::Error),
}

/// Passes a client's cancel request on, and closes the client's connection when the server has closed its own: a client that sees its
/// request's end may send the next statement, which a request still on its way would hit (GATE §6). `client` is shut down in any case.
pub(crate) async fn relay_cancel<S: AsyncWrite + Unpin>(
    registry: &CancelRegistry,
    process_id: u32,
    secret: &[u8],
    client: &mut S,
) -> CancelOutcome {
    let outcome = match registry.find(process_id, secret) {
        None => CancelOutcome::UnknownKey,
        Some(target) => match cancel_backend(&target).await {
            Ok(()) => CancelOutcome::Delivered,
            Err(error) => CancelOutcome::Failed(error),
        },
    };
    // The client is closed by being dropped at the latest.
    let _ = client.shutdown().await;
    outcome
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

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::io::duplex;
    use tokio::net::TcpListener;

    use super::*;
    use crate::backend_tls::tests::Scene;

    fn target(address: SocketAddr, process_id: u32) -> CancelTarget {
        CancelTarget {
            address: ServerAddress::Tcp(address),
            tls: None,
            process_id,
            secret: Secret::new(b"real".to_vec()),
        }
    }

    fn nowhere() -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 1))
    }

    #[test]
    fn keys_are_good_as_long_as_their_registration_lives() {
        let registry = CancelRegistry::default();
        let first = registry.register(target(nowhere(), 7)).unwrap();
        let second = registry.register(target(nowhere(), 7)).unwrap();
        assert_ne!(first.secret.expose(), second.secret.expose());
        assert_eq!(registry.len(), 2);
        assert!(registry.find(7, first.secret.expose()).is_some());
        assert!(registry.find(8, first.secret.expose()).is_none());
        for wrong in [&b""[..], b"real", &first.secret.expose()[..3]] {
            assert!(registry.find(7, wrong).is_none());
        }
        let secret = *first.secret.expose();
        drop(first);
        assert!(registry.find(7, &secret).is_none());
        assert!(registry.find(7, second.secret.expose()).is_some());
        drop(second);
        assert_eq!(registry.len(), 0);
        assert!(registry.lock().is_empty());
    }

    #[test]
    fn the_client_is_shown_the_servers_process_id_with_another_secret() {
        let registration = CancelRegistry::default()
            .register(target(nowhere(), 0x0102_0304))
            .unwrap();
        let mut bytes = Vec::new();
        registration.backend_key_data(&mut bytes);
        let expected = [b"K\0\0\0\x0c\x01\x02\x03\x04", &registration.secret.expose()[..]].concat();
        assert_eq!(bytes, expected);
    }

    #[tokio::test]
    async fn the_client_is_closed_after_the_server_has_closed() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let registry = CancelRegistry::default();
        let registration = registry
            .register(target(listener.local_addr().unwrap(), 7))
            .unwrap();
        let secret = *registration.secret.expose();
        let (mut client, mut ours) = duplex(64);
        let relay = tokio::spawn(async move { relay_cancel(&registry, 7, &secret, &mut ours).await });

        let (mut server, _) = listener.accept().await.unwrap();
        let mut request = [0; 16];
        server.read_exact(&mut request).await.unwrap();
        assert_eq!(&request, b"\0\0\0\x10\x04\xd2\x16\x2e\0\0\0\x07real");
        // The relay waits for the server, so the client can't have been closed.
        assert!(!relay.is_finished());
        drop(server);
        assert!(matches!(relay.await.unwrap(), CancelOutcome::Delivered));
        assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn an_unknown_key_is_answered_with_silence() {
        let (mut client, mut ours) = duplex(64);
        let outcome = relay_cancel(&CancelRegistry::default(), 7, b"abcd", &mut ours).await;
        assert!(matches!(outcome, CancelOutcome::UnknownKey));
        assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
    }

    /// Over the very channel that the session has, so that nobody sees the secret who hasn't seen the session.
    #[tokio::test]
    async fn a_request_goes_under_the_tls_of_its_session() {
        let scene = Scene::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (channel, route) = {
            let at = ServerAddress::Tcp(address);
            let mut ours = at.connect().await.unwrap();
            let theirs = scene.serve(&listener);
            let protecting = backend_tls::protect(&mut ours, &scene.database, &scene.host, &at);
            let (protected, _) = tokio::join!(protecting, theirs);
            protected.unwrap()
        };
        assert!(channel.is_trusted && channel.tls.is_some());
        let of_session = CancelTarget {
            tls: route,
            ..target(address, 7)
        };
        let target = of_session.clone();
        let cancelling = tokio::spawn(async move { cancel_backend(&target).await });
        let mut server = scene.serve(&listener).await.unwrap();
        let mut request = [0; 16];
        server.read_exact(&mut request).await.unwrap();
        assert_eq!(&request, b"\0\0\0\x10\x04\xd2\x16\x2e\0\0\0\x07real");
        // It closes without a word about it, as a server does that is in a hurry.
        drop(server);
        cancelling.await.unwrap().unwrap();

        // One that has lost its TLS, or isn't the one that it was, gets nothing.
        let cancelling = tokio::spawn(async move { cancel_backend(&of_session).await });
        let (mut server, _) = listener.accept().await.unwrap();
        let mut request = [0; 8];
        server.read_exact(&mut request).await.unwrap();
        server.write_all(b"N").await.unwrap();
        assert_eq!(server.read(&mut [0; 16]).await.unwrap(), 0);
        assert!(cancelling.await.unwrap().is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_server_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let result = cancel_backend(&target(listener.local_addr().unwrap(), 7)).await;
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }
}
