//! X++: a lexer, and tolerant readers of the few method bodies that decide about tracking.

mod code;
mod disabled;
pub mod facts;
pub mod lexer;
mod lines;
mod mapping;
mod parts;
mod references;
mod skip;
mod sql_text;
mod statements;

pub use facts::*;
