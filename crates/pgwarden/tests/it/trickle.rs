//! A network that brings the server's answers one byte at a time.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Stands before a server for as long as the test runs, and gives its port.
pub(crate) fn before(server: SocketAddr) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for near in listener.incoming() {
            // A connection that breaks off ends its threads, and both its sides with them.
            thread::spawn(move || pass(near?, server));
        }
    });
    port
}

fn pass(near: TcpStream, server: SocketAddr) -> io::Result<()> {
    let far = TcpStream::connect(server)?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let (mut from_near, mut to_far) = (near.try_clone()?, far.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut from_near, &mut to_far);
        to_far.shutdown(Shutdown::Write)
    });
    let (mut far, mut near) = (far, near);
    let mut chunk = [0; 16 * 1024];
    loop {
        let count = far.read(&mut chunk).unwrap_or(0);
        if count == 0 {
            return near.shutdown(Shutdown::Both);
        }
        for byte in &chunk[..count] {
            near.write_all(&[*byte])?;
        }
    }
}
