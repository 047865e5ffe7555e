//! Key fields that travel one way in a map that goes both ways.

use super::facts::{ERROR_CODES, EntityLeg, KeyOrigin, KeyPart};
use super::{Input, Rule};
use crate::catalog::ElementId;
use crate::dualwrite::{Direction, FieldMapping};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;
use crate::words::shown;

const INFO: RuleInfo = RuleInfo {
    name: "key-field-one-way",
    group: Group::Health,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "a field of the integration key goes one way only, while other fields go both ways",
    finds: "Maps with a field that goes both ways (syncDirection 3) and a field of the integration key that does \
        not. Where the map file holds no integration key, the entity's own key stands in, as a warning.",
    why: "A map that goes both ways must find a given record on either side, and it does so by the key. Such a map \
        is refused (DIPV1004).",
    example: "{ \"sourceField\": \"PLATEID\", \"destinationField\": \"fab_plate\", \"syncDirection\": 1 },\n\
        { \"sourceField\": \"COLOR\", \"destinationField\": \"fab_color\", \"syncDirection\": 3 }\n\n\
        and PLATEID is the key.",
    remedy: "Give every field of the integration key syncDirection 3.",
    source: "Error codes for dual-write: DIPV1004. Integration keys: if any field is mapped both ways, all key \
        fields must be.",
    url: Some(ERROR_CODES),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, legs) in input.mapped() {
        for leg in &legs {
            let Some(both) = leg.leg.fields.iter().find(|row| row.direction == Direction::Both) else {
                continue;
            };
            let Some(key) = input.leg_key(id, leg) else { continue };
            let one_way = key.parts.iter().filter(|part| !part.rows.is_empty() && !goes_both_ways(part));
            findings.extend(one_way.map(|part| finding(input, id, leg, (key.origin, part), both)));
        }
    }
    findings
}

/// One row in each direction does as well as one row in both.
fn goes_both_ways(part: &KeyPart) -> bool {
    let any = |goes: fn(Direction) -> bool| part.rows.iter().any(|row| goes(row.direction));
    any(Direction::is_outbound) && any(Direction::is_inbound)
}

fn finding(
    input: &Input,
    id: ElementId,
    leg: &EntityLeg,
    (origin, part): (KeyOrigin, &KeyPart),
    both: &FieldMapping,
) -> Finding {
    let way = match part.rows.first().map(|row| row.direction) {
        Some(Direction::ToDataverse) => "to Dataverse only",
        Some(Direction::FromDataverse) => "from Dataverse only",
        _ => "in no direction",
    };
    let message = format!(
        "map {} sends {} {way}, while {} goes both ways (DIPV1004)",
        leg.name(),
        input.key_part(id, origin, part),
        shown(&both.source_field),
    );
    input
        .key_finding(&INFO, id, leg, (origin, part), message)
        .labelled(way)
        .remedy("Give the row of the key field syncDirection 3, or make the whole map one-way.")
}
