//! What the cache of facts counts by itself, as metrics.

use pgwarden_policy::FactsCacheStatistics;
use prometheus::{IntCounter, IntGauge, Registry};

use super::{options, registered};

/// The cache of facts.
pub(crate) struct FactsCacheMetrics {
    hits: IntCounter,
    misses: IntCounter,
    bytes: IntGauge,
}

impl FactsCacheMetrics {
    pub(super) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        Ok(Self {
            hits: registered(
                registry,
                IntCounter::with_opts(options(
                    "facts_cache_hits_total",
                    "Texts whose facts were in the cache",
                ))?,
            )?,
            misses: registered(
                registry,
                IntCounter::with_opts(options(
                    "facts_cache_misses_total",
                    "Texts that had to be analysed, as their facts were not in the cache",
                ))?,
            )?,
            bytes: registered(
                registry,
                IntGauge::with_opts(options(
                    "facts_cache_bytes",
                    "Bytes of texts and facts in the cache",
                ))?,
            )?,
        })
    }

    /// Takes over what the cache has counted since it was last asked.
    pub(crate) fn show(&self, statistics: FactsCacheStatistics) {
        let FactsCacheStatistics { hits, misses, bytes } = statistics;
        for (counter, counted) in [(&self.hits, hits), (&self.misses, misses)] {
            counter.inc_by(counted.saturating_sub(counter.get()));
        }
        self.bytes.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }
}
