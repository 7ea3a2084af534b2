//! Reading a result piece by piece comes to the same as reading it at once.

use super::*;

#[test]
fn paging_is_counted_by_portal() {
    let (database, proxy) = proxy(Record::new("orders").setting("copy_rows", 10_000));
    database
        .execute("create table many as select generate_series(1, 200000) a")
        .unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    client.query("begin").unwrap();
    let bind = [
        frontend::parse("s", "select a from many"),
        frontend::bind("p", "s", &[]),
    ]
    .concat();
    let page = [frontend::execute("p", 9_999), frontend::sync()].concat();
    client.send(&[bind.clone(), page.clone()].concat()).unwrap();
    let first = client.receive_ready().unwrap();
    assert_eq!((rows(&first), errors(&first)), (9_999, vec![]));
    client.send(&page).unwrap();
    let second = client.receive_ready().unwrap();
    assert_eq!(
        (rows(&second), errors(&second).len(), status(&second)),
        (1, 1, "E".to_owned())
    );
    // In one pipeline as well.
    client.query("rollback").unwrap();
    client.query("begin").unwrap();
    let pages = frontend::execute("p", 9_999).repeat(21);
    client
        .send(&[frontend::bind("p", "s", &[]), pages, frontend::sync()].concat())
        .unwrap();
    let all = client.receive_ready().unwrap();
    assert_eq!(
        (rows(&all), errors(&all).len(), status(&all)),
        (10_000, 1, "E".to_owned())
    );
    client.query("rollback").unwrap();
    // And with a Flush behind each.
    client.query("begin").unwrap();
    client
        .send(
            &[
                frontend::bind("p", "s", &[]),
                frontend::execute("p", 9_999),
                frontend::flush(),
            ]
            .concat(),
        )
        .unwrap();
    assert_eq!(rows(&client.receive_until(b's').unwrap()), 9_999);
    client
        .send(&[frontend::execute("p", 9_999), frontend::flush()].concat())
        .unwrap();
    assert_eq!(rows(&client.receive_until(b'E').unwrap()), 1);
    client.send(&frontend::sync()).unwrap();
    assert_eq!(status(&client.receive_ready().unwrap()), "E");
    client.query("rollback").unwrap();
    check_next(&mut client);
    drop(client);
    proxy.assert_idle();
}

#[test]
fn paging_is_counted_by_cursor() {
    let (_database, proxy) = proxy(five_rows());
    let mut client = proxy.client("alice", "orders").unwrap();
    let fetched = |client: &mut RawClient, sql: &str| {
        let messages = client.query(sql).unwrap();
        (rows(&messages), errors(&messages).len(), status(&messages))
    };
    let (passes, ends) = ((3, 0, "T".to_owned()), (2, 1, "E".to_owned()));
    client
        .query("begin; declare c cursor for select a from n; declare d cursor for select a from n")
        .unwrap();
    assert_eq!(fetched(&mut client, "fetch 3 from c"), passes);
    assert_eq!(
        fetched(&mut client, "fetch 3 from \"d\""),
        passes,
        "another cursor"
    );
    assert_eq!(fetched(&mut client, "move 10 in c"), (0, 0, "T".to_owned()));
    assert_eq!(fetched(&mut client, "fetch forward 3 from C"), ends);
    client.query("rollback").unwrap();
    // Of a script, and by every protocol.
    client
        .query("begin; declare c cursor for select a from n")
        .unwrap();
    client
        .send(&[extended("", "f", "fetch 2 from c"), frontend::sync()].concat())
        .unwrap();
    assert_eq!(rows(&client.receive_ready().unwrap()), 2);
    assert_eq!(fetched(&mut client, "select 'x'; fetch 1 in c; execute f").0, 4);
    client
        .send(
            &[
                frontend::bind("p", "f", &[]),
                frontend::execute("p", 1),
                frontend::sync(),
            ]
            .concat(),
        )
        .unwrap();
    let last = client.receive_ready().unwrap();
    assert_eq!(
        (rows(&last), errors(&last).len(), status(&last)),
        (0, 1, "E".to_owned())
    );
    client.query("rollback; deallocate f").unwrap();
    // WITH HOLD lives on.
    client
        .query("begin; declare h cursor with hold for select a from n; fetch 1 from h; commit")
        .unwrap();
    let idle = |rows, errors| (rows, errors, "I".to_owned());
    for _ in 0..2 {
        assert_eq!(fetched(&mut client, "fetch 2 from h"), idle(2, 0));
    }
    for _ in 0..2 {
        assert_eq!(fetched(&mut client, "fetch 2 from h"), idle(0, 1));
        assert_eq!(
            fetched(&mut client, "begin; fetch 1 from h"),
            (0, 1, "E".to_owned())
        );
        client.query("rollback").unwrap();
    }
    client.query("close h").unwrap();
    client
        .query("begin; declare h cursor with hold for select a from n; commit")
        .unwrap();
    assert_eq!(
        fetched(&mut client, "fetch 5 from h"),
        idle(5, 0),
        "a new one of the name"
    );
    drop(client);
    proxy.assert_idle();
}

#[test]
fn cursors_that_code_declares_are_counted_too() {
    let (database, proxy) = proxy(five_rows().with("opaque_code = \"allow\""));
    database
        .execute(
            "create function open_it(c refcursor) returns refcursor language plpgsql as \
             $$ begin open c for select a from n; return c; end $$",
        )
        .unwrap();
    let mut client = proxy.client("alice", "orders").unwrap();
    client.query("begin; select open_it('mine')").unwrap();
    assert_eq!(rows(&client.query("fetch 3 from mine").unwrap()), 3);
    assert_eq!(rows(&client.query("fetch 3 from mine").unwrap()), 2);
    client.query("rollback").unwrap();
    client
        .query("do $$ begin execute 'declare held cursor with hold for select a from n'; end $$")
        .unwrap();
    let mut fetched = 0;
    for _ in 0..10 {
        fetched += rows(&client.query("fetch 3 from held").unwrap());
    }
    assert_eq!(fetched, 5);
    drop(client);
    proxy.assert_idle();
}
