//! Logins from the first byte on, over a pipe. Each runs twice: as fast as it can, and one byte at a time.

use std::sync::LazyLock;

use pgwarden_records::{Secret, Snapshot};
use pgwarden_wire::{BackendMessage, Frame, backend::Authentication};
use proptest::prelude::*;
use testkit::{Message, frontend, scram_verifier, trace};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

use super::*;
use crate::metrics::LoginFailure;
use crate::scram_client::{Binding, ScramClient, ScramKeys};

const PASSWORD: &str = "correct horse";

/// A configuration of these tables, and of what every configuration needs.
pub(crate) fn snapshot(tables: &str) -> Snapshot {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("pgwarden.toml");
    let text = format!(
        "[server]\nlisten = [\"127.0.0.1:0\"]\n[recording]\ndirectory = \"recordings\"\n\
         [[pam_configuration]]\nname = \"local\"\ntls = {{ mode = \"disable\" }}\n{tables}"
    );
    std::fs::write(&file, text).unwrap();
    let (snapshot, _) = pgwarden_records::load(&file).unwrap();
    snapshot
}

/// Of alice and `carol@example.com`, who may use `orders`, `monitored` and `disabled`, and not `secret`.
static COMPANY: LazyLock<Snapshot> = LazyLock::new(|| {
    let record = |name: &str, lines: &str| {
        format!(
            "[[pam_database]]\nname = \"{name}\"\npam_configuration = \"local\"\nhost = \"127.0.0.1\"\n\
             pam_user = \"app\"\n[pam_database.connection]\nprotocol = \"postgresql\"\n{lines}\n"
        )
    };
    let verifier = scram_verifier(PASSWORD);
    snapshot(&format!(
        "[[pam_user]]\nname = \"app\"\nlogin = \"app_rw\"\n{}{}{}{}\
         [[user]]\nname = \"alice\"\nscram = \"{verifier}\"\n\
         [[user]]\nname = \"carol@example.com\"\nscram = \"{verifier}\"\n\
         [[grant]]\nusers = [\"alice\", \"carol@example.com\"]\nrecords = [\"orders\", \"monitored\", \"disabled\"]\n",
        record(
            "orders",
            "enable = true\ndefault_database = \"shop\"\ndatabases = [\"shop\", \"stock\"]"
        ),
        record("monitored", "enable = true\nenforcement = \"monitor\""),
        record("disabled", "enable = false"),
        record("secret", "enable = true"),
    ))
});

fn context(snapshot: &Snapshot) -> LoginContext<'_> {
    LoginContext {
        now: SystemTime::now(),
        ..fuzz::context(snapshot)
    }
}

/// A client that sends bytes and notes what it is sent.
struct Client {
    stream: DuplexStream,
    received: Vec<u8>,
    seen: Vec<Message>,
}

impl Client {
    async fn send(&mut self, bytes: &[u8]) {
        // The proxy may have closed; what it said shows in what was seen.
        let _ = self.stream.write_all(bytes).await;
    }

    async fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        (self.stream.read(&mut byte).await.unwrap() == 1).then_some(byte[0])
    }

    async fn message(&mut self) -> Option<Message> {
        loop {
            if let Some(frame) = Frame::split_first(&self.received, 100_000).unwrap() {
                let message = Message {
                    tag: frame.tag,
                    body: frame.body.to_vec(),
                };
                self.received.drain(..message.body.len() + 5);
                self.seen.push(message);
                return self.seen.last().map(|seen| Message {
                    tag: seen.tag,
                    body: seen.body.clone(),
                });
            }
            if self.stream.read_buf(&mut self.received).await.unwrap() == 0 {
                return None;
            }
        }
    }

    /// Answers what is asked, until there is nothing more to answer. `early` goes out right behind the last answer.
    async fn authenticate(&mut self, password: &str, early: &[u8]) {
        let mut scram = Some(ScramClient::new(Binding::None).unwrap());
        while let Some(message) = self.message().await {
            let bytes = message.bytes();
            let frame = Frame::split_first(&bytes, bytes.len()).unwrap().unwrap();
            match BackendMessage::parse(frame).unwrap() {
                BackendMessage::Authentication(Authentication::Sasl { .. }) => {
                    let mut out = Vec::new();
                    let first = scram.as_ref().unwrap().client_first();
                    pgwarden_wire::frontend::sasl_initial_response(
                        &mut out,
                        b"SCRAM-SHA-256",
                        first.as_bytes(),
                    );
                    self.send(&out).await;
                }
                BackendMessage::Authentication(Authentication::SaslContinue(server_first)) => {
                    let password = Secret::new(password.as_bytes().to_vec());
                    let scram = scram.take().unwrap();
                    let (client_final, _) = scram
                        .client_final(server_first, "", &password, &ScramKeys::default())
                        .await
                        .unwrap();
                    let mut out = Vec::new();
                    pgwarden_wire::frontend::sasl_response(&mut out, client_final.as_bytes());
                    out.extend_from_slice(early);
                    self.send(&out).await;
                    if !early.is_empty() {
                        return;
                    }
                }
                _ => {}
            }
        }
    }
}

