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
mod bad_input;
mod cancel;
mod clients;
mod commands;
mod encodings;
mod flows;
mod guard;
mod heavy;
mod login;
mod recording;
mod refusals;
mod relay;
mod reload;
mod tls;
