//! Data sources about which X++ decides in a way that cannot be read.

use super::{Input, Rule};
use crate::catalog::SourceIx;
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::text::{count, some};
use crate::tracking::{EntityAnalysis, Evidence, Reason, Status};

const INFO: RuleInfo = RuleInfo {
    name: "skip-method-undecidable",
    group: Group::Mapping,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "dualWriteShouldSkipDataSource decides about data sources in a way that cannot be read",
    finds: "Entities whose dualWriteShouldSkipDataSource is more than comparisons of the data source's name or \
        table with constants, so that nobody can say from the metadata which data sources it switches off.",
    why: "Whether changes of these tables are sent stays open, and so does every verdict that hangs on them.",
    example: "```xpp\n\
        public static boolean dualWriteShouldSkipDataSource(DictDataEntity _entity, str _name, tableId _table, Map _fields, boolean _mapped)\n\
        {\n\
        \x20   return MySetup::find().Skip == NoYes::Yes;\n\
        }\n\
        ```",
    remedy: "Compare name or table with constants and return true, false or !atLeastOneFieldMapped; or look \
        the rows up in BusinessEventsDefinition and allow the finding.",
    source: "The method is not documented; a public copy of CustCustomerV3Entity shows its form.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

/// So many data sources are named.
const NAMED: usize = 8;

fn check(input: &Input) -> Vec<Finding> {
    let entities = input.judged.analysis.entities.iter().filter(|e| e.in_scope);
    entities.filter_map(|entity| finding(input, entity)).collect()
}

fn finding(input: &Input, entity: &EntityAnalysis) -> Option<Finding> {
    let element = input.catalog().element(entity.id);
    let undecided = (0..).map(SourceIx).zip(&entity.sources).filter(|(_, verdict)| {
        (verdict.status, verdict.reason) == (Status::Undecidable, Some(Reason::SkipMethod))
    });
    let names: Vec<&str> = undecided.map(|(ix, _)| &*element.source_at(ix).name.text).collect();
    if names.is_empty() {
        return None;
    }
    let teller = input.teller();
    let place = teller.skip_method(entity.id).or(element.place);
    let message = format!(
        "dualWriteShouldSkipDataSource of {} cannot be read: {} may or may not be tracked",
        teller.name(entity.id),
        count(names.len(), "data source")
    );
    let finding = Finding::new(&INFO, input.subject(entity.id), place, message)
        .labelled("not a chain of comparisons with constants")
        .note(format!("Open: {}", some(&names, NAMED)))
        .remedy(
            "Compare the name or the table with constants, and return true, false or !atLeastOneFieldMapped.",
        );
    Some(finding)
}
