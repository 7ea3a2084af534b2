//! Names of `deny_functions` and `deny_relations`.

use std::fmt;

use crate::lexer::{Lexer, TokenKind};
use crate::mention::Mention;
use crate::words::Cursor;

/// A name that a configuration forbids: `name`, `schema.name`, or a pattern such as `pg_ls_*`. Spelled as in SQL: folded
/// unless quoted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeniedName {
    written: String,
    schema: Option<Vec<u8>>,
    name: Vec<u8>,
    /// Where in `name` each `*` stands.
    stars: bool,
}

/// Why a name can't be denied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeniedNameError {
    /// It isn't a name.
    NotAName,
    /// It has more than two parts.
    TooManyParts,
    /// Its schema has a `*`.
    PatternInSchema,
}

impl fmt::Display for DeniedNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAName => "isn't a name: use \"name\", \"schema.name\" or a pattern such as \"pg_ls_*\"",
            Self::TooManyParts => "has more than a schema and a name",
            Self::PatternInSchema => "has a * in its schema, which can't be followed through search_path",
        })
    }
}

impl DeniedName {
    /// Reads a name as a configuration spells it.
    pub fn new(written: &str) -> Result<Self, DeniedNameError> {
        let mut parts = Vec::new();
        for part in split(written) {
            parts.push(value(part).ok_or(DeniedNameError::NotAName)?);
        }
        let (schema, (name, stars)) = match parts.as_slice() {
            [name] => (None, name.clone()),
            [(_, true), _] => return Err(DeniedNameError::PatternInSchema),
            [(schema, false), name] => (Some(schema.clone()), name.clone()),
            [] => return Err(DeniedNameError::NotAName),
            _ => return Err(DeniedNameError::TooManyParts),
        };
        Ok(Self {
            written: written.to_owned(),
            schema,
            name,
            stars,
        })
    }

    /// As the configuration has it.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether this is the name of an object of that schema, both as the catalogue has them.
    pub fn is_of(&self, schema: &str, name: &str) -> bool {
        self.schema.as_deref().is_none_or(|own| own == schema.as_bytes())
            && self.is_met_by_name(name.as_bytes())
    }

    /// Whether this name may be meant. Where the text names no schema, `search_path` may find it in any.
    pub(crate) fn is_met_by(&self, mention: &Mention) -> bool {
        let schema = match (&self.schema, &mention.schema) {
            (Some(denied), Some(mentioned)) => denied.as_slice() == &**mentioned,
            (None, _) | (_, None) => true,
        };
        schema && self.is_met_by_name(&mention.name)
    }

    /// Whether this is the schema of a denied name, so that renaming it would free the name.
    pub(crate) fn is_in_schema(&self, name: &[u8]) -> bool {
        self.schema.as_deref() == Some(name)
    }

    pub(crate) fn is_met_by_name(&self, name: &[u8]) -> bool {
        if self.stars {
            matches(&self.name, name)
        } else {
            self.name == name || is_same_folded(&self.name, name)
        }
    }

    pub(crate) fn is_ascii(&self) -> bool {
        self.written.is_ascii()
    }
}

/// Servers with a single-byte encoding fold letters beyond ASCII too (`downcase_identifier`).
fn is_same_folded(denied: &[u8], name: &[u8]) -> bool {
    if denied.is_ascii() || name.is_ascii() {
        return false;
    }
    let folded = |name| std::str::from_utf8(name).ok().map(str::to_lowercase);
    folded(denied).is_some_and(|denied| folded(name) == Some(denied))
}

/// The parts between dots that stand outside of quotes.
fn split(written: &str) -> Vec<&str> {
    let mut quoted = false;
    written
        .split(|character| {
            quoted ^= character == '"';
            character == '.' && !quoted
        })
        .collect()
}

