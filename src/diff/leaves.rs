//! The columns behind a field, by name, with their verdicts.

use super::parts::key;
use crate::catalog::{ElementId, FieldIx};
use crate::engine::Judged;
use crate::lineage::Leaf;
use crate::tracking::{EntityAnalysis, LeafVerdict};
use std::collections::BTreeMap;

/// What a leaf is, whichever analysis it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LeafName {
    pub(super) path: Vec<String>,
    pub(super) table: String,
    pub(super) column: String,
}

impl LeafName {
    fn of(judged: &Judged<'_>, entity: ElementId, leaf: &Leaf) -> Self {
        let catalog = &judged.model.catalog;
        Self {
            path: leaf.path_names(catalog, entity).into_iter().map(key).collect(),
            table: leaf.table.name(catalog).map(key).unwrap_or_default(),
            column: leaf.column.as_ref().map(|column| key(&column.text)).unwrap_or_default(),
        }
    }
}

/// A leaf of one analysis.
#[derive(Clone, Copy)]
pub(super) struct Judgement<'a> {
    pub(super) leaf: &'a Leaf,
    pub(super) verdict: &'a LeafVerdict,
}

/// The leaves of a field, by name.
pub(super) fn leaves<'a>(
    judged: &'a Judged<'a>,
    entity: &'a EntityAnalysis,
    field: FieldIx,
) -> BTreeMap<LeafName, Judgement<'a>> {
    let all = &judged.model.lineage.field(entity.id, field).leaves;
    let verdicts = &entity.fields[field.0 as usize].leaves;
    let named = |(leaf, verdict): (&'a Leaf, &'a LeafVerdict)| {
        (LeafName::of(judged, entity.id, leaf), Judgement { leaf, verdict })
    };
    all.iter().zip(verdicts).map(named).collect()
}
