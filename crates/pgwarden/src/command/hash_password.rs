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
    use pgwarden_records::ScramVerifier;

    use super::*;

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
