//! Which answer belongs to what the client sent.
//!
//! PostgreSQL answers in order, so what was sent waits in a queue until its answer comes. The rules for what a server
//! does not answer (after an error up to Sync, Sync within COPY) are the server's; where a recording does not follow
//! them, an answer goes to the first in the queue that can have it, and those before it count as not answered.

use std::{
    collections::{HashMap, VecDeque},
    rc::Rc,
};

use pgwarden_wire::{
    BackendMessage,
    backend::Fields,
    frontend::{Bind, Target},
};

use crate::terminal::clip;

/// What may wait for answers at most; of more, the oldest counts as not answered. A client that sends so much before it
/// reads deadlocks with the server.
const QUEUE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Prepared statements, and portals, that are remembered at most; the oldest are forgotten first.
const NAMES_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Longest text of a statement, or value of a parameter, that is remembered.
const TEXT_BYTES_MAX: usize = 256 * 1024;

/// What a name, a message in the queue and so on take besides their texts, roughly.
const FIXED_BYTES: usize = 200;

/// Bytes out of a message, at most so many as are worth showing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Text {
    pub(crate) bytes: Box<[u8]>,
    pub(crate) missing: usize,
}

impl Text {
    /// `missing` more bytes were not recorded, or not kept.
    pub(crate) fn new(bytes: &[u8], missing: usize) -> Self {
        let (kept, cut) = clip(bytes, TEXT_BYTES_MAX);
        Self {
            bytes: kept.into(),
            missing: missing.saturating_add(cut),
        }
    }
}

/// A parameter as Bind sent it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Parameter {
    pub(crate) format: i16,
    pub(crate) value: Option<Text>,
}

/// A column of a result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Column {
    pub(crate) name: Box<[u8]>,
    pub(crate) type_oid: u32,
    pub(crate) format: i16,
}

pub(crate) type Columns = Rc<[Column]>;

/// What a Parse prepared.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) sql: Rc<Text>,
    pub(crate) types: Rc<[u32]>,
    pub(crate) columns: Option<Columns>,
}

/// What a Bind made.
#[derive(Clone, Debug)]
pub(crate) struct Portal {
    pub(crate) statement_name: Rc<[u8]>,
    /// `None` if no Parse of that name is known: SQL `PREPARE` made it, or it was before the recording.
    pub(crate) statement: Option<Statement>,
    pub(crate) parameters: Rc<[Parameter]>,
    result_formats: Rc<[i16]>,
    columns: Option<Columns>,
    /// An Execute has begun with it.
    executed: bool,
}

impl Portal {
    fn columns(&self) -> Option<Columns> {
        if self.columns.is_some() {
            return self.columns.clone();
        }
        // A statement's description says nothing of formats, as Bind decides them.
        let columns = self.statement.as_ref()?.columns.as_ref()?;
        let format = |index: usize| match &*self.result_formats {
            [] => 0,
            [one] => *one,
            many => many.get(index).copied().unwrap_or(0),
        };
        Some(
            columns
                .iter()
                .enumerate()
                .map(|(index, column)| Column {
                    format: format(index),
                    ..column.clone()
                })
                .collect(),
        )
    }

    fn weight(&self) -> usize {
        let statement = self
            .statement
            .as_ref()
            .map_or(0, |statement| statement.sql.bytes.len());
        let parameters = self
            .parameters
            .iter()
            .map(parameter_weight)
            .fold(0, usize::saturating_add);
        statement
            .saturating_add(parameters)
            .saturating_add(self.result_formats.len().saturating_mul(2))
    }
}

fn parameter_weight(parameter: &Parameter) -> usize {
    parameter
        .value
        .as_ref()
        .map_or(0, |value| value.bytes.len())
        .saturating_add(40)
}

/// Something that the client sent and that the server answers.
#[derive(Debug)]
pub(crate) enum Unit {
    Query {
        sql: Rc<Text>,
    },
    Parse {
        name: Rc<[u8]>,
        sql: Rc<Text>,
        types: Rc<[u32]>,
    },
    Bind {
        portal: Rc<[u8]>,
        bound: Portal,
    },
    DescribeStatement(Rc<[u8]>),
    DescribePortal(Rc<[u8]>),
    Execute {
        portal: Rc<[u8]>,
    },
    CloseStatement(Rc<[u8]>),
    ClosePortal(Rc<[u8]>),
    FunctionCall {
        function: u32,
        argument_bytes: usize,
    },
    Sync,
    /// CopyDone or CopyFail: not answered, but from it on Sync is again.
    CopyEnd,
}

impl Unit {
    /// Whether it runs something, and so is shown.
    pub(crate) fn runs(&self) -> bool {
        matches!(
            self,
            Self::Query { .. } | Self::Execute { .. } | Self::FunctionCall { .. }
        )
    }

