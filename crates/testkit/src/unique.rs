//! Names, passwords and ports that no other test has.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result};

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

/// A port of 127.0.0.1 that was free a moment ago, chosen by the kernel.
///
/// Whoever binds it next may come too late: prefer port 0 where the program says which port it got.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("ask the kernel for a port")?;
    Ok(listener
        .local_addr()
        .context("read the port that the kernel chose")?
        .port())
}
