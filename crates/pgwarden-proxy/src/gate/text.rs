//! A text of SQL under every reading that the server may give it (GATE §4).

use std::sync::Arc;

use pgwarden_policy::{
    CopyDirection, Encoding, Enforcement, Facts, Reading, Settings, StatementKind, Verdict, analyse, judge,
};

use super::copy_guard::Approvals;

/// What the server's settings are known to be as far as they change how a text is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServerReading {
    reading: Reading,
    /// The client's encoding has characters that become ASCII ones ([`FOLDED`]).
    folds: bool,
}

/// The two characters of SHIFT_JIS_2004 that the server converts into ASCII ones, a backslash and a tilde
/// (`shift_jis_2004_to_utf8.map`, utils/mb/Unicode). No other conversion of PostgreSQL has such.
const FOLDED: [&[u8]; 2] = [b"\x81\x5f", b"\x81\xb0"];

impl ServerReading {
    pub(crate) fn new(replication: bool) -> Self {
        ServerReading {
            reading: Reading {
                standard_conforming_strings: true,
                encoding: Encoding::ServerSafe,
                replication,
            },
            folds: false,
        }
    }

    /// Follows a `ParameterStatus`.
    pub(crate) fn note(&mut self, name: &[u8], value: &[u8]) {
        match name {
            b"standard_conforming_strings" => self.reading.standard_conforming_strings = value == b"on",
            b"client_encoding" => {
                self.reading.encoding = encoding_class(value);
                self.folds = value == b"SHIFT_JIS_2004";
            }
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
    /// The readings above aren't all that are possible: client-only encodings may hide a backslash in some
    /// characters and not in others, or make one of what is none.
    unreadable: bool,
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
    /// It can't be told what the server will read; passed where the record only observes.
    Unreadable(Option<Passed>),
}

impl Text {
    pub(crate) fn read(sql: &[u8], server: ServerReading, certainty: Certainty) -> Self {
        let known = server.reading;
        let facts = analyse(sql, known);
        let unsure_strings = facts.sensitive.standard_conforming_strings && certainty == Certainty::Unsure;
        let unsure_encoding = facts.sensitive.encoding
            && (certainty == Certainty::Unsure || known.encoding == Encoding::ClientOnly);
        let mut readings = vec![facts];
        if unsure_strings {
            readings.push(analyse(sql, with_other_strings(known)));
        }
        if unsure_encoding {
            readings.push(analyse(sql, with_other_encoding(known)));
        }
        if unsure_strings && unsure_encoding {
            readings.push(analyse(sql, with_other_encoding(with_other_strings(known))));
        }
        Text {
            readings,
            unreadable: (unsure_encoding && may_hide_backslash(sql))
                || ((server.folds || certainty == Certainty::Unsure) && may_fold(sql)),
        }
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

    /// Whether more than one reading had to be reckoned with, so that waiting for certainty may help.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.unreadable || self.readings.len() > 1
    }

    pub(crate) fn is_plain(&self) -> bool {
        !self.unreadable && self.readings.iter().all(Facts::is_plain)
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
        if self.unreadable && !settings.forbids_nothing() {
            return Judgement::Unreadable(match settings.enforcement {
                Enforcement::Enforce => None,
                Enforcement::Monitor => Some(Passed(())),
            });
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

fn with_other_encoding(reading: Reading) -> Reading {
    let encoding = match reading.encoding {
        Encoding::ServerSafe => Encoding::ClientOnly,
        Encoding::ClientOnly => Encoding::ServerSafe,
    };
    Reading { encoding, ..reading }
}

/// Whether a byte that may begin a two-byte character stands before a backslash. In SJIS it need not begin one
/// (half-width katakana), so that reading all of them the one way or the other isn't enough.
fn may_hide_backslash(sql: &[u8]) -> bool {
    memchr::memchr_iter(b'\\', sql).any(|at| {
        at.checked_sub(1)
            .and_then(|before| sql.get(before))
            .is_some_and(|&byte| byte >= 0x80)
    })
}

/// Whether characters may stand in it that become ASCII ones, so that quotes and escapes are others than seem.
fn may_fold(sql: &[u8]) -> bool {
    FOLDED
        .iter()
        .any(|pair| memchr::memmem::find(sql, pair).is_some())
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

    #[test]
    fn a_hidden_backslash_is_found() {
        assert!(may_hide_backslash(b"select E'\xbf\x5c'"));
        assert!(!may_hide_backslash(b"\\select E'\xc3\xa9 \\n'"));
    }

    #[test]
    fn characters_that_become_ascii_ones_are_found_where_they_may() {
        let read = |encoding: &[u8], certainty, sql: &[u8]| {
            let mut server = ServerReading::new(false);
            server.note(b"client_encoding", encoding);
            Text::read(sql, server, certainty).unreadable
        };
        for sql in [
            &b"select E'\x81\x5f\\' ; copy t to stdout; --'"[..],
            b"select '\x81\xb0E'",
        ] {
            assert!(read(b"SHIFT_JIS_2004", Certainty::Certain, sql));
            assert!(read(b"UTF8", Certainty::Unsure, sql));
            assert!(!read(b"UTF8", Certainty::Certain, sql));
        }
        assert!(!read(b"SHIFT_JIS_2004", Certainty::Certain, b"select '\x81\x60'"));
    }
}
