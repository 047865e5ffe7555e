//! What inputs look like from outside, and what differs between two looks.

use crate::source::Mark;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The inputs at one time, by path. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed(Arc<[(PathBuf, Mark)]>);

/// A file that differs between two looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub path: PathBuf,
    /// How it differs.
    pub kind: ChangeKind,
}

/// How a file differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was not there.
    New,
    /// It has another size or time.
    Changed,
    /// It is not there any more.
    Gone,
}

impl FromIterator<(PathBuf, Mark)> for Observed {
    /// In any order; of a path that comes twice the first counts.
    fn from_iter<I: IntoIterator<Item = (PathBuf, Mark)>>(files: I) -> Self {
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_by(|(a, _), (b, _)| a.cmp(b));
        files.dedup_by(|(a, _), (b, _)| a == b);
        Self(files.into())
    }
}

impl Observed {
    /// Number of files.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// There is no file.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What differs from an earlier look, by path.
    pub fn changes_since(&self, before: &Self) -> Vec<Change> {
        let (mut old, mut new) = (before.0.iter().peekable(), self.0.iter().peekable());
        let mut changes = Vec::new();
        loop {
            let order = match (old.peek(), new.peek()) {
                (Some((a, _)), Some((b, _))) => a.cmp(b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return changes,
            };
            let was = if order.is_le() { old.next() } else { None };
            let is = if order.is_ge() { new.next() } else { None };
            let found = match (was, is) {
                (Some((path, was)), Some((_, is))) if was != is => Some((path, ChangeKind::Changed)),
                (Some((path, _)), None) => Some((path, ChangeKind::Gone)),
                (None, Some((path, _))) => Some((path, ChangeKind::New)),
                _ => None,
            };
            changes.extend(found.map(|(path, kind)| Change { path: path.clone(), kind }));
        }
    }

    /// Files that held something, and are empty now.
    pub fn emptied_since(&self, before: &Self) -> Vec<PathBuf> {
        let is_empty = |mark: Option<Mark>| matches!(mark, Some(Mark::File { size: 0, .. }));
        let changed = self.changes_since(before).into_iter().filter(|c| c.kind == ChangeKind::Changed);
        let emptied = changed.filter(|c| is_empty(self.mark(&c.path)) && !is_empty(before.mark(&c.path)));
        emptied.map(|change| change.path).collect()
    }

    fn mark(&self, path: &Path) -> Option<Mark> {
        let at = self.0.binary_search_by(|(other, _)| other.as_path().cmp(path)).ok()?;
        self.0.get(at).map(|(_, mark)| *mark)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Change, ChangeKind, Observed};
    use crate::source::Mark;
    use proptest::prelude::*;
    use std::path::PathBuf;

    /// Files with their sizes.
    pub(in crate::watch) fn observed(files: &[(&str, u64)]) -> Observed {
        let file =
            |(path, size): &(&str, u64)| (PathBuf::from(path), Mark::File { size: *size, modified: None });
        files.iter().map(file).collect()
    }

    fn change(path: &str, kind: ChangeKind) -> Change {
        Change { path: path.into(), kind }
    }

    #[test]
    fn new_changed_and_gone_files_are_told_apart() {
        let before = observed(&[("a", 1), ("b", 2), ("d", 4)]);
        let after = observed(&[("d", 5), ("b", 2), ("c", 3), ("c", 3)]);
        let expected = [("a", ChangeKind::Gone), ("c", ChangeKind::New), ("d", ChangeKind::Changed)];
        assert_eq!(after.changes_since(&before), expected.map(|(path, kind)| change(path, kind)));
        assert_eq!(before.changes_since(&before), []);
        assert_eq!(after.len(), 3);
    }

    #[test]
    fn only_what_held_something_is_emptied() {
        let before = observed(&[("empty", 0), ("gone", 1), ("full", 1), ("torn", 9)]);
        let after = observed(&[("empty", 0), ("full", 2), ("new", 0), ("torn", 0)]);
        assert_eq!(after.emptied_since(&before), [PathBuf::from("torn")]);
        assert_eq!(before.emptied_since(&after), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_folder_that_cannot_be_listed_is_a_change() {
        let before = observed(&[("a", 1)]);
        let after: Observed = [(PathBuf::from("a"), Mark::Unreadable)].into_iter().collect();
        assert_eq!(after.changes_since(&before), [change("a", ChangeKind::Changed)]);
    }

    proptest! {
        #[test]
        fn changes_are_exactly_what_differs(
            before in prop::collection::btree_map("[a-e]", 0_u64..3, 0..6),
            after in prop::collection::btree_map("[a-e]", 0_u64..3, 0..6),
        ) {
            let look = |files: &std::collections::BTreeMap<String, u64>| {
                observed(&files.iter().map(|(path, size)| (&**path, *size)).collect::<Vec<_>>())
            };
            let changes = look(&after).changes_since(&look(&before));
            let mut expected = Vec::new();
            for path in ["a", "b", "c", "d", "e"] {
                match (before.get(path), after.get(path)) {
                    (None, Some(_)) => expected.push(change(path, ChangeKind::New)),
                    (Some(_), None) => expected.push(change(path, ChangeKind::Gone)),
                    (was, is) if was != is => expected.push(change(path, ChangeKind::Changed)),
                    _ => {}
                }
            }
            prop_assert_eq!(changes, expected);
        }
    }
}
