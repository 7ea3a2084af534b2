//! `pgwarden-policy` held against PostgreSQL's own parser (`libpg_query`, the grammar of PostgreSQL 18).
//!
//! Of a text that the parser accepts, the analyser must say how many statements it has and where each is, of what kind each is,
//! which way a COPY goes and to what, which names it gives and uses, and what password it sets; and of the relations and
//! functions that it names none may be missing. Of a text that the parser refuses but
//! its scanner reads, it must split at the same semicolons. Of any other text nothing is asked: the server refuses it.
//!
//! For tests and fuzz targets alone: it is C, exact for one version, and slower than a lexer.

mod agreement;
mod explained;
mod kind;
mod mentions;
mod names;
mod tokens;

pub use agreement::{Disagreement, Named, Outcome, compare};

/// Which reading of strings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strings {
    /// `standard_conforming_strings = on`
    Conforming,
    /// `standard_conforming_strings = off`
    Escaping,
}

/// The analyser and the parser agree on any bytes.
///
/// # Panics
///
/// When they don't.
pub fn fuzz_agreement(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for strings in [Strings::Conforming, Strings::Escaping] {
        if let Outcome::Disagreement(disagreement) = compare(text, strings) {
            panic!("{disagreement}");
        }
    }
}
