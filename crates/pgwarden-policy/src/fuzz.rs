//! What must hold for any bytes. Fuzz targets and tests call these.

use crate::deny::DeniedName;
use crate::lexer::{Lexer, Token, TokenKind};
use crate::split::{Language, Piece, Pieces};
use crate::{
    CODE_BYTES_FACTOR, EXCERPT_BYTES_MAX, Encoding, Facts, OpaqueCode, Reading, Settings, StatementKind,
    Verdict, analyse, effort, judge, judge_parameter,
};

/// Tokens cover the text without gaps, and splitting it again splits nothing.
///
/// # Panics
///
/// When that does not hold.
pub fn fuzz_lexer(text: &[u8]) {
    for standard_conforming_strings in [true, false] {
        let lexer = Lexer::new(text, standard_conforming_strings);
        check_tokens(lexer);
        check_pieces(lexer, Language::Sql);
        check_pieces(lexer, Language::PlPgSql);
    }
}

/// Facts point into the text; a reading that the text is not sensitive to changes nothing; more permission never refuses more.
///
/// # Panics
///
/// When that does not hold.
pub fn fuzz_analyser(data: &[u8]) {
    let Some((&first, text)) = data.split_first() else {
        return;
    };
    let bit = |bit: u8| first & bit != 0;
    let reading = Reading {
        utf8: true,
        standard_conforming_strings: !bit(1),
        encoding: if bit(2) {
            Encoding::ClientOnly
        } else {
            Encoding::ServerSafe
        },
        replication: bit(4),
    };
    let facts = analyse_by_effort(text, reading);
    check_facts(text, &facts);
    if !facts.sensitive.standard_conforming_strings {
        let other = Reading {
            standard_conforming_strings: !reading.standard_conforming_strings,
            ..reading
        };
        assert_eq!(facts, analyse(text, other), "standard_conforming_strings");
    }
    if !facts.sensitive.encoding {
        let other = Reading {
            encoding: match reading.encoding {
                Encoding::ServerSafe => Encoding::ClientOnly,
                Encoding::ClientOnly | Encoding::AnyPair => Encoding::ServerSafe,
            },
            ..reading
        };
        assert_eq!(facts, analyse(text, other), "encoding");
    }
    if reading.replication {
        check_replication(text, &facts, reading);
    }
    check_monotone(&facts);
    judge_parameter(b"options", text, &Settings::default());
}

/// More permission never refuses what less allowed: any switch turned on, any budget raised, any entry of a deny list dropped.
///
/// # Panics
///
/// When that does not hold.
pub fn fuzz_judge(data: &[u8]) {
    let Some((&[first, strict, deny, budgets, loosened, raised], text)) = data.split_first_chunk() else {
        return;
    };
    let reading = Reading {
        standard_conforming_strings: first & 1 == 0,
        replication: first & 2 != 0,
        ..Reading::default()
    };
    let facts = analyse(text, reading);
    let bit = |byte: u8, bit: u8| byte & (1 << bit) != 0;
    let before = Settings {
        can_export_csv: bit(strict, 0),
        can_import_csv: bit(strict, 1),
        can_copy_to_clipboard: bit(strict, 2),
        can_paste_from_clipboard: bit(strict, 3),
        can_replicate: bit(strict, 4),
        can_run_server_programs: bit(strict, 5),
        can_change_credentials: bit(strict, 6),
        read_only: bit(strict, 7),
        opaque_code: match first >> 2 & 3 {
            0 => OpaqueCode::Refuse,
            1 => OpaqueCode::Allow,
            _ => OpaqueCode::Scan,
        },
        deny_functions: denied(&DENIED_FUNCTIONS, deny),
        deny_relations: denied(&DENIED_RELATIONS, deny),
        deny_statements: DENIED_STATEMENTS
            .iter()
            .filter_map(|&(at, kind)| bit(deny, at).then_some(kind))
            .collect(),
        copy_rows: u64::from(budgets & 7),
        copy_bytes: u64::from(budgets & 7),
        copy_rows_per_session: u64::from(budgets & 7),
        copy_bytes_per_session: u64::from(budgets & 7),
        paste_rows: u64::from(budgets >> 2 & 3),
        paste_statements: u64::from(budgets >> 4 & 3),
        paste_bytes: u64::from(budgets) * 8,
        ..Settings::default()
    };
    let mut after = before.clone();
    after.can_export_csv |= bit(loosened, 0);
    after.can_import_csv |= bit(loosened, 1);
    after.can_copy_to_clipboard |= bit(loosened, 2);
    after.can_paste_from_clipboard |= bit(loosened, 3);
    after.can_replicate |= bit(loosened, 4);
    after.can_run_server_programs |= bit(loosened, 5);
    after.can_change_credentials |= bit(loosened, 6);
    after.read_only &= !bit(loosened, 7);
    if bit(raised, 0) {
        after.opaque_code = after.opaque_code.max(OpaqueCode::Scan);
    }
    if bit(raised, 1) {
        after.opaque_code = OpaqueCode::Allow;
    }
    if bit(raised, 2) {
        after.deny_functions.pop();
    }
    if bit(raised, 3) {
        after.deny_relations.pop();
    }
    if bit(raised, 4) {
        after.deny_statements.pop();
    }
    for (at, budget) in [
        (5, &mut after.paste_rows),
        (6, &mut after.paste_statements),
        (7, &mut after.paste_bytes),
    ] {
        if bit(raised, at) {
            *budget = budget.saturating_add(u64::from(first));
        }
    }
    assert!(!before.takes_away(&after), "{before:?} {after:?}");
    if judge(&facts, &before) == Verdict::Allow {
        assert_eq!(
            judge(&facts, &after),
            Verdict::Allow,
            "{before:?} {after:?} {facts:?}"
        );
    }
}

