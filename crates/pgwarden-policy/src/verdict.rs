//! Whether settings allow what facts say.

use std::borrow::Cow;
use std::ops::Range;

use crate::facts::{Demand, DemandKind, Facts, Opaque, Unreadable, UnreadableCause};
use crate::hint;
use crate::limits;
use crate::set;
use crate::settings::{Enforcement, OpaqueCode, Setting, Settings};
use crate::ways::{self, Sql, Way, WayClass};

/// What becomes of a text.
#[derive(Clone, PartialEq, Debug)]
pub enum Verdict {
    /// It passes.
    Allow,
    /// It passes, and would have been refused if the record did not only monitor.
    Observe(Refusal),
    /// It does not pass.
    Refuse(Refusal),
}

impl Verdict {
    fn of(refusal: Option<Refusal>, settings: &Settings) -> Self {
        let refusal = refusal.map(|refusal| Refusal {
            whom_to_ask: settings.refusal_hint.clone(),
            ..refusal
        });
        match (refusal, settings.enforcement) {
            (None, _) => Self::Allow,
            (Some(refusal), Enforcement::Monitor) => Self::Observe(refusal),
            (Some(refusal), Enforcement::Enforce) => Self::Refuse(refusal),
        }
    }
}

/// Why a text does not pass.
#[derive(Clone, PartialEq, Debug)]
pub struct Refusal {
    /// What refuses.
    pub cause: Cause,
    pub(crate) reason: Cow<'static, str>,
    /// What the setting says: `can_export_csv is off`.
    pub(crate) state: Cow<'static, str>,
    pub(crate) span: Option<Range<usize>>,
    pub(crate) detail: String,
    /// Put in by [`Verdict::of`].
    pub(crate) whom_to_ask: Option<String>,
}

/// What refuses a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// A setting that is off, or as strict as said.
    Setting(Setting),
    /// The code in it is refused, or can't be read, and `opaque_code` has this value.
    OpaqueCode(OpaqueCode),
    /// It can't be read to its end.
    Unreadable(UnreadableCause),
    /// A switch in the startup parameter `options` other than `-c name=value` and `--name=value`.
    StartupSwitch,
}

