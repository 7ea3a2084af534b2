//! Settings of the server that a text may not change freely.

use std::ops::Range;

use crate::facts::{Credentials, DemandKind, Opaque, ServerProgram};
use crate::lexer::TokenKind;
use crate::words::{Cursor, Words};

/// Settings that name libraries, commands or start-up code. Some can be set in the server's configuration alone, so far.
const SERVER_PROGRAM_SETTINGS: &[&str] = &[
    "allow_system_table_mods",
    "archive_cleanup_command",
    "archive_command",
    "archive_library",
    "dynamic_library_path",
    "extension_control_path",
    "jit_provider",
    "local_preload_libraries",
    "oauth_validator_libraries",
    "plperl.on_init",
    "plperl.on_plperl_init",
    "plperl.on_plperlu_init",
    "plv8.start_proc",
    "pltcl.start_proc",
    "pltclu.start_proc",
    "recovery_end_command",
    "restore_command",
    "session_preload_libraries",
    "shared_preload_libraries",
    "ssl_passphrase_command",
];

/// What it takes to set this setting of the server. `depth` is how many literals are around the words that set it.
pub(crate) fn demand_of(name: &[u8], depth: usize) -> Option<DemandKind> {
    // Code that changes how its own literals, and those of what it calls, are read from there on can't be read in advance.
    if depth > 0 && name.eq_ignore_ascii_case(b"standard_conforming_strings") {
        return Some(DemandKind::Opaque(Opaque::ChangesReading));
    }
    // Names of settings are compared without regard to case (guc_name_compare), even where they were quoted.
    if name.eq_ignore_ascii_case(b"session_authorization") {
        return Some(DemandKind::Credentials(Credentials::SessionAuthorization));
    }
    SERVER_PROGRAM_SETTINGS
        .iter()
        .any(|setting| name.eq_ignore_ascii_case(setting.as_bytes()))
        .then_some(DemandKind::ServerProgram(ServerProgram::Setting))
}

/// Reads what stands behind the word SET. Going back to the default asks for nothing.
pub(crate) fn read(mut cursor: Cursor<'_>, depth: usize) -> Option<DemandKind> {
    let authorization = |cursor: &mut Cursor<'_>| cursor.eat_all(&["session", "authorization"]);
    let demand = if authorization(&mut cursor) {
        Some(DemandKind::Credentials(Credentials::SessionAuthorization))
    } else {
        if !cursor.eat("local") {
            cursor.eat("session");
        }
        if authorization(&mut cursor) {
            Some(DemandKind::Credentials(Credentials::SessionAuthorization))
        } else {
            let demand = demand_of(&eat_setting(&mut cursor)?, depth)?;
            // TO or =
            cursor.next();
            Some(demand)
        }
    };
    demand.filter(|demand| matches!(demand, DemandKind::Opaque(_)) || !cursor.is_next("default"))
}

/// The name of a setting, dots and all.
fn eat_setting(cursor: &mut Cursor<'_>) -> Option<Vec<u8>> {
    let mut name = cursor.eat_name()?;
    while cursor.is_next_kind(TokenKind::Dot) {
        cursor.next();
        name.push(b'.');
        name.extend(cursor.eat_name()?);
    }
    Some(name)
}

/// A setting, and what it is set to.
pub(crate) struct Target {
    /// In lower case, as all spellings are one.
    pub(crate) name: Vec<u8>,
    /// If it is one name, literal or number and nothing else.
    pub(crate) value: Option<Vec<u8>>,
    /// The bytes of the text that name it.
    pub(crate) span: Range<usize>,
}

/// What the words behind SET set, if that is a setting.
pub(crate) fn target(mut cursor: Cursor<'_>) -> Option<Target> {
    let text = cursor.text();
    let start = cursor.peek()?.start;
    if cursor.eat_all(&["session", "authorization"]) {
        let span = start..cursor.position();
        return Some(Target {
            name: b"session_authorization".to_vec(),
            value: single(cursor),
            span,
        });
    }
    if cursor.is_next("transaction") || { cursor }.eat_all(&["session", "characteristics"]) {
        return None;
    }
    if !cursor.eat("local") {
        cursor.eat("session");
    }
    let start = cursor.peek()?.start;
    let mut name = eat_setting(&mut cursor)?;
    name.make_ascii_lowercase();
    let span = start..cursor.position();
    let assigns = cursor.eat("to")
        || cursor
            .peek()
            .is_some_and(|token| text.get(token.start..token.end) == Some(b"="))
            && cursor.next().is_some();
    // `SET ROLE r` does without.
    if !assigns && name != b"role" {
        // `SET CONSTRAINTS`, `SET NAMES`, `SET TIME ZONE`, and SET of other statements (`ALTER TABLE … SET SCHEMA`).
        return None;
    }
    Some(Target {
        name,
        value: single(cursor),
        span,
    })
}

/// The rest, if that is one name, literal or number.
fn single(mut cursor: Cursor<'_>) -> Option<Vec<u8>> {
    let token = cursor.next()?;
    let value = if token.is_name() {
        cursor.name(token)
    } else if token.is_string_constant() {
        cursor.string(token)
    } else if token.kind == TokenKind::Number {
        cursor.text().get(token.start..token.end)?.to_vec()
    } else {
        return None;
    };
    cursor.peek().is_none().then_some(value)
}

