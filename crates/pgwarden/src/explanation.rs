//! What statements do and what becomes of them, for people to read.

use std::io::{self, Write};
use std::ops::Range;

use pgwarden_policy::{
    CopyDirection, Demand, Facts, NameEffect, Refusal, Settings, StatementFacts, Verdict, judge,
};
use pgwarden_recording::render::neutralised;

use crate::caret::{carets, line_number};

/// A text that was judged.
pub(crate) struct Explanation<'a> {
    sql: &'a [u8],
    facts: &'a Facts,
    verdict: &'a Verdict,
    settings: &'a Settings,
    record: &'a str,
}

/// What a verdict refuses, or would.
pub(crate) fn refusal(verdict: &Verdict) -> Option<&Refusal> {
    match verdict {
        Verdict::Allow => None,
        Verdict::Observe(refusal) | Verdict::Refuse(refusal) => Some(refusal),
    }
}

/// The word for a verdict.
pub(crate) fn verdict_word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "allow",
        Verdict::Observe(_) => "observe",
        Verdict::Refuse(_) => "refuse",
    }
}

impl<'a> Explanation<'a> {
    pub(crate) fn new(
        sql: &'a [u8],
        facts: &'a Facts,
        verdict: &'a Verdict,
        settings: &'a Settings,
        record: &'a str,
    ) -> Self {
        Self {
            sql,
            facts,
            verdict,
            settings,
            record,
        }
    }

    /// Each statement with its facts, then the verdict.
    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for (index, statement) in self.facts.statements.iter().enumerate() {
            let number = index.saturating_add(1);
            let Range { start, end } = statement.range;
            writeln!(
                out,
                "statement {number}: {} (line {}, bytes {start} to {end})",
                statement.kind.as_str(),
                line_number(self.sql, start)
            )?;
            for line in self.statement_lines(statement) {
                writeln!(out, "  {line}")?;
            }
        }
        if let Some(unreadable) = &self.facts.unreadable {
            writeln!(
                out,
                "can't be read from line {}, byte {} on: {}",
                line_number(self.sql, unreadable.offset),
                unreadable.offset,
                unreadable.cause.as_str()
            )?;
        }
        for line in self.text_lines() {
            writeln!(out, "{line}")?;
        }
        self.write_verdict(out)
    }

    /// The verdict, and where something is refused, the error that the client would get.
    pub(crate) fn write_verdict(&self, out: &mut impl Write) -> io::Result<()> {
        let word = verdict_word(self.verdict);
        let Some(refusal) = refusal(self.verdict) else {
            return writeln!(out, "verdict: {word}");
        };
        writeln!(out, "verdict: {word} ({})\n", refusal.setting_name())?;
        self.write_error(refusal, out)
    }

    /// The error that the client would get, with carets under the words that it is about.
    pub(crate) fn write_error(&self, refusal: &Refusal, out: &mut impl Write) -> io::Result<()> {
        let shown = |text: &str| neutralised(text.as_bytes());
        writeln!(out, "ERROR:  {}", shown(&refusal.message(self.record)))?;
        if let Some(span) = refusal.span() {
            let span = self.offending_words(refusal, span);
            out.write_all(carets(&self.without_secrets(), &span).as_bytes())?;
        }
        writeln!(
            out,
            "DETAIL:  {}\nHINT:  {}",
            shown(&refusal.detail()),
            shown(&refusal.hint())
        )
    }

    fn statement_lines(&self, statement: &StatementFacts) -> Vec<String> {
        let StatementFacts {
            kind: _,
            range: _,
            demands,
            copy,
            effect,
        } = statement;
        let mut lines: Vec<String> = demands
            .iter()
            .map(|demand| self.demand_line(statement, demand))
            .collect();
        lines.extend(copy.map(|direction| copy_line(direction).to_owned()));
        lines.extend(effect.as_ref().map(effect_line));
        lines
    }

    /// `needs COPY TO, which can_export_csv refuses: copy t to stdout`
    fn demand_line(&self, statement: &StatementFacts, demand: &Demand) -> String {
        let place = if demand.in_body { " in its body" } else { "" };
        let alone = setting_of(statement, demand, self.settings);
        let says = alone.map_or_else(
            || "which is allowed".to_owned(),
            |setting| format!("which {setting} refuses"),
        );
        format!(
            "needs {}{place}, {says}: {}",
            demand.kind.as_str(),
            neutralised(demand.excerpt.as_bytes())
        )
    }

    /// What is to be said of the text as a whole.
    fn text_lines(&self) -> Vec<String> {
        let sensitive = self.facts.sensitive;
        let mut lines = Vec::new();
        if sensitive.standard_conforming_strings {
            lines.push("reads otherwise under the other standard_conforming_strings".to_owned());
        }
        if sensitive.encoding {
            lines.push("may read otherwise in a client-only encoding (SJIS, BIG5, GBK …)".to_owned());
        }
        match self.facts.secrets.len() {
            0 => {}
            1 => lines.push("1 literal is a secret, and masked where it is recorded".to_owned()),
            secrets => lines.push(format!(
                "{secrets} literals are secrets, and masked where they are recorded"
            )),
        }
        lines
    }

    /// The text with its secrets made unreadable, as output ends up in logs.
    fn without_secrets(&self) -> Vec<u8> {
        let mut sql = self.sql.to_vec();
        for secret in &self.facts.secrets {
            for byte in sql.get_mut(secret.range()).unwrap_or_default() {
                if !byte.is_ascii_whitespace() {
                    *byte = b'*';
                }
            }
        }
        sql
    }

    /// Of what was found in a body, facts know the literal that holds the body; the words are looked for in there.
    fn offending_words(&self, refusal: &Refusal, literal: Range<usize>) -> Range<usize> {
        let demands = self.facts.statements.iter().flat_map(|facts| &facts.demands);
        let found = demands
            .filter(|demand| demand.in_body && demand.span == literal)
            .find(|demand| demand.kind.as_str() == refusal.reason());
        let body = self.sql.get(literal.clone()).unwrap_or_default();
        let words = found.and_then(|demand| find_words(body, &demand.excerpt));
        words.map_or(literal.clone(), |words| {
            let at = |offset: usize| literal.start.saturating_add(offset);
            at(words.start)..at(words.end)
        })
    }
}

