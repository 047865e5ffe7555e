//! `dualtrack suggest --json`.

use super::{Suggestions, WhatIf, texts};
use crate::edit::{FieldForm, Target};
use crate::report::json::{object, write_pretty};
use crate::report::tracking_json;
use crate::suggest::{CodePlan, EntityPlan, FieldPlan, Need, Obstacle, Row};
use crate::tracking::EntityAnalysis;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Name and version of the format.
pub const SCHEMA: &str = "dualtrack/suggest/1";

/// Writes one document.
pub fn write(suggestions: &Suggestions, out: &mut dyn Write) -> io::Result<()> {
    let judged = suggestions.judged;
    let open = suggestions.open().into_iter().map(|open| {
        object([
            ("because", json!(open.because)),
            ("fields", json!(open.fields)),
            ("entities", json!(open.entities)),
        ])
    });
    let document = object([
        ("schema", json!(SCHEMA)),
        ("assumed_mapped", json!(judged.scope.assumed)),
        ("policy", Value::Object(judged.policy.to_json())),
        ("what_if", suggestions.what_if.iter().map(|w| what_if(suggestions, w)).collect()),
        ("entities", suggestions.plans.iter().filter_map(|p| entity(suggestions, p)).collect()),
        ("cannot_say", open.collect()),
        ("entities_not_shown", json!(suggestions.others)),
    ]);
    write_pretty(&document, out)
}

fn what_if(suggestions: &Suggestions, what_if: &WhatIf) -> Value {
    let teller = suggestions.teller();
    let element = teller.element(what_if.entity);
    let fields = |mapped: bool| -> Value {
        let those = what_if.fields.iter().filter(|(_, m)| *m == mapped);
        those.map(|(ix, _)| json!(&*element.field_at(*ix).name.text)).collect()
    };
    let shift = &what_if.shift;
    let needed = |list: &[crate::suggest::Needed]| -> Value {
        list.iter().map(|n| json!(tracking_json::needed(teller.catalog(), n))).collect()
    };
    let analysis = suggestions.analysis(what_if.entity);
    let entries = |list: &[usize]| -> Value {
        let entry = |n: &usize| analysis.map(|a| &a.mapping.entries[*n]);
        list.iter()
            .filter_map(entry)
            .map(|e| json!(tracking_json::entry(suggestions.judged.model, e)))
            .collect()
    };
    object([
        ("entity", json!(&*element.name.text)),
        ("with_fields", fields(true)),
        ("without_fields", fields(false)),
        ("needed", needed(&shift.needed)),
        ("no_longer_needed", needed(&shift.no_longer_needed)),
        ("removable", entries(&shift.removable)),
        ("no_longer_removable", entries(&shift.no_longer_removable)),
    ])
}

fn entity(suggestions: &Suggestions, plan: &EntityPlan) -> Option<Value> {
    let teller = suggestions.teller();
    let analysis = suggestions.analysis(plan.entity)?;
    let element = teller.element(plan.entity);
    let removable = plan.removals.iter().map(|removal| {
        let entry = &analysis.mapping.entries[removal.entry];
        let mut value = json!(tracking_json::entry(suggestions.judged.model, entry));
        put(&mut value, "obstacle", obstacle(suggestions, removal.obstacle.as_ref()));
        value
    });
    let warnings = plan.warnings.iter().map(|warning| {
        let entry = &analysis.mapping.entries[warning.entry];
        let mut value = json!(tracking_json::entry(suggestions.judged.model, entry));
        put(&mut value, "warning", json!(warning.kind.id()));
        value
    });
    let model = suggestions.judged.model;
    let faults = plan.inconsistencies.iter().map(|fault| json!(fault.to_string()));
    let rows = |rows: &[Row]| -> Value { rows.iter().map(row).collect() };
    Some(object([
        ("name", json!(&*element.name.text)),
        ("model", json!(model.model_of(element))),
        ("own", json!(plan.own)),
        ("maps", json!(suggestions.judged.maps_of(plan.entity))),
        ("needed", plan.needs.iter().map(|n| need(suggestions, analysis, n)).collect()),
        ("removable", removable.collect()),
        ("warnings", warnings.collect()),
        ("fields", plan.fields.iter().map(|f| field(suggestions, f)).collect()),
        ("code", plan.code.iter().map(code).collect()),
        (
            "rows",
            object([
                ("added", rows(&plan.rows.added)),
                ("gone", rows(&plan.rows.gone)),
                ("kept", rows(&plan.rows.kept)),
            ]),
        ),
        ("afterwards", json!(suggestions.afterwards(plan))),
        ("query", json!(suggestions.query(plan))),
        ("inconsistencies", faults.collect()),
    ]))
}

fn need(suggestions: &Suggestions, analysis: &EntityAnalysis, need: &Need) -> Value {
    let teller = suggestions.teller();
    let mut value = json!(tracking_json::needed(teller.catalog(), &need.needed));
    let disabled = need.disabled.map_or(Value::Null, |n| {
        let place = analysis.mapping.disabled[n].place;
        object([("file", json!(suggestions.judged.model.path(place.file))), ("line", json!(place.line))])
    });
    put(&mut value, "code", json!(need.code));
    put(&mut value, "disabled", disabled);
    put(&mut value, "enabled", json!(need.enabled));
    put(&mut value, "obstacle", obstacle(suggestions, need.obstacle.as_ref()));
    value
}

fn obstacle(suggestions: &Suggestions, obstacle: Option<&Obstacle>) -> Value {
    let Some(obstacle) = obstacle else { return Value::Null };
    let kind = match obstacle {
        Obstacle::NotYours { .. } => "not_yours",
        Obstacle::NoOwnModel => "no_own_model",
        Obstacle::Dropped { .. } => "dropped",
        Obstacle::Method { .. } => "method",
    };
    object([("kind", json!(kind)), ("message", json!(suggestions.obstacle(obstacle)))])
}

fn field(suggestions: &Suggestions, field: &FieldPlan) -> Value {
    let step = &field.step;
    object([
        ("element", json!(&*suggestions.teller().element(step.element).name.text)),
        ("kind", json!(if field.form == FieldForm::Entity { "entity" } else { "view" })),
        ("field", json!(&*step.field)),
        ("data_source", json!(&*step.data_source)),
        ("data_field", json!(&*step.data_field)),
        ("extension", json!(field.extension)),
        ("file", json!(field.file)),
        ("new_file", json!(matches!(field.target, Target::New(_)))),
        ("xml", json!(texts::field_xml(field))),
    ])
}

fn code(code: &CodePlan) -> Value {
    object([
        ("form", json!(code.form.id())),
        ("class", json!(code.class)),
        ("file", json!(code.file)),
        ("new_file", json!(code.new_file)),
        ("conditional", json!(code.conditional)),
        ("warnings", json!(texts::cautions(code))),
        ("xpp", json!(texts::xpp(code))),
    ])
}

fn row(row: &Row) -> Value {
    object([
        ("ref_table_name", json!(&*row.table)),
        ("data_source_name", json!(&*row.label)),
        ("ref_table_rec_id_field", json!(row.field.as_deref())),
    ])
}

fn put(value: &mut Value, key: &str, more: Value) {
    if let Value::Object(value) = value {
        value.insert(key.to_owned(), more);
    }
}
