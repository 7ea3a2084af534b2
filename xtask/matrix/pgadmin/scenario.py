"""What pgAdmin 4 asks of the catalogues, rendered from its own templates."""

import datetime
import re
import sys
import zipfile

import jinja2
import psycopg
from psycopg import sql
from transcript import REFUSED, describe, digest, show, step

# Of other products than PostgreSQL, of a debugger's extension, and parts of what others import.
FOREIGN = re.compile(r"(^|/)(ppas|pga_\w+|pgd_\w+(\.sql)?|replica_nodes|resource_groups|directories|synonyms|debugger|macros)(/|$)")
# What these ask for is what others do, or changes from one moment to the next.
UNSTEADY = re.compile(r"stats|dashboard|databases/sql/nodes|get_db|sqlautocomplete/sql/databases|tables/sql/locks|vacuum_defaults|roles/sql/nodes|tablespaces")
# What these begin with reads, and what follows changes things.
CHANGING = re.compile(r"create|update|delete|change_password|reset_stats|reassign_own")
XID = psycopg.adapters.types["xid"].oid
VERSION = re.compile(r"/(default|(\d+)_plus)(?=/)")

OBJECTS = """
create schema "Other";
comment on schema "Other" is 'a ☃ comment';
set search_path to "Other", public;
create type mood as enum ('sad', 'happy');
create type pair as (a int, b text);
create type span as range (subtype = int4);
create domain positive as int default 1 constraint above check (value > 0);
create sequence numbers increment 2 start 5;
create table parent (a int, b text, primary key (a, b));
create table child (id bigserial primary key, a int, b text default 'x', n numeric(10, 2) not null unique, r span, m mood, p positive,
    foreign key (a, b) references parent match full on delete cascade,
    constraint unequal check (a <> 7), constraint apart exclude using gist (r with &&)) with (fillfactor = 80);
create index lowered on child (lower(b) desc, a) include (n) where a > 0;
comment on column child.b is 'a column';
create table heir (more text) inherits (parent);
create table parted (k int, v text) partition by range (k);
create table part partition of parted for values from (0) to (10);
create function twice(n int, out result int) language sql as 'select n * 2';
create procedure nothing() language plpgsql as 'begin null; end';
create function touched() returns trigger language plpgsql as 'begin return new; end';
create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0');
create operator === (leftarg = int, rightarg = int, procedure = int4eq);
create collation posix from "C";
create text search configuration words (copy = simple);
create text search dictionary plain (template = simple);
create trigger touch before update on child for each row execute function touched();
create rule never as on delete to child do instead nothing;
create view seen as select * from child;
create materialized view kept as select 1 as one;
create policy own on child for select using (a > 0);
create publication news for table parent;
grant select on child to public;
grant execute on function twice to public;
alter default privileges in schema "Other" grant select on tables to public;
insert into parent values (1, 'x');
insert into child (a, b, n) values (1, 'x', 1);
"""

# What pgAdmin sends once it is connected, whatever the user does.
CONNECTED = """SET DateStyle=ISO; SET client_min_messages=notice; SELECT set_config('bytea_output','hex',false) FROM pg_show_all_settings() WHERE name = 'bytea_output'; SET client_encoding='UNICODE';"""


class Zero(jinja2.Undefined):
    """What a template asks for and doesn't get is no object's OID."""

    def __str__(self):
        return "0"


