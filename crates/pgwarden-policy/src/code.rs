//! Code in literals: DO, the bodies of functions, and EXECUTE within them.

use std::ops::Range;

use crate::excerpt::{MASK, excerpt};
use crate::facts::{Code, Credentials, DemandKind, Encoding, Opaque, SecretLiteral, ServerProgram, Write};
use crate::kind::StatementKind;
use crate::lexer::{Lexer, Token, TokenKind};
use crate::mention::Mention;
use crate::password;
use crate::set;
use crate::split::{Language, Piece, Pieces};
use crate::statement::{self, Found, FoundDemand, Place};
use crate::words::{Cursor, Words};
use crate::{CODE_DEPTH_MAX, SECRETS_MAX};

/// Up to how many names those of a body are compared with.
const FEW_NAMES: usize = 64;

/// Languages whose code can do on the server whatever the server can. Besides them, all whose names end in `u` behind
/// `pl`: that is how PostgreSQL names the untrusted variants.
const UNTRUSTED_LANGUAGES: &[&str] = &["c", "internal", "javau", "plr", "plsh"];

pub(crate) fn is_untrusted_language(name: &[u8]) -> bool {
    UNTRUSTED_LANGUAGES
        .iter()
        .any(|language| name == language.as_bytes())
        || (name.starts_with(b"pl") && name.ends_with(b"u"))
}

/// Whether an extension makes such a language, or asks for one (`jsonb_plperlu` and the like, with CASCADE).
pub(crate) fn brings_untrusted_language(extension: &[u8]) -> bool {
    extension
        .split(|&byte| byte == b'_')
        .any(|part| is_untrusted_language(part) && part != b"c" && part != b"internal")
}

/// The languages that a statement names. It should be one; where it is more, the server refuses the statement and all count.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Languages {
    sql: bool,
    plpgsql: bool,
    untrusted: bool,
    /// Any that is none of these.
    other: bool,
}

impl Languages {
    fn add(&mut self, name: &[u8]) {
        match name {
            b"sql" => self.sql = true,
            b"plpgsql" => self.plpgsql = true,
            name if is_untrusted_language(name) => self.untrusted = true,
            _ => self.other = true,
        }
    }
}

/// A literal that holds code.
struct Literal {
    span: Range<usize>,
    code: Vec<u8>,
    /// Whether it may build SQL that sets a password, so that no words of it may be shown.
    builds_password: bool,
}

impl Literal {
    fn new(span: Range<usize>, code: Vec<u8>) -> Self {
        let builds_password = password::may_be_built(&code);
        Self {
            span,
            code,
            builds_password,
        }
    }

    /// Makes it a secret if it may hold one: what can't be read may do so as well as what can.
    fn hide(&self, found: &mut Found) {
        if self.builds_password {
            let (span, code) = (self.span.clone(), self.code.clone());
            found.secrets.push(SecretLiteral::new(span, code.clone(), code));
        }
    }
}

/// Reads what stands behind the word DO.
pub(crate) fn read_do(place: Place<'_>, mut cursor: Cursor<'_>, range: &Range<usize>, found: &mut Found) {
    let text = cursor.text();
    let mut languages = Languages::default();
    let mut bodies = Vec::new();
    while let Some(token) = cursor.next() {
        if text.is(token, "language") {
            languages.add(&cursor.eat_name_or_string().unwrap_or_default());
        } else if token.is_string_constant() {
            let code = cursor.string(token);
            bodies.push(Literal::new(token.start..cursor.position(), code));
        }
    }
    // The word DO alone is nothing; in PL/pgSQL it may even be a name.
    if bodies.is_empty() {
        return;
    }
    found.demand(DemandKind::Code(Code::Do), range.clone());
    if languages == Languages::default() {
        languages.plpgsql = true;
    }
    read_bodies(place, languages, &bodies, range, found);
}

/// Reads what stands behind CREATE FUNCTION or PROCEDURE.
pub(crate) fn read_routine(
    place: Place<'_>,
    code: Code,
    mut cursor: Cursor<'_>,
    piece: &Piece,
    found: &mut Found,
) {
    let text = cursor.text();
    let range = &piece.range;
    found.demand(DemandKind::Code(code), range.clone());
    // The name may be spelled like a clause.
    cursor.eat_name();
    let mut languages = Languages::default();
    let mut bodies = Vec::new();
    loop {
        if cursor.eat_parentheses() {
            continue;
        }
        let Some(token) = cursor.next() else { break };
        if piece.atomic.is_some_and(|atomic| token.start >= atomic) {
            read_atomic_body(place, token.start..range.end, found);
            break;
        }
        if text.is(token, "language") {
            languages.add(&cursor.eat_name_or_string().unwrap_or_default());
        } else if text.is(token, "set") {
            // It holds for the body as a whole, which is read both ways.
            if let Some(demand) = set::read(cursor, 0) {
                found.demand(demand, range.clone());
            }
        } else if text.is(token, "as") {
            // A library and a symbol, with languages that have those.
            while let Some(token) = cursor.peek().filter(|token| token.is_string_constant()) {
                cursor.next();
                let code = cursor.string(token);
                bodies.push(Literal::new(token.start..cursor.position(), code));
                if cursor.is_next_kind(TokenKind::Comma) {
                    cursor.next();
                }
            }
        }
    }
    if languages == Languages::default() {
        // An error to the server, unless the body is no literal.
        languages = Languages {
            sql: true,
            plpgsql: true,
            ..languages
        };
    }
    read_bodies(place, languages, &bodies, range, found);
}

