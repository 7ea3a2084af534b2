//! `[server]`

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use pgwarden_policy::Enforcement;

use super::connection;
use super::secret_file;
use super::section::{Field, Section};
use super::sockets;
use super::source::Source;
use super::targets::parse_host;
use super::tls::{self, Files, ListenDraft};
use crate::{Host, Listen, ListenAddress, ListenTls, RecordName, ServerConfig};

/// Defaults, as in the reference.
const PORT: u16 = 6432;
const MAX_SESSIONS: usize = 10_000;
const MAX_SESSIONS_PER_USER: usize = 200;
/// At about 20 KiB each it is 40 MiB.
const MAX_LOGINS: usize = 2_048;
/// Half of them, so that no address keeps the others out, and a pool behind one address can still come back at once.
const MAX_LOGINS_PER_ADDRESS: usize = 1_024;
const MAX_MESSAGE_BYTES: usize = 64 * 1024 * 1024;
const MAX_HELD_MEMORY_BYTES: usize = 1024 * 1024 * 1024;
/// Room for some thousands of texts, which is more than most applications have.
const FACTS_CACHE_BYTES: usize = 16 * 1024 * 1024;
const LOGIN_TIMEOUT: Duration = Duration::from_mins(1);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
const DRAIN_TIMEOUT: Duration = Duration::from_secs(30);
/// Far more than people ask for, though many of them may come from one address, and little enough that guessing a key of 32 bits takes
/// weeks.
const MAX_CANCELS_PER_SECOND: u32 = 500;
const MAX_CANCELS_PER_SECOND_PER_ADDRESS: u32 = 100;
const LOGIN_KEY: &str = "login.key";

/// Threads that may be asked for: more than any machine of today has cores.
const WORKER_THREADS: RangeInclusive<u64> = 0..=4096;
/// Each session takes two sockets; Linux counts open files per process up to about a million (`fs.nr_open`).
const SESSIONS: RangeInclusive<u64> = 1..=1_000_000;
const LOGINS: RangeInclusive<u64> = 1..=1_000_000;
/// From one message of the least `max_message`; 1 TiB is more than such a machine has.
const HELD_MEMORY_BYTES: RangeInclusive<u64> = 64 * 1024..=1024 * 1024 * 1024 * 1024;
/// Beyond 1 GiB texts aren't the same any more.
const FACTS_CACHES_BYTES: RangeInclusive<u64> = 0..=1024 * 1024 * 1024;
/// PostgreSQL takes messages of up to 1 GiB less one byte (`PQ_LARGE_MESSAGE_LIMIT`, libpq/libpq.h). Below 8 KiB ordinary queries don't fit.
const MESSAGE_BYTES: RangeInclusive<u64> = 8 * 1024..=1024 * 1024 * 1024 - 1;
/// The range of PostgreSQL's `authentication_timeout`.
const LOGIN_TIMEOUTS: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_mins(10);
const CONNECT_TIMEOUTS: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_mins(10);
/// Each is a connection to a database that is served by a process of its own.
const CANCELS: RangeInclusive<u64> = 1..=10_000;
/// Each of them is asked for each cancel request whose key doesn't say where it belongs.
const PEERS_MAX: usize = 64;
const SESSION_TIMEOUTS: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_hours(365 * 24);
const DRAIN_TIMEOUTS: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_hours(24);

/// Longest path of a unix socket (`sun_path` of unix(7), less the zero byte).
const SOCKET_PATH_BYTES_MAX: usize = 107;

pub(super) const ENFORCEMENTS: &[(&str, Enforcement)] = &[
    ("enforce", Enforcement::Enforce),
    ("monitor", Enforcement::Monitor),
];

impl ServerConfig {
    /// What holds without `[server]`.
    pub(super) fn default_in(source: &Source) -> Self {
        Self {
            listen: vec![Listen {
                address: ListenAddress::Tcp(SocketAddr::from((Ipv4Addr::LOCALHOST, PORT))),
                record: None,
                tls: ListenTls::Disable,
                proxy_protocol: None,
            }],
            admin_listen: None,
            worker_threads: 0,
            max_sessions: MAX_SESSIONS,
            max_sessions_per_user: MAX_SESSIONS_PER_USER,
            max_logins: MAX_LOGINS,
            max_logins_per_address: MAX_LOGINS_PER_ADDRESS,
            max_held_memory: MAX_HELD_MEMORY_BYTES,
            facts_cache: FACTS_CACHE_BYTES,
            max_message: MAX_MESSAGE_BYTES,
            login_timeout: LOGIN_TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            max_cancels_per_second: MAX_CANCELS_PER_SECOND,
            max_cancels_per_second_per_address: MAX_CANCELS_PER_SECOND_PER_ADDRESS,
            peers: Vec::new(),
            idle_timeout: None,
            max_session_duration: None,
            drain_timeout: DRAIN_TIMEOUT,
            enforcement: Enforcement::Enforce,
            refusal_hint: None,
            login_key: source.resolve(LOGIN_KEY),
            tcp: sockets::TCP,
            reuse_port: false,
            unix_socket_permissions: sockets::UNIX_SOCKET_PERMISSIONS,
        }
    }
}

