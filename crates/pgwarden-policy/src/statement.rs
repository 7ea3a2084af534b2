//! What one statement does, by its tokens.

use std::cell::Cell;
use std::ops::Range;

use crate::catalog;
use crate::code;
use crate::copy;
use crate::facts::{
    Code, CopyDirection, CopyEnd, CopyFacts, Credentials, DemandKind, NameEffect, Reading, SecretLiteral,
    ServerProgram, Write,
};
use crate::kind::{KindSet, StatementKind};
use crate::lexer::{Lexer, Token, TokenKind};
use crate::limits;
use crate::mention::{Mention, MentionRole};
use crate::password;
use crate::scan::{self, Manner};
use crate::set;
use crate::split::{Language, Piece};
use crate::ways;
use crate::words::{Cursor, Words};

/// Where a statement stands.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// A lexer over the text that holds it.
    pub(crate) lexer: Lexer<'a>,
    pub(crate) reading: Reading,
    /// How many literals are around it; 0 for the text that was sent.
    pub(crate) depth: usize,
    /// The language of what is around it.
    pub(crate) language: Language,
    /// How many more bytes of code may be read; shared by all that the text holds.
    pub(crate) code_bytes: &'a Cell<usize>,
    /// How many more names may be kept; shared likewise.
    pub(crate) names_left: &'a Cell<usize>,
}

/// What was found in a statement.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) kind: StatementKind,
    pub(crate) demands: Vec<FoundDemand>,
    pub(crate) copy: Option<CopyDirection>,
    pub(crate) effect: Option<NameEffect>,
    pub(crate) secrets: Vec<SecretLiteral>,
    /// Whether code in it has what makes a text sensitive to encodings.
    pub(crate) encoding_matters: bool,
    pub(crate) copy_facts: Option<Box<CopyFacts>>,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) names_left_out: bool,
    /// Of the statements in it, and in the end its own.
    pub(crate) kinds: KindSet,
    pub(crate) writes: Option<Write>,
    /// Whether it has an INTO that is no INSERT's: `SELECT … INTO t` makes a table.
    pub(crate) selects_into: bool,
    /// The least depth of parentheses at which relations are listed, and how many are at it.
    pub(crate) outermost_relations: (usize, usize),
    pub(crate) values_rows: u64,
    pub(crate) literal_bytes: u64,
}

/// A demand before its excerpt is cut, which is when all secrets of the statement are known.
#[derive(Debug)]
pub(crate) struct FoundDemand {
    pub(crate) kind: DemandKind,
    pub(crate) span: Range<usize>,
    /// For what was found in a literal: the words there.
    pub(crate) excerpt_in_body: Option<String>,
}

impl Found {
    pub(crate) fn new(kind: StatementKind) -> Self {
        Self {
            kind,
            demands: Vec::new(),
            copy: None,
            effect: None,
            secrets: Vec::new(),
            encoding_matters: false,
            copy_facts: None,
            mentions: Vec::new(),
            names_left_out: false,
            kinds: KindSet::default(),
            writes: None,
            selects_into: false,
            outermost_relations: (usize::MAX, 0),
            values_rows: 0,
            literal_bytes: 0,
        }
    }

    /// Adds a demand, unless one of its kind is there.
    pub(crate) fn demand(&mut self, kind: DemandKind, span: Range<usize>) {
        self.add(FoundDemand {
            kind,
            span,
            excerpt_in_body: None,
        });
    }

    /// Adds what else was found.
    pub(crate) fn take_over(&mut self, other: Found) {
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
            literal_bytes,
        } = other;
        for demand in demands {
            self.add(demand);
        }
        self.secrets.extend(secrets);
        self.encoding_matters |= encoding_matters;
        self.mentions.extend(mentions);
        self.names_left_out |= names_left_out;
        self.kinds.add_all(kinds);
        self.writes = self.writes.take().or(writes);
        self.values_rows = self.values_rows.saturating_add(values_rows);
        self.literal_bytes = self.literal_bytes.saturating_add(literal_bytes);
    }

    /// Keeps a name, if there is room.
    pub(crate) fn mention(&mut self, place: Place<'_>, mention: Mention) {
        match place.names_left.get().checked_sub(1) {
            Some(left) => {
                place.names_left.set(left);
                self.mentions.push(mention);
            }
            None => self.names_left_out = true,
        }
    }

    fn write(&mut self, what: &'static str, span: Range<usize>) {
        self.writes.get_or_insert(Write {
            what,
            span,
            in_body: false,
        });
    }

    /// Each kind counts once, so that what one statement can make grow is bounded by the number of kinds.
    pub(crate) fn add(&mut self, demand: FoundDemand) {
        let known = self.demands.iter().any(|known| {
            known.kind == demand.kind && known.excerpt_in_body.is_some() == demand.excerpt_in_body.is_some()
        });
        if !known {
            self.demands.push(demand);
        }
    }
}

