//! Work of people and tools that default settings must not refuse.

use std::collections::HashSet;

use pgwarden_policy::{Reading, Settings, Verdict, analyse, judge};

use crate::{read, refused_by};

mod corpus;
use corpus::ordinary;

#[track_caller]
fn check(texts: &[&str]) {
    for text in texts {
        assert_eq!(refused_by(text), None, "{text}\n{:?}", read(text));
        assert_eq!(refused_by_the_other_reading(text), None, "{text}");
    }
}

/// The other reading is asked for while a change of the setting is under way.
fn refused_by_the_other_reading(text: &str) -> Option<&'static str> {
    let off = Reading {
        standard_conforming_strings: false,
        ..Reading::default()
    };
    let facts = analyse(text.as_bytes(), off);
    match judge(&facts, &Settings::default()) {
        Verdict::Refuse(refusal) if !facts.sensitive.standard_conforming_strings => {
            Some(refusal.setting_name())
        }
        Verdict::Allow | Verdict::Refuse(_) | Verdict::Observe(_) => None,
    }
}

/// What tools sent to real servers, and what people write: see the head of each file. What default settings refuse is in
/// `meant.sql`, as it should be, and in `known.sql`, which must shrink.
#[test]
fn the_corpus() {
    let texts = ordinary();
    let mut wrong = Vec::new();
    for text in &texts {
        let facts = read(&text.sql);
        let refused = refused_by(&text.sql).map(str::to_owned);
        if refused != text.refused_by {
            wrong.push(format!("{}: refused by {refused:?}\n{}", text.place, text.sql));
        }
        if let Some(setting) = refused_by_the_other_reading(&text.sql)
            && refused.is_none()
        {
            wrong.push(format!(
                "{}: the other reading: {setting}\n{}",
                text.place, text.sql
            ));
        }
        if refused.is_none() && facts.statements.len() != text.statements {
            let found = facts.statements.len();
            let expected = text.statements;
            wrong.push(format!(
                "{}: {found} statements, not {expected}\n{}",
                text.place, text.sql
            ));
        }
    }
    assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n\n"));
    let allowed = texts.iter().filter(|text| text.refused_by.is_none());
    let distinct: HashSet<_> = allowed.map(|text| text.sql.as_str()).collect();
    assert!(distinct.len() >= 1_000, "{}", distinct.len());
}

/// What mappers and drivers put into one text stays under the limits on pastes, up to their edge.
#[test]
fn batches() {
    let rows: Vec<_> = (0..1_000).map(|row| format!("({row}, 'name {row}')")).collect();
    let insert = format!("INSERT INTO person (id, name) VALUES {}", rows.join(", "));
    let parameters: Vec<_> = (0..1_000)
        .map(|row| format!("(${}, ${})", 2 * row + 1, 2 * row + 2))
        .collect();
    let prepared = format!("INSERT INTO person VALUES {} RETURNING id", parameters.join(","));
    let updates = "UPDATE person SET age = age + 1 WHERE id = 7;".repeat(20);
    check(&[&insert, &prepared, &updates]);
}

