'use strict'
// node's `postgres`, which pipelines whatever it is given.
const { readFileSync } = require('node:fs')
const { Readable } = require('node:stream')
const { pipeline } = require('node:stream/promises')
const postgres = require('postgres')
const { REFUSED, describeBy, digest, printer } = require('../node/transcript')

const describe = describeBy(['severity', 'severity_local', 'code', 'detail', 'hint', 'position', 'where', 'schema_name', 'table_name', 'column_name', 'constraint_name'], `${process.env.PGHOST}:${process.env.PGPORT}`)
const { show, step } = printer(describe)

const notices = []
const connect = (more) => postgres({
  ssl: process.env.PGSSLMODE === 'disable' ? false : { ca: readFileSync(process.env.PGSSLROOTCERT), servername: process.env.PGHOST },
  onnotice: (notice) => notices.push(describe(notice)),
  max: 1,
  ...more
})

async function everything() {
  const sql = connect()

  await step('types', async () => {
    show('row', await sql`select ${7}::int, ${'1099511627776'}::int8, ${'1.5'}::numeric, ${"grüße ☃ \\ ' \" 𝄞"}::text, ${Buffer.from([0, 1, 255])}::bytea, ${true}::bool, ${null}::text, ${new Date(0)}::timestamptz, ${[1, 2, 3]}::int[], ${['a', 'b,c', 'd"e']}::text[], ${sql.json({ k: ['v', null] })}::jsonb`.values())
    const result = await sql`select 1 as one, 'x'::varchar(3) as two`
    show('columns', result.columns.map(({ name, type, table, number }) => [name, type, table, number]))
    show('raw', (await sql`select 1, null, 'é'`.raw()).map((row) => row.map(String)))
    show('parameters', (await sql`select 1`, { encoding: sql.parameters.client_encoding, strings: sql.parameters.standard_conforming_strings, zone: sql.parameters.TimeZone }))
  })

  await step('errors', async () => {
    await sql`create table person (id serial primary key, name text not null unique, age int check (age >= 0))`
    for (const text of ['selekt 1', 'select * from nowhere', 'select nothing\n  from person', "insert into person (name, age) values ('x', -1)", 'insert into person (age) values (1)', 'select 1/0', '', ';']) {
      await step(JSON.stringify(text), async () => show('rows', await sql.unsafe(text)))
      await step('prepared', async () => show('rows', await sql.unsafe(text, [], { prepare: true })))
    }
    show('several', await sql.unsafe('select 1 as one; select 2 as two'))
    show('simple', await sql`select 1 as one; select 2 as two`.simple())
    show('describe', (await sql`select ${1}::int as n, ${'x'} || 'y' as t`.describe()).types)
  })

  await step('pipelines', async () => {
    const results = await Promise.allSettled(Array.from({ length: 60 }, (_, n) => sql`select ${n}::int as n, 10 / ${n % 20}::int as q`))
    show('results', results.map((result) => result.status === 'fulfilled' ? result.value[0].q : result.reason.code))
    show('insert', (await sql`insert into person ${sql(Array.from({ length: 500 }, (_, n) => ({ name: `many ${n}`, age: n })))} returning id`).length)
    show('in', await sql`select count(*) from person where age in ${sql([1, 2, 3])}`)
  })

  await step('transactions', async () => {
    await step('begin', () => sql.begin(async (sql) => {
      await sql`insert into person (name) values ('kept')`
      await step('savepoint', () => sql.savepoint(async (sql) => {
        await sql`insert into person (name) values ('gone')`
        await sql`insert into person (name) values ('kept')`
      }))
      show('array', await Promise.all([sql`select 1 as one`, sql`select 2 as two`]))
    }))
    await step('fails', () => sql.begin('isolation level serializable read only', (sql) => sql`delete from person`))
    show('names', await sql`select name from person where age is null`)
    await step('two-phase', () => sql.begin(async (sql) => {
      await sql`insert into person (name) values ('two-phase')`
      await sql.prepare('gid')
    }))
    // Until then it holds its locks.
    await step('second phase', () => sql`commit prepared 'gid'`.simple())
  })

  await step('prepared statements', async () => {
    const byId = (id) => sql`select * from person where id = ${id}`
    await byId(1)
    show('statements', await sql`select statement from pg_prepared_statements where statement like '%where id%' order by 1`)
    await sql`alter table person add column extra text`
    await step('the table has changed', async () => show('row', await byId(2)))
    await step('again', async () => show('row', await byId(2)))
    await sql`deallocate all`.simple()
    await step('deallocated', async () => show('row', await byId(2)))
    await step('again', async () => show('row', await byId(2)))
  })

  await step('cursors', async () => {
    let sum = 0
    for await (const rows of sql`select generate_series(1, ${200}::int) as g`.cursor(13)) for (const row of rows) sum += row.g
    show('sum', sum)
    await sql`select generate_series(1, 1000000) as g`.cursor(2, (rows) => {
      show('rows', rows)
      return sql.CLOSE
    })
    await sql`select generate_series(1, 5) as g`.forEach((row) => show('each', row))
    await step('fails amid', () => sql`select 10 / (3 - g) as n from generate_series(1, 5) g`.cursor(1, (rows) => show('rows', rows)))
    show('next', await sql`select 'next' as n`)
  })

  await step('COPY', async () => {
    await sql`create table bulk (id int, name text)`
    await pipeline(Readable.from(Array.from({ length: 20000 }, (_, n) => `${n}\tgrüße ☃ ${n}\n`)), await sql`copy bulk from stdin`.writable())
    const chunks = []
    // On a connection of its own: the driver keeps the stream, and waits for it in vain afterwards.
    const reader = connect()
    for await (const chunk of await reader`copy (select * from bulk order by id) to stdout`.readable()) chunks.push(chunk)
    await reader.end({ timeout: 1 })
    show('out', digest(Buffer.concat(chunks)))
    const fresh = connect()
    await step('no such table', () => fresh.unsafe('copy nowhere to stdout'))
    await fresh.end()
    show('rows', await sql`select count(*) from bulk`)
  })

  await step('large values', async () => {
    show('text', digest((await sql`select ${'ä☃x'.repeat(1800000)}::text as value`)[0].value))
    show('bytea', digest((await sql`select ${Buffer.alloc(10000000, 'pgwarden')}::bytea as value`)[0].value))
  })

  await step('large objects', async () => {
    const object = await sql.largeObject()
    await pipeline(Readable.from([Buffer.alloc(300000, 'x')]), await object.writable())
    show('size', await object.size())
    await object.seek(0)
    show('read', digest((await object.read(400000))[0].data))
    await object.close()
  })

  await step('notices', async () => {
    await sql.unsafe("do $$ begin raise notice 'hello ☃'; raise warning 'careful' using hint = 'a hint'; end $$")
    show('notices', notices)
  })

  await step('listen', async () => {
    const received = []
    let done
    const all = new Promise((resolve) => { done = resolve })
    const { unlisten } = await sql.listen('channel', (payload) => {
      received.push(payload)
      if (received.length === 2) done()
    })
    await sql.notify('channel', 'grüße')
    await sql`select pg_notify('channel', 'two')`
    await all
    show('received', received)
    await unlisten()
  })

  await step('cancel', async () => {
    const query = sql`select pg_sleep(60)`
    const other = connect()
    const ended = step('cancelled', () => query)
    while ((await other`select 1 from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)' and datname = current_database()`).length === 0);
    query.cancel()
    await ended
    show('next', await sql`select 'next' as n`)
    await other.end()
    const limited = connect({ connection: { statement_timeout: 50, application_name: 'grüße', search_path: 'public' } })
    await step('statement_timeout', () => limited`select pg_sleep(60)`)
    show('settings', await limited`select current_setting('statement_timeout') as t, current_setting('search_path') as s`)
    await limited.end()
  })

  await step('ended by the server', async () => {
    const victim = connect()
    const pid = (await victim`select pg_backend_pid() as pid`)[0].pid
    const ended = step('while running', () => victim`select pg_sleep(60)`)
    while ((await sql`select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)' and pid = ${pid}`).length === 0);
    // PostgreSQL 13 can't be asked to wait.
    const [{ waits }] = await sql`select current_setting('server_version_num')::int >= 140000 as waits`
    const terminated = waits ? await sql`select pg_terminate_backend(${pid}, 10000)` : await sql`select pg_terminate_backend(${pid})`
    await ended
    show('terminated', terminated)
    await victim.end({ timeout: 1 })
  })

  await sql.end()
  for (const more of [{ connection: { nosuch: 1 } }, { database: 'nowhere' }]) {
    await step(JSON.stringify(more), async () => {
      const other = connect(more)
      await other`select 1`.finally(() => other.end())
    })
  }
  await step('pool and reserve', async () => {
    const pool = connect({ max: 4, prepare: false })
    show('rows', (await Promise.all(Array.from({ length: 40 }, (_, n) => pool`select ${n}::int as n`))).map((rows) => rows[0].n))
    const reserved = await pool.reserve()
    await reserved`set search_path = pg_catalog`
    show('reserved', await reserved`show search_path`)
    reserved.release()
    await pool.end({ timeout: 1 })
  })
}

