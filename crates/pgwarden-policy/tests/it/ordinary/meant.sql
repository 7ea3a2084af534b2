# What default settings refuse because they are meant to, though tools or people send it in ordinary work: the setting is named with each.
# The texts of check_postgres and pg-boss are as a server logged them; the others are written by hand, with who sends such.
==== can_change_credentials
-- psql's \password
ALTER USER report PASSWORD 'SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$c3RvcmVkc3RvcmVkc3RvcmVkc3RvcmVkc3RvcmVkMTI=:c2VydmVyc2VydmVyc2VydmVyc2VydmVyc2VydmVyMTI='
==== can_change_credentials
-- createuser -P
CREATE ROLE report NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT LOGIN PASSWORD 'x';
==== can_change_credentials
-- pg_dumpall -g, 18
SELECT oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolconnlimit, rolpassword, rolvaliduntil, rolreplication, rolbypassrls, pg_catalog.shobj_description(oid, 'pg_authid') as rolcomment, rolname = current_user AS is_current_user FROM pg_authid WHERE rolname !~ '^pg_' ORDER BY 2
==== can_change_credentials
-- pg_dump of user mappings, and postgres_fdw's own set-up
CREATE USER MAPPING FOR app SERVER other OPTIONS (user 'app', password 'x')
==== can_export_csv
-- pg_dump
COPY public.cities (name, population, at) TO stdout;
==== can_export_csv
-- psql's \copy
COPY  ( select * from cities ) TO STDOUT WITH (FORMAT csv, HEADER)
==== can_import_csv
-- pg_restore, psycopg's copy_from, Rails' and Django's loaders of fixtures
COPY public.cities (name, population) FROM stdin;
==== can_import_csv
-- pgbench -i
copy pgbench_accounts from stdin with (freeze on)
==== opaque_code
-- a migration that builds its statements: nobody can tell which they are before they run
DO $$ DECLARE r record; BEGIN FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'app' LOOP EXECUTE format('ALTER TABLE app.%I OWNER TO app', r.tablename); END LOOP; END $$
==== opaque_code
-- a migration that makes partitions
CREATE FUNCTION make_partition(day date) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE TABLE events_' || to_char(day, 'YYYYMMDD') || ' PARTITION OF events FOR VALUES FROM (' || quote_literal(day) || ') TO (' || quote_literal(day + 1) || ')'; END $$
==== opaque_code
-- a migration that grants to a role whose name is configured
DO $$ BEGIN EXECUTE 'GRANT CONNECT ON DATABASE ' || quote_ident(current_database()) || ' TO reader'; END $$
==== opaque_code
-- an auditing trigger for any table
CREATE FUNCTION if_modified() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'INSERT INTO audit.' || TG_TABLE_NAME || ' SELECT ($1).*' USING OLD; RETURN NULL; END $$
==== opaque_code
-- a trusted language other than sql and plpgsql can't be read
CREATE FUNCTION valid(doc json) RETURNS bool LANGUAGE plv8 AS $$ return doc.ok $$
==== can_run_server_programs
-- an administrator's tuning
ALTER SYSTEM SET work_mem = '64MB'
==== can_run_server_programs
-- an administrator's look at slow plans
LOAD 'auto_explain'
==== can_run_server_programs
-- an untrusted language
CREATE FUNCTION cpu() RETURNS float LANGUAGE plpython3u AS $$ import os; return os.getloadavg()[0] $$
==== can_run_server_programs
-- PostGIS's and other extensions' own scripts, run by hand
CREATE FUNCTION distance(geometry, geometry) RETURNS float8 AS '$libdir/postgis-3', 'ST_Distance' LANGUAGE c IMMUTABLE STRICT
==== can_change_credentials
-- a pooler's or a test's change of who it is
SET SESSION AUTHORIZATION app
==== 20 opaque_code

    BEGIN;
    SET LOCAL lock_timeout = '30s';
    SET LOCAL idle_in_transaction_session_timeout = '30s';
    SELECT pg_advisory_xact_lock(
      ('x' || encode(sha224((current_database() || '.pgboss.pgboss')::bytea), 'hex'))::bit(64)::bigint
  );
    
    CREATE SCHEMA IF NOT EXISTS pgboss
  ;

    CREATE TYPE pgboss.job_state AS ENUM (
      'created',
      'retry',
      'active',
      'completed',
      'cancelled',
      'failed'
    )
  ;

    CREATE TABLE pgboss.version (
      version int primary key,
      maintained_on timestamp with time zone,
      cron_on timestamp with time zone,
      monitored_on timestamp with time zone
    )
  ;

    CREATE TABLE pgboss.queue (
      name text,
      policy text,
      retry_limit int,
      retry_delay int,
      retry_backoff bool,
      expire_seconds int,
      retention_minutes int,
      dead_letter text REFERENCES pgboss.queue (name),
      partition_name text,
      created_on timestamp with time zone not null default now(),
      updated_on timestamp with time zone not null default now(),
      PRIMARY KEY (name)
    )
  ;

    CREATE TABLE pgboss.schedule (
      name text REFERENCES pgboss.queue ON DELETE CASCADE,
      cron text not null,
      timezone text,
      data jsonb,
      options jsonb,
      created_on timestamp with time zone not null default now(),
      updated_on timestamp with time zone not null default now(),
      PRIMARY KEY (name)
    )
  ;

    CREATE TABLE pgboss.subscription (
      event text not null,
      name text not null REFERENCES pgboss.queue ON DELETE CASCADE,
      created_on timestamp with time zone not null default now(),
      updated_on timestamp with time zone not null default now(),
      PRIMARY KEY(event, name)
    )
  ;

    CREATE TABLE pgboss.job (
      id uuid not null default gen_random_uuid(),
      name text not null,
      priority integer not null default(0),
      data jsonb,
      state pgboss.job_state not null default('created'),
      retry_limit integer not null default(2),
      retry_count integer not null default(0),
      retry_delay integer not null default(0),
      retry_backoff boolean not null default false,
      start_after timestamp with time zone not null default now(),
      started_on timestamp with time zone,
      singleton_key text,
      singleton_on timestamp without time zone,
      expire_in interval not null default interval '15 minutes',
      created_on timestamp with time zone not null default now(),
      completed_on timestamp with time zone,
      keep_until timestamp with time zone NOT NULL default now() + interval '14 days',
      output jsonb,
      dead_letter text,
      policy text
    ) PARTITION BY LIST (name)
  ;
