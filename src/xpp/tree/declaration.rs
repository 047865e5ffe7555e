//! Declarations of variables, in methods and in classes.

use super::Expr;
use super::expression::{read_expression, type_name};
use crate::xpp::code::{Code, Span};
use crate::xpp::lexer::TokenKind;
use std::borrow::Cow;

/// A declared variable.
#[derive(Debug)]
pub(crate) struct Declared<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Token of the name.
    pub(crate) at: usize,
    /// Its type as written; `var` when the compiler finds it out.
    pub(crate) type_name: Cow<'a, str>,
    /// What it starts with.
    pub(crate) value: Option<Expr<'a>>,
}

/// Words that start a statement and are no type.
const NO_TYPE: [&str; 25] = [
    "return", "throw", "next", "select", "case", "default", "else", "new", "print", "flush", "while", "if",
    "for", "do", "switch", "try", "catch", "finally", "using", "in", "like", "div", "mod", "as", "is",
];

/// Words that may stand before the type of a local variable or a member.
const MODIFIERS: [&str; 14] = [
    "const",
    "readonly",
    "public",
    "private",
    "protected",
    "internal",
    "static",
    "final",
    "abstract",
    "server",
    "client",
    "display",
    "edit",
    "delegate",
];

/// Behind the modifiers, attributes and macros at the start of a span.
pub(super) fn behind_modifiers(code: &Code<'_>, span: Span) -> usize {
    let mut at = span.from;
    while at < span.to {
        if MODIFIERS.iter().any(|modifier| code.is_word(at, modifier)) {
            at += 1;
        } else if code.is(at, "[") && code.partner(at) > at {
            at = code.after(at);
        } else if code.kind(at) == Some(TokenKind::Macro) {
            // A macro without a semicolon: nobody knows what it stands for.
            at = if code.is(at + 1, "(") { code.after(at + 1) } else { at + 1 };
        } else {
            break;
        }
    }
    at.min(span.to)
}

/// The type at the start of a span that ends where the statement ends, when a name follows it; and the index of
/// that name.
pub(super) fn declared_type<'a>(code: &Code<'a>, span: Span) -> Option<(Cow<'a, str>, usize)> {
    let first = code.name(span.from)?;
    if NO_TYPE.iter().any(|word| word.eq_ignore_ascii_case(first)) {
        return None;
    }
    let (type_name, mut at) = type_name(code, span);
    // `str 50 name`
    if code.kind(at) == Some(TokenKind::Number) && at < span.to {
        at += 1;
    }
    let name = code.name(at).filter(|_| at < span.to)?;
    let operator =
        ["in", "like", "div", "mod", "as", "is"].iter().any(|word| word.eq_ignore_ascii_case(name));
    (!operator).then_some((type_name, at))
}

/// `T a, b = 1, c[5]`, without the final semicolon.
pub(super) fn read_declaration<'a>(code: &Code<'a>, span: Span, depth: usize) -> Option<Vec<Declared<'a>>> {
    let start = Span::new(behind_modifiers(code, span), span.to);
    let (type_name, first) = declared_type(code, start)?;
    let follows = |at: usize| at >= span.to || ["=", ",", "["].iter().any(|symbol| code.is(at, symbol));
    if !follows(first + 1) {
        return None;
    }
    let parts = code.split(Span::new(first, span.to), ",");
    let variables = parts.into_iter().filter_map(|part| {
        let name = code.name(part.from).filter(|_| !part.is_empty())?;
        let equals = code.find(part, |at| code.is(at, "="));
        let value =
            (equals < part.to).then(|| read_expression(code, Span::new(equals + 1, part.to), depth + 1));
        Some(Declared { name, at: part.from, type_name: type_name.clone(), value })
    });
    Some(variables.collect())
}
