//! Whether files of the configuration have changed.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How often the files are looked at. A change holds after two looks.
pub(crate) const LOOK_INTERVAL: Duration = Duration::from_secs(2);

/// Notices that files of the configuration have changed, by looking at them now and then: that also works over network
/// file systems and through the symbolic links of mounted Kubernetes volumes.
#[derive(Debug)]
pub(crate) struct ConfigWatch {
    files: Vec<PathBuf>,
    /// What was read last.
    read: Vec<Option<Stamp>>,
    /// What the last look found.
    found: Vec<Option<Stamp>>,
}

/// Tells one state of a file from another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
    inode: u64,
}

impl ConfigWatch {
    pub(crate) fn new(config: &Path) -> Self {
        let mut watch = ConfigWatch {
            files: vec![config.to_owned()],
            read: Vec::new(),
            found: Vec::new(),
        };
        watch.seen();
        watch
    }

    /// From now on these files matter. What is known of those that did before stays: they may have changed since they were read.
    pub(crate) fn set_files(&mut self, files: Vec<PathBuf>) {
        let known = |stamps: &[Option<Stamp>], file: &Path| {
            let index = self.files.iter().position(|known| known == file)?;
            stamps.get(index).cloned()
        };
        let read = files
            .iter()
            .map(|file| known(&self.read, file).unwrap_or_else(|| stamp(file)))
            .collect();
        let found = files
            .iter()
            .map(|file| known(&self.found, file).unwrap_or_else(|| stamp(file)))
            .collect();
        *self = ConfigWatch { files, read, found };
    }

    /// The files are about to be read as they are.
    pub(crate) fn seen(&mut self) {
        self.found = self.look();
        self.read.clone_from(&self.found);
    }

    /// Whether they have changed since they were read, and not since the last look: an editor may be half-way through.
    pub(crate) fn has_changed(&mut self) -> bool {
        let now = self.look();
        let settled = now == self.found;
        let changed = now != self.read;
        self.found = now;
        if settled && changed {
            self.read.clone_from(&self.found);
        }
        settled && changed
    }

    fn look(&self) -> Vec<Option<Stamp>> {
        self.files.iter().map(|file| stamp(file)).collect()
    }
}

/// `None`: there is no such file now.
fn stamp(file: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(file).ok()?;
    Some(Stamp {
        modified: metadata.modified().ok(),
        bytes: metadata.len(),
        inode: metadata.ino(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_holds_once_it_has_settled() {
        let directory = tempfile::tempdir().unwrap();
        let [file, included] = ["pgwarden.toml", "more.toml"].map(|name| directory.path().join(name));
        fs::write(&file, "1").unwrap();
        let mut watch = ConfigWatch::new(&file);
        assert!(!watch.has_changed());

        fs::write(&file, "two").unwrap();
        assert!(!watch.has_changed(), "it may be half-written");
        assert!(watch.has_changed());
        assert!(!watch.has_changed(), "once is enough");

        fs::remove_file(&file).unwrap();
        fs::write(&file, "anew, under the same name").unwrap();
        assert!(!watch.has_changed());
        fs::write(&file, "and again").unwrap();
        assert!(!watch.has_changed(), "still being written");
        assert!(watch.has_changed());

        watch.set_files(vec![file.clone(), included.clone()]);
        assert!(!watch.has_changed());
        fs::write(&included, "a file that was not there").unwrap();
        assert!(!watch.has_changed());
        assert!(watch.has_changed());

        fs::write(&file, "by hand, and then SIGHUP").unwrap();
        watch.seen();
        assert!(!watch.has_changed());
        assert!(!watch.has_changed());
    }

    #[test]
    fn a_change_during_the_start_is_not_missed() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pgwarden.toml");
        fs::write(&file, "1").unwrap();
        let mut watch = ConfigWatch::new(&file);
        fs::write(&file, "changed after it was read").unwrap();
        watch.set_files(vec![file]);
        assert!(!watch.has_changed());
        assert!(watch.has_changed());
    }
}
