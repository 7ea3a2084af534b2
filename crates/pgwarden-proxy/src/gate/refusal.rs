//! Refusing by making the server refuse: the message that stands in for the refused one, and the
//! server's error turned into the policy's.

use std::fmt::Write as _;
use std::sync::Arc;

use pgwarden_policy::Refusal;
use pgwarden_wire::sqlstate::{self, SqlState};
use pgwarden_wire::{ErrorFields, ErrorResponse, Severity, field, frontend};

use super::Rules;
use super::budget::Budget;
use super::held_texts::PREPARED_BYTES_MAX;

/// What a nonce begins with, so that whoever reads the server's log knows it.
const NONCE_PREFIX: &str = "pgwarden_refused_";

/// A word that the server can't know, random for each refusal and short enough not to be truncated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Nonce(String);

impl Nonce {
    pub(crate) fn new(random: [u8; 12]) -> Self {
        let word = random.iter().fold(String::from(NONCE_PREFIX), |mut word, byte| {
            // Writing to a string can't fail.
            let _ = write!(word, "{byte:02x}");
            word
        });
        debug_assert!(word.len() <= pgwarden_wire::limits::IDENTIFIER_BYTES_MAX);
        Nonce(word)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an error's message quotes it. Translations reorder and requote it, all keep it.
    fn is_in(&self, message: &[u8]) -> bool {
        memchr::memmem::find(message, self.0.as_bytes()).is_some()
    }
}

/// A refusal in the words that the client will read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Name of the setting, as the metric's label.
    pub(crate) setting: &'static str,
    /// What was refused, in two or three words.
    pub(crate) reason: String,
    pub(crate) sqlstate: SqlState,
    pub(crate) message: String,
    pub(crate) detail: Option<String>,
    pub(crate) hint: String,
}

impl Refused {
    pub(crate) fn by_policy(refusal: &Refusal, record: &str) -> Arc<Self> {
        Arc::new(Refused {
            setting: refusal.setting_name(),
            reason: refusal.reason().to_owned(),
            sqlstate: refusal.sqlstate(),
            message: refusal.message(record),
            detail: Some(refusal.detail()),
            hint: refusal.hint(),
        })
    }

    /// A result that passes a budget. What had passed, and what became of the statement, is the detail.
    pub(crate) fn over_budget(budget: Budget, rules: &Rules) -> Arc<Self> {
        let what = match budget {
            Budget::CopyRows | Budget::CopyBytes => "the result exceeds",
            Budget::CopyRowsPerSession | Budget::CopyBytesPerSession => "the results of the session exceed",
            Budget::CopyRowsPerHour | Budget::CopyBytesPerHour => "the results of an hour exceed",
            Budget::PasteBytes | Budget::PasteBytesPerHour => "what was sent exceeds",
        };
        let Rules { record, settings, .. } = rules;
        let (setting, limit) = (budget.setting().as_str(), budget.limit(settings));
        Arc::new(Refused {
            setting,
            reason: "result over budget".to_owned(),
            sqlstate: sqlstate::PROGRAM_LIMIT_EXCEEDED,
            message: format!("ended by pgwarden: {what} {setting} ({limit}) on record \"{record}\""),
            detail: None,
            hint: settings.hint_of_budget("Ask for less", budget.setting()),
        })
    }

    /// Something that is too long to be sent. `what` is in the plural.
    pub(crate) fn too_long(what: &str, bytes: usize, budget: Budget, rules: &Rules) -> Arc<Self> {
        let Rules { record, settings, .. } = rules;
        let (setting, limit) = (budget.setting().as_str(), budget.limit(settings));
        Arc::new(Refused {
            setting,
            reason: what.to_owned(),
            sqlstate: sqlstate::INSUFFICIENT_PRIVILEGE,
            message: format!(
                "refused by pgwarden: {what} of {bytes} bytes are not allowed on record \"{record}\" ({setting} is {limit})"
            ),
            detail: Some("Nothing of the message was passed on.".to_owned()),
            hint: settings.hint_of_budget("Send less", budget.setting()),
        })
    }

    /// After a reload, a name whose text isn't known.
    pub(crate) fn unknown_name(record: &str, name: &[u8]) -> Arc<Self> {
        Arc::new(Refused {
            setting: "unknown_name",
            reason: "unknown prepared name".to_owned(),
            sqlstate: sqlstate::INSUFFICIENT_PRIVILEGE,
            message: format!(
                "refused by pgwarden: \"{}\" was not prepared in the sight of pgwarden on record \"{record}\"",
                String::from_utf8_lossy(name)
            ),
            detail: Some(
                "The settings have changed since it was prepared, and its text isn't known.".to_owned(),
            ),
            hint: "Run DISCARD ALL and prepare it again.".to_owned(),
        })
    }

    /// More names than are kept track of.
    pub(crate) fn too_many_names(record: &str, limit: usize) -> Arc<Self> {
        Arc::new(Refused {
            setting: "prepared_names_max",
            reason: "too many prepared names".to_owned(),
            sqlstate: sqlstate::PROGRAM_LIMIT_EXCEEDED,
            message: format!(
                "refused by pgwarden: too many prepared statements and portals on record \"{record}\""
            ),
            detail: Some(format!(
                "At most {limit} are kept track of in a session (prepared_names_max)."
            )),
            hint: "Close or deallocate those that are no longer used.".to_owned(),
        })
    }

