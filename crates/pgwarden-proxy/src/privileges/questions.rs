//! What the catalogue is asked.
//!
//! Every question is about *acting* roles, those as which the login can act (itself, and what it may `SET ROLE` to or give itself), and *reach*,
//! the roles whose privileges those have. Whether a privilege is held is the server's own answer (`has_…_privilege`); access lists are read only
//! to say what takes it away. The SQL holds for PostgreSQL 13 to 18.

use pgwarden_policy::Setting;

use super::Finding;
use super::catalogue::{Catalogue, QuestionError};
use super::findings::{Findings, read};
use super::undoing::{self, Undone};

/// Asks everything. The worst is first: roles, then what is on the server or in the database.
pub(super) async fn ask(catalogue: &mut Catalogue, undone: &Undone) -> Result<Vec<Finding>, QuestionError> {
    catalogue.begin().await?;
    let version = version(catalogue).await?;
    let mut findings = Findings::new(undone, version);
    let sets = sets(version);
    let mut rows = async |question: &str| catalogue.rows(&format!("{sets}{question}")).await;
    let attributes = rows(ATTRIBUTES).await?;
    findings.attributes(&attributes)?;
    let superusers = read(&attributes)?.into_iter();
    let superusers = superusers.filter(|[_, attribute, _, _]| *attribute == "SUPERUSER");
    // A superuser, or who can become one, has every other privilege too, and would drown this in them.
    if superusers.count() > 0 {
        return Ok(findings.into_found());
    }
    findings.predefined_roles(&rows(PREDEFINED_ROLES).await?)?;
    findings.administered_roles(&rows(ADMINISTERED_ROLES).await?)?;
    if version >= 150_000 {
        findings.parameters(&rows(PARAMETERS).await?)?;
    }
    findings.database(&rows(&database()).await?)?;
    findings.catalogue(&rows(CATALOGUE).await?)?;
    findings.foreign(&rows(FOREIGN).await?)?;
    findings.known_functions(&rows(&known_functions()).await?)?;
    findings.unknown_functions(&rows(&unknown_functions()).await?)?;
    if undone.contains(Setting::ReadOnly) || undone.contains(Setting::DenyRelations) {
        let relations = rows(RELATIONS).await?;
        findings.writable(&relations)?;
        findings.denied_relations(&relations)?;
    }
    if undone.contains(Setting::DenyFunctions) {
        findings.denied_functions(&rows(&denied_functions()).await?)?;
    }
    Ok(findings.into_found())
}

/// `server_version_num`
async fn version(catalogue: &mut Catalogue) -> Result<u32, QuestionError> {
    let rows = catalogue
        .rows("SELECT current_setting('server_version_num')")
        .await?;
    let value = rows.first().and_then(|row| row.first()).cloned().flatten();
    value
        .and_then(|text| text.parse().ok())
        .ok_or(QuestionError::Answer)
}

/// The beginning of each question. In `edges` are the memberships that lead from the login to a role, with what ends them; memberships of predefined
/// roles in each other are the server's own.
fn sets(version: u32) -> String {
    // Since version 16 a membership may be without SET, and is granted by somebody in particular; a superuser's REVOKE is otherwise one of
    // what the bootstrap superuser granted (`select_best_grantor`, catalog/aclchk.c; role 10 is that of `BOOTSTRAP_SUPERUSERID`).
    let (set, granted_by) = if version >= 160_000 {
        (
            "SET",
            "CASE WHEN m.grantor = 10 THEN '' ELSE format(' GRANTED BY %I', pg_get_userbyid(m.grantor)) END \
             || CASE WHEN m.admin_option THEN ' CASCADE' ELSE '' END",
        )
    } else {
        ("MEMBER", "''")
    };
    format!(
        "WITH RECURSIVE acting(oid) AS (
  SELECT oid FROM pg_roles WHERE rolname = current_user
  UNION
  SELECT r.oid FROM acting a JOIN pg_roles me ON me.oid = a.oid AND NOT me.rolsuper
  JOIN pg_roles r ON pg_has_role(a.oid, r.oid, '{set}') OR pg_has_role(a.oid, r.oid, 'MEMBER WITH ADMIN OPTION')
), reach(oid) AS (
  SELECT DISTINCT r.oid FROM acting a JOIN pg_roles me ON me.oid = a.oid
  JOIN pg_roles r ON r.oid = a.oid OR (NOT me.rolsuper AND pg_has_role(a.oid, r.oid, 'USAGE'))
), memberships AS (
  SELECT m.roleid, m.member, m.admin_option, pg_get_userbyid(m.member) AS membername,
    m.member <> (SELECT oid FROM pg_roles WHERE rolname = current_user) AS indirect,
    format('%I FROM %I', pg_get_userbyid(m.roleid), pg_get_userbyid(m.member)) || {granted_by} AS what
  FROM pg_auth_members m
  WHERE m.member IN (SELECT oid FROM reach) AND m.member >= 16384
), edges AS (
  SELECT roleid, string_agg(DISTINCT membername::text, ', ') FILTER (WHERE indirect) AS through,
    string_agg('REVOKE ' || what || ';', ' ' ORDER BY what COLLATE \"C\") AS remedy
  FROM memberships GROUP BY roleid
)
"
    )
}

