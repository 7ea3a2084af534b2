//! What `[server]` says of sockets besides where they are.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;
use std::time::Duration;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::people::network;
use super::section::{Field, Section};
use super::server::is_loopback;
use crate::{ListenAddress, ProxyProtocol, TcpSettings};

/// A machine that is gone is noticed after two minutes, by probes that keep the entries of firewalls alive as well. What was sent to it is given
/// up when the system gives it up, as with PostgreSQL: a shorter time would end clients that read slowly, too.
pub(super) const TCP: TcpSettings = TcpSettings {
    keepalives_idle: Some(Duration::from_mins(1)),
    keepalives_interval: Some(Duration::from_secs(10)),
    keepalives_count: Some(6),
    user_timeout: None,
};

/// As PostgreSQL's: who gets in is decided by the login, and who should not even try is kept out by the directory.
pub(super) const UNIX_SOCKET_PERMISSIONS: u32 = 0o777;

/// The kernel takes whole seconds up to this (`MAX_TCP_KEEPIDLE` and `MAX_TCP_KEEPINTVL`, linux/tcp.h).
const KEEPALIVES: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(32_767);
/// As `MAX_TCP_KEEPCNT` there; 0 leaves it to the system.
const KEEPALIVES_COUNT: RangeInclusive<u64> = 0..=127;
/// The kernel takes milliseconds; less than a second would end connections over any disturbance.
const USER_TIMEOUTS: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_hours(24);

/// Longest name of a passed socket (systemd.socket(5)).
const SYSTEMD_NAME_BYTES_MAX: usize = 255;

/// Takes the keys named as PostgreSQL's settings.
pub(super) fn read_tcp(section: &mut Section<'_>) -> TcpSettings {
    let mut timeout = |key, range: &RangeInclusive<Duration>, default| {
        let Some(field) = section.take(key) else {
            return default;
        };
        field.limit(range).filter(|duration| !duration.is_zero())
    };
    let keepalives_idle = timeout("tcp_keepalives_idle", &KEEPALIVES, TCP.keepalives_idle);
    let keepalives_interval = timeout("tcp_keepalives_interval", &KEEPALIVES, TCP.keepalives_interval);
    let user_timeout = timeout("tcp_user_timeout", &USER_TIMEOUTS, TCP.user_timeout);
    let keepalives_count = match section.take("tcp_keepalives_count") {
        Some(field) => field
            .integer(&KEEPALIVES_COUNT)
            .and_then(|count| u32::try_from(count).ok())
            .filter(|count| *count > 0),
        None => TCP.keepalives_count,
    };
    TcpSettings {
        keepalives_idle,
        keepalives_interval,
        keepalives_count,
        user_timeout,
    }
}

/// Permissions of a file in octal, such as `"0770"`.
pub(super) fn permissions(field: &Field<'_>) -> Option<u32> {
    let mode = field
        .as_str()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|text| u32::from_str_radix(text, 8).ok())
        .filter(|mode| *mode <= 0o777);
    if mode.is_none() {
        field.unfit(
            "permissions in octal as a string, from \"0000\" to \"0777\"",
            None,
        );
    }
    mode
}

/// The name of a passed socket.
pub(super) fn systemd_name(field: &Field<'_>, name: &str) -> Option<String> {
    let fits = (1..=SYSTEMD_NAME_BYTES_MAX).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
    if !fits {
        field.unfit("\"systemd:\" and the socket's FileDescriptorName", None);
    }
    fits.then(|| name.to_owned())
}

/// Takes `proxy_protocol` and `proxy_protocol_from` of a listener. Whoever could connect past the balancers could claim any address, so they have
/// to be named where others can connect.
pub(super) fn read_proxy_protocol(
    section: &mut Section<'_>,
    address: Option<&ListenAddress>,
) -> Option<ProxyProtocol> {
    let field = section.take("proxy_protocol");
    let from_field = section.take("proxy_protocol_from");
    let from = from_field.as_ref().and_then(Field::some_texts).map(|networks| {
        networks
            .iter()
            .filter_map(|(text, field)| {
                let network = network(text, field)?;
                if network.prefix_len() == 0 {
                    field.warning(
                        format!("{network} trusts everybody who can connect here to claim any address"),
                        Some("name the balancers, as in proxy_protocol_from = [\"10.0.0.7\"]".to_owned()),
                    );
                }
                Some(network)
            })
            .collect::<Vec<_>>()
    });
    let Some(field) = field.filter(|field| field.boolean() == Some(true)) else {
        if let Some(from) = from_field {
            from.error_with_hint(
                "it says nothing without `proxy_protocol`",
                "add proxy_protocol = true",
            );
        }
        return None;
    };
    let from = match (address?, from_field) {
        (ListenAddress::Unix(_), Some(from)) => {
            from.error("clients of a unix socket have no address");
            return None;
        }
        (_, Some(_)) => from?,
        (ListenAddress::Unix(_), None) => Vec::new(),
        (ListenAddress::Tcp(address), None) if is_loopback(address.ip()) => loopback(),
        (ListenAddress::Tcp(_) | ListenAddress::Systemd(_), None) => {
            field.error_with_hint(
                "whoever can connect here could claim any address",
                "name the balancers, as in proxy_protocol_from = [\"10.0.0.7\"]",
            );
            return None;
        }
    };
    Some(ProxyProtocol { from })
}

fn loopback() -> Vec<IpNet> {
    let v4 = Ipv4Net::new(Ipv4Addr::LOCALHOST, 8).map(|network| network.trunc());
    v4.into_iter()
        .map(IpNet::V4)
        .chain([IpNet::V6(Ipv6Net::from(Ipv6Addr::LOCALHOST))])
        .collect()
}
