//! Configuration files as they are written, and what comes of them.

#![expect(
    clippy::unwrap_used,
    clippy::unnecessary_wraps,
    clippy::format_push_string,
    clippy::duration_suboptimal_units,
    reason = "what fails in a test is the test, and tables read better"
)]

mod access;
mod errors;
mod example;
mod expectations;
mod file;
mod includes;
mod records;
mod routing;
mod secrets;
mod tls;
mod unsupported;
