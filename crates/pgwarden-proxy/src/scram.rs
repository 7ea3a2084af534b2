//! The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), towards people.
//!
//! pgwire does the exchange. Added here is what it leaves open: the mechanism has to agree with the GS2 header, people who can't log in
//! get an exchange that looks like anybody's, and errors are told in PostgreSQL's words, as `libpq/auth-scram.c` words them.

use hmac::{Hmac, KeyInit as _, Mac as _};
use pgwarden_records::{ScramVerifier, Secret};
use pgwarden_wire::{ErrorResponse, sqlstate};
use pgwire::api::auth::sasl::scram::{ScramSecret, ScramServerAuth, ScramServerAuthWaitingForClientFinal};
use pgwire::error::PgWireError;
use sha2::Sha256;

/// The mechanism that is always offered.
pub(crate) const SCRAM_SHA_256: &str = "SCRAM-SHA-256";

/// The same, bound to the TLS channel; offered where there is one.
pub(crate) const SCRAM_SHA_256_PLUS: &str = "SCRAM-SHA-256-PLUS";

/// The only type of channel binding, as with PostgreSQL.
pub(crate) const TLS_SERVER_END_POINT: &str = "tls-server-end-point";

/// Which of them a client has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mechanism {
    /// `SCRAM-SHA-256`
    Unbound,
    /// `SCRAM-SHA-256-PLUS`
    Bound,
}

/// What a client's SCRAM message can be wrong in, whoever sends it. Says nothing about the person or the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ScramViolation {
    #[error("the SCRAM message is malformed: {0}")]
    Malformed(&'static str),
    #[error("the client chose a SASL mechanism that is not offered")]
    Mechanism,
    #[error("the client uses an authorization identity")]
    AuthorizationIdentity,
    #[error("the client requires a SCRAM extension")]
    Extension,
    #[error("the SCRAM nonce has characters that are not printable")]
    Nonce,
    /// Somebody in between may have taken the mechanism away that binds to the channel.
    #[error("the client was not shown that channel binding is offered")]
    Downgrade,
    #[error("the client binds to a channel in a way that is not offered")]
    BindingType,
    /// Somebody in between ends the client's TLS, and pretends to be the client.
    #[error("the client is bound to another TLS channel than this one")]
    OtherChannel,
}

impl ScramViolation {
    /// The words of `scram_exchange`, `read_client_first_message` (libpq/auth-scram.c) and `CheckSASLAuth` (libpq/auth-sasl.c).
    pub(crate) fn to_client(self) -> ErrorResponse {
        let violation = |text| ErrorResponse::fatal(sqlstate::PROTOCOL_VIOLATION, text);
        let unsupported = |text| ErrorResponse::fatal(sqlstate::FEATURE_NOT_SUPPORTED, text);
        match self {
            ScramViolation::Malformed(detail) => violation("malformed SCRAM message").with_detail(detail),
            ScramViolation::Mechanism => {
                violation("client selected an invalid SASL authentication mechanism")
            }
            ScramViolation::AuthorizationIdentity => {
                unsupported("client uses authorization identity, but it is not supported")
            }
            ScramViolation::Extension => unsupported("client requires an unsupported SCRAM extension"),
            ScramViolation::Nonce => violation("non-printable characters in SCRAM nonce"),
            ScramViolation::Downgrade => violation("SCRAM channel binding negotiation error").with_detail(
                "The client supports SCRAM channel binding but thinks the server does not.  However, this server does support channel binding.",
            ),
            ScramViolation::BindingType => violation("unsupported SCRAM channel-binding type"),
            ScramViolation::OtherChannel => ErrorResponse::fatal(
                sqlstate::INVALID_AUTHORIZATION_SPECIFICATION,
                "SCRAM channel binding check failed",
            ),
        }
    }
}

/// How the exchange failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScramFailure {
    /// A message that no correct client sends.
    Violation(ScramViolation),
    /// The password is wrong, or there is none that would be right.
    Proof,
}

/// What a password is held against.
pub(crate) struct Candidate {
    secret: ScramSecret,
    standing: Standing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Real,
    /// Nothing lets this one in, not even the right proof for the mock verifier.
    Mock,
}

