//! SPEC 7: the mapping method and the skip method, evaluated on their structure.

use std::collections::BTreeMap;

use super::effective::{Catalog, Node, lower, same};
use super::model::{
    Body, Comment, Function, InsertedRow, Item, MappingBody, Mark, Method, Part, Position, Row, SkipBody,
    SkipCondition, SkipResult, SkipStatement, Statement, Sum, Term,
};

const MAPPING: &str = "getEntityDataSourceToFieldMapping";
const SKIP: &str = "dualWriteShouldSkipDataSource";

/// An entry of the resulting container.
#[derive(Clone)]
pub struct Entry {
    pub mark: Mark,
    /// Number of the method that has it: the entity's own first, then the extension classes.
    pub method: usize,
    pub parts: Vec<Part>,
    /// Three parts, in inner brackets.
    pub triple: bool,
    pub conditional: bool,
}

#[derive(Default)]
pub struct Mapping {
    pub present: bool,
    pub entries: Vec<Entry>,
    pub undecidable: Vec<Mark>,
    pub disabled: Vec<Row>,
}

/// The mapping method of an entity with the wrappers of its extension classes.
pub fn mapping(catalog: &Catalog, entity: &Node) -> Mapping {
    let of = |methods: &'_ [Method]| -> Option<MappingBody> {
        methods.iter().find(|method| same(&method.name, MAPPING)).and_then(|method| match &method.body {
            Body::Mapping(body) => Some(body.clone()),
            _ => None,
        })
    };
    let mut bodies: Vec<MappingBody> = of(&entity.methods).into_iter().collect();
    for class in catalog.extension_classes(&entity.name) {
        bodies.extend(of(&class.methods));
    }
    let mut result = Mapping { present: !bodies.is_empty(), ..Mapping::default() };
    for body in &bodies {
        note_statements(&body.statements, &mut result);
    }
    if !bodies.is_empty() {
        result.entries = run(&bodies, bodies.len() - 1, Vec::new());
    }
    result
}

/// What stands in the text whether or not it is reached: undecidable places and disabled entries.
fn note_statements(statements: &[Statement], result: &mut Mapping) {
    for statement in statements {
        match statement {
            Statement::Declare { value: Some(sum), .. }
            | Statement::Append { value: sum, .. }
            | Statement::Assign { value: sum, .. }
            | Statement::Return(sum) => note_sum(sum, result),
            Statement::Declare { value: None, .. } | Statement::Ignored(_) => {}
            Statement::If { then, otherwise, .. } => {
                note_statements(then, result);
                note_statements(otherwise.as_deref().unwrap_or_default(), result);
            }
            Statement::Switch { cases, default, .. } => {
                cases.iter().for_each(|case| note_statements(case, result));
                note_statements(default.as_deref().unwrap_or_default(), result);
            }
            Statement::Undecidable { mark, .. } => result.undecidable.push(*mark),
            Statement::Comment(Comment { rows, .. }) => result.disabled.extend(rows.iter().cloned()),
        }
    }
}

fn note_sum(sum: &Sum, result: &mut Mapping) {
    for term in sum {
        match term {
            Term::Unknown { mark, .. } => result.undecidable.push(*mark),
            Term::Literal(items) => {
                for item in items {
                    match item {
                        Item::Unknown { mark, .. } => result.undecidable.push(*mark),
                        Item::Comment(comment) => result.disabled.extend(comment.rows.iter().cloned()),
                        Item::Row(_) | Item::Variable(_) => {}
                    }
                }
            }
            Term::Variable(_) | Term::Row(_) | Term::Next(_) | Term::Insert { .. } => {}
        }
    }
}

type Variables = BTreeMap<String, Vec<Entry>>;

/// The container that method `index` returns for `argument`.
fn run(bodies: &[MappingBody], index: usize, argument: Vec<Entry>) -> Vec<Entry> {
    let body = &bodies[index];
    let mut variables = Variables::from([(lower(&body.parameter), argument)]);
    let mut results = Vec::new();
    Run { bodies, index, results: &mut results }.block(&body.statements, &mut variables, false);
    results
}

