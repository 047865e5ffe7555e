//! Data sources that every run-time query joins, and that are tracked for nothing.

use super::facts::HEALTH_CHECK;
use super::{Input, Rule};
use crate::catalog::SourceIx;
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::text::{count, some};
use crate::tracking::{EntityAnalysis, Evidence, Reason, Status};
use crate::words::tagged;
use rayon::prelude::*;

const INFO: RuleInfo = RuleInfo {
    name: "untracked-data-sources",
    group: Group::Health,
    severity: Severity::Note,
    confidence: Evidence::Documented,
    number: Some(1900),
    summary: "data sources of a mapped entity that are not tracked make its run-time query slower",
    finds: "How many of the data sources of a mapped entity are not tracked, each with the reason. Entities \
        that implement getEntityRecordIdsImpactedByTableChange are left out: they look records up themselves.",
    why: "After a change the framework queries the entity for the records that it concerns. Every data source \
        takes part in that query, tracked or not, inside the user's transaction.",
    example: "An entity of twelve data sources, of which a map needs fields of three.",
    remedy: "Remodel the entity without the data sources that nothing needs, or implement \
        getEntityRecordIdsImpactedByTableChange.",
    source: "Table map health check 1900. The documentation gives no number from which on it matters.",
    url: Some(HEALTH_CHECK),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

/// So many data sources are named in a message; all of them on the way.
const NAMED: usize = 5;

fn check(input: &Input) -> Vec<Finding> {
    let asked = input.sending().filter(|e| e.record_lookup.is_none());
    asked.filter_map(|entity| finding(input, entity)).collect()
}

fn finding(input: &Input, entity: &EntityAnalysis) -> Option<Finding> {
    let teller = input.teller();
    let element = input.catalog().element(entity.id);
    let sources = (0..).map(SourceIx).zip(&entity.sources);
    let untracked: Vec<(SourceIx, Option<Reason>)> =
        sources.filter(|(_, v)| v.status == Status::Untracked).map(|(ix, v)| (ix, v.reason)).collect();
    if untracked.len() < input.config.thresholds.untracked_data_sources {
        return None;
    }
    let all = entity.sources.len();
    let names: Vec<String> = untracked.iter().map(|(ix, _)| teller.source_name(entity.id, *ix)).collect();
    let message = format!(
        "{} of {} of {} {} not tracked, and part of every query for changed records: {}",
        untracked.len(),
        count(all, "data source"),
        teller.name(entity.id),
        if untracked.len() == 1 { "is" } else { "are" },
        some(&names, NAMED),
    );
    let mut finding = Finding::new(&INFO, input.subject(entity.id), element.place, message)
        .labelled(format!("{} of {all} not tracked", untracked.len()));
    for (ix, reason) in untracked {
        let source = element.source_at(ix);
        let why = reason.map(|reason| format!(": {}", tagged(reason))).unwrap_or_default();
        finding = finding.hop(format!("{}{why}", teller.source(source)), Some(source.place));
    }
    Some(finding.remedy(
        "Take out data sources that nothing needs, or implement getEntityRecordIdsImpactedByTableChange.",
    ))
}
