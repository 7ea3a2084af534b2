//! A text of SQL under every reading that the server may give it.

use std::sync::Arc;

use pgwarden_policy::{
    ClientEncoding, CopyDirection, Encoding, Facts, FactsCache, NameEffect, Reading, Settings, StatementKind,
    Verdict, judge,
};

use super::copy_guard::Approvals;
use super::held_texts::{HeldTexts, Hold};

/// What the server's settings are known to be as far as they change how a text is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServerReading {
    standard_conforming_strings: bool,
    replication: bool,
    /// Whether the client's encoding is UTF-8.
    utf8: bool,
    client: Characters,
    /// Whether the server takes any byte for the second one of a character, once the client's encoding is `BIG5`. To `EUC_TW` and
    /// `MULE_INTERNAL` it converts by ranges (`BIG5toCNS`, big5.c), so that a quote or a blank may be swallowed; elsewhere by tables.
    takes_any_pair: bool,
}

/// How the client's bytes become characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Characters {
    /// Each byte below 0x80 is one: an encoding that servers can have.
    Plain,
    Of(ClientEncoding),
    /// An encoding that isn't known.
    Unknown,
}

impl ServerReading {
    pub(crate) fn new(replication: bool) -> Self {
        ServerReading {
            standard_conforming_strings: true,
            replication,
            utf8: false,
            client: Characters::Plain,
            takes_any_pair: false,
        }
    }

    /// As last reported.
    pub(crate) fn standard_conforming_strings(self) -> bool {
        self.standard_conforming_strings
    }

    /// Follows a `ParameterStatus`.
    pub(crate) fn note(&mut self, name: &[u8], value: &[u8]) {
        match name {
            b"standard_conforming_strings" => self.standard_conforming_strings = value == b"on",
            b"client_encoding" => {
                self.utf8 = value == b"UTF8";
                self.client = characters(value);
            }
            b"server_encoding" => self.takes_any_pair = matches!(value, b"EUC_TW" | b"MULE_INTERNAL"),
            _ => {}
        }
    }

    /// What the policy needs to know of it.
    fn reading(self, encoding: Encoding) -> Reading {
        Reading {
            standard_conforming_strings: self.standard_conforming_strings,
            encoding,
            replication: self.replication,
            utf8: self.utf8,
        }
    }

    /// Facts of a text in the client's encoding, if that is surely this one.
    fn analyse_as(self, sql: &[u8], characters: Characters, cache: &FactsCache) -> Arc<Facts> {
        let Characters::Of(encoding) = characters else {
            return cache.analyse(sql, self.reading(Encoding::ServerSafe));
        };
        let Some(text) = encoding.with_high_bytes(sql) else {
            return self.analyse_unknown(sql, cache);
        };
        let mut facts = cache.analyse(&text, self.reading(Encoding::ServerSafe));
        if !facts.secrets.is_empty() {
            // What echoes is as the client wrote it.
            let as_written = self.analyse_unknown(sql, cache);
            Arc::make_mut(&mut facts)
                .secrets
                .extend(as_written.secrets.iter().cloned());
        }
        facts
    }

    /// Facts of a text in an encoding that isn't known.
    fn analyse_unknown(self, sql: &[u8], cache: &FactsCache) -> Arc<Facts> {
        let encoding = if self.takes_any_pair {
            Encoding::AnyPair
        } else {
            Encoding::ClientOnly
        };
        cache.analyse(sql, self.reading(encoding))
    }

    fn with_other_strings(self) -> Self {
        ServerReading {
            standard_conforming_strings: !self.standard_conforming_strings,
            ..self
        }
    }
}

/// Encodings that may also be a server's have no ASCII byte inside a longer character (CHARSET, "Available
/// character sets"). Whatever isn't known to be one of them is taken for one that does.
fn characters(name: &[u8]) -> Characters {
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
        return Characters::Plain;
    }
    let known = ClientEncoding::ALL
        .into_iter()
        .find(|encoding| encoding.name().as_bytes() == name);
    known.map_or(Characters::Unknown, Characters::Of)
}

