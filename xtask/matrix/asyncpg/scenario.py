"""asyncpg: a driver of its own, binary and prepared throughout."""

import asyncio
import datetime
import decimal
import io
import uuid

import asyncpg
from transcript import REFUSED, describe, digest, show, step


async def connect(**more):
    """asyncpg reads libpq's variables, those of TLS among them."""
    return await asyncpg.connect(**more)


def rows(records):
    return [tuple(record) for record in records]


async def everything():
    connection = await connect()

    with step("connection"):
        settings = connection.get_settings()
        for name in ("server_encoding", "client_encoding", "is_superuser", "DateStyle", "IntervalStyle", "integer_datetimes",
                     "standard_conforming_strings", "TimeZone"):
            show(name, getattr(settings, name))
        show("same process", await connection.fetchval("select pg_backend_pid()") == connection.get_server_pid())
        show("version", connection.get_server_version().major)

    with step("types"):
        for kind, value in (("int4", 7), ("int8", 2**40), ("numeric", decimal.Decimal("12345678901234567890.123456789")), ("float8", 1.5), ("text", "grüße ☃ \\ ' \" 𝄞"), ("bytea", b"\x00\x01\xff\\'"),
                            ("bool", True), ("text", None), ("timestamptz", datetime.datetime(2024, 2, 29, 23, 59, 59, 999999, datetime.timezone.utc)), ("date", datetime.date(1, 1, 1)), ("time", datetime.time(1, 2, 3)),
                            ("interval", datetime.timedelta(days=3, seconds=5)), ("int4[]", [1, 2, 3]), ("int4[]", [[1, 2], [3, None]]), ("text[]", ["a", "b,c", 'd"e']), ("uuid", uuid.UUID(int=5)), ("jsonb", '{"k": ["v", null, 1.5]}'),
                            ("int4range", asyncpg.Range(1, 5)), ("inet", "1.2.3.4"), ("point", asyncpg.Point(1, 2)), ("bit", asyncpg.BitString("1"))):
            show(kind, await connection.fetchval(f"select $1::{kind}", value))
        await connection.execute("create type mood as enum ('sad', 'grüße'); create type pair as (a int, m mood); create domain positive as int check (value > 0)")
        show("own types", rows(await connection.fetch("select 'sad'::mood, row(1, 'grüße')::pair, array[row(1, 'sad')::pair], 5::positive")))
        show("parameters of own types", rows(await connection.fetch("select $1::mood, $2::pair, $3::positive", "sad", (1, "grüße"), 5)))
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=str, decoder=lambda text: ("decoded", text))
        show("codec", await connection.fetchval("select '[1]'::jsonb"))
        await connection.reset_type_codec("jsonb", schema="pg_catalog")

    with step("errors"):
        await connection.execute("create table person (id serial primary key, name text not null unique, age int check (age >= 0), mood mood)")
        for statement, *arguments in (("selekt 1",), ("select $1::int", "x"), ("select $1::int", 2**40), ("select * from nowhere",), ("select nothing\n  from person",), ("insert into person (name, age) values ($1, -1)", "x"),
                                      ("insert into person (age) values (1)",), ("select 1 / $1::int", 0), ("do $$ begin raise exception 'own' using errcode = 'P0042', detail = 'd', hint = 'h'; end $$",),
                                      ("",), (";",), ("select 1; select 2",), ("select $1; select 2", 1), ("select $1::int",)):
            with step(repr(statement)):
                show("rows", rows(await connection.fetch(statement, *arguments)))
            with step("by execute"):
                show("status", await connection.execute(statement, *arguments))

    with step("transactions"):
        with step("outer"):
            async with connection.transaction():
                await connection.execute("insert into person (name) values ('kept')")
                with step("inner"):
                    async with connection.transaction():
                        await connection.execute("insert into person (name) values ('gone')")
                        await connection.execute("insert into person (name) values ('kept')")
        with step("failing"):
            async with connection.transaction(isolation="serializable", readonly=True, deferrable=True):
                await connection.execute("insert into person (name) values ('gone')")
        transaction = connection.transaction()
        await transaction.start()
        with step("an error"):
            await connection.fetch("select 1/0")
        with step("failed"):
            await connection.fetch("select 1")
        await transaction.rollback()
        show("names", rows(await connection.fetch("select name from person")))

    with step("batches"):
        await connection.executemany("insert into person (name, age) values ($1, $2)", [(f"many {n}", n) for n in range(5000)])
        show("count", await connection.fetchval("select count(*) from person"))
        with step("one of many fails"):
            await connection.executemany("insert into person (name) values ($1)", [("fresh",), ("kept",), ("never",)])
        show("none was kept", await connection.fetchval("select count(*) from person where name in ('fresh', 'never')"))
        show("fetchmany", rows(await connection.fetchmany("insert into person (name) values ($1) returning name", [("one",), ("two",)])))

    with step("prepared statements"):
        statement = await connection.prepare("select * from person where id = $1")
        show("parameters", [(kind.name, kind.kind) for kind in statement.get_parameters()])
        show("attributes", [(a.name, a.type.name, a.type.kind) for a in statement.get_attributes()])
        show("row", rows(await statement.fetch(1)))
        show("explain", (await statement.explain(1))[0]["Plan"]["Node Type"])
        await connection.execute("alter table person add column extra text default 'new'")
        with step("the table has changed"):
            show("row", rows(await statement.fetch(1)))
        show("cached", rows(await connection.fetch("select * from person where id = $1", 1)))
        await connection.execute("alter table person drop column extra")
        with step("changed under the cache"):
            show("cached", rows(await connection.fetch("select * from person where id = $1", 1)))
        async with connection.transaction():
            await connection.fetch("select * from person where id = $1", 1)
        for n in range(120):
            await connection.fetchval(f"select {n}::int")
        await connection.execute("deallocate all")
        with step("after DEALLOCATE ALL"):
            show("row", rows(await connection.fetch("select 119::int")))
        await connection.reload_schema_state()
        named = await connection.prepare("select 1", name="own")
        show("named", (named.get_name(), await connection.fetch("execute own")))
        await connection.reset()

    with step("cursors"):
        async with connection.transaction():
            show("sum", sum([row[0] async for row in connection.cursor("select generate_series(1, $1::int)", 200, prefetch=13)]))
            cursor = await connection.cursor("select generate_series(1, 100)")
            show("fetched", rows(await cursor.fetch(3)))
            show("forwarded", await cursor.forward(10))
            show("row", tuple(await cursor.fetchrow()))
            with step("fails amid"):
                async for row in connection.cursor("select 10 / (3 - g) from generate_series(1, 5) g", prefetch=2):
                    show("row", row[0])
        with step("outside a transaction"):
            async for row in connection.cursor("select 1"):
                pass

    with step("COPY"):
        await connection.execute("create table bulk (id int, name text, at timestamptz)")
        show("in", await connection.copy_to_table("bulk", source=io.BytesIO(b"1,one,\n2,\"a,b\",2024-01-01 00:00:00+00\n"), format="csv"))
        show("records", await connection.copy_records_to_table("bulk", records=[(n, "☃", None) for n in range(3, 20_000)]))
        out = io.BytesIO()
        show("out", await connection.copy_from_table("bulk", output=out, format="csv", header=True))
        show("data", digest(out.getvalue()))
        out = io.BytesIO()
        show("query", await connection.copy_from_query("select * from bulk where id < $1 order by id", 5, output=out, format="text"))
        show("data", out.getvalue())
        out = io.BytesIO()
        show("binary", await connection.copy_from_query("select * from bulk order by id", output=out, format="binary"))
        show("data", digest(out.getvalue()))
        with step("bad data"):
            await connection.copy_to_table("bulk", source=io.BytesIO(b"six,six,\n"), format="csv")
        with step("a bad record"):
            await connection.copy_records_to_table("bulk", records=[(1, "x", None), ("x", "x", None)])
        with step("a source that fails"):
            await connection.copy_to_table("bulk", source=failing_source())
        with step("a sink that fails"):
            await connection.copy_from_query("select generate_series(1, 100000)", output=failing_sink)
        with step("no such table"):
            await connection.copy_from_table("nowhere", output=io.BytesIO())
        with step("by execute"):
            show("status", await connection.execute("copy bulk to stdout"))
        with step("by fetch"):
            await connection.fetch("copy bulk to stdout")
        show("rows", await connection.fetchval("select count(*) from bulk"))

    with step("large values"):
        show("text", digest(await connection.fetchval("select $1::text", "ä☃x" * 1_800_000)))
        show("bytea", digest(await connection.fetchval("select $1::bytea", bytes(range(256)) * 40_000)))
        show("many rows", digest(repr(rows(await connection.fetch("select g, md5(g::text) from generate_series(1, 50000) g")))))

    with step("notices"):
        connection.add_log_listener(lambda _, message: show("notice", describe(message)))
        await connection.execute("do $$ begin raise notice 'hello ☃'; raise warning 'careful' using hint = 'a hint'; end $$")
        await connection.execute("create temp table if not exists noted (i int); create temp table if not exists noted (i int)")
        await asyncio.sleep(0)

    with step("LISTEN and NOTIFY"):
        other = await connect()
        queue = asyncio.Queue()
        pid = connection.get_server_pid()
        await other.add_listener("channel", lambda _, sender, channel, payload: queue.put_nowait((channel, payload, sender == pid)))
        await connection.execute("notify channel, 'one'; notify channel")
        await connection.execute("select pg_notify('channel', $1)", "grüße")
        show("received", [await asyncio.wait_for(queue.get(), 30) for _ in range(3)])
        await other.close()

    with step("cancel"):
        for timeout in (0.2, 0.01):
            with step(f"timeout {timeout}"):
                await connection.fetch("select pg_sleep(60)", timeout=timeout)
            show("next", await connection.fetchval("select 'next'"))
        with step("cancelled in a transaction"):
            async with connection.transaction():
                await connection.execute("insert into person (name) values ('gone')")
                await connection.execute("select pg_sleep($1)", 60, timeout=0.2)
        show("gone", await connection.fetchval("select count(*) from person where name = 'gone'"))
        with step("statement_timeout"):
            await connection.execute("set statement_timeout = '50ms'")
            await connection.fetch("select pg_sleep($1)", 60)
        await connection.reset()

    with step("closing"):
        await connection.close()
        with step("closed"):
            await connection.fetch("select 1")
        victim, killer = await connect(), await connect()
        show("terminated", await killer.fetchval("select pg_terminate_backend($1, 10000)", victim.get_server_pid()))
        with step("the next statement"):
            await victim.fetch("select 1")
        sleeper = await connect()
        task = asyncio.ensure_future(sleeper.fetch("select pg_sleep(60)"))
        while not await killer.fetchval("select count(*) from pg_stat_activity where pid = $1 and state = 'active' and query like '%pg_sleep%'", sleeper.get_server_pid()):
            await asyncio.sleep(0.01)
        await killer.execute("select pg_terminate_backend($1, 10000)", sleeper.get_server_pid())
        with step("terminated while running"):
            await task
        leaving = await connect()
        leaving.terminate()
        await killer.close()

    with step("pool"):
        async with asyncpg.create_pool(min_size=2, max_size=3) as pool:
            show("rows", sorted(await asyncio.gather(*(pool.fetchval("select $1::int * 2", n) for n in range(20)))))
            async with pool.acquire() as one:
                await one.execute("set search_path = pg_catalog; listen other; create temp table mine ()")
            show("reset", await pool.fetchval("show search_path"))

    for settings in ({"server_settings": {"statement_timeout": "12s", "application_name": "grüße", "search_path": "public"}}, {"server_settings": {"nosuch": "1"}}, {"server_settings": {"statement_timeout": "x"}}, {"database": "nowhere"}):
        with step(repr(settings)):
            connection = await connect(**settings)
            show("settings", await connection.fetchrow("select current_setting('statement_timeout'), current_setting('search_path')"))
            await connection.close()


