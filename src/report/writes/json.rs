//! `dualtrack writes --json`: everything, for other tools.

use super::{Selection, View, notes, steps, words};
use crate::report::explain::json::basis;
use crate::report::json::{object, place, write_pretty};
use crate::report::problems;
use crate::source::Place;
use crate::writes::{
    Allowance, Columns, LostEntity, LostField, MethodName, Outcome, ScopedWrite, Step, Target, Transaction,
    TransactionKind, Unread, Write,
};
use serde_json::{Value, json};
use std::io;

/// Name and version of the format.
pub const SCHEMA: &str = "dualtrack/writes/1";

/// Writes the document; nothing is ever cut.
pub fn write(view: &View, out: &mut dyn io::Write) -> io::Result<()> {
    let selection = view.selection();
    let rules: Vec<_> = words::RULES.iter().map(|rule| (*rule).clone()).collect();
    let chosen = !view.request.tables.is_empty() || !view.request.entities.is_empty();
    let wanted = |w: &&Write| view.wants(w) || matches!(w.outcome, Outcome::UnknownTable);
    let name = |id: &crate::catalog::ElementId| json!(&*view.catalog().element(*id).name.text);
    let document = object([
        ("schema", json!(SCHEMA)),
        ("assumed_mapped", json!(view.judged.scope.assumed)),
        ("policy", Value::Object(view.judged.policy.to_json())),
        ("rules", basis(&rules)),
        (
            "only",
            object([
                ("tables", view.request.tables.iter().map(|t| json!(&*t.name)).collect()),
                ("entities", view.request.entities.iter().map(name).collect()),
            ]),
        ),
        ("totals", totals(view, &selection)),
        ("writes", view.writes.writes.iter().filter(wanted).map(|w| one(view, w)).collect()),
        ("transactions", transactions(view, &selection)),
        ("allowances", view.writes.allowances.iter().map(|a| allowance(view, a)).collect()),
        ("not_read", json!(view.snapshots())),
        ("problems", view.writes.problems.iter().map(|p| problems::to_json(view.judged.model, p)).collect()),
        ("unread", view.writes.unread.iter().filter(|_| !chosen).map(|u| unread(view, u)).collect()),
    ]);
    write_pretty(&document, out)
}

fn totals(view: &View, selection: &Selection) -> Value {
    let idle = view.writes.allowances.iter().filter(|a| a.used == 0).count();
    object([
        ("findings", counts(&selection.findings)),
        ("transactions", json!(selection.transactions.len())),
        ("allowed", json!(selection.allowed.len() + selection.allowed_transactions.len())),
        ("unknown_table", json!(selection.unknown.len())),
        ("not_loaded", json!(selection.not_loaded.len())),
        ("harmless", json!(selection.harmless.len())),
        ("idle_allowances", json!(idle)),
        ("unread", json!(view.writes.unread.len())),
        ("files_searched", json!(view.writes.searched.files)),
        ("files_read", json!(view.writes.searched.read)),
    ])
}

/// Findings of each severity.
pub(super) fn counts(findings: &[&Write]) -> Value {
    use crate::problem::Severity::{Error, Note, Warning};
    let of = |severity| json!(findings.iter().filter(|w| w.severity() == Some(severity)).count());
    object([("error", of(Error)), ("warning", of(Warning)), ("note", of(Note))])
}

/// One write with everything that is known of it.
pub(super) fn one(view: &View, write: &Write) -> Value {
    let info = write.operation.info();
    let (file, line) = place(view.judged.model, Some(write.place));
    let severity = match write.outcome {
        Outcome::Finding(severity) | Outcome::Allowed { severity, .. } => Some(severity),
        _ => None,
    };
    let allowed_by = match write.outcome {
        Outcome::Allowed { by, .. } => view.writes.allowances.get(by).map(|a| allowance(view, a)),
        _ => None,
    };
    let (table, unknown) = match &write.target {
        Target::Table { name, .. } => (json!(&**name), Value::Null),
        Target::Unknown(why) => (
            Value::Null,
            object([("why", json!(steps::unknown_id(why))), ("text", json!(steps::unknown(why)))]),
        ),
    };
    let told = write.severity().is_some();
    object([
        ("outcome", json!(words::outcome_id(&write.outcome))),
        ("severity", json!(severity)),
        ("rule", json!(crate::writes::BYPASSING_WRITE)),
        ("operation", json!(info.id)),
        ("change", json!(info.change.id())),
        ("evidence", json!(info.evidence.id())),
        ("may_fall_back", json!(info.may_fall_back)),
        ("table", table),
        ("unknown", unknown),
        ("columns", columns(&write.columns)),
        ("file", json!(file)),
        ("line", json!(line)),
        ("column", json!(write.place.column)),
        ("model", json!(view.judged.model.model_name(write.place.file))),
        ("own", json!(view.judged.model.is_own_file(view.config, write.place.file))),
        ("statement", json!(&*write.statement)),
        ("method", method(view, &write.method)),
        ("events_off", at(view, write.events_off)),
        ("path", write.path.iter().map(|s| step(view, s)).collect()),
        ("entities", write.entities.iter().map(|e| lost(view, e)).collect()),
        ("message", json!(told.then(|| words::sentence(view, write)))),
        ("to_do", json!(told.then(|| words::to_do(view, write)))),
        ("rules", words::rules(write).iter().map(|rule| json!(rule.rule)).collect()),
        ("allowed_by", json!(allowed_by)),
    ])
}

