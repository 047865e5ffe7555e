//! Which leaves an entry of the mapping method covers, and what becomes of the entry (SPEC 7).

use super::leaves::LeafRules;
use super::mapping::{EntityField, MappingAnalysis, ResolvedEntry};
use super::verdict::{EntryVerdict, LeafVerdict, Match, Status, Via};
use crate::catalog::{ElementId, ElementKind};
use crate::lineage::{Column, Equality, JoinColumn, Leaf, LeafKind, Lineage, Path};
use crate::text::Symbol;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::Arc;

/// A leaf of a counted field with what the other rules say of it.
pub(super) struct CountedLeaf<'a> {
    pub(super) leaf: &'a Leaf,
    pub(super) record: Path,
    pub(super) verdict: LeafVerdict,
    /// Tracked through a data source whose own target is a table.
    pub(super) through_table: bool,
    pub(super) joins: Arc<[JoinColumn]>,
}

/// Everything about an entity that the verdicts on its entries need.
pub(super) struct EntryRules<'a> {
    pub(super) rules: &'a LeafRules<'a>,
    pub(super) lineage: &'a Lineage,
    pub(super) equality: &'a Equality<'a>,
    pub(super) counted: Vec<CountedLeaf<'a>>,
}

/// How well an entry serves one counted leaf.
struct Cover {
    leaf: usize,
    matched: Match,
}

impl EntryRules<'_> {
    /// Decides all entries. Returns for each counted leaf the first entry that covers it.
    pub(super) fn decide(&self, mapping: &mut MappingAnalysis) -> Vec<Option<usize>> {
        let covers: Vec<Vec<Cover>> = mapping.entries.iter().map(|e| self.covers(e)).collect();
        let uncertain = !mapping.undecidable.is_empty() || self.something_is_unknown();
        for (position, covers) in covers.iter().enumerate() {
            let (earlier, rest) = mapping.entries.split_at_mut(position);
            let entry = &mut rest[0];
            let (verdict, matched) = self.verdict(entry, earlier, covers, uncertain);
            entry.verdict = verdict;
            entry.matched = matched;
        }
        self.first_of(&covers)
    }

    /// For each leaf the first entry that would cover it if its field counted.
    pub(super) fn first_cover(&self, mapping: &MappingAnalysis) -> Vec<Option<usize>> {
        let covers: Vec<Vec<Cover>> = mapping.entries.iter().map(|e| self.covers(e)).collect();
        self.first_of(&covers)
    }

    fn first_of(&self, covers: &[Vec<Cover>]) -> Vec<Option<usize>> {
        let mut first = vec![None; self.counted.len()];
        for (position, covers) in covers.iter().enumerate() {
            for cover in covers.iter().filter(|c| !self.is_tracked(c.leaf)) {
                first[cover.leaf].get_or_insert(position);
            }
        }
        first
    }

    fn is_tracked(&self, leaf: usize) -> bool {
        self.counted[leaf].verdict.via == Some(Via::DataSource)
    }

    fn catalog(&self) -> &crate::catalog::Catalog {
        self.rules.rules.catalog
    }

    /// Every counted leaf that the entry serves, whether or not it is tracked through a data source.
    fn covers(&self, entry: &ResolvedEntry) -> Vec<Cover> {
        let Some(table) = entry.table_id.filter(|_| !self.is_invalid(entry)) else { return Vec::new() };
        let field = FieldColumns::new(self, entry.entity_field.as_ref());
        let covers = self.counted.iter().enumerate().filter_map(|(position, counted)| {
            let owner = counted.leaf.element().filter(|_| counted.leaf.resolved)?;
            if !self.is_table(owner) || !self.catalog().in_one_chain(table, owner) {
                return None;
            }
            let matched = self.match_leaf(&field, table, counted)?;
            Some(Cover { leaf: position, matched })
        });
        covers.collect()
    }

    fn match_leaf(&self, field: &FieldColumns, table: ElementId, counted: &CountedLeaf) -> Option<Match> {
        let (exact, by_column) = if counted.leaf.kind == LeafKind::Sql {
            let rec_id = self.catalog().rec_id().id;
            let mut on_chain = field.on_chain(self, table).peekable();
            let by_column = on_chain.peek().is_some();
            (on_chain.any(|leaf| leaf.column.as_ref().is_some_and(|c| c.id == rec_id)), by_column)
        } else {
            (field.refers_to(self, &counted.record), field.is_on(&counted.record))
        };
        if exact {
            return Some(Match::Exact);
        }
        if field.only_unknown() {
            return Some(Match::Unverified);
        }
        by_column.then_some(Match::ByColumn)
    }

    fn is_table(&self, id: ElementId) -> bool {
        self.catalog().element(id).kind == ElementKind::Table
    }

    fn is_invalid(&self, entry: &ResolvedEntry) -> bool {
        let wrong_table = entry.table_id.is_some_and(|t| !self.is_table(t));
        let complete = !self.catalog().element(self.rules.id).is_partial();
        !entry.triple || wrong_table || entry.copied || (entry.entity_field.is_none() && complete)
    }

    /// The table of the verdicts: the first that applies. Here an entry covers what its field serves, tracked
    /// through a data source or not: only a data source on a table itself makes an entry superfluous.
    fn verdict(
        &self,
        entry: &ResolvedEntry,
        earlier: &[ResolvedEntry],
        covers: &[Cover],
        uncertain: bool,
    ) -> (EntryVerdict, Option<Match>) {
        if self.is_invalid(entry) {
            return (EntryVerdict::Invalid, None);
        }
        let matched = covers.iter().map(|c| c.matched).min();
        if let Some(verdict) = repeats(entry, earlier) {
            return (verdict, matched);
        }
        if entry.table_id.is_none() || entry.entity_field.is_none() {
            return (EntryVerdict::Needed, Some(Match::Unverified));
        }
        let redundant = |c: &Cover| c.matched != Match::Unverified && self.counted[c.leaf].through_table;
        if !covers.is_empty() && covers.iter().all(redundant) {
            return (EntryVerdict::Redundant, matched);
        }
        match matched {
            None if uncertain || self.has_unknown_leaf(entry) => {
                (EntryVerdict::Needed, Some(Match::Unverified))
            }
            None if self.serves_a_join(entry) => (EntryVerdict::Needed, Some(Match::JoinColumn)),
            None => (EntryVerdict::Unused, None),
            Some(Match::ByColumn) => (EntryVerdict::Mismatched, matched),
            Some(_) => (EntryVerdict::Needed, matched),
        }
    }

    /// E is partial, or a counted leaf cannot be judged.
    fn something_is_unknown(&self) -> bool {
        let partial = self.catalog().element(self.rules.id).is_partial();
        let open = |c: &CountedLeaf| {
            let behind = self.rules.first_verdict(c.leaf).map(|v| v.status);
            !c.leaf.resolved
                || c.leaf.kind == LeafKind::Unknown
                || matches!(behind, Some(Status::Unresolved | Status::Undecidable))
        };
        partial || self.counted.iter().any(open)
    }

    fn has_unknown_leaf(&self, entry: &ResolvedEntry) -> bool {
        let unknown = |l: &Leaf| !l.resolved || l.kind == LeafKind::Unknown;
        FieldColumns::new(self, entry.entity_field.as_ref()).leaves.iter().any(unknown)
    }

    /// A counted field is joined over a column of a record that the entry's field holds or refers to.
    fn serves_a_join(&self, entry: &ResolvedEntry) -> bool {
        let Some(table) = entry.table_id else { return false };
        let field = FieldColumns::new(self, entry.entity_field.as_ref());
        let mut seen: FxHashMap<Path, bool> = FxHashMap::default();
        self.counted.iter().flat_map(|c| c.joins.iter()).any(|join| {
            let crate::lineage::LeafTable::Element(owner) = join.table else { return false };
            let record = &join.column.record;
            self.is_table(owner)
                && self.catalog().in_one_chain(table, owner)
                && *seen
                    .entry(record.clone())
                    .or_insert_with(|| field.is_on(record) || field.refers_to(self, record))
        })
    }
}

