//! Messages that a server sends (PROTOCOL-MESSAGE-FORMATS, "B").

use crate::body::{Body, MalformedMessage};
use crate::error_response::ErrorFields;
use crate::frame::{Frame, put, put_string};

/// Types of messages that a server may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BackendType {
    /// `R`
    Authentication,
    /// `K`
    BackendKeyData,
    /// `2`
    BindComplete,
    /// `3`
    CloseComplete,
    /// `C`
    CommandComplete,
    /// `d`
    CopyData,
    /// `c`
    CopyDone,
    /// `G`
    CopyInResponse,
    /// `H`
    CopyOutResponse,
    /// `W`
    CopyBothResponse,
    /// `D`
    DataRow,
    /// `I`
    EmptyQueryResponse,
    /// `E`
    ErrorResponse,
    /// `V`
    FunctionCallResponse,
    /// `v`
    NegotiateProtocolVersion,
    /// `n`
    NoData,
    /// `N`
    NoticeResponse,
    /// `A`
    NotificationResponse,
    /// `t`
    ParameterDescription,
    /// `S`
    ParameterStatus,
    /// `1`
    ParseComplete,
    /// `s`
    PortalSuspended,
    /// `Z`
    ReadyForQuery,
    /// `T`
    RowDescription,
}

impl BackendType {
    /// The type of this byte, if there is one.
    pub fn from_tag(tag: u8) -> Option<Self> {
        Some(match tag {
            b'R' => BackendType::Authentication,
            b'K' => BackendType::BackendKeyData,
            b'2' => BackendType::BindComplete,
            b'3' => BackendType::CloseComplete,
            b'C' => BackendType::CommandComplete,
            b'd' => BackendType::CopyData,
            b'c' => BackendType::CopyDone,
            b'G' => BackendType::CopyInResponse,
            b'H' => BackendType::CopyOutResponse,
            b'W' => BackendType::CopyBothResponse,
            b'D' => BackendType::DataRow,
            b'I' => BackendType::EmptyQueryResponse,
            b'E' => BackendType::ErrorResponse,
            b'V' => BackendType::FunctionCallResponse,
            b'v' => BackendType::NegotiateProtocolVersion,
            b'n' => BackendType::NoData,
            b'N' => BackendType::NoticeResponse,
            b'A' => BackendType::NotificationResponse,
            b't' => BackendType::ParameterDescription,
            b'S' => BackendType::ParameterStatus,
            b'1' => BackendType::ParseComplete,
            b's' => BackendType::PortalSuspended,
            b'Z' => BackendType::ReadyForQuery,
            b'T' => BackendType::RowDescription,
            _ => return None,
        })
    }

    /// The type byte.
    pub fn tag(self) -> u8 {
        match self {
            BackendType::Authentication => b'R',
            BackendType::BackendKeyData => b'K',
            BackendType::BindComplete => b'2',
            BackendType::CloseComplete => b'3',
            BackendType::CommandComplete => b'C',
            BackendType::CopyData => b'd',
            BackendType::CopyDone => b'c',
            BackendType::CopyInResponse => b'G',
            BackendType::CopyOutResponse => b'H',
            BackendType::CopyBothResponse => b'W',
            BackendType::DataRow => b'D',
            BackendType::EmptyQueryResponse => b'I',
            BackendType::ErrorResponse => b'E',
            BackendType::FunctionCallResponse => b'V',
            BackendType::NegotiateProtocolVersion => b'v',
            BackendType::NoData => b'n',
            BackendType::NoticeResponse => b'N',
            BackendType::NotificationResponse => b'A',
            BackendType::ParameterDescription => b't',
            BackendType::ParameterStatus => b'S',
            BackendType::ParseComplete => b'1',
            BackendType::PortalSuspended => b's',
            BackendType::ReadyForQuery => b'Z',
            BackendType::RowDescription => b'T',
        }
    }

