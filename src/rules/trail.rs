//! The way from an entity to a table, as steps of a finding.

use super::Input;
use crate::catalog::ElementId;
use crate::finding::Finding;
use crate::lineage::{Leaf, LeafKind};

impl Finding {
    /// Adds the way from `entity` along the data sources of a leaf to its table.
    pub(super) fn along(mut self, input: &Input, entity: ElementId, leaf: &Leaf) -> Self {
        let teller = input.teller();
        let element = input.catalog().element(entity);
        self = self.hop(format!("{} {}", element.kind.word(), teller.name(entity)), element.place);
        let mut last = None;
        for (owner, ix) in leaf.hops(input.catalog(), entity) {
            let source = input.catalog().element(owner).source_at(ix);
            self = self.hop(teller.source(source), Some(source.place));
            last = source.target;
        }
        if leaf.kind == LeafKind::Sql {
            self = self.hop(format!("SQL text that reads {}", teller.table(leaf)), leaf.code);
        } else if leaf.element().is_some() && leaf.element() != last {
            self = self.hop(format!("declared by table {}", teller.table(leaf)), None);
        }
        self
    }
}
