\set ECHO all
select warn('é "quoted"');
\set VERBOSITY verbose
select warn('with its place');
\set VERBOSITY default
\set SHOW_CONTEXT always
do $$ begin raise info 'information'; raise notice 'with detail' using detail = 'the detail', hint = 'the hint', errcode = 'AB123'; raise log 'not shown'; raise debug 'nor this'; end $$;
set client_min_messages = debug1;
do $$ begin raise debug 'shown'; end $$;
set client_min_messages = error;
select warn('not shown');
reset client_min_messages;
drop table if exists no_such_table, nor_this;
do $$ begin raise exception 'own' using errcode = 'ZZ999', detail = 'd', hint = 'h', table = 't', column = 'c'; end $$;
\errverbose
listen channel;
notify channel, 'payload é';
notify channel;
notify other_channel, 'not heard';
select pg_notify('channel', 'number ' || i) from generate_series(1, 3) i;
begin;
notify channel, 'after commit';
select 'not yet';
commit;
unlisten *;
notify channel;
