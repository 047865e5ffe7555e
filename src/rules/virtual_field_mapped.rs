//! Virtual fields that are sent.

use super::{Input, Rule};
use crate::catalog::{Binding, FieldIx};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "virtual-field-mapped",
    group: Group::Tracking,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: Some(1300),
    summary: "a virtual field is mapped: its value is sent, its change is not noticed",
    finds: "Virtual fields (IsComputedField No) that are sent to Dataverse.",
    why: "X++ fills a virtual field when the entity is read. No table column stands behind it, so that no change \
        of what it is made from triggers the entity.",
    example: "<AxDataEntityViewField i:type=\"AxDataEntityViewUnmappedFieldString\">\n    \
        <Name>CreditRating</Name>\n    <IsComputedField>No</IsComputedField>\n",
    remedy: "Turn it into a computed column, if SQL can express it, or map the fields that it is made from.",
    source: "Table map health check 1300; data events, limitations.",
    url: Some(
        "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/table-map-health-check",
    ),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entity in input.judged.analysis.entities.iter().filter(|e| e.in_scope) {
        let fields = (0..).map(FieldIx).zip(&entity.fields).filter(|(_, f)| f.counted);
        for (ix, _) in fields {
            let field = input.catalog().element(entity.id).field_at(ix);
            if !matches!(field.binding, Binding::Virtual { .. }) {
                continue;
            }
            let name = input.teller().field(entity.id, ix);
            let message = format!("{name} is virtual: its value is sent, but no change of it is noticed");
            let finding = Finding::new(&INFO, input.subject(entity.id), field.place, message)
                .key(&*field.name.text)
                .labelled("filled by X++ at run time")
                .remedy("Make it a computed column, or map the fields that it is made from.");
            findings.push(finding);
        }
    }
    findings
}
