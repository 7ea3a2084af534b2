//! How much of results may pass without `can_copy_to_clipboard`: counted at the header of each row, before a byte of it passes.
//!
//! What is counted belongs to an [`Account`]: a statement, a portal, a cursor. So reading a cursor piece by piece comes to the same as reading it at
//! once. The accounts of names are opened and closed by the server's word alone, and what can't be told apart shares one account: doubt never
//! makes a budget larger.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use pgwarden_policy::{Enforcement, NameEffect, Setting, Settings, StatementFacts, StatementKind};

use super::Gate;
use super::hour::{Amounts, Hour};
use super::names::{Name, PREPARED_NAMES_MAX};
use super::pipeline::Request;
use super::refusal::Refused;
use super::text::Text;

/// How many SQL EXECUTEs deep a FETCH is looked for: the server lets a Parse prepare an EXECUTE.
const EXECUTES_DEEP_MAX: usize = 4;

/// The budgets that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Budget {
    CopyRows,
    CopyBytes,
    CopyRowsPerSession,
    CopyBytesPerSession,
    CopyRowsPerHour,
    CopyBytesPerHour,
    PasteBytes,
    PasteBytesPerHour,
}

impl Budget {
    pub(crate) fn setting(self) -> Setting {
        match self {
            Budget::CopyRows => Setting::CopyRows,
            Budget::CopyBytes => Setting::CopyBytes,
            Budget::CopyRowsPerSession => Setting::CopyRowsPerSession,
            Budget::CopyBytesPerSession => Setting::CopyBytesPerSession,
            Budget::CopyRowsPerHour => Setting::CopyRowsPerHour,
            Budget::CopyBytesPerHour => Setting::CopyBytesPerHour,
            Budget::PasteBytes => Setting::PasteBytes,
            Budget::PasteBytesPerHour => Setting::PasteBytesPerHour,
        }
    }

    /// How much it is, in rows or bytes.
    pub(crate) fn limit(self, settings: &Settings) -> u64 {
        match self {
            Budget::CopyRows => settings.copy_rows,
            Budget::CopyBytes => settings.copy_bytes,
            Budget::CopyRowsPerSession => settings.copy_rows_per_session,
            Budget::CopyBytesPerSession => settings.copy_bytes_per_session,
            Budget::CopyRowsPerHour => settings.copy_rows_per_hour.unwrap_or(u64::MAX),
            Budget::CopyBytesPerHour => settings.copy_bytes_per_hour.unwrap_or(u64::MAX),
            Budget::PasteBytes => settings.paste_bytes,
            Budget::PasteBytesPerHour => settings.paste_bytes_per_hour.unwrap_or(u64::MAX),
        }
    }
}

/// What has passed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) rows: u64,
    /// Of whole messages, headers included.
    pub(super) bytes: u64,
}

impl Tally {
    const ALL: Tally = Tally {
        rows: u64::MAX,
        bytes: u64::MAX,
    };

    fn and(self, more: Tally) -> Self {
        Tally {
            rows: self.rows.saturating_add(more.rows),
            bytes: self.bytes.saturating_add(more.bytes),
        }
    }

    fn without(self, less: Tally) -> Self {
        Tally {
            rows: self.rows.saturating_sub(less.rows),
            bytes: self.bytes.saturating_sub(less.bytes),
        }
    }
}

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Account {
    /// The one statement that runs.
    Statement,
    /// The unnamed portal.
    Unnamed,
    /// A named portal, or a cursor: they have the same names.
    Named(Name, Life),
    /// A portal or cursor that can't be told from others.
    Unclear,
    /// Replication commands, which another setting rules.
    Free,
}

/// How long a portal or cursor may live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    Transaction,
    /// `WITH HOLD`, or one that was made out of sight.
    Session,
}

/// A budget that is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exceeded {
    pub(super) budget: Budget,
    /// What has passed of the statement, portal or cursor.
    pub(super) passed: Tally,
    /// What has passed in the session.
    pub(super) session: Tally,
}

/// What is counted in a session.
#[derive(Debug)]
pub(super) struct Budgets {
    /// Whether anything is.
    counts: bool,
    /// Of the open account.
    passed: Tally,
    /// Up to where nothing has to be looked at; nothing while no account is open.
    until: Tally,
    open: Option<Account>,
    /// What had passed of the account when it was opened.
    before: Tally,
    /// Monitor mode has reported the open account.
    observed: bool,
    statement: Tally,
    unnamed: Tally,
    /// At most [`PREPARED_NAMES_MAX`]; those for which there is no room are unclear.
    named: HashMap<Name, (Tally, Life)>,
    /// Some of them end with the transaction.
    some_end: bool,
    unclear: Tally,
    /// Of all accounts that are closed, and of what came beside them.
    session: Tally,
    /// Monitor mode has reported what came beside results.
    observed_aside: bool,
    hour: Arc<Hour>,
}