/// The setting that this demand alone would be refused by.
pub(crate) fn setting_of(
    statement: &StatementFacts,
    demand: &Demand,
    settings: &Settings,
) -> Option<&'static str> {
    let alone = Facts {
        statements: vec![StatementFacts {
            demands: vec![demand.clone()],
            ..statement.clone()
        }],
        ..Facts::default()
    };
    refusal(&judge(&alone, settings)).map(Refusal::setting_name)
}

/// Where the words of an excerpt, in which white space is drawn together and what is missing marked, stand in a text.
fn find_words(text: &[u8], excerpt: &str) -> Option<Range<usize>> {
    // What is masked or cut stands for anything.
    let known = excerpt
        .split_inclusive(char::is_whitespace)
        .map(str::trim)
        .take_while(|word| !word.contains('…') && !word.contains("***"));
    let words: Vec<&str> = known.filter(|word| !word.is_empty()).collect();
    let first = words.first()?.as_bytes();
    let starts = text.windows(first.len()).enumerate();
    starts
        .filter(|(_, window)| *window == first)
        .find_map(|(start, _)| {
            let mut at = start;
            for (index, word) in words.iter().enumerate() {
                let rest = text.get(at..)?;
                let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                let rest = rest.get(blank..)?;
                if (index > 0 && blank == 0) || !rest.starts_with(word.as_bytes()) {
                    return None;
                }
                at = at.saturating_add(blank).saturating_add(word.len());
            }
            Some(start..at)
        })
}

fn copy_line(direction: CopyDirection) -> &'static str {
    match direction {
        CopyDirection::Out => "begins a copy to the client",
        CopyDirection::In => "begins a copy from the client",
        CopyDirection::Both => "begins a copy both ways",
    }
}

fn effect_line(effect: &NameEffect) -> String {
    let named = |what: &str, name: &[u8]| format!("{what} \"{}\"", neutralised(name));
    match effect {
        NameEffect::Prepare(name) => named("prepares", name),
        NameEffect::Execute(name) => named("runs prepared statement", name),
        NameEffect::Deallocate(name) => named("frees prepared statement", name),
        NameEffect::DeallocateAll => "frees all prepared statements".to_owned(),
        NameEffect::DiscardAll => "frees all prepared statements and cursors".to_owned(),
        NameEffect::DeclareCursor(name) => named("declares cursor", name),
        NameEffect::Fetch(name) => named("fetches from cursor", name),
        NameEffect::CloseCursor(name) => named("closes cursor", name),
        NameEffect::CloseAll => "closes all cursors".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use pgwarden_policy::{Enforcement, Reading, analyse};

    use super::*;

    fn explained(sql: &str, settings: &Settings) -> String {
        let facts = analyse(sql.as_bytes(), Reading::default());
        let verdict = judge(&facts, settings);
        let mut out = Vec::new();
        Explanation::new(sql.as_bytes(), &facts, &verdict, settings, "orders")
            .write(&mut out)
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn explanations_read_well() {
        let strict = Settings::default();
        let monitor = Settings {
            enforcement: Enforcement::Monitor,
            refusal_hint: Some("ask #data-access".to_owned()),
            ..Settings::default()
        };
        let exporting = Settings {
            can_export_csv: true,
            ..Settings::default()
        };
        let mut shown = String::new();
        for (sql, settings) in [
            ("select 1", &strict),
            ("", &strict),
            (
                "select 1;\n\tcopy (select '東京') to stdout;\ncreate role r password 'hunter2'",
                &strict,
            ),
            ("copy t to stdout", &exporting),
            ("copy t to program 'gzip'", &exporting),
            ("copy t to stdout", &monitor),
            ("select 'open", &strict),
            (
                "create function f() returns void language plpgsql as $f$\nbegin\n  perform 1;\n  copy   t\n    to stdout;\nend $f$",
                &strict,
            ),
            ("do 'begin copy t to ''/tmp/x''; end'", &strict),
            ("alter role bob\n  password 'hunter2' createdb", &strict),
            ("prepare s as select 'a\\b'; execute s; fetch all from c", &strict),
        ] {
            shown.push_str(&explained(sql, settings));
            shown.push_str("----\n");
        }
        assert!(!shown.contains("hunter2"), "{shown}");
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn words_are_found_whatever_stands_between_them() {
        for (text, excerpt, expected) in [
            ("begin copy  t\n to x; end", "copy t to x", Some(6..19)),
            ("copy t to y; copy t to x", "copy t to x", Some(13..24)),
            ("copy t to x", "copy t to …", Some(0..9)),
            (
                "alter role r password 'x'",
                "alter role r password ***",
                Some(0..21),
            ),
            ("copyt", "copy t", None),
            ("", "copy", None),
            ("x", "…", None),
        ] {
            assert_eq!(find_words(text.as_bytes(), excerpt), expected, "{text}");
        }
    }
}
