# Perl's DBD::Pg, over libpq.
use strict;
use warnings;
use utf8;
use DBI;
use DBD::Pg qw(:async PG_BYTEA);
use Digest::SHA qw(sha256_hex);

binmode STDOUT, ':utf8';
$| = 1;
my $refused = exists $ENV{PGWARDEN_MATRIX_REFUSED};

sub connection {
    return DBI->connect('dbi:Pg:', '', '', { RaiseError => 1, PrintError => 0, PrintWarn => 0, AutoCommit => 1, @_ });
}

sub show {
    my ($label, @values) = @_;
    print "$label: ", join('|', map { ref $_ ? '[' . join(',', map { $_ // 'null' } @$_) . ']' : $_ // 'null' } @values), "\n";
}

my $dbh;

sub step {
    my ($title, $part) = @_;
    print "== $title\n";
    return if eval { $part->(); 1 };
    my $error = $dbh->errstr // $@;
    $error =~ s/port $ENV{PGPORT}/port .../g;
    $error =~ s/dbdpg_p\d+_/dbdpg_p..._/g;
    show('error', $dbh->state, $error);
}

sub rows { return map { [@$_] } @{ $dbh->selectall_arrayref(@_) } }

sub everything {
    step('connection', sub {
        show('same process', rows("select pg_backend_pid() = $dbh->{pg_pid}"));
        show('settings', $dbh->{pg_server_version} > 130000, $dbh->{pg_enable_utf8}, $dbh->{pg_protocol});
    });
    $dbh->do('set client_min_messages = notice');
    $dbh->{pg_errorlevel} = $refused ? 1 : 2;

    step('types', sub {
        my $statement = $dbh->prepare('select ?::int, ?::int8, ?::numeric, ?::text, ?::bytea, ?::bool, ?::timestamptz, ?::int[], ?::text[], ?::jsonb, ?::text');
        $statement->bind_param(5, undef, { pg_type => PG_BYTEA });
        $statement->execute(7, 2**40, '12345678901234567890.123', "grüße ☃ \\ ' 𝄞", "\x00\x01\xff", 1, '2024-02-29 12:00:00+00', [1, 2, undef], ['a', 'b,c'], '{"k": 1}', undef) for 1 .. 3;
        my @row = $statement->fetchrow_array;
        $row[4] = unpack 'H*', $row[4];
        show('row', @row);
        show('names', $statement->{NAME}, $statement->{TYPE}, $statement->{pg_type}, $statement->{PRECISION});
    });

    step('errors', sub {
        $dbh->do('create table person (id serial primary key, name text not null unique, age int check (age >= 0))');
        for my $sql ('selekt 1', 'select * from nowhere', "select nothing\n from person", q{insert into person (name, age) values ('x', -1)}, 'insert into person (age) values (1)', 'select 1/0', '', ';', 'select 1; select 2') {
            step($sql, sub { show('done', $dbh->do($sql)) });
            step('prepared', sub { my $statement = $dbh->prepare($sql); show('executed', $statement->execute) });
        }
    });

    step('transactions', sub {
        $dbh->begin_work;
        $dbh->do(q{insert into person (name) values ('first')});
        $dbh->pg_savepoint('one');
        step('a failure', sub { $dbh->do('insert into person (name) values (?)', undef, 'first') });
        show('state', $dbh->pg_ping, $dbh->ping);
        $dbh->pg_rollback_to('one');
        $dbh->pg_release('one');
        $dbh->commit;
        show('rows', rows('select name from person'));
    });

    step('batches', sub {
        my $statement = $dbh->prepare('insert into person (name, age) values (?, ?)');
        show('tuples', scalar $statement->execute_array({ ArrayTupleStatus => [] }, [map { "many $_" } 1 .. 100], [1 .. 100]));
        step('one fails', sub { $statement->execute_array({ ArrayTupleStatus => \my @status }, ['fresh', 'many 3', 'later'], 1) });
        show('rows', rows('select count(*) from person'));
    });

    step('prepared statements', sub {
        my $statement = $dbh->prepare('select * from person where id = ?');
        for (1 .. 3) { $statement->execute(1); show('row', $statement->fetchrow_array) }
        $dbh->do('alter table person add column extra text');
        step('the table has changed', sub { $statement->execute(1); show('row', $statement->fetchrow_array) });
        $dbh->do('deallocate all');
        step('deallocated', sub { $statement->execute(1); show('row', $statement->fetchrow_array) });
    });

    step('cursors', sub {
        $dbh->begin_work;
        $dbh->do('declare c scroll cursor for select generate_series(1, 1000)');
        show('rows', rows('fetch 3 from c'), rows('fetch backward 1 from c'), rows('fetch absolute 500 from c'));
        $dbh->do('close c');
        $dbh->commit;
    });

    step('COPY', sub {
        $dbh->do('create table bulk (id int, name text)');
        $dbh->do('copy bulk from stdin');
        $dbh->pg_putcopydata("$_\tgrüße\n") for 1 .. 20000;
        show('ended', $dbh->pg_putcopyend);
        $dbh->do('copy (select * from bulk order by id) to stdout csv');
        my ($line, $all) = ('', '');
        $all .= $line while $dbh->pg_getcopydata($line) >= 0;
        utf8::encode($all);
        show('out', length $all, sha256_hex($all));
        step('bad data', sub { $dbh->do('copy bulk from stdin'); $dbh->pg_putcopydata("six\tsix\n"); $dbh->pg_putcopyend });
        step('no such table', sub { $dbh->do('copy nowhere to stdout') });
        show('rows', rows('select count(*) from bulk'));
    });

    step('large values', sub {
        my ($text) = $dbh->selectrow_array('select ?::text', undef, 'ä☃x' x 1_800_000);
        utf8::encode($text);
        show('text', length $text, sha256_hex($text));
    });

    step('large objects', sub {
        $dbh->begin_work;
        my $oid = $dbh->pg_lo_creat($dbh->{pg_INV_WRITE});
        my $handle = $dbh->pg_lo_open($oid, $dbh->{pg_INV_WRITE});
        show('written', $dbh->pg_lo_write($handle, 'x' x 100_000, 100_000), $dbh->pg_lo_lseek($handle, 5, 0), $dbh->pg_lo_tell($handle));
        my $buffer = '';
        show('read', $dbh->pg_lo_read($handle, $buffer, 10), $buffer, $dbh->pg_lo_close($handle), $dbh->pg_lo_unlink($oid));
        $dbh->commit;
    });

    step('notices', sub {
        local $SIG{__WARN__} = sub { show('warning', $_[0] =~ s/ at \S+ line .*//sr) };
        $dbh->{PrintWarn} = 1;
        $dbh->do(q{do $$ begin raise notice 'hello'; raise warning 'careful' using hint = 'a hint'; end $$});
        $dbh->{PrintWarn} = 0;
    });

    step('notifications', sub {
        $dbh->do('listen channel');
        $dbh->do(q{notify channel, 'grüße'});
        my $notify = $dbh->pg_notifies;
        show('notify', $notify->[0], $notify->[1] == $dbh->{pg_pid}, $notify->[2]);
    });

    step('asynchronous', sub {
        $dbh->do('select 42', { pg_async => PG_ASYNC });
        show('result', $dbh->pg_result);
        $dbh->do('select pg_sleep(60)', { pg_async => PG_ASYNC });
        my $watch = connection();
        1 until $watch->selectrow_array("select 1 from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)' and pid = $dbh->{pg_pid}");
        $watch->disconnect;
        show('ready', $dbh->pg_ready);
        show('cancelled', $dbh->pg_cancel);
        show('next', rows(q{select 'next'}));
        step('statement_timeout', sub { $dbh->do(q{set statement_timeout = '50ms'}); $dbh->do('select pg_sleep(60)') });
        $dbh->do('reset statement_timeout');
    });
    catalogue();
}

sub catalogue {
    step('catalogue', sub {
        $dbh->do('create table parent (a int primary key); create table child (b int references parent, n numeric(10,2) default 5)');
        for my $name ('parent', 'child') {
            show('tables', map { [@$_[1 .. 4]] } @{ $dbh->table_info(undef, 'public', $name)->fetchall_arrayref });
            show('columns', map { [@$_[1 .. 17]] } @{ $dbh->column_info(undef, 'public', $name, '%')->fetchall_arrayref });
            my $keys = $dbh->primary_key_info(undef, 'public', $name);
            show('keys', map { [@$_[1 .. 5]] } @{ $keys->fetchall_arrayref }) if $keys;
            my $statistics = $dbh->statistics_info(undef, 'public', $name, 0, 1);
            show('indexes', map { [@$_[1 .. 9]] } @{ $statistics->fetchall_arrayref }) if $statistics;
        }
        my $foreign = $dbh->foreign_key_info(undef, 'public', 'parent', undef, 'public', 'child');
        show('foreign', map { [@$_[1 .. 12]] } @{ $foreign->fetchall_arrayref });
        show('types', scalar $dbh->type_info_all > 1);
    });
}

sub refused {
    my $goes_on = sub { show('goes on', rows('select count(*) from customers')) };
    step('out', sub { $dbh->do('copy customers to stdout') });
    $goes_on->();
    step('in', sub { $dbh->do('copy customers from stdin') });
    $goes_on->();
    step('prepared', sub { $dbh->prepare('copy customers to stdout')->execute });
    $goes_on->();
    step('in a transaction', sub {
        $dbh->begin_work;
        $dbh->do(q{insert into customers values (11, 'kept')});
        $dbh->pg_savepoint('one');
        step('out', sub { $dbh->do('copy customers to stdout') });
        $dbh->pg_rollback_to('one');
        $dbh->commit;
    });
    $goes_on->();
    step('large objects', sub { $dbh->begin_work; show('oid', $dbh->pg_lo_creat($dbh->{pg_INV_WRITE})) });
    $dbh->rollback;
    step('ordinary work', sub {
        my $statement = $dbh->prepare('insert into customers values (?, ?)');
        $statement->execute($_, 'COPY customers TO stdout') for 20 .. 40;
        $dbh->do('do $$ begin perform 1; end $$');
        $dbh->begin_work;
        $dbh->do('declare c cursor for select id from customers order by id');
        show('rows', rows('fetch 3 from c'));
        $dbh->commit;
        $dbh->do('select 42', { pg_async => PG_ASYNC });
        show('result', $dbh->pg_result);
    });
    catalogue();
    $goes_on->();
}

$dbh = connection();
$refused ? refused() : everything();
$dbh->disconnect;
unless ($refused) {
    print "== no such database\n";
    eval { DBI->connect('dbi:Pg:dbname=nowhere', '', '', { RaiseError => 1, PrintError => 0 }) };
    show('error', $DBI::state, $DBI::errstr =~ s/port $ENV{PGPORT}/port .../gr);
}
