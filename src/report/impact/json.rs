//! `dualtrack impact --json`: the same, complete, for other tools.

use super::of;
use crate::config::Config;
use crate::engine::Judged;
use crate::report::explain::json::{advice, basis, missing as missing_json};
use crate::report::json::{object, place, write_pretty};
use crate::report::tracking_json::entry;
use crate::report::writes::section::Section;
use crate::tracking::{Change, Counts, EntityImpact, Impact, JoinUse, Reading, Reason, Status, Via};
use crate::words::Teller;
use crate::writes::Writes;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Name and version of the format.
pub const SCHEMA: &str = "dualtrack/impact/1";

/// Writes one document for all changes; nothing is ever cut.
pub fn write(
    judged: &Judged,
    config: &Config,
    writes: &Writes,
    changes: &[Change],
    out: &mut dyn Write,
) -> io::Result<()> {
    let teller = Teller { judged, config, all: true };
    let document = object([
        ("schema", json!(SCHEMA)),
        ("assumed_mapped", json!(judged.scope.assumed)),
        ("policy", Value::Object(judged.policy.to_json())),
        ("changes", changes.iter().map(|c| change(teller, writes, c, &of(judged, c))).collect()),
    ]);
    write_pretty(&document, out)
}

fn change(teller: Teller, writes: &Writes, change: &Change, impact: &Impact) -> Value {
    let name = |id: &crate::catalog::ElementId| json!(&*teller.element(*id).name.text);
    object([
        ("table", json!(&*change.table.text)),
        ("column", json!(change.column.as_ref().map(|c| &*c.text))),
        ("loaded", json!(change.id.is_some())),
        ("tables", impact.tables.iter().map(name).collect()),
        ("counts", counts(&impact.counts)),
        ("entities", impact.entities.iter().map(|e| entity(teller, e)).collect()),
        ("writes", Section::of_change(teller, writes, change, impact).to_json()),
    ])
}

fn counts(counts: &Counts) -> Value {
    object([
        ("triggered", json!(counts.triggered)),
        ("partly_triggered", json!(counts.partly)),
        ("not_triggered", json!(counts.not_triggered)),
        ("open", json!(counts.open)),
        ("not_sent", json!(counts.not_sent)),
        ("join_only", json!(counts.join_only)),
        ("with_join_columns", json!(counts.joins)),
        ("definitions", json!(counts.rows)),
    ])
}

fn entity(teller: Teller, impact: &EntityImpact) -> Value {
    let element = teller.element(impact.id);
    let model = teller.judged.model;
    let field = |ix: &crate::catalog::FieldIx| json!(&*element.field_at(*ix).name.text);
    object([
        ("name", json!(&*element.name.text)),
        ("model", json!(model.model_of(element))),
        ("own", json!(model.is_own(teller.config, impact.id))),
        ("effect", json!(impact.effect.id())),
        ("readings", impact.readings.iter().map(|r| reading(teller, impact, r)).collect()),
        ("join_columns", impact.joins.iter().map(|j| join(teller, impact, j)).collect()),
        ("fields_not_sent", impact.not_sent.iter().map(field).collect()),
    ])
}

fn reading(teller: Teller, impact: &EntityImpact, reading: &Reading) -> Value {
    let element = teller.element(impact.id);
    let (ix, position) = reading.example;
    let leaf = &teller.judged.model.lineage.field(impact.id, ix).leaves[position];
    let analysis = teller.judged.analysis.entity(impact.id);
    let verdict = &reading.verdict;
    let fields = reading.fields.iter().map(|(ix, column)| {
        object([("name", json!(&*element.field_at(*ix).name.text)), ("column", json!(column.as_deref()))])
    });
    let (file, line) = place(teller.judged.model, verdict.place);
    let source = analysis.filter(|_| verdict.via == Some(Via::DataSource));
    let source = source.and_then(|e| teller.tracking_source(e, leaf));
    let covered = analysis.and_then(|e| Some(&e.mapping.entries[verdict.entry?]));
    let missing =
        analysis.filter(|_| verdict.status == Status::Unresolved).and_then(|e| teller.missing_of(e, leaf));
    object([
        ("path", json!(leaf.path_names(teller.catalog(), impact.id))),
        ("table", json!(leaf.table.name(teller.catalog()))),
        ("kind", json!(leaf.kind.id())),
        ("fields", fields.collect()),
        ("status", json!(verdict.status.id())),
        ("via", json!(verdict.via.map(Via::id))),
        ("data_source", json!(source.map(|ix| &*element.source_at(ix).name.text))),
        ("entry", json!(covered.map(|e| entry(teller.judged.model, e)))),
        ("reason", json!(verdict.reason.map(Reason::id))),
        ("rules", analysis.map_or(Value::Null, |e| basis(&teller.basis(e, leaf, verdict)))),
        ("missing", missing.map_or(Value::Null, |m| missing_json(teller, &m))),
        ("remedy", analysis.map_or(Value::Null, |e| advice(teller, &teller.advice(e, leaf, verdict)))),
        ("file", json!(file)),
        ("line", json!(line)),
    ])
}

fn join(teller: Teller, impact: &EntityImpact, join: &JoinUse) -> Value {
    let element = teller.element(impact.id);
    let names: Vec<&str> = join.fields.iter().map(|ix| &*element.field_at(*ix).name.text).collect();
    object([
        ("table", json!(&*teller.element(join.table).name.text)),
        ("column", json!(&*join.column)),
        ("fields", json!(names)),
    ])
}
