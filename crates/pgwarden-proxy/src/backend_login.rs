//! Logging in to the record's database with the injected credential, up to its first `ReadyForQuery`.

use std::io;
use std::path::Path;
use std::time::Duration;

use pgwarden_records::{ChannelBinding, Host, PasswordSource, Record, Secret, TcpSettings};
use pgwarden_wire::backend::Authentication;
use pgwarden_wire::limits::{CANCEL_KEY_BYTES_MAX, CANCEL_KEY_BYTES_MIN, STARTUP_BYTES_MAX};
use pgwarden_wire::startup::{PROTOCOL_3_0, PROTOCOL_3_2};
use pgwarden_wire::{BackendMessage, Frame, frontend, startup};
use postgres_protocol::authentication::md5_hash;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::lookup_host;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};
use tracing::debug;
use zeroize::Zeroizing;

use crate::backend_tls::{self, ServerChannel, TlsRoute};
use crate::cancel::CancelTarget;
use crate::channel::{Channel, TlsFacts};
use crate::login::{Authenticated, Login};
use crate::scram::{SCRAM_SHA_256, SCRAM_SHA_256_PLUS};
pub(crate) use crate::scram_client::ScramKeys;
use crate::scram_client::{Binding, ScramClient, ServerProof};
use crate::stream::{Conversation, ServerAddress, Stream};

mod failure;
#[cfg(test)]
mod tests;

use failure::Cause;
pub(crate) use failure::{BackendLoginError, ServerError};

/// Most bytes that a server may send before its first `ReadyForQuery`. PostgreSQL sends about 500; login triggers may add notices.
const GREETING_BYTES_MAX: usize = 1 << 20;

/// A connection to a database that waits for the first query.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) stream: Stream,
    /// What protects it. `None`: nothing.
    pub(crate) tls: Option<TlsFacts>,
    /// What a cancel request needs, if the server offers that.
    pub(crate) cancel: Option<CancelTarget>,
    /// The frames that the server sent after `AuthenticationOk`, as they came, without `BackendKeyData` and `ReadyForQuery`.
    pub(crate) greeting: Vec<u8>,
    /// Names and values of each `ParameterStatus` among them, in order.
    pub(crate) parameters: Vec<(Vec<u8>, Vec<u8>)>,
    /// The `ReadyForQuery` frame.
    pub(crate) ready: Vec<u8>,
    /// What has arrived behind it.
    pub(crate) unread: Vec<u8>,
}

/// What a server is asked for in the startup packet, besides a version of the protocol.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BackendRequest<'a> {
    pub(crate) record: &'a Record,
    pub(crate) database: &'a str,
    /// `true` or `database`, for a replication connection.
    pub(crate) replication: Option<&'static str>,
    /// Settings to start the session with, in order.
    pub(crate) parameters: &'a [(Vec<u8>, Vec<u8>)],
    /// Whether transactions are to read only, unless they say otherwise.
    pub(crate) read_only: bool,
}

/// Connects for a person's session; see [`connect_as`].
pub(crate) async fn connect(
    login: &Login,
    keys: &ScramKeys,
    tcp: &TcpSettings,
    limit: Duration,
    deadline: Instant,
) -> Result<Backend, BackendLoginError> {
    connect_as(BackendRequest::of(login), keys, tcp, limit, deadline).await
}

