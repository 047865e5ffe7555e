//! X++: a lexer, and tolerant readers of the few method bodies that decide about tracking.

mod code;
pub mod facts;
pub mod lexer;
mod lines;
mod statements;

pub use facts::*;