    /// The protocol's name.
    pub fn name(self) -> &'static str {
        match self {
            BackendType::Authentication => "Authentication",
            BackendType::BackendKeyData => "BackendKeyData",
            BackendType::BindComplete => "BindComplete",
            BackendType::CloseComplete => "CloseComplete",
            BackendType::CommandComplete => "CommandComplete",
            BackendType::CopyData => "CopyData",
            BackendType::CopyDone => "CopyDone",
            BackendType::CopyInResponse => "CopyInResponse",
            BackendType::CopyOutResponse => "CopyOutResponse",
            BackendType::CopyBothResponse => "CopyBothResponse",
            BackendType::DataRow => "DataRow",
            BackendType::EmptyQueryResponse => "EmptyQueryResponse",
            BackendType::ErrorResponse => "ErrorResponse",
            BackendType::FunctionCallResponse => "FunctionCallResponse",
            BackendType::NegotiateProtocolVersion => "NegotiateProtocolVersion",
            BackendType::NoData => "NoData",
            BackendType::NoticeResponse => "NoticeResponse",
            BackendType::NotificationResponse => "NotificationResponse",
            BackendType::ParameterDescription => "ParameterDescription",
            BackendType::ParameterStatus => "ParameterStatus",
            BackendType::ParseComplete => "ParseComplete",
            BackendType::PortalSuspended => "PortalSuspended",
            BackendType::ReadyForQuery => "ReadyForQuery",
            BackendType::RowDescription => "RowDescription",
        }
    }
}

/// What `ReadyForQuery` reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransactionStatus {
    /// `I`: not in a transaction block.
    Idle,
    /// `T`: in a transaction block.
    InTransaction,
    /// `E`: in a failed transaction block.
    Failed,
}

impl TransactionStatus {
    /// The status of this byte.
    pub fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            b'I' => Some(TransactionStatus::Idle),
            b'T' => Some(TransactionStatus::InTransaction),
            b'E' => Some(TransactionStatus::Failed),
            _ => None,
        }
    }
}

/// A request of an authentication exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication<'a> {
    /// 0
    Ok,
    /// 3
    CleartextPassword,
    /// 5
    Md5Password {
        /// Salt of the hash.
        salt: [u8; 4],
    },
    /// 10
    Sasl {
        /// Names of mechanisms, each ended by a zero byte, and an empty one.
        mechanisms: &'a [u8],
    },
    /// 11
    SaslContinue(&'a [u8]),
    /// 12
    SaslFinal(&'a [u8]),
    /// Kerberos, GSSAPI, SSPI and whatever comes.
    Other(u32),
}

impl<'a> Authentication<'a> {
    fn parse(mut body: Body<'a>) -> Result<Self, MalformedMessage> {
        Ok(match body.u32()? {
            0 => Authentication::Ok,
            3 => Authentication::CleartextPassword,
            5 => {
                let salt = *body.bytes(4)?.first_chunk().ok_or(MalformedMessage::Short)?;
                Authentication::Md5Password { salt }
            }
            10 => Authentication::Sasl {
                mechanisms: body.rest(),
            },
            11 => Authentication::SaslContinue(body.rest()),
            12 => Authentication::SaslFinal(body.rest()),
            other => Authentication::Other(other),
        })
    }
}

/// A list of column descriptions.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    count: u16,
    body: Body<'a>,
}

/// One column of a `RowDescription`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// Column name.
    pub name: &'a [u8],
    /// Object id of the table, or 0.
    pub table: u32,
    /// Number of the column in that table, or 0.
    pub column: i16,
    /// Object id of the type.
    pub type_oid: u32,
    /// Size of the type in bytes; negative: variable.
    pub type_size: i16,
    /// Type modifier.
    pub type_modifier: i32,
    /// 0: text, 1: binary.
    pub format: i16,
}

