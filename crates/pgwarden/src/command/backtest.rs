use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::{Instant, SystemTime};

use anyhow::{Context as _, bail};
use pgwarden_policy::{Settings, Verdict, judge_replication};
use pgwarden_proxy::{Replay, ReplayEnd, ReplayVerdict, Replayed};
use pgwarden_recording::{Reader, SessionFacts, Timestamp, list};
use pgwarden_records::{AccessError, Snapshot};

use super::configuration;
use crate::backtest::Backtest;
use crate::cli::BacktestArgs;
use crate::exit::Exit;
use crate::output;

/// What a connection as a whole is called where statements are named.
const REPLICATION_CONNECTION: &str = "(a replication connection)";

pub(crate) fn run(args: &BacktestArgs) -> anyhow::Result<Exit> {
    let (snapshot, _) = configuration::load(&args.config)?;
    let directory = args.recordings.as_ref().unwrap_or(&snapshot.recording.directory);
    let listing = list(directory).with_context(|| format!("read directory {}", directory.display()))?;
    let mut backtest = Backtest::default();
    let mut unreadable: u64 = 0;
    for error in listing.unreadable {
        warn(&error.into());
        unreadable = unreadable.saturating_add(1);
    }
    let found = listing.sessions.len();
    let earliest = args.since.and_then(|since| SystemTime::now().checked_sub(since));
    let is_wanted = |facts: &SessionFacts| {
        args.user.as_ref().is_none_or(|user| *user == facts.person)
            && args.record.as_ref().is_none_or(|record| *record == facts.record)
            && earliest.is_none_or(|earliest| facts.started >= earliest)
    };
    for session in listing.sessions {
        if !is_wanted(&session.facts) {
            continue;
        }
        if let Err(error) = judge_recording(&session.path, &snapshot, &mut backtest) {
            warn(&error);
            unreadable = unreadable.saturating_add(1);
        }
    }
    if found == 0 && unreadable > 0 {
        bail!("no recording in {} can be read", directory.display());
    }
    backtest.summary_mut().unreadable_recordings = unreadable;
    let mut out = output::stdout();
    if args.json {
        backtest.write_json(&mut out)?;
    } else {
        backtest.write(&mut out)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn warn(error: &anyhow::Error) {
    output::say(&format!("warning: {error:#}"));
}

/// Judges one recording, as far as it can be read. An error: not even its beginning could.
fn judge_recording(path: &Path, snapshot: &Snapshot, backtest: &mut Backtest) -> anyhow::Result<()> {
    let mut reader = Reader::open(path).with_context(|| format!("read recording {}", path.display()))?;
    let facts = reader.facts().clone();
    let settings = match settings(snapshot, &facts) {
        Ok(settings) => settings,
        Err(why) => {
            backtest.add_without_access(&facts, why.to_string());
            return Ok(());
        }
    };
    let replication = facts.replication.is_some();
    if replication {
        backtest.add(&facts, vec![replication_connection(&settings)]);
    }
    let mut replay = Replay::new(&facts.record, &settings, replication, Instant::now());
    let mut complete = true;
    loop {
        match reader.next_entry() {
            Ok(Some(entry)) => replay.entry(entry.at, &entry.content),
            Ok(None) => break,
            Err(error) => {
                // What comes before is good.
                warn(&error.into());
                complete = false;
                break;
            }
        }
        backtest.add(&facts, replay.take());
    }
    let (rest, masked, end) = replay.finish();
    backtest.add(&facts, rest);
    let summary = backtest.summary_mut();
    summary.sessions = summary.sessions.saturating_add(1);
    summary.masked_statements = summary.masked_statements.saturating_add(masked);
    if !complete || end == ReplayEnd::Lost {
        summary.incomplete_sessions = summary.incomplete_sessions.saturating_add(1);
    }
    Ok(())
}

/// The settings that would hold for the session, if it began now, from where it came.
fn settings(snapshot: &Snapshot, facts: &SessionFacts) -> Result<Settings, AccessError> {
    let from = facts.client_address.as_deref().and_then(address);
    let access = snapshot.access(&facts.person, &facts.record, from, SystemTime::now())?;
    access.database(facts.database.as_deref())?;
    Ok((*access.settings).clone())
}

/// The address of `10.1.2.3:50123`; `None` of `local`.
fn address(text: &str) -> Option<IpAddr> {
    let socket = text.parse::<SocketAddr>().map(|socket| socket.ip());
    socket.or_else(|_| text.parse()).ok()
}

/// That it was let in is the verdict of then: otherwise there would be no recording. What monitor mode said of it is an event like others.
fn replication_connection(settings: &Settings) -> Replayed {
    let now = match judge_replication(settings) {
        Verdict::Allow => ReplayVerdict::Allowed,
        Verdict::Observe(refusal) => ReplayVerdict::Observed(refusal.setting_name().to_owned()),
        Verdict::Refuse(refusal) => ReplayVerdict::Refused(refusal.setting_name().to_owned()),
    };
    Replayed {
        at: Timestamp::START,
        shape: REPLICATION_CONNECTION.into(),
        then: ReplayVerdict::Allowed,
        now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_recordings_have_them() {
        for (text, expected) in [
            ("10.1.2.3:50123", Some("10.1.2.3")),
            ("[2001:db8::1]:5", Some("2001:db8::1")),
            ("10.1.2.3", Some("10.1.2.3")),
            ("local", None),
            ("", None),
        ] {
            assert_eq!(
                address(text),
                expected.map(|text| text.parse().unwrap()),
                "{text}"
            );
        }
    }
}
