//! What a command is asked about: `NAME`, `NAME.FIELD`, `table:NAME`.

use super::CliError;
use crate::catalog::{Catalog, Element, ElementId, ElementKind, FieldIx, Spelled};
use crate::cost::KnownTables;
use crate::dualwrite::TableMap;
use crate::report::explain;
use crate::text::{NameKey, Shown, Symbol};
use crate::text::{did_you_mean, nearest};
use crate::tracking::Change;

/// A subject as written.
struct Written<'a> {
    kind: Option<ElementKind>,
    name: &'a str,
    field: Option<&'a str>,
}

/// At most so many near names are offered.
const NEAR: usize = 3;

fn parse(text: &str) -> Written<'_> {
    let prefixes =
        [("table", ElementKind::Table), ("view", ElementKind::View), ("entity", ElementKind::Entity)];
    let (kind, rest) = match text.split_once(':') {
        Some((prefix, rest)) => {
            match prefixes.iter().find(|(known, _)| known.eq_ignore_ascii_case(prefix.trim())) {
                Some((_, kind)) => (Some(*kind), rest),
                None => (None, text),
            }
        }
        None => (None, text),
    };
    let (name, field) = match rest.split_once('.') {
        Some((name, field)) => (name, Some(field.trim())),
        None => (rest, None),
    };
    Written { kind, name: name.trim(), field }
}

/// The names of elements in subjects.
pub(super) fn names(subjects: &[String]) -> Vec<NameKey> {
    subjects.iter().map(|text| NameKey::of(parse(text).name)).collect()
}

/// An entity or view, or a field of one.
///
/// # Errors
/// A name that is not there, or that means something else; the text says what to write instead.
pub(super) fn explained(catalog: &Catalog, text: &str) -> Result<explain::Subject, CliError> {
    let written = parse(text);
    let kinds = [ElementKind::Entity, ElementKind::View];
    let kinds = if written.kind == Some(ElementKind::View) { &kinds[1..] } else { &kinds[..] };
    let Some(id) = catalog.find(written.name) else {
        return Err(unknown(catalog, &written, "entity", &kinds[..1]));
    };
    let element = catalog.element(id);
    if !kinds.contains(&element.kind) || written.kind.is_some_and(|kind| kind != element.kind) {
        return Err(wrong_kind(catalog, id, &written, "entity"));
    }
    let field = match written.field {
        None => None,
        Some(name) => Some(field_of(catalog, element, name)?),
    };
    Ok(explain::Subject { element: id, field })
}

/// A field of an entity: `ENTITY.FIELD`, or `FIELD` when only one entity is named elsewhere.
///
/// # Errors
/// As [`explained`]; a field alone where no or several entities are named.
pub(super) fn entity_field(
    catalog: &Catalog,
    text: &str,
    named: &[ElementId],
) -> Result<(ElementId, FieldIx), CliError> {
    let (id, field) = match (text.split_once('.'), named) {
        (Some((name, field)), _) => (entity(catalog, name)?, field),
        (None, [only]) => (*only, text),
        (None, _) => return Err(CliError::FieldOfWhat { field: shown(text) }),
    };
    Ok((id, field_of(catalog, catalog.element(id), field.trim())?))
}

fn field_of(catalog: &Catalog, element: &Element, name: &str) -> Result<FieldIx, CliError> {
    let found = catalog.name(name).and_then(|name| element.field(name));
    found.ok_or_else(|| {
        let names = element.fields.iter().map(|f| &*f.name.text);
        no_such("field", &format!("{}.{name}", element.name.text), near(name, names))
    })
}

/// A table, loaded or at least referred to, or a column of it.
///
/// # Errors
/// As [`explained`].
pub(super) fn changed(catalog: &Catalog, text: &str) -> Result<Change, CliError> {
    let written = parse(text);
    let id = catalog.find(written.name);
    let Some(id) = id.filter(|id| catalog.element(*id).kind == ElementKind::Table) else {
        return match id {
            Some(id) => Err(wrong_kind(catalog, id, &written, "table")),
            None if is_referred_to(catalog, written.name) => Ok(not_loaded(catalog, &written)),
            None => Err(unknown(catalog, &written, "table", &[ElementKind::Table])),
        };
    };
    if written.kind.is_some_and(|kind| kind != ElementKind::Table) {
        return Err(wrong_kind(catalog, id, &written, "entity"));
    }
    let element = catalog.element(id);
    let column = match written.field {
        None => None,
        Some(name) => Some(column_of(catalog, id, name)?),
    };
    Ok(Change { table: element.name.clone(), id: Some(id), column })
}

fn column_of(catalog: &Catalog, id: ElementId, name: &str) -> Result<crate::catalog::Spelled, CliError> {
    let wanted = Spelled::new(name);
    if let Some((_, column)) = catalog.table_column(id, wanted.id) {
        return Ok(column.clone());
    }
    let tables = || catalog.with_ancestors(id).map(|t| catalog.element(t));
    if tables().any(Element::is_partial) {
        return Ok(wanted);
    }
    let names = tables().flat_map(|t| &t.fields).map(|f| &*f.name.text);
    let hint = near(name, names.chain(crate::catalog::SYSTEM_FIELDS));
    Err(no_such("column", &format!("{}.{name}", catalog.element(id).name.text), hint))
}