ALTER TABLE pgboss.job ADD PRIMARY KEY (name, id);
CREATE TABLE pgboss.archive (LIKE pgboss.job);
ALTER TABLE pgboss.archive ADD PRIMARY KEY (name, id);
ALTER TABLE pgboss.archive ADD archived_on timestamptz NOT NULL DEFAULT now();
CREATE INDEX archive_i1 ON pgboss.archive(archived_on);

    CREATE FUNCTION pgboss.create_queue(queue_name text, options json)
    RETURNS VOID AS
    $$
    DECLARE
      table_name varchar := 'j' || encode(sha224(queue_name::bytea), 'hex');
      queue_created_on timestamptz;
    BEGIN

      WITH q as (
      INSERT INTO pgboss.queue (
        name,
        policy,
        retry_limit,
        retry_delay,
        retry_backoff,
        expire_seconds,
        retention_minutes,
        dead_letter,
        partition_name
      )
      VALUES (
        queue_name,
        options->>'policy',
        (options->>'retryLimit')::int,
        (options->>'retryDelay')::int,
        (options->>'retryBackoff')::bool,
        (options->>'expireInSeconds')::int,
        (options->>'retentionMinutes')::int,
        options->>'deadLetter',
        table_name
      )
      ON CONFLICT DO NOTHING
      RETURNING created_on
      )
      SELECT created_on into queue_created_on from q;

      IF queue_created_on IS NULL THEN
        RETURN;
      END IF;

      EXECUTE format('CREATE TABLE pgboss.%I (LIKE pgboss.job INCLUDING DEFAULTS)', table_name);

      EXECUTE format('ALTER TABLE pgboss.%1$I ADD PRIMARY KEY (name, id)', table_name);
      EXECUTE format('ALTER TABLE pgboss.%1$I ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES pgboss.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', table_name);
      EXECUTE format('ALTER TABLE pgboss.%1$I ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES pgboss.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i1 ON pgboss.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''created'' AND policy = ''short''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i2 ON pgboss.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''active'' AND policy = ''singleton''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i3 ON pgboss.%1$I (name, state, COALESCE(singleton_key, '''')) WHERE state <= ''active'' AND policy = ''stately''', table_name);
      EXECUTE format('CREATE UNIQUE INDEX %1$s_i4 ON pgboss.%1$I (name, singleton_on, COALESCE(singleton_key, '''')) WHERE state <> ''cancelled'' AND singleton_on IS NOT NULL', table_name);
      EXECUTE format('CREATE INDEX %1$s_i5 ON pgboss.%1$I (name, start_after) INCLUDE (priority, created_on, id) WHERE state < ''active''', table_name);

      EXECUTE format('ALTER TABLE pgboss.%I ADD CONSTRAINT cjc CHECK (name=%L)', table_name, queue_name);
      EXECUTE format('ALTER TABLE pgboss.job ATTACH PARTITION pgboss.%I FOR VALUES IN (%L)', table_name, queue_name);
    END;
    $$
    LANGUAGE plpgsql;
  ;

    CREATE FUNCTION pgboss.delete_queue(queue_name text)
    RETURNS VOID AS
    $$
    DECLARE
      table_name varchar;
    BEGIN
      WITH deleted as (
        DELETE FROM pgboss.queue
        WHERE name = queue_name
        RETURNING partition_name
      )
      SELECT partition_name from deleted INTO table_name;

      EXECUTE format('DROP TABLE IF EXISTS pgboss.%I', table_name);
    END;
    $$
    LANGUAGE plpgsql;
  ;
