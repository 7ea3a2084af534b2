"""ODBC: psqlODBC, which is over libpq, as unixODBC loads it."""

import datetime
import decimal
import os
import threading

import pyodbc
from transcript import REFUSED, digest, nameless, show, step, wait_until

# The driver manager need not keep connections.
pyodbc.pooling = False


def connect(driver="PostgreSQL Unicode", autocommit=True, **options):
    settings = {
        "Driver": driver, "Server": os.environ["PGHOST"], "Port": os.environ["PGPORT"], "Database": os.environ["PGDATABASE"],
        "Uid": os.environ["PGUSER"], "Pwd": os.environ["PGPASSWORD"], "SSLmode": os.environ["PGSSLMODE"], **options,
    }
    if root := os.environ.get("PGSSLROOTCERT"):
        settings["pqopt"] = "{sslrootcert=" + root + " channel_binding=require}"
    return pyodbc.connect(";".join(f"{key}={value}" for key, value in settings.items()), autocommit=autocommit)


def rows(connection, statement, *parameters):
    cursor = connection.execute(statement, *parameters)
    while True:
        if cursor.description:
            show("columns", [(name, kind.__name__, *more) for name, kind, *more in cursor.description])
            for row in cursor:
                show("row", tuple(digest(value) if isinstance(value, (str, bytes)) and len(value) > 200 else value for value in row))
        else:
            # After statements that count nothing, the driver tells what happens to be there.
            show("affected", cursor.rowcount if -1 <= cursor.rowcount < 10_000 else "nothing")
        for message in cursor.messages or ():
            show("message", message)
        if not cursor.nextset():
            return


def catalogue(title, cursor):
    """What a catalogue function gives, but for what it says of the server's own schemas."""
    print(f"== {title}")
    names = [column[0] for column in cursor.description]
    show("columns", names)
    # Without OIDs of what was created.
    found = sorted(repr(["number" if isinstance(value, int) and value > 16_383 else value for value in row]) for row in cursor if "pg_catalog" not in row and "information_schema" not in row and "pg_toast" not in row)
    for row in found:
        print("row:", row)


TYPES = ("select ?::int, ?::int8, ?::numeric, ?::float8, ?::text, ?::bytea, ?::bool, ?::timestamp, ?::date, ?::time, ?::text, '{1,2}'::int[], '{\"k\": 1}'::jsonb, '1 day'::interval, "
         "'00000000-0000-0000-0000-000000000005'::uuid, 'x'::char(3), 1.5::real")


def typed():
    return (7, 2**40, decimal.Decimal("12345678901234567890.123"), 1.5, "grüße ☃ \\ ' \" 𝄞", b"\x00\x01\xff", True, datetime.datetime(2024, 2, 29, 23, 59, 59, 999000), datetime.date(2024, 2, 29), datetime.time(1, 2, 3), None)


def settled(connection):
    """The same part, whatever the driver's settings are."""
    with step("types"):
        rows(connection, TYPES, *typed())
    with step("errors"):
        for statement, parameters in (("selekt 1", ()), ("select * from nowhere", ()), ("select ?::int", ("x",)), ("insert into person (age) values (?)", (1,)), ("insert into person (name, age) values (?, -1)", ("x",)),
                                      ("select 1/0", ()), ("do $$ begin raise exception 'own' using errcode = 'P0042', detail = 'd', hint = 'h'; end $$", ()), ("select 1; select 2", ()), ("select 1; select 1/0; select 3", ()), ("", ())):
            with step(repr(statement)):
                rows(connection, statement, *parameters)
    with step("many rows"):
        cursor = connection.execute("select g, repeat('x', 50) from generate_series(1, 2500) g")
        show("sum", sum(row[0] for row in cursor))
    with step("many executions"):
        cursor = connection.cursor()
        cursor.executemany("insert into person (name, age) values (?, ?)", [(f"many {n}", n) for n in range(50)])
        show("count", connection.execute("select count(*) from person").fetchval())
    with step("one of many fails"):
        connection.cursor().executemany("insert into person (name) values (?)", [("fresh",), ("many 1",), ("never",)])
    with step("a transaction"):
        connection.autocommit = False
        connection.execute("delete from person")
        with step("an error within"):
            connection.execute("select 1/0")
        with step("after it"):
            rows(connection, "select count(*) from person")
        connection.rollback()
        rows(connection, "select count(*) > 0 from person")
        connection.commit()
    connection.autocommit = True
    with step("clean"):
        rows(connection, "delete from person")


