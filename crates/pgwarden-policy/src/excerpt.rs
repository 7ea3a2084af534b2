//! Cutting the words of a statement that a refusal shows.

use std::ops::Range;

use crate::EXCERPT_BYTES_MAX;
use crate::facts::SecretLiteral;

/// What stands for a secret.
pub(crate) const MASK: &str = "***";
/// What stands for the rest.
const ELLIPSIS: &str = "…";

/// The statement from its beginning, or from the offending words where they would not fit.
/// White space is drawn together, secrets are masked, bytes that are no UTF-8 are replaced.
pub(crate) fn excerpt(
    text: &[u8],
    statement: &Range<usize>,
    span: &Range<usize>,
    secrets: &[SecretLiteral],
) -> String {
    let fits = span.end.saturating_sub(statement.start) <= EXCERPT_BYTES_MAX;
    let start = if fits { statement.start } else { span.start };
    let mut words = String::new();
    if start > statement.start {
        words.push_str(ELLIPSIS);
    }
    // What is masked does not count, so that a long secret hides no more than itself.
    let mut at = start;
    while at < statement.end && words.len() <= EXCERPT_BYTES_MAX {
        if let Some(secret) = secrets
            .iter()
            .map(SecretLiteral::range)
            .find(|range| range.contains(&at))
        {
            words.push_str(MASK);
            at = secret.end.max(at.saturating_add(1));
            continue;
        }
        let next = secrets
            .iter()
            .map(|secret| secret.range().start)
            .filter(|&start| start > at)
            .min();
        let end = next
            .unwrap_or(statement.end)
            .min(statement.end)
            .min(at.saturating_add(EXCERPT_BYTES_MAX * 4));
        let plain = text.get(at..end).unwrap_or_default();
        push_words(&mut words, &String::from_utf8_lossy(plain));
        at = end;
    }
    if words.len() > EXCERPT_BYTES_MAX {
        words.truncate(words.floor_char_boundary(EXCERPT_BYTES_MAX.saturating_sub(ELLIPSIS.len())));
        words.push_str(ELLIPSIS);
    }
    words
}

fn push_words(words: &mut String, plain: &str) {
    for character in plain.chars() {
        if character.is_whitespace() || character.is_control() {
            if !words.ends_with(' ') {
                words.push(' ');
            }
        } else {
            words.push(character);
        }
        if words.len() > EXCERPT_BYTES_MAX {
            return;
        }
    }
}