/// Whether setting this lets transactions write that are read-only by default.
pub(crate) fn allows_writing(target: &Target) -> bool {
    is_read_only_setting(&target.name) && !target.value.as_deref().is_some_and(is_on_or_default)
}

/// Whether a startup parameter does that.
pub(crate) fn parameter_allows_writing(name: &[u8], value: &[u8]) -> bool {
    is_read_only_setting(&name.to_ascii_lowercase()) && !is_on_or_default(value)
}

fn is_read_only_setting(name: &[u8]) -> bool {
    name == b"default_transaction_read_only" || name == b"transaction_read_only"
}

/// As `parse_bool` (utils/adt/bool.c) for on, in its full words. The default is what pgwarden has asked for at the login.
fn is_on_or_default(value: &[u8]) -> bool {
    [&b"on"[..], b"true", b"yes", b"1", b"default"]
        .iter()
        .any(|on| value.eq_ignore_ascii_case(on))
}

/// Reads what stands behind the word RESET, which asks for nothing but where it changes how code is read.
pub(crate) fn read_reset(mut cursor: Cursor<'_>, depth: usize) -> Option<DemandKind> {
    let name = cursor.eat_name()?;
    let all = name == b"all" && depth > 0;
    let demand = if all {
        Some(DemandKind::Opaque(Opaque::ChangesReading))
    } else {
        demand_of(&name, depth)
    };
    demand.filter(|demand| matches!(demand, DemandKind::Opaque(_)))
}

/// What a call of `set_config` needs.
#[derive(Default)]
pub(crate) struct SetConfig {
    pub(crate) demand: Option<DemandKind>,
    /// Whether it lets transactions write that are read-only by default.
    pub(crate) allows_writing: bool,
}

/// Reads what stands behind the name `set_config`, if that is a call.
pub(crate) fn read_set_config(mut cursor: Cursor<'_>, depth: usize) -> SetConfig {
    if !cursor.is_next_kind(TokenKind::Open) {
        return SetConfig::default();
    }
    cursor.next();
    let computed = SetConfig {
        demand: Some(DemandKind::Opaque(Opaque::ComputedSetting)),
        allows_writing: false,
    };
    let Some(name) = literal(&mut cursor) else {
        let by_view = { cursor }.eat("name").then(|| {
            cursor.next();
            named_by_view(cursor)
        });
        return by_view.flatten().map_or(computed, |name| SetConfig {
            demand: demand_of(&name, depth),
            // The view keeps each setting's own value, or sets it to whatever.
            allows_writing: is_read_only_setting(&name.to_ascii_lowercase()),
        });
    };
    if !cursor.is_next_kind(TokenKind::Comma) {
        return computed;
    }
    cursor.next();
    let value = literal(&mut cursor).filter(|_| cursor.is_next_kind(TokenKind::Comma));
    SetConfig {
        demand: demand_of(&name, depth),
        allows_writing: is_read_only_setting(&name.to_ascii_lowercase())
            && !value.as_deref().is_some_and(is_on_or_default),
    }
}

/// A string constant, if it is all of an argument. A cast to a string type changes nothing.
fn literal(cursor: &mut Cursor<'_>) -> Option<Vec<u8>> {
    let text = cursor.text();
    let mut ahead = *cursor;
    let token = ahead.next().filter(|token| token.is_string_constant())?;
    let value = ahead.string(token);
    while ahead
        .peek()
        .is_some_and(|token| text.get(token.start..token.end) == Some(b"::"))
    {
        ahead.next();
        let cast = ahead.next()?;
        if !["text", "varchar", "name"].iter().any(|word| text.is(cast, word)) {
            return None;
        }
    }
    *cursor = ahead;
    Some(value)
}

/// The setting that `set_config(name, …) FROM pg_settings WHERE name = '…'` sets, as `pg_dump` writes it for settings
/// that older servers lack. `cursor` stands behind the argument.
fn named_by_view(mut cursor: Cursor<'_>) -> Option<Vec<u8>> {
    /// Most tokens of the other arguments: a comma, a literal, a comma, a word. No more are looked at, or a text full of such
    /// calls would be read to its end for each of them.
    const TOKENS_MAX: usize = 10;
    let mut depth = 1_usize;
    let mut tokens = 0_usize;
    while depth > 0 {
        tokens = tokens.saturating_add(1);
        if tokens > TOKENS_MAX {
            return None;
        }
        depth = cursor.next()?.nest(depth);
    }
    if !cursor.eat("from") {
        return None;
    }
    if cursor.eat("pg_catalog") && cursor.next()?.kind != TokenKind::Dot {
        return None;
    }
    if !cursor.eat_all(&["pg_settings", "where", "name"]) {
        return None;
    }
    let equals = cursor.next()?;
    let token = cursor.next().filter(|token| token.is_string_constant())?;
    let name = cursor.string(token);
    // Anything behind it might name others.
    (cursor.text().get(equals.start..equals.end) == Some(b"=") && cursor.peek().is_none()).then_some(name)
}
