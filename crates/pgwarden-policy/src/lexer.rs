//! PostgreSQL's scanner (`src/backend/parser/scan.l`), token by token, over bytes.
//!
//! A token is a kind and two offsets: nothing is copied, and no token costs more than a few looks at each of its bytes.
//! Where versions 15 to 18 differ, or one of them reports an error, the reading is the one that finds more statements:
//! the server then refuses the whole text, so nothing that was split too often has run.
//!
//! Every byte is lexed for itself, as the scanner does with the encodings that a server can have. Encodings of clients
//! alone, in which a byte from 0x80 on may take the next one with it, can only differ at places that
//! [`Lexer::encoding_matters`] reports.

use memchr::{memchr, memchr2, memmem};

use crate::facts::UnreadableCause;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TokenKind {
    /// White space.
    Space,
    /// A comment of either kind.
    Comment,
    /// A keyword or an identifier without quotes.
    Word,
    /// `"name"`
    QuotedName,
    /// `U&"name"`, without its `UESCAPE`.
    UnicodeName,
    /// A literal with all its continuations, without its `UESCAPE`.
    String(StringKind),
    /// A number.
    Number,
    /// `$1`
    Parameter,
    /// A run of operator characters. The scanner may see more than one operator in it (`=-`), which nothing here depends on.
    /// Also `:`, `::`, `:=` and `..`.
    Operator,
    /// `;`
    Semicolon,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// Any other byte.
    Other,
    /// From where something opens to the end of the text, as its end is missing.
    Unterminated(UnreadableCause),
}

/// How a literal was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum StringKind {
    /// `'…'`, with backslashes as `standard_conforming_strings` says.
    Plain,
    /// `N'…'`, which the grammar takes for a cast of a plain literal.
    National,
    /// `E'…'`
    Escape,
    /// `U&'…'`
    Unicode,
    /// `B'…'` and `X'…'`
    Bits,
    /// `$tag$…$tag$`
    Dollar,
}

/// A piece of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Token {
    /// Whether it is a literal that the grammar takes for a string constant (`Sconst`).
    pub(crate) fn is_string_constant(self) -> bool {
        matches!(
            self.kind,
            TokenKind::String(
                StringKind::Plain | StringKind::Escape | StringKind::Unicode | StringKind::Dollar
            )
        )
    }

    /// How many parentheses are open behind it, if `depth` are before it.
    pub(crate) fn nest(self, depth: usize) -> usize {
        if self.kind == TokenKind::Open {
            depth.saturating_add(1)
        } else if self.kind == TokenKind::Close {
            depth.saturating_sub(1)
        } else {
            depth
        }
    }

    pub(crate) fn is_name(self) -> bool {
        matches!(
            self.kind,
            TokenKind::Word | TokenKind::QuotedName | TokenKind::UnicodeName
        )
    }
}

