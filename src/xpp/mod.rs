//! X++: a lexer, and tolerant readers of the few method bodies that decide about tracking.

pub mod facts;
pub mod lexer;

pub use facts::*;