def templates(path, version):
    """The templates that a server of this version gets, by their name without the version."""
    everything, chosen = {}, {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            everything[name] = archive.read(name).decode()
    for name in everything:
        if FOREIGN.search(name) or not name.endswith(".sql"):
            continue
        found = VERSION.search(name)
        since = int(found[2] or 0) if found else 0
        plain = VERSION.sub("", name).removesuffix(".sql")
        if since <= version and since >= chosen.get(plain, (0, ""))[0]:
            chosen[plain] = (since, name)
    return everything, {plain: name for plain, (_, name) in sorted(chosen.items())}


def identifier(connection, *names):
    return sql.Identifier(*(str(name) for name in names if str(name))).as_string(connection)


def environment(connection, everything):
    made = jinja2.Environment(loader=jinja2.DictLoader(everything), undefined=Zero, trim_blocks=True, extensions=["jinja2.ext.do"])
    made.filters["qtIdent"] = made.filters["qtTypeIdent"] = identifier
    made.filters["qtLiteral"] = lambda value, _, quoted=False: sql.Literal(str(value) if isinstance(value, jinja2.Undefined) or quoted else value).as_string(connection)
    made.filters["hasAny"] = lambda values, keys: any(key in values for key in keys)
    made.globals["_"] = str
    made.globals["conn"] = connection
    return made


def objects(connection):
    """The OIDs of what was created, by the names that the templates have for them: those of all, and those that differ by directory."""
    def oid(query):
        return connection.execute("select (" + query + ")::text").fetchone()[0]

    def constraint(name):
        return oid(f"select oid from pg_constraint where conname = '{name}'")

    classes = {name: oid(f"select '\"Other\".{name}'::regclass::oid") for name in ("child", "parent", "parted", "part", "seen", "kept", "numbers", "lowered", "child_pkey")}
    types = {name: oid(f"select '\"Other\".{name}'::regtype::oid") for name in ("mood", "pair", "span", "positive")}
    functions = {name: oid(f"select oid from pg_proc where proname = '{name}'") for name in ("twice", "nothing", "touched", "total")}
    table = {"tid": classes["child"], "vid": classes["seen"], "idx": classes["lowered"], "clid": "3", "column": {"attnum": 3}}
    common = {
        "did": oid("select oid from pg_database where datname = current_database()"), "rid": oid("select oid from pg_roles where rolname = current_user"),
        "datlastsysoid": "16383", "last_system_oid": "16383", "lastsysoid": "16383", "scid": oid("select '\"Other\"'::regnamespace::oid"), "nspid": oid("select '\"Other\"'::regnamespace::oid"),
        "schema": "Other", "schema_name": "Other", "nspname": "Other", "sname": "Other", "nsp_name": "Other", "table_nspname": "Other", "table": "child", "tname": "child",
        "table_name": "child", "object_name": "child", "name": "child", "obj_id": classes["child"], "oid": classes["child"], "object_id": classes["child"], "attrelid": classes["child"],
        "data": {"schema": "Other", "name": "child", "table": "child", "id": classes["child"], "relid": classes["child"], "typname": "mood", "basensp": "Other"},
        "type_ids": "23", "type_id": "23", "tsid": "1663", "lid": oid("select oid from pg_language where lanname = 'plpgsql'"), "lanname": "plpgsql", "eid": oid("select oid from pg_extension where extname = 'plpgsql'"),
        "cid": "1", "condition": "true", "fnid": functions["twice"], "trid": oid("select oid from pg_trigger where tgname = 'touch'"), "plid": oid("select oid from pg_policy"), "seid": classes["numbers"],
        "agid": functions["total"], "opid": oid("select oid from pg_operator where oprname = '==='"), "doid": types["positive"], "coid": oid("select oid from pg_collation where collname = 'posix'"),
        "cfgid": oid("select oid from pg_ts_config where cfgname = 'words'"), "parseroid": oid("select oid from pg_ts_parser"), "dcid": oid("select oid from pg_ts_dict where dictname = 'plain'"),
        "pbid": oid("select oid from pg_publication"), "pname": "news", "pubname": "news", "policy_table_id": classes["child"], "ptid": classes["part"], "foid": classes["child"],
        "search_text": "%", "obj_type": "all", "where_clause": f"WHERE dep.refobjid = {classes['child']}::oid", "schema_names": "Other", "search_path": False, "limit": 10, "sql": "select 1", "format": "json",
        "chart_names": ["session_stats", "tps_stats", "ti_stats", "to_stats", "bio_stats"], "out_arg_oid": "23", "typrelid": "0", "typtype": "e", "columns": "name, setting", "colcnt": 1, "keys": [{"local_column": "a"}],
        "rule_name": "never", "srctyp": "int4", "trgtyp": "int8", "ntype": "r", "kind": "r", "icon": "icon", "node_type": "table", "func_type": "f", "tgfoid": functions["touched"], **table,
    }
    common["show_node_prefs"] = jinja2.utils.Namespace()
    special = {
        "check_constraint": {"cid": constraint("unequal"), "name": "unequal"}, "exclusion_constraint": {"cid": constraint("apart"), "exid": constraint("apart"), "name": "apart"},
        "foreign_key": {"cid": constraint("child_a_b_fkey"), "fkid": constraint("child_a_b_fkey"), "confrelid": classes["parent"], "name": "child_a_b_fkey"},
        "index_constraint": {"cid": classes["child_pkey"], "constraint_type": "p", "name": "child_pkey"}, "domain_constraints": {"coid": constraint("above"), "name": "above"},
        "columns/sql/depend": {"where": "WHERE dep.refobjid > 0"}, "catalog_object_column/sql/depend": {"where": "WHERE dep.refobjid > 0"}, "columns/sql/stats": {"column": "b"},
        **{f"fts_{kind}/sql/schema": {"data": {"schema": "11"}} for kind in ("configurations", "dictionaries", "parsers", "templates")}, "rules": {"rid": oid("select oid from pg_rewrite where rulename = 'never'")}, "types": {"tid": types["pair"], "typrelid": oid(f"select typrelid from pg_type where oid = {types['pair']}")},
        "views": {}, "mviews": {"vid": classes["kept"]}, "casts": {"cid": oid("select min(oid) from pg_cast")}, "partitions": {"tid": classes["parted"]},
        "procedures": {"fnid": functions["nothing"], "name": "nothing"}, "trigger_functions": {"fnid": functions["touched"], "name": "touched"}, "functions": {"name": "twice"},
        "fts_parsers": {"pid": oid("select oid from pg_ts_parser")}, "fts_templates": {"tid": oid("select min(oid) from pg_ts_template")}, "catalog": {"scid": "11"}, "catalog_object": {"scid": "11", "coid": "1259"}, "catalog_object_column": {"coid": "1259"},
    }
    return common, special


class Always(dict):
    def __missing__(self, key):
        return True


def steady(value):
    """Without what differs from run to run: OIDs of what was created, and times."""
    if isinstance(value, (datetime.datetime, datetime.timedelta)):
        return type(value).__name__
    if isinstance(value, (list, tuple)):
        return [steady(item) for item in value]
    if isinstance(value, dict):
        return {key: steady(item) for key, item in value.items()}
    if isinstance(value, int) and value >= 10000:
        return "number"
    if isinstance(value, str):
        return re.sub(r"(?<!\d)\d{5,}(?!\d)|\[ [-\d ]+\]", "number", value)
    return value


def run(cursor, statement, title, **how):
    """The outcome; whether it was an answer, an error of the database's, or a refusal."""
    try:
        cursor.execute(statement, **how)
    except psycopg.Error as error:
        if "refused by pgwarden" in str(error):
            print(f"== {title}")
            show("refused", describe(error))
        elif not REFUSED:
            show("error", {key: value if key == "sqlstate" else steady(value) for key, value in describe(error).items()})
        return "refused" if "refused by pgwarden" in str(error) else "failed"
    if REFUSED:
        return "answered"
    while True:
        show("columns", [(column.name, column.type_code if column.type_code < 10000 else "number") for column in cursor.description or ()])
        if cursor.description and not UNSTEADY.search(title):
            rows = sorted(repr(["xid" if column.type_code == XID else steady(value) for column, value in zip(cursor.description, row)]) for row in cursor.fetchall())
            if len(rows) > 20:
                show("rows", digest("\n".join(rows)))
            for row in rows[:20]:
                print("row:", row)
        show("status", cursor.statusmessage.rstrip("0123456789") if UNSTEADY.search(title) else cursor.statusmessage)
        if not cursor.nextset():
            return "answered"


def browse(connection, path):
    everything, chosen = templates(path, connection.info.server_version // 10000)
    made = environment(connection, everything)
    common, special = objects(connection)
    common["show_node_prefs"] = Always()
    outcomes = {}
    for plain, name in chosen.items():
        directory, _, leaf = plain.rpartition("/")
        if CHANGING.search(leaf):
            continue
        parts = [*directory.split("/"), plain]
        try:
            statement = made.get_template(name).render({**common, **{key: value for part in parts for key, value in special.get(part, {}).items()}})
        except (jinja2.TemplateError, psycopg.Error, TypeError, ValueError, KeyError, AttributeError) as error:
            print("no statement:", plain, repr(error), file=sys.stderr)
            continue
        if not re.match(r"(\s|--[^\n]*\n|/\*.*?\*/)*(select|with|show|explain)\b", statement, re.I | re.S):
            continue
        if not REFUSED:
            print(f"== {plain}")
        outcome = run(connection.cursor(), statement, plain)
        extended = run(psycopg.RawCursor(connection), statement, plain, params=(), prepare=True)
        for key in ((outcome,), (outcome, extended)):
            outcomes[key] = outcomes.get(key, 0) + 1
    return outcomes


def copies(connection):
    for statement in ("copy customers to stdout", "copy (select * from customers) to stdout with (format csv, header)", "copy customers from stdin with (format csv)"):
        with step(statement):
            with connection.cursor().copy(statement) as copy:
                if "stdin" not in statement:
                    show("bytes", sum(len(data) for data in copy))
        show("goes on", connection.execute("select count(*) from customers").fetchall())


def main(path):
    connection = psycopg.connect("", autocommit=True, application_name="pgAdmin 4 - DB:matrix", connect_timeout=10)
    with step("connected"):
        connection.execute(CONNECTED)
        show("settings", connection.execute("select current_setting('bytea_output'), current_setting('client_min_messages'), current_setting('application_name')").fetchall())
    if not REFUSED:
        connection.execute("create table customers (id int primary key, name text)")
    with step("objects"):
        connection.execute(OBJECTS)
    with step("browse"):
        outcomes = browse(connection, path)
        # How many there are depends on the server's version.
        print("refused:", outcomes.get(("refused",), 0))
        print("enough answered:", outcomes.get(("answered",), 0) >= 300)
        print(outcomes, file=sys.stderr)
    copies(connection)
    with step("the query tool"):
        for statement in ("BEGIN;", "EXPLAIN (FORMAT JSON, ANALYZE FALSE, VERBOSE FALSE, COSTS FALSE) SELECT * FROM customers", "DECLARE c CURSOR FOR SELECT * FROM customers", "FETCH 3 FROM c", "ROLLBACK;",
                          "/* select.sql */ SELECT * FROM public.customers ORDER BY id ASC LIMIT 100", "INSERT INTO public.customers (id, name) VALUES ('20'::integer, 'new'::text) returning id;", "SELECT pg_cancel_backend(0);"):
            with step(statement):
                cursor = connection.execute(statement)
                show("rows", [row if "EXPLAIN" not in statement else len(row) for row in cursor.fetchall()] if cursor.description else cursor.statusmessage)
    connection.close()


main(sys.argv[1])
