//! How many connections of each client address have not logged in.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

/// Bits of an IPv6 address that tell one site from another: below them a single machine has as many addresses as it likes (RFC 4291).
const IPV6_SITE_BITS: u32 = 64;

/// Who is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    /// An IPv4 address, or all of IPv6 that begin with the same 64 bits.
    Site(IpAddr),
    /// A user of this machine (uid), over unix sockets.
    User(u32),
}

impl Origin {
    pub(crate) fn of(address: IpAddr) -> Self {
        Origin::Site(match address.to_canonical() {
            IpAddr::V6(address) => {
                let site = u128::MAX.checked_shl(u128::BITS.saturating_sub(IPV6_SITE_BITS));
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & site.unwrap_or(0)))
            }
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

#[derive(Debug, Default)]
struct OfOrigin {
    connections: usize,
    /// Of these, those that are logged in.
    sessions: usize,
}

/// Entries of those alone that are connected.
#[derive(Debug, Default)]
pub(crate) struct LoginCounts(HashMap<Origin, OfOrigin>);

impl LoginCounts {
    /// How many of its connections are not logged in.
    pub(crate) fn logins(&self, origin: Origin) -> usize {
        self.0
            .get(&origin)
            .map_or(0, |of| of.connections.saturating_sub(of.sessions))
    }

    pub(crate) fn connected(&mut self, origin: Origin) {
        let of = self.0.entry(origin).or_default();
        of.connections = of.connections.saturating_add(1);
    }

    pub(crate) fn disconnected(&mut self, origin: Origin) {
        self.change(origin, |of| of.connections = of.connections.saturating_sub(1));
    }

    pub(crate) fn session_begins(&mut self, origin: Origin) {
        let of = self.0.entry(origin).or_default();
        of.sessions = of.sessions.saturating_add(1);
    }

    pub(crate) fn session_ends(&mut self, origin: Origin) {
        self.change(origin, |of| of.sessions = of.sessions.saturating_sub(1));
    }

    fn change(&mut self, origin: Origin, change: impl FnOnce(&mut OfOrigin)) {
        let Some(of) = self.0.get_mut(&origin) else {
            return;
        };
        change(of);
        if of.connections == 0 && of.sessions == 0 {
            self.0.remove(&origin);
        }
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_same(one: &str, other: &str, expected: bool) {
        let [one, other] = [one, other].map(|text| Origin::of(text.parse().unwrap()));
        assert_eq!(one == other, expected, "{one:?} {other:?}");
    }

    #[test]
    fn who_is_counted_together() {
        check_same("192.0.2.1", "192.0.2.1", true);
        check_same("192.0.2.1", "192.0.2.2", false);
        check_same("::ffff:192.0.2.1", "192.0.2.1", true);
        check_same("2001:db8::1", "2001:db8::ffff:1:2:3", true);
        check_same("2001:db8::1", "2001:db8:0:1::1", false);
        check_same("::1", "127.0.0.1", false);
    }

    #[test]
    fn nobody_is_remembered_who_has_left() {
        let origin = Origin::of("192.0.2.1".parse().unwrap());
        let mut counts = LoginCounts::default();
        counts.connected(origin);
        counts.connected(origin);
        assert_eq!(counts.logins(origin), 2);
        counts.session_begins(origin);
        assert_eq!(counts.logins(origin), 1);
        // In either order.
        counts.session_ends(origin);
        counts.disconnected(origin);
        counts.session_begins(origin);
        counts.disconnected(origin);
        assert_eq!(counts.logins(origin), 0);
        counts.session_ends(origin);
        assert!(counts.is_empty());
    }
}
