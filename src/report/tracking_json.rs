//! `tracking.json` (SPEC 12): the document that other tools read.

use super::json::{object, place, write_list};
use crate::aot::{Join, SourceKind};
use crate::catalog::{Binding, Catalog, Element, ElementKind, Field, FieldIx};
use crate::engine::{Judged, Model};
use crate::lineage::{JoinColumn, Leaf};
use crate::suggest::Needed;
use crate::text::name_order;
use crate::tracking::{
    Definition, EntityAnalysis, FieldAnalysis, LeafVerdict, Match, Reason, ResolvedEntry, SourceVerdict, Via,
};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Name and version of the format.
pub const SCHEMA: &str = "dualtrack/tracking/1";

/// Writes the document, one entity at a time, so that memory does not grow with the number of entities.
pub fn write(judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
    let model = judged.model;
    writeln!(out, "{{\n\"schema\": {},\n\"assumed_mapped\": {},", json!(SCHEMA), judged.scope.assumed)?;
    writeln!(out, "\"policy\": {},", Value::Object(judged.policy.to_json()))?;
    write_list("entities", judged.analysis.entities.iter().map(|e| entity(model, e)), out)?;
    out.write_all(b",\n")?;
    write_list("definitions", judged.analysis.definitions.iter().map(definition), out)?;
    out.write_all(b",\n")?;
    write_list("needed", judged.needed.iter().map(|n| needed(&model.catalog, n)), out)?;
    out.write_all(b",\n")?;
    write_list("problems", judged.problems.iter().map(|p| super::problems::to_json(model, p)), out)?;
    out.write_all(b"\n}\n")
}

pub(super) fn entity(model: &Model, entity: &EntityAnalysis) -> Value {
    let element = model.catalog.element(entity.id);
    let (file, _) = place(model, element.place);
    let sources =
        element.sources().zip(&entity.sources).map(|((_, s), v)| source(model, element, s, Some(v)));
    let mut fields: Vec<(&Field, FieldIx, &FieldAnalysis)> = element
        .fields
        .iter()
        .zip((0..).map(FieldIx))
        .zip(&entity.fields)
        .map(|((field, ix), analysis)| (field, ix, analysis))
        .collect();
    fields.sort_by(|(a, ..), (b, ..)| name_order(&a.name.text, &b.name.text));
    let fields = fields.into_iter().map(|(f, ix, analysis)| field(model, entity, f, ix, analysis));
    object([
        ("name", json!(&*element.name.text)),
        ("model", json!(model.model_of(element))),
        ("file", file),
        ("partial", json!(element.is_partial())),
        ("in_scope", json!(entity.in_scope)),
        ("truncated", json!(entity.truncated.is_some())),
        ("data_management_enabled", json!(element.entity.data_management_enabled)),
        ("sources", sources.collect()),
        ("fields", fields.collect()),
        ("mapping_method", mapping_method(model, entity)),
    ])
}

fn source(
    model: &Model,
    element: &Element,
    source: &crate::catalog::Source,
    verdict: Option<&SourceVerdict>,
) -> Value {
    let catalog = &model.catalog;
    let target = source.target.map(|id| catalog.element(id));
    let parent = source.parent.map(|p| &*element.source_at(p).name.text).or(source.missing_parent.as_deref());
    let primary = verdict.and_then(|v| v.primary).map(|t| &*catalog.element(t).name.text);
    let (file, line) = place(model, Some(source.place));
    object([
        ("name", json!(&*source.name.text)),
        ("target", json!(target.map_or(&*source.target_name.text, |t| &*t.name.text))),
        ("target_kind", json!(target_kind(target))),
        ("parent", json!(parent)),
        ("kind", json!(kind(source.kind))),
        ("join", json!(source.join.map(join))),
        ("read_only", json!(source.read_only)),
        ("added_by", json!(source.added_by.as_deref())),
        ("primary_table", json!(primary)),
        ("status", json!(verdict.map(|v| v.status.id()))),
        ("reason", json!(verdict.and_then(|v| v.reason).map(Reason::id))),
        ("file", file),
        ("line", line),
    ])
}

/// A data source of an element that is not judged.
pub(super) fn source_facts(model: &Model, element: &Element, facts: &crate::catalog::Source) -> Value {
    let mut value = source(model, element, facts, None);
    if let Value::Object(value) = &mut value {
        value.retain(|key, _| !matches!(key.as_str(), "primary_table" | "status" | "reason"));
    }
    value
}

fn target_kind(target: Option<&Element>) -> &'static str {
    match target.map(|t| t.kind) {
        Some(ElementKind::Table) => "table",
        Some(ElementKind::View) => "view",
        Some(ElementKind::Entity) => "entity",
        Some(ElementKind::Map) | None => "unresolved",
    }
}

fn kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Root => "root",
        SourceKind::Embedded => "embedded",
        SourceKind::Derived => "derived",
    }
}

fn join(join: Join) -> &'static str {
    match join {
        Join::Inner => "inner",
        Join::Outer => "outer",
        Join::Exists => "exists",
        Join::NotExists => "not_exists",
    }
}

