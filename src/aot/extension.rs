//! Extensions of tables, views, entities and queries.

use super::cursor::{Cursor, Tag};
use super::fault::Read;
use super::{EmbeddedSource, Extension, ExtensionKind, Named, data_source, relation, table, view};

/// Properties of an element that the analysis reads; an extension that changes one is worth a note, because
/// such changes are not applied (SPEC 2.3).
const ELEMENT_PROPERTIES: &[&str] = &[
    "DataManagementEnabled",
    "Extends",
    "IsPublic",
    "IsReadOnly",
    "Label",
    "PublicCollectionName",
    "PublicEntityName",
    "Query",
    "QueryType",
    "TableType",
];

/// The same for properties of fields and data sources.
const PART_PROPERTIES: &[&str] = &[
    "AccessModifier",
    "Aggregation",
    "ComputedFieldMethod",
    "DataField",
    "DataSource",
    "IsComputedField",
    "IsReadOnly",
    "JoinMode",
    "Table",
    "ViewMethod",
];

/// Reads an extension.
pub(super) fn read(cursor: &mut Cursor<'_>, line: u32, kind: ExtensionKind) -> Read<Extension> {
    let mut extension = empty(kind, line);
    let is_table = kind == ExtensionKind::Table;
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" => extension.named.name = cursor.value()?,
            "Fields" if is_table => table::fields(cursor, &mut extension.table_fields)?,
            "Fields" => view::fields(cursor, &mut extension.view_fields)?,
            "Relations" => relation::read_all(cursor, &mut extension.relations)?,
            "DataSources" => sources(cursor, &mut extension.sources)?,
            "PropertyModifications" => {
                let mut wanted =
                    Wanted { known: &[ELEMENT_PROPERTIES, PART_PROPERTIES], extension: &mut extension };
                wanted.properties(cursor)?;
            }
            name if name.ends_with("Modifications") => {
                let mut wanted = Wanted { known: &[PART_PROPERTIES], extension: &mut extension };
                wanted.parts(cursor)?;
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(extension)
}

fn empty(kind: ExtensionKind, line: u32) -> Extension {
    Extension {
        named: Named { line, ..Named::default() },
        kind,
        table_fields: Vec::new(),
        view_fields: Vec::new(),
        relations: Vec::new(),
        sources: Vec::new(),
        modifications: Vec::new(),
    }
}

/// Reads `DataSources` of an extension. A source that stands there without saying where it hangs is kept with
/// an empty parent, so that it is reported and not lost.
fn sources(cursor: &mut Cursor<'_>, sources: &mut Vec<EmbeddedSource>) -> Read<()> {
    cursor.children(|cursor, tag| {
        let line = cursor.line(tag.at);
        let mut added = EmbeddedSource { parent: Named { line, ..Named::default() }, sources: Vec::new() };
        if tag.name == "AxQueryExtensionEmbeddedDataSource" {
            cursor.children(|cursor, tag| {
                match tag.name {
                    "Parent" => added.parent = cursor.named(tag)?.unwrap_or_default(),
                    "DataSource" => added.sources = data_source::embedded(cursor, tag)?,
                    _ => {}
                }
                Ok(())
            })?;
        } else if tag.name.ends_with("DataSource") {
            added.sources = data_source::embedded(cursor, tag)?;
        }
        if !added.sources.is_empty() {
            sources.push(added);
        }
        Ok(())
    })
}

/// Collects the names of changed properties that matter.
struct Wanted<'e> {
    known: &'e [&'e [&'e str]],
    extension: &'e mut Extension,
}

impl Wanted<'_> {
    /// Reads `PropertyModifications`: each child has the property's name in `Name`.
    fn properties(&mut self, cursor: &mut Cursor<'_>) -> Read<()> {
        cursor.children(|cursor, tag| {
            let line = cursor.line(tag.at);
            let mut name = None;
            cursor.children(|cursor, tag| {
                if tag.name == "Name" {
                    name = cursor.some_value()?;
                }
                Ok(())
            })?;
            if let Some(name) = name {
                self.note(name, line);
            }
            Ok(())
        })
    }

    /// Reads `FieldModifications`: each child names a part and lists property modifications, or has the
    /// changed properties as children.
    fn parts(&mut self, cursor: &mut Cursor<'_>) -> Read<()> {
        cursor.children(|cursor, _| {
            cursor.children(|cursor, tag: Tag<'_>| {
                if tag.name == "PropertyModifications" {
                    return self.properties(cursor);
                }
                let line = cursor.line(tag.at);
                self.note(tag.name.into(), line);
                Ok(())
            })
        })
    }

    fn note(&mut self, name: Box<str>, line: u32) {
        if self.known.iter().any(|known| known.iter().any(|k| k.eq_ignore_ascii_case(&name))) {
            self.extension.modifications.push(Named { name, line });
        }
    }
}
