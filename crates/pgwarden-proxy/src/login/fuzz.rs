//! First contacts made of arbitrary bytes.

#![expect(clippy::expect_used, reason = "a panic is what fuzzing looks for")]

use std::io;
use std::pin::Pin;
use std::sync::LazyLock;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use pgwarden_records::{Secret, Snapshot};
use pgwarden_wire::startup::PROTOCOL_3_2;
use pgwarden_wire::{Frame, StartupPacket};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::runtime::Runtime;
use tokio::time::Instant;

use super::request::Request;
use super::{Authenticated, FirstContact, LoginContext, admit, first_contact};
use crate::backend_login::BackendRequest;
use crate::channel::Channel;
use crate::sessions::Admission;
use crate::stream::ClientAddress;
use crate::tls::ListenerTls;

/// Two records, of which one lets through what the other refuses.
const CONFIGURATION: &str = r#"
[server]
listen = ["127.0.0.1:0"]
[recording]
directory = "recordings"
[[pam_configuration]]
name = "local"
[[pam_user]]
name = "app"
login = "app_rw"
[[pam_database]]
name = "closed"
pam_configuration = "local"
host = "127.0.0.1"
pam_user = "app"
[pam_database.connection]
default_database = "shop"
databases = ["shop", "stock"]
[[pam_database]]
name = "open"
pam_configuration = "local"
host = "127.0.0.1"
pam_user = "app"
[pam_database.connection]
can_export_csv = true
can_import_csv = true
can_copy_to_clipboard = true
can_paste_from_clipboard = true
can_replicate = true
can_run_server_programs = true
can_change_credentials = true
opaque_code = "allow"
[[user]]
name = "alice"
scram = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
[[grant]]
users = ["alice"]
records = ["*"]
"#;

static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| {
    let file = std::env::temp_dir().join(format!("pgwarden-fuzz-{}.toml", std::process::id()));
    std::fs::write(&file, CONFIGURATION).expect("the temporary directory can be written to");
    let loaded = pgwarden_records::load(&file);
    let _ = std::fs::remove_file(&file);
    loaded.unwrap_or_else(|errors| panic!("{errors}")).0
});

const LIMIT: Duration = Duration::from_secs(30);

/// Takes `data` for what a client sends before it knows any answer but the nonce of SCRAM, which stands where `data` has `%`.
///
/// # Panics
///
/// When that logs somebody in, when the answer is not made of whole messages or goes on behind an error, when the same bytes in other
/// pieces come to something else; or when what such a client, once logged in, asks for reaches the server otherwise than as settings of
/// the session, or against the settings of the record.
pub fn fuzz_login(data: &[u8]) {
    thread_local! {
        static RUNTIME: Runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .expect("a runtime can be built");
    }
    RUNTIME.with(|runtime| {
        let whole = runtime.block_on(converse(data, usize::MAX));
        for piece in [1, 7] {
            let split = runtime.block_on(converse(data, piece));
            // What comes along with a request for encryption ends it; what comes later doesn't.
            if !split.1.starts_with('N') {
                assert_eq!(split, whole, "in pieces of {piece} bytes");
            }
        }
    });
    check_admitted(data);
}

pub(super) fn context(snapshot: &Snapshot) -> LoginContext<'_> {
    static LOGIN_KEY: LazyLock<Secret<[u8; 32]>> = LazyLock::new(|| Secret::new([1; 32]));
    static NO_TLS: LazyLock<ListenerTls> = LazyLock::new(ListenerTls::default);
    LoginContext {
        snapshot,
        tls: &NO_TLS,
        login_key: &LOGIN_KEY,
        listener: None,
        from: ClientAddress::Unix(None),
        now: SystemTime::UNIX_EPOCH,
        admission: Admission::Open,
        deadline: Instant::now() + LIMIT,
        limit: LIMIT,
    }
}

/// What came of it: what kind of end, and what kinds of messages the client was sent.
async fn converse(data: &[u8], piece: usize) -> (&'static str, String) {
    let mut channel = Channel::Plain(Script {
        unread: data.to_vec(),
        next: Vec::new(),
        piece,
        answer: Vec::new(),
    });
    let outcome = match first_contact(&mut channel, context(&SNAPSHOT)).await {
        Ok(FirstContact::Login(login)) => panic!("{} has logged in without a password", login.person),
        Ok(FirstContact::Cancel { .. }) => "cancel",
        Ok(FirstContact::Closed) => "closed",
        Err(_) => "error",
    };
    let Channel::Plain(Script { answer, .. }) = channel else {
        panic!("there is no TLS");
    };
    (outcome, kinds(&answer))
}

