//! Logins to databases: scripted ones for what no database does, and real ones for each way of authentication.

use std::time::SystemTime;

use pgwarden_records::{AccessError, Snapshot};
use pgwarden_wire::{ErrorFields, ErrorResponse, frames};
use proptest::prelude::*;
use testkit::{Cluster, ClusterOptions, Message, ServerAuth, TestDb, frontend, trace};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
use tokio::net::TcpListener;

use super::*;
use crate::cancel::{CANCEL_TIMEOUT, cancel_backend};
use crate::login::Authenticated;
use crate::login::tests::snapshot;
use crate::metrics::LoginFailure;

mod versions;

const LIMIT: Duration = Duration::from_secs(30);

/// A configuration with the record `orders`, at these hosts, and alice, who may use it.
fn configuration(hosts: &str, login: &str, password: Option<&str>) -> Snapshot {
    let password = password.map_or_else(String::new, |password| format!("password = {password:?}\n"));
    snapshot(&format!(
        "[[pam_user]]\nname = \"app\"\nlogin = {login:?}\n{password}\
         [[pam_database]]\nname = \"orders\"\npam_configuration = \"local\"\nhost = {hosts}\npam_user = \"app\"\n\
         [pam_database.connection]\nprotocol = \"postgresql\"\nenable = true\n\
         [[user]]\nname = \"alice\"\nscram = \"{}\"\n[[grant]]\nusers = [\"alice\"]\nrecords = [\"orders\"]\n",
        testkit::scram_verifier("unused")
    ))
}

fn login(snapshot: &Snapshot, database: &str) -> Result<Login, AccessError> {
    Ok(Login {
        person: "alice".to_owned(),
        user: "alice@orders".to_owned(),
        access: snapshot.access("alice", "orders", None, SystemTime::now())?,
        database: database.to_owned(),
        parameters: vec![(b"application_name".to_vec(), b"test".to_vec())],
        observed: Vec::new(),
        application_name: None,
        replication: None,
        version: PROTOCOL_3_2,
        tls: None,
        authenticated: Authenticated::for_test(),
        reply: Vec::new(),
        unread: Vec::new(),
    })
}

async fn connect_to(snapshot: &Snapshot, database: &str) -> Result<Backend, BackendLoginError> {
    connect(
        &login(snapshot, database).unwrap(),
        &ScramKeys::default(),
        &TcpSettings::default(),
        LIMIT,
        Instant::now() + LIMIT,
    )
    .await
}

/// What the client is told.
fn told(error: &BackendLoginError) -> String {
    let bytes = error.to_client();
    let messages: Vec<_> = frames(&bytes)
        .map(|frame| Message {
            tag: frame.tag,
            body: frame.body.to_vec(),
        })
        .collect();
    assert_eq!(messages.len(), 1);
    trace(&messages)
        .trim_end()
        .trim_start_matches("B  ErrorResponse ")
        .to_owned()
}

#[tokio::test]
async fn a_startup_packet_may_be_as_long_as_the_server_takes_and_no_longer() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let snapshot = configuration(&over_tcp(&database), database.login(), Some(database.password()));
    let padded = |bytes: usize| {
        let mut login = login(&snapshot, database.name()).unwrap();
        let room = bytes - BackendRequest::of(&login).startup_message(PROTOCOL_3_2).len();
        login.parameters[0].1.extend(vec![b'x'; room]);
        assert_eq!(
            BackendRequest::of(&login).startup_message(PROTOCOL_3_2).len(),
            bytes
        );
        login
    };
    let keys = ScramKeys::default();
    let mut backend = connect(
        &padded(STARTUP_BYTES_MAX),
        &keys,
        &TcpSettings::default(),
        LIMIT,
        Instant::now() + LIMIT,
    )
    .await
    .unwrap();
    check_alive(&mut backend, "select 1", "1").await;
    let error = connect(
        &padded(STARTUP_BYTES_MAX + 1),
        &keys,
        &TcpSettings::default(),
        LIMIT,
        Instant::now() + LIMIT,
    )
    .await
    .unwrap_err();
    assert_eq!(
        (told(&error).as_str(), error.kind()),
        (
            "FATAL 54000 \"startup parameters are too long for the database of record \\\"orders\\\"\"",
            LoginFailure::BackendRefused
        )
    );
}

