//! What has been sent to the server and not been answered, in order.
//!
//! Syncs aren't counted: a Sync that the server reads during COPY IN is swallowed, one after the copy's
//! failure is answered. So each answer is matched by kind with the first entry that can have caused it, and what
//! stands before that is dropped: the queue finds its place again with every `ReadyForQuery`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use pgwarden_policy::{CopyDirection, StatementKind};

use super::copy_guard::Approvals;
use super::names::{Name, Prepared};
use super::refusal::PendingRefusal;
use super::text::{Passed, Text};

/// Messages in flight at which the client isn't read any further. The server's answer to any of them fills its
/// output buffer of 8 KiB long before (`PQ_SEND_BUFFER_SIZE`, libpq/pqcomm.c), so it is never waited for in vain.
pub(crate) const PIPELINE_MESSAGES_MAX: usize = 16_384;

/// One message in flight.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) request: Request,
    /// Set when a stand-in was sent.
    pub(crate) refusal: Option<Box<PendingRefusal>>,
    pub(crate) sent: Instant,
}

impl Entry {
    fn refusals(&self) -> usize {
        usize::from(self.refusal.is_some())
    }
}

/// What was sent.
#[derive(Debug)]
pub(crate) enum Request {
    Query(Script),
    FunctionCall,
    Parse {
        statement: Name,
        prepared: Prepared,
    },
    Bind {
        portal: Name,
        /// The statement that it binds.
        statement: Name,
        prepared: Prepared,
    },
    Execute {
        portal: Name,
        prepared: Option<Prepared>,
        approvals: Approvals,
    },
    Describe,
    CloseStatement(Name),
    ClosePortal(Name),
    Sync {
        doubtful: bool,
    },
    /// The server can only fail it: it stands in for a refused message, or for one whose body is malformed.
    StandIn {
        ends_with_ready: bool,
    },
}

/// The statements of a simple query.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) text: Arc<Text>,
    pub(crate) passed: Option<Passed>,
    /// Index of the statement that runs.
    pub(crate) next: usize,
    /// Index of the statement behind the last that began a copy: an approval serves once.
    pub(crate) copies_from: usize,
    /// What prepared statements that it runs by SQL EXECUTE may begin.
    pub(crate) executes: Approvals,
}

impl Request {
    /// Whether rows may be its answer.
    fn gives_rows(&self) -> bool {
        match self {
            Request::Query(_) | Request::FunctionCall | Request::Execute { .. } => true,
            Request::Parse { .. }
            | Request::Bind { .. }
            | Request::Describe
            | Request::CloseStatement(_)
            | Request::ClosePortal(_)
            | Request::Sync { .. }
            | Request::StandIn { .. } => false,
        }
    }

    /// Whether the server answers it with `ReadyForQuery`.
    fn ends_with_ready(&self) -> bool {
        match self {
            Request::Query(_) | Request::FunctionCall | Request::Sync { .. } => true,
            Request::StandIn { ends_with_ready } => *ends_with_ready,
            Request::Parse { .. }
            | Request::Bind { .. }
            | Request::Execute { .. }
            | Request::Describe
            | Request::CloseStatement(_)
            | Request::ClosePortal(_) => false,
        }
    }

    fn approvals(&self) -> Approvals {
        match self {
            Request::Query(script) => script.approvals(),
            Request::Execute { approvals, .. } => *approvals,
            Request::FunctionCall
            | Request::Parse { .. }
            | Request::Bind { .. }
            | Request::Describe
            | Request::CloseStatement(_)
            | Request::ClosePortal(_)
            | Request::StandIn { .. }
            | Request::Sync { .. } => Approvals::NONE,
        }
    }
}

impl Script {
    fn approvals(&self) -> Approvals {
        let Some(passed) = self.passed else {
            return Approvals::NONE;
        };
        self.text
            .approvals_from(self.next.max(self.copies_from), passed)
            .and(self.executes)
    }

    fn begin_copy(&mut self, direction: CopyDirection) {
        // Up to 14 a base backup is a copy for each tablespace and one for the manifest (`SendCopyOutResponse`, replication/basebackup.c).
        if self.text.kind_of(0) == StatementKind::BaseBackup {
            return;
        }
        if let Some(index) = self.text.next_copy(self.next.max(self.copies_from), direction) {
            self.next = index;
            self.copies_from = index.saturating_add(1);
        }
    }

