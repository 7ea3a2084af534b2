//! Messages that a client sends (PROTOCOL-MESSAGE-FORMATS, "F").

use crate::body::{Body, MalformedMessage};
use crate::frame::{Frame, put, put_string};

/// Types of messages that a client may send after the login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrontendType {
    /// `B`
    Bind,
    /// `C`
    Close,
    /// `d`
    CopyData,
    /// `c`
    CopyDone,
    /// `f`
    CopyFail,
    /// `D`
    Describe,
    /// `E`
    Execute,
    /// `H`
    Flush,
    /// `F`
    FunctionCall,
    /// `P`
    Parse,
    /// `p`: password, SASL and GSS responses share it.
    Password,
    /// `Q`
    Query,
    /// `S`
    Sync,
    /// `X`
    Terminate,
}

impl FrontendType {
    /// The type of this byte, if there is one.
    pub fn from_tag(tag: u8) -> Option<Self> {
        Some(match tag {
            b'B' => FrontendType::Bind,
            b'C' => FrontendType::Close,
            b'd' => FrontendType::CopyData,
            b'c' => FrontendType::CopyDone,
            b'f' => FrontendType::CopyFail,
            b'D' => FrontendType::Describe,
            b'E' => FrontendType::Execute,
            b'H' => FrontendType::Flush,
            b'F' => FrontendType::FunctionCall,
            b'P' => FrontendType::Parse,
            b'p' => FrontendType::Password,
            b'Q' => FrontendType::Query,
            b'S' => FrontendType::Sync,
            b'X' => FrontendType::Terminate,
            _ => return None,
        })
    }

    /// The type byte.
    pub fn tag(self) -> u8 {
        match self {
            FrontendType::Bind => b'B',
            FrontendType::Close => b'C',
            FrontendType::CopyData => b'd',
            FrontendType::CopyDone => b'c',
            FrontendType::CopyFail => b'f',
            FrontendType::Describe => b'D',
            FrontendType::Execute => b'E',
            FrontendType::Flush => b'H',
            FrontendType::FunctionCall => b'F',
            FrontendType::Parse => b'P',
            FrontendType::Password => b'p',
            FrontendType::Query => b'Q',
            FrontendType::Sync => b'S',
            FrontendType::Terminate => b'X',
        }
    }

    /// The protocol's name.
    pub fn name(self) -> &'static str {
        match self {
            FrontendType::Bind => "Bind",
            FrontendType::Close => "Close",
            FrontendType::CopyData => "CopyData",
            FrontendType::CopyDone => "CopyDone",
            FrontendType::CopyFail => "CopyFail",
            FrontendType::Describe => "Describe",
            FrontendType::Execute => "Execute",
            FrontendType::Flush => "Flush",
            FrontendType::FunctionCall => "FunctionCall",
            FrontendType::Parse => "Parse",
            FrontendType::Password => "Password",
            FrontendType::Query => "Query",
            FrontendType::Sync => "Sync",
            FrontendType::Terminate => "Terminate",
        }
    }
}