/// A backend that answers.
async fn check_alive(backend: &mut Backend, sql: &str, expected: &str) {
    backend.stream.write_all(&frontend::query(sql)).await.unwrap();
    let mut received = std::mem::take(&mut backend.unread);
    loop {
        let complete: Vec<_> = frames(&received).map(|frame| frame.tag).collect();
        if complete.last() == Some(&b'Z') {
            break;
        }
        assert!(backend.stream.read_buf(&mut received).await.unwrap() > 0);
    }
    let row = frames(&received).find(|frame| frame.tag == b'D').unwrap();
    assert_eq!(&row.body[6..], expected.as_bytes());
}

fn database_of(auth: ServerAuth) -> TestDb {
    let options = ClusterOptions {
        auth,
        ..ClusterOptions::default()
    };
    Cluster::private(&options).unwrap().database().unwrap()
}

fn over_tcp(database: &TestDb) -> String {
    format!("\"127.0.0.1\"\nport = {}", database.cluster().port())
}

fn over_socket(database: &TestDb) -> String {
    format!(
        "{:?}\nport = {}",
        database.cluster().socket_directory(),
        database.cluster().port()
    )
}

const REFUSED: &str = "FATAL 28000 \"database of record \\\"orders\\\" refused the login of pgwarden\"";
const UNREACHABLE: &str = "FATAL 08001 \"database of record \\\"orders\\\" cannot be reached\"";

#[tokio::test]
async fn scram_by_the_right_and_by_a_wrong_password() {
    let database = database_of(ServerAuth::ScramSha256);
    let right = configuration(&over_tcp(&database), database.login(), Some(database.password()));
    let mut backend = connect_to(&right, database.name()).await.unwrap();
    check_alive(
        &mut backend,
        "select current_user || '/' || current_setting('application_name')",
        &format!("{}/test", database.login()),
    )
    .await;
    assert!(
        backend
            .parameters
            .contains(&(b"application_name".to_vec(), b"test".to_vec()))
    );
    assert!(frames(&backend.greeting).all(|frame| frame.tag == b'S'));
    assert_eq!(backend.ready, b"Z\0\0\0\x05I");
    assert!(backend.cancel.is_some());

    let wrong = configuration(&over_tcp(&database), database.login(), Some("wrong"));
    let error = connect_to(&wrong, database.name()).await.unwrap_err();
    assert_eq!(
        (told(&error).as_str(), error.kind()),
        (REFUSED, LoginFailure::BackendCredential)
    );
    assert!(
        error
            .to_string()
            .contains("password authentication failed for user"),
        "{error}"
    );

    let none = configuration(&over_tcp(&database), database.login(), None);
    let error = connect_to(&none, database.name()).await.unwrap_err();
    assert_eq!(told(&error), REFUSED);
    assert_eq!(
        error.to_string(),
        "the database of record orders could not be logged in to: it asks for a password, and the record's pam_user has none"
    );
}

#[tokio::test]
async fn md5() {
    let database = database_of(ServerAuth::Md5);
    let right = configuration(&over_tcp(&database), database.login(), Some(database.password()));
    check_alive(
        &mut connect_to(&right, database.name()).await.unwrap(),
        "select 1",
        "1",
    )
    .await;
    let wrong = configuration(&over_tcp(&database), database.login(), Some("wrong"));
    assert_eq!(
        told(&connect_to(&wrong, database.name()).await.unwrap_err()),
        REFUSED
    );
}

