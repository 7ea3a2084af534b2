//! The analyser and the judge together, over tables of texts.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what panics here is a test that fails"
)]

mod attempts;
mod facts;
mod function_calls;
mod limits;
mod mentions;
mod messages;
mod ordinary;

use pgwarden_policy::{Facts, Reading, Settings, Verdict, analyse, judge};

/// The facts as a session with the server's default settings gives them.
fn read(sql: &str) -> Facts {
    analyse(sql.as_bytes(), Reading::default())
}

/// The name of the setting that refuses, under default settings.
#[track_caller]
fn refused_by(sql: &str) -> Option<&'static str> {
    match judge(&read(sql), &Settings::default()) {
        Verdict::Allow => None,
        Verdict::Refuse(refusal) => Some(refusal.setting_name()),
        Verdict::Observe(_) => panic!("default settings do not monitor"),
    }
}
