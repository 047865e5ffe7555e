//! `getEntityDataSourceToFieldMapping`, read as a function from a container to a container.
//!
//! The body is evaluated without running it: each container variable holds the set of entries that may be in it,
//! branches are united, and what cannot be read is reported with its place instead of being guessed at.

mod flow;
mod terms;
mod value;

use super::code::{Code, Signature, Span};
use super::disabled::disabled_entries;
use super::facts::{MappingItem, MappingMethod};
use super::parts::{self, Part};
use flow::Flow;
use rustc_hash::FxHashMap;
use value::{Atom, Origin, Value};

/// The name of the method, compared without case.
pub(super) const NAME: &str = "getEntityDataSourceToFieldMapping";

/// Reads the method.
pub(super) fn read_mapping(code: &Code<'_>) -> MappingMethod {
    let mut method = MappingMethod { disabled: disabled_entries(code), ..MappingMethod::default() };
    method.has_next = (0..code.tokens.len()).any(|at| is_next_call(code, at));
    let signature = code.signature().filter(|_| code.fault.is_none());
    let Some(signature) = signature else {
        method.undecidable.push(code.fault.unwrap_or_else(|| code.position(0)));
        return method;
    };
    let mut evaluator = Evaluator::new(code, &signature);
    let atoms = evaluator.run_body(&signature);
    evaluator.undecidable.sort_unstable();
    evaluator.undecidable.dedup();
    method.undecidable = evaluator.undecidable.iter().map(|&token| code.position(token)).collect();
    let mut assembly = Assembly { evaluator: &evaluator, method, indices: FxHashMap::default() };
    assembly.method.result = assembly.items(&atoms);
    assembly.method
}

fn is_next_call(code: &Code<'_>, at: usize) -> bool {
    code.is_word(at, "next") && code.is_word(at + 1, NAME) && code.is(at + 2, "(")
}

/// A container as it is written, with the token where it opens.
#[derive(Debug)]
struct Written {
    open: usize,
    parts: Vec<(Part, usize)>,
}

/// A `next` call with the container passed on.
#[derive(Debug)]
struct NextCall {
    token: usize,
    argument: Value,
    size: usize,
    depth: usize,
}

/// The state of one evaluation.
#[derive(Debug)]
struct Evaluator<'c, 'a> {
    code: &'c Code<'a>,
    /// The containers of the method: lower-case name to index of the variable.
    names: FxHashMap<String, usize>,
    parameter: Option<usize>,
    written: Vec<Written>,
    calls: Vec<NextCall>,
    /// Tokens at which something could not be read.
    undecidable: Vec<usize>,
    returned: Returned,
    /// What `break` left behind, for each `switch` around the current statement.
    breaks: Vec<Vec<Flow>>,
    /// Things moved so far: what bounds the time that a method can take.
    work: usize,
}

/// What was returned so far.
#[derive(Debug, Default)]
struct Returned {
    union: Value,
    /// How many `return`s were passed.
    count: usize,
    /// For each thing: the number of `return`s that surely return it, and whether one of them is unconditional.
    sure: FxHashMap<Origin, (usize, bool)>,
}

impl Returned {
    fn add(&mut self, value: &Value, conditional: bool) {
        self.count += 1;
        for atom in value.atoms().iter().filter(|atom| !atom.conditional) {
            let (count, always) = self.sure.entry(atom.origin).or_default();
            *count += 1;
            *always |= !conditional;
        }
        self.union.unite(value);
    }

    /// Unites the results of all paths. What each of them returns is unconditional, wherever the `return`s stand.
    fn united(&self, falls_through: bool) -> Vec<Atom> {
        let paths = self.count + usize::from(falls_through);
        let is_sure =
            |origin| self.sure.get(&origin).is_some_and(|&(count, always)| always || count == paths);
        self.union.atoms().iter().map(|atom| Atom { conditional: !is_sure(atom.origin), ..*atom }).collect()
    }
}

impl<'c, 'a> Evaluator<'c, 'a> {
    fn new(code: &'c Code<'a>, signature: &Signature<'a>) -> Self {
        let mut evaluator = Self {
            code,
            names: FxHashMap::default(),
            parameter: None,
            written: Vec::new(),
            calls: Vec::new(),
            undecidable: Vec::new(),
            returned: Returned::default(),
            breaks: Vec::new(),
            work: 0,
        };
        evaluator.declare_parameters(signature);
        evaluator.declare_locals(signature.body);
        evaluator
    }

