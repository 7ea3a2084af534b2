# vacuumdb, reindexdb, clusterdb, createdb, dropdb, createuser, dropuser 15 to 18.
# As the server logged it with log_statement = all; texts that differ in literals and numbers alone are kept once.
====
RESET search_path;
====
SELECT c.relname, ns.nspname FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace OPERATOR(pg_catalog.=) ns.oid
 CROSS JOIN LATERAL (SELECT c.relkind IN ('p', 'I')) as p (inherited)
 LEFT JOIN pg_catalog.pg_class t ON c.reltoastrelid OPERATOR(pg_catalog.=) t.oid
 WHERE c.relpersistence OPERATOR(pg_catalog.!=) 't'
 AND c.relkind OPERATOR(pg_catalog.=) ANY (array['r', 'm'])
 ORDER BY c.relpages DESC;
====
VACUUM (SKIP_DATABASE_STATS, ANALYZE) pg_catalog.pg_proc;
====
VACUUM (SKIP_DATABASE_STATS, ANALYZE) public.cities;
====
VACUUM (SKIP_DATABASE_STATS, ANALYZE) public.special;
====
VACUUM (ONLY_DATABASE_STATS);
==== 2
SET default_statistics_target=1; SET vacuum_cost_delay=0;
====
ANALYZE pg_catalog.pg_proc;
====
ANALYZE public.cities;
====
ANALYZE public.special;
==== 2
SET default_statistics_target=10; RESET vacuum_cost_delay;
====
RESET default_statistics_target;
====
WITH listed_objects (object_oid, column_list) AS (
  VALUES ('cities'::pg_catalog.regclass, NULL::pg_catalog.text)
)
SELECT c.relname, ns.nspname, listed_objects.column_list FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace OPERATOR(pg_catalog.=) ns.oid
 CROSS JOIN LATERAL (SELECT c.relkind IN ('p', 'I')) as p (inherited)
 LEFT JOIN pg_catalog.pg_class t ON c.reltoastrelid OPERATOR(pg_catalog.=) t.oid
 LEFT JOIN listed_objects ON listed_objects.object_oid OPERATOR(pg_catalog.=) c.oid
 WHERE c.relpersistence OPERATOR(pg_catalog.!=) 't'
 AND listed_objects.object_oid IS NOT NULL
 ORDER BY c.relpages DESC;
====
VACUUM (SKIP_DATABASE_STATS, FULL) public.cities;
====
VACUUM (SKIP_DATABASE_STATS, FREEZE, VERBOSE) pg_catalog.pg_proc;
====
VACUUM (SKIP_DATABASE_STATS, FREEZE, VERBOSE) public.kept;
====
VACUUM (SKIP_DATABASE_STATS, FREEZE, VERBOSE) public.special;
====
VACUUM (DISABLE_PAGE_SKIPPING, SKIP_DATABASE_STATS, SKIP_LOCKED, PARALLEL 2) pg_catalog.pg_proc;
====
VACUUM (DISABLE_PAGE_SKIPPING, SKIP_DATABASE_STATS, SKIP_LOCKED, PARALLEL 2) public.kept;
====
VACUUM (DISABLE_PAGE_SKIPPING, SKIP_DATABASE_STATS, SKIP_LOCKED, PARALLEL 2) public.special;
====
REINDEX DATABASE d_maintenance;
====
REINDEX SYSTEM d_maintenance;
====
SELECT c.relname, ns.nspname
 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace ns
 WHERE c.relnamespace OPERATOR(pg_catalog.=) ns.oid
  AND c.oid OPERATOR(pg_catalog.=) 'cities'::pg_catalog.regclass;
====
REINDEX TABLE CONCURRENTLY public.cities;
====
SELECT c.relname, ns.nspname
 FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace = ns.oid
 WHERE c.relkind IN ('r', 'm')
   AND c.relpersistence != 't'
 AND ns.nspname IN ('public')
 ORDER BY c.relpages DESC;
====
REINDEX TABLE public.kept;
====
REINDEX TABLE public.special;
====
CLUSTER;
====
CLUSTER public.cities;
====
CREATE DATABASE ordx;
====
DROP DATABASE ordx;
====
CREATE ROLE ordu NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT LOGIN NOREPLICATION NOBYPASSRLS;
====
DROP ROLE ordu;
====
SELECT c.relname, ns.nspname FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace OPERATOR(pg_catalog.=) ns.oid
 LEFT JOIN pg_catalog.pg_class t ON c.reltoastrelid OPERATOR(pg_catalog.=) t.oid
 WHERE c.relpersistence OPERATOR(pg_catalog.!=) 't'
 AND c.relkind OPERATOR(pg_catalog.=) ANY (array['r', 'm'])
 ORDER BY c.relpages DESC;
