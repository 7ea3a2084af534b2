//! The list itself.

use super::WayClass::{
    DynamicSql, Harmless, In, InAndProgram, Out, OutAndIn, OutAndProgram, OutOrIn, Program, Setting,
};
use super::{
    Medium::{LargeObject, LogicalDecoding, OtherServer, Pages, ServerFile, Xml},
    Sql, Way, WayClass,
};

/// By name, in the order of bytes.
pub const WAYS: &[Way] = &[
    brought_by("azure_storage", "blob_get", "13", In(OtherServer)),
    brought_by("azure_storage", "blob_put", "13", Out(OtherServer)),
    brought_by("pageinspect", "bt_page_items", "8.3", Out(Pages)),
    brought_by("refint", "check_foreign_key", "6", DynamicSql).runs(Sql::All),
    brought_by("refint", "check_primary_key", "6", DynamicSql).runs(Sql::All),
    brought_by("tablefunc", "connectby", "7.3", DynamicSql).runs(Sql::At(&[1, 2, 3, 4])),
    brought_by("tablefunc", "crosstab", "7.3", DynamicSql).runs(Sql::At(&[1, 2])),
    brought_by("tablefunc", "crosstab2", "7.3", DynamicSql).runs(Sql::At(&[1])),
    brought_by("tablefunc", "crosstab3", "7.3", DynamicSql).runs(Sql::At(&[1])),
    brought_by("tablefunc", "crosstab4", "7.3", DynamicSql).runs(Sql::At(&[1])),
    built_in("cursor_to_xml", "8.3", Out(Xml), &[2925]),
    built_in("database_to_xml", "8.3", Out(Xml), &[2936]),
    built_in("database_to_xml_and_xmlschema", "8.3", Out(Xml), &[2938]),
    brought_by("dblink", "dblink", "7.2", OutAndIn(OtherServer)).runs(Sql::At(&[1, 2])),
    brought_by("dblink", "dblink_connect", "7.3", OutAndIn(OtherServer)),
    brought_by("dblink", "dblink_connect_u", "8.3", OutAndIn(OtherServer)),
    brought_by("dblink", "dblink_exec", "7.3", OutAndIn(OtherServer)).runs(Sql::At(&[1, 2])),
    brought_by("dblink", "dblink_fetch", "7.3", OutAndIn(OtherServer)),
    brought_by("dblink", "dblink_get_result", "8.2", OutAndIn(OtherServer)),
    brought_by("dblink", "dblink_open", "7.3", OutAndIn(OtherServer)).runs(Sql::At(&[1, 2, 3])),
    brought_by("dblink", "dblink_send_query", "8.2", OutAndIn(OtherServer)).runs(Sql::At(&[2])),
    brought_by("pageinspect", "get_raw_page", "8.3", Out(Pages)),
    brought_by("pg_surgery", "heap_force_freeze", "14", Harmless(SURGERY)),
    brought_by("pg_surgery", "heap_force_kill", "14", Harmless(SURGERY)),
    brought_by("pageinspect", "heap_page_item_attrs", "9.6", Out(Pages)),
    brought_by("http", "http_delete", "13", OutAndIn(OtherServer)),
    brought_by("http", "http_get", "13", OutAndIn(OtherServer)),
    brought_by("http", "http_head", "13", OutAndIn(OtherServer)),
    brought_by("http", "http_patch", "13", OutAndIn(OtherServer)),
    brought_by("http", "http_post", "13", OutAndIn(OtherServer)),
    brought_by("http", "http_put", "13", OutAndIn(OtherServer)),
    built_in("lo_close", "6", Harmless("closes a descriptor"), &[953]),
    built_in("lo_creat", "6", In(LargeObject), &[957]),
    built_in("lo_create", "8.1", In(LargeObject), &[715]),
    built_in("lo_export", "6", OutAndProgram(ServerFile), &[765]),
    built_in("lo_from_bytea", "9.4", In(LargeObject), &[3457]),
    built_in("lo_get", "9.4", Out(LargeObject), &[3458, 3459]),
    built_in("lo_import", "6", OutAndIn(ServerFile), &[764, 767]),
    built_in("lo_lseek", "6", Harmless(POSITION), &[956]),
    built_in("lo_lseek64", "9.3", Harmless(POSITION), &[3170]),
    built_in("lo_open", "6", OutOrIn(LargeObject), &[952]),
    built_in("lo_put", "9.4", In(LargeObject), &[3460]),
    built_in("lo_tell", "6", Harmless(POSITION), &[958]),
    built_in("lo_tell64", "9.3", Harmless(POSITION), &[3171]),
    built_in("lo_truncate", "8.3", In(LargeObject), &[1004]),
    built_in("lo_truncate64", "9.3", In(LargeObject), &[3172]),
    built_in("lo_unlink", "6", In(LargeObject), &[964]),
    built_in("loread", "6", Out(LargeObject), &[954]),
    built_in("lowrite", "6", In(LargeObject), &[955]),
    brought_by("pg_background", "pg_background_launch", "13", DynamicSql).runs(Sql::At(&[1])),
    built_in(
        "pg_copy_logical_replication_slot",
        "12",
        Out(LogicalDecoding),
        &[4222, 4223, 4224],
    ),
    built_in(
        "pg_copy_physical_replication_slot",
        "12",
        Harmless(SLOTS),
        &[4220, 4221],
    ),
    built_in(
        "pg_create_logical_replication_slot",
        "9.4",
        Out(LogicalDecoding),
        &[3786],
    ),
    built_in(
        "pg_create_physical_replication_slot",
        "9.4",
        Harmless(SLOTS),
        &[3779],
    ),
    built_in("pg_drop_replication_slot", "9.4", Harmless(SLOTS), &[3780]),
    brought_by("adminpack", "pg_file_read", "8.2", Out(ServerFile)).until(16),
    brought_by("adminpack", "pg_file_rename", "8.2", Program(ServerFile)).until(16),
    brought_by("adminpack", "pg_file_unlink", "8.2", Program(ServerFile)).until(16),
    brought_by("adminpack", "pg_file_write", "8.2", InAndProgram(ServerFile)).until(16),
    brought_by("pg_walinspect", "pg_get_wal_block_info", "16", Out(Pages)),
    brought_by("pg_walinspect", "pg_get_wal_record_info", "15", Out(Pages)),
    brought_by("pg_walinspect", "pg_get_wal_records_info", "15", Out(Pages)),
    brought_by(
        "pg_walinspect",
        "pg_get_wal_records_info_till_end_of_wal",
        "15",
        Out(Pages),
    ),
    built_in(
        "pg_import_system_collations",
        "10",
        Harmless("writes the names of the system's locales, and nothing else"),
        &[3445],
    ),
    built_in(
        "pg_logical_slot_get_binary_changes",
        "9.4",
        Out(LogicalDecoding),
        &[3783],
    ),
    built_in(
        "pg_logical_slot_get_changes",
        "9.4",
        Out(LogicalDecoding),
        &[3782],
    ),
    built_in(
        "pg_logical_slot_peek_binary_changes",
        "9.4",
        Out(LogicalDecoding),
        &[3785],
    ),
    built_in(
        "pg_logical_slot_peek_changes",
        "9.4",
        Out(LogicalDecoding),
        &[3784],
    ),
    built_in("pg_ls_dir", "8.1", Out(ServerFile), &[2625, 3297]),
    built_in(
        "pg_read_binary_file",
        "9.1",
        Out(ServerFile),
        &[3295, 3827, 3828, 6209],
    ),
    built_in("pg_read_file", "8.1", Out(ServerFile), &[2624, 3293, 3826, 6208]),
    built_in("pg_read_file_old", "11", Out(ServerFile), &[4100]).until(16),
    built_in("pg_replication_slot_advance", "11", Harmless(SLOTS), &[3878]),
    brought_by("aws_s3", "query_export_to_s3", "13", Out(OtherServer)).runs(Sql::At(&[1])),
    built_in("query_to_xml", "8.3", Out(Xml), &[2924]).runs(Sql::At(&[1])),
    built_in("query_to_xml_and_xmlschema", "8.3", Out(Xml), &[2930]).runs(Sql::At(&[1])),
    built_in("query_to_xmlschema", "8.3", DynamicSql, &[2927]).runs(Sql::At(&[1])),
    built_in("schema_to_xml", "8.3", Out(Xml), &[2933]),
    built_in("schema_to_xml_and_xmlschema", "8.3", Out(Xml), &[2935]),
    built_in("set_config", "7.3", Setting, &[2078]),
    brought_by("aws_s3", "table_import_from_s3", "13", In(OtherServer)),
    built_in("table_to_xml", "8.3", Out(Xml), &[2923]),
    built_in("table_to_xml_and_xmlschema", "8.3", Out(Xml), &[2929]),
    built_in("ts_rewrite", "8.3", DynamicSql, &[3684, 3685]).runs(Sql::AtOf {
        place: 2,
        arguments: 2,
    }),
    built_in("ts_stat", "8.3", DynamicSql, &[3689, 3690]).runs(Sql::At(&[1])),
    brought_by("pageinspect", "tuple_data_split", "9.6", Out(Pages)),
    brought_by("xml2", "xpath_table", "8.0", DynamicSql).runs(Sql::At(&[1, 2, 3, 5])),
];

const POSITION: &str = "moves or tells a position, no data";

const SLOTS: &str = "keeps book of replication; the stream itself needs can_replicate";

const SURGERY: &str = "ends or freezes rows; moves no data";

const fn built_in(name: &'static str, since: &'static str, class: WayClass, oids: &'static [u32]) -> Way {
    Way {
        name,
        extension: None,
        since,
        until: None,
        oids,
        class,
        sql: Sql::None,
    }
}

const fn brought_by(
    extension: &'static str,
    name: &'static str,
    since: &'static str,
    class: WayClass,
) -> Way {
    Way {
        extension: Some(extension),
        ..built_in(name, since, class, &[])
    }
}

impl Way {
    const fn until(self, major: u8) -> Self {
        Self {
            until: Some(major),
            ..self
        }
    }

    const fn runs(self, sql: Sql) -> Self {
        Self { sql, ..self }
    }
}
