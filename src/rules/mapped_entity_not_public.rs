//! Mapped entities that dual-write cannot reach.

use super::facts::GUIDANCE;
use super::{Input, Rule};
use crate::catalog::ElementId;
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "mapped-entity-not-public",
    group: Group::Health,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "a mapped entity is not public, so that dual-write cannot use it",
    finds: "Entities that a map names and that have no IsPublic Yes.",
    why: "Dual-write reads and writes through OData. An entity that is not public has no endpoint there.",
    example: "<IsPublic>No</IsPublic>",
    remedy: "Set IsPublic to Yes, with PublicEntityName and PublicCollectionName.",
    source: "Customization guidance for dual-write: the entity is enabled for data management and public.",
    url: Some(GUIDANCE),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let mapped = input.mapped().into_iter().map(|(id, _)| id);
    let hidden = mapped.filter(|id| {
        let element = input.catalog().element(*id);
        !element.is_partial() && !element.entity.is_public
    });
    hidden.map(|id| finding(input, id)).collect()
}

fn finding(input: &Input, id: ElementId) -> Finding {
    let message = format!("{} is mapped, but not public", input.teller().name(id));
    Finding::new(&INFO, input.subject(id), input.catalog().element(id).place, message)
        .shown_by(&["IsPublic"])
        .labelled("no IsPublic Yes")
        .note(format!("Mapped by {}.", input.in_maps(id)))
        .remedy("Set IsPublic to Yes, and give the entity PublicEntityName and PublicCollectionName.")
}
