//! Calls of functions on the list of ways, and what their arguments say.

use std::ops::Range;

use crate::code;
use crate::facts::{DemandKind, Opaque, ServerProgram};
use crate::lexer::{Lexer, Token, TokenKind};
use crate::mention::{Mention, MentionRole};
use crate::statement::{Found, Place};
use crate::ways::{Medium, Sql, Way, WayClass};
use crate::words::{Cursor, Words};

/// More arguments than any of these functions takes.
const ARGUMENTS_MAX: usize = 32;

/// Reads a function's name at `span`. `arguments` stands behind the parenthesis of a call.
pub(crate) fn read(
    place: Place<'_>,
    way: &'static Way,
    span: Range<usize>,
    arguments: Option<Cursor<'_>>,
    found: &mut Found,
) {
    match way.class {
        WayClass::Out(_)
        | WayClass::In(_)
        | WayClass::OutAndIn(_)
        | WayClass::OutOrIn(_)
        | WayClass::OutAndProgram(_)
        | WayClass::InAndProgram(_)
        | WayClass::Program(_) => found.demand(DemandKind::Way(way), span.clone()),
        // What set_config sets is read where all names that matter are.
        WayClass::DynamicSql | WayClass::Setting | WayClass::Harmless(_) => {}
    }
    let relations = Relations::of(way);
    if relations == Relations::All {
        found.names_left_out = true;
    }
    if way.sql == Sql::None && way.library_at().is_none() && relations != Relations::Named {
        return;
    }
    let Some(cursor) = arguments else {
        found.names_left_out |= relations == Relations::Named;
        if way.sql == Sql::None {
            return;
        }
        // Under another name, or as an operator, it would run what can't be seen here.
        found.demand(DemandKind::Opaque(Opaque::DynamicSql), span);
        return;
    };
    let Some(arguments) = read_arguments(place, cursor) else {
        found.demand(DemandKind::Opaque(Opaque::TooDeep), span);
        return;
    };
    let count = arguments.len();
    for (index, argument) in arguments.into_iter().enumerate() {
        let number = index.saturating_add(1);
        if relations == Relations::Named {
            match &argument.value {
                Value::Literal(span, value) => mention(place, value, span, found),
                // A relation's OID; the other arguments are switches.
                Value::NoText => found.names_left_out |= index == 0,
                Value::Computed => found.names_left_out = true,
            }
        }
        if way.library_at() == Some(number) || (way.library_at().is_some() && argument.named) {
            let is_path = match &argument.value {
                Value::Literal(_, value) => memchr::memchr(b'/', value).is_some(),
                Value::NoText => false,
                Value::Computed => true,
            };
            if is_path {
                found.demand(
                    DemandKind::ServerProgram(ServerProgram::OutputPlugin),
                    span.clone(),
                );
            }
        }
        if way.sql.is_at(number, count) || (way.sql != Sql::None && argument.named) {
            match argument.value {
                Value::Literal(span, value) => code::read_text(place, span, value, found),
                Value::NoText => {}
                Value::Computed => found.demand(DemandKind::Opaque(Opaque::DynamicSql), span.clone()),
            }
        }
    }
}

/// Which relations a function reads besides those in its SQL.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relations {
    None,
    /// Those that its literals name.
    Named,
    /// All of a schema or database.
    All,
}

impl Relations {
    fn of(way: &Way) -> Self {
        match way.class {
            WayClass::Out(Medium::Xml) if way.name.starts_with("table_") => Self::Named,
            WayClass::Out(Medium::Xml)
                if way.name.starts_with("schema_") || way.name.starts_with("database_") =>
            {
                Self::All
            }
            WayClass::Out(Medium::Pages) => Self::Named,
            WayClass::Out(_)
            | WayClass::In(_)
            | WayClass::OutAndIn(_)
            | WayClass::OutOrIn(_)
            | WayClass::OutAndProgram(_)
            | WayClass::InAndProgram(_)
            | WayClass::Program(_)
            | WayClass::DynamicSql
            | WayClass::Setting
            | WayClass::Harmless(_) => Self::None,
        }
    }
}

