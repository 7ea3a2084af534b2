//! What holds for sockets besides their addresses.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;

/// How dead connections are noticed, by the names that PostgreSQL has for the same. It holds for connections that begin after it changed. The
/// default leaves all of it to the system.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TcpSettings {
    /// Silence after which the other side is probed. `None`: as the system does (`net.ipv4.tcp_keepalive_time`, two hours).
    pub keepalives_idle: Option<Duration>,
    /// Time between probes that are not answered. `None`: as the system does (`net.ipv4.tcp_keepalive_intvl`).
    pub keepalives_interval: Option<Duration>,
    /// Probes without an answer after which the connection is dead. `None`: as the system does (`net.ipv4.tcp_keepalive_probes`).
    pub keepalives_count: Option<u32>,
    /// How long sent bytes may stay unacknowledged, or wait for a client that doesn't read. `None`: as the system does, which gives up on one that is
    /// gone after a quarter of an hour (`net.ipv4.tcp_retries2`), and never on one that doesn't read.
    pub user_timeout: Option<Duration>,
}

/// Who may say from where clients connect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProxyProtocol {
    /// Addresses of the balancers. Unix sockets are guarded by their files instead.
    pub(crate) from: Vec<IpNet>,
}

impl ProxyProtocol {
    /// Whether a connection from this address, or over a unix socket (`None`), is a balancer's.
    pub fn trusts(&self, from: Option<IpAddr>) -> bool {
        let Some(from) = from.map(|address| address.to_canonical()) else {
            return true;
        };
        self.from.iter().any(|network| network.contains(&from))
    }
}
