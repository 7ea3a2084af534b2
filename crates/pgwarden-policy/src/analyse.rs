//! From a text to its facts.

use crate::facts::{CopyDirection, CopyEnd, Demand, DemandKind, Facts, Reading, StatementFacts};
use crate::kind::StatementKind;

/// Tells what a text does. A pure function of the text and of how the session reads it; knows no settings.
pub fn analyse(sql: &[u8], reading: Reading) -> Facts {
    let _ = reading;
    let mut facts = Facts::default();
    let mut start = 0_usize;
    for piece in sql.split(|&byte| byte == b';') {
        let end = start.saturating_add(piece.len());
        let words: Vec<String> = String::from_utf8_lossy(piece)
            .to_ascii_lowercase()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        if let Some(first) = words.first() {
            let out = words.iter().any(|word| word == "to");
            let (kind, copy, demand) = match (first == "copy", out) {
                (false, _) => (StatementKind::Unknown, None, None),
                (true, true) => {
                    let demand = DemandKind::CopyTo {
                        target: CopyEnd::Client,
                    };
                    (StatementKind::CopyTo, Some(CopyDirection::Out), Some(demand))
                }
                (true, false) => {
                    let demand = DemandKind::CopyFrom {
                        source: CopyEnd::Client,
                    };
                    (StatementKind::CopyFrom, Some(CopyDirection::In), Some(demand))
                }
            };
            let demands = demand
                .map(|kind| Demand {
                    kind,
                    span: start..end,
                    in_body: false,
                    excerpt: words.join(" "),
                })
                .into_iter()
                .collect();
            facts.statements.push(StatementFacts {
                kind,
                range: start..end,
                demands,
                copy,
                effect: None,
            });
        }
        start = end.saturating_add(1);
    }
    facts
}
