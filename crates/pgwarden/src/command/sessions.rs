use std::io::Write as _;
use std::time::SystemTime;

use anyhow::Context as _;
use pgwarden_recording::{SessionState, SessionSummary, list, sessions_table};

use super::configuration;
use crate::cli::SessionsArgs;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &SessionsArgs) -> anyhow::Result<Exit> {
    let directory = configuration::recordings(&args.config)?;
    let listing = list(&directory).with_context(|| format!("read directory {}", directory.display()))?;
    for unreadable in &listing.unreadable {
        output::say(&format!(
            "warning: {:#}",
            anyhow::Error::msg(unreadable.to_string())
        ));
    }
    let earliest = args.since.and_then(|since| SystemTime::now().checked_sub(since));
    let sessions: Vec<SessionSummary> = listing
        .sessions
        .into_iter()
        .filter(|session| !args.live || session.state == SessionState::Live)
        .filter(|session| {
            args.user
                .as_ref()
                .is_none_or(|user| *user == session.facts.person)
        })
        .filter(|session| {
            args.record
                .as_ref()
                .is_none_or(|record| *record == session.facts.record)
        })
        .filter(|session| earliest.is_none_or(|earliest| session.facts.started >= earliest))
        .collect();
    let mut out = output::stdout();
    if args.json {
        for session in &sessions {
            serde_json::to_writer(&mut out, session).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    } else {
        write!(out, "{}", sessions_table(&sessions))?;
    }
    out.flush()?;
    Ok(Exit::Done)
}
