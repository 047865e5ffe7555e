//! Random X++ of computed columns, helper classes, extension classes and skip methods.

use super::effective::Catalog;
use super::generate::{Bound, MISSING, Maker};
use super::model::{
    Body, Broken, Class, ComputedBody, Element, ExtensionOf, Method, Piece, Qualifier, Second, SkipBody,
    SkipCondition, SkipResult, SkipStatement,
};

/// Where a body stands: what it may call depends on that.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Home {
    Element,
    Helper,
    ExtensionClass,
}

impl Maker {
    pub fn computed_methods(&mut self) {
        for helper in ["Helper0", "Helper1", "SysHelper", "DictThing"] {
            let methods = ["run", "walk"].map(|name| {
                let body = self.computed_body("Entity00", &[], Home::Helper);
                Method { name: name.to_string(), body: Body::Computed(body) }
            });
            let class = Class { name: helper.to_string(), extension_of: None, methods: methods.into() };
            self.add(Element::Class(class));
        }
        let body = Body::Computed(self.computed_body("CustTable", &[], Home::Helper));
        for file in &mut self.world.files {
            if let Element::Table(table) = &mut file.element
                && table.name == "CustTable"
            {
                table.methods.push(Method { name: "run".to_string(), body: body.clone() });
                file.style.one_line = false;
            }
        }
        for (name, bound) in self.trees.clone() {
            self.element_methods(&name, &bound);
        }
    }

    fn element_methods(&mut self, name: &str, bound: &[Bound]) {
        let mut methods = Vec::new();
        let mut elsewhere = Vec::new();
        for method in ["helper0", "helper1", "compute0", "compute1", "compute2", "compute3"] {
            let home = if method.starts_with("compute") && self.random.chance(10) {
                Home::ExtensionClass
            } else {
                Home::Element
            };
            if method.starts_with("compute") && self.oddly(6) {
                continue;
            }
            let body = self.computed_body(name, bound, home);
            let method = Method { name: self.random.case(method), body: Body::Computed(body) };
            if home == Home::Element { methods.push(method) } else { elsewhere.push(method) }
        }
        if self.random.chance(20) {
            let text = "public static container getEntityRecordIdsImpactedByTableChange(TableId _table) { return conNull(); }";
            methods.push(Method {
                name: "getEntityRecordIdsImpactedByTableChange".to_string(),
                body: Body::Plain(text.to_string()),
            });
        }
        for view in self.views_mut().filter(|view| view.name == name) {
            view.methods.clone_from(&methods);
        }
        let classes = if elsewhere.is_empty() { self.random.below(10) / 7 } else { 1 };
        for number in 0..classes.max(usize::from(!elsewhere.is_empty())) {
            let suffix = self.random.pick_text(&["Alpha", "beta", "Gamma"]);
            let function = self.random.pick_text(&["tableStr", "dataEntityViewStr", "viewStr", "tablestr"]);
            let class = Class {
                name: format!("{name}{suffix}{number}_Extension"),
                extension_of: Some(ExtensionOf {
                    function,
                    element: self.random.case(name),
                    commented: self.random.chance(8),
                }),
                methods: std::mem::take(&mut elsewhere),
            };
            self.add(Element::Class(class));
        }
    }

    fn computed_body(&mut self, element: &str, bound: &[Bound], home: Home) -> ComputedBody {
        let pieces = (0..self.random.between(1, 3)).map(|_| self.piece(element, bound, home)).collect();
        let range = if self.oddly(100) { 60 } else { usize::MAX };
        let broken = match self.random.below(range) {
            0 => Some(Broken::Text),
            1 => Some(Broken::Comment),
            2 => Some(Broken::Brackets),
            _ => None,
        };
        ComputedBody { pieces, broken }
    }

    fn piece(&mut self, element: &str, bound: &[Bound], home: Home) -> Piece {
        match self.random.below(100) {
            0..=39 => self.triple(element, bound),
            40..=49 => {
                let function = self.random.pick_text(&["tableStr", "tableNum", "TABLESTR", "tablenum"]);
                let name = match self.random.below(8) {
                    0 => element.to_string(),
                    _ => self.readable_name(),
                };
                Piece::TableName { function, name }
            }
            50..=66 => self.sql(),
            67..=86 => self.call(element, home),
            87..=93 => Piece::Noise(self.random.pick_text(&[
                "SysComputedColumn::returnLiteral('x')",
                "Global::int2Str(1)",
                "DateTimeUtil::utcNow()",
                "strUpr('FROMAGE joinery')",
                "fieldStr(CustTable, AccountNum)",
                "classStr(Helper0)",
            ])),
            _ => Piece::Comment(self.random.pick_text(&[
                "// value = 'SELECT A FROM NotThere';",
                "/* tableStr(NotThere) and Helper9::run() */",
                "// it's not a string",
            ])),
        }
    }

    /// The name of a table, view or entity, now and then of something that is not loaded.
    fn readable_name(&mut self) -> String {
        if self.oddly(10) {
            return self.random.pick_text(&MISSING);
        }
        let index = self.random.below(self.known.len());
        let name = self.known[index].name.clone();
        self.random.case(&name)
    }

