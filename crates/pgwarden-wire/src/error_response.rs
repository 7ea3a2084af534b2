use crate::backend::BackendType;
use crate::body::{Body, MalformedMessage};
use crate::frame::{put, put_string};
use crate::sqlstate::SqlState;

/// Field codes of `ErrorResponse` and `NoticeResponse` (PROTOCOL-ERROR-FIELDS).
pub mod field {
    /// Severity, translated.
    pub const SEVERITY: u8 = b'S';
    /// Severity, never translated.
    pub const SEVERITY_NONLOCALIZED: u8 = b'V';
    /// SQLSTATE.
    pub const SQLSTATE: u8 = b'C';
    /// Primary message.
    pub const MESSAGE: u8 = b'M';
    /// Detail.
    pub const DETAIL: u8 = b'D';
    /// Hint.
    pub const HINT: u8 = b'H';
}

/// How bad an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The statement failed, the session goes on.
    Error,
    /// The session ends.
    Fatal,
    /// A notice that is no error.
    Warning,
}

impl Severity {
    /// The protocol's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "ERROR",
            Severity::Fatal => "FATAL",
            Severity::Warning => "WARNING",
        }
    }
}

/// An error for a client, in PostgreSQL's style: message short and lower case without a full stop; detail and
/// hint full sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorResponse {
    /// Whether the session goes on.
    pub severity: Severity,
    /// SQLSTATE.
    pub sqlstate: SqlState,
    /// Primary message.
    pub message: String,
    /// What exactly was wrong.
    pub detail: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl ErrorResponse {
    /// An error after which the session goes on.
    pub fn error(sqlstate: SqlState, message: impl Into<String>) -> Self {
        ErrorResponse {
            severity: Severity::Error,
            sqlstate,
            message: message.into(),
            detail: None,
            hint: None,
        }
    }

    /// An error that ends the session.
    pub fn fatal(sqlstate: SqlState, message: impl Into<String>) -> Self {
        ErrorResponse {
            severity: Severity::Fatal,
            ..Self::error(sqlstate, message)
        }
    }

    /// With a detail.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        ErrorResponse {
            detail: Some(detail.into()),
            ..self
        }
    }

    /// With a hint.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        ErrorResponse {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// Appends the message to `out`.
    pub fn encode(&self, out: &mut Vec<u8>) {
        self.encode_with_severity(self.severity.as_str().as_bytes(), out);
    }

    /// Appends the message to `out` as clients know it that speak a version of the protocol before 3: text that a zero byte ends
    /// (`send_message_to_frontend`, utils/error/elog.c).
    pub fn encode_before_3(&self, out: &mut Vec<u8>) {
        out.push(BackendType::ErrorResponse.tag());
        let text = format!("{}:  {}\n", self.severity.as_str(), self.message);
        put_string(out, text.as_bytes());
    }

    /// Appends the message to `out` with `localized` as the severity for people, as the server it stands in for
    /// words it.
    pub fn encode_with_severity(&self, localized: &[u8], out: &mut Vec<u8>) {
        put(out, BackendType::ErrorResponse.tag(), |out| {
            let mut put_field = |code: u8, value: &[u8]| {
                out.push(code);
                put_string(out, value);
            };
            put_field(field::SEVERITY, localized);
            put_field(field::SEVERITY_NONLOCALIZED, self.severity.as_str().as_bytes());
            put_field(field::SQLSTATE, self.sqlstate.as_bytes());
            put_field(field::MESSAGE, self.message.as_bytes());
            if let Some(detail) = &self.detail {
                put_field(field::DETAIL, detail.as_bytes());
            }
            if let Some(hint) = &self.hint {
                put_field(field::HINT, hint.as_bytes());
            }
            out.push(0);
        });
    }
}

/// The fields of a received `ErrorResponse` or `NoticeResponse`, in order.
#[derive(Debug, Clone, Copy)]
pub struct ErrorFields<'a>(&'a [u8]);

impl<'a> ErrorFields<'a> {
    /// Checks that the body is a list of fields.
    pub fn parse(body: &'a [u8]) -> Result<Self, MalformedMessage> {
        let mut cursor = Body::new(body);
        while cursor.u8()? != 0 {
            cursor.string()?;
        }
        cursor.end()?;
        Ok(ErrorFields(body))
    }

    /// Code and value of each field.
    pub fn iter(self) -> impl Iterator<Item = (u8, &'a [u8])> {
        let mut cursor = Body::new(self.0);
        std::iter::from_fn(move || match cursor.u8() {
            Ok(0) | Err(_) => None,
            Ok(code) => Some((code, cursor.string().ok()?)),
        })
    }

    /// The first field of this code.
    pub fn field(self, code: u8) -> Option<&'a [u8]> {
        self.iter().find(|&(c, _)| c == code).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Frame;

    #[test]
    fn encoded_fields_are_read_back() {
        let mut bytes = Vec::new();
        ErrorResponse::error(crate::sqlstate::INSUFFICIENT_PRIVILEGE, "no")
            .with_detail("D.")
            .with_hint("H.")
            .encode_with_severity("FEHLER".as_bytes(), &mut bytes);
        let frame = Frame::split_first(&bytes, 1000).unwrap().unwrap();
        let fields: Vec<_> = ErrorFields::parse(frame.body).unwrap().iter().collect();
        assert_eq!(frame.tag, b'E');
        assert_eq!(
            fields,
            [
                (b'S', &b"FEHLER"[..]),
                (b'V', b"ERROR"),
                (b'C', b"42501"),
                (b'M', b"no"),
                (b'D', b"D."),
                (b'H', b"H.")
            ]
        );
    }

    #[test]
    fn malformed_fields_are_errors() {
        for body in [&b""[..], b"M", b"Mx", b"Mx\0", b"Mx\0\0y"] {
            assert!(ErrorFields::parse(body).is_err(), "{body:?}");
        }
    }
}
