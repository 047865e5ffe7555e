//! The model as AOT files on disk.

use std::fs;
use std::io;
use std::path::Path;

use super::model::{
    Class, Constraint, Element, Extension, ExtensionKind, Field, FieldKind, Layout, Method, Query, Relation,
    Table, View, World,
};
use super::render_maps::write_maps;
use super::render_sources::{data_source, data_source_body};
use super::render_xpp::{declaration, method_source};
pub use super::writer::Place;
use super::writer::Writer;

/// What was written where.
pub struct Rendered {
    /// Per file of the world: its path relative to its root.
    pub paths: Vec<String>,
    /// Per mark.
    pub places: Vec<Option<Place>>,
    /// Texts, in the order of the files.
    texts: Vec<String>,
}

pub fn render(world: &World) -> Rendered {
    let mut places = vec![None; world.marks];
    let mut texts = Vec::new();
    for (index, file) in world.files.iter().enumerate() {
        let mut writer = Writer::new(index, file.style, &mut places);
        if !file.style.one_line {
            writer.put("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        }
        element(&mut writer, &file.element, file.style.nameless);
        let mut text = writer.text;
        if file.style.crlf {
            text = text.replace('\n', "\r\n");
        }
        if file.style.bom {
            text.insert(0, '\u{feff}');
        }
        texts.push(text);
    }
    Rendered { paths: (0..world.files.len()).map(|file| relative_path(world, file)).collect(), places, texts }
}

impl Rendered {
    /// Writes all roots, label files and maps below `folder`.
    pub fn write(&self, world: &World, folder: &Path) -> io::Result<()> {
        for root in &world.roots {
            fs::create_dir_all(folder.join(&root.folder))?;
        }
        for (index, text) in self.texts.iter().enumerate() {
            let root = &world.roots[world.models[world.files[index].model].root].folder;
            write_file(&folder.join(root).join(&self.paths[index]), text)?;
        }
        for model in &world.models {
            let root = &world.roots[model.root];
            if let (Some(name), true) = (&model.descriptor, root.layout != Layout::Model) {
                let package =
                    folder.join(&root.folder).join(package_prefix(world, model.root, &model.package));
                let text = format!(
                    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<AxModelInfo xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">\n\t<Layer>14</Layer>\n\t<ModelModule>{}</ModelModule>\n\t<Name>{name}</Name>\n\t<Publisher>Test</Publisher>\n</AxModelInfo>",
                    model.package
                );
                write_file(&package.join("Descriptor").join(format!("{}.xml", model.folder)), &text)?;
            }
        }
        for label in &world.labels {
            let model = &world.models[label.model];
            let path = format!(
                "{}AxLabelFile/LabelResources/en-US/{}.en-US.label.txt",
                model_prefix(world, label.model),
                label.file
            );
            let root = &world.roots[model.root].folder;
            write_file(
                &folder.join(root).join(path),
                &format!("{}={}\n ;A comment\n", label.id, label.text),
            )?;
        }
        write_maps(world, &folder.join("maps"))
    }
}

fn write_file(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, text)
}

fn package_prefix(world: &World, root: usize, package: &str) -> String {
    if world.roots[root].layout == Layout::Packages { format!("{package}/") } else { String::new() }
}

fn model_prefix(world: &World, model: usize) -> String {
    let model = &world.models[model];
    match world.roots[model.root].layout {
        Layout::Model => String::new(),
        _ => format!("{}{}/", package_prefix(world, model.root, &model.package), model.folder),
    }
}

fn kind_folder(element: &Element) -> &'static str {
    match element {
        Element::Table(_) => "AxTable",
        Element::View(view) if view.entity => "AxDataEntityView",
        Element::View(_) => "AxView",
        Element::Map(_) => "AxMap",
        Element::Query(_) => "AxQuery",
        Element::Class(_) => "AxClass",
        Element::Extension(extension) => match extension.kind {
            ExtensionKind::Table => "AxTableExtension",
            ExtensionKind::View => "AxViewExtension",
            ExtensionKind::Entity => "AxDataEntityViewExtension",
            ExtensionKind::Query => "AxQuerySimpleExtension",
        },
    }
}

