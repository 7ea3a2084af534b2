//! Metrics and health over HTTP, on a thread and runtime of their own: they answer when the workers are saturated.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;
use tracing::{debug, error, warn};

use crate::listener::ACCEPT_PAUSE;
use crate::listening_socket::{SocketOptions, bind_admin};
use crate::metrics;
use crate::shared::Shared;

/// Connections at a time; more wait in the kernel's queue. Some scrapers and a health check each take one for milliseconds.
const CONNECTIONS_MAX: usize = 64;

/// How long one connection may take, from accept to the last byte of the answer. It carries one request.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(10);

/// Longest request that is read, in bytes: the routes take no body, and scrapers send some hundred bytes of headers.
/// 8 KiB is the least that hyper allows.
const REQUEST_BYTES_MAX: usize = 8 * 1024;

/// Whether clients should be sent here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// Not listening yet.
    Starting,
    /// The configuration is loaded and every listener listens.
    Ready,
    /// Stopping: takes on no one.
    Draining,
}

impl Readiness {
    const fn code(self) -> u8 {
        match self {
            Readiness::Starting => 0,
            Readiness::Ready => 1,
            Readiness::Draining => 2,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Readiness::Starting => "starting\n",
            Readiness::Ready => "ready\n",
            Readiness::Draining => "draining\n",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Readiness::Ready => StatusCode::OK,
            Readiness::Starting | Readiness::Draining => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// What `/readyz` shows. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct ReadinessCell(Arc<AtomicU8>);

impl Default for ReadinessCell {
    fn default() -> Self {
        ReadinessCell(Arc::new(AtomicU8::new(Readiness::Starting.code())))
    }
}

impl ReadinessCell {
    /// From now on this holds.
    pub(crate) fn set(&self, readiness: Readiness) {
        self.0.store(readiness.code(), Ordering::Release);
    }

    fn now(&self) -> Readiness {
        match self.0.load(Ordering::Acquire) {
            0 => Readiness::Starting,
            1 => Readiness::Ready,
            _ => Readiness::Draining,
        }
    }
}

/// The admin listener. It answers until this is dropped.
pub(crate) struct Admin {
    address: SocketAddr,
    /// Dropped to stop it.
    _running: oneshot::Sender<()>,
}

impl Admin {
    /// Listens, and answers from a thread of its own.
    pub(crate) fn start(
        address: SocketAddr,
        options: SocketOptions,
        shared: Arc<Shared>,
        readiness: ReadinessCell,
    ) -> io::Result<Self> {
        let listener = bind_admin(address, options)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (running, stopped) = oneshot::channel();
        let routes = routes(shared, readiness);
        thread::Builder::new().name("admin".to_owned()).spawn(move || {
            runtime.block_on(async {
                match TcpListener::from_std(listener) {
                    Ok(listener) => tokio::select! {
                        () = accept(listener, routes) => {}
                        _ = stopped => {}
                    },
                    Err(error) => error!(%error, "admin listener stopped"),
                }
            });
        })?;
        Ok(Admin {
            address,
            _running: running,
        })
    }

    /// Where it listens, the port chosen by the kernel if it was 0.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn accept(listener: TcpListener, routes: Router) {
    let connections = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    // It ends with an error only once it is closed, which nobody does.
    while let Ok(permit) = Arc::clone(&connections).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(answer(stream, routes.clone(), permit));
            }
            Err(error) => {
                warn!(%error, "admin connection not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Answers one request, so that nobody holds a connection without using it.
async fn answer(stream: TcpStream, routes: Router, _permit: OwnedSemaphorePermit) {
    let connection = http1::Builder::new()
        .keep_alive(false)
        .max_buf_size(REQUEST_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes));
    match timeout(CONNECTION_TIMEOUT, connection).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => debug!(%error, "admin connection failed"),
        Err(_) => debug!(limit = ?CONNECTION_TIMEOUT, "admin connection too slow"),
    }
}

#[derive(Clone)]
struct Answers {
    shared: Arc<Shared>,
    readiness: ReadinessCell,
}

fn routes(shared: Arc<Shared>, readiness: ReadinessCell) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz))
        .fallback(|| async {
            (
                StatusCode::NOT_FOUND,
                "not found: there are /metrics, /healthz and /readyz\n",
            )
        })
        .with_state(Answers { shared, readiness })
}

