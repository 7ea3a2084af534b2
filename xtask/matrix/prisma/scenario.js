'use strict'
// Prisma's client, with the adapter that has it speak by node's `pg`.
const { readFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { REFUSED, printer } = require('../node/transcript')

const generated = process.argv[2]
const { PrismaClient, Prisma } = require(generated)
const { PrismaPg } = createRequire(generated)('@prisma/adapter-pg')

const tls = process.env.PGSSLMODE === 'disable' ? false : { ca: readFileSync(process.env.PGSSLROOTCERT), servername: process.env.PGHOST }

const text = (value) => JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? `${item}n` : item instanceof Uint8Array ? Buffer.from(item).toString('hex') : item))
// The message has a part of the script's source around it, whose last line says what happened.
const describe = (error) => ({ name: error.name, code: error.code, message: error.message.trim().split('\n').pop().replaceAll(process.env.PGPORT, '...'), cause: error.meta?.driverAdapterError?.cause ?? error.cause })
const { show, step } = printer(describe, text)

const TABLES = `
  create type "Mood" as enum ('sad', 'happy');
  create table person (id serial primary key, name text not null unique, age int check (age >= 0), mood "Mood" not null default 'happy', big bigint not null default 1099511627776,
    money decimal(65, 30) not null default 1.5, data bytea, born timestamp(3) not null default '2024-02-29 12:00:00.123', tags text[], extra jsonb);
  create table letter (id serial primary key, text text not null, "fromId" int not null references person on delete cascade)`

async function work(prisma) {
  await step('tables', async () => { for (const statement of TABLES.split(';')) await prisma.$executeRawUnsafe(statement) })
  await step('create', async () => show('row', await prisma.person.create({ data: { name: 'grüße ☃ 𝄞', age: 7, mood: 'sad', big: 1n << 40n, money: '12345678901234567890.125', data: Buffer.from([0, 1, 255]), tags: ['a', 'b,c'], extra: { k: ['v', null, 1.5] }, letters: { create: [{ text: 'one' }, { text: 'two' }] } }, include: { letters: true } })))
  await step('many', async () => show('count', await prisma.person.createMany({ data: Array.from({ length: 500 }, (_, n) => ({ name: `many ${n}`, age: n })), skipDuplicates: true })))
  await step('returned', async () => show('rows', await prisma.person.createManyAndReturn({ data: [{ name: 'first' }, { name: 'second' }], select: { name: true, money: true } })))
  await step('find', async () => show('rows', await prisma.person.findMany({ where: { OR: [{ name: { contains: 'ANY 1', mode: 'insensitive' } }, { letters: { some: { text: 'one' } } }], NOT: { age: null } }, orderBy: [{ age: 'desc' }, { id: 'asc' }], take: 5, skip: 1, include: { letters: { orderBy: { id: 'asc' } }, _count: { select: { letters: true } } } })))
  await step('cursor', async () => show('rows', await prisma.person.findMany({ cursor: { name: 'many 10' }, take: 3, orderBy: { id: 'asc' }, select: { name: true } })))
  await step('in', async () => show('count', await prisma.person.count({ where: { age: { in: Array.from({ length: 400 }, (_, n) => n) } } })))
  await step('aggregate', async () => show('row', await prisma.person.aggregate({ _sum: { age: true, big: true }, _avg: { age: true }, _max: { born: true } })))
  await step('group', async () => show('rows', await prisma.person.groupBy({ by: ['mood'], _count: true, having: { age: { _avg: { gt: 0 } } }, orderBy: { mood: 'asc' } })))
  await step('upsert', async () => show('row', await prisma.person.upsert({ where: { name: 'first' }, create: { name: 'first' }, update: { age: { increment: 5 }, tags: { push: 'x' } }, select: { name: true, age: true, tags: true } })))
  await step('update', async () => show('count', await prisma.person.updateMany({ where: { age: { gt: 490 } }, data: { age: { multiply: 2 }, extra: Prisma.JsonNull } })))
  await step('json', async () => show('rows', await prisma.person.findMany({ where: { extra: { path: ['k'], array_contains: ['v'] } }, select: { name: true } })))
  await step('unique', async () => prisma.person.create({ data: { name: 'first' } }))
  await step('check', async () => prisma.person.create({ data: { name: 'checked', age: -1 } }))
  await step('foreign key', async () => prisma.letter.create({ data: { text: 'x', fromId: 0 } }))
  await step('not found', async () => prisma.person.delete({ where: { name: 'nobody' } }))
  await step('a batch', async () => show('results', await prisma.$transaction([prisma.person.count(), prisma.person.deleteMany({ where: { name: 'second' } }), prisma.person.count()])))
  await step('a batch that fails', async () => prisma.$transaction([prisma.person.deleteMany(), prisma.person.create({ data: { name: 'x', age: -1 } })]))
  await step('interactive', async () => show('result', await prisma.$transaction(async (inner) => {
    await inner.person.update({ where: { name: 'first' }, data: { name: 'renamed' } })
    return inner.$queryRaw`select current_setting('transaction_isolation'), count(*) from person where name = ${'renamed'}`
  }, { isolationLevel: 'Serializable', timeout: 30000 })))
  await step('interactive, fails', async () => prisma.$transaction(async (inner) => {
    await inner.person.deleteMany()
    await step('within', async () => inner.person.create({ data: { name: 'x', age: -1 } }))
    await step('after it', async () => show('count', await inner.person.count()))
    throw new Error('own')
  }, { timeout: 30000 }))
  await step('raw', async () => show('rows', await prisma.$queryRaw`select ${7}::int as a, ${'x'}::text as b, ${new Date(0)}::timestamptz as c, ${[1, 2]}::int[] as d, 1.5::numeric as e, '{"k": 1}'::jsonb as f, 2::bigint as g`))
  for (const statement of ['selekt 1', 'select * from nowhere', 'select 1/0', 'select 1; select 2', '', "do $$ begin raise exception 'own' using errcode = 'P0042', detail = 'd', hint = 'h'; end $$"]) {
    await step(`raw ${statement}`, async () => show('rows', await prisma.$queryRawUnsafe(statement)))
  }
  await step('at the same time', async () => show('counts', await Promise.all(Array.from({ length: 20 }, (_, n) => prisma.person.count({ where: { age: { lt: n } } })))))
  await step('large', async () => show('length', (await prisma.$queryRawUnsafe('select $1::text as t', 'ä☃x'.repeat(300000)))[0].t.length))
  await step('count', async () => show('count', await prisma.person.count()))
}

