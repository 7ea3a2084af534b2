//! deploy/pgwarden.toml, which people copy.

use std::path::{Path, PathBuf};

use pgwarden_policy::Setting;
use pgwarden_records::load;

use crate::file::read;

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/pgwarden.toml")
}

#[test]
fn it_is_valid_as_it_is() {
    let (snapshot, warnings) = load(&path()).unwrap_or_else(|errors| panic!("{errors}"));
    let access = snapshot.access("alice", "orders", None, std::time::SystemTime::now());
    assert_eq!(access.unwrap().database(None), Ok("orders"));
    // What the unit of deploy/systemd may write to.
    assert!(snapshot.server.login_key.starts_with("/var/lib/pgwarden"));
    assert!(snapshot.recording.directory.starts_with("/var/lib/pgwarden"));
    for warning in warnings {
        let expected =
            warning.message.contains("can't be read now") || warning.message.contains("does not carry out");
        assert!(expected, "{warning}");
    }
}

#[test]
fn it_has_every_setting() {
    let text = std::fs::read_to_string(path()).unwrap();
    for setting in Setting::ALL {
        assert!(text.contains(&format!("{} = ", setting.as_str())), "{setting:?}");
    }
}

/// The key of a line such as `port = 5432`, or `# port = 5432`.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.strip_prefix("# ").unwrap_or(line).split_once(" = ")?;
    key.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        .then_some(key)
}

#[test]
fn each_line_that_is_commented_out_is_valid_too() {
    let text = std::fs::read_to_string(path()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let table = |index: usize| lines[..index].iter().rposition(|line| line.starts_with('['));
    let mut tried = 0;
    for (index, line) in lines.iter().enumerate() {
        let Some(wanted) = key(line).filter(|_| line.starts_with('#')) else {
            continue;
        };
        let changed: Vec<&str> = lines
            .iter()
            .enumerate()
            .map(|(other, &line)| {
                if other == index {
                    line.trim_start_matches("# ")
                } else if !line.starts_with('#') && key(line) == Some(wanted) && table(other) == table(index)
                {
                    // The key can be there once only.
                    ""
                } else {
                    line
                }
            })
            .collect();
        if let Err(errors) = read(&changed.join("\n")) {
            // What another line or another file has to go with.
            let alone = errors
                .iter()
                .filter(|diagnostic| diagnostic.severity == pgwarden_records::Severity::Error);
            let other: Vec<_> = alone
                .filter(|error| {
                    !error.message.contains("there is no pam_database \"reports")
                        && !error.message.contains("can't be read: No such file")
                        && !error.message.contains("is another machine")
                })
                .collect();
            assert!(other.is_empty(), "{line}: {errors}");
        }
        tried += 1;
    }
    assert!(tried > 30, "{tried}");
}
