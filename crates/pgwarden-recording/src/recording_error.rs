//! Why recording fails.

use std::{
    io,
    path::{Path, PathBuf},
};

/// Why a recording could not be begun, continued or finished.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// No space, or no quota, is left.
    #[error("no space is left for recording {path}")]
    Full {
        /// The recording.
        path: PathBuf,
        /// As the system says it.
        source: io::Error,
    },
    /// Any other failure of the file system.
    #[error("{operation} recording {path}")]
    Io {
        /// What was tried.
        operation: &'static str,
        /// The recording, or its directory.
        path: PathBuf,
        /// As the system says it.
        source: io::Error,
    },
    /// An earlier append failed, so this recording has ended there.
    #[error("recording {path} failed earlier and can't be continued")]
    Failed {
        /// The recording.
        path: PathBuf,
    },
    /// The facts can't be written as JSON.
    #[error("encode the facts of recording {path}")]
    Encode {
        /// The recording.
        path: PathBuf,
        /// What serde says.
        source: serde_json::Error,
    },
}

/// For the label of a metric.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RecordingErrorKind {
    /// [`RecordingError::Full`].
    Full,
    /// [`RecordingError::Io`].
    Io,
    /// [`RecordingError::Failed`].
    Failed,
    /// [`RecordingError::Encode`].
    Encode,
}

impl RecordingErrorKind {
    /// Every kind, so that each label can be initialised.
    pub const ALL: [Self; 4] = [Self::Full, Self::Io, Self::Failed, Self::Encode];

    /// The label.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Io => "io",
            Self::Failed => "failed",
            Self::Encode => "encode",
        }
    }
}

impl RecordingError {
    /// For metrics.
    pub const fn kind(&self) -> RecordingErrorKind {
        match self {
            Self::Full { .. } => RecordingErrorKind::Full,
            Self::Io { .. } => RecordingErrorKind::Io,
            Self::Failed { .. } => RecordingErrorKind::Failed,
            Self::Encode { .. } => RecordingErrorKind::Encode,
        }
    }

    pub(crate) fn from_io(operation: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        let full = [
            io::ErrorKind::StorageFull,
            io::ErrorKind::QuotaExceeded,
            io::ErrorKind::FileTooLarge,
        ];
        if full.contains(&source.kind()) {
            Self::Full { path, source }
        } else {
            Self::Io {
                operation,
                path,
                source,
            }
        }
    }
}
