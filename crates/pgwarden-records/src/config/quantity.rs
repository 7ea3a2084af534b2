//! Durations, sizes and times as they are written.

use std::fmt;
use std::time::{Duration, SystemTime};

use toml::value::{Datetime, Offset};

/// Units of durations and how many milliseconds they have, from the largest.
const DURATION_UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Units of sizes and how many bytes they have, from the largest.
const SIZE_UNITS: [(&str, u64); 5] = [
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("B", 1),
];

/// Reads `30s`, `5m`, `1h30m`, `90d`: whole numbers with units, larger units first, each once.
pub(super) fn parse_duration(text: &str) -> Option<Duration> {
    let mut units = DURATION_UNITS.iter();
    let mut rest = text;
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (count, after) = leading_number(rest)?;
        let unit_end = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(unit_end)?;
        // Taking from the iterator rules out units that come twice or in another order.
        let (_, milliseconds) = units.find(|(name, _)| *name == unit)?;
        total = total.checked_add(count.checked_mul(*milliseconds)?)?;
        rest = after;
    }
    (!text.is_empty()).then(|| Duration::from_millis(total))
}

/// Reads `64KiB`, `8MiB`, `100B`.
pub(super) fn parse_size(text: &str) -> Option<u64> {
    let (count, unit) = leading_number(text)?;
    let (_, bytes) = SIZE_UNITS.iter().find(|(name, _)| *name == unit)?;
    count.checked_mul(*bytes)
}

/// A time such as `2026-12-31T18:00:00Z` (RFC 3339).
pub(super) fn system_time(text: &str) -> Option<SystemTime> {
    system_time_of(&text.parse().ok()?)
}

/// The same of a time that TOML has read.
pub(super) fn system_time_of(time: &Datetime) -> Option<SystemTime> {
    let Datetime {
        date: Some(date),
        time: Some(time),
        offset: Some(offset),
    } = time
    else {
        return None;
    };
    let minutes_east = match offset {
        Offset::Z => 0,
        Offset::Custom { minutes } => i64::from(*minutes),
    };
    let seconds = days_from_civil(i64::from(date.year), i64::from(date.month), i64::from(date.day))
        .checked_mul(86_400)?
        .checked_add(i64::from(time.hour) * 3600 + i64::from(time.minute) * 60)?
        // A leap second counts as the second after it, as for POSIX.
        .checked_add(i64::from(time.second.unwrap_or(0)) - minutes_east * 60)?;
    // Before 1970 there were no grants.
    let since_epoch = Duration::new(u64::try_from(seconds).ok()?, time.nanosecond.unwrap_or(0));
    SystemTime::UNIX_EPOCH.checked_add(since_epoch)
}

/// Days from 1970-01-01 in the Gregorian calendar, as `date2j` of PostgreSQL's utils/adt/datetime.c less its start.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // The year begins in March here, so that the leap day is its last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn leading_number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    Some((digits.parse().ok()?, rest))
}

/// A number of bytes, in the largest unit that divides it.
pub(super) struct Size(pub(super) u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fitting = SIZE_UNITS
            .iter()
            .find(|(_, bytes)| self.0 >= *bytes && self.0.is_multiple_of(*bytes));
        let (unit, bytes) = fitting.unwrap_or(&("B", 1));
        write!(f, "{}{unit}", self.0 / bytes)
    }
}

/// A duration, in the largest unit that divides it.
pub(super) fn shown_duration(duration: Duration) -> String {
    let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let fitting = DURATION_UNITS
        .iter()
        .find(|(_, unit)| milliseconds >= *unit && milliseconds.is_multiple_of(*unit));
    let (name, unit) = fitting.unwrap_or(&("s", 1_000));
    format!("{}{name}", milliseconds / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, milliseconds) in [
            ("30s", Some(30_000)),
            ("5m", Some(300_000)),
            ("1h30m", Some(5_400_000)),
            ("90d", Some(7_776_000_000)),
            ("0s", Some(0)),
            ("1d1h1m1s1ms", Some(90_061_001)),
            ("250ms", Some(250)),
            ("", None),
            ("30", None),
            ("s", None),
            ("30 s", None),
            ("-30s", None),
            ("1.5h", None),
            ("30m1h", None),
            ("1m1m", None),
            ("1y", None),
            ("1м", None),
            ("18446744073709551615d", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(
                parse_duration(text),
                milliseconds.map(Duration::from_millis),
                "{text}"
            );
        }
    }

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("64KiB", Some(65_536)),
            ("8MiB", Some(8_388_608)),
            ("1GiB", Some(1 << 30)),
            ("100B", Some(100)),
            ("100", None),
            ("64KB", None),
            ("64 KiB", None),
            ("KiB", None),
            ("", None),
            ("18446744073709551615KiB", None),
        ] {
            assert_eq!(parse_size(text), bytes, "{text}");
        }
    }

    #[test]
    fn shown_as_written() {
        for (bytes, text) in [
            (0, "0B"),
            (100, "100B"),
            (1024, "1KiB"),
            (1536, "1536B"),
            (1 << 30, "1GiB"),
        ] {
            assert_eq!(Size(bytes).to_string(), text);
        }
        for (seconds, text) in [(0, "0s"), (1, "1s"), (90, "90s"), (600, "10m"), (86_400, "1d")] {
            assert_eq!(shown_duration(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn times() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T00:00:00Z", Some(951_782_400)),
            ("2026-12-31T18:00:00Z", Some(1_798_740_000)),
            ("2026-12-31T20:00:00+02:00", Some(1_798_740_000)),
            ("2026-12-31T18:00:00", None),
            ("2026-12-31", None),
            ("2026-02-30T00:00:00Z", None),
            ("1969-12-31T23:59:59Z", None),
            ("tomorrow", None),
        ] {
            let expected = seconds.map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
            assert_eq!(system_time(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_shown_reads_as_the_same(number in 0_u64..1 << 40) {
            proptest::prop_assert_eq!(parse_size(&Size(number).to_string()), Some(number));
            let duration = Duration::from_millis(number);
            proptest::prop_assert_eq!(parse_duration(&shown_duration(duration)), Some(duration));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,20}|[0-9dhms]{0,20}|[0-9KMGTiB]{0,20}") {
            let _ = (parse_size(&text), parse_duration(&text), system_time(&text));
        }
    }
}