impl Refusal {
    /// `42501` (`insufficient_privilege`); `42601` (`syntax_error`) for what the server couldn't read either; `54000`
    /// (`program_limit_exceeded`) for our own limit.
    pub fn sqlstate(&self) -> &'static str {
        match self.cause {
            Cause::Setting(_) | Cause::OpaqueCode(_) | Cause::StartupSwitch => "42501",
            Cause::Unreadable(UnreadableCause::TooManyStatements) => "54000",
            Cause::Unreadable(
                UnreadableCause::OpenString
                | UnreadableCause::OpenDollarString
                | UnreadableCause::OpenIdentifier
                | UnreadableCause::OpenComment
                | UnreadableCause::AmbiguousEncoding,
            ) => "42601",
        }
    }

    /// The primary message. `record` is quoted as PostgreSQL quotes names in messages.
    pub fn message(&self, record: &str) -> String {
        let reason = &self.reason;
        match self.cause {
            Cause::Setting(_) | Cause::OpaqueCode(_) => format!(
                "refused by pgwarden: {reason} is not allowed on record \"{record}\" ({})",
                self.state
            ),
            Cause::Unreadable(_) => format!("refused by pgwarden: {reason} on record \"{record}\""),
            Cause::StartupSwitch => {
                format!("refused by pgwarden: {reason} is not allowed on record \"{record}\"")
            }
        }
    }

    /// What in the text did it, as a full sentence. Never holds a secret that the facts know of.
    pub fn detail(&self) -> String {
        self.detail.clone()
    }

    /// What the person can do about it. Where someone else has to do something, it is `refusal_hint` that says whom to ask.
    pub fn hint(&self) -> String {
        let refusal_hint = self.whom_to_ask.as_deref();
        match self.cause {
            Cause::Setting(setting) => match step(setting) {
                Some(step) => hint::to_do_or_ask(step, &need(setting), refusal_hint),
                None => hint::to_ask(&need(setting), refusal_hint),
            },
            Cause::OpaqueCode(OpaqueCode::Refuse) => hint::to_ask(
                "set opaque_code to scan or allow for you on this record",
                refusal_hint,
            ),
            Cause::OpaqueCode(OpaqueCode::Scan | OpaqueCode::Allow) => hint::to_do_or_ask(
                self.step_instead_of_opaque_code(),
                "set opaque_code to allow for you on this record",
                refusal_hint,
            ),
            Cause::Unreadable(UnreadableCause::TooManyStatements) => {
                format!("Send at most {} statements in one query.", crate::STATEMENTS_MAX)
            }
            Cause::Unreadable(UnreadableCause::AmbiguousEncoding) => "Use client_encoding UTF8.".to_owned(),
            Cause::Unreadable(_) => "Close what is left open and send the statement again.".to_owned(),
            Cause::StartupSwitch => "In options, use only \"-c name=value\" and \"--name=value\".".to_owned(),
        }
    }

    /// What can be written in the place of code that can't be read.
    fn step_instead_of_opaque_code(&self) -> &'static str {
        if self.reason == Opaque::Language.as_str() {
            "Write the code in sql or plpgsql"
        } else if self.reason == Opaque::ComputedSetting.as_str() {
            "Write the name of the setting as a literal"
        } else {
            "Write the statement without building SQL from strings"
        }
    }

    /// The setting, as a metric label.
    pub fn setting_name(&self) -> &'static str {
        match self.cause {
            Cause::Setting(setting) => setting.as_str(),
            Cause::OpaqueCode(_) => Setting::OpaqueCode.as_str(),
            Cause::Unreadable(_) => "unreadable",
            Cause::StartupSwitch => "options",
        }
    }

    /// Short: `COPY TO`.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The bytes of the text that did it.
    pub fn span(&self) -> Option<Range<usize>> {
        self.span.clone()
    }
}

/// What people can do themselves to stay within a limit.
fn step(setting: Setting) -> Option<&'static str> {
    match setting {
        Setting::PasteBytes => Some("Send it in smaller pieces"),
        Setting::PasteRows => Some("Send fewer rows in one statement"),
        Setting::PasteStatements => Some("Send fewer statements in one query"),
        Setting::CanExportCsv
        | Setting::CanImportCsv
        | Setting::CanCopyToClipboard
        | Setting::CanPasteFromClipboard
        | Setting::CanReplicate
        | Setting::CanRunServerPrograms
        | Setting::CanChangeCredentials
        | Setting::OpaqueCode
        | Setting::ReadOnly
        | Setting::DenyFunctions
        | Setting::DenyRelations
        | Setting::DenyStatements
        | Setting::CopyRows
        | Setting::CopyBytes
        | Setting::CopyRowsPerSession
        | Setting::CopyBytesPerSession
        | Setting::CopyRowsPerHour
        | Setting::CopyBytesPerHour
        | Setting::PasteBytesPerHour
        | Setting::Enforcement
        | Setting::RefusalHint => None,
    }
}

/// What someone would have to do so that the setting no longer refuses; completes "ask … to".
pub(crate) fn need(setting: Setting) -> String {
    let name = setting.as_str();
    match setting {
        Setting::ReadOnly => "switch off read_only for you on this record".to_owned(),
        Setting::DenyFunctions | Setting::DenyRelations | Setting::DenyStatements => {
            format!("take it off {name} for you on this record")
        }
        Setting::PasteBytes | Setting::PasteBytesPerHour | Setting::PasteRows | Setting::PasteStatements => {
            format!("raise {name}, or switch on can_paste_from_clipboard, for you on this record")
        }
        Setting::CopyRows
        | Setting::CopyBytes
        | Setting::CopyRowsPerSession
        | Setting::CopyBytesPerSession
        | Setting::CopyRowsPerHour
        | Setting::CopyBytesPerHour => {
            format!("raise {name}, or switch on can_copy_to_clipboard, for you on this record")
        }
        Setting::CanExportCsv
        | Setting::CanImportCsv
        | Setting::CanCopyToClipboard
        | Setting::CanPasteFromClipboard
        | Setting::CanReplicate
        | Setting::CanRunServerPrograms
        | Setting::CanChangeCredentials
        | Setting::OpaqueCode
        | Setting::Enforcement
        | Setting::RefusalHint => format!("switch on {name} for you on this record"),
    }
}

