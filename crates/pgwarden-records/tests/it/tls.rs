//! TLS of listeners and databases, certificates of people, and the files that all of them are made of.

use std::fs;
use std::path::Path;

use pgwarden_records::{
    Certificate, ChannelBinding, DatabaseTls, ListenTls, Negotiation, Severity, Snapshot, Verification,
};
use tempfile::TempDir;
use testkit::{Authority, Identity, Signature};

use crate::file::{VERIFIER, base, read_in};

/// A directory with `root.crt`, `server.crt` and `.key`, `other.crt` and `.key`, `empty.crt` and `broken.crt`.
fn files() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let authority = Authority::new("authority").unwrap();
    authority.write(&at.join("root.crt")).unwrap();
    for name in ["server", "other"] {
        authority.server(&["localhost"]).unwrap().write(at, name).unwrap();
    }
    fs::write(at.join("empty.crt"), "").unwrap();
    fs::write(
        at.join("broken.crt"),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    directory
}

/// The messages of what is wrong, or of what is to be looked at.
fn messages(directory: &Path, text: &str, severity: Severity) -> Vec<String> {
    let place = directory.display().to_string();
    let all = match read_in(directory, text) {
        Ok((_, warnings)) => warnings,
        Err(errors) => errors.iter().cloned().collect(),
    };
    all.iter()
        .filter(|diagnostic| diagnostic.severity == severity)
        .map(|diagnostic| diagnostic.message.replace(&place, "DIR"))
        .collect()
}

fn snapshot(directory: &Path, text: &str) -> Snapshot {
    read_in(directory, text)
        .unwrap_or_else(|errors| panic!("{errors}"))
        .0
}

/// How listeners deal with TLS: `-`, `p`, `r`, and `c` where they ask for certificates.
#[track_caller]
fn check_listen(server: &str, expected: Result<&[&str], &[&str]>) {
    let files = files();
    let text = format!("[server]\n{server}\n{}", base(&["orders"], &["alice"]));
    match expected {
        Ok(expected) => {
            let snapshot = snapshot(files.path(), &text);
            let modes: Vec<String> = snapshot
                .server
                .listen
                .iter()
                .map(|listen| mode(&listen.tls))
                .collect();
            assert_eq!(modes, expected, "{server}");
        }
        Err(expected) => assert_eq!(
            messages(files.path(), &text, Severity::Error),
            expected,
            "{server}"
        ),
    }
}

fn mode(tls: &ListenTls) -> String {
    let (mode, identity) = match tls {
        ListenTls::Disable => return "-".to_owned(),
        ListenTls::Prefer(identity) => ("p", identity),
        ListenTls::Require(identity) => ("r", identity),
    };
    let asks = if identity.asks_for_certificate() { "c" } else { "" };
    format!("{mode}{asks}")
}

#[test]
fn listeners() {
    const PAIR: &str = "cert = \"server.crt\", key = \"server.key\"";
    check_listen("", Ok(&["-"]));
    check_listen("tls = \"disable\"", Ok(&["-"]));
    check_listen("tls = { mode = \"disable\" }", Ok(&["-"]));
    check_listen(&format!("tls = {{ {PAIR} }}"), Ok(&["r"]));
    check_listen(&format!("tls = {{ {PAIR}, mode = \"prefer\" }}"), Ok(&["p"]));
    check_listen(&format!("tls = {{ {PAIR}, mode = \"disable\" }}"), Ok(&["-"]));
    check_listen(
        &format!("tls = {{ {PAIR}, client_ca = \"root.crt\" }}"),
        Ok(&["rc"]),
    );
    check_listen(
        &format!("listen = [\"0.0.0.0:1\", \"unix:/tmp/.s.PGSQL.1\"]\ntls = {{ {PAIR} }}"),
        Ok(&["r", "-"]),
    );
    // Listeners take from [server] what they don't write.
    check_listen(
        &format!(
            "listen = [\"127.0.0.1:1\", {{ address = \"127.0.0.1:2\", tls = \"prefer\" }}, {{ address = \"127.0.0.1:3\", tls = {{ mode = \"disable\" }} }}, \
             {{ address = \"127.0.0.1:4\", tls = {{ client_ca = \"root.crt\" }} }}, {{ address = \"127.0.0.1:5\", tls = {{ cert = \"other.crt\", key = \"other.key\" }} }}]\n\
             tls = {{ {PAIR} }}"
        ),
        Ok(&["r", "p", "-", "rc", "r"]),
    );
    check_listen(
        &format!("listen = [{{ address = \"0.0.0.0:1\", tls = {{ {PAIR} }} }}]"),
        Ok(&["r"]),
    );

    let none = "there is no certificate to show to clients";
    check_listen("tls = \"require\"", Err(&[none]));
    check_listen("tls = { mode = \"prefer\" }", Err(&[none]));
    check_listen("tls = {}", Err(&[none]));
    check_listen("tls = { client_ca = \"root.crt\" }", Err(&[none]));
    check_listen(
        "tls = \"verify-full\"",
        Err(&["`tls` must be \"disable\", \"prefer\" or \"require\", not \"verify-full\""]),
    );
    check_listen("tls = { cert = \"server.crt\" }", Err(&["key `key` is missing"]));
    check_listen("tls = { key = \"server.key\" }", Err(&["key `cert` is missing"]));
    check_listen(
        "tls = { cert = \"server.crt\", key = \"other.key\" }",
        Err(&["this is not the key of the certificate"]),
    );
    check_listen(
        "tls = { cert = \"none.crt\", key = \"server.key\" }",
        Err(&["DIR/none.crt can't be read: No such file or directory (os error 2)"]),
    );
    check_listen(
        "tls = { cert = \"empty.crt\", key = \"empty.crt\" }",
        Err(&[
            "DIR/empty.crt holds no certificate in PEM",
            "DIR/empty.crt holds no private key that can be read",
        ]),
    );
    check_listen(
        &format!("tls = {{ {PAIR}, client_ca = \"broken.crt\" }}"),
        Err(&["certificate number 1 in it can't vouch for others: invalid peer certificate: BadEncoding"]),
    );
    check_listen(
        &format!(
            "listen = [{{ address = \"unix:/tmp/.s.PGSQL.1\", tls = \"require\" }}]\ntls = {{ {PAIR} }}"
        ),
        Err(&["there is no TLS over unix sockets, as no client asks for it there"]),
    );
    check_listen(
        &format!("tls = {{ {PAIR}, ca = \"root.crt\" }}"),
        Err(&["unknown key `ca`"]),
    );
}

