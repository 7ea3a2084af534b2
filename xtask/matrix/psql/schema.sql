\set ON_ERROR_STOP on
create type mood as enum ('sad', 'ok', 'happy');
create domain positive as int check (value > 0);
create table cities (id int primary key, name text not null unique, founded date, "Mixed Case" text default 'é \ '' "');
create table people (
    id bigint generated always as identity primary key,
    city int references cities on delete cascade,
    mood mood default 'ok',
    age positive,
    tags text[],
    document jsonb,
    constraint sane check (age < 200)
);
create index people_by_city on people (city) where mood <> 'sad';
create view happy as select id, city from people where mood = 'happy';
create materialized view per_city as select city, count(*) from people group by city;
create table kinds (a int, b text) partition by range (a);
create table kinds_low partition of kinds for values from (0) to (100);
create table kinds_high partition of kinds for values from (100) to (200);
create unique index kinds_a on kinds (a);
create index on kinds_low (b);
create function twice(x int) returns int language sql immutable as 'select 2 * x';
create function warn(text) returns void language plpgsql as $body$ begin raise warning '%', $1; end $body$;
create procedure fill(n int) language plpgsql as $$
begin
    for i in 1..n loop
        insert into kinds values (i, 'row ' || i);
    end loop;
end $$;
create function stamp() returns trigger language plpgsql as 'begin new.b := upper(new.b); return new; end';
create trigger stamp before insert on kinds_high for each row execute function stamp();
create rule none as on delete to cities do instead nothing;
create schema other;
create sequence other.counter start 10 increment 5;
comment on table cities is 'where people live';
comment on column cities.name is 'its name';
create statistics people_stats on city, age from people;
alter table people enable row level security;
create policy everyone on people using (true);
create publication pub for table cities;
insert into cities values (1, 'Oslo', '1040-01-01'), (2, 'Lagos', null), (3, 'Zürich', '0001-01-01'), (4, E'tab\there', now()::date - now()::date + date '2000-01-01');
insert into people (city, mood, age, tags, document)
    select 1 + i % 3, (array['sad', 'ok', 'happy']::mood[])[1 + i % 3], 20 + i, array['a', 'b ' || i], jsonb_build_object('i', i)
    from generate_series(1, 30) i;
call fill(20);
refresh materialized view per_city;