    /// More facts than are kept track of.
    pub(crate) fn too_many_prepared_bytes(record: &str) -> Arc<Self> {
        Arc::new(Refused {
            setting: "prepared_bytes_max",
            reason: "too large prepared statements".to_owned(),
            sqlstate: sqlstate::PROGRAM_LIMIT_EXCEEDED,
            message: format!(
                "refused by pgwarden: prepared statements and portals take too much memory on record \"{record}\""
            ),
            detail: Some(format!(
                "At most {} MiB of what is known of their texts is kept in a session (prepared_bytes_max).",
                PREPARED_BYTES_MAX >> 20
            )),
            hint: "Close or deallocate those that are no longer used.".to_owned(),
        })
    }

    /// More masked literals than are remembered.
    pub(crate) fn too_many_secrets(record: &str, limit: usize) -> Arc<Self> {
        Arc::new(Refused {
            setting: "secrets_max",
            reason: "too many passwords".to_owned(),
            sqlstate: sqlstate::PROGRAM_LIMIT_EXCEEDED,
            message: format!(
                "refused by pgwarden: too many passwords set in one session on record \"{record}\""
            ),
            detail: Some(format!(
                "At most {limit} are remembered in a session, to keep them out of the recording (secrets_max)."
            )),
            hint: "Begin a new session.".to_owned(),
        })
    }

    /// The error as the client sees it, with the severity as the server words it.
    pub(crate) fn encode(&self, severity: &[u8], out: &mut Vec<u8>) {
        let response = ErrorResponse {
            severity: Severity::Error,
            sqlstate: self.sqlstate,
            message: self.message.clone(),
            detail: self.detail.clone(),
            hint: Some(self.hint.clone()),
        };
        response.encode_with_severity(severity, out);
    }
}

/// A refusal whose stand-in is on its way.
#[derive(Debug)]
pub(crate) struct PendingRefusal {
    pub(crate) nonce: Nonce,
    pub(crate) refused: Arc<Refused>,
}

impl PendingRefusal {
    /// The policy's error, if `error` is the server's answer to this refusal's stand-in. Of the server's fields
    /// only the severity's word stays: position, internal query, context, file, line and routine are the
    /// stand-in's.
    pub(crate) fn rewrite(&self, error: ErrorFields<'_>) -> Option<Vec<u8>> {
        let message = error.field(field::MESSAGE)?;
        if !self.nonce.is_in(message) {
            return None;
        }
        let mut out = Vec::new();
        self.refused
            .encode(error.field(field::SEVERITY).unwrap_or(b"ERROR"), &mut out);
        Some(out)
    }
}

/// What stands in for a refused message.
#[derive(Debug, Clone, Copy)]
pub(crate) enum StandIn<'a> {
    Query,
    /// On a replication connection a bare word isn't answered with the word.
    ReplicationQuery,
    Parse {
        statement: &'a [u8],
    },
    Bind,
    Execute,
}

impl StandIn<'_> {
    pub(crate) fn encode(self, nonce: &Nonce) -> Vec<u8> {
        let word = nonce.as_str().as_bytes();
        let mut out = Vec::new();
        match self {
            StandIn::Query => frontend::query(&mut out, word),
            StandIn::ReplicationQuery => frontend::query(&mut out, &[b"SHOW ", word].concat()),
            StandIn::Parse { statement } => frontend::parse(&mut out, statement, word),
            StandIn::Bind => frontend::bind(&mut out, b"", word),
            StandIn::Execute => frontend::execute(&mut out, word),
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pgwarden_wire::Frame;

    fn pending() -> PendingRefusal {
        PendingRefusal {
            nonce: Nonce::new([7; 12]),
            refused: Refused::unknown_name("orders", b"s"),
        }
    }

    /// Each says what, on which record, by which limit or setting, and what to do.
    #[test]
    fn refusals_that_are_no_verdicts_of_the_policy() {
        let mut shown = String::new();
        for refused in [
            Refused::unknown_name("orders", b"s"),
            Refused::too_many_names("orders", 10_000),
            Refused::too_many_secrets("orders", 1_000),
            Refused::too_many_prepared_bytes("orders"),
        ] {
            let Refused {
                setting,
                reason,
                sqlstate,
                message,
                detail,
                hint,
            } = &*refused;
            let _ = writeln!(
                shown,
                "{setting}, {reason}\nERROR {}: {message}\nDETAIL: {}\nHINT: {hint}\n",
                sqlstate,
                detail.as_deref().unwrap_or("none")
            );
        }
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn a_nonce_is_short_and_says_what_it_is() {
        assert_eq!(
            Nonce::new([0xab; 12]).as_str(),
            "pgwarden_refused_abababababababababababab"
        );
    }

    #[test]
    fn only_an_error_that_quotes_the_nonce_is_rewritten() {
        let error = |message: &str| {
            let mut bytes = Vec::new();
            ErrorResponse::error(sqlstate::SYNTAX_ERROR, message)
                .with_hint("the server's")
                .encode_with_severity("FEHLER".as_bytes(), &mut bytes);
            let frame = Frame::split_first(&bytes, 1000).unwrap().unwrap();
            pending().rewrite(ErrorFields::parse(frame.body).unwrap())
        };
        assert_eq!(error("canceling statement due to statement timeout"), None);
        let rewritten = error("Syntaxfehler bei »pgwarden_refused_070707070707070707070707«").unwrap();
        let frame = Frame::split_first(&rewritten, 1000).unwrap().unwrap();
        let fields = ErrorFields::parse(frame.body).unwrap();
        assert_eq!(fields.field(field::SEVERITY), Some("FEHLER".as_bytes()));
        assert_eq!(fields.field(field::SEVERITY_NONLOCALIZED), Some(&b"ERROR"[..]));
        assert_eq!(fields.field(field::SQLSTATE), Some(&b"42501"[..]));
        assert_eq!(
            fields.field(field::HINT),
            Some(&b"Run DISCARD ALL and prepare it again."[..])
        );
    }
}