/// Runs a client against the proxy, over a pipe that holds `pipe` bytes. Gives the proxy's result and what the client saw.
async fn converse_with<F: Future<Output = Client>>(
    context: LoginContext<'_>,
    pipe: usize,
    script: impl FnOnce(Client) -> F,
) -> (Result<FirstContact, LoginError>, Vec<Message>) {
    let (ours, theirs) = duplex(pipe);
    let proxy = async move {
        let mut ours = Channel::Plain(ours);
        first_contact(&mut ours, context).await
    };
    let client = Client {
        stream: theirs,
        received: Vec::new(),
        seen: Vec::new(),
    };
    let client = async move {
        let mut client = script(client).await;
        while client.message().await.is_some() {}
        client.seen
    };
    tokio::join!(proxy, client)
}

async fn log_in_as(
    context: LoginContext<'_>,
    parameters: &[(&str, &str)],
    password: &str,
) -> (Result<FirstContact, LoginError>, Vec<Message>) {
    let mut last = None;
    for pipe in [1, 4096] {
        last = Some(
            converse_with(context, pipe, async |mut client: Client| {
                client.send(&frontend::startup(parameters)).await;
                client.authenticate(password, b"").await;
                client
            })
            .await,
        );
    }
    last.unwrap()
}

async fn admitted(snapshot: &Snapshot, parameters: &[(&str, &str)]) -> Login {
    match log_in_as(context(snapshot), parameters, PASSWORD).await.0 {
        Ok(FirstContact::Login(login)) => *login,
        other => panic!("{parameters:?} gave {other:?}"),
    }
}

/// The error of a login with the right password, as the client sees it.
async fn refused(snapshot: &Snapshot, parameters: &[(&str, &str)]) -> String {
    refusal(log_in_as(context(snapshot), parameters, PASSWORD).await)
}

fn refusal((result, seen): (Result<FirstContact, LoginError>, Vec<Message>)) -> String {
    assert!(result.is_err(), "{result:?}");
    let last = seen.last().expect("an ErrorResponse");
    assert_eq!(last.tag, b'E');
    let field = |code| last.field(code);
    let mut text = format!(
        "{} {} {}",
        field(b'V').unwrap(),
        field(b'C').unwrap(),
        field(b'M').unwrap()
    );
    for (label, code) in [("DETAIL", b'D'), ("HINT", b'H')] {
        if let Some(value) = field(code) {
            text = format!("{text} {label}: {value}");
        }
    }
    text
}

