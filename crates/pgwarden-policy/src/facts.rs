//! What a text does, without a word about whether it may.

use std::fmt;
use std::ops::Range;

use zeroize::Zeroizing;

use crate::kind::{KindSet, StatementKind};
use crate::mention::Mention;
use crate::ways::Way;

/// How the client's bytes turn into characters before the server's scanner sees them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Encoding {
    /// Every byte below 0x80 stands for itself: UTF-8, LATIN, EUC and all other encodings that a server can have.
    ServerSafe,
    /// It isn't known which: a byte from 0x80 on may take the next one with it, if the two are a character in SJIS, BIG5, GBK, UHC,
    /// GB18030 or JOHAB. Where that is not the only way to read a text and the ways differ, the text counts as unreadable.
    ClientOnly,
    /// Nor that: any next byte may be taken, be it a quote. Only ASCII text can be read.
    AnyPair,
}

/// The settings of a session that decide how its texts are read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Reading {
    /// Whether a backslash in a plain literal is an ordinary character (the server's default).
    pub standard_conforming_strings: bool,
    /// How bytes become characters.
    pub encoding: Encoding,
    /// Whether this is a replication connection, on which replication commands are understood too.
    pub replication: bool,
    /// Whether the text is surely in UTF-8, as names of the configuration are.
    pub utf8: bool,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            standard_conforming_strings: true,
            encoding: Encoding::ServerSafe,
            replication: false,
            utf8: true,
        }
    }
}

/// What [`analyse`](crate::analyse) found in one text.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Facts {
    /// In the text's order, exactly those for which the server sends a `CommandComplete` when all goes well: empty ones are left out.
    pub statements: Vec<StatementFacts>,
    /// Why the text can't be read to its end; the server would refuse the whole of it too, save for our own limits.
    pub unreadable: Option<Unreadable>,
    /// Which settings of the session could make the server read this text otherwise.
    pub sensitive: Sensitivity,
    /// What must never be recorded.
    pub secrets: Vec<SecretLiteral>,
    /// The length of the text.
    pub bytes: usize,
    /// Not all names are known: the text mentions more than [`NAMES_MAX`](crate::NAMES_MAX), or computes one.
    pub names_left_out: bool,
    /// Names that aren't ASCII may be in another encoding than those of the configuration.
    pub names_in_unknown_encoding: bool,
}

impl Facts {
    /// Whether the gate needs to know nothing of the text to follow the session: it begins no copy, does nothing to names, hides
    /// nothing and reads in one way. Settings may still forbid it.
    pub fn is_plain(&self) -> bool {
        let Self {
            statements,
            unreadable,
            sensitive,
            secrets,
            bytes: _,
            names_left_out: _,
            names_in_unknown_encoding: _,
        } = self;
        unreadable.is_none()
            && secrets.is_empty()
            && !sensitive.standard_conforming_strings
            && !sensitive.encoding
            && statements.iter().all(|statement| {
                statement.demands.is_empty() && statement.copy.is_none() && statement.effect.is_none()
            })
    }

    /// What the facts take in memory, in bytes, give or take what the allocator adds; secrets are left out.
    pub fn memory_bytes(&self) -> usize {
        let statements = self
            .statements
            .capacity()
            .saturating_mul(size_of::<StatementFacts>());
        self.statements.iter().map(StatementFacts::more_bytes).fold(
            size_of::<Self>().saturating_add(statements),
            usize::saturating_add,
        )
    }

    /// Gives back what was allocated in advance.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.statements.shrink_to_fit();
        for statement in &mut self.statements {
            statement.mentions.shrink_to_fit();
            statement.demands.shrink_to_fit();
        }
    }
}

/// What one statement does.
#[derive(Clone, PartialEq, Debug)]
pub struct StatementFacts {
    /// What it is.
    pub kind: StatementKind,
    /// Its bytes in the text, from its first token to its last, without the semicolon.
    pub range: Range<usize>,
    /// What must be allowed for it to pass; each kind is named once.
    pub demands: Vec<Demand>,
    /// The direction of the copy that it starts with the client; none for server files and programs.
    pub copy: Option<CopyDirection>,
    /// What it does to prepared statements and portals.
    pub effect: Option<NameEffect>,
    /// If it is a COPY: what it copies.
    pub copy_facts: Option<Box<CopyFacts>>,
    /// The names it mentions, each once for each role, in the order of the text, those in bodies last.
    pub mentions: Vec<Mention>,
    /// Its kind, and the kinds of the statements in it: of data-modifying WITH queries, of what EXPLAIN, PREPARE and DECLARE are given,
    /// of bodies.
    pub kinds: KindSet,
    /// Where it writes, or allows itself to, if it does so in plain sight.
    pub writes: Option<Write>,
    /// Rows of all its lists of VALUES.
    pub values_rows: u64,
    /// Bytes of all its string literals, quotes included.
    pub literal_bytes: u64,
}

