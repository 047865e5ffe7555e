//! Versions in the configuration that no table map has.

use super::{Input, Rule};
use crate::config::Origin;
use crate::finding::{Finding, Group, Outside, RuleInfo, Severity};
use crate::problem::Problem;
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "unknown-map-version",
    group: Group::Settings,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "the configuration asks for a version of a table map that is not loaded",
    finds: "Lines under [map-version] in dualtrack.toml whose table map or version is not among the maps.",
    why: "The highest version counts instead, which need not be the one that runs.",
    example: "```toml\n\
        [map-version]\n\
        '[accounts - Customers V3]' = '1.0.0.9'\n\
        ```",
    remedy: "Correct the line, or add the map of that version.",
    source: "A table map has one row for each saved version, and the highest need not be the running one, as \
        public tools show it.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input.told(&INFO).map(|told| finding(input, told)).collect()
}

fn finding(input: &Input, (mut finding, problem): (Finding, &Problem)) -> Finding {
    let key = format!("map-version.{}", problem.fact("map").unwrap_or_default());
    if let Origin::File { line } = input.config.origin(&key) {
        finding.site = Outside::at(input.config.file_name(), line, None).into();
    }
    finding.labelled("not loaded").remedy("Correct the line, or add the map of that version.")
}