/// What a part stands for, and whether it has stars.
fn value(part: &str) -> Option<(Vec<u8>, bool)> {
    if part.contains('*') && !part.contains('"') {
        let pattern = part.bytes().all(|byte| {
            byte == b'*' || byte == b'_' || byte == b'$' || byte.is_ascii_alphanumeric() || byte >= 0x80
        });
        return pattern.then(|| (part.to_ascii_lowercase().into_bytes(), true));
    }
    let mut cursor = Cursor::new(Lexer::new(part.as_bytes(), true), part.len());
    let token = cursor
        .next()
        .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::QuotedName))?;
    let name = cursor.name(token);
    (token.start == 0 && token.end == part.len() && !name.is_empty()).then_some((name, false))
}

/// Whether a name is as the pattern says, in which `*` stands for anything. Goes back to the last star only, so it takes
/// no more than the product of both lengths.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut in_name) = (0_usize, 0_usize);
    let mut last_star: Option<(usize, usize)> = None;
    while in_name < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                last_star = Some((at.saturating_add(1), in_name));
                at = at.saturating_add(1);
            }
            Some(byte) if Some(byte) == name.get(in_name) => {
                at = at.saturating_add(1);
                in_name = in_name.saturating_add(1);
            }
            _ => {
                let Some((behind, from)) = last_star else {
                    return false;
                };
                last_star = Some((behind, from.saturating_add(1)));
                at = behind;
                in_name = from.saturating_add(1);
            }
        }
    }
    pattern
        .get(at..)
        .is_some_and(|rest| rest.iter().all(|&byte| byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_catalogue() {
        for (denied, schema, name, expected) in [
            ("salaries", "hr", "salaries", true),
            ("SALARIES", "hr", "salaries", true),
            ("\"Salaries\"", "hr", "salaries", false),
            ("hr.salaries", "hr", "salaries", true),
            ("hr.salaries", "public", "salaries", false),
            ("hr.*", "hr", "salaries", true),
            ("sal*", "public", "salaries", true),
        ] {
            assert_eq!(
                DeniedName::new(denied).unwrap().is_of(schema, name),
                expected,
                "{denied}"
            );
        }
    }
    use crate::mention::MentionRole;

    #[track_caller]
    fn check(denied: &str, mentioned: &str, expected: bool) {
        let (schema, name) = match mentioned.split_once('.') {
            Some((schema, name)) => (Some(schema.as_bytes().into()), name),
            None => (None, mentioned),
        };
        let mention = Mention {
            schema,
            name: name.as_bytes().into(),
            role: MentionRole::Read,
            span: 0..0,
            in_body: false,
        };
        let denied = DeniedName::new(denied).unwrap();
        assert_eq!(denied.is_met_by(&mention), expected, "{denied:?} {mentioned}");
    }

    #[test]
    fn names_and_patterns() {
        check("salaries", "salaries", true);
        check("Salaries", "salaries", true);
        check("salaries", "hr.salaries", true);
        check("hr.salaries", "salaries", true);
        check("hr.salaries", "hr.salaries", true);
        check("hr.salaries", "public.salaries", false);
        check("\"Salaries\"", "salaries", false);
        check("\"Salaries\"", "Salaries", true);
        check("hr.\"a.b\"", "hr.a.b", true);
        check("pg_ls_*", "pg_ls_dir", true);
        check("pg_ls_*", "pg_ls", false);
        check("*_to_xml*", "table_to_xml_and_xmlschema", true);
        check("*a*b", "xaybzb", true);
        check("*a*b", "xaybz", false);
        check("*", "anything", true);
        check("sal", "salaries", false);
        check("jéwels", "jÉwels", true);
        check("jéwels", "jewels", false);
    }

    #[test]
    fn what_is_no_name() {
        for (written, error) in [
            ("", DeniedNameError::NotAName),
            ("a b", DeniedNameError::NotAName),
            ("a.", DeniedNameError::NotAName),
            ("a.b.c", DeniedNameError::TooManyParts),
            ("*.b", DeniedNameError::PatternInSchema),
            ("'a'", DeniedNameError::NotAName),
            ("a(*)", DeniedNameError::NotAName),
            ("\"a", DeniedNameError::NotAName),
        ] {
            assert_eq!(DeniedName::new(written), Err(error), "{written}");
        }
    }
}
