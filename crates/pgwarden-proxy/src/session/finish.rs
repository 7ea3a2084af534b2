//! How a session ends: for what reason, and what is left to do.

use std::time::{Duration, Instant};

use pgwarden_recording::EndReason as Reason;
use pgwarden_wire::{ErrorResponse, sqlstate};

use crate::cancel::{self, CancelTarget};
use crate::causes::Causes;
use crate::relay::{End, Relay};
use crate::shared::Shared;

/// A cancel request does nothing to a server that has not begun to read what was sent to it last, or that is between two messages of a
/// pipeline. So it is repeated after this long, in which it will have begun.
const CANCEL_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// How a session ended, for each who wants to know.
pub(super) struct Finish {
    pub(super) reason: Reason,
    pub(super) to_client: Option<ErrorResponse>,
}

pub(super) fn finish_of(end: End, relay: &Relay) -> Finish {
    let (reason, to_client) = match end {
        End::ClientLeft => (Reason::ClientTerminated, None),
        End::ClientLost => (Reason::ClientVanished, None),
        End::ServerClosed => (Reason::ServerClosed, None),
        End::ProtocolViolated => (Reason::ProtocolViolation, None),
        End::Terminated(error) => {
            let reason = if relay.guard_tripped() {
                Reason::CopyGuard
            } else if [sqlstate::PROGRAM_LIMIT_EXCEEDED, sqlstate::OUT_OF_MEMORY].contains(&error.sqlstate) {
                Reason::LimitExceeded
            } else {
                Reason::ProtocolViolation
            };
            tracing::warn!(
                sqlstate = error.sqlstate,
                message = error.message,
                "session terminated"
            );
            (reason, Some(*error))
        }
        End::Unrecorded(error) => {
            tracing::error!(error = %Causes(&error), "session can't be recorded any further");
            return unrecorded();
        }
    };
    Finish { reason, to_client }
}

pub(super) fn unrecorded() -> Finish {
    Finish {
        reason: Reason::RecordingFailed,
        to_client: Some(recording_failed()),
    }
}

pub(super) fn recording_failed() -> ErrorResponse {
    ErrorResponse::fatal(sqlstate::IO_ERROR, "session can't be recorded")
        .with_detail("What can't be recorded is not passed on.")
        .with_hint("Tell whoever administers pgwarden: its log says what failed.")
}

/// Closes both sides. What still runs at the server is cancelled first, as closing alone would let it go on; what it was sent and has not
/// begun is kept from beginning.
pub(super) async fn close(mut relay: Relay, cancel: Option<&CancelTarget>, finish: &Finish, shared: &Shared) {
    let leaves_something = relay.gate().is_busy() && !relay.server_has_closed();
    let running = cancel.filter(|_| leaves_something && finish.reason != Reason::ClientTerminated);
    if let Some(target) = running {
        relay.break_off_server();
        cancel_what_runs(target).await;
    }
    relay.close_client(finish.to_client.as_ref()).await;
    if let Some(target) = running {
        tokio::time::sleep(CANCEL_AGAIN_AFTER).await;
        cancel_what_runs(target).await;
    } else {
        relay.close_server().await;
    }
    let sqlstate = finish.to_client.as_ref().map(|error| error.sqlstate);
    if let Err(error) = relay
        .into_recorder()
        .finish(Instant::now(), finish.reason, sqlstate)
    {
        shared.metrics.recording.failed(error.kind());
        tracing::error!(error = %Causes(&error), "end of the recording can't be written");
    }
}

async fn cancel_what_runs(target: &CancelTarget) {
    if let Err(error) = cancel::cancel_backend(target).await {
        tracing::warn!(%error, "what runs could not be cancelled");
    }
}
