//! Protocol messages as bytes and as text, by PostgreSQL's names.

use std::fmt::Write as _;

/// One message of the server, whole.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The type byte.
    pub tag: u8,
    /// What follows the length.
    pub body: Vec<u8>,
}

impl Message {
    /// One field of an `ErrorResponse` or `NoticeResponse`, say `b'C'` for the SQLSTATE; `None` where it is absent.
    pub fn field(&self, code: u8) -> Option<String> {
        if !matches!(self.tag, b'E' | b'N') {
            return None;
        }
        self.body
            .split(|byte| *byte == 0)
            .find_map(|field| field.strip_prefix(&[code]))
            .map(|value| String::from_utf8_lossy(value).into_owned())
    }

    /// SQLSTATE of an `ErrorResponse` or `NoticeResponse`.
    pub fn sqlstate(&self) -> Option<String> {
        self.field(b'C')
    }

    /// Columns of a `DataRow` as text, NULL as `None`; empty for any other message.
    pub fn columns(&self) -> Vec<Option<String>> {
        if self.tag != b'D' {
            return Vec::new();
        }
        let mut columns = Vec::new();
        let mut rest = self.body.get(2..).unwrap_or_default();
        while let Some((length, after)) = rest.split_first_chunk::<4>() {
            let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
                columns.push(None);
                rest = after;
                continue;
            };
            let Some((value, after)) = after.split_at_checked(length) else {
                break;
            };
            columns.push(Some(String::from_utf8_lossy(value).into_owned()));
            rest = after;
        }
        columns
    }

    /// The message's bytes on the wire.
    pub fn bytes(&self) -> Vec<u8> {
        frontend::message(self.tag, &self.body)
    }
}

impl std::fmt::Debug for Message {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&describe(self))
    }
}

/// The messages as a transcript, one a line, without what differs from run to run (positions in the server's
/// source, keys, the server's settings).
///
/// ```text
/// B  ErrorResponse ERROR 42501 "refused by pgwarden: COPY TO is not allowed on record \"orders\" (can_export_csv is off)"
/// B  ReadyForQuery Idle
/// ```
pub fn trace(messages: &[Message]) -> String {
    let mut text = String::new();
    for message in messages {
        // Writing to a String can't fail.
        let _ = writeln!(text, "B  {}", describe(message));
    }
    text
}

fn describe(message: &Message) -> String {
    let name = backend_type_name(message.tag);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes.strip_suffix(&[0]).unwrap_or(bytes)).into_owned();
    match message.tag {
        b'E' | b'N' => format!(
            "{name} {} {} {:?}",
            message
                .field(b'V')
                .or_else(|| message.field(b'S'))
                .unwrap_or_default(),
            message.sqlstate().unwrap_or_default(),
            message.field(b'M').unwrap_or_default()
        ),
        b'Z' => format!(
            "{name} {}",
            match message.body.as_slice() {
                b"I" => "Idle",
                b"T" => "InTransaction",
                b"E" => "Failed",
                _ => "?",
            }
        ),
        b'C' => format!("{name} {:?}", text(&message.body)),
        b'S' => {
            let mut parts = message.body.split(|byte| *byte == 0);
            format!("{name} {}", text(parts.next().unwrap_or_default()))
        }
        b'D' => format!(
            "{name} {}",
            message
                .columns()
                .iter()
                .map(|column| column
                    .as_ref()
                    .map_or_else(|| "NULL".to_owned(), |value| format!("{value:?}")))
                .collect::<Vec<_>>()
                .join(" ")
        ),
        b'd' => format!("{name} {:?}", String::from_utf8_lossy(&message.body)),
        _ => name.to_owned(),
    }
}

/// The name that "Message Formats" gives to a type byte of the server.
pub fn backend_type_name(tag: u8) -> &'static str {
    match tag {
        b'1' => "ParseComplete",
        b'2' => "BindComplete",
        b'3' => "CloseComplete",
        b'A' => "NotificationResponse",
        b'C' => "CommandComplete",
        b'D' => "DataRow",
        b'E' => "ErrorResponse",
        b'G' => "CopyInResponse",
        b'H' => "CopyOutResponse",
        b'I' => "EmptyQueryResponse",
        b'K' => "BackendKeyData",
        b'N' => "NoticeResponse",
        b'R' => "Authentication",
        b'S' => "ParameterStatus",
        b'T' => "RowDescription",
        b'V' => "FunctionCallResponse",
        b'W' => "CopyBothResponse",
        b'Z' => "ReadyForQuery",
        b'c' => "CopyDone",
        b'd' => "CopyData",
        b'n' => "NoData",
        b's' => "PortalSuspended",
        b't' => "ParameterDescription",
        b'v' => "NegotiateProtocolVersion",
        _ => "Unknown",
    }
}

