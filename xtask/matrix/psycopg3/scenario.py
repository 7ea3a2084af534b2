"""psycopg 3: the extended protocol of libpq, pipelines among it."""

import asyncio
import datetime
import decimal
import os
import threading
import uuid

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from transcript import REFUSED, digest, nameless, show, step, wait_until

# Over TLS, the login has to be bound to the channel, which libpq only prefers by itself.
BINDING = {} if os.environ["PGSSLMODE"] == "disable" else {"channel_binding": "require"}


def connect(**more):
    return psycopg.connect("", **BINDING, **more)


def everything(connection):
    back = connection.rollback

    with step("connection"):
        info = connection.info
        show("status", (info.status, info.transaction_status, info.pipeline_status, info.encoding))
        for name in ("server_encoding", "client_encoding", "is_superuser", "DateStyle", "IntervalStyle", "integer_datetimes",
                     "standard_conforming_strings", "TimeZone", "in_hot_standby", "default_transaction_read_only"):
            show(name, info.parameter_status(name))
        show("same process", connection.execute("select pg_backend_pid() = %s", (info.backend_pid,)).fetchall())
        connection.commit()

    with step("types", back):
        values = (7, 2**40, decimal.Decimal("12345678901234567890.123456789"), 1.5, "grüße ☃ \\ ' \" 𝄞", b"\x00\x01\xff\\'", True, None,
                  datetime.datetime(2024, 2, 29, 23, 59, 59, 999999, datetime.timezone.utc), datetime.date(1, 1, 1), datetime.time(1, 2, 3),
                  datetime.timedelta(days=3, seconds=5), [1, 2, 3], ["a", "b,c", 'd"e'], uuid.UUID(int=5), Jsonb({"k": ["v", None, 1.5]}))
        for placeholder in ("%s", "%t", "%b"):
            for binary in (False, True):
                cursor = connection.cursor(binary=binary)
                row = cursor.execute("select " + ", ".join(f"{placeholder}" for _ in values), values).fetchone()
                show(f"{placeholder} {binary}", row)
        show("columns", [(c.name, c.type_code, c.internal_size, c.precision, c.type_display) for c in cursor.description])
        show("row", connection.execute("select '[1,5)'::int4range, '1.2.3.4'::inet, '{{1,2},{3,4}}'::int[], row(1, 'a'), 'infinity'::float8", binary=True).fetchall())
        connection.execute("create type mood as enum ('sad', 'grüße'); create table person (id serial primary key, name text not null unique, age int check (age >= 0), mood mood)")
        show("enum", psycopg.types.enum.EnumInfo.fetch(connection, "mood").labels)
        connection.commit()

    with step("a type of PostgreSQL 14", back):
        show("row", connection.execute("select '{[1,2),[3,4)}'::int4multirange", binary=True).fetchall())

    with step("errors", back):
        for statement, parameters in (("selekt 1", None), ("select %s::int", ("x",)), ("select * from nowhere", None), ("select nothing\n  from person", None), ("insert into person (name, age) values (%s, -1)", ("x",)),
                                      ("insert into person (age) values (1)", None), ("select 1/%s", (0,)), ("do $$ begin raise exception 'own' using errcode = 'P0042', detail = 'd', hint = 'h'; end $$", None),
                                      ("", None), (";", None), ("select 1; select 2", None), ("select 1; select %s", (2,))):
            with step(repr(statement), back):
                cursor = connection.execute(statement, parameters)
                show("status message", cursor.statusmessage)
                while cursor.nextset():
                    show("next", cursor.fetchall())
                connection.commit()

    with step("transactions", back):
        with connection.transaction():
            connection.execute("insert into person (name) values ('kept')")
            with step("inner"):
                with connection.transaction():
                    connection.execute("insert into person (name) values ('gone')")
                    connection.execute("insert into person (name) values ('kept')")
            with connection.transaction(force_rollback=True):
                connection.execute("insert into person (name) values ('gone')")
        show("names", connection.execute("select name from person").fetchall())
        connection.commit()

    with step("batches", back):
        cursor = connection.cursor()
        cursor.executemany("insert into person (name, age) values (%s, %s) returning id", [(f"many {n}", n) for n in range(300)], returning=True)
        ids = []
        while True:
            ids.append(cursor.fetchone()[0])
            if not cursor.nextset():
                break
        show("executemany", (len(ids), ids[-1]))
        with step("one of many fails", back):
            cursor.executemany("insert into person (name) values (%s)", [("fresh",), ("kept",), ("never",)])
        connection.commit()

    with step("prepared statements", back):
        for n in range(12):
            connection.execute("select name from person where id = %s", (n,))
        show("names", [(name.startswith("_pg3_"), statement) for name, statement in connection.execute("select name, statement from pg_prepared_statements order by statement")])
        for n in range(3):
            connection.execute("select * from person where id = %s", (1,), prepare=True)
        connection.commit()
        connection.execute("alter table person add column extra text default 'new'")
        connection.commit()
        with step("the table has changed", back):
            connection.execute("select * from person where id = %s", (1,), prepare=True)
        show("again", connection.execute("select * from person where id = %s", (1,), prepare=True).fetchall())
        connection.prepared_max = 2
        for n in range(4):
            show("evicting", connection.execute(f"select %s::int + {n}", (n,), prepare=True).fetchall())
        connection.prepared_max = 100
        connection.commit()
        connection.autocommit = True
        connection.execute("deallocate all")
        connection.execute("select name from person where id = %s", (1,), prepare=True)
        connection.execute("discard all")
        connection.autocommit = False
        show("after DISCARD", connection.execute("select name from person where id = %s", (1,)).fetchall())
        connection.commit()

    with step("pipelines", back):
        with connection.pipeline() as pipeline:
            cursors = [connection.execute("select %s::int, %s", (n, "x" * n)) for n in range(50)]
            show("rows", sum(len(cursor.fetchone()[1]) for cursor in cursors))
            first = connection.execute("insert into person (name) values ('piped') returning name")
            pipeline.sync()
            connection.commit()
            show("row", first.fetchall())
        with step("an error within", back):
            # Whichever of them the error shows at: that hangs on when its answer arrives.
            before, failing, behind = (connection.cursor() for _ in range(3))
            with connection.pipeline() as pipeline:
                before.execute("select 'before'")
                failing.execute("select 1/0")
                behind.execute("select 'behind'")
                pipeline.sync()
        with step("the one behind", back):
            behind.fetchall()
        connection.autocommit = True
        with connection.pipeline() as pipeline:
            results = []
            for n in range(5):
                results.append(connection.execute("select 10 / %s", (n,)) if n else None)
                pipeline.sync()
            show("with Syncs between", [cursor.fetchone() for cursor in results[1:]])
            with step("a block"):
                with connection.transaction():
                    connection.execute("insert into person (name) values ('in a block')")
                    connection.execute("insert into person (name) values ('piped')")
            show("goes on", connection.execute("select count(*) from person where name = 'in a block'").fetchall())
            with step("COPY"):
                with connection.cursor().copy("copy person to stdout"):
                    pass
        connection.autocommit = False
        large = "y" * 200_000
        with connection.pipeline():
            cursors = [connection.execute("select %s", (large,)) for _ in range(50)]
        show("large", {digest(cursor.fetchone()[0]) for cursor in cursors})
        connection.commit()

    with step("cursors", back):
        with connection.cursor("named") as named:
            named.itersize = 7
            named.execute("select g, repeat('x', g) from generate_series(1, %s) g", (40,))
            show("sum", sum(row[0] for row in named))
        with connection.cursor("scroll", scrollable=True, withhold=True, binary=True) as named:
            named.execute("select generate_series(1, 100)")
            named.scroll(50)
            show("fetched", named.fetchmany(3))
            connection.commit()
            show("held", len(named.fetchall()))
        show("stream", sum(row[0] for row in connection.cursor().stream("select generate_series(1, 1000)")))
        show("stream in chunks", sum(row["g"] for row in connection.cursor(row_factory=dict_row).stream("select generate_series(1, 100) g")))
        with step("a stream that fails", back):
            for row in connection.cursor().stream("select 10 / (3 - g) from generate_series(1, 5) g"):
                show("row", row)
        client = psycopg.ClientCursor(connection)
        show("client-side", client.execute("select %s, %s", ("it's \\", [1, 2])).fetchall())
        show("raw", psycopg.RawCursor(connection).execute("select $1::int + $2", (1, 2)).fetchall())
        show("composed", connection.execute(sql.SQL("select {} as {}").format("value", sql.Identifier("na\"me"))).description[0].name)
        connection.commit()

    with step("COPY", back):
        cursor = connection.cursor()
        connection.execute("create table bulk (id int, name text, at timestamptz)")
        with cursor.copy("copy bulk from stdin") as copy:
            copy.write("1\tone\t\\N\n")
            copy.write(b"2\t\\N\t2024-01-01 00:00:00+00\n")
            copy.write_row((3, "grüße ☃\t", None))
        show("rows", (cursor.rowcount, cursor.statusmessage))
        with cursor.copy("copy bulk (id, name) from stdin (format binary)") as copy:
            copy.set_types(["int4", "text"])
            for n in range(4, 1000):
                copy.write_row((n, "binary"))
        with cursor.copy("copy (select id, name from bulk order by id limit 5) to stdout") as copy:
            show("rows", list(copy.rows()))
        with cursor.copy("copy (select * from bulk order by id) to stdout (format binary)") as copy:
            show("binary", digest(b"".join(copy)))
        with cursor.copy("copy bulk (id) from stdin where id > %s", (5,)) as copy:
            for n in range(10):
                copy.write_row((n,))
        show("where", cursor.rowcount)
        connection.commit()
        with step("an error of one's own", back):
            with cursor.copy("copy bulk from stdin") as copy:
                copy.write("5\tfive\t\\N\n")
                raise ValueError("stop")
        with step("bad data", back):
            with cursor.copy("copy bulk from stdin") as copy:
                copy.write("six\tsix\t\\N\n")
        with step("bad data, much behind", back):
            with cursor.copy("copy bulk from stdin") as copy:
                copy.write("six\tsix\t\\N\n")
                for _ in range(1000):
                    copy.write("7\tseven\t\\N\n" * 100)
        with step("left early", back):
            with cursor.copy("copy (select generate_series(1, 1000000)) to stdout") as copy:
                show("first", bytes(copy.read())[:2])
                raise ValueError("enough")
        with step("no such table", back):
            with cursor.copy("copy nowhere to stdout"):
                pass
        with step("no COPY", back):
            with cursor.copy("select 1"):
                pass
        with step("COPY by execute"), connect() as other:
            other.execute("copy pg_language to stdout")
        show("rows", connection.execute("select count(*) from bulk").fetchall())
        connection.commit()

    with step("large values", back):
        text = "ä☃x" * 1_800_000
        show("text", digest(connection.execute("select %s", (text,)).fetchone()[0]))
        show("bytea", digest(connection.execute("select %b", (bytes(range(256)) * 40_000,), binary=True).fetchone()[0]))
        connection.commit()

    with step("notices", back):
        connection.add_notice_handler(lambda notice: show("notice", describe_notice(notice)))
        connection.execute("do $$ begin raise notice 'hello ☃'; raise warning 'careful' using hint = 'a hint', detail = 'd'; end $$")
        connection.execute("create temp table if not exists noted (i int); create temp table if not exists noted (i int)")
        connection.commit()

    with step("LISTEN and NOTIFY", back):
        with connect(autocommit=True) as other:
            other.execute("listen channel")
            other.execute('listen "Other"')
            connection.execute("notify channel, 'one'")
            connection.execute("select pg_notify('Other', %s)", ("grüße",))
            connection.commit()
            show("received", [(notify.channel, notify.payload, notify.pid == connection.info.backend_pid) for notify in other.notifies(timeout=30, stop_after=2)])

    with step("encodings", back):
        connection.execute("set client_encoding to 'LATIN1'")
        show("encoding", connection.info.encoding)
        show("row", connection.execute("select 'grüße' || %s", ("é",)).fetchall())
        connection.rollback()
        show("encoding", connection.info.encoding)

    with step("cancel", back):
        with connect(autocommit=True) as other:
            for way in (connection.cancel, connection.cancel_safe):
                pid = connection.info.backend_pid

                def cancel():
                    wait_until(lambda: other.execute("select 1 from pg_stat_activity where pid = %s and state = 'active' and query like '%%pg_sleep%%'", (pid,)).fetchall(), "pg_sleep")
                    way()

                canceller = threading.Thread(target=cancel)
                canceller.start()
                with step(f"cancelled by {way.__name__}", back):
                    connection.execute("select pg_sleep(60)")
                canceller.join()
                show("next", connection.execute("select 'next'").fetchall())
        with step("statement_timeout", back):
            connection.execute("set local statement_timeout = '50ms'")
            connection.execute("select pg_sleep(%s)", (60,))

    with step("two-phase commit", back):
        connection.tpc_begin("gid")
        connection.execute("insert into person (name) values ('two-phase')")
        with step("prepare"):
            connection.tpc_prepare()
    connection.close()


