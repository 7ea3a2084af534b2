//! What is read from certificates beyond what rustls does with them: whose they are, and what a channel is bound to.

use rustls::pki_types::UnixTime;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};
use x509_cert::Certificate as X509;
use x509_cert::certificate::Version;
use x509_cert::der::asn1::{
    ContextSpecific, Ia5StringRef, ObjectIdentifier, PrintableStringRef, TeletexStringRef, Utf8StringRef,
};
use x509_cert::der::{AnyRef, Decode as _, Encode as _, SliceReader, Tag, TagNumber, Tagged as _};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::spki::AlgorithmIdentifierOwned;

/// `commonName` (X.520).
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
/// `subjectAltName` (RFC 5280).
const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");

/// Longest subject that is shown whole, in characters.
const SUBJECT_CHARS_MAX: usize = 200;

/// Not a certificate that can be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not an X.509 certificate")]
pub struct CertificateError;

/// A certificate, read. Whether somebody vouches for it isn't known here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    subject: String,
    common_names: Vec<String>,
    /// E-mail addresses, DNS names and URIs among the alternative names. `None`: the certificate has no alternative names of any kind.
    alternative_names: Option<Vec<String>>,
    version: Version,
    /// DER of its public key's `SubjectPublicKeyInfo`.
    public_key: Vec<u8>,
    /// Seconds since 1970, both included.
    validity: (u64, u64),
    end_point: Option<Vec<u8>>,
}

impl Certificate {
    /// Reads a certificate in DER.
    pub fn read(der: &[u8]) -> Result<Self, CertificateError> {
        let x509 = X509::from_der(der).map_err(|_| CertificateError)?;
        let tbs = &x509.tbs_certificate;
        let common_names = tbs
            .subject
            .0
            .iter()
            .flat_map(|names| names.0.iter())
            .filter(|attribute| attribute.oid == COMMON_NAME)
            // One that can't be read still counts, and fits nobody.
            .map(|attribute| text(AnyRef::from(&attribute.value)).unwrap_or_default())
            .collect();
        let mut alternative_names = None;
        for extension in tbs.extensions.iter().flatten() {
            if extension.extn_id == SUBJECT_ALT_NAME {
                let names = SubjectAltName::from_der(extension.extn_value.as_bytes())
                    .map_err(|_| CertificateError)?;
                alternative_names = Some(names.0.iter().filter_map(alternative_name).collect());
            }
        }
        let public_key = tbs
            .subject_public_key_info
            .to_der()
            .map_err(|_| CertificateError)?;
        Ok(Self {
            subject: shown(&tbs.subject.to_string()),
            common_names,
            alternative_names,
            version: tbs.version,
            public_key,
            validity: (
                tbs.validity.not_before.to_unix_duration().as_secs(),
                tbs.validity.not_after.to_unix_duration().as_secs(),
            ),
            end_point: end_point(&x509.signature_algorithm, der),
        })
    }

    /// The subject, for people to read: `CN=alice,O=Example`.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What a channel that it protects is bound to (`tls-server-end-point`, RFC 5929): its digest by the hash function of its signature, by
    /// SHA-256 in place of MD5 and SHA-1. `None`: its signature has no such function, as Ed25519's hasn't.
    pub fn end_point(&self) -> Option<&[u8]> {
        self.end_point.as_deref()
    }

    /// Whether it was made before there were extensions, and so can't say what it is for. rustls reads none of these.
    pub(crate) fn is_version_1(&self) -> bool {
        self.version == Version::V1
    }

    pub(crate) fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    pub(crate) fn is_valid_at(&self, now: UnixTime) -> bool {
        let (first, last) = self.validity;
        (first..=last).contains(&now.as_secs())
    }

    /// Whether its common name stands for a host. That counts only where there are no alternative names (RFC 6125, and libpq).
    pub(crate) fn is_named(&self, host: &str) -> bool {
        self.alternative_names.is_none() && self.common_names.iter().any(|name| stands_for(name, host))
    }
}

/// Whether a name, maybe with `*` as its first label, stands for a host, as `wildcard_certificate_match` of libpq (fe-secure-common.c).
fn stands_for(name: &str, host: &str) -> bool {
    if name.eq_ignore_ascii_case(host) {
        return true;
    }
    let (Some(domain), Some((label, rest))) = (name.strip_prefix("*."), host.split_once('.')) else {
        return false;
    };
    let is_address = host.parse::<std::net::IpAddr>().is_ok();
    !is_address && !label.is_empty() && domain.contains('.') && domain.eq_ignore_ascii_case(rest)
}

