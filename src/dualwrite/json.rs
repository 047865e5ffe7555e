//! The JSON of table maps, in every shape in which it is passed around.
//!
//! A map is an object with `legs`. It may stand alone, in an array, in a Dataverse row (`msdyn_mapping`, a text),
//! in a list of rows (`value`), in a project (`entityMappingTasks`), below other properties, and as JSON text
//! inside JSON text. Keys are matched without regard to case. Solutions hold such rows as XML.

use super::keys::{Schema, schemas};
use super::map::{Direction, FieldMapping, Leg, MapFile, TableMap};
use super::solution;
use crate::problem::{Code, Problem};
use crate::text::decode;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// How often JSON may stand as text inside JSON.
const MAX_ENCODED: u8 = 4;

const BOM: char = '\u{feff}';

/// The table maps of one file, in their order, and what could not be read.
pub fn parse_maps(bytes: &[u8], file: &Arc<MapFile>) -> (Vec<TableMap>, Vec<Problem>) {
    let mut reader = Reader { file, schemas: Vec::new(), problems: Vec::new() };
    let found = reader.document(bytes);
    let maps = found.into_iter().enumerate().map(|(position, found)| TableMap {
        name: found.name,
        title: found.title,
        version: found.version,
        file: Arc::clone(file),
        position,
        legs: found.legs,
    });
    (maps.collect(), reader.problems)
}

/// A map without its place.
#[derive(Default)]
struct Found {
    name: Option<Box<str>>,
    title: Option<Box<str>>,
    version: Option<Box<str>>,
    legs: Vec<Leg>,
}