/// What the first word of a statement leads to.
enum Lead {
    /// Nothing but its name matters.
    Plain(StatementKind),
    With,
    Copy,
    Load,
    Create,
    Alter,
    Set,
    Reset,
    Do,
    Explain,
    Prepare,
    Execute,
    Deallocate,
    Discard,
    Declare,
    FetchOrMove(StatementKind),
    Close,
    Import,
}

/// Reads the statement.
pub(crate) fn read(place: Place<'_>, piece: &Piece) -> Found {
    let whole = Cursor::new(place.lexer.from(piece.range.start), piece.range.end);
    let text = whole.text();
    let mut found = Found::new(StatementKind::Unknown);
    let word = if piece.first.kind == TokenKind::Word {
        text.get(piece.first.start..piece.first.end).unwrap_or_default()
    } else {
        &[]
    };
    match lead(word) {
        Some(Lead::Plain(kind)) => found.kind = kind,
        Some(lead) => {
            let mut behind = whole;
            behind.next();
            let statement = Statement { place, piece, text };
            statement.read_lead(&lead, behind, &mut found);
        }
        None if piece.first.kind == TokenKind::Open => found.kind = kind_within_parentheses(whole),
        None => {}
    }
    let mut behind = whole;
    behind.next();
    // `EXPLAIN ANALYZE CREATE TABLE … AS` makes what CREATE makes.
    let explained = [StatementKind::Create, StatementKind::Refresh]
        .into_iter()
        .find(|&kind| found.kind == StatementKind::Explain && found.kinds.contains(kind));
    let named_by = explained.unwrap_or(found.kind);
    let manner = Manner::of(named_by, place.language, behind);
    scan::read(place, piece, manner, &mut found);
    note_writes(place, piece, behind, &mut found);
    let interest = piece.interest;
    if interest.names && !found.kind.only_maintains() {
        read_names(place, whole, &mut found);
    }
    if interest.password {
        password::read(whole, piece, &mut found);
    }
    if interest.execute && place.depth > 0 {
        code::read_executes(place, whole, &mut found);
    }
    if found.kind == StatementKind::Create && makes_view(behind) {
        note_views(piece, &mut found);
    }
    found
}

/// What the statement writes, and its kind among its kinds.
fn note_writes(place: Place<'_>, piece: &Piece, behind: Cursor<'_>, found: &mut Found) {
    let kind = found.kind;
    found.kinds.add(kind);
    if kind.writes() {
        found.write(kind.words(), piece.range.clone());
    } else if let Some(inner) = found.kinds.iter().find(|kind| kind.writes()) {
        found.write(inner.words(), piece.range.clone());
    } else if kind == StatementKind::CopyTo
        && found
            .copy_facts
            .as_ref()
            .is_some_and(|copy| copy.end != CopyEnd::Client)
    {
        found.write("COPY TO a file or program", piece.range.clone());
    } else if found.selects_into && place.language == Language::Sql {
        found.write("SELECT INTO", piece.range.clone());
    } else if matches!(kind, StatementKind::Begin | StatementKind::Set)
        && let Some(span) = read_write(behind)
    {
        found.write("READ WRITE", span);
    }
}

/// A view whose one relation is a table can be written through (CREATE VIEW, "Updatable Views"), so of some tables of the
/// catalogue it is held to what writing them takes.
fn note_views(piece: &Piece, found: &mut Found) {
    let (_, listed) = found.outermost_relations;
    let code_or_identity = found.mentions.iter().any(|mention| {
        mention.role == MentionRole::Read
            && catalog::is_of_code_or_identity(mention.schema.as_deref(), &mention.name)
    });
    if listed == 1 && code_or_identity {
        found.demand(
            DemandKind::ServerProgram(ServerProgram::Catalog),
            piece.range.clone(),
        );
    }
}

