//! What a SQL text does, and whether a record's settings allow it.

mod analyse;
mod code;
mod copy;
mod excerpt;
mod facts;
mod kind;
mod lexer;
mod literal;
mod password;
mod replication;
mod set;
mod settings;
mod split;
mod statement;
mod verdict;
mod words;

pub use analyse::analyse;
pub use facts::{
    Code, CopyDirection, CopyEnd, Credentials, Demand, DemandKind, Encoding, Facts, NameEffect, Opaque,
    Reading, SecretLiteral, Sensitivity, ServerProgram, StatementFacts, Unreadable, UnreadableCause,
};
pub use kind::StatementKind;
pub use settings::{Enforcement, OpaqueCode, Setting, Settings};
pub use verdict::{Cause, Refusal, Verdict, judge, judge_function_call, judge_parameter, judge_replication};

/// Longest excerpt of a statement in a refusal: enough to recognise it, short enough for a log line.
pub const EXCERPT_BYTES_MAX: usize = 100;

/// Most statements of one text that are read. Each costs some 150 bytes of facts, so without a limit a text of
/// 64 MiB could ask for gigabytes.
pub const STATEMENTS_MAX: usize = 100_000;

/// How deep code within code is followed: DO in CREATE FUNCTION in DO is three.
pub const CODE_DEPTH_MAX: usize = 8;

/// How many bytes of code are read for each byte of the text that holds it. Code is read once for each literal around it,
/// and in two ways where its backslashes ask for that, which would double with each level.
pub const CODE_BYTES_FACTOR: usize = 16;
