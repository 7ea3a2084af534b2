//! PostgreSQL's frontend/backend protocol, sans-io: framing over untrusted bytes, typed borrowed views of
//! messages, startup packets, and the few messages that pgwarden itself sends.
//!
//! ```text
//!   bytes ──> startup::parse ──> StartupPacket          (before login, frames without a type byte)
//!   bytes ──> Header::parse ──> Frame ──> FrontendMessage / BackendMessage   (views into the same bytes)
//!   ErrorResponse, frontend::*, backend::* ──> bytes
//! ```
//!
//! It knows no sockets, no clock, no policy and no SQL. Views never decode text: what is judged must be the very
//! bytes that are forwarded, so names and SQL are `&[u8]`. Nothing is allocated from a length that a peer sent.
//!
//! Start with [`Header`], [`FrontendMessage`] and [`BackendMessage`].
//!
//! ```
//! use pgwarden_wire::{Frame, FrontendMessage, frontend};
//!
//! let mut bytes = Vec::new();
//! frontend::query(&mut bytes, b"select 1");
//! let frame = Frame::split_first(&bytes, 1 << 20).unwrap().unwrap();
//! assert!(matches!(FrontendMessage::parse(frame).unwrap(), FrontendMessage::Query { sql: b"select 1" }));
//! ```

#![warn(clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)]

pub mod backend;
mod body;
mod error_response;
mod frame;
pub mod frontend;
#[cfg(any(test, fuzzing))]
mod fuzz;
pub mod limits;
pub mod sqlstate;
pub mod startup;

pub use backend::{BackendMessage, BackendType, TransactionStatus};
pub use body::{Body, MalformedMessage};
pub use error_response::{ErrorFields, ErrorResponse, Severity, field};
pub use frame::{Frame, FrameError, HEADER_BYTES, Header, frames};
pub use frontend::{FrontendMessage, FrontendType};
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub use fuzz::fuzz_frame;
pub use startup::{StartupError, StartupMessage, StartupPacket};
