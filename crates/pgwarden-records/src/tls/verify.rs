//! Checking the certificates of databases as far as is asked for.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{
    WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
    verify_tls13_signature_with_raw_key,
};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::provider;
use crate::Certificate;

/// Who is trusted to vouch for others.
#[derive(Debug)]
pub(crate) struct Authorities {
    pub(crate) roots: RootCertStore,
    /// Certificates that are trusted as they are: PostgreSQL's documentation has servers sign their own, and clients trust just that.
    pub(crate) pinned: Vec<CertificateDer<'static>>,
}

#[derive(Debug)]
pub(super) enum Trust {
    Anything,
    Chain(Arc<Authorities>),
    ChainAndName(Arc<Authorities>),
}

#[derive(Debug)]
pub(super) struct DatabaseVerifier {
    trust: Trust,
    algorithms: WebPkiSupportedAlgorithms,
}

impl DatabaseVerifier {
    pub(super) fn new(trust: Trust) -> Self {
        Self {
            trust,
            algorithms: provider().signature_verification_algorithms,
        }
    }

    fn verify_chain(
        &self,
        authorities: &Authorities,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        if authorities.pinned.iter().any(|pinned| pinned == certificate) {
            let read = Certificate::read(certificate).map_err(|_| CertificateError::BadEncoding)?;
            return if read.is_valid_at(now) {
                Ok(())
            } else {
                Err(CertificateError::Expired.into())
            };
        }
        let parsed =
            ParsedCertificate::try_from(certificate).map_err(|error| explained(error, certificate))?;
        verify_server_cert_signed_by_trust_anchor(
            &parsed,
            &authorities.roots,
            intermediates,
            now,
            self.algorithms.all,
        )
    }
}

impl ServerCertVerifier for DatabaseVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match &self.trust {
            Trust::Anything => {}
            Trust::Chain(authorities) => self.verify_chain(authorities, certificate, intermediates, now)?,
            Trust::ChainAndName(authorities) => {
                self.verify_chain(authorities, certificate, intermediates, now)?;
                verify_name(certificate, name)?;
            }
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
            .map_err(|error| explained(error, certificate))
    }

    /// Also where no certificate is verified: channel binding rests on the server's having the key of the certificate that it shows.
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match Certificate::read(certificate) {
            // What `openssl x509 -req` makes by default, as in PostgreSQL's documentation; the signature needs its key alone.
            Ok(read) if read.is_version_1() => verify_tls13_signature_with_raw_key(
                message,
                &SubjectPublicKeyInfoDer::from(read.public_key()),
                signature,
                &self.algorithms,
            ),
            Ok(_) | Err(_) => verify_tls13_signature(message, certificate, signature, &self.algorithms),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// By the alternative names, or by the common name where there are none at all, which libpq takes too.
fn verify_name(certificate: &CertificateDer<'_>, name: &ServerName<'_>) -> Result<(), Error> {
    let by_alternative_name =
        ParsedCertificate::try_from(certificate).and_then(|parsed| verify_server_name(&parsed, name));
    let Err(error) = by_alternative_name else {
        return Ok(());
    };
    match Certificate::read(certificate) {
        Ok(read) if read.is_named(&name.to_str()) => Ok(()),
        Ok(read) if read.is_version_1() => Err(CertificateError::NotValidForName.into()),
        Ok(_) | Err(_) => Err(error),
    }
}

/// Says what is wrong with certificates of version 1, which webpki calls badly encoded.
fn explained(error: Error, certificate: &CertificateDer<'_>) -> Error {
    match Certificate::read(certificate) {
        Ok(read) if read.is_version_1() => Error::General(
            "the certificate is of X.509 version 1; issue it anew with a subjectAltName".to_owned(),
        ),
        Ok(_) | Err(_) => error,
    }
}
