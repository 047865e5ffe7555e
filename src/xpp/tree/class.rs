//! Heads: of methods, and of classes with their members.

use super::Expr;
use super::declaration::{Declared, behind_modifiers, declared_type, read_declaration};
use super::expression::arguments;
use crate::xpp::code::{Code, Span};
use std::borrow::Cow;

/// What stands before the body of a method.
#[derive(Debug)]
pub(crate) struct Head<'a> {
    /// Its return type as written; empty where none is written (old code, constructors).
    pub(crate) returns: Cow<'a, str>,
    /// Its parameters; those that cannot be read have an empty name.
    pub(crate) parameters: Vec<Declared<'a>>,
    /// Its attributes.
    pub(crate) attributes: Vec<Attribute<'a>>,
    /// It is `static`.
    pub(crate) is_static: bool,
    /// It is `private` or `final`: nothing overrides it.
    pub(crate) is_fixed: bool,
}

/// An attribute with its arguments.
#[derive(Debug)]
pub(crate) struct Attribute<'a> {
    /// Its name, without the ending `Attribute`.
    pub(crate) name: &'a str,
    /// Its arguments.
    pub(crate) arguments: Vec<Expr<'a>>,
}

/// The head of a class with its members.
#[derive(Debug, Default)]
pub(crate) struct ClassHead<'a> {
    /// The class that it extends.
    pub(crate) extends: Option<&'a str>,
    /// Its attributes.
    pub(crate) attributes: Vec<Attribute<'a>>,
    /// Its member variables.
    pub(crate) members: Vec<Declared<'a>>,
    /// It is `final`.
    pub(crate) is_final: bool,
}

/// Reads the tokens before the body of a method; `None` when they are no head.
pub(crate) fn read_head<'a>(code: &Code<'a>, span: Span) -> Option<Head<'a>> {
    let mut list = None;
    code.find(span, |at| {
        list = if code.is(at, "(") { Some(at) } else { list };
        false
    });
    let open = list.filter(|open| *open > span.from && code.partner(*open) > *open)?;
    code.name(open - 1)?;
    let start = behind_modifiers(code, span);
    let returns = match declared_type(code, Span::new(start, open)) {
        Some((returns, at)) if at == open - 1 => returns,
        _ => Cow::Borrowed(""),
    };
    let says = |word: &str| code.find(span, |at| at < open && code.is_word(at, word)) < open;
    let parameters = code.split(code.inside(open), ",").into_iter().map(|part| parameter(code, part));
    Some(Head {
        returns,
        parameters: parameters.collect(),
        attributes: attributes(code, Span::new(span.from, start)),
        is_static: says("static"),
        is_fixed: says("private") || says("final"),
    })
}

fn parameter<'a>(code: &Code<'a>, part: Span) -> Declared<'a> {
    let declared = read_declaration(code, part, 0).and_then(|declared| declared.into_iter().next());
    declared.unwrap_or(Declared { name: "", at: part.from, type_name: Cow::Borrowed(""), value: None })
}

/// `[A, B(x)]` groups at the start of a span.
fn attributes<'a>(code: &Code<'a>, span: Span) -> Vec<Attribute<'a>> {
    let mut attributes = Vec::new();
    code.find(span, |at| {
        if code.is(at, "[") {
            attributes.extend(
                code.split(code.inside(at), ",").into_iter().filter_map(|part| attribute(code, part)),
            );
        }
        false
    });
    attributes
}

fn attribute<'a>(code: &Code<'a>, part: Span) -> Option<Attribute<'a>> {
    let name = code.name(part.from).filter(|_| !part.is_empty())?;
    let ending = name.len().checked_sub("Attribute".len()).filter(|at| name.is_char_boundary(*at));
    let short = ending.filter(|at| *at > 0 && name[*at..].eq_ignore_ascii_case("Attribute"));
    let open = part.from + 1;
    let called = open < part.to && code.is(open, "(") && code.partner(open) > open;
    Some(Attribute {
        name: short.map_or(name, |at| &name[..at]),
        arguments: if called { arguments(code, open, 0) } else { Vec::new() },
    })
}

/// Reads a declaration: attributes, `class X extends Y`, members.
pub(crate) fn read_class<'a>(code: &Code<'a>) -> ClassHead<'a> {
    let all = code.all();
    let open = code.find(all, |at| code.is(at, "{"));
    let head = Span::new(0, open);
    let class = code.find(head, |at| code.is_word(at, "class") || code.is_word(at, "interface"));
    let extends = code.find(Span::new(class, open), |at| code.is_word(at, "extends"));
    let finals = code.find(head, |at| code.is_word(at, "final"));
    let body = if code.partner(open) > open { code.inside(open) } else { Span::new(open + 1, all.to) };
    ClassHead {
        extends: code.name(extends + 1).filter(|_| extends < open),
        attributes: attributes(code, Span::new(0, class)),
        members: members(code, body),
        is_final: finals < class,
    }
}

fn members<'a>(code: &Code<'a>, body: Span) -> Vec<Declared<'a>> {
    let parts = code.split(body, ";");
    parts.into_iter().filter_map(|part| read_declaration(code, part, 0)).flatten().collect()
}
