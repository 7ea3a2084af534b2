//! Logging people in: from the first byte of a connection to the proof of who it is and the leave to use a record.
//!
//! ```text
//!  SSLRequest ── S ── handshake ─┐   (or N; or the handshake at once)
//!  GSSENCRequest ── N ───────────┤
//!  CancelRequest ────────────────┼─> FirstContact::Cancel
//!  StartupMessage ── route ── SCRAM, certificate ── access ── parameters ─> FirstContact::Login
//! ```
//!
//! `AuthenticationOk` is not sent here: the database may still refuse, and then the client is told so in place of it.

use std::time::{Duration, SystemTime};

use pgwarden_policy::{Refusal, Verdict, judge_replication};
use pgwarden_records::{Access, Person, RecordName, Secret, ServerIdentity, Snapshot};
use pgwarden_wire::{Body, Frame, FrontendType, StartupError, StartupPacket, backend, startup};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout_at};

use crate::channel::Channel;
use crate::scram::{
    Candidate, Mechanism, SCRAM_SHA_256, SCRAM_SHA_256_PLUS, ScramExchange, ScramFailure, ScramViolation,
};
use crate::sessions::Admission;
use crate::stream::{ClientAddress, Conversation, last_words};
use crate::tls::{ClientTls, ListenerTls};

mod failure;
#[cfg(any(test, fuzzing))]
mod fuzz;
mod options;
mod request;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use failure::{LoginError, Refused};
#[cfg(any(test, fuzzing))]
pub use fuzz::fuzz_login;
use request::Request;

/// Longest message of a SASL exchange with a client, length word included (`PG_MAX_SASL_MESSAGE_LENGTH`, libpq/auth-sasl.c).
const SASL_MESSAGE_BYTES_MAX: usize = 1024;

/// First byte of a TLS handshake record. A startup packet never begins with it, as it would be too long.
const TLS_HANDSHAKE: u8 = 0x16;

/// What a login is decided by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LoginContext<'a> {
    /// The configuration that holds for this login.
    pub(crate) snapshot: &'a Snapshot,
    /// Keys mock salts.
    pub(crate) login_key: &'a Secret<[u8; 32]>,
    /// The record that the listener is bound to.
    pub(crate) listener: Option<&'a RecordName>,
    /// TLS of the listener.
    pub(crate) tls: &'a ListenerTls,
    /// Where the client connects from.
    pub(crate) from: ClientAddress,
    /// When, for grants that hold for a time only.
    pub(crate) now: SystemTime,
    /// Whether anybody may log in now.
    pub(crate) admission: Admission,
    /// When the client must be done; `limit` after it connected.
    pub(crate) deadline: Instant,
    /// `login_timeout`, as the client is told.
    pub(crate) limit: Duration,
}

/// What a client that connects wants.
#[derive(Debug)]
pub(crate) enum FirstContact {
    /// A session, and may have it.
    Login(Box<Login>),
    /// To cancel what another connection runs. It is served in plain text and without a login, as PostgreSQL does.
    Cancel {
        /// Process id of the key.
        process_id: u32,
        /// Secret of the key.
        secret: Vec<u8>,
    },
    /// Nothing: it only looked whether somebody listens, or left to ask its user for the password.
    Closed,
}

/// The proof that somebody is who they say: made here alone, after a SCRAM exchange with a real verifier, or for a certificate that is
/// the person's.
#[derive(Debug)]
pub(crate) struct Authenticated(());

#[cfg(test)]
impl Authenticated {
    pub(crate) fn for_test() -> Self {
        Authenticated(())
    }
}