/// What Describe and Close name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// A prepared statement; empty: the unnamed one.
    Statement(&'a [u8]),
    /// A portal; empty: the unnamed one.
    Portal(&'a [u8]),
}

/// A client's message as a view into its frame.
#[derive(Debug, Clone, Copy)]
pub enum FrontendMessage<'a> {
    /// Simple query: one or more statements.
    Query {
        /// SQL as sent, in the client's encoding.
        sql: &'a [u8],
    },
    /// Prepares one statement.
    Parse {
        /// Its name; empty: the unnamed one.
        statement: &'a [u8],
        /// SQL as sent, in the client's encoding.
        sql: &'a [u8],
        /// Object ids of parameter types that are fixed; 4 bytes each.
        parameter_types: &'a [u8],
    },
    /// Makes a portal of a prepared statement and parameter values.
    Bind(Bind<'a>),
    /// Runs a portal.
    Execute {
        /// Its name; empty: the unnamed one.
        portal: &'a [u8],
        /// Rows after which it is suspended; 0: all.
        rows_max: i32,
    },
    /// Asks for a description.
    Describe(Target<'a>),
    /// Frees a name.
    Close(Target<'a>),
    /// Calls a function by object id.
    FunctionCall {
        /// Object id of the function.
        function: u32,
        /// Formats, arguments and result format, unread.
        arguments: &'a [u8],
    },
    /// Data of a COPY.
    CopyData(&'a [u8]),
    /// End of a COPY's data.
    CopyDone,
    /// The client gives the COPY up.
    CopyFail {
        /// Why; without an end, all there is.
        message: &'a [u8],
    },
    /// Asks for pending output.
    Flush,
    /// Ends a pipeline.
    Sync,
    /// Ends the session.
    Terminate,
    /// A secret of an authentication exchange: the body is not exposed.
    Password,
}

impl<'a> FrontendMessage<'a> {
    /// Reads the body of a frame.
    pub fn parse(frame: Frame<'a>) -> Result<Self, MalformedMessage> {
        let kind = FrontendType::from_tag(frame.tag).ok_or(MalformedMessage::UnknownType(frame.tag))?;
        let mut body = Body::new(frame.body);
        let message = match kind {
            FrontendType::Query => FrontendMessage::Query { sql: body.string()? },
            FrontendType::Parse => {
                let (statement, sql) = (body.string()?, body.string()?);
                let types = usize::from(body.count()?).saturating_mul(4);
                FrontendMessage::Parse {
                    statement,
                    sql,
                    parameter_types: body.bytes(types)?,
                }
            }
            FrontendType::Bind => return Bind::parse(body).map(FrontendMessage::Bind),
            FrontendType::Execute => FrontendMessage::Execute {
                portal: body.string()?,
                rows_max: body.i32()?,
            },
            FrontendType::Describe => FrontendMessage::Describe(Target::parse(&mut body)?),
            FrontendType::Close => FrontendMessage::Close(Target::parse(&mut body)?),
            FrontendType::FunctionCall => {
                let function = body.u32()?;
                return Ok(FrontendMessage::FunctionCall {
                    function,
                    arguments: body.rest(),
                });
            }
            FrontendType::CopyData => return Ok(FrontendMessage::CopyData(frame.body)),
            // The server looks at the type alone of these (PostgresMain, tcop/postgres.c; `CopyGetData`, commands/copyfromparse.c).
            FrontendType::CopyDone => return Ok(FrontendMessage::CopyDone),
            FrontendType::Terminate => return Ok(FrontendMessage::Terminate),
            FrontendType::CopyFail => {
                let message = body.string().unwrap_or(frame.body);
                return Ok(FrontendMessage::CopyFail { message });
            }
            FrontendType::Flush => FrontendMessage::Flush,
            FrontendType::Sync => FrontendMessage::Sync,
            FrontendType::Password => return Ok(FrontendMessage::Password),
        };
        body.end()?;
        Ok(message)
    }
}

impl<'a> Target<'a> {
    fn parse(body: &mut Body<'a>) -> Result<Self, MalformedMessage> {
        match body.u8()? {
            b'S' => Ok(Target::Statement(body.string()?)),
            b'P' => Ok(Target::Portal(body.string()?)),
            other => Err(MalformedMessage::UnknownType(other)),
        }
    }
}

/// A Bind message.
#[derive(Debug, Clone, Copy)]
pub struct Bind<'a> {
    /// Portal to make; empty: the unnamed one.
    pub portal: &'a [u8],
    /// Prepared statement to use; empty: the unnamed one.
    pub statement: &'a [u8],
    parameter_formats: &'a [u8],
    parameter_count: u16,
    parameters: &'a [u8],
    result_formats: &'a [u8],
}

impl<'a> Bind<'a> {
    fn parse(mut body: Body<'a>) -> Result<Self, MalformedMessage> {
        let (portal, statement) = (body.string()?, body.string()?);
        let formats = usize::from(body.count()?).saturating_mul(2);
        let parameter_formats = body.bytes(formats)?;
        let parameter_count = body.count()?;
        let parameters = body.rest();
        for _ in 0..parameter_count {
            body.value()?;
        }
        let results = usize::from(body.count()?).saturating_mul(2);
        let result_formats = body.bytes(results)?;
        body.end()?;
        Ok(Bind {
            portal,
            statement,
            parameter_formats,
            parameter_count,
            parameters,
            result_formats,
        })
    }

    /// Format code and value of each parameter; `None` is NULL.
    pub fn parameters(self) -> impl Iterator<Item = (i16, Option<&'a [u8]>)> {
        let mut body = Body::new(self.parameters);
        (0..usize::from(self.parameter_count))
            .map_while(move |index| Some((format_of(self.parameter_formats, index), body.value().ok()?)))
    }

    /// Bytes of the parameters, without formats and lengths.
    pub fn parameter_bytes(self) -> usize {
        let values = self.parameters().filter_map(|(_, value)| value);
        values.fold(0, |sum: usize, value| sum.saturating_add(value.len()))
    }

    /// Format code of a result column.
    pub fn result_format(self, column: usize) -> i16 {
        format_of(self.result_formats, column)
    }
}

/// No code: all are text. One: it holds for all. Else one for each (PROTOCOL-MESSAGE-FORMATS, Bind).
fn format_of(formats: &[u8], index: usize) -> i16 {
    let (codes, _) = formats.as_chunks::<2>();
    match codes {
        [] => 0,
        [one] => i16::from_be_bytes(*one),
        many => many.get(index).map_or(0, |code| i16::from_be_bytes(*code)),
    }
}

/// Appends a simple query.
pub fn query(out: &mut Vec<u8>, sql: &[u8]) {
    put(out, FrontendType::Query.tag(), |out| put_string(out, sql));
}

/// Appends a Parse without parameter types.
pub fn parse(out: &mut Vec<u8>, statement: &[u8], sql: &[u8]) {
    put(out, FrontendType::Parse.tag(), |out| {
        put_string(out, statement);
        put_string(out, sql);
        out.extend_from_slice(&[0; 2]);
    });
}

/// Appends a Bind without parameters.
pub fn bind(out: &mut Vec<u8>, portal: &[u8], statement: &[u8]) {
    put(out, FrontendType::Bind.tag(), |out| {
        put_string(out, portal);
        put_string(out, statement);
        out.extend_from_slice(&[0; 6]);
    });
}

/// Appends an Execute of all rows.
pub fn execute(out: &mut Vec<u8>, portal: &[u8]) {
    put(out, FrontendType::Execute.tag(), |out| {
        put_string(out, portal);
        out.extend_from_slice(&[0; 4]);
    });
}

/// Appends a message that has no body: Sync, Flush, Terminate, `CopyDone`.
pub fn bare(out: &mut Vec<u8>, kind: FrontendType) {
    put(out, kind.tag(), |_| {});
}

/// Appends a message of any body, well-formed or not.
pub fn message(out: &mut Vec<u8>, kind: FrontendType, body: &[u8]) {
    put(out, kind.tag(), |out| out.extend_from_slice(body));
}

/// Appends a password or GSS response.
pub fn password(out: &mut Vec<u8>, secret: &[u8]) {
    put(out, FrontendType::Password.tag(), |out| put_string(out, secret));
}

/// Appends a `SASLInitialResponse`.
pub fn sasl_initial_response(out: &mut Vec<u8>, mechanism: &[u8], data: &[u8]) {
    put(out, FrontendType::Password.tag(), |out| {
        put_string(out, mechanism);
        out.extend_from_slice(&u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
        out.extend_from_slice(data);
    });
}

/// Appends a `SASLResponse`.
pub fn sasl_response(out: &mut Vec<u8>, data: &[u8]) {
    put(out, FrontendType::Password.tag(), |out| {
        out.extend_from_slice(data);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Result<FrontendMessage<'_>, MalformedMessage> {
        FrontendMessage::parse(Frame::split_first(bytes, usize::MAX).unwrap().unwrap())
    }

    #[test]
    fn tags_and_types_are_inverse() {
        let known = (0..=u8::MAX).filter_map(FrontendType::from_tag);
        assert_eq!(known.clone().count(), 14);
        for kind in known {
            assert_eq!(FrontendType::from_tag(kind.tag()), Some(kind));
        }
    }

    #[test]
    fn bind_gives_parameters_with_their_formats() {
        let mut bytes = Vec::new();
        put(&mut bytes, b'B', |out| {
            out.extend_from_slice(b"p\0s\0");
            out.extend_from_slice(b"\0\x02\0\0\0\x01");
            out.extend_from_slice(b"\0\x02\0\0\0\x02hi\xff\xff\xff\xff");
            out.extend_from_slice(b"\0\x01\0\x01");
        });
        let Ok(FrontendMessage::Bind(bind)) = read(&bytes) else {
            panic!("a Bind")
        };
        assert_eq!((bind.portal, bind.statement), (&b"p"[..], &b"s"[..]));
        let parameters: Vec<_> = bind.parameters().collect();
        assert_eq!(parameters, [(0, Some(&b"hi"[..])), (1, None)]);
        assert_eq!(bind.parameter_bytes(), 2);
        assert_eq!((bind.result_format(0), bind.result_format(7)), (1, 1));
    }

    #[test]
    fn bodies_that_nobody_looks_at() {
        assert!(matches!(read(b"X\0\0\0\x05x"), Ok(FrontendMessage::Terminate)));
        assert!(matches!(read(b"c\0\0\0\x05x"), Ok(FrontendMessage::CopyDone)));
        for (frame, why) in [(&b"f\0\0\0\x06no"[..], &b"no"[..]), (b"f\0\0\0\x08no\0x", b"no")] {
            let read = read(frame);
            assert!(
                matches!(read, Ok(FrontendMessage::CopyFail { message }) if message == why),
                "{read:?}"
            );
        }
    }

    #[test]
    fn malformed_bodies_are_errors() {
        for frame in [
            &b"Q\0\0\0\x04"[..],
            b"Q\0\0\0\x05x",
            b"Q\0\0\0\x07x\0y",
            b"P\0\0\0\x06\0\0",
            b"E\0\0\0\x05\0",
            b"D\0\0\0\x06X\0",
            b"S\0\0\0\x05x",
            b"B\0\0\0\x0c\0\0\0\0\xff\xff\0\0",
            b"F\0\0\0\x05x",
            b"v\0\0\0\x04",
        ] {
            assert!(read(frame).is_err(), "{frame:?}");
        }
    }

    proptest! {
        #[test]
        fn any_body_is_read_without_a_panic(tag: u8, body in proptest::collection::vec(any::<u8>(), 0..100)) {
            let mut bytes = Vec::new();
            put(&mut bytes, tag, |out| out.extend_from_slice(&body));
            if let Ok(FrontendMessage::Bind(bind)) = read(&bytes) {
                let _ = (bind.parameters().count(), bind.result_format(3));
            }
        }
    }
}
