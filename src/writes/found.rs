//! What a value turns out to be, and how that is known.

use super::{Step, StepKind, Unknown};
use crate::catalog::ElementId;
use crate::source::{FileId, Place};
use crate::text::Symbol;

/// One answer to the question what a value is.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) what: What,
    /// From the value to its declaration.
    pub(super) path: Vec<Step>,
    /// The buffer was made temporary on the way, or the list was given one that was.
    pub(super) temporary: bool,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// A record of this table.
    Table(Symbol, Option<ElementId>),
    /// A record of a view or an entity.
    Other(Symbol, ElementId),
    /// An object of a class, or the form, when its X++ is loaded.
    Object(Option<FileId>),
    /// The data source of a form, with its table.
    DataSource { form: Box<str>, name: Box<str>, table: Box<str>, place: Place },
    /// A list of records.
    List,
    /// Not known.
    Unknown(Unknown),
}

impl Found {
    pub(super) fn new(what: What, path: Vec<Step>) -> Self {
        Self { what, path, temporary: false }
    }

    pub(super) fn unknown(why: Unknown) -> Self {
        Self::new(What::Unknown(why), Vec::new())
    }

    /// The same with a step before it.
    pub(super) fn after(mut self, place: Place, kind: StepKind) -> Self {
        self.path.insert(0, Step { place: Some(place), kind });
        self
    }

    pub(super) fn is_known(&self) -> bool {
        !matches!(self.what, What::Unknown(_))
    }
}

/// At most this many tables are told apart for one write.
const MOST: usize = 64;

/// Keeps one answer for each table, the first; unknown ones only when nothing is known.
pub(super) fn tidy(found: Vec<Found>) -> Vec<Found> {
    let known = found.iter().any(Found::is_known);
    let mut kept: Vec<Found> = Vec::new();
    for one in found {
        let same = |other: &Found| match (&one.what, &other.what) {
            (What::Table(a, _), What::Table(b, _)) => {
                a.eq_ignore_ascii_case(b) && one.temporary == other.temporary
            }
            (What::Other(_, a), What::Other(_, b)) => a == b,
            (What::Object(a), What::Object(b)) => a == b,
            (What::DataSource { place: a, .. }, What::DataSource { place: b, .. }) => a == b,
            (What::Unknown(_), What::Unknown(_)) => true,
            _ => false,
        };
        let wanted = one.is_known() || !known;
        if wanted && kept.len() < MOST && !kept.iter().any(same) {
            kept.push(one);
        }
    }
    kept
}
