//! Encodings: whatever a client's bytes become at the server, pgwarden has read the same.

use testkit::{Cluster, Message, Proxy, RawClient, Record, TestDb, frontend};

use crate::conversation::extended;

/// A database of an encoding of its own, and pgwarden before it, which lets no copy pass.
struct Encoded {
    owner: TestDb,
    database: String,
    proxy: Proxy,
}

impl Encoded {
    fn new(encoding: &str) -> Self {
        let owner = Cluster::shared().unwrap().database().unwrap();
        let database = format!("{}_encoded", owner.name());
        let create = format!(
            "create database {database} owner {} encoding '{encoding}' template template0 lc_collate 'C' lc_ctype 'C'",
            owner.login()
        );
        owner.cluster().execute("postgres", &create).unwrap();
        let record = Record::new("orders").with(&format!("default_database = \"{database}\""));
        let proxy = Proxy::before(&owner).record(record).start().unwrap();
        let encoded = Encoded {
            owner,
            database,
            proxy,
        };
        encoded.direct(&[]).query("create table t (a int)").unwrap();
        encoded
    }

    /// A session past pgwarden.
    fn direct(&self, parameters: &[(&str, &str)]) -> RawClient {
        let who = [("user", self.owner.login()), ("database", &self.database)];
        let mut client = RawClient::connect(self.owner.cluster().address()).unwrap();
        client
            .login(&[&who, parameters].concat(), self.owner.password())
            .unwrap();
        client
    }

    fn proxied(&self, parameters: &[(&str, &str)]) -> RawClient {
        let who = [("user", "alice@orders")];
        let mut client = RawClient::connect(self.proxy.address()).unwrap();
        client
            .login(
                &[&who, parameters].concat(),
                self.proxy.password("alice").unwrap(),
            )
            .unwrap();
        client
    }
}

impl Drop for Encoded {
    fn drop(&mut self) {
        let drop = format!("drop database {} with (force)", self.database);
        let _ = self.owner.cluster().execute("postgres", &drop);
    }
}

/// Texts that begin a copy if the two bytes are, or aren't, one character.
fn hiding(pair: [u8; 2]) -> Vec<Vec<u8>> {
    [
        &b"select '\xff\xff' , '; copy t to stdout; --'"[..],
        b"select 'x\xff\xff, ' ; copy t to stdout; --'",
        b"select E'\xff\xff', ' ; copy t to stdout; --'",
        b"select E'\xff\xff' , '; copy t to stdout; --'",
        b"select E'\xff\xff\\', ' ; copy t to stdout; --'",
        b"select 1 as \"\xff\xff\" , \" ; copy t to stdout; --\"",
        b"select 1 as \"\xff\xff, \" ; copy t to stdout; --\"",
        b"select $\xff$\xff\xff$\xff$ , $$ ; copy t to stdout; --$$",
        b"select 1 /* \xff\xff/ /* */ ; copy t to stdout; -- */",
        b"select 1 /* *\xff\xff*/ ; copy t to stdout; -- */",
        b"select 1 -- \xff\xff ; copy t to stdout",
        b"select 1 as \xff\xff; copy t to stdout",
        b"select U&'\xff\xff0027 , ' ; copy t to stdout; --'",
    ]
    .into_iter()
    .map(|text| {
        let mut hidden = Vec::new();
        let mut rest = text;
        while let Some((&first, behind)) = rest.split_first() {
            match behind.split_first() {
                Some((0xff, behind)) if first == 0xff => {
                    hidden.extend(pair);
                    rest = behind;
                }
                _ => {
                    hidden.push(if first == 0xff { pair[0] } else { first });
                    rest = behind;
                }
            }
        }
        hidden
    })
    .collect()
}

fn copies(messages: &[Message]) -> bool {
    messages.iter().any(|message| matches!(message.tag, b'H' | b'd'))
}

/// Special to the scanner.
const SPECIAL: &[u8] = b"'\"\\$*/-; \n|@`{~^[";

