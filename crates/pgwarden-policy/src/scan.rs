//! Names, rows and inner statements of one statement, in one pass over its tokens.
//!
//! What a name is the name of is told by where it stands, and where that leaves a doubt it counts as more than one
//! thing: all relations and functions that the server finds in a statement are among those found here. Clauses are
//! followed by PostgreSQL's reserved words, which can't be names unless they are quoted, stand behind a dot, or are
//! labels behind AS; a label that is taken for a keyword only makes more names count.

mod keyword;
mod manner;

use std::cmp::Ordering;
use std::collections::HashSet;
use std::hash::{BuildHasher as _, BuildHasherDefault, RandomState};
use std::ops::Range;

use crate::cache::Hashed;
use crate::call;
use crate::catalog;
use crate::facts::{DemandKind, Opaque, ServerProgram};
use crate::kind::StatementKind;
use crate::lexer::{Token, TokenKind};
use crate::mention::{Mention, MentionRole};
use crate::split::{Language, Piece};
use crate::statement::{Found, Place};
use crate::ways;
use crate::words::{Cursor, Words};

use keyword::{Keyword, keyword_of};
pub(crate) use manner::Manner;

/// How many levels of parentheses are told apart. Within deeper ones every name may be a relation.
const LEVELS_MAX: usize = 64;

/// From how many names on they are looked up instead of compared one by one.
const FEW_NAMES: usize = 16;

/// Longest word that is not cut (`NAMEDATALEN` less one, scan.l's `truncate_identifier`).
const WORD_BYTES_MAX: usize = 63;

/// Where in its query a level of parentheses stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Clause {
    /// In expressions.
    Expression,
    /// A relation comes next, in a list of FROM or the like.
    Relations,
    /// In such a list, behind a relation: a comma brings the next.
    BehindRelation,
    /// A relation that is written comes next, and no list.
    Target,
    /// As that, in a list (`TRUNCATE a, b`).
    Targets,
    /// Behind one of that list.
    BehindTarget,
}

impl Clause {
    /// Where one stands behind an item, if one was to come.
    fn behind_item(self) -> Self {
        match self {
            Self::Relations => Self::BehindRelation,
            Self::Targets => Self::BehindTarget,
            Self::Target | Self::Expression => Self::Expression,
            Self::BehindRelation | Self::BehindTarget => self,
        }
    }
}

/// One level of parentheses.
#[derive(Clone, Copy, Debug)]
struct Level {
    clause: Clause,
    /// It is the arguments of a function, or would be, so that a FROM in it is part of an expression (`extract(year FROM d)`) …
    arguments: bool,
    /// … unless a statement begins in it.
    statement: bool,
    /// The statement is a DELETE or MERGE, whose USING brings relations.
    using: bool,
    /// A SELECT has begun in it, so that ON is a join's condition.
    selects: bool,
    /// In a list of VALUES: parentheses that open are a row.
    rows: bool,
}

const OUTERMOST: Level = Level {
    clause: Clause::Expression,
    arguments: false,
    statement: true,
    using: false,
    selects: false,
    rows: false,
};

/// A name as far as it has been read.
#[derive(Clone, Copy)]
struct Chain {
    /// The name before the last dot.
    schema: Option<Token>,
    /// The last name; none behind a dot.
    name: Option<Token>,
    /// It is a field of an expression: `(row(1)::t).name`.
    field: bool,
}

struct Scan<'a, 'f> {
    place: Place<'a>,
    manner: Manner,
    /// Where the statement begins.
    start: usize,
    found: &'f mut Found,
    /// It is a COPY.
    copies: bool,
    levels: [Level; LEVELS_MAX],
    depth: usize,
    chain: Option<Chain>,
    /// The word before the chain or the token that is read, if it was one; what it says is the keyword's.
    previous: Keyword,
    /// The word before that.
    before: Keyword,
    /// Levels were too many to be told apart: from there on every name may be a relation.
    deep: bool,
    /// The names so far, once they are many.
    seen: HashSet<u64, BuildHasherDefault<Hashed>>,
    /// Keys their hashes, so that nobody can make two names look like one.
    keys: RandomState,
}

