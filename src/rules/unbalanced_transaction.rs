//! Transaction scopes that are not closed on every way.

use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity, Subject};
use crate::tracking::Evidence;
use crate::writes::{Transaction, TransactionKind, UNBALANCED_TRANSACTION};

const INFO: RuleInfo = RuleInfo {
    name: UNBALANCED_TRANSACTION,
    group: Group::Writes,
    severity: Severity::Warning,
    confidence: Evidence::Inferred,
    number: None,
    summary: "ttsbegin and ttscommit do not match on some way through a method",
    finds: "A method with a way on which a scope is begun and not committed, or committed and not begun. \
        `dualtrack writes` lists them.",
    why: "F&O stops with an error at run time, or the changes of a record end up in another transaction \
        than the reader thinks.",
    example: "```xpp\nttsbegin;\nif (!custTable)\n{\n\x20   return;\n}\ncustTable.update();\nttscommit;\n```",
    remedy: "Commit or abort on every way out of the method.",
    source: "X++ language reference, transaction integrity.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let transactions = input.writes.iter().flat_map(|writes| &writes.transactions);
    transactions.filter_map(finding).collect()
}

fn finding(transaction: &Transaction) -> Option<Finding> {
    let method = &transaction.method;
    let (message, left) = match transaction.kind {
        TransactionKind::NotCommitted { left_at } => {
            ("the method can be left with this transaction open", Some(left_at))
        }
        TransactionKind::NotBegun => ("there may be no transaction to end here", None),
        TransactionKind::Split { .. } | TransactionKind::PerRow { .. } => return None,
    };
    let subject = Subject::new(method.kind.word(), &*method.element);
    let mut finding =
        Finding::new(&INFO, subject, transaction.place, message).labelled("not balanced").key(&method.name);
    if let Some(place) = left {
        finding = finding.hop("left here", Some(place));
    }
    if let Some(part) = &method.part {
        finding = finding.key(part);
    }
    Some(finding.remedy("Commit or abort on every way out of the method."))
}
