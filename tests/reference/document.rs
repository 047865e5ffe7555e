//! SPEC 12: the expected `tracking.json` of a world.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::effective::{Catalog, JoinMode, Node, NodeKind, by_name, lower};
use super::equality::join_columns;
use super::lineage::{Kind, Leaf};
use super::model::{FieldKind, Mark, SourceKind, World};
use super::needed::{by_path, needed};
use super::render::Rendered;
use super::tracking::Judged;
use super::verdicts::{Registrations, spelled};

pub fn expected_document(world: &World, rendered: &Rendered) -> Value {
    let catalog = Catalog::new(world);
    let mut entities: Vec<&Node> =
        catalog.nodes.values().filter(|node| node.kind == NodeKind::Entity).collect();
    entities.sort_by(|a, b| by_name(&a.name, &b.name));
    let judged: Vec<Judged> = entities.into_iter().map(|node| Judged::new(&catalog, node)).collect();
    let all: Vec<Registrations> = judged.iter().map(Registrations::new).collect();
    let mut plans = Vec::new();
    let mut needed: Vec<_> = all.iter().flat_map(|registrations| needed(registrations, &mut plans)).collect();
    needed.sort_by(|a, b| {
        by_name(&a.entity, &b.entity)
            .then_with(|| by_path(&a.path, &b.path))
            .then_with(|| by_name(&a.table, &b.table))
    });
    let needed: Vec<Value> = needed
        .iter()
        .map(|needed| {
            let steps: Vec<Value> = needed
                .steps
                .iter()
                .map(|step| {
                    json!({ "element": step.element, "field": step.field,
                            "data_source": step.source, "data_field": step.data_field })
                })
                .collect();
            json!({ "entity": needed.entity, "path": needed.path, "table": needed.table, "fields": needed.fields,
                    "remedy": needed.remedy, "label": needed.label, "field": needed.field, "steps": steps })
        })
        .collect();
    let policy: Map<String, Value> =
        world.policy.values.iter().map(|(key, value)| ((*key).to_string(), json!(value))).collect();
    json!({
        "schema": "dualtrack/tracking/1",
        "assumed_mapped": world.maps.is_none(),
        "policy": policy,
        "entities": all.iter().map(|registrations| entity(registrations, rendered)).collect::<Vec<_>>(),
        "definitions": definitions(&all),
        "needed": needed,
    })
}

fn entity(registrations: &Registrations, rendered: &Rendered) -> Value {
    let judged = registrations.judged;
    let node = judged.node;
    let world = judged.catalog.world;
    let model = node.file.map(|file| {
        let model = &world.models[world.files[file].model];
        model.descriptor.clone().unwrap_or_else(|| model.folder.clone())
    });
    let mut fields: Vec<usize> = (0..node.fields.len()).collect();
    fields.sort_by(|a, b| by_name(&node.fields[*a].name, &node.fields[*b].name));
    json!({
        "name": node.name,
        "model": model,
        "file": node.file.map(|file| rendered.paths[file].clone()),
        "partial": node.partial(),
        "in_scope": judged.scope.in_scope,
        "sources": (0..node.sources.len()).map(|source| source_value(judged, source, rendered)).collect::<Vec<_>>(),
        "fields": fields.into_iter().map(|field| field_value(registrations, field)).collect::<Vec<_>>(),
        "mapping_method": mapping_value(registrations, rendered),
    })
}

fn source_value(judged: &Judged, index: usize, rendered: &Rendered) -> Value {
    let source = &judged.node.sources[index];
    let target = judged.catalog.node(&source.target);
    let mut value = json!({
        "name": source.name,
        "target": judged.catalog.spelled(&source.target),
        "target_kind": match target.map(|target| target.kind) {
            Some(NodeKind::Table) => "table",
            Some(NodeKind::View) => "view",
            Some(NodeKind::Entity) => "entity",
            Some(NodeKind::Map) | None => "unresolved",
        },
        "parent": source.parent_name,
        "kind": match source.kind {
            SourceKind::Root => "root",
            SourceKind::Embedded => "embedded",
            SourceKind::Derived => "derived",
        },
        "join": source.join.map(|join| match join {
            JoinMode::Inner => "inner",
            JoinMode::Outer => "outer",
            JoinMode::Exists => "exists",
            JoinMode::NotExists => "not_exists",
        }),
        "read_only": source.read_only,
        "added_by": source.added_by,
        "primary_table": judged.catalog.primary_table(&source.target),
        "status": judged.sources[index].status.text(),
        "reason": judged.sources[index].reason,
    });
    put_place(&mut value, source.mark, rendered);
    value
}

fn put_place(value: &mut Value, mark: Mark, rendered: &Rendered) {
    let place = rendered.places[mark].as_ref();
    value["file"] = json!(place.map(|place| &rendered.paths[place.file]));
    // Several lines: any of them is right.
    value["line"] = match place.map(|place| place.lines.as_slice()) {
        None => Value::Null,
        Some([line]) => json!(line),
        Some(lines) => json!(lines),
    };
}

