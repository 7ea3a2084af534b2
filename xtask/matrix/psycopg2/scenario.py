"""psycopg2: libpq's simple protocol, in the ways that people use it."""

import contextlib
import datetime
import decimal
import io
import select
import threading
import uuid

import psycopg2
import psycopg2.extensions
import psycopg2.extras
from transcript import REFUSED, digest, show, step, wait_until

psycopg2.extras.register_uuid()


def connect(**more):
    """libpq takes all that it needs from the environment."""
    return psycopg2.connect("", **more)


def everything(connection):
    cursor = connection.cursor()
    back = connection.rollback

    with step("connection"):
        show("protocol", connection.protocol_version)
        show("status", (connection.status, connection.get_transaction_status()))
        for name in ("server_encoding", "client_encoding", "is_superuser", "DateStyle", "IntervalStyle", "integer_datetimes",
                     "standard_conforming_strings", "TimeZone", "in_hot_standby", "default_transaction_read_only"):
            show(name, connection.get_parameter_status(name))
        cursor.execute("select pg_backend_pid() = %s", (connection.info.backend_pid,))
        show("same process", cursor.fetchall())
        connection.commit()

    with step("types"):
        values = (7, 2**40, decimal.Decimal("12345678901234567890.123456789"), 1.5, "grüße ☃ \\ ' \" 𝄞", b"\x00\x01\xff\\'", True, None,
                  datetime.datetime(2024, 2, 29, 23, 59, 59, 999999, datetime.timezone.utc), datetime.date(1, 1, 1),
                  datetime.timedelta(days=3, seconds=5), [1, 2, 3], ["a", "b,c", 'd"e'], uuid.UUID(int=5),
                  psycopg2.extras.Json({"k": ["v", None, 1.5]}))
        cursor.execute("select " + ", ".join(["%s"] * len(values)), [memoryview(v) if isinstance(v, bytes) else v for v in values])
        show("row", [bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
        show("columns", [(c.name, c.type_code, c.internal_size, c.precision) for c in cursor.description])
        cursor.execute("select '[1,5)'::int4range, '{\"a\": 1}'::jsonb, '1.2.3.4'::inet, 'infinity'::timestamp::text, null::int[], '{{1,2},{3,4}}'::int[]")
        show("row", cursor.fetchall())
        connection.commit()

    with step("errors in a transaction", back):
        cursor.execute("create table person (id serial primary key, name text not null unique, age int check (age >= 0))")
        connection.commit()
        cursor.execute("insert into person (name, age) values ('a', 1) returning id")
        show("id", cursor.fetchall())
        for statement in ("insert into person (name) values ('a')", "select 1"):
            with step(statement):
                cursor.execute(statement)
        show("status", connection.get_transaction_status())
        connection.rollback()
        for statement in ("selekt 1", "select * from nowhere", "select nothing\n  from person", "insert into person (name, age) values ('x', -1)",
                          "insert into person (age) values (1)", "select 1/0", "select 'x'::int", "do $$ begin raise exception 'own' using errcode = 'P0042', detail = 'd', hint = 'h'; end $$",
                          "", ";", "select 1; select 2; selekt 3"):
            with step(repr(statement), back):
                cursor.execute(statement)
                show("status message", cursor.statusmessage)
                connection.commit()

    with step("savepoints", back):
        cursor.execute("insert into person (name) values ('first'); savepoint one; insert into person (name) values ('second')")
        with step("a failure"):
            cursor.execute("insert into person (name) values ('first')")
        cursor.execute("rollback to savepoint one; insert into person (name) values ('third'); release one")
        connection.commit()
        cursor.execute("select name from person order by name")
        show("rows", cursor.fetchall())
        connection.commit()

    with step("with blocks"):
        with step("failing block"):
            with connection, connection.cursor() as inner:
                inner.execute("insert into person (name) values ('gone')")
                inner.execute("select 1/0")
        with connection, connection.cursor() as inner:
            inner.execute("select count(*) from person")
            show("count", inner.fetchone())

    with step("batches", back):
        cursor.executemany("insert into person (name, age) values (%s, %s)", [(f"many {n}", n) for n in range(20)])
        show("executemany", cursor.rowcount)
        psycopg2.extras.execute_batch(cursor, "insert into person (name, age) values (%s, %s)", [(f"batch {n}", n) for n in range(250)])
        show("execute_values", psycopg2.extras.execute_values(cursor, "insert into person (name, age) values %s returning id", [(f"values {n}", n) for n in range(250)], fetch=True)[-1])
        cursor.execute("select count(*), sum(age) from person")
        show("count", cursor.fetchall())
        connection.commit()

    with step("prepared statements in SQL", back):
        cursor.execute("prepare plan as select * from person where id = $1")
        cursor.execute("execute plan (1)")
        show("row", cursor.fetchall())
        cursor.execute("alter table person add column extra text")
        with step("the table has changed"):
            cursor.execute("execute plan (1)")
        connection.rollback()
        cursor.execute("deallocate plan")
        with step("deallocated", back):
            cursor.execute("execute plan (1)")

    with step("server-side cursors", back):
        with connection.cursor("forward") as named:
            named.itersize = 7
            named.execute("select g, repeat('x', g) from generate_series(1, 40) g")
            show("sum", sum(row[0] for row in named))
        with connection.cursor("scroll", scrollable=True, withhold=True) as named:
            named.execute("select generate_series(1, 100)")
            named.scroll(50)
            show("fetched", named.fetchmany(3))
            named.scroll(10, mode="absolute")
            show("fetched", named.fetchone())
            connection.commit()
            show("held", len(named.fetchall()))
        connection.commit()
        with connection.cursor("lost") as named:
            named.execute("select 1")
            connection.rollback()
            with step("after the transaction", back):
                named.fetchone()

    with step("COPY", back):
        cursor.execute("create table bulk (id int, name text)")
        cursor.copy_from(io.StringIO("1\tone\n2\t\\N\n3\tgrüße ☃\n"), "bulk")
        cursor.copy_expert("copy bulk from stdin (format csv, header)", io.StringIO("id,name\n4,\"a,\"\"b\"\n"))
        out = io.StringIO()
        cursor.copy_to(out, "bulk", sep="|", null="<null>")
        cursor.copy_expert("copy (select * from bulk order by id desc) to stdout csv", out)
        show("out", (out.getvalue(), cursor.rowcount))
        binary = io.BytesIO()
        cursor.copy_expert("copy bulk to stdout (format binary)", binary)
        show("binary", binary.getvalue())
        connection.commit()
        large = io.StringIO("".join(f"{n}\t{'x' * 100}\n" for n in range(50_000)))
        cursor.copy_expert("copy bulk from stdin", large)
        show("rows", cursor.rowcount)
        out = io.StringIO()
        cursor.copy_expert("copy (select * from bulk order by id, name) to stdout", out)
        show("out", digest(out.getvalue()))
        connection.rollback()
        for statement, data in (("copy bulk from stdin", "5\tfive\nsix\tsix\n"), ("copy nowhere from stdin", ""), ("copy bulk from stdin (format csv)", "1\n")):
            with step(f"{statement} with {data!r}", back):
                cursor.copy_expert(statement, io.StringIO(data))
        with step("copy to a reader that fails", back):
            cursor.copy_expert("copy bulk to stdout", FailingFile())
        with step("copy from a writer that fails", back):
            cursor.copy_expert("copy bulk from stdin", FailingFile())
        with step("copy by execute", back):
            cursor.execute("copy bulk to stdout")
        cursor.execute("select count(*) from bulk")
        show("rows", cursor.fetchall())
        connection.commit()

    with step("large values", back):
        text = "ä☃x" * 1_800_000
        cursor.execute("select %s", (text,))
        show("text", digest(cursor.fetchone()[0]))
        cursor.execute("select %s", (psycopg2.Binary(bytes(range(256)) * 40_000),))
        show("bytea", digest(bytes(cursor.fetchone()[0])))
        cursor.execute("select g, md5(g::text) from generate_series(1, 50000) g")
        show("many rows", digest(repr(cursor.fetchall())))
        connection.commit()

    with step("notices", back):
        cursor.execute("do $$ begin raise notice 'hello ☃'; raise warning 'careful' using hint = 'a hint'; raise info 'for your information'; end $$")
        cursor.execute("create temp table if not exists noted (i int); create temp table if not exists noted (i int)")
        cursor.execute("set local client_min_messages = debug1; create temp table noted_more (i int primary key); reset client_min_messages")
        show("notices", connection.notices)
        del connection.notices[:]
        connection.commit()

    with step("encodings", back):
        connection.set_client_encoding("LATIN1")
        show("encoding", connection.encoding)
        cursor.execute("select 'grüße' || %s, octet_length('grüße')", ("é",))
        show("row", cursor.fetchall())
        with step("a character that it lacks", back):
            cursor.execute("select U&'\\2603'")
        connection.set_client_encoding("UTF8")
        connection.commit()

    with step("settings", back):
        connection.set_session(isolation_level="SERIALIZABLE", readonly=True, deferrable=True)
        cursor.execute("show transaction_isolation; ")
        show("isolation", cursor.fetchall())
        with step("read only", back):
            cursor.execute("delete from person")
        connection.set_session(isolation_level="DEFAULT", readonly=False, deferrable=False)
        connection.autocommit = True
        cursor.execute("set datestyle = 'SQL, DMY'; set standard_conforming_strings = off; set application_name = 'grüße'")
        show("parameters", [connection.get_parameter_status(name) for name in ("DateStyle", "standard_conforming_strings", "application_name")])
        cursor.execute("select 'a\\\\b', 'it\\'s'")
        show("row", cursor.fetchall())
        cursor.execute("reset all")
        cursor.execute("discard all")
        show("parameters", [connection.get_parameter_status(name) for name in ("DateStyle", "standard_conforming_strings")])
        connection.autocommit = False

    with step("LISTEN and NOTIFY", back):
        with contextlib.closing(connect()) as other:
            other.autocommit = True
            other.cursor().execute("listen channel; listen \"Other\"")
            cursor.execute("notify channel, 'one'; select pg_notify('Other', 'grüße'); notify channel")
            connection.commit()
            received = []
            while len(received) < 3:
                select.select([other], [], [], 30)
                other.poll()
                received += [(notify.channel, notify.payload, notify.pid == connection.info.backend_pid) for notify in other.notifies]
                del other.notifies[:]
            show("received", received)

    with step("large objects", back):
        large = connection.lobject(0, "wb")
        large.write(b"0123456789" * 100_000)
        large.seek(5)
        large.truncate(500_000)
        oid = large.oid
        large.close()
        large = connection.lobject(oid, "rb")
        show("read", digest(large.read()))
        show("position", (large.seek(-3, 2), large.tell(), large.read()))
        large.close()
        connection.lobject(oid).unlink()
        connection.commit()
        with step("unlinked", back):
            connection.lobject(2147483647, "r")

    with step("cancel", back):
        with contextlib.closing(connect()) as other:
            pid = connection.info.backend_pid

            def cancel():
                watch = other.cursor()
                wait_until(lambda: sleeping(watch, pid), "pg_sleep")
                connection.cancel()

            canceller = threading.Thread(target=cancel)
            canceller.start()
            with step("cancelled"):
                cursor.execute("select pg_sleep(60)")
            canceller.join()
            connection.rollback()
        cursor.execute("select 'next'")
        show("row", cursor.fetchall())
        with step("statement_timeout", back):
            cursor.execute("set local statement_timeout = '50ms'; select pg_sleep(60)")
        with step("lock_timeout", back):
            blocker = connect()
            blocker.cursor().execute("lock table person")
            cursor.execute("set local lock_timeout = '50ms'; select 1 from person")
        blocker.close()

    with step("two-phase commit", back):
        connection.reset()
        connection.tpc_begin(connection.xid(1, "gid", "branch"))
        cursor.execute("insert into person (name) values ('two-phase')")
        with step("prepare"):
            connection.tpc_prepare()
    connection.close()


def asynchronous():
    with step("asynchronous"):
        waiting = connect(async_=1)
        psycopg2.extras.wait_select(waiting)
        cursor = waiting.cursor()
        cursor.execute("select generate_series(1, 5)")
        psycopg2.extras.wait_select(waiting)
        show("rows", cursor.fetchall())
        with step("an error"):
            cursor.execute("select 1/0")
            psycopg2.extras.wait_select(waiting)
        waiting.close()


def ended():
    with step("ended by the server"):
        victim, killer = connect(), connect()
        cursor = killer.cursor()
        cursor.execute("select pg_terminate_backend(%s, 10000)", (victim.info.backend_pid,))
        show("terminated", cursor.fetchall())
        with step("the next statement"):
            victim.cursor().execute("select 1")
        show("closed", victim.closed)
        killer.close()
    with step("no such database"):
        connect(dbname="nowhere")


def sleeping(cursor, pid):
    cursor.execute("select 1 from pg_stat_activity where pid = %s and state = 'active' and query like '%%pg_sleep%%'", (pid,))
    found = cursor.fetchall() != []
    cursor.connection.rollback()
    return found


class FailingFile:
    """A file that can be neither read nor written."""

    def read(self, size):
        raise ValueError("can't be read")

    def write(self, data):
        raise ValueError("can't be written")


def refused(connection):
    cursor = connection.cursor()
    back = connection.rollback

    def goes_on():
        connection.rollback()
        cursor.execute("select count(*) from customers")
        show("goes on", cursor.fetchall())
        connection.rollback()

    with step("copy_to", goes_on):
        out = io.StringIO()
        cursor.copy_to(out, "customers")
    show("out", out.getvalue())
    with step("copy_from", goes_on):
        cursor.copy_from(io.StringIO("11\tnew\n"), "customers")
    with step("copy_expert out", goes_on):
        cursor.copy_expert("copy (select * from customers) to stdout csv header", out)
    show("out", out.getvalue())
    with step("copy_expert in", goes_on):
        cursor.copy_expert("COPY customers FROM STDIN (FORMAT csv)", io.StringIO("11,new\n"))
    with step("inside a transaction"):
        cursor.execute("insert into customers values (12, 'kept?')")
        with step("copy_to"):
            cursor.copy_to(out, "customers")
        show("status", connection.get_transaction_status())
        with step("failed transaction", goes_on):
            cursor.execute("select 1")
    with step("savepoint"):
        cursor.execute("insert into customers values (12, 'kept'); savepoint before")
        with step("copy_to"):
            cursor.copy_to(out, "customers")
        cursor.execute("rollback to before")
        connection.commit()
        goes_on()

    with step("ordinary work", back):
        cursor.execute("insert into customers values (%s, %s) returning *", (13, "COPY customers TO stdout"))
        show("row", cursor.fetchall())
        psycopg2.extras.execute_values(cursor, "insert into customers values %s", [(20 + n, f"n {n}") for n in range(5)])
        with connection.cursor("named") as named:
            named.execute("select id from customers order by id")
            show("cursor", named.fetchmany(3))
        cursor.execute("prepare by_id as select name from customers where id = $1; execute by_id (1)")
        show("prepared", cursor.fetchall())
        connection.commit()
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        cursor.execute("select count(*) from customers")
        show("count", cursor.fetchall())
        connection.commit()
        connection.set_session(isolation_level="DEFAULT", readonly=False)
    with step("DO", back):
        cursor.execute("do $$ begin raise notice 'hello'; end $$")
        show("notices", connection.notices)
        connection.commit()
    with step("a function", back):
        cursor.execute("create function twice(int) returns int language sql as 'select $1 * 2'")
        cursor.callproc("twice", (21,))
        show("result", cursor.fetchall())
        connection.commit()
    with step("a function of one's own in PL/pgSQL", back):
        cursor.execute("create function touch() returns trigger language plpgsql as $$ begin new.name := upper(new.name); return new; end $$")
        cursor.execute("create trigger touched before insert on customers for each row execute function touch()")
        cursor.execute("insert into customers values (30, 'upper') returning name")
        show("row", cursor.fetchall())
        connection.commit()
    with step("large objects", goes_on):
        large = connection.lobject(0, "wb")
        large.write(b"content")
        large.close()
        large = connection.lobject(large.oid, "rb")
        show("read", large.read())
        connection.commit()
    connection.close()


if REFUSED:
    refused(connect())
else:
    everything(connect())
    asynchronous()
    ended()
