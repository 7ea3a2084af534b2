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
        server.write_all(&request).await?;
        let mut answer = [0; 64];
        // The server answers nothing, and closes once the signal is sent (PROTOCOL-FLOW-CANCELING-REQUESTS). Reset is closed too.
        loop {
            match server.read(&mut answer).await {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    };
    timeout(CANCEL_TIMEOUT, exchange)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
