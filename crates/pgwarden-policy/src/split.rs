//! Where one statement ends and the next begins.
//!
//! The server's grammar splits at every `;` but those within parentheses of `CREATE RULE … DO (a; b)` and within
//! `CREATE FUNCTION … BEGIN ATOMIC … END`. A `;` within other parentheses is a syntax error to it and a split here,
//! which is only stricter. Nothing that follows `COPY … FROM STDIN;` is taken for data: only psql does that.

use std::ops::Range;

use crate::facts::{Unreadable, UnreadableCause};
use crate::lexer::{Lexer, Token, TokenKind};
use crate::words::{Cursor, Words};

/// Whose statements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Language {
    /// The server's grammar.
    Sql,
    /// PL/pgSQL, where a statement also begins behind `BEGIN`, `THEN`, `ELSE`, `LOOP` and a label, outside of parentheses
    /// (within them it takes none of these words for its own). The pieces are then not all whole statements: some begin
    /// with the rest of a CASE expression.
    PlPgSql,
}

/// A piece of text between two splits that holds at least one token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Piece {
    /// From the first token to the last.
    pub(crate) range: Range<usize>,
    /// Its first token.
    pub(crate) first: Token,
    /// Names seen in it that call for a closer look.
    pub(crate) interest: Interest,
    /// Where the body of `BEGIN ATOMIC` begins, behind the word.
    pub(crate) atomic: Option<usize>,
}

/// What was seen in passing. Most statements have none of it, which is what makes them cheap.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Interest {
    /// `pg_authid`, `pg_shadow`, `pg_user_mapping`, `set_config`, or a `U&""` name, which could be any of them.
    pub(crate) names: bool,
    /// The word PASSWORD.
    pub(crate) password: bool,
    /// The word EXECUTE.
    pub(crate) execute: bool,
}

/// Splits a text.
pub(crate) struct Pieces<'a> {
    lexer: Lexer<'a>,
    language: Language,
    unreadable: Option<Unreadable>,
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(lexer: Lexer<'a>, language: Language) -> Self {
        Self {
            lexer,
            language,
            unreadable: None,
        }
    }

    /// The lexer where the last piece ended: what it has noticed so far.
    pub(crate) fn lexer(&self) -> &Lexer<'a> {
        &self.lexer
    }

    /// The text from this token on.
    fn cursor(&self, token: Token) -> Cursor<'a> {
        Cursor::new(self.lexer.from(token.start), self.lexer.text().len())
    }

    /// Why the text can't be read beyond the last piece.
    pub(crate) fn unreadable(&self) -> Option<Unreadable> {
        self.unreadable
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let first = loop {
            let token = self.lexer.next_significant()?;
            if token.kind != TokenKind::Semicolon {
                break token;
            }
        };
        let text = self.lexer.text();
        let mut piece = Piece {
            range: first.start..first.end,
            first,
            interest: Interest::default(),
            atomic: None,
        };
        let mut nesting = match self.language {
            Language::Sql if text.is(first, "create") => Nesting::of(self.cursor(first)),
            Language::Sql | Language::PlPgSql => Nesting::None,
        };
        let mut previous: Option<Token> = None;
        let mut parentheses = 0_usize;
        let mut token = first;
        loop {
            match token.kind {
                TokenKind::Unterminated(cause) => {
                    self.unreadable = Some(Unreadable {
                        cause,
                        offset: token.start,
                    });
                }
                TokenKind::Word => {
                    let word = text.get(token.start..token.end).unwrap_or_default();
                    piece.interest.note_word(word);
                    if self.language == Language::PlPgSql && parentheses == 0 && begins_statement(word) {
                        piece.range.end = token.end;
                        return Some(piece);
                    }
                }
                TokenKind::QuotedName => {
                    let inside = text.get(token.start.saturating_add(1)..token.end.saturating_sub(1));
                    piece.interest.note_word(inside.unwrap_or_default());
                }
                TokenKind::UnicodeName => piece.interest.names = true,
                TokenKind::Operator
                    if self.language == Language::PlPgSql
                        && parentheses == 0
                        && text.get(token.start..token.end) == Some(b">>") =>
                {
                    piece.range.end = token.end;
                    return Some(piece);
                }
                TokenKind::Semicolon if !nesting.holds_semicolon() => return Some(piece),
                TokenKind::Open | TokenKind::Close => parentheses = token.nest(parentheses),
                TokenKind::Space
                | TokenKind::Comment
                | TokenKind::String(_)
                | TokenKind::Number
                | TokenKind::Parameter
                | TokenKind::Operator
                | TokenKind::Semicolon
                | TokenKind::Comma
                | TokenKind::Dot
                | TokenKind::Other => {}
            }
            if nesting != Nesting::None {
                nesting.follow(self.cursor(token), previous);
                if piece.atomic.is_none() && nesting.atomic_depth() > 0 {
                    piece.atomic = Some(token.end);
                }
            }
            piece.range.end = token.end;
            previous = Some(token);
            match self.lexer.next_significant() {
                Some(next) => token = next,
                None => return Some(piece),
            }
        }
    }
}

