//! How a file of attempts is written, and reading it.
//!
//! ```text
//! # What this class of attempts is.
//! refused: can_copy_to_clipboard          for all attempts of the file
//!
//! === a-name
//! with: can_export_csv = true             the record's settings besides the defaults
//! setup> create table t (a text)          run by the superuser, past pgwarden
//! Q> select lo_export(4711, '{dir}/x')    the attempt
//! effect> select pg_read_file('{dir}/x')  what differs before and after an attempt that succeeds
//! ```
//!
//! A line's text goes on over the indented lines below it. `#` at the start of a line begins a comment.
//!
//! | `key: value` | |
//! |---|---|
//! | `refused` | the settings, parted by `\|`, one of which the error has to name; `57P01` for a session that is ended |
//! | `with` | a setting, `name = value`, as both TOML and JSON spell the value; an attempt's own takes the place of the file's |
//! | `needs` | what a server must have for the attempt to succeed: `pg 16`, `before pg 16`, `extension plperlu`; `psql 16`: a psql that no server comes with yet |
//! | `as` | `plain`: the injected login is no superuser |
//! | `shows` | what the client sees if it succeeds; [`JEWEL`] if neither this, `effect` nor `rows` is given |
//! | `rows` | how many rows the client gets at the least if it succeeds |
//! | `bytes` | how many bytes of rows, copies, notices and errors it gets at the least |
//! | `explain` | `allow`: no text of it shows what it is up to, the refusal comes from elsewhere; `either`: not asked |
//! | `ends` | `session`: the refusal ends the session, or leaves it without a budget |
//! | `open` | why pgwarden lets it through, which it then has to |
//!
//! | step | |
//! |---|---|
//! | `setup>` | before it, by the superuser, past pgwarden |
//! | `effect>` | a query of the superuser whose result differs before and after an attempt that succeeds |
//! | `undo>` | after it, by the superuser; what is in the database goes by itself |
//! | `startup> name=value` | a startup parameter |
//! | `Q>` | Query |
//! | `X>` | Parse, Bind, Execute, Sync |
//! | `P name>` `B portal statement>` `E portal rows>` `C name>` | Parse, Bind, Execute, Close of a statement |
//! | `S>` `H>` | Sync, Flush |
//! | `F function>` | `FunctionCall` |
//! | `$>` | a parameter of the `X`, `B` or `F` above it |
//! | `d>` `c>` | `CopyData`, `CopyDone` |
//! | `psql>` | a script for psql, in a session of its own |
//! | `reload> name = value` | the record's settings change |
//!
//! `+` before a step sends it together with the one before; `\` before `>` undoes escapes (`\n`, `\r`, `\t`, `\\`, `\xNN`).
//! `{dir}` is a directory of the server with the file `jewel`, `{db}` `{login}` `{port}` `{socket}` say where one is,
//! `{role}` begins names of roles.

/// What must not come out: it stands in the table `jewels`, the large object 4711 and the file `{dir}/jewel`.
pub(super) const JEWEL: &str = "crown-jewels-7f3a";

/// One way to get round a setting.
#[derive(Debug, Clone, Default)]
pub(super) struct Attempt {
    pub(super) name: String,
    pub(super) refused: Vec<String>,
    pub(super) with: Vec<(String, String)>,
    pub(super) needs: Vec<String>,
    pub(super) plain_login: bool,
    pub(super) shows: Vec<String>,
    pub(super) rows: Option<usize>,
    pub(super) bytes: Option<usize>,
    pub(super) explain: Explain,
    pub(super) ends_session: bool,
    pub(super) open: Option<String>,
    pub(super) setup: Vec<String>,
    pub(super) effect: Vec<String>,
    pub(super) undo: Vec<String>,
    pub(super) startup: Vec<(String, String)>,
    pub(super) steps: Vec<Step>,
}

/// What `policy explain` has to say of an attempt's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Explain {
    /// It refuses one of them, by a setting that the attempt names.
    #[default]
    Refuses,
    /// It allows all of them.
    Allows,
    Either,
}

/// One thing that is done.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// Whether it goes out together with what is before it.
    pub(super) joined: bool,
    pub(super) act: Act,
}

/// What is done.
#[derive(Debug, Clone)]
pub(super) enum Act {
    Query(Vec<u8>),
    Extended {
        sql: Vec<u8>,
        parameters: Vec<Vec<u8>>,
    },
    Parse {
        name: String,
        sql: Vec<u8>,
    },
    Bind {
        portal: String,
        statement: String,
        parameters: Vec<Vec<u8>>,
    },
    Execute {
        portal: String,
        rows: u32,
    },
    Close(String),
    Sync,
    Flush,
    Call {
        function: String,
        arguments: Vec<Vec<u8>>,
    },
    CopyData(Vec<u8>),
    CopyDone,
    Psql(String),
    Reload(String, String),
}

impl Act {
    /// The SQL that it brings to the server.
    pub(super) fn sql(&self) -> Option<&[u8]> {
        match self {
            Self::Query(sql) | Self::Extended { sql, .. } | Self::Parse { sql, .. } => Some(sql),
            Self::Bind { .. }
            | Self::Execute { .. }
            | Self::Close(_)
            | Self::Sync
            | Self::Flush
            | Self::Call { .. }
            | Self::CopyData(_)
            | Self::CopyDone
            | Self::Psql(_)
            | Self::Reload(..) => None,
        }
    }
}

