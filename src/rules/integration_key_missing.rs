//! Dataverse tables without an integration key.

use super::facts::{ERROR_CODES, EntityLeg};
use super::{Input, Rule};
use crate::catalog::ElementId;
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::text::count;
use crate::tracking::Evidence;
use crate::words::shown;

const INFO: RuleInfo = RuleInfo {
    name: "integration-key-missing",
    group: Group::Health,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "none of the keys of a mapped Dataverse table is the integration key",
    finds: "Maps whose file holds keys of the Dataverse table, none of them marked as the integration key, or the \
        marked one without a field.",
    why: "Without it, no record of Dataverse can be found: the map is refused (DIPV1003).",
    example: "\"keys\": [ { \"name\": \"Primary\", \"fields\": [\"fab_vehicleid\"], \"isPrimaryKey\": true } ]",
    remedy: "Define an alternate key on the Dataverse table, and refresh the tables of the map.",
    source: "Error codes for dual-write: DIPV1003.",
    url: Some(ERROR_CODES),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let mapped = input.mapped();
    let legs = mapped.iter().flat_map(|(id, legs)| legs.iter().map(|leg| (*id, leg)));
    legs.filter(|(_, leg)| is_missing(leg)).map(|(id, leg)| finding(input, id, leg)).collect()
}

fn is_missing(leg: &EntityLeg) -> bool {
    let keys = &leg.leg.destination_keys;
    !keys.is_empty() && !keys.iter().any(|key| key.is_integration && !key.fields.is_empty())
}

fn finding(input: &Input, id: ElementId, leg: &EntityLeg) -> Finding {
    let keys = leg.leg.destination_keys.len();
    let table = shown(&leg.leg.destination_schema);
    let message = format!("{table} of map {} has no integration key (DIPV1003)", leg.name());
    Finding::new(&INFO, input.subject(id), leg.site(), message)
        .key(leg.map.display_name())
        .labelled(format!("{}, no integration key", count(keys, "key")))
        .remedy(format!("Define an alternate key on {table}, and choose Refresh tables in the map."))
}
