//! Ending a result that would pass its budget.
//!
//! Cancelling alone can't do it: with rows and effects already made, a server often completes before the request arrives. So from the header of
//! the first row too many on, nothing of the result goes to the client and nothing of the client goes to the server, and
//!
//! * a cancel request is sent, if it can hit nothing else;
//! * an error of the server becomes the budget's;
//! * if the server completes instead, it is made to fail by a message that it can't but refuse, so that a transaction block fails with the statement;
//! * if it completes and something was in flight behind it, the session ends.
//!
//! ```text
//!             error                                        EOF of the cancel request
//! Swallowing ───────────────────────────────────┬─> Failed ──────────────────────────> (over)
//!      │ completed          EOF          error  │
//!      └───────────> Completed ──> Failing ─────┘
//! ```

use std::sync::Arc;
use std::time::Instant;

use pgwarden_policy::Enforcement;
use pgwarden_wire::{ErrorFields, ErrorResponse, FrontendType, field, frontend};

use super::budget::{Budget, Exceeded};
use super::pipeline::{Entry, Request};
use super::refusal::{Nonce, Refused, StandIn};
use super::{Action, Flow, Gate, Outcome};

/// A result that is being ended.
#[derive(Debug)]
pub(super) struct Ending {
    refused: Arc<Refused>,
    exceeded: Exceeded,
    stage: Stage,
    /// The cancel request is under way.
    cancelling: bool,
    /// It came by a Query or `FunctionCall`, not by an Execute.
    is_simple: bool,
    /// Something was in flight behind the statement.
    followed: bool,
    /// The statement has completed at the server.
    completed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// What comes of the statement is swallowed.
    Swallowing {
        /// Nothing makes the server send what it has to say: it is to be asked.
        flush: bool,
    },
    /// All has come. The server is to be made to fail once the cancel request is done with, which would hit that.
    Completed {
        /// By a `ReadyForQuery`.
        synced: bool,
    },
    /// The server's refusal is awaited.
    Failing,
    /// The error has been passed on. A cancel request that is still under way could hit what comes next.
    Failed,
}

impl Gate {
    /// A budget would be passed by what comes.
    pub(super) fn exceed(&mut self, exceeded: Exceeded) {
        let refused = Refused::over_budget(exceeded.budget, &self.rules);
        let outcome = match self.rules.settings.enforcement {
            Enforcement::Enforce => Outcome::Refused,
            Enforcement::Monitor => Outcome::Observed,
        };
        self.actions.push_back(Action::Verdict {
            refused: Arc::clone(&refused),
            outcome,
        });
        if outcome == Outcome::Observed {
            return;
        }
        // Who has taken leave is not there to send anything after an error.
        let followed = self.over || self.pipeline.is_followed();
        if !followed {
            self.actions.push_back(Action::Cancel);
        }
        let running = self.pipeline.running().map(|entry| &entry.request);
        self.ending = Some(Ending {
            refused,
            exceeded,
            stage: Stage::Swallowing {
                flush: !self.pipeline.ends_with_ready(),
            },
            cancelling: !followed,
            is_simple: match running {
                Some(running) => !matches!(running, Request::Execute { .. }),
                None => self.pipeline.is_empty(),
            },
            followed,
            completed: false,
        });
    }

    /// An error of the server that quotes more than may pass: the budget's instead. `None`: it passes, noted or not.
    pub(super) fn error_over_budget(&mut self, bytes: u64, now: Instant) -> Option<Vec<u8>> {
        let refused = self.aside_over_budget(bytes, now)?;
        let mut out = Vec::new();
        let detail = "The statement had not completed: it failed, with an error of that size.".to_owned();
        Refused {
            detail: Some(detail),
            ..(*refused).clone()
        }
        .encode(b"ERROR", &mut out);
        Some(out)
    }

    /// A notification. There is no statement that could fail for it, so the session ends where it may not pass.
    pub(super) fn notification(&mut self, bytes: u64, now: Instant) -> Option<Flow> {
        let refused = self.aside_over_budget(bytes, now)?;
        let Refused {
            sqlstate,
            message,
            hint,
            ..
        } = (*refused).clone();
        Some(
            self.terminate(
                ErrorResponse::fatal(sqlstate, message)
                    .with_detail("A notification came that would have passed it.")
                    .with_hint(hint),
            ),
        )
    }

    /// What refuses something that comes beside results.
    fn aside_over_budget(&mut self, bytes: u64, now: Instant) -> Option<Arc<Refused>> {
        let budget = self.budgets.give_aside(bytes, &self.rules.settings, now)?;
        let refused = Refused::over_budget(budget, &self.rules);
        let outcome = match self.rules.settings.enforcement {
            Enforcement::Enforce => Outcome::Refused,
            Enforcement::Monitor => Outcome::Observed,
        };
        self.actions.push_back(Action::Verdict {
            refused: Arc::clone(&refused),
            outcome,
        });
        (outcome == Outcome::Refused).then_some(refused)
    }

    /// The cancel request that [`Action::Cancel`] asked for is done with: the server has closed its connection, or it couldn't be made.
    pub(crate) fn cancel_ended(&mut self) {
        if let Some(ending) = &mut self.ending {
            ending.cancelling = false;
            if ending.stage == Stage::Failed {
                self.ending = None;
            }
        }
    }

    /// Whether [`Gate::handle_frontend`] has something to say to the server, even if nothing has come of the client.
    pub(crate) fn has_word_for_server(&self) -> bool {
        self.ending.as_ref().is_some_and(|ending| match ending.stage {
            Stage::Swallowing { flush } => flush,
            Stage::Completed { .. } => !ending.cancelling,
            Stage::Failing | Stage::Failed => false,
        })
    }

