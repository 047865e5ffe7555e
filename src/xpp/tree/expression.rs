//! Expressions. Operators have no precedence here: only `+`, `?:` and `as` say something about where a value is from.

use super::find::read_find;
use super::{Callee, Expr};
use crate::xpp::code::{Code, MAX_DEPTH, Span};
use crate::xpp::lexer::{TokenKind, text_value};
use std::borrow::Cow;

/// Reads the expression that a span is.
pub(super) fn read_expression<'a>(code: &Code<'a>, span: Span, depth: usize) -> Expr<'a> {
    if span.is_empty() || depth > MAX_DEPTH {
        return Expr::Unknown;
    }
    if let Some(operator) = assignment(code, span) {
        let target = read_expression(code, Span::new(span.from, operator), depth + 1);
        let value = read_expression(code, Span::new(operator + 1, span.to), depth + 1);
        return Expr::Assign(Box::new(target), !code.is(operator, "="), Box::new(value));
    }
    let question = code.find(span, |at| code.is(at, "?"));
    if question < span.to {
        return either(code, span, question, depth);
    }
    operands(code, span, depth)
}

/// `=`, `+=`, `-=` outside brackets.
fn assignment(code: &Code<'_>, span: Span) -> Option<usize> {
    let at = code.find(span, |at| ["=", "+=", "-="].iter().any(|operator| code.is(at, operator)));
    (at < span.to && at > span.from).then_some(at)
}

fn either<'a>(code: &Code<'a>, span: Span, question: usize, depth: usize) -> Expr<'a> {
    let mut open = 0_usize;
    let colon = code.find(Span::new(question + 1, span.to), |at| {
        open += usize::from(code.is(at, "?"));
        let colon = code.is(at, ":");
        let found = colon && open == 0;
        open -= usize::from(colon && open > 0);
        found
    });
    let part = |from, to| read_expression(code, Span::new(from, to), depth + 1);
    Expr::Either(Box::new([
        part(span.from, question),
        part(question + 1, colon),
        part((colon + 1).min(span.to), span.to),
    ]))
}

fn operands<'a>(code: &Code<'a>, span: Span, depth: usize) -> Expr<'a> {
    let mut operands = Vec::new();
    let mut only_plus = true;
    let mut at = span.from;
    while at < span.to {
        let (operand, next) = Operand { code, end: span.to, depth }.read(at);
        operands.push(operand);
        at = next.max(at + 1);
        if at < span.to {
            only_plus &= code.is(at, "+");
            at += usize::from(is_operator(code, at));
        }
    }
    match operands.len() {
        0 => Expr::Unknown,
        1 => operands.pop().unwrap_or(Expr::Unknown),
        _ if only_plus => Expr::Sum(operands),
        _ => Expr::Operands(operands),
    }
}

/// Operators that are words.
const WORD_OPERATORS: [&str; 4] = ["in", "like", "div", "mod"];

fn is_operator(code: &Code<'_>, at: usize) -> bool {
    match code.kind(at) {
        Some(TokenKind::Symbol) => !["(", "[", "{"].iter().any(|bracket| code.is(at, bracket)),
        Some(TokenKind::Identifier) => WORD_OPERATORS.iter().any(|word| code.is_word(at, word)),
        _ => false,
    }
}

/// The arguments of a call, from its opening parenthesis.
pub(super) fn arguments<'a>(code: &Code<'a>, open: usize, depth: usize) -> Vec<Expr<'a>> {
    let parts = code.split(code.inside(open), ",");
    parts.into_iter().map(|part| read_expression(code, part, depth + 1)).collect()
}

/// Reads one operand with everything that is hung on it.
#[derive(Clone, Copy)]
struct Operand<'c, 'a> {
    code: &'c Code<'a>,
    end: usize,
    depth: usize,
}

