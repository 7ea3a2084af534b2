//! diesel, over libpq.

use std::env;

use diesel::connection::{LoadConnection, SimpleConnection};
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::{BigInt, Text};

diesel::table! {
    customers (id) {
        id -> Integer,
        name -> Nullable<Text>,
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn show<T: std::fmt::Debug>(title: &str, outcome: Result<T, Error>) {
    match outcome {
        Ok(value) => println!("{title}: {value:?}"),
        Err(Error::DatabaseError(kind, found)) => println!("{title}: error {kind:?} {} | {:?} | {:?} | {:?} | {:?}", found.message(), found.details(), found.hint(), found.constraint_name(), found.statement_position()),
        Err(error) => println!("{title}: error {error}"),
    }
}

fn count(connection: &mut PgConnection) -> Result<i64, Error> {
    diesel::sql_query("select count(*) from customers").get_result::<Count>(connection).map(|found| found.count)
}

fn ordinary(connection: &mut PgConnection) {
    let many: Vec<_> = (100..200).map(|id| (customers::id.eq(id), customers::name.eq("COPY customers TO stdout"))).collect();
    show("insert", diesel::insert_into(customers::table).values(&many).execute(connection));
    show("returning", diesel::insert_into(customers::table).values((customers::id.eq(200), customers::name.eq("grüße ☃"))).returning((customers::id, customers::name)).get_result::<(i32, Option<String>)>(connection));
    show("select", customers::table.filter(customers::name.like("gr%")).order(customers::id).load::<(i32, Option<String>)>(connection));
    show("row by row", LoadConnection::<PgRowByRowLoadingMode>::load(connection, customers::table.select(customers::id)).map(Iterator::count));
    show("transaction", connection.transaction::<_, Error, _>(|connection| {
        diesel::update(customers::table.find(200)).set(customers::name.eq(None::<String>)).execute(connection)?;
        let inner = connection.transaction::<(), Error, _>(|connection| {
            diesel::insert_into(customers::table).values(customers::id.eq(200)).execute(connection)?;
            Ok(())
        });
        show("inner", inner);
        count(connection)
    }));
    show("read only", connection.build_transaction().serializable().read_only().run::<_, Error, _>(|connection| diesel::delete(customers::table).execute(connection)));
    for sql in ["selekt 1", "select * from nowhere", "select 1/0", ""] {
        show(sql, diesel::sql_query(sql).execute(connection));
    }
    show("bound", diesel::sql_query("select $1::text, count(*) from customers").bind::<Text, _>("x").get_result::<Count>(connection).map(|found| found.count));
    show("batch", connection.batch_execute("select 1; do $$ begin perform 1; end $$"));
    show("goes on", count(connection));
}

fn copies(connection: &mut PgConnection) {
    use diesel::ExecuteCopyFromDsl as _;
    use std::io::Read as _;
    let lines: String = (1000..5000).map(|id| format!("{id}\tcopied\n")).collect();
    show("in", diesel::copy_from(customers::table).from_raw_data(customers::table, |copy| std::io::Write::write_all(copy, lines.as_bytes()).map_err(|error| Error::QueryBuilderError(error.into()))).execute(connection));
    let mut out = Vec::new();
    match diesel::copy_to(customers::table).load_raw(connection) {
        Ok(mut reader) => println!("out: {:?}", reader.read_to_end(&mut out).map_err(|error| error.to_string())),
        Err(error) => show::<()>("out", Err(error)),
    }
    show("goes on", count(connection));
}

fn main() {
    let refused = env::var_os("PGWARDEN_MATRIX_REFUSED").is_some();
    let mut connection = PgConnection::establish("").expect("connect");
    if !refused {
        show("create", connection.batch_execute("create table customers (id int primary key, name text)"));
    }
    ordinary(&mut connection);
    copies(&mut connection);
}