pub fn element_name(element: &Element) -> &str {
    match element {
        Element::Table(Table { name, .. })
        | Element::View(View { name, .. })
        | Element::Map(name)
        | Element::Query(Query { name, .. })
        | Element::Class(Class { name, .. })
        | Element::Extension(Extension { name, .. }) => name,
    }
}

/// Path of a file below its root, with `/`.
pub fn relative_path(world: &World, file: usize) -> String {
    let file = &world.files[file];
    let folder = match kind_folder(&file.element) {
        "AxTable" if file.style.wrong_folder => "AxView",
        "AxView" | "AxDataEntityView" if file.style.wrong_folder => "AxTable",
        folder => folder,
    };
    let folder = if file.style.lower_folder { folder.to_ascii_lowercase() } else { folder.to_string() };
    format!("{}{folder}/{}.xml", model_prefix(world, file.model), element_name(&file.element))
}

const INSTANCE: &str = "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"";

fn element(w: &mut Writer, element: &Element, nameless: bool) {
    let kind = kind_folder(element);
    let attributes = match element {
        Element::Query(query) => {
            let query_type = if query.composite.is_some() { "AxQueryComposite" } else { "AxQuerySimple" };
            format!("{INSTANCE} xmlns=\"\" i:type=\"{query_type}\"")
        }
        _ => INSTANCE.to_string(),
    };
    w.open(&format!("{kind} {attributes}"));
    if !nameless {
        w.value("Name", element_name(element));
    }
    match element {
        Element::Table(body) => table(w, body),
        Element::View(body) => view(w, body),
        Element::Map(_) => w.empty("Mappings"),
        Element::Query(body) => query(w, body),
        Element::Class(body) => source_code(w, &declaration(body), &body.methods),
        Element::Extension(body) => extension(w, body),
    }
    w.close(kind);
}

fn source_code(w: &mut Writer, declaration: &str, methods: &[Method]) {
    w.open("SourceCode");
    w.put("\t\t<Declaration><![CDATA[");
    w.put(declaration);
    w.put("]]></Declaration>\n");
    w.list("Methods", methods.is_empty(), |w| {
        for method in methods {
            w.open("Method");
            w.value("Name", &method.name);
            w.put("\t\t\t\t<Source><![CDATA[\n");
            method_source(w, method);
            w.put("\n]]></Source>\n");
            w.close("Method");
        }
    });
    w.close("SourceCode");
}

/// Elements without X++ may stand on one line, so nothing is written for them.
fn optional_source_code(w: &mut Writer, name: &str, methods: &[Method]) {
    if !methods.is_empty() {
        source_code(w, &format!("\npublic class {name} extends common\n{{\n}}\n"), methods);
    }
}

fn table(w: &mut Writer, table: &Table) {
    optional_source_code(w, &table.name, &table.methods);
    w.optional("Extends", table.extends.as_deref());
    w.yes("SupportInheritance", table.extends.is_some());
    w.optional("TableType", table.table_type.as_deref());
    w.empty("FieldGroups");
    columns(w, &table.columns);
    w.empty("Indexes");
    relations(w, &table.relations, false);
}

fn columns(w: &mut Writer, columns: &[String]) {
    w.list("Fields", columns.is_empty(), |w| {
        for column in columns {
            let kind = if column.starts_with("Ref") { "AxTableFieldInt64" } else { "AxTableFieldString" };
            w.open_typed("AxTableField", kind);
            w.value("Name", column);
            w.close("AxTableField");
        }
    });
}

fn relations(w: &mut Writer, relations: &[Relation], of_entity: bool) {
    let (tag, related, constraint) = match of_entity {
        true => ("AxDataEntityViewRelation", "RelatedDataEntity", "AxDataEntityViewRelationConstraint"),
        false => ("AxTableRelation", "RelatedTable", "AxTableRelationConstraint"),
    };
    w.list("Relations", relations.is_empty(), |w| {
        for relation in relations {
            w.open(tag);
            w.value("Name", &relation.name);
            w.value("Cardinality", "ZeroMore");
            w.value(related, &relation.related);
            w.list("Constraints", relation.constraints.is_empty(), |w| {
                for (number, part) in relation.constraints.iter().enumerate() {
                    let (kind, field, related) = match part {
                        Constraint::Fields { field, related } => ("Field", Some(field), Some(related)),
                        Constraint::Fixed { field } => ("Fixed", Some(field), None),
                        Constraint::RelatedFixed { related } => ("RelatedFixed", None, Some(related)),
                    };
                    w.open_typed(constraint, &format!("{constraint}{kind}"));
                    w.value("Name", &format!("Constraint{number}"));
                    w.optional("Field", field.map(String::as_str));
                    w.optional("RelatedField", related.map(String::as_str));
                    w.close(constraint);
                }
            });
            w.close(tag);
        }
    });
}

