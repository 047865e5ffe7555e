//! Table maps that send nothing.

use super::facts::{EntityLeg, HEALTH_CHECK};
use super::{Input, Rule};
use crate::catalog::ElementId;
use crate::dualwrite::Direction;
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::text::count;
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "no-outbound-field",
    group: Group::Health,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: Some(500),
    summary: "a table map sends no field from Finance and Operations to Dataverse",
    finds: "Table maps whose field rows all go from Dataverse to Finance and Operations (syncDirection 2), or \
        that have no row with a direction.",
    why: "Such a map has no project configuration for live synchronization and registers no table: nothing that \
        changes in Finance and Operations is ever sent. Table map health check 400 reports the same cause.",
    example: "{ \"sourceSchema\": \"Fleet depots\", \"fieldMappings\": [\n    \
        { \"sourceField\": \"DEPOTID\", \"syncDirection\": 2 },\n    \
        { \"sourceField\": \"DEPOTNAME\", \"syncDirection\": 2 } ] }",
    remedy: "Give the fields that Finance and Operations owns direction 1 or 3, if the map is meant to send.",
    source: "Table map health check 500, and the older text of 400.",
    url: Some(HEALTH_CHECK),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let mapped = input.mapped();
    let legs = mapped.iter().flat_map(|(id, legs)| legs.iter().map(|leg| (*id, leg)));
    legs.filter(|(_, leg)| !leg.sends()).map(|(id, leg)| finding(input, id, leg)).collect()
}

fn finding(input: &Input, id: ElementId, leg: &EntityLeg) -> Finding {
    let entity = input.teller().name(id);
    let rows = &leg.leg.fields;
    let unknown = rows.iter().filter(|row| row.direction == Direction::Unknown).count();
    let label = match (rows.len() - unknown, unknown) {
        (0, 0) => "no field row".to_owned(),
        (inbound, 0) => format!("{} from Dataverse only", count(inbound, "row")),
        (0, unknown) => format!("{} without a direction", count(unknown, "row")),
        (inbound, unknown) => {
            format!("{} from Dataverse only, {unknown} without a direction", count(inbound, "row"))
        }
    };
    let message = format!("map {} sends no field of {entity} to Dataverse: it has {label}", leg.name());
    Finding::new(&INFO, input.subject(id), leg.site(), message)
        .key(leg.map.display_name())
        .labelled(label)
        .hop(format!("entity {entity}"), input.catalog().element(id).place)
        .note("A map that is meant to bring data in only needs no change.")
        .remedy("Give the fields that Finance and Operations owns syncDirection 1 or 3, and restart the map.")
}