/// Reads the names of a statement.
pub(crate) fn read(place: Place<'_>, piece: &Piece, manner: Manner, found: &mut Found) {
    if manner == Manner::Nothing {
        return;
    }
    let mut cursor = Cursor::new(place.lexer.from(piece.range.start), piece.range.end);
    let mut scan = Scan {
        place,
        manner,
        start: piece.range.start,
        found,
        copies: false,
        levels: [OUTERMOST; LEVELS_MAX],
        depth: 0,
        chain: None,
        previous: Keyword::No,
        before: Keyword::No,
        deep: false,
        seen: HashSet::default(),
        keys: RandomState::new(),
    };
    while let Some(token) = cursor.next() {
        if token.kind == TokenKind::UnicodeName {
            // UESCAPE and its literal are part of it.
            cursor.name(token);
        }
        scan.token(token, cursor);
    }
    scan.end_chain(TokenKind::Semicolon, cursor);
}

impl<'a> Scan<'a, '_> {
    fn level(&mut self) -> &mut Level {
        let last = LEVELS_MAX.saturating_sub(1);
        #[expect(clippy::indexing_slicing, reason = "the index is below the array's length")]
        &mut self.levels[self.depth.min(last)]
    }

    /// `behind` stands behind the token.
    fn token(&mut self, token: Token, behind: Cursor<'a>) {
        match (self.chain, token.kind) {
            (
                Some(Chain {
                    name: Some(name),
                    field,
                    ..
                }),
                TokenKind::Dot,
            ) => {
                self.chain = Some(Chain {
                    schema: Some(name),
                    name: None,
                    field,
                });
                return;
            }
            (Some(chain @ Chain { name: None, .. }), _) if token.is_name() => {
                self.chain = Some(Chain {
                    name: Some(token),
                    ..chain
                });
                return;
            }
            (Some(_), kind) => self.end_chain(kind, behind),
            (None, TokenKind::Dot) => {
                self.chain = Some(Chain {
                    schema: None,
                    name: None,
                    field: true,
                });
                return;
            }
            (None, _) => {}
        }
        match token.kind {
            TokenKind::Word => self.word(token, behind),
            TokenKind::QuotedName | TokenKind::UnicodeName => self.begin_chain(token),
            TokenKind::Open => self.open(),
            TokenKind::Close => {
                self.depth = self.depth.saturating_sub(1);
                self.note(Keyword::No);
            }
            TokenKind::Comma => {
                let level = self.level();
                level.clause = match level.clause {
                    Clause::Relations | Clause::BehindRelation => Clause::Relations,
                    Clause::Targets | Clause::BehindTarget => Clause::Targets,
                    Clause::Target | Clause::Expression => Clause::Expression,
                };
                self.note(Keyword::Comma);
            }
            TokenKind::String(_) => {
                let bytes = u64::try_from(token.end.saturating_sub(token.start)).unwrap_or(u64::MAX);
                self.found.literal_bytes = self.found.literal_bytes.saturating_add(bytes);
                self.other();
            }
            TokenKind::Space
            | TokenKind::Comment
            | TokenKind::Number
            | TokenKind::Parameter
            | TokenKind::Operator
            | TokenKind::Semicolon
            | TokenKind::Dot
            | TokenKind::Other
            | TokenKind::Unterminated(_) => {
                if token.kind == TokenKind::Semicolon {
                    *self.level() = OUTERMOST;
                }
                self.other();
            }
        }
    }

    fn other(&mut self) {
        self.level().rows = false;
        self.note(Keyword::No);
    }

    fn note(&mut self, keyword: Keyword) {
        self.before = self.previous;
        self.previous = keyword;
    }

    fn begin_chain(&mut self, token: Token) {
        self.level().rows = false;
        self.chain = Some(Chain {
            schema: None,
            name: Some(token),
            field: false,
        });
    }

    fn open(&mut self) {
        let behind_name = self.previous == Keyword::Other;
        let level = *self.level();
        if level.rows {
            self.found.values_rows = self.found.values_rows.saturating_add(1);
        }
        if level.clause == Clause::Relations && !behind_name {
            self.relation_item();
        }
        let inner = match level.clause {
            // `FROM (a JOIN b …)`, `ONLY (t)`.
            Clause::Relations if !behind_name => Clause::Relations,
            Clause::Targets | Clause::Target if self.previous == Keyword::Only => Clause::Targets,
            Clause::Expression
            | Clause::Relations
            | Clause::BehindRelation
            | Clause::Target
            | Clause::Targets
            | Clause::BehindTarget => Clause::Expression,
        };
        self.level().clause = level.clause.behind_item();
        self.depth = self.depth.saturating_add(1);
        self.deep |= self.depth >= LEVELS_MAX;
        if self.depth < LEVELS_MAX {
            *self.level() = Level {
                clause: inner,
                arguments: behind_name && !level.rows,
                statement: false,
                using: false,
                selects: false,
                rows: false,
            };
        }
        self.note(Keyword::No);
    }

    fn word(&mut self, token: Token, behind: Cursor<'a>) {
        let text = self.place.lexer.text();
        let word = text.get(token.start..token.end).unwrap_or_default();
        let keyword = keyword_of(word);
        let previous = self.previous;
        let before = self.before;
        if keyword == Keyword::Other || (keyword.may_be_name() && self.is_name_here(keyword, token, behind)) {
            // The first word of a statement says what it is; in PL/pgSQL it may be a variable.
            let leads = self.is_first(token)
                && self.place.language == Language::Sql
                && self.found.kind != StatementKind::Unknown;
            if leads || self.is_noise(word, behind) {
                self.note(Keyword::Reserved);
                return;
            }
            self.begin_chain(token);
            return;
        }
        self.note(keyword);
        let manner = self.manner;
        let plpgsql = self.place.language == Language::PlPgSql;
        let of_copy = self.copies && self.depth == 0;
        if let Some(kind) = inner_kind(keyword, previous, behind) {
            self.found.kinds.add(kind);
        } else if keyword == Keyword::Grant && manner == Manner::Definition {
            // An element of CREATE SCHEMA.
            self.found.kinds.add(StatementKind::Grant);
        }
        let level = self.level();
        level.rows = false;
        match keyword {
            Keyword::Select => {
                level.statement = true;
                level.selects = true;
                level.clause = Clause::Expression;
                level.using = false;
            }
            Keyword::Delete | Keyword::Merge => {
                level.statement = true;
                level.using = true;
            }
            Keyword::Insert => level.statement = true,
            Keyword::Values => {
                level.statement = true;
                level.rows = true;
            }
            Keyword::From => {
                // A label may be called distinct, also without AS.
                let compares = previous == Keyword::Distinct && matches!(before, Keyword::Is | Keyword::Not);
                let in_expression = compares || (level.arguments && !level.statement);
                // `COPY t FROM STDIN`
                let in_expression = in_expression || of_copy;
                if !in_expression {
                    // Nor is it sure that DELETE is no label, whose FROM brings a list.
                    level.clause = if previous == Keyword::Delete {
                        Clause::Targets
                    } else {
                        Clause::Relations
                    };
                }
            }
            Keyword::Using if level.using => level.clause = Clause::Relations,
            Keyword::Using | Keyword::On => {
                if level.clause == Clause::Relations {
                    level.clause = Clause::BehindRelation;
                }
                let names_target = match manner {
                    Manner::Privileges => true,
                    Manner::Definition | Manner::FunctionDefinition => {
                        !level.selects && previous != Keyword::Distinct && level.clause == Clause::Expression
                    }
                    Manner::Query | Manner::Nothing => false,
                };
                if names_target && keyword == Keyword::On {
                    level.clause = Clause::Targets;
                }
            }
            Keyword::Join => level.clause = Clause::Relations,
            Keyword::Into => {
                let writes = matches!(previous, Keyword::Insert | Keyword::Merge);
                if writes || !plpgsql {
                    level.clause = Clause::Target;
                }
                if !writes && !plpgsql {
                    self.found.selects_into = true;
                }
            }
            Keyword::Table => {
                level.statement = true;
                // `SELECT … INTO TABLE t`, `LOCK TABLE a, b`; else the query `TABLE t`.
                level.clause = match level.clause {
                    Clause::Target => Clause::Target,
                    Clause::Targets => Clause::Targets,
                    _ if manner == Manner::Query => Clause::Relations,
                    Clause::Expression
                    | Clause::Relations
                    | Clause::BehindRelation
                    | Clause::BehindTarget => Clause::Targets,
                };
            }
            Keyword::Update => {
                // `FOR [NO KEY] UPDATE`, and in definitions `ON UPDATE`.
                // With another name behind it, `DO UPDATE` is a rule's.
                let clause_of_another = matches!(previous, Keyword::For | Keyword::Key | Keyword::On);
                let begins = behind.peek().is_some_and(|next| {
                    if text.is(next, "set") {
                        return is_table_called_set(behind);
                    }
                    let word = text.get(next.start..next.end).unwrap_or_default();
                    let keyword = if next.kind == TokenKind::Word {
                        keyword_of(word)
                    } else {
                        Keyword::Other
                    };
                    let clause = ["of", "nowait", "skip"].iter().any(|word| text.is(next, word));
                    next.is_name() && !clause && (keyword.may_be_name() || keyword == Keyword::Only)
                });
                if !clause_of_another && begins {
                    level.statement = true;
                    level.clause = Clause::Target;
                    self.found.kinds.add(StatementKind::Update);
                }
            }
            Keyword::Copy => {
                level.clause = Clause::Target;
                self.copies = true;
            }
            Keyword::Lock | Keyword::Truncate => {
                if manner != Manner::Query {
                    level.clause = Clause::Targets;
                }
            }
            Keyword::EndsList => level.clause = Clause::Expression,
            // `WITHIN GROUP` goes on with an expression.
            Keyword::Group if previous != Keyword::Within => level.clause = Clause::Expression,
            Keyword::No
            | Keyword::Comma
            | Keyword::Other
            | Keyword::Distinct
            | Keyword::Do
            | Keyword::For
            | Keyword::Grant
            | Keyword::Group
            | Keyword::Is
            | Keyword::Key
            | Keyword::Not
            | Keyword::Only
            | Keyword::Then
            | Keyword::Within
            | Keyword::Reserved => {}
        }
    }

    /// Whether a word that could begin a clause is a name where it stands.
    fn is_name_here(&mut self, keyword: Keyword, token: Token, behind: Cursor<'a>) -> bool {
        let next = behind.peek().map(|token| token.kind);
        let expected = matches!(
            self.level().clause,
            Clause::Relations | Clause::Target | Clause::Targets
        );
        match next {
            Some(TokenKind::Dot) => true,
            Some(TokenKind::Open) => {
                keyword != Keyword::Values && !(keyword == Keyword::Copy && self.is_first(token))
            }
            _ if keyword == Keyword::Copy => !self.is_first(token),
            _ => expected,
        }
    }

    fn is_first(&self, token: Token) -> bool {
        token.start == self.start
    }

    /// Words that stand where a relation's name is expected and aren't one: `INTO TEMP t`, `ROWS FROM (…)`.
    fn is_noise(&self, word: &[u8], behind: Cursor<'a>) -> bool {
        let into = self.previous == Keyword::Into
            && ["temp", "temporary", "unlogged", "local", "global"]
                .iter()
                .any(|noise| word.eq_ignore_ascii_case(noise.as_bytes()))
            && behind.peek().is_some_and(Token::is_name);
        // `COPY BINARY t`: no relation has that name without quotes.
        let binary = self.previous == Keyword::Copy && word.eq_ignore_ascii_case(b"binary");
        into || binary || (word.eq_ignore_ascii_case(b"rows") && behind.is_next("from"))
    }

    /// A name is whole; `next` is what stands behind it.
    fn end_chain(&mut self, next: TokenKind, behind: Cursor<'a>) {
        let Some(Chain { schema, name, field }) = self.chain.take() else {
            return;
        };
        self.note(Keyword::Other);
        let Some(name) = name else { return };
        let call = next == TokenKind::Open;
        let deep = self.deep;
        let manner = self.manner;
        let clause = self.level().clause;
        if clause == Clause::Relations {
            self.relation_item();
        }
        self.level().clause = clause.behind_item();
        let reads = self.copies && self.depth == 0 && self.found.kind == StatementKind::CopyTo;
        let relation = match clause {
            Clause::Target if reads => Some(MentionRole::Read),
            Clause::Relations => Some(MentionRole::Read),
            Clause::Targets | Clause::Target => Some(MentionRole::Written),
            Clause::Expression | Clause::BehindRelation | Clause::BehindTarget => None,
        };
        let inserts = matches!(clause, Clause::Target | Clause::Targets) && manner == Manner::Query;
        // Words that no function can be called by without quotes (gram.y, `col_name_keyword`), though a relation may.
        let text = self.place.lexer.text();
        let expression = schema.is_none() && ["exists", "row"].iter().any(|word| text.is(name, word));
        let calls = call && manner != Manner::Privileges && !inserts && !expression;
        if calls || manner == Manner::FunctionDefinition {
            self.way(name, calls, behind);
        }
        if calls {
            self.mention(MentionRole::Function, schema, name, behind);
        }
        match relation {
            // `FROM f(x)`
            Some(MentionRole::Read) if call && !reads => {}
            Some(role) => self.mention(role, schema, name, behind),
            None if call && manner == Manner::Query => {}
            None => {
                let role = match manner {
                    Manner::FunctionDefinition => Some(MentionRole::ObjectOrFunction),
                    Manner::Definition | Manner::Privileges => Some(MentionRole::Object),
                    Manner::Query | Manner::Nothing if deep => Some(MentionRole::Read),
                    Manner::Query | Manner::Nothing if field || schema.is_some() => {
                        Some(MentionRole::Attribute)
                    }
                    Manner::Query | Manner::Nothing => None,
                };
                if let Some(role) = role {
                    self.mention(role, schema, name, behind);
                }
            }
        }
    }

    /// One more item in a list of relations: how many the outermost lists have tells whether a view can be written through.
    fn relation_item(&mut self) {
        let (depth, count) = self.found.outermost_relations;
        self.found.outermost_relations = match self.depth.cmp(&depth) {
            Ordering::Less => (self.depth, 1),
            Ordering::Equal => (depth, count.saturating_add(1)),
            Ordering::Greater => (depth, count),
        };
    }

    /// What a function on the list of ways needs. `behind` stands behind what follows the name.
    fn way(&mut self, name: Token, called: bool, behind: Cursor<'a>) {
        let word = self
            .place
            .lexer
            .text()
            .get(name.start..name.end)
            .unwrap_or_default();
        if name.kind == TokenKind::Word && !ways::may_be_way(word) {
            return;
        }
        if let Some(way) = ways::way(&self.value(name, behind)) {
            call::read(
                self.place,
                way,
                name.start..name.end,
                called.then_some(behind),
                self.found,
            );
        }
    }

    /// What a name stands for. `behind` stands anywhere behind it.
    fn value(&self, name: Token, behind: Cursor<'a>) -> Box<[u8]> {
        let mut cursor = Cursor::new(self.place.lexer.from(name.start), behind.end());
        cursor.next();
        cursor.name(name).into_boxed_slice()
    }

    /// What a relation of the catalogue needs.
    fn catalog(&mut self, role: MentionRole, schema: Option<&[u8]>, name: &[u8], span: &Range<usize>) {
        if !name.starts_with(b"pg_") {
            return;
        }
        let kind = self.found.kind;
        let changes = !kind.only_maintains() && self.manner != Manner::Privileges;
        let alters = kind == StatementKind::Alter && role.may_be_relation();
        let writes = changes && role == MentionRole::Written;
        let demand = if name == b"pg_settings" && (alters || writes) {
            // A rule of that view turns UPDATE into set_config.
            DemandKind::Opaque(Opaque::ComputedSetting)
        } else if name == b"pg_largeobject" && role == MentionRole::Written {
            DemandKind::WriteLargeObjects
        } else if name == b"pg_largeobject" && matches!(role, MentionRole::Read | MentionRole::Object) {
            DemandKind::ReadLargeObjects
        } else if (alters && catalog::is_of_code_or_identity(schema, name))
            || (writes && catalog::is_table(schema, name))
        {
            DemandKind::ServerProgram(ServerProgram::Catalog)
        } else {
            return;
        };
        self.found.demand(demand, span.clone());
    }

    /// Whether the name is among the many, as far as that can be told without unfolding and copying it: plain ASCII words that are
    /// not cut stand for themselves in lower case.
    fn is_seen(&self, role: MentionRole, schema: Option<Token>, name: Token) -> bool {
        if self.seen.is_empty() {
            return false;
        }
        let text = self.place.lexer.text();
        let (mut name_room, mut schema_room) = ([0; WORD_BYTES_MAX], [0; WORD_BYTES_MAX]);
        let Some(name) = plain_value(text, name, &mut name_room) else {
            return false;
        };
        let schema = match schema {
            None => None,
            Some(schema) => match plain_value(text, schema, &mut schema_room) {
                Some(schema) => Some(schema),
                None => return false,
            },
        };
        self.seen.contains(&self.keys.hash_one((role, name, schema)))
    }

    /// `behind` stands anywhere behind the name.
    fn mention(&mut self, role: MentionRole, schema: Option<Token>, name: Token, behind: Cursor<'a>) {
        let text = self.place.lexer.text();
        let known = self.found.mentions.len() <= FEW_NAMES
            && self.found.mentions.iter().any(|known| {
                known.role == role
                    && is_written(text, name, &known.name)
                    && match (schema, &known.schema) {
                        (None, None) => true,
                        (Some(token), Some(schema)) => is_written(text, token, schema),
                        _ => false,
                    }
            });
        if known {
            return;
        }
        if self.is_seen(role, schema, name) {
            return;
        }
        let schema_value = schema.map(|schema| self.value(schema, behind));
        let name_value = self.value(name, behind);
        let span = schema.unwrap_or(name).start..name.end;
        self.catalog(role, schema_value.as_deref(), &name_value, &span);
        if self.found.names_left_out {
            return;
        }
        if self.found.mentions.len() >= FEW_NAMES {
            let keys = &self.keys;
            if self.seen.is_empty() {
                let known = self.found.mentions.iter();
                self.seen
                    .extend(known.map(|known| keys.hash_one((known.role, &known.name, &known.schema))));
            }
            let key = keys.hash_one((role, &name_value, &schema_value));
            if !self.seen.insert(key) {
                return;
            }
        }
        self.found.mention(
            self.place,
            Mention {
                schema: schema_value,
                name: name_value,
                role,
                span,
                in_body: false,
            },
        );
    }
}

