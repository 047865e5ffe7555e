//! The values that verdicts take.

use super::Reason;
use crate::catalog::{ElementId, SourceIx};
use crate::source::Place;

/// What a verdict says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// A change triggers the entity.
    Tracked,
    /// A change is never sent.
    Untracked,
    /// It cannot be said: something is not loaded.
    Unresolved,
    /// It cannot be said: X++ decides in a way that cannot be read.
    Undecidable,
}

impl Status {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            Status::Tracked => "tracked",
            Status::Untracked => "untracked",
            Status::Unresolved => "unresolved",
            Status::Undecidable => "undecidable",
        }
    }
}

/// The verdict on a data source.
#[derive(Clone, Copy, Debug)]
pub struct SourceVerdict {
    /// Tracked or not.
    pub status: Status,
    /// The rule that decided, where it has a name.
    pub reason: Option<Reason>,
    /// The primary table of its target.
    pub primary: Option<ElementId>,
    /// The table of its row, when it is tracked.
    pub registers: Option<ElementId>,
    /// The ancestor whose exclusion it shares.
    pub decided_by: Option<SourceIx>,
}

/// How a leaf is tracked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Via {
    /// By the data source that its path starts with; for SQL text, by any.
    DataSource,
    /// By an entry of the mapping method.
    MappingMethod,
}

impl Via {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            Via::DataSource => "data_source",
            Via::MappingMethod => "mapping_method",
        }
    }
}

/// The verdict on a leaf.
#[derive(Clone, Copy, Debug)]
pub struct LeafVerdict {
    /// Tracked or not.
    pub status: Status,
    /// How, when it is tracked.
    pub via: Option<Via>,
    /// The rule that decided, where it has a name.
    pub reason: Option<Reason>,
    /// Where the deciding hop, entry or line of code stands.
    pub place: Option<Place>,
    /// The position in the path of the hop that decides.
    pub hop: Option<usize>,
    /// The entry that covers it, as an index into the entries of the entity.
    pub entry: Option<usize>,
}

/// What becomes of an entry of the mapping method (SPEC 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryVerdict {
    /// Not a triple, or it names something of the wrong kind.
    Invalid,
    /// An earlier entry says the same.
    Duplicate,
    /// An earlier entry has the same label and table.
    Conflicting,
    /// Everything that it covers is tracked through data sources.
    Redundant,
    /// It covers no leaf of a counted field.
    Unused,
    /// It covers leaves through a field that is not the table's `RecId`.
    Mismatched,
    /// It stays.
    Needed,
}

impl EntryVerdict {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            EntryVerdict::Invalid => "invalid",
            EntryVerdict::Duplicate => "duplicate",
            EntryVerdict::Conflicting => "conflicting",
            EntryVerdict::Redundant => "redundant",
            EntryVerdict::Unused => "unused",
            EntryVerdict::Mismatched => "mismatched",
            EntryVerdict::Needed => "needed",
        }
    }

    /// The entry can go, in a complete entity in scope.
    pub fn is_removable(self) -> bool {
        matches!(
            self,
            EntryVerdict::Invalid | EntryVerdict::Duplicate | EntryVerdict::Redundant | EntryVerdict::Unused
        )
    }

    /// The entry makes a row in `BusinessEventsDefinition`.
    pub fn makes_row(self) -> bool {
        !matches!(self, EntryVerdict::Invalid | EntryVerdict::Duplicate)
    }

    /// The entry stays in the method.
    pub fn stays(self) -> bool {
        matches!(self, EntryVerdict::Needed | EntryVerdict::Mismatched | EntryVerdict::Conflicting)
    }
}

/// How sure it is that an entry serves what it covers; the best comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// Its field equals the record's `RecId`.
    Exact,
    /// Its field is another column of the record.
    ByColumn,
    /// Something is not known.
    Unverified,
    /// It serves a column over which a counted field is joined.
    JoinColumn,
}

impl Match {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            Match::Exact => "exact",
            Match::ByColumn => "by_column",
            Match::Unverified => "unverified",
            Match::JoinColumn => "join_column",
        }
    }
}
