# postgres_exporter 0.11, check_postgres 2.25 with each of its actions, pg_activity 3.6; servers 13, 15, 17, 18.
# As the server logged it with log_statement = all; texts that differ in literals and numbers alone are kept once.
====
SELECT datname FROM pg_database WHERE datallowconn = true AND datistemplate = false AND datname != current_database()
====
SELECT
			 checkpoints_timed
			 ,checkpoints_req
			 ,checkpoint_write_time
			 ,checkpoint_sync_time
			 ,buffers_checkpoint
			 ,buffers_clean
			 ,maxwritten_clean
			 ,buffers_backend
			 ,buffers_backend_fsync
			 ,buffers_alloc
			 ,stats_reset
		 FROM pg_stat_bgwriter;
====
SELECT pg_database.datname
		,pg_database_size(pg_database.datname)
		FROM pg_database;
====
SELECT name, setting, COALESCE(unit, ''), short_desc, vartype FROM pg_settings WHERE vartype IN ('bool', 'integer', 'real') AND name != 'sync_commit_cancel_wait';
====
SELECT pg_database.datname,tmp.mode,COALESCE(count,0) as count
			FROM
				(
				  VALUES ('accesssharelock'),
				         ('rowsharelock'),
				         ('rowexclusivelock'),
				         ('shareupdateexclusivelock'),
				         ('sharelock'),
				         ('sharerowexclusivelock'),
				         ('exclusivelock'),
				         ('accessexclusivelock'),
					 ('sireadlock')
				) AS tmp(mode) CROSS JOIN pg_database
			LEFT JOIN
			  (SELECT database, lower(mode) AS mode,count(*) AS count
			  FROM pg_locks WHERE database IS NOT NULL
			  GROUP BY database, lower(mode)
			) AS tmp2
			ON tmp.mode=tmp2.mode and pg_database.oid = tmp2.database ORDER BY 1
====

			SELECT *,
				(case pg_is_in_recovery() when 't' then null else pg_current_wal_lsn() end) AS pg_current_wal_lsn,
				(case pg_is_in_recovery() when 't' then null else pg_wal_lsn_diff(pg_current_wal_lsn(), pg_lsn('0/0'))::float end) AS pg_current_wal_lsn_bytes,
				(case pg_is_in_recovery() when 't' then null else pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::float end) AS pg_wal_lsn_diff
			FROM pg_stat_replication
			
====

			SELECT slot_name, database, active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)
			FROM pg_replication_slots
			
====

			SELECT *,
				extract(epoch from now() - last_archived_time) AS last_archive_age
			FROM pg_stat_archiver
			
====

			SELECT
				pg_database.datname,
				tmp.state,
				COALESCE(count,0) as count,
				COALESCE(max_tx_duration,0) as max_tx_duration
			FROM
				(
				  VALUES ('active'),
				  		 ('idle'),
				  		 ('idle in transaction'),
				  		 ('idle in transaction (aborted)'),
				  		 ('fastpath function call'),
				  		 ('disabled')
				) AS tmp(state) CROSS JOIN pg_database
			LEFT JOIN
			(
				SELECT
					datname,
					state,
					count(*) AS count,
					MAX(EXTRACT(EPOCH FROM now() - xact_start))::float AS max_tx_duration
				FROM pg_stat_activity GROUP BY datname,state) AS tmp2
				ON tmp.state = tmp2.state AND pg_database.datname = tmp2.datname
			
====
SELECT * FROM pg_stat_database;
====
SELECT * FROM pg_stat_database_conflicts;
====
SELECT count(*) AS count FROM pg_ls_waldir() WHERE name ~ E'^[0-9A-F]{24}.ready$'
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT freez, txns, ROUND(100*(txns/freez::float)) AS perc, datname FROM (SELECT foo.freez::int, age(datfrozenxid) AS txns, datname FROM pg_database d JOIN (SELECT setting AS freez FROM pg_settings WHERE name = 'autovacuum_freeze_max_age') AS foo ON (true) WHERE d.datallowconn) AS foo2 ORDER BY 3 DESC, 4 ASC
====
SELECT COUNT(datid) AS current,
  (SELECT setting AS mc FROM pg_settings WHERE name = 'max_connections') AS mc,
  d.datname
FROM pg_database d
LEFT JOIN pg_stat_activity s ON (s.datid = d.oid) 
GROUP BY 2,3
ORDER BY datname

