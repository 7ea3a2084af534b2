// The kinds of statements that DBeaver sends by pgjdbc, in words of their own: all columns of catalogues, joined with what describes them.

import java.sql.*;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

public class Navigator {
    static final boolean REFUSED = System.getenv("PGWARDEN_MATRIX_REFUSED") != null;
    static int answered;
    static int refused;

    static final String OBJECTS = """
        create schema other; comment on schema other is 'a ☃ comment';
        create type other.mood as enum ('sad', 'happy'); create type other.pair as (a int, b text);
        create domain other.positive as int check (value > 0); create sequence other.numbers increment 2;
        create table other.parent (a int, b text, primary key (a, b)); comment on table other.parent is 'a table';
        create table other.child (id bigserial primary key, a int, b text default 'x', n numeric(10, 2) not null, m other.mood, foreign key (a, b) references other.parent on delete cascade, check (a <> 7));
        comment on column other.child.b is 'a column'; create index on other.child (lower(b), a desc) where a > 0;
        create table other.heir () inherits (other.child);
        create table other.parted (k int) partition by range (k); create table other.part partition of other.parted for values from (0) to (10);
        create view other.seen as select * from other.child; create materialized view other.kept as select 1 as one;
        create rule never as on delete to other.child do instead nothing;
        create function other.twice(n int) returns int language sql as 'select n * 2'; comment on function other.twice(int) is 'a function';
        create procedure other.nothing() language plpgsql as 'begin null; end';
        create function other.touched() returns trigger language plpgsql as 'begin return new; end';
        create trigger touch before update on other.child for each row execute function other.touched();
        create policy own on other.child for select using (a > 0);
        grant select on other.child to public
        """;

