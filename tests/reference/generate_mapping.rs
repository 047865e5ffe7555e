//! Random mapping methods: statements that add entries, and all that people write beside them.

use super::generate::Maker;
use super::generate_rows::Candidates;
use super::model::{Body, InsertedRow, Item, MappingBody, Method, Position, Row, Statement, Sum, Term};

const METHOD: &str = "getEntityDataSourceToFieldMapping";

/// The method in the making.
pub struct Writing<'w> {
    pub candidates: &'w Candidates,
    /// The container that is returned.
    pub result: String,
    /// Rows of this entity so far, for repetitions.
    pub rows: Vec<Row>,
    /// Inner brackets are forgotten now and then. What stands at position 2 of such a container is
    /// nobody's guess, so that only the other entities insert there.
    pub flat: bool,
    /// The method has returned in some branch: what is inserted after that could stand anywhere in the
    /// union of the results.
    pub returned: bool,
}

impl Maker {
    pub fn mapping_methods(&mut self, candidates: &Candidates) {
        if candidates.fields.is_empty() {
            return;
        }
        let mut rows = Vec::new();
        if self.random.chance(65) {
            let body = self.mapping_body(candidates, None, &mut rows);
            let name = self.random.case(METHOD);
            self.add_method(&candidates.entity, false, Method { name, body: Body::Mapping(body) });
        }
        for _ in 0..2 {
            if self.random.chance(60) {
                let next = self.random.chance(80);
                let body = self.mapping_body(candidates, Some(next), &mut rows);
                let method = Method { name: METHOD.to_string(), body: Body::Mapping(body) };
                self.add_method(&candidates.entity, true, method);
            }
        }
    }

    /// `wraps`: in an extension class, with or without `next`.
    fn mapping_body(
        &mut self,
        candidates: &Candidates,
        wraps: Option<bool>,
        rows: &mut Vec<Row>,
    ) -> MappingBody {
        let parameter = self.random.pick_text(&["mapping", "_mapping", "fieldMap"]);
        let mut writing = Writing {
            candidates,
            result: parameter.clone(),
            rows: std::mem::take(rows),
            flat: candidates.entity.ends_with('0'),
            returned: false,
        };
        let mut statements = Vec::new();
        if wraps == Some(true) {
            let next = vec![Term::Next(parameter.clone())];
            match self.random.below(3) {
                0 => {
                    writing.result = "result".to_string();
                    statements.push(Statement::Declare { variable: "result".to_string(), value: Some(next) });
                }
                _ => statements.push(Statement::Assign { variable: parameter.clone(), value: next }),
            }
        } else if self.random.chance(12) {
            let value = Some(vec![Term::Variable(parameter.clone())]).filter(|_| self.random.chance(60));
            writing.result = "ret".to_string();
            statements.push(Statement::Declare { variable: "ret".to_string(), value });
        }
        for _ in 0..self.random.between(1, 4) {
            self.statement(&mut writing, 0, &mut statements);
        }
        let mut end: Sum = vec![Term::Variable(writing.result.clone())];
        match self.random.below(10) {
            0 | 1 => end.push(self.literal(&mut writing)),
            2 => {
                let row = self.row(&mut writing);
                end = vec![Term::Insert {
                    variable: writing.result.clone(),
                    position: Position::End,
                    row: InsertedRow::Row(row),
                }];
            }
            _ => {}
        }
        statements.push(Statement::Return(end));
        *rows = writing.rows;
        MappingBody { parameter, statements }
    }

    fn statement(&mut self, writing: &mut Writing, depth: usize, into: &mut Vec<Statement>) {
        let result = match self.random.chance(8) {
            true => self.random.other_case(&writing.result),
            false => writing.result.clone(),
        };
        let held = Term::Variable(writing.result.clone());
        match self.random.below(100) {
            0..=34 => {
                let literal = self.literal(writing);
                into.push(Statement::Append { variable: result, value: vec![literal] });
            }
            35..=44 => {
                let literal = self.literal(writing);
                into.push(Statement::Assign { variable: result, value: vec![held, literal] });
            }
            45..=54 => {
                let first = depth == 0 && !writing.returned && self.random.chance(50);
                let position = if first {
                    Position::Literal(if writing.flat { 1 } else { self.random.between(1, 2) })
                } else {
                    Position::End
                };
                let variable = writing.result.clone();
                let row = InsertedRow::Row(self.row(writing));
                into.push(Statement::Assign {
                    variable: result,
                    value: vec![Term::Insert { variable, position, row }],
                });
            }
            55..=62 => self.local_container(writing, into),
            63..=75 if depth < 2 => {
                let condition =
                    self.random.pick_text(&["FeatureHelper::isEnabled()", "conLen(mapping) > 0", "1 == 1"]);
                let mut then = Vec::new();
                self.statement(writing, depth + 1, &mut then);
                if self.random.chance(12) {
                    writing.returned = true;
                    then.push(Statement::Return(vec![Term::Variable(writing.result.clone())]));
                }
                let otherwise = self.random.chance(45).then(|| {
                    let mut otherwise = Vec::new();
                    self.statement(writing, depth + 1, &mut otherwise);
                    otherwise
                });
                into.push(Statement::If { condition, then, otherwise });
            }
            76..=80 if depth < 2 => {
                let cases = (0..self.random.between(1, 2))
                    .map(|_| {
                        let mut case = Vec::new();
                        self.statement(writing, depth + 1, &mut case);
                        case
                    })
                    .collect();
                let default = self.random.chance(40).then(|| {
                    let mut default = Vec::new();
                    self.statement(writing, depth + 1, &mut default);
                    default
                });
                into.push(Statement::Switch { subject: "kindOfCall".to_string(), cases, default });
            }
            81..=88 => {
                let comment = self.comment(writing);
                into.push(Statement::Comment(comment));
            }
            89..=94 => into.push(Statement::Ignored(self.random.pick_text(&[
                "int counter = 1;",
                "info('mapping += [[a, b, c]];');",
                "Helper0::run();",
                "while (counter > 3) { counter = counter - 1; }",
            ]))),
            _ if self.oddly(100) => {
                let undecidable = self.undecidable(writing);
                into.push(undecidable);
            }
            _ => {}
        }
    }

