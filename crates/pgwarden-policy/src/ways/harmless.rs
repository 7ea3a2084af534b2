//! Functions that look like ways and are none, each for a reason that holds without looking at who may call it.

/// Why a function passes that looks like a way, if it is known to be none. The extension is the one that brings it.
pub fn harmless(extension: Option<&str>, name: &str) -> Option<&'static str> {
    HARMLESS
        .iter()
        .find(|entry| entry.is_about(extension, name))
        .map(|entry| entry.reason)
}

/// Functions that pass, and why.
pub(super) struct Harmless {
    /// The extension that brings them; none for the server's own.
    pub(super) extension: Option<&'static str>,
    /// Their names. A star stands for anything, of which no function that comes later is believed to be a way.
    pub(super) names: &'static [&'static str],
    /// Why they pass.
    pub(super) reason: &'static str,
}

impl Harmless {
    pub(super) fn is_about(&self, extension: Option<&str>, name: &str) -> bool {
        let fits = |pattern: &&str| match pattern.split_once('*') {
            Some((prefix, suffix)) => name
                .strip_prefix(prefix)
                .is_some_and(|rest| rest.ends_with(suffix)),
            None => name == *pattern,
        };
        self.extension == extension && self.names.iter().any(fits)
    }
}

const fn built_in(names: &'static [&'static str], reason: &'static str) -> Harmless {
    Harmless {
        extension: None,
        names,
        reason,
    }
}

const fn brought_by(
    extension: &'static str,
    names: &'static [&'static str],
    reason: &'static str,
) -> Harmless {
    Harmless {
        extension: Some(extension),
        names,
        reason,
    }
}

