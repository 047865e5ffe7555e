//! Extensions of tables, views, entities and queries.

use super::cursor::{Cursor, Tag};
use super::fault::Read;
use super::{EmbeddedSource, Extension, ExtensionKind, Named, data_source, range, relation, table, view};
use crate::text::Symbol;

/// Properties of an element that the analysis reads; an extension that changes one is worth a note, because
/// such changes are not applied (SPEC 2.3).
const ELEMENT_PROPERTIES: &[&str] = &[
    "DataManagementEnabled",
    "Extends",
    "IsPublic",
    "IsReadOnly",
    "Label",
    "PrimaryCompanyContext",
    "PrimaryKey",
    "PublicCollectionName",
    "PublicEntityName",
    "Query",
    "QueryType",
    "SaveDataPerCompany",
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
    "Mandatory",
    "Table",
    "ViewMethod",
];

/// Reads an extension.
pub(super) fn read(cursor: &mut Cursor<'_>, line: u32, kind: ExtensionKind) -> Read<Extension> {
    let mut extension = empty(kind, line);
    let is_table = kind == ExtensionKind::Table;
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" if extension.named.name.is_empty() => extension.named.name = cursor.value()?,
            "Fields" if is_table => table::fields(cursor, &mut extension.table_fields)?,
            "Fields" => view::fields(cursor, &mut extension.view_fields)?,
            "Relations" => relation::read_all(cursor, &mut extension.relations)?,
            "DataSources" => sources(cursor, &mut extension.sources)?,
            "Ranges" => range::added(cursor, &mut extension.ranges)?,
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
        ranges: Vec::new(),
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

    fn note(&mut self, name: Symbol, line: u32) {
        if self.known.iter().any(|known| known.iter().any(|k| k.eq_ignore_ascii_case(&name))) {
            self.extension.modifications.push(Named { name, line });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::aot::file::definition;
    use crate::aot::{Definition, Extension, ExtensionKind, Named};

    fn extension(text: &str) -> Extension {
        let Definition::Extension(extension) = definition(text) else { panic!("an extension") };
        extension
    }

    #[test]
    fn an_entity_extension_adds_sources_fields_and_changes() {
        let extension = extension(
            "<AxDataEntityViewExtension xmlns:i='x'><Name>CarEntity.Mine</Name>
<DataSources>
<AxQueryExtensionEmbeddedDataSource><DataSource>
<Name>S</Name><Table>T</Table><JoinMode>OuterJoin</JoinMode>
<DataSources><AxQuerySimpleEmbeddedDataSource><Name>Below</Name><Table>U</Table></AxQuerySimpleEmbeddedDataSource></DataSources>
</DataSource>
<Parent>Car</Parent></AxQueryExtensionEmbeddedDataSource>
<AxQuerySimpleEmbeddedDataSource><Name>Loose</Name></AxQuerySimpleEmbeddedDataSource>
</DataSources>
<FieldModifications><AxExtensionModification><Name>Plate</Name><PropertyModifications>
<AxPropertyModification><Name>Label</Name><Value>x</Value></AxPropertyModification>
<AxPropertyModification><Name>accessModifier</Name><Value>Private</Value></AxPropertyModification>
</PropertyModifications></AxExtensionModification></FieldModifications>
<Fields><AxDataEntityViewField i:type='AxDataEntityViewMappedField'><Name>F</Name></AxDataEntityViewField></Fields>
<PropertyModifications><AxPropertyModification><Name>IsPublic</Name><Value>No</Value></AxPropertyModification>
<AxPropertyModification><Name>HelpText</Name></AxPropertyModification></PropertyModifications>
</AxDataEntityViewExtension>",
        );
        assert_eq!((extension.kind, extension.target()), (ExtensionKind::DataEntity, "CarEntity"));
        let [added, loose] = &extension.sources[..] else { panic!("two") };
        assert_eq!(added.parent, Named { name: "Car".into(), line: 7 });
        let names: Vec<_> = added.sources.iter().map(|s| (&*s.named.name, s.named.line, s.parent)).collect();
        assert_eq!(names, [("S", 3, None), ("Below", 5, Some(0))]);
        assert_eq!((&*loose.parent.name, loose.sources.len()), ("", 1));
        assert_eq!(extension.view_fields.len(), 1);
        let changed: Vec<_> = extension.modifications.iter().map(|m| (&*m.name, m.line)).collect();
        assert_eq!(changed, [("accessModifier", 12), ("IsPublic", 15)]);
    }

    #[test]
    fn a_table_extension_adds_fields_and_relations() {
        let extension = extension(
            "<AxTableExtension><Name>Car.My.Suffix</Name><Fields><AxTableField><Name>F</Name></AxTableField></Fields>
<Relations><AxTableRelation><Name>R</Name><RelatedTable>T</RelatedTable></AxTableRelation></Relations></AxTableExtension>",
        );
        assert_eq!((extension.kind, extension.target()), (ExtensionKind::Table, "Car"));
        assert_eq!((extension.table_fields.len(), extension.view_fields.len()), (1, 0));
        assert_eq!(&*extension.relations[0].related, "T");
    }

    #[test]
    fn a_query_extension_adds_ranges_to_the_data_sources_that_it_names() {
        let extension = extension(
            "<AxQuerySimpleExtension><Name>Q.My</Name><Ranges>
<AxQueryExtensionQueryDataSourceRange><Name>R</Name><Parent>Car</Parent>
<QueryDataSourceRange><Name>R</Name><Field>Kind</Field><Value>1</Value></QueryDataSourceRange></AxQueryExtensionQueryDataSourceRange>
<AxQueryExtensionQueryDataSourceRange><Parent>Car</Parent></AxQueryExtensionQueryDataSourceRange>
</Ranges></AxQuerySimpleExtension>",
        );
        let [added] = &extension.ranges[..] else { panic!("one range") };
        assert_eq!((&*added.parent.name, &*added.range.field, added.range.line), ("Car", "Kind", 3));
    }
}