#[test]
fn things_called_copy() {
    check(&[
        "SELECT copy FROM t",
        "SELECT copy, to_char FROM t",
        "SELECT t.copy FROM t",
        "SELECT copy.* FROM copy",
        "SELECT * FROM copy",
        "SELECT * FROM copy WHERE copy.copy = 'to stdout'",
        "SELECT 1 AS copy",
        "SELECT 1 copy",
        "SELECT \"copy\" FROM \"COPY\"",
        "SELECT copy(1)",
        "SELECT public.copy(a) FROM t",
        "SELECT substring(copy from 'a.*') FROM t",
        "SELECT trim(copy from 'x'), extract(year from copy) FROM copy",
        "SELECT CASE WHEN a THEN copy ELSE b END FROM t",
        "INSERT INTO copy (copy) VALUES ('copy t to stdout')",
        "INSERT INTO t VALUES ('copy t to stdout')",
        "INSERT INTO log (line) VALUES ('; COPY t TO STDOUT;')",
        "UPDATE copy SET copy = copy + 1",
        "DELETE FROM copy",
        "CREATE TABLE copy (id int, copy text)",
        "CREATE TABLE t (copy text)",
        "ALTER TABLE t ADD COLUMN copy text",
        "ALTER TABLE t RENAME COLUMN a TO copy",
        "ALTER TABLE t RENAME TO copy",
        "DROP TABLE copy",
        "CREATE INDEX copy ON t (copy)",
        "CREATE VIEW copy AS SELECT 1",
        "CREATE FUNCTION copy() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TEXT SEARCH CONFIGURATION x (COPY = pg_catalog.english)",
        "WITH copy AS (SELECT 1) SELECT * FROM copy",
        "PREPARE copy AS SELECT 1",
        "EXECUTE copy",
        "DECLARE copy CURSOR FOR SELECT 1",
        "FETCH ALL FROM copy",
        "LISTEN copy",
        "NOTIFY copy, 'to stdout'",
        "SAVEPOINT copy",
        "TABLE copy",
        "TABLE copy_stuff",
        "SELECT copy_to FROM copy_from",
        "SELECT $$copy t to stdout$$",
        "SELECT $x$; COPY t TO STDOUT; $x$",
        "SELECT E'\\'; COPY t TO STDOUT; --'",
        "SELECT '''; COPY t TO STDOUT; --'",
        "SELECT \"; COPY t TO STDOUT\" FROM t",
        "SELECT 1 /* ; COPY t TO STDOUT */",
        "SELECT 1 -- ; COPY t TO STDOUT",
        "/* COPY t TO STDOUT */ SELECT 1",
        "-- COPY t TO STDOUT\nSELECT 1",
        "COMMENT ON TABLE t IS 'copy t from stdin'",
        "GRANT SELECT ON copy TO bob",
        "EXPLAIN SELECT copy FROM copy",
        "LOCK TABLE copy",
        "SELECT 'COPY' || ' t TO STDOUT'",
        "SELECT query FROM pg_stat_activity WHERE query ILIKE 'copy % to stdout'",
        "SELECT * FROM pg_stat_progress_copy",
        "SET application_name = 'copy t to stdout'",
    ]);
}

