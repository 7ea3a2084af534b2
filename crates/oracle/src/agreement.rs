//! Whether both say the same of a text.

use std::fmt;

use pg_query::protobuf::RawStmt;
use pg_query::{NodeEnum, ParserOptions};
use pgwarden_policy::{Facts, Reading, StatementFacts, UnreadableCause, analyse};

use crate::mentions::Names;
use crate::{Strings, explained, kind, names, tokens};

/// What came of a comparison.
#[derive(Debug)]
pub enum Outcome {
    /// The parser refuses the text, and so does its scanner or nothing can be compared.
    Refused,
    /// The parser refuses the text, but both split it at the same places.
    Split,
    /// The parser accepts the text, and both say the same of it.
    Agreement {
        /// How many statements it has.
        statements: usize,
        /// What they name.
        named: Named,
    },
    /// They say otherwise for a known reason.
    Explained(&'static str),
    /// They don't agree.
    Disagreement(Disagreement),
}

/// How many names were found, each once a statement. Those of the analyser are all that the parser finds, and more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Named {
    /// Relations that the parser finds.
    pub relations: usize,
    /// Names that may be relations to the analyser.
    pub may_be_relations: usize,
    /// Functions that the parser finds.
    pub functions: usize,
    /// Names that may be functions to the analyser.
    pub may_be_functions: usize,
}

/// What both say where they don't say the same.
#[derive(Debug)]
pub struct Disagreement {
    /// About what: the same word for all that may have the same cause.
    pub about: &'static str,
    /// By the parser.
    pub parser: String,
    /// By the analyser.
    pub analyser: String,
    /// The text.
    pub text: String,
    /// How it was read.
    pub strings: Strings,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            about,
            parser,
            analyser,
            text,
            strings,
        } = self;
        write!(
            f,
            "{about}: {parser} by the parser, {analyser} by the analyser, of {text:?} ({strings:?})"
        )
    }
}

/// Holds what the analyser says of the text against what the parser says.
pub fn compare(text: &str, strings: Strings) -> Outcome {
    let options = match strings {
        Strings::Conforming => ParserOptions::DEFAULT,
        Strings::Escaping => ParserOptions::DISABLE_STANDARD_CONFORMING_STRINGS,
    };
    let reading = Reading {
        standard_conforming_strings: strings == Strings::Conforming,
        ..Reading::default()
    };
    let found = match pg_query::parse(text, options) {
        Ok(parsed) => compare_parsed(text, &parsed.protobuf.stmts, reading),
        // A tree that is too deep to be handed over is no refusal; the scanner splits all the same.
        Err(_) if strings == Strings::Conforming => return compare_split(text, reading),
        Err(_) => return Outcome::Refused,
    };
    found.unwrap_or_else(|(about, parser, analyser)| disagreement(about, parser, analyser, text, strings))
}

