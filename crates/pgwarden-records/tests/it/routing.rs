//! Who wants to log in, and where to.

use pgwarden_records::Snapshot;

use crate::file::{base, snapshot};

fn example() -> Snapshot {
    let people = ["alice", "carol@example.com", "dave@orders"];
    snapshot(&(base(&["orders", "reports"], &people) + "[[grant]]\nusers = [\"alice\"]\nrecords = [\"*\"]\n"))
}

#[track_caller]
fn check(
    user: &str,
    database: Option<&str>,
    listener: Option<&str>,
    expected: (&str, Option<&str>, Option<&str>),
) {
    let snapshot = example();
    let listener = listener.map(|name| snapshot.records().find(|record| record.as_str() == name).unwrap());
    let route = snapshot.route(user, database, listener);
    let found = (
        route.person.as_str(),
        route.record.as_deref(),
        route.database.as_deref(),
    );
    assert_eq!(found, expected, "{user} {database:?} {listener:?}");
}

#[test]
fn a_record_named_by_the_user() {
    check("alice@orders", None, None, ("alice", Some("orders"), None));
    check(
        "alice@orders",
        Some("wanted"),
        None,
        ("alice", Some("orders"), Some("wanted")),
    );
    // A database of a record's name is a database here.
    check(
        "alice@orders",
        Some("reports"),
        None,
        ("alice", Some("orders"), Some("reports")),
    );
    // It outranks the listener's.
    check(
        "alice@orders",
        None,
        Some("reports"),
        ("alice", Some("orders"), None),
    );
}

#[test]
fn databases_that_libpq_fills_in_are_not_asked_for() {
    for database in ["", "alice@orders", "alice"] {
        check(
            "alice@orders",
            Some(database),
            None,
            ("alice", Some("orders"), None),
        );
    }
    check(
        "alice",
        Some("alice"),
        Some("orders"),
        ("alice", Some("orders"), None),
    );
}

#[test]
fn a_record_named_by_the_database() {
    check("alice", Some("orders"), None, ("alice", Some("orders"), None));
    check(
        "alice",
        Some("orders"),
        Some("reports"),
        ("alice", Some("orders"), None),
    );
    check("alice", Some("nothing"), None, ("alice", None, Some("nothing")));
    check("alice", None, None, ("alice", None, None));
}

#[test]
fn a_record_of_the_listener() {
    check("alice", None, Some("orders"), ("alice", Some("orders"), None));
    check(
        "alice",
        Some("wanted"),
        Some("orders"),
        ("alice", Some("orders"), Some("wanted")),
    );
}

#[test]
fn the_last_at_splits_unless_the_whole_is_a_person() {
    check(
        "carol@example.com",
        Some("orders"),
        None,
        ("carol@example.com", Some("orders"), None),
    );
    check(
        "carol@example.com@orders",
        None,
        None,
        ("carol@example.com", Some("orders"), None),
    );
    // What follows names a record, so it splits although the whole is a person too.
    check("dave@orders", None, None, ("dave", Some("orders"), None));
    // Nobody is called that, so what follows is a record that doesn't exist.
    check("eve@example.org", None, None, ("eve", Some("example.org"), None));
    check("a@b@c@orders", None, None, ("a@b@c", Some("orders"), None));
    check("@orders", None, None, ("", Some("orders"), None));
    check("alice@", None, None, ("alice", Some(""), None));
}

/// Before anything is proved, a client sees a salt that hangs on the person alone. So whether a name with `@` is taken whole must hang
/// on what follows the `@` alone: else two names, one with another end, would tell who is known.
#[test]
fn whether_a_person_is_known_does_not_show_in_how_the_name_is_split() {
    check("eve@example.com", None, None, ("eve@example.com", None, None));
    check("alice@example.com", None, None, ("alice@example.com", None, None));
    check(
        "eve@example.com",
        Some("wanted"),
        Some("orders"),
        ("eve@example.com", Some("orders"), Some("wanted")),
    );
    let snapshot = example();
    let whole = |user: &str| snapshot.route(user, None, None).person == user;
    for end in [
        "example.com",
        "example.org",
        "Example.com",
        "orders",
        "reports",
        "",
        "b@example.com",
    ] {
        let known = ["alice", "carol", "dave", "carol@example.com"];
        let unknown = ["eve", "", "alic", "eve@example.com"];
        let all: Vec<bool> = known
            .iter()
            .chain(&unknown)
            .map(|start| whole(&format!("{start}@{end}")))
            .collect();
        assert!(all.iter().all(|one| *one == all[0]), "{end}: {all:?}");
    }
}
