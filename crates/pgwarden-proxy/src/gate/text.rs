//! A text of SQL under every reading that the server may give it (GATE §4).

use std::sync::Arc;

use pgwarden_policy::{
    CopyDirection, Encoding, Facts, Reading, Settings, StatementKind, Verdict, analyse, judge,
};

use super::copy_guard::Approvals;

/// What the server's settings are known to be as far as they change how a text is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServerReading(Reading);

impl ServerReading {
    pub(crate) fn new(replication: bool) -> Self {
        ServerReading(Reading {
            standard_conforming_strings: true,
            encoding: Encoding::ServerSafe,
            replication,
        })
    }

    /// Follows a `ParameterStatus`.
    pub(crate) fn note(&mut self, name: &[u8], value: &[u8]) {
        match name {
            b"standard_conforming_strings" => self.0.standard_conforming_strings = value == b"on",
            b"client_encoding" => self.0.encoding = encoding_class(value),
            _ => {}
        }
    }
}

/// Encodings that may also be a server's have no ASCII byte inside a longer character (CHARSET, "Available
/// character sets"). Whatever isn't known to be one of them is taken for one that does.
fn encoding_class(name: &[u8]) -> Encoding {
    const SERVER_SAFE: &[&[u8]] = &[
        b"UTF8",
        b"SQL_ASCII",
        b"EUC_CN",
        b"EUC_JP",
        b"EUC_JIS_2004",
        b"EUC_KR",
        b"EUC_TW",
        b"MULE_INTERNAL",
        b"KOI8R",
        b"KOI8U",
    ];
    let single_byte = [&b"LATIN"[..], b"ISO_8859_", b"WIN"]
        .iter()
        .any(|prefix| name.starts_with(prefix));
    if single_byte || SERVER_SAFE.contains(&name) {
        Encoding::ServerSafe
    } else {
        Encoding::ClientOnly
    }
}

/// Whether the server's settings are surely those that it last reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// Nothing has been sent since the last `ReadyForQuery`.
    Certain,
    /// Something in flight may have changed them unseen.
    Unsure,
}

/// One text: the facts of each reading that must be reckoned with, the likeliest first. Never empty.
#[derive(Debug)]
pub(crate) struct Text {
    readings: Vec<Facts>,
}

/// The policy has let a text pass, allowed or observed. Made by [`Text::judge`] alone, needed for [`Approvals`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passed(());

/// What the policy says of a text.
#[derive(Debug)]
pub(crate) enum Judgement {
    Allow(Passed),
    Observe(Passed, pgwarden_policy::Refusal),
    Refuse(pgwarden_policy::Refusal),
}

impl Text {
    pub(crate) fn read(sql: &[u8], server: ServerReading, certainty: Certainty) -> Self {
        let known = server.0;
        let facts = analyse(sql, known);
        let sensitive = facts.sensitive;
        let mut readings = vec![facts];
        if certainty == Certainty::Unsure {
            if sensitive.standard_conforming_strings {
                readings.push(analyse(sql, with_other_strings(known)));
            }
            // In such an encoding the policy can't read a text that encodings matter to.
            if sensitive.encoding && known.encoding == Encoding::ServerSafe {
                readings.push(analyse(
                    sql,
                    Reading {
                        encoding: Encoding::ClientOnly,
                        ..known
                    },
                ));
            }
        }
        Text { readings }
    }

    /// The likeliest reading.
    pub(crate) fn facts(&self) -> &Facts {
        #[expect(clippy::indexing_slicing, reason = "`read` puts at least one reading in")]
        &self.readings[0]
    }

    pub(crate) fn kind_of(&self, statement: usize) -> StatementKind {
        self.facts()
            .statements
            .get(statement)
            .map_or(StatementKind::Unknown, |facts| facts.kind)
    }

    pub(crate) fn readings(&self) -> &[Facts] {
        &self.readings
    }

    /// Whether the server answers it as a whole: a replication command, which may have several results, each with its `CommandComplete`.
    pub(crate) fn is_replication_command(&self) -> bool {
        self.kind_of(0).is_replication()
    }

    /// Whether more than one reading had to be reckoned with, so that waiting for certainty may help.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.readings.len() > 1
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.readings.iter().all(Facts::is_plain)
    }

    /// The strictest verdict over all readings.
    pub(crate) fn judge(&self, settings: &Settings) -> Judgement {
        let mut observed = None;
        for facts in &self.readings {
            match judge(facts, settings) {
                Verdict::Allow => {}
                Verdict::Observe(refusal) => observed = observed.or(Some(refusal)),
                Verdict::Refuse(refusal) => return Judgement::Refuse(refusal),
            }
        }
        match observed {
            None => Judgement::Allow(Passed(())),
            Some(refusal) => Judgement::Observe(Passed(()), refusal),
        }
    }

    /// Forgets its secrets, once they are masked: a text is kept for as long as a prepared statement is.
    pub(crate) fn forget_secrets(&mut self) {
        for facts in &mut self.readings {
            facts.secrets = Vec::new();
        }
    }

    /// Copies with the client that statement `index` and those after it may begin.
    pub(crate) fn approvals_from(&self, index: usize, _: Passed) -> Approvals {
        let copies = self
            .readings
            .iter()
            .flat_map(|facts| facts.statements.iter().skip(index));
        Approvals::of(copies.filter_map(|statement| statement.copy))
    }

    /// Copies that statement `index` alone may begin.
    pub(crate) fn approvals_at(&self, index: usize, _: Passed) -> Approvals {
        let copies = self
            .readings
            .iter()
            .filter_map(|facts| facts.statements.get(index));
        Approvals::of(copies.filter_map(|statement| statement.copy))
    }

    /// The first statement at or after `index` that begins a copy of this direction.
    pub(crate) fn next_copy(&self, index: usize, direction: CopyDirection) -> Option<usize> {
        let positions = self.readings.iter().filter_map(|facts| {
            let found = facts
                .statements
                .iter()
                .skip(index)
                .position(|s| s.copy == Some(direction))?;
            index.checked_add(found)
        });
        positions.min()
    }
}

fn with_other_strings(reading: Reading) -> Reading {
    Reading {
        standard_conforming_strings: !reading.standard_conforming_strings,
        ..reading
    }
}

/// The empty text, which stands for all in which nothing matters, so that they need not be kept.
pub(crate) fn plain() -> (Arc<Text>, Passed) {
    let text = Text::read(b"", ServerReading::new(false), Certainty::Certain);
    debug_assert!(text.is_plain(), "an empty text does nothing");
    (Arc::new(text), Passed(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_with_ascii_inside_characters_are_known() {
        for (name, class) in [
            ("UTF8", Encoding::ServerSafe),
            ("SQL_ASCII", Encoding::ServerSafe),
            ("LATIN1", Encoding::ServerSafe),
            ("WIN1252", Encoding::ServerSafe),
            ("EUC_JP", Encoding::ServerSafe),
            ("SJIS", Encoding::ClientOnly),
            ("SHIFT_JIS_2004", Encoding::ClientOnly),
            ("BIG5", Encoding::ClientOnly),
            ("GBK", Encoding::ClientOnly),
            ("UHC", Encoding::ClientOnly),
            ("GB18030", Encoding::ClientOnly),
            ("JOHAB", Encoding::ClientOnly),
            ("whatever comes", Encoding::ClientOnly),
        ] {
            assert_eq!(encoding_class(name.as_bytes()), class, "{name}");
        }
    }
}
