//! Where both say otherwise and are to.

use crate::Disagreement;

/// Why it stays so, if it is known.
pub(crate) fn reason(disagreement: &Disagreement) -> Option<&'static str> {
    EXPLAINED
        .iter()
        .find(|it| disagreement.about == it.about && (it.is_it)(&disagreement.parser, &disagreement.analyser))
        .map(|it| it.reason)
}

/// What they are known to say otherwise, and why it stays so.
const EXPLAINED: &[Explained] = &[
    Explained {
        about: "names",
        is_it: |parser, analyser| {
            let functions = [r#"["create function"]"#, r#"["create procedure"]"#];
            functions.contains(&parser) && analyser.contains("copy ")
        },
        reason: "the grammar takes COPY in BEGIN ATOMIC, which is refused when the body is analysed; here it counts",
    },
    Explained {
        about: "names",
        is_it: |parser, analyser| parser.replace("client", "file") == analyser,
        reason: "the parser's tree says the same of COPY TO '' as of COPY TO STDOUT",
    },
    Explained {
        about: "names",
        is_it: |parser, analyser| parser == r#"["do"]"# && analyser == "[]",
        reason: "the grammar takes DO without code, which is refused when it is run",
    },
    Explained {
        about: "names",
        is_it: |parser, analyser| parser == "[]" && analyser.starts_with(r#"["password", "secret \"."#),
        reason: "ALTER ROLE SET password.x: whatever follows the word may be one whose quotes were forgotten",
    },
];

struct Explained {
    about: &'static str,
    /// Whether it is what the parser and the analyser say.
    is_it: fn(&str, &str) -> bool,
    reason: &'static str,
}