/// Whether clients are asked for certificates.
#[derive(Default)]
pub(super) struct Asking<'a> {
    /// Whether any listener does, or may be meant to.
    pub(super) is_asked: bool,
    /// The first `tls` with a `client_ca`, of `[server]` or of a listener.
    pub(super) by: Option<Field<'a>>,
}

impl<'a> Asking<'a> {
    fn note(&mut self, field: &Field<'a>, draft: &ListenDraft) {
        self.is_asked |= draft.asks_for_certificate();
        if draft.has_client_authorities() && self.by.is_none() {
            self.by = Some(field.clone());
        }
    }
}

/// Reads the table. Gives also the values that name the records of listeners, to be checked once the records are known, and whether any
/// listener asks clients for certificates.
pub(super) fn read<'a>(
    mut section: Section<'a>,
    main: &Source,
    files: &mut Files,
) -> (ServerConfig, Vec<Field<'a>>, Asking<'a>) {
    let mut server = ServerConfig::default_in(main);
    let mut asking = Asking::default();
    let tls = section.take("tls").map(|field| {
        let draft = tls::read_listen(&field, None, files);
        asking.note(&field, &draft);
        draft
    });
    let mut reading = Listeners {
        asking,
        tls,
        records: Vec::new(),
        files,
    };
    if let Some(field) = section.take("listen") {
        server.listen = reading.read_all(&field);
    } else if let Some(tls) = &reading.tls {
        for listen in &mut server.listen {
            listen.tls = tls.listen_tls();
        }
    }
    let Listeners { records, asking, .. } = reading;
    if let Some(field) = section.take("admin_listen") {
        server.admin_listen = admin_address(&field, &server.listen);
    }
    let count = |field: Option<Field<'_>>, range, default| {
        field
            .and_then(|field| field.integer(range))
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or(default)
    };
    server.worker_threads = count(section.take("worker_threads"), &WORKER_THREADS, 0);
    server.max_sessions = count(section.take("max_sessions"), &SESSIONS, MAX_SESSIONS);
    server.max_sessions_per_user = count(
        section.take("max_sessions_per_user"),
        &SESSIONS,
        MAX_SESSIONS_PER_USER,
    );
    server.max_logins = count(section.take("max_logins"), &LOGINS, MAX_LOGINS);
    server.max_logins_per_address = count(
        section.take("max_logins_per_address"),
        &LOGINS,
        MAX_LOGINS_PER_ADDRESS,
    );
    let held = section.take("max_held_memory");
    if let Some(size) = held.as_ref().and_then(|field| field.size(&HELD_MEMORY_BYTES)) {
        server.max_held_memory = usize::try_from(size).unwrap_or(MAX_HELD_MEMORY_BYTES);
    }
    if let Some(size) = section
        .take("facts_cache")
        .and_then(|field| field.size(&FACTS_CACHES_BYTES))
    {
        server.facts_cache = usize::try_from(size).unwrap_or(FACTS_CACHE_BYTES);
    }
    if let Some(size) = section
        .take("max_message")
        .and_then(|field| field.size(&MESSAGE_BYTES))
    {
        server.max_message = usize::try_from(size).unwrap_or(MAX_MESSAGE_BYTES);
    }
    if let Some(field) = held
        && server.max_held_memory < server.max_message
    {
        field.warning("a message of `max_message` would not fit into it", None);
    }
    if let Some(timeout) = section
        .take("login_timeout")
        .and_then(|field| field.duration(&LOGIN_TIMEOUTS))
    {
        server.login_timeout = timeout;
    }
    if let Some(timeout) = section
        .take("connect_timeout")
        .and_then(|field| field.duration(&CONNECT_TIMEOUTS))
    {
        server.connect_timeout = timeout;
    }
    let rate = |field: Option<Field<'_>>, default| {
        field
            .and_then(|field| field.integer(&CANCELS))
            .and_then(|rate| u32::try_from(rate).ok())
            .unwrap_or(default)
    };
    server.max_cancels_per_second = rate(section.take("max_cancels_per_second"), MAX_CANCELS_PER_SECOND);
    server.max_cancels_per_second_per_address = rate(
        section.take("max_cancels_per_second_per_address"),
        MAX_CANCELS_PER_SECOND_PER_ADDRESS,
    );
    let limit = |field: Option<Field<'_>>| {
        field
            .and_then(|field| field.limit(&SESSION_TIMEOUTS))
            .filter(|duration| !duration.is_zero())
    };
    server.idle_timeout = limit(section.take("idle_timeout"));
    server.max_session_duration = limit(section.take("max_session_duration"));
    if let Some(timeout) = section
        .take("drain_timeout")
        .and_then(|field| field.duration(&DRAIN_TIMEOUTS))
    {
        server.drain_timeout = timeout;
    }
    if let Some(enforcement) = section
        .take("enforcement")
        .and_then(|field| field.choice(ENFORCEMENTS))
    {
        server.enforcement = enforcement;
    }
    server.refusal_hint = section
        .take("refusal_hint")
        .and_then(|field| connection::refusal_hint(&field));
    let login_key = section.take("login_key");
    if let Some(path) = login_key.as_ref().and_then(file) {
        server.login_key = path;
    }
    server.tcp = sockets::read_tcp(&mut section);
    if let Some(reuse) = section.take("reuse_port").and_then(|field| field.boolean()) {
        server.reuse_port = reuse;
    }
    if let Some(mode) = section
        .take("unix_socket_permissions")
        .and_then(|field| sockets::permissions(&field))
    {
        server.unix_socket_permissions = mode;
    }
    if let Some(field) = section.take("peers") {
        server.peers = peers(&field);
        if !server.peers.is_empty() && login_key.is_none() {
            field.warning(
                "replicas believe each other by `login_key`, and each makes one of its own where it isn't written",
                Some("write login_key = { file = \"login.key\" }, and give all replicas the same file".to_owned()),
            );
        }
    }
    section.finish();
    (server, records, asking)
}

