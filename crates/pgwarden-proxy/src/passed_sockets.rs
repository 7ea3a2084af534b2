//! Sockets that the service manager listens at and passes on (`sd_listen_fds(3)`): what connects while nobody runs waits in their queues.

use std::io;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;

use listenfd::ListenFd;
use socket2::SockRef;
use tracing::warn;

/// The name of a socket whose unit gives it none, as `sd_listen_fds_with_names(3)` has it.
const UNNAMED: &str = "unknown";

/// A passed socket.
#[derive(Debug)]
pub(crate) enum Passed {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// Those that no listener has taken yet, with their names.
#[derive(Debug, Default)]
pub(crate) struct PassedSockets(Vec<(String, Passed)>);

impl PassedSockets {
    /// Takes what was passed to this process, and takes it out of the environment, so that password commands don't believe that it is theirs. To
    /// be called once, before there are threads, as the environment is theirs too.
    pub(crate) fn from_env() -> io::Result<Self> {
        let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
        Self::named(&mut ListenFd::from_env(), &names)
    }

    fn named(passed: &mut ListenFd, names: &str) -> io::Result<Self> {
        let mut names = names.split(':').filter(|name| !name.is_empty());
        let mut sockets = Vec::new();
        for index in 0..passed.len() {
            let name = names.next().unwrap_or(UNNAMED).to_owned();
            sockets.push((name, take(passed, index)?));
        }
        Ok(PassedSockets(sockets))
    }

    /// All of a name.
    pub(crate) fn take(&mut self, name: &str) -> Vec<Passed> {
        let (taken, left) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|(own, _)| own == name);
        self.0 = left;
        let taken: Vec<(String, Passed)> = taken;
        taken.into_iter().map(|(_, socket)| socket).collect()
    }

    /// Names those that nobody wants, whose clients would wait for ever. They are closed.
    pub(crate) fn warn_of_rest(self) {
        for (name, _) in self.0 {
            warn!(
                name,
                "a passed socket that no `listen` names; write \"systemd:{name}\", or take it out of its unit"
            );
        }
    }
}

fn take(passed: &mut ListenFd, index: usize) -> io::Result<Passed> {
    let wrong = || io::Error::new(io::ErrorKind::InvalidInput, "a passed socket doesn't listen");
    if let Ok(Some(listener)) = passed.take_unix_listener(index) {
        return if SockRef::from(&listener).is_listener()? {
            Ok(Passed::Unix(listener))
        } else {
            Err(wrong())
        };
    }
    let listener = passed.take_tcp_listener(index)?.ok_or_else(wrong)?;
    if SockRef::from(&listener).is_listener()? {
        Ok(Passed::Tcp(listener))
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// That sockets are really passed is tested with a process.
    #[test]
    fn without_a_service_manager_there_are_none() {
        let mut sockets = PassedSockets::named(&mut ListenFd::empty(), "a:b").unwrap();
        assert!(sockets.take("a").is_empty());
        assert!(sockets.take(UNNAMED).is_empty());
        sockets.warn_of_rest();
    }
}
