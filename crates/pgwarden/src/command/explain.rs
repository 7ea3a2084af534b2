use std::io::{self, BufRead, Read as _, Write};
use std::ops::Range;
use std::time::SystemTime;

use anyhow::{Context as _, anyhow, bail};
use pgwarden_policy::{Encoding, Facts, Reading, Refusal, Settings, Verdict, analyse, judge};
use pgwarden_records::{Snapshot, override_settings};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::configuration;
use crate::cli::ExplainArgs;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let (snapshot, _) = configuration::load(&args.config)?;
    let settings = settings(&snapshot, &args.record, args.user.as_deref())?;
    let mut out = output::stdout();
    if args.jsonl {
        explain_lines(&settings, io::stdin().lock(), &mut out)?;
        out.flush()?;
        return Ok(Exit::Done);
    }
    let mut sql = Vec::new();
    if let Some(argument) = &args.sql {
        sql.extend_from_slice(argument.as_bytes());
    } else {
        io::stdin()
            .lock()
            .read_to_end(&mut sql)
            .context("read SQL from standard input")?;
    }
    let facts = analyse(&sql, reading(true, false));
    explanation(&mut out, &sql, &facts, &judge(&facts, &settings), &args.record)?;
    out.flush()?;
    Ok(Exit::Done)
}

/// The settings of the record, as the person's grant sees them.
fn settings(snapshot: &Snapshot, record: &str, user: Option<&str>) -> anyhow::Result<Settings> {
    let Some(user) = user else {
        return snapshot
            .record_settings(record)
            .cloned()
            .ok_or_else(|| anyhow!("record \"{record}\" is not in the configuration"));
    };
    let access = snapshot
        .access(user, record, None, SystemTime::now())
        .with_context(|| format!("\"{user}\" has no access to record \"{record}\" from this host"))?;
    Ok((*access.settings).clone())
}

fn reading(standard_conforming_strings: bool, replication: bool) -> Reading {
    Reading {
        standard_conforming_strings,
        encoding: Encoding::ServerSafe,
        replication,
    }
}

// === Lines of JSON ===

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    #[serde(default)]
    id: Option<Value>,
    sql: String,
    #[serde(default)]
    settings: Map<String, Value>,
    #[serde(default)]
    standard_conforming_strings: Option<Switch>,
    #[serde(default)]
    replication: bool,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Switch {
    On,
    Off,
}

#[derive(Serialize)]
struct Answer {
    id: Option<Value>,
    verdict: &'static str,
    setting: Option<&'static str>,
    reason: Option<String>,
    statements: Vec<StatementAnswer>,
}

#[derive(Serialize)]
struct StatementAnswer {
    kind: &'static str,
    range: [usize; 2],
    demands: Vec<&'static str>,
}

fn explain_lines(settings: &Settings, questions: impl BufRead, out: &mut impl Write) -> anyhow::Result<()> {
    for (index, line) in questions.lines().enumerate() {
        let number = index.saturating_add(1);
        let line = line.with_context(|| format!("read line {number} of standard input"))?;
        if line.trim().is_empty() {
            continue;
        }
        let question: Question =
            serde_json::from_str(&line).with_context(|| format!("line {number} of standard input"))?;
        let settings = overridden(settings, &question.settings)
            .with_context(|| format!("settings in line {number} of standard input"))?;
        let strings = question.standard_conforming_strings != Some(Switch::Off);
        let facts = analyse(question.sql.as_bytes(), reading(strings, question.replication));
        let answer = answer(question.id, &facts, &judge(&facts, &settings));
        serde_json::to_writer(&mut *out, &answer).map_err(io::Error::from)?;
        writeln!(out)?;
    }
    Ok(())
}

/// JSON's strings, numbers, booleans and lists of them are written in TOML just so.
fn overridden(base: &Settings, settings: &Map<String, Value>) -> anyhow::Result<Settings> {
    let mut lines = Vec::new();
    for (name, value) in settings {
        if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
            bail!("unknown setting {name:?}");
        }
        lines.push(format!("{name} = {value}"));
    }
    override_settings(base, &lines.join("\n")).map_err(|errors| anyhow!("{errors}"))
}

fn answer(id: Option<Value>, facts: &Facts, verdict: &Verdict) -> Answer {
    // Monitor mode lets everything through; what is asked here is what a setting says.
    let refusal = refusal(verdict);
    let statements = facts.statements.iter().map(|statement| StatementAnswer {
        kind: statement.kind.as_str(),
        range: [statement.range.start, statement.range.end],
        demands: statement
            .demands
            .iter()
            .map(|demand| demand.kind.as_str())
            .collect(),
    });
    Answer {
        id,
        verdict: if matches!(verdict, Verdict::Refuse(_)) {
            "refuse"
        } else {
            "allow"
        },
        setting: refusal.map(Refusal::setting_name),
        reason: refusal.map(|refusal| refusal.reason().to_owned()),
        statements: statements.collect(),
    }
}

