//! What `pgwarden policy explain --jsonl` says of attempts.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use testkit::Proxy;

use super::corpus::{Act, Attempt, Explain};

/// Asks about every text, under the settings that hold at an attempt's end, and gives what should have been said otherwise.
/// `record` has the settings to begin with.
pub(super) fn check(proxy: &Proxy, record: &str, attempts: &[Attempt]) -> Vec<String> {
    let mut questions = String::new();
    for (index, attempt) in attempts.iter().enumerate() {
        let mut settings = Map::new();
        let reloads = attempt.steps.iter().filter_map(|step| match &step.act {
            Act::Reload(name, value) => Some((name, value)),
            _ => None,
        });
        for (name, value) in attempt
            .with
            .iter()
            .map(|(name, value)| (name, value))
            .chain(reloads)
        {
            let value: Value = serde_json::from_str(value).unwrap_or_else(|error| panic!("{value}: {error}"));
            settings.insert(name.clone(), value);
        }
        for sql in attempt.steps.iter().filter_map(|step| step.act.sql()) {
            if let Ok(sql) = std::str::from_utf8(sql) {
                let _ = writeln!(
                    questions,
                    "{}",
                    json!({"id": index, "sql": sql, "settings": settings})
                );
            }
        }
    }
    let output = proxy
        .cli_with_input(&["policy", "explain", "--record", record, "--jsonl"], &questions)
        .unwrap();
    let answers: Vec<Value> = output
        .expect_success()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut wrong = Vec::new();
    for (index, attempt) in attempts.iter().enumerate() {
        let own: Vec<&Value> = answers.iter().filter(|answer| answer["id"] == index).collect();
        if own.is_empty() {
            continue;
        }
        let refusal = own.iter().find(|answer| answer["verdict"] == "refuse");
        let unasked = attempt.open.is_some() || !attempt.startup.is_empty();
        let setting = refusal.map(|answer| &answer["setting"]);
        let complaint = match (attempt.explain, setting) {
            (Explain::Either, _) | (Explain::Allows, None) => continue,
            _ if unasked => continue,
            (Explain::Refuses, None) => "explain allows it".to_owned(),
            (Explain::Refuses, Some(setting)) => {
                if attempt.refused.iter().any(|name| setting == name.as_str()) {
                    continue;
                }
                format!(
                    "explain refuses it by {setting}, not {}",
                    attempt.refused.join(" or ")
                )
            }
            (Explain::Allows, Some(setting)) => format!("explain refuses it by {setting}"),
        };
        wrong.push(format!("{}: {complaint}", attempt.name));
    }
    wrong
}
