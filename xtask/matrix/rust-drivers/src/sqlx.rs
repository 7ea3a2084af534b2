//! sqlx: statements described before they run, a pool, COPY, LISTEN.

use std::env;

use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnection, PgListener, PgPoolCopyExt, PgPoolOptions};
use sqlx::{Connection, Executor, PgPool, Row};

fn refused() -> bool {
    env::var_os("PGWARDEN_MATRIX_REFUSED").is_some()
}

fn describe(error: &sqlx::Error) -> String {
    let sqlx::Error::Database(error) = error else { return format!("{error}") };
    let Some(error) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() else { return format!("{error}") };
    let routine = if refused() { None } else { error.routine() };
    format!("{:?} {} {} | {:?} | {:?} | {:?} | {:?} | {:?} | {routine:?}", error.severity(), error.code(), error.message(), error.detail(), error.hint(), error.position(), error.r#where(), error.constraint())
}

fn show<T: std::fmt::Debug>(title: &str, outcome: Result<T, sqlx::Error>) {
    match outcome {
        Ok(value) => println!("{title}: {value:?}"),
        Err(error) => println!("{title}: error {}", describe(&error)),
    }
}

/// One connection, with the options of libpq's variables.
async fn connect() -> Result<PgPool, sqlx::Error> {
    PgPoolOptions::new().max_connections(1).connect_with(sqlx::postgres::PgConnectOptions::new()).await
}

async fn copy_out(pool: &PgPool, sql: &str) -> Result<usize, sqlx::Error> {
    let chunks: Vec<_> = pool.copy_out_raw(sql).await?.try_collect().await?;
    Ok(chunks.iter().map(|chunk| chunk.len()).sum())
}

async fn copy_in(pool: &PgPool, sql: &str, data: &str) -> Result<u64, sqlx::Error> {
    let mut copy = pool.copy_in_raw(sql).await?;
    copy.send(data.as_bytes()).await?;
    copy.finish().await
}

async fn everything(pool: &PgPool) -> Result<(), sqlx::Error> {
    let row = sqlx::query("select $1, $2, $3, $4, $5, $6").bind(7_i32).bind(1_i64 << 40).bind("grüße ☃ \\ '").bind(vec![0_u8, 1, 255]).bind(true).bind(None::<String>).fetch_one(pool).await?;
    println!("row: {:?}", (row.get::<i32, _>(0), row.get::<i64, _>(1), row.get::<String, _>(2), row.get::<Vec<u8>, _>(3), row.get::<bool, _>(4), row.get::<Option<String>, _>(5)));
    pool.execute("create type mood as enum ('sad', 'happy'); create table person (id serial primary key, name text not null unique, mood mood)").await?;
    for sql in ["selekt 1", "select * from nowhere", "insert into person (name) values (null)", "select 1/0", "", "select 1; select 2"] {
        show(sql, sqlx::query(sql).fetch_all(pool).await.map(|rows| rows.len()));
        show("simple", sqlx::raw_sql(sql).fetch_all(pool).await.map(|rows| rows.len()));
    }
    show("described", pool.describe("select id, name, mood from person where id = $1").await.map(|found| format!("{:?} {:?}", found.columns.len(), found.nullable)));
    let mut transaction = pool.begin().await?;
    sqlx::query("insert into person (name) values ('first')").execute(&mut *transaction).await?;
    let mut savepoint = transaction.begin().await?;
    show("a failure", sqlx::query("insert into person (name) values ('first')").execute(&mut *savepoint).await.map(|_| ()));
    savepoint.rollback().await?;
    transaction.commit().await?;
    let mut dropped = pool.begin().await?;
    sqlx::query("insert into person (name) values ('dropped')").execute(&mut *dropped).await?;
    drop(dropped);
    show("count", sqlx::query_scalar::<_, i64>("select count(*) from person").fetch_one(pool).await);
    let by_name = || sqlx::query("select * from person where name = $1").bind("first").fetch_all(pool);
    show("row", by_name().await.map(|rows| rows.len()));
    pool.execute("alter table person add column extra text").await?;
    show("the table has changed", by_name().await.map(|rows| rows.len()));
    show("again", by_name().await.map(|rows| rows.len()));
    show("arrays", sqlx::query_scalar::<_, i64>("select sum(n) from unnest($1::int[]) n").bind((0..1000).collect::<Vec<i32>>()).fetch_one(pool).await);

    pool.execute("create table bulk (id int, name text)").await?;
    show("in", copy_in(pool, "copy bulk from stdin", &(0..20_000).map(|n| format!("{n}\tgrüße\n")).collect::<String>()).await);
    show("out", copy_out(pool, "copy bulk to stdout").await);
    show("bad data", copy_in(pool, "copy bulk from stdin", "six\tsix\n").await);
    let mut copy = pool.copy_in_raw("copy bulk from stdin").await?;
    copy.send("1\tone\n".as_bytes()).await?;
    show("aborted", copy.abort("no more").await);
    let mut left = sqlx::query("select generate_series(1, 100000)").fetch(pool);
    show("first", left.try_next().await.map(|row| row.is_some()));
    drop(left);
    let text = "ä☃x".repeat(1_800_000);
    show("text", sqlx::query_scalar::<_, String>("select $1").bind(&text).fetch_one(pool).await.map(|found| found == text));

    let mut listener = PgListener::connect_with(&connect().await?).await?;
    listener.listen("channel").await?;
    sqlx::query("select pg_notify('channel', $1)").bind("grüße").execute(pool).await?;
    show("notification", listener.recv().await.map(|found| (found.channel().to_owned(), found.payload().to_owned())));
    drop(listener);
    let wrong = pool.connect_options().as_ref().clone().database("nowhere");
    show("no such database", PgConnection::connect_with(&wrong).await.map(|_| ()));
    Ok(())
}

async fn refusals(pool: &PgPool) -> Result<(), sqlx::Error> {
    // On connections of their own: after an error that answers a COPY, the driver loses its place in what the server sends.
    show("out", copy_out(&connect().await?, "copy customers to stdout").await);
    show("in", copy_in(&connect().await?, "copy customers from stdin", "11\tnew\n").await);
    show("query", sqlx::query("copy customers to stdout").execute(pool).await.map(|_| ()));
    show("raw", sqlx::raw_sql("copy customers to stdout").execute(pool).await.map(|_| ()));
    let mut transaction = pool.begin().await?;
    let mut savepoint = transaction.begin().await?;
    show("in a savepoint", sqlx::query("copy customers to stdout").execute(&mut *savepoint).await.map(|_| ()));
    savepoint.rollback().await?;
    sqlx::query("insert into customers values ($1, $2)").bind(12).bind("kept").execute(&mut *transaction).await?;
    transaction.commit().await?;
    pool.execute("create type mood as enum ('sad'); do $$ begin perform 1; end $$").await?;
    show("described", pool.describe("select *, 'sad'::mood from customers").await.map(|found| found.nullable));
    show("goes on", sqlx::query_scalar::<_, i64>("select count(*) from customers").fetch_one(pool).await);
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), sqlx::Error> {
    let pool = connect().await?;
    if refused() {
        refusals(&pool).await?;
    } else {
        everything(&pool).await?;
    }
    pool.close().await;
    Ok(())
}
