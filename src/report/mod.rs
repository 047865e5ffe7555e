//! Output, one file per format; each takes the verdicts and a writer.

pub mod picture;
pub mod style;
pub mod tracking_json;