/// The words READ WRITE of a transaction's modes.
fn read_write(mut cursor: Cursor<'_>) -> Option<Range<usize>> {
    let text = cursor.text();
    let mut read: Option<Token> = None;
    while let Some(token) = cursor.next() {
        if text.is(token, "write")
            && let Some(read) = read
        {
            return Some(read.start..token.end);
        }
        read = text.is(token, "read").then_some(token);
    }
    None
}

fn lead(word: &[u8]) -> Option<Lead> {
    /// The longest of the words below.
    const WORD_BYTES_MAX: usize = 10;
    let mut lower = [0_u8; WORD_BYTES_MAX];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"select" | b"table" => Lead::Plain(StatementKind::Select),
        b"values" => Lead::Plain(StatementKind::Values),
        b"insert" => Lead::Plain(StatementKind::Insert),
        b"update" => Lead::Plain(StatementKind::Update),
        b"delete" => Lead::Plain(StatementKind::Delete),
        b"merge" => Lead::Plain(StatementKind::Merge),
        b"with" => Lead::With,
        b"copy" => Lead::Copy,
        b"load" => Lead::Load,
        b"create" => Lead::Create,
        b"alter" => Lead::Alter,
        b"set" => Lead::Set,
        b"do" => Lead::Do,
        b"explain" => Lead::Explain,
        b"prepare" => Lead::Prepare,
        b"execute" => Lead::Execute,
        b"deallocate" => Lead::Deallocate,
        b"discard" => Lead::Discard,
        b"declare" => Lead::Declare,
        b"fetch" => Lead::FetchOrMove(StatementKind::Fetch),
        b"move" => Lead::FetchOrMove(StatementKind::Move),
        b"close" => Lead::Close,
        b"call" => Lead::Plain(StatementKind::Call),
        b"begin" | b"start" => Lead::Plain(StatementKind::Begin),
        b"commit" | b"end" => Lead::Plain(StatementKind::Commit),
        b"rollback" | b"abort" => Lead::Plain(StatementKind::Rollback),
        b"savepoint" => Lead::Plain(StatementKind::Savepoint),
        b"release" => Lead::Plain(StatementKind::Release),
        b"reset" => Lead::Reset,
        b"show" => Lead::Plain(StatementKind::Show),
        b"listen" => Lead::Plain(StatementKind::Listen),
        b"notify" => Lead::Plain(StatementKind::Notify),
        b"unlisten" => Lead::Plain(StatementKind::Unlisten),
        b"lock" => Lead::Plain(StatementKind::Lock),
        b"truncate" => Lead::Plain(StatementKind::Truncate),
        b"drop" => Lead::Plain(StatementKind::Drop),
        b"comment" => Lead::Plain(StatementKind::Comment),
        b"security" => Lead::Plain(StatementKind::SecurityLabel),
        b"grant" => Lead::Plain(StatementKind::Grant),
        b"revoke" => Lead::Plain(StatementKind::Revoke),
        b"reassign" => Lead::Plain(StatementKind::Reassign),
        b"vacuum" => Lead::Plain(StatementKind::Vacuum),
        b"analyze" | b"analyse" => Lead::Plain(StatementKind::Analyze),
        b"cluster" | b"repack" => Lead::Plain(StatementKind::Cluster),
        b"reindex" => Lead::Plain(StatementKind::Reindex),
        b"refresh" => Lead::Plain(StatementKind::Refresh),
        b"checkpoint" => Lead::Plain(StatementKind::Checkpoint),
        b"import" => Lead::Import,
        _ => return None,
    })
}

/// One statement whose first word calls for more.
#[derive(Clone, Copy)]
struct Statement<'a> {
    place: Place<'a>,
    piece: &'a Piece,
    text: &'a [u8],
}

