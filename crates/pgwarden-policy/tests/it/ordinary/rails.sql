# ActiveRecord 6.1: migrations, schema dump and load, queries, with and without prepared statements; Sequel 5.63; servers 15 and 17.
# As the server logged it with log_statement = all; texts that differ in literals and numbers alone are kept once.
====
SET client_min_messages TO 'warning'
====
SET standard_conforming_strings = on
====
SET intervalstyle = iso_8601
====
SET SESSION statement_timeout TO '30s'
====
SET SESSION timezone TO 'UTC'
====
SELECT t.oid, t.typname
FROM pg_type as t
WHERE t.typname IN ('int2', 'int4', 'int8', 'oid', 'float4', 'float8', 'numeric', 'bool', 'timestamp', 'timestamptz')

====
SELECT t.oid, t.typname, t.typelem, t.typdelim, t.typinput, r.rngsubtype, t.typtype, t.typbasetype
FROM pg_type as t
LEFT JOIN pg_range as r ON oid = rngtypid
WHERE
  t.typname IN ('int2', 'int4', 'int8', 'oid', 'float4', 'float8', 'text', 'varchar', 'char', 'name', 'bpchar', 'bool', 'bit', 'varbit', 'timestamptz', 'date', 'money', 'bytea', 'point', 'hstore', 'json', 'jsonb', 'cidr', 'inet', 'uuid', 'xml', 'tsvector', 'macaddr', 'citext', 'ltree', 'line', 'lseg', 'box', 'path', 'polygon', 'circle', 'time', 'timestamp', 'numeric', 'interval')
  OR t.typtype IN ('r', 'e', 'd')
  OR t.typinput = 'array_in(cstring,oid,integer)'::regprocedure
  OR t.typelem != 0

====
SHOW TIME ZONE
====
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'schema_migrations' AND c.relkind IN ('r','p')
====
CREATE TABLE "schema_migrations" ("version" character varying NOT NULL PRIMARY KEY)
====
CREATE TABLE "ar_internal_metadata" ("key" character varying NOT NULL PRIMARY KEY, "value" character varying, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL)
====
SELECT current_database()
====
SELECT pg_try_advisory_lock(3050005080191410845)
====
SELECT a.attname, format_type(a.atttypid, a.atttypmod),
       pg_get_expr(d.adbin, d.adrelid), a.attnotnull, a.atttypid, a.atttypmod,
       c.collname, col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  LEFT JOIN pg_type t ON a.atttypid = t.oid
  LEFT JOIN pg_collation c ON a.attcollation = c.oid AND a.attcollation <> t.typcollation
 WHERE a.attrelid = '"schema_migrations"'::regclass
   AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum

====
SELECT "schema_migrations"."version" FROM "schema_migrations" ORDER BY "schema_migrations"."version" ASC
====
CREATE EXTENSION IF NOT EXISTS "plpgsql"
====
SELECT 'text'::regtype::oid
====
CREATE TABLE "users" ("id" bigserial primary key, "name" character varying(50) NOT NULL, "bio" text DEFAULT 'x', "doc" jsonb DEFAULT '{}', "tags" text[] DEFAULT '{}', "ip" inet, "uid" uuid DEFAULT gen_random_uuid(), "span" numrange, "i" interval, "price" decimal(10,2), "ok" boolean DEFAULT FALSE NOT NULL, "d" date, "bin" bytea, "x" virtual, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL)
====
SELECT pg_advisory_unlock(3050005080191410845)
====
CREATE TABLE "users" ("id" bigserial primary key, "name" character varying(50) NOT NULL, "bio" text DEFAULT 'x', "doc" jsonb DEFAULT '{}', "tags" text[] DEFAULT '{}', "ip" inet, "uid" uuid DEFAULT gen_random_uuid(), "span" numrange, "i" interval, "price" decimal(10,2), "ok" boolean DEFAULT FALSE NOT NULL, "d" date, "bin" bytea, "xx" character varying, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL)
====
CREATE UNIQUE INDEX "index_users_on_name" ON "users" ("name")
====
CREATE INDEX "index_users_on_doc" ON "users" USING gin ("doc")
====
CREATE INDEX "ix_low" ON "users" (lower(name)) WHERE ok
====
COMMENT ON TABLE "users" IS 'people'
====
CREATE TABLE "posts" ("id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY, "user_id" bigint, "thing_type" character varying, "thing_id" bigint, "title" character varying, "position" integer, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL, CONSTRAINT "fk_rails_5b5ddfd518"
FOREIGN KEY ("user_id")
  REFERENCES "users" ("id")
 ON DELETE CASCADE)
