//! A new field of an entity or view, written like the fields beside it.

use super::body::Body;
use super::insert::{append, find_list};
use super::layout::Layout;
use super::outline::{NodeId, Outline, local};
use super::xml::{INSTANCE, attributes, check_characters, escape};
use super::{DocumentError, FieldForm, NewField, Splice};

const FIELDS: [&str; 1] = ["Fields"];

/// The insertion of a field into a document.
pub(super) fn add(outline: &Outline<'_>, field: &NewField) -> Result<Splice, DocumentError> {
    check_root(outline, field.form)?;
    let values = values(field);
    for (property, value) in &values {
        check_characters(value, || format!("{property} of the field {}", field.name.escape_debug()))?;
    }
    let list = find_list(outline, &FIELDS);
    if list.is_some_and(|list| has_named(outline, list, &field.name)) {
        return Err(DocumentError::FieldExists { name: field.name.clone() });
    }
    Ok(append(outline, &FIELDS, &|layout| {
        let (element, _) = names(field.form);
        let mut text = list
            .and_then(|list| sibling_tag(outline, list, field.form))
            .unwrap_or_else(|| own_tag(outline, layout, field.form));
        for (property, value) in &values {
            let value = escape(value);
            text = text + &layout.child + "<" + property + ">" + &value + "</" + property + ">";
        }
        text + &layout.close + "</" + element + ">"
    }))
}

/// Element and type of a mapped field.
fn names(form: FieldForm) -> (&'static str, &'static str) {
    match form {
        FieldForm::Entity => ("AxDataEntityViewField", "AxDataEntityViewMappedField"),
        FieldForm::View => ("AxViewField", "AxViewFieldBound"),
    }
}

fn check_root(outline: &Outline<'_>, form: FieldForm) -> Result<(), DocumentError> {
    let found = outline.node(NodeId::ROOT).local();
    let (fits, wanted) = match form {
        FieldForm::Entity => (
            matches!(found, "AxDataEntityView" | "AxDataEntityViewExtension"),
            "a field of an entity goes into an AxDataEntityView or its extension",
        ),
        FieldForm::View => (
            matches!(found, "AxView" | "AxViewExtension"),
            "a field of a view goes into an AxView or its extension",
        ),
    };
    if fits { Ok(()) } else { Err(DocumentError::WrongRoot { found: found.to_owned(), wanted }) }
}

/// The properties in the order that the AOT writes.
fn values(field: &NewField) -> Vec<(&'static str, &str)> {
    let mut values = vec![("Name", field.name.as_str())];
    if field.form == FieldForm::Entity {
        values.extend([
            ("AccessModifier", "Internal"),
            ("AllowEdit", "No"),
            ("AllowEditOnCreate", "No"),
            ("Mandatory", "No"),
        ]);
    }
    values.extend([("DataField", field.data_field.as_str()), ("DataSource", field.data_source.as_str())]);
    values
}

/// An element of the list has this name, in any case.
pub(super) fn has_named(outline: &Outline<'_>, list: NodeId, name: &str) -> bool {
    outline.children(list).any(|item| {
        let found = outline.child(item, "Name").map(|id| Body::read(outline, id).text);
        found.is_some_and(|found| found.trim().eq_ignore_ascii_case(name.trim()))
    })
}

/// The start tag of the last field that shows how tags are written here, with our type.
fn sibling_tag(outline: &Outline<'_>, list: NodeId, form: FieldForm) -> Option<String> {
    let (element, kind) = names(form);
    outline.children(list).rev().find_map(|id| {
        let tag = outline.start_tag(id);
        let attributes = attributes(tag);
        let known = |name: &str| name == "xmlns" || name.starts_with("xmlns:") || local(name) == "type";
        let plain = outline.node(id).name == element && attributes.iter().all(|(name, _)| known(name));
        let (_, value) = attributes.into_iter().find(|(name, _)| local(name) == "type")?;
        let written = &tag[value.clone()];
        let prefix = written.rsplit_once(':').map_or("", |(prefix, _)| &written[..=prefix.len()]);
        let end = tag.trim_end_matches('>').trim_end_matches('/').trim_end().len();
        plain.then(|| format!("{}{prefix}{kind}{}>", &tag[..value.start], &tag[value.end..end]))
    })
}

/// The start tag as the AOT writes it, for a list without fields.
fn own_tag(outline: &Outline<'_>, layout: &Layout, form: FieldForm) -> String {
    let (element, kind) = names(form);
    let space = if layout.child.contains('\n') { layout.child.as_str() } else { " " };
    let tag = outline.start_tag(NodeId::ROOT);
    let prefix = attributes(tag)
        .into_iter()
        .find_map(|(name, value)| name.strip_prefix("xmlns:").filter(|_| &tag[value] == INSTANCE));
    match prefix {
        Some(prefix) => format!("<{element} xmlns=\"\"{space}{prefix}:type=\"{kind}\">"),
        None => format!("<{element} xmlns=\"\" xmlns:i=\"{INSTANCE}\"{space}i:type=\"{kind}\">"),
    }
}
