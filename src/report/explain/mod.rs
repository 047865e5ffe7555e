//! `dualtrack explain`: why a change does, or does not, reach Dataverse.

mod answer;
mod entity;
mod field;
pub mod json;
mod mapping;
mod path;
mod records;
mod trace;
mod tree;
mod view;

use crate::catalog::{ElementId, FieldIx};
use crate::config::Config;
use crate::engine::Judged;
use crate::words::Teller;
use entity::EntityView;
use field::FieldView;
use std::io::{self, Write};
pub(super) use tree::status_style;
use view::ViewView;

/// What is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// An entity or view.
    pub element: ElementId,
    /// One of its fields.
    pub field: Option<FieldIx>,
}

/// What is said where no map was given.
const ASSUMED: &str =
    "No map was given: every public field of a public entity is assumed to be mapped (--maps).";

/// Writes the explanations; `all` leaves nothing out.
pub fn write(
    judged: &Judged,
    config: &Config,
    subjects: &[Subject],
    all: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let teller = Teller { judged, config, all };
    for (position, subject) in subjects.iter().enumerate() {
        if position > 0 {
            writeln!(out, "\n{}\n", "─".repeat(40))?;
        }
        match (judged.analysis.entity(subject.element), subject.field) {
            (Some(entity), Some(ix)) => FieldView::new(teller, entity, ix).write(out)?,
            (Some(entity), None) => EntityView { teller, entity }.write(out)?,
            (None, field) => ViewView { teller, id: subject.element }.write(field, out)?,
        }
    }
    Ok(())
}
