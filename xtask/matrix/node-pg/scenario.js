'use strict'
// node's `pg`, with the cursors and streams that go with it.
const { readFileSync } = require('node:fs')
const { once } = require('node:events')
const { Readable } = require('node:stream')
const { pipeline } = require('node:stream/promises')
const { Client, Pool } = require('pg')
const Cursor = require('pg-cursor')
const QueryStream = require('pg-query-stream')
const { to, from } = require('pg-copy-streams')
const { REFUSED, describeBy, digest, printer } = require('../node/transcript')

const describe = describeBy(['severity', 'code', 'detail', 'hint', 'position', 'internalPosition', 'internalQuery', 'where', 'schema', 'table', 'column', 'dataType', 'constraint'], process.env.PGPORT)
const { show, step } = printer(describe)

// pg reads libpq's variables, but not those of the authority.
const tls = process.env.PGSSLMODE === 'disable' ? false : { ca: readFileSync(process.env.PGSSLROOTCERT), servername: process.env.PGHOST }
const settings = (more) => ({ ssl: tls, enableChannelBinding: true, ...more })
const connect = async (more) => {
  const client = new Client(settings(more))
  client.on('error', (error) => client.lastError = describe(error))
  await client.connect()
  return client
}

async function collect(stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}

async function everything() {
  const client = await connect()
  const query = (...arguments_) => client.query(...arguments_)

  await step('connection', async () => {
    show('same process', (await query('select pg_backend_pid() as pid')).rows[0].pid === client.processID)
    show('settings', (await query("select current_setting('client_encoding') as encoding, current_setting('application_name') as application")).rows)
  })

  await step('types', async () => {
    const values = [[7, 'int'], ['1099511627776', 'int8'], ['12345678901234567890.123456789', 'numeric'], [1.5, 'float8'], ["grüße ☃ \\ ' \" 𝄞", 'text'], [Buffer.from([0, 1, 255, 92, 39]), 'bytea'], [true, 'bool'], [null, 'text'],
      [new Date(0), 'timestamptz'], ['0001-01-01', 'date'], ['3 days 5s', 'interval'], [[1, 2, 3], 'int[]'], [['a', 'b,c', 'd"e'], 'text[]'], ['00000000-0000-0000-0000-000000000005', 'uuid'], [{ k: ['v', null, 1.5] }, 'jsonb']]
    const text = 'select ' + values.map(([, type], n) => `$${n + 1}::${type}`).join(', ')
    for (const binary of [false, true]) {
      await step(`binary ${binary}`, async () => {
        const result = await query({ text, values: values.map(([value]) => value), binary, rowMode: 'array' })
        show('row', result.rows)
        show('fields', result.fields.map(({ name, dataTypeID, dataTypeSize, dataTypeModifier, format }) => [name, dataTypeID, dataTypeSize, dataTypeModifier, format]))
      })
    }
  })

  await step('errors', async () => {
    await query('create table person (id serial primary key, name text not null unique, age int check (age >= 0))')
    for (const [text, values] of [['selekt 1'], ['select $1::int', ['x']], ['select * from nowhere'], ['select nothing\n  from person'], ["insert into person (name, age) values ($1, -1)", ['x']], ['insert into person (age) values (1)'], ['select 1/0'],
      ["do $$ begin raise exception 'own' using errcode = 'P0042', detail = 'd', hint = 'h'; end $$"], [''], [';'], ['select 1; select 2'], ['select 1; select $1', [2]], ['select $1::int', []]]) {
      await step(JSON.stringify(text), async () => {
        const results = await query(text, values)
        for (const result of Array.isArray(results) ? results : [results]) show(result.command, [result.rowCount, result.rows])
      })
    }
  })

  await step('transactions', async () => {
    await query('begin')
    await query("insert into person (name) values ('first')")
    await query('savepoint one')
    await step('a failure', () => query("insert into person (name) values ('first')"))
    await step('failed transaction', () => query('select 1'))
    await query('rollback to one')
    await query('commit')
    show('rows', (await query('select name from person')).rows)
    await query('begin')
    await step('a failure', () => query('select 1/0'))
    show('commit', (await query('commit')).command)
  })

  await step('prepared statements', async () => {
    const named = (id) => query({ name: 'by id', text: 'select * from person where id = $1', values: [id] })
    show('row', (await named(1)).rows)
    show('row', (await named(2)).rows)
    await query('alter table person add column extra text')
    await step('the table has changed', async () => show('row', (await named(1)).rows))
    await step('other text under the name', () => query({ name: 'by id', text: 'select 1' }))
    await query('deallocate all')
    await step('deallocated', async () => show('row', (await named(1)).rows))
    await step('long name', async () => show('row', (await query({ name: 'n'.repeat(100), text: 'select $1::int as n', values: [1] })).rows))
    const queued = Array.from({ length: 50 }, (_, n) => query('insert into person (name, age) values ($1, $2) returning age', [`queued ${n}`, n]))
    show('queued', (await Promise.all(queued)).map((result) => result.rows[0].age).at(-1))
  })

  await step('cursors', async () => {
    const cursor = client.query(new Cursor('select g from generate_series(1, $1::int) g', [100]))
    show('rows', (await cursor.read(3)).map((row) => row.g))
    show('rows', (await cursor.read(1000)).length)
    show('rows', (await cursor.read(10)).length)
    await cursor.close()
    const left = client.query(new Cursor('select generate_series(1, 1000000)'))
    show('rows', (await left.read(2)).length)
    await left.close()
    await step('fails amid', async () => {
      const failing = client.query(new Cursor('select 10 / (3 - g) as n from generate_series(1, 5) g'))
      show('rows', await failing.read(1))
      show('rows', await failing.read(10))
    })
    let sum = 0
    for await (const row of client.query(new QueryStream('select g from generate_series(1, $1::int) g', [5000], { batchSize: 70 }))) sum += row.g
    show('stream', sum)
    await step('a stream left early', async () => {
      for await (const row of client.query(new QueryStream('select g from generate_series(1, 100000) g'))) {
        show('row', row)
        break
      }
    })
    show('next', (await query("select 'next' as n")).rows)
  })

  await step('COPY', async () => {
    await query('create table bulk (id int, name text)')
    const lines = Array.from({ length: 20000 }, (_, n) => `${n}\tgrüße ☃ ${n}\n`)
    const writer = client.query(from('copy bulk from stdin'))
    await pipeline(Readable.from(lines), writer)
    show('in', writer.rowCount)
    const out = client.query(to('copy (select * from bulk order by id) to stdout (format csv, header)'))
    show('out', digest(Buffer.concat(await collect(out))))
    show('rows', out.rowCount)
    show('binary', digest(Buffer.concat(await collect(client.query(to('copy bulk to stdout (format binary)'))))))
    await step('bad data', () => pipeline(Readable.from(['six\tsix\n']), client.query(from('copy bulk from stdin'))))
    await step('a source that fails', () => pipeline(Readable.from((function * () { yield '1\tone\n'; throw new Error('no more') })()), client.query(from('copy bulk from stdin'))))
    await step('no such table', () => collect(client.query(to('copy nowhere to stdout'))))
    await step('not for a stream', () => query('copy bulk to stdout'))
    show('rows', (await query('select count(*) from bulk')).rows)
  })

  await step('large values', async () => {
    show('text', digest((await query('select $1::text as value', ['ä☃x'.repeat(1800000)])).rows[0].value))
    show('bytea', digest((await query('select $1::bytea as value', [Buffer.alloc(10000000, 'pgwarden')])).rows[0].value))
    show('many rows', digest(JSON.stringify((await query('select g, md5(g::text) from generate_series(1, 50000) g')).rows)))
  })

  await step('notices', async () => {
    const notices = []
    client.on('notice', (notice) => notices.push(describe({ name: notice.name, ...notice, message: notice.message })))
    await query("do $$ begin raise notice 'hello ☃'; raise warning 'careful' using hint = 'a hint'; end $$")
    show('notices', notices)
  })

  await step('LISTEN and NOTIFY', async () => {
    const other = await connect()
    await other.query('listen channel')
    const received = []
    const all = new Promise((resolve) => other.on('notification', ({ channel, payload, processId }) => {
      received.push([channel, payload, processId === client.processID])
      if (received.length === 3) resolve()
    }))
    await query("notify channel, 'one'; notify channel")
    await query("select pg_notify('channel', $1)", ['grüße'])
    await all
    show('received', received)
    await other.end()
  })

  await step('cancel', async () => {
    const other = await connect()
    const running = query('select pg_sleep(60)')
    const ended = step('cancelled', () => running)
    while ((await other.query("select 1 from pg_stat_activity where pid = $1 and state = 'active' and query like '%pg_sleep%'", [client.processID])).rowCount === 0);
    const asked = await other.query('select pg_cancel_backend($1)', [client.processID])
    await ended
    show('asked', asked.rows)
    const again = query('select pg_sleep(60)')
    const endedToo = step('cancelled by protocol', () => again)
    while ((await other.query("select 1 from pg_stat_activity where pid = $1 and state = 'active' and query like '%pg_sleep%'", [client.processID])).rowCount === 0);
    // The driver has the message, but no method over TLS.
    if (tls === false) {
      const { Connection } = require('pg')
      const canceller = new Connection({ ssl: false })
      canceller.connect(Number(process.env.PGPORT), process.env.PGHOST)
      await once(canceller, 'connect')
      canceller.cancel(client.processID, client.secretKey)
      await once(canceller, 'end')
    } else {
      await other.query('select pg_cancel_backend($1)', [client.processID])
    }
    await endedToo
    show('next', (await query("select 'next' as n")).rows)
    await other.end()
    const limited = await connect({ statement_timeout: 50 })
    await step('statement_timeout', () => limited.query('select pg_sleep(60)'))
    await limited.end()
    const hasty = await connect({ query_timeout: 50 })
    await step('query_timeout', () => hasty.query('select pg_sleep(0.2)'))
    await hasty.end()
  })
  await client.end()

  await step('pool', async () => {
    const pool = new Pool(settings({ max: 3 }))
    const results = await Promise.all(Array.from({ length: 20 }, (_, n) => pool.query('select $1::int as n', [n])))
    show('rows', results.map((result) => result.rows[0].n))
    await pool.end()
  })

  await step('ended by the server', async () => {
    const victim = await connect()
    const killer = await connect()
    const gone = new Promise((resolve) => victim.on('end', resolve))
    // PostgreSQL 13 can't be asked to wait.
    const waits = (await killer.query("select current_setting('server_version_num')::int >= 140000 as waits")).rows[0].waits
    const terminate = waits ? 'select pg_terminate_backend($1, 10000) as terminated' : 'select pg_terminate_backend($1) as terminated'
    show('terminated', (await killer.query(terminate, [victim.processID])).rows)
    await gone
    show('error', victim.lastError)
    await step('the next statement', () => victim.query('select 1'))
    const running = await connect()
    const ended = step('while running', () => running.query('select pg_sleep(60)'))
    while ((await killer.query("select 1 from pg_stat_activity where pid = $1 and state = 'active' and query like '%pg_sleep%'", [running.processID])).rowCount === 0);
    await killer.query(terminate, [running.processID])
    await ended
    await killer.end()
  })

  for (const more of [{ options: '-c search_path=public -c statement_timeout=12s', application_name: 'grüße' }, { options: '-c nosuch=1' }, { database: 'nowhere' }]) {
    await step(JSON.stringify(more), async () => {
      const other = await connect(more)
      show('settings', (await other.query("select current_setting('statement_timeout') as t, current_setting('search_path') as s")).rows)
      await other.end()
    })
  }
}