/// Logs in to the first of the record's hosts that can be reached and answers, and to the next while one is starting up or shutting down,
/// as libpq does. Each address has `limit` from connecting to `ReadyForQuery`, and no more than its share of the time until `deadline`, so
/// that a silent one leaves some for those behind it. Ends by `deadline`. Not cancel safe, but when dropped leaves nothing behind than a
/// password command that still runs.
pub(crate) async fn connect_as(
    request: BackendRequest<'_>,
    keys: &ScramKeys,
    tcp: &TcpSettings,
    limit: Duration,
    deadline: Instant,
) -> Result<Backend, BackendLoginError> {
    let record = request.record;
    let fail = |cause| BackendLoginError::new(record, cause);
    // With the record's names in place of the client's it may have become too long; a server closes on such a packet without a word.
    let bytes = request.startup_message(PROTOCOL_3_2).len();
    if bytes > STARTUP_BYTES_MAX {
        return Err(fail(Cause::StartupTooLong { bytes }));
    }
    let mut unreachable = Vec::new();
    let mut not_now = None;
    for (number, host) in record.hosts.iter().enumerate() {
        let of_host = share(
            deadline,
            Instant::now(),
            record.hosts.len().saturating_sub(number),
        );
        let addresses = addresses(host, of_host.min(Instant::now() + limit), &mut unreachable).await;
        for (number, address) in addresses.iter().enumerate() {
            let of_address = share(of_host, Instant::now(), addresses.len().saturating_sub(number));
            let until = of_address.min(Instant::now() + limit);
            let attempt = Attempt {
                request,
                keys,
                tcp,
                host,
                address,
                until,
            };
            match attempt.run().await {
                Ok(backend) => {
                    debug!(%address, "logged in to the database");
                    return Ok(backend);
                }
                Err(Cause::NotConnected(error)) => unreachable.push((address.to_string(), error)),
                Err(Cause::Silent) => {
                    let silent = io::Error::new(io::ErrorKind::TimedOut, Cause::Silent.to_string());
                    unreachable.push((address.to_string(), silent));
                }
                Err(Cause::Server(error)) if error.is_cannot_connect_now() => {
                    not_now = Some(Cause::Server(error));
                }
                // Another host is no answer to one that can't be trusted, or that refuses.
                Err(cause) => return Err(fail(cause)),
            }
        }
    }
    Err(fail(not_now.unwrap_or(Cause::Unreachable(unreachable))))
}

/// The end of a fair share of the time from `now` until `deadline`, of `sharers` who take theirs one after the other.
fn share(deadline: Instant, now: Instant, sharers: usize) -> Instant {
    let sharers = u32::try_from(sharers.max(1)).unwrap_or(u32::MAX);
    now + deadline.saturating_duration_since(now) / sharers
}

/// A login at one address.
struct Attempt<'a> {
    request: BackendRequest<'a>,
    keys: &'a ScramKeys,
    tcp: &'a TcpSettings,
    host: &'a Host,
    address: &'a ServerAddress,
    until: Instant,
}

impl Attempt<'_> {
    /// Asks for the newest version of the protocol, and for the oldest if that is refused: PostgreSQL negotiates since version 10 (and in the
    /// minor releases of those days before it), but what stands before a server may know 3.0 alone.
    async fn run(&self) -> Result<Backend, Cause> {
        match self.run_with(PROTOCOL_3_2).await {
            Err(Cause::VersionRefused(error)) => {
                debug!(address = %self.address, %error, "protocol 3.2 refused");
                self.run_with(PROTOCOL_3_0).await
            }
            outcome => outcome,
        }
    }

    async fn run_with(&self, version: u32) -> Result<Backend, Cause> {
        let record = self.request.record;
        let mut stream = timeout_at(self.until, self.address.connect())
            .await
            .map_err(timed_out)
            .flatten()
            .map_err(Cause::NotConnected)?;
        if let Channel::Plain(transport) = &stream {
            transport.configure(self.tcp).map_err(Cause::NotConnected)?;
        }
        let protecting = backend_tls::protect(&mut stream, &record.tls, self.host, self.address);
        let (channel, route) = timeout_at(self.until, protecting)
            .await
            .map_err(|_| Cause::Silent)?
            .map_err(Cause::Tls)?;
        let credential = Credential {
            login: &record.login,
            password: record.password.as_ref(),
            keys: self.keys,
        };
        let mut conversation = Conversation::new(stream, self.until);
        let request = self.request.startup_message(version);
        let greeting = log_in(&mut conversation, &request, version, &credential, &channel).await?;
        Ok(greeting.into_backend(conversation, self.address.clone(), channel.tls, route))
    }
}

impl<'a> BackendRequest<'a> {
    /// What a person's session asks for. Nobody else's gets there: only a login has the proof.
    pub(crate) fn of(login: &'a Login) -> Self {
        let Login {
            access,
            database,
            parameters,
            replication,
            authenticated: Authenticated { .. },
            ..
        } = login;
        let settings = &access.settings;
        BackendRequest {
            record: &access.record,
            database,
            replication: *replication,
            parameters,
            read_only: settings.makes_server_read_only(),
        }
    }

