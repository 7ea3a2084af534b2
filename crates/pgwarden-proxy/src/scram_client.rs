//! The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), towards databases.
//!
//! Not postgres-protocol's, which keeps the derived keys to itself: PBKDF2 is by far the dearest part of a login, and its result is the
//! same at each login as long as password, salt and iteration count are. Here the keys are cached, the password is not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, Mac as _};
use pgwarden_records::Secret;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;
use zeroize::{Zeroize, Zeroizing};

/// Most rounds of PBKDF2 that a server may ask for. PostgreSQL's default is 4,096 (`scram_iterations`); ten million take seconds of CPU,
/// which nobody sets on purpose. Verifiers of people have the same limit.
pub(crate) const ITERATIONS_MAX: u32 = 10_000_000;

/// Longest salt that a server may send, in bytes. PostgreSQL makes 16 (`SCRAM_DEFAULT_SALT_LEN`).
const SALT_BYTES_MAX: usize = 1024;

/// Most keys that are kept, 64 bytes each: one for each credential on each server, as salts differ. Beyond it the one unused for longest
/// goes, and costs PBKDF2 again.
const CACHED_KEYS_MAX: usize = 1024;

/// Random bytes of a nonce; RFC 5802 asks that it be unpredictable, PostgreSQL takes 18 (`SCRAM_RAW_NONCE_LEN`).
const NONCE_BYTES: usize = 18;

/// Why the exchange failed. Never holds a part of the password or of a key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ScramClientError {
    #[error("the server's SCRAM message can't be read: {0}")]
    Malformed(&'static str),
    #[error("the server asks for {asked} SCRAM iterations, and {ITERATIONS_MAX} are allowed")]
    Iterations { asked: u64 },
    #[error("the server ended the SCRAM exchange: {0}")]
    Server(String),
    /// Somebody who doesn't know the password's verifier.
    #[error("the server could not prove that it knows the password")]
    Impostor,
    #[error("no random numbers for a nonce: {0}")]
    Random(getrandom::Error),
    #[error("the task that derives keys ended early")]
    Derivation,
}

/// What a login needs of a password: two hashes, from which the password can't be told and which are worth nothing on other servers.
#[derive(Debug)]
struct Keys {
    client: Secret<[u8; 32]>,
    server: Secret<[u8; 32]>,
}

/// Names keys without holding what they were made of: a keyed hash of login, password, salt and iteration count.
type Fingerprint = [u8; 32];

#[derive(Debug, Default)]
struct Cache {
    entries: HashMap<Fingerprint, Cached>,
    /// Counts uses.
    clock: u64,
}

#[derive(Debug)]
struct Cached {
    /// Filled by the first login that needs it, while others wait for it rather than compute the same.
    keys: Arc<OnceCell<Keys>>,
    used: u64,
}

/// Derived SCRAM keys of the credentials that pgwarden logs in with.
#[derive(Debug)]
pub(crate) struct ScramKeys {
    /// Random in each process, so that fingerprints can't be searched for passwords.
    fingerprint_key: Secret<[u8; 32]>,
    cache: Mutex<Cache>,
}

