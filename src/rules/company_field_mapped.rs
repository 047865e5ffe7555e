//! The company as a field of a map, where it is part of the key already.

use super::facts::{EntityLeg, GUIDANCE, is_company_field};
use super::{Input, Rule};
use crate::catalog::ElementId;
use crate::dualwrite::FieldMapping;
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;
use crate::words::shown;

const INFO: RuleInfo = RuleInfo {
    name: "company-field-mapped",
    group: Group::Health,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: None,
    summary: "the map of a company-specific entity has a row for the company",
    finds: "Rows for the company field (PrimaryCompanyContext, DataAreaId) in maps of entities that are specific \
        to a company.",
    why: "The company of such an entity is part of the key already, and dual-write fills it on its own. The \
        guidance asks not to map it a second time.",
    example: "{ \"sourceField\": \"DATAAREAID\", \"destinationField\": \"msdyn_company.cdm_companycode\" }\n\n\
        and the entity has <PrimaryCompanyContext>DataAreaId</PrimaryCompanyContext>.",
    remedy: "Take the row out of the map.",
    source: "Customization guidance for dual-write: the company field should not be in the mapping of an entity \
        that is specific to a legal entity.",
    url: Some(GUIDANCE),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, legs) in input.mapped() {
        let element = input.catalog().element(id);
        if element.entity.primary_company_context.is_none() {
            continue;
        }
        for leg in &legs {
            let rows = leg.leg.fields.iter().filter(|row| is_company_field(element, &row.source_field));
            findings.extend(rows.map(|row| finding(input, id, leg, row)));
        }
    }
    findings
}

fn finding(input: &Input, id: ElementId, leg: &EntityLeg, row: &FieldMapping) -> Finding {
    let entity = input.teller().name(id);
    let field = shown(&row.source_field);
    let message = format!(
        "map {} has a row for {field}, the company of {entity}, which is part of the key",
        leg.name()
    );
    let context = input.catalog().element(id).entity.primary_company_context.as_ref();
    Finding::new(&INFO, input.subject(id), leg.site(), message)
        .key(leg.map.display_name())
        .key(row.source_field.to_ascii_lowercase())
        .labelled(format!("{field} to {}", shown(&row.destination_field)))
        .hop(format!("PrimaryCompanyContext of {entity}"), context.map(|(_, place)| *place))
        .remedy("Take the row out of the map: dual-write fills the company on its own.")
}
