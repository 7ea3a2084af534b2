use std::io::{self, BufRead, Read as _, Write};
use std::ops::Range;

use anyhow::{Context as _, anyhow, bail};
use pgwarden_policy::{
    CopyDirection, CopyEnd, CopySource, Encoding, Facts, MentionRole, Reading, Refusal, Settings,
    StatementFacts, StatementKind, Verdict, analyse, judge,
};
use pgwarden_records::override_settings;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::configuration;
use crate::caret::line_number;
use crate::cli::ExplainArgs;
use crate::exit::Exit;
use crate::explanation::{Explanation, refusal, setting_of};
use crate::output;

pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let (snapshot, _) = configuration::load(&args.config)?;
    let settings = configuration::settings(&snapshot, &args.record, args.user.as_deref(), args.from)?;
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
    let verdict = judge(&facts, &settings);
    Explanation::new(&sql, &facts, &verdict, &settings, &args.record).write(&mut out)?;
    out.flush()?;
    Ok(Exit::Done)
}

fn reading(standard_conforming_strings: bool, replication: bool) -> Reading {
    Reading {
        standard_conforming_strings,
        encoding: Encoding::ServerSafe,
        replication,
        utf8: true,
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
    /// The error that the client would get; absent where nothing is refused.
    #[serde(flatten)]
    error: Option<ErrorAnswer>,
}

#[derive(Serialize)]
struct ErrorAnswer {
    sqlstate: &'static str,
    detail: String,
    hint: String,
    span: Option<[usize; 2]>,
}

#[derive(Serialize)]
struct StatementAnswer {
    kind: &'static str,
    line: usize,
    range: [usize; 2],
    demands: Vec<&'static str>,
    needs: Vec<NeedAnswer>,
    copy: Option<&'static str>,
    copy_facts: Option<CopyAnswer>,
    /// Its kind and those of the statements in it.
    kinds: Vec<&'static str>,
    mentions: Vec<MentionAnswer>,
    /// By what it writes, if it does.
    writes: Option<&'static str>,
    values_rows: u64,
    literal_bytes: u64,
}

#[derive(Serialize)]
struct CopyAnswer {
    source: &'static str,
    end: &'static str,
    format: String,
}

#[derive(Serialize)]
struct MentionAnswer {
    name: String,
    role: &'static str,
    span: [usize; 2],
    in_body: bool,
}

/// A demand, with what becomes of it alone.
#[derive(Serialize)]
struct NeedAnswer {
    what: &'static str,
    span: [usize; 2],
    in_body: bool,
    words: String,
    /// The setting that refuses it, if one does.
    setting: Option<&'static str>,
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
        let answer = answer(question.id, question.sql.as_bytes(), &facts, &settings);
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

fn answer(id: Option<Value>, sql: &[u8], facts: &Facts, settings: &Settings) -> Answer {
    let verdict = judge(facts, settings);
    // Monitor mode lets everything through; what is asked here is what a setting says.
    let refusal = refusal(&verdict);
    Answer {
        id,
        verdict: if matches!(verdict, Verdict::Refuse(_)) {
            "refuse"
        } else {
            "allow"
        },
        setting: refusal.map(Refusal::setting_name),
        reason: refusal.map(|refusal| refusal.reason().to_owned()),
        statements: facts
            .statements
            .iter()
            .map(|statement| statement_answer(sql, statement, settings))
            .collect(),
        error: refusal.map(|refusal| ErrorAnswer {
            sqlstate: refusal.sqlstate(),
            detail: refusal.detail(),
            hint: refusal.hint(),
            span: refusal.span().map(ends),
        }),
    }
}

fn statement_answer(sql: &[u8], statement: &StatementFacts, settings: &Settings) -> StatementAnswer {
    let StatementFacts {
        kind,
        range,
        demands,
        copy,
        effect: _,
        copy_facts,
        mentions,
        kinds,
        writes,
        values_rows,
        literal_bytes,
    } = statement;
    StatementAnswer {
        kind: kind.as_str(),
        line: line_number(sql, range.start),
        range: ends(range.clone()),
        demands: demands.iter().map(|demand| demand.kind.as_str()).collect(),
        needs: demands
            .iter()
            .map(|demand| NeedAnswer {
                what: demand.kind.as_str(),
                span: ends(demand.span.clone()),
                in_body: demand.in_body,
                words: demand.excerpt.clone(),
                setting: setting_of(statement, demand, settings),
            })
            .collect(),
        copy: copy.map(|direction| match direction {
            CopyDirection::Out => "out",
            CopyDirection::In => "in",
            CopyDirection::Both => "both",
        }),
        copy_facts: copy_facts.as_deref().map(|facts| CopyAnswer {
            source: match facts.source {
                CopySource::Relation => "relation",
                CopySource::Query(_) => "query",
            },
            end: match facts.end {
                CopyEnd::Client => "client",
                CopyEnd::ServerFile => "server_file",
                CopyEnd::Program => "program",
                CopyEnd::Unclear => "unclear",
            },
            format: facts.format.clone(),
        }),
        kinds: kinds.iter().map(StatementKind::as_str).collect(),
        mentions: mentions
            .iter()
            .map(|mention| MentionAnswer {
                name: mention.to_string(),
                role: role_word(mention.role),
                span: ends(mention.span.clone()),
                in_body: mention.in_body,
            })
            .collect(),
        writes: writes.as_ref().map(|write| write.what),
        values_rows: *values_rows,
        literal_bytes: *literal_bytes,
    }
}

fn role_word(role: MentionRole) -> &'static str {
    match role {
        MentionRole::Function => "function",
        MentionRole::Attribute => "attribute",
        MentionRole::Read => "read",
        MentionRole::Written => "written",
        MentionRole::Object => "object",
        MentionRole::ObjectOrFunction => "object_or_function",
        MentionRole::Role => "role",
        MentionRole::Setting => "setting",
    }
}

fn ends(range: Range<usize>) -> [usize; 2] {
    [range.start, range.end]
}

#[cfg(test)]
mod tests {
    use super::*;

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
                r#"{"sql": "", "settings": {"refusal_hint": "a\"]  can_export_csv = true #", "x": 1}}"#,
                "error: settings in line 1 of standard input: error: unknown key `x`",
            ),
        ] {
            let found = answers(line);
            assert!(found.starts_with(expected), "{line}: {found}");
        }
    }
}
