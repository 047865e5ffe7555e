//! Joins that decide which records are sent.

use super::facts::{Exclusion, HEALTH_CHECK, Left};
use super::{Input, Rule};
use crate::catalog::{ElementId, Range};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;
use crate::words::{shown, shown_value};
use rayon::prelude::*;

const INFO: RuleInfo = RuleInfo {
    name: "inner-join-drops-records",
    group: Group::Health,
    severity: Severity::Note,
    confidence: Evidence::Documented,
    number: Some(1000),
    summary: "a join or a nested range leaves records out of the entity, and so out of what is sent",
    finds: "Inner joins whose match can be missing, exists and not-exists joins, and ranges inside nested views \
        and entities: conditions that each record must meet. An inner join is left out where its join columns \
        refer to the joined record and are mandatory.",
    why: "A record that the entity's query does not return is not sent, neither when it is created nor when it \
        changes. Nobody gets a message; it looks as if dual-write had missed it.",
    example: "```xml\n\
        <AxQuerySimpleEmbeddedDataSource>\n\
        \x20   <Name>CustGroup</Name>\n\
        \x20   <Table>CustGroup</Table>\n\
        \x20   <JoinMode>InnerJoin</JoinMode>\n\
        ```\n\
        \n\
        and FleetCar.CustGroup is not mandatory.",
    remedy: "Use OuterJoin where records without a match are to be sent, or make the join column mandatory.",
    source: "Table map health check 1000 prints the query and asks for a look at its inner joins and filters. \
        Which of them can leave a record out is concluded from relations and Mandatory.",
    url: Some(HEALTH_CHECK),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    input.sending().flat_map_iter(|entity| of_entity(input, entity.id)).collect()
}

/// Ranges of the entity and of its own data sources have numbers of their own.
fn of_entity(input: &Input, id: ElementId) -> Vec<Finding> {
    let exclusions = input.exclusions(id).into_iter();
    let is_range = |f: &Exclusion| matches!(f.left, Left::SourceRange(_) | Left::EntityRange(_));
    exclusions.filter(|f| !(f.is_own() && is_range(f))).map(|f| finding(input, id, &f)).collect()
}

fn finding(input: &Input, id: ElementId, exclusion: &Exclusion) -> Finding {
    let teller = input.teller();
    let catalog = input.catalog();
    let entity = teller.name(id);
    let last = exclusion.path.last().map(|(owner, ix)| (*owner, catalog.element(*owner).source_at(*ix)));
    let source = last.map(|(_, source)| shown(&source.name.text)).unwrap_or_default();
    let inside = match last {
        Some((owner, _)) if owner != id => format!(" of nested {}", teller.name(owner)),
        _ => String::new(),
    };
    let range = |range: &Range| format!("{} = {}", shown(&range.field.text), shown_value(&range.value));
    let (message, label) = match &exclusion.left {
        Left::Inner(why) => (
            format!("{entity} leaves out records without a match in {source}{inside}: {why}"),
            "inner join".to_owned(),
        ),
        Left::Exists => (
            format!("{entity} leaves out records for which {source}{inside} has no record"),
            "exists join".to_owned(),
        ),
        Left::NotExists => (
            format!("{entity} leaves out records for which {source}{inside} has a record"),
            "not-exists join".to_owned(),
        ),
        Left::SourceRange(r) => (
            format!("{entity} leaves out records that a range of {source}{inside} does not let through"),
            format!("range {}", range(r)),
        ),
        Left::EntityRange(r) => (
            format!("{entity} leaves out records that a range of nested {source} does not let through"),
            format!("range {}", range(r)),
        ),
    };
    let mut finding = Finding::new(&INFO, input.subject(id), exclusion.place, message)
        .labelled(label)
        .shown_by(&["Table", "JoinMode", "Field", "Value"]);
    finding = finding.hop(format!("entity {entity}"), catalog.element(id).place);
    for (owner, ix) in &exclusion.path {
        let source = catalog.element(*owner).source_at(*ix);
        finding = finding.key(&*source.name.text).hop(teller.source(source), Some(source.place));
    }
    match &exclusion.left {
        Left::Inner(_) => finding.remedy(
            "If records without a match are to be sent, set JoinMode to OuterJoin, or make the join column mandatory.",
        ),
        Left::Exists | Left::NotExists => {
            finding.remedy("Check that the records which it leaves out are meant to stay in Finance and Operations.")
        }
        Left::SourceRange(r) | Left::EntityRange(r) => finding
            .key(&*r.field.text)
            .remedy("Check that records outside the range are meant to stay in Finance and Operations."),
    }
}
