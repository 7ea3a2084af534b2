# Peewee 4.5, Tortoise 1.1, Pony 0.7, yoyo 9.0, Piccolo 1.38, procrastinate 3.10, schemainspect 3.1: schemas, migrations, queries; server 17.
# As the server logged it with log_statement = all; texts that differ in literals and numbers alone are kept once.
====
CREATE TABLE IF NOT EXISTS "p" ("id" SERIAL NOT NULL PRIMARY KEY, "name" VARCHAR(255) NOT NULL, "doc" JSONB, "tags" VARCHAR(255)[], "at" TIMESTAMP NOT NULL)
====
CREATE UNIQUE INDEX IF NOT EXISTS "p_name" ON "p" ("name")
====
CREATE INDEX IF NOT EXISTS "p_doc" ON "p" USING GIN ("doc")
====
CREATE INDEX IF NOT EXISTS "p_tags" ON "p" USING GIN ("tags")
====
CREATE TABLE IF NOT EXISTS "q" ("id" SERIAL NOT NULL PRIMARY KEY, "p_id" INTEGER NOT NULL, "n" INTEGER NOT NULL, FOREIGN KEY ("p_id") REFERENCES "p" ("id") ON DELETE CASCADE)
====
CREATE INDEX IF NOT EXISTS "q_p_id" ON "q" ("p_id")
====
INSERT INTO "p" ("name", "doc", "tags", "at") VALUES ('n0', '{"a": 0}', ARRAY['x'], '2026-11-24T16:08:10.344156'::timestamp) RETURNING "p"."id"
====
INSERT INTO "q" ("p_id", "n") VALUES (1, 0), (1, 1), (1, 2), (1, 3), (1, 4) RETURNING "q"."id"
====
SELECT "t1"."id", "t1"."name", "t1"."doc", "t1"."tags", "t1"."at" FROM "p" AS "t1" WHERE ("t1"."name" ILIKE '%n%') ORDER BY "t1"."id" DESC LIMIT 2
====
SELECT "t1"."id", "t1"."name", "t1"."doc", "t1"."tags", "t1"."at", COUNT("t2"."id") AS "c" FROM "p" AS "t1" LEFT OUTER JOIN "q" AS "t2" ON ("t2"."p_id" = "t1"."id") GROUP BY "t1"."id", "t1"."name", "t1"."doc", "t1"."tags", "t1"."at" HAVING (COUNT("t2"."id") > 0)
====
INSERT INTO "p" ("name", "at") VALUES ('n1', '2026-11-24T16:08:10.352379'::timestamp) ON CONFLICT ("name") DO UPDATE SET "name" = 'z' RETURNING "p"."id"
====
UPDATE "p" SET "name" = 'u' WHERE ("p"."id" = 1) RETURNING "p"."id", "p"."name", "p"."doc", "p"."tags", "p"."at"
====
SELECT "t1"."id", "t1"."name", "t1"."doc", "t1"."tags", "t1"."at" FROM "p" AS "t1" WHERE ("t1"."doc"->>'a' = '1')
====
SELECT "t1"."id", "t1"."name", "t1"."doc", "t1"."tags", "t1"."at" FROM "p" AS "t1" WHERE ("t1"."tags" @> ARRAY['x']::VARCHAR(255)[])
====
DELETE FROM "q" WHERE ("q"."n" < 2)
====
SELECT "t1"."name", RANK() OVER (ORDER BY "t1"."at") FROM "p" AS "t1"
====
SELECT "t1"."id", "t1"."name", "t1"."doc", "t1"."tags", "t1"."at" FROM "p" AS "t1" FOR UPDATE
====
SELECT "t1"."id", "t1"."name", "t1"."doc", "t1"."tags", "t1"."at" FROM "p" AS "t1" WHERE ("t1"."id" = 2) LIMIT 1 OFFSET 0
====
UPDATE "p" SET "name" = 'z', "doc" = '{"a": 1}', "tags" = ARRAY['x'], "at" = '2026-11-24T16:08:10.345419'::timestamp WHERE ("p"."id" = 2)
====
DELETE FROM "q" WHERE ("q"."p_id" = 2)
====
DELETE FROM "p" WHERE ("p"."id" = 2)
====
UPDATE "p" SET "x" = 1
====
ALTER TABLE "p" ALTER COLUMN "x" SET NOT NULL
====
ALTER TABLE "p" RENAME COLUMN "x" TO "y"
====
ALTER TABLE "q" ALTER COLUMN "n" SET NOT NULL
====
ALTER TABLE "q" ALTER COLUMN "n" DROP NOT NULL
====
CREATE INDEX "q_n" ON "q" ("n")
====
DROP INDEX "q_n"
====

            SELECT DISTINCT
                kcu.column_name, ccu.table_name, ccu.column_name,
                tc.constraint_name, rc.delete_rule, rc.update_rule
            FROM information_schema.table_constraints AS tc
            JOIN information_schema.key_column_usage AS kcu
                ON (tc.constraint_name = kcu.constraint_name AND
                    tc.constraint_schema = kcu.constraint_schema AND
                    tc.table_name = kcu.table_name AND
                    tc.table_schema = kcu.table_schema)
            JOIN information_schema.constraint_column_usage AS ccu
                ON (ccu.constraint_name = tc.constraint_name AND
                    ccu.constraint_schema = tc.constraint_schema)
            JOIN information_schema.referential_constraints AS rc
                ON (rc.constraint_name = tc.constraint_name AND
                    rc.constraint_schema = tc.constraint_schema)
            WHERE
                tc.constraint_type = 'FOREIGN KEY' AND
                tc.table_name = 'p' AND
                tc.table_schema = COALESCE(NULL, current_schema())
====
ALTER TABLE "p" DROP COLUMN "y" CASCADE
====

            SELECT pg_attribute.attname
            FROM pg_index, pg_class, pg_attribute
            WHERE
                pg_class.oid = '"q"'::regclass AND
                indrelid = pg_class.oid AND
                pg_attribute.attrelid = pg_class.oid AND
                pg_attribute.attnum = any(pg_index.indkey) AND
                indisprimary;
        
====

                SELECT 1
                FROM information_schema.sequences
                WHERE LOWER(sequence_name) = LOWER('q_id_seq')
                    AND sequence_schema = COALESCE(NULL, current_schema())
            
====
ALTER TABLE "q" RENAME TO "qq"
====
ALTER TABLE "q_id_seq" RENAME TO "qq_id_seq"
====
select oid, typname, format_type(oid, NULL) from pg_type;
====
SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = COALESCE(NULL, current_schema()) ORDER BY tablename
====

            SELECT
                i.relname, idxs.indexdef, idx.indisunique,
                ARRAY(
                    SELECT pg_get_indexdef(idx.indexrelid, k + 1, TRUE)
                    FROM generate_subscripts(idx.indkey, 1) AS k
                    ORDER BY k)
            FROM pg_catalog.pg_class AS t
            INNER JOIN pg_catalog.pg_namespace AS n ON t.relnamespace = n.oid
            INNER JOIN pg_catalog.pg_index AS idx ON t.oid = idx.indrelid
            INNER JOIN pg_catalog.pg_class AS i ON idx.indexrelid = i.oid
            INNER JOIN pg_catalog.pg_indexes AS idxs ON (
                idxs.tablename = t.relname
                AND idxs.indexname = i.relname
                AND idxs.schemaname = n.nspname)
            WHERE t.relname = 'cities' AND t.relkind = 'r'
                AND n.nspname = COALESCE(NULL, current_schema())
            ORDER BY idx.indisunique DESC, i.relname;
