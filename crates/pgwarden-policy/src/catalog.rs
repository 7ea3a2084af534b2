//! Relations of the system catalogue that matter to settings.

/// The tables of the system catalogue of PostgreSQL 13 to 18, whose rows are the server's own definitions.
/// `pg_largeobject` is left out: its rows are data.
const TABLES: &[&str] = &[
    "pg_aggregate",
    "pg_am",
    "pg_amop",
    "pg_amproc",
    "pg_attrdef",
    "pg_attribute",
    "pg_auth_members",
    "pg_authid",
    "pg_cast",
    "pg_class",
    "pg_collation",
    "pg_constraint",
    "pg_conversion",
    "pg_database",
    "pg_db_role_setting",
    "pg_default_acl",
    "pg_depend",
    "pg_description",
    "pg_enum",
    "pg_event_trigger",
    "pg_extension",
    "pg_foreign_data_wrapper",
    "pg_foreign_server",
    "pg_foreign_table",
    "pg_index",
    "pg_inherits",
    "pg_init_privs",
    "pg_language",
    "pg_largeobject_metadata",
    "pg_namespace",
    "pg_opclass",
    "pg_operator",
    "pg_opfamily",
    "pg_parameter_acl",
    "pg_partitioned_table",
    "pg_policy",
    "pg_proc",
    "pg_publication",
    "pg_publication_namespace",
    "pg_publication_rel",
    "pg_range",
    "pg_replication_origin",
    "pg_rewrite",
    "pg_seclabel",
    "pg_sequence",
    "pg_shdepend",
    "pg_shdescription",
    "pg_shseclabel",
    "pg_statistic",
    "pg_statistic_ext",
    "pg_statistic_ext_data",
    "pg_subscription",
    "pg_subscription_rel",
    "pg_tablespace",
    "pg_transform",
    "pg_trigger",
    "pg_ts_config",
    "pg_ts_config_map",
    "pg_ts_dict",
    "pg_ts_parser",
    "pg_ts_template",
    "pg_type",
    "pg_user_mapping",
];

/// Those whose rows say what code the server runs, or as whom. A view of one of them alone can be written through
/// (CREATE VIEW, "Updatable Views").
const OF_CODE_AND_IDENTITY: &[&str] = &[
    "pg_aggregate",
    "pg_attrdef",
    "pg_auth_members",
    "pg_authid",
    "pg_cast",
    "pg_constraint",
    "pg_conversion",
    "pg_db_role_setting",
    "pg_event_trigger",
    "pg_foreign_data_wrapper",
    "pg_foreign_server",
    "pg_foreign_table",
    "pg_language",
    "pg_operator",
    "pg_proc",
    "pg_rewrite",
    "pg_subscription",
    "pg_trigger",
    "pg_user_mapping",
];

/// Whether it is a table of the catalogue. `schema` is what stands before the name.
pub(crate) fn is_table(schema: Option<&[u8]>, name: &[u8]) -> bool {
    is_in(TABLES, schema, name)
}

/// Whether its rows say what code the server runs, or as whom.
pub(crate) fn is_of_code_or_identity(schema: Option<&[u8]>, name: &[u8]) -> bool {
    is_in(OF_CODE_AND_IDENTITY, schema, name)
}

/// `pg_catalog` is searched even where `search_path` leaves it out, and nobody else may have a schema of that name.
fn is_in(names: &[&str], schema: Option<&[u8]>, name: &[u8]) -> bool {
    schema.is_none_or(|schema| schema == b"pg_catalog")
        && name.starts_with(b"pg_")
        && names.binary_search_by(|known| known.as_bytes().cmp(name)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order() {
        assert!(TABLES.is_sorted());
        assert!(OF_CODE_AND_IDENTITY.is_sorted());
        for name in OF_CODE_AND_IDENTITY {
            assert!(TABLES.contains(name), "{name}");
        }
    }

    #[test]
    fn a_schema_of_ones_own_is_another_relation() {
        assert!(is_table(None, b"pg_proc"));
        assert!(is_table(Some(b"pg_catalog"), b"pg_proc"));
        assert!(!is_table(Some(b"public"), b"pg_proc"));
        assert!(!is_table(None, b"pg_search_documents"));
    }
}
