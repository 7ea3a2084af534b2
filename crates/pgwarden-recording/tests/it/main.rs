//! What one writes the other reads: recordings as files, their rendering and their export.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what a test can't go on without fails it"
)]

mod files;
mod play;
mod play_bounds;
mod play_extended;
mod script;
mod sessions;
