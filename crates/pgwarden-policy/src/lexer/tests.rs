//! The scanner's rules, one by one.

use super::*;

/// The significant tokens, each with a letter for its kind.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    check_read(text, true, expected);
}

#[track_caller]
fn check_read(text: &str, standard_conforming_strings: bool, expected: &[&str]) {
    let mut lexer = Lexer::new(text.as_bytes(), standard_conforming_strings);
    let mut found = Vec::new();
    while let Some(token) = lexer.next_significant() {
        let kind = match token.kind {
            TokenKind::Space | TokenKind::Comment => unreachable!("not significant"),
            TokenKind::Word => "w",
            TokenKind::QuotedName => "q",
            TokenKind::UnicodeName => "u",
            TokenKind::String(_) => "s",
            TokenKind::Number => "n",
            TokenKind::Parameter => "p",
            TokenKind::Operator => "o",
            TokenKind::Semicolon
            | TokenKind::Open
            | TokenKind::Close
            | TokenKind::Comma
            | TokenKind::Dot => "",
            TokenKind::Other => "?",
            TokenKind::Unterminated(_) => "!",
        };
        found.push(format!("{kind}{}", &text[token.start..token.end]));
    }
    assert_eq!(found, expected, "{text}");
}

#[test]
fn words() {
    check("a _a é a1 a$b a$$", &["wa", "w_a", "wé", "wa1", "wa$b", "wa$$"]);
    check(
        "e b x n u u& U&a",
        &["we", "wb", "wx", "wn", "wu", "wu", "o&", "wU", "o&", "wa"],
    );
    check("\"a\"\"b\"c", &["q\"a\"\"b\"", "wc"]);
    check("U&\"a\"u&\"b\"", &["uU&\"a\"", "uu&\"b\""]);
    check("a\u{a0}b", &["wa\u{a0}b"]);
    check("\"a", &["!\"a"]);
}

#[test]
fn strings() {
    check("'a''b''' ''", &["s'a''b'''", "s''"]);
    check("'a'  'b'", &["s'a'", "s'b'"]);
    check("'a'\n'b'", &["s'a'\n'b'"]);
    check("'a' \t\x0b\x0c\r 'b'", &["s'a' \t\x0b\x0c\r 'b'"]);
    check("'a' -- x\n'b'", &["s'a' -- x\n'b'"]);
    check("'a'\n -- x\n\n -- y\r 'b'", &["s'a'\n -- x\n\n -- y\r 'b'"]);
    check("'a' -- 'b'", &["s'a'"]);
    check("'a'\n -- 'b'", &["s'a'"]);
    check("'a' /* */\n'b'", &["s'a'", "s'b'"]);
    check("'a'\n/* */'b'", &["s'a'", "s'b'"]);
    check("'a'\n-'b'", &["s'a'", "o-", "s'b'"]);
    check("'a'\n$$b$$", &["s'a'", "s$$b$$"]);
    check("'a'\nE'b'", &["s'a'", "sE'b'"]);
    check("E'a'\n'\\''", &["sE'a'\n'\\''"]);
    check("'a'\n'\\' 'b'", &["s'a'\n'\\'", "s'b'"]);
    check("E'\\\\' e'\\'' E'\\x27'", &["sE'\\\\'", "se'\\''", "sE'\\x27'"]);
    check("E'a\\", &["!E'a\\"]);
    check("U&'\\' u&'a'\n'b'", &["sU&'\\'", "su&'a'\n'b'"]);
    check("N'a''b' n'\\'", &["sN'a''b'", "sn'\\'"]);
    check("B'1''2' x'1F'\n'2'", &["sB'1'", "s'2'", "sx'1F'\n'2'"]);
    check("ae'\\'", &["wae", "s'\\'"]);
    check("1e'\\''", &["n1", "se'\\''"]);
}

#[test]
fn strings_without_conforming() {
    check_read("'a\\'b' 'c'", false, &["s'a\\'b'", "s'c'"]);
    check_read("'a\\\\' 'c'", false, &["s'a\\\\'", "s'c'"]);
    check_read("N'a\\'b'", false, &["sN'a\\'b'"]);
    check_read("U&'a\\' B'\\'", false, &["sU&'a\\'", "sB'\\'"]);
    check_read("$$\\$$ \"\\\"", false, &["s$$\\$$", "q\"\\\""]);
}

#[test]
fn dollars() {
    check("$$a$$ $a$ $$ $b$ $A$ $a$", &["s$$a$$", "s$a$ $$ $b$ $A$ $a$"]);
    check("$$$a$$ $a$$a$", &["s$$$a$$", "s$a$$a$"]);
    check("$é1_$;$é1_$", &["s$é1_$;$é1_$"]);
    check("$1 $12a $1$a$b$a$", &["p$1", "p$12", "wa", "p$1", "s$a$b$a$"]);
    check("$ $a $a b$", &["?$", "?$", "wa", "?$", "wa", "wb$"]);
    check("a$b$c$b$", &["wa$b$c$b$"]);
    check("1$a$b$a$", &["n1", "s$a$b$a$"]);
    check("$1a$ b", &["p$1", "wa$", "wb"]);
    check("$a$ $b$", &["!$a$ $b$"]);
}

#[test]
fn comments() {
    check("a--b\rc--d\ne", &["wa", "wc", "we"]);
    check("a/*b/*c*/d*/e", &["wa", "we"]);
    check("/*/*/*/", &["!/*/*/*/"]);
    check("/**/a/***/b/*/ */c/*//**/*/d", &["wa", "wb", "wc", "wd"]);
    check("/* ' */ ' /* '", &["s' /* '"]);
    check("a/*", &["wa", "!/*"]);
}

#[test]
fn operators() {
    check("a+/*b*/c+--d\ne", &["wa", "o+", "wc", "o+", "we"]);
    check("*/* x */", &["o*"]);
    check("@-/* x */-- x", &["o@-"]);
    check("-- x", &[]);
    check("a->>'b'#>>'{}'", &["wa", "o->>", "s'b'", "o#>>", "s'{}'"]);
    check(
        "a::b:=c:d..e.f",
        &["wa", "o::", "wb", "o:=", "wc", "o:", "wd", "o..", "we", ".", "wf"],
    );
    check("(;,)", &["(", ";", ",", ")"]);
    check("[a]{}\\", &["?[", "wa", "?]", "?{", "?}", "?\\"]);
}

#[test]
fn numbers() {
    check(
        "1 1.5 .5 5. 1e5 1.5E-3",
        &["n1", "n1.5", "n.5", "n5.", "n1e5", "n1.5E-3"],
    );
    check("1..2 1.e5 1.2.3", &["n1", "o..", "n2", "n1.e5", "n1.2", "n.3"]);
    check(
        "0xFF 0b1_0 0o17 1_000.5",
        &["n0xFF", "n0b1_0", "n0o17", "n1_000.5"],
    );
    check(
        "0x 0xg 1e 1e+ 1a",
        &["n0", "wx", "n0", "wxg", "n1", "we", "n1", "we", "o+", "n1", "wa"],
    );
    check("1.a 1copy", &["n1.", "wa", "n1", "wcopy"]);
}
