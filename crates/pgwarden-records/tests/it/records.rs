//! What a record comes to: hosts, ports, logins, and the settings that a grant leaves of it.

use pgwarden_policy::{Enforcement, OpaqueCode, Settings};
use pgwarden_records::{Access, Host, ListenAddress, RecordingMode};

use crate::file::{base, read, snapshot};

/// One record `r`, with these keys and these connection settings, and a grant with these overrides.
fn with(record: &str, connection: &str, grant: &str) -> String {
    format!(
        "[[pam_configuration]]\nname = \"local\"\n[[pam_user]]\nname = \"app\"\nlogin = \"app_rw\"\n\
         [[pam_database]]\nname = \"r\"\npam_configuration = \"local\"\npam_user = \"app\"\n{record}\n\
         [pam_database.connection]\n{connection}\n"
    ) + &base(&[], &["alice"])
        .replace("\"local\"", "\"other\"")
        .replace("\"app\"", "\"spare\"")
        + &format!("[[grant]]\nusers = [\"alice\"]\nrecords = [\"r\"]\n{grant}\n")
}

fn access(text: &str) -> Access {
    snapshot(text)
        .access("alice", "r", None, std::time::SystemTime::UNIX_EPOCH)
        .unwrap()
}

#[track_caller]
fn check_hosts(record: &str, connection: &str, grant: &str, expected: &[(&str, u16)]) {
    let expected: Vec<Host> = expected
        .iter()
        .map(|&(host, port)| Host {
            host: host.to_owned(),
            port,
        })
        .collect();
    assert_eq!(
        access(&with(record, connection, grant)).record.hosts,
        expected,
        "{record} {connection} {grant}"
    );
}

#[test]
fn the_narrowest_port_counts() {
    let host = "host = \"127.0.0.1\"\n";
    check_hosts(host, "", "", &[("127.0.0.1", 5432)]);
    check_hosts(&format!("{host}port = 5433"), "", "", &[("127.0.0.1", 5433)]);
    check_hosts(
        &format!("{host}port = 5433"),
        "port = 6543",
        "",
        &[("127.0.0.1", 6543)],
    );
    check_hosts(
        &format!("{host}port = 5433"),
        "port = 6543",
        "port = 7000",
        &[("127.0.0.1", 7000)],
    );
    check_hosts(
        "host = \"/run/postgresql\"\nport = 5433",
        "",
        "",
        &[("/run/postgresql", 5433)],
    );
}

#[test]
fn several_hosts() {
    check_hosts(
        "host = [\"localhost\", \"127.0.0.2:5433\", \"::1\", \"[::1]:5434\", \"/tmp\"]",
        "port = 6543",
        "",
        &[
            ("localhost", 6543),
            ("127.0.0.2", 5433),
            ("::1", 6543),
            ("::1", 5434),
            ("/tmp", 6543),
        ],
    );
}

/// Whether a record may have these keys, without `tls` in its PAM configuration.
#[track_caller]
fn check_encryption(record: &str, allowed: bool) {
    let result = read(&with(record, "", ""));
    assert_eq!(result.is_ok(), allowed, "{record}: {:?}", result.err());
    if let Err(errors) = result {
        let text = errors.to_string();
        assert!(
            text.contains("is another machine") && text.contains("mode = \"verify-full\""),
            "{text}"
        );
    }
}

#[test]
fn what_leaves_the_machine_in_plain_text_has_to_be_written() {
    for local in [
        "127.0.0.1",
        "127.9.9.9:1",
        "localhost",
        "LOCALHOST",
        "::1",
        "[::1]:5",
        "::ffff:127.0.0.1",
        "/run/postgresql",
    ] {
        check_encryption(&format!("host = \"{local}\""), true);
    }
    for remote in [
        "10.0.0.5",
        "db1",
        "db1:5433",
        "localhost.example.com",
        "fd00::1",
        "[fd00::1]:5432",
        "0.0.0.0",
    ] {
        check_encryption(&format!("host = \"{remote}\""), false);
        check_encryption(&format!("host = [\"127.0.0.1\", \"{remote}\"]"), false);
        check_encryption(
            &format!("host = \"{remote}\"\ntls = {{ mode = \"disable\" }}"),
            true,
        );
        check_encryption(&format!("host = \"{remote}\"\ntls = \"disable\""), true);
    }
}

