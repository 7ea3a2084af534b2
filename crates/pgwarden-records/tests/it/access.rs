//! Who may use what, when and from where.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use pgwarden_policy::Enforcement;
use pgwarden_records::AccessError;

use crate::file::{VERIFIER, base, snapshot};

/// 2026-12-01T00:00:00Z.
fn december() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_796_083_200)
}

fn address(text: &str) -> Option<IpAddr> {
    Some(text.parse().unwrap())
}

/// What alice finds on the record `orders`: whether she may export, or why she may not come in.
#[track_caller]
fn check(grants: &str, from: Option<IpAddr>, now: SystemTime, expected: Result<bool, AccessError>) {
    let snapshot = snapshot(&(base(&["orders", "reports"], &["alice", "bob"]) + grants));
    let found = snapshot
        .access("alice", "orders", from, now)
        .map(|access| access.settings.can_export_csv);
    assert_eq!(found, expected, "{grants}");
}

#[test]
fn without_a_grant_there_is_no_access() {
    let here = address("10.1.2.3");
    check("", here, december(), Err(AccessError::NotGranted));
    check(
        "[[grant]]\nusers = [\"bob\"]\nrecords = [\"orders\"]\n",
        here,
        december(),
        Err(AccessError::NotGranted),
    );
    check(
        "[[grant]]\nusers = [\"alice\"]\nrecords = [\"reports\"]\n",
        here,
        december(),
        Err(AccessError::NotGranted),
    );
    check(
        "[[grant]]\nusers = [\"alice\"]\nrecords = [\"orders\"]\n",
        here,
        december(),
        Ok(false),
    );
    check(
        "[[grant]]\nusers = [\"alice\"]\nrecords = [\"o*s\"]\n",
        here,
        december(),
        Ok(false),
    );
}

#[test]
fn the_first_grant_that_holds_decides() {
    let narrow = "[[grant]]\nusers = [\"alice\"]\nrecords = [\"orders\"]\nfrom = [\"10.0.0.0/8\"]\ncan_export_csv = true\n";
    let wide = "[[grant]]\nusers = [\"alice\"]\nrecords = [\"*\"]\n";
    check(
        &format!("{narrow}{wide}"),
        address("10.1.2.3"),
        december(),
        Ok(true),
    );
    check(
        &format!("{narrow}{wide}"),
        address("192.168.1.1"),
        december(),
        Ok(false),
    );
    check(
        &format!("{wide}{narrow}"),
        address("10.1.2.3"),
        december(),
        Ok(false),
    );
}

#[test]
fn places() {
    let grant = "[[grant]]\nusers = [\"alice\"]\nrecords = [\"*\"]\nfrom = [\"10.0.0.0/8\", \"192.168.7.9\", \"fd00::/8\"]\n";
    for (from, expected) in [
        (address("10.255.255.255"), Ok(false)),
        (address("11.0.0.0"), Err(AccessError::NotGranted)),
        (address("192.168.7.9"), Ok(false)),
        (address("192.168.7.10"), Err(AccessError::NotGranted)),
        (address("::ffff:10.0.0.1"), Ok(false)),
        (address("fd12::1"), Ok(false)),
        (address("fe80::1"), Err(AccessError::NotGranted)),
        (None, Err(AccessError::NotGranted)),
    ] {
        check(grant, from, december(), expected);
    }
}

#[test]
fn times() {
    let grant = "[[grant]]\nusers = [\"alice\"]\nrecords = [\"*\"]\n\
                 valid_from = \"2026-12-01T00:00:00Z\"\nvalid_until = \"2026-12-01T02:00:00+01:00\"\n";
    let hour = Duration::from_hours(1);
    let moment = Duration::from_millis(1);
    check(grant, None, december() - moment, Err(AccessError::NotGranted));
    check(grant, None, december(), Ok(false));
    check(grant, None, december() + hour - moment, Ok(false));
    check(grant, None, december() + hour, Err(AccessError::NotGranted));
    let snapshot = snapshot(&(base(&["orders"], &["alice"]) + grant));
    let access = snapshot.access("alice", "orders", None, december()).unwrap();
    assert_eq!(access.valid_until, Some(december() + hour));
}

#[test]
fn what_is_unknown_or_disabled() {
    let text = base(&["orders"], &["alice"]).replace("enable = true", "enable = false")
        + "[[grant]]\nusers = [\"alice\"]\nrecords = [\"*\"]\n";
    let snapshot = snapshot(&text);
    let reason = |person, record| snapshot.access(person, record, None, december()).unwrap_err();
    assert_eq!(reason("alice", "orders"), AccessError::RecordDisabled);
    assert_eq!(reason("alice", "nothing"), AccessError::UnknownRecord);
    assert_eq!(reason("nobody", "orders"), AccessError::UnknownPerson);
}

#[test]
fn groups_and_databases() {
    let text = base(&["orders"], &[]).replace(
        "default_database",
        "databases = [\"orders_db\", \"old\"]\ndefault_database",
    ) + &format!("[[user]]\nname = \"alice\"\nscram = \"{VERIFIER}\"\ngroups = [\"analysts\"]\n")
        + "[[grant]]\ngroups = [\"analysts\"]\nrecords = [\"orders\"]\n";
    let snapshot = snapshot(&text);
    let access = snapshot.access("alice", "orders", None, december()).unwrap();
    assert_eq!(access.database(None), Ok("orders_db"));
    assert_eq!(access.database(Some("old")), Ok("old"));
    assert_eq!(
        access.database(Some("other")),
        Err(AccessError::DatabaseNotAllowed)
    );
}

