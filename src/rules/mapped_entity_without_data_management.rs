//! Mapped entities that dual-write does not list.

use super::facts::GUIDANCE;
use super::{Input, Rule};
use crate::catalog::ElementId;
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "mapped-entity-without-data-management",
    group: Group::Health,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "a mapped entity is not enabled for data management, so that dual-write does not offer it",
    finds: "Entities that a map names and that have no DataManagementEnabled Yes.",
    why: "Such an entity is not in the list from which maps are made.",
    example: "<DataManagementEnabled>No</DataManagementEnabled>",
    remedy: "Set DataManagementEnabled to Yes, with a staging table.",
    source: "Customization guidance for dual-write: the entity is enabled for data management and public.",
    url: Some(GUIDANCE),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let mapped = input.mapped().into_iter().map(|(id, _)| id);
    let disabled = mapped.filter(|id| {
        let element = input.catalog().element(*id);
        !element.is_partial() && !element.entity.data_management_enabled
    });
    disabled.map(|id| finding(input, id)).collect()
}

fn finding(input: &Input, id: ElementId) -> Finding {
    let message = format!("{} is mapped, but not enabled for data management", input.teller().name(id));
    Finding::new(&INFO, input.subject(id), input.catalog().element(id).place, message)
        .shown_by(&["DataManagementEnabled"])
        .labelled("no DataManagementEnabled Yes")
        .note(format!("Mapped by {}.", input.in_maps(id)))
        .remedy("Set DataManagementEnabled to Yes, and give the entity a staging table.")
}