/// A client that is who it says, may use the record, and asks for nothing that is refused.
#[derive(Debug)]
pub(crate) struct Login {
    /// Who it is.
    pub(crate) person: String,
    /// The user name as the client gave it, the record's name in it.
    pub(crate) user: String,
    /// The record, and what holds in it for this person.
    pub(crate) access: Access,
    /// The database to ask the server for.
    pub(crate) database: String,
    /// Settings that the server is to start the session with, in order, each of them judged. `options` is among them, taken apart.
    pub(crate) parameters: Vec<(Vec<u8>, Vec<u8>)>,
    /// What monitor mode let pass in them.
    pub(crate) observed: Vec<Refusal>,
    /// What the client calls itself.
    pub(crate) application_name: Option<String>,
    /// `true` or `database`, for a replication connection.
    pub(crate) replication: Option<&'static str>,
    /// The version of the protocol that is spoken with the client: it says how long its cancel key may be.
    pub(crate) version: u32,
    /// What protects the connection. `None`: nothing.
    pub(crate) tls: Option<ClientTls>,
    /// That all this is known of the one who sent it.
    pub(crate) authenticated: Authenticated,
    /// What ends the authentication, up to `AuthenticationOk`, to be sent when the database has let pgwarden in.
    pub(crate) reply: Vec<u8>,
    /// What the client sent behind its last message, before it could know the answer.
    pub(crate) unread: Vec<u8>,
}

/// Talks to a client that has connected, until it is logged in. When that fails, the client has been told when this returns, and there
/// is nothing left to do but to close. Not cancel safe.
pub(crate) async fn first_contact<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut Channel<S>,
    context: LoginContext<'_>,
) -> Result<FirstContact, LoginError> {
    let outcome = converse(stream, context).await;
    if let Err(error) = &outcome
        && let Some(response) = error.to_client()
    {
        let mut bytes = Vec::new();
        match error {
            LoginError::Startup(StartupError::Version { major: ..3, .. }) => {
                response.encode_before_3(&mut bytes);
            }
            _ => response.encode(&mut bytes),
        }
        last_words(stream, &bytes).await;
    }
    outcome
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut Channel<S>,
    context: LoginContext<'_>,
) -> Result<FirstContact, LoginError> {
    let mut client = Conversation::new(&mut *stream, context.deadline);
    let mut tls = None;
    let mut first = first_request(&mut client, context, Phase::Plain).await?;
    if let First::Tls { identity, beginning } = first {
        let (_, received) = client.into_parts();
        tls = Some(encrypt(stream, context, identity, beginning, &received).await?);
        client = Conversation::new(&mut *stream, context.deadline);
        first = first_request(&mut client, context, Phase::Encrypted).await?;
    }
    match first {
        First::Closed | First::Tls { .. } => Ok(FirstContact::Closed),
        First::Cancel { process_id, secret } => Ok(FirstContact::Cancel { process_id, secret }),
        // Cancel requests are taken until the last statement has ended.
        First::Session(_) if context.admission != Admission::Open => Err(LoginError::ShuttingDown),
        First::Session(_) if tls.is_none() && context.tls.tls.is_required() => Err(LoginError::TlsRequired),
        First::Session(request) => log_in(&mut client, context, request, tls).await,
    }
}

enum First<'a> {
    Session(Request),
    Cancel {
        process_id: u32,
        secret: Vec<u8>,
    },
    Tls {
        identity: &'a ServerIdentity,
        beginning: Beginning,
    },
    Closed,
}

/// How a client came to begin TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beginning {
    /// It asked, and was told to.
    Asked,
    /// At once. What else speaks TLS could be talked into such a connection, so the protocol has to be named (`ProcessSSLStartup`,
    /// `tcop/backend_startup.c`).
    Direct,
}

/// What has become of the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It is in plain text as yet.
    Plain,
    /// TLS holds, and there is no more to ask for.
    Encrypted,
}

async fn encrypt<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut Channel<S>,
    context: LoginContext<'_>,
    identity: &ServerIdentity,
    beginning: Beginning,
    received: &[u8],
) -> Result<ClientTls, LoginError> {
    let handshake = context.tls.accept(identity, stream, received);
    let tls = timeout_at(context.deadline, handshake)
        .await
        .map_err(|_| LoginError::Timeout { limit: context.limit })?
        .map_err(LoginError::Tls)?;
    if beginning == Beginning::Direct && !tls.names_protocol {
        return Err(LoginError::NoProtocolNamed);
    }
    Ok(tls)
}

