//! Cancel requests from the client's to the server's end, and between replicas over real sockets.

use std::net::SocketAddr;

use pgwarden_records::Host;
use pgwarden_wire::startup::{PROTOCOL_3_0, PROTOCOL_3_2};
use tokio::io::{DuplexStream, duplex};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::backend_tls::tests::Scene;
use crate::shared::tests::{server, within};

pub(super) fn target(address: SocketAddr, process_id: u32) -> CancelTarget {
    CancelTarget {
        address: ServerAddress::Tcp(address),
        tls: None,
        process_id,
        secret: Secret::new(b"real".to_vec()),
    }
}

pub(super) fn nowhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 1))
}

fn config(peers: &[SocketAddr]) -> ServerConfig {
    let peers = peers.iter().map(|address| Host {
        host: address.ip().to_string(),
        port: address.port(),
    });
    ServerConfig {
        max_cancels_per_second: 1000,
        max_cancels_per_second_per_address: 1000,
        peers: peers.collect(),
        ..server(1, 1)
    }
}

fn replica(login_key: u8) -> Cancels {
    Cancels::new(&Secret::new([login_key; 32])).unwrap()
}

fn requested(process_id: u32, secret: &[u8]) -> Requested<'_> {
    Requested {
        process_id,
        secret,
        from: ClientAddress::Unix(None),
    }
}

/// What becomes of a client's request, and that the client hears nothing but the end.
async fn ask(cancels: &Cancels, config: &ServerConfig, process_id: u32, secret: &[u8]) -> CancelOutcome {
    let (mut client, mut ours): (DuplexStream, _) = duplex(64);
    let outcome = cancels
        .serve(requested(process_id, secret), config, &mut ours)
        .await;
    drop(ours);
    assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
    outcome
}

/// A replica that takes cancel requests where peers find it.
async fn listening(cancels: &Cancels, peers: &[SocketAddr]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (cancels, config) = (cancels.clone(), config(peers));
    tokio::spawn(async move {
        loop {
            let (mut socket, from) = listener.accept().await.unwrap();
            let (cancels, config) = (cancels.clone(), config.clone());
            tokio::spawn(async move {
                let mut packet = vec![0; usize::try_from(socket.read_u32().await.unwrap()).unwrap() - 4];
                socket.read_exact(&mut packet).await.unwrap();
                let requested = Requested {
                    process_id: u32::from_be_bytes(packet[4..8].try_into().unwrap()),
                    secret: &packet[8..],
                    from: ClientAddress::Tcp(from),
                };
                cancels.serve(requested, &config, &mut socket).await;
            });
        }
    });
    address
}

/// A database, and the cancel requests that it gets.
async fn database() -> (SocketAddr, tokio::sync::mpsc::UnboundedReceiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (send, receive) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 16];
            socket.read_exact(&mut request).await.unwrap();
            send.send(request).unwrap();
        }
    });
    (address, receive)
}

fn expected_at(process_id: u32) -> Vec<u8> {
    [
        &b"\0\0\0\x10\x04\xd2\x16\x2e"[..],
        &process_id.to_be_bytes(),
        b"real",
    ]
    .concat()
}

/// A session that has nothing to pass on.
fn register(cancels: &Cancels, target: CancelTarget, version: u32) -> Registration {
    let registration = cancels.register(target, version).unwrap();
    let ahead = registration.ahead();
    tokio::spawn(async move {
        loop {
            ahead.asked().await;
            ahead.done();
        }
    });
    registration
}

#[tokio::test]
async fn the_client_is_closed_after_the_server_has_closed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let cancels = replica(7);
    let registration = register(&cancels, target(listener.local_addr().unwrap(), 7), PROTOCOL_3_0);
    let secret = registration.secret();
    let (mut client, mut ours) = duplex(64);
    let relay = tokio::spawn(async move {
        let config = config(&[]);
        cancels.serve(requested(7, &secret), &config, &mut ours).await
    });

    let (mut server, _) = listener.accept().await.unwrap();
    let mut request = [0; 16];
    server.read_exact(&mut request).await.unwrap();
    assert_eq!(request[..], expected_at(7));
    // The relay waits for the server, so the client can't have been closed.
    assert!(!relay.is_finished());
    drop(server);
    assert!(matches!(relay.await.unwrap(), CancelOutcome::Delivered));
    assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
}

