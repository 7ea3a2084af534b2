//! Bad input before the login: a clear FATAL and a closed socket, or a closed socket where there is nobody to tell.
//! And what a stranger can learn by trying.

use postgres_protocol::authentication::sasl::{ChannelBinding, ScramSha256};
use testkit::{Message, Proxy, RawClient, TestDb, frontend, trace};

use crate::database;

fn proxy(database: &TestDb) -> Proxy {
    Proxy::before(database).start().unwrap()
}

/// Sends bytes as the first of a connection, and checks what comes back to its end.
#[track_caller]
fn check(proxy: &Proxy, bytes: &[u8], expected: &str) {
    for bytewise in [false, true] {
        let mut client = RawClient::connect(proxy.address()).unwrap();
        if bytewise {
            // pgwarden may have seen enough before all of it is sent.
            let _ = client.send_bytewise(bytes);
        } else {
            client.send(bytes).unwrap();
        }
        let _ = client.shutdown_write();
        let answer = client.receive_to_end().unwrap();
        // A reset for bytes that nobody read may overtake the error; it is only where there are such bytes.
        if !(bytewise && answer.is_empty()) {
            assert_eq!(trace(&answer), expected, "{}", bytes.escape_ascii());
        }
    }
}

fn fatal(sqlstate: &str, message: &str) -> String {
    format!("B  ErrorResponse FATAL {sqlstate} {message:?}\n")
}

fn length_error(length: u32) -> String {
    fatal(
        "08P01",
        &format!("invalid length of startup packet: {length}, allowed are 8 to 10004 bytes"),
    )
}

#[test]
fn packets_that_are_none() {
    let database = database();
    let proxy = proxy(&database);
    let layout = fatal(
        "08P01",
        "invalid startup packet layout: expected terminator as last byte",
    );
    let http = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    check(&proxy, http, &length_error(u32::from_be_bytes(*b"GET ")));
    check(&proxy, b"\xde\xad\xbe\xef and more", &length_error(0xdead_beef));
    for length in [0, 1, 4, 7, 10_005, 0x7fff_ffff, 0x8000_0000, u32::MAX] {
        check(
            &proxy,
            &[&length.to_be_bytes()[..], &[0, 3, 0, 0, 0]].concat(),
            &length_error(length),
        );
    }
    // A whole packet of the largest size passes this check.
    let largest = frontend::startup_packet(frontend::PROTOCOL_3_0, &vec![0; 10_004 - 8]);
    check(&proxy, &largest, &layout);
    check(
        &proxy,
        &frontend::startup_packet(4 << 16, b"whatever\0\0"),
        &fatal(
            "0A000",
            "unsupported frontend protocol 4.0: server supports 3.0 to 3.2",
        ),
    );
    check(
        &proxy,
        &frontend::startup_packet(4 << 16, b"user\0a\0\0"),
        &fatal(
            "0A000",
            "unsupported frontend protocol 4.0: server supports 3.0 to 3.2",
        ),
    );
    check(
        &proxy,
        &frontend::startup_packet(frontend::PROTOCOL_3_0, b"user\0alice"),
        &layout,
    );
    check(
        &proxy,
        &frontend::startup_packet(frontend::PROTOCOL_3_0, b"user\0alice\0"),
        &layout,
    );
    check(
        &proxy,
        &frontend::startup_packet(frontend::PROTOCOL_3_0, b"user\0\0x"),
        &layout,
    );
    check(
        &proxy,
        &frontend::startup_packet(frontend::PROTOCOL_3_0, b"user\0a\0\0x"),
        &layout,
    );
    let nobody = fatal("28000", "no PostgreSQL user name specified in startup packet");
    check(&proxy, &frontend::startup(&[]), &nobody);
    check(&proxy, &frontend::startup(&[("user", "")]), &nobody);
    check(&proxy, &frontend::startup(&[("database", "orders")]), &nobody);
    // A port scan, a health check, a TLS client hello, a hang-up: nobody to tell.
    check(&proxy, b"", "");
    check(&proxy, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "");
    check(&proxy, &frontend::startup(&[("user", "alice@orders")])[..20], "");
    check(&proxy, &[0, 0], "");
    // Keys of no session.
    check(&proxy, &frontend::cancel_request(1, b"abcd"), "");
    // Nor are keys that none can have: PostgreSQL tells those who cancel nothing at all.
    for key in [&b""[..], b"abc", &[7; 257]] {
        check(&proxy, &frontend::cancel_request(1, key), "");
    }
    proxy.client("alice", "orders").unwrap();
    assert!(!proxy.log().contains("panicked"));
    proxy.assert_idle();
}