#[tokio::test]
async fn a_password_in_clear_goes_over_a_unix_socket_alone() {
    let database = database_of(ServerAuth::Password);
    let socket = configuration(
        &over_socket(&database),
        database.login(),
        Some(database.password()),
    );
    let mut backend = connect_to(&socket, database.name()).await.unwrap();
    check_alive(&mut backend, "select 1", "1").await;
    let tcp = configuration(&over_tcp(&database), database.login(), Some(database.password()));
    let error = connect_to(&tcp, database.name()).await.unwrap_err();
    assert_eq!(told(&error), REFUSED);
    assert!(
        error.to_string().contains("asks for the password in clear"),
        "{error}"
    );
}

#[tokio::test]
async fn trust_and_what_the_server_refuses_then() {
    let database = database_of(ServerAuth::Trust);
    let trusted = configuration(&over_tcp(&database), database.login(), None);
    let mut backend = connect_to(&trusted, database.name()).await.unwrap();
    check_alive(&mut backend, "select 1", "1").await;

    let error = connect_to(&trusted, "nowhere").await.unwrap_err();
    assert_eq!(
        told(&error),
        "FATAL 3D000 \"database \\\"nowhere\\\" does not exist\""
    );
    assert_eq!(error.kind(), LoginFailure::BackendRefused);
    // The server's text holds the injected login, as the database is named like it.
    let error = connect_to(&trusted, database.login()).await.unwrap_err();
    assert_eq!(
        told(&error),
        "FATAL 3D000 \"database of record \\\"orders\\\" refused the connection\""
    );

    let mut bad = login(&trusted, database.name()).unwrap();
    bad.parameters = vec![(b"work_mem".to_vec(), b"much".to_vec())];
    let error = connect(
        &bad,
        &ScramKeys::default(),
        &TcpSettings::default(),
        LIMIT,
        Instant::now() + LIMIT,
    )
    .await
    .unwrap_err();
    assert!(
        told(&error).starts_with("FATAL 22023 \"invalid value for parameter"),
        "{}",
        told(&error)
    );
}

#[tokio::test]
async fn a_statement_is_cancelled_at_the_server() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let configuration = configuration(&over_tcp(&database), database.login(), Some(database.password()));
    let mut backend = connect_to(&configuration, database.name()).await.unwrap();
    let target = backend.cancel.clone().unwrap();
    backend
        .stream
        .write_all(&frontend::query("select pg_sleep(600)"))
        .await
        .unwrap();
    let running = format!(
        "select count(*) from pg_stat_activity where pid = {} and wait_event = 'PgSleep'",
        target.process_id
    );
    testkit::wait_for("the statement to run", || {
        database.scalar(&running).unwrap() == "1"
    });
    cancel_backend(&target).await.unwrap();
    let mut answer = Vec::new();
    let error = loop {
        if let Some(frame) = frames(&answer).find(|frame| frame.tag == b'E') {
            break ErrorFields::parse(frame.body)
                .unwrap()
                .field(b'C')
                .unwrap()
                .to_vec();
        }
        assert!(backend.stream.read_buf(&mut answer).await.unwrap() > 0);
    };
    assert_eq!(error, b"57014");
    assert!(CANCEL_TIMEOUT >= Duration::from_secs(1));
}

#[tokio::test]
async fn the_next_host_is_tried_when_one_cannot_be_reached() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let closed = testkit::free_port().unwrap();
    let hosts = format!(
        "[\"127.0.0.1:{closed}\", \"/nowhere\", \"127.0.0.1:{}\"]",
        database.cluster().port()
    );
    let configuration = configuration(&hosts, database.login(), Some(database.password()));
    check_alive(
        &mut connect_to(&configuration, database.name()).await.unwrap(),
        "select 1",
        "1",
    )
    .await;
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_named_by_its_record_alone() {
    let closed = testkit::free_port().unwrap();
    let hosts = format!("[\"127.0.0.1:{closed}\", \"/nowhere\"]");
    let configuration = configuration(&hosts, "app_rw", None);
    let error = connect_to(&configuration, "shop").await.unwrap_err();
    assert_eq!(
        (told(&error).as_str(), error.kind()),
        (UNREACHABLE, LoginFailure::BackendUnreachable)
    );
    let text = error.to_string();
    assert!(
        text.contains(&format!("127.0.0.1:{closed}: Connection refused")),
        "{text}"
    );
    assert!(text.contains("/nowhere/.s.PGSQL.5432: No such file"), "{text}");
}

