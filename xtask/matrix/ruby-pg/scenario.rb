# Ruby's pg, over libpq without blocking.
require 'digest'
require 'pg'

$stdout.sync = true
REFUSED = ENV.key?('PGWARDEN_MATRIX_REFUSED')
FIELDS = { state: PG::PG_DIAG_SQLSTATE, severity: PG::PG_DIAG_SEVERITY_NONLOCALIZED, message: PG::PG_DIAG_MESSAGE_PRIMARY, detail: PG::PG_DIAG_MESSAGE_DETAIL, hint: PG::PG_DIAG_MESSAGE_HINT, position: PG::PG_DIAG_STATEMENT_POSITION, context: PG::PG_DIAG_CONTEXT, constraint: PG::PG_DIAG_CONSTRAINT_NAME }
FIELDS[:function] = PG::PG_DIAG_SOURCE_FUNCTION unless REFUSED

def show(label, value) = puts("#{label}: #{value.inspect}")

def describe(error)
  result = error.respond_to?(:result) && error.result
  return error.message.gsub("port #{ENV['PGPORT']}", 'port ...') unless result

  FIELDS.transform_values { |code| result.error_field(code) }.compact
end

def step(title)
  puts "== #{title}"
  yield
rescue PG::Error => e
  show(e.class.name, describe(e))
end

def everything(db)
  step('connection') do
    show('same process', db.exec("select pg_backend_pid() = #{db.backend_pid}").values)
    show('parameters', %w[server_encoding client_encoding DateStyle is_superuser TimeZone standard_conforming_strings].map { |name| db.parameter_status(name) })
    show('state', [db.status, db.transaction_status, db.protocol_version, db.internal_encoding])
  end
  step('types') do
    values = [7, 2**40, '12345678901234567890.123', 1.5, "grüße ☃ \\ ' 𝄞", true, nil, '2024-02-29 12:00:00+00', '{1,2,NULL}', '{"k": 1}']
    sql = 'select $1::int, $2::int8, $3::numeric, $4::float8, $5::text, $6::bool, $7::text, $8::timestamptz, $9::int[], $10::jsonb'
    show('text', db.exec_params(sql, values).values)
    show('binary', db.exec_params(sql, values, 1).values)
    result = db.exec_params('select $1::bytea', [{ value: "\x00\x01\xff".b, format: 1 }], 1)
    show('bytea', [result.getvalue(0, 0), result.ftype(0), result.fmod(0)])
  end
  step('errors') do
    db.exec('create table person (id serial primary key, name text not null unique, age int check (age >= 0))')
    ['selekt 1', 'select * from nowhere', "select nothing\n from person", "insert into person (name, age) values ('x', -1)", 'select 1/0', '', ';', 'select 1; select 2'].each do |sql|
      step(sql) { show('exec', [db.exec(sql).values, db.transaction_status]) }
      step('with parameters') { show('exec', db.exec_params(sql, []).values) }
    end
  end
  step('transactions') do
    db.transaction do
      db.exec("insert into person (name) values ('first'); savepoint one")
      step('a failure') { db.exec("insert into person (name) values ('first')") }
      db.exec('rollback to one')
    end
    step('fails') { db.transaction { db.exec("insert into person (name) values ('gone'); select 1/0") } }
    show('rows', db.exec('select name from person').values)
  end
  step('prepared statements') do
    db.prepare('by id', 'select * from person where id = $1')
    show('row', db.exec_prepared('by id', [1]).values)
    described = db.describe_prepared('by id')
    show('described', [described.paramtype(0), described.fields])
    db.exec('alter table person add column extra text')
    step('the table has changed') { db.exec_prepared('by id', [1]) }
    step('again under the name') { db.prepare('by id', 'select 1') }
    db.exec('deallocate "by id"')
    step('deallocated') { db.exec_prepared('by id', [1]) }
  end
  step('pipelines') do
    db.enter_pipeline_mode
    db.send_query_params('select $1::int', [1])
    db.send_query_params('select 1/0', [])
    db.send_query_params('select $1::int', [3])
    db.pipeline_sync
    db.send_query_params("insert into person (name) values ('piped') returning name", [])
    db.pipeline_sync
    6.times do
      step('result') do
        result = db.get_result
        show('values', [result.result_status, result.values]) if result
        result&.check
        db.get_result if result && result.result_status != PG::PGRES_PIPELINE_SYNC
      end
    end
  end
end