impl<'a> Operand<'_, 'a> {
    /// The operand that starts at a token, and the index behind it.
    fn read(self, mut at: usize) -> (Expr<'a>, usize) {
        let code = self.code;
        let mut counted = false;
        while at < self.end && ["!", "-", "~", "+", "++", "--"].iter().any(|unary| code.is(at, unary)) {
            counted |= code.is(at, "++") || code.is(at, "--");
            at += 1;
        }
        let (expr, next) = self.primary(at);
        let (expr, next) = self.hung_on(expr, next);
        if counted { (counted_expr(expr), next) } else { (expr, next) }
    }

    fn primary(self, at: usize) -> (Expr<'a>, usize) {
        let code = self.code;
        if at >= self.end {
            return (Expr::Unknown, at);
        }
        match code.kind(at) {
            Some(TokenKind::Text | TokenKind::VerbatimText) => {
                (Expr::Text(text_value(code.text(at))), at + 1)
            }
            Some(TokenKind::Number | TokenKind::Macro) => (Expr::Literal, at + 1),
            Some(TokenKind::Identifier) => self.word(at),
            Some(TokenKind::Symbol) if code.partner(at) > at => self.group(at),
            _ => (Expr::Unknown, at + 1),
        }
    }

    fn group(self, at: usize) -> (Expr<'a>, usize) {
        let code = self.code;
        let (inside, after) = (code.inside(at), code.after(at));
        if code.is(at, "[") {
            let parts = code.split(inside, ",");
            let parts = parts.into_iter().map(|part| read_expression(code, part, self.depth + 1));
            return (Expr::List(parts.collect()), after);
        }
        if code.is_word(inside.from, "select") && inside.len() > 1 {
            return (Expr::Find(read_find(code, Span::new(inside.from + 1, inside.to))), after);
        }
        (read_expression(code, inside, self.depth + 1), after)
    }

    fn word(self, at: usize) -> (Expr<'a>, usize) {
        let code = self.code;
        let name = code.text(at);
        let called = self.opens(at + 1);
        match name.to_ascii_lowercase().as_str() {
            "this" => (Expr::This, at + 1),
            "true" => (Expr::Truth(true), at + 1),
            "false" => (Expr::Truth(false), at + 1),
            "null" => (Expr::Literal, at + 1),
            "new" => self.construction(at),
            "super" if called => self.call(Callee::Super, at, at + 1),
            "next" if code.name(at + 1).is_some() && self.opens(at + 2) => {
                self.call(Callee::Next, at + 1, at + 2)
            }
            _ if called => self.call(Callee::Function(name), at, at + 1),
            _ if self.is(at + 1, "::") => self.of_type(Cow::Borrowed(name), at + 1),
            _ => (Expr::Name(name), at + 1),
        }
    }

    /// What follows `T`, from `::`.
    fn of_type(self, type_name: Cow<'a, str>, colons: usize) -> (Expr<'a>, usize) {
        let at = colons + 1;
        match self.code.name(at).filter(|_| at < self.end) {
            Some(name) if self.opens(at + 1) => self.call(Callee::Static(type_name, name), at, at + 1),
            Some(name) => (Expr::Static(type_name, name), at + 1),
            None => (Expr::Unknown, at.min(self.end)),
        }
    }

    /// `new T(…)`, `new A.B<C>(…)`.
    fn construction(self, at: usize) -> (Expr<'a>, usize) {
        let code = self.code;
        let (name, after) = type_name(code, Span::new(at + 1, self.end));
        if self.opens(after) {
            let arguments = arguments(code, after, self.depth);
            return (Expr::New(name, arguments, at), code.after(after));
        }
        (Expr::Unknown, after.max(at + 1))
    }

    fn call(self, callee: Callee<'a>, name: usize, open: usize) -> (Expr<'a>, usize) {
        let arguments = arguments(self.code, open, self.depth);
        (Expr::Call(Box::new(callee), arguments, name), self.code.after(open))
    }

    /// `.b`, `.f(…)`, `.(e)`, `[i]`, `as T`, `is T`, `++` behind an operand.
    fn hung_on(self, mut expr: Expr<'a>, mut at: usize) -> (Expr<'a>, usize) {
        let code = self.code;
        // A long chain makes a deep tree; nobody writes one that long.
        for _ in 0..MAX_DEPTH {
            if at >= self.end {
                break;
            }
            if code.is(at, ".") && code.name(at + 1).is_some() && at + 1 < self.end {
                (expr, at) = self.member(expr, at + 1);
            } else if code.is(at, ".") && self.opens(at + 1) {
                let number = read_expression(code, code.inside(at + 1), self.depth + 1);
                (expr, at) = (Expr::Numbered(Box::new(expr), Box::new(number)), code.after(at + 1));
            } else if code.is(at, "[") && code.partner(at) > at {
                let index = read_expression(code, code.inside(at), self.depth + 1);
                (expr, at) = (Expr::Index(Box::new(expr), Box::new(index)), code.after(at));
            } else if code.is(at, "::")
                && let Some(path) = dotted(&expr)
            {
                (expr, at) = self.of_type(Cow::Owned(path), at);
            } else if code.is_word(at, "as") && code.name(at + 1).is_some() {
                let (name, next) = type_name(code, Span::new(at + 1, self.end));
                (expr, at) = (Expr::Cast(Box::new(expr), name, at + 1), next);
            } else if code.is_word(at, "is") && code.name(at + 1).is_some() {
                let (_, next) = type_name(code, Span::new(at + 1, self.end));
                (expr, at) = (Expr::Operands(vec![expr]), next);
            } else if code.is(at, "++") || code.is(at, "--") {
                (expr, at) = (counted_expr(expr), at + 1);
            } else {
                break;
            }
        }
        (expr, at)
    }

    fn member(self, on: Expr<'a>, at: usize) -> (Expr<'a>, usize) {
        let name = self.code.text(at);
        if self.opens(at + 1) {
            return self.call(Callee::Method(on, name), at, at + 1);
        }
        (Expr::Member(Box::new(on), name), at + 1)
    }

    fn is(self, at: usize, symbol: &str) -> bool {
        at < self.end && self.code.is(at, symbol)
    }

    /// A parenthesis that has a partner.
    fn opens(self, at: usize) -> bool {
        self.is(at, "(") && self.code.partner(at) > at
    }
}

