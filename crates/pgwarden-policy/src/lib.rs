//! What a SQL text does, and whether a record's settings allow it.
//!
//! ```text
//!                 Reading (how the session reads texts)      Settings (of record and grant)
//!                    │                                          │
//! SQL text ──► [`analyse`] ──► [`Facts`] ────────────────► [`judge`] ──► [`Verdict`]
//! ```
//!
//! Both steps are pure functions. Facts know no settings, so they can be kept with the text they belong to; verdicts know
//! no SQL, so they can be taken anew whenever settings change. Neither knows of sockets, sessions, records or people.
//!
//! A text is bytes as they came from the client. It is lexed by PostgreSQL's own rules and decided by its tokens, for
//! every statement, whether or not a parser would understand it: what the server refuses to parse does nothing, and what
//! it parses consists of the same tokens. Where that leaves a doubt, the stricter reading counts.
//!
//! ```
//! use pgwarden_policy::{Reading, Settings, Verdict, analyse, judge};
//!
//! let facts = analyse(b"select 1; copy customers to stdout", Reading::default());
//! assert_eq!(facts.statements[1].kind.as_str(), "copy_to");
//!
//! let Verdict::Refuse(refusal) = judge(&facts, &Settings::default()) else {
//!     panic!("switches are off by default");
//! };
//! assert_eq!(
//!     refusal.message("orders"),
//!     "refused by pgwarden: COPY TO is not allowed on record \"orders\" (can_export_csv is off)"
//! );
//!
//! let settings = Settings { can_export_csv: true, ..Settings::default() };
//! assert_eq!(judge(&facts, &settings), Verdict::Allow);
//! ```
#![warn(clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)]

mod analyse;
mod cache;
mod call;
mod catalog;
mod code;
mod copy;
mod deny;
#[cfg(any(test, fuzzing))]
mod effort;
mod encoding;
mod excerpt;
mod facts;
#[cfg(any(test, fuzzing))]
mod fuzz;
mod hint;
mod kind;
mod lexer;
mod limits;
mod literal;
mod mention;
mod password;
mod replication;
mod scan;
mod set;
mod settings;
mod shape;
mod split;
mod statement;
mod verdict;
mod ways;
mod words;

pub use analyse::analyse;
pub use cache::{CACHED_TEXT_BYTES_MAX, FactsCache, FactsCacheStatistics};
pub use deny::{DeniedName, DeniedNameError};
pub use encoding::ClientEncoding;
pub use facts::{
    Code, CopyDirection, CopyEnd, CopyFacts, CopySource, Credentials, Demand, DemandKind, Encoding, Facts,
    NameEffect, Opaque, Reading, SecretLiteral, Sensitivity, ServerProgram, StatementFacts, Unreadable,
    UnreadableCause, Write,
};
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub use fuzz::{fuzz_analyser, fuzz_judge, fuzz_lexer};
pub use hint::REFUSAL_HINT_BYTES_MAX;
pub use kind::{KindSet, StatementKind};
pub use mention::{Mention, MentionRole};
pub use settings::{Enforcement, OpaqueCode, Setting, Settings};
pub use shape::{SHAPE_BYTES_MAX, shape, unmasked};
pub use verdict::{Cause, Refusal, Verdict, judge, judge_function_call, judge_parameter, judge_replication};
pub use ways::{Medium, Sql, WAYS, Way, WayClass, harmless, may_be_way, way, way_of_oid};

/// Longest excerpt of a statement in a refusal: enough to recognise it, short enough for a log line.
pub const EXCERPT_BYTES_MAX: usize = 100;

/// Most names of one text that are kept. A text with more of them is refused where names are denied.
pub const NAMES_MAX: usize = 10_000;

/// Most statements of one text that are read. Each costs some 350 bytes of facts, so without a limit a text of
/// 64 MiB could ask for gigabytes.
pub const STATEMENTS_MAX: usize = 100_000;

/// Most secrets of one text that are kept; with more it counts as one that can't be read to its end. Each takes three allocations.
pub const SECRETS_MAX: usize = 10_000;

/// How deep code within code is followed: DO in CREATE FUNCTION in DO is three.
pub const CODE_DEPTH_MAX: usize = 8;

/// How many bytes of code are read for each byte of the text that holds it. Code is read once for each literal around it,
/// and in two ways where its backslashes ask for that, which would double with each level.
pub const CODE_BYTES_FACTOR: usize = 16;
