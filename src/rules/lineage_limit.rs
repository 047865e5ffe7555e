//! Entities that are too large.

use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "lineage-limit",
    group: Group::Model,
    severity: Severity::Note,
    confidence: Evidence::Seen,
    number: None,
    summary: "an entity is too large to be followed to the end",
    finds: "Entities with more than 10,000 table columns behind a field or 100,000 altogether, with paths of \
        more than 64 data sources, or whose XML nests deeper than 512 levels.",
    why: "Fields behind the limit stay open, and nothing of the entity is called removable.",
    example: "Views that read views twice each, ten levels deep: every column is reached in a thousand ways.",
    remedy: "Split the entity, or look at the data sources that multiply its paths: `dualtrack explain NAME` \
        shows them.",
    source: "A limit of this tool, not of Finance and Operations.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input
        .told(&INFO)
        .map(|(finding, _)| {
            finding.labelled("cut here").remedy("Look at the data sources that multiply its paths.")
        })
        .collect()
}
