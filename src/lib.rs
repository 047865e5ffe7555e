//! dualtrack: which table changes reach a data entity, which never will, and why.

pub mod aot;
pub mod catalog;
pub mod cli;
pub mod config;
pub mod dualwrite;
pub mod edit;
pub mod engine;
pub mod graph;
pub mod lineage;
mod platform;
pub mod problem;
pub mod report;
pub mod source;
pub mod suggest;
pub mod text;
pub mod tracking;
pub mod xpp;

#[cfg(test)]
mod testing;
