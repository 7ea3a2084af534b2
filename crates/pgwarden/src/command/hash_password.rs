use std::io::{self, BufRead, IsTerminal as _, Write as _};

use anyhow::{Context as _, bail};
use pgwarden_records::Secret;
use zeroize::Zeroizing;

use crate::cli::HashPasswordArgs;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &HashPasswordArgs) -> anyhow::Result<Exit> {
    let iterations = args.iterations.get();
    if iterations > pgwarden_proxy::ITERATIONS_MAX {
        bail!(
            "--iterations is {iterations}, and {} are allowed",
            pgwarden_proxy::ITERATIONS_MAX
        );
    }
    let password = if io::stdin().is_terminal() {
        ask()?
    } else {
        first_line(io::stdin().lock())?
    };
    let verifier = verifier(&password, iterations)?;
    let mut out = output::stdout();
    writeln!(out, "{verifier}")?;
    out.flush()?;
    Ok(Exit::Done)
}

fn verifier(password: &str, iterations: u32) -> anyhow::Result<String> {
    if password.is_empty() {
        bail!("the password is empty; nobody could log in with it");
    }
    let password = Secret::new(password.as_bytes().to_vec());
    pgwarden_proxy::scram_verifier(&password, iterations).context("make a salt")
}

fn ask() -> anyhow::Result<Zeroizing<String>> {
    let password = Zeroizing::new(rpassword::prompt_password("Password: ").context("read the password")?);
    let again = Zeroizing::new(rpassword::prompt_password("Again: ").context("read the password")?);
    if password != again {
        bail!("the passwords differ");
    }
    Ok(password)
}

fn first_line(mut input: impl BufRead) -> anyhow::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    input
        .read_line(&mut line)
        .context("read the password from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    Ok(Zeroizing::new(password))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD as BASE64;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use pgwarden_records::ScramVerifier;
    use postgres_protocol::authentication::sasl::{ChannelBinding, ScramSha256};
    use sha2::{Digest as _, Sha256};

    use super::*;

    /// Whether a client with this password and the holder of the verifier prove to each other who they are (RFC 5802, "SCRAM Algorithm
    /// Overview").
    fn verifies(verifier: &ScramVerifier, password: &str) -> bool {
        let mut client = ScramSha256::new(password.as_bytes(), ChannelBinding::unsupported());
        let client_first = String::from_utf8(client.message().to_vec()).unwrap();
        let bare = client_first.strip_prefix("n,,").unwrap();
        let (_, nonce) = bare.split_once("r=").unwrap();
        let server_first = format!(
            "r={nonce}server,s={},i={}",
            BASE64.encode(&verifier.salt),
            verifier.iterations
        );
        client.update(server_first.as_bytes()).unwrap();
        let client_final = String::from_utf8(client.message().to_vec()).unwrap();
        let (without_proof, proof) = client_final.rsplit_once(",p=").unwrap();

        let signature = |key: &[u8; 32]| {
            let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
            mac.update(format!("{bare},{server_first},{without_proof}").as_bytes());
            mac.finalize().into_bytes()
        };
        let client_key: Vec<u8> = BASE64
            .decode(proof)
            .unwrap()
            .iter()
            .zip(signature(verifier.stored_key.expose()))
            .map(|(proof, signature)| proof ^ signature)
            .collect();
        let server_final = format!("v={}", BASE64.encode(signature(verifier.server_key.expose())));
        verifier.stored_key.ct_eq(&Sha256::digest(&client_key))
            && client.finish(server_final.as_bytes()).is_ok()
    }

    #[test]
    fn whoever_knows_the_password_can_log_in_and_nobody_else() {
        for password in ["correct horse", "päss\u{ad}wörd", " ", "x\ty"] {
            let verifier = ScramVerifier::parse(&verifier(password, 5).unwrap()).unwrap();
            assert!(verifies(&verifier, password), "{password:?}");
            assert!(!verifies(&verifier, "correct hors"), "{password:?}");
        }
    }

    #[test]
    fn what_is_printed_can_be_written_in_the_configuration() {
        let text = verifier("correct horse", 5000).unwrap();
        let parsed = ScramVerifier::parse(&text).unwrap();
        assert_eq!((parsed.iterations, parsed.salt.len()), (5000, 16));
    }

    #[test]
    fn each_verifier_has_a_salt_of_its_own() {
        assert_ne!(verifier("a", 1).unwrap(), verifier("a", 1).unwrap());
    }

    #[test]
    fn the_first_line_is_the_password() {
        for (input, expected) in [
            ("pass", "pass"),
            ("pass\n", "pass"),
            ("pass\r\n", "pass"),
            ("pa ss \nmore\n", "pa ss "),
            ("\n", ""),
            ("", ""),
        ] {
            assert_eq!(*first_line(input.as_bytes()).unwrap(), expected, "{input:?}");
        }
        assert!(first_line(&b"\xff\n"[..]).is_err());
        assert!(verifier("", 4096).is_err());
    }
}
