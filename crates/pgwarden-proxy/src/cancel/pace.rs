//! How many cancel requests are dealt with: each opens a connection to a database, and each guess of a key is one.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::login_counts::Origin;
use crate::stream::ClientAddress;

/// Cancel requests that may be under way at a time, those of peers among them. They are connections that haven't logged in, of which there
/// may be a limited number, and each can wait some seconds for its server: they must not take all of it from the logins.
pub(crate) const CANCELS_MAX: usize = 512;

/// Client addresses that are remembered. Only those are that had a request dealt with in the last second, so `max_cancels_per_second` bounds
/// them first, by twice as much.
const PLACES_MAX: usize = 20_000;

/// Why a cancel request is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TooMany {
    /// [`CANCELS_MAX`] are under way.
    #[error("{CANCELS_MAX} cancel requests are under way (CANCELS_MAX)")]
    UnderWay,
    /// Too many in a second.
    #[error("max_cancels_per_second = {0} cancel requests have come within a second")]
    InAll(u32),
    /// Too many in a second, from one address.
    #[error(
        "max_cancels_per_second_per_address = {0} cancel requests have come from one address within a second"
    )]
    FromAddress(u32),
}

/// How many are allowed in a second.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rates {
    pub(super) in_all: u32,
    pub(super) per_address: u32,
}

/// What has come lately. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(super) struct CancelPace(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// Told whenever a request is done.
    done: Notify,
}

#[derive(Debug, Default)]
struct State {
    under_way: usize,
    in_all: Pace,
    /// What peers pass on has passed their own pace, and does not take from that of our clients.
    of_peers: Pace,
    /// `None`: of whom the kernel says nothing.
    by_place: HashMap<Option<Origin>, Pace>,
}

/// As many in a second as its rate says, at once or spread: the generic cell rate algorithm (ITU-T I.371).
#[derive(Debug, Clone, Copy, Default)]
struct Pace {
    /// When all that came would have come if it had been spread evenly. `None`: nothing has.
    settled: Option<Instant>,
}

impl Pace {
    /// What it is after one more; `None` if that is one too many.
    fn next(self, rate: u32, now: Instant) -> Option<Self> {
        let rate = rate.max(1);
        let step = Duration::from_secs(1) / rate;
        let settled = self.settled.map_or(now, |settled| settled.max(now));
        let is_in_time =
            settled.saturating_duration_since(now) <= step.saturating_mul(rate.saturating_sub(1));
        is_in_time.then(|| Pace {
            settled: settled.checked_add(step),
        })
    }

    fn is_forgotten(self, now: Instant) -> bool {
        self.settled.is_none_or(|settled| settled <= now)
    }
}

impl CancelPace {
    /// A request is under way until the guard is dropped.
    pub(super) fn begin(&self) -> Result<UnderWay, TooMany> {
        let mut state = self.lock();
        if state.under_way >= CANCELS_MAX {
            return Err(TooMany::UnderWay);
        }
        state.under_way = state.under_way.saturating_add(1);
        Ok(UnderWay(self.clone()))
    }

    /// A client's request is to be dealt with. One that is refused doesn't count.
    pub(super) fn of_client(&self, from: ClientAddress, rates: Rates, now: Instant) -> Result<(), TooMany> {
        let place = from.origin();
        let mut state = self.lock();
        let before = state.by_place.get(&place).copied().unwrap_or_default();
        let at_place = before
            .next(rates.per_address, now)
            .ok_or(TooMany::FromAddress(rates.per_address))?;
        let in_all = state
            .in_all
            .next(rates.in_all, now)
            .ok_or(TooMany::InAll(rates.in_all))?;
        if state.by_place.len() >= PLACES_MAX {
            state.by_place.retain(|_, pace| !pace.is_forgotten(now));
            if state.by_place.len() >= PLACES_MAX {
                return Err(TooMany::InAll(rates.in_all));
            }
        }
        state.in_all = in_all;
        state.by_place.insert(place, at_place);
        Ok(())
    }