/// What the bit of a byte denies.
const DENIED_FUNCTIONS: [(u8, &str); 3] = [(0, "f"), (1, "pg_catalog.lo_import"), (2, "set_config")];
const DENIED_RELATIONS: [(u8, &str); 3] = [(3, "t"), (4, "public.t"), (5, "pg_catalog.pg_authid")];
const DENIED_STATEMENTS: [(u8, StatementKind); 2] = [(6, StatementKind::Select), (7, StatementKind::CopyTo)];

fn denied(names: &[(u8, &str)], bits: u8) -> Vec<DeniedName> {
    names
        .iter()
        .filter(|(at, _)| bits & (1 << at) != 0)
        .filter_map(|(_, name)| DeniedName::new(name).ok())
        .collect()
}

/// The facts, found without reading the text more often than its length allows.
fn analyse_by_effort(text: &[u8], reading: Reading) -> Facts {
    /// Each byte of code is read in two languages and two readings of strings, and by several readers of a statement each time.
    const READINGS_MAX: u64 = 12;
    let mut facts = None;
    let bytes = effort::of(|| facts = Some(analyse(text, reading)));
    let length = u64::try_from(text.len().saturating_mul(CODE_BYTES_FACTOR)).unwrap_or(u64::MAX);
    assert!(
        bytes <= READINGS_MAX.saturating_mul(length),
        "{bytes} bytes read of {length}"
    );
    facts.unwrap_or_default()
}

fn check_tokens(mut lexer: Lexer<'_>) {
    let mut end = 0;
    while let Some(Token {
        kind,
        start,
        end: next,
    }) = lexer.next_token()
    {
        assert_eq!(start, end, "a gap before {kind:?}");
        assert!(next > start, "an empty {kind:?}");
        end = next;
        if let TokenKind::Unterminated(_) = kind {
            assert_eq!(end, lexer.text().len(), "{kind:?} goes to the end");
        }
    }
    assert_eq!(end, lexer.text().len());
}

fn check_pieces(lexer: Lexer<'_>, language: Language) {
    let mut pieces = Pieces::new(lexer, language);
    let found: Vec<Piece> = pieces.by_ref().collect();
    let mut end = 0;
    for piece in &found {
        assert!(
            piece.range.start >= end && piece.range.end > piece.range.start,
            "{found:?}"
        );
        end = piece.range.end;
        // In PL/pgSQL a piece may end with the word that the next one's text would begin with.
        if language == Language::Sql && pieces.unreadable().is_none() {
            let alone = lexer.text().get(piece.range.clone()).unwrap_or_default();
            let lexer = Lexer::new(alone, lexer.standard_conforming_strings());
            let again: Vec<_> = Pieces::new(lexer, language).map(|piece| piece.range).collect();
            assert_eq!(again, vec![0..alone.len()], "{}", alone.escape_ascii());
        }
    }
    assert!(end <= lexer.text().len());
}

fn check_facts(text: &[u8], facts: &Facts) {
    let mut end = 0;
    for statement in &facts.statements {
        assert!(
            statement.range.start >= end && statement.range.end > statement.range.start,
            "{facts:?}"
        );
        end = statement.range.end;
        for demand in &statement.demands {
            assert!(
                demand.span.start >= statement.range.start && demand.span.end <= statement.range.end,
                "{facts:?}"
            );
            assert!(demand.excerpt.len() <= EXCERPT_BYTES_MAX, "{facts:?}");
        }
    }
    assert!(end <= text.len());
    for secret in &facts.secrets {
        assert!(
            text.get(secret.range()).is_some_and(|bytes| !bytes.is_empty()),
            "{facts:?}"
        );
    }
    if let Some(unreadable) = &facts.unreadable {
        assert!(unreadable.offset < text.len());
    }
}

/// What isn't SQL is one command, and begins with what no SQL begins with: a server that takes it for SQL runs nothing of it.
fn check_replication(text: &[u8], facts: &Facts, reading: Reading) {
    let sql = Reading {
        replication: false,
        ..reading
    };
    let sql = analyse(text, sql);
    if *facts != sql {
        let kinds: Vec<_> = facts.statements.iter().map(|statement| statement.kind).collect();
        assert!(
            matches!(kinds.as_slice(), [kind] if kind.is_replication()),
            "{facts:?}"
        );
        assert_eq!(
            sql.statements.first().map(|statement| statement.kind),
            Some(StatementKind::Unknown)
        );
    }
}

