//! Passwords that a session has set, so that no echo of them is recorded.

use std::ops::Range;

use memchr::memmem;
use pgwarden_policy::SecretLiteral;
use zeroize::Zeroizing;

/// Values remembered in a session, mostly one for each password. What sets more is refused: each is looked for in
/// every byte of both directions.
pub(crate) const SECRETS_MAX: usize = 1_000;

/// Shorter values are masked where they are set and not elsewhere: they would be found in every other word.
const ECHO_BYTES_MIN: usize = 4;

/// Longest remembered value that is found across the edge of two reads. What is longer is remembered up to here.
const ECHO_BYTES_MAX: usize = 1_024;

/// What masked bytes are recorded as.
const MASK: u8 = b'*';

/// Values that must not be recorded.
#[derive(Default)]
pub(crate) struct Secrets {
    values: Vec<Zeroizing<Vec<u8>>>,
    longest: usize,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({})", self.values.len())
    }
}

impl Secrets {
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.values.len() >= SECRETS_MAX
    }

    /// Remembers the literal as the server decodes it and, where that doesn't hold it, as it was written.
    pub(crate) fn remember(&mut self, literal: &SecretLiteral) {
        let value = head(literal.value());
        self.remember_bytes(value);
        let written = head(literal.raw());
        if value.len() < ECHO_BYTES_MIN || memmem::find(written, value).is_none() {
            self.remember_bytes(written);
        }
    }

    fn remember_bytes(&mut self, value: &[u8]) {
        if value.len() >= ECHO_BYTES_MIN && !self.values.iter().any(|known| known.as_slice() == value) {
            self.longest = self.longest.max(value.len());
            self.values.push(Zeroizing::new(value.to_vec()));
        }
    }

    /// Bytes at the end of an unfinished message that may be the beginning of a value.
    pub(crate) fn holdback_bytes(&self) -> usize {
        self.longest.saturating_sub(1)
    }

    /// Masks every occurrence in `bytes`. The length stays, so that messages stay well-formed.
    pub(crate) fn mask_echoes(&self, bytes: &mut [u8]) {
        let mut found: Vec<Range<usize>> = Vec::new();
        for value in &self.values {
            let starts = memmem::find_iter(bytes, value.as_slice());
            found.extend(starts.map(|start| start..start.saturating_add(value.len())));
        }
        // All are found before any is masked: one may be the beginning of another.
        for range in found {
            mask(bytes, range);
        }
    }
}

fn head(value: &[u8]) -> &[u8] {
    value.get(..ECHO_BYTES_MAX).unwrap_or(value)
}

/// Masks a range of `bytes`.
pub(crate) fn mask(bytes: &mut [u8], range: Range<usize>) {
    if let Some(secret) = bytes.get_mut(range) {
        secret.fill(MASK);
    }
}
