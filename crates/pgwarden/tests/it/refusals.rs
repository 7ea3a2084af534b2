//! A refusal is what the server itself would have answered at that place: the same messages, the same transaction
//! status, the same next statement; only the error's text is pgwarden's.

use testkit::{Cluster, Message, Proxy, RawClient, Record, TestDb, frontend, trace};

use crate::conversation::{Pace, Step, extended, hold, shape};
use crate::trickle;

/// Which the server refuses with 42501 when it is parsed, as pgwarden refuses at Parse.
const LOCKED: &str = "select * from locked.t";

/// Statements that `orders` must refuse.
const REFUSED: [&str; 6] = [
    "copy customers to stdout",
    "COPY customers FROM STDIN",
    "copy (select * from customers) to stdout (format csv, header)",
    "/* harmless */ cOpY -- \n customers TO STDOUT",
    "copy binary customers to stdout",
    "copy customers from stdin with csv",
];

fn database() -> TestDb {
    let database = Cluster::shared().unwrap().database().unwrap();
    database
        .execute(
            "create table customers (id int primary key, name text); insert into customers values (1, 'Ann')",
        )
        .unwrap();
    database
        .execute_as_superuser("create schema locked; create table locked.t (a int)")
        .unwrap();
    database
}

/// A server's database and pgwarden before it, both with someone to talk to.
struct Sides {
    database: TestDb,
    proxy: Proxy,
}

impl Sides {
    fn new(record: impl Fn(&str) -> Record) -> Self {
        let database = database();
        let trickle = trickle::before(database.cluster().address());
        let proxy = Proxy::before(&database)
            .record(record("orders"))
            .record(record("trickle").at("127.0.0.1", trickle))
            .start()
            .unwrap();
        Sides { database, proxy }
    }

    fn clients(&self) -> (RawClient, RawClient) {
        (
            self.proxy.client("alice", "orders").unwrap(),
            self.database.client().unwrap(),
        )
    }

    /// Holds a conversation about a refused statement with pgwarden, and about one that the server refuses with the
    /// server; the two must differ in the errors' texts alone, pgwarden's must be a refusal, nothing may run.
    #[track_caller]
    fn check(&self, refused: &str, by_server: &str, conversation: &dyn Fn(&str) -> Vec<Step>) {
        let before = self.database.statements().unwrap().len();
        for (record, pace) in [
            ("orders", Pace::Whole),
            ("orders", Pace::Bytewise),
            ("trickle", Pace::Whole),
        ] {
            let mut ours = self.proxy.client("alice", record).unwrap();
            let mut theirs = self.database.client().unwrap();
            let answers = hold(&mut ours, &conversation(refused), pace);
            let expected = hold(&mut theirs, &conversation(by_server), Pace::Whole);
            assert_eq!(shape(&answers), shape(&expected), "{refused}, {record}, {pace:?}");
            let errors: Vec<&Message> = answers
                .iter()
                .filter(|message| message.field(b'M').is_some_and(|text| text.contains("refused")))
                .collect();
            assert!(!errors.is_empty(), "{}", trace(&answers));
            for error in errors {
                check_fields(error);
            }
            // Whatever state it was left in, it is one that a session gets out of.
            for client in [&mut ours, &mut theirs] {
                assert_eq!(
                    shape(&client.query("rollback; select 'next'").unwrap())
                        .lines()
                        .filter(|line| !line.starts_with("NoticeResponse"))
                        .collect::<Vec<_>>(),
                    [
                        "CommandComplete \"ROLLBACK\"",
                        "RowDescription",
                        "DataRow \"next\"",
                        "CommandComplete \"SELECT 1\"",
                        "ReadyForQuery Idle"
                    ]
                );
            }
        }
        let after = self.database.statements().unwrap();
        assert!(
            !after[before..].iter().any(|sql| sql.contains(refused)),
            "it ran: {:?}",
            &after[before..]
        );
        assert_eq!(
            self.database.scalar("select count(*) from customers").unwrap(),
            "1"
        );
    }
}

/// Severity twice, SQLSTATE, message, detail and hint; nothing of the stand-in's.
#[track_caller]
fn check_fields(error: &Message) {
    let codes: Vec<u8> = error
        .body
        .split(|byte| *byte == 0)
        .filter_map(|field| field.first().copied())
        .collect();
    assert_eq!(codes, b"SVCMDH", "{error:?}");
    assert_eq!(error.field(b'S').unwrap(), "ERROR");
    assert_eq!(error.field(b'V').unwrap(), "ERROR");
    assert_eq!(error.sqlstate().unwrap(), "42501");
    for code in [b'D', b'H'] {
        let text = error.field(code).unwrap();
        assert!(text.ends_with('.'), "{text:?} is a sentence");
    }
    let everything = String::from_utf8_lossy(&error.body).into_owned();
    assert!(!everything.contains("pgwarden_refused_"), "{everything:?}");
}