type Differs = (&'static str, String, String);

fn disagreement(
    about: &'static str,
    parser: String,
    analyser: String,
    text: &str,
    strings: Strings,
) -> Outcome {
    let disagreement = Disagreement {
        about,
        parser,
        analyser,
        text: text.to_owned(),
        strings,
    };
    explained::reason(&disagreement).map_or(Outcome::Disagreement(disagreement), Outcome::Explained)
}

fn compare_parsed(text: &str, statements: &[RawStmt], reading: Reading) -> Result<Outcome, Differs> {
    let facts = analyse(text.as_bytes(), reading);
    if let Some(unreadable) = facts.unreadable {
        return Err(("readability", "accepted".to_owned(), format!("{unreadable:?}")));
    }
    if statements.len() != facts.statements.len() {
        return Err((
            "count",
            statements.len().to_string(),
            facts.statements.len().to_string(),
        ));
    }
    let mut named = Named::default();
    for (parsed, found) in statements.iter().zip(&facts.statements) {
        compare_statement(text, parsed, found, &facts)?;
        // Of each statement by itself, as the trees of many are much to walk.
        // Where a call reads relations that it does not name, all deny lists refuse it anyway.
        if statements.len() == 1 && reading.standard_conforming_strings && !facts.names_left_out {
            compare_names(parsed, found, &mut named)?;
        }
    }
    Ok(Outcome::Agreement {
        statements: statements.len(),
        named,
    })
}

fn compare_statement(
    text: &str,
    parsed: &RawStmt,
    found: &StatementFacts,
    facts: &Facts,
) -> Result<(), Differs> {
    let offset = |offset: i32| usize::try_from(offset).unwrap_or(0);
    let start = offset(parsed.stmt_location);
    // No length means to the end.
    let end = match parsed.stmt_len {
        0 => text.len(),
        len => start.saturating_add(offset(len)),
    };
    // The parser's range may have white space and comments around it.
    let before = text.get(start..found.range.start);
    let behind = text.get(found.range.end..end);
    if !before.is_some_and(tokens::is_blank) || !behind.is_some_and(tokens::is_blank) {
        return Err((
            "boundary",
            format!("{start}..{end}"),
            format!("{:?}", found.range),
        ));
    }
    let node: Option<&NodeEnum> = parsed.stmt.as_ref().and_then(|node| node.node.as_ref());
    let kinds = node.and_then(kind::kinds).unwrap_or_default();
    if !kinds.contains(&found.kind.as_str()) {
        let parser = node.map_or_else(String::new, |node| {
            format!("{kinds:?} {:.40}", format!("{node:?}"))
        });
        return Err(("kind", parser, found.kind.as_str().to_owned()));
    }
    let parser = node.map(names::of_node).unwrap_or_default();
    let analyser = names::of_facts(found, &facts.secrets);
    if parser != analyser {
        return Err(("names", format!("{parser:?}"), format!("{analyser:?}")));
    }
    Ok(())
}

/// The analyser may find more than the parser, but nothing less.
fn compare_names(parsed: &RawStmt, found: &StatementFacts, named: &mut Named) -> Result<(), Differs> {
    let Some(node) = parsed.stmt.as_ref().and_then(|node| node.node.as_ref()) else {
        return Ok(());
    };
    let parser = Names::of_node(node);
    let analyser = Names::of_facts(found);
    for (about, parser, analyser) in [
        ("relations", &parser.relations, &analyser.relations),
        ("functions", &parser.functions, &analyser.functions),
    ] {
        if !parser.is_subset(analyser) {
            let missing: Vec<_> = parser.difference(analyser).collect();
            return Err((
                about,
                format!("{} {missing:?}", found.kind.as_str()),
                format!("{analyser:?}"),
            ));
        }
    }
    named.relations += parser.relations.len();
    named.may_be_relations += analyser.relations.len();
    named.functions += parser.functions.len();
    named.may_be_functions += analyser.functions.len();
    Ok(())
}

/// What the grammar refuses is split by semicolons alone, but within what begins as a routine or rule does.
fn compare_split(text: &str, reading: Reading) -> Outcome {
    let Some(ranges) = tokens::ranges(text) else {
        return Outcome::Refused;
    };
    let facts = analyse(text.as_bytes(), reading);
    let found: Vec<_> = facts
        .statements
        .iter()
        .map(|statement| statement.range.clone())
        .collect();
    let limited = facts
        .unreadable
        .is_some_and(|unreadable| unreadable.cause == UnreadableCause::TooManyStatements);
    let holds_semicolons = |statement: &StatementFacts| {
        text.get(statement.range.clone()).is_some_and(|text| {
            text.get(..6)
                .is_some_and(|word| word.eq_ignore_ascii_case("create"))
        })
    };
    if limited || facts.statements.iter().any(holds_semicolons) {
        return Outcome::Refused;
    }
    if facts.unreadable.is_some() || ranges != found {
        return disagreement(
            "split",
            format!("{ranges:?}"),
            format!("{found:?} {:?}", facts.unreadable),
            text,
            Strings::Conforming,
        );
    }
    Outcome::Split
}
