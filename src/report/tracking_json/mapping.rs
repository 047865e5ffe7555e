//! The mapping method of an entity.

use crate::engine::Model;
use crate::report::json::place;
use crate::source::Place;
use crate::tracking::{EntityAnalysis, Match, ResolvedEntry};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct MappingMethod<'a> {
    present: bool,
    undecidable: Vec<Undecidable<'a>>,
    entries: Vec<Entry<'a>>,
    disabled: Vec<Disabled<'a>>,
}

#[derive(Serialize)]
struct Undecidable<'a> {
    file: Option<&'a str>,
    line: Option<u32>,
}

#[derive(Serialize)]
pub(in crate::report) struct Entry<'a> {
    label: Option<&'a str>,
    table: Option<&'a str>,
    field: Option<&'a str>,
    verdict: &'static str,
    #[serde(rename = "match")]
    matched: Option<&'static str>,
    conditional: bool,
    rows_saved: Option<u32>,
    file: Option<&'a str>,
    line: Option<u32>,
}

/// An entry that is commented out.
#[derive(Serialize)]
struct Disabled<'a> {
    label: Option<&'a str>,
    table: Option<&'a str>,
    field: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<u32>,
}

pub(super) fn mapping_method<'a>(model: &'a Model, entity: &'a EntityAnalysis) -> MappingMethod<'a> {
    let mapping = &entity.mapping;
    MappingMethod {
        present: mapping.present,
        undecidable: mapping.undecidable.iter().map(|place| undecidable(model, *place)).collect(),
        entries: mapping.entries.iter().map(|e| entry(model, e)).collect(),
        disabled: mapping.disabled.iter().map(|e| disabled(model, e)).collect(),
    }
}

fn undecidable(model: &Model, at: Place) -> Undecidable<'_> {
    let (file, line) = place(model, Some(at));
    Undecidable { file, line }
}

pub(in crate::report) fn entry<'a>(model: &'a Model, entry: &'a ResolvedEntry) -> Entry<'a> {
    let (file, line) = place(model, Some(entry.place));
    Entry {
        label: entry.label.as_deref(),
        table: entry.table.as_deref(),
        field: entry.field.as_deref(),
        verdict: entry.verdict.id(),
        matched: entry.matched.map(Match::id),
        conditional: entry.conditional,
        rows_saved: entry.rows_saved,
        file,
        line,
    }
}

fn disabled<'a>(model: &'a Model, entry: &'a ResolvedEntry) -> Disabled<'a> {
    let (file, line) = place(model, Some(entry.place));
    Disabled {
        label: entry.label.as_deref(),
        table: entry.table.as_deref(),
        field: entry.field.as_deref(),
        file,
        line,
    }
}
