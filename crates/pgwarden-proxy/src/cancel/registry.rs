//! The keys that clients of live sessions were given, and what each of them cancels.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pgwarden_records::Secret;

use super::CancelTarget;
use super::ahead::Ahead;

#[derive(Debug)]
struct Entry {
    secret: Secret<Vec<u8>>,
    session: Cancelled,
}

/// The session that a key is of.
#[derive(Debug, Clone)]
pub(super) struct Cancelled {
    pub(super) target: CancelTarget,
    pub(super) ahead: Arc<Ahead>,
}

/// By process id. More than one where servers have processes of the same number.
type Entries = HashMap<u32, Vec<Entry>>;

/// The keys that clients of live sessions were given. Clones are the same registry.
#[derive(Debug, Clone, Default)]
pub(super) struct CancelRegistry {
    entries: Arc<Mutex<Entries>>,
}

impl CancelRegistry {
    /// Makes a key for the target: its process id, with a secret that `make` makes. The key is good until the registration is dropped.
    pub(super) fn register<E>(
        &self,
        target: CancelTarget,
        make: impl Fn() -> Result<Vec<u8>, E>,
    ) -> Result<Registration, E> {
        let process_id = target.process_id;
        let mut entries = self.lock();
        let same_process = entries.entry(process_id).or_default();
        let secret = loop {
            match make() {
                // A key must name one session.
                Ok(secret) if same_process.iter().any(|entry| entry.secret.ct_eq(&secret)) => {}
                Ok(secret) => break Secret::new(secret),
                Err(error) => {
                    if same_process.is_empty() {
                        entries.remove(&process_id);
                    }
                    return Err(error);
                }
            }
        };
        let ahead = Arc::new(Ahead::default());
        same_process.push(Entry {
            secret: secret.clone(),
            session: Cancelled {
                target,
                ahead: Arc::clone(&ahead),
            },
        });
        drop(entries);
        Ok(Registration {
            ahead,
            registry: self.clone(),
            process_id,
            secret,
        })
    }

    /// The session of a key. Takes a time that does not depend on how much of the secret is right.
    pub(super) fn find(&self, process_id: u32, secret: &[u8]) -> Option<Cancelled> {
        self.find_by(process_id, |known| known.ct_eq(secret))
    }

    /// The session of the key of this process id that `is_it` knows, which takes the same time for each.
    pub(super) fn find_by(
        &self,
        process_id: u32,
        is_it: impl Fn(&Secret<Vec<u8>>) -> bool,
    ) -> Option<Cancelled> {
        let entries = self.lock();
        let mut found = None;
        for entry in entries.get(&process_id)? {
            if is_it(&entry.secret) {
                found = Some(&entry.session);
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
    secret: Secret<Vec<u8>>,
    ahead: Arc<Ahead>,
}

impl Registration {
    /// By which cancel requests wait for what was sent before them.
    pub(crate) fn ahead(&self) -> Arc<Ahead> {
        Arc::clone(&self.ahead)
    }

    /// What the client is shown: `BackendKeyData` of the server's process id and our secret.
    pub(crate) fn backend_key_data(&self, out: &mut Vec<u8>) {
        pgwarden_wire::backend::backend_key_data(out, self.process_id, self.secret.expose());
    }

    #[cfg(test)]
    pub(super) fn secret(&self) -> Vec<u8> {
        self.secret.expose().clone()
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.ahead.done();
        let mut entries = self.registry.lock();
        if let Some(same_process) = entries.get_mut(&self.process_id) {
            same_process.retain(|entry| !entry.secret.ct_eq(self.secret.expose()));
            if same_process.is_empty() {
                entries.remove(&self.process_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::super::tests::{nowhere, target};
    use super::*;

    fn register(registry: &CancelRegistry, process_id: u32, secrets: &[&[u8]]) -> Registration {
        let secrets = RefCell::new(
            secrets
                .iter()
                .rev()
                .map(|secret| secret.to_vec())
                .collect::<Vec<_>>(),
        );
        let made = registry.register(target(nowhere(), process_id), || {
            Ok::<_, ()>(secrets.borrow_mut().pop().unwrap())
        });
        made.unwrap()
    }

    #[test]
    fn keys_are_good_as_long_as_their_registration_lives() {
        let registry = CancelRegistry::default();
        let first = register(&registry, 7, &[b"abcd"]);
        let second = register(&registry, 7, &[b"abcd", b"a longer one"]);
        assert_eq!(registry.len(), 2);
        assert!(registry.find(7, b"abcd").is_some());
        assert!(registry.find(8, b"abcd").is_none());
        for wrong in [&b""[..], b"real", b"abc", b"abcde"] {
            assert!(registry.find(7, wrong).is_none());
        }
        drop(first);
        assert!(registry.find(7, b"abcd").is_none());
        assert!(registry.find(7, b"a longer one").is_some());
        drop(second);
        assert_eq!(registry.len(), 0);
        assert!(registry.lock().is_empty());
    }

    #[test]
    fn the_client_is_shown_the_servers_process_id_with_another_secret() {
        let registration = register(&CancelRegistry::default(), 0x0102_0304, &[b"abcd"]);
        let mut bytes = Vec::new();
        registration.backend_key_data(&mut bytes);
        assert_eq!(bytes, b"K\0\0\0\x0c\x01\x02\x03\x04abcd");
    }
}