/// Judges one text. Pure, so a verdict can be taken anew whenever settings change.
pub fn judge(facts: &Facts, settings: &Settings) -> Verdict {
    Verdict::of(refusal(facts, settings), settings)
}

fn refusal(facts: &Facts, settings: &Settings) -> Option<Refusal> {
    if let Some(unreadable) = &facts.unreadable
        && let Some(refusal) = refusal_of_unreadable(unreadable, settings)
    {
        return Some(refusal);
    }
    let demanded = facts.statements.iter().find_map(|statement| {
        statement
            .demands
            .iter()
            .find_map(|demand| refusal_of_demand(demand, facts, settings))
            .or_else(|| limits::refusal_of_statement(statement, facts, settings))
    });
    demanded.or_else(|| limits::refusal_of_text(facts, settings))
}

fn refusal_of_demand(demand: &Demand, facts: &Facts, settings: &Settings) -> Option<Refusal> {
    let place = if demand.in_body { Where::Body } else { Where::Text };
    let (cause, state) = forbidden(demand.kind, place, settings)?;
    let rest = rest(facts);
    Some(Refusal {
        whom_to_ask: None,
        cause,
        reason: reason(demand.kind),
        state,
        span: Some(demand.span.clone()),
        detail: match place {
            Where::Text => format!("The statement is: {}.{rest}", demand.excerpt),
            Where::Body => format!("The code in the statement has: {}.{rest}", demand.excerpt),
        },
    })
}

/// What to add to a DETAIL about one of several statements.
pub(crate) fn rest(facts: &Facts) -> &'static str {
    if facts.statements.len() > 1 {
        " Nothing of the query ran."
    } else {
        ""
    }
}

/// What is refused, for people.
fn reason(kind: DemandKind) -> Cow<'static, str> {
    if let DemandKind::Way(way) = kind {
        Cow::Owned(format!("a call of {}", way.name))
    } else if let DemandKind::Extension(_) = kind {
        Cow::Owned(format!("creating the extension {}", kind.as_str()))
    } else {
        Cow::Borrowed(kind.as_str())
    }
}

fn refusal_of_unreadable(unreadable: &Unreadable, settings: &Settings) -> Option<Refusal> {
    // Our own limit leaves statements unread, so nobody could say which copies of it are approved.
    if settings.forbids_nothing() && unreadable.cause != UnreadableCause::TooManyStatements {
        return None;
    }
    Some(Refusal {
        whom_to_ask: None,
        cause: Cause::Unreadable(unreadable.cause),
        reason: Cow::Borrowed(unreadable.cause.as_str()),
        state: Cow::Borrowed(""),
        span: Some(unreadable.offset..unreadable.offset),
        detail: if unreadable.cause == UnreadableCause::TooManyStatements {
            format!(
                "The query has more than {} statements. Nothing of it ran.",
                crate::STATEMENTS_MAX
            )
        } else {
            format!(
                "It begins at byte {} of the query. Nothing of the query ran.",
                unreadable.offset
            )
        },
    })
}

/// Where a demand was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Text,
    Body,
}

fn is_off(setting: Setting) -> Cow<'static, str> {
    Cow::Owned(format!("{} is off", setting.as_str()))
}

