//! Why a file cannot be read.

use crate::problem::{Code, LocalProblem};
use crate::source::Position;
use thiserror::Error;

/// Elements may be nested this deep (SPEC 4).
pub(super) const NESTING_LIMIT: usize = 512;

/// What stops the reading of a file, and the byte offset where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) reason: Reason,
}

/// The result of reading a part of a file.
pub(super) type Read<T> = Result<T, Fault>;

/// The reasons, in words that a developer understands without knowing the parser.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum Reason {
    #[error("the file is empty")]
    Empty,
    #[error("it is not XML: there is text before the first element")]
    NotXml,
    #[error("the root element <{0}> is not an AOT element")]
    NotMetadata(String),
    #[error("there is more after the root element")]
    AfterRoot,
    #[error("it has a DOCTYPE, which AOT files do not have")]
    Doctype,
    #[error("the file ends before <{name}> of line {line} is closed")]
    Unclosed { name: String, line: u32 },
    #[error("</{found}> where </{expected}> is expected")]
    Mismatched { expected: String, found: String },
    #[error("an element without a name")]
    NoName,
    #[error("{0}")]
    Syntax(String),
}

impl Fault {
    pub(super) fn new(at: usize, reason: Reason) -> Self {
        Self { at, reason }
    }

    /// The complaint, once the place is known.
    pub(super) fn problem(&self, position: Position) -> LocalProblem {
        LocalProblem::new(Code::MalformedFile, position).with("reason", self.reason.to_string())
    }
}

/// The complaint about a file that is nested too deep.
pub(super) fn too_deep(position: Position) -> LocalProblem {
    LocalProblem::new(Code::NestingLimit, position).with("limit", NESTING_LIMIT.to_string())
}