#[test]
fn expressions() {
    check(&[
        "",
        ";",
        " ; ; ",
        "-- nothing",
        "/* nothing */",
        "SELECT 1",
        "select 1;",
        "SELECT 1; SELECT 2;",
        "SELECT data->>'a', data#>>'{a,b}', data @> '{\"a\": 1}' FROM t",
        "SELECT * FROM t WHERE data ? 'a' AND data ?| array['a', 'b'] AND data ?& '{a}'",
        "SELECT data @? '$.a[*] ? (@ > 1)', data @@ '$.a' FROM t",
        "SELECT jsonb_path_query(d, '$.\"copy\"') FROM t",
        "SELECT d['a']['b'] FROM t",
        "SELECT ARRAY[1,2,3], a[1:2], a[array_length(a, 1)] FROM t",
        "SELECT '{1,2}'::int[] || 3",
        "SELECT a::text::int, CAST(a AS numeric(10,2)) FROM t",
        "SELECT 'it''s', E'it\\'s', $$it's$$, U&'d\\0061t', N'x', B'01', X'1F'",
        "SELECT 'a'\n  'b'\n  -- c\n  'd'",
        "SELECT 'C:\\temp\\x', 'a\\b'",
        "SELECT * FROM t WHERE a LIKE '%\\_%' ESCAPE '\\'",
        "SELECT regexp_replace(a, '\\s+', ' ', 'g') FROM t",
        "SELECT a ~ '^\\d+$', a !~* 'x', a ~~ 'y' FROM t",
        "SELECT 1+-1, 2*-3, - 4, @ -5, |/ 25, 5 !~ 6",
        "SELECT 1e10, 1.5e-3, .5, 5., 0xFF, 1_000_000, 0b1010, 0o17",
        "SELECT $1, $2::int",
        "SELECT * FROM t WHERE id = ANY($1) AND b <> ALL('{}')",
        "SELECT a, b FROM t WHERE (a, b) IN ((1, 2), (3, 4))",
        "SELECT interval '1 day', date '2020-01-01', timestamp with time zone 'now'",
        "SELECT extract(epoch from now()), date_trunc('day', now())",
        "SELECT coalesce(a, 'x') FROM t GROUP BY ROLLUP (a) HAVING count(*) FILTER (WHERE b) > 1",
        "SELECT row_number() OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
        "SELECT * FROM a LEFT JOIN LATERAL (SELECT 1) x ON true",
        "SELECT * FROM t TABLESAMPLE SYSTEM (10)",
        "SELECT * FROM generate_series(1, 10) WITH ORDINALITY",
        "SELECT * FROM json_to_recordset('[]') AS x(a int, b text)",
        "SELECT xmlelement(name foo, xmlattributes(a as b)) FROM t",
        "SELECT * FROM t FOR UPDATE SKIP LOCKED",
        "SELECT * FROM t ORDER BY a USING < NULLS LAST LIMIT 10 OFFSET 5",
        "SELECT * FROM t FETCH FIRST 10 ROWS WITH TIES",
        "(SELECT 1) UNION ALL (SELECT 2) EXCEPT SELECT 3",
        "((((SELECT 1))))",
        "VALUES (1, 'a'), (2, 'b')",
        "TABLE t",
        "SELECT \"a\"\"b\", \"select\", \"weird name\" FROM \"Schema\".\"Table\"",
        "SELECT überall, 表 FROM données",
        "SELECT 'überall' || '表'",
        "SELECT now() AT TIME ZONE 'UTC'",
        "SELECT password FROM users",
        "SELECT id, password_hash FROM users WHERE password = crypt('x', password)",
        "INSERT INTO users (name, password) VALUES ('bob', 'x')",
        "UPDATE users SET password = 'x' WHERE name = 'bob'",
        "SELECT * FROM roles WHERE role = 'x'",
        "SELECT rolname FROM pg_roles",
        "SELECT usename FROM pg_user",
        "SELECT * FROM pg_auth_members",
        "SELECT obj_description('pg_authid'::regclass), shobj_description(1, 'pg_authid')",
        "SELECT 'pg_shadow'",
        "SELECT set_config('search_path', '', false)",
        "SELECT pg_catalog.set_config('search_path', 'a, b', true)",
        "SELECT set_config('role'::text, $1, true)",
        "SELECT set_config('my.setting', $1, true), current_setting('my.setting')",
        "SELECT * FROM pg_settings WHERE name = 'work_mem'",
        "SELECT set_config FROM t",
        "SELECT execute, load, password, program FROM t",
        "SELECT load('x')",
        "SELECT system FROM alter_table",
        "SELECT copy_to_stdout()",
        "SELECT a || $$ $1 $$ || b FROM t",
        "SELECT \u{a0}1",
    ]);
}