/// Where others than the balancers could connect, they have to be named.
#[test]
fn listeners_behind_balancers() {
    let read = |listen: &str| {
        read(&format!(
            "[server]\nlisten = [{listen}]\ntls = {{ mode = \"disable\" }}\n{}",
            base(&["orders"], &["alice"])
        ))
    };
    for (listen, trusted, others) in [
        (
            "{ address = \"127.0.0.1:1\", proxy_protocol = true }",
            "127.9.9.9 ::1 ::ffff:127.0.0.1",
            "192.0.2.1 ::2",
        ),
        (
            "{ address = \"0.0.0.0:1\", proxy_protocol = true, proxy_protocol_from = [\"10.0.0.0/8\", \"192.0.2.1\"] }",
            "10.1.2.3 ::ffff:10.1.2.3 192.0.2.1",
            "127.0.0.1 192.0.2.2",
        ),
        (
            "{ address = \"127.0.0.1:1\", proxy_protocol = true, proxy_protocol_from = [\"192.0.2.1\"] }",
            "192.0.2.1",
            "127.0.0.1",
        ),
        (
            "{ address = \"unix:/tmp/.s.PGSQL.1\", proxy_protocol = true }",
            "",
            "127.0.0.1",
        ),
    ] {
        let (snapshot, _) = read(listen).unwrap();
        let proxy_protocol = snapshot.server.listen[0].proxy_protocol.as_ref().unwrap();
        let trusts = |address: &str| proxy_protocol.trusts(Some(address.parse().unwrap()));
        assert!(trusted.split_whitespace().all(trusts), "{listen}");
        assert!(!others.split_whitespace().any(trusts), "{listen}");
        assert!(proxy_protocol.trusts(None), "{listen}");
    }
    for (network, warned) in [("0.0.0.0/0", true), ("::/0", true), ("0.0.0.0/1", false)] {
        let listen = format!(
            "{{ address = \"0.0.0.0:1\", proxy_protocol = true, proxy_protocol_from = [\"{network}\"] }}"
        );
        let (_, warnings) = read(&listen).unwrap();
        let about = format!("{network} trusts everybody who can connect here");
        let is_warned = warnings
            .iter()
            .any(|warning| warning.to_string().contains(&about));
        assert_eq!(is_warned, warned, "{warnings:?}");
    }
    let off = "{ address = \"127.0.0.1:1\", proxy_protocol = false }";
    assert_eq!(read(off).unwrap().0.server.listen[0].proxy_protocol, None);
    for listen in [
        "{ address = \"0.0.0.0:1\", proxy_protocol = true }",
        "{ address = \"systemd:clients\", proxy_protocol = true }",
        "{ address = \"0.0.0.0:1\", proxy_protocol = true, proxy_protocol_from = [] }",
        "{ address = \"0.0.0.0:1\", proxy_protocol = true, proxy_protocol_from = [\"balancer\"] }",
        "{ address = \"127.0.0.1:1\", proxy_protocol = \"v2\" }",
        "{ address = \"127.0.0.1:1\", proxy_protocol_from = [\"10.0.0.0/8\"] }",
        "{ address = \"unix:/tmp/.s.PGSQL.1\", proxy_protocol = true, proxy_protocol_from = [\"10.0.0.0/8\"] }",
    ] {
        assert!(read(listen).is_err(), "{listen}");
    }
}

#[test]
fn passed_sockets() {
    let read = |server: &str| read(&format!("[server]\n{server}\n{}", base(&["orders"], &["alice"])));
    let off = "tls = { mode = \"disable\" }";
    let (snapshot, _) = read(&format!("listen = [\"systemd:pgwarden.socket\"]\n{off}")).unwrap();
    assert_eq!(
        snapshot.server.listen[0].address,
        ListenAddress::Systemd("pgwarden.socket".to_owned())
    );
    let longest = format!("systemd:{}", "x".repeat(255));
    for (listen, tls, expected) in [
        (longest.as_str(), off, true),
        (&format!("{longest}x"), off, false),
        ("systemd:", off, false),
        ("systemd:a:b", off, false),
        ("systemd:a b", off, false),
        // Where it listens isn't known here.
        ("systemd:a", "", false),
    ] {
        let read = read(&format!("listen = [\"{listen}\"]\n{tls}"));
        assert_eq!(read.is_ok(), expected, "{listen} {tls}");
    }
}

