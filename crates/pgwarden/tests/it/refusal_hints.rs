//! `refusal_hint`: the HINT of every refusal that someone can lift, in the words of the narrowest place that has some.

use testkit::{Message, Proxy, Record, TestDb, frontend};

const OF_THE_SERVER: &str = "ask #data-access";
const OF_THE_RECORD: &str = "ask the owner of reports";
const OF_THE_GRANT: &str = "ask your manager";

fn proxy(database: &TestDb) -> Proxy {
    Proxy::before(database)
        .server(&format!("refusal_hint = {OF_THE_SERVER:?}"))
        .record(Record::new("orders"))
        .record(Record::new("reports").setting("refusal_hint", format_args!("{OF_THE_RECORD:?}")))
        .person("alice")
        .person("bob")
        .grant(&["alice"], &["*"], "")
        .grant(&["bob"], &["*"], &format!("refusal_hint = {OF_THE_GRANT:?}"))
        .start()
        .unwrap()
}

#[track_caller]
fn check(answers: &[Message], hint: &str) {
    let error = answers
        .iter()
        .find(|message| message.tag == b'E')
        .unwrap_or_else(|| panic!("{}", testkit::trace(answers)));
    assert_eq!(error.sqlstate().unwrap(), "42501", "{error:?}");
    assert_eq!(error.field(b'H').unwrap(), hint, "{error:?}");
    assert!(error.field(b'D').is_some(), "{error:?}");
}

#[test]
fn the_narrowest_counts_for_statements() {
    let database = super::database();
    let proxy = proxy(&database);
    for (person, record, hint) in [
        ("alice", "orders", OF_THE_SERVER),
        ("alice", "reports", OF_THE_RECORD),
        ("bob", "orders", OF_THE_GRANT),
        ("bob", "reports", OF_THE_GRANT),
    ] {
        let mut client = proxy.client(person, record).unwrap();
        check(&client.query("copy pg_class to stdout").unwrap(), hint);
        client.send(&frontend::function_call(1, &[])).unwrap();
        check(&client.receive_ready().unwrap(), hint);
        // What someone can do alone stands before it.
        check(
            &client
                .query("do $$ begin execute current_query(); end $$")
                .unwrap(),
            &format!("Write the statement without building SQL from strings. Otherwise: {hint}"),
        );
    }
    proxy.assert_idle();
}

#[test]
fn so_do_startup_parameters_and_replication() {
    let database = super::database();
    let proxy = proxy(&database);
    for parameter in [
        ("replication", "true"),
        ("session_authorization", "postgres"),
        ("options", "-c session_preload_libraries=x"),
    ] {
        let mut client = testkit::RawClient::connect(proxy.address()).unwrap();
        let answers = client
            .try_login(
                &[("user", "bob@orders"), parameter],
                proxy.password("bob").unwrap(),
            )
            .unwrap();
        check(&answers, OF_THE_GRANT);
    }
    proxy.assert_idle();
}

/// A reload changes it for live sessions, as any other setting.
#[test]
fn a_reload_changes_it() {
    let database = super::database();
    let mut proxy = proxy(&database);
    let mut client = proxy.client("alice", "orders").unwrap();
    proxy.reconfigure(OF_THE_SERVER, "ask #elsewhere").unwrap();
    let answers = client.query("copy pg_class to stdout").unwrap();
    check(&answers, "ask #elsewhere");
    drop(client);
    proxy.assert_idle();
}
