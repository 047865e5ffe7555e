//! Random extensions of all kinds, and elements of which only extensions are loaded.

use super::generate::{Bound, KnownKind, Maker, empty_extension, mapped};
use super::generate_elements::TABLES;
use super::model::{Constraint, Element, Extension, ExtensionKind, ExtensionSource, Relation};

impl Maker {
    pub fn extensions(&mut self) {
        self.table_extensions();
        for (name, bound) in self.trees.clone() {
            self.view_extensions(&name, bound);
        }
        for query in self.queries.clone() {
            if self.random.chance(25) {
                let mut bound = query.bound.clone();
                let mut extension = empty_extension(ExtensionKind::Query, self.extension_name(&query.name));
                extension.sources = self.added_sources(&mut bound, "Qx");
                self.add(Element::Extension(extension));
            }
        }
        if self.oddly(50) {
            self.partial_entity();
        }
        if self.random.chance(15) {
            // Extensions of the wrong kind are ignored.
            let mut wrong = empty_extension(ExtensionKind::Table, "Entity00.Wrong".to_string());
            wrong.columns.push("F1".to_string());
            self.add(Element::Extension(wrong));
            let mut wrong = empty_extension(ExtensionKind::Entity, "PartyTable.Wrong".to_string());
            wrong.fields.push(mapped("Extra", "PartyTable", "RecId"));
            self.add(Element::Extension(wrong));
        }
        if self.random.chance(20) {
            let mut partial = empty_extension(ExtensionKind::View, "AbsentView.Alpha".to_string());
            partial.fields.push(mapped("F1", "Unseen", "RecId"));
            self.add(Element::Extension(partial));
        }
    }

    fn extension_name(&mut self, target: &str) -> String {
        let suffix = self.random.pick_text(&["Alpha", "beta", "Gamma", "Delta.More", "alpha2"]);
        let target = self.random.case(target);
        format!("{target}.{suffix}{}", self.next())
    }

    fn table_extensions(&mut self) {
        for (name, _, _) in TABLES {
            if !self.random.chance(25) {
                continue;
            }
            let mut extension = empty_extension(ExtensionKind::Table, self.extension_name(name));
            extension.columns = vec![format!("Ext{}", self.random.below(2)), "NoteKind".to_string()];
            extension.columns.push("RefCountryTable".to_string());
            // A relation whose name the table may have already.
            extension.relations.push(Relation {
                name: self.random.pick_text(&["Country", "Group"]),
                related: "CountryTable".to_string(),
                constraints: vec![Constraint::Fields {
                    field: "RefCountryTable".into(),
                    related: "RecId".into(),
                }],
            });
            if let Some(known) = self.find(name) {
                self.known[known].relations.extend(extension.relations.iter().cloned());
            }
            self.add(Element::Extension(extension));
        }
    }

    fn view_extensions(&mut self, name: &str, mut bound: Vec<Bound>) {
        let Some(known) = self.find(name) else { return };
        let entity = self.known[known].kind == KnownKind::Entity;
        let kind = if entity { ExtensionKind::Entity } else { ExtensionKind::View };
        let count = match self.random.below(10) {
            0..=5 => 0,
            6..=8 => 1,
            _ => 2,
        };
        let mut extensions: Vec<Extension> = Vec::new();
        for _ in 0..count {
            let mut extension = empty_extension(kind, self.extension_name(name));
            extension.sources = self.added_sources(&mut bound, "X");
            extensions.push(extension);
        }
        for mut extension in extensions {
            for _ in 0..self.random.between(1, 3) {
                // Sometimes a name that is there already.
                let field = if self.random.chance(20) {
                    "F1".to_string()
                } else {
                    format!("X{}", self.random.between(1, 3))
                };
                let field = self.field(&field, &bound, entity);
                extension.fields.push(field);
            }
            if entity && self.random.chance(20) {
                extension.relations.push(Relation {
                    name: "ToEntity00".to_string(),
                    related: "Entity00".to_string(),
                    constraints: vec![Constraint::Fields { field: "X1".into(), related: "F1".into() }],
                });
            }
            let again = self.random.chance(8) && self.world.models.len() > 1;
            if again {
                self.same_extension_twice(&extension);
            }
            self.add_to(0, Element::Extension(extension));
        }
    }

    /// Two files with one full name: both are merged.
    fn same_extension_twice(&mut self, extension: &Extension) {
        let mut twin = empty_extension(extension.kind, extension.name.clone());
        twin.fields = extension.fields.iter().take(1).cloned().collect();
        if let Some(field) = twin.fields.first_mut() {
            field.name = "X3".to_string();
        }
        let model = self.random.between(1, self.world.models.len() - 1);
        self.add_to(model, Element::Extension(twin));
    }

    fn added_sources(&mut self, bound: &mut Vec<Bound>, prefix: &str) -> Vec<ExtensionSource> {
        let mut sources = Vec::new();
        for _ in 0..self.random.between(0, 2) {
            let parent =
                (!bound.is_empty() && !self.random.chance(8)).then(|| self.random.below(bound.len()));
            let name = match self.random.below(10) {
                // A name that is taken; not over a union, where fields stay in the first branch.
                0 if !bound.is_empty() && bound.iter().all(|bound| bound.first_branch) => {
                    self.random.pick(bound).name.clone()
                }
                _ => format!("{prefix}Source{}", self.next()),
            };
            let parent_name = match parent {
                Some(parent) => bound[parent].name.clone(),
                None => "NoSuchParent".to_string(),
            };
            let source = self.extension_source(bound, parent, &name);
            sources.push(ExtensionSource { parent: self.random.case(&parent_name), source });
        }
        sources
    }

    /// An entity of which only extensions are loaded.
    fn partial_entity(&mut self) {
        let mut extension = empty_extension(ExtensionKind::Entity, "PartialEntity.Alpha".to_string());
        let mut bound = Vec::new();
        let source = self.extension_source(&mut bound, None, "PartialSource");
        extension.sources.push(ExtensionSource { parent: "Unseen".to_string(), source });
        for number in 1..=3 {
            let field = self.field(&format!("F{number}"), &bound, true);
            extension.fields.push(field);
        }
        extension.fields.push(mapped("F4", "Unseen", "RecId"));
        self.trees.push(("PartialEntity".to_string(), bound));
        self.add(Element::Extension(extension));
    }
}
