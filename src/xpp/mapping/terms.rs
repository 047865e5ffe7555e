//! The expressions of the mapping method: sums of written containers, variables, `conIns` and `next`.

use super::flow::Flow;
use super::value::{Origin, Value};
use super::{Evaluator, NextCall, Span, Written, is_next_call};
use crate::xpp::lexer::TokenKind;
use crate::xpp::lines::saturated;
use crate::xpp::parts::Part;

/// Written containers per method. The published lists have a dozen.
const MAX_WRITTEN: usize = 10_000;
/// Things that the argument of a `next` call stands for, those of `next` calls in it included.
const MAX_PASSED: usize = 10_000;
/// `next` calls in the arguments of each other.
const MAX_CALLS_DEEP: usize = 16;
/// Parentheses and calls in each other.
const MAX_TERM_DEPTH: usize = crate::xpp::code::MAX_DEPTH;

impl Evaluator<'_, '_> {
    /// Evaluates an expression. Where a term is not understood, `keep` says that it stands for the containers that it
    /// mentions, so that `m = trimmed(m)` does not lose what `m` held.
    pub(super) fn expression(&mut self, span: Span, flow: &Flow, keep: bool) -> Value {
        self.sum(span, &Scope { flow, keep, depth: 0 })
    }

    fn sum(&mut self, span: Span, scope: &Scope<'_>) -> Value {
        if span.is_empty() || scope.depth > MAX_TERM_DEPTH || !self.is_sum(span) {
            return self.unknown(span, scope);
        }
        let mut value = Value::default();
        for term in self.code.split(span, "+") {
            value.extend(&self.term(term, scope));
        }
        value
    }

    /// Outside brackets there is no operator other than `+`.
    fn is_sum(&self, span: Span) -> bool {
        let code = self.code;
        let harmless = ["+", "::", ".", "(", "[", "{"];
        code.find(span, |at| code.kind(at) == Some(TokenKind::Symbol) && !harmless.contains(&code.text(at)))
            == span.to
    }

    fn term(&mut self, span: Span, scope: &Scope<'_>) -> Value {
        let code = self.code;
        let at = span.from;
        if code.is_group(span, "(") {
            return self.sum(code.inside(at), &scope.deeper());
        }
        if code.is_group(span, "[") {
            let elements = code.split(code.inside(at), ",");
            return self.list(&elements, at, scope);
        }
        if span.len() == 1
            && let Some(variable) = self.variable(at)
        {
            return scope.flow.get(variable).clone();
        }
        let arguments = Span::new(at + 1, span.to);
        if code.is_word(at, "conNull") && code.is_group(arguments, "(") && arguments.len() == 2 {
            return Value::default();
        }
        if code.is_word(at, "conIns") && code.is_group(arguments, "(") {
            return self.con_ins(span, scope);
        }
        if is_next_call(code, at) && code.is_group(Span::new(at + 2, span.to), "(") {
            return self.next_call(span, scope);
        }
        self.unknown(span, scope)
    }

    /// Reports what is not understood, once, at its first token.
    fn unknown(&mut self, span: Span, scope: &Scope<'_>) -> Value {
        self.undecidable.push(span.from);
        let mut value = Value::default();
        for at in span.from..span.to {
            if let Some(variable) = self.variable(at).filter(|_| scope.keep) {
                value.extend(scope.flow.get(variable));
            }
        }
        value
    }

    /// `conIns(m, n, element, …)`: a number that is written inserts at its place, any other appends.
    fn con_ins(&mut self, span: Span, scope: &Scope<'_>) -> Value {
        let code = self.code;
        let arguments = code.split(code.inside(span.from + 1), ",");
        let [container, place, elements @ ..] = arguments.as_slice() else {
            return self.unknown(span, scope);
        };
        let Some(first) = elements.first() else { return self.unknown(span, scope) };
        let mut value = self.sum(*container, &scope.deeper());
        let inserted = self.list(elements, first.from, scope);
        let place = code.unwrapped(*place);
        let number = if place.len() == 1 { code.text(place.from).parse::<u32>().ok() } else { None };
        match number {
            Some(place) => value.insert(place, &inserted, |origin| self.length(origin)),
            None => value.extend(&inserted),
        }
        value
    }

    /// How many elements a thing stands for; `None` when the chain of wrappers decides.
    fn length(&self, origin: Origin) -> Option<usize> {
        match origin {
            Origin::Parameter => Some(0),
            Origin::Next(_) => None,
            Origin::Nested(_) => Some(1),
            Origin::Loose(written) => Some(self.written[written as usize].parts.len()),
        }
    }