/// A record whose PAM configuration and database have these lines, and its PAM user these.
fn record(configuration: &str, database: &str, user: &str) -> String {
    format!(
        "[[pam_configuration]]\nname = \"c\"\n{configuration}\n[[pam_user]]\nname = \"u\"\nlogin = \"u\"\n{user}\n\
         [[pam_database]]\nname = \"orders\"\npam_configuration = \"c\"\npam_user = \"u\"\n{database}\n\
         [pam_database.connection]\nprotocol = \"postgresql\"\ncan_copy_to_clipboard = true\ncan_paste_from_clipboard = true\n\
         [[user]]\nname = \"alice\"\nscram = \"{VERIFIER}\"\n[[grant]]\nusers = [\"alice\"]\nrecords = [\"orders\"]\n"
    )
}

/// Whether TLS is required, and what with.
type Client = (bool, Verification, ChannelBinding, Negotiation);

#[track_caller]
fn check_database(configuration: &str, database: &str, expected: Result<Option<Client>, &[&str]>) {
    let files = files();
    let text = record(configuration, database, "");
    match expected {
        Ok(expected) => {
            let snapshot = snapshot(files.path(), &text);
            let now = std::time::SystemTime::now();
            let access = snapshot.access("alice", "orders", None, now).unwrap();
            let (required, client) = match &access.record.tls {
                DatabaseTls::Disable => {
                    assert_eq!(expected, None, "{text}");
                    return;
                }
                DatabaseTls::Prefer(client) => (false, client),
                DatabaseTls::Require(client) => (true, client),
            };
            let found = (
                required,
                client.verification,
                client.channel_binding,
                client.negotiation,
            );
            assert_eq!(Some(found), expected, "{text}");
        }
        Err(expected) => assert_eq!(messages(files.path(), &text, Severity::Error), expected, "{text}"),
    }
}

