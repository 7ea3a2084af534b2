//! Prepared statements and portals by name.

use std::collections::HashMap;
use std::sync::Arc;

use pgwarden_policy::StatementKind;
use pgwarden_wire::limits::IDENTIFIER_BYTES_MAX;

use super::copy_guard::Approvals;
use super::text::{Passed, Text};

/// Prepared statements and portals that are kept track of in a session, each for itself.
pub(crate) const PREPARED_NAMES_MAX: usize = 10_000;

/// Texts that may come to stand behind one name while their answers are awaited.
const PENDING_TEXTS_MAX: usize = 16;

/// A name as the server keeps it. Empty: the unnamed one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Name(Vec<u8>);

impl Name {
    /// The server's tables of both kinds compare `NAMEDATALEN - 1` bytes, so longer names are equal when their
    /// beginnings are (`hash_search` with `HASH_STRINGS`, utils/hash/dynahash.c).
    pub(crate) fn new(name: &[u8]) -> Self {
        Name(key(name).to_vec())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

fn key(name: &[u8]) -> &[u8] {
    name.get(..IDENTIFIER_BYTES_MAX).unwrap_or(name)
}

/// What stands behind a name: one statement of a text, and the policy it was allowed under.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    pub(crate) text: Arc<Text>,
    /// Index of the statement in the text.
    pub(crate) statement: usize,
    pub(crate) kind: StatementKind,
    pub(crate) passed: Passed,
    /// What a portal's other texts may begin: it was bound while the server's word on its statement was awaited.
    pub(crate) others: Approvals,
    pub(crate) epoch: u64,
    /// Whether this is surely the text: not of what functions prepare, which pgwarden hasn't seen, nor of a
    /// portal that may have been bound to another.
    pub(crate) known: bool,
}

impl Prepared {
    fn is_same(&self, other: &Prepared) -> bool {
        Arc::ptr_eq(&self.text, &other.text)
            && self.statement == other.statement
            && (self.kind, self.others) == (other.kind, other.others)
            && (self.epoch, self.known) == (other.epoch, other.known)
    }
}

/// A name changes only with the server's word; until then both its old and its new text count.
#[derive(Debug, Default)]
struct Slot {
    current: Option<Prepared>,
    /// With how often each is awaited.
    pending: Vec<(Prepared, u32)>,
}

/// The names of one kind.
#[derive(Debug, Default)]
pub(crate) struct Names {
    slots: HashMap<Vec<u8>, Slot>,
}

/// Why a name can't be taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameError {
    /// [`PREPARED_NAMES_MAX`] is reached.
    TooMany,
    /// Too many texts are awaited for this one name; answers will make room.
    Busy,
}

impl Names {
    /// Whether [`Names::await_answer`] would take this name.
    pub(crate) fn check(&self, name: &[u8]) -> Result<(), NameError> {
        match self.slots.get(key(name)) {
            None if self.slots.len() >= PREPARED_NAMES_MAX => Err(NameError::TooMany),
            Some(slot) if slot.pending.len() >= PENDING_TEXTS_MAX => Err(NameError::Busy),
            None | Some(_) => Ok(()),
        }
    }

    /// The server was asked to put this behind the name.
    pub(crate) fn await_answer(&mut self, name: &Name, prepared: Prepared) {
        let slot = match self.slots.get_mut(name.as_bytes()) {
            Some(slot) => slot,
            None => self.slots.entry(name.0.clone()).or_default(),
        };
        match slot
            .pending
            .iter_mut()
            .find(|(known, _)| known.is_same(&prepared))
        {
            Some((_, times)) => *times = times.saturating_add(1),
            None => slot.pending.push((prepared, 1)),
        }
    }

    /// The server has done so. `exact`: what it was in truth, where that wasn't known.
    pub(crate) fn succeeded(&mut self, name: &Name, prepared: Prepared, exact: Option<Prepared>) {
        if let Some(slot) = self.slots.get_mut(name.as_bytes()) {
            slot.forget_pending(&prepared);
            slot.current = Some(exact.unwrap_or(prepared));
        }
    }

    /// The server has not, and won't.
    pub(crate) fn failed(&mut self, name: &Name, prepared: &Prepared) {
        if let Some(slot) = self.slots.get_mut(name.as_bytes()) {
            slot.forget_pending(prepared);
            if slot.current.is_none() && slot.pending.is_empty() {
                self.slots.remove(name.as_bytes());
            }
        }
    }

