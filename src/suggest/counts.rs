//! What a summary counts of an entity.

use super::Needed;
use crate::catalog::ElementId;
use crate::tracking::{EntityAnalysis, LeafVerdict, Status};

/// Numbers of one entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntityCounts {
    /// Data sources that are tracked.
    pub sources_tracked: usize,
    /// Data sources that are not.
    pub sources_untracked: usize,
    /// Data sources about which nothing can be said.
    pub sources_open: usize,
    /// Fields that count.
    pub fields_counted: usize,
    /// Counted fields that no change triggers: virtual ones, and those whose leaves are all untracked.
    pub fields_never: usize,
    /// Counted fields with tracked and untracked leaves.
    pub fields_partly: usize,
    /// Counted fields about which something cannot be said.
    pub fields_open: usize,
    /// Entries of the mapping method.
    pub entries: usize,
    /// Entries that can go.
    pub entries_removable: usize,
    /// Groups of leaves that need an entry or a data source.
    pub missing: usize,
}

/// What becomes of a counted field as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldStatus {
    /// Each leaf is tracked.
    Tracked,
    /// Some leaves are tracked, some are not.
    Partly,
    /// Something cannot be said, and nothing is untracked.
    Open,
    /// No change triggers it.
    Never,
}

/// The status of a field from those of its leaves; a field without leaves is never triggered.
pub fn field_status(leaves: &[LeafVerdict]) -> FieldStatus {
    let has = |status| leaves.iter().any(|l| l.status == status);
    let open = has(Status::Unresolved) || has(Status::Undecidable);
    match (has(Status::Tracked), has(Status::Untracked)) {
        (true, true) => FieldStatus::Partly,
        (false, true) if open => FieldStatus::Partly,
        (_, false) if open => FieldStatus::Open,
        (true, false) => FieldStatus::Tracked,
        (false, _) => FieldStatus::Never,
    }
}

impl EntityCounts {
    /// Counts one entity; `needed` are the needed entries of all.
    pub fn of(entity: &EntityAnalysis, needed: &[Needed]) -> Self {
        let sources = |status| entity.sources.iter().filter(|s| s.status == status).count();
        let counted = || entity.fields.iter().filter(|f| f.counted);
        let fields = |status| counted().filter(|f| field_status(&f.leaves) == status).count();
        Self {
            sources_tracked: sources(Status::Tracked),
            sources_untracked: sources(Status::Untracked),
            sources_open: sources(Status::Unresolved) + sources(Status::Undecidable),
            fields_counted: counted().count(),
            fields_never: fields(FieldStatus::Never),
            fields_partly: fields(FieldStatus::Partly),
            fields_open: fields(FieldStatus::Open),
            entries: entity.mapping.entries.len(),
            entries_removable: entity.mapping.entries.iter().filter(|e| e.rows_saved.is_some()).count(),
            missing: missing_of(needed, entity.id).len(),
        }
    }
}

/// The needed entries of one entity; `needed` is ordered by entity.
pub fn missing_of(needed: &[Needed], entity: ElementId) -> &[Needed] {
    let start = needed.partition_point(|n| n.entity < entity);
    let end = needed.partition_point(|n| n.entity <= entity);
    &needed[start..end]
}
