//! What the Web API reads, and the filter of a table map does not support.

use super::{Argument, ArgumentValue, Call, Expression, Lambda, Operand, Path};
use crate::dualwrite::filter::Span;

/// A part of a filter that is not supported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The part.
    pub span: Span,
    /// What it is.
    pub kind: LimitKind,
}

/// Why a part is not supported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// A column behind lookups: `primarycontactid/fullname`. [Documented: nested lookups are not supported, and
    /// operators work only directly on the columns of the table.]
    Lookup {
        /// Lookups on the way, one at least.
        lookups: usize,
    },
    /// `contains`. [Documented.]
    Contains,
    /// Another function: the documented list has comparison, logical and grouping operators only.
    Function(Box<str>),
    /// `any` or `all` over the rows of another table.
    Collection,
    /// The operator `in`.
    In,
}

/// The parts that are not supported, in the order of the text.
pub fn limits(expression: &Expression) -> Vec<Limit> {
    let mut found = Vec::new();
    collect(expression, &mut found);
    found
}

fn collect(expression: &Expression, found: &mut Vec<Limit>) {
    match expression {
        Expression::Comparison(comparison) => {
            operand(&comparison.left, found);
            operand(&comparison.right, found);
        }
        Expression::Membership(membership) => {
            operand(&membership.left, found);
            found.push(Limit { span: membership.span, kind: LimitKind::In });
        }
        Expression::Call(call) => function(call, found),
        Expression::Lambda(lambda) => collection(lambda, found),
        Expression::Not { inner, .. } | Expression::Group { inner, .. } => collect(inner, found),
        Expression::All(parts) | Expression::Any(parts) => parts.iter().for_each(|part| collect(part, found)),
    }
}

fn operand(operand: &Operand, found: &mut Vec<Limit>) {
    match operand {
        Operand::Path(path) => lookup(path, found),
        Operand::Call(call) => function(call, found),
        Operand::Literal(_) => {}
    }
}

fn lookup(path: &Path, found: &mut Vec<Limit>) {
    if path.lookups() > 0 {
        found.push(Limit { span: path.span(), kind: LimitKind::Lookup { lookups: path.lookups() } });
    }
}

fn function(call: &Call, found: &mut Vec<Limit>) {
    let kind = match &*call.name.text {
        "contains" => LimitKind::Contains,
        name => LimitKind::Function(name.into()),
    };
    found.push(Limit { span: call.span, kind });
    for Argument { value, .. } in &call.arguments {
        if let ArgumentValue::Operand(Operand::Path(path)) = value {
            lookup(path, found);
        }
    }
}

/// What stands inside is about another table.
fn collection(lambda: &Lambda, found: &mut Vec<Limit>) {
    found.push(Limit { span: lambda.span, kind: LimitKind::Collection });
}
