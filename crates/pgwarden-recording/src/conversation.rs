//! Which answer belongs to what the client sent.
//!
//! PostgreSQL answers in order, so what was sent waits in a queue until its answer comes. The rules for what a server
//! does not answer (after an error up to Sync, Sync within COPY) are the server's; where a recording does not follow
//! them, an answer goes to the first in the queue that can have it, and those before it count as not answered.

use std::{collections::VecDeque, rc::Rc};

use pgwarden_wire::BackendMessage;

use crate::{
    names::Names,
    unit::{Answer, Columns, Portal, Statement, Text, Unit, columns_of, type_oids},
};

/// What may wait for answers at most; of more, the oldest counts as not answered. A client that sends so much before it
/// reads deadlocks with the server.
const QUEUE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A unit with what became of it so far.
#[derive(Debug)]
struct Waiting {
    unit: Unit,
    shown: bool,
    /// An answer has come, not yet the last one.
    begun: bool,
}

/// What is shown of a unit that runs something.
#[derive(Debug)]
pub(crate) enum Shown {
    Query(Rc<Text>),
    Execute {
        portal: Rc<[u8]>,
        /// `None`: no Bind of that name is known; SQL `DECLARE` made the portal.
        bound: Option<Portal>,
        /// It goes on where an earlier Execute was suspended.
        continued: bool,
    },
    FunctionCall {
        function: u32,
        argument_bytes: usize,
    },
    /// A Parse or Bind that failed before anything could run.
    Parse(Rc<Text>),
    Bind(Portal),
}

/// The state of one session's exchange of messages, as far as showing it needs.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    queue: VecDeque<Waiting>,
    queue_bytes: usize,
    /// Index of the first unit in the queue that runs something; it is the one that may be shown.
    first_running: Option<usize>,
    statements: Names<Statement>,
    portals: Names<Portal>,
    /// After an error: what comes before the next Sync is not run.
    skipping: bool,
    /// In COPY FROM STDIN: Sync is not answered until the client ends the copy.
    copy_in: bool,
    /// Columns of the rows that come now.
    columns: Option<Columns>,
}

impl Conversation {
    /// The client has sent this. Given back if the server will skip it.
    pub(crate) fn send(&mut self, unit: Unit) -> Option<Shown> {
        match unit {
            Unit::Sync if self.copy_in => return None,
            Unit::Sync => self.skipping = false,
            Unit::CopyEnd => {
                self.copy_in = false;
                // Nothing is held up by it if nothing is under way.
                if self.queue.is_empty() {
                    return None;
                }
            }
            Unit::Query { .. }
            | Unit::Parse { .. }
            | Unit::Bind { .. }
            | Unit::DescribeStatement(_)
            | Unit::DescribePortal(_)
            | Unit::Execute { .. }
            | Unit::CloseStatement(_)
            | Unit::ClosePortal(_)
            | Unit::FunctionCall { .. } => {
                if self.skipping {
                    return unit.runs().then(|| self.resolve(&unit, self.queue.len()));
                }
            }
        }
        self.queue_bytes = self.queue_bytes.saturating_add(unit.weight());
        if unit.runs() && self.first_running.is_none() {
            self.first_running = Some(self.queue.len());
        }
        self.queue.push_back(Waiting {
            unit,
            shown: false,
            begun: false,
        });
        while self.queue_bytes > QUEUE_BYTES_MAX && self.queue.len() > 1 {
            self.pop();
        }
        None
    }

    /// An answer has come: drops what it shows to be unanswered, and gives back what of that was not shown.
    pub(crate) fn receive(&mut self, answer: Answer) -> Vec<Shown> {
        // A query that has begun ends with its ReadyForQuery, whatever stands before it.
        let begun = || {
            self.queue.iter().position(|waiting| {
                waiting.begun && matches!(waiting.unit, Unit::Query { .. } | Unit::FunctionCall { .. })
            })
        };
        let found = if answer == Answer::Ready { begun() } else { None };
        let found = found.or_else(|| self.position(answer));
        let mut unanswered = Vec::new();
        for _ in 0..found.unwrap_or(0) {
            unanswered.extend(self.drop_first());
        }
        if found.is_some()
            && let Some(front) = self.queue.front_mut()
        {
            front.begun = true;
        }
        unanswered
    }

    fn position(&self, answer: Answer) -> Option<usize> {
        self.queue.iter().position(|waiting| waiting.unit.accepts(answer))
    }

    /// What is to be shown now: the first unit that runs something, once.
    pub(crate) fn show(&mut self) -> Option<Shown> {
        let index = self.first_running?;
        let waiting = self.queue.get_mut(index)?;
        if waiting.shown {
            return None;
        }
        waiting.shown = true;
        let waiting = self.queue.get(index)?;
        let shown = self.resolve(&waiting.unit, index);
        if let Unit::Execute { portal } = &waiting.unit {
            let portal = Rc::clone(portal);
            if let Some(bound) = self.portals.get_mut(&portal) {
                bound.executed = true;
            }
        }
        Some(shown)
    }