/// Hosts and ports of the replicas' listeners.
fn peers(field: &Field<'_>) -> Vec<Host> {
    let items = field.texts().unwrap_or_default();
    if items.len() > PEERS_MAX {
        field.error(format!("`peers` lists more than {PEERS_MAX} replicas"));
    }
    let mut peers = Vec::new();
    for (text, item) in items {
        let peer = parse_host(text)
            .filter(|(host, _)| !host.starts_with('/'))
            .and_then(|(host, port)| Some(Host { host, port: port? }));
        let Some(peer) = peer else {
            item.unfit(
                "host and port of a listener of the replica, such as \"gw2:6432\" or \"[fd00::2]:6432\"",
                None,
            );
            continue;
        };
        if peers.contains(&peer) {
            item.error(format!("there is already a peer {}", text.escape_debug()));
        }
        peers.push(peer);
    }
    peers
}

/// `{ file = "path" }`
fn file(field: &Field<'_>) -> Option<PathBuf> {
    let Some(mut section) = field.as_table() else {
        field.unfit_secret("a table such as { file = \"login.key\" }");
        return None;
    };
    let file = section.require("file");
    section.finish();
    let file = file?;
    let path = field.source().resolve(file.text()?);
    secret_file::warn_of_readers(&file, &path);
    Some(path)
}

/// What listeners are read with, and what is found on the way.
struct Listeners<'f, 'a> {
    /// `tls` of `[server]`.
    tls: Option<ListenDraft>,
    files: &'f mut Files,
    records: Vec<Field<'a>>,
    asking: Asking<'a>,
}

impl<'a> Listeners<'_, 'a> {
    fn read_all(&mut self, field: &Field<'a>) -> Vec<Listen> {
        let mut listeners: Vec<Listen> = Vec::new();
        let items = field.items().unwrap_or_default();
        if items.is_empty() && field.is_array() {
            field.unfit("a list of at least one address", None);
        }
        for item in items {
            let Some(listener) = self.read(&item) else {
                continue;
            };
            let any_port = matches!(listener.address, ListenAddress::Tcp(address) if address.port() == 0);
            if !any_port && listeners.iter().any(|other| other.address == listener.address) {
                item.error(format!("there is already a listener at {}", listener.address));
            }
            listeners.push(listener);
        }
        listeners
    }

    fn read(&mut self, item: &Field<'a>) -> Option<Listen> {
        if item.as_str().is_some() {
            let address = client_address(item, self.tls.as_ref())?;
            return Some(Listen {
                tls: tls_at(&address, self.tls.as_ref()),
                address,
                record: None,
                proxy_protocol: None,
            });
        }
        let Some(mut section) = item.as_table() else {
            item.unfit(
                "an address or a table such as { address = \"127.0.0.1:6432\", record = \"orders\" }",
                None,
            );
            return None;
        };
        let own_field = section.take("tls");
        let own = own_field
            .as_ref()
            .map(|field| tls::read_listen(field, self.tls.as_ref(), self.files));
        if let (Some(field), Some(own)) = (&own_field, &own) {
            self.asking.note(field, own);
        }
        let effective = own.as_ref().or(self.tls.as_ref());
        let address = section
            .require("address")
            .and_then(|field| client_address(&field, effective));
        let record = section.take("record").and_then(|field| {
            let name = RecordName::new(field.text()?).ok();
            self.records.push(field);
            name
        });
        let proxy_protocol = sockets::read_proxy_protocol(&mut section, address.as_ref());
        section.finish();
        let address = address?;
        if let (ListenAddress::Unix(_), Some(field), Some(own)) = (&address, own_field, own.as_ref())
            && !own.is_disabled()
        {
            field.error_with_hint(
                "there is no TLS over unix sockets, as no client asks for it there",
                "leave `tls` out",
            );
        }
        Some(Listen {
            tls: tls_at(&address, effective),
            address,
            record,
            proxy_protocol,
        })
    }
}