    pub(crate) fn startup_message(&self, version: u32) -> Vec<u8> {
        let BackendRequest {
            record,
            database,
            replication,
            parameters,
            read_only,
        } = self;
        let mut all: Vec<(&[u8], &[u8])> = vec![
            (b"user", record.login.as_bytes()),
            (b"database", database.as_bytes()),
        ];
        if let Some(replication) = replication {
            all.push((b"replication", replication.as_bytes()));
        }
        all.extend(
            parameters
                .iter()
                .map(|(name, value)| (name.as_slice(), value.as_slice())),
        );
        if *read_only {
            // Of duplicates the last counts, and RESET goes back to what the startup packet said.
            all.push((b"default_transaction_read_only", b"on"));
        }
        let mut message = Vec::new();
        startup::startup_message(&mut message, version, all);
        message
    }
}

/// What a host's name stands for. Where it can't be resolved, that is noted and there are none.
async fn addresses(
    host: &Host,
    deadline: Instant,
    unreachable: &mut Vec<(String, io::Error)>,
) -> Vec<ServerAddress> {
    if host.is_unix() {
        return vec![ServerAddress::Unix(
            Path::new(&host.host).join(format!(".s.PGSQL.{}", host.port)),
        )];
    }
    let lookup = timeout_at(deadline, lookup_host((host.host.as_str(), host.port)));
    match lookup.await.map_err(timed_out).flatten() {
        Ok(addresses) => addresses.map(ServerAddress::Tcp).collect(),
        Err(error) => {
            unreachable.push((host.host.clone(), error));
            Vec::new()
        }
    }
}

fn timed_out(_: tokio::time::error::Elapsed) -> io::Error {
    io::ErrorKind::TimedOut.into()
}

/// Who logs in, and by what.
struct Credential<'a> {
    login: &'a str,
    password: Option<&'a PasswordSource>,
    keys: &'a ScramKeys,
}

impl Credential<'_> {
    /// Read at each login, so that a rotated password needs no reload; by a thread that may block.
    async fn password(&self) -> Result<Secret<Vec<u8>>, Cause> {
        let source = self.password.ok_or(Cause::NoPassword)?.clone();
        spawn_blocking(move || source.read())
            .await
            .map_err(|_| Cause::PasswordTask)?
            .map_err(Cause::Password)
    }
}

/// What a server says between `AuthenticationOk` and `ReadyForQuery`.
#[derive(Debug, Default)]
struct Greeting {
    frames: Vec<u8>,
    parameters: Vec<(Vec<u8>, Vec<u8>)>,
    key: Option<(u32, Secret<Vec<u8>>)>,
    ready: Vec<u8>,
}

impl Greeting {
    fn into_backend(
        self,
        conversation: Conversation<Stream>,
        address: ServerAddress,
        tls: Option<TlsFacts>,
        route: Option<TlsRoute>,
    ) -> Backend {
        let (stream, unread) = conversation.into_parts();
        let cancel = self.key.map(|(process_id, secret)| CancelTarget {
            address,
            tls: route,
            process_id,
            secret,
        });
        Backend {
            stream,
            tls,
            cancel,
            greeting: self.frames,
            parameters: self.parameters,
            ready: self.ready,
            unread,
        }
    }
}

/// How far the authentication is. A server may only go on in order: one that skips the proof of a SCRAM exchange doesn't know the password.
enum Progress {
    /// The startup message has been sent.
    Started,
    /// The client-first-message has been sent.
    ScramBegun(ScramClient, Secret<Vec<u8>>),
    /// The client-final-message has been sent.
    ScramAnswered(ServerProof),
    /// The server has proven that it knows the password, through this very channel if it was bound to that; only `AuthenticationOk` may follow.
    Proven,
    /// The password has been sent; only `AuthenticationOk` may follow.
    Answered,
    /// `AuthenticationOk` has come.
    Done(Greeting),
}

