//! AOT XML to typed facts, one file per kind.

pub mod facts;

pub use facts::*;
