//! Dataverse filters that cannot be read.

use super::filters::{About, at};
use super::{Input, Rule};
use crate::filters::{Fault, Side, syntax_issues};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;
use crate::words::shown;

const INFO: RuleInfo = RuleInfo {
    name: "reversed-filter-syntax",
    group: Group::Map,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "the Dataverse filter of a table map is no OData expression",
    finds: "Filters on the Dataverse side of a map (reversedSourceFilter) that are no $filter of the Web API: \
        operators of X++, double quotes, a missing quote or parenthesis, a date that does not exist. The message \
        names the column and what was expected there.",
    why: "Rows that change in Dataverse are checked against the filter before they are sent. What cannot be read \
        selects none of them.",
    example: "\"reversedSourceFilter\": \"customertypecode == 3\"\n\
        \"reversedSourceFilter\": \"name eq \\\"Contoso\\\"\"\n",
    remedy: "Write comparisons with eq, ne, gt, ge, lt and le, join them with and, or and not, and put texts in \
        single quotes: customertypecode eq 3 and name ne 'Contoso'. Try it in the browser as \
        …/api/data/v9.2/accounts?$filter=….",
    source: "\"Customize table and column mappings\", supported query operators; \"Filter rows using OData\".",
    url: Some("https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/filter-rows"),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let about = About::new(input, &INFO);
    let issues = input.filters(|maps, _| syntax_issues(maps));
    let issues = issues.into_iter().filter(|issue| issue.side == Side::Reversed);
    issues
        .filter_map(|issue| {
            let Fault::Syntax(error) = &issue.fault else { return None };
            let reason = shown(&error.to_string());
            let place = (issue.leg, issue.side, issue.span);
            let message = format!("{} cannot be read: {reason}", at(place.0, place.1, place.2));
            let finding = about.finding(place, message).labelled(reason);
            Some(finding.remedy("Correct the filter, and try it with the Web API of Dataverse."))
        })
        .collect()
}
