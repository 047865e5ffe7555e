//! Filters on fields that the database does not have.

use super::filters::{About, at};
use super::{Input, Rule};
use crate::filters::{FieldProblem, field_issues};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;
use crate::words::shown;

const INFO: RuleInfo = RuleInfo {
    name: "filter-virtual-field",
    group: Group::Map,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "an F&O filter asks for a virtual field, which cannot be filtered",
    finds: "Filters on the F&O side that name a virtual field (IsComputedField No), of the entity itself or of a \
        nested entity that shows it.",
    why: "X++ fills a virtual field record by record after the query ran. SQL knows no such column, so that no \
        condition can be put on it.",
    example: "<AxDataEntityViewField i:type=\"AxDataEntityViewUnmappedFieldString\">\n    \
        <Name>StageChangeReason</Name>\n    <IsComputedField>No</IsComputedField>\n\n\
        \"sourceFilter\": \"(StageChangeReason == \\\"\\\")\"\n",
    remedy: "Filter on the fields that it is made from, or make it a computed column.",
    source: "\"Computed columns and virtual fields in data entities\".",
    url: Some(
        "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/data-entity-computed-columns-virtual-fields",
    ),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let about = About::new(input, &INFO);
    let issues = input.filters(field_issues);
    issues
        .into_iter()
        .filter_map(|issue| {
            let FieldProblem::Virtual { of: (entity, field) } = issue.problem else { return None };
            let virtual_field = input.catalog().element(entity).field_at(field);
            let full = input.teller().field(entity, field);
            let place = (issue.leg, issue.side, issue.span);
            let message = format!(
                "{}: {} is virtual, and a virtual field cannot be filtered",
                at(place.0, place.1, place.2),
                shown(&issue.name)
            );
            let finding = about.finding(place, message).key(&issue.name);
            Some(
                finding
                    .labelled("filled by X++ at run time")
                    .hop(format!("virtual field {full}"), Some(virtual_field.place))
                    .remedy(format!(
                        "Make {full} a computed column, or filter on the fields that it is made from."
                    )),
            )
        })
        .collect()
}
