//! Walking over the tokens of one statement.

use crate::lexer::{Lexer, StringKind, Token, TokenKind};
use crate::literal::{UnicodeEscape, name_value, string_value};

/// Comparing tokens of a text with words.
pub(crate) trait Words {
    /// Whether the token is this keyword, in any case and without quotes. The keyword is given in lower case.
    fn is(&self, token: Token, keyword: &str) -> bool;
}

impl Words for [u8] {
    #[inline]
    fn is(&self, token: Token, keyword: &str) -> bool {
        token.kind == TokenKind::Word
            && self
                .get(token.start..token.end)
                .is_some_and(|word| word.eq_ignore_ascii_case(keyword.as_bytes()))
    }
}

/// The tokens of a statement, without white space and comments. Copying it is how to look ahead.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    lexer: Lexer<'a>,
    end: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(lexer: Lexer<'a>, end: usize) -> Self {
        Self { lexer, end }
    }

    pub(crate) fn text(&self) -> &'a [u8] {
        self.lexer.text()
    }

    pub(crate) fn next(&mut self) -> Option<Token> {
        let token = self.lexer.next_significant()?;
        (token.start < self.end).then_some(token)
    }

    pub(crate) fn peek(&self) -> Option<Token> {
        Self::clone(self).next()
    }

    pub(crate) fn is_next(&self, keyword: &str) -> bool {
        self.peek().is_some_and(|token| self.text().is(token, keyword))
    }

    pub(crate) fn is_next_kind(&self, kind: TokenKind) -> bool {
        self.peek().is_some_and(|token| token.kind == kind)
    }

    /// Steps over the keyword if it is next.
    pub(crate) fn eat(&mut self, keyword: &str) -> bool {
        let is_next = self.is_next(keyword);
        if is_next {
            self.next();
        }
        is_next
    }

    /// Steps over the keywords if all of them are next.
    pub(crate) fn eat_all(&mut self, keywords: &[&str]) -> bool {
        let mut ahead = *self;
        let found = keywords.iter().all(|keyword| ahead.eat(keyword));
        if found {
            *self = ahead;
        }
        found
    }

    /// Steps over a group in parentheses if one is next; an open one goes on to the end.
    pub(crate) fn eat_parentheses(&mut self) -> bool {
        if !self.is_next_kind(TokenKind::Open) {
            return false;
        }
        let mut depth = 0_usize;
        while let Some(token) = self.next() {
            depth = token.nest(depth);
            if depth == 0 {
                break;
            }
        }
        true
    }

    /// The name that the token, just read, stands for. Steps over its `UESCAPE`.
    pub(crate) fn name(&mut self, token: Token) -> Vec<u8> {
        let escape = self.escape(token.kind == TokenKind::UnicodeName);
        name_value(self.text(), token, escape)
    }

    /// The value of the literal that was just read. Steps over its `UESCAPE`.
    pub(crate) fn string(&mut self, token: Token) -> Vec<u8> {
        let escape = self.escape(token.kind == TokenKind::String(StringKind::Unicode));
        string_value(&self.lexer, token, escape)
    }

    /// A name, if one is next.
    pub(crate) fn eat_name(&mut self) -> Option<Vec<u8>> {
        let token = self.peek().filter(|token| token.is_name())?;
        self.next();
        Some(self.name(token))
    }

    /// The name of a language or the like, `NonReservedWord_or_Sconst`, folded even where it is quoted.
    pub(crate) fn eat_name_or_string(&mut self) -> Option<Vec<u8>> {
        let token = self.next()?;
        let mut name = if matches!(token.kind, TokenKind::String(_)) {
            self.string(token)
        } else if token.is_name() {
            self.name(token)
        } else {
            return None;
        };
        name.make_ascii_lowercase();
        Some(name)
    }

    /// Where the cursor stands: behind what was read last.
    pub(crate) fn position(&self) -> usize {
        self.lexer.position()
    }

    /// Where the statement ends.
    pub(crate) fn end(&self) -> usize {
        self.end
    }

    /// The escape character behind what was just read. Steps over `UESCAPE` and the literal that names it.
    fn escape(&mut self, unicode: bool) -> UnicodeEscape {
        let mut ahead = *self;
        if unicode
            && ahead.eat("uescape")
            && let Some(token) = ahead.next()
            && token.is_string_constant()
            && let value = string_value(&ahead.lexer, token, UnicodeEscape::BACKSLASH)
            && let Some(escape) = UnicodeEscape::new(&value)
        {
            *self = ahead;
            return escape;
        }
        UnicodeEscape::BACKSLASH
    }
}