/// What the test of the list of ways would else ask about.
pub(super) const HARMLESS: &[Harmless] = &[
    // Values.
    built_in(
        &[
            "array_sample",
            "array_shuffle",
            "clock_timestamp",
            "current_query",
            "decode",
            "gen_random_uuid",
            "random",
            "random_normal",
            "setseed",
            "timeofday",
            "timezone",
            "uuidv4",
            "uuidv7",
            "version",
        ],
        "computes a value",
    ),
    built_in(
        &[
            "jsonb_path_*",
            "querytree",
            "pg_wal_lsn_diff",
            "pg_split_walfile_name",
            "pg_walfile_name*",
            "pg_encoding_max_length",
        ],
        "computes a value from its arguments",
    ),
    built_in(
        &[
            "text",
            "xml",
            "xml_in",
            "xml_out",
            "xml_send",
            "xml_is_well_formed*",
            "xmlagg",
            "xmlcomment",
            "xmlconcat2",
            "xmlexists",
            "xmltext",
            "xmlvalidate",
            "xpath",
            "xpath_exists",
        ],
        "works on the XML it is given; what it gathers from rows counts against the budgets like any result",
    ),
    built_in(
        &[
            "database_to_xmlschema",
            "schema_to_xmlschema",
            "table_to_xmlschema",
            "cursor_to_xmlschema",
        ],
        "tells the columns, no row",
    ),
    built_in(
        &[
            "currtid",
            "currtid2",
            "currval",
            "lastval",
            "nextval",
            "setval",
            "pg_sequence_last_value",
            "pg_get_sequence_data",
        ],
        "one position or number",
    ),
    // Messages and locks between sessions.
    built_in(
        &[
            "pg_notify",
            "pg_notification_queue_usage",
            "pg_logical_emit_message",
        ],
        "a message to those who listen already, who have rights of their own",
    ),
    built_in(
        &["pg_advisory_*", "pg_try_advisory_*"],
        "locks that only applications give a meaning",
    ),
    built_in(
        &[
            "pg_blocking_pids",
            "pg_safe_snapshot_blocking_pids",
            "pg_isolation_test_session_is_blocked",
            "pg_lock_status",
        ],
        "tells who waits for whom",
    ),
    built_in(&["pg_sleep", "pg_sleep_for", "pg_sleep_until"], "waits"),
    built_in(
        &["pg_export_snapshot"],
        "a name of the transaction's snapshot; reading by it is judged as reading",
    ),
    // The server's state.
    built_in(
        &[
            "pg_stat_get_*",
            "pg_stat_have_stats",
            "pg_stat_reset*",
            "pg_stat_clear_snapshot",
            "pg_stat_force_next_flush",
            "pg_conf_load_time",
        ],
        "statistics, for monitoring",
    ),
    built_in(
        &[
            "pg_control_*",
            "pg_current_wal_*",
            "pg_last_wal_*",
            "pg_last_xact_replay_timestamp",
            "pg_last_committed_xact",
            "pg_get_wal_replay_pause_state",
            "pg_get_wal_resource_managers",
            "pg_get_wal_summarizer_state",
            "pg_is_in_backup",
            "pg_is_in_recovery",
            "pg_is_wal_replay_paused",
            "pg_get_replication_slots",
            "pg_show_replication_origin_status",
            "pg_available_wal_summaries",
            "pg_wal_summary_contents",
            "pg_xact_commit_timestamp*",
            "pg_xact_status",
            "txid_status",
            "pg_get_multixact_members",
            "pg_prepared_xact",
            "pg_prepared_statement",
        ],
        "states and positions of the server, for monitoring",
    ),
    built_in(
        &[
            "pg_get_aios",
            "pg_get_backend_memory_contexts",
            "pg_log_backend_memory_contexts",
            "pg_get_loaded_modules",
            "pg_get_shmem_allocations*",
            "pg_get_wait_events",
            "pg_jit_available",
            "inet_server_*",
        ],
        "what the server consists of, for monitoring",
    ),
    built_in(
        &[
            "pg_database_size",
            "pg_tablespace_size",
            "pg_relation_size",
            "pg_table_size",
            "pg_indexes_size",
            "pg_total_relation_size",
            "pg_stat_file",
        ],
        "a size",
    ),
    built_in(
        &[
            "pg_ls_archive_statusdir",
            "pg_ls_logdir",
            "pg_ls_logicalmapdir",
            "pg_ls_logicalsnapdir",
            "pg_ls_replslotdir",
            "pg_ls_summariesdir",
            "pg_ls_tmpdir",
            "pg_ls_waldir",
            "pg_current_logfile",
            "pg_relation_filepath",
            "pg_relation_filenode",
            "pg_filenode_relation",
        ],
        "names and sizes of the server's own files, for monitoring; no content",
    ),
    built_in(
        &[
            "pg_hba_file_rules",
            "pg_ident_file_mappings",
            "pg_show_all_file_settings",
            "pg_show_all_settings",
        ],
        "the server's configuration, as the view over it shows it to whom it may",
    ),
    // The server's work.
    built_in(
        &[
            "pg_cancel_backend",
            "pg_terminate_backend",
            "pg_reload_conf",
            "pg_rotate_logfile*",
            "pg_promote",
            "pg_switch_wal",
            "pg_create_restore_point",
            "pg_log_standby_snapshot",
            "pg_wal_replay_pause",
            "pg_wal_replay_resume",
            "pg_backup_start",
            "pg_backup_stop",
            "pg_start_backup",
            "pg_stop_backup",
        ],
        "an administrator's order to the server; moves no data",
    ),
    built_in(
        &["pg_sync_replication_slots", "pg_replication_origin_*"],
        "keeps book of replication; the stream itself needs can_replicate",
    ),
    built_in(
        &[
            "brin_desummarize_range",
            "brin_summarize_*",
            "gin_clean_pending_list",
        ],
        "maintains an index",
    ),
    built_in(
        &[
            "pg_restore_attribute_stats",
            "pg_restore_relation_stats",
            "pg_clear_attribute_stats",
            "pg_clear_relation_stats",
        ],
        "the planner's statistics, as pg_restore and pg_upgrade set them",
    ),
    built_in(
        &[
            "binary_upgrade_*",
            "pg_extension_config_dump",
            "pg_nextoid",
            "pg_stop_making_pinned_objects",
        ],
        "works in pg_upgrade, initdb or an extension's script alone",
    ),
    // The catalogue.
    built_in(
        &[
            "amvalidate",
            "acldefault",
            "has_*_privilege",
            "pg_collation_actual_version",
            "pg_database_collation_actual_version",
            "pg_partition_ancestors",
            "pg_partition_tree",
            "pg_get_function_sqlbody",
            "pg_input_error_info",
        ],
        "reads the catalogue",
    ),
    built_in(
        &["fmgr_sql_validator", "postgresql_fdw_validator"],
        "checks a definition that CREATE has to make first",
    ),
    built_in(
        &[
            "pg_ddl_command_*",
            "pg_event_trigger_*",
            "event_trigger_in",
            "trigger_in",
        ],
        "works in an event trigger alone, or not at all",
    ),
    built_in(
        &[
            "RI_FKey_*",
            "suppress_redundant_updates_trigger",
            "tsvector_update_trigger",
            "tsvector_update_trigger_column",
            "unique_key_recheck",
        ],
        "a trigger that takes no SQL from its definition",
    ),
    // Extensions.
    brought_by("adminpack", &["pg_file_length"], "a size"),
    brought_by(
        "adminpack",
        &["pg_file_sync", "pg_logfile_rotate"],
        "an administrator's order to the server; moves no data",
    ),
    brought_by(
        "adminpack",
        &["pg_logdir_ls"],
        "names and sizes of the server's own files, for monitoring; no content",
    ),
    brought_by(
        "amcheck",
        &["bt_index_*", "gin_index_check", "verify_heapam"],
        "verifies, and tells what is broken",
    ),
    brought_by(
        "autoinc",
        &["autoinc"],
        "a trigger that takes no SQL from its definition",
    ),
    brought_by("bool_plperl", &["*"], "converts a value, within a function"),
    brought_by("bool_plperlu", &["*"], "converts a value, within a function"),
    brought_by("cube", &["g_cube_*"], "supports an index"),
    brought_by(
        "dblink",
        &["dblink_build_sql_*"],
        "writes a statement, and leaves running it to others",
    ),
    brought_by(
        "dblink",
        &[
            "dblink_cancel_query",
            "dblink_close",
            "dblink_disconnect",
            "dblink_error_message",
            "dblink_get_connections",
            "dblink_get_notify",
            "dblink_is_busy",
        ],
        "handles a connection that dblink_connect had to open first",
    ),
    brought_by(
        "dblink",
        &["dblink_current_query", "dblink_get_pkey"],
        "reads the catalogue",
    ),
    brought_by(
        "dblink",
        &["dblink_fdw_validator"],
        "checks a definition that CREATE has to make first",
    ),
    brought_by(
        "file_fdw",
        &["file_fdw_validator"],
        "checks a definition that CREATE has to make first",
    ),
    brought_by("hstore", &["fetchval"], "computes a value from its arguments"),
    brought_by("hstore_plperl", &["*"], "converts a value, within a function"),
    brought_by("hstore_plperlu", &["*"], "converts a value, within a function"),
    brought_by("hstore_plpython2u", &["*"], "converts a value, within a function"),
    brought_by("hstore_plpython3u", &["*"], "converts a value, within a function"),
    brought_by("hstore_plpythonu", &["*"], "converts a value, within a function"),
    brought_by(
        "insert_username",
        &["insert_username"],
        "a trigger that takes no SQL from its definition",
    ),
    brought_by(
        "intarray",
        &["boolop", "bqarr_out", "querytree", "rboolop"],
        "computes a value from its arguments",
    ),
    brought_by(
        "isn",
        &["isn_weak"],
        "sets how the extension's own values are read",
    ),
    brought_by("jsonb_plperl", &["*"], "converts a value, within a function"),
    brought_by("jsonb_plperlu", &["*"], "converts a value, within a function"),
    brought_by("jsonb_plpython2u", &["*"], "converts a value, within a function"),
    brought_by("jsonb_plpython3u", &["*"], "converts a value, within a function"),
    brought_by("jsonb_plpythonu", &["*"], "converts a value, within a function"),
    brought_by(
        "lo",
        &["lo_manage"],
        "a trigger that takes no SQL from its definition",
    ),
    brought_by(
        "ltree",
        &["_lt*", "lt_q_*", "ltq_*", "ltxtq_*"],
        "computes a value from its arguments",
    ),
    brought_by("ltree_plpython2u", &["*"], "converts a value, within a function"),
    brought_by("ltree_plpython3u", &["*"], "converts a value, within a function"),
    brought_by("ltree_plpythonu", &["*"], "converts a value, within a function"),
    brought_by(
        "moddatetime",
        &["moddatetime"],
        "a trigger that takes no SQL from its definition",
    ),
    brought_by(
        "old_snapshot",
        &["pg_old_snapshot_time_mapping"],
        "states and positions of the server, for monitoring",
    ),
    brought_by(
        "pageinspect",
        &[
            "brin_*",
            "bt_metap",
            "bt_multi_page_stats",
            "bt_page_stats",
            "fsm_page_contents",
            "gin_*",
            "gist_*",
            "hash_*",
            "heap_page_items",
            "heap_tuple_infomask_flags",
            "page_checksum",
            "page_header",
        ],
        "numbers about a page, or reads one that get_raw_page had to fetch first",
    ),
    brought_by(
        "pg_buffercache",
        &["pg_buffercache_*"],
        "what the server consists of, for monitoring",
    ),
    brought_by("pg_freespacemap", &["pg_freespace"], "a size"),
    brought_by(
        "pg_logicalinspect",
        &["pg_get_logical_snapshot_*"],
        "states and positions of the server, for monitoring",
    ),
    brought_by(
        "pg_prewarm",
        &["autoprewarm_*", "pg_prewarm"],
        "reads into the server's memory alone",
    ),
    brought_by(
        "pg_stat_statements",
        &["pg_stat_statements*"],
        "statistics, for monitoring",
    ),
    brought_by(
        "pg_trgm",
        &[
            "set_limit",
            "show_limit",
            "similarity_op",
            "strict_word_similarity_*",
            "word_similarity_*",
        ],
        "computes a value from its arguments and the extension's threshold",
    ),
    brought_by(
        "pg_visibility",
        &["pg_check_*", "pg_truncate_visibility_map", "pg_visibility*"],
        "numbers about pages, and their repair",
    ),
    brought_by(
        "pg_walinspect",
        &["pg_get_wal_stats*"],
        "statistics, for monitoring",
    ),
    brought_by(
        "pgcrypto",
        &["fips_mode", "gen_*", "pgp_*"],
        "computes a value from its arguments",
    ),
    brought_by("pgrowlocks", &["pgrowlocks"], "tells who waits for whom"),
    brought_by("pgstattuple", &["pg_relpages", "pgstat*"], "numbers about pages"),
    brought_by(
        "plperl",
        &["plperl_*"],
        "works within CREATE FUNCTION, DO or a call alone",
    ),
    brought_by(
        "plperlu",
        &["plperlu_*"],
        "works within CREATE FUNCTION, DO or a call alone",
    ),
    brought_by(
        "plpgsql",
        &["plpgsql_validator"],
        "checks a definition that CREATE has to make first",
    ),
    brought_by(
        "plpython3u",
        &["plpython3_*"],
        "works within CREATE FUNCTION, DO or a call alone",
    ),
    brought_by(
        "postgres_fdw",
        &["postgres_fdw_disconnect*", "postgres_fdw_get_connections"],
        "handles connections that reading a foreign table had to open first",
    ),
    brought_by(
        "postgres_fdw",
        &["postgres_fdw_validator"],
        "checks a definition that CREATE has to make first",
    ),
    brought_by("seg", &["gseg_*"], "supports an index"),
    brought_by("sslinfo", &["ssl_*"], "tells about the connection's own TLS"),
    brought_by("tablefunc", &["normal_rand"], "computes a value"),
    brought_by(
        "tcn",
        &["triggered_change_notification"],
        "a trigger that takes no SQL from its definition",
    ),
    brought_by(
        "unaccent",
        &["unaccent"],
        "computes a value, by a dictionary that CREATE had to make first",
    ),
    brought_by("uuid-ossp", &["uuid_*"], "computes a value"),
    brought_by(
        "xml2",
        &[
            "xml_encode_special_chars",
            "xml_valid",
            "xpath_bool",
            "xpath_list",
            "xpath_nodeset",
            "xpath_number",
            "xpath_string",
        ],
        "works on the XML it is given",
    ),
    brought_by(
        "xml2",
        &["xslt_process"],
        "works on the XML it is given; the extension forbids stylesheets files and networks (xsltSetSecurityPrefs)",
    ),
];
