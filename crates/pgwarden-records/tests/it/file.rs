//! Files for the other tests.

use std::path::Path;

use pgwarden_records::{Diagnostic, Diagnostics, Snapshot, load};

/// A verifier of no known password.
pub(crate) const VERIFIER: &str = "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$\
                                   AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// The parts that each file needs, with these records and people.
pub(crate) fn base(records: &[&str], people: &[&str]) -> String {
    let mut text = String::from(
        "[[pam_configuration]]\nname = \"local\"\ntls = { mode = \"disable\" }\n\
         [[pam_user]]\nname = \"app\"\nlogin = \"app_rw\"\n",
    );
    for record in records {
        text += &format!(
            "[[pam_database]]\nname = \"{record}\"\npam_configuration = \"local\"\nhost = \"127.0.0.1\"\npam_user = \"app\"\n\
             [pam_database.connection]\nprotocol = \"postgresql\"\nenable = true\ndefault_database = \"{record}_db\"\n"
        );
    }
    for person in people {
        text += &format!("[[user]]\nname = \"{person}\"\nscram = \"{VERIFIER}\"\n");
    }
    text
}

/// Loads a text as the file `pgwarden.toml`.
pub(crate) fn read(text: &str) -> Result<(Snapshot, Vec<Diagnostic>), Diagnostics> {
    let directory = tempfile::tempdir().unwrap();
    read_in(directory.path(), text)
}

pub(crate) fn read_in(directory: &Path, text: &str) -> Result<(Snapshot, Vec<Diagnostic>), Diagnostics> {
    let path = directory.join("pgwarden.toml");
    std::fs::write(&path, text).unwrap();
    load(&path)
}

#[track_caller]
pub(crate) fn snapshot(text: &str) -> Snapshot {
    match read(text) {
        Ok((snapshot, _)) => snapshot,
        Err(errors) => panic!("{errors}"),
    }
}
