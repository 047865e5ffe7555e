//! F&O filters without the parentheses that the documentation asks for.

use super::filters::{About, at, cut};
use super::{Input, Rule};
use crate::dualwrite::filter::range::FormRule;
use crate::filters::{Fault, syntax_issues};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "filter-parentheses",
    group: Group::Map,
    severity: Severity::Warning,
    confidence: Evidence::Documented,
    number: None,
    summary: "an F&O filter lacks the parentheses that query expressions need",
    finds: "Filters on the F&O side that can be read, but break the rules for expressions in query ranges: the \
        whole expression stands in parentheses, and so does each of its parts; && and || do not stand side by \
        side.",
    why: "The value of a range is an expression only when it starts with a parenthesis; without it, it is taken \
        for a plain value that no record has. A part without parentheses of its own is a known cause of filters \
        that fail.",
    example: "\"sourceFilter\": \"AccountType == AccountType::Customer\"\n\
        \"sourceFilter\": \"((Blocked == 0) && CreditLimit > 1000)\"\n",
    remedy: "Put the whole filter in parentheses, and each comparison too: \
        ((Blocked == 0) && (CreditLimit > 1000)).",
    source: "\"Using expressions in query ranges\", its rules for query range value expressions.",
    url: Some(
        "https://learn.microsoft.com/previous-versions/dynamicsax-2012/developer/using-expressions-in-query-ranges",
    ),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let about = About::new(input, &INFO);
    let issues = input.filters(|maps, _| syntax_issues(maps));
    issues
        .into_iter()
        .filter_map(|issue| {
            let Fault::Form(rule) = issue.fault else { return None };
            let place = (issue.leg, issue.side, issue.span);
            let message = format!("{}: {rule}", at(place.0, place.1, place.2));
            let text = cut(issue.span.text(issue.leg.filter(issue.side)));
            let finding = about.finding(place, message).key(kind(rule)).labelled(rule.to_string());
            let finding = match issue.times {
                1 => finding,
                times => finding.note(format!("{times} parts of the filter are written so.")),
            };
            Some(finding.remedy(format!("Write ({text}).")))
        })
        .collect()
}

/// What tells the findings of one filter from each other.
fn kind(rule: FormRule) -> &'static str {
    match rule {
        FormRule::Whole => "whole",
        FormRule::Part => "part",
        FormRule::Mixed => "mixed",
    }
}
