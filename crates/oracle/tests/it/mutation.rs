//! Texts made of others, the same ones each time.

use pg_query::protobuf::ScanToken;

/// Numbers by xorshift, from a seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap();
        usize::try_from(self.next() % limit).unwrap()
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn choose<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// What is put into a text anywhere.
const BITS: &[&str] = &[
    "'",
    "''",
    "\"",
    "\"\"",
    "$",
    "$$",
    "$a$",
    "$\u{e9}$",
    "$1$",
    ";",
    " ; ",
    "/*",
    "*/",
    "--",
    "\n",
    "\r",
    "\t",
    "\u{b}",
    "\u{c}",
    "\\",
    "\\'",
    "\\\\",
    "E'",
    "e'",
    "N'",
    "B'",
    "X'",
    "U&'",
    "U&\"",
    " UESCAPE '!'",
    "'\n'",
    "' --x\n'",
    "' /*x*/ \n'",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    "..",
    "::",
    ":=",
    "+",
    "-",
    "*",
    "/",
    "@",
    "#",
    "=",
    "1",
    "1e",
    "0x",
    "1_0",
    "1_",
    "0b1",
    "$1",
    "\u{e9}",
    "_",
    "e",
    "copy",
    "COPY t TO STDOUT",
    ";COPY t TO STDOUT;",
    "; copy t from stdin ;",
    "begin atomic",
    "BEGIN ATOMIC ",
    "end",
    " END; ",
    "case",
    "as",
    "BEGIN ATOMIC SELECT 1; END",
    "create function f() returns int ",
    "create rule r as on insert to t do (select 1; select 2)",
    "to",
    "from",
    "stdin",
    "program",
    "execute s",
    "prepare s as select 1",
    "\u{a0}",
    "\u{3000}",
    "{",
    "|",
    "`",
    "?",
    "~",
    "!",
];

/// What separates tokens.
const SPACES: &[&str] = &[
    " ",
    "/**/",
    "/*'*/",
    "--'\n",
    "\n",
    "\u{b}",
    "\u{c}",
    "/*/*\"*/;*/",
    "\r",
    "--;\r",
    "/*$$*/",
    "\t",
    "--\n--/*\n",
    "/*--*/",
    "/***/",
];

/// A text made of one or two others.
pub(crate) fn mutated(random: &mut Random, texts: &[String]) -> String {
    let mut text = texts[random.below(texts.len())].clone();
    if random.once_in(2) {
        let separator = random.choose(&[";", " ; ", ";;", ";\n", "\n;--\n", "; /* ; */ "]);
        text = [
            text.trim_end_matches([';', '\n', ' ']),
            separator,
            &texts[random.below(texts.len())],
        ]
        .concat();
    }
    match random.below(4) {
        0 => {}
        1 | 2 => text = rewritten(random, &text),
        _ => {
            for _ in 0..=random.below(3) {
                disturb(random, &mut text);
            }
        }
    }
    if random.once_in(6) {
        disturb(random, &mut text);
    }
    if random.once_in(8) {
        text = nested(random, &text);
    }
    text
}

/// The same tokens written otherwise.
fn rewritten(random: &mut Random, text: &str) -> String {
    let Ok(scanned) = pg_query::scan(text) else {
        return text.to_owned();
    };
    let mut written = String::new();
    let mut at = 0;
    for ScanToken { start, end, .. } in scanned.tokens {
        let (start, end) = (usize::try_from(start).unwrap(), usize::try_from(end).unwrap());
        let (Some(between), Some(token)) = (text.get(at..start), text.get(start..end)) else {
            return text.to_owned();
        };
        written.push_str(between);
        if start > 0 && random.once_in(4) {
            written.push_str(random.choose(SPACES));
        }
        rewrite(random, token, &mut written);
        at = end;
    }
    written.push_str(&text[at..]);
    written
}

