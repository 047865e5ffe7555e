//! The tree of a `$filter`.

use crate::dualwrite::filter::{Date, Name, Span};

/// A condition.
///
/// In what is parsed, an `All` has no `All` or `Any` among its parts, an `Any` has no `Any`, and what `Not` negates
/// is a `Group`, a `Not`, a `Call` or a `Lambda`: anything else stands in a `Group`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// `a eq b`.
    Comparison(Comparison),
    /// `a in ('x', 'y')`.
    Membership(Membership),
    /// `startswith(name, 'A')`.
    Call(Call),
    /// `contacts/any(c: …)`.
    Lambda(Lambda),
    /// `not …`.
    Not {
        /// What is negated.
        inner: Box<Expression>,
        /// From the `not` on.
        span: Span,
    },
    /// `a and b and …`, two parts at least.
    All(Vec<Expression>),
    /// `a or b or …`, two parts at least.
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
    /// Right side.
    pub right: Operand,
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `eq`.
    Equal,
    /// `ne`.
    NotEqual,
    /// `gt`.
    Greater,
    /// `ge`.
    GreaterOrEqual,
    /// `lt`.
    Less,
    /// `le`.
    LessOrEqual,
}

impl Operator {
    /// All of them.
    pub const EVERY: [Self; 6] =
        [Self::Equal, Self::NotEqual, Self::Greater, Self::GreaterOrEqual, Self::Less, Self::LessOrEqual];

    /// As `OData` writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Equal => "eq",
            Self::NotEqual => "ne",
            Self::Greater => "gt",
            Self::GreaterOrEqual => "ge",
            Self::Less => "lt",
            Self::LessOrEqual => "le",
        }
    }
}

/// `a in ('x', 'y')`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// What is looked for.
    pub left: Operand,
    /// The list; one literal at least.
    pub values: Vec<Literal>,
    /// The word `in`.
    pub span: Span,
}

/// A side of a comparison, or an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A column, or one behind lookups.
    Path(Path),
    /// A function.
    Call(Call),
    /// A constant.
    Literal(Literal),
}

/// Names with slashes between them, one at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The names.
    pub names: Vec<Name>,
}

/// A function and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The function, with the namespace that is written before it.
    pub name: Name,
    /// What it is given.
    pub arguments: Vec<Argument>,
    /// With the parentheses.
    pub span: Span,
}

/// One argument of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// `PropertyName` of `PropertyName='…'`.
    pub name: Option<Name>,
    /// What is given.
    pub value: ArgumentValue,
}

/// What a function is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentValue {
    /// A single value.
    Operand(Operand),
    /// A JSON array, as written.
    Array(Box<str>),
}

/// `contacts/any(c: …)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lambda {
    /// The collection.
    pub path: Path,
    /// `any` or `all`.
    pub quantifier: Quantifier,
    /// The variable and what it is asked; none for `any()`.
    pub body: Option<(Name, Box<Expression>)>,
    /// From the collection to the closing parenthesis.
    pub span: Span,
}

/// How many rows of a collection must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// One at least.
    Any,
    /// Each.
    All,
}

impl Quantifier {
    /// As `OData` writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
        }
    }
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
    /// `'…'`; a doubled quote stands for one.
    Text(Box<str>),
    /// A number as written.
    Number(Box<str>),
    /// `2021-06-23`.
    Date(Date),
    /// `2021-06-23T14:30:00Z`, as written; its date and time exist.
    Moment(Box<str>),
    /// An id without quotes, as written.
    Guid(Box<str>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
}

impl Path {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match (self.names.first(), self.names.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => Span::default(),
        }
    }

    /// Lookups on the way to the column.
    pub fn lookups(&self) -> usize {
        self.names.len().saturating_sub(1)
    }
}

impl Operand {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Path(path) => path.span(),
            Self::Call(call) => call.span,
            Self::Literal(literal) => literal.span,
        }
    }
}

impl Expression {
    /// All paths in the order of the text, those of collections and inside lambdas left out.
    pub fn paths(&self) -> Vec<&Path> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a Path>) {
        match self {
            Self::Comparison(comparison) => {
                comparison.left.collect(found);
                comparison.right.collect(found);
            }
            Self::Membership(membership) => membership.left.collect(found),
            Self::Call(call) => call.collect(found),
            Self::Lambda(_) => {}
            Self::Not { inner, .. } | Self::Group { inner, .. } => inner.collect(found),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.collect(found)),
        }
    }
}

impl Operand {
    fn collect<'a>(&'a self, found: &mut Vec<&'a Path>) {
        match self {
            Self::Path(path) => found.push(path),
            Self::Call(call) => call.collect(found),
            Self::Literal(_) => {}
        }
    }
}

impl Call {
    fn collect<'a>(&'a self, found: &mut Vec<&'a Path>) {
        for argument in &self.arguments {
            if let ArgumentValue::Operand(operand) = &argument.value {
                operand.collect(found);
            }
        }
    }
}
