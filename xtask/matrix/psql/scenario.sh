# What people do with PostgreSQL's own programs. Argument: the directory of the programs.
set -u
bin=$1
here=$(dirname "$0")
[ -z "${MATRIX_LIBRARY_PATH:-}" ] || export LD_LIBRARY_PATH=$MATRIX_LIBRARY_PATH
major=$("$bin/psql" --version 2>&1 || LD_PRELOAD=${MATRIX_PRELOAD:-} "$bin/psql" --version)
major=$(printf '%s' "$major" | sed -nE 's/^psql \(PostgreSQL\) ([0-9]+).*/\1/p')
export PSQLRC=/dev/null PSQL_HISTORY=/dev/null PAGER=

run() { # program, arguments; what it prints on both streams, and its exit code if it is not 0
    LD_PRELOAD=${MATRIX_PRELOAD:-} "$bin/$1" "${@:2}" 2>&1 | sed "s#$here/##"
    local code=${PIPESTATUS[0]}
    [ "$code" = 0 ] || echo "[$1 exits with $code]"
}

psql() { run psql -X "$@"; }

title() { printf '\n=== %s\n' "$1"; }

# What differs from one run to the next.
steady() {
    sed -E \
        -e 's/server process with PID [0-9]+/server process with PID N/' \
        -e 's/^[A-Z][a-z]{2} [A-Z][a-z]{2} +[0-9]+ [0-9:]+ [0-9]+ \(every/(every/' \
        -e 's/(lo_import|lo_unlink) [0-9]+/\1 N/' \
        -e 's/^(latency|initial connection|tps|number of transactions per second|SQL script|duration|done in|pgbench \().*/\1 .../' \
        -e 's/done \(elapsed.*/done .../' \
        -e 's/(\\(un)?restrict) .*/\1 .../' \
        -e '/ SET \(pg_attver=[0-9]+\);$/d' # an option of PostgreSQL 15.20 that other releases of pg_dump show
}

if [ -n "${PGWARDEN_MATRIX_REFUSED:-}" ]; then
    . "$here/refused.sh"
    exit 0
fi

title 'Describing'
psql -f "$here/schema.sql"
psql -f "$here/describe.sql"

title 'Queries and their errors'
psql -f "$here/queries.sql" | steady
psql -v ON_ERROR_STOP=1 -c 'select 1' -c 'select 1/0' -c 'select 2'
psql -1 -c 'create table one_transaction (a int)' -c 'select 1/0'
psql -Atc "select to_regclass('one_transaction') is null"
psql -Atc 'select 1; select 2; select 1/0; select 3'
psql -v VERBOSITY=sqlstate -c 'select no_such_column'

title 'The extended protocol'
if [ "$major" -ge 16 ]; then psql -f "$here/bind.sql"; fi
if [ "$major" -ge 18 ]; then psql -f "$here/pipeline.sql"; fi

title 'COPY'
psql -f "$here/copy.sql"
cat numbers.csv numbers.txt
cksum < numbers.bin

title 'Notices and notifications'
psql -f "$here/notices.sql" | steady

title 'Large objects'
head -c 300000 /dev/zero | tr '\0' 'x' > object
psql -v file=object -f "$here/large_objects.sql" | steady
cmp object object.back && echo 'came back as it went'

title 'Cancelling'
running="select count(*) from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)'"
LD_PRELOAD=${MATRIX_PRELOAD:-} "$bin/psql" -X -c 'select pg_sleep(60)' -c "select 'goes on'" > cancelled 2>&1 &
sleeper=$!
until [ "$(psql -Atc "$running")" = 1 ]; do :; done
kill -INT "$sleeper"
wait "$sleeper"
echo "[$?]"
cat cancelled
psql -c "set statement_timeout = '20ms'" -c 'select pg_sleep(60)'

title 'The server ends the session'
psql -c 'select pg_terminate_backend(pg_backend_pid())' -c "select 'not reached'" | sed -E 's/(connection to server) .*(failed)/\1 ... \2/'

title 'pg_dump and pg_restore'
run pg_dump --no-comments --schema-only | steady
run pg_dump --inserts --table=cities | steady
run pg_dump --file=plain.sql
steady < plain.sql 2>/dev/null | sed '/^-- Dumped by/d' | cksum
run pg_dump -Fc --file=custom.dump && run pg_restore -f - --data-only custom.dump 2>&1 | steady | cksum
run pg_dump -Fd -j 2 --file=directory && ls directory 2>/dev/null | wc -l
run pg_dump --snapshot=00000000-00000000-0 | steady
psql -qc 'drop table if exists cities, people cascade'
[ ! -f custom.dump ] || run pg_restore --dbname="$PGDATABASE" --table=cities custom.dump
psql -c 'select count(*) from cities'

title 'Maintenance'
run vacuumdb --analyze --table=kinds
run vacuumdb --table=no_such_table | steady
run reindexdb --table=kinds
run clusterdb --table=kinds
run createdb matrix_other | steady
run dropdb matrix_other | steady
run createuser matrix_other | steady

[ -x "$bin/pgbench" ] || exit 0
title 'pgbench'
run pgbench -i -q -I dtgvp | steady
run pgbench -i -q -I dtGvpf | steady
for protocol in simple extended prepared; do
    run pgbench -n -M $protocol -c 2 -t 15 --random-seed=7 | grep -E 'processed|failed|aborted|error'
    run pgbench -n -M $protocol -S -c 2 -t 15 --random-seed=7 | grep -E 'processed|failed|aborted|error'
    run pgbench -n -M $protocol -t 3 -f "$here/script.pgbench" 2>&1 | grep -E 'processed|aborted|error'
done
for protocol in extended prepared; do
    run pgbench -n -M $protocol -t 3 -f "$here/pipeline.pgbench" 2>&1 | grep -E 'processed|aborted|error'
done
psql -c 'select sum(abalance), count(*) from pgbench_accounts' -c 'select count(*), sum(delta) from pgbench_history'