impl Candidate {
    /// The person's verifier or, for lack of one, a mock of it. `name` is who wants to log in, known or not; `shape` is the iteration
    /// count and the salt length, in bytes, of real verifiers.
    ///
    /// A mock's salt stays the same for a name as long as `login_key` does, or else asking twice would show who is known. Its keys are
    /// random in each attempt. Both are made for known people too, so that the time is the same.
    pub(crate) fn new(
        verifier: Option<&ScramVerifier>,
        name: &[u8],
        login_key: &Secret<[u8; 32]>,
        shape: (u32, usize),
    ) -> Result<Self, getrandom::Error> {
        let (iterations, salt_bytes) = shape;
        let mock_salt = mock_salt(login_key, name, salt_bytes);
        let mut mock_keys = [0; 64];
        getrandom::fill(&mut mock_keys)?;
        let (mock_stored_key, mock_server_key) = mock_keys.split_at(32);
        Ok(match verifier {
            Some(verifier) => Candidate {
                secret: secret(
                    &verifier.salt,
                    verifier.iterations,
                    verifier.stored_key.expose(),
                    verifier.server_key.expose(),
                ),
                standing: Standing::Real,
            },
            None => Candidate {
                secret: secret(&mock_salt, iterations, mock_stored_key, mock_server_key),
                standing: Standing::Mock,
            },
        })
    }
}

impl Candidate {
    /// Looks the same, and lets nobody in, whatever the password.
    pub(crate) fn doomed(self) -> Self {
        Candidate {
            standing: Standing::Mock,
            ..self
        }
    }
}

fn secret(salt: &[u8], iterations: u32, stored_key: &[u8], server_key: &[u8]) -> ScramSecret {
    ScramSecret::Verifier {
        salt: salt.to_vec(),
        // Never saturates where pgwarden runs, and would only make logins fail.
        iterations: usize::try_from(iterations).unwrap_or(usize::MAX),
        stored_key: stored_key.to_vec(),
        server_key: server_key.to_vec(),
    }
}

/// HMAC(`login_key`, "mock salt" || name), cut to length. For salts longer than one hash the further blocks put a zero byte and their
/// number before the name; names have no zero bytes, so no two inputs are the same.
fn mock_salt(login_key: &Secret<[u8; 32]>, name: &[u8], bytes: usize) -> Vec<u8> {
    let mut salt = Vec::with_capacity(bytes);
    let mut block: u32 = 0;
    while salt.len() < bytes {
        let mut mac = keyed(login_key);
        mac.update(b"mock salt");
        if block > 0 {
            mac.update(&[0]);
            mac.update(&block.to_be_bytes());
        }
        mac.update(name);
        salt.extend_from_slice(&mac.finalize().into_bytes());
        block = block.saturating_add(1);
    }
    salt.truncate(bytes);
    salt
}

fn keyed(key: &Secret<[u8; 32]>) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    Hmac::new_from_slice(key.expose()).expect("HMAC takes keys of any length")
}

/// An exchange that waits for the client's proof.
pub(crate) struct ScramExchange {
    waiting: ScramServerAuthWaitingForClientFinal,
    standing: Standing,
    mechanism: Mechanism,
}

/// What pgwire says of a `c=` attribute that isn't as it should be. Were it worded otherwise, the answer would be a more general one.
const BINDING_MISMATCH: &str = "Channel binding mismatch";

impl ScramExchange {
    /// Reads the client-first-message, and gives the server-first-message to send. `bound` is what binds it to the TLS channel, if that was
    /// offered.
    pub(crate) fn begin(
        candidate: Candidate,
        mechanism: Mechanism,
        bound: Option<&ScramServerAuth>,
        client_first: &[u8],
    ) -> Result<(Self, String), ScramViolation> {
        check_client_first(client_first, mechanism, bound.is_some())?;
        let (server_first, waiting) = bound
            .cloned()
            .unwrap_or_default()
            .on_client_first_message_with_secret(client_first, candidate.secret)
            // Its text may quote the message; and the checks above have found what can be said.
            .map_err(|_| ScramViolation::Malformed("The client-first-message can't be read."))?;
        Ok((
            ScramExchange {
                waiting,
                standing: candidate.standing,
                mechanism,
            },
            server_first,
        ))
    }

