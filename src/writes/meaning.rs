//! What a write to a table means: which entities lose a change, and how bad that is.

use super::{Change, Columns, Harmless, LostEntity, LostField, Operation};
use crate::aot::{TableGroup, TableType};
use crate::catalog::{Catalog, ElementId, ElementKind, FieldIx, NameId};
use crate::lineage::Lineage;
use crate::problem::Severity;
use crate::text::name_key;
use crate::tracking::{Analysis, Policy, Status, concerns};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::sync::Arc;

/// A tracked leaf of a counted field.
#[derive(Clone, Copy, Debug)]
struct TrackedLeaf {
    entity: ElementId,
    field: FieldIx,
    leaf: usize,
    /// `None` stands for every column.
    column: Option<NameId>,
}

/// Which tables are tracked for whom.
pub(super) struct Meaning<'a> {
    catalog: &'a Catalog,
    policy: Policy,
    leaves: FxHashMap<ElementId, Vec<TrackedLeaf>>,
    /// Tables of `leaves`, by id.
    tables: Vec<ElementId>,
    staging: FxHashSet<String>,
    of_table: RefCell<FxHashMap<ElementId, Arc<[TrackedLeaf]>>>,
}

impl<'a> Meaning<'a> {
    pub(super) fn new(catalog: &'a Catalog, lineage: &Lineage, policy: Policy, analysis: &Analysis) -> Self {
        let mut leaves: FxHashMap<ElementId, Vec<TrackedLeaf>> = FxHashMap::default();
        for entity in &analysis.entities {
            for (field, judged) in (0..).map(FieldIx).zip(&entity.fields).filter(|(_, judged)| judged.counted)
            {
                let all = lineage.field(entity.id, field).leaves.iter().zip(&judged.leaves);
                for (position, (leaf, verdict)) in all.enumerate() {
                    let Some(table) = leaf.element().filter(|_| verdict.status == Status::Tracked) else {
                        continue;
                    };
                    let column = leaf.column.as_ref().map(|column| column.id);
                    let tracked = TrackedLeaf { entity: entity.id, field, leaf: position, column };
                    leaves.entry(table).or_default().push(tracked);
                }
            }
        }
        let mut tables: Vec<ElementId> = leaves.keys().copied().collect();
        tables.sort_unstable();
        let staging = catalog.entities().filter_map(|(_, entity)| entity.entity.staging_table.as_deref());
        let staging = staging.map(name_key).collect();
        Self { catalog, policy, leaves, tables, staging, of_table: RefCell::default() }
    }

    /// The tracked leaves that a change of a table concerns, in the order of entities, fields and leaves.
    fn of_table(&self, table: ElementId) -> Arc<[TrackedLeaf]> {
        if let Some(known) = self.of_table.borrow().get(&table) {
            return known.clone();
        }
        let tables = self.tables.iter().filter(|other| concerns(self.catalog, self.policy, table, **other));
        let mut found: Vec<TrackedLeaf> = tables.flat_map(|other| &self.leaves[other]).copied().collect();
        found.sort_by_key(|leaf| (leaf.entity, leaf.field, leaf.leaf));
        let found: Arc<[TrackedLeaf]> = found.into();
        self.of_table.borrow_mut().insert(table, found.clone());
        found
    }

    /// Why a write to a table cannot matter, whoever tracks it.
    pub(super) fn harmless(&self, table: ElementId) -> Option<Harmless> {
        let element = self.catalog.element(table);
        if element.table_type != TableType::Regular {
            return Some(Harmless::TemporaryTable);
        }
        let staging = element.traits.group == TableGroup::Staging
            || self.staging.contains(name_key(&element.name.text).as_str());
        if staging {
            return Some(Harmless::Staging);
        }
        self.of_table(table).is_empty().then_some(Harmless::NotTracked)
    }

    /// The tables that anybody asked about so far, by id.
    pub(super) fn asked(&self) -> Vec<ElementId> {
        let mut tables: Vec<ElementId> = self.of_table.borrow().keys().copied().collect();
        tables.sort_unstable();
        tables
    }

    /// A change of the table reaches some entity.
    pub(super) fn is_tracked(&self, table: ElementId) -> bool {
        self.catalog.element(table).kind == ElementKind::Table && self.harmless(table).is_none()
    }

    /// The entities that a table is tracked for.
    pub(super) fn entities(&self, table: ElementId) -> Vec<ElementId> {
        let mut entities: Vec<ElementId> = self.of_table(table).iter().map(|leaf| leaf.entity).collect();
        entities.dedup();
        entities
    }

    /// What each entity loses by a write.
    pub(super) fn lost(&self, table: ElementId, operation: Operation, columns: &Columns) -> Vec<LostEntity> {
        let whole = matches!(operation.change(), Change::Insert | Change::Delete);
        let written: FxHashSet<NameId> =
            columns.names().iter().filter_map(|name| self.catalog.name(name)).collect();
        let complete = matches!(columns, Columns::Known(_));
        let mut entities: Vec<LostEntity> = Vec::new();
        for leaf in self.of_table(table).iter() {
            if entities.last().is_none_or(|last| last.entity != leaf.entity) {
                entities.push(LostEntity { entity: leaf.entity, fields: Vec::new() });
            }
            let sure = whole || leaf.column.is_some_and(|column| written.contains(&column));
            let possible = sure || !complete || leaf.column.is_none();
            if possible && let Some(entity) = entities.last_mut() {
                entity.fields.push(LostField { field: leaf.field, leaf: leaf.leaf, sure });
            }
        }
        entities
    }
}

/// How bad it is that these changes are lost.
///
/// An update is an error when a column that it writes is a tracked leaf, and only a warning when the statement may fall
/// back to one operation per record, which raises events after all. It is a warning too when the columns are not known,
/// and a note when it writes only columns that trigger nothing. Inserts and deletes are warnings: they trigger whatever
/// the columns, but that is inferred. So is `write()` of columns that trigger nothing: it may insert.
pub(super) fn severity(operation: Operation, entities: &[LostEntity]) -> Severity {
    let mut fields = entities.iter().flat_map(|entity| &entity.fields).peekable();
    let possible = fields.peek().is_some();
    let sure = fields.any(|field| field.sure);
    match operation.change() {
        Change::Update | Change::Write if sure && !operation.info().may_fall_back => Severity::Error,
        Change::Update if !possible => Severity::Note,
        Change::Update | Change::Write | Change::Insert | Change::Delete => Severity::Warning,
    }
}
