//! How needed and removable entries change when other fields are mapped.

use super::{Needed, missing_of};
use crate::catalog::ElementId;
use crate::tracking::Analysis;

/// What changes for one entity.
#[derive(Clone, Debug, Default)]
pub struct Shift {
    /// Groups that come up.
    pub needed: Vec<Needed>,
    /// Groups that go away.
    pub no_longer_needed: Vec<Needed>,
    /// Entries that can go then, as indices into the entries of the entity.
    pub removable: Vec<usize>,
    /// Entries that can go now, but not then.
    pub no_longer_removable: Vec<usize>,
}

impl Shift {
    /// Nothing changes.
    pub fn is_empty(&self) -> bool {
        self.needed.is_empty()
            && self.no_longer_needed.is_empty()
            && self.removable.is_empty()
            && self.no_longer_removable.is_empty()
    }
}

/// Compares two analyses of one model for an entity.
pub fn shifts(before: (&Analysis, &[Needed]), after: (&Analysis, &[Needed]), entity: ElementId) -> Shift {
    let missing = |needed| missing_of(needed, entity);
    let only = |here: &[Needed], there: &[Needed]| -> Vec<Needed> {
        let same = |a: &Needed, b: &Needed| a.path == b.path && a.table == b.table;
        here.iter().filter(|n| !there.iter().any(|other| same(n, other))).cloned().collect()
    };
    let removable = |analysis: &Analysis| -> Vec<usize> {
        let entries = analysis.entity(entity).map(|e| e.mapping.entries.as_slice()).unwrap_or_default();
        (0..entries.len()).filter(|n| entries[*n].rows_saved.is_some()).collect()
    };
    let (then, now) = (removable(after.0), removable(before.0));
    Shift {
        needed: only(missing(after.1), missing(before.1)),
        no_longer_needed: only(missing(before.1), missing(after.1)),
        removable: then.iter().copied().filter(|n| !now.contains(n)).collect(),
        no_longer_removable: now.iter().copied().filter(|n| !then.contains(n)).collect(),
    }
}
