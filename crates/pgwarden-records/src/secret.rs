//! What must never be printed, and where passwords come from.

use std::fmt;
use std::io::{self, Read};
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// A value that is never printed, is compared in constant time only, and is overwritten when dropped.
///
/// ```
/// use pgwarden_records::Secret;
/// let password = Secret::new(b"hunter2".to_vec());
/// assert_eq!(format!("{password:?}"), "Secret(..)");
/// assert!(password.ct_eq(b"hunter2"));
/// assert_eq!(password.expose().len(), 7);
/// ```
#[derive(Clone)]
pub struct Secret<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    /// Takes charge of `value`. Copies that the caller kept are the caller's to overwrite.
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value itself, named so that a reader sees where a secret is used.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize + AsRef<[u8]>> Secret<T> {
    /// Equality in a time that depends on the lengths only.
    pub fn ct_eq(&self, other: &[u8]) -> bool {
        self.0.as_ref().ct_eq(other).into()
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Longest password that a source may give. PostgreSQL's clients cap a password prompt at 1 KiB; tokens of cloud databases run to a few KiB.
pub const PASSWORD_BYTES_MAX: usize = 64 * 1024;

/// How long a password command may run: it stands in the way of a login, and clients give up after some tens of seconds.
pub const PASSWORD_COMMAND_TIMEOUT: Duration = Duration::from_secs(10);

/// Where the password of a PAM user comes from. It is read anew for each login, so a rotated secret needs no reload.
#[derive(Clone)]
pub enum PasswordSource {
    /// Written in the configuration itself.
    Literal(Secret<Vec<u8>>),
    /// The content of a file, less one trailing newline.
    File(PathBuf),
    /// An environment variable of pgwarden's process, as it is.
    Environment(String),
    /// The standard output of a command (program and arguments, no shell), less one trailing newline.
    Command(Vec<String>),
}

/// Why a password can't be had now. The texts name the source and never any part of its content.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file can't be opened or read.
    #[error("password file {path} can't be read")]
    File {
        /// The file, as resolved.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The variable is not set.
    #[error("environment variable {0} of a password is not set")]
    Environment(String),
    /// The program can't be started or its output not be read.
    #[error("password command {program} can't be run")]
    Command {
        /// The program, without its arguments, as those may be secret.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// The program ended with another status than 0.
    #[error("password command {program} failed: {status}")]
    CommandFailed {
        /// The program, without its arguments.
        program: String,
        /// How it ended, in words.
        status: String,
    },
    /// The program was still running at the end of [`PASSWORD_COMMAND_TIMEOUT`] and was killed.
    #[error("password command {program} did not end within {limit:?}")]
    CommandSlow {
        /// The program, without its arguments.
        program: String,
        /// The limit that was passed.
        limit: Duration,
    },
    /// The source gave nothing. An empty password is none for PostgreSQL.
    #[error("{0} gives an empty password")]
    Empty(String),
    /// The source gave more than [`PASSWORD_BYTES_MAX`].
    #[error("{place} gives more than {limit} bytes")]
    TooLong {
        /// The source in words.
        place: String,
        /// The limit that was passed.
        limit: usize,
    },
    /// A zero byte, which PostgreSQL's protocol can't carry.
    #[error("{0} gives a password with a zero byte")]
    ZeroByte(String),
}

impl PasswordSource {
    /// Reads the password. Blocks: up to [`PASSWORD_COMMAND_TIMEOUT`] for a command, else for as long as the file system takes.
    pub fn read(&self) -> Result<Secret<Vec<u8>>, SecretError> {
        let bytes = match self {
            Self::Literal(secret) => return Ok(secret.clone()),
            Self::File(path) => {
                let read = || read_limited(std::fs::File::open(path)?);
                read().map_err(|source| SecretError::File {
                    path: path.clone(),
                    source,
                })?
            }
            Self::Environment(name) => {
                let value = std::env::var_os(name).ok_or_else(|| SecretError::Environment(name.clone()))?;
                Zeroizing::new(value.into_vec())
            }
            Self::Command(command) => run(command, PASSWORD_COMMAND_TIMEOUT)?,
        };
        self.usable(bytes)
    }

    /// The source in words, fit for a log.
    pub fn describe(&self) -> String {
        match self {
            Self::Literal(_) => "the literal password".to_owned(),
            Self::File(path) => format!("password file {}", path.display()),
            Self::Environment(name) => format!("environment variable {name}"),
            Self::Command(command) => format!("password command {}", program(command)),
        }
    }

    fn usable(&self, mut bytes: Zeroizing<Vec<u8>>) -> Result<Secret<Vec<u8>>, SecretError> {
        if bytes.len() > PASSWORD_BYTES_MAX {
            return Err(SecretError::TooLong {
                place: self.describe(),
                limit: PASSWORD_BYTES_MAX,
            });
        }
        if !matches!(self, Self::Environment(_)) && bytes.last() == Some(&b'\n') {
            bytes.pop();
            if bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
        }
        if bytes.is_empty() {
            return Err(SecretError::Empty(self.describe()));
        }
        if bytes.contains(&0) {
            return Err(SecretError::ZeroByte(self.describe()));
        }
        Ok(Secret(bytes))
    }
}

impl fmt::Debug for PasswordSource {
    /// Names the source. Arguments of a command may be secret themselves.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(secret) => f.debug_tuple("Literal").field(secret).finish(),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Environment(name) => f.debug_tuple("Environment").field(name).finish(),
            Self::Command(command) => f.debug_tuple("Command").field(&program(command)).finish(),
        }
    }
}

fn program(command: &[String]) -> String {
    command.first().cloned().unwrap_or_default()
}

/// Reads one byte more than allowed at most, so that the caller can tell. The buffer never moves, which would leave copies behind.
fn read_limited(source: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(PASSWORD_BYTES_MAX + 2));
    let limit = u64::try_from(PASSWORD_BYTES_MAX + 1).unwrap_or(u64::MAX);
    source.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn run(command: &[String], limit: Duration) -> Result<Zeroizing<Vec<u8>>, SecretError> {
    let deadline = Instant::now() + limit;
    let failed = |source| SecretError::Command {
        program: program(command),
        source,
    };
    let slow = || SecretError::CommandSlow {
        program: program(command),
        limit,
    };
    let (name, arguments) = command
        .split_first()
        .ok_or_else(|| failed(io::Error::from(io::ErrorKind::InvalidInput)))?;
    let child = Command::new(name)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // What it complains about may hold the secret, so it goes nowhere.
        .stderr(Stdio::null())
        // A group of its own, which can be ended with all that the command started.
        .process_group(0)
        .spawn()
        .map_err(failed)?;
    let mut child = Ended { child, reaped: false };
    let Some(stdout) = child.child.stdout.take() else {
        return Err(failed(io::Error::from(io::ErrorKind::BrokenPipe)));
    };
    // A read of a pipe can't be given a time limit; on a thread of its own it can be left behind. It ends with the processes that
    // hold the other end, which are killed when this function fails.
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::Builder::new()
        .spawn(move || sender.send(read_limited(stdout)))
        .map_err(failed)?;
    let output = match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        Ok(output) => output.map_err(failed)?,
        Err(_) => return Err(slow()),
    };
    if output.len() > PASSWORD_BYTES_MAX {
        // It may be waiting for the rest to be read: its status is of no interest any more.
        return Ok(output);
    }
    let status = loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            break status;
        }
        if Instant::now() >= deadline {
            return Err(slow());
        }
        // Output is at its end, so the command is about to be too.
        std::thread::sleep(Duration::from_millis(5));
    };
    if !status.success() {
        return Err(SecretError::CommandFailed {
            program: program(command),
            status: status.to_string(),
        });
    }
    Ok(output)
}