def more(db)
  step('single rows') do
    db.send_query('select 10 / (3 - g) from generate_series(1, 5) g')
    db.set_single_row_mode
    db.get_result.stream_each_row { |row| show('row', row) }
  end
  db.discard_results
  step('COPY') do
    db.exec('create table bulk (id int, name text)')
    encoder = PG::TextEncoder::CopyRow.new
    db.copy_data('copy bulk from stdin', encoder) { 20_000.times { |n| db.put_copy_data([n, 'grüße']) } }
    all = +''
    db.copy_data('copy (select * from bulk order by id) to stdout csv') { while (row = db.get_copy_data) do all << row end }
    show('out', [all.bytesize, Digest::SHA256.hexdigest(all)])
    step('bad data') { db.copy_data('copy bulk from stdin') { db.put_copy_data("six\tsix\n") } }
    step('an exception') do
      db.copy_data('copy bulk from stdin') { raise 'no more' }
    rescue RuntimeError => e
      show('raised', e.message)
    end
    step('left early') { db.copy_data('copy bulk to stdout') { db.get_copy_data } }
    step('no such table') { db.copy_data('copy nowhere to stdout') { db.get_copy_data } }
    show('rows', db.exec('select count(*) from bulk').values)
  end
  step('large values') do
    show('text', Digest::SHA256.hexdigest(db.exec_params('select $1::text', ['ä☃x' * 1_800_000]).getvalue(0, 0)))
    show('bytea', Digest::SHA256.hexdigest(db.exec_params('select $1::bytea', [{ value: 'x' * 10_000_000, format: 1 }], 1).getvalue(0, 0)))
  end
  step('large objects') do
    db.transaction do
      oid = db.lo_creat
      handle = db.lo_open(oid, PG::INV_WRITE | PG::INV_READ)
      db.lo_write(handle, 'x' * 100_000)
      db.lo_lseek(handle, 5, PG::SEEK_SET)
      show('read', [db.lo_read(handle, 10), db.lo_tell(handle)])
      db.lo_close(handle)
      db.lo_unlink(oid)
    end
  end
  step('notices and notifications') do
    db.set_notice_receiver { |result| show('notice', [result.error_field(PG::PG_DIAG_SEVERITY), result.error_field(PG::PG_DIAG_MESSAGE_PRIMARY)]) }
    db.exec("do $$ begin raise notice 'hello ☃'; raise warning 'careful'; end $$")
    db.exec("listen channel; notify channel, 'grüße'")
    db.wait_for_notify(30) { |channel, pid, payload| show('notify', [channel, pid == db.backend_pid, payload]) }
  end
  step('cancel') do
    db.send_query('select pg_sleep(60)')
    watch = PG.connect
    nil while watch.exec("select 1 from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)' and pid = #{db.backend_pid}").ntuples.zero?
    watch.finish
    show('cancelled', db.cancel)
    step('result') { db.get_last_result }
    show('next', db.exec("select 'next'").values)
    step('statement_timeout') { db.exec("set statement_timeout = '50ms'; select pg_sleep(60)") }
  end
  db.reset
  show('reset', [db.status, db.exec('show statement_timeout').values])
  db.finish
  step('no such database') { PG.connect(dbname: 'nowhere') }
end

def refused(db)
  goes_on = -> { show('goes on', db.exec('select count(*) from customers').values) }
  step('out') { db.copy_data('copy customers to stdout') { db.get_copy_data } }
  goes_on.call
  step('in') { db.copy_data('copy customers from stdin') { db.put_copy_data("11\tnew\n") } }
  goes_on.call
  step('prepared') { db.prepare('out', 'copy customers to stdout') }
  goes_on.call
  step('in a transaction') do
    db.transaction do
      db.exec("insert into customers values (11, 'kept'); savepoint one")
      step('out') { db.copy_data('copy customers to stdout') { db.get_copy_data } }
      db.exec('rollback to one')
    end
  end
  goes_on.call
  step('large objects') { db.transaction { db.lo_creat } }
  goes_on.call
  step('ordinary work') do
    db.prepare('insert', 'insert into customers values ($1, $2)')
    (20..40).each { |id| db.exec_prepared('insert', [id, 'COPY customers TO stdout']) }
    db.exec('do $$ begin perform 1; end $$')
    show('binary', db.exec_params('select id from customers order by id limit 1', [], 1).values)
    db.send_query('select id from customers order by id limit 3')
    db.set_single_row_mode
    db.get_result.stream_each { |row| show('row', row) }
    db.exec('listen channel; notify channel')
  end
  goes_on.call
  db.finish
end

if REFUSED
  refused(PG.connect)
else
  everything(PG.connect)
  more(PG.connect)
end
