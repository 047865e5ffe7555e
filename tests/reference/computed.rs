//! SPEC 4: what the X++ of a computed column reads.

use super::effective::{Catalog, Node, lower, same};
use super::lineage::{Kind, Leaf, source_leaves, without_repeats};
use super::model::{Body, ComputedBody, Method, Piece, Qualifier, Second};

/// Whose method is being read.
#[derive(Clone, Copy)]
enum Place<'p> {
    /// A method of the element itself or of one of its extension classes.
    Element,
    /// A method of a helper: a class, or another element, by name.
    Helper(&'p str),
}

pub fn computed_leaves(catalog: &Catalog, node: &Node, method: &str) -> Vec<Leaf> {
    let mut reading = Reading { catalog, node, visited: Vec::new(), found: Vec::new() };
    match reading.own_method(method) {
        Some(found) => reading.method(found, Place::Element, &format!("::{}", lower(method))),
        None => reading.found.push(Leaf::unknown()),
    }
    without_repeats(reading.found)
}

struct Reading<'r> {
    catalog: &'r Catalog<'r>,
    node: &'r Node,
    /// Methods that were read, so that a cycle of calls ends.
    visited: Vec<String>,
    found: Vec<Leaf>,
}

impl<'r> Reading<'r> {
    /// On the element, then in its extension classes.
    fn own_method(&self, name: &str) -> Option<&'r Method> {
        let extensions = self.catalog.extension_classes(&self.node.name);
        self.node.method(name).or_else(|| {
            extensions
                .into_iter()
                .find_map(|class| class.methods.iter().find(|method| same(&method.name, name)))
        })
    }

    /// In a class, else in a table, view or entity. The outer `None`: there is no file of that name.
    fn helper_method(&self, helper: &str, name: &str) -> Option<&'r Method> {
        match self.catalog.class(helper) {
            Some(class) => class.methods.iter().find(|method| same(&method.name, name)),
            None => self.catalog.node(helper).and_then(|node| node.method(name)),
        }
    }

    fn method(&mut self, method: &'r Method, place: Place<'r>, key: &str) {
        if self.visited.iter().any(|known| known == key) {
            return;
        }
        self.visited.push(key.to_string());
        let Body::Computed(body) = &method.body else {
            return;
        };
        self.body(body, place);
    }

    fn body(&mut self, body: &'r ComputedBody, place: Place<'r>) {
        if body.broken.is_some() {
            self.found.push(Leaf::unknown());
            return;
        }
        for piece in &body.pieces {
            match piece {
                Piece::Triple { second, field, .. } => self.triple(second, field),
                Piece::TableName { name, .. } => self.table_name(name),
                Piece::Sql { names, .. } => names.iter().for_each(|name| self.sql(name)),
                Piece::Call { qualifier, method } => self.call(qualifier, method, place),
                Piece::Noise(_) | Piece::Comment(_) => {}
            }
        }
    }

    fn triple(&mut self, second: &Second, field: &str) {
        let (Second::Identifier(name)
        | Second::Table(name)
        | Second::Text(name)
        | Second::DataSource { name, .. }) = second;
        if let Some(source) = self.node.source(name) {
            for mut leaf in source_leaves(self.catalog, self.node, source, field) {
                if matches!(leaf.kind, Kind::Mapped | Kind::Aggregate) {
                    leaf.kind = Kind::Computed;
                }
                self.found.push(leaf);
            }
            return;
        }
        match second {
            Second::Table(name) => self.sql(name),
            Second::Identifier(_) | Second::DataSource { .. } => {
                self.found.push(Leaf::missing_source(name, field, Kind::Computed));
            }
            Second::Text(_) => {}
        }
    }

    fn table_name(&mut self, name: &str) {
        if self.node.source(name).is_none() && !same(name, &self.node.name) {
            self.sql(name);
        }
    }

    fn sql(&mut self, name: &str) {
        let loaded = self.catalog.node(name).is_some();
        self.found.push(Leaf::sql(self.catalog.spelled(name), !loaded));
    }

    fn call(&mut self, qualifier: &'r Qualifier, name: &str, place: Place<'r>) {
        match (qualifier, place) {
            (Qualifier::Type(type_name), _) if never_followed(type_name) => {}
            (Qualifier::Type(type_name), _) if same(type_name, &self.node.name) => {
                match self.own_method(name) {
                    Some(method) => self.method(method, Place::Element, &format!("::{}", lower(name))),
                    None => self.found.push(Leaf::unknown()),
                }
            }
            (Qualifier::Type(helper), _) => match self.helper_method(helper, name) {
                Some(method) => {
                    self.method(
                        method,
                        Place::Helper(helper),
                        &format!("{}::{}", lower(helper), lower(name)),
                    );
                }
                None => self.found.push(Leaf::unknown()),
            },
            (_, Place::Element) => {
                if let Some(method) = self.own_method(name) {
                    self.method(method, Place::Element, &format!("::{}", lower(name)));
                }
            }
            (_, Place::Helper(helper)) => {
                if let Some(method) = self.helper_method(helper, name) {
                    self.method(method, place, &format!("{}::{}", lower(helper), lower(name)));
                }
            }
        }
    }
}

fn never_followed(type_name: &str) -> bool {
    let name = lower(type_name);
    name.starts_with("sys") || name.starts_with("dict") || name == "global" || name == "datetimeutil"
}
