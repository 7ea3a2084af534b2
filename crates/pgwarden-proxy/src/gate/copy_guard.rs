//! Copies between client and server: none without an approval of its direction.

use pgwarden_policy::CopyDirection;

/// Directions of copies that a statement may begin. Made from a text that the policy let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Approvals {
    out: bool,
    into: bool,
    both: bool,
}

impl Approvals {
    pub(crate) const NONE: Approvals = Approvals {
        out: false,
        into: false,
        both: false,
    };

    pub(super) fn of(copies: impl Iterator<Item = CopyDirection>) -> Self {
        copies.fold(Self::NONE, |approvals, direction| match direction {
            CopyDirection::Out => Approvals {
                out: true,
                ..approvals
            },
            CopyDirection::In => Approvals {
                into: true,
                ..approvals
            },
            CopyDirection::Both => Approvals {
                both: true,
                ..approvals
            },
        })
    }

    pub(crate) fn covers(self, direction: CopyDirection) -> bool {
        match direction {
            CopyDirection::Out => self.out,
            CopyDirection::In => self.into,
            CopyDirection::Both => self.both,
        }
    }

    pub(crate) fn and(self, other: Approvals) -> Self {
        Approvals {
            out: self.out || other.out,
            into: self.into || other.into,
            both: self.both || other.both,
        }
    }

    /// Whether the client may come to send copy data.
    pub(crate) fn takes_data(self) -> bool {
        self.into || self.both
    }
}

/// The copy that is going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copy {
    None,
    /// The server sends.
    Out,
    /// The client sends; `taking` until its `CopyDone` or `CopyFail`.
    In {
        taking: bool,
    },
    /// Both send.
    Both {
        taking: bool,
    },
}

impl Copy {
    pub(crate) fn begin(direction: CopyDirection) -> Self {
        match direction {
            CopyDirection::Out => Copy::Out,
            CopyDirection::In => Copy::In { taking: true },
            CopyDirection::Both => Copy::Both { taking: true },
        }
    }

    /// The client has ended its data.
    pub(crate) fn client_done(self) -> Self {
        match self {
            Copy::None | Copy::Out => self,
            Copy::In { .. } => Copy::In { taking: false },
            Copy::Both { .. } => Copy::Both { taking: false },
        }
    }

    pub(crate) fn takes_data(self) -> bool {
        matches!(self, Copy::In { taking: true } | Copy::Both { taking: true })
    }

    pub(crate) fn gives_data(self) -> bool {
        matches!(self, Copy::Out | Copy::Both { .. })
    }
}
