//! The hours of people on records, for the budgets that hold over all their sessions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::gate::Hour;

/// Hours by person and record. There are no more than the configuration has grants for, as only who was let in has one; those of a
/// configuration that holds no more go when they are empty and nobody has them.
#[derive(Debug, Default)]
pub(crate) struct Hours(Mutex<HashMap<(String, String), Arc<Hour>>>);

impl Hours {
    /// The hour of this person on this record: the same for all their sessions. Takes a lock for the moment of a look-up; meant for the
    /// start of a session.
    pub(crate) fn of(&self, person: &str, record: &str, now: Instant) -> Arc<Hour> {
        let mut hours = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (person.to_owned(), record.to_owned());
        if let Some(hour) = hours.get(&key) {
            return Arc::clone(hour);
        }
        hours.retain(|_, hour| Arc::strong_count(hour) > 1 || !hour.is_empty(now));
        let hour = Arc::new(Hour::new(now));
        hours.insert(key, Arc::clone(&hour));
        hour
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_one_for_all_sessions_of_a_person_on_a_record() {
        let (hours, now) = (Hours::default(), Instant::now());
        let first = hours.of("alice", "orders", now);
        assert!(Arc::ptr_eq(&first, &hours.of("alice", "orders", now)));
        let other = hours.of("alice", "reports", now);
        assert!(!Arc::ptr_eq(&first, &other));
        assert!(!Arc::ptr_eq(&first, &hours.of("bob", "orders", now)));
        // Bob's had nothing in it and nobody had it.
        drop(other);
        assert_eq!(hours.0.lock().unwrap().len(), 3);
        let _carol = hours.of("carol", "orders", now);
        assert_eq!(hours.0.lock().unwrap().len(), 2);
    }
}
