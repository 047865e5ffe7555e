//! Table maps in Dataverse solutions: `customizations.xml` of an exported solution, or the files of an unpacked one.
//!
//! A map is a row of the solution-aware table `msdyn_dualwriteentitymap`. Solutions hold such rows in a list named
//! after the table's set, `<msdyn_dualwriteentitymaps>` below `<ImportExportXml>` (public report on the schema of the
//! file: powerapps-docs, issue 4474); each column is a child element or, where it is a key, an attribute of the row.

use crate::source::Lines;
use crate::text::name_key;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde_json::{Map, Value};
use std::path::Path;

/// The table of the rows.
const TABLE: &str = "msdyn_dualwriteentitymap";

/// Whether a file of a solution can hold table maps, by its path with `/`: `customizations.xml` in any folder, or
/// an XML file in a folder (or with a name) of the table.
pub(super) fn can_hold_maps(path: &str) -> bool {
    let folders = name_key(path);
    let path = Path::new(&folders);
    let is_xml = path.extension().is_some_and(|extension| extension == "xml");
    path.ends_with("customizations.xml") || (is_xml && folders.contains(TABLE))
}

/// Whether a text is XML rather than JSON.
pub(super) fn is_xml(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

/// Why a file of a solution cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// From 1.
    pub(super) line: u32,
    /// From 1, in characters.
    pub(super) column: u32,
    /// What the parser says.
    pub(super) reason: String,
}

/// The rows of the table, each with its columns, in the order of the file; those before a fault as well.
pub(super) fn rows(text: &str) -> (Vec<Map<String, Value>>, Option<Fault>) {
    let mut reader = Reader::from_str(text);
    let mut rows = Vec::new();
    let Err(error) = read(&mut reader, &mut rows) else { return (rows, None) };
    let (at, reason) = match error {
        Error::Ends => (text.len(), "the file ends before its elements are closed".to_owned()),
        Error::Xml(error) => {
            let at = usize::try_from(reader.error_position()).unwrap_or(0);
            (at.min(text.len()), error.to_string())
        }
    };
    let place = Lines::new(text.as_bytes()).position(at);
    (rows, Some(Fault { line: place.line, column: place.column, reason }))
}

/// What stops the reading.
enum Error {
    Ends,
    Xml(quick_xml::Error),
}

impl From<quick_xml::Error> for Error {
    fn from(error: quick_xml::Error) -> Self {
        Self::Xml(error)
    }
}

fn read(reader: &mut Reader<&[u8]>, rows: &mut Vec<Map<String, Value>>) -> Result<(), Error> {
    let mut depth = 0_usize;
    loop {
        match reader.read_event()? {
            Event::Start(start) if is_row(&start) => rows.push(row(reader, &start)?),
            Event::Empty(start) if is_row(&start) => rows.push(attributes(&start)),
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err(Error::Ends),
            _ => {}
        }
    }
}

fn is_row(start: &BytesStart<'_>) -> bool {
    name_key(local(start.name().0)) == TABLE
}

/// Reads the columns of a row, up to its end. What is nested inside a column is not part of its text.
fn row(reader: &mut Reader<&[u8]>, start: &BytesStart<'_>) -> Result<Map<String, Value>, Error> {
    let mut columns = attributes(start);
    let mut column = String::new();
    let mut text = String::new();
    let mut depth = 0_usize;
    loop {
        match reader.read_event()? {
            Event::Start(start) => {
                if depth == 0 {
                    column = name_key(local(start.name().0));
                    text.clear();
                }
                depth += 1;
            }
            Event::End(_) if depth == 0 => return Ok(columns),
            Event::End(_) => {
                depth -= 1;
                if depth == 0 {
                    columns.insert(std::mem::take(&mut column), Value::String(text.trim().to_owned()));
                }
            }
            Event::Text(piece) if depth == 1 => text.push_str(&piece),
            Event::CData(piece) if depth == 1 => text.push_str(&piece),
            Event::GeneralRef(reference) if depth == 1 => push(&mut text, &reference),
            Event::Eof => return Err(Error::Ends),
            _ => {}
        }
    }
}

/// Attributes that cannot be read are no columns.
fn attributes(start: &BytesStart<'_>) -> Map<String, Value> {
    let attributes = start.attributes().flatten().map(|attribute| {
        let value = quick_xml::escape::unescape(&attribute.value)
            .map_or_else(|_| attribute.value.to_string(), Into::into);
        (name_key(local(attribute.key.0)), Value::String(value))
    });
    attributes.collect()
}

/// There is no DTD: only the predefined entities and character references mean something.
fn push(text: &mut String, reference: &BytesRef<'_>) {
    match (reference.resolve_char_ref(), quick_xml::escape::resolve_predefined_entity(reference)) {
        (Ok(Some(character)), _) => text.push(character),
        (_, Some(known)) => text.push_str(known),
        _ => text.extend(["&", reference, ";"]),
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
#[path = "solution_tests.rs"]
mod tests;