/// A login in the longest packet that there may be. What pgwarden sends on has other names in it.
#[test]
fn the_longest_startup_packet() {
    let database = database();
    let proxy = proxy(&database);
    let log_in = |bytes: usize, further: &[(&str, &str)]| {
        let parameters = |padding| {
            let own = [("user", "alice@orders"), ("application_name", padding)];
            [&own, further].concat()
        };
        let padding = "x".repeat(bytes - frontend::startup(&parameters("")).len());
        let parameters = parameters(&padding);
        assert_eq!(frontend::startup(&parameters).len(), bytes);
        let mut client = RawClient::connect(proxy.address()).unwrap();
        let answers = client
            .try_login(&parameters, proxy.password("alice").unwrap())
            .unwrap();
        trace(&answers[answers.len() - 1..])
    };
    let ready = "B  ReadyForQuery Idle\n";
    // The last of several values counts, so that the long one is not passed on.
    assert_eq!(log_in(10_004, &[("application_name", "short")]), ready);
    assert_eq!(log_in(9_000, &[]), ready);
    // One that is passed on, longer than a server takes with the database's name besides.
    assert_eq!(
        log_in(10_004, &[]),
        fatal(
            "54000",
            "startup parameters are too long for the database of record \"orders\""
        )
    );
    assert_eq!(
        log_in(10_005, &[("application_name", "short")]),
        length_error(10_005)
    );
    proxy.assert_idle();
}

#[test]
fn encryption_is_not_on_offer() {
    let database = database();
    let proxy = proxy(&database);
    let (ssl, gssenc) = (frontend::ssl_request(), frontend::gssenc_request());
    for requests in [
        vec![&ssl],
        vec![&gssenc],
        vec![&gssenc, &ssl],
        vec![&ssl, &gssenc],
    ] {
        let mut client = RawClient::connect(proxy.address()).unwrap();
        for request in requests {
            client.send(request).unwrap();
            assert_eq!(client.receive_byte().unwrap(), Some(b'N'));
        }
        client
            .login(&[("user", "alice@orders")], proxy.password("alice").unwrap())
            .unwrap();
    }
    // Somebody between could have put these bytes there.
    for (request, message) in [
        (&ssl, "received unencrypted data after SSL request"),
        (
            &gssenc,
            "received unencrypted data after GSSAPI encryption request",
        ),
    ] {
        let mut client = RawClient::connect(proxy.address()).unwrap();
        client
            .send(&[&request[..], &frontend::startup(&[("user", "alice@orders")])].concat())
            .unwrap();
        assert_eq!(client.receive_byte().unwrap(), Some(b'N'));
        assert_eq!(trace(&client.receive_to_end().unwrap()), fatal("08P01", message));
    }
    // Asked again it is no request but a version.
    let mut client = RawClient::connect(proxy.address()).unwrap();
    client.send(&ssl).unwrap();
    assert_eq!(client.receive_byte().unwrap(), Some(b'N'));
    client.send(&ssl).unwrap();
    assert_eq!(
        trace(&client.receive_to_end().unwrap()),
        fatal(
            "0A000",
            "unsupported frontend protocol 1234.5679: server supports 3.0 to 3.2"
        )
    );
    proxy.assert_idle();
}

/// As PostgreSQL answers them: in the form that they know errors in.
#[test]
fn older_protocols_are_refused() {
    let database = database();
    let proxy = proxy(&database);
    for (version, words) in [(0x0002_0000, "2.0"), (0x0001_0000, "1.0")] {
        let mut client = RawClient::connect(proxy.address()).unwrap();
        client
            .send(&frontend::startup_version(version, &[("user", "alice@orders")]))
            .unwrap();
        let mut answer = Vec::new();
        while let Some(byte) = client.receive_byte().unwrap() {
            answer.push(byte);
        }
        let expected =
            format!("EFATAL:  unsupported frontend protocol {words}: server supports 3.0 to 3.2\n\0");
        assert_eq!(String::from_utf8(answer).unwrap(), expected);
    }
    proxy.assert_idle();
}

