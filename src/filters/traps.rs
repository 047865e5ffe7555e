//! Comparisons that a column which can be NULL never meets.

use super::column::{Home, Remedy, remedy};
use super::empty::{Trap, trap};
use super::{CanBeNull, Columns, FilteredLeg, Side, legs};
use crate::catalog::{ElementId, FieldIx};
use crate::dualwrite::filter::{Name, Span};
use crate::engine::Maps;

/// A comparison that misses the records in which the column is NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NullIssue<'a> {
    /// The leg.
    pub leg: FilteredLeg<'a>,
    /// The entity.
    pub entity: ElementId,
    /// The field that is compared.
    pub field: FieldIx,
    /// The comparison.
    pub span: Span,
    /// What it expects.
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
    let mut issues = Vec::new();
    for leg in legs(maps) {
        let (Some(entity), Some(tree)) = (leg.entity, leg.source_tree()) else { continue };
        let element = columns.catalog.element(entity);
        for (comparison, negated) in tree.comparisons() {
            let Some((name, trap)) = trap(comparison, negated, columns.enums) else { continue };
            let of_entity = |source: &Name| source.text.eq_ignore_ascii_case(&element.name.text);
            let id =
                columns.catalog.name(&name.name.text).filter(|_| name.source.as_ref().is_none_or(of_entity));
            let Some(field) = id.and_then(|id| element.field(id)) else { continue };
            if columns.virtual_field(entity, field).is_some() {
                continue;
            }
            let null = columns.can_be_null(entity, field);
            if null.is_none() && trap != Trap::NullWord {
                continue;
            }
            let filter = leg.filter(Side::Source);
            let remedy =
                null.as_ref().and_then(|_| remedy(columns, entity, field, (filter, &tree), &home(entity)));
            issues.push(NullIssue { leg, entity, field, span: comparison.span(), trap, null, remedy });
        }
    }
    issues
}