====
CREATE INDEX "index_posts_on_user_id" ON "posts" ("user_id")
====
CREATE INDEX "index_posts_on_thing" ON "posts" ("thing_type", "thing_id")
====
CREATE TABLE "tags" ("id" bigserial primary key, "name" character varying)
====
CREATE TABLE "posts_tags" ("post_id" uuid NOT NULL, "tag_id" uuid NOT NULL)
====
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relkind IN ('r','v','m','p','f')
====
INSERT INTO "schema_migrations" ("version") VALUES ($1) RETURNING "version"
====
ALTER TABLE "users" ADD "email" citext
====
ALTER TABLE "users" ADD "email" character varying
====
ALTER TABLE "users" ALTER COLUMN "bio" TYPE character varying(500)
====
UPDATE "users" SET "bio"='y' WHERE "bio" IS NULL
====
ALTER TABLE "users" ALTER COLUMN "bio" SET NOT NULL
====
ALTER TABLE "users" ALTER COLUMN "ok" SET DEFAULT TRUE
====
ALTER TABLE "posts" RENAME COLUMN "title" TO "heading"
====
SELECT distinct i.relname, d.indisunique, d.indkey, pg_get_indexdef(d.indexrelid), t.oid,
                pg_catalog.obj_description(i.oid, 'pg_class') AS comment
FROM pg_class t
INNER JOIN pg_index d ON t.oid = d.indrelid
INNER JOIN pg_class i ON d.indexrelid = i.oid
LEFT JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE i.relkind IN ('i', 'I')
  AND d.indisprimary = 'f'
  AND t.relname = 'posts'
  AND n.nspname = ANY (current_schemas(false))
ORDER BY i.relname

====
SELECT a.attnum, a.attname
FROM pg_attribute a
WHERE a.attrelid = 17706
AND a.attnum IN (3,4)

====
CREATE INDEX CONCURRENTLY "index_posts_on_heading_and_position" ON "posts" ("heading" text_pattern_ops DESC, "position" text_pattern_ops)
====
ALTER TABLE "users" ADD CONSTRAINT pos CHECK (price > 0) NOT VALID
====
            SELECT conname, pg_get_constraintdef(c.oid) AS constraintdef, c.convalidated AS valid
            FROM pg_constraint c
            JOIN pg_class t ON c.conrelid = t.oid
            WHERE c.contype = 'c'
              AND t.relname = 'users'

====
ALTER TABLE "users" VALIDATE CONSTRAINT "pos"
====
ALTER TABLE "posts" ADD CONSTRAINT "fk_rails_e0129e626b"
FOREIGN KEY ("position")
  REFERENCES "tags" ("id")
 NOT VALID
====
SELECT t2.oid::regclass::text AS to_table, a1.attname AS column, a2.attname AS primary_key, c.conname AS name, c.confupdtype AS on_update, c.confdeltype AS on_delete, c.convalidated AS valid
FROM pg_constraint c
JOIN pg_class t1 ON c.conrelid = t1.oid
JOIN pg_class t2 ON c.confrelid = t2.oid
JOIN pg_attribute a1 ON a1.attnum = c.conkey[1] AND a1.attrelid = t1.oid
JOIN pg_attribute a2 ON a2.attnum = c.confkey[1] AND a2.attrelid = t2.oid
JOIN pg_namespace t3 ON c.connamespace = t3.oid
WHERE c.contype = 'f'
  AND t1.relname = 'posts'
  AND t3.nspname = ANY (current_schemas(false))
ORDER BY c.conname

====
ALTER TABLE "posts" VALIDATE CONSTRAINT "fk_rails_e0129e626b"
====
ALTER TABLE "posts" DROP CONSTRAINT "fk_rails_e0129e626b"
====
CREATE VIEW active AS SELECT * FROM users WHERE ok
==== 2
CREATE FUNCTION touch() RETURNS trigger AS $$ BEGIN NEW.updated_at = now(); RETURN NEW; END; $$ LANGUAGE plpgsql;
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();

====
COMMENT ON COLUMN "users"."name" IS 'y'
====
ALTER TABLE "tags" RENAME TO "labels"
====
SELECT attr.attname, nsp.nspname, seq.relname
FROM pg_class      seq,
     pg_attribute  attr,
     pg_depend     dep,
     pg_constraint cons,
     pg_namespace  nsp
WHERE seq.oid           = dep.objid
  AND seq.relkind       = 'S'
  AND attr.attrelid     = dep.refobjid
  AND attr.attnum       = dep.refobjsubid
  AND attr.attrelid     = cons.conrelid
  AND attr.attnum       = cons.conkey[1]
  AND seq.relnamespace  = nsp.oid
  AND cons.contype      = 'p'
  AND dep.classid       = 'pg_class'::regclass
  AND dep.refobjid      = '"labels"'::regclass

