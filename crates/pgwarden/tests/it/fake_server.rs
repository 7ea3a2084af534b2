//! A server that says what no PostgreSQL would, to a pgwarden that must not be fooled by it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use testkit::{Message, Record, frontend};

/// What `SSLRequest` and its like have for a version; `CANCEL_REQUEST_CODE`, libpq/pqcomm.h.
const CANCEL_REQUEST: u32 = 80_877_102;

const PROCESS_ID: u32 = 4711;
const SECRET: &[u8; 4] = b"real";

/// The server's answer to one message: bytes, and whether it closes behind them.
pub(crate) enum Answer {
    Bytes(Vec<u8>),
    Close(Vec<u8>),
}

/// A running fake server.
pub(crate) struct FakeServer {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

/// What came in, from all connections.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    /// Messages after the startup packet.
    pub(crate) messages: Vec<Message>,
    /// Keys of cancel requests: process id and secret.
    pub(crate) cancels: Vec<Vec<u8>>,
    /// Sessions that have ended.
    pub(crate) ended: usize,
}

impl FakeServer {
    /// Lets everybody in, and answers each message after the login as `answer` says.
    pub(crate) fn start(answer: impl Fn(&Message) -> Answer + Send + Sync + 'static) -> Self {
        Self::with_greeting(greeting(), answer)
    }

    /// Answers a startup packet with `greeting`.
    pub(crate) fn with_greeting(
        greeting: Vec<u8>,
        answer: impl Fn(&Message) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = Arc::clone(&seen);
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, answer, greeting) = (Arc::clone(&shared), Arc::clone(&answer), greeting.clone());
                // A connection that breaks off ends its thread; what the test expected of it is then missing in `seen`.
                thread::spawn(move || serve(stream?, &greeting, &seen, &*answer));
            }
        });
        FakeServer { address, seen }
    }

    /// A record whose database it is.
    pub(crate) fn record(&self, name: &str) -> Record {
        Record::new(name).at("127.0.0.1", self.address.port())
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn serve(
    mut stream: TcpStream,
    greeting: &[u8],
    seen: &Mutex<Seen>,
    answer: &(dyn Fn(&Message) -> Answer + Send + Sync),
) -> std::io::Result<()> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let mut packet = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap() - 4];
    stream.read_exact(&mut packet)?;
    if packet[..4] == CANCEL_REQUEST.to_be_bytes() {
        seen.lock().unwrap().cancels.push(packet[4..].to_vec());
        return Ok(());
    }
    stream.write_all(greeting)?;
    let outcome = converse(&mut stream, seen, answer);
    seen.lock().unwrap().ended += 1;
    outcome
}

fn converse(
    stream: &mut TcpStream,
    seen: &Mutex<Seen>,
    answer: &(dyn Fn(&Message) -> Answer + Send + Sync),
) -> std::io::Result<()> {
    loop {
        let mut header = [0; 5];
        stream.read_exact(&mut header)?;
        let [tag, length @ ..] = header;
        let mut body = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap() - 4];
        stream.read_exact(&mut body)?;
        let message = Message { tag, body };
        seen.lock().unwrap().messages.push(message.clone());
        match answer(&message) {
            Answer::Bytes(bytes) => stream.write_all(&bytes)?,
            Answer::Close(bytes) => return stream.write_all(&bytes),
        }
    }
}

/// `AuthenticationOk`, a few settings, a key and `ReadyForQuery`.
pub(crate) fn greeting() -> Vec<u8> {
    greeting_with(&key())
}

/// Process id and secret of a server whose greeting says nothing else.
pub(crate) fn key() -> Vec<u8> {
    [&PROCESS_ID.to_be_bytes()[..], SECRET].concat()
}

/// The greeting with this key.
pub(crate) fn greeting_with(key: &[u8]) -> Vec<u8> {
    let parameter =
        |name: &str, value: &str| frontend::message(b'S', format!("{name}\0{value}\0").as_bytes());
    [
        frontend::message(b'R', &0_u32.to_be_bytes()),
        parameter("server_version", "15.0"),
        parameter("client_encoding", "UTF8"),
        parameter("standard_conforming_strings", "on"),
        frontend::message(b'K', key),
        ready(),
    ]
    .concat()
}

pub(crate) fn ready() -> Vec<u8> {
    frontend::message(b'Z', b"I")
}

pub(crate) fn complete(tag: &str) -> Vec<u8> {
    frontend::message(b'C', format!("{tag}\0").as_bytes())
}

/// `CopyInResponse` (G), `CopyOutResponse` (H) or `CopyBothResponse` (W) of one text column.
pub(crate) fn copy_response(tag: u8) -> Vec<u8> {
    frontend::message(tag, &[0, 0, 1, 0, 0])
}