    fn weight(&self) -> usize {
        let text = match self {
            Self::Query { sql } => sql.bytes.len(),
            Self::Parse { name, sql, types } => name
                .len()
                .saturating_add(sql.bytes.len())
                .saturating_add(types.len().saturating_mul(4)),
            Self::Bind { portal, bound } => portal.len().saturating_add(bound.weight()),
            Self::DescribeStatement(name)
            | Self::DescribePortal(name)
            | Self::Execute { portal: name }
            | Self::CloseStatement(name)
            | Self::ClosePortal(name) => name.len(),
            Self::FunctionCall { .. } | Self::Sync | Self::CopyEnd => 0,
        };
        text.saturating_add(FIXED_BYTES)
    }

    /// Whether the server may send this for it.
    fn accepts(&self, answer: Answer) -> bool {
        match answer {
            Answer::Parsed => matches!(self, Self::Parse { .. }),
            Answer::Bound => matches!(self, Self::Bind { .. }),
            Answer::Closed => matches!(self, Self::CloseStatement(_) | Self::ClosePortal(_)),
            Answer::ParameterTypes => matches!(self, Self::DescribeStatement(_)),
            Answer::NoColumns => matches!(self, Self::DescribeStatement(_) | Self::DescribePortal(_)),
            Answer::Columns => {
                matches!(
                    self,
                    Self::DescribeStatement(_) | Self::DescribePortal(_) | Self::Query { .. }
                )
            }
            Answer::Output | Answer::CopyIn | Answer::Completed => {
                matches!(self, Self::Query { .. } | Self::Execute { .. })
            }
            Answer::Suspended => matches!(self, Self::Execute { .. }),
            Answer::Returned => matches!(self, Self::FunctionCall { .. }),
            Answer::Failed => !matches!(self, Self::CopyEnd),
            Answer::Ready => matches!(self, Self::Sync | Self::Query { .. } | Self::FunctionCall { .. }),
        }
    }
}

/// What the server's messages mean to the queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    Parsed,
    Bound,
    Closed,
    ParameterTypes,
    NoColumns,
    Columns,
    Output,
    CopyIn,
    Completed,
    Suspended,
    Returned,
    Failed,
    Ready,
}

impl Answer {
    /// `None` for what the server sends unasked.
    pub(crate) fn of(message: &BackendMessage<'_>) -> Option<Self> {
        Some(match message {
            BackendMessage::ParseComplete => Self::Parsed,
            BackendMessage::BindComplete => Self::Bound,
            BackendMessage::CloseComplete => Self::Closed,
            BackendMessage::ParameterDescription { .. } => Self::ParameterTypes,
            BackendMessage::NoData => Self::NoColumns,
            BackendMessage::RowDescription(_) => Self::Columns,
            BackendMessage::DataRow(_)
            | BackendMessage::CopyData(_)
            | BackendMessage::CopyDone
            | BackendMessage::CopyOutResponse(_) => Self::Output,
            BackendMessage::CopyInResponse(_) | BackendMessage::CopyBothResponse(_) => Self::CopyIn,
            BackendMessage::CommandComplete { .. } | BackendMessage::EmptyQueryResponse => Self::Completed,
            BackendMessage::PortalSuspended => Self::Suspended,
            BackendMessage::FunctionCallResponse(_) => Self::Returned,
            BackendMessage::ErrorResponse(_) => Self::Failed,
            BackendMessage::ReadyForQuery(_) => Self::Ready,
            BackendMessage::Authentication(_)
            | BackendMessage::BackendKeyData { .. }
            | BackendMessage::NegotiateProtocolVersion { .. }
            | BackendMessage::NoticeResponse(_)
            | BackendMessage::NotificationResponse { .. }
            | BackendMessage::ParameterStatus { .. } => return None,
        })
    }
}

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
            _ if self.skipping => return unit.runs().then(|| self.resolve(&unit, self.queue.len())),
            _ => {}
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
        let found = match answer {
            // A query that has begun ends with its ReadyForQuery, whatever stands before it.
            Answer::Ready => self
                .queue
                .iter()
                .position(|waiting| {
                    waiting.begun && matches!(waiting.unit, Unit::Query { .. } | Unit::FunctionCall { .. })
                })
                .or_else(|| self.position(answer)),
            _ => self.position(answer),
        };
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
            Answer::Output | Answer::Failed => {}
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
            // ReadyForQuery follows.
            Answer::Returned => {}
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
                Shown::Bind(Portal {
                    statement,
                    ..bound.clone()
                })
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
        let pending =
            self.queue
                .iter()
                .take(index)
                .enumerate()
                .rev()
                .find_map(|(at, waiting)| match &waiting.unit {
                    Unit::Bind { portal, bound } if **portal == *name => Some((at, bound)),
                    _ => None,
                });
        match pending {
            Some((at, bound)) => {
                let statement = self.statement_before(&bound.statement_name, at);
                (
                    Some(Portal {
                        statement,
                        ..bound.clone()
                    }),
                    true,
                )
            }
            None => (self.portals.get(name).cloned(), false),
        }
    }

    fn statement_before(&self, name: &[u8], index: usize) -> Option<Statement> {
        let pending = self
            .queue
            .iter()
            .take(index)
            .rev()
            .find_map(|waiting| match &waiting.unit {
                Unit::Parse {
                    name: parsed,
                    sql,
                    types,
                } if **parsed == *name => Some(Statement {
                    sql: Rc::clone(sql),
                    types: Rc::clone(types),
                    columns: None,
                }),
                _ => None,
            });
        pending.or_else(|| self.statements.get(name).cloned())
    }
}

