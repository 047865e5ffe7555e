//! The columns that a write changes: those that the method assigns, and those that methods of the table assign.

use super::Columns;
use super::units::Units;
use crate::catalog::{Catalog, ElementId};
use crate::text::Symbol;
use crate::xpp::effects::{BufferCall, ColumnEffects};
use rustc_hash::FxHashSet;

/// Calls between methods of a table are followed so far.
const DEEPEST: usize = 4;

/// The columns of a write to a table (`None` when it is not loaded).
pub(super) fn columns(units: &Units<'_>, table: Option<ElementId>, effects: &ColumnEffects) -> Columns {
    let mut collected =
        Collected { units, table, names: Vec::new(), open: false, seen: FxHashSet::default() };
    collected.add(effects, 0);
    let Collected { names, open, .. } = collected;
    if open { Columns::AtLeast(names) } else { Columns::Known(names) }
}

struct Collected<'a> {
    units: &'a Units<'a>,
    table: Option<ElementId>,
    names: Vec<Symbol>,
    open: bool,
    /// Methods that were looked at, lower case.
    seen: FxHashSet<String>,
}

impl Collected<'_> {
    fn add(&mut self, effects: &ColumnEffects, depth: usize) {
        self.open |= effects.open;
        for name in &effects.names {
            let spelled = spelled(self.units.catalog, self.table, name);
            if !self.names.iter().any(|known| known.eq_ignore_ascii_case(&spelled)) {
                self.names.push(spelled);
            }
        }
        for call in &effects.methods {
            self.call(call, depth);
        }
    }

    fn call(&mut self, call: &BufferCall, depth: usize) {
        if !self.seen.insert(call.name.to_ascii_lowercase()) {
            return;
        }
        if depth >= DEEPEST {
            self.open = true;
            return;
        }
        let code = self.table.and_then(|table| self.units.method_of_element(table, &call.name));
        match code.as_ref().and_then(super::units::Site::method) {
            Some(method) => {
                let effects = method.changes_this.clone();
                self.add(&effects, depth + 1);
            }
            // What is used as a value asks for something; what stands alone does something.
            None => self.open |= call.alone,
        }
    }
}

/// A column as its table spells it.
fn spelled(catalog: &Catalog, table: Option<ElementId>, name: &str) -> Symbol {
    let known = table.zip(catalog.name(name)).and_then(|(table, id)| catalog.table_column(table, id));
    known.map_or_else(|| name.into(), |(_, column)| column.text.clone())
}
