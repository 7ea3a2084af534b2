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
            TokenKind::Semicolon | TokenKind::Open | TokenKind::Close | TokenKind::Comma | TokenKind::Dot => {
                ""
            }
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

/// `{integer}`, `{numeric}`, `{real}` and their failures.
#[test]
fn numbers() {
    check(
        "1 1.5 .5 5. 1e5 1.5E-3",
        &["n1", "n1.5", "n.5", "n5.", "n1e5", "n1.5E-3"],
    );
    check("1..2 1.e5 1.2.3", &["n1", "o..", "n2", "n1.e5", "n1.2", "n.3"]);
    check("1...2 ..5 a.5", &["n1", "o..", "n.2", "o..", "n5", "wa", "n.5"]);
    check(
        "0xFF 0b1_0 0o17 1_000.5 0X_f 1_0e1_0 .1_0",
        &[
            "n0xFF", "n0b1_0", "n0o17", "n1_000.5", "n0X_f", "n1_0e1_0", "n.1_0",
        ],
    );
    check(
        "0x 0xg 1e 1e+ 1a",
        &["n0", "wx", "n0", "wxg", "n1", "we", "n1", "we", "o+", "n1", "wa"],
    );
    check("1.a 1copy", &["n1.", "wa", "n1", "wcopy"]);
}

/// Where 13 and 14 see a number and a name, 15 and later report junk, or see what the grammar takes nowhere.
#[test]
fn numbers_before_names() {
    // `$` goes on with a name, and begins no literal.
    check("1_$a$;2 x$a$", &["n1", "w_$a$", ";", "n2", "wx$a$"]);
    check("1_0$a$;2 x$a$", &["n1", "w_0$a$", ";", "n2", "wx$a$"]);
    check("0x1$a$;2 x$a$", &["n0", "wx1$a$", ";", "n2", "wx$a$"]);
    check("0o1$$ 0b1$$", &["n0", "wo1$$", "n0", "wb1$$"]);
    check("1.5_0$$ 1e5_0$$", &["n1.5", "w_0$$", "n1e5", "w_0$$"]);
    // Nor do the letters that would begin one.
    check(r"1_0e'\'", &["n1", "w_0e", r"s'\'"]);
    check(r"0o1e'\'", &["n0", "wo1e", r"s'\'"]);
    check(
        "0x1u&'a' 0x1x'1'",
        &["n0", "wx1u", "o&", "s'a'", "n0", "wx1x", "s'1'"],
    );
    check(
        "1__0 1_ 0x_ 0x1_g",
        &["n1", "w__0", "n1", "w_", "n0", "wx_", "n0", "wx1_g"],
    );
    check("1_0e+5e''", &["n1", "w_0e", "o+", "n5", "se''"]);
    check("0o18 0b12 0x1g", &["n0", "wo18", "n0", "wb12", "n0", "wx1g"]);
    check("1_0\u{e9}'a'", &["n1", "w_0\u{e9}", "s'a'"]);
    // Without an underscore all versions agree on where a literal begins.
    check("1$a$;$a$ 1e5$$;$$", &["n1", "s$a$;$a$", "n1e5", "s$$;$$"]);
    check(r"0b'\' 0x'1'", &["n0", r"sb'\'", "n0", "sx'1'"]);
    check(r"1e5e'\'' 1.5e'\''", &["n1e5", r"se'\''", "n1.5", r"se'\''"]);
}

/// `{param}`, `{param_junk}`.
#[test]
fn parameters() {
    check("$1 $12,$3", &["p$1", "p$12", ",", "p$3"]);
    check(
        r"$1abc $1_0 $1e'\''",
        &["p$1", "wabc", "p$1", "w_0", "p$1", r"se'\''"],
    );
    check("$1$2 $1'a' $1.5", &["p$1", "p$2", "p$1", "s'a'", "p$1", "n.5"]);
    check("$1$$;$$ $1a$$", &["p$1", "s$$;$$", "p$1", "wa$$"]);
}