/// The rest of a text. Copying it is how to look ahead.
#[derive(Clone, Copy)]
pub(crate) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    standard_conforming_strings: bool,
    backslash_matters: bool,
    encoding_matters: bool,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a [u8], standard_conforming_strings: bool) -> Self {
        Self {
            text,
            at: 0,
            standard_conforming_strings,
            backslash_matters: false,
            encoding_matters: false,
        }
    }

    /// The same text from `at` on, which must be where a token begins.
    pub(crate) fn from(self, at: usize) -> Self {
        Self { at, ..self }
    }

    /// Where the next token begins.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    pub(crate) fn text(&self) -> &'a [u8] {
        self.text
    }

    #[cfg(any(test, fuzzing))]
    pub(crate) fn standard_conforming_strings(&self) -> bool {
        self.standard_conforming_strings
    }

    /// Whether a plain literal so far held a backslash, which `standard_conforming_strings` gives its meaning.
    pub(crate) fn backslash_matters(&self) -> bool {
        self.backslash_matters
    }

    /// Whether so far there was a byte from 0x80 on, outside of where it makes no difference, whose next one might be half a character.
    pub(crate) fn encoding_matters(&self) -> bool {
        self.encoding_matters
    }

    /// The next token that is neither white space nor comment.
    #[inline]
    pub(crate) fn next_significant(&mut self) -> Option<Token> {
        loop {
            // Most tokens have white space before them, which makes no token of its own here.
            while self.text.get(self.at).copied().is_some_and(is_space) {
                self.at = self.at.saturating_add(1);
            }
            let token = self.next_token()?;
            if !matches!(token.kind, TokenKind::Space | TokenKind::Comment) {
                return Some(token);
            }
        }
    }

    /// The next token, whatever it is. Tokens cover the text without gaps.
    #[inline]
    pub(crate) fn next_token(&mut self) -> Option<Token> {
        let rest = self.text.get(self.at..)?;
        let (&first, after) = rest.split_first()?;
        let second = after.first().copied().unwrap_or(0);
        let (kind, len) = match (first, second) {
            (b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c, _) => (TokenKind::Space, run(rest, is_space)),
            (b'-', b'-') => (TokenKind::Comment, line_comment(rest)),
            (b'/', b'*') => block_comment(rest),
            (b'\'', _) => self.quoted(rest, 1, StringKind::Plain),
            (b'e' | b'E', b'\'') => self.quoted(rest, 2, StringKind::Escape),
            (b'n' | b'N', b'\'') => self.quoted(rest, 2, StringKind::National),
            (b'b' | b'B' | b'x' | b'X', b'\'') => self.quoted(rest, 2, StringKind::Bits),
            (b'u' | b'U', b'&') => match after.get(1) {
                Some(b'\'') => self.quoted(rest, 3, StringKind::Unicode),
                Some(b'"') => {
                    let (kind, len) = quoted_name(rest, 3, TokenKind::UnicodeName);
                    self.encoding_matters |= has_pair(rest.get(..len).unwrap_or(rest), is_second_byte);
                    (kind, len)
                }
                _ => (TokenKind::Word, 1),
            },
            (b'"', _) => quoted_name(rest, 1, TokenKind::QuotedName),
            (b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.., _) => self.word(rest),
            (b'0'..=b'9', _) | (b'.', b'0'..=b'9') => (TokenKind::Number, number(rest)),
            (b'.', b'.') | (b':', b':' | b'=') => (TokenKind::Operator, 2),
            (b'.', _) => (TokenKind::Dot, 1),
            (b':', _) => (TokenKind::Operator, 1),
            (b'$', b'0'..=b'9') => (
                TokenKind::Parameter,
                run(after, |byte| byte.is_ascii_digit()).saturating_add(1),
            ),
            (b'$', _) => dollar_quoted(rest),
            (b';', _) => (TokenKind::Semicolon, 1),
            (b'(', _) => (TokenKind::Open, 1),
            (b')', _) => (TokenKind::Close, 1),
            (b',', _) => (TokenKind::Comma, 1),
            _ if is_operator(first) => (TokenKind::Operator, operator(rest)),
            _ => (TokenKind::Other, 1),
        };
        #[cfg(any(test, fuzzing))]
        crate::effort::add(len);
        let start = self.at;
        self.at = start.saturating_add(len);
        Some(Token {
            kind,
            start,
            end: self.at,
        })
    }

    fn word(&mut self, rest: &[u8]) -> (TokenKind, usize) {
        let len = run(rest, is_word);
        if let (Some(last), Some(&next)) = (len.checked_sub(1).and_then(|last| rest.get(last)), rest.get(len))
            && *last >= 0x80
            && is_second_byte(next)
        {
            self.encoding_matters = true;
        }
        (TokenKind::Word, len)
    }

    /// A literal between single quotes, with its continuations. `open` is the length of what opens it.
    fn quoted(&mut self, rest: &[u8], open: usize, kind_written: StringKind) -> (TokenKind, usize) {
        let quoting = self.quoting(kind_written);
        let mut len = open;
        let end = loop {
            let Some(segment) = rest.get(len..).and_then(|inside| quoting.end(inside)) else {
                break None;
            };
            len = len.saturating_add(segment);
            match rest.get(len..).and_then(continuation) {
                Some(next) => len = len.saturating_add(next),
                None => break Some(len),
            }
        };
        let (kind, len) = match end {
            Some(len) => (TokenKind::String(kind_written), len),
            None => (TokenKind::Unterminated(UnreadableCause::OpenString), rest.len()),
        };
        let token = rest.get(..len).unwrap_or(rest);
        if matches!(kind_written, StringKind::Plain | StringKind::National) {
            self.backslash_matters |= memchr(b'\\', token).is_some();
        }
        // Where an escape character can be half a character, the value, if not the end, hangs on it.
        let escape_matters = match kind_written {
            StringKind::Unicode => has_pair(token, is_second_byte),
            StringKind::Plain
            | StringKind::National
            | StringKind::Escape
            | StringKind::Bits
            | StringKind::Dollar => quoting == Quoting::Backslash && has_pair(token, |next| next == b'\\'),
        };
        self.encoding_matters |= escape_matters;
        (kind, len)
    }

    pub(crate) fn quoting(&self, kind: StringKind) -> Quoting {
        match kind {
            StringKind::Plain | StringKind::National if self.standard_conforming_strings => Quoting::Doubled,
            StringKind::Plain | StringKind::National | StringKind::Escape => Quoting::Backslash,
            StringKind::Unicode => Quoting::Doubled,
            StringKind::Bits | StringKind::Dollar => Quoting::Bare,
        }
    }
}

