//! pgwarden as its users have it: the program before a real server, and real clients before it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what a test can't go on without fails it"
)]
#![expect(clippy::float_cmp, reason = "the metrics that are compared are counts")]

mod conversation;
mod fake_server;

mod access;
mod bad_input;
mod cancel;
mod clients;
mod guard;
mod heavy;
mod login;
mod recording;
mod refusals;
mod relay;
mod reload;
