use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

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
        first_line()?
    };
    if password.is_empty() {
        bail!("the password is empty; nobody could log in with it");
    }
    let password = Secret::new(password.as_bytes().to_vec());
    let verifier = pgwarden_proxy::scram_verifier(&password, iterations).context("make a salt")?;
    let mut out = output::stdout();
    writeln!(out, "{verifier}")?;
    out.flush()?;
    Ok(Exit::Done)
}

fn ask() -> anyhow::Result<Zeroizing<String>> {
    let password = Zeroizing::new(rpassword::prompt_password("Password: ").context("read the password")?);
    let again = Zeroizing::new(rpassword::prompt_password("Again: ").context("read the password")?);
    if password != again {
        bail!("the passwords differ");
    }
    Ok(password)
}

fn first_line() -> anyhow::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    io::stdin()
        .lock()
        .read_line(&mut line)
        .context("read the password from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    Ok(Zeroizing::new(password))
}
