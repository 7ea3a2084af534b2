//! Passwords: where they come from, and that nobody reads them by accident.

use std::os::unix::fs::PermissionsExt as _;

use pgwarden_records::PasswordSource;

use crate::file::{VERIFIER, base, read, read_in, snapshot};

/// A file in which the password of the record's login is this.
fn with_password(password: &str) -> String {
    base(&["r"], &["alice"]).replace(
        "login = \"app_rw\"\n",
        &format!("login = \"app_rw\"\npassword = {password}\n"),
    ) + "[[grant]]\nusers = [\"alice\"]\nrecords = [\"r\"]\n"
}

fn source(text: &str, directory: &std::path::Path) -> PasswordSource {
    let (snapshot, _) = read_in(directory, text).unwrap_or_else(|errors| panic!("{errors}"));
    let access = snapshot
        .access("alice", "r", None, std::time::SystemTime::now())
        .unwrap();
    access.record.password.clone().unwrap()
}

#[test]
fn each_source_gives_the_password() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("secret"), "from-file\n").unwrap();
    let script = directory.path().join("get");
    std::fs::write(&script, "#!/bin/sh\nprintf '%s' \"from-$1\"\n").unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    let home = std::env::var("HOME").unwrap();
    for (password, expected) in [
        ("\"literal\"", "literal"),
        ("{ file = \"secret\" }", "from-file"),
        ("{ env = \"HOME\" }", home.as_str()),
        // Found by its path relative to the file, or in PATH.
        ("{ exec = [\"./get\", \"command\"] }", "from-command"),
        ("{ exec = [\"echo\", \"found\"] }", "found"),
    ] {
        let read = source(&with_password(password), directory.path()).read().unwrap();
        assert!(read.ct_eq(expected.as_bytes()), "{password}");
    }
}

/// No password that is written in a file may come out again, however the file is wrong.
#[test]
fn no_message_shows_a_secret() {
    for password in [
        "\"hunter2\"",
        "hunter2",
        "'hunter2",
        "\"hunter2",
        "[\"hunter2\"]",
        "{ exec = \"get hunter2\" }",
        "{ exec = [\"get\", \"hunter2\", 5] }",
        "{ exec = [\"get\", \"hunter2\\u0000\"] }",
        "{ env = \"A=hunter2\" }",
        "{ vault = \"hunter2\" }",
        "{ ksm = { token = \"hunter2\" } }",
        "{ file = \"x\", env = \"y\", exec = [\"hunter2\"] }",
        "\"hunter2\\u0000\"",
    ] {
        let text = with_password(password);
        for text in [
            text.clone(),
            format!("unknown = 1\n{text}"),
            format!("[server]\nlogin_key = {password}\n{text}"),
            text.replace(&format!("\"{VERIFIER}\""), password),
        ] {
            let shown = match read(&text) {
                Ok((snapshot, warnings)) => format!("{snapshot:?} {warnings:?}"),
                Err(errors) => format!("{errors} {errors:?}"),
            };
            assert!(!shown.contains("hunter2"), "{text}\n{shown}");
        }
    }
}

#[test]
fn a_snapshot_shows_no_verifier() {
    let shown = format!(
        "{:?}",
        snapshot(&with_password("{ exec = [\"get\", \"hunter2\"] }"))
    );
    assert!(shown.contains("Command(\"get\")"), "{shown}");
    assert!(
        !shown.contains("hunter2") && !shown.contains("AAAAAAAA") && !shown.contains("[0, 0"),
        "{shown}"
    );
}

#[test]
fn files_of_secrets_that_are_open_to_everyone_are_warned_of() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    std::fs::write(&path, VERIFIER).unwrap();
    let warned = |mode: u32, text: &str| {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let (_, warnings) = read_in(directory.path(), text).unwrap();
        warnings
            .iter()
            .any(|warning| warning.message.ends_with("is open to everyone on this machine"))
    };
    for text in [
        with_password("{ file = \"secret\" }"),
        format!(
            "[server]\nlogin_key = {{ file = \"secret\" }}\n{}",
            base(&["r"], &["alice"])
        ),
        with_password("{ env = \"HOME\" }").replace(&format!("\"{VERIFIER}\""), "{ file = \"secret\" }"),
    ] {
        for (mode, expected) in [
            (0o600, false),
            (0o640, false),
            (0o644, true),
            (0o604, true),
            (0o602, true),
        ] {
            assert_eq!(warned(mode, &text), expected, "{mode:o} {text}");
        }
    }
}

#[test]
fn a_password_that_is_not_there_yet_is_a_warning() {
    for (password, expected) in [
        ("{ file = \"missing\" }", "can't be read now"),
        (
            "{ env = \"PGWARDEN_TEST_UNSET\" }",
            "environment variable PGWARDEN_TEST_UNSET is not set",
        ),
    ] {
        let (_, warnings) = read(&with_password(password)).unwrap();
        assert!(
            warnings.iter().any(|warning| warning.message.contains(expected)),
            "{warnings:?}"
        );
    }
}
