# Written by hand: what agents of monitoring ask of pg_stat_*, of sizes, WAL, locks, progress and settings.
# Each is parsed by the grammar of PostgreSQL 18.
====
SELECT datname, numbackends, xact_commit, xact_rollback, blks_read, blks_hit, tup_returned, deadlocks, temp_bytes, extract(epoch FROM stats_reset) FROM pg_stat_database WHERE datname NOT IN ('template0', 'template1')
====
SELECT pid, usename, application_name, client_addr, state, wait_event_type, wait_event, backend_xmin, left(query, 1000) AS query, now() - xact_start AS age FROM pg_stat_activity WHERE state <> 'idle' AND pid <> pg_backend_pid() AND backend_type = 'client backend' ORDER BY age DESC NULLS LAST
====
SELECT queryid, query, calls, total_exec_time, mean_exec_time, rows, shared_blks_hit, shared_blks_read, wal_bytes FROM pg_stat_statements WHERE query NOT ILIKE 'copy%' ORDER BY total_exec_time DESC LIMIT 200
====
SELECT * FROM pg_stat_statements_info
====
SELECT pg_stat_statements_reset()
====
SELECT schemaname, relname, seq_scan, idx_scan, n_live_tup, n_dead_tup, last_autovacuum, pg_total_relation_size(relid), pg_size_pretty(pg_indexes_size(relid)) FROM pg_stat_user_tables ORDER BY n_dead_tup DESC LIMIT 50
====
SELECT schemaname, relname, indexrelname, idx_scan, pg_relation_size(indexrelid) FROM pg_stat_user_indexes JOIN pg_index USING (indexrelid) WHERE idx_scan = 0 AND NOT indisunique
====
SELECT blocked.pid, blocking.pid, blocked.query, blocking.query FROM pg_stat_activity blocked JOIN LATERAL unnest(pg_blocking_pids(blocked.pid)) AS b (pid) ON true JOIN pg_stat_activity blocking ON blocking.pid = b.pid
====
SELECT locktype, mode, granted, count(*) FROM pg_locks l LEFT JOIN pg_database d ON d.oid = l.database GROUP BY 1, 2, 3
====
SELECT pg_is_in_recovery(), pg_current_wal_lsn(), pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn(), pg_last_xact_replay_timestamp()
====
SELECT CASE WHEN pg_is_in_recovery() THEN 0 ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') END AS bytes
====
SELECT client_addr, state, sync_state, pg_wal_lsn_diff(sent_lsn, replay_lsn) AS lag, write_lag, flush_lag, replay_lag FROM pg_stat_replication
====
SELECT slot_name, plugin, slot_type, active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) AS retained, wal_status, safe_wal_size FROM pg_replication_slots
====
SELECT count(*), sum(size), max(modification) FROM pg_ls_waldir()
====
SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name ~ '.ready$'
====
SELECT sum(size) FROM pg_ls_tmpdir()
====
SELECT name, size, modification FROM pg_ls_logdir() ORDER BY modification DESC LIMIT 1
====
SELECT archived_count, failed_count, last_archived_wal, last_failed_time FROM pg_stat_archiver
====
SELECT checkpoints_timed, checkpoints_req, buffers_checkpoint, buffers_backend, maxwritten_clean FROM pg_stat_bgwriter
====
SELECT num_timed, num_requested, write_time, sync_time, buffers_written FROM pg_stat_checkpointer
====
SELECT backend_type, object, context, reads, writes, extends, hits, evictions, fsyncs FROM pg_stat_io
====
SELECT wal_records, wal_fpi, wal_bytes, wal_buffers_full FROM pg_stat_wal
====
SELECT name, blks_zeroed, blks_hit, flushes FROM pg_stat_slru
====
SELECT datname, age(datfrozenxid), mxid_age(datminmxid), pg_database_size(datname) FROM pg_database WHERE datallowconn ORDER BY 2 DESC
====
SELECT c.oid::regclass, age(c.relfrozenxid), pg_size_pretty(pg_total_relation_size(c.oid)) FROM pg_class c WHERE relkind IN ('r', 't', 'm') ORDER BY 2 DESC LIMIT 20
====
SELECT p.pid, p.datname, p.relid::regclass, p.phase, p.heap_blks_scanned, p.heap_blks_total FROM pg_stat_progress_vacuum p
====
SELECT pid, relid::regclass, command, type, bytes_processed, bytes_total, tuples_processed FROM pg_stat_progress_copy
====
SELECT * FROM pg_stat_progress_create_index
====
SELECT * FROM pg_stat_progress_basebackup
====
SELECT name, setting, unit, category, context, source, boot_val, pending_restart FROM pg_settings WHERE source NOT IN ('default', 'override')
====
SELECT pg_postmaster_start_time(), pg_conf_load_time(), version(), current_setting('data_directory', true)
====
SELECT sourceline, name, setting, error FROM pg_file_settings WHERE error IS NOT NULL
====
SELECT type, database, user_name, address, auth_method, error FROM pg_hba_file_rules
====
SELECT gid, prepared, owner, database, age(transaction) FROM pg_prepared_xacts
====
SELECT name, statement, prepare_time, from_sql FROM pg_prepared_statements
====
SELECT name, is_holdable, creation_time FROM pg_cursors
====
SELECT pid, ssl, version, cipher, bits FROM pg_stat_ssl
====
SELECT funcid, schemaname, funcname, calls, total_time FROM pg_stat_user_functions
====
SELECT subname, pid, received_lsn, latest_end_time FROM pg_stat_subscription
====
SELECT sum(heap_blks_hit) / nullif(sum(heap_blks_hit) + sum(heap_blks_read), 0) FROM pg_statio_user_tables
====
SELECT sequencename, last_value, max_value, round(100.0 * last_value / max_value, 2) FROM pg_sequences WHERE last_value IS NOT NULL
====
SELECT pg_cancel_backend(12345)
====
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND state_change < now() - interval '1 hour'
====
SELECT pg_reload_conf()
====
SELECT pg_rotate_logfile()
====
SELECT pg_switch_wal(), pg_walfile_name(pg_current_wal_lsn()), pg_create_restore_point('before migration')
====
SELECT pg_stat_reset(), pg_stat_reset_shared('bgwriter'), pg_stat_get_snapshot_timestamp()
====
SELECT rolname, rolsuper, rolcreaterole, rolconnlimit, rolvaliduntil FROM pg_roles ORDER BY 1
====
SELECT grantee, table_schema, table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = 'app'
====
SELECT has_table_privilege('app', 't', 'SELECT, INSERT'), has_schema_privilege('public', 'USAGE'), pg_has_role('reader', 'MEMBER')
====
SELECT relation::regclass, n_tuples, dead_tuple_percent FROM pgstattuple_approx('orders')
====
SELECT c.relname, count(*) AS buffers FROM pg_buffercache b JOIN pg_class c ON b.relfilenode = pg_relation_filenode(c.oid) GROUP BY 1 ORDER BY 2 DESC LIMIT 10
====
SELECT schemaname, tablename, attname, null_frac, n_distinct, correlation FROM pg_stats WHERE schemaname = 'public'
====
SELECT pg_tablespace_size(oid), spcname, pg_tablespace_location(oid) FROM pg_tablespace
====
SELECT pg_relation_filepath('orders'), pg_column_size(doc), pg_relation_size('orders', 'vm') FROM orders LIMIT 1
====
SELECT pg_export_snapshot()
====
SELECT txid_current(), pg_current_xact_id(), pg_current_snapshot(), pg_xact_status('1000'::xid8), txid_current_if_assigned()
====
SELECT inet_server_addr(), inet_server_port(), inet_client_addr(), pg_backend_pid(), pg_my_temp_schema()::regnamespace
====
SELECT pg_get_viewdef('v'::regclass, true), pg_get_functiondef('f'::regproc), pg_get_indexdef(i.indexrelid), pg_get_constraintdef(c.oid) FROM pg_index i, pg_constraint c LIMIT 1
====
SELECT collname, collversion, pg_collation_actual_version(oid) FROM pg_collation WHERE collprovider = 'c'
====
SELECT pg_sleep(0.1), pg_sleep_for('1 second')
====
SELECT extname, extversion, default_version FROM pg_extension JOIN pg_available_extensions ON name = extname
====
SELECT jobid, schedule, command, active FROM cron.job
====
SELECT job_id, hypertable_name, last_run_status FROM timescaledb_information.job_stats
====
SELECT pg_wal_replay_pause(), pg_is_wal_replay_paused()
====
SELECT backup_type, label FROM pg_backup_start('nightly', true)
==== 2
SELECT pg_log_backend_memory_contexts(pg_backend_pid()); SELECT name, total_bytes FROM pg_backend_memory_contexts ORDER BY 2 DESC LIMIT 5
