//! TLS with clients and with databases: real clients, a real server, and single bytes where those wouldn't do.

use std::path::Path;

use testkit::{
    Authority, Cluster, ClusterOptions, Endpoint, Identity, Output, Proxy, RawClient, Record, ServerAuth,
    ServerTls, TestDb, TlsClient, frontend, trace, wait_for,
};

/// pgwarden before a database, with a certificate for `localhost` by an authority of its own.
struct Scene {
    authority: Authority,
    database: TestDb,
    proxy: Proxy,
}

impl Scene {
    /// `tls` is what stands beside certificate and key in `tls` of `[server]`.
    fn new(tls: &str) -> Self {
        Self::with(tls, |config, _| config)
    }

    fn with(tls: &str, more: impl FnOnce(testkit::Config, &Authority) -> testkit::Config) -> Self {
        let authority = Authority::new("authority").unwrap();
        let database = Cluster::shared().unwrap().database().unwrap();
        database.execute("create table t (a int)").unwrap();
        let config = Proxy::before(&database).record(Record::open("orders"));
        let directory = config.directory().to_owned();
        authority.write(&directory.join("root.crt")).unwrap();
        let server = authority.server(&["localhost", "127.0.0.1"]).unwrap();
        server.write(&directory, "server").unwrap();
        let config = config.server(&format!(
            "tls = {{ cert = \"server.crt\", key = \"server.key\"{tls} }}"
        ));
        let proxy = more(config, &authority).start().unwrap();
        Scene {
            authority,
            database,
            proxy,
        }
    }

    /// psql as alice, at `localhost`, with these parameters of the connection string besides.
    fn psql(&self, parameters: &str, sql: &str) -> Output {
        self.psql_as("alice", self.proxy.password("alice").unwrap(), parameters, sql)
    }

    fn psql_as(&self, person: &str, password: &str, parameters: &str, sql: &str) -> Output {
        let target = format!("host=localhost {parameters}");
        self.proxy
            .psql_as(&format!("{person}@orders"), Some(&target), password, sql, &[])
            .unwrap()
    }

    /// A client that trusts the authority.
    fn tls(&self) -> TlsClient {
        TlsClient {
            authority: Some((self.authority.certificate_der().to_vec(), "localhost".to_owned())),
            ..TlsClient::default()
        }
    }

    fn connect(&self) -> RawClient {
        RawClient::connect(self.proxy.address()).unwrap()
    }

    fn log_in(&self, client: &mut RawClient) {
        client
            .login(&[("user", "alice@orders")], self.proxy.password("alice").unwrap())
            .unwrap();
    }

    /// The first line of each recording, as JSON.
    fn facts(&self) -> String {
        self.proxy
            .cli(&["export", "last", "--format", "jsonl"])
            .unwrap()
            .expect_success()
            .lines()
            .next()
            .unwrap()
            .to_owned()
    }
}

/// A client may have been told before it is logged.
#[track_caller]
fn await_log(proxy: &Proxy, text: &str) {
    wait_for(&format!("{text:?} in the log"), || proxy.log().contains(text));
}

#[track_caller]
fn check_psql(scene: &Scene, parameters: &str, expected: Result<&str, &str>) {
    let output = scene.psql(parameters, "select 'in'");
    match expected {
        Ok(answer) => assert_eq!(output.expect_success().trim(), answer, "{parameters}"),
        Err(text) => {
            assert!(!output.success(), "{parameters}: {}", output.stdout);
            assert!(output.stderr.contains(text), "{parameters}: {}", output.stderr);
        }
    }
}