struct Reader<'a> {
    file: &'a MapFile,
    /// The tables of the project at hand.
    schemas: Vec<Schema>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&self, code: Code) -> Problem {
        Problem::new(code, None).with("path", &self.file.path)
    }

    fn unreadable(&mut self, reason: &str) {
        self.problems.push(self.problem(Code::UnreadableMap).with("reason", reason));
    }

    fn document(&mut self, bytes: &[u8]) -> Vec<Found> {
        let text = match decode(bytes) {
            Ok(text) => text,
            Err(error) => {
                self.unreadable(&error.to_string());
                return Vec::new();
            }
        };
        let is_json = self.file.path.to_ascii_lowercase().ends_with(".json");
        let found = if solution::is_xml(&text) && !is_json { self.solution(&text) } else { self.json(&text) };
        if found.is_empty() && self.problems.is_empty() {
            self.problems.push(self.problem(Code::SkippedMapFile));
        }
        found
    }

    fn json(&mut self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        match serde_json::from_str::<Value>(text) {
            Ok(value) => self.find(&value, MAX_ENCODED, &mut found),
            Err(error) => self.fault(&Fault::of(&error, text), "not valid JSON"),
        }
        found
    }

    /// The rows of a solution are those of the Dataverse list, as XML.
    fn solution(&mut self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let (rows, fault) = solution::rows(text);
        for row in &rows {
            self.row(row, MAX_ENCODED, &mut found);
        }
        if let Some(solution::Fault { line, column, reason }) = fault {
            let (line, column) = (line as usize, column as usize);
            self.fault(&Fault { line, column, message: reason }, "not valid XML");
        }
        found
    }

    fn fault(&mut self, fault: &Fault, what: &str) {
        let problem = self.problem(Code::UnreadableMap).with("reason", fault.text(what));
        let (line, column) = (fault.line.to_string(), fault.column.to_string());
        self.problems.push(problem.with("line", line).with("column", column));
    }

    /// Collects the maps in `value`; `encoded` = how often JSON text may still be opened.
    fn find(&mut self, value: &Value, encoded: u8, found: &mut Vec<Found>) {
        match value {
            Value::Object(object) => self.object(object, encoded, found),
            Value::Array(list) => list.iter().for_each(|item| self.find(item, encoded, found)),
            Value::String(text) => {
                if let Some(inner) = open(text, encoded) {
                    self.find(&inner, encoded - 1, found);
                }
            }
            _ => {}
        }
    }

    /// What stands in a project belongs to its tables.
    fn object(&mut self, object: &Map<String, Value>, encoded: u8, found: &mut Vec<Found>) {
        let Some(environments) = get(object, "environments") else {
            return self.map_or_more(object, encoded, found);
        };
        let outer = std::mem::replace(&mut self.schemas, schemas(environments, encoded));
        self.map_or_more(object, encoded, found);
        self.schemas = outer;
    }

    fn map_or_more(&mut self, object: &Map<String, Value>, encoded: u8, found: &mut Vec<Found>) {
        let legs = legs(object, encoded);
        let tasks = get(object, "entityMappingTasks");
        if get(object, "msdyn_mapping").is_some() || (legs.is_none() && is_row(object)) {
            return self.row(object, encoded, found);
        }
        let known = legs.is_some() || tasks.is_some();
        if let Some(legs) = legs {
            let map = names(object);
            let who = map.name.as_deref().or(map.title.as_deref()).unwrap_or(&self.file.path).to_owned();
            let legs =
                legs.iter().filter_map(Value::as_object).map(|leg| self.leg(leg, &who, encoded)).collect();
            found.push(Found { legs, ..map });
        }
        if let Some(tasks) = tasks {
            self.find(tasks, encoded, found);
        }
        if !known {
            object.values().for_each(|value| self.find(value, encoded, found));
        }
    }

    /// A row of the Dataverse table `msdyn_dualwriteentitymap`: one map, whatever its mapping looks like inside.
    fn row(&mut self, object: &Map<String, Value>, encoded: u8, found: &mut Vec<Found>) {
        let mut row = names(object);
        let who = row.name.as_deref().unwrap_or("a map without msdyn_name").to_owned();
        let mapping = match get(object, "msdyn_mapping") {
            None | Some(Value::Null) => {
                return self.unreadable(&format!("{who} has no msdyn_mapping; export that column too"));
            }
            Some(Value::String(_)) if encoded == 0 => {
                return self
                    .unreadable(&format!("msdyn_mapping of {who} is JSON text inside JSON text too often"));
            }
            Some(Value::String(text)) => match serde_json::from_str::<Value>(text.trim_start_matches(BOM)) {
                Ok(value) => Cow::Owned(value),
                Err(error) => {
                    let what = format!("msdyn_mapping of {who} is not valid JSON");
                    return self.unreadable(&Fault::of(&error, text).text(&what));
                }
            },
            Some(value) => Cow::Borrowed(value),
        };
        let mut parts = Vec::new();
        self.find(&mapping, encoded.saturating_sub(1), &mut parts);
        if parts.is_empty() {
            return self.unreadable(&format!("msdyn_mapping of {who} holds no table map"));
        }
        for part in parts {
            row.title = row.title.or(part.title);
            row.legs.extend(part.legs);
        }
        found.push(row);
    }

    fn leg(&mut self, object: &Map<String, Value>, map: &str, encoded: u8) -> Leg {
        let rows = get(object, "fieldMappings").map(|value| list(value, encoded)).unwrap_or_default();
        let rows = rows.iter().filter_map(Value::as_object);
        let fields: Vec<_> = rows.map(field).collect();
        for field in &fields {
            self.check_direction(map, field);
        }
        let keys = |side| self.schemas.iter().find(|s| s.is_of(object, side)).map(|s| s.keys.clone());
        Leg {
            source_keys: keys("source").unwrap_or_default(),
            destination_keys: keys("destination").unwrap_or_default(),
            source_schema: text(object, "sourceSchema"),
            destination_schema: text(object, "destinationSchema"),
            source_filter: text(object, "sourceFilter"),
            reversed_source_filter: text(object, "reversedSourceFilter"),
            fields,
        }
    }

    fn check_direction(&mut self, map: &str, field: &FieldMapping) {
        if field.direction == Direction::Unknown && !field.source_field.is_empty() {
            let name = field.source_field.clone();
            let problem = self.problem(Code::UnknownSyncDirection);
            self.problems.push(problem.with("map", map).with("field", name));
        }
    }
}