/// `x++` and its like.
fn counted_expr(expr: Expr<'_>) -> Expr<'_> {
    Expr::Assign(Box::new(expr), true, Box::new(Expr::Literal))
}

/// `System.Data.DataTable` as one name.
fn dotted(expr: &Expr<'_>) -> Option<String> {
    let mut parts = Vec::new();
    let mut at = expr;
    loop {
        match at {
            Expr::Member(of, name) => {
                parts.push(*name);
                at = of;
            }
            Expr::Name(name) => {
                parts.push(name);
                break;
            }
            _ => return None,
        }
    }
    parts.reverse();
    Some(parts.join("."))
}

/// A type at the start of a span, and the index behind it: `A`, `A.B`, `A<B>`, `A[]`.
pub(super) fn type_name<'a>(code: &Code<'a>, span: Span) -> (Cow<'a, str>, usize) {
    let Some(first) = code.name(span.from).filter(|_| !span.is_empty()) else {
        return (Cow::Borrowed(""), span.from);
    };
    let mut name = Cow::Borrowed(first);
    let mut at = span.from + 1;
    while at + 1 < span.to && code.is(at, ".") && code.name(at + 1).is_some() {
        let path = name.to_mut();
        path.push('.');
        path.push_str(code.text(at + 1));
        at += 2;
    }
    if code.is(at, "<") {
        at = generic(code, Span::new(at, span.to)).unwrap_or(at);
    }
    while at + 1 < span.to && code.is(at, "[") && code.partner(at) == at + 1 {
        at += 2;
    }
    (name, at)
}

/// The index behind `<A, B.C<D>>`, when it is nothing else.
fn generic(code: &Code<'_>, span: Span) -> Option<usize> {
    let mut open = 0_usize;
    for at in span.from..span.to {
        match code.text(at) {
            "<" => open += 1,
            ">" => open = open.checked_sub(1)?,
            ">>" => open = open.checked_sub(2)?,
            "." | "," => {}
            _ if code.name(at).is_some() => {}
            _ => return None,
        }
        if open == 0 {
            return Some(at + 1);
        }
    }
    None
}
