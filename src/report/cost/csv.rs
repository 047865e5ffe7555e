//! `dualtrack cost --format csv`: tables and entities in one list, for Excel; nothing is cut.

use super::View;
use super::json::is_own;
use crate::cost::{EntityCost, Events, PerDay, Rows, TableCost};
use crate::report::definitions_csv::harmless;
use std::io::{self, Write};

const HEAD: [&str; 15] = [
    "Kind",
    "Name",
    "Model",
    "Own",
    "Tables",
    "Entities",
    "Rows",
    "OwnRows",
    "RowsByEntry",
    "RowsRemovable",
    "RowsAfter",
    "RowsWithoutVolume",
    "ChangesPerDay",
    "EventsPerDay",
    "EventsPerDayAfter",
];

/// Writes tables, then entities, each ranked; UTF-8 with a mark and CRLF, which Excel expects.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    csv.write_record(HEAD)?;
    for table in &view.cost.tables {
        csv.write_record(safe(table_cells(view, table)))?;
    }
    for entity in &view.cost.entities {
        csv.write_record(safe(entity_cells(view, entity)))?;
    }
    csv.flush()
}

fn safe(cells: [String; HEAD.len()]) -> [String; HEAD.len()] {
    cells.map(|cell| harmless(&cell).into_owned())
}

fn table_cells(view: &View, table: &TableCost) -> [String; HEAD.len()] {
    let model = view.judged.model;
    let defined = table.id.and_then(|id| model.model_of(model.catalog.element(id)));
    let [rows, by_entry, removable, after] = numbers(table.rows);
    let [before, events_after] = events(table.events);
    [
        "table".to_owned(),
        table.name.as_ref().to_owned(),
        defined.unwrap_or_default().to_owned(),
        yes_no(is_own(view, table)),
        String::new(),
        table.entities.len().to_string(),
        rows,
        table.own.total().to_string(),
        by_entry,
        removable,
        after,
        String::new(),
        per_day(table.per_day),
        before,
        events_after,
    ]
}

fn entity_cells(view: &View, entity: &EntityCost) -> [String; HEAD.len()] {
    let model = view.judged.model;
    let element = model.catalog.element(entity.id);
    let [rows, by_entry, removable, after] = numbers(entity.rows);
    let [before, events_after] = events(entity.events);
    [
        "entity".to_owned(),
        element.name.text.as_ref().to_owned(),
        model.model_of(element).unwrap_or_default().to_owned(),
        yes_no(model.is_own(view.config, entity.id)),
        entity.tables.to_string(),
        String::new(),
        rows.clone(),
        rows,
        by_entry,
        removable,
        after,
        view.request.volumes.map(|_| entity.without_volume.to_string()).unwrap_or_default(),
        String::new(),
        before,
        events_after,
    ]
}

fn numbers(rows: Rows) -> [String; 4] {
    [rows.total(), rows.by_entry, rows.removable, rows.after()].map(|n| n.to_string())
}

fn events(events: Option<Events>) -> [String; 2] {
    [per_day(events.map(|e| e.before)), per_day(events.map(|e| e.after))]
}

/// What is not known is an empty cell, not a zero.
fn per_day(value: Option<PerDay>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

fn yes_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}
