//! The HINT of a refusal: what people can do themselves, and whom to ask for the rest.

use crate::verdict::need;
use crate::{Setting, Settings};

/// Longest `refusal_hint` of a configuration, in bytes: a sentence or two with an address. PostgreSQL bounds no HINT, but psql shows it
/// behind every refusal.
pub const REFUSAL_HINT_BYTES_MAX: usize = 500;

impl Settings {
    /// A hint where only someone else can help. `need` completes "ask whoever administers pgwarden to …".
    ///
    /// Where `refusal_hint` says whom to ask, it stands alone: what is needed is named by the message.
    pub fn hint_to_ask(&self, need: &str) -> String {
        to_ask(need, self.refusal_hint.as_deref())
    }

    /// The hint of a budget that is used up. `step` is what people can do themselves, an imperative without its full stop.
    pub fn hint_of_budget(&self, step: &str, budget: Setting) -> String {
        self.hint_to_do_or_ask(step, &need(budget))
    }

    /// A hint where people can also help themselves by `step`, an imperative without its full stop.
    pub fn hint_to_do_or_ask(&self, step: &str, need: &str) -> String {
        to_do_or_ask(step, need, self.refusal_hint.as_deref())
    }
}

pub(crate) fn to_ask(need: &str, refusal_hint: Option<&str>) -> String {
    match refusal_hint {
        None => format!("Ask whoever administers pgwarden to {need}."),
        Some(hint) => hint.to_owned(),
    }
}

pub(crate) fn to_do_or_ask(step: &str, need: &str, refusal_hint: Option<&str>) -> String {
    match refusal_hint {
        None => format!("{step}, or ask whoever administers pgwarden to {need}."),
        Some(hint) => format!("{step}. Otherwise: {hint}"),
    }
}