/// Whether the server's settings are surely those that it last reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// Nothing has been sent since the last `ReadyForQuery`.
    Certain,
    /// Something in flight may have changed them unseen.
    Unsure,
}

/// One text: the facts of each reading that must be reckoned with. Facts are shared with all sessions that read the same text, but
/// for those that hold secrets.
#[derive(Debug)]
pub(crate) struct Text {
    likeliest: Arc<Facts>,
    others: Vec<Arc<Facts>>,
    /// Set once it may stand behind names.
    hold: Option<Hold>,
}

/// The policy has let a text pass, allowed or observed. Made by [`Text::judge`] alone, needed for [`Approvals`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passed(());

/// The readings of a text differ in this.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ambiguous;

/// What the policy says of a text.
#[derive(Debug)]
pub(crate) enum Judgement {
    Allow(Passed),
    Observe(Passed, pgwarden_policy::Refusal),
    Refuse(pgwarden_policy::Refusal),
}

impl Text {
    /// What the cache doesn't know is analysed.
    pub(crate) fn read(sql: &[u8], server: ServerReading, certainty: Certainty, cache: &FactsCache) -> Self {
        let server = ServerReading {
            // In ASCII all encodings that may come are one.
            utf8: sql.is_ascii() || (server.utf8 && certainty == Certainty::Certain),
            ..server
        };
        let likeliest = match server.client {
            Characters::Unknown => server.analyse_unknown(sql, cache),
            known @ (Characters::Plain | Characters::Of(_)) => server.analyse_as(sql, known, cache),
        };
        if certainty == Certainty::Certain {
            return Text::of(likeliest);
        }
        let strings_matter = |facts: &Facts| facts.sensitive.standard_conforming_strings;
        let plain = match server.client {
            Characters::Plain => None,
            Characters::Of(_) | Characters::Unknown => Some(server.analyse_as(sql, Characters::Plain, cache)),
        };
        let bytes = plain.as_ref().unwrap_or(&likeliest);
        let encoding_matters = if server.takes_any_pair {
            !sql.is_ascii()
        } else {
            bytes.sensitive.encoding
        };
        let mut others = Vec::new();
        if strings_matter(bytes) {
            let other = server.with_other_strings();
            others.push(other.analyse_as(sql, Characters::Plain, cache));
        }
        if encoding_matters {
            others.push(server.analyse_unknown(sql, cache));
            if strings_matter(&likeliest) && plain.is_some() {
                let other = server.with_other_strings();
                others.push(other.analyse_as(sql, server.client, cache));
            }
            others.extend(plain);
        }
        Text {
            likeliest,
            others,
            hold: None,
        }
    }

    fn of(likeliest: Arc<Facts>) -> Self {
        Text {
            likeliest,
            others: Vec::new(),
            hold: None,
        }
    }

    /// Whether it gives names to prepared statements or portals, behind which it then stands.
    pub(crate) fn takes_names(&self) -> bool {
        let mut effects = self
            .readings()
            .flat_map(|facts| &facts.statements)
            .filter_map(|statement| statement.effect.as_ref());
        effects.any(|effect| match effect {
            NameEffect::Prepare(_) | NameEffect::DeclareCursor(_) | NameEffect::DeclareHeldCursor(_) => true,
            NameEffect::Execute(_)
            | NameEffect::Deallocate(_)
            | NameEffect::DeallocateAll
            | NameEffect::DiscardAll
            | NameEffect::Fetch(_)
            | NameEffect::CloseCursor(_)
            | NameEffect::CloseAll => false,
        })
    }

    /// From now on it counts among the texts that the session holds.
    pub(crate) fn hold(&mut self, held: &HeldTexts) {
        let bytes = self
            .readings()
            .map(Facts::memory_bytes)
            .fold(size_of::<Self>(), usize::saturating_add);
        self.hold = Some(held.hold(bytes));
    }