==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT
  current_database() AS db, schemaname, tablename, reltuples::bigint AS tups, relpages::bigint AS pages, otta,
  ROUND(CASE WHEN otta=0 OR sml.relpages=0 OR sml.relpages=otta THEN 0.0 ELSE sml.relpages/otta::numeric END,1) AS tbloat,
  CASE WHEN relpages < otta THEN 0 ELSE relpages::bigint - otta END AS wastedpages,
  CASE WHEN relpages < otta THEN 0 ELSE bs*(sml.relpages-otta)::bigint END AS wastedbytes,
  CASE WHEN relpages < otta THEN '0 bytes'::text ELSE (bs*(relpages-otta))::bigint::text || ' bytes' END AS wastedsize,
  iname, ituples::bigint AS itups, ipages::bigint AS ipages, iotta,
  ROUND(CASE WHEN iotta=0 OR ipages=0 OR ipages=iotta THEN 0.0 ELSE ipages/iotta::numeric END,1) AS ibloat,
  CASE WHEN ipages < iotta THEN 0 ELSE ipages::bigint - iotta END AS wastedipages,
  CASE WHEN ipages < iotta THEN 0 ELSE bs*(ipages-iotta) END AS wastedibytes,
  CASE WHEN ipages < iotta THEN '0 bytes' ELSE (bs*(ipages-iotta))::bigint::text || ' bytes' END AS wastedisize,
  CASE WHEN relpages < otta THEN
    CASE WHEN ipages < iotta THEN 0 ELSE bs*(ipages-iotta::bigint) END
    ELSE CASE WHEN ipages < iotta THEN bs*(relpages-otta::bigint)
      ELSE bs*(relpages-otta::bigint + ipages-iotta::bigint) END
  END AS totalwastedbytes
FROM (
  SELECT
    nn.nspname AS schemaname,
    cc.relname AS tablename,
    COALESCE(cc.reltuples,0) AS reltuples,
    COALESCE(cc.relpages,0) AS relpages,
    COALESCE(bs,0) AS bs,
    COALESCE(CEIL((cc.reltuples*((datahdr+ma-
      (CASE WHEN datahdr%ma=0 THEN ma ELSE datahdr%ma END))+nullhdr2+4))/(bs-20::float)),0) AS otta,
    COALESCE(c2.relname,'?') AS iname, COALESCE(c2.reltuples,0) AS ituples, COALESCE(c2.relpages,0) AS ipages,
    COALESCE(CEIL((c2.reltuples*(datahdr-12))/(bs-20::float)),0) AS iotta -- very rough approximation, assumes all cols
  FROM
     pg_class cc
  JOIN pg_namespace nn ON cc.relnamespace = nn.oid AND nn.nspname <> 'information_schema'
  LEFT JOIN
  (
    SELECT
      ma,bs,foo.nspname,foo.relname,
      (datawidth+(hdr+ma-(case when hdr%ma=0 THEN ma ELSE hdr%ma END)))::numeric AS datahdr,
      (maxfracsum*(nullhdr+ma-(case when nullhdr%ma=0 THEN ma ELSE nullhdr%ma END))) AS nullhdr2
    FROM (
      SELECT
        ns.nspname, tbl.relname, hdr, ma, bs,
        SUM((1-coalesce(null_frac,0))*coalesce(avg_width, 2048)) AS datawidth,
        MAX(coalesce(null_frac,0)) AS maxfracsum,
        hdr+(
          SELECT 1+count(*)/8
          FROM pg_stats s2
          WHERE null_frac<>0 AND s2.schemaname = ns.nspname AND s2.tablename = tbl.relname
        ) AS nullhdr
      FROM pg_attribute att
      JOIN pg_class tbl ON att.attrelid = tbl.oid
      JOIN pg_namespace ns ON ns.oid = tbl.relnamespace
      LEFT JOIN pg_stats s ON s.schemaname=ns.nspname
      AND s.tablename = tbl.relname
      AND s.inherited=false
      AND s.attname=att.attname,
      (
        SELECT
          (SELECT current_setting('block_size')::numeric) AS bs,
            CASE WHEN SUBSTRING(SPLIT_PART(v, ' ', 2) FROM '#"[0-9]+.[0-9]+#"%' for '#')
              IN ('8.0','8.1','8.2') THEN 27 ELSE 23 END AS hdr,
          CASE WHEN v ~ 'mingw32' OR v ~ '64-bit' THEN 8 ELSE 4 END AS ma
        FROM (SELECT version() AS v) AS foo
      ) AS constants
      WHERE att.attnum > 0 AND tbl.relkind='r'
      GROUP BY 1,2,3,4,5
    ) AS foo
  ) AS rs
  ON cc.relname = rs.relname AND nn.nspname = rs.nspname
  LEFT JOIN pg_index i ON indrelid = cc.oid
  LEFT JOIN pg_class c2 ON c2.oid = i.indexrelid
) AS sml
 WHERE sml.relpages - otta > 0 OR ipages - iotta > 10 ORDER BY totalwastedbytes DESC LIMIT 10
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT
  round(100.*sd.xact_commit/(sd.xact_commit+sd.xact_rollback), 2) AS dcommitratio,
  d.datname,
  r.rolname AS rolname