/// The client's messages as bytes. They take any bytes, so that a test can send what no driver would.
pub mod frontend {
    /// Protocol 3.0 as a `StartupMessage` has it.
    pub const PROTOCOL_3_0: u32 = 3 << 16;
    /// Protocol 3.2, which allows longer cancel keys.
    pub const PROTOCOL_3_2: u32 = PROTOCOL_3_0 + 2;
    const CANCEL_REQUEST: u32 = code(5678);
    const SSL_REQUEST: u32 = code(5679);
    const GSSENC_REQUEST: u32 = code(5680);

    /// A version that no server has, 1234, marks these requests; `NEGOTIATE_SSL_CODE` and its like, libpq/pqcomm.h.
    const fn code(minor: u32) -> u32 {
        (1234 << 16) + minor
    }

    /// A message of any type and body, its length filled in.
    pub fn message(tag: u8, body: &[u8]) -> Vec<u8> {
        let mut bytes = vec![tag];
        bytes.extend(length(body.len()).to_be_bytes());
        bytes.extend(body);
        bytes
    }

    /// A startup packet (no type byte) of any code and body, its length filled in.
    pub fn startup_packet(code: u32, body: &[u8]) -> Vec<u8> {
        let mut bytes = length(body.len() + 4).to_be_bytes().to_vec();
        bytes.extend(code.to_be_bytes());
        bytes.extend(body);
        bytes
    }

    /// `StartupMessage` of protocol 3.0.
    pub fn startup(parameters: &[(&str, &str)]) -> Vec<u8> {
        startup_version(PROTOCOL_3_0, parameters)
    }

