//! The pace at which a recording is played.

use std::time::Duration;

use crate::Timestamp;

/// How long to wait between the things that happened.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Playback {
    /// 2.0: twice as fast. Anything that is not a positive number counts as 1.0.
    pub speed: f64,
    /// Longest wait, after `speed`; `None`: as long as it took.
    pub max_idle: Option<Duration>,
    /// False: no waits at all.
    pub wait: bool,
}

impl Default for Playback {
    /// At the pace at which it happened.
    fn default() -> Self {
        Self {
            speed: 1.0,
            max_idle: None,
            wait: true,
        }
    }
}

impl Playback {
    /// How long to wait from one thing that happened to the next one.
    pub fn delay(&self, from: Timestamp, to: Timestamp) -> Duration {
        if !self.wait {
            return Duration::ZERO;
        }
        let passed = to.since_start().saturating_sub(from.since_start());
        let speed = if self.speed.is_finite() && self.speed > 0.0 {
            self.speed
        } else {
            1.0
        };
        let scaled = Duration::try_from_secs_f64(passed.as_secs_f64() / speed).unwrap_or(passed);
        self.max_idle.map_or(scaled, |max| scaled.min(max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(playback: Playback, expected_millis: u64) {
        let delay = playback.delay(
            Timestamp::from_micros(1_000_000),
            Timestamp::from_micros(5_000_000),
        );
        assert_eq!(delay, Duration::from_millis(expected_millis), "{playback:?}");
    }

    #[test]
    fn pace() {
        let real = Playback::default();
        check(real, 4_000);
        check(Playback { speed: 2.0, ..real }, 2_000);
        check(Playback { speed: 0.5, ..real }, 8_000);
        check(
            Playback {
                max_idle: Some(Duration::from_secs(1)),
                ..real
            },
            1_000,
        );
        check(
            Playback {
                speed: 0.1,
                max_idle: Some(Duration::from_secs(30)),
                ..real
            },
            30_000,
        );
        check(Playback { wait: false, ..real }, 0);
        check(Playback { speed: 0.0, ..real }, 4_000);
        check(
            Playback {
                speed: f64::NAN,
                ..real
            },
            4_000,
        );
        check(
            Playback {
                speed: f64::MIN_POSITIVE,
                ..real
            },
            4_000,
        );
        assert_eq!(
            real.delay(Timestamp::from_micros(5), Timestamp::START),
            Duration::ZERO
        );
    }
}
