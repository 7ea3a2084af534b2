//! `tls = { mode = … }` of both sides. This version has no TLS, so all that can be written is that there is none.

use super::section::Field;

/// Modes towards clients.
pub(super) const SERVER_MODES: &[(&str, Mode)] = &[
    ("disable", Mode::Disable),
    ("prefer", Mode::Other),
    ("require", Mode::Other),
];

/// Modes towards databases.
pub(super) const DATABASE_MODES: &[(&str, Mode)] = &[
    ("disable", Mode::Disable),
    ("prefer", Mode::Other),
    ("require", Mode::Other),
    ("verify-ca", Mode::Other),
    ("verify-full", Mode::Other),
];

/// What to write where there has to be something.
pub(super) const HINT: &str = "TLS is not supported by this version; write tls = { mode = \"disable\" }";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Disable,
    Other,
}

/// Checks the value of `tls`: a table, or the mode alone. Once this returns without a report, the mode is `disable`.
pub(super) fn check(field: &Field<'_>, modes: &[(&'static str, Mode)]) {
    if field.as_str().is_some() {
        check_mode(field, modes);
        return;
    }
    let Some(mut section) = field.as_table() else {
        field.unfit("a table such as { mode = \"disable\" }", None);
        return;
    };
    let mode = section.take("mode");
    let disabled = mode.as_ref().is_some_and(|mode| check_mode(mode, modes));
    let mut files = 0;
    for key in ["cert", "key", "client_ca", "ca"] {
        let Some(file) = section.take(key) else { continue };
        files += 1;
        // With another mode the error about that says it all.
        if disabled {
            file.not_supported();
        }
    }
    if mode.is_none() && files > 0 {
        // The mode has a default once there is a certificate.
        field.error_with_hint(
            "TLS is not supported by this version",
            "write tls = { mode = \"disable\" }",
        );
    } else if mode.is_none() {
        section.error("key `mode` is missing".to_owned(), None);
    }
    section.finish();
}

fn check_mode(field: &Field<'_>, modes: &[(&'static str, Mode)]) -> bool {
    let mode = field.choice(modes);
    if mode == Some(Mode::Other) {
        let word = field.as_str().unwrap_or_default();
        field.error_with_hint(
            format!("TLS mode \"{word}\" is not supported by this version"),
            HINT,
        );
    }
    mode == Some(Mode::Disable)
}
