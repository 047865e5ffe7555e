//! What a write comes to, and what to do about it, in words; the rules behind it.

use super::View;
use super::steps::at;
use crate::problem::Severity;
use crate::report::wrap::either;
use crate::text::{count, some};
use crate::tracking::Evidence;
use crate::words::{Basis, shown};
use crate::writes::{
    Change, Columns, Harmless, LostEntity, LostField, Operation, Outcome, Target, Transaction,
    TransactionKind, Write,
};
use std::borrow::Cow;

/// So many names stand in a line without `--all`.
const NAMES: usize = 4;
/// So many entities are named with their fields without `--all`.
const ENTITIES: usize = 3;

const LIVE_SYNC: &str = "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/dual-write-troubleshooting-live-sync";

/// `doInsert()` and its kin are named in the documentation.
const DOCUMENTED: Basis = Basis {
    rule: "bypassing_operation",
    evidence: Some(Evidence::Documented),
    policy: None,
    text: Cow::Borrowed(
        "doInsert(), doUpdate(), insert_recordset, update_recordset and any write of a record marked skipBusinessEvents(true) raise no business event, so no change is sent.",
    ),
    source: "Dual-write live-sync troubleshooting, prerequisites.",
    url: Some(LIVE_SYNC),
};

/// What works in the same way and is not named there.
const CONCLUDED: Basis = Basis {
    rule: "similar_operation",
    evidence: Some(Evidence::Inferred),
    policy: None,
    text: Cow::Borrowed(
        "doDelete(), delete_from, record lists, SysDa statements, Query::insert_recordset, SQL text and tableTruncate() pass by the same methods as the documented operations, so they are taken to raise no event either.",
    ),
    source: "Concluded from the documented list, which does not name them.",
    url: None,
};

/// Why a set-based statement is no error.
const FALL_BACK: Basis = Basis {
    rule: "set_based_fall_back",
    evidence: Some(Evidence::Inferred),
    policy: None,
    text: Cow::Borrowed(
        "A set-based statement falls back to one operation for each record, for example where a method of the table is overridden or the database log is on; it may raise events then.",
    ),
    source: "The X++ reference on set-based statements; that events are raised then is concluded.",
    url: None,
};

/// Why an insert or delete matters whatever its columns.
const WHOLE_RECORD: Basis = Basis {
    rule: "insert_or_delete",
    evidence: Some(Evidence::Inferred),
    policy: None,
    text: Cow::Borrowed("An insert or delete of a tracked record triggers the entity, whatever the columns."),
    source: "No statement says otherwise.",
    url: None,
};

/// Why scopes matter.
const ONE_TRANSACTION: Basis = Basis {
    rule: "one_transaction",
    evidence: Some(Evidence::Inferred),
    policy: None,
    text: Cow::Borrowed(
        "All changes of one entity record belong in one transaction scope; what several transactions write may arrive in parts. The condition is documented, what its breach does is not.",
    ),
    source: "Dual-write live-sync troubleshooting, prerequisites.",
    url: Some(LIVE_SYNC),
};

/// Every rule that a finding may rest on.
pub(super) const RULES: [&Basis; 5] = [&DOCUMENTED, &CONCLUDED, &FALL_BACK, &WHOLE_RECORD, &ONE_TRANSACTION];

/// The rules behind one write, that of its operation first.
pub(super) fn rules(write: &Write) -> Vec<&'static Basis> {
    let info = write.operation.info();
    let first = if info.evidence == Evidence::Documented { &DOCUMENTED } else { &CONCLUDED };
    let mut rules = vec![first];
    rules.extend(info.may_fall_back.then_some(&FALL_BACK));
    rules.extend((info.change != Change::Update).then_some(&WHOLE_RECORD));
    rules
}

/// The word for a severity, for [`crate::text::count`].
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The name of the written table.
pub(super) fn table(target: &Target) -> String {
    match target {
        Target::Table { name, .. } => shown(name),
        Target::Unknown(_) => "an unknown table".to_owned(),
    }
}

