//! SPEC 7, "Needed entries": what is missing, and the plan that mends it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::effective::{Catalog, Node, by_name, lower, same};
use super::equality::{Column, column_of, equal_pairs, equal_to};
use super::lineage::{Hop, Kind, Leaf, leaves, record_path};
use super::model::FieldKind;
use super::tracking::{Judged, Status};
use super::verdicts::Registrations;

const SWITCHED_OFF: [&str; 4] = ["temporary_table", "unknown_method", "exists_join", "skip_method"];
const INSERT_ONLY: [&str; 3] =
    ["DimensionAttributeValueSet", "DimensionAttributeValueCombination", "InventDim"];

#[derive(Clone)]
pub struct Step {
    pub element: String,
    pub field: String,
    pub source: String,
    pub data_field: String,
}

pub struct Needed {
    pub entity: String,
    pub path: Vec<String>,
    pub table: String,
    pub fields: Vec<String>,
    pub remedy: &'static str,
    pub label: Option<String>,
    pub field: Option<String>,
    pub steps: Vec<Step>,
}

/// Leaves with one (path, table).
struct Group {
    path: Vec<String>,
    hops: Vec<Hop>,
    table: String,
    kinds: Vec<Kind>,
    fields: Vec<String>,
}

/// The needed entries of one entity; `plans` holds the steps of all earlier plans of the document.
pub fn needed(registrations: &Registrations, plans: &mut Vec<Step>) -> Vec<Needed> {
    let judged = registrations.judged;
    if !judged.scope.in_scope {
        return Vec::new();
    }
    let mut found: Vec<Needed> = Vec::new();
    for group in groups(registrations) {
        let catalog = judged.catalog;
        let mut needed = Needed {
            entity: judged.node.name.clone(),
            path: group.path.clone(),
            table: group.table.clone(),
            fields: group.fields.clone(),
            remedy: "add_source",
            label: None,
            field: None,
            steps: Vec::new(),
        };
        let has_record = !group.kinds.iter().any(|kind| matches!(kind, Kind::Sql | Kind::Aggregate));
        if has_record {
            let record = record_of(catalog, &group.hops, &group.path);
            if let Some(field) = rec_id_field(catalog, judged.node, &record, &registrations.pairs) {
                needed.remedy = "entry";
                needed.field = Some(field);
            } else if !crosses_changed_rows(catalog, &group) {
                needed.remedy = "expose_rec_id";
                needed.steps = plan(catalog, &group, plans);
                needed.field = needed.steps.last().map(|step| step.field.clone());
                plans.extend(needed.steps.iter().cloned());
            }
        }
        if needed.remedy != "add_source" {
            needed.label = Some(free_label(registrations, &group, &found));
        }
        found.push(needed);
    }
    found
}

fn groups(registrations: &Registrations) -> Vec<Group> {
    let judged = registrations.judged;
    let mut groups: Vec<Group> = Vec::new();
    for (index, field) in judged.node.fields.iter().enumerate() {
        if !judged.scope.counted[index] {
            continue;
        }
        for leaf in &registrations.leaves[index] {
            let Some(table) = needs_registration(registrations, leaf) else {
                continue;
            };
            let known = groups.iter_mut().find(|group| {
                same(&group.table, table)
                    && group.path.len() == leaf.path.len()
                    && group.path.iter().zip(&leaf.path).all(|(a, b)| same(a, b))
            });
            match known {
                Some(group) => {
                    group.kinds.push(leaf.kind);
                    if !group.fields.contains(&field.name) {
                        group.fields.push(field.name.clone());
                    }
                }
                None => groups.push(Group {
                    path: leaf.path.clone(),
                    hops: leaf.hops.clone(),
                    table: table.to_string(),
                    kinds: vec![leaf.kind],
                    fields: vec![field.name.clone()],
                }),
            }
        }
    }
    for group in &mut groups {
        group.fields.sort_by(|a, b| by_name(a, b));
    }
    groups.sort_by(|a, b| by_path(&a.path, &b.path).then_with(|| by_name(&a.table, &b.table)));
    groups
}

pub fn by_path(a: &[String], b: &[String]) -> Ordering {
    let first = a.iter().zip(b).map(|(a, b)| by_name(a, b)).find(|order| order.is_ne());
    first.unwrap_or_else(|| a.len().cmp(&b.len()))
}

/// The table, if nothing registers the leaf although something could.
fn needs_registration<'l>(registrations: &Registrations, leaf: &'l Leaf) -> Option<&'l str> {
    let judged = registrations.judged;
    let table = leaf.table.as_deref()?;
    let verdict = judged.leaf(leaf, registrations.covered(leaf));
    let switched_off = verdict.reason.is_some_and(|reason| SWITCHED_OFF.contains(&reason));
    let insert_only = INSERT_ONLY.iter().any(|name| same(name, table));
    let wanted = !leaf.unresolved
        && judged.catalog.is_table(table)
        && verdict.status == Status::Untracked
        && !switched_off
        && !insert_only;
    wanted.then_some(table)
}

