//! `dualtrack cost --json`: everything, for other tools.

use super::{BASIS, View};
use crate::cost::{EntityCost, Events, PerDay, Removal, Rows, TableCost, Volumes};
use crate::report::explain::json::basis;
use crate::report::json::{object, write_pretty};
use crate::report::problems;
use crate::report::tracking_json::entry;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Name and version of the format.
pub const SCHEMA: &str = "dualtrack/cost/1";

/// Writes the document; nothing is ever cut.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let cost = view.cost;
    let document = object([
        ("schema", json!(SCHEMA)),
        ("assumed_mapped", json!(view.judged.scope.assumed)),
        ("policy", Value::Object(view.judged.policy.to_json())),
        ("rules", basis(&BASIS)),
        ("totals", totals(view)),
        ("volumes", view.request.volumes.map_or(Value::Null, |v| volumes(view, v))),
        ("tables", cost.tables.iter().map(|t| table(view, t)).collect()),
        ("entities", cost.entities.iter().map(|e| entity(view, e)).collect()),
        ("removals", cost.removals.iter().filter_map(|r| removal(view, r)).collect()),
    ]);
    write_pretty(&document, out)
}

fn totals(view: &View) -> Value {
    let cost = view.cost;
    object([
        ("rows", rows(cost.rows)),
        ("all_rows", json!(cost.all_rows)),
        ("tables", json!(cost.row_tables)),
        ("entities", json!(cost.entities.len())),
        ("open_data_sources", json!(cost.open_sources)),
        ("missing_entries", json!(view.judged.needed.len())),
        ("events", events(cost.events)),
    ])
}

fn rows(rows: Rows) -> Value {
    object([
        ("total", json!(rows.total())),
        ("by_data_source", json!(rows.by_source)),
        ("by_entry", json!(rows.by_entry)),
        ("removable", json!(rows.removable)),
        ("after", json!(rows.after())),
    ])
}

fn events(events: Option<Events>) -> Value {
    events.map_or(Value::Null, |e| {
        object([("per_day", number(e.before)), ("after", number(e.after)), ("saved", number(e.saved()))])
    })
}

/// A whole number as such, else with its decimals.
fn number(value: PerDay) -> Value {
    match value.as_whole() {
        Some(whole) => json!(whole),
        None => json!(value.to_string().parse::<f64>().unwrap_or_default()),
    }
}

fn volumes(view: &View, volumes: &Volumes) -> Value {
    let given = volumes.volumes.iter().map(|v| {
        object([("table", json!(&*v.table)), ("per_day", number(v.per_day)), ("line", json!(v.line))])
    });
    let problem = |p| problems::to_json(view.judged.model, p);
    object([
        ("file", json!(volumes.path)),
        ("header_line", json!(volumes.header)),
        ("tables", given.collect()),
        ("without_rows", json!(view.cost.idle)),
        ("overlapping", json!(view.cost.overlapping)),
        ("problems", volumes.problems.iter().map(problem).collect()),
    ])
}

fn table(view: &View, table: &TableCost) -> Value {
    let name = |id: &crate::catalog::ElementId| json!(&*view.teller().element(*id).name.text);
    object([
        ("table", json!(&*table.name)),
        ("loaded", json!(table.id.is_some())),
        ("own", json!(is_own(view, table))),
        ("rows", rows(table.rows)),
        ("own_rows", rows(table.own)),
        ("through", json!(table.through)),
        ("entities", table.entities.iter().map(name).collect()),
        ("changes_per_day", table.per_day.map_or(Value::Null, number)),
        ("events", events(table.events)),
    ])
}

/// Some entity of the user has one of its rows.
pub(super) fn is_own(view: &View, table: &TableCost) -> bool {
    table.entities.iter().any(|e| view.judged.model.is_own(view.config, *e))
}

fn entity(view: &View, cost: &EntityCost) -> Value {
    let element = view.teller().element(cost.id);
    let model = view.judged.model;
    object([
        ("entity", json!(&*element.name.text)),
        ("model", json!(model.model_of(element))),
        ("own", json!(model.is_own(view.config, cost.id))),
        ("rows", rows(cost.rows)),
        ("tables", json!(cost.tables)),
        ("rows_without_volume", view.request.volumes.map_or(Value::Null, |_| json!(cost.without_volume))),
        ("events", events(cost.events)),
    ])
}

fn removal(view: &View, removal: &Removal) -> Option<Value> {
    let analysis = view.judged.analysis.entity(removal.entity)?;
    Some(object([
        ("entity", json!(&*view.teller().element(removal.entity).name.text)),
        ("entry", json!(entry(view.judged.model, analysis.mapping.entries.get(removal.entry)?))),
        ("rows_saved", json!(removal.rows)),
        ("events_saved", removal.saved.map_or(Value::Null, number)),
    ]))
}