fn refusal(verdict: &Verdict) -> Option<&Refusal> {
    match verdict {
        Verdict::Allow => None,
        Verdict::Observe(refusal) | Verdict::Refuse(refusal) => Some(refusal),
    }
}

// === For people ===

fn explanation(
    out: &mut impl Write,
    sql: &[u8],
    facts: &Facts,
    verdict: &Verdict,
    record: &str,
) -> io::Result<()> {
    for (index, statement) in facts.statements.iter().enumerate() {
        let number = index.saturating_add(1);
        writeln!(out, "statement {number}: {}", statement.kind.as_str())?;
        for demand in &statement.demands {
            let place = if demand.in_body { ", in its body" } else { "" };
            writeln!(out, "  needs {}{place}: {}", demand.kind.as_str(), demand.excerpt)?;
        }
    }
    if let Some(unreadable) = &facts.unreadable {
        writeln!(
            out,
            "can't be read from byte {}: {}",
            unreadable.offset,
            unreadable.cause.as_str()
        )?;
    }
    match refusal(verdict) {
        None => writeln!(out, "verdict: allow")?,
        Some(refusal) => {
            let word = if matches!(verdict, Verdict::Observe(_)) {
                "observe"
            } else {
                "refuse"
            };
            writeln!(out, "verdict: {word} ({})\n", refusal.setting_name())?;
            writeln!(out, "ERROR:  {}", refusal.message(record))?;
            if let Some(span) = refusal.span() {
                out.write_all(pointer(sql, span).as_bytes())?;
            }
            writeln!(out, "DETAIL:  {}\nHINT:  {}", refusal.detail(), refusal.hint())?;
        }
    }
    Ok(())
}

