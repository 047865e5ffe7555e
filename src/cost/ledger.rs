//! Rows per table and entity; every number of a cost is a sum over these.

use super::{Cost, EntityCost, Events, PerDay, Removal, Request, Rows, TableCost};
use crate::catalog::{Catalog, ElementId, ElementKind};
use crate::text::{Symbol, name_order};
use crate::tracking::{Analysis, EntityAnalysis, Origin, Policy, Status, concerns};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;

/// Position of a table in [`Ledger::tables`].
type TableIx = usize;

struct Table {
    name: Symbol,
    id: Option<ElementId>,
    per_day: Option<PerDay>,
    /// Tables whose rows a change of it concerns, itself included, in order of position.
    reach: Vec<TableIx>,
}

/// The rows of one entity on one table.
#[derive(Clone, Copy)]
struct Part {
    table: TableIx,
    entity: ElementId,
    rows: Rows,
}

pub(super) struct Ledger<'a> {
    catalog: &'a Catalog,
    analysis: &'a Analysis,
    request: &'a Request<'a>,
    tables: Vec<Table>,
    /// Name in lower case → position.
    index: FxHashMap<String, TableIx>,
    /// Tables that were asked for; empty = all.
    named: Vec<TableIx>,
    /// The rows that were asked for, by entity and table.
    parts: Vec<Part>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(
        catalog: &'a Catalog,
        policy: Policy,
        analysis: &'a Analysis,
        request: &'a Request<'a>,
    ) -> Self {
        let mut ledger = Self {
            catalog,
            analysis,
            request,
            tables: Vec::new(),
            index: FxHashMap::default(),
            named: Vec::new(),
            parts: Vec::new(),
        };
        let parts = ledger.all_parts();
        ledger.name_tables();
        ledger.reach(policy, &parts);
        ledger.parts = ledger.chosen(parts);
        ledger
    }

    fn table(&mut self, name: &Symbol) -> TableIx {
        let next = self.tables.len();
        let position = *self.index.entry(name.to_ascii_lowercase()).or_insert(next);
        if position == next {
            let id = self.catalog.find(name);
            let id = id.filter(|id| self.catalog.element(*id).kind == ElementKind::Table);
            self.tables.push(Table { name: name.clone(), id, per_day: None, reach: Vec::new() });
        }
        position
    }

    /// The rows of all entities.
    fn all_parts(&mut self) -> Vec<Part> {
        let mut parts: FxHashMap<(ElementId, TableIx), Rows> = FxHashMap::default();
        for row in &self.analysis.definitions {
            let Some(entity) = self.catalog.find(&row.ref_entity_name) else { continue };
            let table = self.table(&row.ref_table_name);
            let rows = parts.entry((entity, table)).or_default();
            match row.origin {
                Origin::DataSource => rows.by_source += 1,
                Origin::MappingMethod => rows.by_entry += 1,
            }
        }
        for entity in &self.analysis.entities {
            for entry in &entity.mapping.entries {
                let (Some(table), Some(saved)) = (&entry.table, entry.rows_saved) else { continue };
                let table = self.index.get(&table.to_ascii_lowercase());
                if let Some(rows) = table.and_then(|t| parts.get_mut(&(entity.id, *t))) {
                    rows.removable += saved as usize;
                }
            }
        }
        let mut parts: Vec<Part> =
            parts.into_iter().map(|((entity, table), rows)| Part { table, entity, rows }).collect();
        parts.sort_by_key(|p| (p.entity, p.table));
        parts
    }

    /// Tables that are asked for or have a volume, rows or not.
    fn name_tables(&mut self) {
        let request = self.request;
        self.named = request.tables.iter().map(|name| self.table(name)).collect();
        self.named.sort_unstable();
        self.named.dedup();
        for volume in request.volumes.iter().flat_map(|v| &v.volumes) {
            let table = self.table(&volume.table);
            self.tables[table].per_day = Some(volume.per_day);
        }
    }

    /// Adds the tables of each inheritance chain that has rows, and finds out what a change of each concerns.
    fn reach(&mut self, policy: Policy, parts: &[Part]) {
        let with_rows: FxHashSet<TableIx> = parts.iter().map(|p| p.table).collect();
        let families = self.families();
        for root in self.roots(&with_rows) {
            for member in families.get(&root).into_iter().flatten() {
                self.table(&self.catalog.element(*member).name.text);
            }
        }
        for position in 0..self.tables.len() {
            let mut reach = vec![position];
            if let Some(id) = self.tables[position].id {
                let relatives = families.get(&self.root(id)).into_iter().flatten();
                let relatives = relatives.filter(|other| concerns(self.catalog, policy, id, **other));
                let relatives =
                    relatives.filter_map(|other| self.index.get(&self.lower_name(*other)).copied());
                reach.extend(relatives.filter(|t| *t != position && with_rows.contains(t)));
            }
            reach.sort_unstable();
            self.tables[position].reach = reach;
        }
    }

    fn lower_name(&self, id: ElementId) -> String {
        self.catalog.element(id).name.text.to_ascii_lowercase()
    }

    fn root(&self, table: ElementId) -> ElementId {
        self.catalog.with_ancestors(table).last().unwrap_or(table)
    }

    fn roots(&self, tables: &FxHashSet<TableIx>) -> Vec<ElementId> {
        let mut roots: Vec<ElementId> =
            tables.iter().filter_map(|t| self.tables[*t].id).map(|id| self.root(id)).collect();
        roots.sort_unstable();
        roots.dedup();
        roots
    }

    /// Tables with a common topmost ancestor, by that ancestor; tables without inheritance are left out.
    fn families(&self) -> FxHashMap<ElementId, Vec<ElementId>> {
        let mut families: FxHashMap<ElementId, Vec<ElementId>> = FxHashMap::default();
        for (id, element) in self.catalog.elements().filter(|(_, e)| e.kind == ElementKind::Table) {
            if element.extends.is_some() {
                let root = self.root(id);
                families.entry(root).or_insert_with(|| vec![root]).push(id);
            }
        }
        families
    }

    /// The rows that were asked for.
    fn chosen(&self, mut parts: Vec<Part>) -> Vec<Part> {
        let entities: FxHashSet<ElementId> = self.request.entities.iter().copied().collect();
        let tables: FxHashSet<TableIx> =
            self.named.iter().flat_map(|t| &self.tables[*t].reach).copied().collect();
        parts.retain(|p| {
            (entities.is_empty() || entities.contains(&p.entity))
                && (self.named.is_empty() || tables.contains(&p.table))
        });
        parts
    }

    /// Every number.
    pub(super) fn close(&self) -> Cost {
        let per_table = self.parts_per_table();
        let counted: Vec<TableIx> = (0..self.tables.len())
            .filter(
                |t| if self.named.is_empty() { self.raises(*t, &per_table) } else { self.named.contains(t) },
            )
            .collect();
        let weights = self.weights(&counted);
        let mut tables: Vec<TableCost> = counted.iter().map(|t| self.table_cost(*t, &per_table)).collect();
        tables.sort_by(|a, b| {
            let dear = |t: &TableCost| (t.events, t.rows.total(), t.entities.len(), t.own.total());
            dear(b).cmp(&dear(a)).then_with(|| name_order(&a.name, &b.name))
        });
        let entities = self.entities(&weights);
        let events = self.request.volumes.map(|_| tables.iter().filter_map(|t| t.events).sum());
        Cost {
            rows: self.parts.iter().map(|p| p.rows).sum(),
            all_rows: self.analysis.definitions.len(),
            row_tables: per_table.iter().filter(|parts| !parts.is_empty()).count(),
            overlapping: self.overlapping(&counted),
            idle: self.names(
                (0..self.tables.len())
                    .filter(|t| self.tables[*t].per_day.is_some() && !self.raises(*t, &per_table)),
            ),
            removals: self.removals(&weights),
            open_sources: self.asked_entities().map(open_sources).sum(),
            tables,
            entities,
            events,
        }
    }

    fn parts_per_table(&self) -> Vec<Vec<Part>> {
        let mut per_table = vec![Vec::new(); self.tables.len()];
        for part in &self.parts {
            per_table[part.table].push(*part);
        }
        per_table
    }

    fn raises(&self, table: TableIx, per_table: &[Vec<Part>]) -> bool {
        self.tables[table].reach.iter().any(|t| !per_table[*t].is_empty())
    }

    /// For each table how often a day its rows are raised, whichever table of its chain changes; `None` where
    /// none of these has a volume.
    fn weights(&self, counted: &[TableIx]) -> Vec<Option<PerDay>> {
        let mut weights: Vec<Option<PerDay>> = vec![None; self.tables.len()];
        for table in counted.iter().map(|t| &self.tables[*t]) {
            let Some(per_day) = table.per_day else { continue };
            for reached in &table.reach {
                let weight = &mut weights[*reached];
                *weight = Some(weight.unwrap_or_default() + per_day);
            }
        }
        weights
    }

    fn table_cost(&self, position: TableIx, per_table: &[Vec<Part>]) -> TableCost {
        let table = &self.tables[position];
        let parts = || table.reach.iter().flat_map(|t| &per_table[*t]);
        let rows: Rows = parts().map(|p| p.rows).sum();
        let mut entities: Vec<ElementId> = parts().map(|p| p.entity).collect();
        entities.sort_unstable();
        entities.dedup();
        let others = table.reach.iter().filter(|t| **t != position && !per_table[**t].is_empty());
        TableCost {
            name: table.name.clone(),
            id: table.id,
            rows,
            own: per_table[position].iter().map(|p| p.rows).sum(),
            through: self.names(others.copied()),
            entities,
            per_day: table.per_day,
            events: table.per_day.map(|per_day| Events::of(rows, per_day)),
        }
    }

    fn names(&self, tables: impl Iterator<Item = TableIx>) -> Vec<Symbol> {
        let mut names: Vec<Symbol> = tables.map(|t| self.tables[t].name.clone()).collect();
        names.sort_by(|a, b| name_order(a, b));
        names
    }

    /// Tables with a volume of which one stands for another one.
    fn overlapping(&self, counted: &[TableIx]) -> Vec<Symbol> {
        let counted: FxHashSet<TableIx> =
            counted.iter().copied().filter(|t| self.tables[*t].per_day.is_some()).collect();
        let mut seen: FxHashMap<TableIx, TableIx> = FxHashMap::default();
        let mut found: FxHashSet<TableIx> = FxHashSet::default();
        let rows: FxHashSet<TableIx> = self.parts.iter().map(|p| p.table).collect();
        let mut order: Vec<TableIx> = counted.into_iter().collect();
        order.sort_unstable();
        for table in order {
            for reached in self.tables[table].reach.iter().filter(|t| rows.contains(*t)) {
                let first = *seen.entry(*reached).or_insert(table);
                if first != table {
                    found.extend([first, table]);
                }
            }
        }
        self.names(found.into_iter())
    }

    fn entities(&self, weights: &[Option<PerDay>]) -> Vec<EntityCost> {
        let mut entities: Vec<EntityCost> =
            self.parts.chunk_by(|a, b| a.entity == b.entity).map(|p| self.entity(p, weights)).collect();
        entities.sort_by(|a, b| {
            let dear = |e: &EntityCost| (e.events, e.rows.total(), e.tables);
            dear(b).cmp(&dear(a)).then(a.id.cmp(&b.id))
        });
        entities
    }

    /// `parts` are those of one entity; none is empty.
    fn entity(&self, parts: &[Part], weights: &[Option<PerDay>]) -> EntityCost {
        let known = || parts.iter().filter_map(|p| Some(Events::of(p.rows, weights[p.table]?)));
        let silent = parts.iter().filter(|p| self.tables[p.table].per_day.is_none());
        let silent: usize = silent.map(|p| p.rows.total()).sum();
        EntityCost {
            id: parts[0].entity,
            rows: parts.iter().map(|p| p.rows).sum(),
            tables: parts.len(),
            without_volume: self.request.volumes.map_or(0, |_| silent),
            events: known().next().map(|_| known().sum()),
        }
    }

    /// Entities in scope that were asked for.
    fn asked_entities(&self) -> impl Iterator<Item = &'a EntityAnalysis> {
        let wanted = self.request.entities;
        let in_scope = self.analysis.entities.iter().filter(|e| e.in_scope);
        in_scope.filter(move |e| wanted.is_empty() || wanted.contains(&e.id))
    }

    fn removals(&self, weights: &[Option<PerDay>]) -> Vec<Removal> {
        let chosen: FxHashSet<TableIx> = self.parts.iter().map(|p| p.table).collect();
        let mut removals = Vec::new();
        for entity in self.asked_entities() {
            for (position, entry) in entity.mapping.entries.iter().enumerate() {
                let Some(rows) = entry.rows_saved else { continue };
                let table = entry.table.as_ref().and_then(|t| self.index.get(&t.to_ascii_lowercase()));
                if !self.named.is_empty() && !table.is_some_and(|t| chosen.contains(t)) {
                    continue;
                }
                let saved = table.and_then(|t| weights[*t]).map(|weight| weight * rows as usize);
                removals.push(Removal { entity: entity.id, entry: position, rows: rows as usize, saved });
            }
        }
        removals.sort_by_key(|r| (Reverse(r.saved), Reverse(r.rows), r.entity, r.entry));
        removals
    }
}

/// Data sources about which nothing can be said.
fn open_sources(entity: &EntityAnalysis) -> usize {
    let open = |status| matches!(status, Status::Unresolved | Status::Undecidable);
    entity.sources.iter().filter(|s| open(s.status)).count()
}
