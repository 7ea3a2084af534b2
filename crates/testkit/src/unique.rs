//! Names, passwords and ports that no other test has.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Result, bail};

/// Ports that the kernel gives to nobody who asks for any (`ip_local_port_range` begins at 32768), so that no connection of another
/// test takes one in the meantime.
const PORTS: Range<u16> = 10_000..30_000;

/// `bytes` random bytes in hexadecimal.
pub(crate) fn random_hex(bytes: usize) -> String {
    let mut buffer = vec![0_u8; bytes];
    // A machine without randomness can't run PostgreSQL either, so there is nothing to hand to the caller.
    getrandom::fill(&mut buffer).unwrap_or_else(|error| panic!("no randomness: {error}"));
    buffer.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A password that occurs nowhere by chance, so that a search for it in logs and recordings means something.
pub fn random_password() -> String {
    format!("pw-{}", random_hex(10))
}

/// A port of 127.0.0.1 that was free a moment ago. Processes begin to look at different places.
///
/// Whoever binds it next may come too late: prefer port 0 where the program says which port it got.
pub fn free_port() -> Result<u16> {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    let spread = std::process::id()
        .wrapping_mul(97)
        .wrapping_add(ASKED.fetch_add(1, Ordering::Relaxed));
    for attempt in 0..PORTS.len() {
        let offset = spread.wrapping_add(u32::try_from(attempt)?) % u32::try_from(PORTS.len())?;
        let port = PORTS.start.saturating_add(u16::try_from(offset)?);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port from {} to {} is free", PORTS.start, PORTS.end)
}
