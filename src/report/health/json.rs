//! `dualtrack health --json`: every check of every entity, and every finding, for other tools.

use super::View;
use crate::dualwrite::TableMap;
use crate::finding::Fate;
use crate::health::{By, CHECKS, Check, EntityHealth, State};
use crate::report::findings::json::finding;
use crate::report::findings::source::Sources;
use crate::report::json::{object, place, write_pretty};
use crate::report::rules::json::brief as rule;
use crate::rules::RULES;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Name and version of the format.
pub const SCHEMA: &str = "dualtrack/health/1";

/// Writes the document; nothing is ever cut.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let sources = Sources::new(view.judged, view.config);
    let used = used(view);
    let findings =
        used.iter().map(|index| finding(&view.health.allowances, &sources, &view.health.findings[*index]));
    let rules = RULES.iter().filter(|r| CHECKS.iter().any(|check| check.is_answered_by(r.info)));
    let document = object([
        ("schema", json!(SCHEMA)),
        ("assumed_mapped", json!(view.judged.scope.assumed)),
        ("policy", Value::Object(view.judged.policy.to_json())),
        ("checks", CHECKS.iter().map(check).collect()),
        ("rules", rules.map(|r| rule(r.info)).collect()),
        ("entities", view.health.entities.iter().map(|e| entity(view, e, &used)).collect()),
        ("maps_without_entity", view.health.unmatched.iter().filter_map(|leg| mapped(view, *leg)).collect()),
        ("findings", findings.collect()),
    ]);
    write_pretty(&document, out)
}

/// The findings of the entities that are written: those of others are left out.
fn used(view: &View) -> Vec<usize> {
    let states = view.health.entities.iter().flat_map(|entity| &entity.states);
    let found = states.filter_map(|state| match state {
        State::Found(indices) => Some(indices),
        _ => None,
    });
    let mut used: Vec<usize> = found.flatten().copied().collect();
    used.sort_unstable();
    used.dedup();
    used
}

fn check(check: &Check) -> Value {
    let rules = RULES.iter().filter(|rule| check.is_answered_by(rule.info)).map(|rule| rule.info.name);
    let reason = match check.by {
        By::NotInFiles(why) => Some(why),
        By::Number(_) | By::Rule(_) | By::Rules(_) => None,
    };
    object([
        ("check", json!(check.id)),
        ("official", json!(check.is_official())),
        ("says", json!(check.says)),
        ("rules", rules.collect()),
        ("not_in_files", json!(reason)),
    ])
}

fn entity(view: &View, health: &EntityHealth, used: &[usize]) -> Value {
    let model = view.judged.model;
    let element = model.catalog.element(health.id);
    let (file, line) = place(model, element.place);
    let states = CHECKS.iter().zip(&health.states).map(|(check, state)| answer(view, check, state, used));
    object([
        ("entity", json!(&*element.name.text)),
        ("model", json!(model.model_of(element))),
        ("own", json!(model.is_own(view.config, health.id))),
        ("partial", json!(element.is_partial())),
        ("file", json!(file)),
        ("line", json!(line)),
        ("maps", health.legs.iter().filter_map(|leg| mapped(view, *leg)).collect()),
        ("checks", states.collect()),
    ])
}

fn answer(view: &View, check: &Check, state: &State, used: &[usize]) -> Value {
    let reason = match state {
        State::Open(why) => Some(why.as_str()),
        State::NotInFiles(why) => Some(*why),
        State::Ok | State::Found(_) => None,
    };
    let indices = match state {
        State::Found(indices) => indices.as_slice(),
        _ => &[],
    };
    let is_allowed = |index: &&usize| matches!(view.health.findings[**index].fate, Fate::Allowed(_));
    let position = |index: &usize| used.binary_search(index).ok();
    object([
        ("check", json!(check.id)),
        ("state", json!(state.id())),
        ("reason", json!(reason)),
        ("findings", indices.iter().filter_map(position).map(|index| json!(index)).collect()),
        ("allowed", json!(indices.iter().filter(is_allowed).count())),
    ])
}

fn mapped(view: &View, (map, leg): (usize, usize)) -> Option<Value> {
    let map: &TableMap = view.judged.maps.as_ref()?.maps.get(map)?;
    let leg = map.legs.get(leg)?;
    Some(object([
        ("map", json!(map.display_name())),
        ("version", json!(map.version)),
        ("file", json!(map.file.path)),
        ("source_schema", json!(leg.source_schema)),
        ("destination_schema", json!(leg.destination_schema)),
    ]))
}
