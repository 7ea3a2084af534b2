//! What was named in a session: prepared statements and portals.

use std::{
    collections::{HashMap, VecDeque},
    rc::Rc,
};

use crate::unit::FIXED_BYTES;

/// Prepared statements, and portals, that are remembered at most; the oldest are forgotten first.
const NAMES_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Values by name, of which the oldest are forgotten when they get too many.
#[derive(Debug)]
pub(crate) struct Names<T> {
    values: HashMap<Rc<[u8]>, (T, usize)>,
    /// In the order of their insertion; a name may have been removed since, or be in it again further back.
    order: VecDeque<Rc<[u8]>>,
    bytes: usize,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self {
            values: HashMap::new(),
            order: VecDeque::new(),
            bytes: 0,
        }
    }
}

impl<T> Names<T> {
    pub(crate) fn get(&self, name: &[u8]) -> Option<&T> {
        self.values.get(name).map(|(value, _)| value)
    }

    pub(crate) fn get_mut(&mut self, name: &[u8]) -> Option<&mut T> {
        self.values.get_mut(name).map(|(value, _)| value)
    }

    pub(crate) fn insert(&mut self, name: Rc<[u8]>, value: T, weight: usize) {
        let weight = weight.saturating_add(name.len()).saturating_add(FIXED_BYTES);
        match self.values.insert(Rc::clone(&name), (value, weight)) {
            Some((_, replaced)) => self.bytes = self.bytes.saturating_sub(replaced),
            None => self.order.push_back(name),
        }
        self.bytes = self.bytes.saturating_add(weight);
        while self.bytes > NAMES_BYTES_MAX && self.values.len() > 1 {
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            self.remove(&oldest);
        }
    }

    pub(crate) fn remove(&mut self, name: &[u8]) {
        if let Some((_, weight)) = self.values.remove(name) {
            self.bytes = self.bytes.saturating_sub(weight);
        }
        // Names that come and go must not make the order grow.
        if self.order.len() > self.values.len().saturating_mul(2).saturating_add(64) {
            self.order.retain(|name| self.values.contains_key(name));
        }
    }
}
