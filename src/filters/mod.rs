//! What is wrong with the filters of table maps: [`crate::dualwrite::filter`] reads them, here they meet the
//! catalog.
//!
//! Three questions: can the filter be read ([`syntax_issues`]), does it name fields that it may name
//! ([`field_issues`]), and does it compare a column that can be NULL with a value that NULL is not
//! ([`null_issues`])? The last is the documented trap: `(ParentProject == "")` on an outer join finds nothing.

mod column;
mod empty;
mod enums;
mod legs;
mod locate;
mod names;
mod nulls;
mod traps;

#[cfg(test)]
mod tests;

pub use column::{Home, NewColumn, Remedy};
pub use empty::{EnumDoubt, Trap};
pub use enums::{Enums, EnumsOnDisk};
pub use legs::{FilteredLeg, Side, legs, reversed_limits, syntax_issues};
pub use locate::locate;
pub use names::{FieldIssue, FieldProblem, field_issues};
pub use nulls::{CanBeNull, Cause, Columns, TrailStep};
pub use traps::{NullIssue, null_issues};

use crate::dualwrite::filter::odata::LimitKind;
use crate::dualwrite::filter::range::FormRule;
use crate::dualwrite::filter::{Span, SyntaxError};

/// A filter that cannot be read as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxIssue<'a> {
    /// The leg.
    pub leg: FilteredLeg<'a>,
    /// Which filter of it.
    pub side: Side,
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub fault: Fault,
    /// How often it is wrong in the same way; [`SyntaxIssue::span`] is the first place.
    pub times: usize,
}

/// What is wrong with the form of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It cannot be read.
    Syntax(SyntaxError),
    /// It breaks a documented rule about parentheses.
    Form(FormRule),
}

/// A part of a reversed filter that dual-write does not support; the first of several that are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitIssue<'a> {
    /// The leg.
    pub leg: FilteredLeg<'a>,
    /// Where.
    pub span: Span,
    /// What it is.
    pub kind: LimitKind,
}