#[tokio::test]
async fn a_server_that_is_starting_up_is_passed_over() {
    let starting = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = starting.local_addr().unwrap().port();
    let mut refusal = Vec::new();
    ErrorResponse::fatal("57P03", "the database system is starting up").encode(&mut refusal);
    let server = tokio::spawn(async move {
        loop {
            let (mut stream, _) = starting.accept().await.unwrap();
            stream.write_all(&refusal).await.unwrap();
            crate::stream::last_words(&mut stream, b"").await;
        }
    });
    let database = Cluster::shared().unwrap().database().unwrap();
    let two = format!(
        "[\"127.0.0.1:{port}\", \"127.0.0.1:{}\"]",
        database.cluster().port()
    );
    let configured = configuration(&two, database.login(), Some(database.password()));
    check_alive(
        &mut connect_to(&configured, database.name()).await.unwrap(),
        "select 1",
        "1",
    )
    .await;

    let alone = configuration(&format!("\"127.0.0.1:{port}\""), database.login(), None);
    let error = connect_to(&alone, database.name()).await.unwrap_err();
    assert_eq!(told(&error), "FATAL 57P03 \"the database system is starting up\"");
    server.abort();
}

/// A server that says these bytes at once, whatever it is sent. What it was sent, and what became of the login.
async fn scripted_on(channel: &ServerChannel, bytes: &[u8]) -> (Vec<u8>, Result<Greeting, Cause>) {
    let (mut ours, mut theirs) = duplex(1 << 21);
    theirs.write_all(bytes).await.unwrap();
    theirs.shutdown().await.unwrap();
    let source = PasswordSource::Literal(Secret::new(b"secret".to_vec()));
    let keys = ScramKeys::default();
    let credential = Credential {
        login: "app",
        password: Some(&source),
        keys: &keys,
    };
    let mut conversation = Conversation::new(&mut ours, Instant::now() + LIMIT);
    let outcome = log_in(&mut conversation, b"", PROTOCOL_3_2, &credential, channel).await;
    drop(ours);
    let mut sent = Vec::new();
    theirs.read_to_end(&mut sent).await.unwrap();
    (sent, outcome)
}

async fn scripted(bytes: &[u8]) -> Result<Greeting, Cause> {
    let channel = ServerChannel::plain(&ServerAddress::Tcp(([127, 0, 0, 1], 5432).into()));
    scripted_on(&channel, bytes).await.1
}