impl StatementFacts {
    /// What it takes beside itself, in bytes.
    fn more_bytes(&self) -> usize {
        let mentions = self.mentions.iter().map(|mention| {
            let schema = mention.schema.as_ref().map_or(0, |schema| schema.len());
            mention.name.len().saturating_add(schema)
        });
        let excerpts = self.demands.iter().map(|demand| demand.excerpt.capacity());
        let copy = self
            .copy_facts
            .as_ref()
            .map(|copy| size_of::<CopyFacts>().saturating_add(copy.format.capacity()));
        let vectors = [
            self.mentions.capacity().saturating_mul(size_of::<Mention>()),
            self.demands.capacity().saturating_mul(size_of::<Demand>()),
            self.effect.as_ref().map_or(0, NameEffect::name_bytes),
        ];
        mentions
            .chain(excerpts)
            .chain(copy)
            .chain(vectors)
            .fold(0, usize::saturating_add)
    }

    /// Of a statement of which no more is known.
    pub(crate) fn new(kind: StatementKind, range: Range<usize>) -> Self {
        let mut kinds = KindSet::default();
        kinds.add(kind);
        Self {
            kind,
            range,
            demands: Vec::new(),
            copy: None,
            effect: None,
            copy_facts: None,
            mentions: Vec::new(),
            kinds,
            writes: None,
            values_rows: 0,
            literal_bytes: 0,
        }
    }
}

/// The place where a statement writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Write {
    /// For people: `INSERT`, `READ WRITE`.
    pub what: &'static str,
    /// The bytes of the text that show it. Within a body it is the whole literal that holds the body.
    pub span: Range<usize>,
    /// Whether it was found in the body of DO or a function.
    pub in_body: bool,
}

/// What a COPY copies, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CopyFacts {
    /// Where the rows of `COPY … TO` come from, or those of `COPY … FROM` go.
    pub source: CopySource,
    /// The other end.
    pub end: CopyEnd,
    /// `text`, `csv` or `binary`, or whatever is written for it.
    pub format: String,
}

/// The side of a COPY that is in the database.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CopySource {
    /// A relation; it is among the statement's mentions.
    Relation,
    /// A query, at these bytes of the text.
    Query(Range<usize>),
}

/// Something that a statement needs to be allowed.
#[derive(Clone, PartialEq, Debug)]
pub struct Demand {
    /// What it is.
    pub kind: DemandKind,
    /// The bytes of the text that show it. Within a body it is the whole literal that holds the body.
    pub span: Range<usize>,
    /// Whether it was found in the body of DO or a function.
    pub in_body: bool,
    /// The offending words, at most [`EXCERPT_BYTES_MAX`](crate::EXCERPT_BYTES_MAX) bytes, secrets masked.
    pub excerpt: String,
}

/// What a statement needs to be allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DemandKind {
    /// `COPY … TO`.
    CopyTo {
        /// Where the rows go.
        target: CopyEnd,
    },
    /// `COPY … FROM`.
    CopyFrom {
        /// Where the rows come from.
        source: CopyEnd,
    },
    /// `COPY … PROGRAM`; comes with `CopyTo` or `CopyFrom`.
    CopyProgram,
    /// Makes the server run, or load, a program of the client's choice.
    ServerProgram(ServerProgram),
    /// Calls a function by which much gets out or in.
    Way(&'static Way),
    /// Creates an extension that brings such functions.
    Extension(&'static Way),
    /// Sets up access to what is outside of the database: foreign data wrappers, servers and tables.
    ForeignData,
    /// Sets up, or changes, a subscription, which fetches tables from another server.
    Subscription,
    /// Reads the table of large objects.
    ReadLargeObjects,
    /// Writes the table of large objects.
    WriteLargeObjects,
    /// Changes or reads credentials, or takes another identity.
    Credentials(Credentials),
    /// A replication command.
    Replication,
    /// Holds code in a literal that can be read.
    Code(Code),
    /// Holds something whose effect can't be read.
    Opaque(Opaque),
}

impl DemandKind {
    /// The words for people: `COPY TO`, `ALTER SYSTEM`, `lo_get`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Way(way) => way.name,
            Self::Extension(way) => way.extension.unwrap_or(way.name),
            Self::ForeignData => "setting up foreign data",
            Self::Subscription => "setting up a subscription",
            Self::ReadLargeObjects => "reading pg_largeobject",
            Self::WriteLargeObjects => "writing pg_largeobject",
            Self::CopyTo { .. } => "COPY TO",
            Self::CopyFrom { .. } => "COPY FROM",
            Self::CopyProgram => "COPY PROGRAM",
            Self::ServerProgram(it) => it.as_str(),
            Self::Credentials(it) => it.as_str(),
            Self::Replication => "a replication command",
            Self::Code(it) => it.as_str(),
            Self::Opaque(it) => it.as_str(),
        }
    }
}

