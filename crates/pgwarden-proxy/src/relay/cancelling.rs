//! The cancel request of a result that is being ended, while its session goes on.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::cancel::{self, CancelTarget};

/// A session's way to cancel what it runs, and the request that is under way.
pub(super) struct Cancelling {
    /// `None`: the server has given no key.
    target: Option<CancelTarget>,
    under_way: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Cancelling {
    pub(super) fn new(target: Option<CancelTarget>) -> Self {
        Cancelling {
            target,
            under_way: None,
        }
    }

    /// Begins a request. `false`: it can't be made.
    pub(super) fn begin(&mut self) -> bool {
        let Some(target) = self.target.clone() else {
            return false;
        };
        self.under_way = Some(Box::pin(async move {
            if let Err(error) = cancel::cancel_backend(&target).await {
                tracing::warn!(%error, "a result over its budget could not be cancelled");
            }
        }));
        true
    }

    /// Ready when a request that was under way is done with.
    pub(super) fn poll_done(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(under_way) = &mut self.under_way else {
            return Poll::Pending;
        };
        ready!(under_way.as_mut().poll(cx));
        self.under_way = None;
        Poll::Ready(())
    }
}

impl fmt::Debug for Cancelling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancelling")
            .field("target", &self.target)
            .field("under_way", &self.under_way.is_some())
            .finish()
    }
}