#[test]
fn newer_protocols_are_negotiated() {
    let database = database();
    let proxy = proxy(&database);
    let (old, newest, far) = (
        frontend::PROTOCOL_3_0,
        frontend::PROTOCOL_3_2,
        frontend::PROTOCOL_3_0 + 9999,
    );
    let password = proxy.password("alice").unwrap();
    // What the server of the newest version answers: the version that is spoken, and the options that it doesn't know.
    for (version, spoken, unknown) in [
        (newest, newest, vec!["_pq_.one", "_pq_.two"]),
        (old, old, vec!["_pq_.one"]),
        (far, newest, vec![]),
    ] {
        let mut parameters = vec![("user", "alice@orders")];
        parameters.extend(unknown.iter().map(|option| (*option, "x")));
        let mut client = RawClient::connect(proxy.address()).unwrap();
        client
            .send(&frontend::startup_version(version, &parameters))
            .unwrap();
        let negotiate = client.receive().unwrap().unwrap();
        let mut body = spoken.to_be_bytes().to_vec();
        body.extend(u32::try_from(unknown.len()).unwrap().to_be_bytes());
        for option in &unknown {
            body.extend(option.as_bytes());
            body.push(0);
        }
        assert_eq!(negotiate.bytes(), frontend::message(b'v', &body));
        assert_eq!(client.receive().unwrap().unwrap().tag, b'R');
    }
    // The version is all that the length of keys depends on: the server behind speaks 3.0.
    for (version, negotiated, bytes) in [
        (old, false, 4),
        (old + 1, false, 4),
        (newest, false, 32),
        (far, true, 32),
    ] {
        let mut client = RawClient::connect(proxy.address()).unwrap();
        let answers = client
            .try_login_by(version, &[("user", "alice@orders")], password)
            .unwrap();
        assert_eq!(
            answers.iter().any(|answer| answer.tag == b'v'),
            negotiated,
            "{version:x}"
        );
        assert_eq!(client.backend_key().unwrap().1.len(), bytes, "{version:x}");
        client.query("select 1").unwrap();
    }
    let many: Vec<(&str, &str)> = std::iter::once(("user", "alice@orders"))
        .chain(std::iter::repeat_n(("geqo", "on"), 1_000))
        .collect();
    let mut client = RawClient::connect(proxy.address()).unwrap();
    client.login(&many, password).unwrap();
    drop(client);
    proxy.assert_idle();
}

/// A connection that has been asked for SASL.
fn asked(proxy: &Proxy, user: &str) -> (RawClient, Message) {
    let mut client = RawClient::connect(proxy.address()).unwrap();
    client.send(&frontend::startup(&[("user", user)])).unwrap();
    let request = client.receive().unwrap().unwrap();
    (client, request)
}

fn initial(mechanism: &str, data: &[u8]) -> Vec<u8> {
    let mut body = mechanism.as_bytes().to_vec();
    body.push(0);
    body.extend(i32::try_from(data.len()).unwrap().to_be_bytes());
    body.extend(data);
    frontend::message(b'p', &body)
}

