//! What a change touches, by way of everything that uses it.

use super::edits::Edit;
use super::parts::key;
use super::{Pair, Side};
use crate::graph::Reach;
use std::collections::BTreeSet;

/// Names of elements, compared without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affected(BTreeSet<String>);

impl Affected {
    /// The element is among them.
    pub fn contains(&self, element: &str) -> bool {
        self.0.contains(&key(element))
    }
}

/// The elements of the edits, and whatever uses them, before or after the change.
pub fn affected(pair: Pair<'_>, edits: &[Edit]) -> Affected {
    let mut names: BTreeSet<String> = edits.iter().map(|edit| key(&edit.element)).collect();
    for side in [Side::Base, Side::Head] {
        let model = pair.side(side).model;
        let changed: BTreeSet<_> =
            edits.iter().filter_map(|edit| model.catalog.find(&edit.element)).collect();
        for id in changed {
            let users = model.graph.reach(id, Reach::Up, usize::MAX);
            names.extend(users.into_iter().map(|(id, _)| key(&model.catalog.element(id).name.text)));
        }
    }
    Affected(names)
}
