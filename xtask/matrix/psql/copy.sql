\set ECHO all
create table numbers (n int, word text);
copy numbers from stdin;
1	one
2	two\tand a tab
3	\N
\.
copy numbers from stdin (format csv, header);
n,word
4,"four, quoted"
5,""
\.
copy numbers to stdout;
copy (select * from numbers where n > 2 order by n) to stdout (format csv, header, force_quote *);
copy numbers from stdin;
6	six
not a number	seven
8	eight
\.
copy numbers (n) from stdin;
1	2	3
\.
copy no_such_table from stdin;
1
\.
select count(*) from numbers;
\copy numbers to 'numbers.csv' csv header
\copy (select n, n * n from numbers order by n) to 'numbers.txt'
\copy numbers to 'numbers.bin' binary
\copy numbers from 'numbers.csv' csv header
\copy numbers from 'numbers.bin' binary
\copy numbers from 'numbers.txt' binary
\copy numbers from 'no_such_file'
\copy numbers to program 'sort -n | head -2'
select count(*), sum(n) from numbers;
begin;
copy numbers from stdin;
9	nine
broken
\.
select 'failed';
rollback;
insert into numbers select i, repeat('w', 50) from generate_series(1, 20000) i;
\copy numbers to 'many'
truncate numbers;
\copy numbers from 'many'
select count(*), sum(n) from numbers;
copy numbers to stdout \g | wc -l
select 1 \; copy (select 'in a script') to stdout \; select 2;
drop table numbers;
