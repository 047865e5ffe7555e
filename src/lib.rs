//! dualtrack: which table changes reach a data entity, which never will, and why.

pub mod aot;
pub mod config;
pub mod dualwrite;
pub mod problem;
pub mod source;
pub mod text;
pub mod tracking;
pub mod xpp;