/// A table, loaded or at least one that rows name.
///
/// # Errors
/// As [`explained`].
pub(super) fn table(catalog: &Catalog, known: &KnownTables, text: &str) -> Result<Symbol, CliError> {
    let written = parse(text);
    if let Some(name) = known.spelling(written.name).filter(|_| written.field.is_none()) {
        return Ok(name);
    }
    Ok(whole_table(catalog, text)?.table.text)
}

/// A table, loaded or at least referred to; no column.
///
/// # Errors
/// As [`explained`].
pub(super) fn whole_table(catalog: &Catalog, text: &str) -> Result<Change, CliError> {
    let change = changed(catalog, text)?;
    match change.column {
        Some(_) => Err(a_part(text, "a column", "a table")),
        None => Ok(change),
    }
}

/// An entity.
///
/// # Errors
/// As [`explained`].
pub(super) fn entity(catalog: &Catalog, text: &str) -> Result<ElementId, CliError> {
    let found = explained(catalog, text)?;
    match (found.field, catalog.element(found.element).kind) {
        (Some(_), _) => Err(a_part(text, "a field", "an entity")),
        (None, ElementKind::Entity) => Ok(found.element),
        (None, _) => Err(wrong_kind(catalog, found.element, &parse(text), "entity")),
    }
}

/// The table maps that have this name, as indices.
///
/// # Errors
/// No map has it; the text names the nearest ones.
pub(super) fn table_maps<'a>(
    maps: impl Iterator<Item = &'a TableMap> + Clone,
    text: &str,
) -> Result<Vec<usize>, CliError> {
    let named = maps.clone().enumerate().filter(|(_, map)| map.is_named(text));
    let found: Vec<usize> = named.map(|(index, _)| index).collect();
    if found.is_empty() {
        return Err(no_such("table map", text, near(text, maps.flat_map(TableMap::names))));
    }
    Ok(found)
}

fn a_part(text: &str, is: &'static str, wanted: &'static str) -> CliError {
    let hint = "; name the whole of it".to_owned();
    CliError::WrongKind { name: shown(text), is, wanted, hint }
}

/// Some data source or method names the table, which is not loaded.
fn is_referred_to(catalog: &Catalog, name: &str) -> bool {
    let Some(id) = catalog.name(name) else { return false };
    catalog.elements().any(|(_, e)| e.sources.iter().any(|s| s.target.is_none() && s.target_name.id == id))
}

fn not_loaded(catalog: &Catalog, written: &Written) -> Change {
    let column = written.field.map(Spelled::new);
    let spelled = Spelled::new(written.name);
    let sources = catalog.elements().flat_map(|(_, e)| &e.sources);
    let as_written = sources.map(|s| &s.target_name).find(|name| **name == spelled).cloned();
    Change { table: as_written.unwrap_or(spelled), id: None, column }
}

/// Nothing has this name: the nearest names, or what a query of this name is read by.
fn unknown(catalog: &Catalog, written: &Written, what: &'static str, kinds: &[ElementKind]) -> CliError {
    if catalog.has_query(written.name) {
        let query = catalog.name(written.name);
        let users = catalog.elements().filter(|(_, e)| e.query.as_ref().map(|q| q.id) == query);
        let names: Vec<String> = users.map(|(_, e)| shown(&e.name.text)).collect();
        let hint = match names.as_slice() {
            [] => "; nothing takes its data sources from it".to_owned(),
            names => format!("; it is the query of {}", names.join(", ")),
        };
        return CliError::WrongKind { name: shown(written.name), is: "a query", wanted: article(what), hint };
    }
    let names = catalog.elements().filter(|(_, e)| kinds.contains(&e.kind)).map(|(_, e)| &*e.name.text);
    no_such(what, written.name, near(written.name, names))
}

fn wrong_kind(catalog: &Catalog, id: ElementId, written: &Written, wanted: &'static str) -> CliError {
    let element = catalog.element(id);
    let wanted = written.kind.filter(|kind| *kind != element.kind).map_or(wanted, ElementKind::word);
    let name = shown(&element.name.text);
    let hint = match element.kind {
        ElementKind::Table => format!("; try dualtrack impact {name}"),
        ElementKind::View | ElementKind::Entity => format!("; try dualtrack explain {name}"),
        ElementKind::Map => "; it has no rows of its own".to_owned(),
    };
    CliError::WrongKind { name, is: article(element.kind.word()), wanted: article(wanted), hint }
}

fn article(kind: &str) -> &'static str {
    match kind {
        "table" => "a table",
        "view" => "a view",
        "table map" => "a table map",
        _ => "an entity",
    }
}

fn near<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = nearest(name, names, NEAR).into_iter().map(shown).collect();
    did_you_mean(&names)
}

fn no_such(kind: &'static str, name: &str, hint: String) -> CliError {
    CliError::NotFound { kind, name: shown(name), hint }
}

fn shown(name: &str) -> String {
    Shown(name).to_string()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::catalog::ElementKind;

    #[test]
    fn kinds_names_and_fields() {
        let parts = |text| {
            let written = parse(text);
            (written.kind, written.name, written.field)
        };
        assert_eq!(parts("CustTable"), (None, "CustTable", None));
        assert_eq!(parts("Table:CustTable.Party"), (Some(ElementKind::Table), "CustTable", Some("Party")));
        assert_eq!(parts("entity: E "), (Some(ElementKind::Entity), "E", None));
        assert_eq!(parts("odd:X"), (None, "odd:X", None));
    }
}