fn record_of(catalog: &Catalog, hops: &[Hop], path: &[String]) -> Vec<String> {
    let leaf = Leaf {
        path: path.to_vec(),
        hops: hops.to_vec(),
        table: None,
        column: None,
        kind: Kind::Mapped,
        unresolved: false,
    };
    record_path(catalog, &leaf)
}

/// A mapped field that holds the RecId of the record, else one that is column-equal to it.
fn rec_id_field(
    catalog: &Catalog,
    node: &Node,
    record: &[String],
    pairs: &[(Column, Column)],
) -> Option<String> {
    let goal: Column = (record.to_vec(), "recid".to_string());
    let equal = equal_to(pairs, &goal);
    let mut own = Vec::new();
    let mut other = Vec::new();
    for field in &node.fields {
        if !matches!(field.kind, FieldKind::Mapped { .. }) {
            continue;
        }
        let found = leaves(catalog, node, &field.name);
        let [leaf] = found.as_slice() else { continue };
        let Some(column) = column_of(catalog, leaf) else {
            continue;
        };
        if leaf.unresolved || leaf.kind != Kind::Mapped {
            continue;
        }
        if column == goal {
            own.push(field.name.clone());
        } else if equal.contains(&column) {
            other.push(field.name.clone());
        }
    }
    let lowest = |mut names: Vec<String>| {
        names.sort_by(|a, b| by_name(a, b));
        names.into_iter().next()
    };
    lowest(own).or_else(|| lowest(other))
}

/// A RecId there would change the rows of a union or of an aggregation.
fn crosses_changed_rows(catalog: &Catalog, group: &Group) -> bool {
    let elements = group.hops.iter().filter_map(|hop| catalog.node(&hop.element));
    elements.into_iter().any(|node| node.is_union() || node.aggregates())
}

/// New fields, innermost first.
fn plan(catalog: &Catalog, group: &Group, earlier: &[Step]) -> Vec<Step> {
    let depth = group.path.len();
    // The outermost element that has such a field already, and the field.
    let held = (1..depth).find_map(|level| {
        let node = catalog.node(&group.hops[level].element)?;
        let record = record_of(catalog, &group.hops[level..], &group.path[level..]);
        Some((level, rec_id_field(catalog, node, &record, &equal_pairs(catalog, node))?))
    });
    let (levels, mut data_field) = held.unwrap_or((depth, "RecId".to_string()));
    let elements: Vec<&Node> =
        group.hops[..levels].iter().filter_map(|hop| catalog.node(&hop.element)).collect();
    let new_name = free_name(&elements, &group.table, earlier);
    let mut steps = Vec::new();
    for level in (0..levels).rev() {
        let (element, source) = (elements[level].name.clone(), group.path[level].clone());
        let reused = earlier.iter().find(|step| {
            same(&step.element, &element)
                && same(&step.source, &source)
                && same(&step.data_field, &data_field)
        });
        let field = reused.map_or_else(|| new_name.clone(), |step| step.field.clone());
        steps.push(Step { element, field: field.clone(), source, data_field });
        data_field = field;
    }
    steps
}

fn free_name(elements: &[&Node], table: &str, earlier: &[Step]) -> String {
    let taken = |name: &str| {
        elements.iter().any(|node| {
            node.field(name).is_some()
                || earlier.iter().any(|step| same(&step.element, &node.name) && same(&step.field, name))
        })
    };
    let names = (1..).map(|number| match number {
        1 => format!("{table}RecId"),
        number => format!("{table}RecId{number}"),
    });
    names.into_iter().find(|name| !taken(name)).unwrap_or_default()
}

/// D, D1, D2, … : the first that no row and no staying or proposed entry has with this table.
fn free_label(registrations: &Registrations, group: &Group, proposed: &[Needed]) -> String {
    let judged: &Judged = registrations.judged;
    let mut taken: BTreeSet<(String, String)> = BTreeSet::new();
    for entry in &registrations.entries {
        if let ("needed" | "mismatched" | "conflicting", Some(label), Some(table)) =
            (entry.verdict, &entry.label, &entry.table)
        {
            taken.insert((lower(label), lower(table)));
        }
    }
    for needed in proposed {
        if let Some(label) = &needed.label {
            taken.insert((lower(label), lower(&needed.table)));
        }
    }
    for (table, source) in &judged.rows {
        taken.insert((lower(&judged.node.sources[*source].name), lower(table)));
    }
    let first = group.path.first().cloned().unwrap_or_default();
    let labels = (0..).map(|number| if number == 0 { first.clone() } else { format!("{first}{number}") });
    labels.into_iter().find(|label| !taken.contains(&(lower(label), lower(&group.table)))).unwrap_or_default()
}
