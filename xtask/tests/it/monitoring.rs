//! The dashboard and the alert rules show what pgwarden really counts.

use std::collections::BTreeSet;
use std::path::Path;

use testkit::{Cluster, Proxy};

fn deploy_file(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("read {}: {error}", file.display()))
}

/// The metric families that a text of queries names, a histogram by its own name.
fn named_families(text: &str) -> BTreeSet<String> {
    text.split(|char: char| !char.is_ascii_alphanumeric() && char != '_')
        .filter(|word| word.starts_with("pgwarden_"))
        .map(|word| word.trim_end_matches("_bucket").to_owned())
        .collect()
}

/// The metric families that `/metrics` has.
fn served_families(metrics: &str) -> BTreeSet<String> {
    metrics
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
        .filter(|name| name.starts_with("pgwarden_"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_dashboard_is_json_and_draws_every_metric() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let proxy = Proxy::before(&database).start().unwrap();
    proxy
        .psql("alice", "orders", "select 1", &[])
        .unwrap()
        .expect_success();
    let served = served_families(&proxy.metrics().unwrap());

    let dashboard = deploy_file("grafana/pgwarden.json");
    serde_json::from_str::<serde_json::Value>(&dashboard).unwrap();
    assert_eq!(named_families(&dashboard), served);
    proxy.assert_idle();
}

#[test]
fn alerts_are_about_metrics_that_the_dashboard_draws() {
    let drawn = named_families(&deploy_file("grafana/pgwarden.json"));
    let alerted = named_families(&deploy_file("prometheus/pgwarden.rules.yml"));
    assert!(!alerted.is_empty());
    assert_eq!(
        alerted.difference(&drawn).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
}
