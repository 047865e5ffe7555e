//! Rows of `BusinessEventsDefinition` before and after a plan.

use super::plan::{Row, Rows};
use crate::text::Symbol;
use crate::tracking::{Definition, Origin, ResolvedEntry};

/// Rows of one entity: `before` are the predicted ones, `removed` the entries that go, `added` the new ones.
pub(super) fn compare(
    before: &[&Definition],
    removed: &[&ResolvedEntry],
    added: impl Iterator<Item = (Symbol, Symbol, Symbol)>,
) -> Rows {
    let mut rows = Rows::default();
    let mut removed: Vec<&ResolvedEntry> =
        removed.iter().copied().filter(|e| e.rows_saved.is_some_and(|saved| saved > 0)).collect();
    for definition in before {
        let row = Row::from(*definition);
        let goes = removed.iter().position(|entry| {
            definition.origin == Origin::MappingMethod
                && entry.table.as_ref() == Some(&row.table)
                && entry.label.as_ref() == Some(&row.label)
                && entry.field == row.field
        });
        match goes {
            Some(entry) => {
                removed.remove(entry);
                rows.gone.push(row);
            }
            None => rows.kept.push(row),
        }
    }
    rows.added = added.map(|(table, label, field)| Row { table, label, field: Some(field) }).collect();
    rows
}

impl From<&Definition> for Row {
    fn from(definition: &Definition) -> Self {
        Self {
            table: definition.ref_table_name.clone(),
            label: definition.data_source_name.clone(),
            field: definition.ref_table_rec_id_field.clone(),
        }
    }
}
