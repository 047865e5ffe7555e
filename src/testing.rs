//! Small models made of facts, for unit tests beside the code.

use crate::aot::{
    Binding, Class, DataEntity, DataSource, Definition, EditRules, EmbeddedSource, Extension, ExtensionKind,
    FieldPair, FileFacts, Join, JoinCondition, Named, Query, Relation, SourceKind, Table, TableField, View,
    ViewField,
};
use crate::catalog::{self, Catalog, CodeLoader, ElementId, Helper, LeftOut};
use crate::graph::Graph;
use crate::lineage::Lineage;
use crate::problem::Problem;
use crate::source::{FileId, Position};
use crate::xpp::read_method;

/// A loaded model without files.
pub(crate) struct World {
    pub(crate) catalog: Catalog,
    pub(crate) graph: Graph,
    pub(crate) lineage: Lineage,
    pub(crate) problems: Vec<Problem>,
}

struct NoCode;

impl CodeLoader for NoCode {
    fn class(&self, _: &str) -> Option<Helper> {
        None
    }

    fn table(&self, _: FileId) -> Option<Helper> {
        None
    }
}

/// Builds a model; each definition is a file of its own, in this order.
pub(crate) fn world(definitions: Vec<Definition>) -> World {
    let facts = definitions.into_iter().map(|d| FileFacts { definition: Some(d), ..FileFacts::default() });
    let path_of = |file: FileId| format!("{:04}.xml", file.0);
    let (catalog, problems) =
        catalog::build((0..).map(FileId).zip(facts).collect(), LeftOut::default(), &path_of, &NoCode);
    let graph = Graph::build(&catalog);
    let lineage = Lineage::compute(&catalog, &graph);
    World { catalog, graph, lineage, problems }
}

impl World {
    pub(crate) fn id(&self, name: &str) -> ElementId {
        self.catalog.find(name).unwrap_or_else(|| panic!("no {name}"))
    }

    /// The leaves of a field as `Source.Source Table.Column kind`; `?` marks an unresolved one.
    pub(crate) fn leaves(&self, element: &str, field: &str) -> Vec<String> {
        let id = self.id(element);
        let field = self.catalog.name(field).and_then(|name| self.catalog.element(id).field(name));
        let leaves = &self.lineage.field(id, field.expect("the field")).leaves;
        leaves
            .iter()
            .map(|leaf| {
                let column = leaf.column.as_ref().map_or("*", |c| &c.text);
                let open = if leaf.resolved { "" } else { "?" };
                let table = leaf.table.name(&self.catalog).unwrap_or("-");
                format!(
                    "{} {table}.{column} {}{open}",
                    leaf.path_names(&self.catalog, id).join("."),
                    leaf.kind.id()
                )
            })
            .collect()
    }
}

pub(crate) fn named(name: &str) -> Named {
    Named { name: name.into(), line: 1 }
}

pub(crate) fn table(name: &str, fields: &[&str]) -> Definition {
    Definition::Table(Table { named: named(name), fields: columns(fields), ..Table::default() })
}

pub(crate) fn columns(names: &[&str]) -> Vec<TableField> {
    names.iter().map(|name| TableField { named: named(name), ..TableField::default() }).collect()
}

/// A table with a relation: (its name, related table, own field, field of the related table).
pub(crate) fn related(name: &str, fields: &[&str], relation: (&str, &str, &str, &str)) -> Definition {
    let (relation, related, field, other) = relation;
    let pairs = vec![FieldPair { field: field.into(), related: other.into() }];
    let relations = vec![Relation { named: named(relation), related: related.into(), pairs }];
    Definition::Table(Table { named: named(name), fields: columns(fields), relations, ..Table::default() })
}

pub(crate) fn source(name: &str, target: &str) -> DataSource {
    DataSource {
        named: named(name),
        target: target.into(),
        parent: None,
        kind: SourceKind::Root,
        join: None,
        read_only: false,
        aliases: Vec::new(),
        conditions: Vec::new(),
        ranges: Vec::new(),
        grouped: false,
    }
}

/// A data source below the `parent`-th of its list.
pub(crate) fn below(parent: u32, name: &str, target: &str, join: Join) -> DataSource {
    DataSource { parent: Some(parent), kind: SourceKind::Embedded, join: Some(join), ..source(name, target) }
}

/// `field` of the parent equals `related` of the data source.
pub(crate) fn over(field: &str, related: &str) -> JoinCondition {
    JoinCondition::Fields { join_source: None, field: field.into(), related: related.into() }
}

/// (field, data source, data field) of mapped fields.
pub(crate) type Mapped<'a> = (&'a str, &'a str, &'a str);

pub(crate) fn mapped(fields: &[Mapped]) -> Vec<ViewField> {
    fields
        .iter()
        .map(|(name, source, field)| ViewField {
            named: named(name),
            binding: Binding::Mapped { source: (*source).into(), field: (*field).into(), aggregated: false },
            public: true,
            rules: EditRules::default(),
        })
        .collect()
}

pub(crate) fn view(name: &str, sources: Vec<DataSource>, fields: &[Mapped]) -> Definition {
    Definition::View(View { named: named(name), sources, fields: mapped(fields), ..View::default() })
}

/// A public entity.
pub(crate) fn entity(name: &str, sources: Vec<DataSource>, fields: &[Mapped]) -> Definition {
    let view = View { named: named(name), sources, fields: mapped(fields), ..View::default() };
    Definition::DataEntity(DataEntity { view, is_public: true, ..DataEntity::default() })
}

/// The same entity with an X++ method.
pub(crate) fn with_method(definition: Definition, name: &str, body: &str) -> Definition {
    let method = read_method(name, body, Position { line: 10, column: 1 });
    match definition {
        Definition::DataEntity(mut entity) => {
            entity.view.methods.push(method);
            Definition::DataEntity(entity)
        }
        other => other,
    }
}

pub(crate) fn union(name: &str, sources: Vec<DataSource>) -> Definition {
    Definition::Query(Query { named: named(name), composite_of: None, union: true, sources })
}

pub(crate) fn view_over(name: &str, query: &str, fields: &[Mapped]) -> Definition {
    let view = View { named: named(name), fields: mapped(fields), ..View::default() };
    Definition::View(View { query: Some(named(query)), ..view })
}

/// An entity extension that adds data sources, each (parent, source).
pub(crate) fn extension(name: &str, sources: Vec<(&str, DataSource)>) -> Definition {
    let embedded = |(parent, source): (&str, DataSource)| EmbeddedSource {
        parent: named(parent),
        sources: vec![DataSource { kind: SourceKind::Embedded, join: Some(Join::Outer), ..source }],
    };
    Definition::Extension(Extension {
        named: named(name),
        kind: ExtensionKind::DataEntity,
        table_fields: Vec::new(),
        view_fields: Vec::new(),
        relations: Vec::new(),
        sources: sources.into_iter().map(embedded).collect(),
        ranges: Vec::new(),
        modifications: Vec::new(),
    })
}

/// A class that extends an element, with one method.
pub(crate) fn extension_class(name: &str, target: &str, method: &str, body: &str) -> Definition {
    let methods = vec![read_method(method, body, Position { line: 10, column: 1 })];
    Definition::Class(Class { named: named(name), extension_of: Some(target.into()), methods })
}
