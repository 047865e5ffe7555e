//! SPEC 4: from a field down to table columns. Plain recursion, nothing is remembered.

use super::computed::computed_leaves;
use super::effective::{Catalog, Node, NodeKind, lower, same, system_field};
use super::model::{FieldKind, SourceKind};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    Mapped,
    Aggregate,
    Computed,
    Sql,
    Unknown,
}

/// A source of an element on the way down.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hop {
    pub element: String,
    pub source: usize,
}

#[derive(Clone, Debug)]
pub struct Leaf {
    pub path: Vec<String>,
    /// One per element of `path`, save for a last source that its element does not have.
    pub hops: Vec<Hop>,
    pub table: Option<String>,
    pub column: Option<String>,
    pub kind: Kind,
    pub unresolved: bool,
}

impl Leaf {
    fn here(table: Option<String>, column: Option<String>, kind: Kind, unresolved: bool) -> Self {
        Leaf { path: Vec::new(), hops: Vec::new(), table, column, kind, unresolved }
    }

    pub fn unknown() -> Self {
        Leaf::here(None, None, Kind::Unknown, false)
    }

    pub fn sql(table: String, unresolved: bool) -> Self {
        Leaf::here(Some(table), None, Kind::Sql, unresolved)
    }

    /// A field bound to a data source that the element does not have.
    pub fn missing_source(source: &str, column: &str, kind: Kind) -> Self {
        let mut leaf = Leaf::here(None, Some(column.to_string()), kind, true);
        leaf.path.push(source.to_string());
        leaf
    }

    /// The leaf as seen from the element that has the source.
    fn through(mut self, node: &Node, source: usize) -> Self {
        self.path.insert(0, node.sources[source].name.clone());
        self.hops.insert(0, Hop { element: node.name.clone(), source });
        self
    }

    fn key(&self) -> (Vec<String>, Option<String>, Option<String>, Kind) {
        let path = self.path.iter().map(|name| lower(name)).collect();
        (path, self.table.as_deref().map(lower), self.column.as_deref().map(lower), self.kind)
    }

    pub fn column_is(&self, column: &str) -> bool {
        self.column.as_deref().is_some_and(|name| same(name, column))
    }
}

/// Leaves are a set, in the order of discovery.
pub fn without_repeats(leaves: Vec<Leaf>) -> Vec<Leaf> {
    let mut kept: Vec<Leaf> = Vec::new();
    for leaf in leaves {
        if kept.iter().all(|known| known.key() != leaf.key()) {
            kept.push(leaf);
        }
    }
    kept
}

/// `leaves(F)` of the field of a view or entity; a field that is not there gives an unresolved leaf.
pub fn leaves(catalog: &Catalog, node: &Node, name: &str) -> Vec<Leaf> {
    let Some(field) = node.field(name) else {
        return match (system_field(name), node.first_root()) {
            (Some(_), Some(root)) => source_leaves(catalog, node, root, name),
            _ => vec![Leaf::here(Some(node.name.clone()), Some(name.to_string()), Kind::Mapped, true)],
        };
    };
    match &field.kind {
        FieldKind::Virtual => Vec::new(),
        FieldKind::Computed { method } => computed_leaves(catalog, node, method),
        FieldKind::Mapped { source, field, aggregation } => {
            let mut found = match node.source(source) {
                Some(source) => source_leaves(catalog, node, source, field),
                None => vec![Leaf::missing_source(source, field, Kind::Mapped)],
            };
            found.extend(further_branches(catalog, node, field));
            if aggregation.is_some() {
                for leaf in found.iter_mut().filter(|leaf| leaf.kind == Kind::Mapped) {
                    leaf.kind = Kind::Aggregate;
                }
            }
            without_repeats(found)
        }
    }
}

/// The leaves of field `name` of one data source of `node`.
pub fn source_leaves(catalog: &Catalog, node: &Node, index: usize, name: &str) -> Vec<Leaf> {
    let source = &node.sources[index];
    let stop = |table: String, column: &str| {
        vec![Leaf::here(Some(table), Some(column.to_string()), Kind::Mapped, true).through(node, index)]
    };
    let Some(target) = catalog.node(&source.target) else {
        return stop(source.target.clone(), name);
    };
    if catalog.is_cyclic(node, index) || target.kind == NodeKind::Map {
        return stop(target.name.clone(), name);
    }
    let field = behind_alias(node, index, name);
    if target.kind == NodeKind::Table {
        return match catalog.column(&target.name, field) {
            Some((table, column)) => {
                vec![Leaf::here(Some(table), Some(column), Kind::Mapped, false).through(node, index)]
            }
            None => stop(target.name.clone(), field),
        };
    }
    leaves(catalog, target, field).into_iter().map(|leaf| leaf.through(node, index)).collect()
}

/// A source's `Fields` list may give a field another name.
fn behind_alias<'n>(node: &'n Node, index: usize, name: &'n str) -> &'n str {
    let aliases = &node.sources[index].aliases;
    aliases.iter().find(|(alias, _)| same(alias, name)).map_or(name, |(_, field)| field)
}

/// In each further branch of a union: the first source that has the field, or is not loaded.
fn further_branches(catalog: &Catalog, node: &Node, field: &str) -> Vec<Leaf> {
    let mut found = Vec::new();
    if !node.union {
        return found;
    }
    for root in node.roots().into_iter().skip(1) {
        let in_branch = |source: &usize| *source == root || node.ancestors(*source).contains(&root);
        let first = (0..node.sources.len()).filter(in_branch).find(|source| {
            let target = &node.sources[*source].target;
            catalog.node(target).is_none() || has_field(catalog, target, behind_alias(node, *source, field))
        });
        if let Some(source) = first {
            found.extend(source_leaves(catalog, node, source, field));
        }
    }
    found
}

pub fn has_field(catalog: &Catalog, element: &str, field: &str) -> bool {
    match catalog.node(element) {
        Some(node) if node.kind == NodeKind::Table => catalog.column(element, field).is_some(),
        Some(node) if node.has_sources() => node.field(field).is_some() || system_field(field).is_some(),
        _ => false,
    }
}

/// The path with each derived source replaced by the owner of its record.
pub fn record_path(catalog: &Catalog, leaf: &Leaf) -> Vec<String> {
    let mut path: Vec<String> = leaf.path.iter().map(|name| lower(name)).collect();
    for (position, hop) in leaf.hops.iter().enumerate() {
        if let Some(node) = catalog.node(&hop.element) {
            path[position] = lower(&node.sources[node.owner(hop.source)].name);
        }
    }
    path
}

/// Every hop after the first is the first root source of its element, or derived from it.
pub fn stays_on_primary_record(catalog: &Catalog, leaf: &Leaf) -> bool {
    leaf.hops.iter().skip(1).all(|hop| {
        catalog.node(&hop.element).is_some_and(|node| {
            let owner = node.owner(hop.source);
            node.sources[owner].kind == SourceKind::Root && node.first_root() == Some(owner)
        })
    })
}
