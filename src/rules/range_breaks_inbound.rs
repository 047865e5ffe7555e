//! Ranges that turn updates from Dataverse into inserts.

use super::facts::{HEALTH_CHECK, RangeOf};
use super::{Input, Rule};
use crate::catalog::ElementId;
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "range-breaks-inbound",
    group: Group::Health,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: Some(1800),
    summary: "an update from Dataverse of a record outside a range becomes an insert, and fails",
    finds: "Ranges of an entity, and of the data sources whose record each of its records needs, where a map \
        brings data from Dataverse to the entity. Without maps, entities that are not read-only are looked at.",
    why: "A record outside the range is not found through the entity, so that an update from Dataverse is \
        taken as an insert. Where the table has the record, the insert fails, and with it the user's save.",
    example: "<AxDataEntityViewRange>\n    <Name>Active</Name>\n    <Field>Status</Field>\n    \
        <Value>Active</Value>\n</AxDataEntityViewRange>\n\nand a field of the entity has syncDirection 3.",
    remedy: "Test an update from Dataverse on a record outside the range. Move the condition to the filters of \
        the map, or map the entity from Finance and Operations to Dataverse only.",
    source: "Table map health check 1800.",
    url: Some(HEALTH_CHECK),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let entities = input.judged.analysis.entities.iter().filter(|e| e.in_scope).map(|e| e.id);
    let inbound = entities.filter(|id| input.is_inbound(*id));
    let ranges = inbound.flat_map(|id| input.ranges(id).into_iter().map(move |range| (id, range)));
    ranges.filter(|(_, range)| range.required).map(|(id, range)| finding(input, id, &range)).collect()
}

fn finding(input: &Input, id: ElementId, range: &RangeOf) -> Finding {
    let teller = input.teller();
    let (entity, condition) = (teller.name(id), range.text());
    let whose = range.source.map(|ix| format!(" of {}", teller.source_name(id, ix))).unwrap_or_default();
    let message = format!(
        "an update from Dataverse of a record outside the range{whose} ({condition}) is taken as an insert into {entity}"
    );
    range
        .in_finding(input, id, Finding::new(&INFO, input.subject(id), range.range.place, message))
        .labelled(format!("range {condition}"))
        .remedy("Test an update from Dataverse on a record outside the range before the map goes live.")
        .remedy("Put the condition into the filters of the map, on both sides, instead of the entity.")
}