#[test]
fn the_message_names_setting_and_record() {
    let sides = Sides::new(Record::new);
    let (mut client, _) = sides.clients();
    for (sql, message) in [
        (
            "copy customers to stdout",
            "refused by pgwarden: COPY TO is not allowed on record \"orders\" (can_export_csv is off)",
        ),
        (
            "copy customers from stdin",
            "refused by pgwarden: COPY FROM is not allowed on record \"orders\" (can_import_csv is off)",
        ),
    ] {
        let answers = client.query(sql).unwrap();
        assert_eq!(answers[0].field(b'M').unwrap(), message);
        check_fields(&answers[0]);
    }
    drop(client);
    let refusals = |setting: &str| {
        sides
            .proxy
            .metric(
                "pgwarden_refusals_total",
                &[("record", "orders"), ("setting", setting)],
            )
            .unwrap()
    };
    assert_eq!(
        (refusals("can_export_csv"), refusals("can_import_csv")),
        (1.0, 1.0)
    );
    assert_eq!(
        sides
            .proxy
            .metric("pgwarden_statements_total", &[("verdict", "refuse")])
            .unwrap(),
        2.0
    );
    sides.proxy.assert_idle();
}

#[test]
fn simple_queries() {
    let sides = Sides::new(Record::new);
    for refused in REFUSED {
        sides.check(refused, LOCKED, &|sql| vec![Step::query(sql)]);
        sides.check(refused, LOCKED, &|sql| {
            vec![
                Step::query("begin; select 1"),
                Step::query(sql),
                Step::query("select 1"),
            ]
        });
    }
    sides.proxy.assert_idle();
}

#[test]
fn a_failed_block_stays_failed() {
    let sides = Sides::new(Record::new);
    sides.check(REFUSED[0], LOCKED, &|sql| {
        vec![
            Step::query("begin"),
            Step::query("select 1/0"),
            Step::query(sql),
            Step::query("select 1"),
            Step::query("rollback"),
            Step::query(sql),
        ]
    });
    sides.check(REFUSED[1], LOCKED, &|sql| {
        vec![
            Step::query("begin; savepoint s"),
            Step::query(sql),
            Step::query("rollback to s; select 1"),
            Step::query("commit"),
        ]
    });
    sides.proxy.assert_idle();
}

/// A refused script runs nothing at all, wherever the refused statement stands in it; what comes back is one error.
#[test]
fn scripts_run_whole_or_not_at_all() {
    let sides = Sides::new(Record::new);
    let insert = "insert into customers values (2, 'Bob')";
    for refused in REFUSED {
        for script in [
            format!("{refused}; {insert}"),
            format!("select 1; {refused}; {insert}"),
            format!("{insert}; select 1;; {refused};"),
            format!("begin; {insert}; commit; {refused}"),
        ] {
            for status in ["", "begin"] {
                sides.check(&script, LOCKED, &|sql| {
                    vec![Step::query(status), Step::query(sql)]
                });
            }
        }
    }
    let (mut client, _) = sides.clients();
    let answers = client.query("commit; copy customers to stdout").unwrap();
    assert!(
        answers[0].field(b'D').unwrap().contains("othing of the query"),
        "{:?}",
        answers[0].field(b'D')
    );
    drop(client);
    sides.proxy.assert_idle();
}