/// The stable name of an outcome in machine output.
pub(super) fn outcome_id(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Finding(_) => "finding",
        Outcome::Allowed { .. } => "allowed",
        Outcome::UnknownTable => "unknown_table",
        Outcome::NotLoaded => "not_loaded",
        Outcome::Harmless(why) => harmless_id(*why),
    }
}

fn harmless_id(why: Harmless) -> &'static str {
    match why {
        Harmless::NotTracked => "not_tracked",
        Harmless::TemporaryTable => "temporary_table",
        Harmless::TemporaryBuffer(_) => "temporary_buffer",
        Harmless::Staging => "staging_table",
        Harmless::NotATable(_) => "not_a_table",
    }
}

/// The finding as a sentence.
pub(super) fn sentence(view: &View, write: &Write) -> String {
    let info = write.operation.info();
    let (table, operation) = (table(&write.target), info.written);
    let sure = |lost: &&LostEntity| lost.fields.iter().any(|f| f.sure);
    let changed: Vec<&LostEntity> = write.entities.iter().filter(sure).collect();
    let all: Vec<&LostEntity> = write.entities.iter().collect();
    let told = |list: &[&LostEntity]| format!("{} not told", with_verb(view, list, "is", "are"));
    let sends = |list: &[&LostEntity]| with_verb(view, list, "sends", "send");
    match (info.change, changed.as_slice(), &write.columns) {
        (Change::Insert, ..) => format!("{operation} adds records to {table}, and {}", told(&all)),
        (Change::Delete, ..) => format!("{operation} removes records from {table}, and {}", told(&all)),
        (_, [_, ..], _) => {
            format!("{operation} changes what {} of {table}, and raises no event", sends(&changed))
        }
        (_, [], Columns::Known(columns)) if columns.is_empty() => {
            format!("{operation} writes {table}, and no column was assigned before")
        }
        (_, [], Columns::Known(columns)) => format!(
            "{operation} changes only columns of {table} that trigger nothing: {}",
            names(view, columns, |c| shown(c))
        ),
        (_, [], _) => format!("{operation} may change what {} of {table}, and raises no event", sends(&all)),
    }
}

/// `CustCustomerV3Entity and FabVehicleEntity are`.
fn with_verb(view: &View, list: &[&LostEntity], one: &'static str, many: &'static str) -> String {
    let names: Vec<String> = list.iter().map(|lost| view.teller().name(lost.entity)).collect();
    let names = match names.as_slice() {
        [first @ .., last] if !first.is_empty() && names.len() <= view.limit(NAMES) => {
            format!("{} and {last}", first.join(", "))
        }
        names => some(names, view.limit(NAMES)),
    };
    format!("{names} {}", either(list.len(), one, many))
}

/// The fields that each entity loses: `CustCustomerV3Entity: Name, perhaps Phone`.
pub(super) fn lost(view: &View, write: &Write) -> String {
    let losing: Vec<&LostEntity> = write.entities.iter().filter(|lost| !lost.fields.is_empty()).collect();
    let limit = view.limit(ENTITIES).min(losing.len());
    let mut parts: Vec<String> = losing[..limit].iter().map(|lost| lost_of(view, write, lost)).collect();
    let more = losing.len() - limit;
    parts.extend((more > 0).then(|| format!("and {}", count(more, "more entity"))));
    parts.join("; ")
}

fn lost_of(view: &View, write: &Write, lost: &LostEntity) -> String {
    let entity = view.teller().name(lost.entity);
    let whole = matches!(write.operation.change(), Change::Insert | Change::Delete);
    let (sure, maybe): (Vec<&LostField>, Vec<&LostField>) = lost.fields.iter().partition(|f| f.sure || whole);
    let sure = field_names(view, lost, &sure, &[]);
    let maybe = field_names(view, lost, &maybe, &sure);
    let list = |fields: &[String]| some(fields, view.limit(NAMES));
    match (sure.as_slice(), maybe.as_slice()) {
        ([], maybe) => format!("{entity}: perhaps {}", list(maybe)),
        (sure, []) => format!("{entity}: {}", list(sure)),
        (sure, maybe) => format!("{entity}: {}, perhaps {}", list(sure), list(maybe)),
    }
}

