//! What the texts behind a session's names take.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of facts that the prepared statements and portals of a session may hold, as if none were shared with other sessions. That is
/// room for some thousands of an application's statements, while a text that names as much as it can holds about one MiB.
pub(crate) const PREPARED_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What they take now, in bytes. Each text counts once, however many names stand for it, and until the last of them is gone.
#[derive(Debug, Default)]
pub(crate) struct HeldTexts {
    bytes: Arc<AtomicUsize>,
}

impl HeldTexts {
    /// Whether no further text may be held. The last one may go past the limit, by what one text holds.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) >= PREPARED_BYTES_MAX
    }

    /// Counts a text for as long as what is given back lives.
    pub(crate) fn hold(&self, bytes: usize) -> Hold {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        Hold {
            bytes,
            of: Arc::clone(&self.bytes),
        }
    }
}

/// The part of one text.
#[derive(Debug)]
pub(crate) struct Hold {
    bytes: usize,
    of: Arc<AtomicUsize>,
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.of.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_at_the_limit_and_not_before() {
        let held = HeldTexts::default();
        let most = held.hold(PREPARED_BYTES_MAX - 1);
        assert!(!held.is_full());
        let last = held.hold(1);
        assert!(held.is_full());
        drop(most);
        assert!(!held.is_full());
        drop(last);
        assert_eq!(held.bytes.load(Ordering::Relaxed), 0);
    }
}
