//! What a statement names.

use std::fmt;
use std::ops::Range;

/// A name that a statement mentions, as the server keeps it: folded unless quoted, escapes undone, cut at 63 bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mention {
    /// What stands before the last dot; none where the name stands alone. Of `catalog.schema.name` the schema.
    pub schema: Option<Box<[u8]>>,
    /// The name itself.
    pub name: Box<[u8]>,
    /// What it is the name of.
    pub role: MentionRole,
    /// The bytes of the text that show it. Within a body it is the whole literal that holds the body.
    pub span: Range<usize>,
    /// Whether it was found in the body of DO or a function.
    pub in_body: bool,
}

/// What a mentioned name is the name of, by where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MentionRole {
    /// A function that is called: parentheses follow.
    Function,
    /// A column, or a function written like one: `t.name` calls `name(t)` where the table has no such column
    /// ("Value Expressions", section "Field Selection").
    Attribute,
    /// A relation that is read.
    Read,
    /// A relation that is written.
    Written,
    /// Anything that a statement of the data definition names without calling it; it may be a relation.
    Object,
    /// As `Object`, in a statement that makes or changes what stands for a function: an operator, a cast, an aggregate.
    ObjectOrFunction,
    /// A role that is made, changed, or taken on.
    Role,
    /// A setting of the server that is set.
    Setting,
}

impl MentionRole {
    /// Whether a function may be meant.
    pub(crate) fn may_be_function(self) -> bool {
        matches!(self, Self::Function | Self::Attribute | Self::ObjectOrFunction)
    }

    /// Whether a relation may be meant.
    pub(crate) fn may_be_relation(self) -> bool {
        matches!(
            self,
            Self::Read | Self::Written | Self::Object | Self::ObjectOrFunction
        )
    }
}

impl Mention {
    pub(crate) fn is_ascii(&self) -> bool {
        self.name.is_ascii() && self.schema.as_ref().is_none_or(|schema| schema.is_ascii())
    }
}

/// As SQL has it, without the quotes: `schema.name`. Bytes that are no UTF-8 are replaced.
impl fmt::Display for Mention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", String::from_utf8_lossy(schema))?;
        }
        f.write_str(&String::from_utf8_lossy(&self.name))
    }
}
