//! Tables whose every change evaluates several entities.

use super::facts::HEALTH_CHECK;
use super::{Input, Rule};
use crate::catalog::ElementId;
use crate::finding::{Finding, Group, RuleInfo, Severity, Subject};
use crate::text::{Symbol, count, name_order, some};
use crate::tracking::Evidence;
use crate::words::shown;
use std::collections::BTreeMap;

const INFO: RuleInfo = RuleInfo {
    name: "table-tracked-for-several-entities",
    group: Group::Health,
    severity: Severity::Note,
    confidence: Evidence::Documented,
    number: Some(1700),
    summary: "a table is tracked for several mapped entities: each change evaluates all of them",
    finds: "Tables with predicted rows of BusinessEventsDefinition for more than one mapped entity, by data \
        sources or by mapping entries. Only where maps are given: which maps run is not in the metadata.",
    why: "Each change of the table evaluates every one of these entities inside the user's transaction, \
        whatever the filters of the maps let through later.",
    example: "DirPartyTable is a tracked data source of CustCustomerV3Entity and of VendVendorV2Entity, and \
        both are mapped.",
    remedy: "Often it cannot be avoided. Take out mapping entries that nothing needs (`dualtrack cost` ranks \
        them), fields that need not be mapped, and data sources that serve no mapped field.",
    source: "Table map health check 1700.",
    url: Some(HEALTH_CHECK),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

/// So many entities are named in a message; all of them on the way.
const NAMED: usize = 4;

fn check(input: &Input) -> Vec<Finding> {
    if input.judged.maps.is_none() {
        return Vec::new();
    }
    let least = input.config.thresholds.entities_per_table;
    let shared = tracked_for(input).into_iter().filter(|(_, entities)| entities.len() >= least);
    shared.map(|(table, entities)| finding(input, &table, &entities)).collect()
}

/// Entities by table, each with its number of rows, in the order of names.
fn tracked_for(input: &Input) -> BTreeMap<Symbol, Vec<(Symbol, usize)>> {
    let mut tables: BTreeMap<Symbol, Vec<(Symbol, usize)>> = BTreeMap::new();
    for row in &input.judged.analysis.definitions {
        let entities = tables.entry(row.ref_table_name.clone()).or_default();
        match entities.iter_mut().find(|(entity, _)| *entity == row.ref_entity_name) {
            Some((_, rows)) => *rows += 1,
            None => entities.push((row.ref_entity_name.clone(), 1)),
        }
    }
    for entities in tables.values_mut() {
        entities.sort_by(|a, b| name_order(&a.0, &b.0));
    }
    tables
}

fn finding(input: &Input, table: &str, entities: &[(Symbol, usize)]) -> Finding {
    let catalog = input.catalog();
    let place = catalog.find(table).and_then(|id| catalog.element(id).place);
    let rows = entities.iter().map(|(_, rows)| rows).sum();
    let names: Vec<&str> = entities.iter().map(|(entity, _)| &**entity).collect();
    let message = format!(
        "a change of {} evaluates {} ({}): {}",
        shown(table),
        count(entities.len(), "mapped entity"),
        count(rows, "row"),
        some(&names, NAMED),
    );
    let mut finding = Finding::new(&INFO, Subject::new("table", table), place, message)
        .labelled(format!("tracked for {}", count(entities.len(), "entity")));
    for (entity, rows) in entities {
        let id = catalog.find(entity);
        let text = format!("{}: {}{}", shown(entity), count(*rows, "row"), through(input, id));
        finding = finding.hop(text, id.and_then(|id| catalog.element(id).place));
    }
    finding
        .note("Filters of the maps decide what is sent, after the entities were evaluated.")
        .remedy("See `dualtrack cost --table` for what each row costs, and which can go.")
}

fn through(input: &Input, entity: Option<ElementId>) -> String {
    match entity.map(|id| input.in_maps(id)) {
        Some(maps) if !maps.is_empty() => format!(", {maps}"),
        _ => String::new(),
    }
}
