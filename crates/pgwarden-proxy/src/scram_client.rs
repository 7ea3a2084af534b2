//! The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), towards databases.
//!
//! Not postgres-protocol's, which keeps the derived keys to itself: PBKDF2 is by far the dearest part of a login, and its result is the
//! same at each login as long as password, salt and iteration count are. Here the keys are cached, the password is not.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use pgwarden_records::Secret;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;
use zeroize::{Zeroize, Zeroizing};

use crate::scram::{SCRAM_SHA_256, SCRAM_SHA_256_PLUS};

/// Most rounds of PBKDF2 that a server may ask for. PostgreSQL's default is 4,096 (`scram_iterations`); ten million take seconds of CPU,
/// which nobody sets on purpose. Verifiers of people have the same limit.
pub const ITERATIONS_MAX: u32 = 10_000_000;

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
    /// Random in each process, so that fingerprints can't be searched for passwords. Made when first needed.
    fingerprint_key: Option<Secret<[u8; 32]>>,
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
#[derive(Debug, Default)]
pub(crate) struct ScramKeys {
    cache: Mutex<Cache>,
}

impl ScramKeys {
    /// The keys, derived now if they are not there yet. Derivation blocks a thread of the pool for blocking work, and goes on there if the
    /// future is dropped.
    async fn of<R>(
        &self,
        login: &str,
        password: &Secret<Vec<u8>>,
        server_first: &ServerFirst<'_>,
        with: impl FnOnce(&Keys) -> R,
    ) -> Result<R, ScramClientError> {
        let cell = self.cell(login, password, server_first)?;
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

    fn cell(
        &self,
        login: &str,
        password: &Secret<Vec<u8>>,
        server_first: &ServerFirst<'_>,
    ) -> Result<Arc<OnceCell<Keys>>, ScramClientError> {
        // Nothing that holds the lock can panic half way.
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let fingerprint = cache.fingerprint(login, password, server_first)?;
        Ok(cache.cell(fingerprint))
    }
}

impl Cache {
    fn cell(&mut self, fingerprint: Fingerprint) -> Arc<OnceCell<Keys>> {
        self.clock = self.clock.wrapping_add(1);
        if let Some(cached) = self.entries.get_mut(&fingerprint) {
            cached.used = self.clock;
            return Arc::clone(&cached.keys);
        }
        if self.entries.len() >= CACHED_KEYS_MAX
            && let Some(oldest) = self
                .entries
                .iter()
                .min_by_key(|(_, cached)| cached.used)
                .map(|(name, _)| *name)
        {
            self.entries.remove(&oldest);
        }
        let keys = Arc::default();
        let cached = Cached {
            keys: Arc::clone(&keys),
            used: self.clock,
        };
        self.entries.insert(fingerprint, cached);
        keys
    }

    fn fingerprint(
        &mut self,
        login: &str,
        password: &Secret<Vec<u8>>,
        server_first: &ServerFirst<'_>,
    ) -> Result<Fingerprint, ScramClientError> {
        let key = if let Some(key) = &self.fingerprint_key {
            key
        } else {
            let mut key = Zeroizing::new([0; 32]);
            getrandom::fill(&mut *key).map_err(ScramClientError::Random)?;
            self.fingerprint_key.insert(Secret::new(*key))
        };
        let mut mac = hmac_of(key.expose());
        for part in [login.as_bytes(), password.expose(), &server_first.salt] {
            // With its length before it, no part can be taken for the end of another.
            mac.update(&part.len().to_be_bytes());
            mac.update(part);
        }
        mac.update(&server_first.iterations.to_be_bytes());
        Ok(mac.finalize().into_bytes().into())
    }
}

/// An exchange that has sent nothing yet, or only its first message.
#[derive(Debug)]
pub(crate) struct ScramClient {
    nonce: String,
    /// The client-first-message without its GS2 header.
    first_bare: String,
    binding: Binding,
}

/// What the exchange says of the channel that it runs through (RFC 5802, section 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Binding {
    /// `n`: nothing is bound.
    None,
    /// `y`: it could be, and the server doesn't offer it. One that does is then told by its client of who took the offer away.
    NotOffered,
    /// `p`: to this hash of the server's certificate.
    EndPoint(Vec<u8>),
}