async fn metrics(State(answers): State<Answers>) -> Response {
    match answers.shared.render_metrics() {
        Ok(text) => ([(header::CONTENT_TYPE, metrics::TEXT_FORMAT)], text).into_response(),
        Err(error) => {
            error!(%error, "metrics can't be shown");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn readyz(State(answers): State<Answers>) -> (StatusCode, &'static str) {
    let readiness = answers.readiness.now();
    (readiness.status(), readiness.as_str())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream as StdTcpStream;

    use super::*;
    use crate::shared::tests::{DEADLINE, shared};

    const ALONE: SocketOptions = SocketOptions {
        reuse_port: false,
        unix_permissions: 0o777,
    };

    fn started(readiness: &ReadinessCell) -> Admin {
        Admin::start("127.0.0.1:0".parse().unwrap(), ALONE, shared(), readiness.clone()).unwrap()
    }

    /// Status line and body.
    fn ask(admin: &Admin, request: &str) -> (String, String) {
        let mut socket = StdTcpStream::connect(admin.address()).unwrap();
        socket.set_read_timeout(Some(DEADLINE)).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.lines().next().unwrap().to_owned(), body.to_owned())
    }

    fn get(admin: &Admin, path: &str) -> (String, String) {
        ask(admin, &format!("GET {path} HTTP/1.1\r\nhost: pgwarden\r\n\r\n"))
    }

    #[test]
    fn ready_only_while_clients_are_taken_on() {
        let readiness = ReadinessCell::default();
        let admin = started(&readiness);
        let check = |status: &str, body: &str| {
            assert_eq!(
                get(&admin, "/readyz"),
                (format!("HTTP/1.1 {status}"), body.to_owned())
            );
            assert_eq!(
                get(&admin, "/healthz"),
                ("HTTP/1.1 200 OK".to_owned(), "ok\n".to_owned())
            );
        };
        check("503 Service Unavailable", "starting\n");
        readiness.set(Readiness::Ready);
        check("200 OK", "ready\n");
        readiness.set(Readiness::Draining);
        check("503 Service Unavailable", "draining\n");
    }

    #[test]
    fn metrics_are_shown() {
        let admin = started(&ReadinessCell::default());
        let (status, body) = get(&admin, "/metrics");
        assert_eq!(status, "HTTP/1.1 200 OK");
        assert!(
            body.contains("pgwarden_sessions{record=\"orders\"} 0\n"),
            "{body}"
        );
        assert!(
            body.contains("pgwarden_build_info{version=\"1.2.3\"} 1\n"),
            "{body}"
        );
    }

    #[test]
    fn what_is_not_there_and_what_is_not_http() {
        let admin = started(&ReadinessCell::default());
        for (request, expected) in [
            (
                "GET /nothing HTTP/1.1\r\nhost: pgwarden\r\n\r\n".to_owned(),
                "HTTP/1.1 404 Not Found",
            ),
            (
                "POST /metrics HTTP/1.1\r\nhost: pgwarden\r\n\r\n".to_owned(),
                "HTTP/1.1 405 Method Not Allowed",
            ),
            ("nonsense\r\n\r\n".to_owned(), "HTTP/1.1 400 Bad Request"),
        ] {
            assert_eq!(ask(&admin, &request).0, expected, "{request}");
        }
    }

    #[test]
    fn a_long_request_is_not_read() {
        let admin = started(&ReadinessCell::default());
        let head = |bytes: usize| {
            let request = "GET /healthz HTTP/1.1\r\nx: ";
            let end = "\r\n\r\n";
            format!("{request}{}{end}", "x".repeat(bytes - request.len() - end.len()))
        };
        assert_eq!(ask(&admin, &head(REQUEST_BYTES_MAX / 2)).0, "HTTP/1.1 200 OK");
        let mut socket = StdTcpStream::connect(admin.address()).unwrap();
        socket.set_read_timeout(Some(DEADLINE)).unwrap();
        // It may be reset while it still writes.
        let _ = socket.write_all(head(8 * REQUEST_BYTES_MAX).as_bytes());
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{answer:?}");
    }

    #[test]
    fn an_address_that_is_taken_is_an_error() {
        let admin = started(&ReadinessCell::default());
        let second = Admin::start(admin.address(), ALONE, shared(), ReadinessCell::default());
        assert_eq!(second.err().unwrap().kind(), io::ErrorKind::AddrInUse);
    }
}