#[tokio::test]
async fn what_is_told_to_a_server_under_tls() {
    let authentication =
        |code: u32, data: &[u8]| frontend::message(b'R', &[&code.to_be_bytes(), data].concat());
    let ok = authentication(0, b"");
    let clear = authentication(3, b"");
    let md5 = authentication(5, b"salt");
    let both = authentication(10, b"SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0");
    let unbound = authentication(10, b"SCRAM-SHA-256\0\0");
    let bound = authentication(10, b"SCRAM-SHA-256-PLUS\0\0");
    let channel = |binding, end_point: Option<&[u8]>| ServerChannel {
        tls: None,
        is_trusted: true,
        end_point: end_point.map(<[u8]>::to_vec),
        binding,
    };
    let hash = Some(&b"hash"[..]);
    let plus = "SCRAM-SHA-256-PLUS p=tls-server-end-point,,";
    let not_bound = Some("it does not bind its login");
    for (channel, script, sent, error) in [
        (channel(ChannelBinding::Prefer, hash), &both, plus, None),
        (channel(ChannelBinding::Prefer, hash), &bound, plus, None),
        (
            channel(ChannelBinding::Prefer, hash),
            &unbound,
            "SCRAM-SHA-256 y,,",
            None,
        ),
        // Its certificate has no hash function to bind by: that isn't the server's doing.
        (
            channel(ChannelBinding::Prefer, None),
            &both,
            "SCRAM-SHA-256 n,,",
            None,
        ),
        (
            channel(ChannelBinding::Prefer, None),
            &bound,
            "",
            Some("it offers no SASL mechanism"),
        ),
        (
            channel(ChannelBinding::Disable, hash),
            &both,
            "SCRAM-SHA-256 n,,",
            None,
        ),
        (channel(ChannelBinding::Require, hash), &both, plus, None),
        (channel(ChannelBinding::Require, hash), &unbound, "", not_bound),
        (channel(ChannelBinding::Require, None), &both, "", not_bound),
        (channel(ChannelBinding::Require, hash), &ok, "", not_bound),
        (channel(ChannelBinding::Require, hash), &clear, "", not_bound),
        (channel(ChannelBinding::Require, hash), &md5, "", not_bound),
        (channel(ChannelBinding::Prefer, hash), &clear, "secret", None),
    ] {
        let (bytes, outcome) = scripted_on(&channel, script).await;
        let bytes = String::from_utf8_lossy(&bytes).into_owned();
        if sent.is_empty() {
            assert_eq!(bytes, "", "{channel:?}");
        } else {
            for word in sent.split(' ') {
                assert!(bytes.contains(word), "{channel:?}: {bytes:?}");
            }
        }
        let found = outcome.unwrap_err().to_string();
        // The script ends there.
        let expected = error.unwrap_or("it closed the connection");
        assert!(found.starts_with(expected), "{channel:?}: {found}");
    }
}

#[tokio::test]
async fn a_server_that_breaks_the_order_is_not_believed() {
    let authentication =
        |code: u32, data: &[u8]| frontend::message(b'R', &[&code.to_be_bytes(), data].concat());
    let (ok, sasl) = (authentication(0, b""), authentication(10, b"SCRAM-SHA-256\0\0"));
    let (key, ready) = (
        frontend::message(b'K', b"\0\0\0\x07abcd"),
        frontend::message(b'Z', b"I"),
    );
    for (script, expected) in [
        (vec![&sasl, &ok], "it sent an authentication request out of order"),
        (
            vec![&sasl, &sasl],
            "it sent an authentication request out of order",
        ),
        (
            vec![&authentication(12, b"v=")],
            "it sent an authentication request out of order",
        ),
        (vec![&ok, &ok], "it sent an authentication request out of order"),
        (
            vec![&authentication(5, b"salt"), &authentication(3, b"")],
            "it sent an authentication request out of order",
        ),
        (vec![&ready], "it sent a message of type 0x5a during the login"),
        (
            vec![&key, &ok, &ready],
            "it sent a message of type 0x4b during the login",
        ),
        (
            vec![&ok, &frontend::message(b'D', b"\0\0")],
            "it sent a message of type 0x44 during the login",
        ),
        (vec![&ok], "it closed the connection during the login"),
        (
            vec![],
            "it refuses this version of the protocol: it closed the connection during the login",
        ),
        (
            vec![&authentication(10, b"SCRAM-SHA-256-PLUS\0\0")],
            "it offers no SASL mechanism but those that need TLS or are unknown",
        ),
        (
            vec![&authentication(7, b"")],
            "it asks for authentication by method 7, which is not supported; use scram-sha-256 in its pg_hba.conf",
        ),
        (
            vec![&sasl, &authentication(11, b"r=abc,s=AAAA,i=1")],
            "its SCRAM exchange failed: the server's SCRAM message can't be read: the server's nonce does not begin with ours",
        ),
        (
            vec![&b"HTTP/1.1 400 Bad Request\r\n".to_vec()],
            "what it sends is not PostgreSQL's protocol: message type 0x48 is 1414811696 bytes long, and 1048576 are allowed",
        ),
    ] {
        let bytes: Vec<u8> = script.into_iter().flatten().copied().collect();
        let result = scripted(&bytes).await.map(|_| ());
        assert_eq!(
            result.map_err(|cause| cause.to_string()),
            Err(expected.to_owned())
        );
    }
    let greeting = scripted(&[ok.clone(), key, ready.clone(), b"N".to_vec()].concat())
        .await
        .unwrap();
    assert_eq!(greeting.ready, ready);
    assert_eq!(greeting.key.unwrap().0, 7);
}

