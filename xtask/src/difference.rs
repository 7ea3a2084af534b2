//! What differs between two texts.

use similar::TextDiff;

/// A difference between two texts.
pub(crate) struct Difference {
    /// In the unified form.
    pub(crate) text: String,
    /// How many lines are only in one of them.
    pub(crate) lines: usize,
}

/// What differs, if anything does.
pub(crate) fn difference((old_name, old): (&str, &str), (new_name, new): (&str, &str)) -> Option<Difference> {
    if old == new {
        return None;
    }
    let diff = TextDiff::from_lines(old, new);
    let lines = diff
        .iter_all_changes()
        .filter(|change| change.tag() != similar::ChangeTag::Equal)
        .count();
    Some(Difference {
        text: diff.unified_diff().header(old_name, new_name).to_string(),
        lines,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_counts_lines_of_both_sides() {
        let difference = difference(("a", "1\n2\n3\n"), ("b", "1\nzwei\n3\n")).unwrap();
        assert_eq!(difference.lines, 2);
        assert!(difference.text.contains("-2\n+zwei\n"), "{}", difference.text);
    }
}
