//! The tree as text that reads back as the same tree.

use super::{Comparison, Expression, FieldName, Operand, Value};
use crate::dualwrite::filter::{Date, DateTime};
use std::fmt::{self, Display, Formatter};

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comparison(comparison) => comparison.fmt(f),
            Self::Not { inner, .. } => write!(f, "!{inner}"),
            Self::Group { inner, .. } => write!(f, "({inner})"),
            Self::All(parts) => joined(f, parts, " && "),
            Self::Any(parts) => joined(f, parts, " || "),
        }
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Expression], separator: &str) -> fmt::Result {
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            f.write_str(separator)?;
        }
        part.fmt(f)?;
    }
    Ok(())
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.left, self.operator.symbol(), self.right)
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => field.fmt(f),
            Self::Literal(literal) => literal.value.fmt(f),
        }
    }
}

impl Display for FieldName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(source) = &self.source {
            write!(f, "{}.", source.text)?;
        }
        f.write_str(&self.name.text)
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { text, quote } => quoted(f, text, *quote),
            Self::Number(number) => f.write_str(number),
            Self::Date(date) => xpp_date(f, *date),
            Self::DateTime(moment) => xpp_moment(f, *moment),
            Self::Enum { of, value } => write!(f, "{}::{}", of.text, value.text),
            Self::Bool(value) => value.fmt(f),
            Self::Null => f.write_str("null"),
        }
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str, quote: char) -> fmt::Result {
    write!(f, "{quote}")?;
    for c in text.chars() {
        match c {
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            '\\' => f.write_str("\\\\")?,
            _ if c == quote => write!(f, "\\{c}")?,
            _ => write!(f, "{c}")?,
        }
    }
    write!(f, "{quote}")
}

fn xpp_date(f: &mut Formatter<'_>, date: Date) -> fmt::Result {
    write!(f, "{:02}\\{:02}\\{:04}", date.day, date.month, date.year)
}

fn xpp_moment(f: &mut Formatter<'_>, moment: DateTime) -> fmt::Result {
    let DateTime { date, hour, minute, second } = moment;
    write!(f, "{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}", date.year, date.month, date.day)
}
