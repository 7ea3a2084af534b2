//! `tls = { mode = … }` of both sides, and the files of certificates that it names.

use std::fmt::Display;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use zeroize::Zeroizing;

use super::secret_file;
use super::section::Field;
use crate::tls::{Authorities, provider};
use crate::{
    ChannelBinding, DatabaseTls, DatabaseTlsClient, ListenTls, Negotiation, ServerIdentity, Verification,
};

/// Largest file of certificates or of a key: the authorities of a whole system take about 250 KiB.
const PEM_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// What to write where listeners can be reached from other machines.
pub(super) const LISTEN_HINT: &str = "write tls = { cert = \"server.crt\", key = \"server.key\" } under [server]; or tls = { mode = \"disable\" }, if something else encrypts it";

/// What to write where databases are on other machines.
pub(super) const DATABASE_HINT: &str = "write tls = { mode = \"verify-full\", ca = \"root.crt\" } in its [[pam_configuration]]; or tls = { mode = \"disable\" }, if something else encrypts it";

#[derive(Clone, Copy, PartialEq, Eq)]
enum ListenMode {
    Disable,
    Prefer,
    Require,
}

const LISTEN_MODES: &[(&str, ListenMode)] = &[
    ("disable", ListenMode::Disable),
    ("prefer", ListenMode::Prefer),
    ("require", ListenMode::Require),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum DatabaseMode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

const DATABASE_MODES: &[(&str, DatabaseMode)] = &[
    ("disable", DatabaseMode::Disable),
    ("prefer", DatabaseMode::Prefer),
    ("require", DatabaseMode::Require),
    ("verify-ca", DatabaseMode::VerifyCa),
    ("verify-full", DatabaseMode::VerifyFull),
];

const CHANNEL_BINDINGS: &[(&str, ChannelBinding)] = &[
    ("disable", ChannelBinding::Disable),
    ("prefer", ChannelBinding::Prefer),
    ("require", ChannelBinding::Require),
];

const NEGOTIATIONS: &[(&str, Negotiation)] = &[
    ("postgres", Negotiation::Postgres),
    ("direct", Negotiation::Direct),
];

/// The files that the snapshot is made of, besides those of the configuration itself.
pub(super) type Files = Vec<PathBuf>;

/// `tls` of `[server]` or of a listener.
#[derive(Clone, Default)]
pub(super) struct ListenDraft {
    mode: Option<ListenMode>,
    certificate: Shown,
}

/// What clients are to be shown.
#[derive(Clone, Default)]
enum Shown {
    #[default]
    Nothing,
    /// Something is wrong with it, and was reported.
    Wrong,
    Certificate {
        certified: Arc<CertifiedKey>,
        clients: Option<Arc<RootCertStore>>,
        identity: Arc<ServerIdentity>,
    },
}

impl ListenDraft {
    /// Whether there is none, which has to be written.
    pub(super) fn is_disabled(&self) -> bool {
        self.mode == Some(ListenMode::Disable)
    }

    /// Whether certificates of clients are asked for.
    pub(super) fn asks_for_certificate(&self) -> bool {
        match &self.certificate {
            Shown::Certificate { clients, .. } => clients.is_some(),
            // What is wrong may be meant to ask for them.
            Shown::Wrong => true,
            Shown::Nothing => false,
        }
    }

    /// Whether it is known who vouches for clients.
    pub(super) fn has_client_authorities(&self) -> bool {
        matches!(&self.certificate, Shown::Certificate { clients: Some(_), .. })
    }

    /// What a listener does by this.
    pub(super) fn listen_tls(&self) -> ListenTls {
        let Shown::Certificate { identity, .. } = &self.certificate else {
            // In another mode than `disable` that was reported.
            return ListenTls::Disable;
        };
        match self.mode {
            Some(ListenMode::Disable) => ListenTls::Disable,
            Some(ListenMode::Prefer) => ListenTls::Prefer(Arc::clone(identity)),
            // Whoever has a certificate means it to be used.
            Some(ListenMode::Require) | None => ListenTls::Require(Arc::clone(identity)),
        }
    }
}

/// Reads `tls` of `[server]`, or of a listener, which takes what it doesn't write from `server`: a table, or the mode alone.
pub(super) fn read_listen(field: &Field<'_>, server: Option<&ListenDraft>, files: &mut Files) -> ListenDraft {
    let mut draft = server.cloned().unwrap_or_default();
    if field.as_str().is_some() {
        draft.mode = field.choice(LISTEN_MODES);
        if draft.mode.is_none() {
            draft.certificate = Shown::Wrong;
        }
    } else if let Some(mut section) = field.as_table() {
        let mode = section.take("mode");
        let pair = (section.take("cert"), section.take("key"));
        let clients = section.take("client_ca");
        if let Some(mode) = mode {
            draft.mode = mode.choice(LISTEN_MODES);
        }
        let own = match pair {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some(certified_key(&certificate, &key, files)),
            (Some(_), None) => {
                section.error("key `key` is missing".to_owned(), None);
                Some(None)
            }
            (None, Some(_)) => {
                section.error("key `cert` is missing".to_owned(), None);
                Some(None)
            }
        };
        let clients = clients.map(|field| client_authorities(&field, files));
        draft.certificate = shown(field, draft.certificate, own, clients);
        section.finish();
    } else {
        field.unfit(
            "a table such as { cert = \"server.crt\", key = \"server.key\" } or { mode = \"disable\" }",
            None,
        );
        draft.certificate = Shown::Wrong;
    }
    if matches!(draft.certificate, Shown::Nothing) && !draft.is_disabled() {
        field.error_with_hint(
            "there is no certificate to show to clients",
            "write tls = { cert = \"server.crt\", key = \"server.key\" }",
        );
        draft.certificate = Shown::Wrong;
    }
    draft
}

/// Puts together what is written, and for what isn't, what `before` has. `Some(None)` was reported.
#[expect(clippy::option_option, reason = "what is absent and what is wrong differ")]
fn shown(
    field: &Field<'_>,
    before: Shown,
    own: Option<Option<Arc<CertifiedKey>>>,
    clients: Option<Option<Arc<RootCertStore>>>,
) -> Shown {
    let (certified_before, clients_before) = match before {
        Shown::Wrong => return Shown::Wrong,
        Shown::Nothing => (None, None),
        Shown::Certificate {
            certified, clients, ..
        } => (Some(certified), clients),
    };
    let (certified, clients) = match (own, clients) {
        (Some(None), _) | (_, Some(None)) => return Shown::Wrong,
        (own, clients) => (
            own.flatten().or(certified_before),
            clients.flatten().or(clients_before),
        ),
    };
    let Some(certified) = certified else {
        // The caller says so.
        return Shown::Nothing;
    };
    match ServerIdentity::new(Arc::clone(&certified), clients.clone()) {
        Ok(identity) => Shown::Certificate {
            certified,
            clients,
            identity: Arc::new(identity),
        },
        Err(error) => {
            field.error(format!("TLS can't be set up with this: {error}"));
            Shown::Wrong
        }
    }
}

/// Reads the files of a certificate, with those that vouch for it behind it, and of its key.
pub(super) fn certified_key(
    certificate: &Field<'_>,
    key: &Field<'_>,
    files: &mut Files,
) -> Option<Arc<CertifiedKey>> {
    let chain = certificates(certificate, files);
    let private_key = private_key(key, files);
    match CertifiedKey::from_der(chain?, private_key?, &provider()) {
        Ok(certified) => Some(Arc::new(certified)),
        Err(rustls::Error::InconsistentKeys(_)) => {
            key.error("this is not the key of the certificate");
            None
        }
        Err(error) => {
            key.error(format!("the certificate and its key can't be used: {error}"));
            None
        }
    }
}

fn private_key(field: &Field<'_>, files: &mut Files) -> Option<PrivateKeyDer<'static>> {
    let path = field.source().resolve(field.text()?);
    secret_file::warn_of_readers(field, &path);
    let bytes = read(field, &path, files)?;
    let key = PrivateKeyDer::from_pem_slice(&bytes).ok();
    if key.is_none() {
        field.error_with_hint(
            format!("{} holds no private key that can be read", path.display()),
            "it has to be in PEM (PKCS#8, PKCS#1 or SEC1), without a passphrase",
        );
    }
    key
}

/// The certificates of a PEM file, at least one.
fn certificates(field: &Field<'_>, files: &mut Files) -> Option<Vec<CertificateDer<'static>>> {
    let path = field.source().resolve(field.text()?);
    let bytes = read(field, &path, files)?;
    match CertificateDer::pem_slice_iter(&bytes).collect::<Result<Vec<_>, _>>() {
        Ok(certificates) if !certificates.is_empty() => Some(certificates),
        Ok(_) => {
            field.error(format!("{} holds no certificate in PEM", path.display()));
            None
        }
        Err(error) => {
            unreadable(field, &path, &error);
            None
        }
    }
}

fn read(field: &Field<'_>, path: &Path, files: &mut Files) -> Option<Zeroizing<Vec<u8>>> {
    files.push(path.to_owned());
    let read = || -> std::io::Result<Zeroizing<Vec<u8>>> {
        let file = std::fs::File::open(path)?;
        let length = usize::try_from(file.metadata()?.len().min(PEM_BYTES_MAX)).unwrap_or_default();
        // Room for all of it first, as a buffer that moves leaves copies of a key behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(length + 1));
        file.take(PEM_BYTES_MAX + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) if u64::try_from(bytes.len()).is_ok_and(|length| length <= PEM_BYTES_MAX) => Some(bytes),
        Ok(_) => {
            field.error(format!("{} is larger than {PEM_BYTES_MAX} bytes", path.display()));
            None
        }
        Err(error) => {
            unreadable(field, path, &error);
            None
        }
    }
}

fn unreadable(field: &Field<'_>, path: &Path, error: &dyn Display) {
    field.error(format!("{} can't be read: {error}", path.display()));
}

/// Who vouches for certificates of clients.
fn client_authorities(field: &Field<'_>, files: &mut Files) -> Option<Arc<RootCertStore>> {
    let certificates = certificates(field, files)?;
    roots(field, certificates).map(Arc::new)
}

fn roots(field: &Field<'_>, certificates: Vec<CertificateDer<'static>>) -> Option<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for (index, certificate) in certificates.into_iter().enumerate() {
        if let Err(error) = roots.add(certificate) {
            let number = index + 1;
            field.error(format!(
                "certificate number {number} in it can't vouch for others: {error}"
            ));
            return None;
        }
    }
    Some(roots)
}

/// `tls` of a PAM configuration or of a database, before it is known with which certificate a PAM user logs in.
#[derive(Clone)]
pub(super) struct DatabaseDraft {
    mode: DatabaseMode,
    authorities: Option<Arc<Authorities>>,
    channel_binding: ChannelBinding,
    negotiation: Negotiation,
}

impl DatabaseDraft {
    /// What holds for databases on this machine where nothing is written, as with libpq.
    pub(super) const LOCAL: Self = Self {
        mode: DatabaseMode::Prefer,
        authorities: None,
        channel_binding: ChannelBinding::Prefer,
        negotiation: Negotiation::Postgres,
    };

    /// Whether there never is TLS.
    pub(super) fn is_disabled(&self) -> bool {
        self.mode == DatabaseMode::Disable
    }

    /// The whole, with the certificate that the PAM user logs in with.
    pub(super) fn complete(&self, own: Option<Arc<CertifiedKey>>) -> Result<DatabaseTls, rustls::Error> {
        let client = |verification| {
            DatabaseTlsClient::new(
                verification,
                self.authorities.clone(),
                own,
                self.channel_binding,
                self.negotiation,
            )
            .map(Arc::new)
        };
        Ok(match self.mode {
            DatabaseMode::Disable => DatabaseTls::Disable,
            DatabaseMode::Prefer => DatabaseTls::Prefer(client(Verification::None)?),
            DatabaseMode::Require => DatabaseTls::Require(client(Verification::None)?),
            DatabaseMode::VerifyCa => DatabaseTls::Require(client(Verification::Chain)?),
            DatabaseMode::VerifyFull => DatabaseTls::Require(client(Verification::ChainAndName)?),
        })
    }
}

/// Reads `tls` of a PAM configuration or of a database: a table, or the mode alone. `None`: what is wrong was reported.
pub(super) fn read_database(field: &Field<'_>, files: &mut Files) -> Option<DatabaseDraft> {
    let mut draft = DatabaseDraft::LOCAL;
    if field.as_str().is_some() {
        draft.mode = field.choice(DATABASE_MODES)?;
        draft.read_authorities(field, None, files)?;
        return Some(draft);
    }
    let Some(mut section) = field.as_table() else {
        field.unfit(
            "a table such as { mode = \"verify-full\", ca = \"root.crt\" }",
            None,
        );
        return None;
    };
    let mode = section.require("mode");
    let ca = section.take("ca");
    let channel_binding = section.take("channel_binding");
    let negotiation = section.take("negotiation");
    section.finish();
    draft.mode = mode?.choice(DATABASE_MODES)?;
    let may_be_plain = matches!(draft.mode, DatabaseMode::Disable | DatabaseMode::Prefer);
    if let Some(field) = channel_binding {
        draft.channel_binding = field.choice(CHANNEL_BINDINGS)?;
        if draft.channel_binding == ChannelBinding::Require && may_be_plain {
            field.error_with_hint(
                "in this mode there may be no TLS, and then nothing to bind to",
                "write mode = \"verify-full\"",
            );
        }
    }
    if let Some(field) = negotiation {
        draft.negotiation = field.choice(NEGOTIATIONS)?;
        if draft.negotiation == Negotiation::Direct && may_be_plain {
            field.error_with_hint(
                "in this mode there may be no TLS, so it can't begin directly",
                "write mode = \"verify-full\"",
            );
        }
    }
    draft.read_authorities(field, ca.as_ref(), files)?;
    Some(draft)
}

impl DatabaseDraft {
    /// `None`: what is wrong was reported.
    fn read_authorities(
        &mut self,
        field: &Field<'_>,
        ca: Option<&Field<'_>>,
        files: &mut Files,
    ) -> Option<()> {
        let verifies = matches!(self.mode, DatabaseMode::VerifyCa | DatabaseMode::VerifyFull);
        match ca {
            None if verifies => {
                field.error_with_hint(
                    "key `ca` is missing: it says who vouches for the database's certificate",
                    "write ca = \"root.crt\", or ca = \"system\" for the authorities that this machine trusts",
                );
                None
            }
            None => Some(()),
            Some(ca) if !verifies => {
                ca.error_with_hint(
                    "`ca` has no effect in this mode, which verifies no certificate",
                    "write mode = \"verify-full\"",
                );
                None
            }
            Some(ca) if self.mode == DatabaseMode::VerifyCa && ca.as_str() == Some("system") => {
                ca.error_with_hint(
                    "public authorities vouch for everybody, so that without the name nothing is verified",
                    "write mode = \"verify-full\"",
                );
                None
            }
            Some(ca) => {
                self.authorities = Some(Arc::new(authorities(ca, files)?));
                Some(())
            }
        }
    }
}

/// Who vouches for certificates of databases.
fn authorities(field: &Field<'_>, files: &mut Files) -> Option<Authorities> {
    if field.text()? == "system" {
        return system_authorities(field);
    }
    let certificates = certificates(field, files)?;
    Some(Authorities {
        roots: roots(field, certificates.clone())?,
        pinned: certificates,
    })
}

/// Those that the operating system keeps, `SSL_CERT_FILE` and `SSL_CERT_DIR` respected. Of so many some may be of a kind that can't be used.
fn system_authorities(field: &Field<'_>) -> Option<Authorities> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (usable, _) = roots.add_parsable_certificates(found.certs);
    if usable == 0 {
        field.error_with_hint(
            "this machine has no certificates of authorities",
            "install the package ca-certificates, or name a file",
        );
        return None;
    }
    Some(Authorities {
        roots,
        pinned: Vec::new(),
    })
}