/// Role, attribute, whether it is the login's own, what takes it away.
const ATTRIBUTES: &str = "
SELECT r.rolname, a.name, r.rolname = current_user,
  CASE WHEN r.rolname = current_user THEN format('ALTER ROLE %I NO%s;', r.rolname, a.name) ELSE e.remedy END
FROM acting JOIN pg_roles r USING (oid) LEFT JOIN edges e ON e.roleid = r.oid
CROSS JOIN LATERAL (VALUES (1, 'SUPERUSER', r.rolsuper), (2, 'CREATEROLE', r.rolcreaterole), (3, 'REPLICATION', r.rolreplication),
  (4, 'CREATEDB', r.rolcreatedb), (5, 'BYPASSRLS', r.rolbypassrls)) AS a(place, name, held)
WHERE a.held AND (a.place = 1 OR NOT r.rolsuper)
ORDER BY r.rolname <> current_user, r.rolname COLLATE \"C\", a.place";

/// Role, the roles through which the login has it, what takes it away.
const PREDEFINED_ROLES: &str = "
SELECT p.rolname, e.through, e.remedy FROM reach JOIN pg_roles p USING (oid) JOIN edges e ON e.roleid = p.oid
WHERE p.oid < 16384 AND p.rolname LIKE 'pg\\_%' ORDER BY p.rolname COLLATE \"C\"";

/// Role, the role that administers it if that isn't the login, what takes that away.
const ADMINISTERED_ROLES: &str = "
SELECT pg_get_userbyid(m.roleid), CASE WHEN m.indirect THEN m.membername END, 'REVOKE ADMIN OPTION FOR ' || m.what || ';'
FROM memberships m WHERE m.admin_option ORDER BY m.what COLLATE \"C\"";

/// Parameter, privilege, what takes it away.
const PARAMETERS: &str = "
SELECT p.parname, a.privilege_type, format('REVOKE %s ON PARAMETER %s FROM %s;', a.privilege_type, p.parname,
  string_agg(CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, ', ' ORDER BY a.grantee))
FROM pg_parameter_acl p CROSS JOIN LATERAL aclexplode(p.paracl) a
WHERE a.grantee = 0 OR a.grantee IN (SELECT oid FROM reach)
GROUP BY p.parname, a.privilege_type ORDER BY p.parname COLLATE \"C\", a.privilege_type";

/// How it comes (`owner`, `create`), the extensions that can be installed, what takes it away. To give a database away, some role has to be named
/// that there is: the first superuser.
fn database() -> String {
    let names = undoing::EXTENSIONS.iter().map(|(name, ..)| *name);
    let names = literals(names.chain(undoing::LANGUAGE_EXTENSIONS.iter().copied()));
    format!(
        ", extensions AS (
  SELECT string_agg(DISTINCT v.name::text, ', ') AS names FROM pg_available_extension_versions v
  WHERE v.trusted AND v.name IN ({names}) AND v.name NOT IN (SELECT extname FROM pg_extension)
)
SELECT 'owner', x.names, format('ALTER DATABASE %I OWNER TO %I;', d.datname, pg_get_userbyid(10))
FROM pg_database d, extensions x
WHERE d.datname = current_database() AND d.datdba IN (SELECT oid FROM reach) AND x.names IS NOT NULL
UNION ALL
SELECT 'create', x.names, format('REVOKE CREATE ON DATABASE %I FROM %s;', d.datname, g.names)
FROM pg_database d, extensions x, LATERAL ({}) g
WHERE d.datname = current_database() AND d.datdba NOT IN (SELECT oid FROM reach) AND x.names IS NOT NULL AND g.names IS NOT NULL",
        grantees("d.datacl", "d", "d.datdba", "'CREATE'")
    )
}

/// What (`schema`, or a column), its name, what takes it away. A privilege to write to the catalogue is none: PostgreSQL gives that to superusers
/// alone, whatever the access list says (`pg_class_aclmask`, catalog/aclchk.c).
const CATALOGUE: &str = "
SELECT 'schema', n.nspname::text, format('REVOKE CREATE ON SCHEMA %I FROM %s;', n.nspname,
  string_agg(CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END, ', ' ORDER BY x.grantee))
