use thiserror::Error;

/// Bytes of a frame's header: the type byte and the length word.
pub const HEADER_BYTES: usize = 5;

/// The length word of a frame can't be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FrameError {
    /// Below 4, the length word's own size.
    #[error("message type {tag:#04x} has an invalid length of {length}")]
    Invalid {
        /// Type byte.
        tag: u8,
        /// Length word as sent.
        length: u32,
    },
    /// Above what may be held.
    #[error("message type {tag:#04x} is {bytes} bytes long, and {limit} are allowed")]
    TooLong {
        /// Type byte.
        tag: u8,
        /// Bytes of the whole frame.
        bytes: usize,
        /// The limit that it passed.
        limit: usize,
    },
}

/// Type and length of a frame: what is known before its body has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Type byte, not yet known to be valid.
    pub tag: u8,
    /// Bytes of the body, without the length word.
    pub body_bytes: usize,
}

impl Header {
    /// Reads a header from the start of `bytes`; `None` while fewer than [`HEADER_BYTES`] are there.
    pub fn parse(bytes: &[u8]) -> Result<Option<Header>, FrameError> {
        let Some((&[tag, a, b, c, d], _)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes([a, b, c, d]);
        // The length counts itself but not the type byte (PROTOCOL-OVERVIEW). It is an Int32: PostgreSQL takes
        // negative ones as invalid (`pq_getmessage`, libpq/pqcomm.c).
        match length.checked_sub(4).map(usize::try_from) {
            Some(Ok(body_bytes)) if i32::try_from(length).is_ok() => Ok(Some(Header { tag, body_bytes })),
            _ => Err(FrameError::Invalid { tag, length }),
        }
    }

    /// Bytes of the whole frame.
    pub fn frame_bytes(self) -> usize {
        self.body_bytes.saturating_add(HEADER_BYTES)
    }
}

/// One complete frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Type byte.
    pub tag: u8,
    /// The body, without type and length.
    pub body: &'a [u8],
    /// The whole frame as it came.
    pub bytes: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The first frame of `bytes`; `None` while it is incomplete. A frame longer than `limit` bytes is an error
    /// as soon as its header is there.
    pub fn split_first(bytes: &'a [u8], limit: usize) -> Result<Option<Frame<'a>>, FrameError> {
        let Some(header) = Header::parse(bytes)? else {
            return Ok(None);
        };
        let whole = header.frame_bytes();
        if whole > limit {
            return Err(FrameError::TooLong {
                tag: header.tag,
                bytes: whole,
                limit,
            });
        }
        let Some((frame, _)) = bytes.split_at_checked(whole) else {
            return Ok(None);
        };
        let Some((_, body)) = frame.split_at_checked(HEADER_BYTES) else {
            return Ok(None);
        };
        Ok(Some(Frame {
            tag: header.tag,
            body,
            bytes: frame,
        }))
    }
}

/// The complete frames at the start of `bytes`, up to the first that is incomplete or invalid.
pub fn frames(bytes: &[u8]) -> impl Iterator<Item = Frame<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let frame = Frame::split_first(rest, usize::MAX).ok().flatten()?;
        rest = rest.split_at_checked(frame.bytes.len())?.1;
        Some(frame)
    })
}

/// Appends a frame whose body `fill` writes.
///
/// # Panics
///
/// When `fill` writes a body of 2 GiB: pgwarden's own messages are short, and what it copies is bounded.
pub(crate) fn put(out: &mut Vec<u8>, tag: u8, fill: impl FnOnce(&mut Vec<u8>)) {
    out.push(tag);
    put_untagged(out, fill);
}

/// Appends a packet without a type byte, as those before the login are.
pub(crate) fn put_untagged(out: &mut Vec<u8>, fill: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    fill(out);
    let length = out.len().saturating_sub(start);
    #[expect(
        clippy::expect_used,
        reason = "bodies are pgwarden's own or held frames, both below max_message"
    )]
    let length = i32::try_from(length).expect("a message is shorter than 2 GiB");
    if let Some(word) = out.get_mut(start..).and_then(|tail| tail.first_chunk_mut::<4>()) {
        *word = length.to_be_bytes();
    }
}

/// Appends a string and its terminating zero byte. Zero bytes inside would end it early and are left out.
pub(crate) fn put_string(out: &mut Vec<u8>, string: &[u8]) {
    out.extend(string.iter().copied().filter(|&b| b != 0));
    out.push(0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Result<Option<Header>, FrameError>) {
        assert_eq!(Header::parse(bytes), expected, "{bytes:02x?}");
    }

    #[test]
    fn headers() {
        let header = |tag, body_bytes| Ok(Some(Header { tag, body_bytes }));
        let invalid = |length| Err(FrameError::Invalid { tag: b'Q', length });
        check(b"", Ok(None));
        check(b"Q\0\0\0", Ok(None));
        check(b"S\0\0\0\x04", header(b'S', 0));
        check(b"Q\0\0\0\x05", header(b'Q', 1));
        check(b"Q\0\0\0\x03", invalid(3));
        check(b"Q\0\0\0\0", invalid(0));
        check(b"Q\xff\xff\xff\xff", invalid(u32::MAX));
        check(b"Q\x80\0\0\0", invalid(0x8000_0000));
        check(b"Q\x7f\xff\xff\xff", header(b'Q', 0x7fff_fffb));
    }

    #[test]
    fn limit_is_checked_before_the_body_has_arrived() {
        let frame = |limit| Frame::split_first(b"Q\0\0\0\x0f", limit);
        assert_eq!(frame(16), Ok(None));
        assert_eq!(
            frame(15),
            Err(FrameError::TooLong {
                tag: b'Q',
                bytes: 16,
                limit: 15
            })
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_split_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let total: usize = frames(&bytes).map(|frame| frame.bytes.len()).sum();
            prop_assert!(total <= bytes.len());
        }

        #[test]
        fn written_frames_are_read_back(bodies in proptest::collection::vec(
            (any::<u8>(), proptest::collection::vec(any::<u8>(), 0..50)), 0..10)) {
            let mut bytes = Vec::new();
            for (tag, body) in &bodies {
                put(&mut bytes, *tag, |out| out.extend_from_slice(body));
            }
            let read: Vec<_> = frames(&bytes).map(|frame| (frame.tag, frame.body.to_vec())).collect();
            prop_assert_eq!(read, bodies);
        }
    }
}
