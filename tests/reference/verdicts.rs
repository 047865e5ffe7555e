//! SPEC 7: which leaves an entry covers, and the verdict on each entry.

use std::collections::BTreeSet;

use super::effective::{Catalog, Node, NodeKind, lower, same, system_field};
use super::equality::{Column, column_of, equal_pairs, equal_to, join_columns};
use super::hooks::{Entry, Mapping, is_field, is_label, is_table, mapping};
use super::lineage::{Kind, Leaf, leaves, record_path};
use super::model::{Function, Part};
use super::tracking::{Judged, Status};

/// Worst first: the best match of an entry is the greatest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Match {
    Unverified,
    ByColumn,
    Exact,
}

impl Match {
    pub fn text(self) -> &'static str {
        match self {
            Match::Unverified => "unverified",
            Match::ByColumn => "by_column",
            Match::Exact => "exact",
        }
    }
}

/// An entry with the names as they are defined, and what is said of it.
pub struct JudgedEntry {
    pub entry: Entry,
    pub label: Option<String>,
    pub table: Option<String>,
    pub field: Option<String>,
    pub invalid: bool,
    pub verdict: &'static str,
    pub matched: Option<&'static str>,
    /// Leaves of the entity field; empty for an invalid entry.
    leaves: Vec<Leaf>,
    /// Per leaf: everything equal to its column.
    equal: Vec<BTreeSet<Column>>,
}

/// The leaves of all fields of an entity, with the entries of its mapping method.
pub struct Registrations<'r> {
    pub judged: &'r Judged<'r>,
    pub mapping: Mapping,
    /// Leaves per field, in the order of the node.
    pub leaves: Vec<Vec<Leaf>>,
    pub pairs: Vec<(Column, Column)>,
    pub entries: Vec<JudgedEntry>,
}

impl<'r> Registrations<'r> {
    pub fn new(judged: &'r Judged<'r>) -> Self {
        let (catalog, node) = (judged.catalog, judged.node);
        let mapping = mapping(catalog, node);
        let leaves = node.fields.iter().map(|field| leaves(catalog, node, &field.name)).collect();
        let pairs = equal_pairs(catalog, node);
        let entries = mapping.entries.iter().map(|entry| resolve(catalog, node, entry, &pairs)).collect();
        let mut result = Registrations { judged, mapping, leaves, pairs, entries };
        for index in 0..result.entries.len() {
            let (verdict, matched) = result.verdict(index);
            result.entries[index].verdict = verdict;
            result.entries[index].matched = matched;
        }
        result
    }

    /// A mapping entry covers the leaf, as if its field counted.
    pub fn covered(&self, leaf: &Leaf) -> bool {
        self.entries.iter().any(|entry| self.covers(entry, leaf).is_some())
    }

    /// How the entry matches the leaf, whether or not a data source tracks that already.
    fn covers(&self, entry: &JudgedEntry, leaf: &Leaf) -> Option<Match> {
        let catalog = self.judged.catalog;
        let (table, leaf_table) = (entry.table.as_deref()?, leaf.table.as_deref()?);
        if entry.invalid || leaf.unresolved || !catalog.in_one_chain(table, leaf_table) {
            return None;
        }
        let on_chain = |own: &&Leaf| {
            let own = own.table.as_deref().filter(|_| !own.unresolved);
            own.is_some_and(|own| catalog.in_one_chain(own, table))
        };
        let unverified = !entry.leaves.is_empty() && entry.leaves.iter().all(is_unverified);
        let record = record_path(catalog, leaf);
        if leaf.kind == Kind::Sql {
            let own: Vec<&Leaf> = entry.leaves.iter().filter(on_chain).collect();
            let exact = own.iter().any(|own| own.column_is("RecId"));
            let matched = match (exact, unverified) {
                (true, _) => Match::Exact,
                (false, true) => Match::Unverified,
                (false, false) => Match::ByColumn,
            };
            (unverified || !own.is_empty()).then_some(matched)
        } else if entry.equal.iter().any(|equal| equal.contains(&(record.clone(), "recid".to_string()))) {
            Some(Match::Exact)
        } else if unverified {
            Some(Match::Unverified)
        } else {
            entry.holds(catalog, &record).then_some(Match::ByColumn)
        }
    }

    fn verdict(&self, index: usize) -> (&'static str, Option<&'static str>) {
        let entry = &self.entries[index];
        if entry.invalid {
            return ("invalid", None);
        }
        let counted = self.judged.counted_leaves();
        let covered: Vec<(&Leaf, Match)> =
            counted.iter().filter_map(|leaf| Some((leaf, self.covers(entry, leaf)?))).collect();
        let matched = covered.iter().map(|(_, matched)| *matched).max();
        let as_text = matched.map(Match::text);
        let earlier = &self.entries[..index];
        let twin = |other: &&JudgedEntry| other.is_plain() && entry.is_plain() && other.has_key_of(entry);
        let repeats =
            |other: &JudgedEntry| other.entry.method == entry.entry.method && other.has_field_of(entry);
        if earlier.iter().filter(twin).any(repeats) {
            return ("duplicate", as_text);
        }
        if earlier.iter().any(|other| twin(&other)) {
            return ("conflicting", as_text);
        }
        // An unverified match never justifies a removal.
        let verified = covered.iter().all(|(_, matched)| *matched != Match::Unverified);
        if verified
            && !covered.is_empty()
            && covered.iter().all(|(leaf, _)| self.judged.by_table_source(leaf))
        {
            return ("redundant", as_text);
        }
        match matched {
            None if self.something_unknown(entry, &counted) => ("needed", Some("unverified")),
            None if self.meets_join_column(entry, &counted) => ("needed", Some("join_column")),
            None => ("unused", None),
            Some(Match::ByColumn) => ("mismatched", as_text),
            Some(_) => ("needed", as_text),
        }
    }

