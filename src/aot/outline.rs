//! What a file has to do with others, by name alone: enough to tell which files must be looked at together.

use super::facts::{
    Class, DataEntity, DataSource, Definition, Extension, ExtensionKind, FileFacts, Named, Query, Table, View,
};
use super::file::Methods;
use crate::source::{Kind, SourceFile};
use crate::text::{NameKey, Symbol};
use crate::xpp::{Method, MethodContent, Qualifier, ReferenceKind, SourceName};
use serde::{Deserialize, Serialize};

/// The names by which a file is known, and those that it mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// What it defines or adds to.
    pub role: Role,
    /// What it defines.
    pub name: Option<NameKey>,
    /// The element to which it adds, as an extension or as a class.
    pub adds_to: Option<NameKey>,
    /// The table that it inherits from.
    pub extends: Option<NameKey>,
    /// What its data sources show, and the query that it takes them from.
    pub shows: Box<[NameKey]>,
    /// Classes and tables whose methods its own methods call.
    pub calls: Box<[NameKey]>,
    /// What else verdicts about it depend on: tables in its X++, its staging table.
    pub mentions: Box<[NameKey]>,
    /// Whether its X++ may write; `None` where nobody looked.
    pub mentions_writes: Option<bool>,
    /// How maps may call the entity that it defines or extends.
    pub entity: Option<Box<EntityNames>>,
}

/// The names under which an entity may be mapped; empty = none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityNames {
    /// AOT name.
    pub name: Box<str>,
    /// `PublicEntityName`.
    pub public_entity_name: Box<str>,
    /// `PublicCollectionName`.
    pub public_collection_name: Box<str>,
    /// `Label`: a text or a label identifier.
    pub label: Box<str>,
}

/// What a file is to others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// None that matters.
    #[default]
    Nothing,
    /// A class.
    Class,
    /// A table map.
    Map,
    /// A table.
    Table,
    /// A view.
    View,
    /// A data entity.
    Entity,
    /// A query.
    Query,
}

impl From<ExtensionKind> for Role {
    fn from(kind: ExtensionKind) -> Self {
        match kind {
            ExtensionKind::Table => Role::Table,
            ExtensionKind::View => Role::View,
            ExtensionKind::DataEntity => Role::Entity,
            ExtensionKind::Query => Role::Query,
        }
    }
}

impl Outline {
    /// The outline of a file, by the facts that were read from it.
    pub fn of(file: &SourceFile, wanted: Methods, facts: &FileFacts) -> Self {
        let mut collector = Collector { mentions_writes: facts.mentions_writes, ..Collector::default() };
        match &facts.definition {
            None => {}
            Some(Definition::Table(table)) => collector.table(table),
            Some(Definition::View(view)) => collector.view(view, Role::View),
            Some(Definition::DataEntity(entity)) => {
                collector.view(&entity.view, Role::Entity);
                collector.entity = Some(Box::new(called(entity)));
                collector.mentions.extend(entity.staging_table.as_ref().map(key));
            }
            Some(Definition::TableMap(named)) => collector.map(named),
            Some(Definition::Query(query)) => collector.query(query),
            Some(Definition::Extension(extension)) => collector.extension(extension),
            Some(Definition::Class(class)) => collector.class(class),
        }
        // A class is called by the name of its file.
        if wanted == Methods::All && file.kind == Kind::Class {
            collector.name = Some(NameKey::of(file.stem()));
        }
        collector.finish()
    }
}

fn called(entity: &DataEntity) -> EntityNames {
    let text = |name: &Option<Symbol>| name.as_ref().map_or_else(Box::default, Into::into);
    EntityNames {
        name: (&entity.view.named.name).into(),
        public_entity_name: text(&entity.public_entity_name),
        public_collection_name: text(&entity.public_collection_name),
        label: text(&entity.label),
    }
}

fn key(name: &Symbol) -> NameKey {
    NameKey::of(name)
}