====

            SELECT c.column_name, c.is_nullable, c.data_type,
                c.column_default,
                pg_catalog.format_type(a.atttypid, a.atttypmod),
                c.is_identity
            FROM information_schema.columns AS c
            INNER JOIN pg_catalog.pg_namespace AS n
                ON (n.nspname = c.table_schema)
            INNER JOIN pg_catalog.pg_class AS t
                ON (t.relname = c.table_name AND t.relnamespace = n.oid)
            INNER JOIN pg_catalog.pg_attribute AS a
                ON (a.attrelid = t.oid AND a.attname = c.column_name)
            WHERE c.table_name = 'cities'
                AND c.table_schema = COALESCE(NULL, current_schema())
                AND NOT a.attisdropped
            ORDER BY c.ordinal_position
====

            SELECT kc.column_name
            FROM information_schema.table_constraints AS tc
            INNER JOIN information_schema.key_column_usage AS kc ON (
                tc.table_name = kc.table_name AND
                tc.table_schema = kc.table_schema AND
                tc.constraint_name = kc.constraint_name)
            WHERE
                tc.constraint_type = 'PRIMARY KEY' AND
                tc.table_name = 'cities' AND
                tc.table_schema = COALESCE(NULL, current_schema())
            ORDER BY kc.ordinal_position
====
SELECT a.attname, a.atttypid FROM pg_catalog.pg_attribute AS a INNER JOIN pg_catalog.pg_class AS t ON a.attrelid = t.oid INNER JOIN pg_catalog.pg_namespace AS n ON t.relnamespace = n.oid WHERE t.relname = 'cities' AND n.nspname = COALESCE(NULL, current_schema()) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
====
SELECT viewname, definition FROM pg_catalog.pg_views WHERE schemaname = COALESCE(NULL, current_schema()) ORDER BY viewname
====

            SELECT COUNT(*) FROM pg_class, pg_namespace
            WHERE relkind='S'
                AND pg_class.relnamespace = pg_namespace.oid
                AND relname='p_id_seq'
                AND nspname=COALESCE(NULL, current_schema())
