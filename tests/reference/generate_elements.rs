//! Random tables, views, queries and entities.

use super::generate::{
    Bound, Known, KnownKind, KnownQuery, Maker, empty_extension, mapped, simple_query, table_element,
};
use super::model::{Constraint, Element, ExtensionKind, Field, FieldKind, Query, Relation, Table, View};

/// (name, what it extends, tables that it refers to).
pub const TABLES: [(&str, Option<&str>, &[&str]); 11] = [
    ("PartyTable", None, &["AddressTable"]),
    ("PersonTable", Some("PartyTable"), &[]),
    ("OrgTable", Some("PartyTable"), &["GroupTable"]),
    ("EmployeeTable", Some("PersonTable"), &[]),
    ("CustTable", None, &["PartyTable", "GroupTable"]),
    ("AddressTable", None, &["CountryTable"]),
    ("PhoneTable", None, &["PartyTable"]),
    ("GroupTable", None, &[]),
    ("CountryTable", None, &[]),
    ("InventDim", None, &["GroupTable"]),
    ("StatTable", None, &["CustTable", "PersonTable"]),
];

impl Maker {
    pub fn tables(&mut self) {
        for (name, extends, refers) in TABLES {
            let mut columns = vec![format!("{}Id", name.replace("Table", ""))];
            if extends.is_none() && self.random.chance(80) {
                columns.push("AccountNum".to_string());
            }
            columns.push(format!("Note{}", self.random.below(2)));
            let mut relations = Vec::new();
            for related in refers {
                let column = format!("Ref{related}");
                columns.push(column.clone());
                let mut constraints =
                    vec![Constraint::Fields { field: column, related: "RecId".to_string() }];
                if self.random.chance(12) {
                    constraints.push(Constraint::Fixed { field: "NoteKind".to_string() });
                }
                if self.random.chance(8) {
                    constraints.insert(0, Constraint::RelatedFixed { related: "NoteKind".to_string() });
                }
                relations.push(Relation {
                    name: related.replace("Table", ""),
                    related: self.random.case(related),
                    constraints,
                });
            }
            if self.random.chance(3) {
                // Twice in one file: the first counts.
                columns.push(columns[0].to_ascii_uppercase());
            }
            // Tables of one chain are all regular, or none is.
            let in_chain = extends.is_some() || name == "PartyTable";
            let table_type = match self.random.below(100) {
                0..=5 if !in_chain => Some("TempDB".to_string()),
                6..=9 if !in_chain => Some("InMemory".to_string()),
                10..=18 => Some("Regular".to_string()),
                _ => None,
            };
            let partial = extends.is_none() && name != "PartyTable" && self.oddly(9);
            let mut known = Known {
                name: name.to_string(),
                kind: KnownKind::Table,
                fields: columns.clone(),
                rec_ids: columns.iter().filter(|column| column.starts_with("Ref")).cloned().collect(),
                relations: relations.clone(),
                extends: extends.map(String::from),
                size: 0,
                depth: 0,
            };
            known.rec_ids.extend(["RecId".to_string(), "RecId".to_string()]);
            if let Some(base) = extends.and_then(|base| self.find(base)) {
                let base = self.known[base].clone();
                known.fields.extend(base.fields);
                known.rec_ids.extend(base.rec_ids);
                known.relations.extend(base.relations);
            }
            self.known.push(known);
            if partial {
                let mut extension = empty_extension(ExtensionKind::Table, format!("{name}.Gamma"));
                extension.columns = columns.into_iter().skip(1).collect();
                extension.relations = relations;
                self.add(Element::Extension(extension));
            } else {
                let extends = extends.map(|base| self.random.case(base));
                let table = Table {
                    name: name.to_string(),
                    extends,
                    table_type,
                    columns,
                    relations,
                    methods: Vec::new(),
                };
                self.add(table_element(table));
            }
        }
        self.add(Element::Map("PartyMap".to_string()));
    }

    pub fn views_and_entities(&mut self) {
        for level in 0..2 {
            for number in 0..self.random.between(1, 2) {
                self.query(format!("Query{level}{number}"), 1);
            }
            for number in 0..self.random.between(1, 2) {
                self.view(format!("View{level}{number}"), false, 1);
            }
        }
        for level in 0..4 {
            let count = if level == 0 { 2 } else { self.random.between(1, 2) };
            for number in 0..count {
                self.view(format!("Entity{level}{number}"), true, level);
            }
            if level == 1 {
                self.query("Query20".to_string(), level);
                self.view("View20".to_string(), false, level);
            }
        }
    }

    fn query(&mut self, name: String, deepest: usize) {
        let simple: Vec<KnownQuery> = self.queries.clone();
        if !simple.is_empty() && self.random.chance(30) {
            let inner = self.random.pick(&simple).clone();
            let composite = Some(self.random.case(&inner.name));
            self.add(Element::Query(Query {
                name: name.clone(),
                composite,
                union: false,
                sources: Vec::new(),
            }));
            self.queries.push(KnownQuery { name, ..inner });
            return;
        }
        let union = self.random.chance(35);
        let roots = if union { self.random.between(2, 3) } else { 1 };
        let tree = self.source_tree(roots, if union { 1 } else { 2 }, deepest);
        self.queries.push(KnownQuery {
            name: name.clone(),
            bound: tree.bound,
            size: tree.size,
            depth: tree.depth,
        });
        self.add(Element::Query(simple_query(name, union, tree.sources)));
    }