    fn next_call(&mut self, span: Span, scope: &Scope<'_>) -> Value {
        let arguments = self.code.inside(span.from + 2);
        let argument =
            if arguments.is_empty() { Value::default() } else { self.sum(arguments, &scope.deeper()) };
        let (mut size, mut depth) = (1, 1);
        for atom in argument.atoms() {
            let inner =
                if let Origin::Next(call) = atom.origin { Some(&self.calls[call as usize]) } else { None };
            size += inner.map_or(1, |call| call.size);
            depth = depth.max(inner.map_or(1, |call| call.depth + 1));
        }
        if size > MAX_PASSED || depth > MAX_CALLS_DEEP || self.calls.len() >= MAX_PASSED {
            return self.unknown(span, scope);
        }
        self.calls.push(NextCall { token: span.from, argument, size, depth });
        Value::of(Origin::Next(saturated(self.calls.len() - 1)))
    }

    /// The elements between the brackets of a container that is appended: entries, and scalars whose inner brackets
    /// were forgotten (each run of them is one invalid entry).
    fn list(&mut self, elements: &[Span], open: usize, scope: &Scope<'_>) -> Value {
        let code = self.code;
        let mut value = Value::default();
        let mut loose = Vec::new();
        for &element in elements {
            let element = code.unwrapped(element);
            let entries = if code.is_group(element, "[") {
                self.nested(element.from)
            } else if let Some(variable) = self.variable(element.from).filter(|_| element.len() == 1) {
                self.as_elements(element.from, scope.flow.get(variable))
            } else {
                loose.push((self.part(element), element.from));
                continue;
            };
            value.extend(&self.flush(&mut loose, open));
            value.extend(&entries);
        }
        value.extend(&self.flush(&mut loose, open));
        value
    }

    fn flush(&mut self, loose: &mut Vec<(Part, usize)>, open: usize) -> Value {
        let parts = std::mem::take(loose);
        if parts.iter().all(|(part, _)| *part == Part::Unknown) {
            return Value::default();
        }
        self.write(Written { open, parts })
            .map(|written| Value::of(Origin::Loose(written)))
            .unwrap_or_default()
    }

    /// A written container as an element; what is in it is read only as the parts of an entry.
    fn nested(&mut self, open: usize) -> Value {
        let code = self.code;
        let elements = code.split(code.inside(open), ",");
        let parts = elements.iter().map(|&element| (self.part(element), element.from)).collect();
        let written = Written { open, parts };
        if !self.is_entry(&written) {
            return Value::default();
        }
        self.write(written).map(|written| Value::of(Origin::Nested(written))).unwrap_or_default()
    }

    /// A variable as an element: it must hold one written entry, or one for each branch.
    fn as_elements(&mut self, token: usize, held: &Value) -> Value {
        let loose = |origin| if let Origin::Loose(written) = origin { Some(written) } else { None };
        let candidates: Vec<u32> = held.atoms().iter().filter_map(|atom| loose(atom.origin)).collect();
        let triples = candidates.iter().all(|&written| self.written[written as usize].parts.len() == 3);
        let readable = candidates.len() == held.atoms().len() && (triples || candidates.len() == 1);
        if held.is_empty() || !readable {
            self.undecidable.push(token);
            return Value::default();
        }
        let mut value = Value::default();
        for (written, atom) in candidates.into_iter().zip(held.atoms()) {
            let entry = std::mem::replace(
                &mut self.written[written as usize],
                Written { open: 0, parts: Vec::new() },
            );
            if self.is_entry(&entry) {
                let one = Value::of(Origin::Nested(written));
                value.extend(&if atom.conditional { one.conditional() } else { one });
            }
            self.written[written as usize] = entry;
        }
        value
    }

    /// Three parts must be of the right forms, else they are not an entry that we understand. Any other number of
    /// parts makes an entry that is certainly invalid.
    fn is_entry(&mut self, written: &Written) -> bool {
        if written.parts.len() != 3 {
            return true;
        }
        let misfits = written.parts.iter().enumerate().filter(|(index, (part, _))| !part.fits(*index));
        let before = self.undecidable.len();
        self.undecidable.extend(misfits.map(|(_, (_, token))| *token));
        self.undecidable.len() == before
    }

    fn part(&mut self, element: Span) -> Part {
        let code = self.code;
        let inner = code.unwrapped(element);
        if code.is_group(inner, "[") {
            return Part::Container;
        }
        let part = Part::read(code.source, code.slice(inner));
        if part == Part::Unknown {
            self.undecidable.push(element.from);
        }
        part
    }

    fn write(&mut self, written: Written) -> Option<u32> {
        if self.written.len() >= MAX_WRITTEN {
            self.undecidable.push(written.open);
            return None;
        }
        self.written.push(written);
        Some(saturated(self.written.len() - 1))
    }
}

/// What an expression sees.
struct Scope<'f> {
    flow: &'f Flow,
    keep: bool,
    depth: usize,
}

impl Scope<'_> {
    fn deeper(&self) -> Self {
        Self { depth: self.depth + 1, ..*self }
    }
}
