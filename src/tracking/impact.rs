//! From a table or column to the entities that a change of it triggers, and to those that it should trigger.

use super::outcome::{Analysis, EntityAnalysis};
use super::policy::Inheritance;
use super::verdict::{LeafVerdict, Status, Via};
use super::{Policy, Reason};
use crate::catalog::{Catalog, ElementId, ElementKind, FieldIx, NameId, Spelled};
use crate::lineage::{JoinColumn, Leaf, LeafTable, Lineage, Path};
use crate::text::Symbol;
use rustc_hash::FxHashMap;

/// What changes.
#[derive(Clone, Debug)]
pub struct Change {
    /// The table, spelled as its definition does, or as written when it is not loaded.
    pub table: Spelled,
    /// The table, when it is loaded.
    pub id: Option<ElementId>,
    /// The column; `None` when any column of a record may change.
    pub column: Option<Spelled>,
}

/// What a change means for all entities.
#[derive(Debug)]
pub struct Impact {
    /// The tables whose columns are looked at: the table itself first, then those of its inheritance chain.
    pub tables: Vec<ElementId>,
    /// Entities that read the table, by name.
    pub entities: Vec<EntityImpact>,
    /// How many entities there are of each kind.
    pub counts: Counts,
}

/// What a change means for one entity.
#[derive(Debug)]
pub struct EntityImpact {
    /// The entity.
    pub id: ElementId,
    /// All of it in one word.
    pub effect: Effect,
    /// Readings that count, one for each record and verdict, in order of discovery.
    pub readings: Vec<Reading>,
    /// Fields that read the table and do not count.
    pub not_sent: Vec<FieldIx>,
    /// Columns of the table over which counted fields are joined.
    pub joins: Vec<JoinUse>,
}

/// What a change does to an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It triggers the entity, whichever record it reads.
    Triggered,
    /// It triggers the entity through some of the records that it reads, not through others.
    Partly,
    /// The entity sends what it reads, and never notices the change.
    NotTriggered,
    /// It cannot be said.
    Open,
    /// The entity reads the table and sends nothing of it.
    NotSent,
    /// The entity only joins over it.
    JoinOnly,
}

impl Effect {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            Effect::Triggered => "triggered",
            Effect::Partly => "partly_triggered",
            Effect::NotTriggered => "not_triggered",
            Effect::Open => "open",
            Effect::NotSent => "not_sent",
            Effect::JoinOnly => "join_only",
        }
    }
}

/// Counted fields of an entity that read the same record with the same verdict.
#[derive(Debug)]
pub struct Reading {
    /// The verdict on the first leaf; status, way, reason and entry are those of all.
    pub verdict: LeafVerdict,
    /// A field and the position of its leaf, which stand for the group.
    pub example: (FieldIx, usize),
    /// Fields with the column that each reads; none for SQL text.
    pub fields: Vec<(FieldIx, Option<Symbol>)>,
}

/// A column of the table as a join column.
#[derive(Debug)]
pub struct JoinUse {
    /// The table.
    pub table: ElementId,
    /// The column.
    pub column: Symbol,
    /// Counted fields that are reached over it.
    pub fields: Vec<FieldIx>,
}

/// Entities by what the change does to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// [`Effect::Triggered`] and [`Effect::Partly`].
    pub triggered: usize,
    /// [`Effect::Partly`].
    pub partly: usize,
    /// [`Effect::NotTriggered`].
    pub not_triggered: usize,
    /// [`Effect::Open`].
    pub open: usize,
    /// [`Effect::NotSent`].
    pub not_sent: usize,
    /// [`Effect::JoinOnly`].
    pub join_only: usize,
    /// Entities with a join column on the table, whatever else they do with it.
    pub joins: usize,
    /// Predicted rows of `BusinessEventsDefinition` for these tables.
    pub rows: usize,
}

/// What a change looks at.
struct Question<'a> {
    catalog: &'a Catalog,
    lineage: &'a Lineage,
    change: &'a Change,
    tables: Vec<ElementId>,
}

/// Answers for one change.
pub fn impact(
    catalog: &Catalog,
    lineage: &Lineage,
    policy: &Policy,
    analysis: &Analysis,
    change: &Change,
) -> Impact {
    let tables = change.id.map_or_else(Vec::new, |id| chain(catalog, *policy, id));
    let question = Question { catalog, lineage, change, tables };
    let entities: Vec<EntityImpact> =
        analysis.entities.iter().filter_map(|entity| question.entity(entity)).collect();
    let mut counts = Counts { rows: question.rows(analysis), ..Counts::default() };
    for entity in &entities {
        counts.add(entity);
    }
    Impact { tables: question.tables, entities, counts }
}

/// The tables that a change of one concerns, itself first.
fn chain(catalog: &Catalog, policy: Policy, table: ElementId) -> Vec<ElementId> {
    let related = |other: &ElementId| *other != table && concerns(catalog, policy, table, *other);
    let tables = catalog.elements().filter(|(_, e)| e.kind == ElementKind::Table).map(|(id, _)| id);
    std::iter::once(table).chain(tables.filter(related)).collect()
}

