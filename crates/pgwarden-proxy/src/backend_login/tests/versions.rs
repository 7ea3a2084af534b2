//! Which version of the protocol is spoken with a database, what keys it gives, and what becomes of one that says nothing.

use std::sync::{Arc, Mutex};

use pgwarden_wire::sqlstate;
use tokio::net::TcpStream;

use super::*;

/// A server that does `answer` on each connection, given the startup packet; and the versions that it was asked for.
async fn answering<F: Future<Output = ()> + Send + 'static>(
    answer: impl Fn(TcpStream, u32) -> F + Send + 'static,
) -> (u16, Arc<Mutex<Vec<u32>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let rest = stream.read_u32().await.unwrap() - 4;
            let version = stream.read_u32().await.unwrap();
            let mut parameters = vec![0; usize::try_from(rest - 4).unwrap()];
            stream.read_exact(&mut parameters).await.unwrap();
            seen.lock().unwrap().push(version);
            tokio::spawn(answer(stream, version));
        }
    });
    (port, asked)
}

/// `AuthenticationOk`, a key and `ReadyForQuery`.
fn welcome(key: &[u8]) -> Vec<u8> {
    [
        frontend::message(b'R', &[0; 4]),
        frontend::message(b'K', &[b"\0\0\0\x07", key].concat()),
        frontend::message(b'Z', b"I"),
    ]
    .concat()
}

fn negotiate(newest: u32, options: &[&str]) -> Vec<u8> {
    let mut message = Vec::new();
    let options: Vec<&[u8]> = options.iter().map(|option| option.as_bytes()).collect();
    startup::negotiate_protocol_version(&mut message, newest, &options);
    message
}

#[tokio::test]
async fn the_newest_version_is_asked_for_once_and_then_the_oldest() {
    let refusal = |sqlstate| {
        let mut refusal = Vec::new();
        ErrorResponse::fatal(sqlstate, "unsupported frontend protocol 3.2").encode(&mut refusal);
        refusal
    };
    let both = [PROTOCOL_3_2, PROTOCOL_3_0];
    for (to_newest, to_oldest, versions, told_of_it) in [
        (welcome(&[1; 32]), Vec::new(), &both[..1], None),
        // A server of a version up to 17.
        (
            [negotiate(PROTOCOL_3_0, &[]), welcome(&[1; 4])].concat(),
            Vec::new(),
            &both[..1],
            None,
        ),
        (
            refusal(sqlstate::FEATURE_NOT_SUPPORTED),
            welcome(&[1; 4]),
            &both,
            None,
        ),
        (
            refusal(sqlstate::PROTOCOL_VIOLATION),
            welcome(&[1; 4]),
            &both,
            None,
        ),
        (Vec::new(), welcome(&[1; 4]), &both, None),
        // Nothing of it was about the version.
        (
            refusal(sqlstate::FEATURE_NOT_SUPPORTED),
            refusal(sqlstate::FEATURE_NOT_SUPPORTED),
            &both,
            Some("FATAL 0A000 \"unsupported frontend protocol 3.2\""),
        ),
        (Vec::new(), Vec::new(), &both, Some(UNREACHABLE)),
        (
            refusal(sqlstate::INVALID_PASSWORD),
            welcome(&[1; 4]),
            &both[..1],
            Some(REFUSED),
        ),
        (
            [
                negotiate(PROTOCOL_3_0, &[]),
                refusal(sqlstate::TOO_MANY_CONNECTIONS),
            ]
            .concat(),
            welcome(&[1; 4]),
            &both[..1],
            Some("FATAL 53300 \"unsupported frontend protocol 3.2\""),
        ),
    ] {
        let (port, asked) = answering(move |mut stream, version| {
            let answer = if version == PROTOCOL_3_2 {
                to_newest.clone()
            } else {
                to_oldest.clone()
            };
            async move { crate::stream::last_words(&mut stream, &answer).await }
        })
        .await;
        let configuration = configuration(&format!("\"127.0.0.1\"\nport = {port}"), "app", None);
        let outcome = connect_to(&configuration, "shop").await;
        assert_eq!(*asked.lock().unwrap(), versions);
        let Some(expected) = told_of_it else {
            let target = outcome.unwrap().cancel.unwrap();
            assert!(target.secret.ct_eq(&[1; 32]) || target.secret.ct_eq(&[1; 4]));
            continue;
        };
        assert_eq!(told(&outcome.unwrap_err()), expected);
    }
}