/// Reads packets up to the first that is not about encryption, as `ProcessStartupPacket` (postmaster/postmaster.c) does.
async fn first_request<'a, S: AsyncRead + AsyncWrite + Unpin>(
    client: &mut Conversation<S>,
    context: LoginContext<'a>,
    phase: Phase,
) -> Result<First<'a>, LoginError> {
    let timely = |error| LoginError::of_conversation(error, context.limit);
    // Once each, in either order, and not under TLS: otherwise the codes mean nothing but an unknown protocol version.
    let (mut ssl_answered, mut gssenc_answered) = match phase {
        Phase::Plain => (false, false),
        Phase::Encrypted => (true, true),
    };
    loop {
        let first_packet = !ssl_answered && !gssenc_answered;
        if first_packet && client.received().first() == Some(&TLS_HANDSHAKE) {
            return Ok(match context.tls.tls.identity() {
                Some(identity) => First::Tls {
                    identity,
                    beginning: Beginning::Direct,
                },
                // No answer in plain text means anything to it.
                None => First::Closed,
            });
        }
        let Some((packet, bytes)) = StartupPacket::split_first(client.received())? else {
            if client.receive().await.map_err(timely)? {
                continue;
            }
            return if client.received().is_empty() {
                Ok(First::Closed)
            } else {
                Err(LoginError::Incomplete)
            };
        };
        let encryption = match packet {
            StartupPacket::Startup(message) => {
                let request = Request::read(message)?;
                client.consume(bytes);
                return Ok(First::Session(request));
            }
            StartupPacket::CancelRequest { process_id, secret } => {
                return Ok(First::Cancel {
                    process_id,
                    secret: secret.to_vec(),
                });
            }
            StartupPacket::SslRequest if !ssl_answered => Encryption::Ssl,
            StartupPacket::GssEncRequest if !gssenc_answered => Encryption::Gss,
            StartupPacket::SslRequest => return Err(unknown_version(startup::SSL_REQUEST_CODE)),
            StartupPacket::GssEncRequest => return Err(unknown_version(startup::GSSENC_REQUEST_CODE)),
        };
        client.consume(bytes);
        let identity = match encryption {
            Encryption::Ssl => {
                ssl_answered = true;
                context.tls.tls.identity()
            }
            Encryption::Gss => {
                gssenc_answered = true;
                None
            }
        };
        // What came before the answer may have been put there by somebody between, for us to take as the client's own (CVE-2021-23214).
        // Told in place of `S`, behind which the client would take it for a broken handshake.
        if identity.is_some() && !client.received().is_empty() {
            return Err(LoginError::EarlyBytes(encryption));
        }
        let answer = if identity.is_some() { b"S" } else { b"N" };
        client.send(answer).await.map_err(timely)?;
        if let Some(identity) = identity {
            return Ok(First::Tls {
                identity,
                beginning: Beginning::Asked,
            });
        }
        if !client.received().is_empty() {
            return Err(LoginError::EarlyBytes(encryption));
        }
    }
}

/// What a client wanted its connection to be protected by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// TLS, by an `SSLRequest`.
    Ssl,
    /// GSSAPI, by a `GSSENCRequest`.
    Gss,
}

fn unknown_version(code: u32) -> LoginError {
    let [a, b, c, d] = code.to_be_bytes();
    let (major, minor) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    LoginError::Startup(StartupError::Version { major, minor })
}

async fn log_in<S: AsyncRead + AsyncWrite + Unpin>(
    client: &mut Conversation<S>,
    context: LoginContext<'_>,
    request: Request,
    tls: Option<ClientTls>,
) -> Result<FirstContact, LoginError> {
    let Some((authenticated, person, reply)) = authenticate(client, context, &request, tls.as_ref()).await?
    else {
        return Ok(FirstContact::Closed);
    };
    let login = admit(context, &request, authenticated, person)?;
    let unread = client.received().to_vec();
    client.consume(unread.len());
    Ok(FirstContact::Login(Box::new(Login {
        tls,
        reply,
        unread,
        ..login
    })))
}

/// What a client's certificate is to the one who wants to log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// None is asked for, nor would one help.
    NotAsked,
    /// It is the person's.
    Own,
    /// One is asked for, and there is none or another's.
    Wrong,
}

impl Shown {
    fn by(person: Option<&Person>, tls: Option<&ClientTls>) -> Self {
        let Some(identity) = person.and_then(|person| person.certificate.as_ref()) else {
            return Shown::NotAsked;
        };
        match tls.and_then(|tls| tls.certificate.as_ref()) {
            Some(certificate) if identity.is_of(certificate) => Shown::Own,
            Some(_) | None => Shown::Wrong,
        }
    }
}