async fn log_in<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
    request: &[u8],
    version: u32,
    credential: &Credential<'_>,
    channel: &ServerChannel,
) -> Result<Greeting, Cause> {
    send(server, request).await?;
    let mut progress = Progress::Started;
    let mut received: usize = 0;
    let mut negotiation = Negotiation::of(version);
    loop {
        let room = GREETING_BYTES_MAX.saturating_sub(received);
        let Some(frame) = Frame::split_first(server.received(), room)? else {
            if server.receive().await.map_err(Cause::of_conversation)? {
                continue;
            }
            return Err(match (&progress, version) {
                // As some do that know no other version.
                (Progress::Started, PROTOCOL_3_2) if received == 0 => {
                    Cause::VersionRefused(Box::new(Cause::Closed))
                }
                _ => Cause::Closed,
            });
        };
        // Views into the buffer can't outlive its next change.
        let bytes = frame.bytes.to_vec();
        received = received.saturating_add(bytes.len());
        server.consume(bytes.len());
        let Some(frame) = Frame::split_first(&bytes, GREETING_BYTES_MAX)? else {
            return Err(Cause::Closed);
        };
        progress = match (BackendMessage::parse(frame)?, progress) {
            (BackendMessage::ErrorResponse(fields), progress) => {
                let error = ServerError::read(fields);
                let may_be_version = matches!(progress, Progress::Started) && version != PROTOCOL_3_0;
                return Err(if may_be_version && error.may_be_about_version() {
                    Cause::VersionRefused(Box::new(Cause::Server(error)))
                } else {
                    Cause::Server(error)
                });
            }
            (
                BackendMessage::NegotiateProtocolVersion {
                    newest,
                    unknown_options,
                },
                Progress::Started,
            ) => {
                negotiation = negotiation.settle(newest, unknown_options)?;
                Progress::Started
            }
            (BackendMessage::Authentication(asked), progress) => {
                authenticate(server, asked, progress, credential, channel).await?
            }
            (BackendMessage::BackendKeyData { process_id, secret }, Progress::Done(mut greeting)) => {
                // As `getBackendKeyData` of libpq (fe-protocol3.c): a cancel request with another could not be sent.
                if !(CANCEL_KEY_BYTES_MIN..=CANCEL_KEY_BYTES_MAX).contains(&secret.len()) {
                    return Err(Cause::KeyLength { bytes: secret.len() });
                }
                greeting.key = Some((process_id, Secret::new(secret.to_vec())));
                Progress::Done(greeting)
            }
            (BackendMessage::ParameterStatus { name, value }, Progress::Done(mut greeting)) => {
                greeting.parameters.push((name.to_vec(), value.to_vec()));
                greeting.frames.extend_from_slice(frame.bytes);
                Progress::Done(greeting)
            }
            (BackendMessage::NoticeResponse(_), Progress::Done(mut greeting)) => {
                greeting.frames.extend_from_slice(frame.bytes);
                Progress::Done(greeting)
            }
            // Before the login is over it is about the injected credential, such as an md5 password that should be replaced.
            (BackendMessage::NoticeResponse(_), progress) => progress,
            (BackendMessage::ReadyForQuery(_), Progress::Done(mut greeting)) => {
                greeting.ready.extend_from_slice(frame.bytes);
                return Ok(greeting);
            }
            // Any other message means nothing here, or comes before its time.
            _ => return Err(Cause::Unexpected { tag: frame.tag }),
        };
    }
}

/// Which version of the protocol is spoken. As it changes nothing but the length of keys, nothing else has to know.
enum Negotiation {
    /// What was asked for, until the server says otherwise.
    Asked(u32),
    /// The server has had its say.
    Settled,
}

impl Negotiation {
    fn of(version: u32) -> Self {
        Negotiation::Asked(version)
    }

    /// The server's word, which is believed as libpq does (`pqGetNegotiateProtocolVersion3`, fe-protocol3.c): once, if it asks for a change
    /// that is one, to a version that there is. No options were asked for, so none can be unknown.
    fn settle(self, newest: u32, unknown_options: &[u8]) -> Result<Self, Cause> {
        match self {
            Negotiation::Asked(asked)
                if newest < asked && newest == PROTOCOL_3_0 && unknown_options.is_empty() =>
            {
                Ok(Negotiation::Settled)
            }
            Negotiation::Asked(_) | Negotiation::Settled => Err(Cause::Negotiation),
        }
    }
}

