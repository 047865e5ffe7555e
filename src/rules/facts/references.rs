//! Which mapped entity refers to which: a field that a map sends to a Dataverse lookup, and the table relation
//! or data source over which it reads the other entity's record.

use super::EntityLeg;
use crate::catalog::{Catalog, ElementId, FieldIx, NameId};
use crate::dualwrite::FieldMapping;
use crate::lineage::Leaf;
use crate::rules::Input;
use crate::source::Place;
use rustc_hash::FxHashMap;

/// A reference from one mapped entity to another, or to itself.
pub(crate) struct Reference<'a> {
    pub(crate) from: ElementId,
    pub(crate) to: ElementId,
    /// The field that holds it.
    pub(crate) field: FieldIx,
    /// The map and its row.
    pub(crate) leg: EntityLeg<'a>,
    pub(crate) row: &'a FieldMapping,
    /// The table that is referred to.
    pub(crate) table: ElementId,
    /// The relation between the tables, or the data source that reads the other record.
    pub(crate) place: Option<Place>,
}

/// All references between mapped entities, by entity and field; one for each pair of entities and field.
pub(crate) struct References<'a> {
    pub(crate) all: Vec<Reference<'a>>,
}

impl<'a> References<'a> {
    pub(crate) fn find(input: &Input<'a>) -> Self {
        let mapped = input.mapped();
        let finder = Finder::new(input, &mapped);
        let mut all: Vec<Reference> = Vec::new();
        for (id, legs) in &mapped {
            for leg in legs {
                finder.of_leg(*id, *leg, &mut all);
            }
        }
        Self { all }
    }
}

struct Finder<'i, 'a> {
    input: &'i Input<'a>,
    /// Mapped entities by the table chain of their primary table, here by its topmost ancestor.
    by_table: FxHashMap<ElementId, Vec<ElementId>>,
    /// Dataverse tables of the mapped entities, by name in lower case.
    by_set: FxHashMap<String, Vec<ElementId>>,
}

impl<'i, 'a> Finder<'i, 'a> {
    fn new(input: &'i Input<'a>, mapped: &[(ElementId, Vec<EntityLeg<'a>>)]) -> Self {
        let (mut by_table, mut by_set): (FxHashMap<_, Vec<_>>, FxHashMap<_, Vec<_>>) = Default::default();
        for (id, legs) in mapped {
            if let Some(table) = input.judged.model.graph.primary_table(*id) {
                by_table.entry(topmost(input.catalog(), table)).or_default().push(*id);
            }
            for leg in legs {
                by_set.entry(leg.leg.destination_schema.to_ascii_lowercase()).or_default().push(*id);
            }
        }
        Self { input, by_table, by_set }
    }

    fn of_leg(&self, from: ElementId, leg: EntityLeg<'a>, all: &mut Vec<Reference<'a>>) {
        let catalog = self.input.catalog();
        let element = catalog.element(from);
        let rows = leg.leg.fields.iter().filter(|row| row.is_lookup() && row.direction.is_outbound());
        for row in rows {
            let Some(field) = catalog.name(&row.source_field).and_then(|name| element.field(name)) else {
                continue;
            };
            let leaves = &self.input.judged.model.lineage.field(from, field).leaves;
            for (table, place) in leaves.iter().flat_map(|leaf| self.tables(from, leaf)) {
                for to in self.entities(table, row) {
                    let known = |r: &Reference| (r.from, r.to, r.field) == (from, to, field);
                    if !all.iter().rev().any(known) {
                        all.push(Reference { from, to, field, leg, row, table, place });
                    }
                }
            }
        }
    }

    /// The entities over a table that a row can mean: where the row names the table of Dataverse and some map
    /// has it, only those.
    fn entities(&self, table: ElementId, row: &FieldMapping) -> Vec<ElementId> {
        let over = self.by_table.get(&topmost(self.input.catalog(), table)).cloned().unwrap_or_default();
        let set = self.by_set.get(&row.lookup_entity.to_ascii_lowercase());
        match set {
            Some(meant) => over.into_iter().filter(|id| meant.contains(id)).collect(),
            None => over,
        }
    }

    /// The tables that a leaf refers to: by a relation over its column, or the leaf's own, when it is not the
    /// record of the entity itself.
    fn tables(&self, from: ElementId, leaf: &Leaf) -> Vec<(ElementId, Option<Place>)> {
        let catalog = self.input.catalog();
        let (Some(table), Some(column)) = (leaf.element(), &leaf.column) else { return Vec::new() };
        let own = self.input.judged.model.graph.primary_table(from);
        let mut found = related(catalog, table, column.id);
        if own.is_none_or(|own| !catalog.in_one_chain(own, table)) {
            let hop = leaf.hops(catalog, from).next();
            found.push((table, hop.map(|(id, ix)| catalog.element(id).source_at(ix).place)));
        }
        found
    }
}

/// The tables to which a column refers by a relation of its table or an ancestor.
fn related(catalog: &Catalog, table: ElementId, column: NameId) -> Vec<(ElementId, Option<Place>)> {
    let relations = catalog.with_ancestors(table).flat_map(|owner| &catalog.element(owner).relations);
    let over = relations.filter(|r| r.pairs.iter().any(|(own, _)| own.id == column));
    over.filter_map(|r| Some((catalog.find_id(r.related)?, Some(r.place)))).collect()
}

fn topmost(catalog: &Catalog, table: ElementId) -> ElementId {
    catalog.with_ancestors(table).last().unwrap_or(table)
}