/// Finds out who it is. `None`: the client left when it saw that a password is wanted, as psql does to ask for it.
///
/// Whether the name is known must show in nothing that is sent before the end: what differs is chosen once, in [`Candidate::new`]. So
/// somebody whose certificate is missing or another's is asked for a password like everybody, and let in by none. Only who has shown the
/// right certificate learns that it is all that is asked for.
async fn authenticate<S: AsyncRead + AsyncWrite + Unpin>(
    client: &mut Conversation<S>,
    context: LoginContext<'_>,
    request: &Request,
    tls: Option<&ClientTls>,
) -> Result<Option<(Authenticated, String, Vec<u8>)>, LoginError> {
    let timely = |error| LoginError::of_conversation(error, context.limit);
    let route = request.route(context.snapshot, context.listener);
    let person = route
        .as_ref()
        .and_then(|route| context.snapshot.person(&route.person));
    let verifier = person.and_then(|person| person.verifier.as_ref());
    let shown = Shown::by(person, tls);

    let mut hello = Vec::new();
    request.negotiate_protocol_version(&mut hello);
    if let (Some(person), Shown::Own, None) = (person, shown, verifier) {
        backend::authentication_ok(&mut hello);
        return Ok(Some((Authenticated(()), person.name.as_str().to_owned(), hello)));
    }

    let name = route
        .as_ref()
        .map_or(request.user.as_slice(), |route| route.person.as_bytes());
    let candidate = Candidate::new(
        verifier,
        name,
        context.login_key,
        context.snapshot.mock_scram_parameters(),
    )?;
    let candidate = match shown {
        Shown::NotAsked | Shown::Own => candidate,
        Shown::Wrong => candidate.doomed(),
    };
    let bound = tls.and_then(|tls| tls.bound.as_ref());
    // The better one first, as with PostgreSQL (`scram_get_mechanisms`).
    let mechanisms: &[&[u8]] = match bound {
        Some(_) => &[SCRAM_SHA_256_PLUS.as_bytes(), SCRAM_SHA_256.as_bytes()],
        None => &[SCRAM_SHA_256.as_bytes()],
    };
    backend::authentication_sasl(&mut hello, mechanisms);
    client.send(&hello).await.map_err(timely)?;

    let Some(initial) = sasl_message(client, context).await? else {
        return Ok(None);
    };
    let mut body = Body::new(&initial);
    let mechanism = body.string()?;
    let data = body.value()?;
    body.end()?;
    let mechanism = if mechanism == SCRAM_SHA_256.as_bytes() {
        Mechanism::Unbound
    } else if bound.is_some() && mechanism == SCRAM_SHA_256_PLUS.as_bytes() {
        Mechanism::Bound
    } else {
        return Err(LoginError::Scram(ScramViolation::Mechanism));
    };
    let client_first = match data {
        Some(data) => data.to_vec(),
        None => {
            // A client may leave the first message out, and is then asked for it with an empty challenge (`scram_exchange`).
            challenge(client, context, b"").await?
        }
    };
    let (exchange, server_first) = ScramExchange::begin(candidate, mechanism, bound, &client_first)?;
    let client_final = challenge(client, context, server_first.as_bytes()).await?;
    let server_final = exchange.finish(&client_final).map_err(|failure| match failure {
        ScramFailure::Violation(violation) => LoginError::Scram(violation),
        ScramFailure::Proof => {
            let user = request.user_shown();
            match (person, shown, verifier) {
                (None, _, _) => LoginError::UnknownPerson { user },
                (Some(_), Shown::Wrong, _) => {
                    let certificate = tls.and_then(|tls| tls.certificate.as_ref());
                    let shown = certificate.map(|certificate| certificate.subject().to_owned());
                    LoginError::WrongCertificate { user, shown }
                }
                (Some(_), Shown::NotAsked | Shown::Own, None) => LoginError::NoPassword { user },
                (Some(_), Shown::NotAsked | Shown::Own, Some(_)) => LoginError::WrongPassword { user },
            }
        }
    })?;
    let Some(person) = person else {
        return Err(LoginError::UnknownPerson {
            user: request.user_shown(),
        });
    };

    let mut reply = Vec::new();
    backend::authentication_sasl_final(&mut reply, server_final.as_bytes());
    backend::authentication_ok(&mut reply);
    Ok(Some((Authenticated(()), person.name.as_str().to_owned(), reply)))
}

