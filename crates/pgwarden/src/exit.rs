use std::process::ExitCode;

/// How a command ends. Usage errors are clap's and exit with 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It was done.
    Done,
    /// It was done, and the answer is no.
    No,
    /// It could not be done.
    CouldNotRun,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::No => 1,
            Exit::CouldNotRun => 3,
        })
    }
}