/// Whose certificate lets a person log in (`certificate = { cn = … }`). What is written has to fit, all of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CertificateIdentity {
    /// The only common name of the subject.
    pub(crate) common_name: Option<String>,
    /// An e-mail address, DNS name or URI among the alternative names.
    pub(crate) alternative_name: Option<String>,
}

impl CertificateIdentity {
    /// Whether a certificate is this person's. It has to have been verified before.
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        let Self {
            common_name,
            alternative_name,
        } = self;
        // Of two common names one may have been slipped in by who asked for the certificate.
        let common_name_fits = common_name
            .as_ref()
            .is_none_or(|name| certificate.common_names.as_slice() == std::slice::from_ref(name));
        let alternative_name_fits = alternative_name.as_ref().is_none_or(|name| {
            certificate
                .alternative_names
                .iter()
                .flatten()
                .any(|other| other == name)
        });
        (common_name.is_some() || alternative_name.is_some()) && common_name_fits && alternative_name_fits
    }
}

/// A string of one of the types that names are written in.
fn text(value: AnyRef<'_>) -> Option<String> {
    Some(match value.tag() {
        Tag::Utf8String => value.decode_as::<Utf8StringRef<'_>>().ok()?.as_str().to_owned(),
        Tag::PrintableString => value
            .decode_as::<PrintableStringRef<'_>>()
            .ok()?
            .as_str()
            .to_owned(),
        Tag::Ia5String => value.decode_as::<Ia5StringRef<'_>>().ok()?.as_str().to_owned(),
        Tag::TeletexString => value
            .decode_as::<TeletexStringRef<'_>>()
            .ok()?
            .as_str()
            .to_owned(),
        // Two bytes a character; nobody's certificate of today.
        _ => return None,
    })
}

fn alternative_name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::Rfc822Name(name)
        | GeneralName::DnsName(name)
        | GeneralName::UniformResourceIdentifier(name) => Some(name.as_str().to_owned()),
        GeneralName::OtherName(_)
        | GeneralName::DirectoryName(_)
        | GeneralName::EdiPartyName(_)
        | GeneralName::IpAddress(_)
        | GeneralName::RegisteredId(_) => None,
    }
}

/// On one line, and not too long.
fn shown(subject: &str) -> String {
    subject
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .take(SUBJECT_CHARS_MAX)
        .collect()
}

enum Hash {
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

fn end_point(algorithm: &AlgorithmIdentifierOwned, der: &[u8]) -> Option<Vec<u8>> {
    Some(match hash_of(algorithm)? {
        Hash::Sha224 => Sha224::digest(der).to_vec(),
        Hash::Sha256 => Sha256::digest(der).to_vec(),
        Hash::Sha384 => Sha384::digest(der).to_vec(),
        Hash::Sha512 => Sha512::digest(der).to_vec(),
    })
}

/// The hash function of a signature algorithm, as RFC 5929 (section 4.1) wants it. OIDs as in RFC 3279, 4055 and 5758.
fn hash_of(algorithm: &AlgorithmIdentifierOwned) -> Option<Hash> {
    Some(match algorithm.oid.to_string().as_str() {
        // md5WithRSAEncryption, sha1WithRSAEncryption, sha256WithRSAEncryption, ecdsa-with-SHA1, ecdsa-with-SHA256
        "1.2.840.113549.1.1.4"
        | "1.2.840.113549.1.1.5"
        | "1.2.840.113549.1.1.11"
        | "1.2.840.10045.4.1"
        | "1.2.840.10045.4.3.2" => Hash::Sha256,
        "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => Hash::Sha384,
        "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" => Hash::Sha512,
        "1.2.840.113549.1.1.14" | "1.2.840.10045.4.3.1" => Hash::Sha224,
        "1.2.840.113549.1.1.10" => pss_hash(algorithm)?,
        _ => return None,
    })
}

/// The hash function of RSASSA-PSS stands in its parameters; left out, it is SHA-1.
fn pss_hash(algorithm: &AlgorithmIdentifierOwned) -> Option<Hash> {
    let parameters = AnyRef::from(algorithm.parameters.as_ref()?);
    let mut reader = SliceReader::new(parameters.value()).ok()?;
    let hash =
        ContextSpecific::<AlgorithmIdentifierOwned>::decode_explicit(&mut reader, TagNumber::N0).ok()?;
    Some(match hash.map(|hash| hash.value.oid.to_string()).as_deref() {
        // id-sha256; id-sha1, which is the default
        Some("2.16.840.1.101.3.4.2.1" | "1.3.14.3.2.26") | None => Hash::Sha256,
        Some("2.16.840.1.101.3.4.2.2") => Hash::Sha384,
        Some("2.16.840.1.101.3.4.2.3") => Hash::Sha512,
        Some("2.16.840.1.101.3.4.2.4") => Hash::Sha224,
        Some(_) => return None,
    })
}
