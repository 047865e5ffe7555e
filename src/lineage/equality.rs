//! Column equality: which columns of the expanded source tree hold the same value by its join conditions
//! (SPEC 7), answered without ever expanding the tree.
//!
//! Inside an element two columns are equal when they are equal inside one of its data sources, or when its
//! own join conditions connect them. So an element asks each of its data sources only about the columns that
//! occur in the question or in its own conditions, and a data source that is asked about a single column is
//! not opened at all. Answers are kept per (element, columns).

use super::leaf::{Hop, Leaf, LeafKind, LeafTable, Path};
use super::{FieldLineage, Lineage, source_field, system_field};
use crate::catalog::{
    Catalog, Condition, Element, ElementId, ElementKind, FieldIx, NameId, SourceIx, Spelled,
};
use crate::graph::Graph;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock};

/// A column of the expanded source tree of some element: the path of the record, and the column's name.
/// Derived data sources stand as their owners.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Column {
    /// The record.
    pub record: Path,
    /// The column.
    pub name: NameId,
}

/// One side of a join condition.
#[derive(Clone, Debug)]
pub struct JoinColumn {
    /// The record and the column.
    pub column: Column,
    /// The table.
    pub table: LeafTable,
    /// The spelling of the column.
    pub name: Spelled,
}

/// A condition that takes part: each side is exactly one mapped column.
struct Pair {
    /// The data source that has the condition.
    source: SourceIx,
    left: JoinColumn,
    right: JoinColumn,
}

/// Equality classes of the columns that matter to one element.
#[derive(Debug, Default)]
pub struct Classes {
    class: FxHashMap<Column, u32>,
}

impl Classes {
    /// Whether two columns are known to hold the same value.
    pub fn equal(&self, a: &Column, b: &Column) -> bool {
        a == b || self.class.get(a).is_some_and(|class| self.class.get(b) == Some(class))
    }
}

type Question = (ElementId, Vec<Column>);

/// Answers questions about column equality over a frozen lineage.
pub struct Equality<'a> {
    catalog: &'a Catalog,
    graph: &'a Graph,
    lineage: &'a Lineage,
    pairs: Vec<OnceLock<Vec<Pair>>>,
    classes: Vec<OnceLock<Classes>>,
    answers: Mutex<FxHashMap<Question, Arc<[u32]>>>,
}

impl<'a> Equality<'a> {
    /// No work is done before a question is asked.
    pub fn new(catalog: &'a Catalog, graph: &'a Graph, lineage: &'a Lineage) -> Self {
        let cells = catalog.elements().len();
        Self {
            catalog,
            graph,
            lineage,
            pairs: (0..cells).map(|_| OnceLock::new()).collect(),
            classes: (0..cells).map(|_| OnceLock::new()).collect(),
            answers: Mutex::default(),
        }
    }

    /// The record that a path leads to.
    pub fn record(&self, element: ElementId, path: &Path) -> Path {
        let derived = super::walk(self.catalog, element, path).any(|(id, ix)| self.owner(id, ix) != ix);
        if !derived {
            return path.clone();
        }
        let owners = super::walk(self.catalog, element, path).map(|(id, ix)| Hop::Source(self.owner(id, ix)));
        let known: Vec<Hop> = owners.collect();
        known.iter().copied().chain(path[known.len()..].iter().copied()).collect()
    }

    fn owner(&self, element: ElementId, ix: SourceIx) -> SourceIx {
        self.catalog.element(element).record_owner(ix)
    }

    /// The leaves of a system field that a view or entity does not declare.
    pub fn system_field(&self, element: ElementId, field: &Spelled) -> FieldLineage {
        system_field(self.catalog, self.graph, self.lineage, element, field)
    }

    /// The column of a leaf; `None` for leaves that stand for no column.
    pub fn column(&self, element: ElementId, leaf: &Leaf) -> Option<Column> {
        let name = leaf.column.as_ref()?.id;
        Some(Column { record: self.record(element, &leaf.path), name })
    }

    /// The `RecId` of a record.
    pub fn rec_id(&self, record: &Path) -> Column {
        Column { record: record.clone(), name: self.catalog.rec_id().id }
    }