    /// Columns of the rows that come now, if a description was seen.
    pub(crate) fn columns(&self) -> Option<Columns> {
        match self.queue.front().map(|waiting| &waiting.unit) {
            Some(Unit::Execute { portal }) => self.portals.get(portal).and_then(Portal::columns),
            _ => self.columns.clone(),
        }
    }

    /// Types of a statement's parameters, as far as they are known.
    pub(crate) fn parameter_types(&self, statement: &[u8]) -> Option<Rc<[u32]>> {
        self.statement_before(statement, self.queue.len())
            .map(|statement| statement.types)
    }

    /// The first in the queue has been answered with a message that was not an error.
    pub(crate) fn complete(&mut self, message: &BackendMessage<'_>, answer: Answer) -> Option<Prepared> {
        let front_accepts = self
            .queue
            .front()
            .is_some_and(|waiting| waiting.unit.accepts(answer));
        if !front_accepts {
            return None;
        }
        match answer {
            Answer::Parsed | Answer::Bound | Answer::Closed => return self.complete_name(),
            Answer::ParameterTypes => self.describe_types(message),
            Answer::NoColumns => {
                self.pop();
            }
            Answer::Columns => self.describe_columns(message),
            // ReadyForQuery follows a function's return.
            Answer::Output | Answer::Failed | Answer::Returned => {}
            Answer::CopyIn => self.begin_copy_in(),
            Answer::Completed | Answer::Suspended => {
                self.copy_in = false;
                self.columns = None;
                if matches!(
                    self.queue.front().map(|waiting| &waiting.unit),
                    Some(Unit::Execute { .. })
                ) {
                    self.pop();
                }
            }
            Answer::Ready => {
                self.copy_in = false;
                self.columns = None;
                self.pop();
            }
        }
        None
    }

    /// The first in the queue has failed. Gives back what is to be shown before the error, and what will not run.
    pub(crate) fn fail(&mut self) -> (Option<Shown>, Vec<Shown>) {
        self.copy_in = false;
        self.columns = None;
        match self.queue.front().map(|waiting| &waiting.unit) {
            None | Some(Unit::Sync) => return (None, Vec::new()),
            // Only ReadyForQuery ends these.
            Some(Unit::Query { .. } | Unit::FunctionCall { .. }) => return (self.show(), Vec::new()),
            Some(_) => {}
        }
        let sync = self
            .queue
            .iter()
            .position(|waiting| matches!(waiting.unit, Unit::Sync));
        let until = sync.unwrap_or(self.queue.len());
        self.skipping = sync.is_none();
        // What failed is what would have run next, if that waits here; its Parse or Bind otherwise.
        let culprit = match self.first_running.filter(|index| *index < until) {
            Some(_) => self.show(),
            None => self.queue.front().map(|waiting| self.resolve(&waiting.unit, 0)),
        };
        let skipped = (0..until).filter_map(|_| self.drop_first()).collect();
        (culprit, skipped)
    }

    /// Whether everything that was sent has been answered.
    pub(crate) fn is_idle(&self) -> bool {
        self.queue
            .iter()
            .all(|waiting| matches!(waiting.unit, Unit::CopyEnd))
    }

    fn complete_name(&mut self) -> Option<Prepared> {
        match self.pop()?.unit {
            Unit::Parse { name, sql, types } => {
                let prepared = Prepared::Statement {
                    name: Rc::clone(&name),
                    sql: Rc::clone(&sql),
                };
                let weight = sql.bytes.len().saturating_add(types.len().saturating_mul(4));
                self.statements.insert(
                    name,
                    Statement {
                        sql,
                        types,
                        columns: None,
                    },
                    weight,
                );
                return Some(prepared);
            }
            Unit::Bind { portal, mut bound } => {
                bound.statement = self.statements.get(&bound.statement_name).cloned();
                let used = Prepared::Used {
                    name: Rc::clone(&bound.statement_name),
                };
                let weight = bound.weight();
                self.portals.insert(portal, bound, weight);
                return Some(used);
            }
            Unit::CloseStatement(name) => self.statements.remove(&name),
            Unit::ClosePortal(name) => self.portals.remove(&name),
            Unit::Query { .. }
            | Unit::DescribeStatement(_)
            | Unit::DescribePortal(_)
            | Unit::Execute { .. }
            | Unit::FunctionCall { .. }
            | Unit::Sync
            | Unit::CopyEnd => {}
        }
        None
    }

    fn describe_types(&mut self, message: &BackendMessage<'_>) {
        if let (Some(Unit::DescribeStatement(name)), BackendMessage::ParameterDescription { types }) =
            (self.queue.front().map(|waiting| &waiting.unit), message)
            && let Some(statement) = self.statements.get_mut(name)
        {
            statement.types = type_oids(types);
        }
    }