FROM pg_stat_database sd
JOIN pg_database d ON (d.oid=sd.datid)
JOIN pg_roles r ON (r.oid=d.datdba)
WHERE sd.xact_commit+sd.xact_rollback<>0
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT version() AS v
====
SELECT tgrelid::regclass AS tname, tgname, tgenabled
FROM pg_trigger
WHERE tgenabled = 'D' ORDER BY tgname

====
SELECT 'S' AS syn, name AS nn, setting AS val
FROM pg_settings
WHERE name = 'data_directory'
OR name ='log_directory'
UNION ALL
SELECT 'T' AS syn, spcname AS nn, pg_tablespace_location(oid) AS val
FROM pg_tablespace
WHERE pg_tablespace_location(oid) <> ''

====
SELECT 'FAIL' AS fail
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT
  round(100.*sd.blks_hit/(sd.blks_read+sd.blks_hit), 2) AS dhitratio,
  d.datname,
  r.rolname AS rolname
FROM pg_stat_database sd
JOIN pg_database d ON (d.oid=sd.datid)
JOIN pg_roles r ON (r.oid=d.datdba)
WHERE sd.blks_read+sd.blks_hit<>0
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT setting FROM pg_settings WHERE name = 'server_version'
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT current_database() AS datname, nspname AS sname, relname AS tname,
  CASE WHEN v IS NULL THEN -1 ELSE round(extract(epoch FROM now()-v)) END AS ltime,
  CASE WHEN v IS NULL THEN '?' ELSE TO_CHAR(v, 'HH24:MI FMMonth DD, YYYY') END AS ptime
FROM (SELECT nspname, relname, GREATEST(pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) AS v
      FROM pg_class c, pg_namespace n
      WHERE relkind = 'r'
      AND n.oid = c.relnamespace
      AND n.nspname <> 'information_schema'
      ORDER BY 3) AS foo
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT current_database() AS datname, nspname AS sname, relname AS tname,
  CASE WHEN v IS NULL THEN -1 ELSE round(extract(epoch FROM now()-v)) END AS ltime,
  CASE WHEN v IS NULL THEN '?' ELSE TO_CHAR(v, 'HH24:MI FMMonth DD, YYYY') END AS ptime
FROM (SELECT nspname, relname, GREATEST(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid)) AS v
      FROM pg_class c, pg_namespace n
      WHERE relkind = 'r'
      AND n.oid = c.relnamespace
      AND n.nspname <> 'information_schema'
      ORDER BY 3) AS foo
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT current_database() AS datname, nspname AS sname, relname AS tname,
  CASE WHEN v IS NULL THEN -1 ELSE round(extract(epoch FROM now()-v)) END AS ltime,
  CASE WHEN v IS NULL THEN '?' ELSE TO_CHAR(v, 'HH24:MI FMMonth DD, YYYY') END AS ptime
FROM (SELECT nspname, relname, pg_stat_get_last_autoanalyze_time(c.oid) AS v
      FROM pg_class c, pg_namespace n
      WHERE relkind = 'r'
      AND n.oid = c.relnamespace
      AND n.nspname <> 'information_schema'
      ORDER BY 3) AS foo
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT current_database() AS datname, nspname AS sname, relname AS tname,
  CASE WHEN v IS NULL THEN -1 ELSE round(extract(epoch FROM now()-v)) END AS ltime,
  CASE WHEN v IS NULL THEN '?' ELSE TO_CHAR(v, 'HH24:MI FMMonth DD, YYYY') END AS ptime