    /// Reads the client-final-message, and gives the server-final-message to send: the proof that the verifier is known here.
    pub(crate) fn finish(self, client_final: &[u8]) -> Result<String, ScramFailure> {
        check_text(client_final).map_err(ScramFailure::Violation)?;
        match (self.waiting.on_client_final_message(client_final), self.standing) {
            (Ok(server_final), Standing::Real) => Ok(server_final),
            (Ok(_), Standing::Mock) | (Err(PgWireError::InvalidPassword(_)), _) => Err(ScramFailure::Proof),
            (Err(PgWireError::InvalidScramMessage(reason)), _)
                if self.mechanism == Mechanism::Bound && reason == BINDING_MISMATCH =>
            {
                Err(ScramFailure::Violation(ScramViolation::OtherChannel))
            }
            (Err(_), _) => Err(ScramFailure::Violation(ScramViolation::Malformed(
                "The client-final-message does not fit the exchange.",
            ))),
        }
    }
}

/// What `scram_exchange` checks of either message.
fn check_text(message: &[u8]) -> Result<(), ScramViolation> {
    if message.is_empty() {
        return Err(ScramViolation::Malformed("The message is empty."));
    }
    if message.contains(&0) {
        return Err(ScramViolation::Malformed(
            "Message length does not match input length.",
        ));
    }
    Ok(())
}

/// What `read_client_first_message` checks, so that pgwire reads only what PostgreSQL would.
/// The user name inside is not looked at, as PostgreSQL doesn't: the startup packet said who it is.
fn check_client_first(message: &[u8], mechanism: Mechanism, offered: bool) -> Result<(), ScramViolation> {
    use ScramViolation::Malformed;
    const BOUND_WITHOUT_DATA: ScramViolation = Malformed(
        "The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.",
    );
    check_text(message)?;
    let mut attributes = message.split(|&byte| byte == b',');
    let mut next = || {
        attributes
            .next()
            .ok_or(Malformed("The client-first-message ends early."))
    };
    match next()? {
        b"n" | b"y" if mechanism == Mechanism::Bound => return Err(BOUND_WITHOUT_DATA),
        // The client could bind to the channel and thinks that we can't.
        b"y" if offered => return Err(ScramViolation::Downgrade),
        b"n" | b"y" => {}
        [b'p', b'=', binding @ ..] if mechanism == Mechanism::Bound => {
            if binding != TLS_SERVER_END_POINT.as_bytes() {
                return Err(ScramViolation::BindingType);
            }
        }
        [b'p', ..] if mechanism == Mechanism::Unbound => {
            return Err(Malformed(
                "The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message includes channel binding data.",
            ));
        }
        _ => {
            return Err(Malformed(
                "Unexpected channel-binding flag in client-first-message.",
            ));
        }
    }
    match next()? {
        b"" => {}
        [b'a', ..] => return Err(ScramViolation::AuthorizationIdentity),
        _ => return Err(Malformed("Unexpected attribute in client-first-message.")),
    }
    match next()? {
        [b'n', b'=', ..] => {}
        [b'm', ..] => return Err(ScramViolation::Extension),
        _ => return Err(Malformed("Expected attribute \"n\" in client-first-message.")),
    }
    match next()? {
        // `is_scram_printable`: no comma either, at which this was split.
        [b'r', b'=', nonce @ ..] if nonce.iter().all(u8::is_ascii_graphic) => Ok(()),
        [b'r', b'=', ..] => Err(ScramViolation::Nonce),
        _ => Err(Malformed("Expected attribute \"r\" in client-first-message.")),
    }
}

