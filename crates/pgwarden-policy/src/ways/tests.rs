use super::*;

#[test]
fn the_list_is_in_order() {
    assert!(WAYS.is_sorted_by(|way, next| way.name < next.name));
}

#[test]
fn every_name_is_found_and_no_ordinary_word() {
    for entry in WAYS {
        assert_eq!(way(entry.name.as_bytes()), Some(entry));
        assert!(may_be_way(entry.name.to_uppercase().as_bytes()));
        for &oid in entry.oids {
            assert_eq!(way_of_oid(oid), Some(entry));
        }
    }
    for word in [
        "",
        "_",
        "lo_ge",
        "lo_gett",
        "LO_GET",
        "coalesce",
        "nextval",
        &"x".repeat(1000),
    ] {
        assert_eq!(way(word.as_bytes()), None, "{word}");
    }
    assert_eq!(way_of_oid(0), None);
    let ordinary = [
        "select", "from", "where", "and", "insert", "into", "values", "update", "set", "delete", "count",
        "sum", "join", "order", "by", "limit", "group", "having", "create", "table", "id", "name", "as",
        "on", "not", "null", "left", "case", "when",
    ];
    for word in ordinary {
        assert!(!may_be_way(word.as_bytes()), "{word} costs a search");
    }
}
