//! Certificates and who vouches for them, made anew in each test.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rcgen::string::Ia5String;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, SanType,
    SignatureAlgorithm,
};

/// What an authority signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// ECDSA on P-256, with SHA-256.
    EcdsaSha256,
    /// ECDSA on P-384, with SHA-384.
    EcdsaSha384,
    /// Ed25519, which knows no hash function that a channel could be bound by.
    Ed25519,
}

impl Signature {
    fn algorithm(self) -> &'static SignatureAlgorithm {
        match self {
            Signature::EcdsaSha256 => &PKCS_ECDSA_P256_SHA256,
            Signature::EcdsaSha384 => &PKCS_ECDSA_P384_SHA384,
            Signature::Ed25519 => &PKCS_ED25519,
        }
    }
}

/// Somebody who vouches for others.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: Vec<u8>,
}

/// A certificate with its key.
#[derive(Debug, Clone)]
pub struct Identity {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

impl Authority {
    /// One of this name, which signs with ECDSA and SHA-256.
    pub fn new(name: &str) -> Result<Self> {
        Self::signing(name, Signature::EcdsaSha256)
    }

    /// One that signs in another way.
    pub fn signing(name: &str, signature: Signature) -> Result<Self> {
        let mut params = CertificateParams::default();
        params.distinguished_name = named(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate_for(signature.algorithm()).context("make an authority's key")?;
        let certificate = params
            .self_signed(&key)
            .context("sign an authority")?
            .der()
            .to_vec();
        Ok(Self {
            issuer: Issuer::new(params, key),
            certificate,
        })
    }

    /// Its certificate, in PEM.
    pub fn pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    /// Its certificate, in DER.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    /// Writes its certificate.
    pub fn write(&self, path: &Path) -> Result<()> {
        fs::write(path, self.pem()).context("write an authority's certificate")
    }

    /// A server's, for these names and addresses; the first is the common name too.
    pub fn server(&self, names: &[&str]) -> Result<Identity> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names.clone()).context("name a server")?;
        params.distinguished_name = named(names.first().map_or("", String::as_str));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.sign(&params)
    }

    /// A server's that has a common name and no alternative names, as PostgreSQL's documentation makes them.
    pub fn server_by_common_name(&self, name: &str) -> Result<Identity> {
        let mut params = CertificateParams::default();
        params.distinguished_name = named(name);
        self.sign(&params)
    }

    /// A client's, with e-mail addresses as alternative names.
    pub fn client(&self, common_name: &str, addresses: &[&str]) -> Result<Identity> {
        let mut params = CertificateParams::default();
        params.distinguished_name = named(common_name);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        for address in addresses {
            params.subject_alt_names.push(SanType::Rfc822Name(
                Ia5String::try_from(*address).context("name a client")?,
            ));
        }
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> Result<Identity> {
        let key = KeyPair::generate().context("make a key")?;
        let certificate = params
            .signed_by(&key, &self.issuer)
            .context("sign a certificate")?;
        Ok(Identity {
            certificate: certificate.der().to_vec(),
            key: key.serialize_der(),
        })
    }
}

impl Identity {
    /// One that nobody else vouches for.
    pub fn self_signed(name: &str) -> Result<Self> {
        let mut params = CertificateParams::new(vec![name.to_owned()]).context("name a server")?;
        params.distinguished_name = named(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().context("make a key")?;
        let certificate = params.self_signed(&key).context("sign a certificate")?;
        Ok(Self {
            certificate: certificate.der().to_vec(),
            key: key.serialize_der(),
        })
    }

    /// The certificate, in DER.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    /// The key, in DER of PKCS#8.
    pub fn key_der(&self) -> &[u8] {
        &self.key
    }

    /// The certificate, in PEM.
    pub fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    /// The key, in PEM.
    pub fn key_pem(&self) -> String {
        pem("PRIVATE KEY", &self.key)
    }

    /// Writes `NAME.crt` and `NAME.key`, the key for nobody else to read, and gives their paths.
    pub fn write(&self, directory: &Path, name: &str) -> Result<(PathBuf, PathBuf)> {
        let (certificate, key) = (
            directory.join(format!("{name}.crt")),
            directory.join(format!("{name}.key")),
        );
        fs::write(&certificate, self.certificate_pem()).context("write a certificate")?;
        fs::write(&key, self.key_pem()).context("write a key")?;
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).context("close a key's file")?;
        Ok((certificate, key))
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let mut pem = format!("-----BEGIN {label}-----\n");
    // Base64 is ASCII, so it may be cut anywhere.
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem + "-----END " + label + "-----\n"
}