impl Binding {
    fn gs2_header(&self) -> &'static str {
        match self {
            Binding::None => "n,,",
            Binding::NotOffered => "y,,",
            Binding::EndPoint(_) => "p=tls-server-end-point,,",
        }
    }

    /// The `c=` attribute, in base64.
    fn attribute(&self) -> String {
        let mut data = self.gs2_header().as_bytes().to_vec();
        if let Binding::EndPoint(hash) = self {
            data.extend_from_slice(hash);
        }
        BASE64.encode(data)
    }

    /// The mechanism that goes with it.
    pub(crate) fn mechanism(&self) -> &'static str {
        match self {
            Binding::None | Binding::NotOffered => SCRAM_SHA_256,
            Binding::EndPoint(_) => SCRAM_SHA_256_PLUS,
        }
    }
}

impl ScramClient {
    /// An exchange with a random nonce. The user name is left empty, as PostgreSQL takes that of the startup packet.
    pub(crate) fn new(binding: Binding) -> Result<Self, ScramClientError> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(ScramClientError::Random)?;
        Ok(Self::with("", BASE64.encode(nonce), binding))
    }

    fn with(user: &str, nonce: String, binding: Binding) -> Self {
        ScramClient {
            binding,
            first_bare: format!("n={user},r={nonce}"),
            nonce,
        }
    }

    /// The client-first-message.
    pub(crate) fn client_first(&self) -> String {
        format!("{}{}", self.binding.gs2_header(), self.first_bare)
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
        let without_proof = format!("c={},r={}", self.binding.attribute(), parsed.nonce);
        let auth_message = format!("{},{},{without_proof}", self.first_bare, parsed.text);
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

/// The verifier of a password in the form of `pg_authid.rolpassword`, with a salt of 16 random bytes as
/// PostgreSQL makes it (`scram_build_secret`, common/scram-common.c). `iterations` is at least 1.
///
/// # Errors
///
/// The system gives no random bytes.
pub fn scram_verifier(password: &Secret<Vec<u8>>, iterations: u32) -> Result<String, getrandom::Error> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt)?;
    let keys = derive(password, &salt, iterations);
    let stored = Sha256::digest(keys.client.expose());
    Ok(format!(
        "SCRAM-SHA-256${iterations}:{}${}:{}",
        BASE64.encode(salt),
        BASE64.encode(stored),
        BASE64.encode(keys.server.expose())
    ))
}

/// PostgreSQL's passwords may be any bytes; those that `SASLprep` can't take are used as they are (`pg_saslprep`, common/saslprep.c).
fn normalize(password: &[u8]) -> Zeroizing<Vec<u8>> {
    let prepared = std::str::from_utf8(password)
        .ok()
        .and_then(|text| stringprep::saslprep(text).ok());
    Zeroizing::new(prepared.map_or_else(|| password.to_vec(), |text| text.into_owned().into_bytes()))
}

