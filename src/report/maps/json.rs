//! `dualtrack maps --json`: everything, for other tools; `docs/maps.md` describes it.

use super::View;
use super::found;
use super::phrases::found_by_id;
use crate::catalog::Binding;
use crate::dualwrite::OtherVersion;
use crate::finding::Finding;
use crate::lineage::Leaf;
use crate::maps::{Counts, FieldView, FoundEntity, KeyView, LegView, MapView, Target};
use crate::problem::{Code, Problem};
use crate::report::json::{object, write_pretty};
use crate::report::{problems, tracking_json};
use crate::suggest::FieldStatus;
use crate::tracking::{LeafVerdict, Reason, Status};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Name and version of the format.
pub const SCHEMA: &str = "dualtrack/maps/1";

/// Writes the document; nothing is ever cut.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let all: Counts = view.maps.iter().map(MapView::counts).sum();
    let legs = || view.maps.iter().flat_map(|map| &map.legs);
    let of_maps = view.judged.problems.iter().filter(|problem| is_of_maps(problem));
    let document = object([
        ("schema", json!(SCHEMA)),
        ("policy", Value::Object(view.judged.policy.to_json())),
        (
            "totals",
            object([
                ("maps", json!(view.maps.len())),
                ("legs", json!(legs().count())),
                ("matched_legs", json!(legs().filter(|leg| leg.entity.is_some()).count())),
                ("fields", counts(&all)),
            ]),
        ),
        ("maps", view.maps.iter().map(|map| one(view, map)).collect()),
        ("problems", of_maps.map(|problem| problems::to_json(view.judged.model, problem)).collect()),
    ]);
    write_pretty(&document, out)
}

fn is_of_maps(problem: &Problem) -> bool {
    matches!(
        problem.code,
        Code::UnreadableMap
            | Code::SkippedMapFile
            | Code::DuplicateMapVersion
            | Code::MapVersionIgnored
            | Code::MissingMapVersion
            | Code::UnknownMap
            | Code::UnknownSyncDirection
            | Code::UnknownLanguage
            | Code::UnmatchedMapEntity
            | Code::UnmatchedMapField
    )
}

fn counts(counts: &Counts) -> Value {
    object([
        ("rows", json!(counts.rows)),
        ("both", json!(counts.both)),
        ("to_dataverse", json!(counts.to_dataverse)),
        ("from_dataverse", json!(counts.from_dataverse)),
        ("unknown_direction", json!(counts.unknown_way)),
        ("judged", json!(counts.judged)),
        ("never", json!(counts.never)),
        ("partly", json!(counts.partly)),
        ("open", json!(counts.open)),
        ("missing", json!(counts.missing)),
    ])
}

fn one(view: &View, map: &MapView) -> Value {
    object([
        ("map", json!(map.map.display_name())),
        ("name", json!(map.map.name.as_deref())),
        ("title", json!(map.map.title.as_deref())),
        ("version", json!(map.map.version.as_deref())),
        ("file", json!(map.map.file.path)),
        ("position", json!(map.map.position)),
        ("other_versions", map.others.iter().map(|other| other_version(other)).collect()),
        ("fields", counts(&map.counts())),
        ("legs", map.legs.iter().map(|leg| self::leg(view, map, leg)).collect()),
    ])
}

fn other_version(other: &OtherVersion) -> Value {
    object([
        ("version", json!(other.map.version.as_deref())),
        ("file", json!(other.map.file.path)),
        ("position", json!(other.map.position)),
        ("same", json!(other.same)),
    ])
}

fn leg(view: &View, map: &MapView, leg: &LegView) -> Value {
    let definition = |row| json!(tracking_json::definition(row));
    object([
        ("source_schema", json!(leg.leg.source_schema)),
        ("destination_schema", json!(leg.leg.destination_schema)),
        ("source_filter", json!(leg.leg.source_filter)),
        ("reversed_source_filter", json!(leg.leg.reversed_source_filter)),
        ("entity", leg.entity.as_ref().map_or(Value::Null, |found| entity(view, found))),
        ("nearest", json!(leg.nearest)),
        ("fields", counts(&Counts::of(&leg.fields))),
        ("rows", leg.fields.iter().map(|field| row(view, field)).collect()),
        ("keys", leg.keys.iter().map(key).collect()),
        ("definitions", leg.definitions.iter().map(definition).collect()),
        ("findings", found::findings(view, map, leg).into_iter().map(finding).collect()),
    ])
}

fn entity(view: &View, found: &FoundEntity) -> Value {
    let model = view.judged.model;
    let element = model.catalog.element(found.id);
    let label = found.label.as_ref().map_or(Value::Null, |label| {
        object([
            ("id", json!(element.entity.label.as_deref())),
            ("text", json!(label.text)),
            ("language", json!(label.language)),
            ("file", json!(label.file)),
        ])
    });
    object([
        ("name", json!(&*element.name.text)),
        ("model", json!(model.model_of(element))),
        ("found_by", json!(found_by_id(found.by))),
        ("label", label),
        ("other_legs", json!(found.shared)),
    ])
}

