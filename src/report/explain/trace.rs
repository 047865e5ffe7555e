//! The way from a field down to a column, one data source at a time.

use crate::catalog::{Binding, Catalog, Element, ElementId, FieldIx, SourceIx};
use crate::lineage::{Hop, Leaf, LeafTable};

/// One data source on the way.
pub(super) struct TraceHop<'a> {
    /// The element that has the data source.
    pub(super) owner: ElementId,
    /// The data source.
    pub(super) ix: SourceIx,
    /// The field that is read from its target, where the binding tells it.
    pub(super) reads: Option<&'a str>,
}

/// The hops of a leaf with the field that each reads.
pub(super) fn trace<'a>(
    catalog: &'a Catalog,
    entity: ElementId,
    field: Option<FieldIx>,
    leaf: &'a Leaf,
) -> Vec<TraceHop<'a>> {
    let mut at = field.map(Reading::Declared);
    let mut hops: Vec<TraceHop<'a>> = Vec::new();
    for (owner, ix) in leaf.hops(catalog, entity) {
        let element = catalog.element(owner);
        let reads = at.and_then(|reading| reading.below(element, ix));
        hops.push(TraceHop { owner, ix, reads: reads.map(|name| &*name.text) });
        let target = element.source_at(ix).target.map(|id| catalog.element(id));
        at = reads.map(|name| match target.and_then(|t| t.field(name.id)) {
            Some(declared) => Reading::Declared(declared),
            None => Reading::Inherited(name),
        });
    }
    if let Some(last) = hops.last_mut().filter(|last| last.reads.is_none()) {
        let at_table = leaf.resolved || matches!(leaf.table, LeafTable::Written(_));
        last.reads = leaf.column.as_ref().filter(|_| at_table).map(|c| &*c.text);
    }
    hops
}

/// What is read of an element.
#[derive(Clone, Copy)]
enum Reading<'a> {
    /// A field that it declares.
    Declared(FieldIx),
    /// A system field of its first root source.
    Inherited(&'a crate::catalog::Spelled),
}

impl<'a> Reading<'a> {
    /// The field of the target of a data source of `element` that this reads.
    fn below(self, element: &'a Element, ix: SourceIx) -> Option<&'a crate::catalog::Spelled> {
        let name = match self {
            Reading::Inherited(name) => name,
            Reading::Declared(field) => match &element.field_at(field).binding {
                Binding::Mapped { field, .. } => field,
                Binding::Column { .. } | Binding::Computed { .. } | Binding::Virtual { .. } => return None,
            },
        };
        Some(element.source_at(ix).target_field(name))
    }
}

/// The data source that a path names and its element does not have.
pub(super) fn lost_source(leaf: &Leaf) -> Option<&str> {
    match (leaf.path.last(), &leaf.table) {
        (Some(Hop::Unknown(_)), LeafTable::NoSource(name)) => Some(&name.text),
        _ => None,
    }
}