impl Interest {
    #[inline]
    fn note_word(&mut self, word: &[u8]) {
        match word.len() {
            7 => self.execute |= word.eq_ignore_ascii_case(b"execute"),
            8 => self.password |= word.eq_ignore_ascii_case(b"password"),
            9 | 10 | 15 => self.note_name(word),
            _ => {}
        }
    }

    /// Whatever its case: a quoted name must match it exactly, which is seen to later.
    #[inline]
    fn note_name(&mut self, name: &[u8]) {
        self.names |= match name.len() {
            9 => name.eq_ignore_ascii_case(b"pg_authid") || name.eq_ignore_ascii_case(b"pg_shadow"),
            10 => name.eq_ignore_ascii_case(b"set_config"),
            15 => name.eq_ignore_ascii_case(b"pg_user_mapping"),
            _ => false,
        };
    }
}

/// Whether a statement of PL/pgSQL begins behind the word.
fn begins_statement(word: &[u8]) -> bool {
    match word.len() {
        4 => {
            word.eq_ignore_ascii_case(b"then")
                || word.eq_ignore_ascii_case(b"else")
                || word.eq_ignore_ascii_case(b"loop")
        }
        5 => word.eq_ignore_ascii_case(b"begin"),
        _ => false,
    }
}

/// What keeps a `;` from ending the statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Nesting {
    None,
    /// `CREATE RULE`, within so many parentheses.
    Rule(usize),
    /// `CREATE FUNCTION` or `PROCEDURE`.
    Routine {
        parentheses: usize,
        /// How many bodies of `BEGIN ATOMIC` are open.
        atomic: usize,
        /// Whether the next token begins a statement of the innermost body.
        at_start: bool,
        /// Whether what is read is the header of a routine, whose body may begin.
        header: bool,
    },
}

impl Nesting {
    fn of(mut start: Cursor<'_>) -> Self {
        if !start.eat("create") {
            return Self::None;
        }
        if start.eat("or") {
            start.eat("replace");
        }
        if start.eat("rule") {
            Self::Rule(0)
        } else if start.eat("function") || start.eat("procedure") {
            Self::Routine {
                parentheses: 0,
                atomic: 0,
                at_start: false,
                header: true,
            }
        } else {
            Self::None
        }
    }

    fn holds_semicolon(self) -> bool {
        match self {
            Self::None => false,
            Self::Rule(parentheses) => parentheses > 0,
            Self::Routine { atomic, .. } => atomic > 0,
        }
    }

    fn atomic_depth(self) -> usize {
        match self {
            Self::None | Self::Rule(_) => 0,
            Self::Routine { atomic, .. } => atomic,
        }
    }

    /// Reads on by the token that `here` begins with.
    fn follow(&mut self, mut here: Cursor<'_>, previous: Option<Token>) {
        let start = here;
        let text = here.text();
        let Some(token) = here.next() else { return };
        match self {
            Self::None => {}
            Self::Rule(parentheses) => *parentheses = token.nest(*parentheses),
            Self::Routine {
                parentheses,
                atomic,
                at_start,
                header,
            } => {
                *parentheses = token.nest(*parentheses);
                let began = std::mem::replace(at_start, false);
                if token.kind == TokenKind::Semicolon {
                    *at_start = true;
                    *header = false;
                } else if began && text.is(token, "end") {
                    // END of CASE, or as a label, never stands where a statement begins.
                    *atomic = atomic.saturating_sub(1);
                    *header = false;
                } else if began {
                    *header = matches!(Self::of(start), Self::Routine { .. });
                } else if *header
                    && *parentheses == 0
                    && text.is(token, "atomic")
                    && previous.is_some_and(|previous| text.is(previous, "begin"))
                {
                    *atomic = atomic.saturating_add(1);
                    *at_start = true;
                    *header = false;
                }
            }
        }
    }
}