    /// `StartupMessage` of any protocol version.
    pub fn startup_version(version: u32, parameters: &[(&str, &str)]) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in parameters {
            string(&mut body, name.as_bytes());
            string(&mut body, value.as_bytes());
        }
        body.push(0);
        startup_packet(version, &body)
    }

    /// `SSLRequest`.
    pub fn ssl_request() -> Vec<u8> {
        startup_packet(SSL_REQUEST, &[])
    }

    /// `GSSENCRequest`.
    pub fn gssenc_request() -> Vec<u8> {
        startup_packet(GSSENC_REQUEST, &[])
    }

    /// `CancelRequest` for the key that `BackendKeyData` gave.
    pub fn cancel_request(process_id: u32, secret: &[u8]) -> Vec<u8> {
        let mut body = process_id.to_be_bytes().to_vec();
        body.extend(secret);
        startup_packet(CANCEL_REQUEST, &body)
    }

    /// Query.
    pub fn query(sql: impl AsRef<[u8]>) -> Vec<u8> {
        let mut body = Vec::new();
        string(&mut body, sql.as_ref());
        message(b'Q', &body)
    }

    /// Parse, parameter types left to the server.
    pub fn parse(statement: impl AsRef<[u8]>, sql: impl AsRef<[u8]>) -> Vec<u8> {
        let mut body = Vec::new();
        string(&mut body, statement.as_ref());
        string(&mut body, sql.as_ref());
        body.extend([0, 0]);
        message(b'P', &body)
    }

    /// Bind with parameters in text format and results in text format; `None` is NULL.
    pub fn bind(
        portal: impl AsRef<[u8]>,
        statement: impl AsRef<[u8]>,
        parameters: &[Option<&[u8]>],
    ) -> Vec<u8> {
        let mut body = Vec::new();
        string(&mut body, portal.as_ref());
        string(&mut body, statement.as_ref());
        body.extend([0, 0]);
        body.extend(u16::try_from(parameters.len()).unwrap_or(u16::MAX).to_be_bytes());
        for parameter in parameters {
            match parameter {
                None => body.extend((-1_i32).to_be_bytes()),
                Some(value) => {
                    body.extend(u32::try_from(value.len()).unwrap_or(u32::MAX).to_be_bytes());
                    body.extend(*value);
                }
            }
        }
        body.extend([0, 0]);
        message(b'B', &body)
    }

    /// Execute; `max_rows` 0 means all.
    pub fn execute(portal: impl AsRef<[u8]>, max_rows: u32) -> Vec<u8> {
        let mut body = Vec::new();
        string(&mut body, portal.as_ref());
        body.extend(max_rows.to_be_bytes());
        message(b'E', &body)
    }

    /// Describe of a statement.
    pub fn describe_statement(statement: impl AsRef<[u8]>) -> Vec<u8> {
        kind_and_name(b'D', b'S', statement.as_ref())
    }

    /// Describe of a portal.
    pub fn describe_portal(portal: impl AsRef<[u8]>) -> Vec<u8> {
        kind_and_name(b'D', b'P', portal.as_ref())
    }

    /// Close of a statement.
    pub fn close_statement(statement: impl AsRef<[u8]>) -> Vec<u8> {
        kind_and_name(b'C', b'S', statement.as_ref())
    }

    /// Close of a portal.
    pub fn close_portal(portal: impl AsRef<[u8]>) -> Vec<u8> {
        kind_and_name(b'C', b'P', portal.as_ref())
    }

    /// Sync.
    pub fn sync() -> Vec<u8> {
        message(b'S', &[])
    }

    /// Flush.
    pub fn flush() -> Vec<u8> {
        message(b'H', &[])
    }

    /// Terminate.
    pub fn terminate() -> Vec<u8> {
        message(b'X', &[])
    }

    /// `CopyData`.
    pub fn copy_data(data: impl AsRef<[u8]>) -> Vec<u8> {
        message(b'd', data.as_ref())
    }

    /// `CopyDone`.
    pub fn copy_done() -> Vec<u8> {
        message(b'c', &[])
    }

    /// `CopyFail`.
    pub fn copy_fail(why: impl AsRef<[u8]>) -> Vec<u8> {
        let mut body = Vec::new();
        string(&mut body, why.as_ref());
        message(b'f', &body)
    }

    /// `FunctionCall` with arguments in text format and a result in text format.
    pub fn function_call(oid: u32, arguments: &[&[u8]]) -> Vec<u8> {
        let mut body = oid.to_be_bytes().to_vec();
        body.extend([0, 0]);
        body.extend(u16::try_from(arguments.len()).unwrap_or(u16::MAX).to_be_bytes());
        for argument in arguments {
            body.extend(u32::try_from(argument.len()).unwrap_or(u32::MAX).to_be_bytes());
            body.extend(*argument);
        }
        body.extend([0, 0]);
        message(b'F', &body)
    }

    fn kind_and_name(tag: u8, kind: u8, name: &[u8]) -> Vec<u8> {
        let mut body = vec![kind];
        string(&mut body, name);
        message(tag, &body)
    }

    fn string(body: &mut Vec<u8>, text: &[u8]) {
        body.extend(text);
        body.push(0);
    }

    /// The length word of a body: it counts itself.
    fn length(body_bytes: usize) -> u32 {
        u32::try_from(body_bytes + 4).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tag: u8, body: &[u8], expected: &str) {
        assert_eq!(
            trace(&[Message {
                tag,
                body: body.to_vec()
            }]),
            format!("B  {expected}\n")
        );
    }

    #[test]
    fn messages_read_as_their_names() {
        check(b'Z', b"T", "ReadyForQuery InTransaction");
        check(b'C', b"SELECT 1\0", r#"CommandComplete "SELECT 1""#);
        check(b'D', b"\0\x02\0\0\0\x011\xff\xff\xff\xff", r#"DataRow "1" NULL"#);
        check(
            b'E',
            b"SERROR\0VERROR\0C42601\0Msyntax error\0\0",
            r#"ErrorResponse ERROR 42601 "syntax error""#,
        );
        check(b'S', b"TimeZone\0Etc/UTC\0", "ParameterStatus TimeZone");
        check(b'1', b"", "ParseComplete");
    }

    #[test]
    fn lengths_count_themselves() {
        assert_eq!(frontend::sync(), b"S\0\0\0\x04");
        assert_eq!(frontend::query("x"), b"Q\0\0\0\x06x\0");
        assert_eq!(frontend::ssl_request(), b"\0\0\0\x08\x04\xd2\x16\x2f");
    }
}