/// The line that holds the words, and a caret under each of them, as psql shows positions.
fn pointer(sql: &[u8], span: Range<usize>) -> String {
    let before = sql.get(..span.start).unwrap_or(sql);
    let line_start = before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at.saturating_add(1));
    let rest = sql.get(line_start..).unwrap_or_default();
    let line = rest.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let number = before.split(|&byte| byte == b'\n').count();
    let shown = |bytes: &[u8]| pgwarden_recording::render::neutralised(bytes);
    let lead = format!("LINE {number}: ");
    let indent = shown(before.get(line_start..).unwrap_or_default())
        .chars()
        .count();
    let in_line = span.end.min(line_start.saturating_add(line.len()));
    let words = sql.get(span.start..in_line).unwrap_or_default();
    let width = shown(words).chars().count().max(1);
    format!(
        "{lead}{}\n{}{}\n",
        shown(line),
        " ".repeat(lead.len().saturating_add(indent)),
        "^".repeat(width)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(sql: &str, settings: &Settings) -> String {
        let facts = analyse(sql.as_bytes(), reading(true, false));
        {
            let mut out = Vec::new();
            explanation(
                &mut out,
                sql.as_bytes(),
                &facts,
                &judge(&facts, settings),
                "orders",
            )
            .unwrap();
            String::from_utf8(out).unwrap()
        }
    }

    #[test]
    fn a_refusal_points_at_the_words() {
        let text = explained("select 1;\n  copy t to stdout", &Settings::default());
        assert!(text.contains("verdict: refuse (can_export_csv)"), "{text}");
        assert!(text.contains("LINE 2:   copy t to stdout\n"), "{text}");
        assert!(text.lines().any(|line| line.starts_with("          ^")), "{text}");
    }

    #[test]
    fn what_is_allowed_says_so() {
        assert!(explained("select 1", &Settings::default()).ends_with("verdict: allow\n"));
    }

    #[test]
    fn settings_of_a_line_override() {
        let map = serde_json::json!({ "can_export_csv": true, "opaque_code": "allow" });
        let settings = overridden(&Settings::default(), map.as_object().unwrap()).unwrap();
        assert!(settings.can_export_csv);
        let map = serde_json::json!({ "can_export_cvs": true });
        assert!(overridden(&Settings::default(), map.as_object().unwrap()).is_err());
    }

    /// The answers to lines, one below the other, or what is wrong with them.
    fn answers(lines: &str) -> String {
        let mut out = Vec::new();
        let result = explain_lines(&Settings::default(), lines.as_bytes(), &mut out);
        let answers = String::from_utf8(out).unwrap();
        match result {
            Ok(()) => answers,
            Err(error) => format!("{answers}error: {error:#}\n"),
        }
    }

    #[track_caller]
    fn check(line: &str, expected: &[(&str, Value)]) {
        let text = answers(line);
        let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
        for (key, value) in expected {
            assert_eq!(answer.get(*key), Some(value), "{key} of {answer}");
        }
    }

    #[test]
    fn lines_are_answered() {
        let refused = |setting: &str| [("verdict", "refuse".into()), ("setting", setting.into())];
        let allowed = [
            ("verdict", "allow".into()),
            ("setting", Value::Null),
            ("reason", Value::Null),
        ];
        check(r#"{"sql": "select 1"}"#, &allowed);
        check(r#"{"sql": ""}"#, &allowed);
        check(r#"{"sql": "copy t to stdout"}"#, &refused("can_export_csv"));
        check(r#"{"sql": "copy t from stdin"}"#, &refused("can_import_csv"));
        check(
            r#"{"sql": "copy t to stdout", "settings": {"can_export_csv": true}}"#,
            &allowed,
        );
        // Two readings of one text: with the setting off the backslash keeps the first quote from ending the literal.
        let literal = r#""sql": "select 'a\\' , '; copy t to stdout; --'""#;
        check(
            &format!(r#"{{{literal}, "standard_conforming_strings": "on"}}"#),
            &allowed,
        );
        check(
            &format!(r#"{{{literal}, "standard_conforming_strings": "off"}}"#),
            &refused("can_export_csv"),
        );
        check(
            r#"{"sql": "START_REPLICATION 0/0", "replication": true}"#,
            &refused("can_replicate"),
        );
        // An id may be anything, and comes back as it was.
        check(
            r#"{"id": {"a": [1, null]}, "sql": "select 1"}"#,
            &[("id", serde_json::json!({"a": [1, null]}))],
        );
        check(r#"{"sql": "select 1"}"#, &[("id", Value::Null)]);
    }

    #[test]
    fn monitor_mode_allows_and_names_the_setting() {
        check(
            r#"{"sql": "copy t to stdout", "settings": {"enforcement": "monitor"}}"#,
            &[("verdict", "allow".into()), ("setting", "can_export_csv".into())],
        );
    }

    #[test]
    fn settings_hold_for_their_line_only() {
        let text = answers(
            "{\"sql\": \"copy t to stdout\", \"settings\": {\"can_export_csv\": true}}\n\n{\"sql\": \"copy t to stdout\"}\n",
        );
        let verdicts: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["verdict"].clone())
            .collect();
        assert_eq!(verdicts, ["allow", "refuse"]);
    }

    #[test]
    fn a_bad_line_ends_it_and_says_which() {
        insta::assert_snapshot!(answers("{\"sql\": \"\"}\n{\"sq\": 1}\n{\"sql\": \"\"}"), @r#"
        {"id":null,"verdict":"allow","setting":null,"reason":null,"statements":[]}
        error: line 2 of standard input: unknown field `sq`, expected one of `id`, `sql`, `settings`, `standard_conforming_strings`, `replication` at line 1 column 5
        "#);
        for (line, expected) in [
            ("nonsense", "error: line 1 of standard input: expected ident"),
            (
                r#"{"id": 1}"#,
                "error: line 1 of standard input: missing field `sql`",
            ),
            (
                r#"{"sql": "", "standard_conforming_strings": "maybe"}"#,
                "error: line 1 of standard input: unknown variant `maybe`, expected `on` or `off`",
            ),
            (
                r#"{"sql": "", "settings": {"can_export_cvs": true}}"#,
                "error: settings in line 1 of standard input: error: unknown key `can_export_cvs`",
            ),
            (
                r#"{"sql": "", "settings": {"copy_rows": 0}}"#,
                "error: settings in line 1 of standard input: error: `copy_rows` must be a whole number",
            ),
            (
                r#"{"sql": "", "settings": {"a\nb": 0}}"#,
                "error: settings in line 1 of standard input: unknown setting \"a\\nb\"",
            ),
            // A value can't bring another setting with it.
            (
                r#"{"sql": "", "settings": {"deny_functions": ["a\"]\ncan_export_csv = true #"], "x": 1}}"#,
                "error: settings in line 1 of standard input: error: unknown key `x`",
            ),
        ] {
            let found = answers(line);
            assert!(found.starts_with(expected), "{line}: {found}");
        }
    }

    #[test]
    fn an_explanation_reads_well() {
        insta::assert_snapshot!(
            explained("select 1;\ncopy (select 'ä') to stdout;\ncreate role r password 'x'", &Settings::default()),
            @r#"
        statement 1: select
        statement 2: copy_to
          needs COPY TO: copy (select 'ä') to stdout
        statement 3: create_role
          needs setting a role's PASSWORD: create role r password ***
        verdict: refuse (can_export_csv)

        ERROR:  refused by pgwarden: COPY TO is not allowed on record "orders" (can_export_csv is off)
        LINE 2: copy (select 'ä') to stdout;
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^
        DETAIL:  The statement is: copy (select 'ä') to stdout. Nothing of the query ran.
        HINT:  Ask whoever administers pgwarden to switch on can_export_csv for you on this record.
        "#
        );
        insta::assert_snapshot!(explained("select 'open", &Settings::default()), @r#"
        statement 1: select
        can't be read from byte 7: unterminated quoted string
        verdict: refuse (unreadable)

        ERROR:  refused by pgwarden: unterminated quoted string on record "orders"
        LINE 1: select 'open
                       ^
        DETAIL:  It begins at byte 7 of the query. Nothing of the query ran.
        HINT:  Close what is left open and send the statement again.
        "#);
    }
}