#[test]
fn listeners_beyond_this_machine_have_to_be_written() {
    let valid =
        |server: &str| read(&format!("[server]\n{server}\n{}", base(&["orders"], &["alice"]))).is_ok();
    for (server, expected) in [
        ("listen = [\"127.0.0.1:6432\"]", true),
        ("listen = [\"[::1]:6432\", \"unix:/tmp/.s.PGSQL.6432\"]", true),
        ("listen = [\"0.0.0.0:6432\"]", false),
        ("listen = [\"[::]:6432\"]", false),
        ("listen = [\"192.0.2.1:6432\"]", false),
        ("listen = [\"0.0.0.0:6432\"]\ntls = { mode = \"disable\" }", true),
        (
            "listen = [{ address = \"0.0.0.0:6432\", tls = { mode = \"disable\" } }]",
            true,
        ),
        (
            "listen = [{ address = \"0.0.0.0:6432\", tls = { mode = \"disable\" } }, \"0.0.0.0:6433\"]",
            false,
        ),
        (
            "listen = [{ address = \"127.0.0.1:6432\", record = \"orders\" }]",
            true,
        ),
        (
            "listen = [{ address = \"127.0.0.1:6432\", record = \"nothing\" }]",
            false,
        ),
        ("listen = [{ record = \"orders\" }]", false),
        ("listen = [\"127.0.0.1:6432\", \"127.0.0.1:6432\"]", false),
        ("listen = [\"127.0.0.1:0\", \"127.0.0.1:0\"]", true),
        (
            "listen = [\"127.0.0.1:6432\"]\nadmin_listen = \"127.0.0.1:6432\"",
            false,
        ),
        ("listen = []", false),
        ("listen = \"127.0.0.1:6432\"", false),
        ("listen = [\"unix:\"]", false),
        ("listen = [\"unix:/tmp/\"]", false),
        ("listen = [\"localhost:6432\"]", false),
    ] {
        assert_eq!(valid(server), expected, "{server}");
    }
    let longest = format!("/{}", "x".repeat(106));
    assert!(valid(&format!("listen = [\"unix:{longest}\"]")));
    assert!(!valid(&format!("listen = [\"unix:{longest}x\"]")));
}

#[test]
fn what_a_grant_writes_replaces_what_the_record_writes() {
    let connection = "can_export_csv = true\ncopy_rows = 5\nopaque_code = \"allow\"\ndefault_database = \"a\"\ndatabases = [\"a\", \"b\"]";
    let record = access(&with("host = \"::1\"", connection, ""));
    assert!(record.settings.can_export_csv);
    assert_eq!(
        (record.settings.copy_rows, record.settings.copy_rows_per_session),
        (5, 50)
    );
    assert_eq!(record.settings.opaque_code, OpaqueCode::Allow);
    assert_eq!(record.database(None), Ok("a"));

    let grant = "can_export_csv = false\ncan_import_csv = true\ncopy_rows = 7\ndefault_database = \"b\"";
    let granted = access(&with("host = \"::1\"", connection, grant));
    assert!(!granted.settings.can_export_csv && granted.settings.can_import_csv);
    assert_eq!(
        (granted.settings.copy_rows, granted.settings.copy_rows_per_session),
        (7, 70)
    );
    assert_eq!(granted.settings.opaque_code, OpaqueCode::Allow);
    assert_eq!(granted.database(None), Ok("b"));
    assert_eq!(granted.database(Some("a")), Ok("a"));
    assert!(granted.database(Some("c")).is_err());
}

#[test]
fn what_is_absent_is_refused() {
    let plain = access(&with("host = \"::1\"", "", ""));
    assert_eq!(*plain.settings, Settings::default());
    // As for every client of PostgreSQL: the database is named like the login.
    assert_eq!(plain.database(None), Ok("app_rw"));
    assert_eq!(plain.database(Some("any")), Ok("any"));
    assert!(plain.record.password.is_none() && plain.record.text_session_recording);
}

#[test]
fn a_grant_can_shut_people_out_and_not_let_them_in() {
    let shut = read(&with("host = \"::1\"", "", "enable = false")).unwrap().0;
    let access = |snapshot: &pgwarden_records::Snapshot| {
        snapshot
            .access("alice", "r", None, std::time::SystemTime::UNIX_EPOCH)
            .map(|_| ())
    };
    assert_eq!(access(&shut), Err(pgwarden_records::AccessError::RecordDisabled));
    let (disabled, warnings) = read(&with("host = \"::1\"", "enable = false", "enable = true")).unwrap();
    assert_eq!(
        access(&disabled),
        Err(pgwarden_records::AccessError::RecordDisabled)
    );
    assert!(
        warnings
            .iter()
            .any(|warning| warning.message.contains("`enable = true` has no effect"))
    );
}