    /// The container that the caller passes in is the first parameter of that type.
    fn declare_parameters(&mut self, signature: &Signature<'a>) {
        let parameters = &signature.parameters;
        let passed = parameters.iter().find(|parameter| parameter.is_container).or(parameters.first());
        self.parameter = passed.map(|parameter| self.declare(parameter.name));
        for parameter in parameters.iter().filter(|parameter| parameter.is_container) {
            self.declare(parameter.name);
        }
    }

    fn declare(&mut self, name: &str) -> usize {
        let next = self.names.len();
        *self.names.entry(name.to_ascii_lowercase()).or_insert(next)
    }

    /// Finds `container a, b = …` and `var a = […]` anywhere in the body.
    fn declare_locals(&mut self, body: Span) {
        let code = self.code;
        for at in body.from..body.to {
            let Some(name) = code.name(at + 1) else { continue };
            if code.is_word(at, "var") && code.is(at + 2, "=") && self.starts_container(at + 3) {
                self.declare(name);
            } else if code.is_word(at, "container") && !code.is(at + 2, "(") {
                let end = code.find(Span::new(at, body.to), |at| code.is(at, ";"));
                for part in code.split(Span::new(at + 1, end), ",") {
                    code.name(part.from).map(|name| self.declare(name));
                }
            }
        }
    }

    fn starts_container(&self, at: usize) -> bool {
        let words = ["conIns", "conNull", "next"];
        self.code.is(at, "[")
            || words.iter().any(|word| self.code.is_word(at, word))
            || self.variable(at).is_some()
    }

    /// The container variable that a token names.
    fn variable(&self, at: usize) -> Option<usize> {
        let code = self.code;
        let index = *self.names.get(&code.name(at)?.to_ascii_lowercase())?;
        let qualified = at > 0 && (code.is(at - 1, ".") || code.is(at - 1, "::"));
        let other = code.is(at + 1, "(") || code.is(at + 1, "::");
        (!qualified && !other).then_some(index)
    }

    fn mentions(&self, span: Span) -> bool {
        (span.from..span.to).any(|at| self.variable(at).is_some() || is_next_call(self.code, at))
    }

    /// Evaluates the body; the result is all that is returned anywhere.
    fn run_body(&mut self, signature: &Signature<'a>) -> Vec<Atom> {
        let statements = super::statements::read_statements(self.code, signature.body);
        let mut flow = Flow::new(self.names.len());
        if let Some(parameter) = self.parameter {
            flow.set(parameter, Value::of(Origin::Parameter));
        }
        self.run(&statements, &mut flow, false);
        self.returned.united(flow.is_alive())
    }
}

/// Turns the evaluated result into facts.
struct Assembly<'e, 'c, 'a> {
    evaluator: &'e Evaluator<'c, 'a>,
    method: MappingMethod,
    indices: FxHashMap<Origin, u32>,
}

impl Assembly<'_, '_, '_> {
    /// The depth of `next` calls in each other is bounded where they are read.
    fn items(&mut self, atoms: &[Atom]) -> Vec<MappingItem> {
        atoms.iter().map(|atom| self.item(atom)).collect()
    }

    fn item(&mut self, atom: &Atom) -> MappingItem {
        let conditional = atom.conditional;
        match atom.origin {
            Origin::Parameter => MappingItem::Parameter { conditional },
            Origin::Next(call) => {
                let call = &self.evaluator.calls[call as usize];
                let position = self.evaluator.code.position(call.token);
                MappingItem::Next { position, argument: self.items(call.argument.atoms()), conditional }
            }
            Origin::Nested(written) | Origin::Loose(written) => {
                let index = self.entry(atom.origin, written);
                match atom.at {
                    Some(at) => MappingItem::Inserted { index, at, conditional },
                    None => MappingItem::Entry { index, conditional },
                }
            }
        }
    }

    fn entry(&mut self, origin: Origin, written: u32) -> u32 {
        let entries = &mut self.method.entries;
        *self.indices.entry(origin).or_insert_with(|| {
            let written = &self.evaluator.written[written as usize];
            let triple = matches!(origin, Origin::Nested(_)) && written.parts.len() == 3;
            let position = self.evaluator.code.position(written.open);
            let parts = written.parts.iter().map(|(part, _)| part);
            entries.push(parts::entry(parts, triple, position));
            super::lines::saturated(entries.len() - 1)
        })
    }
}

#[cfg(test)]
mod tests;
