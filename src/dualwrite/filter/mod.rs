//! The filters of a leg: [`range`] reads the F&O side, an expression in a query range; [`odata`] reads the
//! Dataverse side, the value of `$filter`.
//!
//! Both give a tree with spans, print it so that it reads back as the same tree, and stop at the first thing that
//! cannot be read, with its place and what was expected there. Names are not looked up here.
//!
//! Sources: Microsoft's articles "Customize table and column mappings", "Customization guidance for dual-write" and
//! "Using expressions in query ranges"; for the Dataverse side also "Filter rows using `OData`".

pub mod date;
pub mod fault;
pub mod odata;
pub mod range;
pub mod span;

pub use date::{Date, DateTime};
pub use fault::{Found, Reason, SyntaxError, Wanted};
pub use span::{Name, Span};

/// How deep parentheses and negations may nest.
pub const MAX_DEPTH: usize = 100;
