//! What a statement may not do however it does it: what a record denies by name, writes where it is read-only, and pastes
//! that are too large.

use std::borrow::Cow;
use std::ops::Range;

use crate::deny::DeniedName;
use crate::facts::{Facts, StatementFacts};
use crate::kind::StatementKind;
use crate::mention::{Mention, MentionRole};
use crate::settings::{OpaqueCode, Setting, Settings};
use crate::verdict::{self, Cause, Refusal};
use crate::ways::Way;

/// The words for what lets a read-only session write.
pub(crate) const WRITING: &str = "writing in read-only transactions";

pub(crate) fn read_only() -> Cow<'static, str> {
    Cow::Borrowed("read_only is on")
}

fn refusal(
    setting: Setting,
    state: Cow<'static, str>,
    reason: Cow<'static, str>,
    span: Option<Range<usize>>,
    detail: String,
) -> Refusal {
    Refusal {
        whom_to_ask: None,
        cause: Cause::Setting(setting),
        reason,
        state,
        span,
        detail,
    }
}

/// What refuses one statement.
pub(crate) fn refusal_of_statement(
    statement: &StatementFacts,
    facts: &Facts,
    settings: &Settings,
) -> Option<Refusal> {
    let rest = verdict::rest(facts);
    denied_statement(statement, settings, rest)
        .or_else(|| denied_name(statement, facts, settings, rest))
        .or_else(|| write(statement, settings, rest))
        .or_else(|| rows(statement, settings, rest))
}

