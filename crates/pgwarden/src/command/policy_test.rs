use std::io::{self, Write};

use anyhow::{Context as _, anyhow};
use pgwarden_policy::{Encoding, Facts, Reading, Refusal, Settings, Verdict, analyse, judge};
use pgwarden_records::{Expected, PolicyCase, Snapshot, load_policy_cases};
use serde::Serialize;

use super::configuration;
use crate::cli::PolicyTestArgs;
use crate::exit::Exit;
use crate::explanation::{Explanation, refusal, verdict_word};
use crate::output;

pub(crate) fn run(args: &PolicyTestArgs) -> anyhow::Result<Exit> {
    let mut cases = Vec::new();
    for file in &args.files {
        let read = load_policy_cases(file).map_err(|errors| anyhow!("{errors}"));
        cases.extend(read.with_context(|| format!("read expectations {}", file.display()))?);
    }
    // What needs no configuration is tested without one.
    let snapshot = if cases.iter().any(|case| case.record.is_some()) {
        Some(configuration::load(&args.config)?.0)
    } else {
        None
    };
    let mut out = output::stdout();
    let mut summary = Summary::default();
    for case in &cases {
        let outcome = judge_case(case, snapshot.as_ref());
        let passed = outcome.meets(case);
        if passed {
            summary.passed += 1;
        } else {
            summary.failed += 1;
        }
        if args.json {
            put_json(&mut out, &outcome.report(case, passed))?;
        } else if !passed {
            outcome.write_failure(case, &mut out)?;
        }
    }
    if args.json {
        put_json(&mut out, &summary)?;
    } else {
        writeln!(out, "{} passed, {} failed", summary.passed, summary.failed)?;
    }
    out.flush()?;
    Ok(if summary.failed == 0 { Exit::Done } else { Exit::No })
}

fn put_json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)
}

#[derive(Default, Serialize)]
struct Summary {
    passed: usize,
    failed: usize,
}

/// What became of a case.
enum Outcome {
    Judged {
        facts: Facts,
        settings: Box<Settings>,
        verdict: Verdict,
    },
    NoAccess(String),
}

fn judge_case(case: &PolicyCase, snapshot: Option<&Snapshot>) -> Outcome {
    let base = match (&case.record, snapshot) {
        (Some(record), Some(snapshot)) => {
            match configuration::settings(snapshot, record, case.user.as_deref(), case.from) {
                Ok(settings) => settings,
                Err(error) => return Outcome::NoAccess(format!("{error:#}")),
            }
        }
        (Some(_) | None, None) | (None, Some(_)) => Settings::default(),
    };
    let settings = case.settings.over(&base);
    let facts = analyse(
        &case.sql,
        Reading {
            standard_conforming_strings: case.standard_conforming_strings,
            encoding: Encoding::ServerSafe,
            replication: case.replication,
            utf8: true,
        },
    );
    let verdict = judge(&facts, &settings);
    Outcome::Judged {
        facts,
        settings: Box::new(settings),
        verdict,
    }
}

impl Outcome {
    fn meets(&self, case: &PolicyCase) -> bool {
        let setting = case
            .setting
            .as_deref()
            .is_none_or(|setting| self.setting() == Some(setting));
        let statements = case
            .statements
            .as_ref()
            .is_none_or(|expected| self.statements() == *expected);
        self.word() == case.expected.as_str() && setting && statements
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Judged { verdict, .. } => verdict_word(verdict),
            Self::NoAccess(_) => Expected::NoAccess.as_str(),
        }
    }

    fn setting(&self) -> Option<&'static str> {
        match self {
            Self::Judged { verdict, .. } => refusal(verdict).map(Refusal::setting_name),
            Self::NoAccess(_) => None,
        }
    }

    fn statements(&self) -> Vec<&'static str> {
        match self {
            Self::Judged { facts, .. } => facts.statements.iter().map(|facts| facts.kind.as_str()).collect(),
            Self::NoAccess(_) => Vec::new(),
        }
    }

    fn write_failure(&self, case: &PolicyCase, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "FAILED  {}\n  --> {}", case.name, case.place)?;
        let (expected, actual) = (
            result_line(case.expected.as_str(), case.setting.as_deref()),
            result_line(self.word(), self.setting()),
        );
        writeln!(out, "  - expected: {expected}\n  + actual:   {actual}")?;
        if let Some(expected) = &case.statements
            && self.statements() != *expected
        {
            writeln!(
                out,
                "  - expected statements: {}\n  + actual statements:   {}",
                expected.join(", "),
                self.statements().join(", ")
            )?;
        }
        match self {
            Self::NoAccess(why) => writeln!(out, "  {why}")?,
            Self::Judged {
                facts,
                settings,
                verdict,
            } => {
                let record = case.record.as_deref().unwrap_or(NO_RECORD);
                let mut explained = Vec::new();
                Explanation::new(&case.sql, facts, verdict, settings, record).write(&mut explained)?;
                for line in String::from_utf8_lossy(&explained).lines() {
                    writeln!(out, "{}", format!("    {line}").trim_end())?;
                }
            }
        }
        writeln!(out)
    }

    fn report<'a>(&'a self, case: &'a PolicyCase, passed: bool) -> Report<'a> {
        Report {
            name: &case.name,
            place: &case.place,
            passed,
            expected: Result {
                verdict: case.expected.as_str(),
                setting: case.setting.as_deref(),
                statements: case
                    .statements
                    .as_ref()
                    .map(|statements| statements.iter().map(String::as_str).collect()),
            },
            actual: Result {
                verdict: self.word(),
                setting: self.setting(),
                statements: Some(self.statements()),
            },
        }
    }
}

/// What messages call the record of cases that are of none.
const NO_RECORD: &str = "(none)";

/// `refuse (can_export_csv)`
fn result_line(word: &str, setting: Option<&str>) -> String {
    match setting {
        Some(setting) => format!("{word} ({setting})"),
        None => word.to_owned(),
    }
}

#[derive(Serialize)]
struct Report<'a> {
    name: &'a str,
    place: &'a str,
    passed: bool,
    expected: Result<'a>,
    actual: Result<'a>,
}

#[derive(Serialize)]
struct Result<'a> {
    verdict: &'a str,
    setting: Option<&'a str>,
    statements: Option<Vec<&'a str>>,
}