FROM (SELECT nspname, relname, pg_stat_get_last_autovacuum_time(c.oid) AS v
      FROM pg_class c, pg_namespace n
      WHERE relkind = 'r'
      AND n.oid = c.relnamespace
      AND n.nspname <> 'information_schema'
      ORDER BY 3) AS foo
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT granted, mode, datname FROM pg_locks l RIGHT JOIN pg_database d ON (d.oid=l.database) WHERE d.datallowconn
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT name, CASE WHEN length(setting)<1 THEN '?' ELSE setting END AS s
FROM pg_settings
WHERE name IN ('log_destination','log_directory','log_filename','redirect_stderr','syslog_facility')
ORDER BY name
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT version() AS version
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT database, ROUND(EXTRACT(epoch FROM now()-prepared)) AS age, prepared
FROM pg_prepared_xacts
ORDER BY prepared ASC
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT version()
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT *, usename AS name, quote_ident(usename) AS saferolname
FROM pg_user
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT l.*, lanname AS name, quote_ident(rolname) AS owner
FROM pg_language l
JOIN pg_roles r ON (r.oid = l.lanowner)
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT c.*, FORMAT('%s AS %s', format_type(castsource,NULL), format_type(casttarget,NULL)) AS name FROM pg_cast c
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT *, FORMAT('%s.%s', typnamespace::regnamespace, typname) AS name FROM pg_type WHERE typtype = 'd'
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT FORMAT('%s.%s(%s,%s)', oprnamespace::regnamespace, oprname, format_type(oprleft,NULL), format_type(oprright,NULL)) AS name,
    rolname AS owner, quote_ideNT(oprnamespace::regnamespace::text) AS schemaname
  FROM pg_operator o
  JOIN pg_roles r ON (r.oid = o.oprowner)
  WHERE oprnamespace::regnamespace::text <> 'pg_catalog'
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT a.*, aggfnoid AS name
FROM pg_aggregate a
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT e.*, extname AS name, quote_ident(rolname) AS owner
FROM pg_extension e
JOIN pg_roles r ON (r.oid = e.extowner)
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT t.oid AS oid, t.*, quote_ident(rolname) AS owner, quote_ident(nspname) AS schema,
  nspname||'.'||typname AS name
FROM pg_type t
JOIN pg_roles r ON (r.oid = t.typowner)
JOIN pg_namespace n ON (n.oid = t.typnamespace)
WHERE t.typtype NOT IN ('b','c') AND n.nspname !~ '^pg' AND n.nspname <> 'information_schema'
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT n.oid, quote_ident(nspname) AS name, quote_ident(rolname) AS owner, nspacl
FROM pg_namespace n
JOIN pg_roles r ON (r.oid = n.nspowner) WHERE nspname !~ '^pg_t'
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT p.*, p.oid, nspname||'.'||p.proname AS name, quote_ident(p.proname) AS safename,
  md5(prosrc) AS source_checksum,
  rolname AS owner, quote_ident(nspname) AS schemaname,
  pg_get_function_arguments(p.oid) AS function_arguments
FROM pg_proc p
JOIN pg_roles r ON (r.oid = p.proowner)
JOIN pg_namespace n ON (n.oid = p.pronamespace) WHERE n.nspname !~ '^pg' AND n.nspname <> 'information_schema'
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT oid, typname FROM pg_type
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT c.*, nspname||'.'||relname AS name, quote_ident(rolname) AS owner,
  quote_ident(relname) AS safename, quote_ident(nspname) AS schemaname,
  spcname AS tablespace
FROM pg_class c
JOIN pg_roles r ON (r.oid = c.relowner)
JOIN pg_namespace n ON (n.oid = c.relnamespace)
LEFT JOIN pg_tablespace s ON (s.oid = c.reltablespace)
WHERE c.relkind = 'r' AND n.nspname !~ '^pg' AND n.nspname <> 'information_schema'
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT c.*, nspname||'.'||relname AS name, quote_ident(rolname) AS owner,
  quote_ident(relname) AS safename, quote_ident(nspname) AS schemaname,
  TRIM(pg_get_viewdef(c.oid, TRUE)) AS viewdef, spcname AS tablespace
FROM pg_class c
JOIN pg_roles r ON (r.oid = c.relowner)
JOIN pg_namespace n ON (n.oid = c.relnamespace)
LEFT JOIN pg_tablespace s ON (s.oid = c.reltablespace)
WHERE c.relkind = 'v' AND n.nspname !~ '^pg' AND n.nspname <> 'information_schema'
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT schemaname||'.'||sequencename AS name, * FROM pg_sequences
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT c.*, i.*, nspname||'.'||relname AS name, quote_ident(rolname) AS owner,
  quote_ident(relname) AS safename, quote_ident(nspname) AS schemaname,
  spcname AS tablespace, amname,
  pg_get_indexdef(c.oid) AS indexdef, indrelid::regclass::text AS tablename