====
ALTER INDEX "tags_pkey" RENAME TO "labels_pkey"
====
ALTER TABLE "public"."tags_id_seq" RENAME TO "labels_id_seq"
====
ALTER INDEX "ix_low" RENAME TO "ix_lower"
====
ALTER TYPE mood ADD VALUE 'c'
====
DROP VIEW active
====
DROP INDEX  "index_posts_on_user_id"
====
ALTER TABLE "users" DROP COLUMN "email"
====
SELECT "ar_internal_metadata".* FROM "ar_internal_metadata" WHERE "ar_internal_metadata"."key" = $1 LIMIT $2
====
INSERT INTO "ar_internal_metadata" ("key", "value", "created_at", "updated_at") VALUES ($1, $2, $3, $4) RETURNING "key"
====
SELECT a.attname
  FROM (
         SELECT indrelid, indkey, generate_subscripts(indkey, 1) idx
           FROM pg_index
          WHERE indrelid = '"users"'::regclass
            AND indisprimary
       ) i
  JOIN pg_attribute a
    ON a.attrelid = i.indrelid
   AND a.attnum = i.indkey[i.idx]
 ORDER BY i.idx

====
INSERT INTO "users" ("name", "doc", "tags", "ip", "span", "price", "d", "bin", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING "id"
====
INSERT INTO "posts" ("user_id", "heading", "position", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5) RETURNING "id"
====
UPDATE "users" SET "updated_at" = $1 WHERE "users"."id" = $2
====
SELECT "users".* FROM "users"
====
SELECT "posts".* FROM "posts" WHERE "posts"."user_id" IN ($1, $2, $3, $4, $5, $6)
====
SELECT DISTINCT "users"."id" FROM "users" LEFT OUTER JOIN "posts" ON "posts"."user_id" = "users"."id" LIMIT $1
====
SELECT "users"."id" AS t0_r0, "users"."name" AS t0_r1, "users"."bio" AS t0_r2, "users"."doc" AS t0_r3, "users"."tags" AS t0_r4, "users"."ip" AS t0_r5, "users"."uid" AS t0_r6, "users"."span" AS t0_r7, "users"."i" AS t0_r8, "users"."price" AS t0_r9, "users"."ok" AS t0_r10, "users"."d" AS t0_r11, "users"."bin" AS t0_r12, "users"."xx" AS t0_r13, "users"."created_at" AS t0_r14, "users"."updated_at" AS t0_r15, "posts"."id" AS t1_r0, "posts"."user_id" AS t1_r1, "posts"."thing_type" AS t1_r2, "posts"."thing_id" AS t1_r3, "posts"."heading" AS t1_r4, "posts"."position" AS t1_r5, "posts"."created_at" AS t1_r6, "posts"."updated_at" AS t1_r7 FROM "users" LEFT OUTER JOIN "posts" ON "posts"."user_id" = "users"."id" WHERE "users"."id" IN ($1, $2)
====
SELECT "users".* FROM "users" WHERE "users"."name" IN ($1, $2) ORDER BY "users"."id" ASC
====
SELECT COUNT(*) AS count_all, "users"."name" AS users_name FROM "users" INNER JOIN "posts" ON "posts"."user_id" = "users"."id" GROUP BY "users"."name" HAVING (count(*)>1)
====
SELECT DISTINCT "users"."name" FROM "users" LEFT OUTER JOIN "posts" ON "posts"."user_id" = "users"."id"
====
SELECT "users".* FROM "users" LEFT OUTER JOIN "posts" ON "posts"."user_id" = "users"."id" WHERE "posts"."id" IS NULL
====
SELECT "users".* FROM "users" WHERE "users"."id" = $1 LIMIT $2
====
SELECT "users".* FROM "users" WHERE "users"."name" = $1 LIMIT $2
====
SELECT 1 AS one FROM "users" WHERE "users"."id" = $1 LIMIT $2
====
SELECT "users".* FROM "users" ORDER BY "users"."id" ASC LIMIT $1
====
SELECT "users".* FROM "users" ORDER BY "users"."id" DESC LIMIT $1
====
SELECT "users".* FROM "users" WHERE (doc @> '{"a":1}')
====
SELECT "users".* FROM "users" WHERE (tags @> ARRAY['a']::text[])
====
SELECT "users".* FROM "users" WHERE ("users"."id" BETWEEN $1 AND $2 OR "users"."name" = $3)
====
SELECT "users".* FROM "users" WHERE "users"."name" IS NOT NULL LIMIT $1 OFFSET $2
====
SELECT SUM("users"."price") FROM "users"
====
SELECT AVG("users"."price") FROM "users"
====
SELECT MAX("users"."id") FROM "users"
====
SELECT COUNT(*) FROM "users" WHERE "users"."ok" = $1
====
SELECT COUNT(DISTINCT "users"."name") FROM "users"
====
SELECT "users"."id" FROM "users"
====
SELECT "users"."name" FROM "users" LIMIT $1
====
SELECT "users".* FROM "users" WHERE "users"."id" > $1 ORDER BY "users"."id" ASC LIMIT $2
====
SELECT "users"."id" FROM "users" ORDER BY "users"."id" ASC LIMIT $1
====
UPDATE "users" SET "ok" = $1 WHERE "users"."id" IN ($2, $3)
====
SELECT "users"."id" FROM "users" WHERE "users"."id" > $1 ORDER BY "users"."id" ASC LIMIT $2
====
INSERT INTO "users" ("name","created_at","updated_at") VALUES ('u1', '2026-11-24 16:02:50.111248', '2026-11-24 16:02:50.111249'), ('z', '2026-11-24 16:02:50.111250', '2026-11-24 16:02:50.111250') ON CONFLICT ("name") DO UPDATE SET "created_at"=excluded."created_at","updated_at"=excluded."updated_at" RETURNING "id"
====
INSERT INTO "users" ("name","created_at","updated_at") VALUES ('q', '2026-11-24 16:02:50.114124', '2026-11-24 16:02:50.114125') ON CONFLICT  DO NOTHING RETURNING "id"
====
SELECT "users".* FROM "users" WHERE "users"."id" = $1 LIMIT $2 FOR UPDATE
====
UPDATE "users" SET "bio" = $1, "updated_at" = $2 WHERE "users"."id" = $3
====
SELECT "users".* FROM "users" ORDER BY "users"."id" ASC LIMIT $1 FOR UPDATE SKIP LOCKED
====
UPDATE "users" SET "price" = COALESCE("price", 0) + $1 WHERE "users"."id" = $2
====
UPDATE "users" SET "bio" = $1 WHERE "users"."id" = $2
====
DELETE FROM "users" WHERE "users"."id" = $1
====
DELETE FROM "users" WHERE "users"."name" = $1
====
SELECT "users".* FROM "users" WHERE "users"."id" IN (SELECT "users"."id" FROM "users" WHERE "users"."ok" = $1)
====
EXPLAIN SELECT "users".* FROM "users" WHERE "users"."id" IN (SELECT "users"."id" FROM "users" WHERE "users"."ok" = $1)
====
SELECT pg_size_pretty(pg_database_size(current_database()))
====
SELECT extname FROM pg_extension
====
SELECT datcollate FROM pg_database WHERE datname = current_database()
====
SELECT datctype FROM pg_database WHERE datname = current_database()
====
SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()
====
SELECT current_schema
====
SELECT nspname
  FROM pg_namespace
 WHERE nspname !~ '^pg_.*'
   AND nspname NOT IN ('information_schema')
 ORDER by nspname;

====
SHOW client_min_messages
====
SELECT pg_catalog.obj_description(c.oid, 'pg_class')
FROM pg_catalog.pg_class c
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = 'users'
  AND c.relkind IN ('r','p')
  AND n.nspname = ANY (current_schemas(false))

====
SELECT COUNT(*)
FROM pg_class t
INNER JOIN pg_index d ON t.oid = d.indrelid
INNER JOIN pg_class i ON d.indexrelid = i.oid
LEFT JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE i.relkind IN ('i', 'I')
  AND i.relname = 'x'
  AND t.relname = 'users'
  AND n.nspname = ANY (current_schemas(false))

====
SELECT pg_get_serial_sequence('users', 'id')
====
SELECT MAX("id") FROM "users"
====
SELECT setval('"public"."users_id_seq"', 9, true)
==== 6
ALTER TABLE "schema_migrations" DISABLE TRIGGER ALL;ALTER TABLE "ar_internal_metadata" DISABLE TRIGGER ALL;ALTER TABLE "users" DISABLE TRIGGER ALL;ALTER TABLE "posts" DISABLE TRIGGER ALL;ALTER TABLE "posts_tags" DISABLE TRIGGER ALL;ALTER TABLE "labels" DISABLE TRIGGER ALL
==== 6
ALTER TABLE "schema_migrations" ENABLE TRIGGER ALL;ALTER TABLE "ar_internal_metadata" ENABLE TRIGGER ALL;ALTER TABLE "users" ENABLE TRIGGER ALL;ALTER TABLE "posts" ENABLE TRIGGER ALL;ALTER TABLE "posts_tags" ENABLE TRIGGER ALL;ALTER TABLE "labels" ENABLE TRIGGER ALL
====
CREATE SCHEMA "s2"
====
DROP SCHEMA "s2" CASCADE
====
SELECT COUNT(*) FROM pg_namespace WHERE nspname = 's'
====
SELECT true FROM pg_available_extensions WHERE name = 'hstore'
====
SELECT installed_version IS NOT NULL FROM pg_available_extensions WHERE name = 'hstore'
====
TRUNCATE TABLE "labels"
====
TRUNCATE TABLE "labels", "posts"
==== 6
ALTER TABLE "schema_migrations" ENABLE TRIGGER ALL;ALTER TABLE "ar_internal_metadata" ENABLE TRIGGER ALL;ALTER TABLE "users" ENABLE TRIGGER ALL;ALTER TABLE "posts_tags" ENABLE TRIGGER ALL;ALTER TABLE "labels" ENABLE TRIGGER ALL;ALTER TABLE "posts" ENABLE TRIGGER ALL
====
DROP TABLE IF EXISTS "labels" CASCADE
====
CREATE TABLE "labels" ("id" bigserial primary key, "name" character varying)
====
DROP TABLE IF EXISTS "posts" CASCADE
====
CREATE TABLE "posts" ("id" uuid DEFAULT gen_random_uuid() NOT NULL PRIMARY KEY, "user_id" bigint, "thing_type" character varying, "thing_id" bigint, "heading" character varying, "position" integer, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL)
====
DROP TABLE IF EXISTS "posts_tags" CASCADE
====
DROP TABLE IF EXISTS "users" CASCADE
====
CREATE TABLE "users" ("id" bigserial primary key, "name" character varying(50) NOT NULL, "bio" character varying(500) DEFAULT 'x' NOT NULL, "doc" jsonb DEFAULT '{}', "tags" text[] DEFAULT '{}', "ip" inet, "uid" uuid DEFAULT gen_random_uuid(), "span" numrange, "i" interval, "price" decimal(10,2), "ok" boolean DEFAULT TRUE NOT NULL, "d" date, "bin" bytea, "xx" character varying, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL, CONSTRAINT pos CHECK (price > (0)::numeric))
====
CREATE INDEX "ix_lower" ON "users" (lower((name)::text)) WHERE ok
====
DEALLOCATE a1
====
ALTER TABLE "posts" ADD CONSTRAINT "fk_rails_5b5ddfd518"
FOREIGN KEY ("user_id")
  REFERENCES "users" ("id")
 ON DELETE CASCADE
====
CREATE DATABASE "rails_tmp" ENCODING = 'utf8'
====
DROP DATABASE IF EXISTS "rails_tmp"
====
DROP TABLE "labels"
====
DELETE FROM "schema_migrations" WHERE "schema_migrations"."version" = $1
====
SELECT "ar_internal_metadata".* FROM "ar_internal_metadata" WHERE "ar_internal_metadata"."key" = 'environment' LIMIT 1
====
UPDATE "users" SET "updated_at" = '2026-11-24 16:02:52.052526' WHERE "users"."id" = 1
====
SELECT DISTINCT "users"."id" FROM "users" LEFT OUTER JOIN "posts" ON "posts"."user_id" = "users"."id" LIMIT 2
====
SELECT "users".* FROM "users" WHERE "users"."id" = 1 LIMIT 1
====
SELECT "users".* FROM "users" WHERE "users"."name" = 'u1' LIMIT 1
====
SELECT 1 AS one FROM "users" WHERE "users"."id" = 3 LIMIT 1
====
SELECT "users".* FROM "users" ORDER BY "users"."id" ASC LIMIT 1
====
SELECT "users".* FROM "users" ORDER BY "users"."id" DESC LIMIT 1
====
SELECT "users".* FROM "users" WHERE ("users"."id" BETWEEN 1 AND 3 OR "users"."name" = 'u5')
====
SELECT "users".* FROM "users" WHERE "users"."name" IS NOT NULL LIMIT 2 OFFSET 1
====
SELECT COUNT(*) FROM "users" WHERE "users"."ok" = TRUE
====
SELECT "users"."name" FROM "users" LIMIT 1
====
SELECT "users".* FROM "users" WHERE "users"."id" > 2 ORDER BY "users"."id" ASC LIMIT 2
====
SELECT "users"."id" FROM "users" ORDER BY "users"."id" ASC LIMIT 2
====
UPDATE "users" SET "ok" = TRUE WHERE "users"."id" IN (1, 2)
====
SELECT "users"."id" FROM "users" WHERE "users"."id" > 2 ORDER BY "users"."id" ASC LIMIT 2
====
SELECT "users".* FROM "users" WHERE "users"."id" = 1 LIMIT 1 FOR UPDATE
====
UPDATE "users" SET "bio" = 'n', "updated_at" = '2026-11-24 16:02:52.118153' WHERE "users"."id" = 1
====
SELECT "users".* FROM "users" ORDER BY "users"."id" ASC LIMIT 1 FOR UPDATE SKIP LOCKED
====
UPDATE "users" SET "price" = COALESCE("price", 0) + 1.0 WHERE "users"."id" = 2
====
UPDATE "users" SET "bio" = 'c' WHERE "users"."id" = 2
====
DELETE FROM "users" WHERE "users"."id" = 2
====
DELETE FROM "users" WHERE "users"."name" = 'z'
====
SELECT "users".* FROM "users" WHERE "users"."id" IN (SELECT "users"."id" FROM "users" WHERE "users"."ok" = TRUE)
====
EXPLAIN SELECT "users".* FROM "users" WHERE "users"."id" IN (SELECT "users"."id" FROM "users" WHERE "users"."ok" = TRUE)
==== 6
ALTER TABLE "schema_migrations" DISABLE TRIGGER ALL;ALTER TABLE "ar_internal_metadata" DISABLE TRIGGER ALL;ALTER TABLE "posts" DISABLE TRIGGER ALL;ALTER TABLE "posts_tags" DISABLE TRIGGER ALL;ALTER TABLE "users" DISABLE TRIGGER ALL;ALTER TABLE "labels" DISABLE TRIGGER ALL
==== 6
ALTER TABLE "schema_migrations" ENABLE TRIGGER ALL;ALTER TABLE "ar_internal_metadata" ENABLE TRIGGER ALL;ALTER TABLE "posts" ENABLE TRIGGER ALL;ALTER TABLE "posts_tags" ENABLE TRIGGER ALL;ALTER TABLE "users" ENABLE TRIGGER ALL;ALTER TABLE "labels" ENABLE TRIGGER ALL
==== 6
ALTER TABLE "schema_migrations" ENABLE TRIGGER ALL;ALTER TABLE "ar_internal_metadata" ENABLE TRIGGER ALL;ALTER TABLE "posts_tags" ENABLE TRIGGER ALL;ALTER TABLE "users" ENABLE TRIGGER ALL;ALTER TABLE "labels" ENABLE TRIGGER ALL;ALTER TABLE "posts" ENABLE TRIGGER ALL
====
DELETE FROM "schema_migrations" WHERE "schema_migrations"."version" = '2'
====
SET client_min_messages = 'WARNING'
====
SET DateStyle = 'ISO'
====
SELECT CAST(current_setting('server_version_num') AS integer) AS v
====
CREATE TABLE "items" ("id" integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, "name" text UNIQUE, "price" double precision, "tags" text[], "doc" jsonb, "at" timestamp DEFAULT CURRENT_TIMESTAMP, CONSTRAINT "p" CHECK ("price" > 0))
====
CREATE INDEX "items_price_index" ON "items" ("price")
====
CREATE TABLE "subs" ("id" integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, "item_id" integer REFERENCES "items" ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, "n" integer)
====
ALTER TABLE "items" ADD COLUMN "x" integer DEFAULT 1, ALTER COLUMN "x" TYPE bigint
====
SELECT "pg_attribute"."attname" AS "pk" FROM "pg_class", "pg_attribute", "pg_index", "pg_namespace" WHERE (("pg_class"."oid" = "pg_attribute"."attrelid") AND ("pg_class"."relnamespace" = "pg_namespace"."oid") AND ("pg_class"."oid" = "pg_index"."indrelid") AND ("pg_index"."indkey"[0] = "pg_attribute"."attnum") AND ("pg_index"."indisprimary" = 't') AND ("pg_class"."oid" = CAST(CAST('"items"' AS regclass) AS oid))) LIMIT 1
====
INSERT INTO "items" ("name", "price", "tags", "doc") VALUES ('a', 1.5, ARRAY['a','b'], '{"a":1}'::jsonb) RETURNING "id"
====
INSERT INTO "items" ("name", "price") VALUES ('n1', 1), ('n2', 2), ('n3', 3), ('n4', 4), ('n5', 5)
====
SELECT * FROM "items" WHERE ("name" = 'a') LIMIT 1
====
SELECT * FROM "items" WHERE ("price" > 2) ORDER BY "price" DESC LIMIT 2
====
SELECT avg("price") AS "avg" FROM "items" LIMIT 1
====
SELECT "name", count(*) AS "count" FROM "items" GROUP BY "name"
====
SELECT "items".* FROM "items" INNER JOIN "subs" ON ("subs"."item_id" = "items"."id")
====
INSERT INTO "items" ("name", "price") VALUES ('a', 2) ON CONFLICT ("name") DO UPDATE SET "price" = 9 RETURNING "id"
====
UPDATE "items" SET "price" = ("price" + 1) RETURNING "id"
====
WITH "c" AS (SELECT * FROM "subs") SELECT * FROM "c"
====
WITH RECURSIVE "t" AS (SELECT 1 AS "n" UNION ALL (SELECT ("n" + 1) FROM "t" WHERE ("n" < 3))) SELECT * FROM "t"
====
SELECT * FROM "items" FOR UPDATE SKIP LOCKED
====
SELECT "name", rank() OVER (PARTITION BY "name" ORDER BY "price") FROM "items"
====
SELECT * FROM "items" WHERE (to_tsvector(CAST('simple' AS regconfig), (COALESCE("name", ''))) @@ to_tsquery(CAST('simple' AS regconfig), 'a'))
====
SELECT * FROM "items" WHERE (("name" ILIKE '%a%' ESCAPE '\'))
====
DECLARE "sequel_cursor" NO SCROLL CURSOR WITHOUT HOLD FOR SELECT * FROM "items"
====
FETCH FORWARD 2 FROM "sequel_cursor"
====
CLOSE "sequel_cursor"
====
EXPLAIN SELECT * FROM "items"
====
SELECT DISTINCT ON ("name") * FROM "items"
====
SELECT * FROM (SELECT * FROM "items" INTERSECT (SELECT * FROM "items")) AS "t1"
====
LOCK TABLE "items" IN SHARE MODE
====
SELECT count(*) AS "count" FROM "items" CROSS JOIN "subs" LIMIT 1
====
TRUNCATE TABLE "items" CASCADE
====
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ
====
SAVEPOINT autopoint_1
====
RELEASE SAVEPOINT autopoint_1
====
SELECT "relname" FROM "pg_class" INNER JOIN "pg_namespace" ON ("pg_namespace"."oid" = "pg_class"."relnamespace") WHERE (("relkind" IN ('r', 'p')) AND ("pg_namespace"."nspname" = any(current_schemas(false))))
====
SELECT "relname" FROM "pg_class" INNER JOIN "pg_namespace" ON ("pg_namespace"."oid" = "pg_class"."relnamespace") WHERE (("relkind" = 'v') AND ("pg_namespace"."nspname" = any(current_schemas(false))))
====
SELECT "pg_attribute"."attname" AS "name", CAST("pg_attribute"."atttypid" AS integer) AS "oid", CAST("basetype"."oid" AS integer) AS "base_oid", format_type("basetype"."oid", "pg_type"."typtypmod") AS "db_base_type", format_type("pg_type"."oid", "pg_attribute"."atttypmod") AS "db_type", pg_get_expr("pg_attrdef"."adbin", "pg_class"."oid") AS "default", NOT "pg_attribute"."attnotnull" AS "allow_null", COALESCE(("pg_attribute"."attnum" = ANY("pg_index"."indkey")), false) AS "primary_key", "pg_attribute"."attidentity", ("pg_attribute"."attgenerated" != '') AS "generated" FROM "pg_class" INNER JOIN "pg_attribute" ON ("pg_attribute"."attrelid" = "pg_class"."oid") INNER JOIN "pg_type" ON ("pg_type"."oid" = "pg_attribute"."atttypid") LEFT OUTER JOIN "pg_type" AS "basetype" ON ("basetype"."oid" = "pg_type"."typbasetype") LEFT OUTER JOIN "pg_attrdef" ON (("pg_attrdef"."adrelid" = "pg_class"."oid") AND ("pg_attrdef"."adnum" = "pg_attribute"."attnum")) LEFT OUTER JOIN "pg_index" ON (("pg_index"."indrelid" = "pg_class"."oid") AND ("pg_index"."indisprimary" IS TRUE)) WHERE (("pg_attribute"."attisdropped" IS FALSE) AND ("pg_attribute"."attnum" > 0) AND ("pg_class"."oid" = CAST(CAST('"items"' AS regclass) AS oid))) ORDER BY "pg_attribute"."attnum"
====
SELECT "indc"."relname" AS "name", "ind"."indisunique" AS "unique", "att"."attname" AS "column", "con"."condeferrable" AS "deferrable" FROM "pg_class" AS "tab" INNER JOIN "pg_index" AS "ind" ON ("ind"."indrelid" = "tab"."oid") INNER JOIN "pg_class" AS "indc" ON ("indc"."oid" = "ind"."indexrelid") INNER JOIN "pg_attribute" AS "att" ON (("att"."attrelid" = "tab"."oid") AND ("att"."attnum" = ANY("ind"."indkey"))) LEFT JOIN "pg_constraint" AS "con" ON ("con"."conname" = "indc"."relname") WHERE (("indc"."relkind" = 'i') AND ("ind"."indisprimary" IS FALSE) AND ("indexprs" IS NULL) AND ("indisvalid" IS TRUE) AND ("indisready" IS TRUE) AND ("indislive" IS TRUE) AND ("tab"."oid" = CAST(CAST('"items"' AS regclass) AS oid)) AND ("indpred" IS NULL)) ORDER BY "indc"."relname", array_position("ind"."indkey", "att"."attnum")
====
SELECT "co"."conname" AS "name", "att"."attname" AS "column", "co"."confupdtype" AS "on_update", "co"."confdeltype" AS "on_delete", "cl2"."relname" AS "table", "att2"."attname" AS "refcolumn", ("co"."condeferrable" AND "co"."condeferred") AS "deferrable", "nsp"."nspname" AS "schema" FROM "pg_constraint" AS "co" INNER JOIN "pg_class" AS "cl" ON ("cl"."oid" = "co"."conrelid") INNER JOIN "pg_attribute" AS "att" ON (("att"."attrelid" = "cl"."oid") AND ("att"."attnum" = ANY("co"."conkey"))) INNER JOIN "pg_class" AS "cl2" ON ("cl2"."oid" = "co"."confrelid") INNER JOIN "pg_attribute" AS "att2" ON (("att2"."attrelid" = "cl2"."oid") AND ("att2"."attnum" = ANY("co"."confkey"))) INNER JOIN "pg_namespace" AS "nsp" ON ("nsp"."oid" = "cl2"."relnamespace") WHERE (("cl"."relkind" IN ('r', 'p')) AND ("co"."contype" = 'f') AND (array_position("co"."conkey", "att"."attnum") = array_position("co"."confkey", "att2"."attnum")) AND ("cl"."oid" = CAST(CAST('"subs"' AS regclass) AS oid))) ORDER BY "co"."conname", array_position("co"."conkey", "att"."attnum")
====
SELECT "co"."conname" AS "constraint", "att"."attname" AS "column", pg_get_constraintdef("co"."oid") AS "definition" FROM "pg_constraint" AS "co" LEFT JOIN "pg_attribute" AS "att" ON (("att"."attrelid" = "co"."conrelid") AND ("att"."attnum" = ANY("co"."conkey"))) WHERE (("contype" = 'c') AND ("conrelid" = CAST(CAST('"items"' AS regclass) AS oid)))
====
SELECT "name"."nspname" AS "schema", "seq"."relname" AS "sequence" FROM "pg_class" AS "seq", "pg_attribute" AS "attr", "pg_depend" AS "dep", "pg_namespace" AS "name", "pg_constraint" AS "cons", "pg_class" AS "t" WHERE (("seq"."oid" = "dep"."objid") AND ("seq"."relnamespace" = "name"."oid") AND ("seq"."relkind" = 'S') AND ("attr"."attrelid" = "dep"."refobjid") AND ("attr"."attnum" = "dep"."refobjsubid") AND ("attr"."attrelid" = "cons"."conrelid") AND ("attr"."attnum" = "cons"."conkey"[1]) AND ("attr"."attrelid" = "t"."oid") AND ("cons"."contype" = 'p') AND ("t"."oid" = CAST(CAST('"items"' AS regclass) AS oid))) LIMIT 1
====
SELECT setval('"public"."items_id_seq"', (SELECT coalesce((max("id") + (SELECT "seqincrement" FROM "pg_sequence" WHERE ("seqrelid" = CAST(CAST('"public"."items_id_seq"' AS regclass) AS oid)))), (SELECT "seqmin" FROM "pg_sequence" WHERE ("seqrelid" = CAST(CAST('"public"."items_id_seq"' AS regclass) AS oid)))) FROM "items"), false) LIMIT 1
====
SELECT "pg_class"."relname", "pg_locks".* FROM "pg_class" INNER JOIN "pg_locks" ON ("pg_locks"."relation" = "pg_class"."relfilenode")
====
CREATE VIEW "v" AS SELECT "name" FROM "items"
====
CREATE OR REPLACE VIEW "v" AS SELECT "name" FROM "items"
====
CREATE MATERIALIZED VIEW "mv" AS SELECT * FROM "items"
====
REFRESH MATERIALIZED VIEW "mv"
====
DROP MATERIALIZED VIEW "mv"
====
        CREATE FUNCTION ff()
        RETURNS trigger
        LANGUAGE plpgsql
        
        
        
        
        
        
        
        AS 'BEGIN RETURN NEW; END'

====
CREATE TRIGGER tt BEFORE UPDATE ON "items" FOR EACH ROW EXECUTE PROCEDURE ff()
====
DROP TRIGGER tt ON "items"
====
DROP FUNCTION ff()
====
CREATE SCHEMA "ss"
====
DROP SCHEMA "ss"
====
NOTIFY "ch", 'x'
====
LISTEN "ch"
====
CREATE OR REPLACE LANGUAGE plpgsql
====
CREATE TABLE "part" ("k" integer) PARTITION BY range ("k")
====
CREATE TABLE "part1" PARTITION OF "part" FOR VALUES FROM (1) TO (10)
====
SET work_mem='8MB'
====
DROP TABLE "subs" CASCADE
====
DROP TABLE "items" CASCADE
====
CREATE TABLE IF NOT EXISTS "zz" ("z" integer)
====
ALTER TABLE "zz" RENAME TO "yy"
====
CREATE TEMPORARY TABLE "asq" AS SELECT 1 AS "one"
