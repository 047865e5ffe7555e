//! Filters on fields that the entity does not have.

use super::filters::{About, at};
use super::{Input, Rule};
use crate::filters::{FieldIssue, FieldProblem, field_issues};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::text::did_you_mean;
use crate::tracking::Evidence;
use crate::words::shown;

const INFO: RuleInfo = RuleInfo {
    name: "filter-unknown-field",
    group: Group::Map,
    severity: Severity::Error,
    confidence: Evidence::Inferred,
    number: None,
    summary: "an F&O filter names a field that the entity does not have",
    finds: "Names in filters on the F&O side that are no field of the entity: misspelt, left over from another \
        version, a field of one of its data sources, or a text that lacks its quotes.",
    why: "The filter is a condition on the entity as a whole, the SQL view. What the view does not have cannot be \
        asked for, and the filter fails or finds nothing.",
    example: "\"sourceFilter\": \"(CustTable.AccountNum == \\\"US-001\\\")\"\n\
        \"sourceFilter\": \"(CustomerGrup == \\\"10\\\")\"\n",
    remedy: "Name a field of the entity, without a data source before it; add one where the entity shows no such \
        value. Put texts in quotes, and write enum values as EnumName::Value.",
    source: "Dual-write live-sync troubleshooting: the filter is on the entity, not on a data source of it.",
    url: Some(
        "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/dual-write-troubleshooting-live-sync",
    ),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let issues = input.filters(field_issues);
    let about = About::new(input, &INFO);
    issues.iter().filter_map(|issue| finding(input, &about, issue)).collect()
}

fn finding(input: &Input, about: &About, issue: &FieldIssue) -> Option<Finding> {
    let entity = input.teller().name(issue.leg.entity?);
    let name = shown(&issue.name);
    let place = (issue.leg, issue.side, issue.span);
    let at = at(place.0, place.1, place.2);
    let finding = |message: String| about.finding(place, message).key(&issue.name);
    match &issue.problem {
        FieldProblem::Unknown { nearest, as_value } => {
            let near: Vec<String> = nearest.iter().map(|name| shown(name)).collect();
            let message = format!("{at}: {entity} has no field {name}{}", did_you_mean(&near));
            let finding = finding(message).labelled("no such field");
            Some(if *as_value {
                finding.remedy(format!(
                    "If a text is meant, write \"{name}\"; if it is an enum value, write EnumName::{name}."
                ))
            } else {
                finding.remedy(format!("Name a field of {entity}, or add the field to the entity."))
            })
        }
        FieldProblem::OfSource { source, shown_as } => {
            let message = format!(
                "{at}: {}.{name} names a data source, and a filter is asked of {entity} as a whole",
                shown(source)
            );
            let finding =
                finding(message).key(source).labelled("no data source here").founded_on(Evidence::Documented);
            Some(match shown_as {
                Some(field) => finding.remedy(format!("Write {}, which shows it.", shown(field))),
                None => finding.remedy(format!(
                    "{entity} has no field that shows it: add one, and filter on that field."
                )),
            })
        }
        FieldProblem::Unmapped | FieldProblem::Virtual { .. } => None,
    }
}
