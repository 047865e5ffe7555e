//! What must be loaded, or put right, before a data source or a leaf can be judged.

use super::verdict::{SourceVerdict, Status};
use crate::catalog::{Catalog, ElementId, ElementKind, SourceIx};
use crate::graph::Graph;
use crate::lineage::{Hop, Leaf, LeafTable};
use crate::text::Symbol;

/// Why something is unresolved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// No file defines or extends this element or query.
    NotLoaded(Symbol),
    /// Only extensions of this element are loaded.
    OnlyExtensions(ElementId),
    /// The data source leads back to the element that has it, through this one.
    Cyclic(ElementId),
    /// A table map has no rows of its own.
    TableMap(ElementId),
    /// This element has no data source at all.
    NoSources(ElementId),
    /// A field names a data source that its element does not have.
    NoSuchSource(Symbol),
    /// The element has no field of this name.
    NoSuchField(ElementId, Symbol),
}

impl Missing {
    /// The value in machine output.
    pub fn id(&self) -> &'static str {
        match self {
            Missing::NotLoaded(_) => "not_loaded",
            Missing::OnlyExtensions(_) => "only_extensions_loaded",
            Missing::Cyclic(_) => "cyclic",
            Missing::TableMap(_) => "table_map",
            Missing::NoSources(_) => "no_data_sources",
            Missing::NoSuchSource(_) => "no_such_data_source",
            Missing::NoSuchField(..) => "no_such_field",
        }
    }

    /// The element, data source or query that it is about.
    pub fn name<'a>(&'a self, catalog: &'a Catalog) -> &'a str {
        match self {
            Missing::NotLoaded(name) | Missing::NoSuchSource(name) => name,
            Missing::OnlyExtensions(id)
            | Missing::Cyclic(id)
            | Missing::TableMap(id)
            | Missing::NoSources(id)
            | Missing::NoSuchField(id, _) => &catalog.element(*id).name.text,
        }
    }

    /// Loading more metadata can help.
    pub fn is_to_load(&self) -> bool {
        matches!(self, Missing::NotLoaded(_) | Missing::OnlyExtensions(_))
    }
}

/// Why a data source is unresolved: its target, or the first root source somewhere below it, leads nowhere.
pub fn missing_of_source(catalog: &Catalog, graph: &Graph, owner: ElementId, source: SourceIx) -> Missing {
    let (mut id, mut ix) = (owner, source);
    loop {
        let source = catalog.element(id).source_at(ix);
        let Some(target) = source.target else { return Missing::NotLoaded(source.target_name.text.clone()) };
        if graph.is_cyclic(id, Some(target)) {
            return Missing::Cyclic(target);
        }
        let element = catalog.element(target);
        match (element.kind, element.first_root(), &element.query) {
            (ElementKind::Map, ..) => return Missing::TableMap(target),
            (_, Some(root), _) => (id, ix) = (target, root),
            (_, None, _) if element.is_partial() => return Missing::OnlyExtensions(target),
            (_, None, Some(query)) if !catalog.has_query(&query.text) => {
                return Missing::NotLoaded(query.text.clone());
            }
            _ => return Missing::NoSources(target),
        }
    }
}

/// Why a leaf is unresolved; `None` for one that is not. `sources` are the verdicts on the data sources of `owner`.
pub fn missing_of_leaf(
    catalog: &Catalog,
    graph: &Graph,
    owner: ElementId,
    sources: &[SourceVerdict],
    leaf: &Leaf,
) -> Option<Missing> {
    let unresolved =
        |ix: &SourceIx| sources.get(ix.0 as usize).is_some_and(|v| v.status == Status::Unresolved);
    if let Some(ix) = first_source(leaf).filter(unresolved) {
        return Some(missing_of_source(catalog, graph, owner, ix));
    }
    if leaf.resolved {
        return None;
    }
    match &leaf.table {
        LeafTable::Written(name) => Some(Missing::NotLoaded(name.text.clone())),
        LeafTable::NoSource(name) => Some(no_source(catalog, owner, leaf, &name.text)),
        LeafTable::Nothing => None,
        LeafTable::Element(id) => {
            let last = leaf.hops(catalog, owner).last();
            let cyclic = last.is_some_and(|(owner, ix)| {
                let target = catalog.element(owner).source_at(ix).target;
                target == Some(*id) && graph.is_cyclic(owner, target)
            });
            Some(missing_in(catalog, *id, cyclic, leaf))
        }
    }
}

/// The element at the end of the path lacks the data source, perhaps because it or its query is not loaded.
fn no_source(catalog: &Catalog, owner: ElementId, leaf: &Leaf, name: &Symbol) -> Missing {
    let last = leaf.hops(catalog, owner).last();
    let element = last.map_or(Some(owner), |(id, ix)| catalog.element(id).source_at(ix).target);
    let Some(id) = element else { return Missing::NoSuchSource(name.clone()) };
    match &catalog.element(id).query {
        Some(query) if !catalog.has_query(&query.text) => Missing::NotLoaded(query.text.clone()),
        _ if catalog.element(id).is_partial() => Missing::OnlyExtensions(id),
        _ => Missing::NoSuchSource(name.clone()),
    }
}

fn missing_in(catalog: &Catalog, id: ElementId, cyclic: bool, leaf: &Leaf) -> Missing {
    let element = catalog.element(id);
    let partial = catalog.with_ancestors(id).find(|t| catalog.element(*t).is_partial());
    match (&leaf.column, partial) {
        _ if cyclic => Missing::Cyclic(id),
        _ if element.kind == ElementKind::Map => Missing::TableMap(id),
        (_, Some(partial)) => Missing::OnlyExtensions(partial),
        (Some(column), None) => Missing::NoSuchField(id, column.text.clone()),
        (None, None) => Missing::NoSources(id),
    }
}

fn first_source(leaf: &Leaf) -> Option<SourceIx> {
    match leaf.path.first() {
        Some(Hop::Source(ix)) => Some(*ix),
        _ => None,
    }
}
