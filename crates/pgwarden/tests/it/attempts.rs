//! What people try to get data out or in by COPY where it isn't allowed, on a real server: none of it comes through,
//! by whatever of the three layers.

mod corpus;
mod run;

use testkit::{Cluster, Message, Proxy, RawClient, Record, TestDb, frontend, trace};

use crate::conversation::extended;

const JEWEL: &str = "the crown jewels";

fn start(record: Record) -> (TestDb, Proxy) {
    let database = Cluster::shared().unwrap().database().unwrap();
    database
        .execute(&format!(
            "create table t (a text); insert into t values ('{JEWEL}')"
        ))
        .unwrap();
    // Files and programs are theirs to try as well.
    database.grant_superuser().unwrap();
    let proxy = Proxy::before(&database).record(record).start().unwrap();
    (database, proxy)
}

/// Everything that comes, to the server's last word or pgwarden's.
fn listen(client: &mut RawClient) -> Vec<Message> {
    // A question that only ends what is in flight, whatever state it left.
    let _ = client.send(&[frontend::sync(), frontend::query("select 'end of the attempt'")].concat());
    let mut answers = Vec::new();
    while let Ok(Some(message)) = client.receive() {
        let last = message.columns() == [Some("end of the attempt".to_owned())]
            || message.sqlstate().as_deref() == Some("25P02");
        answers.push(message);
        if last {
            break;
        }
    }
    answers
}

/// Sends them as a client of its own, and gives what came. No copy may begin.
#[track_caller]
fn check_nothing_copied(proxy: &Proxy, messages: &[u8]) -> Vec<Message> {
    let mut client = proxy.client("alice", "orders").unwrap();
    client.send(messages).unwrap();
    let answers = listen(&mut client);
    assert!(
        !answers
            .iter()
            .any(|message| matches!(message.tag, b'H' | b'G' | b'W' | b'd')),
        "{}: {}",
        messages.escape_ascii(),
        trace(&answers)
    );
    answers
}

#[track_caller]
fn check(database: &TestDb, proxy: &Proxy, messages: &[Vec<u8>]) {
    let shown = messages.concat().escape_ascii().to_string();
    let answers = check_nothing_copied(proxy, &messages.concat());
    let said_no = answers.iter().any(|message| {
        message.tag == b'E' && message.field(b'M').is_some_and(|text| text.contains("pgwarden"))
    });
    assert!(said_no, "{shown}: {}", trace(&answers));
    proxy.assert_idle();
    assert_eq!(
        database.scalar("select string_agg(a, '|') from t").unwrap(),
        JEWEL,
        "{shown}"
    );
}

