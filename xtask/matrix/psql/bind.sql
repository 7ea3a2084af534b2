\set ECHO all
select $1::int + $2::int as sum \bind 1 2 \g
select $1::text, $2::text \bind 'it''s' 'é' \g
select $1::int \bind x \g
select 1/$1::int \bind 0 \g
select 'no parameters' \bind \g
select 1 \; select 2 \bind \g
insert into cities values ($1, $2) \bind 20 'Bergen' \g
select name from cities where id = $1 \bind 20 \gset
\echo :name
delete from cities where id = $1 \bind 20 \g
begin \bind \g
select 1/$1::int \bind 0 \g
select $1::int \bind 0 \g
rollback \bind \g
select $1::int as described \bind 1 \gdesc
 \bind \g
copy cities to stdout \bind \g
