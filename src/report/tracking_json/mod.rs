//! `tracking.json` (SPEC 12): the document that other tools read.

mod entity;
mod leaf;
mod mapping;
mod needed;

pub(super) use entity::{entity, source_facts};
pub(super) use leaf::leaf;
pub(super) use mapping::entry;
pub(super) use needed::{definition, needed};

use super::json::write_list;
use crate::engine::Judged;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Name and version of the format.
pub const SCHEMA: &str = "dualtrack/tracking/1";

/// Writes the document, some entities at a time, so that memory does not grow with the number of entities.
pub fn write(judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
    let model = judged.model;
    writeln!(out, "{{\n\"schema\": {},\n\"assumed_mapped\": {},", json!(SCHEMA), judged.scope.assumed)?;
    writeln!(out, "\"policy\": {},", Value::Object(judged.policy.to_json()))?;
    write_list("entities", &judged.analysis.entities, |part| part.iter().map(|e| entity(model, e)), out)?;
    out.write_all(b",\n")?;
    write_list("definitions", &judged.analysis.definitions, |part| part.iter().map(definition), out)?;
    out.write_all(b",\n")?;
    write_list("needed", &judged.needed, |part| part.iter().map(|n| needed(&model.catalog, n)), out)?;
    out.write_all(b",\n")?;
    let problem = |p| super::problems::to_json(model, p);
    write_list("problems", &judged.problems, |part| part.iter().map(problem), out)?;
    out.write_all(b"\n}\n")
}