    /// The classes of the columns behind the fields of a view or entity (system fields included), of the `RecId`s of
    /// their records, and of those of the records that join them, as far as anything can be equal to them.
    pub fn classes(&self, element: ElementId) -> &Classes {
        self.classes[element.index()].get_or_init(|| {
            let mut columns = BTreeSet::new();
            let mut records = BTreeSet::new();
            let mut add = |leaves: &[Leaf]| {
                for column in leaves.iter().filter_map(|leaf| self.column(element, leaf)) {
                    if !records.contains(&column.record) {
                        records.insert(column.record.clone());
                    }
                    if self.is_joined(element, &column) {
                        columns.insert(column);
                    }
                }
            };
            let fields = (0..).take(self.catalog.element(element).fields.len());
            fields.map(FieldIx).for_each(|field| add(&self.lineage.field(element, field).leaves));
            for field in self.catalog.system_fields() {
                add(&self.system_field(element, field).leaves);
            }
            let joins: Vec<JoinColumn> =
                records.iter().flat_map(|path| self.join_columns(element, path)).collect();
            records.extend(joins.into_iter().map(|join| join.column.record));
            let rec_ids = records.iter().map(|record| self.rec_id(record));
            columns.extend(rec_ids.filter(|column| self.is_joined(element, column)));
            let columns: Vec<Column> = columns.into_iter().collect();
            let classes = self.partition(element, &columns);
            Classes { class: columns.into_iter().zip(classes.iter().copied()).collect() }
        })
    }

    /// Whether a condition compares the column, in the element or inside one of its data sources: no other column can
    /// be equal to anything.
    fn is_joined(&self, element: ElementId, column: &Column) -> bool {
        let (mut element, mut record) = (element, &*column.record);
        loop {
            let ends = self.pairs(element).iter().flat_map(|p| [&p.left.column, &p.right.column]);
            if ends.into_iter().any(|end| end.name == column.name && *end.record == *record) {
                return true;
            }
            let Some((hop, rest)) = record.split_first() else { return false };
            let Some(target) = self.opened(element, *hop) else { return false };
            (element, record) = (target, rest);
        }
    }

    /// The columns, on both sides, of the join conditions of each data source on a path and of its ancestors;
    /// once each, outermost first.
    pub fn join_columns(&self, element: ElementId, path: &Path) -> Vec<JoinColumn> {
        let mut found: Vec<JoinColumn> = Vec::new();
        let record = self.record(element, path);
        for (depth, (id, ix)) in super::walk(self.catalog, element, path).enumerate() {
            let owner = self.catalog.element(id);
            let chain: Vec<SourceIx> = std::iter::once(ix).chain(owner.ancestors(ix)).collect();
            for source in chain {
                for side in self.sides(id, source) {
                    let record = joined(&record[..depth], &side.column.record);
                    let column = Column { record, ..side.column };
                    if !found.iter().any(|known| known.column == column && known.table == side.table) {
                        found.push(JoinColumn { column, ..side.clone() });
                    }
                }
            }
        }
        found
    }

    /// The join conditions of a data source that take part: the column of the data source that it joins, and
    /// its own.
    pub fn join_pairs(
        &self,
        element: ElementId,
        source: SourceIx,
    ) -> impl Iterator<Item = (&JoinColumn, &JoinColumn)> {
        self.pairs(element).iter().filter(move |p| p.source == source).map(|p| (&p.left, &p.right))
    }

    /// Both sides of the conditions of a data source.
    fn sides(&self, element: ElementId, source: SourceIx) -> impl Iterator<Item = &JoinColumn> {
        let pairs = self.pairs(element).iter().filter(move |p| p.source == source);
        pairs.flat_map(|p| [&p.left, &p.right])
    }

    /// The class of each column; columns are sorted and differ.
    fn partition(&self, element: ElementId, columns: &[Column]) -> Arc<[u32]> {
        if columns.len() < 2 {
            return vec![0; columns.len()].into();
        }
        let question = (element, columns.to_vec());
        if let Some(answer) = self.answers().get(&question) {
            return answer.clone();
        }
        let answer = self.connect(element, columns);
        self.answers().insert(question, answer.clone());
        answer
    }

