//! Facts by text, shared by all sessions.

use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{Equivalent, OptionsBuilder, Weighter};

use crate::analyse;
use crate::facts::{Facts, Reading};

/// Longest text whose facts are kept, in bytes. Longer ones are mostly data, and seldom sent twice.
pub const CACHED_TEXT_BYTES_MAX: usize = 64 * 1024;

/// What an entry takes beside its text and facts, in bytes: the key, the tables' own records, the allocator's.
const ENTRY_BYTES: usize = 192;

/// What an entry is expected to take in all, in bytes. It sizes tables, nothing rests on it.
const EXPECTED_ENTRY_BYTES: usize = 2 * 1024;

/// Most parts with a lock each, so that workers seldom meet.
const SHARDS_MAX: usize = 16;

/// Least size of a part, in bytes, so that the longest text fits into it and leaves room.
const SHARD_BYTES_MIN: usize = 4 * CACHED_TEXT_BYTES_MAX;

/// Facts of the texts that come again and again, within a bound of bytes.
///
/// What it answers is always what [`analyse`] would: an entry is found by a keyed hash and used only where the whole text and the
/// reading are the same. What holds secrets or can't be read is never kept, nor is a text before it comes a second time, so that
/// texts which never do (literals instead of parameters) cost no more than to look and to see that they aren't there.
#[derive(Debug)]
pub struct FactsCache {
    kept: Option<Kept>,
    hits: AtomicU64,
    misses: AtomicU64,
}

#[derive(Debug)]
struct Kept {
    facts: Cache<Key, Arc<Facts>, Weight, BuildHasherDefault<Hashed>>,
    /// Random for each cache, so that nobody can aim at another's place.
    hashes: RandomState,
    /// Marks of texts that came once, each at the place that its hash points to. Newer ones overwrite older ones.
    seen_once: Box<[AtomicU32]>,
}

/// What a cache has done since it was made, and what it holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FactsCacheStatistics {
    /// Texts whose facts were there.
    pub hits: u64,
    /// Texts that had to be analysed.
    pub misses: u64,
    /// What the entries take, texts and facts, in bytes.
    pub bytes: u64,
}

impl FactsCache {
    /// A cache of at most so many bytes of texts and facts; 0: none is kept.
    pub fn new(bytes: usize) -> Self {
        Self {
            kept: Kept::new(bytes),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// What [`analyse`] says of the text.
    pub fn analyse(&self, sql: &[u8], reading: Reading) -> Arc<Facts> {
        let Some(kept) = &self.kept else {
            return Arc::new(analyse(sql, reading));
        };
        let key = Text {
            hash: kept.hash(sql, reading),
            reading,
            sql,
        };
        if sql.len() <= CACHED_TEXT_BYTES_MAX
            && let Some(facts) = kept.facts.get(&key)
        {
            self.hits.fetch_add(1, Ordering::Relaxed);
            return facts;
        }
        self.misses.fetch_add(1, Ordering::Relaxed);
        let mut facts = analyse(sql, reading);
        if !may_be_kept(&facts) || !kept.has_come_before(key.hash) {
            return Arc::new(facts);
        }
        facts.shrink_to_fit();
        let facts = Arc::new(facts);
        kept.facts.insert(key.to_key(), Arc::clone(&facts));
        facts
    }

    /// What it has done and holds.
    pub fn statistics(&self) -> FactsCacheStatistics {
        FactsCacheStatistics {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            bytes: self.kept.as_ref().map_or(0, |kept| kept.facts.weight()),
        }
    }
}

/// Whether facts may be shared by sessions and outlive them: a secret must not, and what can't be read is refused and not sent again.
fn may_be_kept(facts: &Facts) -> bool {
    facts.secrets.is_empty() && facts.unreadable.is_none() && facts.bytes <= CACHED_TEXT_BYTES_MAX
}

impl Kept {
    fn new(bytes: usize) -> Option<Self> {
        if bytes == 0 {
            return None;
        }
        // A power of two, as the number of parts is rounded up to one.
        let shards = (bytes / SHARD_BYTES_MIN)
            .checked_ilog2()
            .map_or(1, |log| 1 << log);
        let entries = bytes.div_ceil(EXPECTED_ENTRY_BYTES);
        let options = OptionsBuilder::new()
            .shards(shards.min(SHARDS_MAX))
            .estimated_items_capacity(entries)
            .weight_capacity(u64::try_from(bytes).unwrap_or(u64::MAX))
            .build()
            .ok()?;
        let marks = entries.clamp(64, 1 << 16).next_power_of_two();
        Some(Self {
            facts: Cache::with_options(
                options,
                Weight,
                BuildHasherDefault::default(),
                DefaultLifecycle::default(),
            ),
            hashes: RandomState::new(),
            seen_once: (0..marks).map(|_| AtomicU32::new(0)).collect(),
        })
    }

    fn hash(&self, sql: &[u8], reading: Reading) -> u64 {
        let mut hasher = self.hashes.build_hasher();
        reading.hash(&mut hasher);
        hasher.write(sql);
        hasher.finish()
    }

    /// Whether a text of this hash has come, not too long ago. Leaves its mark if not. A wrong yes only keeps a text early.
    fn has_come_before(&self, hash: u64) -> bool {
        // One half of it is the place, the other the mark.
        let mark = u32::try_from(hash >> 32).unwrap_or_default();
        let last = self.seen_once.len().saturating_sub(1);
        let place = usize::try_from(hash & u64::from(u32::MAX)).unwrap_or_default() & last;
        let Some(slot) = self.seen_once.get(place) else {
            return false;
        };
        let known = slot.load(Ordering::Relaxed) == mark;
        if !known {
            slot.store(mark, Ordering::Relaxed);
        }
        known
    }
}

/// A text that is looked for.
struct Text<'a> {
    hash: u64,
    reading: Reading,
    sql: &'a [u8],
}

/// A text that is kept.
#[derive(Clone, Debug)]
struct Key {
    hash: u64,
    reading: Reading,
    sql: Box<[u8]>,
}

impl Text<'_> {
    fn to_key(&self) -> Key {
        Key {
            hash: self.hash,
            reading: self.reading,
            sql: self.sql.into(),
        }
    }
}

