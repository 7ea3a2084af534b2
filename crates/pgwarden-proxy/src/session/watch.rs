//! What a running session keeps an eye on besides its two sides: commands, reloads, its deadlines.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use pgwarden_policy::{Refusal, Setting, Verdict, judge_replication};
use pgwarden_recording::EndReason as Reason;
use pgwarden_records::AccessError;
use pgwarden_wire::{ErrorResponse, sqlstate};

use super::facts::settings_text;
use super::finish::{Finish, finish_of, unrecorded};
use super::{FAR_AWAY, rules};
use crate::cancel::Ahead;
use crate::causes::Causes;
use crate::drain::NEWCOMER_TIMEOUT;
use crate::gate::Gate;
use crate::login::Login;
use crate::relay::{Halt, Relay};
use crate::sessions::{Command, EndReason, SessionControl};
use crate::shared::{Shared, Versioned};
use crate::stream::ClientAddress;

/// What a running session keeps an eye on besides its two sides.
pub(super) struct Watch<'a> {
    /// Where cancel requests ask for what was sent before them.
    pub(super) ahead: Arc<Ahead>,
    pub(super) shared: &'a Shared,
    pub(super) control: &'a SessionControl,
    pub(super) current: Arc<Versioned>,
    pub(super) login: &'a Login,
    pub(super) from: ClientAddress,
    pub(super) begun: Instant,
}