def describe_notice(diagnostic):
    return (diagnostic.severity, diagnostic.sqlstate, diagnostic.message_primary, diagnostic.message_detail, diagnostic.message_hint, diagnostic.source_function)


async def asynchronous():
    with step("asyncio"):
        async with await psycopg.AsyncConnection.connect("", autocommit=True, **BINDING) as connection:
            async with connection.pipeline():
                cursors = [await connection.execute("select %s::int", (n,)) for n in range(10)]
            show("rows", [(await cursor.fetchone())[0] for cursor in cursors])
            with step("cancelled task"):
                try:
                    await asyncio.wait_for(connection.execute("select pg_sleep(60)"), 0.2)
                except TimeoutError:
                    show("goes on", (connection.closed, connection.info.transaction_status))
            show("next", await (await connection.execute("select 'next'")).fetchall())


def ended():
    with step("ended by the server"):
        with connect() as victim, connect() as killer:
            show("terminated", killer.execute("select pg_terminate_backend(%s, 10000)", (victim.info.backend_pid,)).fetchall())
            with step("the next statement"):
                victim.execute("select 1")
            show("closed", (victim.closed, victim.broken))
    with step("settings at the start"):
        with connect(options="-c search_path=pg_catalog -c statement_timeout=12s", application_name="grüße", client_encoding="latin1") as connection:
            show("settings", connection.execute("select current_setting('search_path'), current_setting('statement_timeout'), current_setting('client_encoding')").fetchall())
    for wrong in ({"options": "-c nosuch=1"}, {"client_encoding": "nosuch"}, {"options": "-c statement_timeout=x"}, {"dbname": "nowhere"}):
        with step(repr(wrong)):
            try:
                connect(**wrong)
            except psycopg.OperationalError as error:
                show("error", (error.sqlstate, nameless(str(error))))


