//! `dualWriteShouldSkipDataSource`, read as a chain of decisions.

use super::code::{Code, MAX_DEPTH, Parameter, Span};
use super::facts::{SkipAnswer, SkipCondition, SkipMethod, SkipStatement};
use super::lexer::text_value;
use super::statements::{Choice, Statement, StatementKind, read_statements};
use crate::text::Symbol;

/// The name of the method, compared without case.
pub(super) const NAME: &str = "dualWriteShouldSkipDataSource";

/// Reads the method. Its parameters have their meaning by position: entity, name of the data source, primary table,
/// field map, whether at least one field is mapped.
pub(super) fn read_skip(code: &Code<'_>) -> SkipMethod {
    let signature = code.signature().filter(|_| code.fault.is_none());
    let Some(signature) = signature else {
        return SkipMethod { statements: vec![SkipStatement::Unreadable] };
    };
    let name = |index: usize| signature.parameters.get(index).map(|parameter: &Parameter<'_>| parameter.name);
    let reader = Reader { code, source: name(1), table: name(2), mapped: name(4) };
    SkipMethod { statements: reader.statements(&read_statements(code, signature.body), 0) }
}

struct Reader<'c, 'a> {
    code: &'c Code<'a>,
    source: Option<&'a str>,
    table: Option<&'a str>,
    mapped: Option<&'a str>,
}

impl Reader<'_, '_> {
    /// `depth` counts the `if`s around, an `else if` being one inside the one before it.
    fn statements(&self, statements: &[Statement], depth: usize) -> Vec<SkipStatement> {
        let mut read = Vec::with_capacity(statements.len());
        for statement in statements {
            match &statement.kind {
                StatementKind::Block(body) => read.append(&mut self.statements(body, depth)),
                StatementKind::If(choice) => read.push(self.choice(choice, depth)),
                StatementKind::Return(span) => {
                    read.push(self.answer(*span).map_or(SkipStatement::Unreadable, SkipStatement::Return));
                }
                _ => read.push(SkipStatement::Unreadable),
            }
        }
        read
    }

    fn choice(&self, choice: &Choice, depth: usize) -> SkipStatement {
        let innermost = depth + choice.branches.len();
        if innermost > MAX_DEPTH {
            return SkipStatement::Unreadable;
        }
        let last = choice.otherwise.as_ref();
        let mut otherwise = last.map(|body| self.statements(body, innermost)).unwrap_or_default();
        for (index, (condition, body)) in choice.branches.iter().enumerate().rev() {
            let condition = self.condition(*condition);
            let then = self.statements(body, depth + index + 1);
            otherwise = vec![SkipStatement::If { condition, then, otherwise }];
        }
        otherwise.pop().unwrap_or(SkipStatement::Unreadable)
    }

    /// `true`, `false` or `!atLeastOneFieldMapped`, in any number of parentheses.
    fn answer(&self, span: Span) -> Option<SkipAnswer> {
        let code = self.code;
        let span = code.unwrapped(span);
        let negated = code.is(span.from, "!");
        let inner = code.unwrapped(Span::new(span.from + usize::from(negated), span.to));
        if inner.len() != 1 {
            return None;
        }
        if negated {
            return self.is_parameter(inner.from, self.mapped).then_some(SkipAnswer::UnlessMapped);
        }
        match self.operand(inner) {
            Operand::Constant(true) => Some(SkipAnswer::Skip),
            Operand::Constant(false) => Some(SkipAnswer::Keep),
            _ => None,
        }
    }

    /// A condition has at most [`MAX_DEPTH`] operators, which bounds its depth.
    fn condition(&self, span: Span) -> SkipCondition {
        let operators = ["&&", "||", "!"];
        let count = (span.from..span.to).filter(|&at| operators.contains(&self.code.text(at))).count();
        if count > MAX_DEPTH { SkipCondition::Unreadable } else { self.logical(span, 0) }
    }

    /// `&&` and `||` bind equally in X++ and are taken from left to right: `a || b && c` is `(a || b) && c`.
    /// (Documented under operator precedence: `1 || 0 && 0 == 0`.)
    fn logical(&self, span: Span, depth: usize) -> SkipCondition {
        let code = self.code;
        let span = code.unwrapped(span);
        if depth > MAX_DEPTH || code.find(span, |at| code.is(at, "?")) < span.to {
            return SkipCondition::Unreadable;
        }
        let operand = |from| code.find(Span::new(from, span.to), |at| code.is(at, "&&") || code.is(at, "||"));
        let mut end = operand(span.from);
        let mut condition = self.unary(Span::new(span.from, end), depth);
        while end < span.to {
            let next = operand(end + 1);
            let (left, right) = (Box::new(condition), Box::new(self.unary(Span::new(end + 1, next), depth)));
            let all = code.is(end, "&&");
            condition = if all { SkipCondition::And(left, right) } else { SkipCondition::Or(left, right) };
            end = next;
        }
        condition
    }

    fn unary(&self, span: Span, depth: usize) -> SkipCondition {
        let code = self.code;
        let compared = code.find(span, |at| code.is(at, "==") || code.is(at, "!="));
        if compared < span.to {
            return self.comparison(span, compared);
        }
        if code.is(span.from, "!") && depth <= MAX_DEPTH {
            return negation(self.unary(Span::new(span.from + 1, span.to), depth + 1));
        }
        if code.is_group(span, "(") {
            return self.logical(span, depth + 1);
        }
        match self.operand(span) {
            Operand::Constant(value) => SkipCondition::Constant(value),
            _ => SkipCondition::Unreadable,
        }
    }

    /// The name or the table compared with a constant, either side first.
    fn comparison(&self, span: Span, operator: usize) -> SkipCondition {
        let left = self.operand(Span::new(span.from, operator));
        let right = self.operand(Span::new(operator + 1, span.to));
        let equal = match (left, right) {
            (Operand::Source, Operand::Text(name)) | (Operand::Text(name), Operand::Source) => {
                SkipCondition::Name(name)
            }
            (Operand::PrimaryTable, Operand::Table(name)) | (Operand::Table(name), Operand::PrimaryTable) => {
                SkipCondition::PrimaryTable(name)
            }
            _ => SkipCondition::Unreadable,
        };
        if self.code.is(operator, "!=") { negation(equal) } else { equal }
    }

    fn operand(&self, span: Span) -> Operand {
        let code = self.code;
        let span = code.unwrapped(span);
        let at = span.from;
        match span.len() {
            1 if code.slice(span).iter().all(|token| token.is_text()) => {
                Operand::Text(text_value(code.text(at)).into())
            }
            1 if code.is_word(at, "true") => Operand::Constant(true),
            1 if code.is_word(at, "false") => Operand::Constant(false),
            1 if self.is_parameter(at, self.source) => Operand::Source,
            1 if self.is_parameter(at, self.table) => Operand::PrimaryTable,
            4 | 6 if code.is_group(Span::new(at + 1, span.to), "(") => self.intrinsic(at, span.len()),
            _ => Operand::Unknown,
        }
    }

    /// `tableStr(X)` and its like, `dataEntityDataSourceStr(E, D)`, `tableNum(T)`.
    fn intrinsic(&self, at: usize, length: usize) -> Operand {
        let code = self.code;
        let function = code.name(at).unwrap_or_default().to_ascii_lowercase();
        let (Some(first), last) = (code.name(at + 2), code.name(at + length - 2)) else {
            return Operand::Unknown;
        };
        match (function.as_str(), length) {
            ("identifierstr" | "tablestr" | "dataentityviewstr" | "viewstr", 4) => {
                Operand::Text(first.into())
            }
            ("tablenum", 4) => Operand::Table(first.into()),
            ("dataentitydatasourcestr", 6) if code.is(at + 3, ",") => {
                last.map_or(Operand::Unknown, |name| Operand::Text(name.into()))
            }
            _ => Operand::Unknown,
        }
    }

    fn is_parameter(&self, at: usize, parameter: Option<&str>) -> bool {
        parameter.is_some_and(|name| self.code.is_word(at, name))
    }
}

/// One side of a comparison.
enum Operand {
    Source,
    PrimaryTable,
    Text(Symbol),
    Table(Symbol),
    Constant(bool),
    Unknown,
}

/// What is unreadable stays so.
fn negation(condition: SkipCondition) -> SkipCondition {
    match condition {
        SkipCondition::Unreadable => SkipCondition::Unreadable,
        other => SkipCondition::Not(Box::new(other)),
    }
}

#[cfg(test)]
mod tests;
