//! What one person has read and sent on one record in the last hour, over all sessions of this process.
//!
//! The window slides by the minute: what passed counts for an hour at least, and for less than a minute more. So there is no full hour whose end
//! could be waited for, nor two budgets within a few minutes on both sides of it.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use pgwarden_policy::Settings;

use super::budget::Budget;

/// The minutes of an hour, and the one that has begun.
const MINUTES: usize = 61;

const SECONDS_PER_MINUTE: u64 = 60;

/// So much of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Amounts {
    pub(crate) copy_rows: u64,
    pub(crate) copy_bytes: u64,
    pub(crate) paste_bytes: u64,
}

impl Amounts {
    fn and(self, other: Amounts) -> Self {
        Amounts {
            copy_rows: self.copy_rows.saturating_add(other.copy_rows),
            copy_bytes: self.copy_bytes.saturating_add(other.copy_bytes),
            paste_bytes: self.paste_bytes.saturating_add(other.paste_bytes),
        }
    }

    fn without(self, other: Amounts) -> Self {
        Amounts {
            copy_rows: self.copy_rows.saturating_sub(other.copy_rows),
            copy_bytes: self.copy_bytes.saturating_sub(other.copy_bytes),
            paste_bytes: self.paste_bytes.saturating_sub(other.paste_bytes),
        }
    }

    /// The budget that this would pass. One that it has nothing of can't be.
    fn exceeds(self, adding: Amounts, settings: &Settings) -> Option<Budget> {
        let is_past =
            |sum: u64, more: u64, limit: Option<u64>| more > 0 && limit.is_some_and(|limit| sum > limit);
        if is_past(self.copy_rows, adding.copy_rows, settings.copy_rows_per_hour) {
            Some(Budget::CopyRowsPerHour)
        } else if is_past(self.copy_bytes, adding.copy_bytes, settings.copy_bytes_per_hour) {
            Some(Budget::CopyBytesPerHour)
        } else if is_past(
            self.paste_bytes,
            adding.paste_bytes,
            settings.paste_bytes_per_hour,
        ) {
            Some(Budget::PasteBytesPerHour)
        } else {
            None
        }
    }
}

/// The last hour of one person on one record. The lock is held for the moment of a sum.
#[derive(Debug)]
pub(crate) struct Hour {
    begun: Instant,
    window: Mutex<Window>,
}

#[derive(Debug)]
struct Window {
    minutes: [Amounts; MINUTES],
    /// The minute that has begun, counted from `Hour::begun`.
    minute: u64,
    sum: Amounts,
}

impl Hour {
    /// An hour in which nothing has happened.
    pub(crate) fn new(now: Instant) -> Self {
        Hour {
            begun: now,
            window: Mutex::new(Window {
                minutes: [Amounts::default(); MINUTES],
                minute: 0,
                sum: Amounts::default(),
            }),
        }
    }

    /// Counts this, if no budget is passed by it.
    pub(crate) fn take(&self, adding: Amounts, settings: &Settings, now: Instant) -> Result<(), Budget> {
        self.with_window(now, |window| {
            if let Some(budget) = window.sum.and(adding).exceeds(adding, settings) {
                return Err(budget);
            }
            window.add(adding);
            Ok(())
        })
    }

    /// Counts this whatever the budgets are.
    pub(crate) fn add(&self, adding: Amounts, now: Instant) {
        self.with_window(now, |window| window.add(adding));
    }

    /// Whether there is nothing left to remember.
    pub(crate) fn is_empty(&self, now: Instant) -> bool {
        self.with_window(now, |window| window.sum == Amounts::default())
    }

    fn with_window<T>(&self, now: Instant, f: impl FnOnce(&mut Window) -> T) -> T {
        let minute = now.saturating_duration_since(self.begun).as_secs() / SECONDS_PER_MINUTE;
        // Sums are whole after each statement of the code below, so there is nothing that a panic could leave broken.
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        window.advance(minute);
        f(&mut window)
    }
}

impl Window {
    fn advance(&mut self, minute: u64) {
        if minute.saturating_sub(self.minute) >= u64::try_from(MINUTES).unwrap_or(u64::MAX) {
            self.minutes = [Amounts::default(); MINUTES];
            self.sum = Amounts::default();
            self.minute = minute;
        }
        // A thread whose clock was read before another's stays in the minute of that one.
        while self.minute < minute {
            self.minute = self.minute.saturating_add(1);
            let oldest = std::mem::take(self.place());
            self.sum = self.sum.without(oldest);
        }
    }

    fn add(&mut self, adding: Amounts) {
        self.sum = self.sum.and(adding);
        let place = self.place();
        *place = place.and(adding);
    }

    fn place(&mut self) -> &mut Amounts {
        let index = usize::try_from(self.minute).unwrap_or_default() % MINUTES;
        #[expect(clippy::indexing_slicing, reason = "a remainder is less than the divisor")]
        &mut self.minutes[index]
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn rows(copy_rows: u64) -> Amounts {
        Amounts {
            copy_rows,
            ..Amounts::default()
        }
    }

    #[test]
    fn an_hour_slides() {
        let settings = Settings {
            copy_rows_per_hour: Some(100),
            ..Settings::default()
        };
        let begun = Instant::now();
        let hour = Hour::new(begun);
        let at = |minutes: u64| begun + Duration::from_secs(minutes * 60);
        assert!(hour.is_empty(begun));
        assert_eq!(hour.take(rows(60), &settings, at(0)), Ok(()));
        assert_eq!(hour.take(rows(40), &settings, at(30)), Ok(()), "exactly so many");
        let over = Err(Budget::CopyRowsPerHour);
        assert_eq!(hour.take(rows(1), &settings, at(59)), over);
        assert_eq!(hour.take(rows(1), &settings, at(60)), over, "an hour at least");
        assert_eq!(hour.take(rows(60), &settings, at(61)), Ok(()));
        assert_eq!(hour.take(rows(1), &settings, at(90)), over);
        assert_eq!(hour.take(rows(40), &settings, at(91)), Ok(()));
        // A clock that was read earlier.
        assert_eq!(hour.take(rows(1), &settings, at(10)), over);
        assert!(!hour.is_empty(at(151)));
        assert!(hour.is_empty(at(1000)));
        assert_eq!(hour.take(rows(100), &settings, at(1000)), Ok(()));
    }

    #[test]
    fn each_budget_is_its_own() {
        let settings = Settings {
            copy_bytes_per_hour: Some(10),
            paste_bytes_per_hour: Some(10),
            ..Settings::default()
        };
        let now = Instant::now();
        let hour = Hour::new(now);
        let copied = Amounts {
            copy_rows: 1,
            copy_bytes: 10,
            paste_bytes: 0,
        };
        let pasted = Amounts {
            paste_bytes: 10,
            ..Amounts::default()
        };
        assert_eq!(hour.take(copied, &settings, now), Ok(()));
        assert_eq!(hour.take(copied, &settings, now), Err(Budget::CopyBytesPerHour));
        assert_eq!(hour.take(pasted, &settings, now), Ok(()));
        assert_eq!(hour.take(pasted, &settings, now), Err(Budget::PasteBytesPerHour));
        assert_eq!(
            hour.take(rows(1), &settings, now),
            Ok(()),
            "of rows there is no budget"
        );
        // What monitor mode lets pass counts too.
        hour.add(copied, now);
        let raised = Settings {
            copy_bytes_per_hour: Some(29),
            ..settings
        };
        assert_eq!(hour.take(copied, &raised, now), Err(Budget::CopyBytesPerHour));
    }
}