FROM pg_class c
JOIN pg_roles r ON (r.oid = c.relowner)
JOIN pg_namespace n ON (n.oid = c.relnamespace)
JOIN pg_index i ON (c.oid = i.indexrelid)
LEFT JOIN pg_tablespace s ON (s.oid = c.reltablespace)
LEFT JOIN pg_am a ON (a.oid = c.relam)
WHERE c.relkind = 'i' AND n.nspname !~ '^pg' AND n.nspname <> 'information_schema'
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT t.*, n1.nspname||'.'||c1.relname||'.'||t.tgname AS name, quote_ident(t.tgname) AS safename, quote_ident(rolname) AS owner,
  quote_ident(n1.nspname) AS schemaname,
  n1.nspname||'.'||c1.relname AS tablename,
  n2.nspname AS cschema, c2.relname AS cname,
  n3.nspname AS procschema, p.proname AS procname,
  pg_get_triggerdef(t.oid) AS triggerdef,
  (  WITH nums AS (SELECT unnest(tgattr) AS poz)
     SELECT string_agg(attname,',') FROM pg_attribute a JOIN nums ON 
     (nums.poz = a.attnum AND tgrelid = a.attrelid)
  ) AS trigger_columns
FROM pg_trigger t
JOIN pg_class c1 ON (c1.oid = t.tgrelid)
JOIN pg_roles r ON (r.oid = c1.relowner)
JOIN pg_namespace n1 ON (n1.oid = c1.relnamespace)
JOIN pg_proc p ON (p.oid = t.tgfoid)
JOIN pg_namespace n3 ON (n3.oid = p.pronamespace)
LEFT JOIN pg_class c2 ON (c2.oid = t.tgconstrrelid)
LEFT JOIN pg_namespace n2 ON (n2.oid = c2.relnamespace)
WHERE t.tgconstrrelid = 0 AND t.tgconstrindid = 0 AND tgname !~ '^pg_'
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT c.*, c.oid, n.nspname||'.'||c1.relname||'.'||c.conname AS name, quote_ident(c.conname) AS safename,
 quote_ident(n.nspname) AS schemaname,
 n.nspname||'.'||r.relname AS tablename,
 pg_get_constraintdef(c.oid) AS constraintdef, translate(c.confmatchtype,'u','s') AS confmatchtype_compat
FROM pg_constraint c
JOIN pg_class c1 ON (c1.oid = c.conrelid)
JOIN pg_namespace n ON (n.oid = c.connamespace)
JOIN pg_class r ON (r.oid = c.conrelid)
JOIN pg_namespace n2 ON (n2.oid = r.relnamespace) WHERE n.nspname !~ '^pg' AND n.nspname <> 'information_schema'
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT a.*, n.nspname||'.'||c.relname||'.'||attname AS name, quote_ident(a.attname) AS safename,
  n.nspname||'.'||c.relname AS tablename,
  typname, quote_ident(nspname) AS schemaname,
  pg_get_expr(d.adbin, a.attrelid, true) AS default
FROM pg_attribute a
JOIN pg_type t ON (t.oid = a.atttypid)
JOIN pg_class c ON (c.oid = a.attrelid AND c.relkind = 'r')
JOIN pg_namespace n ON (n.oid = c.relnamespace)
LEFT JOIN pg_attrdef d ON (d.adrelid = a.attrelid AND d.adnum = a.attnum)
WHERE attnum >= 1
AND NOT attisdropped AND n.nspname !~ '^pg' AND n.nspname <> 'information_schema' ORDER BY n.nspname, c.relname, a.attnum
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT f.*, srvname AS name, quote_ident(rolname) AS owner
FROM pg_foreign_server f
JOIN pg_roles r ON (r.oid = f.srvowner)
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT f.*, fdwname AS name, quote_ident(rolname) AS owner
FROM pg_foreign_data_wrapper f
JOIN pg_roles r ON (r.oid = f.fdwowner)
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT srvname||':'||ftrelid::regclass AS name, ftoptions
FROM pg_foreign_table
JOIN pg_foreign_server f on (f.oid = ftserver)
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT seqname, last_value, slots, used, ROUND(used/slots*100) AS percent,
  CASE WHEN slots < used THEN 0 ELSE slots - used END AS numleft