#[test]
fn extended_queries() {
    let sides = Sides::new(Record::new);
    let sync = frontend::sync;
    for refused in [REFUSED[0], REFUSED[1]] {
        // Alone, unnamed and named.
        for name in ["", "s"] {
            sides.check(refused, LOCKED, &|sql| {
                vec![Step::ready(1, &[extended(name, sql), sync()])]
            });
            sides.check(refused, LOCKED, &|sql| {
                vec![
                    Step::ready(
                        1,
                        &[
                            frontend::parse(name, sql),
                            frontend::describe_statement(name),
                            sync(),
                        ],
                    ),
                    // It doesn't exist, then.
                    Step::ready(
                        1,
                        &[frontend::bind("", name, &[]), frontend::execute("", 0), sync()],
                    ),
                ]
            });
        }
        // First, in the middle, last of one Sync; then the same with a Sync each.
        for place in 0..3 {
            for own_sync in [false, true] {
                sides.check(refused, LOCKED, &|sql| {
                    let mut messages = Vec::new();
                    for at in 0..3 {
                        messages.push(if at == place {
                            extended("", sql)
                        } else {
                            extended("", &format!("select {at}"))
                        });
                        if own_sync {
                            messages.push(sync());
                        }
                    }
                    if !own_sync {
                        messages.push(sync());
                    }
                    vec![Step::ready(if own_sync { 3 } else { 1 }, &messages)]
                });
            }
        }
        // In a block, which fails with it.
        sides.check(refused, LOCKED, &|sql| {
            vec![
                Step::query("begin"),
                Step::ready(1, &[extended("", "select 1"), sync()]),
                Step::ready(2, &[extended("", sql), sync(), extended("", "select 2"), sync()]),
            ]
        });
        // Flush for Sync; what follows is skipped to the Sync.
        sides.check(refused, LOCKED, &|sql| {
            vec![
                Step::until(b'E', 1, &[frontend::parse("", sql), frontend::flush()]),
                Step::ready(
                    2,
                    &[extended("", "select 1"), sync(), extended("", "select 2"), sync()],
                ),
            ]
        });
        // A Query behind it without a Sync is skipped as well.
        sides.check(refused, LOCKED, &|sql| {
            vec![Step::ready(
                1,
                &[frontend::parse("", sql), frontend::query("select 1"), sync()],
            )]
        });
        // Queries and extended queries in flight together.
        sides.check(refused, LOCKED, &|sql| {
            vec![Step::ready(
                5,
                &[
                    frontend::query("select 1"),
                    extended("a", "select 2"),
                    sync(),
                    frontend::query(sql),
                    extended("b", sql),
                    sync(),
                    extended("c", "select 3"),
                    sync(),
                ],
            )]
        });
    }
    sides.proxy.assert_idle();
}

/// A name that was refused keeps what stood behind it.
#[test]
fn a_refused_parse_leaves_the_name_as_it_was() {
    let sides = Sides::new(Record::new);
    sides.check(REFUSED[0], LOCKED, &|sql| {
        vec![
            Step::ready(1, &[extended("s", "select 'mine'"), frontend::sync()]),
            Step::ready(1, &[frontend::parse("s", sql), frontend::sync()]),
            Step::ready(
                1,
                &[
                    frontend::bind("", "s", &[]),
                    frontend::execute("", 0),
                    frontend::close_statement("s"),
                    frontend::sync(),
                ],
            ),
        ]
    });
    sides.proxy.assert_idle();
}

/// The data that a client sends behind a COPY it thinks has begun is dropped, as the server drops it behind its error.
#[test]
fn data_behind_a_refused_import_is_dropped() {
    let sides = Sides::new(Record::new);
    for in_block in ["", "begin"] {
        sides.check(REFUSED[1], LOCKED, &|sql| {
            vec![
                Step::query(in_block),
                Step::ready(
                    2,
                    &[
                        frontend::query(sql),
                        frontend::copy_data("2\tBob\n"),
                        frontend::copy_done(),
                        frontend::query("select 1"),
                    ],
                ),
                Step::ready(
                    1,
                    &[
                        extended("", sql),
                        frontend::copy_data("3\tCid\n"),
                        frontend::copy_fail("no"),
                        frontend::sync(),
                    ],
                ),
            ]
        });
    }
    sides.proxy.assert_idle();
}

#[test]
fn function_calls() {
    let sides = Sides::new(Record::new);
    sides
        .database
        .execute_as_superuser(
            "create function public.secret(int) returns int language sql as 'select $1'; \
             revoke execute on function public.secret from public",
        )
        .unwrap();
    let oid = |name: &str| {
        sides
            .database
            .scalar(&format!("select '{name}'::regproc::oid"))
            .unwrap()
    };
    let (lo_creat, secret) = (oid("pg_catalog.lo_creat"), oid("public.secret"));
    for before in ["", "begin"] {
        sides.check(&lo_creat, &secret, &|oid| {
            vec![
                Step::query(before),
                Step::ready(1, &[frontend::function_call(oid.parse().unwrap(), &[b"1"])]),
                Step::query("select 'called'"),
            ]
        });
    }
    let calls = sides.database.log().unwrap();
    assert!(
        !calls.iter().any(|entry| entry.contains("lo_creat\" (OID")),
        "{calls:?}"
    );
    sides.proxy.assert_idle();
}