#[test]
fn every_spelling() {
    let (database, proxy) = start(Record::new("orders"));
    let data = [frontend::copy_data("smuggled\n"), frontend::copy_done()].concat();
    for sql in [
        "copy t to stdout",
        "copy t to stdin",
        "COPY\tt\nTO\x0cSTDOUT",
        "copy \"t\"to stdout",
        "copy public . t to stdout",
        "copy t(a)to stdout",
        "copy(table t)to stdout",
        "copy (with x as (table t) select * from x) to stdout",
        "copy (delete from t where false returning a) to stdout",
        "copy binary t to stdout",
        "copy t to stdout using delimiters '|'",
        "copy t to stdout with binary",
        "copy t to stdout (format csv, header)",
        "/**/copy/**/t/**/to/**/stdout/**/",
        "/* /* nested */ */ copy t to stdout",
        "-- select 1\ncopy t to stdout",
        "--\rcopy t to stdout",
        "select 1; copy t to stdout",
        ";;; copy t to stdout",
        "select ';'; copy t to stdout",
        "select '\\'; copy t to stdout; --'",
        "select $$;$$, $a$ $$ $a$; copy t to stdout",
        "select \"a;\"\"b\" from (select 1 as \"a;\"\"b\") x; copy t to stdout",
        "select E'\\';'; copy t to stdout; select E'\\''",
        "select U&'\\0027'; copy t to stdout",
        "select 1/*'*/;copy t to stdout--'",
        "begin; copy t to stdout; commit",
        "copy t from stdin",
        "copy t from stdout",
        "copy t from stdin where true",
        "copy t (a) from stdin csv",
        "copy binary t from stdin",
        "select 1; copy t from stdin",
        "copy t to '/tmp/pgwarden-must-not-exist'",
        "copy t to program 'cat > /tmp/pgwarden-must-not-exist'",
        "copy t from program 'echo smuggled'",
        "copy t from '/etc/hostname'",
        "do $$ begin copy t from program 'echo smuggled'; end $$",
        "do 'begin execute ''copy t from program '' || quote_literal(''echo smuggled''); end'",
        "do language plpgsql $a$ begin execute $b$ co$b$ || $c$py t to program 'true'$c$; end $a$",
        "create function f() returns void language plpgsql as $$ begin copy t from program 'echo smuggled'; end $$",
        "create function f() returns void language sql as $$ copy t from program 'echo smuggled' $$",
        "create procedure p() language sql begin atomic; end; copy t to stdout",
    ] {
        check(&database, &proxy, &[frontend::query(sql), data.clone()]);
        if !sql.contains(';') {
            check(
                &database,
                &proxy,
                &[
                    extended("", sql),
                    frontend::flush(),
                    data.clone(),
                    frontend::sync(),
                ],
            );
        }
    }
    assert!(!std::path::Path::new("/tmp/pgwarden-must-not-exist").exists());
}

/// With the other reading of backslashes in literals, what looks like one literal is three statements.
#[test]
fn settings_changed_out_of_sight() {
    let (database, proxy) = start(Record::new("orders"));
    let hidden = "select 'a\\' , '; copy t to stdout; --'";
    let sync = frontend::sync;
    for flip in [
        "set standard_conforming_strings to off",
        "select set_config('standard_con'||'forming_strings', 'off', false)",
        "update pg_settings set setting = 'off' where name = 'standard_con'||'forming_strings'",
        "alter database current set standard_conforming_strings to off",
    ] {
        // At once, behind it in the same text, behind Flush, behind an earlier Sync.
        for messages in [
            vec![frontend::query(flip), frontend::query(hidden)],
            vec![frontend::query(format!("{flip}; {hidden}"))],
            vec![extended("", flip), sync(), frontend::query(hidden)],
            vec![extended("", flip), frontend::flush(), frontend::query(hidden)],
            vec![extended("", flip), extended("", hidden), sync()],
            vec![
                extended("", flip),
                frontend::flush(),
                extended("", hidden),
                sync(),
            ],
        ] {
            check_nothing_copied(&proxy, &messages.concat());
        }
    }
    // Encodings whose characters end in a backslash.
    for encoding in ["sjis", "big5", "gbk", "gb18030", "uhc"] {
        for set in [
            format!("set client_encoding to {encoding}"),
            format!("select set_config('client_' || 'encoding', '{encoding}', false)"),
        ] {
            for hidden in [
                &b"select E'\x95\\', ' ; copy t to stdout; --'"[..],
                b"select E'\x95\\\\', ' ; copy t to stdout; --'",
                b"select '\x95'; copy t to stdout; --'",
                b"select E'\xb1\\', ' ; copy t to stdout; --'",
            ] {
                for messages in [
                    vec![frontend::query(&set), frontend::query(hidden)],
                    vec![extended("", &set), frontend::flush(), frontend::query(hidden)],
                ] {
                    check_nothing_copied(&proxy, &messages.concat());
                }
            }
        }
    }
    proxy.assert_idle();
    assert_eq!(database.scalar("select a from t").unwrap(), JEWEL);
    // They were read rightly; it didn't take the guard.
    assert_eq!(proxy.metric("pgwarden_guard_trips_total", &[]).unwrap(), 0.0);
}