/// Over a unix socket there is no TLS, as with PostgreSQL: nobody but the kernel is in between.
fn tls_at(address: &ListenAddress, draft: Option<&ListenDraft>) -> ListenTls {
    match address {
        ListenAddress::Tcp(_) | ListenAddress::Systemd(_) => {
            draft.map(ListenDraft::listen_tls).unwrap_or_default()
        }
        ListenAddress::Unix(_) => ListenTls::Disable,
    }
}

fn client_address(field: &Field<'_>, tls: Option<&ListenDraft>) -> Option<ListenAddress> {
    let text = field.text()?;
    if let Some(name) = text.strip_prefix("systemd:") {
        if tls.is_none() {
            field.error_with_hint(
                "what the service manager listens at may be reachable from other machines, and what passes would not be encrypted",
                tls::LISTEN_HINT,
            );
        }
        return sockets::systemd_name(field, name).map(ListenAddress::Systemd);
    }
    let Some(path) = text.strip_prefix("unix:") else {
        let address = socket_address(field, text)?;
        if tls.is_none() && !is_loopback(address.ip()) {
            field.error_with_hint(
                format!("{address} is reachable from other machines, and what passes would not be encrypted"),
                format!("{}; or listen at 127.0.0.1", tls::LISTEN_HINT),
            );
        }
        return Some(ListenAddress::Tcp(address));
    };
    if path.is_empty() || path.ends_with('/') || path.contains('\0') {
        field.unfit("\"unix:\" and the path of a socket", None);
        return None;
    }
    let path = field.source().resolve(path);
    if path.as_os_str().len() > SOCKET_PATH_BYTES_MAX {
        field.error(format!(
            "the path of the unix socket is longer than {SOCKET_PATH_BYTES_MAX} bytes"
        ));
        return None;
    }
    let port = path
        .file_name()
        .and_then(|name| name.to_str())
        .and_then(|name| name.strip_prefix(".s.PGSQL."));
    if port.and_then(|port| port.parse::<u16>().ok()).is_none() {
        field.warning(
            "clients look for a socket named .s.PGSQL.<port>",
            Some("write the full path, such as \"unix:/run/pgwarden/.s.PGSQL.6432\"".to_owned()),
        );
    }
    Some(ListenAddress::Unix(path))
}

fn admin_address(field: &Field<'_>, listen: &[Listen]) -> Option<SocketAddr> {
    let address = socket_address(field, field.text()?)?;
    if address.port() != 0
        && listen
            .iter()
            .any(|listen| listen.address == ListenAddress::Tcp(address))
    {
        field.error(format!(
            "{address} is where clients connect; the admin port must be another"
        ));
    }
    if !is_loopback(address.ip()) {
        field.warning(
            format!("{address} is reachable from other machines, and the admin port asks for no password"),
            Some("keep it behind a firewall, or listen at 127.0.0.1".to_owned()),
        );
    }
    Some(address)
}

fn socket_address(field: &Field<'_>, text: &str) -> Option<SocketAddr> {
    let address = text.parse().ok();
    if address.is_none() {
        let hint = if text.parse::<IpAddr>().is_ok() {
            Some("add the port".to_owned())
        } else if text.starts_with('/') {
            Some(format!("write \"unix:{}\"", text.escape_debug()))
        } else {
            text.strip_prefix("localhost:")
                .map(|port| format!("write \"127.0.0.1:{}\"", port.escape_debug()))
        };
        field.unfit(
            "an IP address and a port, such as \"127.0.0.1:6432\" or \"[::1]:6432\"",
            hint,
        );
    }
    address
}

/// Whether only this machine can reach an address.
pub(super) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}
