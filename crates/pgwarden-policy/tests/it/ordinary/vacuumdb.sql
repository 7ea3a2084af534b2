RESET search_path;
====
SELECT c.relname, ns.nspname FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace OPERATOR(pg_catalog.=) ns.oid
 LEFT JOIN pg_catalog.pg_class t ON c.reltoastrelid OPERATOR(pg_catalog.=) t.oid
 WHERE c.relpersistence OPERATOR(pg_catalog.!=) 't'
 AND c.relkind OPERATOR(pg_catalog.=) ANY (array['r', 'm'])
 ORDER BY c.relpages DESC;
====
VACUUM (ANALYZE) pg_catalog.pg_proc;
====
VACUUM (ANALYZE) pg_catalog.pg_attribute;
====
VACUUM (ANALYZE) pg_catalog.pg_description;
====
VACUUM (ANALYZE) pg_catalog.pg_statistic;
====
VACUUM (ANALYZE) pg_catalog.pg_authid;
====
REINDEX DATABASE d;
