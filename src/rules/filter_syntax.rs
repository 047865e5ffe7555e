//! F&O filters that cannot be read.

use super::filters::{About, at};
use super::{Input, Rule};
use crate::dualwrite::filter::Reason;
use crate::filters::{Fault, Side, syntax_issues};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;
use crate::words::shown;

const INFO: RuleInfo = RuleInfo {
    name: "filter-syntax",
    group: Group::Map,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: Some(900),
    summary: "the F&O filter of a table map is no query expression",
    finds: "Filters on the F&O side of a map (sourceFilter) that are no expression in a query range: a missing \
        parenthesis or quote, an operator of another language, a date that does not exist, a function. The \
        message names the column and what was expected there.",
    why: "Live synchronization asks the filter whether a changed record is to be sent. The table map health check \
        reports a filter that is not valid, but only where the map runs already.",
    example: "\"sourceFilter\": \"(TransactionDate <= 23/06/2021)\"\n\
        \"sourceFilter\": \"((AccountNum == 'X') and (Blocked == 0))\"\n",
    remedy: "Write it as X++ writes conditions: \
        ((AccountType == AccountType::Customer) && (TransactionDate <= 23\\06\\2021)). Comparisons are ==, !=, <, \
        <=, >, >= and like with the wildcards * and ?; values are texts in quotes, numbers, dates, enum values.",
    source: "Table map health check 900; \"Customize table and column mappings\"; \"Using expressions in query \
        ranges\". What counts as an expression is our reading of these pages.",
    url: Some(
        "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/customizing-mappings#filter-your-data",
    ),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let about = About::new(input, &INFO);
    let issues = input.filters(|maps, _| syntax_issues(maps));
    let issues = issues.into_iter().filter(|issue| issue.side == Side::Source);
    issues
        .filter_map(|issue| {
            let Fault::Syntax(error) = &issue.fault else { return None };
            let reason = shown(&error.to_string());
            let place = (issue.leg, issue.side, issue.span);
            let message = format!("{} cannot be read: {reason}", at(place.0, place.1, place.2));
            let finding = about.finding(place, message).labelled(reason);
            Some(finding.founded_on(evidence(&error.reason)).remedy(
                "Correct the filter, and try it in a development environment as a range on the entity: the SQL text \
                 of the query shows what it became.",
            ))
        })
        .collect()
}

/// No page says that these are refused; none says that they work either.
fn evidence(reason: &Reason) -> Evidence {
    match reason {
        Reason::Call { .. } | Reason::BareNot(_) | Reason::Pattern(_) => Evidence::Inferred,
        _ => Evidence::Documented,
    }
}