    fn triple(&mut self, element: &str, bound: &[Bound]) -> Piece {
        let callee = self.random.pick_text(&[
            "SysComputedColumn::returnField",
            "SysComputedColumn::comparisonField",
            "DictView::computedColumnString",
            "returnField",
        ]);
        let first = match self.random.below(4) {
            0 => format!("tableStr({element})"),
            1 => "tableStr(GroupTable)".to_string(),
            2 => "'SELECT A FROM NotRead'".to_string(),
            _ => format!("dataEntityViewStr({element})"),
        };
        let (name, table, field) = if bound.is_empty() || self.oddly(15) {
            ("NoSuchName".to_string(), "CustTable".to_string(), "AccountNum".to_string())
        } else {
            let chosen = self.random.pick(bound).clone();
            let known = chosen.target.map(|target| self.known[target].clone());
            let field =
                known.as_ref().map_or("AccountNum".to_string(), |known| self.any_field(known, &chosen));
            (chosen.name, known.map_or("CustTable".to_string(), |known| known.name), field)
        };
        // Names without definition are shown as written: one letter case only.
        let plain = name == "NoSuchName";
        let written = if plain { name.clone() } else { self.random.case(&name) };
        let second = match self.random.below(5) {
            0 | 1 => Second::Identifier(written),
            2 if name == "NoSuchName" => {
                Second::Table(self.random.pick_text(&["PhoneTable", "CountryTable", "MissingTable"]))
            }
            2 => Second::Table(written),
            3 => Second::DataSource { owner: element.to_string(), name: written },
            _ => Second::Text(written),
        };
        Piece::Triple {
            callee,
            first,
            second,
            table,
            field: if plain || field == "NoSuchColumn" { field } else { self.random.case(&field) },
        }
    }

    fn sql(&mut self) -> Piece {
        let (a, b) = (self.readable_name(), self.readable_name());
        let two = |parts: Vec<String>| (parts, vec![a.clone(), b.clone()]);
        let one = |parts: Vec<String>| (parts, vec![a.clone()]);
        let (parts, names) = match self.random.below(9) {
            0 => one(vec![format!("SELECT TOP 1 A FROM {a}")]),
            1 => one(vec![format!("select A from dbo.{a} where B = 1")]),
            2 => two(vec![format!("SELECT A FROM [{a}] T JOIN [dbo].[{b}] J ON 1 = 1")]),
            3 => one(vec!["SELECT A FR".to_string(), format!("OM {a} WHERE 1 = 1")]),
            4 => one(vec!["SELECT A FROM ".to_string(), a.clone()]),
            5 => one(vec![format!("EXISTS(SELECT 1 FROM dbo.[{a}])")]),
            6 => two(vec![format!("SELECT A FROM {a} A INNER "), format!("JOIN {b} B ON A.X = B.X")]),
            7 => two(vec![format!("(SELECT 1 FROM {a}) + (select 2 from {b})")]),
            _ => one(vec![format!("SELECT SUM(X) FROM  {a}\tWHERE Y = 0")]),
        };
        Piece::Sql { parts, names, format: self.random.chance(25) }
    }

    fn call(&mut self, element: &str, home: Home) -> Piece {
        let own = self.random.pick_text(&["helper0", "helper1", "compute0", "compute1", "compute2"]);
        let roll = self.random.below(100);
        let (qualifier, method) = match home {
            Home::Element if roll < 35 => (Qualifier::None, own),
            Home::Element if roll < 45 => (Qualifier::This, self.random.pick_text(&["helper0", "helper1"])),
            Home::Helper if roll < 25 => {
                (Qualifier::None, self.random.pick_text(&["run", "walk", "helper0"]))
            }
            Home::Helper if roll < 35 => (Qualifier::This, self.random.pick_text(&["run", "walk"])),
            _ if roll < 48 => (Qualifier::None, "strLwr".to_string()),
            _ if roll < 64 => (Qualifier::Type(self.random.case(element)), own),
            _ if roll < 67 => (Qualifier::Type("CustTable".to_string()), "run".to_string()),
            _ if roll < 84 => {
                let helper = self.random.pick_text(&["Helper0", "Helper1", "HELPER0"]);
                (Qualifier::Type(helper), self.random.pick_text(&["run", "walk", "Walk"]))
            }
            _ if roll < 88 => {
                (Qualifier::Type(self.random.pick_text(&["SysHelper", "DictThing"])), "run".to_string())
            }
            _ if roll < 93 => {
                (Qualifier::Type(self.random.pick_text(&["Entity00", "View00"])), "helper0".to_string())
            }
            _ if roll < 95 || !self.oddly(100) => (Qualifier::None, "strLwr".to_string()),
            _ if roll < 97 => (Qualifier::Type("Helper0".to_string()), "notThere".to_string()),
            _ if roll < 99 => (Qualifier::Type(element.to_string()), "notThere".to_string()),
            _ => (Qualifier::Type("HelperUnseen".to_string()), "run".to_string()),
        };
        Piece::Call { qualifier, method }
    }