/// `duplicate` or `conflicting`, where an earlier entry stands for the same pair.
fn repeats(entry: &ResolvedEntry, earlier: &[ResolvedEntry]) -> Option<EntryVerdict> {
    let same = |a: &Option<Symbol>, b: &Option<Symbol>| match (a, b) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => false,
    };
    let mut rivals = earlier.iter().filter(|e| {
        e.verdict != EntryVerdict::Invalid
            && !e.conditional
            && !entry.conditional
            && same(&e.label, &entry.label)
            && same(&e.table, &entry.table)
    });
    let is_duplicate = |e: &ResolvedEntry| e.method == entry.method && same(&e.field, &entry.field);
    if rivals.clone().any(is_duplicate) {
        return Some(EntryVerdict::Duplicate);
    }
    rivals.next().map(|_| EntryVerdict::Conflicting)
}

/// The columns behind an entry's field.
struct FieldColumns<'a> {
    leaves: Cow<'a, [Leaf]>,
    /// All of them: two unresolved columns may be equal all the same.
    columns: Vec<Column>,
    /// Those of resolved leaves.
    known: Vec<Column>,
    missing: bool,
}

impl<'a> FieldColumns<'a> {
    fn new(rules: &'a EntryRules, field: Option<&EntityField>) -> Self {
        let id = rules.rules.id;
        let leaves: Cow<[Leaf]> = match field {
            Some(EntityField::Declared(ix)) => Cow::Borrowed(&rules.lineage.field(id, *ix).leaves),
            Some(EntityField::System(name)) => Cow::Owned(rules.equality.system_field(id, name).leaves),
            None => Cow::Borrowed(&[]),
        };
        let columns = |resolved_only: bool| {
            let leaves = leaves.iter().filter(move |l| l.resolved || !resolved_only);
            leaves.filter_map(|l| rules.equality.column(id, l)).collect()
        };
        Self { columns: columns(false), known: columns(true), leaves, missing: field.is_none() }
    }

    /// Nothing is known of the field: a partial entity does not show it, or none of its leaves is resolved.
    fn only_unknown(&self) -> bool {
        let has_leaves = self.missing || !self.leaves.is_empty();
        has_leaves && self.leaves.iter().all(|l| !l.resolved || l.kind == LeafKind::Unknown)
    }

    /// Leaves on tables in one chain with `table`.
    fn on_chain(&self, rules: &EntryRules, table: ElementId) -> impl Iterator<Item = &Leaf> {
        let fits = move |id| rules.is_table(id) && rules.catalog().in_one_chain(id, table);
        self.leaves.iter().filter(move |l| l.resolved && l.element().is_some_and(fits))
    }

    /// The field equals the record's `RecId`.
    fn refers_to(&self, rules: &EntryRules, record: &Path) -> bool {
        let rec_id = rules.equality.rec_id(record);
        let classes = rules.equality.classes(rules.rules.id);
        self.columns.iter().any(|c| classes.equal(c, &rec_id))
    }

    /// The field is a column of the record.
    fn is_on(&self, record: &Path) -> bool {
        self.known.iter().any(|c| c.record == *record)
    }
}
