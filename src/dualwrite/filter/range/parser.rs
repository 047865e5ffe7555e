//! From tokens to the tree, by recursive descent with a limit on its depth.

use super::lexer::{Kind, Token, tokens};
use super::{Comparison, Expression, FieldName, Literal, Operand, Operator, Value};
use crate::dualwrite::filter::{Found, MAX_DEPTH, Name, Reason, Span, SyntaxError, Wanted};

/// Reads a filter of the F&O side.
///
/// # Errors
/// The first thing that cannot be read, with its place.
pub fn parse(source: &str) -> Result<Expression, SyntaxError> {
    let mut parser = Parser { source, tokens: tokens(source), at: 0 };
    if parser.tokens.len() == 1 {
        return Err(SyntaxError { span: Span::new(0, 0), reason: Reason::Empty });
    }
    let expression = parser.any(0)?;
    match parser.kind() {
        Kind::End => Ok(expression),
        Kind::Close => Err(parser.fault(Reason::Unopened)),
        _ => Err(parser.unexpected(Wanted::GoesOnOrEnds)),
    }
}

/// Words of other languages in the place of an operator.
const FOREIGN_OPERATORS: [(&str, &str); 13] = [
    ("eq", "=="),
    ("ne", "!="),
    ("gt", ">"),
    ("ge", ">="),
    ("lt", "<"),
    ("le", "<="),
    ("and", "&&"),
    ("or", "||"),
    ("is", "=="),
    ("not", "!(… like …)"),
    ("contains", "like \"*text*\""),
    ("startswith", "like \"text*\""),
    ("in", "((Field == 1) || (Field == 2))"),
];

/// Functions of `OData`, and what they are here.
const FOREIGN_CALLS: [(&str, &str); 4] = [
    ("contains", "(Field like \"*text*\")"),
    ("substringof", "(Field like \"*text*\")"),
    ("startswith", "(Field like \"text*\")"),
    ("endswith", "(Field like \"*text\")"),
];

fn known(list: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    list.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, write)| *write)
}

struct Parser<'a> {
    source: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
}

type Parsed<T> = Result<T, SyntaxError>;

