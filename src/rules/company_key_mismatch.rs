//! A company-specific entity mapped to a shared table, and the other way round.

use super::facts::{ERROR_CODES, EntityLeg, is_company_column};
use super::{Input, Rule};
use crate::catalog::ElementId;
use crate::dualwrite::MapKey;
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::text::some;
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "company-key-mismatch",
    group: Group::Health,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "one side of a map is specific to a company, the other is not",
    finds: "Maps whose file holds the integration key of the Dataverse table, where that key has a company and \
        the entity has no PrimaryCompanyContext, or the other way round.",
    why: "Dual-write maps company-specific to company-specific and shared to shared; anything else is refused \
        (DIPV1002).",
    example: "<PrimaryCompanyContext>DataAreaId</PrimaryCompanyContext>\n\nand\n\n\
        \"keys\": [ { \"isIntegrationKey\": true, \"fields\": [\"fab_plate\"] } ]",
    remedy: "Add the company lookup to the alternate key of the Dataverse table, or use an entity of the same kind.",
    source: "Error codes for dual-write: DIPV1002. Customization guidance: the table of a company-specific entity \
        has a company lookup among its key columns.",
    url: Some(ERROR_CODES),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

/// So many columns are named in a message.
const NAMED: usize = 6;

fn check(input: &Input) -> Vec<Finding> {
    let mapped = input.mapped();
    let complete = mapped.iter().filter(|(id, _)| !input.catalog().element(*id).is_partial());
    let legs = complete.flat_map(|(id, legs)| legs.iter().map(|leg| (*id, leg)));
    legs.filter_map(|(id, leg)| finding(input, id, leg)).collect()
}

fn finding(input: &Input, id: ElementId, leg: &EntityLeg) -> Option<Finding> {
    let key = leg.leg.destination_keys.iter().find(|key| key.is_integration && !key.fields.is_empty())?;
    let element = input.catalog().element(id);
    let context = element.entity.primary_company_context.as_ref();
    let of_table = key.fields.iter().any(|column| is_company_column(column));
    let entity = input.teller().name(id);
    let message = match (context, of_table) {
        (Some(_), false) => {
            format!("{entity} is specific to a company; the key of {} has none (DIPV1002)", table(leg))
        }
        (None, true) => {
            format!("{entity} is shared by all companies; the key of {} has a company (DIPV1002)", table(leg))
        }
        _ => return None,
    };
    let place = context.map(|(_, place)| *place).or(element.place);
    let finding = Finding::new(&INFO, input.subject(id), leg.site(), message)
        .key(leg.map.display_name())
        .labelled(columns(key))
        .hop(format!("PrimaryCompanyContext of {entity}"), place);
    Some(if context.is_some() {
        finding.remedy(
            "Add the company lookup to the alternate key of the Dataverse table, and refresh the key.",
        )
    } else {
        finding.remedy(
            "Set PrimaryCompanyContext on the entity, or map it to a table without a company in its key.",
        )
    })
}

fn table(leg: &EntityLeg) -> String {
    crate::words::shown(&leg.leg.destination_schema)
}

fn columns(key: &MapKey) -> String {
    format!("integration key: {}", some(&key.fields, NAMED))
}