    /// `CommandComplete` came: gives the index of the statement that it belongs to.
    pub(crate) fn step(&mut self) -> usize {
        let index = self.next;
        if !self.text.is_replication_command() {
            self.next = index.saturating_add(1);
        }
        index
    }

    /// An error has ended it: nothing of it runs any more.
    fn end(&mut self) {
        self.next = usize::MAX;
        self.executes = Approvals::NONE;
    }
}

/// The queue.
#[derive(Debug, Default)]
pub(crate) struct Pipeline {
    entries: VecDeque<Entry>,
    /// How many of them are stand-ins, so that errors need no search while there is none.
    refusals: usize,
    /// None of them asks for copy data. Only what is sent can change that, so data needs no search until then.
    no_data_taken: bool,
    /// After an error the server skips to Sync (PROTOCOL-FLOW-EXT-QUERY), and no Sync has been sent.
    skipping: bool,
    /// Something has been sent since the last `ReadyForQuery` was seen with nothing else in flight.
    unsettled: bool,
    /// Syncs were sent within the copy that goes on. If it ends well the server has swallowed them.
    syncs_in_copy: bool,
    /// It didn't end well, so it can't be known which of them are answered: a `ReadyForQuery` may be taken for that of a later message, and
    /// nothing that rests on there being none in flight can be relied upon any more.
    astray: bool,
}

impl Pipeline {
    /// Notes what is sent to the server now.
    pub(crate) fn push(&mut self, entry: Entry) {
        self.unsettled = true;
        self.syncs_in_copy |= matches!(entry.request, Request::Sync { doubtful: true });
        if matches!(entry.request, Request::Sync { .. }) {
            self.skipping = false;
        } else if self.skipping {
            return;
        }
        let is_one_more = |back: &Entry| {
            matches!(entry.request, Request::Sync { doubtful: true })
                && matches!(back.request, Request::Sync { doubtful: true })
        };
        if self.is_full() && self.entries.back().is_some_and(is_one_more) {
            return;
        }
        self.refusals = self.refusals.saturating_add(entry.refusals());
        self.no_data_taken &= !entry.request.approvals().takes_data();
        self.entries.push_back(entry);
    }

    /// Notes that something that isn't in the queue was sent (Flush).
    pub(crate) fn touch(&mut self) {
        self.unsettled = true;
    }

    /// Whether it is certain that nothing was sent since the last `ReadyForQuery`, so that settings it reported hold.
    pub(crate) fn is_settled(&self) -> bool {
        !self.unsettled && !self.astray
    }

    pub(crate) fn is_skipping(&self) -> bool {
        self.skipping
    }

    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() >= PIPELINE_MESSAGES_MAX
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether `ReadyForQuery` will come without anything further being sent.
    pub(crate) fn ends_with_ready(&self) -> bool {
        self.entries.back().is_some_and(|entry| {
            entry.request.ends_with_ready() && !matches!(entry.request, Request::Sync { doubtful: true })
        })
    }

