//! pgwarden as its users have it: the program before a real server, and real clients before it.

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
