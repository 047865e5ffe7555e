//! What is missing and what can go: the entries that mapping methods need, the fields that must exist first, and
//! the texts of both. Decides; [`crate::edit`] writes.

mod build;
mod counts;
mod host;
pub mod method;
mod needed;
mod places;
mod plan;
mod rename;
mod rows;
mod triple;
mod verify;
mod what_if;

pub use build::{PlanInput, disabled_for, plans};
pub use counts::{EntityCounts, FieldStatus, field_status, missing_of};
pub use needed::{Needed, Remedy, Step, needed};
pub use places::Ownership;
pub use plan::{
    CodeForm, CodePlan, EntityPlan, FieldPlan, Need, Obstacle, Removal, Row, Rows, Warning, WarningKind,
    all_changes, worst_first,
};
pub use rename::{RenameError, rename_steps};
pub use triple::Triple;
pub use verify::Inconsistency;
pub use what_if::{Shift, shifts};
