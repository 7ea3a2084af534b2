//! Files of expectations as they are written, and what comes of them.

use pgwarden_policy::{Enforcement, Settings};
use pgwarden_records::{Diagnostics, Expected, POLICY_CASES_MAX, PolicyCase, load_policy_cases};
use proptest::prelude::*;

fn read(text: &str) -> Result<Vec<PolicyCase>, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tests.toml");
    std::fs::write(&path, text).unwrap();
    std::fs::write(directory.path().join("a.sql"), "copy a\nto stdout").unwrap();
    let prefix = format!("{}/", directory.path().display());
    load_policy_cases(&path).map_err(|errors: Diagnostics| errors.to_string().replace(&prefix, ""))
}

#[test]
fn cases_have_the_defaults_put_in() {
    let cases = read(
        r#"
        [defaults]
        record = "orders"
        user = "alice"
        from = "10.1.2.3"
        settings = { can_export_csv = true, enforcement = "monitor" }
        replication = true
        standard_conforming_strings = "off"
        [[case]]
        name = "by default"
        sql = ""
        expect = "allow"
        [[case]]
        name = "all of its own"
        record = "reports"
        user = "bob"
        from = "::1"
        settings = { can_export_csv = false }
        replication = false
        standard_conforming_strings = "on"
        sql_file = "a.sql"
        expect = "observe"
        setting = "can_export_csv"
        statements = ["copy_to"]
        "#,
    )
    .unwrap();
    let [first, second] = &cases[..] else {
        panic!("{cases:?}")
    };
    assert_eq!(first.record.as_deref(), Some("orders"));
    assert_eq!(first.user.as_deref(), Some("alice"));
    assert_eq!(first.from, Some("10.1.2.3".parse().unwrap()));
    assert!(first.replication && !first.standard_conforming_strings);
    assert_eq!((first.expected, first.sql.len()), (Expected::Allow, 0));
    assert!(first.settings.over(&Settings::default()).can_export_csv);

    assert_eq!(second.record.as_deref(), Some("reports"));
    assert_eq!(second.user.as_deref(), Some("bob"));
    assert_eq!(second.from, Some("::1".parse().unwrap()));
    assert!(!second.replication && second.standard_conforming_strings);
    assert_eq!(second.sql, b"copy a\nto stdout");
    assert_eq!(second.setting.as_deref(), Some("can_export_csv"));
    assert_eq!(second.statements, Some(vec!["copy_to".to_owned()]));
    let settings = second.settings.over(&Settings::default());
    assert!(!settings.can_export_csv);
    assert_eq!(settings.enforcement, Enforcement::Monitor);
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let errors = read(
        r#"[defaults]
recrod = "orders"
from = "somewhere"
[[case]]
name = "a"
sql = "select 1"
sql_file = "a.sql"
expect = "deny"
[[case]]
name = "a"
expect = "allow"
setting = "can_export_csv"
settings = { can_export_cvs = true, copy_rows = 0 }
[[case]]
sql = "select 1"
expect = "refuse"
setting = "can_exprt_csv"
statements = ["copyto", "select"]
standard_conforming_strings = true
[[case]]
name = "c"
sql_file = "missing.sql"
expect = "no_access"
user = "alice"
[[case]]
name = "d"
sql = 1
expect = "allow"
from = "10.0.0.1"
[server]
"#,
    )
    .unwrap_err();
    insta::assert_snapshot!(errors);
}

#[test]
fn files_that_say_nothing() {
    let mut shown = String::new();
    for text in ["", "case = 1", "[[case]\n", "[case]\nname = \"a\""] {
        shown += &read(text).unwrap_err();
        shown += "\n\n";
    }
    insta::assert_snapshot!(shown);
    assert!(load_policy_cases("nowhere.toml".as_ref()).is_err());
}

#[test]
fn the_number_of_cases_is_limited() {
    let cases = |count: usize| {
        let case = |number| format!("[[case]]\nname = \"{number}\"\nsql = \"\"\nexpect = \"allow\"\n");
        (0..count).map(case).collect::<String>()
    };
    assert_eq!(read(&cases(POLICY_CASES_MAX)).unwrap().len(), POLICY_CASES_MAX);
    let error = read(&cases(POLICY_CASES_MAX + 1)).unwrap_err();
    assert!(error.contains("POLICY_CASES_MAX"), "{error}");
}

proptest! {
    #[test]
    fn nothing_breaks_it(text in "(\\[\\[case\\]\\]\n|name = |sql = |settings = |expect = |\"a\"|\\{|\\}|\\[|\\]|\n|1|from = |\\PC){0,30}") {
        let _ = read(&text);
    }
}