/// A limit that was reached.
pub(crate) fn too_many(offset: usize) -> Unreadable {
    Unreadable {
        cause: UnreadableCause::TooManyStatements,
        offset,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let pieces = Pieces::new(Lexer::new(text.as_bytes(), true), Language::Sql);
        let found: Vec<_> = pieces.map(|piece| &text[piece.range]).collect();
        assert_eq!(found, expected, "{text}");
    }

    /// `{text}; after` is `text` and `after`.
    #[track_caller]
    fn check_whole(text: &str) {
        check(&format!("{text}; after"), &[text, "after"]);
        let spread = text.replace(' ', " /*;*/\n--;\n ");
        check(&format!(" {spread} ;;after"), &[&spread, "after"]);
    }

    #[test]
    fn semicolons_of_atomic_bodies() {
        for text in [
            "create function f() returns int begin atomic select 1; end",
            "CREATE OR REPLACE PROCEDURE f() LANGUAGE sql BEGIN ATOMIC END",
            "create function f() begin atomic ; ; end",
            "create function f() begin atomic select case when a then 1 end; select 2; end",
            "create function f() begin atomic select case when case when a then b end then 1 else 2 end; end",
            "create function f() begin atomic select case a when 1 then 2 end end; end",
            "create function f() begin atomic select 1 as end; select t.end from t as end; end",
            "create function f() begin atomic select \"end\"; select (case a when b then c end); end",
            "create function f() begin atomic return case when a then b end; end",
            "create function f() begin atomic insert into t values ('; end'); end",
            "create function f() begin atomic create function g() begin atomic select 1; end; select 2; end",
            "create function f() begin atomic create function g() return 1; select 2; end",
            "create function f() begin atomic create function begin() return 1; select 2; end",
            "create function f() set a to begin begin atomic select 1; end",
            "create function begin(atomic int) begin atomic select 1; end",
            "create function f(a int default begin.atomic) begin atomic select 1; end",
            "create function atomic() returns begin begin atomic select 1; end",
        ] {
            check_whole(text);
        }
        // Without a body, or before there is one, nothing is held.
        check_whole("create function f() returns int return 1");
        check_whole("create function f(begin atomic) return 1");
        check_whole("create function f() as 'begin atomic'");
        check_whole("create function \"begin\" atomic");
        check_whole("create table begin atomic");
        check("begin atomic; after", &["begin atomic", "after"]);
        check(
            "create or function begin atomic; after; end",
            &["create or function begin atomic; after; end"],
        );
        check("select 1; end; after", &["select 1", "end", "after"]);
    }

    #[test]
    fn semicolons_of_rules() {
        for text in [
            "create rule r as on insert to t do also (select 1; select 2)",
            "CREATE OR REPLACE RULE r AS ON SELECT TO t WHERE (a) DO INSTEAD (SELECT 1;;SELECT 2;)",
            "create rule r as on insert to t do (select (1); delete from t where (a in (1, 2)))",
            "create rule r as on insert to t do nothing",
            "create rule r as on insert to t do also select 1",
            "create rule r as on insert to t do (insert into u values (')'); notify n)",
        ] {
            check_whole(text);
        }
        // Other parentheses hold none: to the server that is a syntax error, so what is split here does nothing there.
        check("select (1; 2)", &["select (1", "2)"]);
        check("create table t (a; b)", &["create table t (a", "b)"]);
        check("create view rule as (a; b)", &["create view rule as (a", "b)"]);
    }

    #[test]
    fn nothing_is_data() {
        check(
            "copy t from stdin;\n1\t2\n\\.\nafter",
            &["copy t from stdin", "1\t2\n\\.\nafter"],
        );
        check("select 1\\; after", &["select 1\\", "after"]);
        check(
            ";;--;\n/*;*/;'a;';\";\";$;$;$;$",
            &["'a;'", "\";\"", "$", "$", "$", "$"],
        );
    }
}