fn view(w: &mut Writer, view: &View) {
    optional_source_code(w, &view.name, &view.methods);
    w.optional("Label", view.label.as_deref());
    if view.entity {
        w.yes("DataManagementEnabled", view.public);
        w.yes("IsPublic", view.public);
        w.yes("IsReadOnly", view.read_only);
        w.optional("PublicCollectionName", view.public_collection_name.as_deref());
        w.optional("PublicEntityName", view.public_entity_name.as_deref());
    }
    w.optional("Query", view.query.as_deref());
    fields(w, &view.fields, view.entity);
    w.empty("Keys");
    w.empty("Mappings");
    w.empty("Ranges");
    relations(w, &view.relations, view.entity);
    w.open("ViewMetadata");
    w.value("Name", "Metadata");
    if view.union {
        w.value("QueryType", "Union");
    }
    w.list("DataSources", view.sources.is_empty(), |w| {
        view.sources.iter().for_each(|source| data_source(w, source))
    });
    w.close("ViewMetadata");
}

fn fields(w: &mut Writer, fields: &[Field], of_entity: bool) {
    let tag = if of_entity { "AxDataEntityViewField" } else { "AxViewField" };
    w.list("Fields", fields.is_empty(), |w| {
        for field in fields {
            let kind = match (&field.kind, of_entity) {
                (FieldKind::Mapped { .. }, true) => "AxDataEntityViewMappedField",
                (FieldKind::Mapped { .. }, false) => "AxViewFieldBound",
                (_, true) => "AxDataEntityViewUnmappedFieldString",
                (_, false) => "AxViewFieldComputedString",
            };
            w.open_typed(tag, kind);
            w.value("Name", &field.name);
            w.optional("AccessModifier", field.access.as_deref());
            match &field.kind {
                FieldKind::Mapped { source, field, aggregation } => {
                    w.optional("Aggregation", aggregation.as_deref());
                    w.value("DataField", field);
                    w.value("DataSource", source);
                }
                FieldKind::Computed { method } => {
                    w.value(if of_entity { "ComputedFieldMethod" } else { "ViewMethod" }, method);
                }
                FieldKind::Virtual => w.value("IsComputedField", "No"),
            }
            w.close(tag);
        }
    });
}

fn query(w: &mut Writer, query: &Query) {
    w.optional("Query", query.composite.as_deref());
    if query.union {
        w.value("QueryType", "Union");
    }
    if query.composite.is_none() {
        w.list("DataSources", query.sources.is_empty(), |w| {
            query.sources.iter().for_each(|source| data_source(w, source));
        });
    }
}

fn extension(w: &mut Writer, extension: &Extension) {
    w.list("DataSources", extension.sources.is_empty(), |w| {
        for added in &extension.sources {
            w.mark(added.source.mark);
            w.open("AxQueryExtensionEmbeddedDataSource");
            w.mark(added.source.mark);
            w.open("DataSource");
            data_source_body(w, &added.source);
            w.close("DataSource");
            w.value("Parent", &added.parent);
            w.close("AxQueryExtensionEmbeddedDataSource");
        }
    });
    w.empty("FieldModifications");
    match extension.kind {
        ExtensionKind::Table => columns(w, &extension.columns),
        ExtensionKind::View => fields(w, &extension.fields, false),
        ExtensionKind::Entity => fields(w, &extension.fields, true),
        ExtensionKind::Query => {}
    }
    // Never applied, whatever it names.
    w.list("PropertyModifications", extension.name.len().is_multiple_of(2), |w| {
        w.open("AxPropertyModification");
        w.value("Name", "IsPublic");
        w.value("Value", "Yes");
        w.close("AxPropertyModification");
    });
    relations(w, &extension.relations, extension.kind == ExtensionKind::Entity);
}
