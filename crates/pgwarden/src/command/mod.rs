//! One file a command.

pub(crate) mod backtest;
pub(crate) mod check;
mod configuration;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod hash_password;
pub(crate) mod play;
pub(crate) mod policy_test;
pub(crate) mod serve;
pub(crate) mod sessions;
