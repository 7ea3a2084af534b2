//! Keys of the reference that this version can't do: errors that say so, unless they ask for what is done anyway.

use crate::file::{base, read};

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let found: Vec<String> = match read(text) {
        Ok(_) => Vec::new(),
        Err(errors) => errors
            .iter()
            .filter(|diagnostic| diagnostic.severity == pgwarden_records::Severity::Error)
            .map(|diagnostic| diagnostic.message.clone())
            .collect(),
    };
    assert_eq!(found, expected, "{text}");
}

fn not(key: &str) -> String {
    format!("{key} not supported by this version")
}

#[test]
fn recording() {
    for (line, expected) in [
        ("results = \"full\"", None),
        ("results = \"none\"", Some(not("`results = \"none\"` is"))),
        ("durability = \"process\"", None),
        ("durability = \"disk\"", Some(not("`durability = \"disk\"` is"))),
        ("head = \"64KiB\"", None),
        ("head = \"1MiB\"", Some(not("`head` is"))),
        ("recipients = []", None),
        ("recipients = [\"age1\"]", Some(not("`recipients` is"))),
        ("signing_key = \"node.key\"", Some(not("`signing_key` is"))),
        ("retention = \"90d\"", Some(not("`retention` is"))),
        ("upload = { url = \"s3://b/p\" }", Some(not("`upload` is"))),
        ("catalogue = \"sqlite:x\"", Some(not("`catalogue` is"))),
    ] {
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check(&format!("[recording]\n{line}\n"), &expected);
    }
}

#[test]
fn targets_and_people() {
    let user = "[[pam_user]]\nname = \"u\"\nlogin = \"u\"\n";
    let configuration = "[[pam_configuration]]\nname = \"c\"\n";
    for (text, expected) in [
        (
            format!("{user}password = {{ vault = {{ path = \"x\" }} }}\n"),
            vec![not("`vault` is")],
        ),
        (
            format!("{user}password = {{ ksm = {{ uid = \"x\" }} }}\n"),
            vec![not("`ksm` is")],
        ),
        (
            format!("{user}{configuration}administrative_credential = \"u\"\n"),
            vec![not("`administrative_credential` is")],
        ),
    ] {
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check(&text, &expected);
    }
}

/// Connection settings are read from the start; what isn't enforced is a warning, one for each record.
#[test]
fn settings_that_are_not_enforced_are_named_once() {
    let warnings = |settings: &str, grant: &str| -> Vec<String> {
        let text = base(&["r"], &["alice"])
            .replace("enable = true\n", &format!("enable = true\n{settings}\n"))
            + &format!("[[grant]]\nusers = [\"alice\"]\nrecords = [\"*\"]\n{grant}\n");
        let (_, warnings) = read(&text).unwrap();
        warnings.into_iter().map(|warning| warning.message).collect()
    };
    assert_eq!(warnings("", ""), [""; 0]);
    assert_eq!(
        warnings(
            "read_only = true\ninclude_key_events = true\ngraphical_session_recording = true",
            ""
        ),
        [
            "on record \"r\", this version does not carry out `graphical_session_recording` and `include_key_events` yet"
        ]
    );
    // What asks for nothing is nothing to warn of.
    assert_eq!(
        warnings(
            "read_only = false\ndeny_relations = []\ngraphical_session_recording = false\ninclude_key_events = false",
            ""
        ),
        [""; 0]
    );
    assert_eq!(
        warnings("text_session_recording = false", ""),
        ["sessions are recorded all the same, as this version records all or none"]
    );
}
