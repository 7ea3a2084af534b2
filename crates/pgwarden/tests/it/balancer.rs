//! Clients that come through a balancer, which says where they really come from.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};

use testkit::{
    Authority, Cluster, Endpoint, Proxy, RawClient, Record, TlsClient, free_port, trace, wait_for,
};

/// A header of version 2 for a client at this address, with extensions behind it.
fn header(client: [u8; 4]) -> Vec<u8> {
    let extensions = [4, 0, 2, 0, 0];
    let rest = [
        &client[..],
        &[10, 0, 0, 1],
        &[0x12, 0x34, 0x19, 0x20],
        &extensions,
    ]
    .concat();
    let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
    [b"\r\n\r\n\0\r\nQUIT\n\x21\x11", &length[..], &rest].concat()
}

/// What the balancer sends to see whether somebody answers.
const LOCAL: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";

#[test]
fn the_address_is_the_clients() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let config = Proxy::before(&database)
        .record(Record::open("orders"))
        .server("max_logins_per_address = 2")
        .grant(&["alice"], &["orders"], "from = [\"192.0.2.0/24\"]")
        .person("alice")
        .listener(
            "{ address = \"127.0.0.1:0\", proxy_protocol = true, \
             tls = { mode = \"prefer\", cert = \"server.crt\", key = \"server.key\" } }",
        )
        .listener(
            "{ address = \"127.0.0.1:0\", proxy_protocol = true, proxy_protocol_from = [\"10.0.0.0/8\"] }",
        );
    let authority = Authority::new("authority").unwrap();
    authority
        .server(&["localhost"])
        .unwrap()
        .write(config.directory(), "server")
        .unwrap();
    let proxy = config.start().unwrap();
    let [_, balanced, closed] = proxy.listeners() else {
        panic!("{:?}", proxy.listeners());
    };
    let connect = |header: &[u8]| {
        let mut client = RawClient::connect(balanced).unwrap();
        client.send(header).unwrap();
        client
    };
    let log_in = |client: &mut RawClient| {
        let messages = client.try_login(&[("user", "alice@orders")], proxy.password("alice").unwrap());
        messages.unwrap().pop().unwrap()
    };
    let no_access = Some("28000".to_owned());

    // Grants are held against it, and it is recorded.
    let mut client = connect(&header([192, 0, 2, 7]));
    assert_eq!(log_in(&mut client).tag, b'Z');
    assert_eq!(client.rows("select 1").unwrap(), [["1"]]);
    drop(client);
    wait_for("the session to end", || {
        proxy.metric("pgwarden_sessions", &[]).unwrap() == 0.0
    });
    let recorded = proxy.cli(&["export", "last", "--format", "jsonl"]).unwrap();
    assert!(
        recorded
            .expect_success()
            .contains("\"client_address\":\"192.0.2.7:4660\""),
        "{}",
        recorded.stdout
    );
    assert!(proxy.log().contains("client=192.0.2.7:4660"), "{}", proxy.log());
    assert_eq!(
        log_in(&mut connect(&header([198, 51, 100, 7]))).sqlstate(),
        no_access
    );
    // Version 1, in the smallest pieces.
    let mut client = RawClient::connect(balanced).unwrap();
    client
        .send_bytewise(b"PROXY TCP4 192.0.2.8 10.0.0.1 4660 6432\r\n")
        .unwrap();
    assert_eq!(log_in(&mut client).tag, b'Z');
    drop(client);
    // The balancer itself is at 127.0.0.1, to which nothing is granted.
    assert_eq!(log_in(&mut connect(LOCAL)).sqlstate(), no_access);

    // It stands before the handshake.
    let mut client = connect(&header([192, 0, 2, 9]));
    client
        .start_tls(&TlsClient {
            authority: Some((authority.certificate_der().to_vec(), "localhost".to_owned())),
            ..TlsClient::default()
        })
        .unwrap();
    assert_eq!(log_in(&mut client).tag, b'Z');
    drop(client);

    // Logins are counted by it.
    let flood = [192, 0, 2, 10];
    let startup = testkit::frontend::startup(&[("user", "alice@orders")]);
    let mut held = [connect(&header(flood)), connect(&header(flood))];
    for client in &mut held {
        // Asked for a password, it has been counted.
        client.send(&startup).unwrap();
        assert_eq!(client.receive().unwrap().unwrap().tag, b'R');
    }
    assert_eq!(
        trace(&connect(&header(flood)).receive_to_end().unwrap()),
        "B  ErrorResponse FATAL 53300 \"sorry, too many clients already\"\n"
    );
    assert_eq!(log_in(&mut connect(&header([192, 0, 2, 11]))).tag, b'Z');

    // Nothing at all is answered to who sends none, or to who isn't a balancer.
    let refused = || {
        proxy
            .metric("pgwarden_login_failures_total", &[("reason", "proxy_header")])
            .unwrap()
    };
    assert_eq!(refused(), 0.0);
    assert_eq!(connect(&startup).receive_byte().unwrap_or(None), None);
    let mut cut = header([192, 0, 2, 7]);
    cut[15] = 3;
    assert_eq!(connect(&cut).receive_byte().unwrap_or(None), None);
    let mut stranger = RawClient::connect(closed).unwrap();
    let _ = stranger.send(&header([192, 0, 2, 7]));
    assert_eq!(stranger.receive_byte().unwrap_or(None), None);
    wait_for("all three to be counted", || refused() == 3.0);
    // A flood of them is one line a second, so this is of one of the three, or of the refusals before.
    assert!(proxy.log().contains("others_before="), "{}", proxy.log());
    // Elsewhere a header is what it is for PostgreSQL: a packet that is too long.
    let mut direct = RawClient::connect(proxy.address()).unwrap();
    direct.send(&header([192, 0, 2, 7])).unwrap();
    let told = direct.receive_to_end().unwrap_or_default();
    assert!(
        told.iter()
            .all(|message| message.sqlstate().as_deref() == Some("08P01")),
        "{}",
        trace(&told)
    );
    drop((direct, held));
    proxy.assert_idle();
}