    fn describe_columns(&mut self, message: &BackendMessage<'_>) {
        let BackendMessage::RowDescription(fields) = message else {
            return;
        };
        let columns = columns_of(*fields);
        match self.queue.front().map(|waiting| &waiting.unit) {
            Some(Unit::DescribeStatement(name)) => {
                if let Some(statement) = self.statements.get_mut(name) {
                    statement.columns = Some(columns);
                }
                self.pop();
            }
            Some(Unit::DescribePortal(name)) => {
                if let Some(portal) = self.portals.get_mut(name) {
                    portal.columns = Some(columns);
                }
                self.pop();
            }
            _ => self.columns = Some(columns),
        }
    }

    /// The server reads what is in the queue while it copies in, and so answers no Sync before the client ends the copy.
    fn begin_copy_in(&mut self) {
        let end = self
            .queue
            .iter()
            .position(|waiting| matches!(waiting.unit, Unit::CopyEnd));
        self.copy_in = end.is_none();
        let mut index: usize = 0;
        let until = end.unwrap_or(self.queue.len());
        self.queue.retain(|waiting| {
            let swallowed = index < until && matches!(waiting.unit, Unit::Sync);
            index = index.saturating_add(1);
            !swallowed
        });
        self.queue_bytes = self
            .queue
            .iter()
            .map(|waiting| waiting.unit.weight())
            .fold(0, usize::saturating_add);
        self.find_first_running();
    }

    fn drop_first(&mut self) -> Option<Shown> {
        let waiting = self.queue.front()?;
        let shown = (waiting.unit.runs() && !waiting.shown).then(|| self.resolve(&waiting.unit, 0));
        self.pop();
        shown
    }

    fn pop(&mut self) -> Option<Waiting> {
        let waiting = self.queue.pop_front()?;
        self.queue_bytes = self.queue_bytes.saturating_sub(waiting.unit.weight());
        match self.first_running {
            Some(0) => self.find_first_running(),
            Some(index) => self.first_running = Some(index.saturating_sub(1)),
            None => {}
        }
        Some(waiting)
    }

    fn find_first_running(&mut self) {
        self.first_running = self.queue.iter().position(|waiting| waiting.unit.runs());
    }

    /// What a unit runs, by the names as they stand once what waits before `index` is done.
    fn resolve(&self, unit: &Unit, index: usize) -> Shown {
        match unit {
            Unit::Query { sql } => Shown::Query(Rc::clone(sql)),
            Unit::Execute { portal } => {
                let (bound, pending) = self.portal_before(portal, index);
                let continued = !pending && bound.as_ref().is_some_and(|bound| bound.executed);
                Shown::Execute {
                    portal: Rc::clone(portal),
                    bound,
                    continued,
                }
            }
            Unit::FunctionCall {
                function,
                argument_bytes,
            } => Shown::FunctionCall {
                function: *function,
                argument_bytes: *argument_bytes,
            },
            Unit::Parse { sql, .. } => Shown::Parse(Rc::clone(sql)),
            Unit::Bind { bound, .. } => {
                let statement = self.statement_before(&bound.statement_name, index);
                Shown::Bind(bound.of(statement))
            }
            Unit::DescribeStatement(name) | Unit::CloseStatement(name) => Shown::Parse(
                self.statement_before(name, index)
                    .map_or_else(Rc::default, |statement| statement.sql),
            ),
            Unit::DescribePortal(name) | Unit::ClosePortal(name) => {
                let (bound, _) = self.portal_before(name, index);
                Shown::Execute {
                    portal: Rc::clone(name),
                    bound,
                    continued: false,
                }
            }
            Unit::Sync | Unit::CopyEnd => Shown::Parse(Rc::default()),
        }
    }

    /// The portal, and whether its Bind is still in the queue.
    fn portal_before(&self, name: &[u8], index: usize) -> (Option<Portal>, bool) {
        let before = self.queue.iter().take(index).enumerate();
        let pending = before.rev().find_map(|(at, waiting)| {
            if let Unit::Bind { portal, bound } = &waiting.unit
                && **portal == *name
            {
                return Some((at, bound));
            }
            None
        });
        match pending {
            Some((at, bound)) => {
                let statement = self.statement_before(&bound.statement_name, at);
                (Some(bound.of(statement)), true)
            }
            None => (self.portals.get(name).cloned(), false),
        }
    }

    fn statement_before(&self, name: &[u8], index: usize) -> Option<Statement> {
        let pending = self.queue.iter().take(index).rev().find_map(|waiting| {
            if let Unit::Parse {
                name: parsed,
                sql,
                types,
            } = &waiting.unit
                && **parsed == *name
            {
                return Some(Statement {
                    sql: Rc::clone(sql),
                    types: Rc::clone(types),
                    columns: None,
                });
            }
            None
        });
        pending.or_else(|| self.statements.get(name).cloned())
    }
}

/// What a `ParseComplete` or `BindComplete` means for a statement's name.
#[derive(Debug)]
pub(crate) enum Prepared {
    Statement { name: Rc<[u8]>, sql: Rc<Text> },
    Used { name: Rc<[u8]> },
}