/// The other end of a COPY.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CopyEnd {
    /// STDIN or STDOUT.
    Client,
    /// A file of the server.
    ServerFile,
    /// A program that the server runs.
    Program,
    /// The statement does not say, so the server will refuse it; it is held to the strictest.
    Unclear,
}

/// Ways to make the server run or load a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ServerProgram {
    /// `LOAD 'library'`.
    Load,
    /// `ALTER SYSTEM`.
    AlterSystem,
    /// A function or DO block in a language that is not confined (c, internal, plpython3u, plperlu …).
    UntrustedLanguage,
    /// `CREATE LANGUAGE` or `CREATE EXTENSION` of such a language.
    CreateUntrustedLanguage,
    /// A setting that names libraries, commands or start-up code.
    Setting,
    /// `CREATE_REPLICATION_SLOT … LOGICAL` of a library by its path.
    OutputPlugin,
    /// `ALTER LANGUAGE`: under another name, code in one language is run by another.
    AlterLanguage,
    /// Giving the server functions to call by itself: `CREATE ACCESS METHOD`, `CONVERSION`, `TEXT SEARCH TEMPLATE` …
    Binding,
    /// The option `program` of `file_fdw`.
    ForeignProgram,
    /// Writing a table of the system catalogue, or making a view through which one could be written.
    Catalog,
}

impl ServerProgram {
    /// The words for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Load => "LOAD",
            Self::AlterSystem => "ALTER SYSTEM",
            Self::UntrustedLanguage => "code in an untrusted language",
            Self::CreateUntrustedLanguage => "creating an untrusted language",
            Self::Setting => "setting what the server loads or runs",
            Self::OutputPlugin => "loading an output plugin by its path",
            Self::AlterLanguage => "ALTER LANGUAGE",
            Self::Binding => "binding functions of the server",
            Self::ForeignProgram => "a program as foreign data",
            Self::Catalog => "writing the system catalogue",
        }
    }
}

/// Ways to change or read credentials.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Credentials {
    /// `CREATE` or `ALTER ROLE`, `USER`, `GROUP` with `PASSWORD`.
    Password,
    /// The relations `pg_authid` and `pg_shadow`.
    StoredPasswords,
    /// `CREATE` or `ALTER USER MAPPING`.
    UserMapping,
    /// `SET SESSION AUTHORIZATION` and its other spellings.
    SessionAuthorization,
}

impl Credentials {
    /// The words for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "setting a role's PASSWORD",
            Self::StoredPasswords => "reading stored passwords",
            Self::UserMapping => "a USER MAPPING",
            Self::SessionAuthorization => "SET SESSION AUTHORIZATION",
        }
    }
}

/// Code in a literal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// A DO block.
    Do,
    /// `CREATE FUNCTION`.
    Function,
    /// `CREATE PROCEDURE`.
    Procedure,
}

impl Code {
    /// The words for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Do => "DO",
            Self::Function => "CREATE FUNCTION",
            Self::Procedure => "CREATE PROCEDURE",
        }
    }
}

/// Why something can't be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opaque {
    /// `EXECUTE` of anything but a single literal.
    DynamicSql,
    /// A language other than sql and plpgsql.
    Language,
    /// The body has an open literal, comment or quoted identifier.
    UnreadableBody,
    /// Code within code within code: more than [`CODE_DEPTH_MAX`](crate::CODE_DEPTH_MAX) levels, or more in all than
    /// [`CODE_BYTES_FACTOR`](crate::CODE_BYTES_FACTOR) allows.
    TooDeep,
    /// Code that changes how its own literals are read (`standard_conforming_strings`).
    ChangesReading,
    /// A setting whose name is computed (`set_config(a || b, …)`, `UPDATE pg_settings`).
    ComputedSetting,
}

impl Opaque {
    /// The words for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DynamicSql => "dynamic EXECUTE",
            Self::Language => "code in a language that cannot be read",
            Self::UnreadableBody => "code that cannot be read",
            Self::TooDeep => "code nested too deeply",
            Self::ChangesReading => "code that changes how it is read",
            Self::ComputedSetting => "a setting whose name is computed",
        }
    }
}