/// The kind of a statement, or of an action within one, that the word begins.
fn inner_kind(keyword: Keyword, previous: Keyword, behind: Cursor<'_>) -> Option<StatementKind> {
    let action = previous == Keyword::Then;
    // `SELECT delete FROM t` is of a column.
    let column = matches!(previous, Keyword::Select | Keyword::Distinct | Keyword::Comma);
    if keyword == Keyword::Insert && (action || behind.is_next("into")) {
        Some(StatementKind::Insert)
    } else if keyword == Keyword::Merge && behind.is_next("into") {
        Some(StatementKind::Merge)
    } else if keyword == Keyword::Delete && (action || (behind.is_next("from") && !column)) {
        Some(StatementKind::Delete)
    } else if keyword == Keyword::Update && (action || previous == Keyword::Do) {
        Some(StatementKind::Update)
    } else {
        None
    }
}

/// Whether `UPDATE set SET …`, of a table called set.
fn is_table_called_set(mut behind: Cursor<'_>) -> bool {
    behind.eat("set");
    behind.is_next("set")
}

/// The name that a word stands for, if that is the word in lower case.
fn plain_value<'r>(text: &[u8], token: Token, room: &'r mut [u8; WORD_BYTES_MAX]) -> Option<&'r [u8]> {
    if token.kind != TokenKind::Word {
        return None;
    }
    let word = text.get(token.start..token.end).filter(|word| word.is_ascii())?;
    let value = room.get_mut(..word.len())?;
    value.copy_from_slice(word);
    value.make_ascii_lowercase();
    Some(value)
}

/// Whether a token without quotes is written for this name. A quoted one is not said to be.
fn is_written(text: &[u8], token: Token, name: &[u8]) -> bool {
    token.kind == TokenKind::Word
        && text
            .get(token.start..token.end)
            .is_some_and(|word| word.eq_ignore_ascii_case(name))
}
