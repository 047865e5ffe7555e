//! References that lead nowhere.

use super::element::{Binding, Element, ElementKind, Source};
use super::{Catalog, Spelled};
use crate::problem::{Code, Problem};
use crate::source::Place;
use rayon::prelude::*;

/// Complains about targets, queries, data sources and fields that are named but not there.
pub(super) fn check(catalog: &Catalog, problems: &mut Vec<Problem>) {
    problems.par_extend(catalog.elements.par_iter().flat_map_iter(|element| check_element(catalog, element)));
}

fn check_element(catalog: &Catalog, element: &Element) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(query) = element.query.as_ref().filter(|q| !catalog.has_query(&q.text)) {
        problems.push(unresolved(element, &query.text, "its query", element.place));
    }
    for source in &element.sources {
        check_target(element, source, &mut problems);
    }
    for field in &element.fields {
        if let Binding::Mapped { source, field: column, .. } = &field.binding {
            check_field(catalog, element, field, source, column, &mut problems);
        }
    }
    problems
}

fn unresolved(element: &Element, target: &str, role: &str, place: Option<Place>) -> Problem {
    Problem::new(Code::UnresolvedReference, place)
        .with("element", &element.name.text)
        .with("target", target)
        .with("role", role)
}

fn check_target(element: &Element, source: &Source, problems: &mut Vec<Problem>) {
    if source.target.is_none() {
        let role = format!("data source {}", source.name.text);
        problems.push(unresolved(element, &source.target_name.text, &role, Some(source.place)));
    }
}

fn check_field(
    catalog: &Catalog,
    element: &Element,
    field: &super::Field,
    source: &Spelled,
    column: &Spelled,
    problems: &mut Vec<Problem>,
) {
    let Some(source_ix) = element.source(source.id) else {
        if !element.is_partial() && element.query.as_ref().is_none_or(|q| catalog.has_query(&q.text)) {
            problems.push(
                Problem::new(Code::UnknownDataSource, Some(field.place))
                    .with("field", &field.name.text)
                    .with("element", &element.name.text)
                    .with("source", &source.text),
            );
        }
        return;
    };
    let source = element.source_at(source_ix);
    let column = source.target_field(column);
    let Some(target) = source.target else { return };
    let complete = |e: &Element| !e.is_partial() && e.kind != ElementKind::Map;
    let chain_is_loaded = catalog.with_ancestors(target).all(|t| complete(catalog.element(t)));
    if chain_is_loaded && !catalog.has_field(target, column.id) {
        problems.push(
            Problem::new(Code::UnknownField, Some(field.place))
                .with("field", &field.name.text)
                .with("element", &element.name.text)
                .with("target", &catalog.element(target).name.text)
                .with("column", &column.text),
        );
    }
}
