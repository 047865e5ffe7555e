//! Output, one file per format; each takes the verdicts and a writer.

mod batches;
pub mod cost;
pub mod definitions_csv;
pub mod explain;
pub mod findings;
pub mod health;
pub mod impact;
mod json;
pub mod lists;
pub mod maps;
pub mod picture;
pub mod problems;
pub mod reconcile;
pub mod rules;
pub mod style;
pub mod suggest;
pub mod summary;
pub mod tracking_json;
pub mod watch;
mod wrap;
pub mod writes;
