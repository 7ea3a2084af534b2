//! tokio-postgres: prepared and pipelined, under TLS by rustls.

use std::env;
use std::sync::Arc;

use futures_util::{pin_mut, SinkExt, StreamExt, TryStreamExt};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, Error, SimpleQueryMessage};
use tokio_postgres_rustls::MakeRustlsConnect;

fn var(name: &str) -> String {
    env::var(name).expect("the matrix sets libpq's variables")
}

fn is_tls() -> bool {
    var("PGSSLMODE") != "disable"
}

fn config() -> Config {
    let mut config = Config::new();
    config
        .host(var("PGHOST"))
        .port(var("PGPORT").parse().expect("PGPORT is a number"))
        .user(var("PGUSER"))
        .password(var("PGPASSWORD"))
        .dbname(var("PGDATABASE"))
        .ssl_mode(if is_tls() { SslMode::Require } else { SslMode::Disable });
    config
}

/// The host's name and the chain are always verified; without TLS nothing asks for it.
fn tls() -> MakeRustlsConnect {
    let mut roots = RootCertStore::empty();
    if is_tls() {
        for certificate in CertificateDer::pem_file_iter(var("PGSSLROOTCERT")).expect("PGSSLROOTCERT is a file") {
            roots.add(certificate.expect("it holds certificates")).expect("they are an authority's");
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("ring knows TLS 1.2 and 1.3");
    MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth())
}

fn refused() -> bool {
    env::var_os("PGWARDEN_MATRIX_REFUSED").is_some()
}

async fn connect(config: &Config) -> Result<Client, Error> {
    let (client, mut connection) = config.connect(tls()).await?;
    tokio::spawn(async move {
        while let Some(message) = std::future::poll_fn(|cx| connection.poll_message(cx)).await {
            match message {
                Ok(tokio_postgres::AsyncMessage::Notice(notice)) => println!("notice: {} {}", notice.severity(), notice.message()),
                Ok(tokio_postgres::AsyncMessage::Notification(found)) => println!("notification: {} {}", found.channel(), found.payload()),
                Ok(_) => {}
                Err(error) => println!("connection: {}", describe(&error)),
            }
        }
    });
    Ok(client)
}

fn describe(error: &Error) -> String {
    let Some(error) = error.as_db_error() else { return format!("{error}") };
    let source = if refused() { None } else { error.routine() };
    format!(
        "{} {} {} | {:?} | {:?} | {:?} | {:?} | {:?} | {source:?}",
        error.severity(),
        error.code().code(),
        error.message(),
        error.detail(),
        error.hint(),
        error.position(),
        error.where_(),
        error.constraint(),
    )
}

fn show<T: std::fmt::Debug>(title: &str, outcome: Result<T, Error>) {
    match outcome {
        Ok(value) => println!("{title}: {value:?}"),
        Err(error) => println!("{title}: error {}", describe(&error)),
    }
}

async fn copy_out(client: &Client, sql: &str) -> Result<usize, Error> {
    let chunks: Vec<_> = client.copy_out(sql).await?.try_collect().await?;
    Ok(chunks.iter().map(|chunk| chunk.len()).sum())
}

async fn copy_in(client: &Client, sql: &str, lines: Vec<String>) -> Result<u64, Error> {
    let sink = client.copy_in::<_, std::io::Cursor<Vec<u8>>>(sql).await?;
    pin_mut!(sink);
    for line in lines {
        sink.send(std::io::Cursor::new(line.into_bytes())).await?;
    }
    sink.finish().await
}

async fn everything(mut client: Client) -> Result<(), Error> {
    let row = client
        .query_one(
            "select $1::int, $2::int8, $3::float8, $4::text, $5::bytea, $6::bool, $7::int[], $8::text",
            &[&7_i32, &(1_i64 << 40), &1.5_f64, &"grüße ☃ \\ '", &[0_u8, 1, 255].as_slice(), &true, &vec![1, 2, 3], &None::<&str>],
        )
        .await?;
    println!("row: {:?}", (row.get::<_, i32>(0), row.get::<_, i64>(1), row.get::<_, f64>(2), row.get::<_, &str>(3), row.get::<_, &[u8]>(4), row.get::<_, bool>(5), row.get::<_, Vec<i32>>(6), row.get::<_, Option<&str>>(7)));
    client.batch_execute("create type mood as enum ('sad', 'happy'); create table person (id serial primary key, name text not null unique, mood mood)").await?;
    for sql in ["selekt 1", "select * from nowhere", "select nothing from person", "insert into person (name) values (null)", "select 1/0", "", "select 1; select 2"] {
        show(sql, client.query(sql, &[]).await.map(|rows| rows.len()));
        show("simple", client.simple_query(sql).await.map(|messages| messages.iter().filter(|message| matches!(message, SimpleQueryMessage::Row(_))).count()));
    }
    show("type", client.prepare("select $1::mood, array['sad'::mood]").await.map(|statement| (statement.params().to_vec().iter().map(|kind| kind.name().to_owned()).collect::<Vec<_>>(), statement.columns().len())));

    let transaction = client.transaction().await?;
    transaction.execute("insert into person (name) values ('first')", &[]).await?;
    show("a failure", transaction.execute("insert into person (name) values ('first')", &[]).await);
    show("failed", transaction.query("select 1", &[]).await.map(|rows| rows.len()));
    transaction.rollback().await?;
    let mut transaction = client.transaction().await?;
    let savepoint = transaction.savepoint("one").await?;
    show("a failure", savepoint.execute("select 1/0", &[]).await);
    savepoint.rollback().await?;
    transaction.execute("insert into person (name) values ('kept')", &[]).await?;
    let portal = transaction.bind("select generate_series(1, 10)", &[]).await?;
    for _ in 0..4 {
        show("portal", transaction.query_portal(&portal, 4).await.map(|rows| rows.len()));
    }
    transaction.commit().await?;

    let statement = client.prepare("select $1::int * 2").await?;
    let numbers: Vec<i32> = (0..50).collect();
    let pending = numbers.iter().map(|number| {
        let (client, statement) = (&client, &statement);
        async move { client.query_one(statement, &[number]).await.map(|row| row.get::<_, i32>(0)) }
    });
    let answers: Vec<i32> = futures_util::future::try_join_all(pending).await?;
    println!("pipelined: {answers:?}");
    let by_name = client.prepare("select * from person where name = $1").await?;
    client.query(&by_name, &[&"kept"]).await?;
    client.batch_execute("alter table person add column extra text").await?;
    show("the table has changed", client.query(&by_name, &[&"kept"]).await.map(|rows| rows.len()));

    client.batch_execute("create table bulk (id int, name text)").await?;
    show("in", copy_in(&client, "copy bulk from stdin", (0..20_000).map(|n| format!("{n}\tgrüße\n")).collect()).await);
    show("out", copy_out(&client, "copy bulk to stdout (format binary)").await);
    show("bad data", copy_in(&client, "copy bulk from stdin", vec!["six\tsix\n".to_owned()]).await);
    show("no such table", copy_out(&client, "copy nowhere to stdout").await);
    {
        let sink = client.copy_in::<_, std::io::Cursor<Vec<u8>>>("copy bulk from stdin").await?;
        drop(sink);
    }
    show("left", client.query_one("select count(*) from bulk", &[]).await.map(|row| row.get::<_, i64>(0)));
    let text = "ä☃x".repeat(1_800_000);
    show("text", client.query_one("select $1::text", &[&text]).await.map(|row| row.get::<_, &str>(0) == text));
    let stream = client.query_raw("select generate_series(1, 50000)", std::iter::empty::<i32>()).await?;
    pin_mut!(stream);
    let mut seen = 0;
    while let Some(row) = stream.next().await {
        row?;
        seen += 1;
    }
    println!("streamed: {seen}");
    client.batch_execute("do $$ begin raise notice 'hello ☃'; end $$; listen channel").await?;
    client.batch_execute("notify channel, 'grüße'").await?;

    let token = client.cancel_token();
    let cancel = async {
        let watch = connect(&config()).await?;
        while watch.query("select 1 from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)' and datname = current_database()", &[]).await?.is_empty() {}
        token.cancel_query(tls()).await
    };
    let (slept, cancelled) = tokio::join!(client.query("select pg_sleep(60)", &[]), cancel);
    cancelled?;
    show("cancelled", slept.map(|rows| rows.len()));
    show("next", client.query_one("select 'next'", &[]).await.map(|row| row.get::<_, String>(0)));
    show("no such database", connect(config().dbname("nowhere")).await.map(|_| ()));
    Ok(())
}

async fn refusals(mut client: Client) -> Result<(), Error> {
    show("out", copy_out(&client, "copy customers to stdout").await);
    show("in", copy_in(&client, "copy customers from stdin", vec!["11\tnew\n".to_owned()]).await);
    show("simple", client.batch_execute("copy customers to stdout").await);
    let (before, copy, behind) = tokio::join!(client.execute("insert into customers values (11, 'before')", &[]), client.execute("copy customers to stdout", &[]), client.execute("insert into customers values (12, 'behind')", &[]));
    show("before", before);
    show("copy", copy);
    show("behind", behind);
    let mut transaction = client.transaction().await?;
    let savepoint = transaction.savepoint("one").await?;
    show("in a savepoint", savepoint.execute("copy customers to stdout", &[]).await);
    savepoint.rollback().await?;
    transaction.execute("insert into customers values (13, 'kept')", &[]).await?;
    transaction.commit().await?;
    client.batch_execute("create type mood as enum ('sad'); do $$ begin perform 1; end $$; listen channel").await?;
    show("types", client.query("select 'sad'::mood, array['sad'::mood]", &[]).await.map(|rows| rows.len()));
    show("goes on", client.query_one("select count(*) from customers", &[]).await.map(|row| row.get::<_, i64>(0)));
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = connect(&config()).await?;
    if refused() {
        refusals(client).await
    } else {
        everything(client).await
    }
}
