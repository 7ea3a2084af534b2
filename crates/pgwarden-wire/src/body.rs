use thiserror::Error;

/// The body of a message doesn't have the form that its type promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MalformedMessage {
    /// The body ended inside a field.
    #[error("the message ends inside a field")]
    Short,
    /// A string has no terminating zero byte.
    #[error("a string has no terminating zero byte")]
    Unterminated,
    /// Bytes are left behind the last field.
    #[error("{0} bytes are left behind the last field")]
    Trailing(usize),
    /// A count or length is negative where that means nothing.
    #[error("a count or length is negative")]
    Negative,
    /// The type byte is none that this side may send.
    #[error("unknown message type {0:#04x}")]
    UnknownType(u8),
}

/// A cursor over a message body. Every read is checked; nothing is copied.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a>(&'a [u8]);

impl<'a> Body<'a> {
    /// A cursor at the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Body(bytes)
    }

    /// What has not been read.
    pub fn rest(self) -> &'a [u8] {
        self.0
    }

    /// The next `count` bytes.
    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], MalformedMessage> {
        let (head, tail) = self.0.split_at_checked(count).ok_or(MalformedMessage::Short)?;
        self.0 = tail;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], MalformedMessage> {
        let (head, tail) = self.0.split_first_chunk::<N>().ok_or(MalformedMessage::Short)?;
        self.0 = tail;
        Ok(*head)
    }

    /// Int8, as the protocol calls a byte.
    pub fn u8(&mut self) -> Result<u8, MalformedMessage> {
        Ok(u8::from_be_bytes(self.array()?))
    }

    /// Int16.
    pub fn i16(&mut self) -> Result<i16, MalformedMessage> {
        Ok(i16::from_be_bytes(self.array()?))
    }

    /// Int16 that counts what follows.
    pub fn count(&mut self) -> Result<u16, MalformedMessage> {
        // The server reads these as unsigned: up to 65,535 parameters (`exec_bind_message`, tcop/postgres.c).
        Ok(u16::from_be_bytes(self.array()?))
    }

    /// Int32.
    pub fn i32(&mut self) -> Result<i32, MalformedMessage> {
        Ok(i32::from_be_bytes(self.array()?))
    }

    /// Int32, unsigned: object identifiers and process ids.
    pub fn u32(&mut self) -> Result<u32, MalformedMessage> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// String: the bytes before the next zero byte, which is consumed.
    pub fn string(&mut self) -> Result<&'a [u8], MalformedMessage> {
        let end = self
            .0
            .iter()
            .position(|&b| b == 0)
            .ok_or(MalformedMessage::Unterminated)?;
        let string = self.bytes(end)?;
        self.u8()?;
        Ok(string)
    }

    /// A value with its length before it; a length of -1 is NULL.
    pub fn value(&mut self) -> Result<Option<&'a [u8]>, MalformedMessage> {
        match self.i32()? {
            -1 => Ok(None),
            length => {
                let length = usize::try_from(length).map_err(|_| MalformedMessage::Negative)?;
                self.bytes(length).map(Some)
            }
        }
    }

    /// Asserts that everything was read.
    pub fn end(self) -> Result<(), MalformedMessage> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(MalformedMessage::Trailing(self.0.len()))
        }
    }
}