    // ? stands for the OID of what the part before the colon names.
    static final String[] QUERIES = {
        ": select current_schema(), session_user, current_user, current_database()",
        ": select version()",
        ": show search_path",
        ": show transaction_isolation",
        ": select * from pg_catalog.pg_settings where name = 'standard_conforming_strings'",
        ": select name, vartype, context, enumvals from pg_catalog.pg_settings order by name limit 20",
        ": select string_agg(word, ',' order by word) from pg_catalog.pg_get_keywords() where word not in ('select', 'copy')",
        ": select db.oid, db.* from pg_catalog.pg_database db where datallowconn and not datistemplate and db.datname = current_database()",
        ": select pg_catalog.pg_encoding_to_char(encoding), shobj_description(oid, 'pg_database') from pg_catalog.pg_database where datname = current_database()",
        ": select n.oid, n.*, d.description from pg_catalog.pg_namespace n left join pg_catalog.pg_description d on d.objoid = n.oid and d.objsubid = 0 and d.classoid = 'pg_namespace'::regclass order by nspname",
        ": select t.oid, t.*, c.relkind, format_type(nullif(t.typbasetype, 0), t.typtypmod) as base_type_name, d.description from pg_catalog.pg_type t left join pg_catalog.pg_class c on c.oid = t.typrelid left join pg_catalog.pg_description d on t.oid = d.objoid where t.typname is not null and (c.relkind is null or c.relkind = 'c') order by t.oid limit 30",
        ": select e.enumtypid, e.* from pg_catalog.pg_enum e order by e.enumsortorder",
        "namespace: select c.oid, c.*, d.description, pg_catalog.pg_get_expr(c.relpartbound, c.oid) as partition_expr, pg_catalog.pg_get_partkeydef(c.oid) as partition_key from pg_catalog.pg_class c left join pg_catalog.pg_description d on d.objoid = c.oid and d.objsubid = 0 and d.classoid = 'pg_class'::regclass where c.relnamespace = ? and c.relkind not in ('i', 'I', 'c') order by c.relname",
        "class: select c.relname, a.*, pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) as def_value, dsc.description, dep.objid from pg_catalog.pg_attribute a join pg_catalog.pg_class c on a.attrelid = c.oid left join pg_catalog.pg_attrdef ad on a.attrelid = ad.adrelid and a.attnum = ad.adnum left join pg_catalog.pg_description dsc on c.oid = dsc.objoid and a.attnum = dsc.objsubid left join pg_catalog.pg_depend dep on dep.refobjid = a.attrelid and dep.deptype = 'i' and dep.refobjsubid = a.attnum and dep.classid = dep.refclassid where not a.attisdropped and c.oid = ? order by a.attnum",
        "class: select c.oid, c.*, t.relname as tabrelname, rt.relnamespace as refnamespace, d.description, case when c.contype = 'c' then substring(pg_catalog.pg_get_constraintdef(c.oid), 7) end as consrc_copy from pg_catalog.pg_constraint c join pg_catalog.pg_class t on t.oid = c.conrelid left join pg_catalog.pg_class rt on rt.oid = c.confrelid left join pg_catalog.pg_description d on d.objoid = c.oid where c.conrelid = ? order by c.conname",
        "class: select i.*, i.indkey as keys, c.relname, c.relnamespace, c.relam, c.reltablespace, tc.relname as tabrelname, d.description, pg_catalog.pg_get_expr(i.indpred, i.indrelid) as pred_expr, pg_catalog.pg_get_expr(i.indexprs, i.indrelid, true) as expr, pg_catalog.pg_relation_size(i.indexrelid) as size from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid join pg_catalog.pg_class tc on tc.oid = i.indrelid left join pg_catalog.pg_description d on i.indexrelid = d.objoid where i.indrelid = ? order by tabrelname, c.relname",
        "class: select pg_catalog.pg_get_indexdef(indexrelid) from pg_catalog.pg_index where indrelid = ? order by 1",
        "class: select i.*, c.relnamespace from pg_catalog.pg_inherits i, pg_catalog.pg_class c where i.inhparent = ? and c.oid = i.inhrelid",
        "class: select x.oid, x.*, p.pronamespace as func_schema_id, d.description from pg_catalog.pg_trigger x left join pg_catalog.pg_proc p on p.oid = x.tgfoid left join pg_catalog.pg_description d on d.objoid = x.oid and d.objsubid = 0 where x.tgrelid = ? and not x.tgisinternal",
        "class: select pg_catalog.pg_get_triggerdef(oid, true) from pg_catalog.pg_trigger where tgrelid = ? and not tgisinternal",
        "class: select r.rulename, r.ev_type, r.is_instead, pg_catalog.pg_get_ruledef(r.oid) from pg_catalog.pg_rewrite r where r.ev_class = ?",
        "class: select polname, polcmd, polpermissive, pg_catalog.pg_get_expr(polqual, polrelid), array(select rolname from pg_catalog.pg_roles where oid = any (polroles)) from pg_catalog.pg_policy where polrelid = ?",
        "class: select relacl, (aclexplode(relacl)).privilege_type from pg_catalog.pg_class where oid = ? order by 2",
        "class: select reltuples::bigint as estimate, pg_catalog.pg_total_relation_size(oid) >= 0, pg_catalog.pg_relation_size(oid) from pg_catalog.pg_class where oid = ?",
        "class: select distinct dep.deptype, dep.classid::regclass::text, coalesce(cl.relname, co.conname, pr.proname) from pg_catalog.pg_depend dep left join pg_catalog.pg_class cl on dep.objid = cl.oid left join pg_catalog.pg_constraint co on dep.objid = co.oid left join pg_catalog.pg_proc pr on dep.objid = pr.oid where dep.refobjid = ? order by 1, 2, 3",
        "class: with recursive found as (select inhrelid, 1 as level from pg_catalog.pg_inherits where inhparent = ? union all select i.inhrelid, f.level + 1 from pg_catalog.pg_inherits i join found f on i.inhparent = f.inhrelid) select inhrelid::regclass::text, level from found",
        "view: select pg_catalog.pg_get_viewdef(?, true)",
        "view: select viewname, definition from pg_catalog.pg_views where schemaname = 'other' and ? > 0",
        "namespace: select matviewname, definition, ispopulated from pg_catalog.pg_matviews where schemaname = 'other' and ? > 0",
        "namespace: select p.oid, p.*, pg_catalog.pg_get_expr(p.proargdefaults, 0) as arg_defaults, d.description from pg_catalog.pg_proc p left join pg_catalog.pg_description d on d.objoid = p.oid where p.pronamespace = ? order by p.proname",
        "function: select pg_catalog.pg_get_functiondef(?), pg_catalog.pg_get_function_identity_arguments(16) is null",
        "sequence: select last_value, is_called from other.numbers where ? > 0",
        "sequence: select s.* from pg_catalog.pg_sequence s where s.seqrelid = ?",
        ": select x.oid, x.*, pg_catalog.shobj_description(x.oid, 'pg_authid') from pg_catalog.pg_roles x where x.rolname = current_user",
        ": select m.roleid::regrole::text from pg_catalog.pg_auth_members m join pg_catalog.pg_roles r on r.oid = m.member where r.rolname = current_user",
        ": select t.oid, t.*, pg_catalog.pg_tablespace_location(t.oid) from pg_catalog.pg_tablespace t order by t.oid",
        ": select l.oid, l.* from pg_catalog.pg_language l order by l.oid",
        ": select a.oid, a.* from pg_catalog.pg_am a order by a.oid",
        ": select e.oid, e.extname, e.extversion, n.nspname from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace",
        ": select name, default_version from pg_catalog.pg_available_extensions where name = 'plpgsql'",
        ": select c.oid, c.collname from pg_catalog.pg_collation c where collname = 'C'",
        ": select f.oid, f.fdwname from pg_catalog.pg_foreign_data_wrapper f left join pg_catalog.pg_foreign_server s on s.srvfdw = f.oid",
        ": select table_schema, table_name, privilege_type from information_schema.table_privileges where grantee = 'PUBLIC' and table_schema = 'other'",
        ": select state, query is not null, backend_type, wait_event_type is null, datname = current_database() from pg_catalog.pg_stat_activity where pid = pg_backend_pid()",
        ": select l.mode, l.granted, l.locktype from pg_catalog.pg_locks l where l.pid = pg_backend_pid() and l.locktype = 'virtualxid'",
        ": select pg_cancel_backend(0), pg_terminate_backend(0)",
        ": explain (format xml, costs false) select * from pg_catalog.pg_class",
        ": explain (analyze, costs false, timing false, summary false, buffers false) select 1",
    };

    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("user", System.getenv("PGUSER"));
        properties.setProperty("password", System.getenv("PGPASSWORD"));
        properties.setProperty("sslmode", System.getenv("PGSSLMODE"));
        properties.setProperty("ApplicationName", "DBeaver - Main");
        properties.setProperty("connectTimeout", "20");
        properties.setProperty("loginTimeout", "20");
        if (System.getenv("PGSSLROOTCERT") != null) properties.setProperty("sslrootcert", System.getenv("PGSSLROOTCERT"));
        String url = "jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE");
        try (Connection connection = DriverManager.getConnection(url, properties)) {
            run(connection, "", "set application_name = 'DBeaver - Metadata'", false);
            run(connection, "", "set extra_float_digits = 3", false);
            if (!REFUSED) run(connection, "", "create table customers (id int primary key, name text)", false);
            run(connection, "", OBJECTS, false);
            for (boolean automatic : new boolean[] {true, false}) {
                connection.setAutoCommit(automatic);
                for (String query : QUERIES) {
                    int colon = query.indexOf(':');
                    for (boolean prepared : new boolean[] {true, false}) run(connection, query.substring(0, colon), query.substring(colon + 2), prepared);
                }
                if (!automatic) connection.commit();
            }
            connection.setAutoCommit(true);
            System.out.println("refused: " + refused);
            if (REFUSED) System.out.println("answered: " + answered);
            transfer(connection);
        }
    }

    // What its editor of data and its transfer of data do, and what they must not.
    static void transfer(Connection connection) throws SQLException {
        run(connection, "", "select x.* from public.customers x order by x.id limit 200", true);
        run(connection, "", "select count(*) from public.customers", false);
        run(connection, "", "insert into public.customers (id, name) values (20, 'COPY customers TO stdout')", true);
        run(connection, "", "update public.customers set name = 'new' where id = 20", true);
        run(connection, "", "delete from public.customers where id = 20", true);
        String[][] copies = {{"out", "copy public.customers to stdout with (format csv)"}, {"in", "copy public.customers from stdin (format csv)"}};
        for (String[] copy : copies) {
            System.out.println("== " + copy[1]);
            try {
                org.postgresql.copy.CopyManager manager = ((org.postgresql.PGConnection) connection).getCopyAPI();
                long rows = copy[0].equals("out") ? manager.copyOut(copy[1], new java.io.StringWriter()) : manager.copyIn(copy[1], new java.io.StringReader(""));
                System.out.println("rows: " + rows);
            } catch (SQLException error) {
                describe(error);
            } catch (java.io.IOException error) {
                System.out.println(error.getMessage());
            }
            run(connection, "", "select count(*) from public.customers", false);
        }
    }

    static String oid(String kind) {
        switch (kind) {
            case "namespace": return "select 'other'::regnamespace::oid";
            case "class": return "select 'other.child'::regclass::oid";
            case "view": return "select 'other.seen'::regclass::oid";
            case "function": return "select 'other.twice(int)'::regprocedure::oid";
            default: return "select 'other.numbers'::regclass::oid";
        }
    }

    static void run(Connection connection, String kind, String query, boolean prepared) throws SQLException {
        if (!REFUSED || !prepared) System.out.println("== " + query.strip());
        try {
            long oid = 0;
            if (!kind.isEmpty()) {
                try (Statement statement = connection.createStatement(); ResultSet found = statement.executeQuery(oid(kind))) {
                    found.next();
                    oid = found.getLong(1);
                }
            }
            if (prepared) {
                try (PreparedStatement statement = connection.prepareStatement(query)) {
                    statement.setFetchSize(10);
                    statement.setMaxRows(200);
                    if (!kind.isEmpty()) statement.setLong(1, oid);
                    read(statement, statement.execute());
                }
            } else {
                try (Statement statement = connection.createStatement()) {
                    read(statement, statement.execute(query.replace("?", Long.toString(oid))));
                }
            }
            answered++;
        } catch (PSQLException error) {
            describe(error);
            if (!connection.getAutoCommit()) connection.rollback();
        }
    }

    static void read(Statement statement, boolean isResult) throws SQLException {
        while (isResult || statement.getUpdateCount() >= 0) {
            if (isResult) rows(statement.getResultSet());
            else if (!REFUSED) System.out.println("affected: " + statement.getUpdateCount());
            isResult = statement.getMoreResults();
        }
    }

    static void rows(ResultSet result) throws SQLException {
        ResultSetMetaData data = result.getMetaData();
        List<String> rows = new ArrayList<>();
        StringBuilder columns = new StringBuilder();
        for (int n = 1; n <= data.getColumnCount(); n++) columns.append(data.getColumnName(n)).append(' ').append(data.getColumnTypeName(n)).append(' ').append(data.isNullable(n)).append(", ");
        while (result.next()) {
            StringBuilder row = new StringBuilder();
            for (int n = 1; n <= data.getColumnCount(); n++) {
                String value = result.getString(n);
                String type = data.getColumnTypeName(n);
                // Without what differs from run to run: OIDs and transactions.
                if (type.equals("xid") || type.equals("pg_node_tree") || data.getColumnName(n).matches("dat.*xid")) value = type;
                row.append(value == null ? "null" : value.replaceAll("(?<![0-9])[0-9]{5,}(?![0-9])", "number")).append('|');
            }
            rows.add(row.toString());
        }
        if (REFUSED) return;
        Collections.sort(rows);
        System.out.println("columns: " + columns);
        for (String row : rows) System.out.println("row: " + row);
    }

    static void describe(SQLException error) {
        ServerErrorMessage message = error instanceof PSQLException ? ((PSQLException) error).getServerErrorMessage() : null;
        if (error.getMessage().contains("refused by pgwarden")) refused++;
        if (message == null) System.out.println("error: " + error.getSQLState() + " " + error.getMessage());
        else System.out.println("error: " + message.getSeverity() + " " + message.getSQLState() + " " + message.getMessage() + " | " + message.getDetail() + " | " + message.getHint() + " | " + message.getPosition());
    }
}
