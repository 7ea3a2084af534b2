//! What people read when a file is wrong.

use std::path::Path;

use pgwarden_records::Severity;
use proptest::prelude::*;

use crate::file::{base, read, read_in};

/// Messages with the directory taken out.
fn shown(directory: &Path, text: &str) -> String {
    let prefix = format!("{}/", directory.display());
    match read_in(directory, text) {
        Ok((_, warnings)) => {
            let texts: Vec<String> = warnings.iter().map(ToString::to_string).collect();
            texts.join("\n\n").replace(&prefix, "")
        }
        Err(errors) => errors.to_string().replace(&prefix, ""),
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let text = r#"[server]
listen = ["0.0.0.0:6432", "nonsense", "127.0.0.1"]
max_sesions = 5
max_message = "64XB"
login_timeout = 30
[recording]
mode = "sometimes"
results = "head"
recipients = ["age1x"]
[[pam_configuration]]
name = "a"
tls = { mode = "verify-full" }
[[pam_configuration]]
name = "a"
[[pam_user]]
name = "u"
login = "l"
password = { vault = { path = "x" } }
[[pam_database]]
name = "r@x"
pam_configuration = "b"
host = "db.example"
port = 99999
pam_user = "nobody"
[pam_database.connection]
protocol = "mysql"
enable = "yes"
can_export_cvs = true
copy_rows = "many"
opaque_code = "maybe"
[[user]]
name = "alice"
scram = "md5abc"
certificate = { cn = "alice" }
[[grant]]
users = ["bob"]
records = ["orders"]
from = ["10.0.0.0/99"]
valid_until = "tomorrow"
"#;
    insta::assert_snapshot!(shown(directory.path(), text));
}

#[test]
fn what_is_not_toml_is_said_with_its_place() {
    let directory = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(shown(
        directory.path(),
        "[server]\nlisten = [\"127.0.0.1:1\"\nmax_sessions = 5\n"
    ));
}

#[test]
fn warnings() {
    let directory = tempfile::tempdir().unwrap();
    let text = base(&["orders"], &["alice"])
        .replace(
            "login = \"app_rw\"\n",
            "login = \"app_rw\"\npassword = \"secret-in-file\"\n",
        )
        .replace(
            "enable = true\n",
            "enable = true\nread_only = true\ncopy_rows = 5\ncan_copy_to_clipboard = true\n",
        )
        + "[[grant]]\nusers = [\"alice\"]\nrecords = [\"nothing-*\"]\n";
    let shown = shown(directory.path(), &text);
    assert!(!shown.contains("secret-in-file"));
    insta::assert_snapshot!(shown);
}

/// One of each kind.
#[test]
fn every_warning() {
    use std::os::unix::fs::PermissionsExt as _;

    let directory = tempfile::tempdir().unwrap();
    let open = directory.path().join("open");
    std::fs::write(&open, "x").unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o644)).unwrap();
    let text = r#"[server]
listen = ["unix:/tmp/socket"]
admin_listen = "0.0.0.0:9432"
[[pam_configuration]]
name = "local"
[[pam_user]]
name = "literal"
login = "l"
password = "in the file"
[[pam_user]]
name = "missing"
login = "l"
password = { file = "missing" }
[[pam_user]]
name = "open"
login = "l"
password = { file = "open" }
[[pam_user]]
name = "unset"
login = "l"
password = { env = "PGWARDEN_TEST_UNSET" }
[[pam_database]]
name = "orders"
pam_configuration = "local"
host = ["127.0.0.1:5433", "[::1]:5434"]
port = 5435
pam_user = "literal"
[pam_database.connection]
enable = false
text_session_recording = false
graphical_session_recording = true
include_key_events = true
can_copy_to_clipboard = true
can_paste_from_clipboard = true
copy_rows = 5
copy_bytes = "1MiB"
copy_rows_per_session = 6
paste_bytes = 7
paste_rows = 8
paste_statements = 9
read_only = true
deny_functions = ["f"]
deny_relations = ["r"]
deny_statements = ["vacuum"]
[[user]]
name = "alice@orders"
scram = "VERIFIER"
[[grant]]
users = ["alice@orders"]
records = ["orders", "nothing-*"]
from = ["10.1.2.3/8"]
enable = true
read_only = true
"#
    .replace("VERIFIER", crate::file::VERIFIER);
    insta::assert_snapshot!(shown(directory.path(), &text));
}