#[test]
fn every_sslmode_against_a_listener_that_requires_tls() {
    let scene = Scene::new("");
    let root = format!(
        "sslrootcert={}",
        scene.proxy.directory().join("root.crt").display()
    );
    for parameters in [
        "sslmode=prefer",
        "sslmode=allow",
        "sslmode=require",
        "sslmode=require channel_binding=require",
        "sslmode=require channel_binding=disable",
        "sslmode=require ssl_max_protocol_version=TLSv1.2 channel_binding=require",
        &format!("sslmode=verify-ca {root}"),
        &format!("sslmode=verify-full {root} channel_binding=require"),
    ] {
        check_psql(&scene, parameters, Ok("in"));
    }
    check_psql(&scene, "sslmode=disable", Err("FATAL:  TLS is required"));
    let stranger = scene.proxy.directory().join("stranger.crt");
    Authority::new("stranger").unwrap().write(&stranger).unwrap();
    check_psql(
        &scene,
        &format!("sslmode=verify-ca sslrootcert={}", stranger.display()),
        Err("certificate verify failed"),
    );
    let wrong = scene.proxy.psql_as(
        "alice@orders",
        Some("host=localhost sslmode=require channel_binding=require"),
        "wrong",
        "",
        &[],
    );
    assert!(
        wrong
            .unwrap()
            .stderr
            .contains("password authentication failed for user \"alice@orders\"")
    );
    // One is of sslmode=allow, which tries plain text first.
    wait_for("both logins without TLS to be counted", || {
        let reason = [("reason", "tls_required")];
        scene
            .proxy
            .metric("pgwarden_login_failures_total", &reason)
            .unwrap()
            == 2.0
    });
    scene.proxy.assert_idle();
}

#[test]
fn every_sslmode_against_other_listeners() {
    let scene = Scene::with(", mode = \"prefer\"", |config, _| {
        config
            .listener("{ address = \"127.0.0.1:0\", tls = \"disable\" }")
            .listener("{ address = \"127.0.0.1:0\", tls = { mode = \"require\" } }")
            .socket_listener()
    });
    check_psql(&scene, "sslmode=disable", Ok("in"));
    check_psql(&scene, "sslmode=require", Ok("in"));
    let ports: Vec<u16> = scene
        .proxy
        .listeners()
        .iter()
        .filter_map(|endpoint| match endpoint {
            Endpoint::Tcp(address) => Some(address.port()),
            Endpoint::Unix(_) => None,
        })
        .collect();
    check_psql(&scene, &format!("port={} sslmode=disable", ports[1]), Ok("in"));
    check_psql(&scene, &format!("port={} sslmode=prefer", ports[1]), Ok("in"));
    check_psql(
        &scene,
        &format!("port={} sslmode=require", ports[1]),
        Err("server does not support SSL"),
    );
    check_psql(&scene, &format!("port={} sslmode=require", ports[2]), Ok("in"));
    check_psql(
        &scene,
        &format!("port={} sslmode=disable", ports[2]),
        Err("TLS is required"),
    );
    let socket = format!(
        "host={} port=6432 sslmode=require",
        scene.proxy.directory().display()
    );
    check_psql(&scene, &socket, Ok("in"));
    scene.proxy.assert_idle();
}

