\set ECHO all
select $1::int + 1 as next \parse stmt
\bind_named stmt 41 \g
\bind_named stmt x \g
\bind_named no_such 1 \g
\close_prepared stmt
\bind_named stmt 1 \g
\startpipeline
select $1::int \bind 1 \sendpipeline
select $1::int \bind 2 \sendpipeline
\getresults
\syncpipeline
select $1::int \bind 3 \sendpipeline
\flushrequest
\getresults
\endpipeline
\startpipeline
select $1::int \bind 1 \sendpipeline
select 1/$1::int \bind 0 \sendpipeline
select $1::int \bind 3 \sendpipeline
\syncpipeline
select $1::int \bind 4 \sendpipeline
\endpipeline
\startpipeline
begin \bind \sendpipeline
insert into cities values ($1, $2) \bind 30 'Turku' \sendpipeline
insert into cities values ($1, $2) \bind 30 'again' \sendpipeline
commit \bind \sendpipeline
\endpipeline
rollback;
select count(*) from cities where id = 30;
\startpipeline
select $1::int + $2::int \parse two
\bind_named two 1 2 \sendpipeline
\bind_named two 3 4 \sendpipeline
\close_prepared two
\bind_named two 5 6 \sendpipeline
\syncpipeline
\echo :PIPELINE_SYNC_COUNT :PIPELINE_COMMAND_COUNT :PIPELINE_RESULT_COUNT
\endpipeline
\startpipeline
copy cities to stdout \bind \sendpipeline
\endpipeline