/// `Hi()`, which is PBKDF2 with HMAC-SHA-256 and one block of output.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(password: &str) -> Secret<Vec<u8>> {
        Secret::new(password.as_bytes().to_vec())
    }

    /// The example of RFC 7677, section 3.
    #[tokio::test]
    async fn the_example_of_rfc_7677() {
        let keys = ScramKeys::default();
        let client = ScramClient::with("user", "rOprNGfwEbeRWgbNEkqO".to_owned(), Binding::None);
        assert_eq!(client.client_first(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        let server_first =
            b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        let (client_final, proof) = client
            .client_final(server_first, "user", &secret("pencil"), &keys)
            .await
            .unwrap();
        assert_eq!(
            client_final,
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        proof
            .check(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
            .unwrap();
        let impostor = proof.check(b"v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assert!(matches!(impostor, Err(ScramClientError::Impostor)));
        let short = proof.check(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95A==");
        assert!(matches!(short, Err(ScramClientError::Impostor)));
        let told = proof.check(b"e=invalid-proof");
        assert!(matches!(told, Err(ScramClientError::Server(text)) if text == "invalid-proof"));
        assert!(matches!(proof.check(b""), Err(ScramClientError::Malformed(_))));
    }

    #[track_caller]
    fn check(server_first: &str, expected: Result<u32, &str>) {
        let parsed = ServerFirst::parse(server_first.as_bytes(), "abc");
        let result = parsed
            .map(|parsed| parsed.iterations)
            .map_err(|error| error.to_string());
        assert_eq!(result, expected.map_err(ToOwned::to_owned), "{server_first}");
    }

    #[test]
    fn server_first_messages() {
        check("r=abcd,s=AAAA,i=4096", Ok(4096));
        check("r=abcd,s=AAAA,i=1,x=y", Ok(1));
        check("r=abcd,s=AAAA,i=10000000", Ok(10_000_000));
        for asked in ["10000001", "0", "18446744073709551615"] {
            check(
                &format!("r=abcd,s=AAAA,i={asked}"),
                Err(&format!(
                    "the server asks for {asked} SCRAM iterations, and 10000000 are allowed"
                )),
            );
        }
        let count =
            "the server's SCRAM message can't be read: no iteration count in the server-first-message";
        for asked in ["", "-1", "+1", "x", "99999999999999999999"] {
            check(&format!("r=abcd,s=AAAA,i={asked}"), Err(count));
        }
        let nonce = "the server's SCRAM message can't be read: the server's nonce does not begin with ours";
        check("r=abc,s=AAAA,i=1", Err(nonce));
        check("r=xabc,s=AAAA,i=1", Err(nonce));
        let missing = "the server's SCRAM message can't be read: no nonce in the server-first-message";
        check("m=1,r=abcd,s=AAAA,i=1", Err(missing));
        check("", Err(missing));
        let salt = "the server's SCRAM message can't be read: no usable salt in the server-first-message";
        check("r=abcd,s=,i=1", Err(salt));
        check("r=abcd,s=*,i=1", Err(salt));
        check(&format!("r=abcd,s={},i=1", BASE64.encode([0; 1024])), Ok(1));
        check(&format!("r=abcd,s={},i=1", BASE64.encode([0; 1025])), Err(salt));
    }

    #[test]
    fn passwords_are_prepared_as_postgresql_does() {
        for (password, prepared) in [
            (&b"pencil"[..], &b"pencil"[..]),
            ("\u{a0}x".as_bytes(), b" x"),
            ("I\u{ad}X".as_bytes(), b"IX"),
            // Prohibited, or no text at all: as it is.
            (b"a\x07b", b"a\x07b"),
            (b"\xff\xfe", b"\xff\xfe"),
        ] {
            assert_eq!(&**normalize(password), prepared);
        }
    }

    #[tokio::test]
    async fn keys_are_derived_once_for_each_password_salt_and_count() {
        let keys = ScramKeys::default();
        for (login, password, server_first, cached) in [
            ("app", "one", "r=abcd,s=AAAA,i=2", 1),
            ("app", "one", "r=abce,s=AAAA,i=2", 1),
            ("app", "two", "r=abcd,s=AAAA,i=2", 2),
            ("app", "one", "r=abcd,s=AAAB,i=2", 3),
            ("app", "one", "r=abcd,s=AAAA,i=3", 4),
            ("ap", "one", "r=abcd,s=AAAA,i=3", 5),
        ] {
            let client = ScramClient::with("", "abc".to_owned(), Binding::None);
            client
                .client_final(server_first.as_bytes(), login, &secret(password), &keys)
                .await
                .unwrap();
            assert_eq!(keys.cache.lock().unwrap().entries.len(), cached, "{server_first}");
        }
    }

    #[test]
    fn the_cache_is_bounded_and_forgets_what_was_not_used() {
        let mut cache = Cache::default();
        let name = |number: usize| -> Fingerprint {
            let mut name = [0; 32];
            name[..8].copy_from_slice(&number.to_be_bytes());
            name
        };
        for number in 0..CACHED_KEYS_MAX {
            cache.cell(name(number));
        }
        cache.cell(name(0));
        cache.cell(name(CACHED_KEYS_MAX));
        assert_eq!(cache.entries.len(), CACHED_KEYS_MAX);
        assert!(cache.entries.contains_key(&name(0)));
        assert!(!cache.entries.contains_key(&name(1)));
    }
}