def refused(connection):
    cursor = connection.cursor()
    back = connection.rollback

    def goes_on():
        connection.rollback()
        show("goes on", connection.execute("select count(*) from customers").fetchall())
        connection.rollback()

    for statement in ("copy customers to stdout", "copy (select * from customers) to stdout (format binary)"):
        with step(statement, goes_on):
            with cursor.copy(statement) as copy:
                show("rows", list(copy))
    with step("copy customers from stdin", goes_on):
        with cursor.copy("copy customers from stdin") as copy:
            copy.write_row((11, "new"))
    with step("pipeline", goes_on):
        with connection.pipeline():
            kept = connection.execute("insert into customers values (12, 'before') returning id")
            connection.execute("copy customers to stdout")
            connection.execute("insert into customers values (13, 'behind')")
    with step("prepared", goes_on):
        connection.execute("copy customers to stdout", prepare=True)
    with step("nested transactions"):
        with connection.transaction():
            connection.execute("insert into customers values (12, 'kept')")
            with step("inner"):
                with connection.transaction():
                    with cursor.copy("copy customers to stdout") as copy:
                        show("rows", list(copy))
        goes_on()

    with step("ordinary work", back):
        show("row", connection.execute("insert into customers values (%s, %s) returning *", (20, "COPY customers TO stdout")).fetchall())
        cursor.executemany("insert into customers values (%s, %s)", [(30 + n, "many") for n in range(20)])
        with connection.pipeline():
            show("pipeline", [connection.execute("select %s::int", (n,)).fetchone() for n in range(5)])
        with connection.cursor("named") as named:
            show("cursor", named.execute("select id from customers order by id").fetchmany(3))
        for n in range(10):
            connection.execute("select name from customers where id = %s", (n,))
        connection.commit()
        show("stream", len(list(cursor.stream("select * from customers"))))
        show("types", psycopg.types.TypeInfo.fetch(connection, "customers").name)
        connection.execute("do $$ begin perform 1; end $$")
        connection.commit()
        connection.execute("listen channel")
        connection.execute("notify channel")
        connection.commit()
    with step("settings at the start"):
        with connect(options="-c search_path=public -c statement_timeout=12s", application_name="grüße") as other:
            show("settings", other.execute("show statement_timeout").fetchall())
    connection.close()


if REFUSED:
    refused(connect())
else:
    everything(connect())
    asyncio.run(asynchronous())
    ended()
