//! Where new entries go: before the `return`s, or into their values.

use super::{Body, appended, before};
use crate::edit::TextEdit;
use crate::suggest::triple::Triple;
use crate::xpp::code::Span;
use crate::xpp::lexer::TokenKind;
use crate::xpp::statements::{Statement, StatementKind};

/// A `return` and the statement of the body that holds it.
struct Exit {
    statement: Span,
    value: Span,
    outer: Span,
}

/// Whether there is a `return` with a value that can be seen.
pub(super) fn has_return(body: &Body) -> bool {
    exits(body).iter().any(|exit| !exit.value.is_empty())
}

/// Ways to add entries, the best first: once, before everything that returns; before each `return`; into the value
/// of each `return`.
pub(super) fn candidates(body: &Body, add: &[&Triple]) -> Vec<Vec<TextEdit>> {
    let exits = exits(body);
    if exits.iter().all(|exit| exit.value.is_empty()) {
        return Vec::new();
    }
    let variables: Vec<Option<&str>> = exits.iter().map(|exit| variable(body, exit.value)).collect();
    let mut candidates = Vec::new();
    let common = variables[0]
        .filter(|first| variables.iter().all(|v| v.is_some_and(|name| name.eq_ignore_ascii_case(first))));
    if let Some(variable) = common.filter(|_| body.stands_in_block(exits[0].outer)) {
        candidates.push(vec![statement(body, exits[0].outer, variable, add)]);
    }
    let each = exits.iter().zip(&variables).filter(|(exit, _)| !exit.value.is_empty());
    let before_each = each.clone().flat_map(|(exit, variable)| match variable {
        Some(name) if body.stands_in_block(exit.statement) => {
            vec![statement(body, exit.statement, name, add)]
        }
        _ => into_value(body, exit.value, add),
    });
    candidates.push(before_each.collect());
    candidates.push(each.flat_map(|(exit, _)| into_value(body, exit.value, add)).collect());
    candidates
}

/// All `return`s that can be seen, in textual order.
fn exits(body: &Body) -> Vec<Exit> {
    let mut exits = Vec::new();
    for statement in &body.statements {
        collect(statement, statement.span, &mut exits);
    }
    exits
}

fn collect(statement: &Statement, outer: Span, exits: &mut Vec<Exit>) {
    let mut all = |list: &[Statement]| list.iter().for_each(|s| collect(s, outer, exits));
    match &statement.kind {
        StatementKind::Return(value) => exits.push(Exit { statement: statement.span, value: *value, outer }),
        StatementKind::Block(list) => all(list),
        StatementKind::If(choice) => {
            choice.branches.iter().for_each(|(_, list)| all(list));
            choice.otherwise.iter().for_each(|list| all(list));
        }
        StatementKind::Switch(sections) => sections.iter().for_each(|s| all(&s.body)),
        _ => {}
    }
}

/// The container variable that a value is, or starts with: a term of a sum on its own.
fn variable<'a>(body: &Body<'a>, value: Span) -> Option<&'a str> {
    if !is_sum(body, value) {
        return None;
    }
    let terms = body.code.split(value, "+");
    terms.into_iter().filter(|term| term.len() == 1).find_map(|term| body.code.name(term.from))
}

/// Outside brackets there is no operator other than `+`.
fn is_sum(body: &Body, value: Span) -> bool {
    let code = &body.code;
    let harmless = ["+", "::", ".", "(", "[", "{"];
    let stop = |at| code.kind(at) == Some(TokenKind::Symbol) && !harmless.contains(&code.text(at));
    code.find(value, stop) == value.to
}

/// A statement of its own before another one.
fn statement(body: &Body, next: Span, variable: &str, add: &[&Triple]) -> TextEdit {
    let at = body.start(next.from);
    let indent = before(body.source, at);
    if !indent.trim().is_empty() {
        return TextEdit { range: at..at, text: format!("{variable} += {}; ", list(add)) };
    }
    let end = body.line_end();
    let lines = appended(variable, add, indent).join(end);
    let text = format!("{}{end}{end}{indent}", &lines[indent.len()..]);
    TextEdit { range: at..at, text }
}

/// `… + [[…]]`.
fn into_value(body: &Body, value: Span, add: &[&Triple]) -> Vec<TextEdit> {
    let end = body.end(value.to - 1);
    let sum = is_sum(body, value);
    let close = if sum { "" } else { ")" };
    let text = format!("{close} + {}", list(add));
    let mut edits = vec![TextEdit { range: end..end, text }];
    if !sum {
        let start = body.start(value.from);
        edits.insert(0, TextEdit { range: start..start, text: "(".to_owned() });
    }
    edits
}

fn list(add: &[&Triple]) -> String {
    let codes: Vec<String> = add.iter().map(|t| t.code()).collect();
    format!("[{}]", codes.join(", "))
}
