//! Filters on what the map does not have.

use super::filters::{About, at};
use super::{Input, Rule};
use crate::filters::{FieldProblem, Side, field_issues};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;
use crate::words::shown;

const INFO: RuleInfo = RuleInfo {
    name: "filter-unmapped-field",
    group: Group::Map,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: None,
    summary: "a filter asks for a field that the map does not have",
    finds: "Fields in filters, on either side, that no row of the same map names. Rows of any direction count, \
        rows that only set a default too.",
    why: "Filters should only be applied on fields that are in the map. A change of any other field triggers \
        nothing, so that a record that begins to fit the filter is not sent before something else changes.",
    example: "\"sourceFilter\": \"(Blocked == 0)\" in a map without a row whose sourceField is BLOCKED\n",
    remedy: "Map the field, or filter on one that is mapped.",
    source: "\"Customization guidance for dual-write\", filter guidance for maps.",
    url: Some(
        "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/custom-best-practices#filter-guidance-for-maps",
    ),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let about = About::new(input, &INFO);
    let issues = input.filters(field_issues);
    let unmapped = issues.into_iter().filter(|issue| issue.problem == FieldProblem::Unmapped);
    unmapped
        .map(|issue| {
            let name = shown(&issue.name);
            let place = (issue.leg, issue.side, issue.span);
            let what = if issue.side == Side::Source { "field" } else { "column" };
            let message = format!("{}: no row of the map has the {what} {name}", at(place.0, place.1, place.2));
            let finding = about.finding(place, message).key(issue.side.key()).key(&issue.name);
            let finding = finding.labelled("not in the map");
            let finding = finding.remedy(format!("Map {name}, or filter on a {what} that is mapped."));
            if issue.side == Side::Source && issue.name.eq_ignore_ascii_case("DataAreaId") {
                finding.note("A map cannot be made for some companies only: those are chosen when the environments are linked.")
            } else {
                finding
            }
        })
        .collect()
}
