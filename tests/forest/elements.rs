//! The files of a tree, one function per kind.

use super::code;
use super::random::Random;
use super::shape::{self, Element, Shapes, Target, skewed};
use super::xml::Xml;
use super::{FileIx, Kind, Size};

/// Kinds that are passed over.
const SKIPPED: [&str; 5] = ["AxForm", "AxEnum", "AxEdt", "AxMenuItemDisplay", "AxSecurityPrivilege"];

pub fn folder_and_name(file: FileIx, size: &Size) -> (&'static str, String) {
    let at = file.position;
    match file.kind {
        Kind::Table => ("AxTable", shape::table_name(at)),
        Kind::Entity => ("AxDataEntityView", shape::entity_name(at)),
        Kind::View => ("AxView", shape::view_name(at)),
        Kind::TableExtension => {
            ("AxTableExtension", format!("{}.Extension{at}", shape::table_name(at * 3 % size.tables)))
        }
        Kind::EntityExtension => (
            "AxDataEntityViewExtension",
            format!("{}.Extension{at}", shape::entity_name(at * 3 % size.entities)),
        ),
        Kind::Class => ("AxClass", class_name(at, size)),
        Kind::Skipped => (SKIPPED[at % SKIPPED.len()], format!("Passed{at}")),
    }
}

pub fn text(shapes: &Shapes, size: &Size, file: FileIx, random: &mut Random) -> String {
    let at = file.position;
    match file.kind {
        Kind::Table => table(shapes, at, random),
        Kind::Entity => entity(shapes, at, random),
        Kind::View => view(shapes, at),
        Kind::TableExtension => table_extension(shapes, file, size),
        Kind::EntityExtension => entity_extension(shapes, file, size, random),
        Kind::Class => class(shapes, at, size, random),
        Kind::Skipped => skipped(file, size),
    }
}

pub fn descriptor(model: &str, package: &str) -> String {
    let mut xml = Xml::new("AxModelInfo");
    xml.value("Layer", "8").value("ModelModule", package).value("Name", model);
    xml.finish()
}

fn table(shapes: &Shapes, at: usize, random: &mut Random) -> String {
    let shape = shapes.tables[at];
    let name = shape::table_name(at);
    let bytes = if shape.large { random.between(30_000, 100_000) } else { skewed(random, 0, 7_000) };
    let mut xml = Xml::new("AxTable");
    xml.value("Name", &name).element("SourceCode", |xml| {
        xml.code("Declaration", &format!("public class {name} extends common\n{{\n}}"));
        xml.element("Methods", |xml| code::methods(xml, random, &name, bytes));
    });
    xml.value("Label", "@SYS12345").value("TableGroup", "Main");
    if at > 0 && at.is_multiple_of(50) {
        xml.value("Extends", &shape::table_name(at - 1));
    }
    if at % 60 == 7 {
        xml.value("TableType", "TempDB");
    }
    xml.empty("DeleteActions");
    field_groups(&mut xml, &shape.column(0));
    xml.element("Fields", |xml| {
        for n in 0..shape.columns {
            let column = shape.column(n);
            xml.typed("AxTableField", "AxTableFieldString", |xml| {
                xml.value("Name", &column).value("ExtendedDataType", &column);
                if n < 2 {
                    xml.value("Mandatory", "Yes");
                }
            });
        }
    });
    xml.empty("FullTextIndexes").element("Indexes", |xml| {
        xml.element("AxTableIndex", |xml| {
            xml.value("Name", "Idx").value("AlternateKey", "Yes").element("Fields", |xml| {
                xml.element("AxTableIndexField", |xml| {
                    xml.value("DataField", &shape.column(0));
                });
            });
        });
    });
    xml.empty("Mappings").element("Relations", |xml| {
        for n in 0..skewed(random, 0, 5) {
            let related = shape::table_name(random.below(shapes.tables.len()));
            let column = shape.column(random.below(shape.columns));
            table_relation(xml, &format!("Relation{n}"), &related, &column);
        }
    });
    xml.empty("StateMachines");
    xml.finish()
}

fn table_relation(xml: &mut Xml, name: &str, related: &str, column: &str) {
    xml.typed("AxTableRelation", "AxTableRelationForeignKey", |xml| {
        xml.value("Name", name).value("Cardinality", "ZeroMore").value("RelatedTable", related);
        xml.value("RelationshipType", "Association").element("Constraints", |xml| {
            xml.typed("AxTableRelationConstraint", "AxTableRelationConstraintField", |xml| {
                xml.value("Name", column).value("Field", column).value("RelatedField", "RecId");
            });
        });
    });
}

