"""pg8000: pure Python, Parse and Bind for each statement, in text."""

import datetime
import decimal
import io
import os
import ssl
import uuid

import pg8000.dbapi
import pg8000.native
from transcript import REFUSED, digest, show, step

ADDRESS = {"host": os.environ["PGHOST"], "port": int(os.environ["PGPORT"]), "user": os.environ["PGUSER"],
           "password": os.environ["PGPASSWORD"], "database": os.environ["PGDATABASE"], "application_name": "matrix"}
if os.environ["PGSSLMODE"] == "verify-full":
    ADDRESS["ssl_context"] = ssl.create_default_context(cafile=os.environ["PGSSLROOTCERT"])


def native():
    connection = pg8000.native.Connection(**ADDRESS)

    with step("connection"):
        show("parameters", {name: value for name, value in connection.parameter_statuses.items() if name in ("client_encoding", "server_encoding", "DateStyle", "is_superuser", "TimeZone", "standard_conforming_strings")})
        show("same process", connection.run("select pg_backend_pid() = :pid", pid=connection._backend_key_data[:4] and int.from_bytes(connection._backend_key_data[:4], "big")))

    with step("types"):
        for kind, value in (("int", 7), ("int8", 2**40), ("numeric", decimal.Decimal("12345678901234567890.123456789")), ("float8", 1.5), ("text", "grüße ☃ \\ ' \" 𝄞"), ("bytea", b"\x00\x01\xff\\'"), ("bool", True), ("text", None),
                            ("timestamptz", datetime.datetime(2024, 2, 29, 23, 59, 59, 999999, datetime.timezone.utc)), ("date", datetime.date(1, 1, 1)), ("interval", datetime.timedelta(days=3, seconds=5)),
                            ("int[]", [1, 2, 3]), ("int[]", [[1, 2], [3, None]]), ("text[]", ["a", "b,c", 'd"e']), ("uuid", uuid.UUID(int=5)), ("jsonb", '{"k": ["v", null, 1.5]}'), ("int4range", pg8000.native.Range(1, 5))):
            with step(kind):
                show("value", connection.run(f"select cast(:value as {kind})", value=value))
        show("columns", connection.columns)

    with step("errors"):
        connection.run("create table person (id serial primary key, name text not null unique, age int check (age >= 0))")
        for statement in ("selekt 1", "select * from nowhere", "select nothing\n  from person", "insert into person (name, age) values ('x', -1)", "insert into person (age) values (1)", "select 1/0", "", ";", "select 1; select 2"):
            with step(repr(statement)):
                show("rows", (connection.run(statement), connection.row_count))
        with step("parameters"):
            connection.run("select 1 / cast(:n as int)", n=0)

    with step("transactions"):
        connection.run("start transaction")
        connection.run("insert into person (name) values (:name)", name="first")
        connection.run("savepoint one")
        for name in ("first", "second"):
            with step(name):
                connection.run("insert into person (name) values (:name)", name=name)
        connection.run("rollback to one")
        connection.run("commit")
        show("rows", connection.run("select name from person"))

    with step("prepared statements"):
        statement = connection.prepare("select * from person where id = :id")
        show("row", statement.run(id=1))
        connection.run("alter table person add column extra text default 'new'")
        with step("the table has changed"):
            show("row", statement.run(id=1))
        statement.close()
        insert = connection.prepare("insert into person (name, age) values (:name, :age)")
        for n in range(100):
            insert.run(name=f"many {n}", age=n)
        insert.close()
        show("count", connection.run("select count(*), sum(age) from person"))

    with step("COPY"):
        connection.run("create table bulk (id int, name text)")
        connection.run("copy bulk from stdin (format csv)", stream=io.BytesIO("1,one\n2,grüße\n".encode()))
        show("rows", connection.row_count)
        connection.run("copy bulk from stdin", stream=[f"{n}\tx\n".encode() for n in range(3, 5000)])
        out = io.BytesIO()
        connection.run("copy (select * from bulk order by id limit 3) to stdout", stream=out)
        show("out", out.getvalue())
        out = io.BytesIO()
        connection.run("copy bulk to stdout (format binary)", stream=out)
        show("binary", digest(out.getvalue()))
        with step("bad data"):
            connection.run("copy bulk from stdin", stream=io.BytesIO(b"six\tsix\n"))
        with step("no stream"):
            connection.run("copy bulk to stdout")
        with step("no such table"):
            connection.run("copy nowhere to stdout", stream=out)
        show("count", connection.run("select count(*) from bulk"))

    with step("large values"):
        show("text", digest(connection.run("select cast(:value as text)", value="ä☃x" * 1_800_000)[0][0]))
        show("bytea", digest(connection.run("select cast(:value as bytea)", value=bytes(range(256)) * 40_000)[0][0]))

    with step("notices and notifications"):
        connection.run("do $$ begin raise notice 'hello ☃'; raise warning 'careful' using hint = 'a hint'; end $$")
        show("notices", [{field: value for field, value in sorted(notice.items())} for notice in connection.notices])
        connection.run("listen channel")
        connection.run("notify channel, 'grüße'")
        show("notifications", [(channel, payload) for _, channel, payload in connection.notifications])

    with step("timeout"):
        connection.run("set statement_timeout = '50ms'")
        with step("pg_sleep"):
            connection.run("select pg_sleep(60)")
        connection.run("reset statement_timeout")
    connection.close()

    for wrong in ({"startup_params": {"nosuch": "1"}}, {"database": "nowhere"}):
        with step(repr(wrong)):
            pg8000.native.Connection(**{**ADDRESS, **wrong})
    with step("settings at the start"):
        other = pg8000.native.Connection(**ADDRESS, startup_params={"statement_timeout": "12s", "search_path": "public"})
        show("settings", other.run("select current_setting('statement_timeout'), current_setting('search_path')"))
        other.close()