    /// Sets a name at once, as SQL's PREPARE and DECLARE do when they complete.
    pub(crate) fn set(&mut self, name: &[u8], prepared: Prepared) {
        if self.slots.contains_key(key(name)) || self.slots.len() < PREPARED_NAMES_MAX {
            self.slots.entry(key(name).to_vec()).or_default().current = Some(prepared);
        }
    }

    /// Everything that may stand behind the name.
    pub(crate) fn candidates(&self, name: &[u8]) -> impl Iterator<Item = &Prepared> {
        let slot = self.slots.get(key(name));
        let pending = slot
            .into_iter()
            .flat_map(|slot| slot.pending.iter().map(|(prepared, _)| prepared));
        slot.and_then(|slot| slot.current.as_ref())
            .into_iter()
            .chain(pending)
    }

    /// The likeliest: what was asked for last, else what stands.
    pub(crate) fn latest(&self, name: &[u8]) -> Option<&Prepared> {
        let slot = self.slots.get(key(name))?;
        slot.pending
            .last()
            .map(|(prepared, _)| prepared)
            .or(slot.current.as_ref())
    }

    /// What stands behind the name by the server's word, as far as that has come.
    pub(crate) fn current(&self, name: &[u8]) -> Option<&Prepared> {
        self.slots.get(key(name))?.current.as_ref()
    }

    /// The server has freed the name.
    pub(crate) fn remove(&mut self, name: &[u8]) {
        if let Some(slot) = self.slots.get_mut(key(name)) {
            slot.current = None;
            if slot.pending.is_empty() {
                self.slots.remove(key(name));
            }
        }
    }

    /// The server has freed all names.
    pub(crate) fn clear(&mut self) {
        self.slots.retain(|name, slot| {
            slot.current = None;
            // The unnamed one comes back at once, and its slot with it.
            name.is_empty() || !slot.pending.is_empty()
        });
    }
}

impl Slot {
    fn forget_pending(&mut self, prepared: &Prepared) {
        if let Some(at) = self.pending.iter().position(|(known, _)| known.is_same(prepared)) {
            match self.pending.get_mut(at) {
                Some((_, times)) if *times > 1 => *times = times.saturating_sub(1),
                _ => {
                    self.pending.remove(at);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::plain;
    use super::*;

    fn prepared(statement: usize) -> Prepared {
        static PLAIN: std::sync::OnceLock<(Arc<Text>, Passed)> = std::sync::OnceLock::new();
        let (text, passed) = PLAIN.get_or_init(plain);
        let text = Arc::clone(text);
        Prepared {
            text,
            statement,
            kind: StatementKind::Select,
            passed: *passed,
            others: Approvals::NONE,
            epoch: 0,
            known: true,
        }
    }

    fn behind(names: &Names, name: &[u8]) -> Vec<usize> {
        names
            .candidates(name)
            .map(|prepared| prepared.statement)
            .collect()
    }

    #[test]
    fn both_texts_count_until_the_server_answers() {
        let (mut names, s) = (Names::default(), Name::new(b"s"));
        names.await_answer(&s, prepared(1));
        names.succeeded(&s, prepared(1), None);
        names.await_answer(&s, prepared(2));
        assert_eq!(behind(&names, b"s"), [1, 2]);
        names.failed(&s, &prepared(2));
        assert_eq!(behind(&names, b"s"), [1]);
        names.remove(b"s");
        assert!(names.slots.is_empty());
    }

    #[test]
    fn names_are_equal_as_far_as_the_server_compares_them() {
        let (mut names, long) = (Names::default(), Name::new(&[b'n'; 70]));
        names.await_answer(&long, prepared(1));
        assert_eq!(behind(&names, &[b'n'; 63]), [1]);
        assert_eq!(behind(&names, &[b'n'; 62]), [0; 0]);
    }

    #[test]
    fn limits_at_their_edges() {
        let mut names = Names::default();
        for number in 0..PREPARED_NAMES_MAX {
            assert_eq!(names.check(number.to_string().as_bytes()), Ok(()));
            names.set(number.to_string().as_bytes(), prepared(0));
        }
        assert_eq!(names.check(b"one more"), Err(NameError::TooMany));
        assert_eq!(names.check(b"7"), Ok(()));
        let seven = Name::new(b"7");
        for statement in 0..PENDING_TEXTS_MAX {
            assert_eq!(names.check(b"7"), Ok(()));
            names.await_answer(&seven, prepared(statement));
        }
        assert_eq!(names.check(b"7"), Err(NameError::Busy));
    }
}
