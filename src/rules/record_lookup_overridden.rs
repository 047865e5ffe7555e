//! Entities that find the records of a change themselves.

use super::pages::HEALTH_CHECK;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "record-lookup-overridden",
    group: Group::Mapping,
    severity: Severity::Note,
    confidence: Evidence::Documented,
    number: None,
    summary: "X++ of the entity decides which records a change of a table concerns",
    finds: "Entities that have getEntityRecordIdsImpactedByTableChange, themselves or in an extension class.",
    why: "The framework asks this method which records of the entity a changed table row concerns, instead of \
        looking them up by the registered fields. What it leaves out is not sent; the verdicts of this tool say \
        which tables are registered, not what the method returns.",
    example: "```xpp\n\
        public static container getEntityRecordIdsImpactedByTableChange(Common _changed)\n\
        ```",
    remedy: "Nothing, where the method returns every record that a change concerns. Test it for each registered \
        table: `dualtrack explain NAME` lists them.",
    source: "Table map health check 1900 names the method; its signature is not documented.",
    url: Some(HEALTH_CHECK),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let teller = input.teller();
    let entities = input.judged.analysis.entities.iter().filter(|e| e.in_scope);
    let findings = entities.filter_map(|entity| {
        let place = entity.record_lookup?;
        let message = format!("{} finds the records of a change by its own X++", teller.name(entity.id));
        let finding = Finding::new(&INFO, input.subject(entity.id), place, message)
            .labelled("asked instead of the registered fields")
            .remedy("Check that it returns every record that a change of a registered table concerns.");
        Some(finding)
    });
    findings.collect()
}
