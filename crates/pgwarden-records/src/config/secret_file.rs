//! Files that hold secrets.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::section::Field;

/// What others than the owner and the group may do. A group may read: services and Kubernetes hand secrets to a process by its group.
const OTHERS: u32 = 0o007;

/// A secret that everyone on the machine can read is none; one that they can write is theirs.
pub(super) fn warn_of_readers(field: &Field<'_>, path: &Path) {
    if let Ok(metadata) = path.metadata()
        && metadata.permissions().mode() & OTHERS != 0
    {
        field.warning(
            format!("{} is open to everyone on this machine", path.display()),
            Some(format!("chmod o= {}", path.display())),
        );
    }
}
