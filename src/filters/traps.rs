//! Comparisons that a column which can be NULL never meets.

use super::column::{Home, Remedy, remedy};
use super::empty::{Trap, trap};
use super::{CanBeNull, Columns, FilteredLeg, Side, legs};
use crate::catalog::{ElementId, FieldIx};
use crate::dualwrite::filter::range::FieldName;
use crate::dualwrite::filter::{Name, Span};
use crate::engine::Maps;
use rustc_hash::FxHashMap;

/// Comparisons of one field that miss the records in which the column is NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NullIssue<'a> {
    /// The leg.
    pub leg: FilteredLeg<'a>,
    /// The entity.
    pub entity: ElementId,
    /// The field that is compared.
    pub field: FieldIx,
    /// The comparisons, in the order of the text; one at least.
    pub spans: Vec<Span>,
    /// What they expect.
    pub trap: Trap,
    /// Why the column can be NULL; none only where NULL itself is asked for.
    pub null: Option<CanBeNull>,
    /// What to filter on instead.
    pub remedy: Option<Remedy>,
}

/// Comparisons of filters with a column that can be NULL, in the order of the maps.
///
/// `home` tells where a new method of an entity goes.
pub fn null_issues<'a>(
    maps: &'a Maps,
    columns: &Columns,
    home: &dyn Fn(ElementId) -> Home,
) -> Vec<NullIssue<'a>> {
    let mut issues: Vec<NullIssue> = Vec::new();
    for leg in legs(maps) {
        let (Some(entity), Some(tree)) = (leg.entity, leg.source_tree()) else { continue };
        let first = issues.len();
        let mut asked: FxHashMap<FieldIx, Option<CanBeNull>> = FxHashMap::default();
        for (comparison, negated) in tree.comparisons() {
            let Some((name, trap)) = trap(comparison, negated, columns.enums) else { continue };
            let Some(field) = field_of(columns, entity, name) else { continue };
            let same = |issue: &&mut NullIssue| issue.field == field && issue.trap == trap;
            if let Some(issue) = issues[first..].iter_mut().find(same) {
                issue.spans.push(comparison.span());
                continue;
            }
            let null = asked.entry(field).or_insert_with(|| columns.can_be_null(entity, field)).clone();
            if null.is_none() && trap != Trap::NullWord {
                continue;
            }
            let filter = (leg.filter(Side::Source), &tree);
            let remedy = null.as_ref().and_then(|_| remedy(columns, entity, field, filter, &home(entity)));
            issues.push(NullIssue { leg, entity, field, spans: vec![comparison.span()], trap, null, remedy });
        }
    }
    issues
}

/// The field that a filter names, if it is a column at all.
fn field_of(columns: &Columns, entity: ElementId, name: &FieldName) -> Option<FieldIx> {
    let element = columns.catalog.element(entity);
    let of_entity = |source: &Name| source.text.eq_ignore_ascii_case(&element.name.text);
    let id = columns.catalog.name(&name.name.text);
    let id = id.filter(|_| name.source.as_ref().is_none_or(of_entity))?;
    element.field(id).filter(|field| columns.virtual_field(entity, *field).is_none())
}
