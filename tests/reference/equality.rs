//! SPEC 7: column equality, by brute force over the fully expanded source tree.

use std::collections::BTreeSet;

use super::effective::{Catalog, Node, NodeKind, lower, same};
use super::lineage::{Hop, Kind, Leaf, record_path, source_leaves};
use super::model::{Constraint, Join};

/// (record path, column), in lower case.
pub type Column = (Vec<String>, String);

/// One side of a join condition that takes part.
#[derive(Clone)]
pub struct Side {
    pub column: Column,
    pub table: Option<String>,
    pub spelled: Option<String>,
}

/// The conditions of one source that take part in column equality: each side has exactly one mapped leaf.
pub fn conditions(catalog: &Catalog, node: &Node, index: usize) -> Vec<(Side, Side)> {
    let mut found = Vec::new();
    for join in &node.sources[index].joins {
        for (other, field, related) in field_pairs(catalog, node, index, join) {
            let left = single(catalog, &source_leaves(catalog, node, other, &field));
            let right = single(catalog, &source_leaves(catalog, node, index, &related));
            if let (Some(left), Some(right)) = (left, right) {
                found.push((left, right));
            }
        }
    }
    found
}

fn single(catalog: &Catalog, leaves: &[Leaf]) -> Option<Side> {
    match leaves {
        [leaf] if leaf.kind == Kind::Mapped => Some(Side {
            column: column_of(catalog, leaf)?,
            table: leaf.table.clone(),
            spelled: leaf.column.clone(),
        }),
        _ => None,
    }
}

pub fn column_of(catalog: &Catalog, leaf: &Leaf) -> Option<Column> {
    Some((record_path(catalog, leaf), lower(leaf.column.as_deref()?)))
}

/// (join source, its field, field of the source itself) for each field condition of the join.
fn field_pairs(catalog: &Catalog, node: &Node, index: usize, join: &Join) -> Vec<(usize, String, String)> {
    let (Join::Fields { join_source, .. } | Join::Relation { join_source, .. }) = join;
    let other = match join_source {
        Some(name) => node.source(name),
        None => node.sources[index].parent,
    };
    let Some(other) = other else {
        return Vec::new();
    };
    match join {
        Join::Fields { field, related, .. } => vec![(other, field.clone(), related.clone())],
        Join::Relation { relation, .. } => {
            let (own, far) = (&node.sources[index].target, &node.sources[other].target);
            if let Some(pairs) = relation_pairs(catalog, own, relation, far) {
                return pairs.into_iter().map(|(field, related)| (other, related, field)).collect();
            }
            let pairs = relation_pairs(catalog, far, relation, own).unwrap_or_default();
            pairs.into_iter().map(|(field, related)| (other, field, related)).collect()
        }
    }
}

/// Field pairs of the relation `name` of `holder` whose related table is `partner` or in its chain.
fn relation_pairs(
    catalog: &Catalog,
    holder: &str,
    name: &str,
    partner: &str,
) -> Option<Vec<(String, String)>> {
    let node = catalog.node(holder)?;
    let relations = match node.kind {
        NodeKind::Table => {
            catalog.lineage_of(holder).into_iter().flat_map(|table| &table.relations).collect()
        }
        NodeKind::Entity => node.relations.iter().collect(),
        NodeKind::View | NodeKind::Map => Vec::new(),
    };
    let fits = |related: &str| {
        same(related, partner)
            || (catalog.is_table(related)
                && catalog.is_table(partner)
                && catalog.in_one_chain(related, partner))
    };
    let found =
        relations.into_iter().find(|relation| same(&relation.name, name) && fits(&relation.related))?;
    let pairs = found.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::Fields { field, related } => Some((field.clone(), related.clone())),
        Constraint::Fixed { .. } | Constraint::RelatedFixed { .. } => None,
    });
    Some(pairs.collect())
}

/// All equal pairs of the expanded tree of an element.
pub fn equal_pairs(catalog: &Catalog, node: &Node) -> Vec<(Column, Column)> {
    let mut found = Vec::new();
    expand(catalog, node, &[], &mut found);
    found
}

fn expand(catalog: &Catalog, node: &Node, prefix: &[String], found: &mut Vec<(Column, Column)>) {
    for index in 0..node.sources.len() {
        for (left, right) in conditions(catalog, node, index) {
            found.push((below(prefix, &left.column), below(prefix, &right.column)));
        }
        let Some(target) = catalog.node(&node.sources[index].target) else {
            continue;
        };
        if target.has_sources() && !catalog.is_cyclic(node, index) {
            let mut deeper = prefix.to_vec();
            deeper.push(lower(&node.sources[node.owner(index)].name));
            expand(catalog, target, &deeper, found);
        }
    }
}

fn below(prefix: &[String], column: &Column) -> Column {
    (prefix.iter().chain(&column.0).cloned().collect(), column.1.clone())
}

/// Everything that is equal to the column, itself included: repeated passes until nothing is added.
pub fn equal_to(pairs: &[(Column, Column)], column: &Column) -> BTreeSet<Column> {
    let mut equal = BTreeSet::from([column.clone()]);
    loop {
        let before = equal.len();
        for (left, right) in pairs {
            if equal.contains(left) {
                equal.insert(right.clone());
            } else if equal.contains(right) {
                equal.insert(left.clone());
            }
        }
        if equal.len() == before {
            return equal;
        }
    }
}

/// SPEC 4: the join columns of a leaf, with the record that each lies on.
pub fn join_columns(catalog: &Catalog, leaf: &Leaf) -> Vec<Side> {
    let mut found = Vec::new();
    let records = record_path(catalog, leaf);
    for (depth, Hop { element, source }) in leaf.hops.iter().enumerate() {
        let Some(node) = catalog.node(element) else {
            continue;
        };
        let mut sources = vec![*source];
        sources.extend(node.ancestors(*source));
        for index in sources {
            for (left, right) in conditions(catalog, node, index) {
                for mut side in [left, right] {
                    side.column = below(&records[..depth], &side.column);
                    found.push(side);
                }
            }
        }
    }
    found
}