/// Each field once, in the order of the entity, without those that were named already.
fn field_names(view: &View, lost: &LostEntity, fields: &[&LostField], named: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in fields.iter().map(|f| view.teller().field_name(lost.entity, f.field)) {
        if !names.contains(&name) && !named.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The columns that are written: `Name, Phone and others`.
pub(super) fn columns(view: &View, columns: &Columns) -> Option<String> {
    match columns {
        Columns::Record => None,
        Columns::Known(names) => Some(self::names(view, names, |c| shown(c))),
        Columns::AtLeast(names) if names.is_empty() => Some("cannot be told".to_owned()),
        Columns::AtLeast(names) => {
            Some(format!("{}; others cannot be told", self::names(view, names, |c| shown(c))))
        }
    }
}

/// The first of a list, and how many more there are.
fn names<T>(view: &View, list: &[T], name: impl Fn(&T) -> String) -> String {
    let names: Vec<String> = list.iter().map(name).collect();
    some(&names, view.limit(NAMES))
}

/// What to do about a write, as a sentence.
pub(super) fn to_do(view: &View, write: &Write) -> String {
    let whole = match write.operation.change() {
        Change::Insert => "insert()",
        Change::Update => "update()",
        Change::Delete => "delete()",
        Change::Write => "write()",
    };
    match write.operation {
        Operation::DoInsert | Operation::DoUpdate | Operation::DoDelete => {
            format!("call {whole} instead of {}", write.operation.info().written)
        }
        Operation::SkippedInsert
        | Operation::SkippedUpdate
        | Operation::SkippedDelete
        | Operation::SkippedWrite => match write.events_off {
            Some(place) => format!("remove skipBusinessEvents(true) ({})", at(view, place, write.place)),
            None => "remove skipBusinessEvents(true)".to_owned(),
        },
        Operation::SqlInsert
        | Operation::SqlUpdate
        | Operation::SqlDelete
        | Operation::SqlMerge
        | Operation::Truncate => {
            format!("write the records in X++ with {whole}; SQL passes by all events")
        }
        _ => format!("call {whole} for each record whose change must be sent"),
    }
}

/// What is wrong with a transaction, as a sentence.
pub(super) fn torn(view: &View, transaction: &Transaction) -> String {
    let tables = |writes: &[crate::writes::ScopedWrite]| {
        let mut tables: Vec<String> = writes.iter().map(|w| view.teller().name(w.table)).collect();
        tables.sort();
        tables.dedup();
        some(&tables, view.limit(NAMES))
    };
    match &transaction.kind {
        TransactionKind::Split { entity, writes } => format!(
            "changes of one {} record in several transactions: {}",
            view.teller().name(*entity),
            tables(writes)
        ),
        TransactionKind::PerRow { writes, .. } => {
            format!("each round of a loop writes {} in a transaction of its own", tables(writes))
        }
        TransactionKind::NotCommitted { .. } => {
            "a path leaves the method with its transaction open".to_owned()
        }
        TransactionKind::NotBegun => "ttscommit without a transaction of this method".to_owned(),
    }
}

/// What to do about a transaction.
pub(super) fn mend(transaction: &Transaction) -> &'static str {
    match transaction.kind {
        TransactionKind::Split { .. } => "put these writes between one ttsbegin and its ttscommit",
        TransactionKind::PerRow { .. } => {
            "put ttsbegin and ttscommit around the loop, unless each round writes another record of the entity"
        }
        TransactionKind::NotCommitted { .. } => "end each path with ttscommit, ttsabort or throw",
        TransactionKind::NotBegun => "begin the transaction in the same method",
    }
}

/// The stable name of a kind in machine output.
pub(super) fn transaction_id(kind: &TransactionKind) -> &'static str {
    match kind {
        TransactionKind::Split { .. } => "split",
        TransactionKind::PerRow { .. } => "per_row",
        TransactionKind::NotCommitted { .. } => "not_committed",
        TransactionKind::NotBegun => "not_begun",
    }
}
