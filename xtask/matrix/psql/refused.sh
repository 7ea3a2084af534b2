# What people would try on a record that allows nothing; sourced by scenario.sh.

title 'COPY'
psql <<'SQL'
\set ECHO all
select count(*) from customers;
copy customers to stdout;
\errverbose
copy customers from stdin;
11	eleven
\.
\copy customers to 'out.csv' csv header
\copy customers from '/dev/null' csv
copy (select 1) to stdout (format binary) ;
/* hidden */ CoPy/**/customers/**/tO/**/sTdOuT;
select 1 \; copy customers to stdout \; select 2;
begin;
insert into customers values (11, 'eleven');
copy customers to stdout;
select 'failed';
rollback;
prepare p as select 1;
select count(*) from customers;
do $$ begin execute 'copy customers to ''/dev/null'''; end $$;
copy customers to program 'true';
copy customers to '/dev/null';
select 'goes on';
SQL
[ ! -s out.csv ] && echo 'out.csv is empty'

title 'Large objects and files'
echo content > object
psql <<'SQL' | steady
\set ECHO all
\lo_import object
select lo_get(4000000000);
\lo_export 4000000000 nothing
select pg_read_file('/etc/passwd');
select 'goes on';
SQL

if [ "$major" -ge 16 ]; then
    title 'The extended protocol'
    psql <<'SQL'
\set ECHO all
copy customers to stdout \bind \g
select $1::int \bind 1 \g
begin \bind \g
copy customers to stdout \bind \g
select 1 \bind \g
rollback \bind \g
SQL
fi
if [ "$major" -ge 18 ]; then
    psql <<'SQL'
\set ECHO all
\startpipeline
select $1::int \bind 1 \sendpipeline
copy customers to stdout \bind \sendpipeline
select $1::int \bind 2 \sendpipeline
\syncpipeline
select $1::int \bind 3 \sendpipeline
\endpipeline
SQL
fi

title 'pg_dump and pg_restore'
run pg_dump --table=customers --schema-only | steady | grep -E 'CREATE|error|exits'
run pg_dump --table=customers | grep -E 'error|detail|hint|exits'
run pg_dump --table=customers --inserts | grep -cE 'INSERT'

[ -x "$bin/pgbench" ] || exit 0
title 'pgbench'
run pgbench -i -q -I dtg | grep -E 'error|refused|exits'
run pgbench -i -q -I dtG | grep -E 'error|refused|exits'
psql -Atc 'select count(*) from customers'
