//! From names to positions in a list.

use crate::text::NameId;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// From names to positions, where names come and go.
pub(super) type Positions = HashMap<NameId, u32, FxBuildHasher>;

/// From names to positions, once all names are known: as small as it gets, since every element has two.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Sorted.
    entries: Box<[(NameId, u32)]>,
}

impl Index {
    /// Indexes a list; of two with the same name the first counts. Says whether there are such.
    pub(super) fn new(names: impl Iterator<Item = NameId>) -> (Self, bool) {
        let mut entries: Vec<(NameId, u32)> = names.zip(0..).collect();
        entries.sort_unstable();
        let all = entries.len();
        entries.dedup_by_key(|(name, _)| *name);
        let repeats = entries.len() < all;
        (Self { entries: entries.into() }, repeats)
    }

    /// The position of a name.
    pub(super) fn get(&self, name: NameId) -> Option<u32> {
        let found = self.entries.binary_search_by_key(&name, |(name, _)| *name).ok()?;
        self.entries.get(found).map(|(_, position)| *position)
    }
}

#[cfg(test)]
mod tests {
    use super::Index;
    use crate::text::{NameId, Symbol};

    #[test]
    fn the_first_of_a_name_counts() {
        let names = |texts: &[&str]| -> Vec<NameId> { texts.iter().map(|t| Symbol::new(t).name()).collect() };
        let (index, repeats) = Index::new(names(&["b", "a", "B", "c"]).into_iter());
        let found = names(&["A", "b", "c", "d"]).into_iter().map(|name| index.get(name));
        assert_eq!(found.collect::<Vec<_>>(), [Some(1), Some(0), Some(3), None]);
        assert!(repeats && !Index::new(names(&["x", "y"]).into_iter()).1);
    }
}
