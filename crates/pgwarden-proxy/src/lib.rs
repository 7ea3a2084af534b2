//! The running proxy: listens, logs people in, logs in to the database with the record's credential, relays,
//! records, answers cancel requests, metrics and health checks.
//!
//! ```text
//!  listener ─> login ─> backend_login ─> session ─> relay ──┬── gate (sans-io: what may pass)
//!                 └── cancel                                └── recording (written before anything is passed on)
//! ```
//!
//! It owns the sockets and obeys: what a statement does is decided in `pgwarden-policy`, who may go where in
//! `pgwarden-records`, and what becomes of each message in the sans-io `gate`. Start with [`serve::run`].

mod admin;
mod backend_login;
mod backend_tls;
mod cancel;
mod causes;
mod channel;
mod config_watch;
mod drain;
mod gate;
mod held_memory;
mod hours;
mod listener;
mod listening_socket;
mod log_throttle;
mod login;
mod login_counts;
mod login_key;
mod metrics;
mod passed_sockets;
pub mod privileges;
mod proxy_protocol;
mod recorder;
mod relay;
mod scram;
mod scram_client;
pub mod serve;
mod service_manager;
mod session;
mod sessions;
mod shared;
mod stream;
mod tls;

#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub use gate::fuzz_gate;
pub use gate::{REPLAY_BYTES_MAX, Replay, ReplayEnd, ReplayVerdict, Replayed};
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub use login::fuzz_login;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub use proxy_protocol::fuzz_proxy_header;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub use scram::fuzz_scram;
pub use scram_client::{ITERATIONS_MAX, scram_verifier};