fn field(
    model: &Model,
    entity: &EntityAnalysis,
    field: &Field,
    ix: FieldIx,
    analysis: &FieldAnalysis,
) -> Value {
    let kind = match field.binding {
        Binding::Mapped { .. } | Binding::Column { .. } => "mapped",
        Binding::Computed { .. } => "computed",
        Binding::Virtual { .. } => "virtual",
    };
    let leaves = model.lineage.field(entity.id, ix).leaves.iter();
    let leaves = leaves.zip(&analysis.leaves).zip(&analysis.joins);
    object([
        ("name", json!(&*field.name.text)),
        ("kind", json!(kind)),
        ("counted", json!(analysis.counted)),
        ("leaves", leaves.map(|((l, verdict), joins)| leaf(model, entity, l, verdict, joins)).collect()),
    ])
}

pub(super) fn leaf(
    model: &Model,
    entity: &EntityAnalysis,
    leaf: &Leaf,
    verdict: &LeafVerdict,
    joins: &[JoinColumn],
) -> Value {
    let (file, line) = place(model, verdict.place);
    object([
        ("path", json!(leaf.path_names(&model.catalog, entity.id))),
        ("table", json!(leaf.table.name(&model.catalog))),
        ("column", json!(leaf.column.as_ref().map(|c| &*c.text))),
        ("kind", json!(leaf.kind.id())),
        ("status", json!(verdict.status.id())),
        ("via", json!(verdict.via.map(Via::id))),
        ("reason", json!(verdict.reason.map(Reason::id))),
        ("joins", join_columns(&model.catalog, joins)),
        ("file", file),
        ("line", line),
    ])
}

/// Tables and columns without the records that they belong to: each pair once.
fn join_columns(catalog: &Catalog, joins: &[JoinColumn]) -> Value {
    let mut columns: Vec<&JoinColumn> = Vec::with_capacity(joins.len());
    for join in joins {
        if !columns.iter().any(|known| known.table == join.table && known.name == join.name) {
            columns.push(join);
        }
    }
    let table = |join: &JoinColumn| join.table.name(catalog).unwrap_or_default().to_owned();
    columns.sort_by(|a, b| {
        name_order(&table(a), &table(b)).then_with(|| name_order(&a.name.text, &b.name.text))
    });
    let pair = |join: &JoinColumn| {
        object([("table", json!(join.table.name(catalog))), ("column", json!(&*join.name.text))])
    };
    columns.into_iter().map(pair).collect()
}

fn mapping_method(model: &Model, entity: &EntityAnalysis) -> Value {
    let mapping = &entity.mapping;
    let undecidable = mapping.undecidable.iter().map(|p| {
        let (file, line) = place(model, Some(*p));
        object([("file", file), ("line", line)])
    });
    object([
        ("present", json!(mapping.present)),
        ("undecidable", undecidable.collect()),
        ("entries", mapping.entries.iter().map(|e| entry(model, e)).collect()),
        ("disabled", mapping.disabled.iter().map(|e| disabled(model, e)).collect()),
    ])
}

pub(super) fn entry(model: &Model, entry: &ResolvedEntry) -> Value {
    let (file, line) = place(model, Some(entry.place));
    object([
        ("label", json!(entry.label.as_deref())),
        ("table", json!(entry.table.as_deref())),
        ("field", json!(entry.field.as_deref())),
        ("verdict", json!(entry.verdict.id())),
        ("match", json!(entry.matched.map(Match::id))),
        ("conditional", json!(entry.conditional)),
        ("rows_saved", json!(entry.rows_saved)),
        ("file", file),
        ("line", line),
    ])
}

fn disabled(model: &Model, entry: &ResolvedEntry) -> Value {
    let (file, line) = place(model, Some(entry.place));
    object([
        ("label", json!(entry.label.as_deref())),
        ("table", json!(entry.table.as_deref())),
        ("field", json!(entry.field.as_deref())),
        ("file", file),
        ("line", line),
    ])
}

pub(super) fn definition(row: &Definition) -> Value {
    object([
        ("ref_table_name", json!(&*row.ref_table_name)),
        ("ref_entity_name", json!(&*row.ref_entity_name)),
        ("data_source_name", json!(&*row.data_source_name)),
        ("ref_table_rec_id_field", json!(row.ref_table_rec_id_field.as_deref())),
        ("origin", json!(row.origin.id())),
    ])
}

pub(super) fn needed(catalog: &Catalog, needed: &Needed) -> Value {
    let element = catalog.element(needed.entity);
    let name = |ix: &FieldIx| json!(&*element.field_at(*ix).name.text);
    let steps = needed.steps.iter().map(|step| {
        object([
            ("element", json!(&*catalog.element(step.element).name.text)),
            ("field", json!(&*step.field)),
            ("data_source", json!(&*step.data_source)),
            ("data_field", json!(&*step.data_field)),
        ])
    });
    object([
        ("entity", json!(&*element.name.text)),
        ("path", needed.path.iter().map(|p| json!(&**p)).collect()),
        ("table", json!(&*catalog.element(needed.table).name.text)),
        ("fields", needed.fields.iter().map(name).collect()),
        ("remedy", json!(needed.remedy.id())),
        ("label", json!(needed.label.as_deref())),
        ("field", json!(needed.field.as_deref())),
        ("steps", steps.collect()),
    ])
}