    fn answers(&self) -> std::sync::MutexGuard<'_, FxHashMap<Question, Arc<[u32]>>> {
        self.answers.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn connect(&self, element: ElementId, columns: &[Column]) -> Arc<[u32]> {
        let pairs = self.pairs(element);
        let ends = pairs.iter().flat_map(|p| [&p.left.column, &p.right.column]);
        let all: Vec<&Column> = columns.iter().chain(ends).collect::<BTreeSet<_>>().into_iter().collect();
        let position = |column: &Column| all.binary_search(&column).ok();
        let mut sets = DisjointSets::new(all.len());
        for pair in pairs {
            if let (Some(a), Some(b)) = (position(&pair.left.column), position(&pair.right.column)) {
                sets.unite(a, b);
            }
        }
        let mut start = 0;
        for group in all.chunk_by(|a, b| a.record.first() == b.record.first()) {
            self.connect_inside(element, group, start, &mut sets);
            start += group.len();
        }
        columns.iter().map(|c| position(c).map_or(u32::MAX, |p| sets.find(p))).collect()
    }

    /// Unites the columns of one data source that are equal inside its target.
    fn connect_inside(&self, element: ElementId, group: &[&Column], start: usize, sets: &mut DisjointSets) {
        let [first, _, ..] = group else { return };
        let target = first.record.first().and_then(|hop| self.opened(element, *hop));
        let Some(target) = target else { return };
        let inner: Vec<Column> =
            group.iter().map(|c| Column { record: c.record[1..].into(), name: c.name }).collect();
        let classes = self.partition(target, &inner);
        let mut first_of: FxHashMap<u32, usize> = FxHashMap::default();
        for (offset, class) in classes.iter().enumerate() {
            let first = *first_of.entry(*class).or_insert(start + offset);
            sets.unite(first, start + offset);
        }
    }

    /// The view or entity behind a data source.
    fn opened(&self, element: ElementId, hop: Hop) -> Option<ElementId> {
        let Hop::Source(ix) = hop else { return None };
        let target = self.catalog.element(element).source_at(ix).target?;
        let opens = matches!(self.catalog.element(target).kind, ElementKind::View | ElementKind::Entity)
            && !self.graph.is_cyclic(element, Some(target));
        opens.then_some(target)
    }

    /// The join conditions of an element that take part.
    fn pairs(&self, id: ElementId) -> &[Pair] {
        self.pairs[id.index()].get_or_init(|| {
            let element = self.catalog.element(id);
            let mut pairs = Vec::new();
            for (ix, source) in element.sources() {
                for condition in &source.conditions {
                    self.pairs_of(id, element, ix, condition, &mut pairs);
                }
            }
            pairs
        })
    }

    fn pairs_of(
        &self,
        id: ElementId,
        element: &Element,
        ix: SourceIx,
        condition: &Condition,
        pairs: &mut Vec<Pair>,
    ) {
        let (Condition::Fields { join_source, .. } | Condition::Relation { join_source, .. }) = condition;
        let joined = match join_source {
            Some(name) => element.source(*name),
            None => element.source_at(ix).parent,
        };
        let Some(joined) = joined else { return };
        let equations = match condition {
            Condition::Fields { field, related, .. } => vec![(field.clone(), related.clone())],
            Condition::Relation { name, .. } => self.relation(element, ix, joined, *name),
        };
        for (field, related) in equations {
            let left = self.side(id, joined, &field);
            let right = self.side(id, ix, &related);
            if let (Some(left), Some(right)) = (left, right) {
                pairs.push(Pair { source: ix, left, right });
            }
        }
    }

    /// (field of the join source, field of the source) of a named relation, which stands on the source's own
    /// target or on that of the join source.
    fn relation(
        &self,
        element: &Element,
        ix: SourceIx,
        joined: SourceIx,
        name: NameId,
    ) -> Vec<(Spelled, Spelled)> {
        let (own, other) = (element.source_at(ix), element.source_at(joined));
        let find = |from: Option<ElementId>, to: &crate::catalog::Source| {
            self.relation_owners(from?).into_iter().find_map(|owner| {
                let relations = self.catalog.element(owner).relations.iter();
                relations
                    .filter(|r| r.name == name)
                    .find(|r| self.is_related(r.related, to))
                    .map(|r| r.pairs.clone())
            })
        };
        if let Some(pairs) = find(own.target, other) {
            return pairs.into_iter().map(|(field, related)| (related, field)).collect();
        }
        find(other.target, own).unwrap_or_default()
    }