struct Run<'r> {
    bodies: &'r [MappingBody],
    index: usize,
    results: &'r mut Vec<Entry>,
}

impl Run<'_> {
    /// Returns false when every path through the block has returned.
    fn block(&mut self, statements: &[Statement], variables: &mut Variables, conditional: bool) -> bool {
        for statement in statements {
            match statement {
                Statement::Declare { variable, value } => {
                    let value = value
                        .as_ref()
                        .map_or_else(Vec::new, |sum| self.sum(sum, variables, None, conditional));
                    variables.insert(lower(variable), value);
                }
                Statement::Append { variable, value } => {
                    let added = self.sum(value, variables, None, conditional);
                    variables.entry(lower(variable)).or_default().extend(added);
                }
                Statement::Assign { variable, value } => {
                    let value = self.sum(value, variables, Some(variable), conditional);
                    variables.insert(lower(variable), value);
                }
                Statement::Return(sum) => {
                    let base = sum.iter().find_map(|term| match term {
                        Term::Variable(variable) | Term::Insert { variable, .. } => Some(variable.as_str()),
                        _ => None,
                    });
                    let value = self.sum(sum, variables, base, conditional);
                    unite(self.results, value);
                    return false;
                }
                Statement::If { then, otherwise, .. } => {
                    let mut branches = vec![then.as_slice()];
                    branches.push(otherwise.as_deref().unwrap_or_default());
                    if !self.branches(&branches, variables) {
                        return false;
                    }
                }
                Statement::Switch { cases, default, .. } => {
                    let mut branches: Vec<&[Statement]> = cases.iter().map(Vec::as_slice).collect();
                    branches.push(default.as_deref().unwrap_or_default());
                    if !self.branches(&branches, variables) {
                        return false;
                    }
                }
                Statement::Ignored(_) | Statement::Undecidable { .. } | Statement::Comment(_) => {}
            }
        }
        true
    }

    /// All branches are kept; an empty one stands for the missing `else` or `default`.
    fn branches(&mut self, branches: &[&[Statement]], variables: &mut Variables) -> bool {
        let mut merged: Option<Variables> = None;
        for branch in branches {
            let mut own = variables.clone();
            if !self.block(branch, &mut own, true) {
                continue;
            }
            match &mut merged {
                None => merged = Some(own),
                Some(merged) => {
                    for (name, value) in own {
                        unite(merged.entry(name).or_default(), value);
                    }
                }
            }
        }
        let falls_through = merged.is_some();
        if let Some(merged) = merged {
            *variables = merged;
        }
        falls_through
    }

    /// `kept` is the variable whose entries are already where they belong: they keep their flags.
    fn sum(&self, sum: &Sum, variables: &Variables, kept: Option<&str>, conditional: bool) -> Vec<Entry> {
        let mut value: Vec<Entry> = Vec::new();
        let row = |row: &Row, triple: bool| Entry {
            mark: row.mark,
            method: self.index,
            parts: row.parts.clone(),
            triple: triple && row.parts.len() == 3,
            conditional,
        };
        let held_row = |variable: &str| {
            variables.get(&lower(variable)).and_then(|rows| rows.first()).map(|held| Entry {
                triple: held.parts.len() == 3,
                conditional,
                ..held.clone()
            })
        };
        let read = |variable: &str| {
            let mut entries = variables.get(&lower(variable)).cloned().unwrap_or_default();
            if conditional && !kept.is_some_and(|kept| same(kept, variable)) {
                entries.iter_mut().for_each(|entry| entry.conditional = true);
            }
            entries
        };
        for term in sum {
            match term {
                Term::Variable(variable) => value.extend(read(variable)),
                Term::Literal(items) => {
                    for item in items {
                        match item {
                            Item::Row(written) => value.push(row(written, true)),
                            Item::Variable(variable) => value.extend(held_row(variable)),
                            Item::Unknown { .. } | Item::Comment(_) => {}
                        }
                    }
                }
                Term::Row(written) => value.push(row(written, false)),
                Term::Next(argument) => {
                    let argument = read(argument);
                    value.extend(match self.index {
                        0 => argument,
                        index => run(self.bodies, index - 1, argument),
                    });
                }
                Term::Insert { variable, position, row: inserted } => {
                    let mut base = read(variable);
                    let new = match inserted {
                        InsertedRow::Row(written) => Some(row(written, true)),
                        InsertedRow::Variable(variable) => held_row(variable),
                    };
                    let at = match position {
                        Position::Literal(at) => (*at - 1).min(base.len()),
                        Position::End => base.len(),
                    };
                    if let Some(new) = new {
                        base.insert(at, new);
                    }
                    value.extend(base);
                }
                Term::Unknown { .. } => {}
            }
        }
        value
    }
}