#[test]
fn the_narrowest_enforcement_counts() {
    let enforcement = |server: &str, record: &str, grant: &str| {
        let line = |value: &str| {
            if value.is_empty() {
                String::new()
            } else {
                format!("enforcement = \"{value}\"\n")
            }
        };
        let text = format!("[server]\n{}", line(server))
            + &base(&["orders"], &["alice"])
                .replace("enable = true\n", &format!("enable = true\n{}", line(record)))
            + &format!(
                "[[grant]]\nusers = [\"alice\"]\nrecords = [\"*\"]\n{}",
                line(grant)
            );
        snapshot(&text)
            .access("alice", "orders", None, december())
            .unwrap()
            .settings
            .enforcement
    };
    assert_eq!(enforcement("", "", ""), Enforcement::Enforce);
    assert_eq!(enforcement("monitor", "", ""), Enforcement::Monitor);
    assert_eq!(enforcement("monitor", "enforce", ""), Enforcement::Enforce);
    assert_eq!(enforcement("", "monitor", ""), Enforcement::Monitor);
    assert_eq!(enforcement("", "monitor", "enforce"), Enforcement::Enforce);
    assert_eq!(enforcement("monitor", "enforce", "monitor"), Enforcement::Monitor);
}

#[test]
fn an_answer_holds_until_another_grant_begins() {
    let later = "[[grant]]\nusers = [\"alice\"]\nrecords = [\"orders\"]\nvalid_from = 2026-12-02T00:00:00Z\ncan_export_csv = true\n";
    let now = "[[grant]]\nusers = [\"alice\"]\nrecords = [\"*\"]\nvalid_until = 2026-12-03T00:00:00Z\n";
    let day = Duration::from_hours(24);
    let text = base(&["orders", "reports"], &["alice"]);
    let answer = |grants: String, record: &str, at: SystemTime| {
        let access = snapshot(&(text.clone() + &grants))
            .access("alice", record, None, at)
            .unwrap();
        (access.settings.can_export_csv, access.valid_until)
    };
    let first = || later.to_owned() + now;
    assert_eq!(
        answer(first(), "orders", december()),
        (false, Some(december() + day))
    );
    assert_eq!(answer(first(), "orders", december() + day), (true, None));
    assert_eq!(
        answer(first(), "reports", december()),
        (false, Some(december() + day * 2))
    );
    // One that comes later in the file has no say while the first holds.
    let last = || now.to_owned() + later;
    assert_eq!(
        answer(last(), "orders", december() + day),
        (false, Some(december() + day * 2))
    );
    assert_eq!(answer(last(), "orders", december() + day * 2), (true, None));
}

#[test]
fn times_that_cannot_be_meant() {
    for (times, expected) in [
        (
            "valid_until = 2026-12-31T18:00:00",
            "with its offset from UTC, not a date or time",
        ),
        (
            "valid_until = 2026-12-31",
            "with its offset from UTC, not a date or time",
        ),
        (
            "valid_until = 1798740000",
            "with its offset from UTC, not 1798740000",
        ),
        (
            "valid_from = \"2026-12-31T18:00:00Z\"\nvalid_until = \"2026-12-31T20:00:00+02:00\"",
            "`valid_until` is not after `valid_from`",
        ),
    ] {
        let text = base(&["orders"], &["alice"])
            + &format!("[[grant]]\nusers = [\"alice\"]\nrecords = [\"orders\"]\n{times}\n");
        let errors = crate::file::read(&text).unwrap_err().to_string();
        assert!(errors.contains(expected), "{times}: {errors}");
    }
}

#[test]
fn a_grant_that_is_switched_off_keeps_people_out_of_what_follows() {
    let off = "[[grant]]\nusers = [\"bob\", \"alice\"]\nrecords = [\"orders\"]\nfrom = [\"10.0.0.0/8\"]\nenable = false\n";
    let wide = "[[grant]]\nusers = [\"alice\"]\nrecords = [\"*\"]\n";
    let grants = format!("{off}{wide}");
    check(
        &grants,
        address("10.1.2.3"),
        december(),
        Err(AccessError::RecordDisabled),
    );
    check(&grants, address("11.1.2.3"), december(), Ok(false));
    check(
        &format!("{wide}{off}"),
        address("10.1.2.3"),
        december(),
        Ok(false),
    );
}

#[test]
fn ipv4_in_the_notation_of_ipv6_is_pointed_out() {
    let text = base(&["orders"], &["alice"])
        + "[[grant]]\nusers = [\"alice\"]\nrecords = [\"orders\"]\nfrom = [\"::ffff:10.0.0.0/104\", \"::/0\"]\n";
    let errors = crate::file::read(&text).unwrap_err();
    assert_eq!(errors.errors(), 1, "{errors}");
    assert!(errors.to_string().contains("write \"10.0.0.0/8\""), "{errors}");
}
