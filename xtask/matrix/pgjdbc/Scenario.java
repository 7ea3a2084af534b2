// pgjdbc in each of its query modes, as applications and tools use it.

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.*;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

public class Scenario {
    static final boolean REFUSED = System.getenv("PGWARDEN_MATRIX_REFUSED") != null;

    interface Part {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        if (REFUSED) {
            refused();
            return;
        }
        for (String mode : new String[] {"extended", "simple", "extendedForPrepared", "extendedCacheEverything"}) {
            System.out.println("==== preferQueryMode=" + mode);
            try (Connection connection = connect("preferQueryMode", mode)) {
                everything(connection);
            }
        }
        System.out.println("==== binary and rewritten");
        try (Connection connection = connect("reWriteBatchedInserts", "true", "prepareThreshold", "-1", "defaultRowFetchSize", "7", "stringtype", "unspecified", "autosave", "always")) {
            everything(connection);
        }
        try (Connection connection = connect()) {
            metaData(connection);
        }
        ends();
    }

    static Connection connect(String... more) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", System.getenv("PGUSER"));
        properties.setProperty("password", System.getenv("PGPASSWORD"));
        properties.setProperty("sslmode", System.getenv("PGSSLMODE"));
        if (System.getenv("PGSSLROOTCERT") != null) properties.setProperty("sslrootcert", System.getenv("PGSSLROOTCERT"));
        String database = System.getenv("PGDATABASE");
        for (int n = 0; n < more.length; n += 2) {
            if (more[n].equals("database")) database = more[n + 1];
            else properties.setProperty(more[n], more[n + 1]);
        }
        return DriverManager.getConnection("jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/" + database, properties);
    }

    static void show(String label, Object value) {
        System.out.println(label + ": " + value);
    }

    static void step(String title, Part part) {
        System.out.println("== " + title);
        try {
            part.run();
        } catch (SQLException error) {
            for (SQLException each = error; each != null; each = each.getNextException()) describe(each);
        } catch (Exception error) {
            System.out.println(error.getClass().getName() + ": " + error.getMessage());
        }
    }

    static void describe(SQLException error) {
        StringBuilder text = new StringBuilder(error.getClass().getSimpleName() + " " + error.getSQLState() + " " + error.getMessage().replace(System.getenv("PGPORT"), "...").replace("\n", "\\n"));
        if (error instanceof PSQLException) {
            ServerErrorMessage server = ((PSQLException) error).getServerErrorMessage();
            if (server != null) {
                text.append(" | ").append(server.getSeverity()).append(" | ").append(server.getDetail()).append(" | ").append(server.getHint()).append(" | ").append(server.getPosition())
                    .append(" | ").append(server.getWhere()).append(" | ").append(server.getTable()).append(" | ").append(server.getColumn()).append(" | ").append(server.getConstraint());
                if (!REFUSED) text.append(" | ").append(server.getFile()).append(" ").append(server.getLine()).append(" ").append(server.getRoutine());
            }
        }
        if (error instanceof BatchUpdateException) text.append(" counts ").append(Arrays.toString(((BatchUpdateException) error).getUpdateCounts()));
        System.out.println(text);
    }

    static String digest(byte[] data) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(data);
        StringBuilder text = new StringBuilder(data.length + " bytes, sha256 ");
        for (int n = 0; n < 8; n++) text.append(String.format("%02x", hash[n]));
        return text.toString();
    }

    static String rows(ResultSet results) throws SQLException {
        int columns = results.getMetaData().getColumnCount();
        List<String> rows = new ArrayList<>();
        while (results.next()) {
            List<String> row = new ArrayList<>();
            for (int n = 1; n <= columns; n++) row.add(String.valueOf(results.getString(n)).replaceAll("twice_\\d+", "twice_..."));
            rows.add(String.join("|", row));
        }
        results.close();
        return rows.toString();
    }

    static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return rows(statement.executeQuery(sql));
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static void everything(Connection connection) throws Exception {
        PGConnection own = connection.unwrap(PGConnection.class);
        step("connection", () -> {
            show("same process", query(connection, "select pg_backend_pid() = " + own.getBackendPID()));
            for (String name : new String[] {"server_encoding", "client_encoding", "DateStyle", "TimeZone", "integer_datetimes", "is_superuser", "standard_conforming_strings"})
                show(name, own.getParameterStatus(name));
            show("settings", query(connection, "select current_setting('extra_float_digits'), current_setting('application_name')"));
        });

        step("types", () -> {
            // Binary transfer begins with the fifth use.
            try (PreparedStatement statement = connection.prepareStatement("select ?::int, ?::int8, ?::numeric, ?::float8, ?::text, ?::bytea, ?::bool, ?::timestamptz, ?::date, ?::uuid, ?::int[], ?::text[], ?::jsonb, ?::text")) {
                for (int turn = 0; turn < 7; turn++) {
                    statement.setInt(1, 7 + turn);
                    statement.setLong(2, 1L << 40);
                    statement.setBigDecimal(3, new BigDecimal("12345678901234567890.123456789"));
                    statement.setDouble(4, 1.5);
                    statement.setString(5, "grüße ☃ \\ ' \" 𝄞");
                    statement.setBytes(6, new byte[] {0, 1, -1});
                    statement.setBoolean(7, true);
                    statement.setTimestamp(8, new Timestamp(0));
                    statement.setDate(9, new Date(0));
                    statement.setObject(10, new UUID(0, 5));
                    statement.setArray(11, connection.createArrayOf("int4", new Integer[] {1, 2, null}));
                    statement.setArray(12, connection.createArrayOf("text", new String[] {"a", "b,c", "d\"e"}));
                    statement.setObject(13, "{\"k\": 1}", Types.OTHER);
                    statement.setNull(14, Types.VARCHAR);
                    ResultSet results = statement.executeQuery();
                    ResultSetMetaData columns = results.getMetaData();
                    if (turn == 0) for (int n = 1; n <= columns.getColumnCount(); n++) System.out.print(columns.getColumnTypeName(n) + "/" + columns.getPrecision(n) + " ");
                    results.next();
                    show("row", results.getInt(1) + " " + results.getLong(2) + " " + results.getBigDecimal(3) + " " + results.getDouble(4) + " " + results.getString(5) + " " + Arrays.toString(results.getBytes(6)) + " " + results.getBoolean(7)
                        + " " + results.getTimestamp(8).getTime() + " " + results.getDate(9) + " " + results.getObject(10) + " " + results.getArray(11) + " " + results.getArray(12) + " " + results.getString(13) + " " + results.getString(14));
                }
            }
        });

        step("errors", () -> {
            execute(connection, "drop table if exists person; create table person (id serial primary key, name text not null unique, age int check (age >= 0))");
            for (String sql : new String[] {"selekt 1", "select * from nowhere", "select nothing\n  from person", "insert into person (name, age) values ('x', -1)", "insert into person (age) values (1)", "select 1/0", "", ";",
                "select 1; select 2; selekt 3", "do $$ begin raise exception 'own' using errcode = 'P0042', detail = 'd', hint = 'h'; end $$", "select 1; select 2"}) {
                step(sql, () -> {
                    try (Statement statement = connection.createStatement()) {
                        boolean more = statement.execute(sql);
                        while (more || statement.getUpdateCount() >= 0) {
                            show("result", more ? rows(statement.getResultSet()) : statement.getUpdateCount());
                            more = statement.getMoreResults();
                        }
                    }
                });
            }
        });

        step("transactions", () -> {
            connection.setAutoCommit(false);
            execute(connection, "insert into person (name) values ('first')");
            Savepoint savepoint = connection.setSavepoint("na\"me");
            step("a failure", () -> execute(connection, "insert into person (name) values ('first')"));
            step("failed", () -> show("row", query(connection, "select 1")));
            connection.rollback(savepoint);
            connection.releaseSavepoint(savepoint);
            connection.commit();
            show("rows", query(connection, "select name from person"));
            connection.rollback();
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setReadOnly(true);
            step("read only", () -> execute(connection, "delete from person"));
            connection.rollback();
            connection.setReadOnly(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            step("commit of a failed transaction", () -> {
                step("a failure", () -> query(connection, "select 1/0"));
                connection.commit();
            });
            connection.rollback();
            connection.setAutoCommit(true);
        });

        step("batches", () -> {
            try (PreparedStatement statement = connection.prepareStatement("insert into person (name, age) values (?, ?)")) {
                for (int n = 0; n < 500; n++) {
                    statement.setString(1, "batch " + n);
                    statement.setInt(2, n);
                    statement.addBatch();
                }
                int[] counts = statement.executeBatch();
                show("counts", counts.length + " " + counts[0]);
                step("one fails", () -> {
                    for (String name : new String[] {"fresh", "batch 7", "never"}) {
                        statement.setString(1, name);
                        statement.setInt(2, 1);
                        statement.addBatch();
                    }
                    statement.executeBatch();
                });
            }
            try (PreparedStatement statement = connection.prepareStatement("insert into person (name) values (?)", Statement.RETURN_GENERATED_KEYS)) {
                for (String name : new String[] {"key 1", "key 2"}) {
                    statement.setString(1, name);
                    statement.addBatch();
                }
                statement.executeBatch();
                show("keys", rows(statement.getGeneratedKeys()).split(",").length);
            }
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("update person set age = 1 where name = 'key 1'");
                statement.addBatch("select 1/0");
                statement.addBatch("update person set age = 2 where name = 'key 2'");
                step("of statements", statement::executeBatch);
            }
            show("count", query(connection, "select count(*), sum(age) from person"));
        });

        step("prepared statements", () -> {
            try (PreparedStatement statement = connection.prepareStatement("select * from person where name = ?")) {
                for (int turn = 0; turn < 6; turn++) {
                    statement.setString(1, "first");
                    show("columns", statement.executeQuery().getMetaData().getColumnCount());
                }
                execute(connection, "alter table person add column extra text");
                step("the table has changed", () -> show("columns", statement.executeQuery().getMetaData().getColumnCount()));
                connection.setAutoCommit(false);
                show("columns", statement.executeQuery().getMetaData().getColumnCount());
                execute(connection, "alter table person drop column extra");
                step("changed in a transaction", () -> show("columns", statement.executeQuery().getMetaData().getColumnCount()));
                connection.rollback();
                connection.setAutoCommit(true);
                execute(connection, "deallocate all");
                step("deallocated", () -> show("columns", statement.executeQuery().getMetaData().getColumnCount()));
                execute(connection, "discard all");
                step("discarded", () -> show("columns", statement.executeQuery().getMetaData().getColumnCount()));
                show("parameters", statement.getParameterMetaData().getParameterTypeName(1));
            }
        });

        step("fetch size", () -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement(); Statement other = connection.createStatement()) {
                statement.setFetchSize(13);
                ResultSet results = statement.executeQuery("select g from generate_series(1, 200) g");
                long sum = 0;
                while (results.next()) {
                    sum += results.getInt(1);
                    if (results.getInt(1) % 50 == 0) show("between", rows(other.executeQuery("select " + results.getInt(1))));
                }
                show("sum", sum);
                ResultSet left = statement.executeQuery("select generate_series(1, 100000)");
                left.next();
                left.close();
                step("fails amid", () -> {
                    ResultSet failing = statement.executeQuery("select 10 / (50 - g) from generate_series(1, 100) g");
                    int seen = 0;
                    try {
                        while (failing.next()) seen++;
                    } finally {
                        show("seen", seen);
                    }
                });
            }
            connection.rollback();
            try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE)) {
                ResultSet results = statement.executeQuery("select id, name from person where name like 'key%' order by id");
                results.last();
                results.updateString(2, "updated");
                results.updateRow();
                show("row", results.getRow());
            }
            connection.commit();
            connection.setAutoCommit(true);
            try (Statement statement = connection.createStatement()) {
                statement.setMaxRows(3);
                show("max rows", rows(statement.executeQuery("select generate_series(1, 100)")));
            }
            try (CallableStatement call = connection.prepareCall("{ ? = call upper(?) }")) {
                call.registerOutParameter(1, Types.VARCHAR);
                call.setString(2, "grüße");
                call.execute();
                show("call", call.getString(1));
            }
        });

        step("CopyManager", () -> {
            execute(connection, "drop table if exists bulk; create table bulk (id int, name text)");
            CopyManager copy = own.getCopyAPI();
            StringBuilder text = new StringBuilder();
            for (int n = 0; n < 20000; n++) text.append(n).append("\tgrüße ☃\n");
            show("in", copy.copyIn("copy bulk from stdin", new StringReader(text.toString())));
            StringWriter writer = new StringWriter();
            show("out", copy.copyOut("copy (select * from bulk order by id) to stdout csv", writer));
            show("data", digest(writer.toString().getBytes(StandardCharsets.UTF_8)));
            ByteArrayOutputStream binary = new ByteArrayOutputStream();
            show("binary", copy.copyOut("copy bulk to stdout (format binary)", binary));
            show("data", digest(binary.toByteArray()));
            show("binary in", copy.copyIn("copy bulk from stdin (format binary)", new ByteArrayInputStream(binary.toByteArray())));
            step("bad data", () -> copy.copyIn("copy bulk from stdin", new StringReader("six\tsix\n")));
            step("no such table", () -> copy.copyOut("copy nowhere to stdout", new StringWriter()));
            step("no COPY", () -> copy.copyOut("select 1", new StringWriter()));
            step("cancelled in", () -> {
                CopyIn in = copy.copyIn("copy bulk from stdin");
                in.writeToCopy("1\tone\n".getBytes(), 0, 6);
                in.cancelCopy();
            });
            try (Connection other = connect()) {
                step("by a statement", () -> execute(other, "copy bulk to stdout"));
            }
            show("rows", query(connection, "select count(*) from bulk"));
        });

        step("large values", () -> {
            try (PreparedStatement statement = connection.prepareStatement("select ?::text, ?::bytea")) {
                char[] text = new char[5_000_000];
                Arrays.fill(text, 'ä');
                statement.setString(1, new String(text));
                statement.setBytes(2, new byte[10_000_000]);
                ResultSet results = statement.executeQuery();
                results.next();
                show("text", digest(results.getString(1).getBytes(StandardCharsets.UTF_8)));
                show("bytea", digest(results.getBytes(2)));
            }
        });

        step("large objects", () -> {
            connection.setAutoCommit(false);
            LargeObjectManager manager = own.getLargeObjectAPI();
            long oid = manager.createLO();
            LargeObject object = manager.open(oid, LargeObjectManager.READWRITE);
            object.write(new byte[300_000]);
            object.seek(5);
            show("read", object.read(10).length + " " + object.tell() + " " + object.size());
            object.truncate(3);
            object.close();
            manager.delete(oid);
            connection.commit();
            connection.setAutoCommit(true);
        });

        step("notices", () -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("do $$ begin raise notice 'hello ☃'; raise warning 'careful' using hint = 'a hint'; end $$");
                for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) show("warning", warning.getSQLState() + " " + warning.getMessage().replace("\n", "\\n"));
            }
            execute(connection, "listen channel");
            execute(connection, "notify channel, 'grüße'; select pg_notify('channel', 'two')");
            PGNotification[] notifications = own.getNotifications(30000);
            for (PGNotification notification : notifications) show("notification", notification.getName() + " " + notification.getParameter() + " " + (notification.getPID() == own.getBackendPID()));
        });

        step("cancel", () -> {
            try (Statement statement = connection.createStatement()) {
                statement.setQueryTimeout(1);
                step("query timeout", () -> statement.execute("select pg_sleep(60)"));
                statement.setQueryTimeout(0);
                show("next", query(connection, "select 'next'"));
                try (Connection other = connect()) {
                    Thread canceller = new Thread(() -> {
                        try {
                            while (query(other, "select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep%' and pid = " + own.getBackendPID()).equals("[]"));
                            statement.cancel();
                        } catch (SQLException error) {
                            describe(error);
                        }
                    });
                    canceller.start();
                    step("cancelled", () -> statement.execute("select pg_sleep(60)"));
                    canceller.join();
                }
                show("next", query(connection, "select 'next'"));
                execute(connection, "set statement_timeout = '50ms'");
                step("statement_timeout", () -> statement.execute("select pg_sleep(60)"));
                execute(connection, "reset statement_timeout");
            }
            show("valid", connection.isValid(5));
        });
    }

    static void metaData(Connection connection) throws Exception {
        execute(connection, "create schema other; create table other.parent (a int, b text, primary key (a, b)); create table other.child (id bigserial primary key, a int, b text default 'x', n numeric(10, 2) not null, t timestamptz(3)[], foreign key (a, b) references other.parent on delete cascade);"
            + " create index on other.child (lower(b)); create view other.seen as select * from other.child; create function other.twice(n int) returns int language sql as 'select $1 * 2'; create type other.pair as (x int, y text); comment on table other.child is 'a ☃ comment'; create sequence other.numbers; create materialized view other.kept as select 1 as one; create domain other.positive as int check (value > 0)");
        DatabaseMetaData data = connection.getMetaData();
        Object[][] calls = {
            {"getSchemas", (Results) () -> data.getSchemas()}, {"getTables", (Results) () -> data.getTables(null, "other", "%", null)}, {"getColumns", (Results) () -> data.getColumns(null, "other", "%", "%")},
            {"getPrimaryKeys", (Results) () -> data.getPrimaryKeys(null, "other", "child")}, {"getImportedKeys", (Results) () -> data.getImportedKeys(null, "other", "child")}, {"getExportedKeys", (Results) () -> data.getExportedKeys(null, "other", "parent")},
            {"getCrossReference", (Results) () -> data.getCrossReference(null, "other", "parent", null, "other", "child")}, {"getIndexInfo", (Results) () -> data.getIndexInfo(null, "other", "child", false, true)},
            {"getFunctions", (Results) () -> data.getFunctions(null, "other", "%")}, {"getFunctionColumns", (Results) () -> data.getFunctionColumns(null, "other", "%", "%")}, {"getProcedures", (Results) () -> data.getProcedures(null, "other", "%")},
            {"getProcedureColumns", (Results) () -> data.getProcedureColumns(null, "other", "%", "%")}, {"getUDTs", (Results) () -> data.getUDTs(null, "other", "%", null)}, {"getTableTypes", (Results) () -> data.getTableTypes()},
            {"getBestRowIdentifier", (Results) () -> data.getBestRowIdentifier(null, "other", "child", 0, true)}, {"getVersionColumns", (Results) () -> data.getVersionColumns(null, "other", "child")},
            {"getClientInfoProperties", (Results) () -> data.getClientInfoProperties()},
        };
        for (Object[] call : calls) {
            step((String) call[0], () -> show("rows", rows(((Results) call[1]).get())));
        }
        // Those that list what the server has, or name the role.
        step("large ones", () -> {
            show("types", rows(data.getTypeInfo()).length() > 1000);
            show("catalogs", rows(data.getCatalogs()).length() > 10);
            show("privileges", rows(data.getTablePrivileges(null, "other", "%")).split("INSERT", -1).length + " " + rows(data.getColumnPrivileges(null, "other", "child", "%")).split("INSERT", -1).length);
            show("keywords", data.getSQLKeywords().length() > 500);
            show("limits", data.getMaxColumnNameLength() + " " + data.getMaxConnections() + " " + data.getDefaultTransactionIsolation() + " " + data.getDatabaseProductVersion());
        });
    }

    interface Results {
        ResultSet get() throws SQLException;
    }

    static void ends() throws Exception {
        step("ended by the server", () -> {
            Connection victim = connect();
            try (Connection killer = connect()) {
                show("terminated", query(killer, "select pg_terminate_backend(" + victim.unwrap(PGConnection.class).getBackendPID() + ", 10000)"));
                step("the next statement", () -> query(victim, "select 1"));
                show("closed", victim.isClosed());
                show("valid", victim.isValid(5));
            }
        });
        String[][] settings = {{"options", "-c statement_timeout=12s -c search_path=public"}, {"currentSchema", "pg_catalog"}, {"assumeMinServerVersion", "12", "ApplicationName", "grüße"}, {"options", "-c nosuch=1"}, {"database", "nowhere"}, {"targetServerType", "primary"}, {"readOnly", "true", "readOnlyMode", "always"}, {"gssEncMode", "disable"}, {"socketTimeout", "20"}};
        for (String[] more : settings) {
            step(Arrays.toString(more), () -> {
                try (Connection connection = connect(more)) {
                    show("settings", query(connection, "select current_setting('statement_timeout'), current_setting('search_path')"));
                }
            });
        }
    }

    static void refused() throws Exception {
        for (String mode : new String[] {"extended", "simple", "extendedForPrepared", "extendedCacheEverything"}) {
            System.out.println("==== preferQueryMode=" + mode);
            try (Connection connection = connect("preferQueryMode", mode)) {
                refused(connection);
            }
        }
        try (Connection connection = connect()) {
            metaData(connection);
        }
    }

    static void refused(Connection connection) throws Exception {
        Part goesOn = () -> show("goes on", query(connection, "select count(*) from customers"));
        CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
        StringWriter out = new StringWriter();
        step("copyOut", () -> copy.copyOut("copy customers to stdout", out));
        goesOn.run();
        show("out", out);
        step("copyIn", () -> copy.copyIn("copy customers from stdin", new StringReader("11\tnew\n")));
        goesOn.run();
        step("by a statement", () -> execute(connection, "copy customers to stdout"));
        goesOn.run();
        step("in a batch", () -> {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("insert into customers values (12, 'before')");
                statement.addBatch("copy customers to stdout");
                statement.addBatch("insert into customers values (13, 'behind')");
                statement.executeBatch();
            }
        });
        goesOn.run();
        step("in a transaction", () -> {
            connection.setAutoCommit(false);
            execute(connection, "insert into customers values (14, 'kept')");
            Savepoint savepoint = connection.setSavepoint();
            step("copyOut", () -> copy.copyOut("copy customers to stdout", out));
            connection.rollback(savepoint);
            connection.commit();
        });
        goesOn.run();
        step("large objects", () -> connection.unwrap(PGConnection.class).getLargeObjectAPI().createLO());
        connection.rollback();
        goesOn.run();
        step("ordinary work", () -> {
            execute(connection, "do $$ begin perform 1; end $$");
            try (PreparedStatement statement = connection.prepareStatement("insert into customers values (?, ?)")) {
                for (int n = 20; n < 40; n++) {
                    statement.setInt(1, n);
                    statement.setString(2, "COPY customers TO stdout");
                    statement.addBatch();
                }
                show("batch", statement.executeBatch().length);
            }
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(5);
                show("rows", rows(statement.executeQuery("select * from customers")).length() > 100);
            }
            try (Statement statement = connection.createStatement()) {
                statement.setQueryTimeout(1);
                step("query timeout", () -> statement.execute("select pg_sleep(60)"));
            }
            connection.rollback();
        });
        goesOn.run();
        execute(connection, "delete from customers where id > 10");
        connection.commit();
        connection.setAutoCommit(true);
    }
}
