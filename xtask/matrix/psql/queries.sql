\set ECHO all
\timing off
select * from cities order by id;
\x on
select * from people where id = 3;
\x off
\pset null '(null)'
\pset format csv
table cities order by id;
\pset format aligned
select id, city, mood, tags from people where id < 4 order by id \gdesc
select id as first_id, mood from people where id = 1 \gset
\echo :first_id :'mood' :"mood"
select format('select %L as number, twice(%s)', i, i) from generate_series(1, 3) i \gexec
select city, mood, count(*) from people group by 1, 2 order by 1, 2 \crosstabview city mood
\set FETCH_COUNT 7
select id, age from people order by id;
select id, 10 / (25 - id) from people order by id;
\set FETCH_COUNT 0
create temp sequence countdown;
select 10 / (3 - nextval('countdown')) as left \watch 0.01
select 1 as a \; select 2 as b \; select 3 as c;
select 1 \; select 1/0 \; select 3;
select 1/0;
\errverbose
selec 1;
select * from no_such_table;
select no_such_function(1);
select 'é' || no_such_column from cities;
insert into cities values (1, 'again');
insert into people (age) values (-1);
insert into people (age) values (500);
insert into cities (id) values (10);
insert into people (city) values (99);
select 'unterminated
';
select $$dollar 'quoted' ; text$$, $tag$ with $$ inside $tag$, U&'\00e9', E'\x41\u00e9', 'a' /* comment ; /* nested */ */ 'b' ;
select -- a comment ;
    1;
begin;
insert into cities values (5, 'Quito');
select 1/0;
select 'refused while failed';
commit;
select count(*) from cities;
begin;
savepoint a;
insert into cities values (5, 'Quito');
savepoint b;
insert into cities values (5, 'Lima');
rollback to b;
release a;
commit;
table cities order by id;
\set ON_ERROR_ROLLBACK on
begin;
insert into cities values (6, 'Kyoto');
select 1/0;
insert into cities values (7, 'Lima');
commit;
select count(*) from cities;
\set ON_ERROR_ROLLBACK off
\set AUTOCOMMIT off
insert into cities values (8, 'Porto');
rollback;
\set AUTOCOMMIT on
prepare p (int) as select name from cities where id = $1;
execute p (2);
execute p ('x');
execute q (1);
deallocate all;
execute p (1);
declare c cursor with hold for select i from generate_series(1, 5) i;
fetch 2 from c;
move 1 in c;
fetch all in c;
close c;
fetch c;
explain (costs off) select * from people where city = 1 and mood <> 'sad';
set client_encoding = 'LATIN1';
select convert_to('é', 'LATIN1'), length('é');
set client_encoding = 'UTF8';
set standard_conforming_strings = off;
select 'back\\slash';
set standard_conforming_strings = on;
set datestyle = 'german';
select date '2001-02-03';
set timezone = 'Asia/Tokyo';
select timestamptz '2001-02-03 04:05:06+00';
set application_name = 'it is me';
show application_name;
set role no_such_role;
discard all;
begin isolation level serializable read only deferrable;
select current_setting('transaction_isolation'), current_setting('transaction_read_only');
insert into cities values (9, 'x');
rollback;
select repeat('x', 200000) as long \g (format=unaligned) | wc -c
select i, repeat('y', 100) from generate_series(1, 20000) i \g (format=csv) | cksum
;
select;
select from cities where false;
\if :{?no_such_variable}
select 'not this';
\else
select 'but this';
\endif
\echo :ROW_COUNT :SQLSTATE :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
\echo :SERVER_VERSION_NUM
do $$ begin perform 1/0; end $$;
do $$ declare x int; begin select id into strict x from cities; exception when too_many_rows then raise notice 'caught %', sqlstate; end $$;
call fill(-1);
vacuum cities;
begin; vacuum cities; rollback;
create database matrix_other;
copy cities to '/nonexistent/file';
select pg_read_file('/etc/passwd');
