//! Messages of the client that break the protocol. What to say to them is left to the server wherever nothing can run by them.

use std::ops::Range;
use std::time::Instant;

use pgwarden_wire::{ErrorResponse, Frame, FrontendType, HEADER_BYTES, MalformedMessage, frontend, sqlstate};

use super::pipeline::{Entry, Request};
use super::{Action, Flow, Gate, Passage, push_range};

/// Strings in a malformed body that are looked through for passwords before it is recorded: a Parse has two. What stands behind them is
/// recorded masked.
const STRINGS_READ: usize = 3;

impl Gate {
    /// A body that doesn't have the form of its type. The server reads a body to its end before it acts on it and fails the message
    /// (`pq_getmsgend`, libpq/pqformat.c): an error after which the session goes on. Those that run something are replaced by an empty
    /// one with the same flaw, so that this doesn't rest on how strictly a server reads. (A Bind is read piece by piece, but runs nothing.)
    pub(super) fn malformed(
        &mut self,
        malformed: MalformedMessage,
        frame: Frame<'_>,
        at: &mut usize,
        now: Instant,
    ) -> Flow {
        if self.pipeline.is_full() {
            return self.wait();
        }
        let range = *at..at.saturating_add(frame.bytes.len());
        if frame.tag == FrontendType::Flush.tag() {
            // Within a copy the server drops it unread (`CopyGetData`, commands/copyfromparse.c): no answer would take its entry away.
            if self.copy.takes_data() {
                push_range(&mut self.actions, Passage::Withhold, range.clone());
                self.flush_asked = false;
                *at = range.end;
                return Flow::Next;
            }
            if self.pipeline.may_take_data() {
                return self.wait();
            }
        }
        self.mask_strings(frame.body, at.saturating_add(HEADER_BYTES));
        let instead = FrontendType::from_tag(frame.tag).and_then(|kind| empty_with(malformed, kind));
        match instead {
            None => push_range(&mut self.actions, Passage::Forward, range.clone()),
            Some(instead) => {
                push_range(&mut self.actions, Passage::Withhold, range.clone());
                self.actions.push_back(Action::Send(instead));
            }
        }
        let kind = FrontendType::from_tag(frame.tag);
        self.pipeline.push(Entry {
            request: Request::StandIn {
                ends_with_ready: matches!(kind, Some(FrontendType::Query | FrontendType::FunctionCall)),
            },
            refusal: None,
            sent: now,
        });
        self.flush_asked = false;
        *at = range.end;
        Flow::Next
    }

    /// A type that there isn't. The server says so at the type byte, after it has answered what came before, and ends the session
    /// (`SocketBackend`, tcop/postgres.c): so it is given that byte and nothing behind it.
    pub(super) fn unknown_type(&mut self, at: &mut usize) -> Flow {
        let tag: Range<usize> = *at..at.saturating_add(1);
        *at = tag.end;
        push_range(&mut self.actions, Passage::Forward, tag);
        self.finish(None)
    }

    /// A length that can't be. The server ends the session without a word (`pq_getmessage`, libpq/pqcomm.c); pgwarden says why.
    pub(super) fn invalid_length(&mut self) -> Flow {
        self.finish(Some(ErrorResponse::fatal(
            sqlstate::PROTOCOL_VIOLATION,
            "invalid message length",
        )))
    }

    fn finish(&mut self, error: Option<ErrorResponse>) -> Flow {
        self.over = true;
        self.actions.push_back(Action::Finish(error.map(Box::new)));
        Flow::Stop
    }

    /// Masks passwords in what may have been meant as texts.
    fn mask_strings(&mut self, body: &[u8], body_at: usize) {
        let mut at = body_at;
        for (index, string) in body
            .splitn(STRINGS_READ.saturating_add(1), |byte| *byte == 0)
            .enumerate()
        {
            let end = at.saturating_add(string.len());
            if index == STRINGS_READ {
                self.actions.push_back(Action::Mask(at..end));
            } else {
                let text = self.read(string);
                // Whether there is room to remember them doesn't matter: they are set nowhere.
                self.mask_secrets(&text, at);
            }
            at = end.saturating_add(1);
        }
    }
}

/// A message of this type that the server fails with the very error and that holds nothing. `None`: it may pass as it is.
fn empty_with(malformed: MalformedMessage, kind: FrontendType) -> Option<Vec<u8>> {
    let whole: &[u8] = match kind {
        FrontendType::Query => b"\0",
        FrontendType::Parse => b"\0\0\0\0",
        FrontendType::Execute => b"\0\0\0\0\0",
        FrontendType::Bind
        | FrontendType::Describe
        | FrontendType::Close
        | FrontendType::FunctionCall
        | FrontendType::Flush
        | FrontendType::Sync
        | FrontendType::Terminate
        | FrontendType::CopyData
        | FrontendType::CopyDone
        | FrontendType::CopyFail
        | FrontendType::Password => return None,
    };
    let body = match malformed {
        MalformedMessage::Unterminated => Vec::new(),
        MalformedMessage::Trailing(_) => [whole, b"\0"].concat(),
        MalformedMessage::Short | MalformedMessage::Negative | MalformedMessage::UnknownType(_) => whole
            .get(..whole.len().saturating_sub(2))
            .unwrap_or_default()
            .to_vec(),
    };
    let mut out = Vec::new();
    frontend::message(&mut out, kind, &body);
    Some(out)
}