#[test]
fn tls_is_recorded_and_logged() {
    let scene = Scene::new("");
    check_psql(
        &scene,
        "sslmode=require ssl_max_protocol_version=TLSv1.2",
        Ok("in"),
    );
    let facts = scene.facts();
    assert!(
        facts.contains(r#""tls":{"version":"TLSv1.2","cipher":"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"}"#),
        "{facts}"
    );
    check_psql(&scene, "sslmode=require", Ok("in"));
    let facts = scene.facts();
    assert!(
        facts.contains(r#""tls":{"version":"TLSv1.3","cipher":"TLS_AES_256_GCM_SHA384"}"#),
        "{facts}"
    );
    let log = scene.proxy.log();
    assert!(log.contains("TLSv1.3 TLS_AES_256_GCM_SHA384"), "{log}");
}

#[test]
fn certificates_of_clients() {
    let scene = Scene::with(", client_ca = \"root.crt\"", |config, authority| {
        let directory = config.directory().to_owned();
        for (name, addresses) in [
            ("alice", &[][..]),
            ("carol", &["carol@example.com"]),
            ("mallory", &["mallory@example.com"]),
        ] {
            authority
                .client(name, addresses)
                .unwrap()
                .write(&directory, name)
                .unwrap();
        }
        let stranger = Authority::new("authority").unwrap();
        stranger
            .client("carol", &["carol@example.com"])
            .unwrap()
            .write(&directory, "stranger")
            .unwrap();
        config
            .person_with("alice", "certificate = { cn = \"alice\" }")
            .person("bob")
            .extra(
                "[[user]]\nname = \"carol\"\ncertificate = { cn = \"carol\", san = \"carol@example.com\" }",
            )
            .grant(&["alice", "bob", "carol"], &["*"], "")
    });
    let directory = scene.proxy.directory().to_owned();
    let showing = |name: &str| {
        let file = |end: &str| directory.join(format!("{name}.{end}")).display().to_string();
        format!("sslmode=require sslcert={} sslkey={}", file("crt"), file("key"))
    };
    let none = "sslmode=require sslcert=/nonexistent/client.crt".to_owned();
    let own = |person: &str| scene.proxy.password(person).unwrap_or("wrong").to_owned();
    let let_in = |person: &str, password: &str, parameters: &str| {
        let output = scene.psql_as(person, password, parameters, "select 'in'");
        if !output.success() {
            let expected = format!("password authentication failed for user \"{person}@orders\"");
            assert!(output.stderr.contains(&expected), "{}", output.stderr);
        }
        output.success()
    };

    // alice: both.
    assert!(let_in("alice", &own("alice"), &showing("alice")));
    let facts = scene.facts();
    assert!(facts.contains(r#""client_certificate":"CN=alice""#), "{facts}");
    assert!(!let_in("alice", "wrong", &showing("alice")));
    assert!(!let_in("alice", &own("alice"), &showing("mallory")));
    assert!(!let_in("alice", &own("alice"), &none));
    // bob: the password, whatever else is shown.
    assert!(let_in("bob", &own("bob"), &none));
    assert!(let_in("bob", &own("bob"), &showing("mallory")));
    // carol: the certificate alone.
    assert!(let_in("carol", "", &showing("carol")));
    assert!(let_in("carol", "whatever", &showing("carol")));
    assert!(!let_in("carol", "whatever", &showing("mallory")));
    assert!(!let_in("carol", "whatever", &none));
    assert!(!let_in("nobody", "whatever", &showing("carol")));
    let stranger = scene.psql_as("carol", "", &showing("stranger"), "select 'in'");
    assert!(!stranger.success() && stranger.stdout.is_empty(), "{stranger:?}");

    for text in [
        "showed that of \"CN=mallory\"",
        "showed none",
        "the TLS handshake failed",
    ] {
        await_log(&scene.proxy, text);
    }
    scene.proxy.assert_idle();
}

#[test]
fn nothing_comes_in_before_the_handshake() {
    let scene = Scene::new("");
    let startup = frontend::startup(&[("user", "alice@orders")]);
    let mut client = scene.connect();
    client
        .send(&[frontend::ssl_request(), startup.clone()].concat())
        .unwrap();
    assert_eq!(
        trace(&client.receive_to_end().unwrap()),
        "B  ErrorResponse FATAL 08P01 \"received unencrypted data after SSL request\"\n"
    );

    // What comes later is read as TLS, and is none.
    let mut client = scene.connect();
    client.send(&frontend::ssl_request()).unwrap();
    assert_eq!(client.receive_byte().unwrap(), Some(b'S'));
    client.send(&startup).unwrap();
    // An alert, fatal.
    assert_eq!(client.receive_byte().unwrap(), Some(0x15));

    let mut client = scene.connect();
    client.send(&startup).unwrap();
    assert_eq!(
        trace(&client.receive_to_end().unwrap()),
        "B  ErrorResponse FATAL 28000 \"TLS is required\"\n"
    );

    // Under TLS there is no second request for encryption.
    for (request, code) in [
        (frontend::ssl_request(), 5679),
        (frontend::gssenc_request(), 5680),
    ] {
        let mut client = scene.connect();
        client.start_tls(&scene.tls()).unwrap();
        client.send(&request).unwrap();
        assert_eq!(
            trace(&client.receive_to_end().unwrap()),
            format!(
                "B  ErrorResponse FATAL 0A000 \"unsupported frontend protocol 1234.{code}: server supports 3.0 to 3.2\"\n"
            )
        );
    }

    // A client that asks for GSSAPI first is told no, and then may have TLS.
    let mut client = scene.connect();
    client.send(&frontend::gssenc_request()).unwrap();
    assert_eq!(client.receive_byte().unwrap(), Some(b'N'));
    client.start_tls(&scene.tls()).unwrap();
    scene.log_in(&mut client);
    assert_eq!(client.rows("select 1").unwrap(), [["1"]]);
    drop(client);
    scene.proxy.assert_idle();
}

#[test]
fn direct_tls_names_the_protocol() {
    let scene = Scene::new("");
    let named = TlsClient {
        protocols: vec!["postgresql"],
        ..scene.tls()
    };
    let mut client = scene.connect();
    client.handshake(&named).unwrap();
    scene.log_in(&mut client);
    assert_eq!(client.rows("select 1").unwrap(), [["1"]]);
    drop(client);

    // After an SSLRequest too, where it may be left out.
    let mut client = scene.connect();
    client.start_tls(&named).unwrap();
    scene.log_in(&mut client);
    drop(client);

    let mut client = scene.connect();
    client.handshake(&scene.tls()).unwrap();
    // It is closed, perhaps before it can write.
    let _ = client.send(&frontend::startup(&[("user", "alice@orders")]));
    assert!(client.receive_to_end().unwrap_or_default().is_empty());

    for ask in [false, true] {
        let other = TlsClient {
            protocols: vec!["h2"],
            ..scene.tls()
        };
        let mut client = scene.connect();
        let result = if ask {
            client.start_tls(&other)
        } else {
            client.handshake(&other)
        };
        let error = format!("{:#}", result.unwrap_err());
        assert!(error.contains("NoApplicationProtocol"), "{error}");
    }
    await_log(
        &scene.proxy,
        "TLS began without the name of PostgreSQL's protocol",
    );
    scene.proxy.assert_idle();
}

/// A `ClientHello` that offers nothing later than `minor` (1: TLS 1.0, 2: TLS 1.1), and suites of that time.
fn client_hello(minor: u8) -> Vec<u8> {
    let mut hello = vec![3, minor];
    hello.extend([7; 32]);
    hello.push(0);
    // TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, TLS_RSA_WITH_AES_128_CBC_SHA.
    hello.extend([0, 6, 0xc0, 0x09, 0xc0, 0x13, 0x00, 0x2f]);
    hello.extend([1, 0]);
    // supported_groups: P-256; ec_point_formats: uncompressed.
    hello.extend([0, 14, 0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0]);
    let length = u8::try_from(hello.len()).unwrap();
    let mut record = vec![0x16, 3, 1, 0, length + 4, 1, 0, 0, length];
    record.extend(hello);
    record
}

#[test]
fn versions_of_before_tls_1_2_are_refused() {
    let scene = Scene::new("");
    for minor in [1, 2] {
        for ask in [true, false] {
            let mut client = scene.connect();
            if ask {
                client.send(&frontend::ssl_request()).unwrap();
                assert_eq!(client.receive_byte().unwrap(), Some(b'S'));
            }
            client.send(&client_hello(minor)).unwrap();
            let mut alert = Vec::new();
            while let Some(byte) = client.receive_byte().unwrap() {
                alert.push(byte);
            }
            // Fatal (2): protocol_version (70), or handshake_failure (40) as signature_algorithms is missing, which came with 1.2.
            assert!(
                alert[0] == 0x15 && matches!(alert[5..], [2, 40 | 70]),
                "TLS 1.{}, ask {ask}: {alert:?}",
                minor - 1
            );
        }
    }
    check_psql(&scene, "sslmode=require", Ok("in"));
    let mut client = scene.connect();
    client
        .start_tls(&TlsClient {
            tls12: true,
            ..scene.tls()
        })
        .unwrap();
    scene.log_in(&mut client);
    drop(client);
    scene.proxy.assert_idle();
}

/// Taken by the test, so that whoever else wants it waits.
const LOCK: &str = "select pg_advisory_lock(7)";

fn await_waiting(database: &TestDb) {
    let sql = format!(
        "select count(*) from pg_stat_activity where usename = '{}' and state = 'active' and wait_event = 'advisory'",
        database.login()
    );
    wait_for("the statement to wait for the lock", || {
        let rows = database
            .cluster()
            .superuser("postgres")
            .and_then(|mut superuser| superuser.rows(&sql));
        rows.is_ok_and(|rows| rows == [["1"]])
    });
}

#[test]
fn cancel_requests_come_in_plain_text_and_under_tls() {
    let scene = Scene::new("");
    let mut holder = scene.database.client().unwrap();
    holder.query(LOCK).unwrap();
    let mut client = scene.connect();
    client.start_tls(&scene.tls()).unwrap();
    scene.log_in(&mut client);
    let (process_id, secret) = client.backend_key().map(|(id, key)| (id, key.to_vec())).unwrap();
    for encrypted in [false, true] {
        client.send(&frontend::query(LOCK)).unwrap();
        await_waiting(&scene.database);
        let mut canceller = scene.connect();
        if encrypted {
            canceller.start_tls(&scene.tls()).unwrap();
        }
        canceller
            .send(&frontend::cancel_request(process_id, &secret))
            .unwrap();
        assert_eq!(canceller.receive_byte().unwrap(), None);
        assert_eq!(
            trace(&client.receive_ready().unwrap()),
            "B  RowDescription\nB  ErrorResponse ERROR 57014 \"canceling statement due to user request\"\n\
             B  ReadyForQuery Idle\n"
        );
        assert_eq!(client.rows("select 1").unwrap(), [["1"]]);
    }
    drop((client, holder));
    scene.proxy.assert_idle();
}

fn shown(scene: &Scene) -> Vec<u8> {
    let mut client = scene.connect();
    client.start_tls(&TlsClient::default()).unwrap();
    client.server_certificate().unwrap()
}

#[test]
fn a_new_certificate_is_shown_after_a_reload_and_a_wrong_one_changes_nothing() {
    let mut scene = Scene::new("");
    let directory = scene.proxy.directory().to_owned();
    let mut staying = scene.connect();
    staying.start_tls(&scene.tls()).unwrap();
    scene.log_in(&mut staying);
    let first = shown(&scene);

    let second = scene.authority.server(&["localhost"]).unwrap();
    second.write(&directory, "server").unwrap();
    let text = scene.proxy.config_text().to_owned();
    scene.proxy.reload(&text).unwrap();
    assert_ne!(first, second.certificate_der());
    assert_eq!(shown(&scene), second.certificate_der());
    assert_eq!(staying.rows("select 1").unwrap(), [["1"]]);

    // Another's key, and then no certificate at all.
    let third = scene.authority.server(&["localhost"]).unwrap();
    std::fs::write(directory.join("server.key"), third.key_pem()).unwrap();
    scene.proxy.reload(&text).unwrap();
    assert_eq!(shown(&scene), second.certificate_der());
    let log = scene.proxy.log();
    assert!(log.contains("this is not the key of the certificate"), "{log}");
    std::fs::write(directory.join("server.crt"), "nothing").unwrap();
    scene.proxy.reload(&text).unwrap();
    assert_eq!(shown(&scene), second.certificate_der());
    assert!(scene.proxy.log().contains("holds no certificate in PEM"));

    // Both right, and nobody says so: the files are watched.
    third.write(&directory, "server").unwrap();
    wait_for("the new certificate to be seen", || {
        shown(&scene) == third.certificate_der()
    });

    // Another mode too.
    scene
        .proxy
        .reload(&text.replace("server.key\" }", "server.key\", mode = \"disable\" }"))
        .unwrap();
    let mut client = scene.connect();
    client.send(&frontend::ssl_request()).unwrap();
    assert_eq!(client.receive_byte().unwrap(), Some(b'N'));
    scene.log_in(&mut client);
    assert_eq!(staying.rows("select 1").unwrap(), [["1"]]);
    drop((staying, client));
    scene.proxy.assert_idle();
}

/// A server of its own with TLS, and pgwarden before it.
struct Target {
    authority: Authority,
    database: TestDb,
}

impl Target {
    fn new() -> Self {
        Self::with(ServerAuth::ScramSha256, "", |authority| {
            authority.server(&["localhost"]).unwrap()
        })
    }

    fn with(auth: ServerAuth, hba: &str, identity: impl FnOnce(&Authority) -> Identity) -> Self {
        let authority = Authority::new("authority").unwrap();
        let cluster = Cluster::private(&ClusterOptions {
            auth,
            max_connections: 30,
            tls: Some(ServerTls {
                identity: identity(&authority),
                client_ca: Some(authority.pem()),
            }),
            hba: hba.to_owned(),
            ..ClusterOptions::default()
        })
        .unwrap();
        let database = cluster.database().unwrap();
        Target { authority, database }
    }

    /// pgwarden whose record `orders` has this `tls`, at this host.
    fn proxy(&self, host: &str, tls: &str) -> Proxy {
        self.proxy_with(host, tls, Record::open("orders"), |_| {})
    }

    fn proxy_with(&self, host: &str, tls: &str, record: Record, prepare: impl FnOnce(&Path)) -> Proxy {
        let record = record
            .on(&self.database)
            .at(host, self.database.cluster().port())
            .database(&format!("tls = {tls}"));
        let config = Proxy::before(&self.database).record(record);
        self.authority
            .write(&config.directory().join("root.crt"))
            .unwrap();
        prepare(config.directory());
        config.start().unwrap()
    }
}

/// Whether the server says that the connection is encrypted, and how; or what psql says instead.
fn encryption(proxy: &Proxy) -> String {
    let sql = "select ssl, version from pg_stat_ssl where pid = pg_backend_pid()";
    let output = proxy.psql("alice", "orders", sql, &[]).unwrap();
    if output.success() {
        output.stdout.trim().to_owned()
    } else {
        let text = output.stderr.split("FATAL:  ").nth(1).unwrap_or(&output.stderr);
        text.lines().next().unwrap_or_default().to_owned()
    }
}

#[test]
fn every_mode_towards_a_database() {
    let target = Target::new();
    let encrypted = "t|TLSv1.3";
    for (host, tls) in [
        ("localhost", "\"prefer\""),
        ("localhost", "\"require\""),
        (
            "127.0.0.1",
            "{ mode = \"require\", channel_binding = \"require\" }",
        ),
        ("127.0.0.1", "{ mode = \"verify-ca\", ca = \"root.crt\" }"),
        ("localhost", "{ mode = \"verify-full\", ca = \"root.crt\" }"),
        (
            "localhost",
            "{ mode = \"verify-full\", ca = \"root.crt\", channel_binding = \"require\" }",
        ),
        (
            "localhost",
            "{ mode = \"verify-full\", ca = \"root.crt\", channel_binding = \"disable\" }",
        ),
    ] {
        let proxy = target.proxy(host, tls);
        assert_eq!(encryption(&proxy), encrypted, "{host} {tls}");
        proxy.assert_idle();
    }
    let proxy = target.proxy("localhost", "\"disable\"");
    assert_eq!(encryption(&proxy), "f|");
    // Nothing is written for a database on this machine.
    let proxy = target.proxy("localhost", "\"prefer\"");
    encryption(&proxy);
    let facts = proxy.cli(&["export", "last", "--format", "jsonl"]).unwrap();
    assert!(
        facts
            .expect_success()
            .contains(r#""server_tls":{"version":"TLSv1.3","cipher":"TLS_AES_256_GCM_SHA384"}"#)
    );
}

/// A database that is not what it should be is not logged in to, the client is not told why, and the log is.
#[track_caller]
fn check_refused(proxy: &Proxy, told: &str, logged: &str) {
    assert_eq!(encryption(proxy), told);
    await_log(proxy, logged);
    proxy.assert_idle();
}

const UNREACHABLE: &str = "database of record \"orders\" cannot be reached";

#[test]
fn a_database_without_the_right_certificate_is_not_logged_in_to() {
    let target = Target::new();
    let stranger = Authority::new("authority").unwrap();
    let proxy = target.proxy_with(
        "localhost",
        "{ mode = \"verify-full\", ca = \"stranger.crt\" }",
        Record::open("orders"),
        |directory| stranger.write(&directory.join("stranger.crt")).unwrap(),
    );
    check_refused(&proxy, UNREACHABLE, "invalid peer certificate");
    assert_eq!(
        proxy
            .metric("pgwarden_login_failures_total", &[("reason", "backend_tls")])
            .unwrap(),
        1.0
    );
    let other_name = target.proxy("127.0.0.1", "{ mode = \"verify-full\", ca = \"root.crt\" }");
    check_refused(&other_name, UNREACHABLE, "not valid for name");
    let sqlstate = {
        let mut client = RawClient::connect(other_name.address()).unwrap();
        let password = other_name.password("alice").unwrap();
        let messages = client.try_login(&[("user", "alice@orders")], password).unwrap();
        messages.last().unwrap().sqlstate()
    };
    assert_eq!(sqlstate.as_deref(), Some("08001"));

    // One that has no TLS at all.
    let database = Cluster::shared().unwrap().database().unwrap();
    for (tls, expected) in [
        ("\"require\"", UNREACHABLE),
        ("{ mode = \"verify-full\", ca = \"root.crt\" }", UNREACHABLE),
        ("\"prefer\"", "f|"),
    ] {
        let config =
            Proxy::before(&database).record(Record::open("orders").database(&format!("tls = {tls}")));
        target
            .authority
            .write(&config.directory().join("root.crt"))
            .unwrap();
        let proxy = config.start().unwrap();
        assert_eq!(encryption(&proxy), expected, "{tls}");
        if expected == UNREACHABLE {
            assert!(proxy.log().contains("it offers no TLS, which is required"));
        }
    }
}

#[test]
fn certificates_as_postgresqls_documentation_makes_them() {
    let by_common_name = Target::with(ServerAuth::ScramSha256, "", |authority| {
        authority.server_by_common_name("localhost").unwrap()
    });
    let verify = "{ mode = \"verify-full\", ca = \"root.crt\", channel_binding = \"require\" }";
    assert_eq!(
        encryption(&by_common_name.proxy("localhost", verify)),
        "t|TLSv1.3"
    );
    check_refused(
        &by_common_name.proxy("127.0.0.1", verify),
        UNREACHABLE,
        "not valid for name",
    );

    // One that nobody else vouches for is trusted as it is.
    let identity = Identity::self_signed("localhost").unwrap();
    let alone = Target::with(ServerAuth::ScramSha256, "", |_| identity.clone());
    let pem = identity.certificate_pem();
    let proxy = alone.proxy_with(
        "localhost",
        "{ mode = \"verify-full\", ca = \"self.crt\" }",
        Record::open("orders"),
        |directory| std::fs::write(directory.join("self.crt"), &pem).unwrap(),
    );
    assert_eq!(encryption(&proxy), "t|TLSv1.3");
}

#[test]
fn a_pam_user_may_log_in_with_a_certificate() {
    let target = Target::with(
        ServerAuth::ScramSha256,
        "hostssl all all all cert map=any\nlocal all all trust",
        |authority| authority.server(&["localhost"]).unwrap(),
    );
    let login = target.database.login().to_owned();
    let identity = target.authority.client(&login, &[]).unwrap();
    let verify = "{ mode = \"verify-full\", ca = \"root.crt\" }";
    let ident = target
        .database
        .cluster()
        .socket_directory()
        .join("data/pg_ident.conf");
    std::fs::write(ident, "any /^(.*)$ \\1\n").unwrap();
    target
        .database
        .execute_as_superuser("select pg_reload_conf()")
        .unwrap();
    let record = || Record::open("orders").user("client_cert = \"own.crt\"\nclient_key = \"own.key\"");
    let proxy = target.proxy_with("localhost", verify, record(), |directory| {
        identity.write(directory, "own").unwrap();
    });
    assert_eq!(encryption(&proxy), "t|TLSv1.3");
    proxy.assert_idle();

    // Nobody has proven that they know a password, which binding is about.
    let strict = "{ mode = \"verify-full\", ca = \"root.crt\", channel_binding = \"require\" }";
    let proxy = target.proxy_with("localhost", strict, record(), |directory| {
        identity.write(directory, "own").unwrap();
    });
    check_refused(
        &proxy,
        "database of record \"orders\" refused the login of pgwarden",
        "does not bind its login to the TLS channel",
    );

    let proxy = target.proxy("localhost", verify);
    check_refused(
        &proxy,
        "database of record \"orders\" refused the login of pgwarden",
        "connection requires a valid client certificate",
    );
}

#[test]
fn a_password_in_clear_goes_to_a_verified_database_alone() {
    let target = Target::with(ServerAuth::Password, "", |authority| {
        authority.server(&["localhost"]).unwrap()
    });
    let proxy = target.proxy("localhost", "{ mode = \"verify-full\", ca = \"root.crt\" }");
    assert_eq!(encryption(&proxy), "t|TLSv1.3");
    proxy.assert_idle();
    let proxy = target.proxy("localhost", "\"require\"");
    check_refused(
        &proxy,
        "database of record \"orders\" refused the login of pgwarden",
        "it asks for the password in clear",
    );
}

#[test]
fn cancelling_works_where_the_database_has_tls() {
    let target = Target::new();
    let proxy = target.proxy("localhost", "{ mode = \"verify-full\", ca = \"root.crt\" }");
    let mut holder = target.database.client().unwrap();
    holder.query(LOCK).unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    let (process_id, secret) = client.backend_key().map(|(id, key)| (id, key.to_vec())).unwrap();
    client.send(&frontend::query(LOCK)).unwrap();
    await_waiting(&target.database);
    testkit::cancel(proxy.address(), process_id, &secret).unwrap();
    assert_eq!(
        trace(&client.receive_ready().unwrap()),
        "B  RowDescription\nB  ErrorResponse ERROR 57014 \"canceling statement due to user request\"\n\
         B  ReadyForQuery Idle\n"
    );
    // A client that vanishes takes its statement along.
    client.send(&frontend::query(LOCK)).unwrap();
    await_waiting(&target.database);
    drop(client);
    wait_for("the statement to be cancelled", || {
        proxy.metric("pgwarden_sessions", &[]).unwrap() == 0.0
    });
    drop(holder);
    proxy.assert_idle();
}

/// pgwarden with TLS on both sides, and a client that has logged in.
fn both_sides() -> (Target, Proxy, RawClient) {
    let target = Target::new();
    let authority = Authority::new("authority").unwrap();
    let record = Record::open("orders")
        .on(&target.database)
        .at("localhost", target.database.cluster().port())
        .database("tls = { mode = \"verify-full\", ca = \"root.crt\" }")
        .with("copy_rows = 10000000\ncopy_bytes = \"1GiB\"");
    let config = Proxy::before(&target.database).record(record);
    let directory = config.directory().to_owned();
    target.authority.write(&directory.join("root.crt")).unwrap();
    authority
        .server(&["localhost"])
        .unwrap()
        .write(&directory, "server")
        .unwrap();
    let proxy = config
        .server("tls = { cert = \"server.crt\", key = \"server.key\" }")
        .start()
        .unwrap();

    let mut client = RawClient::connect(proxy.address()).unwrap();
    client.start_tls(&TlsClient::default()).unwrap();
    client
        .login(&[("user", "alice@orders")], proxy.password("alice").unwrap())
        .unwrap();
    (target, proxy, client)
}

/// TLS has ends of its own for each direction.
#[test]
fn a_half_closed_client_gets_its_answers_under_tls() {
    let (target, proxy, mut client) = both_sides();
    let mut holder = target.database.client().unwrap();
    holder.query(LOCK).unwrap();
    client.send(&frontend::query(LOCK)).unwrap();
    client.shutdown_write().unwrap();
    // It is asked whether it is still there.
    assert_eq!(client.receive().unwrap().unwrap().tag, b'S');
    drop(holder);
    let mut answers = client.receive_to_end().unwrap();
    answers.retain(|message| message.tag != b'S');
    assert_eq!(
        trace(&answers),
        "B  RowDescription\nB  DataRow \"\"\nB  CommandComplete \"SELECT 1\"\nB  ReadyForQuery Idle\n"
    );
    proxy.assert_idle();
}

#[test]
fn much_data_passes_under_tls_in_both_directions() {
    let (_target, proxy, mut client) = both_sides();
    let rows = 200_000;
    // It asks for all of it before it reads anything, so that everything between fills up.
    let sql = format!("select g, repeat('x', 100) from generate_series(1, {rows}) g");
    client.send(&frontend::query(&sql)).unwrap();
    client.send(&frontend::query("select 'behind'")).unwrap();
    let messages = client.receive_ready().unwrap();
    assert_eq!(
        messages.iter().filter(|message| message.tag == b'D').count(),
        rows
    );
    assert!(trace(&client.receive_ready().unwrap()).contains("behind"));

    client.query("create temp table t (a text)").unwrap();
    client.send(&frontend::query("copy t from stdin")).unwrap();
    client.receive_until(b'G').unwrap();
    let line = format!("{}\n", "y".repeat(999));
    let chunk = frontend::message(b'd', line.repeat(64).as_bytes());
    for _ in 0..256 {
        client.send(&chunk).unwrap();
    }
    client.send(&frontend::message(b'c', b"")).unwrap();
    client.receive_ready().unwrap();
    assert_eq!(
        client.rows("select count(*), sum(length(a)) from t").unwrap(),
        [["16384", "16367616"]]
    );
    drop(client);
    proxy.assert_idle();
}