impl Watch<'_> {
    pub(super) async fn until_end(&mut self, relay: &mut Relay) -> Finish {
        let mut valid_until = self.login.access.valid_until;
        let ahead = Arc::clone(&self.ahead);
        let mut awaited = false;
        loop {
            if let Some(finish) = self.commanded(relay) {
                return finish;
            }
            if self.shared.epoch() != self.current.epoch || is_past(valid_until) {
                match self.look_up(relay) {
                    Ok(until) => valid_until = until,
                    Err(finish) => return finish,
                }
            }
            if let Some(finish) = self.timed_out(relay) {
                return finish;
            }
            let epoch = self.current.epoch;
            let shared = self.shared;
            let draining = self.control.command() == Command::Drain;
            let next_look = self.next_look(relay, valid_until);
            let newcomer = self.newcomer_for().is_some();
            let is_current = |gate: &Gate, is_used: bool| {
                shared.epoch() == epoch && !(draining && gate.is_at_rest() && (is_used || !newcomer))
            };
            let relayed = std::future::poll_fn(|cx| {
                let polled = relay.poll(cx, is_current);
                if std::mem::take(&mut awaited) {
                    ahead.done();
                }
                polled
            });
            tokio::select! {
                biased;
                halt = relayed => match halt {
                    Halt::Stale => {}
                    Halt::End(end) => return finish_of(end, relay),
                },
                () = self.control.notified() => {}
                () = ahead.asked() => {
                    // The runtime looks at all sockets before it comes back to who yields, so what has arrived is read then.
                    tokio::task::yield_now().await;
                    awaited = true;
                }
                () = tokio::time::sleep(next_look) => {}
            }
        }
    }

    /// What it is told to do.
    fn commanded(&self, relay: &Relay) -> Option<Finish> {
        let reason = match self.control.command() {
            Command::GoOn => return None,
            Command::Drain if !relay.gate().is_at_rest() => return None,
            Command::Drain if !relay.is_used() && self.newcomer_for().is_some() => return None,
            Command::Drain => EndReason::Shutdown,
            Command::End(reason) => reason,
        };
        Some(Finish {
            reason: Reason::Shutdown,
            to_client: Some(reason.to_client()),
        })
    }

    /// For how long yet it may wait for its first statement although pgwarden drains.
    fn newcomer_for(&self) -> Option<Duration> {
        NEWCOMER_TIMEOUT
            .checked_sub(self.begun.elapsed())
            .filter(|left| !left.is_zero())
    }

    /// The configuration has changed, or a grant has run out: what holds now?
    fn look_up(&mut self, relay: &mut Relay) -> Result<Option<SystemTime>, Finish> {
        self.current = self.shared.current();
        let record = &self.login.access.record.name;
        let snapshot = &self.current.snapshot;
        let access = snapshot.access(
            &self.login.person,
            record.as_str(),
            self.from.ip(),
            SystemTime::now(),
        );
        let access = match access {
            Ok(access) if access.database(Some(&self.login.database)).is_ok() => access,
            Ok(_) => return Err(self.revoked(AccessError::DatabaseNotAllowed)),
            Err(error) => return Err(self.revoked(error)),
        };
        if access.settings.makes_server_read_only() && !self.login.access.settings.makes_server_read_only() {
            return Err(self.ended_by(
                Setting::ReadOnly.as_str(),
                "This session began before read_only was switched on",
            ));
        }
        let valid_until = access.valid_until;
        let allowed = judge_replication(relay.gate().settings()) == Verdict::Allow;
        let observed = match judge_replication(&access.settings) {
            Verdict::Refuse(refusal) if self.login.replication.is_some() => {
                return Err(self.replication_taken_away(&refusal));
            }
            Verdict::Observe(refusal) if self.login.replication.is_some() && allowed => Some(refusal),
            Verdict::Allow | Verdict::Observe(_) | Verdict::Refuse(_) => None,
        };
        let rules = rules(&self.current, &access);
        relay
            .apply_rules(rules, settings_text(&access.settings))
            .map_err(|error| {
                tracing::error!(error = %Causes(&error), "reload can't be recorded");
                unrecorded()
            })?;
        tracing::info!(epoch = self.current.epoch, "new settings hold");
        if let Some(refusal) = observed {
            relay.observed(&refusal, record.as_str()).map_err(|error| {
                tracing::error!(error = %Causes(&error), "what monitor mode saw can't be recorded");
                unrecorded()
            })?;
        }
        Ok(valid_until)
    }

    /// What streams is one statement that never ends, so the settings of now can't wait for the next one.
    fn replication_taken_away(&self, refusal: &Refusal) -> Finish {
        let setting = refusal.setting_name();
        let finish = self.ended_by(setting, "Replication connections are no longer allowed");
        Finish {
            to_client: finish.to_client.map(|error| error.with_hint(refusal.hint())),
            ..finish
        }
    }

    /// A setting has changed that a live session can't be held to.
    fn ended_by(&self, setting: &str, why: &str) -> Finish {
        tracing::info!(setting, "session ended by a setting");
        let record = self.login.access.record.name.as_str();
        let state = if setting == Setting::ReadOnly.as_str() {
            "on"
        } else {
            "off"
        };
        Finish {
            reason: Reason::GrantRevoked,
            to_client: Some(
                ErrorResponse::fatal(
                    sqlstate::ADMIN_SHUTDOWN,
                    "terminating connection due to administrator command",
                )
                .with_detail(format!("{why} on record \"{record}\" ({setting} is {state})."))
                .with_hint("Connect again."),
            ),
        }
    }

    fn revoked(&self, error: AccessError) -> Finish {
        tracing::info!(%error, "access revoked");
        let record = self.login.access.record.name.as_str();
        let reason = match error {
            AccessError::UnknownRecord | AccessError::RecordDisabled => Reason::RecordDisabled,
            AccessError::UnknownPerson | AccessError::NotGranted | AccessError::DatabaseNotAllowed => {
                Reason::GrantRevoked
            }
        };
        Finish {
            reason,
            to_client: Some(
                ErrorResponse::fatal(
                    sqlstate::ADMIN_SHUTDOWN,
                    "terminating connection due to administrator command",
                )
                .with_detail(format!("Access to record \"{record}\" was taken away."))
                .with_hint("Ask whoever administers pgwarden."),
            ),
        }
    }

    /// `idle_timeout` and `max_session_duration`.
    fn timed_out(&self, relay: &Relay) -> Option<Finish> {
        let server = &self.current.snapshot.server;
        let passed =
            |limit: Option<Duration>, since: Instant| limit.is_some_and(|limit| since.elapsed() >= limit);
        if passed(server.max_session_duration, self.begun) {
            return Some(Finish {
                reason: Reason::MaxDuration,
                to_client: Some(
                    ErrorResponse::fatal(
                        sqlstate::ADMIN_SHUTDOWN,
                        "terminating connection due to max_session_duration",
                    )
                    .with_hint("Connect again."),
                ),
            });
        }
        if passed(server.idle_timeout, relay.last_activity()) && !relay.gate().is_busy() {
            return Some(Finish {
                reason: Reason::IdleTimeout,
                to_client: Some(ErrorResponse::fatal(
                    sqlstate::IDLE_SESSION_TIMEOUT,
                    "terminating connection due to idle_timeout",
                )),
            });
        }
        None
    }

    /// How long nothing can come due.
    fn next_look(&self, relay: &Relay, valid_until: Option<SystemTime>) -> Duration {
        let server = &self.current.snapshot.server;
        let until = |limit: Option<Duration>, since: Instant| {
            limit.map(|limit| limit.saturating_sub(since.elapsed()))
        };
        let grant = valid_until.map(|until| until.duration_since(SystemTime::now()).unwrap_or_default());
        // A busy session that is past its idle timeout is looked at again after another.
        let idle = until(server.idle_timeout, relay.last_activity()).map(|left| {
            if left.is_zero() {
                server.idle_timeout.unwrap_or(FAR_AWAY)
            } else {
                left
            }
        });
        let newcomer = self
            .newcomer_for()
            .filter(|_| self.control.command() == Command::Drain);
        [
            until(server.max_session_duration, self.begun),
            idle,
            grant,
            newcomer,
        ]
        .into_iter()
        .flatten()
        .fold(FAR_AWAY, Duration::min)
    }
}

fn is_past(time: Option<SystemTime>) -> bool {
    time.is_some_and(|time| time <= SystemTime::now())
}