/// Which setting forbids the demand, if any, and what it says.
fn forbidden(kind: DemandKind, place: Where, settings: &Settings) -> Option<(Cause, Cow<'static, str>)> {
    let opaque_code = settings.opaque_code_in_force();
    if place == Where::Body && opaque_code == OpaqueCode::Allow {
        return None;
    }
    let refused_by = |setting: Setting| Some((Cause::Setting(setting), is_off(setting)));
    let switch = |on: bool, setting: Setting| if on { None } else { refused_by(setting) };
    let opaque = || {
        let state = format!("opaque_code is {}", opaque_code.as_str());
        Some((Cause::OpaqueCode(opaque_code), Cow::Owned(state)))
    };
    match kind {
        DemandKind::CopyTo { .. } => switch(settings.can_export_csv, Setting::CanExportCsv),
        DemandKind::CopyFrom { .. } => switch(settings.can_import_csv, Setting::CanImportCsv),
        DemandKind::CopyProgram | DemandKind::ServerProgram(_) => {
            switch(settings.can_run_server_programs, Setting::CanRunServerPrograms)
        }
        DemandKind::Way(way)
            if settings.read_only && way.writes() && way.forbidden_by(settings).is_none() =>
        {
            Some((Cause::Setting(Setting::ReadOnly), limits::read_only()))
        }
        DemandKind::Way(way) | DemandKind::Extension(way) => way.forbidden_by(settings).and_then(refused_by),
        DemandKind::ForeignData | DemandKind::ReadLargeObjects => {
            switch(settings.can_copy_to_clipboard, Setting::CanCopyToClipboard)
        }
        DemandKind::Subscription | DemandKind::WriteLargeObjects => {
            switch(settings.can_paste_from_clipboard, Setting::CanPasteFromClipboard)
        }
        DemandKind::Credentials(_) => switch(settings.can_change_credentials, Setting::CanChangeCredentials),
        DemandKind::Replication => switch(settings.can_replicate, Setting::CanReplicate),
        DemandKind::Code(_) => (opaque_code == OpaqueCode::Refuse).then(opaque).flatten(),
        DemandKind::Opaque(_) => match opaque_code {
            OpaqueCode::Refuse => opaque(),
            OpaqueCode::Scan => (!settings.forbids_nothing()).then(opaque).flatten(),
            OpaqueCode::Allow => None,
        },
    }
}

/// Judges a connection that asks for `replication` at startup.
pub fn judge_replication(settings: &Settings) -> Verdict {
    let refusal = (!settings.can_replicate).then(|| Refusal {
        whom_to_ask: None,
        cause: Cause::Setting(Setting::CanReplicate),
        reason: Cow::Borrowed("a replication connection"),
        state: is_off(Setting::CanReplicate),
        span: None,
        detail: "The startup packet asks for replication.".to_owned(),
    });
    Verdict::of(refusal, settings)
}

/// Judges a `FunctionCall` message by the function's number. The numbers of built-in ways are known; what any other function is
/// can't be told, so for it both clipboard settings must be on.
pub fn judge_function_call(oid: u32, settings: &Settings) -> Verdict {
    let known = ways::way_of_oid(oid);
    let switch = |setting| (Cause::Setting(setting), is_off(setting));
    let cause = if let Some(way) = known {
        way.forbidden_by(settings)
            .map(switch)
            .or_else(|| limits::forbidden_way(way, settings))
            .or_else(|| unreadable_call(way, settings))
    } else if !settings.can_copy_to_clipboard {
        Some(switch(Setting::CanCopyToClipboard))
    } else if !settings.can_paste_from_clipboard {
        Some(switch(Setting::CanPasteFromClipboard))
    } else if !settings.deny_functions.is_empty() {
        // It may be one of them.
        let state = Cow::Borrowed("deny_functions is set");
        Some((Cause::Setting(Setting::DenyFunctions), state))
    } else {
        None
    };
    let refusal = cause.map(|(cause, state)| Refusal {
        whom_to_ask: None,
        cause,
        reason: match known {
            Some(way) => Cow::Owned(format!("a call of {} by protocol message", way.name)),
            None => Cow::Borrowed("a function call by protocol message"),
        },
        state,
        span: None,
        detail: format!("The message calls the function with OID {oid}."),
    });
    Verdict::of(refusal, settings)
}