    fn undecidable(&mut self, writing: &mut Writing) -> Statement {
        let mark = self.mark();
        let name = writing.result.clone();
        let entity = writing.candidates.entity.clone();
        let field = self.random.pick(&writing.candidates.fields).clone();
        let entry = format!("[[tableStr({entity}), tableNum(CustTable), fieldStr({entity}, {field})]]");
        let lines: Vec<String> = match self.random.below(5) {
            0 => vec![
                "while (counter < 3)".to_string(),
                "{".to_string(),
                format!("    {name} += {entry};"),
                "    counter++;".to_string(),
                "}".to_string(),
            ],
            1 => vec![
                "for (counter = 1; counter < 3; counter++)".to_string(),
                "{".to_string(),
                format!("    {name} = {name} + {entry};"),
                "}".to_string(),
            ],
            2 => vec![
                "try".to_string(),
                "{".to_string(),
                format!("    {name} += {entry};"),
                "}".to_string(),
                "catch".to_string(),
                "{".to_string(),
                "}".to_string(),
            ],
            3 => vec![format!("Helper0::look({name});")],
            _ => {
                let unknown = Term::Unknown { mark, text: "Helper0::more()".to_string() };
                return Statement::Append { variable: name, value: vec![unknown] };
            }
        };
        Statement::Undecidable { mark, lines }
    }

    /// A container, or a row, that is put together in a variable of its own.
    fn local_container(&mut self, writing: &mut Writing, into: &mut Vec<Statement>) {
        let variable = format!("local{}", self.next());
        let result = writing.result.clone();
        if self.random.chance(25) {
            let row = self.row(writing);
            into.push(Statement::Declare { variable: variable.clone(), value: Some(vec![Term::Row(row)]) });
            let value = match self.random.below(2) {
                0 => vec![Term::Literal(vec![Item::Variable(variable)])],
                _ => {
                    let (row, position) = (InsertedRow::Variable(variable), Position::End);
                    let insert = Term::Insert { variable: result.clone(), position, row };
                    into.push(Statement::Assign { variable: result, value: vec![insert] });
                    return;
                }
            };
            into.push(Statement::Append { variable: result, value });
            return;
        }
        let first = self.literal(writing);
        if self.random.chance(60) {
            into.push(Statement::Declare { variable: variable.clone(), value: Some(vec![first]) });
        } else {
            into.push(Statement::Declare { variable: variable.clone(), value: None });
            into.push(Statement::Append { variable: variable.clone(), value: vec![first] });
        }
        if self.random.chance(30) {
            let more = self.literal(writing);
            into.push(Statement::Append { variable: variable.clone(), value: vec![more] });
        }
        into.push(match self.random.below(2) {
            0 => Statement::Append { variable: result, value: vec![Term::Variable(variable)] },
            _ => {
                let held = Term::Variable(result.clone());
                Statement::Assign { variable: result, value: vec![held, Term::Variable(variable)] }
            }
        });
    }

    fn literal(&mut self, writing: &mut Writing) -> Term {
        if writing.flat && self.random.chance(10) {
            let row = self.row(writing);
            return Term::Row(row);
        }
        let mut items = Vec::new();
        for _ in 0..self.random.between(1, 3) {
            items.push(match self.random.below(100) {
                0..=4 if self.oddly(100) => {
                    let entity = &writing.candidates.entity;
                    let text = self
                        .random
                        .pick_text(&["[name, tableNum(CustTable), TEXT]", "[tableStr(X), table, TEXT]"]);
                    let text = text.replace("TEXT", &format!("fieldStr({entity}, F1)"));
                    Item::Unknown { mark: self.mark(), text }
                }
                5..=13 => Item::Comment(self.comment(writing)),
                _ => Item::Row(self.row(writing)),
            });
        }
        if items.iter().all(|item| matches!(item, Item::Comment(_))) {
            items.push(Item::Row(self.row(writing)));
        }
        Term::Literal(items)
    }
}
