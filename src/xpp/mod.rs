//! X++: a lexer, and tolerant readers of the few method bodies that decide about tracking.
//!
//! [`read_method`] reduces a method to facts; [`extension_target`] says what a class extends. No name is resolved
//! here, nothing fails, and every reader is bounded in depth and size.

mod attribute;
pub(crate) mod code;
mod disabled;
pub mod effects;
pub mod facts;
mod intrinsics;
pub mod lexer;
mod lines;
mod mapping;
mod method;
mod nested;
mod nulls;
mod parts;
mod references;
mod skip;
mod sql_text;
pub(crate) mod statements;
pub(crate) mod tree;

pub use attribute::extension_target;
pub use facts::*;
pub use method::read_method;