/// How a quote within a literal is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Quoting {
    /// Twice.
    Doubled,
    /// Twice, or behind a backslash.
    Backslash,
    /// Not at all.
    Bare,
}

impl Quoting {
    /// Length from behind the opening quote to behind the closing one.
    pub(crate) fn end(self, inside: &[u8]) -> Option<usize> {
        let mut at = 0_usize;
        loop {
            let rest = inside.get(at..)?;
            let found = match self {
                Self::Backslash => memchr2(b'\'', b'\\', rest)?,
                Self::Doubled | Self::Bare => memchr(b'\'', rest)?,
            };
            let skipped = match (rest.get(found), rest.get(found.saturating_add(1))) {
                // A backslash takes any next byte with it, be it the first of a longer escape.
                (Some(b'\\'), _) => 2,
                (Some(_), Some(b'\'')) if self != Self::Bare => 2,
                _ => return Some(at.saturating_add(found).saturating_add(1)),
            };
            at = at.saturating_add(found).saturating_add(skipped);
        }
    }
}

/// Behind a closing quote: length up to behind the quote that goes on with the literal, `{quotecontinue}`.
/// Between them is white space with a newline, and `--` comments; behind the newline only whole lines of them.
pub(crate) fn continuation(rest: &[u8]) -> Option<usize> {
    let mut at = 0_usize;
    let mut newline = false;
    loop {
        let here = rest.get(at..)?;
        match here {
            [b'\n' | b'\r', ..] => {
                newline = true;
                at = at.saturating_add(1);
            }
            [b' ' | b'\t' | 0x0b | 0x0c, ..] => at = at.saturating_add(1),
            // The newline that ends it is read by the next turn; without one there is no quote either.
            [b'-', b'-', ..] => at = at.saturating_add(line_comment(here)),
            [b'\'', ..] if newline => return Some(at.saturating_add(1)),
            _ => return None,
        }
    }
}

/// Whether a byte from 0x80 on is followed by such a one.
fn has_pair(token: &[u8], second: impl Fn(u8) -> bool) -> bool {
    !token.is_ascii()
        && token
            .windows(2)
            .any(|pair| matches!(pair, &[first, next] if first >= 0x80 && second(next)))
}