impl<'a> Fields<'a> {
    fn parse(mut body: Body<'a>) -> Result<Self, MalformedMessage> {
        let fields = Fields {
            count: body.count()?,
            body,
        };
        for _ in 0..fields.count {
            Field::parse(&mut body)?;
        }
        body.end()?;
        Ok(fields)
    }

    /// The columns in order.
    pub fn iter(self) -> impl Iterator<Item = Field<'a>> {
        let mut body = self.body;
        (0..self.count).map_while(move |_| Field::parse(&mut body).ok())
    }
}

impl<'a> Field<'a> {
    fn parse(body: &mut Body<'a>) -> Result<Self, MalformedMessage> {
        Ok(Field {
            name: body.string()?,
            table: body.u32()?,
            column: body.i16()?,
            type_oid: body.u32()?,
            type_size: body.i16()?,
            type_modifier: body.i32()?,
            format: body.i16()?,
        })
    }
}

/// The values of a `DataRow`.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    count: u16,
    body: Body<'a>,
}

impl<'a> Columns<'a> {
    fn parse(mut body: Body<'a>) -> Result<Self, MalformedMessage> {
        let columns = Columns {
            count: body.count()?,
            body,
        };
        for _ in 0..columns.count {
            body.value()?;
        }
        body.end()?;
        Ok(columns)
    }

    /// The values in order; `None` is NULL.
    pub fn iter(self) -> impl Iterator<Item = Option<&'a [u8]>> {
        let mut body = self.body;
        (0..self.count).map_while(move |_| body.value().ok())
    }
}

