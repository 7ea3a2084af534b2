//! Patterns of names: `*` matches any number of characters, `?` one.

/// Whether a pattern matches the whole of a text. Takes time in proportion to the product of their lengths at most.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // Where to go on when what follows the last `*` doesn't fit: the pattern behind it, and the text from one character later.
    let mut retry = None;
    loop {
        let rest_of_text = text.clone();
        let fits = match (pattern.next(), text.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                // The `*` takes nothing for now.
                text = rest_of_text;
                retry = Some((pattern.clone(), text.clone()));
                true
            }
            (Some('?'), Some(_)) => true,
            (Some(wanted), Some(found)) => wanted == found,
            (None, Some(_)) | (Some(_), None) => false,
        };
        if !fits {
            let Some((after_star, from)) = &mut retry else {
                return false;
            };
            if from.next().is_none() {
                // Nothing is left for the `*` to take.
                return false;
            }
            pattern = after_star.clone();
            text = from.clone();
        }
    }
}

/// Whether a text is a pattern rather than a name.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("orders", "orders", true),
            ("orders", "orders2", false),
            ("orders2", "orders", false),
            ("*", "", true),
            ("*", "anything", true),
            ("", "", true),
            ("", "a", false),
            ("?", "", false),
            ("?", "ä", true),
            ("prod-*", "prod-orders", true),
            ("prod-*", "prod-", true),
            ("prod-*", "test-orders", false),
            ("*-orders", "prod-orders-orders", true),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXbX", false),
            ("a*?", "a", false),
            ("**", "x", true),
            ("*.toml", "x.toml~", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        assert!(!matches(&"*a".repeat(200), &"a".repeat(199)));
        assert!(!matches(&format!("{}b", "*a".repeat(100)), &"a".repeat(5_000)));
    }
}