fn rewrite(random: &mut Random, token: &str, written: &mut String) {
    let is_word = token
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let plain = token
        .strip_prefix('\'')
        .and_then(|token| token.strip_suffix('\''))
        .filter(|inside| !inside.contains(['\\', '\n', '\r']));
    if is_word && random.once_in(2) {
        written.extend(token.chars().map(|letter| {
            if random.once_in(2) {
                letter.to_ascii_uppercase()
            } else {
                letter.to_ascii_lowercase()
            }
        }));
    } else if is_word && token.len() > 2 && random.once_in(12) {
        written.push_str(&quoted_name(random, token));
    } else if let Some(inside) = plain
        && random.once_in(2)
    {
        written.push_str(&literal(random, inside));
    } else {
        written.push_str(token);
    }
}

/// The name between quotes, as is or with its letters escaped.
fn quoted_name(random: &mut Random, name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let escaped = |escape: fn(u32) -> String| {
        name.chars()
            .map(|letter| escape(u32::from(letter)))
            .collect::<String>()
    };
    match random.below(3) {
        0 => format!("\"{name}\""),
        1 => format!("U&\"{}\"", escaped(|letter| format!("\\{letter:04x}"))),
        _ => [
            "u&\"",
            &escaped(|letter| format!("!+{letter:06X}")),
            "\"",
            random.choose(SPACES),
            "uescape",
            random.choose(SPACES),
            random.choose(&["'!'", "E'!'", "$$!$$", "'!'\n''", "E'\\x21'", "E'\\x2'\n'1'"]),
        ]
        .concat(),
    }
}

/// A literal of the same value, or nearly, in another way of writing.
fn literal(random: &mut Random, inside: &str) -> String {
    let value = inside.replace("''", "'");
    match random.below(8) {
        0 => format!("E'{inside}'"),
        1 if !value.contains("$q$") => format!("$q${value}$q$"),
        2 => format!("U&'{inside}'"),
        3 => {
            let escaped: String = value
                .bytes()
                .map(|byte| match random.below(3) {
                    0 => format!("\\x{byte:02x}"),
                    1 => format!("\\{byte:03o}"),
                    _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                    _ => format!("\\x{byte:02X}"),
                })
                .collect();
            format!("E'{escaped}'")
        }
        4 => {
            // In two parts, unless that would part two quotes.
            let middle = (0..=inside.len() / 2)
                .rev()
                .find(|&at| inside.is_char_boundary(at) && !inside[..at].ends_with('\''));
            let (head, tail) = inside.split_at(middle.unwrap_or(0));
            let between = random.choose(&["\n", " \n\t", "--'\n", "\n--\n  --x\n", "\r", "\u{b}\n"]);
            let open = random.choose(&["", "E", "U&", "e"]);
            format!("{open}'{head}'{between}'{tail}'")
        }
        5 => format!("E'{inside}\\''"),
        6 => format!("'{inside}\\'"),
        _ => format!("N'{inside}'"),
    }
}

/// Something put in or taken out.
fn disturb(random: &mut Random, text: &mut String) {
    let start = boundary(text, random.below(text.len() + 1));
    if random.once_in(3) {
        let end = boundary(text, (start + 1 + random.below(6)).min(text.len())).max(start);
        text.replace_range(start..end, "");
    } else {
        text.insert_str(start, random.choose(BITS));
    }
}

/// The text within something that may hold it.
fn nested(random: &mut Random, text: &str) -> String {
    let text = text.trim_end_matches([';', '\n', ' ']);
    match random.below(7) {
        0 => format!("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC {text}; END; COPY t TO STDOUT"),
        1 => format!("CREATE RULE r AS ON INSERT TO t DO ALSO ({text}); SELECT 1"),
        2 => format!("DO $o${text}$o$; COPY t FROM STDIN"),
        3 => format!("/* {text} */ SELECT 1"),
        4 => format!("EXPLAIN {text}"),
        5 => format!("SELECT $x$ {text} $x$; {text}"),
        _ => format!(
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC CREATE FUNCTION g() RETURNS int BEGIN ATOMIC {text}; END; END; {text}"
        ),
    }
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
