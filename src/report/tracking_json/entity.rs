//! An entity, its data sources and its fields.

use super::leaf::{Leaf, leaf};
use super::mapping::{MappingMethod, mapping_method};
use crate::aot::{Join, SourceKind};
use crate::catalog::{self, Binding, Element, ElementKind, FieldIx};
use crate::engine::Model;
use crate::report::json::place;
use crate::text::name_order;
use crate::tracking::{EntityAnalysis, FieldAnalysis, Reason, SourceVerdict};
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the format has them")]
pub(in crate::report) struct Entity<'a> {
    name: &'a str,
    model: Option<&'a str>,
    file: Option<&'a str>,
    partial: bool,
    in_scope: bool,
    truncated: bool,
    data_management_enabled: bool,
    sources: Vec<Source<'a>>,
    fields: Vec<Field<'a>>,
    mapping_method: MappingMethod<'a>,
}

#[derive(Serialize)]
struct Source<'a> {
    name: &'a str,
    target: &'a str,
    target_kind: &'static str,
    parent: Option<&'a str>,
    kind: &'static str,
    join: Option<&'static str>,
    read_only: bool,
    added_by: Option<&'a str>,
    primary_table: Option<&'a str>,
    status: Option<&'static str>,
    reason: Option<&'static str>,
    file: Option<&'a str>,
    line: Option<u32>,
}

#[derive(Serialize)]
struct Field<'a> {
    name: &'a str,
    kind: &'static str,
    counted: bool,
    leaves: Vec<Leaf<'a>>,
}

pub(in crate::report) fn entity<'a>(model: &'a Model, entity: &'a EntityAnalysis) -> Entity<'a> {
    let element = model.catalog.element(entity.id);
    let sources = element.sources().zip(&entity.sources);
    let mut fields: Vec<(&catalog::Field, FieldIx, &FieldAnalysis)> = element
        .fields
        .iter()
        .zip((0..).map(FieldIx))
        .zip(&entity.fields)
        .map(|((field, ix), analysis)| (field, ix, analysis))
        .collect();
    fields.sort_by(|(a, ..), (b, ..)| name_order(&a.name.text, &b.name.text));
    Entity {
        name: &element.name.text,
        model: model.model_of(element),
        file: place(model, element.place).0,
        partial: element.is_partial(),
        in_scope: entity.in_scope,
        truncated: entity.truncated.is_some(),
        data_management_enabled: element.entity.data_management_enabled,
        sources: sources.map(|((_, s), verdict)| source(model, element, s, Some(verdict))).collect(),
        fields: fields.into_iter().map(|(f, ix, analysis)| field(model, entity, f, ix, analysis)).collect(),
        mapping_method: mapping_method(model, entity),
    }
}

fn source<'a>(
    model: &'a Model,
    element: &'a Element,
    source: &'a catalog::Source,
    verdict: Option<&SourceVerdict>,
) -> Source<'a> {
    let catalog = &model.catalog;
    let target = source.target.map(|id| catalog.element(id));
    let primary = verdict.and_then(|v| v.primary);
    let (file, line) = place(model, Some(source.place));
    Source {
        name: &source.name.text,
        target: target.map_or(&*source.target_name.text, |t| &*t.name.text),
        target_kind: target_kind(target),
        parent: source.parent.map(|p| &*element.source_at(p).name.text).or(source.missing_parent.as_deref()),
        kind: kind(source.kind),
        join: source.join.map(join),
        read_only: source.read_only,
        added_by: source.added_by.as_deref(),
        primary_table: primary.map(|table| &*catalog.element(table).name.text),
        status: verdict.map(|v| v.status.id()),
        reason: verdict.and_then(|v| v.reason).map(Reason::id),
        file,
        line,
    }
}

/// A data source of an element that is not judged.
pub(in crate::report) fn source_facts(model: &Model, element: &Element, facts: &catalog::Source) -> Value {
    let mut value = json!(source(model, element, facts, None));
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

fn field<'a>(
    model: &'a Model,
    entity: &'a EntityAnalysis,
    field: &'a catalog::Field,
    ix: FieldIx,
    analysis: &'a FieldAnalysis,
) -> Field<'a> {
    let kind = match field.binding {
        Binding::Mapped { .. } | Binding::Column { .. } => "mapped",
        Binding::Computed { .. } => "computed",
        Binding::Virtual { .. } => "virtual",
    };
    let leaves = model.lineage.field(entity.id, ix).leaves.iter();
    let leaves = leaves.zip(&analysis.leaves).zip(&analysis.joins);
    let leaves = leaves.map(|((l, verdict), joins)| leaf(model, entity, l, verdict, joins));
    Field { name: &field.name.text, kind, counted: analysis.counted, leaves: leaves.collect() }
}