/// Sends `AuthenticationSASLContinue`, and gives the client's answer.
async fn challenge<S: AsyncRead + AsyncWrite + Unpin>(
    client: &mut Conversation<S>,
    context: LoginContext<'_>,
    data: &[u8],
) -> Result<Vec<u8>, LoginError> {
    let mut message = Vec::new();
    backend::authentication_sasl_continue(&mut message, data);
    client
        .send(&message)
        .await
        .map_err(|error| LoginError::of_conversation(error, context.limit))?;
    sasl_message(client, context).await?.ok_or(LoginError::Incomplete)
}

/// The body of the client's next SASL message. `None`: it closed instead.
async fn sasl_message<S: AsyncRead + AsyncWrite + Unpin>(
    client: &mut Conversation<S>,
    context: LoginContext<'_>,
) -> Result<Option<Vec<u8>>, LoginError> {
    loop {
        if let Some(&tag) = client.received().first()
            && tag != FrontendType::Password.tag()
        {
            return Err(LoginError::UnexpectedMessage { tag });
        }
        // The type byte comes on top of what the length counts.
        if let Some(frame) = Frame::split_first(client.received(), SASL_MESSAGE_BYTES_MAX + 1)? {
            let (body, bytes) = (frame.body.to_vec(), frame.bytes.len());
            client.consume(bytes);
            return Ok(Some(body));
        }
        if !client
            .receive()
            .await
            .map_err(|error| LoginError::of_conversation(error, context.limit))?
        {
            return if client.received().is_empty() {
                Ok(None)
            } else {
                Err(LoginError::Incomplete)
            };
        }
    }
}

/// Holds what the client asks for against what its person may. Pure.
fn admit(
    context: LoginContext<'_>,
    request: &Request,
    authenticated: Authenticated,
    person: String,
) -> Result<Login, LoginError> {
    let asked = request.asked(context.snapshot, context.listener);
    let Some(record) = asked.record else {
        return Err(LoginError::NoRecordNamed { person });
    };
    let access = match context
        .snapshot
        .access(&person, &record, context.from.ip(), context.now)
    {
        Ok(access) => access,
        Err(cause) => {
            return Err(LoginError::NoAccess {
                person,
                record,
                cause,
            });
        }
    };
    let database = match asked.database {
        Ok(database) => access
            .database(database.as_deref())
            .map(ToOwned::to_owned)
            .map_err(|cause| (database, cause)),
        Err(shown) => Err((Some(shown), pgwarden_records::AccessError::DatabaseNotAllowed)),
    };
    let database = match database {
        Ok(database) => database,
        Err((database, cause)) => {
            return Err(LoginError::NoDatabase {
                person,
                record,
                database,
                cause,
            });
        }
    };

    let mut observed = Vec::new();
    if request.replication.is_some() {
        heed(
            judge_replication(&access.settings),
            Refused::Replication,
            &record,
            &mut observed,
        )?;
    }
    let parameters = request.judged_parameters(&access.settings, &record, &mut observed)?;
    let application_name = parameters
        .iter()
        .rfind(|(name, _)| name.eq_ignore_ascii_case(b"application_name"))
        // Only shown to people: the server gets the bytes.
        .map(|(_, value)| String::from_utf8_lossy(value).into_owned());
    Ok(Login {
        person,
        user: request.user_shown(),
        access,
        database,
        parameters,
        observed,
        application_name,
        replication: request.replication.map(request::Replication::as_str),
        version: request.spoken_version(),
        tls: None,
        authenticated,
        reply: Vec::new(),
        unread: Vec::new(),
    })
}

fn heed(
    verdict: Verdict,
    about: Refused,
    record: &str,
    observed: &mut Vec<Refusal>,
) -> Result<(), LoginError> {
    match verdict {
        Verdict::Allow => {}
        Verdict::Observe(refusal) => observed.push(refusal),
        Verdict::Refuse(refusal) => {
            return Err(LoginError::Refused {
                record: record.to_owned(),
                refused: about,
                refusal: Box::new(refusal),
            });
        }
    }
    Ok(())
}