async function refused() {
  const sql = connect()
  const goesOn = async () => show('goes on', await sql`select count(*) from customers`)

  await step('readable', async () => { await sql`copy customers to stdout` })
  await goesOn()
  await step('writable', async () => pipeline(Readable.from(['11\tnew\n']), await sql`copy customers from stdin`.writable()))
  await goesOn()
  await step('unsafe', () => sql.unsafe('copy customers to stdout'))
  await goesOn()
  await step('pipelined', async () => {
    const results = await Promise.allSettled([sql`insert into customers values (12, 'before')`, sql`copy customers to stdout`, sql`insert into customers values (13, 'behind')`])
    show('results', results.map((result) => result.status === 'fulfilled' ? result.value.count : result.reason.code))
  })
  await goesOn()
  await step('in a transaction', () => sql.begin(async (sql) => {
    await sql`insert into customers values (14, 'kept')`
    await step('savepoint', () => sql.savepoint((sql) => sql`copy customers to stdout`))
  }))
  await goesOn()
  await step('large objects', async () => {
    const object = await sql.largeObject()
    show('size', await object.size())
    await object.close()
  })
  await step('ordinary work', async () => {
    show('row', await sql`insert into customers values (${20}, ${'COPY customers TO stdout'}) returning *`)
    show('insert', (await sql`insert into customers ${sql(Array.from({ length: 20 }, (_, n) => ({ id: 30 + n, name: 'many' })))}`).count)
    let seen = 0
    for await (const rows of sql`select * from customers`.cursor(5)) seen += rows.length
    show('cursor', seen)
    show('simple', await sql`select 1 as one; select 2 as two`.simple())
    await sql.unsafe('do $$ begin perform 1; end $$')
    show('arrays', await sql`select ${sql.array([1, 2])}::int[] as a`)
    const { unlisten } = await sql.listen('channel', () => {})
    await unlisten()
  })
  await goesOn()
  await sql.end()
}

(REFUSED ? refused() : everything()).catch((error) => {
  console.error(error)
  process.exit(1)
})