impl Budgets {
    pub(super) fn new(settings: &Settings, hour: Arc<Hour>) -> Self {
        Budgets {
            counts: !settings.can_copy_to_clipboard,
            passed: Tally::default(),
            until: Tally::default(),
            open: None,
            before: Tally::default(),
            observed: false,
            statement: Tally::default(),
            unnamed: Tally::default(),
            named: HashMap::new(),
            some_end: false,
            unclear: Tally::default(),
            session: Tally::default(),
            observed_aside: false,
            hour,
        }
    }

    /// New settings hold from the next row on.
    pub(super) fn apply(&mut self, settings: &Settings) {
        self.counts = !settings.can_copy_to_clipboard;
        if let Some(account) = &self.open {
            self.until = self.until(account, settings);
        }
    }

    /// Counts what comes, if that can be said at once; else it has to be looked at.
    pub(super) fn passes(&mut self, more: Tally) -> bool {
        if !self.counts {
            return true;
        }
        let passed = self.passed.and(more);
        let is_within = passed.rows <= self.until.rows && passed.bytes <= self.until.bytes;
        if is_within {
            self.passed = passed;
        }
        is_within
    }

    /// Counts what comes beside results, and can quote as much as they: an error, a notification. The budget that it passes.
    pub(super) fn give_aside(&mut self, bytes: u64, settings: &Settings, now: Instant) -> Option<Budget> {
        if !self.counts {
            return None;
        }
        let amounts = Amounts {
            copy_bytes: bytes,
            ..Amounts::default()
        };
        self.session.bytes = self.session.bytes.saturating_add(bytes);
        let exceeded = if bytes > settings.copy_bytes {
            Some(Budget::CopyBytes)
        } else if self.session.bytes > settings.copy_bytes_per_session {
            Some(Budget::CopyBytesPerSession)
        } else {
            self.hour.take(amounts, settings, now).err()
        };
        if settings.enforcement == Enforcement::Monitor && exceeded.is_some() {
            self.hour.add(amounts, now);
            return exceeded.filter(|_| !std::mem::replace(&mut self.observed_aside, true));
        }
        exceeded
    }

    fn open(&mut self, account: Account, settings: &Settings) {
        self.before = match &account {
            Account::Statement => self.statement,
            Account::Unnamed => self.unnamed,
            Account::Named(name, _) => self.named.get(name).map_or(Tally::default(), |(tally, _)| *tally),
            Account::Unclear => self.unclear,
            Account::Free => Tally::default(),
        };
        self.passed = self.before;
        self.until = self.until(&account, settings);
        self.open = Some(account);
    }

    /// Up to where nothing has to be looked at while this account is open.
    fn until(&self, account: &Account, settings: &Settings) -> Tally {
        match account {
            Account::Free => Tally::ALL,
            Account::Statement | Account::Unnamed | Account::Named(..) | Account::Unclear => {
                if settings.copy_rows_per_hour.is_some() || settings.copy_bytes_per_hour.is_some() {
                    // Each row is looked at, as other sessions count on the same hour.
                    return Tally::default();
                }
                let rows = settings.copy_rows_per_session.saturating_sub(self.session.rows);
                let bytes = settings.copy_bytes_per_session.saturating_sub(self.session.bytes);
                Tally {
                    rows: settings.copy_rows.min(self.before.rows.saturating_add(rows)),
                    bytes: settings.copy_bytes.min(self.before.bytes.saturating_add(bytes)),
                }
            }
        }
    }

