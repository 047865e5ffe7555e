//! AOT XML to typed facts, one file per kind.
//!
//! [`read_file`] turns the text of one file into [`FileFacts`].

mod class;
mod cursor;
mod data_source;
mod descriptor;
mod entity;
mod extension;
pub mod facts;
mod fault;
mod file;
mod query;
mod relation;
mod skip;
mod table;
mod view;

pub use class::mentions_extension;
pub use descriptor::{Descriptor, ModelInfo, read_descriptor};
pub use facts::*;
pub use file::{Methods, read_file};