FROM (
 SELECT quote_ident(schemaname)||'.'||quote_ident(sequencename) AS seqname, COALESCE(last_value,min_value) AS last_value,
  cycle,
  CEIL((max_value-min_value::NUMERIC+1)/increment_by::NUMERIC) AS slots,
  CEIL((COALESCE(last_value,min_value)-min_value::NUMERIC+1)/increment_by::NUMERIC) AS used
FROM pg_sequences) foo
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT quote_ident(nspname) AS nspname FROM pg_namespace WHERE oid IN (SELECT relnamespace FROM pg_class WHERE relkind = 'v' AND relname = 'sl_status')
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT round(extract(epoch FROM now())) AS epok, TO_CHAR(now(),'YYYY-MM-DD HH24:MI:SS') AS pretti
==== 4
BEGIN;SET statement_timeout=30000;COMMIT;SELECT datname, age(datfrozenxid) AS age FROM pg_database WHERE datallowconn ORDER BY 1, 2
====
SELECT datname,
  numbackends AS backends,xact_commit AS commits,xact_rollback AS rollbacks,
  blks_read AS read, blks_hit AS hit
 ,(SELECT SUM(idx_scan) FROM pg_stat_user_indexes) AS idxscan
 ,COALESCE((SELECT SUM(idx_tup_read) FROM pg_stat_user_indexes),0) AS idxtupread
 ,COALESCE((SELECT SUM(idx_tup_fetch) FROM pg_stat_user_indexes),0) AS idxtupfetch
 ,COALESCE((SELECT SUM(idx_blks_read) FROM pg_statio_user_indexes),0) AS idxblksread
 ,COALESCE((SELECT SUM(idx_blks_hit) FROM pg_statio_user_indexes),0) AS idxblkshit
 ,COALESCE((SELECT SUM(seq_scan) FROM pg_stat_user_tables),0) AS seqscan
 ,COALESCE((SELECT SUM(seq_tup_read) FROM pg_stat_user_tables),0) AS seqtupread, tup_returned AS ret, tup_fetched AS fetch, tup_inserted AS ins, tup_updated AS upd, tup_deleted AS del
 FROM pg_stat_database
====
SELECT version() AS pg_version;
====
SELECT
      a.pid AS pid,
      a.backend_xmin AS xmin,
      a.application_name AS application_name,
      a.datname AS database,
      a.client_addr AS client,
      EXTRACT(epoch FROM (NOW() - a."query_start")) AS duration,
      a.wait_event AS wait,
      a.usename AS user,
      a.state AS state,
      a.query AS query,
      pg_catalog.pg_encoding_to_char(b.encoding) AS encoding,
      coalesce(a.leader_pid, a.pid) AS query_leader_pid,
      a.backend_type = 'parallel worker' AS is_parallel_worker
 FROM
      pg_stat_activity a
      LEFT OUTER JOIN pg_database b ON a.datid = b.oid
 WHERE
      a.state <> 'idle'
  AND a.pid <> pg_catalog.pg_backend_pid()
  AND CASE WHEN 0.0 = 0
          THEN true
          ELSE extract(epoch from now() - "query_start") > $1
      END
    AND CASE WHEN NULL IS NULL THEN true
        ELSE a.datname ~* $2
        END
ORDER BY
      EXTRACT(epoch FROM (NOW() - a."query_start")) DESC;