INSERT INTO pgboss.version(version) VALUES ('24');
    COMMIT;
  
==== 4 can_change_credentials
BEGIN;SET statement_timeout=30000;COMMIT;SELECT CASE WHEN so.name IS NULL THEN 'Unknown:' || sd.classoid || ':' || sd.objoid
  ELSE so.object || ';' || so.name
END AS name, sd.description AS comment
FROM pg_shdescription sd
LEFT JOIN (
  SELECT 'database' AS object,
    oid, tableoid, datname AS name FROM pg_database
  UNION ALL SELECT 'role' AS object,
    oid, tableoid, rolname AS name FROM pg_authid
  UNION ALL SELECT 'tablespace' AS object,
    oid, tableoid, spcname AS name FROM pg_tablespace
) AS so ON (so.oid = sd.objoid AND so.tableoid = sd.classoid)

UNION ALL (
SELECT CASE WHEN o.name IS NULL THEN 'Unknown:' || d.classoid || ':' || d.objoid
  WHEN objsubid > 0 THEN 'column:' || o.name || ':' || (SELECT attname FROM pg_attribute WHERE attrelid::regclass::text = o.name AND attnum = d.objsubid)
  ELSE COALESCE(o.object,'?') || ';' || o.name END AS name, d.description AS comment
FROM pg_description d
LEFT JOIN (

  SELECT CASE WHEN relkind = 'q' THEN 'sequence' WHEN relkind = 'r' THEN 'table'
      WHEN relkind IN ('r','p','T') THEN 'table'
      WHEN relkind = 'f' THEN 'foreign table'
      WHEN relkind IN ('i','I') THEN 'index'
      WHEN relkind = 'v' THEN 'view'
      WHEN relkind = 'm' THEN 'materialized view'
      WHEN relkind = 'S' THEN 'sequence'
      WHEN relkind = 'c' THEN 'type'
    END AS object,
    oid, tableoid, FORMAT('%s.%s', relnamespace::regnamespace, relname) AS name
  FROM pg_class

  UNION ALL SELECT 'access method' AS object,
    oid, tableoid, amname AS name FROM pg_am

  UNION ALL SELECT 'aggregate' AS object,
    oid, tableoid, FORMAT('%s.%s(%s) ', pronamespace::regnamespace, proname, pg_get_function_arguments(oid) ) AS name FROM pg_proc WHERE prokind='a'

  UNION ALL SELECT 'cast' AS object,
    oid, tableoid, FORMAT('%s AS %s', format_type(castsource,NULL), format_type(casttarget,NULL)) AS name FROM pg_cast

  UNION ALL SELECT 'collation' AS object, oid, tableoid, FORMAT('%s.%s', collnamespace::regnamespace, collname) AS name FROM pg_collation

  UNION ALL SELECT 'constraint' AS object,
    oid, tableoid, FORMAT('%s.%s on %s', connamespace::regnamespace, conname, conrelid::regclass) AS name FROM pg_constraint

  UNION ALL SELECT 'conversion' AS object,
    oid, tableoid, FORMAT('%s.%s', connamespace::regnamespace, conname) AS name FROM pg_conversion

  UNION ALL SELECT 'domain' AS object,
    oid, tableoid, FORMAT('%s.%s', typnamespace::regnamespace, typname) AS name FROM pg_type WHERE typtype = 'd'

  UNION ALL SELECT 'extension' AS object, oid, tableoid, FORMAT('%s.%s', extnamespace::regnamespace, extname) AS name FROM pg_extension

  UNION ALL SELECT 'event trigger' AS object, oid, tableoid, evtname AS name FROM pg_event_trigger

  UNION ALL SELECT 'foreign data wrapper' AS object,
    oid, tableoid, fdwname AS name FROM pg_foreign_data_wrapper

  UNION ALL SELECT 'function' AS object,
    oid, tableoid, FORMAT('%s.%s(%s)', pronamespace::regnamespace, proname, pg_get_function_arguments(oid)) AS name FROM pg_proc WHERE prokind IN ('f','p')

  UNION ALL SELECT 'large object' AS object,
    loid, tableoid, loid::text AS name FROM pg_largeobject

  UNION ALL SELECT 'operator' AS object,
    oid, tableoid, FORMAT('%s.%s(%s,%s)', oprnamespace::regnamespace, oprname, format_type(oprleft,NULL), format_type(oprright,NULL)) AS name FROM pg_operator

  UNION ALL SELECT 'operator class' AS object,
    oid, tableoid, FORMAT('%s.%s using %s', opcnamespace::regnamespace, opcname, (SELECT amname FROM pg_am WHERE oid = opcmethod)) AS name FROM pg_opclass

  UNION ALL SELECT 'operator family' AS object,
    oid, tableoid, FORMAT('%s.%s using %s', opfnamespace::regnamespace, opfname, (SELECT amname FROM pg_am WHERE oid = opfmethod)) AS name FROM pg_opfamily

  UNION ALL SELECT 'policy' AS object, oid, tableoid, FORMAT('%s ON %s', polname, polrelid::regclass) AS name FROM pg_policy

  UNION ALL SELECT 'language' AS object,
    oid, tableoid, lanname AS name FROM pg_language

  UNION ALL SELECT 'rule' AS object,
    oid, tableoid, FORMAT('%s ON %s', rulename, ev_class::regclass) AS name FROM pg_rewrite

  UNION ALL SELECT 'schema' AS object,
    oid, tableoid, nspname AS name FROM pg_namespace

  UNION ALL SELECT 'server' AS object,
    oid, tableoid, srvname AS name FROM pg_foreign_server

  UNION ALL SELECT 'text search configuration',
    oid, tableoid, FORMAT('%s.%s', cfgnamespace::regnamespace, cfgname) AS name FROM pg_ts_config

  UNION ALL SELECT 'text search dictionary',
    oid, tableoid, FORMAT('%s.%s', dictnamespace::regnamespace, dictname) AS name FROM pg_ts_dict

  UNION ALL SELECT 'text search parser',
    oid, tableoid, FORMAT('%s.%s', prsnamespace::regnamespace, prsname) AS name FROM pg_ts_parser

  UNION ALL SELECT 'text search template',
    oid, tableoid, FORMAT('%s.%s', tmplnamespace::regnamespace, tmplname) AS name FROM pg_ts_template

  UNION ALL SELECT 'trigger' AS object,
    oid, tableoid, FORMAT('%s on %s', tgname, tgrelid::regclass) AS name FROM pg_trigger

  UNION ALL SELECT 'type' AS object,
    oid, tableoid, FORMAT('%s.%s', typnamespace::regnamespace, typname) AS name FROM pg_type

) AS o ON (o.oid = d.objoid AND o.tableoid = d.classoid))