/// Whether a change of `table` concerns the rows of `other`, as far as the policy lets a table of an
/// inheritance chain stand for another: under `chain` its ancestors and descendants, under `root` the topmost
/// ancestor, under `leaf` none but itself.
pub fn concerns(catalog: &Catalog, policy: Policy, table: ElementId, other: ElementId) -> bool {
    table == other
        || match policy.inheritance {
            Inheritance::Chain => catalog.in_one_chain(table, other),
            Inheritance::Leaf => false,
            Inheritance::Root => catalog.with_ancestors(table).last() == Some(other),
        }
}

impl Question<'_> {
    fn entity(&self, entity: &EntityAnalysis) -> Option<EntityImpact> {
        let mut found = Found::default();
        for (ix, field) in (0..).map(FieldIx).zip(&entity.fields) {
            let leaves = self.lineage.field(entity.id, ix).leaves.iter().zip(&field.leaves).zip(&field.joins);
            for (position, ((leaf, verdict), joins)) in leaves.enumerate() {
                if field.counted {
                    self.joins(ix, joins, &mut found);
                }
                if !self.concerns(leaf) {
                    continue;
                }
                if field.counted {
                    found.add(ix, position, leaf, verdict);
                } else if found.not_sent.last() != Some(&ix) {
                    found.not_sent.push(ix);
                }
            }
        }
        let effect = found.effect()?;
        let Found { readings, not_sent, joins, .. } = found;
        Some(EntityImpact { id: entity.id, effect, readings, not_sent, joins })
    }

    /// Whether the change is one of the leaf's column. A leaf without column stands for every column.
    fn concerns(&self, leaf: &Leaf) -> bool {
        let column = match (&self.change.column, &leaf.column) {
            (Some(wanted), Some(column)) => wanted.id == column.id,
            (_, None) | (None, _) => true,
        };
        column && self.is_table(&leaf.table)
    }

    fn is_table(&self, table: &LeafTable) -> bool {
        match table {
            LeafTable::Element(id) => self.tables.contains(id),
            LeafTable::Written(name) => {
                self.change.id.is_none() && name.text.eq_ignore_ascii_case(&self.change.table.text)
            }
            LeafTable::NoSource(_) | LeafTable::Nothing => false,
        }
    }

    fn joins(&self, field: FieldIx, joins: &[JoinColumn], found: &mut Found) {
        for join in joins {
            let LeafTable::Element(table) = join.table else { continue };
            let wanted = self.change.column.as_ref().is_none_or(|c| c.id == join.name.id);
            if !wanted || !self.tables.contains(&table) {
                continue;
            }
            let position = *found.join_index.entry((table, join.name.id)).or_insert_with(|| {
                found.joins.push(JoinUse { table, column: join.name.text.clone(), fields: Vec::new() });
                found.joins.len() - 1
            });
            let fields = &mut found.joins[position].fields;
            if fields.last() != Some(&field) {
                fields.push(field);
            }
        }
    }

    fn rows(&self, analysis: &Analysis) -> usize {
        let is_table = |name: &str| self.catalog.find(name).is_some_and(|id| self.tables.contains(&id));
        analysis.definitions.iter().filter(|row| is_table(&row.ref_table_name)).count()
    }
}

type ReadingKey = (Path, LeafTable, Status, Option<Via>, Option<Reason>, Option<usize>);

/// What one entity has to do with the table.
#[derive(Default)]
struct Found {
    readings: Vec<Reading>,
    index: FxHashMap<ReadingKey, usize>,
    not_sent: Vec<FieldIx>,
    joins: Vec<JoinUse>,
    join_index: FxHashMap<(ElementId, NameId), usize>,
}

impl Found {
    fn add(&mut self, field: FieldIx, position: usize, leaf: &Leaf, verdict: &LeafVerdict) {
        let LeafVerdict { status, via, reason, entry, .. } = *verdict;
        let key = (leaf.path.clone(), leaf.table.clone(), status, via, reason, entry);
        let at = *self.index.entry(key).or_insert_with(|| {
            self.readings.push(Reading { verdict: *verdict, example: (field, position), fields: Vec::new() });
            self.readings.len() - 1
        });
        self.readings[at].fields.push((field, leaf.column.as_ref().map(|c| c.text.clone())));
    }

    /// `None` when the entity has nothing to do with the table.
    fn effect(&self) -> Option<Effect> {
        let any = |status| self.readings.iter().any(|r| r.verdict.status == status);
        let tracked = any(Status::Tracked);
        let effect = if tracked && self.readings.iter().all(|r| r.verdict.status == Status::Tracked) {
            Effect::Triggered
        } else if tracked {
            Effect::Partly
        } else if any(Status::Untracked) {
            Effect::NotTriggered
        } else if !self.readings.is_empty() {
            Effect::Open
        } else if !self.not_sent.is_empty() {
            Effect::NotSent
        } else if !self.joins.is_empty() {
            Effect::JoinOnly
        } else {
            return None;
        };
        Some(effect)
    }
}

impl Counts {
    fn add(&mut self, entity: &EntityImpact) {
        self.joins += usize::from(!entity.joins.is_empty());
        match entity.effect {
            Effect::Triggered => self.triggered += 1,
            Effect::Partly => {
                self.triggered += 1;
                self.partly += 1;
            }
            Effect::NotTriggered => self.not_triggered += 1,
            Effect::Open => self.open += 1,
            Effect::NotSent => self.not_sent += 1,
            Effect::JoinOnly => self.join_only += 1,
        }
    }
}