#[tokio::test]
async fn a_greeting_has_an_end() {
    let ok = frontend::message(b'R', &[0; 4]);
    let notice = frontend::message(b'N', &[b"M".as_slice(), &[b'x'; 10_000], b"\0\0"].concat());
    let endless = [ok, notice.repeat(GREETING_BYTES_MAX / notice.len() + 1)].concat();
    let error = scripted(&endless).await.unwrap_err();
    assert!(matches!(error, Cause::Frame(_)), "{error}");
}

#[test]
fn what_a_server_says_passes_to_the_last_byte() {
    let configuration = configuration("\"db7.internal\"", "orders_rw", None);
    let login = login(&configuration, "shop").unwrap();
    let body =
        b"SFATAL\0VFATAL\0C3D000\0Mdatabase \"x\" does not exist\0Fpostinit.c\0L880\0RInitPostgres\0\0";
    let fields = ErrorFields::parse(body).unwrap();
    let error = BackendLoginError::new(&login.access.record, Cause::Server(ServerError::read(fields)));
    assert_eq!(error.to_client(), frontend::message(b'E', body));
}

#[test]
fn what_a_server_says_passes_unless_it_names_what_is_hidden() {
    let configuration = configuration("\"db7.internal\"", "orders_rw", None);
    let login = login(&configuration, "shop").unwrap();
    let check = |response: ErrorResponse, expected: &str| {
        let mut bytes = Vec::new();
        response.encode(&mut bytes);
        let frame = Frame::split_first(&bytes, 1000).unwrap().unwrap();
        let fields = ErrorFields::parse(frame.body).unwrap();
        let error = BackendLoginError::new(&login.access.record, Cause::Server(ServerError::read(fields)));
        assert_eq!(told(&error), expected);
    };
    check(
        ErrorResponse::fatal("53300", "sorry, too many clients already"),
        "FATAL 53300 \"sorry, too many clients already\"",
    );
    let generic = "\"database of record \\\"orders\\\" refused the connection\"";
    check(
        ErrorResponse::fatal("53300", "too many connections for role \"orders_rw\""),
        &format!("FATAL 53300 {generic}"),
    );
    check(
        ErrorResponse::fatal("08006", "closed").with_detail("By db7.internal."),
        &format!("FATAL 08006 {generic}"),
    );
    check(
        ErrorResponse::fatal("08006", "closed").with_hint("Ask orders_rw."),
        &format!("FATAL 08006 {generic}"),
    );
    check(
        ErrorResponse::fatal("28P01", "password authentication failed"),
        REFUSED,
    );
    check(ErrorResponse::fatal("28000", "no pg_hba.conf entry"), REFUSED);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_of_a_server_end_without_a_panic(
        messages in proptest::collection::vec(("[RKSNEZv]", proptest::collection::vec(any::<u8>(), 0..40)), 0..6),
        tail in proptest::collection::vec(any::<u8>(), 0..20),
    ) {
        let messages = messages.iter().flat_map(|(tag, body)| frontend::message(tag.as_bytes()[0], body));
        let bytes: Vec<u8> = frontend::message(b'R', &[0; 4]).into_iter().chain(messages).chain(tail).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        if let Ok(greeting) = runtime.block_on(scripted(&bytes)) {
            prop_assert_eq!(greeting.ready.len(), 6);
        }
    }
}