/// The relation that a literal names, as `regclass` reads it. What isn't a name may be an OID.
fn mention(place: Place<'_>, literal: &[u8], span: &Range<usize>, found: &mut Found) {
    let mut cursor = Cursor::new(Lexer::new(literal, true), literal.len());
    let mut parts = Vec::new();
    while let Some(name) = cursor.eat_name() {
        parts.push(name);
        if !cursor.is_next_kind(TokenKind::Dot) {
            break;
        }
        cursor.next();
    }
    match (parts.pop(), cursor.peek()) {
        (Some(name), None) => found.mention(
            place,
            Mention {
                schema: parts.pop().map(Vec::into_boxed_slice),
                name: name.into_boxed_slice(),
                role: MentionRole::Read,
                span: span.clone(),
                in_body: false,
            },
        ),
        // Nothing but a number, a fork's name or the like.
        (None, None) => {}
        _ => found.names_left_out = true,
    }
}

struct Argument {
    /// `name => value`
    named: bool,
    value: Value,
}

enum Value {
    /// A single literal, where it stands and what it says.
    Literal(Range<usize>, Vec<u8>),
    /// A number, true, false or null.
    NoText,
    /// Anything else.
    Computed,
}

/// The arguments up to the closing parenthesis; none where they are too many, or too much has been read again already.
fn read_arguments(place: Place<'_>, mut cursor: Cursor<'_>) -> Option<Vec<Argument>> {
    let mut arguments = Vec::new();
    let start = cursor.position();
    if place.code_bytes.get() == 0 {
        return None;
    }
    loop {
        let (argument, goes_on) = read_argument(&mut cursor);
        arguments.extend(argument);
        // Calls within calls are read once for each call around them.
        let length = cursor.position().saturating_sub(start);
        if !goes_on {
            let left = place.code_bytes.get().checked_sub(length);
            // Where it was too much, so is every call that follows.
            place.code_bytes.set(left.unwrap_or(0));
            return left.map(|_| arguments);
        }
        if arguments.len() > ARGUMENTS_MAX || length > place.code_bytes.get() {
            place.code_bytes.set(0);
            return None;
        }
    }
}

/// One argument, and whether another follows.
fn read_argument(cursor: &mut Cursor<'_>) -> (Option<Argument>, bool) {
    let text = cursor.text();
    let is = |token: Token, operator: &[u8]| text.get(token.start..token.end) == Some(operator);
    let mut ahead = *cursor;
    let named = ahead.next().is_some_and(Token::is_name)
        && ahead
            .next()
            .is_some_and(|token| is(token, b"=>") || is(token, b":="));
    if named {
        *cursor = ahead;
    }
    cursor.eat("variadic");
    let mut value = None;
    let mut depth = 0_usize;
    while let Some(token) = cursor.next() {
        if depth == 0 && matches!(token.kind, TokenKind::Comma | TokenKind::Close) {
            let argument = value.map(|value| Argument { named, value });
            return (argument, token.kind == TokenKind::Comma);
        }
        depth = token.nest(depth);
        value = Some(if value.is_some() {
            Value::Computed
        } else if token.is_string_constant() {
            let code = cursor.string(token);
            let span = token.start..cursor.position();
            // A cast to a string type changes nothing.
            let mut ahead = *cursor;
            if ahead.next().is_some_and(|token| is(token, b"::"))
                && ["text", "varchar", "name"].iter().any(|word| ahead.eat(word))
            {
                *cursor = ahead;
            }
            Value::Literal(span, code)
        } else if token.kind == TokenKind::Number
            || ["true", "false", "null"].iter().any(|word| text.is(token, word))
        {
            Value::NoText
        } else {
            Value::Computed
        });
    }
    (value.map(|value| Argument { named, value }), false)
}