/// Of a startup packet.
type Parameters = Vec<(&'static str, String)>;

/// Every way to change the encoding: by startup parameters, and by messages behind them.
fn ways(encoding: &str) -> Vec<(Parameters, Vec<u8>)> {
    let query = |sql: String| frontend::query(sql);
    vec![
        (vec![("client_encoding", encoding.to_owned())], Vec::new()),
        (
            vec![("options", format!("-c client_encoding={encoding}"))],
            Vec::new(),
        ),
        (vec![("Client_Encoding", format!("'{encoding}'"))], Vec::new()),
        (vec![], query(format!("set client_encoding to {encoding}"))),
        (vec![], query(format!("set names '{encoding}'"))),
        (
            vec![],
            query(format!(
                "select set_config('client_' || 'encoding', lower('{encoding}'), false)"
            )),
        ),
        (
            vec![],
            query(format!(
                "update pg_settings set setting = '{encoding}' where name = 'client_encoding'"
            )),
        ),
        (
            vec![],
            [
                extended("", &format!("set client_encoding to {encoding}")),
                frontend::sync(),
            ]
            .concat(),
        ),
        (
            vec![],
            query(format!(
                "do $$ begin perform set_config('client_encoding', '{encoding}', false); end $$"
            )),
        ),
    ]
}

/// No copy comes out, and it doesn't take the guard: the texts are read rightly, or refused.
#[track_caller]
fn check_attempts(server: &str, client: &str, leads: impl Iterator<Item = u8>) {
    let encoded = Encoded::new(server);
    let hidden: Vec<Vec<u8>> = leads
        .flat_map(|lead| SPECIAL.iter().flat_map(move |special| hiding([lead, *special])))
        .collect();
    let mut direct = encoded.direct(&[("client_encoding", client)]);
    let effective: Vec<&Vec<u8>> = hidden
        .iter()
        .filter(|text| copies(&direct.query(text).unwrap()))
        .collect();
    for (index, (parameters, messages)) in ways(client).into_iter().enumerate() {
        let parameters: Vec<(&str, &str)> = parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mut proxied = encoded.proxied(&parameters);
        proxied.send(&messages).unwrap();
        if !messages.is_empty() {
            proxied.receive_ready().unwrap();
        }
        for (at, text) in effective.iter().enumerate() {
            // All of them once, then some for each other way.
            if index > 0 && at % 23 != index {
                continue;
            }
            let answers = proxied.query(text).unwrap();
            assert!(!copies(&answers), "{server} {client} {}", text.escape_ascii());
        }
        // Unsettled: the change is on its way when the text is read.
        for text in effective.iter().step_by(29) {
            let mut proxied = encoded.proxied(&parameters);
            proxied
                .send(
                    &[
                        &messages[..],
                        &frontend::query(text),
                        &frontend::query("select 'end'"),
                    ]
                    .concat(),
                )
                .unwrap();
            let mut answers = Vec::new();
            while !answers
                .iter()
                .any(|message: &Message| message.columns() == [Some("end".to_owned())])
            {
                answers.extend(proxied.receive_ready().unwrap());
            }
            assert!(!copies(&answers), "{server} {client} {}", text.escape_ascii());
        }
    }
    drop(direct);
    // The login's own default, which nobody asked for.
    let default = format!(
        "alter role {} in database {} set client_encoding to {client}",
        encoded.owner.login(),
        encoded.database
    );
    encoded
        .owner
        .cluster()
        .execute(&encoded.database, &default)
        .unwrap();
    let mut proxied = encoded.proxied(&[]);
    assert_eq!(proxied.rows("show client_encoding").unwrap(), [[client]]);
    for text in effective.iter().step_by(7) {
        let answers = proxied.query(text).unwrap();
        assert!(!copies(&answers), "{server} {client} {}", text.escape_ascii());
    }
    drop(proxied);
    assert_eq!(
        encoded.proxy.metric("pgwarden_guard_trips_total", &[]).unwrap(),
        0.0
    );
    encoded.proxy.assert_idle();
}

#[test]
fn japanese() {
    check_attempts("UTF8", "SJIS", (0x81..=0xfc).step_by(11));
    check_attempts(
        "UTF8",
        "SHIFT_JIS_2004",
        [0x81, 0x83, 0x95, 0xb1, 0xf0].into_iter(),
    );
    check_attempts("EUC_JP", "SJIS", [0x81, 0x95, 0xa0, 0xdf, 0xfc].into_iter());
}

/// On the way to these servers any byte is taken for the second one of a character.
#[test]
fn traditional_chinese() {
    check_attempts("EUC_TW", "BIG5", [0xa1, 0xa5, 0xc6, 0xf9].into_iter());
    check_attempts("MULE_INTERNAL", "BIG5", [0xa5, 0xb0].into_iter());
    check_attempts("UTF8", "BIG5", [0xa1, 0xa5, 0xb3, 0xf9].into_iter());
}

#[test]
fn simplified_chinese() {
    check_attempts("UTF8", "GBK", (0x81..=0xfe).step_by(23));
    check_attempts("UTF8", "GB18030", (0x81..=0xfe).step_by(23));
}

#[test]
fn korean() {
    check_attempts("UTF8", "UHC", [0x81, 0xa1, 0xb0, 0xc6, 0xfe].into_iter());
    check_attempts("UTF8", "JOHAB", [0x84, 0x8e, 0x8f, 0xa1, 0xd3].into_iter());
}

/// Encodings that a server can have, in which each ASCII byte stands for itself.
#[test]
fn encodings_of_servers() {
    for encoding in [
        "EUC_JP",
        "EUC_CN",
        "EUC_KR",
        "EUC_TW",
        "EUC_JIS_2004",
        "MULE_INTERNAL",
    ] {
        check_attempts(encoding, encoding, [0x8e, 0xa5].into_iter());
    }
}

#[test]
fn more_encodings_of_servers() {
    for encoding in ["LATIN1", "SQL_ASCII", "KOI8R", "UTF8"] {
        check_attempts(encoding, encoding, [0x8e, 0xc3].into_iter());
    }
}

/// Words of each encoding, in every place of ordinary statements.
#[test]
fn ordinary_text_passes() {
    for (encoding, words) in [
        (
            "SJIS",
            &[
                &b"\x83\x5c"[..],
                b"\x95\x5c",
                b"\x94\x5c\x97\xcd",
                b"\x83\x7c\x83\x58\x83\x67",
                b"\xb1\xb2",
                b"\x81\x5f",
            ][..],
        ),
        ("SHIFT_JIS_2004", &[b"\x83\x5c", b"\x95\x5c", b"\xb1"]),
        (
            "BIG5",
            &[b"\xa5\x5c", b"\xb3\x5c", b"\xbb\x5c\xa5\x40", b"\xa6\x7c"],
        ),
        (
            "GBK",
            &[b"\x81\x5c", b"\x81\x7c", b"\xd5\x5c", b"\xc4\xe3\xba\xc3"],
        ),
        ("GB18030", &[b"\x81\x5c", b"\x81\x30\x84\x36", b"\xc4\xe3"]),
        ("UHC", &[b"\x81\x41", b"\xc7\xd1\xb1\xdb", b"\xb0\xa1"]),
        ("JOHAB", &[b"\xb0\xa1", b"\x8f\xa1\xa1"]),
        ("EUC_JP", &[b"\xa5\xbd", b"\x8e\xb1"]),
        ("LATIN1", &[b"gr\xfcn", b"\xe9"]),
        ("UTF8", &["gr\u{fc}n".as_bytes(), "\u{30bd}".as_bytes()]),
    ] {
        let encoded = Encoded::new("UTF8");
        let parameters = [("client_encoding", encoding)];
        let (mut direct, mut proxied) = (encoded.direct(&parameters), encoded.proxied(&parameters));
        for word in words {
            let say = |pattern: &[u8]| -> Vec<u8> {
                let mut text = Vec::new();
                for &byte in pattern {
                    if byte == b'?' {
                        text.extend(*word);
                    } else {
                        text.push(byte);
                    }
                }
                text
            };
            for pattern in [
                &b"select '?', E'?', 'it''s ?', E'\\t?\\\\?', N'?'"[..],
                b"select 1 as ?, 2 as \"?\", 3 as x?",
                b"select '?' as a /* ? */ -- ?",
                b"select $?$ ? $?$, $$?$$",
                b"select '?'; select 1 as ?; select \"?\" from t",
                b"begin; create temp table ? (? text) on commit drop; insert into ? values ('?'); select ?.? || '' from ? where ? like '%?%'; commit",
                b"prepare ? as select '?'; execute ?; deallocate ?",
                b"do $$ begin raise notice '?'; end $$",
                b"declare ? cursor for select 1",
            ] {
                let text = say(pattern);
                let [ours, theirs] = [&mut proxied, &mut direct].map(|client| client.query(&text).unwrap());
                assert_eq!(ours, theirs, "{encoding} {}", text.escape_ascii());
                let prepared = [
                    frontend::parse(word, &text),
                    frontend::describe_statement(word),
                    frontend::bind(word, word, &[]),
                    frontend::execute(word, 0),
                    frontend::close_statement(word),
                    frontend::sync(),
                ]
                .concat();
                let [ours, theirs] = [&mut proxied, &mut direct].map(|client| {
                    client.send(&prepared).unwrap();
                    client.receive_ready().unwrap()
                });
                assert_eq!(ours, theirs, "{encoding} {}", text.escape_ascii());
            }
        }
        drop((direct, proxied));
        encoded.proxy.assert_idle();
    }
}