/// `{space}`: nothing else is white space, whatever Unicode says.
#[test]
fn white_space() {
    // The vertical tab is from 16 on; before, the server refuses the whole text.
    check("a\x0bb\x0cc\td\re\nf", &["wa", "wb", "wc", "wd", "we", "wf"]);
    check("a\u{a0}b a\u{3000}b", &["wa\u{a0}b", "wa\u{3000}b"]);
    check(
        "a\u{85}b \u{feff}a \u{200b}",
        &["wa\u{85}b", "w\u{feff}a", "w\u{200b}"],
    );
    for byte in (0x00..0x20).chain([0x7f]) {
        let text = String::from_utf8(vec![b'a', byte, b'b']).unwrap();
        let other = format!("?{}", char::from(byte));
        match byte {
            b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => check(&text, &["wa", "wb"]),
            _ => check(&text, &["wa", &other, "wb"]),
        }
    }
}

/// `{xqs}`: what may stand between the parts of a literal is the same for all kinds that may have parts.
#[test]
fn continued_literals() {
    for open in ["'", "E'", "U&'", "B'", "X'", "N'"] {
        for between in [
            "\n",
            "\r",
            " \n ",
            "--\n",
            " -- x'\n",
            "\n--'\n",
            "\n--'\r\x0b",
            "\x0b\n\x0c",
            "\n\n\n",
        ] {
            let text = format!("{open}1'{between}'2' a");
            let literal = format!("s{open}1'{between}'2'");
            check(&text, &[&literal, "wa"]);
        }
        for between in [" ", "\t", "/**/", "\n/**/", "/*\n*/", "\n- ", "\n;", "\u{a0}\n"] {
            let text = format!("{open}1'{between}'2'");
            let mut lexer = Lexer::new(text.as_bytes(), true);
            let first = lexer.next_token().unwrap();
            assert_eq!(first.end, open.len() + 2, "{text}");
        }
    }
    // What goes on with it has the rules of what began it.
    check("E'a'\n'\\'' b", &["sE'a'\n'\\''", "wb"]);
    check("'a'\n'\\' b", &["s'a'\n'\\'", "wb"]);
    check("U&'a'\n'''' b", &["sU&'a'\n''''", "wb"]);
    check("B'1'\n'''2' b", &["sB'1'\n''", "s'2'", "wb"]);
    check("'a'\n''\n'b' c", &["s'a'\n''\n'b'", "wc"]);
    check("'a'\n'b", &["!'a'\n'b"]);
    check("'a'\n--\n'b", &["!'a'\n--\n'b"]);
    // Names and dollars have no parts.
    check(
        "\"a\"\n\"b\" $$a$$\n$$b$$",
        &["q\"a\"", "q\"b\"", "s$$a$$", "s$$b$$"],
    );
    check("U&\"a\"\n\"b\"", &["uU&\"a\"", "q\"b\""]);
}

/// `{operator}`, `{self}`: comments begin in any of them, as the leftmost says.
#[test]
fn comments_in_operators() {
    check("a+/*--*/b", &["wa", "o+", "wb"]);
    check("a+--/*\nb", &["wa", "o+", "wb"]);
    check("a=-/**/b =+--\n1", &["wa", "o=-", "wb", "o=+", "n1"]);
    check("a<-/*/*/--*/*/ */b", &["wa", "o<-", "o*/", "wb"]);
    check("@/**//**/@ *-- x", &["o@", "o@", "o*"]);
    check("a/ *b*/", &["wa", "o/", "o*", "wb", "o*/"]);
    check("a- -b", &["wa", "o-", "o-", "wb"]);
    check("a\n--\n/*x*/\r--\r;", &["wa", ";"]);
    check("a::--b\n'c'", &["wa", "o::", "s'c'"]);
    check("a:--b\n=c", &["wa", "o:", "o=", "wc"]);
    // The zero byte ends the text for the server, so none is in what it reads.
    check("a\0'b'", &["wa", "?\0", "s'b'"]);
}