#[test]
fn statements_of_all_kinds() {
    check(&[
        "INSERT INTO t DEFAULT VALUES",
        "INSERT INTO t (a, b) VALUES (1, 'x') ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING *",
        "INSERT INTO t SELECT * FROM u",
        "UPDATE t SET a = 1, (b, c) = (2, 3) FROM u WHERE t.id = u.id RETURNING t.*",
        "UPDATE t SET a[1] = 2",
        "UPDATE t SET session_authorization = 'x'",
        "DELETE FROM t USING u WHERE t.id = u.id",
        "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)",
        "WITH a AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM a",
        "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 10) SELECT * FROM a",
        "BEGIN",
        "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE",
        "START TRANSACTION",
        "COMMIT AND CHAIN",
        "END",
        "ROLLBACK TO SAVEPOINT a",
        "ABORT",
        "SAVEPOINT a",
        "RELEASE a",
        "PREPARE TRANSACTION 'x'",
        "COMMIT PREPARED 'x'",
        "BEGIN; UPDATE t SET a = 1; COMMIT;",
        "SET search_path TO a, b",
        "SET SESSION work_mem = '64MB'",
        "SET LOCAL statement_timeout = 0",
        "SET TIME ZONE 'UTC'",
        "SET ROLE bob",
        "SET LOCAL ROLE 'bob'",
        "SET SESSION ROLE NONE",
        "RESET ROLE",
        "SET NAMES 'UTF8'",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SET TRANSACTION SNAPSHOT 'x'",
        "SET CONSTRAINTS ALL DEFERRED",
        "SET my.var = 'x'",
        "SET standard_conforming_strings = on",
        "SET client_encoding TO 'UTF8'",
        "SET DateStyle = ISO",
        "SET extra_float_digits = 3",
        "SET SESSION AUTHORIZATION DEFAULT",
        "RESET SESSION AUTHORIZATION",
        "RESET ALL",
        "SHOW ALL",
        "SHOW search_path",
        "SHOW TRANSACTION ISOLATION LEVEL",
        "PREPARE p (int, text) AS SELECT * FROM t WHERE a = $1 AND b = $2",
        "EXECUTE p (1, 'x')",
        "EXPLAIN EXECUTE p(1, 'x')",
        "DEALLOCATE p",
        "DEALLOCATE ALL",
        "DISCARD ALL",
        "DISCARD TEMP",
        "DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT * FROM t",
        "DECLARE c BINARY CURSOR FOR SELECT a FROM t FOR UPDATE OF t",
        "FETCH FORWARD 100 FROM c",
        "FETCH c",
        "MOVE ALL IN c",
        "CLOSE c",
        "CLOSE ALL",
        "LISTEN ch",
        "UNLISTEN *",
        "NOTIFY ch",
        "LOCK TABLE t IN ACCESS EXCLUSIVE MODE NOWAIT",
        "TRUNCATE t, u RESTART IDENTITY CASCADE",
        "VACUUM (ANALYZE, VERBOSE) t",
        "VACUUM FULL pg_catalog.pg_authid",
        "ANALYZE t (a, b)",
        "REINDEX TABLE CONCURRENTLY t",
        "CLUSTER t USING i",
        "CHECKPOINT",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
        "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM t",
        "EXPLAIN ANALYZE VERBOSE UPDATE t SET a = 1",
        "CALL p(1, 'x')",
        "GRANT EXECUTE ON FUNCTION f(int) TO bob",
        "REVOKE ALL ON SCHEMA s FROM PUBLIC",
        "GRANT bob TO alice WITH ADMIN OPTION",
        "REASSIGN OWNED BY bob TO alice",
        "COMMENT ON COLUMN t.a IS $$it's$$",
        "SECURITY LABEL ON TABLE t IS 'x'",
    ]);
}

#[test]
fn definitions() {
    check(&[
        "CREATE TABLE t (id bigserial PRIMARY KEY, a int NOT NULL DEFAULT 1 CHECK (a > 0), password text DEFAULT 'x', UNIQUE (a))",
        "CREATE TEMP TABLE x ON COMMIT DROP AS SELECT * FROM t",
        "CREATE TABLE x AS EXECUTE p(1)",
        "CREATE UNLOGGED TABLE IF NOT EXISTS t (LIKE u INCLUDING ALL)",
        "CREATE TABLE p (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10)",
        "CREATE UNIQUE INDEX CONCURRENTLY i ON t USING btree (lower(a)) INCLUDE (b) WHERE c",
        "CREATE OR REPLACE VIEW v WITH (security_barrier) AS SELECT * FROM t",
        "CREATE MATERIALIZED VIEW v AS SELECT 1 WITH NO DATA",
        "CREATE SEQUENCE s START 1 CACHE 10",
        "CREATE TYPE e AS ENUM ('a', 'b')",
        "CREATE TYPE c AS (a int, b text)",
        "CREATE DOMAIN d AS text CHECK (value ~ '^\\d+$')",
        "CREATE SCHEMA s AUTHORIZATION bob CREATE TABLE t (a int)",
        "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"",
        "CREATE EXTENSION pgcrypto SCHEMA x",
        "CREATE EXTENSION hstore",
        "CREATE EXTENSION plpgsql",
        "CREATE EXTENSION plperl",
        "CREATE TRUSTED LANGUAGE plperl HANDLER h",
        "CREATE LANGUAGE plpgsql",
        "CREATE ROLE bob LOGIN",
        "CREATE ROLE bob WITH NOLOGIN ROLE alice VALID UNTIL '2030-01-01'",
        "CREATE USER mapping",
        "CREATE ROLE password",
        "ALTER ROLE bob SET search_path = a",
        "ALTER ROLE password RENAME TO bob",
        "ALTER ROLE bob CONNECTION LIMIT 5",
        "ALTER DATABASE d SET work_mem = '1MB'",
        "ALTER USER bob RESET ALL",
        "ALTER TABLE t ALTER COLUMN a SET DEFAULT 1, ALTER password DROP NOT NULL, SET (fillfactor = 70)",
        "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (id) ON DELETE CASCADE NOT VALID",
        "ALTER SEQUENCE s OWNED BY t.id",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT EXECUTE ON FUNCTIONS TO bob",
        "ALTER FUNCTION f(int) SET search_path = s",
        "DROP FUNCTION IF EXISTS f(int) CASCADE",
        "DROP USER MAPPING FOR bob SERVER s",
        "DROP EXTENSION plpython3u",
        "CREATE TRIGGER tr BEFORE INSERT OR UPDATE ON t FOR EACH ROW WHEN (NEW.a > 1) EXECUTE FUNCTION f('x')",
        "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE PROCEDURE f()",
        "CREATE RULE r AS ON INSERT TO t WHERE a > 1 DO INSTEAD (INSERT INTO u VALUES (1); NOTIFY x)",
        "CREATE POLICY p ON t FOR SELECT TO bob USING (owner = current_user)",
        "CREATE AGGREGATE a (int) (sfunc = int4pl, stype = int)",
        "CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq)",
        "CREATE CAST (text AS c) WITH INOUT",
        "CREATE COLLATION c (locale = 'de_DE')",
        "CREATE STATISTICS s ON a, b FROM t",
        "CREATE PUBLICATION p FOR TABLE t",
        "CREATE TEXT SEARCH DICTIONARY d (template = simple)",
    ]);
}