/// What a ParseComplete or BindComplete means for a statement's name.
#[derive(Debug)]
pub(crate) enum Prepared {
    Statement { name: Rc<[u8]>, sql: Rc<Text> },
    Used { name: Rc<[u8]> },
}

/// The unit of a Bind.
pub(crate) fn bind_unit(bind: Bind<'_>) -> Unit {
    let parameters: Rc<[Parameter]> = bind
        .parameters()
        .map(|(format, value)| Parameter {
            format,
            value: value.map(|value| Text::new(value, 0)),
        })
        .collect();
    let result_formats = result_formats(bind);
    let bound = Portal {
        statement_name: bind.statement.into(),
        statement: None,
        parameters,
        result_formats,
        columns: None,
        executed: false,
    };
    Unit::Bind {
        portal: bind.portal.into(),
        bound,
    }
}

/// Most columns of a result (`MaxTupleAttributeNumber`, `access/htup_details.h`).
const COLUMNS_MAX: usize = 1664;

/// Formats of the result's columns: one for all, or as many as differ from text.
fn result_formats(bind: Bind<'_>) -> Rc<[i16]> {
    let mut formats: Vec<i16> = (0..COLUMNS_MAX)
        .map(|column| bind.result_format(column))
        .collect();
    let first = bind.result_format(0);
    if formats.iter().all(|format| *format == first) {
        return Rc::new([first]);
    }
    let used = formats
        .iter()
        .rposition(|format| *format != 0)
        .map_or(0, |last| last.saturating_add(1));
    formats.truncate(used);
    // One alone would hold for all.
    formats.resize(used.max(2), 0);
    formats.into()
}

pub(crate) fn describe_unit(target: Target<'_>) -> Unit {
    match target {
        Target::Statement(name) => Unit::DescribeStatement(name.into()),
        Target::Portal(name) => Unit::DescribePortal(name.into()),
    }
}

pub(crate) fn close_unit(target: Target<'_>) -> Unit {
    match target {
        Target::Statement(name) => Unit::CloseStatement(name.into()),
        Target::Portal(name) => Unit::ClosePortal(name.into()),
    }
}

pub(crate) fn columns_of(fields: Fields<'_>) -> Columns {
    fields
        .iter()
        .map(|field| Column {
            name: field.name.into(),
            type_oid: field.type_oid,
            format: field.format,
        })
        .collect()
}

/// Object ids of four bytes each.
pub(crate) fn type_oids(types: &[u8]) -> Rc<[u32]> {
    types
        .as_chunks::<4>()
        .0
        .iter()
        .map(|oid| u32::from_be_bytes(*oid))
        .collect()
}

/// Values by name, of which the oldest are forgotten when they get too many.
#[derive(Debug)]
struct Names<T> {
    values: HashMap<Rc<[u8]>, (T, usize)>,
    /// In the order of their insertion; a name may have been removed since, or be in it again further back.
    order: VecDeque<Rc<[u8]>>,
    bytes: usize,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self {
            values: HashMap::new(),
            order: VecDeque::new(),
            bytes: 0,
        }
    }
}

impl<T> Names<T> {
    fn get(&self, name: &[u8]) -> Option<&T> {
        self.values.get(name).map(|(value, _)| value)
    }

    fn get_mut(&mut self, name: &[u8]) -> Option<&mut T> {
        self.values.get_mut(name).map(|(value, _)| value)
    }

    fn insert(&mut self, name: Rc<[u8]>, value: T, weight: usize) {
        let weight = weight.saturating_add(name.len()).saturating_add(FIXED_BYTES);
        match self.values.insert(Rc::clone(&name), (value, weight)) {
            Some((_, replaced)) => self.bytes = self.bytes.saturating_sub(replaced),
            None => self.order.push_back(name),
        }
        self.bytes = self.bytes.saturating_add(weight);
        while self.bytes > NAMES_BYTES_MAX && self.values.len() > 1 {
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, name: &[u8]) {
        if let Some((_, weight)) = self.values.remove(name) {
            self.bytes = self.bytes.saturating_sub(weight);
        }
        // Names that come and go must not make the order grow.
        if self.order.len() > self.values.len().saturating_mul(2).saturating_add(64) {
            self.order.retain(|name| self.values.contains_key(name));
        }
    }
}