/// Takes `data` for a client's side of an exchange: its first message up to a line break, its last one behind, in which `%` stands for
/// the nonce of both sides.
///
/// # Panics
///
/// When it logs in without knowing the password.
#[cfg(any(test, fuzzing))]
pub fn fuzz_scram(data: &[u8]) {
    let mut halves = data.splitn(2, |&byte| byte == b'\n');
    let (client_first, client_final) = (
        halves.next().unwrap_or_default(),
        halves.next().unwrap_or_default(),
    );
    for (standing, mechanism) in [
        (Standing::Real, Mechanism::Unbound),
        (Standing::Mock, Mechanism::Unbound),
        (Standing::Real, Mechanism::Bound),
    ] {
        let candidate = Candidate {
            secret: secret(b"salt", 4096, &[7; 32], &[9; 32]),
            standing,
        };
        let Ok((exchange, server_first)) = ScramExchange::begin(candidate, mechanism, None, client_first)
        else {
            continue;
        };
        let nonce = server_first
            .strip_prefix("r=")
            .and_then(|rest| rest.split(',').next())
            .unwrap_or_default();
        let client_final: Vec<&[u8]> = client_final.split(|&byte| byte == b'%').collect();
        let client_final = client_final.join(nonce.as_bytes());
        assert!(
            exchange.finish(&client_final).is_err(),
            "a proof without a password"
        );
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use pgwarden_records::Certificate;
    use testkit::{Authority, Identity, Signature};

    use super::*;
    use crate::scram_client::{Binding, ScramClient, ScramKeys};
    use crate::tls::bound;

    const KEY: [u8; 32] = [7; 32];
    /// Of `pencil`: the one of RFC 7677's example.
    const VERIFIER: &str = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    fn real() -> Candidate {
        let verifier = ScramVerifier::parse(VERIFIER).unwrap();
        Candidate::new(Some(&verifier), b"alice", &Secret::new(KEY), (4096, 16)).unwrap()
    }

    fn mock(name: &[u8]) -> Candidate {
        Candidate::new(None, name, &Secret::new(KEY), (4096, 16)).unwrap()
    }

    /// Both sides against each other. The server's answer, and whether the client believes it.
    async fn exchange(candidate: Candidate, password: &str) -> Result<bool, ScramFailure> {
        let client = ScramClient::new(Binding::None).unwrap();
        let (server, server_first) = ScramExchange::begin(
            candidate,
            Mechanism::Unbound,
            None,
            client.client_first().as_bytes(),
        )
        .unwrap();
        let password = Secret::new(password.as_bytes().to_vec());
        let (client_final, proof) = client
            .client_final(server_first.as_bytes(), "", &password, &ScramKeys::default())
            .await
            .unwrap();
        let server_final = server.finish(client_final.as_bytes())?;
        Ok(proof.check(server_final.as_bytes()).is_ok())
    }

    #[tokio::test]
    async fn the_right_password_convinces_both_sides() {
        assert_eq!(exchange(real(), "pencil").await, Ok(true));
        assert_eq!(exchange(real(), "pencils").await, Err(ScramFailure::Proof));
        assert_eq!(
            exchange(mock(b"nobody"), "pencil").await,
            Err(ScramFailure::Proof)
        );
    }

    #[tokio::test]
    async fn a_mock_lets_nobody_in_even_with_the_right_proof() {
        let doomed = real().doomed();
        assert_eq!(exchange(doomed, "pencil").await, Err(ScramFailure::Proof));
    }

    #[test]
    fn a_mock_looks_like_a_verifier() {
        let first = |candidate| {
            let (_, server_first) =
                ScramExchange::begin(candidate, Mechanism::Unbound, None, b"n,,n=,r=abc").unwrap();
            let (nonce, rest) = server_first.split_once(",s=").unwrap();
            (nonce.len(), rest.len(), rest.to_owned())
        };
        let (real, mocked) = (first(real()), first(mock(b"bob")));
        assert_eq!((real.0, real.1), (mocked.0, mocked.1));
        assert_eq!(first(mock(b"bob")).2, mocked.2, "the salt stays the same");
        assert_ne!(first(mock(b"bo")).2, mocked.2, "and is another for another name");
    }

    #[test]
    fn mock_salts_depend_on_name_and_key_and_have_the_length_asked_for() {
        let salt = |key: u8, name: &[u8], bytes| mock_salt(&Secret::new([key; 32]), name, bytes);
        for bytes in [1, 16, 32, 33, 64, 100, 1024] {
            let one = salt(1, b"alice", bytes);
            assert_eq!(one.len(), bytes);
            assert_eq!(one, salt(1, b"alice", bytes));
        }
        assert_eq!(salt(1, b"alice", 100)[..16], salt(1, b"alice", 16));
        assert_ne!(salt(1, b"alice", 16), salt(2, b"alice", 16));
        assert_ne!(salt(1, b"alice", 16), salt(1, b"alicf", 16));
        assert_ne!(salt(1, b"alice", 64)[..32], salt(1, b"alice", 64)[32..]);
        // HMAC-SHA-256 with a key of 32 bytes of 1, of "mock saltalice": fixed, as all replicas must agree on it.
        assert_eq!(
            salt(1, b"alice", 8),
            [0x42, 0xdf, 0x04, 0xb7, 0x4a, 0x7d, 0xd6, 0xbb]
        );
    }

    fn told(violation: ScramViolation) -> String {
        let response = violation.to_client();
        let detail = response.detail.map(|detail| format!(" / {detail}"));
        format!(
            "{} {}{}",
            response.sqlstate,
            response.message,
            detail.unwrap_or_default()
        )
    }

    #[track_caller]
    fn check(client_first: &str, expected: Result<(), &str>) {
        let result =
            ScramExchange::begin(real(), Mechanism::Unbound, None, client_first.as_bytes()).map(|_| ());
        let result = result.map_err(told);
        assert_eq!(result, expected.map_err(ToOwned::to_owned), "{client_first:?}");
    }

    #[test]
    fn client_first_messages() {
        check("n,,n=,r=abc", Ok(()));
        check("y,,n=,r=abc", Ok(()));
        check("n,,n=somebody else,r=abc", Ok(()));
        check("n,,n=,r=abc,x=extension", Ok(()));
        check(
            "p=tls-server-end-point,,n=,r=abc",
            Err(
                "08P01 malformed SCRAM message / The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message includes channel binding data.",
            ),
        );
        check(
            "x,,n=,r=abc",
            Err("08P01 malformed SCRAM message / Unexpected channel-binding flag in client-first-message."),
        );
        check(
            "n,a=bob,n=,r=abc",
            Err("0A000 client uses authorization identity, but it is not supported"),
        );
        check(
            "n,b=bob,n=,r=abc",
            Err("08P01 malformed SCRAM message / Unexpected attribute in client-first-message."),
        );
        check(
            "n,,m=1,n=,r=abc",
            Err("0A000 client requires an unsupported SCRAM extension"),
        );
        check(
            "n,,r=abc",
            Err("08P01 malformed SCRAM message / Expected attribute \"n\" in client-first-message."),
        );
        check(
            "n,,n=,s=abc",
            Err("08P01 malformed SCRAM message / Expected attribute \"r\" in client-first-message."),
        );
        check(
            "n,,n=,r=a b",
            Err("08P01 non-printable characters in SCRAM nonce"),
        );
        check("n,,n=,r=ä", Err("08P01 non-printable characters in SCRAM nonce"));
        check("", Err("08P01 malformed SCRAM message / The message is empty."));
        check(
            "n,,n=\0,r=abc",
            Err("08P01 malformed SCRAM message / Message length does not match input length."),
        );
        check(
            "n",
            Err("08P01 malformed SCRAM message / The client-first-message ends early."),
        );
    }

    #[test]
    fn client_final_messages_that_fit_no_exchange() {
        let nonce = |server_first: &str| {
            let (nonce, _) = server_first.split_once(',').unwrap();
            nonce.to_owned()
        };
        let proof = "A".repeat(43) + "=";
        for (build, expected) in [
            ("c=biws,NONCE,p=PROOF", ScramFailure::Proof),
            ("c=eSws,NONCE,p=PROOF", malformed()),
            ("c=biws,r=abc,p=PROOF", malformed()),
            ("c=biws,NONCE,p=AAAA", malformed()),
            ("c=biws,NONCE,p=*", malformed()),
            ("c=biws,NONCE", malformed()),
            ("NONCE,c=biws,p=PROOF", malformed()),
            (",p=", malformed()),
            (
                "",
                ScramFailure::Violation(ScramViolation::Malformed("The message is empty.")),
            ),
        ] {
            for candidate in [real(), mock(b"nobody")] {
                let (exchange, server_first) =
                    ScramExchange::begin(candidate, Mechanism::Unbound, None, b"n,,n=,r=abc").unwrap();
                let message = build
                    .replace("NONCE", &nonce(&server_first))
                    .replace("PROOF", &proof);
                assert_eq!(exchange.finish(message.as_bytes()), Err(expected), "{build}");
            }
        }
    }

    /// Both sides against each other, under TLS: what the client says of the channel, and which certificate pgwarden's is.
    async fn exchange_bound(binding: Binding, server: &Identity) -> Result<bool, String> {
        let bound = bound(server.certificate_der());
        let mechanism = match binding.mechanism() {
            SCRAM_SHA_256_PLUS => Mechanism::Bound,
            _ => Mechanism::Unbound,
        };
        let client = ScramClient::new(binding).unwrap();
        let (server, server_first) = ScramExchange::begin(
            real(),
            mechanism,
            bound.as_ref(),
            client.client_first().as_bytes(),
        )
        .map_err(told)?;
        let password = Secret::new(b"pencil".to_vec());
        let (client_final, proof) = client
            .client_final(server_first.as_bytes(), "", &password, &ScramKeys::default())
            .await
            .unwrap();
        match server.finish(client_final.as_bytes()) {
            Ok(server_final) => Ok(proof.check(server_final.as_bytes()).is_ok()),
            Err(ScramFailure::Violation(violation)) => Err(told(violation)),
            Err(ScramFailure::Proof) => Err("wrong proof".to_owned()),
        }
    }

    #[tokio::test]
    async fn exchanges_are_bound_to_the_channel() {
        for signature in [Signature::EcdsaSha256, Signature::EcdsaSha384] {
            let authority = Authority::signing("authority", signature).unwrap();
            let server = authority.server(&["localhost"]).unwrap();
            let end_point = |identity: &Identity| {
                let certificate = Certificate::read(identity.certificate_der()).unwrap();
                Binding::EndPoint(certificate.end_point().unwrap().to_vec())
            };
            assert_eq!(exchange_bound(end_point(&server), &server).await, Ok(true));
            // A client may leave it, but not because somebody told it that there is none.
            assert_eq!(exchange_bound(Binding::None, &server).await, Ok(true));
            assert_eq!(
                exchange_bound(Binding::NotOffered, &server).await,
                Err(
                    "08P01 SCRAM channel binding negotiation error / The client supports SCRAM channel binding but thinks the server does not.  However, this server does support channel binding."
                        .to_owned()
                )
            );
            // The client's TLS ends at somebody else.
            let other = authority.server(&["localhost"]).unwrap();
            assert_eq!(
                exchange_bound(end_point(&other), &server).await,
                Err("28000 SCRAM channel binding check failed".to_owned())
            );
        }
        // There is no hash function to bind by, so that the client is right.
        let authority = Authority::signing("authority", Signature::Ed25519).unwrap();
        let server = authority.server(&["localhost"]).unwrap();
        assert!(bound(server.certificate_der()).is_none());
        assert_eq!(exchange_bound(Binding::NotOffered, &server).await, Ok(true));
    }

    #[test]
    fn the_mechanism_has_to_agree_with_the_flag() {
        use Mechanism::{Bound, Unbound};
        let server = Authority::new("authority")
            .unwrap()
            .server(&["localhost"])
            .unwrap();
        let bound = bound(server.certificate_der());
        let without_data = "08P01 malformed SCRAM message / The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.";
        for (mechanism, client_first, expected) in [
            (Bound, "p=tls-server-end-point,,n=,r=abc", Ok(())),
            (Unbound, "n,,n=,r=abc", Ok(())),
            (Bound, "n,,n=,r=abc", Err(without_data)),
            (Bound, "y,,n=,r=abc", Err(without_data)),
            (
                Unbound,
                "p=tls-server-end-point,,n=,r=abc",
                Err(
                    "08P01 malformed SCRAM message / The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message includes channel binding data.",
                ),
            ),
            (
                Bound,
                "p=tls-unique,,n=,r=abc",
                Err("08P01 unsupported SCRAM channel-binding type"),
            ),
            (
                Bound,
                "p,,n=,r=abc",
                Err(
                    "08P01 malformed SCRAM message / Unexpected channel-binding flag in client-first-message.",
                ),
            ),
        ] {
            let result = ScramExchange::begin(real(), mechanism, bound.as_ref(), client_first.as_bytes());
            assert_eq!(
                result.map(drop).map_err(told),
                expected.map_err(ToOwned::to_owned),
                "{mechanism:?} {client_first}"
            );
        }
    }

    fn malformed() -> ScramFailure {
        ScramFailure::Violation(ScramViolation::Malformed(
            "The client-final-message does not fit the exchange.",
        ))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_message_is_taken(
            first in proptest::collection::vec(any::<u8>(), 0..40),
            last in proptest::collection::vec(any::<u8>(), 0..60),
            proof in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            fuzz_scram(&[first.as_slice(), b"\n", &last].concat());
            fuzz_scram(&[b"n,,n=a,r=", first.as_slice(), b"\n", &last].concat());
            let proof = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, proof);
            fuzz_scram(format!("n,,n=a,r=abc\nc=biws,r=%,p={proof}").as_bytes());
        }
    }

    /// The seeds of the fuzz target, and whatever it has found.
    #[test]
    fn corpus_replays() {
        let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/scram");
        let mut seeds = 0;
        for entry in std::fs::read_dir(corpus).unwrap() {
            fuzz_scram(&std::fs::read(entry.unwrap().path()).unwrap());
            seeds += 1;
        }
        assert!(seeds >= 5, "{seeds} seeds");
    }
}