FROM pg_namespace n, LATERAL aclexplode(n.nspacl) x
WHERE n.nspname = 'pg_catalog' AND x.privilege_type = 'CREATE' AND (x.grantee = 0 OR x.grantee IN (SELECT oid FROM reach))
GROUP BY n.nspname
UNION ALL
SELECT c.relname::text, a.attname::text, string_agg(DISTINCT format('REVOKE SELECT%s ON pg_catalog.%I FROM %s;', x.columns, c.relname,
  CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END), ' ')
FROM (VALUES ('pg_authid', 'rolpassword'), ('pg_largeobject', 'data'), ('pg_shadow', 'passwd'), ('pg_subscription', 'subconninfo'),
  ('pg_user_mapping', 'umoptions')) AS k(relname, attname)
JOIN pg_class c ON c.relname = k.relname AND c.relnamespace = 'pg_catalog'::regnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = k.attname
CROSS JOIN LATERAL (
  SELECT grantee, '' AS columns FROM aclexplode(c.relacl) WHERE privilege_type = 'SELECT'
  UNION ALL SELECT grantee, format(' (%I)', a.attname) FROM aclexplode(a.attacl) WHERE privilege_type = 'SELECT'
) x
WHERE (x.grantee = 0 OR x.grantee IN (SELECT oid FROM reach))
  AND EXISTS (SELECT FROM acting s WHERE has_column_privilege(s.oid, c.oid, a.attnum, 'SELECT'))
GROUP BY c.relname, a.attname
ORDER BY 1, 2";

/// What (`wrapper`, `server`, `mapping`), its name, what takes it away.
const FOREIGN: &str = "
, servers AS (
  SELECT s.oid, s.srvname, s.srvowner IN (SELECT oid FROM reach) AS owned, g.names FROM pg_foreign_server s, LATERAL (
    SELECT string_agg(CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, ', ' ORDER BY grantee) AS names
    FROM aclexplode(coalesce(s.srvacl, acldefault('S', s.srvowner)))
    WHERE privilege_type = 'USAGE' AND (grantee = 0 OR grantee IN (SELECT oid FROM reach))) g
  WHERE EXISTS (SELECT FROM acting a WHERE has_server_privilege(a.oid, s.oid, 'USAGE'))
)
SELECT 'wrapper', w.fdwname::text, format('REVOKE USAGE ON FOREIGN DATA WRAPPER %I FROM %s;', w.fdwname,
  string_agg(CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END, ', ' ORDER BY x.grantee)), 1
FROM pg_foreign_data_wrapper w, LATERAL aclexplode(coalesce(w.fdwacl, acldefault('F', w.fdwowner))) x
WHERE x.privilege_type = 'USAGE' AND (x.grantee = 0 OR x.grantee IN (SELECT oid FROM reach))
GROUP BY w.fdwname
UNION ALL
SELECT 'server', s.srvname::text, CASE WHEN s.owned THEN format('ALTER SERVER %I OWNER TO %I;', s.srvname, pg_get_userbyid(10))
  ELSE format('REVOKE USAGE ON FOREIGN SERVER %I FROM %s;', s.srvname, s.names) END, 2
FROM servers s WHERE s.owned OR s.names IS NOT NULL
UNION ALL
SELECT 'mapping', s.srvname::text, string_agg(format('DROP USER MAPPING FOR %s SERVER %I;',
  CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END, s.srvname), ' ' ORDER BY u.umuser), 3
FROM servers s JOIN pg_user_mappings u ON u.srvid = s.oid
WHERE u.umuser = 0 OR u.umuser IN (SELECT oid FROM reach)
GROUP BY s.srvname
ORDER BY 4, 2";

/// Extension or nothing, the function's name and signature, from whom to take it. What is written in SQL can do no more than its caller (adminpack's
/// `pg_file_rename` of two arguments, say), unless it acts as its owner.
fn known_functions() -> String {
    let functions = literals(undoing::FUNCTIONS.iter().map(|(name, ..)| *name));
    let extensions = literals(undoing::EXTENSIONS.iter().map(|(name, ..)| *name));
    format!(
        "{}
SELECT c.extname, c.proname, c.signature, c.grantees FROM callable c JOIN pg_language l ON l.oid = c.prolang AND (l.lanname <> 'sql' OR c.prosecdef)
WHERE (c.pronamespace = 'pg_catalog'::regnamespace AND c.extname IS NULL AND c.proname IN ({functions})) OR c.extname IN ({extensions})
ORDER BY c.extname COLLATE \"C\" NULLS FIRST, c.signature COLLATE \"C\"",
        callable()
    )
}

