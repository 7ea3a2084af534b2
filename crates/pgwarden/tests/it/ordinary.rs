//! The corpus of ordinary statements, as the program itself judges it for a record that sets nothing.

use std::fmt::Write as _;

use serde_json::{Value, json};
use testkit::{Proxy, Record};

use crate::database;

#[path = "../../../pgwarden-policy/tests/it/ordinary/corpus.rs"]
mod corpus;

#[test]
fn ordinary_statements_are_allowed() {
    let database = database();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders"))
        .start()
        .unwrap();
    let texts = corpus::ordinary();
    let mut questions = String::new();
    for text in &texts {
        writeln!(questions, "{}", json!({"id": text.place, "sql": text.sql})).unwrap();
    }
    let explained = proxy
        .cli_with_input(
            &["policy", "explain", "--record", "orders", "--jsonl"],
            &questions,
        )
        .unwrap();
    let answers: Vec<Value> = explained
        .expect_success()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), texts.len());
    let mut allowed = 0;
    for (text, answer) in texts.iter().zip(&answers) {
        assert_eq!(answer["id"], text.place.as_str());
        let Some(setting) = &text.refused_by else {
            assert_eq!(answer["verdict"], "allow", "{answer}\n{}", text.sql);
            let found = answer["statements"].as_array().unwrap().len();
            assert_eq!(found, text.statements, "{answer}\n{}", text.sql);
            allowed += 1;
            continue;
        };
        assert_eq!(answer["verdict"], "refuse", "{answer}\n{}", text.sql);
        assert_eq!(answer["setting"], setting.as_str(), "{answer}\n{}", text.sql);
    }
    assert!(allowed >= 1_000, "{allowed}");
    proxy.assert_idle();
}
