# What DBeaver sets once connected and asks of the catalogues, through pgjdbc, servers 13 to 18.
# As the server logged it with log_statement = all; texts that differ in literals and numbers alone are kept once.
====
SET extra_float_digits = 3
====
SET application_name = 'DBeaver - Main'
====
create schema other
====
 comment on schema other is 'a ☃ comment'
====

create type other.mood as enum ('sad', 'happy')
====
 create type other.pair as (a int, b text)
====

create domain other.positive as int check (value > 0)
====
 create sequence other.numbers increment 2
====

create table other.parent (a int, b text, primary key (a, b))
====
 comment on table other.parent is 'a table'
====

create table other.child (id bigserial primary key, a int, b text default 'x', n numeric(10, 2) not null, m other.mood, foreign key (a, b) references other.parent on delete cascade, check (a <> 7))
====

comment on column other.child.b is 'a column'
====
 create index on other.child (lower(b), a desc) where a > 0
====

create table other.heir () inherits (other.child)
====

create table other.parted (k int) partition by range (k)
====
 create table other.part partition of other.parted for values from (0) to (10)
====

create view other.seen as select * from other.child
====
 create materialized view other.kept as select 1 as one
====

create rule never as on delete to other.child do instead nothing
====

create function other.twice(n int) returns int language sql as 'select n * 2'
====
 comment on function other.twice(int) is 'a function'
====

create procedure other.nothing() language plpgsql as 'begin null; end'
====

create function other.touched() returns trigger language plpgsql as 'begin return new; end'
====

create trigger touch before update on other.child for each row execute function other.touched()
====

create policy own on other.child for select using (a > 0)
====

grant select on other.child to public

