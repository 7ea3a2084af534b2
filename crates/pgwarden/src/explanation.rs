//! What statements do and what becomes of them, for people to read.

use std::io::{self, Write};
use std::ops::Range;

use pgwarden_policy::{
    CopyDirection, CopyEnd, CopyFacts, CopySource, Demand, Facts, KindSet, MentionRole, NameEffect, Refusal,
    Settings, StatementFacts, StatementKind, Verdict, judge,
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
            kind,
            range: _,
            demands,
            copy,
            effect,
            copy_facts,
            mentions: _,
            kinds,
            writes,
            values_rows,
            literal_bytes,
        } = statement;
        let mut lines: Vec<String> = demands
            .iter()
            .map(|demand| self.demand_line(statement, demand))
            .collect();
        lines.extend(
            refusal(&judge(&without_demands(statement), self.settings)).map(|refusal| {
                format!(
                    "has {}, which {} refuses",
                    neutralised(refusal.reason().as_bytes()),
                    refusal.setting_name()
                )
            }),
        );
        lines.extend(copy.map(|direction| copy_line(direction).to_owned()));
        lines.extend(copy_facts.as_deref().map(copy_facts_line));
        lines.extend(effect.as_ref().map(effect_line));
        let inner: Vec<&str> = kinds
            .iter()
            .filter(|inner| inner != kind && *inner != StatementKind::Unknown)
            .map(StatementKind::as_str)
            .collect();
        if !inner.is_empty() {
            lines.push(format!("holds {}", inner.join(", ")));
        }
        if let Some(write) = writes {
            let place = if write.in_body { " in its body" } else { "" };
            lines.push(format!("writes by {}{place}", write.what));
        }
        lines.extend(ROLES.iter().filter_map(|(role, words)| {
            let names = mentioned(statement, *role)?;
            Some(format!("{words} {names}"))
        }));
        if *values_rows > 0 {
            lines.push(format!("has {values_rows} rows in VALUES"));
        }
        if *literal_bytes > 0 {
            lines.push(format!("has {literal_bytes} bytes of string literals"));
        }
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
        let body = self.sql.get(literal.clone()).unwrap_or_default();
        let detail = refusal.detail();
        let words = self.facts.statements.iter().find_map(|statement| {
            let demand = statement
                .demands
                .iter()
                .find(|demand| demand.in_body && demand.span == literal && detail.contains(&demand.excerpt));
            let mention = || {
                statement
                    .mentions
                    .iter()
                    .filter(|mention| mention.in_body && mention.span == literal)
                    .map(ToString::to_string)
                    .find(|mention| mention == refusal.reason())
            };
            let write = || {
                let write = statement.writes.as_ref()?;
                (write.in_body && write.span == literal).then(|| write.what.to_owned())
            };
            demand
                .map(|demand| demand.excerpt.clone())
                .or_else(mention)
                .or_else(write)
                .and_then(|words| find_words(body, &words))
        });
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
            kind: statement.kind,
            range: statement.range.clone(),
            demands: vec![demand.clone()],
            copy: None,
            effect: None,
            copy_facts: None,
            mentions: Vec::new(),
            kinds: KindSet::default(),
            writes: None,
            values_rows: 0,
            literal_bytes: 0,
        }],
        ..Facts::default()
    };
    refusal(&judge(&alone, settings)).map(Refusal::setting_name)
}

/// The statement as if it needed nothing: what else of it may be refused.
fn without_demands(statement: &StatementFacts) -> Facts {
    Facts {
        statements: vec![StatementFacts {
            demands: Vec::new(),
            ..statement.clone()
        }],
        ..Facts::default()
    }
}

/// What mentioned names are the names of, in words.
const ROLES: &[(MentionRole, &str)] = &[
    (MentionRole::Function, "calls"),
    (MentionRole::Attribute, "names the attributes"),
    (MentionRole::Read, "reads"),
    (MentionRole::Written, "writes"),
    (MentionRole::Object, "names"),
    (MentionRole::ObjectOrFunction, "names"),
    (MentionRole::Role, "names the roles"),
    (MentionRole::Setting, "sets"),
];

/// Names of one role that are shown.
const NAMES_SHOWN_MAX: usize = 12;

/// The names of one role, each once.
fn mentioned(statement: &StatementFacts, role: MentionRole) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    let mut more: usize = 0;
    for mention in statement.mentions.iter().filter(|mention| mention.role == role) {
        let name = neutralised(mention.to_string().as_bytes());
        if names.contains(&name) {
            continue;
        }
        if names.len() < NAMES_SHOWN_MAX {
            names.push(name);
        } else {
            more = more.saturating_add(1);
        }
    }
    if more > 0 {
        names.push(format!("… ({more} more)"));
    }
    (!names.is_empty()).then(|| names.join(", "))
}

fn copy_facts_line(CopyFacts { source, end, format }: &CopyFacts) -> String {
    let source = match source {
        CopySource::Relation => "a relation",
        CopySource::Query(_) => "a query",
    };
    format!(
        "copies {source}, the other end being {}, in format {}",
        copy_end_words(*end),
        neutralised(format.as_bytes())
    )
}

/// The other end of a copy.
pub(crate) fn copy_end_words(end: CopyEnd) -> &'static str {
    match end {
        CopyEnd::Client => "the client",
        CopyEnd::ServerFile => "a file of the server",
        CopyEnd::Program => "a program of the server",
        CopyEnd::Unclear => "unclear",
    }
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
        .filter(|(_, window)| window.eq_ignore_ascii_case(first))
        .find_map(|(start, _)| {
            let mut at = start;
            for (index, word) in words.iter().enumerate() {
                let rest = text.get(at..)?;
                let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                let rest = rest.get(blank..)?;
                let found = rest.get(..word.len())?;
                if (index > 0 && blank == 0) || !found.eq_ignore_ascii_case(word.as_bytes()) {
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
        NameEffect::DeclareCursor(name) | NameEffect::DeclareHeldCursor(name) => {
            named("declares cursor", name)
        }
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
        let denying = Settings {
            can_copy_to_clipboard: true,
            read_only: true,
            deny_relations: vec![pgwarden_policy::DeniedName::new("payroll").unwrap()],
            paste_rows: 2,
            ..Settings::default()
        };
        let mut shown = String::new();
        for (sql, settings) in [
            (
                "select lo_get(1), f(a.b) from customers c join hr.payroll using (id)",
                &denying,
            ),
            (
                "with w as (insert into t values (1), (2), (3) returning *) select * from w",
                &strict,
            ),
            (
                "do $$ begin\n  perform 1;\n  insert into t select * from u;\nend $$",
                &denying,
            ),
            ("do $$ begin\n  perform * from Payroll;\nend $$", &denying),
            ("set role bob; set work_mem = '1MB'", &strict),
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
            ("begin Insert into t", "INSERT", Some(6..12)),
            ("copyt", "copy t", None),
            ("", "copy", None),
            ("x", "…", None),
        ] {
            assert_eq!(find_words(text.as_bytes(), excerpt), expected, "{text}");
        }
    }
}