fn check_monotone(facts: &Facts) {
    let switches: [fn(&mut Settings); 9] = [
        |settings| settings.can_export_csv = true,
        |settings| settings.can_import_csv = true,
        |settings| settings.can_copy_to_clipboard = true,
        |settings| settings.can_paste_from_clipboard = true,
        |settings| settings.can_replicate = true,
        |settings| settings.can_run_server_programs = true,
        |settings| settings.can_change_credentials = true,
        |settings| settings.opaque_code = OpaqueCode::Scan,
        |settings| settings.opaque_code = OpaqueCode::Allow,
    ];
    // From nothing allowed to all, beginning with each switch in turn.
    for first in 0..switches.len() {
        let mut settings = Settings {
            opaque_code: OpaqueCode::Refuse,
            ..Settings::default()
        };
        let mut allowed = false;
        let mut opaque_code = OpaqueCode::Refuse;
        for switch in switches.iter().cycle().skip(first).take(switches.len()) {
            let before = settings.clone();
            switch(&mut settings);
            opaque_code = opaque_code.max(settings.opaque_code);
            settings.opaque_code = opaque_code;
            assert!(!before.takes_away(&settings), "{before:?} {settings:?}");
            let allows = judge(facts, &settings) == Verdict::Allow;
            assert!(!allowed || allows, "{facts:?} {settings:?}");
            allowed = allows;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Target = fn(&[u8]);

    /// What makes lexers stumble.
    const PIECES: &[&str] = &[
        "'",
        "''",
        "\"",
        "$",
        "$$",
        "$a$",
        "$\u{e9}$",
        ";",
        "/*",
        "*/",
        "--",
        "\n",
        "\r",
        "\t",
        "\u{b}",
        "\\",
        "\\'",
        "E'",
        "e'",
        "N'",
        "B'",
        "x'",
        "U&'",
        "u&\"",
        " UESCAPE '!'",
        "(",
        ")",
        "[",
        ".",
        "..",
        "::",
        ":=",
        "+",
        "-",
        "*",
        "/",
        "<",
        ">>",
        "@",
        "1",
        "1e",
        "0x",
        "$1",
        " ",
        "a",
        "\u{e9}",
        "copy",
        "COPY t TO STDOUT",
        "copy t from stdin",
        "to",
        "from",
        "program",
        "create",
        "or",
        "replace",
        "function",
        "procedure",
        "rule",
        "f",
        "begin",
        "atomic",
        "end",
        "case",
        "as",
        "do",
        "language",
        "sql",
        "plpgsql",
        "plperlu",
        "execute",
        "'execute q'",
        "then",
        "else",
        "loop",
        "alter",
        "role",
        "user",
        "mapping",
        "bob",
        "password",
        "set",
        "session",
        "authorization",
        "session_authorization",
        "set_config('",
        "pg_authid",
        "pg_settings",
        "update",
        "prepare",
        "deallocate",
        "all",
        "fetch",
        "declare",
        "cursor",
        "for",
        "with",
        "select",
        "explain",
        "load",
        "system",
        "extension",
        "START_REPLICATION",
        "BASE_BACKUP",
        "SHOW",
        "\u{b}",
        "standard_conforming_strings",
        "reset",
        "\u{0}",
        "{",
        "|",
    ];

    fn texts() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            8 => proptest::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
            3 => Just(b" ".to_vec()),
            1 => proptest::collection::vec(any::<u8>(), 1..4),
        ];
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_can_be_lexed(text in texts()) {
            fuzz_lexer(&text);
        }

        #[test]
        fn any_text_can_be_analysed(text in texts(), reading in 0_u8..8) {
            fuzz_analyser(&[[reading].as_slice(), &text].concat());
        }

        #[test]
        fn more_permission_never_refuses_more(text in texts(), settings in any::<[u8; 6]>()) {
            fuzz_judge(&[settings.as_slice(), &text].concat());
        }

        #[test]
        fn any_bytes_can_be_analysed(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            fuzz_lexer(&bytes);
            fuzz_analyser(&bytes);
        }
    }

    /// The seeds of the fuzz targets, and whatever they have found.
    #[test]
    fn corpus_replays() {
        let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
        let targets: [(&str, Target); 3] = [
            ("lexer", fuzz_lexer),
            ("analyser", fuzz_analyser),
            ("judge", fuzz_judge),
        ];
        let mut files = 0;
        for (target, run) in targets {
            for entry in std::fs::read_dir(corpus.join(target)).expect("a corpus for each target") {
                let path = entry.expect("a directory entry").path();
                run(&std::fs::read(&path).expect("a readable seed"));
                files += 1;
            }
        }
        assert!(files >= 20, "{files} seeds");
    }
}