async fn authenticate<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
    asked: Authentication<'_>,
    progress: Progress,
    credential: &Credential<'_>,
    channel: &ServerChannel,
) -> Result<Progress, Cause> {
    let must_bind = channel.binding == ChannelBinding::Require;
    match (asked, progress) {
        // Before a password is sent, or a login believed that nobody has proven anything in.
        (
            Authentication::Ok | Authentication::CleartextPassword | Authentication::Md5Password { .. },
            Progress::Started | Progress::Answered,
        ) if must_bind => Err(Cause::NotBound),
        (Authentication::Ok, Progress::Started | Progress::Proven | Progress::Answered) => {
            Ok(Progress::Done(Greeting::default()))
        }
        (Authentication::CleartextPassword, Progress::Started) => {
            // Anybody on the way could read it or, unless the certificate is verified, be the one who asks.
            if !channel.is_trusted {
                return Err(Cause::CleartextOverTcp);
            }
            let password = credential.password().await?;
            send_password(server, password.expose()).await?;
            Ok(Progress::Answered)
        }
        (Authentication::Md5Password { salt }, Progress::Started) => {
            let password = credential.password().await?;
            let hash = Zeroizing::new(md5_hash(credential.login.as_bytes(), password.expose(), salt));
            send_password(server, hash.as_bytes()).await?;
            Ok(Progress::Answered)
        }
        (Authentication::Sasl { mechanisms }, Progress::Started) => {
            let binding = choose_binding(channel, mechanisms)?;
            let password = credential.password().await?;
            let mechanism = binding.mechanism();
            let scram = ScramClient::new(binding)?;
            let mut message = Vec::new();
            frontend::sasl_initial_response(
                &mut message,
                mechanism.as_bytes(),
                scram.client_first().as_bytes(),
            );
            send(server, &message).await?;
            Ok(Progress::ScramBegun(scram, password))
        }
        (Authentication::SaslContinue(server_first), Progress::ScramBegun(scram, password)) => {
            let (client_final, proof) = scram
                .client_final(server_first, credential.login, &password, credential.keys)
                .await?;
            let mut message = Vec::new();
            frontend::sasl_response(&mut message, client_final.as_bytes());
            send(server, &message).await?;
            Ok(Progress::ScramAnswered(proof))
        }
        (Authentication::SaslFinal(server_final), Progress::ScramAnswered(proof)) => {
            proof.check(server_final)?;
            Ok(Progress::Proven)
        }
        (Authentication::Other(code), Progress::Started) => Err(Cause::UnsupportedMethod { code }),
        _ => Err(Cause::OutOfOrder),
    }
}

/// How to use SCRAM, given what the server offers, as `pg_SASL_init` of libpq chooses (fe-auth.c).
fn choose_binding(channel: &ServerChannel, mechanisms: &[u8]) -> Result<Binding, Cause> {
    let offers = |mechanism: &str| {
        mechanisms
            .split(|&byte| byte == 0)
            .any(|name| name == mechanism.as_bytes())
    };
    let end_point = match channel.binding {
        ChannelBinding::Disable => None,
        ChannelBinding::Prefer | ChannelBinding::Require => channel.end_point.as_ref(),
    };
    match (end_point, offers(SCRAM_SHA_256_PLUS)) {
        (Some(end_point), true) => Ok(Binding::EndPoint(end_point.clone())),
        (_, _) if channel.binding == ChannelBinding::Require => Err(Cause::NotBound),
        (_, _) if !offers(SCRAM_SHA_256) => Err(Cause::NoKnownMechanism),
        (Some(_), false) => Ok(Binding::NotOffered),
        (None, _) => Ok(Binding::None),
    }
}

async fn send_password<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
    password: &[u8],
) -> Result<(), Cause> {
    // Type, length and final zero come on top; with less room the buffer would move and leave a copy behind.
    let mut message = Zeroizing::new(Vec::with_capacity(password.len().saturating_add(16)));
    frontend::password(&mut message, password);
    send(server, &message).await
}

async fn send<S: AsyncRead + AsyncWrite + Unpin>(
    server: &mut Conversation<S>,
    bytes: &[u8],
) -> Result<(), Cause> {
    server.send(bytes).await.map_err(Cause::of_conversation)
}
