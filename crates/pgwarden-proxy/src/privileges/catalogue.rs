//! A connection to a database that asks its catalogue and changes nothing.

use std::time::Duration;

use pgwarden_records::{Record, ServerConfig};
use pgwarden_wire::{BackendMessage, Frame, FrameError, FrontendType, MalformedMessage, frontend};
use tokio::time::Instant;

use crate::backend_login::{BackendLoginError, BackendRequest, ScramKeys, ServerError, connect_as};
use crate::stream::{Conversation, ConversationError, Stream};

/// Most bytes that the answer to one question may have. Answers name privileges of one login, cut off at a few hundred rows.
const ANSWER_BYTES_MAX: usize = 16 << 20;

/// What the server knows us as.
const APPLICATION_NAME: &[u8] = b"pgwarden check";

/// Values of one row, `None` for NULL.
pub(super) type Row = Vec<Option<String>>;

/// Logged in, and in a read-only transaction.
#[derive(Debug)]
pub(super) struct Catalogue {
    conversation: Conversation<Stream>,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum QuestionError {
    #[error("it says: {0}")]
    Server(ServerError),
    #[error("it did not answer within login_timeout")]
    Silent,
    #[error("it closed the connection")]
    Closed,
    #[error("the connection failed: {0}")]
    Io(std::io::Error),
    #[error("what it sends is not PostgreSQL's protocol: {0}")]
    Frame(#[from] FrameError),
    #[error("what it sends is not PostgreSQL's protocol: {0}")]
    Malformed(#[from] MalformedMessage),
    #[error("its answer has more than {ANSWER_BYTES_MAX} bytes")]
    TooLong,
    #[error("its answer makes no sense")]
    Answer,
}

impl From<ConversationError> for QuestionError {
    fn from(error: ConversationError) -> Self {
        match error {
            ConversationError::Deadline => QuestionError::Silent,
            ConversationError::Io(error) => QuestionError::Io(error),
        }
    }
}

impl Catalogue {
    /// Logs in as a session through the record would, and begins the transaction with [`Catalogue::begin`]. Ends by `deadline`. Not cancel safe.
    pub(super) async fn open(
        record: &Record,
        database: &str,
        keys: &ScramKeys,
        server: &ServerConfig,
        deadline: Instant,
    ) -> Result<Self, BackendLoginError> {
        let parameters = [
            (b"application_name".to_vec(), APPLICATION_NAME.to_vec()),
            (b"client_encoding".to_vec(), b"UTF8".to_vec()),
        ];
        let request = BackendRequest {
            record,
            database,
            replication: None,
            parameters: &parameters,
            // The transaction is; a pooler may not take what isn't asked for in the settings.
            read_only: false,
        };
        let backend = connect_as(request, keys, &server.tcp, server.connect_timeout, deadline).await?;
        Ok(Catalogue {
            conversation: Conversation::resume(backend.stream, backend.unread, deadline),
        })
    }

    /// Everything that follows is read only, finds no objects but the server's own without a schema, and is ended by the server itself in time.
    pub(super) async fn begin(&mut self) -> Result<(), QuestionError> {
        let left = self.conversation.time_left().max(Duration::from_millis(1));
        let sql = format!(
            "BEGIN TRANSACTION READ ONLY; SET LOCAL search_path = pg_catalog; SET LOCAL statement_timeout = {}; \
             SET LOCAL standard_conforming_strings = on; SET LOCAL quote_all_identifiers = off",
            left.as_millis()
        );
        self.rows(&sql).await.map(drop)
    }

    /// The rows of the answer, as text. Bytes that aren't UTF-8, as a database without an encoding may hold, come as U+FFFD. Not cancel safe.
    pub(super) async fn rows(&mut self, sql: &str) -> Result<Vec<Row>, QuestionError> {
        let mut message = Vec::new();
        frontend::query(&mut message, sql.as_bytes());
        self.conversation.send(&message).await?;
        let mut rows = Vec::new();
        let mut room = ANSWER_BYTES_MAX;
        let mut refusal = None;
        loop {
            let Some(frame) = Frame::split_first(self.conversation.received(), room).map_err(too_long)?
            else {
                if self.conversation.receive().await? {
                    continue;
                }
                return Err(refusal.unwrap_or(QuestionError::Closed));
            };
            let bytes = frame.bytes.len();
            let mut is_ready = false;
            match BackendMessage::parse(frame)? {
                BackendMessage::DataRow(columns) => {
                    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
                    rows.push(columns.iter().map(|value| value.map(text)).collect());
                }
                BackendMessage::ErrorResponse(fields) => {
                    refusal = Some(QuestionError::Server(ServerError::read(fields)));
                }
                BackendMessage::ReadyForQuery(_) => is_ready = true,
                // Descriptions and tags say nothing new, and notices are for nobody.
                _ => {}
            }
            self.conversation.consume(bytes);
            room = room.saturating_sub(bytes);
            if is_ready {
                return refusal.map_or(Ok(rows), Err);
            }
        }
    }

    /// Takes leave, so that the server's log doesn't show a lost connection.
    pub(super) async fn close(mut self) {
        let mut message = Vec::new();
        frontend::bare(&mut message, FrontendType::Terminate);
        // If it is gone already, so are we.
        let _ = self.conversation.send(&message).await;
    }
}

fn too_long(error: FrameError) -> QuestionError {
    match error {
        FrameError::TooLong { .. } => QuestionError::TooLong,
        FrameError::Invalid { .. } => QuestionError::Frame(error),
    }
}

#[cfg(test)]
mod tests {
    use pgwarden_wire::{ErrorResponse, sqlstate};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::UnixStream;

    use super::*;
    use crate::channel::Channel;
    use crate::stream::Transport;

    const READY: &[u8] = b"Z\0\0\0\x05I";

    /// A `DataRow` of one value, of this many bytes in all.
    fn row(bytes: usize) -> Vec<u8> {
        let value = bytes - 11;
        let mut row = vec![b'D'];
        row.extend(u32::try_from(bytes - 1).unwrap().to_be_bytes());
        row.extend([0, 1]);
        row.extend(u32::try_from(value).unwrap().to_be_bytes());
        row.extend(vec![b'x'; value]);
        row
    }

    /// What comes of a question that the server answers with these bytes, and then says nothing more, or closes.
    async fn ask(answer: Vec<u8>, closes: bool) -> Result<Vec<Row>, QuestionError> {
        let (near, mut far) = UnixStream::pair().unwrap();
        let server = tokio::spawn(async move {
            let mut asked = [0; 14];
            far.read_exact(&mut asked).await.unwrap();
            assert_eq!(&asked, b"Q\0\0\0\x0dselect 1\0");
            // Who asked may have heard enough.
            let _ = far.write_all(&answer).await;
            if !closes {
                let _ = far.read_u8().await;
            }
        });
        let stream = Channel::Plain(Transport::Unix(near));
        let mut catalogue = Catalogue {
            conversation: Conversation::new(stream, Instant::now() + Duration::from_secs(30)),
        };
        let outcome = catalogue.rows("select 1").await;
        drop(catalogue);
        server.await.unwrap();
        outcome
    }

    #[tokio::test]
    async fn an_answer_may_be_as_long_as_the_limit() {
        let of = |bytes: usize| [row(bytes - READY.len()), READY.to_vec()].concat();
        assert_eq!(ask(of(ANSWER_BYTES_MAX), false).await.unwrap().len(), 1);
        let error = ask(of(ANSWER_BYTES_MAX + 1), false).await.unwrap_err();
        assert_eq!(error.to_string(), "its answer has more than 16777216 bytes");
    }

    #[tokio::test(start_paused = true)]
    async fn answers_that_are_none() {
        let mut refusal = row(20);
        ErrorResponse::error(sqlstate::INSUFFICIENT_PRIVILEGE, "permission denied").encode(&mut refusal);
        let refused = "it says: ERROR 42501: permission denied";
        for (answer, closes, expected) in [
            ([refusal.clone(), READY.to_vec()].concat(), false, refused),
            (refusal, true, refused),
            (row(20), true, "it closed the connection"),
            (row(20), false, "it did not answer within login_timeout"),
            (
                b"D\0\0\0\x03".to_vec(),
                false,
                "what it sends is not PostgreSQL's protocol: message type 0x44 has an invalid length of 3",
            ),
        ] {
            assert_eq!(ask(answer, closes).await.unwrap_err().to_string(), expected);
        }
    }
}