/// The length of what holds for each byte.
#[inline]
fn run(rest: &[u8], holds: impl Fn(u8) -> bool) -> usize {
    rest.iter().position(|&byte| !holds(byte)).unwrap_or(rest.len())
}

/// `{space}`; `\v` is one of them from version 16 on, and an error before.
#[inline]
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// `{ident_cont}`
#[inline]
fn is_word(byte: u8) -> bool {
    /// For each byte whether it is one: words are most of a text, and looking it up costs less than comparing.
    const IS_WORD: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0_u8;
        loop {
            let holds = matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' | 0x80..);
            #[expect(
                clippy::indexing_slicing,
                clippy::as_conversions,
                reason = "a table has a place for each byte; conversions by trait aren't constant"
            )]
            {
                table[byte as usize] = holds;
            }
            match byte.checked_add(1) {
                Some(next) => byte = next,
                None => break table,
            }
        }
    };
    IS_WORD.get(usize::from(byte)).copied().unwrap_or(false)
}

/// `{op_chars}`
#[inline]
fn is_operator(byte: u8) -> bool {
    matches!(
        byte,
        b'~' | b'!'
            | b'@'
            | b'#'
            | b'^'
            | b'&'
            | b'|'
            | b'`'
            | b'?'
            | b'+'
            | b'-'
            | b'*'
            | b'/'
            | b'%'
            | b'<'
            | b'>'
            | b'='
    )
}

/// Bytes that are special to the scanner and the second half of characters in SJIS, BIG5, GBK, UHC, GB18030 or JOHAB.
/// Letters and digits are such halves too, but part of the word either way.
#[inline]
fn is_second_byte(byte: u8) -> bool {
    matches!(byte, b'@' | b'['..=b'^' | b'`' | b'{'..=b'~')
}

/// `--` to before the newline.
fn line_comment(rest: &[u8]) -> usize {
    memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
}

/// `/* … */`, nested.
fn block_comment(rest: &[u8]) -> (TokenKind, usize) {
    let mut at = 2_usize;
    let mut depth = 1_usize;
    while let Some(found) = rest.get(at..).and_then(|inside| memchr2(b'*', b'/', inside)) {
        at = at.saturating_add(found);
        match rest.get(at..) {
            Some([b'/', b'*', ..]) => {
                depth = depth.saturating_add(1);
                at = at.saturating_add(2);
            }
            Some([b'*', b'/', ..]) => {
                depth = depth.saturating_sub(1);
                at = at.saturating_add(2);
                if depth == 0 {
                    return (TokenKind::Comment, at);
                }
            }
            _ => at = at.saturating_add(1),
        }
    }
    (TokenKind::Unterminated(UnreadableCause::OpenComment), rest.len())
}

/// A quoted identifier. `open` is the length of what opens it.
fn quoted_name(rest: &[u8], open: usize, kind: TokenKind) -> (TokenKind, usize) {
    let mut at = open;
    while let Some(found) = rest.get(at..).and_then(|inside| memchr(b'"', inside)) {
        at = at.saturating_add(found).saturating_add(1);
        if rest.get(at) != Some(&b'"') {
            return (kind, at);
        }
        at = at.saturating_add(1);
    }
    (
        TokenKind::Unterminated(UnreadableCause::OpenIdentifier),
        rest.len(),
    )
}

/// The delimiter `$tag$` that begins here, `{dolqdelim}`.
pub(crate) fn dollar_delimiter(rest: &[u8]) -> Option<&[u8]> {
    let inside = rest.get(1..)?;
    let tag = run(inside, |byte| is_word(byte) && byte != b'$');
    if inside.first()?.is_ascii_digit() || inside.get(tag) != Some(&b'$') {
        return None;
    }
    rest.get(..tag.saturating_add(2))
}