    /// Whether the client's messages wait for the end of a result; says what there is to say to the server.
    pub(super) fn waits_for_ending(&mut self, now: Instant) -> bool {
        let Some(ending) = &mut self.ending else {
            return false;
        };
        match ending.stage {
            Stage::Swallowing { flush: true } => {
                ending.stage = Stage::Swallowing { flush: false };
                let mut flush = Vec::new();
                frontend::bare(&mut flush, FrontendType::Flush);
                self.actions.push_back(Action::Send(flush));
            }
            Stage::Completed { synced } if !ending.cancelling => {
                ending.stage = Stage::Failing;
                let is_simple = ending.is_simple;
                self.fail_server(is_simple, synced, now);
            }
            Stage::Swallowing { .. } | Stage::Completed { .. } | Stage::Failing | Stage::Failed => {}
        }
        true
    }

    /// Sends what the server can only refuse. For an extended query it is a Bind, as a Query would free the unnamed statement.
    fn fail_server(&mut self, is_simple: bool, synced: bool, now: Instant) {
        let nonce = Nonce::new((self.nonces)());
        let stand_in = match (is_simple, self.replication) {
            (true, false) => StandIn::Query,
            (true, true) => StandIn::ReplicationQuery,
            (false, _) => StandIn::Bind,
        };
        let mut message = stand_in.encode(&nonce);
        let entry = |request| Entry {
            request,
            refusal: None,
            sent: now,
        };
        self.pipeline.push(entry(Request::StandIn {
            ends_with_ready: is_simple,
        }));
        if !is_simple {
            let end = if synced {
                FrontendType::Sync
            } else {
                FrontendType::Flush
            };
            frontend::bare(&mut message, end);
            if synced {
                self.pipeline.push(entry(Request::Sync { doubtful: false }));
            }
        }
        self.actions.push_back(Action::Send(message));
    }

    /// Whether what the server says of the statement is kept from the client.
    pub(super) fn swallows(&self) -> bool {
        self.ending
            .as_ref()
            .is_some_and(|ending| ending.stage != Stage::Failed)
    }

    /// The statement has completed at the server.
    pub(super) fn note_completion(&mut self) {
        if let Some(ending) = &mut self.ending {
            ending.completed |= matches!(ending.stage, Stage::Swallowing { .. });
        }
    }

    /// Where an answer was swallowed: what follows from it. `Some` when the session ends.
    pub(super) fn after_swallowing(&mut self, synced: bool) -> Option<Flow> {
        let Some(ending) = &mut self.ending else {
            return None;
        };
        match ending.stage {
            Stage::Swallowing { .. } => {
                ending.completed |= synced;
                if ending.completed && ending.followed {
                    return Some(self.end_session_over_budget());
                }
                if synced || self.pipeline.is_empty() {
                    ending.stage = Stage::Completed { synced };
                }
                None
            }
            // It has answered what it can only refuse, and refused nothing.
            Stage::Failing if synced => Some(self.end_session_over_budget()),
            Stage::Completed { .. } | Stage::Failing | Stage::Failed => None,
        }
    }

    /// There is no other way to keep what is to come from the client.
    pub(super) fn end_session_over_budget(&mut self) -> Flow {
        let Some(ending) = &mut self.ending else {
            return Flow::Stop;
        };
        ending.completed = true;
        let detail = ending.detail();
        let Refused {
            sqlstate,
            message,
            hint,
            ..
        } = (*ending.refused).clone();
        self.terminate(
            ErrorResponse::fatal(sqlstate, message)
                .with_detail(detail)
                .with_hint(hint),
        )
    }

    /// The server's error, as the budget's. `None`: it ends the session, and stays what it is.
    pub(super) fn ended_by(&mut self, error: ErrorFields<'_>) -> Option<Vec<u8>> {
        let ending = self.ending.as_mut()?;
        // Servers before 9.6 have the translated word alone, whose end is told by the connection's.
        if matches!(
            error.field(field::SEVERITY_NONLOCALIZED),
            Some(b"FATAL" | b"PANIC")
        ) {
            return None;
        }
        let mut out = Vec::new();
        Refused {
            detail: Some(ending.detail()),
            ..(*ending.refused).clone()
        }
        .encode(error.field(field::SEVERITY).unwrap_or(b"ERROR"), &mut out);
        ending.stage = Stage::Failed;
        if !ending.cancelling {
            self.ending = None;
        }
        Some(out)
    }
}

impl Ending {
    /// What had passed, and what became of the statement.
    fn detail(&self) -> String {
        let Exceeded {
            budget,
            passed,
            session,
        } = self.exceeded;
        let (rows, bytes) = (passed.rows, passed.bytes);
        let passed = match budget {
            Budget::CopyBytes | Budget::CopyBytesPerHour => {
                format!("{rows} rows of {bytes} bytes had passed")
            }
            Budget::CopyRowsPerSession => {
                format!("{rows} rows had passed, and {} in the session", session.rows)
            }
            Budget::CopyBytesPerSession => {
                format!(
                    "{rows} rows of {bytes} bytes had passed, and {} bytes in the session",
                    session.bytes
                )
            }
            Budget::CopyRows | Budget::CopyRowsPerHour | Budget::PasteBytes | Budget::PasteBytesPerHour => {
                format!("{rows} rows had passed")
            }
        };
        if self.completed {
            format!("{passed}; the statement had completed; outside a transaction block its effects stand.")
        } else {
            format!("{passed}; the statement had not completed.")
        }
    }
}
