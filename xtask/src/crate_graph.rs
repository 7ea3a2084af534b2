//! Which crate may reach which: decisions below, sockets above.

use anyhow::Result;

use crate::step;

/// A crate and what it must never reach, directly or through others.
struct Rule {
    package: &'static str,
    never: &'static [&'static str],
}

const RULES: [Rule; 4] = [
    Rule {
        package: "pgwarden-wire",
        never: &[
            "tokio",
            "pgwarden-policy",
            "pgwarden-records",
            "pgwarden-recording",
            "pgwarden-proxy",
        ],
    },
    Rule {
        package: "pgwarden-policy",
        never: &[
            "tokio",
            "pgwarden-wire",
            "pgwarden-records",
            "pgwarden-recording",
            "pgwarden-proxy",
        ],
    },
    Rule {
        package: "pgwarden-records",
        never: &["tokio", "pgwarden-recording", "pgwarden-proxy"],
    },
    Rule {
        package: "pgwarden-recording",
        never: &["tokio", "pgwarden-records", "pgwarden-proxy"],
    },
];

/// Every breach of [`RULES`], as a line.
pub(crate) fn breaches() -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for Rule { package, never } in RULES {
        let tree = step::output(&mut step::cargo(&[
            "tree",
            "--package",
            package,
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ]))?;
        breaches.extend(reached(&tree, never).map(|forbidden| format!("{package} reaches {forbidden}")));
    }
    Ok(breaches)
}

/// Those of `never` that a listing of `cargo tree` names.
fn reached<'a>(tree: &'a str, never: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    never.iter().copied().filter(move |forbidden| {
        tree.lines()
            .any(|line| line.split(' ').next() == Some(*forbidden))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_crate_is_found_by_its_whole_name() {
        let tree = "pgwarden-wire v0.1.0\nbytes v1.0.0\ntokio-util v0.7.0\n";
        assert_eq!(reached(tree, &["tokio"]).count(), 0);
        assert_eq!(
            reached(&format!("{tree}tokio v1.48.0 (*)\n"), &["tokio"]).collect::<Vec<_>>(),
            ["tokio"]
        );
    }
}