fn dollar_quoted(rest: &[u8]) -> (TokenKind, usize) {
    let Some(delimiter) = dollar_delimiter(rest) else {
        return (TokenKind::Other, 1);
    };
    // A tag holds no dollar, so the first place where the delimiter stands is where the scanner finds it too.
    match rest
        .get(delimiter.len()..)
        .and_then(|inside| memmem::find(inside, delimiter))
    {
        Some(found) => (
            TokenKind::String(StringKind::Dollar),
            delimiter.len().saturating_mul(2).saturating_add(found),
        ),
        None => (
            TokenKind::Unterminated(UnreadableCause::OpenDollarString),
            rest.len(),
        ),
    }
}

/// A number. Junk behind it begins a token of its own, as up to version 14; later versions report it.
///
/// Version 16 brought `0xFF`, `0o7`, `0b1` and `1_000`, which 13 and 14 read as a number and a name: `1_a$$` is the name `_a$$`
/// there. Where a byte of a name follows, 15 and later report an error, or see `$` begin a literal or parameter, which the grammar
/// takes nowhere behind a number. So there the older reading is the only one in which something can run.
fn number(rest: &[u8]) -> usize {
    let len = number_since_16(rest);
    if rest.get(len).copied().is_some_and(is_word) {
        decimal(rest, |rest| run(rest, |byte| byte.is_ascii_digit()))
    } else {
        len
    }
}

/// `{hexinteger}`, `{octinteger}`, `{bininteger}`, else as below with `{decinteger}`.
fn number_since_16(rest: &[u8]) -> usize {
    let digits = match rest {
        [b'0', b'x' | b'X', tail @ ..] => based_digits(tail, |byte| byte.is_ascii_hexdigit()),
        [b'0', b'o' | b'O', tail @ ..] => based_digits(tail, |byte| matches!(byte, b'0'..=b'7')),
        [b'0', b'b' | b'B', tail @ ..] => based_digits(tail, |byte| matches!(byte, b'0' | b'1')),
        _ => 0,
    };
    if digits > 0 {
        return digits.saturating_add(2);
    }
    decimal(rest, |rest| {
        // `{decdigit}(_?{decdigit})*`
        if rest.first().is_some_and(u8::is_ascii_digit) {
            based_digits(rest, |byte| byte.is_ascii_digit())
        } else {
            0
        }
    })
}

/// `(_?{digit})*`
fn based_digits(rest: &[u8], is_digit: impl Fn(u8) -> bool) -> usize {
    let mut len = 0_usize;
    loop {
        len = match rest.get(len..) {
            Some([digit, ..]) if is_digit(*digit) => len.saturating_add(1),
            Some([b'_', digit, ..]) if is_digit(*digit) => len.saturating_add(2),
            _ => return len,
        };
    }
}

/// `{integer}`, `{numeric}` (`{decimal}`), `{real}`, with digits as `digits` finds them.
fn decimal(rest: &[u8], digits: impl Fn(&[u8]) -> usize) -> usize {
    let digits_from = |from: usize| rest.get(from..).map_or(0, &digits);
    let mut len = digits_from(0);
    // `1..2` is two numbers with a range between them.
    if rest.get(len) == Some(&b'.') && rest.get(len.saturating_add(1)) != Some(&b'.') {
        len = len.saturating_add(1);
        len = len.saturating_add(digits_from(len));
    }
    let exponent = match rest.get(len..) {
        Some([b'e' | b'E', b'+' | b'-', b'0'..=b'9', ..]) => 2,
        Some([b'e' | b'E', b'0'..=b'9', ..]) => 1,
        _ => return len,
    };
    len = len.saturating_add(exponent);
    len.saturating_add(digits_from(len))
}

/// A run of operator characters, up to where a comment begins in it. It is not looked at beyond, as a run may consist of comments.
fn operator(rest: &[u8]) -> usize {
    let mut len = 0_usize;
    loop {
        match rest.get(len..) {
            Some([b'-', b'-', ..] | [b'/', b'*', ..]) => return len,
            Some([byte, ..]) if is_operator(*byte) => len = len.saturating_add(1),
            _ => return len,
        }
    }
}

#[cfg(test)]
mod tests;