#[test]
fn replication_connections() {
    let sides = Sides::new(Record::new);
    for replication in ["true", "database"] {
        let mut ours = RawClient::connect(sides.proxy.address()).unwrap();
        let answers = ours
            .try_login(
                &[("user", "alice@orders"), ("replication", replication)],
                sides.proxy.password("alice").unwrap(),
            )
            .unwrap();
        let mut theirs = RawClient::connect(sides.database.cluster().address()).unwrap();
        let expected = theirs
            .try_login(
                &[
                    ("user", sides.database.login()),
                    ("database", sides.database.name()),
                    ("replication", replication),
                ],
                sides.database.password(),
            )
            .unwrap();
        assert_eq!(shape(&answers), shape(&expected));
        assert_eq!(
            trace(&answers),
            "B  ErrorResponse FATAL 42501 \"refused by pgwarden: a replication connection is not allowed on record \
             \\\"orders\\\" (can_replicate is off)\"\n"
        );
        assert!(ours.receive().unwrap().is_none());
    }
    sides.proxy.assert_idle();
}

/// Replication is allowed, COPY is not: on such a connection too.
#[test]
fn copies_on_a_replication_connection() {
    let database = database();
    database.grant_replication().unwrap();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders").setting("can_replicate", true))
        .start()
        .unwrap();
    let mut ours = RawClient::connect(proxy.address()).unwrap();
    ours.login(
        &[("user", "alice@orders"), ("replication", "database")],
        proxy.password("alice").unwrap(),
    )
    .unwrap();
    let mut theirs = RawClient::connect(database.cluster().address()).unwrap();
    theirs
        .login(
            &[
                ("user", database.login()),
                ("database", database.name()),
                ("replication", "database"),
            ],
            database.password(),
        )
        .unwrap();
    let conversation = |sql: &str| {
        [
            Step::query("SHOW wal_level"),
            Step::query(sql),
            Step::query("select 1"),
            Step::query("begin"),
            Step::query(sql),
            Step::query("rollback"),
            Step::query("SHOW server_version"),
            Step::query("BASE_BACKUP (nonsense)"),
        ]
    };
    let answers = hold(&mut ours, &conversation(REFUSED[0]), Pace::Whole);
    let expected = hold(&mut theirs, &conversation(LOCKED), Pace::Whole);
    assert_eq!(shape(&answers), shape(&expected));
    let refused: Vec<&Message> = answers
        .iter()
        .filter(|message| message.sqlstate().as_deref() == Some("42501"))
        .collect();
    assert_eq!(refused.len(), 2);
    refused.into_iter().for_each(check_fields);
    drop((ours, theirs));
    proxy.assert_idle();
}

/// Monitor mode lets everything through, and counts what it would have refused.
#[test]
fn monitor_mode_only_watches() {
    let database = database();
    let proxy = Proxy::before(&database)
        .record(Record::new("orders").with("enforcement = \"monitor\""))
        .start()
        .unwrap();
    let mut ours = proxy.client("alice", "orders").unwrap();
    let mut theirs = database.client().unwrap();
    let steps = [
        Step::query("begin"),
        Step::query("copy customers to stdout; select 1"),
        Step::ready(1, &[extended("", "copy customers to stdout"), frontend::sync()]),
        Step::ready(
            1,
            &[
                frontend::query("copy customers from stdin"),
                frontend::copy_data("2\tBob\n"),
                frontend::copy_done(),
            ],
        ),
        Step::query("rollback"),
    ];
    assert_eq!(
        hold(&mut ours, &steps, Pace::Whole),
        hold(&mut theirs, &steps, Pace::Whole)
    );
    let count = |metric: &str, labels: &[(&str, &str)]| proxy.metric(metric, labels).unwrap();
    assert_eq!(count("pgwarden_statements_total", &[("verdict", "refuse")]), 0.0);
    assert_eq!(count("pgwarden_refusals_total", &[]), 0.0);
    assert_eq!(
        count(
            "pgwarden_observed_refusals_total",
            &[("setting", "can_export_csv")]
        ),
        2.0
    );
    assert_eq!(
        count(
            "pgwarden_observed_refusals_total",
            &[("setting", "can_import_csv")]
        ),
        1.0
    );
    drop((ours, theirs));
    proxy.assert_idle();
}

/// More in flight than are kept track of at a time, the refused one at its end.
#[test]
fn the_last_of_a_long_pipeline() {
    let sides = Sides::new(Record::new);
    sides.check(REFUSED[0], LOCKED, &|sql| {
        let mut messages = vec![frontend::parse("s", "select")];
        for _ in 0..9_000 {
            messages.push(frontend::bind("", "s", &[]));
            messages.push(frontend::execute("", 0));
        }
        messages.push(frontend::parse("", sql));
        messages.push(frontend::execute("", 0));
        messages.push(frontend::sync());
        vec![Step::ready(1, &messages)]
    });
    sides.proxy.assert_idle();
}

