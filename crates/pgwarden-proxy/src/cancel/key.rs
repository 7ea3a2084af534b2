//! The secrets of our own that clients get in place of the server's, and what replicas believe each other by.
//!
//! A secret of protocol 3.0 is 4 random bytes. One of 3.2 has 32, as PostgreSQL's own, and says where it belongs:
//!
//! ```text
//!  random, 12 bytes │ replica, 4 bytes │ HMAC-SHA-256 of process id, random and replica, its first 16 bytes
//! ```
//!
//! The key of the HMAC is derived from `login_key`, which replicas share: so each of them knows a secret that one of them made, and a guess is
//! of no use to anybody. What a secret cancels is looked up all the same where it was made.

use hmac::{Hmac, KeyInit as _, Mac as _};
use pgwarden_records::Secret;
use pgwarden_wire::limits::CANCEL_KEY_BYTES_MIN;
use pgwarden_wire::startup::PROTOCOL_3_2;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// Bytes of a secret in protocol 3.2 (`MAX_CANCEL_KEY_LENGTH`, storage/procsignal.h).
const SEALED_BYTES: usize = RANDOM_BYTES + REPLICA_BYTES + TAG_BYTES;
const RANDOM_BYTES: usize = 12;
const REPLICA_BYTES: usize = 4;
const TAG_BYTES: usize = 16;
const _: () = assert!(SEALED_BYTES == 32);

/// Bytes of an HMAC-SHA-256.
pub(super) const MAC_BYTES: usize = 32;

/// A pgwarden process among its replicas: drawn at its start, so that it needs no configuration. Two of them are the same once in 2^32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ReplicaId(pub(super) [u8; REPLICA_BYTES]);

/// What cancel keys are made with.
#[derive(Debug)]
pub(super) struct CancelKeys {
    sealing: Secret<[u8; MAC_BYTES]>,
    /// What replicas talk to each other under.
    pub(super) peers: Secret<[u8; MAC_BYTES]>,
    /// This process.
    pub(super) replica: ReplicaId,
}

/// Where a secret comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// It is too short to say.
    Anywhere,
    /// From this replica.
    Replica(ReplicaId),
    /// No replica has made it.
    Nowhere,
}

impl CancelKeys {
    pub(super) fn new(login_key: &Secret<[u8; MAC_BYTES]>) -> Result<Self, getrandom::Error> {
        let mut replica = [0; REPLICA_BYTES];
        getrandom::fill(&mut replica)?;
        // One key for each purpose. `login_key` is uniformly random, so it needs no extraction (RFC 5869, 3.3).
        let derived = |purpose: &[u8]| Secret::new(mac(login_key, &[purpose]));
        Ok(CancelKeys {
            sealing: derived(b"pgwarden cancel key"),
            peers: derived(b"pgwarden peers"),
            replica: ReplicaId(replica),
        })
    }

    /// A new secret for a client that speaks this version of the protocol.
    pub(super) fn make(&self, process_id: u32, version: u32) -> Result<Vec<u8>, getrandom::Error> {
        if version >= PROTOCOL_3_2 {
            return self.seal(process_id);
        }
        let mut secret = [0; CANCEL_KEY_BYTES_MIN];
        // All zero looks like no key to some clients.
        while secret == [0; CANCEL_KEY_BYTES_MIN] {
            getrandom::fill(&mut secret)?;
        }
        Ok(secret.to_vec())
    }

    fn seal(&self, process_id: u32) -> Result<Vec<u8>, getrandom::Error> {
        let mut random = [0; RANDOM_BYTES];
        getrandom::fill(&mut random)?;
        let tag = self.tag(process_id, &random, self.replica);
        Ok([&random[..], &self.replica.0, &tag].concat())
    }

    /// Where a client's secret comes from. Takes the same time for all of a length.
    pub(super) fn origin(&self, process_id: u32, secret: &[u8]) -> Origin {
        if secret.len() == CANCEL_KEY_BYTES_MIN {
            return Origin::Anywhere;
        }
        let Some((random, rest)) = secret.split_first_chunk::<RANDOM_BYTES>() else {
            return Origin::Nowhere;
        };
        let Some((replica, tag)) = rest.split_first_chunk::<REPLICA_BYTES>() else {
            return Origin::Nowhere;
        };
        let replica = ReplicaId(*replica);
        if self.tag(process_id, random, replica).ct_eq(tag).into() {
            Origin::Replica(replica)
        } else {
            Origin::Nowhere
        }
    }

    fn tag(&self, process_id: u32, random: &[u8; RANDOM_BYTES], replica: ReplicaId) -> [u8; TAG_BYTES] {
        let mac = mac(&self.sealing, &[&process_id.to_be_bytes(), random, &replica.0]);
        let mut tag = [0; TAG_BYTES];
        for (tag, mac) in tag.iter_mut().zip(mac) {
            *tag = mac;
        }
        tag
    }
}

/// HMAC-SHA-256 of the parts, one behind the other. All but the last must have one length under a key.
pub(super) fn mac(key: &Secret<[u8; MAC_BYTES]>, parts: &[&[u8]]) -> [u8; MAC_BYTES] {
    #[expect(
        clippy::expect_used,
        reason = "HMAC hashes a key that is too long, so any fits"
    )]
    let mut mac: Hmac<Sha256> = Hmac::new_from_slice(key.expose()).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use pgwarden_wire::startup::PROTOCOL_3_0;

    use super::*;

    fn keys(login_key: u8) -> CancelKeys {
        CancelKeys::new(&Secret::new([login_key; MAC_BYTES])).unwrap()
    }

    #[test]
    fn a_secret_is_as_long_as_the_version_allows() {
        for (version, bytes) in [(PROTOCOL_3_0, 4), (PROTOCOL_3_0 + 1, 4), (PROTOCOL_3_2, 32)] {
            let keys = keys(7);
            let secrets = [(); 2].map(|()| keys.make(7, version).unwrap());
            assert_eq!(secrets.each_ref().map(Vec::len), [bytes; 2]);
            assert_ne!(secrets[0], secrets[1]);
        }
    }

    #[test]
    fn replicas_know_what_one_of_them_made_and_nothing_else() {
        let (maker, replica, stranger) = (keys(7), keys(7), keys(8));
        let secret = maker.make(7, PROTOCOL_3_2).unwrap();
        for keys in [&maker, &replica] {
            assert_eq!(keys.origin(7, &secret), Origin::Replica(maker.replica));
            assert_eq!(keys.origin(8, &secret), Origin::Nowhere);
        }
        assert_eq!(stranger.origin(7, &secret), Origin::Nowhere);
        for at in 0..secret.len() {
            let mut wrong = secret.clone();
            wrong[at] ^= 1;
            assert_eq!(replica.origin(7, &wrong), Origin::Nowhere, "byte {at}");
        }
        for bytes in [5, 15, 16, 31] {
            assert_eq!(
                replica.origin(7, &secret[..bytes]),
                Origin::Nowhere,
                "{bytes} bytes"
            );
        }
        assert_eq!(replica.origin(7, &[&secret[..], b"x"].concat()), Origin::Nowhere);
        assert_eq!(replica.origin(7, b"abcd"), Origin::Anywhere);
    }

    #[test]
    fn nothing_of_a_key_is_printed() {
        let keys = keys(7);
        let text = format!("{keys:?}");
        assert!(text.contains("sealing: Secret(..), peers: Secret(..)"), "{text}");
    }
}