def everything():
    connection = connect()
    with step("connection"):
        for name in ("SQL_DBMS_NAME", "SQL_IDENTIFIER_QUOTE_CHAR", "SQL_TXN_CAPABLE", "SQL_DEFAULT_TXN_ISOLATION", "SQL_MAX_IDENTIFIER_LEN", "SQL_KEYWORDS"):
            show(name, connection.getinfo(getattr(pyodbc, name)))
        show("version", connection.getinfo(pyodbc.SQL_DBMS_VER) != "")
    rows(connection, "create type mood as enum ('sad', 'happy'); create table person (id serial primary key, name text not null unique, age int check (age >= 0), mood mood)")
    for title, options in (("as it comes", {}), ("without server-side prepare", {"UseServerSidePrepare": 0}), ("cursors", {"UseDeclareFetch": 1, "Fetch": 100}), ("rollback of the statement", {"Protocol": "7.4-2"}),
                           ("rollback of nothing", {"Protocol": "7.4-0"}), ("updatable", {"UpdatableCursors": 1, "Ksqo": 0}), ("ANSI", {"driver": "PostgreSQL ANSI"})):
        with step(f"==== {title}"):
            other = connect(**options)
            settled(other)
            other.close()

    with step("isolation"):
        connection.autocommit = False
        connection.set_attr(pyodbc.SQL_ATTR_TXN_ISOLATION, pyodbc.SQL_TXN_SERIALIZABLE)
        rows(connection, "select current_setting('transaction_isolation')")
        connection.commit()
    connection.autocommit = True

    with step("large values"):
        text = "ä☃x" * 300_000
        show("text", digest(connection.execute("select ?::text", text).fetchval()))
        show("bytea", digest(connection.execute("select ?::bytea", bytes(range(256)) * 4_000).fetchval()))
    with step("notices"):
        rows(connection, "do $$ begin raise notice 'hello ☃'; raise warning 'careful' using hint = 'a hint', detail = 'd'; end $$")
    with step("catalogue"):
        rows(connection, "create schema other; create table other.parent (a int, b text, primary key (a, b)); comment on table other.parent is 'a ☃ comment'; create table other.child (id bigserial primary key, a int, b text default 'x', n numeric(10, 2) not null, foreign key (a, b) references other.parent on delete cascade); create index on other.child (lower(b)); create view other.seen as select * from other.child; create function other.twice(n int) returns int language sql as 'select n * 2'; grant select on other.child to public")
        cursor = connection.cursor()
        catalogue("tables", cursor.tables())
        catalogue("tables like", cursor.tables(schema="other", table="%a%", tableType="TABLE,VIEW"))
        catalogue("columns", cursor.columns(schema="other"))
        catalogue("primary keys", cursor.primaryKeys("child", schema="other"))
        catalogue("foreign keys", cursor.foreignKeys(table="parent", schema="other"))
        catalogue("foreign keys of", cursor.foreignKeys(foreignTable="child", foreignSchema="other"))
        catalogue("statistics", cursor.statistics("child", schema="other"))
        catalogue("row identifiers", cursor.rowIdColumns("child", schema="other"))
        catalogue("row versions", cursor.rowVerColumns("child", schema="other"))
        catalogue("procedures", cursor.procedures(schema="other"))
        catalogue("procedure columns", cursor.procedureColumns(schema="other"))
        catalogue("types", cursor.getTypeInfo())
    with step("call"):
        rows(connection, "{call other.twice(?)}", 21)
        rows(connection, "select {fn upper('x')}, {d '2024-02-29'}, {fn concat('a', 'b')}")
    with step("cancel"):
        watch = connect()
        cursor = connection.cursor()

        def cancel():
            wait_until(lambda: watch.execute("select count(*) from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)' and datname = current_database()").fetchval(), "pg_sleep")
            cursor.cancel()

        canceller = threading.Thread(target=cancel)
        canceller.start()
        with step("cancelled"):
            cursor.execute("select pg_sleep(60)")
        canceller.join()
        rows(connection, "select 'next'")
        watch.close()
    with step("statement_timeout"):
        connection.execute("set statement_timeout = '50ms'")
        connection.execute("select pg_sleep(60)")
    with step("settings at the start"):
        other = connect(ConnSettings="set statement_timeout = '12s'%3b set application_name = 'matrix'")
        rows(other, "select current_setting('statement_timeout'), current_setting('application_name')")
        other.close()
    with step("no such database"):
        connect(Database="nowhere")
    connection.close()


def refusals():
    for title, options in (("as it comes", {}), ("without server-side prepare", {"UseServerSidePrepare": 0}), ("cursors", {"UseDeclareFetch": 1}), ("rollback of nothing", {"Protocol": "7.4-0"})):
        print(f"==== {title}")
        connection = connect(**options)
        for statement, parameters in (("copy customers to stdout", ()), ("copy customers from stdin", ()), ("copy (select * from customers where id > ?) to stdout", (1,)), ("select 1; copy customers to stdout", ())):
            with step(statement):
                rows(connection, statement, *parameters)
            show("goes on", connection.execute("select count(*) from customers").fetchval())
        with step("in a transaction"):
            connection.autocommit = False
            connection.execute("insert into customers values (?, ?)", 11, "kept")
            with step("copy"):
                rows(connection, "copy customers to stdout")
            with step("after it"):
                rows(connection, "select count(*) from customers")
            connection.rollback()
        connection.autocommit = True
        with step("ordinary work"):
            rows(connection, "create temp table t (id serial primary key, m text); do $$ begin perform 1; end $$")
            rows(connection, "insert into customers values (?, ?)", 20, "COPY customers TO stdout")
            rows(connection, "delete from customers where id = ?", 20)
            rows(connection, TYPES, *typed())
            show("rows", sum(row[0] for row in connection.execute("select g from generate_series(1, 2500) g")))
            cursor = connection.cursor()
            for function in (cursor.tables, cursor.columns, cursor.getTypeInfo, cursor.procedures):
                show(function.__name__, len(function().fetchall()) > 0)
            for table in (cursor.primaryKeys, cursor.statistics, cursor.rowIdColumns, cursor.rowVerColumns):
                catalogue(table.__name__, table("customers", schema="public"))
        connection.close()


if REFUSED:
    refusals()
else:
    everything()
