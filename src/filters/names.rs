//! The fields that a filter names: are they on the entity, in the map, and columns of the database?

use super::{Columns, FilteredLeg, Side, legs};
use crate::catalog::{Binding, Element, ElementId, FieldIx, SYSTEM_FIELDS};
use crate::dualwrite::filter::Span;
use crate::dualwrite::filter::range::FieldName;
use crate::engine::Maps;
use crate::text::{name_key, nearest};
use rustc_hash::FxHashSet;

/// A field that a filter should not name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldIssue<'a> {
    /// The leg.
    pub leg: FilteredLeg<'a>,
    /// Which filter of it.
    pub side: Side,
    /// Where the name stands.
    pub span: Span,
    /// The name: as the entity spells it where it has the field, else as written.
    pub name: Box<str>,
    /// What is wrong with it.
    pub problem: FieldProblem,
}

/// What is wrong with a field in a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldProblem {
    /// The entity has no such field.
    Unknown {
        /// The nearest names of fields that it has.
        nearest: Vec<Box<str>>,
        /// It stands where a value is expected: perhaps a text without quotes.
        as_value: bool,
    },
    /// It is a field of a data source, and filters know only those of the entity.
    OfSource {
        /// The data source.
        source: Box<str>,
        /// The field of the entity that shows it.
        shown_as: Option<Box<str>>,
    },
    /// No row of the leg has it.
    Unmapped,
    /// X++ fills it at run time: the database has no such column.
    Virtual {
        /// The entity and the field that is virtual; the field itself, or one of a nested entity.
        of: (ElementId, FieldIx),
    },
}

/// The fields that filters should not name, in the order of the maps; each once for a filter and problem.
pub fn field_issues<'a>(maps: &'a Maps, columns: &Columns) -> Vec<FieldIssue<'a>> {
    let mut issues: Vec<FieldIssue> = Vec::new();
    for leg in legs(maps) {
        let mut seen = FxHashSet::default();
        source_fields(leg, columns, &mut seen, &mut issues);
        reversed_columns(leg, &mut seen, &mut issues);
    }
    issues
}

/// Names that were looked at: the data source before the name, the name, both in lower case.
type Seen = FxHashSet<(Side, Option<String>, String)>;

fn source_fields<'a>(
    leg: FilteredLeg<'a>,
    columns: &Columns,
    seen: &mut Seen,
    issues: &mut Vec<FieldIssue<'a>>,
) {
    let (Some(tree), Some(id)) = (leg.source_tree(), leg.entity) else { return };
    let element = columns.catalog.element(id);
    for (comparison, _) in tree.comparisons() {
        for (position, field) in comparison.fields().enumerate() {
            let source = field.source.as_ref().map(|source| name_key(&source.text));
            if !seen.insert((Side::Source, source, name_key(&field.name.text))) {
                continue;
            }
            let as_value = position > 0 && field.source.is_none();
            let found = source_field(columns, (id, element), leg, field, as_value);
            issues.extend(found.into_iter().map(|(name, problem)| FieldIssue {
                leg,
                side: Side::Source,
                span: field.span(),
                name,
                problem,
            }));
        }
    }
}

fn source_field(
    columns: &Columns,
    (id, element): (ElementId, &Element),
    leg: FilteredLeg<'_>,
    field: &FieldName,
    as_value: bool,
) -> Option<(Box<str>, FieldProblem)> {
    let catalog = columns.catalog;
    let written = &field.name.text;
    let is_entity = |name: &str| element.name.text.eq_ignore_ascii_case(name);
    if let Some(source) = field.source.as_ref().filter(|source| !is_entity(&source.text)) {
        let shown_as = shown_as(element, &source.text, written);
        let source = source.text.clone();
        return Some((written.clone(), FieldProblem::OfSource { source, shown_as }));
    }
    let name = catalog.name(written);
    let declared = name.and_then(|name| element.field(name));
    let system = name.and_then(|name| catalog.system_field(name));
    let spelled: Box<str> = match (declared, system) {
        (Some(ix), _) => (&*element.field_at(ix).name.text).into(),
        (None, Some(system)) => (&*system.text).into(),
        (None, None) if element.is_partial() => return None,
        (None, None) => {
            let known = element.fields.iter().map(|field| &*field.name.text).chain(SYSTEM_FIELDS);
            let nearest = nearest(written, known, 3).into_iter().map(Into::into).collect();
            return Some((written.clone(), FieldProblem::Unknown { nearest, as_value }));
        }
    };
    if let Some(of) = declared.and_then(|ix| columns.virtual_field(id, ix)) {
        return Some((spelled, FieldProblem::Virtual { of }));
    }
    let is_mapped = leg.leg.fields.iter().any(|row| row.source_field.eq_ignore_ascii_case(&spelled));
    (!is_mapped).then_some((spelled, FieldProblem::Unmapped))
}

/// The field of an element that shows a field of one of its data sources.
fn shown_as(element: &Element, source: &str, field: &str) -> Option<Box<str>> {
    let shows = |binding: &Binding| match binding {
        Binding::Mapped { source: bound, field: shown, .. } => {
            bound.text.eq_ignore_ascii_case(source) && shown.text.eq_ignore_ascii_case(field)
        }
        _ => false,
    };
    let found = element.fields.iter().find(|field| shows(&field.binding));
    found.map(|field| (&*field.name.text).into())
}

/// Of the Dataverse side only the map is known. Columns behind lookups have their own issue.
fn reversed_columns<'a>(leg: FilteredLeg<'a>, seen: &mut Seen, issues: &mut Vec<FieldIssue<'a>>) {
    let Some(tree) = leg.reversed_tree() else { return };
    for path in tree.paths().into_iter().filter(|path| path.lookups() == 0) {
        let Some(name) = path.names.first() else { continue };
        if !seen.insert((Side::Reversed, None, name_key(&name.text))) {
            continue;
        }
        let is_mapped = leg.leg.fields.iter().any(|row| is_column(&row.destination_field, &name.text));
        if !is_mapped {
            issues.push(FieldIssue {
                leg,
                side: Side::Reversed,
                span: name.span,
                name: name.text.clone(),
                problem: FieldProblem::Unmapped,
            });
        }
    }
}

/// A row fills a column itself, or the lookup of it, whose id the Web API calls `_column_value`.
fn is_column(destination: &str, column: &str) -> bool {
    let filled = destination.split('.').next().unwrap_or_default();
    let id = column.strip_prefix('_').and_then(|rest| rest.strip_suffix("_value"));
    filled.eq_ignore_ascii_case(column) || id.is_some_and(|id| filled.eq_ignore_ascii_case(id))
}