====
SAVEPOINT "sfc618169584147a585ed69211c58e411";
==== 8
CREATE TABLE IF NOT EXISTS "ev" (
    "id" UUID NOT NULL PRIMARY KEY,
    "name" VARCHAR(50) NOT NULL UNIQUE,
    "doc" JSONB,
    "at" TIMESTAMPTZ NOT NULL,
    "d" DECIMAL(8,2) NOT NULL,
    "par_id" UUID REFERENCES "ev" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "idx_ev_name_cc6e5f" ON "ev" ("name");
CREATE INDEX IF NOT EXISTS "idx_ev_at_00a2f9" ON "ev" ("at");
COMMENT ON TABLE "ev" IS 'evs';
CREATE TABLE IF NOT EXISTS "tag" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "n" VARCHAR(20) NOT NULL
);
COMMENT ON COLUMN "tag"."n" IS 'nn';
CREATE TABLE IF NOT EXISTS "ev_tag" (
    "ev_id" UUID NOT NULL REFERENCES "ev" ("id") ON DELETE CASCADE,
    "tag_id" INT NOT NULL REFERENCES "tag" ("id") ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS "uidx_ev_tag_ev_id_4e1094" ON "ev_tag" ("ev_id", "tag_id");
====
INSERT INTO "tag" ("n") VALUES ($1) RETURNING "id"
====
INSERT INTO "ev" ("id","name","doc","at","d","par_id") VALUES ($1,$2,$3,$4,$5,$6)
====
SELECT "tag_id" FROM "ev_tag" WHERE "ev_id"=$1 AND "tag_id" IN ($2,$3,$4)
====
INSERT INTO "ev_tag" ("tag_id","ev_id") VALUES ($1,$2),($3,$4),($5,$6)
====
SELECT "name","doc","id","d","par_id","at" FROM "ev"
====
SELECT "ev_id","tag_id" FROM "ev_tag" WHERE "ev_id" IN ($1,$2,$3)
====
SELECT "n","id" FROM "tag" WHERE "id" IN ($1,$2,$3)
====
SELECT "name","doc","id","d","par_id","at" FROM "ev" WHERE "par_id" IN ($1,$2,$3)
====
SELECT "name","doc","id","d","par_id","at" FROM "ev" WHERE UPPER(CAST("name" AS VARCHAR)) LIKE UPPER($1) ESCAPE '\' OR "d">$2 ORDER BY "at" DESC LIMIT $3 OFFSET $4
====
SELECT "ev"."name" "name",COUNT("ev__tags"."id") "c" FROM "ev" LEFT OUTER JOIN "ev_tag" ON "ev"."id"="ev_tag"."ev_id" LEFT OUTER JOIN "tag" "ev__tags" ON "ev_tag"."tag_id"="ev__tags"."id" GROUP BY "ev"."name"
====
SELECT DISTINCT "ev"."name","ev"."doc","ev"."id","ev"."d","ev"."par_id","ev"."at" FROM "ev" LEFT OUTER JOIN "ev_tag" ON "ev"."id"="ev_tag"."ev_id" LEFT OUTER JOIN "tag" "ev__tags" ON "ev_tag"."tag_id"="ev__tags"."id" WHERE "ev__tags"."n"=$1
====
SELECT "name","doc","id","d","par_id","at" FROM "ev" WHERE "name"=$1 LIMIT $2 FOR UPDATE
====
UPDATE "ev" SET "name"=$1,"doc"=$2,"at"=$3,"d"=$4,"par_id"=$5 WHERE "id"=$6
====
INSERT INTO "ev" ("id","name","doc","at","d","par_id") VALUES ($1,$2,$3,$4,$5,$6) ON CONFLICT ("name") DO UPDATE SET "d"=EXCLUDED."d"
====
UPDATE "ev" SET "d"="d"+$1 WHERE "name"=$2
====
SELECT "name","doc","id","d","par_id","at" FROM "ev" WHERE "doc"@>$1
====
SELECT 1 FROM "ev" WHERE "name"=$1 LIMIT $2
====
DELETE FROM "ev" WHERE "name"=$1
====
SELECT "ev"."name","ev"."doc","ev"."id","ev"."d","ev"."par_id","ev"."at","ev__par"."name" "ev__par.name","ev__par"."doc" "ev__par.doc","ev__par"."id" "ev__par.id","ev__par"."d" "ev__par.d","ev__par"."par_id" "ev__par.par_id","ev__par"."at" "ev__par.at" FROM "ev" LEFT OUTER JOIN "ev" "ev__par" ON "ev__par"."id"="ev"."par_id" WHERE "ev"."name"=$1 LIMIT $2
====
SELECT COUNT(*) FROM "ev"
====
SELECT "name","doc","id","d","par_id","at" FROM "ev" WHERE "name"=$1 FOR UPDATE SKIP LOCKED
====
select * from ev
====
EXPLAIN (FORMAT JSON, VERBOSE) SELECT "name","doc","id","d","par_id","at" FROM "ev" WHERE "name"='e1'
====
SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'public' AND lower(tablename) = lower('a')
====
CREATE TABLE "a" (
  "id" SERIAL PRIMARY KEY,
  "n" TEXT UNIQUE NOT NULL,
  "j" JSONB NOT NULL,
  "x" INT[] NOT NULL
)
====
CREATE TABLE "b" (
  "id" SERIAL PRIMARY KEY,
  "a" INTEGER NOT NULL,
  "v" DOUBLE PRECISION
)
====
SELECT indexname FROM pg_catalog.pg_indexes WHERE schemaname = 'public' AND tablename = 'b' AND lower(indexname) = lower('idx_b__a')
====
CREATE INDEX "idx_b__a" ON "b" ("a")
====
CREATE INDEX "idx_b__v" ON "b" ("v")
====
SELECT con.conname FROM pg_class cls JOIN pg_namespace ns ON cls.relnamespace = ns.oid JOIN pg_constraint con ON con.conrelid = cls.oid WHERE ns.nspname = 'public' AND cls.relname = 'b' AND con.contype = 'f' AND lower(con.conname) = lower('fk_b__a')
====
ALTER TABLE "b" ADD CONSTRAINT "fk_b__a" FOREIGN KEY ("a") REFERENCES "a" ("id") ON DELETE CASCADE
====
SELECT "a"."id", "a"."n", "a"."j", "a"."x"
FROM "a" "a"
WHERE 0 = 1
====
SELECT "b"."id", "b"."a", "b"."v"
FROM "b" "b"
WHERE 0 = 1
====
INSERT INTO "a" ("n", "j", "x") VALUES ('n0', '{"a": 0}', ARRAY[1]) RETURNING "id"
====
SELECT "id", "n", "j", "x"
FROM "a"
WHERE "id" = 1
====
INSERT INTO "b" ("a", "v") VALUES (1, 1.5) RETURNING "id"
====
SELECT "a"."id"
FROM "a" "a"
  LEFT JOIN "b" "b"
    ON "a"."id" = "b"."a"
WHERE "a"."n" LIKE 'n%'
GROUP BY "a"."id"
HAVING COUNT(DISTINCT "b"."id") >= 0
ORDER BY "a"."n" DESC
LIMIT 2
====
SELECT AVG("b"."v")
FROM "b" "b"
====
SELECT "a"."n", coalesce(SUM("b"."v"), 0)
FROM "a" "a"
  LEFT JOIN "b" "b"
    ON "a"."id" = "b"."a"
GROUP BY "a"."n"
====
SELECT "id", "n", "j", "x"
FROM "a"
WHERE "n" = 'n1'
FOR UPDATE
====
SELECT "a"."id", "a"."n", "a"."j", "a"."x"
FROM "a" "a"
WHERE ("a"."j" #>> '{a}')::int = 1
====
SELECT "a"."id", "a"."n", "a"."j", "a"."x"
FROM "a" "a"
LIMIT 1
====
SELECT "b"."id", "b"."a", "b"."v"
FROM "b" "b"
WHERE "b"."v" > 9
====
DELETE FROM "a"
WHERE "id" = 2
====
SELECT "a"."id", "a"."n", "a"."j", "a"."x"
FROM "a" "a"
====
CREATE TABLE "yoyo_lock" ("locked" INT DEFAULT 1, "ctime" TIMESTAMP,"pid" INT NOT NULL,PRIMARY KEY ("locked"))
====
CREATE TABLE "yoyo_tmp_dEqAUZD7vZ" ("id" INT PRIMARY KEY)
====
DROP TABLE "yoyo_tmp_dEqAUZD7vZ"
====

                        INSERT INTO "yoyo_lock"
                        ("locked", "ctime", "pid")
                        VALUES (1, $1, $2)
                        
====
SELECT table_name FROM information_schema.tables WHERE table_schema = $1
====
CREATE TABLE "_yoyo_migration" (id VARCHAR(191) NOT NULL PRIMARY KEY,ctime TIMESTAMP)
====

        CREATE TABLE "_yoyo_log" (
            "id" VARCHAR(36),
            "migration_hash" VARCHAR(64),
            "migration_id" VARCHAR(255),
            "operation" VARCHAR(10),
            "username" VARCHAR(255),
            "hostname" VARCHAR(255),
            "comment" VARCHAR(255),
            "created_at_utc" TIMESTAMP,
            PRIMARY KEY ("id")
        )
        
====

        CREATE TABLE "_yoyo_version" (
            "version" INT NOT NULL PRIMARY KEY,
            "installed_at_utc" TIMESTAMP
        )
        
====
SELECT "id", "ctime" FROM "_yoyo_migration"
====
DROP TABLE "_yoyo_migration"
====

        CREATE TABLE "_yoyo_migration" (
            "migration_hash" VARCHAR(64),
            "migration_id" VARCHAR(255),
            "applied_at_utc" TIMESTAMP,
            PRIMARY KEY ("migration_hash")
        )
        
====

        INSERT INTO "_yoyo_migration"
        SELECT "migration_hash", "migration_id", "created_at_utc"
        FROM "_yoyo_log"
        
====
INSERT INTO "_yoyo_version" VALUES ($1, $2)
====
SELECT "migration_hash" FROM "_yoyo_migration" ORDER by "applied_at_utc"
====
SAVEPOINT "sp_1"
==== 3
create table y (a int); insert into y values (1); insert into y values (2)
====
create index yi on y (a)
====
INSERT INTO "_yoyo_log" ("id", "migration_hash", "migration_id", "operation", "username", "hostname", "created_at_utc") VALUES ($1, $2, $3, $4, $5, $6, $7)
====
INSERT INTO "_yoyo_migration" ("migration_hash", "migration_id", "applied_at_utc") VALUES ($1, $2, $3)
====
create function yf() returns int as $$ select 1; $$ language sql;
====
alter table y add b text;
====
DELETE FROM "_yoyo_migration" WHERE "migration_hash" = $1
====
drop table y
====
DELETE FROM "yoyo_lock" WHERE "pid"=$1
====
SHOW server_version
====
CREATE TABLE IF NOT EXISTS "band" ("id" SERIAL PRIMARY KEY NOT NULL, "name" VARCHAR(255) UNIQUE NOT NULL DEFAULT '', "doc" JSONB DEFAULT '{}', "tags" VARCHAR(255)[] NOT NULL DEFAULT '{}')
====
CREATE TABLE IF NOT EXISTS "gig" ("id" SERIAL PRIMARY KEY NOT NULL, "band" INTEGER REFERENCES "band" ("id") ON DELETE CASCADE ON UPDATE CASCADE DEFAULT null, "n" INTEGER NOT NULL DEFAULT 0)
====
CREATE INDEX IF NOT EXISTS gig_n ON "gig" USING btree ("n")
====
INSERT INTO "band" ("id","name","doc","tags") VALUES (DEFAULT,$1,$2,$3),(DEFAULT,$4,$5,$6) RETURNING "id"
====
SELECT ALL "band"."id" AS "id", "band"."name" AS "name", "band"."doc" AS "doc", "band"."tags" AS "tags" FROM "band" WHERE "band"."name" LIKE $1 ORDER BY "band"."name" ASC LIMIT 1
====
INSERT INTO "gig" ("id","band","n") VALUES (DEFAULT,$1,$2) RETURNING "id"
====
SELECT ALL "gig$band"."name" AS "band.name", "gig"."n" AS "n" FROM "gig" LEFT JOIN "band" "gig$band" ON ("gig"."band" = "gig$band"."id")
====
UPDATE "band" SET "name" = $1 WHERE "band"."id" = $2 RETURNING "id"
====
SELECT ALL "band"."id" AS "id", "band"."name" AS "name", "band"."doc" AS "doc", "band"."tags" AS "tags" FROM "band" WHERE "band"."name" = $1 LIMIT 1
====
INSERT INTO "band" ("id","name","doc","tags") VALUES (DEFAULT,$1,$2,$3) RETURNING "id"
====
SELECT ALL COUNT(*) AS "count" FROM "band"
====
DELETE FROM "gig"
====
SELECT EXISTS(SELECT ALL "band"."id" AS "id", "band"."name" AS "name", "band"."doc" AS "doc", "band"."tags" AS "tags" FROM "band" WHERE "band"."name" = $1) AS "exists"
====
ALTER TABLE "band" ADD COLUMN "x" INTEGER NOT NULL DEFAULT 1
====
ALTER TABLE "band" DROP COLUMN "x"
====
SELECT ALL "band"."doc" -> $1 AS "doc" FROM "band"
====
select * from band where name = $1
====
SELECT EXISTS(SELECT * FROM information_schema.tables WHERE table_name = $1)
====
SELECT ALL "band"."id" AS "id", "band"."name" AS "name", "band"."doc" AS "doc", "band"."tags" AS "tags" FROM "band" FOR UPDATE SKIP LOCKED
====
SELECT  unnest(
  procrastinate_defer_jobs_v1(
    $1::procrastinate_job_to_defer_v1[]
  )
) AS id;
====
SELECT * FROM procrastinate_prune_stalled_workers_v1($1)
====
SELECT * FROM procrastinate_register_worker_v1()
====
SELECT procrastinate_defer_periodic_job_v2($1, $2, $3, $4, $5, $6, $7, $8) AS id;
====
SELECT id, status, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name, attempts, worker_id
    FROM procrastinate_fetch_job_v2($1::varchar[], $2);
====
LISTEN "procrastinate_any_queue_v1";
====
SELECT procrastinate_finish_job_v1($1, $2, $3);
====
SELECT procrastinate_unregister_worker_v1($1)
====
SELECT id,
       queue_name,
       task_name,
       priority,
       lock,
       queueing_lock,
       args,
       status,
       scheduled_at,
       attempts,
       abort_requested,
       worker_id
  FROM procrastinate_jobs
 WHERE ($1::bigint IS NULL OR id = $1)
   AND ($2::varchar IS NULL OR queue_name = $2)
   AND ($3::varchar IS NULL OR task_name = $3)
   AND ($4::procrastinate_job_status IS NULL OR status = $4)
   AND ($5::varchar IS NULL OR lock = $5)
   AND ($6::varchar IS NULL OR queueing_lock = $6)
   AND ($7::bigint IS NULL OR worker_id = $7)
 ORDER BY id ASC;
====
WITH jobs AS (
   SELECT id,
          queue_name,
          task_name,
          lock,
          args,
          status,
          scheduled_at,
          attempts
     FROM procrastinate_jobs
    WHERE ($1::varchar IS NULL OR queue_name = $1)
      AND ($2::varchar IS NULL OR task_name = $2)
      AND ($3::procrastinate_job_status IS NULL OR status = $3)
      AND ($4::varchar IS NULL OR lock = $4)
)
SELECT queue_name AS name,
       COUNT(id) AS jobs_count,
       (WITH stats AS (
           SELECT status,
                  COUNT(*) AS jobs_count
             FROM jobs
            WHERE queue_name = j.queue_name
            GROUP BY status
           )
           SELECT json_object_agg(status, jobs_count) FROM stats
       ) AS stats
  FROM jobs AS j
 GROUP BY name
 ORDER BY name;
====
WITH jobs AS (
   SELECT id,
          queue_name,
          task_name,
          lock,
          args,
          status,
          scheduled_at,
          attempts
     FROM procrastinate_jobs
    WHERE ($1::varchar IS NULL OR queue_name = $1)
      AND ($2::varchar IS NULL OR task_name = $2)
      AND ($3::procrastinate_job_status IS NULL OR status = $3)
      AND ($4::varchar IS NULL OR lock = $4)
)
SELECT task_name AS name,
       COUNT(id) AS jobs_count,
       (WITH stats AS (
           SELECT status,
                  COUNT(*) AS jobs_count
             FROM jobs
            WHERE task_name = j.task_name
            GROUP BY status
           )
           SELECT json_object_agg(status, jobs_count) FROM stats
       ) AS stats
  FROM jobs AS j
 GROUP BY name
 ORDER BY name;
====
WITH jobs AS (
  SELECT
    id,
    lock,
    status
  FROM procrastinate_jobs
  WHERE ($1::varchar IS NULL OR queue_name = $1)
  AND ($2::varchar IS NULL OR task_name = $2)
  AND ($3::procrastinate_job_status IS NULL OR status = $3)
  AND ($4::varchar IS NULL OR lock = $4)
  AND lock IS NOT NULL
), locks AS (
  SELECT
    lock,
    status,
    count(id) AS jobs_count
  FROM jobs
  GROUP BY lock, status
)
SELECT
  lock AS name,
  sum(jobs_count) AS jobs_count,
  json_object_agg(status, jobs_count) AS stats
FROM locks
GROUP BY name
ORDER BY name;
====
WITH stalled_workers AS (
   SELECT id
     FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - ($1 || ' SECOND')::INTERVAL
)
SELECT job.id, status, task_name, priority, lock, queueing_lock,
       args, scheduled_at, queue_name, attempts, job.worker_id
  FROM procrastinate_jobs job
 LEFT JOIN stalled_workers sw ON sw.id = job.worker_id
 WHERE job.status = 'doing'
   AND ($2::varchar IS NULL OR job.queue_name = $2)
   AND ($3::varchar IS NULL OR job.task_name = $3)
   AND (job.worker_id IS NULL OR sw.id IS NOT NULL)
====
DELETE FROM procrastinate_jobs
WHERE id IN (
    SELECT job.id FROM (
        SELECT DISTINCT ON (job.id) job.*, event.at AS latest_at
            FROM procrastinate_jobs job
            JOIN procrastinate_events event
              ON job.id = event.job_id
            ORDER BY job.id, event.at DESC
    ) AS job
    WHERE job.status = ANY($1::procrastinate_job_status[])
      AND ($2::varchar IS NULL OR job.queue_name = $2)
      AND latest_at < NOW() - ($3 || 'HOUR')::INTERVAL
)
====
SELECT procrastinate_cancel_job_v1($1, $2, $3) AS id;
====
SELECT to_regclass('procrastinate_jobs') as check;
====
with extension_oids as (
  select
      objid
  from
      pg_depend d
  WHERE
      d.refclassid = 'pg_extension'::regclass
      and d.classid = 'pg_namespace'::regclass
) select
    nspname as schema
from
    pg_catalog.pg_namespace
    left outer join extension_oids e
    	on e.objid = oid
 where nspname not in ('pg_internal', 'pg_catalog', 'information_schema', 'pg_toast')
 and nspname not like 'pg_temp_%' and nspname not like 'pg_toast_temp_%'
 and e.objid is null
order by 1;

====
with extension_oids as (
  select
      objid
  from
      pg_depend d
  WHERE
      d.refclassid = 'pg_extension'::regclass and
      d.classid = 'pg_type'::regclass
)
SELECT
  n.nspname as "schema",
  t.typname as "name",
  ARRAY(
     SELECT e.enumlabel
      FROM pg_catalog.pg_enum e
      WHERE e.enumtypid = t.oid
      ORDER BY e.enumsortorder
  ) as elements
FROM pg_catalog.pg_type t
     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     left outer join extension_oids e
       on t.oid = e.objid
WHERE
  t.typcategory = 'E'
  and e.objid is null
   and n.nspname not in ('pg_internal', 'pg_catalog', 'information_schema', 'pg_toast')
   and n.nspname not like 'pg_temp_%' and n.nspname not like 'pg_toast_temp_%'
ORDER BY 1, 2;

====
with extension_oids as (
  select
      objid
  from
      pg_depend d
  WHERE
      d.refclassid = 'pg_extension'::regclass and
      d.classid = 'pg_class'::regclass
), enums as (

  SELECT
    t.oid as enum_oid,
    n.nspname as "schema",
    t.typname as name
  FROM pg_catalog.pg_type t
       LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
       left outer join extension_oids e
         on t.oid = e.objid
  WHERE
    t.typcategory = 'E'
    and e.objid is null
     and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
     and n.nspname not like 'pg_temp_%' and n.nspname not like 'pg_toast_temp_%'
  ORDER BY 1, 2
),
r as (
    select
        c.relname as name,
        n.nspname as schema,
        c.relkind as relationtype,
        c.oid as oid,
        case when c.relkind in ('m', 'v') then
          pg_get_viewdef(c.oid)
        else null end
          as definition,
        (SELECT
              '"' || nmsp_parent.nspname || '"."' || parent.relname || '"' as parent
          FROM pg_inherits
              JOIN pg_class parent            ON pg_inherits.inhparent = parent.oid
              JOIN pg_class child             ON pg_inherits.inhrelid   = child.oid
              JOIN pg_namespace nmsp_parent   ON nmsp_parent.oid  = parent.relnamespace
              JOIN pg_namespace nmsp_child    ON nmsp_child.oid   = child.relnamespace
          where child.oid = c.oid)
        as parent_table,
        case when c.relpartbound is not null then
          pg_get_expr(c.relpartbound, c.oid, true)
        when c.relhassubclass is not null then
          pg_catalog.pg_get_partkeydef(c.oid)
        end
        as partition_def,
        c.relrowsecurity::boolean as rowsecurity,
        c.relforcerowsecurity::boolean as forcerowsecurity,
        c.relpersistence as persistence,
        c.relpages as page_size_estimate,
        c.reltuples as row_count_estimate
    from
        pg_catalog.pg_class c
        inner join pg_catalog.pg_namespace n
          ON n.oid = c.relnamespace
        left outer join extension_oids e
          on c.oid = e.objid
    where c.relkind in ('r', 'v', 'm', 'c', 'p')
     and e.objid is null
     and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
     and n.nspname not like 'pg_temp_%' and n.nspname not like 'pg_toast_temp_%'
)
select
    r.relationtype,
    r.schema,
    r.name,
    r.definition as definition,
    a.attnum as position_number,
    a.attname as attname,
    a.attnotnull as not_null,
    a.atttypid::regtype AS datatype,
    a.attidentity != '' as is_identity,
    a.attidentity = 'a' as is_identity_always,
    -- PRE_12 false as is_generated,
     a.attgenerated != '' as is_generated,
    (SELECT c.collname FROM pg_catalog.pg_collation c, pg_catalog.pg_type t
     WHERE c.oid = a.attcollation AND t.oid = a.atttypid AND a.attcollation <> t.typcollation) AS collation,
    pg_get_expr(ad.adbin, ad.adrelid) as defaultdef,
    r.oid as oid,
    format_type(atttypid, atttypmod) AS datatypestring,
    e.enum_oid is not null as is_enum,
    e.name as enum_name,
    e.schema as enum_schema,
    pg_catalog.obj_description(r.oid) as comment,
    r.parent_table,
    r.partition_def,
    r.rowsecurity,
    r.forcerowsecurity,
    r.persistence,
    r.page_size_estimate,
    r.row_count_estimate
FROM
    r
    left join pg_catalog.pg_attribute a
        on r.oid = a.attrelid and a.attnum > 0
    left join pg_catalog.pg_attrdef ad
        on a.attrelid = ad.adrelid
        and a.attnum = ad.adnum
    left join enums e
      on a.atttypid = e.enum_oid
where a.attisdropped is not true
 and r.schema not in ('pg_catalog', 'information_schema', 'pg_toast')
 and r.schema not like 'pg_temp_%' and r.schema not like 'pg_toast_temp_%'
order by relationtype, r.schema, r.name, position_number;

====
with extension_oids as (
  select
      objid,
      classid::regclass::text as classid
  from
      pg_depend d
  WHERE
      d.refclassid = 'pg_extension'::regclass and
      d.classid = 'pg_index'::regclass
),
extension_relations as (
  select
      objid
  from
      pg_depend d
  WHERE
      d.refclassid = 'pg_extension'::regclass and
      d.classid = 'pg_class'::regclass
), pre as (
    SELECT n.nspname AS schema,
   c.relname AS table_name,
   i.relname AS name,
   i.oid as oid,
   e.objid as extension_oid,
   pg_get_indexdef(i.oid) AS definition,
       (
           select
               array_agg(attname order by ik.n)
           from
                unnest(x.indkey) with ordinality ik(i, n)
                join pg_attribute aa
                    on
                        aa.attrelid = x.indrelid
                        and ik.i = aa.attnum
        )
       index_columns,
       indoption key_options,
       indnatts total_column_count,
        indnkeyatts key_column_count,
       -- 10_AND_EARLIER indnatts key_column_count,
       indnatts num_att,
         indnatts - indnkeyatts included_column_count,
        -- 10_AND_EARLIER 0 included_column_count,
       indisunique is_unique,
       indisprimary is_pk,
       indisexclusion is_exclusion,
       indimmediate is_immediate,
       indisclustered is_clustered,
       indcollation key_collations,
       pg_get_expr(indexprs, indrelid) key_expressions,
       pg_get_expr(indpred, indrelid) partial_predicate,
       amname algorithm
  FROM pg_index x
    JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_am am ON i.relam = am.oid
    LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
     left join extension_oids e
      on i.oid = e.objid
    left join extension_relations er
      on c.oid = er.objid
WHERE
    x.indislive
    and c.relkind in ('r', 'm', 'p') AND i.relkind in ('i', 'I')
       and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
       and nspname not like 'pg_temp_%' and nspname not like 'pg_toast_temp_%'
       and e.objid is null and er.objid is null
)
select * ,
index_columns[1:key_column_count] as key_columns,
index_columns[key_column_count+1:array_length(index_columns, 1)] as included_columns
from pre
order by 1, 2, 3;

====
with
extension_objids as (
    select
        objid as extension_objid
    from
        pg_depend d
    WHERE
        d.refclassid = 'pg_extension'::regclass and
        d.classid = 'pg_class'::regclass
), pre as (
    select
        n.nspname as schema,
        c.relname as name,
        c_ref.relname as table_name,
        a.attname as column_name,
        --a.attname is not null as has_table_owner,
        --a.attidentity is distinct from '' as is_identity,
        d.deptype is not distinct from 'i' as is_identity
        --a.attidentity = 'a' as is_identity_always
    from
        --pg_sequence s

        --inner join pg_class c
        --    on s.seqrelid = c.oid

        pg_class c

        inner join pg_catalog.pg_namespace n
            ON n.oid = c.relnamespace

        left join extension_objids
            on c.oid = extension_objids.extension_objid

        left join pg_depend d
            on c.oid = d.objid and d.deptype in ('i', 'a')

        left join pg_class c_ref
            on d.refobjid = c_ref.oid

        left join pg_attribute a
            ON ( a.attnum = d.refobjsubid
                AND a.attrelid = d.refobjid )

where
    c.relkind = 'S'
     and n.nspname not in ('pg_internal', 'pg_catalog', 'information_schema', 'pg_toast')
     and n.nspname not like 'pg_temp_%' and n.nspname not like 'pg_toast_temp_%'
    and extension_objids.extension_objid is null
)
select
    *
from
    pre
where
    not is_identity
order by
    1, 2;

====
with information_schema_table_constraints as (
select
    nc.nspname::information_schema.sql_identifier AS constraint_schema,
    c.conname::information_schema.sql_identifier AS constraint_name,
    nr.nspname::information_schema.sql_identifier AS table_schema,
    r.relname::information_schema.sql_identifier AS table_name,
    CASE c.contype
        WHEN 'c'::"char" THEN 'CHECK'::text
        WHEN 'f'::"char" THEN 'FOREIGN KEY'::text
        WHEN 'p'::"char" THEN 'PRIMARY KEY'::text
        WHEN 'u'::"char" THEN 'UNIQUE'::text
        ELSE NULL::text
    END::information_schema.character_data AS constraint_type,
    CASE
        WHEN c.condeferrable THEN 'YES'::text
        ELSE 'NO'::text
    END::information_schema.yes_or_no AS is_deferrable,
    CASE
        WHEN c.condeferred THEN 'YES'::text
        ELSE 'NO'::text
    END::information_schema.yes_or_no AS initially_deferred,
    'YES'::character varying::information_schema.yes_or_no AS enforced
   FROM pg_namespace nc,
    pg_namespace nr,
    pg_constraint c,
    pg_class r
  WHERE nc.oid = c.connamespace AND nr.oid = r.relnamespace AND c.conrelid = r.oid AND (c.contype <> ALL (ARRAY['t'::"char", 'x'::"char"])) AND (r.relkind = ANY (ARRAY['r'::"char", 'p'::"char"])) AND NOT pg_is_other_temp_schema(nr.oid) AND (pg_has_role(r.relowner, 'USAGE'::text) OR has_table_privilege(r.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'::text) OR has_any_column_privilege(r.oid, 'SELECT, INSERT, UPDATE, REFERENCES'::text))
UNION ALL
 SELECT
    nr.nspname::information_schema.sql_identifier AS constraint_schema,
    (((((nr.oid::text || '_'::text) || r.oid::text) || '_'::text) || a.attnum::text) || '_not_null'::text)::information_schema.sql_identifier AS constraint_name,
    nr.nspname::information_schema.sql_identifier AS table_schema,
    r.relname::information_schema.sql_identifier AS table_name,
    'CHECK'::character varying::information_schema.character_data AS constraint_type,
    'NO'::character varying::information_schema.yes_or_no AS is_deferrable,
    'NO'::character varying::information_schema.yes_or_no AS initially_deferred,
    'YES'::character varying::information_schema.yes_or_no AS enforced
   FROM pg_namespace nr,
    pg_class r,
    pg_attribute a
  WHERE nr.oid = r.relnamespace AND r.oid = a.attrelid AND a.attnotnull AND a.attnum > 0 AND NOT a.attisdropped AND (r.relkind = ANY (ARRAY['r'::"char", 'p'::"char"])) AND NOT pg_is_other_temp_schema(nr.oid) AND (pg_has_role(r.relowner, 'USAGE'::text) OR has_table_privilege(r.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'::text) OR has_any_column_privilege(r.oid, 'SELECT, INSERT, UPDATE, REFERENCES'::text))
),
extension_oids as (
  select
      objid
  from
      pg_depend d
  WHERE
      d.refclassid = 'pg_extension'::regclass
      and d.classid = 'pg_constraint'::regclass
), extension_rels as (
  select
      objid
  from
      pg_depend d
  WHERE
      d.refclassid = 'pg_extension'::regclass
      and d.classid = 'pg_class'::regclass
), indexes as (
    select
        schemaname as schema,
        tablename as table_name,
        indexname as name,
        indexdef as definition,
        indexdef as create_statement
    FROM
        pg_indexes
         where schemaname not in ('pg_catalog', 'information_schema', 'pg_toast')
		 and schemaname not like 'pg_temp_%' and schemaname not like 'pg_toast_temp_%'
    order by
        schemaname, tablename, indexname
)
select
    nspname as schema,
    conname as name,
    relname as table_name,
    pg_get_constraintdef(pg_constraint.oid) as definition,
    case contype
        when 'c' then 'CHECK'
        when 'f' then 'FOREIGN KEY'
        when 'p' then 'PRIMARY KEY'
        when 'u' then 'UNIQUE'
        when 'x' then 'EXCLUDE'
    end as constraint_type,
    i.name as index,
    e.objid as extension_oid,
    case when contype = 'f' then
        (
            SELECT nspname
            FROM pg_catalog.pg_class AS c
            JOIN pg_catalog.pg_namespace AS ns
            ON c.relnamespace = ns.oid
            WHERE c.oid = confrelid::regclass
        )
    end as foreign_table_schema,
    case when contype = 'f' then
        (
            select relname
            from pg_catalog.pg_class c
            where c.oid = confrelid::regclass
        )
    end as foreign_table_name,
    case when contype = 'f' then
        (
            select
                array_agg(ta.attname order by c.rn)
            from
            pg_attribute ta
            join unnest(conkey) with ordinality c(cn, rn)

            on
                ta.attrelid = conrelid and ta.attnum = c.cn
        )
    else null end as fk_columns_local,
    case when contype = 'f' then
        (
            select
                array_agg(ta.attname order by c.rn)
            from
            pg_attribute ta
            join unnest(confkey) with ordinality c(cn, rn)

            on
                ta.attrelid = confrelid and ta.attnum = c.cn
        )
    else null end as fk_columns_foreign,
    contype = 'f' as is_fk,
    condeferrable as is_deferrable,
    condeferred as initially_deferred
from
    pg_constraint
    INNER JOIN pg_class
        ON conrelid=pg_class.oid
    INNER JOIN pg_namespace
        ON pg_namespace.oid=pg_class.relnamespace
    left outer join indexes i
        on nspname = i.schema
        and conname = i.name
        and relname = i.table_name
    left outer join extension_oids e
      on pg_class.oid = e.objid
    left outer join extension_rels er
      on er.objid = conrelid
    left outer join extension_rels cr
      on cr.objid = confrelid
    where contype in ('c', 'f', 'p', 'u', 'x')
   and nspname not in ('pg_internal', 'pg_catalog', 'information_schema', 'pg_toast', 'pg_temp_1', 'pg_toast_temp_1')
   and e.objid is null and er.objid is null and cr.objid is null
order by 1, 3, 2;

====
select
  nspname as schema,
  extname as name,
  extversion as version,
  e.oid as oid
from
    pg_extension e
    INNER JOIN pg_namespace
        ON pg_namespace.oid=e.extnamespace
order by schema, name;

====
with extension_oids as (
      select
          objid
      from
          pg_depend d
      WHERE
          d.refclassid = 'pg_extension'::regclass
          and d.classid = 'pg_proc'::regclass
    ),
    pg_proc_pre as (
      select
        pp.*,
         pp.oid as p_oid
        -- 10_AND_EARLIER pp.oid as p_oid, case when pp.proisagg then 'a' else 'f' end as prokind
      from pg_proc pp
    ),
routines as (
 SELECT current_database()::information_schema.sql_identifier AS specific_catalog,
    n.nspname::information_schema.sql_identifier AS specific_schema,
    --nameconcatoid(p.proname, p.oid)::information_schema.sql_identifier AS specific_name,
    current_database()::information_schema.sql_identifier AS routine_catalog,
    n.nspname::information_schema.sql_identifier AS schema,
    p.proname::information_schema.sql_identifier AS name,
        CASE p.prokind
            WHEN 'f'::"char" THEN 'FUNCTION'::text
            WHEN 'p'::"char" THEN 'PROCEDURE'::text
            ELSE NULL::text
        END::information_schema.character_data AS routine_type,
        CASE
            WHEN p.prokind = 'p'::"char" THEN NULL::text
            WHEN t.typelem <> 0::oid AND t.typlen = '-1'::integer THEN 'ARRAY'::text
            WHEN nt.nspname = 'pg_catalog'::name THEN format_type(t.oid, NULL::integer)
            ELSE 'USER-DEFINED'::text
        END::information_schema.character_data AS data_type,

        CASE
            WHEN nt.nspname IS NOT NULL THEN current_database()
            ELSE NULL::name
        END::information_schema.sql_identifier AS type_udt_catalog,
    nt.nspname::information_schema.sql_identifier AS type_udt_schema,
    t.typname::information_schema.sql_identifier AS type_udt_name,
        CASE
            WHEN p.prokind <> 'p'::"char" THEN 0
            ELSE NULL::integer
        END::information_schema.sql_identifier AS dtd_identifier,
        CASE
            WHEN l.lanname = 'sql'::name THEN 'SQL'::text
            ELSE 'EXTERNAL'::text
        END::information_schema.character_data AS routine_body,
        CASE
            WHEN pg_has_role(p.proowner, 'USAGE'::text) THEN p.prosrc
            ELSE NULL::text
        END::information_schema.character_data AS definition,
        CASE
            WHEN l.lanname = 'c'::name THEN p.prosrc
            ELSE NULL::text
        END::information_schema.character_data AS external_name,
    upper(l.lanname::text)::information_schema.character_data AS external_language,
    'GENERAL'::character varying::information_schema.character_data AS parameter_style,
        CASE
            WHEN p.provolatile = 'i'::"char" THEN 'YES'::text
            ELSE 'NO'::text
        END::information_schema.yes_or_no AS is_deterministic,
    'MODIFIES'::character varying::information_schema.character_data AS sql_data_access,
        CASE
            WHEN p.prokind <> 'p'::"char" THEN
            CASE
                WHEN p.proisstrict THEN 'YES'::text
                ELSE 'NO'::text
            END
            ELSE NULL::text
        END::information_schema.yes_or_no AS is_null_call,
    'YES'::character varying::information_schema.yes_or_no AS schema_level_routine,
    0::information_schema.cardinal_number AS max_dynamic_result_sets,
        CASE
            WHEN p.prosecdef THEN 'DEFINER'::text
            ELSE 'INVOKER'::text
        END::information_schema.character_data AS security_type,
    'NO'::character varying::information_schema.yes_or_no AS as_locator,
    'NO'::character varying::information_schema.yes_or_no AS is_udt_dependent,
    p.p_oid as oid,
    p.proisstrict,
    p.prosecdef,
    p.provolatile,
    p.proargtypes,
    p.proallargtypes,
    p.proargnames,
    p.proargdefaults,
    p.proargmodes,
    p.proowner,
    p.prokind as kind
   FROM pg_namespace n
     JOIN pg_proc_pre p ON n.oid = p.pronamespace
     JOIN pg_language l ON p.prolang = l.oid
     LEFT JOIN (pg_type t
     JOIN pg_namespace nt ON t.typnamespace = nt.oid) ON p.prorettype = t.oid AND p.prokind <> 'p'::"char"
  WHERE pg_has_role(p.proowner, 'USAGE'::text) OR has_function_privilege(p.p_oid, 'EXECUTE'::text)

),
    pgproc as (
      select
        schema,
        name,
        p.oid as oid,
        e.objid as extension_oid,
        case proisstrict when true then
          'RETURNS NULL ON NULL INPUT'
        else
          'CALLED ON NULL INPUT'
        end as strictness,
        case prosecdef when true then
          'SECURITY DEFINER'
        else
          'SECURITY INVOKER'
        end as security_type,
        case provolatile
          when 'i' then
            'IMMUTABLE'
          when 's' then
            'STABLE'
          when 'v' then
            'VOLATILE'
          else
            null
        end as volatility,
        p.proargtypes,
        p.proallargtypes,
        p.proargnames,
        p.proargdefaults,
        p.proargmodes,
        p.proowner,
        COALESCE(p.proallargtypes, p.proargtypes::oid[]) as procombinedargtypes,
        p.kind,
        p.type_udt_schema,
        p.type_udt_name,
        p.definition,
        p.external_language

      from
          routines p
          left outer join extension_oids e
            on p.oid = e.objid
      where true
       and p.kind != 'a'
       and schema not in ('pg_internal', 'pg_catalog', 'information_schema', 'pg_toast')
       and schema not like 'pg_temp_%' and schema not like 'pg_toast_temp_%'
       and e.objid is null
       and p.external_language not in ('C', 'INTERNAL')
    ),
unnested as (
    select
        p.*,
        pname as parameter_name,
        pnum as position_number,
        CASE
            WHEN pargmode IS NULL THEN null
            WHEN pargmode = 'i'::"char" THEN 'IN'::text
            WHEN pargmode = 'o'::"char" THEN 'OUT'::text
            WHEN pargmode = 'b'::"char" THEN 'INOUT'::text
            WHEN pargmode = 'v'::"char" THEN 'IN'::text
            WHEN pargmode = 't'::"char" THEN 'OUT'::text
            ELSE NULL::text
            END::information_schema.character_data AS parameter_mode,
      CASE
        WHEN t.typelem <> 0::oid AND t.typlen = '-1'::integer THEN 'ARRAY'::text
        else format_type(t.oid, NULL::integer)

    END::information_schema.character_data AS data_type,
    CASE
            WHEN pg_has_role(p.proowner, 'USAGE'::text) THEN pg_get_function_arg_default(p.oid, pnum::int)
            ELSE NULL::text
        END::varchar AS parameter_default
    from pgproc p
    left join lateral
    unnest(
        p.proargnames,
        p.proallargtypes,
        p.procombinedargtypes,
        p.proargmodes)
    WITH ORDINALITY AS uu(pname, pdatatype, pargtype, pargmode, pnum) ON TRUE
    left join pg_type t
        on t.oid = uu.pargtype
),
    pre as (
        SELECT
            p.schema as schema,
            p.name as name,
            case when p.data_type = 'USER-DEFINED' then
              '"' || p.type_udt_schema || '"."' || p.type_udt_name || '"'
            else
              p.data_type
            end as returntype,
            p.data_type = 'USER-DEFINED' as has_user_defined_returntype,
            p.parameter_name as parameter_name,
            p.data_type as data_type,
            p.parameter_mode as parameter_mode,
            p.parameter_default as parameter_default,
            p.position_number as position_number,
            p.definition as definition,
            pg_get_functiondef(p.oid) as full_definition,
            p.external_language as language,
            p.strictness as strictness,
            p.security_type as security_type,
            p.volatility as volatility,
            p.kind as kind,
            p.oid as oid,
            p.extension_oid as extension_oid,
            pg_get_function_result(p.oid) as result_string,
            pg_get_function_identity_arguments(p.oid) as identity_arguments,
            pg_catalog.obj_description(p.oid) as comment
        FROM
          unnested p
    )
select
*
from pre
order by
    schema, name, parameter_mode, position_number, parameter_name;

====
select
  table_schema as schema,
  table_name as name,
  'table' as object_type,
  grantee as user,
  privilege_type as privilege
from information_schema.role_table_grants
where grantee != (
    select tableowner
    from pg_tables
    where schemaname = table_schema
    and tablename = table_name
)
 and table_schema not in ('pg_internal', 'pg_catalog', 'information_schema', 'pg_toast')
 and table_schema not like 'pg_temp_%' and table_schema not like 'pg_toast_temp_%'
order by schema, name, user;

====
with extension_oids as (
  select
      objid
  from
      pg_depend d
  WHERE
     d.refclassid = 'pg_extension'::regclass and
     d.classid = 'pg_trigger'::regclass
)
select
    tg.tgname "name",
    nsp.nspname "schema",
    cls.relname table_name,
    pg_get_triggerdef(tg.oid) full_definition,
    proc.proname proc_name,
    nspp.nspname proc_schema,
    tg.tgenabled enabled,
    tg.oid in (select * from extension_oids) as extension_owned
from pg_trigger tg
join pg_class cls on cls.oid = tg.tgrelid
join pg_namespace nsp on nsp.oid = cls.relnamespace
join pg_proc proc on proc.oid = tg.tgfoid
join pg_namespace nspp on nspp.oid = proc.pronamespace
where not tg.tgisinternal
 and not tg.oid in (select * from extension_oids)
order by schema, table_name, name;

====
select
  collname as name,
  n.nspname as schema,
  case collprovider
    when 'd' then 'database default'
    when 'i' then 'icu'
    when 'c' then 'libc'
  end
  as provider,
  collencoding as encoding,
  collcollate as lc_collate,
  collctype as lc_ctype,
  collversion as version
from
pg_collation c
INNER JOIN pg_namespace n
    ON n.oid=c.collnamespace
     where nspname not in ('pg_internal', 'pg_catalog', 'information_schema', 'pg_toast')
     and nspname not like 'pg_temp_%' and nspname not like 'pg_toast_temp_%'
order by 2, 1

====
select
  p.polname as name,
  n.nspname as schema,
  c.relname as table_name,
  p.polcmd as commandtype,
  p.polpermissive as permissive,
  (
    select
      array_agg(
        case when o = 0 THEN
        'public'
        else
        pg_get_userbyid(o)
        end
      )
    from
    unnest(p.polroles) as unn(o)
  )
  as roles,
  p.polqual as qualtree,
  pg_get_expr(p.polqual, p.polrelid) as qual,
  pg_get_expr(p.polwithcheck, p.polrelid) as withcheck
from
  pg_policy p
  join pg_class c ON c.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
order by
  2, 1

====
with extension_oids as (
  select
      objid
  from
      pg_depend d
  WHERE
      d.refclassid = 'pg_extension'::regclass and
      d.classid = 'pg_type'::regclass
)

SELECT
  n.nspname AS schema,
  pg_catalog.format_type (t.oid, NULL) AS name,
  t.typname AS internal_name,
  CASE
    WHEN t.typrelid != 0
      THEN CAST ( 'tuple' AS pg_catalog.text )
    WHEN t.typlen < 0
      THEN CAST ( 'var' AS pg_catalog.text )
    ELSE CAST ( t.typlen AS pg_catalog.text )
  END AS size,
  -- pg_catalog.array_to_string (
  --   ARRAY(
  --     SELECT e.enumlabel
  --       FROM pg_catalog.pg_enum e
  --       WHERE e.enumtypid = t.oid
  --       ORDER BY e.oid ), E'\n'
  --   ) AS columns,
  pg_catalog.obj_description (t.oid, 'pg_type') AS description,
  (array_to_json(array(
    select
      jsonb_build_object('attribute', attname, 'type', a.typname)
    from pg_class
    join pg_attribute on (attrelid = pg_class.oid)
    join pg_type a on (atttypid = a.oid)
    where (pg_class.reltype = t.oid)
  ))) as columns
FROM
  pg_catalog.pg_type t
  LEFT JOIN pg_catalog.pg_namespace n
    ON n.oid = t.typnamespace
WHERE (
  t.typrelid = 0
  OR (
    SELECT c.relkind = 'c'
      FROM pg_catalog.pg_class c
      WHERE c.oid = t.typrelid
  )
)
AND NOT EXISTS (
  SELECT 1
    FROM pg_catalog.pg_type el
    WHERE el.oid = t.typelem
    AND el.typarray = t.oid
)
AND n.nspname <> 'pg_catalog'
AND n.nspname <> 'information_schema'
AND pg_catalog.pg_type_is_visible ( t.oid )
and t.typcategory = 'C'
and t.oid not in (select * from extension_oids)
ORDER BY 1, 2;

====
with extension_oids as (
  select
      objid
  from
      pg_depend d
  WHERE
      d.refclassid = 'pg_extension'::regclass and
      d.classid = 'pg_type'::regclass
)
SELECT n.nspname as "schema",
       t.typname as "name",
       pg_catalog.format_type(t.typbasetype, t.typtypmod) as "data_type",
       (SELECT c.collname FROM pg_catalog.pg_collation c, pg_catalog.pg_type bt
        WHERE c.oid = t.typcollation AND bt.oid = t.typbasetype AND t.typcollation <> bt.typcollation) as "collation",
        rr.conname as "constraint_name",
       t.typnotnull as "not_null",
       t.typdefault as "default",
       pg_catalog.array_to_string(ARRAY(
         SELECT pg_catalog.pg_get_constraintdef(r.oid, true) FROM pg_catalog.pg_constraint r WHERE t.oid = r.contypid
       ), ' ') as "check"
FROM pg_catalog.pg_type t
     LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
     left join pg_catalog.pg_constraint rr on t.oid = rr.contypid
WHERE t.typtype = 'd'
      AND n.nspname <> 'pg_catalog'
      AND n.nspname <> 'information_schema'
  AND pg_catalog.pg_type_is_visible(t.oid)
  and t.oid not in (select * from extension_oids)
ORDER BY 1, 2;

====

with things1 as (
  select
    oid as objid,
    pronamespace as namespace,
    proname as name,
    pg_get_function_identity_arguments(oid) as identity_arguments,
    'f' as kind
  from pg_proc
   where pg_proc.prokind != 'a'
  -- 10_AND_EARLIER where pg_proc.proisagg is False
  union
  select
    oid,
    relnamespace as namespace,
    relname as name,
    null as identity_arguments,
    relkind as kind
  from pg_class
  where oid not in (
    select ftrelid from pg_foreign_table
  )
),
extension_objids as (
  select
      objid as extension_objid
  from
      pg_depend d
  WHERE
      d.refclassid = 'pg_extension'::regclass
    union
    select
        t.typrelid as extension_objid
    from
        pg_depend d
        join pg_type t on t.oid = d.objid
    where
        d.refclassid = 'pg_extension'::regclass
),
things as (
    select
      objid,
      kind,
      n.nspname as schema,
      name,
      identity_arguments
    from things1 t
    inner join pg_namespace n
      on t.namespace = n.oid
    left outer join extension_objids
      on t.objid = extension_objids.extension_objid
    where
      kind in ('r', 'v', 'm', 'c', 'f') and
      nspname not in ('pg_internal', 'pg_catalog', 'information_schema', 'pg_toast')
      and nspname not like 'pg_temp_%' and nspname not like 'pg_toast_temp_%'
      and extension_objids.extension_objid is null
),
combined as (
  select distinct
    t.objid,
    t.schema,
    t.name,
    t.identity_arguments,
    t.kind,
    things_dependent_on.objid as objid_dependent_on,
    things_dependent_on.schema as schema_dependent_on,
    things_dependent_on.name as name_dependent_on,
    things_dependent_on.identity_arguments as identity_arguments_dependent_on,
    things_dependent_on.kind as kind_dependent_on
  FROM
      pg_depend d
      inner join things things_dependent_on
        on d.refobjid = things_dependent_on.objid
      inner join pg_rewrite rw
        on d.objid = rw.oid
        and things_dependent_on.objid != rw.ev_class
      inner join things t
        on rw.ev_class = t.objid
  where
    d.deptype in ('n')
    and
    rw.rulename = '_RETURN'
)
select * from combined
order by
schema, name, identity_arguments, kind_dependent_on,
schema_dependent_on, name_dependent_on, identity_arguments_dependent_on

