//! The documented rules about parentheses, for filters that can be read without them.

use super::Expression;
use crate::dualwrite::filter::Span;
use std::fmt;

/// A place where a filter breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormFault {
    /// The part that should stand in parentheses.
    pub span: Span,
    /// The rule.
    pub rule: FormRule,
}

/// A rule of "Using expressions in query ranges".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormRule {
    /// The whole expression stands in parentheses.
    Whole,
    /// So does each of its parts.
    Part,
    /// `&&` and `||` side by side: nothing public says which of them goes first.
    Mixed,
}

impl fmt::Display for FormRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Whole => "the whole filter must stand in parentheses",
            Self::Part => "each part between && and || must stand in parentheses of its own",
            Self::Mixed => {
                "&& and || stand side by side, and which goes first is not documented; put one of them in parentheses"
            }
        })
    }
}

/// The places where a filter breaks the rules, in the order of the text.
pub fn form_faults(expression: &Expression) -> Vec<FormFault> {
    let mut faults = Vec::new();
    if !matches!(expression, Expression::Group { .. }) {
        faults.push(FormFault { span: expression.span(), rule: FormRule::Whole });
    }
    collect(expression, &mut faults);
    faults
}

fn collect(expression: &Expression, faults: &mut Vec<FormFault>) {
    match expression {
        Expression::Comparison(_) => {}
        Expression::Not { inner, .. } | Expression::Group { inner, .. } => collect(inner, faults),
        Expression::All(parts) | Expression::Any(parts) => {
            for part in parts {
                let rule = match part {
                    Expression::Group { .. } => None,
                    Expression::Comparison(_) | Expression::Not { .. } => Some(FormRule::Part),
                    Expression::All(_) | Expression::Any(_) => Some(FormRule::Mixed),
                };
                faults.extend(rule.map(|rule| FormFault { span: part.span(), rule }));
                collect(part, faults);
            }
        }
    }
}
