//! What is missing: the entries that the mapping method needs, and the fields that must exist first.

mod needed;

pub use needed::{Needed, Remedy, Step, needed};
