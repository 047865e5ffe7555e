//! The tree of an expression in a query range.

use crate::dualwrite::filter::{Date, DateTime, Name, Span};

/// A condition.
///
/// In what is parsed, an `All` has no `All` or `Any` among its parts, an `Any` has no `Any`, and what `Not` negates
/// is a `Group` or a `Not`: anything else stands in a `Group`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// `a == b`.
    Comparison(Comparison),
    /// `!(…)`.
    Not {
        /// What is negated.
        inner: Box<Expression>,
        /// From the `!` on.
        span: Span,
    },
    /// `a && b && …`, two parts at least.
    All(Vec<Expression>),
    /// `a || b || …`, two parts at least.
    Any(Vec<Expression>),
    /// `(…)`.
    Group {
        /// What stands inside.
        inner: Box<Expression>,
        /// With the parentheses.
        span: Span,
    },
}

/// Two operands and what is asked of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Left side.
    pub left: Operand,
    /// What is asked.
    pub operator: Operator,
    /// Where the operator stands.
    pub operator_span: Span,
    /// Right side.
    pub right: Operand,
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `==` or `=`.
    Equal,
    /// `!=` or `<>`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `like`, with the wildcards `*` and `?`.
    Like,
}

/// A side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A field.
    Field(FieldName),
    /// A constant.
    Literal(Literal),
}

/// The name of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldName {
    /// What stands before the dot.
    pub source: Option<Name>,
    /// The field.
    pub name: Name,
}

/// A constant and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// The constant.
    pub value: Value,
    /// Where.
    pub span: Span,
}

/// A constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `"…"` or `'…'`.
    Text {
        /// The text, its escapes resolved.
        text: Box<str>,
        /// The quote around it.
        quote: char,
    },
    /// A number as written.
    Number(Box<str>),
    /// `23\06\2021`.
    Date(Date),
    /// `2021-06-23T14:30:00`.
    DateTime(DateTime),
    /// `AccountType::Customer`.
    Enum {
        /// The enum.
        of: Name,
        /// Its value.
        value: Name,
    },
    /// `true` or `false`.
    Bool(bool),
    /// `null`, which X++ does not have.
    Null,
}

impl Operator {
    /// As X++ writes it.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Like => "like",
        }
    }
}

impl Operand {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Field(field) => field.span(),
            Self::Literal(literal) => literal.span,
        }
    }
}

impl FieldName {
    /// Where it stands, with the data source before it.
    pub fn span(&self) -> Span {
        self.source.as_ref().map_or(self.name.span, |source| source.span.to(self.name.span))
    }
}

impl Comparison {
    /// Where it stands.
    pub fn span(&self) -> Span {
        self.left.span().to(self.right.span())
    }

    /// The constant on one of its sides.
    pub fn literal(&self) -> Option<&Value> {
        [&self.left, &self.right].into_iter().find_map(|side| match side {
            Operand::Literal(literal) => Some(&literal.value),
            Operand::Field(_) => None,
        })
    }

    /// The fields on its sides.
    pub fn fields(&self) -> impl Iterator<Item = &FieldName> {
        [&self.left, &self.right].into_iter().filter_map(|side| match side {
            Operand::Field(field) => Some(field),
            Operand::Literal(_) => None,
        })
    }
}

impl Expression {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Comparison(comparison) => comparison.span(),
            Self::Not { span, .. } | Self::Group { span, .. } => *span,
            Self::All(parts) | Self::Any(parts) => match (parts.first(), parts.last()) {
                (Some(first), Some(last)) => first.span().to(last.span()),
                _ => Span::default(),
            },
        }
    }

    /// All comparisons in the order of the text; true with those under an odd number of negations.
    pub fn comparisons(&self) -> Vec<(&Comparison, bool)> {
        let mut found = Vec::new();
        self.collect(false, &mut found);
        found
    }

    fn collect<'a>(&'a self, negated: bool, found: &mut Vec<(&'a Comparison, bool)>) {
        match self {
            Self::Comparison(comparison) => found.push((comparison, negated)),
            Self::Not { inner, .. } => inner.collect(!negated, found),
            Self::Group { inner, .. } => inner.collect(negated, found),
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.collect(negated, found));
            }
        }
    }
}