/// A row of the Dataverse table even where the mapping was not exported; other tables have an `msdyn_name` too.
fn is_row(object: &Map<String, Value>) -> bool {
    get(object, "msdyn_name").is_some() && get(object, "msdyn_version").is_some()
}

fn field(row: &Map<String, Value>) -> FieldMapping {
    FieldMapping {
        direction: get(row, "syncDirection").map(Direction::from_json).unwrap_or_default(),
        source_field: text(row, "sourceField"),
        destination_field: text(row, "destinationField"),
        lookup_entity: text(row, "destinationLookupFieldRelatedEntity"),
        system_generated: matches!(&*text(row, "isSystemGenerated"), "true" | "True"),
        transforms: get(row, "valueTransforms").map(transforms).unwrap_or_default(),
    }
}

fn transforms(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(list) => list.clone(),
        other => vec![other.clone()],
    }
}

fn names(object: &Map<String, Value>) -> Found {
    let filled = |key| Some(text(object, key)).filter(|text| !text.is_empty());
    Found {
        name: filled("msdyn_name"),
        title: filled("name"),
        version: filled("msdyn_version"),
        legs: Vec::new(),
    }
}

/// The legs of a map; none if the object is no map.
fn legs(object: &Map<String, Value>, encoded: u8) -> Option<Vec<Value>> {
    let value = get(object, "legs")?;
    let legs = list(value, encoded);
    let is_leg = |leg: &Value| {
        let keys = ["sourceSchema", "destinationSchema", "fieldMappings"];
        leg.as_object().is_some_and(|leg| keys.iter().any(|key| get(leg, key).is_some()))
    };
    let is_map =
        if legs.is_empty() { value.is_array() || value.is_string() } else { legs.iter().any(is_leg) };
    is_map.then_some(legs)
}

/// The items of an array, also one written as JSON text; a single object is a list of one.
pub(super) fn list(value: &Value, encoded: u8) -> Vec<Value> {
    match value {
        Value::Array(list) => list.clone(),
        Value::Object(_) => vec![value.clone()],
        Value::String(text) => open(text, encoded).map(|inner| list(&inner, encoded - 1)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The JSON inside a text, if it can be one and may be opened.
fn open(text: &str, encoded: u8) -> Option<Value> {
    let can_be = encoded > 0 && text.trim_start_matches(BOM).trim_start().starts_with(['{', '[', '"']);
    can_be.then(|| serde_json::from_str(text.trim_start_matches(BOM)).ok()).flatten()
}

/// The value of a key in any case; the exact spelling goes first.
pub(super) fn get<'v>(object: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
    let any_case = || object.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value);
    object.get(key).or_else(any_case)
}

/// The text of a key, trimmed; empty where there is none.
pub(super) fn text(object: &Map<String, Value>, key: &str) -> Box<str> {
    match get(object, key) {
        Some(Value::String(text)) => text.trim().into(),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string().into(),
        _ => "".into(),
    }
}

/// Where JSON went wrong, with the column in characters.
struct Fault {
    line: usize,
    column: usize,
    message: String,
}

impl Fault {
    fn of(error: &serde_json::Error, text: &str) -> Self {
        let (line, bytes) = (error.line().max(1), error.column());
        let source = text.split('\n').nth(line - 1).unwrap_or_default().as_bytes();
        let before = &source[..bytes.saturating_sub(1).min(source.len())];
        let column = String::from_utf8_lossy(before).chars().count() + 1;
        let message = error.to_string();
        let end = message.rfind(" at line ").unwrap_or(message.len());
        Self { line, column, message: message[..end].to_owned() }
    }

    fn text(&self, what: &str) -> String {
        format!("{what} in line {}, column {}: {}", self.line, self.column, self.message)
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