/// The direction of a copy between server and client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CopyDirection {
    /// The server sends: `COPY … TO STDOUT`.
    Out,
    /// The client sends: `COPY … FROM STDIN`.
    In,
    /// Both: `START_REPLICATION`.
    Both,
}

/// What a statement does to the session's prepared statements and portals.
/// Names are as the server keeps them: folded unless quoted, escapes undone, cut at 63 bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NameEffect {
    /// `PREPARE name`.
    Prepare(Vec<u8>),
    /// `EXECUTE name`, also under `EXPLAIN` and `CREATE TABLE … AS`.
    Execute(Vec<u8>),
    /// `DEALLOCATE name`.
    Deallocate(Vec<u8>),
    /// `DEALLOCATE ALL`.
    DeallocateAll,
    /// `DISCARD ALL`.
    DiscardAll,
    /// `DECLARE name CURSOR`, which ends with its transaction.
    DeclareCursor(Vec<u8>),
    /// `DECLARE name CURSOR WITH HOLD`.
    DeclareHeldCursor(Vec<u8>),
    /// `FETCH` or `MOVE` of this cursor.
    Fetch(Vec<u8>),
    /// `CLOSE name`.
    CloseCursor(Vec<u8>),
    /// `CLOSE ALL`.
    CloseAll,
}

impl NameEffect {
    /// What the name takes, in bytes.
    fn name_bytes(&self) -> usize {
        match self {
            Self::Prepare(name)
            | Self::Execute(name)
            | Self::Deallocate(name)
            | Self::DeclareCursor(name)
            | Self::DeclareHeldCursor(name)
            | Self::Fetch(name)
            | Self::CloseCursor(name) => name.capacity(),
            Self::DeallocateAll | Self::DiscardAll | Self::CloseAll => 0,
        }
    }
}

/// Why a text can't be read to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// What stands in the way.
    pub cause: UnreadableCause,
    /// Where it begins, in bytes.
    pub offset: usize,
}

/// What stands in the way of reading a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnreadableCause {
    /// A string literal without its end.
    OpenString,
    /// A dollar-quoted literal without its end.
    OpenDollarString,
    /// A quoted identifier without its end.
    OpenIdentifier,
    /// A block comment without its end.
    OpenComment,
    /// In the client's encoding the text can be read in two ways that differ.
    AmbiguousEncoding,
    /// More than [`STATEMENTS_MAX`](crate::STATEMENTS_MAX) statements, or [`SECRETS_MAX`](crate::SECRETS_MAX) secrets in them.
    TooManyStatements,
}

impl UnreadableCause {
    /// The words for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenString => "unterminated quoted string",
            Self::OpenDollarString => "unterminated dollar-quoted string",
            Self::OpenIdentifier => "unterminated quoted identifier",
            Self::OpenComment => "unterminated /* comment",
            Self::AmbiguousEncoding => "text that reads in two ways in the client's encoding",
            Self::TooManyStatements => "more statements in one query than can be read",
        }
    }
}

/// Which settings of the session could make the server read the text otherwise. All false for ordinary ASCII text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sensitivity {
    /// A plain literal holds a backslash.
    pub standard_conforming_strings: bool,
    /// A byte from 0x80 on is followed by one that is both a special character and a second byte in client-only encodings.
    pub encoding: bool,
}

/// A literal that must never be recorded. `Debug` shows where it is, not what; its bytes are zeroed on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretLiteral {
    range: Range<usize>,
    raw: Zeroizing<Vec<u8>>,
    value: Zeroizing<Vec<u8>>,
}

impl SecretLiteral {
    pub(crate) fn new(range: Range<usize>, raw: Vec<u8>, value: Vec<u8>) -> Self {
        Self {
            range,
            raw: Zeroizing::new(raw),
            value: Zeroizing::new(value),
        }
    }

    /// The same secret, seen from the text that holds the literal at `literal`.
    pub(crate) fn within(self, literal: Range<usize>) -> Self {
        Self {
            range: literal,
            ..self
        }
    }

    /// The bytes of the text to be masked. For a secret within a body it is the whole literal that holds the body.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The literal as written, quotes and all. Within a body: as it stands in the decoded body, where errors and notices quote it from.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The secret itself: the literal's value. May be empty, or as short as its owner chose.
    pub fn value(&self) -> &[u8] {
        &self.value
    }
}

impl fmt::Debug for SecretLiteral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretLiteral")
            .field("range", &self.range)
            .finish_non_exhaustive()
    }
}