====
SELECT
      pid,
      application_name,
      sq.datname AS database,
      usename AS user,
      client,
      relation,
      mode,
      locktype AS type,
      duration,
      state,
      sq.query AS query,
      pg_catalog.pg_encoding_to_char(b.encoding) AS encoding,
      wait_event as wait
  FROM
      (
      
      SELECT
            blocking.pid,
            pg_stat_activity.application_name,
            pg_stat_activity.query,
            blocking.mode,
            pg_stat_activity.datname,
            pg_stat_activity.datid,
            pg_stat_activity.usename,
            pg_stat_activity.client_addr AS client,
            blocking.locktype,
            EXTRACT(epoch FROM (NOW() - pg_stat_activity."query_start")) AS duration,
            pg_stat_activity.state as state,
            blocking.relation::regclass AS relation,
            pg_stat_activity.wait_event
        FROM
            pg_locks AS blocking
            JOIN pg_locks AS blocked ON (blocking.transactionid = blocked.transactionid AND blocking.locktype = blocked.locktype)
            JOIN pg_stat_activity ON (blocking.pid = pg_stat_activity.pid)
       WHERE
            blocking.granted
        AND NOT blocked.granted
        AND CASE WHEN 0.0 = 0
                THEN true
                ELSE extract(epoch from now() - "query_start") > $1
            END
        AND CASE WHEN NULL IS NULL THEN true
            ELSE datname ~* $2
            END
      UNION ALL
      
      SELECT
            blocking.pid,
            pg_stat_activity.application_name,
            pg_stat_activity.query,
            blocking.mode,
            pg_stat_activity.datname,
            pg_stat_activity.datid,
            pg_stat_activity.usename,
            pg_stat_activity.client_addr AS client,
            blocking.locktype,
            EXTRACT(epoch FROM (NOW() - pg_stat_activity."query_start")) AS duration,
            pg_stat_activity.state as state,
            blocking.relation::regclass AS relation,
            pg_stat_activity.wait_event
        FROM
            pg_locks AS blocking
            JOIN pg_locks AS blocked ON (blocking.virtualxid = blocked.virtualxid AND blocking.locktype = blocked.locktype)
            JOIN pg_stat_activity ON (blocking.pid = pg_stat_activity.pid)
       WHERE
            blocking.granted
        AND NOT blocked.granted
        AND CASE WHEN 0.0 = 0
                THEN true
                ELSE extract(epoch from now() - "query_start") > $1
            END
        AND CASE WHEN NULL IS NULL THEN true
            ELSE datname ~* $2
            END
      UNION ALL
      
      SELECT
            blocking.pid,
            pg_stat_activity.application_name,
            pg_stat_activity.query,
            blocking.mode,
            pg_stat_activity.datname,
            pg_stat_activity.datid,
            pg_stat_activity.usename,
            pg_stat_activity.client_addr AS client,
            blocking.locktype,
            EXTRACT(epoch FROM (NOW() - pg_stat_activity."query_start")) AS duration,
            pg_stat_activity.state as state,
            blocking.relation::regclass AS relation,
            pg_stat_activity.wait_event
        FROM
            pg_locks AS blocking
            JOIN pg_locks AS blocked ON (blocking.database = blocked.database AND blocking.relation = blocked.relation AND blocking.locktype = blocked.locktype)
            JOIN pg_stat_activity ON (blocking.pid = pg_stat_activity.pid)
       WHERE
            blocking.granted
        AND NOT blocked.granted
        AND blocked.relation IS NOT NULL
        AND CASE WHEN 0.0 = 0
                THEN true
                ELSE extract(epoch from now() - "query_start") > $1
            END
        AND CASE WHEN NULL IS NULL THEN true
            ELSE datname ~* $2
            END
      ) AS sq
      LEFT OUTER JOIN pg_database b ON sq.datid = b.oid
GROUP BY
      pid,
      application_name,
      database,
      usename,
      client,
      relation,
      mode,
      locktype,
      duration,
      state,
      query,
      encoding,
      wait_event
ORDER BY
      duration DESC;
