<?php
// PHP's PDO and its pgsql functions, both over libpq.
declare(strict_types=1);

$refused = getenv('PGWARDEN_MATRIX_REFUSED') !== false;

function show(string $label, mixed $value): void
{
    echo $label, ': ', json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}

function nameless(string $text): string
{
    return str_replace('port ' . getenv('PGPORT'), 'port ...', $text);
}

function step(string $title, callable $part): void
{
    echo "== $title\n";
    try {
        $part();
    } catch (PDOException $error) {
        show('error', [$error->errorInfo[0] ?? $error->getCode(), nameless($error->errorInfo[2] ?? $error->getMessage())]);
    }
}

function connect(array $options = []): PDO
{
    // A connection string is all that PDO passes to libpq; it turns semicolons into spaces.
    $name = 'pgsql:host=' . getenv('PGHOST') . ';port=' . getenv('PGPORT') . ';dbname=' . getenv('PGDATABASE');
    return new PDO($name, getenv('PGUSER'), getenv('PGPASSWORD'), $options + [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
}

function rows(PDO $pdo, string $sql): array
{
    return $pdo->query($sql)->fetchAll(PDO::FETCH_NUM);
}

function everything(PDO $pdo): void
{
    step('connection', function () use ($pdo) {
        show('same process', rows($pdo, 'select pg_backend_pid() = ' . $pdo->pgsqlGetPid()));
        show('status', $pdo->getAttribute(PDO::ATTR_CONNECTION_STATUS));
    });

    step('types', function () use ($pdo) {
        $statement = $pdo->prepare('select ?::int, ?::int8, ?::numeric, ?::float8, ?::text, ?::bytea, ?::bool, ?::timestamptz, ?::int[], ?::jsonb, ?::text');
        $bytes = fopen('php://memory', 'r+');
        foreach ([7, 2 ** 40, '12345678901234567890.123', '1.5', "grüße ☃ \\ ' 𝄞"] as $n => $value) {
            $statement->bindValue($n + 1, $value);
        }
        $statement->bindValue(6, "\x00\x01\xff", PDO::PARAM_LOB);
        $statement->bindValue(7, true, PDO::PARAM_BOOL);
        foreach (['2024-02-29 12:00:00+00', '{1,2,NULL}', '{"k": 1}'] as $n => $value) {
            $statement->bindValue($n + 8, $value);
        }
        $statement->bindValue(11, null, PDO::PARAM_NULL);
        $statement->execute();
        $row = $statement->fetch(PDO::FETCH_NUM);
        $row[5] = bin2hex(stream_get_contents($row[5]));
        show('row', $row);
        show('column', array_diff_key($statement->getColumnMeta(2), ['pgsql:table_oid' => 0]));
    });

    step('errors', function () use ($pdo) {
        $pdo->exec('create table person (id serial primary key, name text not null unique, age int check (age >= 0))');
        foreach (['selekt 1', 'select * from nowhere', "select nothing\n from person", "insert into person (name, age) values ('x', -1)", 'select 1/0', ';', 'select 1; select 2'] as $sql) {
            step($sql, fn () => show('exec', $pdo->exec($sql)));
            step('prepared', fn () => show('executed', $pdo->prepare($sql)->execute()));
        }
    });

    step('transactions', function () use ($pdo) {
        $pdo->beginTransaction();
        $pdo->exec("insert into person (name) values ('first')");
        $pdo->exec('savepoint one');
        step('a failure', fn () => $pdo->prepare('insert into person (name) values (?)')->execute(['first']));
        show('in a transaction', $pdo->inTransaction());
        $pdo->exec('rollback to one');
        $pdo->commit();
        show('rows', rows($pdo, 'select name from person'));
        show('last id', $pdo->lastInsertId());
    });

    foreach ([[], [PDO::ATTR_EMULATE_PREPARES => true], [PDO::PGSQL_ATTR_DISABLE_PREPARES => true]] as $n => $options) {
        step("prepared statements $n", function () use ($pdo, $options, $n) {
            $insert = $pdo->prepare('insert into person (name, age) values (:name, :age)', $options);
            foreach (range(1, 30) as $age) {
                $insert->execute(['name' => "many $n $age", 'age' => $age]);
            }
            $pdo->beginTransaction();
            $select = $pdo->prepare('select * from person where age > :age order by id', $options);
            foreach ([28, 29] as $age) {
                $select->execute(['age' => $age]);
                show('rows', $select->fetchAll(PDO::FETCH_NUM));
            }
            $pdo->commit();
        });
    }

    step('the table has changed', function () use ($pdo) {
        $select = $pdo->prepare('select * from person where id = ?');
        $select->execute([1]);
        $select->closeCursor();
        $pdo->exec('alter table person add column extra text');
        $select->execute([1]);
    });

    step('COPY', function () use ($pdo) {
        $pdo->exec('create table bulk (id int, name text)');
        show('in', $pdo->pgsqlCopyFromArray('bulk', array_map(fn ($n) => "$n\tgrüße\n", range(1, 20000))));
        $out = $pdo->pgsqlCopyToArray('bulk');
        show('out', [count($out), hash('sha256', implode('', $out))]);
        step('bad data', fn () => $pdo->pgsqlCopyFromArray('bulk', ["six\tsix\n"]));
        step('no such table', fn () => $pdo->pgsqlCopyToArray('nowhere'));
        step('by exec', fn () => $pdo->exec('copy bulk to stdout'));
        show('rows', rows($pdo, 'select count(*) from bulk'));
    });

    step('large values', function () use ($pdo) {
        $statement = $pdo->prepare('select ?::text');
        $statement->execute([str_repeat('ä☃x', 1800000)]);
        show('text', hash('sha256', $statement->fetchColumn()));
    });

    step('large objects', function () use ($pdo) {
        $pdo->beginTransaction();
        $oid = $pdo->pgsqlLOBCreate();
        $stream = $pdo->pgsqlLOBOpen($oid, 'w');
        show('written', fwrite($stream, str_repeat('x', 100000)));
        fclose($stream);
        $stream = $pdo->pgsqlLOBOpen($oid, 'r');
        show('read', strlen(stream_get_contents($stream)));
        fclose($stream);
        show('unlinked', $pdo->pgsqlLOBUnlink($oid));
        $pdo->commit();
    });

    step('notifications', function () use ($pdo) {
        $pdo->exec('listen channel');
        $pdo->exec("notify channel, 'grüße'");
        $notify = $pdo->pgsqlGetNotify(PDO::FETCH_NUM, 30000);
        show('notify', [$notify[0], $notify[1] === $pdo->pgsqlGetPid(), $notify[2]]);
    });

    step('statement_timeout', fn () => $pdo->exec("set statement_timeout = '50ms'; select pg_sleep(60)"));
    $pdo->exec('reset statement_timeout');
}

function pgsql(): void
{
    echo "== pgsql\n";
    $connection = pg_connect('');
    pg_set_error_verbosity($connection, PGSQL_ERRORS_VERBOSE);
    show('parameters', [pg_parameter_status($connection, 'server_encoding'), pg_parameter_status($connection, 'is_superuser'), pg_client_encoding($connection)]);
    show('query', pg_fetch_all(pg_query_params($connection, 'select $1::int as a, $2::text as b', [1, 'grüße'])));
    pg_prepare($connection, 'named', 'select * from person where id = $1');
    show('prepared', pg_fetch_all(pg_execute($connection, 'named', [1])));
    show('sent', pg_send_query($connection, 'select 1 as one; select 1/0; select 3'));
    while ($result = pg_get_result($connection)) {
        show('result', [pg_result_status($result), pg_result_error($result), pg_result_error_field($result, PGSQL_DIAG_SOURCE_FUNCTION)]);
    }
    pg_send_query($connection, 'select pg_sleep(60)');
    $watch = pg_connect('', PGSQL_CONNECT_FORCE_NEW);
    while (pg_num_rows(pg_query($watch, "select 1 from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)' and pid = " . pg_get_pid($connection))) === 0);
    pg_close($watch);
    show('cancelled', pg_cancel_query($connection));
    while ($result = pg_get_result($connection)) {
        show('result', pg_result_error($result));
    }
    show('copied', [pg_copy_from($connection, 'bulk', ["1\tone\n"]), count(pg_copy_to($connection, 'bulk'))]);
    pg_query($connection, "do $$ begin raise notice 'hello'; end $$");
    show('notice', pg_last_notice($connection));
    show('inserted', pg_insert($connection, 'person', ['name' => 'by pg_insert', 'age' => 5]));
    show('selected', pg_select($connection, 'person', ['name' => 'by pg_insert']));
    show('meta', array_map(fn ($column) => [$column['type'], $column['not null']], pg_meta_data($connection, 'person')));
    pg_close($connection);
}

function refused(PDO $pdo): void
{
    $goesOn = fn () => show('goes on', rows($pdo, 'select count(*) from customers'));
    step('pgsqlCopyToArray', fn () => $pdo->pgsqlCopyToArray('customers'));
    $goesOn();
    step('pgsqlCopyFromArray', fn () => $pdo->pgsqlCopyFromArray('customers', ["11\tnew\n"]));
    $goesOn();
    step('exec', fn () => $pdo->exec('copy customers to stdout'));
    $goesOn();
    step('prepared', fn () => $pdo->prepare('copy customers to stdout')->execute());
    $goesOn();
    step('in a transaction', function () use ($pdo) {
        $pdo->beginTransaction();
        $pdo->exec("insert into customers values (11, 'kept'); savepoint one");
        step('out', fn () => $pdo->pgsqlCopyToArray('customers'));
        $pdo->exec('rollback to one');
        $pdo->commit();
    });
    $goesOn();
    step('large objects', function () use ($pdo) {
        $pdo->beginTransaction();
        show('oid', $pdo->pgsqlLOBCreate() !== false);
    });
    $pdo->rollBack();
    $goesOn();
    step('ordinary work', function () use ($pdo) {
        $insert = $pdo->prepare('insert into customers values (?, ?)');
        foreach (range(20, 40) as $id) {
            $insert->execute([$id, 'COPY customers TO stdout']);
        }
        show('column', array_diff_key($pdo->query('select * from customers')->getColumnMeta(0), ['pgsql:table_oid' => 0]));
        $pdo->exec('do $$ begin perform 1; end $$');
        $connection = pg_connect('');
        show('meta', array_keys(pg_meta_data($connection, 'customers')));
        show('inserted', pg_insert($connection, 'customers', ['id' => 50, 'name' => 'x']));
        show('copied', [@pg_copy_to($connection, 'customers'), pg_last_error($connection)]);
        pg_close($connection);
    });
    $goesOn();
}

if ($refused) {
    refused(connect());
} else {
    everything(connect());
    pgsql();
    step('no such database', fn () => new PDO('pgsql:dbname=nowhere', getenv('PGUSER'), getenv('PGPASSWORD')));
}
