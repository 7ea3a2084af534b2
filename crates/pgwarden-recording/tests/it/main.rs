//! What one writes the other reads: recordings as files, their rendering and their export.

mod files;
mod play;
mod script;
mod sessions;