/// Adds what is not there yet: order kept, the first occurrence wins.
fn unite(into: &mut Vec<Entry>, more: Vec<Entry>) {
    for entry in more {
        if into.iter().all(|known| known.mark != entry.mark) {
            into.push(entry);
        }
    }
}

pub fn is_label(part: &Part) -> bool {
    matches!(
        part.function,
        Function::TableStr | Function::IdentifierStr | Function::DataEntityViewStr | Function::Text
    )
}

pub fn is_table(part: &Part) -> bool {
    part.function == Function::TableNum
}

pub fn is_field(part: &Part) -> bool {
    matches!(part.function, Function::FieldStr | Function::Text)
}

/// What the skip method says of one data source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Skip {
    Skipped,
    Kept,
    /// No method, or `!atLeastOneFieldMapped`.
    Open,
    Undecidable,
}

pub fn skip(catalog: &Catalog, entity: &Node, source: &str, primary_table: &str) -> Skip {
    let has = |methods: &[Method]| methods.iter().any(|method| same(&method.name, SKIP));
    if catalog.extension_classes(&entity.name).into_iter().any(|class| has(&class.methods)) {
        return Skip::Undecidable;
    }
    match entity.method(SKIP).map(|method| &method.body) {
        None => Skip::Open,
        Some(Body::Skip(SkipBody { statements, .. })) => {
            skip_block(statements, source, primary_table).unwrap_or(Skip::Undecidable)
        }
        Some(_) => Skip::Undecidable,
    }
}

fn skip_block(statements: &[SkipStatement], source: &str, table: &str) -> Option<Skip> {
    for statement in statements {
        let reached = match statement {
            SkipStatement::Return(SkipResult::True) => Some(Skip::Skipped),
            SkipStatement::Return(SkipResult::False) => Some(Skip::Kept),
            SkipStatement::Return(SkipResult::NotAtLeastOne) => Some(Skip::Open),
            SkipStatement::Unreadable(_) => Some(Skip::Undecidable),
            SkipStatement::If { condition, then, otherwise } => match holds(condition, source, table) {
                None => Some(Skip::Undecidable),
                Some(true) => skip_block(then, source, table),
                Some(false) => otherwise.as_ref().and_then(|block| skip_block(block, source, table)),
            },
        };
        if reached.is_some() {
            return reached;
        }
    }
    None
}

fn holds(condition: &SkipCondition, source: &str, table: &str) -> Option<bool> {
    Some(match condition {
        SkipCondition::Name { equal, name, .. } => same(name, source) == *equal,
        SkipCondition::Table { equal, table: constant, .. } => same(constant, table) == *equal,
        SkipCondition::And(a, b) => {
            let (a, b) = (holds(a, source, table)?, holds(b, source, table)?);
            a && b
        }
        SkipCondition::Or(a, b) => {
            let (a, b) = (holds(a, source, table)?, holds(b, source, table)?);
            a || b
        }
        SkipCondition::Not(a) => !holds(a, source, table)?,
        SkipCondition::Unreadable(_) => return None,
    })
}
