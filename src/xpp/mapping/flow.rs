//! The statements of the mapping method: what each does to the containers.

use super::value::Value;
use super::{Evaluator, Span};
use crate::xpp::statements::{Choice, Section, Statement, StatementKind};
use std::rc::Rc;

/// Things moved between containers before the evaluation gives up. A published method moves some hundred.
const MAX_WORK: usize = 20_000_000;

/// What the container variables hold at one point of the method.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    values: Vec<Rc<Value>>,
    alive: bool,
}

impl Flow {
    /// All variables empty.
    pub(super) fn new(variables: usize) -> Self {
        Self { values: vec![Rc::default(); variables], alive: true }
    }

    /// The point is reached by some path that has not returned.
    pub(super) fn is_alive(&self) -> bool {
        self.alive
    }

    /// What a variable holds.
    pub(super) fn get(&self, variable: usize) -> &Value {
        &self.values[variable]
    }

    /// Replaces what a variable holds.
    pub(super) fn set(&mut self, variable: usize, value: Value) {
        self.values[variable] = Rc::new(value);
    }

    fn append(&mut self, variable: usize, value: &Value) {
        if !value.is_empty() {
            Rc::make_mut(&mut self.values[variable]).extend(value);
        }
    }

    /// Both possibilities, this one first. Returns how many things had to be moved.
    fn unite(&mut self, other: &Flow) -> usize {
        let mut moved = other.values.len();
        if other.alive && !self.alive {
            self.clone_from(other);
        } else if other.alive {
            for (mine, theirs) in self.values.iter_mut().zip(&other.values) {
                if !Rc::ptr_eq(mine, theirs) {
                    Rc::make_mut(mine).unite(theirs);
                    moved += mine.atoms().len();
                }
            }
        }
        moved
    }
}

impl Evaluator<'_, '_> {
    /// Runs statements up to the first that leaves the method. The depth of the statements is bounded by their reader.
    pub(super) fn run(&mut self, statements: &[Statement], flow: &mut Flow, conditional: bool) {
        for statement in statements {
            if !flow.alive {
                return;
            }
            if self.work > MAX_WORK {
                self.undecidable.push(statement.span.from);
                flow.alive = false;
                return;
            }
            self.step(statement, flow, conditional);
        }
    }

    fn step(&mut self, statement: &Statement, flow: &mut Flow, conditional: bool) {
        match &statement.kind {
            StatementKind::Block(body) => self.run(body, flow, conditional),
            StatementKind::If(choice) => self.choice(choice, flow),
            StatementKind::Switch(sections) => self.switch(sections, flow),
            StatementKind::Return(span) => self.leave(*span, flow, conditional),
            StatementKind::Break => {
                if let Some(exits) = self.breaks.last_mut() {
                    exits.push(flow.clone());
                    flow.alive = false;
                }
            }
            StatementKind::Throw => {
                self.ignore(statement.span);
                flow.alive = false;
            }
            StatementKind::Simple => self.simple(statement.span, flow, conditional),
            StatementKind::Opaque => self.opaque(statement.span),
        }
    }

    fn choice(&mut self, choice: &Choice, flow: &mut Flow) {
        let before = flow.clone();
        flow.alive = false;
        let bodies = choice.branches.iter().map(|(_, body)| body).chain(&choice.otherwise);
        for body in bodies {
            let mut branch = before.clone();
            self.run(body, &mut branch, true);
            self.work += flow.unite(&branch);
        }
        if choice.otherwise.is_none() {
            self.work += flow.unite(&before);
        }
    }

    fn switch(&mut self, sections: &[Section], flow: &mut Flow) {
        let before = flow.clone();
        self.breaks.push(Vec::new());
        let mut current = Flow { alive: false, ..before.clone() };
        for section in sections {
            self.work += current.unite(&before);
            self.run(&section.body, &mut current, true);
        }
        flow.alive = false;
        let exits = self.breaks.pop().unwrap_or_default();
        let exits = exits.iter().chain([&current]);
        let skipped = !sections.iter().any(|section| section.is_default);
        for exit in exits.chain(skipped.then_some(&before)) {
            self.work += flow.unite(exit);
        }
    }

    fn leave(&mut self, span: Span, flow: &mut Flow, conditional: bool) {
        let value = if span.is_empty() { Value::default() } else { self.expression(span, flow, true) };
        self.work += value.atoms().len();
        self.returned.add(&value, conditional);
        flow.alive = false;
    }

    /// A declaration, an assignment, or something that has no effect unless it touches a container.
    fn simple(&mut self, span: Span, flow: &mut Flow, conditional: bool) {
        let code = self.code;
        let constant = usize::from(code.is_word(span.from, "const"));
        let span = Span::new(span.from + constant, span.to);
        let declares = code.is_word(span.from, "container")
            || (code.is_word(span.from, "var") && self.variable(span.from + 1).is_some());
        if declares {
            for part in code.split(Span::new(span.from + 1, span.to), ",") {
                self.declaration(part, flow, conditional);
            }
        } else {
            self.assignment(span, flow, conditional);
        }
    }

    fn declaration(&mut self, part: Span, flow: &mut Flow, conditional: bool) {
        match self.variable(part.from) {
            Some(variable) if part.len() == 1 => flow.set(variable, Value::default()),
            _ => self.assignment(part, flow, conditional),
        }
    }

    fn assignment(&mut self, span: Span, flow: &mut Flow, conditional: bool) {
        let code = self.code;
        let right = Span::new(span.from + 2, span.to);
        match self.variable(span.from) {
            Some(variable) if code.is(span.from + 1, "=") => {
                let mut value = self.expression(right, flow, true);
                self.work += value.atoms().len();
                if conditional {
                    value = value.assigned_conditionally(flow.get(variable));
                }
                flow.set(variable, value);
            }
            Some(variable) if code.is(span.from + 1, "+=") => {
                let value = self.expression(right, flow, false);
                self.work += value.atoms().len();
                flow.append(variable, &if conditional { value.conditional() } else { value });
            }
            _ => self.ignore(span),
        }
    }

    /// A statement without meaning for us: harmless unless it mentions a container.
    fn ignore(&mut self, span: Span) {
        if self.mentions(span) {
            self.undecidable.push(span.from);
        }
    }

    /// A loop and its like: also a `return` inside decides about the result. A local function has its own.
    fn opaque(&mut self, span: Span) {
        let code = self.code;
        let function =
            code.name(span.from).and(code.name(span.from + 1)).is_some() && code.is(span.from + 2, "(");
        let returns = !function && (span.from..span.to).any(|at| code.is_word(at, "return"));
        if returns || self.mentions(span) {
            self.undecidable.push(span.from);
        }
    }
}