impl Statement<'_> {
    /// `behind` stands behind the first word.
    fn read_lead(self, lead: &Lead, behind: Cursor<'_>, found: &mut Found) {
        match lead {
            Lead::Plain(kind) => found.kind = *kind,
            Lead::With => found.kind = kind_behind_with(behind),
            // In PL/pgSQL a variable may be called copy, and be declared or assigned to where a statement begins.
            Lead::Copy => self.read_copy(behind, self.place.language == Language::PlPgSql, found),
            Lead::Load => {
                found.kind = StatementKind::Load;
                if behind
                    .peek()
                    .is_some_and(|token| matches!(token.kind, TokenKind::String(_)))
                {
                    found.demand(
                        DemandKind::ServerProgram(ServerProgram::Load),
                        self.piece.range.clone(),
                    );
                }
            }
            Lead::Create => self.read_create(behind, found),
            Lead::Alter => self.read_alter(behind, found),
            Lead::Set => {
                found.kind = StatementKind::Set;
                self.read_set(behind, self.place.depth, found);
            }
            Lead::Reset => {
                found.kind = StatementKind::Reset;
                if let Some(demand) = set::read_reset(behind, self.place.depth) {
                    found.demand(demand, self.piece.range.clone());
                }
            }
            Lead::Do => {
                found.kind = StatementKind::Do;
                code::read_do(self.place, behind, &self.piece.range, found);
            }
            Lead::Import => {
                found.kind = StatementKind::ImportForeignSchema;
                if behind.is_next("foreign") {
                    self.read_foreign(behind, found);
                }
            }
            Lead::Explain => self.read_explain(behind, found),
            Lead::Prepare => self.read_prepare(behind, found),
            Lead::Execute => {
                found.kind = StatementKind::Execute;
                found.effect = { behind }.eat_name().map(NameEffect::Execute);
            }
            Lead::Deallocate => {
                found.kind = StatementKind::Deallocate;
                found.effect = read_deallocate(behind);
            }
            Lead::Discard => {
                found.kind = StatementKind::Discard;
                found.effect = behind.is_next("all").then_some(NameEffect::DiscardAll);
            }
            Lead::Declare => self.read_declare(behind, found),
            Lead::FetchOrMove(kind) => {
                found.kind = *kind;
                found.effect = last_name(behind).map(NameEffect::Fetch);
            }
            Lead::Close => {
                found.kind = StatementKind::Close;
                found.effect = if behind.is_next("all") {
                    Some(NameEffect::CloseAll)
                } else {
                    { behind }.eat_name().map(NameEffect::CloseCursor)
                };
            }
        }
    }

    /// `behind` stands behind the word COPY. Where the word could be a name, only what reads as a whole COPY is one.
    fn read_copy(self, behind: Cursor<'_>, could_be_name: bool, found: &mut Found) {
        let copy = copy::read(behind);
        if could_be_name && !copy.is_certain() {
            return;
        }
        found.kind = match copy.direction {
            Some(CopyDirection::In) => StatementKind::CopyFrom,
            Some(CopyDirection::Out | CopyDirection::Both) | None => StatementKind::CopyTo,
        };
        found.copy_facts = copy::facts(behind, copy).map(Box::new);
        let (demands, client) = copy.demands();
        for demand in demands {
            found.demand(demand, self.piece.range.clone());
        }
        found.copy = client;
    }

    fn read_explain(self, mut behind: Cursor<'_>, found: &mut Found) {
        behind.eat_parentheses();
        while behind.eat("analyze") || behind.eat("analyse") || behind.eat("verbose") {}
        self.read_inner(behind, found);
        found.kind = StatementKind::Explain;
    }

    /// A statement within a statement. The grammar has no COPY there; if one is found it counts all the same.
    fn read_inner(self, mut inner: Cursor<'_>, found: &mut Found) {
        let Some(token) = inner.next() else { return };
        let word = self.text.get(token.start..token.end).unwrap_or_default();
        if let Some(Lead::Plain(kind)) = lead(word) {
            found.kinds.add(kind);
        }
        if self.text.is(token, "copy") {
            self.read_copy(inner, true, found);
        } else if self.text.is(token, "execute") {
            found.effect = inner.eat_name().map(NameEffect::Execute);
        } else if self.text.is(token, "create") {
            found.kinds.add(StatementKind::Create);
            found.effect = executed_into_table(inner).map(NameEffect::Execute);
        } else if self.text.is(token, "declare") {
            found.kinds.add(StatementKind::Declare);
        }
    }

    fn read_prepare(self, mut behind: Cursor<'_>, found: &mut Found) {
        let mut ahead = behind;
        if ahead.eat("transaction")
            && ahead
                .peek()
                .is_some_and(|token| matches!(token.kind, TokenKind::String(_)))
        {
            found.kind = StatementKind::PrepareTransaction;
            return;
        }
        found.kind = StatementKind::Prepare;
        let Some(name) = behind.eat_name() else { return };
        behind.eat_parentheses();
        if behind.eat("as") {
            self.read_inner(behind, found);
            found.kind = StatementKind::Prepare;
        }
        found.effect = Some(NameEffect::Prepare(name));
    }

    fn read_declare(self, mut behind: Cursor<'_>, found: &mut Found) {
        found.kind = StatementKind::Declare;
        let Some(name) = behind.eat_name() else { return };
        let mut query = behind;
        let mut is_held = false;
        while let Some(token) = query.next() {
            is_held |= self.text.is(token, "with") && query.is_next("hold");
            if self.text.is(token, "for") {
                self.read_inner(query, found);
                found.kind = StatementKind::Declare;
                break;
            }
        }
        found.effect = Some(if is_held {
            NameEffect::DeclareHeldCursor(name)
        } else {
            NameEffect::DeclareCursor(name)
        });
    }

    fn read_create(self, mut behind: Cursor<'_>, found: &mut Found) {
        found.kind = StatementKind::Create;
        let range = self.piece.range.clone();
        if behind.eat("or") {
            behind.eat("replace");
        }
        let trusted = behind.eat("trusted");
        behind.eat("procedural");
        if behind.eat("language") {
            found.kind = StatementKind::CreateLanguage;
            let name = behind.eat_name_or_string().unwrap_or_default();
            let handler = behind.is_next("handler");
            if code::is_untrusted_language(&name) || (handler && !trusted) {
                found.demand(
                    DemandKind::ServerProgram(ServerProgram::CreateUntrustedLanguage),
                    range,
                );
            }
        } else if behind.eat("function") {
            found.kind = StatementKind::CreateFunction;
            code::read_routine(self.place, Code::Function, behind, self.piece, found);
        } else if behind.eat("procedure") {
            found.kind = StatementKind::CreateProcedure;
            code::read_routine(self.place, Code::Procedure, behind, self.piece, found);
        } else if eat_user_mapping(&mut behind) {
            found.kind = StatementKind::CreateUserMapping;
            found.demand(DemandKind::Credentials(Credentials::UserMapping), range);
        } else if behind.eat("role") || behind.eat("user") || behind.eat("group") {
            found.kind = StatementKind::CreateRole;
            self.read_role(behind, found);
        } else if behind.eat("extension") {
            found.kind = StatementKind::CreateExtension;
            behind.eat_all(&["if", "not", "exists"]);
            let name = behind.eat_name().unwrap_or_default();
            if code::brings_untrusted_language(&name) {
                found.demand(
                    DemandKind::ServerProgram(ServerProgram::CreateUntrustedLanguage),
                    range.clone(),
                );
            }
            if name.ends_with(b"_fdw") {
                found.demand(DemandKind::ForeignData, range.clone());
            }
            // One for each thing that they need, which is few.
            let mut classes = Vec::new();
            for way in ways::of_extension(&name) {
                if !classes.contains(&way.class) {
                    classes.push(way.class);
                    found.demand(DemandKind::Extension(way), range.clone());
                }
            }
        } else if behind.eat("foreign") || behind.eat("server") {
            self.read_foreign(behind, found);
        } else if behind.eat("subscription") {
            found.demand(DemandKind::Subscription, range);
        } else if binds_functions(behind) {
            found.demand(DemandKind::ServerProgram(ServerProgram::Binding), range);
        } else if self.piece.interest.execute {
            found.effect = executed_into_table(behind).map(NameEffect::Execute);
        }
    }

    /// Foreign data wrappers, servers and tables; `file_fdw`'s option `program` is run by the server.
    fn read_foreign(self, mut behind: Cursor<'_>, found: &mut Found) {
        found.demand(DemandKind::ForeignData, self.piece.range.clone());
        while let Some(token) = behind.next() {
            if token.is_name()
                && behind.name(token) == b"program"
                && behind.peek().is_some_and(Token::is_string_constant)
            {
                found.demand(
                    DemandKind::ServerProgram(ServerProgram::ForeignProgram),
                    token.start..token.end,
                );
            }
        }
    }

    fn read_alter(self, mut behind: Cursor<'_>, found: &mut Found) {
        found.kind = StatementKind::Alter;
        let range = self.piece.range.clone();
        if behind.eat("system") {
            found.kind = StatementKind::AlterSystem;
            found.demand(DemandKind::ServerProgram(ServerProgram::AlterSystem), range);
        } else if eat_user_mapping(&mut behind) {
            found.kind = StatementKind::AlterUserMapping;
            found.demand(DemandKind::Credentials(Credentials::UserMapping), range);
        } else {
            if behind.eat("role") || behind.eat("user") || behind.eat("group") {
                found.kind = StatementKind::AlterRole;
                self.read_role(behind, found);
            } else if behind.eat("foreign") || behind.eat("server") {
                self.read_foreign(behind, found);
            } else if { behind }.eat("language") || { behind }.eat_all(&["procedural", "language"]) {
                found.demand(DemandKind::ServerProgram(ServerProgram::AlterLanguage), range);
            } else if behind.eat("subscription") {
                found.demand(DemandKind::Subscription, range);
            }
            self.read_sets(behind, found);
        }
    }

    /// SET clauses of `ALTER ROLE`, `ALTER DATABASE`, `ALTER FUNCTION`. They hold for what is called later, not for this text.
    fn read_sets(self, mut cursor: Cursor<'_>, found: &mut Found) {
        while let Some(token) = cursor.next() {
            if self.text.is(token, "set") {
                self.read_set(cursor, 0, found);
            }
        }
    }

    /// `behind` stands behind the word SET.
    fn read_set(self, behind: Cursor<'_>, depth: usize, found: &mut Found) {
        if let Some(demand) = set::read(behind, depth) {
            found.demand(demand, self.piece.range.clone());
        }
        if let Some(target) = set::target(behind) {
            if set::allows_writing(&target) {
                found.write(limits::WRITING, self.piece.range.clone());
            }
            if target.name == b"role" || target.name == b"session_authorization" {
                let role = target.value.unwrap_or_default();
                found.mention(self.place, named(MentionRole::Role, role, target.span.clone()));
            }
            found.mention(self.place, named(MentionRole::Setting, target.name, target.span));
        }
    }

    /// The role whose name is next.
    fn read_role(self, mut behind: Cursor<'_>, found: &mut Found) {
        behind.eat_all(&["if", "exists"]);
        let start = behind.peek().map_or(0, |token| token.start);
        if let Some(name) = behind.eat_name() {
            let span = start..behind.position();
            found.mention(self.place, named(MentionRole::Role, name, span));
        }
    }
}

