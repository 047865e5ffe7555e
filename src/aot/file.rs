//! One file: from its root element to the reader of its kind.

use super::cursor::Cursor;
use super::fault::{Fault, Read, Reason};
use super::{Definition, ExtensionKind, FileFacts, Named};
use super::{class, entity, extension, query, table, view};

/// Which methods are wanted beyond those that every analysis needs (all methods of views, entities and
/// extension classes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Methods {
    /// No others. A class that extends neither table, view nor entity then gives no definition at all.
    None,
    /// Those of tables and of any class too: a computed column calls into it.
    All,
}

/// Reads the text of a metadata file (without byte order mark).
///
/// The kind of the element is that of the XML root. Roots of AOT kinds that the analysis does not need give
/// neither definition nor problem. A file that is not well-formed, or nested deeper than 512 levels, gives a
/// problem with its place and no definition: half of an element would be worse than none, since everything
/// that it lacks would count as missing. `fallback_name` is the name when `<Name>` is missing: the file's stem.
pub fn read_file(text: &str, fallback_name: &str, wanted: Methods) -> FileFacts {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut cursor = Cursor::new(text);
    match document(&mut cursor, wanted) {
        Ok(definition) => finished(cursor, definition, fallback_name),
        Err(fault) => {
            let position = cursor.position(fault.at);
            FileFacts { definition: None, problems: vec![fault.problem(position)] }
        }
    }
}

fn document(cursor: &mut Cursor<'_>, wanted: Methods) -> Read<Option<Definition>> {
    let root = cursor.root()?;
    let line = cursor.line(root.at);
    let all = wanted == Methods::All;
    let definition = match root.name {
        "AxTable" => Some(Definition::Table(table::read(cursor, line, all)?)),
        "AxView" => Some(Definition::View(view::read(cursor, line)?)),
        "AxDataEntityView" => Some(Definition::DataEntity(entity::read(cursor, line)?)),
        "AxMap" => Some(Definition::TableMap(map(cursor, line)?)),
        "AxQuery" => Some(Definition::Query(query::read(cursor, root, line)?)),
        "AxClass" => class::read(cursor, line, all)?.map(Definition::Class),
        name => match extension_kind(name) {
            Some(kind) => Some(Definition::Extension(extension::read(cursor, line, kind)?)),
            None if name.starts_with("Ax") => return Ok(None),
            None => return Err(Fault::new(root.at, Reason::NotMetadata(name.to_owned()))),
        },
    };
    cursor.finish()?;
    Ok(definition)
}

fn extension_kind(root: &str) -> Option<ExtensionKind> {
    match root {
        "AxTableExtension" => Some(ExtensionKind::Table),
        "AxViewExtension" => Some(ExtensionKind::View),
        "AxDataEntityViewExtension" => Some(ExtensionKind::DataEntity),
        "AxQuerySimpleExtension" => Some(ExtensionKind::Query),
        _ => None,
    }
}

/// A table map: only its name matters, since it is no table.
fn map(cursor: &mut Cursor<'_>, line: u32) -> Read<Named> {
    let mut named = Named { line, ..Named::default() };
    cursor.children(|cursor, tag| {
        if tag.name == "Name" {
            named.name = cursor.value()?;
        }
        Ok(())
    })?;
    Ok(named)
}

/// Fills in what was not known while the file was read: the name, and whom the complaints are about.
fn finished(cursor: Cursor<'_>, mut definition: Option<Definition>, fallback_name: &str) -> FileFacts {
    let mut problems = cursor.problems;
    if let Some(definition) = &mut definition {
        let named = named(definition);
        if named.name.is_empty() {
            named.name = fallback_name.into();
        }
        for problem in &mut problems {
            problem.facts.push(("element".into(), named.name.clone()));
        }
    }
    FileFacts { definition, problems }
}

fn named(definition: &mut Definition) -> &mut Named {
    match definition {
        Definition::Table(table) => &mut table.named,
        Definition::View(view) => &mut view.named,
        Definition::DataEntity(entity) => &mut entity.view.named,
        Definition::TableMap(named) => named,
        Definition::Query(query) => &mut query.named,
        Definition::Extension(extension) => &mut extension.named,
        Definition::Class(class) => &mut class.named,
    }
}
