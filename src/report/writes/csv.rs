//! `dualtrack writes --format csv`: one line for each finding, accepted finding and write of an unknown table, for
//! Excel; nothing is cut.

use super::{View, method_name, steps, words};
use crate::report::definitions_csv::harmless;
use crate::writes::{
    BYPASSING_WRITE, Columns, Outcome, ScopedWrite, Target, Transaction, TransactionKind, Write,
};
use std::io;

const HEAD: [&str; 17] = [
    "Severity",
    "Outcome",
    "Rule",
    "Evidence",
    "Operation",
    "Table",
    "Columns",
    "AllColumnsKnown",
    "Entities",
    "FieldsLost",
    "Method",
    "Statement",
    "TableKnownBy",
    "ToDo",
    "Model",
    "File",
    "Line",
];

/// Writes the findings worst first, then transactions, unknown tables and what comments accept; UTF-8 with a mark and
/// CRLF, which Excel expects.
pub fn write(view: &View, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    csv.write_record(HEAD)?;
    let selection = view.selection();
    let mut line = |cells: [String; HEAD.len()]| csv.write_record(cells.map(|c| harmless(&c).into_owned()));
    for write in &selection.findings {
        line(cells(view, write))?;
    }
    for transaction in &selection.transactions {
        line(transaction_cells(view, transaction))?;
    }
    for write in selection.unknown.iter().chain(&selection.not_loaded).chain(&selection.allowed) {
        line(cells(view, write))?;
    }
    for transaction in &selection.allowed_transactions {
        line(transaction_cells(view, transaction))?;
    }
    csv.flush()
}

fn cells(view: &View, write: &Write) -> [String; HEAD.len()] {
    let info = write.operation.info();
    let severity = match write.outcome {
        Outcome::Finding(severity) | Outcome::Allowed { severity, .. } => words::severity(severity),
        _ => "",
    };
    let (table, known_by) = match &write.target {
        Target::Table { name, .. } => (name.to_string(), steps::path(view, &write.path, write.place)),
        Target::Unknown(why) => (String::new(), steps::unknown(why)),
    };
    let names: Vec<&str> = write.columns.names().iter().map(|c| &**c).collect();
    let complete = match write.columns {
        Columns::Record => "",
        Columns::Known(_) => "yes",
        Columns::AtLeast(_) => "no",
    };
    let entities: Vec<&str> =
        write.entities.iter().map(|lost| &*view.catalog().element(lost.entity).name.text).collect();
    let told = write.severity().is_some();
    [
        severity.to_owned(),
        words::outcome_id(&write.outcome).to_owned(),
        BYPASSING_WRITE.to_owned(),
        info.evidence.id().to_owned(),
        info.id.to_owned(),
        table,
        names.join(" "),
        complete.to_owned(),
        entities.join(" "),
        fields(view, write),
        method_name(&write.method),
        write.statement.to_string(),
        known_by,
        if told { words::to_do(view, write) } else { String::new() },
        view.judged.model.model_name(write.place.file).to_owned(),
        view.judged.model.path(write.place.file).to_owned(),
        write.place.line.to_string(),
    ]
}

/// The fields of entities that are known to change.
fn fields(view: &View, write: &Write) -> String {
    let mut fields = Vec::new();
    for lost in &write.entities {
        let element = view.catalog().element(lost.entity);
        let sure = lost.fields.iter().filter(|f| f.sure);
        fields.extend(sure.map(|f| format!("{}.{}", element.name.text, element.field_at(f.field).name.text)));
    }
    fields.join(" ")
}

fn transaction_cells(view: &View, transaction: &Transaction) -> [String; HEAD.len()] {
    let name = |id| view.catalog().element(id).name.text.to_string();
    let (entity, writes) = match &transaction.kind {
        TransactionKind::Split { entity, writes } => (name(*entity), &writes[..]),
        TransactionKind::PerRow { writes, .. } => (String::new(), &writes[..]),
        TransactionKind::NotCommitted { .. } | TransactionKind::NotBegun => (String::new(), &[][..]),
    };
    let mut tables: Vec<String> = writes.iter().map(|w: &ScopedWrite| name(w.table)).collect();
    tables.sort();
    tables.dedup();
    let outcome = if transaction.allowed.is_some() { "allowed" } else { "finding" };
    [
        "warning".to_owned(),
        outcome.to_owned(),
        transaction.kind.rule().to_owned(),
        "inferred".to_owned(),
        words::transaction_id(&transaction.kind).to_owned(),
        tables.join(" "),
        String::new(),
        String::new(),
        entity,
        String::new(),
        method_name(&transaction.method),
        transaction.statement.to_string(),
        words::torn(view, transaction),
        words::mend(transaction).to_owned(),
        view.judged.model.model_name(transaction.place.file).to_owned(),
        view.judged.model.path(transaction.place.file).to_owned(),
        transaction.place.line.to_string(),
    ]
}