    fn something_unknown(&self, entry: &JudgedEntry, counted: &[Leaf]) -> bool {
        let judged = self.judged;
        let table_missing = entry.table.as_deref().is_some_and(|table| judged.catalog.node(table).is_none());
        let leaf_unknown = |leaf: &Leaf| {
            let source = leaf.hops.first().map(|hop| judged.sources[hop.source].status);
            is_unverified(leaf) || matches!(source, Some(Status::Unresolved | Status::Undecidable))
        };
        table_missing
            || entry.leaves.iter().any(is_unverified)
            || judged.node.partial()
            || counted.iter().any(leaf_unknown)
            || !self.mapping.undecidable.is_empty()
    }

    fn meets_join_column(&self, entry: &JudgedEntry, counted: &[Leaf]) -> bool {
        let catalog = self.judged.catalog;
        let Some(table) = entry.table.as_deref() else {
            return false;
        };
        counted.iter().flat_map(|leaf| join_columns(catalog, leaf)).any(|side| {
            let record = side.column.0;
            side.table.as_deref().is_some_and(|on| catalog.in_one_chain(on, table))
                && (entry.holds(catalog, &record)
                    || entry.equal.iter().any(|equal| equal.contains(&(record.clone(), "recid".to_string()))))
        })
    }
}

/// Unresolved, or read by X++ that is not known.
fn is_unverified(leaf: &Leaf) -> bool {
    leaf.unresolved || leaf.kind == Kind::Unknown
}

impl JudgedEntry {
    /// Neither invalid nor conditional.
    fn is_plain(&self) -> bool {
        !self.invalid && !self.entry.conditional
    }

    fn has_key_of(&self, other: &JudgedEntry) -> bool {
        equal_names(&self.label, &other.label) && equal_names(&self.table, &other.table)
    }

    fn has_field_of(&self, other: &JudgedEntry) -> bool {
        equal_names(&self.field, &other.field)
    }

    /// The field has a leaf on the record.
    fn holds(&self, catalog: &Catalog, record: &[String]) -> bool {
        self.leaves.iter().any(|leaf| {
            !leaf.unresolved
                && !matches!(leaf.kind, Kind::Sql | Kind::Unknown)
                && record_path(catalog, leaf) == record
        })
    }
}

fn equal_names(a: &Option<String>, b: &Option<String>) -> bool {
    a.as_deref().map(lower) == b.as_deref().map(lower)
}

/// A row as written, with the names as their definitions spell them.
pub fn spelled(catalog: &Catalog, node: &Node, parts: &[Part]) -> [Option<String>; 3] {
    let at = |index: usize, fits: fn(&Part) -> bool| parts.get(index).filter(|part| fits(part));
    let label = at(0, is_label).map(|part| part.name.clone());
    let table = at(1, is_table).map(|part| catalog.spelled(&part.name));
    let field = at(2, is_field).map(|part| {
        let own = node.field(&part.name).map(|field| field.name.clone());
        own.or_else(|| system_field(&part.name).map(String::from)).unwrap_or_else(|| part.name.clone())
    });
    [label, table, field]
}

fn resolve(catalog: &Catalog, node: &Node, entry: &Entry, pairs: &[(Column, Column)]) -> JudgedEntry {
    let [label, table, field] = spelled(catalog, node, &entry.parts);
    let copied = entry
        .parts
        .get(2)
        .is_some_and(|part| part.function == Function::FieldStr && !same(&part.owner, &node.name));
    let no_table = table
        .as_deref()
        .and_then(|table| catalog.node(table))
        .is_some_and(|target| target.kind != NodeKind::Table);
    let no_field =
        field.as_deref().is_none_or(|field| node.field(field).is_none() && system_field(field).is_none());
    let invalid = !entry.triple || copied || no_table || (no_field && !node.partial());
    let leaves = match field.as_deref() {
        Some(field) if !invalid => leaves(catalog, node, field),
        _ => Vec::new(),
    };
    let equal = leaves
        .iter()
        .map(|leaf| column_of(catalog, leaf).map_or_else(BTreeSet::new, |column| equal_to(pairs, &column)))
        .collect();
    let entry = entry.clone();
    JudgedEntry { entry, label, table, field, invalid, verdict: "", matched: None, leaves, equal }
}