#[tokio::test]
async fn an_unknown_key_is_answered_with_silence() {
    let (cancels, stranger) = (replica(7), replica(7));
    let gone = register(&cancels, target(nowhere(), 7), PROTOCOL_3_2).secret();
    let foreign = register(&stranger, target(nowhere(), 7), PROTOCOL_3_2).secret();
    for secret in [b"abcd", &gone[..], &foreign, &[0; 32], &[0; 256]] {
        let outcome = ask(&cancels, &config(&[]), 7, secret).await;
        assert!(matches!(outcome, CancelOutcome::UnknownKey), "{outcome:?}");
    }
}

#[tokio::test]
async fn one_too_many_is_answered_with_silence() {
    let (address, mut seen) = database().await;
    let cancels = replica(7);
    let registration = register(&cancels, target(address, 7), PROTOCOL_3_2);
    let config = ServerConfig {
        max_cancels_per_second_per_address: 2,
        ..config(&[])
    };
    // Each is refused or not within far less than the half second in which one more would be allowed: the pace's own tests hold the edge.
    let mut outcomes = Vec::new();
    while !outcomes
        .iter()
        .any(|outcome| matches!(outcome, CancelOutcome::Dropped(TooMany::FromAddress(2))))
    {
        outcomes.push(ask(&cancels, &config, 7, &registration.secret()).await);
    }
    assert!(outcomes.len() > 2, "{outcomes:?}");
    for _ in 1..outcomes.len() {
        assert_eq!(within("a request", seen.recv()).await.unwrap(), expected_at(7));
    }
    assert!(seen.try_recv().is_err());
}

/// Of two sessions with the same process id, at different servers, behind different replicas.
#[tokio::test]
async fn a_replica_serves_the_keys_of_another() {
    for version in [PROTOCOL_3_0, PROTOCOL_3_2] {
        let ((right, mut at_right), (wrong, mut at_wrong)) = (database().await, database().await);
        let (asked, owner, other) = (replica(7), replica(7), replica(7));
        let registration = register(&owner, target(right, 7), version);
        let _others = [&asked, &other].map(|replica| register(replica, target(wrong, 7), version));
        let peers = [
            listening(&owner, &[]).await,
            listening(&other, &[]).await,
            nowhere(),
        ];
        // The second time it is known which one to ask.
        for _ in 0..2 {
            let outcome = within("the end", ask(&asked, &config(&peers), 7, &registration.secret())).await;
            assert!(matches!(outcome, CancelOutcome::PassedOn), "{outcome:?}");
            assert_eq!(
                within("the request", at_right.recv()).await.unwrap(),
                expected_at(7)
            );
        }
        assert!(at_right.try_recv().is_err());
        assert!(at_wrong.try_recv().is_err());
        // A key is good for as long as its session lives.
        let secret = registration.secret();
        drop(registration);
        let outcome = within("the end", ask(&asked, &config(&peers[..2]), 7, &secret)).await;
        assert!(matches!(outcome, CancelOutcome::UnknownKey), "{outcome:?}");
        // One that may have it can't be asked.
        let outcome = within("the end", ask(&asked, &config(&peers), 7, &secret)).await;
        let is_expected = match version {
            PROTOCOL_3_0 => matches!(outcome, CancelOutcome::PeerFailed),
            // It was met, and said that it has not.
            _ => matches!(outcome, CancelOutcome::UnknownKey),
        };
        assert!(is_expected, "{outcome:?}");
    }
}