/// A real balancer. Dropping it ends it.
struct HaProxy(Child);

impl Drop for HaProxy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The header as `haproxy` writes it, in both versions, and its health checks.
#[test]
fn haproxy() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let proxy = Proxy::before(&database)
        .person("alice")
        .grant(&["alice"], &["orders"], "from = [\"127.0.0.9\"]")
        .listener("{ address = \"127.0.0.1:0\", proxy_protocol = true }")
        .start()
        .unwrap();
    let Endpoint::Tcp(pgwarden) = proxy.listeners()[1] else {
        panic!("{:?}", proxy.listeners());
    };
    let ports = [free_port().unwrap(), free_port().unwrap()];
    let listen = |(port, version): (&u16, &str)| {
        format!(
            "listen {version}\n bind 127.0.0.1:{port}\n option pgsql-check user health\n \
             server pgwarden {pgwarden} {version} check inter 200ms\n"
        )
    };
    let listens: Vec<String> = ports
        .iter()
        .zip(["send-proxy", "send-proxy-v2"])
        .map(listen)
        .collect();
    let config = format!(
        "defaults\n mode tcp\n timeout connect 5s\n timeout client 60s\n timeout server 60s\n{}",
        listens.concat()
    );
    let file = proxy.directory().join("haproxy.cfg");
    fs::write(&file, config).unwrap();
    let haproxy = Command::new("haproxy")
        .args(["-db", "-f"])
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("`cargo xtask test` installs haproxy");
    let haproxy = HaProxy(haproxy);
    for port in ports {
        let through = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut client = None;
        wait_for("a login through HAProxy", || {
            let Ok(mut connected) = RawClient::connect_from([127, 0, 0, 9].into(), through) else {
                return false;
            };
            client = connected
                .login(&[("user", "alice@orders")], proxy.password("alice").unwrap())
                .ok()
                .map(|_| connected);
            client.is_some()
        });
        assert_eq!(client.unwrap().rows("select 1").unwrap(), [["1"]]);
    }
    assert!(proxy.log().contains("client=127.0.0.9:"), "{}", proxy.log());
    assert_eq!(
        proxy
            .metric("pgwarden_login_failures_total", &[("reason", "proxy_header")])
            .unwrap(),
        0.0
    );
    drop(haproxy);
    proxy.assert_idle();
}
