//! pgwarden as its users have it: the program before a real server, and real clients before it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "what fails in a test is the test, and metrics are whole numbers"
)]

mod conversation;
mod fake_server;
mod trickle;

mod access;
mod attempts;
mod backend_login;
mod backtest;
mod bad_input;
mod balancer;
mod budgets;
mod cancel;
mod check_connect;
mod clients;
mod commands;
mod encodings;
mod floods;
mod flows;
mod functions;
mod guard;
mod hand_over;
mod heavy;
mod large_objects;
mod listeners;
mod login;
mod monitor;
mod ordinary;
mod peers;
mod policy_tests;
mod recording;
mod refusal_hints;
mod refusals;
mod relay;
mod reload;
mod replication;
mod replication_clients;
mod slow_clients;
mod tls;

use testkit::{Cluster, TestDb};

/// An empty database of the server that all tests share.
fn database() -> TestDb {
    Cluster::shared().unwrap().database().unwrap()
}