/// Names that stand for something else than they did when they were judged.
#[test]
fn names_that_change() {
    let (database, proxy) = start(Record::new("orders"));
    let sync = frontend::sync;
    for messages in [
        vec![
            frontend::parse("s", "copy t to stdout"),
            sync(),
            frontend::query("execute s"),
        ],
        vec![
            frontend::parse("s", "copy t to stdout"),
            frontend::query("execute s"),
        ],
        vec![
            frontend::query("prepare s as copy t to stdout"),
            frontend::query("execute s"),
        ],
        vec![
            extended("s", "select 1"),
            frontend::close_statement("s"),
            extended("s", "copy t to stdout"),
            sync(),
        ],
        vec![
            frontend::parse("s", "select 1"),
            frontend::parse("s", "copy t to stdout"),
            sync(),
            frontend::bind("", "s", &[]),
            frontend::execute("", 0),
            sync(),
        ],
    ] {
        check(&database, &proxy, &messages);
    }
}

/// Nobody looks into code here; it still can't copy to the client.
#[test]
fn code_that_nobody_looks_into() {
    let (database, proxy) = start(Record::new("orders").with("opaque_code = \"allow\""));
    for sql in [
        "do $$ begin execute 'copy t to stdout'; end $$",
        "do $$ begin execute 'copy t from stdin'; end $$",
        "create function f() returns void language plpgsql as $$ begin execute 'copy t to stdout'; end $$; select f()",
    ] {
        let mut client = proxy.client("alice", "orders").unwrap();
        client
            .send(
                &[
                    frontend::query(sql),
                    frontend::copy_data("smuggled\n"),
                    frontend::copy_done(),
                ]
                .concat(),
            )
            .unwrap();
        let answers = listen(&mut client);
        drop(client);
        assert!(
            !answers
                .iter()
                .any(|message| matches!(message.tag, b'H' | b'G' | b'd')),
            "{sql}: {}",
            trace(&answers)
        );
        assert!(
            answers.iter().any(|message| message.tag == b'E'),
            "{sql}: {}",
            trace(&answers)
        );
    }
    proxy.assert_idle();
    assert_eq!(
        database.scalar("select string_agg(a, '|') from t").unwrap(),
        JEWEL
    );
}

/// A test for each file of the corpus, which is read at its name.
macro_rules! corpus {
    ($($name:ident),* $(,)?) => {
        const FILES: &[(&str, &str)] = &[$((
            concat!(stringify!($name), ".attempts"),
            include_str!(concat!("attempts/", stringify!($name), ".attempts")),
        )),*];

        $(
            #[test]
            fn $name() {
                run::check(FILES.iter().find(|(file, _)| file.split('.').next() == Some(stringify!($name))).unwrap());
            }
        )*
    };
}

corpus![
    copy,
    copy_in,
    code,
    definitions,
    catalogue,
    server_files,
    large_objects,
    exporters,
    other_servers,
    decoding,
    names,
    prepared,
    programs,
    credentials,
    identity,
    read_only,
    deny_relations,
    deny_functions,
    deny_statements,
    budgets,
    paste,
    reload,
    scanner,
    psql,
    grammar,
    grammar_calls,
    crossings,
];

/// Nothing of the corpus is left out, and it stays a large one.
#[test]
fn the_corpus_is_whole() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/attempts");
    let mut found: Vec<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".attempts"))
        .collect();
    found.sort();
    let mut listed: Vec<&str> = FILES.iter().map(|(file, _)| *file).collect();
    listed.sort_unstable();
    assert_eq!(found, listed);
    let attempts: usize = FILES
        .iter()
        .map(|(file, text)| corpus::read(file, text, &str::to_owned).len())
        .sum();
    assert!(attempts >= 1_000, "{attempts} attempts are left");
}