/// `{xcstart}`, `{xcinside}`, `{op_chars}`, `\*+`, `{xcstop}`.
#[test]
fn nested_comments() {
    check("/*/**/*/a /*/*/**/*/*/b", &["wa", "wb"]);
    check("/*/**/;a", &["!/*/**/;a"]);
    check("/*+-/**/ */a /*//**//*/**/*/*/b", &["wa", "wb"]);
    check("/***/a/****/b /**/*/", &["wa", "wb", "o*/"]);
    check("/*--*/a /*'*/b /*$$*/c /*\"*/d", &["wa", "wb", "wc", "wd"]);
    check("--/*\na/*--\n*/b", &["wa", "wb"]);
    check("a/*\0*/b", &["wa", "wb"]);
}

/// `{dolqdelim}`, `{dolqfailed}`, `{dolqinside}`.
#[test]
fn dollar_tags() {
    check("$a$$b$a$ $b$$a$", &["s$a$$b$a$", "!$b$$a$"]);
    check("$$$$ $$$ $$", &["s$$$$", "s$$$ $$"]);
    check("$_$;$_$ $a1$;$a1$", &["s$_$;$_$", "s$a1$;$a1$"]);
    check("$\u{e9}$;$\u{c9}$ $\u{e9}$", &["s$\u{e9}$;$\u{c9}$ $\u{e9}$"]);
    check("$a-b$ $a b$", &["?$", "wa", "o-", "wb$", "?$", "wa", "wb$"]);
    check("$$'$$'$$'", &["s$$'$$", "s'$$'"]);
    check("$a$'$a'$a$", &["s$a$'$a'$a$"]);
    check("$a$ $a $ a$ $a$b", &["s$a$ $a $ a$ $a$", "wb"]);
    check("a$$b$$ _$a$ \u{e9}$$", &["wa$$b$$", "w_$a$", "w\u{e9}$$"]);
    check(
        "\"a\"$$;$$ 'a'$$;$$ )$$;$$",
        &["q\"a\"", "s$$;$$", "s'a'", "s$$;$$", ")", "s$$;$$"],
    );
}

/// `{xufailed}`, and prefixes of literals that are none.
#[test]
fn prefixes() {
    check(
        "u&'a' U&\"a\" u& 'a' U&a",
        &["su&'a'", "uU&\"a\"", "wu", "o&", "s'a'", "wU", "o&", "wa"],
    );
    check(
        "e 'a' x\"a\" _e'\\'",
        &["we", "s'a'", "wx", "q\"a\"", "w_e", "s'\\'"],
    );
    check("au&'a' 1u&'\\'", &["wau", "o&", "s'a'", "n1", "su&'\\'"]);
    check("\u{e9}e'\\'", &["w\u{e9}e", "s'\\'"]);
    check("u&/**/'a' u&--\n'a'", &["wu", "o&", "s'a'", "wu", "o&", "s'a'"]);
    check("u&&'a'", &["wu", "o&&", "s'a'"]);
}

/// `{xe}`: a backslash takes whatever follows, `{xeescape}`, `{xeoctesc}`, `{xehexesc}`, `{xeunicode}`.
#[test]
fn escapes() {
    for text in [
        r"'\''",
        r"'\\'",
        "'\\\n'",
        r"'\x27'",
        r"'\47'",
        r"'\u0027'",
        r"'\U00000027'",
        r"'\q'",
        r"'''\''''",
    ] {
        check(&format!("E{text}"), &[&format!("sE{text}")]);
        check_read(text, false, &[&format!("s{text}")]);
    }
    check(r"E'\\\'' a", &[r"sE'\\\''", "wa"]);
    check(r"E'\", &[r"!E'\"]);
    check(r"E'\'", &[r"!E'\'"]);
    check_read(r"'\', '", false, &[r"s'\', '"]);
    check_read(
        r"N'\'; U&'\'; B'\'",
        false,
        &[r"sN'\'; U&'", r"?\", r"s'; B'", r"?\", "!'"],
    );
    check_read(
        r"U&'\'; X'\'; $$\$$",
        false,
        &[r"sU&'\'", ";", r"sX'\'", ";", r"s$$\$$"],
    );
}