    /// Counts what comes, unless a budget would be passed by it.
    fn count(&mut self, more: Tally, settings: &Settings, now: Instant) -> Result<(), Exceeded> {
        if self.passes(more) {
            return Ok(());
        }
        let passed = self.passed.and(more);
        let so_far = self.session.and(self.passed.without(self.before));
        let session = so_far.and(more);
        let amounts = Amounts {
            copy_rows: more.rows,
            copy_bytes: more.bytes,
            paste_bytes: 0,
        };
        let exceeded = if more.rows > 0 && passed.rows > settings.copy_rows {
            Some(Budget::CopyRows)
        } else if passed.bytes > settings.copy_bytes {
            Some(Budget::CopyBytes)
        } else if more.rows > 0 && session.rows > settings.copy_rows_per_session {
            Some(Budget::CopyRowsPerSession)
        } else if session.bytes > settings.copy_bytes_per_session {
            Some(Budget::CopyBytesPerSession)
        } else {
            self.hour.take(amounts, settings, now).err()
        };
        let Some(budget) = exceeded else {
            self.passed = passed;
            return Ok(());
        };
        let exceeded = Exceeded {
            budget,
            passed: self.passed,
            session: so_far,
        };
        if settings.enforcement == Enforcement::Enforce {
            return Err(exceeded);
        }
        self.hour.add(amounts, now);
        self.passed = passed;
        if std::mem::replace(&mut self.observed, true) {
            return Ok(());
        }
        Err(exceeded)
    }

    /// The account that is open is written up.
    fn close(&mut self) {
        let Some(account) = self.open.take() else {
            return;
        };
        let passed = self.passed;
        let more = passed.without(self.before);
        match account {
            Account::Statement => self.statement = passed,
            Account::Unnamed => self.unnamed = passed,
            Account::Named(name, life) if passed != Tally::default() => {
                self.some_end |= life == Life::Transaction;
                self.named.insert(name, (passed, life));
            }
            Account::Unclear => self.unclear = passed,
            Account::Named(..) | Account::Free => {}
        }
        if self.until != Tally::ALL {
            self.session = self.session.and(more);
        }
        self.passed = Tally::default();
        self.until = Tally::default();
        self.observed = false;
    }

    /// A statement or an execution has ended.
    pub(super) fn end_statement(&mut self) {
        self.close();
        self.statement = Tally::default();
    }

    /// The server has made something new of this name, or freed it.
    pub(super) fn forget(&mut self, name: &[u8]) {
        self.close();
        if name.is_empty() {
            self.unnamed = Tally::default();
        } else if !self.named.is_empty() {
            self.named.remove(&Name::new(name));
        }
    }

    /// The server has freed all cursors.
    pub(super) fn forget_all(&mut self) {
        self.close();
        self.named.clear();
    }

    /// A transaction has ended.
    pub(super) fn end_transaction(&mut self) {
        self.close();
        if std::mem::take(&mut self.some_end) {
            self.named.retain(|_, (_, life)| *life == Life::Session);
        }
    }

    /// Counts what the client sends, by the hour.
    pub(super) fn send(&self, bytes: usize, settings: &Settings, now: Instant) -> Result<(), Budget> {
        if settings.can_paste_from_clipboard || settings.paste_bytes_per_hour.is_none() {
            return Ok(());
        }
        let amounts = Amounts {
            paste_bytes: u64::try_from(bytes).unwrap_or(u64::MAX),
            ..Amounts::default()
        };
        let taken = self.hour.take(amounts, settings, now);
        if taken.is_err() && settings.enforcement == Enforcement::Monitor {
            self.hour.add(amounts, now);
        }
        taken
    }
}

impl Gate {
    /// Values that are to be sent beside a text.
    pub(super) fn send_values(&mut self, what: &str, bytes: usize, now: Instant) -> Result<(), Arc<Refused>> {
        let settings = &self.rules.settings;
        let is_long = u64::try_from(bytes).map_or(true, |bytes| bytes > settings.paste_bytes);
        if is_long && !settings.can_paste_from_clipboard {
            self.refuse_length(what, bytes, Budget::PasteBytes)?;
        }
        match self.budgets.send(bytes, &self.rules.settings, now) {
            Ok(()) => Ok(()),
            Err(budget) => self.refuse_length(what, bytes, budget),
        }
    }

    /// A text that is to be sent. What ends a transaction brings nothing in, and is the way out of one that failed.
    pub(super) fn send_text(&mut self, text: &Text, bytes: usize, now: Instant) -> Result<(), Arc<Refused>> {
        let ends = |statement: &StatementFacts| {
            matches!(statement.kind, StatementKind::Commit | StatementKind::Rollback)
        };
        if text.readings().all(|facts| facts.statements.iter().all(ends)) {
            return Ok(());
        }
        match self.budgets.send(bytes, &self.rules.settings, now) {
            Ok(()) => Ok(()),
            Err(budget) => self.refuse_length("statements", bytes, budget),
        }
    }