/// What is wrong with one thing is not said again of what refers to it.
#[test]
fn a_mistake_is_said_once() {
    let errors = |from: &str, to: &str| {
        let text = base(&["orders"], &["alice"]) + "[[grant]]\nusers = [\"alice\"]\nrecords = [\"orders\"]\n";
        assert!(text.contains(from), "{from}");
        let errors = read(&text.replace(from, to)).unwrap_err();
        (errors.errors(), errors.to_string())
    };
    for (from, to) in [
        ("login = \"app_rw\"", ""),
        ("login = \"app_rw\"", "login = 5"),
        (
            "name = \"local\"\ntls = { mode = \"disable\" }",
            "name = \"local\"\ntls = { mode = \"verify-full\" }",
        ),
        ("host = \"127.0.0.1\"", "host = \"a b\""),
        ("host = \"127.0.0.1\"", ""),
        ("pam_user = \"app\"", "pam_user = \"ap\""),
        ("enable = true", "enable = 1"),
        ("SCRAM-SHA-256$4096", "SCRAM-SHA-256$0"),
        ("records = [\"orders\"]", "records = [\"order\"]"),
        ("users = [\"alice\"]", "users = []"),
        ("\"orders\"", "\"a@b\""),
        ("\"orders\"", "\"a*\""),
        ("\"alice\"", "\"a\\u0000\""),
    ] {
        let (count, text) = errors(from, to);
        assert_eq!(count, 1, "{to}: {text}");
    }
}

#[test]
fn included_files() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("conf.d")).unwrap();
    let people = format!(
        "[[user]]\nname = \"bob\"\nscram = \"{}\"\n",
        crate::file::VERIFIER
    );
    std::fs::write(directory.path().join("conf.d/people.toml"), people).unwrap();
    let text = format!("include = [\"conf.d/*.toml\"]\n{}", base(&["orders"], &["alice"]));
    let (snapshot, _) = read_in(directory.path(), &text).unwrap();
    let people: Vec<&str> = snapshot.people().map(|person| person.name.as_str()).collect();
    assert_eq!(people, ["alice", "bob"]);
    let sources: Vec<_> = snapshot
        .sources()
        .iter()
        .map(|path| path.strip_prefix(directory.path()).unwrap())
        .collect();
    assert_eq!(
        sources,
        [
            Path::new("pgwarden.toml"),
            Path::new("conf.d/people.toml"),
            Path::new("conf.d")
        ]
    );
    std::fs::write(
        directory.path().join("conf.d/more.toml"),
        "[server]\nmax_sessions = 0\n[[user]]\nname = \"alice\"\n",
    )
    .unwrap();
    insta::assert_snapshot!(shown(directory.path(), &text));
}

#[test]
fn limits_at_their_edges() {
    let valid = |line: &str| read(&format!("[server]\n{line}\n{}", base(&["orders"], &["alice"]))).is_ok();
    for (key, inside, outside) in [
        ("max_sessions", "1", "0"),
        ("max_sessions", "1000000", "1000001"),
        ("max_sessions_per_user", "1", "0"),
        ("max_message", "\"8KiB\"", "8191"),
        ("max_message", "1073741823", "\"1GiB\""),
        ("login_timeout", "\"1s\"", "\"999ms\""),
        ("login_timeout", "\"10m\"", "\"601s\""),
        ("connect_timeout", "\"1s\"", "\"999ms\""),
        ("connect_timeout", "\"10m\"", "\"601s\""),
        ("max_cancels_per_second", "1", "0"),
        ("max_cancels_per_second", "10000", "10001"),
        ("max_cancels_per_second_per_address", "1", "0"),
        ("max_cancels_per_second_per_address", "10000", "10001"),
        ("worker_threads", "0", "-1"),
        ("worker_threads", "4096", "4097"),
        ("drain_timeout", "\"0s\"", "\"25h\""),
        ("max_logins", "1", "0"),
        ("max_logins", "1000000", "1000001"),
        ("max_logins_per_address", "1", "0"),
        ("facts_cache", "0", "-1"),
        ("facts_cache", "\"1GiB\"", "1073741825"),
        ("max_held_memory", "\"64KiB\"", "65535"),
        ("max_held_memory", "\"1024GiB\"", "\"1025GiB\""),
        ("tcp_keepalives_idle", "\"1s\"", "\"999ms\""),
        ("tcp_keepalives_idle", "\"0s\"", "0"),
        ("tcp_keepalives_interval", "\"32767s\"", "\"32768s\""),
        ("tcp_keepalives_count", "0", "-1"),
        ("tcp_keepalives_count", "127", "128"),
        ("tcp_user_timeout", "\"0s\"", "\"999ms\""),
        ("tcp_user_timeout", "\"24h\"", "\"25h\""),
        ("reuse_port", "true", "\"true\""),
        ("unix_socket_permissions", "\"0770\"", "\"0780\""),
        ("unix_socket_permissions", "\"777\"", "\"1777\""),
        ("unix_socket_permissions", "\"0\"", "\"\""),
        ("unix_socket_permissions", "\"0700\"", "\"+700\""),
        ("unix_socket_permissions", "\"0700\"", "700"),
    ] {
        assert!(valid(&format!("{key} = {inside}")), "{key} = {inside}");
        assert!(!valid(&format!("{key} = {outside}")), "{key} = {outside}");
    }
}