#[test]
fn databases() {
    use ChannelBinding::{Prefer, Require};
    use Negotiation::{Direct, Postgres};
    let (here, there) = ("host = \"127.0.0.1\"", "host = \"db1\"");
    let full = "tls = { mode = \"verify-full\", ca = \"root.crt\" }";
    let verified = |verification| Ok(Some((true, verification, Prefer, Postgres)));
    check_database("", here, Ok(Some((false, Verification::None, Prefer, Postgres))));
    check_database(
        "",
        "host = \"/run/postgresql\"",
        Ok(Some((false, Verification::None, Prefer, Postgres))),
    );
    check_database(full, there, verified(Verification::ChainAndName));
    check_database("tls = \"disable\"", there, Ok(None));
    check_database("tls = \"require\"", there, verified(Verification::None));
    check_database(
        "tls = \"prefer\"",
        there,
        Ok(Some((false, Verification::None, Prefer, Postgres))),
    );
    check_database(
        "tls = { mode = \"verify-ca\", ca = \"root.crt\" }",
        there,
        verified(Verification::Chain),
    );
    check_database(
        full,
        &format!("{there}\ntls = \"require\""),
        verified(Verification::None),
    );
    check_database(full, &format!("{there}\ntls = \"disable\""), Ok(None));
    check_database(
        "tls = \"disable\"",
        &format!(
            "{there}\ntls = {{ mode = \"verify-full\", ca = \"root.crt\", channel_binding = \"require\", negotiation = \"direct\" }}"
        ),
        Ok(Some((true, Verification::ChainAndName, Require, Direct))),
    );

    let errors = |tls: &str, expected: &[&str]| check_database(tls, there, Err(expected));
    errors(
        "",
        &["\"db1\" is another machine, and nothing says how what passes is protected"],
    );
    errors(
        "tls = \"verify-full\"",
        &["key `ca` is missing: it says who vouches for the database's certificate"],
    );
    errors(
        "tls = { mode = \"require\", ca = \"root.crt\" }",
        &["`ca` has no effect in this mode, which verifies no certificate"],
    );
    errors(
        "tls = { mode = \"verify-ca\", ca = \"system\" }",
        &["public authorities vouch for everybody, so that without the name nothing is verified"],
    );
    errors("tls = { ca = \"root.crt\" }", &["key `mode` is missing"]);
    errors(
        "tls = { mode = \"verify-full\", ca = \"none.crt\" }",
        &["DIR/none.crt can't be read: No such file or directory (os error 2)"],
    );
    errors(
        "tls = { mode = \"prefer\", channel_binding = \"require\" }",
        &["in this mode there may be no TLS, and then nothing to bind to"],
    );
    errors(
        "tls = { mode = \"prefer\", negotiation = \"direct\" }",
        &["in this mode there may be no TLS, so it can't begin directly"],
    );
}

#[test]
fn certificates_of_pam_users() {
    let files = files();
    let host = "host = \"127.0.0.1\"";
    let errors = |user: &str| messages(files.path(), &record("", host, user), Severity::Error);
    assert_eq!(
        errors("client_cert = \"other.crt\"\nclient_key = \"other.key\""),
        [""; 0]
    );
    assert_eq!(
        errors("client_cert = \"other.crt\""),
        ["key `client_key` is missing"]
    );
    assert_eq!(
        errors("client_key = \"other.key\""),
        ["key `client_cert` is missing"]
    );
    assert_eq!(
        errors("client_cert = \"other.crt\"\nclient_key = \"server.key\""),
        ["this is not the key of the certificate"]
    );
    let pair = "client_cert = \"other.crt\"\nclient_key = \"other.key\"";
    assert_eq!(
        messages(
            files.path(),
            &record("tls = \"disable\"", host, pair),
            Severity::Warning
        ),
        ["`client_cert` of pam_user \"u\" has no effect without TLS"]
    );
}

#[test]
fn certificates_that_nobody_has_are_asked_for_in_vain() {
    let files = files();
    let check = |server: &str, people: &[&str], expected: &[&str]| {
        let mut text = format!("[server]\n{server}\n");
        for (number, lines) in people.iter().enumerate() {
            text.push_str(&format!(
                "[[user]]\nname = \"u{number}\"\nscram = \"{VERIFIER}\"\n{lines}\n"
            ));
        }
        assert_eq!(
            messages(files.path(), &text, Severity::Warning),
            expected,
            "{text}"
        );
    };
    let pair = "cert = \"server.crt\", key = \"server.key\"";
    let trusting = format!("tls = {{ {pair}, client_ca = \"root.crt\" }}");
    let of_listener = format!(
        "tls = {{ {pair} }}\nlisten = [{{ address = \"127.0.0.1:1\", tls = {{ client_ca = \"root.crt\" }} }}]"
    );
    let certificate = "certificate = { cn = \"u\" }";
    let in_vain = "`client_ca` has no effect, as no person's login rests on a certificate";
    check(&trusting, &[""], &[in_vain]);
    check(&of_listener, &["", ""], &[in_vain]);
    check(&trusting, &["", certificate], &[]);
    check(&of_listener, &[certificate], &[]);
    check(&format!("tls = {{ {pair} }}"), &[""], &[]);
    check(&trusting, &[], &[]);
}