/// What it is (`definer`, `language`, `owned`), its owner or language, its signature, from whom to take it. Those of PostgreSQL itself are trusted,
/// and those of extensions in C: nobody could use pgcrypto otherwise. What returns a trigger can't be called.
fn unknown_functions() -> String {
    let extensions = literals(undoing::EXTENSIONS.iter().map(|(name, ..)| *name));
    format!(
        "{}
SELECT k.kind, k.detail, c.signature, c.grantees FROM callable c JOIN pg_language l ON l.oid = c.prolang JOIN pg_roles o ON o.oid = c.proowner
CROSS JOIN LATERAL (
  SELECT 'definer' AS kind, o.rolname::text AS detail, 1 AS place WHERE c.prosecdef AND c.proowner NOT IN (SELECT oid FROM reach)
    AND (o.rolsuper OR o.rolcreaterole OR o.rolreplication OR EXISTS (SELECT FROM pg_roles p WHERE p.rolname IN
      ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program') AND pg_has_role(o.oid, p.oid, 'USAGE')))
  UNION ALL SELECT 'language', l.lanname::text, 2 WHERE NOT l.lanpltrusted AND (l.lanname NOT IN ('c', 'internal') OR c.extname IS NULL)
  UNION ALL SELECT 'owned', o.rolname::text, 3 WHERE c.prosecdef AND c.proowner IN (SELECT oid FROM reach)
) k
WHERE c.oid >= 16384 AND c.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
  AND (c.extname IS NULL OR c.extname NOT IN ({extensions}))
ORDER BY k.place, k.detail COLLATE \"C\", c.signature COLLATE \"C\"",
        callable()
    )
}

/// The functions that can be called: with EXECUTE on them and USAGE of their schema.
fn callable() -> String {
    format!(
        ", callable AS (
  SELECT p.*, p.oid::regprocedure::text AS signature, e.extname, g.names AS grantees
  FROM pg_proc p
  LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  LEFT JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
  CROSS JOIN LATERAL ({}) g
  WHERE EXISTS (SELECT FROM acting a WHERE has_function_privilege(a.oid, p.oid, 'EXECUTE')
    AND has_schema_privilege(a.oid, p.pronamespace, 'USAGE'))
)",
        grantees("p.proacl", "f", "p.proowner", "'EXECUTE'")
    )
}

/// Schema, function, its signature, from whom to take it. PostgreSQL's own functions are everybody's, and denied by name alone.
fn denied_functions() -> String {
    format!(
        "{}
SELECT n.nspname, c.proname, c.signature, c.grantees FROM callable c JOIN pg_namespace n ON n.oid = c.pronamespace
WHERE c.oid >= 16384 ORDER BY c.signature COLLATE \"C\"",
        callable()
    )
}

/// Schema, relation, its full name, whether it is owned, from whom to take what writes, and from whom to take all. The server's own are not for data.
const RELATIONS: &str = "
SELECT n.nspname, c.relname, c.oid::regclass::text, c.relowner IN (SELECT oid FROM reach),
  string_agg(DISTINCT g.name, ', ') FILTER (WHERE g.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')),
  string_agg(DISTINCT g.name, ', ')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL (
  SELECT x.privilege_type, CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS name
  FROM (SELECT * FROM aclexplode(coalesce(c.relacl, acldefault('r', c.relowner)))
    UNION ALL SELECT y.* FROM pg_attribute a, LATERAL aclexplode(a.attacl) y WHERE a.attrelid = c.oid) x
  WHERE x.grantee = 0 OR x.grantee IN (SELECT oid FROM reach)) g
WHERE c.relkind IN ('r', 'p', 'v', 'f', 'm') AND c.oid >= 16384 AND n.nspname !~ '^pg_'
  AND EXISTS (SELECT FROM acting a WHERE has_schema_privilege(a.oid, n.oid, 'USAGE'))
GROUP BY n.nspname, c.relname, c.oid, c.relowner
ORDER BY c.oid::regclass::text COLLATE \"C\"";

/// A query for those of the login's roles that have a privilege by an access list, as a list for REVOKE; NULL if none has.
fn grantees(acl: &str, kind: &str, owner: &str, privilege: &str) -> String {
    format!(
        "SELECT string_agg(CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, ', ' ORDER BY grantee) AS names \
         FROM aclexplode(coalesce({acl}, acldefault('{kind}', {owner}))) \
         WHERE privilege_type = {privilege} AND (grantee = 0 OR grantee IN (SELECT oid FROM reach))"
    )
}

/// Names of the tables of this crate, none of which has a quote, as a list of SQL.
fn literals<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = names.map(|name| format!("'{name}'")).collect();
    quoted.join(", ")
}