#[test]
fn peers() {
    let listed = |peers: &str| {
        let text = format!(
            "[server]\nlogin_key = {{ file = \"login.key\" }}\npeers = {peers}\n{}",
            base(&["r"], &["a"])
        );
        read(&text).map_err(|errors| {
            errors
                .iter()
                .filter(|error| error.severity == Severity::Error)
                .map(|error| error.message.clone())
                .collect::<Vec<_>>()
        })
    };
    let (snapshot, _) = listed("[\"gw2:6432\", \"10.0.0.3:6432\", \"[fd00::4]:6433\"]").unwrap();
    let peers: Vec<_> = snapshot
        .server
        .peers
        .iter()
        .map(|peer| (peer.host.as_str(), peer.port))
        .collect();
    assert_eq!(peers, [("gw2", 6432), ("10.0.0.3", 6432), ("fd00::4", 6433)]);
    for wrong in [
        "\"gw2\"",
        "\"\"",
        "\"/run/pgwarden\"",
        "\"gw2:0\"",
        "\"fd00::4\"",
        "5",
    ] {
        assert!(listed(&format!("[{wrong}]")).is_err(), "{wrong}");
    }
    assert_eq!(
        listed("[\"gw2\"]").unwrap_err(),
        [
            "`peers` must be host and port of a listener of the replica, such as \"gw2:6432\" or \"[fd00::2]:6432\", not \"gw2\""
        ]
    );
    assert_eq!(
        listed("[\"gw2:1\", \"gw2:1\"]").unwrap_err(),
        ["there is already a peer gw2:1"]
    );
    let many = |count: usize| {
        format!(
            "[{}]",
            (1..=count)
                .map(|port| format!("\"gw:{port}\""))
                .collect::<Vec<_>>()
                .join(",")
        )
    };
    assert!(listed(&many(64)).is_ok());
    assert_eq!(
        listed(&many(65)).unwrap_err(),
        ["`peers` lists more than 64 replicas"]
    );

    let warnings = |server: &str| -> Vec<String> {
        let (_, warnings) = read(&format!("[server]\n{server}\n{}", base(&["r"], &["a"]))).unwrap();
        warnings
            .into_iter()
            .map(|warning| warning.message)
            .filter(|warning| warning.contains("replicas"))
            .collect()
    };
    assert_eq!(warnings("peers = []"), [""; 0]);
    assert_eq!(
        warnings("peers = [\"gw2:6432\"]"),
        ["replicas believe each other by `login_key`, and each makes one of its own where it isn't written"]
    );
}

/// Whoever writes the file can't exhaust the stack either.
#[test]
fn nesting_has_an_end() {
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a=".repeat(100_000)),
        format!("{} = 1", vec!["a"; 100_000].join(".")),
        format!("[{}]", vec!["a"; 100_000].join(".")),
    ] {
        let errors = read(&text).unwrap_err();
        assert_eq!(errors.errors(), 1, "one line has one error");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}") {
        let _ = read(&text).map_err(|errors| errors.to_string());
    }

    #[test]
    fn a_changed_file_is_read_without_a_panic(at in 0usize..1200, with in "\\PC{0,3}", cut in 0usize..20) {
        let mut text = base(&["orders"], &["alice"]) + "[[grant]]\nusers = [\"alice\"]\nrecords = [\"*\"]\n";
        if text.is_char_boundary(at) && text.is_char_boundary(at + cut) && at + cut <= text.len() {
            text.replace_range(at..at + cut, &with);
        }
        let _ = read(&text).map_err(|errors| errors.to_string());
    }
}

#[test]
fn refusal_hints_are_short_and_printable() {
    let limit = pgwarden_policy::REFUSAL_HINT_BYTES_MAX;
    let text = |hint: &str| format!("[server]\nrefusal_hint = \"{hint}\"\n");
    assert!(read(&text(&"x".repeat(limit))).is_ok());
    let directory = tempfile::tempdir().unwrap();
    let mut all = String::new();
    for wrong in [
        &"x".repeat(limit + 1),
        "",
        "  ",
        "two\\nlines",
        "a\\u001b[31mb",
        "ask \u{202e}#x",
    ] {
        all += &shown(directory.path(), &text(wrong));
        all += "\n";
    }
    insta::assert_snapshot!(all);
}