#[test]
fn what_people_have_to_show() {
    let files = files();
    let tls = "[server]\ntls = { cert = \"server.crt\", key = \"server.key\", client_ca = \"root.crt\" }\n";
    let scram = format!("scram = \"{VERIFIER}\"");
    let certificate = "certificate = { cn = \"alice\" }";
    let person = |lines: &[&str]| format!("[[user]]\nname = \"alice\"\n{}\n", lines.join("\n"));
    for (lines, expected) in [
        (vec![scram.as_str()], (true, false)),
        (vec![certificate], (false, true)),
        (vec![&scram, certificate], (true, true)),
        (vec![&scram, certificate, "login = \"both\""], (true, true)),
        (vec![&scram, certificate, "login = \"scram\""], (true, false)),
        (
            vec![&scram, certificate, "login = \"certificate\""],
            (false, true),
        ),
        (vec![&scram, "login = \"scram\""], (true, false)),
    ] {
        let snapshot = snapshot(files.path(), &format!("{tls}{}", person(&lines)));
        let alice = snapshot.person("alice").unwrap();
        assert_eq!(
            (alice.verifier.is_some(), alice.certificate.is_some()),
            expected,
            "{lines:?}"
        );
    }
    for (lines, expected) in [
        (vec![], "key `scram` or `certificate` is missing"),
        (
            vec![scram.as_str(), "login = \"certificate\""],
            "this way to log in needs the key `certificate`",
        ),
        (
            vec![&scram, "login = \"both\""],
            "this way to log in needs the key `certificate`",
        ),
        (
            vec![certificate, "login = \"both\""],
            "this way to log in needs the key `scram`",
        ),
        (vec!["certificate = {}"], "key `cn` or `san` is missing"),
        (
            vec!["certificate = { cn = \"\" }"],
            "`cn` must be a string that is not empty, not \"\"",
        ),
        (
            vec![&scram, "login = \"either\""],
            "`login` must be \"certificate\", \"scram\" or \"both\", not \"either\"",
        ),
    ] {
        let text = format!("{tls}{}", person(&lines));
        let found = messages(files.path(), &text, Severity::Error);
        assert_eq!(found.len(), 1, "{lines:?}: {found:?}");
        assert!(found[0].starts_with(expected), "{lines:?}: {found:?}");
    }
    assert_eq!(
        messages(files.path(), &person(&[certificate]), Severity::Warning),
        ["no listener asks for certificates, so this person can't log in"]
    );
    assert_eq!(
        messages(
            files.path(),
            &format!("{tls}{}", person(&[&scram, certificate, "login = \"scram\""])),
            Severity::Warning
        ),
        [
            "`client_ca` has no effect, as no person's login rests on a certificate",
            "`certificate` has no effect with this `login`"
        ]
    );
}

#[test]
fn whose_a_certificate_is() {
    let files = files();
    let authority = Authority::new("authority").unwrap();
    let shown = [
        ("alice", &[][..]),
        ("alice", &["alice@example.com", "a@example.com"]),
        ("Alice", &["ALICE@example.com"]),
        ("bob", &["alice@example.com"]),
    ]
    .map(|(name, addresses)| {
        Certificate::read(authority.client(name, addresses).unwrap().certificate_der()).unwrap()
    });
    for (identity, expected) in [
        ("{ cn = \"alice\" }", [true, true, false, false]),
        ("{ san = \"alice@example.com\" }", [false, true, false, true]),
        (
            "{ cn = \"alice\", san = \"alice@example.com\" }",
            [false, true, false, false],
        ),
    ] {
        let text = format!("[[user]]\nname = \"alice\"\ncertificate = {identity}\n");
        let snapshot = snapshot(files.path(), &text);
        let identity = snapshot.person("alice").unwrap().certificate.clone().unwrap();
        assert_eq!(
            shown.each_ref().map(|certificate| identity.is_of(certificate)),
            expected,
            "{text}"
        );
    }
}

#[test]
fn what_a_channel_is_bound_to() {
    for (signature, bytes) in [
        (Signature::EcdsaSha256, Some(32)),
        (Signature::EcdsaSha384, Some(48)),
        (Signature::Ed25519, None),
    ] {
        let authority = Authority::signing("authority", signature).unwrap();
        let identity: Identity = authority.server(&["localhost"]).unwrap();
        let certificate = Certificate::read(identity.certificate_der()).unwrap();
        assert_eq!(certificate.end_point().map(<[u8]>::len), bytes, "{signature:?}");
        assert_eq!(certificate.subject(), "CN=localhost");
    }
    assert!(Certificate::read(b"").is_err());
    assert!(Certificate::read(b"\x30\x03\x02\x01\x01").is_err());
}

#[test]
fn the_files_are_watched() {
    let files = files();
    let text = format!(
        "[server]\ntls = {{ cert = \"server.crt\", key = \"server.key\", client_ca = \"root.crt\" }}\n{}",
        record(
            "tls = { mode = \"verify-full\", ca = \"root.crt\" }",
            "host = \"db1\"",
            "client_cert = \"other.crt\"\nclient_key = \"other.key\""
        )
    );
    let snapshot = snapshot(files.path(), &text);
    for name in ["server.crt", "server.key", "root.crt", "other.crt", "other.key"] {
        assert!(snapshot.sources().contains(&files.path().join(name)), "{name}");
    }
}