    /// The likeliest reading.
    pub(crate) fn facts(&self) -> &Facts {
        &self.likeliest
    }

    pub(crate) fn kind_of(&self, statement: usize) -> StatementKind {
        self.facts()
            .statements
            .get(statement)
            .map_or(StatementKind::Unknown, |facts| facts.kind)
    }

    /// The facts of each reading, the likeliest first.
    pub(crate) fn readings(&self) -> impl Iterator<Item = &Facts> {
        std::iter::once(&self.likeliest)
            .chain(&self.others)
            .map(|facts| &**facts)
    }

    /// Whether the server answers it as a whole: a replication command, which may have several results, each with its `CommandComplete`.
    pub(crate) fn is_replication_command(&self) -> bool {
        self.kind_of(0).is_replication()
    }

    /// Whether more than one reading had to be reckoned with, so that waiting for certainty may help.
    pub(crate) fn is_ambiguous(&self) -> bool {
        !self.others.is_empty()
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.readings().all(Facts::is_plain)
    }

    /// The strictest verdict over all readings.
    pub(crate) fn judge(&self, settings: &Settings) -> Judgement {
        let mut observed = None;
        for facts in self.readings() {
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
        for facts in std::iter::once(&mut self.likeliest).chain(&mut self.others) {
            if !facts.secrets.is_empty() {
                // The cache keeps no such facts, so that they are this text's alone and nothing is copied.
                Arc::make_mut(facts).secrets = Vec::new();
            }
        }
    }

    /// Copies with the client that statement `index` and those after it may begin.
    pub(crate) fn approvals_from(&self, index: usize, _: Passed) -> Approvals {
        let copies = self
            .readings()
            .flat_map(|facts| facts.statements.iter().skip(index));
        Approvals::of(copies.filter_map(|statement| statement.copy))
    }

    /// Copies that statement `index` alone may begin.
    pub(crate) fn approvals_at(&self, index: usize, _: Passed) -> Approvals {
        let copies = self.readings().filter_map(|facts| facts.statements.get(index));
        Approvals::of(copies.filter_map(|statement| statement.copy))
    }

    /// What statement `index` does to names.
    pub(crate) fn effect_at(&self, index: usize) -> Result<Option<&NameEffect>, Ambiguous> {
        let mut effects = self.readings().map(|facts| {
            facts
                .statements
                .get(index)
                .and_then(|statement| statement.effect.as_ref())
        });
        let first = effects.next().flatten();
        if effects.all(|effect| effect == first) {
            Ok(first)
        } else {
            Err(Ambiguous)
        }
    }

    /// The first statement at or after `index` that begins a copy of this direction.
    pub(crate) fn next_copy(&self, index: usize, direction: CopyDirection) -> Option<usize> {
        let positions = self.readings().filter_map(|facts| {
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

/// The empty text, which stands for all in which nothing matters, so that they need not be kept.
pub(crate) fn plain() -> (Arc<Text>, Passed) {
    let text = Text::of(Arc::new(Facts::default()));
    debug_assert!(text.is_plain(), "an empty text does nothing");
    (Arc::new(text), Passed(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_with_ascii_inside_characters_are_known() {
        for (name, expected) in [
            ("UTF8", Characters::Plain),
            ("SQL_ASCII", Characters::Plain),
            ("LATIN1", Characters::Plain),
            ("WIN1252", Characters::Plain),
            ("EUC_JP", Characters::Plain),
            ("SJIS", Characters::Of(ClientEncoding::Sjis)),
            ("SHIFT_JIS_2004", Characters::Of(ClientEncoding::ShiftJis2004)),
            ("BIG5", Characters::Of(ClientEncoding::Big5)),
            ("GBK", Characters::Of(ClientEncoding::Gbk)),
            ("UHC", Characters::Of(ClientEncoding::Uhc)),
            ("GB18030", Characters::Of(ClientEncoding::Gb18030)),
            ("JOHAB", Characters::Of(ClientEncoding::Johab)),
            ("whatever comes", Characters::Unknown),
        ] {
            assert_eq!(characters(name.as_bytes()), expected, "{name}");
        }
    }

    /// Statements that the text would run, in each reading that is reckoned with; `None` where it can't be read.
    #[track_caller]
    fn check(settings: &[(&str, &str)], certainty: Certainty, sql: &[u8], expected: &[Option<usize>]) {
        let mut server = ServerReading::new(false);
        for (name, value) in settings {
            server.note(name.as_bytes(), value.as_bytes());
        }
        let text = Text::read(sql, server, certainty, &FactsCache::new(0));
        let found: Vec<Option<usize>> = text
            .readings()
            .map(|facts| facts.unreadable.is_none().then_some(facts.statements.len()))
            .collect();
        assert_eq!(
            found,
            expected,
            "{settings:?} {certainty:?} {}",
            sql.escape_ascii()
        );
    }

    #[test]
    fn sessions_share_facts_but_for_secrets() {
        let cache = FactsCache::new(1 << 20);
        let read = |sql: &str| {
            let server = ServerReading::new(false);
            Text::read(sql.as_bytes(), server, Certainty::Certain, &cache)
        };
        for (sql, shared) in [("select 1", true), ("alter role a password 'secret'", false)] {
            read(sql);
            let (mut one, other) = (read(sql), read(sql));
            assert_eq!(Arc::ptr_eq(&one.likeliest, &other.likeliest), shared, "{sql}");
            assert_eq!(one.facts().secrets.is_empty(), shared, "{sql}");
            one.forget_secrets();
            assert!(one.facts().secrets.is_empty(), "{sql}");
            assert_eq!(Arc::ptr_eq(&one.likeliest, &other.likeliest), shared, "{sql}");
        }
    }

    /// What an ordinary prepared statement takes beside the facts that it shares.
    #[test]
    fn a_text_is_small() {
        assert!(size_of::<Text>() <= 64, "{} bytes", size_of::<Text>());
    }

    #[test]
    fn readings_of_the_clients_encoding() {
        let (certain, unsure) = (Certainty::Certain, Certainty::Unsure);
        let hidden = b"select E'\x95\\', ' ; copy t to stdout; --'";
        check(&[], certain, hidden, &[Some(2)]);
        check(&[("client_encoding", "SJIS")], certain, hidden, &[Some(1)]);
        check(
            &[("client_encoding", "SJIS")],
            unsure,
            hidden,
            &[Some(1), None, Some(2)],
        );
        check(&[("client_encoding", "who knows")], certain, hidden, &[None]);
        let name = b"select \x83\x5c from t";
        check(&[("client_encoding", "SJIS")], certain, name, &[Some(1)]);
        check(&[("client_encoding", "UTF8")], unsure, name, &[Some(1), None]);
        check(
            &[("client_encoding", "SHIFT_JIS_2004")],
            certain,
            b"select E'\x81\x5f'",
            &[None],
        );
        // A quote that BIG5 takes on its way to EUC_TW.
        let quote = b"select '\xa5' , '; copy t to stdout; --'";
        let taiwan = ("server_encoding", "EUC_TW");
        check(&[("client_encoding", "BIG5"), taiwan], certain, quote, &[Some(2)]);
        check(
            &[("client_encoding", "EUC_TW"), taiwan],
            certain,
            quote,
            &[Some(1)],
        );
        check(
            &[("client_encoding", "EUC_TW"), taiwan],
            unsure,
            quote,
            &[Some(1), None],
        );
        check(
            &[("client_encoding", "UTF8"), ("server_encoding", "UTF8")],
            unsure,
            quote,
            &[Some(1)],
        );
        check(
            &[("client_encoding", "BIG5"), taiwan],
            unsure,
            b"select 1",
            &[Some(1)],
        );
    }
}