    fn refuse_length(&mut self, what: &str, bytes: usize, budget: Budget) -> Result<(), Arc<Refused>> {
        let refused = Refused::too_long(what, bytes, budget, &self.rules);
        match self.rules.settings.enforcement {
            Enforcement::Enforce => Err(refused),
            Enforcement::Monitor => {
                self.observe(refused);
                Ok(())
            }
        }
    }
}

/// Which cursor a statement reads.
enum Reads {
    None,
    Cursor(Name),
    Unclear,
}

impl Gate {
    /// Counts a message of a result.
    pub(super) fn count_result(&mut self, more: Tally, now: Instant) -> Result<(), Exceeded> {
        if self.budgets.passes(more) {
            return Ok(());
        }
        if self.budgets.open.is_none() {
            let account = self.account(more.rows > 0);
            self.budgets.open(account, &self.rules.settings);
        }
        self.budgets.count(more, &self.rules.settings, now)
    }

    /// Whose rows, or notices, are coming.
    fn account(&self, are_rows: bool) -> Account {
        let Some(entry) = self.pipeline.running() else {
            // What is deferred to the commit gives notices there.
            return if are_rows {
                Account::Unclear
            } else {
                Account::Statement
            };
        };
        match &entry.request {
            Request::Query(script) if script.text.is_replication_command() => Account::Free,
            Request::Query(script) => match self.reads(&script.text, script.next, 0) {
                Reads::None => Account::Statement,
                Reads::Cursor(name) => self.named(name),
                Reads::Unclear => Account::Unclear,
            },
            Request::Execute { portal, .. } => {
                let prepared = self.portals.current(portal.as_bytes());
                let reads = prepared.map(|prepared| self.reads(&prepared.text, prepared.statement, 0));
                match reads.unwrap_or(Reads::None) {
                    Reads::None if portal.as_bytes().is_empty() => Account::Unnamed,
                    Reads::None => self.named(portal.clone()),
                    Reads::Cursor(name) => self.named(name),
                    Reads::Unclear => Account::Unclear,
                }
            }
            Request::FunctionCall => Account::Statement,
            Request::Parse { .. }
            | Request::Bind { .. }
            | Request::Describe
            | Request::CloseStatement(_)
            | Request::ClosePortal(_)
            | Request::Sync { .. }
            | Request::StandIn { .. } => Account::Unclear,
        }
    }

    /// Which cursor a statement reads, itself or by what it executes. What SQL's PREPARE takes reads none, so a prepared
    /// statement that was never seen doesn't either (`PreparableStmt`, parser/gram.y).
    fn reads(&self, text: &Text, statement: usize, depth: usize) -> Reads {
        match text.effect_at(statement) {
            Err(_) => Reads::Unclear,
            Ok(Some(NameEffect::Fetch(name))) => Reads::Cursor(Name::new(name)),
            Ok(Some(NameEffect::Execute(name))) if depth >= EXECUTES_DEEP_MAX || !name.is_ascii() => {
                Reads::Unclear
            }
            Ok(Some(NameEffect::Execute(name))) => match self.statements.current(name) {
                Some(prepared) => self.reads(&prepared.text, prepared.statement, depth.saturating_add(1)),
                None => Reads::None,
            },
            Ok(
                Some(
                    NameEffect::Prepare(_)
                    | NameEffect::Deallocate(_)
                    | NameEffect::DeallocateAll
                    | NameEffect::DiscardAll
                    | NameEffect::DeclareCursor(_)
                    | NameEffect::DeclareHeldCursor(_)
                    | NameEffect::CloseCursor(_)
                    | NameEffect::CloseAll,
                )
                | None,
            ) => Reads::None,
        }
    }

    fn named(&self, name: Name) -> Account {
        // Under another client_encoding the same bytes are another name, and the same name is other bytes.
        if !name.as_bytes().is_ascii() {
            return Account::Unclear;
        }
        let life = match self.budgets.named.get(&name) {
            Some((_, life)) => *life,
            None if self.budgets.named.len() >= PREPARED_NAMES_MAX => return Account::Unclear,
            None => match self.portals.current(name.as_bytes()) {
                None => Life::Session,
                Some(prepared) => match prepared.text.effect_at(prepared.statement) {
                    Err(_) | Ok(Some(NameEffect::DeclareHeldCursor(_))) => Life::Session,
                    Ok(_) => Life::Transaction,
                },
            },
        };
        Account::Named(name, life)
    }
}