/// Whether the call's arguments, which no one reads in a `FunctionCall`, say what it does.
fn unreadable_call(way: &Way, settings: &Settings) -> Option<(Cause, Cow<'static, str>)> {
    let told_by_arguments = way.sql != Sql::None || way.class == WayClass::Setting;
    told_by_arguments
        .then(|| forbidden(DemandKind::Opaque(Opaque::DynamicSql), Where::Text, settings))
        .flatten()
}

/// Judges a startup parameter as the SET that it is; `options` as the SETs it holds.
pub fn judge_parameter(name: &[u8], value: &[u8], settings: &Settings) -> Verdict {
    let refusal = if name == b"options" {
        match startup_options(value) {
            Some(assignments) => assignments
                .iter()
                .find_map(|(name, value)| refusal_of_parameter(name, value, settings)),
            None => Some(Refusal {
                whom_to_ask: None,
                cause: Cause::StartupSwitch,
                reason: Cow::Borrowed("a switch in the startup parameter options"),
                state: Cow::Borrowed(""),
                span: None,
                detail: "The startup parameter options holds something other than settings.".to_owned(),
            }),
        }
    } else {
        refusal_of_parameter(name, value, settings)
    };
    Verdict::of(refusal, settings)
}

fn refusal_of_parameter(name: &[u8], value: &[u8], settings: &Settings) -> Option<Refusal> {
    let demanded = set::demand_of(name, 0).and_then(|kind| {
        let (cause, state) = forbidden(kind, Where::Text, settings)?;
        Some((cause, state, kind.as_str()))
    });
    let (cause, state, reason) = demanded.or_else(|| {
        let writes = settings.read_only && set::parameter_allows_writing(name, value);
        writes.then(|| {
            (
                Cause::Setting(Setting::ReadOnly),
                limits::read_only(),
                limits::WRITING,
            )
        })
    })?;
    Some(Refusal {
        whom_to_ask: None,
        cause,
        reason: Cow::Borrowed(reason),
        state,
        span: None,
        detail: format!("The startup packet sets {}.", String::from_utf8_lossy(name)),
    })
}

/// The settings in the startup parameter `options` and their values; none where it holds anything but `-c name=value` and
/// `--name=value`.
fn startup_options(options: &[u8]) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut assignments = Vec::new();
    let mut arguments = split_options(options).into_iter();
    while let Some(argument) = arguments.next() {
        let assignment = if argument == b"-c" {
            arguments.next()?
        } else {
            argument
                .strip_prefix(b"-c")
                .or_else(|| argument.strip_prefix(b"--"))?
                .to_vec()
        };
        let equals = memchr::memchr(b'=', &assignment)?;
        // As ParseLongOption (utils/misc/guc.c).
        let name = assignment
            .get(..equals)?
            .iter()
            .map(|&byte| if byte == b'-' { b'_' } else { byte });
        let value = assignment.get(equals.saturating_add(1)..)?.to_vec();
        assignments.push((name.collect(), value));
    }
    Some(assignments)
}

/// As `pg_split_opts` (utils/init/postinit.c): white space separates, a backslash takes the next byte as it is.
fn split_options(options: &[u8]) -> Vec<Vec<u8>> {
    let mut arguments = Vec::new();
    let mut argument: Option<Vec<u8>> = None;
    let mut bytes = options.iter();
    while let Some(&byte) = bytes.next() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => arguments.extend(argument.take()),
            b'\\' => argument.get_or_insert_default().extend(bytes.next()),
            other => argument.get_or_insert_default().push(other),
        }
    }
    arguments.extend(argument);
    arguments
}