/// All replicas can have the same list, themselves in it.
#[tokio::test]
async fn requests_do_not_go_round_in_circles() {
    let (one, other) = (replica(7), replica(7));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let spied = listener.local_addr().unwrap();
    // Each lists the other, itself, and one more that would notice if anybody passed on what was passed on.
    let first = listening(&one, &[spied]).await;
    let second = listening(&other, &[first, spied]).await;
    let outcome = within("the end", ask(&one, &config(&[first, second]), 7, b"abcd")).await;
    assert!(matches!(outcome, CancelOutcome::UnknownKey), "{outcome:?}");
    assert!(
        std::future::poll_fn(|cx| std::task::Poll::Ready(listener.poll_accept(cx)))
            .await
            .is_pending()
    );
}

/// One that accepts and says nothing keeps nobody from asking the others, and the client not for ever.
#[tokio::test(start_paused = true)]
async fn a_silent_peer_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let begun = tokio::time::Instant::now();
    let outcome = ask(&replica(7), &config(&[silent.local_addr().unwrap()]), 7, b"abcd").await;
    assert!(matches!(outcome, CancelOutcome::PeerFailed), "{outcome:?}");
    assert!(begun.elapsed() < Duration::from_secs(10));
}

/// A flood of wrong keys must not become one of connections to peers, nor of names to resolve.
#[tokio::test]
async fn a_peer_that_could_not_be_asked_is_left_alone_for_a_while() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = config(&[listener.local_addr().unwrap()]);
    let asked = replica(7);
    // It closes without a word, as what is no pgwarden does.
    let closing = async { drop(listener.accept().await.unwrap()) };
    let (outcome, ()) = within("the end", async {
        tokio::join!(ask(&asked, &config, 7, b"abcd"), closing)
    })
    .await;
    assert!(matches!(outcome, CancelOutcome::PeerFailed), "{outcome:?}");
    for _ in 0..10 {
        let outcome = within("the end", ask(&asked, &config, 7, b"abcd")).await;
        assert!(matches!(outcome, CancelOutcome::PeerFailed), "{outcome:?}");
    }
    assert!(
        std::future::poll_fn(|cx| std::task::Poll::Ready(listener.poll_accept(cx)))
            .await
            .is_pending()
    );
}

/// A conversation that a replica has with a peer, as somebody between them sees it.
struct Overheard {
    hello: Vec<u8>,
    challenge: Vec<u8>,
    request: Vec<u8>,
}

/// Lets a request be passed on to `to`, and listens.
async fn overhear(asked: &Cancels, to: SocketAddr, secret: &[u8]) -> Overheard {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let between = config(&[listener.local_addr().unwrap()]);
    let passing = ask(asked, &between, 7, secret);
    let listening = async {
        let (mut from, _) = listener.accept().await.unwrap();
        let mut to = TcpStream::connect(to).await.unwrap();
        let mut overheard = Overheard {
            hello: vec![0; 12 + 48],
            challenge: vec![0; 48],
            request: vec![0; 4 + 32 + 32],
        };
        from.read_exact(&mut overheard.hello).await.unwrap();
        to.write_all(&overheard.hello).await.unwrap();
        to.read_exact(&mut overheard.challenge).await.unwrap();
        from.write_all(&overheard.challenge).await.unwrap();
        from.read_exact(&mut overheard.request).await.unwrap();
        to.write_all(&overheard.request).await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
        overheard
    };
    let (outcome, overheard) = within("the exchange", async { tokio::join!(passing, listening) }).await;
    assert!(matches!(outcome, CancelOutcome::PassedOn), "{outcome:?}");
    overheard
}