/// Statements of `BEGIN ATOMIC`. The server takes no utility statements there; what looks like one counts all the same.
fn read_atomic_body(place: Place<'_>, range: Range<usize>, found: &mut Found) {
    let mut cursor = Cursor::new(place.lexer.from(range.start), range.end);
    let text = cursor.text();
    let mut at_start = true;
    // Where a COPY begins, and what stands behind the word.
    let mut copy = None;
    loop {
        let token = cursor.next();
        let ends = token.is_none_or(|token| token.kind == TokenKind::Semicolon);
        if ends && let Some((start, behind)) = copy.take() {
            // It is looked at no further than it goes, or many of them would each be read to the end of the body.
            let end = token.map_or(range.end, |token| token.start);
            for demand in crate::copy::read(Cursor::new(place.lexer.from(behind), end))
                .demands()
                .0
            {
                found.demand(demand, start..end);
            }
        }
        let Some(token) = token else { return };
        if at_start && text.is(token, "copy") {
            copy = Some((token.start, token.end));
        }
        at_start = ends;
    }
}

fn read_bodies(
    place: Place<'_>,
    languages: Languages,
    bodies: &[Literal],
    range: &Range<usize>,
    found: &mut Found,
) {
    let Languages {
        sql,
        plpgsql,
        untrusted,
        other,
    } = languages;
    for body in bodies {
        if sql {
            read_code(place, Language::Sql, body, found);
        }
        if plpgsql {
            read_code(place, Language::PlPgSql, body, found);
        }
    }
    if untrusted {
        found.demand(
            DemandKind::ServerProgram(ServerProgram::UntrustedLanguage),
            range.clone(),
        );
    }
    if other {
        found.demand(DemandKind::Opaque(Opaque::Language), range.clone());
    }
    for body in bodies {
        body.hide(found);
    }
}

/// Reads a literal that a function runs as SQL.
pub(crate) fn read_text(place: Place<'_>, span: Range<usize>, code: Vec<u8>, found: &mut Found) {
    let literal = Literal::new(span, code);
    read_code(place, Language::Sql, &literal, found);
    literal.hide(found);
}

/// Reads code that a literal of this text holds.
fn read_code(place: Place<'_>, language: Language, literal: &Literal, found: &mut Found) {
    let mut readable = false;
    let mut backslash_matters = true;
    // Where backslashes matter, both ways count: it may be run later, when standard_conforming_strings is not what it is now.
    // In one order, so that what is found doesn't hang on how the text around it is read.
    for standard_conforming_strings in [true, false] {
        if !backslash_matters {
            break;
        }
        let Some(inner) = read_code_as(place, language, literal, standard_conforming_strings) else {
            found.add(opaque(Opaque::TooDeep, literal));
            return;
        };
        backslash_matters = inner.backslash_matters;
        found.encoding_matters |= inner.found.encoding_matters;
        // What can't be read to its end in one way, the server refuses as a whole when it reads it in that way.
        if inner.open {
            found.secrets.extend(inner.found.secrets);
        } else {
            readable = true;
            found.take_over(inner.found);
        }
        if inner.ambiguous {
            found.add(opaque(Opaque::UnreadableBody, literal));
        }
    }
    if !readable {
        found.add(opaque(Opaque::UnreadableBody, literal));
    }
}

/// What was read in code, as found in the statement that holds its literal.
struct InCode {
    found: Found,
    /// Whether it has an open literal, comment or quoted identifier.
    open: bool,
    /// Whether the client's encoding leaves more than one way to read it.
    ambiguous: bool,
    /// Whether there is another way to read it.
    backslash_matters: bool,
}