def dbapi():
    connection = pg8000.dbapi.connect(**ADDRESS)
    cursor = connection.cursor()
    with step("DB API"):
        cursor.execute("select %s::int, %s::text", (1, "it's"))
        show("row", cursor.fetchall())
        cursor.executemany("insert into person (name, age) values (%s, %s)", [(f"api {n}", n) for n in range(20)])
        show("rows", cursor.rowcount)
        connection.commit()
        with step("an error", connection.rollback):
            cursor.execute("insert into person (name) values (%s)", ("api 1",))
        with step("two-phase commit", connection.rollback):
            xid = connection.xid(1, "gid", "branch")
            connection.tpc_begin(xid)
            cursor.execute("insert into person (name) values ('two-phase')")
            connection.tpc_prepare()
        cursor.execute("select count(*) from person")
        show("count", cursor.fetchall())
    connection.close()


def refused():
    connection = pg8000.native.Connection(**ADDRESS)

    def goes_on():
        show("goes on", connection.run("select count(*) from customers"))

    out = io.BytesIO()
    with step("out", goes_on):
        connection.run("copy customers to stdout", stream=out)
    show("out", out.getvalue())
    with step("in", goes_on):
        connection.run("copy customers from stdin", stream=io.BytesIO(b"11\tnew\n"))
    with step("prepared", goes_on):
        connection.prepare("copy customers to stdout").run()
    with step("in a transaction"):
        connection.run("begin")
        connection.run("insert into customers values (12, 'kept')")
        connection.run("savepoint one")
        with step("out"):
            connection.run("copy customers to stdout", stream=out)
        connection.run("rollback to one")
        connection.run("commit")
        goes_on()
    with step("ordinary work"):
        show("row", connection.run("insert into customers values (:id, :name) returning *", id=20, name="COPY customers TO stdout"))
        insert = connection.prepare("insert into customers values (:id, :name)")
        for n in range(30, 50):
            insert.run(id=n, name="many")
        insert.close()
        connection.run("do $$ begin raise notice 'hello'; end $$")
        connection.run("listen channel")
        goes_on()
    connection.close()


if REFUSED:
    refused()
else:
    native()
    dbapi()
