//! X++ that changes what an entity sends, and raises no event.

use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity, Subject};
use crate::text::{count, some};
use crate::tracking::Evidence;
use crate::words::shown;
use crate::writes::{BYPASSING_WRITE, Change, Operation, Outcome, Target, Write};

const INFO: RuleInfo = RuleInfo {
    name: BYPASSING_WRITE,
    group: Group::Writes,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "X++ changes what an entity sends, and raises no event",
    finds: "doInsert, doUpdate, doDelete, set-based statements, record lists, SQL, and records marked \
        skipBusinessEvents(true), where their table has a tracked column behind a field that is sent. \
        `dualtrack writes` lists them.",
    why: "The table is tracked, and the change is never sent all the same: these operations pass by the \
        methods that raise business events.",
    example: "```xpp\ncustTable.CreditMax = 0;\ncustTable.doUpdate();\n```",
    remedy: "Call insert(), update() or delete(), record by record, without skipBusinessEvents(true).",
    source: "Dual-write live-sync troubleshooting. Operations that it does not name are marked inferred.",
    url: Some(
        "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/dual-write-troubleshooting-live-sync",
    ),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

/// So many entities and fields are named.
const NAMED: usize = 5;

fn check(input: &Input) -> Vec<Finding> {
    let writes = input.writes.iter().flat_map(|writes| &writes.writes);
    writes.filter_map(|write| finding(input, write)).collect()
}

fn finding(input: &Input, write: &Write) -> Option<Finding> {
    // Remarks decide here, as for every rule.
    let (Outcome::Finding(severity) | Outcome::Allowed { severity, .. }) = write.outcome else { return None };
    let Target::Table { name: table, .. } = &write.target else { return None };
    let teller = input.teller();
    let info = write.operation.info();
    let entities: Vec<String> = write.entities.iter().map(|lost| teller.name(lost.entity)).collect();
    let message = format!(
        "{} of {} raises no event: {}",
        info.written,
        shown(table),
        match entities.as_slice() {
            [] => "only columns are written that trigger nothing".to_owned(),
            names => format!("{} not told", some_are(names)),
        }
    );
    let method = &write.method;
    let mut finding =
        Finding::new(&INFO, Subject::new(method.kind.word(), &*method.element), write.place, message)
            .level(severity)
            .founded_on(info.evidence)
            .labelled(info.written)
            .key(method.part.as_deref().unwrap_or_default())
            .key(&method.name)
            .key(info.id)
            .key(table);
    for lost in &write.entities {
        let fields: Vec<String> =
            lost.fields.iter().map(|f| teller.field_name(lost.entity, f.field)).collect();
        if !fields.is_empty() {
            let entity = teller.name(lost.entity);
            let fields = format!("{}: {}", count(fields.len(), "field"), some(&fields, NAMED));
            finding = finding.note(format!("{entity} may keep old values of {fields}"));
        }
    }
    if let Some(part) = &method.part {
        finding = finding.key(part);
    }
    Some(finding.remedy(remedy(write.operation)))
}

fn some_are(names: &[String]) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", some(names, NAMED))
}

fn remedy(operation: Operation) -> &'static str {
    match operation {
        Operation::SkippedInsert
        | Operation::SkippedUpdate
        | Operation::SkippedDelete
        | Operation::SkippedWrite => "Remove skipBusinessEvents(true).",
        _ => match operation.change() {
            Change::Insert => "Call insert() for each record that must be sent.",
            Change::Update => "Call update() for each record whose change must be sent.",
            Change::Delete => "Call delete() for each record whose end must be sent.",
            Change::Write => "Call insert() or update() for each record that must be sent.",
        },
    }
}