    /// The elements whose relations a target has: a table with its ancestors, an entity itself.
    fn relation_owners(&self, target: ElementId) -> Vec<ElementId> {
        match self.catalog.element(target).kind {
            ElementKind::Table => self.catalog.with_ancestors(target).collect(),
            ElementKind::Entity => vec![target],
            ElementKind::View | ElementKind::Map => Vec::new(),
        }
    }

    fn is_related(&self, related: NameId, to: &crate::catalog::Source) -> bool {
        if related == to.target_name.id {
            return true;
        }
        match (self.catalog.find_id(related), to.target) {
            (Some(a), Some(b)) => self.catalog.in_one_chain(a, b),
            _ => false,
        }
    }

    fn side(&self, element: ElementId, source: SourceIx, field: &Spelled) -> Option<JoinColumn> {
        let found = source_field(self.catalog, self.graph, self.lineage, element, source, field);
        let [leaf] = found.leaves.as_slice() else { return None };
        if leaf.kind != LeafKind::Mapped || found.cut.is_some() {
            return None;
        }
        let column = self.column(element, leaf)?;
        Some(JoinColumn { column, table: leaf.table.clone(), name: leaf.column.clone()? })
    }
}

fn joined(prefix: &[Hop], rest: &[Hop]) -> Path {
    prefix.iter().chain(rest).copied().collect()
}

/// Union-find with path halving; the representative of a set is its smallest member.
struct DisjointSets {
    parent: Vec<u32>,
}

impl DisjointSets {
    fn new(count: usize) -> Self {
        Self { parent: (0..u32::try_from(count).unwrap_or(u32::MAX)).collect() }
    }

    fn find(&mut self, member: usize) -> u32 {
        let mut at = member;
        loop {
            let up = self.parent[at] as usize;
            if up == at {
                return self.parent[at];
            }
            self.parent[at] = self.parent[up];
            at = up;
        }
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.parent[a.max(b) as usize] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::Equality;
    use crate::aot::{DataSource, Definition, Join};
    use crate::testing::{World, below, entity, over, source, table, world};

    /// Each level joins so many data sources of the level below over two columns.
    const SOURCES: u32 = 20;

    fn levels(count: usize) -> World {
        let mut definitions = vec![table("Base", &["A", "B"])];
        definitions.extend((0..count).map(level));
        world(definitions)
    }

    fn level(number: usize) -> Definition {
        let name = |level: usize| format!("Level{level}");
        let (target, id, deep) = match number.checked_sub(1) {
            None => ("Base".to_owned(), "RecId", "B"),
            Some(lower) => (name(lower), "Id", "Deep"),
        };
        let joined = (0..SOURCES).map(|n| DataSource {
            conditions: vec![over(id, id), over("A", "A")],
            ..below(0, &format!("S{n}"), &target, Join::Inner)
        });
        let sources = std::iter::once(source("Top", &target)).chain(joined).collect();
        entity(&name(number), sources, &[("Id", "Top", id), ("A", "Top", "A"), ("Deep", "S7", deep)])
    }

    /// Questions that are answered for the outermost level, and the columns in them.
    fn work(count: usize) -> (usize, usize) {
        let world = levels(count);
        let equality = Equality::new(&world.catalog, &world.graph, &world.lineage);
        equality.classes(world.id(&format!("Level{}", count - 1)));
        let answers = equality.answers();
        (answers.len(), answers.keys().map(|(_, columns)| columns.len()).sum())
    }

    /// Six levels of twenty data sources are 64 million records. The work grows with the levels, not with the records:
    /// each level more asks as many questions as the one before.
    #[test]
    fn questions_grow_with_levels_and_not_with_records() {
        let levels: Vec<(usize, usize)> = (2..=12).map(work).collect();
        let (questions, columns) = levels[6 - 2];
        assert!(questions <= 2 * 6 && columns <= 10 * 6, "{questions} questions, {columns} columns");
        for pair in levels.windows(2) {
            assert_eq!(pair[1].0 - pair[0].0, 2, "{levels:?}");
            assert!(pair[1].1 - pair[0].1 <= 20, "{levels:?}");
        }
    }
}
