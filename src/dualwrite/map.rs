//! What a table map says, as plain data: names as written, nothing looked up.

use crate::text::name_key;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;

/// A file that may hold table maps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapFile {
    /// Path below the folder that was named, with `/`; the file name where a file was named.
    pub path: Box<str>,
    /// Which of the named files and folders led to it, from 0.
    pub root: usize,
    /// Where to open it.
    pub location: PathBuf,
}

/// One table map.
#[derive(Clone, Debug, PartialEq)]
pub struct TableMap {
    /// `msdyn_name`, the key of versions; none for a map that was not exported from Dataverse.
    pub name: Option<Box<str>>,
    /// `name` inside the JSON, for people: `[Customers V3] - [accounts]`.
    pub title: Option<Box<str>>,
    /// `msdyn_version` as written.
    pub version: Option<Box<str>>,
    /// The file that holds it.
    pub file: Arc<MapFile>,
    /// The how many-th map of that file, from 0.
    pub position: usize,
    /// An F&O entity and a Dataverse table each; nearly always one.
    pub legs: Vec<Leg>,
}

impl TableMap {
    /// Everything that it can be called: its names, its file with and without folders and ending, the entities
    /// and tables of its legs as it writes them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let path: &str = &self.file.path;
        let file = path.rsplit('/').next().unwrap_or(path);
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let own = self.name.as_deref().into_iter().chain(self.title.as_deref());
        let legs = self.legs.iter().flat_map(|leg| [&*leg.source_schema, &*leg.destination_schema]);
        own.chain([path, file, stem]).chain(legs).filter(|name| !name.is_empty())
    }

    /// Whether one of its names is this, in any case.
    pub fn is_named(&self, name: &str) -> bool {
        self.names().any(|own| name_key(own) == name_key(name))
    }

    /// The name for messages: `msdyn_name`, else the title, else the file.
    pub fn display_name(&self) -> &str {
        self.name.as_deref().or(self.title.as_deref()).unwrap_or(&self.file.path)
    }
}

/// An F&O entity mapped to a Dataverse table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Leg {
    /// The F&O entity: a label, a public name or an AOT name.
    pub source_schema: Box<str>,
    /// The Dataverse entity set.
    pub destination_schema: Box<str>,
    /// Filter on the F&O side: a query expression.
    pub source_filter: Box<str>,
    /// Filter on the Dataverse side: `OData`.
    pub reversed_source_filter: Box<str>,
    /// The field rows in their order.
    pub fields: Vec<FieldMapping>,
    /// Keys of the F&O entity, where the file is a project that holds its tables; fields as in
    /// [`FieldMapping::source_field`].
    pub source_keys: Arc<[MapKey]>,
    /// Keys of the Dataverse table, likewise; fields are columns.
    pub destination_keys: Arc<[MapKey]>,
}

/// A key as a project knows it (`environments[].schemas[].keys[]`); maps exported from Dataverse have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapKey {
    /// Its name; may be empty.
    pub name: Box<str>,
    /// The fields, as written.
    pub fields: Vec<Box<str>>,
    /// `isIntegrationKey`: dual-write finds the rows of the other side by it.
    pub is_integration: bool,
    /// `isPrimaryKey`.
    pub is_primary: bool,
}

/// One field row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldMapping {
    /// Which way the field travels.
    pub direction: Direction,
    /// Field of the F&O entity, usually in upper case; empty where only a default value is sent.
    pub source_field: Box<str>,
    /// Column of the Dataverse table, or `lookup.column`.
    pub destination_field: Box<str>,
    /// `destinationLookupFieldRelatedEntity`: the Dataverse table that a lookup leads to.
    pub lookup_entity: Box<str>,
    /// Dataverse added the row on its own.
    pub system_generated: bool,
    /// `valueTransforms` as written.
    pub transforms: Vec<Value>,
}

impl FieldMapping {
    /// Whether the destination is a column behind a Dataverse lookup.
    pub fn is_lookup(&self) -> bool {
        self.destination_field.contains('.')
    }
}

impl FieldMapping {
    /// Whether the row fills a column of a Dataverse key. The column of a lookup `a.b` is `a`, or `_a_value` as
    /// keys spell it.
    pub fn fills(&self, key: &str) -> bool {
        let column = self.destination_field.split('.').next().unwrap_or_default();
        let inner = key.strip_prefix('_').and_then(|rest| rest.strip_suffix("_value"));
        self.destination_field.eq_ignore_ascii_case(key)
            || column.eq_ignore_ascii_case(key)
            || inner.is_some_and(|inner| column.eq_ignore_ascii_case(inner))
    }
}

/// `syncDirection`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// 1: F&O to Dataverse.
    ToDataverse,
    /// 2: Dataverse to F&O.
    FromDataverse,
    /// 3: both ways.
    Both,
    /// Absent or another value; such a row does not count.
    #[default]
    Unknown,
}

impl Direction {
    /// Reads a number, or a text that holds one.
    pub fn from_json(value: &Value) -> Self {
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse::<f64>().ok(),
            _ => None,
        };
        match number {
            Some(1.0) => Self::ToDataverse,
            Some(2.0) => Self::FromDataverse,
            Some(3.0) => Self::Both,
            _ => Self::Unknown,
        }
    }

    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            Self::ToDataverse => "to_dataverse",
            Self::FromDataverse => "from_dataverse",
            Self::Both => "both",
            Self::Unknown => "unknown",
        }
    }

    /// Whether F&O sends the field.
    pub fn is_outbound(self) -> bool {
        matches!(self, Self::ToDataverse | Self::Both)
    }

    /// Whether F&O receives the field.
    pub fn is_inbound(self) -> bool {
        matches!(self, Self::FromDataverse | Self::Both)
    }
}
