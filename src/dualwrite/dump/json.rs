//! Dumps as JSON: an array of rows, alone or somewhere inside a document (`value` of an `OData` service, the root that
//! `FOR JSON` writes), or one row a line.

use super::collect::{Collector, RawCell, RawRow};
use super::columns::{Column, Columns};
use super::error::Nearly;
use super::{DumpError, DumpForm, DumpPlace};
use crate::source::Lines;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::path::Path;

/// Rows are looked for inside so many arrays and objects.
const DEPTH: usize = 8;

pub(super) fn read(text: &str, path: &Path, collector: &mut Collector) -> Result<(), DumpError> {
    collector.form(DumpForm::Json, None);
    let mut reader =
        Reader { text, lines: Lines::new(text.as_bytes()), nearly: Nearly::default(), missing: None };
    let values = values(text).map_err(|error| reader.no_json(path, &error))?;
    let values: Vec<&RawValue> = values.into_iter().filter(|v| !is_blank_row(v)).collect();
    let found = if values.len() > 1 && reader.has_columns(&values) {
        Some(values)
    } else {
        values.iter().find_map(|value| reader.find(value, DEPTH))
    };
    match found {
        Some(rows) => {
            rows.into_iter().for_each(|row| reader.row(row, collector));
            Ok(())
        }
        // A table without rows is exported as an empty array.
        None if reader.missing.is_none() => Ok(()),
        None => {
            let missing = reader.missing.unwrap_or_default();
            Err(DumpError::MissingColumns { path: path.to_owned(), missing, found: reader.nearly.found() })
        }
    }
}

/// The values of a text, mostly one.
fn values(text: &str) -> Result<Vec<&RawValue>, serde_json::Error> {
    serde_json::Deserializer::from_str(text).into_iter().collect()
}

fn is_blank_row(value: &RawValue) -> bool {
    value.get() == "null"
}

fn is_nested(value: &RawValue) -> bool {
    value.get().starts_with(['{', '['])
}

struct Reader<'a> {
    text: &'a str,
    lines: Lines<'a>,
    nearly: Nearly,
    /// Required columns that the best rows so far lack; `None` while no row was seen.
    missing: Option<Vec<&'static str>>,
}

impl<'a> Reader<'a> {
    fn no_json(&self, path: &Path, error: &serde_json::Error) -> DumpError {
        let line = error.line().max(1);
        let source = self.text.split('\n').nth(line - 1).unwrap_or_default().as_bytes();
        let before = &source[..error.column().saturating_sub(1).min(source.len())];
        let column = String::from_utf8_lossy(before).chars().count() + 1;
        let message = error.to_string();
        let end = message.rfind(" at line ").unwrap_or(message.len());
        DumpError::Json {
            path: path.to_owned(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            reason: message[..end].to_owned(),
        }
    }

    /// The first array of rows with the columns of the table; an object with them is one row.
    fn find(&mut self, value: &'a RawValue, depth: usize) -> Option<Vec<&'a RawValue>> {
        let depth = depth.checked_sub(1)?;
        if let Some(items) = items(value) {
            if self.has_columns(&items) {
                return Some(items);
            }
            if !items.is_empty() && !items.iter().any(|item| is_nested(item)) {
                self.missing.get_or_insert_with(|| Columns::default().missing());
            }
            return items.into_iter().find_map(|item| self.find(item, depth));
        }
        let properties = properties(value)?;
        // An object around other things is no row; its names would only mislead.
        let around = properties.0.iter().any(|(_, inner)| is_nested(inner));
        if !around && self.has_columns(&[value]) {
            return Some(vec![value]);
        }
        properties.0.into_iter().find_map(|(_, inner)| self.find(inner, depth))
    }

    /// The rows have the columns of the table, all rows together: `FOR JSON` leaves out what is null.
    fn has_columns(&mut self, rows: &[&'a RawValue]) -> bool {
        let mut names: Vec<Cow<'a, str>> = Vec::new();
        let mut first = None;
        for (row, properties) in rows.iter().filter_map(|row| Some((row, properties(row)?))) {
            first.get_or_insert(*row);
            for (name, _) in properties.0 {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            if Columns::of(&names).are_complete() {
                return true;
            }
            if names.len() > 1_000 {
                break;
            }
        }
        let Some(first) = first.filter(|_| !names.is_empty()) else { return false };
        let missing = Columns::of(&names).missing();
        let line = self.lines.line(self.offset(first));
        self.nearly.look(missing.len(), &format!("the object in line {line}"), &names);
        if self.missing.as_ref().is_none_or(|known| missing.len() < known.len()) {
            self.missing = Some(missing);
        }
        false
    }

    fn row(&mut self, value: &'a RawValue, collector: &mut Collector) {
        let place = self.place(value);
        let Some(properties) = properties(value) else {
            if !is_blank_row(value) {
                collector.broken_row(place, "a row must be an object");
            }
            return;
        };
        let names: Vec<&str> = properties.0.iter().map(|(name, _)| &**name).collect();
        let columns = Columns::of(&names);
        let mut row = RawRow::at(place);
        for column in Column::ALL {
            if let Some((_, value)) = columns.get(column).map(|at| &properties.0[at]) {
                let cell = self.cell(value);
                row.set(column, cell);
            }
        }
        collector.row(row, columns.get(Column::Channel).is_some());
    }

    fn cell(&mut self, value: &'a RawValue) -> RawCell<'a> {
        let place = self.place(value);
        let raw = value.get();
        let (text, fault) = match raw.as_bytes().first() {
            Some(b'"') => (serde_json::from_str(raw).unwrap_or(Cow::Borrowed(raw)), None),
            _ if is_nested(value) => (Cow::Borrowed(""), Some("a list or object where a name belongs")),
            _ if raw == "null" => (Cow::Borrowed(""), None),
            _ => (Cow::Borrowed(raw), None),
        };
        RawCell { text, place, fault }
    }

    fn place(&mut self, value: &RawValue) -> DumpPlace {
        let position = self.lines.position(self.offset(value));
        DumpPlace { line: position.line, column: position.column }
    }

    /// Where a value starts: it is a part of the text.
    fn offset(&self, value: &RawValue) -> usize {
        value.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr())
    }
}

/// The elements of an array.
fn items(value: &RawValue) -> Option<Vec<&RawValue>> {
    if value.get().starts_with('[') { serde_json::from_str(value.get()).ok() } else { None }
}

/// The properties of an object, in their order.
struct Properties<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

fn properties(value: &RawValue) -> Option<Properties<'_>> {
    if value.get().starts_with('{') { serde_json::from_str(value.get()).ok() } else { None }
}

impl<'de: 'a, 'a> Deserialize<'de> for Properties<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = Vec<(Name<'de>, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(entries)
            }
        }

        let entries = deserializer.deserialize_map(Each)?;
        Ok(Self(entries.into_iter().map(|(name, value)| (name.0, value)).collect()))
    }
}

/// A name of a property; `Cow` alone would always be copied.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