#[tokio::test]
async fn a_login_by_each_way_to_a_record() {
    let company = &*COMPANY;
    for (parameters, person, record, database) in [
        (&[("user", "alice@orders")][..], "alice", "orders", "shop"),
        (
            &[("user", "alice@orders"), ("database", "alice@orders")],
            "alice",
            "orders",
            "shop",
        ),
        (
            &[("user", "alice@orders"), ("database", "stock")],
            "alice",
            "orders",
            "stock",
        ),
        (
            &[("user", "alice"), ("database", "orders")],
            "alice",
            "orders",
            "shop",
        ),
        (
            &[("user", "carol@example.com@orders")],
            "carol@example.com",
            "orders",
            "shop",
        ),
        (
            &[("user", "carol@example.com"), ("database", "orders")],
            "carol@example.com",
            "orders",
            "shop",
        ),
        (&[("user", "alice@monitored")], "alice", "monitored", "app_rw"),
    ] {
        let login = admitted(company, parameters).await;
        assert_eq!(login.person, person, "{parameters:?}");
        assert_eq!(login.access.record.name.as_str(), record, "{parameters:?}");
        assert_eq!(login.database, database, "{parameters:?}");
        assert_eq!(login.user, parameters[0].1);
    }

    let login = admitted(company, &[("user", "alice@orders")]).await;
    let listener = login.access.record.name.clone();
    let bound = LoginContext {
        listener: Some(&listener),
        ..context(company)
    };
    let (result, _) = log_in_as(bound, &[("user", "alice"), ("database", "stock")], PASSWORD).await;
    let Ok(FirstContact::Login(login)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(
        (login.access.record.name.as_str(), login.database.as_str()),
        ("orders", "stock")
    );
}

#[tokio::test]
async fn the_client_waits_for_the_database_before_it_is_let_in() {
    let company = &*COMPANY;
    let early = frontend::query("select 1");
    let (result, seen) = converse_with(context(company), 4096, async |mut client: Client| {
        client.send(&frontend::startup(&[("user", "alice@orders")])).await;
        client.authenticate(PASSWORD, &early).await;
        client
    })
    .await;
    let Ok(FirstContact::Login(login)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(login.unread, early);
    let asked: Vec<_> = seen.iter().map(|message| message.body[..4].to_vec()).collect();
    assert_eq!(asked, [[0, 0, 0, 10], [0, 0, 0, 11]]);
    let reply: Vec<_> = pgwarden_wire::frames(&login.reply)
        .map(|frame| frame.body[..4].to_vec())
        .collect();
    assert_eq!(reply, [[0, 0, 0, 12], [0, 0, 0, 0]]);
}

#[tokio::test]
async fn nobody_can_tell_who_is_known() {
    let company = &*COMPANY;
    let mut traces = Vec::new();
    for (user, password, kind) in [
        ("alice@orders", "wrong", LoginFailure::WrongPassword),
        ("mallo@orders", PASSWORD, LoginFailure::UnknownPerson),
        ("bobby@nowhere", PASSWORD, LoginFailure::UnknownPerson),
        ("\u{fffd}", PASSWORD, LoginFailure::UnknownPerson),
    ] {
        let (result, seen) = log_in_as(context(company), &[("user", user)], password).await;
        assert_eq!(result.unwrap_err().kind(), kind, "{user}");
        let error = seen.last().unwrap().field(b'M').unwrap();
        assert_eq!(
            error,
            format!("password authentication failed for user \"{user}\"")
        );
        let steps: Vec<_> = seen[..2]
            .iter()
            .map(|message| (message.tag, message.body.len()))
            .collect();
        traces.push((steps, seen.last().unwrap().sqlstate(), seen.len()));
    }
    assert!(traces.windows(2).all(|pair| pair[0] == pair[1]), "{traces:?}");
    assert_eq!(traces[0].1.as_deref(), Some("28P01"));
}

#[tokio::test]
async fn the_salt_of_an_unknown_person_is_that_of_the_name_and_not_of_the_record() {
    let company = &*COMPANY;
    let salt = async |user: &str| {
        let (_, seen) = log_in_as(context(company), &[("user", user)], "wrong").await;
        let first = String::from_utf8(seen[1].body[4..].to_vec()).unwrap();
        first.split_once(",s=").unwrap().1.to_owned()
    };
    assert_eq!(salt("mallory@orders").await, salt("mallory@monitored").await);
    assert_eq!(salt("mallory@orders").await, salt("mallory@nothing").await);
    assert_ne!(salt("mallory@orders").await, salt("mallorz@orders").await);
    assert_eq!(salt("alice@orders").await, salt("alice@nothing").await);
}

#[tokio::test]
async fn records_out_of_reach_look_alike() {
    let company = &*COMPANY;
    let no_access = |record: &str| {
        format!(
            "FATAL 28000 no access to record \"{record}\" for \"alice\" HINT: Ask whoever administers pgwarden for a grant."
        )
    };
    for record in ["nowhere", "disabled", "secret"] {
        assert_eq!(
            refused(company, &[("user", &format!("alice@{record}"))]).await,
            no_access(record)
        );
        assert_eq!(
            refused(company, &[("user", "alice"), ("database", record)]).await,
            no_access(record)
        );
    }
    assert_eq!(
        refused(company, &[("user", "alice")]).await,
        "FATAL 28000 no record was named for \"alice\" HINT: Connect as user \"alice@RECORD\", or give the name of the record as the database."
    );
    assert_eq!(
        refused(company, &[("user", "alice@orders"), ("database", "payroll")]).await,
        "FATAL 28000 no access to database \"payroll\" of record \"orders\" for \"alice\" HINT: Ask whoever administers pgwarden for a grant."
    );
}

#[tokio::test]
async fn startup_parameters_are_taken_apart_and_carried_over() {
    let company = &*COMPANY;
    let login = admitted(
        company,
        &[
            ("user", "alice@orders"),
            ("application_name", "psql"),
            ("options", "-c geqo=off --search-path=a -c DateStyle=iso"),
            ("datestyle", "german"),
            ("replication", "off"),
            ("Application_Name", "shell"),
        ],
    )
    .await;
    let parameters: Vec<_> = login
        .parameters
        .iter()
        .map(|(name, value)| {
            (
                std::str::from_utf8(name).unwrap(),
                std::str::from_utf8(value).unwrap(),
            )
        })
        .collect();
    assert_eq!(
        parameters,
        [
            ("geqo", "off"),
            ("search_path", "a"),
            ("datestyle", "german"),
            ("Application_Name", "shell")
        ]
    );
    assert_eq!(login.application_name.as_deref(), Some("shell"));
    assert_eq!((login.replication, login.observed.len()), (None, 0));
}

#[tokio::test]
async fn what_is_refused_in_startup_parameters() {
    let company = &*COMPANY;
    let with =
        async |name: &str, value: &str| refused(company, &[("user", "alice@orders"), (name, value)]).await;
    assert_eq!(
        with("options", "-Pc role=x").await,
        "FATAL 42501 refused by pgwarden: switch \"-Pc\" in options is not allowed on record \"orders\" HINT: In options, use only \"-c name=value\" and \"--name=value\"."
    );
    assert_eq!(
        with("options", "-c").await,
        "FATAL 42601 switch \"-c\" in options requires an argument"
    );
    assert_eq!(
        with("options", "--role").await,
        "FATAL 42601 switch \"--role\" in options requires a value"
    );
    assert_eq!(
        with("options", "-c replication=database").await,
        "FATAL 42704 unrecognized configuration parameter \"replication\""
    );
    assert_eq!(
        with("replication", "maybe").await,
        "FATAL 22023 invalid value for parameter \"replication\": \"maybe\" HINT: Valid values are: \"false\", 0, \"true\", 1, \"database\"."
    );
    let replication = with("replication", "database").await;
    assert!(
        replication.starts_with("FATAL 42501 refused by pgwarden: "),
        "{replication}"
    );
    assert!(replication.contains("(can_replicate is off)"), "{replication}");

    let login = admitted(company, &[("user", "alice@monitored"), ("replication", "ON")]).await;
    assert_eq!((login.replication, login.observed.len()), (Some("true"), 1));
}

/// The server makes two flags of the values, of which only the one is ever taken back (`ProcessStartupPacket`,
/// postmaster/postmaster.c), and forgets the database of a physical connection.
#[tokio::test]
async fn replication_is_sent_on_in_one_way() {
    let company = &*COMPANY;
    for (values, replication, database) in [
        (&["database"][..], Some("database"), "replication"),
        (&["tru"], Some("true"), "app_rw"),
        (&["1", "off"], None, "replication"),
        (&["database", "no"], None, "replication"),
        (&["database", "yes"], Some("database"), "replication"),
        (&["yes", "database"], Some("database"), "replication"),
    ] {
        let mut parameters = vec![("user", "alice@monitored"), ("database", "replication")];
        parameters.extend(values.iter().map(|value| ("replication", *value)));
        let login = admitted(company, &parameters).await;
        assert_eq!(
            (login.replication, login.database.as_str()),
            (replication, database),
            "{values:?}"
        );
    }
    let twice = [
        ("user", "alice@monitored"),
        ("replication", "maybe"),
        ("replication", "off"),
    ];
    assert!(refused(company, &twice).await.starts_with("FATAL 22023 "));
}

/// What happens before the login, up to the `AuthenticationSASL` that shows that it has begun.
#[track_caller]
fn check_opening(packets: &[&[u8]], expected: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let company = &*COMPANY;
    for pipe in [1, 4096] {
        let (result, seen) = runtime.block_on(converse_with(
            context(company),
            pipe,
            async |mut client: Client| {
                for (number, packet) in packets.iter().enumerate() {
                    client.send(packet).await;
                    if number + 1 < packets.len() {
                        assert_eq!(
                            client.byte().await,
                            Some(b'N'),
                            "packet {number} was not answered"
                        );
                    }
                }
                client.stream.shutdown().await.unwrap();
                client
            },
        ));
        let shown = format!(
            "{}{}",
            trace(&seen),
            match result {
                Ok(contact) => format!("{contact:?}"),
                Err(error) => format!("{:?}", error.kind()),
            }
        );
        assert_eq!(shown, expected, "{packets:?}");
    }
}

#[test]
fn openings() {
    let startup = frontend::startup(&[("user", "alice@orders")]);
    let (ssl, gss) = (frontend::ssl_request(), frontend::gssenc_request());
    let begun = "B  Authentication\nClosed";
    check_opening(&[b""], "Closed");
    check_opening(&[&startup], begun);
    check_opening(&[&ssl, &startup], begun);
    check_opening(&[&gss, &startup], begun);
    check_opening(&[&ssl, &gss, &startup], begun);
    check_opening(&[&gss, &ssl, &startup], begun);
    check_opening(&[&ssl, b""], "Closed");
    // Direct TLS, with the beginning of a ClientHello.
    check_opening(&[b"\x16\x03\x01\x02\0\x01\0\x01"], "Closed");
    check_opening(
        &[&frontend::cancel_request(7, b"abcd")],
        "Cancel { process_id: 7, secret: [97, 98, 99, 100] }",
    );
    check_opening(
        &[&ssl, &frontend::cancel_request(7, &[7; 256])],
        &format!("Cancel {{ process_id: 7, secret: {:?} }}", [7; 256]),
    );
    for secret in [&b"abc"[..], &[7; 257]] {
        check_opening(&[&frontend::cancel_request(7, secret)], "ProtocolViolation");
    }

    let version = |minor: u32| {
        format!(
            "B  ErrorResponse FATAL 0A000 \"unsupported frontend protocol 1234.{minor}: server supports 3.0 to 3.2\"\nNotSupported"
        )
    };
    check_opening(&[&ssl, &ssl], &version(5679));
    check_opening(&[&ssl, &gss, &ssl], &version(5679));
    check_opening(&[&gss, &gss], &version(5680));
    check_opening(
        &[&frontend::startup_version(
            0x0004_0000,
            &[("user", "alice@orders")],
        )],
        "B  ErrorResponse FATAL 0A000 \"unsupported frontend protocol 4.0: server supports 3.0 to 3.2\"\nNotSupported",
    );
    // PostgreSQL 18 takes 3.1 for a version, though there is none.
    for minor in [1, 2] {
        check_opening(
            &[&frontend::startup_version(
                0x0003_0000 + minor,
                &[("user", "alice@orders")],
            )],
            begun,
        );
    }
    check_opening(
        &[&frontend::startup_version(
            0x0003_0003,
            &[("user", "alice@orders")],
        )],
        &format!("B  NegotiateProtocolVersion\n{begun}"),
    );
    check_opening(
        &[&frontend::startup(&[
            ("user", "alice@orders"),
            ("_pq_.fast", "1"),
        ])],
        &format!("B  NegotiateProtocolVersion\n{begun}"),
    );
}

#[test]
fn openings_that_are_no_startup_packet() {
    let violation = |text: &str| format!("B  ErrorResponse FATAL 08P01 {text:?}\nProtocolViolation");
    let length = |length: u32| {
        violation(&format!(
            "invalid length of startup packet: {length}, allowed are 8 to 10004 bytes"
        ))
    };
    check_opening(&[b"GET / HTTP/1.1\r\n\r\n"], &length(0x4745_5420));
    check_opening(&[&10_005_u32.to_be_bytes()], &length(10_005));
    check_opening(&[&[0; 64]], &length(0));
    check_opening(
        &[b"\0\0\0\x0c\0\x03\0\0user"],
        &violation("invalid startup packet layout: expected terminator as last byte"),
    );
    check_opening(
        &[&frontend::startup(&[("database", "orders")])],
        "B  ErrorResponse FATAL 28000 \"no PostgreSQL user name specified in startup packet\"\nProtocolViolation",
    );
    check_opening(&[b"\0\0"], "ClientLost");
    check_opening(&[&10_004_u32.to_be_bytes()], "ClientLost");
}

#[tokio::test]
async fn bytes_behind_a_request_for_encryption_are_refused() {
    let company = &*COMPANY;
    for (request, name) in [
        (frontend::ssl_request(), "SSL request"),
        (frontend::gssenc_request(), "GSSAPI encryption request"),
    ] {
        let early = [request, frontend::startup(&[("user", "alice@orders")])].concat();
        let outcome = converse_with(context(company), 4096, async |mut client: Client| {
            client.send(&early).await;
            assert_eq!(client.byte().await, Some(b'N'));
            client
        })
        .await;
        assert_eq!(
            refusal(outcome),
            format!(
                "FATAL 08P01 received unencrypted data after {name} DETAIL: This could be either a client-software bug or evidence of an attempted man-in-the-middle attack."
            )
        );
    }
}

#[tokio::test]
async fn a_later_version_and_its_options_are_negotiated() {
    let company = &*COMPANY;
    // As `SendNegotiateProtocolVersion` of PostgreSQL 18: the version that is spoken, or asked for if that is as old.
    for (asked, spoken) in [(0, 0), (1, 1), (2, 2), (3, 2), (9999, 2)] {
        let (outcome, seen) = converse_with(context(company), 4096, async |mut client: Client| {
            let parameters = [
                ("user", "alice@orders"),
                ("_pq_.a", "1"),
                ("geqo", "off"),
                ("_pq_.b", ""),
            ];
            client
                .send(&frontend::startup_version(0x0003_0000 + asked, &parameters))
                .await;
            client.authenticate(PASSWORD, b"").await;
            client
        })
        .await;
        let newest = [0, 3, 0, spoken];
        assert_eq!(
            seen[0].body,
            [&newest[..], b"\0\0\0\x02_pq_.a\0_pq_.b\0"].concat()
        );
        assert_eq!(seen.len(), 3);
        let Ok(FirstContact::Login(login)) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(login.version, u32::from_be_bytes(newest));
    }
}

/// What a client answers to `AuthenticationSASL` with these bytes, and then closes.
#[track_caller]
fn check_answer(answer: &[u8], expected: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let company = &*COMPANY;
    let (result, seen) = runtime.block_on(converse_with(
        context(company),
        4096,
        async |mut client: Client| {
            client.send(&frontend::startup(&[("user", "alice@orders")])).await;
            client.message().await.unwrap();
            client.send(answer).await;
            client.stream.shutdown().await.unwrap();
            client
        },
    ));
    let kind = result.as_ref().map_err(LoginError::kind);
    assert_eq!(
        format!("{}{kind:?}", trace(&seen[1..])),
        expected,
        "{}",
        answer.escape_ascii()
    );
}

#[test]
fn answers_that_no_client_gives() {
    let violation = |text: &str| format!("B  ErrorResponse FATAL 08P01 {text:?}\nErr(ProtocolViolation)");
    let initial = |mechanism: &[u8], data: Option<&[u8]>| {
        let length = data.map_or(u32::MAX, |data| u32::try_from(data.len()).unwrap());
        let body = [mechanism, b"\0", &length.to_be_bytes(), data.unwrap_or_default()].concat();
        frontend::message(b'p', &body)
    };
    check_answer(b"", "Ok(Closed)");
    check_answer(b"p\0\0", "Err(ClientLost)");
    check_answer(
        &frontend::terminate(),
        &violation("expected SASL response, got message type 88"),
    );
    check_answer(
        b"\x16\x03\x01",
        &violation("expected SASL response, got message type 22"),
    );
    check_answer(b"p\0\0\0\x03", &violation("invalid message length"));
    check_answer(b"p\0\0\x04\x01", &violation("invalid message length"));
    check_answer(b"p\0\0\x04\0", "Err(ClientLost)");
    check_answer(b"p\xff\xff\xff\xff", &violation("invalid message length"));
    check_answer(
        &frontend::message(b'p', b""),
        &violation("invalid message format"),
    );
    check_answer(
        &frontend::message(b'p', b"SCRAM-SHA-256\0\0\0\0\x09n,,"),
        &violation("invalid message format"),
    );
    check_answer(
        &frontend::message(b'p', b"SCRAM-SHA-256\0\0\0\0\0x"),
        &violation("invalid message format"),
    );
    let mechanism = violation("client selected an invalid SASL authentication mechanism");
    check_answer(&initial(b"SCRAM-SHA-256-PLUS", Some(b"n,,n=,r=abc")), &mechanism);
    check_answer(&initial(b"scram-sha-256", Some(b"n,,n=,r=abc")), &mechanism);
    check_answer(&initial(b"PLAIN", Some(b"\0alice\0secret")), &mechanism);
    // A password in clear, as one would answer AuthenticationCleartextPassword.
    check_answer(
        &frontend::message(b'p', b"secret\0"),
        &violation("invalid message format"),
    );
    check_answer(
        &initial(b"SCRAM-SHA-256", Some(b"p=tls-unique,,n=,r=abc")),
        &violation("malformed SCRAM message"),
    );
    check_answer(
        &initial(b"SCRAM-SHA-256", Some(b"n,a=bob,n=,r=abc")),
        "B  ErrorResponse FATAL 0A000 \"client uses authorization identity, but it is not supported\"\nErr(NotSupported)",
    );
    check_answer(
        &initial(b"SCRAM-SHA-256", Some(b"n,,n=,r=abc")),
        "B  Authentication\nErr(ClientLost)",
    );
    check_answer(
        &initial(b"SCRAM-SHA-256", None),
        "B  Authentication\nErr(ClientLost)",
    );
    let two = [
        initial(b"SCRAM-SHA-256", None),
        frontend::message(b'p', b"n,,n=,r=abc"),
    ]
    .concat();
    check_answer(&two, "B  Authentication\nB  Authentication\nErr(ClientLost)");
}

#[tokio::test]
async fn names_that_are_not_utf8_are_nobodys() {
    let company = &*COMPANY;
    let startup = |user: &[u8], database: &[u8]| {
        let body = [b"user\0", user, b"\0database\0", database, b"\0\0"].concat();
        frontend::startup_packet(0x0003_0000, &body)
    };
    for (user, database, expected) in [
        (
            &b"al\xffce@orders"[..],
            &b"shop"[..],
            "FATAL 28P01 password authentication failed for user \"al\u{fffd}ce@orders\"",
        ),
        (
            b"alice@orders",
            b"sh\xffp",
            "FATAL 28000 no access to database \"sh\u{fffd}p\" of record \"orders\" for \"alice\" HINT: Ask whoever administers pgwarden for a grant.",
        ),
        (
            b"alice",
            b"\xff",
            "FATAL 28000 no access to record \"\u{fffd}\" for \"alice\" HINT: Ask whoever administers pgwarden for a grant.",
        ),
    ] {
        let outcome = converse_with(context(company), 4096, async |mut client: Client| {
            client.send(&startup(user, database)).await;
            client.authenticate(PASSWORD, b"").await;
            client
        })
        .await;
        assert_eq!(refusal(outcome), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_told_why_it_is_closed() {
    let company = &*COMPANY;
    for opening in [
        Vec::new(),
        vec![0, 0],
        frontend::startup(&[("user", "alice@orders")]),
    ] {
        let outcome = converse_with(context(company), 4096, async |mut client: Client| {
            client.send(&opening).await;
            client
        })
        .await;
        assert_eq!(
            refusal(outcome),
            "FATAL 57014 canceling authentication due to timeout DETAIL: The login was not complete after 30s (login_timeout)."
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_does_not_hold_the_proxy_up() {
    let company = &*COMPANY;
    // Less than what is answered.
    let (ours, mut theirs) = duplex(8);
    let mut ours = Channel::Plain(ours);
    let client = async {
        theirs
            .write_all(&frontend::startup(&[("user", "alice@orders")]))
            .await
            .unwrap();
        // Its end of the pipe stays open, and full.
        std::future::pending::<()>().await;
    };
    tokio::select! {
        result = first_contact(&mut ours, context(company)) => {
            assert!(matches!(result, Err(LoginError::Timeout { .. })), "{result:?}");
        }
        () = client => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_end_without_a_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        opening in 0..4_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let company = &*COMPANY;
        let opening = [
            Vec::new(),
            vec![0, 0],
            frontend::startup(&[("user", "alice@orders")]),
            [frontend::startup(&[("user", "alice@orders")]), b"p\0\0".to_vec()].concat(),
        ][opening].clone();
        let (result, _) = runtime.block_on(converse_with(context(company), 4096, async |mut client: Client| {
            client.send(&opening).await;
            client.send(&bytes).await;
            client.stream.shutdown().await.unwrap();
            client
        }));
        prop_assert!(!matches!(result, Ok(FirstContact::Login(_))));
    }
}