/// A name without a schema.
fn named(role: MentionRole, name: Vec<u8>, span: Range<usize>) -> Mention {
    Mention {
        schema: None,
        name: name.into_boxed_slice(),
        role,
        span,
        in_body: false,
    }
}

/// Names that matter wherever they stand.
fn read_names(place: Place<'_>, mut cursor: Cursor<'_>, found: &mut Found) {
    while let Some(token) = cursor.next() {
        if !token.is_name() {
            continue;
        }
        let name = cursor.name(token);
        let span = token.start..token.end;
        match name.as_slice() {
            b"pg_authid" | b"pg_shadow" | b"pg_user_mapping" => {
                found.demand(DemandKind::Credentials(Credentials::StoredPasswords), span);
            }
            b"set_config" => {
                let set = set::read_set_config(cursor, place.depth);
                if set.allows_writing {
                    found.write(limits::WRITING, span.clone());
                }
                if let Some(demand) = set.demand {
                    found.demand(demand, span);
                }
            }
            _ => {}
        }
    }
}

/// Whether CREATE of this gives the server functions of its own to call, which takes a superuser: access methods, conversions,
/// text search templates and parsers, transforms.
fn binds_functions(mut behind: Cursor<'_>) -> bool {
    behind.eat("default");
    behind.is_next("conversion")
        || behind.is_next("transform")
        || { behind }.eat_all(&["access", "method"])
        || { behind }.eat_all(&["text", "search", "template"])
        || { behind }.eat_all(&["text", "search", "parser"])
}

