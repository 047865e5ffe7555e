//! A leaf: one table column behind a field, and the path of data sources that leads to it.

use crate::catalog::{Catalog, ElementId, NameId, SourceIx, Spelled};
use crate::source::Place;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hop {
    /// A data source of the element at this step.
    Source(SourceIx),
    /// A data source that the element does not have; always the last step.
    Unknown(NameId),
}

/// Data sources from an element inward.
pub type Path = Arc<[Hop]>;

/// What kind of dependency a leaf is (SPEC 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeafKind {
    /// Bound to the column.
    Mapped,
    /// Aggregated over it in a view.
    Aggregate,
    /// Read by a computed column through a data source.
    Computed,
    /// Read by the SQL text of a computed column; it stands for the table, not for a column.
    Sql,
    /// A computed column whose method could not be read.
    Unknown,
}

impl LeafKind {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            LeafKind::Mapped => "mapped",
            LeafKind::Aggregate => "aggregate",
            LeafKind::Computed => "computed",
            LeafKind::Sql => "sql",
            LeafKind::Unknown => "unknown",
        }
    }
}

/// The table of a leaf.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LeafTable {
    /// A loaded element; a table unless the leaf is unresolved or `Sql`.
    Element(ElementId),
    /// A name that is not loaded, as written.
    Written(Spelled),
    /// No table: the last step of the path names a data source that does not exist, as written.
    NoSource(Spelled),
    /// No table: nothing is known.
    Nothing,
}

impl LeafTable {
    /// The name of the table as output shows it.
    pub fn name<'a>(&'a self, catalog: &'a Catalog) -> Option<&'a str> {
        match self {
            LeafTable::Element(id) => Some(&catalog.element(*id).name.text),
            LeafTable::Written(name) => Some(&name.text),
            LeafTable::NoSource(_) | LeafTable::Nothing => None,
        }
    }
}

/// One (path, table, column, kind).
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Data sources from the element inward.
    pub path: Path,
    /// The table.
    pub table: LeafTable,
    /// The column; `None` for `Sql` and `Unknown`.
    pub column: Option<Spelled>,
    /// The kind.
    pub kind: LeafKind,
    /// The path was followed to its end, and the table has the column.
    pub resolved: bool,
    /// The line of X++ that makes it a leaf (`Computed`, `Sql`, `Unknown`).
    pub code: Option<Place>,
}

impl PartialEq for Leaf {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.column.as_ref().map(|c| c.id) == other.column.as_ref().map(|c| c.id)
            && self.table == other.table
            && self.path == other.path
    }
}

impl Leaf {
    /// The loaded table, view or entity.
    pub fn element(&self) -> Option<ElementId> {
        match self.table {
            LeafTable::Element(id) => Some(id),
            _ => None,
        }
    }

    /// The names of the path's data sources; `element` is where the path starts.
    pub fn path_names<'a>(&'a self, catalog: &'a Catalog, element: ElementId) -> Vec<&'a str> {
        let mut names = Vec::with_capacity(self.path.len());
        let mut at = Some(element);
        for hop in self.path.iter() {
            match (hop, at, &self.table) {
                (Hop::Source(ix), Some(id), _) => {
                    let source = catalog.element(id).source_at(*ix);
                    names.push(&*source.name.text);
                    at = source.target;
                }
                (_, _, LeafTable::NoSource(written)) => names.push(&written.text),
                _ => {}
            }
        }
        names
    }

    /// The (element, data source) pairs of the path, outermost first.
    pub fn hops<'a>(
        &'a self,
        catalog: &'a Catalog,
        element: ElementId,
    ) -> impl Iterator<Item = (ElementId, SourceIx)> + 'a {
        walk(catalog, element, &self.path)
    }
}

/// The (element, data source) pairs of a path, outermost first.
pub fn walk<'a>(
    catalog: &'a Catalog,
    element: ElementId,
    path: &'a [Hop],
) -> impl Iterator<Item = (ElementId, SourceIx)> + 'a {
    path.iter().scan(Some(element), |at, hop| match (*at, hop) {
        (Some(id), Hop::Source(ix)) => {
            *at = catalog.element(id).source_at(*ix).target;
            Some((id, *ix))
        }
        _ => None,
    })
}

/// Leaves in order of discovery, each once.
#[derive(Default)]
pub(super) struct LeafSet {
    leaves: Vec<Leaf>,
    seen: FxHashSet<(Path, LeafTable, Option<NameId>, LeafKind)>,
}

impl LeafSet {
    pub(super) fn insert(&mut self, leaf: Leaf) {
        let key = (leaf.path.clone(), leaf.table.clone(), leaf.column.as_ref().map(|c| c.id), leaf.kind);
        if self.seen.insert(key) {
            self.leaves.push(leaf);
        }
    }

    pub(super) fn into_leaves(self) -> Vec<Leaf> {
        self.leaves
    }
}
