//! Dataverse filters that the Web API knows and dual-write does not.

use super::filters::{About, at, cut};
use super::{Input, Rule};
use crate::dualwrite::filter::odata::LimitKind;
use crate::filters::{Side, reversed_limits};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "reversed-filter-unsupported",
    group: Group::Map,
    severity: Severity::Warning,
    confidence: Evidence::Inferred,
    number: None,
    summary: "a Dataverse filter uses a function or operator that dual-write does not list as supported",
    finds: "Functions (contains, startswith, Microsoft.Dynamics.CRM.…), any and all over the rows of other tables, \
        and the operator in, in filters on the Dataverse side (reversedSourceFilter).",
    why: "Dual-write lists comparison, logical and grouping operators as supported, and says that contains is not. \
        A filter that works in the Web API can still be ignored or fail when rows are sent.",
    example: "\"reversedSourceFilter\": \"contains(name, 'Ltd')\"\n\
        \"reversedSourceFilter\": \"statuscode in (1, 2)\"\n",
    remedy: "Write it with eq, ne, gt, ge, lt, le, and, or and not: statuscode eq 1 or statuscode eq 2. Names that \
        start with A are name ge 'A' and name lt 'B'.",
    source: "\"Customize table and column mappings\", supported query operators. Older versions of that page had \
        startswith and contains as examples.",
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
            let place = (issue.leg, Side::Reversed, issue.span);
            let at = at(place.0, place.1, place.2);
            let (message, evidence, remedy) = match &issue.kind {
                LimitKind::Lookup { .. } => return None,
                LimitKind::Contains => (
                    format!("{at}: dual-write does not support contains"),
                    Evidence::Documented,
                    "Compare the column with eq, ne, gt, ge, lt or le.",
                ),
                LimitKind::Function(name) => (
                    format!("{at}: the function {} is not among the supported operators", cut(name)),
                    Evidence::Inferred,
                    "Compare the column with eq, ne, gt, ge, lt or le.",
                ),
                LimitKind::Collection => (
                    format!(
                        "{at}: conditions on the rows of another table are not among the supported operators"
                    ),
                    Evidence::Inferred,
                    "Filter on a column of the table itself.",
                ),
                LimitKind::In => (
                    format!("{at}: the operator in is not among the supported operators"),
                    Evidence::Inferred,
                    "Write one comparison for each value, with or between them.",
                ),
            };
            let part = cut(issue.span.text(issue.leg.filter(Side::Reversed)));
            let finding = about.finding(place, message).key(&part).founded_on(evidence);
            Some(finding.labelled("not supported").remedy(remedy))
        })
        .collect()
}
