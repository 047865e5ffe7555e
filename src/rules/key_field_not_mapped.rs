//! Key fields that a map leaves out.

use super::facts::{EntityLeg, INTEGRATION_KEYS, KeyOrigin, KeyPart};
use super::{Input, Rule};
use crate::catalog::ElementId;
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "key-field-not-mapped",
    group: Group::Health,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "a field of the integration key is not in the map",
    finds: "Fields of the integration key that no row of the map has. Where the map file holds no integration \
        key, the entity's own key stands in, as a warning: both sides want the same key.",
    why: "Dual-write finds the record of the other side by the key. Without all of its fields it finds none, or \
        the wrong one.",
    example: "\"keys\": [ { \"isIntegrationKey\": true, \"fields\": [\"fab_plate\", \"fab_country\"] } ]\n\n\
        and no row has \"destinationField\": \"fab_country\".",
    remedy: "Map the field. The company is not mapped: dual-write adds it on its own.",
    source: "Integration keys: all fields of the key must be included in the map. Customization guidance: key \
        fields of both sides are mapped to each other.",
    url: Some(INTEGRATION_KEYS),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, legs) in input.mapped() {
        for leg in &legs {
            let key = input.leg_key(id, leg).filter(|_| !leg.leg.fields.is_empty());
            let Some(key) = key else { continue };
            let missing = key.parts.iter().filter(|part| part.rows.is_empty());
            findings.extend(missing.map(|part| finding(input, id, leg, key.origin, part)));
        }
    }
    findings
}

fn finding(input: &Input, id: ElementId, leg: &EntityLeg, origin: KeyOrigin, part: &KeyPart) -> Finding {
    let message = format!("map {} has no row for {}", leg.name(), input.key_part(id, origin, part));
    input
        .key_finding(&INFO, id, leg, (origin, part), message)
        .labelled("key field not mapped")
        .remedy("Map it in the directions of the map, or change the integration key.")
}