    fn view(&mut self, name: String, entity: bool, deepest: usize) {
        let mut view = View { entity, name: name.clone(), ..View::default() };
        let by_query = self.random.chance(if entity { 12 } else { 45 });
        let (bound, size, depth) = if by_query && !self.queries.is_empty() {
            let queries: Vec<KnownQuery> =
                self.queries.iter().filter(|query| query.depth <= deepest + 1).cloned().collect();
            match queries.is_empty() {
                true => (Vec::new(), 0, 1),
                false => {
                    let query = self.random.pick(&queries).clone();
                    view.query = Some(self.random.case(&query.name));
                    if self.oddly(3) {
                        view.query = Some("NoSuchQuery".to_string());
                    }
                    (query.bound, query.size, query.depth)
                }
            }
        } else {
            view.union = self.random.chance(if entity { 4 } else { 15 });
            let roots = if view.union { 2 } else { 1 };
            let tree = self.source_tree(roots, if entity { 5 } else { 2 }, deepest);
            view.sources = tree.sources;
            (tree.bound, tree.size, tree.depth)
        };
        if bound.is_empty() {
            return;
        }
        let count = if entity { self.random.between(4, 9) } else { self.random.between(3, 5) };
        for number in 1..=count {
            let field = self.field(&format!("F{number}"), &bound, entity);
            view.fields.push(field);
        }
        if entity && self.random.chance(10) {
            // A name that a plan would like to use.
            view.fields.push(mapped("AddressTableRecId", &bound[0].name, "RecId"));
        }
        if entity && self.random.chance(4) {
            view.fields.push(mapped("f1", &bound[0].name, "RecId"));
        }
        if entity {
            view.public = self.random.chance(75);
            view.read_only = self.random.chance(15);
            view.public_entity_name = Some(format!("Public{name}"));
            view.public_collection_name = Some(format!("Public{name}Rows"));
            view.label = self.label(&name);
            view.relations = self.entity_relations(&view);
        }
        self.remember(&view, &bound, size, depth);
        self.trees.push((name, bound));
        self.add(Element::View(view));
    }

    fn remember(&mut self, view: &View, bound: &[Bound], size: usize, depth: usize) {
        let holds_rec_id = |field: &&Field| match &field.kind {
            FieldKind::Mapped { source, field, .. } => {
                let target =
                    bound.iter().find(|bound| bound.name.eq_ignore_ascii_case(source)).and_then(|b| b.target);
                field == "RecId" || target.is_some_and(|target| self.known[target].rec_ids.contains(field))
            }
            _ => false,
        };
        let rec_ids: Vec<String> =
            view.fields.iter().filter(holds_rec_id).map(|field| field.name.clone()).collect();
        self.known.push(Known {
            name: view.name.clone(),
            kind: if view.entity { KnownKind::Entity } else { KnownKind::View },
            fields: view.fields.iter().map(|field| field.name.clone()).collect(),
            rec_ids,
            relations: view.relations.clone(),
            extends: None,
            size,
            depth,
        });
    }

    /// Relations to earlier entities, for joins by relation name.
    fn entity_relations(&mut self, view: &View) -> Vec<Relation> {
        let entities: Vec<Known> =
            self.known.iter().filter(|known| known.kind == KnownKind::Entity).cloned().collect();
        if entities.is_empty() || !self.random.chance(50) {
            return Vec::new();
        }
        let related = self.random.pick(&entities).clone();
        let own = self.random.pick(&view.fields).name.clone();
        let far = self.random.pick(&related.fields).clone();
        let constraints = vec![Constraint::Fields { field: own, related: far }];
        vec![Relation { name: format!("To{}", related.name), related: related.name, constraints }]
    }

    pub fn field(&mut self, name: &str, bound: &[Bound], entity: bool) -> Field {
        let access = match self.random.below(10) {
            0 => Some("Public"),
            1 | 2 => Some("Internal"),
            3 => Some("Private"),
            _ => None,
        };
        let access = access.filter(|_| entity).map(String::from);
        let roll = self.random.below(100);
        if roll < 14 {
            let kind = FieldKind::Computed { method: format!("compute{}", self.random.below(4)) };
            return Field { name: name.to_string(), access, kind };
        }
        if roll < 20 && entity {
            return Field { name: name.to_string(), access, kind: FieldKind::Virtual };
        }
        let first: Vec<&Bound> = bound.iter().filter(|bound| bound.first_branch).collect();
        let union = first.len() < bound.len();
        let chosen = (*self.random.pick(&first)).clone();
        let field = match chosen.target {
            Some(target) => {
                let known = self.known[target].clone();
                self.any_field(&known, &chosen)
            }
            None => self.random.pick_text(&["F1", "AccountNum", "RecId"]),
        };
        // A field over a union is bound to a source that is there.
        let source = if !union && self.oddly(4) { "NoSuchSource".to_string() } else { chosen.name.clone() };
        let aggregation = (!entity && self.random.chance(12)).then(|| "Max".to_string());
        let kind = FieldKind::Mapped {
            source: self.random.case(&source),
            field: self.random.case(&field),
            aggregation,
        };
        Field { name: name.to_string(), access, kind }
    }
}