/// What was prepared before the setting went is refused where it is used: at Bind, at Execute, by SQL EXECUTE.
#[test]
fn what_was_prepared_before_a_reload() {
    let mut sides = Sides::new(|name| Record::new(name).setting("can_export_csv", true));
    sides
        .database
        .execute_as_superuser("create table unreadable (a int)")
        .unwrap();
    let refused = "copy customers to stdout";
    let (sync, set_off) = (frontend::sync(), "can_export_csv = false");
    // The server checks a SELECT's privileges at Bind, a COPY's at Execute.
    let at_bind = |sql: &str| frontend::parse("s", sql);
    let prepared = [at_bind(refused), at_bind("select * from unreadable")];
    let bound = |sql: &str| {
        [
            frontend::query("begin"),
            frontend::parse("s", sql),
            frontend::bind("p", "s", &[]),
        ]
        .concat()
    };

    // Bind.
    let (mut ours, mut theirs) = sides.clients();
    for (client, parse) in [(&mut ours, &prepared[0]), (&mut theirs, &prepared[1])] {
        let messages = hold(
            client,
            &[Step::ready(1, &[parse.clone(), sync.clone()])],
            Pace::Whole,
        );
        assert_eq!(trace(&messages), "B  ParseComplete\nB  ReadyForQuery Idle\n");
    }
    // Execute.
    let (mut ours_bound, mut theirs_bound) = sides.clients();
    for (client, sql) in [
        (&mut ours_bound, refused),
        (&mut theirs_bound, "copy unreadable to stdout"),
    ] {
        let messages = hold(
            client,
            &[Step::ready(2, &[bound(sql), sync.clone()])],
            Pace::Whole,
        );
        assert_eq!(
            trace(&messages),
            "B  CommandComplete \"BEGIN\"\nB  ReadyForQuery InTransaction\nB  ParseComplete\nB  BindComplete\n\
             B  ReadyForQuery InTransaction\n"
        );
    }

    let before = sides.database.statements().unwrap().len();
    sides.proxy.reconfigure("can_export_csv = true", set_off).unwrap();

    let use_prepared = [
        Step::ready(
            2,
            &[
                extended("", "select 1"),
                frontend::bind("", "s", &[]),
                frontend::execute("", 0),
                extended("", "select 2"),
                sync.clone(),
                extended("", "select 3"),
                sync.clone(),
            ],
        ),
        Step::query("execute s"),
        Step::query("select 1"),
        Step::query("begin"),
        Step::query("execute s"),
    ];
    let use_bound = [Step::ready(
        2,
        &[
            frontend::execute("p", 0),
            extended("", "select 2"),
            sync.clone(),
            extended("", "select 3"),
            sync.clone(),
        ],
    )];
    let mut errors = Vec::new();
    for (ours, theirs, steps) in [
        (&mut ours, &mut theirs, &use_prepared[..]),
        (&mut ours_bound, &mut theirs_bound, &use_bound[..]),
    ] {
        let answers = hold(ours, steps, Pace::Whole);
        let expected = hold(theirs, steps, Pace::Whole);
        assert_eq!(shape(&answers), shape(&expected));
        errors.extend(
            answers
                .into_iter()
                .filter(|message| message.sqlstate().as_deref() == Some("42501")),
        );
    }
    assert_eq!(errors.len(), 4);
    errors.iter().for_each(check_fields);
    for error in &errors {
        assert!(
            error.field(b'M').unwrap().contains("can_export_csv is off"),
            "{error:?}"
        );
    }
    let after = sides.database.statements().unwrap();
    assert!(!after[before..].iter().any(|sql| sql == refused), "{after:?}");

    // Given back, it works again.
    sides.proxy.reconfigure(set_off, "can_export_csv = true").unwrap();
    ours.query("rollback").unwrap();
    let answers = hold(
        &mut ours,
        &[
            Step::ready(1, &[frontend::bind("", "s", &[]), frontend::execute("", 0), sync]),
            Step::query("execute s"),
        ],
        Pace::Whole,
    );
    assert_eq!(
        trace(&answers),
        "B  BindComplete\nB  CopyOutResponse\nB  CopyData \"1\\tAnn\\n\"\nB  CopyDone\nB  CommandComplete \"COPY 1\"\n\
         B  ReadyForQuery Idle\n\
         B  CopyOutResponse\nB  CopyData \"1\\tAnn\\n\"\nB  CopyDone\nB  CommandComplete \"COPY 1\"\n\
         B  ReadyForQuery Idle\n"
    );
    drop((ours, theirs, ours_bound, theirs_bound));
    sides.proxy.assert_idle();
}