impl ScramKeys {
    /// An empty cache.
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(ScramKeys {
            fingerprint_key: Secret::new(key),
            cache: Mutex::default(),
        })
    }

    /// The keys, derived now if they are not there yet. Derivation blocks a thread of the pool for blocking work, and goes on there if the
    /// future is dropped.
    async fn of<R>(
        &self,
        login: &str,
        password: &Secret<Vec<u8>>,
        server_first: &ServerFirst<'_>,
        with: impl FnOnce(&Keys) -> R,
    ) -> Result<R, ScramClientError> {
        let cell = self.cell(self.fingerprint(login, password, server_first));
        let keys = cell
            .get_or_try_init(|| {
                let (password, salt) = (password.clone(), server_first.salt.clone());
                let iterations = server_first.iterations;
                async move {
                    spawn_blocking(move || derive(&password, &salt, iterations))
                        .await
                        .map_err(|_| ScramClientError::Derivation)
                }
            })
            .await?;
        Ok(with(keys))
    }

    fn cell(&self, fingerprint: Fingerprint) -> Arc<OnceCell<Keys>> {
        // Nothing that holds the lock can panic half way.
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.clock = cache.clock.wrapping_add(1);
        let clock = cache.clock;
        if let Some(cached) = cache.entries.get_mut(&fingerprint) {
            cached.used = clock;
            return Arc::clone(&cached.keys);
        }
        if cache.entries.len() >= CACHED_KEYS_MAX
            && let Some(oldest) = cache
                .entries
                .iter()
                .min_by_key(|(_, cached)| cached.used)
                .map(|(name, _)| *name)
        {
            cache.entries.remove(&oldest);
        }
        let keys = Arc::default();
        cache.entries.insert(
            fingerprint,
            Cached {
                keys: Arc::clone(&keys),
                used: clock,
            },
        );
        keys
    }

    fn fingerprint(
        &self,
        login: &str,
        password: &Secret<Vec<u8>>,
        server_first: &ServerFirst<'_>,
    ) -> Fingerprint {
        let mut mac = hmac_of(self.fingerprint_key.expose());
        for part in [login.as_bytes(), password.expose(), &server_first.salt] {
            // With its length before it, no part can be taken for the end of another.
            mac.update(&part.len().to_be_bytes());
            mac.update(part);
        }
        mac.update(&server_first.iterations.to_be_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// An exchange that has sent nothing yet, or only its first message.
#[derive(Debug)]
pub(crate) struct ScramClient {
    nonce: String,
}

impl ScramClient {
    /// An exchange with a random nonce.
    pub(crate) fn new() -> Result<Self, ScramClientError> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(ScramClientError::Random)?;
        Ok(ScramClient {
            nonce: BASE64.encode(nonce),
        })
    }

    /// The client-first-message. The user name is left empty, as PostgreSQL takes the startup packet's; and without TLS there is no
    /// channel to bind to.
    pub(crate) fn client_first(&self) -> String {
        format!("{GS2_HEADER}{}", self.client_first_bare())
    }

    fn client_first_bare(&self) -> String {
        format!("n=,r={}", self.nonce)
    }

    /// Answers the server-first-message with the client-final-message, and gives what the server has to prove in turn.
    pub(crate) async fn client_final(
        self,
        server_first: &[u8],
        login: &str,
        password: &Secret<Vec<u8>>,
        keys: &ScramKeys,
    ) -> Result<(String, ServerProof), ScramClientError> {
        let parsed = ServerFirst::parse(server_first, &self.nonce)?;
        let without_proof = format!("c={},r={}", BASE64.encode(GS2_HEADER), parsed.nonce);
        let auth_message = format!("{},{},{without_proof}", self.client_first_bare(), parsed.text);
        let (proof, expected) = keys
            .of(login, password, &parsed, |keys| {
                let stored_key: [u8; 32] = Sha256::digest(keys.client.expose()).into();
                let mut proof = hmac(&stored_key, auth_message.as_bytes());
                for (byte, key) in proof.iter_mut().zip(keys.client.expose()) {
                    *byte ^= key;
                }
                (proof, hmac(keys.server.expose(), auth_message.as_bytes()))
            })
            .await?;
        Ok((
            format!("{without_proof},p={}", BASE64.encode(proof)),
            ServerProof { expected },
        ))
    }
}

/// No channel binding, no authorization identity.
const GS2_HEADER: &str = "n,,";

/// The signature that only who knows the verifier can give.
#[derive(Debug)]
pub(crate) struct ServerProof {
    expected: [u8; 32],
}

impl ServerProof {
    /// Reads the server-final-message. Without this a man in the middle could take the password's place.
    pub(crate) fn check(&self, server_final: &[u8]) -> Result<(), ScramClientError> {
        let text = std::str::from_utf8(server_final).map_err(|_| ScramClientError::Malformed("not UTF-8"))?;
        let first = text.split(',').next().unwrap_or_default();
        if let Some(error) = first.strip_prefix("e=") {
            return Err(ScramClientError::Server(error.to_owned()));
        }
        let signature = first
            .strip_prefix("v=")
            .and_then(|signature| BASE64.decode(signature).ok())
            .ok_or(ScramClientError::Malformed(
                "no signature in the server-final-message",
            ))?;
        if bool::from(signature.ct_eq(&self.expected)) {
            Ok(())
        } else {
            Err(ScramClientError::Impostor)
        }
    }
}

#[derive(Debug)]
struct ServerFirst<'a> {
    text: &'a str,
    nonce: &'a str,
    salt: Vec<u8>,
    /// 1 to [`ITERATIONS_MAX`].
    iterations: u32,
}