fn row(view: &View, field: &FieldView) -> Value {
    let row = field.row;
    let catalog = &view.judged.model.catalog;
    let (name, nearest) = match field.target {
        Target::Field(id, ix) => (Some(&*catalog.element(id).field_at(ix).name.text), None),
        Target::Missing(nearest) => (None, Some(nearest)),
        _ => (None, None),
    };
    object([
        ("direction", json!(row.direction.id())),
        ("source_field", json!(row.source_field)),
        ("destination_field", json!(row.destination_field)),
        ("lookup", json!(row.is_lookup())),
        ("lookup_entity", json!(Some(&row.lookup_entity).filter(|name| !name.is_empty()))),
        ("system_generated", json!(row.system_generated)),
        ("transforms", json!(row.transforms)),
        ("field", json!(name)),
        ("kind", json!(field_kind(view, field.target))),
        ("nearest", json!(nearest.unwrap_or_default())),
        ("triggers", json!(field.status.map(trigger))),
        ("leaves", leaves(view, field)),
    ])
}

/// The leaves of a sent field, as in `tracking.json`.
fn leaves(view: &View, field: &FieldView) -> Value {
    let (Target::Field(id, ix), Some(_)) = (field.target, field.status) else { return json!([]) };
    let model = view.judged.model;
    let Some(entity) = view.judged.analysis.entity(id) else { return json!([]) };
    let analysis = &entity.fields[ix.0 as usize];
    let leaves = model.lineage.field(id, ix).leaves.iter();
    let leaves = leaves
        .zip(&analysis.leaves)
        .zip(&analysis.joins)
        .map(|((leaf, verdict), joins)| json!(tracking_json::leaf(model, entity, leaf, verdict, joins)));
    leaves.collect()
}

fn key(key: &KeyView) -> Value {
    let field = |field: &crate::maps::KeyField| {
        object([("name", json!(field.name)), ("mapped", json!(field.way.id()))])
    };
    object([
        ("name", json!(key.name)),
        ("kind", json!(key.origin.id())),
        ("fields", key.fields.iter().map(field).collect()),
    ])
}

/// The short form; `check --format json` has all of it.
fn finding(finding: &Finding) -> Value {
    object([
        ("rule", json!(finding.rule.name)),
        ("severity", json!(finding.severity)),
        ("confidence", json!(finding.confidence.id())),
        ("message", json!(finding.message)),
    ])
}

/// What kind of field a row names.
pub(super) fn field_kind(view: &View, target: Target) -> &'static str {
    match target {
        Target::Field(id, ix) => match view.judged.model.catalog.element(id).field_at(ix).binding {
            Binding::Mapped { .. } | Binding::Column { .. } => "mapped",
            Binding::Computed { .. } => "computed",
            Binding::Virtual { .. } => "virtual",
        },
        Target::System => "system",
        Target::Constant => "constant",
        Target::Missing(_) => "missing",
        Target::NotLoaded => "not_loaded",
    }
}

/// Whether a change triggers.
pub(super) fn trigger(status: FieldStatus) -> &'static str {
    match status {
        FieldStatus::Tracked => "yes",
        FieldStatus::Partly => "partly",
        FieldStatus::Open => "open",
        FieldStatus::Never => "never",
    }
}

/// The leaves that do not trigger, with their verdicts.
fn untracked<'a>(view: &View<'a>, field: &FieldView) -> Vec<(&'a Leaf, &'a LeafVerdict)> {
    let (Target::Field(id, ix), Some(_)) = (field.target, field.status) else { return Vec::new() };
    let Some(entity) = view.judged.analysis.entity(id) else { return Vec::new() };
    let leaves = view.judged.model.lineage.field(id, ix).leaves.iter();
    let leaves = leaves.zip(&entity.fields[ix.0 as usize].leaves);
    leaves.filter(|(_, verdict)| verdict.status != Status::Tracked).collect()
}

/// Why leaves do not trigger: the reasons, or the status where there is none; each once.
pub(super) fn reasons(view: &View, field: &FieldView) -> Vec<String> {
    let reason =
        |verdict: &LeafVerdict| verdict.reason.map_or_else(|| verdict.status.id(), Reason::id).to_owned();
    once(untracked(view, field).into_iter().map(|(_, verdict)| reason(verdict)))
}

/// The tables of these leaves, each once.
pub(super) fn tables(view: &View, field: &FieldView) -> Vec<String> {
    let catalog = &view.judged.model.catalog;
    once(
        untracked(view, field)
            .into_iter()
            .filter_map(|(leaf, _)| leaf.table.name(catalog).map(str::to_owned)),
    )
}

fn once(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut known = Vec::new();
    for text in texts {
        if !known.contains(&text) {
            known.push(text);
        }
    }
    known
}