/// Reads a file of attempts; `fill_in` puts in what stands for braces.
pub(super) fn read(file: &str, text: &str, fill_in: &dyn Fn(&str) -> String) -> Vec<Attempt> {
    let mut defaults = Attempt::default();
    let mut attempts: Vec<Attempt> = Vec::new();
    for (number, line) in entries(text) {
        let at = format!("{file}:{number}");
        if let Some(name) = line.strip_prefix("=== ") {
            assert!(
                !attempts.iter().any(|attempt| attempt.name == name),
                "{at}: {name} is there already"
            );
            attempts.push(Attempt {
                name: name.to_owned(),
                ..defaults.clone()
            });
            continue;
        }
        let attempt = attempts.last_mut().unwrap_or(&mut defaults);
        add(attempt, &at, &line, fill_in);
    }
    attempts
}

/// Lines with what goes on in indented ones, and the number of the first.
fn entries(text: &str) -> Vec<(usize, String)> {
    let mut entries: Vec<(usize, String)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(rest) = line.strip_prefix("  ") {
            let (_, entry) = entries.last_mut().unwrap();
            entry.push('\n');
            entry.push_str(rest);
        } else if !line.is_empty() && !line.starts_with('#') {
            entries.push((number, line.to_owned()));
        }
    }
    entries
}

fn add(attempt: &mut Attempt, at: &str, line: &str, fill_in: &dyn Fn(&str) -> String) {
    let end = line
        .find(['>', ':'])
        .unwrap_or_else(|| panic!("{at}: neither `key: value` nor `step> text`"));
    let (head, value) = line.split_at(end);
    let text = value[1..].strip_prefix(' ').unwrap_or(&value[1..]);
    let value_of = fill_in(text);
    if value.starts_with(':') {
        add_key(attempt, at, head, value_of);
        return;
    }
    let (head, joined) = head.strip_prefix('+').map_or((head, false), |head| (head, true));
    let (head, text) = match head.strip_suffix('\\') {
        Some(head) => (head, unescape(&value_of)),
        None => (head, value_of.clone().into_bytes()),
    };
    let mut words = head.split(' ');
    let step = words.next().unwrap_or_default();
    let mut word = || words.next().unwrap_or_default().to_owned();
    let act = match step {
        "setup" => return attempt.setup.push(value_of),
        "effect" => return attempt.effect.push(value_of),
        "undo" => return attempt.undo.push(value_of),
        "startup" => {
            let (name, value) = value_of
                .split_once('=')
                .unwrap_or_else(|| panic!("{at}: name=value"));
            return attempt.startup.push((name.to_owned(), value.to_owned()));
        }
        "$" => {
            let last = attempt.steps.last_mut().map(|step| &mut step.act);
            let Some(
                Act::Extended { parameters, .. }
                | Act::Bind { parameters, .. }
                | Act::Call {
                    arguments: parameters,
                    ..
                },
            ) = last
            else {
                panic!("{at}: a parameter of nothing")
            };
            return parameters.push(text);
        }
        "Q" => Act::Query(text),
        "X" => Act::Extended {
            sql: text,
            parameters: Vec::new(),
        },
        "P" => Act::Parse {
            name: word(),
            sql: text,
        },
        "B" => Act::Bind {
            portal: word(),
            statement: word(),
            parameters: Vec::new(),
        },
        "E" => Act::Execute {
            portal: word(),
            rows: word().parse().unwrap_or(0),
        },
        "C" => Act::Close(word()),
        "S" => Act::Sync,
        "H" => Act::Flush,
        "F" => Act::Call {
            function: word(),
            arguments: Vec::new(),
        },
        "d" => Act::CopyData(text),
        "c" => Act::CopyDone,
        "psql" => Act::Psql(value_of),
        "reload" => {
            let (name, value) = setting(at, &value_of);
            Act::Reload(name, value)
        }
        other => panic!("{at}: no step is called {other}"),
    };
    attempt.steps.push(Step { joined, act });
}

fn add_key(attempt: &mut Attempt, at: &str, key: &str, value: String) {
    match key {
        "refused" => attempt.refused = value.split('|').map(|name| name.trim().to_owned()).collect(),
        "with" => {
            let (name, value) = setting(at, &value);
            attempt.with.retain(|(other, _)| *other != name);
            attempt.with.push((name, value));
        }
        "needs" => attempt.needs.push(value),
        "as" => attempt.plain_login = value == "plain",
        "shows" => attempt.shows.push(value),
        "rows" => attempt.rows = Some(value.parse().unwrap_or_else(|_| panic!("{at}: a number"))),
        "bytes" => attempt.bytes = Some(value.parse().unwrap_or_else(|_| panic!("{at}: a number"))),
        "explain" => {
            attempt.explain = match value.as_str() {
                "allow" => Explain::Allows,
                "either" => Explain::Either,
                other => panic!("{at}: explain can't be {other}"),
            }
        }
        "ends" => attempt.ends_session = value == "session",
        "open" => attempt.open = Some(value),
        other => panic!("{at}: no key is called {other}"),
    }
}

fn setting(at: &str, text: &str) -> (String, String) {
    let (name, value) = text
        .split_once('=')
        .unwrap_or_else(|| panic!("{at}: name = value"));
    (name.trim().to_owned(), value.trim().to_owned())
}

fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let (letter, after) = rest.split_first().unwrap();
        rest = after;
        bytes.push(match letter {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'x' => {
                let (digits, after) = rest.split_at(2);
                rest = after;
                u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap()
            }
            other => *other,
        });
    }
    bytes
}
