//! What is missing: the entries that the mapping method needs, and the fields that must exist first.

mod counts;
mod needed;

pub use counts::{EntityCounts, FieldStatus, field_status, missing_of};
pub use needed::{Needed, Remedy, Step, needed};
