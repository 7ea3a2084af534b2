//! One side of a relay: a socket, what came of it and isn't dealt with, and what it has not taken yet.

use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pgwarden_recording::Recorded;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::End;
use crate::held_memory::{Held, HeldMemory};
use crate::stream::Stream;

/// Bytes taken by one read. A pgbench transaction fits many times; for bulk data larger reads gain little.
const READ_BYTES: usize = 64 * 1024;

/// What one side keeps while messages pass as they come: the rest of one read, and a read's room behind an unfinished message. Bounded by the number
/// of sessions, and so not part of `max_held_memory`.
const PASSING_BYTES: usize = 2 * READ_BYTES;

thread_local! {
    /// Where reads go: shared by the sessions of a worker thread, as none keeps it beyond a poll.
    static READ_BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// One side of a relay.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) stream: Stream,
    /// Bytes read and not dealt with: at most an unfinished message, or what waits for the other side.
    pub(super) input: Vec<u8>,
    /// Bytes that the stream has not taken yet.
    pub(super) output: Vec<u8>,
    /// The stream has taken bytes that may not have reached the socket: TLS keeps what it has encrypted.
    unflushed: bool,
    pub(super) reading: Reading,
    /// The part of `max_held_memory` that the two take.
    held: Held,
    /// Writing failed: what is for this side is dropped. Reading may still give its last words.
    pub(super) deaf: bool,
    pub(super) writing: Writing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Open,
    /// What comes is thrown away: the other side broke the protocol.
    Discarding,
    /// The other side has ended its sending, or vanished; it may still receive.
    Ended,
    /// Nothing more is read.
    Closed,
}

/// Whether more is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    Open,
    /// Once all that is kept is sent, the other side is to be told that nothing follows.
    Ending,
    Ended,
}

impl Side {
    pub(super) fn new(stream: Stream, input: Vec<u8>, memory: &HeldMemory) -> Self {
        Side {
            held: memory.share(),
            stream,
            input,
            output: Vec::new(),
            unflushed: false,
            reading: Reading::Open,
            deaf: false,
            writing: Writing::Open,
        }
    }

    /// Counts what is kept beyond what passing on takes.
    pub(super) fn hold(&mut self) -> Result<(), End> {
        let kept = self.input.capacity().saturating_add(self.output.capacity());
        self.held
            .set(kept.saturating_sub(PASSING_BYTES))
            .map_err(|refusal| End::Terminated(Box::new(refusal.into())))
    }

    /// Sends bytes, keeping what the stream does not take. They have been recorded. [`Side::poll_flush`] is to follow.
    pub(super) fn send(&mut self, cx: &mut Context<'_>, bytes: &[u8], _: &Recorded) {
        let mut rest = bytes;
        while self.output.is_empty() && !self.deaf && !rest.is_empty() {
            match Pin::new(&mut self.stream).poll_write(cx, rest) {
                Poll::Ready(Ok(0) | Err(_)) => self.deaf = true,
                Poll::Ready(Ok(taken)) => {
                    self.unflushed = true;
                    rest = rest.get(taken..).unwrap_or_default();
                }
                Poll::Pending => break,
            }
        }
        if !self.deaf {
            self.output.extend_from_slice(rest);
        }
    }

    /// Sends what is kept. Ready when nothing is, neither here nor by the stream.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut sent = 0;
        while !self.deaf && sent < self.output.len() {
            let rest = self.output.get(sent..).unwrap_or_default();
            match Pin::new(&mut self.stream).poll_write(cx, rest) {
                Poll::Ready(Ok(0) | Err(_)) => self.deaf = true,
                Poll::Ready(Ok(taken)) => {
                    self.unflushed = true;
                    sent = sent.saturating_add(taken);
                }
                Poll::Pending => {
                    self.output.drain(..sent);
                    return Poll::Pending;
                }
            }
        }
        if !self.output.is_empty() {
            self.output = Vec::new();
        }
        if self.unflushed && !self.deaf {
            match ready!(Pin::new(&mut self.stream).poll_flush(cx)) {
                Ok(()) => self.unflushed = false,
                Err(_) => self.deaf = true,
            }
        }
        if self.writing == Writing::Ending {
            // A side that can't be told has gone, which reading tells.
            let _ = ready!(Pin::new(&mut self.stream).poll_shutdown(cx));
            self.writing = Writing::Ended;
        }
        Poll::Ready(())
    }

    /// Nothing more is to be sent.
    pub(super) fn end_writing(&mut self) {
        if self.writing == Writing::Open {
            self.writing = Writing::Ending;
        }
    }

    /// Reads once. Bytes that were kept stand before the new ones in what `deal_with` gets; it says how many of
    /// them are done.
    pub(super) fn poll_read<E>(
        &mut self,
        cx: &mut Context<'_>,
        deal_with: impl FnOnce(&mut Context<'_>, &[u8]) -> Result<usize, E>,
    ) -> Poll<Result<usize, ReadEnd<E>>> {
        let mut buffer = READ_BUFFER.take();
        let kept = self.input.len();
        let in_place = kept > 0;
        let target = if in_place { &mut self.input } else { &mut buffer };
        let start = if in_place { kept } else { 0 };
        // The thread's buffer is as long as it ever gets; a kept message grows as its bytes come.
        if target.len() < start.saturating_add(READ_BYTES) {
            target.resize(start.saturating_add(READ_BYTES), 0);
        }
        let mut read = ReadBuf::new(target.get_mut(start..).unwrap_or_default());
        let polled = Pin::new(&mut self.stream).poll_read(cx, &mut read);
        let filled = read.filled().len();
        let outcome = match polled {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(error)) => Poll::Ready(Err(ReadEnd::Lost(error))),
            Poll::Ready(Ok(())) if filled == 0 => Poll::Ready(Err(ReadEnd::Closed)),
            Poll::Ready(Ok(())) => {
                let bytes = target.get(..start.saturating_add(filled)).unwrap_or_default();
                Poll::Ready(deal_with(cx, bytes).map_err(ReadEnd::Other))
            }
        };
        let done = match &outcome {
            Poll::Ready(Ok(done)) => *done,
            Poll::Ready(Err(_)) | Poll::Pending => 0,
        };
        if in_place {
            self.input.truncate(start.saturating_add(filled));
            self.forget(done);
        } else if let Some(rest) = buffer.get(done..filled)
            && !rest.is_empty()
        {
            self.input = rest.to_vec();
        }
        READ_BUFFER.set(buffer);
        outcome
    }

    /// Drops the first bytes of what is kept.
    pub(super) fn forget(&mut self, done: usize) {
        if done >= self.input.len() {
            self.input = Vec::new();
        } else {
            self.input.drain(..done);
        }
    }
}

pub(super) enum ReadEnd<E> {
    Closed,
    Lost(io::Error),
    Other(E),
}
