//! The analyser and PostgreSQL's own parser say the same, over many texts.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what panics here is a test that fails"
)]

mod corpus;
mod differential;
mod mutation;
