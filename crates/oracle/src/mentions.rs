//! The relations and functions that a statement names.

use std::collections::BTreeSet;
use std::fmt;

use pg_query::NodeEnum;
use pgwarden_policy::{MentionRole, StatementFacts};
use serde_json::Value;

/// Functions that the grammar itself calls for what is written otherwise (`SystemFuncName`, gram.y): EXTRACT, OVERLAY, POSITION,
/// SUBSTRING, TRIM, AT TIME ZONE, LIKE … ESCAPE, SIMILAR TO, OVERLAPS, IS NORMALIZED, NORMALIZE, COLLATION FOR, XMLEXISTS, `SYSTEM_USER`,
/// and `JSON_OBJECT`, which the analyser finds without the schema.
/// None of them does more than compute a value.
const BY_SYNTAX: &[&str] = &[
    "btrim",
    "extract",
    "is_normalized",
    "json_object",
    "like_escape",
    "ltrim",
    "normalize",
    "overlaps",
    "overlay",
    "pg_collation_for",
    "position",
    "rtrim",
    "similar_to_escape",
    "substring",
    "system_user",
    "timezone",
    "xmlexists",
];

/// Names of relations and of functions, each with its schema if it has one.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) relations: BTreeSet<Name>,
    pub(crate) functions: BTreeSet<Name>,
    /// Names of WITH queries, which hide relations of the same name.
    queries: BTreeSet<String>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    schema: String,
    name: String,
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

impl Names {
    /// By the parser.
    pub(crate) fn of_node(node: &NodeEnum) -> Self {
        let mut names = Self::default();
        if let Ok(tree) = serde_json::to_value(node) {
            names.visit(&tree);
        }
        let Self {
            relations, queries, ..
        } = &mut names;
        relations.retain(|relation| !relation.schema.is_empty() || !queries.contains(&relation.name));
        names
    }

    /// By the analyser, of the statement's own text.
    pub(crate) fn of_facts(statement: &StatementFacts) -> Self {
        let mut names = Self::default();
        for mention in statement.mentions.iter().filter(|mention| !mention.in_body) {
            let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
            let name = Name {
                schema: mention.schema.as_deref().map(text).unwrap_or_default(),
                name: text(&mention.name),
            };
            match mention.role {
                MentionRole::Function | MentionRole::Attribute => {
                    names.functions.insert(name);
                }
                MentionRole::Read | MentionRole::Written | MentionRole::Object => {
                    names.relations.insert(name);
                }
                MentionRole::ObjectOrFunction => {
                    names.relations.insert(name.clone());
                    names.functions.insert(name);
                }
                MentionRole::Role | MentionRole::Setting => {}
            }
        }
        names
    }

    fn visit(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                let text = |key: &str| fields.get(key).and_then(Value::as_str);
                // A RangeVar, as the value of whatever field.
                if let (Some(name), Some(schema), Some(_)) =
                    (text("relname"), text("schemaname"), fields.get("relpersistence"))
                {
                    self.relations.insert(Name {
                        schema: schema.to_owned(),
                        name: name.to_owned(),
                    });
                }
                if let Some(Value::Array(parts)) = fields.get("funcname") {
                    self.functions.extend(function(parts));
                }
                self.queries.extend(text("ctename").map(str::to_owned));
                // `FOR UPDATE OF` names what FROM has named, or its alias; SET CONSTRAINTS names no relation.
                let others = fields
                    .iter()
                    .filter(|(key, _)| !matches!(key.as_str(), "locked_rels" | "ConstraintsSetStmt"));
                others.for_each(|(_, value)| self.visit(value));
            }
            Value::Array(values) => values.iter().for_each(|value| self.visit(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// The name that a list of strings makes, unless the grammar made it.
fn function(parts: &[Value]) -> Option<Name> {
    let parts: Vec<&str> = parts
        .iter()
        .filter_map(|part| part.pointer("/node/String/sval").and_then(Value::as_str))
        .collect();
    let (name, before) = parts.split_last()?;
    let schema = before.last().copied().unwrap_or_default();
    (schema != "pg_catalog" || !BY_SYNTAX.contains(name)).then(|| Name {
        schema: schema.to_owned(),
        name: (*name).to_owned(),
    })
}
