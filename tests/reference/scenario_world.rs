//! Small worlds put together by hand.

use serde_json::Value;

use super::document::expected_document;
use super::model::{
    Body, Element, Field, FieldKind, File, Function, Item, Join, Layout, MappingBody, Method, ModelFolder,
    Part, Policy, Root, Row, Source, SourceKind, Statement, Style, Table, Term, View, World,
};
use super::render::render;

pub fn empty_world() -> World {
    World {
        roots: vec![Root { folder: "Root0".into(), layout: Layout::Packages }],
        models: vec![ModelFolder {
            root: 0,
            package: "Package".into(),
            folder: "Model".into(),
            descriptor: None,
        }],
        files: Vec::new(),
        labels: Vec::new(),
        maps: None,
        policy: Policy::default(),
        marks: 0,
    }
}

impl World {
    pub fn with(mut self, element: Element) -> World {
        self.files.push(File { model: 0, style: Style::default(), element });
        self
    }

    pub fn table(self, name: &str, columns: &[&str]) -> World {
        let columns = columns.iter().map(|column| (*column).to_string()).collect();
        self.with(Element::Table(Table { name: name.into(), columns, ..Table::default() }))
    }

    pub fn entity(
        self,
        name: &str,
        sources: Vec<Source>,
        fields: Vec<Field>,
        rows: &[(&str, &str, &str)],
    ) -> World {
        let mut world = self;
        let methods = world.mapping_method(name, rows);
        let mut sources = sources;
        sources.iter_mut().for_each(|source| world.number(source));
        world.with(Element::View(View {
            entity: true,
            name: name.into(),
            sources,
            fields,
            methods,
            public: true,
            ..View::default()
        }))
    }

    fn number(&mut self, source: &mut Source) {
        source.mark = self.marks;
        self.marks += 1;
        source.children.iter_mut().for_each(|child| self.number(child));
    }

    /// One literal with a row per (label, table, field).
    fn mapping_method(&mut self, entity: &str, rows: &[(&str, &str, &str)]) -> Vec<Method> {
        if rows.is_empty() {
            return Vec::new();
        }
        let part = |function, spelling: &str, owner: &str, name: &str| Part {
            function,
            spelling: spelling.into(),
            owner: owner.into(),
            name: name.into(),
        };
        let items = rows
            .iter()
            .enumerate()
            .map(|(number, (label, table, field))| {
                let parts = vec![
                    part(Function::IdentifierStr, "identifierStr", "", label),
                    part(Function::TableNum, "tableNum", "", table),
                    part(Function::FieldStr, "fieldStr", entity, field),
                ];
                Item::Row(Row { mark: self.marks + number, parts })
            })
            .collect();
        self.marks += rows.len();
        let statements = vec![
            Statement::Append { variable: "mapping".into(), value: vec![Term::Literal(items)] },
            Statement::Return(vec![Term::Variable("mapping".into())]),
        ];
        let body = Body::Mapping(MappingBody { parameter: "mapping".into(), statements });
        vec![Method { name: "getEntityDataSourceToFieldMapping".into(), body }]
    }

    pub fn document(&self) -> Value {
        expected_document(self, &render(self))
    }
}

pub fn source(kind: SourceKind, name: &str, target: &str, children: Vec<Source>) -> Source {
    Source {
        mark: 0,
        kind,
        name: name.into(),
        target: target.into(),
        join: (kind == SourceKind::Embedded).then(|| "OuterJoin".to_string()),
        read_only: false,
        use_relations: false,
        joins: Vec::new(),
        aliases: Vec::new(),
        group_by: false,
        children,
        derived: Vec::new(),
    }
}

pub fn root(target: &str, children: Vec<Source>) -> Source {
    source(SourceKind::Root, target, target, children)
}

/// An outer-joined source with `parent.field = own.related`.
pub fn joined(name: &str, target: &str, field: &str, related: &str) -> Source {
    let mut source = source(SourceKind::Embedded, name, target, Vec::new());
    source.joins.push(Join::Fields { field: field.into(), join_source: None, related: related.into() });
    source
}

pub fn bound(name: &str, source: &str, field: &str, access: Option<&str>) -> Field {
    let kind = FieldKind::Mapped { source: source.into(), field: field.into(), aggregation: None };
    Field { name: name.into(), access: access.map(String::from), kind }
}