#[tokio::test]
async fn a_negotiation_is_believed_as_libpq_does() {
    let spoken = negotiate(PROTOCOL_3_0, &[]);
    assert!(
        scripted(&[spoken.clone(), welcome(b"abcd")].concat())
            .await
            .is_ok()
    );
    let late = [frontend::message(b'R', &[0; 4]), spoken.clone()].concat();
    let nonsense = "it negotiates the version of the protocol in a way that makes no sense";
    for (script, expected) in [
        (negotiate(PROTOCOL_3_2, &[]), nonsense),
        (negotiate(PROTOCOL_3_0 + 1, &[]), nonsense),
        (negotiate(PROTOCOL_3_0 + 3, &[]), nonsense),
        (negotiate(0x0002_0000, &[]), nonsense),
        (negotiate(0x0004_0000, &[]), nonsense),
        (negotiate(PROTOCOL_3_0, &["_pq_.never_asked"]), nonsense),
        ([spoken.clone(), spoken].concat(), nonsense),
        (late, "it sent a message of type 0x76 during the login"),
        (
            frontend::message(b'v', b"\0\x03\0\0\0\0\0\x01"),
            "what it sends is not PostgreSQL's protocol",
        ),
        (
            frontend::message(b'v', b"\0\x03\0\0\xff\xff\xff\xff"),
            "what it sends is not PostgreSQL's protocol",
        ),
    ] {
        let error = scripted(&[script, welcome(b"abcd")].concat())
            .await
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[tokio::test]
async fn keys_of_a_server_at_their_edges() {
    for (bytes, fits) in [
        (0, false),
        (3, false),
        (4, true),
        (32, true),
        (256, true),
        (257, false),
    ] {
        match scripted(&welcome(&vec![b'x'; bytes])).await {
            Ok(greeting) => {
                assert!(fits, "{bytes}");
                assert_eq!(greeting.key.unwrap().1.expose().len(), bytes);
            }
            Err(error) => {
                assert!(!fits, "{bytes}");
                let expected = format!("its cancel key has {bytes} bytes, and 4 to 256 are allowed");
                assert_eq!(error.to_string(), expected);
            }
        }
    }
}

/// One that accepts and says nothing has `connect_timeout`, and leaves the others of the list their time.
#[tokio::test]
async fn a_silent_host_is_passed_over() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_port = silent.local_addr().unwrap().port();
    let (port, asked) = answering(|mut stream, _| async move {
        stream.write_all(&welcome(b"abcd")).await.unwrap();
        // Open until the other side has what it wants.
        let _ = stream.read(&mut [0]).await;
    })
    .await;
    let both = configuration(
        &format!("[\"127.0.0.1:{silent_port}\", \"127.0.0.1:{port}\"]"),
        "app",
        None,
    );
    let login_of = |snapshot: &Snapshot| login(snapshot, "shop").unwrap();
    let keys = ScramKeys::default();
    let limit = Duration::from_secs(1);
    connect(
        &login_of(&both),
        &keys,
        &TcpSettings::default(),
        limit,
        Instant::now() + LIMIT,
    )
    .await
    .unwrap();
    assert_eq!(asked.lock().unwrap().len(), 1);
    // Nor does the login's own deadline leave all of itself to the first.
    connect(
        &login_of(&both),
        &keys,
        &TcpSettings::default(),
        LIMIT,
        Instant::now() + 2 * limit,
    )
    .await
    .unwrap();

    let alone = configuration(&format!("\"127.0.0.1:{silent_port}\""), "app", None);
    let error = connect(
        &login_of(&alone),
        &keys,
        &TcpSettings::default(),
        limit,
        Instant::now() + LIMIT,
    )
    .await
    .unwrap_err();
    assert_eq!(
        (told(&error).as_str(), error.kind()),
        (UNREACHABLE, LoginFailure::BackendUnreachable)
    );
    assert!(
        error
            .to_string()
            .ends_with(&format!("127.0.0.1:{silent_port}: it did not answer in time")),
        "{error}"
    );
}

#[test]
fn time_is_shared_among_those_that_are_left() {
    let now = Instant::now();
    let after = |seconds| now + Duration::from_secs(seconds);
    for (deadline, sharers, expected) in [(60, 1, 60), (60, 3, 20), (60, 0, 60), (0, 3, 0)] {
        assert_eq!(
            share(after(deadline), now, sharers),
            after(expected),
            "{deadline} {sharers}"
        );
    }
    assert_eq!(share(now, after(5), 2), after(5), "a deadline that has passed");
}