    /// A peer's request is to be dealt with.
    pub(super) fn of_peer(&self, rates: Rates, now: Instant) -> Result<(), TooMany> {
        let mut state = self.lock();
        state.of_peers = state
            .of_peers
            .next(rates.in_all, now)
            .ok_or(TooMany::InAll(rates.in_all))?;
        Ok(())
    }

    /// Waits until none is under way. Cancel safe.
    pub(super) async fn wait_idle(&self) {
        loop {
            let mut done = pin!(self.0.done.notified());
            // Listen first, then look: what goes in between is heard.
            done.as_mut().enable();
            if self.lock().under_way == 0 {
                return;
            }
            done.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can panic half-way through a change.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts as under way.
#[must_use]
#[derive(Debug)]
pub(super) struct UnderWay(CancelPace);

impl Drop for UnderWay {
    fn drop(&mut self) {
        {
            let mut state = self.0.lock();
            state.under_way = state.under_way.saturating_sub(1);
        }
        self.0.0.done.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: Rates = Rates {
        in_all: 5,
        per_address: 3,
    };

    fn from(address: &str) -> ClientAddress {
        ClientAddress::Tcp(address.parse().unwrap())
    }

    #[test]
    fn as_many_from_an_address_as_allowed_and_no_more() {
        let (pace, now) = (CancelPace::default(), Instant::now());
        let ask = |address: &str, now| pace.of_client(from(address), RATES, now);
        for port in ["1", "2", "3"] {
            ask(&format!("10.0.0.1:{port}"), now).unwrap();
        }
        assert_eq!(ask("10.0.0.1:4", now), Err(TooMany::FromAddress(3)));
        assert!(
            TooMany::FromAddress(3)
                .to_string()
                .contains("max_cancels_per_second_per_address = 3")
        );
        // Others are let through, and the time that one takes is a third of a second.
        ask("10.0.0.2:1", now).unwrap();
        let third = Duration::from_secs(1) / 3;
        assert!(ask("10.0.0.1:5", now + third.saturating_sub(Duration::from_millis(1))).is_err());
        ask("10.0.0.1:6", now + third).unwrap();
        assert!(ask("10.0.0.1:7", now + third).is_err());
    }

    #[test]
    fn as_many_in_all_as_allowed_and_no_more() {
        let (pace, now) = (CancelPace::default(), Instant::now());
        for host in 1..=5 {
            pace.of_client(from(&format!("10.0.0.{host}:1")), RATES, now)
                .unwrap();
        }
        let error = pace.of_client(from("10.0.0.6:1"), RATES, now).unwrap_err();
        assert_eq!(error, TooMany::InAll(5));
        assert!(error.to_string().contains("max_cancels_per_second = 5"));
        // Of those that were refused nothing is remembered, and of the others no longer than it matters.
        assert_eq!(pace.lock().by_place.len(), 5);
        assert!(
            pace.lock()
                .by_place
                .values()
                .all(|pace| pace.is_forgotten(now + Duration::from_secs(1)))
        );
        // Peers have a pace of their own.
        for _ in 0..5 {
            pace.of_peer(RATES, now).unwrap();
        }
        assert_eq!(pace.of_peer(RATES, now), Err(TooMany::InAll(5)));
    }

    #[test]
    fn as_many_under_way_as_allowed_and_no_more() {
        let pace = CancelPace::default();
        let mut under_way: Vec<_> = (0..CANCELS_MAX).map(|_| pace.begin().unwrap()).collect();
        assert_eq!(pace.begin().unwrap_err(), TooMany::UnderWay);
        under_way.pop();
        let _next = pace.begin().unwrap();
    }

    #[tokio::test]
    async fn waiting_ends_with_the_last() {
        let pace = CancelPace::default();
        pace.wait_idle().await;
        let under_way = pace.begin().unwrap();
        let waiting = {
            let pace = pace.clone();
            tokio::spawn(async move { pace.wait_idle().await })
        };
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(under_way);
        crate::shared::tests::within("the end", waiting).await.unwrap();
    }
}
