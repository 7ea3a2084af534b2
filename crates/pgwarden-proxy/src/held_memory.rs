//! What all sessions together may keep of messages that are unfinished, or wait for the other side.
//!
//! `max_message` bounds one session; this bounds the process. It is a sum without a lock, touched only when a session keeps more or less of long
//! messages than before: a session whose messages pass as they come touches nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pgwarden_wire::{ErrorResponse, sqlstate};

/// The budget of the process. Clones are the same one.
#[derive(Debug, Clone)]
pub(crate) struct HeldMemory(Arc<Budget>);

#[derive(Debug)]
struct Budget {
    /// Bytes that are held.
    held: AtomicUsize,
    /// `max_held_memory`, as it is configured now.
    limit: AtomicUsize,
}

impl HeldMemory {
    pub(crate) fn new(limit: usize) -> Self {
        HeldMemory(Arc::new(Budget {
            held: AtomicUsize::new(0),
            limit: AtomicUsize::new(limit),
        }))
    }

    /// The configuration has changed. What is held stays.
    pub(crate) fn set_limit(&self, limit: usize) {
        self.0.limit.store(limit, Ordering::Relaxed);
    }

    /// The share of one side of one session, of nothing as yet.
    pub(crate) fn share(&self) -> Held {
        Held {
            memory: self.clone(),
            bytes: 0,
        }
    }

    #[cfg(test)]
    fn held(&self) -> usize {
        self.0.held.load(Ordering::Relaxed)
    }
}

/// What one side of a session holds; given back when dropped.
#[derive(Debug)]
pub(crate) struct Held {
    memory: HeldMemory,
    bytes: usize,
}

/// `max_held_memory` is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeldTooMuch;

impl From<HeldTooMuch> for ErrorResponse {
    fn from(_: HeldTooMuch) -> Self {
        // As the server's own, where it has no memory for a message (enlargeStringInfo, common/stringinfo.c).
        ErrorResponse::fatal(
            sqlstate::OUT_OF_MEMORY,
            "out of memory for messages (max_held_memory)",
        )
        .with_detail("The sessions of pgwarden hold as much of unfinished messages as they may together.")
        .with_hint("Send smaller messages, or try again later.")
    }
}

impl Held {
    /// It now holds this many bytes. More than before only if there is room.
    pub(crate) fn set(&mut self, bytes: usize) -> Result<(), HeldTooMuch> {
        let budget = &self.memory.0;
        if bytes <= self.bytes {
            if bytes < self.bytes {
                budget
                    .held
                    .fetch_sub(self.bytes.saturating_sub(bytes), Ordering::Relaxed);
            }
        } else {
            let more = bytes.saturating_sub(self.bytes);
            let limit = budget.limit.load(Ordering::Relaxed);
            let before = budget.held.fetch_add(more, Ordering::Relaxed);
            if before.saturating_add(more) > limit {
                budget.held.fetch_sub(more, Ordering::Relaxed);
                return Err(HeldTooMuch);
            }
        }
        self.bytes = bytes;
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.memory.0.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_the_limit_together_and_no_more() {
        let memory = HeldMemory::new(100);
        let (mut one, mut other) = (memory.share(), memory.share());
        assert_eq!(one.set(60), Ok(()));
        assert_eq!(other.set(41), Err(HeldTooMuch));
        assert_eq!(other.set(40), Ok(()));
        assert_eq!(one.set(61), Err(HeldTooMuch));
        // What it had before it still has.
        assert_eq!(memory.held(), 100);
        assert_eq!(one.set(10), Ok(()));
        assert_eq!(other.set(90), Ok(()));
        memory.set_limit(50);
        assert_eq!(one.set(11), Err(HeldTooMuch));
        assert_eq!(other.set(39), Ok(()), "to hold less is always allowed");
        assert_eq!(one.set(11), Ok(()));
        drop((one, other));
        assert_eq!(memory.held(), 0);
    }
}
