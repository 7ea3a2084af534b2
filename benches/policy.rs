//! `cargo xtask bench policy`: what the policy costs for a text, beside what parsers of SQL cost for the same.
//!
//! All three read the same bytes in the same run. They don't do the same: the parsers build a tree that knows no functions that
//! write files, the policy builds facts without a tree. The comparison tells what judging costs where a parser would be the other way.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};
use pgwarden_policy::{FactsCache, Reading, Settings, analyse, judge};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

/// What is read, by the name it has in the report.
const TEXTS: [(&str, &str); 6] = [
    ("pgbench SELECT", "SELECT abalance FROM pgbench_accounts WHERE aid = 1234;"),
    (
        "pgbench UPDATE",
        "UPDATE pgbench_accounts SET abalance = abalance + -1234 WHERE aid = 123456;",
    ),
    (
        "pgbench INSERT",
        "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (1, 1, 123456, -1234, CURRENT_TIMESTAMP);",
    ),
    ("COPY", "COPY t TO STDOUT"),
    ("psql \\d of an index", include_str!("texts/psql_describe.sql")),
    // A third of the query by which pgAdmin 4 searches a database for objects.
    ("pgAdmin search", include_str!("texts/pgadmin_search.sql")),
];

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    for (name, sql) in TEXTS {
        measure(&mut criterion, name, sql);
    }
    flood(&mut criterion);
    criterion.final_summary();
}

fn measure(criterion: &mut Criterion, name: &str, sql: &str) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(sql.len() as u64));
    let text = sql.as_bytes();
    group.bench_function(BenchmarkId::from_parameter("analyse"), |bencher| {
        bencher.iter(|| analyse(black_box(text), Reading::default()));
    });
    let cache = FactsCache::new(1 << 24);
    for _ in 0..2 {
        cache.analyse(text, Reading::default());
    }
    group.bench_function(BenchmarkId::from_parameter("cache hit"), |bencher| {
        bencher.iter(|| cache.analyse(black_box(text), Reading::default()));
    });
    let facts = analyse(text, Reading::default());
    let settings = Settings::default();
    group.bench_function(BenchmarkId::from_parameter("judge"), |bencher| {
        bencher.iter(|| judge(black_box(&facts), black_box(&settings)));
    });
    group.bench_function(BenchmarkId::from_parameter("sqlparser"), |bencher| {
        bencher.iter(|| Parser::parse_sql(&PostgreSqlDialect {}, black_box(sql)).is_ok());
    });
    group.bench_function(BenchmarkId::from_parameter("pg_query"), |bencher| {
        bencher.iter(|| pg_query::parse(black_box(sql), pg_query::ParserOptions::default()).is_ok());
    });
    group.finish();
}

/// Texts of which none comes twice, as pgbench's simple protocol sends them: with the cache and without.
fn flood(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("texts that never come again");
    let select = |number: u64| format!("SELECT abalance FROM pgbench_accounts WHERE aid = {number};");
    let mut number = 0;
    group.bench_function(BenchmarkId::from_parameter("analyse"), |bencher| {
        bencher.iter_batched(
            || {
                number += 1;
                select(number)
            },
            |sql| analyse(sql.as_bytes(), Reading::default()),
            criterion::BatchSize::SmallInput,
        );
    });
    let cache = FactsCache::new(1 << 24);
    group.bench_function(BenchmarkId::from_parameter("cache miss"), |bencher| {
        bencher.iter_batched(
            || {
                number += 1;
                select(number)
            },
            |sql| cache.analyse(sql.as_bytes(), Reading::default()),
            criterion::BatchSize::SmallInput,
        );
    });
    group.finish();
}