/// Reads the code in one way, unless that is too much.
fn read_code_as(
    place: Place<'_>,
    language: Language,
    literal: &Literal,
    standard_conforming_strings: bool,
) -> Option<InCode> {
    let left = place.code_bytes.get().checked_sub(literal.code.len())?;
    place.code_bytes.set(left);
    let depth = place
        .depth
        .checked_add(1)
        .filter(|&depth| depth <= CODE_DEPTH_MAX)?;
    let lexer = Lexer::new(&literal.code, standard_conforming_strings);
    let inner = Place {
        lexer,
        depth,
        language,
        ..place
    };
    let mut found = Found::new(StatementKind::Unknown);
    let mut pieces = Pieces::new(lexer, language);
    for piece in pieces.by_ref() {
        let statement = statement::read(inner, &piece);
        lift(&literal.code, &piece, statement, literal, &mut found);
    }
    let encoding_matters = pieces.lexer().encoding_matters();
    found.encoding_matters |= encoding_matters;
    Some(InCode {
        found,
        open: pieces.unreadable().is_some(),
        ambiguous: encoding_matters && place.reading.encoding != Encoding::ServerSafe,
        backslash_matters: pieces.lexer().backslash_matters(),
    })
}

/// Makes what a statement in a literal does something that the statement with the literal does.
fn lift(code: &[u8], piece: &Piece, inner: Found, literal: &Literal, found: &mut Found) {
    let Found {
        kind: _,
        demands,
        copy: _,
        effect: _,
        secrets,
        encoding_matters,
        copy_facts: _,
        mentions,
        names_left_out,
        kinds,
        writes,
        selects_into: _,
        outermost_relations: _,
        values_rows,
        literal_bytes: _,
    } = inner;
    found.names_left_out |= names_left_out;
    found.kinds.add_all(kinds);
    found.values_rows = found.values_rows.saturating_add(values_rows);
    if let Some(write) = writes {
        found.writes.get_or_insert(Write {
            span: literal.span.clone(),
            in_body: true,
            ..write
        });
    }
    for mention in mentions {
        // Those of one statement are told apart already; of many statements a name may be kept more than once.
        let known = found.mentions.len() < FEW_NAMES
            && found.mentions.iter().any(|known| {
                known.in_body
                    && (known.role, &known.schema, &known.name)
                        == (mention.role, &mention.schema, &mention.name)
            });
        if !known {
            found.mentions.push(Mention {
                span: literal.span.clone(),
                in_body: true,
                ..mention
            });
        }
    }
    for demand in demands {
        if found.demands.iter().any(|known| known.kind == demand.kind) {
            continue;
        }
        let words =
            if literal.builds_password && demand.kind != DemandKind::Credentials(Credentials::Password) {
                MASK.to_owned()
            } else if let Some(words) = demand.excerpt_in_body {
                words
            } else {
                excerpt(code, &piece.range, &demand.span, &secrets)
            };
        found.add(FoundDemand {
            kind: demand.kind,
            span: literal.span.clone(),
            excerpt_in_body: Some(words),
        });
    }
    // So many make the text one that can't be read, whatever comes behind them.
    let room = SECRETS_MAX.saturating_sub(found.secrets.len());
    for secret in secrets.into_iter().take(room) {
        // The whole literal is masked; what errors and notices will quote is the secret as it stands within.
        found.secrets.push(secret.within(literal.span.clone()));
    }
    found.encoding_matters |= encoding_matters;
}

fn opaque(why: Opaque, literal: &Literal) -> FoundDemand {
    let all = 0..literal.code.len();
    let words = if literal.builds_password {
        MASK.to_owned()
    } else {
        excerpt(&literal.code, &all, &all, &[])
    };
    FoundDemand {
        kind: DemandKind::Opaque(why),
        span: literal.span.clone(),
        excerpt_in_body: Some(words),
    }
}

/// EXECUTE within code. Of a single literal it is read on; of anything else, a prepared statement's name included,
/// what will run is known only then.
pub(crate) fn read_executes(place: Place<'_>, mut cursor: Cursor<'_>, found: &mut Found) {
    let text = cursor.text();
    let creates = cursor.is_next("create");
    let mut previous = None;
    while let Some(token) = cursor.next() {
        let named = previous
            .replace(token)
            .is_some_and(|token: Token| token.kind == TokenKind::Dot);
        if named || !text.is(token, "execute") {
            continue;
        }
        // GRANT EXECUTE ON; CREATE TRIGGER … EXECUTE FUNCTION.
        if cursor.is_next("on") || (creates && (cursor.is_next("function") || cursor.is_next("procedure"))) {
            continue;
        }
        let start = token.start;
        if let Some(token) = cursor.peek().filter(|token| token.is_string_constant()) {
            cursor.next();
            let code = cursor.string(token);
            let literal = Literal::new(token.start..cursor.position(), code);
            if ["into", "using", "loop"].iter().any(|word| cursor.is_next(word)) || cursor.peek().is_none() {
                read_code(place, Language::Sql, &literal, found);
                continue;
            }
        }
        found.demand(DemandKind::Opaque(Opaque::DynamicSql), start..cursor.end());
    }
}
