//! From the methods of a file to what they do to tables: writes, transactions, values of members, allow comments.
//!
//! [`read_unit`] walks each method along its flow, once for each path that matters: what is switched off for a buffer,
//! which of its columns are assigned, which scope is open. Names stay as written; [`crate::writes`] gives them meaning.

mod allow;
mod buffers;
mod calls;
mod changes;
mod excerpt;
mod facts;
mod flow;
mod names;
mod objects;
mod scopes;
mod sql;
mod texts;
mod transactions;
mod unit;
mod values;

#[cfg(test)]
mod tests;

pub use facts::*;
pub use unit::{RawMethod, RawUnit, Wanted, read_unit};