    // --- hooks of entities -----------------------------------------------------------------------

    pub fn hooks(&mut self) {
        let candidates = super::generate_rows::candidates(&self.world);
        let sources: Vec<(String, Vec<(String, String)>)> = {
            let catalog = Catalog::new(&self.world);
            let of = |name: &String| {
                let node = catalog.node(name)?;
                let pairs = node.sources.iter().map(|source| {
                    let primary =
                        catalog.primary_table(&source.target).unwrap_or_else(|| "CustTable".to_string());
                    (source.name.clone(), primary)
                });
                Some((name.clone(), pairs.collect()))
            };
            self.view_names(true).iter().filter_map(of).collect()
        };
        for candidate in candidates {
            self.mapping_methods(&candidate);
        }
        for (entity, pairs) in sources {
            if !pairs.is_empty() && self.random.chance(20) {
                let body = self.skip_body(&pairs);
                let in_class = self.random.chance(12);
                let name = self.random.case("dualWriteShouldSkipDataSource");
                self.add_method(&entity, in_class, Method { name, body: Body::Skip(body) });
            }
        }
    }

    /// Adds a method to the entity, or to one of its extension classes. False: there is no such place.
    pub fn add_method(&mut self, entity: &str, in_class: bool, method: Method) -> bool {
        let mut done = false;
        // Of two definitions the one that counts, so that each entry has one place.
        let defined = Catalog::new(&self.world).node(entity).and_then(|node| node.file);
        for (index, file) in self.world.files.iter_mut().enumerate() {
            match &mut file.element {
                Element::View(view) if !in_class && defined == Some(index) => {
                    view.methods.push(method.clone());
                    done = true;
                }
                Element::Class(class) if in_class && !done => {
                    let extends =
                        class.extension_of.as_ref().is_some_and(|of| of.element.eq_ignore_ascii_case(entity));
                    let has = class.methods.iter().any(|known| known.name.eq_ignore_ascii_case(&method.name));
                    if extends && !has {
                        class.methods.push(method.clone());
                        done = true;
                    }
                }
                _ => {}
            }
        }
        done
    }

    fn skip_body(&mut self, sources: &[(String, String)]) -> SkipBody {
        let parameters = match self.random.below(2) {
            0 => ["_entity", "_dataSourceName", "_primaryTableId", "_fieldMapping", "atLeastOneFieldMapped"],
            _ => ["dict", "name", "table", "map", "mapped"],
        };
        let parameters = parameters.map(String::from);
        let mut statements = Vec::new();
        for _ in 0..self.random.between(0, 3) {
            let condition = self.skip_condition(sources, &parameters, 2);
            let then = vec![SkipStatement::Return(self.skip_result())];
            let otherwise = match self.random.below(10) {
                0 => Some(vec![SkipStatement::Return(self.skip_result())]),
                1 => {
                    let condition = self.skip_condition(sources, &parameters, 1);
                    let then = vec![SkipStatement::Return(self.skip_result())];
                    Some(vec![SkipStatement::If { condition, then, otherwise: None }])
                }
                _ => None,
            };
            statements.push(SkipStatement::If { condition, then, otherwise });
        }
        match self.random.below(12) {
            0 => {}
            1 => statements.push(SkipStatement::Unreadable(format!("return {};", parameters[4]))),
            2 => statements
                .push(SkipStatement::Unreadable(format!("return SkipHelper::skip({});", parameters[1]))),
            _ => statements.push(SkipStatement::Return(self.skip_result())),
        }
        SkipBody { parameters, statements }
    }

    fn skip_result(&mut self) -> SkipResult {
        *self.random.pick(&[
            SkipResult::True,
            SkipResult::False,
            SkipResult::NotAtLeastOne,
            SkipResult::NotAtLeastOne,
        ])
    }

    fn skip_condition(
        &mut self,
        sources: &[(String, String)],
        parameters: &[String; 5],
        depth: usize,
    ) -> SkipCondition {
        if depth == 2 && self.random.chance(6) {
            return SkipCondition::Unreadable(format!("{}.exists({})", parameters[3], parameters[1]));
        }
        if depth > 0 && self.random.chance(35) {
            let mut part = || Box::new(self.skip_condition(sources, parameters, depth - 1));
            let (a, b) = (part(), part());
            return match self.random.below(3) {
                0 => SkipCondition::And(a, b),
                1 => SkipCondition::Or(a, b),
                _ => SkipCondition::Not(a),
            };
        }
        let (name, table) = self.random.pick(sources).clone();
        let equal = self.random.chance(75);
        let reversed = self.random.chance(20);
        if self.random.chance(45) {
            let function = self.random.pick_text(&["tableNum", "tablenum"]);
            return SkipCondition::Table { equal, function, table: self.random.case(&table), reversed };
        }
        let name = self.random.case(&name);
        let constant = match self.random.below(4) {
            0 => format!("identifierStr({name})"),
            1 => format!("\"{name}\""),
            2 => format!("tableStr({name})"),
            _ => format!("'{name}'"),
        };
        SkipCondition::Name { equal, constant, name, reversed }
    }
}