====
select current_schema(), session_user, current_user, current_database()
====
select version()
====
show search_path
====
show transaction_isolation
====
select * from pg_catalog.pg_settings where name = 'standard_conforming_strings'
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 12104 AS oid , 1 AS attnum UNION ALL SELECT 12104, 2 UNION ALL SELECT 12104, 3 UNION ALL SELECT 12104, 4 UNION ALL SELECT 12104, 5 UNION ALL SELECT 12104, 6 UNION ALL SELECT 12104, 7 UNION ALL SELECT 12104, 8 UNION ALL SELECT 12104, 9 UNION ALL SELECT 12104, 10 UNION ALL SELECT 12104, 11 UNION ALL SELECT 12104, 12 UNION ALL SELECT 12104, 13 UNION ALL SELECT 12104, 14 UNION ALL SELECT 12104, 15 UNION ALL SELECT 12104, 16 UNION ALL SELECT 12104, 17) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select name, vartype, context, enumvals from pg_catalog.pg_settings order by name limit 20
====
select string_agg(word, ',' order by word) from pg_catalog.pg_get_keywords() where word not in ('select', 'copy')
====
select db.oid, db.* from pg_catalog.pg_database db where datallowconn and not datistemplate and db.datname = current_database()
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 1262 AS oid , 1 AS attnum UNION ALL SELECT 1262, 1 UNION ALL SELECT 1262, 2 UNION ALL SELECT 1262, 3 UNION ALL SELECT 1262, 4 UNION ALL SELECT 1262, 5 UNION ALL SELECT 1262, 6 UNION ALL SELECT 1262, 7 UNION ALL SELECT 1262, 8 UNION ALL SELECT 1262, 9 UNION ALL SELECT 1262, 10 UNION ALL SELECT 1262, 11 UNION ALL SELECT 1262, 12 UNION ALL SELECT 1262, 13 UNION ALL SELECT 1262, 14 UNION ALL SELECT 1262, 15 UNION ALL SELECT 1262, 16 UNION ALL SELECT 1262, 17 UNION ALL SELECT 1262, 18) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
SELECT n.nspname = ANY(current_schemas(true)), n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE t.oid = $1
====
select pg_catalog.pg_encoding_to_char(encoding), shobj_description(oid, 'pg_database') from pg_catalog.pg_database where datname = current_database()
====
select n.oid, n.*, d.description from pg_catalog.pg_namespace n left join pg_catalog.pg_description d on d.objoid = n.oid and d.objsubid = 0 and d.classoid = 'pg_namespace'::regclass order by nspname
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 2615 AS oid , 1 AS attnum UNION ALL SELECT 2615, 1 UNION ALL SELECT 2615, 2 UNION ALL SELECT 2615, 3 UNION ALL SELECT 2615, 4 UNION ALL SELECT 2609, 4) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select t.oid, t.*, c.relkind, format_type(nullif(t.typbasetype, 0), t.typtypmod) as base_type_name, d.description from pg_catalog.pg_type t left join pg_catalog.pg_class c on c.oid = t.typrelid left join pg_catalog.pg_description d on t.oid = d.objoid where t.typname is not null and (c.relkind is null or c.relkind = 'c') order by t.oid limit 30
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 1247 AS oid , 1 AS attnum UNION ALL SELECT 1247, 1 UNION ALL SELECT 1247, 2 UNION ALL SELECT 1247, 3 UNION ALL SELECT 1247, 4 UNION ALL SELECT 1247, 5 UNION ALL SELECT 1247, 6 UNION ALL SELECT 1247, 7 UNION ALL SELECT 1247, 8 UNION ALL SELECT 1247, 9 UNION ALL SELECT 1247, 10 UNION ALL SELECT 1247, 11 UNION ALL SELECT 1247, 12 UNION ALL SELECT 1247, 13 UNION ALL SELECT 1247, 14 UNION ALL SELECT 1247, 15 UNION ALL SELECT 1247, 16 UNION ALL SELECT 1247, 17 UNION ALL SELECT 1247, 18 UNION ALL SELECT 1247, 19 UNION ALL SELECT 1247, 20 UNION ALL SELECT 1247, 21 UNION ALL SELECT 1247, 22 UNION ALL SELECT 1247, 23 UNION ALL SELECT 1247, 24 UNION ALL SELECT 1247, 25 UNION ALL SELECT 1247, 26 UNION ALL SELECT 1247, 27 UNION ALL SELECT 1247, 28 UNION ALL SELECT 1247, 29 UNION ALL SELECT 1247, 30 UNION ALL SELECT 1247, 31 UNION ALL SELECT 1247, 32 UNION ALL SELECT 1259, 18) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select e.enumtypid, e.* from pg_catalog.pg_enum e order by e.enumsortorder
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 3501 AS oid , 2 AS attnum UNION ALL SELECT 3501, 1 UNION ALL SELECT 3501, 2 UNION ALL SELECT 3501, 3 UNION ALL SELECT 3501, 4) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select 'other'::regnamespace::oid
====
select c.oid, c.*, d.description, pg_catalog.pg_get_expr(c.relpartbound, c.oid) as partition_expr, pg_catalog.pg_get_partkeydef(c.oid) as partition_key from pg_catalog.pg_class c left join pg_catalog.pg_description d on d.objoid = c.oid and d.objsubid = 0 and d.classoid = 'pg_class'::regclass where c.relnamespace = $1 and c.relkind not in ('i', 'I', 'c') order by c.relname
====
select c.oid, c.*, d.description, pg_catalog.pg_get_expr(c.relpartbound, c.oid) as partition_expr, pg_catalog.pg_get_partkeydef(c.oid) as partition_key from pg_catalog.pg_class c left join pg_catalog.pg_description d on d.objoid = c.oid and d.objsubid = 0 and d.classoid = 'pg_class'::regclass where c.relnamespace = 17497 and c.relkind not in ('i', 'I', 'c') order by c.relname
====
select 'other.child'::regclass::oid
====
select c.relname, a.*, pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) as def_value, dsc.description, dep.objid from pg_catalog.pg_attribute a join pg_catalog.pg_class c on a.attrelid = c.oid left join pg_catalog.pg_attrdef ad on a.attrelid = ad.adrelid and a.attnum = ad.adnum left join pg_catalog.pg_description dsc on c.oid = dsc.objoid and a.attnum = dsc.objsubid left join pg_catalog.pg_depend dep on dep.refobjid = a.attrelid and dep.deptype = 'i' and dep.refobjsubid = a.attnum and dep.classid = dep.refclassid where not a.attisdropped and c.oid = $1 order by a.attnum
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 1249 AS oid , 1 AS attnum UNION ALL SELECT 1249, 2 UNION ALL SELECT 1249, 3 UNION ALL SELECT 1249, 4 UNION ALL SELECT 1249, 5 UNION ALL SELECT 1249, 6 UNION ALL SELECT 1249, 7 UNION ALL SELECT 1249, 8 UNION ALL SELECT 1249, 9 UNION ALL SELECT 1249, 10 UNION ALL SELECT 1249, 11 UNION ALL SELECT 1249, 12 UNION ALL SELECT 1249, 13 UNION ALL SELECT 1249, 14 UNION ALL SELECT 1249, 15 UNION ALL SELECT 1249, 16 UNION ALL SELECT 1249, 17 UNION ALL SELECT 1249, 18 UNION ALL SELECT 1249, 19 UNION ALL SELECT 1249, 20 UNION ALL SELECT 1249, 21 UNION ALL SELECT 1249, 22 UNION ALL SELECT 1249, 23 UNION ALL SELECT 1249, 24 UNION ALL SELECT 1249, 25 UNION ALL SELECT 2608, 2) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select c.relname, a.*, pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) as def_value, dsc.description, dep.objid from pg_catalog.pg_attribute a join pg_catalog.pg_class c on a.attrelid = c.oid left join pg_catalog.pg_attrdef ad on a.attrelid = ad.adrelid and a.attnum = ad.adnum left join pg_catalog.pg_description dsc on c.oid = dsc.objoid and a.attnum = dsc.objsubid left join pg_catalog.pg_depend dep on dep.refobjid = a.attrelid and dep.deptype = 'i' and dep.refobjsubid = a.attnum and dep.classid = dep.refclassid where not a.attisdropped and c.oid = 17520 order by a.attnum
====
select c.oid, c.*, t.relname as tabrelname, rt.relnamespace as refnamespace, d.description, case when c.contype = 'c' then substring(pg_catalog.pg_get_constraintdef(c.oid), 7) end as consrc_copy from pg_catalog.pg_constraint c join pg_catalog.pg_class t on t.oid = c.conrelid left join pg_catalog.pg_class rt on rt.oid = c.confrelid left join pg_catalog.pg_description d on d.objoid = c.oid where c.conrelid = $1 order by c.conname
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 2606 AS oid , 1 AS attnum UNION ALL SELECT 2606, 1 UNION ALL SELECT 2606, 2 UNION ALL SELECT 2606, 3 UNION ALL SELECT 2606, 4 UNION ALL SELECT 2606, 5 UNION ALL SELECT 2606, 6 UNION ALL SELECT 2606, 7 UNION ALL SELECT 2606, 8 UNION ALL SELECT 2606, 9 UNION ALL SELECT 2606, 10 UNION ALL SELECT 2606, 11 UNION ALL SELECT 2606, 12 UNION ALL SELECT 2606, 13 UNION ALL SELECT 2606, 14 UNION ALL SELECT 2606, 15 UNION ALL SELECT 2606, 16 UNION ALL SELECT 2606, 17 UNION ALL SELECT 2606, 18 UNION ALL SELECT 2606, 19 UNION ALL SELECT 2606, 20 UNION ALL SELECT 2606, 21 UNION ALL SELECT 2606, 22 UNION ALL SELECT 2606, 23 UNION ALL SELECT 2606, 24 UNION ALL SELECT 2606, 25 UNION ALL SELECT 2606, 26 UNION ALL SELECT 2606, 27 UNION ALL SELECT 2606, 28) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select c.oid, c.*, t.relname as tabrelname, rt.relnamespace as refnamespace, d.description, case when c.contype = 'c' then substring(pg_catalog.pg_get_constraintdef(c.oid), 7) end as consrc_copy from pg_catalog.pg_constraint c join pg_catalog.pg_class t on t.oid = c.conrelid left join pg_catalog.pg_class rt on rt.oid = c.confrelid left join pg_catalog.pg_description d on d.objoid = c.oid where c.conrelid = 17520 order by c.conname
====
select i.*, i.indkey as keys, c.relname, c.relnamespace, c.relam, c.reltablespace, tc.relname as tabrelname, d.description, pg_catalog.pg_get_expr(i.indpred, i.indrelid) as pred_expr, pg_catalog.pg_get_expr(i.indexprs, i.indrelid, true) as expr, pg_catalog.pg_relation_size(i.indexrelid) as size from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_class tc on tc.oid = i.indrelid left join pg_catalog.pg_description d on i.indexrelid = d.objoid where i.indrelid = $1 order by tabrelname, c.relname
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 2610 AS oid , 1 AS attnum UNION ALL SELECT 2610, 2 UNION ALL SELECT 2610, 3 UNION ALL SELECT 2610, 4 UNION ALL SELECT 2610, 5 UNION ALL SELECT 2610, 6 UNION ALL SELECT 2610, 7 UNION ALL SELECT 2610, 8 UNION ALL SELECT 2610, 9 UNION ALL SELECT 2610, 10 UNION ALL SELECT 2610, 11 UNION ALL SELECT 2610, 12 UNION ALL SELECT 2610, 13 UNION ALL SELECT 2610, 14 UNION ALL SELECT 2610, 15 UNION ALL SELECT 2610, 16 UNION ALL SELECT 2610, 17 UNION ALL SELECT 2610, 18 UNION ALL SELECT 2610, 19 UNION ALL SELECT 2610, 20 UNION ALL SELECT 2610, 21 UNION ALL SELECT 2610, 16) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select i.*, i.indkey as keys, c.relname, c.relnamespace, c.relam, c.reltablespace, tc.relname as tabrelname, d.description, pg_catalog.pg_get_expr(i.indpred, i.indrelid) as pred_expr, pg_catalog.pg_get_expr(i.indexprs, i.indrelid, true) as expr, pg_catalog.pg_relation_size(i.indexrelid) as size from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_class tc on tc.oid = i.indrelid left join pg_catalog.pg_description d on i.indexrelid = d.objoid where i.indrelid = 17520 order by tabrelname, c.relname
====
select pg_catalog.pg_get_indexdef(indexrelid) from pg_catalog.pg_index where indrelid = $1 order by 1
====
select pg_catalog.pg_get_indexdef(indexrelid) from pg_catalog.pg_index where indrelid = 17520 order by 1
====
select i.*, c.relnamespace from pg_catalog.pg_inherits i, pg_catalog.pg_class c where i.inhparent = $1 and c.oid = i.inhrelid
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 2611 AS oid , 1 AS attnum UNION ALL SELECT 2611, 2 UNION ALL SELECT 2611, 3 UNION ALL SELECT 2611, 4) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select i.*, c.relnamespace from pg_catalog.pg_inherits i, pg_catalog.pg_class c where i.inhparent = 17520 and c.oid = i.inhrelid
====
select x.oid, x.*, p.pronamespace as func_schema_id, d.description from pg_catalog.pg_trigger x left join pg_catalog.pg_proc p on p.oid = x.tgfoid left join pg_catalog.pg_description d on d.objoid = x.oid and d.objsubid = 0 where x.tgrelid = $1 and not x.tgisinternal
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 2620 AS oid , 1 AS attnum UNION ALL SELECT 2620, 1 UNION ALL SELECT 2620, 2 UNION ALL SELECT 2620, 3 UNION ALL SELECT 2620, 4 UNION ALL SELECT 2620, 5 UNION ALL SELECT 2620, 6 UNION ALL SELECT 2620, 7 UNION ALL SELECT 2620, 8 UNION ALL SELECT 2620, 9 UNION ALL SELECT 2620, 10 UNION ALL SELECT 2620, 11 UNION ALL SELECT 2620, 12 UNION ALL SELECT 2620, 13 UNION ALL SELECT 2620, 14 UNION ALL SELECT 2620, 15 UNION ALL SELECT 2620, 16 UNION ALL SELECT 2620, 17 UNION ALL SELECT 2620, 18 UNION ALL SELECT 2620, 19 UNION ALL SELECT 1255, 3) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select x.oid, x.*, p.pronamespace as func_schema_id, d.description from pg_catalog.pg_trigger x left join pg_catalog.pg_proc p on p.oid = x.tgfoid left join pg_catalog.pg_description d on d.objoid = x.oid and d.objsubid = 0 where x.tgrelid = 17520 and not x.tgisinternal
====
select pg_catalog.pg_get_triggerdef(oid, true) from pg_catalog.pg_trigger where tgrelid = $1 and not tgisinternal
====
select pg_catalog.pg_get_triggerdef(oid, true) from pg_catalog.pg_trigger where tgrelid = 17520 and not tgisinternal
====
select r.rulename, r.ev_type, r.is_instead, pg_catalog.pg_get_ruledef(r.oid) from pg_catalog.pg_rewrite r where r.ev_class = $1
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 2618 AS oid , 2 AS attnum UNION ALL SELECT 2618, 4 UNION ALL SELECT 2618, 6) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select r.rulename, r.ev_type, r.is_instead, pg_catalog.pg_get_ruledef(r.oid) from pg_catalog.pg_rewrite r where r.ev_class = 17520
====
select polname, polcmd, polpermissive, pg_catalog.pg_get_expr(polqual, polrelid), array(select rolname from pg_catalog.pg_roles where oid = any (polroles)) from pg_catalog.pg_policy where polrelid = $1
====
select polname, polcmd, polpermissive, pg_catalog.pg_get_expr(polqual, polrelid), array(select rolname from pg_catalog.pg_roles where oid = any (polroles)) from pg_catalog.pg_policy where polrelid = 17520
====
select relacl, (aclexplode(relacl)).privilege_type from pg_catalog.pg_class where oid = $1 order by 2
====
select relacl, (aclexplode(relacl)).privilege_type from pg_catalog.pg_class where oid = 17520 order by 2
====
select reltuples::bigint as estimate, pg_catalog.pg_total_relation_size(oid) >= 0, pg_catalog.pg_relation_size(oid) from pg_catalog.pg_class where oid = $1
====
select reltuples::bigint as estimate, pg_catalog.pg_total_relation_size(oid) >= 0, pg_catalog.pg_relation_size(oid) from pg_catalog.pg_class where oid = 17520
====
select distinct dep.deptype, dep.classid::regclass::text, coalesce(cl.relname, co.conname, pr.proname) from pg_catalog.pg_depend dep left join pg_catalog.pg_class cl on dep.objid = cl.oid left join pg_catalog.pg_constraint co on dep.objid = co.oid left join pg_catalog.pg_proc pr on dep.objid = pr.oid where dep.refobjid = $1 order by 1, 2, 3
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 2608 AS oid , 7 AS attnum) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select distinct dep.deptype, dep.classid::regclass::text, coalesce(cl.relname, co.conname, pr.proname) from pg_catalog.pg_depend dep left join pg_catalog.pg_class cl on dep.objid = cl.oid left join pg_catalog.pg_constraint co on dep.objid = co.oid left join pg_catalog.pg_proc pr on dep.objid = pr.oid where dep.refobjid = 17520 order by 1, 2, 3
====
with recursive found as (select inhrelid, 1 as level from pg_catalog.pg_inherits where inhparent = $1 union all select i.inhrelid, f.level + 1 from pg_catalog.pg_inherits i join found f on i.inhparent = f.inhrelid) select inhrelid::regclass::text, level from found
====
with recursive found as (select inhrelid, 1 as level from pg_catalog.pg_inherits where inhparent = 17520 union all select i.inhrelid, f.level + 1 from pg_catalog.pg_inherits i join found f on i.inhparent = f.inhrelid) select inhrelid::regclass::text, level from found
====
select pg_catalog.pg_get_viewdef($1, true)
====
select pg_catalog.pg_get_viewdef(17554, true)
====
select viewname, definition from pg_catalog.pg_views where schemaname = 'other' and $1 > 0
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 12028 AS oid , 2 AS attnum UNION ALL SELECT 12028, 4) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select viewname, definition from pg_catalog.pg_views where schemaname = 'other' and 17554 > 0
====
select matviewname, definition, ispopulated from pg_catalog.pg_matviews where schemaname = 'other' and $1 > 0
====
select matviewname, definition, ispopulated from pg_catalog.pg_matviews where schemaname = 'other' and 17497 > 0
====
select p.oid, p.*, pg_catalog.pg_get_expr(p.proargdefaults, 0) as arg_defaults, d.description from pg_catalog.pg_proc p left join pg_catalog.pg_description d on d.objoid = p.oid where p.pronamespace = $1 order by p.proname
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 1255 AS oid , 1 AS attnum UNION ALL SELECT 1255, 1 UNION ALL SELECT 1255, 2 UNION ALL SELECT 1255, 4 UNION ALL SELECT 1255, 5 UNION ALL SELECT 1255, 6 UNION ALL SELECT 1255, 7 UNION ALL SELECT 1255, 8 UNION ALL SELECT 1255, 9 UNION ALL SELECT 1255, 10 UNION ALL SELECT 1255, 11 UNION ALL SELECT 1255, 12 UNION ALL SELECT 1255, 13 UNION ALL SELECT 1255, 14 UNION ALL SELECT 1255, 15 UNION ALL SELECT 1255, 16 UNION ALL SELECT 1255, 17 UNION ALL SELECT 1255, 18 UNION ALL SELECT 1255, 19 UNION ALL SELECT 1255, 20 UNION ALL SELECT 1255, 21 UNION ALL SELECT 1255, 22 UNION ALL SELECT 1255, 23 UNION ALL SELECT 1255, 24 UNION ALL SELECT 1255, 25 UNION ALL SELECT 1255, 26 UNION ALL SELECT 1255, 27 UNION ALL SELECT 1255, 28 UNION ALL SELECT 1255, 29 UNION ALL SELECT 1255, 30) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select p.oid, p.*, pg_catalog.pg_get_expr(p.proargdefaults, 0) as arg_defaults, d.description from pg_catalog.pg_proc p left join pg_catalog.pg_description d on d.objoid = p.oid where p.pronamespace = 17497 order by p.proname
====
select 'other.twice(int)'::regprocedure::oid
====
select pg_catalog.pg_get_functiondef($1), pg_catalog.pg_get_function_identity_arguments(16) is null
====
select last_value, is_called from other.numbers where $1 > 0
====
select last_value, is_called from other.numbers where 17509 > 0
====
select s.* from pg_catalog.pg_sequence s where s.seqrelid = $1
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 2224 AS oid , 1 AS attnum UNION ALL SELECT 2224, 2 UNION ALL SELECT 2224, 3 UNION ALL SELECT 2224, 4 UNION ALL SELECT 2224, 5 UNION ALL SELECT 2224, 6 UNION ALL SELECT 2224, 7 UNION ALL SELECT 2224, 8) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select s.* from pg_catalog.pg_sequence s where s.seqrelid = 17509
====
select x.oid, x.*, pg_catalog.shobj_description(x.oid, 'pg_authid') from pg_catalog.pg_roles x where x.rolname = current_user
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 12000 AS oid , 13 AS attnum UNION ALL SELECT 12000, 1 UNION ALL SELECT 12000, 2 UNION ALL SELECT 12000, 3 UNION ALL SELECT 12000, 4 UNION ALL SELECT 12000, 5 UNION ALL SELECT 12000, 6 UNION ALL SELECT 12000, 7 UNION ALL SELECT 12000, 8 UNION ALL SELECT 12000, 9 UNION ALL SELECT 12000, 10 UNION ALL SELECT 12000, 11 UNION ALL SELECT 12000, 12 UNION ALL SELECT 12000, 13) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select m.roleid::regrole::text from pg_catalog.pg_auth_members m join pg_catalog.pg_roles r on r.oid = m.member where r.rolname = current_user
====
select t.oid, t.*, pg_catalog.pg_tablespace_location(t.oid) from pg_catalog.pg_tablespace t order by t.oid
====
select l.oid, l.* from pg_catalog.pg_language l order by l.oid
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 2612 AS oid , 1 AS attnum UNION ALL SELECT 2612, 1 UNION ALL SELECT 2612, 2 UNION ALL SELECT 2612, 3 UNION ALL SELECT 2612, 4 UNION ALL SELECT 2612, 5 UNION ALL SELECT 2612, 6 UNION ALL SELECT 2612, 7 UNION ALL SELECT 2612, 8 UNION ALL SELECT 2612, 9) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
select a.oid, a.* from pg_catalog.pg_am a order by a.oid
====
select e.oid, e.extname, e.extversion, n.nspname from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
====
select name, default_version from pg_catalog.pg_available_extensions where name = 'plpgsql'
====
select c.oid, c.collname from pg_catalog.pg_collation c where collname = 'C'
====
select f.oid, f.fdwname from pg_catalog.pg_foreign_data_wrapper f left join pg_catalog.pg_foreign_server s on s.srvfdw = f.oid
====
select table_schema, table_name, privilege_type from information_schema.table_privileges where grantee = 'PUBLIC' and table_schema = 'other'
====
select state, query is not null, backend_type, wait_event_type is null, datname = current_database() from pg_catalog.pg_stat_activity where pid = pg_backend_pid()
====
select l.mode, l.granted, l.locktype from pg_catalog.pg_locks l where l.pid = pg_backend_pid() and l.locktype = 'virtualxid'
====
select pg_cancel_backend(0), pg_terminate_backend(0)
====
explain (format xml, costs false) select * from pg_catalog.pg_class
====
explain (analyze, costs false, timing false, summary false, buffers false) select 1
====
select x.* from public.customers x order by x.id limit 200
====
select count(*) from public.customers
====
insert into public.customers (id, name) values (20, 'COPY customers TO stdout')
====
update public.customers set name = 'new' where id = 20
====
delete from public.customers where id = 20
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 1259 AS oid , 1 AS attnum UNION ALL SELECT 1259, 1 UNION ALL SELECT 1259, 2 UNION ALL SELECT 1259, 3 UNION ALL SELECT 1259, 4 UNION ALL SELECT 1259, 5 UNION ALL SELECT 1259, 6 UNION ALL SELECT 1259, 7 UNION ALL SELECT 1259, 8 UNION ALL SELECT 1259, 9 UNION ALL SELECT 1259, 10 UNION ALL SELECT 1259, 11 UNION ALL SELECT 1259, 12 UNION ALL SELECT 1259, 13 UNION ALL SELECT 1259, 14 UNION ALL SELECT 1259, 15 UNION ALL SELECT 1259, 16 UNION ALL SELECT 1259, 18 UNION ALL SELECT 1259, 19 UNION ALL SELECT 1259, 20 UNION ALL SELECT 1259, 21 UNION ALL SELECT 1259, 22 UNION ALL SELECT 1259, 23 UNION ALL SELECT 1259, 24 UNION ALL SELECT 1259, 25 UNION ALL SELECT 1259, 26 UNION ALL SELECT 1259, 27 UNION ALL SELECT 1259, 28 UNION ALL SELECT 1259, 29 UNION ALL SELECT 1259, 30 UNION ALL SELECT 1259, 31 UNION ALL SELECT 1259, 32 UNION ALL SELECT 1259, 33) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 1249 AS oid , 1 AS attnum UNION ALL SELECT 1249, 2 UNION ALL SELECT 1249, 3 UNION ALL SELECT 1249, 4 UNION ALL SELECT 1249, 5 UNION ALL SELECT 1249, 6 UNION ALL SELECT 1249, 7 UNION ALL SELECT 1249, 8 UNION ALL SELECT 1249, 9 UNION ALL SELECT 1249, 10 UNION ALL SELECT 1249, 11 UNION ALL SELECT 1249, 12 UNION ALL SELECT 1249, 13 UNION ALL SELECT 1249, 14 UNION ALL SELECT 1249, 15 UNION ALL SELECT 1249, 16 UNION ALL SELECT 1249, 17 UNION ALL SELECT 1249, 18 UNION ALL SELECT 1249, 19 UNION ALL SELECT 1249, 20 UNION ALL SELECT 1249, 21 UNION ALL SELECT 1249, 22 UNION ALL SELECT 1249, 23 UNION ALL SELECT 1249, 24 UNION ALL SELECT 1249, 25 UNION ALL SELECT 1249, 26 UNION ALL SELECT 2608, 2) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 1262 AS oid , 1 AS attnum UNION ALL SELECT 1262, 1 UNION ALL SELECT 1262, 2 UNION ALL SELECT 1262, 3 UNION ALL SELECT 1262, 4 UNION ALL SELECT 1262, 5 UNION ALL SELECT 1262, 6 UNION ALL SELECT 1262, 7 UNION ALL SELECT 1262, 8 UNION ALL SELECT 1262, 9 UNION ALL SELECT 1262, 10 UNION ALL SELECT 1262, 11 UNION ALL SELECT 1262, 12 UNION ALL SELECT 1262, 13 UNION ALL SELECT 1262, 14 UNION ALL SELECT 1262, 15 UNION ALL SELECT 1262, 16 UNION ALL SELECT 1262, 17) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
====
SELECT c.oid, a.attnum, a.attname, c.relname, n.nspname, a.attnotnull OR (t.typtype = 'd' AND t.typnotnull), a.attidentity != '' OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (c.oid = a.attrelid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum) JOIN (SELECT 1262 AS oid , 1 AS attnum UNION ALL SELECT 1262, 1 UNION ALL SELECT 1262, 2 UNION ALL SELECT 1262, 3 UNION ALL SELECT 1262, 4 UNION ALL SELECT 1262, 5 UNION ALL SELECT 1262, 6 UNION ALL SELECT 1262, 7 UNION ALL SELECT 1262, 8 UNION ALL SELECT 1262, 9 UNION ALL SELECT 1262, 10 UNION ALL SELECT 1262, 11 UNION ALL SELECT 1262, 12 UNION ALL SELECT 1262, 13 UNION ALL SELECT 1262, 14) vals ON (c.oid = vals.oid AND a.attnum = vals.attnum) 