====
SELECT count(*) AS replication_slots FROM pg_replication_slots
====
WITH dbinfo AS(
        SELECT COALESCE(SUM(sd.xact_commit + sd.xact_rollback)::BIGINT, 0) AS xact_count,
               COALESCE(SUM(sd.xact_commit), 0) AS xact_commit,
               COALESCE(SUM(sd.xact_rollback), 0) AS xact_rollback,
               COALESCE(SUM(tup_inserted)::BIGINT, 0) AS insert,
               COALESCE(SUM(tup_updated)::BIGINT, 0) AS update,
               COALESCE(SUM(tup_deleted)::BIGINT, 0) AS delete,
               COALESCE(CASE
                   WHEN $1 THEN $2
                   ELSE SUM(pg_database_size(d.datname))
               END, 0) AS total_size,
               COALESCE(SUM(sd.blks_read), 0) AS blks_read,
               COALESCE(SUM(sd.blks_hit), 0) AS blks_hit,
               COALESCE(MAX(LENGTH(d.datname)), 0) AS max_dbname_length,
               current_timestamp - pg_postmaster_start_time() AS uptime,
               EXTRACT(EPOCH FROM NOW()) AS epoch
          FROM pg_database d
               INNER JOIN pg_stat_database sd ON d.oid = sd.datid
         WHERE NOT (d.datname = 'rdsadmin' AND $3)
               AND CASE WHEN NULL IS NULL THEN true
                        ELSE d.datname ~* $4
                   END
), activity AS (
        SELECT count(*) FILTER( WHERE backend_type = 'client backend' and state = 'active') AS active_connections,
               count(*) FILTER( WHERE backend_type = 'client backend' and state = 'idle') AS idle,
               count(*) FILTER( WHERE backend_type = 'client backend' and state = 'idle in transaction') AS idle_in_transaction,
               count(*) FILTER( WHERE backend_type = 'client backend' and state = 'idle in transaction aborted') AS idle_in_transaction_aborted,
               count(*) FILTER( WHERE backend_type = 'client backend') AS total,
               count(*) FILTER( WHERE wait_event_type = 'Lock') as waiting,
               current_setting('max_connections')::int AS max_connections,
               count(*) FILTER( WHERE backend_type = 'autovacuum worker') AS autovacuum_workers,
               current_setting('autovacuum_max_workers')::int AS autovacuum_max_workers,
               count(*) FILTER( WHERE backend_type = 'logical replication worker') AS logical_replication_workers,
               count(*) FILTER( WHERE backend_type = 'parallel worker') AS parallel_workers,
               current_setting('max_logical_replication_workers')::int AS max_logical_replication_workers,
               current_setting('max_parallel_workers')::int AS max_parallel_workers,
               current_setting('max_worker_processes')::int AS max_worker_processes,
               current_setting('max_wal_senders')::int AS max_wal_senders,
               current_setting('max_replication_slots')::int AS max_replication_slots
          FROM pg_stat_activity
         WHERE CASE WHEN NULL IS NULL THEN true
                    ELSE datname ~* $4
               END
)
SELECT * FROM dbinfo, activity
====
SET statement_timeout TO '400ms'
====
SELECT count(*) as temp_files,
       COALESCE(SUM(size), 0) AS temp_bytes
  FROM pg_tablespace ts, LATERAL pg_catalog.pg_ls_tmpdir(ts.oid) tmp
 WHERE spcname <> 'pg_global'
====
RESET statement_timeout;
====
SELECT count(*) AS wal_senders
FROM pg_stat_replication
====
SELECT count(*) AS wal_receivers FROM pg_stat_wal_receiver
====
SELECT
      pg_locks.pid AS pid,
      a.application_name AS application_name,
      a.datname AS database,
      a.usename AS user,
      a.client_addr AS client,
      pg_locks.mode AS mode,
      pg_locks.locktype AS type,
      pg_locks.relation::regclass AS relation,
      EXTRACT(epoch FROM (NOW() - a."query_start")) AS duration,
      a.state as state,
      a.query AS query,
      pg_catalog.pg_encoding_to_char(b.encoding) AS encoding
  FROM
      pg_catalog.pg_locks
      JOIN pg_catalog.pg_stat_activity a ON(pg_catalog.pg_locks.pid = a.pid)
      LEFT OUTER JOIN pg_database b ON a.datid = b.oid
 WHERE
      NOT pg_catalog.pg_locks.granted
  AND a.pid <> pg_backend_pid()
  AND CASE WHEN 0.0 = 0
          THEN true
          ELSE extract(epoch from now() - "query_start") > $1
      END
  AND CASE WHEN NULL IS NULL THEN true
      ELSE a.datname ~* $2
      END
ORDER BY
      EXTRACT(epoch FROM (NOW() - a."query_start")) DESC;
====
SHOW data_directory;
====
SELECT
      a.pid AS pid,
      a.backend_xmin AS xmin,
      a.application_name AS application_name,
      a.datname AS database,
      a.client_addr AS client,
      EXTRACT(epoch FROM (NOW() - a."backend_start")) AS duration,
      a.wait_event AS wait,
      a.usename AS user,
      a.state AS state,
      a.query AS query,
      pg_catalog.pg_encoding_to_char(b.encoding) AS encoding,
      coalesce(a.leader_pid, a.pid) AS query_leader_pid,
      a.backend_type = 'parallel worker' AS is_parallel_worker
 FROM
      pg_stat_activity a
      LEFT OUTER JOIN pg_database b ON a.datid = b.oid
 WHERE
      a.state <> 'idle'
  AND a.pid <> pg_catalog.pg_backend_pid()
  AND CASE WHEN 0.0 = 0
          THEN true
          ELSE extract(epoch from now() - "backend_start") > $1
      END
    AND CASE WHEN NULL IS NULL THEN true
        ELSE a.datname ~* $2
        END
ORDER BY
      EXTRACT(epoch FROM (NOW() - a."backend_start")) DESC;