fn field_groups(xml: &mut Xml, field: &str) {
    xml.element("FieldGroups", |xml| {
        for group in ["AutoReport", "AutoLookup", "AutoIdentification"] {
            xml.element("AxTableFieldGroup", |xml| {
                xml.value("Name", group);
                if group == "AutoReport" {
                    xml.element("Fields", |xml| {
                        xml.element("AxTableFieldGroupField", |xml| {
                            xml.value("DataField", field);
                        });
                    });
                } else {
                    xml.empty("Fields");
                }
            });
        }
    });
}

fn entity(shapes: &Shapes, at: usize, random: &mut Random) -> String {
    let element = &shapes.entities[at];
    let name = shape::entity_name(at);
    let bytes = if element.large { random.between(30_000, 90_000) } else { 0 };
    let computed = random.chance(15).then(|| random.pick(&element.fields));
    let mapping = random.chance(8);
    let mut xml = Xml::new("AxDataEntityView");
    xml.value("Name", &name).element("SourceCode", |xml| {
        xml.code("Declaration", &format!("public class {name} extends common\n{{\n}}"));
        xml.element("Methods", |xml| {
            if let Some(field) = computed {
                let source = &element.sources[field.source];
                let (method, table) = (format!("computed{}", field.name), source.target.name());
                let body = code::computed(&method, &name, &source.name, &table, &field.column);
                code::method(xml, &method, &body);
            }
            if mapping {
                let body = code::mapping(random, &name, element, false);
                code::method(xml, "getEntityDataSourceToFieldMapping", &body);
            }
            code::methods(xml, random, &name, bytes);
        });
    });
    xml.value("Label", "@SYS12345").value("DataManagementEnabled", "Yes");
    if random.chance(90) {
        xml.value("IsPublic", "Yes").value("PublicCollectionName", &format!("{name}Set"));
        xml.value("PublicEntityName", &name);
    }
    xml.empty("DeleteActions").empty("FieldGroups").element("Fields", |xml| {
        element.fields.iter().for_each(|field| entity_field(xml, element, field, random));
        if let Some(field) = computed {
            xml.typed("AxDataEntityViewField", "AxDataEntityViewUnmappedFieldString", |xml| {
                xml.value("Name", &format!("Computed{}", field.name));
                xml.value("ComputedFieldMethod", &format!("computed{}", field.name));
            });
        }
    });
    xml.element("Keys", |xml| {
        xml.element("AxDataEntityViewKey", |xml| {
            xml.value("Name", "EntityKey").element("Fields", |xml| {
                xml.element("AxDataEntityViewKeyField", |xml| {
                    xml.value("DataField", &element.fields[0].name);
                });
            });
        });
    });
    xml.empty("Mappings").empty("Ranges").empty("Relations").empty("StateMachines");
    view_metadata(&mut xml, shapes, element, random);
    xml.finish()
}

fn entity_field(xml: &mut Xml, element: &Element, field: &shape::Field, random: &mut Random) {
    xml.typed("AxDataEntityViewField", "AxDataEntityViewMappedField", |xml| {
        xml.value("Name", &field.name);
        if field.column == "RecId" || random.chance(5) {
            xml.value("AccessModifier", "Private");
        }
        xml.value("DataField", &field.column).value("DataSource", &element.sources[field.source].name);
    });
}

fn view_metadata(xml: &mut Xml, shapes: &Shapes, element: &Element, random: &mut Random) {
    xml.element("ViewMetadata", |xml| {
        xml.value("Name", "Metadata").element("SourceCode", |xml| {
            xml.empty("Methods");
        });
        xml.element("DataSources", |xml| sources(xml, shapes, element, None, random));
    });
}

/// The data sources with this parent, each with all beneath it.
fn sources(xml: &mut Xml, shapes: &Shapes, element: &Element, parent: Option<usize>, random: &mut Random) {
    for (at, source) in element.sources.iter().enumerate().filter(|(_, source)| source.parent == parent) {
        let tag = match parent {
            None => "AxQuerySimpleRootDataSource",
            Some(_) => "AxQuerySimpleEmbeddedDataSource",
        };
        let has_children = element.sources.iter().any(|s| s.parent == Some(at));
        xml.element(tag, |xml| {
            xml.value("Name", &source.name).value("DynamicFields", "Yes");
            if parent.is_some() && random.chance(12) {
                xml.value("IsReadOnly", "Yes");
            }
            xml.value("Table", &source.target.name());
            if has_children {
                xml.element("DataSources", |xml| sources(xml, shapes, element, Some(at), random));
            } else {
                xml.empty("DataSources");
            }
            xml.empty("DerivedDataSources").empty("Fields").empty("Ranges");
            match parent {
                None => {
                    xml.empty("GroupBy").empty("Having").empty("OrderBy");
                }
                Some(parent) => join(xml, shapes, &element.sources[parent], source.target, random),
            }
        });
    }
}

