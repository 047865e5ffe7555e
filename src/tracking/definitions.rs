//! The rows of `BusinessEventsDefinition` that a started map is predicted to write.

use super::outcome::{Definition, EntityAnalysis, Origin, Writer};
use super::verdict::Status;
use crate::catalog::Catalog;
use crate::text::{Symbol, name_order};
use std::cmp::Ordering;

/// The rows of all entities in scope, in output order.
pub(super) fn predict(catalog: &Catalog, entities: &[EntityAnalysis]) -> Vec<Definition> {
    let mut rows: Vec<Definition> =
        entities.iter().filter(|e| e.in_scope).flat_map(|e| rows_of(catalog, e)).collect();
    rows.sort_by(order);
    rows
}

fn rows_of(catalog: &Catalog, entity: &EntityAnalysis) -> Vec<Definition> {
    writers(catalog, entity).into_iter().map(|(_, row)| row).collect()
}

/// The rows of an entity, each with what writes it; those of one key may have several writers. None of them is
/// predicted for an entity out of scope.
pub fn writers(catalog: &Catalog, entity: &EntityAnalysis) -> Vec<(Writer, Definition)> {
    let element = catalog.element(entity.id);
    let row = |table, label: &Symbol, field, origin| Definition {
        ref_table_name: table,
        ref_entity_name: element.name.text.clone(),
        data_source_name: label.clone(),
        ref_table_rec_id_field: field,
        origin,
    };
    let name = |table| catalog.element(table).name.text.clone();
    let tracked = element.sources().zip(&entity.sources).filter(|(_, v)| v.status == Status::Tracked);
    let primary = tracked.filter_map(|((ix, source), verdict)| {
        let table = verdict.registers?;
        Some((Writer::Source(ix), row(name(table), &source.name.text, None, Origin::DataSource)))
    });
    let further = entity.further_rows.iter().map(|(source, table)| {
        let label = &element.source_at(*source).name.text;
        (Writer::Beyond(*source), row(name(*table), label, None, Origin::DataSource))
    });
    let entries = entity.mapping.entries.iter().enumerate().filter(|(_, e)| e.verdict.makes_row());
    let entries = entries.filter_map(|(position, e)| {
        let (table, label) = (e.table.clone()?, e.label.as_ref()?);
        Some((Writer::Entry(position), row(table, label, e.field.clone(), Origin::MappingMethod)))
    });
    primary.chain(further).chain(entries).collect()
}

fn order(a: &Definition, b: &Definition) -> Ordering {
    let optional = |x: &Option<Symbol>, y: &Option<Symbol>| match (x, y) {
        (Some(x), Some(y)) => name_order(x, y),
        (x, y) => x.is_some().cmp(&y.is_some()),
    };
    name_order(&a.ref_entity_name, &b.ref_entity_name)
        .then_with(|| name_order(&a.ref_table_name, &b.ref_table_name))
        .then_with(|| name_order(&a.data_source_name, &b.data_source_name))
        .then_with(|| a.origin.id().cmp(b.origin.id()))
        .then_with(|| optional(&a.ref_table_rec_id_field, &b.ref_table_rec_id_field))
}
