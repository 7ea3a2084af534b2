# Written by hand: INSERT, upserts, MERGE, RETURNING, transactions, cursors, LISTEN and NOTIFY, advisory locks, PREPARE and EXECUTE, EXPLAIN in its ways, settings of sessions.
# Each is parsed by the grammar of PostgreSQL 18.
====
INSERT INTO orders (customer_id, amount, note) VALUES ($1, $2, $3) RETURNING id, created_at
====
INSERT INTO counters AS c (key, n) VALUES ('a', 1) ON CONFLICT (key) WHERE active DO UPDATE SET n = c.n + excluded.n, at = now() WHERE c.n < 1000 RETURNING c.n, (xmax = 0) AS inserted
====
INSERT INTO t (a, b) OVERRIDING SYSTEM VALUE SELECT a, b FROM staging ON CONFLICT ON CONSTRAINT t_pkey DO NOTHING
====
INSERT INTO t SELECT * FROM json_populate_recordset(NULL::t, $1)
====
INSERT INTO t (a, b) SELECT * FROM unnest($1::int[], $2::text[])
====
INSERT INTO t (copy, "from", program) VALUES (DEFAULT, 'stdin', E'C:\\copy\\x')
====
INSERT INTO t VALUES (1, ROW(2, 3), ARRAY[4, 5], '{"a": "copy t to stdout"}', '\x00ff', B'101', interval '1' day, $tag$ it's; -- not a comment $tag$)
====
WITH moved AS (DELETE FROM queue WHERE id IN (SELECT id FROM queue WHERE state = 'ready' ORDER BY priority DESC, id FOR UPDATE SKIP LOCKED LIMIT 10) RETURNING *) INSERT INTO running SELECT * FROM moved RETURNING id
====
WITH u AS (UPDATE t SET n = n + 1 WHERE id = 1 RETURNING *), i AS (INSERT INTO log SELECT 'u', u.id FROM u RETURNING 1) SELECT count(*) FROM i
====
MERGE INTO stock s USING deliveries d ON s.item = d.item WHEN MATCHED AND s.n + d.n = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET n = s.n + d.n WHEN NOT MATCHED AND d.n > 0 THEN INSERT (item, n) VALUES (d.item, d.n) WHEN NOT MATCHED THEN DO NOTHING
====
MERGE INTO t USING (VALUES (1, 'x')) AS v (id, name) ON t.id = v.id WHEN MATCHED THEN UPDATE SET name = v.name WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN NOT MATCHED BY TARGET THEN INSERT VALUES (v.id, v.name) RETURNING merge_action(), t.*
====
UPDATE accounts SET balance = balance - 100 WHERE id = 1
====
UPDATE employees e SET (salary, grade) = (SELECT s.salary, s.grade FROM scale s WHERE s.level = e.level) WHERE e.active
====
UPDATE t SET doc['a'] = '1', tags[2] = 'x', (a, b) = ROW (1, DEFAULT), c.field = 3 WHERE CURRENT OF cur
====
UPDATE ONLY parent p SET x = v.x FROM (VALUES (1, 2), (3, 4)) AS v (id, x) JOIN other o USING (id) WHERE p.id = v.id RETURNING p.*, old.x, new.x
====
DELETE FROM sessions WHERE expires_at < now() - interval '30 days'
====
DELETE FROM t a USING t b WHERE a.id < b.id AND a.key = b.key RETURNING a.*
====
TRUNCATE TABLE ONLY a, b RESTART IDENTITY CASCADE
==== 5
BEGIN; INSERT INTO a VALUES (1); INSERT INTO b VALUES (2); SELECT lastval(); COMMIT;
====
START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE, NOT DEFERRABLE
====
BEGIN TRANSACTION READ ONLY
====
COMMIT WORK
====
ROLLBACK AND NO CHAIN
====
SAVEPOINT before_copy
====
ROLLBACK TRANSACTION TO SAVEPOINT before_copy
====
RELEASE SAVEPOINT before_copy
====
PREPARE TRANSACTION 'branch-7'
====
ROLLBACK PREPARED 'branch-7'
====
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE
====
LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE
====
SELECT pg_advisory_xact_lock(hashtext('job'), 42)
====
SELECT pg_try_advisory_lock_shared(1), pg_advisory_unlock(1), pg_advisory_unlock_all()
====
DECLARE cur SCROLL CURSOR WITH HOLD FOR SELECT * FROM t ORDER BY id
====
FETCH FORWARD 100 FROM cur
====
FETCH ABSOLUTE -1 FROM cur
====
FETCH BACKWARD ALL IN cur
====
MOVE RELATIVE 5 FROM cur
====
CLOSE cur
====
LISTEN jobs
====
NOTIFY jobs, '{"id": 1}'
====
SELECT pg_notify('jobs', json_build_object('id', 1)::text), pg_listening_channels()
====
UNLISTEN jobs
====
PREPARE by_id (bigint) AS SELECT * FROM orders WHERE id = $1
====
PREPARE add AS INSERT INTO t VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING *
====
EXECUTE by_id (42)
====
EXECUTE add('copy', now() - interval '1 day')
====
DEALLOCATE PREPARE by_id
====
EXPLAIN SELECT * FROM t
====
EXPLAIN (ANALYZE, BUFFERS, VERBOSE, SETTINGS, WAL, TIMING OFF, SUMMARY, FORMAT YAML) SELECT * FROM t JOIN u USING (id)
====
EXPLAIN (GENERIC_PLAN) SELECT * FROM t WHERE id = $1
====
EXPLAIN (ANALYZE, SERIALIZE TEXT, MEMORY) INSERT INTO t SELECT generate_series(1, 10)
====
EXPLAIN VERBOSE DELETE FROM t
====
EXPLAIN ANALYZE EXECUTE by_id(1)
====
EXPLAIN DECLARE c CURSOR FOR SELECT 1
====
EXPLAIN CREATE TABLE x AS SELECT 1
====
EXPLAIN (COSTS OFF) REFRESH MATERIALIZED VIEW mv
====
SET search_path TO app, public
====
SET LOCAL work_mem = '256MB'
====
SET SESSION statement_timeout TO '30s'
==== 2
SET lock_timeout = 5000; SET idle_in_transaction_session_timeout = '1min'
====
SET TIME ZONE INTERVAL '-08:00' HOUR TO MINUTE
====
SET timezone = 'Europe/Berlin'
====
SET SEED TO 0.5
====
SET XML OPTION DOCUMENT
====
SET enable_seqscan = off
====
SET application_name TO 'copy of report'
====
SET default_transaction_read_only = on
====
SET app.user_id = '42'
====
SELECT set_config('app.tenant', $1, true)
====
SELECT current_setting('app.tenant', true), current_setting('server_version_num')::int
====
SET SCHEMA 'app'
==== 2
SET jit = off; SET max_parallel_workers_per_gather = 0
====
SET bytea_output = 'escape'
====
SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE
====
SET ROLE app_reader
====
RESET ROLE
====
RESET statement_timeout
====
SHOW server_version
====
SHOW max_connections
====
DISCARD PLANS
====
DISCARD SEQUENCES
====
SELECT nextval('order_id_seq'), currval('order_id_seq'), setval('order_id_seq', (SELECT max(id) FROM orders), true)
====
CALL archive_old_rows(interval '90 days')
====
DO $$ BEGIN PERFORM refresh_totals(); END $$
