//! Ranges that decide which records are sent.

use super::facts::{HEALTH_CHECK, RangeOf};
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;
use rayon::prelude::*;

const INFO: RuleInfo = RuleInfo {
    name: "data-source-range",
    group: Group::Health,
    severity: Severity::Note,
    confidence: Evidence::Documented,
    number: Some(1600),
    summary: "a range of the entity or of a data source: records outside it are not sent",
    finds: "Ranges of a mapped entity and of its data sources, those of its query and of query extensions \
        included. Disabled ranges and ranges without a value are left out.",
    why: "Only records inside the range are picked up. One outside it is never sent, and nobody gets a message.",
    example: "```xml\n\
        <AxQuerySimpleDataSourceRange>\n\
        \x20   <Name>Active</Name>\n\
        \x20   <Field>Status</Field>\n\
        \x20   <Value>Active</Value>\n\
        </AxQuerySimpleDataSourceRange>\n\
        ```",
    remedy: "Check that records outside the range are meant to stay in Finance and Operations; otherwise take \
        the range out and filter in the map.",
    source: "Table map health check 1600, which speaks of data sources; a range of the entity itself works alike.",
    url: Some(HEALTH_CHECK),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let sending = input.sending();
    let ranges =
        sending.flat_map_iter(|entity| input.ranges(entity.id).into_iter().map(|range| (entity.id, range)));
    ranges.map(|(id, range)| finding(input, id, &range)).collect()
}

fn finding(input: &Input, id: crate::catalog::ElementId, range: &RangeOf) -> Finding {
    let teller = input.teller();
    let (entity, condition) = (teller.name(id), range.text());
    let message = match range.source {
        None => format!("only records of {entity} with {condition} are sent"),
        Some(ix) if range.required => {
            format!("only records of {entity} whose {} has {condition} are sent", teller.source_name(id, ix))
        }
        Some(ix) => format!(
            "{} of {entity} is read only where {condition}; elsewhere its fields are empty",
            teller.source_name(id, ix)
        ),
    };
    range
        .in_finding(input, id, Finding::new(&INFO, input.subject(id), range.range.place, message))
        .labelled(format!("range {condition}"))
        .remedy("Check that records outside the range are meant to stay in Finance and Operations.")
}