fn join(xml: &mut Xml, shapes: &Shapes, parent: &shape::Source, target: Target, random: &mut Random) {
    match random.below(20) {
        0..12 => {
            xml.value("JoinMode", "OuterJoin");
        }
        12 => {
            xml.value("JoinMode", "ExistsJoin");
        }
        _ => {}
    }
    if random.chance(15) {
        xml.value("UseRelations", "Yes").empty("Relations");
        return;
    }
    let (field, related) = (shapes.field_of(random, parent.target), shapes.field_of(random, target));
    xml.element("Relations", |xml| {
        xml.element("AxQuerySimpleDataSourceRelation", |xml| {
            xml.value("Name", "Relation1").value("Field", &field);
            xml.value("JoinDataSource", &parent.name).value("RelatedField", &related);
        });
    });
}

fn view(shapes: &Shapes, at: usize) -> String {
    let element = &shapes.views[at];
    let mut random = Random::new(at as u64);
    let mut xml = Xml::new("AxView");
    xml.value("Name", &shape::view_name(at)).element("SourceCode", |xml| {
        xml.empty("Methods");
    });
    xml.element("Fields", |xml| {
        for field in &element.fields {
            xml.typed("AxViewField", "AxViewFieldBound", |xml| {
                xml.value("Name", &field.name).value("DataField", &field.column);
                xml.value("DataSource", &element.sources[field.source].name);
            });
        }
    });
    view_metadata(&mut xml, shapes, element, &mut random);
    xml.finish()
}

fn table_extension(shapes: &Shapes, file: FileIx, size: &Size) -> String {
    let mut xml = Xml::new("AxTableExtension");
    xml.value("Name", &folder_and_name(file, size).1).empty("FieldGroups").element("Fields", |xml| {
        for n in 0..3 {
            xml.typed("AxTableField", "AxTableFieldString", |xml| {
                xml.value("Name", &format!("My{}{n}", file.position)).value("ExtendedDataType", "Name");
            });
        }
    });
    let related = shape::table_name(file.position % shapes.tables.len());
    let (name, column) = (format!("MyRelation{}", file.position), format!("My{}0", file.position));
    xml.element("Relations", |xml| table_relation(xml, &name, &related, &column));
    xml.finish()
}

fn entity_extension(shapes: &Shapes, file: FileIx, size: &Size, random: &mut Random) -> String {
    let extended = file.position * 3 % size.entities;
    let root = &shapes.entities[extended].sources[0];
    let target = Target::Table(random.below(shapes.tables.len()));
    let source = format!("MySource{}", file.position);
    let data_field = shapes.field_of(random, target);
    let mut xml = Xml::new("AxDataEntityViewExtension");
    xml.value("Name", &folder_and_name(file, size).1).element("DataSources", |xml| {
        xml.element("AxQueryExtensionEmbeddedDataSource", |xml| {
            xml.element("DataSource", |xml| {
                xml.value("Name", &source)
                    .value("Table", &target.name())
                    .empty("DataSources")
                    .empty("Fields");
                join(xml, shapes, root, target, random);
            });
            xml.value("Parent", &root.name);
        });
    });
    xml.element("Fields", |xml| {
        xml.typed("AxDataEntityViewField", "AxDataEntityViewMappedField", |xml| {
            xml.value("Name", &format!("MyField{}", file.position));
            xml.value("DataField", &data_field).value("DataSource", &source);
        });
    });
    xml.finish()
}

/// Every eighth class extends an entity.
fn extended(at: usize, size: &Size) -> Option<usize> {
    at.is_multiple_of(8).then(|| at * 5 % size.entities)
}

fn class_name(at: usize, size: &Size) -> String {
    match extended(at, size) {
        Some(entity) => format!("{}_My{at}_Extension", shape::entity_name(entity)),
        None => format!("Helper{at}"),
    }
}

fn class(shapes: &Shapes, at: usize, size: &Size, random: &mut Random) -> String {
    let name = class_name(at, size);
    let mut xml = Xml::new("AxClass");
    xml.value("Name", &name).element("SourceCode", |xml| match extended(at, size) {
        Some(entity) => {
            let (element, entity) = (&shapes.entities[entity], shape::entity_name(entity));
            let head = format!("[ExtensionOf(tableStr({entity}))]\nfinal class {name}\n{{\n}}");
            xml.code("Declaration", &head).element("Methods", |xml| {
                let body = code::mapping(random, &entity, element, true);
                code::method(xml, "getEntityDataSourceToFieldMapping", &body);
            });
        }
        None => {
            let bytes = 500 + skewed(random, 0, 12_000);
            xml.code("Declaration", &format!("public class {name}\n{{\n}}"));
            xml.element("Methods", |xml| code::methods(xml, random, &name, bytes));
        }
    });
    xml.finish()
}

fn skipped(file: FileIx, size: &Size) -> String {
    let (folder, name) = folder_and_name(file, size);
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<{folder}>\n\t<Name>{name}</Name>\n</{folder}>\n")
}
