//! Output, one file per format; each takes the verdicts and a writer.

pub mod explain;
pub mod impact;
pub mod style;
pub mod tracking_json;
mod words;
mod wrap;