fn at(view: &View, wanted: Option<Place>) -> Value {
    let Some(wanted) = wanted else { return Value::Null };
    let (file, line) = place(view.judged.model, Some(wanted));
    object([("file", json!(file)), ("line", json!(line))])
}

/// Null for a whole record.
fn columns(columns: &Columns) -> Value {
    let complete = match columns {
        Columns::Record => return Value::Null,
        Columns::Known(_) => true,
        Columns::AtLeast(_) => false,
    };
    object([("names", json!(columns.names())), ("complete", json!(complete))])
}

fn method(view: &View, method: &MethodName) -> Value {
    object([
        ("element", json!(&*method.element)),
        ("kind", json!(method.kind.word())),
        ("part", json!(method.part.as_deref())),
        ("name", json!(&*method.name)),
        ("line", at(view, Some(method.place))["line"].clone()),
    ])
}

fn step(view: &View, step: &Step) -> Value {
    let (file, line) = place(view.judged.model, step.place);
    object([
        ("step", json!(steps::id(&step.kind))),
        ("text", json!(steps::clause(&step.kind))),
        ("file", json!(file)),
        ("line", json!(line)),
    ])
}

fn lost(view: &View, lost: &LostEntity) -> Value {
    let element = view.catalog().element(lost.entity);
    object([
        ("entity", json!(&*element.name.text)),
        ("fields", lost.fields.iter().map(|f| field(view, lost, f)).collect()),
    ])
}

fn field(view: &View, lost: &LostEntity, field: &LostField) -> Value {
    let element = view.catalog().element(lost.entity);
    let leaf = view.judged.model.lineage.field(lost.entity, field.field).leaves.get(field.leaf);
    object([
        ("field", json!(&*element.field_at(field.field).name.text)),
        ("table", json!(leaf.map(|l| l.table.name(view.catalog())))),
        ("column", json!(leaf.and_then(|l| l.column.as_ref()).map(|c| &*c.text))),
        ("path", json!(leaf.map(|l| l.path_names(view.catalog(), lost.entity)))),
        ("sure", json!(field.sure)),
    ])
}

fn transactions(view: &View, selection: &Selection) -> Value {
    let mut all: Vec<&Transaction> =
        selection.transactions.iter().chain(&selection.allowed_transactions).copied().collect();
    all.sort_by_key(|t| t.place);
    all.into_iter().map(|t| transaction(view, t)).collect()
}

/// One finding about transactions.
pub(super) fn transaction(view: &View, transaction: &Transaction) -> Value {
    let (file, line) = place(view.judged.model, Some(transaction.place));
    let name = |id| json!(&*view.catalog().element(id).name.text);
    let (entity, writes, left_at, around) = match &transaction.kind {
        TransactionKind::Split { entity, writes } => (name(*entity), &writes[..], None, None),
        TransactionKind::PerRow { loop_place, writes } => (Value::Null, &writes[..], None, Some(*loop_place)),
        TransactionKind::NotCommitted { left_at } => (Value::Null, &[][..], Some(*left_at), None),
        TransactionKind::NotBegun => (Value::Null, &[][..], None, None),
    };
    let allowed = transaction.allowed.and_then(|by| view.writes.allowances.get(by));
    let scoped = |w: &ScopedWrite| {
        object([
            ("table", name(w.table)),
            ("statement", json!(&*w.statement)),
            ("at", at(view, Some(w.place))),
            ("begin", at(view, Some(w.scope))),
        ])
    };
    object([
        ("rule", json!(transaction.kind.rule())),
        ("kind", json!(words::transaction_id(&transaction.kind))),
        ("severity", json!("warning")),
        ("evidence", json!("inferred")),
        ("outcome", json!(if allowed.is_some() { "allowed" } else { "finding" })),
        ("file", json!(file)),
        ("line", json!(line)),
        ("statement", json!(&*transaction.statement)),
        ("method", method(view, &transaction.method)),
        ("entity", entity),
        ("loop", at(view, around)),
        ("left_at", at(view, left_at)),
        ("writes", writes.iter().map(scoped).collect()),
        ("message", json!(words::torn(view, transaction))),
        ("to_do", json!(words::mend(transaction))),
        ("allowed_by", allowed.map_or(Value::Null, |a| allowance(view, a))),
    ])
}

fn allowance(view: &View, allowance: &Allowance) -> Value {
    let (file, line) = place(view.judged.model, Some(allowance.place));
    object([
        ("rule", json!(&*allowance.rule)),
        ("reason", json!(allowance.reason.as_deref())),
        ("whole_method", json!(allowance.whole_method)),
        ("accepts", json!(allowance.used)),
        ("idle_because", json!((allowance.used == 0).then(|| notes::idle_because(allowance)))),
        ("file", json!(file)),
        ("line", json!(line)),
    ])
}

fn unread(view: &View, unread: &Unread) -> Value {
    let (file, line) = place(view.judged.model, Some(unread.place));
    object([
        ("file", json!(file)),
        ("line", json!(line)),
        ("statement", json!(&*unread.statement)),
        ("method", method(view, &unread.method)),
    ])
}