impl<'a> ServerFirst<'a> {
    fn parse(message: &'a [u8], client_nonce: &str) -> Result<Self, ScramClientError> {
        use ScramClientError::Malformed;
        let text = std::str::from_utf8(message).map_err(|_| Malformed("not UTF-8"))?;
        let mut attributes = text.split(',');
        let mut next = |name: &str| {
            attributes
                .next()
                .and_then(|attribute| attribute.strip_prefix(name))
        };
        let nonce = next("r=").ok_or(Malformed("no nonce in the server-first-message"))?;
        if nonce.len() <= client_nonce.len() || !nonce.starts_with(client_nonce) {
            return Err(Malformed("the server's nonce does not begin with ours"));
        }
        let salt = next("s=")
            .and_then(|salt| BASE64.decode(salt).ok())
            .filter(|salt| (1..=SALT_BYTES_MAX).contains(&salt.len()))
            .ok_or(Malformed("no usable salt in the server-first-message"))?;
        let asked: u64 = next("i=")
            .filter(|count| count.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|count| count.parse().ok())
            .ok_or(Malformed("no iteration count in the server-first-message"))?;
        let iterations = u32::try_from(asked)
            .ok()
            .filter(|count| (1..=ITERATIONS_MAX).contains(count))
            .ok_or(ScramClientError::Iterations { asked })?;
        Ok(ServerFirst {
            text,
            nonce,
            salt,
            iterations,
        })
    }
}

fn derive(password: &Secret<Vec<u8>>, salt: &[u8], iterations: u32) -> Keys {
    let mut salted = salted_password(&normalize(password.expose()), salt, iterations);
    let keys = Keys {
        client: Secret::new(hmac(&salted, b"Client Key")),
        server: Secret::new(hmac(&salted, b"Server Key")),
    };
    salted.zeroize();
    keys
}

/// PostgreSQL's passwords may be any bytes; those that SASLprep can't take are used as they are (`pg_saslprep`, common/saslprep.c).
fn normalize(password: &[u8]) -> Zeroizing<Vec<u8>> {
    let prepared = std::str::from_utf8(password)
        .ok()
        .and_then(|text| stringprep::saslprep(text).ok());
    Zeroizing::new(prepared.map_or_else(|| password.to_vec(), |text| text.into_owned().into_bytes()))
}

/// Hi(), which is PBKDF2 with HMAC-SHA-256 and one block of output.
fn salted_password(password: &[u8], salt: &[u8], iterations: u32) -> [u8; 32] {
    // The password is hashed into the HMAC's state once; a copy of it starts each round.
    let keyed = hmac_of(password);
    let mut mac = keyed.clone();
    mac.update(salt);
    mac.update(&1_u32.to_be_bytes());
    let mut block: [u8; 32] = mac.finalize().into_bytes().into();
    let mut salted = block;
    for _ in 1..iterations {
        let mut mac = keyed.clone();
        mac.update(&block);
        block = mac.finalize().into_bytes().into();
        for (sum, byte) in salted.iter_mut().zip(block) {
            *sum ^= byte;
        }
    }
    salted
}

fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let mut mac = hmac_of(key);
    mac.update(message);
    mac.finalize().into_bytes().into()
}

fn hmac_of(key: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}
