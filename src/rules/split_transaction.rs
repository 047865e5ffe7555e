//! Changes of one entity record in several transactions.

use super::{Input, Rule};
use crate::catalog::ElementId;
use crate::finding::{Finding, Group, RuleInfo, Severity, Subject};
use crate::text::some;
use crate::tracking::Evidence;
use crate::writes::{SPLIT_TRANSACTION, Transaction, TransactionKind};
use std::collections::BTreeSet;

const INFO: RuleInfo = RuleInfo {
    name: SPLIT_TRANSACTION,
    group: Group::Writes,
    severity: Severity::Warning,
    confidence: Evidence::Inferred,
    number: None,
    summary: "changes of one entity record stand in several transactions",
    finds: "Two tracked tables of one entity that a method writes in separate outermost scopes, or a \
        tracked table written in a loop with a scope for each row. `dualtrack writes` lists them.",
    why: "Each commit sends the record as it is then: Dataverse sees it half changed, and once more for \
        each further scope.",
    example: "```xpp\nttsbegin;\ncustTable.update();\nttscommit;\nttsbegin;\npartyTable.update();\n\
        ttscommit;\n```",
    remedy: "Put all changes of one record into one ttsbegin and ttscommit.",
    source: "Live-sync troubleshooting asks for one transaction scope; which methods break that is concluded.",
    url: Some(
        "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/dual-write-troubleshooting-live-sync",
    ),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

/// So many tables are named.
const NAMED: usize = 5;

fn check(input: &Input) -> Vec<Finding> {
    let transactions = input.writes.iter().flat_map(|writes| &writes.transactions);
    transactions.filter_map(|transaction| finding(input, transaction)).collect()
}

fn finding(input: &Input, transaction: &Transaction) -> Option<Finding> {
    let teller = input.teller();
    let tables =
        |ids: BTreeSet<ElementId>| -> Vec<String> { ids.into_iter().map(|id| teller.name(id)).collect() };
    let method = &transaction.method;
    let (message, writes) = match &transaction.kind {
        TransactionKind::Split { entity, writes } => {
            let names = tables(writes.iter().map(|write| write.table).collect());
            let entity = teller.name(*entity);
            (
                format!("changes of one record of {entity} are committed apart: {}", some(&names, NAMED)),
                writes,
            )
        }
        TransactionKind::PerRow { writes, .. } => {
            let names = tables(writes.iter().map(|write| write.table).collect());
            (format!("each turn of the loop commits on its own: {}", some(&names, NAMED)), writes)
        }
        TransactionKind::NotCommitted { .. } | TransactionKind::NotBegun => return None,
    };
    let subject = Subject::new(method.kind.word(), &*method.element);
    let mut finding = Finding::new(&INFO, subject, transaction.place, message)
        .labelled("another transaction")
        .key(&method.name);
    for write in writes {
        finding = finding.hop(format!("writes {}", teller.name(write.table)), Some(write.place));
    }
    if let Some(part) = &method.part {
        finding = finding.key(part);
    }
    Some(finding.remedy("Put all changes of one record into one ttsbegin and ttscommit."))
}