/// Kills the command and what it started, and reaps it, however the function that started it is left. One that has ended by itself may leave
/// others behind, such as an agent that keeps its tokens.
struct Ended {
    child: Child,
    /// From then on its process id may be another's.
    reaped: bool,
}

impl Ended {
    fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        let status = self.child.try_wait()?;
        self.reaped = status.is_some();
        Ok(status)
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        if self.reaped {
            return;
        }
        // All of these fail only if there is nothing left to end.
        if let Ok(group) = i32::try_from(self.child.id())
            && let Some(group) = Pid::from_raw(group)
        {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &PasswordSource, expected: Result<&[u8], &str>) {
        match (source.read(), expected) {
            (Ok(secret), Ok(expected)) => assert!(secret.ct_eq(expected), "{source:?} gave something else"),
            (Err(error), Err(expected)) => assert_eq!(error.to_string(), expected),
            (Ok(_), Err(expected)) => panic!("{source:?} gave a password instead of: {expected}"),
            (Err(error), Ok(_)) => panic!("{source:?}: {error}"),
        }
    }

    fn command(words: &[&str]) -> PasswordSource {
        PasswordSource::Command(words.iter().map(|&word| word.to_owned()).collect())
    }

    #[test]
    fn one_trailing_newline_of_a_file_is_not_part_of_the_password() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        for (content, expected) in [
            (&b"pass\n"[..], Ok(&b"pass"[..])),
            (b"pass\r\n", Ok(b"pass")),
            (b"pass\n\n", Ok(b"pass\n")),
            (b" pa ss ", Ok(b" pa ss ")),
            (b"\xff\xfe", Ok(b"\xff\xfe")),
            (b"\n", Err("password file PATH gives an empty password")),
            (b"", Err("password file PATH gives an empty password")),
            (
                b"a\0b",
                Err("password file PATH gives a password with a zero byte"),
            ),
        ] {
            std::fs::write(&path, content).unwrap();
            let expected = expected.map_err(|text| text.replace("PATH", &path.display().to_string()));
            check(
                &PasswordSource::File(path.clone()),
                expected.as_ref().copied().map_err(String::as_str),
            );
        }
    }

    #[test]
    fn a_password_has_a_longest_length() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        let longest = vec![b'x'; PASSWORD_BYTES_MAX];
        std::fs::write(&path, &longest).unwrap();
        check(&PasswordSource::File(path.clone()), Ok(&longest));
        std::fs::write(&path, vec![b'x'; PASSWORD_BYTES_MAX + 1]).unwrap();
        let text = format!(
            "password file {} gives more than {PASSWORD_BYTES_MAX} bytes",
            path.display()
        );
        check(&PasswordSource::File(path), Err(&text));
        check(
            &command(&["cat", "/dev/zero"]),
            Err("password command cat gives more than 65536 bytes"),
        );
    }

    #[test]
    fn commands() {
        check(&command(&["printf", "pass\\n"]), Ok(b"pass"));
        check(
            &command(&["sh", "-c", "echo pass; exit 3"]),
            Err("password command sh failed: exit status: 3"),
        );
        check(
            &command(&["/nonexistent/program"]),
            Err("password command /nonexistent/program can't be run"),
        );
    }

    #[test]
    fn a_command_that_does_not_end_is_killed() {
        let words = ["sleep".to_owned(), "600".to_owned()];
        let error = run(&words, Duration::from_millis(20)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "password command sleep did not end within 20ms"
        );
    }

    #[test]
    fn what_a_command_started_is_killed_with_it() {
        let directory = tempfile::tempdir().unwrap();
        let fifo = directory.path().join("fifo");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        // The end of the file comes when nobody has it open for writing any more: the shell, cat and the sleep in the background.
        let path = fifo.clone();
        let reader = std::thread::spawn(move || std::fs::read(path));
        let script = format!("exec 3>{}; sleep 600 & cat /dev/zero", fifo.display());
        check(
            &command(&["sh", "-c", &script]),
            Err("password command sh gives more than 65536 bytes"),
        );
        assert_eq!(reader.join().unwrap().unwrap(), b"");
    }

    #[test]
    fn what_is_missing_is_named() {
        check(
            &PasswordSource::Environment("PGWARDEN_TEST_UNSET".to_owned()),
            Err("environment variable PGWARDEN_TEST_UNSET of a password is not set"),
        );
        check(
            &PasswordSource::File("/nonexistent/secret".into()),
            Err("password file /nonexistent/secret can't be read"),
        );
    }
}