impl Hash for Text<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        (self.hash, self.reading) == (other.hash, other.reading) && self.sql == other.sql
    }
}

impl Eq for Key {}

/// Two texts may have one hash, so that the texts themselves are compared.
impl Equivalent<Key> for Text<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        (self.hash, self.reading) == (key.hash, key.reading) && *self.sql == *key.sql
    }
}

/// Of a key that has been hashed: the hash.
#[derive(Default)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        debug_assert!(false, "keys give their hash alone, not {} bytes", bytes.len());
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// What an entry takes, in bytes.
#[derive(Clone, Debug)]
struct Weight;

impl Weighter<Key, Arc<Facts>> for Weight {
    fn weight(&self, key: &Key, facts: &Arc<Facts>) -> u64 {
        let bytes = ENTRY_BYTES
            .saturating_add(key.sql.len())
            .saturating_add(facts.memory_bytes());
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1 << 20;

    /// Whether facts of the text are kept, once it has come twice.
    #[track_caller]
    fn check(sql: &[u8], reading: Reading, kept: bool) {
        let cache = FactsCache::new(MIB);
        for _ in 0..3 {
            assert_eq!(*cache.analyse(sql, reading), analyse(sql, reading));
        }
        let FactsCacheStatistics { hits, misses, bytes } = cache.statistics();
        let expected = if kept { (1, 2) } else { (0, 3) };
        assert_eq!((hits, misses), expected, "{} bytes", sql.len());
        assert_eq!(bytes > 0, kept);
    }

    #[test]
    fn a_text_is_kept_when_it_comes_again() {
        check(b"select 1", Reading::default(), true);
        check(b"", Reading::default(), true);
        check(b"copy t to stdout", Reading::default(), true);
        let longest = format!("select 1{}", " ".repeat(CACHED_TEXT_BYTES_MAX - 8));
        check(longest.as_bytes(), Reading::default(), true);
        check(format!("{longest} ").as_bytes(), Reading::default(), false);
    }

    #[test]
    fn neither_secrets_nor_what_cannot_be_read_is_kept() {
        check(b"alter role a password 'x'", Reading::default(), false);
        check(b"select '", Reading::default(), false);
        check(b"alter role a password 'x", Reading::default(), false);
    }

    #[test]
    fn each_reading_has_facts_of_its_own() {
        let sql = br"select '\'; copy t to stdout; --'";
        let cache = FactsCache::new(MIB);
        let off = Reading {
            standard_conforming_strings: false,
            ..Reading::default()
        };
        for _ in 0..3 {
            assert_eq!(cache.analyse(sql, Reading::default()).statements.len(), 2);
            assert_eq!(cache.analyse(sql, off).statements.len(), 1);
        }
        assert_eq!(cache.statistics().hits, 2);
    }

    /// All that a text shares with one of the same hash is the hash.
    #[test]
    fn a_collision_is_another_text() {
        let kept = Kept::new(MIB).unwrap();
        let text = |sql| Text {
            hash: 7,
            reading: Reading::default(),
            sql,
        };
        let facts = Arc::new(analyse(b"select 1", Reading::default()));
        kept.facts.insert(text(b"select 1").to_key(), facts);
        assert!(kept.facts.get(&text(b"select 1")).is_some());
        assert!(kept.facts.get(&text(b"select 2")).is_none());
        let other = Text {
            reading: Reading {
                replication: true,
                ..Reading::default()
            },
            ..text(b"select 1")
        };
        assert!(kept.facts.get(&other).is_none());
    }

    #[test]
    fn it_stays_within_its_bytes() {
        let cache = FactsCache::new(MIB);
        for number in 0..20_000 {
            let sql = format!("select column_{number} from t");
            for _ in 0..2 {
                cache.analyse(sql.as_bytes(), Reading::default());
            }
        }
        let bytes = usize::try_from(cache.statistics().bytes).unwrap();
        assert!((MIB / 2..=MIB).contains(&bytes), "{bytes}");
    }

    #[test]
    fn what_comes_once_takes_no_room() {
        let cache = FactsCache::new(MIB);
        for number in 0..1_000 {
            cache.analyse(format!("select {number}").as_bytes(), Reading::default());
        }
        assert_eq!(
            cache.statistics(),
            FactsCacheStatistics {
                hits: 0,
                misses: 1_000,
                bytes: 0
            }
        );
    }

    #[test]
    fn switched_off_it_analyses() {
        let cache = FactsCache::new(0);
        for _ in 0..3 {
            assert_eq!(cache.analyse(b"select 1", Reading::default()).statements.len(), 1);
        }
        assert_eq!(cache.statistics(), FactsCacheStatistics::default());
    }
}
