//! Waiting for a condition, with a deadline that says what was awaited.

use std::time::{Duration, Instant};

/// How long [`wait_for`] waits: far longer than anything takes, as test machines are small and busy.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// Time between two looks at the condition.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// Waits until `condition` holds, up to [`DEADLINE`].
///
/// # Panics
/// Past the deadline, saying what was awaited.
#[track_caller]
pub fn wait_for(what: &str, condition: impl FnMut() -> bool) {
    assert!(wait_until(DEADLINE, condition), "waited {DEADLINE:?} for: {what}");
}

/// Waits until `condition` holds; false when it did not within `limit`.
pub fn wait_until(limit: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        // What is awaited is another process's doing, which can't wake us: this is the one place that polls.
        std::thread::sleep(POLL_INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_that_comes_true_ends_the_wait() {
        let mut looks = 0;
        assert!(wait_until(DEADLINE, || {
            looks += 1;
            looks == 3
        }));
    }

    #[test]
    fn the_deadline_ends_a_wait_in_vain() {
        assert!(!wait_until(Duration::ZERO, || false));
    }
}
