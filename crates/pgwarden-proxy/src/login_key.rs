//! The key of mock salts and of what else replicas have to agree on: a file, made if it isn't there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pgwarden_records::Secret;
use zeroize::Zeroizing;

/// As long as the digest that it keys (HMAC-SHA-256).
pub(crate) const LOGIN_KEY_BYTES: usize = 32;

/// Longest login key file that is read: the key in base64 and white space.
const LOGIN_KEY_FILE_BYTES_MAX: usize = 256;

/// Why there is no login key.
#[derive(Debug, thiserror::Error)]
pub enum LoginKeyError {
    /// It is there and can't be read.
    #[error("login key {path} can't be read")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It isn't there and can't be made.
    #[error("login key {path} does not exist and can't be made")]
    Create {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It holds something else.
    #[error(
        "{path} is no login key: it must hold 32 random bytes in base64, as `openssl rand -base64 32` gives them. \
         Removing it lets pgwarden make a new one; salts that strangers are shown then change once"
    )]
    Malformed {
        /// The file.
        path: PathBuf,
    },
}

/// Reads the key that makes the mock salts of people who don't exist, or makes it if there is no such file.
///
/// The file holds [`LOGIN_KEY_BYTES`] bytes in base64, so that it can be copied to other replicas, and is made with mode 0600.
pub(crate) fn login_key(path: &Path) -> Result<Secret<[u8; LOGIN_KEY_BYTES]>, LoginKeyError> {
    match read_login_key(path) {
        Err(LoginKeyError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
        read => return read,
    }
    match create_login_key(path) {
        Ok(()) => {}
        // Another process was faster: its key is as good.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(source) => {
            return Err(LoginKeyError::Create {
                path: path.to_owned(),
                source,
            });
        }
    }
    read_login_key(path)
}

fn read_login_key(path: &Path) -> Result<Secret<[u8; LOGIN_KEY_BYTES]>, LoginKeyError> {
    let malformed = || LoginKeyError::Malformed {
        path: path.to_owned(),
    };
    // One more than is allowed, so that more can be told from as much.
    let mut text = Zeroizing::new(Vec::with_capacity(2 * LOGIN_KEY_FILE_BYTES_MAX));
    let limit = u64::try_from(LOGIN_KEY_FILE_BYTES_MAX + 1).unwrap_or(u64::MAX);
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut text))
        .map_err(|source| LoginKeyError::Read {
            path: path.to_owned(),
            source,
        })?;
    if text.len() > LOGIN_KEY_FILE_BYTES_MAX {
        return Err(malformed());
    }
    let bytes = Zeroizing::new(
        BASE64_STANDARD
            .decode(text.trim_ascii())
            .map_err(|_| malformed())?,
    );
    let key: [u8; LOGIN_KEY_BYTES] = bytes.as_slice().try_into().map_err(|_| malformed())?;
    Ok(Secret::new(key))
}

/// Written elsewhere and then given its name, so that nobody ever sees half a key.
fn create_login_key(path: &Path) -> io::Result<()> {
    let mut key = Zeroizing::new([0; LOGIN_KEY_BYTES]);
    getrandom::fill(&mut *key).map_err(io::Error::other)?;
    let mut text = Zeroizing::new(BASE64_STANDARD.encode(*key));
    text.push('\n');
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(format!(".{}.new", std::process::id()));
    let unfinished = PathBuf::from(unfinished);
    let written = (|| {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        // Unlike a rename, it fails if the name is taken.
        fs::hard_link(&unfinished, path)
    })();
    // What is left over does no harm: its name holds the process id.
    let _ = fs::remove_file(&unfinished);
    written
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_login_key_is_made_once() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("login.key");
        let made = login_key(&path).unwrap();
        assert!(made.ct_eq(login_key(&path).unwrap().expose()));
        assert!(!made.ct_eq(&[0; LOGIN_KEY_BYTES]));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let files: Vec<_> = fs::read_dir(directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(files, ["login.key"], "nothing else is left");
        let other = login_key(&directory.path().join("other.key")).unwrap();
        assert!(!made.ct_eq(other.expose()));
    }

    #[test]
    fn a_login_key_of_another_process_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("login.key");
        create_login_key(&path).unwrap();
        let key = fs::read(&path).unwrap();
        let error = create_login_key(&path).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), key);
    }

    #[track_caller]
    fn check_login_key(text: &[u8], expected: Option<u8>) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("login.key");
        fs::write(&path, text).unwrap();
        match (login_key(&path), expected) {
            (Ok(key), Some(byte)) => assert!(key.ct_eq(&[byte; LOGIN_KEY_BYTES])),
            (Err(LoginKeyError::Malformed { .. }), None) => {}
            (result, _) => panic!("{:?}: {result:?}", text.escape_ascii().to_string()),
        }
        assert_eq!(
            fs::read(&path).unwrap(),
            text,
            "a file that is there is never changed"
        );
    }

    #[test]
    fn login_key_files() {
        let encoded = |bytes: &[u8]| BASE64_STANDARD.encode(bytes).into_bytes();
        check_login_key(&encoded(&[3; 32]), Some(3));
        check_login_key(&[&encoded(&[3; 32])[..], b"\r\n"].concat(), Some(3));
        check_login_key(&encoded(&[3; 31]), None);
        check_login_key(&encoded(&[3; 33]), None);
        check_login_key(b"", None);
        check_login_key(&[0xff; 32], None);
        check_login_key(&vec![b'A'; 1 << 20], None);
        let padded = |bytes: usize| [encoded(&[3; 32]), vec![b' '; bytes - 44]].concat();
        check_login_key(&padded(LOGIN_KEY_FILE_BYTES_MAX), Some(3));
        check_login_key(&padded(LOGIN_KEY_FILE_BYTES_MAX + 1), None);
    }

    #[test]
    fn login_keys_that_cannot_be_had() {
        let directory = tempfile::tempdir().unwrap();
        let missing = login_key(&directory.path().join("no/such/login.key"));
        assert!(
            matches!(missing, Err(LoginKeyError::Create { .. })),
            "{missing:?}"
        );
        let is_directory = login_key(directory.path());
        assert!(
            matches!(is_directory, Err(LoginKeyError::Read { .. })),
            "{is_directory:?}"
        );
    }
}