impl<'a> Parser<'a> {
    fn kind(&self) -> &Kind<'a> {
        self.kind_at(self.at)
    }

    /// The last token is the end, however far one looks.
    fn kind_at(&self, at: usize) -> &Kind<'a> {
        self.tokens.get(at).map_or(&Kind::End, |token| &token.kind)
    }

    fn span(&self) -> Span {
        self.tokens.get(self.at).map_or(Span::new(self.source.len(), self.source.len()), |token| token.span)
    }

    /// Takes a token; the end is never passed.
    fn take(&mut self) -> Span {
        let span = self.span();
        self.at = (self.at + 1).min(self.tokens.len().saturating_sub(1));
        span
    }

    fn found(&self) -> Found {
        match self.kind() {
            Kind::End => Found::End,
            _ => Found::token(self.span().text(self.source)),
        }
    }

    fn fault(&self, reason: Reason) -> SyntaxError {
        SyntaxError { span: self.span(), reason }
    }

    /// What is no token at all is said before what was expected.
    fn unexpected(&self, wanted: Wanted) -> SyntaxError {
        match self.kind() {
            Kind::Bad(reason) => self.fault(reason.clone()),
            Kind::Name(word) if is_connection(wanted) => match known(&FOREIGN_OPERATORS[6..8], word) {
                Some(write) => self.fault(Reason::Misspelt { found: (*word).into(), write }),
                None => self.fault(Reason::Expected { wanted, found: self.found() }),
            },
            _ => self.fault(Reason::Expected { wanted, found: self.found() }),
        }
    }

    fn any(&mut self, depth: usize) -> Parsed<Expression> {
        self.chain(depth, &Kind::Or, Self::all, Expression::Any)
    }

    fn all(&mut self, depth: usize) -> Parsed<Expression> {
        self.chain(depth, &Kind::And, Self::unary, Expression::All)
    }

    fn chain(
        &mut self,
        depth: usize,
        separator: &Kind<'_>,
        part: impl Fn(&mut Self, usize) -> Parsed<Expression>,
        whole: impl Fn(Vec<Expression>) -> Expression,
    ) -> Parsed<Expression> {
        let first = part(self, depth)?;
        if self.kind() != separator {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.kind() == separator {
            self.take();
            parts.push(part(self, depth)?);
        }
        Ok(whole(parts))
    }

    fn unary(&mut self, depth: usize) -> Parsed<Expression> {
        match self.kind() {
            Kind::Not | Kind::Open if depth >= MAX_DEPTH => Err(self.fault(Reason::TooDeep)),
            Kind::Not => self.not(depth),
            Kind::Open => self.group(depth),
            _ => self.comparison(),
        }
    }

    fn not(&mut self, depth: usize) -> Parsed<Expression> {
        let start = self.take();
        if !matches!(self.kind(), Kind::Not | Kind::Open) {
            return Err(match self.kind() {
                Kind::Bad(reason) => self.fault(reason.clone()),
                _ => self.fault(Reason::BareNot(self.found())),
            });
        }
        let inner = Box::new(self.unary(depth + 1)?);
        let span = start.to(inner.span());
        Ok(Expression::Not { inner, span })
    }

    fn group(&mut self, depth: usize) -> Parsed<Expression> {
        let open = self.take();
        if *self.kind() == Kind::Close {
            return Err(SyntaxError { span: open.to(self.span()), reason: Reason::EmptyGroup });
        }
        let inner = Box::new(self.any(depth + 1)?);
        match self.kind() {
            Kind::Close => Ok(Expression::Group { inner, span: open.to(self.take()) }),
            Kind::End => Err(SyntaxError { span: open, reason: Reason::Unclosed }),
            _ => Err(self.unexpected(Wanted::GoesOnOrCloses)),
        }
    }

    fn comparison(&mut self) -> Parsed<Expression> {
        let left = self.operand(Wanted::Condition)?;
        let operator = self.operator()?;
        let operator_span = self.take();
        if operator == Operator::Like && !matches!(self.kind(), Kind::Text { .. } | Kind::Bad(_)) {
            return Err(self.fault(Reason::Pattern(self.found())));
        }
        let right = self.operand(Wanted::Value)?;
        Ok(Expression::Comparison(Comparison { left, operator, operator_span, right }))
    }

    fn operator(&self) -> Parsed<Operator> {
        match self.kind() {
            Kind::Compare(operator) => Ok(*operator),
            Kind::Name(word) if word.eq_ignore_ascii_case("like") => Ok(Operator::Like),
            Kind::Name(word) => Err(match known(&FOREIGN_OPERATORS, word) {
                Some(write) => self.fault(Reason::Misspelt { found: (*word).into(), write }),
                None => self.unexpected(Wanted::Operator),
            }),
            _ => Err(self.unexpected(Wanted::Operator)),
        }
    }

    fn operand(&mut self, wanted: Wanted) -> Parsed<Operand> {
        let value = match self.kind().clone() {
            Kind::Name(name) => return self.name(name),
            Kind::Text { text, quote } => Value::Text { text, quote },
            Kind::Number(number) => Value::Number(number.into()),
            Kind::Date(date) => Value::Date(date),
            Kind::DateTime(moment) => Value::DateTime(moment),
            _ => return Err(self.unexpected(wanted)),
        };
        Ok(Operand::Literal(Literal { value, span: self.take() }))
    }

    /// A field, an enum value, or a word that stands for a constant.
    fn name(&mut self, text: &str) -> Parsed<Operand> {
        let first = Name { text: text.into(), span: self.span() };
        match self.kind_at(self.at + 1) {
            Kind::Open if text.eq_ignore_ascii_case("not") => {
                return Err(self.fault(Reason::Misspelt { found: text.into(), write: "!" }));
            }
            Kind::Open => {
                let hint = known(&FOREIGN_CALLS, text);
                return Err(self.fault(Reason::Call { name: text.into(), hint }));
            }
            _ => {}
        }
        self.take();
        match self.kind() {
            Kind::Colons => {
                self.take();
                let value = self.part(Wanted::EnumValue)?;
                let span = first.span.to(value.span);
                Ok(Operand::Literal(Literal { value: Value::Enum { of: first, value }, span }))
            }
            Kind::Dot => {
                self.take();
                let name = self.part(Wanted::FieldName)?;
                Ok(Operand::Field(FieldName { source: Some(first), name }))
            }
            _ => Ok(match constant(text) {
                Some(value) => Operand::Literal(Literal { value, span: first.span }),
                None => Operand::Field(FieldName { source: None, name: first }),
            }),
        }
    }

    fn part(&mut self, wanted: Wanted) -> Parsed<Name> {
        let Kind::Name(text) = *self.kind() else { return Err(self.unexpected(wanted)) };
        Ok(Name { text: text.into(), span: self.take() })
    }
}

fn is_connection(wanted: Wanted) -> bool {
    matches!(wanted, Wanted::GoesOnOrCloses | Wanted::GoesOnOrEnds)
}

fn constant(word: &str) -> Option<Value> {
    match word.to_ascii_lowercase().as_str() {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        "null" => Some(Value::Null),
        _ => None,
    }
}
