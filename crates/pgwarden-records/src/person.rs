//! Who logs in to the proxy.

use std::collections::BTreeSet;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::{CertificateIdentity, Secret};

/// Longest name of a person or a record, in bytes. PostgreSQL's own names end at 63, but persons may be e-mail addresses (RFC 5321: 254).
pub const NAME_BYTES_MAX: usize = 254;

/// The name of a person of the configuration: 1 to [`NAME_BYTES_MAX`] bytes, no control characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PersonName(String);

impl PersonName {
    pub(crate) fn new(name: &str) -> Result<Self, NameError> {
        check_name(name)?;
        Ok(Self(name.to_owned()))
    }

    /// The name as written in the configuration.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is wrong with a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum NameError {
    #[error("it is empty")]
    Empty,
    #[error("it is longer than {NAME_BYTES_MAX} bytes")]
    TooLong,
    #[error("it holds a control character")]
    ControlCharacter,
    #[error("a record's name can't hold `@`, which splits `user=person@record`")]
    At,
    #[error("a record's name can't hold `*` or `?`, which are patterns in `records` of a grant")]
    Pattern,
}

/// What holds for every name.
pub(crate) fn check_name(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        Err(NameError::Empty)
    } else if name.len() > NAME_BYTES_MAX {
        Err(NameError::TooLong)
    } else if name.chars().any(char::is_control) {
        Err(NameError::ControlCharacter)
    } else {
        Ok(())
    }
}

/// A person (`[[user]]`). Of verifier and certificate all that are there have to be shown to log in, and without either nobody is let in.
#[derive(Clone, Debug)]
pub struct Person {
    /// The name that the person logs in with.
    pub name: PersonName,
    /// What a password is checked against. `None`: no password is asked for.
    pub verifier: Option<ScramVerifier>,
    /// Whose certificate has to be shown. `None`: none is asked for.
    pub certificate: Option<CertificateIdentity>,
    /// The groups that grants may name.
    pub groups: BTreeSet<String>,
}

/// A SCRAM-SHA-256 verifier in the format of `pg_authid.rolpassword`, checked: `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`.
#[derive(Clone, Debug)]
pub struct ScramVerifier {
    /// Rounds of PBKDF2: 1 to [`ScramVerifier::ITERATIONS_MAX`].
    pub iterations: u32,
    /// Never empty.
    pub salt: Vec<u8>,
    /// H(ClientKey): lets a client be checked.
    pub stored_key: Secret<[u8; 32]>,
    /// Lets the proxy prove that it knows the verifier.
    pub server_key: Secret<[u8; 32]>,
    text: Secret<String>,
}

/// What is wrong with a verifier. Never shows any part of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum VerifierError {
    /// An md5 hash, which PostgreSQL keeps in the same column.
    #[error("it is an md5 hash, and md5 is not offered to clients")]
    Md5,
    /// Another text altogether.
    #[error("it is not of the form SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>")]
    Form,
    /// Zero, too many, or not a number.
    #[error(
        "its iteration count is not a number from 1 to {}",
        ScramVerifier::ITERATIONS_MAX
    )]
    Iterations,
    /// Empty or not base64.
    #[error("its salt is not base64 of 1 to {} bytes", ScramVerifier::SALT_BYTES_MAX)]
    Salt,
    /// A key that isn't base64 of 32 bytes.
    #[error("its {0} is not base64 of 32 bytes")]
    Key(&'static str),
}

impl ScramVerifier {
    /// Most iterations accepted. Each login costs the *client* that many rounds; beyond this a login would take a minute.
    pub const ITERATIONS_MAX: u32 = 10_000_000;
    /// Longest salt accepted; PostgreSQL makes salts of 16 bytes (`SCRAM_DEFAULT_SALT_LEN`, common/scram-common.h).
    pub const SALT_BYTES_MAX: usize = 1024;

