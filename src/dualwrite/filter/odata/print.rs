//! The tree as text that reads back as the same tree.

use super::{
    Argument, ArgumentValue, Call, Comparison, Expression, Lambda, Membership, Operand, Path, Value,
};
use std::fmt::{self, Display, Formatter};

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comparison(comparison) => comparison.fmt(f),
            Self::Membership(membership) => membership.fmt(f),
            Self::Call(call) => call.fmt(f),
            Self::Lambda(lambda) => lambda.fmt(f),
            Self::Not { inner, .. } => write!(f, "not {inner}"),
            Self::Group { inner, .. } => write!(f, "({inner})"),
            Self::All(parts) => joined(f, parts, " and "),
            Self::Any(parts) => joined(f, parts, " or "),
        }
    }
}

fn joined<T: Display>(
    f: &mut Formatter<'_>,
    parts: impl IntoIterator<Item = T>,
    separator: &str,
) -> fmt::Result {
    for (position, part) in parts.into_iter().enumerate() {
        if position > 0 {
            f.write_str(separator)?;
        }
        part.fmt(f)?;
    }
    Ok(())
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.left, self.operator.word(), self.right)
    }
}

impl Display for Membership {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} in (", self.left)?;
        joined(f, self.values.iter().map(|literal| &literal.value), ", ")?;
        f.write_str(")")
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.fmt(f),
            Self::Call(call) => call.fmt(f),
            Self::Literal(literal) => literal.value.fmt(f),
        }
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        joined(f, self.names.iter().map(|name| &name.text), "/")
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.name.text)?;
        joined(f, &self.arguments, ", ")?;
        f.write_str(")")
    }
}

impl Display for Argument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{}=", name.text)?;
        }
        match &self.value {
            ArgumentValue::Operand(operand) => operand.fmt(f),
            ArgumentValue::Array(text) => f.write_str(text),
        }
    }
}

impl Display for Lambda {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}(", self.path, self.quantifier.word())?;
        if let Some((variable, body)) = &self.body {
            write!(f, "{}: {body}", variable.text)?;
        }
        f.write_str(")")
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Number(text) | Self::Moment(text) | Self::Guid(text) => f.write_str(text),
            Self::Date(date) => write!(f, "{:04}-{:02}-{:02}", date.year, date.month, date.day),
            Self::Bool(value) => value.fmt(f),
            Self::Null => f.write_str("null"),
        }
    }
}