/// A server's message as a view into its frame.
#[derive(Debug, Clone, Copy)]
pub enum BackendMessage<'a> {
    /// Part of an authentication exchange.
    Authentication(Authentication<'a>),
    /// What a cancel request needs.
    BackendKeyData {
        /// Process id of the backend.
        process_id: u32,
        /// Its secret; 4 bytes in protocol 3.0.
        secret: &'a [u8],
    },
    /// A Bind succeeded.
    BindComplete,
    /// A Close succeeded.
    CloseComplete,
    /// A statement succeeded.
    CommandComplete {
        /// Command tag, such as `SELECT 3`.
        tag: &'a [u8],
    },
    /// Data of a COPY.
    CopyData(&'a [u8]),
    /// End of a COPY's data.
    CopyDone,
    /// The server wants COPY data.
    CopyInResponse(CopyFormat<'a>),
    /// COPY data follows.
    CopyOutResponse(CopyFormat<'a>),
    /// Both, for replication.
    CopyBothResponse(CopyFormat<'a>),
    /// One row.
    DataRow(Columns<'a>),
    /// The query was empty.
    EmptyQueryResponse,
    /// A statement failed, or the session ends.
    ErrorResponse(ErrorFields<'a>),
    /// Result of a function call; `None` is NULL.
    FunctionCallResponse(Option<&'a [u8]>),
    /// The server speaks an older minor version.
    NegotiateProtocolVersion {
        /// Newest version that it speaks.
        newest: u32,
        /// Options of the protocol (`_pq_.`) that it doesn't know, each with its zero byte; checked to be complete.
        unknown_options: &'a [u8],
    },
    /// A statement or portal returns no rows.
    NoData,
    /// A notice.
    NoticeResponse(ErrorFields<'a>),
    /// NOTIFY.
    NotificationResponse {
        /// Process id of the notifying backend.
        process_id: u32,
        /// Channel.
        channel: &'a [u8],
        /// Payload.
        payload: &'a [u8],
    },
    /// Types of a statement's parameters; 4 bytes each.
    ParameterDescription {
        /// Object ids.
        types: &'a [u8],
    },
    /// A setting that clients follow.
    ParameterStatus {
        /// Its name.
        name: &'a [u8],
        /// Its value.
        value: &'a [u8],
    },
    /// A Parse succeeded.
    ParseComplete,
    /// An Execute reached its row limit.
    PortalSuspended,
    /// The server waits.
    ReadyForQuery(TransactionStatus),
    /// Columns of the rows to come.
    RowDescription(Fields<'a>),
}

/// Formats that a copy response announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyFormat<'a> {
    /// 0: text, 1: binary.
    pub overall: u8,
    /// Format code of each column; 2 bytes each.
    pub columns: &'a [u8],
}

impl<'a> CopyFormat<'a> {
    fn parse(mut body: Body<'a>) -> Result<Self, MalformedMessage> {
        let overall = body.u8()?;
        let count = usize::from(body.count()?).saturating_mul(2);
        let columns = body.bytes(count)?;
        body.end()?;
        Ok(CopyFormat { overall, columns })
    }
}

impl<'a> BackendMessage<'a> {
    /// Reads the body of a frame.
    pub fn parse(frame: Frame<'a>) -> Result<Self, MalformedMessage> {
        let kind = BackendType::from_tag(frame.tag).ok_or(MalformedMessage::UnknownType(frame.tag))?;
        let mut body = Body::new(frame.body);
        let message = match kind {
            BackendType::Authentication => {
                return Authentication::parse(body).map(BackendMessage::Authentication);
            }
            BackendType::BackendKeyData => {
                let process_id = body.u32()?;
                return Ok(BackendMessage::BackendKeyData {
                    process_id,
                    secret: body.rest(),
                });
            }
            BackendType::BindComplete => BackendMessage::BindComplete,
            BackendType::CloseComplete => BackendMessage::CloseComplete,
            BackendType::CommandComplete => BackendMessage::CommandComplete { tag: body.string()? },
            BackendType::CopyData => return Ok(BackendMessage::CopyData(frame.body)),
            BackendType::CopyDone => BackendMessage::CopyDone,
            BackendType::CopyInResponse => {
                return CopyFormat::parse(body).map(BackendMessage::CopyInResponse);
            }
            BackendType::CopyOutResponse => {
                return CopyFormat::parse(body).map(BackendMessage::CopyOutResponse);
            }
            BackendType::CopyBothResponse => {
                return CopyFormat::parse(body).map(BackendMessage::CopyBothResponse);
            }
            BackendType::DataRow => return Columns::parse(body).map(BackendMessage::DataRow),
            BackendType::EmptyQueryResponse => BackendMessage::EmptyQueryResponse,
            BackendType::ErrorResponse => {
                return ErrorFields::parse(frame.body).map(BackendMessage::ErrorResponse);
            }
            BackendType::FunctionCallResponse => BackendMessage::FunctionCallResponse(body.value()?),
            BackendType::NegotiateProtocolVersion => {
                let newest = body.u32()?;
                let count = usize::try_from(body.i32()?).map_err(|_| MalformedMessage::Negative)?;
                let unknown_options = body.rest();
                for _ in 0..count {
                    body.string()?;
                }
                BackendMessage::NegotiateProtocolVersion {
                    newest,
                    unknown_options,
                }
            }
            BackendType::NoData => BackendMessage::NoData,
            BackendType::NoticeResponse => {
                return ErrorFields::parse(frame.body).map(BackendMessage::NoticeResponse);
            }
            BackendType::NotificationResponse => BackendMessage::NotificationResponse {
                process_id: body.u32()?,
                channel: body.string()?,
                payload: body.string()?,
            },
            BackendType::ParameterDescription => {
                let count = usize::from(body.count()?).saturating_mul(4);
                BackendMessage::ParameterDescription {
                    types: body.bytes(count)?,
                }
            }
            BackendType::ParameterStatus => BackendMessage::ParameterStatus {
                name: body.string()?,
                value: body.string()?,
            },
            BackendType::ParseComplete => BackendMessage::ParseComplete,
            BackendType::PortalSuspended => BackendMessage::PortalSuspended,
            BackendType::ReadyForQuery => {
                let status = body.u8()?;
                let status = TransactionStatus::from_byte(status);
                BackendMessage::ReadyForQuery(status.ok_or(MalformedMessage::Short)?)
            }
            BackendType::RowDescription => return Fields::parse(body).map(BackendMessage::RowDescription),
        };
        body.end()?;
        Ok(message)
    }
}

/// Appends `AuthenticationOk`.
pub fn authentication_ok(out: &mut Vec<u8>) {
    authentication(out, 0, &[]);
}

/// Appends `AuthenticationSASL` with these mechanisms.
pub fn authentication_sasl(out: &mut Vec<u8>, mechanisms: &[&[u8]]) {
    let mut list = Vec::new();
    for mechanism in mechanisms {
        put_string(&mut list, mechanism);
    }
    list.push(0);
    authentication(out, 10, &list);
}

/// Appends `AuthenticationSASLContinue`.
pub fn authentication_sasl_continue(out: &mut Vec<u8>, data: &[u8]) {
    authentication(out, 11, data);
}

/// Appends `AuthenticationSASLFinal`.
pub fn authentication_sasl_final(out: &mut Vec<u8>, data: &[u8]) {
    authentication(out, 12, data);
}

fn authentication(out: &mut Vec<u8>, code: u32, data: &[u8]) {
    put(out, BackendType::Authentication.tag(), |out| {
        out.extend_from_slice(&code.to_be_bytes());
        out.extend_from_slice(data);
    });
}

/// Appends `BackendKeyData`.
pub fn backend_key_data(out: &mut Vec<u8>, process_id: u32, secret: &[u8]) {
    put(out, BackendType::BackendKeyData.tag(), |out| {
        out.extend_from_slice(&process_id.to_be_bytes());
        out.extend_from_slice(secret);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Result<BackendMessage<'_>, MalformedMessage> {
        BackendMessage::parse(Frame::split_first(bytes, usize::MAX).unwrap().unwrap())
    }

    #[test]
    fn tags_and_types_are_inverse() {
        let known = (0..=u8::MAX).filter_map(BackendType::from_tag);
        assert_eq!(known.clone().count(), 24);
        for kind in known {
            assert_eq!(BackendType::from_tag(kind.tag()), Some(kind));
        }
    }

    #[test]
    fn rows_and_their_description() {
        let description = b"T\0\0\0\x1b\0\x01id\0\0\0\0\x10\0\x02\0\0\0\x17\0\x04\xff\xff\xff\xff\0\0";
        let Ok(BackendMessage::RowDescription(fields)) = read(description) else {
            panic!("columns")
        };
        let field = fields.iter().next().unwrap();
        assert_eq!(
            (field.name, field.type_oid, field.column, field.format),
            (&b"id"[..], 23, 2, 0)
        );

        let row = b"D\0\0\0\x10\0\x02\0\0\0\x02ab\xff\xff\xff\xff";
        let Ok(BackendMessage::DataRow(columns)) = read(row) else {
            panic!("a row")
        };
        assert_eq!(columns.iter().collect::<Vec<_>>(), [Some(&b"ab"[..]), None]);
    }

    #[test]
    fn malformed_bodies_are_errors() {
        for frame in [
            &b"Z\0\0\0\x05X"[..],
            b"Z\0\0\0\x04",
            b"D\0\0\0\x06\0\x01",
            b"D\0\0\0\x0a\0\x01\xff\xff\xff\xfe",
            b"D\0\0\0\x06\xff\xff",
            b"T\0\0\0\x06\0\x01",
            b"S\0\0\0\x06a\0",
            b"K\0\0\0\x05x",
            b"G\0\0\0\x07\0\0\x01",
            b"?\0\0\0\x04",
        ] {
            assert!(read(frame).is_err(), "{frame:?}");
        }
    }

    proptest! {
        #[test]
        fn any_body_is_read_without_a_panic(tag: u8, body in proptest::collection::vec(any::<u8>(), 0..100)) {
            let mut bytes = Vec::new();
            put(&mut bytes, tag, |out| out.extend_from_slice(&body));
            let _ = read(&bytes);
        }
    }
}
