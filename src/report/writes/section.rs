//! The writes of one table, entity or field, as a section of `impact` and `explain`.

use super::{Request, View, finding, heading, json, method_name, severities, words};
use crate::catalog::{ElementId, FieldIx};
use crate::problem::Severity;
use crate::report::style::{DIM, Styled};
use crate::report::wrap::{Wrapped, either, indented};
use crate::text::count;
use crate::tracking::{Change, Impact};
use crate::words::{Teller, shown};
use crate::writes::{self, Columns, Target, Write, Writes};
use serde_json::Value;
use std::io;

/// So many writes are listed without `--all`.
const LISTED: usize = 5;

/// The writes that a section is about, and the command that says more.
pub(in crate::report) struct Section<'a> {
    view: View<'a>,
    writes: Vec<&'a Write>,
    subject: Subject,
}

/// What the writes are of; names are safe to print.
enum Subject {
    /// A table, and perhaps one of its columns.
    Table(String, Option<String>),
    /// An entity, and perhaps one of its fields.
    Entity(String, Option<String>),
}

impl Subject {
    fn heading(&self, number: usize) -> String {
        let writes = count(number, "write");
        match self {
            Subject::Table(table, None) => format!("{writes} of {table} {}", bypass(number)),
            Subject::Table(table, Some(column)) => format!("{writes} of {table}.{column} {}", bypass(number)),
            Subject::Entity(entity, None) => {
                format!("{writes} {} changes from {entity}, or may", either(number, "hides", "hide"))
            }
            Subject::Entity(entity, Some(field)) => {
                format!("{writes} {} a change of {entity}.{field}, or may", either(number, "hides", "hide"))
            }
        }
    }

    /// The command that says more.
    fn command(&self) -> String {
        match self {
            Subject::Table(table, _) => format!("dualtrack writes --table {table}"),
            Subject::Entity(entity, _) => format!("dualtrack writes --entity {entity}"),
        }
    }
}

fn bypass(number: usize) -> &'static str {
    either(number, "bypasses events", "bypass events")
}

impl<'a> Section<'a> {
    /// Writes of a table, or of one of its columns: those that are known to change it, and those that may.
    pub(in crate::report) fn of_change(
        teller: Teller<'a>,
        writes: &'a Writes,
        change: &Change,
        impact: &Impact,
    ) -> Self {
        let is_meant = |write: &Write| {
            let table = match &write.target {
                Target::Table { id: Some(id), .. } => impact.tables.contains(id),
                Target::Table { name, .. } => change.table.text.eq_ignore_ascii_case(name),
                Target::Unknown(_) => false,
            };
            table && change.column.as_ref().is_none_or(|column| may_change(write, &column.text))
        };
        let column = change.column.as_ref().map(|c| shown(&c.text));
        Self::new(teller, writes, is_meant, Subject::Table(shown(&change.table.text), column))
    }

    /// Writes whose change an entity loses.
    pub(in crate::report) fn of_entity(teller: Teller<'a>, writes: &'a Writes, entity: ElementId) -> Self {
        let is_meant =
            |write: &Write| write.entities.iter().any(|l| l.entity == entity && !l.fields.is_empty());
        Self::new(teller, writes, is_meant, Subject::Entity(teller.name(entity), None))
    }

    /// Writes that change a field of an entity, or may.
    pub(in crate::report) fn of_field(
        teller: Teller<'a>,
        writes: &'a Writes,
        entity: ElementId,
        field: FieldIx,
    ) -> Self {
        let is_meant = |write: &Write| {
            let lost = write.entities.iter().filter(|l| l.entity == entity);
            lost.flat_map(|l| &l.fields).any(|f| f.field == field)
        };
        let subject = Subject::Entity(teller.name(entity), Some(teller.field_name(entity, field)));
        Self::new(teller, writes, is_meant, subject)
    }

    fn new(
        teller: Teller<'a>,
        writes: &'a Writes,
        is_meant: impl Fn(&Write) -> bool,
        subject: Subject,
    ) -> Self {
        let Teller { judged, config, all } = teller;
        let view = View { judged, config, writes, request: Request::default(), all, verbose: false };
        let writes = writes.worst_first().into_iter().filter(|w| is_meant(w)).collect();
        Self { view, writes, subject }
    }

    /// The tables that the writes change, by name.
    pub(in crate::report) fn tables(&self) -> impl Iterator<Item = &'a str> {
        self.writes.iter().filter_map(|write| match &write.target {
            Target::Table { name, .. } => Some(&**name),
            Target::Unknown(_) => None,
        })
    }

    /// The section; nothing where there is no write.
    pub(in crate::report) fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        if self.writes.is_empty() {
            return Ok(());
        }
        let text = format!("{}: {}", self.subject.heading(self.writes.len()), severities(&self.writes));
        heading(out, &text)?;
        let own: Vec<&Write> = self.writes.iter().copied().filter(|w| self.view.is_shown(w.place)).collect();
        let limit = self.view.limit(LISTED).min(own.len());
        for write in &own[..limit] {
            self.line(write, out)?;
        }
        let rest = match self.writes.len() - limit {
            0 => self.subject.command(),
            n => format!("{n} more, and all of it: {}", self.subject.command()),
        };
        write!(out, "{}", indented(2, rest))
    }

    fn line(&self, write: &Write, out: &mut dyn io::Write) -> io::Result<()> {
        let severity = write.severity().unwrap_or(Severity::Note);
        let word = words::severity(severity);
        let text = format!("{} [{}]", words::sentence(&self.view, write), write.operation.evidence().tag());
        let head = format!("  {}  ", Styled(finding::style(severity), word));
        write!(out, "{}", Wrapped { head, width: word.len() + 4, text })?;
        let at = format!("{} in {}", self.view.teller().at(write.place), method_name(&write.method));
        writeln!(out, "    {}", Styled(DIM, at))
    }

    /// The same for tools; nothing is cut.
    pub(in crate::report) fn to_json(&self) -> Value {
        crate::report::json::object([
            ("findings", json::counts(&self.writes)),
            ("writes", self.writes.iter().map(|w| json::one(&self.view, w)).collect()),
        ])
    }
}

/// The write changes the column, or nobody can say that it does not.
fn may_change(write: &Write, column: &str) -> bool {
    match &write.columns {
        _ if write.operation.change() != writes::Change::Update => true,
        Columns::Record | Columns::AtLeast(_) => true,
        Columns::Known(names) => names.iter().any(|n| n.eq_ignore_ascii_case(column)),
    }
}