#[test]
fn bad_sasl_messages() {
    let database = database();
    let proxy = proxy(&database);
    let plain = "SCRAM-SHA-256";
    let good = b"n,,n=,r=0123456789abcdefghijklmn";
    let violation = |message: &str| fatal("08P01", message);
    let malformed = violation("malformed SCRAM message");
    let mechanism = violation("client selected an invalid SASL authentication mechanism");
    let raw = |body: &[u8]| frontend::message(b'p', body);
    for (message, expected) in [
        (initial("SCRAM-SHA-256-PLUS", good), mechanism.clone()),
        (initial("PLAIN", b"\0alice\0secret"), mechanism.clone()),
        (initial("", good), mechanism.clone()),
        (initial(plain, b""), malformed.clone()),
        (initial(plain, b"n"), malformed.clone()),
        (initial(plain, b"n,"), malformed.clone()),
        (initial(plain, b"n,,"), malformed.clone()),
        (initial(plain, b"n,,r="), malformed.clone()),
        (initial(plain, b"n,,n=,"), malformed.clone()),
        (initial(plain, b"x,,n=,r=abc"), malformed.clone()),
        (initial(plain, b"\xff\xfe\xfd"), malformed.clone()),
        (initial(plain, b"n,,n=\0,r=abc"), malformed.clone()),
        // Channel binding without TLS.
        (
            initial(plain, b"p=tls-server-end-point,,n=,r=abc"),
            malformed.clone(),
        ),
        (
            initial(plain, b"n,a=bob,n=,r=abc"),
            fatal(
                "0A000",
                "client uses authorization identity, but it is not supported",
            ),
        ),
        (
            initial(plain, b"n,,m=x,n=,r=abc"),
            fatal("0A000", "client requires an unsupported SCRAM extension"),
        ),
        (raw(b""), violation("invalid message format")),
        (raw(b"SCRAM-SHA-256"), violation("invalid message format")),
        (raw(b"SCRAM-SHA-256\0"), violation("invalid message format")),
        (
            raw(b"SCRAM-SHA-256\0\0\0\0\x09short"),
            violation("invalid message format"),
        ),
        (
            raw(b"SCRAM-SHA-256\0\x80\0\0\0x"),
            violation("invalid message format"),
        ),
        // A password in clear, as a client would send that was told to use another method.
        (raw(b"secret\0"), violation("invalid message format")),
        (
            frontend::query("select 1"),
            violation("expected SASL response, got message type 81"),
        ),
        (b"p\0\0\0\x03".to_vec(), violation("invalid message length")),
        (b"p\xff\xff\xff\xff".to_vec(), violation("invalid message length")),
        (b"p\0\0\x04\x01".to_vec(), violation("invalid message length")),
        (
            b"\0\0\0\0\0".to_vec(),
            violation("expected SASL response, got message type 0"),
        ),
    ] {
        let (mut client, _) = asked(&proxy, "alice@orders");
        client.send(&message).unwrap();
        assert_eq!(
            trace(&client.receive_to_end().unwrap()),
            expected,
            "{}",
            message.escape_ascii()
        );
    }
    // Cut short, and gone.
    for bytes in [0, 1, 4, 5, 20, 30] {
        let (mut client, _) = asked(&proxy, "alice@orders");
        client.send(&initial(plain, good)[..bytes]).unwrap();
        client.shutdown_write().unwrap();
        assert_eq!(trace(&client.receive_to_end().unwrap()), "", "{bytes}");
    }
    proxy.client("alice", "orders").unwrap();
    assert!(!proxy.log().contains("panicked"));
    proxy.assert_idle();
}

/// The client's first and last SCRAM messages with a password, and what the server said to them.
struct Exchange {
    said: Vec<Message>,
    client_first: Vec<u8>,
    client_final: Vec<u8>,
}

/// Logs in by hand; `tamper` may change the client's final message.
fn exchange(proxy: &Proxy, user: &str, password: &str, tamper: impl Fn(&[u8]) -> Vec<u8>) -> Exchange {
    let (mut client, request) = asked(proxy, user);
    let mut said = vec![request];
    let mut scram = ScramSha256::new(password.as_bytes(), ChannelBinding::unsupported());
    let client_first = scram.message().to_vec();
    client.send(&initial("SCRAM-SHA-256", &client_first)).unwrap();
    let challenge = client.receive().unwrap().unwrap();
    scram.update(&challenge.body[4..]).unwrap();
    said.push(challenge);
    let client_final = scram.message().to_vec();
    client
        .send(&frontend::message(b'p', &tamper(&client_final)))
        .unwrap();
    if let Some(verdict) = client.receive().unwrap() {
        let refused = verdict.tag == b'E';
        said.push(verdict);
        if refused {
            assert!(client.receive().unwrap().is_none(), "refused, but not closed");
        }
    }
    Exchange {
        said,
        client_first,
        client_final,
    }
}