async def failing_source():
    yield b"1\tone\t\\N\n"
    raise ValueError("can't be read")


async def failing_sink(data):
    raise ValueError("can't be written")


async def refused():
    connection = await connect()

    async def goes_on():
        show("goes on", await connection.fetchval("select count(*) from customers"))

    out = io.BytesIO()
    with step("copy_from_table"):
        await connection.copy_from_table("customers", output=out)
    await goes_on()
    with step("copy_from_query"):
        await connection.copy_from_query("select * from customers where id > $1", 3, output=out, format="csv")
    await goes_on()
    show("out", out.getvalue())
    with step("copy_records_to_table"):
        await connection.copy_records_to_table("customers", records=[(11, "new")])
    await goes_on()
    with step("copy_to_table"):
        await connection.copy_to_table("customers", source=io.BytesIO(b"11\tnew\n"))
    await goes_on()
    with step("by execute"):
        await connection.execute("copy customers to stdout")
    await goes_on()
    with step("prepared"):
        await connection.prepare("copy customers to stdout")
    await goes_on()
    with step("in a transaction"):
        async with connection.transaction():
            await connection.execute("insert into customers values (12, 'kept')")
            with step("inner"):
                async with connection.transaction():
                    await connection.copy_records_to_table("customers", records=[(13, "gone")])
    await goes_on()

    with step("ordinary work"):
        show("row", rows(await connection.fetch("insert into customers values ($1, $2) returning *", 20, "COPY customers TO stdout")))
        await connection.executemany("insert into customers values ($1, $2)", [(30 + n, "many") for n in range(20)])
        async with connection.transaction():
            show("cursor", sum([row[0] async for row in connection.cursor("select id from customers", prefetch=5)]))
        await connection.execute("create type mood as enum ('sad'); create type pair as (a int, m mood)")
        show("introspection", rows(await connection.fetch("select array[row(1, 'sad')::pair], $1::mood", "sad")))
        show("explain", (await (await connection.prepare("select * from customers")).explain(analyze=True))[0]["Plan"]["Node Type"])
        await connection.execute("do $$ begin perform 1; end $$")
        await connection.reset()
        await connection.add_listener("channel", lambda *_: None)
        with step("timeout"):
            await connection.fetch("select pg_sleep(60)", timeout=0.2)
    await goes_on()
    await connection.close()
    async with asyncpg.create_pool(min_size=2, max_size=3) as pool:
        show("pool", await pool.fetchval("select 1"))


asyncio.run(refused() if REFUSED else everything())
