//! pgwarden as its users have it: the program before a real server, and real clients before it.

mod conversation;
mod fake_server;

mod access;
mod bad_input;
mod guard;
mod login;
mod refusals;
mod relay;