    /// Reads a verifier, as `parse_scram_secret` of PostgreSQL's libpq/auth-scram.c does, and with limits.
    pub fn parse(text: &str) -> Result<Self, VerifierError> {
        let Some(rest) = text.strip_prefix("SCRAM-SHA-256$") else {
            return Err(if text.starts_with("md5") {
                VerifierError::Md5
            } else {
                VerifierError::Form
            });
        };
        let (parameters, keys) = rest.split_once('$').ok_or(VerifierError::Form)?;
        let (iterations, salt) = parameters.split_once(':').ok_or(VerifierError::Form)?;
        let (stored_key, server_key) = keys.split_once(':').ok_or(VerifierError::Form)?;
        if !iterations.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(VerifierError::Iterations);
        }
        let iterations = iterations
            .parse()
            .ok()
            .filter(|count| (1..=Self::ITERATIONS_MAX).contains(count))
            .ok_or(VerifierError::Iterations)?;
        let salt = BASE64
            .decode(salt)
            .ok()
            .filter(|salt| (1..=Self::SALT_BYTES_MAX).contains(&salt.len()))
            .ok_or(VerifierError::Salt)?;
        Ok(Self {
            iterations,
            salt,
            stored_key: key(stored_key).ok_or(VerifierError::Key("StoredKey"))?,
            server_key: key(server_key).ok_or(VerifierError::Key("ServerKey"))?,
            text: Secret::new(text.to_owned()),
        })
    }

    /// The verifier as it was written.
    pub fn text(&self) -> &Secret<String> {
        &self.text
    }
}

fn key(text: &str) -> Option<Secret<[u8; 32]>> {
    let mut bytes = zeroize::Zeroizing::new([0_u8; 64]);
    let length = BASE64.decode_slice(text, &mut *bytes).ok()?;
    let key: [u8; 32] = bytes.get(..length)?.try_into().ok()?;
    Some(Secret::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: &str = "W22ZaJ0SNY7soEsUEjb6gQ==";
    const STORED_KEY: &str = "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=";
    const SERVER_KEY: &str = "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    #[track_caller]
    fn check(text: &str, expected: Result<(u32, usize), VerifierError>) {
        let parsed = ScramVerifier::parse(text).map(|it| (it.iterations, it.salt.len()));
        assert_eq!(parsed, expected, "{text}");
    }

    #[test]
    fn verifiers() {
        use VerifierError::{Form, Iterations, Key, Md5, Salt};
        let keys = format!("{STORED_KEY}:{SERVER_KEY}");
        check(&format!("SCRAM-SHA-256$4096:{SALT}${keys}"), Ok((4096, 16)));
        check(&format!("SCRAM-SHA-256$1:AA==${keys}"), Ok((1, 1)));
        check(
            &format!("SCRAM-SHA-256$10000000:{SALT}${keys}"),
            Ok((10_000_000, 16)),
        );
        check(&format!("SCRAM-SHA-256$10000001:{SALT}${keys}"), Err(Iterations));
        check(&format!("SCRAM-SHA-256$0:{SALT}${keys}"), Err(Iterations));
        check(&format!("SCRAM-SHA-256$+1:{SALT}${keys}"), Err(Iterations));
        check(&format!("SCRAM-SHA-256$:{SALT}${keys}"), Err(Iterations));
        check(&format!("SCRAM-SHA-256$4096:${keys}"), Err(Salt));
        check(&format!("SCRAM-SHA-256$4096:***${keys}"), Err(Salt));
        check(
            &format!("SCRAM-SHA-256$4096:{SALT}$AA==:{SERVER_KEY}"),
            Err(Key("StoredKey")),
        );
        check(
            &format!("SCRAM-SHA-256$4096:{SALT}${STORED_KEY}:AA=="),
            Err(Key("ServerKey")),
        );
        check(
            &format!("SCRAM-SHA-256$4096:{SALT}${STORED_KEY}:"),
            Err(Key("ServerKey")),
        );
        check(
            &format!("SCRAM-SHA-256$4096:{SALT}${STORED_KEY}:{SERVER_KEY}="),
            Err(Key("ServerKey")),
        );
        check(&format!("SCRAM-SHA-256$4096:{SALT}${STORED_KEY}"), Err(Form));
        check("SCRAM-SHA-256$4096", Err(Form));
        check("SCRAM-SHA-1$4096", Err(Form));
        check("", Err(Form));
        check("md5a3556571e93b0d20722ba62be61e8c2d", Err(Md5));
    }

    #[test]
    fn names() {
        for (name, expected) in [
            ("alice@example.com", Ok(())),
            ("Ælfrēd the Great", Ok(())),
            ("", Err(NameError::Empty)),
            ("a\nb", Err(NameError::ControlCharacter)),
            ("a\u{85}b", Err(NameError::ControlCharacter)),
        ] {
            assert_eq!(check_name(name), expected, "{name:?}");
        }
        assert_eq!(check_name(&"x".repeat(NAME_BYTES_MAX)), Ok(()));
        assert_eq!(
            check_name(&"x".repeat(NAME_BYTES_MAX + 1)),
            Err(NameError::TooLong)
        );
    }
}
