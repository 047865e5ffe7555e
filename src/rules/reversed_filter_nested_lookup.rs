//! Dataverse filters on columns behind lookups.

use super::filters::{About, at, cut};
use super::{Input, Rule};
use crate::dualwrite::filter::odata::LimitKind;
use crate::filters::{Side, reversed_limits};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "reversed-filter-nested-lookup",
    group: Group::Map,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "a Dataverse filter asks for a column behind a lookup, which dual-write does not support",
    finds: "Paths such as primarycontactid/fullname in filters on the Dataverse side (reversedSourceFilter).",
    why: "The Web API reads such a filter and answers it, so that it looks right when it is tried. Dual-write does \
        not: only operators directly on columns of the table are supported. Nobody gets a message.",
    example: "\"reversedSourceFilter\": \"primarycontactid/parentcustomerid/name eq 'Contoso'\"\n",
    remedy: "Bring the value into a plain column of the table itself, map it, and filter on it. The id of a \
        lookup is such a column: _primarycontactid_value eq ….",
    source: "\"Customize table and column mappings\": nested lookups are not supported, only operators directly \
        against table columns. Whether a single lookup counts as nested is not said.",
    url: Some(
        "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/customizing-mappings#filter-your-data",
    ),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let about = About::new(input, &INFO);
    let issues = input.filters(|maps, _| reversed_limits(maps));
    issues
        .into_iter()
        .filter_map(|issue| {
            let LimitKind::Lookup { lookups } = issue.kind else { return None };
            let place = (issue.leg, Side::Reversed, issue.span);
            let path = cut(issue.span.text(issue.leg.filter(Side::Reversed)));
            let (what, level) = match lookups {
                1 => ("a column behind a lookup", Severity::Warning),
                _ => ("a column behind nested lookups", Severity::Error),
            };
            let message = format!(
                "{}: {path} is {what}, which dual-write does not support",
                at(place.0, place.1, place.2)
            );
            let finding = about.finding(place, message).key(&path).level(level);
            Some(finding.labelled("not a column of the table").remedy(
                "Filter on a column of the table itself; add one that holds the value, if there is none.",
            ))
        })
        .collect()
}
