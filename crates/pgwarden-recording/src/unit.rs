//! What a client sends and what a server answers, as far as showing it needs.

use std::rc::Rc;

use pgwarden_wire::{
    BackendMessage,
    backend::Fields,
    frontend::{Bind, Target},
};

use crate::terminal::clip;

/// Longest text of a statement, or value of a parameter, that is remembered.
const TEXT_BYTES_MAX: usize = 256 * 1024;

/// What a name, a message in the queue and so on take besides their texts, roughly.
pub(crate) const FIXED_BYTES: usize = 200;

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
    pub(crate) columns: Option<Columns>,
    /// An Execute has begun with it.
    pub(crate) executed: bool,
}

impl Portal {
    pub(crate) fn columns(&self) -> Option<Columns> {
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

    /// The same, of this statement.
    pub(crate) fn of(&self, statement: Option<Statement>) -> Self {
        Self {
            statement,
            ..self.clone()
        }
    }

    pub(crate) fn weight(&self) -> usize {
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
    /// `CopyDone` or `CopyFail`: not answered, but from it on Sync is again.
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

    pub(crate) fn weight(&self) -> usize {
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
    pub(crate) fn accepts(&self, answer: Answer) -> bool {
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
