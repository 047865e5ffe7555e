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

use super::writes::section::Section;
use crate::catalog::{ElementId, FieldIx};
use crate::config::Config;
use crate::engine::Judged;
use crate::text::NameKey;
use crate::words::Teller;
use crate::writes::Writes;
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
    writes: &Writes,
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
        section(teller, writes, *subject).write(out)?;
    }
    Ok(())
}

/// The tables on whose other readers the explanations depend: new fields are named so that all plans agree, and a
/// write is told of with everything that it hides.
pub fn tables(judged: &Judged, config: &Config, writes: &Writes, subjects: &[Subject]) -> Vec<NameKey> {
    let teller = Teller { judged, config, all: true };
    let is_explained = |entity| subjects.iter().any(|subject| subject.element == entity);
    let named = judged.needed.iter().filter(|needed| is_explained(needed.entity) && !needed.steps.is_empty());
    let planned = named.map(|needed| NameKey::of(&judged.model.catalog.element(needed.table).name.text));
    let written = subjects
        .iter()
        .flat_map(|subject| section(teller, writes, *subject).tables().map(NameKey::of).collect::<Vec<_>>());
    let mut tables: Vec<NameKey> = planned.chain(written).collect();
    tables.sort_unstable();
    tables.dedup();
    tables
}

/// The X++ that hides a change from the subject.
fn section<'a>(teller: Teller<'a>, writes: &'a Writes, subject: Subject) -> Section<'a> {
    match subject.field {
        Some(field) => Section::of_field(teller, writes, subject.element, field),
        None => Section::of_entity(teller, writes, subject.element),
    }
}