#[tokio::test]
async fn what_was_overheard_or_is_made_up_does_nothing() {
    let (address, mut seen) = database().await;
    let (asked, owner) = (replica(7), replica(7));
    let registration = register(&owner, target(address, 7), PROTOCOL_3_2);
    let peer = listening(&owner, &[]).await;
    let secret = registration.secret();
    let overheard = overhear(&asked, peer, &secret).await;
    assert_eq!(within("the request", seen.recv()).await.unwrap(), expected_at(7));

    let everything = [&overheard.hello[..], &overheard.challenge, &overheard.request].concat();
    assert!(
        everything
            .windows(8)
            .all(|window| !secret.windows(8).any(|part| part == window)),
        "the secret was seen"
    );

    // The hello again is answered, but never by the same challenge, so the request doesn't fit.
    let mut replayed = TcpStream::connect(peer).await.unwrap();
    replayed.write_all(&overheard.hello).await.unwrap();
    let mut challenge = [0; 48];
    replayed.read_exact(&mut challenge).await.unwrap();
    assert_ne!(challenge[..], overheard.challenge);
    replayed.write_all(&overheard.request).await.unwrap();
    assert_eq!(within("the end", replayed.read(&mut [0; 64])).await.unwrap(), 0);

    // Who lacks the key isn't even told that there are peers.
    let stranger = replica(8);
    let outcome = within("the end", ask(&stranger, &config(&[peer]), 7, b"abcd")).await;
    assert!(matches!(outcome, CancelOutcome::PeerFailed), "{outcome:?}");
    for at in 12..overheard.hello.len() {
        let mut hello = overheard.hello.clone();
        hello[at] ^= 1;
        let mut forged = TcpStream::connect(peer).await.unwrap();
        forged.write_all(&hello).await.unwrap();
        assert_eq!(
            within("the end", forged.read(&mut [0; 64])).await.unwrap(),
            0,
            "byte {at}"
        );
    }
    assert!(seen.try_recv().is_err());
}

/// Who is asked may be somebody else.
#[tokio::test]
async fn a_peer_that_does_not_prove_itself_is_told_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = config(&[listener.local_addr().unwrap()]);
    let asked = replica(7);
    let impostor = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.read_exact(&mut [0; 60]).await.unwrap();
        socket.write_all(&[0; 48]).await.unwrap();
        socket.read(&mut [0; 64]).await.unwrap_or(0)
    };
    let (outcome, told) = within("the end", async {
        tokio::join!(ask(&asked, &config, 7, b"abcd"), impostor)
    })
    .await;
    assert!(matches!(outcome, CancelOutcome::PeerFailed), "{outcome:?}");
    assert_eq!(told, 0);
}

/// Over the very channel that the session has, so that nobody sees the secret who hasn't seen the session.
#[tokio::test]
async fn a_request_goes_under_the_tls_of_its_session() {
    let scene = Scene::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (channel, route) = {
        let at = ServerAddress::Tcp(address);
        let mut ours = at.connect().await.unwrap();
        let theirs = scene.serve(&listener);
        let protecting = backend_tls::protect(&mut ours, &scene.database, &scene.host, &at);
        let (protected, _) = tokio::join!(protecting, theirs);
        protected.unwrap()
    };
    assert!(channel.is_trusted && channel.tls.is_some());
    let of_session = CancelTarget {
        tls: route,
        ..target(address, 7)
    };
    let target = of_session.clone();
    let cancelling = tokio::spawn(async move { cancel_backend(&target).await });
    let mut server = scene.serve(&listener).await.unwrap();
    let mut request = [0; 16];
    server.read_exact(&mut request).await.unwrap();
    assert_eq!(&request, b"\0\0\0\x10\x04\xd2\x16\x2e\0\0\0\x07real");
    // It closes without a word about it, as a server does that is in a hurry.
    drop(server);
    cancelling.await.unwrap().unwrap();

    // One that has lost its TLS, or isn't the one that it was, gets nothing.
    let cancelling = tokio::spawn(async move { cancel_backend(&of_session).await });
    let (mut server, _) = listener.accept().await.unwrap();
    let mut request = [0; 8];
    server.read_exact(&mut request).await.unwrap();
    server.write_all(b"N").await.unwrap();
    assert_eq!(server.read(&mut [0; 16]).await.unwrap(), 0);
    assert!(cancelling.await.unwrap().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let result = cancel_backend(&target(listener.local_addr().unwrap(), 7)).await;
    assert_eq!(result.unwrap_err().kind(), io::ErrorKind::TimedOut);
}