    /// Whose rows come, if rows come now.
    pub(crate) fn running(&self) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.request.gives_rows())
    }

    /// Whether something was sent that runs even if what gives rows now fails: behind its Query, or behind its Sync.
    pub(crate) fn is_followed(&self) -> bool {
        let mut behind = self.entries.iter();
        if self.running().is_some() {
            let running = behind.find(|entry| entry.request.gives_rows());
            if running.is_some_and(|running| running.request.ends_with_ready()) {
                return behind.next().is_some();
            }
        }
        for entry in behind.by_ref() {
            if matches!(entry.request, Request::Sync { .. }) {
                return behind.next().is_some();
            }
            // Without a Sync between them it is the version of the server that decides what is skipped.
            if entry.request.ends_with_ready() {
                return true;
            }
        }
        false
    }

    /// Whether something in flight may still ask the client for copy data.
    pub(crate) fn may_take_data(&mut self) -> bool {
        if !self.no_data_taken {
            let takes_data = |entry: &Entry| entry.request.approvals().takes_data();
            self.no_data_taken = !self.entries.iter().any(takes_data);
        }
        !self.no_data_taken
    }

    /// Whether a refusal's error may still come.
    pub(crate) fn awaits_refusal(&self) -> bool {
        self.refusals > 0
    }

    /// Refusals whose error may still come.
    pub(crate) fn refusals(&self) -> impl Iterator<Item = &PendingRefusal> {
        self.entries.iter().filter_map(|entry| entry.refusal.as_deref())
    }

    /// The first entry that `wanted` accepts is answered: those before it are dropped and handed to `drop`.
    pub(crate) fn answer(
        &mut self,
        wanted: impl Fn(&Request) -> bool,
        mut dropped: impl FnMut(Entry),
    ) -> Option<&mut Entry> {
        let at = self.entries.iter().position(|entry| wanted(&entry.request))?;
        self.drop_front(at, &mut dropped);
        self.entries.front_mut()
    }

    fn drop_front(&mut self, count: usize, dropped: &mut impl FnMut(Entry)) {
        for _ in 0..count {
            if let Some(entry) = self.pop() {
                dropped(entry);
            }
        }
    }

    pub(crate) fn pop(&mut self) -> Option<Entry> {
        let entry = self.entries.pop_front()?;
        self.refusals = self.refusals.saturating_sub(entry.refusals());
        Some(entry)
    }

    /// Uses an approval of this direction; `false` when nothing in flight has one.
    pub(crate) fn use_approval(&mut self, direction: CopyDirection, dropped: impl FnMut(Entry)) -> bool {
        let covers = |request: &Request| request.approvals().covers(direction);
        let Some(entry) = self.answer(covers, dropped) else {
            return false;
        };
        match &mut entry.request {
            Request::Query(script) => script.begin_copy(direction),
            Request::Execute { approvals, .. } => *approvals = Approvals::NONE,
            Request::FunctionCall
            | Request::Parse { .. }
            | Request::Bind { .. }
            | Request::Describe
            | Request::CloseStatement(_)
            | Request::ClosePortal(_)
            | Request::StandIn { .. }
            | Request::Sync { .. } => {}
        }
        self.syncs_in_copy = false;
        if direction != CopyDirection::Out {
            self.doubt_syncs();
        }
        true
    }

    /// Syncs that stand directly behind an Execute that asks for data have been read, or will be, before the
    /// data: the server swallows them.
    fn doubt_syncs(&mut self) {
        let in_extended = self
            .entries
            .front()
            .is_some_and(|entry| !entry.request.ends_with_ready());
        if !in_extended {
            return;
        }
        for entry in self.entries.iter_mut().skip(1) {
            let Request::Sync { doubtful } = &mut entry.request else {
                break;
            };
            *doubtful = true;
            self.syncs_in_copy = true;
        }
    }

    /// The front's statement failed.
    pub(crate) fn fail(&mut self, mut dropped: impl FnMut(Entry)) {
        self.astray |= self.syncs_in_copy;
        let Some(front) = self.entries.front_mut() else {
            return;
        };
        match &mut front.request {
            Request::Query(script) => script.end(),
            // Committing at Sync failed: nothing is skipped.
            Request::FunctionCall
            | Request::Sync { .. }
            | Request::StandIn {
                ends_with_ready: true,
            } => {}
            Request::StandIn {
                ends_with_ready: false,
            }
            | Request::Parse { .. }
            | Request::Bind { .. }
            | Request::Execute { .. }
            | Request::Describe
            | Request::CloseStatement(_)
            | Request::ClosePortal(_) => {
                let is_sync = |entry: &Entry| matches!(entry.request, Request::Sync { .. });
                let end = self
                    .entries
                    .iter()
                    .position(is_sync)
                    .unwrap_or(self.entries.len());
                self.drop_front(end, &mut dropped);
                self.skipping = self.entries.is_empty();
            }
        }
    }

    /// A copy's data has ended well: Syncs sent meanwhile were swallowed.
    pub(crate) fn copy_succeeded(&mut self) {
        self.syncs_in_copy = false;
        self.entries
            .retain(|entry| !matches!(entry.request, Request::Sync { doubtful: true }));
    }

    /// `ReadyForQuery` came: everything up to the first entry that it can belong to is over.
    pub(crate) fn ready(&mut self, mut dropped: impl FnMut(Entry)) {
        let certain = |entry: &Entry| {
            entry.request.ends_with_ready() && !matches!(entry.request, Request::Sync { doubtful: true })
        };
        let at = self.entries.iter().position(certain).or_else(|| {
            self.entries
                .iter()
                .position(|entry| matches!(entry.request, Request::Sync { doubtful: true }))
        });
        if let Some(at) = at {
            self.drop_front(at.saturating_add(1), &mut dropped);
        }
        self.astray |= self.syncs_in_copy;
        self.unsettled = self.skipping || !self.entries.is_empty();
    }
}