/// Whether CREATE makes a view that isn't materialized.
fn makes_view(mut behind: Cursor<'_>) -> bool {
    if behind.eat("or") {
        behind.eat("replace");
    }
    while ["temp", "temporary", "local", "global", "recursive"]
        .iter()
        .any(|word| behind.eat(word))
    {}
    behind.is_next("view")
}

/// Steps over USER MAPPING, unless that is a role called mapping.
fn eat_user_mapping(cursor: &mut Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    let found = ahead.eat_all(&["user", "mapping"]) && (ahead.is_next("for") || ahead.is_next("if"));
    if found {
        *cursor = ahead;
    }
    found
}

/// The kind of a statement that begins with a parenthesis. A loop, as the client decides how deep WITH stands within WITH.
fn kind_within_parentheses(mut cursor: Cursor<'_>) -> StatementKind {
    let text = cursor.text();
    while let Some(token) = cursor.next() {
        if token.kind == TokenKind::Open {
            continue;
        }
        if !text.is(token, "with") {
            return kind_of_query(text, token).unwrap_or(StatementKind::Unknown);
        }
        if let Some(kind) = eat_with(&mut cursor) {
            return kind;
        }
    }
    StatementKind::Unknown
}

/// The kind of a query or change that begins with this word.
fn kind_of_query(text: &[u8], token: Token) -> Option<StatementKind> {
    [
        ("select", StatementKind::Select),
        ("insert", StatementKind::Insert),
        ("update", StatementKind::Update),
        ("delete", StatementKind::Delete),
        ("merge", StatementKind::Merge),
        ("values", StatementKind::Values),
        ("table", StatementKind::Select),
    ]
    .into_iter()
    .find_map(|(word, kind)| text.is(token, word).then_some(kind))
}

