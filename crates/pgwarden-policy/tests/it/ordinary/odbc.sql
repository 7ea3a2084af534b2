# psqlODBC 13.02: catalogue functions, UseDeclareFetch, batches, savepoints by statement; servers 15 and 18.
# As the server logged it with log_statement = all; texts that differ in literals and numbers alone are kept once.
==== 3
SET DateStyle = 'ISO';SET extra_float_digits = 2;show transaction_isolation
====
select oid, typbasetype from pg_type where typname = 'lo'
====
show max_identifier_length
==== 2
create type mood as enum ('sad', 'happy'); create table person (id serial primary key, name text not null unique, age int check (age >= 0), mood mood)
====
select $1::int, $2::int8, $3::numeric, $4::float8, $5::text, $6::bytea, $7::bool, $8::timestamp, $9::date, $10::time, $11::text, '{1,2}'::int[], '{"k": 1}'::jsonb, '1 day'::interval, '00000000-0000-0000-0000-000000000005'::uuid, 'x'::char(3), 1.5::real
====
DEALLOCATE "_PLAN0x56164d2c4f00"
====
insert into person (name, age) values ($1, -1)
==== 3
select 1; select 1/0; select 3
====
select g, repeat('x', 50) from generate_series(1, 2500) g
====
select count(*) from person
==== 2
BEGIN;delete from person
==== 2
SAVEPOINT _EXEC_SVP_0x56164d2c79c0;select 1/0
====
ROLLBACK TO _EXEC_SVP_0x56164d2c79c0
==== 3
RELEASE _EXEC_SVP_0x56164d2c79c0;SAVEPOINT _EXEC_SVP_0x56164d2c79c0;select count(*) from person
==== 2
BEGIN;select count(*) > 0 from person
====
DEALLOCATE "_PLAN0x56164d30d640"
====
select 7::int, '1099511627776'::int8, '12345678901234567890.123'::numeric, '1.5'::float8::float8, 'grüße ☃ \ '' " 𝄞'::text, '\x0001FF'::bytea, '1'::bool, '2024-02-29 23:59:59.999'::timestamp::timestamp, '2024-02-29'::date::date, '01:02:03'::time::time, NULL::text, '{1,2}'::int[], '{"k": 1}'::jsonb, '1 day'::interval, '00000000-0000-0000-0000-000000000005'::uuid, 'x'::char(3), 1.5::real
====
select 'x'::int
==== 2
SAVEPOINT _EXEC_SVP_0x56164d2c6130;select 1/0
====
ROLLBACK TO _EXEC_SVP_0x56164d2c6130
==== 3
RELEASE _EXEC_SVP_0x56164d2c6130;SAVEPOINT _EXEC_SVP_0x56164d2c6130;select count(*) from person
==== 3
BEGIN;declare "SQL_CUR0x56164d2c4f00" cursor with hold for select 7::int, '1099511627776'::int8, '12345678901234567890.123'::numeric, '1.5'::float8::float8, 'grüße ☃ \ '' " 𝄞'::text, '\x0001FF'::bytea, '1'::bool, '2024-02-29 23:59:59.999'::timestamp::timestamp, '2024-02-29'::date::date, '01:02:03'::time::time, NULL::text, '{1,2}'::int[], '{"k": 1}'::jsonb, '1 day'::interval, '00000000-0000-0000-0000-000000000005'::uuid, 'x'::char(3), 1.5::real;fetch 100 in "SQL_CUR0x56164d2c4f00"
==== 2
close "SQL_CUR0x56164d2c4f00";commit
==== 3
BEGIN;declare "SQL_CUR0x56164d2c4f00" cursor with hold for select * from nowhere;fetch 100 in "SQL_CUR0x56164d2c4f00"
==== 3
BEGIN;declare "SQL_CUR0x56164d2c4f00" cursor with hold for select 'x'::int;fetch 100 in "SQL_CUR0x56164d2c4f00"
==== 3
BEGIN;declare "SQL_CUR0x56164d2c4f00" cursor with hold for select 1/0;fetch 100 in "SQL_CUR0x56164d2c4f00"
==== 3
BEGIN;declare "SQL_CUR0x56164d2c4f00" cursor with hold for select g, repeat('x', 50) from generate_series(1, 2500) g;fetch 100 in "SQL_CUR0x56164d2c4f00"
==== 2
SAVEPOINT _EXEC_SVP_0x56164d2e1bd0;fetch 100 in "SQL_CUR0x56164d2c4f00"
====
fetch 100 in "SQL_CUR0x56164d2c4f00"
==== 3
BEGIN;declare "SQL_CUR0x56164d2c4f00" cursor with hold for select count(*) from person;fetch 100 in "SQL_CUR0x56164d2c4f00"
==== 3
SAVEPOINT _EXEC_SVP_0x56164d2e1bd0;declare "SQL_CUR0x56164d2c4f00" cursor with hold for select 1/0;fetch 100 in "SQL_CUR0x56164d2c4f00"
====
ROLLBACK TO _EXEC_SVP_0x56164d2e1bd0
==== 4
RELEASE _EXEC_SVP_0x56164d2e1bd0;SAVEPOINT _EXEC_SVP_0x56164d2e1bd0;declare "SQL_CUR0x56164d2c4f00" cursor with hold for select count(*) from person;fetch 100 in "SQL_CUR0x56164d2c4f00"
====
close "SQL_CUR0x56164d2c4f00"
==== 3
BEGIN;declare "SQL_CUR0x56164d2c4f00" cursor with hold for select count(*) > 0 from person;fetch 100 in "SQL_CUR0x56164d2c4f00"
====
DEALLOCATE "_PLAN0x56164d2f0560"
====
DEALLOCATE "_PLAN0x56164d2c4e90"
==== 2
SAVEPOINT _EXEC_SVP_0x56164d2e1bd0;select 1/0
==== 3
RELEASE _EXEC_SVP_0x56164d2e1bd0;SAVEPOINT _EXEC_SVP_0x56164d2e1bd0;select count(*) from person
====
DEALLOCATE "_PLAN0x56164d313dd0"
====
DEALLOCATE "_PLAN0x56164d314e90"
====
DEALLOCATE "_PLAN0x56164d315db0"
====
DEALLOCATE "_PLAN0x56164d2c4ee0"
==== 2
BEGIN;select current_setting('transaction_isolation')
====
select $1::text
====
select $1::bytea
====
do $$ begin raise notice 'hello ☃'; raise warning 'careful' using hint = 'a hint', detail = 'd'; end $$
==== 8
create schema other; create table other.parent (a int, b text, primary key (a, b)); comment on table other.parent is 'a ☃ comment'; create table other.child (id bigserial primary key, a int, b text default 'x', n numeric(10, 2) not null, foreign key (a, b) references other.parent on delete cascade); create index on other.child (lower(b)); create view other.seen as select * from other.child; create function other.twice(n int) returns int language sql as 'select n * 2'; grant select on other.child to public
====
select relname, nspname, relkind from pg_catalog.pg_class c, pg_catalog.pg_namespace n where relkind in ('r', 'v', 'm', 'f', 'p') and nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'pg_temp_1') and n.oid = relnamespace order by nspname, relname
====
select relname, nspname, relkind from pg_catalog.pg_class c, pg_catalog.pg_namespace n where relkind in ('r', 'v', 'm', 'f', 'p') and nspname like 'other' and relname like '%a%' and nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'pg_temp_1') and n.oid = relnamespace order by nspname, relname
====
select n.nspname, c.relname, a.attname, a.atttypid, t.typname, a.attnum, a.attlen, a.atttypmod, a.attnotnull, c.relhasrules, c.relkind, c.oid, pg_get_expr(d.adbin, d.adrelid), case t.typtype when 'd' then t.typbasetype else 0 end, t.typtypmod, 0, attidentity, c.relhassubclass from (((pg_catalog.pg_class c inner join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname like 'other') inner join pg_catalog.pg_attribute a on (not a.attisdropped) and a.attnum > 0 and a.attrelid = c.oid) inner join pg_catalog.pg_type t on t.oid = a.atttypid) left outer join pg_attrdef d on a.atthasdef and d.adrelid = a.attrelid and d.adnum = a.attnum order by n.nspname, c.relname, attnum
====
select ta.attname, ia.attnum, ic.relname, n.nspname, tc.relname from pg_catalog.pg_attribute ta, pg_catalog.pg_attribute ia, pg_catalog.pg_class tc, pg_catalog.pg_index i, pg_catalog.pg_namespace n, pg_catalog.pg_class ic where tc.relname = 'child' AND n.nspname = 'other' AND tc.oid = i.indrelid AND n.oid = tc.relnamespace AND i.indisprimary = 't' AND ia.attrelid = i.indexrelid AND ta.attrelid = i.indrelid AND ta.attnum = i.indkey[ia.attnum-1] AND (NOT ta.attisdropped) AND (NOT ia.attisdropped) AND ic.oid = i.indexrelid order by ia.attnum
====
select	'd_odbc'::name as "PKTABLE_CAT",
	n2.nspname as "PKTABLE_SCHEM",
	c2.relname as "PKTABLE_NAME",
	a2.attname as "PKCOLUMN_NAME",
	'd_odbc'::name as "FKTABLE_CAT",
	n1.nspname as "FKTABLE_SCHEM",
	c1.relname as "FKTABLE_NAME",
	a1.attname as "FKCOLUMN_NAME",
	i::int2 as "KEY_SEQ",
	case ref.confupdtype
		when 'c' then 0::int2
		when 'n' then 2::int2
		when 'd' then 4::int2
		when 'r' then 1::int2
		else 3::int2
	end as "UPDATE_RULE",
	case ref.confdeltype
		when 'c' then 0::int2
		when 'n' then 2::int2
		when 'd' then 4::int2
		when 'r' then 1::int2
		else 3::int2
	end as "DELETE_RULE",
	ref.conname as "FK_NAME",
	cn.conname as "PK_NAME",
	case
		when ref.condeferrable then
			case
			when ref.condeferred then 5::int2
			else 6::int2
			end
		else 7::int2
	end as "DEFERRABILITY"
 from
 ((((((( (select cn.oid, conrelid, conkey, confrelid, confkey,
	 generate_series(array_lower(conkey, 1), array_upper(conkey, 1)) as i,
	 confupdtype, confdeltype, conname,
	 condeferrable, condeferred
  from pg_catalog.pg_constraint cn,
	pg_catalog.pg_class c,
	pg_catalog.pg_namespace n
  where contype = 'f' 
   and  confrelid = c.oid
   and  relname = 'parent'
   and  n.oid = c.relnamespace
   and  n.nspname = 'other'
 ) ref
 inner join pg_catalog.pg_class c1
  on c1.oid = ref.conrelid)
 inner join pg_catalog.pg_namespace n1
  on  n1.oid = c1.relnamespace)
 inner join pg_catalog.pg_attribute a1
  on  a1.attrelid = c1.oid
  and  a1.attnum = conkey[i])
 inner join pg_catalog.pg_class c2
  on  c2.oid = ref.confrelid)
 inner join pg_catalog.pg_namespace n2
  on  n2.oid = c2.relnamespace)
 inner join pg_catalog.pg_attribute a2
  on  a2.attrelid = c2.oid
  and  a2.attnum = confkey[i])
 left outer join pg_catalog.pg_constraint cn
  on cn.conrelid = ref.confrelid
  and cn.contype = 'p')
  order by ref.oid, ref.i