#[test]
fn cut_changed_and_replayed_proofs() {
    type Tamper<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;
    let database = database();
    let proxy = proxy(&database);
    let password = proxy.password("alice").unwrap();
    let good = exchange(&proxy, "alice@orders", password, <[u8]>::to_vec);
    assert_eq!(good.said[2].tag, b'R', "{:?}", good.said[2]);
    let wrong = fatal(
        "28P01",
        "password authentication failed for user \"alice@orders\"",
    );
    let malformed = fatal("08P01", "malformed SCRAM message");
    let tampers: [(Tamper<'_>, &str); 7] = [
        // Replayed: another exchange's nonce.
        (&|_| good.client_final.clone(), &malformed),
        (&|_| good.client_first.clone(), &malformed),
        (&|message| message[..message.len() - 10].to_vec(), &malformed),
        (&|message| message[..10].to_vec(), &malformed),
        (&|_| Vec::new(), &malformed),
        (&|_| b"\xff\xff\xff".to_vec(), &malformed),
        // The proof of another password.
        (
            &|message| {
                let at = message.windows(3).position(|window| window == b",p=").unwrap() + 3;
                let mut message = message.to_vec();
                message[at] = if message[at] == b'A' { b'B' } else { b'A' };
                message
            },
            &wrong,
        ),
    ];
    for (number, (tamper, expected)) in tampers.into_iter().enumerate() {
        let refused = exchange(&proxy, "alice@orders", password, tamper);
        assert_eq!(trace(&refused.said[2..]), expected, "{number}");
    }
    assert!(!proxy.log().contains("panicked"));
    proxy.assert_idle();
}

/// Whoever doesn't know the password learns nothing: not whether the person exists, nor the record.
#[test]
fn strangers_and_people_look_the_same() {
    let database = database();
    let mut proxy = Proxy::before(&database)
        .person("alice")
        .person("bob")
        .grant(&["alice"], &["*"], "")
        .start()
        .unwrap();
    let salt = |message: &Message| {
        let text = String::from_utf8_lossy(&message.body[4..]).into_owned();
        let attribute = |name: &str| {
            text.split(',')
                .find_map(|attribute| attribute.strip_prefix(name))
                .unwrap()
                .to_owned()
        };
        (attribute("s="), attribute("i="), attribute("r=").len())
    };
    // People without and with a grant, on records that are and aren't; strangers with names like the nonces' alphabet.
    let users = [
        "alice@orders",
        "alice@unknown",
        "alice",
        "bob@orders",
        "carol@orders",
        "carol@unknown",
        "dora@orders",
        "dora",
    ];
    let mut salts: Vec<(&str, String)> = Vec::new();
    let mut lengths = Vec::new();
    for round in 0..3 {
        if round == 2 {
            // A restart keeps them.
            proxy.terminate().unwrap();
            proxy.start_again().unwrap();
        }
        for user in users {
            let Exchange { said, .. } = exchange(&proxy, user, "wrong", <[u8]>::to_vec);
            let [request, challenge, verdict] = &said[..] else {
                panic!("{user}: {said:?}")
            };
            assert_eq!(request.body, b"\0\0\0\x0aSCRAM-SHA-256\0\0");
            let (salt, iterations, nonce_bytes) = salt(challenge);
            assert_eq!(iterations, "4096");
            lengths.push((salt.len(), nonce_bytes, challenge.body.len()));
            let person = user.split('@').next().unwrap();
            salts.push((person, salt));
            let mut expected = Vec::new();
            for (code, value) in [
                ("S", "FATAL"),
                ("V", "FATAL"),
                ("C", "28P01"),
                (
                    "M",
                    &format!("password authentication failed for user \"{user}\""),
                ),
            ] {
                expected.extend(code.as_bytes());
                expected.extend(value.as_bytes());
                expected.push(0);
            }
            expected.push(0);
            assert_eq!(verdict.body, expected, "{verdict:?}");
        }
    }
    lengths.dedup();
    assert_eq!(lengths.len(), 1, "{lengths:?}");
    salts.sort();
    salts.dedup();
    let people: Vec<&str> = salts.iter().map(|(person, _)| *person).collect();
    assert_eq!(people, ["alice", "bob", "carol", "dora"], "each one's salt stays");
    proxy.assert_idle();
}