async function refusals(prisma) {
  const count = async () => show('goes on', await prisma.customer.count())
  for (const statement of ['copy customers to stdout', 'copy customers from stdin', 'copy (select * from customers) to stdout (format csv)']) {
    await step(`query ${statement}`, async () => prisma.$queryRawUnsafe(statement))
    await count()
    await step(`execute ${statement}`, async () => prisma.$executeRawUnsafe(statement))
    await count()
  }
  await step('a batch', async () => prisma.$transaction([prisma.customer.create({ data: { id: 11, name: 'new' } }), prisma.$executeRawUnsafe('copy customers to stdout')]))
  await count()
  await step('interactive', async () => prisma.$transaction(async (inner) => {
    await inner.customer.create({ data: { id: 12, name: 'new' } })
    await step('within', async () => inner.$executeRawUnsafe('copy customers to stdout'))
    await step('after it', async () => show('count', await inner.customer.count()))
  }, { timeout: 30000 }))
  await count()
  await step('ordinary work', async () => show('row', await prisma.customer.create({ data: { id: 20, name: 'COPY customers TO stdout' } })))
  await count()
}

async function main() {
  const { PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = process.env
  const adapter = new PrismaPg({ host: PGHOST, port: Number(PGPORT), user: PGUSER, password: PGPASSWORD, database: PGDATABASE, ssl: tls, max: 3 })
  const prisma = new PrismaClient({ adapter, errorFormat: 'minimal' })
  if (REFUSED) {
    await refusals(prisma)
    console.log('== the rest')
  }
  await work(prisma)
  await prisma.$disconnect()
}

main()