/// The file that acceptance runs write.
#[test]
fn a_file_of_many_records() {
    let mut text = "[server]\nlisten = [\"127.0.0.1:40001\"]\nadmin_listen = \"127.0.0.1:40002\"\n\n\n\
                    [recording]\ndirectory = \"/tmp/pgw.x/recordings\"\n\n\n\
                    [[pam_configuration]]\nname = \"local\"\ntls = { mode = \"disable\" }\n\n\
                    [[pam_user]]\nname = \"app\"\nlogin = \"app\"\npassword = \"app-pass\"\n\n"
        .to_owned();
    let all = "can_export_csv = true\ncan_import_csv = true\ncan_copy_to_clipboard = true\ncan_paste_from_clipboard = true\n\
               can_run_server_programs = true\ncan_change_credentials = true\ncan_replicate = true\nopaque_code = \"allow\"\n";
    for (name, settings) in [
        ("closed", ""),
        ("open", all),
        ("exporter", "can_export_csv = true\n"),
        ("importer", "can_import_csv = true\n"),
        ("monitor", "enforcement = \"monitor\"\n"),
    ] {
        text += &format!(
            "[[pam_database]]\nname = \"{name}\"\npam_configuration = \"local\"\nhost = \"127.0.0.1\"\nport = 40003\npam_user = \"app\"\n\
             [pam_database.connection]\nprotocol = \"postgresql\"\nenable = true\ndefault_database = \"appdb\"\n{settings}\n"
        );
    }
    text += &format!(
        "[[user]]\nname = \"alice\"\nscram = \"{}\"\n",
        crate::file::VERIFIER
    );
    text += "[[grant]]\nusers = [\"alice\"]\nrecords = [\"*\"]\n";
    let snapshot = snapshot(&text);
    let settings = |record| snapshot.record_settings(record).unwrap();
    assert!(settings("open").forbids_nothing());
    assert_eq!(*settings("closed"), Settings::default());
    assert_eq!(settings("monitor").enforcement, Enforcement::Monitor);
    assert_eq!(snapshot.records().count(), 5);
    for record in snapshot.records() {
        let access = snapshot.access("alice", record.as_str(), None, std::time::SystemTime::now());
        assert_eq!(access.unwrap().database(None), Ok("appdb"));
    }
}

#[test]
fn an_empty_file_has_defaults_that_let_nobody_in() {
    let snapshot = snapshot("");
    assert_eq!(snapshot.server.listen.len(), 1);
    assert_eq!(
        snapshot.server.listen[0].address,
        ListenAddress::Tcp("127.0.0.1:6432".parse().unwrap())
    );
    assert_eq!(snapshot.server.admin_listen, None);
    assert_eq!(snapshot.server.max_message, 64 * 1024 * 1024);
    assert_eq!(snapshot.recording.mode, RecordingMode::Required);
    assert_eq!(snapshot.records().count() + snapshot.people().count(), 0);
    assert_eq!(snapshot.mock_scram_parameters(), (4096, 16));
}

#[test]
fn mock_verifiers_look_like_those_of_most_people() {
    let person = |name: &str, iterations: u32, salt: &str| {
        let keys =
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        format!("[[user]]\nname = \"{name}\"\nscram = \"SCRAM-SHA-256${iterations}:{salt}${keys}\"\n")
    };
    let check = |people: &[String], expected| {
        assert_eq!(
            snapshot(&people.concat()).mock_scram_parameters(),
            expected,
            "{people:?}"
        );
    };
    let (long, short) = ("c2FsdHNhbHRzYWx0c2FsdA==", "c2FsdA==");
    check(&[person("a", 9000, short)], (9000, 4));
    check(
        &[
            person("a", 9000, short),
            person("b", 4096, long),
            person("c", 9000, short),
        ],
        (9000, 4),
    );
    // Of those that are as common, the least.
    check(&[person("a", 9000, short), person("b", 4096, long)], (4096, 16));
}

#[test]
fn numbers_as_toml_has_them() {
    let sessions = |number: &str| {
        let text = format!("[server]\nmax_sessions = {number}\n");
        read(&text).map(|(snapshot, _)| snapshot.server.max_sessions).ok()
    };
    for (number, expected) in [
        ("10_000", Some(10_000)),
        ("+5", Some(5)),
        ("0x10", Some(16)),
        ("0b11", Some(3)),
        ("-5", None),
        ("5.0", None),
        ("\"5\"", None),
        ("99999999999999999999999", None),
    ] {
        assert_eq!(sessions(number), expected, "{number}");
    }
}

#[test]
fn the_narrowest_refusal_hint_counts() {
    let text = String::from("[server]\nrefusal_hint = \"ask #data-access\"\n")
        + &base(&["orders", "reports"], &["alice", "bob"]);
    let text = text.replace(
        "default_database = \"reports_db\"\n",
        "default_database = \"reports_db\"\nrefusal_hint = \"ask the owner of reports, Ünal\"\n",
    );
    let text = text
        + "[[grant]]\nusers = [\"alice\"]\nrecords = [\"*\"]\n\
           [[grant]]\nusers = [\"bob\"]\nrecords = [\"*\"]\nrefusal_hint = \"ask your manager\"\n";
    let snapshot = snapshot(&text);
    for (person, record, expected) in [
        ("alice", "orders", "ask #data-access"),
        ("alice", "reports", "ask the owner of reports, Ünal"),
        ("bob", "orders", "ask your manager"),
        ("bob", "reports", "ask your manager"),
    ] {
        let access = snapshot
            .access(person, record, None, std::time::SystemTime::now())
            .unwrap();
        assert_eq!(
            access.settings.refusal_hint.as_deref(),
            Some(expected),
            "{person} {record}"
        );
    }
}