#[test]
fn code_that_can_be_read() {
    check(&[
        "DO $$ BEGIN RAISE NOTICE 'copy t to stdout'; END $$",
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'e') THEN CREATE TYPE e AS ENUM ('a'); END IF; END $$",
        "DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM t LOOP UPDATE u SET a = r.a; END LOOP; END $$",
        "DO 'BEGIN NULL; END'",
        "DO $$ BEGIN EXECUTE 'CREATE TABLE x (a int)'; END $$",
        "DO $$ DECLARE n int; BEGIN EXECUTE 'SELECT count(*) FROM t WHERE a = $1' INTO n USING 1; END $$",
        "DO $$ DECLARE copy text := 'x'; BEGIN copy := 'y'; copy = copy || 'z'; PERFORM f(copy); END $$",
        "DO $$ BEGIN SELECT copy INTO x FROM t; UPDATE t SET copy = copy; END $$",
        "DO $$ BEGIN x := CASE WHEN a THEN copy ELSE load END; END $$",
        "DO $$ BEGIN IF a THEN x := copy; END IF; END $$",
        "DO $$ BEGIN INSERT INTO t (copy) VALUES (1); -- COPY t TO STDOUT;\n END $$",
        "DO $$ BEGIN /* ; COPY t TO '/x'; */ NULL; END $$",
        "DO $$ BEGIN PERFORM set_config('search_path', 's', true); END $$",
        "DO $$ BEGIN CREATE TRIGGER t AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); END $$",
        "DO $$ BEGIN GRANT EXECUTE ON FUNCTION f() TO bob; END $$",
        "DO $$ BEGIN SET LOCAL search_path = s; END $$",
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT a + 1'",
        "CREATE OR REPLACE FUNCTION f() RETURNS trigger AS $body$\nBEGIN\n  NEW.updated_at := now();\n  RETURN NEW;\nEND;\n$body$ LANGUAGE plpgsql SECURITY DEFINER SET search_path = public",
        "CREATE OR REPLACE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN INSERT INTO log SELECT OLD.*; RETURN OLD; ELSIF TG_OP = 'UPDATE' THEN INSERT INTO log SELECT NEW.*; ELSE RETURN NEW; END IF; RETURN NULL; EXCEPTION WHEN others THEN RAISE WARNING 'copy to %', SQLERRM; END $$",
        "CREATE FUNCTION f(t text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN regexp_replace(t, '\\s+', '\\\\', 'g'); END $$",
        "CREATE FUNCTION f(t text) RETURNS bool LANGUAGE sql AS $$ SELECT t LIKE '%\\_%' ESCAPE '\\' $$",
        "CREATE FUNCTION f() RETURNS TABLE (copy text, a int) LANGUAGE sql AS $$ SELECT copy, a FROM t $$",
        "CREATE FUNCTION f() RETURNS int RETURN 1",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 ELSE 3 END; END",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT copy FROM t; END",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = 'a', 'b''c', \"d\" AS 'SELECT 1'",
        "CREATE PROCEDURE p(INOUT a int) LANGUAGE plpgsql AS $$ BEGIN a := a + 1; COMMIT; END $$",
        "CREATE FUNCTION f() RETURNS SETOF t LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT * FROM t; END $$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ <<outer>> DECLARE i int; BEGIN FOR i IN 1..10 LOOP EXIT outer WHEN i > 5; CONTINUE WHEN i = 2; END LOOP; WHILE i > 0 LOOP i := i - 1; END LOOP; RETURN i; END $$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE c CURSOR (k int) FOR SELECT * FROM t WHERE a = k; BEGIN OPEN c(1); FETCH c INTO x; CLOSE c; RETURN 1; END $$",
        "CREATE FUNCTION f(VARIADIC a int[] DEFAULT '{}', OUT b int) AS 'SELECT 1' LANGUAGE SQL PARALLEL SAFE COST 10",
    ]);
}