fn field_value(registrations: &Registrations, index: usize) -> Value {
    let judged = registrations.judged;
    let field = &judged.node.fields[index];
    let leaves = registrations.leaves[index].iter().map(|leaf| leaf_value(registrations, leaf));
    json!({
        "name": field.name,
        "kind": match field.kind {
            FieldKind::Mapped { .. } => "mapped",
            FieldKind::Computed { .. } => "computed",
            FieldKind::Virtual => "virtual",
        },
        "counted": judged.scope.counted[index],
        "leaves": leaves.collect::<Vec<_>>(),
    })
}

fn leaf_value(registrations: &Registrations, leaf: &Leaf) -> Value {
    let judged = registrations.judged;
    let verdict = judged.leaf(leaf, registrations.covered(leaf));
    let mut joins: Vec<(Option<String>, Option<String>)> = Vec::new();
    for side in join_columns(judged.catalog, leaf) {
        let known = |(table, column): &(Option<String>, Option<String>)| {
            let key = |name: &Option<String>| name.as_deref().map(lower);
            key(table) == key(&side.table) && key(column) == key(&side.spelled)
        };
        if !joins.iter().any(known) {
            joins.push((side.table, side.spelled));
        }
    }
    joins.sort_by(|a, b| by_optional_name(&a.0, &b.0).then_with(|| by_optional_name(&a.1, &b.1)));
    let joins: Vec<Value> =
        joins.into_iter().map(|(table, column)| json!({ "table": table, "column": column })).collect();
    json!({
        "path": leaf.path,
        "table": leaf.table,
        "column": leaf.column,
        "kind": match leaf.kind {
            Kind::Mapped => "mapped",
            Kind::Aggregate => "aggregate",
            Kind::Computed => "computed",
            Kind::Sql => "sql",
            Kind::Unknown => "unknown",
        },
        "status": verdict.status.text(),
        "via": verdict.via,
        "reason": verdict.reason,
        "joins": joins,
    })
}

/// Null before any name.
fn by_optional_name(a: &Option<String>, b: &Option<String>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => by_name(a, b),
        _ => a.is_some().cmp(&b.is_some()),
    }
}

fn mapping_value(registrations: &Registrations, rendered: &Rendered) -> Value {
    let judged = registrations.judged;
    let mapping = &registrations.mapping;
    let place = |mark: Mark| {
        let mut value = json!({});
        put_place(&mut value, mark, rendered);
        value
    };
    let entries: Vec<Value> = registrations
        .entries
        .iter()
        .map(|entry| {
            let mut value = place(entry.entry.mark);
            value["label"] = json!(entry.label);
            value["table"] = json!(entry.table);
            value["field"] = json!(entry.field);
            value["verdict"] = json!(entry.verdict);
            value["match"] = json!(entry.matched);
            value["conditional"] = json!(entry.entry.conditional);
            value
        })
        .collect();
    let disabled: Vec<Value> = mapping
        .disabled
        .iter()
        .map(|row| {
            let mut value = place(row.mark);
            let [label, table, field] = spelled(judged.catalog, judged.node, &row.parts);
            value["label"] = json!(label);
            value["table"] = json!(table);
            value["field"] = json!(field);
            value
        })
        .collect();
    let undecidable: Vec<Value> = mapping.undecidable.iter().map(|mark| place(*mark)).collect();
    json!({ "present": mapping.present, "undecidable": undecidable, "entries": entries, "disabled": disabled })
}

/// Predicted rows of `BusinessEventsDefinition`.
fn definitions(all: &[Registrations]) -> Vec<Value> {
    type Row = (String, Option<String>, Option<String>, &'static str, Option<String>);
    let mut rows: Vec<Row> = Vec::new();
    for registrations in all {
        let judged = registrations.judged;
        if !judged.scope.in_scope {
            continue;
        }
        let entity = judged.node.name.clone();
        for (table, source) in &judged.rows {
            let source = judged.node.sources[*source].name.clone();
            rows.push((entity.clone(), Some(table.clone()), Some(source), "data_source", None));
        }
        for entry in &registrations.entries {
            if entry.verdict != "invalid" && entry.verdict != "duplicate" {
                let (table, label, field) = (entry.table.clone(), entry.label.clone(), entry.field.clone());
                rows.push((entity.clone(), table, label, "mapping_method", field));
            }
        }
    }
    rows.sort_by(|a, b| {
        by_name(&a.0, &b.0)
            .then_with(|| by_optional_name(&a.1, &b.1))
            .then_with(|| by_optional_name(&a.2, &b.2))
            .then_with(|| a.3.cmp(b.3))
            .then_with(|| by_optional_name(&a.4, &b.4))
    });
    rows.into_iter()
        .map(|(entity, table, source, origin, field)| {
            json!({ "ref_table_name": table, "ref_entity_name": entity, "data_source_name": source,
                    "ref_table_rec_id_field": field, "origin": origin })
        })
        .collect()
}