/// The types of the messages in `answer`, which may begin with answers to requests for encryption.
fn kinds(answer: &[u8]) -> String {
    let mut kinds = String::new();
    let mut rest = answer;
    // Not the beginning of a `NegotiateProtocolVersion`, nor of anything else that is sent.
    while let [b'N', after @ ..] = rest {
        kinds.push('N');
        rest = after;
    }
    while !rest.is_empty() {
        assert!(!kinds.ends_with('E'), "an answer goes on behind an error");
        // In the form that clients of versions before 3 know.
        if rest.starts_with(b"EFATAL:  unsupported frontend protocol ") && rest.ends_with(b"\n\0") {
            kinds.push('E');
            break;
        }
        let frame = Frame::split_first(rest, answer.len())
            .ok()
            .flatten()
            .expect("whole messages are sent");
        kinds.push(char::from(frame.tag));
        rest = rest.get(frame.bytes.len()..).unwrap_or_default();
    }
    kinds
}

/// A client that has sent all that it will, and what it was answered.
struct Script {
    unread: Vec<u8>,
    /// The beginning of that, with the nonce in it.
    next: Vec<u8>,
    piece: usize,
    answer: Vec<u8>,
}

impl Script {
    /// Both sides' nonce, once it was sent: it has no comma in it.
    fn nonce(&self) -> &[u8] {
        let at = self.answer.windows(2).position(|bytes| bytes == b"r=");
        let rest = at.and_then(|at| self.answer.get(at..)).unwrap_or_default();
        rest.split(|&byte| byte == b',').next().unwrap_or_default()
    }
}

impl AsyncRead for Script {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let script = self.get_mut();
        if script.next.is_empty() {
            // What stands for the nonce is read when there is one, which may have such a byte of its own.
            script.next = match script.unread.first() {
                Some(b'%') if !script.nonce().is_empty() => {
                    script.unread.remove(0);
                    script.nonce().to_vec()
                }
                _ => {
                    let placeholder = script.unread.iter().skip(1).position(|&byte| byte == b'%');
                    let end = placeholder.map_or(script.unread.len(), |at| at.saturating_add(1));
                    script.unread.drain(..end).collect()
                }
            };
        }
        let piece: Vec<u8> = script
            .next
            .drain(..script.next.len().min(script.piece).min(buf.remaining()))
            .collect();
        buf.put_slice(&piece);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Script {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.get_mut().answer.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// What the server is told for alice, had she sent this startup packet and known her password.
fn check_admitted(data: &[u8]) {
    let Ok(Some((StartupPacket::Startup(message), _))) = StartupPacket::split_first(data) else {
        return;
    };
    let Ok(request) = Request::read(message) else {
        return;
    };
    let Ok(login) = admit(
        context(&SNAPSHOT),
        &request,
        Authenticated(()),
        "alice".to_owned(),
    ) else {
        return;
    };
    let sent = BackendRequest::of(&login).startup_message(PROTOCOL_3_2);
    let Ok(Some((StartupPacket::Startup(sent), _))) = StartupPacket::split_first(&sent) else {
        panic!("the server would not understand it");
    };
    let values = |name: &[u8]| {
        sent.parameters()
            .filter(|(other, _)| *other == name)
            .map(|(_, value)| value.to_vec())
            .collect::<Vec<_>>()
    };
    assert_eq!(values(b"user"), [b"app_rw"]);
    assert_eq!(values(b"database"), [login.database.as_bytes()]);
    assert!(
        sent.parameters()
            .all(|(name, _)| !name.starts_with(b"_pq_.") && name != b"options")
    );
    if login.access.record.name.as_str() == "closed" {
        assert!(["shop", "stock"].contains(&login.database.as_str()));
        assert!(values(b"replication").is_empty());
        for (name, _) in sent.parameters() {
            let name = name.to_ascii_lowercase();
            assert_ne!(name, b"session_authorization");
            assert_ne!(name, b"session_preload_libraries");
        }
    } else {
        assert!(values(b"replication").len() <= 1);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::fuzz_login;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_are_taken(data in proptest::collection::vec(any::<u8>(), 0..100)) {
            fuzz_login(&data);
        }
    }

    /// The seeds of the fuzz target, and whatever it has found.
    #[test]
    fn corpus_replays() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/login");
        let mut seeds = 0;
        for entry in std::fs::read_dir(corpus).unwrap() {
            fuzz_login(&std::fs::read(entry.unwrap().path()).unwrap());
            seeds += 1;
        }
        assert!(seeds >= 10, "{seeds} seeds");
    }
}
