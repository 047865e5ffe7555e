//! How the table of a write is known, in words.

use super::View;
use crate::source::Place;
use crate::words::shown;
use crate::writes::{Step, StepKind, Unknown};

/// A step as a clause: `customer is declared as CustTable`.
pub(super) fn clause(kind: &StepKind) -> String {
    match kind {
        StepKind::Declared { name, type_name } => {
            format!("{} is declared as {}", shown(name), shown(type_name))
        }
        StepKind::Member { name, type_name, owner } => {
            format!("{} is a member of {}, declared as {}", shown(name), shown(owner), shown(type_name))
        }
        StepKind::DataSource { name, form, table } => {
            format!("{} is a data source of form {} on {}", shown(name), shown(form), shown(table))
        }
        StepKind::This { table } => format!("this is a record of {}", shown(table)),
        StepKind::Returns { method, type_name } => {
            format!("{} returns {}", shown(method), shown(type_name))
        }
        StepKind::Cast { type_name } => format!("it is cast to {}", shown(type_name)),
        StepKind::Assigned { name } => format!("{} gets its record", shown(name)),
        StepKind::Argument { name, caller } => {
            format!("{} gets its record from {}", shown(name), shown(caller))
        }
        StepKind::Handles { table } => format!("the method handles an event of {}", shown(table)),
        StepKind::ListOf { table } => format!("the list is made for {}", shown(table)),
        StepKind::Added => "these records are added to the list".to_owned(),
        StepKind::Named { table } => format!("the statement names {}", shown(table)),
        StepKind::Sql { table } => format!("the SQL text names {}", shown(table)),
    }
}

/// The stable name of a step in machine output.
pub(super) fn id(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::Declared { .. } => "declared",
        StepKind::Member { .. } => "member",
        StepKind::DataSource { .. } => "data_source",
        StepKind::This { .. } => "this",
        StepKind::Returns { .. } => "returns",
        StepKind::Cast { .. } => "cast",
        StepKind::Assigned { .. } => "assigned",
        StepKind::Argument { .. } => "argument",
        StepKind::Handles { .. } => "handles",
        StepKind::ListOf { .. } => "list_of",
        StepKind::Added => "added",
        StepKind::Named { .. } => "named",
        StepKind::Sql { .. } => "sql",
    }
}

/// The steps as one text, each with its place: a line in the same file, else file and line.
pub(super) fn path(view: &View, steps: &[Step], from: Place) -> String {
    let text = |step: &Step| match step.place {
        Some(place) => format!("{} ({})", clause(&step.kind), at(view, place, from)),
        None => clause(&step.kind),
    };
    steps.iter().map(text).collect::<Vec<_>>().join("; ")
}

/// `line 12` for the file at hand, else `file:12`.
pub(super) fn at(view: &View, place: Place, from: Place) -> String {
    if place.file == from.file { format!("line {}", place.line) } else { view.teller().at(place) }
}

/// Why a table is not known.
pub(super) fn unknown(why: &Unknown) -> String {
    match why {
        Unknown::Generic { type_name } => {
            format!("a {} can be a record of any table, and its origin is not known", shown(type_name))
        }
        Unknown::Parameter { name, type_name } => format!(
            "parameter {} is a {}, and no call in the loaded code passes a known table",
            shown(name),
            shown(type_name)
        ),
        Unknown::Method { call } => format!("what {} returns is not known", shown(call)),
        Unknown::Undeclared { name } => format!("no declaration of {} was found", shown(name)),
        Unknown::Sql => "the SQL text is put together at run time".to_owned(),
        Unknown::Expression => "the expression is not understood".to_owned(),
    }
}

/// The stable name of a reason in machine output.
pub(super) fn unknown_id(why: &Unknown) -> &'static str {
    match why {
        Unknown::Generic { .. } => "generic_type",
        Unknown::Parameter { .. } => "parameter",
        Unknown::Method { .. } => "method",
        Unknown::Undeclared { .. } => "undeclared",
        Unknown::Sql => "sql_text",
        Unknown::Expression => "expression",
    }
}