====
select n.nspname, c.relname, a.attname, a.atttypid, t.typname, a.attnum, a.attlen, a.atttypmod, a.attnotnull, c.relhasrules, c.relkind, c.oid, pg_get_expr(d.adbin, d.adrelid), case t.typtype when 'd' then t.typbasetype else 0 end, t.typtypmod, 0, attidentity, c.relhassubclass from (((pg_catalog.pg_class c inner join pg_catalog.pg_namespace n on n.oid = c.relnamespace and c.oid = 2615) inner join pg_catalog.pg_attribute a on (not a.attisdropped) and a.attnum > 0 and a.attrelid = c.oid) inner join pg_catalog.pg_type t on t.oid = a.atttypid) left outer join pg_attrdef d on a.atthasdef and d.adrelid = a.attrelid and d.adnum = a.attnum order by n.nspname, c.relname, attnum
====
select	'd_odbc'::name as "PKTABLE_CAT",
	n2.nspname as "PKTABLE_SCHEM",
	c2.relname as "PKTABLE_NAME",
	a2.attname as "PKCOLUMN_NAME",
	'd_odbc'::name as "FKTABLE_CAT",
	n1.nspname as "FKTABLE_SCHEM",
	c1.relname as "FKTABLE_NAME",
	a1.attname as "FKCOLUMN_NAME",
	i::int2 as "KEY_SEQ",
	case ref.confupdtype
		when 'c' then 0::int2
		when 'n' then 2::int2
		when 'd' then 4::int2
		when 'r' then 1::int2
		else 3::int2
	end as "UPDATE_RULE",
	case ref.confdeltype
		when 'c' then 0::int2
		when 'n' then 2::int2
		when 'd' then 4::int2
		when 'r' then 1::int2
		else 3::int2
	end as "DELETE_RULE",
	ref.conname as "FK_NAME",
	cn.conname as "PK_NAME",
	case
		when ref.condeferrable then
			case
			when ref.condeferred then 5::int2
			else 6::int2
			end
		else 7::int2
	end as "DEFERRABILITY"
 from
 ((((((( (select cn.oid, conrelid, conkey, confrelid, confkey,
	 generate_series(array_lower(conkey, 1), array_upper(conkey, 1)) as i,
	 confupdtype, confdeltype, conname,
	 condeferrable, condeferred
  from pg_catalog.pg_constraint cn,
	pg_catalog.pg_class c,
	pg_catalog.pg_namespace n
  where contype = 'f' 
   and  conrelid = c.oid
   and  relname = 'child'
   and  n.oid = c.relnamespace
   and  n.nspname = 'other'
 ) ref
 inner join pg_catalog.pg_class c1
  on c1.oid = ref.conrelid)
 inner join pg_catalog.pg_namespace n1
  on  n1.oid = c1.relnamespace)
 inner join pg_catalog.pg_attribute a1
  on  a1.attrelid = c1.oid
  and  a1.attnum = conkey[i])
 inner join pg_catalog.pg_class c2
  on  c2.oid = ref.confrelid)
 inner join pg_catalog.pg_namespace n2
  on  n2.oid = c2.relnamespace)
 inner join pg_catalog.pg_attribute a2
  on  a2.attrelid = c2.oid
  and  a2.attnum = confkey[i])
 left outer join pg_catalog.pg_constraint cn
  on cn.conrelid = ref.confrelid
  and cn.contype = 'p')
  order by ref.oid, ref.i
