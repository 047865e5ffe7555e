//! The tables that a cost can be asked of.

use crate::catalog::{Catalog, ElementKind};
use crate::text::Symbol;
use crate::tracking::{Analysis, Definition};
use std::collections::BTreeMap;

/// Every table that is loaded, and those that are not but have rows all the same.
pub struct KnownTables<'a> {
    catalog: &'a Catalog,
    /// Tables of rows that are not loaded: name in lower case → as written.
    unloaded: BTreeMap<String, &'a Symbol>,
}

impl<'a> KnownTables<'a> {
    /// The tables of a catalog and of the rows that are predicted on it.
    pub fn new(catalog: &'a Catalog, analysis: &'a Analysis) -> Self {
        let mut unloaded = BTreeMap::new();
        for Definition { ref_table_name: name, .. } in &analysis.definitions {
            if catalog.find(name).is_none() {
                unloaded.entry(name.to_ascii_lowercase()).or_insert(name);
            }
        }
        Self { catalog, unloaded }
    }

    /// The name of a table as its definition spells it; `None` when there is no such table.
    pub fn spelling(&self, name: &str) -> Option<Symbol> {
        let name = name.trim();
        match self.catalog.find(name).map(|id| self.catalog.element(id)) {
            Some(element) if element.kind == ElementKind::Table => Some(element.name.text.clone()),
            Some(_) => None,
            None => self.unloaded.get(&name.to_ascii_lowercase()).map(|name| (*name).clone()),
        }
    }

    /// What the name means, when that is no table.
    pub fn other_kind(&self, name: &str) -> Option<ElementKind> {
        let kind = self.catalog.element(self.catalog.find(name.trim())?).kind;
        (kind != ElementKind::Table).then_some(kind)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        let tables = self.catalog.elements().filter(|(_, e)| e.kind == ElementKind::Table);
        let unloaded: Vec<&'a str> = self.unloaded.values().map(|name| &***name).collect();
        tables.map(|(_, e)| &*e.name.text).chain(unloaded)
    }
}