async function refused() {
  const client = await connect()
  const query = (...arguments_) => client.query(...arguments_)
  const goesOn = async () => show('goes on', (await query('select count(*) from customers')).rows)

  await step('pg-copy-streams, out', () => collect(client.query(to('copy customers to stdout'))))
  await goesOn()
  await step('pg-copy-streams, in', () => pipeline(Readable.from(['11\tnew\n']), client.query(from('copy customers from stdin'))))
  await goesOn()
  await step('by query', () => query('copy customers to stdout'))
  await goesOn()
  await step('prepared', () => query({ name: 'out', text: 'copy customers to stdout' }))
  await goesOn()
  await step('in a transaction', async () => {
    await query('begin')
    await query("insert into customers values (12, 'kept')")
    await query('savepoint one')
    await step('out', () => collect(client.query(to('copy customers to stdout'))))
    await step('failed', () => query('select 1'))
    await query('rollback to one')
    await query('commit')
  })
  await goesOn()
  await step('ordinary work', async () => {
    show('row', (await query('insert into customers values ($1, $2) returning *', [20, 'COPY customers TO stdout'])).rows)
    await Promise.all(Array.from({ length: 20 }, (_, n) => query({ name: 'insert', text: 'insert into customers values ($1, $2)', values: [30 + n, 'many'] })))
    const cursor = client.query(new Cursor('select * from customers'))
    show('cursor', (await cursor.read(3)).length)
    await cursor.close()
    show('stream', (await collect(client.query(new QueryStream('select * from customers')))).length)
    await query('do $$ begin perform 1; end $$')
    await query('listen channel')
    await query('discard all')
  })
  await goesOn()
  await client.end()
}

(REFUSED ? refused() : everything()).catch((error) => {
  console.error(error)
  process.exit(1)
})
