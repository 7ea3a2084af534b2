//! `policy test`: a team's expectations, and what is said when they are not met.

use std::path::Path;
use std::process::{Command, Output};

use testkit::pgwarden_binary;

const CONFIG: &str = r#"
[server]
refusal_hint = "ask #data-access"
[[pam_configuration]]
name = "local"
[[pam_user]]
name = "app"
login = "app"
[[pam_database]]
name = "orders"
pam_configuration = "local"
host = "127.0.0.1"
pam_user = "app"
[pam_database.connection]
enable = true
[[user]]
name = "alice"
scram = "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
[[grant]]
users = ["alice"]
records = ["orders"]
from = ["10.0.0.0/8"]
can_export_csv = true
[[grant]]
users = ["alice"]
records = ["orders"]
enforcement = "monitor"
"#;

/// Runs the command in a directory with the configuration and this file.
fn run(tests: &str, args: &[&str]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("pgwarden.toml"), CONFIG).unwrap();
    std::fs::write(directory.path().join("tests.toml"), tests).unwrap();
    run_in(
        directory.path(),
        &[&["policy", "test"], args, &["tests.toml"]].concat(),
    )
}

fn run_in(directory: &Path, args: &[&str]) -> Output {
    Command::new(pgwarden_binary().unwrap())
        .args(args)
        .env_remove("PGWARDEN_CONFIG")
        .current_dir(directory)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const CASES: &str = r#"
[defaults]
record = "orders"
user = "alice"
[[case]]
name = "from the office"
from = "10.1.2.3"
sql = "copy customers to stdout"
expect = "allow"
statements = ["copy_to"]
[[case]]
name = "from elsewhere"
sql = "copy customers to stdout"
expect = "observe"
setting = "can_export_csv"
[[case]]
name = "with settings of its own"
sql = "select 1; copy customers to stdout"
settings = { enforcement = "enforce" }
expect = "refuse"
setting = "can_export_csv"
statements = ["select", "copy_to"]
[[case]]
name = "nobody's"
user = "bob"
expect = "no_access"
"#;

#[test]
fn what_is_met_is_summed_up() {
    let output = run(CASES, &[]);
    assert_eq!(text(&output.stdout), "4 passed, 0 failed\n", "{output:?}");
    assert_eq!(output.status.code(), Some(0));
    let output = run(CASES, &["--json"]);
    let lines: Vec<serde_json::Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["place"], "tests.toml:5:1");
    assert!(lines[..4].iter().all(|line| line["passed"] == true), "{lines:?}");
    assert_eq!(lines[4], serde_json::json!({"passed": 4, "failed": 0}));
}

#[test]
fn what_is_not_met_is_shown_with_its_reason() {
    let output = run(
        r#"
[[case]]
name = "stricter than expected"
sql = '''
select 1;
do $$
begin
    copy customers to '/tmp/x';
end $$'''
expect = "allow"
statements = ["select", "copy_to"]
[[case]]
name = "laxer than expected"
sql = "copy customers to stdout"
settings = { can_export_csv = true }
expect = "refuse"
[[case]]
name = "another setting"
sql = "create role r password 'hunter2'"
expect = "refuse"
setting = "can_import_csv"
[[case]]
name = "met"
sql = "copy customers to stdout"
expect = "refuse"
[[case]]
name = "no way in"
record = "orders"
user = "bob"
sql = "select 1"
expect = "allow"
"#,
        &[],
    );
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let shown = text(&output.stdout);
    assert!(!shown.contains("hunter2"), "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn exit_codes() {
    for (tests, args, code, words) in [
        ("", &[][..], 3, "key `case` is missing"),
        (
            "[[case]]\nname = \"a\"\nsql = \"\"\nexpect = \"allow\"\nextra = 1\n",
            &[],
            3,
            "tests.toml:5:1",
        ),
        // What needs no configuration does without one; what does, says so.
        (
            "[[case]]\nname = \"a\"\nsql = \"\"\nexpect = \"allow\"\n",
            &["--config", "missing.toml"],
            0,
            "",
        ),
        (
            "[[case]]\nname = \"a\"\nrecord = \"orders\"\nsql = \"\"\nexpect = \"allow\"\n",
            &["--config", "missing.toml"],
            3,
            "read configuration missing.toml",
        ),
        (CASES, &["missing.toml"], 3, "read expectations missing.toml"),
        (CASES, &["--nonsense"], 2, "--nonsense"),
    ] {
        let output = run(tests, args);
        assert_eq!(output.status.code(), Some(code), "{args:?} {output:?}");
        let errors = text(&output.stderr);
        assert!(errors.contains(words), "no {words:?} in {errors}");
    }
}

/// The example, on the configuration beside it.
#[test]
fn the_example_of_deploy_passes() {
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy");
    let args = ["policy", "test", "--config", "pgwarden.toml", "policy-tests.toml"];
    let output = run_in(&deploy, &args);
    let shown = text(&output.stdout);
    assert!(
        output.status.success() && shown.ends_with(" passed, 0 failed\n"),
        "{output:?}"
    );

    // A change that gives something away makes it fail.
    let directory = tempfile::tempdir().unwrap();
    for name in ["pgwarden.toml", "policy-tests.toml"] {
        let text = std::fs::read_to_string(deploy.join(name)).unwrap();
        let text = text.replace("# can_export_csv = true", "can_export_csv = true");
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    let output = run_in(directory.path(), &args);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(shown.contains("FAILED  nobody exports"), "{shown}");
}