/// The calls in a method that may be followed.
pub(super) fn calls(method: &Method) -> impl Iterator<Item = (&Qualifier, &Symbol)> {
    let items = match &method.content {
        MethodContent::Other(references) => references.items.as_slice(),
        MethodContent::Mapping(_) | MethodContent::Skip(_) => &[],
    };
    items.iter().filter_map(|item| match &item.kind {
        ReferenceKind::Call { qualifier, method } => Some((qualifier, method)),
        _ => None,
    })
}

#[derive(Default)]
struct Collector {
    role: Role,
    name: Option<NameKey>,
    adds_to: Option<NameKey>,
    extends: Option<NameKey>,
    shows: Vec<NameKey>,
    calls: Vec<NameKey>,
    mentions: Vec<NameKey>,
    mentions_writes: Option<bool>,
    entity: Option<Box<EntityNames>>,
}

impl Collector {
    fn is_called(&mut self, named: &Named) {
        self.name = Some(key(&named.name));
    }

    fn table(&mut self, table: &Table) {
        self.role = Role::Table;
        self.is_called(&table.named);
        self.extends = table.extends.as_ref().map(|base| key(&base.name));
        self.methods(&table.methods);
    }

    fn view(&mut self, view: &View, role: Role) {
        self.role = role;
        self.is_called(&view.named);
        self.shows.extend(view.query.as_ref().map(|query| key(&query.name)));
        self.sources(&view.sources);
        self.methods(&view.methods);
    }

    fn query(&mut self, query: &Query) {
        self.role = Role::Query;
        self.is_called(&query.named);
        self.shows.extend(query.composite_of.as_ref().map(|base| key(&base.name)));
        self.sources(&query.sources);
    }

    fn extension(&mut self, extension: &Extension) {
        self.role = extension.kind.into();
        if extension.kind == ExtensionKind::DataEntity {
            let called = EntityNames { name: extension.target().into(), ..EntityNames::default() };
            self.entity = Some(Box::new(called));
        }
        self.is_called(&extension.named);
        self.adds_to = Some(NameKey::of(extension.target()));
        extension.sources.iter().for_each(|embedded| self.sources(&embedded.sources));
    }

    fn map(&mut self, named: &Named) {
        self.role = Role::Map;
        self.is_called(named);
    }

    fn class(&mut self, class: &Class) {
        self.role = Role::Class;
        self.is_called(&class.named);
        self.adds_to = class.extension_of.as_ref().map(key);
        self.methods(&class.methods);
    }

    fn sources(&mut self, sources: &[DataSource]) {
        self.shows.extend(sources.iter().map(|source| key(&source.target)));
    }

    fn methods(&mut self, methods: &[Method]) {
        for method in methods {
            match &method.content {
                MethodContent::Other(references) => {
                    let tables = references.items.iter().filter_map(|item| table_in(&item.kind));
                    self.mentions.extend(tables.map(key));
                }
                MethodContent::Mapping(mapping) => {
                    let entries = mapping.entries.iter().chain(&mapping.disabled);
                    self.mentions.extend(entries.filter_map(|entry| entry.table.as_ref()).map(key));
                }
                MethodContent::Skip(_) => {}
            }
            self.calls.extend(calls(method).filter_map(|(qualifier, _)| match qualifier {
                Qualifier::Static(owner) => Some(key(owner)),
                Qualifier::None | Qualifier::This => None,
            }));
        }
    }

    fn finish(self) -> Outline {
        let Self { role, name, adds_to, extends, shows, calls, mentions, mentions_writes, entity } = self;
        let [shows, calls, mentions] = [shows, calls, mentions].map(sorted);
        Outline { role, name, adds_to, extends, shows, calls, mentions, mentions_writes, entity }
    }
}

fn sorted(mut names: Vec<NameKey>) -> Box<[NameKey]> {
    names.sort_unstable();
    names.dedup();
    names.into()
}

fn table_in(reference: &ReferenceKind) -> Option<&Symbol> {
    match reference {
        ReferenceKind::Table(name)
        | ReferenceKind::SqlTable(name)
        | ReferenceKind::SourceField { source: SourceName::Table(name), .. } => Some(name),
        ReferenceKind::SourceField { .. } | ReferenceKind::Call { .. } => None,
    }
}
