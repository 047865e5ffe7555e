//! Predicted rows, and entries that are missing.

use crate::catalog::Catalog;
use crate::suggest;
use crate::tracking;
use serde::Serialize;

/// A row of `BusinessEventsDefinition`.
#[derive(Serialize)]
pub(in crate::report) struct Definition<'a> {
    ref_table_name: &'a str,
    ref_entity_name: &'a str,
    data_source_name: &'a str,
    ref_table_rec_id_field: Option<&'a str>,
    origin: &'static str,
}

#[derive(Serialize)]
pub(in crate::report) struct Needed<'a> {
    entity: &'a str,
    path: Vec<&'a str>,
    table: &'a str,
    fields: Vec<&'a str>,
    remedy: &'static str,
    label: Option<&'a str>,
    field: Option<&'a str>,
    steps: Vec<Step<'a>>,
}

/// A field to add first.
#[derive(Serialize)]
struct Step<'a> {
    element: &'a str,
    field: &'a str,
    data_source: &'a str,
    data_field: &'a str,
}

pub(in crate::report) fn definition(row: &tracking::Definition) -> Definition<'_> {
    Definition {
        ref_table_name: &row.ref_table_name,
        ref_entity_name: &row.ref_entity_name,
        data_source_name: &row.data_source_name,
        ref_table_rec_id_field: row.ref_table_rec_id_field.as_deref(),
        origin: row.origin.id(),
    }
}

pub(in crate::report) fn needed<'a>(catalog: &'a Catalog, needed: &'a suggest::Needed) -> Needed<'a> {
    let element = catalog.element(needed.entity);
    let step = |step: &'a suggest::Step| Step {
        element: &catalog.element(step.element).name.text,
        field: &step.field,
        data_source: &step.data_source,
        data_field: &step.data_field,
    };
    Needed {
        entity: &element.name.text,
        path: needed.path.iter().map(|name| &**name).collect(),
        table: &catalog.element(needed.table).name.text,
        fields: needed.fields.iter().map(|ix| &*element.field_at(*ix).name.text).collect(),
        remedy: needed.remedy.id(),
        label: needed.label.as_deref(),
        field: needed.field.as_deref(),
        steps: needed.steps.iter().map(step).collect(),
    }
}
