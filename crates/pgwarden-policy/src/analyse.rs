//! From a text to its facts.

use std::cell::Cell;

use crate::excerpt::excerpt;
use crate::facts::{
    Demand, Encoding, Facts, Reading, Sensitivity, StatementFacts, Unreadable, UnreadableCause,
};
use crate::lexer::Lexer;
use crate::password;
use crate::replication;
use crate::split::{Language, Pieces, too_many};
use crate::statement::{self, Found, Place};
use crate::{CODE_BYTES_FACTOR, NAMES_MAX, SECRETS_MAX, STATEMENTS_MAX};

/// Tells what a text does. A pure function of the text and of how the session reads it; knows no settings.
///
/// Takes time linear in the text's length, and memory by its statements ([`STATEMENTS_MAX`]) and secrets.
pub fn analyse(sql: &[u8], reading: Reading) -> Facts {
    if reading.replication
        && let Some(facts) = replication::read(sql)
    {
        return facts;
    }
    let lexer = Lexer::new(sql, reading.standard_conforming_strings);
    let code_bytes = Cell::new(sql.len().saturating_mul(CODE_BYTES_FACTOR));
    let names_left = Cell::new(NAMES_MAX);
    let place = Place {
        lexer,
        reading,
        depth: 0,
        language: Language::Sql,
        code_bytes: &code_bytes,
        names_left: &names_left,
    };
    let mut facts = Facts {
        bytes: sql.len(),
        names_in_unknown_encoding: !reading.utf8,
        ..Facts::default()
    };
    let mut pieces = Pieces::new(lexer, Language::Sql);
    for piece in pieces.by_ref() {
        if facts.statements.len() >= STATEMENTS_MAX {
            facts.unreadable = Some(too_many(piece.range.start));
            break;
        }
        let Found {
            kind,
            demands,
            copy,
            effect,
            secrets,
            encoding_matters,
            copy_facts,
            mentions,
            names_left_out,
            kinds,
            writes,
            selects_into: _,
            outermost_relations: _,
            values_rows,
            literal_bytes,
        } = statement::read(place, &piece);
        facts.sensitive.encoding |= encoding_matters;
        facts.names_left_out |= names_left_out;
        let demands = demands
            .into_iter()
            .map(|demand| Demand {
                kind: demand.kind,
                in_body: demand.excerpt_in_body.is_some(),
                excerpt: demand
                    .excerpt_in_body
                    .unwrap_or_else(|| excerpt(sql, &piece.range, &demand.span, &secrets)),
                span: demand.span,
            })
            .collect();
        facts.secrets.extend(secrets);
        let piece_start = piece.range.start;
        facts.statements.push(StatementFacts {
            kind,
            range: piece.range,
            demands,
            copy,
            effect,
            copy_facts,
            mentions,
            kinds,
            writes,
            values_rows,
            literal_bytes,
        });
        if facts.secrets.len() >= SECRETS_MAX {
            facts.unreadable = Some(too_many(piece_start));
            break;
        }
    }
    let encoding_matters = pieces.lexer().encoding_matters() || may_fold(sql);
    facts.sensitive = Sensitivity {
        standard_conforming_strings: pieces.lexer().backslash_matters(),
        encoding: facts.sensitive.encoding || encoding_matters,
    };
    facts.unreadable = facts.unreadable.or(pieces.unreadable());
    let ambiguous = match reading.encoding {
        Encoding::ServerSafe => false,
        Encoding::ClientOnly => encoding_matters,
        Encoding::AnyPair => !sql.is_ascii(),
    };
    if facts.unreadable.is_none() && ambiguous {
        facts.unreadable = Some(Unreadable {
            cause: UnreadableCause::AmbiguousEncoding,
            offset: 0,
        });
    }
    if facts.unreadable.is_some() {
        facts.secrets.extend(password::of_unreadable(sql));
    }
    facts
}

/// Whether characters may stand in it that the server converts to ASCII ones: in `SHIFT_JIS_2004`, 0x815F becomes a
/// backslash and 0x81B0 a tilde (`shift_jis_2004_to_utf8`), so that literals and operators end elsewhere than they seem to.
fn may_fold(sql: &[u8]) -> bool {
    memchr::memchr_iter(0x81, sql).any(|at| {
        matches!(
            at.checked_add(1).and_then(|next| sql.get(next)),
            Some(0x5f | 0xb0)
        )
    })
}