====
select n.nspname, c.relname, a.attname, a.atttypid, t.typname, a.attnum, a.attlen, a.atttypmod, a.attnotnull, c.relhasrules, c.relkind, c.oid, pg_get_expr(d.adbin, d.adrelid), case t.typtype when 'd' then t.typbasetype else 0 end, t.typtypmod, 0, attidentity, c.relhassubclass from (((pg_catalog.pg_class c inner join pg_catalog.pg_namespace n on n.oid = c.relnamespace and c.relname = 'child' and n.nspname = 'other') inner join pg_catalog.pg_attribute a on (not a.attisdropped) and a.attnum > 0 and a.attrelid = c.oid) inner join pg_catalog.pg_type t on t.oid = a.atttypid) left outer join pg_attrdef d on a.atthasdef and d.adrelid = a.attrelid and d.adnum = a.attnum order by n.nspname, c.relname, attnum
====
select c.relname, i.indkey, i.indisunique, i.indisclustered, a.amname, c.relhasrules, n.nspname, c.oid, 0, i.indoption from pg_catalog.pg_index i, pg_catalog.pg_class c, pg_catalog.pg_class d, pg_catalog.pg_am a, pg_catalog.pg_namespace n where d.relname = 'child' and n.nspname = 'other' and n.oid = d.relnamespace and d.oid = i.indrelid and i.indexrelid = c.oid and c.relam = a.oid order by i.indisprimary desc, i.indisunique, n.nspname, c.relname
====
select pg_get_indexdef(17724, 1, true)
====
select c.relhasrules, c.relkind, 0 as relhasoids from pg_catalog.pg_namespace u, pg_catalog.pg_class c where u.oid = c.relnamespace and c.relname = 'child' and u.nspname = 'other'
====
select ''::varchar as PROCEDURE_CAT, nspname as PROCEDURE_SCHEM, proname as PROCEDURE_NAME, ''::varchar as NUM_INPUT_PARAMS, ''::varchar as NUM_OUTPUT_PARAMS, ''::varchar as NUM_RESULT_SETS, ''::varchar as REMARKS, case when prorettype = 0 then 1::int2 else 2::int2 end as PROCEDURE_TYPE from pg_catalog.pg_namespace, pg_catalog.pg_proc where pg_proc.pronamespace = pg_namespace.oid and nspname like 'other'
====
select proname, proretset, prorettype, pronargs, proargtypes, nspname, p.oid, atttypid, attname, proargnames, proargmodes, proallargtypes from ((pg_catalog.pg_namespace n inner join pg_catalog.pg_proc p on p.pronamespace = n.oid) inner join pg_type t on t.oid = p.prorettype) left outer join pg_attribute a on a.attrelid = t.typrelid  and attnum > 0 and not attisdropped where has_function_privilege(p.oid, 'EXECUTE') and nspname like 'other' order by nspname, proname, p.oid, attnum
====
SELECT * FROM other.twice($1)
====
select upper('x'), '2024-02-29'::date, concat('a'::text,  'b'::text)
====
select count(*) from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)' and datname = current_database()
====
DEALLOCATE "_PLAN0x557801b76e40"
==== 2
SAVEPOINT _EXEC_SVP_0x557801b799c0;select 1/0
====
ROLLBACK TO _EXEC_SVP_0x557801b799c0
==== 3
RELEASE _EXEC_SVP_0x557801b799c0;SAVEPOINT _EXEC_SVP_0x557801b799c0;select count(*) from person
====
DEALLOCATE "_PLAN0x557801bbf3b0"
==== 2
SAVEPOINT _EXEC_SVP_0x557801b78130;select 1/0
====
ROLLBACK TO _EXEC_SVP_0x557801b78130
==== 3
RELEASE _EXEC_SVP_0x557801b78130;SAVEPOINT _EXEC_SVP_0x557801b78130;select count(*) from person
==== 3
BEGIN;declare "SQL_CUR0x557801b76e40" cursor with hold for select 7::int, '1099511627776'::int8, '12345678901234567890.123'::numeric, '1.5'::float8::float8, 'grüße ☃ \ '' " 𝄞'::text, '\x0001FF'::bytea, '1'::bool, '2024-02-29 23:59:59.999'::timestamp::timestamp, '2024-02-29'::date::date, '01:02:03'::time::time, NULL::text, '{1,2}'::int[], '{"k": 1}'::jsonb, '1 day'::interval, '00000000-0000-0000-0000-000000000005'::uuid, 'x'::char(3), 1.5::real;fetch 100 in "SQL_CUR0x557801b76e40"
==== 2
close "SQL_CUR0x557801b76e40";commit
==== 3
BEGIN;declare "SQL_CUR0x557801b76e40" cursor with hold for select * from nowhere;fetch 100 in "SQL_CUR0x557801b76e40"
==== 3
BEGIN;declare "SQL_CUR0x557801b76e40" cursor with hold for select 'x'::int;fetch 100 in "SQL_CUR0x557801b76e40"
==== 3
BEGIN;declare "SQL_CUR0x557801b76e40" cursor with hold for select 1/0;fetch 100 in "SQL_CUR0x557801b76e40"
==== 3
BEGIN;declare "SQL_CUR0x557801b76e40" cursor with hold for select g, repeat('x', 50) from generate_series(1, 2500) g;fetch 100 in "SQL_CUR0x557801b76e40"
==== 2
SAVEPOINT _EXEC_SVP_0x557801b93c80;fetch 100 in "SQL_CUR0x557801b76e40"
====
fetch 100 in "SQL_CUR0x557801b76e40"
==== 3
BEGIN;declare "SQL_CUR0x557801b76e40" cursor with hold for select count(*) from person;fetch 100 in "SQL_CUR0x557801b76e40"
==== 3
SAVEPOINT _EXEC_SVP_0x557801b93c80;declare "SQL_CUR0x557801b76e40" cursor with hold for select 1/0;fetch 100 in "SQL_CUR0x557801b76e40"
==== 4
RELEASE _EXEC_SVP_0x557801b93c80;SAVEPOINT _EXEC_SVP_0x557801b93c80;declare "SQL_CUR0x557801b76e40" cursor with hold for select count(*) from person;fetch 100 in "SQL_CUR0x557801b76e40"
====
close "SQL_CUR0x557801b76e40"
==== 3
BEGIN;declare "SQL_CUR0x557801b76e40" cursor with hold for select count(*) > 0 from person;fetch 100 in "SQL_CUR0x557801b76e40"
====
DEALLOCATE "_PLAN0x557801ba2420"
====
DEALLOCATE "_PLAN0x557801b76dd0"
====
DEALLOCATE "_PLAN0x557801bc5f90"
====
DEALLOCATE "_PLAN0x557801bc7830"
====
DEALLOCATE "_PLAN0x557801b7f6f0"