fn kind_behind_with(mut cursor: Cursor<'_>) -> StatementKind {
    eat_with(&mut cursor).unwrap_or_else(|| kind_within_parentheses(cursor))
}

/// The kind of what follows the queries of WITH: the first such word outside of parentheses that is not a query's name.
/// `None`: it begins with the parenthesis before which the cursor then stands.
fn eat_with(cursor: &mut Cursor<'_>) -> Option<StatementKind> {
    let text = cursor.text();
    cursor.eat("recursive");
    let mut named = false;
    loop {
        if !named {
            cursor.eat_name();
            named = true;
        }
        if cursor.eat_parentheses() {
            if cursor.is_next_kind(TokenKind::Open) {
                return None;
            }
            continue;
        }
        let Some(token) = cursor.next() else {
            return Some(StatementKind::Unknown);
        };
        named = token.kind != TokenKind::Comma;
        if let Some(kind) = kind_of_query(text, token) {
            return Some(kind);
        }
    }
}

/// The statement whose result `CREATE TABLE … AS EXECUTE` keeps.
fn executed_into_table(mut cursor: Cursor<'_>) -> Option<Vec<u8>> {
    let text = cursor.text();
    while let Some(token) = cursor.next() {
        if text.is(token, "as") && cursor.eat("execute") {
            return cursor.eat_name();
        }
    }
    None
}

fn read_deallocate(mut cursor: Cursor<'_>) -> Option<NameEffect> {
    let mut ahead = cursor;
    // A statement may itself be called prepare.
    if ahead.eat("prepare") && ahead.peek().is_some() {
        cursor = ahead;
    }
    if cursor.is_next("all") {
        return Some(NameEffect::DeallocateAll);
    }
    cursor.eat_name().map(NameEffect::Deallocate)
}

/// The name that FETCH and MOVE end with: everything before it is direction and count.
fn last_name(mut cursor: Cursor<'_>) -> Option<Vec<u8>> {
    let mut last = None;
    while let Some(token) = cursor.next() {
        if token.is_name() {
            last = Some((cursor, token));
            // A UESCAPE behind it is part of it.
            cursor.name(token);
        }
    }
    last.map(|(mut behind, token)| behind.name(token))
}