/// What refuses the text as a whole.
pub(crate) fn refusal_of_text(facts: &Facts, settings: &Settings) -> Option<Refusal> {
    if let Some(refusal) = names_left_out(facts, settings) {
        return Some(refusal);
    }
    if settings.can_paste_from_clipboard {
        return None;
    }
    let (statements, bytes) = (count(facts.statements.len()), count(facts.bytes));
    if statements > settings.paste_statements {
        let start = facts.statements.get(usize_of(settings.paste_statements));
        return Some(refusal(
            Setting::PasteStatements,
            Cow::Owned(format!("paste_statements is {}", settings.paste_statements)),
            Cow::Borrowed("a script of so many statements"),
            start.map(|statement| statement.range.clone()),
            format!("The query has {statements} statements. Nothing of it ran."),
        ));
    }
    (bytes > settings.paste_bytes).then(|| {
        refusal(
            Setting::PasteBytes,
            Cow::Owned(format!("paste_bytes is {}", settings.paste_bytes)),
            Cow::Borrowed("a query of this size"),
            None,
            format!("The query has {bytes} bytes. Nothing of it ran."),
        )
    })
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn usize_of(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn denied_statement(statement: &StatementFacts, settings: &Settings, rest: &str) -> Option<Refusal> {
    let denied: &StatementKind = settings
        .deny_statements
        .iter()
        .find(|kind| statement.kinds.contains(**kind))?;
    let whole = statement.kind == *denied;
    Some(refusal(
        Setting::DenyStatements,
        Cow::Owned(format!("deny_statements has {}", denied.as_str())),
        Cow::Borrowed(denied.words()),
        Some(statement.range.clone()),
        if whole {
            format!("The statement is {}.{rest}", denied.words())
        } else {
            format!(
                "The statement is {}, with {} in it.{rest}",
                statement.kind.words(),
                denied.words()
            )
        },
    ))
}

fn denied_name(
    statement: &StatementFacts,
    facts: &Facts,
    settings: &Settings,
    rest: &str,
) -> Option<Refusal> {
    let (functions, relations) = (&settings.deny_functions, &settings.deny_relations);
    if functions.is_empty() && relations.is_empty() {
        return None;
    }
    let skips_bodies = settings.opaque_code_in_force() == OpaqueCode::Allow;
    let mentions = statement
        .mentions
        .iter()
        .filter(|mention| !(skips_bodies && mention.in_body));
    mentions.into_iter().find_map(|mention| {
        let function = functions
            .iter()
            .find(|denied| mention.role.may_be_function() && meets(denied, mention, facts))
            .map(|denied| (Setting::DenyFunctions, denied));
        let (setting, denied) = function.or_else(|| {
            let denied = relations
                .iter()
                .find(|denied| denies_relation(denied, statement.kind, mention, facts))?;
            Some((Setting::DenyRelations, denied))
        })?;
        Some(refusal(
            setting,
            Cow::Owned(format!("{} has {}", setting.as_str(), denied.as_str())),
            Cow::Owned(mention.to_string()),
            Some(mention.span.clone()),
            format!("The statement mentions {mention}.{rest}"),
        ))
    })
}

/// Which of these forbids a call of a function on the list of ways.
pub(crate) fn forbidden_way(way: &Way, settings: &Settings) -> Option<(Cause, Cow<'static, str>)> {
    if settings.read_only && way.writes() {
        return Some((Cause::Setting(Setting::ReadOnly), read_only()));
    }
    let denied = settings
        .deny_functions
        .iter()
        .find(|denied| denied.is_met_by_name(way.name.as_bytes()))?;
    let state = Cow::Owned(format!("deny_functions has {}", denied.as_str()));
    Some((Cause::Setting(Setting::DenyFunctions), state))
}

/// Whether the name may be meant, in whatever encoding.
fn meets(denied: &DeniedName, mention: &Mention, facts: &Facts) -> bool {
    let unknown = facts.names_in_unknown_encoding && !denied.is_ascii() && !mention.is_ascii();
    unknown || denied.is_met_by(mention)
}

fn denies_relation(denied: &DeniedName, kind: StatementKind, mention: &Mention, facts: &Facts) -> bool {
    // `ALTER SCHEMA … RENAME` gives all of its relations other names.
    let renames_schema = kind == StatementKind::Alter
        && mention.role == MentionRole::Object
        && mention.schema.is_none()
        && denied.is_in_schema(&mention.name);
    mention.role.may_be_relation() && (meets(denied, mention, facts) || renames_schema)
}

fn write(statement: &StatementFacts, settings: &Settings, rest: &str) -> Option<Refusal> {
    let write = statement.writes.as_ref().filter(|_| settings.read_only)?;
    let place = if write.in_body {
        "The code in the statement"
    } else {
        "The statement"
    };
    Some(refusal(
        Setting::ReadOnly,
        read_only(),
        Cow::Borrowed(write.what),
        Some(write.span.clone()),
        format!("{place} has {}.{rest}", write.what),
    ))
}

fn rows(statement: &StatementFacts, settings: &Settings, rest: &str) -> Option<Refusal> {
    let rows = statement.values_rows;
    (!settings.can_paste_from_clipboard && rows > settings.paste_rows).then(|| {
        refusal(
            Setting::PasteRows,
            Cow::Owned(format!("paste_rows is {}", settings.paste_rows)),
            Cow::Borrowed("so many rows of VALUES"),
            Some(statement.range.clone()),
            format!("The statement has {rows} rows in VALUES.{rest}"),
        )
    })
}

/// With names left out, nobody can say whether a denied one is among them.
fn names_left_out(facts: &Facts, settings: &Settings) -> Option<Refusal> {
    let setting = if !settings.deny_relations.is_empty() {
        Setting::DenyRelations
    } else if !settings.deny_functions.is_empty() {
        Setting::DenyFunctions
    } else {
        return None;
    };
    facts.names_left_out.then(|| {
        refusal(
            setting,
            Cow::Owned(format!("{} is set", setting.as_str())),
            Cow::Borrowed("a query whose names are not all known"),
            None,
            format!(
                "It mentions more than {} names, or a relation whose name is computed. Nothing of it ran.",
                crate::NAMES_MAX
            ),
        )
    })
}
