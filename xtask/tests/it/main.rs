//! Checks of the deployment files against the running program.

mod monitoring;