/// Catalogue queries and sessions as drivers, mappers and graphical clients send them.
#[test]
fn drivers_and_mappers() {
    check(&[
        // pgjdbc
        "SET extra_float_digits = 3",
        "SET application_name = 'PostgreSQL JDBC Driver'",
        "SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM, c.relname AS TABLE_NAME,  CASE n.nspname ~ '^pg_' OR n.nspname = 'information_schema'  WHEN true THEN CASE  WHEN n.nspname = 'pg_catalog' OR n.nspname = 'information_schema' THEN CASE c.relkind   WHEN 'r' THEN 'SYSTEM TABLE' ELSE NULL   END  ELSE NULL  END  AS TABLE_TYPE, d.description AS REMARKS,  '' as TYPE_CAT FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c  LEFT JOIN pg_catalog.pg_description d ON (c.oid = d.objoid AND d.objsubid = 0  and d.classoid = 'pg_class'::regclass) WHERE c.relnamespace = n.oid  AND n.nspname LIKE 'public' AND (false  OR ( c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ) ) ORDER BY TABLE_TYPE,TABLE_SCHEM,TABLE_NAME ",
        "SELECT t.typname,t.oid FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON (t.typnamespace = n.oid) WHERE n.nspname  != 'pg_toast' AND  (t.typrelid = 0 OR (SELECT c.relkind = 'c' FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid))",
        "select current_database()",
        "select version()",
        // psycopg, SQLAlchemy
        "SELECT t.oid, typarray FROM pg_type t JOIN pg_namespace ns ON typnamespace = ns.oid WHERE typname = 'hstore'",
        "select pg_catalog.version()",
        "select current_schema()",
        "show standard_conforming_strings",
        "show transaction isolation level",
        "SELECT pg_catalog.pg_class.relname FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_catalog.pg_namespace.oid = pg_catalog.pg_class.relnamespace WHERE pg_catalog.pg_class.relname = 'users'::VARCHAR AND pg_catalog.pg_class.relkind = ANY (ARRAY['r'::VARCHAR, 'p'::VARCHAR]) AND pg_catalog.pg_table_is_visible(pg_catalog.pg_class.oid)",
        "SELECT users.id AS users_id, users.name AS users_name FROM users WHERE users.name = %(name_1)s::VARCHAR LIMIT %(param_1)s",
        "SAVEPOINT sa_savepoint_1",
        "RELEASE SAVEPOINT sa_savepoint_1",
        // Django
        "SELECT \"auth_user\".\"id\", \"auth_user\".\"password\", \"auth_user\".\"last_login\" FROM \"auth_user\" WHERE \"auth_user\".\"username\" = 'bob' LIMIT 21",
        "INSERT INTO \"django_migrations\" (\"app\", \"name\", \"applied\") VALUES ('auth', '0001_initial', '2024-01-01T00:00:00+00:00'::timestamptz) RETURNING \"django_migrations\".\"id\"",
        "CREATE TABLE \"auth_user\" (\"id\" integer NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, \"password\" varchar(128) NOT NULL, \"username\" varchar(150) NOT NULL UNIQUE)",
        "ALTER TABLE \"auth_user\" ALTER COLUMN \"password\" SET DEFAULT 'x'",
        "SELECT set_config('TimeZone', 'UTC', false)",
        // Rails
        "SELECT \"users\".* FROM \"users\" WHERE \"users\".\"id\" = $1 LIMIT $2",
        "SET client_min_messages TO 'warning'; SET standard_conforming_strings = on; SET intervalstyle = iso_8601",
        "SELECT a.attname, format_type(a.atttypid, a.atttypmod), pg_get_expr(d.adbin, d.adrelid), a.attnotnull, a.atttypid, a.atttypmod, c.collname, col_description(a.attrelid, a.attnum) AS comment, attidentity AS identity, attgenerated as attgenerated FROM pg_attribute a LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum LEFT JOIN pg_type t ON a.atttypid = t.oid LEFT JOIN pg_collation c ON a.attcollation = c.oid AND a.attcollation <> t.typcollation WHERE a.attrelid = '\"users\"'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        "SELECT pg_try_advisory_lock(2053462845)",
        // Prisma
        "SELECT \"public\".\"User\".\"id\", \"public\".\"User\".\"email\" FROM \"public\".\"User\" WHERE 1=1 OFFSET $1",
        "INSERT INTO \"public\".\"User\" (\"email\") VALUES ($1) RETURNING \"public\".\"User\".\"id\"",
        "SELECT EXISTS(SELECT 1 FROM pg_namespace WHERE nspname = $1), version(), current_setting('server_version_num')::integer as numeric_version;",
        // npgsql
        "SELECT ns.nspname, t.oid, t.typname, t.typtype, t.typnotnull, t.elemtypoid FROM (SELECT typ.oid, typ.typnamespace, typ.typname, typ.typtype, typ.typrelid, typ.typnotnull, 0 AS elemtypoid FROM pg_type AS typ) AS t JOIN pg_namespace AS ns ON (ns.oid = typnamespace) ORDER BY CASE WHEN typtype IN ('b', 'e', 'p') THEN 0 WHEN typtype = 'r' THEN 1 END",
        "DISCARD ALL",
        // DBeaver, pgAdmin
        "SELECT db.oid,db.* FROM pg_catalog.pg_database db WHERE datallowconn AND NOT datistemplate",
        "SELECT c.oid,c.*,d.description,pg_catalog.pg_get_expr(c.relpartbound, c.oid) as partition_expr FROM pg_catalog.pg_class c LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=c.oid AND d.objsubid=0 AND d.classoid='pg_class'::regclass WHERE c.relnamespace=$1 AND c.relkind not in ('i','I','c')",
        "SELECT a.oid,a.*,pd.description FROM pg_catalog.pg_roles a left join pg_catalog.pg_shdescription pd on a.oid = pd.objoid ORDER BY a.rolname",
        "SET search_path = public,\"$user\"",
        "SELECT setting FROM pg_catalog.pg_settings WHERE name='search_path'",
        "SELECT set_config('bytea_output','hex',false) FROM pg_catalog.pg_settings WHERE name = 'bytea_output'",
        "SELECT rolname AS refname, 'r' AS refclassid FROM pg_catalog.pg_roles WHERE oid = 10",
        "SELECT gss_authenticated, encrypted FROM pg_catalog.pg_stat_gssapi WHERE pid = pg_backend_pid()",
        "/*pga4dash*/ SELECT 'session_stats' AS chart_name, pg_catalog.row_to_json(t) AS chart_data FROM (SELECT (SELECT count(*) FROM pg_catalog.pg_stat_activity) AS \"Total\") t UNION ALL SELECT 'tps_stats', pg_catalog.row_to_json(t) FROM (SELECT 1) t",
        "BEGIN; DECLARE \"c1\" CURSOR FOR SELECT * FROM t; FETCH 100 FROM \"c1\"",
        "select string_agg(c.relname, ', ') filter (where c.relkind = 'r') from pg_class c",
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM \"posts\" LIMIT 11) subquery_for_count",
        "SELECT * FROM crosstab('select a, b, c from t order by 1', 'select distinct b from t') AS ct(a text, x int)",
    ]);
}