====
WITH listed_objects (object_oid, column_list) AS (
  VALUES ('cities'::pg_catalog.regclass, NULL::pg_catalog.text)
)
SELECT c.relname, ns.nspname, listed_objects.column_list FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace OPERATOR(pg_catalog.=) ns.oid
 LEFT JOIN pg_catalog.pg_class t ON c.reltoastrelid OPERATOR(pg_catalog.=) t.oid
 LEFT JOIN listed_objects ON listed_objects.object_oid OPERATOR(pg_catalog.=) c.oid
 WHERE c.relpersistence OPERATOR(pg_catalog.!=) 't'
 AND listed_objects.object_oid IS NOT NULL
 ORDER BY c.relpages DESC;
====
SELECT c.relname, ns.nspname FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace OPERATOR(pg_catalog.=) ns.oid
 LEFT JOIN pg_catalog.pg_class t ON c.reltoastrelid OPERATOR(pg_catalog.=) t.oid
 WHERE c.relkind OPERATOR(pg_catalog.=) ANY (array['r', 'm'])
 ORDER BY c.relpages DESC;
====
WITH listed_objects (object_oid, column_list) AS (
  VALUES ('cities'::pg_catalog.regclass, NULL::pg_catalog.text)
)
SELECT c.relname, ns.nspname, listed_objects.column_list FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace OPERATOR(pg_catalog.=) ns.oid
 LEFT JOIN pg_catalog.pg_class t ON c.reltoastrelid OPERATOR(pg_catalog.=) t.oid
 LEFT JOIN listed_objects ON listed_objects.object_oid OPERATOR(pg_catalog.=) c.oid
 WHERE listed_objects.object_oid IS NOT NULL
 ORDER BY c.relpages DESC;
====
SELECT c.relname, ns.nspname
 FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace = ns.oid
 WHERE c.relkind IN ('r', 'm')
 AND ns.nspname IN ('public')
 ORDER BY c.relpages DESC;
====
VACUUM (ANALYZE) pg_catalog.pg_proc;
====
VACUUM (ANALYZE) public.cities;
====
VACUUM (ANALYZE) public.special;
====
WITH listed_tables (table_oid, column_list) AS (
  VALUES ('cities'::pg_catalog.regclass, NULL::pg_catalog.text)
)
SELECT c.relname, ns.nspname, listed_tables.column_list FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace OPERATOR(pg_catalog.=) ns.oid
 LEFT JOIN pg_catalog.pg_class t ON c.reltoastrelid OPERATOR(pg_catalog.=) t.oid
 JOIN listed_tables ON listed_tables.table_oid OPERATOR(pg_catalog.=) c.oid
 WHERE c.relpersistence OPERATOR(pg_catalog.!=) 't'
 ORDER BY c.relpages DESC;
====
VACUUM (FULL) public.cities;
====
VACUUM (FREEZE, VERBOSE) pg_catalog.pg_proc;
====
VACUUM (FREEZE, VERBOSE) public.kept;
====
VACUUM (FREEZE, VERBOSE) public.special;
====
VACUUM (DISABLE_PAGE_SKIPPING, SKIP_LOCKED, PARALLEL 2) pg_catalog.pg_proc;
====
VACUUM (DISABLE_PAGE_SKIPPING, SKIP_LOCKED, PARALLEL 2) public.kept;
====
VACUUM (DISABLE_PAGE_SKIPPING, SKIP_LOCKED, PARALLEL 2) public.special;
====
CREATE ROLE ordu NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT LOGIN;
====
WITH listed_tables (table_oid, column_list) AS (
  VALUES ('cities'::pg_catalog.regclass, NULL::pg_catalog.text)
)
SELECT c.relname, ns.nspname, listed_tables.column_list FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace OPERATOR(pg_catalog.=) ns.oid
 LEFT JOIN pg_catalog.pg_class t ON c.reltoastrelid OPERATOR(pg_catalog.=) t.oid
 JOIN listed_tables ON listed_tables.table_oid OPERATOR(pg_catalog.=) c.oid
 ORDER BY c.relpages DESC;
