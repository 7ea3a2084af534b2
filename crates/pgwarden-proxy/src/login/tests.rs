//! Logins from the first byte on, over a pipe. Each runs twice: as fast as it can, and one byte at a time.

use std::time::Duration;

use pgwarden_records::{Secret, Snapshot};
use pgwarden_wire::{BackendMessage, Frame, TransactionStatus, backend::Authentication};
use proptest::prelude::*;
use testkit::{Message, frontend, scram_verifier, trace};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

use super::*;
use crate::metrics::LoginFailure;
use crate::scram_client::{ScramClient, ScramKeys};

const PASSWORD: &str = "correct horse";
const LIMIT: Duration = Duration::from_secs(30);

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

/// Of alice, who may use `orders`, `monitored` and `disabled`; of bob, who may use nothing and has no password; of `carol@example.com`.
fn company() -> Snapshot {
    let record = |name: &str, lines: &str| {
        format!(
            "[[pam_database]]\nname = \"{name}\"\npam_configuration = \"local\"\nhost = \"127.0.0.1\"\n\
             pam_user = \"app\"\n[pam_database.connection]\nprotocol = \"postgresql\"\n{lines}\n"
        )
    };
    let verifier = scram_verifier(PASSWORD);
    snapshot(&format!(
        "[[pam_user]]\nname = \"app\"\nlogin = \"app_rw\"\npassword = \"none\"\n{}{}{}{}\
         [[user]]\nname = \"alice\"\nscram = \"{verifier}\"\n\
         [[user]]\nname = \"carol@example.com\"\nscram = \"{verifier}\"\n\
         [[user]]\nname = \"bob\"\n\
         [[grant]]\nusers = [\"alice\", \"carol@example.com\"]\nrecords = [\"orders\", \"monitored\", \"disabled\"]\n",
        record(
            "orders",
            "enable = true\ndefault_database = \"shop\"\ndatabases = [\"shop\", \"stock\"]"
        ),
        record("monitored", "enable = true\nenforcement = \"monitor\""),
        record("disabled", "enable = false"),
        record("secret", "enable = true"),
    ))
}

fn context(snapshot: &Snapshot) -> LoginContext<'_> {
    static LOGIN_KEY: std::sync::LazyLock<Secret<[u8; 32]>> =
        std::sync::LazyLock::new(|| Secret::new([1; 32]));
    LoginContext {
        snapshot,
        login_key: &LOGIN_KEY,
        listener: None,
        from: ClientAddress::Unix,
        now: SystemTime::now(),
        deadline: Instant::now() + LIMIT,
        limit: LIMIT,
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
        let mut scram = Some(ScramClient::new().unwrap());
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
        let mut ours = ours;
        first_contact(&mut ours, context).await
    };
    let client = Client {
        stream: theirs,
        received: Vec::new(),
        seen: Vec::new(),
    };
    let (result, mut client) = tokio::join!(proxy, script(client));
    while client.message().await.is_some() {}
    (result, client.seen)
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
            text.push_str(&format!(" {label}: {value}"));
        }
    }
    text
}

#[tokio::test]
async fn a_login_by_each_way_to_a_record() {
    let company = company();
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
        let login = admitted(&company, parameters).await;
        assert_eq!(login.person, person, "{parameters:?}");
        assert_eq!(login.access.record.name.as_str(), record, "{parameters:?}");
        assert_eq!(login.database, database, "{parameters:?}");
        assert_eq!(login.user, parameters[0].1);
    }

    let login = admitted(&company, &[("user", "alice@orders")]).await;
    let listener = login.access.record.name.clone();
    let bound = LoginContext {
        listener: Some(&listener),
        ..context(&company)
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
    let company = company();
    let early = frontend::query("select 1");
    let (result, seen) = converse_with(context(&company), 4096, async |mut client: Client| {
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
    let company = company();
    let mut traces = Vec::new();
    for (user, password, kind) in [
        ("alice@orders", "wrong", LoginFailure::WrongPassword),
        ("mallo@orders", PASSWORD, LoginFailure::UnknownPerson),
        ("bobby@nowhere", PASSWORD, LoginFailure::UnknownPerson),
        ("bob@orders", PASSWORD, LoginFailure::UnknownPerson),
        ("\u{fffd}", PASSWORD, LoginFailure::UnknownPerson),
    ] {
        let (result, seen) = log_in_as(context(&company), &[("user", user)], password).await;
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
    let company = company();
    let salt = async |user: &str| {
        let (_, seen) = log_in_as(context(&company), &[("user", user)], "wrong").await;
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
    let company = company();
    let no_access = |record: &str| {
        format!(
            "FATAL 28000 no access to record \"{record}\" for \"alice\" HINT: Ask whoever administers pgwarden for a grant."
        )
    };
    for record in ["nowhere", "disabled", "secret"] {
        assert_eq!(
            refused(&company, &[("user", &format!("alice@{record}"))]).await,
            no_access(record)
        );
        assert_eq!(
            refused(&company, &[("user", "alice"), ("database", record)]).await,
            no_access(record)
        );
    }
    assert_eq!(
        refused(&company, &[("user", "alice")]).await,
        "FATAL 28000 no record was named for \"alice\" HINT: Connect as user \"alice@RECORD\", or give the name of the record as the database."
    );
    assert_eq!(
        refused(&company, &[("user", "alice@orders"), ("database", "payroll")]).await,
        "FATAL 28000 no access to database \"payroll\" of record \"orders\" for \"alice\" HINT: Ask whoever administers pgwarden for a grant."
    );
}

#[tokio::test]
async fn startup_parameters_are_taken_apart_and_carried_over() {
    let company = company();
    let login = admitted(
        &company,
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
    let company = company();
    let with =
        async |name: &str, value: &str| refused(&company, &[("user", "alice@orders"), (name, value)]).await;
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

    let login = admitted(&company, &[("user", "alice@monitored"), ("replication", "ON")]).await;
    assert_eq!((login.replication, login.observed.len()), (Some("true"), 1));
}

/// What happens before the login, up to the AuthenticationSASL that shows that it has begun.
#[track_caller]
fn check_opening(packets: &[&[u8]], expected: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let company = company();
    for pipe in [1, 4096] {
        let (result, seen) = runtime.block_on(converse_with(
            context(&company),
            pipe,
            async |mut client: Client| {
                for (number, packet) in packets.iter().enumerate() {
                    client.send(packet).await;
                    if number + 1 < packets.len() && client.byte().await != Some(b'N') {
                        panic!("packet {number} was not answered");
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
    let begun = "B  Authentication SASL SCRAM-SHA-256\nClosed";
    check_opening(&[b""], "Closed");
    check_opening(&[&startup], begun);
    check_opening(&[&ssl, &startup], begun);
    check_opening(&[&gss, &startup], begun);
    check_opening(&[&ssl, &gss, &startup], begun);
    check_opening(&[&gss, &ssl, &startup], begun);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_end_without_a_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        opening in 0..4_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let company = company();
        let opening = [
            Vec::new(),
            vec![0, 0],
            frontend::startup(&[("user", "alice@orders")]),
            [frontend::startup(&[("user", "alice@orders")]), b"p\0\0".to_vec()].concat(),
        ][opening].clone();
        let (result, _) = runtime.block_on(converse_with(context(&company), 4096, async |mut client: Client| {
            client.send(&opening).await;
            client.send(&bytes).await;
            client.stream.shutdown().await.unwrap();
            client
        }));
        prop_assert!(!matches!(result, Ok(FirstContact::Login(_))));
    }
}
